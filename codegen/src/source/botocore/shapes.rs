//! `shapes` of `service-2.json`.

use super::elements::{OfShapes, namespace};
use crate::graph::{
    Deprecated, EnumValue, ErrorTrait, Fault, Member, MemberTraits, NameRef, Place, Retry, Shape, ShapeKind,
    ShapeTraits, TimestampFormat,
};
use crate::source::expression;
use crate::source::node::{At, Ignored, Object};
use std::collections::{HashMap, HashSet};

const SHAPE: &[Ignored] = &[
    Ignored { keys: &["box"], reason: "every member may be absent, unless it is required" },
    Ignored { keys: &["wrapper", "xmlOrder"], reason: "elements are known by their names, in any order" },
    Ignored { keys: &["requiresLength"], reason: "bodies have a length: they are sent whole" },
    Ignored { keys: &["event"], reason: "an event is known by the stream that has it" },
    Ignored {
        keys: &["synthetic"],
        reason: "made by AWS's tools for an operation without a shape; it is as any other",
    },
];

const MEMBER: &[Ignored] = &[
    Ignored { keys: &["box"], reason: "every member may be absent, unless it is required" },
    Ignored { keys: &["streaming"], reason: "bodies are sent whole; a stream of events says so on its shape" },
    Ignored { keys: &["eventpayload", "eventheader"], reason: "streams of events are not generated" },
    Ignored { keys: &["enum"], reason: "twice in all models, with the values of the shape" },
];

const TYPES: &[&str] = &[
    "structure",
    "list",
    "map",
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
    "character",
];

/// Reads one shape.
pub(super) fn read(name: &str, at: &At<'_, '_>, elements: &mut OfShapes) -> Option<Shape<NameRef>> {
    let object = at.object()?;
    let kind_at = object.require("type")?;
    let kind_name = kind_at.string()?;
    let mut traits = ShapeTraits {
        sensitive: object.flag("sensitive"),
        xml_namespace: namespace(&object),
        deprecated: deprecated(&object),
        documentation: object.text("documentation"),
        ..ShapeTraits::default()
    };
    elements.read(name, &object);
    let kind = match kind_name {
        "structure" => structure(&object, &mut traits)?,
        "list" => {
            range(&object, &mut traits);
            let sparse = object.flag("sparse");
            ShapeKind::List { member: element(&object, "member")?, sparse }
        }
        "map" => {
            range(&object, &mut traits);
            let sparse = object.flag("sparse");
            let (key, value) = (element(&object, "key"), element(&object, "value"));
            ShapeKind::Map { key: key?, value: value?, sparse }
        }
        _ => simple(kind_name, &kind_at, &object, &mut traits)?,
    };
    object.finish(&format!("a shape of type {kind_name}"), SHAPE);
    Some(Shape { name: name.to_owned(), kind, traits, origin: at.origin() })
}

fn simple(
    name: &str,
    at: &At<'_, '_>,
    object: &Object<'_, '_>,
    traits: &mut ShapeTraits,
) -> Option<ShapeKind<NameRef>> {
    let kind = match name {
        "boolean" => return Some(ShapeKind::Boolean),
        "timestamp" => {
            traits.timestamp_format = object.get("timestampFormat").and_then(|at| timestamp_format(&at));
            return Some(ShapeKind::Timestamp);
        }
        // Old models tell characters from strings; on the wire they are the same.
        "string" | "character" => {
            traits.pattern = object.text("pattern");
            match object.get("enum") {
                Some(values) => ShapeKind::Enum(enum_values(&values)),
                None => ShapeKind::String,
            }
        }
        "blob" => {
            traits.streaming = object.flag("streaming");
            ShapeKind::Blob
        }
        "byte" => ShapeKind::Byte,
        "short" => ShapeKind::Short,
        "integer" => ShapeKind::Integer,
        "long" => ShapeKind::Long,
        "float" => ShapeKind::Float,
        "double" => ShapeKind::Double,
        _ => {
            at.unknown_value("type of a shape", name, TYPES);
            return None;
        }
    };
    range(object, traits);
    Some(kind)
}

