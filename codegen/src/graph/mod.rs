//! The shape graph: what an API is, in its own wire names, whatever file format
//! told us so.
//!
//! A [`Service`] is made by a [`builder::ServiceBuilder`] and has no dangling
//! id: every [`ShapeId`] that can be reached from it indexes a shape. Terms are
//! Smithy's: shape, member, trait, operation, paginator, waiter.
//!
//! This module knows neither file formats nor Rust syntax.

pub mod builder;
mod check;
mod default;
mod named;
pub(crate) mod names;
pub mod rules;
mod traits;

use crate::diagnostic::Origin;
pub use default::DefaultValue;
use std::collections::BTreeMap;
pub use traits::{Deprecated, ErrorTrait, Fault, Limits, MemberTraits, Retry, ShapeTraits, TimestampFormat};

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

/// One API: its shapes, its operations and what is said about them.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    name: String,
    metadata: Metadata,
    shapes: Vec<Shape>,
    operations: Vec<Operation>,
    paginators: BTreeMap<OperationId, Paginator>,
    waiters: Vec<Waiter>,
    rule_set: Option<rules::RuleSet>,
    origin: Origin,
}

impl Service {
    /// The name of the model's folder, such as `appstream`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the model says of the service as a whole.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// All shapes with their ids, by name.
    pub fn shapes(&self) -> impl ExactSizeIterator<Item = (ShapeId, &Shape)> {
        self.shapes.iter().enumerate().map(|(index, shape)| (ShapeId(index as u32), shape))
    }

    /// The shape named `name`.
    pub fn shape_named(&self, name: &str) -> Option<ShapeId> {
        let found = self.shapes.binary_search_by(|shape| shape.name.as_str().cmp(name));
        found.ok().map(|index| ShapeId(index as u32))
    }

    /// All operations with their ids, by name.
    pub fn operations(&self) -> impl ExactSizeIterator<Item = (OperationId, &Operation)> {
        self.operations.iter().enumerate().map(|(index, operation)| (OperationId(index as u32), operation))
    }

    /// The operation with the wire name `name`.
    pub fn operation_named(&self, name: &str) -> Option<OperationId> {
        let found = self.operations.binary_search_by(|operation| operation.name.as_str().cmp(name));
        found.ok().map(|index| OperationId(index as u32))
    }

    /// The modelled paginator of an operation.
    pub fn paginator(&self, operation: OperationId) -> Option<&Paginator> {
        self.paginators.get(&operation)
    }

    /// All modelled paginators, in the order of their operations.
    pub fn paginators(&self) -> impl ExactSizeIterator<Item = (OperationId, &Paginator)> {
        self.paginators.iter().map(|(id, paginator)| (*id, paginator))
    }

    /// All waiters, by name.
    pub fn waiters(&self) -> &[Waiter] {
        &self.waiters
    }

    /// The endpoint rule set, where the model has one.
    pub fn rule_set(&self) -> Option<&rules::RuleSet> {
        self.rule_set.as_ref()
    }

    /// The limits of what a member holds: its own, or those of the shape.
    pub fn limits(&self, member: &Member) -> Limits {
        member.traits.limits.clone().unwrap_or_else(|| self[member.target].traits.limits())
    }

    /// The pattern of what a member holds: its own, or that of the shape.
    pub fn pattern<'s>(&'s self, member: &'s Member) -> Option<&'s str> {
        member.traits.pattern.as_deref().or(self[member.target].traits.pattern.as_deref())
    }

    /// Where the service was read from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }
}

impl std::ops::Index<ShapeId> for Service {
    type Output = Shape;

    fn index(&self, id: ShapeId) -> &Shape {
        &self.shapes[id.index()]
    }
}

impl std::ops::Index<OperationId> for Service {
    type Output = Operation;

    fn index(&self, id: OperationId) -> &Operation {
        &self.operations[id.index()]
    }
}

