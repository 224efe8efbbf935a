//! The server's side: responses with outputs and errors, for mocks and tests.

use crate::description::OperationDescription;
use crate::error::ServiceError;
use crate::protocol::{Codec, RPC_V2_CBOR, SMITHY_PROTOCOL};
#[cfg(feature = "query")]
use crate::writer::FormStyle;
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
    #[cfg(feature = "query")]
    if let Some(style) = protocol.form() {
        let (answer, result) = (format!("{}Response", operation.name), format!("{}Result", operation.name));
        let within = match style {
            FormStyle::AwsQuery => vec![answer, result],
            FormStyle::Ec2Query => vec![answer],
        };
        let mut writer = Writer::xml_in(open(&within));
        output.write(&mut writer);
        return Ok(said(protocol, close(writer.finish()?, &within)));
    }
    let _ = operation;
    whole(protocol, output)
}

/// What stands before all that is within these elements.
#[cfg(feature = "xml")]
fn open(elements: &[String]) -> Vec<u8> {
    elements.iter().flat_map(|name| format!("<{name}>").into_bytes()).collect()
}

/// Ends these elements.
#[cfg(feature = "xml")]
fn close(mut body: Vec<u8>, elements: &[String]) -> Vec<u8> {
    body.extend(elements.iter().rev().flat_map(|name| format!("</{name}>").into_bytes()));
    body
}

/// The response with this body.
fn said(protocol: Protocol, body: Vec<u8>) -> Response<Vec<u8>> {
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(protocol.content_type()));
    response
}

/// The response whose body is all of `value`.
pub(crate) fn whole(protocol: Protocol, value: &dyn Value) -> Result<Response<Vec<u8>>, EncodeError> {
    let mut writer = protocol.codec().writer();
    value.write(&mut writer);
    let mut response = said(protocol, writer.finish()?);
    if protocol.codec() == Codec::Cbor {
        response.headers_mut().insert(SMITHY_PROTOCOL, RPC_V2_CBOR);
    }
    Ok(response)
}

/// The response whose members travel where they have places.
#[cfg(feature = "rest")]
fn message(protocol: Protocol, body: crate::Body, value: &dyn Value) -> Result<Response<Vec<u8>>, EncodeError> {
    bound(protocol, protocol.codec().writer(), body, value)
}

#[cfg(feature = "rest")]
fn bound(
    protocol: Protocol,
    writer: Writer,
    body: crate::Body,
    value: &dyn Value,
) -> Result<Response<Vec<u8>>, EncodeError> {
    let mut writer = writer.with_head(body);
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
    let mut response = error_response(protocol, shape, None, members)?;
    *response.status_mut() = status;
    Ok(Some(response))
}

/// An error whose members may be without the message that it has.
#[cfg(feature = "test-util")]
pub(crate) fn respond_said(
    protocol: Protocol,
    shape: &str,
    message: Option<&str>,
    members: &dyn Value,
) -> Result<Response<Vec<u8>>, EncodeError> {
    let message = message.filter(|_| crate::error::message_of(members).is_none());
    let said = ErrorMessage::new(protocol, message);
    error_response(protocol, shape, message.is_some().then_some(&said), members)
}

/// An error that has a message, if anything, and nothing else, where there are mocks.
#[cfg(feature = "test-util")]
pub(crate) fn respond_code(
    protocol: Protocol,
    code: &str,
    message: Option<&str>,
) -> Result<Response<Vec<u8>>, EncodeError> {
    error_response(protocol, code, None, &ErrorMessage::new(protocol, message))
}

