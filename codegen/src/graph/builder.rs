//! The way into the graph: sources say what they read, by name; [`ServiceBuilder::build`]
//! resolves the names, so that a [`Service`] that exists has no dangling id.

use super::*;
use crate::diagnostic::{Diagnostics, Severity};
use std::collections::HashSet;

/// A reference by name, with the place where it stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NameRef {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub origin: Origin,
}

impl From<String> for NameRef {
    fn from(name: String) -> Self {
        Self { name, origin: Origin::default() }
    }
}

impl From<&str> for NameRef {
    fn from(name: &str) -> Self {
        name.to_owned().into()
    }
}

/// A value with the place where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub origin: Origin,
}

impl<T> From<T> for Located<T> {
    fn from(value: T) -> Self {
        Self { value, origin: Origin::default() }
    }
}

/// Collects what a source reads of one service.
#[derive(Clone, Debug)]
pub struct ServiceBuilder {
    /// Name of the folder of its model.
    pub name: String,
    origin: Origin,
    /// What the model says of the service as a whole.
    pub metadata: Metadata,
    /// Shapes, in any order.
    pub shapes: Vec<Shape<NameRef>>,
    /// Operations, in any order.
    pub operations: Vec<Operation<NameRef>>,
    /// Paginators.
    pub paginators: Vec<Paginator<NameRef>>,
    /// Waiters.
    pub waiters: Vec<Waiter<NameRef>>,
    /// The endpoint rule set.
    pub rule_set: Option<rules::RuleSet>,
    /// What is said of it all in our own words.
    pub sentences: Sentences,
    /// Names of shapes and operations that are there but could not be read.
    /// That was reported; references to them are no further error.
    pub unread: HashSet<String>,
}

impl ServiceBuilder {
    /// An empty service named after the folder of its model.
    pub fn new(name: impl Into<String>, origin: Origin) -> Self {
        Self {
            name: name.into(),
            origin,
            metadata: Metadata::default(),
            shapes: Vec::new(),
            operations: Vec::new(),
            paginators: Vec::new(),
            waiters: Vec::new(),
            rule_set: None,
            sentences: Sentences::default(),
            unread: HashSet::new(),
        }
    }

    /// Resolves every name.
    ///
    /// Shapes and operations are ordered by name: their order in a file means
    /// nothing, while that of members, enum values and errors is kept.
    ///
    /// # Errors
    /// Everything that dangles or makes no sense is reported; then the service
    /// is good for further findings only.
    pub fn build(mut self, diagnostics: &mut Diagnostics) -> Result<Service, Box<Incomplete>> {
        let reported = diagnostics.iter().count();
        names::check(&self, &self.origin, diagnostics);
        self.shapes.sort_by(|a, b| a.name.cmp(&b.name));
        self.operations.sort_by(|a, b| a.name.cmp(&b.name));
        let (shapes, operations) = link::link(self.shapes, self.operations, &self.unread, diagnostics);
        let mut linked = Service {
            name: self.name,
            metadata: self.metadata,
            shapes,
            operations,
            paginators: Vec::new(),
            waiters: Vec::new(),
            rule_set: self.rule_set,
            sentences: self.sentences,
            origin: self.origin,
        };
        let finite = check::recursion(&linked, diagnostics) && check::container_depth(&linked, diagnostics);
        check::host_prefixes(&linked, diagnostics);
        check::defaults(&linked, diagnostics);
        for paginator in self.paginators {
            if let Some(id) = link::operation(&linked, &paginator.operation, "paginator", &self.unread, diagnostics) {
                let paginator = paginator.of(id);
                check::paginator(&linked, &paginator, diagnostics);
                linked.paginators.push(paginator);
            }
        }
        for waiter in self.waiters {
            if let Some(id) = link::operation(&linked, &waiter.operation, "waiter", &self.unread, diagnostics) {
                linked.waiters.push(waiter.of(id));
            }
        }
        linked.paginators.sort_by_key(|paginator| paginator.operation);
        linked.waiters.sort_by(|a, b| a.name.cmp(&b.name));
        let failed = diagnostics.iter().skip(reported).any(|d| d.severity == Severity::Error);
        if failed || !self.unread.is_empty() {
            return Err(Box::new(Incomplete { whole: Some(linked.part(|_| finite)) }));
        }
        linked.whole().ok_or_else(|| Box::new(Incomplete { whole: None }))
    }
}

impl Service<Link> {
    /// The service, if nothing in it dangles.
    fn whole(self) -> Option<Service> {
        let shapes = self.shapes.into_iter().map(|shape| shape.try_map(|link| link.ok_or(())).ok());
        let operations = self.operations.into_iter().map(|operation| operation.try_map(|link| link));
        Some(Service {
            name: self.name,
            metadata: self.metadata,
            shapes: shapes.collect::<Option<_>>()?,
            operations: operations.collect::<Option<_>>()?,
            paginators: self.paginators,
            waiters: self.waiters,
            rule_set: self.rule_set,
            sentences: self.sentences,
            origin: self.origin,
        })
    }
}

/// A service with errors.
#[derive(Debug)]
pub struct Incomplete {
    whole: Option<Service>,
}

impl Incomplete {
    /// The operations of which all is there, for finding more that is wrong with them.
    pub(crate) fn whole(&self) -> Option<&Service> {
        self.whole.as_ref()
    }
}

impl Service {
    /// What [`ServiceBuilder::build`] makes this service of.
    pub fn to_builder(&self) -> ServiceBuilder {
        let name_of = |id: ShapeId| NameRef::from(self[id].name.clone());
        let operation_of = |id: OperationId| NameRef::from(self[id].name.clone());
        let operations = self.operations.iter().cloned();
        ServiceBuilder {
            name: self.name.clone(),
            origin: self.origin.clone(),
            metadata: self.metadata.clone(),
            shapes: self.shapes.iter().map(|shape| shape.clone().map(name_of)).collect(),
            operations: operations.filter_map(|operation| operation.try_map(|id| Some(name_of(id)))).collect(),
            paginators: self.paginators.iter().map(|of| of.clone().of(operation_of(of.operation))).collect(),
            waiters: self.waiters.iter().map(|of| of.clone().of(operation_of(of.operation))).collect(),
            rule_set: self.rule_set.clone(),
            sentences: self.sentences.clone(),
            unread: HashSet::new(),
        }
    }
}
