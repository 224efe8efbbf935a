//! `cargo xtask fixtures`: the crate of the generator's tests, from its fixture models.

use crate::codegen;
use crate::failure::Result;
use crate::paths::in_workspace;

/// The folder of the fixture models, in the workspace.
pub const MODELS: &str = "tests/fixtures/models";

/// The folder of the crate that is generated from them, in the workspace.
pub const CRATE: &str = "tests/generated-fixtures";

/// The package of that crate.
pub const PACKAGE: &str = "workstream-fixtures";

/// Which of the two.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Args {
    /// Only list what is missing, changed or orphaned; exit with 1 if anything is
    #[arg(long)]
    pub check: bool,
}

/// Runs the command; see [`codegen::run`].
///
/// # Errors
///
/// Those of [`codegen::run`].
pub fn run(args: &Args) -> Result<bool> {
    let (models, out) = (Some(in_workspace(MODELS)), Some(in_workspace(CRATE)));
    codegen::run(&codegen::Args { check: args.check, models, out, ..codegen::Args::default() })
}
