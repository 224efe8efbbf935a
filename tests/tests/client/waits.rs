//! Waiting: the loop, its limits, and what comes of it.

use super::common::run;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use workstream::appstream::{self, ServiceError, types::*};
use workstream::client::{Mock, On, WaitErrorKind};

fn fleet(state: &str) -> Result<DescribeFleetsOutput, ServiceError> {
    Ok(DescribeFleetsOutput::new().fleets([Fleet::new(
        "arn",
        "a",
        "stream.standard.medium",
        ComputeCapacityStatus::new(1),
        state,
    )]))
}

fn fleets<'m>(mock: &'m Mock, states: &[&str]) -> On<'m, DescribeFleetsInput> {
    states.iter().fold(mock.on::<DescribeFleetsInput>(), |on, state| on.respond(fleet(state)))
}

fn builder(state: &str) -> Result<DescribeImageBuildersOutput, ServiceError> {
    Ok(DescribeImageBuildersOutput::new().image_builders([ImageBuilder::new("a").state(state)]))
}

#[test]
fn until_it_is_there() {
    let mock = Mock::new();
    let _ = fleets(&mock, &["STARTING", "STARTING", "RUNNING"]);
    let steps = Arc::new(Mutex::new(Vec::new()));
    let seen = steps.clone();
    let wait = appstream::Client::new(&mock.config())
        .wait_until_fleet_started(DescribeFleetsInput::new().names(["a"]))
        .on_progress(move |progress| seen.lock().unwrap().push((progress.attempts, progress.result.is_ok())));
    let waited = run(wait).unwrap();
    assert_eq!((waited.attempts, mock.calls::<DescribeFleetsInput>().len()), (3, 3));
    assert_eq!(waited.elapsed, mock.clock().elapsed());
    // 30 s, a tenth more or less.
    assert!((54..=66).contains(&waited.elapsed.as_secs()), "{:?}", waited.elapsed);
    assert_eq!(*steps.lock().unwrap(), [(1, true), (2, true)]);
    assert!(waited.response.as_ref().is_some_and(|response| response.request_id.is_some()));
    let output = waited.into_output().unwrap();
    assert_eq!(output.fleets.unwrap()[0].state, FleetState::Running);
}

#[test]
fn the_blocking_client_waits_too() {
    let mock = Mock::new();
    let _ = fleets(&mock, &["STARTING", "RUNNING"]);
    let client = appstream::blocking::Client::new(&mock.config());
    let waited = client.wait_until_fleet_started(DescribeFleetsInput::new()).wait().unwrap();
    assert_eq!(waited.attempts, 2);
    assert!(mock.clock().elapsed() >= Duration::from_secs(27));
}

#[test]
fn it_can_no_longer_come() {
    let mock = Mock::new();
    let _ = fleets(&mock, &["STARTING", "STOPPED"]);
    let error =
        run(appstream::Client::new(&mock.config()).wait_until_fleet_started(DescribeFleetsInput::new())).unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (WaitErrorKind::Failure, 2));
    assert_eq!(error.result().unwrap().fleets.as_ref().unwrap()[0].state, FleetState::Stopped);
    let line = error.to_string();
    assert!(line.starts_with("FleetStarted: it can no longer come to this state, after 2 calls and "), "{line}");
}

/// From the overlay: what a fleet has in `FleetErrors` does not pass by waiting.
#[test]
fn fleets_with_errors_fail_fast() {
    let failing = |errors: Vec<FleetError>| {
        let mut output = fleet("STARTING").unwrap();
        output.fleets.as_mut().unwrap()[0].fleet_errors = Some(errors);
        Ok(output)
    };
    let mock = Mock::new();
    mock.on::<DescribeFleetsInput>().respond(failing(vec![])).respond(failing(vec![FleetError::new()]));
    let error =
        run(appstream::Client::new(&mock.config()).wait_until_fleet_started(DescribeFleetsInput::new())).unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (WaitErrorKind::Failure, 2), "an empty list is no error");
}

#[test]
fn an_error_can_be_what_is_waited_for() {
    let gone = ResourceNotFoundException::new().message("There is no a.");
    let mock = Mock::new();
    mock.on::<DescribeImageBuildersInput>()
        .respond(builder("DELETING"))
        .respond(Err(ServiceError::ResourceNotFoundException(gone)));
    let input = DescribeImageBuildersInput::new().names(["a"]);
    let waited = run(appstream::Client::new(&mock.config()).wait_until_image_builder_deleted(input)).unwrap();
    assert!(waited.result.as_ref().is_err_and(|error| error.is_resource_not_found_exception()));
    assert_eq!(waited.attempts, 2);
}

#[test]
fn an_error_that_is_not_waited_for_ends_the_wait() {
    let mock = Mock::new();
    mock.on::<DescribeImageBuildersInput>().respond_code(http::StatusCode::FORBIDDEN, "AccessDeniedException", "No.");
    let wait =
        appstream::Client::new(&mock.config()).wait_until_image_builder_running(DescribeImageBuildersInput::new());
    let error = run(wait).unwrap_err();
    assert_eq!(error.kind(), WaitErrorKind::Call);
    let line = "ImageBuilderRunning: a call failed, after 1 call and 0 s: DescribeImageBuilders: AccessDeniedException: No. \
                (HTTP 403, request id mock-1)";
    assert_eq!(error.to_string(), line);
    assert!(std::error::Error::source(&error).is_none(), "the line has it");
    assert!(line.ends_with(&error.into_result().unwrap_err().to_string()));
}

#[test]
fn it_does_not_wait_for_ever() {
    let mock = Mock::new();
    let _ = fleets(&mock, &["STARTING"]);
    let client = appstream::Client::new(&mock.config());
    let error = run(client.wait_until_fleet_started(DescribeFleetsInput::new())).unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (WaitErrorKind::MaxAttempts, 40), "as the model says");
    assert!((27 * 39..=33 * 39).contains(&error.elapsed().as_secs()), "{:?}", error.elapsed());
    assert!(error.to_string().starts_with("FleetStarted: not in this state yet, after 40 calls and 1"), "{error}");

    let wait =
        client.wait_until_fleet_started(DescribeFleetsInput::new()).max_attempts(3).delay(Duration::from_secs(1));
    let error = run(wait).unwrap_err();
    assert_eq!(error.attempts(), 3);
    assert!((1800..=2200).contains(&error.elapsed().as_millis()), "{:?}", error.elapsed());

    let wait = client.wait_until_fleet_started(DescribeFleetsInput::new()).max_wait(Duration::from_secs(100));
    let error = run(wait).unwrap_err();
    assert_eq!(
        (error.kind(), error.elapsed()),
        (WaitErrorKind::MaxWait, Duration::from_secs(100)),
        "the last call is at the end"
    );
    assert!((4..=6).contains(&error.attempts()), "{}", error.attempts());
}
