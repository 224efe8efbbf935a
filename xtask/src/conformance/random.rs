//! `--services`: random requests and responses of any services, beside botocore, through crates that are made for it.
//!
//! The comparison is tests/conformance/compare.py, as for the crates of this repository.

use super::made;
use crate::discover::discover;
use crate::failure::{Failure, Result};
use crate::paths::workspace;
use crate::python::Environment;
use crate::report::counted;
use crate::stderr::eprintln;
use std::path::Path;

/// Compares these services of a folder of models; `false` when something differs, of which the user has been told.
///
/// # Errors
///
/// When a service is not there or the generator takes none, the crate cannot be compiled, or Python cannot be run.
pub(super) fn run(
    python: &Environment,
    models: &Path,
    services: &[String],
    options: &[String],
    target: &Path,
) -> Result<bool> {
    let mut set = discover(models, services)?;
    let verdicts = made::judge(&mut set);
    for (service, refusal) in &verdicts.refused {
        eprintln!("{service} is refused: {}: {}", refusal.code, refusal.message);
    }
    for (operation, reason) in &verdicts.left_out {
        eprintln!("{operation} is left out: {reason}");
    }
    let names: Vec<String> = set.services.iter().map(|service| service.name.clone()).collect();
    if names.is_empty() {
        return Err(Failure::new("none of these services is generated"));
    }
    let program = made::program(&set, &target.join("conformance-services"))?;
    eprintln!("comparing {}", counted(names.len(), "service"));
    let mut compare = python.script(&workspace().join("tests").join("conformance").join("compare.py"));
    compare.arg("--modelled").arg("--wire").arg(program).arg("--models").arg(models).args(options);
    compare.arg("--services").args(&names).arg("--left-out").args(verdicts.left_out.keys());
    let status = compare.status().map_err(|e| Failure::new(format!("cannot run {compare:?}: {e}")))?;
    Ok(status.success() && verdicts.refused.is_empty())
}
