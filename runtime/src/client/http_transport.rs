//! The async client's transport: HTTP/1.1 over TCP and TLS.

mod connect;
mod connection;
mod io;
mod pool;

use super::{BoxFuture, HttpOptions, Transport, TransportError};
use bytes::Bytes;
use connect::Connector;
use connection::ExchangeError;
use http::{Request, Response};
use pool::{ConnectionKind, Pool};
use std::fmt;

/// Sends requests over HTTP/1.1, with TLS (rustls) and without, within a tokio runtime that has I/O and time enabled.
///
/// Connections are kept for later requests to the same host in the same runtime. Each is driven by the call that uses it: there are no
/// background tasks, and to drop a call is to close its connection. Redirects are not followed, bodies not decompressed,
/// no headers added but Host and Content-Length, unless they are there.
pub struct HttpTransport {
    connector: Connector,
    pool: Pool,
    max_response_bytes: u64,
}

impl HttpTransport {
    /// A transport with connections of its own.
    pub fn new(options: HttpOptions) -> Self {
        let limits = options.limits();
        Self {
            pool: Pool::new(limits.idle_timeout, limits.max_idle_per_host),
            max_response_bytes: limits.max_response_bytes,
            connector: Connector::new(options),
        }
    }

    /// Closes the connections that wait for their next request.
    ///
    /// Nothing else does so in the background, also where the server has closed its end. A program that pauses for
    /// long can call it, and so can one before it forks.
    pub fn close_idle(&self) {
        self.pool.clear();
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let kind = ConnectionKind::here(self.connector.route(&request)?);
        let mut request = self.connector.prepare(kind.route(), request)?;
        loop {
            let pooled = self.pool.take(&kind).await;
            let is_fresh = pooled.is_none();
            let connection = match pooled {
                Some(connection) => connection,
                None => self.connector.connect(kind.route()).await?,
            };
            match connection.send(request, self.max_response_bytes).await {
                Ok((response, connection)) => {
                    if let Some(connection) = connection {
                        self.pool.put(kind, connection);
                    }
                    return Ok(response);
                }
                // The server had closed the connection before it saw anything of the request.
                Err(ExchangeError::Unsent(unsent, _)) if !is_fresh => request = *unsent,
                Err(ExchangeError::Unsent(_, error) | ExchangeError::Failed(error)) => return Err(error),
            }
        }
    }
}

impl Default for HttpTransport {
    fn default() -> Self {
        Self::new(HttpOptions::default())
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(self.exchange(request))
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransport").field("idle", &self.pool.len()).finish_non_exhaustive()
    }
}
