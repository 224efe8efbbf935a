//! Sending one request: the door to the network, to be replaced at will.

use super::BoxFuture;
use crate::one_line::Causes;
use bytes::Bytes;
use http::{Request, Response};
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Sends requests, for the async client.
///
/// Requests are complete: absolute URI, signed, body in memory. Responses come with their whole body. The client has
/// timeouts of its own around each call of [`Self::send`]: to drop the future is to cancel the request. One with the
/// extension [`Direct`] must not go through a proxy.
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends `request` and reads the response.
    ///
    /// # Errors
    /// When there is no whole response. An HTTP error status is no error here.
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>>;

    /// Whether clients say in an extension of each request what it calls. For what wraps one that wants it: passed on.
    #[cfg(feature = "test-util")]
    #[doc(hidden)]
    fn wants_operations(&self) -> bool {
        false
    }
}

/// Marks a request, as one of its extensions, that must reach its host directly and never through a proxy: those to
/// the metadata services of instances and containers, which at the proxy would be the proxy's own, and whose tokens
/// travel in the clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Direct;

/// Sends requests, for the blocking client.
pub trait BlockingTransport: fmt::Debug + Send + Sync + 'static {
    /// Sends `request` and reads the response, within `timeout` from now if there is one.
    ///
    /// # Errors
    /// When there is no whole response. An HTTP error status is no error here.
    fn send(&self, request: Request<Bytes>, timeout: Option<Duration>) -> Result<Response<Bytes>, TransportError>;

    /// Whether clients say in an extension of each request what it calls. For what wraps one that wants it: passed on.
    #[cfg(feature = "test-util")]
    #[doc(hidden)]
    fn wants_operations(&self) -> bool {
        false
    }
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        (**self).send(request)
    }

    #[cfg(feature = "test-util")]
    fn wants_operations(&self) -> bool {
        (**self).wants_operations()
    }
}

impl<T: BlockingTransport + ?Sized> BlockingTransport for Arc<T> {
    fn send(&self, request: Request<Bytes>, timeout: Option<Duration>) -> Result<Response<Bytes>, TransportError> {
        (**self).send(request, timeout)
    }

    #[cfg(feature = "test-util")]
    fn wants_operations(&self) -> bool {
        (**self).wants_operations()
    }
}

/// Why there is no response.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    permanent: bool,
    /// Whether the server's name has no address.
    is_unknown_host: bool,
    cause: Box<dyn StdError + Send + Sync>,
    /// A question to whoever has configured the call.
    question: Option<Box<str>>,
}

/// What failed between client and server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection: the name is unknown, nobody listens, or TLS was refused. The server has seen nothing of the
    /// request.
    Connect,
    /// The connection broke: the server may have seen the request.
    Exchange,
    /// It took too long.
    Timeout,
    /// What came is no HTTP response, or is larger than the transport's limit. Trying again does not help.
    Response,
    /// The request cannot be sent as it is. Trying again does not help.
    Request,
}

impl TransportError {
    /// A failure with its cause.
    pub fn new(kind: TransportErrorKind, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let permanent = matches!(kind, TransportErrorKind::Request | TransportErrorKind::Response);
        Self { kind, permanent, is_unknown_host: false, cause: cause.into(), question: None }
    }

    /// The same, where the name of the server has no address.
    #[cfg(any(feature = "client", feature = "blocking"))]
    pub(super) fn unknown_host(mut self) -> Self {
        self.is_unknown_host = true;
        self
    }

    /// Whether the name of the server has no address.
    pub(super) fn is_unknown_host(&self) -> bool {
        self.is_unknown_host
    }

    /// The same, ending with a question to whoever has configured the call.
    pub(super) fn asking(mut self, question: String) -> Self {
        self.question = Some(question.into());
        self
    }

    /// The same, where another try would only fail again.
    #[must_use]
    pub fn permanent(mut self) -> Self {
        self.permanent = true;
        self
    }

    /// What failed.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// The library's error behind this one; that may have causes of its own (`source()`).
    pub fn cause(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &*self.cause
    }

    /// Whether another try may succeed.
    pub fn is_transient(&self) -> bool {
        !self.permanent
    }
}

impl fmt::Display for TransportError {
    /// One line, with all causes: they tell what to do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::Connect => "no connection to the server",
            TransportErrorKind::Exchange => "the connection broke",
            TransportErrorKind::Timeout => "it took too long",
            TransportErrorKind::Response => "the answer is no usable HTTP response",
            TransportErrorKind::Request => "the request cannot be sent",
        })?;
        write!(f, ": {}", Causes(self.cause()))?;
        self.question.as_ref().map_or(Ok(()), |question| write!(f, " ({question})"))
    }
}

/// Without a source, since `Display` has all causes: [`TransportError::cause`] gives the first as a value.
impl StdError for TransportError {}
