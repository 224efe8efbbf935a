//! `cargo xtask measure client`: what a program costs that makes one call on
//! each service, with all that it takes: TLS, configuration, credentials.

use crate::failure::{Failure, Result};
use crate::paths;
use crate::paths::workspace;
use crate::process::{cargo, output, run};
use crate::stderr::eprintln;
use crate::stdout::print;
use crate::writer::write;
use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What to measure.
#[derive(Debug, Clone, clap::Args)]
pub struct ClientArgs {
    /// Also measure the same program with the AWS SDK and with rusoto; takes ten minutes on two cores
    #[arg(long)]
    pub peers: bool,
}

const MAIN: &str = "
fn main() -> Result<(), Box<dyn std::error::Error>> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(list())
}
";

const WORKSTREAM: &str = r#"use workstream::{appstream, workspaces};

async fn list() -> Result<(), Box<dyn std::error::Error>> {
    let mut fleets = appstream::Client::from_env().await?.describe_fleets(Default::default()).items();
    while let Some(fleet) = fleets.try_next().await? {
        println!("{}", fleet.name);
    }
    let mut workspaces = workspaces::Client::from_env().await?.describe_workspaces(Default::default()).items();
    while let Some(workspace) = workspaces.try_next().await? {
        println!("{:?}", workspace.workspace_id);
    }
    Ok(())
}
"#;

/// The same with keys of its own, and without the feature `credentials`.
const WITH_KEYS: &str = r#"use workstream::client::{Config, Credentials};
use workstream::{appstream, workspaces};

async fn list() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::builder().region("eu-west-1").credentials(Credentials::new("AKID", "secret")).build();
    let mut fleets = appstream::Client::new(&config).describe_fleets(Default::default()).items();
    while let Some(fleet) = fleets.try_next().await? {
        println!("{}", fleet.name);
    }
    let mut workspaces = workspaces::Client::new(&config).describe_workspaces(Default::default()).items();
    while let Some(workspace) = workspaces.try_next().await? {
        println!("{:?}", workspace.workspace_id);
    }
    Ok(())
}
"#;

const AWS_SDK: &str = r#"async fn list() -> Result<(), Box<dyn std::error::Error>> {
    let config = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let fleets = aws_sdk_appstream::Client::new(&config).describe_fleets().send().await?;
    for fleet in fleets.fleets() {
        println!("{:?}", fleet.name());
    }
    let mut workspaces = aws_sdk_workspaces::Client::new(&config).describe_workspaces().into_paginator().items().send();
    while let Some(workspace) = workspaces.try_next().await? {
        println!("{:?}", workspace.workspace_id());
    }
    Ok(())
}
"#;

const RUSOTO: &str = r#"use rusoto_appstream::{AppStream, AppStreamClient};
use rusoto_workspaces::{Workspaces, WorkspacesClient};

async fn list() -> Result<(), Box<dyn std::error::Error>> {
    let region = rusoto_core::Region::default();
    for fleet in AppStreamClient::new(region.clone()).describe_fleets(Default::default()).await?.fleets.unwrap_or_default() {
        println!("{}", fleet.name);
    }
    let workspaces = WorkspacesClient::new(region).describe_workspaces(Default::default()).await?;
    for workspace in workspaces.workspaces.unwrap_or_default() {
        println!("{:?}", workspace.workspace_id);
    }
    Ok(())
}
"#;

/// Measures and prints a Markdown table.
///
/// # Errors
///
/// When a build fails or cargo cannot be run.
pub fn client(args: &ClientArgs) -> Result<()> {
    let root = workspace().join("target").join("measure").join("client");
    let ours = format!("path = '{}'", paths::slashed(&workspace().join("generated")));
    let bare = format!(
        "workstream = {{ {ours}, default-features = false, features = ['client', 'appstream', 'workspaces'] }}"
    );
    let program = |title, dependencies: &str, list: &str| {
        let tokio = "tokio = { version = '1', default-features = false, features = ['rt'] }";
        Program::create(&root, title, &format!("{dependencies}\n{tokio}"), &format!("{list}{MAIN}"))
    };
    let mut programs = vec![
        program("workstream", &format!("workstream = {{ {ours} }}"), WORKSTREAM)?,
        program("with keys", &bare, WITH_KEYS)?,
    ];
    if args.peers {
        let sdk = "\
aws-config = '1'
aws-sdk-appstream = '=1.138.0'
aws-sdk-workspaces = '=1.144.0'";
        programs.push(program("AWS SDK", sdk, AWS_SDK)?);
        let rusoto = "\
rusoto_core = { version = '=0.48.0', default-features = false, features = ['rustls'] }
rusoto_appstream = { version = '=0.48.0', default-features = false, features = ['rustls'] }
rusoto_workspaces = { version = '=0.48.0', default-features = false, features = ['rustls'] }";
        programs.push(program("rusoto", rusoto, RUSOTO)?);
    }
    let figures: Vec<Figures> = programs.iter().map(Program::figures).collect::<Result<_>>()?;
    let titles: Vec<&str> = programs.iter().map(|program| program.title).collect();
    print(&format!("{}\n{}\n", table(&titles, &figures), conditions()?))
}

