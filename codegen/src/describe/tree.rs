//! All that the model says, as a tree.

use super::page::{Branch, Page};
use super::usage::{Usage, usage};
use crate::graph::{
    ContextValue, Deprecated, Fault, Member, MemberPath, MemberTraits, Operation, OperationId, Retry, Service, Shape,
    ShapeId, ShapeKind, TokenExpression, TokenStep, Waiter, scalar, simple,
};
use crate::plan::names::snake;
use crate::plan::{BatchPlan, OperationPlan, PaginatorPlan, ServicePlan};
use crate::prose::size;

/// Letters of a list of values or a pattern in the line of a member.
const ROOM: usize = 60;

impl Page<'_> {
    /// What a member or element is, with all that is in it.
    fn member(&self, member: &Member, path: &mut Vec<ShapeId>) -> Branch {
        let paint = self.paint;
        let shape = &self.service[member.target];
        let mut line = paint.name(&member.name);
        if member.traits.required {
            line.push_str(&paint.mark(" *"));
        }
        line.push_str(&format!("  {}", paint.kind(&self.type_name(member.target))));
        let recursive = path.contains(&member.target);
        let facts = self.facts(member, shape, recursive);
        if !facts.is_empty() {
            line.push_str(&format!("  {}", facts.join(", ")));
        }
        let below = if recursive { Vec::new() } else { self.inside(member.target, path) };
        Branch { line, below }
    }

    /// The members of an aggregate; of a list or map those of what it holds.
    fn inside(&self, id: ShapeId, path: &mut Vec<ShapeId>) -> Vec<Branch> {
        if path.contains(&id) {
            return Vec::new();
        }
        path.push(id);
        let below = match &self.service[id].kind {
            ShapeKind::Structure(members) | ShapeKind::Union(members) => {
                members.iter().map(|member| self.member(member, path)).collect()
            }
            ShapeKind::List { member, .. } => self.element(member, path),
            ShapeKind::Map { key, value, .. } => {
                let key = self.says_more(key).then(|| self.member(key, path));
                key.into_iter().chain(self.element(value, path)).collect()
            }
            simple!() => Vec::new(),
        };
        path.pop();
        below
    }

    /// The element's own members, or itself where there is something to say of it.
    fn element(&self, member: &Member, path: &mut Vec<ShapeId>) -> Vec<Branch> {
        let aggregate = matches!(self.service[member.target].kind, ShapeKind::Structure(_));
        if path.contains(&member.target) || (!aggregate && self.says_more(member)) {
            return vec![self.member(member, path)];
        }
        self.inside(member.target, path)
    }

    fn says_more(&self, member: &Member) -> bool {
        let shape = &self.service[member.target];
        !matches!(shape.kind, ShapeKind::Structure(_)) && !self.facts(member, shape, false).is_empty()
    }

    /// `list of Fleet`.
    fn type_name(&self, id: ShapeId) -> String {
        let mut id = id;
        let mut name = String::new();
        // Lists of lists end: a service has no endless types. A map's value is said below it.
        for _ in 0..=self.service.shapes().len() {
            let shape = &self.service[id];
            match &shape.kind {
                ShapeKind::List { member, .. } => {
                    name.push_str("list of ");
                    id = member.target;
                }
                ShapeKind::Map { key, value, .. } => {
                    name.push_str(&format!("map of {} to ", plain_type(&self.service[key.target])));
                    id = value.target;
                }
                ShapeKind::Structure(_) | ShapeKind::Union(_) | simple!() => return name + &plain_type(shape),
            }
        }
        name
    }

    fn facts(&self, member: &Member, shape: &Shape, recursive: bool) -> Vec<String> {
        let paint = self.paint;
        let traits = &member.traits;
        let mut facts = Vec::new();
        facts.extend(recursive.then(|| paint.mark("recursive")));
        facts.extend(size(&shape.kind, &self.service.limits(member)));
        facts.extend(self.service.pattern(member).map(|pattern| format!("matches {}", shortened(pattern))));
        facts.extend(self.service.correction(member).map(|_| "corrected (overlay)".to_owned()));
        if let ShapeKind::Enum(_) | ShapeKind::IntEnum(_) = shape.kind {
            facts.push(abbreviated(&values(shape)));
        }
        facts.extend(self.own_facts(shape));
        facts.extend(self.secret(traits.sensitive, traits.redacted.is_some()));
        facts.extend(traits.deprecated.as_ref().map(|deprecated| paint.mark(&deprecation(deprecated))));
        facts.extend(traits.idempotency_token.then(|| "idempotency token".to_owned()));
        facts.extend(traits.default.as_ref().map(|default| format!("default {}", shortened(default))));
        facts.extend(traits.wire_name.as_ref().map(|name| format!("`{name}` on the wire")));
        facts.extend(self.place(traits).map(|place| format!("in the message: {place}")));
        facts.extend(traits.host_label.then(|| "part of the host name".to_owned()));
        facts.extend(traits.context_param.as_ref().map(|name| format!("endpoint parameter {name}")));
        facts
    }

    /// Where a member travels, if its service speaks a protocol in which it has a place.
    fn place(&self, traits: &MemberTraits) -> Option<String> {
        traits.place.as_ref().filter(|_| self.service.metadata().has_bindings()).map(ToString::to_string)
    }

    /// Who says that something is never shown in logs, if anybody does.
    fn secret(&self, model: bool, overlay: bool) -> Option<String> {
        let said = if model { "sensitive" } else { "sensitive (overlay)" };
        (model || overlay).then(|| self.paint.mark(said))
    }

    /// What a shape says of itself, apart from its size.
    fn own_facts(&self, shape: &Shape) -> Vec<String> {
        let paint = self.paint;
        let traits = &shape.traits;
        let mut facts = Vec::new();
        facts.extend(self.secret(traits.sensitive, traits.redacted.is_some()));
        facts.extend(traits.deprecated.as_ref().map(|deprecated| paint.mark(&deprecation(deprecated))));
        facts.extend(matches!(shape.kind, ShapeKind::Union(_)).then(|| "exactly one member".to_owned()));
        let sparse = matches!(shape.kind, ShapeKind::List { sparse: true, .. } | ShapeKind::Map { sparse: true, .. });
        facts.extend(sparse.then(|| "may hold nulls".to_owned()));
        facts.extend(traits.streaming.then(|| "streaming".to_owned()));
        facts.extend(traits.event_stream.then(|| "event stream".to_owned()));
        facts.extend(traits.timestamp_format.map(|format| format!("as {format:?}")));
        facts
    }

    fn error(&self, id: ShapeId) -> String {
        let shape = &self.service[id];
        let facts = error_facts(shape);
        format!("{}  {}", self.paint.name(&shape.name), facts.join(", ")).trim_end().to_owned()
    }

    fn paginator(&self, operation: OperationId, paginator: &PaginatorPlan) -> Vec<Branch> {
        let path = |path: &Option<MemberPath>| path.as_ref().map(ToString::to_string).unwrap_or_default();
        let modelled = self.service.paginator(operation).map_or(&[][..], |modelled| &modelled.result_keys);
        let more: Vec<String> = modelled.iter().skip(1).map(|key| key.value.to_string()).collect();
        let tokens: Vec<String> = paginator.output_tokens.iter().map(token).collect();
        let facts = [
            ("tokens in", paginator.input_tokens.join(", ")),
            ("tokens out", tokens.join(", ")),
            ("items at", path(&paginator.items)),
            ("lists also at", more.join(", ")),
            ("page size", paginator.limit_key.clone().unwrap_or_default()),
            ("more pages if", path(&paginator.more_results)),
        ];
        let present = facts.into_iter().filter(|(_, value)| !value.is_empty());
        present.map(|(what, value)| Branch::leaf(format!("{what:13}  {}", self.paint.name(&value)))).collect()
    }

    fn batch(&self, batch: &BatchPlan) -> Vec<Branch> {
        let failures = batch.failures.as_ref().map(ToString::to_string);
        let facts = [
            ("items", batch.list.clone()),
            ("of a call", format!("at most {}", batch.maximum)),
            ("failures at", failures.unwrap_or_default()),
        ];
        let present = facts.into_iter().filter(|(_, value)| !value.is_empty());
        present.map(|(what, value)| Branch::leaf(format!("{what:13}  {}", self.paint.name(&value)))).collect()
    }

    fn waiter(&self, waiter: &Waiter) -> String {
        let attempts = waiter.max_attempts.map_or(String::new(), |most| format!(", at most {most} times"));
        let overlay = if waiter.overlay.is_some() { " (overlay)" } else { "" };
        let name = self.paint.name(&waiter.name);
        let operation = &self.service[waiter.operation].name;
        format!("{name}  asks {operation} every {} s{attempts}{overlay}", waiter.delay)
    }
}

