//! A file of botocore's format, cut down to some operations.

use crate::source::FileKind;
use crate::source::node::Node;
use std::collections::{BTreeSet, HashMap};

/// Leaves what `operations` need of a file, and says whether it has anything to do with them.
pub(in crate::source) fn cut(kind: FileKind, file: &mut Node<'_>, operations: &[String]) -> bool {
    let wanted = |name: &str| operations.iter().any(|operation| operation == name);
    match kind {
        FileKind::Service => {
            keep(file, "operations", |name, _| wanted(name));
            let reached = reached(file);
            keep(file, "shapes", |name, _| reached.contains(name));
        }
        FileKind::Paginators => keep(file, "pagination", |name, _| wanted(name)),
        FileKind::Waiters => {
            keep(file, "waiters", |_, waiter| waiter.get("operation").and_then(Node::as_str).is_some_and(wanted))
        }
        FileKind::Smithy => {}
        FileKind::EndpointRuleSet | FileKind::Partitions => return false,
    }
    true
}

/// Keeps those entries of the object at `key` that are wanted.
fn keep(file: &mut Node<'_>, key: &str, wanted: impl Fn(&str, &Node<'_>) -> bool) {
    let Node::Object(entries) = file else { return };
    for (_, node) in entries.iter_mut().filter(|(name, _)| name == key) {
        if let Node::Object(entries) = node {
            entries.retain(|(name, node)| wanted(name, node));
        }
    }
}

/// The names of the shapes that operations reach.
fn reached(service: &Node<'_>) -> BTreeSet<String> {
    let shapes: HashMap<&str, &Node<'_>> = service.get("shapes").into_iter().flat_map(Node::fields).collect();
    let mut pending: Vec<&Node<'_>> = service.get("operations").into_iter().collect();
    let mut found = BTreeSet::new();
    while let Some(node) = pending.pop() {
        pending.extend(node.elements());
        for (key, node) in node.fields() {
            match node {
                // A member may be called `shape`: then it is an object.
                Node::String(name) if key == "shape" => {
                    if found.insert(name.to_string()) {
                        pending.extend(shapes.get(name.as_ref()));
                    }
                }
                node => pending.push(node),
            }
        }
    }
    found
}
