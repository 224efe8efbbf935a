//! Brings a folder to a wanted state, or tells how it differs from it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};

/// Whether to change anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Write what is missing or changed, remove what is orphaned.
    Write,
    /// Only look.
    Check,
}

/// How a folder differs (in [`Mode::Write`]: differed) from what it should
/// be. Paths are relative to it, with `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that are not there.
    pub missing: Vec<String>,
    /// Files with other contents.
    pub changed: Vec<String>,
    /// Files that we own and that should not be there.
    pub orphaned: Vec<String>,
    /// Files that are as they should be.
    pub unchanged: Vec<String>,
}

impl Changes {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.changed.is_empty() && self.orphaned.is_empty()
    }
}

/// Compares the folder `root` with `wanted` (contents by relative path), and
/// in [`Mode::Write`] makes it so. Of the other files in the folder only those
/// of `owned` are its business.
///
/// Every new content is on disk, under a temporary name, before the first file
/// is replaced; files that are as they should be are not touched.
///
/// # Errors
///
/// When a file cannot be read, written or removed.
pub fn sync(root: &Path, wanted: &BTreeMap<String, String>, owned: &BTreeSet<String>, mode: Mode) -> Result<Changes> {
    let changes = compare(root, wanted, owned)?;
    if mode == Mode::Write {
        let stale = changes.missing.iter().chain(&changes.changed);
        replace(root, stale.filter_map(|file| Some((file.as_str(), wanted.get(file)?.as_str()))))?;
        for file in &changes.orphaned {
            let path = root.join(file);
            fs::remove_file(&path).map_err(|e| Failure::io("remove", &path, &e))?;
            remove_empty_folders(root, path.parent());
        }
    }
    Ok(changes)
}

fn compare(root: &Path, wanted: &BTreeMap<String, String>, owned: &BTreeSet<String>) -> Result<Changes> {
    let mut changes = Changes::default();
    for (file, text) in wanted {
        let path = root.join(file);
        let list = match fs::read(&path) {
            Ok(found) if found == text.as_bytes() => &mut changes.unchanged,
            Ok(_) => &mut changes.changed,
            Err(e) if e.kind() == ErrorKind::NotFound => &mut changes.missing,
            Err(e) => return Err(Failure::io("read", &path, &e)),
        };
        list.push(file.clone());
    }
    let unwanted = owned.iter().filter(|file| !wanted.contains_key(*file));
    changes.orphaned = unwanted.filter(|file| root.join(file).is_file()).cloned().collect();
    Ok(changes)
}

/// Replaces files in two steps, so that a full disk or a missing permission
/// leaves the old ones in place.
fn replace<'a>(root: &Path, files: impl Iterator<Item = (&'a str, &'a str)>) -> Result<()> {
    let mut prepared = Prepared::default();
    for (file, text) in files {
        let path = root.join(file);
        let folder = path.parent().unwrap_or(root);
        fs::create_dir_all(folder).map_err(|e| Failure::io("create", folder, &e))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let temporary = path.with_file_name(format!(".{name}.xtask"));
        prepared.0.push((temporary.clone(), path));
        fs::write(&temporary, text).map_err(|e| Failure::io("write", &temporary, &e))?;
    }
    for (temporary, path) in &prepared.0 {
        fs::rename(temporary, path).map_err(|e| Failure::io("replace", path, &e))?;
    }
    prepared.0.clear();
    Ok(())
}

/// Temporary files and where they go; those left over are removed.
#[derive(Default)]
struct Prepared(Vec<(PathBuf, PathBuf)>);

impl Drop for Prepared {
    fn drop(&mut self) {
        for (temporary, _) in &self.0 {
            // Best effort: the failure that led here is the one to report.
            let _ = fs::remove_file(temporary);
        }
    }
}

/// Removes `folder` and its parents up to `root` as long as they are empty.
fn remove_empty_folders(root: &Path, mut folder: Option<&Path>) {
    while let Some(path) = folder.filter(|path| *path != root && fs::remove_dir(path).is_ok()) {
        folder = path.parent();
    }
}
