//! Whether to try again, when, and how often: the standard retry mode of the AWS SDKs as it is since November 2026, and
//! the adaptive one.
//!
//! Source: AWS SDKs and Tools Reference Guide, "Retry behavior". botocore is the judge of the details: `cargo xtask
//! conformance --retries` compares decisions, delays, budget and rates with its `retries/standard.py` and `adaptive.py`.

mod budget;
mod partition;
mod rate_limit;

pub(super) use budget::Cost;
pub(super) use partition::{RetryPartition, RetryPartitions};
pub(super) use rate_limit::RateLimiter;

use super::random;
use super::transport::TransportError;
pub use crate::Retry;
use crate::{OperationDescription, RetryDefaults};
use http::{HeaderMap, StatusCode};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How calls are retried.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryConfig {
    /// Whether the rate of requests is limited too.
    pub mode: RetryMode,
    /// How often a call is sent at most, the first time included; 1 is never again. `None` is the service's
    /// [`RetryDefaults`]: 3 for nearly all.
    pub max_attempts: Option<u32>,
    /// Upper limit of the first delay after a failure that passes. It doubles with every attempt; what is waited is a
    /// random part of it. `None` is the service's [`RetryDefaults`]: 50 ms for nearly all.
    pub transient_backoff: Option<Duration>,
    /// The same after throttling.
    pub throttling_backoff: Duration,
    /// Upper limit of these delays. Where the service asks for a longer one in `x-amz-retry-after`, up to 5 s are added.
    pub max_backoff: Duration,
}

/// How to retry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryMode {
    /// Backoff with jitter, within a budget; also for what is configured as `legacy`.
    #[default]
    Standard,
    /// As standard. Besides, from the first throttling on, requests wait for a rate that follows what the service
    /// allows: all calls share it that a [`Config`](super::Config)'s clients make in this mode to one service and region.
    Adaptive,
}

impl RetryConfig {
    /// The standard mode: three attempts, delays of up to 50 ms at first and up to 1 s after throttling, at most 20 s.
    pub const fn standard() -> Self {
        Self {
            mode: RetryMode::Standard,
            max_attempts: None,
            transient_backoff: None,
            throttling_backoff: Duration::from_secs(1),
            max_backoff: Duration::from_secs(20),
        }
    }

    /// The same with a limit of the request rate while the service throttles.
    pub const fn adaptive() -> Self {
        Self::standard().mode(RetryMode::Adaptive)
    }

    /// No retries.
    pub const fn disabled() -> Self {
        Self::standard().max_attempts(1)
    }

    /// In this mode.
    pub const fn mode(mut self, mode: RetryMode) -> Self {
        self.mode = mode;
        self
    }

    /// With so many attempts; 0 is taken for 1.
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = Some(if attempts == 0 { 1 } else { attempts });
        self
    }

    /// With delays that begin with up to `limit`, after failures of both kinds.
    pub const fn initial_backoff(self, limit: Duration) -> Self {
        self.transient_backoff(limit).throttling_backoff(limit)
    }

    /// With delays that begin with up to `limit` after a failure that passes.
    pub const fn transient_backoff(mut self, limit: Duration) -> Self {
        self.transient_backoff = Some(limit);
        self
    }

    /// With delays that begin with up to `limit` after throttling.
    pub const fn throttling_backoff(mut self, limit: Duration) -> Self {
        self.throttling_backoff = limit;
        self
    }

    /// With delays of at most `limit`, but for what the service asks for.
    pub const fn max_backoff(mut self, limit: Duration) -> Self {
        self.max_backoff = limit;
        self
    }

    /// How often a call is sent at most.
    pub(super) fn attempts(&self, defaults: &RetryDefaults) -> u32 {
        self.max_attempts.unwrap_or(defaults.max_attempts)
    }

    /// How long to wait after attempt number `attempt`, where the service asks for `asked`.
    pub(super) fn delay(
        &self,
        defaults: &RetryDefaults,
        attempt: u32,
        failure: Retry,
        asked: Option<Duration>,
        jitter: &Jitter,
    ) -> Duration {
        /// How much longer than the own delay one may be that the service asks for.
        const ADDED: Duration = Duration::from_secs(5);
        let first = match failure {
            Retry::Throttling => self.throttling_backoff,
            Retry::Transient | Retry::Never => self.transient_backoff.unwrap_or(defaults.transient_backoff),
        };
        let doubled = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        let own = jitter.part_of(first.saturating_mul(doubled).min(self.max_backoff));
        asked.map_or(own, |asked| asked.clamp(own, own.saturating_add(ADDED)))
    }
}

