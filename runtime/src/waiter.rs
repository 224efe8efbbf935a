//! Waiting until a resource has reached a state: what a generated waiter says.
//! The loop around it, with its clock, is the client's.

use crate::{Error, Operation, ServiceError};
use std::time::Duration;

/// What to wait for: an operation that is called again and again, and what its
/// results mean.
///
/// Specification: Smithy 2.0, "Waiters".
pub trait Waiter {
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
pub struct Attempt<'a, Output> {
    /// Status of the HTTP response, if one came.
    pub status: Option<u16>,
    /// Output or failure.
    pub result: Result<&'a Output, Failure<'a>>,
}

/// A failed call, as a waiter sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failure<'a> {
    /// The error code on the wire, without namespace or URI.
    pub code: Option<&'a str>,
    /// Name of the modelled error shape, where it is one.
    pub shape: Option<&'a str>,
}

impl<'a> Failure<'a> {
    /// What `error` tells a waiter.
    pub fn of<E: ServiceError>(error: &'a Error<E>) -> Self {
        Self { code: error.code(), shape: error.service_error().and_then(ServiceError::shape) }
    }

    /// Whether `name` is the failure's code or the name of its shape.
    pub fn is(&self, name: &str) -> bool {
        self.code == Some(name) || self.shape == Some(name)
    }
}

/// Whether there are items, and all of them `accept`: the comparator `pathAll`.
pub fn all<I: Iterator>(items: I, accept: impl FnMut(I::Item) -> bool) -> bool {
    let mut items = items.peekable();
    items.peek().is_some() && items.all(accept)
}
