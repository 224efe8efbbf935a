//! The blocking client's transport: ureq's HTTP over connections of ours.

mod connect;
mod wire;

use super::network::failure::too_large;
use super::network::message::{MAX_HEAD_READ, check_head, check_headers, head_too_long};
use super::network::options::{FAR, HttpLimits};
use super::network::route::Route;
use super::{BlockingTransport, Direct, HttpOptions, TransportError, TransportErrorKind};
use bytes::Bytes;
use connect::{BlockingConnector, NoResolver};
use http::{Method, Request, Response};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use ureq::config::{AutoHeaderValue, Config};
use ureq::{Agent, AsSendBody};

/// Sends requests over HTTP/1.1, with TLS (rustls) and without, while the calling thread waits.
///
/// Connections are kept for later requests to the same host. Redirects are not followed, bodies not decompressed, no
/// headers added but Host and Content-Length, unless they are there. Proxies are asked for a tunnel also for plain HTTP.
pub struct BlockingHttpTransport {
    connector: Arc<BlockingConnector>,
    limits: HttpLimits,
    agents: Mutex<Agents>,
}

/// Connections through proxies and those of [`Direct`] requests are kept apart: neither stands for the other.
#[derive(Clone)]
struct Agents {
    usual: Agent,
    direct: Agent,
}

impl BlockingHttpTransport {
    /// A transport with connections of its own.
    pub fn new(options: HttpOptions) -> Self {
        let limits = options.limits();
        let connector = Arc::new(BlockingConnector::new(options));
        let agents = Mutex::new(Agents::new(&connector, &limits));
        Self { connector, limits, agents }
    }

    /// Closes the connections that wait for their next request.
    ///
    /// Nothing else does so in the background, also where the server has closed its end. A program that pauses for
    /// long can call it, and so can one before it forks.
    pub fn close_idle(&self) {
        let closed = std::mem::replace(&mut *self.lock(), Agents::new(&self.connector, &self.limits));
        // Calls that are under way have the agent still, and close their connections when they end.
        drop(closed);
    }

    fn lock(&self) -> MutexGuard<'_, Agents> {
        self.agents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn exchange<B: AsSendBody>(
        &self,
        request: Request<B>,
        timeout: Option<Duration>,
    ) -> Result<Response<Bytes>, TransportError> {
        check_headers(request.headers())?;
        let direct = request.extensions().get::<Direct>().is_some();
        let route = self.connector.route(request.uri(), direct)?;
        let agent = {
            let agents = self.lock();
            if direct { agents.direct.clone() } else { agents.usual.clone() }
        };
        let timeout = timeout.map(|timeout| timeout.min(FAR));
        let request = agent.configure_request(request).timeout_global(timeout).build();
        let limit = self.limits.max_response_bytes;
        let response = agent.run(request).map_err(|error| classify(error, &route, limit))?;
        let (head, mut body) = response.into_parts();
        check_head(&head.headers)?;
        if body.content_length().is_some_and(|length| length > limit) {
            return Err(too_large(limit));
        }
        // ureq's limit is the first length that is too much.
        let body = body.with_config().limit(limit.saturating_add(1)).read_to_vec();
        let body = body.map_err(|error| classify(error, &route, limit))?;
        Ok(Response::from_parts(head, body.into()))
    }
}

impl Agents {
    fn new(connector: &Arc<BlockingConnector>, limits: &HttpLimits) -> Self {
        let config = Config::builder()
            .proxy(None)
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(AutoHeaderValue::None)
            .accept(AutoHeaderValue::None)
            .accept_encoding(AutoHeaderValue::None)
            .max_response_header_size(MAX_HEAD_READ)
            .max_idle_age(limits.idle_timeout)
            .max_idle_connections_per_host(limits.max_idle_per_host)
            // A client has few hosts; each is limited.
            .max_idle_connections(usize::MAX)
            .build();
        let agent = |direct| Agent::with_parts(config.clone(), connector.opening(direct), NoResolver);
        Self { usual: agent(false), direct: agent(true) }
    }
}

impl Default for BlockingHttpTransport {
    fn default() -> Self {
        Self::new(HttpOptions::default())
    }
}

impl BlockingTransport for BlockingHttpTransport {
    fn send(&self, request: Request<Bytes>, timeout: Option<Duration>) -> Result<Response<Bytes>, TransportError> {
        let has_body =
            !request.body().is_empty() || matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
        let (head, body) = request.into_parts();
        if has_body {
            self.exchange(Request::from_parts(head, &*body), timeout)
        } else {
            self.exchange(Request::from_parts(head, ()), timeout)
        }
    }
}

impl fmt::Debug for BlockingHttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingHttpTransport").finish_non_exhaustive()
    }
}

/// ureq's errors as ours. Those of connections are ours already.
fn classify(error: ureq::Error, route: &Route, max_response_bytes: u64) -> TransportError {
    use ureq::Error;
    match error {
        Error::Other(error) => match error.downcast() {
            Ok(ours) => *ours,
            Err(error) => TransportError::new(TransportErrorKind::Exchange, error),
        },
        Error::Timeout(_) => {
            TransportError::new(TransportErrorKind::Timeout, format!("no whole response from {route} in time"))
        }
        Error::BodyExceedsLimit(_) => too_large(max_response_bytes),
        Error::LargeResponseHeader(..) => head_too_long(),
        Error::Protocol(_) => TransportError::new(TransportErrorKind::Response, error),
        Error::Http(_) | Error::BadUri(_) => TransportError::new(TransportErrorKind::Request, error),
        _ => TransportError::new(TransportErrorKind::Exchange, error),
    }
}
