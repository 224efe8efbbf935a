//! A call of an operation, before it is made.

use super::mode::Mode;
use super::overrides::Overrides;
use super::retry::RetryConfig;
use super::shared::Shared;
use crate::{Operation, Protocol, ResponseMetadata};
use http::{HeaderName, HeaderValue};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

/// A call that can still be adjusted. Await it with an async client; with a blocking one, [`send`](Self::send) makes it.
/// With an async client, `send` gives the future, for functions that take one.
#[must_use = "a call does nothing until it is awaited or sent"]
pub struct Call<I, M> {
    pub(super) shared: Arc<Shared>,
    pub(super) input: I,
    pub(super) overrides: Option<Box<Overrides>>,
    mode: PhantomData<fn() -> M>,
}

impl<I: Operation, M: Mode> Call<I, M> {
    pub(super) fn new(shared: Arc<Shared>, input: I) -> Self {
        Self { shared, input, overrides: None, mode: PhantomData }
    }

    fn overriding(mut self, set: impl FnOnce(&mut Overrides)) -> Self {
        set(self.overrides.get_or_insert_default());
        self
    }

    /// The input.
    pub fn input(&self) -> &I {
        &self.input
    }

    /// How long the call may take with all its attempts and the pauses between them.
    pub fn timeout(self, limit: impl Into<Option<Duration>>) -> Self {
        self.overriding(|overrides| overrides.call_timeout = Some(limit.into()))
    }

    /// How long one attempt may take.
    pub fn attempt_timeout(self, limit: impl Into<Option<Duration>>) -> Self {
        self.overriding(|overrides| overrides.attempt_timeout = Some(limit.into()))
    }

    /// How the call is retried.
    pub fn retry(self, retry: RetryConfig) -> Self {
        self.overriding(|overrides| overrides.retry = Some(retry))
    }

    /// Calls this URL instead of the one that the endpoint rules give.
    pub fn endpoint_url(self, url: impl Into<String>) -> Self {
        self.overriding(|overrides| overrides.endpoint_url = Some(url.into()))
    }

    /// The protocol to speak.
    pub fn protocol(self, protocol: Protocol) -> Self {
        self.overriding(|overrides| overrides.protocol = Some(protocol))
    }

    /// Sends one more header, or another value for a header that is sent anyway. It is signed too. A value that is a secret is
    /// marked by [`HeaderValue::set_sensitive`]: then no log shows it.
    pub fn header(self, name: HeaderName, value: HeaderValue) -> Self {
        self.overriding(|overrides| overrides.headers.push((name, value)))
    }

    /// The same call, with request id, status and attempts in its result beside the output.
    pub fn with_metadata(self) -> DetailedCall<I, M> {
        DetailedCall(self)
    }

    /// A new call for `input`, by the same client and with the same adjustments.
    pub(super) fn with_input(&self, input: I) -> Self {
        Self { shared: self.shared.clone(), input, overrides: self.overrides.clone(), mode: PhantomData }
    }
}

impl<I: Clone, M> Clone for Call<I, M> {
    fn clone(&self) -> Self {
        Self {
            shared: self.shared.clone(),
            input: self.input.clone(),
            overrides: self.overrides.clone(),
            mode: PhantomData,
        }
    }
}

impl<I: fmt::Debug, M> fmt::Debug for Call<I, M> {
    /// Headers may hold secrets, and are left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("input", &self.input).finish_non_exhaustive()
    }
}

/// A call whose result is an [`Answer`].
#[derive(Debug)]
#[must_use = "a call does nothing until it is awaited or sent"]
pub struct DetailedCall<I, M>(pub(super) Call<I, M>);

/// The result of a call, with what the response says besides.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Answer<T> {
    /// The output.
    pub output: T,
    /// Status and request id of the response.
    pub response: ResponseMetadata,
    /// How often the call was sent.
    pub attempts: u32,
}
