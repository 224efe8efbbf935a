//! Brings a folder to a wanted state, or tells how it differs from it.

use crate::failure::{Failure, Result};
use crate::inside::Inside;
use crate::paths::in_workspace;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::hash::{BuildHasher as _, RandomState};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

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
pub struct FileChanges {
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

impl FileChanges {
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
/// is replaced; files that are as they should be are not touched. Links are
/// neither followed nor replaced: see the module `inside`.
///
/// # Errors
///
/// When a file cannot be read, written or removed, is a link or behind one, or
/// another run writes into the folder.
pub fn sync(
    root: &Path,
    wanted: &BTreeMap<String, String>,
    owned: &BTreeSet<String>,
    mode: Mode,
) -> Result<FileChanges> {
    match mode {
        Mode::Check => compare(root, wanted, owned),
        Mode::Write => {
            let _claim = Claim::exclusive(root)?;
            Staged::new(root, wanted, owned)?.commit()
        }
    }
}

/// Writes files into the folder `root`, whatever else is in it.
///
/// # Errors
///
/// Those of [`sync`].
pub fn write(root: &Path, files: &BTreeMap<String, String>) -> Result<()> {
    sync(root, files, &BTreeSet::new(), Mode::Write).map(drop)
}

/// Writes a crate of a command's own, which takes the versions of the workspace, as they were tested.
///
/// # Errors
///
/// Those of [`sync`], and when the workspace has no lock file.
pub fn write_crate(root: &Path, mut files: BTreeMap<String, String>) -> Result<()> {
    let lock = in_workspace("Cargo.lock");
    let text = fs::read_to_string(&lock).map_err(|e| Failure::io("read", &lock, &e))?;
    files.insert("Cargo.lock".to_owned(), text);
    write(root, &files)
}

/// The changes of a folder, with every new content on disk under a temporary
/// name. Dropped, it removes those files and the folders made for them, and
/// nothing else has changed.
#[derive(Debug)]
pub struct Staged {
    root: PathBuf,
    changes: FileChanges,
    files: Temporaries,
}

impl Staged {
    /// Writes the new contents beside their places, and removes what a run that was killed has left there.
    /// The caller holds a [`Claim`] on the folder.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or written, or is a link or behind one.
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
    pub fn changes(&self) -> &FileChanges {
        &self.changes
    }

    /// Takes the file `file` out, if it is among those to be written, to be put in its place by itself.
    #[must_use]
    pub fn split_off(&mut self, file: &str) -> Self {
        let path = self.root.join(file);
        let taken = self.files.split_off(&path);
        Self { root: self.root.clone(), changes: FileChanges::default(), files: taken }
    }

    /// Puts the new files in their places, and removes the orphaned ones.
    ///
    /// # Errors
    ///
    /// When a file cannot be replaced or removed; those before it are then.
    pub fn commit(mut self) -> Result<FileChanges> {
        self.files.move_to_their_places()?;
        for file in &self.changes.orphaned {
            let path = self.root.join(file);
            remove(&path)?;
            remove_empty_folders(&self.root, path.parent());
        }
        Ok(std::mem::take(&mut self.changes))
    }
}

/// Gives one file other contents: all of them or none.
///
/// # Errors
///
/// When it cannot be written.
pub(crate) fn replace(path: &Path, text: &str) -> Result<()> {
    let mut file = Temporaries::default();
    file.add(path.to_owned(), text)?;
    file.move_to_their_places()
}

fn compare(root: &Path, wanted: &BTreeMap<String, String>, owned: &BTreeSet<String>) -> Result<FileChanges> {
    let root = Inside::new(root)?;
    let mut changes = FileChanges { leftover: leftovers(root.root())?, ..FileChanges::default() };
    for (file, text) in wanted {
        let list = match root.file(file)? {
            Some(path) if fs::read(&path).map_err(|e| Failure::io("read", &path, &e))? == text.as_bytes() => {
                &mut changes.unchanged
            }
            Some(_) => &mut changes.changed,
            None => &mut changes.missing,
        };
        list.push(file.clone());
    }
    for file in owned.iter().filter(|file| !wanted.contains_key(*file)) {
        if root.file(file)?.is_some() {
            changes.orphaned.push(file.clone());
        }
    }
    Ok(changes)
}

fn remove(path: &Path) -> Result<()> {
    fs::remove_file(path).map_err(|e| Failure::io("remove", path, &e))
}

/// Temporary files and where they go, and the folders made for them. What is left over is removed.
#[derive(Debug, Default)]
struct Temporaries {
    files: Vec<(PathBuf, PathBuf)>,
    folders: NewFolders,
}

impl Temporaries {
    fn add(&mut self, path: PathBuf, text: &str) -> Result<()> {
        self.folders.make(path.parent().unwrap_or(Path::new("")))?;
        let temporary = temporary_name(&path);
        // Never through a link, or into a file, that somebody else has put there.
        let mut file = File::create_new(&temporary).map_err(|e| Failure::io("write", &temporary, &e))?;
        self.files.push((temporary, path.clone()));
        // Some systems say only then that the disk is full.
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|e| Failure::io("write", &path, &e).hint("nothing was changed"))
    }

