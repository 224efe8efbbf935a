//! The way into the graph: sources say what they read, by name; [`ServiceBuilder::build`]
//! resolves the names, so that a [`Service`] that exists has no dangling id.

use super::*;
use crate::diagnostic::{Diagnostics, Severity};
use std::collections::{HashMap, HashSet};

/// A shape as read: its references are still names.
#[derive(Clone, Debug, PartialEq)]
pub struct RawShape {
    /// The model's name for it, without a namespace.
    pub name: String,
    /// What it is.
    pub kind: RawKind,
    /// What is said about it.
    pub traits: ShapeTraits,
    /// Where it was read from.
    pub origin: Origin,
}

/// What a shape as read is.
#[derive(Clone, Debug, PartialEq)]
pub enum RawKind {
    /// See [`ShapeKind::Structure`].
    Structure(Vec<RawMember>),
    /// See [`ShapeKind::Union`].
    Union(Vec<RawMember>),
    /// See [`ShapeKind::List`].
    List {
        /// The element.
        member: RawMember,
        /// Whether null elements are kept.
        sparse: bool,
    },
    /// See [`ShapeKind::Map`].
    Map {
        /// The key.
        key: RawMember,
        /// The value.
        value: RawMember,
        /// Whether null values are kept.
        sparse: bool,
    },
    /// A shape without references.
    Simple(ShapeKind),
}

impl RawKind {
    /// Smithy's name of the shape type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Structure(_) => "structure",
            Self::Union(_) => "union",
            Self::List { .. } => "list",
            Self::Map { .. } => "map",
            Self::Simple(kind) => kind.type_name(),
        }
    }

    /// Everything in it that refers to another shape.
    pub fn references(&self) -> Vec<&RawMember> {
        match self {
            Self::Structure(members) | Self::Union(members) => members.iter().collect(),
            Self::List { member, .. } => vec![member],
            Self::Map { key, value, .. } => vec![key, value],
            Self::Simple(_) => Vec::new(),
        }
    }

    /// As [`RawKind::references`], to be changed.
    pub fn references_mut(&mut self) -> Vec<&mut RawMember> {
        match self {
            Self::Structure(members) | Self::Union(members) => members.iter_mut().collect(),
            Self::List { member, .. } => vec![member],
            Self::Map { key, value, .. } => vec![key, value],
            Self::Simple(_) => Vec::new(),
        }
    }
}

/// A member as read: its target is still a name.
#[derive(Clone, Debug, PartialEq)]
pub struct RawMember {
    /// Name in the model.
    pub name: String,
    /// Name of the shape that it holds.
    pub target: String,
    /// What is said about it.
    pub traits: MemberTraits,
    /// Where it was read from.
    pub origin: Origin,
    /// Where the target's name is.
    pub target_origin: Origin,
}

/// A reference by name, with the place where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct NameRef {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub origin: Origin,
}

/// An operation as read.
#[derive(Clone, Debug, PartialEq)]
pub struct RawOperation {
    /// Name on the wire.
    pub name: String,
    /// The input structure.
    pub input: Option<NameRef>,
    /// The output structure.
    pub output: Option<NameRef>,
    /// Errors; repetitions are dropped.
    pub errors: Vec<NameRef>,
    /// What is said about it.
    pub traits: OperationTraits,
    /// Where it was read from.
    pub origin: Origin,
}

/// A value with the place where it stands.
#[derive(Clone, Debug)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub origin: Origin,
}

/// A paginator as read: nobody has looked yet whether its paths lead anywhere.
#[derive(Clone, Debug)]
pub struct RawPaginator {
    /// The operation.
    pub operation: NameRef,
    /// See [`Paginator::input_tokens`].
    pub input_tokens: Vec<NameRef>,
    /// See [`Paginator::output_tokens`].
    pub output_tokens: Vec<Located<TokenExpression>>,
    /// See [`Paginator::result_keys`].
    pub result_keys: Vec<Located<MemberPath>>,
    /// See [`Paginator::limit_key`].
    pub limit_key: Option<NameRef>,
    /// See [`Paginator::more_results`].
    pub more_results: Option<Located<MemberPath>>,
    /// See [`Paginator::non_aggregate_keys`].
    pub non_aggregate_keys: Vec<Located<MemberPath>>,
    /// Where it was read from.
    pub origin: Origin,
}

