//! What overlays add, by the fixtures named after them.

use crate::compiled::answer;
use workstream_fixtures::overlay_constraints::types as corrected;
use workstream_fixtures::overlay_errors::{Error, types::RunInput};
use workstream_fixtures::overlay_sensitive::types as sensitive;
use workstream_fixtures::overlay_waiters::waiters::{JobGone, JobHealthy, JobStarted};
use workstream_fixtures::runtime::Validate;
use workstream_fixtures::runtime::waiter::{Attempt, FailedCall, Waiter, WaiterState};
use workstream_fixtures::{Operation, Protocol};

const SUCCESS: Option<WaiterState> = Some(WaiterState::Success);
const FAILURE: Option<WaiterState> = Some(WaiterState::Failure);
const RETRY: Option<WaiterState> = Some(WaiterState::Retry);

/// What a waiter makes of an answer with this body.
fn state<W: Waiter>(_: W, body: &str) -> Option<WaiterState> {
    let output = W::Operation::parse_response(Protocol::AwsJson1_1, &answer(200, body)).ok();
    W::state(Attempt::new(Some(200), Ok(&output.expect(body))))
}

/// What a waiter makes of a call that fails with this code.
fn on_error<W: Waiter>(_: W, code: &str) -> Option<WaiterState> {
    W::state(Attempt::new(Some(400), Err(FailedCall::new(code))))
}

#[test]
fn waiters() {
    assert_eq!(state(JobGone, r#"{"Jobs":[]}"#), SUCCESS);
    assert_eq!(state(JobGone, "{}"), SUCCESS);
    assert_eq!(state(JobGone, r#"{"Jobs":[],"Token":"more"}"#), None);
    assert_eq!(state(JobGone, r#"{"Jobs":[{}]}"#), None);
    assert_eq!((on_error(JobGone, "Missing"), on_error(JobGone, "Other")), (SUCCESS, None));
    assert_eq!((JobGone::MIN_DELAY.as_secs(), JobGone::MAX_DELAY, JobGone::MAX_ATTEMPTS), (5, None, Some(20)));
}

#[test]
fn acceptors_are_tried_in_order_whichever_list_they_look_at() {
    let job = |health: &str, job: &str| format!(r#"{{"Health":"{health}","State":"{job}"}}"#);
    let jobs = |list: &[String]| state(JobHealthy, &format!(r#"{{"Jobs":[{}]}}"#, list.join(",")));
    assert_eq!(jobs(&[job("GOOD", "STARTING")]), SUCCESS);
    assert_eq!(jobs(&[job("BAD", "STARTING")]), RETRY);
    assert_eq!(jobs(&[job("BAD", "RUNNING"), job("GOOD", "RUNNING")]), FAILURE);
    assert_eq!(jobs(&[job("", "STOPPED")]), FAILURE);
    assert_eq!(jobs(&[job("", "STOPPED"), job("", "RUNNING")]), None);
    assert_eq!(jobs(&[]), None);
    assert_eq!((on_error(JobHealthy, "Missing"), JobHealthy::MAX_ATTEMPTS), (RETRY, None));
}

#[test]
fn amendments_come_after_what_the_model_says() {
    let broken = r#"{"State":"STARTING","Problems":["x"]}"#;
    assert_eq!(state(JobStarted, r#"{"Jobs":[{"State":"RUNNING","Problems":["old"]}]}"#), SUCCESS);
    assert_eq!(state(JobStarted, &format!(r#"{{"Jobs":[{{"State":"RUNNING"}},{broken}]}}"#)), FAILURE);
    assert_eq!(state(JobStarted, r#"{"Jobs":[{"State":"STARTING","Problems":[]}]}"#), None);
    assert_eq!(state(JobStarted, r#"{"Jobs":[{"State":"STARTING"}]}"#), None);
    assert_eq!(state(JobStarted, r#"{"Jobs":[]}"#), None);
    assert_eq!(state(JobStarted, "{}"), None);
}

#[test]
fn what_is_marked_is_redacted_and_nothing_else() {
    let account = sensitive::Account::new().name("hidden").size(77_777);
    let input = sensitive::RunInput::new()
        .open("shown")
        .member("hidden")
        .members(["hidden"])
        .key("hidden")
        .keys(["hidden"])
        .account(account.clone())
        .either(sensitive::Either::Closed("hidden".to_owned()));
    let debug = format!("{input:?} {account:?}");
    assert!(debug.contains("shown") && !debug.contains("hidden") && !debug.contains("77777"), "{debug}");

    let mut output = sensitive::RunOutput::new();
    output.member = Some("shown".to_owned());
    output.account = Some(account);
    let debug = format!("{output:?} {:?}", sensitive::Either::Open("also shown".to_owned()));
    assert!(debug.contains("also shown") && !debug.contains("hidden"), "{debug}");
    assert!(debug.contains("\"shown\""), "{debug}");
}

fn failed(status: u16, code: &str) -> Error {
    let body = format!(r#"{{"__type":"{code}"}}"#);
    RunInput::parse_response(Protocol::AwsJson1_1, &answer(status, &body)).unwrap_err()
}

#[test]
fn errors_mean_what_the_overlay_says() {
    let means = |status, code| {
        let error = failed(status, code);
        (error.is_retryable(), error.is_throttling())
    };
    assert_eq!(means(400, "Busy"), (true, true));
    assert_eq!(means(400, "Flaky"), (true, false));
    assert_eq!(means(400, "Plain"), (false, false));
    // The overlay goes before the list of well-known codes, before the
    // status, and before what the model says.
    assert_eq!(means(400, "LimitExceededException"), (false, false));
    assert_eq!(means(503, "LimitExceededException"), (false, false));
    assert_eq!(means(429, "LimitExceededException"), (false, false));
    assert_eq!(means(400, "Marked"), (false, false));
    // A status says nothing more of an error that the overlay or the model knows.
    assert_eq!(means(429, "Flaky"), (true, false));
    assert_eq!(means(429, "Unheard"), (true, true));
    assert_eq!(means(503, "Plain"), (true, false));
}

#[test]
fn constraints() {
    let told = |input: corrected::RunInput| match input.validate() {
        Ok(()) => Vec::new(),
        Err(violations) => violations.to_string().lines().map(str::to_owned).collect(),
    };
    let fine = || corrected::RunInput::new("abcdef");
    assert_eq!(told(fine().other("").size(10).half(20).tags(["b"]).numbers([10])), [""; 0]);
    assert_eq!(told(fine().other("anything: Ä, and at any length")), [""; 0]);
    assert_eq!(told(corrected::RunInput::new("abcdefg")), ["Name: has 7 characters, expected 1 to 6"]);
    assert_eq!(told(corrected::RunInput::new("A")), ["Name: does not match `^[a-z]*$`"], "what is not said stays");
    assert_eq!(told(fine().size(20)), ["Size: is 20, expected 1 to 10"], "another member of the shape is as it was");
    assert_eq!(told(fine().half(21)), ["Half: is 21, expected 1 to 20"]);
    assert_eq!(told(fine().tags(["a"])), ["Tags[0]: does not match `^b`"]);
}
