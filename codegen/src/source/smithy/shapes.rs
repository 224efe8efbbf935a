//! Shapes that hold data.

use super::traits::Traits;
use super::{GraphNames, UNIT, big_number};
use crate::graph::{
    Deprecated, EnumValue, ErrorTrait, Fault, IntEnumValue, Member, MemberTraits, NameRef, Place, Retry, Shape,
    ShapeKind, ShapeTraits,
};
use crate::source::node::{At, Ignored, Node, Object};
use crate::source::unsupported;

const TYPES: &[&str] = &[
    "structure",
    "union",
    "list",
    "set",
    "map",
    "enum",
    "intEnum",
    "string",
    "boolean",
    "byte",
    "short",
    "integer",
    "long",
    "float",
    "double",
    "blob",
    "timestamp",
    "document",
];

const ENUM_DEFINITION: &[Ignored] = &[Ignored { keys: &["documentation", "tags"], reason: "documentation" }];

/// Reads one shape of type `kind`.
pub(super) fn read(
    names: &GraphNames<'_>,
    name: &str,
    kind: &str,
    kind_at: &At<'_, '_>,
    object: &Object<'_, '_>,
) -> Option<Shape<NameRef>> {
    let traits_at = object.get("traits");
    let traits = Traits::new(traits_at.as_ref());
    let limits = traits.limits().unwrap_or_default();
    let mut said = ShapeTraits {
        sensitive: traits.has("smithy.api#sensitive"),
        min: limits.min,
        max: limits.max,
        timestamp_format: traits.timestamp_format(),
        pattern: traits.pattern(),
        // A set is a list whose elements are unique.
        unique_items: kind == "set" || kind == "list" && traits.has("smithy.api#uniqueItems"),
        media_type: traits.text("smithy.api#mediaType"),
        xml_namespace: traits.xml_namespace(),
        streaming: kind == "blob" && traits.has("smithy.api#streaming"),
        event_stream: kind == "union" && traits.has("smithy.api#streaming"),
        deprecated: traits.deprecated(),
        documentation: traits.documentation(),
        ..ShapeTraits::default()
    };
    // Read where it counts: see `elements::roots`.
    traits.has("smithy.api#xmlName");
    let kind_read = match kind {
        "structure" => {
            said.error = error_trait(&traits);
            let owner = Owner { name, is_input: traits.has("smithy.api#input") };
            ShapeKind::Structure(members(names, object, owner))
        }
        "union" => ShapeKind::Union(members(names, object, Owner::of(name))),
        "list" | "set" => {
            let sparse = traits.has("smithy.api#sparse");
            ShapeKind::List { member: element(names, object, name, "member")?, sparse }
        }
        "map" => {
            let sparse = traits.has("smithy.api#sparse");
            let (key, value) = (element(names, object, name, "key"), element(names, object, name, "value"));
            ShapeKind::Map { key: key?, value: value?, sparse }
        }
        _ => simple(name, kind, kind_at, object, &traits)?,
    };
    traits.finish(&format!("a shape of type {kind}"));
    object.finish(&format!("a shape of type {kind}"), &[]);
    Some(Shape { name: name.to_owned(), kind: kind_read, traits: said, origin: object.at.origin() })
}

fn simple(
    name: &str,
    kind: &str,
    at: &At<'_, '_>,
    object: &Object<'_, '_>,
    traits: &Traits<'_, '_>,
) -> Option<ShapeKind<NameRef>> {
    Some(match kind {
        "enum" => ShapeKind::Enum(enum_members(object)),
        "intEnum" => ShapeKind::IntEnum(int_enum_members(object)),
        // Smithy 1.0 had a trait before it had the type.
        "string" => match traits.get("smithy.api#enum") {
            Some(at) => ShapeKind::Enum(at.items().filter_map(|item| enum_definition(&item)).collect()),
            None => ShapeKind::String,
        },
        "boolean" => ShapeKind::Boolean,
        "byte" => ShapeKind::Byte,
        "short" => ShapeKind::Short,
        "integer" => ShapeKind::Integer,
        "long" => ShapeKind::Long,
        "float" => ShapeKind::Float,
        "double" => ShapeKind::Double,
        "blob" => ShapeKind::Blob,
        "timestamp" => ShapeKind::Timestamp,
        "document" => ShapeKind::Document,
        "bigInteger" | "bigDecimal" => {
            unsupported::big_number(at, &format!("shape `{name}`"), kind);
            return None;
        }
        _ => {
            at.unknown_value("type of a shape", kind, TYPES);
            return None;
        }
    })
}

