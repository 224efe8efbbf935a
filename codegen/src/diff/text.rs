//! Values of properties in words.

use super::properties::{Change, PropertyChange};
use crate::graph::{Acceptor, Comparator, Expected, Matcher};
use serde_json::Value;

/// `max: 100, was 50`.
pub(super) fn property(change: &dyn PropertyChange) -> String {
    let (name, values) = (change.property(), change.values());
    match (&values.old, &values.new) {
        // Such text is the upstream's, and long.
        _ if name == "documentation" => "documentation".to_owned(),
        (Value::Bool(_), Value::Bool(true)) => format!("{name} now"),
        (Value::Bool(_), _) => format!("no longer {name}"),
        // It is there or not, with a few words or without.
        (Value::Null, Value::Object(_)) if name == "deprecated" => match shown(&values.new).as_deref() {
            None | Some("nothing") => "deprecated now".to_owned(),
            Some(words) => format!("deprecated now, {words}"),
        },
        (Value::Object(_), Value::Null) if name == "deprecated" => "no longer deprecated".to_owned(),
        (old, new) => self::change(name, &shown(old), &shown(new)),
    }
}

/// The same of values that are text already, or absent.
pub(super) fn change(name: &str, old: &Option<String>, new: &Option<String>) -> String {
    match (old, new) {
        (Some(old), Some(new)) => format!("{name}: {new}, was {old}"),
        (None, Some(new)) => format!("{name}: {new}, was not set"),
        (Some(old), None) => format!("{name}: no longer {old}"),
        (None, None) => name.to_owned(),
    }
}

/// What a waiter's acceptors say now, and what they no longer say.
pub(super) fn acceptors(change: &Change<Vec<Acceptor>>) -> String {
    let only_in = |these: &[Acceptor], those: &[Acceptor]| -> Vec<String> {
        these.iter().filter(|acceptor| !those.contains(acceptor)).map(acceptor).collect()
    };
    let parts = [("now", only_in(&change.new, &change.old)), ("no longer", only_in(&change.old, &change.new))];
    let parts = parts.into_iter().filter(|(_, acceptors)| !acceptors.is_empty());
    let parts: Vec<String> = parts.map(|(what, acceptors)| format!("{what} {}", acceptors.join(", "))).collect();
    if parts.is_empty() { "acceptors in another order".to_owned() } else { parts.join("; ") }
}

/// `success if all of Fleets[].State are RUNNING`.
fn acceptor(acceptor: &Acceptor) -> String {
    let state = acceptor.state.word();
    match &acceptor.matcher {
        Matcher::Path { path, comparator, expected } => {
            let expected = match expected {
                Expected::String(text) => text.clone(),
                Expected::Boolean(truth) => truth.to_string(),
                Expected::Number(number) => number.to_string(),
            };
            match comparator {
                Comparator::Equals => format!("{state} if {path} is {expected}"),
                Comparator::All => format!("{state} if all of {path} are {expected}"),
                Comparator::Any => format!("{state} if any of {path} is {expected}"),
            }
        }
        Matcher::ErrorType(code) => format!("{state} on {code}"),
        Matcher::AnyError(true) => format!("{state} on any error"),
        Matcher::AnyError(false) => format!("{state} without an error"),
        Matcher::Status(status) => format!("{state} on status {status}"),
    }
}

fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            Some(if texts.is_empty() { "nothing".to_owned() } else { texts.join(", ") })
        }
        // Several by name, of which there are none.
        Value::Object(map) if map.is_empty() => Some("nothing".to_owned()),
        Value::Object(map) => {
            let texts = map.iter().map(|(name, value)| format!("{name} {}", shown(value).unwrap_or_default()));
            Some(texts.collect::<Vec<_>>().join(", "))
        }
        value => Some(value.to_string()),
    }
}