fn range(object: &Object<'_, '_>, traits: &mut ShapeTraits) {
    traits.min = object.get("min").and_then(|at| at.number_text());
    traits.max = object.get("max").and_then(|at| at.number_text());
}

fn enum_values(at: &At<'_, '_>) -> Vec<EnumValue> {
    let mut seen = HashSet::new();
    let mut values = Vec::new();
    for item in at.items() {
        let Some(value) = item.string() else { continue };
        if seen.insert(value) {
            values.push(EnumValue { name: None, value: value.to_owned(), deprecated: None });
        } else {
            item.report(|diagnostics, origin| {
                diagnostics.warning("duplicate-value", origin, format!("enum value `{value}` occurs twice"));
            });
        }
    }
    values
}

fn structure(object: &Object<'_, '_>, traits: &mut ShapeTraits) -> Option<ShapeKind<NameRef>> {
    traits.error = error_trait(object);
    traits.event_stream = object.flag("eventstream");
    let mut members: Vec<Member<NameRef>> = match object.get("members") {
        Some(at) => at.entries().filter_map(|(name, at)| member(name, &at)).collect(),
        None => Vec::new(),
    };
    if let Some(required) = object.get("required") {
        mark_required(&required, &mut members);
    }
    if let Some(payload) = object.get("payload") {
        mark_payload(&payload, &mut members);
    }
    let union = object.flag("union");
    if object.flag("document") {
        return Some(ShapeKind::Document);
    }
    Some(if union || traits.event_stream { ShapeKind::Union(members) } else { ShapeKind::Structure(members) })
}

fn mark_required(at: &At<'_, '_>, members: &mut [Member<NameRef>]) {
    // The largest structure has 575 members.
    let by_name: HashMap<String, usize> =
        members.iter().enumerate().map(|(index, member)| (member.name.clone(), index)).collect();
    for item in at.items() {
        let Some(name) = item.string() else { continue };
        match by_name.get(name) {
            Some(&index) => members[index].traits.required = true,
            None => item.report(|diagnostics, origin| {
                let message = format!("member `{name}` is required, but does not exist");
                diagnostics
                    .error("unknown-member", origin, message)
                    .did_you_mean(name, by_name.keys().map(String::as_str));
            }),
        }
    }
}

fn mark_payload(at: &At<'_, '_>, members: &mut [Member<NameRef>]) {
    let Some(name) = at.string() else { return };
    match members.iter_mut().find(|member| member.name == name) {
        Some(member) => member.traits.place = Some(Place::Payload),
        None => at.report(|diagnostics, origin| {
            let message = format!("member `{name}` is the payload, but does not exist");
            diagnostics
                .error("unknown-member", origin, message)
                .did_you_mean(name, members.iter().map(|member| member.name.as_str()));
        }),
    }
}

fn element(object: &Object<'_, '_>, role: &'static str) -> Option<Member<NameRef>> {
    object.require(role).and_then(|at| member(role, &at))
}

fn member(name: &str, at: &At<'_, '_>) -> Option<Member<NameRef>> {
    let object = at.object()?;
    let target = object.require("shape").and_then(|at| expression::name(&at));
    let location_name = object.text("locationName");
    let location = object.get("location");
    // With a location, the name is that of a header or a part of the URI.
    let place = location.as_ref().and_then(|at| place(at, name, location_name.as_deref()));
    let wire_name = location_name.filter(|_| location.is_none());
    let traits = MemberTraits {
        wire_name,
        place,
        media_type: object.flag("jsonvalue").then(|| "application/json".to_owned()),
        xml_namespace: namespace(&object),
        xml_attribute: object.flag("xmlAttribute"),
        xml_flattened: object.flag("flattened"),
        query_name: object.text("queryName"),
        idempotency_token: object.flag("idempotencyToken"),
        timestamp_format: object.get("timestampFormat").and_then(|at| timestamp_format(&at)),
        host_label: object.flag("hostLabel"),
        context_param: object.get("contextParam").and_then(|at| context_param(&at)),
        sensitive: object.flag("sensitive"),
        deprecated: deprecated(&object),
        documentation: object.text("documentation"),
        ..MemberTraits::default()
    };
    object.finish("a member", MEMBER);
    Some(Member { name: name.to_owned(), target: target?, traits, origin: at.origin() })
}

