//! `waiters-2.json`.

use crate::graph::ServiceBuilder;
use crate::source::node::{At, Ignored};
use crate::source::waiters::waiter;

const TOP: &[Ignored] = &[Ignored { keys: &["version"], reason: "the file's name says it" }];

/// Reads the file.
pub(super) fn read(at: &At<'_, '_>, builder: &mut ServiceBuilder) {
    let Some(top) = at.object() else { return };
    if let Some(waiters) = top.require("waiters") {
        builder.waiters.extend(waiters.entries().filter_map(|(name, at)| {
            let object = at.object()?;
            let waiter = waiter(name, &object);
            object.finish("a waiter", &[]);
            waiter
        }));
    }
    top.finish("waiters-2.json", TOP);
}
