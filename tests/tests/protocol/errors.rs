//! Error responses: code, message, shape and members.

use super::Protocol::{AwsJson1_0, AwsJson1_1, RpcV2Cbor};
use super::{Protocol, respond};
use workstream_fixtures::dynamic::DynamicError;

/// Code, message, shape and members of an error response.
fn error(service: &str, protocol: Protocol, status: u16, body: &[u8], headers: &[(&str, &str)]) -> String {
    match respond(service, protocol, status, body, headers) {
        Err(DynamicError::Service(error)) => {
            let (message, shape) = (error.message.as_deref().unwrap_or("-"), error.shape.unwrap_or("-"));
            format!("{} | {message} | {shape} | {}", error.code, error.members)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn error_codes() {
    let names = [
        "WithMessage",
        "ns.v1#WithMessage",
        "WithMessage:http://internal.example.com/coral/com.example.v1/",
        "ns.v1#WithMessage:http://internal.example.com/coral/com.example.v1/#a",
    ];
    let expected = r#"WithMessage | m | WithMessage | {"message":"m"}"#;
    for name in names {
        for key in ["__type", "code"] {
            let body = format!(r#"{{"{key}":"{name}","message":"m"}}"#);
            assert_eq!(error("errors", AwsJson1_1, 400, body.as_bytes(), &[]), expected, "{body}");
        }
        let header = [("x-amzn-errortype", name)];
        assert_eq!(error("errors", AwsJson1_0, 400, br#"{"message":"m"}"#, &header), expected);
        let mut body = b"\xA2\x67message\x61m\x66__type\x78".to_vec();
        body.push(name.len() as u8);
        body.extend(name.as_bytes());
        assert_eq!(error("errors", RpcV2Cbor, 400, &body, &[]), expected, "{name}");
    }
    // The header, then __type, then code.
    let body = br#"{"code":"Walk","__type":"x#WithMore","Count":1}"#;
    assert_eq!(error("errors", AwsJson1_1, 404, body, &[]), r#"WithMore | - | WithMore | {"Count":1}"#);
    let header = [("x-amzn-errortype", "ServerFault")];
    assert_eq!(error("errors", AwsJson1_1, 500, body, &header), "ServerFault | - | ServerFault | {}");
    // A code that the model maps to a shape, and one that it does not have.
    let body = br#"{"__type":"AWS.Fixture.Other","message":"m"}"#;
    assert_eq!(
        error("errors", AwsJson1_1, 400, body, &[]),
        r#"AWS.Fixture.Other | m | WithOtherCode | {"message":"m"}"#
    );
    assert_eq!(error("errors", AwsJson1_1, 400, br#"{"__type":"Later","message":"m"}"#, &[]), "Later | m | - | {}");
    assert_eq!(error("errors", AwsJson1_1, 418, b"{}", &[]), "418 | - | - | {}");
}

#[test]
fn error_messages() {
    for (body, expected) in [
        (r#"{"__type":"Later","message":"m"}"#, "Later | m | - | {}"),
        (r#"{"__type":"Later","Message":"m"}"#, "Later | m | - | {}"),
        (r#"{"__type":"Later","errorMessage":"m"}"#, "Later | m | - | {}"),
        (r#"{"__type":"Later","Message":"b","message":"a"}"#, "Later | a | - | {}"),
        (r#"{"__type":"Later","message":null,"Message":"b"}"#, "Later | b | - | {}"),
        (r#"{"__type":"Later","message":{"a":1}}"#, "Later | - | - | {}"),
        (r#"{"__type":"WithUpperMessage","message":"m"}"#, "WithUpperMessage | m | WithUpperMessage | {}"),
        (
            r#"{"__type":"WithUpperMessage","Message":"m"}"#,
            r#"WithUpperMessage | m | WithUpperMessage | {"Message":"m"}"#,
        ),
        // Members that do not fit cost neither code nor message.
        (r#"{"__type":"WithMore","message":"m","Count":"x"}"#, "WithMore | m | WithMore | {}"),
    ] {
        assert_eq!(error("errors", AwsJson1_1, 400, body.as_bytes(), &[]), expected, "{body}");
    }
}

#[test]
fn errors_that_no_service_wrote() {
    let html: &[u8] = b"<html><body><b>503</b></body></html>";
    for protocol in [AwsJson1_1, RpcV2Cbor] {
        for body in [html, b"", b" \n", b"<!DOCTYPE html>", b"null", b"\xF6"] {
            assert_eq!(error("errors", protocol, 503, body, &[]), "503 | Service Unavailable | - | {}");
            assert_eq!(error("errors", protocol, 403, body, &[]), "403 | - | - | {}");
        }
        let header = [("content-type", "text/html; charset=utf-8")];
        assert_eq!(error("errors", protocol, 502, b"oops", &header), "502 | Bad Gateway | - | {}");
        assert_eq!(error("errors", protocol, 429, b"slow down", &[]), "429 | slow down | - | {}");
        assert_eq!(error("errors", protocol, 307, b"", &[]), "307 | - | - | {}");
        for broken in [&b"{\"__type\":\"WithMessage\",\"message\":\"m\""[..], b"\xBF\x67message\x61", b"\0\xFF", b"[]"]
        {
            assert_eq!(error("errors", protocol, 500, broken, &[]), "500 | - | - | {}");
        }
        // A code in a header is worth more than the body.
        let header = [("x-amzn-errortype", "Throttling")];
        assert_eq!(error("errors", protocol, 400, b"", &header), "Throttling | - | Throttling | {}");
    }
}

/// Proxies, gateways and local servers answer in the notation that they know.
#[test]
fn errors_in_another_notation() {
    let json = br#"{"__type":"ns#WithMore","message":"m","Count":1}"#;
    let expected = r#"WithMore | m | WithMore | {"message":"m","Count":1}"#;
    assert_eq!(error("errors", RpcV2Cbor, 400, json, &[("content-type", "application/x-amz-json-1.1")]), expected);
    assert_eq!(
        error("errors", RpcV2Cbor, 400, &[b"\xEF\xBB\xBF \n", &json[..]].concat(), &[]),
        expected,
        "a mark first"
    );
    let cbor = b"\xA3\x66__type\x68WithMore\x67message\x61m\x65Count\x01";
    assert_eq!(error("errors", AwsJson1_1, 400, cbor, &[]), expected);
    assert_eq!(error("errors", RpcV2Cbor, 400, &[b"\xD9\xD9\xF7", &cbor[..]].concat(), &[]), expected);
    // Without members, but with the message.
    let expected = r#"WithMessage | m | WithMessage | {"message":"m"}"#;
    for body in [
        "<WithMessage>\n  <Message>m</Message>\n</WithMessage>\n",
        "<ErrorResponse xmlns='x'><Error><Type>Sender</Type><Code>WithMessage</Code><Message>m</Message></Error></ErrorResponse>",
        "<?xml version='1.0'?><Response><Errors><Error><Code>WithMessage</Code><Message>m</Message></Error></Errors></Response>",
        r#"{"Error":{"Code":"WithMessage","Message":"m"}}"#,
        r#"{"error":{"code":"WithMessage","message":"m"},"x":1}"#,
        r#"{"ErrorResponse":{"Error":{"Code":"WithMessage","Message":"m"}}}"#,
        r#"{"Response":{"Errors":[{"Code":"WithMessage","Message":"m"},{"Code":"b"}]}}"#,
        r#"{"error":"WithMessage","error_description":"m"}"#,
    ] {
        for protocol in [AwsJson1_1, RpcV2Cbor] {
            assert_eq!(error("errors", protocol, 400, body.as_bytes(), &[]), expected, "{body}");
        }
    }
    assert_eq!(error("errors", RpcV2Cbor, 404, br#"{"error":"no such page"}"#, &[]), "404 | no such page | - | {}");
    assert_eq!(
        error("errors", RpcV2Cbor, 404, b"<UnknownOperationException/>", &[]),
        "UnknownOperationException | - | - | {}"
    );
    // What the answer says itself goes before what stands in it.
    let header = [("x-amzn-errortype", "Later")];
    for body in [r#"{"error":{"code":"x","message":"m"}}"#, r#"{"__type":"Later","errors":[{"message":"m"}]}"#] {
        assert_eq!(error("errors", AwsJson1_1, 400, body.as_bytes(), &header), "Later | - | - | {}", "{body}");
    }
}

#[test]
fn error_codes_of_the_query_protocol() {
    let header = [("x-amzn-query-error", "AWS.Fixture.Missing;Sender")];
    let body = br#"{"__type":"ns#Missing","message":"m"}"#;
    let expected = r#"AWS.Fixture.Missing | m | Missing | {"message":"m"}"#;
    assert_eq!(error("errors-query-compatible", AwsJson1_0, 400, body, &header), expected);
    assert_eq!(
        error("errors-query-compatible", AwsJson1_0, 400, body, &[]),
        r#"Missing | m | Missing | {"message":"m"}"#
    );
    // Other services do not look at it.
    assert_eq!(error("errors", AwsJson1_0, 400, br#"{"__type":"Later"}"#, &header), "Later | - | - | {}");
}

/// What is known beside code and message is what the typed errors say.
#[test]
fn what_no_service_wrote() {
    let page = b"<html><head><title>Maintenance\x1b[2J</title></head></html>";
    let headers = [("content-type", "text/html"), ("x-amzn-requestid", "request-1")];
    for protocol in [AwsJson1_1, RpcV2Cbor] {
        let error = respond("errors", protocol, 403, page, &headers).unwrap_err();
        let service = error.service_error().unwrap();
        assert_eq!((error.code(), error.message()), (Some("403"), None));
        assert_eq!(service.body_excerpt(), Some("Maintenance\u{1b}[2J"));
        assert_eq!(service.redirect_location(), None);
        assert_eq!(
            (service.response.status.as_u16(), service.response.request_id.as_deref()),
            (403, Some("request-1"))
        );
        let expected = "403: Forbidden; body: Maintenance\\u{1b}[2J (HTTP 403, request id request-1)";
        assert_eq!(error.to_string(), expected);
        let error = respond("errors", protocol, 301, b"", &[("location", "https://other.example/\u{e4}")]).unwrap_err();
        let service = error.service_error().unwrap();
        assert!(service.redirect_location().is_some_and(|to| to.starts_with("https://other.example/")));
        assert!(
            error.to_string().starts_with("301: Moved Permanently; redirects to https://other.example/"),
            "{error}"
        );
        assert!(std::error::Error::source(&error).is_none());
    }
}
