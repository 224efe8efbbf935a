//! The server's side: responses with outputs and errors, for mocks and tests.

use crate::description::OperationDescription;
use crate::error::ServiceError;
use crate::protocol::{Codec, RPC_V2_CBOR, SMITHY_PROTOCOL};
use crate::{EncodeError, Protocol, Value, Writer};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};

/// The successful response of an operation with `output`: what a server answers.
///
/// # Errors
/// See [`Operation::to_request`](crate::Operation::to_request).
pub fn respond(
    operation: &'static OperationDescription,
    protocol: Protocol,
    output: &dyn Value,
) -> Result<Response<Vec<u8>>, EncodeError> {
    #[cfg(feature = "rest")]
    if protocol.has_bindings() {
        let http = operation.bindings()?;
        let mut response = message(protocol, http.response, output)?;
        if response.status() == StatusCode::OK {
            let code = StatusCode::from_u16(http.code).map_err(|error| EncodeError::new(error.to_string()))?;
            *response.status_mut() = code;
        }
        return Ok(response);
    }
    let _ = operation;
    whole(protocol, output)
}

/// The response whose body is all of `value`.
pub(crate) fn whole(protocol: Protocol, value: &dyn Value) -> Result<Response<Vec<u8>>, EncodeError> {
    let mut writer = protocol.codec().writer();
    value.write(&mut writer);
    let mut response = Response::new(writer.finish()?);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(protocol.content_type()));
    if protocol.codec() == Codec::Cbor {
        headers.insert(SMITHY_PROTOCOL, RPC_V2_CBOR);
    }
    Ok(response)
}

/// The response whose members travel where they have places.
#[cfg(feature = "rest")]
fn message(protocol: Protocol, body: crate::Body, value: &dyn Value) -> Result<Response<Vec<u8>>, EncodeError> {
    let mut writer = protocol.codec().writer().with_head(body);
    value.write(&mut writer);
    let (head, body) = writer.finish_message()?;
    let content_type = head.content_type(protocol.content_type());
    let mut response = Response::new(body);
    *response.status_mut() = head.status.unwrap_or_default();
    *response.headers_mut() = head.headers;
    if let Some(content_type) = content_type {
        response.headers_mut().entry(CONTENT_TYPE).or_insert(HeaderValue::from_static(content_type));
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
    let mut response = error_response(protocol, shape, members)?;
    *response.status_mut() = status;
    Ok(Some(response))
}

/// An error with its code in the body, or in a header where the protocol has it there.
fn error_response(
    protocol: Protocol,
    shape: &'static str,
    members: &dyn Value,
) -> Result<Response<Vec<u8>>, EncodeError> {
    #[cfg(feature = "rest")]
    if protocol.has_bindings() {
        let mut response = message(protocol, crate::Body::Members, members)?;
        let code = HeaderValue::from_str(shape).map_err(|error| EncodeError::new(error.to_string()))?;
        response.headers_mut().insert("x-amzn-errortype", code);
        return Ok(response);
    }
    let mut response = whole(protocol, &ErrorType(shape))?;
    let rest = whole(protocol, members)?.into_body();
    // One structure out of two: either is in brackets of one byte, in JSON and in CBOR.
    let body = response.body_mut();
    body.pop();
    match rest.get(1..) {
        Some([_]) | None => {}
        Some(_) => match protocol.codec() {
            Codec::Cbor => {}
            Codec::Json => body.push(b','),
        },
    }
    body.extend_from_slice(rest.get(1..).unwrap_or_default());
    Ok(response)
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
