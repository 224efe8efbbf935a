//! What an API looks like, as text for people: a tree with all that the model
//! says, boto3's notation, or Rust that calls it.
//!
//! Everything here is made of the graph, and of the plan's names where it is
//! about Rust. No IO, and no failure: what cannot be shown is `None`.

pub mod boto3;
mod difference;
mod page;
mod rust;
mod skeleton;
mod tree;
mod usage;

use crate::Model;
use crate::diagnostic::{Diagnostics, nearest};
use crate::graph::{OperationId, Service, ShapeId};
use crate::plan::names::snake;
use crate::plan::{self, OperationPlan, ServiceNames, ServicePlan};
pub use skeleton::{Side, Skeleton};

/// A service that is described.
#[derive(Debug)]
pub struct Description<'g> {
    plan: ServicePlan<'g>,
}

/// A part of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Described {
    /// An operation.
    Operation(OperationId),
    /// A shape.
    Shape(ShapeId),
}

/// What a description looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// All that the model says, as a tree.
    Tree {
        /// Whether there are colours, as ANSI escape sequences.
        colour: bool,
    },
    /// As boto3's documentation has it.
    Boto3,
    /// Rust that uses the generated crate, with its client.
    Rust,
}

impl<'g> Description<'g> {
    /// Describes the service named `name`, also one whose protocols cannot be
    /// generated. `None` if the model does not have it.
    pub fn new(model: &'g Model, name: &str) -> Option<Self> {
        let mut named = model.services().iter().zip(plan::service_names(model.services()));
        let (service, names) = named.find(|(service, _)| service.name() == name)?;
        Some(Self::of(service, names))
    }

    fn of(service: &'g Service, names: ServiceNames) -> Self {
        // What keeps it from being generated does not keep it from being shown.
        Self { plan: plan::plan_any(service, names, &mut Diagnostics::new()) }
    }

    /// The service's graph.
    pub fn service(&self) -> &'g Service {
        self.plan.service
    }

    /// What the crate calls it.
    pub fn names(&self) -> &ServiceNames {
        &self.plan.names
    }

    /// The operation or shape that is called `name`: exactly, or whatever the
    /// case, or in snake case. Operations go before shapes.
    ///
    /// # Errors
    ///
    /// The nearest name, if one is near enough.
    pub fn find(&self, name: &str) -> Result<Described, Option<String>> {
        let named: Vec<(&str, Described)> = self.operation_names().chain(self.shape_names()).collect();
        pick(&named, name)
    }

    /// The operation that is called `name`, likewise.
    ///
    /// # Errors
    ///
    /// The nearest name, if one is near enough.
    pub fn find_operation(&self, name: &str) -> Result<OperationId, Option<String>> {
        let named: Vec<(&str, OperationId)> =
            self.service().operations().map(|(id, operation)| (operation.name.as_str(), id)).collect();
        pick(&named, name)
    }

    fn operation_names(&self) -> impl Iterator<Item = (&'g str, Described)> {
        self.service().operations().map(|(id, operation)| (operation.name.as_str(), Described::Operation(id)))
    }

    fn shape_names(&self) -> impl Iterator<Item = (&'g str, Described)> {
        self.service().shapes().map(|(id, shape)| (shape.name.as_str(), Described::Shape(id)))
    }

    /// The service as a whole; `None` in Rust where there is none for it.
    pub fn overview(&self, style: Style) -> Option<String> {
        match style {
            Style::Tree { colour } => Some(tree::service(&self.plan, colour)),
            Style::Boto3 => Some(boto3::service(&self.plan)),
            Style::Rust => self.has_rust().then(|| rust::service(&self.plan)),
        }
    }

    /// An operation or shape; `None` in Rust where there is none for it.
    pub fn subject(&self, subject: Described, style: Style) -> Option<String> {
        match (style, subject) {
            (Style::Tree { colour }, Described::Operation(id)) => Some(tree::operation(&self.plan, id, colour)),
            (Style::Tree { colour }, Described::Shape(id)) => Some(tree::shape(&self.plan, id, colour)),
            (Style::Boto3, _) => Some(boto3::subject(self.service(), subject)),
            (Style::Rust, _) if !self.has_rust() => None,
            (Style::Rust, Described::Operation(id)) => {
                self.plan.operation(id).map(|operation| rust::operation(&self.plan, operation))
            }
            (Style::Rust, Described::Shape(id)) => rust::shape(&self.plan, id),
        }
    }

    /// How an operation is paginated; `None` if it is not.
    pub fn paginator(&self, id: OperationId, style: Style) -> Option<String> {
        let operation = self.plan.operation(id)?;
        let paginator = operation.paginator.as_ref()?;
        match style {
            Style::Tree { colour } => Some(tree::paginator(&self.plan, operation, paginator, colour)),
            Style::Boto3 => Some(boto3::paginator(self.service(), operation, paginator)),
            Style::Rust => self.has_rust().then(|| rust::pages(&self.plan, operation, paginator)),
        }
    }

    /// Wire names of the operations that are paginated, modelled or inferred.
    pub fn paginated(&self) -> impl Iterator<Item = &'g str> {
        let paginated = |operation: &&OperationPlan<'g>| operation.paginator.is_some();
        self.plan.operations.iter().filter(paginated).map(|operation| operation.wire_name)
    }

    /// Why there is no Rust for the service or an operation of it, if there is none.
    pub fn no_rust(&self, operation: &str) -> Option<String> {
        if !self.has_rust() {
            return Some("the service has no protocol".to_owned());
        }
        let skipped = self.plan.skipped.iter().find(|skipped| skipped.what == operation);
        skipped.map(|skipped| skipped.reason.to_string())
    }

    fn has_rust(&self) -> bool {
        !self.plan.description.protocols.is_empty()
    }
}

/// The first of `named` that is meant by `name`.
fn pick<T: Copy>(named: &[(&str, T)], name: &str) -> Result<T, Option<String>> {
    let first = |is: &dyn Fn(&str) -> bool| named.iter().find(|(known, _)| is(known)).map(|&(_, subject)| subject);
    first(&|known| known == name)
        .or_else(|| first(&|known| known.eq_ignore_ascii_case(name)))
        .or_else(|| first(&|known| boto3::method(known) == name || snake(known) == name))
        .ok_or_else(|| nearest(name, named.iter().map(|(known, _)| *known)).map(str::to_owned))
}
