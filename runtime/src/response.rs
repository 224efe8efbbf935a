//! From a response to an output, or to what an error response says of itself.

use crate::operation::{OperationDescription, RPC_V2_CBOR, SMITHY_PROTOCOL};
use crate::{DecodeError, ErrorFields, Protocol, Reader, Value, scan_error_fields};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Response, StatusCode};

/// A response without its type parameter, so that reading it is compiled once.
#[derive(Debug)]
pub(crate) struct Parts<'a> {
    pub status: StatusCode,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
}

impl<'a> Parts<'a> {
    pub fn of<B: AsRef<[u8]>>(response: &'a Response<B>) -> Self {
        Self { status: response.status(), headers: response.headers(), body: response.body().as_ref() }
    }

    /// What every answer carries, whether it succeeded or not.
    pub fn metadata(&self) -> ResponseMetadata {
        let request_id = ["x-amzn-requestid", "x-amzn-request-id", "x-amz-request-id"]
            .iter()
            .find_map(|name| self.header(name))
            .map(str::to_owned);
        ResponseMetadata::new(self.status, request_id)
    }

    fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn says_html(&self) -> bool {
        self.headers.get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
    }
}

/// What every answer carries, whether it succeeded or not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResponseMetadata {
    /// HTTP status.
    pub status: StatusCode,
    /// The request id, to quote to AWS support.
    pub request_id: Option<String>,
}

impl ResponseMetadata {
    pub(crate) fn new(status: StatusCode, request_id: Option<String>) -> Self {
        Self { status, request_id }
    }
}

/// Why a response gave no output.
#[derive(Debug)]
pub(crate) enum Failure {
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
}

pub(crate) fn read_response(
    operation: &'static OperationDescription,
    protocol: Protocol,
    parts: &Parts<'_>,
    output: &mut dyn Value,
) -> Result<(), Failure> {
    if !parts.status.is_success() {
        return Err(Failure::Service(error_response(operation, protocol, parts)));
    }
    if protocol.is_cbor() && parts.headers.get(SMITHY_PROTOCOL).is_some_and(|value| value != RPC_V2_CBOR) {
        return Err(Failure::Decode(DecodeError::new(
            "expected the rpc-v2-cbor protocol, found another in the smithy-protocol header",
            0,
        )));
    }
    if parts.body.is_empty() {
        return Ok(());
    }
    read_body(protocol, parts.body, output).map_err(Failure::Decode)
}

/// Reads a body that the protocol says is a structure.
pub(crate) fn read_body(protocol: Protocol, body: &[u8], value: &mut dyn Value) -> Result<(), DecodeError> {
    let mut reader = if protocol.is_cbor() { Reader::cbor(body) } else { Reader::json(body) };
    value.read(&mut reader);
    reader.finish()
}

/// What an error response says, from headers and body; of a body that is no
/// such thing (HTML from a proxy, nothing) only the status is left.
fn error_response(operation: &OperationDescription, protocol: Protocol, parts: &Parts<'_>) -> ErrorResponse {
    let ErrorFields { type_, code, message } = scan_error_fields(parts.body, protocol.is_cbor());
    let shape = [parts.header("x-amzn-errortype"), type_.as_deref(), code.as_deref()]
        .into_iter()
        .flatten()
        .map(bare_code)
        .find(|code| !code.is_empty())
        .map_or_else(|| parts.status.as_str().to_owned(), str::to_owned);
    // `Code;Fault`, see the awsQuery compatible trait.
    let query = operation.service.query_compatible.then(|| parts.header("x-amzn-query-error")).flatten();
    let code = query.and_then(|value| value.split(';').next()).map_or_else(|| shape.clone(), str::to_owned);
    let message = message.or_else(|| fallback_message(parts));
    ErrorResponse { code, shape, message }
}

/// An error code without the namespace before `#` and the URI after `:`.
fn bare_code(code: &str) -> &str {
    let code = code.split_once(':').map_or(code, |(name, _)| name);
    code.rsplit_once('#').map_or(code, |(_, name)| name).trim()
}

/// Something to read where the body is no error of the service's own: short
/// text that is no markup. Where a proxy answered for a server that did not,
/// the meaning of the status.
fn fallback_message(parts: &Parts<'_>) -> Option<String> {
    const LONGEST: usize = 400;
    let text = std::str::from_utf8(parts.body).ok()?.trim();
    if text.is_empty() || text.starts_with('<') || parts.says_html() {
        let reason = parts.status.is_server_error().then(|| parts.status.canonical_reason()).flatten();
        return reason.map(str::to_owned);
    }
    let is_text = text.len() <= LONGEST && !text.starts_with(['{', '[']) && !text.contains('\0');
    is_text.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::ServiceDescription;

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
