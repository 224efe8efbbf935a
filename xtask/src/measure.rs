//! `cargo xtask measure`: how big the generated crate is and how long it
//! takes to build, beside what others generate for the same services.

mod client;
mod features;

use crate::failure::{Failure, Result};
use crate::paths::workspace;
use crate::process::{cargo, output, run};
use crate::stderr::eprintln;
use crate::stdout::print;
use crate::writer::write;
use crate::{codegen, discover, paths};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

pub use client::{ClientArgs, client};

/// What to measure.
#[derive(Debug, Clone, clap::Args)]
pub struct BuildArgs {
    /// Also measure the AWS SDK and rusoto; takes a quarter of an hour on two cores
    #[arg(long)]
    pub peers: bool,

    /// Also measure a REST service, WorkSpaces Secure Browser, in a table of its own; takes half of the time again
    #[arg(long)]
    pub rest: bool,

    /// Time builds of this kind only; may be repeated
    #[arg(long = "only", value_name = "KIND")]
    pub kinds: Vec<Kind>,
}

/// The services of the first table, by folder and by module: those that are on by default.
const BOTH: [&str; 2] = ["appstream", "workspaces"];

/// The REST service. rusoto has no crate for it.
const REST: &str = "workspaces-web";

/// The features whose price is told, each with a folder: those that add code to every type.
const FEATURES: [(&str, &str); 2] = [("workstream-serde", "serde"), ("workstream-validate", "validate")];

/// How often each build is timed.
const BUILDS: usize = 3;

/// How often the generator is timed.
const GENERATIONS: usize = 20;

/// Crates for some services, of one origin.
struct Subject {
    title: &'static str,
    folder: &'static str,
    packages: &'static [&'static str],
    /// Lines of `[dependencies]`.
    dependencies: String,
    /// Folders and files that are not compiled, by name.
    left_out: Vec<String>,
}

/// What services have behind features that are off by default.
const OFF: [&str; 2] = ["constraints.rs", "dynamic.rs"];

/// The modules of all services but these, and those of features that are off.
fn other_services(measured: &[&str]) -> Result<Vec<String>> {
    let services = discover::services(&workspace().join("models"))?;
    let others = services.into_iter().filter(|service| !measured.contains(&service.as_str()));
    let others = others.map(|service| service.replace('-', "_"));
    Ok(others.chain(OFF.map(str::to_owned)).collect())
}

/// This project's crate with these services, as an application of them has it.
fn ours(folder: &'static str, services: &[&str]) -> Result<Subject> {
    ours_with(folder, services, &[])
}

/// The same with more features.
fn ours_with(folder: &'static str, services: &[&str], more: &[&str]) -> Result<Subject> {
    // TOML takes forward slashes on every system, and a literal string needs no escapes.
    let generated = paths::slashed(&workspace().join("generated"));
    let features: String = services.iter().chain(more).map(|feature| format!(", '{feature}'")).collect();
    Ok(Subject {
        title: "workstream",
        folder,
        packages: &["workstream"],
        dependencies: format!(
            "workstream = {{ path = '{generated}', default-features = false, \
             features = ['client', 'credentials'{features}] }}"
        ),
        left_out: other_services(services)?,
    })
}

fn subjects(peers: bool) -> Result<Vec<Subject>> {
    let mut subjects = vec![ours("workstream", &BOTH)?];
    if peers {
        // Without TLS: it is none of these crates' own code.
        subjects.push(Subject {
            title: "AWS SDK",
            folder: "aws-sdk",
            packages: &["aws-sdk-appstream", "aws-sdk-workspaces"],
            dependencies: "\
aws-sdk-appstream = { version = '=1.138.0', default-features = false, features = ['rt-tokio'] }
aws-sdk-workspaces = { version = '=1.144.0', default-features = false, features = ['rt-tokio'] }"
                .to_owned(),
            left_out: Vec::new(),
        });
        subjects.push(Subject {
            title: "rusoto",
            folder: "rusoto",
            packages: &["rusoto_appstream", "rusoto_workspaces"],
            dependencies: "\
rusoto_appstream = { version = '=0.48.0', default-features = false, features = ['rustls'] }
rusoto_workspaces = { version = '=0.48.0', default-features = false, features = ['rustls'] }"
                .to_owned(),
            left_out: Vec::new(),
        });
    }
    Ok(subjects)
}

