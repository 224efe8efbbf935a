//! The upstream package: a botocore wheel, or a folder `botocore/data`.

use crate::digest::sha256;
use crate::failure::{Failure, Result};
use crate::paths::slashed;
use crate::wheel::{EXPECTED, LARGEST_FILE, PACKAGE, Wheel, gunzip_within, is_version, read_within};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use workstream_codegen::diagnostic::nearest;
use workstream_codegen::{FileKind, ListedService, ServiceList};

/// Where the data lies in a wheel.
const DATA: &str = "botocore/data/";

/// What was read of an upstream package.
#[derive(Debug)]
pub struct Upstream {
    /// The package's name.
    pub package: String,
    /// Its version, or `unknown`.
    pub version: String,
    /// The day of the release, as `YYYY-MM-DD`, where the package says it.
    pub date: Option<String>,
    /// What `sha256` is the digest of.
    pub source: SourceKind,
    /// Hexadecimal SHA-256 of the wheel; or for a folder of the lines
    /// `<sha256 of the file>  <path>` of the files taken, by path.
    pub sha256: String,
    /// The files taken, by their path in a folder of models: as in the data folder, but below the service's own
    /// folder, and without `.gz`.
    pub files: BTreeMap<String, UpstreamFile>,
}

/// A file of an upstream package.
#[derive(Debug)]
pub struct UpstreamFile {
    /// What it is.
    pub kind: FileKind,
    /// Its path on disk; in a wheel, that of the wheel and of the member in it.
    pub origin: String,
    /// Its contents, uncompressed.
    pub bytes: Vec<u8>,
}

/// The two forms an upstream package comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A wheel, as it comes from PyPI.
    Wheel,
    /// A folder `botocore/data`.
    Folder,
}

impl SourceKind {
    /// The name in the lock file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wheel => "wheel",
            Self::Folder => "folder",
        }
    }
}

/// Reads the listed services, and the partitions.
///
/// # Errors
///
/// When `path` is neither a wheel of botocore nor its data folder, lacks one
/// of the services, or cannot be read.
pub fn read(path: &Path, list: &ServiceList) -> Result<Upstream> {
    let services: Vec<Wanted<'_>> = list.iter().map(Wanted::of_botocore).collect();
    if path.is_dir() { read_folder(path, &services) } else { read_wheel(path, &services, Partitions::Needed) }
}

/// A service to take.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Its own folder.
    pub name: &'a str,
    /// Its folder upstream.
    pub upstream: &'a str,
    /// The version of its API; the newest where none is named.
    pub version: Option<&'a str>,
}

impl<'a> Wanted<'a> {
    /// What a list says of it, with its folder in botocore.
    pub fn of_botocore(service: &'a ListedService) -> Self {
        Self { name: &service.name, upstream: &service.botocore, version: service.version.as_deref() }
    }

    /// What a list says of it, with its folder in the official Smithy models.
    pub fn of_smithy(service: &'a ListedService) -> Self {
        Self { upstream: &service.smithy, ..Self::of_botocore(service) }
    }

    /// The newest API version of the service that has this folder upstream.
    pub const fn newest(name: &'a str) -> Self {
        Self { name, upstream: name, version: None }
    }
}

/// Whether `partitions.json` has to be there: wheels before 1.24 have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partitions {
    /// It is an error if it is not.
    Needed,
    /// It is not even read.
    LeftOut,
}

