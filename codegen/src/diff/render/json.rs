//! JSON for programs.

use super::Frame;
use super::document::{name, syntax};
use crate::describe::Skeleton;
use crate::diff::json::{ToJson, object};
use crate::diff::properties::Change;
use crate::diff::rules::{Finding, Severity};
use crate::diff::{Comparison, Fact, Part};
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

fn severity(of: Severity) -> Value {
    json!({"wire": of.wire.name(), "source": of.source.name(), "behaviour": of.behaviour.name()})
}

fn part(part: &Part) -> Value {
    let text = |skeleton: &Option<Skeleton>| json!(skeleton.as_ref().map(syntax));
    if part.is_empty() { Value::Null } else { object([("added", text(&part.added)), ("removed", text(&part.removed))]) }
}

fn fact(fact: &Fact) -> Value {
    let entries = match fact {
        Fact::ServiceChanged(change) => property(change.property(), change.values()),
        Fact::ShapeRenamed(change) => values(change.old.to_json(), change.new.to_json()),
        Fact::OperationAdded(operation) | Fact::OperationRemoved(operation) => {
            json!({"operation": operation.to_json()})
        }
        Fact::OperationChanged { operation, change } => {
            with("operation", operation, property(change.property(), change.values()))
        }
        Fact::InputChanged { operation, shape } | Fact::OutputChanged { operation, shape } => {
            with("operation", operation, values(shape.old.to_json(), shape.new.to_json()))
        }
        Fact::ErrorAdded { operation, index, error } => json!({"operation": operation, "index": index, "error": error}),
        Fact::ErrorRemoved { operation, error } => json!({"operation": operation, "error": error}),
        Fact::ErrorsReordered { operation, order } => json!({"operation": operation, "order": order}),
        Fact::ShapeAdded(shape) | Fact::ShapeRemoved(shape) => json!({"shape": shape.to_json()}),
        Fact::ShapeChanged { shape, change } => with("shape", shape, property(change.property(), change.values())),
        Fact::KindChanged { shape, kind } => with("shape", shape, values(kind.old.to_json(), kind.new.to_json())),
        Fact::SparseChanged { shape, sparse } => {
            with("shape", shape, values(sparse.old.to_json(), sparse.new.to_json()))
        }
        Fact::MemberAdded { shape, index, member } => {
            json!({"shape": shape, "index": index, "member": member.to_json()})
        }
        Fact::MemberRemoved { shape, member } => json!({"shape": shape, "member": member.to_json()}),
        Fact::MemberRetargeted { shape, member, target } => {
            with("shape", shape, with("member", member, values(target.old.to_json(), target.new.to_json())))
        }
        Fact::MemberChanged { shape, member, change } => {
            with("shape", shape, with("member", member, property(change.property(), change.values())))
        }
        Fact::MembersReordered { shape, order } | Fact::ValuesReordered { shape, order } => {
            json!({"shape": shape, "order": order})
        }
        Fact::ValueAdded { shape, index, value } => json!({"shape": shape, "index": index, "value": value.to_json()}),
        Fact::ValueRemoved { shape, value } => json!({"shape": shape, "value": value.to_json()}),
        Fact::ValueChanged { shape, value, change } => {
            with("shape", shape, with("value", value, property(change.property(), change.values())))
        }
        Fact::PaginatorAdded { operation, paginator } | Fact::PaginatorRemoved { operation, paginator } => {
            json!({"operation": operation, "paginator": paginator.to_json()})
        }
        Fact::PaginatorChanged { operation, change } => {
            with("operation", operation, property(change.property(), change.values()))
        }
        Fact::WaiterAdded(waiter) | Fact::WaiterRemoved(waiter) => json!({"waiter": waiter.to_json()}),
        Fact::WaiterChanged { waiter, change } => with("waiter", waiter, property(change.property(), change.values())),
        Fact::RuleSetAdded(rules) | Fact::RuleSetRemoved(rules) => json!({"parameters": rules.parameters.to_json()}),
        Fact::ParameterAdded { index, parameter } => json!({"index": index, "parameter": parameter.to_json()}),
        Fact::ParameterRemoved(parameter) => json!({"parameter": parameter.to_json()}),
        Fact::ParameterChanged { parameter, change } => {
            with("parameter", parameter, property(change.property(), change.values()))
        }
        Fact::ParametersReordered { order } => json!({"order": order}),
        // The trees are of no use without the program that reads them.
        Fact::RulesChanged(_) => json!({}),
    };
    with("fact", kind(fact), entries)
}

fn with(key: &str, value: &str, mut entries: Value) -> Value {
    entries[key] = value.into();
    entries
}

fn values(old: Value, new: Value) -> Value {
    object([("old", old), ("new", new)])
}

fn property(name: &str, change: Change<Value>) -> Value {
    let entries = if name == "documentation" { json!({}) } else { values(change.old, change.new) };
    with("property", name, entries)
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
