//! Waiters, with their expressions parsed and checked against the output that
//! they look at.

mod seen;

pub use seen::{ReasonPlan, SeenPlan, StatePlan};

use super::jmespath::{self, Ty, Typed};
use super::names::{Position, Scope, snake};
use super::{ServicePlan, Type, TypeKind};
use crate::diagnostic::{Diagnostics, Severity};
use crate::graph::{Acceptor, AcceptorState, Comparator, Expected, Matcher, Waiter};

/// A waiter to emit.
#[derive(Debug)]
pub struct WaiterPlan<'g> {
    /// Name of the Rust type in the service's `waiters` module.
    pub name: String,
    /// Name of the client's method, such as `wait_until_fleet_started`.
    pub method: String,
    /// What the model says.
    pub waiter: &'g Waiter,
    /// Tried in order.
    pub acceptors: Vec<AcceptorPlan<'g>>,
    /// What it tells of an output.
    pub seen: SeenPlan,
}

/// What a result means.
#[derive(Debug)]
pub struct AcceptorPlan<'g> {
    /// The state that the waiter goes to.
    pub state: AcceptorState,
    /// When.
    pub matcher: MatcherPlan<'g>,
}

impl AcceptorPlan<'_> {
    /// How a value of the output is compared, where one is.
    pub fn comparator(&self) -> Option<Comparator> {
        match &self.matcher {
            MatcherPlan::Output(matcher) => Some(matcher.comparator),
            _ => None,
        }
    }

    /// The text that a value of the output is compared with.
    pub fn expected_text(&self) -> Option<&str> {
        match &self.matcher {
            MatcherPlan::Output(OutputMatcher { expected: Expected::String(text), .. }) => Some(text),
            _ => None,
        }
    }

    /// Whether both look at one value, and differ only in the text that they
    /// look for.
    pub fn differs_only_in_text(&self, other: &Self) -> bool {
        let (MatcherPlan::Output(a), MatcherPlan::Output(b)) = (&self.matcher, &other.matcher) else { return false };
        let is_text = |acceptor: &Self| acceptor.expected_text().is_some();
        self.state == other.state
            && is_text(self)
            && is_text(other)
            && a.comparator != Comparator::All
            && (a.comparator, a.path) == (b.comparator, b.path)
    }
}

/// When an acceptor applies.
#[derive(Debug)]
pub enum MatcherPlan<'g> {
    /// A value of the output compares.
    Output(OutputMatcher<'g>),
    /// The call failed with this code, or with the error shape of this name.
    Error(&'g str),
    /// The call failed (`true`), or succeeded.
    Failed(bool),
    /// The HTTP status is this.
    Status(u16),
}

/// A value of the output compares.
#[derive(Debug)]
pub struct OutputMatcher<'g> {
    /// The expression as the model has it.
    pub path: &'g str,
    /// The value. For [`Comparator::All`] and [`Comparator::Any`] it is a list.
    pub value: Typed,
    /// How it is compared.
    pub comparator: Comparator,
    /// With what; the type fits.
    pub expected: &'g Expected,
}

/// Names that the module of waiters uses for something else.
const RESERVED: &[&str] = &["Attempt", "Duration", "Operation", "Seen", "Waiter", "WaiterState"];

/// Plans the waiters of all selected operations.
pub fn waiters<'g>(plan: &ServicePlan<'g>, diagnostics: &mut Diagnostics) -> Vec<WaiterPlan<'g>> {
    let selected = plan.service.waiters().iter().filter(|waiter| plan.operation(waiter.operation).is_some());
    named(selected)
        .map(|(waiter, [name, method])| {
            if waiter.acceptors.len() > MAX_ACCEPTORS {
                let message = format!("waiter `{}` has more than {MAX_ACCEPTORS} acceptors", waiter.name);
                diagnostics.error("too-many-acceptors", &waiter.origin, message);
            }
            let acceptors = waiter.acceptors.iter().take(MAX_ACCEPTORS);
            let acceptors: Vec<_> = acceptors.filter_map(|a| acceptor(plan, waiter, a, diagnostics)).collect();
            let seen = SeenPlan::of(plan, &acceptors);
            WaiterPlan { name, method, waiter, acceptors, seen }
        })
        .collect()
}

/// How many acceptors a waiter may have: they become one `if` within the other.
const MAX_ACCEPTORS: usize = 128;

