//! What is tried again, how often, and after which pause.

use super::common::{SECRET, Script, header, response, run};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};
use workstream::Operation;
use workstream::appstream::{self, types::*};
use workstream::client::{
    Blocking, BoxFuture, Classify, Config, ConfigBuilder, Credentials, CredentialsError, Environment, FailedAttempt,
    Failure, ProvideCredentials, Retry, RetryConfig, RetryMode, ServiceClient, SourceContext, TestClock,
    TransportErrorKind,
};
use workstream::workspaces::{self, types::DescribeWorkspacesInput};
use workstream_fixtures::idempotency_token;
use workstream_tests::special::{ListQueues, ListTables, ReceiveMessage};

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
        (429, ""),
        (429, r#"{"__type":"NobodyKnows"}"#),
        (500, NOT_FOUND),
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
        // Worth another attempt by its status alone, which is 500.
        (400, r#"{"__type":"InternalError"}"#),
        // The model knows the error, and does not call it throttling.
        (429, NOT_FOUND),
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

/// What three failures of one call cost in pauses, if all are as long as they can be.
fn longest_pauses(retry: RetryConfig, answer: (u16, &[(&'static str, &'static str)], &'static str)) -> Duration {
    let clock = TestClock::new();
    let (status, headers, body) = answer;
    let headers = headers.to_vec();
    let script = Script::new().then(move |_| Ok(response(status, &headers, body)));
    let config = script.config_at(clock.clone()).retry(retry).jitter(|| 1.0).build();
    let error = run(appstream::Client::new(&config).start_fleet(StartFleetInput::new("a"))).unwrap_err();
    assert_eq!(error.attempts(), 3);
    clock.elapsed()
}

#[test]
fn pauses_depend_on_the_failure() {
    let standard = RetryConfig::standard;
    assert_eq!(longest_pauses(standard(), (500, &[], "")), Duration::from_millis(50 + 100));
    assert_eq!(longest_pauses(standard(), (429, &[], "")), Duration::from_secs(1 + 2));
    assert_eq!(longest_pauses(standard(), (400, &[], THROTTLED)), Duration::from_secs(1 + 2));
    let patient = standard().transient_backoff(Duration::from_secs(3)).max_backoff(Duration::from_secs(4));
    assert_eq!(longest_pauses(patient, (500, &[], "")), Duration::from_secs(3 + 4));
    let short = standard().initial_backoff(Duration::ZERO);
    for (status, body) in [(500, ""), (400, THROTTLED)] {
        assert_eq!(longest_pauses(short.clone(), (status, &[], body)), Duration::ZERO);
    }
}

#[test]
fn pauses_follow_the_service_for_five_seconds() {
    let short = || RetryConfig::standard().initial_backoff(Duration::ZERO);
    for (asked, expected) in [("3000", 6), ("19000", 10), ("later", 0)] {
        let headers = [("x-amz-retry-after", asked), ("retry-after", "7")];
        assert_eq!(longest_pauses(short(), (503, &headers, "")), Duration::from_secs(expected), "{asked}");
    }
    let standard = longest_pauses(RetryConfig::standard(), (503, &[("x-amz-retry-after", "1")], ""));
    assert_eq!(standard, Duration::from_millis(150), "less than the own pause is none");
    assert_eq!(
        longest_pauses(short(), (429, &[("retry-after", "7")], "")),
        Duration::ZERO,
        "that header is none of it"
    );
}

#[test]
fn a_pause_that_outlasts_the_call_is_not_begun() {
    let clock = TestClock::new();
    let script = Script::new().then(|_| Ok(response(503, &[("x-amz-retry-after", "4000")], "")));
    let config = script.config_at(clock.clone()).call_timeout(Duration::from_secs(4)).build();
    let error = run(appstream::Client::new(&config).start_fleet(StartFleetInput::new("a"))).unwrap_err();
    let line = "StartFleet: 503: Service Unavailable (HTTP 503 from appstream2.eu-west-1.amazonaws.com)";
    assert_eq!((error.to_string().as_str(), script.attempts()), (line, 1));
    assert_eq!(clock.elapsed(), Duration::ZERO);
    assert_eq!(config.retry_tokens(&appstream::SERVICE), 500, "and costs nothing");
}

#[test]
fn the_budget_limits_retries_when_everything_fails() {
    // 500 tokens, 14 for each retry, and 5 where the service throttles.
    for (body, retries) in [("", 35), (THROTTLED, 100)] {
        let script = Script::new().then_json(500, body);
        let config = script.config().retry(RetryConfig::standard().max_attempts(2)).build();
        let client = appstream::Client::new(&config);
        for _ in 0..300 {
            let _ = run(client.start_fleet(StartFleetInput::new("a")));
        }
        assert_eq!(script.attempts(), 300 + retries);
    }
}

#[test]
fn a_success_gives_tokens_back() {
    let script = Script::new()
        .then_json(500, "")
        .then_json(500, "")
        .then_json(200, "{}")
        .then_json(400, THROTTLED)
        .then_json(200, "{}");
    let config = script.config().build();
    let client = appstream::blocking::Client::new(&config);
    let tokens = || {
        client.start_fleet(StartFleetInput::new("a")).send().unwrap();
        config.retry_tokens(&appstream::SERVICE)
    };
    assert_eq!([tokens(), tokens(), tokens()], [486, 486, 487], "the last retry's, or 1 where there was none");
}

#[test]
fn the_clients_of_a_configuration_share_a_budget_per_service_and_region() {
    let script = Script::new().then_json(503, "");
    let config = script.config().build();
    let call = |config: &Config| {
        let client = appstream::blocking::Client::new(config);
        client.start_fleet(StartFleetInput::new("a")).send().unwrap_err().attempts()
    };
    let attempts: u32 = (0..1000).map(|_| call(&config)).sum();
    assert_eq!(attempts, 1000 + 35);
    assert_eq!(call(&config.clone()), 1);
    assert_eq!(call(&config.to_builder().call_timeout(Duration::from_secs(9)).build()), 1, "and what is built from it");
    // The async clients too.
    let asynchronous = run(appstream::Client::new(&config).start_fleet(StartFleetInput::new("a")));
    assert_eq!(asynchronous.unwrap_err().attempts(), 1);
    // Another region, another service, another configuration.
    assert_eq!(call(&config.to_builder().region("eu-central-1").build()), 3);
    let client = workspaces::blocking::Client::new(&config);
    assert_eq!(client.describe_workspaces(DescribeWorkspacesInput::new()).send().unwrap_err().attempts(), 3);
    let builder = script.config();
    assert_eq!((call(&builder.clone().build()), call(&builder.build())), (3, 3));
}

#[test]
fn a_long_poll_without_budget_pauses_before_it_fails() {
    fn call<I: Operation>(config: &Config) -> bool {
        ServiceClient::<Blocking>::new(I::DESCRIPTION.service, config).call(I::default()).send().is_ok()
    }
    let clock = TestClock::new();
    let script = Script::new().then_json(500, "");
    let retry = RetryConfig::standard().max_attempts(2);
    let config = script.config_at(clock.clone()).endpoint_url("http://localhost").retry(retry).jitter(|| 1.0).build();
    (0..35).for_each(|_| assert!(!call::<ListQueues>(&config)));
    let pause = Duration::from_millis(50);
    let (attempts, before) = (script.attempts(), clock.elapsed());
    assert!(!call::<ReceiveMessage>(&config));
    assert_eq!((script.attempts(), clock.elapsed()), (attempts + 1, before + pause), "one attempt, and then a pause");
    assert!(!call::<ListQueues>(&config));
    assert_eq!((script.attempts(), clock.elapsed()), (attempts + 2, before + pause), "others fail at once");
    // A pause that outlasts the call is not begun.
    assert!(!call::<ReceiveMessage>(&config.to_builder().call_timeout(pause).build()));
    assert_eq!((script.attempts(), clock.elapsed()), (attempts + 3, before + pause));
}

#[test]
fn dynamodb_has_a_number_and_a_backoff_of_its_own() {
    let clock = TestClock::new();
    let script = Script::new().then_json(500, "");
    let config = script.config_at(clock.clone()).endpoint_url("http://localhost").jitter(|| 1.0).build();
    let client = ServiceClient::<Blocking>::new(ListTables::DESCRIPTION.service, &config);
    assert_eq!(client.call(ListTables).send().unwrap_err().attempts(), 4);
    assert_eq!(clock.elapsed(), Duration::from_millis(25 + 50 + 100));
    assert_eq!(header(script.requests()[0].headers(), "amz-sdk-request"), "attempt=1; max=4");
}

#[test]
fn the_adaptive_mode_slows_down_while_the_service_throttles() {
    let clock = TestClock::new();
    let script = Script::new().then_json(400, THROTTLED).then_json(200, "{}");
    let config = script.config_at(clock.clone()).retry(RetryConfig::adaptive()).jitter(|| 0.0).build();
    let client = appstream::blocking::Client::new(&config);
    assert_eq!(config.request_rate(&appstream::SERVICE), None);
    client.start_fleet(StartFleetInput::new("a")).send().unwrap();
    // Nothing was sent before, so the rate was the least, of one request in 2 s, and has grown by the success.
    assert_eq!(clock.elapsed(), Duration::from_secs(2), "the retry waited for the rate");
    let rate = config.request_rate(&appstream::SERVICE).unwrap();
    assert!((1.5..1.7).contains(&rate), "{rate}");
    // So do other calls, of all clients in this mode.
    run(appstream::Client::new(&config).start_fleet(StartFleetInput::new("a"))).unwrap();
    let slowed = clock.elapsed();
    assert!(slowed > Duration::from_millis(2500), "{slowed:?}");
    client.start_fleet(StartFleetInput::new("a")).retry(RetryConfig::standard()).send().unwrap();
    workspaces::blocking::Client::new(&config).describe_workspaces(DescribeWorkspacesInput::new()).send().unwrap();
    assert_eq!(clock.elapsed(), slowed);
}

#[test]
fn a_wait_for_the_rate_keeps_the_calls_limit() {
    let clock = TestClock::new();
    let script = Script::new().then_json(400, THROTTLED);
    let retry = RetryConfig::adaptive().initial_backoff(Duration::ZERO);
    let config = script.config_at(clock.clone()).retry(retry).call_timeout(Duration::from_secs(1)).build();
    let client = appstream::blocking::Client::new(&config);
    let error = client.start_fleet(StartFleetInput::new("a")).send().unwrap_err();
    assert_eq!(error.to_string(), "StartFleet: ThrottlingException: Rate exceeded (HTTP 400, request id request-1)");
    let error = client.start_fleet(StartFleetInput::new("a")).send().unwrap_err();
    let text = "the service throttles, so the next request may be sent in 2.0s, and the call has 1.0s left";
    assert_eq!(error.to_string(), format!("StartFleet: {text}"));
    assert!(error.is_timeout() && error.is_retryable());
    assert_eq!((script.attempts(), clock.elapsed()), (1, Duration::ZERO), "nothing was waited for");
}

#[test]
fn the_environment_chooses_the_mode() {
    for (mode, expected) in [("adaptive", RetryMode::Adaptive), ("legacy", RetryMode::Standard)] {
        let environment = Environment::of([("AWS_RETRY_MODE", mode), ("AWS_REGION", "eu-west-1")]);
        let config = ConfigBuilder::from_environment(&environment, None).unwrap().build();
        assert_eq!(config.retry(), &RetryConfig::standard().mode(expected), "{mode}");
    }
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

#[test]
fn a_wrong_date_does_not_end_a_client() {
    const EXPIRED: &str = r#"{"__type":"RequestExpired"}"#;
    for date in ["Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 03 Jan 2025 00:00:01 GMT"] {
        let script = Script::new().then(move |_| Ok(response(400, &[("date", date)], EXPIRED))).then_json(200, "{}");
        let client = appstream::blocking::Client::new(&script.config().build());
        let error = client.start_fleet(StartFleetInput::new("a")).send().unwrap_err();
        assert_eq!((error.code(), error.attempts()), (Some("RequestExpired"), 1), "{date}");
        client.start_fleet(StartFleetInput::new("a")).send().unwrap();
        let dates: Vec<_> = script.requests().iter().map(|r| header(r.headers(), "x-amz-date").to_owned()).collect();
        assert_eq!(dates, ["20250101T000000Z"; 2], "{date}");
    }
}

#[test]
fn a_time_that_cannot_be_signed_for_is_this_machines_again() {
    const SKEWED: &str = r#"{"__type":"RequestTimeTooSkewed"}"#;
    let date = "Wed, 01 Jan 2025 12:00:00 GMT";
    let script = Script::new().then(move |_| Ok(response(403, &[("date", date)], SKEWED))).then_json(200, "{}");
    let clock = TestClock::new();
    let client = appstream::blocking::Client::new(&script.config_at(clock.clone()).build());
    client.start_fleet(StartFleetInput::new("a")).send().unwrap();
    // Now it is 9999-12-30T20:00:00Z, and with the correction later than what can be written.
    clock.advance(Duration::from_secs(253_402_200_000 - 1_735_689_600));
    client.start_fleet(StartFleetInput::new("a")).send().unwrap();
    let dates: Vec<_> = script.requests().iter().map(|r| header(r.headers(), "x-amz-date").to_owned()).collect();
    assert_eq!(dates, ["20250101T000000Z", "20250101T120000Z", "99991230T200000Z"]);
    assert_eq!(header(script.requests()[2].headers(), "amz-sdk-request"), "attempt=1; max=3");
}

/// Gives other credentials every time.
#[derive(Debug, Default)]
struct Numbered(AtomicU32);

impl ProvideCredentials for Numbered {
    fn provide<'a>(&'a self, _: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
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
