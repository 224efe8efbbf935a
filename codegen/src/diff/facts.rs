//! What differs between two graphs of one service, as a closed list of small
//! facts. A fact says what is, not what it means: that is the rules' business.
//!
//! Facts are complete: additions carry whole definitions, so that
//! [`apply`](super::apply()) makes the new graph of the old one and the facts.
//! Shapes go by their new names: renamings come first.

use super::properties::{
    Change, MemberChange, OperationChange, PaginatorChange, ParameterChange, PropertyChange, ServiceChange,
    ShapeChange, ValueChange, WaiterChange,
};
use crate::graph::rules::{EndpointRule, Parameter, RuleSet};
use crate::graph::{
    EnumValue, Member, NameRef, Operation, Paginator, ServiceBuilder, Shape, ShapeKind, Waiter, scalar,
};
use std::collections::HashMap;
use std::mem::Discriminant;

/// One difference. Names are those of the model; `index` is the place in the new
/// model's order.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "variants and fields are what their names say")]
#[expect(clippy::large_enum_variant, reason = "definitions are whole, and facts are few")]
pub enum Fact {
    ServiceChanged(ServiceChange),
    ShapeRenamed(Change<String>),
    OperationAdded(Operation<NameRef>),
    OperationRemoved(Operation<NameRef>),
    OperationChanged { operation: String, change: OperationChange },
    InputChanged { operation: String, shape: Change<Option<String>> },
    OutputChanged { operation: String, shape: Change<Option<String>> },
    ErrorAdded { operation: String, index: usize, error: String },
    ErrorRemoved { operation: String, error: String },
    ErrorsReordered { operation: String, order: Vec<String> },
    ShapeAdded(Shape<NameRef>),
    ShapeRemoved(Shape<NameRef>),
    ShapeChanged { shape: String, change: ShapeChange },
    KindChanged { shape: String, kind: Change<ShapeKind<NameRef>> },
    SparseChanged { shape: String, sparse: Change<bool> },
    MemberAdded { shape: String, index: usize, member: Member<NameRef> },
    MemberRemoved { shape: String, member: Member<NameRef> },
    MemberRetargeted { shape: String, member: String, target: Change<String> },
    MemberChanged { shape: String, member: String, change: MemberChange },
    MembersReordered { shape: String, order: Vec<String> },
    ValueAdded { shape: String, index: usize, value: EnumValue },
    ValueRemoved { shape: String, value: EnumValue },
    ValueChanged { shape: String, value: String, change: ValueChange },
    ValuesReordered { shape: String, order: Vec<String> },
    PaginatorAdded { operation: String, paginator: Paginator<NameRef> },
    PaginatorRemoved { operation: String, paginator: Paginator<NameRef> },
    PaginatorChanged { operation: String, change: PaginatorChange },
    WaiterAdded(Waiter<NameRef>),
    WaiterRemoved(Waiter<NameRef>),
    WaiterChanged { waiter: String, change: WaiterChange },
    RuleSetAdded(RuleSet),
    RuleSetRemoved(RuleSet),
    ParameterAdded { index: usize, parameter: Parameter },
    ParameterRemoved(Parameter),
    ParameterChanged { parameter: String, change: ParameterChange },
    ParametersReordered { order: Vec<String> },
    RulesChanged(Change<Vec<EndpointRule>>),
}

