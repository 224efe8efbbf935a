//! Waiting until a resource has reached a state: what a generated waiter says.
//! The loop around it, with its clock, is the client's.

use crate::sealed::Generated;
use crate::{Error, Operation, ServiceError};
use std::time::Duration;

/// What to wait for: an operation that is called again and again, and what its
/// results mean.
///
/// Sealed: only generated types implement it. It gets more items in minor releases.
///
/// Specification: Smithy 2.0, "Waiters".
pub trait Waiter: Generated {
    /// The operation, told by its input.
    type Operation: Operation;
    /// Name in the model, such as `FleetStarted`.
    const NAME: &'static str;
    /// Least time between two calls.
    const MIN_DELAY: Duration;
    /// Greatest time between two calls; where there is none, [`Self::MIN_DELAY`]
    /// always applies.
    const MAX_DELAY: Option<Duration> = None;
    /// Calls before giving up, where the model limits them.
    const MAX_ATTEMPTS: Option<u32> = None;

    /// What a call's result means. `None` where no acceptor applies: then go on
    /// after a success, and give up after a failure.
    fn state(attempt: Attempt<'_, <Self::Operation as Operation>::Output>) -> Option<WaiterState>;
}

/// What a result means to a waiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WaiterState {
    /// What was waited for is there.
    Success,
    /// It can no longer come.
    Failure,
    /// Not yet.
    Retry,
}

/// A finished call, as a waiter sees it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Attempt<'a, Output> {
    /// Status of the HTTP response, if one came.
    pub status: Option<u16>,
    /// Output or error.
    pub result: Result<&'a Output, FailedCall<'a>>,
}

impl<'a, Output> Attempt<'a, Output> {
    /// A call that gave this, with the status of the HTTP response, if one came.
    pub fn new(status: Option<u16>, result: Result<&'a Output, FailedCall<'a>>) -> Self {
        Self { status, result }
    }
}

/// A failed call, as a waiter sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FailedCall<'a> {
    /// The error code on the wire, without namespace or URI.
    pub code: Option<&'a str>,
    /// Name of the modelled error shape, where it is one.
    pub shape: Option<&'a str>,
}

impl<'a> FailedCall<'a> {
    /// The error of a service with this code; the name of its shape is the same.
    pub fn new(code: &'a str) -> Self {
        Self { code: Some(code), shape: Some(code) }
    }

    /// Whether `name` is the error's code or the name of its shape.
    pub fn is(&self, name: &str) -> bool {
        self.code == Some(name) || self.shape == Some(name)
    }
}

impl<'a, E: ServiceError> From<&'a Error<E>> for FailedCall<'a> {
    fn from(error: &'a Error<E>) -> Self {
        Self { code: error.code(), shape: error.service_error().and_then(ServiceError::shape) }
    }
}

/// Whether there are items, and all of them `accept`: the comparator `pathAll`.
pub fn all<I: Iterator>(items: I, accept: impl FnMut(I::Item) -> bool) -> bool {
    let mut items = items.peekable();
    items.peek().is_some() && items.all(accept)
}
