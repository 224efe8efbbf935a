//! Model files into the shape graph: one module per format, each knowing its
//! own spelling and none the other's.

mod botocore;
mod expression;
mod node;
mod partitions;
mod position;
mod rules;

pub(crate) use position::locate;

use crate::diagnostic::{Diagnostics, Origin};
use crate::graph::builder::ServiceBuilder;
use crate::graph::{Partition, Service};
use crate::model::{ServiceFiles, SourceFile};
use node::{At, File};
use std::cell::RefCell;

/// Reads one service, whatever its format.
pub(crate) fn service(files: &ServiceFiles, diagnostics: &RefCell<Diagnostics>) -> Option<Service> {
    let mut ordered: Vec<&SourceFile> = files.files.iter().collect();
    ordered.sort_by(|a, b| a.path.cmp(&b.path));
    let builder: ServiceBuilder = botocore::read(&files.name, &ordered, diagnostics)?;
    builder.build(&mut diagnostics.borrow_mut())
}

/// Reads `partitions.json`.
pub(crate) fn partitions(source: &SourceFile, diagnostics: &RefCell<Diagnostics>) -> Option<Vec<Partition>> {
    let file = File::new(&source.path, diagnostics);
    let node = file.parse(&source.text)?;
    partitions::read(&At::root(&file, &node))
}

/// A name under which a whole service can be reported.
fn folder(name: &str) -> Origin {
    Origin::new(name, "")
}
