//! How a server is reached.

use super::HttpOptions;
use super::origin::Origin;
use super::proxy::Proxy;
use crate::client::TransportError;
use http::Uri;
use std::fmt;
use std::sync::Arc;

/// A server, and the proxy on the way to it.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::client) struct Route {
    pub(in crate::client) origin: Origin,
    pub(in crate::client) proxy: Option<Arc<Proxy>>,
}

impl Route {
    /// The way to the server of `uri`; with `direct` through no proxy, whatever `options` say.
    ///
    /// # Errors
    /// When the URI names no server, or the proxy for it cannot be used.
    pub(in crate::client) fn of(options: &HttpOptions, uri: &Uri, direct: bool) -> Result<Self, TransportError> {
        let origin = Origin::of(uri)?;
        let proxy = if direct { None } else { options.proxies.get(origin.https, origin.host(), origin.port)? };
        Ok(Self { origin, proxy })
    }

    /// Whom to connect to, in words.
    pub(in crate::client) fn first_hop(&self) -> String {
        match &self.proxy {
            None => format!("`{}`", self.origin),
            Some(proxy) => format!("the proxy `{proxy}`"),
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.proxy {
            None => write!(f, "`{}`", self.origin),
            Some(proxy) => write!(f, "`{}` through the proxy `{proxy}`", self.origin),
        }
    }
}
