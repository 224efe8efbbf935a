//! The two sides of a changelog: folders, wheels, and revisions of the repository.

use crate::discover::{self, ADDITIONS, is_overlay};
use crate::failure::{Failure, Result};
use crate::lock::Lock;
use crate::paths::slashed;
use crate::report::{self, Sources};
use crate::service_list;
use crate::upstream::{self, Partitions, Wanted};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use workstream_codegen::diff::render::Release;
use workstream_codegen::graph::Service;
use workstream_codegen::{ListedService, Model, ModelSet, ServiceFiles, ServiceList, SourceFile, read};

/// Where a side is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// A folder in botocore's layout, or in that of the official Smithy models.
    Folder(PathBuf),
    /// A file, which has to be a wheel.
    Wheel(PathBuf),
    /// A revision of the repository that one is in.
    Revision(String),
}

/// What a place calls the services of a list.
struct Names<'l> {
    list: &'l ServiceList,
    listed: fn(&'l ListedService) -> Wanted<'l>,
}

impl<'l> Names<'l> {
    /// The service's own name, by its folder in the place; nothing where that is the name of another service.
    fn own(&self, folder: String) -> Option<String> {
        match self.list.iter().find(|service| (self.listed)(service).upstream == folder) {
            Some(service) => Some(service.name.clone()),
            None => self.list.get(&folder).is_none().then_some(folder),
        }
    }

    fn wanted(&self, services: &'l [String]) -> impl Iterator<Item = Wanted<'l>> {
        services.iter().map(|name| self.list.get(name).map_or(Wanted::newest(name), self.listed))
    }
}

/// A side whose files were read from disk.
pub(super) struct Side {
    /// What it is called.
    pub release: Release,
    set: ModelSet,
}

impl Place {
    /// What an argument names. A path is whatever the system takes for one; a revision is text.
    pub fn parse(argument: &OsStr) -> Self {
        match argument.to_str().and_then(|text| text.strip_prefix("git:")) {
            Some(revision) => Self::Revision(revision.to_owned()),
            None if Path::new(argument).is_dir() => Self::Folder(argument.into()),
            None => Self::Wheel(argument.into()),
        }
    }

    /// The list of the services that it is for, if it has one.
    ///
    /// # Errors
    ///
    /// When there is one that cannot be read or has errors.
    pub fn list(&self) -> Result<Option<ServiceList>> {
        match self {
            Self::Folder(folder) => service_list::find(folder),
            Self::Wheel(_) => Ok(None),
            Self::Revision(revision) => {
                let files = git_files(revision)?;
                let list = files.iter().find(|file| *file == service_list::FILE_NAME);
                list.map(|list| service_list::parse(git_file(revision, list)?)).transpose()
            }
        }
    }

    /// What services are called in it, where it is not the project's own.
    fn names<'l>(&self, list: &'l ServiceList) -> Result<Option<Names<'l>>> {
        let listed: fn(&'l ListedService) -> Wanted<'l> = match self {
            Self::Revision(_) => return Ok(None),
            Self::Folder(_) if self.list()?.is_some() => return Ok(None),
            Self::Folder(folder) if discover::has_smithy_layout(folder)? => Wanted::of_smithy,
            Self::Folder(_) | Self::Wheel(_) => Wanted::of_botocore,
        };
        Ok(Some(Names { list, listed }))
    }

    /// The services that it has, by the names of `list`.
    ///
    /// # Errors
    ///
    /// When it is not there, or cannot be read: the message names it.
    pub fn services(&self, list: &ServiceList) -> Result<BTreeSet<String>> {
        let folders = self.folders()?;
        Ok(match self.names(list)? {
            Some(names) => folders.into_iter().filter_map(|folder| names.own(folder)).collect(),
            None => folders,
        })
    }

    /// The folders of the services that it has.
    fn folders(&self) -> Result<BTreeSet<String>> {
        match self {
            Self::Folder(folder) => Ok(discover::services(folder)?.into_iter().collect()),
            Self::Wheel(wheel) => upstream::wheel_services(wheel),
            Self::Revision(revision) => {
                let files = git_files(revision)?;
                let models = files.iter().filter_map(|file| ModelFile::of(file)).filter(|file| !file.is_addition);
                Ok(models.map(|file| file.service.to_owned()).collect())
            }
        }
    }

