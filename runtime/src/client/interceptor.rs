//! Hooks: code of an application that looks at calls, and may add headers to them.
//!
//! What a hook sees is made when it asks for it, and has no secret in it: headers that hold one are left out, and bodies
//! are written anew without (`crate::shown`).

use super::error::{ClientError, InterceptorError};
use super::signing::host;
use super::transport::TransportErrorKind;
use crate::error::ErasedError;
use crate::parts::{Parts, ResponseMetadata};
use crate::shown::{ShownMessage, Side};
use crate::{OperationDescription, Protocol, Value};
use bytes::Bytes;
use http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue, PROXY_AUTHORIZATION, SET_COOKIE};
use http::{Method, Request, Response, StatusCode, Uri};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Looks at the calls of clients, and may add headers to them: see
/// [`ConfigBuilder::interceptor`](super::ConfigBuilder::interceptor).
///
/// By default every method does nothing. They are called on the thread that makes the call, async or blocking, so they must
/// not block. [`after_call`](Self::after_call) is not called for a call that is dropped before its end.
///
/// Secrets are not shown: members that the model or an overlay calls sensitive, signatures, tokens, cookies.
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use workstream_runtime::client::{AttemptReport, Interceptor, InterceptorError, UnsignedRequest};
/// use workstream_runtime::http::{HeaderName, HeaderValue};
///
/// /// Names the tenant to the gateway, and counts refusals.
/// #[derive(Debug, Default)]
/// struct Tenant {
///     refused: AtomicU32,
/// }
///
/// impl Interceptor for Tenant {
///     fn before_signing(&self, request: &mut UnsignedRequest<'_>) -> Result<(), InterceptorError> {
///         request.insert_header(HeaderName::from_static("x-tenant"), HeaderValue::from_static("blue"));
///         Ok(())
///     }
///
///     fn after_attempt(&self, attempt: &AttemptReport<'_>) {
///         if attempt.response().is_some_and(|response| response.status() == 403) {
///             self.refused.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
/// ```
pub trait Interceptor: fmt::Debug + Send + Sync + 'static {
    /// Called before each attempt, with the request as it will be signed.
    ///
    /// # Errors
    /// An error ends the call; there is no further attempt.
    fn before_signing(&self, request: &mut UnsignedRequest<'_>) -> Result<(), InterceptorError> {
        let _ = request;
        Ok(())
    }

    /// Called after each attempt, also after one that is not counted because the server does not speak the protocol.
    fn after_attempt(&self, attempt: &AttemptReport<'_>) {
        let _ = attempt;
    }

    /// Called at the end of each call, whether or not anything was sent.
    fn after_call(&self, call: &CallReport<'_>) {
        let _ = call;
    }
}

impl<T: Interceptor + ?Sized> Interceptor for Arc<T> {
    fn before_signing(&self, request: &mut UnsignedRequest<'_>) -> Result<(), InterceptorError> {
        (**self).before_signing(request)
    }

    fn after_attempt(&self, attempt: &AttemptReport<'_>) {
        (**self).after_attempt(attempt);
    }

    fn after_call(&self, call: &CallReport<'_>) {
        (**self).after_call(call);
    }
}

/// What is known of the message of a request.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub operation: &'static OperationDescription,
    pub protocol: Protocol,
    pub input: &'a dyn Value,
    /// What stands in the path before the operation's.
    pub base_path: &'a str,
}

/// A request without its body.
#[derive(Clone, Debug)]
pub(super) struct RequestHead {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
}

impl RequestHead {
    /// That of `request`. It is moved into the transport, and wanted when that has answered.
    pub fn of(request: &Request<Bytes>) -> Self {
        Self { method: request.method().clone(), uri: request.uri().clone(), headers: request.headers().clone() }
    }
}

/// A request without its secrets.
#[derive(Clone, Copy)]
pub struct RequestView<'a> {
    asked: Asked<'a>,
    method: &'a Method,
    uri: &'a Uri,
    headers: &'a HeaderMap,
}

