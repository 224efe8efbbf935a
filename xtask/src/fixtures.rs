//! `cargo xtask fixtures`: the crate of the generator's tests, from its fixture models.

use crate::codegen;
use crate::failure::Result;
use crate::paths::{FIXTURES_CRATE, FIXTURES_MODELS, in_workspace};

/// Which of the two.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Args {
    /// Write nothing; list files that are missing, changed or orphaned, and exit with 1 if there are any
    #[arg(long)]
    pub check: bool,
}

/// Runs the command; see [`codegen::run`].
///
/// # Errors
///
/// Those of [`codegen::run`].
pub fn run(args: &Args) -> Result<bool> {
    let (models, out) = (Some(in_workspace(FIXTURES_MODELS)), Some(in_workspace(FIXTURES_CRATE)));
    codegen::run(&codegen::Args { check: args.check, models, out, ..codegen::Args::default() })
}
