//! Values of properties in words.

use super::properties::Change;
use serde_json::Value;

/// `max: 100, was 50`.
pub(super) fn property(name: &str, values: &Change<Value>) -> String {
    match (&values.old, &values.new) {
        // Such text is the upstream's, and long.
        _ if name == "documentation" => "documentation".to_owned(),
        (Value::Bool(_), Value::Bool(true)) => format!("{name} now"),
        (Value::Bool(_), _) => format!("no longer {name}"),
        (old, new) => change(name, &shown(old), &shown(new)),
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

fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            Some(if texts.is_empty() { "nothing".to_owned() } else { texts.join(", ") })
        }
        Value::Object(map) if map.is_empty() => Some("yes".to_owned()),
        value => Some(value.to_string()),
    }
}