fn conditions() -> Result<String> {
    Ok(format!(
        "{}. Wall time of one build each into an empty folder, all crates downloaded before; default profiles and \
         features; the release binary with its symbols stripped.",
        super::machine()?
    ))
}

/// A program of a package of its own.
pub(super) struct Program {
    title: &'static str,
    folder: PathBuf,
}

/// What one program costs.
struct Figures {
    crates: usize,
    dev: Duration,
    release: Duration,
    bytes: u64,
}

impl Program {
    const NAME: &str = "measured";

    /// With the lines of `[dependencies]`, and of `main.rs`.
    pub(super) fn create(root: &Path, title: &'static str, dependencies: &str, source: &str) -> Result<Self> {
        let folder = root.join(title.to_lowercase().replace(' ', "-"));
        let manifest = format!(
            "[package]\nname = \"{}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n\n\
             [workspace]\n",
            Self::NAME
        );
        let files = [("Cargo.toml", manifest), ("src/main.rs", source.to_owned())];
        write(&folder, &files.map(|(name, text)| (name.to_owned(), text)).into())?;
        let program = Self { title, folder };
        eprintln!("{title}: fetching");
        run(&mut program.cargo(&["fetch", "--quiet"]))?;
        Ok(program)
    }

    fn target(&self) -> PathBuf {
        self.folder.join("target")
    }

    fn cargo(&self, arguments: &[&str]) -> std::process::Command {
        let mut cargo = cargo();
        cargo.args(arguments).current_dir(&self.folder);
        cargo.env("CARGO_TARGET_DIR", self.target()).env_remove("CARGO_INCREMENTAL").env_remove("RUSTFLAGS");
        cargo
    }

    fn figures(&self) -> Result<Figures> {
        let release = self.cold_build(&["--release"])?;
        let bytes = self.stripped_bytes()?;
        Ok(Figures { crates: self.crates()?, dev: self.cold_build(&[])?, release, bytes })
    }

    /// Packages that are compiled into it, its own aside.
    fn crates(&self) -> Result<usize> {
        let tree = ["tree", "--offline", "--edges", "normal", "--prefix", "none", "--no-dedupe"];
        let tree = output(self.cargo(&tree).args(["--format", "{p}"]))?;
        // A path may follow the version.
        let name_and_version = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
        let packages: BTreeSet<_> = tree.lines().map(name_and_version).collect();
        Ok(packages.len() - 1)
    }

    /// The time to build everything.
    fn cold_build(&self, flags: &[&str]) -> Result<Duration> {
        eprintln!("{}: build {}", self.title, flags.join(" "));
        match fs::remove_dir_all(self.target()) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(Failure::io("remove", &self.target(), &error));
            }
            _ => {}
        }
        let mut build = self.cargo(&["build", "--quiet", "--offline"]);
        build.args(flags);
        let start = Instant::now();
        run(&mut build)?;
        Ok(start.elapsed())
    }

    /// The size of the release binary, linked anew without symbols: not every system has a tool that strips.
    pub(super) fn stripped_bytes(&self) -> Result<u64> {
        run(&mut self.cargo(&["rustc", "--quiet", "--offline", "--release", "--", "-C", "strip=symbols"]))?;
        let binary = self.target().join("release").join(format!("{}{}", Self::NAME, std::env::consts::EXE_SUFFIX));
        Ok(fs::metadata(&binary).map_err(|e| Failure::io("read", &binary, &e))?.len())
    }
}

fn table(titles: &[&str], figures: &[Figures]) -> String {
    let mut text = format!("| one call on each service | target | {} |\n|---|---:", titles.join(" | "));
    text.push_str(&"|---:".repeat(titles.len()));
    text.push('|');
    let seconds = |time: Duration| format!("{:.0} s", time.as_secs_f64());
    let mut row = |title: &str, target: &str, cell: &dyn Fn(&Figures) -> String| {
        let cells: Vec<String> = figures.iter().map(cell).collect();
        text.push_str(&format!("\n| {title} | {target} | {} |", cells.join(" | ")));
    };
    row("crates", "55; with keys 45", &|figures| figures.crates.to_string());
    row("cold dev build", "below rusoto", &|figures| seconds(figures.dev));
    row("cold release build", "below rusoto", &|figures| seconds(figures.release));
    row("stripped release binary", "3.30 MB", &|figures| format!("{:.2} MB", figures.bytes as f64 / 1e6));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_column_for_each_program() {
        let figures = |crates, seconds| Figures {
            crates,
            dev: Duration::from_secs(seconds),
            release: Duration::from_millis(2600 * seconds),
            bytes: 3_456_789,
        };
        let expected = "\
| one call on each service | target | ours | theirs |
|---|---:|---:|---:|
| crates | 55; with keys 45 | 70 | 168 |
| cold dev build | below rusoto | 20 s | 100 s |
| cold release build | below rusoto | 52 s | 260 s |
| stripped release binary | 3.30 MB | 3.46 MB | 3.46 MB |";
        assert_eq!(table(&["ours", "theirs"], &[figures(70, 20), figures(168, 100)]), expected);
    }
}
