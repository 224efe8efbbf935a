//! The server's side: responses with outputs and errors, for mocks and tests.

use crate::error::ServiceError;
use crate::protocol::{RPC_V2_CBOR, SMITHY_PROTOCOL};
use crate::{EncodeError, Protocol, Value, Writer};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};

/// The successful response with `output`: what a server answers.
///
/// # Errors
/// See [`Operation::to_request`](crate::Operation::to_request).
pub fn respond(protocol: Protocol, output: &dyn Value) -> Result<Response<Vec<u8>>, EncodeError> {
    let mut writer = if protocol.is_cbor() { Writer::cbor() } else { Writer::json() };
    output.write(&mut writer);
    let mut response = Response::new(writer.finish()?);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(protocol.content_type()));
    if protocol.is_cbor() {
        headers.insert(SMITHY_PROTOCOL, RPC_V2_CBOR);
    }
    Ok(response)
}

/// The response with a modelled error: what a server answers. `None` for an error without a shape.
///
/// # Errors
/// See [`Operation::to_request`](crate::Operation::to_request).
pub fn respond_error<E: ServiceError>(
    protocol: Protocol,
    status: StatusCode,
    error: &E,
) -> Result<Option<Response<Vec<u8>>>, EncodeError> {
    let (Some(shape), Some(members)) = (error.shape(), error.members()) else { return Ok(None) };
    let mut response = respond(protocol, &ErrorType(shape))?;
    *response.status_mut() = status;
    let rest = respond(protocol, members)?.into_body();
    // One structure out of two: either is in brackets of one byte, in JSON and in CBOR.
    let body = response.body_mut();
    body.pop();
    match rest.get(1..) {
        Some([_]) | None => {}
        Some(_) if protocol.is_cbor() => {}
        Some(_) => body.push(b','),
    }
    body.extend_from_slice(rest.get(1..).unwrap_or_default());
    Ok(Some(response))
}

/// The member by which error bodies say what they are.
struct ErrorType(&'static str);

impl Value for ErrorType {
    fn write(&self, writer: &mut Writer) {
        let mut members = writer.structure("Error");
        members.member("__type", &self.0.to_owned());
        members.end();
    }

    fn read(&mut self, _reader: &mut crate::Reader<'_>) {}
}
