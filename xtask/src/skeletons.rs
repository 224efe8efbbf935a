//! What `describe` says in boto3's notation, beside botocore's own documenters:
//! a part of `cargo xtask conformance`. The comparison is
//! tests/conformance/skeletons.py.

use crate::discover::{discover, services};
use crate::failure::{Failure, Result};
use crate::paths::workspace;
use crate::python::Environment;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use workstream_codegen::describe::{Described, Description, Style};
use workstream_codegen::graph::Protocol;
use workstream_codegen::read;

/// The folder of the models of the botocore that this Python has.
///
/// # Errors
///
/// When Python cannot be run or has no botocore.
pub fn models_of_botocore(python: &Environment) -> Result<PathBuf> {
    let find = "import botocore, os; print(os.path.join(os.path.dirname(botocore.__file__), 'data'))";
    python.printed(find).map(PathBuf::from)
}

/// Compares the descriptions of all services below `models` that speak awsJson;
/// `false` when one differs, of which the user has been told.
///
/// # Errors
///
/// When the models cannot be read or Python cannot be run.
pub fn compare(python: &Environment, models: &Path) -> Result<bool> {
    let script = workspace().join("tests").join("conformance").join("skeletons.py");
    let failed = |e: std::io::Error| Failure::new(format!("cannot run {script:?}: {e}"));
    let mut running = python.script(&script).stdin(Stdio::piped()).spawn().map_err(failed)?;
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
    let operations = texts(&|id| description.subject(Described::Operation(id), Style::Boto3));
    let paginators = texts(&|id| {
        description.service().paginator(id)?;
        description.paginator(id, Style::Boto3)
    });
    Ok(Some(json!({"service": service, "folder": folder, "operations": operations, "paginators": paginators})))
}