/// A service as a whole.
pub(super) fn service(plan: &ServicePlan<'_>, colour: bool) -> String {
    let service = plan.service;
    let mut page = Page::new(service, colour);
    let metadata = service.metadata();
    let version = metadata.api_version.as_ref().map(|version| format!("API version {version}"));
    let facts: Vec<String> = metadata.full_name.iter().cloned().chain(version).collect();
    let title = page.paint.name(service.name());
    page.line(format!("{title}  {}", facts.join(", ")).trim_end());
    page.line("");
    let protocols: Vec<&str> = metadata.protocols.iter().map(|protocol| protocol.name()).collect();
    let inferred = |wanted: bool| {
        let paginators = plan.operations.iter().filter_map(|operation| operation.paginator.as_ref());
        paginators.filter(|paginator| paginator.inferred == wanted).count()
    };
    let errors = service.shapes().filter(|(_, shape)| shape.traits.error.is_some()).count();
    let rows = [
        ("protocols", protocols.join(", ")),
        ("endpoint", metadata.endpoint_prefix.clone().unwrap_or_default()),
        ("operations", service.operations().len().to_string()),
        ("shapes", kinds(service)),
        ("errors", errors.to_string()),
        ("paginators", format!("{} modelled, {} inferred", inferred(false), inferred(true))),
        ("batches", batches(plan)),
    ];
    for (what, value) in rows.into_iter().filter(|(_, value)| !value.is_empty()) {
        page.line(&format!("{what:10}  {value}"));
    }
    page.list("waiters", service.waiters().iter().map(|waiter| page.waiter(waiter)).collect());
    let operations = service.operations().map(|(id, operation)| overview_line(&page, plan, id, operation)).collect();
    page.list("operations", operations);
    page.text
}

