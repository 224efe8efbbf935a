//! `cargo xtask models update`: a newer botocore in, and out come the changelog,
//! the models, the crate, and the version to release.
//!
//! Everything is read, compared and generated in memory before the first file is
//! written, so that whatever is wrong with the new models leaves the old ones.

mod notes;
mod verdict;
mod version;

use crate::changelog::{self, Format, ModelChanges};
use crate::codegen::{self, Product};
use crate::discover::{ADDITIONS, discover_listed, is_addition, is_overlay, is_sentences};
use crate::docs;
use crate::failure::{Failure, Result};
use crate::import::{self, Package, StagedModels};
use crate::lock::{self, Lock, LockProblem, verify_lock};
use crate::paths::{in_workspace, slashed, workspace};
use crate::pip::{self, Form, Temporary};
use crate::python::Python;
use crate::report::{self, counted};
use crate::service_list;
use crate::stderr::eprintln;
use crate::stdout;
use crate::wheel::is_version;
use crate::writer::{Claim, FileChanges, Mode, Staged, sync};
use notes::StagedNotes;
use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use verdict::Verdict;
use workstream_codegen::diagnostic::{Diagnostics, Severity};
use workstream_codegen::diff::PartitionChanges;
use workstream_codegen::diff::render::{Frame, Release};
use workstream_codegen::diff::rules::{Bump, Severities};
use workstream_codegen::{Model, ModelSet, Output, ServiceFiles, ServiceList, SourceFile, read};

const EXAMPLES: &str = "\
Examples:
  cargo xtask models update                        update to the newest botocore
  cargo xtask models update --botocore 1.44.5 --dry-run
  cargo xtask models update --wheel botocore-1.44.5-py3-none-any.whl
  cargo xtask models update --format markdown --summary summary.txt > changelog.md

Exit codes:
  0  models and crate are up to date, or would be without --dry-run
  1  the crate cannot be generated from the new models, or not with the overlays; nothing was written
  2  anything else: no download, a broken wheel, models edited by hand, another run at work in the same folders,
     a file or result that cannot be written, a wrong command";

/// What to update to.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The version of botocore to download with pip, with your pip settings [default: the newest]
    #[arg(long, value_name = "VERSION", value_parser = parse_version)]
    pub botocore: Option<String>,

    /// Use this wheel instead of downloading one
    #[arg(long, value_name = "FILE", conflicts_with = "botocore")]
    pub wheel: Option<PathBuf>,

    /// Print everything, and write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// The format of the changelog; JSON has the entries of --summary in `update`
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// Append the result to this file as lines `key=value`, as for $GITHUB_OUTPUT: package, old_version,
    /// new_version, sha256 (of the wheel), old_digest, digest (of the facts), changed (the facts), regenerated (the
    /// crate is another), breaking, label, bump, crate_version, next_version
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,

    /// A TOML file that overrides the severities of rules, each with a reason
    #[arg(long, value_name = "FILE")]
    pub severities: Option<PathBuf>,

    /// Also write the next version into Cargo.toml: for the first update after a release
    #[arg(long, conflicts_with_all = ["models", "out"])]
    pub bump: bool,

    /// The file of changes that gets an entry of what users notice [default: the workspace's CHANGELOG.md; none with
    /// --models or --out]
    #[arg(long, value_name = "FILE")]
    pub changelog: Option<PathBuf>,

    /// Where the models are [default: the workspace's models/]
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,

    /// Where the crate is [default: the workspace's generated/]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would take them for help")]
    pub python: Python,
}

fn parse_version(text: &str) -> std::result::Result<String, String> {
    if is_version(text) { Ok(text.to_owned()) } else { Err("expected a version such as 1.44.5".to_owned()) }
}

/// Runs the command.
pub fn run(args: &Args) -> ExitCode {
    match update(args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(failure) => {
            report::failure(&failure);
            ExitCode::from(2)
        }
    }
}

