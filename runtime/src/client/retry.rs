//! Whether to try again, when, and how often: the standard retry mode of the AWS SDKs.
//!
//! Source: AWS SDKs and Tools Reference Guide, "Retry behavior".

use super::random;
use super::transport::TransportError;
use crate::OperationDescription;
pub use crate::Retry;
use http::{HeaderMap, StatusCode};
use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

/// How calls are retried.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryConfig {
    /// How often a call is sent at most, the first time included; 1 is never again.
    pub max_attempts: u32,
    /// Upper limit of the first delay. It doubles with every attempt; what is waited is a random part of it.
    pub initial_backoff: Duration,
    /// Upper limit of every delay, also of one that the service asks for.
    pub max_backoff: Duration,
}

impl RetryConfig {
    /// Three attempts, up to 1 s and at most 20 s apart.
    pub const fn standard() -> Self {
        Self { max_attempts: 3, initial_backoff: Duration::from_secs(1), max_backoff: Duration::from_secs(20) }
    }

    /// No retries.
    pub const fn disabled() -> Self {
        Self::standard().max_attempts(1)
    }

    /// With so many attempts; 0 is taken for 1.
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// With delays that begin with up to `limit`.
    pub const fn initial_backoff(mut self, limit: Duration) -> Self {
        self.initial_backoff = limit;
        self
    }

    /// With delays of at most `limit`.
    pub const fn max_backoff(mut self, limit: Duration) -> Self {
        self.max_backoff = limit;
        self
    }

    /// How long to wait after attempt number `attempt`, where the service asks for `asked`.
    pub(super) fn delay(&self, attempt: u32, asked: Option<Duration>) -> Duration {
        let doubled = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        let limit = self.initial_backoff.saturating_mul(doubled).min(self.max_backoff);
        let backoff = random::part_of(limit);
        asked.map_or(backoff, |asked| asked.min(self.max_backoff).max(backoff))
    }
}

impl Default for RetryConfig {
    fn default() -> Self {
        Self::standard()
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

/// Tokens that retries cost: when most calls fail, retrying them all would make it worse.
///
/// All clones of a client share one. Costs and capacity are those of the AWS SDKs.
#[derive(Debug)]
pub(super) struct RetryBudget(Mutex<u32>);

/// What a retry has cost; given back when it succeeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cost(u32);

impl RetryBudget {
    const CAPACITY: u32 = 500;
    const RETRY: Cost = Cost(5);
    /// A timeout has cost the service more than an error.
    const TIMEOUT: Cost = Cost(10);
    /// What a call that succeeds at once gives.
    const SUCCESS: Cost = Cost(1);

    pub(super) fn new() -> Self {
        Self(Mutex::new(Self::CAPACITY))
    }

    fn tokens(&self) -> std::sync::MutexGuard<'_, u32> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Takes what a retry costs; `None` where too little is left.
    pub(super) fn take(&self, after_timeout: bool) -> Option<Cost> {
        let cost = if after_timeout { Self::TIMEOUT } else { Self::RETRY };
        let mut tokens = self.tokens();
        *tokens = tokens.checked_sub(cost.0)?;
        Some(cost)
    }

    /// After a success: gives back what its last retry took.
    pub(super) fn succeed(&self, last_retry: Option<Cost>) {
        let mut tokens = self.tokens();
        *tokens = (*tokens + last_retry.unwrap_or(Self::SUCCESS).0).min(Self::CAPACITY);
    }
}

/// What a response's headers ask to wait: `Retry-After` in seconds or as a date, or milliseconds in
/// `x-amz-retry-after`.
pub(super) fn asked_delay(headers: &HeaderMap, now: std::time::SystemTime) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    if let Some(millis) = text("x-amz-retry-after").and_then(|text| text.parse().ok()) {
        return Some(Duration::from_millis(millis));
    }
    let text = text("retry-after")?;
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let time = super::http_date(text)?;
    Some(time.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use std::time::SystemTime;

    #[test]
    fn delays_double_up_to_the_limit() {
        let config =
            RetryConfig::standard().initial_backoff(Duration::from_secs(2)).max_backoff(Duration::from_secs(5));
        let longest = |attempt| (0..500).map(|_| config.delay(attempt, None)).max().unwrap_or_default();
        for (attempt, limit) in [(1, 2), (2, 4), (3, 5), (40, 5)] {
            let (longest, limit) = (longest(attempt), Duration::from_secs(limit));
            assert!(longest <= limit && longest > limit * 8 / 10, "attempt {attempt}: {longest:?} of {limit:?}");
        }
    }

    #[test]
    fn a_delay_that_is_asked_for_is_kept_within_the_limit() {
        let config = RetryConfig::standard().initial_backoff(Duration::ZERO).max_backoff(Duration::from_secs(5));
        assert_eq!(config.delay(1, Some(Duration::from_secs(3))), Duration::from_secs(3));
        assert_eq!(config.delay(1, Some(Duration::from_secs(60))), Duration::from_secs(5));
    }

    #[test]
    fn the_budget_ends_and_comes_back() {
        let budget = RetryBudget::new();
        let mut last = None;
        for _ in 0..100 {
            last = budget.take(false);
            assert!(last.is_some());
        }
        assert_eq!(budget.take(false), None);
        budget.succeed(last);
        assert_eq!(budget.take(true), None, "a timeout costs twice as much");
        assert!(budget.take(false).is_some());
        (0..1000).for_each(|_| budget.succeed(None));
        assert_eq!(*budget.tokens(), RetryBudget::CAPACITY);
    }

    #[test]
    fn retry_after_is_read_in_all_its_forms() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777 - 7);
        for (name, value, expected) in [
            ("retry-after", "120", Some(120_000)),
            ("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT", Some(7_000)),
            ("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("retry-after", "soon", None),
            ("x-amz-retry-after", "1500", Some(1_500)),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static(value));
            assert_eq!(asked_delay(&headers, now), expected.map(Duration::from_millis), "{name}: {value}");
        }
    }
}
