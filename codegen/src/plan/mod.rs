//! Everything that is decided before a token is written.
//!
//! [`plan`] runs the passes in order; what comes out is immutable, and the
//! emitters only read it. This module knows neither `quote` nor the disk.

mod accepts;
mod batches;
pub mod bindings;
mod closure;
pub mod constraints;
mod docs;
pub mod elements;
mod errors;
pub mod jmespath;
pub mod names;
mod outline;
mod paginators;
pub mod partitions;
mod patterns;
mod recursion;
pub mod retries;
pub mod rules;
mod service;
mod surface;
mod types;
pub mod waiters;
mod written;

use crate::diagnostic::Diagnostics;
use crate::graph::{
    DefaultValue, MemberPath, Operation, OperationId, Protocol, Service, ShapeId, TimestampFormat, TokenExpression,
    Topic,
};
pub use accepts::Accepts;
pub use batches::{BatchPlan, FailuresPlan, ItemReference};
pub use closure::check_selection;
pub use errors::ErrorPlan;
pub use outline::surface;
pub(crate) use outline::{Outline, outline};
pub use service::{HostPart, ServiceDescription};
pub use surface::{Entry, Meant, Part, Path, Surface};
pub(crate) use types::{enum_variants, int_enum_variants};
pub use written::Written;

/// What the crate calls a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceNames {
    /// The module, such as `appstream`; it may be raw, such as `r#type`.
    pub module: String,
    /// The cargo feature: the service's own name, unless cargo or the crate has that.
    pub feature: String,
}

/// Names for all services of a model, in their order: which of them are
/// generated must not matter to the names.
pub fn service_names(services: &[Service]) -> Vec<ServiceNames> {
    let names: Vec<&str> = services.iter().map(Service::name).collect();
    let modules = names::Scope::new(names::Position::Module).claim_all(&names);
    let features = names::Scope::new(names::Position::Feature).claim_all(&names);
    modules.into_iter().zip(features).map(|(module, feature)| ServiceNames { module, feature }).collect()
}

/// The protocols of a service in which clients speak to it, in the model's order: those with elements only where there are
/// no others. In JSON and CBOR elements have no names, which are many.
pub fn spoken(protocols: &[Protocol]) -> Vec<Protocol> {
    let plain: Vec<Protocol> = protocols.iter().copied().filter(|protocol| !protocol.has_elements()).collect();
    if plain.is_empty() { protocols.to_vec() } else { plain }
}

/// Plans one service: the operations that `wanted` accepts and all that they
/// reach. `None` where a diagnostic says why not.
pub fn plan<'g>(
    service: &'g Service,
    names: ServiceNames,
    wanted: impl Fn(&Operation) -> bool,
    diagnostics: &mut Diagnostics,
) -> Option<ServicePlan<'g>> {
    let protocols = wire_protocols(service, diagnostics)?;
    Some(plan_with(service, names, protocols, wanted, diagnostics))
}

fn plan_with<'g>(
    service: &'g Service,
    names: ServiceNames,
    protocols: Vec<Protocol>,
    wanted: impl Fn(&Operation) -> bool,
    diagnostics: &mut Diagnostics,
) -> ServicePlan<'g> {
    // In order: what is emitted; ...
    let closure = closure::closure(service, wanted);
    // ... what must be boxed, which the types need; ...
    let recursion = recursion::recursion(service);
    // ... every Rust name and type; ...
    let types::Types { types, operations, errors } = types::types(service, &closure, &recursion, diagnostics);
    let errors = errors::errors(service, &types, &errors);
    let constraints = constraints::constraints(service, &types, diagnostics);
    let mut plan = ServicePlan {
        service,
        names,
        title: docs::service_name(service),
        lead: docs::lead(service, &Topic::Service),
        other_names: service.sentences().other_names(),
        description: service::description(service, protocols),
        types,
        operations,
        errors,
        skipped: closure.skipped,
        endpoint: service.rule_set().and_then(|rule_set| rules::endpoint(rule_set, diagnostics)),
        endpoint_bindings: Vec::new(),
        waiters: Vec::new(),
        retries: retries::defaults(service.metadata().service_id.as_deref()),
        constraints,
    };
    // ... where fields travel, ...
    if plan.description.protocols.iter().any(|protocol| protocol.has_bindings()) {
        bindings::bind(&mut plan, diagnostics);
    }
    // ... what their elements are called, ...
    if plan.description.protocols.iter().any(|protocol| protocol.has_elements()) {
        elements::name(&mut plan);
    }
    // ... and what is built on the types.
    plan.endpoint_bindings = rules::bindings(&plan, diagnostics);
    plan.waiters = waiters::waiters(&plan, diagnostics);
    docs::document(&mut plan);
    plan
}

