//! `--endpoints`: the endpoint tests of all services, against the generated resolvers.
//!
//! A resolver depends on the rules of its service and on nothing else of the model. So each service is generated with its
//! rules and without operations, whatever it speaks, and of the crate the resolvers are compiled.

use super::made;
use crate::discover::discover;
use crate::failure::{Failure, Result};
use crate::paths::{slashed, workspace};
use crate::process::{cargo, run as run_command};
use crate::report::counted;
use crate::sdist::SdistSources;
use crate::stderr::eprintln;
use crate::stdout::print;
use crate::writer::write_crate;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use workstream_codegen::diagnostic::Diagnostics;
use workstream_codegen::plan::{self, ServicePlan, rules};
use workstream_codegen::{Manifest, ModelSet, Options, ServiceFiles, generate, read};

/// The file of a service's tests.
const TESTS: &str = "endpoint-tests-1.json";

/// The file of a service's rules.
const RULES: &str = "endpoint-rule-set-1.json";

/// How many of the cases that differ are shown.
const SHOWN: usize = 20;

/// Runs all tests; `false` when one differs, of which the user has been told.
///
/// # Errors
///
/// When a file cannot be read, or the resolvers cannot be generated or compiled.
pub(super) fn run(sources: &SdistSources, target: &Path) -> Result<bool> {
    let mut set = discover(&sources.models(), &[])?;
    let all = set.services.len();
    let tests = tests(&sources.endpoint_tests(), &set)?;
    set.services.retain(|service| tests.contains_key(&service.name));
    for service in &mut set.services {
        keep_rules(service);
    }
    let verdicts = made::judge(&mut set);
    let folder = target.join("conformance-endpoints");
    eprintln!("compiling the resolvers of {}", counted(set.services.len(), "service"));
    let program = compiled(&set, &folder)?;

    let asked: Vec<&EndpointCase> =
        tests.values().flatten().filter(|case| !verdicts.refused.contains_key(&case.service)).collect();
    let answers = answers(&program, &folder, &asked)?;
    let mut wrong = 0;
    for (case, answer) in asked.iter().zip(&answers) {
        if case.expected != *answer {
            wrong += 1;
            if wrong <= SHOWN {
                print(&format!("{}\n  test:  {}\n  crate: {answer}\n", case.title(), case.expected))?;
            }
        }
    }
    for (service, refusal) in &verdicts.refused {
        let count = tests.get(service).map_or(0, Vec::len);
        print(&format!("{service}: {} not run, {}: {}\n", counted(count, "test"), refusal.code, refusal.message))?;
    }
    print(&format!(
        "{} of {} of {}: {} agree, {wrong} differ\n",
        counted(asked.len(), "endpoint test"),
        set.services.len(),
        counted(all, "service"),
        asked.len() - wrong,
    ))?;
    Ok(wrong == 0 && verdicts.refused.is_empty())
}

/// An endpoint test.
#[derive(Debug)]
struct EndpointCase {
    service: String,
    documentation: String,
    params: Value,
    /// In the words of the program's answers.
    expected: Value,
}

impl EndpointCase {
    fn title(&self) -> String {
        format!("{}: {} {}", self.service, self.documentation, self.params)
    }
}

/// The tests of all services of the set that have some.
fn tests(folder: &Path, set: &ModelSet) -> Result<BTreeMap<String, Vec<EndpointCase>>> {
    let mut found = BTreeMap::new();
    for service in &set.services {
        let path = folder.join(&service.name).join(TESTS);
        if path.is_file() {
            let text = fs::read(&path).map_err(|e| Failure::io("read", &path, &e))?;
            let cases = cases(&service.name, &text);
            let cases = cases.ok_or_else(|| Failure::new(format!("{} has no endpoint tests", slashed(&path))))?;
            found.insert(service.name.clone(), cases);
        }
    }
    Ok(found)
}

/// The tests in a file; `None` where it is none of tests.
fn cases(service: &str, text: &[u8]) -> Option<Vec<EndpointCase>> {
    let file: Value = serde_json::from_slice(text).ok()?;
    file["testCases"].as_array()?.iter().map(|test| case(service, test)).collect()
}

fn case(service: &str, test: &Value) -> Option<EndpointCase> {
    let expect = &test["expect"];
    let expected = match (&expect["error"], &expect["endpoint"]) {
        (Value::String(error), Value::Null) => json!({ "error": error }),
        (Value::Null, Value::Object(endpoint)) => {
            let field = |name: &str| endpoint.get(name).cloned().unwrap_or_else(|| json!({}));
            json!({"url": endpoint.get("url")?, "headers": field("headers"), "properties": field("properties")})
        }
        _ => return None,
    };
    Some(EndpointCase {
        service: service.to_owned(),
        documentation: test["documentation"].as_str().unwrap_or_default().to_owned(),
        params: test.get("params").cloned().unwrap_or_else(|| json!({})),
        expected,
    })
}

