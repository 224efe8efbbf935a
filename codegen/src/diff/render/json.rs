//! JSON for programs.

use super::Frame;
use super::document::{name, syntax};
use crate::describe::Skeleton;
use crate::diff::facts::About;
use crate::diff::json::{ToJson, object};
use crate::diff::properties::{Change, PropertyChange};
use crate::diff::rules::{Effects, Finding};
use crate::diff::{Comparison, Fact, SideChange};
use serde_json::{Value, json};

/// The version of what the JSON looks like.
pub const SCHEMA: u32 = 1;

/// A comparison in JSON:
///
/// ```json
/// {
///   "service": "appstream", "name": "Amazon AppStream",
///   "old": {"label": "1.12.82", "date": "2019-01-17"}, "new": {"label": "1.12.83"},
///   "severity": {"wire": "change", "source": "change", "behaviour": "none"},
///   "bump": "minor", "version": "0.1.0", "nextVersion": "0.1.1",
///   "operations": {
///     "new": ["CopyImage"],
///     "updated": [{"operation": "CreateFleet", "changes": "request", "request": {"added": "{'Tags': ...}"}}],
///     "removed": []
///   },
///   "findings": [{"rule": "member-added-input", "subject": "CreateFleetRequest.Tags", "message": "is new, and optional",
///                 "operations": ["CreateFleet"], "wire": "change", "source": "change", "behaviour": "none", "bump": "minor"}],
///   "facts": [{"fact": "member-added", "shape": "CreateFleetRequest", "index": 12, "member": {"name": "Tags", ...}}]
/// }
/// ```
///
/// Keys are only ever added; what is taken away or gets another meaning raises
/// [`SCHEMA`]. What is absent has no key. Names of rules and facts are stable.
/// Documentation text is never in it, only that it differs.
pub fn json(comparison: &Comparison<'_>, frame: Frame<'_>) -> Value {
    let release = |release: &super::Release| object([("label", json!(release.label)), ("date", json!(release.date))]);
    let findings = comparison.findings.iter().map(|of| finding(of, frame));
    let updated = comparison.pages.updated.iter().map(|updated| {
        object([
            ("operation", json!(updated.operation)),
            ("changes", json!(updated.sides())),
            ("request", part(&updated.request)),
            ("response", part(&updated.response)),
        ])
    });
    let bump = comparison.bump(frame.severities);
    object([
        ("service", json!(comparison.new.name())),
        ("name", json!(name(comparison.new))),
        ("old", release(frame.old)),
        ("new", release(frame.new)),
        ("severity", severity(comparison.severity(frame.severities))),
        ("bump", json!(bump.name())),
        ("version", json!(frame.version)),
        ("nextVersion", json!(frame.version.and_then(|version| bump.next(version)))),
        (
            "operations",
            json!({
                "new": comparison.pages.new,
                "updated": updated.collect::<Value>(),
                "removed": comparison.pages.removed,
            }),
        ),
        ("findings", findings.collect()),
        ("facts", comparison.facts.iter().map(fact).collect()),
    ])
}

/// A finding in JSON.
pub fn finding(finding: &Finding, frame: Frame<'_>) -> Value {
    let severity = finding.severity(frame.severities);
    json!({
        "rule": finding.rule.id(),
        "subject": finding.subject,
        "message": finding.message,
        "operations": finding.operations,
        "wire": severity.wire.name(),
        "source": severity.source.name(),
        "behaviour": severity.behaviour.name(),
        "bump": severity.bump().name(),
    })
}

fn severity(of: Effects) -> Value {
    json!({"wire": of.wire.name(), "source": of.source.name(), "behaviour": of.behaviour.name()})
}

fn part(part: &SideChange) -> Value {
    let text = |skeleton: &Option<Skeleton>| json!(skeleton.as_ref().map(syntax));
    if part.is_empty() { Value::Null } else { object([("added", text(&part.added)), ("removed", text(&part.removed))]) }
}

fn fact(fact: &Fact) -> Value {
    let mut entries = object(names(fact.about()).map(|(key, name)| (key, json!(name))));
    entries["fact"] = json!(kind(fact));
    let content = fact.change().map_or_else(|| content(fact), property);
    if let (Value::Object(entries), Value::Object(content)) = (&mut entries, content) {
        // What is said as a whole takes the place of its name.
        entries.extend(content);
    }
    entries
}

/// What a fact is about, as keys and names.
fn names(about: About<'_>) -> [(&'static str, Option<&str>); 2] {
    match about {
        About::Service | About::EndpointRules => [("", None), ("", None)],
        About::Operation(operation) => [("operation", Some(operation)), ("", None)],
        About::Error(operation, error) => [("operation", Some(operation)), ("error", Some(error))],
        About::Shape(shape) => [("shape", Some(shape)), ("", None)],
        About::Member(shape, member) => [("shape", Some(shape)), ("member", Some(member))],
        About::Value(shape, value) => [("shape", Some(shape)), ("value", Some(value))],
        About::Waiter(waiter) => [("waiter", Some(waiter)), ("", None)],
        About::EndpointParameter(parameter) => [("parameter", Some(parameter)), ("", None)],
    }
}

