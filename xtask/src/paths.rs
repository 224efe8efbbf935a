//! Where things are, and how to say so.

use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

/// The folder of the fixture models, in the workspace.
pub const FIXTURES_MODELS: &str = "tests/fixtures/models";

/// The folder of the crate that is generated from them, in the workspace.
pub const FIXTURES_CRATE: &str = "tests/generated-fixtures";

/// The package of that crate.
pub const FIXTURES_PACKAGE: &str = "workstream-fixtures";

/// The modules that are generated from some of them, in the workspace: a folder, and a file to be included.
pub const FIXTURES_MODULES: [&str; 2] = ["tests/generated-modules/folder", "tests/generated-modules/file.rs"];

/// The services of these modules: with constraints, waiters, partitions, a name that is raw, and elements with names.
pub const FIXTURES_OF_MODULES: [&str; 5] =
    ["constraints", "endpoint-partitions", "protocol-rest-xml", "type", "waiters"];

/// The variable in which cargo names the folder of the package that it builds or runs.
const PACKAGE: &str = "CARGO_MANIFEST_DIR";

/// The root of the workspace that this program is run in.
///
/// Cargo names the folder at run time. The folder of compile time is only a substitute for a program that is started
/// without cargo: checkouts that share a target folder share the program too, and it may have been built in another one.
pub fn workspace() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| root(std::env::var_os(PACKAGE)));
    &ROOT
}

/// The root for this value of [`PACKAGE`] at run time. A package of another project says nothing about this one.
fn root(package: Option<OsString>) -> PathBuf {
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR"));
    let run_in = package.map(PathBuf::from);
    let run_in = run_in.iter().flat_map(|package| package.ancestors()).find(|folder| is_workspace(folder));
    run_in.unwrap_or_else(|| built_in.parent().unwrap_or(built_in)).to_owned()
}

/// Whether a folder is a checkout of this project.
fn is_workspace(folder: &Path) -> bool {
    ["xtask", "codegen", "runtime"].iter().all(|package| folder.join(package).join("Cargo.toml").is_file())
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
    fn the_workspace_is_where_cargo_runs_the_program() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let other = crate::process::new_folder(&std::env::temp_dir(), "checkout").unwrap();
        let root_of = |package: &Path| root(Some(package.as_os_str().to_owned()));
        for package in ["xtask", "codegen", "runtime"] {
            assert_eq!(root_of(&other.join(package)), here, "not a whole checkout");
            std::fs::create_dir_all(other.join(package)).unwrap();
            std::fs::write(other.join(package).join("Cargo.toml"), "").unwrap();
        }
        assert_eq!(root_of(&other.join("xtask")), other);
        assert_eq!(root_of(&other.join("tests/generated-fixtures")), other);
        std::fs::remove_dir_all(&other).unwrap();
        assert_eq!((root(None), root(Some(OsString::new()))), (here.to_owned(), here.to_owned()));
    }

    #[test]
    fn what_is_missing_has_a_physical_path_too() {
        let root = workspace().canonicalize().unwrap();
        let path = workspace().join("xtask/../absent/x/../y");
        assert_eq!(physical(&path).unwrap(), root.join("absent/y"));
    }
}