/// A waiter as read.
#[derive(Clone, Debug, PartialEq)]
pub struct RawWaiter {
    /// Name, such as `FleetStarted`.
    pub name: String,
    /// The operation.
    pub operation: NameRef,
    /// See [`Waiter::delay`].
    pub delay: u32,
    /// See [`Waiter::max_delay`].
    pub max_delay: Option<u32>,
    /// See [`Waiter::max_attempts`].
    pub max_attempts: Option<u32>,
    /// See [`Waiter::acceptors`].
    pub acceptors: Vec<Acceptor>,
    /// See [`Waiter::documentation`].
    pub documentation: Option<String>,
    /// See [`Waiter::overlay`].
    pub overlay: Option<WaiterOverlay>,
    /// Where it was read from.
    pub origin: Origin,
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
    pub shapes: Vec<RawShape>,
    /// Operations, in any order.
    pub operations: Vec<RawOperation>,
    /// Paginators.
    pub paginators: Vec<RawPaginator>,
    /// Waiters.
    pub waiters: Vec<RawWaiter>,
    /// The endpoint rule set.
    pub rule_set: Option<rules::RuleSet>,
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
        let resolver = Resolver::new(&self.shapes, &self.unread, diagnostics);
        let mut shapes: Vec<Shape> = self.shapes.iter().map(|raw| resolver.shape(raw, diagnostics)).collect();
        let operations = self.operations.iter().map(|raw| resolver.operation(raw, diagnostics)).collect();
        check_duplicate_operations(&self.operations, diagnostics);
        let hole = resolver.hole;
        shapes.push(hole_shape());
        let mut service = Service {
            name: self.name,
            metadata: self.metadata,
            shapes,
            operations,
            paginators: BTreeMap::new(),
            waiters: Vec::new(),
            rule_set: self.rule_set,
            origin: self.origin,
        };
        let finite = check::recursion(&service, diagnostics) && check::container_depth(&service, diagnostics);
        check::host_prefixes(&service, hole, diagnostics);
        check::defaults(&service, hole, diagnostics);
        for raw in self.paginators {
            if let Some(id) = find_operation(&service, &raw.operation, "paginator", &self.unread, diagnostics) {
                check::paginator(&service, hole, id, &raw, diagnostics);
                service.paginators.insert(id, paginator(raw));
            }
        }
        for raw in self.waiters {
            if let Some(id) = find_operation(&service, &raw.operation, "waiter", &self.unread, diagnostics) {
                service.waiters.push(waiter(raw, id));
            }
        }
        service.waiters.sort_by(|a, b| a.name.cmp(&b.name));
        let failed = diagnostics.iter().skip(reported).any(|d| d.severity == Severity::Error);
        if failed || !self.unread.is_empty() {
            return Err(Box::new(Incomplete { service, hole, finite }));
        }
        // Nothing dangles, so nothing refers to the hole.
        service.shapes.truncate(hole.index());
        Ok(service)
    }
}

/// A service with errors. What dangles refers to a hole, a string that no
/// model has, so that the rest can be looked at.
#[derive(Debug)]
pub struct Incomplete {
    service: Service,
    hole: ShapeId,
    /// Whether every type has an end.
    finite: bool,
}

impl Incomplete {
    /// The service, for finding more that is wrong with it.
    pub(crate) fn service(&self) -> &Service {
        &self.service
    }