fn error_trait(traits: &Traits<'_, '_>) -> Option<ErrorTrait> {
    let http_status = traits.get("smithy.api#httpError").and_then(|at| at.integer());
    let query = traits.get("aws.protocols#awsQueryError");
    let retryable = traits.get("smithy.api#retryable");
    let at = traits.get("smithy.api#error")?;
    let fault = at.one_of("fault of an error", Fault::WORDS);
    let mut error = ErrorTrait {
        http_status,
        fault,
        retry: retryable.is_some().then_some(Retry::Transient),
        ..ErrorTrait::default()
    };
    if let Some(object) = retryable.as_ref().and_then(At::object) {
        if object.flag("throttling") {
            error.retry = Some(Retry::Throttling);
        }
        object.finish("trait retryable", &[]);
    }
    if let Some(object) = query.as_ref().and_then(At::object) {
        error.code = object.text("code");
        let status = object.get("httpResponseCode").and_then(|at| at.integer());
        error.http_status = error.http_status.or(status);
        object.finish("trait awsQueryError", &[]);
    }
    Some(error)
}

/// Whose members are read.
#[derive(Clone, Copy)]
struct Owner<'a> {
    name: &'a str,
    /// The input of an operation may lose `required` and `default` without breaking clients.
    is_input: bool,
}

impl<'a> Owner<'a> {
    fn of(name: &'a str) -> Self {
        Self { name, is_input: false }
    }
}

fn members(names: &GraphNames<'_>, object: &Object<'_, '_>, owner: Owner<'_>) -> Vec<Member<NameRef>> {
    match object.get("members") {
        Some(at) => at.entries().filter_map(|(name, at)| member(names, name, &at, owner)).collect(),
        None => Vec::new(),
    }
}

fn element(
    names: &GraphNames<'_>,
    object: &Object<'_, '_>,
    owner: &str,
    role: &'static str,
) -> Option<Member<NameRef>> {
    object.require(role).and_then(|at| member(names, role, &at, Owner::of(owner)))
}

fn member(names: &GraphNames<'_>, name: &str, at: &At<'_, '_>, owner: Owner<'_>) -> Option<Member<NameRef>> {
    let object = at.object()?;
    let target_at = object.require("target")?;
    let target = target_at.string()?;
    if let Some(kind) = big_number(target) {
        unsupported::big_number(&target_at, &format!("member `{name}` of `{}`", owner.name), kind);
    }
    let target = NameRef { name: names.of(target).to_owned(), origin: target_at.origin() };
    let traits_at = object.get("traits");
    let traits = Traits::new(traits_at.as_ref());
    let said = MemberTraits {
        wire_name: names.on_wire(&traits).filter(|wire_name| wire_name != name),
        place: place(&traits, name),
        media_type: None,
        xml_namespace: traits.xml_namespace(),
        xml_attribute: traits.has("smithy.api#xmlAttribute"),
        xml_flattened: traits.has("smithy.api#xmlFlattened"),
        query_name: traits.text("aws.protocols#ec2QueryName"),
        required: traits.has("smithy.api#required"),
        idempotency_token: traits.has("smithy.api#idempotencyToken"),
        timestamp_format: traits.timestamp_format(),
        host_label: traits.has("smithy.api#hostLabel"),
        context_param: traits.get("smithy.rules#contextParam").and_then(|at| context_param(&at)),
        sensitive: traits.has("smithy.api#sensitive"),
        redacted: None,
        limits: traits.limits(),
        pattern: traits.pattern(),
        correction: None,
        default: traits.get("smithy.api#default").and_then(|at| default_value(&at)),
        // A default that came later than its member would make another type of it.
        client_optional: owner.is_input
            | traits.has("smithy.api#clientOptional")
            | traits.has("smithy.api#addedDefault"),
        deprecated: traits.deprecated(),
        documentation: traits.documentation(),
    };
    traits.finish("a member");
    object.finish("a member", &[]);
    Some(Member { name: name.to_owned(), target, traits: said, origin: at.origin() })
}

