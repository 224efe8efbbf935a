//! Waiters.

use super::{AcceptorState, Comparator, Expected, OperationId, WaiterOverlay};
use crate::diagnostic::Origin;

/// How to wait for a state; `R` is how it refers to the operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiter<R = OperationId> {
    /// Name, such as `FleetStarted`.
    pub name: String,
    /// The operation that is called again and again.
    pub operation: R,
    /// Seconds between two calls.
    pub delay: u32,
    /// Greatest delay in seconds, where the source has one (Smithy's `maxDelay`).
    pub max_delay: Option<u32>,
    /// Calls before giving up, where the source has it.
    pub max_attempts: Option<u32>,
    /// Tried in order on every result.
    pub acceptors: Vec<Acceptor>,
    /// Upstream documentation text, where the source has it.
    pub documentation: Option<String>,
    /// What of it is the overlay's, if anything, and why.
    pub overlay: Option<WaiterOverlay>,
    /// Where it was read from.
    pub origin: Origin,
}

impl<R> Waiter<R> {
    /// Whether one of its acceptors is the overlay's.
    pub fn is_from_overlay(&self, acceptor: &Acceptor) -> bool {
        matches!(self.overlay, Some(WaiterOverlay::Added(_))) || acceptor.origin.file != self.origin.file
    }

    /// The same with another reference to the operation.
    pub(super) fn of<S>(self, operation: S) -> Waiter<S> {
        let Self { name, operation: _, delay, max_delay, max_attempts, acceptors, documentation, overlay, origin } =
            self;
        Waiter { name, operation, delay, max_delay, max_attempts, acceptors, documentation, overlay, origin }
    }
}

/// What a result means to a waiter.
#[derive(Clone, Debug, PartialEq)]
pub struct Acceptor {
    /// The state that the waiter goes to.
    pub state: AcceptorState,
    /// When.
    pub matcher: Matcher,
    /// Where its expression was read from, or else all of it.
    pub origin: Origin,
}

/// When an acceptor applies.
#[derive(Clone, Debug, PartialEq)]
pub enum Matcher {
    /// The value of a JMESPath expression over the output compares.
    Path {
        /// The expression.
        path: String,
        /// How its value is compared.
        comparator: Comparator,
        /// With what.
        expected: Expected,
    },
    /// The call failed with this error code, or the name of an error shape.
    ErrorType(String),
    /// The call failed (`false`: succeeded), whatever with.
    AnyError(bool),
    /// The HTTP status is this.
    Status(u16),
}
