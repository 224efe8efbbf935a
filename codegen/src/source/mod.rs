//! Model files into the shape graph: one module per format, each knowing its
//! own spelling and none the other's.

mod botocore;
mod expression;
mod names;
mod node;
mod overlay;
mod partitions;
mod position;
mod rules;
mod severities;
mod smithy;
mod toml;
mod unsupported;

pub(crate) use position::locate;

use crate::diagnostic::{Diagnostics, Origin};
use crate::diff::rules::Severities;
use crate::graph::builder::{Incomplete, ServiceBuilder};
use crate::graph::{Partition, Service};
use crate::model::{ServiceFiles, SourceFile};
use node::{At, File, Node};
use std::cell::RefCell;

/// A file that is JSON.
struct Parsed<'d, 'n> {
    file: File<'d>,
    node: Node<'n>,
}

/// Reads one service, whatever its format. Nothing where so much is wrong that
/// there is nothing to look at.
pub(crate) fn service(
    files: &ServiceFiles,
    diagnostics: &RefCell<Diagnostics>,
) -> Option<Result<Service, Box<Incomplete>>> {
    let name = &files.name;
    let mut ordered: Vec<&SourceFile> = files.files.iter().collect();
    ordered.sort_by(|a, b| a.path.cmp(&b.path));
    let (overlays, ordered): (Vec<_>, Vec<_>) =
        ordered.into_iter().partition(|source| base_name(&source.path) == overlay::FILE_NAME);
    // botocore's files are known by name, Smithy's by what is in them.
    let (botocore, others): (Vec<_>, Vec<_>) =
        ordered.into_iter().partition(|source| botocore::FILES.contains(&base_name(&source.path)));
    let (smithy, complete) = smithy_files(name, &others, diagnostics);
    let mut builder = match (botocore.is_empty(), smithy.is_empty()) {
        (_, true) if !complete => return None,
        (_, true) => botocore::read(name, &botocore, diagnostics)?,
        (true, false) => smithy::read(name, &smithy, complete)?,
        (false, false) => {
            smithy[0]
                .file
                .error("mixed-formats", format!("service `{name}` has files of botocore's and of Smithy's format"));
            return None;
        }
    };
    for overlay in overlays {
        apply_overlay(overlay, &mut builder, diagnostics);
    }
    Some(builder.build(&mut diagnostics.borrow_mut()))
}

/// Reads one file of additions into `builder`.
fn apply_overlay(source: &SourceFile, builder: &mut ServiceBuilder, diagnostics: &RefCell<Diagnostics>) {
    let file = File::new(&source.path, diagnostics);
    if let Some(node) = file.parse_toml(&source.text) {
        let overlay = overlay::read(&At::root(&file, &node));
        overlay.apply(builder, &mut diagnostics.borrow_mut());
    }
}

/// The Smithy models among `others`, and whether all of `others` were JSON.
fn smithy_files<'d, 'n>(
    name: &str,
    others: &[&'n SourceFile],
    diagnostics: &'d RefCell<Diagnostics>,
) -> (Vec<Parsed<'d, 'n>>, bool) {
    let mut found = Vec::new();
    let mut complete = true;
    for source in others {
        let base = base_name(&source.path);
        if botocore::is_ignored(base) {
            continue;
        }
        let file = File::new(&source.path, diagnostics);
        let node = if base.ends_with(".json") { file.parse(&source.text) } else { Some(Node::Null) };
        match node {
            None => complete = false,
            Some(node @ Node::Object(_)) if node.fields().any(|(key, _)| key == "smithy") => {
                found.push(Parsed { file, node });
            }
            Some(_) => {
                file.warning("unknown-file", format!("file `{base}` of service `{name}` is not known and was not read"))
            }
        }
    }
    (found, complete)
}

/// The last part of a path, without the `.gz` that it may have had on disk.
fn base_name(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.strip_suffix(".gz").unwrap_or(name)
}

/// Reads `partitions.json`.
pub(crate) fn partitions(source: &SourceFile, diagnostics: &RefCell<Diagnostics>) -> Option<Vec<Partition>> {
    let file = File::new(&source.path, diagnostics);
    let node = file.parse(&source.text)?;
    partitions::read(&At::root(&file, &node))
}

/// Reads a file of severities.
pub(crate) fn severities(source: &SourceFile, diagnostics: &RefCell<Diagnostics>) -> Option<Severities> {
    let file = File::new(&source.path, diagnostics);
    let node = file.parse_toml(&source.text)?;
    Some(severities::read(&At::root(&file, &node)))
}

/// A name under which a whole service can be reported.
fn folder(name: &str) -> Origin {
    Origin::new(name, "")
}