/// Leaves of a service its rules.
fn keep_rules(service: &mut ServiceFiles) {
    let metadata =
        json!({"protocol": "json", "jsonVersion": "1.1", "targetPrefix": "Rules", "endpointPrefix": "rules"});
    let model = json!({"metadata": metadata, "operations": {}, "shapes": {}}).to_string();
    service.files.retain_mut(|file| {
        let name = Path::new(&file.path).file_name().unwrap_or_default().to_string_lossy();
        let name = name.trim_end_matches(".gz");
        if name == "service-2.json" {
            file.text = model.clone().into_bytes();
        }
        matches!(name, RULES | "service-2.json")
    });
}

/// The program with all resolvers, compiled.
fn compiled(set: &ModelSet, folder: &Path) -> Result<PathBuf> {
    let model = read(set).0.ok_or_else(|| Failure::new("the models have errors"))?;
    let manifest = Manifest::Standalone { runtime: slashed(&workspace().join("runtime")) };
    let (output, _) = generate(&model, &Options::new(manifest));
    let output = output.ok_or_else(|| Failure::new("the crate cannot be generated"))?;
    let mut found = Diagnostics::new();
    let named = model.services().iter().zip(plan::service_names(model.services()));
    let plans: Vec<ServicePlan<'_>> =
        named.filter_map(|(service, names)| plan::plan(service, names, |_| true, &mut found)).collect();

    let is_resolver = |path: &String| path == "src/partitions.rs" || path.ends_with("/endpoint.rs");
    let mut files = output.files;
    files.retain(|path, _| is_resolver(path));
    files.insert("src/main.rs".to_owned(), main(&plans));
    files.insert("Cargo.toml".to_owned(), cargo_toml());
    write_crate(folder, files)?;
    let target = folder.join("target");
    let mut build = cargo();
    build.args(["build", "--quiet"]).current_dir(folder).env("CARGO_TARGET_DIR", &target);
    run_command(build.env("CARGO_INCREMENTAL", "0"))?;
    Ok(target.join("debug").join(format!("resolve{}", std::env::consts::EXE_SUFFIX)))
}

fn cargo_toml() -> String {
    format!(
        "[package]\nname = \"resolve\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n\
         serde_json = \"1.0.145\"\nworkstream-runtime = {{ path = {:?} }}\n\n[profile.dev]\ndebug = false\n\n[workspace]\n",
        slashed(&workspace().join("runtime"))
    )
}

/// What does not depend on the services.
const PROGRAM: &str = r#"//! Reads lines of service and parameters, and answers with the endpoint.
#![allow(dead_code)]

use serde_json::{Map, Value, json};
use workstream_runtime::endpoint::{Endpoint, EndpointError, Property};

/// Parameters by their names in the model.
struct Given(Map<String, Value>);

impl Given {
    fn text(&mut self, name: &str) -> Option<String> {
        Some(self.0.remove(name)?.as_str().expect("text").to_owned())
    }

    fn truth(&mut self, name: &str) -> Option<bool> {
        Some(self.0.remove(name)?.as_bool().expect("true or false"))
    }

    fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        let list = self.0.remove(name)?;
        Some(list.as_array().expect("a list").iter().map(|text| text.as_str().expect("text").to_owned()).collect())
    }

    fn end(self) {
        assert!(self.0.is_empty(), "unknown parameters: {:?}", self.0);
    }
}

fn main() {
    for line in std::io::stdin().lines() {
        let line: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        let given = Given(line["params"].as_object().expect("parameters").clone());
        let answer = match resolve(line["service"].as_str().expect("a service"), given) {
            Ok(endpoint) => shown(endpoint),
            Err(EndpointError::Refused(message)) => json!({ "error": message }),
            Err(error) => json!({ "failure": error.to_string() }),
        };
        println!("{answer}");
    }
}

fn shown(endpoint: Endpoint) -> Value {
    let headers: Map<String, Value> = endpoint.headers.iter().map(|(name, values)| (name.to_string(), json!(values))).collect();
    let properties: Map<String, Value> =
        endpoint.properties.iter().map(|(name, value)| (name.to_string(), property(value))).collect();
    json!({"url": endpoint.url, "headers": headers, "properties": properties})
}