/// How many operations have batches; empty where none has.
fn batches(plan: &ServicePlan<'_>) -> String {
    let batches = plan.operations.iter().filter_map(|operation| operation.batch.as_ref());
    let (inferred, declared): (Vec<_>, Vec<_>) = batches.partition(|batch| batch.is_inferred());
    match (inferred.len(), declared.len()) {
        (0, 0) => String::new(),
        (inferred, 0) => format!("{inferred} inferred"),
        (inferred, declared) => format!("{inferred} inferred, {declared} by the overlay"),
    }
}

fn overview_line(page: &Page<'_>, plan: &ServicePlan<'_>, id: OperationId, operation: &Operation) -> String {
    let mut marks = Vec::new();
    let paginator = plan.operation(id).and_then(|operation| operation.paginator.as_ref());
    marks.extend(paginator.map(|p| if p.inferred { "paginated (inferred)" } else { "paginated" }.to_owned()));
    let batch = plan.operation(id).and_then(|operation| operation.batch.as_ref());
    marks.extend(
        batch.map(|batch| if batch.is_inferred() { "batches (inferred)" } else { "batches (overlay)" }.to_owned()),
    );
    let waiters = plan.service.waiters().iter().filter(|waiter| waiter.operation == id);
    marks.extend(waiters.map(|waiter| format!("waiter {}", waiter.name)));
    marks.extend(operation.traits.deprecated.as_ref().map(|d| page.paint.mark(&deprecation(d))));
    marks.extend(skipped(plan, operation).map(|reason| page.paint.mark(&reason)));
    format!("{}  {}", page.paint.name(&operation.name), marks.join(", ")).trim_end().to_owned()
}

/// `210 structures, 3 unions`, the most first.
fn kinds(service: &Service) -> String {
    let mut counts = std::collections::BTreeMap::new();
    for (_, shape) in service.shapes() {
        *counts.entry(shape.kind.type_name()).or_insert(0_usize) += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|&(kind, count)| (std::cmp::Reverse(count), kind));
    let list: Vec<String> = counts.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    format!("{}: {}", service.shapes().len(), list.join(", "))
}

fn skipped(plan: &ServicePlan<'_>, operation: &Operation) -> Option<String> {
    let skipped = plan.skipped.iter().find(|skipped| skipped.what == operation.name);
    skipped.map(|skipped| format!("not generated: {}", skipped.reason))
}

