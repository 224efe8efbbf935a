//! A call of an operation, before it is made.

use super::error::ClientError;
use super::invocation::Erased;
use super::mode::Mode;
use super::retry::{Failure, Retry, RetryConfig};
use super::shared::Shared;
use crate::endpoint::{Endpoint, EndpointConfig, EndpointError};
use crate::error::{Error, ErrorKind};
use crate::operation::parse_parts;
use crate::response::Parts;
use crate::{EncodeError, Operation, OperationDescription, Protocol, ResponseMetadata, ServiceError};
use http::{HeaderName, HeaderValue, Request};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

/// A call that can still be adjusted. Of an async client it is awaited; of a blocking one, [`send`](Self::send) makes
/// it.
#[must_use = "a call does nothing until it is awaited or sent"]
pub struct Call<I, M> {
    pub(super) shared: Arc<Shared>,
    pub(super) input: I,
    pub(super) overrides: Option<Box<Overrides>>,
    mode: PhantomData<fn() -> M>,
}

/// What a call has instead of its client's configuration.
#[derive(Clone, Debug, Default)]
pub(super) struct Overrides {
    pub call_timeout: Option<Option<Duration>>,
    pub attempt_timeout: Option<Option<Duration>>,
    pub retry: Option<RetryConfig>,
    pub endpoint_url: Option<String>,
    pub protocol: Option<Protocol>,
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl<I: Operation, M: Mode> Call<I, M> {
    pub(super) fn new(shared: Arc<Shared>, input: I) -> Self {
        Self { shared, input, overrides: None, mode: PhantomData }
    }

    fn overriding(mut self, set: impl FnOnce(&mut Overrides)) -> Self {
        set(self.overrides.get_or_insert_default());
        self
    }

    /// The input.
    pub fn input(&self) -> &I {
        &self.input
    }

    /// How long the call may take with all its attempts and the pauses between them.
    pub fn timeout(self, limit: impl Into<Option<Duration>>) -> Self {
        self.overriding(|overrides| overrides.call_timeout = Some(limit.into()))
    }

    /// How long one attempt may take.
    pub fn attempt_timeout(self, limit: impl Into<Option<Duration>>) -> Self {
        self.overriding(|overrides| overrides.attempt_timeout = Some(limit.into()))
    }

    /// How the call is retried.
    pub fn retry(self, retry: RetryConfig) -> Self {
        self.overriding(|overrides| overrides.retry = Some(retry))
    }

    /// Calls this URL instead of the one that the endpoint rules give.
    pub fn endpoint_url(self, url: impl Into<String>) -> Self {
        self.overriding(|overrides| overrides.endpoint_url = Some(url.into()))
    }

    /// The protocol to speak.
    pub fn protocol(self, protocol: Protocol) -> Self {
        self.overriding(|overrides| overrides.protocol = Some(protocol))
    }

    /// Sends one more header, or another value for one that is sent anyway. It gets signed.
    pub fn header(self, name: HeaderName, value: HeaderValue) -> Self {
        self.overriding(|overrides| overrides.headers.push((name, value)))
    }

    /// The same call, but its result has what the response says besides the output: request id, status, attempts.
    pub fn with_metadata(self) -> DetailedCall<I, M> {
        DetailedCall(self)
    }

    /// What a call of its own for `input` would be: the same client and adjustments.
    pub(super) fn with_input(&self, input: I) -> Self {
        Self { shared: self.shared.clone(), input, overrides: self.overrides.clone(), mode: PhantomData }
    }
}

impl<I: Clone, M> Clone for Call<I, M> {
    fn clone(&self) -> Self {
        Self {
            shared: self.shared.clone(),
            input: self.input.clone(),
            overrides: self.overrides.clone(),
            mode: PhantomData,
        }
    }
}

impl<I: fmt::Debug, M> fmt::Debug for Call<I, M> {
    /// Headers may hold secrets, and are left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("input", &self.input).finish_non_exhaustive()
    }
}

