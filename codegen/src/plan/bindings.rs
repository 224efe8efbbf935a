//! HTTP bindings: where the fields of inputs, outputs and errors travel, and what requests and responses look like.

use super::{FieldPlan, OperationPlan, Role, ServicePlan, TypeId, TypeKind, TypePlan};
use crate::diagnostic::Diagnostics;
use crate::graph::{Member, Operation, Place, Service, ShapeKind, number};
use std::borrow::Cow;
use std::collections::HashSet;

/// Where a field travels, if not in the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldPlace<'g> {
    /// In place of this label of the path.
    Label(&'g str),
    /// As this key of the query.
    Query(&'g str),
    /// As keys and values of the query.
    QueryParams,
    /// As this header.
    Header(&'g str),
    /// As this header, in base64: its text is JSON.
    EncodedHeader(&'g str),
    /// As headers whose names begin with this.
    PrefixHeaders(&'g str),
    /// As the whole body.
    Payload,
    /// As the status of the response.
    Status,
}

/// What requests and responses of an operation look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpPlan<'g> {
    /// The method.
    pub method: &'g str,
    /// Path and query, with labels.
    pub uri: Cow<'g, str>,
    /// The status of success.
    pub code: u16,
    /// The body of requests.
    pub request: BodyKind<'g>,
    /// The body of responses.
    pub response: BodyKind<'g>,
    /// The checksum that requests must have.
    pub checksum: Option<ChecksumPlan<'g>>,
}

/// The checksum of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChecksumPlan<'g> {
    /// The one that HTTP has a header for.
    Md5,
    /// One of several; this header says which.
    Flexible(&'g str),
}

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind<'g> {
    /// Nothing.
    None,
    /// The members that travel nowhere else.
    Members,
    /// One member, a structure: without it there is an empty one.
    Structure,
    /// One member, a union or a document.
    Value,
    /// One member: bytes of this media type.
    Bytes(&'g str),
    /// One member: text of this media type.
    Text(&'g str),
}

/// Gives fields their places and operations their requests and responses. Only for services that speak a protocol with
/// bindings.
pub(super) fn bind(plan: &mut ServicePlan<'_>, diagnostics: &mut Diagnostics) {
    let service = plan.service;
    for ty in &mut plan.types {
        let TypeKind::Structure { fields, role } = &mut ty.kind else { continue };
        let role = *role;
        for field in fields.iter_mut() {
            field.place = place(service, field.member, role);
        }
        report_doubles(fields, diagnostics);
    }
    let ServicePlan { types, operations, .. } = plan;
    for operation in operations {
        operation.http = http(service, operation, types, diagnostics);
    }
}

fn place<'g>(service: &Service, member: &'g Member, role: Role) -> Option<FieldPlace<'g>> {
    let [in_request, in_response] = match role {
        Role::Input(_) => [true, false],
        Role::Output(_) | Role::Error => [false, true],
        // Deeper inside places mean nothing.
        Role::Data => return None,
    };
    let place = match member.traits.place.as_ref()? {
        Place::Label(name) => FieldPlace::Label(name),
        Place::Query(name) => FieldPlace::Query(name),
        Place::QueryParams => FieldPlace::QueryParams,
        Place::Header(name) if is_json(service, member) => FieldPlace::EncodedHeader(name),
        Place::Header(name) => FieldPlace::Header(name),
        Place::PrefixHeaders(prefix) => FieldPlace::PrefixHeaders(prefix),
        Place::Payload => FieldPlace::Payload,
        Place::Status => FieldPlace::Status,
    };
    let counts = match place {
        FieldPlace::Label(_) | FieldPlace::Query(_) | FieldPlace::QueryParams => in_request,
        FieldPlace::Header(_) | FieldPlace::EncodedHeader(_) | FieldPlace::PrefixHeaders(_) | FieldPlace::Payload => {
            true
        }
        FieldPlace::Status => in_response,
    };
    counts.then_some(place)
}

/// Whether the member is text that is JSON, which headers have in base64.
fn is_json(service: &Service, member: &Member) -> bool {
    media_type(service, member).is_some_and(|media_type| media_type.contains("json"))
}

fn media_type<'g>(service: &'g Service, member: &'g Member) -> Option<&'g str> {
    let said = member.traits.media_type.as_ref();
    said.or(service[member.target].traits.media_type.as_ref()).map(String::as_str)
}

/// One header or key of the query for two members: the one would hide the other.
fn report_doubles(fields: &[FieldPlan<'_>], diagnostics: &mut Diagnostics) {
    let mut taken = HashSet::new();
    for field in fields {
        let name = match field.place {
            None => continue,
            Some(FieldPlace::Label(name)) => format!("label `{name}`"),
            Some(FieldPlace::Query(name)) => format!("`{name}` of the query"),
            Some(FieldPlace::QueryParams) => "the rest of the query".to_owned(),
            Some(FieldPlace::Header(name) | FieldPlace::EncodedHeader(name)) => {
                format!("header `{}`", name.to_ascii_lowercase())
            }
            Some(FieldPlace::PrefixHeaders(prefix)) => format!("headers `{}*`", prefix.to_ascii_lowercase()),
            Some(FieldPlace::Payload) => "the body".to_owned(),
            Some(FieldPlace::Status) => "the status".to_owned(),
        };
        let message = format!("member `{}` travels as {name}, and so does another", field.member.name);
        if !taken.insert(name) {
            diagnostics
                .error("duplicate-binding", &field.member.origin, message)
                .hint("give one of the two another place");
        }
    }
}

fn http<'g>(
    service: &'g Service,
    plan: &OperationPlan<'g>,
    types: &[TypePlan<'g>],
    diagnostics: &mut Diagnostics,
) -> Option<HttpPlan<'g>> {
    let operation: &'g Operation = &service[plan.id];
    let Some(http) = &operation.traits.http else {
        diagnostics
            .error(
                "missing-http",
                &operation.origin,
                format!("operation `{}` has no method and no path", operation.name),
            )
            .hint("its service speaks a REST protocol: add them, as key `http` or trait `smithy.api#http`");
        return None;
    };
    let fields = |id: TypeId| types[id.0 as usize].fields();
    report_labels(operation, &http.uri, fields(plan.input), diagnostics);
    Some(HttpPlan {
        method: &http.method,
        uri: without_endpoint(service, &http.uri, fields(plan.input)),
        code: http.code.unwrap_or(200),
        request: body(service, fields(plan.input)),
        response: body(service, fields(plan.output)),
        checksum: operation.traits.checksum_required.then(|| checksum(operation, fields(plan.input))),
    })
}

/// The path without a label at its beginning that the endpoint has: S3's buckets are in the name of the host, or else the
/// rules put them into the URL.
fn without_endpoint<'g>(service: &Service, uri: &'g str, fields: &[FieldPlan<'_>]) -> Cow<'g, str> {
    let label = uri.strip_prefix("/{").and_then(|rest| rest.split_once('}'));
    let is_in_endpoint = |label: &str| {
        let member = fields.iter().find(|field| field.place == Some(FieldPlace::Label(label)));
        let parameter = member.and_then(|field| field.member.traits.context_param.as_deref());
        parameter.is_some_and(|parameter| service.rule_set().is_some_and(|rules| rules.has_in_url(parameter)))
    };
    match label {
        Some((label, rest)) if is_in_endpoint(label) => {
            if rest.starts_with('/') {
                Cow::Borrowed(rest)
            } else {
                Cow::Owned(format!("/{rest}"))
            }
        }
        _ => Cow::Borrowed(uri),
    }
}

fn checksum<'g>(operation: &Operation, fields: &[FieldPlan<'g>]) -> ChecksumPlan<'g> {
    let is_said = |field: &&FieldPlan<'g>| operation.traits.checksum_member.as_ref() == Some(&field.member.name);
    match fields.iter().find(is_said).and_then(|field| field.place) {
        Some(FieldPlace::Header(name)) => ChecksumPlan::Flexible(name),
        _ => ChecksumPlan::Md5,
    }
}

