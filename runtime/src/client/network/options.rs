//! How to reach servers.

use super::proxy::{Proxies, Proxy};
use super::roots;
use crate::client::TransportError;
use std::path::Path;
use std::time::Duration;

/// How the HTTP transports reach servers.
///
/// [`HttpOptions::default`] looks at nothing outside; `HttpOptions::default().proxy_from_env()?` is what most programs
/// want. Servers are trusted if one of Mozilla's root certificates, which are built in, says so. With the feature
/// `native-certs` those of the operating system take their place, or those of the file that the environment variable
/// SSL_CERT_FILE names; they are read once per process, with the first connection over HTTPS.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    pub(in crate::client) connect_timeout: Duration,
    pub(in crate::client) idle_timeout: Duration,
    pub(in crate::client) max_idle_per_host: usize,
    pub(in crate::client) max_response_bytes: u64,
    pub(in crate::client) roots: roots::Roots,
    pub(in crate::client) proxies: Proxies,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_millis(3100),
            idle_timeout: Duration::from_secs(60),
            max_idle_per_host: 64,
            max_response_bytes: 256 << 20,
            roots: roots::Roots::default(),
            proxies: Proxies::default(),
        }
    }
}

impl HttpOptions {
    /// How long to try to connect, from the lookup of the name to the end of the TLS handshake; 3.1 s by default, just
    /// above the first retransmission of TCP.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long a connection may wait for its next request; 60 s by default.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// How many connections to a host may wait for their next request; 64 by default. There is no limit for those in
    /// use.
    pub fn max_idle_per_host(mut self, connections: usize) -> Self {
        self.max_idle_per_host = connections;
        self
    }

    /// How long the body of a response may be; 256 MiB by default.
    pub fn max_response_bytes(mut self, bytes: u64) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// Trusts one more root certificate, in DER.
    ///
    /// # Errors
    /// When it is not in DER.
    pub fn root_certificate(mut self, der: impl Into<Vec<u8>>) -> Result<Self, TransportError> {
        self.roots.add(der.into())?;
        Ok(self)
    }

    /// Trusts the root certificates in a file, in PEM.
    ///
    /// # Errors
    /// When it cannot be read, or has none.
    pub fn root_certificate_file(mut self, file: impl AsRef<Path>) -> Result<Self, TransportError> {
        self.roots.add_file(file.as_ref())?;
        Ok(self)
    }

    /// Trusts only what is given to [`Self::root_certificate`] and [`Self::root_certificate_file`].
    pub fn only_these_roots(mut self) -> Self {
        self.roots.without_usual();
        self
    }

    /// Sends everything through a proxy: `http://user:password@host:port`, user and password as needed.
    ///
    /// Requests over HTTPS go through a tunnel (CONNECT): the proxy sees the name of the server, nothing else.
    ///
    /// # Errors
    /// When `url` is no such URL.
    pub fn proxy(mut self, url: &str) -> Result<Self, TransportError> {
        self.proxies.set(Proxy::parse(url, "the proxy")?);
        Ok(self)
    }

    /// Hosts to reach without the proxy, with commas between them: a name stands for all that end in it too, and
    /// `10.0.0.0/8` for a network, `*` for all.
    pub fn no_proxy(mut self, hosts: &str) -> Self {
        self.proxies.set_exceptions(hosts);
        self
    }

    /// Takes proxies from the environment variables HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, also in small
    /// letters.
    ///
    /// Loopback and link-local addresses are reached without a proxy: those of the proxy are others.
    ///
    /// # Errors
    /// When one names no proxy of the form that [`Self::proxy`] takes.
    pub fn proxy_from_env(self) -> Result<Self, TransportError> {
        self.proxy_from(|name| std::env::var(name).ok())
    }

    /// The same from variables that `get` reads.
    pub(in crate::client) fn proxy_from(
        mut self,
        get: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, TransportError> {
        self.proxies = Proxies::from_env(get)?;
        Ok(self)
    }
}