/// An error with its code in the body, or in a header where the protocol has it there. `besides` is what it says beside its
/// members.
fn error_response(
    protocol: Protocol,
    shape: &str,
    besides: Option<&ErrorMessage>,
    members: &dyn Value,
) -> Result<Response<Vec<u8>>, EncodeError> {
    #[cfg(feature = "xml")]
    if protocol.codec() == Codec::Xml {
        return xml_error(protocol, shape, besides, members);
    }
    #[cfg(feature = "rest")]
    if protocol.has_bindings() {
        let mut response = message(protocol, crate::Body::Members, members)?;
        let code = HeaderValue::from_str(shape).map_err(|error| EncodeError::new(error.to_string()))?;
        response.headers_mut().insert("x-amzn-errortype", code);
        if let Some(besides) = besides {
            let body = std::mem::take(response.body_mut());
            *response.body_mut() = joined(protocol, whole(protocol, besides)?.into_body(), &body);
        }
        return Ok(response);
    }
    let mut response = whole(protocol, &ErrorType(shape.to_owned()))?;
    for more in besides.map(|besides| besides as &dyn Value).into_iter().chain([members]) {
        let body = std::mem::take(response.body_mut());
        *response.body_mut() = joined(protocol, body, &whole(protocol, more)?.into_body());
    }
    Ok(response)
}

/// One structure out of two: either is in brackets of one byte, in JSON and in CBOR.
fn joined(protocol: Protocol, mut body: Vec<u8>, rest: &[u8]) -> Vec<u8> {
    match rest.get(1..) {
        Some([_]) | None | Some([]) => return body,
        Some(rest) => {
            body.pop();
            match protocol.codec() {
                Codec::Cbor => {}
                Codec::Json => body.push(b','),
                // It has its own form.
                #[cfg(feature = "xml")]
                Codec::Xml => {}
            }
            body.extend_from_slice(rest);
        }
    }
    body
}

/// An error in XML, where the code stands beside the members.
#[cfg(feature = "xml")]
fn xml_error(
    protocol: Protocol,
    code: &str,
    besides: Option<&ErrorMessage>,
    members: &dyn Value,
) -> Result<Response<Vec<u8>>, EncodeError> {
    let elements: &[&str] = match protocol {
        #[cfg(feature = "query")]
        Protocol::Ec2Query => &["Response", "Errors", "Error"],
        #[cfg(feature = "query")]
        Protocol::AwsQuery => &["ErrorResponse", "Error"],
        Protocol::AwsJson1_0 | Protocol::AwsJson1_1 | Protocol::RpcV2Cbor => &["ErrorResponse", "Error"],
        #[cfg(feature = "rest")]
        Protocol::RestJson1 | Protocol::RestXml => &["ErrorResponse", "Error"],
    };
    let within: Vec<String> = elements.iter().map(|name| (*name).to_owned()).collect();
    let mut writer = Writer::xml_in([open(&within), b"<Code>".to_vec()].concat());
    writer.string(code);
    let mut writer = Writer::xml_in([writer.finish()?, b"</Code>".to_vec()].concat());
    if let Some(besides) = besides {
        besides.write(&mut writer);
        writer = Writer::xml_in(writer.finish()?);
    }
    #[cfg(feature = "rest")]
    if protocol.has_bindings() {
        let response = bound(protocol, writer, crate::Body::Members, members)?;
        return Ok(response.map(|body| close(body, &within)));
    }
    members.write(&mut writer);
    Ok(said(protocol, close(writer.finish()?, &within)))
}

/// The only member of an error.
struct ErrorMessage {
    name: &'static str,
    message: Option<String>,
}

#[cfg(feature = "test-util")]
impl ErrorMessage {
    /// The message under the name that the protocol's own errors have for it.
    fn new(protocol: Protocol, message: Option<&str>) -> Self {
        let name = match protocol.codec() {
            Codec::Json | Codec::Cbor => "message",
            #[cfg(feature = "xml")]
            Codec::Xml => "Message",
        };
        Self { name, message: message.map(str::to_owned) }
    }
}

impl Value for ErrorMessage {
    fn write(&self, writer: &mut Writer) {
        let mut members = writer.structure("Error");
        members.member(self.name, &self.message);
        members.end();
    }

    fn read(&mut self, _reader: &mut crate::Reader<'_>) {}
}

/// The member by which error bodies say what they are.
struct ErrorType(String);

impl Value for ErrorType {
    fn write(&self, writer: &mut Writer) {
        let mut members = writer.structure("Error");
        members.member("__type", &self.0);
        members.end();
    }

    fn read(&mut self, _reader: &mut crate::Reader<'_>) {}
}
