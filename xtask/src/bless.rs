//! `cargo xtask bless`: all that is committed of what the generator makes.

use crate::failure::Result;
use crate::process::{cargo, run as run_command};
use crate::stderr::eprintln;
use crate::{codegen, fixtures};

/// Writes the crate, the fixtures' crate and the snapshots; `false` when models have errors, of which the user has been
/// told.
///
/// # Errors
///
/// Those of [`codegen::run`], and when the snapshot tests cannot be run.
pub fn run() -> Result<bool> {
    if !(codegen::run(&codegen::Args::default())? && fixtures::run(&fixtures::Args::default())?) {
        return Ok(false);
    }
    eprintln!("writing the snapshots");
    let mut tests = cargo();
    tests.args(["test", "--quiet", "--package", "workstream-tests", "--test", "suite", "snapshots::"]);
    run_command(tests.env("INSTA_UPDATE", "always").env("INSTA_FORCE_PASS", "1"))?;
    Ok(true)
}
