//! `cargo xtask codegen`: models in, a crate or a module out; or whether it is up to date.

mod product;

use crate::discover::{discover, discover_listed, unlike_list};
use crate::failure::{Failure, Result};
use crate::lock::{LockProblem, verify_lock};
use crate::paths::{self, in_workspace, slashed, workspace};
use crate::report::{self, Sources, counted, wrapped};
use crate::service_list;
use crate::stderr::{self, eprintln};
use crate::stdout;
use crate::writer::{Claim, FileChanges, Mode, leftovers, sync};
use clap::ValueEnum;
pub(crate) use product::Product;
use product::{member, resolve};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;
use workstream_codegen::diagnostic::Diagnostics;
use workstream_codegen::{Model, ModelSet, ModuleParts, Options, Output, ServiceList, Summary, generate, read};

const EXAMPLES: &str = "\
Examples:
  cargo xtask codegen                     write generated/ from models/, and runtime/src/identity/
  cargo xtask codegen --check             is all of that up to date? (for CI)
  cargo xtask codegen --out ../mine --service appstream --operations DescribeFleets,StartFleet
                                          a crate of your own, with the operations that you call
  cargo xtask codegen --models botocore/data --service dynamodb --out ../dynamodb
                                          from another folder in botocore's layout
  cargo xtask codegen --models botocore/data --service sts --operations GetCallerIdentity --module ../mine/src/aws
                                          a module of a crate of your own
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

    /// Make a module of somebody's crate instead of a crate: a folder for `mod x;`, or a file that ends with `.rs` and
    /// may be included
    #[arg(long, value_name = "DIR|FILE.rs", conflicts_with = "out")]
    pub module: Option<PathBuf>,

    /// Make the module without clients: operations are values, and nothing does any IO
    #[arg(long, requires = "module", conflicts_with = "out")]
    pub without_client: bool,

    /// Make the module with more: `dynamic` is operations by name, `validate` is `validate()` of inputs
    #[arg(long, value_name = "PART,...", value_delimiter = ',', requires = "module", conflicts_with = "out")]
    pub with: Vec<Part>,

    /// Generate this service only, by the name of its folder; may be repeated; needs --out or --module
    #[arg(long = "service", value_name = "NAME")]
    pub services: Vec<String>,

    /// Generate these operations only, and the shapes that they use; needs --out or --module
    #[arg(long, value_name = "A,B,...", value_delimiter = ',')]
    pub operations: Vec<String>,
}

impl Args {
    /// The command that mends what a check finds: the one without `--check`.
    fn mending_command(&self) -> String {
        let is = |given: &Option<PathBuf>, own| given.as_ref().is_some_and(|given| *given == in_workspace(own));
        let is_made = is(&self.out, paths::FIXTURES_CRATE)
            || paths::FIXTURES_MODULES.iter().any(|module| is(&self.module, module));
        if is(&self.models, paths::FIXTURES_MODELS) && is_made {
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
        self.module.iter().for_each(|path| flag("module", &path.display().to_string()));
        self.services.iter().for_each(|name| flag("service", name));
        if !self.operations.is_empty() {
            flag("operations", &self.operations.join(","));
        }
        if !self.with.is_empty() {
            let parts = self.with.iter().filter_map(Part::to_possible_value);
            let parts: Vec<String> = parts.map(|part| part.get_name().to_owned()).collect();
            flag("with", &parts.join(","));
        }
        if self.without_client {
            command.push_str(" --without-client");
        }
        command
    }

    /// What a module is to have.
    fn parts(&self) -> ModuleParts {
        let mut parts = ModuleParts::default();
        parts.client = !self.without_client;
        parts.dynamic = self.with.contains(&Part::Dynamic);
        parts.validate = self.with.contains(&Part::Validate);
        parts
    }
}

/// What a module may have besides clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Operations by name.
    Dynamic,
    /// `validate()` of inputs.
    Validate,
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
    let mode = if args.check { Mode::Check } else { Mode::Write };
    let list = service_list::find(&models)?.unwrap_or_default();
    let products = products(args, &models, &list)?;
    // A check changes nothing, and stops nobody.
    let _claim = if args.check { None } else { Some(Claim::shared(&models)?) };
    let is_whole = args.services.is_empty();
    let set = if is_whole { discover_listed(&models, &list)? } else { discover(&models, &args.services)? };
    if is_whole && !report_list(&models)? {
        return Ok(false);
    }
    let imported = report_lock(&models, mode) & report_leftovers(&models, mode)?;
    let (made, found) = produce_all(&set, &products);
    report_diagnostics(&set, &found);
    let Some((_, outputs)) = made else { return Ok(false) };

    let found = products.iter().map(Product::scan).collect::<Result<Vec<_>>>()?;
    for (product, output) in products.iter().zip(&outputs) {
        product.refuse_foreign(output)?;
    }
    let mut fresh = true;
    for ((product, output), found) in products.iter().zip(&outputs).zip(&found) {
        let changes = sync(&product.folder, &output.files, &found.generated, mode)?;
        let strays = product.strays(found, output);
        match mode {
            Mode::Check => fresh &= report_check(product, &changes, &strays, output, args)?,
            Mode::Write => {
                stderr::tell(format_args!("{}", summary_text(&output.summary)));
                report_changes(product, &changes, &strays, start);
                tell_of_runtime(product, output);
            }
        }
    }
    Ok(fresh && (imported || mode == Mode::Write))
}

