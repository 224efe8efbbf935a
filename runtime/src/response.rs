//! From a response to an output, or to what an error response says of itself.

#[cfg(feature = "rest")]
use crate::bindings::Body;
use crate::description::OperationDescription;
use crate::error_body::{ErrorBody, Notation, coding, suspicion};
use crate::one_line::OneLine;
use crate::parts::Parts;
#[cfg(feature = "xml")]
use crate::protocol::Codec;
use crate::protocol::{RPC_V2_CBOR, SMITHY_PROTOCOL};
#[cfg(feature = "rest")]
use crate::reader::Received;
use crate::{DecodeError, ErrorFields, Protocol, Value};
#[cfg(feature = "query")]
use crate::{Reader, Tree};
use http::header::LOCATION;
use std::fmt;

/// Why a response gave no output.
#[derive(Debug)]
pub(crate) enum NoOutput {
    /// It says that it is an error.
    Service(ErrorResponse),
    /// It cannot be read.
    Decode(DecodeError),
}

/// What an error response says, before anybody knows its shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ErrorResponse {
    /// Code by which callers tell errors apart; the HTTP status where there is none.
    pub code: String,
    /// Name that selects the error shape: the code, unless the service is
    /// compatible with awsQuery.
    pub shape: String,
    pub message: Option<String>,
    pub detail: Option<Detail>,
    notation: Notation,
    protocol: Protocol,
}

/// What an answer says besides code and message, or in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Go there; `None` where it does not say where.
    Redirect(Option<String>),
    /// The body has this content coding, and was not read.
    Coding(String),
    /// The body is in no notation of errors, and begins like this.
    Excerpt(String),
}

impl Detail {
    /// See [`crate::Error::body_excerpt`].
    pub fn excerpt(&self) -> Option<&str> {
        match self {
            Self::Excerpt(text) => Some(text),
            Self::Redirect(_) | Self::Coding(_) => None,
        }
    }

    /// See [`crate::Error::redirect_location`].
    pub fn location(&self) -> Option<&str> {
        match self {
            Self::Redirect(location) => location.as_deref(),
            Self::Excerpt(_) | Self::Coding(_) => None,
        }
    }
}

/// Follows what code and message say.
impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Redirect(Some(location)) => write!(f, "; redirects to {}", OneLine(location)),
            Self::Redirect(None) => f.write_str("; redirects without saying where to"),
            Self::Coding(coding) => {
                write!(f, "; the body is {}-encoded, which the request did not allow", OneLine(coding))
            }
            Self::Excerpt(text) => write!(f, "; body: {}", OneLine(text)),
        }
    }
}

impl ErrorResponse {
    /// Reads the members of the error's shape from the answer; returns whether they fit.
    pub fn read_members(&self, parts: &Parts<'_>, members: &mut dyn Value) -> bool {
        ErrorBody::read_members(self.notation, self.protocol, parts, self.message.as_deref(), members)
    }
}

/// The response as it is meant. Some say that all is well while the work goes on, and have an error for a body once it
/// has failed, as S3 does when it copies.
pub(crate) fn judged<'a>(operation: &OperationDescription, protocol: Protocol, parts: &Parts<'a>) -> Parts<'a> {
    #[cfg(all(feature = "rest", feature = "xml"))]
    if protocol == Protocol::RestXml && parts.status.is_success() {
        let is_content = operation.http.is_some_and(|http| matches!(http.response, Body::Bytes(_) | Body::Text(_)));
        if !is_content && ErrorBody::is_error_in_xml(parts) {
            return Parts { status: http::StatusCode::INTERNAL_SERVER_ERROR, ..*parts };
        }
    }
    let _ = (operation, protocol);
    *parts
}

pub(crate) fn read_response(
    operation: &'static OperationDescription,
    protocol: Protocol,
    parts: &Parts<'_>,
    output: &mut dyn Value,
) -> Result<(), NoOutput> {
    if !parts.status.is_success() {
        return Err(NoOutput::Service(error_response(operation, protocol, parts)));
    }
    if protocol.is_cbor() && parts.headers.get(SMITHY_PROTOCOL).is_some_and(|value| value != RPC_V2_CBOR) {
        let found = parts.header("smithy-protocol").unwrap_or_default();
        let message =
            format!("expected the rpc-v2-cbor protocol, found `{}` in the smithy-protocol header", OneLine(found));
        return Err(NoOutput::Decode(DecodeError::new(message, 0)));
    }
    #[cfg(feature = "xml")]
    if protocol.codec() == Codec::Xml && Notation::of(parts, protocol) == Notation::Html {
        // Some pages are XML too.
        let error = DecodeError::mismatch("XML", "an HTML page", 0);
        return Err(NoOutput::Decode(error.with_suspicion(suspicion(parts, protocol))));
    }
    let suspicious = |error: DecodeError| NoOutput::Decode(error.with_suspicion(suspicion(parts, protocol)));
    #[cfg(feature = "rest")]
    if protocol.has_bindings() {
        let http = operation.bindings().map_err(|error| suspicious(DecodeError::new(error.to_string(), 0)))?;
        let message =
            Received { status: Some(parts.status), ..Received::new(http.response, parts.body, parts.headers) };
        return read_message(protocol, &message, output).map_err(suspicious);
    }
    if parts.body.is_empty() {
        return Ok(());
    }
    #[cfg(feature = "query")]
    if protocol.form().is_some() {
        return read_result(operation, parts.body, output).map_err(suspicious);
    }
    read_body(protocol, parts.body, output).map_err(suspicious)
}

