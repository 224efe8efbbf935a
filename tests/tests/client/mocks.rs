//! The mock itself: what an application's unit tests rely on.

use super::common::{PROTOCOLS, run};
use http::{Response, StatusCode};
use std::time::Duration;
use workstream::appstream::{self, ServiceError, types::*};
use workstream::client::{
    BoxFuture, Classify, Clock, Config, Credentials, CredentialsError, FailedAttempt, Mock, ProvideCredentials, Retry,
    RetryConfig, SourceContext, TestClock, TransportErrorKind, WaitErrorKind,
};

fn delete(client: &appstream::Client, name: &str) -> Result<DeleteImageBuilderOutput, appstream::Error> {
    run(client.delete_image_builder(DeleteImageBuilderInput::new(name)))
}

fn client(mock: &Mock) -> appstream::Client {
    appstream::Client::new(&mock.config_builder().retry(RetryConfig::disabled()).build())
}

#[test]
fn answers_come_in_order_and_the_last_one_stays() {
    let mock = Mock::new();
    let output = |name: &str| DeleteImageBuilderOutput::new().image_builder(ImageBuilder::new(name));
    mock.on::<DeleteImageBuilderInput>().respond(Ok(output("1"))).respond(Ok(output("2")));
    let client = client(&mock);
    let found: Vec<_> = (0..3).map(|_| delete(&client, "a").unwrap()).collect();
    assert_eq!(found, [output("1"), output("2"), output("2")]);
    assert_eq!(mock.operations(), ["DeleteImageBuilder"; 3]);
}

#[test]
fn the_last_rule_that_fits_answers() {
    let mock = Mock::new();
    mock.on::<DeleteImageBuilderInput>().respond(Ok(DeleteImageBuilderOutput::new()));
    mock.on::<DeleteImageBuilderInput>()
        .matching(|input| input.name == "busy")
        .respond(Err(ServiceError::OperationNotPermittedException(OperationNotPermittedException::new())))
        .once();
    let client = client(&mock);
    assert!(delete(&client, "a").is_ok());
    assert!(delete(&client, "busy").unwrap_err().is_operation_not_permitted_exception());
    assert!(delete(&client, "busy").is_ok(), "the rule has ended");
    let names: Vec<_> = mock.calls::<DeleteImageBuilderInput>().into_iter().map(|input| input.name).collect();
    assert_eq!(names, ["a", "busy", "busy"]);
}

#[test]
fn errors_travel_whole_in_both_protocols() {
    for protocol in PROTOCOLS {
        let mock = Mock::new();
        let error = ServiceError::ResourceInUseException(ResourceInUseException::new().message("Try later."));
        let empty = ServiceError::ResourceInUseException(ResourceInUseException::new());
        mock.on::<DeleteImageBuilderInput>().respond(Err(error.clone())).respond(Err(empty.clone())).respond_code(
            StatusCode::BAD_REQUEST,
            "NobodyKnowsThisException",
            "Really.",
        );
        let client = appstream::Client::new(&mock.config_builder().protocol(protocol).build());
        let found = delete(&client, "a").unwrap_err();
        assert_eq!((found.service_error(), found.message()), (Some(&error), Some("Try later.")));
        assert_eq!(delete(&client, "a").unwrap_err().service_error(), Some(&empty));
        let found = delete(&client, "a").unwrap_err();
        assert_eq!((found.code(), found.message()), (Some("NobodyKnowsThisException"), Some("Really.")));
        assert_eq!(found.service_error(), Some(&ServiceError::Unmodelled));
    }
}

#[test]
fn failures_of_the_transport_and_strange_answers() {
    let mock = Mock::new();
    let html = Response::builder().status(500).header("content-type", "text/html").body(b"<html>".to_vec()).unwrap();
    mock.on::<DeleteImageBuilderInput>().fail(TransportErrorKind::Exchange).respond_http(html);
    let client = client(&mock);
    assert!(delete(&client, "a").unwrap_err().to_string().contains("the connection broke"));
    let error = delete(&client, "a").unwrap_err();
    assert_eq!(error.to_string(), "DeleteImageBuilder: 500: Internal Server Error (HTTP 500, request id mock-2)");
}

#[test]
fn what_the_mock_was_not_told_fails_clearly() {
    let mock = Mock::new();
    let error = delete(&client(&mock), "a").unwrap_err();
    assert!(error.to_string().contains("the mock has no answer to "), "{error}");
    assert!(error.to_string().contains("DeleteImageBuilder"), "{error}");
    let _ = mock.on::<DeleteImageBuilderInput>();
    let error = delete(&client(&mock), "a").unwrap_err();
    assert!(error.to_string().contains("the mock's rule for DeleteImageBuilder has no answer"), "{error}");
    let mock = Mock::new();
    mock.on::<DeleteImageBuilderInput>()
        .matching(|input| input.name == "b")
        .respond(Ok(DeleteImageBuilderOutput::new()));
    let error = delete(&client(&mock), "a").unwrap_err();
    assert!(error.to_string().contains("no rule of the mock fits"), "{error}");
    assert!(!error.is_retryable());
}

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// A call with these limits by both clients: what came of it, and how much time had passed on the mock's clock.
fn limited(
    mock: impl Fn() -> Mock,
    config: impl Fn(&Mock) -> Config,
    call_limit: Option<Duration>,
    attempt_limit: Option<Duration>,
) -> (Result<(), String>, Duration) {
    let input = || StartFleetInput::new("a");
    let first = mock();
    let call = appstream::Client::new(&config(&first)).start_fleet(input());
    let result = run(call.timeout(call_limit).attempt_timeout(attempt_limit));
    let found = (result.map(drop).map_err(|error| error.to_string()), first.clock().elapsed());
    let second = mock();
    let call = appstream::blocking::Client::new(&config(&second)).start_fleet(input());
    let result = call.timeout(call_limit).attempt_timeout(attempt_limit).send();
    let other = (result.map(drop).map_err(|error| error.to_string()), second.clock().elapsed());
    assert_eq!(found, other, "the async and the blocking client");
    found
}

