//! Operations by name, with JSON in and JSON out: for command lines, replay and
//! conformance tests.
//!
//! The notation has the model's member names; timestamps are seconds since
//! 1970, blobs base64, NaN and the infinities strings; a union whose member the
//! model does not have is `{"SDK_UNKNOWN_MEMBER": {"name": "..."}}`, as in boto3.
//! It is read strictly: an unknown or missing member is an error. Such a union is read too, but cannot be sent.
//!
//! Nothing here does any IO. With the feature `dynamic` of the generated crate, clients have `call_dynamic`.

#[cfg(feature = "test-util")]
mod called;

#[cfg(feature = "test-util")]
pub(crate) use called::{Answered, CalledOperation, ErrorFacts};

#[cfg(feature = "validate")]
use crate::Violations;
#[cfg(feature = "client-core")]
use crate::client::ClientError;
use crate::description::{OperationDescription, ServiceDescription};
#[cfg(feature = "client-core")]
use crate::endpoint::{Endpoint, EndpointConfig, EndpointError};
use crate::error::{AnsweredError, Retry, ServiceError, write_answer, write_facts};
use crate::one_line::OneLine;
use crate::operation::{Operation, read_request, request};
use crate::parts::{Parts, RequestParts, ResponseMetadata};
use crate::respond::respond;
use crate::response::{Detail, ErrorResponse, NoOutput, judged, read_response};
use crate::{DecodeError, EncodeError, Protocol, Reader, Value, Writer};
use http::uri::Authority;
use http::{Request, Response};
use std::fmt;

/// A service with its operations.
#[derive(Debug)]
pub struct DynamicService {
    description: &'static ServiceDescription,
    operations: &'static [DynamicOperation],
}

impl DynamicService {
    /// A service with all its operations.
    pub const fn new(description: &'static ServiceDescription, operations: &'static [DynamicOperation]) -> Self {
        Self { description, operations }
    }

    /// The description of the service.
    pub fn description(&self) -> &'static ServiceDescription {
        self.description
    }

    /// All operations, in model order.
    pub fn operations(&self) -> &'static [DynamicOperation] {
        self.operations
    }

    /// The operation with the wire name `name`.
    pub fn operation(&self, name: &str) -> Option<&'static DynamicOperation> {
        self.operations.iter().find(|operation| operation.description.name == name)
    }
}

/// An operation without its types.
#[derive(Clone, Copy, Debug)]
pub struct DynamicOperation {
    description: &'static OperationDescription,
    input: fn() -> Box<dyn InputValue>,
    output: fn() -> Box<dyn OutputValue>,
    error: fn(code: &str) -> Box<dyn ErrorValue>,
}

/// What an input has besides its members, as [`Operation`] has it.
pub(crate) trait InputValue: Value + Send + Sync {
    fn host_prefix(&self) -> Option<String>;
    #[cfg(feature = "client-core")]
    fn endpoint(&self, config: &EndpointConfig) -> Option<Result<Endpoint, EndpointError>>;
    fn fill_tokens(&mut self, token: &mut dyn FnMut() -> String);
    /// A copy to keep.
    #[cfg(feature = "test-util")]
    fn kept(&self) -> std::sync::Arc<dyn InputValue>;
}

impl<O: Operation> InputValue for O {
    fn host_prefix(&self) -> Option<String> {
        Operation::host_prefix(self)
    }

    #[cfg(feature = "client-core")]
    fn endpoint(&self, config: &EndpointConfig) -> Option<Result<Endpoint, EndpointError>> {
        Operation::endpoint(self, config)
    }

    fn fill_tokens(&mut self, token: &mut dyn FnMut() -> String) {
        Operation::fill_tokens(self, token);
    }

    #[cfg(feature = "test-util")]
    fn kept(&self) -> std::sync::Arc<dyn InputValue> {
        std::sync::Arc::new(self.clone())
    }
}

/// An output that can be kept while a call is under way.
pub(crate) trait OutputValue: Value + Send + Sync {}

