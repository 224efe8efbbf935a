//! Connections that wait for their next request.

use super::connection::Connection;
use crate::client::network::route::Route;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::{Handle, Id};

/// Idle connections, of all kinds: those that have waited longest first. They are few, so there is no index.
pub(super) struct Pool {
    idle: Mutex<VecDeque<Idle>>,
    idle_timeout: Duration,
    max_idle_per_host: usize,
}

/// What connections have in common of which one stands for another.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct ConnectionKind {
    route: Route,
    /// The runtime that a connection belongs to: while that one sleeps, it does not move.
    runtime: Option<Id>,
}

impl ConnectionKind {
    /// The connections along `route` in the runtime that this is called from.
    pub(super) fn here(route: Route) -> Self {
        Self { route, runtime: Handle::try_current().ok().map(|handle| handle.id()) }
    }

    pub(super) fn route(&self) -> &Route {
        &self.route
    }
}

struct Idle {
    kind: ConnectionKind,
    since: Instant,
    connection: Connection,
}

impl Pool {
    pub(super) fn new(idle_timeout: Duration, max_idle_per_host: usize) -> Self {
        Self { idle: Mutex::default(), idle_timeout, max_idle_per_host }
    }

    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }

    /// A connection of this kind: of several the one used last, which is the likeliest to be open still.
    pub(super) async fn take(&self, kind: &ConnectionKind) -> Option<Connection> {
        let connection = self.pop(kind)?;
        // Nobody reads from idle connections. Once the runtime has run, reading tells whether the server has closed it.
        tokio::task::yield_now().await;
        Some(connection)
    }

    fn pop(&self, kind: &ConnectionKind) -> Option<Connection> {
        let mut idle = self.lock();
        let expired = self.expire(&mut idle);
        let position = idle.iter().rposition(|idle| idle.kind == *kind);
        let found = position.and_then(|position| idle.remove(position));
        drop(idle);
        // Sockets are closed outside of the lock.
        drop(expired);
        found.map(|idle| idle.connection)
    }

    /// Keeps `connection` for later.
    pub(super) fn put(&self, kind: ConnectionKind, connection: Connection) {
        let mut idle = self.lock();
        let mut closed = self.expire(&mut idle);
        let mut others = idle.iter().enumerate().filter(|(_, idle)| idle.kind == kind);
        let oldest = others.next().map(|(position, _)| position);
        if oldest.is_some() && others.count() + 2 > self.max_idle_per_host {
            closed.extend(oldest.and_then(|position| idle.remove(position)));
        }
        if self.max_idle_per_host > 0 {
            idle.push_back(Idle { kind, since: Instant::now(), connection });
        }
        drop(idle);
    }

    /// Closes all of them.
    pub(super) fn clear(&self) {
        let closed = std::mem::take(&mut *self.lock());
        drop(closed);
    }

    /// Takes out those that have waited too long.
    fn expire(&self, idle: &mut VecDeque<Idle>) -> Vec<Idle> {
        let expired = idle.iter().take_while(|idle| idle.since.elapsed() >= self.idle_timeout).count();
        idle.drain(..expired).collect()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
