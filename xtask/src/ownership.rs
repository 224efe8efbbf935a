//! Which files of an output folder are ours: those that say so in their first line.

use crate::failure::{Failure, Result};
use crate::inside::{self, Inside};
use crate::writer::is_temporary;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use workstream_codegen::{RUST_HEADER, TOML_HEADER};

/// The kinds of files that are generated, each with its first line. Many tools write `@generated`, so nothing less than
/// the whole line says that a file is ours. When a header changes, the one before it stays here.
const KINDS: [(&str, &[&str]); 2] = [("rs", &[RUST_HEADER]), ("toml", &[TOML_HEADER])];

/// The files of an output folder's `src/`, by path relative to the output folder, with `/`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct OwnedFiles {
    /// Those with the generated header.
    pub generated: BTreeSet<String>,
    /// Those without, and links: somebody else's.
    pub foreign: BTreeSet<String>,
}

/// Looks through `out/src`; nothing is found where there is no such folder.
///
/// # Errors
///
/// When one of both is a link, or a folder or file cannot be read.
pub fn scan(out: &Path) -> Result<OwnedFiles> {
    let mut found = OwnedFiles::default();
    let out = Inside::new(out)?;
    if let inside::AtPlace::Folder(_) = out.find("src")? {
        scan_folder(out.root(), "src", &mut found)?;
    }
    Ok(found)
}

/// Looks through all of the folder of a module; nothing is found where there is no such folder.
///
/// # Errors
///
/// As [`scan`].
pub fn scan_module(folder: &Path) -> Result<OwnedFiles> {
    let mut found = OwnedFiles::default();
    let folder = Inside::new(folder)?;
    if folder.root().is_dir() {
        scan_folder(folder.root(), "", &mut found)?;
    }
    Ok(found)
}

/// Looks through the folder `name` in `out`, which is `out` itself where it is empty.
fn scan_folder(out: &Path, name: &str, found: &mut OwnedFiles) -> Result<()> {
    let folder = out.join(name);
    for entry in fs::read_dir(&folder).map_err(|e| Failure::io("list", &folder, &e))? {
        let entry = entry.map_err(|e| Failure::io("list", &folder, &e))?;
        let file = entry.file_name().to_string_lossy().into_owned();
        let name = if name.is_empty() { file.clone() } else { format!("{name}/{file}") };
        // A link is somebody's own doing, and following it could leave the folder.
        let kind = entry.file_type().map_err(|e| Failure::io("inspect", &entry.path(), &e))?;
        if kind.is_dir() {
            scan_folder(out, &name, found)?;
        } else if kind.is_file() && is_temporary(&file) {
            // The writer's, which tells of it and removes it.
        } else if kind.is_file() && is_generated(&entry.path())? {
            found.generated.insert(name);
        } else {
            found.foreign.insert(name);
        }
    }
    Ok(())
}

/// The files that `wanted` would replace although somebody else wrote them.
///
/// # Errors
///
/// When a file cannot be read, or is a link or behind one.
pub fn foreign_among(out: &Path, wanted: &BTreeMap<String, String>) -> Result<Vec<String>> {
    let out = Inside::new(out)?;
    let mut foreign = Vec::new();
    for file in wanted.keys() {
        if let Some(path) = out.file(file)?
            && !is_generated(&path)?
        {
            foreign.push(file.clone());
        }
    }
    Ok(foreign)
}

/// Whether the first line of a file is the header of its kind.
fn is_generated(path: &Path) -> Result<bool> {
    let Some(headers) = headers(path) else { return Ok(false) };
    let longest = headers.iter().map(|header| header.len()).max().unwrap_or(0);
    let mut start = Vec::new();
    File::open(path)
        // With the end of the line, on every system.
        .and_then(|file| file.take(longest as u64 + 2).read_to_end(&mut start))
        .map_err(|e| Failure::io("read", path, &e))?;
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    Ok(headers.iter().any(|header| line == header.as_bytes()))
}

fn headers(path: &Path) -> Option<&'static [&'static str]> {
    let extension = path.extension()?;
    KINDS.iter().find(|(kind, _)| extension == *kind).map(|(_, headers)| *headers)
}
