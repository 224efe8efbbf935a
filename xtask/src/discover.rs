//! Finds model files on disk. Of several API versions the newest counts.
//!
//! | layout | below the folder of models |
//! |---|---|
//! | botocore's | `<service>/<api-version>/*.json[.gz]` |
//! | that of the official Smithy models | `<service>/service/<api-version>/*.json`; also from the checkout's root, which has them in `models`, and from the folder of one service |
//! | by hand | `<service>/*.json` |
//!
//! Hidden folders are no services. What the project adds to a model is in `<service>/overlay.toml`
//! and `<service>/docs.toml`. Partitions lie beside the
//! services; the official Smithy models have none, so those of this project serve where rules ask for some.
//!
//! Services of a module of the runtime lie one folder deeper, in that of the module, and so are none of the others.

use crate::failure::{Failure, Result};
use crate::paths::{in_workspace, slashed};
use crate::service_list;
use crate::upstream::{Wanted, gunzip};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use workstream_codegen::diagnostic::nearest;
use workstream_codegen::{ListedService, ModelSet, ServiceFiles, ServiceList, SourceFile};

/// The name of the file of additions to a service's model, whatever its version.
pub(crate) const OVERLAY: &str = "overlay.toml";

/// The name of the file of sentences about a service's model, whatever its version.
pub(crate) const SENTENCES: &str = "docs.toml";

/// The names of the files that this project has beside a service's model.
pub(crate) const ADDITIONS: [&str; 2] = [OVERLAY, SENTENCES];

/// Whether a file is this project's own, and not a model's.
pub(crate) fn is_addition(file: &SourceFile) -> bool {
    ADDITIONS.contains(&base_name(file))
}

/// Whether a file is an overlay.
pub(crate) fn is_overlay(file: &SourceFile) -> bool {
    base_name(file) == OVERLAY
}

/// Whether a file has sentences about a model.
pub(crate) fn is_sentences(file: &SourceFile) -> bool {
    base_name(file) == SENTENCES
}

fn base_name(file: &SourceFile) -> &str {
    file.path.rsplit('/').next().unwrap_or_default()
}

/// Reads the models below `models`: of all services, or of those named in
/// `services` only (the files of the others are not opened).
///
/// # Errors
///
/// When there is no model, a service that is not there is asked for, or a file cannot be read.
pub fn discover(models: &Path, services: &[String]) -> Result<ModelSet> {
    let known = service_folders(models)?;
    for service in services {
        if !known.contains_key(service) {
            return Err(unknown_service(service, models, known.keys().map(String::as_str)));
        }
    }
    let mut set = ModelSet::default();
    for (name, folder) in known {
        if services.is_empty() || services.contains(&name) {
            set.services.push(folder.read(Wanted::newest(&name))?);
        }
    }
    let beside = models.join(PARTITIONS);
    let partitions = if beside.is_file() { Some(beside) } else { projects_partitions(&set) };
    set.partitions = partitions.as_deref().map(read).transpose()?;
    Ok(set)
}

/// Reads the models of all services of the list: those of the crate, and those of the runtime's modules.
///
/// # Errors
///
/// When there is no model, or a file cannot be read.
pub fn discover_listed(models: &Path, list: &ServiceList) -> Result<ModelSet> {
    let mut set = discover(models, &[])?;
    for (module, services) in list.modules() {
        let known = services_of_module(models, module)?;
        for service in services {
            // What is not there is told by `unlike_list`.
            if let Some(folder) = known.get(&service.name) {
                set.services.push(folder.read(Wanted::newest(&service.name))?);
            }
        }
    }
    Ok(set)
}