/// Plans all of a service that is only looked at: its protocols may be none
/// that is supported.
pub(crate) fn plan_any<'g>(
    service: &'g Service,
    names: ServiceNames,
    diagnostics: &mut Diagnostics,
) -> ServicePlan<'g> {
    let protocols = wire_protocols(service, diagnostics).unwrap_or_default();
    plan_with(service, names, protocols, |_| true, diagnostics)
}

/// Finds what is wrong with a service that could not be planned, because
/// something else is wrong.
pub(crate) fn check(service: &Service, diagnostics: &mut Diagnostics) {
    for names in service_names(std::slice::from_ref(service)) {
        let _ = plan_with(service, names, Vec::new(), |_| true, diagnostics);
    }
}

/// The protocols of its clients.
fn wire_protocols(service: &Service, diagnostics: &mut Diagnostics) -> Option<Vec<Protocol>> {
    let protocols = spoken(&service.metadata().protocols);
    if protocols.is_empty() {
        diagnostics
            .error("missing-protocol", service.origin(), format!("service `{}` has no protocol", service.name()))
            .hint("give it one, or leave the service out with --service");
        return None;
    }
    Some(protocols)
}

/// All that is emitted for one service.
#[derive(Debug)]
pub struct ServicePlan<'g> {
    /// The graph that ids in the plan refer to.
    pub service: &'g Service,
    /// What the crate calls it.
    pub names: ServiceNames,
    /// Its name for people, as Markdown.
    pub title: String,
    /// What people call it besides.
    pub other_names: &'g [String],
    /// What it is for, as Markdown, where that is said.
    pub lead: Option<String>,
    /// What is the same for all operations.
    pub description: ServiceDescription<'g>,
    /// Every structure, union and enum to emit, sorted by Rust name.
    pub types: Vec<TypePlan<'g>>,
    /// Selected operations in model order.
    pub operations: Vec<OperationPlan<'g>>,
    /// Errors of the service, sorted by Rust name.
    pub errors: Vec<ErrorPlan<'g>>,
    /// Operations that were selected and cannot be emitted.
    pub skipped: Vec<Skipped>,
    /// Endpoint rules, where the model has them.
    pub endpoint: Option<rules::EndpointPlan<'g>>,
    /// What operations say of their endpoints.
    pub endpoint_bindings: Vec<rules::BindingPlan<'g>>,
    /// Waiters by name.
    pub waiters: Vec<waiters::WaiterPlan<'g>>,
    /// How calls are retried, where that is not as usual.
    pub retries: Option<retries::RetryPlan>,
    /// What the model asks of values in requests.
    pub constraints: constraints::ConstraintsPlan<'g>,
}

/// Something of the model that is deliberately not emitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Wire name of the operation.
    pub what: String,
    /// Why.
    pub reason: SkipReason,
}

/// Why an operation is not emitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// Clients know no way of authentication that it has.
    Authentication,
    /// A stream of events goes in or comes out.
    EventStream,
    /// A blob is streamed, in a protocol where it is no body by itself.
    StreamingBlob,
}

/// In the middle of a sentence.
impl std::fmt::Display for SkipReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Authentication => "its ways of authentication are not supported",
            Self::EventStream => "event streams are not supported",
            Self::StreamingBlob => "streaming blobs are not supported",
        })
    }
}