/// An operation.
pub(super) fn operation(plan: &ServicePlan<'_>, id: OperationId, colour: bool) -> String {
    let (service, operation) = (plan.service, &plan.service[id]);
    let mut page = Page::new(service, colour);
    let mut facts = vec![format!("operation of {}", service.name())];
    facts.extend(plan.operation(id).and(operation.traits.http.as_ref()).map(ToString::to_string));
    facts.extend(operation_facts(operation));
    facts.extend(operation.traits.deprecated.as_ref().map(|d| page.paint.mark(&deprecation(d))));
    facts.extend(skipped(plan, operation).map(|reason| page.paint.mark(&reason)));
    page.title(&operation.name, &facts);
    page.reference(&operation.name);
    for (heading, shape) in [("request", operation.input), ("response", operation.output)] {
        let about = shape.map_or("none", |shape| service[shape].name.as_str());
        let members = shape.map_or(Vec::new(), |shape| page.inside(shape, &mut Vec::new()));
        let about = if shape.is_some() && members.is_empty() { format!("{about}, empty") } else { about.to_owned() };
        page.part(heading, &about, &members);
    }
    page.list("errors", operation.errors.iter().map(|&error| page.error(error)).collect());
    if let Some(paginator) = plan.operation(id).and_then(|operation| operation.paginator.as_ref()) {
        let branches = page.paginator(id, paginator);
        page.part("pagination", origin_of(paginator), &branches);
    }
    if let Some(batch) = plan.operation(id).and_then(|operation| operation.batch.as_ref()) {
        page.part("batches", &origin_of_batch(batch), &page.batch(batch));
    }
    let waiters = service.waiters().iter().filter(|waiter| waiter.operation == id);
    page.list("waiters", waiters.map(|waiter| page.waiter(waiter)).collect());
    page.list("endpoint", endpoint(operation));
    page.text
}

fn origin_of(paginator: &PaginatorPlan) -> &'static str {
    if paginator.inferred { "inferred: a token goes in and comes out, and the output has one list" } else { "modelled" }
}

fn origin_of_batch(batch: &BatchPlan) -> String {
    match &batch.overlay {
        None => "inferred: the list has a greatest length, and the output tells of each item that failed".to_owned(),
        Some(reason) => format!("by the overlay: {reason}"),
    }
}

fn operation_facts(operation: &Operation) -> Vec<String> {
    let traits = &operation.traits;
    let facts = [(traits.readonly, "read-only"), (traits.idempotent, "idempotent"), (traits.unsigned, "not signed")];
    facts.iter().filter(|(is, _)| *is).map(|(_, fact)| (*fact).to_owned()).collect()
}

fn endpoint(operation: &Operation) -> Vec<String> {
    let traits = &operation.traits;
    let fixed = traits.static_context_params.iter().map(|(name, value)| {
        let value = match value {
            ContextValue::String(text) => format!("'{text}'"),
            ContextValue::Boolean(value) => value.to_string(),
            ContextValue::StringList(list) => format!("{list:?}"),
        };
        format!("{name} = {value}")
    });
    let taken = traits.operation_context_params.iter().map(|(name, path)| format!("{name} = input's {path}"));
    let prefix = traits.host_prefix.as_ref().map(|prefix| format!("host prefix {prefix}"));
    prefix.into_iter().chain(fixed).chain(taken).collect()
}

/// A paginator.
pub(super) fn paginator(
    plan: &ServicePlan<'_>,
    operation: &OperationPlan<'_>,
    paginator: &PaginatorPlan,
    colour: bool,
) -> String {
    let mut page = Page::new(plan.service, colour);
    page.title(operation.wire_name, &[format!("paginator of {}", plan.service.name())]);
    page.reference(operation.wire_name);
    let branches = page.paginator(operation.id, paginator);
    page.part("pagination", origin_of(paginator), &branches);
    let module = &plan.names.module;
    let call = format!("client.{}({})", operation.method, plan[operation.input].name);
    let series: &[&str] = if paginator.items.is_some() { &["items", "pages"] } else { &["pages"] };
    let mut uses: Vec<String> = series.iter().map(|series| format!("{call}.{series}()")).collect();
    if paginator.limit_key.is_some() {
        uses.push(format!("{}.page_size(50)", uses[0]));
    }
    if !plan.description.protocols.is_empty() {
        page.list(&format!("Rust, in workstream::{module}"), uses);
    }
    page.text
}

