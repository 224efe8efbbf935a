//! No notation, but a look at every value: whether it is as the model of its service asks for.

use super::Writer;
use super::look::{Look, Scalar};
use super::output::{Output, REDACTED, Shape, Slot};
use crate::constraints::{Constraint, Constraints, Limits, MemberConstraint, Pattern};
use crate::path::Path;
use crate::violation::{Violation, ViolationKind, Violations};
use crate::{EncodeError, Value};
use std::collections::HashMap;
use std::fmt::Display;

/// What is asked of values, where in a value the writer is, and what was found.
pub(super) struct Checker {
    constraints: Option<&'static Constraints>,
    /// What the value that comes stands in, outermost first.
    places: Vec<Inside>,
    /// What is asked of the value that comes.
    asked: Expected,
    /// Whether the member that comes is a secret.
    secret_comes: bool,
    found: Vec<Violation>,
}

/// A structure, list or map that is open.
struct Inside {
    /// Of a structure or union.
    members: &'static [(&'static str, MemberConstraint)],
    /// Of a list or map.
    own: Option<&'static Constraint>,
    step: PathStep,
    /// How many elements have begun.
    count: usize,
    /// The elements so far, where none may be there twice: as text, with the first place of each.
    seen: HashMap<Vec<u8>, usize>,
    /// Whether all in it is secret.
    is_secret: bool,
}

/// Where in it the value is.
enum PathStep {
    Nowhere,
    Member(&'static str),
    Key(String),
    Element(usize),
}

/// What is asked of a value.
#[derive(Clone, Copy, Default)]
struct Expected {
    constraint: Option<&'static Constraint>,
    is_required: bool,
    is_secret: bool,
}

/// Looks at a value and all in it.
pub(crate) fn check(constraints: Option<&'static Constraints>, value: &dyn Value) -> Result<(), Violations> {
    let asked = Expected::default();
    let checker = Checker { constraints, places: Vec::new(), asked, secret_comes: false, found: Vec::new() };
    let mut writer = Writer::new(Output::Look(Look::Check(Box::new(checker))));
    value.write(&mut writer);
    let Output::Look(Look::Check(checker)) = writer.output else { return Ok(()) };
    let mut found = checker.found;
    found.extend(writer.error.map(unsendable));
    Violations::check(found)
}

/// What no notation could write either.
fn unsendable(mut error: EncodeError) -> Violation {
    let path = std::mem::take(error.path_mut());
    Violation::new(path, ViolationKind::Unsendable, error.message().to_owned())
}

impl Checker {
    /// The next member is a secret.
    pub(super) fn secret(&mut self) {
        self.secret_comes = true;
    }

    pub(super) fn begin(&mut self, shape: Shape) {
        let asked = std::mem::take(&mut self.asked);
        let members = match shape {
            Shape::Structure(name) | Shape::Union(name) => self.constraints.map_or(&[][..], |all| all.of(name)),
            Shape::List(length) => {
                self.length(asked, length, ["element", "elements"]);
                &[]
            }
            Shape::Map(length) => {
                self.length(asked, length, ["entry", "entries"]);
                &[]
            }
        };
        let (own, is_secret) = (asked.constraint, asked.is_secret);
        self.places.push(Inside { members, own, step: PathStep::Nowhere, count: 0, seen: HashMap::new(), is_secret });
    }

    pub(super) fn slot(&mut self, slot: Slot<'_>) {
        let Some(inside) = self.places.last_mut() else { return };
        let is_secret = inside.is_secret || std::mem::take(&mut self.secret_comes);
        let own = inside.own;
        let (step, constraint, is_required) = match slot {
            Slot::Member(name) => {
                let asked = inside.members.iter().find(|(member, _)| *member == name).map(|(_, asked)| asked);
                let is_required = asked.is_some_and(|asked| asked.is_required);
                (PathStep::Member(name), asked.and_then(|asked| asked.value), is_required)
            }
            Slot::Key(key) => (PathStep::Key(key.to_owned()), own.and_then(|own| own.element), false),
            Slot::Element => (PathStep::Element(inside.count), own.and_then(|own| own.element), false),
        };
        inside.step = step;
        inside.count += 1;
        if let (Slot::Key(key), Some(asked)) = (slot, own.and_then(|own| own.key)) {
            self.asked = Expected { constraint: Some(asked), is_required: false, is_secret };
            self.text(key, "the key ");
        }
        self.asked = Expected { constraint, is_required, is_secret };
    }

    pub(super) fn end(&mut self) {
        self.places.pop();
        self.asked = Expected::default();
    }

    /// Whether elements that come must not be there already.
    pub(super) fn wants_unique(&self) -> bool {
        self.places.last().and_then(|inside| inside.own).is_some_and(|own| own.is_unique)
    }

    /// The last element, as text.
    pub(super) fn compare(&mut self, element: Vec<u8>) {
        let Some(inside) = self.places.last_mut() else { return };
        let index = inside.count.saturating_sub(1);
        let first = *inside.seen.entry(element).or_insert(index);
        if first != index {
            self.report(ViolationKind::Duplicate, format!("is the same as the element {first}, expected no two alike"));
        }
    }

