//! The file of changes: a section a version, the newest first.

use crate::failure::{Failure, Result};
use crate::paths::slashed;
use crate::writer::replace;
use std::fs;
use std::path::Path;

/// How the title of a section ends whose version is not released.
const OPEN: &str = ", not released yet";

/// A file of changes with new entries in it, which is not written yet.
#[derive(Debug)]
pub(super) struct StagedNotes<'p> {
    path: &'p Path,
    text: String,
}

impl<'p> StagedNotes<'p> {
    /// Puts entries into the section of the version that is not released, or into a new section, for `version`.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or has no sections.
    pub fn new(path: &'p Path, entries: &str, version: &str) -> Result<Self> {
        let text = fs::read_to_string(path).map_err(|e| Failure::io("read", path, &e))?;
        let text = with_entries(&text, entries, version).ok_or_else(|| {
            Failure::new(format!("{} has no section: a line that begins with `## `", slashed(path)))
                .hint(format!("add the line `## {version}{OPEN}`, and update again"))
        })?;
        Ok(Self { path, text })
    }

    /// Writes it.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn write(self) -> Result<()> {
        replace(self.path, &self.text)
    }
}

fn with_entries(text: &str, entries: &str, version: &str) -> Option<String> {
    let begin = if text.starts_with("## ") { 0 } else { text.find("\n## ")? + 1 };
    let (before, sections) = text.split_at(begin);
    let title = sections.lines().next()?;
    if !title.ends_with(OPEN) {
        return Some(format!("{before}## {version}{OPEN}\n\n{entries}\n{sections}"));
    }
    let end = sections.find("\n## ").unwrap_or(sections.len());
    let (section, after) = sections.split_at(end);
    let section = section.trim_end();
    let gap = if section == title { "\n" } else { "" };
    Some(format!("{before}{section}\n{gap}{entries}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_go_to_the_end_of_the_open_section() {
        let file = |entries: &str| {
            format!("# Changelog\n\n## 0.2.0, not released yet\n\n- One.\n{entries}\n## 0.1.0\n\n- Old.\n")
        };
        assert_eq!(with_entries(&file(""), "- Two.\n", "0.3.0"), Some(file("- Two.\n")));
        let last = "## 0.2.0, not released yet\n";
        assert_eq!(with_entries(last, "- Two.\n", "0.3.0"), Some(format!("{last}\n- Two.\n")));
    }

    #[test]
    fn a_released_section_is_closed() {
        let old = "# Changelog\n\nIn short.\n\n## 0.1.0\n\n- Old.\n";
        let new = "# Changelog\n\nIn short.\n\n## 0.1.1, not released yet\n\n- New.\n\n## 0.1.0\n\n- Old.\n";
        assert_eq!(with_entries(old, "- New.\n", "0.1.1").as_deref(), Some(new));
        assert_eq!(with_entries("# Changelog\n", "- New.\n", "0.1.1"), None);
    }

    #[test]
    fn the_file_of_this_project_has_sections() {
        let path = crate::paths::in_workspace("CHANGELOG.md");
        let staged = StagedNotes::new(&path, "- A mark.\n", "9.9.9").unwrap();
        let rest = staged.text.replacen("- A mark.\n", "", 1);
        assert!(rest.len() < staged.text.len());
    }
}
