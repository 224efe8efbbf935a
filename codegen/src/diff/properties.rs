//! Facts about single properties: for every kind of thing in the graph an enum
//! of its properties, each with the old and the new value.

use super::json::ToJson;
use crate::graph::rules::{Parameter, ParameterType};
use crate::graph::{
    Acceptor, Authentication, BatchOverlay, ContextValue, Correction, Deprecated, EnumValue, ErrorTrait, Http, Limits,
    Located, Member, MemberPath, MemberTraits, Metadata, NameRef, Operation, OperationTraits, Paginator, Place,
    Protocol, RootElement, Shape, ShapeTraits, TimestampFormat, TokenExpression, Waiter, WaiterOverlay, XmlNamespace,
};
use serde_json::{Map, Value};

/// An old and a new value.
#[derive(Clone, Debug, PartialEq)]
pub struct Change<T> {
    /// What was.
    pub old: T,
    /// What is.
    pub new: T,
}

/// A change of one property.
pub trait PropertyChange {
    /// The property's name, for people and in JSON.
    fn property(&self) -> &'static str;

    /// Old and new value as JSON.
    fn values(&self) -> Change<Value>;
}

/// Makes an enum of a struct's fields. A field that is neither a property nor
/// left out with a reason is a compile error.
macro_rules! properties {
    (
        $(#[$doc:meta])*
        $name:ident of $owner:ty, $pattern:ident {
            $($variant:ident = $field:ident: $type:ty, $label:literal;)*
        } without { $($left_out:ident),* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        #[expect(missing_docs, reason = "each variant is the field of the same name")]
        pub enum $name {
            $($variant(Change<$type>),)*
        }

        impl $name {
            /// The properties that differ.
            pub(super) fn between(old: &$owner, new: &$owner) -> Vec<Self> {
                let $pattern { $($field,)* $($left_out: _,)* } = old;
                let mut found = Vec::new();
                $(if *$field != new.$field {
                    found.push(Self::$variant(Change { old: $field.clone(), new: new.$field.clone() }));
                })*
                found
            }

            /// Sets the new value.
            pub(super) fn apply(&self, to: &mut $owner) {
                match self {
                    $(Self::$variant(change) => to.$field = change.new.clone(),)*
                }
            }
        }

        impl PropertyChange for $name {
            fn property(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $label,)*
                }
            }

            fn values(&self) -> Change<Value> {
                match self {
                    $(Self::$variant(change) => Change { old: change.old.to_json(), new: change.new.to_json() },)*
                }
            }
        }
    };
}

properties! {
    /// A change of what is said of the service as a whole.
    ServiceChange of Metadata, Metadata {
        ApiVersion = api_version: Option<String>, "API version";
        EndpointPrefix = endpoint_prefix: Option<String>, "endpoint prefix";
        SigningName = signing_name: Option<String>, "signing name";
        FullName = full_name: Option<String>, "full name";
        ServiceId = service_id: Option<String>, "service id";
        TargetPrefix = target_prefix: Option<String>, "target prefix";
        Protocols = protocols: Vec<Protocol>, "protocols";
        QueryCompatible = query_compatible: bool, "query compatible";
        Authentication = authentication: Authentication, "authentication";
        Documentation = documentation: Option<String>, "documentation";
    } without {}
}

properties! {
    /// A change of what is said of an operation.
    OperationChange of OperationTraits, OperationTraits {
        Idempotent = idempotent: bool, "idempotent";
        Readonly = readonly: bool, "readonly";
        Unsigned = unsigned: bool, "unsigned";
        Authentication = authentication: Vec<Authentication>, "authentication";
        Http = http: Option<Http>, "http";
        RootElement = root_element: Option<RootElement>, "outermost element";
        ChecksumRequired = checksum_required: bool, "checksum required";
        ChecksumMember = checksum_member: Option<String>, "kind of checksum";
        HostPrefix = host_prefix: Option<String>, "host prefix";
        StaticContextParams = static_context_params: Vec<(String, ContextValue)>, "static endpoint parameters";
        OperationContextParams = operation_context_params: Vec<(String, String)>, "endpoint parameters from the input";
        Batch = batch: Option<BatchOverlay>, "batch";
        Deprecated = deprecated: Option<Deprecated>, "deprecated";
        Documentation = documentation: Option<String>, "documentation";
    } without {}
}

properties! {
    /// A change of what is said of a shape.
    ShapeChange of ShapeTraits, ShapeTraits {
        Sensitive = sensitive: bool, "sensitive";
        Redacted = redacted: Option<String>, "redacted";
        Min = min: Option<String>, "min";
        Max = max: Option<String>, "max";
        Pattern = pattern: Option<String>, "pattern";
        UniqueItems = unique_items: bool, "unique elements";
        Correction = correction: Option<Correction>, "correction";
        TimestampFormat = timestamp_format: Option<TimestampFormat>, "timestamp format";
        Error = error: Option<ErrorTrait>, "error";
        EventStream = event_stream: bool, "event stream";
        Streaming = streaming: bool, "streaming";
        MediaType = media_type: Option<String>, "media type";
        XmlNamespace = xml_namespace: Option<XmlNamespace>, "namespace";
        Deprecated = deprecated: Option<Deprecated>, "deprecated";
        Documentation = documentation: Option<String>, "documentation";
    } without {}
}

