//! A program that answers for services whose crate is generated on the fly: tests/src/wire.rs over that crate.

use crate::codegen::{produce, report_diagnostics};
use crate::failure::{Failure, Result};
use crate::ownership;
use crate::paths::{slashed, workspace};
use crate::process::{cargo, run};
use crate::report::counted;
use crate::stderr::eprintln;
use crate::writer::{Mode, sync, write_crate};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use workstream_codegen::diagnostic::{Diagnostics, Severity};
use workstream_codegen::{Manifest, ModelSet, Options, ServiceFiles, plan, read};

/// What the generator makes of some services.
#[derive(Debug, Default)]
pub(crate) struct Verdicts {
    /// Why it takes nothing of a service, by the service's name.
    pub refused: BTreeMap<String, Refusal>,
    /// Why it leaves out an operation, by `service.Operation`.
    pub left_out: BTreeMap<String, String>,
}

/// Why the generator takes nothing of a service.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// The code of the first error.
    pub code: &'static str,
    /// What it says.
    pub message: String,
}

impl Verdicts {
    /// As the scripts of the comparison read them.
    pub fn to_json(&self) -> Value {
        let refused = self.refused.iter().map(|(name, refusal)| (name, refusal.code));
        json!({"refused": refused.collect::<BTreeMap<_, _>>(), "left_out": self.left_out})
    }

    /// Refused services by the code of the error: how many, and an example.
    pub fn refusals(&self) -> BTreeMap<&'static str, (usize, String)> {
        let mut codes = BTreeMap::new();
        for (name, refusal) in &self.refused {
            let (count, _) = codes.entry(refusal.code).or_insert_with(|| (0, format!("{name}: {}", refusal.message)));
            *count += 1;
        }
        codes
    }
}

/// Takes out of the set what the generator refuses, each service by itself, and says why.
pub(crate) fn judge(set: &mut ModelSet) -> Verdicts {
    let mut verdicts = Verdicts::default();
    let services = std::mem::take(&mut set.services);
    for files in services {
        let name = files.name.clone();
        let one = ModelSet { services: vec![files], partitions: set.partitions.clone() };
        match planned(&one, &name, &mut verdicts) {
            Ok(()) => set.services.extend(one.services),
            Err(refusal) => drop(verdicts.refused.insert(name, refusal)),
        }
    }
    verdicts
}

/// Plans a set of one service, as generating does.
fn planned(one: &ModelSet, name: &str, verdicts: &mut Verdicts) -> std::result::Result<(), Refusal> {
    let (model, mut found) = read(one);
    let Some(model) = model else { return Err(refusal(&found)) };
    let mut left_out = Vec::new();
    for (service, names) in model.services().iter().zip(plan::service_names(model.services())) {
        let plan = plan::plan(service, names, |_| true, &mut found);
        left_out.extend(plan.into_iter().flat_map(|plan| plan.skipped));
    }
    if found.has_errors() {
        return Err(refusal(&found));
    }
    verdicts
        .left_out
        .extend(left_out.into_iter().map(|skipped| (format!("{name}.{}", skipped.what), skipped.reason.to_string())));
    Ok(())
}

fn refusal(found: &Diagnostics) -> Refusal {
    let error = found.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
    error.map_or_else(
        || Refusal { code: "no-reason", message: "it is not generated, and no error says why".to_owned() },
        |error| Refusal { code: error.code, message: error.message.clone() },
    )
}

/// Generates a crate from services that were judged, compiles it below `folder`, and gives the program that answers for it.
///
/// # Errors
///
/// When the crate is not generated or does not compile: the user has been told why.
pub(crate) fn program(set: &ModelSet, folder: &Path) -> Result<PathBuf> {
    let features = written(set, Vec::new(), folder)?;
    eprintln!("compiling {}", counted(features.len(), "service"));
    write_crate(&folder.join("program"), program_files(&features)?)?;
    compiled("answer", folder)
}

/// Generates a crate from services that were judged, with these operations or all, into `folder/crate`; its services' features.
///
/// # Errors
///
/// When the crate is not generated, of which the user has been told why, or not written.
pub(crate) fn written(set: &ModelSet, operations: Vec<String>, folder: &Path) -> Result<Vec<String>> {
    let manifest = Manifest::Standalone { runtime: slashed(&workspace().join("runtime")) };
    let mut options = Options::new(manifest);
    options.operations = operations;
    let (made, found) = produce(set, &options);
    let Some((_, output)) = made else {
        report_diagnostics(set, &found);
        return Err(Failure::new("the crate cannot be generated"));
    };
    let root = folder.join("crate");
    sync(&root, &output.files, &ownership::scan(&root)?.generated, Mode::Write)?;
    features(set)
}

/// Compiles the program of the package in `folder/program`, which has its name.
///
/// # Errors
///
/// When it does not compile.
pub(crate) fn compiled(name: &str, folder: &Path) -> Result<PathBuf> {
    let mut build = cargo();
    // What the crates depend on is the same for every folder beside this one.
    let target = folder.parent().unwrap_or(folder).join("made-target");
    build.args(["build", "--quiet"]).current_dir(folder.join("program")).env("CARGO_TARGET_DIR", &target);
    build.env("CARGO_INCREMENTAL", "0");
    run(&mut build)?;
    let built = target.join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let own = folder.join(name).with_extension(std::env::consts::EXE_EXTENSION);
    fs::copy(&built, &own).map_err(|e| Failure::io("copy", &built, &e))?;
    Ok(own)
}

/// The features of the services, by which their modules are on.
pub(crate) fn features(set: &ModelSet) -> Result<Vec<String>> {
    let model = read(set).0.ok_or_else(|| Failure::new("the models have errors"))?;
    Ok(plan::service_names(model.services()).into_iter().map(|names| names.feature).collect())
}

fn program_files(features: &[String]) -> Result<BTreeMap<String, String>> {
    let wire = workspace().join("tests").join("src").join("wire.rs");
    let wire = fs::read_to_string(&wire).map_err(|e| Failure::io("read", &wire, &e))?;
    let files = [("src/main.rs", MAIN.to_owned()), ("src/wire.rs", wire), ("Cargo.toml", cargo_toml(features))];
    Ok(files.map(|(name, text)| (name.to_owned(), text)).into())
}

const MAIN: &str = "\
//! JSON lines in, JSON lines out, in order.

mod wire;

fn main() -> std::process::ExitCode {
    wire::main(workstream::dynamic::services())
}
";

fn cargo_toml(features: &[String]) -> String {
    let features: String = features.iter().map(|feature| format!(", {feature:?}")).collect();
    format!(
        "[package]\nname = \"answer\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n\
         base64 = {{ version = \"0.23.1\", default-features = false, features = [\"std\"] }}\n\
         serde = \"1.0.228\"\n\
         serde_json = {{ version = \"1.0.145\", features = [\"raw_value\"] }}\n\
         workstream = {{ path = \"../crate\", default-features = false, features = [\"dynamic\"{features}] }}\n\n\
         [profile.dev]\ndebug = false\n\n[workspace]\n"
    )
}

/// Services of a folder of models by themselves, in their order.
pub(crate) fn set_of(services: Vec<ServiceFiles>) -> ModelSet {
    ModelSet { services, partitions: None }
}
