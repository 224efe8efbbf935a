//! What is tried again, how often, and after which pause.

use crate::common::{SECRET, Script, header, response, run};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};
use workstream::appstream::{self, types::*};
use workstream::client::{
    BoxFuture, Classify, Credentials, CredentialsError, FailedAttempt, Failure, ProvideCredentials, Retry, RetryConfig,
    TestClock, TransportErrorKind,
};
use workstream_fixtures::idempotency_token;

const NOT_FOUND: &str = r#"{"__type":"ResourceNotFoundException"}"#;
const THROTTLED: &str = r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#;

/// Attempts that a script sees of one call, of either client.
fn attempts(script: impl Fn() -> Script) -> usize {
    let [asynchronous, blocking] = [script(), script()];
    let call = appstream::Client::new(&asynchronous.config().build()).start_fleet(StartFleetInput::new("a"));
    let _ = run(call);
    let _ = appstream::blocking::Client::new(&blocking.config().build()).start_fleet(StartFleetInput::new("a")).send();
    assert_eq!(asynchronous.attempts(), blocking.attempts());
    asynchronous.attempts()
}

#[test]
fn what_is_worth_another_attempt() {
    for (status, body) in [
        (400, THROTTLED),
        (400, r#"{"__type":"RequestTimeout"}"#),
        (400, r#"{"__type":"InternalError"}"#),
        (429, ""),
        (500, ""),
        (502, "<html>"),
        (503, ""),
        (504, ""),
    ] {
        assert_eq!(attempts(|| Script::new().then_json(status, body)), 3, "{status} {body}");
    }
    for (status, body) in [
        (400, NOT_FOUND),
        (403, r#"{"__type":"AccessDeniedException"}"#),
        (501, ""),
        (200, r#"{"a":"#),
        // A quota, says the overlay, whatever the code means elsewhere.
        (400, r#"{"__type":"LimitExceededException"}"#),
    ] {
        assert_eq!(attempts(|| Script::new().then_json(status, body)), 1, "{status} {body}");
    }
    use TransportErrorKind::{Connect, Exchange, Request, Response, Timeout};
    for kind in [Connect, Exchange, Timeout] {
        assert_eq!(attempts(|| Script::new().then_fail(kind)), 3, "{kind:?}");
    }
    for kind in [Request, Response] {
        assert_eq!(attempts(|| Script::new().then_fail(kind)), 1, "{kind:?}");
    }
}

#[test]
fn a_retry_that_succeeds_is_a_success() {
    assert_eq!(
        attempts(|| Script::new().then_json(500, "").then_fail(TransportErrorKind::Connect).then_json(200, "{}")),
        3
    );
}

#[test]
fn attempts_are_numbered_and_have_one_id() {
    let script = Script::new().then_json(500, "");
    let error =
        run(appstream::Client::new(&script.config().build()).start_fleet(StartFleetInput::new("a"))).unwrap_err();
    assert_eq!(error.attempts(), 3);
    let requests = script.requests();
    let values = |name| requests.iter().map(|request| header(request.headers(), name)).collect::<Vec<_>>();
    assert_eq!(values("amz-sdk-request"), ["attempt=1; max=3", "attempt=2; max=3", "attempt=3; max=3"]);
    let ids = values("amz-sdk-invocation-id");
    assert!(ids[0].len() == 36 && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let _ = run(appstream::Client::new(&script.config().build()).start_fleet(StartFleetInput::new("a")));
    assert_ne!(header(script.requests()[3].headers(), "amz-sdk-invocation-id"), ids[0], "another call, another id");
}

#[test]
fn retries_can_be_turned_off_and_up() {
    for (retry, expected) in [(RetryConfig::disabled(), 1), (RetryConfig::standard().max_attempts(5), 5)] {
        let script = Script::new().then_json(500, "");
        let config = script.config().retry(retry.clone()).build();
        let _ = run(appstream::Client::new(&config).start_fleet(StartFleetInput::new("a")));
        assert_eq!(script.attempts(), expected);
        let client = appstream::Client::new(&script.config().build());
        let _ = run(client.start_fleet(StartFleetInput::new("a")).retry(retry));
        assert_eq!(script.attempts(), expected * 2, "of one call");
    }
}

#[test]
fn pauses_follow_the_service() {
    let clock = TestClock::new();
    let script = Script::new()
        .then(|_| Ok(response(503, &[("retry-after", "7")], "")))
        .then(|_| Ok(response(429, &[("retry-after", "Wed, 01 Jan 2025 00:00:12 GMT")], "")))
        .then_json(200, "{}");
    let retry = RetryConfig::standard().initial_backoff(Duration::ZERO);
    let config = script.config_at(clock.clone()).retry(retry).build();
    run(appstream::Client::new(&config).start_fleet(StartFleetInput::new("a"))).unwrap();
    assert_eq!(clock.elapsed(), Duration::from_secs(12), "7 s, and 5 s until the date");
}

#[test]
fn a_pause_that_outlasts_the_call_is_not_begun() {
    let clock = TestClock::new();
    let script = Script::new().then(|_| Ok(response(503, &[("retry-after", "7")], "")));
    let config = script.config_at(clock.clone()).call_timeout(Duration::from_secs(7)).build();
    let error = run(appstream::Client::new(&config).start_fleet(StartFleetInput::new("a"))).unwrap_err();
    assert_eq!((error.to_string().as_str(), script.attempts()), ("StartFleet: 503: Service Unavailable (HTTP 503)", 1));
    assert_eq!(clock.elapsed(), Duration::ZERO);
}

#[test]
fn the_budget_limits_retries_when_everything_fails() {
    let script = Script::new().then_json(500, "");
    let client = appstream::Client::new(&script.config().retry(RetryConfig::standard().max_attempts(2)).build());
    for _ in 0..300 {
        let _ = run(client.start_fleet(StartFleetInput::new("a")));
    }
    // 500 tokens, 5 for each retry.
    assert_eq!(script.attempts(), 300 + 100);
    // Clones have the same budget, other clients one of their own.
    let _ = run(client.clone().start_fleet(StartFleetInput::new("a")));
    assert_eq!(script.attempts(), 401);
    let _ = run(appstream::Client::new(client.config()).start_fleet(StartFleetInput::new("a")));
    assert_eq!(script.attempts(), 401 + 2);
}

#[derive(Debug)]
struct OnlyNotFound(Arc<AtomicU32>);

impl Classify for OnlyNotFound {
    fn classify(&self, failed: &FailedAttempt<'_>) -> Retry {
        self.0.fetch_add(1, Ordering::SeqCst);
        assert_eq!(failed.operation.name, "StartFleet");
        match failed.failure {
            Failure::Service { code: "ResourceNotFoundException", .. } => Retry::Transient,
            _ => Retry::Never,
        }
    }
}

#[test]
fn the_classifier_can_be_replaced() {
    for (body, expected) in [(NOT_FOUND, 3), (THROTTLED, 1)] {
        let asked = Arc::new(AtomicU32::new(0));
        let script = Script::new().then_json(400, body);
        let config = script.config().classifier(OnlyNotFound(asked.clone())).build();
        let _ = run(appstream::Client::new(&config).start_fleet(StartFleetInput::new("a")));
        assert_eq!(script.attempts(), expected, "{body}");
        assert_eq!(asked.load(Ordering::SeqCst) as usize, expected);
    }
}

#[test]
fn a_wrong_clock_is_corrected_once() {
    const SKEWED: &str = r#"{"__type":"InvalidSignatureException","message":"Signature expired"}"#;
    let date = "Wed, 01 Jan 2025 01:00:00 GMT";
    let script = Script::new().then(move |_| Ok(response(403, &[("date", date)], SKEWED))).then_json(200, "{}");
    let clock = TestClock::new();
    let client = appstream::Client::new(&script.config_at(clock.clone()).build());
    run(client.start_fleet(StartFleetInput::new("a"))).unwrap();
    run(client.start_fleet(StartFleetInput::new("a"))).unwrap();
    let dates: Vec<_> = script.requests().iter().map(|r| header(r.headers(), "x-amz-date").to_owned()).collect();
    assert_eq!(dates, ["20250101T000000Z", "20250101T010000Z", "20250101T010000Z"], "the correction is kept");
    assert_eq!(clock.elapsed(), Duration::ZERO, "and needs no pause");

    // A signature that is wrong for another reason is no reason to try again.
    let script = Script::new().then(|_| Ok(response(403, &[("date", "Wed, 01 Jan 2025 00:01:00 GMT")], SKEWED)));
    let _ = run(appstream::Client::new(&script.config().build()).start_fleet(StartFleetInput::new("a")));
    assert_eq!(script.attempts(), 1);
    // Nor is a clock that runs away with every answer a reason to try for ever.
    let hour = Arc::new(AtomicU32::new(0));
    let script = Script::new().then(move |_| {
        let date = format!("Wed, 01 Jan 2025 {:02}:00:00 GMT", hour.fetch_add(1, Ordering::SeqCst) % 24 + 1);
        Ok(response(403, &[("date", &date)], SKEWED))
    });
    let _ = run(appstream::Client::new(&script.config().build()).start_fleet(StartFleetInput::new("a")));
    assert_eq!(script.attempts(), 3);
}

/// Gives other credentials every time.
#[derive(Debug, Default)]
struct Numbered(AtomicU32);

impl ProvideCredentials for Numbered {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        let end = SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000);
        Box::pin(std::future::ready(Ok(Credentials::new(format!("KEY{number}"), SECRET).expires_at(end))))
    }
}

#[test]
fn credentials_that_a_service_refuses_are_replaced() {
    let expired = r#"{"__type":"ExpiredTokenException","message":"The security token has expired"}"#;
    let scripts = || Script::new().then_json(403, expired).then_json(200, "{}");
    let keys = |script: &Script| {
        let requests = script.requests();
        let key = |header: &str| header.split_once("Credential=").unwrap().1.split('/').next().unwrap().to_owned();
        requests.iter().map(|request| key(header(request.headers(), "authorization"))).collect::<Vec<_>>()
    };
    let script = scripts();
    run(appstream::Client::new(&script.config().credentials(Numbered::default()).build())
        .start_fleet(StartFleetInput::new("a")))
    .unwrap();
    assert_eq!(keys(&script), ["KEY0", "KEY1"]);
    let script = scripts();
    let client = appstream::blocking::Client::new(&script.config().credentials(Numbered::default()).build());
    client.start_fleet(StartFleetInput::new("a")).send().unwrap();
    assert_eq!(keys(&script), ["KEY0", "KEY1"]);
    // Keys that do not end have no successors.
    assert_eq!(attempts(|| Script::new().then_json(403, expired)), 1);
}

#[test]
fn tokens_are_filled_in_once_and_kept() {
    let script = Script::new().then_json(500, "");
    // The fixture has no endpoint rules.
    let client = idempotency_token::Client::new(&script.config().endpoint_url("http://localhost").build());
    let _ = run(client.run(idempotency_token::types::RunInput::new("a")));
    let bodies: Vec<_> = script.requests().iter().map(|request| request.body().clone()).collect();
    assert_eq!(bodies.len(), 3);
    assert!(bodies[0].len() > 36 && bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
}
