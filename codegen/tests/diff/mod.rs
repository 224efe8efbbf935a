//! What differs between two models, and what it means.
//!
//! `models/` has real models in the versions around changes that are worth a
//! test: facts only, cut down to what the tests look at. They come from
//! botocore's wheels by `cargo xtask changelog OLD NEW --operations ... --fixture DIR`.

mod bindings;
mod elements;
mod formats;
mod html;
mod mutated;
mod real;
mod renames;
mod render;
mod rules;
mod severities;
mod verdicts;

use serde_json::Value;
use std::path::{Path, PathBuf};
use workstream_codegen::diff::{Comparison, apply, compare};
use workstream_codegen::graph::Service;
use workstream_codegen::{Model, ModelSet, ServiceFiles, SourceFile, read, read_service_list};

/// Reads the files of one service.
fn model(name: &str, files: Vec<SourceFile>) -> Model {
    let services = vec![ServiceFiles { name: name.to_owned(), files }];
    let (model, findings) = read(&ModelSet { services, partitions: None });
    model.unwrap_or_else(|| panic!("{findings:?}"))
}

/// A service of JSON files, by their names without `.json`.
fn service(files: &Value) -> Service {
    let files = files.as_object().unwrap().iter();
    let files =
        files.map(|(name, json)| SourceFile { path: format!("{name}.json"), text: json.to_string().into_bytes() });
    model("pets", files.collect()).services()[0].clone()
}

/// A real model in an old version.
fn release(version: &str, service: &str) -> Service {
    model(service, files(&Path::new("tests/diff/models").join(version).join(service))).services()[0].clone()
}

/// The files of a model of this repository, but for what it adds itself.
fn real_files(service: &str) -> Vec<SourceFile> {
    files(&Path::new("../models").join(service))
}

/// The names of the services of the crate.
fn real_services() -> Vec<String> {
    let text = std::fs::read(package().join("../models/services.toml")).unwrap();
    let (list, findings) = read_service_list(&SourceFile { path: "services.toml".to_owned(), text });
    let list = list.unwrap_or_else(|| panic!("{findings:?}"));
    list.of_crate().map(|service| service.name.clone()).collect()
}

/// The folder of this package: where cargo runs the test, which need not be where it was built if checkouts share a
/// target folder.
fn package() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from)
}

/// The files of the one API version below a folder of this package.
fn files(folder: &Path) -> Vec<SourceFile> {
    let folder = package().join(folder);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{folder:?}: {e}"));
    let api_version = entries.map(|entry| entry.unwrap().path()).find(|path| path.is_dir()).unwrap();
    let paths = std::fs::read_dir(api_version).unwrap().map(|file| file.unwrap().path());
    paths.map(|path| SourceFile { path: path.display().to_string(), text: std::fs::read(&path).unwrap() }).collect()
}

/// The comparison, after a proof that its facts explain everything.
fn explained<'g>(old: &'g Service, new: &'g Service) -> Comparison<'g> {
    let comparison = compare(old, new);
    let made = apply(old, &comparison.facts).unwrap_or_else(|e| panic!("{e}: {:#?}", comparison.facts));
    assert!(made == *new, "unexplained: {:#?}", comparison.facts);
    comparison
}

/// `rule subject` of every finding, but for shapes that are nothing to users.
fn told(comparison: &Comparison<'_>) -> Vec<String> {
    let findings = comparison.findings.iter().map(|finding| format!("{} {}", finding.rule.id(), finding.subject));
    findings.filter(|told| !told.starts_with("shape-added ") && !told.starts_with("shape-removed ")).collect()
}