/// What facts say that are not about one property.
fn content(fact: &Fact) -> Value {
    match fact {
        Fact::ShapeRenamed(change) => values(change),
        Fact::OperationAdded(operation) | Fact::OperationRemoved(operation) => {
            json!({"operation": operation.to_json()})
        }
        Fact::InputChanged { shape, .. } | Fact::OutputChanged { shape, .. } => values(shape),
        Fact::ErrorAdded { index, .. } => json!({"index": index}),
        Fact::ErrorsReordered { order, .. }
        | Fact::MembersReordered { order, .. }
        | Fact::ValuesReordered { order, .. }
        | Fact::ParametersReordered { order } => json!({"order": order}),
        Fact::ShapeAdded(shape) | Fact::ShapeRemoved(shape) => json!({"shape": shape.to_json()}),
        Fact::KindChanged { kind, .. } => values(kind),
        Fact::SparseChanged { sparse, .. } => values(sparse),
        Fact::MemberAdded { index, member, .. } => json!({"index": index, "member": member.to_json()}),
        Fact::MemberRemoved { member, .. } => json!({"member": member.to_json()}),
        Fact::MemberRetargeted { target, .. } => values(target),
        Fact::ValueAdded { index, value, .. } => json!({"index": index, "value": value.to_json()}),
        Fact::ValueRemoved { value, .. } => json!({"value": value.to_json()}),
        Fact::PaginatorAdded { paginator, .. } | Fact::PaginatorRemoved { paginator, .. } => {
            json!({"paginator": paginator.to_json()})
        }
        Fact::WaiterAdded(waiter) | Fact::WaiterRemoved(waiter) => json!({"waiter": waiter.to_json()}),
        Fact::RuleSetAdded(rules) | Fact::RuleSetRemoved(rules) => json!({"parameters": rules.parameters.to_json()}),
        Fact::ParameterAdded { index, parameter } => json!({"index": index, "parameter": parameter.to_json()}),
        Fact::ParameterRemoved(parameter) => json!({"parameter": parameter.to_json()}),
        // An error that is gone has a name only, and the trees of rules are of no use without the program that reads them.
        _ => json!({}),
    }
}

fn values<T: ToJson>(change: &Change<T>) -> Value {
    object([("old", change.old.to_json()), ("new", change.new.to_json())])
}

fn property(change: &dyn PropertyChange) -> Value {
    let name = change.property();
    if name == "documentation" {
        return json!({"property": name});
    }
    let Change { old, new } = change.values();
    object([("property", json!(name)), ("old", old), ("new", new)])
}

/// The stable name of a kind of fact.
fn kind(fact: &Fact) -> &'static str {
    match fact {
        Fact::ServiceChanged(_) => "service-changed",
        Fact::ShapeRenamed(_) => "shape-renamed",
        Fact::OperationAdded(_) => "operation-added",
        Fact::OperationRemoved(_) => "operation-removed",
        Fact::OperationChanged { .. } => "operation-changed",
        Fact::InputChanged { .. } => "input-changed",
        Fact::OutputChanged { .. } => "output-changed",
        Fact::ErrorAdded { .. } => "error-added",
        Fact::ErrorRemoved { .. } => "error-removed",
        Fact::ErrorsReordered { .. } => "errors-reordered",
        Fact::ShapeAdded(_) => "shape-added",
        Fact::ShapeRemoved(_) => "shape-removed",
        Fact::ShapeChanged { .. } => "shape-changed",
        Fact::KindChanged { .. } => "kind-changed",
        Fact::SparseChanged { .. } => "sparse-changed",
        Fact::MemberAdded { .. } => "member-added",
        Fact::MemberRemoved { .. } => "member-removed",
        Fact::MemberRetargeted { .. } => "member-retargeted",
        Fact::MemberChanged { .. } => "member-changed",
        Fact::MembersReordered { .. } => "members-reordered",
        Fact::ValueAdded { .. } => "value-added",
        Fact::ValueRemoved { .. } => "value-removed",
        Fact::ValueChanged { .. } => "value-changed",
        Fact::ValuesReordered { .. } => "values-reordered",
        Fact::PaginatorAdded { .. } => "paginator-added",
        Fact::PaginatorRemoved { .. } => "paginator-removed",
        Fact::PaginatorChanged { .. } => "paginator-changed",
        Fact::WaiterAdded(_) => "waiter-added",
        Fact::WaiterRemoved(_) => "waiter-removed",
        Fact::WaiterChanged { .. } => "waiter-changed",
        Fact::RuleSetAdded(_) => "rule-set-added",
        Fact::RuleSetRemoved(_) => "rule-set-removed",
        Fact::ParameterAdded { .. } => "parameter-added",
        Fact::ParameterRemoved(_) => "parameter-removed",
        Fact::ParameterChanged { .. } => "parameter-changed",
        Fact::ParametersReordered { .. } => "parameters-reordered",
        Fact::RulesChanged(_) => "rules-changed",
    }
}
