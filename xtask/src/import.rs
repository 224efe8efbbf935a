//! `cargo xtask models import`: takes the facts of an upstream package into a
//! model folder.

use crate::digest::sha256;
use crate::failure::{Failure, Result};
use crate::lock::{self, Lock};
use crate::paths::{in_workspace, slashed};
use crate::report::counted;
use crate::service_list;
use crate::smithy;
use crate::stderr::eprintln;
use crate::upstream;
use crate::writer::{Claim, FileChanges, Staged};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use workstream_codegen::diagnostic::{Diagnostics, Severity};
use workstream_codegen::{FileKind, ServiceList, SourceFile, facts};

const EXAMPLES: &str = "\
Examples:
  pip download --no-deps botocore==1.44.5
  cargo xtask models import botocore-1.44.5-py3-none-any.whl
  cargo xtask models import /usr/lib/python3/dist-packages/botocore/data
  cargo xtask models import ../smithy-models          a checkout of the official Smithy models";

/// Where to import from.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// A botocore wheel, the folder `botocore/data` of an installed one, or a checkout of the official Smithy models
    pub path: PathBuf,

    /// Where the models go, and the list of the services to import, services.toml [default: the workspace's models/]
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
}

/// Runs the command and tells what it did.
///
/// # Errors
///
/// See [`import`].
pub fn run(args: &Args) -> Result<()> {
    let models = args.models.clone().unwrap_or_else(|| in_workspace("models"));
    let (lock, changes) = import(&args.path, &models)?;
    let files = [("written", &changes.missing), ("written", &changes.changed), ("removed", &changes.orphaned)];
    for (what, files) in files {
        files.iter().for_each(|file| eprintln!("{what} {}/{file}", slashed(&models)));
    }
    let state = if changes.is_empty() { "unchanged" } else { "imported" };
    eprintln!("{} {} ({}): {}, {state}", lock.package, lock.version, lock.source, counted(lock.files.len(), "file"));
    Ok(())
}

/// Imports the models of the services that the list in the folder `models` names, and the partitions, from the wheel or
/// data folder `path` into that folder. Smithy's models have no partitions, so those that are there stay. Files of an
/// earlier import that are no longer listed, or no longer there upstream, are removed; other files are left alone.
///
/// # Errors
///
/// When the list, the package or the folder's lock cannot be read; nothing was changed
/// then. When a file cannot be written.
pub fn import(path: &Path, models: &Path) -> Result<(Lock, FileChanges)> {
    let mut package = read(path, &service_list::read(models)?)?;
    let _claim = Claim::exclusive(models)?;
    package.keep_partitions(models)?;
    let StagedModels { facts, lock } = package.stage(models, Lock::read(models)?.as_ref())?;
    let changes = facts.commit()?;
    lock.commit()?;
    Ok((package.lock, changes))
}

/// The facts of an upstream package, ready to be written.
pub(crate) struct Package {
    /// Where they come from.
    pub lock: Lock,
    /// The day of the release, as `YYYY-MM-DD`, where the package says it.
    pub date: Option<String>,
    /// The files, by their path in the folder of models.
    pub files: BTreeMap<String, String>,
    /// Where each of them comes from: see [`upstream::UpstreamFile::origin`].
    pub origins: BTreeMap<String, String>,
}

/// What an import writes. The lock goes last: until then it is that of the models before, and tells of those that are
/// not.
pub(crate) struct StagedModels {
    /// The files of the package.
    pub facts: Staged,
    /// The lock.
    pub lock: Staged,
}

/// Reads the facts of the listed services in the wheel or data folder `path`.
///
/// # Errors
///
/// When it cannot be read, or lacks one of them.
pub(crate) fn read(path: &Path, list: &ServiceList) -> Result<Package> {
    let upstream = if smithy::is_checkout(path) { smithy::read(path, list)? } else { upstream::read(path, list)? };
    let (mut files, mut origins) = (BTreeMap::new(), BTreeMap::new());
    for (name, file) in upstream.files {
        let place = format!("{name} in {}", path.display());
        let (name, operations) = placed(&name, file.kind, list);
        let (text, found) = facts(file.kind, &SourceFile { path: place, text: file.bytes }, operations);
        files.insert(name.clone(), text.ok_or_else(|| no_facts(&found))?);
        origins.insert(name, file.origin);
    }
    let lock = Lock {
        package: upstream.package,
        version: upstream.version,
        source: upstream.source.as_str().to_owned(),
        sha256: upstream.sha256,
        files: files.iter().map(|(name, text)| (name.clone(), sha256(text.as_bytes()))).collect(),
    };
    Ok(Package { lock, date: upstream.date, files, origins })
}

/// Where a file of an upstream package goes in the folder of models, and the operations that it is cut down to.
fn placed<'l>(name: &str, kind: FileKind, list: &'l ServiceList) -> (String, &'l [String]) {
    let listed = name.split_once('/').and_then(|(service, below)| Some((list.get(service)?, below)));
    let Some((service, below)) = listed else { return (name.to_owned(), &[]) };
    let operations = match kind {
        FileKind::Service | FileKind::Paginators | FileKind::Waiters | FileKind::Smithy => service.operations(),
        // They are about the service as a whole.
        FileKind::EndpointRuleSet | FileKind::Partitions => &[],
    };
    (format!("{}/{below}", service.folder()), operations)
}

impl Package {
    /// Takes over the partitions of the folder `models`, if the package has none.
    fn keep_partitions(&mut self, models: &Path) -> Result<()> {
        let name = FileKind::Partitions.file_name();
        let kept = models.join(name);
        if !self.files.contains_key(name) && kept.is_file() {
            let text = fs::read_to_string(&kept).map_err(|e| Failure::io("read", &kept, &e))?;
            self.lock.files.insert(name.to_owned(), sha256(text.as_bytes()));
            self.origins.insert(name.to_owned(), slashed(&kept));
            self.files.insert(name.to_owned(), text);
        }
        Ok(())
    }

    /// Makes everything ready that brings the folder `models`, with the lock `earlier`, to this package's facts.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or written.
    pub fn stage(&self, models: &Path, earlier: Option<&Lock>) -> Result<StagedModels> {
        let earlier: BTreeSet<String> = earlier.map(|lock| lock.files.keys().cloned().collect()).unwrap_or_default();
        let mut wanted = self.files.clone();
        wanted.insert(lock::FILE_NAME.to_owned(), self.lock.to_text()?);
        let mut facts = Staged::new(models, &wanted, &earlier)?;
        let lock = facts.split_off(lock::FILE_NAME);
        Ok(StagedModels { facts, lock })
    }
}

/// Why a file has no facts: what is wrong with it first.
fn no_facts(found: &Diagnostics) -> Failure {
    let Some(error) = found.iter().find(|diagnostic| diagnostic.severity == Severity::Error) else {
        return Failure::new("there are no facts");
    };
    let place = error.position.map(|(line, column)| format!(" at line {line} column {column}")).unwrap_or_default();
    let failure = Failure::new(format!("{}: {}{place}", error.origin.file, error.message));
    error.hint.iter().fold(failure, Failure::hint)
}
