//! The lock file of a model folder: where its files come from, and the digest
//! of each, so that an edit by hand is noticed.
//!
//! It is JSON, because a JSON reader is at hand anyway and nobody writes it by hand.

use crate::digest::sha256;
use crate::failure::{Failure, Result};
use crate::inside::is_inside;
use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::Path;

/// The name of the lock file in its folder.
pub const FILE_NAME: &str = "models.lock";

/// What a lock file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// The upstream package.
    pub package: String,
    /// Its version, or `unknown`.
    pub version: String,
    /// `wheel` or `folder`: what `sha256` is the digest of.
    pub source: String,
    /// Hexadecimal SHA-256 of the source.
    pub sha256: String,
    /// Hexadecimal SHA-256 of each file, by its path in the folder, with `/`.
    pub files: BTreeMap<String, String>,
}

/// A difference between a model folder and its lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockProblem {
    /// The lock itself cannot be read.
    Unreadable(String),
    /// A file is not as it was imported.
    Changed(String),
    /// A file of the import is not there.
    Missing(String),
    /// A model file is there that was not imported.
    Unlisted(String),
}

impl fmt::Display for LockProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(why) => f.write_str(why),
            Self::Changed(file) => write!(f, "{file} was changed after its import"),
            Self::Missing(file) => write!(f, "{file} was imported and is not there"),
            Self::Unlisted(file) => write!(f, "{file} was not imported"),
        }
    }
}

/// The keys are in the order in which people look for them.
impl Serialize for Lock {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut lock = serializer.serialize_struct("Lock", 5)?;
        lock.serialize_field("package", &self.package)?;
        lock.serialize_field("version", &self.version)?;
        lock.serialize_field("source", &self.source)?;
        lock.serialize_field("sha256", &self.sha256)?;
        lock.serialize_field("files", &self.files)?;
        lock.end()
    }
}

impl Lock {
    /// The lock file's text.
    ///
    /// # Errors
    ///
    /// None that can be caused; the JSON writer's signature has one.
    pub fn to_text(&self) -> Result<String> {
        let text = serde_json::to_string_pretty(self);
        text.map(|text| text + "\n").map_err(|e| Failure::new(format!("cannot write the lock: {e}")))
    }

    /// Hexadecimal SHA-256 of what the files say, whatever package they come from:
    /// of the lines `<sha256 of the file>  <path>`, by path.
    pub fn digest(&self) -> String {
        let lines: String = self.files.iter().map(|(file, digest)| format!("{digest}  {file}\n")).collect();
        sha256(lines.as_bytes())
    }

    /// Reads the lock of `models`; `None` if the folder has none.
    ///
    /// # Errors
    ///
    /// When there is one that cannot be read, or that names a file outside of the folder.
    pub fn read(models: &Path) -> Result<Option<Self>> {
        let path = models.join(FILE_NAME);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Failure::io("read", &path, &e)),
        };
        let broken = |why: String| {
            Failure::new(format!("{} is not a lock file: {why}", path.display()))
                .hint("restore it, or delete it and run `cargo xtask models import` again")
        };
        let value: Value = serde_json::from_slice(&bytes).map_err(|e| broken(e.to_string()))?;
        let text = |key: &str| {
            let value = value.get(key).and_then(Value::as_str);
            value.map(str::to_owned).ok_or_else(|| broken(format!("it lacks the string `{key}`")))
        };
        let listed = value.get("files").and_then(Value::as_object);
        let mut files = BTreeMap::new();
        for (file, sha256) in listed.ok_or_else(|| broken("it lacks the object `files`".to_owned()))? {
            if !is_inside(file) {
                return Err(broken(format!("`{file}` is no path inside the folder")));
            }
            let sha256 = sha256.as_str().ok_or_else(|| broken(format!("the digest of `{file}` is no string")))?;
            files.insert(file.clone(), sha256.to_owned());
        }
        Ok(Some(Self {
            package: text("package")?,
            version: text("version")?,
            source: text("source")?,
            sha256: text("sha256")?,
            files,
        }))
    }
}

/// Compares the folder `models` with its lock; a folder without a lock has
/// nothing to compare.
///
/// # Errors
///
/// Every difference, by path.
pub fn verify_lock(models: &Path) -> std::result::Result<(), Vec<LockProblem>> {
    let lock = match Lock::read(models) {
        Ok(Some(lock)) => lock,
        Ok(None) => return Ok(()),
        Err(failure) => return Err(vec![LockProblem::Unreadable(failure.message)]),
    };
    let mut problems = Vec::new();
    for (file, digest) in &lock.files {
        match fs::read(models.join(file)) {
            Ok(bytes) if sha256(&bytes) == *digest => {}
            Ok(_) => problems.push(LockProblem::Changed(file.clone())),
            Err(_) => problems.push(LockProblem::Missing(file.clone())),
        }
    }
    let mut present = BTreeSet::new();
    if let Err(e) = collect_models(models, "", &mut present) {
        problems.push(LockProblem::Unreadable(format!("cannot list {}: {e}", models.display())));
    }
    let unlisted = present.into_iter().filter(|file| !lock.files.contains_key(file));
    problems.extend(unlisted.map(LockProblem::Unlisted));
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// The files that the generator would read as models.
fn collect_models(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect_models(&entry.path(), &format!("{name}/"), found)?;
        } else if name.ends_with(".json") || name.ends_with(".json.gz") {
            found.insert(name);
        }
    }
    Ok(())
}
