//! Which shapes operations reach.

use crate::graph::reach::reach;
use crate::graph::{Member, NameRef, Operation, ServiceBuilder, Shape};
use std::collections::{BTreeSet, HashMap, HashSet};

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
    shapes: HashMap<&'a str, &'a Shape<NameRef>>,
    operations: HashMap<&'a str, &'a Operation<NameRef>>,
    uses: HashMap<&'a str, Uses<'a>>,
}

impl<'a> Reach<'a> {
    pub fn of(builder: &'a ServiceBuilder) -> Self {
        let shapes: HashMap<&str, &Shape<NameRef>> =
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

    fn follow(&mut self, operation: &'a Operation<NameRef>, root: &'a str, input: bool) {
        let mut seen = HashSet::new();
        let members = |name| self.shapes.get(name).into_iter().flat_map(|shape| shape.members());
        let targets = |name| members(name).map(|member| member.target.name.as_str());
        for name in reach([root], |name| seen.insert(name), targets) {
            let uses = self.uses.entry(name).or_default();
            uses.input |= input;
            uses.operations.insert(&operation.name);
        }
    }

    pub fn shape(&self, name: &str) -> Option<&'a Shape<NameRef>> {
        self.shapes.get(name).copied()
    }

    /// The shape that a member holds.
    pub fn target(&self, shape: &str, member: &str) -> Option<&'a str> {
        self.shape(shape)?.members().find(|found| found.name == member).map(|found| found.target.name.as_str())
    }

    /// What lists and maps hold.
    pub fn elements(&self, shape: &str) -> impl Iterator<Item = &'a Member<NameRef>> {
        self.shape(shape).into_iter().flat_map(|shape| shape.kind.contents())
    }

    pub fn operation(&self, name: &str) -> Option<&'a Operation<NameRef>> {
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
pub(super) fn is_owed(member: &Member<NameRef>) -> bool {
    let traits = &member.traits;
    traits.required && !traits.idempotency_token && traits.effective_default().is_none()
}