impl Default for RetryConfig {
    fn default() -> Self {
        Self::standard()
    }
}

/// Where the random part of a pause comes from: the system's randomness, or what a test says.
#[derive(Clone, Default)]
pub(super) struct Jitter(Option<Arc<dyn Fn() -> f64 + Send + Sync>>);

impl Jitter {
    #[cfg(feature = "test-util")]
    pub fn of(fraction: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(fraction)))
    }

    /// A duration between these two.
    pub fn between(&self, low: Duration, high: Duration) -> Duration {
        low + self.part_of(high.saturating_sub(low))
    }

    fn part_of(&self, limit: Duration) -> Duration {
        match &self.0 {
            None => random::part_of(limit),
            Some(fraction) => limit.mul_f64(fraction().clamp(0.0, 1.0)),
        }
    }
}

impl fmt::Debug for Jitter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Jitter(as told)" } else { "Jitter(random)" })
    }
}

/// A failed attempt, as a [`Classify`] sees it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FailedAttempt<'a> {
    /// What was called.
    pub operation: &'static OperationDescription,
    /// Which attempt it was, from 1.
    pub attempt: u32,
    /// What happened.
    pub failure: Failure<'a>,
    /// Headers of the response, if there was one.
    pub headers: Option<&'a HeaderMap>,
    /// What [`StandardClassifier`] says.
    pub standard: Retry,
}

/// What happened to an attempt.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Failure<'a> {
    /// The service answered with an error.
    Service {
        /// HTTP status.
        status: StatusCode,
        /// The error's code; the status where it has none.
        code: &'a str,
        /// What the model and the overlay say of this error.
        modelled: Option<Retry>,
    },
    /// A response that cannot be read.
    Unreadable {
        /// HTTP status.
        status: StatusCode,
    },
    /// No response.
    Transport(&'a TransportError),
    /// No response within the attempt's timeout.
    Timeout,
}

/// Says which failures are worth another attempt.
///
/// It is asked after every failed attempt. What it calls throttling costs fewer tokens, is followed by a longer pause, and
/// lowers the rate of the adaptive mode. A call that was refused for this machine's clock, or for credentials that have
/// ended, is sent again whatever it says, while attempts are left.
pub trait Classify: fmt::Debug + Send + Sync + 'static {
    /// Whether another attempt makes sense after this one.
    fn classify(&self, failed: &FailedAttempt<'_>) -> Retry;
}

/// What the AWS SDKs do, with what the model and the overlay say.
#[derive(Clone, Copy, Debug, Default)]
pub struct StandardClassifier;

impl Classify for StandardClassifier {
    fn classify(&self, failed: &FailedAttempt<'_>) -> Retry {
        failed.standard
    }
}