    pub(super) fn scalar(&mut self, scalar: Scalar<'_>) {
        match scalar {
            Scalar::String(value) => self.text(value, ""),
            Scalar::Blob(value) => self.blob(value),
            Scalar::Integer(value) => self.integer(value),
            Scalar::Float(value) => self.float(value),
            // A limit such as 0.1 is no number of single precision: the digits of one are what is meant.
            Scalar::Float32(value) => self.float(value.to_string().parse().unwrap_or_else(|_| value.into())),
            // Nothing can be asked of these.
            Scalar::Null | Scalar::Boolean(_) | Scalar::Unsigned(_) | Scalar::Timestamp(_) => {
                self.asked = Expected::default();
            }
        }
    }

    /// A member of a union that no request can have.
    pub(super) fn unknown(&mut self, union: &str, member: &str) {
        if member.is_empty() {
            self.report(ViolationKind::Missing, format!("is required, and has no member of the union `{union}`"));
        } else {
            let message = format!("the union `{union}` has an unknown member");
            self.report(ViolationKind::Unsendable, message);
        }
    }

    fn blob(&mut self, value: &[u8]) {
        let asked = std::mem::take(&mut self.asked);
        self.length(asked, value.len(), ["byte", "bytes"]);
    }

    fn integer(&mut self, value: i64) {
        let asked = std::mem::take(&mut self.asked);
        match asked.constraint.map(|constraint| constraint.limits) {
            Some(Limits::Whole { min, max }) if value < min || value > max => {
                let least = (min != i64::MIN).then_some(min);
                let most = (max != i64::MAX).then_some(max);
                self.range(asked, value, between(least, most));
            }
            None | Some(Limits::None | Limits::Length { .. } | Limits::Whole { .. } | Limits::Real { .. }) => {}
        }
    }

    fn float(&mut self, value: f64) {
        let asked = std::mem::take(&mut self.asked);
        match asked.constraint.map(|constraint| constraint.limits) {
            // What is no number is in no range, and the service may take it all the same.
            Some(Limits::Real { min, max }) if value < min || value > max => {
                let least = min.is_finite().then_some(min);
                let most = max.is_finite().then_some(max);
                self.range(asked, value, between(least, most));
            }
            None | Some(Limits::None | Limits::Length { .. } | Limits::Whole { .. } | Limits::Real { .. }) => {}
        }
    }

    /// `of` is what of the place it is.
    fn text(&mut self, value: &str, of: &str) {
        let asked = std::mem::take(&mut self.asked);
        let before = self.found.len();
        self.length_of(asked, value.chars().count(), ["character", "characters"], of);
        let pattern = asked.constraint.and_then(|constraint| constraint.pattern);
        match pattern {
            Some(pattern) if !pattern.is_found_in(value) => {
                self.report(ViolationKind::Pattern, format!("{of}does not match {}", told(pattern)));
            }
            None if asked.is_required && value.is_empty() && self.found.len() == before => {
                self.report(ViolationKind::Missing, "is required, and empty".to_owned());
            }
            Some(_) | None => {}
        }
    }

    fn length(&mut self, asked: Expected, length: usize, units: [&str; 2]) {
        self.length_of(asked, length, units, "");
    }

    fn length_of(&mut self, asked: Expected, length: usize, [one, many]: [&str; 2], of: &str) {
        let Some(Limits::Length { min, max }) = asked.constraint.map(|constraint| constraint.limits) else { return };
        // No length is more than that.
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        if (min..=max).contains(&length) {
            return;
        }
        let expected = between((min != 0).then_some(min), (max != u64::MAX).then_some(max));
        let has = match (asked.is_secret, length) {
            (true, _) if length < min => format!("too few {many}"),
            (true, _) => format!("too many {many}"),
            (false, 1) => format!("1 {one}"),
            (false, length) => format!("{length} {many}"),
        };
        self.report(ViolationKind::Length, format!("{of}has {has}, expected {expected}"));
    }

    fn range(&mut self, asked: Expected, value: impl Display, expected: String) {
        let is = if asked.is_secret { "out of range".to_owned() } else { value.to_string() };
        self.report(ViolationKind::Range, format!("is {is}, expected {expected}"));
    }

    #[cold]
    fn report(&mut self, kind: ViolationKind, message: String) {
        let path = self.path();
        self.found.push(Violation::new(path, kind, message));
    }

    fn path(&self) -> Path {
        let mut path = Path::default();
        for inside in self.places.iter().rev() {
            match &inside.step {
                PathStep::Nowhere => {}
                PathStep::Member(name) => path.prepend_member(name),
                PathStep::Key(_) if inside.is_secret => path.prepend_key(REDACTED),
                PathStep::Key(key) => path.prepend_key(key),
                PathStep::Element(index) => path.prepend_index(*index),
            }
        }
        path
    }
}

/// A pattern as messages show it.
fn told(pattern: &Pattern) -> String {
    format!("`{}`", pattern.model())
}

/// Limits in words.
fn between(min: Option<impl Display>, max: Option<impl Display>) -> String {
    match (min.map(|min| min.to_string()), max.map(|max| max.to_string())) {
        (Some(min), Some(max)) if min == max => format!("exactly {min}"),
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => "any".to_owned(),
    }
}