    /// Whether it has all of AWS, and not what somebody chose.
    pub fn is_wheel(&self) -> bool {
        matches!(self, Self::Wheel(_))
    }

    /// Reads the files of `services`, all of which it has, by the names of `list`.
    ///
    /// # Errors
    ///
    /// When it cannot be read: the message names it.
    pub fn open(&self, services: &[String], list: &ServiceList) -> Result<Side> {
        let wanted: Vec<Wanted<'_>> = match self.names(list)? {
            Some(names) => names.wanted(services).collect(),
            None => services.iter().map(|name| Wanted::newest(name)).collect(),
        };
        match self {
            Self::Folder(folder) => open_folder(folder, &wanted),
            Self::Wheel(wheel) => open_wheel(wheel, &wanted),
            Self::Revision(revision) => open_revision(revision, services),
        }
    }
}

impl Side {
    /// The files of every service.
    pub fn services(&self) -> &[ServiceFiles] {
        &self.set.services
    }

    pub fn has_overlays(&self) -> bool {
        self.set.services.iter().flat_map(|service| &service.files).any(is_overlay)
    }

    pub fn leave_out_overlays(&mut self) {
        self.set.services.iter_mut().for_each(|service| service.files.retain(|file| !is_overlay(file)));
    }

    /// The graph of a service, whose files are dropped; `None` where the side does not have it.
    ///
    /// # Errors
    ///
    /// When the model has errors, which have been told then.
    pub fn take(&mut self, service: &str) -> Result<Option<Service>> {
        let Some(index) = self.set.services.iter().position(|files| files.name == service) else { return Ok(None) };
        let files = self.set.services.swap_remove(index);
        let one = Self { release: self.release.clone(), set: ModelSet { services: vec![files], partitions: None } };
        Ok(one.read()?.service(service).cloned())
    }

    /// The graphs. What is wrong with the models has been told then.
    ///
    /// # Errors
    ///
    /// When the models have errors.
    pub fn read(&self) -> Result<Model> {
        let (model, diagnostics) = read(&self.set);
        model.ok_or_else(|| {
            let files = self.set.services.iter().flat_map(|service| &service.files);
            let sources: Sources<'_> = files.map(|file| (file.path.as_str(), file.text.as_slice())).collect();
            report::diagnostics(&diagnostics, &sources);
            Failure::new(format!("the models of {} have errors", self.release.label))
        })
    }
}