fn rest_subjects(peers: bool) -> Result<Vec<Subject>> {
    let mut subjects = vec![ours("workstream-rest", &[REST])?];
    if peers {
        subjects.push(Subject {
            title: "AWS SDK",
            folder: "aws-sdk-rest",
            packages: &["aws-sdk-workspacesweb"],
            dependencies: "\
aws-sdk-workspacesweb = { version = '=1.130.0', default-features = false, features = ['rt-tokio'] }"
                .to_owned(),
            left_out: Vec::new(),
        });
    }
    Ok(subjects)
}

/// Kinds of build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// `cargo check`
    Check,
    /// `cargo build`
    Dev,
    /// `cargo build --release`
    Release,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Check, Self::Dev, Self::Release];

    /// What the row is called, and cargo's arguments.
    const fn build(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Check => ("check", &["check"]),
            Self::Dev => ("dev build", &["build"]),
            Self::Release => ("release build", &["build", "--release"]),
        }
    }
}

/// Measures and prints a Markdown table, or two.
///
/// # Errors
///
/// When a build fails or cargo cannot be run.
pub fn build(args: &BuildArgs) -> Result<()> {
    let root = workspace().join("target").join("measure");
    let kinds = if args.kinds.is_empty() { &Kind::ALL[..] } else { &args.kinds };
    let mut table = measured(&root, "both services", &subjects(args.peers)?, kinds)?;
    for (folder, feature) in FEATURES {
        let project = Project::create(&root, &ours_with(folder, &BOTH, &[feature])?)?;
        table.single(&format!("with the feature `{feature}`"), format!("{} s", seconds(&project, kinds)?));
    }
    if kinds.contains(&Kind::Release) {
        table.single("a stripped program without a client", features::binaries(&root.join("features"))?);
    }
    table.single("the runtime, with credentials", runtime(&root, kinds)?);
    table.single("codegen, both services", format!("{} ms", generation_in_release(&root)?));
    if args.rest {
        let rest = measured(&root, "a REST service", &rest_subjects(args.peers)?, kinds)?;
        table.text.push_str(&format!("\n\n{}", rest.text));
    }
    print(&format!("{}\n\n{}\n", table.text, conditions()?))
}

/// What the runtime costs with its clients of the services that give credentials, and without them.
fn runtime(root: &Path, kinds: &[Kind]) -> Result<String> {
    let of = |folder, features: &[&str]| {
        let runtime = paths::slashed(&workspace().join("runtime"));
        let features: Vec<String> = features.iter().map(|feature| format!("'{feature}'")).collect();
        let dependencies =
            format!("workstream-runtime = {{ path = '{runtime}', features = [{}] }}", features.join(", "));
        let packages: &[&str] = &["workstream-runtime"];
        Project::create(root, &Subject { title: folder, folder, packages, dependencies, left_out: Vec::new() })
    };
    let projects = [of("runtime", &["client", "credentials"])?, of("runtime-without", &["client"])?];
    Ok(format!("{} s; without {} s", seconds(&projects[0], kinds)?, seconds(&projects[1], kinds)?))
}

/// The seconds of each kind of build: `1.0 / 2.0 / 3.0`.
fn seconds(project: &Project, kinds: &[Kind]) -> Result<String> {
    let times = kinds.iter().map(|kind| project.times(kind.build().1)).collect::<Result<Vec<_>>>()?;
    let times = times.concat().into_iter().map(|time| format!("{:.1}", time as f64 / 1000.0));
    Ok(times.collect::<Vec<_>>().join(" / "))
}

/// A table of these subjects.
fn measured(root: &Path, title: &str, subjects: &[Subject], kinds: &[Kind]) -> Result<Table> {
    let projects: Vec<Project> =
        subjects.iter().map(|subject| Project::create(root, subject)).collect::<Result<_>>()?;
    let mut table = Table::new(title, subjects.iter().map(|subject| subject.title));
    let lines = projects.iter().map(Project::lines).collect::<Result<Vec<Vec<Lines>>>>()?;
    let of = |count: fn(&Lines) -> usize| lines.iter().map(|packages| packages.iter().map(count).collect()).collect();
    table.row("lines of Rust", of(|lines| lines.code), |lines| thousands(*lines));
    table.row("lines of documentation", of(|lines| lines.documentation), |lines| thousands(*lines));
    for kind in kinds {
        let (title, arguments) = kind.build();
        let times = projects.iter().map(|project| project.times(arguments)).collect::<Result<_>>()?;
        table.row(title, times, |time| format!("{:.1}", *time as f64 / 1000.0) + " s");
    }
    Ok(table)
}

/// What the numbers are, for whoever reads them later.
fn conditions() -> Result<String> {
    Ok(format!(
        "{}. Builds: wall time of cargo for the service crate alone, its dependencies built before; default \
         profiles and features, TLS of the peers aside; not incremental; median of {BUILDS}. Codegen: in one process, \
         release build, from the model files to the comparison with the files in generated/; median of {GENERATIONS}.",
        machine()?,
    ))
}