/// Whether the new models are good.
fn update(args: &Args) -> Result<bool> {
    let place = Folders::of(args);
    let severities = args.severities.as_ref().map(changelog::read_severities).transpose()?.unwrap_or_default();
    let _claim = if args.dry_run { Claim::shared(&place.models)? } else { Claim::exclusive(&place.models)? };
    let earlier = intact(&place.models)?;
    let list = service_list::read(&place.models)?;
    let package = obtain(args, &list)?;
    let name = Verdict::name(&package.lock);
    eprintln!("{name}: {}; {} has {}", counted(package.files.len(), "file"), slashed(&place.models), earlier.version);
    if is_older(&package.lock.version, &earlier.version) {
        report::warning(&format!("{name} is older than the models"), "what it lacks will be gone");
    }

    let old_set = discover_listed(&place.models, &list)?;
    let new_set = replaced(&old_set, &package, &list);
    let products = Product::listed(&place.out, &list)?;
    let (made, found) = codegen::produce_all(&new_set, &products);
    codegen::report_diagnostics(&new_set, &found);
    let Some((new, outputs)) = made else {
        report::failure(&refused(&package, &found));
        return Ok(false);
    };
    let prepared = Prepared { place, package, earlier, products };
    let is_stale = prepared.generated_changes(&outputs)?.iter().any(|changes| !changes.is_empty());
    let same_facts = prepared.package.lock.files == prepared.earlier.files;
    if is_stale && same_facts {
        prepared.tell_of_stale_crate();
    }
    // A crate that was not up to date before is no news of the models.
    let regenerated = is_stale && !same_facts;

    let (old, new) = comparable(&old_set, &new_set, new)?;
    let changes = ModelChanges::between(&old, &new);
    let verdict = prepared.report(args, &changes, (&old, &new), regenerated, &severities)?;
    if !args.dry_run {
        let changelog = file_of_changes(args);
        let notes = changelog.as_deref().map(|path| staged_notes(path, &verdict)).transpose()?.flatten();
        prepared.write(&outputs)?;
        notes.map_or(Ok(()), StagedNotes::write).map_err(|failure| {
            failure.hint(format!("models and crate are written; this belongs into the file:\n{}", verdict.notes))
        })?;
    }
    tell_of_overlays(&old_set, &new_set);
    new.services().iter().for_each(|service| docs::tell_of_new(old.service(service.name()), service));
    finish(args, &verdict).map(|()| true)
}

/// The file that tells users what has changed, where there is one.
fn file_of_changes(args: &Args) -> Option<PathBuf> {
    let is_workspace = args.models.is_none() && args.out.is_none();
    args.changelog.clone().or_else(|| is_workspace.then(|| in_workspace("CHANGELOG.md")))
}

/// The file of changes with an entry for this update, if users notice anything.
fn staged_notes<'p>(path: &'p Path, verdict: &Verdict) -> Result<Option<StagedNotes<'p>>> {
    let next = verdict.next_version();
    let version = next.as_deref().unwrap_or(verdict.version);
    let is_told = !verdict.notes.is_empty();
    is_told.then(|| StagedNotes::new(path, &verdict.notes, version)).transpose()
}

/// Whether a version is older than another, as far as both are numbers.
fn is_older(version: &str, than: &str) -> bool {
    let numbers = |text: &str| text.split('.').map(|part| part.parse::<u64>().ok()).collect::<Option<Vec<u64>>>();
    numbers(version).zip(numbers(than)).is_some_and(|(version, than)| version < than)
}

/// Where the models and the crate are.
struct Folders {
    models: PathBuf,
    out: PathBuf,
}

impl Folders {
    fn of(args: &Args) -> Self {
        Self {
            models: args.models.clone().unwrap_or_else(|| in_workspace("models")),
            out: args.out.clone().unwrap_or_else(|| in_workspace("generated")),
        }
    }
}

/// The lock of the models that are there. A changelog against edited models would be of no use.
fn intact(models: &Path) -> Result<Lock> {
    let lock = Lock::read(models)?.ok_or_else(|| {
        Failure::new(format!("{} has no {}, so there is nothing to update", slashed(models), lock::FILE_NAME))
            .hint("run `cargo xtask models import <botocore wheel>` first")
    })?;
    verify_lock(models).map(|()| lock).map_err(|problems| {
        let listed: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Failure::new(format!("{} was changed after its import: {}", slashed(models), listed.join("; ")))
            .hint(restoring(models, &problems))
    })
}

/// What brings the models back to what the lock says. An update that was killed leaves the lock of the models before
/// it, so that the next one tells the whole changelog.
fn restoring(models: &Path, problems: &[LockProblem]) -> String {
    let listed = |wanted: fn(&LockProblem) -> Option<&String>| {
        let files = problems.iter().filter_map(wanted);
        files.map(|file| slashed(&models.join(file))).collect::<Vec<_>>().join(" ")
    };
    let changed = listed(|problem| match problem {
        LockProblem::Changed(file) | LockProblem::Missing(file) => Some(file),
        LockProblem::Unlisted(_) | LockProblem::Unreadable(_) => None,
    });
    let added = listed(|problem| if let LockProblem::Unlisted(file) = problem { Some(file) } else { None });
    let commands = [("git restore", changed), ("git clean -f", added)];
    let commands = commands.iter().filter(|(_, files)| !files.is_empty());
    let commands: Vec<String> = commands.map(|(command, files)| format!("`{command} {files}`")).collect();
    format!(
        "they were edited, or an update was interrupted: restore them with {}, and update again; changes of your own \
         belong in overlays",
        if commands.is_empty() { "`git restore`".to_owned() } else { commands.join(" and ") }
    )
}