/// A folder of models; its version is that of its lock, or its own name.
pub(super) fn open_folder(folder: &Path, services: &[Wanted<'_>]) -> Result<Side> {
    let set = ModelSet { services: discover::wanted(folder, services.iter().copied())?, partitions: None };
    let lock = Lock::read(folder)?;
    let label = match lock {
        Some(lock) => format!("{} ({} {})", slashed(folder), lock.package, lock.version),
        None => slashed(folder),
    };
    Ok(Side { release: Release { label, date: None }, set })
}

fn open_wheel(wheel: &Path, services: &[Wanted<'_>]) -> Result<Side> {
    let upstream = upstream::read_wheel(wheel, services, Partitions::LeftOut)?;
    let files = upstream.files.into_iter();
    let set = model_set(files.map(|(name, file)| (name, SourceFile { path: file.origin, text: file.bytes })));
    let label = format!("{} {}", upstream.package, upstream.version);
    Ok(Side { release: Release { label, date: upstream.date }, set })
}

/// Files by their path below the models' folder, grouped by service.
fn model_set(files: impl Iterator<Item = (String, SourceFile)>) -> ModelSet {
    let mut services: BTreeMap<String, Vec<SourceFile>> = BTreeMap::new();
    for (name, file) in files {
        if let Some((service, _)) = name.split_once('/') {
            services.entry(service.to_owned()).or_default().push(file);
        }
    }
    let services = services.into_iter().map(|(name, files)| ServiceFiles { name, files }).collect();
    ModelSet { services, partitions: None }
}

fn open_revision(revision: &str, services: &[String]) -> Result<Side> {
    let files = git_files(revision)?;
    let mut wanted = Vec::new();
    let files: Vec<ModelFile<'_>> = files.iter().filter_map(|file| ModelFile::of(file)).collect();
    for service in services {
        let of_service = || files.iter().filter(|file| file.service == service);
        let Some(newest) = of_service().filter(|file| !file.is_addition).map(|file| file.version).max() else {
            return Err(Failure::new(format!("{MODELS} at {revision} has no service `{service}`")));
        };
        let counts = |file: &&ModelFile<'_>| file.is_addition || file.version == newest;
        wanted.extend(of_service().filter(counts).map(|file| file.path.to_owned()));
    }
    let read = |name: String| git_file(revision, &name).map(|file| (name, file));
    let files = wanted.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    let date = git(&["log", "-1", "--format=%cs", "--end-of-options", revision, "--"], revision)?;
    let date = String::from_utf8_lossy(&date).trim().to_owned();
    let release = Release { label: format!("git:{revision}"), date: Some(date) };
    Ok(Side { release, set: model_set(files.into_iter()) })
}

/// A file of models/ that belongs to a service, in one of the [layouts](discover) that a folder may have.
struct ModelFile<'p> {
    /// In models/.
    path: &'p str,
    service: &'p str,
    /// The layout in which it is of an API version, the preferred one last, and the version.
    version: (Layout, &'p str),
    /// This project's own, and no part of a model.
    is_addition: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Layout {
    ByHand,
    Botocore,
    Smithy,
}

impl<'p> ModelFile<'p> {
    /// Nothing for a file elsewhere, or a hidden one.
    fn of(path: &'p str) -> Option<Self> {
        let parts: Vec<&str> = path.split('/').collect();
        let (service, version, file) = match parts[..] {
            [service, discover::SMITHY_VERSIONS, version, file] => (service, (Layout::Smithy, version), file),
            [service, version, file] => (service, (Layout::Botocore, version), file),
            [service, file] => (service, (Layout::ByHand, ""), file),
            _ => return None,
        };
        let is_addition = ADDITIONS.contains(&file) && version.0 == Layout::ByHand;
        let is_hidden = [service, version.1].iter().any(|folder| folder.starts_with('.'));
        let is_model = file.ends_with(".json") || is_addition;
        (is_model && !is_hidden).then_some(Self { path, service, version, is_addition })
    }
}

/// Where the models are in this repository.
const MODELS: &str = "models/";

/// The files of models/ at a revision, by their path in it.
fn git_files(revision: &str) -> Result<Vec<String>> {
    let args = ["ls-tree", "-r", "-z", "--name-only", "--full-tree", "--end-of-options", revision, MODELS];
    let list = git(&args, revision)?;
    let paths = list.split(|byte| *byte == 0).map(String::from_utf8_lossy);
    let files: Vec<String> = paths.filter_map(|path| path.strip_prefix(MODELS).map(str::to_owned)).collect();
    if files.is_empty() {
        return Err(Failure::new(format!("git:{revision} has no {MODELS}")));
    }
    Ok(files)
}

/// A file of models/ at a revision.
fn git_file(revision: &str, name: &str) -> Result<SourceFile> {
    let object = format!("{revision}:{MODELS}{name}");
    let text = git(&["show", "--end-of-options", &object], revision)?;
    Ok(SourceFile { path: format!("git:{object}"), text })
}

fn git(args: &[&str], revision: &str) -> Result<Vec<u8>> {
    let output = Command::new("git").args(args).output();
    let output = output.map_err(|e| Failure::new(format!("cannot run git, for git:{revision}: {e}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let why = String::from_utf8_lossy(&output.stderr);
    let why = why.trim().lines().next().unwrap_or_default().trim_start_matches("fatal: ");
    Err(Failure::new(format!("git:{revision} cannot be read: {why}"))
        .hint("git:REV takes any revision of the repository that you are in, such as git:HEAD~1"))
}