/// Waiters with the names of their Rust types and of the client's methods.
pub(super) fn named<'g>(waiters: impl Iterator<Item = &'g Waiter>) -> impl Iterator<Item = (&'g Waiter, [String; 2])> {
    let mut types = Scope::new(Position::Type);
    for reserved in RESERVED {
        types.claim_exact(reserved);
    }
    let mut methods = Scope::new(Position::Method);
    waiters.map(move |waiter| {
        let method = methods.claim(&format!("wait_until_{}", snake(&waiter.name)));
        (waiter, [types.claim(&waiter.name), method])
    })
}

fn acceptor<'g>(
    plan: &ServicePlan<'g>,
    waiter: &'g Waiter,
    acceptor: &'g Acceptor,
    diagnostics: &mut Diagnostics,
) -> Option<AcceptorPlan<'g>> {
    let matcher = match &acceptor.matcher {
        Matcher::Path { path, comparator, expected } => {
            let user = format!("waiter `{}`", waiter.name);
            let output = plan.operation(waiter.operation)?.output;
            let checked = jmespath::parse(path).and_then(|expression| jmespath::check(plan, output, &expression));
            let value = match checked {
                Ok(value) => value,
                Err(problem) => {
                    problem.report(diagnostics, &acceptor.origin, &user, path);
                    return None;
                }
            };
            let matcher = OutputMatcher { path, value, comparator: *comparator, expected };
            // What is wrong upstream is no reason to stop; what is wrong here is.
            let severity = if waiter.is_from_overlay(acceptor) { Severity::Error } else { Severity::Warning };
            check_expected(plan, (acceptor, severity), &user, &matcher, diagnostics)?;
            MatcherPlan::Output(matcher)
        }
        Matcher::ErrorType(name) => MatcherPlan::Error(name),
        Matcher::AnyError(failed) => MatcherPlan::Failed(*failed),
        Matcher::Status(status) => MatcherPlan::Status(*status),
    };
    Some(AcceptorPlan { state: acceptor.state, matcher })
}

/// Checks that the value can be what is expected. `None` where the acceptor is
/// left out: it is wrong, or it is useless.
fn check_expected(
    plan: &ServicePlan<'_>,
    (acceptor, severity): (&Acceptor, Severity),
    user: &str,
    matcher: &OutputMatcher<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<()> {
    let (path, origin) = (matcher.path, &acceptor.origin);
    let element = matcher.value.ty.element();
    let ty = match (matcher.comparator, element) {
        (Comparator::Equals, None) => matcher.value.ty.clone(),
        (Comparator::All | Comparator::Any, Some(element)) => element,
        (comparator, element) => {
            // Such acceptors exist, and other clients never find them to match.
            let is = if element.is_some() { "a list" } else { "not a list" };
            let needs = if comparator == Comparator::Equals { "a single value" } else { "a list" };
            let message = format!("{user} compares `{path}` as {needs}, but it is {is}: that never matches");
            let hint = match severity {
                Severity::Warning => "the acceptor is left out",
                Severity::Error => "delete it",
            };
            diagnostics.add(severity, "useless-acceptor", origin, message).hint(hint);
            return None;
        }
    };
    let fits = match matcher.expected {
        Expected::String(_) => ty.is_text(plan),
        Expected::Boolean(_) => ty.is_boolean(),
        Expected::Number(_) => ty.is_number(plan),
    };
    if !fits {
        let expected = describe(matcher.expected);
        diagnostics.error(
            "waiter-type",
            origin,
            format!("{user} expects `{path}` to be {expected}, which it cannot be"),
        );
        return None;
    }
    if let (Expected::String(expected), Ty::Rust(Type::Named(id))) = (matcher.expected, &ty)
        && let TypeKind::Enum { variants, .. } = &plan[*id].kind
        && !variants.iter().any(|variant| variant.value == expected)
    {
        let message =
            format!("{user} expects `{path}` to be `{expected}`, which `{}` does not have", plan[*id].wire_name);
        let known = variants.iter().map(|variant| variant.value);
        diagnostics.add(severity, "unknown-enum-value", origin, message).did_you_mean(expected, known);
    }
    Some(())
}

fn describe(expected: &Expected) -> String {
    match expected {
        Expected::String(text) => format!("the string {text:?}"),
        Expected::Boolean(value) => format!("`{value}`"),
        Expected::Number(number) => format!("the number {number}"),
    }
}