/// What of a model a fact is about, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum About<'f> {
    Service,
    Operation(&'f str),
    /// Of an operation.
    Error(&'f str, &'f str),
    Shape(&'f str),
    /// Of a shape.
    Member(&'f str, &'f str),
    /// Of an enum.
    Value(&'f str, &'f str),
    Waiter(&'f str),
    EndpointRules,
    EndpointParameter(&'f str),
}

impl<'f> About<'f> {
    /// The operation that it is, or is a part of.
    pub(super) fn operation(self) -> Option<&'f str> {
        match self {
            Self::Operation(operation) | Self::Error(operation, _) => Some(operation),
            _ => None,
        }
    }

    /// The shape that it is, or is a part of.
    pub(super) fn shape(self) -> Option<&'f str> {
        match self {
            Self::Shape(shape) | Self::Member(shape, _) | Self::Value(shape, _) => Some(shape),
            _ => None,
        }
    }
}

impl Fact {
    /// What it is about.
    pub(super) fn about(&self) -> About<'_> {
        match self {
            Self::ServiceChanged(_) => About::Service,
            Self::OperationAdded(Operation { name: operation, .. })
            | Self::OperationRemoved(Operation { name: operation, .. })
            | Self::OperationChanged { operation, .. }
            | Self::InputChanged { operation, .. }
            | Self::OutputChanged { operation, .. }
            | Self::ErrorsReordered { operation, .. }
            | Self::PaginatorAdded { operation, .. }
            | Self::PaginatorRemoved { operation, .. }
            | Self::PaginatorChanged { operation, .. } => About::Operation(operation),
            Self::ErrorAdded { operation, error, .. } | Self::ErrorRemoved { operation, error } => {
                About::Error(operation, error)
            }
            Self::ShapeRenamed(Change { new: shape, .. })
            | Self::ShapeAdded(Shape { name: shape, .. })
            | Self::ShapeRemoved(Shape { name: shape, .. })
            | Self::ShapeChanged { shape, .. }
            | Self::KindChanged { shape, .. }
            | Self::SparseChanged { shape, .. }
            | Self::MembersReordered { shape, .. }
            | Self::ValuesReordered { shape, .. } => About::Shape(shape),
            Self::MemberAdded { shape, member: Member { name: member, .. }, .. }
            | Self::MemberRemoved { shape, member: Member { name: member, .. } }
            | Self::MemberRetargeted { shape, member, .. }
            | Self::MemberChanged { shape, member, .. } => About::Member(shape, member),
            Self::ValueAdded { shape, value: EnumValue { value, .. }, .. }
            | Self::ValueRemoved { shape, value: EnumValue { value, .. } }
            | Self::ValueChanged { shape, value, .. } => About::Value(shape, value),
            Self::WaiterAdded(Waiter { name: waiter, .. })
            | Self::WaiterRemoved(Waiter { name: waiter, .. })
            | Self::WaiterChanged { waiter, .. } => About::Waiter(waiter),
            Self::RuleSetAdded(_)
            | Self::RuleSetRemoved(_)
            | Self::ParametersReordered { .. }
            | Self::RulesChanged(_) => About::EndpointRules,
            Self::ParameterAdded { parameter: Parameter { name: parameter, .. }, .. }
            | Self::ParameterRemoved(Parameter { name: parameter, .. })
            | Self::ParameterChanged { parameter, .. } => About::EndpointParameter(parameter),
        }
    }

    /// The property that has another value, where it is about one.
    pub(super) fn change(&self) -> Option<&dyn PropertyChange> {
        Some(match self {
            Self::ServiceChanged(change) => change,
            Self::OperationChanged { change, .. } => change,
            Self::ShapeChanged { change, .. } => change,
            Self::MemberChanged { change, .. } => change,
            Self::ValueChanged { change, .. } => change,
            Self::PaginatorChanged { change, .. } => change,
            Self::WaiterChanged { change, .. } => change,
            Self::ParameterChanged { change, .. } => change,
            _ => return None,
        })
    }

    /// Two facts of which this is the same differ in values only.
    pub(super) fn place(&self) -> (Discriminant<Self>, About<'_>, Option<&'static str>) {
        (std::mem::discriminant(self), self.about(), self.change().map(PropertyChange::property))
    }

    /// Whether a fact about a member is one about bytes.
    pub(super) fn is_on_the_wire(&self) -> bool {
        match self {
            Self::MembersReordered { .. } => false,
            Self::MemberChanged { change, .. } => {
                matches!(change, MemberChange::WireName(_) | MemberChange::TimestampFormat(_))
            }
            _ => true,
        }
    }
}

