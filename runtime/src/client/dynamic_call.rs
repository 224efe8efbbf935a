//! Calls of operations by name: what a call is without types, from JSON to JSON.

use super::error::ClientError;
use super::invocation::Erased;
use super::observe::CallOutcome;
use super::random;
use super::retry::{Failure, Retry};
use super::shared::Shared;
#[cfg(feature = "test-util")]
use crate::dynamic::CalledOperation;
use crate::dynamic::{DynamicError, DynamicOperation, DynamicService, InputValue, OutputValue, to_json};
use crate::endpoint::{Endpoint, EndpointConfig, EndpointError};
use crate::error::{AnsweredError, ErasedError, write_answer, write_facts};
use crate::parts::Parts;
use crate::{EncodeError, OperationDescription, Protocol, Value, request};
use http::uri::Authority;
use http::{Request, StatusCode};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// A call of an operation by its name. Await it with an async client; with a blocking one, [`send`](Self::send) makes it. It
/// results in the output as JSON, in the notation of [`dynamic`](crate::dynamic).
#[must_use = "a call does nothing until it is awaited or sent"]
pub struct DynamicCall<M> {
    pub(super) shared: Arc<Shared>,
    operation: Result<&'static DynamicOperation, DynamicError>,
    input: Vec<u8>,
    mode: PhantomData<fn() -> M>,
}

impl<M> DynamicCall<M> {
    pub(super) fn new(shared: Arc<Shared>, service: &DynamicService, operation: &str, input: Vec<u8>) -> Self {
        let unknown =
            || DynamicError::UnknownOperation { service: shared.service.service_id, operation: operation.to_owned() };
        let operation = service.operation(operation).ok_or_else(unknown);
        Self { shared, operation, input, mode: PhantomData }
    }

    /// What is called, and by whom.
    pub(super) fn begin(self) -> Result<(Untyped, Arc<Shared>), DynamicError> {
        let operation = self.operation?;
        let input = operation.read_input(&self.input)?;
        Ok((Untyped { operation, input, status: None, result: None }, self.shared))
    }
}

impl<M> fmt::Debug for DynamicCall<M> {
    /// The input may hold secrets, and is left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.operation.as_ref().map(|operation| operation.description().name);
        f.debug_struct("DynamicCall").field("operation", &name).finish_non_exhaustive()
    }
}

/// A call without types, and its result when there is one.
pub(super) struct Untyped {
    operation: &'static DynamicOperation,
    input: Box<dyn InputValue>,
    status: Option<StatusCode>,
    result: Option<Result<Box<dyn OutputValue>, DynamicError>>,
}

impl Untyped {
    /// The result of a finished call.
    pub fn into_result(self) -> Result<String, DynamicError> {
        // Only a driver that does not follow the steps leaves none.
        let unmade = || Err(DynamicError::Encode(EncodeError::new("the call was not made")));
        to_json(&*self.result.unwrap_or_else(unmade)?).map_err(DynamicError::Encode)
    }
}

impl Erased for Untyped {
    fn operation(&self) -> &'static OperationDescription {
        self.operation.description()
    }

    fn fill_tokens(&mut self) {
        self.input.fill_tokens(&mut random::uuid);
    }

    fn request(&self, protocol: Protocol) -> Result<Request<Vec<u8>>, EncodeError> {
        request(self.operation(), protocol, &*self.input)
    }

    #[cfg(feature = "test-util")]
    fn called(&self, protocol: Protocol) -> CalledOperation {
        CalledOperation::new(*self.operation, &*self.input, protocol)
    }

    fn host_prefix(&self) -> Option<String> {
        self.input.host_prefix()
    }

    fn endpoint(&self, config: &EndpointConfig) -> Option<Result<Endpoint, EndpointError>> {
        self.input.endpoint(config)
    }

    fn read(&mut self, protocol: Protocol, parts: &Parts<'_>) -> bool {
        self.status = Some(parts.metadata().status);
        self.result = Some(self.operation.read_output(protocol, parts));
        matches!(self.result, Some(Ok(_)))
    }

    fn fail(&mut self, error: ClientError) {
        self.result = Some(Err(DynamicError::Client(error)));
    }

    fn fail_encode(&mut self, error: EncodeError) {
        self.result = Some(Err(DynamicError::Encode(error)));
    }

    fn failure(&self) -> Option<(Failure<'_>, Retry)> {
        let Some(Err(error)) = &self.result else { return None };
        let passing = |passes: bool| if passes { Retry::Transient } else { Retry::Never };
        Some(match error {
            DynamicError::Service(error) => {
                let (status, code, modelled) = (error.response.status, &*error.code, error.modelled_retry());
                let retry = if error.is_throttling() { Retry::Throttling } else { passing(error.is_retryable()) };
                (Failure::Service { status, code, modelled }, retry)
            }
            DynamicError::Decode(_) => {
                let status = self.status?;
                let answer = AnsweredError { retry: None, is_modelled: false, code: None, status: Some(status) };
                (Failure::Unreadable { status }, passing(answer.is_retryable()))
            }
            DynamicError::Client(error @ ClientError::Transport(transport)) => {
                (Failure::Transport(transport), passing(error.is_transient()))
            }
            DynamicError::Client(error @ ClientError::Timeout { .. }) => {
                (Failure::Timeout, passing(error.is_transient()))
            }
            DynamicError::Client(_)
            | DynamicError::Encode(_)
            | DynamicError::Input(_)
            | DynamicError::UnknownOperation { .. } => return None,
        })
    }

    fn finish(&mut self, attempts: u32, host: Option<&Authority>) {
        if let Some(Err(DynamicError::Service(error))) = &mut self.result {
            error.set_call(attempts, host);
        }
    }

    fn input(&self) -> &dyn Value {
        &*self.input
    }

    fn outcome(&self) -> Option<CallOutcome<'_>> {
        Some(match self.result.as_ref()? {
            Ok(output) => Ok(&**output),
            Err(error) => Err(error),
        })
    }
}

impl ErasedError for DynamicError {
    fn code(&self) -> Option<&str> {
        self.code()
    }

    fn status(&self) -> Option<StatusCode> {
        self.service_error().map(|error| error.response.status)
    }

    fn request_id(&self) -> Option<&str> {
        self.service_error()?.response.request_id.as_deref()
    }

    fn client_error(&self) -> Option<&ClientError> {
        match self {
            Self::Client(error) => Some(error),
            Self::Service(_) | Self::Decode(_) | Self::Encode(_) | Self::Input(_) | Self::UnknownOperation { .. } => {
                None
            }
        }
    }

    fn is_unreadable(&self) -> bool {
        matches!(self, Self::Decode(_))
    }

    /// They are JSON already.
    fn members(&self) -> Option<&dyn Value> {
        None
    }

    fn write_reason(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(error) => {
                write_answer(&error.code, None, Some(&error.response), f)?;
                write_facts(Some(&error.response), error.host(), error.attempts(), f)
            }
            Self::Decode(_) => f.write_str("the response cannot be read"),
            Self::Client(ClientError::Credentials(_)) => f.write_str("there are no credentials"),
            Self::Client(error) => fmt::Display::fmt(error, f),
            Self::Encode(_) | Self::Input(_) | Self::UnknownOperation { .. } => {
                f.write_str("the request cannot be built")
            }
        }
    }
}