/// Where `location` says that the member `name` is, of which `locationName` says `given`; see [`mark_query_params`].
fn place(at: &At<'_, '_>, name: &str, given: Option<&str>) -> Option<Place> {
    const LOCATIONS: &[&str] = &["uri", "querystring", "header", "headers", "statusCode"];
    let name = given.unwrap_or(name);
    match at.string()? {
        "uri" => Some(Place::Label(name.to_owned())),
        "querystring" => Some(Place::Query(name.to_owned())),
        "header" => Some(Place::Header(name.to_owned())),
        // Without a prefix it has all headers.
        "headers" => Some(Place::PrefixHeaders(given.unwrap_or_default().to_owned())),
        "statusCode" => Some(Place::Status),
        other => {
            at.unknown_value("location of a member", other, LOCATIONS);
            None
        }
    }
}

fn context_param(at: &At<'_, '_>) -> Option<String> {
    let object = at.object()?;
    let name = object.require("name")?.string()?.to_owned();
    object.finish("contextParam", &[]);
    Some(name)
}

fn timestamp_format(at: &At<'_, '_>) -> Option<TimestampFormat> {
    const FORMATS: &[(&str, TimestampFormat)] = &[
        ("unixTimestamp", TimestampFormat::EpochSeconds),
        ("iso8601", TimestampFormat::DateTime),
        ("rfc822", TimestampFormat::HttpDate),
    ];
    at.one_of("timestamp format", FORMATS)
}

/// Makes parameters of their own of the maps in queries: botocore writes keys and values of these, Smithy has a trait.
pub(super) fn mark_query_params(shapes: &mut [Shape<NameRef>]) {
    let is_map = |shape: &&Shape<NameRef>| matches!(shape.kind, ShapeKind::Map { .. });
    let maps: HashSet<String> = shapes.iter().filter(is_map).map(|shape| shape.name.clone()).collect();
    for member in shapes.iter_mut().flat_map(|shape| shape.kind.members_mut()) {
        if matches!(member.traits.place, Some(Place::Query(_))) && maps.contains(&member.target.name) {
            member.traits.place = Some(Place::QueryParams);
        }
    }
}

/// Reads the three keys of deprecation, which stand on anything.
pub(super) fn deprecated(object: &Object<'_, '_>) -> Option<Deprecated> {
    let deprecated = object.flag("deprecated");
    let (message, since) = (object.text("deprecatedMessage"), object.text("deprecatedSince"));
    deprecated.then_some(Deprecated { message, since })
}

/// Reads what makes a structure an error. The same keys stand on the shape, on
/// an operation's reference to it, or on both.
pub(super) fn error_trait(object: &Object<'_, '_>) -> Option<ErrorTrait> {
    let exception = object.flag("exception");
    let server = object.flag("fault");
    let details = object.get("error");
    let retryable = object.get("retryable");
    if !exception && !server && details.is_none() && retryable.is_none() {
        return None;
    }
    let mut error = ErrorTrait { fault: server.then_some(Fault::Server), ..ErrorTrait::default() };
    if let Some(details) = details.and_then(|at| at.object().map(|object| (object.at.origin(), object))).map(|(_, o)| o)
    {
        error.http_status = details.get("httpStatusCode").and_then(|at| at.integer());
        error.code = details.text("code");
        let (sender, server) = (details.flag("senderFault"), details.flag("fault"));
        if sender {
            error.fault = Some(Fault::Client);
        } else if server {
            error.fault = Some(Fault::Server);
        }
        details.finish("error", &[]);
    }
    if let Some(object) = retryable.as_ref().and_then(At::object) {
        error.retry = Some(if object.flag("throttling") { Retry::Throttling } else { Retry::Transient });
        object.finish("retryable", &[]);
    }
    Some(error)
}