/// What the model says of the service as a whole. Every field may be absent:
/// the models of protocol tests have next to nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Date-like version of the API, such as `2016-12-01`.
    pub api_version: Option<String>,
    /// First label of the service's host names.
    pub endpoint_prefix: Option<String>,
    /// Name in the signature's credential scope; the endpoint prefix serves
    /// where it is absent.
    pub signing_name: Option<String>,
    /// Name for people, such as `Amazon AppStream`.
    pub full_name: Option<String>,
    /// Identifier from which configuration keys derive, such as `AppStream`.
    pub service_id: Option<String>,
    /// Name of the Smithy service shape: first half of `X-Amz-Target` and a
    /// segment of the rpcv2Cbor path.
    pub target_prefix: Option<String>,
    /// Protocols in the model's order of preference.
    pub protocols: Vec<Protocol>,
    /// Smithy's `aws.protocols#awsQueryCompatible`: error codes come from the
    /// `x-amzn-query-error` header.
    pub query_compatible: bool,
    /// Upstream documentation text (HTML), where the source has it.
    pub documentation: Option<String>,
}

/// A wire protocol, with the name that Smithy has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// `aws.protocols#awsJson1_0`
    AwsJson1_0,
    /// `aws.protocols#awsJson1_1`
    AwsJson1_1,
    /// `smithy.protocols#rpcv2Cbor`
    RpcV2Cbor,
    /// `aws.protocols#restJson1`
    RestJson1,
    /// `aws.protocols#restXml`
    RestXml,
    /// `aws.protocols#awsQuery`
    AwsQuery,
    /// `aws.protocols#ec2Query`
    Ec2Query,
}

impl Protocol {
    /// Smithy's name of the protocol's trait, without its namespace.
    pub fn name(self) -> &'static str {
        match self {
            Self::AwsJson1_0 => "awsJson1_0",
            Self::AwsJson1_1 => "awsJson1_1",
            Self::RpcV2Cbor => "rpcv2Cbor",
            Self::RestJson1 => "restJson1",
            Self::RestXml => "restXml",
            Self::AwsQuery => "awsQuery",
            Self::Ec2Query => "ec2Query",
        }
    }
}

/// A named shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// The model's name for it, without a namespace.
    pub name: String,
    /// What it is.
    pub kind: ShapeKind,
    /// What is said about it.
    pub traits: ShapeTraits,
    /// Where it was read from.
    pub origin: Origin,
}

/// What a shape is.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a graph has hundreds of shapes; a box would be in every reader's way")]
pub enum ShapeKind {
    /// Named members, each present or absent; an error when `traits.error` is set.
    Structure(Vec<Member>),
    /// Named members of which exactly one is present.
    Union(Vec<Member>),
    /// A list; `sparse` where null elements mean something.
    List {
        /// The element.
        member: Member,
        /// Whether null elements are kept.
        sparse: bool,
    },
    /// A map with string keys; `sparse` where null values mean something.
    Map {
        /// The key: a string or an enum.
        key: Member,
        /// The value.
        value: Member,
        /// Whether null values are kept.
        sparse: bool,
    },
    /// A string with named values; unknown ones may arrive.
    Enum(Vec<EnumValue>),
    /// An integer with named values; unknown ones may arrive.
    IntEnum(Vec<IntEnumValue>),
    /// UTF-8 text.
    String,
    /// True or false.
    Boolean,
    /// 8 bits, signed.
    Byte,
    /// 16 bits, signed.
    Short,
    /// 32 bits, signed.
    Integer,
    /// 64 bits, signed.
    Long,
    /// IEEE 754, 32 bits.
    Float,
    /// IEEE 754, 64 bits.
    Double,
    /// Bytes.
    Blob,
    /// A point in time.
    Timestamp,
    /// Any JSON-like value.
    Document,
}

impl ShapeKind {
    /// Smithy's name of the shape type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Structure(_) => "structure",
            Self::Union(_) => "union",
            Self::List { .. } => "list",
            Self::Map { .. } => "map",
            Self::Enum(_) => "enum",
            Self::IntEnum(_) => "intEnum",
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Byte => "byte",
            Self::Short => "short",
            Self::Integer => "integer",
            Self::Long => "long",
            Self::Float => "float",
            Self::Double => "double",
            Self::Blob => "blob",
            Self::Timestamp => "timestamp",
            Self::Document => "document",
        }
    }
}

