//! The list of services of a folder of models: `services.toml` in it.

use crate::failure::{Failure, Result};
use crate::paths::slashed;
use crate::report::{self, Sources};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use workstream_codegen::{ServiceList, SourceFile, read_service_list};

/// The name of the list in its folder.
pub const FILE_NAME: &str = "services.toml";

/// Reads the list of the folder `models`; `None` if it has none.
///
/// # Errors
///
/// When there is one that cannot be read or has errors, of which the user has been told.
pub fn find(models: &Path) -> Result<Option<ServiceList>> {
    let path = models.join(FILE_NAME);
    match fs::read(&path) {
        Ok(text) => parse(SourceFile { path: slashed(&path), text }).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::io("read", &path, &error)),
    }
}

/// As [`find`], but there has to be one.
///
/// # Errors
///
/// Those of [`find`], and when there is none.
pub fn read(models: &Path) -> Result<ServiceList> {
    find(models)?.ok_or_else(|| {
        Failure::new(format!("{} has no {FILE_NAME}, which names the services to import", slashed(models)))
            .hint("write one with a table for each service, such as `[appstream]`, or copy models/services.toml")
    })
}

/// The list that a file has.
///
/// # Errors
///
/// When it has errors, of which the user has been told.
pub fn parse(file: SourceFile) -> Result<ServiceList> {
    let (list, found) = read_service_list(&file);
    report::diagnostics(&found, &Sources::from([(file.path.as_str(), file.text.as_slice())]));
    list.ok_or_else(|| Failure::new(format!("{} has errors", file.path)))
}