fn property(value: &Property) -> Value {
    match value {
        Property::String(text) => json!(text),
        Property::Boolean(value) => json!(value),
        Property::Integer(value) => json!(value),
        Property::Array(values) => values.iter().map(property).collect(),
        Property::Object(members) => members.iter().map(|(name, value)| (name.to_string(), property(value))).collect(),
        _ => panic!("a kind of property that is not known: {value:?}"),
    }
}
"#;

/// The program: a function per service gives its resolver the parameters.
fn main(plans: &[ServicePlan<'_>]) -> String {
    let (mut modules, mut arms, mut functions) = (String::new(), String::new(), String::new());
    for plan in plans {
        let Some(endpoint) = &plan.endpoint else { continue };
        let module = &plan.names.module;
        let _ = writeln!(modules, "mod {module} {{\n    pub mod endpoint;\n}}");
        let _ = writeln!(arms, "        {:?} => resolve_{module}(given),", plan.service.name());
        let setters: String = endpoint.parameters.iter().map(setter).collect();
        let _ = writeln!(
            functions,
            "\nfn resolve_{module}(mut given: Given) -> Result<Endpoint, EndpointError> {{\n\
             \x20   let mut params = {module}::endpoint::Params::new();\n{setters}    given.end();\n\
             \x20   {module}::endpoint::resolve(&params)\n}}"
        );
    }
    format!(
        "{PROGRAM}\nmod partitions;\n{modules}\n\
         fn resolve(service: &str, given: Given) -> Result<Endpoint, EndpointError> {{\n    match service {{\n\
         {arms}        _ => panic!(\"no such service: {{service}}\"),\n    }}\n}}\n{functions}"
    )
}

fn setter(parameter: &rules::ParameterPlan<'_>) -> String {
    let read = match parameter.field.ty {
        rules::RuleType::Boolean => "truth",
        rules::RuleType::StringArray => "texts",
        rules::RuleType::String
        | rules::RuleType::Integer
        | rules::RuleType::Url
        | rules::RuleType::Arn
        | rules::RuleType::Partition => "text",
    };
    let value = if parameter.has_default() { "value" } else { "Some(value)" };
    let (name, field) = (&parameter.parameter.name, &parameter.field.name);
    format!("    if let Some(value) = given.{read}({name:?}) {{\n        params.{field} = {value};\n    }}\n")
}

/// What the program says of each case.
fn answers(program: &Path, folder: &Path, cases: &[&EndpointCase]) -> Result<Vec<Value>> {
    let lines: String =
        cases.iter().map(|case| format!("{}\n", json!({"service": case.service, "params": case.params}))).collect();
    let asked = folder.join("asked.jsonl");
    fs::write(&asked, lines).map_err(|e| Failure::io("write", &asked, &e))?;
    let input = File::open(&asked).map_err(|e| Failure::io("read", &asked, &e))?;
    let done = Command::new(program).stdin(input).stderr(Stdio::inherit()).output();
    let done = done.map_err(|e| Failure::io("run", program, &e))?;
    let answers: Vec<Value> =
        String::from_utf8_lossy(&done.stdout).lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    if answers.len() != cases.len() {
        return Err(Failure::new(format!("the resolvers answered {} of {} tests", answers.len(), cases.len())));
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use workstream_codegen::SourceFile;

    #[test]
    fn tests_are_read_into_the_words_of_answers() {
        let text = br#"{"version": "1.0", "testCases": [
            {"documentation": "a", "expect": {"endpoint": {"url": "https://a"}}, "params": {"Region": "r"}},
            {"documentation": "b", "expect": {"error": "no"}}]}"#;
        let cases = cases("s", text).unwrap();
        assert_eq!(cases[0].title(), r#"s: a {"Region":"r"}"#);
        assert_eq!(cases[0].expected, json!({"url": "https://a", "headers": {}, "properties": {}}));
        assert_eq!((&cases[1].params, &cases[1].expected), (&json!({}), &json!({"error": "no"})));
        assert!(super::cases("s", b"{}").is_none());
        assert!(super::cases("s", br#"{"testCases": [{"expect": {}}]}"#).is_none());
    }

    #[test]
    fn of_a_service_its_rules_are_kept() {
        let file = |name: &str| SourceFile { path: format!("a/b/{name}"), text: b"old".to_vec() };
        let names = ["service-2.json.gz", "endpoint-rule-set-1.json.gz", "waiters-2.json", "overlay.toml"];
        let mut service = ServiceFiles { name: "a".to_owned(), files: names.map(file).into() };
        keep_rules(&mut service);
        let kept: Vec<&str> = service.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(kept, ["a/b/service-2.json.gz", "a/b/endpoint-rule-set-1.json.gz"]);
        assert!(service.files[0].text != b"old" && service.files[1].text == b"old");
    }
}
