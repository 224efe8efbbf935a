//! Where a request goes.

use super::failure::unusable;
use crate::client::TransportError;
use http::Uri;
use http::uri::{Authority, Scheme};
use std::fmt;

/// A server: requests to the same may share connections.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::client) struct Origin {
    pub(in crate::client) https: bool,
    pub(in crate::client) authority: Authority,
}

impl Origin {
    /// The server of `uri`.
    ///
    /// # Errors
    /// When it names none that HTTP has.
    pub(in crate::client) fn of(uri: &Uri) -> Result<Self, TransportError> {
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(unusable("its URI is not absolute"));
        };
        let https = *scheme == Scheme::HTTPS;
        if !https && *scheme != Scheme::HTTP {
            return Err(unusable(format!("its scheme is `{scheme}`, not `https` or `http`")));
        }
        if authority.as_str().contains('@') {
            return Err(unusable("its URI has a user, and HTTP no place for it"));
        }
        Ok(Self { https, authority: authority.clone() })
    }

    /// As in the URI: an IPv6 address is in brackets.
    pub(in crate::client) fn host(&self) -> &str {
        self.authority.host()
    }

    /// The scheme's, if the URI has none.
    pub(in crate::client) fn port(&self) -> u16 {
        self.authority.port_u16().unwrap_or(if self.https { 443 } else { 80 })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host(), self.port())
    }
}