/// Where HTTP bindings put the member; the model's validation sees to it that it has one of them.
fn place(traits: &Traits<'_, '_>, name: &str) -> Option<Place> {
    let places = [
        traits.has("smithy.api#httpLabel").then(|| Place::Label(name.to_owned())),
        traits.text("smithy.api#httpQuery").map(Place::Query),
        traits.has("smithy.api#httpQueryParams").then_some(Place::QueryParams),
        traits.text("smithy.api#httpHeader").map(Place::Header),
        traits.text("smithy.api#httpPrefixHeaders").map(Place::PrefixHeaders),
        traits.has("smithy.api#httpPayload").then_some(Place::Payload),
        traits.has("smithy.api#httpResponseCode").then_some(Place::Status),
    ];
    places.into_iter().flatten().next()
}

/// The value as JSON text; `null` takes back the default of a shape.
fn default_value(at: &At<'_, '_>) -> Option<String> {
    match at.node() {
        Node::Null => None,
        node => serde_json::to_string(node).ok(),
    }
}

fn context_param(at: &At<'_, '_>) -> Option<String> {
    let object = at.object()?;
    let name = object.require("name")?.string()?.to_owned();
    object.finish("trait contextParam", &[]);
    Some(name)
}

fn enum_members(object: &Object<'_, '_>) -> Vec<EnumValue> {
    let Some(members) = object.require("members") else { return Vec::new() };
    let read = |(name, at): (&str, At<'_, '_>)| {
        enum_member(&at, |traits, deprecated| {
            let value = match traits.get("smithy.api#enumValue") {
                Some(at) => at.string()?.to_owned(),
                None => name.to_owned(),
            };
            Some(EnumValue { name: Some(name.to_owned()), value, deprecated })
        })
    };
    members.entries().filter_map(read).collect()
}

fn int_enum_members(object: &Object<'_, '_>) -> Vec<IntEnumValue> {
    let Some(members) = object.require("members") else { return Vec::new() };
    let read = |(name, at): (&str, At<'_, '_>)| {
        enum_member(&at, |traits, _| {
            let Some(value) = traits.get("smithy.api#enumValue") else {
                at.error("missing-key", format!("member `{name}` of an intEnum has no trait `smithy.api#enumValue`"));
                return None;
            };
            Some(IntEnumValue { name: name.to_owned(), value: value.integer()? })
        })
    };
    members.entries().filter_map(read).collect()
}

fn enum_member<T>(at: &At<'_, '_>, read: impl FnOnce(&Traits<'_, '_>, Option<Deprecated>) -> Option<T>) -> Option<T> {
    let object = at.object()?;
    if let Some(target) = object.get("target")
        && target.string()? != UNIT
    {
        target.error("invalid-value", format!("the member of an enum refers to a shape other than `{UNIT}`"));
    }
    let traits_at = object.get("traits");
    let traits = Traits::new(traits_at.as_ref());
    let value = read(&traits, traits.deprecated());
    traits.documentation();
    traits.finish("an enum's member");
    object.finish("an enum's member", &[]);
    value
}

fn enum_definition(at: &At<'_, '_>) -> Option<EnumValue> {
    let object = at.object()?;
    let value = object.require("value")?.string()?.to_owned();
    let deprecated = object.flag("deprecated").then(Default::default);
    let name = object.text("name");
    object.finish("an enum's value", ENUM_DEFINITION);
    Some(EnumValue { name, value, deprecated })
}