/// The facts of the wheel that is given or downloaded.
fn obtain(args: &Args, list: &ServiceList) -> Result<Package> {
    if let Some(wheel) = &args.wheel {
        return import::read(wheel, list);
    }
    let folder = Temporary::new("models-update")?;
    match &args.botocore {
        Some(version) => eprintln!("downloading botocore {version} with pip"),
        None => eprintln!("downloading the newest botocore with pip"),
    }
    import::read(&pip::download(&args.python, Form::Wheel, args.botocore.as_deref(), &folder)?, list)
}

/// The models as they will be: the package's files and the overlays. There is nothing
/// else in the folder, or the lock would not have fitted.
fn replaced(old: &ModelSet, package: &Package, list: &ServiceList) -> ModelSet {
    let mut set = ModelSet::default();
    let mut services: BTreeMap<&str, Vec<SourceFile>> = BTreeMap::new();
    let folders: BTreeMap<String, &str> =
        list.iter().map(|service| (service.folder(), service.name.as_str())).collect();
    for (name, text) in &package.files {
        // What is in models/ under this name is another text.
        let path = package.origins.get(name).unwrap_or(name).clone();
        let file = SourceFile { path, text: text.as_bytes().to_vec() };
        let mut parents = name.match_indices('/').map(|(end, _)| &name[..end]);
        match parents.find_map(|folder| folders.get(folder)) {
            Some(service) => services.entry(service).or_default().push(file),
            None => set.partitions = Some(file),
        }
    }
    for service in &old.services {
        if let Some(files) = services.get_mut(service.name.as_str()) {
            files.extend(service.files.iter().filter(|file| is_addition(file)).cloned());
        }
    }
    let services = services.into_iter().map(|(name, files)| (name.to_owned(), files));
    set.services = services.map(|(name, files)| ServiceFiles { name, files }).collect();
    set
}

/// Why the new models are not taken; what is wrong with them has been told.
fn refused(package: &Package, found: &Diagnostics) -> Failure {
    let name = Verdict::name(&package.lock);
    let errors = found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let mut overlays: Vec<&str> = errors.map(|error| &*error.origin.file).collect();
    overlays.sort_unstable();
    overlays.dedup();
    let all = overlays.len();
    overlays.retain(|file| file.rsplit('/').next().is_some_and(|name| ADDITIONS.contains(&name)));
    if all == overlays.len() && all > 0 {
        return Failure::new(format!("{} does not fit {name}", overlays.join(" and "))).hint(
            "delete the entries that are no longer needed, correct those that are wrong, and update again: \
             the errors above name them",
        );
    }
    Failure::new(format!("the crate cannot be generated from {name}")).hint(
        "the generator has to learn what the errors above name; until then the models stay as they are. \
             Lines are counted in the files as they would be imported: formatted, and without documentation",
    )
}

/// The two models to compare. If the overlays only apply to the new model, both are compared without overlays. Sentences
/// take no part in that.
fn comparable(old_set: &ModelSet, new_set: &ModelSet, new: Model) -> Result<(Model, Model)> {
    if let (Some(old), _) = read(&without(old_set, is_sentences)) {
        return Ok((old, new));
    }
    let bare = |set: ModelSet| {
        let (model, found) = read(&set);
        model.ok_or_else(|| {
            codegen::report_diagnostics(&set, &found);
            Failure::new("the models have errors").hint("`cargo xtask models import` imports them again")
        })
    };
    eprintln!("the overlays apply to the new models only, so the changelog leaves them out");
    Ok((bare(without(old_set, is_addition))?, bare(without(new_set, is_overlay))?))
}

/// The same models without some of their files.
fn without(set: &ModelSet, is_left_out: fn(&SourceFile) -> bool) -> ModelSet {
    let mut set = set.clone();
    set.services.iter_mut().for_each(|service| service.files.retain(|file| !is_left_out(file)));
    set
}

