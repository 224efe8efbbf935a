//! What is asked of values instead of what the model asks: a model that asks too much refuses what its service takes.

use super::{OverlayEntry, find_place};
use crate::diagnostic::{Diagnostics, Origin};
use crate::graph::{Correction, Limits, NameRef, ServiceBuilder, ShapeKind, ShapeTraits, number};

/// What can be asked of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ConstraintKind {
    /// The least value, length or size.
    Min,
    /// The greatest value, length or size.
    Max,
    /// A regular expression.
    Pattern,
    /// That no two elements are alike.
    UniqueItems,
}

impl ConstraintKind {
    /// As overlays and botocore call them.
    pub(crate) const WORDS: &[(&str, Self)] =
        &[("min", Self::Min), ("max", Self::Max), ("pattern", Self::Pattern), ("uniqueItems", Self::UniqueItems)];

    fn word(self) -> &'static str {
        match self {
            Self::Min => "min",
            Self::Max => "max",
            Self::Pattern => "pattern",
            Self::UniqueItems => "uniqueItems",
        }
    }

    /// All that can be asked of such a shape.
    fn of(kind: &ShapeKind<NameRef>) -> &'static [Self] {
        match kind {
            ShapeKind::String => &[Self::Min, Self::Max, Self::Pattern],
            ShapeKind::List { .. } => &[Self::Min, Self::Max, Self::UniqueItems],
            ShapeKind::Map { .. } | ShapeKind::Enum(_) | ShapeKind::Blob => &[Self::Min, Self::Max],
            number!() | ShapeKind::IntEnum(_) => &[Self::Min, Self::Max],
            ShapeKind::Structure(_) | ShapeKind::Union(_) | ShapeKind::Boolean => &[],
            ShapeKind::Timestamp | ShapeKind::Document => &[],
        }
    }
}

/// What is asked instead of what the model asks.
#[derive(Debug)]
pub(crate) struct NewConstraint {
    pub kind: ConstraintKind,
    /// Nothing where it is not to be asked at all.
    pub value: Option<String>,
    pub origin: Origin,
}

/// Corrects what is asked of a shape or a member, and reports what corrects nothing.
pub(super) fn correct(
    entry: OverlayEntry<Vec<NewConstraint>>,
    builder: &mut ServiceBuilder,
    diagnostics: &mut Diagnostics,
) {
    let OverlayEntry { name: NameRef { name, origin }, reason, says } = entry;
    let Some((index, member)) = find_place(&name, &origin, builder, diagnostics) else { return };
    let shape = &builder.shapes[index];
    let member_named = member.and_then(|at| shape.kind.named_members().get(at));
    let held = member_named.map_or(&shape.name, |member| &member.target.name);
    // One that is not there, or could not be read, is reported of the model.
    let Some(target) = builder.shapes.iter().find(|shape| shape.name == *held) else { return };
    let mut asked = target.traits.clone();
    if let Some(own) = member_named.map(|member| &member.traits) {
        let limits = own.limits.clone().unwrap_or_else(|| asked.limits());
        (asked.min, asked.max) = (limits.min, limits.max);
        asked.pattern = own.pattern.clone().or(asked.pattern);
    }
    // The empty one asks for nothing.
    asked.pattern = asked.pattern.filter(|pattern| !pattern.is_empty());
    let before = asked.clone();
    for constraint in says {
        if let Some((code, message)) = problem(&constraint, &name, &target.kind, &before) {
            diagnostics.error(code, &constraint.origin, message);
        } else if constraint.kind == ConstraintKind::UniqueItems && member.is_some() {
            let message = format!("`uniqueItems` is asked of lists, wherever they are, and `{name}` is a member");
            let hint = format!("put it into [constraints.{held}]");
            diagnostics.error("constraint-type", &constraint.origin, message).hint(hint);
        } else {
            match constraint.kind {
                ConstraintKind::Min => asked.min = constraint.value,
                ConstraintKind::Max => asked.max = constraint.value,
                ConstraintKind::Pattern => asked.pattern = constraint.value,
                ConstraintKind::UniqueItems => asked.unique_items = false,
            }
        }
    }
    if let (Some(min), Some(max)) = (&asked.min, &asked.max)
        && number_of(min) > number_of(max)
    {
        diagnostics.error("invalid-value", &origin, format!("`{name}` would have at least {min} and at most {max}"));
    }
    let correction = Some(Correction { reason, origin });
    let shape = &mut builder.shapes[index];
    match member.and_then(|at| shape.kind.members_mut().nth(at)) {
        None => shape.traits = ShapeTraits { correction, ..asked },
        Some(member) => {
            let traits = &mut member.traits;
            if (&asked.min, &asked.max) != (&before.min, &before.max) {
                traits.limits = Some(Limits { min: asked.min, max: asked.max });
            }
            if asked.pattern != before.pattern {
                // The empty one takes the place of the target's.
                traits.pattern = Some(asked.pattern.unwrap_or_default());
            }
            traits.correction = correction;
        }
    }
}

/// Why something cannot be asked of a value, or need not be: a code and a message.
fn problem(
    NewConstraint { kind, value, .. }: &NewConstraint,
    name: &str,
    shape: &ShapeKind<NameRef>,
    asked: &ShapeTraits,
) -> Option<(&'static str, String)> {
    let word = kind.word();
    if !ConstraintKind::of(shape).contains(kind) {
        return Some(("constraint-type", format!("`{name}` is a {}, which has no `{word}`", shape.type_name())));
    }
    let is_asked = match kind {
        ConstraintKind::Min => is_same_number(value, &asked.min),
        ConstraintKind::Max => is_same_number(value, &asked.max),
        ConstraintKind::Pattern => *value == asked.pattern,
        ConstraintKind::UniqueItems => !asked.unique_items,
    };
    match (value, kind) {
        (None, _) if is_asked => {
            Some(("overlay-not-needed", format!("the model has no `{word}` for `{name}`: delete this")))
        }
        (Some(_), _) if is_asked => {
            Some(("overlay-not-needed", format!("the model has the same `{word}` for `{name}`: delete this")))
        }
        (Some(value), ConstraintKind::Min | ConstraintKind::Max)
            if !matches!(shape, number!() | ShapeKind::IntEnum(_)) && value.parse::<u64>().is_err() =>
        {
            Some(("invalid-value", format!("`{word}` of `{name}` is a length, and {value} is none")))
        }
        (Some(_) | None, _) => None,
    }
}

fn is_same_number(one: &Option<String>, other: &Option<String>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => number_of(one) == number_of(other),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn number_of(text: &str) -> Option<f64> {
    text.parse().ok()
}
