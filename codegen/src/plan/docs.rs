//! Documentation from facts: wire names, constraints, errors, pagination, and
//! links to the API reference. No upstream text.

use super::bindings::FieldPlace;
use super::names::question;
use super::patterns::in_words;
use super::{
    BatchPlan, Direction, FieldPlan, Idempotency, OperationPlan, PaginatorPlan, Role, ServicePlan, TypeKind, TypePlan,
};
use crate::graph::{BatchOverlay, ErrorTrait, Member, Retry, Service, ShapeKind, Topic};
use crate::markup::{code_span, escaped, linked_sentence};
use crate::prose::{reference_url, size};
use std::collections::BTreeMap;

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

/// What is said of something in our own words, as Markdown without links.
pub(super) fn lead(service: &Service, topic: &Topic) -> Option<String> {
    service.sentences().of(topic).map(|text| linked_sentence(text, |_| None))
}

/// What sentences may name, and how it is reached from where they stand.
struct Links<'p> {
    service: &'p Service,
    /// Names of Rust by those of the model: of an operation it is its input's.
    types: BTreeMap<&'p str, &'p str>,
    /// Methods of the client that wait.
    waits: Vec<&'p str>,
}

/// Where a sentence stands.
#[derive(Clone, Copy)]
enum SentencePlace {
    /// Beside the types.
    Types,
    /// Beside the module of the types.
    Service,
    /// On the client.
    Client,
}

impl<'p> Links<'p> {
    fn new(plan: &'p ServicePlan<'_>) -> Self {
        let data = plan.types.iter().filter(|ty| !ty.kind.is_of_one_operation());
        let mut types: BTreeMap<&str, &str> = data.map(|ty| (ty.wire_name, ty.name.as_str())).collect();
        types
            .extend(plan.operations.iter().map(|operation| (operation.wire_name, plan[operation.input].name.as_str())));
        let waits = plan.waiters.iter().map(|waiter| waiter.method.as_str()).collect();
        Self { service: plan.service, types, waits }
    }

    /// What is said of something in our own words, as Markdown.
    fn lead(&self, topic: &Topic, place: SentencePlace) -> Option<String> {
        let text = self.service.sentences().of(topic)?;
        Some(linked_sentence(text, |name| self.target(name, place)))
    }

    fn target(&self, name: &str, place: SentencePlace) -> Option<String> {
        let around = match place {
            SentencePlace::Types => "super",
            SentencePlace::Service | SentencePlace::Client => "super::types",
        };
        let wait = || self.waits.contains(&name).then(|| format!("Self::{name}"));
        match (self.types.get(name), place) {
            (Some(ty), _) => Some(format!("{around}::{}", unraw(ty))),
            (None, SentencePlace::Client) => wait(),
            (None, SentencePlace::Types | SentencePlace::Service) => None,
        }
    }
}

/// What is said of something in our own words, and then the facts.
fn led(lead: Option<&str>, facts: &str) -> String {
    lead.map_or_else(|| facts.to_owned(), |lead| format!("{lead}\n\n{facts}"))
}

/// Writes the documentation of all types with their fields and variants, of the client's methods, and of errors.
pub(super) fn document(plan: &mut ServicePlan<'_>) {
    let links = Links::new(plan);
    let of_fields = |ty: &TypePlan<'_>| ty.fields().iter().map(|field| field_docs(&links, plan, ty, field)).collect();
    let docs: Vec<(String, Vec<[String; 2]>)> =
        plan.types.iter().map(|ty| (type_doc(&links, plan, ty), of_fields(ty))).collect();
    let of_values: Vec<Vec<String>> = plan.types.iter().map(|ty| values_docs(&links, ty)).collect();
    let of_operations: Vec<[String; 2]> = plan
        .operations
        .iter()
        .map(|operation| [method_doc(&links, plan, operation), calls_doc(plan, operation)])
        .collect();
    let of_errors: Vec<String> = plan.errors.iter().map(|error| variant_doc(&links, &plan[error.id])).collect();
    for ((ty, (of_type, of_fields)), of_values) in plan.types.iter_mut().zip(docs).zip(of_values) {
        ty.docs = of_type;
        for (field, [docs, setter_docs]) in ty.fields_mut().iter_mut().zip(of_fields) {
            (field.docs, field.setter_docs) = (docs, setter_docs);
        }
        match &mut ty.kind {
            TypeKind::Enum { variants, .. } => {
                variants.iter_mut().zip(of_values).for_each(|(variant, docs)| variant.docs = docs);
            }
            TypeKind::IntEnum { variants, .. } => {
                variants.iter_mut().zip(of_values).for_each(|(variant, docs)| variant.docs = docs);
            }
            TypeKind::Structure { .. } | TypeKind::Union { .. } => {}
        }
    }
    for (operation, [docs, calls]) in plan.operations.iter_mut().zip(of_operations) {
        (operation.docs, operation.calls_docs) = (docs, calls);
    }
    plan.errors.iter_mut().zip(of_errors).for_each(|(error, docs)| error.docs = docs);
}

