//! What a request calls, for who records calls and answers them from recordings.

use super::{DynamicOperation, ErrorValue, InputValue, RequestError};
use crate::parts::Parts;
use crate::redacted::{Redacted, Secrets};
use crate::respond::{respond, respond_code, respond_said};
use crate::response::{NoOutput, judged, read_response};
use crate::{DecodeError, Document, EncodeError, Operation, OperationDescription, Protocol, Reader, Value, Writer};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use std::fmt;
use std::sync::Arc;

/// Which operation a request calls, and with what: one of the request's extensions. So nobody has to read a request to
/// know, and what a protocol cannot say is known nevertheless.
#[derive(Clone)]
pub(crate) struct CalledOperation {
    operation: DynamicOperation,
    input: Arc<dyn InputValue>,
    protocol: Protocol,
}

/// What an answer says.
pub(crate) enum Answered {
    Output(Redacted),
    /// An error, with the members of its shape.
    Error(ErrorFacts, Redacted),
    Unreadable(DecodeError),
}

/// What an error says besides the members of its shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ErrorFacts {
    pub status: StatusCode,
    pub code: String,
    /// The name of its shape, where modelled.
    pub shape: Option<String>,
    pub message: Option<String>,
}

/// What the writer of an input puts in the place of its tokens, to find them.
const TOKEN: &str = "a token";
/// Where errors of services compatible with awsQuery have their code.
const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");

impl CalledOperation {
    /// A call of an operation by name.
    pub fn new(operation: DynamicOperation, input: &dyn InputValue, protocol: Protocol) -> Self {
        Self { operation, input: input.kept(), protocol }
    }

    /// A call of a client.
    pub fn of<I: Operation>(input: &I, protocol: Protocol) -> Self {
        Self::new(DynamicOperation::of::<I>(), input, protocol)
    }

    pub fn description(&self) -> &'static OperationDescription {
        self.operation.description
    }

    /// The input without its secrets.
    pub fn input(&self, secrets: &Secrets) -> Result<Redacted, EncodeError> {
        Writer::redact(&*self.input, secrets, self.tokens())
    }

    /// The input that a recording has of such a call.
    pub fn recorded_input(&self, input: &[u8]) -> Result<Redacted, RequestError> {
        let input = self.operation.read_input(input)?;
        Writer::redact(&*input, &Secrets::default(), self.tokens()).map_err(RequestError::Encode)
    }

    /// The names of the members that make a call unique.
    fn tokens(&self) -> Vec<String> {
        let mut input = (self.operation.input)();
        input.fill_tokens(&mut || TOKEN.to_owned());
        let mut writer = Writer::dynamic_json();
        input.write(&mut writer);
        let text = writer.finish().unwrap_or_default();
        match Reader::dynamic_json(&text).document() {
            Document::Object(members) => {
                let tokens = members.into_iter().filter(|(_, value)| *value == Document::from(TOKEN));
                tokens.map(|(name, _)| name).collect()
            }
            Document::Null | Document::Bool(_) | Document::Number(_) | Document::String(_) | Document::Array(_) => {
                Vec::new()
            }
        }
    }

    /// What a response says, without its secrets.
    pub fn answer(&self, parts: &Parts<'_>, secrets: &Secrets) -> Result<Answered, EncodeError> {
        let description = self.operation.description;
        let parts = judged(description, self.protocol, parts);
        let mut output = (self.operation.output)();
        let error = match read_response(description, self.protocol, &parts, &mut *output) {
            Ok(()) => return Writer::redact(&*output, secrets, Vec::new()).map(Answered::Output),
            Err(NoOutput::Decode(error)) => return Ok(Answered::Unreadable(error)),
            Err(NoOutput::Service(error)) => error,
        };
        let (modelled, _) = self.operation.modelled(&error, &parts);
        let members = match modelled.members() {
            Some(members) => Writer::redact(members, secrets, Vec::new())?,
            None => Redacted::Object(Vec::new()),
        };
        let shape = modelled.shape().map(str::to_owned);
        Ok(Answered::Error(
            ErrorFacts { status: parts.status, code: error.code, shape, message: error.message },
            members,
        ))
    }

    /// The response with an output in JSON.
    pub fn output(&self, output: &[u8]) -> Result<Response<Vec<u8>>, RequestError> {
        let mut value = (self.operation.output)();
        read_strictly(&mut *value, output)?;
        respond(self.operation.description, self.protocol, &*value).map_err(RequestError::Encode)
    }

    /// The response with an error, whose members are in JSON.
    pub fn error(&self, facts: &ErrorFacts, members: &[u8]) -> Result<Response<Vec<u8>>, RequestError> {
        let message = facts.message.as_deref();
        let Some(shape) = &facts.shape else {
            let response = respond_code(self.protocol, &facts.code, message).map_err(RequestError::Encode)?;
            return Ok(with_status(response, facts.status));
        };
        let error = self.modelled_error(shape, members)?;
        let is_compatible = self.operation.description.service.query_compatible;
        let name = if is_compatible { shape } else { &facts.code };
        let response = respond_said(self.protocol, name, message, error.members().unwrap_or(&Document::Null));
        let mut response = response.map_err(RequestError::Encode)?;
        if is_compatible
            && *shape != facts.code
            && let Ok(code) = HeaderValue::from_str(&format!("{};Sender", facts.code))
        {
            response.headers_mut().insert(QUERY_ERROR, code);
        }
        Ok(with_status(response, facts.status))
    }

    fn modelled_error(&self, shape: &str, members: &[u8]) -> Result<Box<dyn ErrorValue>, RequestError> {
        let mut error = (self.operation.error)(shape);
        match error.members_mut() {
            Some(value) => read_strictly(value, members)?,
            None => {
                let service = self.operation.description.service.service_id;
                return Err(RequestError::Input(DecodeError::new(format!("{service} has no error `{shape}`"), 0)));
            }
        }
        Ok(error)
    }
}

fn with_status(mut response: Response<Vec<u8>>, status: StatusCode) -> Response<Vec<u8>> {
    *response.status_mut() = status;
    response
}

fn read_strictly(value: &mut dyn Value, text: &[u8]) -> Result<(), RequestError> {
    let mut reader = Reader::dynamic_json(text);
    value.read(&mut reader);
    reader.finish().map_err(RequestError::Input)
}

/// Without the input, which may be secret.
impl fmt::Debug for CalledOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CalledOperation").field("operation", &self.operation.description.name).finish_non_exhaustive()
    }
}
