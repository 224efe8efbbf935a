//! How a server is reached.

use super::HttpOptions;
use super::failure::failure;
use super::origin::Origin;
use super::proxy::Proxy;
use crate::client::{TransportError, TransportErrorKind};
use http::Uri;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

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

    /// The host at the other end of a socket, the server's or the proxy's, has no address.
    pub(in crate::client) fn unknown_host(
        &self,
        host: &str,
        cause: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> TransportError {
        let of_proxy = if self.proxy.is_some() { " of the proxy" } else { "" };
        let message = format!("the name `{host}`{of_proxy} cannot be resolved");
        let error = failure(TransportErrorKind::Connect, message, cause);
        if self.proxy.is_some() { error } else { error.unknown_host() }
    }

    /// There is no connection in time.
    pub(in crate::client) fn timed_out(&self, limit: Duration) -> TransportError {
        TransportError::new(TransportErrorKind::Timeout, format!("no connection to {self} within {limit:?}"))
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

#[cfg(all(test, feature = "blocking", feature = "credentials"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::client::network::resolve::Resolver;
    use crate::client::{BlockingHttpTransport, Config, Credentials, HttpOptions, RetryConfig};
    use crate::identity::sts::blocking::Client;
    use crate::identity::sts::types::GetCallerIdentityInput;
    use std::io;

    /// What a call says where no host has an address.
    fn told(adjust: impl FnOnce(crate::client::ConfigBuilder) -> crate::client::ConfigBuilder) -> String {
        let mut options = HttpOptions::default();
        options.resolver = Resolver::new(|_, _| Err(io::Error::other("no such name")));
        let config = Config::builder()
            .region("eu-wst-1")
            .credentials(Credentials::new("AKIAIOSFODNN7EXAMPLE", "example"))
            .retry(RetryConfig::disabled())
            .blocking_transport(BlockingHttpTransport::new(options));
        Client::new(&adjust(config).build()).call(GetCallerIdentityInput::new()).send().unwrap_err().to_string()
    }

    #[test]
    fn who_has_mistyped_the_region_is_asked() {
        let line = "GetCallerIdentity: no connection to the server: the name `sts.eu-wst-1.amazonaws.com` cannot be \
                    resolved: no such name (is `eu-wst-1` the region, and is the service there?)";
        assert_eq!(told(|config| config), line);
        let own = told(|config| config.endpoint_url("http://sts.eu-wst-1.example"));
        assert!(own.ends_with("`sts.eu-wst-1.example` cannot be resolved: no such name"), "{own}");
    }
}
