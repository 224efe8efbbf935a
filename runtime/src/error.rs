//! Why a call failed.

#[cfg(feature = "client-core")]
use crate::client::ClientError;
use crate::description::OperationDescription;
use crate::one_line::OneLine;
use crate::parts::{Parts, ResponseMetadata};
use crate::response::{Detail, ErrorResponse};
use crate::sealed::Generated;
use crate::writer::REDACTED;
use crate::{DecodeError, EncodeError, Value, Writer, scan_error_fields};
use http::StatusCode;
#[cfg(feature = "client-core")]
use http::uri::Authority;
use std::fmt;

/// The modelled errors of a service, as the generated `ServiceError` enums have them.
///
/// Sealed: only generated types implement it. It gets more items in minor releases.
pub trait ServiceError: Generated + Clone + fmt::Debug + PartialEq + Send + Sync + 'static {
    /// An empty error of the shape with this name or code, or the unmodelled one.
    fn from_code(code: &str) -> Self;

    /// The members of a modelled error.
    fn members(&self) -> Option<&dyn Value>;

    /// The members of a modelled error, to be read.
    fn members_mut(&mut self) -> Option<&mut dyn Value>;

    /// Name of the modelled error's shape.
    fn shape(&self) -> Option<&'static str>;

    /// What the model says of retries, if it says anything.
    fn retry(&self) -> Option<Retry> {
        None
    }
}

/// Whether the same call may succeed later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Retry {
    /// Temporary: another try may succeed.
    Transient,
    /// The service is asked too often: another try may succeed later.
    Throttling,
    /// Permanent: another try fails as well, even where other services use the same code or status for something temporary.
    Never,
}

/// Why a call failed; `E` has the modelled errors of the service.
pub struct Error<E>(Box<Inner<E>>);

struct Inner<E> {
    operation: &'static OperationDescription,
    kind: ErrorKind<E>,
    response: Option<ResponseMetadata>,
    /// Of an answer of the service.
    detail: Option<Detail>,
    attempts: u32,
    /// Who was called last, where somebody was.
    #[cfg(feature = "client-core")]
    host: Option<Authority>,
}

/// The kinds of failure.
#[non_exhaustive]
pub enum ErrorKind<E> {
    /// The service answered with an error.
    Service {
        /// Its code; the HTTP status where the answer has none.
        code: String,
        /// Its message, if it has one.
        message: Option<String>,
        /// Its shape and members, where modelled.
        error: E,
    },
    /// The input cannot be sent.
    Encode(EncodeError),
    /// The answer cannot be read.
    Decode(DecodeError),
    /// The client could not call, or got no answer.
    #[cfg(feature = "client-core")]
    Client(ClientError),
}

impl<E: ServiceError> Error<E> {
    fn new(operation: &'static OperationDescription, response: Option<ResponseMetadata>, kind: ErrorKind<E>) -> Self {
        Self(Box::new(Inner {
            operation,
            kind,
            response,
            detail: None,
            attempts: 1,
            #[cfg(feature = "client-core")]
            host: None,
        }))
    }

    /// An input that cannot be sent.
    pub fn encode(operation: &'static OperationDescription, error: EncodeError) -> Self {
        Self::new(operation, None, ErrorKind::Encode(error))
    }

    /// An answer that cannot be read.
    pub fn decode(operation: &'static OperationDescription, response: ResponseMetadata, error: DecodeError) -> Self {
        Self::new(operation, Some(response), ErrorKind::Decode(error))
    }

    pub(crate) fn service(
        operation: &'static OperationDescription,
        parts: &Parts<'_>,
        response: ErrorResponse,
    ) -> Self {
        let error = modelled(&response, parts);
        let ErrorResponse { code, message, detail, .. } = response;
        let mut failure = Self::new(operation, Some(parts.metadata()), ErrorKind::Service { code, message, error });
        failure.0.detail = detail;
        failure
    }

    /// A call that came to no answer.
    #[cfg(feature = "client-core")]
    pub fn client(operation: &'static OperationDescription, error: ClientError) -> Self {
        Self::new(operation, None, ErrorKind::Client(error))
    }

    #[cfg(feature = "client-core")]
    pub(crate) fn set_call(&mut self, attempts: u32, host: Option<&Authority>) {
        self.0.attempts = attempts;
        self.0.host = host.cloned();
    }

    /// The host that was called, with its port where that is not the usual one; nothing where none was found. Of a server
    /// of one's own, or a proxy that answers for the service, this tells who it was.
    #[cfg(feature = "client-core")]
    pub fn host(&self) -> Option<&str> {
        self.0.host.as_ref().map(Authority::as_str)
    }

