//! The new model from the old one and the facts: the proof that the facts leave
//! nothing unexplained.

use super::facts::{Fact, values_of};
use super::renames::rename;
use crate::diagnostic::Diagnostics;
use crate::graph::rules::RuleSet;
use crate::graph::{
    EnumValue, IntEnumValue, Member, NameRef, Operation, Paginator, Service, ServiceBuilder, Shape, ShapeKind, Waiter,
};
use std::fmt;

/// Facts that do not go with the model that they were applied to.
#[derive(Clone, Debug)]
pub enum ApplyError {
    /// What a fact is about is not there.
    Missing(String),
    /// All facts were applied, and what came out is no service.
    Broken(Diagnostics),
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(what) => write!(f, "the old model has no {what}"),
            Self::Broken(diagnostics) => {
                let first = diagnostics.iter().next().map_or("", |diagnostic| diagnostic.message.as_str());
                write!(f, "the changed model is broken: {first}")
            }
        }
    }
}

impl std::error::Error for ApplyError {}

type Result<T> = std::result::Result<T, ApplyError>;

/// The service that `facts` make of `old`.
///
/// # Errors
/// When the facts are not about `old`.
pub fn apply(old: &Service, facts: &[Fact]) -> Result<Service> {
    let mut builder = old.to_builder();
    for fact in facts {
        step(&mut builder, fact)?;
    }
    let mut diagnostics = Diagnostics::new();
    builder.build(&mut diagnostics).map_err(|_| ApplyError::Broken(diagnostics))
}

fn step(builder: &mut ServiceBuilder, fact: &Fact) -> Result<()> {
    match fact {
        Fact::ServiceChanged(change) => change.apply(&mut builder.metadata),
        Fact::ShapeRenamed(change) => rename(builder, std::slice::from_ref(change)),
        Fact::OperationAdded(operation) => builder.operations.push(operation.clone()),
        Fact::OperationRemoved(operation) => remove(&mut builder.operations, &operation.name)?,
        Fact::OperationChanged { operation, .. }
        | Fact::InputChanged { operation, .. }
        | Fact::OutputChanged { operation, .. }
        | Fact::ErrorAdded { operation, .. }
        | Fact::ErrorRemoved { operation, .. }
        | Fact::ErrorsReordered { operation, .. } => operation_step(find(&mut builder.operations, operation)?, fact)?,
        Fact::ShapeAdded(shape) => builder.shapes.push(shape.clone()),
        Fact::ShapeRemoved(shape) => remove(&mut builder.shapes, &shape.name)?,
        Fact::ShapeChanged { shape, .. } | Fact::KindChanged { shape, .. } | Fact::SparseChanged { shape, .. } => {
            shape_step(find(&mut builder.shapes, shape)?, fact)?;
        }
        Fact::MemberAdded { shape, .. }
        | Fact::MemberRemoved { shape, .. }
        | Fact::MemberRetargeted { shape, .. }
        | Fact::MemberChanged { shape, .. }
        | Fact::MembersReordered { shape, .. } => member_step(find(&mut builder.shapes, shape)?, fact)?,
        Fact::ValueAdded { shape, .. }
        | Fact::ValueRemoved { shape, .. }
        | Fact::ValueChanged { shape, .. }
        | Fact::ValuesReordered { shape, .. } => value_step(find(&mut builder.shapes, shape)?, fact)?,
        Fact::PaginatorAdded { paginator, .. } => builder.paginators.push(paginator.clone()),
        Fact::PaginatorRemoved { operation, .. } => remove(&mut builder.paginators, operation)?,
        Fact::PaginatorChanged { operation, change } => change.apply(find(&mut builder.paginators, operation)?),
        Fact::WaiterAdded(waiter) => builder.waiters.push(waiter.clone()),
        Fact::WaiterRemoved(waiter) => remove(&mut builder.waiters, &waiter.name)?,
        Fact::WaiterChanged { waiter, change } => change.apply(find(&mut builder.waiters, waiter)?),
        Fact::RuleSetAdded(rule_set) => builder.rule_set = Some(rule_set.clone()),
        Fact::RuleSetRemoved(_) => builder.rule_set = None,
        Fact::ParameterAdded { .. }
        | Fact::ParameterRemoved(_)
        | Fact::ParameterChanged { .. }
        | Fact::ParametersReordered { .. }
        | Fact::RulesChanged(_) => rule_set_step(builder, fact)?,
    }
    Ok(())
}

fn operation_step(operation: &mut Operation<NameRef>, fact: &Fact) -> Result<()> {
    match fact {
        Fact::OperationChanged { change, .. } => change.apply(&mut operation.traits),
        Fact::InputChanged { shape, .. } => operation.input = shape.new.clone().map(NameRef::from),
        Fact::OutputChanged { shape, .. } => operation.output = shape.new.clone().map(NameRef::from),
        Fact::ErrorAdded { index, error, .. } => insert(&mut operation.errors, *index, error.clone().into()),
        Fact::ErrorRemoved { error, .. } => remove(&mut operation.errors, error)?,
        Fact::ErrorsReordered { order, .. } => reorder(&mut operation.errors, order),
        _ => {}
    }
    Ok(())
}

