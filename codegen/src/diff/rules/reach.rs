//! Which shapes operations reach, and what becomes of them in the crate.

use crate::graph::{Member, MemberPath, NameRef, Operation, ServiceBuilder, Shape, ShapeKind};
use std::collections::{BTreeSet, HashMap};

/// Where a shape occurs.
#[derive(Clone, Debug, Default)]
pub(super) struct Uses<'a> {
    /// In requests.
    pub input: bool,
    /// In responses, errors among them.
    pub output: bool,
    /// As an error of an operation.
    pub error: bool,
    /// Inside of something else: what is only the input or output of operations has
    /// no type of its own name.
    pub inside: bool,
    /// In which operations.
    pub operations: BTreeSet<&'a str>,
}

impl Uses<'_> {
    /// Whether any operation reaches it.
    pub fn any(&self) -> bool {
        self.input || self.output
    }
}

/// One model, by names.
pub(super) struct Reach<'a> {
    shapes: HashMap<&'a str, &'a Shape<NameRef>>,
    operations: HashMap<&'a str, &'a Operation<NameRef>>,
    /// Operations with a modelled paginator.
    paginated: BTreeSet<&'a str>,
    uses: HashMap<&'a str, Uses<'a>>,
}

impl<'a> Reach<'a> {
    pub fn of(builder: &'a ServiceBuilder) -> Self {
        let shapes: HashMap<&str, &Shape<NameRef>> =
            builder.shapes.iter().map(|shape| (shape.name.as_str(), shape)).collect();
        let operations = builder.operations.iter().map(|operation| (operation.name.as_str(), operation)).collect();
        let paginated = builder.paginators.iter().map(|paginator| paginator.operation.name.as_str()).collect();
        let mut reach = Self { shapes, operations, paginated, uses: HashMap::new() };
        for operation in &builder.operations {
            operation.input.iter().for_each(|input| reach.follow(operation, &input.name, |uses| uses.input = true));
            operation.output.iter().for_each(|output| reach.follow(operation, &output.name, |uses| uses.output = true));
            for error in &operation.errors {
                reach.follow(operation, &error.name, |uses| uses.output = true);
                reach.uses.entry(&error.name).or_default().error = true;
            }
        }
        reach
    }

    fn follow(&mut self, operation: &'a Operation<NameRef>, root: &'a str, mark: impl Fn(&mut Uses<'a>)) {
        let mut seen = BTreeSet::new();
        let mut pending = vec![(root, false)];
        while let Some((name, inside)) = pending.pop() {
            let uses = self.uses.entry(name).or_default();
            uses.inside |= inside;
            if !seen.insert(name) {
                continue;
            }
            mark(uses);
            uses.operations.insert(&operation.name);
            let members = self.shapes.get(name).into_iter().flat_map(|shape| shape.members());
            pending.extend(members.map(|member| (member.target.name.as_str(), true)));
        }
    }

    pub fn shape(&self, name: &str) -> Option<&'a Shape<NameRef>> {
        self.shapes.get(name).copied()
    }

    pub fn operation(&self, name: &str) -> Option<&'a Operation<NameRef>> {
        self.operations.get(name).copied()
    }

    /// Every operation, by name.
    pub fn operations(&self) -> impl Iterator<Item = &'a Operation<NameRef>> {
        let ordered: BTreeSet<&str> = self.operations.keys().copied().collect();
        ordered.into_iter().filter_map(|name| self.operation(name))
    }

    /// Whether the model has a paginator for an operation.
    pub fn is_paginated(&self, operation: &str) -> bool {
        self.paginated.contains(operation)
    }

    /// Every name of a shape.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.shapes.keys().copied()
    }

    pub fn uses(&self, name: &str) -> Option<&Uses<'a>> {
        self.uses.get(name)
    }

    /// Whether the crate has a type of the shape's name.
    pub fn is_type(&self, name: &str) -> bool {
        let named = self.shape(name).is_some_and(|shape| is_named(&shape.kind));
        named && self.uses(name).is_some_and(|uses| uses.inside || uses.error)
    }

    pub fn is_error(&self, name: &str) -> bool {
        self.uses(name).is_some_and(|uses| uses.error)
    }

    /// The list of the paginator that the generator infers for an operation without
    /// a modelled one: a token goes in and comes out, and the output has one list.
    pub fn inferred_items(&self, operation: &Operation<NameRef>) -> Option<MemberPath> {
        let members = |name: &str| -> &'a [Member<NameRef>] {
            match self.shape(name).map(|shape| &shape.kind) {
                Some(ShapeKind::Structure(members)) => members,
                _ => &[],
            }
        };
        let input = members(&operation.input.as_ref()?.name);
        let output = members(&operation.output.as_ref()?.name);
        let is_string = |member: &&Member<NameRef>| {
            matches!(self.shape(&member.target.name).map(|shape| &shape.kind), Some(ShapeKind::String))
        };
        ["NextToken", "nextToken"].iter().find(|token| {
            let mut goes_in = input.iter().filter(is_string).filter(|member| !is_plain(member));
            goes_in.any(|member| member.name == **token)
                && output.iter().filter(is_string).any(|member| member.name == **token)
        })?;
        only_list(self.shape(&operation.output.as_ref()?.name)?, |name| self.shape(name))
    }
}

/// The shape of that name, among shapes in the order of their names.
pub(in crate::diff) fn shape_named<'a>(shapes: &'a [Shape<NameRef>], name: &str) -> Option<&'a Shape<NameRef>> {
    shapes.binary_search_by(|shape| shape.name.as_str().cmp(name)).ok().map(|index| &shapes[index])
}

/// The list of an output that has exactly one.
pub(in crate::diff) fn only_list<'a>(
    output: &Shape<NameRef>,
    shape: impl Fn(&str) -> Option<&'a Shape<NameRef>>,
) -> Option<MemberPath> {
    let ShapeKind::Structure(members) = &output.kind else { return None };
    let is_list = |member: &&Member<NameRef>| {
        shape(&member.target.name).is_some_and(|shape| matches!(shape.kind, ShapeKind::List { .. }))
    };
    let mut lists = members.iter().filter(is_list);
    match (lists.next(), lists.next()) {
        (Some(list), None) => Some(MemberPath(vec![list.name.clone()])),
        _ => None,
    }
}

/// Kinds that become types of the shape's name.
pub(super) fn is_named<R>(kind: &ShapeKind<R>) -> bool {
    matches!(kind, ShapeKind::Structure(_) | ShapeKind::Union(_) | ShapeKind::Enum(_) | ShapeKind::IntEnum(_))
}

/// Whether a member is an argument of the constructor: tokens and defaults are filled
/// in where they are absent.
pub(super) fn is_argument(member: &Member<NameRef>) -> bool {
    let traits = &member.traits;
    traits.required && !traits.idempotency_token && traits.effective_default().is_none()
}

/// Whether a member is no `Option`.
fn is_plain(member: &Member<NameRef>) -> bool {
    is_argument(member) || member.traits.effective_default().is_some()
}
