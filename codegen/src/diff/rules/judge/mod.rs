//! Which rule each fact falls under.

mod constraints;
mod left_out;
mod shapes;

use super::names::{Names, Scope, Taken};
use super::places::Places;
use super::reach::{Reach, Uses};
use super::{Finding, Rule};
use crate::diff::facts::{Fact, differences};
use crate::diff::meaning::meaning;
use crate::diff::properties::{Change, OperationChange, PaginatorChange, ParameterChange, ServiceChange, WaiterChange};
use crate::diff::{renames, text};
use crate::graph::{Member, MemberPath, NameRef, Paginator, Protocol, Service, ServiceBuilder, ShapeTraits};
use crate::plan::{Meant, Outline};
use left_out::LeftOut;
use std::collections::{BTreeSet, HashMap, HashSet};

/// What `facts`, the differences from `old` to `new`, mean.
pub(in crate::diff) fn findings(
    (old, old_outline): (&Service, &Outline<'_>),
    (new, new_outline): (&Service, &Outline<'_>),
    facts: &[Fact],
) -> Vec<Finding> {
    let renamed: Vec<Change<String>> = facts.iter().filter_map(Fact::renamed).cloned().collect();
    let left_out = LeftOut::between((old, old_outline), (new, new_outline));
    let (mut before, mut after) = (meaning(old, old_outline), meaning(new, new_outline));
    renames::rename(&mut before, &renamed);
    left_out.drop_from_old(&mut before);
    left_out.drop_from_new(&mut after);
    let mut written = (old.to_builder(), new.to_builder());
    renames::rename(&mut written.0, &renamed);
    let (old_reach, new_reach) = (Reach::of(&before), Reach::of(&after));
    let new_name = |name: &str| {
        let change = renamed.iter().find(|change| change.old == name);
        change.map_or_else(|| name.to_owned(), |change| change.new.clone())
    };
    let mut judge = Judge {
        old_places: Places::of(&old_reach),
        new_places: Places::of(&new_reach),
        old_names: Names::of(old, old_outline, new_name),
        new_names: Names::of(new, new_outline, str::to_owned),
        old: old_reach,
        new: new_reach,
        written: (traits(&written.0), traits(&written.1)),
        findings: Vec::new(),
    };
    let meant = differences(&before, &after, &renamed);
    meant.iter().filter(|fact| !left_out.is_about(fact)).for_each(|fact| judge.fact(fact));
    judge.types(&renamed);
    judge.inferred_paginators(&meant);
    judge.required_orders(&meant);
    judge.names();
    judge.left_out(&left_out, facts);
    judge.spellings(&left_out, facts, &meant);
    judge.findings
}

struct Judge<'a> {
    /// By new names.
    old: Reach<'a>,
    new: Reach<'a>,
    old_places: Places<'a>,
    new_places: Places<'a>,
    old_names: Names,
    new_names: Names,
    /// What shapes say in the words of the old and the new model.
    written: (Traits<'a>, Traits<'a>),
    findings: Vec<Finding>,
}

/// By the names of shapes.
type Traits<'a> = HashMap<&'a str, &'a ShapeTraits>;

fn traits(builder: &ServiceBuilder) -> Traits<'_> {
    builder.shapes.iter().map(|shape| (shape.name.as_str(), &shape.traits)).collect()
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
            Fact::ShapeRenamed(_) | Fact::ShapeAdded(_) | Fact::ShapeRemoved(_) => self.shape_itself(fact),
            Fact::ShapeChanged { shape, change } => {
                if let Some(users) = self.users(shape) {
                    self.shape(shape, shape, change, (shape, shape), users);
                }
            }
            Fact::KindChanged { shape, kind } => {
                if self.users(shape).is_some() {
                    self.kinds(shape, shape, kind);
                }
            }
            Fact::SparseChanged { shape, sparse } => {
                if self.users(shape).is_some() {
                    let message = if sparse.new { "keeps null elements" } else { "no longer has null elements" };
                    self.add(Rule::SparseChanged, shape, shape, message);
                }
            }
            Fact::MemberAdded { shape, .. }
            | Fact::MemberRemoved { shape, .. }
            | Fact::MemberRetargeted { shape, .. }
            | Fact::MemberChanged { shape, .. }
            | Fact::MembersReordered { shape, .. } => {
                if let Some(users) = self.users(shape) {
                    self.member(shape, fact, users, &mut BTreeSet::new());
                }
            }
            Fact::ValueAdded { shape, .. }
            | Fact::ValueRemoved { shape, .. }
            | Fact::ValueChanged { shape, .. }
            | Fact::ValuesReordered { shape, .. } => {
                if let Some(users) = self.users(shape) {
                    self.value(shape, fact, users);
                }
            }
            Fact::PaginatorAdded { .. } | Fact::PaginatorRemoved { .. } | Fact::PaginatorChanged { .. } => {
                self.paginator(fact);
            }
            Fact::WaiterAdded(waiter) => self.waiter(Rule::WaiterAdded, &waiter.name, "is new"),
            Fact::WaiterRemoved(waiter) => self.waiter(Rule::WaiterRemoved, &waiter.name, "is gone"),
            Fact::WaiterChanged { waiter, change } => {
                let rule = match change {
                    WaiterChange::Operation(_) => Rule::WaiterOperationChanged,
                    WaiterChange::Documentation(_) | WaiterChange::Overlay(_) => Rule::DocumentationChanged,
                    _ => Rule::WaiterChanged,
                };
                let message = match change {
                    WaiterChange::Acceptors(change) => text::acceptors(change),
                    _ => text::property(change.property(), &change.values()),
                };
                self.waiter(rule, waiter, message);
            }
            Fact::RuleSetAdded(_)
            | Fact::RuleSetRemoved(_)
            | Fact::ParameterAdded { .. }
            | Fact::ParameterRemoved(_)
            | Fact::ParameterChanged { .. }
            | Fact::ParametersReordered { .. }
            | Fact::RulesChanged(_) => self.endpoint_rules(fact),
        }
    }

    /// Adds a finding about something whose operations are those of `shape`.
    fn add(&mut self, rule: Rule, shape: &str, subject: &str, message: impl Into<String>) {
        let operations = self.operations(shape);
        self.findings.push(Finding { rule, subject: subject.to_owned(), message: message.into(), operations });
    }

    /// The operations that reach a shape, in either model.
    fn operations(&self, shape: &str) -> Vec<String> {
        let uses = [self.old.uses(shape), self.new.uses(shape)];
        let operations: BTreeSet<&str> =
            uses.into_iter().flatten().flat_map(|uses: &Uses<'_>| &uses.operations).copied().collect();
        operations.into_iter().map(str::to_owned).collect()
    }

    fn add_operation(&mut self, rule: Rule, operation: &str, message: impl Into<String>) {
        let operations = vec![operation.to_owned()];
        self.findings.push(Finding { rule, subject: operation.to_owned(), message: message.into(), operations });
    }

    fn add_service(&mut self, rule: Rule, subject: &str, message: impl Into<String>) {
        let (subject, operations) = (subject.to_owned(), Vec::new());
        self.findings.push(Finding { rule, subject, message: message.into(), operations });
    }

    fn waiter(&mut self, rule: Rule, waiter: &str, message: impl Into<String>) {
        self.add_service(rule, &format!("waiter {waiter}"), message);
    }

    /// Who uses a shape that is in both models. Where nobody does, that is all there is to
    /// say; where it is used in one of them only, it comes or goes as a whole.
    fn users(&mut self, shape: &str) -> Option<Users> {
        match [self.old.uses(shape), self.new.uses(shape)].map(|uses| uses.filter(|uses| uses.any())) {
            [Some(old), Some(new)] => Some(Users { input: old.input || new.input }),
            [None, None] => {
                self.add(Rule::ShapeUnused, shape, shape, "changed");
                None
            }
            _ => None,
        }
    }

    fn service(&mut self, change: &ServiceChange) {
        let message = text::property(change.property(), &change.values());
        let rule = match change {
            ServiceChange::Protocols(protocols) => return self.protocols(protocols),
            ServiceChange::EndpointPrefix(_) => Rule::EndpointPrefixChanged,
            ServiceChange::SigningName(_) => Rule::SigningNameChanged,
            ServiceChange::TargetPrefix(_) => Rule::TargetPrefixChanged,
            ServiceChange::QueryCompatible(_) => Rule::QueryCompatibleChanged,
            ServiceChange::ApiVersion(_) | ServiceChange::FullName(_) | ServiceChange::ServiceId(_) => {
                Rule::ServiceRenamed
            }
            ServiceChange::Documentation(_) => Rule::DocumentationChanged,
        };
        self.add_service(rule, "service", message);
    }

    fn protocols(&mut self, change: &Change<Vec<Protocol>>) {
        let preferred = |protocols: &[Protocol]| protocols.first().map_or("none", |protocol| protocol.name());
        for protocol in change.new.iter().filter(|protocol| !change.old.contains(protocol)) {
            self.add_service(Rule::ProtocolAdded, "service", format!("also speaks {}", protocol.name()));
        }
        for protocol in change.old.iter().filter(|protocol| !change.new.contains(protocol)) {
            self.add_service(Rule::ProtocolRemoved, "service", format!("no longer speaks {}", protocol.name()));
        }
        let (old, new) = (preferred(&change.old), preferred(&change.new));
        if old != new {
            self.add_service(Rule::ProtocolPreferred, "service", format!("prefers {new} to {old}"));
        }
    }

    fn operation(&mut self, operation: &str, change: &OperationChange) {
        let rule = match change {
            OperationChange::Idempotent(_) | OperationChange::Readonly(_) => Rule::OperationIdempotencyChanged,
            OperationChange::Unsigned(_) => Rule::OperationAuthChanged,
            OperationChange::HostPrefix(_) => Rule::OperationHostPrefixChanged,
            OperationChange::StaticContextParams(_) | OperationChange::OperationContextParams(_) => {
                Rule::OperationEndpointChanged
            }
            OperationChange::Deprecated(change) => deprecation(change),
            OperationChange::Documentation(_) => Rule::DocumentationChanged,
        };
        self.add_operation(rule, operation, text::property(change.property(), &change.values()));
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
        let (old, new) = (members(&self.old, &shape.old), members(&self.new, &shape.new));
        let Some(owner) = shape.new.as_ref().or(shape.old.as_ref()) else { return };
        self.member_differences(owner, &old, &new, users, &mut BTreeSet::new());
    }

    fn paginator(&mut self, fact: &Fact) {
        let items = |paginator: &Paginator<NameRef>| paginator.result_keys.first().map(|key| key.value.clone());
        match fact {
            Fact::PaginatorAdded { operation, paginator } => {
                let before = self.old.operation(operation).and_then(|operation| self.old.inferred_items(operation));
                match before {
                    None => self.add_operation(Rule::PaginatorAdded, operation, "is paginated"),
                    before => self.paginated_otherwise(operation, before.as_ref(), items(paginator).as_ref()),
                }
            }
            Fact::PaginatorRemoved { operation, paginator } => {
                // A removed operation has no methods to miss.
                let Some(now) = self.new.operation(operation) else { return };
                match self.new.inferred_items(now) {
                    None => self.add_operation(Rule::PaginatorRemoved, operation, "is no longer paginated"),
                    now => self.paginated_otherwise(operation, items(paginator).as_ref(), now.as_ref()),
                }
            }
            Fact::PaginatorChanged { operation, change } => {
                let rule = match change {
                    PaginatorChange::ResultKeys(keys) if keys.old.first() == keys.new.first() => Rule::PaginatorChanged,
                    PaginatorChange::ResultKeys(keys) if keys.old.is_empty() => Rule::PaginatorItemsAdded,
                    PaginatorChange::ResultKeys(_) | PaginatorChange::InputTokens(_) => Rule::PaginatorItemsChanged,
                    _ => Rule::PaginatorChanged,
                };
                self.add_operation(rule, operation, text::property(change.property(), &change.values()));
            }
            _ => {}
        }
    }

    /// An operation is paginated as before, but by the model instead of by inference or the reverse, or over other items.
    fn paginated_otherwise(&mut self, operation: &str, old: Option<&MemberPath>, new: Option<&MemberPath>) {
        let message = text::change("items", &old.map(ToString::to_string), &new.map(ToString::to_string));
        match (old, new) {
            _ if old == new => {
                self.add_operation(Rule::PaginatorInferred, operation, "has a paginator of the model, or had one");
            }
            (None, _) => self.add_operation(Rule::PaginatorItemsAdded, operation, message),
            (Some(_), _) => self.add_operation(Rule::PaginatorItemsChanged, operation, message),
        }
    }

    /// Operations that are paginated because of what their members are.
    fn inferred_paginators(&mut self, facts: &[Fact]) {
        let modelled: BTreeSet<&str> = facts.iter().filter_map(Fact::paginated).collect();
        for (name, old, new) in self.operations_in_both() {
            if modelled.contains(name.as_str()) {
                continue;
            }
            match (old, new) {
                (None, Some(_)) => self.add_operation(Rule::PaginatorAdded, &name, "is paginated, as inferred"),
                (Some(_), None) => self.add_operation(Rule::PaginatorRemoved, &name, "no longer infers a paginator"),
                (Some(old), Some(new)) if old != new => self.paginated_otherwise(&name, Some(&old), Some(&new)),
                _ => {}
            }
        }
    }

    /// Operations without a modelled paginator in both models, with the items of the inferred ones.
    fn operations_in_both(&self) -> Vec<(String, Option<MemberPath>, Option<MemberPath>)> {
        let unmodelled = |reach: &Reach<'_>, name: &str| !reach.is_paginated(name);
        let kept = self.new.operations().filter_map(|new| Some((self.old.operation(&new.name)?, new)));
        kept.filter(|(_, new)| unmodelled(&self.old, &new.name) && unmodelled(&self.new, &new.name))
            .map(|(old, new)| (new.name.clone(), self.old.inferred_items(old), self.new.inferred_items(new)))
            .collect()
    }

    /// Names that stand for something else than before.
    fn names(&mut self) {
        for Taken { scope, name, old, moved, new } in self.old_names.taken(&self.new_names) {
            let is_enum = matches!(&new, Meant::Value(_));
            if is_enum && old == Meant::CatchAll {
                // It has a rule of its own.
                continue;
            }
            let moved = moved.map_or_else(|| "gone".to_owned(), |moved| format!("{moved} now"));
            let message = format!("{name} is {} now, and was {}, which is {moved}", new.told(), old.told());
            match (&scope, &new) {
                (Scope::Inside(shape), Meant::Member(member)) => {
                    self.add(Rule::NameTaken, shape, &format!("{shape}.{member}"), message);
                }
                (Scope::Inside(shape), Meant::Value(value)) => {
                    self.add(Rule::NameTaken, shape, &format!("{shape} {value}"), message);
                }
                (_, Meant::Shape(shape)) => self.add(Rule::NameTaken, shape, shape, message),
                (_, Meant::Operation(operation) | Meant::Input(operation) | Meant::Output(operation)) => {
                    self.add_operation(Rule::NameTaken, operation, message);
                }
                (_, Meant::Waiter(waiter)) => self.waiter(Rule::NameTaken, waiter, message),
                (_, Meant::EndpointParameter(parameter)) => {
                    self.add_service(Rule::NameTaken, &format!("endpoint parameter {parameter}"), message);
                }
                (_, Meant::CatchAll | Meant::Member(_) | Meant::Value(_)) => {}
                // No name is made of them.
                (_, Meant::Arguments(_) | Meant::EndpointRules) => {}
            }
        }
    }

    /// Facts that mean nothing to the crate.
    fn spellings(&mut self, left_out: &LeftOut<'_>, facts: &[Fact], meant: &[Fact]) {
        let places: HashSet<_> = meant.iter().map(Fact::place).collect();
        for fact in facts.iter().filter(|fact| !places.contains(&fact.place()) && !left_out.is_about(fact)) {
            let rule = Rule::SpellingChanged;
            match fact {
                Fact::ServiceChanged(change) => {
                    self.add_service(rule, "service", text::property(change.property(), &change.values()));
                }
                Fact::OperationChanged { operation, change } => {
                    self.add_operation(rule, operation, text::property(change.property(), &change.values()));
                }
                Fact::PaginatorChanged { operation, change } => {
                    self.add_operation(rule, operation, text::property(change.property(), &change.values()));
                }
                Fact::ShapeChanged { shape, change } => {
                    self.spelling(shape, shape, text::property(change.property(), &change.values()));
                }
                Fact::MemberChanged { shape, member, change } => {
                    let message = text::property(change.property(), &change.values());
                    self.spelling(shape, &format!("{shape}.{member}"), message);
                }
                Fact::ValueChanged { shape, value, change } => {
                    let message = text::property(change.property(), &change.values());
                    self.spelling(shape, &format!("{shape} {value}"), message);
                }
                // All others are the same in one spelling.
                _ => {}
            }
        }
    }

    fn spelling(&mut self, shape: &str, subject: &str, message: String) {
        if self.users(shape).is_some() {
            self.add(Rule::SpellingChanged, shape, subject, message);
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
                (rule, Some(parameter), text::property(change.property(), &change.values()))
            }
            Fact::ParametersReordered { .. } => {
                (Rule::EndpointParametersReordered, None, "have their parameters in another order".to_owned())
            }
            _ => (Rule::EndpointRulesChanged, None, "decide differently".to_owned()),
        };
        let subject = name.map_or_else(|| "endpoint rules".to_owned(), |name| format!("endpoint parameter {name}"));
        self.add_service(rule, &subject, message);
    }
}

fn deprecation<T>(change: &Change<Option<T>>) -> Rule {
    match (&change.old, &change.new) {
        (_, None) => Rule::DeprecatedRemoved,
        (None, _) => Rule::DeprecatedAdded,
        _ => Rule::DocumentationChanged,
    }
}