impl<'g> ServicePlan<'g> {
    /// What the crate offers of the service.
    pub fn surface(&self) -> Surface {
        let waiters = self.waiters.iter();
        let parameters = self.endpoint.as_ref().map(|endpoint| &endpoint.parameters);
        Surface::of(&surface::Parts {
            service: self.service,
            types: &self.types,
            operations: &self.operations,
            errors: self.errors.iter().map(|error| error.id).collect(),
            waiters: waiters
                .map(|plan| surface::Waiting { waiter: plan.waiter, name: &plan.name, method: &plan.method })
                .collect(),
            parameters: parameters
                .map(|all| all.iter().map(|plan| (plan.parameter, plan.field.name.as_str())).collect()),
        })
    }

    /// The plan of an operation, if it is selected.
    pub fn operation(&self, id: OperationId) -> Option<&OperationPlan<'g>> {
        self.operations.iter().find(|operation| operation.id == id)
    }
}

impl<'g> std::ops::Index<TypeId> for ServicePlan<'g> {
    type Output = TypePlan<'g>;

    fn index(&self, id: TypeId) -> &TypePlan<'g> {
        &self.types[id.0 as usize]
    }
}

/// Index of a [`TypePlan`] in its [`ServicePlan`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub(crate) u32);

/// A Rust type to emit.
#[derive(Debug)]
pub struct TypePlan<'g> {
    /// Name of the Rust type in the service's `types` module.
    pub name: String,
    /// The shape that it is made from; an operation without input or output in
    /// the model still has a type for it.
    pub shape: Option<ShapeId>,
    /// The shape's name in the model; empty where there is none.
    pub wire_name: &'g str,
    /// What it is.
    pub kind: TypeKind<'g>,
    /// Where it occurs.
    pub direction: Direction,
    /// Never shown by `Debug`.
    pub sensitive: bool,
    /// Whether the model says so of the shape, or of the operation whose input it is.
    pub deprecated: Option<Deprecation<'g>>,
    /// Documentation, as Markdown.
    pub docs: String,
}

/// What the model says of something that should no longer be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deprecation<'g> {
    /// Since when.
    pub since: Option<&'g str>,
    /// What to do.
    pub note: Option<&'g str>,
}

impl<'g> Deprecation<'g> {
    fn of(trait_value: &'g Option<crate::graph::Deprecated>) -> Option<Self> {
        let crate::graph::Deprecated { message, since } = trait_value.as_ref()?;
        Some(Self { since: since.as_deref(), note: message.as_deref() })
    }
}

impl<'g> TypePlan<'g> {
    /// The fields of a structure or union; none of an enum.
    pub fn fields(&self) -> &[FieldPlan<'g>] {
        match &self.kind {
            TypeKind::Structure { fields, .. } | TypeKind::Union { variants: fields, .. } => fields,
            TypeKind::Enum { .. } | TypeKind::IntEnum { .. } => &[],
        }
    }

    fn fields_mut(&mut self) -> &mut [FieldPlan<'g>] {
        match &mut self.kind {
            TypeKind::Structure { fields, .. } | TypeKind::Union { variants: fields, .. } => fields,
            TypeKind::Enum { .. } | TypeKind::IntEnum { .. } => &mut [],
        }
    }

    /// The field of the member `name`.
    pub fn field(&self, name: &str) -> Option<&FieldPlan<'g>> {
        self.fields().iter().find(|field| field.member.name == name)
    }
}

/// What a Rust type is.
#[derive(Debug)]
pub enum TypeKind<'g> {
    /// A struct with public fields.
    Structure {
        /// Fields in model order.
        fields: Vec<FieldPlan<'g>>,
        /// What the structure is for.
        role: Role,
    },
    /// An enum with data, and an unknown variant.
    Union {
        /// Variants in model order; `name` is the variant's name.
        variants: Vec<FieldPlan<'g>>,
        /// Name of the variant for members that the model does not have.
        unknown: String,
    },
    /// An enum of strings, and an unknown variant.
    Enum {
        /// Variants in model order.
        variants: Vec<VariantPlan<'g>>,
        /// Name of the variant for values that the model does not have.
        unknown: String,
    },
    /// An enum of integers, and an unknown variant.
    IntEnum {
        /// Variants in model order.
        variants: Vec<IntVariantPlan<'g>>,
        /// Name of the variant for values that the model does not have.
        unknown: String,
    },
}

