//! `cargo xtask`: see `cargo xtask --help`.

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use xtask::{
    bless, browser, changelog, codegen, conformance, describe, docs, e2e, fixtures, import, measure, report, update,
};

/// Maintain the Workstream crates
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate the crate from the models, or a crate or module of your own, or check that it is up to date
    Codegen(codegen::Args),
    /// Generate the crate and the modules of the generator's own tests, or check that they are up to date
    Fixtures(fixtures::Args),
    /// Regenerate everything that is committed: both crates and the snapshots
    Bless,
    /// Compare requests and responses of all operations with botocore's (needs Python and PyPI)
    Conformance(conformance::Args),
    /// Show what an API looks like: an operation, a shape, a paginator or a whole service
    Describe(describe::Args),
    /// Report which parts of the services have documentation of our own, and whether it is our own
    Docs(docs::Args),
    /// Compare two sets of models: what differs, and what that means for users of the crate
    Changelog(changelog::Args),
    /// Call a local moto server with the async and the blocking client (needs Python and PyPI)
    E2e(e2e::Args),
    /// Test the changelog's HTML in a browser: search, links, small screens (needs Chromium)
    BrowserTest(browser::Args),
    /// Import and update the models
    #[command(subcommand, arg_required_else_help = true)]
    Models(ModelsCommand),
    /// Measure build times and sizes
    #[command(subcommand, arg_required_else_help = true)]
    Measure(MeasureCommand),
}

#[derive(Subcommand)]
enum ModelsCommand {
    /// Import the listed services of a botocore release, or of the official Smithy models, into models/, without documentation
    Import(import::Args),
    /// Update to a newer botocore: changelog, models, crate, and the version to release
    Update(update::Args),
}

#[derive(Subcommand)]
enum MeasureCommand {
    /// Measure the generated crate with AppStream and WorkSpaces: size, build time, and the time to generate it, as a Markdown table
    Build(measure::BuildArgs),
    /// Measure a program that calls AppStream and WorkSpaces: crates, build time and size, as a Markdown table
    Client(measure::ClientArgs),
    /// The time to generate, in this process
    #[command(hide = true)]
    Generation,
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Codegen(args) => codegen::run(&args),
        Command::Fixtures(args) => fixtures::run(&args),
        Command::Bless => bless::run(),
        Command::Conformance(args) => conformance::run(&args),
        Command::Describe(args) => describe::run(&args),
        Command::Docs(args) => docs::run(&args),
        Command::Changelog(args) => return changelog::run(&args),
        Command::E2e(args) => e2e::run(&args),
        Command::BrowserTest(args) => browser::run(&args),
        Command::Models(ModelsCommand::Import(args)) => import::run(&args).map(|()| true),
        Command::Models(ModelsCommand::Update(args)) => return update::run(&args),
        Command::Measure(MeasureCommand::Build(args)) => measure::build(&args).map(|()| true),
        Command::Measure(MeasureCommand::Client(args)) => measure::client(&args).map(|()| true),
        Command::Measure(MeasureCommand::Generation) => measure::generation().map(|()| true),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            report::failure(&failure);
            ExitCode::from(failure.code)
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
