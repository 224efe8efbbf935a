//! The types, operations and names of a whole service, without what is built on
//! them: for comparing two models of it.

use super::names::{Position, Scope};
use super::{OperationPlan, Skipped, TypePlan, closure, recursion, types, waiters};
use crate::graph::{Service, ShapeId};

/// What the crate has of a service, if all of its operations are selected.
pub(crate) struct Outline<'g> {
    /// Every structure, union and enum, sorted by Rust name.
    pub types: Vec<TypePlan<'g>>,
    /// Operations in model order.
    pub operations: Vec<OperationPlan<'g>>,
    /// The shapes of errors, sorted by Rust name.
    pub errors: Vec<ShapeId>,
    /// Operations that the crate leaves out.
    pub skipped: Vec<Skipped>,
    /// Waiters by name, each with its Rust type and the client's method.
    pub waiters: Vec<(&'g str, [String; 2])>,
    /// Endpoint parameters by name, each with its field.
    pub parameters: Vec<(&'g str, String)>,
}

/// Outlines a service, whatever its protocols.
pub(crate) fn outline(service: &Service) -> Outline<'_> {
    let closure = closure::closure(service, |_| true);
    let recursion = recursion::recursion(service);
    let types::Types { types, operations, errors } = types::types(service, &closure, &recursion);
    let errors = errors.iter().filter_map(|id| types[id.0 as usize].shape).collect();
    let is_planned = |id| operations.iter().any(|operation| operation.id == id);
    let selected = service.waiters().iter().filter(|waiter| is_planned(waiter.operation));
    let waiters = waiters::named(selected).map(|(waiter, names)| (waiter.name.as_str(), names)).collect();
    let parameters = service.rule_set().map_or(&[][..], |rules| &rules.parameters);
    let parameters: Vec<&str> = parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    let fields = Scope::names(Position::Field, parameters.iter().copied());
    let parameters = parameters.into_iter().zip(fields).collect();
    Outline { types, operations, errors, skipped: closure.skipped, waiters, parameters }
}