/// What the run is for: all that the list says in the workspace, or else a crate or a module.
fn products(args: &Args, models: &Path, list: &ServiceList) -> Result<Vec<Product>> {
    let out = args.out.clone().unwrap_or_else(|| in_workspace("generated"));
    let mut product = match &args.module {
        Some(path) => Product::of_module(path, args.parts()),
        None => Product::of_crate(&out)?,
    };
    if args.module.is_none() && product.owns_folder() {
        refuse_part(args, models, &out)?;
        return Product::listed(&out, list);
    }
    let of_crate = || list.of_crate().map(|service| service.name.clone()).collect();
    product.options.services = if args.services.is_empty() { of_crate() } else { args.services.clone() };
    product.options.operations = args.operations.clone();
    Ok(vec![product])
}

/// What the crate in this folder is generated with.
///
/// # Errors
///
/// When the folder cannot be found, or the list of services has errors.
pub fn options_of_crate(folder: &Path) -> Result<Options> {
    Ok(Product::of_crate(folder)?.options)
}

/// All that a run does for these services when it finds the workspace's crate up to date, without printing.
///
/// # Errors
///
/// When the models cannot be read or have errors.
pub fn rehearse(services: &[&str]) -> Result<()> {
    let models = in_workspace("models");
    let services: Vec<String> = services.iter().map(|&service| service.to_owned()).collect();
    let set = discover(&models, &services)?;
    // Whether the models are as imported is not the question here.
    let _ = verify_lock(&models);
    let product = Product::of_crate(&in_workspace("generated"))?;
    let output = read(&set).0.and_then(|model| generate(&model, &product.options).0);
    let output = output.ok_or_else(|| Failure::new("the models have errors").hint("run `cargo xtask codegen`"))?;
    sync(&product.folder, &output.files, &product.scan()?.generated, Mode::Check).map(drop)
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

/// As [`produce`], for several products of the same models.
pub(crate) fn produce_all(set: &ModelSet, products: &[Product]) -> (Option<(Model, Vec<Output>)>, Diagnostics) {
    let (model, mut found) = read(set);
    let made = model.and_then(|model| {
        let outputs = products.iter().map(|product| {
            let (output, more) = generate(&model, &product.options);
            found.extend(more);
            Some(product.placed(output?))
        });
        let outputs: Vec<Option<Output>> = outputs.collect();
        Some((model, outputs.into_iter().collect::<Option<_>>()?))
    });
    (made, found)
}

/// Prints what was found in the files of `set`.
pub(crate) fn report_diagnostics(set: &ModelSet, found: &Diagnostics) {
    let files = set.services.iter().flat_map(|service| &service.files).chain(&set.partitions);
    let sources: Sources<'_> = files.map(|file| (file.path.as_str(), file.text.as_slice())).collect();
    report::diagnostics(found, &sources);
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
    Err(Failure::new(format!(
        "{} is generated from all of {}/, so {given} needs --out or --module",
        slashed(out),
        member.models
    ))
    .hint("name another folder with --out, or --module for a module; nothing was written")
    .not_done())
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
fn report_check(
    product: &Product,
    changes: &FileChanges,
    strays: &[String],
    output: &Output,
    args: &Args,
) -> Result<bool> {
    let (folder, out) = (&product.folder, slashed(&product.folder));
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
        let message = format!("{} in {out} that the generator did not write", counted(strays.len(), "file"));
        report::failure(&Failure::new(message).hint("move them away: everything in this folder is generated"));
    }
    if !changes.is_empty() {
        let stale = [&changes.missing, &changes.changed, &changes.orphaned, &changes.leftover];
        let stale = stale.iter().map(|files| files.len()).sum();
        let message = format!("{} in {out} not as models and generator make them", counted(stale, "file"));
        let mut hint = format!("run `{}`", args.mending_command());
        if product.owns_folder() {
            hint.push_str(", or after a change of the generator `cargo xtask bless`");
        }
        report::failure(&Failure::new(message).hint(hint));
    }
    let fresh = changes.is_empty() && strays.is_empty();
    if fresh {
        eprintln!("{}: {} up to date", product.shown(), counted(changes.unchanged.len(), "file"));
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
        let batches = [(&service.inferred_batches, "inferred"), (&service.declared_batches, "by the overlay")];
        for (names, how) in batches.into_iter().filter(|(names, _)| !names.is_empty()) {
            let noun = if names.len() == 1 { "batch" } else { "batches" };
            let list = wrapped(&format!("{} {noun} {how}:", names.len()), names, width + 2);
            text.push_str(&format!("{:width$}  {list}\n", ""));
        }
        for skipped in &service.skipped {
            text.push_str(&format!("{:width$}  skipped {}: {}\n", "", skipped.what, skipped.reason));
        }
    }
    text
}

fn report_changes(product: &Product, changes: &FileChanges, strays: &[String], start: Instant) {
    let out = slashed(&product.folder);
    for file in strays {
        report::warning(&format!("{out}/{file} was not generated"), "everything in this folder is: move it away");
    }
    let written = changes.missing.len() + changes.changed.len();
    eprintln!(
        "{}: {written} written, {} unchanged, {} removed in {} ms",
        product.shown(),
        changes.unchanged.len(),
        changes.orphaned.len(),
        start.elapsed().as_millis(),
    );
}

/// Says what a module of somebody's crate needs of that crate.
fn tell_of_runtime(product: &Product, output: &Output) {
    if product.is_guest() {
        let features: Vec<String> =
            output.summary.runtime_features.iter().map(|feature| format!("\"{feature}\"")).collect();
        match features.as_slice() {
            [] => eprintln!("the module needs workstream-runtime without features"),
            features => eprintln!("the module needs workstream-runtime with features = [{}]", features.join(", ")),
        }
    }
}
