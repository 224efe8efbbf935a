//! Brings a folder to a wanted state, or tells how it differs from it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

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
    /// Temporary files of a run that was killed.
    pub leftover: Vec<String>,
    /// Files that are as they should be.
    pub unchanged: Vec<String>,
}

impl Changes {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.changed.is_empty() && self.orphaned.is_empty() && self.leftover.is_empty()
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
/// When a file cannot be read, written or removed, or another run writes into the folder.
pub fn sync(root: &Path, wanted: &BTreeMap<String, String>, owned: &BTreeSet<String>, mode: Mode) -> Result<Changes> {
    match mode {
        Mode::Check => compare(root, wanted, owned),
        Mode::Write => {
            fs::create_dir_all(root).map_err(|e| Failure::io("create", root, &e))?;
            let _claim = Claim::exclusive(root)?;
            Staged::new(root, wanted, owned)?.commit()
        }
    }
}

/// The changes of a folder, with every new content on disk under a temporary
/// name. Dropped, it removes those files, and nothing else has changed.
#[derive(Debug)]
pub struct Staged {
    root: PathBuf,
    changes: Changes,
    files: Temporaries,
}

impl Staged {
    /// Writes the new contents beside their places, and removes what a run that was killed has left there.
    /// The caller holds a [`Claim`] on the folder.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or written.
    pub fn new(root: &Path, wanted: &BTreeMap<String, String>, owned: &BTreeSet<String>) -> Result<Self> {
        let changes = compare(root, wanted, owned)?;
        for file in &changes.leftover {
            remove(&root.join(file))?;
        }
        let mut files = Temporaries::default();
        for file in changes.missing.iter().chain(&changes.changed) {
            if let Some(text) = wanted.get(file) {
                files.add(root.join(file), text)?;
            }
        }
        Ok(Self { root: root.to_owned(), changes, files })
    }

    /// How the folder differs.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Takes the file `file` out, if it is among those to be written, to be put in its place by itself.
    #[must_use]
    pub fn split_off(&mut self, file: &str) -> Self {
        let path = self.root.join(file);
        let (taken, kept) = std::mem::take(&mut self.files.0).into_iter().partition(|(_, place)| *place == path);
        self.files = Temporaries(kept);
        Self { root: self.root.clone(), changes: Changes::default(), files: Temporaries(taken) }
    }

    /// Puts the new files in their places, and removes the orphaned ones.
    ///
    /// # Errors
    ///
    /// When a file cannot be replaced or removed; those before it are then.
    pub fn commit(mut self) -> Result<Changes> {
        for (temporary, path) in &self.files.0 {
            fs::rename(temporary, path).map_err(|e| Failure::io("replace", path, &e))?;
        }
        self.files.0.clear();
        for file in &self.changes.orphaned {
            let path = self.root.join(file);
            remove(&path)?;
            remove_empty_folders(&self.root, path.parent());
        }
        Ok(std::mem::take(&mut self.changes))
    }
}

fn compare(root: &Path, wanted: &BTreeMap<String, String>, owned: &BTreeSet<String>) -> Result<Changes> {
    let mut changes = Changes { leftover: leftovers(root)?, ..Changes::default() };
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

fn remove(path: &Path) -> Result<()> {
    fs::remove_file(path).map_err(|e| Failure::io("remove", path, &e))
}

/// Temporary files and where they go; those left over are removed.
#[derive(Debug, Default)]
struct Temporaries(Vec<(PathBuf, PathBuf)>);

impl Temporaries {
    fn add(&mut self, path: PathBuf, text: &str) -> Result<()> {
        let folder = path.parent().unwrap_or(Path::new(""));
        fs::create_dir_all(folder).map_err(|e| Failure::io("create", folder, &e))?;
        let temporary = temporary_name(&path);
        // Never through a link, or into a file, that somebody else has put there.
        let mut file = File::create_new(&temporary).map_err(|e| Failure::io("write", &temporary, &e))?;
        self.0.push((temporary.clone(), path));
        file.write_all(text.as_bytes()).map_err(|e| Failure::io("write", &temporary, &e))
    }
}

impl Drop for Temporaries {
    fn drop(&mut self) {
        for (temporary, _) in &self.0 {
            // Best effort: the failure that led here is the one to report.
            let _ = fs::remove_file(temporary);
        }
    }
}

/// How temporary files end; `.gitignore` has it too.
const TEMPORARY: &str = ".xtask";

/// Tells the temporary files of this run from those of others. Nobody can know it beforehand.
fn run_id() -> &'static str {
    static ID: LazyLock<String> = LazyLock::new(|| format!("{:016x}", RandomState::new().hash_one(std::process::id())));
    &ID
}

/// `.NAME.RUN.xtask`, in the same folder.
fn temporary_name(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}{TEMPORARY}", run_id()))
}

