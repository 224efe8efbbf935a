//! Errors in words of ours, with the library's below them.

use crate::client::{TransportError, TransportErrorKind};
use std::error::Error as StdError;
use std::fmt;
use std::io;

type Cause = Box<dyn StdError + Send + Sync>;

/// What was tried, and why it failed.
#[derive(Debug)]
struct Explained {
    message: String,
    cause: Option<Cause>,
}

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Explained {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

/// An error that says in `message` what was tried.
pub(in crate::client) fn failure(kind: TransportErrorKind, message: String, cause: impl Into<Cause>) -> TransportError {
    TransportError::new(kind, Explained { message, cause: Some(cause.into()) })
}

/// No connection along `route`, or to the proxy on it.
pub(in crate::client) fn not_connected(route: impl fmt::Display, cause: impl Into<Cause>) -> TransportError {
    failure(TransportErrorKind::Connect, route.to_string(), cause)
}

/// No TLS with `target`.
pub(in crate::client) fn tls_refused(target: impl fmt::Display, cause: impl Into<Cause>) -> TransportError {
    let cause = cause.into();
    let ended = cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof);
    let cause = if ended { Cause::from("it closes the connection before TLS has begun") } else { cause };
    let advice = match cause.to_string() {
        text if text.contains("UnknownIssuer") => {
            ", whose issuer is not among the root certificates (to trust it, name a file with its root in \
             AWS_CA_BUNDLE or give it to `HttpOptions::root_certificate`)"
        }
        text if text.contains("InvalidContentType") => ", which seems not to speak TLS (perhaps http:// is meant)",
        _ => "",
    };
    failure(TransportErrorKind::Connect, format!("TLS with `{target}`{advice}"), cause)
}

/// `options` do not hold together, or the request is not one for HTTP.
pub(in crate::client) fn unusable(message: impl Into<String>) -> TransportError {
    TransportError::new(TransportErrorKind::Request, message.into())
}

/// A body above the limit.
pub(in crate::client) fn too_large(limit: u64) -> TransportError {
    TransportError::new(
        TransportErrorKind::Response,
        format!("the body is longer than {limit} bytes (`HttpOptions::max_response_bytes`)"),
    )
}
