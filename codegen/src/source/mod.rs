//! Model files into the shape graph: one module per format, each knowing its
//! own spelling and none the other's.

mod botocore;
mod expression;
mod facts;
mod files;
mod names;
mod node;
mod overlay;
mod partitions;
mod position;
mod rules;
mod sentences;
mod smithy;
mod toml;
mod unsupported;
mod waiters;

pub use facts::{FileKind, facts};
pub use files::{ModelSet, ServiceFiles, SourceFile};
pub(crate) use node::{At, Object};

use crate::diagnostic::{Diagnostic, Diagnostics, Origin};
use crate::graph::{Incomplete, Partition, Service, ServiceBuilder};
use node::{File, Node};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

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
    let (sentences, ordered): (Vec<_>, Vec<_>) =
        ordered.into_iter().partition(|source| base_name(&source.path) == sentences::FILE_NAME);
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
    for sentences in sentences {
        apply_sentences(sentences, &mut builder, diagnostics);
    }
    Some(builder.build(&mut diagnostics.borrow_mut()))
}

/// Reads one file of additions into `builder`.
fn apply_overlay(source: &SourceFile, builder: &mut ServiceBuilder, diagnostics: &RefCell<Diagnostics>) {
    let file = File::new(&source.path, diagnostics);
    if let Some(node) = toml::parse(&file, &source.text) {
        let overlay = overlay::read(&At::root(&file, &node));
        overlay.apply(builder, &mut diagnostics.borrow_mut());
    }
}

/// Reads one file of documentation into `builder`.
fn apply_sentences(source: &SourceFile, builder: &mut ServiceBuilder, diagnostics: &RefCell<Diagnostics>) {
    let file = File::new(&source.path, diagnostics);
    if let Some(node) = toml::parse(&file, &source.text) {
        let sentences = sentences::read(&At::root(&file, &node));
        sentences.apply(builder, &mut diagnostics.borrow_mut());
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

/// Reads a file of TOML whose tables are no part of a model, with line and column of all that is wrong. Nothing where
/// there is an error.
pub(crate) fn tables<T>(source: &SourceFile, read: impl FnOnce(&At<'_, '_>) -> T) -> (Option<T>, Diagnostics) {
    let findings = RefCell::new(Diagnostics::new());
    let file = File::new(&source.path, &findings);
    let made = toml::parse(&file, &source.text).map(|node| read(&At::root(&file, &node)));
    let mut diagnostics = findings.into_inner();
    locate_all(&mut diagnostics, |path| (path == source.path).then_some(&source.text));
    (made.filter(|_| !diagnostics.has_errors()), diagnostics)
}

/// Fills in line and column; `text` gives the text of a file.
pub(crate) fn locate_all<'t>(diagnostics: &mut Diagnostics, text: impl Fn(&str) -> Option<&'t [u8]>) {
    let mut by_file: BTreeMap<Arc<str>, Vec<&mut Diagnostic>> = BTreeMap::new();
    for diagnostic in diagnostics.iter_mut().filter(|diagnostic| diagnostic.position.is_none()) {
        by_file.entry(diagnostic.origin.file.clone()).or_default().push(diagnostic);
    }
    for (file, found) in by_file {
        if let Some(text) = text(&file) {
            locate(text, found);
        }
    }
}

/// Fills in line and column, both from 1, of what `diagnostics` are about in the text of their file. It is one way through
/// the text for all of them: there may be hundreds, and a megabyte on one line.
fn locate(text: &[u8], diagnostics: Vec<&mut Diagnostic>) {
    let place = |diagnostic: &Diagnostic| offset(text, diagnostic);
    let mut found: Vec<(usize, &mut Diagnostic)> =
        diagnostics.into_iter().filter_map(|diagnostic| Some((place(diagnostic)?, diagnostic))).collect();
    found.sort_by_key(|(offset, _)| *offset);
    let mut walk = position::Walk::new(text);
    for (offset, diagnostic) in found {
        diagnostic.position = Some(walk.to(offset));
    }
}

/// Where a diagnostic is: at the key where the key itself is at fault, else at the value.
fn offset(text: &[u8], diagnostic: &Diagnostic) -> Option<usize> {
    let at_key = matches!(diagnostic.code, "unknown-key" | "duplicate-key");
    let offset = if diagnostic.origin.file.ends_with(".toml") { toml::offset } else { position::offset };
    offset(text, &diagnostic.origin.pointer, at_key)
}

/// A name under which a whole service can be reported.
fn folder(name: &str) -> Origin {
    Origin::new(name, "")
}
