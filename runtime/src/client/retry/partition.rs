//! What all clients of a configuration have in common that call one service in one region: they share its health.

use super::budget::RetryBudget;
use super::rate_limit::RateLimiter;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// The retry state of one service in one region.
#[derive(Debug)]
pub(in crate::client) struct RetryPartition {
    pub budget: RetryBudget,
    /// Made by the first call in adaptive mode.
    limiter: OnceLock<RateLimiter>,
}

impl RetryPartition {
    fn new() -> Self {
        Self { budget: RetryBudget::new(), limiter: OnceLock::new() }
    }

    /// The limit of requests per second, for calls in adaptive mode.
    pub fn limiter(&self, now: Duration) -> &RateLimiter {
        self.limiter.get_or_init(|| RateLimiter::new(now))
    }

    /// The rate in requests per second, where it is limited.
    #[cfg(feature = "test-util")]
    pub fn rate(&self) -> Option<f64> {
        self.limiter.get()?.rate()
    }
}

/// A service's id and a region.
type Key = (&'static str, Option<String>);

/// The partitions of a configuration.
#[derive(Debug, Default)]
pub(in crate::client) struct RetryPartitions(Mutex<HashMap<Key, Arc<RetryPartition>>>);

impl RetryPartitions {
    /// That of a service, by its id, in a region.
    pub fn of(&self, service_id: &'static str, region: Option<&str>) -> Arc<RetryPartition> {
        let mut partitions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let partition = partitions.entry((service_id, region.map(str::to_owned)));
        partition.or_insert_with(|| Arc::new(RetryPartition::new())).clone()
    }
}
