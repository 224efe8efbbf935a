//! The adaptive mode's limit of how many requests are sent per second: a token bucket whose rate falls when the service
//! throttles, and grows again along a cubic curve (CUBIC, RFC 9438) while it does not.
//!
//! Rates are requests per second, times seconds of the clock that never goes back. `cargo xtask conformance --retries`
//! compares all of it with botocore's `retries/adaptive.py`.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Limits the rate of requests, from the first throttling on.
#[derive(Debug)]
pub(in crate::client) struct RateLimiter(Mutex<RateState>);

#[derive(Debug)]
struct RateState {
    /// Whether the service has throttled: until then all requests pass.
    enabled: bool,
    meter: RateMeter,
    curve: Cubic,
    bucket: TokenBucket,
}

impl RateLimiter {
    /// A rate grows at most to so many times of what is sent.
    const MAX_GROWTH: f64 = 2.0;

    pub fn new(now: Duration) -> Self {
        let now = now.as_secs_f64();
        Self(Mutex::new(RateState {
            enabled: false,
            meter: RateMeter::new(now),
            curve: Cubic::new(now),
            bucket: TokenBucket::new(now),
        }))
    }

    fn state(&self) -> MutexGuard<'_, RateState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the token of a request. Where there is none, says how long it takes until there is one, if nobody else
    /// takes it before.
    pub fn acquire(&self, now: Duration) -> Option<Duration> {
        let mut state = self.state();
        if state.enabled { state.bucket.acquire(now.as_secs_f64()) } else { None }
    }

    /// After an attempt, whatever came of it: adjusts the rate.
    pub fn answered(&self, now: Duration, throttled: bool) {
        let now = now.as_secs_f64();
        let mut state = self.state();
        let measured = state.meter.record(now);
        let rate = if throttled {
            let current = if state.enabled { measured.min(state.bucket.rate) } else { measured };
            state.enabled = true;
            state.curve.throttled(now, current)
        } else {
            state.curve.rate(now)
        };
        state.bucket.set_rate(now, rate.min(Self::MAX_GROWTH * measured));
    }

    /// The rate in requests per second, where it is limited.
    #[cfg(feature = "test-util")]
    pub fn rate(&self) -> Option<f64> {
        let state = self.state();
        state.enabled.then_some(state.bucket.rate)
    }
}

/// Measures how many requests are sent per second, smoothed.
#[derive(Debug)]
struct RateMeter {
    rate: f64,
    /// Requests since the current interval began.
    count: u32,
    /// When that was.
    since: f64,
}

impl RateMeter {
    const INTERVALS_PER_SECOND: f64 = 2.0;
    /// What the newest interval counts, from 0 to 1.
    const WEIGHT: f64 = 0.8;

    fn new(now: f64) -> Self {
        Self { rate: 0.0, count: 0, since: now.floor() }
    }

    fn record(&mut self, now: f64) -> f64 {
        let interval = (now * Self::INTERVALS_PER_SECOND).floor() / Self::INTERVALS_PER_SECOND;
        self.count = self.count.saturating_add(1);
        if interval > self.since {
            let current = f64::from(self.count) / (interval - self.since);
            self.rate = current * Self::WEIGHT + self.rate * (1.0 - Self::WEIGHT);
            (self.count, self.since) = (0, interval);
        }
        self.rate
    }
}

/// The curve along which a rate grows after throttling: steep, flat around the rate that was too much, steep again.
#[derive(Debug)]
struct Cubic {
    /// The rate at the last throttling.
    max_rate: f64,
    last_throttled: f64,
    /// How long after it that rate is reached again.
    plateau: f64,
}

impl Cubic {
    const SCALE: f64 = 0.4;
    /// What remains of the rate after throttling.
    const BETA: f64 = 0.7;

    fn new(now: f64) -> Self {
        Self { max_rate: 0.0, last_throttled: now, plateau: 0.0 }
    }

    /// The rate for now.
    fn rate(&self, now: f64) -> f64 {
        Self::SCALE * (now - self.last_throttled - self.plateau).powi(3) + self.max_rate
    }

    /// The rate for now, after throttling at `rate`.
    fn throttled(&mut self, now: f64, rate: f64) -> f64 {
        self.max_rate = rate;
        self.last_throttled = now;
        self.plateau = (rate * (1.0 - Self::BETA) / Self::SCALE).powf(1.0 / 3.0);
        rate * Self::BETA
    }
}