fn shape_step(shape: &mut Shape<NameRef>, fact: &Fact) -> Result<()> {
    match fact {
        Fact::ShapeChanged { change, .. } => change.apply(&mut shape.traits),
        Fact::KindChanged { kind, .. } => shape.kind = kind.new.clone(),
        Fact::SparseChanged { sparse: is, .. } => {
            let (ShapeKind::List { sparse, .. } | ShapeKind::Map { sparse, .. }) = &mut shape.kind else {
                return Err(ApplyError::Missing(format!("list or map `{}`", shape.name)));
            };
            *sparse = is.new;
        }
        _ => {}
    }
    Ok(())
}

fn member_step(shape: &mut Shape<NameRef>, fact: &Fact) -> Result<()> {
    match fact {
        Fact::MemberAdded { index, member, .. } => insert(members(shape)?, *index, member.clone()),
        Fact::MemberRemoved { member, .. } => remove(members(shape)?, &member.name)?,
        Fact::MembersReordered { order, .. } => reorder(members(shape)?, order),
        Fact::MemberRetargeted { member, target, .. } => {
            find_member(shape, member)?.target = target.new.clone().into();
        }
        Fact::MemberChanged { member, change, .. } => change.apply(&mut find_member(shape, member)?.traits),
        _ => {}
    }
    Ok(())
}

fn value_step(shape: &mut Shape<NameRef>, fact: &Fact) -> Result<()> {
    let missing = || ApplyError::Missing(format!("enum `{}`", shape.name));
    let mut values = values_of(&shape.kind).ok_or_else(missing)?;
    match fact {
        Fact::ValueAdded { index, value, .. } => insert(&mut values, *index, value.clone()),
        Fact::ValueRemoved { value, .. } => remove(&mut values, &value.value)?,
        Fact::ValueChanged { value, change, .. } => change.apply(find(&mut values, value)?),
        Fact::ValuesReordered { order, .. } => reorder(&mut values, order),
        _ => {}
    }
    // Nothing else has values.
    shape.kind = if matches!(shape.kind, ShapeKind::IntEnum(_)) {
        ShapeKind::IntEnum(values.into_iter().filter_map(as_number).collect())
    } else {
        ShapeKind::Enum(values)
    };
    Ok(())
}

fn rule_set_step(builder: &mut ServiceBuilder, fact: &Fact) -> Result<()> {
    let missing = || ApplyError::Missing("endpoint rules".to_owned());
    let RuleSet { parameters, rules, .. } = builder.rule_set.as_mut().ok_or_else(missing)?;
    match fact {
        Fact::ParameterAdded { index, parameter } => insert(parameters, *index, parameter.clone()),
        Fact::ParameterRemoved(parameter) => remove(parameters, &parameter.name)?,
        Fact::ParameterChanged { parameter, change } => change.apply(find(parameters, parameter)?),
        Fact::ParametersReordered { order } => reorder(parameters, order),
        Fact::RulesChanged(change) => *rules = change.new.clone(),
        _ => {}
    }
    Ok(())
}

/// Something that its list knows by a name.
trait Named {
    const WHAT: &'static str;
    fn name(&self) -> &str;
}

macro_rules! named {
    ($($type:ty: $what:literal, $($field:ident).+;)*) => {
        $(impl Named for $type {
            const WHAT: &'static str = $what;
            fn name(&self) -> &str {
                &self.$($field).+
            }
        })*
    };
}

named! {
    Operation<NameRef>: "operation", name;
    Shape<NameRef>: "shape", name;
    Member<NameRef>: "member", name;
    Paginator<NameRef>: "paginator", operation.name;
    Waiter<NameRef>: "waiter", name;
    NameRef: "error", name;
    EnumValue: "enum value", value;
    crate::graph::rules::Parameter: "endpoint parameter", name;
}

fn missing<T: Named>(name: &str) -> ApplyError {
    ApplyError::Missing(format!("{} `{name}`", T::WHAT))
}

fn find<'l, T: Named>(list: &'l mut [T], name: &str) -> Result<&'l mut T> {
    list.iter_mut().find(|item| item.name() == name).ok_or_else(|| missing::<T>(name))
}

fn remove<T: Named>(list: &mut Vec<T>, name: &str) -> Result<()> {
    let index = list.iter().position(|item| item.name() == name).ok_or_else(|| missing::<T>(name))?;
    list.remove(index);
    Ok(())
}

fn insert<T>(list: &mut Vec<T>, index: usize, item: T) {
    list.insert(index.min(list.len()), item);
}

fn reorder<T: Named>(list: &mut [T], order: &[String]) {
    list.sort_by_key(|item| order.iter().position(|name| name == item.name()));
}

fn members(shape: &mut Shape<NameRef>) -> Result<&mut Vec<Member<NameRef>>> {
    let (ShapeKind::Structure(members) | ShapeKind::Union(members)) = &mut shape.kind else {
        return Err(ApplyError::Missing(format!("structure or union `{}`", shape.name)));
    };
    Ok(members)
}

fn find_member<'s>(shape: &'s mut Shape<NameRef>, member: &str) -> Result<&'s mut Member<NameRef>> {
    let found = shape.kind.members_mut().find(|candidate| candidate.name == member);
    found.ok_or_else(|| ApplyError::Missing(format!("member `{member}` of `{}`", shape.name)))
}

fn as_number(value: EnumValue) -> Option<IntEnumValue> {
    Some(IntEnumValue { name: value.name?, value: value.value.parse().ok()? })
}
