//! `--vectors`: botocore's protocol vectors, through generated crates.
//!
//! A file of vectors is a list of suites; a suite has shapes, and cases that each define their operation. What is made of it
//! here are models, as a service has them. The cases are run, and judged, by tests/conformance/vectors.py.

use super::made;
use crate::failure::{Failure, Result};
use crate::paths::workspace;
use crate::python::Environment;
use crate::report::counted;
use crate::sdist::SdistSources;
use crate::stderr::eprintln;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;
use workstream_codegen::{ServiceFiles, SourceFile};

/// The folders of vectors. The older ones are by hand, the others from Smithy's.
const FOLDERS: [&str; 4] = ["input", "output", "legacy/input", "legacy/output"];

/// Runs the vectors of the files whose name has `part` in it; `false` when one differs, of which the user has been told.
///
/// # Errors
///
/// When the crate cannot be generated or compiled, or Python cannot be run.
pub(super) fn run(python: &Environment, sources: &SdistSources, part: &str, target: &Path) -> Result<bool> {
    let mut services = Vec::new();
    let mut files: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for folder in FOLDERS {
        for (name, text) in texts(&sources.vectors().join(folder))? {
            let name = format!("{folder}/{name}");
            if name.trim_end_matches(".json").contains(part) {
                let models = models(&name, &text)?;
                files.insert(name, models.cases);
                services.extend(models.services);
            }
        }
    }
    if files.is_empty() {
        return Err(Failure::new(format!("no file of vectors has `{part}` in its name")).not_done());
    }
    let mut set = made::set_of(services);
    let verdicts = made::judge(&mut set);
    for (code, (count, example)) in verdicts.refusals() {
        eprintln!("{} refused as {code}, such as {example}", counted(count, "model"));
    }
    let program = made::program(&set, &target.join("conformance-vectors"))?;

    let mut compare = python.script(&workspace().join("tests").join("conformance").join("vectors.py"));
    compare.arg("--vectors").arg(sources.vectors()).arg("--program").arg(program).stdin(Stdio::piped());
    let failed = |e: std::io::Error| Failure::new(format!("cannot run the comparison: {e}"));
    let mut running = compare.spawn().map_err(failed)?;
    let mut input = running.stdin.take().ok_or_else(|| Failure::new("Python has no input"))?;
    let told = json!({"files": files, "verdicts": verdicts.to_json()});
    input.write_all(told.to_string().as_bytes()).map_err(failed)?;
    drop(input);
    Ok(running.wait().map_err(failed)?.success())
}

/// The files of a folder, by name.
fn texts(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(|e| Failure::io("list", folder, &e))? {
        let path = entry.map_err(|e| Failure::io("list", folder, &e))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let text = fs::read(&path).map_err(|e| Failure::io("read", &path, &e))?;
            found.insert(path.file_name().unwrap_or_default().to_string_lossy().into_owned(), text);
        }
    }
    Ok(found)
}

/// What a file of vectors is about.
#[derive(Debug)]
struct Models {
    services: Vec<ServiceFiles>,
    /// The service of each case of each suite.
    cases: Vec<Vec<String>>,
}

/// Text of JSON as it is: the order of members has a meaning.
type Fields = BTreeMap<String, Box<RawValue>>;

/// What an operation is called whose cases do not say.
const UNNAMED: &str = "OperationName";

