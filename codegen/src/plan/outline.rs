//! The types, operations and names of a whole service, without what is built on
//! them: for comparing two models of it.

use super::names::{Position, Scope};
use super::surface::{Parts, Surface, Waiting};
use super::{OperationPlan, Skipped, TypeId, TypePlan, closure, recursion, types, waiters};
use crate::diagnostic::Diagnostics;
use crate::graph::rules::Parameter;
use crate::graph::{Service, Waiter};

/// What the crate has of a service, if all of its operations are selected.
pub(crate) struct Outline<'g> {
    /// Every structure, union and enum, sorted by Rust name.
    pub types: Vec<TypePlan<'g>>,
    /// Operations in model order.
    pub operations: Vec<OperationPlan<'g>>,
    /// Errors, sorted by Rust name.
    pub errors: Vec<TypeId>,
    /// Operations that the crate leaves out.
    pub skipped: Vec<Skipped>,
    /// Waiters by name, each with its Rust type and the client's method.
    pub waiters: Vec<(&'g Waiter, [String; 2])>,
    /// Endpoint parameters by name, each with its field; nothing where there are no endpoint rules.
    pub parameters: Option<Vec<(&'g Parameter, String)>>,
}

/// Outlines a service, whatever its protocols.
pub(crate) fn outline(service: &Service) -> Outline<'_> {
    let closure = closure::closure(service, |_| true);
    let recursion = recursion::recursion(service);
    // What is wrong is told when a crate is made of it.
    let types::Types { types, operations, errors } =
        types::types(service, &closure, &recursion, &mut Diagnostics::new());
    let is_planned = |id| operations.iter().any(|operation| operation.id == id);
    let selected = service.waiters().iter().filter(|waiter| is_planned(waiter.operation));
    let waiters = waiters::named(selected).collect();
    let parameters = service.rule_set().map(|rules| {
        let names = rules.parameters.iter().map(|parameter| parameter.name.as_str());
        rules.parameters.iter().zip(Scope::names(Position::Field, names)).collect()
    });
    Outline { types, operations, errors, skipped: closure.skipped, waiters, parameters }
}

impl<'g> std::ops::Index<TypeId> for Outline<'g> {
    type Output = TypePlan<'g>;

    fn index(&self, TypeId(id): TypeId) -> &TypePlan<'g> {
        &self.types[id as usize]
    }
}

impl Outline<'_> {
    /// What the crate offers of `service`, which this outlines.
    pub fn surface(&self, service: &Service) -> Surface {
        let waiters = self.waiters.iter().map(|(waiter, [name, method])| Waiting { waiter, name, method });
        let parameters = self.parameters.as_ref();
        Surface::of(&Parts {
            service,
            types: &self.types,
            operations: &self.operations,
            errors: self.errors.clone(),
            waiters: waiters.collect(),
            parameters: parameters.map(|all| all.iter().map(|(parameter, field)| (*parameter, &**field)).collect()),
        })
    }
}

/// What the crate offers of a service if all of its operations are selected, whatever its protocols.
pub fn surface(service: &Service) -> Surface {
    outline(service).surface(service)
}
