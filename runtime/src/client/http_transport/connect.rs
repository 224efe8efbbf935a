//! Ways to a server: TCP, through a proxy, TLS.

use super::connection::Connection;
use super::io::{Io, Stream};
use crate::client::network::failure::{connect_timed_out, failure, not_connected, tls_refused, unknown_host, unusable};
use crate::client::network::origin::Origin;
use crate::client::network::proxy::{Proxy, bare};
use crate::client::{HttpOptions, TransportError, TransportErrorKind, host};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HOST, PROXY_AUTHORIZATION};
use http::uri::PathAndQuery;
use http::{HeaderValue, Method, Request};
use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;

/// How long the answer to CONNECT may be, in bytes.
const MAX_PROXY_ANSWER: usize = 8 << 10;

/// Opens connections.
pub(super) struct Connector {
    options: HttpOptions,
    tls: OnceLock<Arc<ClientConfig>>,
}

impl Connector {
    pub(super) fn new(options: HttpOptions) -> Self {
        Self { options, tls: OnceLock::new() }
    }

    /// `request` as the server is to get it, or the proxy, which for plain HTTP is told where to pass it on.
    pub(super) fn prepare(
        &self,
        origin: &Origin,
        mut request: Request<Bytes>,
    ) -> Result<Request<Bytes>, TransportError> {
        if !request.headers().contains_key(HOST) {
            let host = HeaderValue::from_str(host(request.uri()).unwrap_or_default())
                .map_err(|error| failure(TransportErrorKind::Request, "its host".to_owned(), error))?;
            request.headers_mut().insert(HOST, host);
        }
        // hyper leaves it out, and some servers insist (RFC 9110, section 8.6).
        if request.body().is_empty() && matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH) {
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        match self.proxy(origin) {
            Some(proxy) if !origin.https => {
                if let Some(authorization) = &proxy.authorization {
                    request.headers_mut().insert(PROXY_AUTHORIZATION, authorization.clone());
                }
            }
            _ => {
                let mut uri = std::mem::take(request.uri_mut()).into_parts();
                *request.uri_mut() = uri.path_and_query.take().unwrap_or(PathAndQuery::from_static("/")).into();
            }
        }
        Ok(request)
    }

    /// A new connection to `origin`.
    pub(super) async fn connect(&self, origin: &Origin) -> Result<Connection, TransportError> {
        if Handle::try_current().is_err() {
            return Err(unusable("there is no tokio runtime here (`#[tokio::main]` makes one)"));
        }
        let limit = self.options.connect_timeout;
        timeout(limit, self.open(origin)).await.unwrap_or_else(|_| Err(connect_timed_out(origin, limit)))
    }

    fn proxy(&self, origin: &Origin) -> Option<&Arc<Proxy>> {
        self.options.proxies.get(origin.https, origin.host(), origin.port())
    }

    async fn open(&self, origin: &Origin) -> Result<Connection, TransportError> {
        let limit = self.options.connect_timeout;
        let tcp = match self.proxy(origin) {
            None => tcp(bare(origin.host()), origin.port(), limit).await?,
            Some(proxy) => {
                let tcp = tcp(&proxy.host, proxy.port, limit).await?;
                if origin.https {
                    tunnel(&tcp, proxy, origin).await?;
                }
                tcp
            }
        };
        let stream = if origin.https {
            let name =
                ServerName::try_from(bare(origin.host()).to_owned()).map_err(|error| tls_refused(origin, error))?;
            let tls = TlsConnector::from(self.tls().await?).connect(name, tcp).await;
            Stream::Tls(Box::new(tls.map_err(|error| tls_refused(origin, error))?))
        } else {
            Stream::Plain(tcp)
        };
        Connection::new(Io::new(stream)).await.map_err(|error| not_connected(origin, error))
    }

    /// The TLS configuration, made with the first connection that needs it.
    async fn tls(&self) -> Result<Arc<ClientConfig>, TransportError> {
        if let Some(config) = self.tls.get() {
            return Ok(Arc::clone(config));
        }
        let roots = self.options.roots.clone();
        // Root certificates may be read from files.
        let made = tokio::task::spawn_blocking(move || {
            let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
                .with_safe_default_protocol_versions()
                .map_err(|error| failure(TransportErrorKind::Connect, "TLS".to_owned(), error))?;
            let mut config = config.with_root_certificates(roots.store()?).with_no_client_auth();
            config.alpn_protocols = vec![b"http/1.1".to_vec()];
            Ok(Arc::new(config))
        });
        let config = made.await.map_err(|error| failure(TransportErrorKind::Connect, "TLS".to_owned(), error))??;
        Ok(Arc::clone(self.tls.get_or_init(|| config)))
    }
}

/// A connection to the first address of `host` that takes one. Each but the last has a share of `limit`.
async fn tcp(host: &str, port: u16, limit: Duration) -> Result<TcpStream, TransportError> {
    let found = tokio::net::lookup_host((host, port)).await.map_err(|error| unknown_host(host, error))?;
    let addresses: Vec<_> = found.collect();
    let share = limit / u32::try_from(addresses.len()).unwrap_or(u32::MAX).max(1);
    let mut failed = io::Error::from(io::ErrorKind::NotFound);
    for (index, address) in addresses.iter().enumerate() {
        let connecting = TcpStream::connect(address);
        let connected = if index + 1 == addresses.len() {
            connecting.await
        } else {
            timeout(share, connecting).await.unwrap_or_else(|elapsed| Err(elapsed.into()))
        };
        match connected {
            Ok(stream) => {
                // Requests are written in one go: to wait for more of them is of no use.
                stream.set_nodelay(true).map_err(|error| not_connected(address, error))?;
                return Ok(stream);
            }
            Err(error) => failed = error,
        }
    }
    Err(not_connected(format_args!("{host}:{port}"), failed))
}

/// Has `proxy`, at the other end of `tcp`, connect to `origin` (RFC 9110, section 9.3.6).
async fn tunnel(tcp: &TcpStream, proxy: &Proxy, origin: &Origin) -> Result<(), TransportError> {
    let target = origin.to_string();
    let mut request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n").into_bytes();
    if let Some(authorization) = &proxy.authorization {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(authorization.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    let answer =
        ask(tcp, &request).await.map_err(|error| not_connected(format_args!("{origin}` by `{proxy}"), error))?;

    let status = answer.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let status = String::from_utf8_lossy(status.get(..100).unwrap_or(status));
    match status.split(' ').nth(1) {
        Some(code) if status.starts_with("HTTP/1.") && code.starts_with('2') => Ok(()),
        _ => Err(not_connected(format_args!("{origin}` by `{proxy}"), format!("the proxy answers `{status}`"))),
    }
}

/// Writes `request` and reads the head of the answer. After it comes what the server says, and that is nothing before
/// the client has begun with TLS.
async fn ask(tcp: &TcpStream, mut request: &[u8]) -> io::Result<Vec<u8>> {
    while !request.is_empty() {
        tcp.writable().await?;
        match tcp.try_write(request) {
            Ok(written) => request = &request[written..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        if answer.len() > MAX_PROXY_ANSWER {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the proxy's answer does not end"));
        }
        tcp.readable().await?;
        let mut chunk = [0; 1024];
        match tcp.try_read(&mut chunk) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => answer.extend_from_slice(&chunk[..read]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(answer)
}
