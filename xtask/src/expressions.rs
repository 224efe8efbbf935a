//! `cargo xtask conformance --expressions`: JMESPath as the generator makes Rust of it, beside the package jmespath.
//!
//! The code that is compared is the code that is emitted: an interpreter of plans would be another implementation, and what
//! it says would prove nothing of the emitters. So the random expressions become the waiters of real services and of
//! fixtures, in one crate below the target folder, which is compiled once and then asked about many answers.
//! The expressions, the answers and the comparison are tests/conformance/expressions.py.

use crate::codegen::produce;
use crate::discover::{self, discover};
use crate::failure::{Failure, Result};
use crate::paths::{FIXTURES_MODELS, slashed, workspace};
use crate::process::{cargo, output};
use crate::python::Environment;
use crate::stderr::eprintln;
use crate::writer::{write, write_crate};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use workstream_codegen::diagnostic::Diagnostics;
use workstream_codegen::plan::{self, ServicePlan, jmespath};
use workstream_codegen::{Manifest, Model, ModelSet, Options, SourceFile, read};

/// Fixtures with shapes that the real services lack.
const FIXTURES: [&str; 7] =
    ["waiter-expressions", "unions", "sparse", "documents", "containers-nested", "scalars", "recursion-through-list"];

/// Services with the shapes that expressions are about, each with the folder of its models.
fn services() -> Result<[(&'static str, Vec<String>); 2]> {
    let real = discover::services(&workspace().join("models"))?;
    Ok([("models", real), (FIXTURES_MODELS, FIXTURES.map(str::to_owned).to_vec())])
}

/// The file of a service's waiters.
const WAITERS: &str = "waiters-2.json";

/// Compares so many random expressions; `false` when something differs, of which the user has been told.
///
/// # Errors
///
/// When the models cannot be read, the crate cannot be generated or compiled, or Python cannot be run.
pub fn compare(python: &Environment, folder: &Path, seed: &str, count: u32) -> Result<bool> {
    let mut cases = written(python, seed, count)?;
    let mut set = models()?;
    judge(&set, &mut cases)?;
    add_waiters(&mut set, &cases, true)?;
    let model = planned(&set)?;
    drop_useless(&model, &mut cases);
    add_waiters(&mut set, &cases, false)?;
    eprintln!("compiling a crate with {} waiters", cases.iter().filter(|case| !case.is_refused()).count());
    let program = compiled(&set, &cases, folder)?;
    let mut compare = script(python, "compare", seed)?;
    compare.arg("--program").arg(program).stdin(Stdio::piped());
    let failed = |e: std::io::Error| Failure::new(format!("cannot run the comparison: {e}"));
    let mut running = compare.spawn().map_err(failed)?;
    let cases: Vec<Value> = cases.iter().map(Case::to_json).collect();
    let input = running.stdin.take().ok_or_else(|| Failure::new("Python has no input"))?;
    serde_json::to_writer(input, &cases).map_err(|e| failed(e.into()))?;
    Ok(running.wait().map_err(failed)?.success())
}

fn script(python: &Environment, command: &str, seed: &str) -> Result<Command> {
    let mut script = python.script(&workspace().join("tests").join("conformance").join("expressions.py"));
    script.arg(command);
    let services = services()?;
    for (models, _) in &services {
        script.arg("--models").arg(workspace().join(models));
    }
    script.arg("--services").args(services.iter().flat_map(|(_, services)| services)).args(["--seed", seed]);
    Ok(script)
}

/// An expression as the one acceptor of a waiter.
struct Case {
    name: String,
    service: String,
    operation: String,
    matcher: Value,
    argument: String,
    expected: Value,
    /// Why the generator does not take it.
    refused: Option<String>,
}

impl Case {
    fn of(value: &Value) -> Option<Self> {
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        Some(Self {
            name: text("name")?,
            service: text("service")?,
            operation: text("operation")?,
            matcher: value["matcher"].clone(),
            argument: text("argument")?,
            expected: value["expected"].clone(),
            refused: None,
        })
    }

    fn is_refused(&self) -> bool {
        self.refused.is_some()
    }

    fn waiter(&self) -> Value {
        let acceptor = json!({
            "state": "success", "matcher": self.matcher, "argument": self.argument, "expected": self.expected
        });
        json!({"operation": self.operation, "delay": 1, "maxAttempts": 1, "acceptors": [acceptor]})
    }

    fn to_json(&self) -> Value {
        let mut value = json!({
            "name": self.name, "service": self.service, "operation": self.operation,
            "matcher": self.matcher, "argument": self.argument, "expected": self.expected
        });
        if let Some(refused) = &self.refused {
            value["refused"] = json!(refused);
        }
        value
    }
}

fn written(python: &Environment, seed: &str, count: u32) -> Result<Vec<Case>> {
    let text = output(script(python, "write", seed)?.args(["--count", &count.to_string()]))?;
    let cases: Option<Vec<Case>> = match serde_json::from_str(&text) {
        Ok(Value::Array(cases)) => cases.iter().map(Case::of).collect(),
        _ => None,
    };
    cases.ok_or_else(|| Failure::new("the script wrote no expressions"))
}

/// The shapes and operations of the services, without all else that their models have.
fn models() -> Result<ModelSet> {
    let mut models = ModelSet::default();
    for (folder, services) in services()? {
        let mut set = discover(&workspace().join(folder), &services)?;
        for service in &mut set.services {
            service.files.retain(|file| file.path.ends_with("service-2.json"));
        }
        models.services.extend(set.services);
    }
    Ok(models)
}

fn planned(set: &ModelSet) -> Result<Model> {
    read(set).0.ok_or_else(|| Failure::new("the models have errors").hint("run `cargo xtask codegen --check`"))
}

/// The plans of all services; what is wrong with their waiters is left out of them.
fn plans(model: &Model) -> Vec<ServicePlan<'_>> {
    let mut found = Diagnostics::new();
    let named = model.services().iter().zip(plan::service_names(model.services()));
    named.filter_map(|(service, names)| plan::plan(service, names, |_| true, &mut found)).collect()
}

