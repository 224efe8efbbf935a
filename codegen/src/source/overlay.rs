//! `overlay.toml`: see [`crate::overlay`]. Waiters are written as botocore writes
//! them, so the same code reads them.
//!
//! ```toml
//! [waiters.QueueEmpty]
//! reason = "..."
//! operation = "DescribeQueue"
//! delay = 30                      # seconds
//! maxAttempts = 60
//! acceptors = [{ state = "success", matcher = "path", argument = "length(Items)", expected = 0 }]
//!
//! [amendments.QueueOpen]          # acceptors that are tried after the model's
//! reason = "..."
//! acceptors = [{ state = "failure", matcher = "path", argument = "State", expected = "BROKEN" }]
//!
//! [sensitive."Queue.Key"]         # or the name of a shape
//! reason = "..."
//!
//! [errors.LimitExceeded]
//! reason = "..."
//! retry = "never"                 # or "transient", "throttling"
//!
//! [batches.StopQueues]            # a list that can be split into several calls
//! reason = "..."
//! list = "Queues"                 # of the input
//! maximum = 10                    # items in a call, if not as many as the model allows
//! failures = "FailedQueues"       # of the output, if it tells what failed
//!
//! [batches.ReplaceQueues]         # a list that has to be sent whole
//! reason = "..."
//! whole = true
//!
//! [constraints."Queue.Name"]      # or the name of a shape: what is asked instead of what the model asks
//! reason = "..."
//! min = 1                         # of a number, or of a length
//! max = 128
//! pattern = "^[a-z]+$"
//! drop = ["uniqueItems"]          # what is not asked at all; any of the three above too
//! ```

use super::node::{At, Object};
use super::waiters::{acceptors, waiter};
use crate::graph::{Acceptor, BatchSplit, NameRef, Retry, Waiter, WaiterOverlay};
use crate::overlay::{ConstraintKind, NewConstraint, Overlay, OverlayEntry};

/// The name of the file.
pub(super) const FILE_NAME: &str = "overlay.toml";

/// Reads the file. What is wrong with an entry is reported, and the entry left out.
pub(super) fn read(at: &At<'_, '_>) -> Overlay {
    let Some(top) = at.object() else { return Overlay::default() };
    let waiters = entries(&top, "waiters", "a waiter", |name, object, reason| {
        let waiter = waiter(name, object).filter(|waiter| has_acceptors(object, &waiter.acceptors))?;
        Some(Waiter { overlay: Some(WaiterOverlay::Added(reason?)), ..waiter })
    });
    let amendments = entries(&top, "amendments", "an amendment", |_, object, reason| {
        let acceptors = acceptors(object).filter(|acceptors| has_acceptors(object, acceptors));
        entry(object, reason, acceptors)
    });
    let sensitive =
        entries(&top, "sensitive", "a sensitive member", |_, object, reason| entry(object, reason, Some(())));
    let errors = entries(&top, "errors", "an error", |_, object, reason| {
        let retry = object.require("retry").and_then(|at| retry(&at));
        entry(object, reason, retry)
    });
    let batches = entries(&top, "batches", "a batch", |_, object, reason| {
        let split = batch(object);
        entry(object, reason, split)
    });
    let constraints = entries(&top, "constraints", "a constraint", |_, object, reason| {
        let constraints = constraints(object);
        entry(object, reason, constraints)
    });
    top.finish_strictly("an overlay");
    Overlay { waiters, amendments, sensitive, errors, batches, constraints }
}

/// How a list is split: `Some(None)` is not at all.
fn batch(object: &Object<'_, '_>) -> Option<Option<BatchSplit>> {
    if object.flag("whole") {
        return Some(None);
    }
    let list = object.require("list")?.string()?.to_owned();
    let maximum = match object.get("maximum") {
        None => None,
        Some(at) => match at.integer() {
            Some(0) => {
                at.error("invalid-value", "a call has at least one item");
                return None;
            }
            maximum => Some(maximum?),
        },
    };
    Some(Some(BatchSplit { list, maximum, failures: object.text("failures") }))
}

/// What is asked of a value; nothing where something is wrong with it, or nothing is said.
fn constraints(object: &Object<'_, '_>) -> Option<Vec<NewConstraint>> {
    let mut found = Vec::new();
    for (key, kind) in [("min", ConstraintKind::Min), ("max", ConstraintKind::Max)] {
        if let Some(at) = object.get(key) {
            found.push(NewConstraint { kind, value: Some(at.number_text()?), origin: at.origin() });
        }
    }
    if let Some(at) = object.get("pattern") {
        let value = Some(at.string()?.to_owned());
        found.push(NewConstraint { kind: ConstraintKind::Pattern, value, origin: at.origin() });
    }
    if let Some(dropped) = object.get("drop") {
        for at in dropped.items() {
            let kind = at.one_of("constraint", ConstraintKind::WORDS)?;
            if found.iter().any(|known| known.kind == kind) {
                at.error("invalid-value", "it is said above");
                return None;
            }
            found.push(NewConstraint { kind, value: None, origin: at.origin() });
        }
    }
    if found.is_empty() {
        object.at.error("missing-key", "nothing is said: there is no `min`, `max`, `pattern` or `drop`");
        return None;
    }
    Some(found)
}

/// Reads every entry of the table `key`.
fn entries<T>(
    top: &Object<'_, '_>,
    key: &'static str,
    kind: &str,
    read: impl Fn(&str, &Object<'_, '_>, Option<String>) -> Option<T>,
) -> Vec<T> {
    let Some(at) = top.get(key) else { return Vec::new() };
    let entries = at.entries().filter_map(|(name, at)| {
        let object = at.object()?;
        let reason = reason(&object);
        let entry = read(name, &object, reason);
        object.finish_strictly(kind);
        entry
    });
    entries.collect()
}

/// Whether there are acceptors. Those that could not be read were reported.
fn has_acceptors(object: &Object<'_, '_>, acceptors: &[Acceptor]) -> bool {
    let at = object.get("acceptors");
    if let Some(at) = at.filter(|at| at.node().elements().is_empty()) {
        at.error("no-acceptors", "the list is empty: without an acceptor nothing is decided");
    }
    !acceptors.is_empty()
}

fn entry<T>(object: &Object<'_, '_>, reason: Option<String>, says: Option<T>) -> Option<OverlayEntry<T>> {
    let name = object.at.key().unwrap_or_default().to_owned();
    Some(OverlayEntry { name: NameRef { name, origin: object.at.origin() }, reason: reason?, says: says? })
}

/// The reason, as one line without a full stop.
fn reason(object: &Object<'_, '_>) -> Option<String> {
    let at = object.require("reason")?;
    let text = at.string()?.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_end_matches('.');
    if text.is_empty() {
        at.error("empty-reason", "the reason is empty: say why the model is not enough");
        return None;
    }
    Some(text.to_owned())
}

fn retry(at: &At<'_, '_>) -> Option<Retry> {
    at.one_of("way to retry", Retry::WORDS)
}
