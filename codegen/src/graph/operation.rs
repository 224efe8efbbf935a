//! Operations, how they are paginated, and what is said of their batches.

use super::{
    Authentication, ContextValue, Deprecated, Http, Located, MemberPath, NameRef, OperationId, RootElement, ShapeId,
    TokenExpression,
};
use crate::diagnostic::Origin;

/// One operation. `R` is how it refers to shapes, as in a [`Shape`](super::Shape).
#[derive(Clone, Debug, PartialEq)]
pub struct Operation<R = ShapeId> {
    /// Name on the wire.
    pub name: String,
    /// The input structure; absent where the operation takes none.
    pub input: Option<R>,
    /// The output structure; absent where the operation answers with none.
    pub output: Option<R>,
    /// Declared errors in model order; in a [`Service`](super::Service) each once.
    pub errors: Vec<R>,
    /// What is said about it.
    pub traits: OperationTraits,
    /// Where it was read from.
    pub origin: Origin,
}

impl<R> Operation<R> {
    /// Input, output and errors.
    pub fn references(&self) -> impl Iterator<Item = &R> {
        self.input.iter().chain(&self.output).chain(&self.errors)
    }

    /// As [`references`](Self::references), to be changed.
    pub fn references_mut(&mut self) -> impl Iterator<Item = &mut R> {
        self.input.iter_mut().chain(&mut self.output).chain(&mut self.errors)
    }

    /// The same operation with other references; nothing where there is none for one of them.
    pub(super) fn try_map<S>(self, shape: impl Fn(R) -> Option<S>) -> Option<Operation<S>> {
        let Self { name, input, output, errors, traits, origin } = self;
        let one = |reference: Option<R>| match reference {
            None => Some(None),
            Some(reference) => shape(reference).map(Some),
        };
        let (input, output) = (one(input)?, one(output)?);
        let errors: Option<Vec<S>> = errors.into_iter().map(&shape).collect();
        Some(Operation { name, input, output, errors: errors?, traits, origin })
    }
}

impl OperationTraits {
    /// Whether clients of a service that is authenticated so can call it.
    pub fn is_authenticated_as(&self, service: Authentication) -> bool {
        let ways = &self.authentication;
        let is_known = match service {
            Authentication::Signature | Authentication::Token => ways.is_empty() || ways.contains(&service),
            // Where the operation itself takes a signature, it gets one.
            Authentication::Unknown => ways.contains(&Authentication::Signature),
        };
        self.unsigned || is_known
    }
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
    /// The ways in which it may be authenticated; none where it says nothing, so that the service's counts.
    pub authentication: Vec<Authentication>,
    /// Its request line, in protocols with HTTP bindings.
    pub http: Option<Http>,
    /// The outermost element of a request whose body is its input, in XML.
    pub root_element: Option<RootElement>,
    /// Requests must have a checksum of their body.
    pub checksum_required: bool,
    /// The input member that says which kind of checksum it is, where there are several.
    pub checksum_member: Option<String>,
    /// Labels before the endpoint's host, with `{member}` placeholders.
    pub host_prefix: Option<String>,
    /// Endpoint parameters fixed for this operation.
    pub static_context_params: Vec<(String, ContextValue)>,
    /// Endpoint parameters taken from the input by a JMESPath expression.
    pub operation_context_params: Vec<(String, String)>,
    /// What the overlay says of its batches.
    pub batch: Option<BatchOverlay>,
    /// Deprecation, if any.
    pub deprecated: Option<Deprecated>,
    /// Upstream documentation text (HTML), where the source has it.
    pub documentation: Option<String>,
}

/// What the overlay says of an operation whose input has a list.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchOverlay {
    /// How the list is split into several calls; nothing where it has to be sent whole.
    pub split: Option<BatchSplit>,
    /// Why the model is not enough.
    pub reason: String,
    /// Where it was read from.
    pub origin: Origin,
}

/// How a list is split into several calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchSplit {
    /// Input member that has the items.
    pub list: String,
    /// How many items a call may have, where that is not the model's greatest length of the list.
    pub maximum: Option<u32>,
    /// Output member that lists what failed, if there is one.
    pub failures: Option<String>,
}

/// How an operation is paginated; `R` is how it refers to the operation. Paths are lists of member names, so that a
/// path that exists here needs no more parsing; in a [`Service`](super::Service) all were found in the shapes.
#[derive(Clone, Debug, PartialEq)]
pub struct Paginator<R = OperationId> {
    /// The operation.
    pub operation: R,
    /// Input members that take the tokens.
    pub input_tokens: Vec<NameRef>,
    /// Where the tokens of the next page are in the output; as many as `input_tokens`.
    pub output_tokens: Vec<Located<TokenExpression>>,
    /// Where the items are in the output; the first is what `items()` gives.
    pub result_keys: Vec<Located<MemberPath>>,
    /// Input member that limits the size of a page.
    pub limit_key: Option<NameRef>,
    /// Output member that says whether there are more pages.
    pub more_results: Option<Located<MemberPath>>,
    /// Output members that are the same on every page.
    pub non_aggregate_keys: Vec<Located<MemberPath>>,
    /// Where it was read from.
    pub origin: Origin,
}

impl<R> Paginator<R> {
    /// The same with another reference to the operation.
    pub(super) fn of<S>(self, operation: S) -> Paginator<S> {
        let Self {
            input_tokens, output_tokens, result_keys, limit_key, more_results, non_aggregate_keys, origin, ..
        } = self;
        Paginator {
            operation,
            input_tokens,
            output_tokens,
            result_keys,
            limit_key,
            more_results,
            non_aggregate_keys,
            origin,
        }
    }
}