/// Whether a file's name is that of a temporary file.
pub(crate) fn is_temporary(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(TEMPORARY)
}

/// Temporary files below `root` of other runs: of one that was killed, or that is at work.
///
/// # Errors
///
/// When a folder cannot be listed.
pub fn leftovers(root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    if root.is_dir() {
        collect_leftovers(root, "", &mut found)?;
    }
    found.sort();
    Ok(found)
}

fn collect_leftovers(folder: &Path, prefix: &str, found: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(|e| Failure::io("list", folder, &e))? {
        let entry = entry.map_err(|e| Failure::io("list", folder, &e))?;
        let kind = entry.file_type().map_err(|e| Failure::io("inspect", &entry.path(), &e))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if kind.is_dir() && is_searched(&entry.path(), &name) {
            collect_leftovers(&entry.path(), &format!("{prefix}{name}/"), found)?;
        } else if kind.is_file() && is_temporary(&name) && !name.contains(run_id()) {
            found.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}

/// Nothing of ours is in hidden folders, nor in those that cargo has marked as caches.
fn is_searched(folder: &Path, name: &str) -> bool {
    !name.starts_with('.') && !folder.join("CACHEDIR.TAG").exists()
}

/// Removes `folder` and its parents up to `root` as long as they are empty.
fn remove_empty_folders(root: &Path, mut folder: Option<&Path>) {
    while let Some(path) = folder.filter(|path| *path != root && fs::remove_dir(path).is_ok()) {
        folder = path.parent();
    }
}

/// The right to write into a folder, or to read what nobody writes meanwhile.
/// The system takes it back when this process ends, however it ends.
#[derive(Debug)]
pub struct Claim {
    /// Locked, if the system could.
    folder: Option<File>,
}

impl Claim {
    /// The right to write.
    ///
    /// # Errors
    ///
    /// When another run has a claim on the folder.
    pub fn exclusive(folder: &Path) -> Result<Self> {
        Self::take(folder, File::try_lock)
    }

    /// The right to read.
    ///
    /// # Errors
    ///
    /// When another run writes into the folder.
    pub fn shared(folder: &Path) -> Result<Self> {
        Self::take(folder, File::try_lock_shared)
    }

    fn take(folder: &Path, lock: fn(&File) -> std::result::Result<(), fs::TryLockError>) -> Result<Self> {
        // The folder itself is locked, so that nothing has to lie in it. Where a system opens no folders or locks no
        // files, there are no claims.
        let Ok(handle) = File::open(folder) else { return Ok(Self { folder: None }) };
        match lock(&handle) {
            Ok(()) => Ok(Self { folder: Some(handle) }),
            Err(fs::TryLockError::Error(_)) => Ok(Self { folder: None }),
            Err(fs::TryLockError::WouldBlock) => {
                Err(Failure::new(format!("another `cargo xtask` is at work in {}", folder.display()))
                    .hint("wait until it has ended, and run the command again; nothing was written")
                    .not_done())
            }
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // Not by closing it alone: a program that is started just now has it open until it runs.
        if let Some(folder) = &self.folder {
            let _ = folder.unlock();
        }
    }
}
