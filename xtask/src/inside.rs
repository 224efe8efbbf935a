//! What lies inside a folder that is written to. Links are neither followed nor replaced: behind them is what is
//! somebody else's.

use crate::failure::{Failure, Result};
use crate::paths::slashed;
use std::fs::{self, FileType};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A folder that is written to, which may be yet to be made. It is no link itself.
#[derive(Clone, Debug)]
pub(crate) struct Inside {
    root: PathBuf,
}

/// What is at a place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum AtPlace {
    Nothing,
    File(PathBuf),
    Folder(PathBuf),
}

impl Inside {
    /// The folder `root`.
    ///
    /// # Errors
    ///
    /// When it is a link or no folder, or cannot be looked at.
    pub fn new(root: &Path) -> Result<Self> {
        // Without a slash at its end, with which a link would be followed.
        let root: PathBuf = root.components().collect();
        match kind(&root)? {
            Some(kind) if kind.is_symlink() => {
                let way_out = match root.canonicalize() {
                    Ok(folder) => format!("name {} itself", slashed(&folder)),
                    Err(_) => "it leads nowhere: remove it".to_owned(),
                };
                Err(link(&root, &way_out))
            }
            Some(kind) if !kind.is_dir() => Err(in_the_way(&root, "is no folder")),
            _ => Ok(Self { root }),
        }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What is at `name`, a relative path with `/`.
    ///
    /// # Errors
    ///
    /// When that is a link, lies behind one or below a file, is neither file nor folder, or cannot be looked at.
    pub fn find(&self, name: &str) -> Result<AtPlace> {
        let mut path = self.root.clone();
        let mut parts = name.split('/').peekable();
        while let Some(part) = parts.next() {
            path.push(part);
            match kind(&path)? {
                None => return Ok(AtPlace::Nothing),
                Some(kind) if kind.is_symlink() => {
                    return Err(link(&path, "remove it, or move to its place what it leads to"));
                }
                Some(kind) if kind.is_dir() => {}
                Some(_) if parts.peek().is_some() => return Err(in_the_way(&path, "is no folder")),
                Some(kind) if kind.is_file() => return Ok(AtPlace::File(path)),
                Some(_) => return Err(in_the_way(&path, "is no file")),
            }
        }
        Ok(AtPlace::Folder(path))
    }

    /// The file at `name`, if there is one.
    ///
    /// # Errors
    ///
    /// Those of [`Inside::find`], and where a folder is in the way.
    pub fn file(&self, name: &str) -> Result<Option<PathBuf>> {
        match self.find(name)? {
            AtPlace::Nothing => Ok(None),
            AtPlace::File(path) => Ok(Some(path)),
            AtPlace::Folder(path) => Err(in_the_way(&path, "is no file")),
        }
    }
}

/// Whether a relative path with `/` leads to something inside of where it begins.
pub(crate) fn is_inside(path: &str) -> bool {
    !path.contains('\\') && path.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

/// What a path is, without following it; `None` where there is nothing.
fn kind(path: &Path) -> Result<Option<FileType>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(Some(metadata.file_type())),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Failure::io("inspect", path, &e)),
    }
}

fn link(path: &Path, way_out: &str) -> Failure {
    let target = fs::read_link(path).map(|target| format!(" to {}", slashed(&target))).unwrap_or_default();
    Failure::new(format!("{} is a link{target}, and links are neither followed nor replaced", slashed(path)))
        .hint(format!("{way_out}; nothing was written"))
        .not_done()
}

fn in_the_way(path: &Path, what: &str) -> Failure {
    Failure::new(format!("{} {what}, and one has to be there", slashed(path)))
        .hint("move it away; nothing was written")
        .not_done()
}
