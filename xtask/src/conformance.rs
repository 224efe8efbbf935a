//! `cargo xtask conformance`: the generated crate, and descriptions in boto3's
//! notation, beside botocore, operation by operation. The comparisons are
//! tests/conformance/{compare,skeletons}.py; what they need is made ready here.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anstream::eprintln;
use serde_json::{Value, json};
use workstream_codegen::describe::{Description, Style, Subject};
use workstream_codegen::graph::Protocol;
use workstream_codegen::read;

use crate::discover::{discover, services};
use crate::failure::{Failure, Result};
use crate::fixtures;
use crate::lock::Lock;
use crate::measure::{cargo, output, run as run_quietly};
use crate::paths::workspace;

/// What to compare.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Other random values: the same seed gives the same
    #[arg(long, value_name = "TEXT", default_value = "1")]
    pub seed: String,

    /// Random values of each input and output, beside the least and the fullest one
    #[arg(long, value_name = "NUMBER", default_value_t = 4)]
    pub rounds: u32,

    /// Compare only what `describe` says in boto3's notation: of these models, or of all that botocore has
    #[arg(long, value_name = "DIR", num_args = 0..=1)]
    pub descriptions: Option<Option<PathBuf>>,

    /// The Python to make a virtual environment with
    #[arg(long, value_name = "PROGRAM", default_value = if cfg!(windows) { "python" } else { "python3" })]
    pub python: PathBuf,
}

/// Programs that answer for a crate, and the folders of its models.
const SUBJECTS: &[(&str, &str)] = &[("wire", "models"), ("wire-fixtures", fixtures::MODELS)];

/// Compares; `false` when something differs, of which the user has been told.
///
/// # Errors
///
/// When the programs cannot be built, or there is no Python with botocore.
pub fn run(args: &Args) -> Result<bool> {
    if let Some(models) = &args.descriptions {
        let program = std::env::current_exe().ok();
        // target/debug/xtask
        let target = program.as_deref().and_then(|program| program.ancestors().nth(2));
        let python = environment(target.unwrap_or(workspace()), &args.python)?;
        let models = models.clone().map_or_else(|| models_of_botocore(&python), Ok)?;
        return descriptions(&python, &models);
    }
    let programs = build()?;
    // target/debug/wire
    let target = programs.first().and_then(|program| program.ancestors().nth(2)).unwrap_or(workspace());
    let python = environment(target, &args.python)?;
    let script = workspace().join("tests").join("conformance").join("compare.py");
    let mut same = true;
    for ((_, models), program) in SUBJECTS.iter().zip(programs) {
        let mut compare = Command::new(&python);
        // No compiled Python beside the sources.
        compare.arg("-B").arg(&script).arg("--wire").arg(program).arg("--models").arg(workspace().join(models));
        compare.args(["--seed", &args.seed, "--rounds", &args.rounds.to_string()]);
        let status = compare.status().map_err(|e| Failure::new(format!("cannot run {compare:?}: {e}")))?;
        same &= status.success();
        same &= descriptions(&python, &workspace().join(models))?;
    }
    Ok(same)
}

/// The folder of botocore's own models.
fn models_of_botocore(python: &Path) -> Result<PathBuf> {
    let find = "import botocore, os; print(os.path.join(os.path.dirname(botocore.__file__), 'data'))";
    Ok(PathBuf::from(output(Command::new(python).args(["-c", find]))?.trim()))
}

/// Compares the descriptions of all services below `models` that speak awsJson.
fn descriptions(python: &Path, models: &Path) -> Result<bool> {
    let script = workspace().join("tests").join("conformance").join("skeletons.py");
    let mut compare = Command::new(python);
    compare.arg("-B").arg(&script).stdin(Stdio::piped());
    let failed = |e: std::io::Error| Failure::new(format!("cannot run {script:?}: {e}"));
    let mut running = compare.spawn().map_err(failed)?;
    let input = running.stdin.take().ok_or_else(|| Failure::new("Python has no input"))?;
    let mut input = std::io::BufWriter::new(input);
    for service in services(models)? {
        if let Some(case) = described(models, &service)? {
            writeln!(input, "{case}").map_err(failed)?;
        }
    }
    input.flush().map_err(failed)?;
    drop(input);
    Ok(running.wait().map_err(failed)?.success())
}

/// What `describe` says of each operation and paginator; nothing of a service
/// that is not for this generator.
fn described(models: &Path, service: &str) -> Result<Option<Value>> {
    let set = discover(models, &[service.to_owned()])?;
    let folder = set.services.first().and_then(|service| Path::new(&service.files.first()?.path).parent());
    let (Some(model), Some(folder)) = (read(&set).0, folder) else { return Ok(None) };
    let Some(description) = Description::new(&model, service) else { return Ok(None) };
    let protocols = &description.service().metadata().protocols;
    if !protocols.iter().any(|protocol| matches!(protocol, Protocol::AwsJson1_0 | Protocol::AwsJson1_1)) {
        return Ok(None);
    }
    let texts = |text: &dyn Fn(_) -> Option<String>| -> BTreeMap<&str, String> {
        let operations = description.service().operations();
        operations.filter_map(|(id, operation)| Some((operation.name.as_str(), text(id)?))).collect()
    };
    let operations = texts(&|id| description.subject(Subject::Operation(id), Style::Boto3));
    let paginators = texts(&|id| {
        description.service().paginator(id)?;
        description.paginator(id, Style::Boto3)
    });
    Ok(Some(json!({"service": service, "folder": folder, "operations": operations, "paginators": paginators})))
}

/// Builds the programs and says where they are.
fn build() -> Result<Vec<PathBuf>> {
    let mut build = cargo();
    build.args(["build", "--quiet", "--package", "workstream-tests", "--message-format", "json"]);
    build.args(["--bin", "wire", "--example", "wire-fixtures"]);
    let messages = output(build.current_dir(workspace()))?;
    let messages: Vec<Value> = messages.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let executable = |(name, _): &(&str, &str)| {
        let built = messages.iter().filter(|message| message["target"]["name"] == *name);
        let path = built.filter_map(|message| message["executable"].as_str()).next();
        path.map(PathBuf::from).ok_or_else(|| Failure::new(format!("cargo built no program `{name}`")))
    };
    SUBJECTS.iter().map(executable).collect()
}

/// The Python of a virtual environment beside the programs, with the botocore
/// that the models are from.
fn environment(target: &Path, python: &Path) -> Result<PathBuf> {
    let lock = Lock::read(&workspace().join("models"))?;
    let version = lock.map(|lock| lock.version).ok_or_else(|| Failure::new("the models have no lock file"))?;
    let folder = target.join("conformance").join(format!("botocore-{version}"));
    let own = if cfg!(windows) { folder.join("Scripts").join("python.exe") } else { folder.join("bin").join("python") };

    let has_botocore = |python: &Path| {
        let check = format!("import botocore; assert botocore.__version__ == '{version}'");
        python.exists()
            && run_quietly(Command::new(python).args(["-c", &check]).stderr(std::process::Stdio::null())).is_ok()
    };
    if !has_botocore(&own) {
        eprintln!("installing botocore {version} in {}", folder.display());
        let hint = "Python 3.9 or later with pip is needed, see --python";
        run_quietly(Command::new(python).args(["-m", "venv"]).arg(&folder)).map_err(|failure| failure.hint(hint))?;
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        run_quietly(Command::new(&own).args(install).arg(format!("botocore=={version}")))?;
    }
    Ok(own)
}
