//! Operations that clients cannot authenticate are left out, and listed.

use serde_json::{Value, json};
use workstream_codegen::diff::compare;
use workstream_codegen::plan::SkipReason;
use workstream_codegen::{Manifest, Model, ModelSet, Options, ServiceFiles, SourceFile, generate, read};

const SIGV4: &str = "aws.auth#sigv4";
const SIGV4A: &str = "aws.auth#sigv4a";
const BEARER: &str = "smithy.api#httpBearerAuth";
const NONE: &str = "smithy.api#noAuth";

/// A service with these ways of authentication, and an operation for each of the lists.
fn model(metadata: Value, operations: &[(&str, &[&str])]) -> Model {
    let mut all = json!({"protocol": "json", "jsonVersion": "1.1", "targetPrefix": "T"});
    all.as_object_mut().unwrap().extend(metadata.as_object().unwrap().clone());
    let operation = |auth: &[&str]| if auth.is_empty() { json!({}) } else { json!({"auth": auth}) };
    let operations: serde_json::Map<String, Value> =
        operations.iter().map(|(name, auth)| ((*name).to_owned(), operation(auth))).collect();
    let service = json!({"metadata": all, "operations": operations, "shapes": {}});
    let file = SourceFile { path: "service-2.json".to_owned(), text: service.to_string().into_bytes() };
    let set = ModelSet { services: vec![ServiceFiles { name: "t".to_owned(), files: vec![file] }], partitions: None };
    let (model, findings) = read(&set);
    model.unwrap_or_else(|| panic!("{findings:?}"))
}

const ALL: [(&str, &[&str]); 7] = [
    ("Bearer", &[BEARER]),
    ("Both", &[BEARER, SIGV4]),
    ("Either", &[SIGV4A, NONE]),
    ("Open", &[NONE]),
    ("Plain", &[]),
    ("Signed", &[SIGV4A, SIGV4]),
    ("Strange", &[SIGV4A, "com.example#express"]),
];

/// The operations that are left out for this reason; there is no other.
fn left_out(metadata: Value) -> Vec<String> {
    let options = Options::new(Manifest::Standalone { runtime: "runtime".to_owned() });
    let (output, findings) = generate(&model(metadata, &ALL), &options);
    let output = output.unwrap_or_else(|| panic!("{findings:?}"));
    let skipped = &output.summary.services[0].skipped;
    assert!(skipped.iter().all(|skipped| skipped.reason == SkipReason::Authentication), "{skipped:?}");
    let names: Vec<String> = skipped.iter().map(|skipped| skipped.what.clone()).collect();
    let module = |name: &str| format!("src/t/operations/{}.rs", name.to_lowercase());
    for (name, _) in ALL {
        let is_there = output.files.contains_key(&module(name));
        assert_ne!(is_there, names.iter().any(|left_out| left_out == name), "{name}");
    }
    names
}

#[test]
fn operations_that_clients_cannot_authenticate_are_left_out() {
    assert_eq!(left_out(json!({})), ["Bearer", "Strange"]);
    assert_eq!(left_out(json!({"auth": [SIGV4A, SIGV4]})), ["Bearer", "Strange"]);
    assert_eq!(left_out(json!({"auth": [BEARER]})), ["Signed", "Strange"]);
    // Of such a service there is what says of itself that it is signed, or not at all.
    assert_eq!(left_out(json!({"auth": [SIGV4A]})), ["Bearer", "Plain", "Strange"]);
    assert_eq!(left_out(json!({"signatureVersion": "v2"})), ["Bearer", "Plain", "Strange"]);
    assert_eq!(left_out(json!({"signatureVersion": "v4"})), ["Bearer", "Strange"]);
}

/// The ids of the rules of a comparison.
fn found(old: &[&str], new: &[&str]) -> Vec<&'static str> {
    let [old, new] = [old, new].map(|auth| model(json!({}), &[("Run", auth)]).services()[0].clone());
    compare(&old, &new).findings.iter().map(|finding| finding.rule.id()).collect()
}

#[test]
fn the_changelog_tells_of_ways_of_authentication() {
    assert_eq!(found(&[], &[SIGV4A]), ["operation-auth-unknown"]);
    assert_eq!(found(&[SIGV4A], &[SIGV4]), ["operation-auth-known"]);
    assert_eq!(found(&[], &[SIGV4A, SIGV4]), ["spelling-changed"], "it is signed as it was");
    assert_eq!(found(&[BEARER], &[SIGV4A]), ["left-out-operation-changed"], "and still left out");
}
