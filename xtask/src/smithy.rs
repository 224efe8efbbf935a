//! The official Smithy models, as an upstream package: facts of them are imported as those of botocore are.
//!
//! They have no partitions, so those that are there stay.

use crate::digest::sha256;
use crate::discover::{ADDITIONS, has_smithy_layout, wanted};
use crate::failure::{Failure, Result};
use crate::upstream::{SourceKind, Upstream, UpstreamFile, Wanted};
use std::collections::BTreeMap;
use std::path::Path;
use workstream_codegen::{FileKind, ServiceList};

/// What the lock calls the package.
const PACKAGE: &str = "smithy-models";

/// Whether `path` is a folder in their layout: the checkout's root, or the folder of all services.
pub fn is_checkout(path: &Path) -> bool {
    path.is_dir() && has_smithy_layout(path).unwrap_or(false)
}

/// Reads the listed services.
///
/// # Errors
///
/// When one of them is not there, or a file cannot be read.
pub fn read(path: &Path, list: &ServiceList) -> Result<Upstream> {
    let mut files = BTreeMap::new();
    for service in wanted(path, list.iter().map(Wanted::of_smithy))? {
        for file in service.files {
            let name =
                below_service(&file.path).filter(|name| !ADDITIONS.iter().any(|addition| name.ends_with(addition)));
            if let Some(name) = name {
                let name = format!("{}/{name}", service.name);
                files.insert(name, UpstreamFile { kind: FileKind::Smithy, origin: file.path, bytes: file.text });
            }
        }
    }
    if files.is_empty() {
        return Err(Failure::new(format!("{} has no models", path.display())));
    }
    let lines: String = files.iter().map(|(name, file)| format!("{}  {name}\n", sha256(&file.bytes))).collect();
    Ok(Upstream {
        package: PACKAGE.to_owned(),
        version: "unknown".to_owned(),
        date: None,
        source: SourceKind::Folder,
        sha256: sha256(lines.as_bytes()),
        files,
    })
}

/// `<api-version>/<file>.json`: as other models lie here.
fn below_service(path: &str) -> Option<String> {
    let path = path.strip_suffix(".gz").unwrap_or(path);
    let mut parts = path.rsplit('/');
    let (file, version) = (parts.next()?, parts.next()?);
    Some(format!("{version}/{file}"))
}