impl Shape {
    /// The members of a structure or union; of a list or map its element, or
    /// key and value; of anything else none.
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            ShapeKind::Structure(members) | ShapeKind::Union(members) => members,
            ShapeKind::List { member, .. } => std::slice::from_ref(member),
            // Key and value do not lie in one slice: see `targets`.
            _ => &[],
        }
    }

    /// The shapes that this one refers to, in model order, with repetitions.
    pub fn targets(&self) -> impl Iterator<Item = ShapeId> {
        let (key, value) = match &self.kind {
            ShapeKind::Map { key, value, .. } => (Some(key.target), Some(value.target)),
            _ => (None, None),
        };
        self.members().iter().map(|member| member.target).chain(key).chain(value)
    }

    /// The member named `name` of a structure or union.
    pub fn member_named(&self, name: &str) -> Option<&Member> {
        match &self.kind {
            ShapeKind::Structure(members) | ShapeKind::Union(members) => {
                members.iter().find(|member| member.name == name)
            }
            _ => None,
        }
    }
}

/// One value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumValue {
    /// The model's name of the value; only Smithy has names.
    pub name: Option<String>,
    /// The value on the wire.
    pub value: String,
    /// Deprecation, if any.
    pub deprecated: Option<Deprecated>,
}

/// One value of an intEnum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntEnumValue {
    /// The model's name of the value.
    pub name: String,
    /// The value on the wire.
    pub value: i32,
}

/// A reference from an aggregate shape to another shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Name in the model; `member`, `key` or `value` in lists and maps.
    pub name: String,
    /// The shape that it holds.
    pub target: ShapeId,
    /// What is said about it.
    pub traits: MemberTraits,
    /// Where it was read from.
    pub origin: Origin,
}

impl Member {
    /// Name on the wire.
    pub fn wire_name(&self) -> &str {
        self.traits.wire_name.as_deref().unwrap_or(&self.name)
    }
}

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// Name on the wire.
    pub name: String,
    /// The input structure; absent where the operation takes none.
    pub input: Option<ShapeId>,
    /// The output structure; absent where the operation answers with none.
    pub output: Option<ShapeId>,
    /// Declared errors, each once, in model order.
    pub errors: Vec<ShapeId>,
    /// What is said about it.
    pub traits: OperationTraits,
    /// Where it was read from.
    pub origin: Origin,
}

/// Traits of an operation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OperationTraits {
    /// Calling it twice is as good as once.
    pub idempotent: bool,
    /// Changes nothing.
    pub readonly: bool,
    /// Not signed (`authtype: none`, or an `auth` list of `smithy.api#noAuth`).
    pub unsigned: bool,
    /// Labels before the endpoint's host, with `{member}` placeholders.
    pub host_prefix: Option<String>,
    /// Endpoint parameters fixed for this operation.
    pub static_context_params: Vec<(String, ContextValue)>,
    /// Endpoint parameters taken from the input by a JMESPath expression.
    pub operation_context_params: Vec<(String, String)>,
    /// Deprecation, if any.
    pub deprecated: Option<Deprecated>,
    /// Upstream documentation text (HTML), where the source has it.
    pub documentation: Option<String>,
}

/// Value of an endpoint parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContextValue {
    /// A string.
    String(String),
    /// A boolean.
    Boolean(bool),
    /// A list of strings.
    StringList(Vec<String>),
}

/// How an operation is paginated. Paths are lists of member names, so that a
/// path that exists here needs no more parsing; all were found in the shapes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paginator {
    /// Input members that take the tokens.
    pub input_tokens: Vec<String>,
    /// Where the tokens of the next page are in the output; as many as `input_tokens`.
    pub output_tokens: Vec<TokenExpression>,
    /// Where the items are in the output; the first is what `items()` gives.
    pub result_keys: Vec<MemberPath>,
    /// Input member that limits the size of a page.
    pub limit_key: Option<String>,
    /// Output member that says whether there are more pages.
    pub more_results: Option<MemberPath>,
    /// Output members that are the same on every page.
    pub non_aggregate_keys: Vec<MemberPath>,
    /// Where it was read from.
    pub origin: Origin,
}