    /// Whether all that an operation reaches is there, and has an end.
    pub(crate) fn is_whole(&self, operation: &Operation) -> bool {
        if !self.finite {
            return false;
        }
        let mut seen = vec![false; self.service.shapes.len()];
        let mut pending: Vec<ShapeId> = operation.input.into_iter().chain(operation.output).collect();
        while let Some(id) = pending.pop() {
            if !std::mem::replace(&mut seen[id.index()], true) {
                pending.extend(self.service[id].targets());
            }
        }
        !seen[self.hole.index()]
    }
}

fn hole_shape() -> Shape {
    // Shapes are sorted by name, and the hole is the last.
    let (name, kind) = (char::MAX.to_string(), ShapeKind::String);
    Shape { name, kind, traits: ShapeTraits::default(), origin: Origin::default() }
}

fn check_duplicate_operations(sorted: &[RawOperation], diagnostics: &mut Diagnostics) {
    for pair in sorted.windows(2) {
        // A key that occurs twice in one file has been reported as that.
        if pair[0].name == pair[1].name && pair[0].origin != pair[1].origin {
            diagnostics
                .error("duplicate-operation", &pair[1].origin, format!("operation `{}` is defined twice", pair[1].name))
                .hint(other_place(&pair[0].origin));
        }
    }
}

fn other_place(origin: &Origin) -> String {
    format!("the other one is at {} in {}", origin.pointer, origin.file)
}

fn paginator(raw: RawPaginator) -> Paginator {
    fn values<T>(located: impl IntoIterator<Item = Located<T>>) -> Vec<T> {
        located.into_iter().map(|item| item.value).collect()
    }
    Paginator {
        input_tokens: raw.input_tokens.into_iter().map(|token| token.name).collect(),
        output_tokens: values(raw.output_tokens),
        result_keys: values(raw.result_keys),
        limit_key: raw.limit_key.map(|key| key.name),
        more_results: raw.more_results.map(|path| path.value),
        non_aggregate_keys: values(raw.non_aggregate_keys),
        origin: raw.origin,
    }
}

fn waiter(raw: RawWaiter, operation: OperationId) -> Waiter {
    Waiter {
        name: raw.name,
        operation,
        delay: raw.delay,
        max_delay: raw.max_delay,
        max_attempts: raw.max_attempts,
        acceptors: raw.acceptors,
        documentation: raw.documentation,
        overlay: raw.overlay,
        origin: raw.origin,
    }
}

struct Resolver<'a> {
    ids: HashMap<&'a str, ShapeId>,
    shapes: &'a [RawShape],
    unread: &'a HashSet<String>,
    /// What stands for all that is not there; it comes after all shapes.
    hole: ShapeId,
}

impl<'a> Resolver<'a> {
    fn new(shapes: &'a [RawShape], unread: &'a HashSet<String>, diagnostics: &mut Diagnostics) -> Self {
        let mut ids = HashMap::with_capacity(shapes.len());
        for (index, shape) in shapes.iter().enumerate() {
            let Some(ShapeId(earlier)) = ids.insert(shape.name.as_str(), ShapeId(index as u32)) else { continue };
            let earlier = &shapes[earlier as usize];
            // A key that occurs twice in one file has been reported as that.
            if earlier.origin != shape.origin {
                diagnostics
                    .error("duplicate-shape", &shape.origin, format!("shape `{}` is defined twice", shape.name))
                    .hint(other_place(&earlier.origin));
            }
        }
        Self { ids, shapes, unread, hole: ShapeId(shapes.len() as u32) }
    }

    /// The shape named `name`; the hole where there is none.
    fn find(&self, name: &str, origin: &Origin, user: &str, diagnostics: &mut Diagnostics) -> ShapeId {
        let id = self.ids.get(name).copied();
        if id.is_none() && !self.unread.contains(name) {
            diagnostics
                .error("dangling-shape", origin, format!("{user} refers to shape `{name}`, which does not exist"))
                .did_you_mean(name, self.ids.keys().copied());
        }
        id.unwrap_or(self.hole)
    }