impl TypeKind<'_> {
    /// Whether it is the input or output of an operation, which is in no other type.
    pub fn is_of_one_operation(&self) -> bool {
        match self {
            Self::Structure { role: Role::Input(_) | Role::Output(_), .. } => true,
            Self::Structure { role: Role::Error | Role::Data, .. } => false,
            Self::Union { .. } | Self::Enum { .. } | Self::IntEnum { .. } => false,
        }
    }
}

/// What a structure is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The input of this operation.
    Input(OperationId),
    /// The output of this operation.
    Output(OperationId),
    /// An error.
    Error,
    /// Data inside other structures.
    Data,
}

/// A field of a struct, or a variant of a union.
#[derive(Debug)]
pub struct FieldPlan<'g> {
    /// Rust name: of a field in snake case, of a variant in camel case. Never
    /// a bare keyword: it may be raw, such as `r#type`.
    pub name: String,
    /// The member's name on the wire.
    pub wire_name: &'g str,
    /// Where it travels, if not in the body.
    pub place: Option<bindings::FieldPlace<'g>>,
    /// What XML and forms call its element and what is in it, where that is not the default.
    pub names: Option<elements::NamesPlan<'g>>,
    /// The member in the graph, for documentation.
    pub member: &'g crate::graph::Member,
    /// Its type, without the `Option` around an optional field.
    pub ty: Type,
    /// What constructor and setter take for it.
    pub accepts: Accepts,
    /// Whether it may be absent.
    pub presence: Presence,
    /// Format of the timestamps inside, where it is not the protocol's own.
    pub timestamp_format: Option<TimestampFormat>,
    /// Never shown by `Debug`.
    pub sensitive: bool,
    /// A unique token, made where it is absent.
    pub is_token: bool,
    /// Whether the model says so.
    pub deprecated: Option<Deprecation<'g>>,
    /// Documentation, as Markdown.
    pub docs: String,
    /// Documentation of its setter, as Markdown.
    pub setter_docs: String,
}

impl FieldPlan<'_> {
    /// Whether it is a plain `T`; else it is an `Option<T>`.
    pub fn is_plain(&self) -> bool {
        self.presence != Presence::Optional
    }

    /// Whether it is an argument of the constructor.
    pub fn is_argument(&self) -> bool {
        self.presence == Presence::Required
    }
}

/// Whether a field may be absent, and what stands in for it then.
#[derive(Clone, Debug, PartialEq)]
pub enum Presence {
    /// It may be.
    Optional,
    /// It is always there. Variants of a union are.
    Required,
    /// It is always there: with this value where nobody gave it another.
    Default(DefaultValue),
}

/// A variant of an enum of strings.
#[derive(Debug)]
pub struct VariantPlan<'g> {
    /// Rust name, in camel case.
    pub name: String,
    /// The value on the wire.
    pub value: &'g str,
    /// Whether the model says so.
    pub deprecated: Option<Deprecation<'g>>,
    /// Documentation, as Markdown.
    pub docs: String,
}

/// A variant of an enum of integers.
#[derive(Debug)]
pub struct IntVariantPlan<'g> {
    /// Rust name, in camel case.
    pub name: String,
    /// The model's name of the value.
    pub wire_name: &'g str,
    /// The value on the wire.
    pub value: i32,
    /// Documentation, as Markdown.
    pub docs: String,
}

/// A Rust type as a field has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `String`
    String,
    /// `bool`
    Bool,
    /// `i8`
    I8,
    /// `i16`
    I16,
    /// `i32`
    I32,
    /// `i64`
    I64,
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// `workstream_runtime::Blob`
    Blob,
    /// `workstream_runtime::Timestamp`
    Timestamp,
    /// `workstream_runtime::Document`
    Document,
    /// A type of the service.
    Named(TypeId),
    /// `Box<T>`, to end a recursion.
    Boxed(Box<Type>),
    /// `Option<T>`, as the element of a sparse list or map.
    Nullable(Box<Type>),
    /// `Vec<T>`
    List(Box<Type>),
    /// `BTreeMap<K, V>`; the key is `String` or an enum.
    Map(Box<Type>, Box<Type>),
}