fn machine() -> Result<String> {
    let rustc = output(Command::new("rustc").arg("--version"))?;
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Ok(format!("{cores} cores, {}", rustc.trim()))
}

/// A scratch crate that depends on a subject's crates, with a target folder of its own.
struct Project {
    title: &'static str,
    folder: PathBuf,
    packages: &'static [&'static str],
    left_out: Vec<String>,
}

impl Project {
    fn create(root: &Path, subject: &Subject) -> Result<Self> {
        let folder = root.join(subject.folder);
        let manifest = format!(
            "[package]\nname = \"measure-{}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\n{}\n\n[workspace]\n",
            subject.folder, subject.dependencies
        );
        write(
            &folder,
            &BTreeMap::from([("Cargo.toml".to_owned(), manifest), ("src/lib.rs".to_owned(), String::new())]),
        )?;
        let project =
            Self { title: subject.title, folder, packages: subject.packages, left_out: subject.left_out.clone() };
        eprintln!("{}: fetching", project.title);
        run(&mut project.cargo("fetch"))?;
        Ok(project)
    }

    /// Cargo in this project, with what would falsify a measurement switched off.
    fn cargo(&self, command: &str) -> Command {
        let mut cargo = cargo();
        cargo.arg(command).arg("--quiet").current_dir(&self.folder);
        cargo.env("CARGO_TARGET_DIR", self.folder.join("target")).env("CARGO_INCREMENTAL", "0");
        cargo
    }

    /// Lines of each package's sources, but for modules that are left out.
    fn lines(&self) -> Result<Vec<Lines>> {
        let mut command = self.cargo("metadata");
        let text = output(command.args(["--format-version", "1", "--offline"]))?;
        let metadata: Value = serde_json::from_str(&text)
            .map_err(|e| Failure::new(format!("the output of cargo metadata is not JSON: {e}")))?;
        let manifest = |name: &str| {
            let packages = metadata.get("packages")?.as_array()?;
            let package = packages.iter().find(|package| package["name"] == name)?;
            Some(PathBuf::from(package["manifest_path"].as_str()?))
        };
        let lines = |name: &&str| {
            let manifest = manifest(name).ok_or_else(|| Failure::new(format!("cargo knows no package {name}")))?;
            lines_of_rust(&manifest.with_file_name("src"), &self.left_out)
        };
        self.packages.iter().map(lines).collect()
    }

    /// Milliseconds of each package's build, its dependencies built before.
    fn times(&self, arguments: &[&str]) -> Result<Vec<usize>> {
        let [command, flags @ ..] = arguments else { return Ok(Vec::new()) };
        eprintln!("{}: {}", self.title, arguments.join(" "));
        run(self.cargo(command).args(flags).arg("--offline"))?;
        let one = |package: &&str| {
            let mut times = Vec::new();
            for _ in 0..BUILDS {
                run(self.cargo("clean").args(flags).args(["--package", package]))?;
                let mut build = self.cargo(command);
                build.args(flags).args(["--offline", "--package", package]);
                let start = Instant::now();
                run(&mut build)?;
                times.push(start.elapsed());
            }
            let time = median(times).as_millis();
            usize::try_from(time).map_err(|_| Failure::new(format!("{package} took {time} ms")))
        };
        self.packages.iter().map(one).collect()
    }
}

/// Milliseconds of a generation by a release build of this program.
fn generation_in_release(root: &Path) -> Result<String> {
    eprintln!("codegen: release build");
    let mut cargo = cargo();
    cargo.args(["run", "--quiet", "--release", "--locked", "--package", "xtask"]);
    cargo.env("CARGO_TARGET_DIR", root.join("xtask")).current_dir(workspace());
    Ok(output(cargo.args(["--", "measure", "generation"]))?.trim().to_owned())
}