/// A call whose result is an [`Answer`].
#[derive(Debug)]
#[must_use = "a call does nothing until it is awaited or sent"]
pub struct DetailedCall<I, M>(pub(super) Call<I, M>);

/// The result of a call, with what the response says besides.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Answer<T> {
    /// The output.
    pub output: T,
    /// Status and request id of the response.
    pub response: ResponseMetadata,
    /// How often the call was sent.
    pub attempts: u32,
}

/// A call with its types, and its result when there is one.
pub(super) struct Typed<I: Operation> {
    input: I,
    result: Option<Result<I::Output, Error<I::ServiceError>>>,
    /// What the response says besides, where somebody wants it.
    metadata: Option<ResponseMetadata>,
    wants_metadata: bool,
    attempts: u32,
}

impl<I: Operation> Typed<I> {
    pub fn new(input: I, wants_metadata: bool) -> Self {
        Self { input, result: None, metadata: None, wants_metadata, attempts: 0 }
    }

    /// The result of a finished call.
    pub fn into_result(self) -> Result<I::Output, Error<I::ServiceError>> {
        // Only a driver that does not follow the steps leaves none.
        self.result.unwrap_or_else(|| Err(Error::encode(I::DESCRIPTION, EncodeError::new("the call was not made"))))
    }

    /// The result of a finished call that has kept what the response says besides.
    pub fn into_answer(mut self) -> Result<Answer<I::Output>, Error<I::ServiceError>> {
        let response = self.metadata.take().unwrap_or_else(|| ResponseMetadata::new(http::StatusCode::OK, None));
        let attempts = self.attempts;
        Ok(Answer { output: self.into_result()?, response, attempts })
    }
}

impl<I: Operation> Erased for Typed<I> {
    fn operation(&self) -> &'static OperationDescription {
        I::DESCRIPTION
    }

    fn fill_tokens(&mut self) {
        self.input.fill_tokens(&mut super::random::uuid);
    }

    fn request(&self, protocol: Protocol) -> Result<Request<Vec<u8>>, EncodeError> {
        self.input.to_request(protocol)
    }

    fn host_prefix(&self) -> Option<String> {
        self.input.host_prefix()
    }

    fn endpoint(&self, config: &EndpointConfig) -> Option<Result<Endpoint, EndpointError>> {
        self.input.endpoint(config)
    }

    fn read(&mut self, protocol: Protocol, parts: &Parts<'_>) -> bool {
        let result = parse_parts::<I>(protocol, parts);
        let success = result.is_ok();
        if success && self.wants_metadata {
            self.metadata = Some(parts.metadata());
        }
        self.result = Some(result);
        success
    }

    fn fail(&mut self, error: ClientError) {
        self.result = Some(Err(Error::client(I::DESCRIPTION, error)));
    }

    fn fail_encode(&mut self, error: EncodeError) {
        self.result = Some(Err(Error::encode(I::DESCRIPTION, error)));
    }

    fn failure(&self) -> Option<(Failure<'_>, Retry)> {
        let Some(Err(error)) = &self.result else { return None };
        let standard = match (error.is_throttling(), error.is_retryable()) {
            (true, _) => Retry::Throttling,
            (false, true) => Retry::Transient,
            (false, false) => Retry::Never,
        };
        let failure = match (error.kind(), error.status()) {
            (ErrorKind::Service { code, error, .. }, Some(status)) => {
                Failure::Service { status, code, modelled: error.retry() }
            }
            (ErrorKind::Decode(_), Some(status)) => Failure::Unreadable { status },
            (ErrorKind::Client(ClientError::Transport(error)), _) => Failure::Transport(error),
            (ErrorKind::Client(ClientError::Timeout { .. }), _) => Failure::Timeout,
            _ => return None,
        };
        Some((failure, standard))
    }

    fn finish(&mut self, attempts: u32) {
        self.attempts = attempts;
        if let Some(Err(error)) = &mut self.result {
            error.set_attempts(attempts);
        }
    }
}