/// What a response's `x-amz-retry-after` asks to wait, in milliseconds. The standard mode does not know `Retry-After`.
pub(super) fn asked_delay(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("x-amz-retry-after")?.to_str().ok()?.trim();
    let digits = text.strip_prefix('+').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    // A number that does not fit is one that is too large.
    Some(Duration::from_millis(digits.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    const STANDARD: RetryDefaults = RetryDefaults::STANDARD;

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    /// The longest delay there can be.
    fn longest(config: &RetryConfig, defaults: RetryDefaults, attempt: u32, failure: Retry) -> Duration {
        config.delay(&defaults, attempt, failure, None, &Jitter(Some(Arc::new(|| 1.0))))
    }

    #[test]
    fn delays_double_up_to_the_limit() {
        let config = RetryConfig::standard();
        for (attempt, transient, throttling) in
            [(1, 0.05, 1.0), (2, 0.1, 2.0), (5, 0.8, 16.0), (6, 1.6, 20.0), (40, 20.0, 20.0)]
        {
            assert_eq!(longest(&config, STANDARD, attempt, Retry::Transient), seconds(transient), "attempt {attempt}");
            assert_eq!(
                longest(&config, STANDARD, attempt, Retry::Throttling),
                seconds(throttling),
                "attempt {attempt}"
            );
        }
        let config = config.initial_backoff(seconds(2.0)).max_backoff(seconds(5.0));
        for (attempt, limit) in [(1, 2.0), (2, 4.0), (3, 5.0), (40, 5.0)] {
            assert_eq!(longest(&config, STANDARD, attempt, Retry::Transient), seconds(limit), "attempt {attempt}");
            assert_eq!(longest(&config, STANDARD, attempt, Retry::Throttling), seconds(limit), "attempt {attempt}");
        }
    }

    #[test]
    fn delays_are_a_random_part() {
        let (config, usual) = (RetryConfig::standard(), STANDARD);
        let delays: Vec<Duration> =
            (0..500).map(|_| config.delay(&usual, 1, Retry::Transient, None, &Jitter::default())).collect();
        let limit = seconds(0.05);
        assert!(delays.iter().all(|delay| *delay <= limit));
        assert!(delays.iter().any(|delay| *delay < limit / 10) && delays.iter().any(|delay| *delay > limit * 9 / 10));
    }

    #[test]
    fn a_service_may_have_defaults_of_its_own() {
        let config = RetryConfig::standard();
        let own = RetryDefaults { max_attempts: 4, transient_backoff: seconds(0.025) };
        assert_eq!(longest(&config, own, 1, Retry::Transient), seconds(0.025));
        assert_eq!(longest(&config, own, 1, Retry::Throttling), seconds(1.0));
        assert_eq!(config.attempts(&own), 4);
        // What is said by hand holds for all.
        assert_eq!(longest(&config.clone().transient_backoff(seconds(3.0)), own, 1, Retry::Transient), seconds(3.0));
        assert_eq!(config.clone().max_attempts(2).attempts(&own), 2);
        assert_eq!(config.attempts(&STANDARD), 3);
    }

    #[test]
    fn a_delay_that_is_asked_for_is_kept_within_five_seconds_of_the_own() {
        let config = RetryConfig::standard().initial_backoff(seconds(2.0));
        let delay =
            |asked| config.delay(&STANDARD, 1, Retry::Transient, Some(seconds(asked)), &Jitter(Some(Arc::new(|| 0.5))));
        for (asked, expected) in [(0.0, 1.0), (0.9, 1.0), (3.0, 3.0), (6.0, 6.0), (19.0, 6.0), (1e15, 6.0)] {
            assert_eq!(delay(asked), seconds(expected), "{asked} s");
        }
    }

    #[test]
    fn what_is_asked_for_is_a_number_of_milliseconds() {
        for (value, expected) in [
            ("1500", Some(1_500)),
            (" 0 ", Some(0)),
            ("+7", Some(7)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("", None),
            ("+", None),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("Sun, 06 Nov 1994 08:49:37 GMT", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", HeaderValue::from_static("120"));
            assert_eq!(asked_delay(&headers), None);
            headers.insert("x-amz-retry-after", HeaderValue::from_static(value));
            assert_eq!(asked_delay(&headers), expected.map(Duration::from_millis), "{value:?}");
        }
    }
}