/// Says of each case why its expression is refused, where it is.
fn judge(set: &ModelSet, cases: &mut [Case]) -> Result<()> {
    let model = planned(set)?;
    let plans = plans(&model);
    for case in cases {
        let plan = plans.iter().find(|plan| plan.service.name() == case.service);
        let operation = plan.and_then(|plan| plan.operations.iter().find(|o| o.wire_name == case.operation));
        let (Some(plan), Some(operation)) = (plan, operation) else {
            return Err(Failure::new(format!("{} has no operation `{}`", case.service, case.operation)));
        };
        let checked =
            jmespath::parse(&case.argument).and_then(|parsed| jmespath::check(plan, operation.output, &parsed));
        case.refused = checked.err().map(|problem| problem.code.to_owned());
    }
    Ok(())
}

/// Some acceptors can never apply, whatever the expression says, and are left out.
fn drop_useless(model: &Model, cases: &mut [Case]) {
    let plans = plans(model);
    let useful: BTreeSet<(&str, &str)> = plans
        .iter()
        .flat_map(|plan| plan.waiters.iter().map(|waiter| (plan.service.name(), waiter)))
        .filter(|(_, waiter)| !waiter.acceptors.is_empty())
        .map(|(service, waiter)| (service, waiter.waiter.name.as_str()))
        .collect();
    for case in cases.iter_mut().filter(|case| !case.is_refused()) {
        if !useful.contains(&(case.service.as_str(), case.name.as_str())) {
            case.refused = Some("useless-acceptor".to_owned());
        }
    }
}

/// Gives every service the waiters of the cases that are not refused.
fn add_waiters(set: &mut ModelSet, cases: &[Case], first: bool) -> Result<()> {
    for service in &mut set.services {
        let own = cases.iter().filter(|case| case.service == service.name && !case.is_refused());
        let waiters: BTreeMap<&str, Value> = own.map(|case| (case.name.as_str(), case.waiter())).collect();
        let text = json!({"version": 2, "waiters": waiters}).to_string().into_bytes();
        if !first {
            service.files.pop();
        }
        let path = service.files.first().map(|file| file.path.replace("service-2.json", WAITERS));
        let path = path.ok_or_else(|| Failure::new(format!("{} has no model", service.name)))?;
        service.files.push(SourceFile { path, text });
    }
    Ok(())
}

