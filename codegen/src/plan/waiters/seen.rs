//! What a waiter tells people of an output: the states that it has looked at, of which resources, and what else ends it.

use super::{AcceptorPlan, MatcherPlan};
use crate::graph::{AcceptorState, Comparator, Expected};
use crate::plan::jmespath::{Checked, FieldRef, Ty, Typed};
use crate::plan::{ServicePlan, Type, TypeId};

/// What a waiter tells of an output.
#[derive(Debug, Default)]
pub struct SeenPlan {
    /// Where states are.
    pub states: Vec<StatePlan>,
    /// What ends the wait beside states.
    pub reasons: Vec<ReasonPlan>,
}

/// Where states are in an output.
#[derive(Debug)]
pub struct StatePlan {
    /// The resources, where they are a list. What follows is then of each, and otherwise of the output.
    pub resources: Option<Typed>,
    /// The name or id of a resource.
    pub name: Option<Typed>,
    /// Its state, a text.
    pub state: Typed,
}

/// A truth that ends the wait.
#[derive(Debug)]
pub struct ReasonPlan {
    /// Which of the acceptors it is.
    pub acceptor: usize,
    /// In words.
    pub text: String,
}

impl SeenPlan {
    pub(super) fn of(plan: &ServicePlan<'_>, acceptors: &[AcceptorPlan<'_>]) -> Self {
        let states = Finder { plan }.states(acceptors);
        let reasons = acceptors.iter().enumerate().filter_map(|(acceptor, planned)| {
            let (AcceptorState::Failure, MatcherPlan::Output(matcher)) = (&planned.state, &planned.matcher) else {
                return None;
            };
            let text = match (matcher.comparator, matcher.expected) {
                (Comparator::Equals, Expected::Boolean(value)) => format!("{} is {value}", matcher.path),
                (Comparator::Equals, Expected::Number(number)) => format!("{} is {number}", matcher.path),
                (Comparator::Equals | Comparator::All | Comparator::Any, _) => return None,
            };
            Some(ReasonPlan { acceptor, text })
        });
        Self { states, reasons: reasons.collect() }
    }

    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.states.is_empty() && self.reasons.is_empty()
    }
}

struct Finder<'p, 'g> {
    plan: &'p ServicePlan<'g>,
}