    fn split_off(&mut self, path: &Path) -> Self {
        let (taken, kept) = std::mem::take(&mut self.files).into_iter().partition(|(_, place)| place == path);
        self.files = kept;
        Self { files: taken, folders: NewFolders::default() }
    }

    fn move_to_their_places(&mut self) -> Result<()> {
        for (temporary, path) in &self.files {
            fs::rename(temporary, path).map_err(|e| Failure::io("replace", path, &e))?;
        }
        self.files.clear();
        Ok(())
    }
}

impl Drop for Temporaries {
    fn drop(&mut self) {
        for (temporary, _) in &self.files {
            // Best effort: the failure that led here is the one to report.
            let _ = fs::remove_file(temporary);
        }
    }
}

/// Folders that were made to put something into them; those in which nothing is go again.
#[derive(Debug, Default)]
struct NewFolders(Vec<PathBuf>);

impl NewFolders {
    /// Makes a folder, and those above it, where there are none.
    fn make(&mut self, folder: &Path) -> Result<()> {
        let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
        let missing: Vec<&Path> = folder.ancestors().take_while(is_missing).collect();
        for folder in missing.into_iter().rev() {
            fs::create_dir(folder).map_err(|e| Failure::io("create", folder, &e))?;
            self.0.push(folder.to_owned());
        }
        Ok(())
    }
}

impl Drop for NewFolders {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            // Refused where something is in it.
            let _ = fs::remove_dir(folder);
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

/// Whether a file's name is that of a temporary file, of whatever run.
pub(crate) fn is_temporary(name: &str) -> bool {
    let stem = name.strip_prefix('.').and_then(|name| name.strip_suffix(TEMPORARY));
    stem.and_then(|stem| stem.rsplit_once('.')).is_some_and(|(name, run)| {
        !name.is_empty() && run.len() == run_id().len() && run.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    })
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
    /// Made for this claim; gone with it if nothing was written.
    _made: NewFolders,
}

impl Claim {
    /// The right to write. The folder is made where there is none, and goes again if it stays empty.
    ///
    /// # Errors
    ///
    /// When another run has a claim on the folder, or it is a link or cannot be made.
    pub fn exclusive(folder: &Path) -> Result<Self> {
        let folder = Inside::new(folder)?;
        let mut made = NewFolders::default();
        made.make(folder.root())?;
        Ok(Self { folder: lock(folder.root(), File::try_lock)?, _made: made })
    }

    /// The right to read.
    ///
    /// # Errors
    ///
    /// When another run writes into the folder.
    pub fn shared(folder: &Path) -> Result<Self> {
        Ok(Self { folder: lock(folder, File::try_lock_shared)?, _made: NewFolders::default() })
    }
}

/// Locks the folder itself, so that nothing has to lie in it. Nothing is locked where a system opens no folders or
/// locks no files.
fn lock(folder: &Path, lock: fn(&File) -> std::result::Result<(), fs::TryLockError>) -> Result<Option<File>> {
    let Ok(handle) = File::open(folder) else { return Ok(None) };
    match lock(&handle) {
        Ok(()) => Ok(Some(handle)),
        Err(fs::TryLockError::Error(_)) => Ok(None),
        Err(fs::TryLockError::WouldBlock) => {
            Err(Failure::new(format!("another `cargo xtask` is at work in {}", folder.display()))
                .hint("wait until it ends, and run the command again; nothing was written")
                .not_done())
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