impl<T: Value + Send + Sync> OutputValue for T {}

/// An error of a service, as [`ServiceError`] has it.
trait ErrorValue {
    fn shape(&self) -> Option<&'static str>;
    fn members(&self) -> Option<&dyn Value>;
    fn members_mut(&mut self) -> Option<&mut dyn Value>;
    fn retry(&self) -> Option<Retry>;
}

impl<E: ServiceError> ErrorValue for E {
    fn shape(&self) -> Option<&'static str> {
        ServiceError::shape(self)
    }

    fn members(&self) -> Option<&dyn Value> {
        ServiceError::members(self)
    }

    fn members_mut(&mut self) -> Option<&mut dyn Value> {
        ServiceError::members_mut(self)
    }

    fn retry(&self) -> Option<Retry> {
        ServiceError::retry(self)
    }
}

impl DynamicOperation {
    /// The operation with the input type `O`.
    pub const fn of<O: Operation>() -> Self {
        Self {
            description: O::DESCRIPTION,
            input: || Box::new(O::default()),
            output: || Box::new(O::Output::default()),
            error: |code| Box::new(O::ServiceError::from_code(code)),
        }
    }

    /// The description of the operation.
    pub fn description(&self) -> &'static OperationDescription {
        self.description
    }

    /// The request for an input in JSON, without scheme and host, and not signed.
    ///
    /// # Errors
    /// When the JSON does not fit the input, or the input cannot be sent.
    pub fn request(&self, input: &[u8], protocol: Protocol) -> Result<Request<Vec<u8>>, RequestError> {
        let input = self.read_input(input)?;
        #[cfg_attr(not(feature = "test-util"), expect(unused_mut, reason = "recorders want to know more"))]
        let mut request = request(self.description, protocol, &*input).map_err(RequestError::Encode)?;
        #[cfg(feature = "test-util")]
        request.extensions_mut().insert(CalledOperation::new(*self, &*input, protocol));
        Ok(request)
    }

    /// Labels before the endpoint's host, as [`Operation::host_prefix`] has them, for an input in JSON.
    ///
    /// # Errors
    /// When the JSON does not fit the input.
    pub fn host_prefix(&self, input: &[u8]) -> Result<Option<String>, RequestError> {
        Ok(self.read_input(input)?.host_prefix())
    }

    /// An input in JSON with what `token` makes for each member that needs a unique token, and has none.
    ///
    /// # Errors
    /// When the JSON does not fit the input.
    pub fn fill_tokens(&self, input: &[u8], token: &mut dyn FnMut() -> String) -> Result<String, RequestError> {
        let mut value = self.read_input(input)?;
        value.fill_tokens(token);
        to_json(&*value).map_err(RequestError::Encode)
    }

    /// What of an input in JSON the model does not allow, if there is anything.
    ///
    /// # Errors
    /// When the JSON does not fit the input.
    #[cfg(feature = "validate")]
    pub fn violations(&self, input: &[u8]) -> Result<Option<Violations>, RequestError> {
        Ok(self.description.service.validate(&*self.read_input(input)?).err())
    }

    pub(crate) fn read_input(&self, input: &[u8]) -> Result<Box<dyn InputValue>, RequestError> {
        let mut value = (self.input)();
        let mut reader = Reader::dynamic_json(input);
        value.read(&mut reader);
        reader.finish().map_err(RequestError::Input)?;
        Ok(value)
    }

    /// The input in JSON that a request carries: what a server or a recording has.
    ///
    /// # Errors
    /// When the request cannot be read, or the input cannot be written as JSON.
    pub fn parse_request<B: AsRef<[u8]>>(
        &self,
        protocol: Protocol,
        request: &Request<B>,
    ) -> Result<String, DynamicError> {
        let mut input = (self.input)();
        read_request(self.description, protocol, &RequestParts::of(request), &mut *input)
            .map_err(DynamicError::Decode)?;
        to_json(&*input).map_err(DynamicError::Encode)
    }

    /// The response that a server would give for an output in JSON.
    ///
    /// # Errors
    /// When the JSON does not fit the output, or the output cannot be sent.
    pub fn respond(&self, output: &[u8], protocol: Protocol) -> Result<Response<Vec<u8>>, RequestError> {
        let mut value = (self.output)();
        let mut reader = Reader::dynamic_json(output);
        value.read(&mut reader);
        reader.finish().map_err(RequestError::Input)?;
        respond(self.description, protocol, &*value).map_err(RequestError::Encode)
    }

    /// The output in JSON, or what an error response says.
    ///
    /// # Errors
    /// An error response, or one that cannot be read.
    pub fn response<B: AsRef<[u8]>>(&self, protocol: Protocol, response: &Response<B>) -> Result<String, DynamicError> {
        let output = self.read_output(protocol, &Parts::of(response))?;
        to_json(&*output).map_err(DynamicError::Encode)
    }

    pub(crate) fn read_output(
        &self,
        protocol: Protocol,
        parts: &Parts<'_>,
    ) -> Result<Box<dyn OutputValue>, DynamicError> {
        let parts = judged(self.description, protocol, parts);
        let mut output = (self.output)();
        match read_response(self.description, protocol, &parts, &mut *output) {
            Ok(()) => Ok(output),
            Err(NoOutput::Decode(error)) => Err(DynamicError::Decode(error)),
            Err(NoOutput::Service(error)) => Err(DynamicError::Service(Box::new(self.service_error(error, &parts)))),
        }
    }

    fn service_error(&self, error: ErrorResponse, parts: &Parts<'_>) -> DynamicServiceError {
        let (modelled, fits) = self.modelled(&error, parts);
        let members = modelled.members().filter(|_| fits).and_then(|members| to_json(members).ok());
        DynamicServiceError {
            code: error.code,
            message: error.message,
            shape: modelled.shape(),
            retry: modelled.retry(),
            members: members.unwrap_or_else(|| "{}".to_owned()),
            response: parts.metadata(),
            detail: error.detail,
            attempts: 1,
            host: None,
        }
    }

    /// The error's shape with its members, and whether the answer fits them: if not, they are empty.
    fn modelled(&self, response: &ErrorResponse, parts: &Parts<'_>) -> (Box<dyn ErrorValue>, bool) {
        let mut error = (self.error)(&response.shape);
        if error.shape().is_none() && response.code != response.shape {
            error = (self.error)(&response.code);
        }
        let fits = error.members_mut().is_none_or(|members| response.read_members(parts, members));
        match error.shape() {
            Some(shape) if !fits => ((self.error)(shape), false),
            _ => (error, true),
        }
    }
}

