//! Which shapes operations reach.

use crate::graph::reach::reach;
use crate::graph::{Member, NameRef, Operation, ServiceBuilder, Shape};
use std::collections::{HashMap, HashSet};

/// Where a shape occurs.
#[derive(Clone, Debug, Default)]
pub(super) struct Uses<'a> {
    /// In requests, and not only in responses.
    pub input: bool,
    /// In which operations, in their order.
    pub operations: Vec<&'a str>,
}

/// One model, by names.
pub(super) struct Reach<'a> {
    shapes: &'a [Shape<NameRef>],
    places: HashMap<&'a str, usize>,
    operations: HashMap<&'a str, &'a Operation<NameRef>>,
    /// By the places of shapes.
    uses: Vec<Uses<'a>>,
}

impl<'a> Reach<'a> {
    pub fn of(builder: &'a ServiceBuilder) -> Self {
        let shapes = &builder.shapes;
        let places: HashMap<&str, usize> =
            shapes.iter().enumerate().map(|(index, shape)| (shape.name.as_str(), index)).collect();
        let place = |reference: &NameRef| places.get(reference.name.as_str()).copied();
        let targets = |shape: &Shape<NameRef>| shape.members().filter_map(|member| place(&member.target)).collect();
        let targets: Vec<Vec<usize>> = shapes.iter().map(targets).collect();
        let mut uses = vec![Uses::default(); shapes.len()];
        // The root that last led to a shape.
        let mut seen = vec![0; shapes.len()];
        let mut root = 0;
        for operation in &builder.operations {
            let output = operation.output.iter().chain(&operation.errors).map(|reference| (reference, false));
            for (reference, input) in operation.input.iter().map(|reference| (reference, true)).chain(output) {
                root += 1;
                let is_new = |index: usize| std::mem::replace(&mut seen[index], root) != root;
                for index in reach(place(reference), is_new, |index| targets[index].iter().copied()) {
                    uses[index].input |= input;
                    if uses[index].operations.last() != Some(&operation.name.as_str()) {
                        uses[index].operations.push(&operation.name);
                    }
                }
            }
        }
        let operations = builder.operations.iter().map(|operation| (operation.name.as_str(), operation)).collect();
        Self { shapes, places, operations, uses }
    }

    pub fn shape(&self, name: &str) -> Option<&'a Shape<NameRef>> {
        self.places.get(name).map(|index| &self.shapes[*index])
    }

    /// The shape that a member holds.
    pub fn target(&self, shape: &str, member: &str) -> Option<&'a str> {
        self.shape(shape)?.members().find(|found| found.name == member).map(|found| found.target.name.as_str())
    }

    /// A shape, and what it holds as a list or map.
    pub fn held(&self, shape: &'a str) -> impl Iterator<Item = &'a str> {
        let mut seen = HashSet::new();
        let elements = |shape| self.elements(shape).map(|element| element.target.name.as_str());
        reach([shape], move |shape| seen.insert(shape), elements)
    }

    /// What lists and maps hold.
    pub fn elements(&self, shape: &str) -> impl Iterator<Item = &'a Member<NameRef>> {
        self.shape(shape).into_iter().flat_map(|shape| shape.kind.contents())
    }

    pub fn operation(&self, name: &str) -> Option<&'a Operation<NameRef>> {
        self.operations.get(name).copied()
    }

    /// Every shape.
    pub fn shapes(&self) -> &'a [Shape<NameRef>] {
        self.shapes
    }

    /// Nothing where no operation reaches it.
    pub fn uses(&self, name: &str) -> Option<&Uses<'a>> {
        self.places.get(name).map(|index| &self.uses[*index]).filter(|uses| !uses.operations.is_empty())
    }
}

/// Whether whoever makes the structure has to say the member: tokens and defaults are filled
/// in where they are absent.
pub(super) fn is_owed(member: &Member<NameRef>) -> bool {
    let traits = &member.traits;
    traits.required && !traits.idempotency_token && traits.effective_default().is_none()
}
