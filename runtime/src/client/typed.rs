//! A call with the types of its operation, which an invocation does without.

use super::call::Answer;
use super::error::ClientError;
use super::invocation::Erased;
use super::observe::CallOutcome;
use super::random;
use super::retry::{Failure, Retry};
#[cfg(feature = "test-util")]
use crate::dynamic::CalledOperation;
use crate::endpoint::{Endpoint, EndpointConfig, EndpointError};
use crate::error::{Error, ErrorKind};
use crate::operation::parse_parts;
use crate::parts::Parts;
use crate::{EncodeError, Operation, OperationDescription, Protocol, ResponseMetadata, ServiceError, Value};
use http::Request;
use http::uri::Authority;

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
        self.input.fill_tokens(&mut random::uuid);
    }

    fn request(&self, protocol: Protocol) -> Result<Request<Vec<u8>>, EncodeError> {
        self.input.to_request(protocol)
    }

    #[cfg(feature = "test-util")]
    fn called(&self, protocol: Protocol) -> CalledOperation {
        CalledOperation::of(&self.input, protocol)
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

    fn finish(&mut self, attempts: u32, host: Option<&Authority>) {
        self.attempts = attempts;
        if let Some(Err(error)) = &mut self.result {
            error.set_call(attempts, host);
        }
    }

    fn input(&self) -> &dyn Value {
        &self.input
    }

    fn outcome(&self) -> Option<CallOutcome<'_>> {
        Some(match self.result.as_ref()? {
            Ok(output) => Ok(output),
            Err(error) => Err(error),
        })
    }
}