/// Reads the models of services of an upstream package below `models`.
///
/// # Errors
///
/// When one of them or its version is not there, or a file cannot be read.
pub(crate) fn wanted<'w>(models: &Path, services: impl Iterator<Item = Wanted<'w>>) -> Result<Vec<ServiceFiles>> {
    let known = service_folders(models)?;
    let read = |wanted: Wanted<'w>| {
        let names = || known.keys().map(String::as_str);
        let folder = known.get(wanted.upstream).ok_or_else(|| unknown_service(wanted.upstream, models, names()))?;
        folder.read(wanted)
    };
    services.map(read).collect()
}

/// The name of the file of partitions.
const PARTITIONS: &str = "partitions.json";

/// The partitions of this project, if rules among `set` look for a region's.
fn projects_partitions(set: &ModelSet) -> Option<PathBuf> {
    const FUNCTION: &[u8] = b"aws.partition";
    let mut files = set.services.iter().flat_map(|service| &service.files);
    let asks = files.any(|file| file.text.windows(FUNCTION.len()).any(|window| window == FUNCTION));
    Some(in_workspace("models").join(PARTITIONS)).filter(|file| asks && file.is_file())
}

/// Whether a folder has services as the official Smithy models have them: in itself, or in the folder of models of their
/// checkout.
///
/// # Errors
///
/// When a folder cannot be read.
pub(crate) fn has_smithy_layout(models: &Path) -> Result<bool> {
    let checkout = models.join(SMITHY_ROOT);
    let roots = [Some(models), Some(checkout.as_path()).filter(|folder| folder.is_dir())];
    for root in roots.into_iter().flatten() {
        let mut folders = subfolders(root)?;
        folders.push(root.to_owned());
        if folders.iter().any(|folder| folder.join(SMITHY_VERSIONS).is_dir()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The name of the service below `models` that is called `name`: exactly, whatever the case and the dashes, or
/// upstream, as the list says.
///
/// # Errors
///
/// When there is none, or no model at all.
pub fn resolve_service(models: &Path, name: &str) -> Result<String> {
    let known = service_folders(models)?;
    let plain = |name: &str| name.to_lowercase().replace(['-', '_'], "");
    let found = known.keys().find(|known| *known == name);
    let found = found.or_else(|| known.keys().find(|known| plain(known) == plain(name)));
    let list = if found.is_some() { None } else { service_list::find(models)? };
    let listed = list.unwrap_or_default();
    let listed = listed.iter().find(|service| service.botocore == name || service.smithy == name);
    let found = found.or_else(|| known.get_key_value(&listed?.name).map(|(name, _)| name));
    found.cloned().ok_or_else(|| unknown_service(name, models, known.keys().map(String::as_str)))
}

/// Names of all services below `models`.
///
/// # Errors
///
/// When there is none, or a folder cannot be read.
pub fn services(models: &Path) -> Result<Vec<String>> {
    Ok(service_folders(models)?.into_keys().collect())
}

/// What the list of the folder `models` says that is not so there, and what to do about it; nothing where the folder has
/// no list.
///
/// # Errors
///
/// When the list has errors, or a folder cannot be read.
pub fn unlike_list(models: &Path) -> Result<Vec<Failure>> {
    let Some(list) = service_list::find(models)? else { return Ok(Vec::new()) };
    let file = slashed(&models.join(service_list::FILE_NAME));
    let mut failures = unlike_services(models, service_folders(models)?, list.of_crate(), &file);
    for (module, services) in list.modules() {
        let known = services_of_module(models, module)?;
        failures.extend(unlike_services(&models.join(module), known, services.into_iter(), &file));
    }
    Ok(failures)
}

/// What `listed`, as the file `list` says, is not so of the services that are `known` in a folder.
fn unlike_services<'l>(
    folder: &Path,
    mut known: BTreeMap<String, ServiceFolder>,
    listed: impl Iterator<Item = &'l ListedService>,
    list: &str,
) -> Vec<Failure> {
    let folder = slashed(folder);
    let mut failures = Vec::new();
    for service in listed {
        let name = &service.name;
        let Some(found) = known.remove(name) else {
            failures.push(
                Failure::new(format!("{folder} has no model of `{name}`, which {list} lists"))
                    .hint("`cargo xtask models import <botocore wheel>` imports it; or delete the entry"),
            );
            continue;
        };
        let version = found.newest.file_name().unwrap_or_default().to_string_lossy();
        if let Some(wanted) = service.version.as_ref().filter(|wanted| **wanted != version) {
            failures.push(
                Failure::new(format!("{folder} has version {version} of `{name}`, and {list} asks for {wanted}"))
                    .hint("`cargo xtask models import <botocore wheel>` imports it; or correct the entry"),
            );
        }
    }
    failures.extend(known.keys().map(|name| {
        Failure::new(format!("{folder}/{name} is no service that {list} lists"))
            .hint(format!("add `[{name}]` to the list, or remove the folder"))
    }));
    failures
}

fn unknown_service<'k>(service: &str, models: &Path, known: impl Iterator<Item = &'k str> + Clone) -> Failure {
    let failure = Failure::new(format!("{} has no service `{service}`", slashed(models)));
    match nearest(service, known.clone()) {
        Some(name) => failure.hint(format!("did you mean `{name}`?")),
        None if known.clone().count() <= 10 => failure.hint(format!("it has {}", known.collect::<Vec<_>>().join(", "))),
        None => failure,
    }
}

/// Where a service's files are.
struct ServiceFolder {
    /// The folder of the service: its name is the service's.
    whole: PathBuf,
    /// The folder of the newest API version, or the service's own.
    newest: PathBuf,
}

impl ServiceFolder {
    /// Reads the model, the overlay and the sentences.
    fn read(&self, Wanted { name, version, .. }: Wanted<'_>) -> Result<ServiceFiles> {
        let mut files = model_files(&self.version(version)?)?;
        files.extend(ADDITIONS.map(|name| self.whole.join(name)).into_iter().filter(|file| file.is_file()));
        let files = files.iter().map(|path| read(path)).collect::<Result<_>>()?;
        Ok(ServiceFiles { name: name.to_owned(), files })
    }

    /// The folder of the version that is asked for, or else of the newest.
    fn version(&self, wanted: Option<&str>) -> Result<PathBuf> {
        let Some(wanted) = wanted else { return Ok(self.newest.clone()) };
        let folder = self.newest.with_file_name(wanted);
        let found = if folder.is_dir() { has_models(&folder).transpose()? } else { None };
        found.ok_or_else(|| {
            let newest = self.newest.file_name().unwrap_or_default().to_string_lossy();
            Failure::new(format!("{} has no version {wanted}", slashed(&self.whole)))
                .hint(format!("the newest that it has is {newest}"))
        })
    }
}

/// The folder that an official Smithy checkout has its services in.
const SMITHY_ROOT: &str = "models";

/// The folder that a service of an official Smithy checkout has its versions in.
pub(crate) const SMITHY_VERSIONS: &str = "service";

/// The folders of all services, by name.
fn service_folders(models: &Path) -> Result<BTreeMap<String, ServiceFolder>> {
    let mut found = services_below(models)?;
    if found.is_empty() && models.join(SMITHY_ROOT).is_dir() {
        found = services_below(&models.join(SMITHY_ROOT))?;
    }
    if found.is_empty() {
        return Err(Failure::new(format!("{} has no models", slashed(models))).hint(
            "expected botocore's layout, <service>/<api-version>/service-2.json, \
             or that of the official Smithy models, <service>/service/<api-version>/<name>.json",
        ));
    }
    Ok(found)
}

/// The services of a module of the runtime; none where there is no folder of it yet.
fn services_of_module(models: &Path, module: &str) -> Result<BTreeMap<String, ServiceFolder>> {
    let folder = models.join(module);
    if folder.is_dir() { services_below(&folder) } else { Ok(BTreeMap::new()) }
}

fn services_below(models: &Path) -> Result<BTreeMap<String, ServiceFolder>> {
    // The folder of one service of the official Smithy models.
    if let Some(newest) = newest_version(&models.join(SMITHY_VERSIONS))? {
        check_additions(models, Some(&newest))?;
        let whole = models.canonicalize().map_err(|e| Failure::io("find", models, &e))?;
        let name = whole.file_name().unwrap_or_default().to_string_lossy().into_owned();
        return Ok(BTreeMap::from([(name, ServiceFolder { whole: models.to_owned(), newest })]));
    }
    let mut found = BTreeMap::new();
    for folder in subfolders(models)? {
        let newest = match newest_version(&folder.join(SMITHY_VERSIONS))? {
            Some(version) => Some(version),
            None => match newest_version(&folder)? {
                Some(version) => Some(version),
                None => has_models(&folder).transpose()?,
            },
        };
        check_additions(&folder, newest.as_deref())?;
        if let (Some(newest), Some(name)) = (newest, folder.file_name()) {
            found.insert(name.to_string_lossy().into_owned(), ServiceFolder { whole: folder.clone(), newest });
        }
    }
    Ok(found)
}

/// The folder in `versions` that has models and is last by name; none where `versions` is no folder.
fn newest_version(versions: &Path) -> Result<Option<PathBuf>> {
    if !versions.is_dir() {
        return Ok(None);
    }
    subfolders(versions)?.into_iter().rev().find_map(|version| has_models(&version)).transpose()
}

/// An overlay or sentences elsewhere than where they are looked for would be without effect.
fn check_additions(folder: &Path, models: Option<&Path>) -> Result<()> {
    let Some(place) = models.map_or(Some(folder), |models| Some(models).filter(|models| *models != folder)) else {
        return Ok(());
    };
    let misplaced = ADDITIONS.into_iter().find(|name| place.join(name).is_file());
    misplaced.map_or(Ok(()), |name| {
        Err(Failure::new(format!("{} belongs to no model", slashed(&place.join(name))))
            .hint(format!("it belongs at <service>/{name}, beside a model of that service")))
    })
}

fn has_models(folder: &Path) -> Option<Result<PathBuf>> {
    match model_files(folder) {
        Ok(files) if files.is_empty() => None,
        Ok(_) => Some(Ok(folder.to_owned())),
        Err(failure) => Some(Err(failure)),
    }
}

/// The JSON files of a folder, by name; of `x.json` and `x.json.gz` the former.
fn model_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = BTreeMap::new();
    for path in entries(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let plain = name.strip_suffix(".gz").unwrap_or(&name).to_owned();
        if plain.ends_with(".json") && path.is_file() && (name == plain || !files.contains_key(&plain)) {
            files.insert(plain, path);
        }
    }
    Ok(files.into_values().collect())
}

fn read(path: &Path) -> Result<SourceFile> {
    let mut bytes = fs::read(path).map_err(|e| Failure::io("read", path, &e))?;
    if path.extension().is_some_and(|extension| extension == "gz") {
        bytes = gunzip(&bytes).map_err(|e| Failure::io("uncompress", path, &e))?;
    }
    Ok(SourceFile { path: slashed(path), text: bytes })
}

/// The folders in a folder, by name, without hidden ones.
pub(crate) fn subfolders(folder: &Path) -> Result<Vec<PathBuf>> {
    let is_hidden = |path: &PathBuf| path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    let mut folders = entries(folder)?;
    folders.retain(|path| path.is_dir() && !is_hidden(path));
    Ok(folders)
}

/// What a folder holds, by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let list = fs::read_dir(folder).map_err(|e| Failure::io("list", folder, &e))?;
    let paths = list.map(|entry| entry.map(|entry| entry.path()));
    let mut paths: Vec<PathBuf> = paths.collect::<std::io::Result<_>>().map_err(|e| Failure::io("list", folder, &e))?;
    paths.sort();
    Ok(paths)
}