/// A value in the notation of this module.
pub(crate) fn to_json(value: &dyn Value) -> Result<String, EncodeError> {
    let mut writer = Writer::dynamic_json();
    value.write(&mut writer);
    String::from_utf8(writer.finish()?).map_err(|error| EncodeError::new(error.to_string()))
}

/// Why JSON did not become a request or response.
#[derive(Debug)]
#[non_exhaustive]
pub enum RequestError {
    /// The JSON does not fit the input or output.
    Input(DecodeError),
    /// The input or output cannot be sent.
    Encode(EncodeError),
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(error) => write!(f, "the JSON does not fit the operation: {error}"),
            Self::Encode(error) => write!(f, "it cannot be sent: {error}"),
        }
    }
}

impl std::error::Error for RequestError {}

/// Why there is no output.
#[derive(Debug)]
#[non_exhaustive]
pub enum DynamicError {
    /// The service answered with an error.
    Service(Box<DynamicServiceError>),
    /// The answer cannot be read.
    Decode(DecodeError),
    /// The input cannot be sent, or the output cannot be written as JSON.
    Encode(EncodeError),
    /// The JSON does not fit the input.
    Input(DecodeError),
    /// The service has no operation of this name.
    UnknownOperation {
        /// The service, by its id.
        service: &'static str,
        /// The name.
        operation: String,
    },
    /// The client could not call, or got no answer.
    #[cfg(feature = "client-core")]
    Client(ClientError),
}

