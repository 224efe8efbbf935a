//! The upstream package: a botocore wheel, or a folder `botocore/data`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use workstream_codegen::diagnostic::nearest;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::digest::sha256;
use crate::facts::Kind;
use crate::failure::{Failure, Result};
use crate::paths::slashed;

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
    /// The files taken, by their path in the data folder without `.gz`.
    pub files: BTreeMap<String, UpstreamFile>,
}

/// A file of an upstream package.
#[derive(Debug)]
pub struct UpstreamFile {
    /// What it is.
    pub kind: Kind,
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

/// Reads the newest API version of each of `services`, and the partitions.
///
/// # Errors
///
/// When `path` is neither a wheel of botocore nor its data folder, lacks one
/// of the services, or cannot be read.
pub fn read(path: &Path, services: &[&str]) -> Result<Upstream> {
    if path.is_dir() { read_folder(path, services) } else { read_wheel(path, services, Partitions::Needed) }
}

/// Whether `partitions.json` has to be there: wheels before 1.24 have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partitions {
    /// It is an error if it is not.
    Needed,
    /// It is not even read.
    LeftOut,
}

/// Reads the newest API version of each of `services` from a wheel.
///
/// # Errors
///
/// When `path` is no wheel of botocore, lacks one of the services, or cannot be read.
pub fn read_wheel(path: &Path, services: &[&str], partitions: Partitions) -> Result<Upstream> {
    let (mut store, sha256) = open_wheel(path)?;
    let (package, version) = wheel_identity(&mut store)?;
    let date = wheel_date(&mut store);
    let files = take(&mut store, services, partitions)?;
    Ok(Upstream { package, version, date, source: SourceKind::Wheel, sha256, files })
}

/// The services that a wheel has models of, by name.
///
/// # Errors
///
/// When `path` is no wheel of botocore, or cannot be read.
pub fn wheel_services(path: &Path) -> Result<BTreeSet<String>> {
    let mut store = open_wheel(path)?.0;
    wheel_identity(&mut store)?;
    Ok(store.services())
}

/// A wheel with its digest.
fn open_wheel(path: &Path) -> Result<(Store, String)> {
    let bytes = fs::read(path).map_err(|e| Failure::io("read", path, &e))?;
    let sha256 = sha256(&bytes);
    let archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|e| Failure::new(format!("{} is not a wheel: {e}", path.display())).hint(EXPECTED))?;
    Ok((Store::Wheel(path.to_owned(), archive), sha256))
}

fn read_folder(path: &Path, services: &[&str]) -> Result<Upstream> {
    let files = take(&mut Store::Folder(path.to_owned()), services, Partitions::Needed)?;
    let lines: String = files.iter().map(|(name, file)| format!("{}  {name}\n", sha256(&file.bytes))).collect();
    Ok(Upstream {
        package: "botocore".to_owned(),
        version: folder_version(path).unwrap_or_else(|| "unknown".to_owned()),
        date: None,
        source: SourceKind::Folder,
        sha256: sha256(lines.as_bytes()),
        files,
    })
}

const EXPECTED: &str = "expected a botocore wheel, such as `pip download --no-deps botocore` fetches, \
                        or the folder `botocore/data` of an installed one";

