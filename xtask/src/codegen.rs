//! `cargo xtask codegen`: models in, a crate out; or whether it is up to date.

use crate::discover::{discover, unlike_list};
use crate::failure::{Failure, Result};
use crate::lock::{LockProblem, verify_lock};
use crate::ownership::{self, OwnedFiles};
use crate::paths::{self, in_workspace, physical, relative, slashed, workspace};
use crate::report::{self, Sources, counted, wrapped};
use crate::service_list;
use crate::stderr::{self, eprintln};
use crate::stdout;
use crate::writer::{Claim, FileChanges, Mode, leftovers, sync};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;
use workstream_codegen::diagnostic::Diagnostics;
use workstream_codegen::{Manifest, Model, ModelSet, Options, Output, Summary, generate, read};

const EXAMPLES: &str = "\
Examples:
  cargo xtask codegen                     write generated/ from models/
  cargo xtask codegen --check             is generated/ up to date? (for CI)
  cargo xtask codegen --out ../mine --service appstream --operations DescribeFleets,StartFleet
                                          a crate of your own, with the operations that you call
  cargo xtask codegen --models botocore/data --service dynamodb --out ../dynamodb
                                          from another folder in botocore's layout
  cargo xtask codegen --models ../smithy-models --service dynamodb --out ../dynamodb
                                          from a checkout of the official Smithy models";

/// What to generate from what.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Write nothing; list files that are missing, changed or orphaned, and exit with 1 if there are any
    #[arg(long)]
    pub check: bool,

    /// Where the models are, in botocore's layout or Smithy's [default: the workspace's models/]
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,

    /// Where the crate goes [default: the workspace's generated/]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Generate this service only, by the name of its folder; may be repeated; needs --out
    #[arg(long = "service", value_name = "NAME")]
    pub services: Vec<String>,

    /// Generate these operations only, and the shapes that they use; needs --out
    #[arg(long, value_name = "A,B,...", value_delimiter = ',')]
    pub operations: Vec<String>,
}

