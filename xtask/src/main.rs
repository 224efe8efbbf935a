//! `cargo xtask`: see `cargo xtask --help`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::failure::{Failure, Result};
use xtask::import::import;

/// Chores of the Workstream project.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The models in models/: where they come from
    #[command(subcommand, arg_required_else_help = true)]
    Models(ModelsCommand),
}

#[derive(Subcommand)]
enum ModelsCommand {
    /// Take the facts of a botocore release into models/
    Import {
        /// A botocore wheel, or the folder `botocore/data` of an installed one
        path: PathBuf,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(code) => code,
        Err(failure) => {
            report_failure(&failure);
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Models(ModelsCommand::Import { path }) => {
            let models = workspace().join("models");
            let (lock, changes) = import(&path, &models)?;
            anstream::eprintln!("{} {}: {changes:?}", lock.package, lock.version);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn report_failure(failure: &Failure) {
    anstream::eprintln!("error: {failure}");
    if let Some(hint) = &failure.hint {
        anstream::eprintln!("  help: {hint}");
    }
}

/// The workspace's root: this program is built and run inside it.
fn workspace() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}
