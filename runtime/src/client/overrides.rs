//! The part of the configuration that a call has of its own.

use super::retry::RetryConfig;
use crate::Protocol;
use http::{HeaderName, HeaderValue};
use std::time::Duration;

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