impl Args {
    /// The command that mends what a check finds: the one without `--check`.
    fn mending_command(&self) -> String {
        let is_fixtures = [(&self.models, paths::FIXTURES_MODELS), (&self.out, paths::FIXTURES_CRATE)]
            .iter()
            .all(|(given, own)| given.as_ref().is_some_and(|given| *given == in_workspace(own)));
        if is_fixtures {
            return String::from("cargo xtask fixtures");
        }
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
/// When a file cannot be read or written, a service is not there, or the workspace's crate would be replaced by a part
/// of it or by another.
pub fn run(args: &Args) -> Result<bool> {
    let start = Instant::now();
    let models = args.models.clone().unwrap_or_else(|| in_workspace("models"));
    let out = args.out.clone().unwrap_or_else(|| in_workspace("generated"));
    let mode = if args.check { Mode::Check } else { Mode::Write };

    let manifest = manifest(&out)?;
    let is_member = matches!(manifest, Manifest::Member { .. });
    if is_member {
        refuse_part(args, &models, &out)?;
    }
    // A check changes nothing, and stops nobody.
    let _claim = if args.check { None } else { Some(Claim::shared(&models)?) };
    let set = discover(&models, &args.services)?;
    if args.services.is_empty() && !report_list(&models)? {
        return Ok(false);
    }
    let imported = report_lock(&models, mode) & report_leftovers(&models, mode)?;
    let mut options = Options::new(manifest);
    (options.services, options.operations) = (args.services.clone(), args.operations.clone());
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
        Mode::Check => report_check(&out, &changes, &strays, &output, args)?,
        Mode::Write => {
            stderr::tell(format_args!("{}", summary_text(&output.summary)));
            report_changes(&out, &changes, &strays, start);
            true
        }
    };
    Ok(fresh && (imported || mode == Mode::Write))
}

/// All that a run does for these services when it finds the workspace's crate up to date, without printing.
///
/// # Errors
///
/// When the models cannot be read or have errors.
pub fn rehearse(services: &[&str]) -> Result<()> {
    let (models, out) = (in_workspace("models"), in_workspace("generated"));
    let services: Vec<String> = services.iter().map(|&service| service.to_owned()).collect();
    let set = discover(&models, &services)?;
    // Whether the models are as imported is not the question here.
    let _ = verify_lock(&models);
    let options = Options::new(manifest(&out)?);
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

/// A generated crate of the workspace.
struct Member {
    folder: &'static str,
    package: &'static str,
    /// The folder that it is generated from, all of it.
    models: &'static str,
}

/// All of them.
const MEMBERS: [Member; 2] = [
    Member { folder: "generated", package: "workstream", models: "models" },
    Member { folder: paths::FIXTURES_CRATE, package: paths::FIXTURES_PACKAGE, models: paths::FIXTURES_MODELS },
];

fn resolve(path: &Path) -> Result<PathBuf> {
    physical(path).map_err(|e| Failure::io("find", path, &e))
}

/// The generated crate of the workspace that has this folder.
fn member(out: &Path) -> Result<Option<&'static Member>> {
    let out = resolve(out)?;
    for member in &MEMBERS {
        if out == resolve(&workspace().join(member.folder))? {
            return Ok(Some(member));
        }
    }
    Ok(None)
}

/// The workspace's own crates inherit from it; any other stands by itself.
pub(crate) fn manifest(out: &Path) -> Result<Manifest> {
    if let Some(member) = member(out)? {
        let list = service_list::find(&workspace().join(member.models))?.unwrap_or_default();
        return Ok(Manifest::Member { package: member.package.to_owned(), opt_in: list.opt_in() });
    }
    let (out, runtime) = (resolve(out)?, resolve(&workspace().join("runtime"))?);
    let runtime = relative(&out, &runtime).unwrap_or(runtime);
    Ok(Manifest::Standalone { runtime: slashed(&runtime) })
}

/// A crate of the workspace has all of its own models. To generate a part of them there would delete the rest.
fn refuse_part(args: &Args, models: &Path, out: &Path) -> Result<()> {
    let Some(member) = member(out)? else { return Ok(()) };
    let given = if !args.services.is_empty() {
        "--service"
    } else if !args.operations.is_empty() {
        "--operations"
    } else if resolve(models)? != resolve(&workspace().join(member.models))? {
        "--models"
    } else {
        return Ok(());
    };
    Err(Failure::new(format!("{} is generated from all of {}/, so {given} needs --out", slashed(out), member.models))
        .hint("name another folder with --out; nothing was written")
        .not_done())
}

pub(crate) fn refuse_foreign(out: &Path, output: &Output) -> Result<()> {
    let foreign = ownership::foreign_among(out, &output.files)?;
    match foreign.first() {
        None => Ok(()),
        Some(file) => {
            Err(Failure::new(format!("{} is not a generated file, so it was not replaced", slashed(&out.join(file))))
                .hint("move it away, or choose another folder with --out; nothing was written")
                .not_done())
        }
    }
}

/// Files in the workspace's crate that nobody should have put there.
fn strays(found: &OwnedFiles, output: &Output) -> Vec<String> {
    found.foreign.iter().filter(|file| !output.files.contains_key(*file)).cloned().collect()
}

/// Tells of temporary files among the models; whether there are none.
fn report_leftovers(models: &Path, mode: Mode) -> Result<bool> {
    let found = leftovers(models)?;
    for file in &found {
        let message =
            format!("{}/{file} was left behind by a run that was killed, or is being written", slashed(models));
        let hint = "`cargo xtask models update` or `models import` removes it, and you may";
        match mode {
            Mode::Check => report::failure(&Failure::new(message).hint(hint)),
            Mode::Write => report::warning(&message, hint),
        }
    }
    Ok(found.is_empty())
}

/// Tells where the services are not those of the list; whether they are.
fn report_list(models: &Path) -> Result<bool> {
    let failures = unlike_list(models)?;
    failures.iter().for_each(report::failure);
    Ok(failures.is_empty())
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

/// Lists what is stale, on stdout, a file a line, and on stderr the first lines that differ; whether nothing is stale.
fn report_check(folder: &Path, changes: &FileChanges, strays: &[String], output: &Output, args: &Args) -> Result<bool> {
    let out = slashed(folder);
    let kinds = [
        ("missing", changes.missing.as_slice()),
        ("changed", &changes.changed),
        ("orphaned", &changes.orphaned),
        ("leftover", &changes.leftover),
        ("foreign", strays),
    ];
    let lines = kinds.iter().flat_map(|(kind, files)| files.iter().map(move |file| (kind, file)));
    let lines: String = lines.map(|(kind, file)| format!("{kind:8} {out}/{file}\n")).collect();
    stdout::print(&lines)?;
    for file in &changes.changed {
        let is = fs::read(folder.join(file)).unwrap_or_default();
        let wanted = output.files.get(file).map_or("", String::as_str);
        let (line, is, wanted) = first_difference(&String::from_utf8_lossy(&is), wanted);
        eprintln!("{out}/{file}:{line}\n  is:     {is}\n  wanted: {wanted}");
    }
    if !strays.is_empty() {
        let message = format!("{} in {out}/src that the generator did not write", counted(strays.len(), "file"));
        report::failure(&Failure::new(message).hint("move them away: everything in this crate is generated"));
    }
    if !changes.is_empty() {
        let stale = [&changes.missing, &changes.changed, &changes.orphaned, &changes.leftover];
        let stale = stale.iter().map(|files| files.len()).sum();
        let message = format!("{} in {out} not as models and generator make them", counted(stale, "file"));
        let mut hint = format!("run `{}`", args.mending_command());
        if member(folder)?.is_some() {
            hint.push_str(", or after a change of the generator `cargo xtask bless`");
        }
        report::failure(&Failure::new(message).hint(hint));
    }
    let fresh = changes.is_empty() && strays.is_empty();
    if fresh {
        eprintln!("{out}: {} up to date", counted(changes.unchanged.len(), "file"));
    }
    Ok(fresh)
}

/// The number of the first line that differs, from 1, and the line as it is and as it is wanted.
fn first_difference(is: &str, wanted: &str) -> (usize, String, String) {
    let (is, wanted): (Vec<&str>, Vec<&str>) = (is.split('\n').collect(), wanted.split('\n').collect());
    let alike = is.iter().zip(&wanted).take_while(|(is, wanted)| is == wanted).count();
    let shown =
        |lines: &[&str]| lines.get(alike).map_or("(nothing)".to_owned(), |line| line.escape_debug().to_string());
    (alike + 1, shown(&is), shown(&wanted))
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

fn report_changes(out: &Path, changes: &FileChanges, strays: &[String], start: Instant) {
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