#[test]
fn a_slow_answer_keeps_the_limits_of_both_clients() {
    let slow = || {
        let mock = Mock::new();
        mock.on::<StartFleetInput>().respond_after(seconds(10), Ok(StartFleetOutput::new()));
        mock
    };
    let once = |mock: &Mock| mock.config_builder().retry(RetryConfig::disabled()).build();
    let took = |limit: &str| Err(format!("StartFleet: the call took longer than {limit}"));
    let none = |limit: &str| Err(format!("StartFleet: no answer within {limit}"));
    for (call, attempt, result, passed) in [
        (None, None, Ok(()), 10),
        (Some(5), None, took("5s"), 5),
        (None, Some(5), none("5s"), 5),
        (Some(7), Some(5), none("5s"), 5),
        (Some(5), Some(7), took("5s"), 5),
        (Some(10), None, took("10s"), 10),
        (None, Some(10), none("10s"), 10),
        (Some(11), Some(11), Ok(()), 10),
    ] {
        let limits = [call, attempt].map(|limit| limit.map(seconds));
        let found = limited(slow, once, limits[0], limits[1]);
        assert_eq!(found, (result, seconds(passed)), "limits {limits:?}");
    }
}

/// Every failure is worth another attempt.
#[derive(Debug)]
struct Always;

impl Classify for Always {
    fn classify(&self, _: &FailedAttempt<'_>) -> Retry {
        Retry::Transient
    }
}

/// Answers that take time add up with the pauses between them.
#[test]
fn slow_answers_are_retried_within_the_limit_of_the_call() {
    let unsteady = || {
        let mock = Mock::new();
        let busy = || Err(ServiceError::ResourceNotAvailableException(ResourceNotAvailableException::new()));
        mock.on::<StartFleetInput>()
            .respond_after(seconds(10), Ok(StartFleetOutput::new()))
            .respond_after(seconds(3), busy())
            .respond_after(seconds(4), Ok(StartFleetOutput::new()));
        mock
    };
    let retrying = |mock: &Mock| {
        let retry = RetryConfig::standard().max_attempts(3).initial_backoff(Duration::ZERO);
        mock.config_builder().retry(retry).classifier(Always).build()
    };
    assert_eq!(limited(unsteady, retrying, None, Some(seconds(5))), (Ok(()), seconds(5 + 3 + 4)));
    assert_eq!(limited(unsteady, retrying, Some(seconds(13)), Some(seconds(5))), (Ok(()), seconds(12)));
    for (limit, attempts) in [(11, 3), (7, 2), (4, 1)] {
        let found = limited(unsteady, retrying, Some(seconds(limit)), Some(seconds(5)));
        let (Err(line), passed) = found else { panic!("{found:?}") };
        let tried = if attempts == 1 { String::new() } else { format!(" ({attempts} attempts)") };
        assert_eq!(line, format!("StartFleet: the call took longer than {limit}s{tried}"));
        assert_eq!(passed, seconds(limit));
    }
}

/// An answer that moves the clock by itself is as late as one that sleeps.
#[test]
fn an_answer_may_move_the_clock_itself() {
    let moving = || {
        let mock = Mock::new();
        let clock = mock.clock().clone();
        mock.on::<StartFleetInput>().respond_with(move |_| {
            clock.advance(seconds(10));
            Ok(StartFleetOutput::new())
        });
        mock
    };
    let once = |mock: &Mock| mock.config_builder().retry(RetryConfig::disabled()).build();
    let late = Err("StartFleet: no answer within 5s".to_owned());
    assert_eq!(limited(moving, once, None, Some(seconds(5))), (late, seconds(10)));
    assert_eq!(limited(moving, once, None, Some(seconds(11))), (Ok(()), seconds(10)));
}

/// Credentials that take time on the clock.
#[derive(Debug)]
struct Slow(TestClock, Duration);

impl ProvideCredentials for Slow {
    fn provide<'a>(&'a self, _: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        let sleep = self.0.sleep(self.1);
        Box::pin(async {
            sleep.await;
            Ok(Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret"))
        })
    }
}

#[test]
fn slow_credentials_keep_the_limit_of_the_call() {
    for (limit, passed) in [(2, 2), (4, 3)] {
        let mock = Mock::new();
        mock.on::<StartFleetInput>().respond(Ok(StartFleetOutput::new()));
        let slow = Slow(mock.clock().clone(), seconds(3));
        let config = mock.config_builder().credentials(slow).call_timeout(seconds(limit)).build();
        let result = run(appstream::Client::new(&config).start_fleet(StartFleetInput::new("a")));
        assert_eq!(result.is_ok(), limit > 3, "{result:?}");
        assert_eq!(mock.clock().elapsed(), seconds(passed));
    }
}

#[test]
fn a_slow_service_and_pauses_are_what_a_wait_takes() {
    let mock = Mock::new();
    mock.on::<DescribeImageBuildersInput>().respond_after(seconds(2), Ok(DescribeImageBuildersOutput::new()));
    let wait = || {
        appstream::Client::new(&mock.config())
            .wait_until_image_builder_running(DescribeImageBuildersInput::new())
            .delay(seconds(10))
            .max_wait(seconds(20))
    };
    let error = run(wait()).unwrap_err();
    assert_eq!(error.kind(), WaitErrorKind::MaxWait);
    assert_eq!(error.elapsed(), seconds(20 + 2), "the last call begins at the limit");
}
