//! Operations as values: requests out, responses and errors in, no IO.

use crate::compiled::{PROTOCOLS, answer, assert_request_survives, json, read};
use workstream_fixtures::{Operation, Protocol};

#[test]
fn requests_of_both_protocols() {
    use workstream_fixtures::input_shared::types::StartInput;
    let request = StartInput::new("a").to_request(Protocol::AwsJson1_1).unwrap();
    assert_eq!((request.method().as_str(), request.uri().path()), ("POST", "/"));
    assert_eq!(request.headers()["x-amz-target"], "Fixture.Start");
    assert_eq!(request.headers()["content-type"], "application/x-amz-json-1.1");
    assert_eq!(request.body(), br#"{"Name":"a"}"#);

    let request = StartInput::new("a").to_request(Protocol::RpcV2Cbor).unwrap();
    assert_eq!((request.method().as_str(), request.uri().path()), ("POST", "/service/Fixture/operation/Start"));
    assert_eq!(request.headers()["smithy-protocol"], "rpc-v2-cbor");
    assert_eq!(request.headers()["content-type"], "application/cbor");
    assert!(request.body().windows(6).any(|window| window == b"dName\x61"), "{:?}", request.body());
}

#[test]
fn an_operation_without_input_sends_no_cbor_body() {
    use workstream_fixtures::no_input::types::RunInput;
    let request = RunInput::new().to_request(Protocol::RpcV2Cbor).unwrap();
    assert!(request.body().is_empty() && !request.headers().contains_key("content-type"));
    assert_eq!(json(&RunInput::new()), "{}");
    assert_eq!(read::<RunInput>(r#"{"Text":"a"}"#).text.as_deref(), Some("a"));
}

#[test]
fn an_operation_without_output_takes_any_body() {
    use workstream_fixtures::{no_input_no_output, no_output};
    read::<no_output::types::RunInput>(r#"{"Text":"a"}"#);
    read::<no_output::types::RunInput>("");
    read::<no_input_no_output::types::RunInput>("");
}

#[test]
fn protocols_come_from_the_list_and_not_from_the_single_key() {
    use workstream_fixtures as services;
    let protocols = |service: &'static workstream_fixtures::runtime::ServiceDescription| service.protocols.to_vec();
    assert_eq!(protocols(&services::scalars::SERVICE), [Protocol::RpcV2Cbor, Protocol::AwsJson1_1]);
    assert_eq!(protocols(&services::protocol_json_1_0::SERVICE), [Protocol::AwsJson1_0]);
    assert_eq!(protocols(&services::protocol_cbor::SERVICE), [Protocol::RpcV2Cbor]);
    assert_eq!(protocols(&services::protocol_single_and_list::SERVICE), [Protocol::AwsJson1_1]);
    assert_eq!(protocols(&services::metadata_minimal::SERVICE), [Protocol::AwsJson1_0]);
}

#[test]
fn what_a_model_says_of_a_service() {
    let complete = &workstream_fixtures::metadata_complete::SERVICE;
    assert_eq!((complete.endpoint_prefix, complete.signing_name), ("fixture2", "fixture"));
    assert_eq!((complete.service_id, complete.api_version), ("Fixture Service", "2020-01-01"));
    // Next to nothing is enough.
    let minimal = &workstream_fixtures::metadata_minimal::SERVICE;
    assert_eq!((minimal.endpoint_prefix, minimal.service_id), ("metadata-minimal", "metadata-minimal"));
    let target = workstream_fixtures::metadata_minimal::types::RunInput::DESCRIPTION.target;
    assert_eq!(target, "metadata-minimal.Run");
}

#[test]
fn traits_of_operations() {
    use workstream_fixtures::operation_traits::types::*;
    let read = ReadInput::DESCRIPTION;
    assert!(read.readonly && !read.unsigned);
    assert!(RepeatInput::DESCRIPTION.idempotent && !RunInput::DESCRIPTION.idempotent);
    assert!(AnonymousInput::DESCRIPTION.unsigned && UnsignedInput::DESCRIPTION.unsigned);
}

#[test]
fn the_key_of_an_operation_is_its_name() {
    use workstream_fixtures::operation_key_and_name::types::*;
    assert_eq!(GetThing2020_05_31Input::DESCRIPTION.name, "GetThing2020_05_31");
    assert_eq!(GetThingInput::DESCRIPTION.name, "getThing");
}

#[test]
fn host_prefixes() {
    use workstream_fixtures::{host_prefix, host_prefix_of_other_labels};
    let input = host_prefix::types::RunInput::new("name", "kind");
    assert_eq!(input.host_prefix().as_deref(), Some("name-kind.data."));
    assert_eq!(host_prefix::types::StopInput::new().host_prefix().as_deref(), Some("data."));
    assert_eq!(host_prefix::types::WaitInput::new().host_prefix(), None);
    assert_eq!(json(&input), r#"{"Name":"name","type":"kind"}"#, "labels are sent, too");
    let input = host_prefix_of_other_labels::types::RunInput::new("A").name("n").area("B");
    assert_eq!(input.host_prefix().as_deref(), Some("A.n.B."));
}

#[test]
fn endpoints_come_from_the_rules() {
    use workstream_fixtures::endpoint_rules::endpoint::{Params, resolve};
    let endpoint = resolve(&Params::new().region("eu-west-1")).unwrap();
    assert_eq!(endpoint.url, "https://fixture.eu-west-1.example.com");
    assert_eq!(resolve(&Params::new().endpoint("https://own").region("x")).unwrap().url, "https://own");
    let error = resolve(&Params::new()).unwrap_err();
    assert!(error.to_string().contains("Missing Region"), "{error}");
}

#[test]
fn idempotency_tokens_are_filled_in_where_they_lack() {
    use workstream_fixtures::idempotency_token::types::*;
    let mut count = 0;
    let mut token = || {
        count += 1;
        format!("token-{count}")
    };
    let mut run = RunInput::new("a");
    run.fill_tokens(&mut token);
    assert_eq!(run.token.as_deref(), Some("token-1"));
    let mut own = RunInput::new("a").token("mine");
    own.fill_tokens(&mut token);
    assert_eq!(own.token.as_deref(), Some("mine"));
    // A required one is no argument.
    let mut start = StartInput::new();
    start.fill_tokens(&mut token);
    assert_eq!(json(&start), r#"{"type":"token-2"}"#);
}

#[test]
fn errors_are_told_by_code_and_have_members() {
    use workstream_fixtures::errors::{ServiceError, types::*};
    let failed = |body: &str| RunInput::parse_response(Protocol::AwsJson1_1, &answer(400, body)).unwrap_err();
    let error = failed(r#"{"__type":"ns#WithMore","message":"gone","ResourceId":"r","Count":2}"#);
    assert!(error.is_with_more() && !error.is_with_message());
    let expected = WithMore::new().message("gone").resource_id("r").count(2);
    assert_eq!(error.service_error(), Some(&ServiceError::WithMore(expected)));
    assert_eq!((error.code(), error.message()), (Some("WithMore"), Some("gone")));
    assert!(!error.is_retryable());
    assert_eq!(error.to_string(), "Run: WithMore: gone (HTTP 400)");

    assert!(failed(r#"{"__type":"WithoutMembers"}"#).is_without_members());
    assert_eq!(failed(r#"{"__type":"WithUpperMessage","Message":"up"}"#).message(), Some("up"));
    // By its code, or by its name.
    assert!(failed(r#"{"__type":"AWS.Fixture.Other"}"#).is_with_other_code());
    assert!(failed(r#"{"__type":"WithOtherCode"}"#).is_with_other_code());
    let unmodelled = failed(r#"{"__type":"SomethingNew"}"#);
    assert_eq!(
        (unmodelled.code(), unmodelled.service_error()),
        (Some("SomethingNew"), Some(&ServiceError::Unmodelled))
    );
}

/// A structure of an error is one by itself: in one safe line, and with nothing more to say by `source()`.
#[test]
fn errors_by_themselves() {
    use std::error::Error;
    use workstream_fixtures::errors::types::*;
    let with_message = WithMessage::new().message("no \u{1b}[2J\nway");
    let upper = WithUpperMessage::new().message("way");
    let all: [(Box<dyn Error + Send + Sync>, &str); 3] = [
        (Box::new(with_message), "WithMessage: no \\u{1b}[2J way"),
        (Box::new(upper), "WithUpperMessage: way"),
        (Box::new(WithoutMembers::new()), "WithoutMembers"),
    ];
    for (error, expected) in all {
        assert_eq!(error.to_string(), expected);
        assert!(error.source().is_none());
    }
}

#[test]
fn errors_that_are_worth_another_try() {
    use workstream_fixtures::errors::types::*;
    let failed = |body: &str| RunInput::parse_response(Protocol::AwsJson1_1, &answer(400, body)).unwrap_err();
    let retryable = failed(r#"{"__type":"Retryable"}"#);
    assert!(retryable.is_retryable() && !retryable.is_throttling() && retryable.is_retryable_());
    let throttling = failed(r#"{"__type":"Throttling"}"#);
    assert!(throttling.is_retryable() && throttling.is_throttling() && throttling.is_throttling_());
    // Not of that shape, but throttling all the same.
    let other = failed(r#"{"__type":"SlowDown"}"#);
    assert!(other.is_throttling() && !other.is_throttling_());
}

#[test]
fn errors_with_names_of_our_own() {
    use workstream_fixtures::error_names::{ServiceError, types::*};
    let failed = |body: &str| RunInput::parse_response(Protocol::AwsJson1_1, &answer(400, body)).unwrap_err();
    let error = failed(r#"{"__type":"Error","message":"a"}"#);
    assert_eq!(error.service_error(), Some(&ServiceError::ErrorShape(ErrorShape::new().message("a"))));
    assert!(failed(r#"{"__type":"Unmodelled"}"#).is_unmodelled_shape());
    assert!(failed(r#"{"__type":"HTTPError"}"#).is_http_error_shape());
    assert!(failed(r#"{"__type":"HttpError"}"#).is_http_error());
}

#[test]
fn of_errors_with_one_code_a_name_wins() {
    use workstream_fixtures::error_codes_clashing::types::*;
    let failed = |code: &str| {
        let body = format!(r#"{{"__type":"{code}"}}"#);
        RunInput::parse_response(Protocol::AwsJson1_1, &answer(400, &body)).unwrap_err()
    };
    assert!(failed("First").is_first() && failed("Same").is_same() && failed("Second").is_second());
}

#[test]
fn an_error_shape_inside_an_output_is_data() {
    use workstream_fixtures::error_inside_output::types::*;
    let output = read::<RunInput>(r#"{"Failures":[{"message":"a","detail":{"Code":"b"}}],"Error":{"Code":"c"}}"#);
    let failure = Failure::new().message("a").detail(ErrorShape::new().code("b"));
    assert_eq!(output, RunOutput::new().failures([failure]).error(ErrorShape::new().code("c")));
}

#[test]
fn codes_of_query_compatible_errors() {
    use workstream_fixtures::errors_query_compatible::types::*;
    let request = RunInput::new().to_request(Protocol::AwsJson1_0).unwrap();
    assert_eq!(request.headers()["x-amzn-query-mode"], "true");
    let mut response = answer(400, r#"{"__type":"ns#Missing","message":"a"}"#);
    response.headers_mut().insert("x-amzn-query-error", "AWS.Fixture.Missing;Sender".parse().unwrap());
    let error = RunInput::parse_response(Protocol::AwsJson1_0, &response).unwrap_err();
    assert!(error.is_missing());
    assert_eq!(error.code(), Some("AWS.Fixture.Missing"));
}

#[test]
#[allow(deprecated, reason = "it is what is tested")]
fn what_is_deprecated_still_works() {
    use workstream_fixtures::deprecated::types::*;
    let item = OldItem::new().a("x");
    assert_request_survives(&RunInput::new(item.clone()).old("a").item(item).word("A"));
}

#[test]
fn event_streams_are_left_out_and_the_rest_is_there() {
    let operations = workstream_fixtures::event_stream::dynamic::SERVICE.operations();
    let names: Vec<&str> = operations.iter().map(|operation| operation.description().name).collect();
    assert_eq!(names, ["Run"]);
}

#[test]
fn a_service_without_operations() {
    assert!(workstream_fixtures::no_operations::dynamic::SERVICE.operations().is_empty());
}

#[test]
fn the_dynamic_door_is_strict_about_members() {
    let door = workstream_fixtures::dynamic::operation("input-shared", "Start").unwrap();
    for protocol in PROTOCOLS {
        assert!(door.request(br#"{"Name":"a"}"#, protocol).is_ok());
        assert!(door.request(br#"{"Name":"a","Nome":"b"}"#, protocol).is_err());
        assert!(door.request(b"{}", protocol).is_err(), "a required member is missing");
    }
}
