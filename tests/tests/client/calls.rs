//! What is sent, and what can be adjusted.

use super::common::{PROTOCOLS, SECRET, Script, TOKEN, header, response, run};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, StatusCode};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use workstream::appstream::{self, types::*};
use workstream::client::{
    BoxFuture, Config, Credentials, Mock, ProvideCredentials, RetryConfig, SourceContext, TestClock, TimeLimit,
    Transport,
};
use workstream::client::{ClientError, CredentialsError, TransportError};
use workstream::{Operation, Protocol, workspaces};

fn assert_send_sync_static<T: Send + Sync + 'static>(_: &T) {}
fn assert_send_static<T: Send + 'static>(value: T) -> T {
    value
}

#[test]
fn clients_and_calls_can_go_to_other_threads() {
    let mock = Mock::new();
    mock.on::<StartFleetInput>().respond(Ok(StartFleetOutput::new()));
    let client = appstream::Client::new(&mock.config());
    assert_send_sync_static(&client);
    assert_send_sync_static(&appstream::blocking::Client::new(&mock.config()));
    let call = assert_send_static(client.start_fleet(StartFleetInput::new("a")));
    let future = assert_send_static(call.into_future());
    drop(client);
    assert!(run(future).is_ok(), "a call does not need the client that made it");
}

#[test]
fn both_clients_speak_both_protocols() {
    for protocol in PROTOCOLS {
        let mock = Mock::new();
        let output = DeleteImageBuilderOutput::new().image_builder(ImageBuilder::new("a").platform("new one"));
        mock.on::<DeleteImageBuilderInput>().respond(Ok(output.clone()));
        let config = mock.config_builder().protocol(protocol).build();
        let input = DeleteImageBuilderInput::new("a");
        let found = run(appstream::Client::new(&config).delete_image_builder(input.clone())).unwrap();
        assert_eq!(found, output);
        let found = appstream::blocking::Client::new(&config).delete_image_builder(input.clone()).send().unwrap();
        assert_eq!(found, output);
        assert_eq!(mock.calls::<DeleteImageBuilderInput>(), [input.clone(), input]);
    }
}

#[test]
fn the_first_protocol_of_the_model_is_the_default() {
    let script = Script::new().then_json(400, "");
    let config = script.config();
    let without = config.build().to_builder();
    let _ = run(appstream::Client::new(&without.clone().protocol(Protocol::RpcV2Cbor).build())
        .start_fleet(StartFleetInput::new("a")));
    // A configuration serves services that speak it, and others.
    let speaks_cbor = StartFleetInput::DESCRIPTION.service.protocols.contains(&Protocol::RpcV2Cbor);
    assert_eq!(script.requests()[0].headers().contains_key("smithy-protocol"), speaks_cbor);
    let config =
        Config::builder().region("eu-west-1").credentials(Credentials::new("a", "b")).transport(script.clone());
    let _ = run(appstream::Client::new(&config.build()).start_fleet(StartFleetInput::new("a")));
    let is_cbor = StartFleetInput::DESCRIPTION.service.protocols[0].is_cbor();
    let content_type = if is_cbor { "application/cbor" } else { "application/x-amz-json-1.1" };
    assert_eq!(header(script.requests()[1].headers(), "content-type"), content_type);
    let _ = run(appstream::Client::new(&without.build())
        .start_fleet(StartFleetInput::new("a"))
        .protocol(Protocol::AwsJson1_1));
    assert_eq!(header(script.requests()[2].headers(), "content-type"), "application/x-amz-json-1.1");
}

