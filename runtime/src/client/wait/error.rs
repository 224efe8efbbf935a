//! Why a wait ended without what was waited for: one type for all waiters of a service.

use super::OutputOf;
use crate::Operation;
use crate::waiter::{ResourceState, Seen, Waiter};
use std::any::Any;
use std::fmt;
use std::time::Duration;

/// Why a wait ended without what was waited for; `E` is the service's error. Each service with waiters has an alias for its
/// own, `WaitError`.
///
/// `Display` is one line: the waiter, the states that it has seen last, calls, time, and the error of the last call.
pub struct WaitError<E>(Box<Unfinished<E>>);

/// What is known of a wait that has failed.
#[derive(Debug)]
struct Unfinished<E> {
    waiter: &'static str,
    kind: WaitErrorKind,
    seen: Option<Seen>,
    result: Result<Box<dyn AnyOutput>, E>,
    attempts: u32,
    elapsed: Duration,
}

/// The output of any operation.
trait AnyOutput: Any + fmt::Debug + Send + Sync {}

impl<T: Any + fmt::Debug + Send + Sync> AnyOutput for T {}

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitErrorKind {
    /// The resource is in a state from which it cannot get there.
    Failure,
    /// A call failed for another reason.
    Call,
    /// All attempts were made.
    MaxAttempts,
    /// The time ran out.
    MaxWait,
}

impl<E> WaitError<E> {
    pub(super) fn new<W>(kind: WaitErrorKind, result: Result<OutputOf<W>, E>, attempts: u32, elapsed: Duration) -> Self
    where
        W: Waiter<Operation: Operation<Error = E>>,
    {
        let seen = result.as_ref().ok().and_then(W::seen);
        let result = result.map(|output| Box::new(output) as Box<dyn AnyOutput>);
        Self(Box::new(Unfinished { waiter: W::NAME, kind, seen, result, attempts, elapsed }))
    }

    /// The waiter, by its name in the model, such as `FleetStarted`.
    pub fn waiter(&self) -> &'static str {
        self.0.waiter
    }

    /// How the wait ended.
    pub fn kind(&self) -> WaitErrorKind {
        self.0.kind
    }

    /// The state that the waiter has seen last, such as `STOPPED`: for people. Of several resources it names those in each
    /// state. Empty where the last call failed, or the waiter looks at no state.
    pub fn state(&self) -> String {
        self.0.seen.as_ref().map_or_else(String::new, Seen::to_string)
    }

    /// The state of each resource that the waiter has seen last.
    pub fn states(&self) -> &[ResourceState] {
        self.0.seen.as_ref().map_or(&[], Seen::states)
    }

    /// The service's error, if the last call failed.
    pub fn error(&self) -> Option<&E> {
        self.0.result.as_ref().err()
    }

    /// The service's error, if the last call failed.
    pub fn into_error(self) -> Option<E> {
        self.0.result.err()
    }

    /// The output of the last call, if that succeeded and `O` is the output of the waiter's operation.
    pub fn output<O: 'static>(&self) -> Option<&O> {
        let output: &dyn Any = &**self.0.result.as_ref().ok()?;
        output.downcast_ref()
    }

    /// Calls until then.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Time until then.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }
}

impl<E: fmt::Debug + fmt::Display> fmt::Debug for WaitError<E> {
    /// The line that `Display` has, as of a call's error; all parts with `{:#?}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return fmt::Display::fmt(self, f);
        }
        let Unfinished { waiter, kind, seen, result, attempts, elapsed } = &*self.0;
        f.debug_struct("WaitError")
            .field("waiter", waiter)
            .field("kind", kind)
            .field("seen", seen)
            .field("result", result)
            .field("attempts", attempts)
            .field("elapsed", elapsed)
            .finish()
    }
}

impl<E: fmt::Display> fmt::Display for WaitError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unfinished { waiter, kind, seen, result, attempts, elapsed } = &*self.0;
        write!(f, "{waiter}: ")?;
        f.write_str(match kind {
            WaitErrorKind::Failure => "it can no longer come to this state",
            WaitErrorKind::Call => "a call failed",
            WaitErrorKind::MaxAttempts | WaitErrorKind::MaxWait => "not in this state yet",
        })?;
        if let Some(seen) = seen {
            write!(f, ": {seen}")?;
        }
        let times = if *attempts == 1 { "call" } else { "calls" };
        write!(f, ", after {attempts} {times} and {} s", elapsed.as_secs())?;
        match result {
            Ok(_) => Ok(()),
            Err(error) => write!(f, ": {error}"),
        }
    }
}

/// Without a source, since `Display` has the last call's error: [`WaitError::error`] gives it as a value.
impl<E: fmt::Debug + fmt::Display> std::error::Error for WaitError<E> {}