properties! {
    /// A change of what is said of a member.
    MemberChange of MemberTraits, MemberTraits {
        WireName = wire_name: Option<String>, "wire name";
        Place = place: Option<Place>, "place";
        MediaType = media_type: Option<String>, "media type";
        XmlNamespace = xml_namespace: Option<XmlNamespace>, "namespace";
        XmlAttribute = xml_attribute: bool, "attribute";
        XmlFlattened = xml_flattened: bool, "flattened";
        QueryName = query_name: Option<String>, "name in forms";
        Required = required: bool, "required";
        IdempotencyToken = idempotency_token: bool, "idempotency token";
        TimestampFormat = timestamp_format: Option<TimestampFormat>, "timestamp format";
        HostLabel = host_label: bool, "host label";
        ContextParam = context_param: Option<String>, "endpoint parameter";
        Sensitive = sensitive: bool, "sensitive";
        Redacted = redacted: Option<String>, "redacted";
        Limits = limits: Option<Limits>, "limits";
        Pattern = pattern: Option<String>, "pattern";
        Correction = correction: Option<Correction>, "correction";
        Default = default: Option<String>, "default";
        ClientOptional = client_optional: bool, "client optional";
        Deprecated = deprecated: Option<Deprecated>, "deprecated";
        Documentation = documentation: Option<String>, "documentation";
    } without {}
}

properties! {
    /// A change of what is said of an enum's value.
    ValueChange of EnumValue, EnumValue {
        Name = name: Option<String>, "name";
        Deprecated = deprecated: Option<Deprecated>, "deprecated";
    } without { value }
}

properties! {
    /// A change of a paginator.
    PaginatorChange of Paginator<NameRef>, Paginator {
        InputTokens = input_tokens: Vec<NameRef>, "input tokens";
        OutputTokens = output_tokens: Vec<Located<TokenExpression>>, "output tokens";
        ResultKeys = result_keys: Vec<Located<MemberPath>>, "result keys";
        LimitKey = limit_key: Option<NameRef>, "limit key";
        MoreResults = more_results: Option<Located<MemberPath>>, "more results";
        NonAggregateKeys = non_aggregate_keys: Vec<Located<MemberPath>>, "non-aggregate keys";
    } without { operation, origin }
}

properties! {
    /// A change of a waiter.
    WaiterChange of Waiter<NameRef>, Waiter {
        Operation = operation: NameRef, "operation";
        Delay = delay: u32, "delay";
        MaxDelay = max_delay: Option<u32>, "greatest delay";
        MaxAttempts = max_attempts: Option<u32>, "greatest number of attempts";
        Acceptors = acceptors: Vec<Acceptor>, "acceptors";
        Documentation = documentation: Option<String>, "documentation";
        Overlay = overlay: Option<WaiterOverlay>, "overlay";
    } without { name, origin }
}

properties! {
    /// A change of a parameter of the endpoint rules.
    ParameterChange of Parameter, Parameter {
        Kind = kind: ParameterType, "type";
        Required = required: bool, "required";
        BuiltIn = built_in: Option<String>, "built-in";
        Default = default: Option<ContextValue>, "default";
    } without { name, origin }
}

impl ToJson for Member<NameRef> {
    fn to_json(&self) -> Value {
        let mut map =
            Map::from_iter([("name".to_owned(), self.name.to_json()), ("target".to_owned(), self.target.to_json())]);
        map.extend(said(MemberChange::between(&MemberTraits::default(), &self.traits)));
        map.into()
    }
}

impl ToJson for Operation<NameRef> {
    fn to_json(&self) -> Value {
        let mut map = Map::from_iter([
            ("name".to_owned(), self.name.to_json()),
            ("input".to_owned(), self.input.to_json()),
            ("output".to_owned(), self.output.to_json()),
            ("errors".to_owned(), self.errors.to_json()),
        ]);
        map.extend(said(OperationChange::between(&OperationTraits::default(), &self.traits)));
        map.into()
    }
}

impl ToJson for Shape<NameRef> {
    fn to_json(&self) -> Value {
        let mut map = Map::from_iter([("name".to_owned(), self.name.to_json())]);
        if let Value::Object(kind) = self.kind.to_json() {
            map.extend(kind);
        }
        map.extend(said(ShapeChange::between(&ShapeTraits::default(), &self.traits)));
        map.into()
    }
}

/// Properties that are not the default; documentation text stays inside.
fn said<C: PropertyChange>(changes: Vec<C>) -> impl Iterator<Item = (String, Value)> {
    let told = changes.into_iter().filter(|change| change.property() != "documentation");
    told.map(|change| (change.property().to_owned(), change.values().new))
}
