//! The mock itself: what an application's unit tests rely on.

use crate::common::{PROTOCOLS, run};
use http::{Response, StatusCode};
use workstream::appstream::{self, ServiceError, types::*};
use workstream::client::{Mock, RetryConfig, TransportErrorKind};

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
