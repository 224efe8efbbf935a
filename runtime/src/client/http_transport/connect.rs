//! Ways to a server: TCP, through a proxy, TLS.

use super::connection::Connection;
use super::io::{Io, Stream};
use crate::client::network::failure::{failure, not_connected, tls_refused, unusable};
use crate::client::network::message::check_headers;
use crate::client::network::proxy::bare;
use crate::client::network::route::Route;
use crate::client::network::tls;
use crate::client::network::tunnel::Tunnel;
use crate::client::{HttpOptions, TransportError, TransportErrorKind, host};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HOST, PROXY_AUTHORIZATION};
use http::uri::PathAndQuery;
use http::{HeaderValue, Method, Request};
use rustls::ClientConfig;
use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// Opens connections.
pub(super) struct Connector {
    options: HttpOptions,
    connect_timeout: Duration,
    tls: OnceLock<Arc<ClientConfig>>,
}

impl Connector {
    pub(super) fn new(options: HttpOptions) -> Self {
        Self { connect_timeout: options.limits().connect_timeout, options, tls: OnceLock::new() }
    }

    /// How the server of `request` is reached.
    pub(super) fn route(&self, request: &Request<Bytes>) -> Result<Route, TransportError> {
        let direct = request.extensions().get::<crate::client::Direct>().is_some();
        Route::of(&self.options, request.uri(), direct)
    }

    /// `request` as the server is to get it, or the proxy, which for plain HTTP is told where to pass it on.
    pub(super) fn prepare(&self, route: &Route, mut request: Request<Bytes>) -> Result<Request<Bytes>, TransportError> {
        check_headers(request.headers())?;
        if !request.headers().contains_key(HOST) {
            let host = HeaderValue::from_str(host(request.uri()).unwrap_or_default())
                .map_err(|error| failure(TransportErrorKind::Request, "its host".to_owned(), error))?;
            request.headers_mut().insert(HOST, host);
        }
        // hyper leaves it out, and some servers insist (RFC 9110, section 8.6).
        if request.body().is_empty() && matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH) {
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        match &route.proxy {
            Some(proxy) if !route.origin.https => {
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

    /// A new connection along `route`.
    pub(super) async fn connect(&self, route: &Route) -> Result<Connection, TransportError> {
        if Handle::try_current().is_err() {
            return Err(unusable("there is no tokio runtime here (`#[tokio::main]` makes one)"));
        }
        let limit = self.connect_timeout;
        if limit.is_zero() {
            // tokio's timer would leave it a millisecond.
            return Err(route.timed_out(limit));
        }
        timeout(limit, self.open(route)).await.unwrap_or_else(|_| Err(route.timed_out(limit)))
    }

    async fn open(&self, route: &Route) -> Result<Connection, TransportError> {
        let origin = &route.origin;
        let tcp = self.tcp(route).await?;
        if route.proxy.is_some() && origin.https {
            tunnel(&tcp, route).await?;
        }
        let stream = if origin.https {
            let name = tls::server_name(origin)?;
            let tls = TlsConnector::from(self.tls().await?).connect(name, tcp).await;
            Stream::Tls(Box::new(tls.map_err(|error| tls_refused(origin, error))?))
        } else {
            Stream::Plain(tcp)
        };
        Connection::new(Io::new(stream)).await.map_err(|error| not_connected(route, error))
    }

    /// A connection to the first address that takes one, of the server or its proxy. Each but the last has a share of
    /// the time.
    async fn tcp(&self, route: &Route) -> Result<TcpStream, TransportError> {
        let (host, port) = match &route.proxy {
            None => (bare(route.origin.host()), route.origin.port),
            Some(proxy) => (&*proxy.host, proxy.port),
        };
        let found = self.options.resolver.lookup(host, port).await;
        let addresses = found.map_err(|error| route.unknown_host(host, error))?;
        let share = self.connect_timeout / u32::try_from(addresses.len()).unwrap_or(u32::MAX).max(1);
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
                    stream.set_nodelay(true).map_err(|error| not_connected(route, error))?;
                    return Ok(stream);
                }
                Err(error) => failed = error,
            }
        }
        Err(not_connected(route.first_hop(), failed))
    }

    /// The TLS configuration, made with the first connection that needs it.
    async fn tls(&self) -> Result<Arc<ClientConfig>, TransportError> {
        if let Some(config) = self.tls.get() {
            return Ok(Arc::clone(config));
        }
        let roots = self.options.roots.clone();
        // Root certificates may be read from files.
        let made = tokio::task::spawn_blocking(move || tls::config(&roots));
        let config = made.await.map_err(|error| failure(TransportErrorKind::Connect, "TLS".to_owned(), error))??;
        Ok(Arc::clone(self.tls.get_or_init(|| config)))
    }
}

/// Has the proxy at the other end of `tcp` connect to the server.
async fn tunnel(tcp: &TcpStream, route: &Route) -> Result<(), TransportError> {
    let failed = |error| not_connected(route, error);
    let mut tunnel = Tunnel::new(route);
    let request = tunnel.request();
    let mut unsent = &request[..];
    while !unsent.is_empty() {
        tcp.writable().await.map_err(failed)?;
        match tcp.try_write(unsent) {
            Ok(written) => unsent = &unsent[written..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(failed(error)),
        }
    }
    loop {
        tcp.readable().await.map_err(failed)?;
        let mut chunk = [0; 1024];
        match tcp.try_read(&mut chunk) {
            Ok(read) => {
                if tunnel.receive(&chunk[..read])? {
                    return Ok(());
                }
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(failed(error)),
        }
    }
}