#[test]
fn a_request_is_complete_and_signed() {
    let script = Script::new().then_json(200, "{}");
    let config = script.config().app_name("my app").build();
    run(appstream::Client::new(&config).start_fleet(StartFleetInput::new("a"))).unwrap();
    let requests = script.requests();
    let (uri, headers) = (requests[0].uri(), requests[0].headers());
    assert_eq!(uri, "https://appstream2.eu-west-1.amazonaws.com/");
    assert_eq!(requests[0].body(), r#"{"Name":"a"}"#);
    assert_eq!(header(headers, "x-amz-target"), "PhotonAdminProxyService.StartFleet");
    let agent = header(headers, "user-agent");
    let beginning = concat!("workstream/", env!("CARGO_PKG_VERSION"), " ua/2.1 api/appstream#2016-12-01 os/");
    assert!(agent.starts_with(beginning) && agent.ends_with(" cfg/retry-mode#standard app/my-app"), "{agent}");
    assert_eq!(header(headers, "amz-sdk-request"), "attempt=1; max=3");
    assert_eq!(header(headers, "x-amz-date"), "20250101T000000Z");
    assert_eq!(header(headers, "x-amz-security-token"), TOKEN);
    let authorization = header(headers, "authorization");
    let credential = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20250101/eu-west-1/appstream/aws4_request, ";
    assert!(authorization.starts_with(credential), "{authorization}");
    let signed = "SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-type;host;x-amz-date;x-amz-security-token;x-amz-target";
    assert!(authorization.contains(signed), "{authorization}");
    assert!(!authorization.contains(SECRET));
}

#[test]
fn a_call_can_be_adjusted() {
    let script = Script::new().then_json(200, "");
    let client = appstream::Client::new(&script.config().build());
    let name = HeaderName::from_static("x-trace");
    let call = client
        .start_fleet(StartFleetInput::new("a"))
        .endpoint_url("http://localhost:4566/base/")
        .protocol(Protocol::RpcV2Cbor)
        .retry(RetryConfig::standard().max_attempts(7))
        .header(name.clone(), HeaderValue::from_static("1"));
    run(call).unwrap();
    let request = &script.requests()[0];
    let path = "/base/service/PhotonAdminProxyService/operation/StartFleet";
    assert_eq!(request.uri().to_string(), format!("http://localhost:4566{path}"));
    assert_eq!(header(request.headers(), "amz-sdk-request"), "attempt=1; max=7");
    assert_eq!(header(request.headers(), "x-trace"), "1");
    assert!(header(request.headers(), "authorization").contains(";x-trace"), "it is signed");
    // The client itself is as before.
    run(client.start_fleet(StartFleetInput::new("a"))).unwrap();
    assert_eq!(script.requests()[1].uri(), "https://appstream2.eu-west-1.amazonaws.com/");
}

#[test]
fn the_answer_to_a_success_has_a_request_id() {
    let script = Script::new().then_json(503, "").then_json(200, "{}");
    let config = script.config().build();
    let call = appstream::Client::new(&config).start_fleet(StartFleetInput::new("a")).with_metadata();
    let answer = run(call).unwrap();
    assert_eq!(answer.response.request_id.as_deref(), Some("request-1"));
    assert_eq!((answer.response.status, answer.attempts), (StatusCode::OK, 2));
    let call = appstream::blocking::Client::new(&config).start_fleet(StartFleetInput::new("a")).with_metadata();
    assert_eq!(call.send().unwrap().response.request_id.as_deref(), Some("request-1"));
}

/// A transport that never answers, and counts the requests that are under way.
#[derive(Clone, Debug, Default)]
struct Silence(Arc<AtomicUsize>);

struct UnderWay(Arc<AtomicUsize>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Transport for Silence {
    fn send(&self, _request: Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let count = self.0.clone();
        Box::pin(async move {
            count.fetch_add(1, Ordering::SeqCst);
            let _under_way = UnderWay(count);
            std::future::pending().await
        })
    }
}

#[test]
fn to_drop_a_call_is_to_cancel_it() {
    let silence = Silence::default();
    let config = Script::new().config().transport(silence.clone()).attempt_timeout(None).build();
    let client = appstream::Client::new(&config);
    {
        let mut call = pin!(client.start_fleet(StartFleetInput::new("a")).into_future());
        assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert_eq!(silence.0.load(Ordering::SeqCst), 1);
    }
    assert_eq!(silence.0.load(Ordering::SeqCst), 0);
}

#[test]
fn attempts_and_calls_have_time_limits() {
    let clock = TestClock::new();
    let retry = RetryConfig::standard().max_attempts(2).initial_backoff(Duration::ZERO);
    let config = Script::new().config_at(clock.clone()).transport(Silence::default()).retry(retry).build();
    let client = appstream::Client::new(&config);
    let limit = Duration::from_secs(2);
    let error = run(client.start_fleet(StartFleetInput::new("a")).attempt_timeout(limit)).unwrap_err();
    assert_eq!(error.to_string(), "StartFleet: no answer within 2s (2 attempts)");
    assert!(error.is_timeout() && error.is_retryable());
    assert_eq!(clock.elapsed(), limit * 2);

    let call = client.start_fleet(StartFleetInput::new("a")).attempt_timeout(limit);
    let error = run(call
        .timeout(Duration::from_secs(3))
        .retry(RetryConfig::standard().max_attempts(9).initial_backoff(Duration::ZERO)));
    let error = error.unwrap_err();
    assert!(matches!(error.client_error(), Some(ClientError::Timeout { limit: TimeLimit::Call, .. })), "{error}");
    assert_eq!(error.to_string(), "StartFleet: the call took longer than 3s (2 attempts)");
    assert_eq!(clock.elapsed(), limit * 2 + Duration::from_secs(3));
}

#[test]
fn a_blocking_call_has_the_same_time_limits() {
    let mock = Mock::new();
    mock.on::<StartFleetInput>().respond_after(Duration::from_secs(5), Ok(StartFleetOutput::new()));
    let config = mock.config_builder().retry(RetryConfig::disabled()).build();
    let call = appstream::blocking::Client::new(&config).start_fleet(StartFleetInput::new("a"));
    let error = call.clone().attempt_timeout(Duration::from_secs(5)).send().unwrap_err();
    assert_eq!(error.to_string(), "StartFleet: no answer within 5s");
    let error = call.clone().attempt_timeout(None).timeout(Duration::from_secs(4)).send().unwrap_err();
    assert_eq!(error.to_string(), "StartFleet: the call took longer than 4s");
    assert!(call.attempt_timeout(Duration::from_secs(6)).send().is_ok());
}

/// Credentials that take for ever.
#[derive(Debug)]
struct NoCredentials;

impl ProvideCredentials for NoCredentials {
    fn provide<'a>(&'a self, _: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::pending())
    }
}

