//! Waiting until a resource has reached a state: what a generated waiter says.
//! The loop around it, with its clock, is the client's.

use crate::one_line::Segment;
use crate::sealed::Generated;
use crate::{Error, Operation, ServiceError};
use std::fmt;
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

    /// The states that [`state`](Self::state) has looked at, for people; `None` where it looks at none.
    fn seen(output: &<Self::Operation as Operation>::Output) -> Option<Seen> {
        let _ = output;
        None
    }
}

/// The meaning of a result to a waiter.
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

/// What a waiter has looked at in an output.
///
/// `Display` is one line that begins with the states, each with the resources that are in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    states: Vec<ResourceState>,
    reasons: Vec<&'static str>,
}

/// The state of a resource, as a waiter sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResourceState {
    /// The resource's name or id, where it is one of a list and has such a member.
    pub resource: Option<String>,
    /// The text that the waiter looks at, such as `STOPPED`.
    pub state: String,
}

impl Seen {
    /// The state of each resource, in the order of the answer.
    pub fn states(&self) -> &[ResourceState] {
        &self.states
    }

    /// Conditions other than states that end the wait: expressions of the waiter, with their values.
    pub fn reasons(&self) -> &[&'static str] {
        &self.reasons
    }

    /// For generated code: a resource, and its state if it has one.
    #[doc(hidden)]
    pub fn add(&mut self, resource: Option<&str>, state: Option<&str>) {
        if let Some(state) = state {
            self.states.push(ResourceState { resource: resource.map(str::to_owned), state: state.to_owned() });
        }
    }

    /// For generated code: an expression, with its value.
    #[doc(hidden)]
    pub fn add_reason(&mut self, reason: &'static str) {
        self.reasons.push(reason);
    }

    /// The states that there are, each once, with the resources that are in them.
    fn by_state(&self) -> Vec<(&str, Vec<&str>)> {
        let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
        for ResourceState { resource, state } in &self.states {
            let resource = resource.as_deref();
            match groups.iter_mut().find(|(known, _)| known == state) {
                Some((_, resources)) => resources.extend(resource),
                None => groups.push((state, resource.into_iter().collect())),
            }
        }
        groups
    }
}

/// How many states, and resources in each, a line tells.
const SHOWN: usize = 5;

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups = self.by_state();
        if groups.is_empty() {
            f.write_str("nothing was found")?;
        }
        write_some(f, &groups, |f, (state, resources)| {
            write!(f, "{}", Segment(state))?;
            if resources.is_empty() {
                return Ok(());
            }
            f.write_str(" (")?;
            write_some(f, resources, |f, resource| write!(f, "{}", Segment(resource)))?;
            f.write_str(")")
        })?;
        self.reasons.iter().try_for_each(|reason| write!(f, ", and {reason}"))
    }
}

/// The first of `items`, and how many others there are.
fn write_some<T>(
    f: &mut fmt::Formatter<'_>,
    items: &[T],
    mut write: impl FnMut(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (index, item) in items.iter().take(SHOWN).enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write(f, item)?;
    }
    if items.len() > SHOWN { write!(f, " and {} more", items.len() - SHOWN) } else { Ok(()) }
}

/// Whether there are items, and all of them `accept`: the comparator `pathAll`.
pub fn all<I: Iterator>(items: I, accept: impl FnMut(I::Item) -> bool) -> bool {
    let mut items = items.peekable();
    items.peek().is_some() && items.all(accept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(states: &[(Option<&str>, &str)]) -> String {
        let mut seen = Seen::default();
        states.iter().for_each(|(resource, state)| seen.add(*resource, Some(state)));
        seen.to_string()
    }

    #[test]
    fn states_are_told_once() {
        assert_eq!(seen(&[]), "nothing was found");
        assert_eq!(seen(&[(None, "STOPPED"), (None, "STOPPED")]), "STOPPED");
        let several = [(Some("a"), "RUNNING"), (Some("b"), "STOPPED"), (Some("c"), "RUNNING")];
        assert_eq!(seen(&several), "RUNNING (a, c), STOPPED (b)");
    }

    #[test]
    fn of_many_only_some_are_told() {
        let names: Vec<String> = (0..25).map(|number| number.to_string()).collect();
        let states: Vec<_> = names.iter().map(|name| (Some(name.as_str()), "PENDING")).collect();
        assert_eq!(seen(&states), "PENDING (0, 1, 2, 3, 4 and 20 more)");
        let states: Vec<_> = names.iter().map(|state| (None, state.as_str())).collect();
        assert_eq!(seen(&states), "0, 1, 2, 3, 4 and 20 more");
    }

    #[test]
    fn text_of_an_answer_stays_on_its_line() {
        assert_eq!(seen(&[(Some("a\nb"), "\x1b[31m")]), "\\u{1b}[31m (a b)");
    }

    #[test]
    fn what_has_no_state_is_left_out() {
        let mut seen = Seen::default();
        seen.add(Some("a"), None);
        seen.add_reason("length(Errors) > `0` is true");
        assert_eq!(seen.states(), []);
        assert_eq!(seen.to_string(), "nothing was found, and length(Errors) > `0` is true");
    }
}
