//! `cargo xtask fixtures`: the crate of the generator's tests, and the modules, from its fixture models.

use crate::codegen::{self, Part};
use crate::failure::Result;
use crate::paths::{FIXTURES_CRATE, FIXTURES_MODELS, FIXTURES_MODULES, FIXTURES_OF_MODULES, in_workspace};

/// Whether to write them.
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
    let of_crate = codegen::Args { check: args.check, models, out, ..codegen::Args::default() };
    let mut fresh = codegen::run(&of_crate)?;
    for (module, with) in FIXTURES_MODULES.into_iter().zip([Vec::new(), vec![Part::Dynamic, Part::Validate]]) {
        let (module, services) = (Some(in_workspace(module)), FIXTURES_OF_MODULES.map(str::to_owned).to_vec());
        fresh &= codegen::run(&codegen::Args { out: None, module, services, with, ..of_crate.clone() })?;
    }
    Ok(fresh)
}