/// A shape.
pub(super) fn shape(plan: &ServicePlan<'_>, id: ShapeId, colour: bool) -> String {
    let (service, shape) = (plan.service, &plan.service[id]);
    let mut page = Page::new(service, colour);
    let mut facts = vec![format!("{} of {}", shape.kind.type_name(), service.name())];
    facts.extend(size(&shape.kind, &shape.traits.limits()));
    facts.extend(shape.traits.correction.as_ref().map(|_| "corrected (overlay)".to_owned()));
    facts.extend(page.own_facts(shape));
    facts.extend(error_facts(shape));
    page.title(&shape.name, &facts);
    // Only what has members has a page there, and an error has none.
    let aggregate = matches!(shape.kind, ShapeKind::Structure(_) | ShapeKind::Union(_));
    if aggregate && shape.traits.error.is_none() {
        page.reference(&shape.name);
    }
    if let Some(pattern) = &shape.traits.pattern {
        page.line(&format!("matches {}", in_line(pattern)));
    }
    match &shape.kind {
        ShapeKind::List { .. } | ShapeKind::Map { .. } => {
            let members = page.inside(id, &mut Vec::new());
            page.part("holds", &page.type_name(id), &members);
        }
        ShapeKind::Structure(_) | ShapeKind::Union(_) => {
            let members = page.inside(id, &mut Vec::new());
            page.part("members", if members.is_empty() { "none" } else { "" }, &members);
        }
        simple!() => page.list("values", values(shape)),
    }
    let Usage { direct, requests, responses, errors } = usage(service, id);
    if [&direct, &requests, &responses, &errors].iter().all(|users| users.is_empty()) {
        page.part("used by", "nothing", &[]);
    }
    page.names("used by", &direct);
    for (what, operations) in [("requests", requests), ("responses", responses), ("errors", errors)] {
        let s = if operations.len() == 1 { "" } else { "s" };
        page.names(&format!("in {what} of {} operation{s}", operations.len()), &operations);
    }
    page.text
}

/// What is said of an error.
fn error_facts(shape: &Shape) -> Vec<String> {
    let Some(error) = &shape.traits.error else { return Vec::new() };
    let mut facts = Vec::new();
    facts.extend(error.fault.map(|fault| match fault {
        Fault::Client => "client's fault".to_owned(),
        Fault::Server => "server's fault".to_owned(),
    }));
    facts.extend(error.http_status.map(|status| format!("HTTP status {status}")));
    facts.extend(error.code.as_ref().filter(|code| **code != shape.name).map(|code| format!("code {code}")));
    facts.extend(error.retry.map(|retry| {
        let retry = match retry {
            Retry::Transient => "worth another try",
            Retry::Throttling => "throttling",
            Retry::Never => "not worth another try",
        };
        let overlay = if error.retry_reason.is_some() { " (overlay)" } else { "" };
        format!("{retry}{overlay}")
    }));
    facts
}

fn plain_type(shape: &Shape) -> String {
    match &shape.kind {
        ShapeKind::Structure(_) | ShapeKind::Union(_) | ShapeKind::Enum(_) | ShapeKind::IntEnum(_) => {
            shape.name.clone()
        }
        kind @ (ShapeKind::List { .. } | ShapeKind::Map { .. } | scalar!()) => {
            // `String` is a string whatever it is called; `FleetName` says more than that.
            let name = kind.type_name();
            let says_more = snake(&shape.name).replace('_', "") != name.to_lowercase();
            if says_more { format!("{name} ({})", shape.name) } else { name.to_owned() }
        }
    }
}

fn values(shape: &Shape) -> Vec<String> {
    match &shape.kind {
        ShapeKind::Enum(values) => values.iter().map(|value| in_line(&value.value)).collect(),
        ShapeKind::IntEnum(values) => values.iter().map(|value| format!("{} = {}", value.name, value.value)).collect(),
        ShapeKind::Structure(_) | ShapeKind::Union(_) | ShapeKind::List { .. } | ShapeKind::Map { .. } | scalar!() => {
            Vec::new()
        }
    }
}

/// As many of the values as there is room for, at least one.
fn abbreviated(values: &[String]) -> String {
    let mut length = 0;
    let fits = values.iter().take_while(|value| {
        length += value.chars().count() + 3;
        length <= ROOM
    });
    let shown = fits.count().max(1).min(values.len());
    let list = values[..shown].join(" | ");
    match values.len() - shown {
        0 => list,
        more => format!("{list} | … {more} more"),
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= ROOM {
        return in_line(text);
    }
    in_line(text).chars().take(ROOM - 1).chain(['…']).collect()
}

/// A model's text, which must not break the line or command the terminal.
fn in_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn deprecation(deprecated: &Deprecated) -> String {
    let since = deprecated.since.as_ref().map_or(String::new(), |since| format!(" since {since}"));
    let message = deprecated.message.as_ref().map_or(String::new(), |message| format!(" ({message})"));
    in_line(&format!("deprecated{since}{message}"))
}

/// The expression as models have it.
fn token(token: &TokenExpression) -> String {
    let alternatives = token.alternatives.iter().map(|steps| {
        steps.iter().fold(String::new(), |path, step| match step {
            TokenStep::Last => path + "[-1]",
            TokenStep::Member(name) if path.is_empty() => name.clone(),
            TokenStep::Member(name) => format!("{path}.{name}"),
        })
    });
    alternatives.collect::<Vec<_>>().join(" || ")
}
