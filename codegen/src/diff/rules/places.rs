//! What members take over from the shapes that they hold: times in a format, secrets, limits.

use super::reach::Reach;
use crate::graph::{Limits, Member, NameRef, Shape, ShapeKind, TimestampFormat, simple};
use std::cell::OnceCell;
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

/// The members of one model, with what is said of each.
pub(super) struct Places<'a> {
    reach: &'a Reach<'a>,
    told_by: OnceCell<HashMap<&'a str, Vec<MemberPlace<'a>>>>,
}

/// A member, by the names of its shape and its own.
type MemberPlace<'a> = [&'a str; 2];

impl<'a> Places<'a> {
    pub fn of(reach: &'a Reach<'a>) -> Self {
        Self { reach, told_by: OnceCell::new() }
    }

    /// What is said of a value in a place, if it is in the model.
    pub fn said(&self, [shape, name]: MemberPlace<'_>) -> Option<Said> {
        let (reach, shape) = (self.reach, self.reach.shape(shape)?);
        let member = shape.members().find(|member| member.name == name)?;
        let owner_is_secret =
            matches!(shape.kind, ShapeKind::Structure(_) | ShapeKind::Union(_)) && shape.traits.is_sensitive();
        Some(Said {
            format: format(reach, member),
            sensitive: owner_is_secret || sensitive(reach, member),
            limits: limits(reach, member),
            pattern: pattern(reach, member),
            own_limits: member.traits.limits.is_some(),
            own_pattern: member.traits.pattern.is_some(),
        })
    }

    /// The members of which a shape says something: it is what they hold, whole or in lists and maps.
    fn told_by(&self, shape: &str) -> &[MemberPlace<'a>] {
        let told_by = self.told_by.get_or_init(|| {
            let mut told_by: HashMap<&str, Vec<MemberPlace<'_>>> = HashMap::new();
            for shape in self.reach.shapes() {
                for member in shape.members() {
                    for holder in self.reach.held(&member.target.name) {
                        told_by.entry(holder).or_default().push([&shape.name, &member.name]);
                    }
                }
            }
            told_by
        });
        told_by.get(shape).map_or(&[], Vec::as_slice)
    }

    /// Whether `what` is the same in a place of both models.
    pub fn agree<T: PartialEq>(&self, new: &Self, place: MemberPlace<'_>, what: impl Fn(&Said) -> T) -> bool {
        let (old, new) = (self.said(place), new.said(place));
        old.is_some() && old.as_ref().map(&what) == new.as_ref().map(&what)
    }

    /// Whether `what` is the same in all places of both models of which a shape says something.
    pub fn agree_of<T: PartialEq>(&self, new: &Self, shape: &str, what: impl Fn(&Said) -> T) -> bool {
        let places = self.told_by(shape).iter().chain(new.told_by(shape));
        // A place on one side only is told as such.
        let kept = places.filter_map(|place| self.said(*place).zip(new.said(*place)));
        let mut kept = kept.map(|(old, new)| what(&old) == what(&new)).peekable();
        kept.peek().is_some() && kept.all(|is_same| is_same)
    }
}

fn held<'a>(reach: &Reach<'a>, member: &Member<NameRef>) -> Option<&'a Shape<NameRef>> {
    reach.shape(&member.target.name)
}

fn format(reach: &Reach<'_>, member: &Member<NameRef>) -> Option<TimestampFormat> {
    member.timestamp_format(&|target| reach.shape(&target.name))
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

fn sensitive(reach: &Reach<'_>, member: &Member<NameRef>) -> bool {
    let Some(target) = held(reach, member) else { return member.traits.is_sensitive() };
    let inside = match &target.kind {
        ShapeKind::List { member, .. } => sensitive(reach, member),
        ShapeKind::Map { key, value, .. } => sensitive(reach, key) || sensitive(reach, value),
        ShapeKind::Structure(_) | ShapeKind::Union(_) | simple!() => false,
    };
    member.traits.is_sensitive() || target.traits.is_sensitive() || inside
}