    /// The number of attempts; 1 if the call ended before anything was sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Why the client has no answer of the service, if it has none.
    #[cfg(feature = "client-core")]
    pub fn client_error(&self) -> Option<&ClientError> {
        match &self.0.kind {
            ErrorKind::Client(error) => Some(error),
            _ => None,
        }
    }

    /// Whether a time limit ended the call or its last attempt.
    #[cfg(feature = "client-core")]
    pub fn is_timeout(&self) -> bool {
        self.client_error().is_some_and(ClientError::is_timeout)
    }

    /// The operation that failed.
    pub fn operation(&self) -> &'static OperationDescription {
        self.0.operation
    }

    /// The kind of failure.
    pub fn kind(&self) -> &ErrorKind<E> {
        &self.0.kind
    }

    /// The modelled error, if the service answered with one, or the unmodelled.
    pub fn service_error(&self) -> Option<&E> {
        match &self.0.kind {
            ErrorKind::Service { error, .. } => Some(error),
            _ => None,
        }
    }

    /// The code of the service's answer; the HTTP status where it has none.
    pub fn code(&self) -> Option<&str> {
        match &self.0.kind {
            ErrorKind::Service { code, .. } => Some(code),
            _ => None,
        }
    }

    /// The message of the service's answer.
    pub fn message(&self) -> Option<&str> {
        match &self.0.kind {
            ErrorKind::Service { message, .. } => message.as_deref(),
            _ => None,
        }
    }

    /// The beginning of an error's body that has neither code nor message: a proxy or a gateway may have sent it, and not
    /// the service. Of an HTML page it is the title or the text. At most 4 kB, as it came.
    pub fn body_excerpt(&self) -> Option<&str> {
        self.0.detail.as_ref()?.excerpt()
    }

    /// Where an answer with a status of 3xx says to go. No redirect is followed: a signature is valid for one host.
    pub fn redirect_location(&self) -> Option<&str> {
        self.0.detail.as_ref()?.location()
    }

    /// The request id, to quote to AWS support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.response.as_ref()?.request_id.as_deref()
    }

    /// HTTP status of the answer, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.response.as_ref().map(|response| response.status)
    }

    /// Whether the service refuses these credentials the operation or the resource.
    pub fn is_access_denied(&self) -> bool {
        self.code().is_some_and(|code| ACCESS_CODES.contains(&code))
    }

    /// Whether the service says that it is asked too often.
    pub fn is_throttling(&self) -> bool {
        self.answered().is_throttling()
    }

    /// Whether the same call may succeed if it is tried again.
    pub fn is_retryable(&self) -> bool {
        self.answered().is_retryable() || self.is_passing_failure()
    }

    #[cfg(feature = "client-core")]
    fn called_host(&self) -> Option<&str> {
        self.host()
    }

    /// Without a client, nobody was called.
    #[cfg(not(feature = "client-core"))]
    fn called_host(&self) -> Option<&str> {
        None
    }

    fn answered(&self) -> AnsweredError<'_> {
        let error = self.service_error();
        AnsweredError {
            retry: error.and_then(ServiceError::retry),
            is_modelled: error.is_some_and(|error| error.shape().is_some()),
            code: self.code(),
            status: self.status(),
        }
    }

    #[cfg(feature = "client-core")]
    fn is_passing_failure(&self) -> bool {
        self.client_error().is_some_and(ClientError::is_transient)
    }

    #[cfg(not(feature = "client-core"))]
    fn is_passing_failure(&self) -> bool {
        false
    }
}

/// What an answer says of another try.
pub(crate) struct AnsweredError<'e> {
    /// What the model says, if it says anything.
    pub retry: Option<Retry>,
    /// Whether the model has the error.
    pub is_modelled: bool,
    pub code: Option<&'e str>,
    pub status: Option<StatusCode>,
}

impl AnsweredError<'_> {
    pub fn is_throttling(&self) -> bool {
        match self.retry {
            Some(Retry::Throttling) => true,
            Some(Retry::Never) => false,
            _ if self.code.is_some_and(|code| THROTTLING_CODES.contains(&code)) => true,
            Some(Retry::Transient) => false,
            // The status speaks for errors that the model does not know.
            None => self.status == Some(StatusCode::TOO_MANY_REQUESTS) && !self.is_modelled,
        }
    }

    pub fn is_retryable(&self) -> bool {
        match self.retry {
            Some(Retry::Transient | Retry::Throttling) => true,
            Some(Retry::Never) => false,
            None => {
                self.is_throttling()
                    || self.status.is_some_and(|status| matches!(status.as_u16(), 500 | 502 | 503 | 504))
                    || self.code.is_some_and(|code| TRANSIENT_CODES.contains(&code))
            }
        }
    }
}

