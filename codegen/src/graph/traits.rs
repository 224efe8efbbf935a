//! What is said of shapes and members besides what they are.

use super::{Place, Retry, TimestampFormat, XmlNamespace};
use crate::diagnostic::Origin;

/// Traits of a shape that generation or its documentation uses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShapeTraits {
    /// Never shown in logs.
    pub sensitive: bool,
    /// Never shown in logs, as the overlay has it for this reason.
    pub redacted: Option<String>,
    /// Least value, length or size, as a decimal number.
    pub min: Option<String>,
    /// Greatest value, length or size, as a decimal number.
    pub max: Option<String>,
    /// Regular expression (ECMA 262) that a string matches.
    pub pattern: Option<String>,
    /// A list in which nothing may be twice.
    pub unique_items: bool,
    /// Set where the overlay asks for other limits, another pattern or other elements than the model.
    pub correction: Option<Correction>,
    /// Format of a timestamp on the wire, where it is not the protocol's own.
    pub timestamp_format: Option<TimestampFormat>,
    /// What the text of a string or the bytes of a blob are, such as `application/json`.
    pub media_type: Option<String>,
    /// The namespace that its elements declare.
    pub xml_namespace: Option<XmlNamespace>,
    /// Set on structures that are errors.
    pub error: Option<ErrorTrait>,
    /// A union whose members arrive as a stream of events.
    pub event_stream: bool,
    /// A blob that is not held in memory.
    pub streaming: bool,
    /// Deprecation, if any.
    pub deprecated: Option<Deprecated>,
    /// Upstream documentation text (HTML), where the source has it.
    pub documentation: Option<String>,
}

impl ShapeTraits {
    /// Never shown in logs, whoever says so.
    pub fn is_sensitive(&self) -> bool {
        self.sensitive || self.redacted.is_some()
    }

    /// What the shape says of its limits.
    pub fn limits(&self) -> Limits {
        Limits { min: self.min.clone(), max: self.max.clone() }
    }
}

/// Traits of a member that generation or its documentation uses. One that can
/// stand on a shape too wins over that of the target.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemberTraits {
    /// Name on the wire, where it is not the member's own; see [`Member::wire_name`](super::Member::wire_name).
    pub wire_name: Option<String>,
    /// Where it travels, if not in the body.
    pub place: Option<Place>,
    /// What its text is, where the shape does not say so.
    pub media_type: Option<String>,
    /// The namespace that its element declares.
    pub xml_namespace: Option<XmlNamespace>,
    /// An attribute of the element around it (`xmlAttribute`).
    pub xml_attribute: bool,
    /// A list or map whose elements stand where it would (`xmlFlattened`).
    pub xml_flattened: bool,
    /// Name in the forms of ec2Query, where it is not the one on the wire with a capital letter (`ec2QueryName`).
    pub query_name: Option<String>,
    /// Must be present.
    pub required: bool,
    /// A request without it gets a generated unique token.
    pub idempotency_token: bool,
    /// Format of a timestamp on the wire.
    pub timestamp_format: Option<TimestampFormat>,
    /// Its value replaces `{name}` in the operation's host prefix.
    pub host_label: bool,
    /// Name of the endpoint rule parameter bound to it.
    pub context_param: Option<String>,
    /// Never shown in logs, whatever shape it holds. Smithy 2.0 has that on shapes only.
    pub sensitive: bool,
    /// Never shown in logs, as the overlay has it for this reason.
    pub redacted: Option<String>,
    /// Least and greatest value, length or size. Where it is there, the target's own do not count.
    pub limits: Option<Limits>,
    /// Regular expression (ECMA 262) that a string matches, instead of the target's. The empty one matches everything.
    pub pattern: Option<String>,
    /// Set where the overlay asks for other limits or another pattern than the model.
    pub correction: Option<Correction>,
    /// A value that stands in for an absent member, as JSON text; see [`Self::effective_default`].
    pub default: Option<String>,
    /// Clients leave the default to the service.
    pub client_optional: bool,
    /// Deprecation, if any.
    pub deprecated: Option<Deprecated>,
    /// Upstream documentation text (HTML), where the source has it.
    pub documentation: Option<String>,
}

impl MemberTraits {
    /// Never shown in logs, whoever says so of the member itself.
    pub fn is_sensitive(&self) -> bool {
        self.sensitive || self.redacted.is_some()
    }

    /// The default, if it is the client's to fill in. A token is filled in anyway.
    pub fn effective_default(&self) -> Option<&str> {
        self.default.as_deref().filter(|_| !self.client_optional && !self.idempotency_token)
    }
}

/// Least and greatest value, length or size, as decimal numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// The least.
    pub min: Option<String>,
    /// The greatest.
    pub max: Option<String>,
}

/// That the overlay corrects what the model asks of a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// Why.
    pub reason: String,
    /// Where it was read from.
    pub origin: Origin,
}

/// Smithy's `deprecated` trait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deprecated {
    /// Why, or what to use instead.
    pub message: Option<String>,
    /// Since which version or date.
    pub since: Option<String>,
}

/// What is said of an error structure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorTrait {
    /// HTTP status of responses with it, where modelled.
    pub http_status: Option<u16>,
    /// Code on the wire where it is not the shape's name (awsQuery and
    /// awsQueryCompatible).
    pub code: Option<String>,
    /// Whose fault it is.
    pub fault: Option<Fault>,
    /// What it means for another try, where that is said.
    pub retry: Option<Retry>,
    /// Why the overlay says that, if it does.
    pub retry_reason: Option<String>,
}

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The caller's.
    Client,
    /// The service's.
    Server,
}