impl<'a> RequestView<'a> {
    pub(super) fn new(asked: Asked<'a>, head: &'a RequestHead) -> Self {
        Self { asked, method: &head.method, uri: &head.uri, headers: &head.headers }
    }

    fn of(asked: Asked<'a>, request: &'a Request<Bytes>) -> Self {
        Self { asked, method: request.method(), uri: request.uri(), headers: request.headers() }
    }

    /// The method.
    pub fn method(&self) -> &'a Method {
        self.method
    }

    /// The host, with the port unless it is the default of the scheme.
    pub fn host(&self) -> &'a str {
        host(self.uri).unwrap_or_default()
    }

    /// Name and port of the server.
    pub(super) fn server(&self) -> (&'a str, u16) {
        let port = self.uri.port_u16().unwrap_or(if self.uri.scheme_str() == Some("http") { 80 } else { 443 });
        (self.uri.host().unwrap_or_default(), port)
    }

    /// The URL, with `redacted` in place of secret members.
    pub fn url(&self) -> String {
        let scheme = self.uri.scheme_str().unwrap_or_default();
        match self.message().path_and_query() {
            None => self.uri.to_string(),
            Some(Ok(path)) => format!("{scheme}://{}{}{path}", self.host(), self.asked.base_path),
            Some(Err(error)) => format!("{scheme}://{} (the path is not shown: {error})", self.host()),
        }
    }

    /// The value of a header; none if it holds a secret.
    pub fn header(&self, name: &str) -> Option<&'a HeaderValue> {
        self.headers().find(|(found, _)| found.as_str().eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The headers, but for those that hold secrets: `authorization`, cookies, tokens, sensitive members, and what was
    /// marked by [`HeaderValue::set_sensitive`].
    pub fn headers(&self) -> impl Iterator<Item = (&'a HeaderName, &'a HeaderValue)> + use<'a> {
        self.headers.iter().filter(|(name, value)| is_shown(name, value))
    }

    /// The body as JSON with the model's member names, whatever notation it travels in. Secrets are redacted, and blobs
    /// shown by their size. Members that travel in the URL or in headers are not in it. Each call of this method makes
    /// it anew.
    pub fn body(&self) -> String {
        self.message().body()
    }

    fn message(&self) -> ShownMessage<'a> {
        let Asked { operation, protocol, input, .. } = self.asked;
        ShownMessage { operation, protocol, side: Side::Request, value: input }
    }
}

impl fmt::Debug for RequestView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestView").field("method", self.method).field("url", &self.url()).finish_non_exhaustive()
    }
}

/// A request that is complete but for its signature.
pub struct UnsignedRequest<'a> {
    asked: Asked<'a>,
    attempt: u32,
    request: &'a mut Request<Bytes>,
}

impl<'a> UnsignedRequest<'a> {
    pub(super) fn new(asked: Asked<'a>, attempt: u32, request: &'a mut Request<Bytes>) -> Self {
        Self { asked, attempt, request }
    }

    /// The operation.
    pub fn operation(&self) -> &'static OperationDescription {
        self.asked.operation
    }

    /// Which attempt it is, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The request so far.
    pub fn view(&self) -> RequestView<'_> {
        RequestView::of(self.asked, self.request)
    }

    /// Adds a header, or replaces its value. It is signed too, unless proxies change it. Mark a secret value with
    /// [`HeaderValue::set_sensitive`].
    pub fn insert_header(&mut self, name: HeaderName, value: HeaderValue) {
        self.request.headers_mut().insert(name, value);
    }
}

impl fmt::Debug for UnsignedRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnsignedRequest").field("attempt", &self.attempt).field("request", &self.view()).finish()
    }
}

/// A response without its secrets.
#[derive(Clone, Copy)]
pub struct ResponseView<'a> {
    asked: Asked<'a>,
    response: &'a Response<Bytes>,
    /// What was made of it.
    result: Result<&'a dyn Value, CallFailure<'a>>,
}

impl<'a> ResponseView<'a> {
    /// The status.
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The request id, to quote to AWS support.
    pub fn request_id(&self) -> Option<String> {
        let ResponseMetadata { request_id, .. } = Parts::of(self.response).metadata();
        request_id
    }