impl Finder<'_, '_> {
    /// The texts that acceptors compare; where they compare none, those that filters inside of their expressions do.
    fn states(&self, acceptors: &[AcceptorPlan<'_>]) -> Vec<StatePlan> {
        let matchers = acceptors.iter().filter_map(|acceptor| match &acceptor.matcher {
            MatcherPlan::Output(matcher) => Some(matcher),
            MatcherPlan::Error(_) | MatcherPlan::Failed(_) | MatcherPlan::Status(_) => None,
        });
        let (texts, others): (Vec<_>, Vec<_>) =
            matchers.partition(|matcher| matches!(matcher.expected, Expected::String(_)));
        let mut paths: Vec<&str> = Vec::new();
        let mut states = Vec::new();
        for matcher in texts {
            if !paths.contains(&matcher.path) {
                paths.push(matcher.path);
                states.extend(self.compared(&matcher.value));
            }
        }
        if states.is_empty() {
            states.extend(others.iter().find_map(|matcher| self.filtered(&matcher.value)));
        }
        states
    }

    /// The states that a value compared with text is.
    fn compared(&self, value: &Typed) -> Option<StatePlan> {
        if let Checked::Project { source, over, filter, each: Some(each) } = &value.node {
            let node = Checked::Project { source: source.clone(), over: *over, filter: filter.clone(), each: None };
            return self.each(Typed { node, ty: value.ty.clone(), optional: value.optional }, each);
        }
        let Some(element) = value.ty.element() else {
            return self.is_shown(value).then(|| StatePlan { resources: None, name: None, state: value.clone() });
        };
        self.each(value.clone(), &Typed { node: Checked::Current, ty: element, optional: false })
    }

    /// `state` of each of some resources.
    fn each(&self, resources: Typed, state: &Typed) -> Option<StatePlan> {
        let name = self.owner(state).and_then(|owner| self.name(owner));
        self.is_shown(state).then(|| StatePlan { resources: Some(resources), name, state: state.clone() })
    }

    /// The states that the first filter inside a value compares with text.
    fn filtered(&self, value: &Typed) -> Option<StatePlan> {
        let inside = |values: &[&Typed]| values.iter().find_map(|value| self.filtered(value));
        match &value.node {
            Checked::Project { source, over, filter: Some(filter), .. } => {
                let state = text_compared(filter).filter(|state| state.ty.is_text(self.plan))?;
                let node = Checked::Project { source: source.clone(), over: *over, filter: None, each: None };
                self.each(Typed { node, ty: value.ty.clone(), optional: value.optional }, state)
            }
            Checked::Project { source: of, .. }
            | Checked::Field(of, _)
            | Checked::Element(of, _)
            | Checked::Not(of)
            | Checked::Length(of)
            | Checked::Keys(of) => self.filtered(of),
            Checked::Compare(_, left, right)
            | Checked::And(left, right)
            | Checked::Or(left, right)
            | Checked::Otherwise(left, right)
            | Checked::Contains(left, right) => inside(&[left, right]),
            Checked::Select(values) => inside(&values.iter().collect::<Vec<_>>()),
            Checked::Current | Checked::Text(_) | Checked::Number(_) | Checked::Boolean(_) | Checked::Null => None,
        }
    }

    /// The structure that a value is in, which is what it is said of.
    fn owner(&self, value: &Typed) -> Option<TypeId> {
        match &value.node {
            Checked::Field(of, field) if of.node == Checked::Current => Some(field.owner),
            Checked::Field(of, _) => self.owner(of),
            _ => None,
        }
    }

    /// The member that tells a structure from others of its kind.
    fn name(&self, owner: TypeId) -> Option<Typed> {
        let ty = &self.plan[owner];
        let kind = ty.wire_name.to_lowercase();
        let is_name = |member: &str, ending: &str| {
            let member = member.to_lowercase();
            member.strip_suffix(ending).is_some_and(|of| kind.ends_with(of))
        };
        let index = ["id", "name", "arn"].iter().find_map(|ending| {
            ty.fields().iter().position(|field| is_name(&field.member.name, ending) && field.ty == Type::String)
        })?;
        let (field, plain) = (FieldRef { owner, index }, ty.fields()[index].is_plain());
        let current = Typed { node: Checked::Current, ty: Ty::Rust(Type::Named(owner)), optional: false };
        let node = Checked::Field(Box::new(current), field);
        let name = Typed { node, ty: Ty::Rust(Type::String), optional: !plain };
        self.is_shown(&name).then_some(name)
    }

    /// Whether a text may be shown: no part of the way to it is a secret.
    fn is_shown(&self, value: &Typed) -> bool {
        match &value.node {
            Checked::Field(of, field) => {
                !self.plan[field.owner].sensitive && !field.field(self.plan).sensitive && self.is_shown(of)
            }
            Checked::Element(of, _) => self.is_shown(of),
            Checked::Current => true,
            Checked::Project { .. } | Checked::Select(_) | Checked::Keys(_) => false,
            Checked::Otherwise(left, right) => self.is_shown(left) && self.is_shown(right),
            Checked::Compare(..) | Checked::And(..) | Checked::Or(..) | Checked::Not(_) => false,
            Checked::Length(_) | Checked::Contains(..) | Checked::Number(_) | Checked::Boolean(_) => false,
            Checked::Text(_) | Checked::Null => false,
        }
    }
}

/// What a filter compares with text.
fn text_compared(filter: &Typed) -> Option<&Typed> {
    match &filter.node {
        Checked::Compare(_, value, text) if matches!(text.node, Checked::Text(_)) => Some(value),
        Checked::Compare(_, text, value) if matches!(text.node, Checked::Text(_)) => Some(value),
        Checked::And(left, right) | Checked::Or(left, right) => text_compared(left).or_else(|| text_compared(right)),
        _ => None,
    }
}
