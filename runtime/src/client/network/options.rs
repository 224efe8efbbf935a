//! How to reach servers.

use super::failure::unusable;
use super::proxy::{Proxies, Proxy};
use super::resolve::Resolver;
use super::roots;
use crate::client::TransportError;
use std::path::Path;
use std::time::Duration;

/// How the HTTP transports reach servers.
///
/// [`HttpOptions::default`] looks at nothing outside; `HttpOptions::default().proxy_from_env()` is what most programs
/// want. Servers are trusted if one of Mozilla's root certificates, which are built in, says so. With the feature
/// `native-certs` those of the operating system take their place, or those of the file that the environment variable
/// SSL_CERT_FILE names; they are read once per process, with the first connection over HTTPS.
///
/// What is not set here is at its default, or stays as it is where options are adjusted: see
/// [`ConfigBuilder::http`](crate::client::ConfigBuilder::http).
#[derive(Clone, Debug, Default)]
pub struct HttpOptions {
    connect_timeout: Option<Duration>,
    idle_timeout: Option<Duration>,
    max_idle_per_host: Option<usize>,
    max_response_bytes: Option<u64>,
    pub(in crate::client) roots: roots::Roots,
    pub(in crate::client) proxies: Proxies,
    pub(in crate::client) resolver: Resolver,
}

/// The numbers among the options.
#[derive(Clone, Copy, Debug)]
pub(in crate::client) struct HttpLimits {
    pub(in crate::client) connect_timeout: Duration,
    pub(in crate::client) idle_timeout: Duration,
    pub(in crate::client) max_idle_per_host: usize,
    pub(in crate::client) max_response_bytes: u64,
}

impl HttpOptions {
    /// How long to try to connect, from the lookup of the name to the end of the TLS handshake; 3.1 s by default, just
    /// above the first retransmission of TCP.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// How long a connection may wait for its next request; 60 s by default.
    ///
    /// There are no background tasks: a connection that has waited too long, or that the server has closed, is closed
    /// with the next request of its transport, or by `close_idle` of the transport.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = Some(timeout);
        self
    }

    /// How many connections to a host may wait for their next request; 64 by default. There is no limit for those in
    /// use.
    pub fn max_idle_per_host(mut self, connections: usize) -> Self {
        self.max_idle_per_host = Some(connections);
        self
    }

    /// How long the body of a response may be; 16 MiB by default, far above what these services send.
    ///
    /// It bounds memory too: what a body is read into takes at most some 16 MiB, and 16 bytes for each of the body, beside
    /// its text.
    pub fn max_response_bytes(mut self, bytes: u64) -> Self {
        self.max_response_bytes = Some(bytes);
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
        self.proxies.set(Proxy::parse(url, "the proxy").map_err(unusable)?);
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
    /// Loopback and link-local addresses are reached without a proxy: those of the proxy are others. So are AWS's local
    /// addresses in `fd00:ec2::/32`. A variable that names no proxy of the form that [`Self::proxy`] takes is an error of
    /// the requests that would go through it, and of no others.
    pub fn proxy_from_env(self) -> Self {
        self.proxy_from(|name| std::env::var(name).ok())
    }

    /// The same from variables that `get` reads.
    pub(in crate::client) fn proxy_from(mut self, get: impl Fn(&str) -> Option<String>) -> Self {
        self.proxies = Proxies::from_env(get);
        self
    }

    /// These options, with what `other` sets in their place. Root certificates are added to those that are there.
    pub(in crate::client) fn adjusted_by(self, other: Self) -> Self {
        Self {
            connect_timeout: other.connect_timeout.or(self.connect_timeout),
            idle_timeout: other.idle_timeout.or(self.idle_timeout),
            max_idle_per_host: other.max_idle_per_host.or(self.max_idle_per_host),
            max_response_bytes: other.max_response_bytes.or(self.max_response_bytes),
            roots: self.roots.adjusted_by(other.roots),
            proxies: self.proxies.adjusted_by(other.proxies),
            resolver: self.resolver,
        }
    }

    pub(in crate::client) fn limits(&self) -> HttpLimits {
        HttpLimits {
            connect_timeout: self.connect_timeout.unwrap_or(Duration::from_millis(3100)).min(FAR),
            idle_timeout: self.idle_timeout.unwrap_or(Duration::from_secs(60)).min(FAR),
            max_idle_per_host: self.max_idle_per_host.unwrap_or(64),
            max_response_bytes: self.max_response_bytes.unwrap_or(DEFAULT_MAX_RESPONSE_BYTES),
        }
    }
}

/// Below `usize` on every machine, and far above any list of resources.
const DEFAULT_MAX_RESPONSE_BYTES: u64 = 16 << 20;

/// A time that nobody lives to see the end of, and that clocks can still count to: 30 years.
pub(in crate::client) const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
