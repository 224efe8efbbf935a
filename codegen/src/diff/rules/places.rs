//! What members take over from the shapes that they hold: times in a format, secrets, limits.

use super::reach::Reach;
use crate::graph::{Limits, Member, NameRef, Shape, ShapeKind, TimestampFormat, number, simple};
use std::collections::HashMap;

/// What is said of a value in a place, by whatever shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub format: Option<TimestampFormat>,
    pub sensitive: bool,
    pub limits: Limits,
    pub pattern: Option<String>,
    /// The member itself says the limits, or the pattern.
    pub own_limits: bool,
    pub own_pattern: bool,
}

/// The members of one model, as `Shape.Member`, with what is said of each.
#[derive(Default)]
pub(super) struct Places<'a> {
    said: HashMap<String, Said>,
    /// The members of which a shape says something: it is what they hold, whole or in lists and maps.
    told_by: HashMap<&'a str, Vec<String>>,
}

impl<'a> Places<'a> {
    pub fn of(reach: &Reach<'a>) -> Self {
        let mut places = Self::default();
        for shape in reach.names().filter_map(|name| reach.shape(name)) {
            for member in shape.members() {
                let place = format!("{}.{}", shape.name, member.name);
                let owner_is_secret =
                    matches!(shape.kind, ShapeKind::Structure(_) | ShapeKind::Union(_)) && shape.traits.is_sensitive();
                let mut holders = Vec::new();
                let said = Said {
                    format: format(reach, member, &mut holders),
                    sensitive: owner_is_secret || sensitive(reach, member, &mut holders),
                    limits: limits(reach, member),
                    pattern: pattern(reach, member),
                    own_limits: member.traits.limits.is_some(),
                    own_pattern: member.traits.pattern.is_some(),
                };
                holders.sort_unstable();
                holders.dedup();
                for holder in holders {
                    places.told_by.entry(holder).or_default().push(place.clone());
                }
                places.said.insert(place, said);
            }
        }
        places
    }

    /// What is said of a value in a place, if it is in the model.
    pub fn said(&self, place: &str) -> Option<&Said> {
        self.said.get(place)
    }

    /// Whether `what` is the same in a place of both models.
    pub fn agree<T: PartialEq>(&self, new: &Self, place: &str, what: impl Fn(&Said) -> T) -> bool {
        let (old, new) = (self.said.get(place), new.said.get(place));
        old.is_some() && old.map(&what) == new.map(&what)
    }

    /// Whether `what` is the same in all places of both models of which a shape says something.
    pub fn agree_of<T: PartialEq>(&self, new: &Self, shape: &str, what: impl Fn(&Said) -> T) -> bool {
        let places = [self, new].into_iter().flat_map(|side| side.told_by.get(shape).into_iter().flatten());
        // A place on one side only is told as such.
        let mut kept =
            places.filter(|place| self.said.contains_key(*place) && new.said.contains_key(*place)).peekable();
        kept.peek().is_some() && kept.all(|place| self.agree(new, place, &what))
    }
}

fn held<'a>(reach: &Reach<'a>, member: &Member<NameRef>) -> Option<&'a Shape<NameRef>> {
    reach.shape(&member.target.name)
}

/// As [the plan](crate::plan) has it.
fn format<'a>(reach: &Reach<'a>, member: &Member<NameRef>, holders: &mut Vec<&'a str>) -> Option<TimestampFormat> {
    let target = held(reach, member)?;
    holders.push(&target.name);
    member.traits.timestamp_format.or_else(|| match &target.kind {
        ShapeKind::Timestamp => target.traits.timestamp_format,
        ShapeKind::List { member, .. } | ShapeKind::Map { value: member, .. } => format(reach, member, holders),
        ShapeKind::Structure(_)
        | ShapeKind::Union(_)
        | ShapeKind::Enum(_)
        | ShapeKind::IntEnum(_)
        | ShapeKind::String
        | ShapeKind::Boolean
        | number!()
        | ShapeKind::Blob
        | ShapeKind::Document => None,
    })
}

fn limits(reach: &Reach<'_>, member: &Member<NameRef>) -> Limits {
    let of_target = || held(reach, member).map(|target| target.traits.limits());
    member.traits.limits.clone().or_else(of_target).unwrap_or_default()
}

/// None also where the member says that everything matches.
fn pattern(reach: &Reach<'_>, member: &Member<NameRef>) -> Option<String> {
    let of_target = || held(reach, member).and_then(|target| target.traits.pattern.clone());
    member.traits.pattern.clone().or_else(of_target).filter(|pattern| !pattern.is_empty())
}

fn sensitive<'a>(reach: &Reach<'a>, member: &Member<NameRef>, holders: &mut Vec<&'a str>) -> bool {
    let Some(target) = held(reach, member) else { return member.traits.is_sensitive() };
    holders.push(&target.name);
    let inside = match &target.kind {
        ShapeKind::List { member, .. } => sensitive(reach, member, holders),
        ShapeKind::Map { key, value, .. } => sensitive(reach, key, holders) | sensitive(reach, value, holders),
        ShapeKind::Structure(_) | ShapeKind::Union(_) | simple!() => false,
    };
    member.traits.is_sensitive() || target.traits.is_sensitive() || inside
}
