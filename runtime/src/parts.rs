//! What there is in every response.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri};

/// A response without its type parameter, so that reading it is compiled once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts<'a> {
    pub status: StatusCode,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
}

impl<'a> Parts<'a> {
    pub fn of<B: AsRef<[u8]>>(response: &'a Response<B>) -> Self {
        Self { status: response.status(), headers: response.headers(), body: response.body().as_ref() }
    }

    /// The facts that every response carries, whether it succeeded or not.
    pub fn metadata(&self) -> ResponseMetadata {
        let request_id = ["x-amzn-requestid", "x-amzn-request-id", "x-amz-request-id"]
            .iter()
            .find_map(|name| self.header(name))
            .map(str::to_owned);
        #[cfg(feature = "xml")]
        let request_id = request_id.or_else(|| crate::markup::request_id(self.body));
        ResponseMetadata::new(self.status, request_id)
    }

    /// The text of a header.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub fn says_html(&self) -> bool {
        self.headers.get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
    }
}

/// A request without its type parameter, as a server sees it.
#[derive(Clone, Copy, Debug)]
#[allow(dead_code, reason = "which fields are read depends on features")]
pub(crate) struct RequestParts<'a> {
    pub method: &'a Method,
    pub uri: &'a Uri,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
}

impl<'a> RequestParts<'a> {
    pub fn of<B: AsRef<[u8]>>(request: &'a Request<B>) -> Self {
        let (method, uri, headers) = (request.method(), request.uri(), request.headers());
        Self { method, uri, headers, body: request.body().as_ref() }
    }
}

/// The facts that every response carries, whether it succeeded or not.
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