/// Prints the median milliseconds of a generation in this process.
///
/// # Errors
///
/// When the models cannot be read or have errors.
pub fn generation() -> Result<()> {
    let mut times = Vec::new();
    for _ in 0..GENERATIONS {
        let start = Instant::now();
        codegen::rehearse(&BOTH)?;
        times.push(start.elapsed());
    }
    print(&format!("{:.0}\n", median(times).as_secs_f64() * 1000.0))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// How long sources are.
#[derive(Clone, Copy, Default)]
struct Lines {
    code: usize,
    /// Comments that are documentation.
    documentation: usize,
}

impl Lines {
    fn of(text: &[u8]) -> Self {
        let lines = text.split_inclusive(|byte| *byte == b'\n');
        let is_documentation = |line: &&[u8]| {
            let line = line.trim_ascii_start();
            line.starts_with(b"///") || line.starts_with(b"//!")
        };
        let (all, documentation) = (lines.clone().count(), lines.filter(is_documentation).count());
        Self { code: all - documentation, documentation }
    }

    fn add(&mut self, other: Self) {
        self.code += other.code;
        self.documentation += other.documentation;
    }
}

fn lines_of_rust(folder: &Path, left_out: &[String]) -> Result<Lines> {
    let mut lines = Lines::default();
    for entry in fs::read_dir(folder).map_err(|e| Failure::io("list", folder, &e))? {
        let entry = entry.map_err(|e| Failure::io("list", folder, &e))?;
        let path = entry.path();
        if left_out.iter().any(|module| entry.file_name() == module.as_str()) {
            continue;
        }
        if path.is_dir() {
            lines.add(lines_of_rust(&path, left_out)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            lines.add(Lines::of(&fs::read(&path).map_err(|e| Failure::io("read", &path, &e))?));
        }
    }
    Ok(lines)
}

/// A Markdown table with a column per subject.
struct Table {
    columns: usize,
    text: String,
}

impl Table {
    fn new<'t>(title: &str, titles: impl Iterator<Item = &'t str>) -> Self {
        let titles: Vec<&str> = titles.collect();
        let text = format!("| {title} | {} |\n|---{}|", titles.join(" | "), "|---:".repeat(titles.len()));
        Self { columns: titles.len(), text }
    }

    /// One row: the total per subject; for peers also the part of each package, and the ratio to the first column.
    fn row(&mut self, title: &str, values: Vec<Vec<usize>>, show: impl Fn(&usize) -> String) {
        let sums: Vec<usize> = values.iter().map(|parts| parts.iter().sum()).collect();
        let cells = sums.iter().zip(&values).enumerate().map(|(column, (sum, parts))| {
            let mut cell = show(sum);
            if parts.len() > 1 {
                cell += &format!(" ({})", parts.iter().map(&show).collect::<Vec<_>>().join(" + "));
            }
            if column > 0 {
                cell += &format!(", {:.1} times", *sum as f64 / sums[0].max(1) as f64);
            }
            cell
        });
        let cells: Vec<String> = cells.collect();
        self.text.push_str(&format!("\n| {title} | {} |", cells.join(" | ")));
    }

    /// A row of which only the first column has a value.
    fn single(&mut self, title: &str, cell: String) {
        self.text.push_str(&format!("\n| {title} | {cell} |{}", " |".repeat(self.columns - 1)));
    }
}

/// `12,345`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_compares_with_the_first_column() {
        let mut table = Table::new("both services", ["ours", "theirs"].into_iter());
        table.row("lines", vec![vec![16_000], vec![300_000, 13_178]], |n| thousands(*n));
        table.single("codegen", "90 ms".to_owned());
        let expected = "\
| both services | ours | theirs |
|---|---:|---:|
| lines | 16,000 | 313,178 (300,000 + 13,178), 19.6 times |
| codegen | 90 ms | |";
        assert_eq!(table.text, expected);
    }

    #[test]
    fn documentation_is_counted_apart() {
        let lines = Lines::of(b"//! a\n// b\n\n    /// c\nd // e\n");
        assert_eq!((lines.code, lines.documentation), (3, 2));
    }

    /// An application of a service does not compile the others, and their lines are none of its.
    #[test]
    fn what_is_not_measured_is_left_out() {
        let rest = ours("rest", &[REST]).unwrap();
        assert!(rest.dependencies.ends_with("features = ['client', 'credentials', 'workspaces-web'] }"));
        assert!(rest.left_out.contains(&"appstream".to_owned()), "{:?}", rest.left_out);
        assert!(!rest.left_out.contains(&"workspaces_web".to_owned()), "{:?}", rest.left_out);
        let web = workspace().join("generated/src/workspaces_web");
        let (all, compiled) = (lines_of_rust(&web, &[]).unwrap(), lines_of_rust(&web, &rest.left_out).unwrap());
        assert!(compiled.code < all.code && compiled.code > all.code / 2, "{} of {}", compiled.code, all.code);
    }

    #[test]
    fn the_median_is_the_middle_one() {
        let times = [5, 1, 9].map(Duration::from_millis);
        assert_eq!(median(times.to_vec()), Duration::from_millis(5));
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([0, 999, 1_000, 313_178].map(thousands), ["0", "999", "1,000", "313,178"]);
    }
}