/// Names the overlays of services that are no longer listed: nothing but the overlay is left of those.
fn tell_of_overlays(old: &ModelSet, new: &ModelSet) {
    let is_left = |service: &&ServiceFiles| new.services.iter().all(|kept| kept.name != service.name);
    let files = old.services.iter().filter(is_left).flat_map(|service| &service.files);
    for overlay in files.filter(|file| is_addition(file)) {
        report::warning(&format!("{} belongs to no model any more", overlay.path), "delete it");
    }
}

/// All that is to be written, and where.
struct Prepared {
    place: Folders,
    package: Package,
    earlier: Lock,
    /// The crate, and the modules of the runtime.
    products: Vec<Product>,
}

impl Prepared {
    /// Prints the changelog, and writes the summary.
    fn report(
        &self,
        args: &Args,
        changes: &ModelChanges<'_>,
        (old, new): (&Model, &Model),
        regenerated: bool,
        severities: &Severities,
    ) -> Result<Verdict> {
        let release = |lock: &Lock, date: Option<&String>| Release { label: Verdict::name(lock), date: date.cloned() };
        let (before, after) = (release(&self.earlier, None), release(&self.package.lock, self.package.date.as_ref()));
        let frame = Frame { old: &before, new: &after, severities, version: Some(env!("CARGO_PKG_VERSION")) };
        let partitions = PartitionChanges::between(old.partitions(), new.partitions());
        let locks = (self.earlier.clone(), self.package.lock.clone());
        let verdict = Verdict::new(locks, (changes, frame), partitions, regenerated);
        stdout::print(&verdict.changelog(changes, frame, args.format))?;
        if let Some(path) = &args.summary {
            let file = OpenOptions::new().create(true).append(true).open(path);
            file.and_then(|mut file| file.write_all(verdict.lines().as_bytes()))
                .map_err(|e| Failure::io("write", path, &e))?;
        }
        Ok(verdict)
    }

    /// Tells what would change in the crate and in each module.
    fn generated_changes(&self, outputs: &[Output]) -> Result<Vec<FileChanges>> {
        let each = self.products.iter().zip(outputs).map(|(product, output)| {
            product.refuse_foreign(output)?;
            sync(&product.folder, &output.files, &product.scan()?.generated, Mode::Check)
        });
        each.collect()
    }

    /// Says where the changelog is that an update has not told because it was killed.
    fn tell_of_stale_crate(&self) {
        let (models, out) = (slashed(&self.place.models), slashed(&self.place.out));
        eprintln!(
            "{out} was not generated from these models; if an update was interrupted, \
             `cargo xtask changelog git:HEAD {models}` tells what it has changed"
        );
    }

    /// Writes models, crate, modules and lock: first all under temporary names. If something fails after that, the models are
    /// put back.
    fn write(&self, outputs: &[Output]) -> Result<()> {
        let claims = self.products.iter().map(|product| Claim::exclusive(&product.folder));
        let _claims = claims.collect::<Result<Vec<_>>>()?;
        let before = self.models_before()?;
        let staged = self.stage(outputs)?;
        let (of_models, of_products) = staged.commit().map_err(|failure| self.put_back(&before, failure))?;
        told(&slashed(&self.place.models), &of_models);
        for (product, changes) in self.products.iter().zip(&of_products) {
            told(&product.shown(), changes);
        }
        Ok(())
    }

    fn stage(&self, outputs: &[Output]) -> Result<StagedUpdate> {
        let models = self.package.stage(&self.place.models, Some(&self.earlier))?;
        let each = self.products.iter().zip(outputs);
        let each =
            each.map(|(product, output)| Staged::new(&product.folder, &output.files, &product.scan()?.generated));
        Ok(StagedUpdate { models, generated: each.collect::<Result<_>>()? })
    }

    /// The imported files and the lock as they are.
    fn models_before(&self) -> Result<BTreeMap<String, String>> {
        let read = |file: &str| {
            let path = self.place.models.join(file);
            let text = fs::read_to_string(&path).map_err(|e| Failure::io("read", &path, &e))?;
            Ok((file.to_owned(), text))
        };
        self.earlier.files.keys().map(String::as_str).chain([lock::FILE_NAME]).map(read).collect()
    }

    /// Brings the models back, and tells what may be left to do. The lock is still the old one.
    fn put_back(&self, before: &BTreeMap<String, String>, failure: Failure) -> Failure {
        let (models, out) = (slashed(&self.place.models), slashed(&self.place.out));
        let new = self.package.files.keys().cloned().collect();
        match Staged::new(&self.place.models, before, &new).and_then(Staged::commit) {
            Ok(_) => failure.hint(format!(
                "{models} is as it was; `cargo xtask codegen` brings {out} back, should it have been written in part"
            )),
            Err(again) => failure.hint(format!(
                "{models} is written in part, and could not be brought back ({again}): \
                 `git status` shows what is changed, `git restore` brings it back; overlays are not touched"
            )),
        }
    }
}

