//! `cargo xtask codegen`: models in, a crate out; or whether it is up to date.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anstream::eprintln;
use workstream_codegen::diagnostic::Diagnostics;
use workstream_codegen::{Manifest, Model, ModelSet, Options, Output, Summary, generate, read};

use crate::discover::discover;
use crate::failure::{Failure, Result};
use crate::fixtures;
use crate::lock::{LockProblem, verify_lock};
use crate::ownership::{self, Found};
use crate::paths::{in_workspace, physical, relative, slashed, workspace};
use crate::report::{self, Sources, counted, wrapped};
use crate::writer::{Changes, Mode, sync};

const EXAMPLES: &str = "\
Examples:
  cargo xtask codegen                     write generated/ from models/
  cargo xtask codegen --check             is generated/ up to date? (for CI)
  cargo xtask codegen --out ../mine --service appstream --operations DescribeFleets,StartFleet
                                          a crate of your own, with what you call
  cargo xtask codegen --models botocore/data --service dynamodb --out ../dynamodb
                                          from another folder in botocore's layout";

/// What to generate from what.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Only list what is missing, changed or orphaned; exit with 1 if anything is
    #[arg(long)]
    pub check: bool,

    /// Where the models are, in botocore's layout [default: the workspace's models/]
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,

    /// Where the crate goes [default: the workspace's generated/]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Only this service, by its folder's name; may be repeated
    #[arg(long = "service", value_name = "NAME")]
    pub services: Vec<String>,

    /// Only these operations, and the shapes that they reach
    #[arg(long, value_name = "A,B,...", value_delimiter = ',')]
    pub operations: Vec<String>,
}

impl Args {
    /// The command without `--check`: the one that mends what a check finds.
    fn mending_command(&self) -> String {
        let mut command = String::from("cargo xtask codegen");
        let mut flag = |name: &str, value: &str| {
            let quoted = value.chars().any(|c| !(c.is_alphanumeric() || "/\\._-,".contains(c)));
            let quote = if quoted { "'" } else { "" };
            command.push_str(&format!(" --{name} {quote}{value}{quote}"));
        };
        self.models.iter().for_each(|dir| flag("models", &dir.display().to_string()));
        self.out.iter().for_each(|dir| flag("out", &dir.display().to_string()));
        self.services.iter().for_each(|name| flag("service", name));
        if !self.operations.is_empty() {
            flag("operations", &self.operations.join(","));
        }
        command
    }
}

/// Runs the command; `false` when a check found something or the models have errors,
/// of which the user has been told.
///
/// # Errors
///
/// When a file cannot be read or written, or a service is not there.
pub fn run(args: &Args) -> Result<bool> {
    let start = Instant::now();
    let models = args.models.clone().unwrap_or_else(|| in_workspace("models"));
    let out = args.out.clone().unwrap_or_else(|| in_workspace("generated"));
    let mode = if args.check { Mode::Check } else { Mode::Write };

    let set = discover(&models, &args.services)?;
    let imported = report_lock(&models, mode);
    let manifest = manifest(&out)?;
    let is_member = matches!(manifest, Manifest::Member { .. });
    let options = Options { services: args.services.clone(), operations: args.operations.clone(), manifest };
    let (made, found) = produce(&set, &options);
    report_diagnostics(&set, &found);
    let Some((_, output)) = made else { return Ok(false) };

    let found = ownership::scan(&out)?;
    if !is_member {
        refuse_foreign(&out, &output)?;
    }
    let changes = sync(&out, &output.files, &found.generated, mode)?;
    let strays = if is_member { strays(&found, &output) } else { Vec::new() };
    let fresh = match mode {
        Mode::Check => report_check(&out, &changes, &strays, args),
        Mode::Write => {
            eprint!("{}", summary_text(&output.summary));
            report_changes(&out, &changes, &strays, start);
            true
        }
    };
    Ok(fresh && (imported || mode == Mode::Write))
}

/// All that a run does when it finds the workspace's crate up to date, without printing.
///
/// # Errors
///
/// When the models cannot be read or have errors.
pub fn rehearse() -> Result<()> {
    let (models, out) = (in_workspace("models"), in_workspace("generated"));
    let set = discover(&models, &[])?;
    // Whether the models are as imported is not the question here.
    let _ = verify_lock(&models);
    let options = Options { services: Vec::new(), operations: Vec::new(), manifest: manifest(&out)? };
    let output = read(&set).0.and_then(|model| generate(&model, &options).0);
    let output = output.ok_or_else(|| Failure::new("the models have errors").hint("run `cargo xtask codegen`"))?;
    sync(&out, &output.files, &ownership::scan(&out)?.generated, Mode::Check).map(drop)
}

/// Reads and generates in memory; nothing comes out if a diagnostic is an error.
pub(crate) fn produce(set: &ModelSet, options: &Options) -> (Option<(Model, Output)>, Diagnostics) {
    let (model, mut found) = read(set);
    let made = model.and_then(|model| {
        let (output, more) = generate(&model, options);
        found.extend(more);
        Some((model, output?))
    });
    (made, found)
}

