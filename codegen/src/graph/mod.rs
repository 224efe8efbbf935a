//! The shape graph: what an API is, in its own wire names, whatever file format
//! told us so.
//!
//! A [`Service`] is made by a [`ServiceBuilder`] and has no dangling
//! id: every [`ShapeId`] that can be reached from it indexes a shape. Terms are
//! Smithy's: shape, member, trait, operation, paginator, waiter.
//!
//! Shapes, operations, paginators and waiters are the same types as read and in a service. Only what they
//! refer to each other by differs: a [`NameRef`] or an id.
//!
//! This module knows neither file formats nor Rust syntax.

mod bindings;
mod builder;
mod check;
mod default;
mod documentation;
mod elements;
mod link;
mod metadata;
pub(crate) mod names;
mod operation;
mod part;
pub(crate) mod reach;
pub mod rules;
mod sentences;
mod shape;
mod traits;
mod values;
mod waiter;
mod words;

use crate::diagnostic::Origin;

pub use bindings::{Http, Place};
pub use builder::{Incomplete, Located, NameRef, ServiceBuilder};
pub use elements::{RootElement, XmlNamespace};
pub use metadata::{Authentication, Metadata, Partition};
pub use operation::{BatchOverlay, BatchSplit, Operation, OperationTraits, Paginator};
pub use sentences::{Documented, Sentences, Topic, TopicKind};
pub use shape::{EnumValue, IntEnumValue, Member, Shape, ShapeKind};
pub(crate) use shape::{number, scalar, simple};
pub use traits::{Correction, Deprecated, ErrorTrait, Fault, Limits, MemberTraits, ShapeTraits};
pub use values::{
    AcceptorState, Comparator, ContextValue, DefaultValue, Expected, MemberPath, Protocol, Retry, TimestampFormat,
    TokenExpression, TokenStep, WaiterOverlay,
};
pub use waiter::{Acceptor, Matcher, Waiter};

/// Index of a [`Shape`] in its [`Service`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShapeId(u32);

impl ShapeId {
    /// Position in [`Service::shapes`], for side tables.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Index of an [`Operation`] in its [`Service`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationId(u32);

impl OperationId {
    /// Position in [`Service::operations`], for side tables.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Where a name led: nowhere, if no shape has it.
type Link = Option<ShapeId>;

/// One API: its shapes, its operations and what is said about them. `R` is how these refer to shapes; while a service is
/// being built, what dangles is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct Service<R = ShapeId> {
    name: String,
    metadata: Metadata,
    shapes: Vec<Shape<R>>,
    operations: Vec<Operation<R>>,
    paginators: Vec<Paginator>,
    waiters: Vec<Waiter>,
    rule_set: Option<rules::RuleSet>,
    sentences: Sentences,
    origin: Origin,
}

impl<R> Service<R> {
    /// The name of the model's folder, such as `appstream`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the model says of the service as a whole.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// All shapes with their ids, by name.
    pub fn shapes(&self) -> impl ExactSizeIterator<Item = (ShapeId, &Shape<R>)> {
        self.shapes.iter().enumerate().map(|(index, shape)| (ShapeId(index as u32), shape))
    }

    /// The shape named `name`.
    pub fn shape_named(&self, name: &str) -> Option<ShapeId> {
        let found = self.shapes.binary_search_by(|shape| shape.name.as_str().cmp(name));
        found.ok().map(|index| ShapeId(index as u32))
    }

    /// All operations with their ids, by name.
    pub fn operations(&self) -> impl ExactSizeIterator<Item = (OperationId, &Operation<R>)> {
        self.operations.iter().enumerate().map(|(index, operation)| (OperationId(index as u32), operation))
    }

    /// The operation with the wire name `name`.
    pub fn operation_named(&self, name: &str) -> Option<OperationId> {
        let found = self.operations.binary_search_by(|operation| operation.name.as_str().cmp(name));
        found.ok().map(|index| OperationId(index as u32))
    }

    /// The modelled paginator of an operation.
    pub fn paginator(&self, operation: OperationId) -> Option<&Paginator> {
        let found = self.paginators.binary_search_by_key(&operation, |paginator| paginator.operation);
        found.ok().map(|index| &self.paginators[index])
    }

    /// All modelled paginators, in the order of their operations.
    pub fn paginators(&self) -> &[Paginator] {
        &self.paginators
    }

    /// All waiters, by name.
    pub fn waiters(&self) -> &[Waiter] {
        &self.waiters
    }

    /// The endpoint rule set, where the model has one.
    pub fn rule_set(&self) -> Option<&rules::RuleSet> {
        self.rule_set.as_ref()
    }

    /// Whether it is asked about a shape for the first time.
    fn is_new(&self) -> impl FnMut(ShapeId) -> bool {
        let mut seen = vec![false; self.shapes.len()];
        move |id| !std::mem::replace(&mut seen[id.index()], true)
    }

    /// Where the service was read from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }
}

impl Service {
    /// The limits of what a member holds: its own, or those of the shape.
    pub fn limits(&self, member: &Member) -> Limits {
        member.traits.limits.clone().unwrap_or_else(|| self[member.target].traits.limits())
    }

    /// What a value of a shape consists of, up to structures, unions and simple shapes: it, and what lists and maps hold.
    pub fn contents(&self, id: ShapeId) -> impl Iterator<Item = ShapeId> {
        reach::reach([id], self.is_new(), |id| self[id].kind.contents().map(|member| member.target))
    }

    /// Whether what a member holds is never shown in logs: the member says so, or its target, or what that consists of.
    pub fn is_sensitive(&self, member: &Member) -> bool {
        let says_so = |id: ShapeId| {
            let shape = &self[id];
            shape.traits.is_sensitive() || shape.kind.contents().any(|member| member.traits.is_sensitive())
        };
        member.traits.is_sensitive() || self.contents(member.target).any(says_so)
    }

    /// The pattern of what a member holds: its own, or that of the shape. None where it is one that everything matches.
    pub fn pattern<'s>(&'s self, member: &'s Member) -> Option<&'s str> {
        let pattern = member.traits.pattern.as_deref().or(self[member.target].traits.pattern.as_deref());
        pattern.filter(|pattern| !pattern.is_empty())
    }

    /// What the overlay corrects of the limits or the pattern of what a member holds.
    pub fn correction<'s>(&'s self, member: &'s Member) -> Option<&'s Correction> {
        member.traits.correction.as_ref().or(self[member.target].traits.correction.as_ref())
    }
}

impl<R> std::ops::Index<ShapeId> for Service<R> {
    type Output = Shape<R>;

    fn index(&self, id: ShapeId) -> &Shape<R> {
        &self.shapes[id.index()]
    }
}

impl<R> std::ops::Index<OperationId> for Service<R> {
    type Output = Operation<R>;

    fn index(&self, id: OperationId) -> &Operation<R> {
        &self.operations[id.index()]
    }
}
