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
        Fact::OperationChanged { operation, change } => {
            change.apply(&mut find(&mut builder.operations, operation)?.traits)
        }
        Fact::InputChanged { operation, shape } => {
            find(&mut builder.operations, operation)?.input = reference(&shape.new)
        }
        Fact::OutputChanged { operation, shape } => {
            find(&mut builder.operations, operation)?.output = reference(&shape.new);
        }
        Fact::ErrorAdded { operation, index, error } => {
            let errors = &mut find(&mut builder.operations, operation)?.errors;
            insert(errors, *index, error.clone().into());
        }
        Fact::ErrorRemoved { operation, error } => {
            remove(&mut find(&mut builder.operations, operation)?.errors, error)?
        }
        Fact::ErrorsReordered { operation, order } => {
            reorder(&mut find(&mut builder.operations, operation)?.errors, order);
        }
        Fact::ShapeAdded(shape) => builder.shapes.push(shape.clone()),
        Fact::ShapeRemoved(shape) => remove(&mut builder.shapes, &shape.name)?,
        Fact::ShapeChanged { shape, change } => change.apply(&mut find(&mut builder.shapes, shape)?.traits),
        Fact::KindChanged { shape, kind } => find(&mut builder.shapes, shape)?.kind = kind.new.clone(),
        Fact::SparseChanged { shape, sparse: is } => {
            let kind = &mut find(&mut builder.shapes, shape)?.kind;
            let (ShapeKind::List { sparse, .. } | ShapeKind::Map { sparse, .. }) = kind else {
                return Err(ApplyError::Missing(format!("list or map `{shape}`")));
            };
            *sparse = is.new;
        }
        Fact::MemberAdded { .. }
        | Fact::MemberRemoved { .. }
        | Fact::MemberRetargeted { .. }
        | Fact::MemberChanged { .. }
        | Fact::MembersReordered { .. } => member_step(builder, fact)?,
        Fact::ValueAdded { .. }
        | Fact::ValueRemoved { .. }
        | Fact::ValueChanged { .. }
        | Fact::ValuesReordered { .. } => {
            value_step(builder, fact)?;
        }
        Fact::PaginatorAdded { paginator, .. } => builder.paginators.push(paginator.clone()),
        Fact::PaginatorRemoved { operation, .. } => remove(&mut builder.paginators, operation)?,
        Fact::PaginatorChanged { operation, change } => {
            change.apply(find(&mut builder.paginators, operation)?);
        }
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

fn member_step(builder: &mut ServiceBuilder, fact: &Fact) -> Result<()> {
    match fact {
        Fact::MemberAdded { shape, index, member } => insert(members(builder, shape)?, *index, member.clone()),
        Fact::MemberRemoved { shape, member } => remove(members(builder, shape)?, &member.name)?,
        Fact::MembersReordered { shape, order } => reorder(members(builder, shape)?, order),
        Fact::MemberRetargeted { shape, member, target } => {
            find_member(builder, shape, member)?.target = target.new.clone().into();
        }
        Fact::MemberChanged { shape, member, change } => {
            change.apply(&mut find_member(builder, shape, member)?.traits);
        }
        _ => {}
    }
    Ok(())
}

fn value_step(builder: &mut ServiceBuilder, fact: &Fact) -> Result<()> {
    match fact {
        Fact::ValueAdded { shape, index, value } => with_values(builder, shape, |values| {
            insert(values, *index, value.clone());
            Ok(())
        }),
        Fact::ValueRemoved { shape, value } => with_values(builder, shape, |values| remove(values, &value.value)),
        Fact::ValueChanged { shape, value, change } => with_values(builder, shape, |values| {
            change.apply(find(values, value)?);
            Ok(())
        }),
        Fact::ValuesReordered { shape, order } => with_values(builder, shape, |values| {
            reorder(values, order);
            Ok(())
        }),
        _ => Ok(()),
    }
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

fn reference(name: &Option<String>) -> Option<NameRef> {
    name.clone().map(NameRef::from)
}

fn members<'b>(builder: &'b mut ServiceBuilder, shape: &str) -> Result<&'b mut Vec<Member<NameRef>>> {
    let kind = &mut find(&mut builder.shapes, shape)?.kind;
    let (ShapeKind::Structure(members) | ShapeKind::Union(members)) = kind else {
        return Err(ApplyError::Missing(format!("structure or union `{shape}`")));
    };
    Ok(members)
}

fn find_member<'b>(builder: &'b mut ServiceBuilder, shape: &str, member: &str) -> Result<&'b mut Member<NameRef>> {
    let mut members = find(&mut builder.shapes, shape)?.kind.members_mut();
    let found = members.find(|candidate| candidate.name == member);
    found.ok_or_else(|| ApplyError::Missing(format!("member `{member}` of `{shape}`")))
}

fn with_values(
    builder: &mut ServiceBuilder,
    shape: &str,
    change: impl FnOnce(&mut Vec<EnumValue>) -> Result<()>,
) -> Result<()> {
    let kind = &mut find(&mut builder.shapes, shape)?.kind;
    let mut values = values_of(kind).ok_or_else(|| ApplyError::Missing(format!("enum `{shape}`")))?;
    change(&mut values)?;
    // Nothing else has values.
    *kind = if matches!(kind, ShapeKind::IntEnum(_)) {
        ShapeKind::IntEnum(values.into_iter().filter_map(as_number).collect())
    } else {
        ShapeKind::Enum(values)
    };
    Ok(())
}

fn as_number(value: EnumValue) -> Option<IntEnumValue> {
    Some(IntEnumValue { name: value.name?, value: value.value.parse().ok()? })
}
