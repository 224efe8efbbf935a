//! `--fixture DIR`: both sides as small models for a test, in botocore's layout:
//! facts only, and only what the operations of `--operations` reach.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use workstream_codegen::SourceFile;

use super::sides::Side;
use crate::facts::{Kind, leave_out_prose};
use crate::failure::{Failure, Result};
use crate::json::Json;

/// Writes both sides below `folder`.
///
/// # Errors
///
/// When a model is no JSON, or a file cannot be written.
pub(super) fn write(folder: &Path, old: &Side, new: &Side, operations: &[String]) -> Result<()> {
    for (name, side) in [("old", old), ("new", new)] {
        for service in side.services() {
            for file in &service.files {
                if let Some((kind, version)) = kind_and_version(file)
                    && let Some(text) = cut(kind, file, operations)?
                {
                    write_file(&folder.join(name).join(&service.name).join(version).join(kind.file_name()), &text)?;
                }
            }
        }
    }
    Ok(())
}

fn kind_and_version(file: &SourceFile) -> Option<(Kind, &str)> {
    let mut parts = file.path.rsplit('/');
    let name = parts.next()?;
    let name = name.strip_suffix(".gz").unwrap_or(name);
    let kind = Kind::OF_A_SERVICE.into_iter().find(|kind| kind.file_name() == name)?;
    Some((kind, parts.next()?))
}

/// The text of what is left of a file, if anything is.
fn cut(kind: Kind, file: &SourceFile, operations: &[String]) -> Result<Option<String>> {
    let failure = |e: serde_json::Error| Failure::new(format!("{}: broken JSON: {e}", file.path));
    let mut json = Json::parse(&file.text).map_err(failure)?;
    leave_out_prose(kind, &mut json);
    let wanted = |name: &str| operations.iter().any(|operation| operation == name);
    if !operations.is_empty() {
        match kind {
            Kind::Service => {
                keep(&mut json, "operations", |name, _| wanted(name));
                let reached = reached(&json);
                keep(&mut json, "shapes", |name, _| reached.contains(name));
            }
            Kind::Paginators => keep(&mut json, "pagination", |name, _| wanted(name)),
            Kind::Waiters => keep(
                &mut json,
                "waiters",
                |_, waiter| matches!(waiter.get("operation"), Some(Json::Scalar(name)) if name.as_str().is_some_and(wanted)),
            ),
            // Fixtures are of botocore's files.
            Kind::Smithy => {}
            // No operation has anything to do with them.
            Kind::EndpointRuleSet | Kind::Partitions => return Ok(None),
        }
    }
    json.to_text().map(Some).map_err(failure)
}

fn entries_mut<'j>(json: &'j mut Json, key: &str) -> Option<&'j mut Vec<(String, Json)>> {
    let Json::Object(entries) = json else { return None };
    match entries.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value) {
        Some(Json::Object(entries)) => Some(entries),
        _ => None,
    }
}

fn keep(json: &mut Json, key: &str, wanted: impl Fn(&str, &Json) -> bool) {
    if let Some(entries) = entries_mut(json, key) {
        entries.retain(|(name, value)| wanted(name, value));
    }
}

/// The names of the shapes that operations reach.
fn reached(service: &Json) -> BTreeSet<String> {
    let shapes: HashMap<&str, &Json> = match service.get("shapes") {
        Some(Json::Object(entries)) => entries.iter().map(|(name, shape)| (name.as_str(), shape)).collect(),
        _ => HashMap::new(),
    };
    let mut pending: Vec<&Json> = service.get("operations").into_iter().collect();
    let mut found = BTreeSet::new();
    while let Some(json) = pending.pop() {
        match json {
            Json::Scalar(_) => {}
            Json::Array(items) => pending.extend(items),
            Json::Object(entries) => {
                for (key, value) in entries {
                    match value {
                        // A member may be called `shape`: then it is an object.
                        Json::Scalar(name) if key == "shape" => {
                            let name = name.as_str().unwrap_or_default();
                            if found.insert(name.to_owned()) {
                                pending.extend(shapes.get(name));
                            }
                        }
                        value => pending.push(value),
                    }
                }
            }
        }
    }
    found
}

fn write_file(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(|e| Failure::io("create", folder, &e))?;
    fs::write(path, text).map_err(|e| Failure::io("write", path, &e))
}
