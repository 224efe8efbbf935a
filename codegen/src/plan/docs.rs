//! Documentation from facts: wire names, constraints, errors, pagination, and
//! links to the API reference. No upstream text.

use super::bindings::FieldPlace;
use super::{Direction, FieldPlan, Idempotency, OperationPlan, PaginatorPlan, Role, ServicePlan, TypeKind, TypePlan};
use crate::graph::{ErrorTrait, Member, Retry, Service, ShapeKind, Topic};
use crate::markup::{code_span, escaped, sentence};
use crate::prose::{reference_url, size};

/// Name of the service for people, as Markdown.
pub(super) fn service_name(service: &Service) -> String {
    let metadata = service.metadata();
    escaped(metadata.full_name.as_deref().or(metadata.service_id.as_deref()).unwrap_or(service.name()))
}

/// `` [`Name`](url) ``, or `` `Name` `` where the model says too little for a link.
fn reference_link(service: &Service, name: &str) -> String {
    match reference_url(service, name) {
        Some(url) => format!("[`{name}`]({url})"),
        None => format!("`{name}`"),
    }
}

/// What is said of something in our own words, as Markdown.
pub(super) fn lead(service: &Service, topic: &Topic) -> Option<String> {
    service.sentences().of(topic).map(sentence)
}

/// What is said of something in our own words, and then the facts.
fn led(lead: Option<&str>, facts: &str) -> String {
    lead.map_or_else(|| facts.to_owned(), |lead| format!("{lead}\n\n{facts}"))
}

/// Writes the documentation of all types with their fields and variants, of the client's methods, and of errors.
pub(super) fn document(plan: &mut ServicePlan<'_>) {
    let of_fields = |ty: &TypePlan<'_>| ty.fields().iter().map(|field| field_docs(plan, ty, field)).collect();
    let docs: Vec<(String, Vec<[String; 2]>)> =
        plan.types.iter().map(|ty| (type_doc(plan, ty), of_fields(ty))).collect();
    let of_methods: Vec<String> = plan.operations.iter().map(|operation| method_doc(plan, operation)).collect();
    let of_errors: Vec<String> = plan.errors.iter().map(|error| variant_doc(plan, &plan[error.id])).collect();
    for (ty, (of_type, of_fields)) in plan.types.iter_mut().zip(docs) {
        ty.docs = of_type;
        for (field, [docs, setter_docs]) in ty.fields_mut().iter_mut().zip(of_fields) {
            (field.docs, field.setter_docs) = (docs, setter_docs);
        }
        document_values(plan.service, ty);
    }
    plan.operations.iter_mut().zip(of_methods).for_each(|(operation, docs)| operation.docs = docs);
    plan.errors.iter_mut().zip(of_errors).for_each(|(error, docs)| error.docs = docs);
}

/// Writes the documentation of an enum's variants.
fn document_values(service: &Service, ty: &mut TypePlan<'_>) {
    let lead = |name: &str| lead(service, &Topic::value(ty.wire_name, name));
    match &mut ty.kind {
        TypeKind::Enum { variants, .. } => {
            for variant in variants {
                variant.docs = led(lead(variant.value).as_deref(), &code_span(variant.value));
            }
        }
        TypeKind::IntEnum { variants, .. } => {
            for variant in variants {
                variant.docs = led(lead(variant.wire_name).as_deref(), &format!("`{}`", variant.value));
            }
        }
        TypeKind::Structure { .. } | TypeKind::Union { .. } => {}
    }
}

/// What a method of the client does.
fn method_doc(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>) -> String {
    let lead = lead(plan.service, &Topic::Operation(operation.wire_name.to_owned()));
    let pages = if operation.paginator.is_some() { " Has `pages` and `items`." } else { "" };
    let input = &plan[operation.input].name;
    led(lead.as_deref(), &format!("`{}`: see [`{input}`].{pages}", operation.wire_name))
}

/// What an error means, where it is one of all.
fn variant_doc(plan: &ServicePlan<'_>, ty: &TypePlan<'_>) -> String {
    led(type_lead(plan.service, ty).as_deref(), &format!("`{}`", ty.wire_name))
}

/// What is said of a type in our own words.
fn type_lead(service: &Service, ty: &TypePlan<'_>) -> Option<String> {
    match ty.kind {
        TypeKind::Structure { role: Role::Input(id), .. } => lead(service, &Topic::Operation(service[id].name.clone())),
        TypeKind::Structure { .. } | TypeKind::Union { .. } | TypeKind::Enum { .. } | TypeKind::IntEnum { .. } => {
            lead(service, &Topic::Shape(ty.wire_name.to_owned()))
        }
    }
}

/// What a type is.
fn type_doc(plan: &ServicePlan<'_>, ty: &TypePlan<'_>) -> String {
    led(type_lead(plan.service, ty).as_deref(), &type_facts(plan, ty))
}

fn type_facts(plan: &ServicePlan<'_>, ty: &TypePlan<'_>) -> String {
    let service = plan.service;
    match &ty.kind {
        TypeKind::Structure { role: Role::Input(id), .. } => match plan.operation(*id) {
            Some(operation) => operation_doc(plan, operation, "Input of"),
            None => String::new(),
        },
        TypeKind::Structure { role: Role::Output(id), .. } => {
            format!("Output of {}.", reference_link(service, &service[*id].name))
        }
        TypeKind::Structure { role: Role::Error, .. } => {
            let error = ty.shape.and_then(|id| service[id].traits.error.as_ref());
            let status = error.and_then(|error| error.http_status);
            let status = status.map_or(String::new(), |status| format!(", HTTP status {status}"));
            let retry = error.map_or(String::new(), retry_doc);
            format!("Error `{}`{status}.{retry}", ty.wire_name)
        }
        TypeKind::Structure { .. } => format!("{}, {}.", reference_link(service, ty.wire_name), place(ty.direction)),
        TypeKind::Union { .. } => {
            format!("Exactly one of the members of {}, {}.", reference_link(service, ty.wire_name), place(ty.direction))
        }
        TypeKind::Enum { .. } | TypeKind::IntEnum { .. } => {
            format!("Values of `{}`, {}.", ty.wire_name, place(ty.direction))
        }
    }
}

