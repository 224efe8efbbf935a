//! Ways to a server, for ureq: TCP, through a proxy, TLS. Each way has one limit of time, however many reads it takes.

use super::wire::{BlockingStream, Socket, Wire};
use crate::client::network::failure::{not_connected, tls_refused};
use crate::client::network::proxy::bare;
use crate::client::network::route::Route;
use crate::client::network::tls;
use crate::client::network::tunnel::Tunnel;
use crate::client::{HttpOptions, TransportError};
use http::Uri;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, NextTimeout};

/// Opens connections.
pub(super) struct BlockingConnector {
    options: HttpOptions,
    connect_timeout: Duration,
    tls: Mutex<Option<Arc<ClientConfig>>>,
}

/// The same as ureq calls it.
pub(super) struct Opening {
    connector: Arc<BlockingConnector>,
    direct: bool,
}

/// Why there is no connection.
enum OpenError {
    Failed(TransportError),
    /// The time of the whole request is over.
    OutOfTime,
}

impl From<TransportError> for OpenError {
    fn from(error: TransportError) -> Self {
        Self::Failed(error)
    }
}

/// When to give up, and on what.
#[derive(Clone, Copy)]
struct Deadline {
    at: Instant,
    /// Whether it is that of the request, which is earlier than that of connecting.
    is_requests: bool,
}

impl BlockingConnector {
    pub(super) fn new(options: HttpOptions) -> Self {
        Self { connect_timeout: options.limits().connect_timeout, options, tls: Mutex::default() }
    }

    /// Through no proxy if `direct`.
    pub(super) fn opening(self: &Arc<Self>, direct: bool) -> Opening {
        Opening { connector: Arc::clone(self), direct }
    }

    pub(super) fn route(&self, uri: &Uri, direct: bool) -> Result<Route, TransportError> {
        Route::of(&self.options, uri, direct)
    }

    fn open(&self, route: &Route, limit: &NextTimeout) -> Result<BlockingStream, OpenError> {
        let now = Instant::now();
        let is_requests = !limit.after.is_not_happening() && *limit.after < self.connect_timeout;
        let after = if is_requests { *limit.after } else { self.connect_timeout };
        let deadline = Deadline { at: now + after, is_requests };
        let failed = |error: io::Error, or: &dyn Fn(io::Error) -> TransportError| match error.kind() {
            ErrorKind::TimedOut => self.out_of_time(route, deadline),
            _ => OpenError::Failed(or(error)),
        };

        let mut socket = self.tcp(route, deadline)?;
        if route.proxy.is_some() {
            let mut tunnel = Tunnel::new(route);
            let or = |error| not_connected(route, error);
            socket.write_all(&tunnel.request()).map_err(|error| failed(error, &or))?;
            let mut chunk = [0; 1024];
            loop {
                let read = socket.read(&mut chunk).map_err(|error| failed(error, &or))?;
                if tunnel.receive(&chunk[..read])? {
                    break;
                }
            }
        }
        let origin = &route.origin;
        if !origin.https {
            return Ok(BlockingStream::Plain(socket));
        }
        let name = tls::server_name(origin)?;
        let mut session = ClientConnection::new(self.tls()?, name).map_err(|error| tls_refused(origin, error))?;
        while session.is_handshaking() {
            let moved = session.complete_io(&mut socket);
            moved.map_err(|error| failed(error, &|error| tls_refused(origin, error)))?;
        }
        Ok(BlockingStream::Tls(Box::new(StreamOwned::new(session, socket))))
    }

    /// A connection to the first address that takes one, of the server or its proxy. Each but the last has a share of
    /// the time.
    fn tcp(&self, route: &Route, deadline: Deadline) -> Result<Socket, OpenError> {
        let (host, port) = match &route.proxy {
            None => (bare(route.origin.host()), route.origin.port),
            Some(proxy) => (&*proxy.host, proxy.port),
        };
        let Some(found) = self.options.resolver.lookup_until(host, port, Some(deadline.at)) else {
            return Err(self.out_of_time(route, deadline));
        };
        let addresses = found.map_err(|error| route.unknown_host(host, error))?;
        let share = self.connect_timeout / u32::try_from(addresses.len()).unwrap_or(u32::MAX).max(1);
        let mut failed = io::Error::from(ErrorKind::NotFound);
        for (index, address) in addresses.iter().enumerate() {
            let left = deadline.at.saturating_duration_since(Instant::now());
            let limit = if index + 1 == addresses.len() { left } else { left.min(share) };
            if limit.is_zero() {
                return Err(self.out_of_time(route, deadline));
            }
            match TcpStream::connect_timeout(address, limit) {
                Ok(stream) => {
                    // Requests are written in one go: to wait for more of them is of no use.
                    stream.set_nodelay(true).map_err(|error| not_connected(route, error))?;
                    return Ok(Socket::new(stream, deadline.at));
                }
                Err(error) => failed = error,
            }
        }
        match failed.kind() {
            ErrorKind::TimedOut => Err(self.out_of_time(route, deadline)),
            _ => Err(not_connected(route.first_hop(), failed).into()),
        }
    }

    fn out_of_time(&self, route: &Route, deadline: Deadline) -> OpenError {
        if deadline.is_requests {
            OpenError::OutOfTime
        } else {
            OpenError::Failed(route.timed_out(self.connect_timeout))
        }
    }

    /// The TLS configuration, made with the first connection that needs it.
    fn tls(&self) -> Result<Arc<ClientConfig>, TransportError> {
        let mut config = self.tls.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(config) = &*config {
            return Ok(Arc::clone(config));
        }
        Ok(Arc::clone(config.insert(tls::config(&self.options.roots)?)))
    }
}

impl ureq::unversioned::transport::Connector for Opening {
    type Out = Wire;

    fn connect(&self, details: &ConnectionDetails<'_>, _: Option<()>) -> Result<Option<Wire>, ureq::Error> {
        let opened = match self.connector.route(details.uri, self.direct) {
            Ok(route) => self.connector.open(&route, &details.timeout),
            Err(error) => Err(error.into()),
        };
        match opened {
            Ok(stream) => Ok(Some(Wire::new(stream, details.config))),
            Err(OpenError::Failed(error)) => Err(ureq::Error::Other(Box::new(error))),
            Err(OpenError::OutOfTime) => Err(ureq::Error::Timeout(details.timeout.reason)),
        }
    }
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opening").field("direct", &self.direct).finish_non_exhaustive()
    }
}

/// ureq asks for addresses first, and for a connection afterwards. Here that is one thing.
#[derive(Debug)]
pub(super) struct NoResolver;

impl Resolver for NoResolver {
    fn resolve(&self, _: &Uri, _: &ureq::config::Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut addresses = self.empty();
        addresses.push(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)));
        Ok(addresses)
    }
}
