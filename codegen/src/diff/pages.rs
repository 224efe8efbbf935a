//! What the public pages of API changes tell of a release: new operations, and
//! operations whose request or response looks different.

use super::Fact;
use crate::describe::Skeleton;
use crate::graph::{OperationId, Service};
use std::collections::HashSet;

/// What changed in the operations' skeletons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    /// Operations that are new, by name.
    pub new: Vec<String>,
    /// Operations that look different, by name.
    pub updated: Vec<Updated>,
    /// Operations that are gone, by name. The public pages never tell that.
    pub removed: Vec<String>,
}

/// An operation that looks different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Updated {
    /// The operation.
    pub operation: String,
    /// What changed in its request.
    pub request: SideChange,
    /// What changed in its response.
    pub response: SideChange,
}

/// What changed on one side: the parts that came and those that went, with what
/// leads there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SideChange {
    /// What the new model has.
    pub added: Option<Skeleton>,
    /// What the old model had.
    pub removed: Option<Skeleton>,
}

impl SideChange {
    fn between(old: Option<&Skeleton>, new: Option<&Skeleton>) -> Self {
        let beyond = |this: Option<&Skeleton>, other: Option<&Skeleton>| match (this, other) {
            (Some(this), Some(other)) => this.without(other),
            (this, _) => this.filter(|skeleton| !skeleton.is_empty()).cloned(),
        };
        Self { added: beyond(new, old), removed: beyond(old, new) }
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_none() && self.removed.is_none()
    }
}

impl Updated {
    /// `request`, `response` or `both`.
    pub fn sides(&self) -> &'static str {
        match (self.request.is_empty(), self.response.is_empty()) {
            (false, false) => "both",
            (false, true) => "request",
            (true, _) => "response",
        }
    }
}

/// Compares the skeletons of operations that `facts`, all that differs, are about.
pub(super) fn pages(old: &Service, new: &Service, facts: &[Fact]) -> Pages {
    let changed: HashSet<&str> =
        facts.iter().filter_map(|fact| fact.about().operation().or(fact.about().shape())).collect();
    let is_changed = |id: OperationId| {
        let operation = &new[id];
        let mut reached = new.reached(operation.input.into_iter().chain(operation.output));
        changed.contains(&*operation.name) || reached.any(|id| changed.contains(&*new[id].name))
    };
    let names_only_in = |these: &Service, those: &Service| -> Vec<String> {
        let names = these.operations().map(|(_, operation)| operation.name.clone());
        names.filter(|name| those.operation_named(name).is_none()).collect()
    };
    let kept = new.operations().filter_map(|(id, operation)| Some((old.operation_named(&operation.name)?, id)));
    let kept = kept.filter(|(_, id)| is_changed(*id));
    Pages {
        new: names_only_in(new, old),
        updated: kept.filter_map(|(old_id, new_id)| updated((old, old_id), (new, new_id))).collect(),
        removed: names_only_in(old, new),
    }
}

fn updated(old: (&Service, OperationId), new: (&Service, OperationId)) -> Option<Updated> {
    let request = |(service, id): (&Service, OperationId)| Skeleton::request(service, id);
    let response = |(service, id): (&Service, OperationId)| Skeleton::response(service, id);
    let updated = Updated {
        operation: new.0[new.1].name.clone(),
        request: SideChange::between(Some(&request(old)), Some(&request(new))),
        response: SideChange::between(response(old).as_ref(), response(new).as_ref()),
    };
    (!updated.request.is_empty() || !updated.response.is_empty()).then_some(updated)
}