/// All that differs between two models, in a fixed order; the shapes of `old` have their new names already.
pub(super) fn differences(old: &ServiceBuilder, new: &ServiceBuilder, renamed: &[Change<String>]) -> Vec<Fact> {
    let mut facts = Vec::new();
    facts.extend(ServiceChange::between(&old.metadata, &new.metadata).into_iter().map(Fact::ServiceChanged));
    facts.extend(renamed.iter().cloned().map(Fact::ShapeRenamed));
    operations(old, new, &mut facts);
    shapes(old, new, &mut facts);
    paginators(old, new, &mut facts);
    waiters(old, new, &mut facts);
    rule_sets(old.rule_set.as_ref(), new.rule_set.as_ref(), &mut facts);
    facts
}

/// How one list became another, told by the keys of its elements.
struct Lists<'a, T> {
    removed: Vec<&'a T>,
    /// With its place in the new list.
    added: Vec<(usize, &'a T)>,
    kept: Vec<(&'a T, &'a T)>,
    /// The new order, where additions at their places do not bring it about.
    order: Option<Vec<String>>,
}

impl<'a, T> Lists<'a, T> {
    fn between(old: &'a [T], new: &'a [T], key: impl Fn(&T) -> &str) -> Self {
        let places = |list: &'a [T]| -> HashMap<&'a str, usize> {
            list.iter().enumerate().map(|(index, item)| (key(item), index)).collect()
        };
        let (in_old, in_new) = (places(old), places(new));
        let removed = old.iter().filter(|item| !in_new.contains_key(key(item))).collect();
        let added = new.iter().enumerate().filter(|(_, item)| !in_old.contains_key(key(item))).collect();
        let partner = |item: &'a T| in_old.get(key(item)).map(|&index| (&old[index], item));
        let kept: Vec<(&T, &T)> = new.iter().filter_map(partner).collect();
        let order_before = old.iter().filter(|item| in_new.contains_key(key(item)));
        let moved = !order_before.map(&key).eq(kept.iter().map(|&(_, item)| key(item)));
        let order = moved.then(|| new.iter().map(|item| key(item).to_owned()).collect());
        Self { removed, added, kept, order }
    }
}

fn operations(old: &ServiceBuilder, new: &ServiceBuilder, facts: &mut Vec<Fact>) {
    let found = Lists::between(&old.operations, &new.operations, |operation| &operation.name);
    facts.extend(found.removed.into_iter().cloned().map(Fact::OperationRemoved));
    facts.extend(found.added.into_iter().map(|(_, operation)| Fact::OperationAdded(operation.clone())));
    for (old, new) in found.kept {
        operation(old, new, facts);
    }
}

fn operation(old: &Operation<NameRef>, new: &Operation<NameRef>, facts: &mut Vec<Fact>) {
    let operation = &new.name;
    let name = |reference: &Option<crate::graph::NameRef>| reference.as_ref().map(|r| r.name.clone());
    if old.input != new.input {
        let shape = Change { old: name(&old.input), new: name(&new.input) };
        facts.push(Fact::InputChanged { operation: operation.clone(), shape });
    }
    if old.output != new.output {
        let shape = Change { old: name(&old.output), new: name(&new.output) };
        facts.push(Fact::OutputChanged { operation: operation.clone(), shape });
    }
    let errors = Lists::between(&old.errors, &new.errors, |error| &error.name);
    for error in errors.removed {
        facts.push(Fact::ErrorRemoved { operation: operation.clone(), error: error.name.clone() });
    }
    for (index, error) in errors.added {
        facts.push(Fact::ErrorAdded { operation: operation.clone(), index, error: error.name.clone() });
    }
    if let Some(order) = errors.order {
        facts.push(Fact::ErrorsReordered { operation: operation.clone(), order });
    }
    let changes = OperationChange::between(&old.traits, &new.traits).into_iter();
    facts.extend(changes.map(|change| Fact::OperationChanged { operation: operation.clone(), change }));
}

