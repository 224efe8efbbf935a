//! What a user sees when a call fails: one useful line, and everything else by methods.

use super::common::{PROTOCOLS, Script, header, response, run};
use http::StatusCode;
use std::error::Error as _;
use workstream::Protocol;
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

/// The line of a failure, and how often it was tried: with `protocol`, answers of this status, headers and body.
fn answered(
    protocol: Protocol,
    status: u16,
    headers: &[(&'static str, &str)],
    body: &[u8],
) -> (appstream::Error, usize) {
    let mut answer = response(status, headers, "");
    *answer.body_mut() = body.to_vec().into();
    let script = Script::new().then(move |_| Ok(answer.clone()));
    let client = appstream::Client::new(&script.config().build());
    let error = run(client.delete_image_builder(DeleteImageBuilderInput::new("a")).protocol(protocol)).unwrap_err();
    (error, script.attempts())
}

#[test]
fn an_error_in_another_notation_is_understood() {
    let body = br#"{"__type":"com.amazon.coral.service#UnrecognizedClientException","message":"It is invalid."}"#;
    let (error, attempts) = answered(Protocol::RpcV2Cbor, 400, &[("content-type", "application/x-amz-json-1.1")], body);
    assert_eq!((error.code(), error.message()), (Some("UnrecognizedClientException"), Some("It is invalid.")));
    assert_eq!(attempts, 1);
    for protocol in PROTOCOLS {
        let body = br#"{"__type":"ThrottlingException","message":"Slower."}"#;
        let (error, attempts) = answered(protocol, 400, &[], body);
        assert!(error.is_throttling() && error.message() == Some("Slower."), "{error}");
        assert_eq!(attempts, 3, "{protocol}");
        let body = b"<ErrorResponse><Error><Code>Throttling</Code><Message>Slower.</Message></Error></ErrorResponse>";
        let (error, attempts) = answered(protocol, 400, &[("content-type", "text/xml")], body);
        assert_eq!((error.code(), error.message(), attempts), (Some("Throttling"), Some("Slower."), 3));
        let body = br#"{"Error":{"Code":"ResourceNotFoundException","Message":"no"}}"#;
        let (error, _) = answered(protocol, 400, &[], body);
        assert!(error.is_resource_not_found_exception(), "{error}");
        assert_eq!(error.to_string(), "DeleteImageBuilder: ResourceNotFoundException: no (HTTP 400)");
        let body =
            b"<AccessDeniedException>\n  <Message>Unable to determine operation</Message>\n</AccessDeniedException>\n";
        let (error, _) = answered(protocol, 403, &[("content-type", "application/xml")], body);
        let line = "DeleteImageBuilder: AccessDeniedException: Unable to determine operation (HTTP 403)";
        assert_eq!(error.to_string(), line);
    }
}

#[test]
fn what_nobody_understands_is_shown() {
    let html = "<html><head><title>Access to this site is blocked</title></head><body>Ask the help desk.</body></html>";
    let long = "no ".repeat(3000);
    for (body, excerpt) in [
        (html.as_bytes(), "Access to this site is blocked"),
        (br#"{"reason":"maintenance"}"#, r#"{"reason":"maintenance"}"#),
        (br#"{"__type":"WithMessage","mess"#, r#"{"__type":"WithMessage","mess"#),
        (b"[1, 2]", "[1, 2]"),
        (b"\xA1\x66reason\x61x", r#"{"reason":"x"}"#),
        (b"<ok> <nothing/></ok>", "<ok> <nothing/></ok>"),
        (b"\xFF\x00\x01", "\u{fffd}\0\u{1}"),
        (long.as_bytes(), &long[..4096]),
    ] {
        for protocol in PROTOCOLS {
            let (error, _) = answered(protocol, 403, &[], body);
            assert_eq!((error.code(), error.message(), error.body_excerpt()), (Some("403"), None, Some(excerpt)));
            let line = error.to_string();
            let begin: String =
                format!("DeleteImageBuilder: 403: Forbidden; body: {excerpt}").chars().take(60).collect();
            assert!(line.starts_with(&begin) || excerpt.contains('\0'), "{line}");
            assert!(line.ends_with(" (HTTP 403)") && line.len() < 1200, "{line}");
        }
    }
    let (error, _) = answered(Protocol::RpcV2Cbor, 403, &[], "no".repeat(500).as_bytes());
    assert_eq!(error.message().map(str::len), Some(1000), "text is a message");
    let (error, _) = answered(Protocol::RpcV2Cbor, 403, &[], b"{}");
    assert_eq!(error.to_string(), "DeleteImageBuilder: 403: Forbidden (HTTP 403)");
}

#[test]
fn a_redirect_says_where_to() {
    let (error, attempts) = answered(Protocol::AwsJson1_1, 301, &[("location", "https://login.example/?a")], b"<html>");
    assert_eq!(attempts, 1);
    assert_eq!(error.redirect_location(), Some("https://login.example/?a"));
    let line = "DeleteImageBuilder: 301: Moved Permanently; redirects to https://login.example/?a (HTTP 301)";
    assert_eq!(error.to_string(), line);
    let (error, _) = answered(Protocol::AwsJson1_1, 307, &[], b"");
    let line = "DeleteImageBuilder: 307: Temporary Redirect; redirects without saying where to (HTTP 307)";
    assert_eq!(error.to_string(), line);
}

#[test]
fn a_success_that_is_not_the_services() {
    let html = b"<html><title>Sign in</title></html>";
    let headers = [("content-type", "text/html; charset=utf-8")];
    let (error, _) = answered(Protocol::AwsJson1_1, 200, &headers, html);
    let line = "DeleteImageBuilder: the response cannot be read: expected an object, found an unexpected character at byte 0; \
                the body is an HTML page (\"Sign in\") of content type `text/html; charset=utf-8`, not \
                `application/x-amz-json-1.1`: a proxy or a login page seems to answer for the service (HTTP 200)";
    assert_eq!(error.to_string(), line);
    let suspicion = |protocol, headers: &[(&'static str, &str)], body: &[u8]| {
        let (error, _) = answered(protocol, 200, headers, body);
        let ErrorKind::Decode(error) = error.kind() else { panic!("{error:?}") };
        error.suspicion().unwrap_or_default().to_owned()
    };
    let json = suspicion(Protocol::RpcV2Cbor, &[("content-type", "application/json")], b"{}");
    assert!(
        json.starts_with("the body is JSON of content type `application/json`, not `application/cbor`: "),
        "{json}"
    );
    assert!(suspicion(Protocol::AwsJson1_1, &[], b"\xA0").starts_with("the body is CBOR: "));
    let text = suspicion(Protocol::AwsJson1_1, &[("content-type", "text/plain")], b"OK");
    assert_eq!(text, "the answer's content type is `text/plain`, not `application/x-amz-json-1.1`");
    // The right kind, but broken.
    assert_eq!(suspicion(Protocol::AwsJson1_1, &[("content-type", "application/json")], b"{\"a\":}"), "");
    assert_eq!(suspicion(Protocol::RpcV2Cbor, &[("content-type", "application/cbor")], b"\xA1"), "");
    // A login page that happens to be readable is none.
    let (error, _) = answered(Protocol::RpcV2Cbor, 200, &[("smithy-protocol", "rpc-v2-json")], b"\xA0");
    assert!(error.to_string().contains("found `rpc-v2-json` in the smithy-protocol header"), "{error}");
}

#[test]
fn a_content_coding_is_named() {
    let gzip = b"\x1f\x8b\x08\x00\xec\x86\x07k\x02\xff\xabV\x02\x00";
    for (status, headers, body, coding) in [
        (200, &[][..], &gzip[..], "gzip"),
        (200, &[("content-encoding", "gzip")], gzip, "gzip"),
        (200, &[("content-encoding", "br")], b"\x0b\x02\x80", "br"),
        (503, &[], gzip, "gzip"),
        (400, &[("content-encoding", "zstd")], b"\x28\xb5\x2f\xfd\x04", "zstd"),
    ] {
        for protocol in PROTOCOLS {
            let (error, _) = answered(protocol, status, headers, body);
            let line = error.to_string();
            assert!(
                line.contains(&format!("; the body is {coding}-encoded, which the request did not allow")),
                "{line}"
            );
        }
    }
    // A header that some proxy has forgotten does no harm.
    let (error, _) =
        answered(Protocol::AwsJson1_1, 400, &[("content-encoding", "gzip")], br#"{"__type":"A","message":"m"}"#);
    assert_eq!(error.to_string(), "DeleteImageBuilder: A: m (HTTP 400)");
}

#[test]
fn requests_ask_for_no_content_coding() {
    let script = Script::new().then_json(200, "{}");
    run(appstream::Client::new(&script.config().build()).delete_image_builder(DeleteImageBuilderInput::new("a")))
        .unwrap();
    let headers = script.requests()[0].headers().clone();
    assert_eq!(header(&headers, "accept-encoding"), "identity");
    assert!(!header(&headers, "authorization").contains("accept-encoding"), "proxies change it");
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
        let expected = "DescribeFleets: the URL given to Config::builder().endpoint_url(...) ";
        assert!(error.to_string().starts_with(expected), "{error}");
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
fn a_modelled_error_is_an_error_by_itself() {
    let gone = ResourceNotFoundException::new().message("There\nis no a.");
    let error: Box<dyn std::error::Error> = Box::new(appstream::ServiceError::ResourceNotFoundException(gone));
    assert_eq!(error.to_string(), "ResourceNotFoundException: There is no a.");
    let error = appstream::ServiceError::ResourceNotFoundException(ResourceNotFoundException::new());
    assert_eq!(error.to_string(), "ResourceNotFoundException");
    assert_eq!(appstream::ServiceError::Unmodelled.to_string(), "an error that the model does not have");
}

#[test]
fn debug_of_an_error_is_its_line_or_all_of_it() {
    let error = failure(&Script::new().then_json(400, r#"{"__type":"ResourceNotFoundException"}"#));
    assert_eq!(format!("{error:?}"), error.to_string());
    let debug = format!("{error:#?}");
    assert!(
        debug.starts_with("Error {\n    service: \"AppStream\",\n    operation: \"DeleteImageBuilder\",\n    kind: "),
        "{debug}"
    );
    assert!(!debug.contains("resolve_endpoint"), "{debug}");
}
