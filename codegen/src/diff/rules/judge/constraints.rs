//! Limits and patterns, which a member takes over from its shape or has of its own.

use super::{Judge, Subject, Users};
use crate::diff::properties::Change;
use crate::diff::rules::Rule;
use crate::diff::rules::places::{Places, Said};
use crate::diff::rules::reach::Reach;

impl Judge<'_> {
    /// Whether the limits are the same, or what a member says of its own is told with it.
    pub(super) fn is_as_limited(&self, shape: &str, subject: &Subject) -> bool {
        self.agree(shape, subject, |said| said.limits.clone()) || self.either(subject, |said| said.own_limits)
    }

    pub(super) fn matches_the_same(&self, shape: &str, subject: &Subject) -> bool {
        self.agree(shape, subject, |said| said.pattern.clone()) || self.either(subject, |said| said.own_pattern)
    }

    /// Whether something is so in a place of the old or of the new model.
    fn either(&self, place: &Subject, is: impl Fn(&Said) -> bool) -> bool {
        let Subject::Member(shape, name) = place else { return false };
        self.places.iter().filter_map(|places| places.said([shape, name])).any(|said| is(&said))
    }

    /// What it means that nothing may be twice in a list from now on, or no longer. botocore's models do not tell: one that says
    /// it of no list is no evidence.
    pub(super) fn unique(&self, is_now: bool, users: Users) -> Rule {
        let tells = |reach: &Reach<'_>| reach.shapes().iter().any(|shape| shape.traits.unique_items);
        match (users.input, is_now) {
            _ if !tells(self.noticed.old) || !tells(self.noticed.new) => Rule::SpellingChanged,
            (false, _) => Rule::ConstraintChangedOutput,
            (true, true) => Rule::ConstraintTightened,
            (true, false) => Rule::ConstraintRelaxed,
        }
    }

    /// What it means that a member's own limits or pattern changed: the target's count where it has none.
    pub(super) fn own_constraint(&self, member: &Subject, users: Users) -> (Rule, Rule) {
        let said = |places: &Places<'_>| match member {
            Subject::Member(shape, name) => places.said([shape, name]),
            _ => None,
        };
        let [Some(old), Some(new)] = self.places.each_ref().map(said) else {
            return (Rule::SpellingChanged, Rule::SpellingChanged);
        };
        let change = |old: &Option<String>, new: &Option<String>| Change { old: old.clone(), new: new.clone() };
        let min = change(&old.limits.min, &new.limits.min);
        let max = change(&old.limits.max, &new.limits.max);
        let min = (min.old != min.new).then(|| limit(&min, users, |old, new| new > old));
        let max = (max.old != max.new).then(|| limit(&max, users, |old, new| new < old));
        let limits = match (min, max) {
            (None, None) => Rule::SpellingChanged,
            (Some(Rule::ConstraintTightened), _) | (_, Some(Rule::ConstraintTightened)) => Rule::ConstraintTightened,
            (Some(rule), _) | (_, Some(rule)) => rule,
        };
        (limits, pattern(old.pattern.as_deref(), new.pattern.as_deref(), users))
    }
}

/// What it means that a pattern came, went, or is another one.
pub(super) fn pattern(old: Option<&str>, new: Option<&str>, users: Users) -> Rule {
    match (old, new) {
        _ if old == new => Rule::SpellingChanged,
        _ if !users.input => Rule::ConstraintChangedOutput,
        (None, _) => Rule::ConstraintTightened,
        (_, None) => Rule::ConstraintRelaxed,
        _ => Rule::PatternChanged,
    }
}

/// A limit that came, went, or moved; `tighter` says whether from the first to the
/// second less is allowed.
pub(super) fn limit(change: &Change<Option<String>>, users: Users, tighter: impl Fn(f64, f64) -> bool) -> Rule {
    let number = |text: &String| text.parse::<f64>().unwrap_or(f64::NAN);
    match (change.old.as_ref().map(number), change.new.as_ref().map(number)) {
        _ if !users.input => Rule::ConstraintChangedOutput,
        (None, _) => Rule::ConstraintTightened,
        (_, None) => Rule::ConstraintRelaxed,
        (Some(old), Some(new)) if tighter(old, new) => Rule::ConstraintTightened,
        _ => Rule::ConstraintRelaxed,
    }
}
