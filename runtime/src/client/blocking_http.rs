//! The blocking client's transport: ureq.

use super::network::failure::{connect_timed_out, failure, not_connected, tls_refused, too_large, unknown_host};
use super::network::origin::Origin;
use super::network::proxy::Proxy;
use super::{BlockingTransport, HttpOptions, TransportError, TransportErrorKind};
use bytes::Bytes;
use http::{Method, Request, Response};
use std::error::Error as StdError;
use std::fmt;
use std::io::ErrorKind;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use ureq::config::{AutoHeaderValue, Config};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, AsSendBody, Timeout};

/// Sends requests over HTTP/1.1, with TLS (rustls) and without, while the calling thread waits.
///
/// Connections are kept for later requests to the same host. Redirects are not followed, bodies not decompressed, no
/// headers added but Host and Content-Length, unless they are there. Proxies are asked for a tunnel also for plain HTTP.
pub struct BlockingHttpTransport {
    options: HttpOptions,
    /// With plain HTTP root certificates are not needed, and not looked for.
    plain: Agent,
    tls: Mutex<Option<Agent>>,
}

impl BlockingHttpTransport {
    /// A transport with connections of its own.
    pub fn new(options: HttpOptions) -> Self {
        Self { plain: agent(&options, TlsConfig::default()), tls: Mutex::default(), options }
    }

    /// The agent for HTTPS, made when the first request needs it.
    fn tls(&self) -> Result<Agent, TransportError> {
        let mut tls = self.tls.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(agent) = &*tls {
            return Ok(agent.clone());
        }
        let roots = self.options.roots.certificates()?.map(|der| Certificate::from_der(der).to_owned());
        let config = TlsConfig::builder().root_certs(RootCerts::from(roots)).build();
        Ok(tls.insert(agent(&self.options, config)).clone())
    }

    fn exchange<B: AsSendBody>(
        &self,
        request: Request<B>,
        origin: &Origin,
        timeout: Option<Duration>,
    ) -> Result<Response<Bytes>, TransportError> {
        let agent = if origin.https { self.tls()? } else { self.plain.clone() };
        let proxy = match self.options.proxies.get(origin.https, origin.host(), origin.port()) {
            Some(proxy) => Some(proxy_of(proxy)?),
            None => None,
        };
        let request = agent.configure_request(request).proxy(proxy).timeout_global(timeout).build();
        let response = agent.run(request).map_err(|error| classify(error, origin, &self.options))?;
        let (head, mut body) = response.into_parts();
        let limit = self.options.max_response_bytes;
        if body.content_length().is_some_and(|length| length > limit) {
            return Err(too_large(limit));
        }
        // ureq's limit is the first length that is too much.
        let body = body.with_config().limit(limit.saturating_add(1)).read_to_vec();
        let body = body.map_err(|error| classify(error, origin, &self.options))?;
        Ok(Response::from_parts(head, body.into()))
    }
}

impl Default for BlockingHttpTransport {
    fn default() -> Self {
        Self::new(HttpOptions::default())
    }
}

impl BlockingTransport for BlockingHttpTransport {
    fn send(&self, request: Request<Bytes>, timeout: Option<Duration>) -> Result<Response<Bytes>, TransportError> {
        let origin = Origin::of(request.uri())?;
        let has_body =
            !request.body().is_empty() || matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
        let (head, body) = request.into_parts();
        if has_body {
            self.exchange(Request::from_parts(head, &*body), &origin, timeout)
        } else {
            self.exchange(Request::from_parts(head, ()), &origin, timeout)
        }
    }
}

impl fmt::Debug for BlockingHttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingHttpTransport").finish_non_exhaustive()
    }
}

fn agent(options: &HttpOptions, tls: TlsConfig) -> Agent {
    Config::builder()
        .tls_config(tls)
        .proxy(None)
        .http_status_as_error(false)
        .max_redirects(0)
        .user_agent(AutoHeaderValue::None)
        .accept(AutoHeaderValue::None)
        .accept_encoding(AutoHeaderValue::None)
        .timeout_connect(Some(options.connect_timeout))
        .max_idle_age(options.idle_timeout)
        .max_idle_connections_per_host(options.max_idle_per_host)
        // A client has few hosts; each is limited.
        .max_idle_connections(usize::MAX)
        .build()
        .into()
}

fn proxy_of(proxy: &Proxy) -> Result<ureq::Proxy, TransportError> {
    ureq::Proxy::new(&proxy.url).map_err(|error| failure(TransportErrorKind::Request, format!("`{proxy}`"), error))
}

fn classify(error: ureq::Error, origin: &Origin, options: &HttpOptions) -> TransportError {
    use ureq::Error;
    match error {
        Error::Io(error) => classify_io(error, origin),
        Error::HostNotFound => unknown_host(origin.host(), error),
        Error::Rustls(error) => tls_refused(origin, error),
        Error::Tls(_) | Error::Pem(_) => tls_refused(origin, error),
        Error::ConnectionFailed | Error::ConnectProxyFailed(_) | Error::InvalidProxyUrl => not_connected(origin, error),
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => connect_timed_out(origin, options.connect_timeout),
        Error::Timeout(_) => {
            TransportError::new(TransportErrorKind::Timeout, format!("no whole response from `{origin}` in time"))
        }
        Error::BodyExceedsLimit(_) => too_large(options.max_response_bytes),
        Error::Protocol(_) | Error::LargeResponseHeader(..) => TransportError::new(TransportErrorKind::Response, error),
        Error::Http(_) | Error::BadUri(_) => TransportError::new(TransportErrorKind::Request, error),
        _ => TransportError::new(TransportErrorKind::Exchange, error),
    }
}

/// ureq does not say what it was at when an operation of the system failed; most can fail in one place only.
fn classify_io(error: std::io::Error, origin: &Origin) -> TransportError {
    match error.kind() {
        ErrorKind::ConnectionRefused
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::AddrNotAvailable => not_connected(origin, error),
        ErrorKind::TimedOut => TransportError::new(TransportErrorKind::Timeout, error),
        // From rustls, which speaks through the stream's errors.
        ErrorKind::InvalidData => tls_refused(origin, error),
        _ if error.raw_os_error().is_none() && is_lookup(&error) => unknown_host(origin.host(), error),
        _ => TransportError::new(TransportErrorKind::Exchange, error),
    }
}

/// The standard library has no kind for a failed lookup.
fn is_lookup(error: &dyn StdError) -> bool {
    error.to_string().starts_with("failed to lookup address")
}