/// Member names from a structure down: `a.b`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MemberPath(pub Vec<String>);

impl std::fmt::Display for MemberPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

/// Where a token is: the first of the alternatives that is there.
/// `NextMarker || Contents[-1].Key` has two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenExpression {
    /// Tried in order.
    pub alternatives: Vec<Vec<TokenStep>>,
}

/// One step of a token expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenStep {
    /// A member of a structure.
    Member(String),
    /// The last element of a list.
    Last,
}

/// How to wait for a state.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiter {
    /// Name, such as `FleetStarted`.
    pub name: String,
    /// The operation that is called again and again.
    pub operation: OperationId,
    /// Seconds between two calls.
    pub delay: u32,
    /// Greatest delay in seconds, where the source has one (Smithy's `maxDelay`).
    pub max_delay: Option<u32>,
    /// Calls before giving up, where the source has it.
    pub max_attempts: Option<u32>,
    /// Tried in order on every result.
    pub acceptors: Vec<Acceptor>,
    /// Upstream documentation text, where the source has it.
    pub documentation: Option<String>,
    /// What of it is the overlay's, if anything, and why.
    pub overlay: Option<WaiterOverlay>,
    /// Where it was read from.
    pub origin: Origin,
}

impl Waiter {
    /// Whether one of its acceptors is the overlay's.
    pub fn is_from_overlay(&self, acceptor: &Acceptor) -> bool {
        matches!(self.overlay, Some(WaiterOverlay::Added(_))) || acceptor.origin.file != self.origin.file
    }
}

/// What the overlay has to do with a waiter; the texts are its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaiterOverlay {
    /// The model does not have it.
    Added(String),
    /// The model has it, and fewer acceptors.
    Amended(String),
}

/// What a result means to a waiter.
#[derive(Clone, Debug, PartialEq)]
pub struct Acceptor {
    /// The state that the waiter goes to.
    pub state: AcceptorState,
    /// When.
    pub matcher: Matcher,
    /// Where its expression was read from, or else all of it.
    pub origin: Origin,
}

/// State of a waiter after a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcceptorState {
    /// What was waited for is there.
    Success,
    /// It can no longer come.
    Failure,
    /// Not yet.
    Retry,
}

/// When an acceptor applies.
#[derive(Clone, Debug, PartialEq)]
pub enum Matcher {
    /// The value of a JMESPath expression over the output compares.
    Path {
        /// The expression.
        path: String,
        /// How its value is compared.
        comparator: Comparator,
        /// With what.
        expected: Expected,
    },
    /// The call failed with this error code, or the name of an error shape.
    ErrorType(String),
    /// The call failed (`false`: succeeded), whatever with.
    AnyError(bool),
    /// The HTTP status is this.
    Status(u16),
}

/// How a path's value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// It is equal (`path`, `stringEquals`, `booleanEquals`).
    Equals,
    /// It is a non-empty list and all elements are equal (`pathAll`, `allStringEquals`).
    All,
    /// It is a list and any element is equal (`pathAny`, `anyStringEquals`).
    Any,
}

/// What a path's value is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// Text.
    String(String),
    /// Truth.
    Boolean(bool),
    /// A number.
    Number(i64),
}

/// A partition of AWS regions, from `partitions.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// Identifier, such as `aws-cn`.
    pub id: String,
    /// What `aws.partition` answers as `name`.
    pub name: String,
    /// Regular expression over region names that may join later.
    pub region_regex: String,
    /// Known regions, and the partition's global pseudo region, by name.
    pub regions: Vec<String>,
    /// Suffix of host names.
    pub dns_suffix: String,
    /// Suffix of dual-stack host names.
    pub dual_stack_dns_suffix: String,
    /// Region for global services.
    pub implicit_global_region: String,
    /// Whether it has FIPS endpoints.
    pub supports_fips: bool,
    /// Whether it has dual-stack endpoints.
    pub supports_dual_stack: bool,
    /// Where it was read from.
    pub origin: Origin,
}