/// What the overlay says of another try.
fn retry_doc(error: &ErrorTrait) -> String {
    let (Some(retry), Some(reason)) = (error.retry, &error.retry_reason) else { return String::new() };
    let means = match retry {
        Retry::Transient => "Worth another try",
        Retry::Throttling => "Throttling",
        Retry::Never => "Not worth another try",
    };
    format!(" {means}, by the overlay: {}.", escaped(reason))
}

/// Why the overlay has a member, or what it holds, redacted.
fn redaction_reason<'m>(service: &'m Service, member: &'m Member) -> Option<&'m str> {
    let of_contents = || service.contents(member.target).find_map(|id| service[id].traits.redacted.as_deref());
    member.traits.redacted.as_deref().or_else(of_contents)
}

fn place(direction: Direction) -> &'static str {
    match direction {
        Direction { input: true, output: false } => "in requests",
        Direction { input: false, output: true } => "in responses",
        _ => "in requests and responses",
    }
}

/// What an operation does with its errors and pages; `lead` starts the sentence.
fn operation_doc(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>, lead: &str) -> String {
    let mut doc = format!("{lead} {}.", reference_link(plan.service, operation.wire_name));
    doc.push_str(match operation.effect {
        Idempotency::Readonly => " It changes nothing.",
        Idempotency::Idempotent => " It is idempotent.",
        Idempotency::Any => "",
    });
    let is_streamed = |field: &FieldPlan<'_>| {
        field.place == Some(FieldPlace::Payload) && plan.service[field.member.target].traits.streaming
    };
    if plan[operation.output].fields().iter().any(is_streamed) {
        doc.push_str(
            "\n\nThe body of the answer is held in memory: `HttpOptions::max_response_bytes` limits its length.",
        );
    }
    if let Some(paginator) = &operation.paginator {
        doc.push_str("\n\n");
        doc.push_str(&paginator.docs());
    }
    if !operation.errors.is_empty() {
        let errors = operation.errors.iter().map(|&id| &plan[id].name);
        let errors: Vec<String> = errors.map(|name| format!("[`{name}`](super::{name})")).collect();
        doc.push_str("\n\nErrors: ");
        doc.push_str(&errors.join(", "));
        doc.push('.');
    }
    doc
}

impl PaginatorPlan {
    /// How an operation is paginated, as Markdown.
    pub fn docs(&self) -> String {
        let items = self.items.as_ref().map_or(String::new(), |key| format!(" over `{key}`"));
        let limit = self.limit_key.as_ref().map_or(String::new(), |key| format!(", page size by `{key}`"));
        let inferred =
            if self.inferred { " Inferred: a token goes in and comes out, and the output has one list." } else { "" };
        format!("Paginated{items} by `{}`{limit}.{inferred}", self.input_tokens.join("`, `"))
    }
}

/// What a field holds, and what its setter does.
fn field_docs(plan: &ServicePlan<'_>, ty: &TypePlan<'_>, field: &FieldPlan<'_>) -> [String; 2] {
    let lead = lead(plan.service, &Topic::member(ty.wire_name, &field.member.name));
    let sets = format!("Sets `{}`.", field.name);
    [&field_facts(plan, field), &sets].map(|facts| led(lead.as_deref(), facts))
}

fn field_facts(plan: &ServicePlan<'_>, field: &FieldPlan<'_>) -> String {
    let mut facts = Vec::new();
    // A union's member is never asked for, though its variant has no `Option`.
    if field.is_argument() && field.member.traits.required {
        facts.push("required".to_owned());
    }
    facts.extend(constraints(plan.service, field.member));
    if field.sensitive {
        let reason = redaction_reason(plan.service, field.member).map(escaped);
        let by = reason.map_or(String::new(), |reason| format!(" by the overlay ({reason})"));
        facts.push(format!("redacted in `Debug`{by}"));
    }
    facts.extend(field.member.traits.default.as_deref().map(|default| {
        let of_service = if field.is_plain() { "by" } else { "absent, the service takes its" };
        format!("{of_service} default {}", code_span(default))
    }));
    if field.is_token {
        facts.push("a unique token, made where it is absent".to_owned());
    }
    let name = code_span(&field.member.name);
    if facts.is_empty() { format!("{name}.") } else { format!("{name}: {}.", facts.join("; ")) }
}

/// Constraints of what a member holds, and of the elements of a list.
fn constraints(service: &Service, member: &Member) -> Vec<String> {
    let of = |member: &Member| {
        let pattern = service.pattern(member).map(|pattern| format!("matches {}", code_span(pattern)));
        size(&service[member.target].kind, &service.limits(member)).into_iter().chain(pattern)
    };
    let mut facts: Vec<String> = of(member).collect();
    if let ShapeKind::List { member, .. } = &service[member.target].kind {
        facts.extend(of(member).map(|fact| format!("each {fact}")));
    }
    facts
}
