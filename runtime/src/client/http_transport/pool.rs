//! Connections that wait for their next request.

use super::connection::Connection;
use crate::client::network::origin::Origin;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Idle connections, of all origins: those that have waited longest first. They are few, so there is no index.
pub(super) struct Pool {
    idle: Mutex<VecDeque<Idle>>,
    idle_timeout: Duration,
    max_idle_per_host: usize,
}

struct Idle {
    origin: Origin,
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

    /// A connection to `origin` that is open, as far as this side knows. The last one used is the likeliest.
    pub(super) async fn take(&self, origin: &Origin) -> Option<Connection> {
        let mut looked = false;
        loop {
            let mut connection = self.pop(origin)?;
            if !looked {
                // Nobody reads from idle connections. The runtime, once it runs, sees which the servers have closed.
                tokio::task::yield_now().await;
                looked = true;
            }
            if connection.is_open() {
                return Some(connection);
            }
        }
    }

    fn pop(&self, origin: &Origin) -> Option<Connection> {
        let mut idle = self.lock();
        let expired = self.expire(&mut idle);
        let position = idle.iter().rposition(|idle| idle.origin == *origin);
        let found = position.and_then(|position| idle.remove(position));
        drop(idle);
        // Sockets are closed outside of the lock.
        drop(expired);
        found.map(|idle| idle.connection)
    }

    /// Keeps `connection` for later.
    pub(super) fn put(&self, origin: Origin, connection: Connection) {
        let mut idle = self.lock();
        let mut closed = self.expire(&mut idle);
        let mut others = idle.iter().enumerate().filter(|(_, idle)| idle.origin == origin);
        let oldest = others.next().map(|(position, _)| position);
        if oldest.is_some() && others.count() + 2 > self.max_idle_per_host {
            closed.extend(oldest.and_then(|position| idle.remove(position)));
        }
        if self.max_idle_per_host > 0 {
            idle.push_back(Idle { origin, since: Instant::now(), connection });
        }
        drop(idle);
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
