//! Whatever is done to a model: a diagnostic or a graph, never a panic.

use super::{botocore, findings, rules, set, smithy};
use serde_json::{Value, json};
use workstream_codegen::Model;

const PAGINATORS: &str = r#"{"pagination": {"Op": {"input_token": ["Host"], "output_token": "Any || Choice.b[-1]",
    "result_key": "Choice.b", "limit_key": "Id", "more_results": "Any", "non_aggregate_keys": ["Map"]}}}"#;
const WAITERS: &str = r#"{"version": 2, "waiters": {"W": {"operation": "Op", "delay": 1, "maxAttempts": 2, "acceptors": [
    {"state": "success", "matcher": "path", "argument": "a", "expected": "x"},
    {"state": "retry", "matcher": "error", "expected": true}, {"state": "failure", "matcher": "status", "expected": 1}]}}}"#;

/// A file's name and text.
type File = (&'static str, &'static str);

/// The files that are damaged, and those that then stand beside them.
const FILES: &[(&str, &str, &[File])] = &[
    ("service-2.json", botocore::EVERYTHING, &[("paginators-1.json", PAGINATORS), ("waiters-2.json", WAITERS)]),
    ("paginators-1.json", PAGINATORS, &[("service-2.json", botocore::EVERYTHING)]),
    ("waiters-2.json", WAITERS, &[("service-2.json", botocore::EVERYTHING)]),
    ("endpoint-rule-set-1.json", rules::RULES, &[("service-2.json", botocore::EVERYTHING)]),
    ("smithy.json", smithy::EVERYTHING, &[]),
];

/// Reads `text` in place of a file, and checks that findings have a place.
fn read_damaged(name: &str, text: &str, beside: &[(&str, &str)]) -> Option<Model> {
    let mut files = vec![(name, text)];
    files.extend(beside);
    let (model, lines) = findings(&set(&files));
    for line in &lines {
        assert!(!line.contains(" - ") || line.contains("missing-file"), "no place: {line}");
    }
    assert_eq!(model.is_none(), lines.iter().any(|line| line.starts_with("error")), "{lines:?}");
    model
}

#[test]
fn text_that_breaks_off() {
    for (name, text, beside) in FILES {
        for length in (0..text.len() - 1).step_by(37).filter(|length| text.is_char_boundary(*length)) {
            assert!(read_damaged(name, &text[..length], beside).is_none(), "{name} of length {length}");
        }
    }
}

#[test]
fn every_value_replaced_by_one_of_another_kind() {
    let others =
        [json!(null), json!(true), json!(-7), json!(0.5), json!("x"), json!([]), json!({}), json!([{"x": [1]}])];
    for (name, text, beside) in FILES {
        let whole: Value = serde_json::from_str(text).unwrap();
        let mut pointers = Vec::new();
        collect(&whole, String::new(), &mut pointers);
        for pointer in &pointers {
            for other in &others {
                let mut damaged = whole.clone();
                *damaged.pointer_mut(pointer).unwrap() = other.clone();
                read_damaged(name, &damaged.to_string(), beside);
            }
        }
    }
}

#[test]
fn every_key_left_out() {
    for (name, text, beside) in FILES {
        let whole: Value = serde_json::from_str(text).unwrap();
        let mut pointers = Vec::new();
        collect(&whole, String::new(), &mut pointers);
        for pointer in &pointers {
            let Some((parent, key)) = pointer.rsplit_once('/') else { continue };
            let mut damaged = whole.clone();
            if let Some(Value::Object(entries)) = damaged.pointer_mut(parent) {
                entries.remove(&key.replace("~1", "/").replace("~0", "~"));
                read_damaged(name, &damaged.to_string(), beside);
            }
        }
    }
}

fn collect(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, format!("{pointer}/{index}"), pointers);
            }
        }
        Value::Object(entries) => {
            for (key, item) in entries {
                collect(item, format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), pointers);
            }
        }
        _ => {}
    }
    pointers.push(pointer);
}