/// The models of the file `name`: one for each suite, or more where its cases define one operation in several ways.
fn models(name: &str, text: &[u8]) -> Result<Models> {
    let broken = |e: serde_json::Error| Failure::new(format!("{name} is no file of vectors: {e}"));
    let suites: Vec<Fields> = serde_json::from_slice(text).map_err(broken)?;
    let mut models = Models { services: Vec::new(), cases: Vec::new() };
    for (index, suite) in suites.iter().enumerate() {
        let field = |key: &str| suite.get(key).map_or("null", |value| value.get());
        let cases: Vec<Fields> = serde_json::from_str(field("cases")).map_err(broken)?;
        let metadata: Map<String, Value> = serde_json::from_str(field("metadata")).map_err(broken)?;
        // Of each model its operations, by name.
        let mut variants: Vec<BTreeMap<String, Value>> = Vec::new();
        let mut of_cases = Vec::new();
        for case in &cases {
            let given = case.get("given").map_or("null", |given| given.get());
            let mut given: Map<String, Value> = serde_json::from_str(given).map_err(broken)?;
            let operation = given.get("name").and_then(Value::as_str).unwrap_or(UNNAMED).to_owned();
            // Of operations that only answer, and of queries, the older vectors do not say where they are.
            if let Value::Object(http) = given.entry("http").or_insert_with(|| json!({})) {
                http.entry("method").or_insert_with(|| "POST".into());
                http.entry("requestUri").or_insert_with(|| "/".into());
            }
            let given = Value::Object(given);
            let fits = |known: &BTreeMap<String, Value>| known.get(&operation).is_none_or(|known| *known == given);
            let variant = variants.iter().position(fits).unwrap_or(variants.len());
            if variant == variants.len() {
                variants.push(BTreeMap::new());
            }
            if let Some(operations) = variants.get_mut(variant) {
                operations.insert(operation, given);
            }
            of_cases.push(service_name(name, index, variant));
        }
        for (variant, operations) in variants.iter().enumerate() {
            let service = service_name(name, index, variant);
            let operations = json!(operations);
            let metadata = json!(completed(metadata.clone(), &service));
            let shapes = field("shapes");
            let text = format!(r#"{{"metadata": {metadata}, "operations": {operations}, "shapes": {shapes}}}"#);
            let path = format!("{service}/service-2.json");
            let files = vec![SourceFile { path, text: text.into_bytes() }];
            models.services.push(ServiceFiles { name: service, files });
        }
        models.cases.push(of_cases);
    }
    Ok(models)
}

/// Such as `input-rest-json-7`; models after the first of a suite are `input-rest-json-7-v1` and so on.
fn service_name(file: &str, suite: usize, variant: usize) -> String {
    let plain = file.trim_end_matches(".json").replace(['/', '_'], "-");
    let letter = if variant == 0 { String::new() } else { format!("-v{variant}") };
    format!("{plain}-{suite}{letter}")
}

/// The metadata of a suite, with what every real service has.
fn completed(mut metadata: Map<String, Value>, service: &str) -> Map<String, Value> {
    for (key, value) in [("endpointPrefix", service), ("signatureVersion", "v4"), ("targetPrefix", "Vectors")] {
        metadata.entry(key).or_insert_with(|| value.into());
    }
    metadata
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"[
        {"description": "one", "metadata": {"protocol": "json", "targetPrefix": "A"},
         "shapes": {"In": {"type": "structure", "members": {"b": {"shape": "S"}, "a": {"shape": "S"}}}, "S": {"type": "string"}},
         "cases": [
            {"id": "1", "given": {"name": "Do", "input": {"shape": "In"}}, "params": {}},
            {"id": "2", "given": {"name": "Do", "input": {"shape": "In"}}, "params": {"a": "x"}},
            {"id": "3", "given": {"name": "Do"}, "params": {}},
            {"id": "4", "given": {"name": "More"}, "params": {}}]},
        {"description": "two", "metadata": {"protocol": "ec2"}, "shapes": {}, "cases": [{"id": "5", "given": {}}]}
    ]"#;

    #[test]
    fn suites_become_models() {
        let models = models("input/rest_x.json", FILE.as_bytes()).unwrap();
        let names: Vec<&str> = models.services.iter().map(|service| service.name.as_str()).collect();
        assert_eq!(names, ["input-rest-x-0", "input-rest-x-0-v1", "input-rest-x-1"]);
        assert_eq!(models.cases, [vec![names[0], names[0], names[1], names[0]], vec![names[2]]]);

        let text = |index: usize| String::from_utf8(models.services[index].files[0].text.clone()).unwrap();
        let model = |index: usize| serde_json::from_str::<Value>(&text(index)).unwrap();
        assert!(text(0).find("\"b\"") < text(0).find("\"a\""), "members keep their order");
        assert_eq!(model(0)["metadata"]["targetPrefix"], "A", "what is there stays");
        assert_eq!(model(2)["metadata"]["endpointPrefix"], "input-rest-x-1", "what is missing is added");
        assert_eq!(model(0)["operations"].as_object().unwrap().len(), 2);
        let http = json!({"method": "POST", "requestUri": "/"});
        let other = json!({"Do": {"name": "Do", "http": http}});
        assert_eq!(model(1)["operations"], other, "another definition is another model");
        assert_eq!(model(2)["operations"], json!({"OperationName": {"http": http}}));
    }

    #[test]
    fn what_is_no_file_of_vectors_is_told() {
        let failure = models("input/x.json", b"{}").unwrap_err();
        assert!(failure.message.starts_with("input/x.json is no file of vectors: "), "{failure}");
    }
}