    /// What a shape is as read; nothing of the hole.
    fn raw_kind(&self, id: ShapeId) -> Option<&RawKind> {
        self.shapes.get(id.index()).map(|shape| &shape.kind)
    }

    fn member(&self, raw: &RawMember, owner: &str, diagnostics: &mut Diagnostics) -> Member {
        let user = format!("member `{}` of `{owner}`", raw.name);
        let target = self.find(&raw.target, &raw.target_origin, &user, diagnostics);
        Member { name: raw.name.clone(), target, traits: raw.traits.clone(), origin: raw.origin.clone() }
    }

    fn members(&self, raw: &[RawMember], owner: &str, diagnostics: &mut Diagnostics) -> Vec<Member> {
        raw.iter().map(|member| self.member(member, owner, diagnostics)).collect()
    }

    fn shape(&self, raw: &RawShape, diagnostics: &mut Diagnostics) -> Shape {
        let kind = match &raw.kind {
            RawKind::Structure(members) => ShapeKind::Structure(self.members(members, &raw.name, diagnostics)),
            RawKind::Union(members) => ShapeKind::Union(self.members(members, &raw.name, diagnostics)),
            RawKind::List { member, sparse } => {
                ShapeKind::List { member: self.member(member, &raw.name, diagnostics), sparse: *sparse }
            }
            RawKind::Map { key, value, sparse } => {
                let mut key = self.member(key, &raw.name, diagnostics);
                let value = self.member(value, &raw.name, diagnostics);
                if let Some(kind) = self.raw_kind(key.target)
                    && !matches!(kind, RawKind::Simple(ShapeKind::String | ShapeKind::Enum(_)))
                {
                    diagnostics.error("map-key", &key.origin, format!("the key of map `{}` is not a string", raw.name));
                    key.target = self.hole;
                }
                ShapeKind::Map { key, value, sparse: *sparse }
            }
            RawKind::Simple(kind) => kind.clone(),
        };
        Shape { name: raw.name.clone(), kind, traits: raw.traits.clone(), origin: raw.origin.clone() }
    }

    fn structure(&self, reference: &NameRef, user: &str, diagnostics: &mut Diagnostics) -> ShapeId {
        let id = self.find(&reference.name, &reference.origin, user, diagnostics);
        match self.raw_kind(id) {
            Some(RawKind::Structure(_)) | None => id,
            Some(_) => {
                let message = format!("{user} must be a structure, but shape `{}` is not", reference.name);
                diagnostics.error("not-a-structure", &reference.origin, message);
                self.hole
            }
        }
    }

    fn operation(&self, raw: &RawOperation, diagnostics: &mut Diagnostics) -> Operation {
        let user = |role: &str| format!("the {role} of operation `{}`", raw.name);
        let input = raw.input.as_ref().map(|reference| self.structure(reference, &user("input"), diagnostics));
        let output = raw.output.as_ref().map(|reference| self.structure(reference, &user("output"), diagnostics));
        let mut errors = Vec::new();
        for reference in &raw.errors {
            let id = self.structure(reference, &user("error"), diagnostics);
            if !errors.contains(&id) {
                errors.push(id);
            }
        }
        Operation {
            name: raw.name.clone(),
            input,
            output,
            errors,
            traits: raw.traits.clone(),
            origin: raw.origin.clone(),
        }
    }
}

fn find_operation(
    service: &Service,
    reference: &NameRef,
    user: &str,
    unread: &HashSet<String>,
    diagnostics: &mut Diagnostics,
) -> Option<OperationId> {
    let id = service.operation_named(&reference.name);
    if id.is_none() && !unread.contains(&reference.name) {
        diagnostics
            .error(
                "unknown-operation",
                &reference.origin,
                format!("{user} is for operation `{}`, which does not exist", reference.name),
            )
            .did_you_mean(&reference.name, service.operations.iter().map(|o| o.name.as_str()));
    }
    id
}