/// The error's shape with its members. A body that does not fit the shape
/// leaves them empty: code and message are worth more than a decode error.
fn modelled<E: ServiceError>(response: &ErrorResponse, parts: &Parts<'_>) -> E {
    let mut error = E::from_code(&response.shape);
    if error.shape().is_none() && response.code != response.shape {
        error = E::from_code(&response.code);
    }
    if let Some(members) = error.members_mut()
        && !response.read_members(parts, members)
    {
        return error.shape().map_or(error.clone(), E::from_code);
    }
    error
}

/// Codes by which services refuse what credentials are not allowed.
const ACCESS_CODES: &[&str] =
    &["AccessDenied", "AccessDeniedException", "UnauthorizedException", "UnauthorizedOperation"];

/// Codes that all AWS SDKs take for throttling.
const THROTTLING_CODES: &[&str] = &[
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
];

/// Whether all AWS SDKs take a code for throttling.
#[cfg(feature = "client-core")]
pub(crate) fn is_throttling_code(code: &str) -> bool {
    THROTTLING_CODES.contains(&code)
}

/// Codes that all AWS SDKs take for passing faults.
const TRANSIENT_CODES: &[&str] = &["RequestTimeout", "RequestTimeoutException"];

impl<E: ServiceError> fmt::Debug for ErrorKind<E> {
    /// A message that the model calls a secret is redacted, as members are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service { code, message, error } => {
                let redacted = hides_message(error).then_some(REDACTED);
                let message = redacted.or(message.as_deref());
                f.debug_struct("Service").field("code", code).field("message", &message).field("error", error).finish()
            }
            Self::Encode(error) => f.debug_tuple("Encode").field(error).finish(),
            Self::Decode(error) => f.debug_tuple("Decode").field(error).finish(),
            #[cfg(feature = "client-core")]
            Self::Client(error) => f.debug_tuple("Client").field(error).finish(),
        }
    }
}

impl<E: ServiceError> fmt::Debug for Error<E> {
    /// The line that `Display` has, because that is what a `main` that fails and an `unwrap` show; all parts with `{:#?}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return fmt::Display::fmt(self, f);
        }
        let Inner { operation, kind, response, detail, attempts, .. } = &*self.0;
        f.debug_struct("Error")
            .field("service", &operation.service.service_id)
            .field("operation", &operation.name)
            .field("kind", kind)
            .field("response", response)
            .field("detail", detail)
            .field("attempts", attempts)
            .finish()
    }
}

impl<E: ServiceError> fmt::Display for Error<E> {
    /// One line with all that helps: operation, what happened and why, status and request id. Text from outside is
    /// cut, and what is no text in it is escaped; [`Error::message`] has it as it came.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { operation, kind, response, detail, attempts, .. } = &*self.0;
        write!(f, "{}: ", operation.name)?;
        match kind {
            ErrorKind::Service { code, message, error } => {
                let message = if hides_message(error) { Some(REDACTED) } else { message.as_deref() };
                write_answer(code, message, response.as_ref(), f)?;
            }
            ErrorKind::Encode(error) => write!(f, "the request cannot be built: {error}")?,
            ErrorKind::Decode(error) => write!(f, "the response cannot be read: {error}")?,
            #[cfg(feature = "client-core")]
            ErrorKind::Client(error) => write!(f, "{error}")?,
        }
        detail.as_ref().map_or(Ok(()), |detail| detail.fmt(f))?;
        write_facts(response.as_ref(), self.called_host(), *attempts, f)
    }
}

/// Whether the message is a secret, as the model of the error says.
fn hides_message<E: ServiceError>(error: &E) -> bool {
    error.members().and_then(shown_message_of).is_some_and(|message| message == REDACTED)
}

/// Code and message of an answer.
pub(crate) fn write_answer(
    code: &str,
    message: Option<&str>,
    response: Option<&ResponseMetadata>,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    write!(f, "{}", OneLine(code))?;
    if let Some(message) = message {
        return write!(f, ": {}", OneLine(message));
    }
    // A bare status: say what it means.
    let status = response.map(|response| response.status).filter(|status| status.as_str() == code);
    status.and_then(|status| status.canonical_reason()).map_or(Ok(()), |reason| write!(f, ": {reason}"))
}