#[test]
fn the_limit_of_a_call_includes_its_credentials() {
    let config = Script::new().config().credentials(NoCredentials).call_timeout(Duration::from_secs(1)).build();
    let error = run(appstream::Client::new(&config).start_fleet(StartFleetInput::new("a"))).unwrap_err();
    assert_eq!(error.to_string(), "StartFleet: the call took longer than 1s");
}

#[test]
fn one_configuration_serves_all_services() {
    let script = Script::new().then(|_| Ok(response(200, &[], "{}")));
    let config = script.config().build();
    run(appstream::Client::new(&config).describe_fleets(DescribeFleetsInput::new())).unwrap();
    run(workspaces::Client::new(&config).describe_workspaces(Default::default())).unwrap();
    let hosts: Vec<_> = script.requests().iter().map(|request| request.uri().host().unwrap().to_owned()).collect();
    assert_eq!(hosts, ["appstream2.eu-west-1.amazonaws.com", "workspaces.eu-west-1.amazonaws.com"]);
}

/// Answers only when it is asked again.
#[derive(Debug)]
struct Hesitant;

impl Transport for Hesitant {
    fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let mut asked = false;
        Box::pin(std::future::poll_fn(move |context| {
            context.waker().wake_by_ref();
            if std::mem::replace(&mut asked, true) { Poll::Ready(Ok(response(200, &[], "{}"))) } else { Poll::Pending }
        }))
    }
}

/// Without tokio, the limit of each attempt is a sleep of this crate's own, and that must not be a thread of its own.
#[test]
fn two_thousand_attempts_without_tokio_have_one_timer() {
    /// Threads of this process with the name of the timer's, as far as the system says.
    fn timers() -> usize {
        let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
        let names = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("comm")).ok());
        names.filter(|name| name.starts_with("workstream-time")).count()
    }
    let config = Config::builder().region("eu-west-1").credentials(Credentials::new("a", SECRET)).transport(Hesitant);
    let client = appstream::Client::new(&config.protocol(Protocol::AwsJson1_1).build());
    let mut context = Context::from_waker(Waker::noop());
    let mut calls: Vec<_> =
        (0..2_000).map(|_| client.describe_fleets(DescribeFleetsInput::new()).with_metadata().into_future()).collect();
    // All of them wait, each with a limit of a minute.
    assert!(calls.iter_mut().all(|call| call.as_mut().poll(&mut context).is_pending()));
    assert!(timers() <= 1, "{}", timers());
    let attempts: u32 = calls
        .iter_mut()
        .map(|call| match call.as_mut().poll(&mut context) {
            Poll::Ready(Ok(answer)) => answer.attempts,
            other => panic!("{other:?}"),
        })
        .sum();
    assert_eq!(attempts, 2_000);
    assert!(timers() <= 1, "{}", timers());
}