/// Reads a message with HTTP bindings.
#[cfg(feature = "rest")]
pub(crate) fn read_message(
    protocol: Protocol,
    message: &Received<'_>,
    value: &mut dyn Value,
) -> Result<(), DecodeError> {
    // Bytes and text are no value of the codec.
    let body = match message.kind {
        Body::None | Body::Bytes(_) | Body::Text(_) => &[],
        Body::Members | Body::Structure | Body::Value => message.body,
    };
    protocol.codec().read(body, |reader| {
        let mut reader = reader.with_message(message);
        value.read(&mut reader);
        reader.finish()
    })
}

/// Reads the answer of a query protocol: what is within the element of the result, or all where there is none.
#[cfg(feature = "query")]
fn read_result(operation: &OperationDescription, body: &[u8], value: &mut dyn Value) -> Result<(), DecodeError> {
    let tree = Tree::xml(body)?;
    let mut reader = Reader::result(&tree, operation.name);
    value.read(&mut reader);
    reader.finish()
}

/// Reads a body that the protocol says is a structure.
pub(crate) fn read_body(protocol: Protocol, body: &[u8], value: &mut dyn Value) -> Result<(), DecodeError> {
    protocol.codec().read(body, |mut reader| {
        value.read(&mut reader);
        reader.finish()
    })
}

/// What an error response says, from headers and body. Of a body that is no such thing (HTML from a proxy, nothing)
/// only the status is left, and an excerpt.
fn error_response(operation: &OperationDescription, protocol: Protocol, parts: &Parts<'_>) -> ErrorResponse {
    let ErrorBody { mut notation, mut fields, enveloped } = ErrorBody::of(parts, protocol);
    let header = parts.header("x-amzn-errortype").map(bare_code).filter(|code| !code.is_empty());
    if header.is_none() && fields.is_empty() && !enveloped.is_empty() {
        // The members of the shape stand elsewhere, if at all.
        (fields, notation) = (enveloped, Notation::Text);
    }
    let ErrorFields { type_, code, message } = fields;
    let codes = [type_.as_deref(), code.as_deref()].into_iter().flatten().map(bare_code);
    let own = header.into_iter().chain(codes).find(|code| !code.is_empty());
    let detail = detail(parts, notation, own.is_some() || message.is_some());
    let is_xml_error = notation == Notation::Xml && own.is_some();
    let shape = own.unwrap_or(parts.status.as_str()).to_owned();
    // `Code;Fault`, see the awsQuery compatible trait.
    let query = operation.service.query_compatible.then(|| parts.header("x-amzn-query-error")).flatten();
    let code = query.and_then(|value| value.split(';').next()).map_or_else(|| shape.clone(), str::to_owned);
    let message = message.or_else(|| meaning(parts, notation).filter(|_| !is_xml_error));
    ErrorResponse { code, shape, message, detail, notation, protocol }
}

fn detail(parts: &Parts<'_>, notation: Notation, is_understood: bool) -> Option<Detail> {
    if matches!(parts.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        let location = parts.headers.get(LOCATION).map(|value| String::from_utf8_lossy(value.as_bytes()));
        return Some(Detail::Redirect(location.map(|location| location.into_owned())));
    }
    if is_understood {
        return None;
    }
    // Some proxies undo a coding, and leave the header: nothing is said of one that did no harm.
    coding(parts).map(Detail::Coding).or_else(|| ErrorBody::excerpt(notation, parts).map(Detail::Excerpt))
}

/// An error code without the namespace before `#` and the URI after `:`.
fn bare_code(code: &str) -> &str {
    let code = code.split_once(':').map_or(code, |(name, _)| name);
    code.rsplit_once('#').map_or(code, |(_, name)| name).trim()
}

/// Something to read where a proxy answered for a server that did not: the meaning of the status.
fn meaning(parts: &Parts<'_>, notation: Notation) -> Option<String> {
    let says_nothing = matches!(notation, Notation::Empty | Notation::Html | Notation::Xml);
    let reason = (says_nothing && parts.status.is_server_error()).then(|| parts.status.canonical_reason());
    reason.flatten().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::ServiceDescription;
    use http::{Response, StatusCode};

    #[test]
    fn an_empty_code_hides_none_that_comes_later() {
        static SERVICE: ServiceDescription = ServiceDescription::new("s", "S", &[Protocol::AwsJson1_1]);
        static OPERATION: OperationDescription = OperationDescription::new("Op", &SERVICE, "S.Op", "/");
        let mut response = Response::new(br##"{"__type": "#", "code": "n#FooError"}"##);
        *response.status_mut() = StatusCode::BAD_REQUEST;
        response.headers_mut().insert("x-amzn-errortype", http::HeaderValue::from_static(""));
        let found = error_response(&OPERATION, Protocol::AwsJson1_1, &Parts::of(&response));
        assert_eq!((found.code.as_str(), found.shape.as_str()), ("FooError", "FooError"));
    }

    #[test]
    fn codes_lose_namespace_and_uri() {
        for code in [
            "FooError",
            "FooError:http://internal.amazon.com/coral/com.amazon.coral.validate/",
            "aws.protocoltests.restjson#FooError",
            "aws.protocoltests.restjson#FooError:http://internal.amazon.com/coral/com.amazon.coral.validate/",
            "a#b#FooError:http://internal.amazon.com/#fragment",
        ] {
            assert_eq!(bare_code(code), "FooError", "{code}");
        }
    }
}