/// What else is known of a call, in brackets.
pub(crate) fn write_facts(
    response: Option<&ResponseMetadata>,
    host: Option<&str>,
    attempts: u32,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut facts = Vec::new();
    if let Some(response) = response {
        // Who answered, where the answer does not say so itself: services have request ids, which others seldom have.
        let host = host.filter(|_| response.request_id.is_none());
        let host = host.map(|host| format!(" from {}", OneLine(host))).unwrap_or_default();
        facts.push(format!("HTTP {}{host}", response.status.as_str()));
        facts.extend(response.request_id.as_ref().map(|id| format!("request id {}", OneLine(id))));
    }
    if attempts > 1 {
        facts.push(format!("{attempts} attempts"));
    }
    if facts.is_empty() { Ok(()) } else { write!(f, " ({})", facts.join(", ")) }
}

/// An error without the type of its service, for those who look at calls of all services.
#[cfg(feature = "client-core")]
pub(crate) trait ErasedError {
    fn code(&self) -> Option<&str>;
    fn status(&self) -> Option<StatusCode>;
    fn request_id(&self) -> Option<&str>;
    fn client_error(&self) -> Option<&ClientError>;
    /// Whether there was an answer, which nobody can read.
    fn is_unreadable(&self) -> bool;
    /// The members of a modelled error.
    fn members(&self) -> Option<&dyn Value>;
    /// Why it failed, in words of ours: no text of an answer, which may repeat what was asked.
    fn write_reason(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

#[cfg(feature = "client-core")]
impl<E: ServiceError> ErasedError for Error<E> {
    fn code(&self) -> Option<&str> {
        self.code()
    }

    fn status(&self) -> Option<StatusCode> {
        self.status()
    }

    fn request_id(&self) -> Option<&str> {
        self.request_id()
    }

    fn client_error(&self) -> Option<&ClientError> {
        self.client_error()
    }

    fn is_unreadable(&self) -> bool {
        matches!(self.kind(), ErrorKind::Decode(_))
    }

    fn members(&self) -> Option<&dyn Value> {
        self.service_error()?.members()
    }

    fn write_reason(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let response = self.0.response.as_ref();
        match self.kind() {
            ErrorKind::Service { code, .. } => write_answer(code, None, response, f)?,
            ErrorKind::Encode(error) => write!(f, "the request cannot be built: {error}")?,
            ErrorKind::Decode(_) => f.write_str("the response cannot be read")?,
            // Those who were asked for them have answered too.
            ErrorKind::Client(ClientError::Credentials(_)) => f.write_str("there are no credentials")?,
            ErrorKind::Client(error) => fmt::Display::fmt(error, f)?,
        }
        write_facts(response, self.called_host(), self.attempts(), f)
    }
}

/// Without a source, since `Display` has all causes: [`Error::kind`] gives them as values.
impl<E: ServiceError> std::error::Error for Error<E> {}

/// For `service_error_type!`: name and message of a modelled error.
#[doc(hidden)]
pub fn write_service_error<E: ServiceError>(error: &E, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write_modelled(error.shape(), error.members(), f)
}

/// For `modelled_error!`: name and message of an error by itself.
#[doc(hidden)]
pub fn write_modelled_error(shape: &str, members: &dyn Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write_modelled(Some(shape), Some(members), f)
}

fn write_modelled(shape: Option<&str>, members: Option<&dyn Value>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(shape.unwrap_or("an error that the model does not have"))?;
    match members.and_then(shown_message_of) {
        Some(message) => write!(f, ": {}", OneLine(message)),
        None => Ok(()),
    }
}

/// The message among the members of an error, of which only their own code knows names and types; redacted where it is a
/// secret.
fn shown_message_of(members: &dyn Value) -> Option<String> {
    message_in(Writer::redacted_json(), members)
}

/// The same as it came.
#[cfg(feature = "test-util")]
pub(crate) fn message_of(members: &dyn Value) -> Option<String> {
    message_in(Writer::json(), members)
}

fn message_in(mut writer: Writer, members: &dyn Value) -> Option<String> {
    members.write(&mut writer);
    scan_error_fields(&writer.finish().ok()?, false).message
}

/// Makes the structure of a modelled error an error by itself, with the shape's name where that is another. Its `Display` is
/// name and message, in one line, and there is no source, as of the enum of all.
#[doc(hidden)]
#[macro_export]
macro_rules! modelled_error {
    ($name:ident) => {
        $crate::modelled_error!($name, stringify!($name));
    };
    ($name:ident, $shape:expr) => {
        impl ::core::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::__private::write_modelled_error($shape, self, f)
            }
        }

        impl ::std::error::Error for $name {}
    };
}