/// A pattern: the types that Rust has itself and that are copied, but for text. It is for those to whom they are alike.
macro_rules! primitive {
    () => {
        $crate::plan::Type::Bool
            | $crate::plan::Type::I8
            | $crate::plan::Type::I16
            | $crate::plan::Type::I32
            | $crate::plan::Type::I64
            | $crate::plan::Type::F32
            | $crate::plan::Type::F64
    };
}
pub(crate) use primitive;

impl Type {
    /// The type of the service that it holds one of.
    pub fn structure(&self) -> Option<TypeId> {
        match self {
            Self::Named(id) => Some(*id),
            Self::Boxed(inner) => inner.structure(),
            Self::String | primitive!() | Self::Blob | Self::Timestamp | Self::Document => None,
            Self::Nullable(_) | Self::List(_) | Self::Map(..) => None,
        }
    }

    /// This type and all that it consists of, outermost first.
    pub fn parts(&self) -> impl Iterator<Item = &Self> {
        let mut pending = vec![self];
        std::iter::from_fn(move || {
            let ty = pending.pop()?;
            match ty {
                Self::Boxed(inner) | Self::Nullable(inner) | Self::List(inner) => pending.push(inner),
                Self::Map(key, value) => pending.extend([&**value, &**key]),
                Self::String | primitive!() | Self::Blob | Self::Timestamp | Self::Document | Self::Named(_) => {}
            }
            Some(ty)
        })
    }
}

/// Where a type occurs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Direction {
    /// In requests.
    pub input: bool,
    /// In responses or errors.
    pub output: bool,
}

/// One operation to emit.
#[derive(Debug)]
pub struct OperationPlan<'g> {
    /// Its id in the graph.
    pub id: OperationId,
    /// Its name on the wire.
    pub wire_name: &'g str,
    /// Name in camel case, the stem of `{name}Input` and `{name}Output`.
    pub name: String,
    /// Name in snake case, for methods.
    pub method: String,
    /// Name of its module.
    pub module: String,
    /// Its input structure: emitted also where the model has none.
    pub input: TypeId,
    /// Whether the model has an input.
    pub has_input: bool,
    /// Its output structure: emitted also where the model has none.
    pub output: TypeId,
    /// Its errors.
    pub errors: Vec<TypeId>,
    /// How it is paginated.
    pub paginator: Option<PaginatorPlan>,
    /// How its list is split into several calls.
    pub batch: Option<BatchPlan>,
    /// Whether it may be called again.
    pub effect: Idempotency,
    /// It is sent without a signature.
    pub unsigned: bool,
    /// It waits for something to happen, and is called again and again.
    pub long_polling: bool,
    /// Its requests and responses, where the service speaks a protocol with HTTP bindings.
    pub http: Option<bindings::HttpPlan<'g>>,
    /// The outermost element of its requests, where their body is XML.
    pub root: Option<elements::NamesPlan<'g>>,
    /// What goes before the host.
    pub host_prefix: Option<Vec<HostPart<'g>>>,
    /// Whether the model says so.
    pub deprecated: Option<Deprecation<'g>>,
    /// Documentation of the client's method, as Markdown.
    pub docs: String,
    /// Which methods of the client call it, as Markdown: what its input says of a client, where there is one.
    pub calls_docs: String,
}

/// What calling an operation again does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idempotency {
    /// Nothing is changed by any call.
    Readonly,
    /// Twice is as good as once.
    Idempotent,
    /// Nobody knows.
    Any,
}

/// How an operation is paginated.
#[derive(Clone, Debug)]
pub struct PaginatorPlan {
    /// Not in the model, but a token goes in and comes out and the output has exactly one list.
    pub inferred: bool,
    /// Input members (wire names) that take the tokens.
    pub input_tokens: Vec<String>,
    /// Where the tokens of the next page are in the output.
    pub output_tokens: Vec<TokenExpression>,
    /// Where the items are in the output. None where the model does not say it, and the output has no list or several.
    pub items: Option<MemberPath>,
    /// Input member that limits the size of a page.
    pub limit_key: Option<String>,
    /// Output member that says whether there are more pages.
    pub more_results: Option<MemberPath>,
}
