//! The file of severities: what a project thinks of the rules of the changelog.
//!
//! ```toml
//! [member-now-optional-output]
//! reason = "our users match on none of these"
//! source = "change"               # or "none", "break"; also wire, behaviour
//! ```

use crate::diagnostic::Diagnostics;
use crate::diff::rules::{Effect, Rule, Severities, Severity};
use crate::source::{self, At, Object, SourceFile};

/// Reads a file of severities for the changelog; nothing where there is an error.
pub fn read_severities(file: &SourceFile) -> (Option<Severities>, Diagnostics) {
    source::tables(file, entries)
}

/// What is wrong with an entry is reported, and the entry left out.
fn entries(at: &At<'_, '_>) -> Severities {
    let mut severities = Severities::default();
    for (id, at) in at.entries() {
        let Some(rule) = Rule::named(id) else {
            let known: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
            at.unknown_value("rule", id, &known);
            continue;
        };
        if let Some((severity, reason)) = at.object().and_then(|object| entry(rule, &object)) {
            severities.set(rule, severity, reason);
        }
    }
    severities
}

fn entry(rule: Rule, object: &Object<'_, '_>) -> Option<(Severity, String)> {
    let reason = object.require("reason").and_then(|at| at.string().map(str::to_owned));
    let own = rule.severity();
    let severity = Severity {
        wire: effect(object, "wire", own.wire),
        source: effect(object, "source", own.source),
        behaviour: effect(object, "behaviour", own.behaviour),
    };
    object.finish_strictly("a severity");
    let reason = reason?;
    if reason.trim().is_empty() {
        object.at.error("empty-reason", "the reason is empty: say why the rule's own severity is not right");
        return None;
    }
    if severity == own {
        let message = format!("`{}` has this severity anyway: delete the entry", rule.id());
        object.at.error("severity-not-needed", message);
        return None;
    }
    Some((severity, reason))
}

fn effect(object: &Object<'_, '_>, dimension: &'static str, own: Effect) -> Effect {
    let Some(at) = object.get(dimension) else { return own };
    let Some(name) = at.string() else { return own };
    Effect::named(name).unwrap_or_else(|| {
        at.unknown_value("effect", name, &["none", "change", "break"]);
        own
    })
}
