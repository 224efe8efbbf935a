//! What both transports allow requests and responses to be.

use super::failure::unusable;
use crate::client::{TransportError, TransportErrorKind};
use http::HeaderMap;

/// How long the header fields of a response may be, in bytes.
const MAX_HEAD_BYTES: usize = 64 << 10;

/// How much of a head is read. Each library counts in its own way, so that this is above what is allowed, and
/// [`check_head`] decides.
pub(in crate::client) const MAX_HEAD_READ: usize = 96 << 10;

/// How many header fields a response may have: as many as ureq takes, which cannot be told otherwise.
#[cfg(feature = "client")]
pub(in crate::client) const MAX_HEADERS: usize = 128;

/// Sees to it that header values are ASCII that can be seen: others mean something else to each recipient (RFC 9110,
/// section 5.5), and come from a broken token or key.
///
/// # Errors
/// When one is not.
pub(in crate::client) fn check_headers(headers: &HeaderMap) -> Result<(), TransportError> {
    match headers.iter().find(|(_, value)| value.to_str().is_err()) {
        None => Ok(()),
        Some((name, _)) => Err(unusable(format!("the value of its header `{name}` is not all ASCII"))),
    }
}

/// Sees to it that the head of a response is no longer than allowed.
///
/// # Errors
/// When it is.
pub(in crate::client) fn check_head(headers: &HeaderMap) -> Result<(), TransportError> {
    // With `: ` and the end of the line.
    let length: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if length > MAX_HEAD_BYTES { Err(head_too_long()) } else { Ok(()) }
}

/// That the head of a response is longer than allowed.
pub(in crate::client) fn head_too_long() -> TransportError {
    TransportError::new(TransportErrorKind::Response, format!("its head is longer than {MAX_HEAD_BYTES} bytes"))
}