    /// The headers, except those that hold secrets. Of a response that cannot be read, only headers that all responses
    /// of HTTP and AWS may have, because any other may hold a secret member.
    pub fn headers(&self) -> Vec<(&'a HeaderName, &'a HeaderValue)> {
        let bound = match self.message().map(bound_headers) {
            Some(Some(Ok(bound))) => Some(bound),
            // No header holds a member.
            Some(None) => Some(HeaderMap::new()),
            Some(Some(Err(_))) | None => None,
        };
        let is_known = |name: &HeaderName| match &bound {
            Some(bound) => bound.get(name).is_none_or(|value| !value.is_sensitive()),
            None => PLAIN_HEADERS.contains(&name.as_str()),
        };
        self.response.headers().iter().filter(|(name, value)| is_shown(name, value) && is_known(name)).collect()
    }

    /// The body as JSON without secrets, like that of a request. One that cannot be read is not shown, because it may
    /// hold secrets; nor is the error of a call by name.
    pub fn body(&self) -> String {
        match self.message() {
            Some(message) => message.body(),
            None if self.response.body().is_empty() => String::new(),
            None => format!("(not shown: {} bytes that are no modelled output or error)", self.response.body().len()),
        }
    }

    fn message(&self) -> Option<ShownMessage<'a>> {
        let Asked { operation, protocol, .. } = self.asked;
        let (side, value) = match self.result {
            Ok(output) => (Side::Response, output),
            Err(failure) => (Side::Failure, failure.0.members()?),
        };
        Some(ShownMessage { operation, protocol, side, value })
    }
}

/// The headers that hold members of a message.
#[cfg(feature = "rest")]
fn bound_headers(message: ShownMessage<'_>) -> Option<Result<HeaderMap, crate::EncodeError>> {
    message.headers()
}

/// Without bindings, none do.
#[cfg(not(feature = "rest"))]
fn bound_headers(_message: ShownMessage<'_>) -> Option<Result<HeaderMap, crate::EncodeError>> {
    None
}

impl fmt::Debug for ResponseView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseView").field("status", &self.status()).finish_non_exhaustive()
    }
}

/// Headers of responses that hold no member of any operation.
const PLAIN_HEADERS: [&str; 16] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "retry-after",
    "server",
    "smithy-protocol",
    "transfer-encoding",
    "via",
    "x-amz-id-2",
    "x-amz-request-id",
    "x-amz-retry-after",
    "x-amzn-errortype",
    "x-amzn-request-id",
    "x-amzn-requestid",
];

/// Whether a header may be shown.
fn is_shown(name: &HeaderName, value: &HeaderValue) -> bool {
    const SECRET: [HeaderName; 4] = [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE, SET_COOKIE];
    !value.is_sensitive() && !SECRET.contains(name) && name != "x-amz-security-token"
}

/// One attempt and its result.
#[derive(Clone, Copy)]
pub struct AttemptReport<'a> {
    operation: &'static OperationDescription,
    attempt: u32,
    duration: Duration,
    request: RequestView<'a>,
    response: Option<ResponseView<'a>>,
    failure: Option<CallFailure<'a>>,
}

impl<'a> AttemptReport<'a> {
    pub(super) fn new(
        attempt: u32,
        duration: Duration,
        request: RequestView<'a>,
        response: Option<&'a Response<Bytes>>,
        result: Result<&'a dyn Value, &'a dyn ErasedError>,
    ) -> Self {
        let (asked, result) = (request.asked, result.map_err(CallFailure));
        let response = response.map(|response| ResponseView { asked, response, result });
        Self { operation: asked.operation, attempt, duration, request, response, failure: result.err() }
    }

    /// The operation.
    pub fn operation(&self) -> &'static OperationDescription {
        self.operation
    }

    /// Which attempt it was, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The time from the signed request to the whole response.
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// The request.
    pub fn request(&self) -> &RequestView<'a> {
        &self.request
    }

    /// The response, if there was one.
    pub fn response(&self) -> Option<&ResponseView<'a>> {
        self.response.as_ref()
    }

    /// Why it failed, if it did. Another attempt may follow.
    pub fn failure(&self) -> Option<CallFailure<'a>> {
        self.failure
    }
}