/// The program that asks the waiters, compiled.
fn compiled(set: &ModelSet, cases: &[Case], folder: &Path) -> Result<PathBuf> {
    let manifest = Manifest::Standalone { runtime: slashed(&workspace().join("runtime")) };
    let options = Options::new(manifest);
    let (made, found) = produce(set, &options);
    let Some((model, made)) = made else {
        crate::codegen::report_diagnostics(set, &found);
        return Err(Failure::new("the crate cannot be generated"));
    };
    write(&folder.join("crate"), &made.files)?;
    let (program, plans) = (folder.join("program"), plans(&model));
    let files = [("src/main.rs", main(&plans, cases)), ("Cargo.toml", cargo_toml(&plans))];
    write_crate(&program, files.map(|(name, text)| (name.to_owned(), text)).into())?;
    let mut build = cargo();
    build.args(["build", "--quiet"]).current_dir(&program).env("CARGO_TARGET_DIR", folder.join("target"));
    // Users would see the compiler's warnings about their waiters.
    build.env("RUSTFLAGS", "--deny warnings");
    crate::process::run(&mut build)?;
    Ok(folder.join("target").join("debug").join(format!("ask{}", std::env::consts::EXE_SUFFIX)))
}

fn cargo_toml(plans: &[ServicePlan<'_>]) -> String {
    let features: Vec<String> = plans.iter().map(|plan| format!("{:?}", plan.names.feature)).collect();
    format!(
        "[package]\nname = \"ask\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[dependencies.workstream]\n\
         path = \"../crate\"\ndefault-features = false\nfeatures = [{}]\n\n[workspace]\n",
        features.join(", ")
    )
}

/// What does not depend on the waiters.
const PROGRAM: &str = r#"//! Reads lines of service, operation and answer, and says which waiters accept the answer.

use workstream::Operation;
use workstream::Protocol;
use workstream::runtime::http::Response;
use workstream::runtime::waiter::{Attempt, Waiter, WaiterState};

type State<I> = fn(&<I as Operation>::Output) -> bool;

fn state<W: Waiter>(output: &<W::Operation as Operation>::Output) -> bool {
    W::state(Attempt::new(Some(200), Ok(output))) == Some(WaiterState::Success)
}

fn answers<I: Operation>(body: &str, waiters: &[State<I>]) -> String {
    match I::parse_response(Protocol::AwsJson1_1, &Response::new(body.as_bytes())) {
        Ok(output) => waiters.iter().map(|accepts| if accepts(&output) { '1' } else { '0' }).collect(),
        Err(_) => "the answer cannot be read".to_owned(),
    }
}

fn main() {
    for line in std::io::stdin().lines() {
        let line = line.expect("a line");
        let mut parts = line.splitn(3, '\t');
        let mut part = || parts.next().expect("service, operation and answer");
        println!("{}", ask(part(), part(), part()));
    }
}
"#;

/// The program: a function per operation lists its waiters, in the order of the cases.
fn main(plans: &[ServicePlan<'_>], cases: &[Case]) -> String {
    let mut arms = String::new();
    for plan in plans {
        let names: BTreeMap<&str, &str> =
            plan.waiters.iter().map(|waiter| (waiter.waiter.name.as_str(), waiter.name.as_str())).collect();
        for operation in &plan.operations {
            let (service, name) = (plan.service.name(), operation.wire_name);
            let own = cases.iter().filter(|case| case.service == service && case.operation == *name);
            let own: Vec<&str> = own.filter_map(|case| names.get(case.name.as_str()).copied()).collect();
            let module = format!("workstream::{}", plan.names.module);
            let states = own.iter().map(|waiter| format!("state::<{module}::waiters::{waiter}>, ")).collect::<String>();
            let input = &plan[operation.input].name;
            let _ = writeln!(
                arms,
                "        ({service:?}, {name:?}) => answers::<{module}::types::{input}>(body, &[{states}]),"
            );
        }
    }
    format!(
        "{PROGRAM}\nfn ask(service: &str, operation: &str, body: &str) -> String {{\n    match (service, operation) {{\n\
         {arms}        _ => \"no such operation\".to_owned(),\n    }}\n}}\n"
    )
}
