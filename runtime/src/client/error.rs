//! What keeps a client from an answer.

use super::credentials::CredentialsError;
use super::signing::SigningError;
use super::transport::{TransportError, TransportErrorKind};
#[cfg(feature = "validate")]
use crate::Violations;
use crate::endpoint::EndpointError;
use crate::one_line::{Message, OneLine};
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// Why a call came to no answer.
#[derive(Debug)]
#[non_exhaustive]
pub enum ClientError {
    /// The configuration lacks something, or has something that cannot be used.
    Config(ConfigError),
    /// There are no credentials to sign with.
    Credentials(CredentialsError),
    /// The request cannot be signed.
    Signing(SigningError),
    /// There is no endpoint for this configuration.
    Endpoint(EndpointError),
    /// An [`Interceptor`](super::Interceptor) does not let the request be sent.
    Interceptor(InterceptorError),
    /// The network, or whoever answered, failed.
    Transport(TransportError),
    /// It took longer than allowed.
    Timeout {
        /// Which limit it was.
        limit: TimeLimit,
        /// How long it is.
        after: Duration,
    },
    /// The adaptive retry mode lets no request be sent in the time that the call has left.
    RateLimit {
        /// How long the call would have had to wait.
        pause: Duration,
        /// How much time it has left.
        left: Duration,
    },
    /// The pages of an operation do not go on as they should.
    Pagination(PaginationError),
    /// The input has what its model does not allow, and nothing was sent: see `Config::builder().validate(true)`.
    #[cfg(feature = "validate")]
    Invalid(Violations),
}

/// Time limits of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeLimit {
    /// The whole call, with all attempts and the pauses between them.
    Call,
    /// One attempt.
    Attempt,
}

/// Why a series of pages cannot go on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PaginationError {
    /// The service answered with a token that it has given before: its pages would never end.
    RepeatedToken,
    /// A resume token is not one of this operation.
    InvalidResumeToken,
    /// The operation has no member that limits the size of a page.
    NoPageSize,
}

impl ClientError {
    /// Whether a time limit was the reason.
    pub fn is_timeout(&self) -> bool {
        match self {
            Self::Timeout { .. } | Self::RateLimit { .. } => true,
            Self::Transport(error) => error.kind() == TransportErrorKind::Timeout,
            _ => false,
        }
    }

    /// Whether the same call may succeed if it is tried again.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Timeout { .. } | Self::RateLimit { .. } => true,
            Self::Transport(error) => error.is_transient(),
            _ => false,
        }
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => error.fmt(f),
            Self::Credentials(error) => error.fmt(f),
            Self::Signing(error) => error.fmt(f),
            Self::Endpoint(error) => write!(f, "no endpoint: {error}"),
            Self::Interceptor(error) => error.fmt(f),
            Self::Transport(error) => error.fmt(f),
            Self::Timeout { limit: TimeLimit::Call, after } => write!(f, "the call took longer than {after:?}"),
            Self::Timeout { limit: TimeLimit::Attempt, after } => write!(f, "no answer within {after:?}"),
            Self::RateLimit { pause, left } => write!(
                f,
                "the service throttles, so the next request may be sent in {pause:.1?}, and the call has {left:.1?} left"
            ),
            Self::Pagination(error) => error.fmt(f),
            #[cfg(feature = "validate")]
            Self::Invalid(violations) => {
                write!(f, "the model does not allow the input, so it was not sent: ")?;
                Message(violations.in_one_line()).fmt(f)
            }
        }
    }
}

/// Without a source, since `Display` has all causes; the variants hold them as values.
impl StdError for ClientError {}

impl fmt::Display for PaginationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RepeatedToken => "the service repeats a page token, so its pages would never end",
            Self::InvalidResumeToken => "the resume token is damaged, or belongs to another operation",
            Self::NoPageSize => "the operation has no member that limits the size of a page",
        })
    }
}

impl StdError for PaginationError {}

impl From<ConfigError> for ClientError {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

/// An error in a configuration, with the way to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(String);

impl ConfigError {
    /// An error in a line that says what is wrong and what to do.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Message(&self.0).fmt(f)
    }
}

impl StdError for ConfigError {}

/// Why an interceptor does not let a request be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterceptorError(String);

impl InterceptorError {
    /// An error in a line that says what is wrong and what to do.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for InterceptorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an interceptor stopped the call: {}", OneLine(&self.0))
    }
}

impl StdError for InterceptorError {}
