//! What of an upstream file is facts.

use super::line;
use serde_json::json;
use workstream_codegen::{FileKind, SourceFile, facts};

fn file(value: &serde_json::Value) -> SourceFile {
    SourceFile { path: "file.json".to_owned(), text: value.to_string().into_bytes() }
}

/// The facts of a file without errors, as JSON.
fn left(kind: FileKind, value: &serde_json::Value, operations: &[&str]) -> Option<serde_json::Value> {
    let operations: Vec<String> = operations.iter().map(|name| (*name).to_owned()).collect();
    let (text, found) = facts(kind, &file(value), &operations);
    assert!(found.is_empty(), "{found:?}");
    text.map(|text| serde_json::from_str(&text).unwrap())
}

/// A shape and a member may be called as places of prose are.
#[test]
fn prose_is_told_by_its_place() {
    let model = json!({
        "metadata": {}, "documentation": "prose", "operations": {},
        "shapes": {"documentation": {"type": "structure", "documentation": "prose", "members": {
            "documentation": {"shape": "documentation", "documentation": "prose"}
        }}}
    });
    let expected = json!({
        "metadata": {}, "operations": {},
        "shapes": {"documentation": {"type": "structure", "members": {"documentation": {"shape": "documentation"}}}}
    });
    assert_eq!(left(FileKind::Service, &model, &[]), Some(expected));
    let model = json!({"metadata": {"suppressions": []}, "shapes": {"a#smithy.api#documentation": {
        "type": "string", "traits": {"smithy.api#documentation": "prose", "smithy.api#sensitive": {}}
    }}});
    let expected =
        json!({"shapes": {"a#smithy.api#documentation": {"type": "string", "traits": {"smithy.api#sensitive": {}}}}});
    assert_eq!(left(FileKind::Smithy, &model, &[]), Some(expected));
}

#[test]
fn a_part_has_what_its_operations_reach() {
    let model = json!({
        "metadata": {}, "operations": {"A": {"input": {"shape": "In"}}, "B": {"input": {"shape": "Other"}}},
        "shapes": {
            "In": {"type": "structure", "members": {"shape": {"shape": "Text"}}}, "Text": {"type": "string"},
            "Other": {"type": "structure", "members": {}}
        }
    });
    let found = left(FileKind::Service, &model, &["A"]).unwrap();
    assert_eq!(found["operations"], json!({"A": {"input": {"shape": "In"}}}));
    assert_eq!(found["shapes"].as_object().unwrap().keys().collect::<Vec<_>>(), ["In", "Text"]);
    let waiters = json!({"waiters": {"Up": {"operation": "A"}, "Down": {"operation": "B"}}});
    assert_eq!(left(FileKind::Waiters, &waiters, &["A"]), Some(json!({"waiters": {"Up": {"operation": "A"}}})));
    assert_eq!(left(FileKind::EndpointRuleSet, &json!({"parameters": {}}), &["A"]), None);
}

#[test]
fn what_a_file_lacks_is_told_with_its_place() {
    let told = |kind, text: &str| {
        let (text, found) = facts(kind, &SourceFile { path: "f".to_owned(), text: text.into() }, &[]);
        assert_eq!(text, None);
        found.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(
        told(FileKind::Service, r#"{"metadata": [], "shapes": {}}"#),
        "error wrong-type f#/metadata 1:14 expected an object, found a list\n\
         error missing-key f# 1:1 key `operations` is missing"
    );
    assert_eq!(told(FileKind::Paginators, "[]"), "error wrong-type f# 1:1 expected an object, found a list");
    assert_eq!(told(FileKind::Partitions, "{,}"), "error broken-json f# 1:2 not JSON: key must be a string");
}