/// Tokens that come in at a rate, one for each request.
#[derive(Debug)]
struct TokenBucket {
    /// Tokens per second.
    rate: f64,
    capacity: f64,
    tokens: f64,
    filled: f64,
}

impl TokenBucket {
    /// However much a service throttles, a request is sent every 2 s.
    const MIN_RATE: f64 = 0.5;

    fn new(now: f64) -> Self {
        Self { rate: 1.0, capacity: 1.0, tokens: 0.0, filled: now }
    }

    fn fill(&mut self, now: f64) {
        // Threads may come here in another order than they have looked at the clock.
        let passed = (now - self.filled).max(0.0);
        self.tokens = (self.tokens + passed * self.rate).min(self.capacity);
        self.filled = self.filled.max(now);
    }

    /// Takes a token, or says how long it takes until there is one.
    fn acquire(&mut self, now: f64) -> Option<Duration> {
        self.fill(now);
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return None;
        }
        // At least a nanosecond, however little is missing: otherwise the caller would ask again at the same time.
        let nanos = ((1.0 - self.tokens) / self.rate * 1e9).ceil().max(1.0);
        Some(Duration::from_nanos(nanos as u64))
    }

    fn set_rate(&mut self, now: f64, rate: f64) {
        // What has come in so far came at the old rate.
        self.fill(now);
        self.rate = rate.max(Self::MIN_RATE);
        self.capacity = rate.max(1.0);
        self.tokens = self.tokens.min(self.capacity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn nothing_is_limited_before_the_service_throttles() {
        let limiter = RateLimiter::new(Duration::ZERO);
        for request in 0..1000 {
            assert_eq!(limiter.acquire(millis(request)), None);
            limiter.answered(millis(request), false);
        }
    }

    /// Sends for 20 s as fast as the limiter allows, to a service that allows `allowed` requests per second, and says how
    /// many were sent per second in the second half, and how many of those were throttled.
    fn sent(allowed: f64) -> (f64, f64) {
        let limiter = RateLimiter::new(Duration::ZERO);
        let (mut now, mut tokens) = (0.0_f64, 1.0_f64);
        let (mut sent, mut throttled) = (0, 0);
        while now < 20.0 {
            let mut step = 0.001;
            match limiter.acquire(Duration::from_secs_f64(now)) {
                Some(wait) => step = wait.as_secs_f64(),
                None => {
                    let accepted = tokens >= 1.0;
                    tokens -= if accepted { 1.0 } else { 0.0 };
                    limiter.answered(Duration::from_secs_f64(now), !accepted);
                    if now >= 10.0 {
                        sent += 1;
                        throttled += i32::from(!accepted);
                    }
                }
            }
            now += step;
            tokens = (tokens + step * allowed).min(allowed);
        }
        (f64::from(sent) / 10.0, f64::from(throttled) / f64::from(sent))
    }

    #[test]
    fn the_rate_follows_what_the_service_allows() {
        for allowed in [5.0, 20.0, 100.0] {
            let (sent, throttled) = sent(allowed);
            assert!(
                (allowed * 0.6..allowed * 1.5).contains(&sent),
                "{sent} sent per second where {allowed} are allowed"
            );
            assert!(throttled < 0.3, "{throttled} of them throttled where {allowed} are allowed");
        }
    }

    #[test]
    fn a_wait_is_as_long_as_it_is_said_to_be() {
        let limiter = RateLimiter::new(Duration::ZERO);
        limiter.answered(millis(100), true);
        // The least rate is one request every 2 s. The first 100 ms brought tokens at the initial rate of 1.
        let wait = limiter.acquire(millis(100)).unwrap_or_default();
        assert!(wait > millis(1799) && wait < millis(1801), "{wait:?}");
        let later = millis(100) + wait;
        let again = limiter.acquire(later).unwrap_or_default();
        assert!(again < millis(1), "{again:?}");
        assert_eq!(limiter.acquire(later + again), None);
        assert!(limiter.acquire(later + again).is_some(), "a token is good for one request");
        // A clock that another thread has looked at before.
        assert!(limiter.acquire(millis(50)).is_some_and(|wait| wait <= millis(2001)));
    }
}