fn shapes(old: &ServiceBuilder, new: &ServiceBuilder, facts: &mut Vec<Fact>) {
    let found = Lists::between(&old.shapes, &new.shapes, |shape| &shape.name);
    facts.extend(found.removed.into_iter().cloned().map(Fact::ShapeRemoved));
    facts.extend(found.added.into_iter().map(|(_, shape)| Fact::ShapeAdded(shape.clone())));
    for (old, new) in found.kept {
        let shape = &new.name;
        let changes = ShapeChange::between(&old.traits, &new.traits).into_iter();
        facts.extend(changes.map(|change| Fact::ShapeChanged { shape: shape.clone(), change }));
        kind(shape, &old.kind, &new.kind, facts);
    }
}

fn kind(shape: &str, old: &ShapeKind<NameRef>, new: &ShapeKind<NameRef>, facts: &mut Vec<Fact>) {
    match (old, new) {
        (ShapeKind::Structure(old), ShapeKind::Structure(new)) | (ShapeKind::Union(old), ShapeKind::Union(new)) => {
            members(shape, old, new, facts);
        }
        (ShapeKind::List { member: old, sparse: was }, ShapeKind::List { member: new, sparse: is }) => {
            member(shape, old, new, facts);
            sparse(shape, *was, *is, facts);
        }
        (
            ShapeKind::Map { key: old_key, value: old_value, sparse: was },
            ShapeKind::Map { key: new_key, value: new_value, sparse: is },
        ) => {
            member(shape, old_key, new_key, facts);
            member(shape, old_value, new_value, facts);
            sparse(shape, *was, *is, facts);
        }
        _ if old == new => {}
        _ => match (values_of(old), values_of(new)) {
            (Some(was), Some(is)) if old.type_name() == new.type_name() => values(shape, &was, &is, facts),
            _ => {
                let kind = Change { old: old.clone(), new: new.clone() };
                facts.push(Fact::KindChanged { shape: shape.to_owned(), kind });
            }
        },
    }
}

/// The values of an enum; those of an intEnum as text. None where a value stands
/// there twice: then they cannot be told apart.
pub(super) fn values_of(kind: &ShapeKind<NameRef>) -> Option<Vec<EnumValue>> {
    let values = match kind {
        ShapeKind::Enum(values) => values.clone(),
        ShapeKind::IntEnum(values) => {
            let as_text = |value: &crate::graph::IntEnumValue| EnumValue {
                name: Some(value.name.clone()),
                value: value.value.to_string(),
                deprecated: None,
            };
            values.iter().map(as_text).collect()
        }
        ShapeKind::Structure(_) | ShapeKind::Union(_) | ShapeKind::List { .. } | ShapeKind::Map { .. } | scalar!() => {
            return None;
        }
    };
    let distinct: std::collections::HashSet<&str> = values.iter().map(|value| value.value.as_str()).collect();
    (distinct.len() == values.len()).then_some(values)
}

/// What differs between the values of two enums, told of `shape`.
pub(super) fn values(shape: &str, old: &[EnumValue], new: &[EnumValue], facts: &mut Vec<Fact>) {
    let shape = || shape.to_owned();
    let found = Lists::between(old, new, |value| &value.value);
    facts.extend(found.removed.into_iter().map(|value| Fact::ValueRemoved { shape: shape(), value: value.clone() }));
    let added = found.added.into_iter();
    facts.extend(added.map(|(index, value)| Fact::ValueAdded { shape: shape(), index, value: value.clone() }));
    facts.extend(found.order.map(|order| Fact::ValuesReordered { shape: shape(), order }));
    for (old, new) in found.kept {
        let changes = ValueChange::between(old, new).into_iter();
        facts.extend(changes.map(|change| Fact::ValueChanged { shape: shape(), value: new.value.clone(), change }));
    }
}