/// What the variants of an enum mean.
fn values_docs(links: &Links<'_>, ty: &TypePlan<'_>) -> Vec<String> {
    let lead = |name: &str| links.lead(&Topic::value(ty.wire_name, name), SentencePlace::Types);
    match &ty.kind {
        TypeKind::Enum { variants, .. } => {
            let docs = |value: &str| led(lead(value).as_deref(), &code_span(value));
            variants.iter().map(|variant| docs(variant.value)).collect()
        }
        TypeKind::IntEnum { variants, .. } => {
            let docs = |name: &str, value: i32| led(lead(name).as_deref(), &format!("`{value}`"));
            variants.iter().map(|variant| docs(variant.wire_name, variant.value)).collect()
        }
        TypeKind::Structure { .. } | TypeKind::Union { .. } => Vec::new(),
    }
}

/// What a method of the client does.
fn method_doc(links: &Links<'_>, plan: &ServicePlan<'_>, operation: &OperationPlan<'_>) -> String {
    let lead = links.lead(&Topic::Operation(operation.wire_name.to_owned()), SentencePlace::Client);
    let pages = match (&operation.paginator, &operation.batch) {
        (Some(_), _) => " Has `pages` and `items`.",
        (None, Some(_)) => " Has `batch`.",
        (None, None) => "",
    };
    let input = &plan[operation.input].name;
    led(lead.as_deref(), &format!("`{}`: see [`{input}`].{pages}", operation.wire_name))
}