/// Reads `services` from a wheel.
///
/// # Errors
///
/// When `path` is no wheel of botocore, lacks one of the services, or cannot be read.
pub fn read_wheel(path: &Path, services: &[Wanted<'_>], partitions: Partitions) -> Result<Upstream> {
    let mut wheel = Wheel::open(path)?;
    let (identity, sha256) = (wheel.identity()?, wheel.sha256().to_owned());
    let files = take(&mut Store::Wheel(wheel), services, partitions)?;
    Ok(Upstream {
        package: PACKAGE.to_owned(),
        version: identity.version,
        date: identity.date,
        source: SourceKind::Wheel,
        sha256,
        files,
    })
}

/// The services that a wheel has models of, by name.
///
/// # Errors
///
/// When `path` is no wheel of botocore, or cannot be read.
pub fn wheel_services(path: &Path) -> Result<BTreeSet<String>> {
    let mut wheel = Wheel::open(path)?;
    wheel.identity()?;
    Ok(Store::Wheel(wheel).services())
}

fn read_folder(path: &Path, services: &[Wanted<'_>]) -> Result<Upstream> {
    let files = take(&mut Store::Folder(path.to_owned()), services, Partitions::Needed)?;
    let lines: String = files.iter().map(|(name, file)| format!("{}  {name}\n", sha256(&file.bytes))).collect();
    Ok(Upstream {
        package: PACKAGE.to_owned(),
        version: folder_version(path).unwrap_or_else(|| "unknown".to_owned()),
        date: None,
        source: SourceKind::Folder,
        sha256: sha256(lines.as_bytes()),
        files,
    })
}

fn take(store: &mut Store, services: &[Wanted<'_>], partitions: Partitions) -> Result<BTreeMap<String, UpstreamFile>> {
    let mut wanted = Vec::new();
    if partitions == Partitions::Needed {
        let name = FileKind::Partitions.file_name();
        if !store.has(name) {
            let message = format!("{} has no {}{name}", store.path().display(), store.data_prefix());
            return Err(Failure::new(message).hint(EXPECTED));
        }
        wanted.push((name.to_owned(), name.to_owned(), FileKind::Partitions));
    }
    for Wanted { name, upstream, version } in services {
        let Some(version) = store.version(upstream, *version)? else {
            return Err(no_model(store, upstream));
        };
        for kind in FileKind::OF_A_SERVICE {
            let file = format!("{version}/{}", kind.file_name());
            wanted.push((format!("{name}/{file}"), format!("{upstream}/{file}"), kind));
        }
    }
    let mut files = BTreeMap::new();
    for (name, upstream, kind) in wanted {
        match store.read_plain_or_gz(&upstream)? {
            Some((member, bytes)) => {
                let origin = slashed(&store.path().join(member));
                files.insert(name, UpstreamFile { kind, origin, bytes });
            }
            None if kind == FileKind::Service => {
                return Err(Failure::new(format!("{} has no {upstream}", store.path().display())).hint(EXPECTED));
            }
            None => {}
        }
    }
    Ok(files)
}

/// It is a wheel or a folder of models: what may be wrong is the service's name.
fn no_model(store: &Store, service: &str) -> Failure {
    let known = store.services();
    let failure = Failure::new(format!("{} has no model of the service `{service}`", store.path().display()));
    match nearest(service, known.iter().map(String::as_str)) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None if known.is_empty() => failure.hint(EXPECTED),
        None => failure,
    }
}

/// Files by their path relative to the data folder.
enum Store {
    Wheel(Wheel),
    Folder(PathBuf),
}

impl Store {
    fn path(&self) -> &Path {
        match self {
            Self::Wheel(wheel) => wheel.path(),
            Self::Folder(path) => path,
        }
    }

    const fn data_prefix(&self) -> &'static str {
        match self {
            Self::Wheel(_) => DATA,
            Self::Folder(_) => "",
        }
    }

    fn has(&self, name: &str) -> bool {
        match self {
            Self::Wheel(wheel) => wheel.has(&format!("{DATA}{name}")),
            Self::Folder(path) => path.join(name).is_file(),
        }
    }

    /// The folders of services, by name; of a folder that cannot be listed none.
    fn services(&self) -> BTreeSet<String> {
        match self {
            Self::Wheel(wheel) => {
                let service = |name: String| {
                    let (service, below) = name.strip_prefix(DATA)?.split_once('/')?;
                    below.contains('/').then(|| service.to_owned())
                };
                wheel.names().filter_map(service).collect()
            }
            Self::Folder(path) => {
                let entries = fs::read_dir(path).into_iter().flatten().flatten();
                let folders = entries.filter(|entry| entry.path().is_dir());
                folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
            }
        }
    }

    /// The API version of a service that is asked for, or else the newest; nothing if it has none.
    ///
    /// # Errors
    ///
    /// When they cannot be listed, one is no date (which is the newest could not be said), or the one that is asked for
    /// is not there.
    fn version(&self, service: &str, wanted: Option<&str>) -> Result<Option<String>> {
        let versions = match self {
            Self::Wheel(wheel) => {
                let prefix = format!("{DATA}{service}/");
                let version = |name: String| Some(name.strip_prefix(&prefix)?.split_once('/')?.0.to_owned());
                wheel.names().filter_map(version).collect()
            }
            Self::Folder(path) => folders_of(&path.join(service))?,
        };
        if let Some(other) = versions.iter().find(|version| !is_api_version(version)) {
            let (path, prefix) = (self.path().display(), self.data_prefix());
            let message = format!("{path} has {prefix}{service}/{other}, which is no version of an API");
            return Err(Failure::new(message).hint("an API version is a day such as 2016-12-01"));
        }
        let newest = versions.iter().max().cloned();
        match (wanted, newest) {
            (Some(wanted), Some(newest)) if !versions.iter().any(|version| version == wanted) => {
                let message = format!("{} has no version {wanted} of the service `{service}`", self.path().display());
                Err(Failure::new(message).hint(format!("the newest that it has is {newest}")))
            }
            (Some(wanted), Some(_)) => Ok(Some(wanted.to_owned())),
            (_, newest) => Ok(newest),
        }
    }

    /// The file `name`, or else `name.gz` uncompressed, with its path in the store; `None` if there is neither.
    fn read_plain_or_gz(&mut self, name: &str) -> Result<Option<(String, Vec<u8>)>> {
        let plain = format!("{}{name}", self.data_prefix());
        if let Some(bytes) = self.read(&plain)? {
            return Ok(Some((plain, bytes)));
        }
        let packed = format!("{plain}.gz");
        let Some(bytes) = self.read(&packed)? else { return Ok(None) };
        let bytes = match self {
            Self::Wheel(wheel) => wheel.gunzip(&packed, &bytes)?,
            Self::Folder(path) => gunzip(&bytes).map_err(|e| Failure::io("uncompress", &path.join(&packed), &e))?,
        };
        Ok(Some((packed, bytes)))
    }

    fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        match self {
            Self::Wheel(wheel) => wheel.read(name),
            Self::Folder(path) => {
                let path = path.join(name);
                if !path.is_file() {
                    return Ok(None);
                }
                let bytes = File::open(&path).and_then(|file| read_within(LARGEST_FILE, file));
                bytes.map(Some).map_err(|e| Failure::io("read", &path, &e))
            }
        }
    }
}

/// The names of the folders in a folder; none where there is no such folder.
fn folders_of(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder).map_err(|e| Failure::io("list", folder, &e))? {
            let entry = entry.map_err(|e| Failure::io("list", folder, &e))?;
            if entry.path().is_dir() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
    }
    Ok(names)
}

/// Whether this is a day: `YYYY-MM-DD`.
fn is_api_version(name: &str) -> bool {
    let lengths = name.split('-').map(str::len);
    lengths.eq([4, 2, 2]) && name.bytes().all(|b| b == b'-' || b.is_ascii_digit())
}

/// Uncompresses a gzip file.
///
/// # Errors
///
/// When `packed` is not a whole gzip file, or larger than any model.
pub fn gunzip(packed: &[u8]) -> std::io::Result<Vec<u8>> {
    gunzip_within(LARGEST_FILE, packed)
}

/// `__version__` of the package that a data folder lies in.
fn folder_version(data: &Path) -> Option<String> {
    let init = data.canonicalize().ok()?.parent()?.join("__init__.py");
    let text = fs::read_to_string(init).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix("__version__")?.trim_start().strip_prefix('='))?;
    Some(value.trim().trim_matches(['\'', '"']).to_owned()).filter(|version| is_version(version))
}
