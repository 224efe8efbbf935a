//! What both transports allow requests and responses to be.

use super::failure::unusable;
use crate::client::TransportError;
use http::HeaderMap;

/// How long the head of a response may be, in bytes.
pub(in crate::client) const MAX_HEAD_BYTES: usize = 64 << 10;

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
