//! Which shapes operations reach.

use crate::graph::builder::{RawKind, RawMember, RawOperation, RawShape, ServiceBuilder};
use std::collections::{BTreeSet, HashMap};

/// Where a shape occurs.
#[derive(Clone, Debug, Default)]
pub(super) struct Uses<'a> {
    /// In requests, and not only in responses.
    pub input: bool,
    /// In which operations.
    pub operations: BTreeSet<&'a str>,
}

/// One model, by names.
pub(super) struct Reach<'a> {
    shapes: HashMap<&'a str, &'a RawShape>,
    operations: HashMap<&'a str, &'a RawOperation>,
    uses: HashMap<&'a str, Uses<'a>>,
}

impl<'a> Reach<'a> {
    pub fn of(builder: &'a ServiceBuilder) -> Self {
        let shapes: HashMap<&str, &RawShape> =
            builder.shapes.iter().map(|shape| (shape.name.as_str(), shape)).collect();
        let operations = builder.operations.iter().map(|operation| (operation.name.as_str(), operation)).collect();
        let mut reach = Self { shapes, operations, uses: HashMap::new() };
        for operation in &builder.operations {
            operation.input.iter().for_each(|input| reach.follow(operation, &input.name, true));
            operation.output.iter().for_each(|output| reach.follow(operation, &output.name, false));
            for error in &operation.errors {
                reach.follow(operation, &error.name, false);
            }
        }
        reach
    }

    fn follow(&mut self, operation: &'a RawOperation, root: &'a str, input: bool) {
        let mut seen = BTreeSet::new();
        let mut pending = vec![root];
        while let Some(name) = pending.pop() {
            if !seen.insert(name) {
                continue;
            }
            let uses = self.uses.entry(name).or_default();
            uses.input |= input;
            uses.operations.insert(&operation.name);
            let members = self.shapes.get(name).map(|shape| shape.kind.references()).unwrap_or_default();
            pending.extend(members.into_iter().map(|member| member.target.as_str()));
        }
    }

    pub fn shape(&self, name: &str) -> Option<&'a RawShape> {
        self.shapes.get(name).copied()
    }

    /// The shape that a member holds.
    pub fn target(&self, shape: &str, member: &str) -> Option<&'a str> {
        let members = self.shape(shape)?.kind.references();
        members.into_iter().find(|found| found.name == member).map(|found| found.target.as_str())
    }

    /// What lists and maps hold.
    pub fn elements(&self, shape: &str) -> Vec<&'a RawMember> {
        match self.shape(shape).map(|shape| &shape.kind) {
            Some(kind @ (RawKind::List { .. } | RawKind::Map { .. })) => kind.references(),
            Some(RawKind::Structure(_) | RawKind::Union(_) | RawKind::Simple(_)) | None => Vec::new(),
        }
    }

    pub fn operation(&self, name: &str) -> Option<&'a RawOperation> {
        self.operations.get(name).copied()
    }

    /// Every name of a shape.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.shapes.keys().copied()
    }

    /// Nothing where no operation reaches it.
    pub fn uses(&self, name: &str) -> Option<&Uses<'a>> {
        self.uses.get(name)
    }
}

/// Whether whoever makes the structure has to say the member: tokens and defaults are filled
/// in where they are absent.
pub(super) fn is_owed(member: &RawMember) -> bool {
    let traits = &member.traits;
    traits.required && !traits.idempotency_token && traits.effective_default().is_none()
}
