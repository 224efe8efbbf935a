//! What a user sees when a call fails: one useful line, and everything else by methods.

use crate::common::{Script, response, run};
use http::StatusCode;
use std::error::Error as _;
use workstream::appstream::{self, types::*};
use workstream::client::{ClientError, Config, Credentials, TransportError, TransportErrorKind};
use workstream::runtime::ErrorKind;

fn failure(script: &Script) -> appstream::Error {
    let config = script.config().retry(workstream::client::RetryConfig::disabled()).build();
    let call = appstream::Client::new(&config).delete_image_builder(DeleteImageBuilderInput::new("a"));
    let blocking = appstream::blocking::Client::new(&config).delete_image_builder(DeleteImageBuilderInput::new("a"));
    let error = run(call).unwrap_err();
    assert_eq!(error.to_string(), blocking.send().unwrap_err().to_string());
    error
}

#[test]
fn a_service_error() {
    let body = r#"{"__type":"com.amazonaws#ResourceNotFoundException","Message":"There is no a."}"#;
    let error = failure(&Script::new().then_json(400, body));
    let line = "DeleteImageBuilder: ResourceNotFoundException: There is no a. (HTTP 400, request id request-1)";
    assert_eq!(error.to_string(), line);
    assert!(error.is_resource_not_found_exception() && !error.is_retryable() && !error.is_throttling());
    assert_eq!((error.request_id(), error.status()), (Some("request-1"), Some(StatusCode::BAD_REQUEST)));
    assert_eq!((error.code(), error.message()), (Some("ResourceNotFoundException"), Some("There is no a.")));
}

#[test]
fn an_answer_that_cannot_be_read() {
    let error = failure(&Script::new().then_json(200, r#"{"ImageBuilder":7}"#));
    assert!(matches!(error.kind(), ErrorKind::Decode(_)), "{error:?}");
    assert!(error.to_string().starts_with("DeleteImageBuilder: the response cannot be read: "), "{error}");
    assert_eq!(error.request_id(), Some("request-1"), "it is there whatever came");
    assert!(error.source().is_none(), "the line has it");
}

#[test]
fn html_from_a_proxy() {
    let html = "<html><body><h1>502 Bad Gateway</h1></body></html>";
    let script = Script::new().then(move |_| Ok(response(502, &[("content-type", "text/html")], html)));
    assert_eq!(failure(&script).to_string(), "DeleteImageBuilder: 502: Bad Gateway (HTTP 502)");
}

#[test]
fn failures_of_the_transport() {
    let error = failure(&Script::new().then_fail(TransportErrorKind::Connect));
    assert_eq!(error.to_string(), "DeleteImageBuilder: no connection to the server: as scripted");
    let Some(ClientError::Transport(cause)) = error.client_error() else { panic!("{error:?}") };
    assert_eq!(cause.kind(), TransportErrorKind::Connect);
    assert_eq!(cause.cause().to_string(), "as scripted");
    assert!(error.source().is_none(), "the line has it");
    assert!(error.is_retryable() && error.request_id().is_none());
}

#[test]
fn a_missing_region() {
    let config = Config::builder().credentials(Credentials::new("a", "b")).transport(Script::new()).build();
    for config in [config.clone(), config.to_builder().endpoint_url("http://localhost:1").build()] {
        let error = run(appstream::Client::new(&config).describe_fleets(DescribeFleetsInput::new())).unwrap_err();
        assert_eq!(error.to_string(), "DescribeFleets: no region: Config::builder().region(...) was not called");
        assert!(matches!(error.client_error(), Some(ClientError::Config(_))));
    }
}

#[test]
fn missing_credentials() {
    let config =
        Config::builder().region("eu-west-1").transport(Script::new()).blocking_transport(Script::new()).build();
    let expected = "DescribeFleets: no credentials: Config::builder().credentials(...) was not called";
    let error = run(appstream::Client::new(&config).describe_fleets(DescribeFleetsInput::new())).unwrap_err();
    assert_eq!(error.to_string(), expected);
    assert!(matches!(error.client_error(), Some(ClientError::Credentials(_))));
    let error = appstream::blocking::Client::new(&config).describe_fleets(DescribeFleetsInput::new()).send();
    assert_eq!(error.unwrap_err().to_string(), expected);
}

#[test]
fn credentials_that_no_header_can_carry() {
    let config = Script::new().config().credentials(Credentials::new("a", "b").session_token("line\nbreak")).build();
    let error = run(appstream::Client::new(&config).describe_fleets(DescribeFleetsInput::new())).unwrap_err();
    assert!(matches!(error.client_error(), Some(ClientError::Signing(_))), "{error:?}");
    assert!(error.to_string().contains("session token"), "{error}");
}

#[test]
fn an_endpoint_that_is_no_url() {
    for url in ["localhost:4566", "ftp://localhost", "not a url", ""] {
        let config = Script::new().config().endpoint_url(url).build();
        let error = run(appstream::Client::new(&config).describe_fleets(DescribeFleetsInput::new())).unwrap_err();
        assert_eq!(error.to_string(), format!("DescribeFleets: no endpoint: {url:?} is no http or https URL"));
    }
}

#[test]
fn errors_are_std_errors_that_can_be_sent() {
    fn assert_error<E: std::error::Error + Send + Sync + 'static>() {}
    assert_error::<appstream::Error>();
    assert_error::<TransportError>();
    assert!(size_of::<appstream::Error>() <= 8, "a result is not much larger than its output");
}

#[test]
fn debug_of_an_error_is_short() {
    let error = failure(&Script::new().then_json(400, r#"{"__type":"ResourceNotFoundException"}"#));
    let debug = format!("{error:?}");
    assert!(debug.starts_with(r#"Error { service: "AppStream", operation: "DeleteImageBuilder", kind: "#), "{debug}");
    assert!(!debug.contains("resolve_endpoint"), "{debug}");
}
