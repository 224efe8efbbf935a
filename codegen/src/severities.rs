//! The file of severities: what a project thinks of the rules of the changelog.
//!
//! ```toml
//! [member-now-optional-output]
//! reason = "our users match on none of these"
//! source = "change"               # or "none", "break"; also wire, behaviour
//! ```

use crate::diagnostic::Diagnostics;
use crate::diff::rules::{Effect, Override, Rule, Severities};
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
        if let Some(set) = at.object().and_then(|object| entry(rule, &object)) {
            severities.set(rule, set);
        }
    }
    severities
}

fn entry(rule: Rule, object: &Object<'_, '_>) -> Option<Override> {
    let reason = object.require("reason").and_then(|at| at.string().map(str::to_owned));
    let [wire, source, behaviour] = ["wire", "source", "behaviour"].map(|dimension| effect(object, dimension));
    object.finish_strictly("a severity");
    let set = Override { wire, source, behaviour, reason: reason? };
    if set.reason.trim().is_empty() {
        object.at.error("empty-reason", "the reason is empty: say why the rule's own severity is not right");
        return None;
    }
    if set.is_needless(rule) {
        let message = format!("`{}` has this severity anyway: delete the entry", rule.id());
        object.at.error("severity-not-needed", message);
        return None;
    }
    Some(set)
}

fn effect(object: &Object<'_, '_>, dimension: &'static str) -> Option<Effect> {
    let at = object.get(dimension)?;
    let name = at.string()?;
    let effect = Effect::named(name);
    if effect.is_none() {
        at.unknown_value("effect", name, &["none", "change", "break"]);
    }
    effect
}
