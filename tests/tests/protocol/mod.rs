//! All protocols, by hand-written messages: what each
//! behaviour looks like on the wire. The services are those of the fixtures.
//!
//! Values are compared as the text that the dynamic door gives, so that no
//! other reader of numbers stands between.

mod bindings;
mod checksums;
mod errors;
mod generation;
mod members;
mod queries;
mod requests;
mod responses;
mod rest_xml;
mod scalars;

use Protocol::{AwsJson1_1, RpcV2Cbor};
use workstream_fixtures::Protocol;
use workstream_fixtures::dynamic::{self, DynamicError, DynamicOperation};
use workstream_runtime::http::{HeaderName, HeaderValue, Request, Response};

fn operation(service: &str) -> &'static DynamicOperation {
    dynamic::operation(service, "Run").unwrap_or_else(|| panic!("no service {service}"))
}

fn respond(
    service: &str,
    protocol: Protocol,
    status: u16,
    body: &[u8],
    headers: &[(&str, &str)],
) -> Result<String, DynamicError> {
    let mut response = Response::new(body);
    *response.status_mut() = status.try_into().unwrap();
    for (name, value) in headers {
        let (name, value) = (HeaderName::try_from(*name).unwrap(), HeaderValue::try_from(*value).unwrap());
        response.headers_mut().insert(name, value);
    }
    operation(service).response(protocol, &response)
}

/// The output that a JSON body carries.
fn json(service: &str, body: &str) -> Result<String, String> {
    respond(service, AwsJson1_1, 200, body.as_bytes(), &[]).map_err(|error| error.to_string())
}

/// The output that a CBOR body carries.
fn cbor(service: &str, body: &[u8]) -> Result<String, String> {
    respond(service, RpcV2Cbor, 200, body, &[]).map_err(|error| error.to_string())
}

#[track_caller]
fn assert_json(service: &str, cases: &[(&str, &str)]) {
    for (body, output) in cases {
        assert_eq!(json(service, body).as_deref(), Ok(*output), "{body}");
    }
}

#[track_caller]
fn assert_cbor(service: &str, cases: &[(&[u8], &str)]) {
    for (body, output) in cases {
        assert_eq!(cbor(service, body).as_deref(), Ok(*output), "{body:x?}");
    }
}

/// Bodies that cannot be read, and a part of the reason that is given.
#[track_caller]
fn assert_refused(service: &str, cases: &[(&str, &str)]) {
    for (body, reason) in cases {
        let error = json(service, body).expect_err(body);
        assert!(error.contains(reason), "{body}: {error}");
    }
}

#[track_caller]
fn assert_cbor_refused(service: &str, cases: &[(&[u8], &str)]) {
    for (body, reason) in cases {
        let error = cbor(service, body).expect_err("refused");
        assert!(error.contains(reason), "{body:x?}: {error}");
    }
}

fn request(service: &str, protocol: Protocol, params: &str) -> Request<Vec<u8>> {
    operation(service).request(params.as_bytes(), protocol).unwrap_or_else(|error| panic!("{params}: {error}"))
}

/// The JSON body of a request.
fn sent(service: &str, params: &str) -> String {
    String::from_utf8(request(service, AwsJson1_1, params).into_body()).unwrap()
}

/// A body of `scalars` with one member, and what the dynamic door says of it.
fn scalar(member: &str, value: &str) -> String {
    let required = r#""requiredFlag":false,"requiredLong":0,"requiredDouble":0.0,"requiredFloat":0.0"#;
    if value.is_empty() { format!("{{{required}}}") } else { format!(r#"{{"{member}":{value},{required}}}"#) }
}