/// A name as links have it, which know no raw ones.
fn unraw(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// By which methods of the client an operation is called, as its input says it.
fn calls_doc(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>) -> String {
    let method = |name: &str| format!("[`{name}`](super::super::client::Client::{})", unraw(name));
    let mut doc = format!("The method of the client is {}.", method(&operation.method));
    match &operation.paginator {
        Some(paginator) if paginator.items.is_some() => doc.push_str(" It has `pages()` and `items()`."),
        Some(_) => doc.push_str(" It has `pages()`."),
        None => {}
    }
    if operation.batch.is_some() {
        doc.push_str(" It has `batch()`.");
    }
    let sentence = plan.service.sentences().of(&Topic::Operation(operation.wire_name.to_owned())).unwrap_or_default();
    let (own, others): (Vec<_>, Vec<_>) =
        plan.waiters.iter().partition(|waiter| waiter.waiter.operation == operation.id);
    let said = others.into_iter().filter(|waiter| sentence.contains(&format!("`{}`", waiter.method)));
    for (waiters, what) in [(own, "repeat it until something has come about"), (said.collect(), "wait for its effect")]
    {
        let methods: Vec<String> = waiters.iter().map(|waiter| method(&waiter.method)).collect();
        if !methods.is_empty() {
            doc.push_str(&format!(" Methods that {what}: {}.", methods.join(", ")));
        }
    }
    doc
}

/// What an error means, where it is one of all.
fn variant_doc(links: &Links<'_>, ty: &TypePlan<'_>) -> String {
    led(type_lead(links, ty, SentencePlace::Service).as_deref(), &format!("`{}`", ty.wire_name))
}

/// What is said of a type in our own words.
fn type_lead(links: &Links<'_>, ty: &TypePlan<'_>, place: SentencePlace) -> Option<String> {
    match ty.kind {
        TypeKind::Structure { role: Role::Input(id), .. } => {
            links.lead(&Topic::Operation(links.service[id].name.clone()), place)
        }
        TypeKind::Structure { .. } | TypeKind::Union { .. } | TypeKind::Enum { .. } | TypeKind::IntEnum { .. } => {
            links.lead(&Topic::Shape(ty.wire_name.to_owned()), place)
        }
    }
}

/// What a type is.
fn type_doc(links: &Links<'_>, plan: &ServicePlan<'_>, ty: &TypePlan<'_>) -> String {
    led(type_lead(links, ty, SentencePlace::Types).as_deref(), &type_facts(links, plan, ty))
}

fn type_facts(links: &Links<'_>, plan: &ServicePlan<'_>, ty: &TypePlan<'_>) -> String {
    let service = plan.service;
    match &ty.kind {
        TypeKind::Structure { role: Role::Input(id), .. } => match plan.operation(*id) {
            Some(operation) => operation_doc(links, plan, operation),
            None => String::new(),
        },
        TypeKind::Structure { role: Role::Output(id), .. } => {
            let input = plan.operation(*id).map(|operation| &plan[operation.input].name);
            let input = input.map_or(String::new(), |input| format!(" Its input is [`{input}`](super::{input})."));
            format!("Output of {}.{input}", reference_link(service, &service[*id].name))
        }
        TypeKind::Structure { role: Role::Error, .. } => {
            let error = ty.shape.and_then(|id| service[id].traits.error.as_ref());
            let status = error.and_then(|error| error.http_status);
            let status = status.map_or(String::new(), |status| format!(", HTTP status {status}"));
            let retry = error.map_or(String::new(), retry_doc);
            format!("Error `{}`{status}.{retry}{}", ty.wire_name, question_doc(plan, ty))
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

/// The method that asks for an error.
fn question_doc(plan: &ServicePlan<'_>, ty: &TypePlan<'_>) -> String {
    let question = question(&ty.name);
    let is_answered = plan.errors.iter().any(|error| plan[error.id].name == ty.name);
    let link = format!("[`{question}`](super::super::Error::{question})");
    if is_answered { format!(" {link} tells whether a call failed with it.") } else { String::new() }
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

/// What an operation does, with its errors and pages.
fn operation_doc(links: &Links<'_>, plan: &ServicePlan<'_>, operation: &OperationPlan<'_>) -> String {
    let (reference, output) = (reference_link(plan.service, operation.wire_name), &plan[operation.output].name);
    let mut doc = format!("Input of {reference}; its output is [`{output}`](super::{output}).");
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
    let whole = plan.service[operation.id].traits.batch.as_ref().filter(|overlay| overlay.split.is_none());
    if let Some(batch) = &operation.batch {
        doc.push_str("\n\n");
        doc.push_str(&batch.docs());
    } else if let Some(BatchOverlay { reason, .. }) = whole {
        doc.push_str(&format!("\n\nIt has no batches, by the overlay: {}.", escaped(reason)));
    }
    if !operation.errors.is_empty() {
        doc.push_str("\n\n# Errors\n");
    }
    for error in operation.errors.iter().map(|&id| &plan[id]) {
        let name = &error.name;
        let retry = match error.shape.and_then(|id| plan.service[id].traits.error.as_ref()?.retry) {
            Some(Retry::Transient | Retry::Throttling) => Some("The client tries again.".to_owned()),
            Some(Retry::Never) | None => None,
        };
        let said: Vec<String> = type_lead(links, error, SentencePlace::Types).into_iter().chain(retry).collect();
        let colon = if said.is_empty() { "" } else { ": " };
        doc.push_str(&format!("\n- [`{name}`](super::{name}){colon}{}", said.join(" ")));
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

impl BatchPlan {
    /// How the list of an operation is split into several calls, as Markdown.
    pub fn docs(&self) -> String {
        let Self { overlay, list, maximum, failures } = self;
        let items = if *maximum == 1 { "one item" } else { &format!("at most {maximum} items") };
        let failures = match failures {
            Some(failures) => format!(", failures by item in `{}`", failures.list),
            None => String::new(),
        };
        let origin = match overlay {
            None => {
                "Inferred: the list has a greatest length, and the output tells of each item that failed.".to_owned()
            }
            Some(reason) => format!("By the overlay: {}.", escaped(reason)),
        };
        format!("A batch splits `{list}` into calls of {items}{failures}. {origin}")
    }
}

/// What a field holds, and what its setter does.
fn field_docs(links: &Links<'_>, plan: &ServicePlan<'_>, ty: &TypePlan<'_>, field: &FieldPlan<'_>) -> [String; 2] {
    let lead = links.lead(&Topic::member(ty.wire_name, &field.member.name), SentencePlace::Types);
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
        let pattern = service
            .pattern(member)
            .map(|pattern| in_words(pattern).unwrap_or_else(|| format!("matches {}", code_span(pattern))));
        size(&service[member.target].kind, &service.limits(member)).into_iter().chain(pattern)
    };
    let mut facts: Vec<String> = of(member).collect();
    if service[member.target].traits.unique_items {
        facts.push("no two alike".to_owned());
    }
    let mut correction = service.correction(member);
    if let ShapeKind::List { member, .. } = &service[member.target].kind {
        facts.extend(of(member).map(|fact| format!("each {fact}")));
        correction = correction.or(service.correction(member));
    }
    facts.extend(correction.map(|correction| format!("corrected by the overlay ({})", escaped(&correction.reason))));
    facts
}
