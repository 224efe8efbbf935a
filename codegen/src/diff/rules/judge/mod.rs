//! Which rule each fact falls under.

mod batches;
mod constraints;
mod left_out;
mod noticed;
mod paginators;
mod shapes;

use super::explain::Noticed;
use super::places::Places;
use super::reach::Reach;
use super::subject::Subject;
use super::{Effect, Finding, Rule};
use crate::diff::facts::{Fact, differences};
use crate::diff::meaning::meaning;
use crate::diff::properties::{Change, OperationChange, ParameterChange, ServiceChange, WaiterChange};
use crate::diff::source::Difference;
use crate::diff::{Pair, text};
use crate::graph::{Member, NameRef, Protocol, Service, ShapeTraits};
use crate::plan::Outline;
use left_out::LeftOut;
use std::collections::{BTreeSet, HashMap, HashSet};

/// One of two models, and what the crate has of it.
pub(in crate::diff) type JudgedModel<'o> = (&'o Service, &'o Outline<'o>);

/// What `facts`, the differences in `pair`, mean; `noticed` is what code notices of them.
pub(in crate::diff) fn findings(
    old: JudgedModel<'_>,
    new: JudgedModel<'_>,
    pair: Pair,
    facts: &[Fact],
    noticed: &[Difference],
) -> Vec<Finding> {
    let left_out = LeftOut::between(old, new);
    let Pair { old: before, new: after, renamed } = pair;
    let (mut before, mut after) = (meaning(before, old.0, old.1), meaning(after, new.0, new.1));
    left_out.drop_from_old(&mut before);
    left_out.drop_from_new(&mut after);
    let (old_reach, new_reach) = (Reach::of(&before), Reach::of(&after));
    let mut judge = Judge {
        places: [&old_reach, &new_reach].map(Places::of),
        old_types: types(old.1, &renamed),
        new_types: types(new.1, &[]),
        noticed: Noticed { differences: noticed, old: &old_reach, new: &new_reach },
        written: (traits(old.0, &renamed), traits(new.0, &[])),
        findings: Vec::new(),
    };
    let meant = differences(&before, &after, &renamed);
    meant.iter().filter(|fact| !left_out.is_about(fact)).for_each(|fact| judge.fact(fact));
    judge.types(&renamed);
    judge.paginators(old.1, new.1);
    judge.batches(old.1, new.1);
    judge.orders();
    judge.names();
    judge.left_out(&left_out, facts);
    judge.spellings(&left_out, facts, &meant);
    let Judge { noticed, mut findings, .. } = judge;
    noticed.explain(&mut findings);
    findings.into_iter().map(|(_, finding)| finding).collect()
}

struct Judge<'a> {
    /// Of the old and of the new model.
    places: [Places<'a>; 2],
    /// The types that shapes have beside inputs and outputs, by new names.
    old_types: HashMap<&'a str, &'a str>,
    new_types: HashMap<&'a str, &'a str>,
    /// With both models, by new names.
    noticed: Noticed<'a>,
    /// What shapes say in the words of the old and the new model.
    written: (TraitsByShape<'a>, TraitsByShape<'a>),
    findings: Vec<(Subject, Finding)>,
}

fn types<'a>(outline: &'a Outline<'_>, renamed: &'a [Change<String>]) -> HashMap<&'a str, &'a str> {
    let types = outline.types.iter().filter(|ty| !ty.kind.is_of_one_operation());
    types.map(|ty| (new_name(ty.wire_name, renamed), ty.name.as_str())).collect()
}

/// By the names of shapes.
type TraitsByShape<'a> = HashMap<&'a str, &'a ShapeTraits>;

fn traits<'a>(service: &'a Service, renamed: &'a [Change<String>]) -> TraitsByShape<'a> {
    service.shapes().map(|(_, shape)| (new_name(&shape.name, renamed), &shape.traits)).collect()
}

fn new_name<'a>(name: &'a str, renamed: &'a [Change<String>]) -> &'a str {
    renamed.iter().find(|change| change.old == name).map_or(name, |change| &change.new)
}

