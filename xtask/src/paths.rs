//! Where things are, and how to say so.

use std::io;
use std::path::{Component, Path, PathBuf};

/// The workspace's root: this program is built and run inside it.
pub fn workspace() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// A path of the workspace, as seen from the current folder.
pub fn in_workspace(name: &str) -> PathBuf {
    let path = workspace().join(name);
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    here.ok().zip(physical(&path).ok()).and_then(|(here, path)| relative(&here, &path)).unwrap_or(path)
}

/// The absolute path without symbolic links and `..`, also of something that
/// is yet to be created.
///
/// # Errors
///
/// When the current folder or a link cannot be read.
pub fn physical(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let mut missing = Vec::new();
    let mut present = path.as_path();
    while !present.exists() {
        match (present.parent(), present.components().next_back()) {
            (Some(parent), Some(last)) => {
                missing.push(last);
                present = parent;
            }
            _ => break,
        }
    }
    let mut physical = present.canonicalize()?;
    for component in missing.into_iter().rev() {
        match component {
            Component::ParentDir => drop(physical.pop()),
            component => physical.push(component),
        }
    }
    Ok(physical)
}

/// The way from the folder `from` to `to`, both physical; `None` if there is
/// none, as between two drives.
pub fn relative(from: &Path, to: &Path) -> Option<PathBuf> {
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return None;
    }
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(to.components().skip(shared)).collect();
    Some(if way.as_os_str().is_empty() { PathBuf::from(".") } else { way })
}

/// A path with `/` between its parts on every system.
pub fn slashed(path: &Path) -> String {
    let path = path.display().to_string();
    if std::path::MAIN_SEPARATOR == '/' { path } else { path.replace(std::path::MAIN_SEPARATOR, "/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_between_folders() {
        let way = |from: &str, to: &str| relative(Path::new(from), Path::new(to)).map(|way| slashed(&way));
        assert_eq!(way("/a/b", "/a/c/d").as_deref(), Some("../c/d"));
        assert_eq!(way("/a/b", "/a/b").as_deref(), Some("."));
        assert_eq!(way("/a", "/a/b").as_deref(), Some("b"));
        assert_eq!(way("/a/b", "/").as_deref(), Some("../.."));
        assert_eq!(way("a", "b"), None);
    }

    #[test]
    fn what_is_missing_has_a_physical_path_too() {
        let root = workspace().canonicalize().unwrap();
        let path = workspace().join("xtask/../absent/x/../y");
        assert_eq!(physical(&path).unwrap(), root.join("absent/y"));
    }
}