/// An error that a service answered with, without its type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DynamicServiceError {
    /// Its code; the HTTP status where the answer has none.
    pub code: String,
    /// Its message, if it has one.
    pub message: Option<String>,
    /// Name of its shape, where modelled.
    pub shape: Option<&'static str>,
    /// Its members as a JSON object; empty where it is not modelled.
    pub members: String,
    /// HTTP status and request id.
    pub response: ResponseMetadata,
    detail: Option<Detail>,
    retry: Option<Retry>,
    attempts: u32,
    /// Who was called, if a client called.
    host: Option<Authority>,
}

impl DynamicServiceError {
    /// What the service's model says of another try.
    #[cfg(feature = "client-core")]
    pub(crate) fn modelled_retry(&self) -> Option<Retry> {
        self.retry
    }

    #[cfg(feature = "client-core")]
    pub(crate) fn set_call(&mut self, attempts: u32, host: Option<&Authority>) {
        (self.attempts, self.host) = (attempts, host.cloned());
    }

    /// The host that was called, as [`Error::host`](crate::Error::host).
    #[cfg(feature = "client-core")]
    pub fn host(&self) -> Option<&str> {
        self.host.as_ref().map(Authority::as_str)
    }

    /// The number of attempts.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Whether the service says that it is asked too often.
    pub fn is_throttling(&self) -> bool {
        self.answered().is_throttling()
    }

    /// Whether the same call may succeed if it is tried again.
    pub fn is_retryable(&self) -> bool {
        self.answered().is_retryable()
    }

    fn answered(&self) -> AnsweredError<'_> {
        AnsweredError {
            retry: self.retry,
            is_modelled: self.shape.is_some(),
            code: Some(&self.code),
            status: Some(self.response.status),
        }
    }

    /// The beginning of a body that has neither code nor message; as [`Error::body_excerpt`](crate::Error::body_excerpt).
    pub fn body_excerpt(&self) -> Option<&str> {
        self.detail.as_ref()?.excerpt()
    }

    /// Where an answer with a status of 3xx says to go.
    pub fn redirect_location(&self) -> Option<&str> {
        self.detail.as_ref()?.location()
    }
}

impl fmt::Display for DynamicServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_answer(&self.code, self.message.as_deref(), Some(&self.response), f)?;
        self.detail.as_ref().map_or(Ok(()), |detail| detail.fmt(f))?;
        write_facts(Some(&self.response), self.host.as_ref().map(Authority::as_str), self.attempts, f)
    }
}

impl std::error::Error for DynamicServiceError {}

impl DynamicError {
    /// The error that the service answered with.
    pub fn service_error(&self) -> Option<&DynamicServiceError> {
        match self {
            Self::Service(error) => Some(error),
            Self::Decode(_) | Self::Encode(_) | Self::Input(_) | Self::UnknownOperation { .. } => None,
            #[cfg(feature = "client-core")]
            Self::Client(_) => None,
        }
    }

    /// The code of the service's answer; the HTTP status where it has none.
    pub fn code(&self) -> Option<&str> {
        Some(&self.service_error()?.code)
    }

    /// The message of the service's answer.
    pub fn message(&self) -> Option<&str> {
        self.service_error()?.message.as_deref()
    }
}

impl fmt::Display for DynamicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(error) => error.fmt(f),
            Self::Decode(error) => write!(f, "the response cannot be read: {error}"),
            Self::Encode(error) => write!(f, "it cannot be sent or written: {error}"),
            Self::Input(error) => write!(f, "the JSON does not fit the operation: {error}"),
            Self::UnknownOperation { service, operation } => {
                write!(f, "{service} has no operation `{}`", OneLine(operation))
            }
            #[cfg(feature = "client-core")]
            Self::Client(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for DynamicError {}

impl From<RequestError> for DynamicError {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::Input(error) => Self::Input(error),
            RequestError::Encode(error) => Self::Encode(error),
        }
    }
}
