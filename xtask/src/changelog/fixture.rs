//! `--fixture DIR`: both sides as small models for a test, in botocore's layout:
//! facts only, and only what the operations of `--operations` reach.

use super::sides::Side;
use crate::failure::{Failure, Result};
use crate::report::{self, Sources};
use crate::writer::write;
use std::collections::BTreeMap;
use std::path::Path;
use workstream_codegen::{FileKind, SourceFile, facts};

/// Writes both sides below `folder`.
///
/// # Errors
///
/// When a model is no JSON, or a file cannot be written.
pub(super) fn write_sides(folder: &Path, old: &Side, new: &Side, operations: &[String]) -> Result<()> {
    let mut files = BTreeMap::new();
    for (name, side) in [("old", old), ("new", new)] {
        for service in side.services() {
            for file in &service.files {
                if let Some((kind, version)) = kind_and_version(file)
                    && let Some(text) = cut(kind, file, operations)?
                {
                    files.insert(format!("{name}/{}/{version}/{}", service.name, kind.file_name()), text);
                }
            }
        }
    }
    write(folder, &files)
}

fn kind_and_version(file: &SourceFile) -> Option<(FileKind, &str)> {
    let mut parts = file.path.rsplit('/');
    let name = parts.next()?;
    let name = name.strip_suffix(".gz").unwrap_or(name);
    let kind = FileKind::OF_A_SERVICE.into_iter().find(|kind| kind.file_name() == name)?;
    Some((kind, parts.next()?))
}

/// The text of what is left of a file, if anything is.
fn cut(kind: FileKind, file: &SourceFile, operations: &[String]) -> Result<Option<String>> {
    let (text, found) = facts(kind, file, operations);
    report::diagnostics(&found, &Sources::from([(file.path.as_str(), file.text.as_slice())]));
    if found.has_errors() { Err(Failure::new(format!("{} has errors", file.path))) } else { Ok(text) }
}