/// What differs between the members of two structures, told of `shape`.
pub(super) fn members(shape: &str, old: &[Member<NameRef>], new: &[Member<NameRef>], facts: &mut Vec<Fact>) {
    let name = || shape.to_owned();
    let found = Lists::between(old, new, |member| &member.name);
    facts.extend(found.removed.into_iter().map(|member| Fact::MemberRemoved { shape: name(), member: member.clone() }));
    let added = found.added.into_iter();
    facts.extend(added.map(|(index, member)| Fact::MemberAdded { shape: name(), index, member: member.clone() }));
    facts.extend(found.order.map(|order| Fact::MembersReordered { shape: name(), order }));
    for (old, new) in found.kept {
        member(shape, old, new, facts);
    }
}

fn member(shape: &str, old: &Member<NameRef>, new: &Member<NameRef>, facts: &mut Vec<Fact>) {
    let (name, shape) = (|| new.name.clone(), || shape.to_owned());
    if old.target != new.target {
        let target = Change { old: old.target.name.clone(), new: new.target.name.clone() };
        facts.push(Fact::MemberRetargeted { shape: shape(), member: name(), target });
    }
    let changes = MemberChange::between(&old.traits, &new.traits).into_iter();
    facts.extend(changes.map(|change| Fact::MemberChanged { shape: shape(), member: name(), change }));
}

fn sparse(shape: &str, old: bool, new: bool, facts: &mut Vec<Fact>) {
    if old != new {
        facts.push(Fact::SparseChanged { shape: shape.to_owned(), sparse: Change { old, new } });
    }
}

fn paginators(old: &ServiceBuilder, new: &ServiceBuilder, facts: &mut Vec<Fact>) {
    let found = Lists::between(&old.paginators, &new.paginators, |paginator| &paginator.operation.name);
    let operation = |paginator: &Paginator<NameRef>| paginator.operation.name.clone();
    facts.extend(
        found.removed.into_iter().map(|of| Fact::PaginatorRemoved { operation: operation(of), paginator: of.clone() }),
    );
    let added = found.added.into_iter();
    facts.extend(added.map(|(_, of)| Fact::PaginatorAdded { operation: operation(of), paginator: of.clone() }));
    for (old, new) in found.kept {
        let changes = PaginatorChange::between(old, new).into_iter();
        facts.extend(changes.map(|change| Fact::PaginatorChanged { operation: operation(new), change }));
    }
}

fn waiters(old: &ServiceBuilder, new: &ServiceBuilder, facts: &mut Vec<Fact>) {
    let found = Lists::between(&old.waiters, &new.waiters, |waiter| &waiter.name);
    facts.extend(found.removed.into_iter().cloned().map(Fact::WaiterRemoved));
    facts.extend(found.added.into_iter().map(|(_, waiter)| Fact::WaiterAdded(waiter.clone())));
    for (old, new) in found.kept {
        let changes = WaiterChange::between(old, new).into_iter();
        facts.extend(changes.map(|change| Fact::WaiterChanged { waiter: new.name.clone(), change }));
    }
}

fn rule_sets(old: Option<&RuleSet>, new: Option<&RuleSet>, facts: &mut Vec<Fact>) {
    let (old, new) = match (old, new) {
        (None, None) => return,
        (None, Some(new)) => return facts.push(Fact::RuleSetAdded(new.clone())),
        (Some(old), None) => return facts.push(Fact::RuleSetRemoved(old.clone())),
        (Some(old), Some(new)) => (old, new),
    };
    let found = Lists::between(&old.parameters, &new.parameters, |parameter| &parameter.name);
    facts.extend(found.removed.into_iter().cloned().map(Fact::ParameterRemoved));
    let added = found.added.into_iter();
    facts.extend(added.map(|(index, parameter)| Fact::ParameterAdded { index, parameter: parameter.clone() }));
    facts.extend(found.order.map(|order| Fact::ParametersReordered { order }));
    for (old, new) in found.kept {
        let changes = ParameterChange::between(old, new).into_iter();
        facts.extend(changes.map(|change| Fact::ParameterChanged { parameter: new.name.clone(), change }));
    }
    if old.rules != new.rules {
        facts.push(Fact::RulesChanged(Change { old: old.rules.clone(), new: new.rules.clone() }));
    }
}