impl fmt::Debug for AttemptReport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttemptReport")
            .field("operation", &self.operation.name)
            .field("attempt", &self.attempt)
            .field("duration", &self.duration)
            .field("request", &self.request)
            .field("response", &self.response)
            .field("failure", &self.failure)
            .finish()
    }
}

/// A call and its result.
#[derive(Clone, Copy)]
pub struct CallReport<'a> {
    pub(super) operation: &'static OperationDescription,
    pub(super) attempts: u32,
    pub(super) duration: Duration,
    /// The host and the port that were called last.
    pub(super) server: Option<(&'a str, u16)>,
    pub(super) failure: Option<CallFailure<'a>>,
}

impl<'a> CallReport<'a> {
    /// The operation.
    pub fn operation(&self) -> &'static OperationDescription {
        self.operation
    }

    /// The number of attempts; 1 if it ended before anything was sent.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The time it took, with all attempts and the pauses between them.
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// Host and port of the last request, if one was sent.
    pub fn server(&self) -> Option<(&'a str, u16)> {
        self.server
    }

    /// Why it failed, if it did.
    pub fn failure(&self) -> Option<CallFailure<'a>> {
        self.failure
    }
}

impl fmt::Debug for CallReport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallReport")
            .field("operation", &self.operation.name)
            .field("attempts", &self.attempts)
            .field("duration", &self.duration)
            .field("server", &self.server)
            .field("failure", &self.failure)
            .finish()
    }
}

/// Why a call or an attempt failed, without the types of its service.
///
/// `Display` is a line with code, status and request id, or with the reason why there is no answer. It leaves out the
/// message of the service, which may repeat secrets of the request; the caller gets that with the error.
#[derive(Clone, Copy)]
pub struct CallFailure<'a>(pub(super) &'a dyn ErasedError);

impl<'a> CallFailure<'a> {
    /// The code of the service's answer; the HTTP status where it has none.
    pub fn code(&self) -> Option<&'a str> {
        self.0.code()
    }

    /// HTTP status of the answer, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status()
    }

    /// The request id, to quote to AWS support.
    pub fn request_id(&self) -> Option<&'a str> {
        self.0.request_id()
    }

    /// Why there is no answer of the service, if there is none.
    pub fn client_error(&self) -> Option<&'a ClientError> {
        self.0.client_error()
    }

    /// The kind of failure in a word: the code of the service's answer, or a word such as `timeout`, `connect`,
    /// `credentials`. OpenTelemetry calls it `error.type`.
    pub fn error_type(&self) -> &'a str {
        match (self.code(), self.client_error()) {
            (Some(code), _) => code,
            (None, Some(error)) => kind_of(error),
            (None, None) if self.0.is_unreadable() => "decode",
            (None, None) => "encode",
        }
    }
}

fn kind_of(error: &ClientError) -> &'static str {
    match error {
        ClientError::Config(_) => "config",
        ClientError::Credentials(_) => "credentials",
        ClientError::Signing(_) => "signing",
        ClientError::Endpoint(_) => "endpoint",
        ClientError::Interceptor(_) => "interceptor",
        ClientError::Transport(error) => match error.kind() {
            TransportErrorKind::Connect => "connect",
            TransportErrorKind::Exchange => "exchange",
            TransportErrorKind::Timeout => "timeout",
            TransportErrorKind::Response => "response",
            TransportErrorKind::Request => "request",
        },
        ClientError::Timeout { .. } => "timeout",
        ClientError::RateLimit { .. } => "rate_limit",
        ClientError::Pagination(_) => "pagination",
        #[cfg(feature = "validate")]
        ClientError::Invalid(_) => "invalid",
    }
}

impl fmt::Display for CallFailure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write_reason(f)
    }
}

impl fmt::Debug for CallFailure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CallFailure({self})")
    }
}
