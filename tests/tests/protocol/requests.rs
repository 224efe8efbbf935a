//! Requests: heads, bodies, and what is refused.

use super::Protocol::{AwsJson1_0, AwsJson1_1, RpcV2Cbor};
use super::{operation, request};
use workstream_runtime::http::Request;

/// Method, path and headers in the order of their names.
fn head(request: &Request<Vec<u8>>) -> String {
    let mut headers: Vec<String> =
        request.headers().iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    headers.sort();
    format!("{} {} {}", request.method(), request.uri(), headers.join(", "))
}

#[test]
fn requests_of_each_protocol() {
    let cases = [
        ("scalars", AwsJson1_1, "POST / content-type: application/x-amz-json-1.1, x-amz-target: Fixture.Run"),
        (
            "protocol-json-1-0",
            AwsJson1_0,
            "POST / content-type: application/x-amz-json-1.0, x-amz-target: Old_20200101.Run",
        ),
        (
            "scalars",
            RpcV2Cbor,
            "POST /service/Fixture/operation/Run accept: application/cbor, content-type: application/cbor, smithy-protocol: rpc-v2-cbor",
        ),
        // No input: no body and no type of one, but JSON always has an object.
        (
            "no-input",
            RpcV2Cbor,
            "POST /service/Fixture/operation/Run accept: application/cbor, smithy-protocol: rpc-v2-cbor",
        ),
        ("no-input", AwsJson1_1, "POST / content-type: application/x-amz-json-1.1, x-amz-target: Fixture.Run"),
        (
            "errors-query-compatible",
            AwsJson1_0,
            "POST / content-type: application/x-amz-json-1.0, x-amz-target: Fixture.Run, x-amzn-query-mode: true",
        ),
    ];
    for (service, protocol, expected) in cases {
        let params = if service == "scalars" {
            r#"{"requiredFlag":true,"requiredLong":1,"requiredDouble":1,"requiredFloat":1}"#
        } else {
            "{}"
        };
        assert_eq!(head(&request(service, protocol, params)), expected);
    }
}

#[test]
fn bodies_of_empty_inputs() {
    assert_eq!(request("no-input", AwsJson1_1, "{}").body(), b"{}");
    assert_eq!(request("no-input", RpcV2Cbor, "{}").body(), b"");
    assert_eq!(request("recursion-of-input", AwsJson1_1, "{}").body(), b"{}");
    assert_eq!(request("recursion-of-input", RpcV2Cbor, "{}").body(), b"\xBF\xFF");
}

#[test]
fn inputs_are_read_strictly() {
    let refused = [
        (r#"{"nested":{}}"#, "unknown member `nested` of `RunInput`; it has: Nested, Name"),
        (r#"{"Nested":{"Name":1}}"#, "Nested.Name: expected a string, found a number"),
        (r#"{"Nested":[]}"#, "Nested: expected an object, found a list"),
        ("[]", "expected an object"),
        ("{} {}", "expected the end"),
    ];
    for (params, reason) in refused {
        let error = operation("recursion-of-input").request(params.as_bytes(), AwsJson1_1).unwrap_err().to_string();
        assert!(error.contains(reason), "{params}: {error}");
    }
    let error = operation("scalars").request(b"{}", RpcV2Cbor).unwrap_err().to_string();
    assert!(error.contains("lacks what it requires: requiredFlag, requiredLong"), "{error}");
}

#[test]
fn structures_within_themselves() {
    let nested = |levels: usize| format!("{}{{}}{}", r#"{"Nested":"#.repeat(levels - 1), "}".repeat(levels - 1));
    for protocol in [AwsJson1_1, RpcV2Cbor] {
        let deepest = nested(128);
        let request = request("recursion-of-input", protocol, &deepest);
        assert_eq!(operation("recursion-of-input").parse_request(protocol, &request).unwrap(), deepest);
        let error = operation("recursion-of-input").request(nested(129).as_bytes(), protocol).unwrap_err();
        assert!(error.to_string().contains("at most 128 levels"), "{error}");
    }
}
