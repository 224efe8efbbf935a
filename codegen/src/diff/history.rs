//! What was withdrawn and brought back, over the steps of a history.

use super::Comparison;
use super::rules::Rule;
use std::collections::HashMap;

/// What came and went in the steps so far.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The release in which something last came or went, by what it is.
    events: HashMap<(ThingKind, String), Event>,
}

#[derive(Clone, Debug)]
struct Event {
    came: bool,
    release: String,
}

/// Things that come and go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum ThingKind {
    Operation,
    Type,
    Member,
    Value,
}

impl History {
    /// Adds the next step, to `release`. Findings of it that undo an earlier step
    /// say so from now on; the subjects of those are given back.
    pub fn step(&mut self, comparison: &mut Comparison<'_>, release: &str) -> Vec<String> {
        let mut undone = Vec::new();
        for finding in &mut comparison.findings {
            let Some((kind, came)) = event(finding.rule) else { continue };
            let event = Event { came, release: release.to_owned() };
            let earlier = self.events.insert((kind, finding.subject.clone()), event);
            let Some(earlier) = earlier.filter(|earlier| earlier.came != came) else { continue };
            let what = if came { "was withdrawn" } else { "came" };
            let note = format!("{what} in {}", earlier.release);
            finding.message = format!("{}; it {note}", finding.message);
            undone.push(format!("{} {}, {note}", finding.subject, if came { "is back" } else { "is withdrawn" }));
        }
        undone
    }
}

/// What a rule says came, or went.
fn event(rule: Rule) -> Option<(ThingKind, bool)> {
    Some(match rule {
        Rule::OperationAdded => (ThingKind::Operation, true),
        Rule::OperationRemoved => (ThingKind::Operation, false),
        Rule::TypeAdded | Rule::ErrorAdded => (ThingKind::Type, true),
        Rule::TypeRemoved | Rule::ErrorRemoved => (ThingKind::Type, false),
        Rule::MemberAddedInput
        | Rule::MemberAddedOutput
        | Rule::MemberAddedRequiredInput
        | Rule::MemberAddedRequiredOutput
        | Rule::UnionMemberAdded => (ThingKind::Member, true),
        Rule::MemberRemovedInput | Rule::MemberRemovedOutput | Rule::UnionMemberRemoved => (ThingKind::Member, false),
        Rule::EnumValueAdded | Rule::EnumValueUnknownAdded => (ThingKind::Value, true),
        Rule::EnumValueRemovedInput | Rule::EnumValueRemovedOutput => (ThingKind::Value, false),
        _ => return None,
    })
}