/// Prints what was found in the files of `set`.
pub(crate) fn report_diagnostics(set: &ModelSet, found: &Diagnostics) {
    let files = set.services.iter().flat_map(|service| &service.files).chain(&set.partitions);
    let sources: Sources<'_> = files.map(|file| (file.path.as_str(), file.text.as_slice())).collect();
    report::diagnostics(found, &sources);
}

/// Generated crates of the workspace, by folder, with their packages.
const MEMBERS: [(&str, &str); 2] = [("generated", "workstream"), (fixtures::CRATE, fixtures::PACKAGE)];

/// The workspace's own crates inherit from it; any other stands by itself.
pub(crate) fn manifest(out: &Path) -> Result<Manifest> {
    let resolve = |path: &Path| physical(path).map_err(|e| Failure::io("find", path, &e));
    let (out, runtime) = (resolve(out)?, resolve(&workspace().join("runtime"))?);
    for (folder, package) in MEMBERS {
        if out == resolve(&workspace().join(folder))? {
            return Ok(Manifest::Member { package: package.to_owned() });
        }
    }
    let runtime = relative(&out, &runtime).unwrap_or(runtime);
    Ok(Manifest::Standalone { runtime: slashed(&runtime) })
}

pub(crate) fn refuse_foreign(out: &Path, output: &Output) -> Result<()> {
    let foreign = ownership::foreign_among(out, &output.files)?;
    match foreign.first() {
        None => Ok(()),
        Some(file) => {
            Err(Failure::new(format!("{} was not generated, so it is not replaced", slashed(&out.join(file))))
                .hint("move it away, or choose another folder with --out"))
        }
    }
}

/// Files in the workspace's crate that nobody should have put there.
fn strays(found: &Found, output: &Output) -> Vec<String> {
    found.foreign.iter().filter(|file| !output.files.contains_key(*file)).cloned().collect()
}

/// Tells what in the models is not as imported; whether all is.
fn report_lock(models: &Path, mode: Mode) -> bool {
    let Err(problems) = verify_lock(models) else { return true };
    for problem in &problems {
        let message = match problem {
            LockProblem::Unreadable(why) => why.clone(),
            problem => format!("{}/{problem}", slashed(models)),
        };
        let hint = "models are not edited by hand: `cargo xtask models import <botocore wheel>` restores them";
        match mode {
            Mode::Check => report::failure(&Failure::new(message).hint(hint)),
            Mode::Write => report::warning(&message, hint),
        }
    }
    false
}

/// Lists what is stale, on stdout, a file a line; whether nothing is.
fn report_check(out: &Path, changes: &Changes, strays: &[String], args: &Args) -> bool {
    let out = slashed(out);
    let kinds = [
        ("missing", changes.missing.as_slice()),
        ("changed", &changes.changed),
        ("orphaned", &changes.orphaned),
        ("foreign", strays),
    ];
    for (kind, files) in kinds {
        for file in files {
            // Whoever closes the pipe early has seen enough; the exit code stays.
            let _ = writeln!(anstream::stdout(), "{kind:8} {out}/{file}");
        }
    }
    if !strays.is_empty() {
        let message = format!("{} in {out}/src that the generator did not write", counted(strays.len(), "file"));
        report::failure(&Failure::new(message).hint("move them away: everything in this crate is generated"));
    }
    if !changes.is_empty() {
        let stale = changes.missing.len() + changes.changed.len() + changes.orphaned.len();
        let message = format!("{} in {out} not as the models say", counted(stale, "file"));
        report::failure(&Failure::new(message).hint(format!("run `{}`", args.mending_command())));
    }
    let fresh = changes.is_empty() && strays.is_empty();
    if fresh {
        eprintln!("{out}: {} up to date", counted(changes.unchanged.len(), "file"));
    }
    fresh
}

/// What was generated, for people: two lines a service and more where there is more to say.
pub fn summary_text(summary: &Summary) -> String {
    let width = summary.services.iter().map(|service| service.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for service in &summary.services {
        let counts = [(service.operations, "operation"), (service.shapes, "shape"), (service.types, "type")];
        let counts = counts.map(|(count, noun)| counted(count, noun)).join(", ");
        let inferred = &service.inferred_paginators;
        let modelled = counted(service.modelled_paginators, "paginator");
        let colon = if inferred.is_empty() { "" } else { ":" };
        let list = wrapped(&format!("{modelled} and {} inferred{colon}", inferred.len()), inferred, width + 2);
        text.push_str(&format!("{:width$}  {counts}\n{:width$}  {list}\n", service.name, ""));
        for skipped in &service.skipped {
            text.push_str(&format!("{:width$}  skipped {}: {}\n", "", skipped.what, skipped.reason));
        }
    }
    text
}

fn report_changes(out: &Path, changes: &Changes, strays: &[String], start: Instant) {
    let out = slashed(out);
    for file in strays {
        report::warning(&format!("{out}/{file} was not generated"), "everything in this crate is: move it away");
    }
    let written = changes.missing.len() + changes.changed.len();
    eprintln!(
        "{out}: {written} written, {} unchanged, {} removed in {} ms",
        changes.unchanged.len(),
        changes.orphaned.len(),
        start.elapsed().as_millis(),
    );
}
