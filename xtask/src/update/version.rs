//! The workspace's version, in its `Cargo.toml`.

use crate::failure::{Failure, Result};
use crate::process::{cargo, run};
use crate::writer::replace;
use std::fs;
use std::path::Path;

/// Writes another version into the workspace's `Cargo.toml` and `Cargo.lock`.
///
/// # Errors
///
/// When the version is not where it is looked for, or a file cannot be written.
pub(super) fn set(workspace: &Path, old: &str, new: &str) -> Result<()> {
    let path = workspace.join("Cargo.toml");
    let text = fs::read_to_string(&path).map_err(|e| Failure::io("read", &path, &e))?;
    let text = replaced(&text, old, new)
        .ok_or_else(|| Failure::new(format!("{} has no version {old} in [workspace.package]", path.display())))?;
    replace(&path, &text)?;
    run(cargo().args(["update", "--workspace", "--offline", "--quiet"]).current_dir(workspace))
}

/// The version of the workspace, and that of its own crates where they depend on each other.
fn replaced(text: &str, old: &str, new: &str) -> Option<String> {
    let (from, to) = (format!("version = \"{old}\""), format!("version = \"{new}\""));
    let mut section = "";
    let mut is_set = false;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        if line.starts_with('[') {
            section = line.trim();
        }
        let is_own = section == "[workspace.package]" && line.trim() == from;
        is_set |= is_own;
        let is_dependency = section == "[workspace.dependencies]" && line.contains("path = ");
        lines.push(if is_own || is_dependency { line.replace(&from, &to) } else { line.to_owned() });
    }
    is_set.then(|| lines.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_versions_of_other_crates_stay() {
        let manifest = |version: &str| {
            format!(
                "[workspace.package]\nversion = \"{version}\"\n\n[workspace.dependencies]\n\
                 own = {{ path = \"own\", version = \"{version}\" }}\nother = {{ version = \"0.1.0\" }}\n\
                 \n[profile]\nversion = \"0.1.0\"\n"
            )
        };
        assert_eq!(replaced(&manifest("0.1.0"), "0.1.0", "0.2.0"), Some(manifest("0.2.0")));
        assert_eq!(replaced(&manifest("0.3.0"), "0.1.0", "0.2.0"), None);
    }

    #[test]
    fn the_workspace_has_its_version_there() {
        let text = fs::read_to_string(crate::paths::workspace().join("Cargo.toml")).unwrap();
        let new = replaced(&text, env!("CARGO_PKG_VERSION"), "9.8.7").unwrap();
        let own = new.lines().filter(|line| line.contains("path = ") || line.starts_with("version = "));
        let (set, not): (Vec<&str>, Vec<&str>) = own.partition(|line| line.contains("\"9.8.7\""));
        assert!(set.len() > 1 && not.is_empty(), "{not:?}");
    }
}