/// Whom a change of a shape concerns.
#[derive(Clone, Copy)]
struct Users {
    input: bool,
}

impl Judge<'_> {
    fn fact(&mut self, fact: &Fact) {
        match fact {
            Fact::ServiceChanged(change) => self.service(change),
            Fact::OperationAdded(_)
            | Fact::OperationRemoved(_)
            | Fact::OperationChanged { .. }
            | Fact::InputChanged { .. }
            | Fact::OutputChanged { .. }
            | Fact::ErrorAdded { .. }
            | Fact::ErrorRemoved { .. }
            | Fact::ErrorsReordered { .. } => self.operation_fact(fact),
            Fact::ShapeRenamed(_) | Fact::ShapeAdded(_) | Fact::ShapeRemoved(_) => self.shape_itself(fact),
            Fact::ShapeChanged { shape, .. }
            | Fact::KindChanged { shape, .. }
            | Fact::SparseChanged { shape, .. }
            | Fact::MemberAdded { shape, .. }
            | Fact::MemberRemoved { shape, .. }
            | Fact::MemberRetargeted { shape, .. }
            | Fact::MemberChanged { shape, .. }
            | Fact::MembersReordered { shape, .. }
            | Fact::ValueAdded { shape, .. }
            | Fact::ValueRemoved { shape, .. }
            | Fact::ValueChanged { shape, .. }
            | Fact::ValuesReordered { shape, .. } => {
                if let Some(users) = self.users(shape) {
                    self.inside_shape(shape, fact, users);
                }
            }
            // Whether operations are paginated does not depend on the model's paginators only.
            Fact::PaginatorAdded { .. } | Fact::PaginatorRemoved { .. } => {}
            Fact::PaginatorChanged { operation, change } => self.paginator(operation, change),
            Fact::WaiterAdded(waiter) => self.add_waiter(Rule::WaiterAdded, &waiter.name, "is new"),
            Fact::WaiterRemoved(waiter) => self.add_waiter(Rule::WaiterRemoved, &waiter.name, "is gone"),
            Fact::WaiterChanged { waiter, change } => self.waiter(waiter, change),
            Fact::RuleSetAdded(_)
            | Fact::RuleSetRemoved(_)
            | Fact::ParameterAdded { .. }
            | Fact::ParameterRemoved(_)
            | Fact::ParameterChanged { .. }
            | Fact::ParametersReordered { .. }
            | Fact::RulesChanged(_) => self.endpoint_rules(fact),
        }
    }

    fn add(&mut self, rule: Rule, subject: Subject, message: impl Into<String>) {
        let operations = subject.operations(self.noticed.old, self.noticed.new);
        let (text, message) = (subject.to_string(), message.into());
        self.findings.push((subject, Finding { rule, subject: text, message, operations, source: Effect::None }));
    }

    fn add_operation(&mut self, rule: Rule, operation: &str, message: impl Into<String>) {
        self.add(rule, Subject::Operation(operation.to_owned()), message);
    }

    fn add_shape(&mut self, rule: Rule, shape: &str, message: impl Into<String>) {
        self.add(rule, Subject::Shape(shape.to_owned()), message);
    }

    fn add_waiter(&mut self, rule: Rule, waiter: &str, message: impl Into<String>) {
        self.add(rule, Subject::Waiter(waiter.to_owned()), message);
    }

    /// Who uses a shape that is in both models. Where nobody does, that is all there is to
    /// say; where it is used in one of them only, it comes or goes as a whole.
    fn users(&mut self, shape: &str) -> Option<Users> {
        match [self.noticed.old.uses(shape), self.noticed.new.uses(shape)] {
            [Some(old), Some(new)] => Some(Users { input: old.input || new.input }),
            [None, None] => {
                self.add_shape(Rule::ShapeUnused, shape, "changed");
                None
            }
            _ => None,
        }
    }

    fn service(&mut self, change: &ServiceChange) {
        let message = text::property(change);
        let rule = match change {
            ServiceChange::Protocols(protocols) => return self.protocols(protocols),
            ServiceChange::EndpointPrefix(_) => Rule::EndpointPrefixChanged,
            ServiceChange::SigningName(_) => Rule::SigningNameChanged,
            ServiceChange::TargetPrefix(_) => Rule::TargetPrefixChanged,
            ServiceChange::QueryCompatible(_) => Rule::QueryCompatibleChanged,
            ServiceChange::Authentication(_) => Rule::ServiceAuthChanged,
            ServiceChange::ApiVersion(_) | ServiceChange::FullName(_) | ServiceChange::ServiceId(_) => {
                Rule::ServiceRenamed
            }
            ServiceChange::Documentation(_) => Rule::DocumentationChanged,
        };
        self.add(rule, Subject::Service, message);
    }

    fn protocols(&mut self, change: &Change<Vec<Protocol>>) {
        let preferred = |protocols: &[Protocol]| protocols.first().map_or("none", |protocol| protocol.name());
        for protocol in change.new.iter().filter(|protocol| !change.old.contains(protocol)) {
            self.add(Rule::ProtocolAdded, Subject::Service, format!("also speaks {}", protocol.name()));
        }
        for protocol in change.old.iter().filter(|protocol| !change.new.contains(protocol)) {
            self.add(Rule::ProtocolRemoved, Subject::Service, format!("no longer speaks {}", protocol.name()));
        }
        let (old, new) = (preferred(&change.old), preferred(&change.new));
        if old != new {
            self.add(Rule::ProtocolPreferred, Subject::Service, format!("prefers {new} to {old}"));
        }
    }

    fn operation_fact(&mut self, fact: &Fact) {
        match fact {
            Fact::OperationAdded(operation) => self.add_operation(Rule::OperationAdded, &operation.name, "is new"),
            Fact::OperationRemoved(operation) => self.add_operation(Rule::OperationRemoved, &operation.name, "is gone"),
            Fact::OperationChanged { operation, change } => self.operation(operation, change),
            Fact::InputChanged { operation, shape } => {
                let rules = [Rule::OperationInputAdded, Rule::OperationInputRemoved];
                self.operation_shape(operation, "input", rules, shape, Users { input: true });
            }
            Fact::OutputChanged { operation, shape } => {
                let rules = [Rule::OperationOutputAdded, Rule::OperationOutputRemoved];
                self.operation_shape(operation, "output", rules, shape, Users { input: false });
            }
            Fact::ErrorAdded { operation, error, .. } => {
                self.add_operation(Rule::OperationErrorAdded, operation, format!("may fail with {error}"));
            }
            Fact::ErrorRemoved { operation, error } => {
                self.add_operation(Rule::OperationErrorRemoved, operation, format!("no longer fails with {error}"));
            }
            Fact::ErrorsReordered { operation, .. } => {
                self.add_operation(Rule::OperationErrorsReordered, operation, "lists its errors in another order");
            }
            _ => {}
        }
    }

    fn operation(&mut self, operation: &str, change: &OperationChange) {
        let rule = match change {
            OperationChange::Idempotent(_) | OperationChange::Readonly(_) => Rule::OperationIdempotencyChanged,
            OperationChange::Unsigned(_) | OperationChange::Authentication(_) => Rule::OperationAuthChanged,
            OperationChange::Http(_) => Rule::OperationHttpChanged,
            OperationChange::ChecksumRequired(_) | OperationChange::ChecksumMember(_) => Rule::OperationChecksumChanged,
            OperationChange::RootElement(_) => Rule::RootElementChanged,
            OperationChange::HostPrefix(_) => Rule::OperationHostPrefixChanged,
            OperationChange::StaticContextParams(_) | OperationChange::OperationContextParams(_) => {
                Rule::OperationEndpointChanged
            }
            // What it does to batches is told as that; its words are documentation.
            OperationChange::Batch(_) => Rule::DocumentationChanged,
            OperationChange::Deprecated(change) => deprecation(change),
            OperationChange::Documentation(_) => Rule::DocumentationChanged,
        };
        self.add_operation(rule, operation, text::property(change));
    }

    /// Another shape as input or output: its struct is named after the operation, so
    /// only what is inside counts.
    fn operation_shape(
        &mut self,
        operation: &str,
        role: &str,
        [added, removed]: [Rule; 2],
        shape: &Change<Option<String>>,
        users: Users,
    ) {
        let rule = match (&shape.old, &shape.new) {
            (None, _) => added,
            (_, None) => removed,
            _ => Rule::OperationShapeChanged,
        };
        let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "nothing".to_owned());
        let message = format!("its {role} is {}, and was {}", name(&shape.new), name(&shape.old));
        self.add_operation(rule, operation, message);
        let members = |reach: &Reach<'_>, name: &Option<String>| -> Vec<Member<NameRef>> {
            let shape = name.as_ref().and_then(|name| reach.shape(name));
            shape.map(|shape| shape.members().cloned().collect()).unwrap_or_default()
        };
        let (old, new) = (members(self.noticed.old, &shape.old), members(self.noticed.new, &shape.new));
        let Some(owner) = shape.new.as_ref().or(shape.old.as_ref()) else { return };
        self.member_differences(owner, &old, &new, users, &mut BTreeSet::new());
    }

    fn waiter(&mut self, waiter: &str, change: &WaiterChange) {
        let (rule, message) = match change {
            WaiterChange::Operation(_) => (Rule::WaiterOperationChanged, text::property(change)),
            WaiterChange::Documentation(_) | WaiterChange::Overlay(_) => {
                (Rule::DocumentationChanged, text::property(change))
            }
            WaiterChange::Acceptors(acceptors) => (Rule::WaiterChanged, text::acceptors(acceptors)),
            _ => (Rule::WaiterChanged, text::property(change)),
        };
        self.add_waiter(rule, waiter, message);
    }

    /// Facts that mean nothing to the crate.
    fn spellings(&mut self, left_out: &LeftOut<'_>, facts: &[Fact], meant: &[Fact]) {
        let places: HashSet<_> = meant.iter().map(Fact::place).collect();
        for fact in facts.iter().filter(|fact| !places.contains(&fact.place()) && !left_out.is_about(fact)) {
            // All others are the same in one spelling.
            let Some(change) = fact.change() else { continue };
            let subject = Subject::of(fact.about());
            if subject.shape().is_none_or(|shape| self.users(shape).is_some()) {
                self.add(Rule::SpellingChanged, subject, text::property(change));
            }
        }
    }

    fn endpoint_rules(&mut self, fact: &Fact) {
        let (rule, name, message) = match fact {
            Fact::RuleSetAdded(_) => (Rule::EndpointRulesAdded, None, "are new".to_owned()),
            Fact::RuleSetRemoved(_) => (Rule::EndpointRulesRemoved, None, "are gone".to_owned()),
            Fact::ParameterAdded { parameter, .. } => {
                (Rule::EndpointParameterAdded, Some(&parameter.name), "is new".to_owned())
            }
            Fact::ParameterRemoved(parameter) => {
                (Rule::EndpointParameterRemoved, Some(&parameter.name), "is gone".to_owned())
            }
            Fact::ParameterChanged { parameter, change } => {
                let rule = match change {
                    ParameterChange::Kind(_) => Rule::EndpointParameterTypeChanged,
                    _ => Rule::EndpointParameterChanged,
                };
                (rule, Some(parameter), text::property(change))
            }
            Fact::ParametersReordered { .. } => {
                (Rule::EndpointParametersReordered, None, "have their parameters in another order".to_owned())
            }
            _ => (Rule::EndpointRulesChanged, None, "decide differently".to_owned()),
        };
        let subject = name.cloned().map_or(Subject::EndpointRules, Subject::EndpointParameter);
        self.add(rule, subject, message);
    }
}

fn deprecation<T>(change: &Change<Option<T>>) -> Rule {
    match (&change.old, &change.new) {
        (_, None) => Rule::DeprecatedRemoved,
        (None, _) => Rule::DeprecatedAdded,
        _ => Rule::DocumentationChanged,
    }
}