fn take(store: &mut Store, services: &[&str], partitions: Partitions) -> Result<BTreeMap<String, UpstreamFile>> {
    let mut wanted = Vec::new();
    if partitions == Partitions::Needed {
        let name = Kind::Partitions.file_name();
        if !store.has(name) {
            let message = format!("{} has no {}{name}", store.path().display(), store.data_prefix());
            return Err(Failure::new(message).hint(EXPECTED));
        }
        wanted.push((name.to_owned(), Kind::Partitions));
    }
    for service in services {
        let Some(version) = store.versions(service)?.into_iter().max() else {
            return Err(no_model(store, service));
        };
        for kind in Kind::OF_A_SERVICE {
            wanted.push((format!("{service}/{version}/{}", kind.file_name()), kind));
        }
    }
    let mut files = BTreeMap::new();
    for (name, kind) in wanted {
        match store.read_plain_or_gz(&name)? {
            Some((member, bytes)) => {
                let origin = slashed(&store.path().join(member));
                files.insert(name, UpstreamFile { kind, origin, bytes });
            }
            None if kind == Kind::Service => {
                return Err(Failure::new(format!("{} has no {name}", store.path().display())).hint(EXPECTED));
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
    Wheel(PathBuf, ZipArchive<Cursor<Vec<u8>>>),
    Folder(PathBuf),
}

impl Store {
    fn path(&self) -> &Path {
        match self {
            Self::Wheel(path, _) | Self::Folder(path) => path,
        }
    }

    const fn data_prefix(&self) -> &'static str {
        match self {
            Self::Wheel(..) => DATA,
            Self::Folder(_) => "",
        }
    }

    fn has(&self, name: &str) -> bool {
        match self {
            Self::Wheel(_, archive) => archive.index_for_name(&format!("{DATA}{name}")).is_some(),
            Self::Folder(path) => path.join(name).is_file(),
        }
    }

    /// The folders of services, by name; of a folder that cannot be listed none.
    fn services(&self) -> BTreeSet<String> {
        match self {
            Self::Wheel(_, archive) => {
                let service = |name: &str| {
                    let (service, below) = name.strip_prefix(DATA)?.split_once('/')?;
                    below.contains('/').then(|| service.to_owned())
                };
                archive.file_names().filter_map(|name| service(&name.ok()?)).collect()
            }
            Self::Folder(path) => {
                let entries = fs::read_dir(path).into_iter().flatten().flatten();
                let folders = entries.filter(|entry| entry.path().is_dir());
                folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
            }
        }
    }

    /// The API versions of a service, in no particular order.
    fn versions(&self, service: &str) -> Result<Vec<String>> {
        match self {
            Self::Wheel(_, archive) => {
                let prefix = format!("{DATA}{service}/");
                let version = |name: &str| Some(name.strip_prefix(&prefix)?.split_once('/')?.0.to_owned());
                // A name that is not even text is not one of ours.
                Ok(archive.file_names().filter_map(|name| version(&name.ok()?)).collect())
            }
            Self::Folder(path) => {
                let folder = path.join(service);
                if !folder.is_dir() {
                    return Ok(Vec::new());
                }
                let mut versions = Vec::new();
                for entry in fs::read_dir(&folder).map_err(|e| Failure::io("list", &folder, &e))? {
                    let entry = entry.map_err(|e| Failure::io("list", &folder, &e))?;
                    if entry.path().is_dir() {
                        versions.push(entry.file_name().to_string_lossy().into_owned());
                    }
                }
                Ok(versions)
            }
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
        gunzip(&bytes)
            .map(|bytes| Some((packed, bytes)))
            .map_err(|e| Failure::new(format!("{}: {name}.gz is not readable gzip: {e}", self.path().display())))
    }

    fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        match self {
            Self::Wheel(path, archive) => {
                let fail =
                    |e: &dyn std::fmt::Display| Failure::new(format!("cannot read {name} in {}: {e}", path.display()));
                match archive.by_name(name) {
                    Ok(mut file) => drop(file.read_to_end(&mut bytes).map_err(|e| fail(&e))?),
                    Err(ZipError::FileNotFound) => return Ok(None),
                    Err(e) => return Err(fail(&e)),
                }
            }
            Self::Folder(path) => {
                let path = path.join(name);
                if !path.is_file() {
                    return Ok(None);
                }
                File::open(&path)
                    .and_then(|mut file| file.read_to_end(&mut bytes))
                    .map_err(|e| Failure::io("read", &path, &e))?;
            }
        }
        Ok(Some(bytes))
    }
}

/// Uncompresses a gzip file.
///
/// # Errors
///
/// When `packed` is not a whole gzip file.
pub fn gunzip(packed: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    flate2::read::MultiGzDecoder::new(packed).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Name and version from the wheel's `METADATA`
/// (<https://packaging.python.org/en/latest/specifications/core-metadata/>).
fn wheel_identity(store: &mut Store) -> Result<(String, String)> {
    let path = store.path().display().to_string();
    let metadata = match store {
        Store::Wheel(_, archive) => {
            archive.file_names().flatten().find(|name| is_metadata(name)).map(Into::<String>::into)
        }
        Store::Folder(_) => None,
    };
    let Some(metadata) = metadata else {
        return Err(Failure::new(format!("{path} has no .dist-info/METADATA")).hint(EXPECTED));
    };
    let bytes = store.read(&metadata)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let header = |key: &str| {
        let headers = text.lines().take_while(|line| !line.is_empty());
        headers.filter_map(|line| line.split_once(':')).find(|(k, _)| *k == key).map(|(_, v)| v.trim().to_owned())
    };
    match (header("Name"), header("Version")) {
        (Some(name), Some(version)) => Ok((name, version)),
        _ => Err(Failure::new(format!("{metadata} in {path} lacks Name or Version")).hint(EXPECTED)),
    }
}

/// Whether this is the path of a wheel's metadata.
fn is_metadata(name: &str) -> bool {
    name.strip_suffix(".dist-info/METADATA").is_some_and(|stem| !stem.contains('/'))
}

/// The day on which a wheel's metadata was written. Builds that are to be
/// reproducible write the first day that a zip archive can name.
fn wheel_date(store: &mut Store) -> Option<String> {
    let Store::Wheel(_, archive) = store else { return None };
    let metadata = archive.file_names().flatten().find(|name| is_metadata(name)).map(Into::<String>::into)?;
    let date = archive.by_name(&metadata).ok()?.last_modified()?;
    let is_known = (date.year(), date.month(), date.day()) > (1980, 2, 1);
    is_known.then(|| format!("{}-{:02}-{:02}", date.year(), date.month(), date.day()))
}

/// `__version__` of the package that a data folder lies in.
fn folder_version(data: &Path) -> Option<String> {
    let init = data.canonicalize().ok()?.parent()?.join("__init__.py");
    let text = fs::read_to_string(init).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix("__version__")?.trim_start().strip_prefix('='))?;
    Some(value.trim().trim_matches(['\'', '"']).to_owned()).filter(|version| !version.is_empty())
}