/// All new contents under temporary names.
struct StagedUpdate {
    models: StagedModels,
    generated: Vec<Staged>,
}

impl StagedUpdate {
    /// Puts them in their places. The lock goes last: an update that is killed before is done again as a whole.
    fn commit(self) -> Result<(FileChanges, Vec<FileChanges>)> {
        let Self { models: StagedModels { facts, lock }, generated } = self;
        let of_models = facts.commit()?;
        let of_products = generated.into_iter().map(Staged::commit).collect::<Result<_>>()?;
        lock.commit()?;
        Ok((of_models, of_products))
    }
}

fn told(folder: &str, changes: &FileChanges) {
    let written = changes.missing.len() + changes.changed.len();
    let (unchanged, removed) = (changes.unchanged.len(), changes.orphaned.len());
    eprintln!("{folder}: {written} written, {unchanged} unchanged, {removed} removed");
}

/// Sets the version where that is asked for, and says what it is or should be.
fn finish(args: &Args, verdict: &Verdict) -> Result<()> {
    eprintln!("{}", verdict.headline());
    if args.dry_run {
        eprintln!("nothing was written");
    }
    let next = verdict.next_version().filter(|_| verdict.bump() != Bump::None);
    match next {
        Some(next) if args.bump && !args.dry_run => {
            version::set(workspace(), verdict.version, &next).map_err(|failure| {
                failure.hint("models and crate are written; set the version in Cargo.toml by hand")
            })?;
            eprintln!("Cargo.toml: {} -> {next}", verdict.version);
        }
        Some(_) if !args.dry_run => {
            eprintln!("Cargo.toml still has {}: --bump sets the next version", verdict.version);
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn lock(version: &str, files: &BTreeMap<String, String>) -> Lock {
        let digests = files.iter().map(|(file, text)| (file.clone(), crate::digest::sha256(text.as_bytes())));
        let text = str::to_owned;
        let (package, source) = (text("botocore"), text("wheel"));
        Lock { package, version: text(version), source, sha256: String::new(), files: digests.collect() }
    }

    fn files(list: &[(&str, &str)]) -> BTreeMap<String, String> {
        list.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    /// A crate that cannot be written leaves no models that it does not fit.
    #[test]
    fn models_are_put_back_when_the_crate_cannot_be_written() {
        let program = std::env::current_exe().unwrap();
        let root = crate::process::target(&program).join(format!("update-put-back-{}", std::process::id()));
        let place = Folders { models: root.join("models"), out: root.join("out") };
        let old = files(&[("a/1/service-2.json", "old"), ("a/1/waiters-2.json", "old")]);
        let new = files(&[("a/1/service-2.json", "new"), ("a/1/paginators-1.json", "new")]);
        let earlier = lock("1.0.0", &old);
        let mut imported = old.clone();
        imported.insert(lock::FILE_NAME.to_owned(), earlier.to_text().unwrap());
        sync(&place.models, &imported, &BTreeSet::new(), Mode::Write).unwrap();
        let package = Package { lock: lock("2.0.0", &new), date: None, files: new, origins: BTreeMap::new() };
        let products = vec![Product::of_crate(&place.out).unwrap()];
        let prepared = Prepared { place, package, earlier, products };

        let mut output = Output::default();
        output.files = files(&[("src/a.rs", "new"), ("src/b.rs", "new")]);
        let staged = prepared.stage(&[output]).unwrap();
        let before = prepared.models_before().unwrap();
        // Somebody makes a folder where a file has to go.
        fs::create_dir_all(root.join("out/src/b.rs/folder")).unwrap();
        let failure = staged.commit().unwrap_err();
        let models = prepared.models_before().unwrap_err();
        assert!(models.message.contains("waiters-2.json"), "the new models are there: {models}");
        assert_eq!(Lock::read(&prepared.place.models).unwrap().as_ref(), Some(&prepared.earlier), "the lock goes last");
        let failure = prepared.put_back(&before, failure);
        assert!(failure.message.starts_with("cannot replace "), "{failure}");
        assert!(failure.hint.is_some_and(|hint| hint.contains("models is as it was")));
        assert_eq!(verify_lock(&prepared.place.models), Ok(()));
        assert_eq!(prepared.models_before().unwrap(), imported);
        let left = crate::writer::leftovers(&root).unwrap();
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(left, [""; 0]);
    }
}