fn body<'g>(service: &'g Service, fields: &[FieldPlan<'g>]) -> BodyKind<'g> {
    let payload = fields.iter().find(|field| field.place == Some(FieldPlace::Payload));
    let Some(FieldPlan { member, .. }) = payload else {
        let has_members = fields.iter().any(|field| field.place.is_none());
        return if has_members { BodyKind::Members } else { BodyKind::None };
    };
    let member: &'g Member = member;
    let media_type = media_type(service, member);
    match service[member.target].kind {
        ShapeKind::Structure(_) => BodyKind::Structure,
        ShapeKind::Blob => BodyKind::Bytes(media_type.unwrap_or("application/octet-stream")),
        ShapeKind::String | ShapeKind::Enum(_) => BodyKind::Text(media_type.unwrap_or("text/plain")),
        ShapeKind::Union(_)
        | ShapeKind::List { .. }
        | ShapeKind::Map { .. }
        | ShapeKind::IntEnum(_)
        | ShapeKind::Boolean
        | number!()
        | ShapeKind::Timestamp
        | ShapeKind::Document => BodyKind::Value,
    }
}

/// Labels of the path without a member, and members without their label in it.
fn report_labels(operation: &Operation, uri: &str, fields: &[FieldPlan<'_>], diagnostics: &mut Diagnostics) {
    let labels: Vec<&str> = labels(uri).collect();
    let members: Vec<&str> = fields
        .iter()
        .filter_map(|field| match field.place {
            Some(FieldPlace::Label(name)) => Some(name),
            _ => None,
        })
        .collect();
    for label in labels.iter().filter(|label| !members.contains(label)) {
        diagnostics
            .error(
                "unknown-label",
                &operation.origin,
                format!("no member of the input is the label `{label}` of `{uri}`"),
            )
            .did_you_mean(label, members.iter().copied());
    }
    for field in fields {
        if let Some(FieldPlace::Label(name)) = field.place
            && !labels.contains(&name)
        {
            diagnostics
                .error("unknown-label", &field.member.origin, format!("`{uri}` has no label `{name}`"))
                .did_you_mean(name, labels.iter().copied());
        }
    }
}

/// The names in `{name}` and `{name+}`.
fn labels(uri: &str) -> impl Iterator<Item = &str> {
    let inside = uri.split('{').skip(1).filter_map(|part| part.split_once('}'));
    inside.map(|(name, _)| name.strip_suffix('+').unwrap_or(name))
}
