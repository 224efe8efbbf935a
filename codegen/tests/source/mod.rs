//! Reading model files: what the graph says of them, and what is said of bad ones.

mod botocore;
mod damage;
mod diagnostics;
mod facts;
mod names;
mod overlay;
mod rules;
mod sentences;
mod smithy;
mod smithy_members;
mod whole;

use std::fmt::Debug;
use workstream_codegen::diagnostic::Diagnostic;
use workstream_codegen::graph::Service;
use workstream_codegen::{Model, ModelSet, ServiceFiles, SourceFile, read};

/// Files of one service named `test`, by name and text.
fn set(files: &[(&str, &str)]) -> ModelSet {
    let files = files
        .iter()
        .map(|(path, text)| SourceFile { path: (*path).to_owned(), text: text.as_bytes().to_vec() })
        .collect();
    ModelSet { services: vec![ServiceFiles { name: "test".to_owned(), files }], partitions: None }
}

/// Findings as lines: `severity code file#pointer line:column message; hint`.
fn findings(set: &ModelSet) -> (Option<Model>, Vec<String>) {
    let (model, diagnostics) = read(set);
    let lines = diagnostics.iter().map(line).collect();
    (model, lines)
}

fn line(d: &Diagnostic) -> String {
    let place = d.position.map_or("-".to_owned(), |(line, column)| format!("{line}:{column}"));
    let hint = d.hint.as_ref().map_or(String::new(), |hint| format!("; {hint}"));
    format!("{} {} {}#{} {place} {}{hint}", d.severity, d.code, d.origin.file, d.origin.pointer, d.message)
}

/// Reads files in which nothing is wrong.
fn service(files: &[(&str, &str)]) -> Service {
    let (model, lines) = findings(&set(files));
    assert_eq!(lines, Vec::<String>::new());
    model.expect("a model").services()[0].clone()
}

/// Asserts that something is as expected, and was read where it is expected: comparison has no eye for places.
#[track_caller]
fn assert_with_places<T: Debug>(found: &T, expected: &T) {
    assert_eq!(format!("{found:#?}"), format!("{expected:#?}"));
}

/// Asserts that exactly these findings are made, and that errors keep a model
/// from coming into being.
#[track_caller]
fn assert_findings(files: &[(&str, &str)], expected: &[&str]) {
    let (model, lines) = findings(&set(files));
    assert_eq!(lines, expected);
    assert_eq!(model.is_none(), expected.iter().any(|line| line.starts_with("error")));
}

/// As [`assert_findings`], for a `service-2.json` with `shapes` on line 2.
#[track_caller]
fn assert_shapes(shapes: &str, expected: &[&str]) {
    let text = format!("{{\"metadata\": {{}}, \"shapes\": {{\n{shapes}\n}}}}");
    assert_findings(&[("service-2.json", &text)], expected);
}
