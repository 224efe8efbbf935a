//! Names to ids. What leads nowhere, or to a shape of another kind, is reported and becomes `None`.

use super::{Link, NameRef, Operation, OperationId, Service, Shape, ShapeId, ShapeKind};
use crate::diagnostic::{Diagnostics, Origin};
use std::collections::{HashMap, HashSet};
use std::fmt::Arguments;

/// Resolves the names in shapes and operations, both in the order of their own names. References to what is `unread` are
/// no further error.
pub(super) fn link(
    shapes: Vec<Shape<NameRef>>,
    operations: Vec<Operation<NameRef>>,
    unread: &HashSet<String>,
    diagnostics: &mut Diagnostics,
) -> (Vec<Shape<Link>>, Vec<Operation<Link>>) {
    let linker = Linker::new(&shapes, unread, diagnostics);
    let mut targets = Vec::new();
    shapes.iter().for_each(|shape| linker.targets(shape, &mut targets, diagnostics));
    let operations: Vec<_> = operations.into_iter().map(|operation| linker.operation(operation, diagnostics)).collect();
    check_duplicates(&operations, diagnostics);
    let mut targets = targets.into_iter();
    let shapes = shapes.into_iter().map(|shape| shape.map(|_| targets.next().flatten())).collect();
    (shapes, operations)
}

/// The operation that something is for.
pub(super) fn operation(
    service: &Service<Link>,
    reference: &NameRef,
    user: &str,
    unread: &HashSet<String>,
    diagnostics: &mut Diagnostics,
) -> Option<OperationId> {
    let id = service.operation_named(&reference.name);
    if id.is_none() && !unread.contains(&reference.name) {
        let message = format!("{user} is for operation `{}`, which does not exist", reference.name);
        diagnostics
            .error("unknown-operation", &reference.origin, message)
            .did_you_mean(&reference.name, service.operations.iter().map(|o| o.name.as_str()));
    }
    id
}

fn check_duplicates(sorted: &[Operation<Link>], diagnostics: &mut Diagnostics) {
    for pair in sorted.windows(2) {
        let [earlier, later] = pair else { continue };
        // A key that occurs twice in one file has been reported as that.
        if earlier.name == later.name && !earlier.origin.is(&later.origin) {
            diagnostics
                .error("duplicate-operation", &later.origin, format!("operation `{}` is defined twice", later.name))
                .hint(other_place(&earlier.origin));
        }
    }
}

fn other_place(origin: &Origin) -> String {
    format!("the other one is at {} in {}", origin.pointer, origin.file)
}

struct Linker<'a> {
    ids: HashMap<&'a str, ShapeId>,
    shapes: &'a [Shape<NameRef>],
    unread: &'a HashSet<String>,
}

impl<'a> Linker<'a> {
    fn new(shapes: &'a [Shape<NameRef>], unread: &'a HashSet<String>, diagnostics: &mut Diagnostics) -> Self {
        let mut ids = HashMap::with_capacity(shapes.len());
        for (index, shape) in shapes.iter().enumerate() {
            let Some(ShapeId(earlier)) = ids.insert(shape.name.as_str(), ShapeId(index as u32)) else { continue };
            let earlier = &shapes[earlier as usize];
            // A key that occurs twice in one file has been reported as that.
            if !earlier.origin.is(&shape.origin) {
                diagnostics
                    .error("duplicate-shape", &shape.origin, format!("shape `{}` is defined twice", shape.name))
                    .hint(other_place(&earlier.origin));
            }
        }
        Self { ids, shapes, unread }
    }

    fn find(&self, reference: &NameRef, user: Arguments<'_>, diagnostics: &mut Diagnostics) -> Link {
        let name = &reference.name;
        let id = self.ids.get(name.as_str()).copied();
        if id.is_none() && !self.unread.contains(name) {
            let message = format!("{user} refers to shape `{name}`, which does not exist");
            diagnostics
                .error("dangling-shape", &reference.origin, message)
                .did_you_mean(name, self.ids.keys().copied());
        }
        id
    }

    fn kind(&self, id: ShapeId) -> &ShapeKind<NameRef> {
        &self.shapes[id.index()].kind
    }

    /// Adds the targets of a shape's members, in their order.
    fn targets(&self, shape: &Shape<NameRef>, targets: &mut Vec<Link>, diagnostics: &mut Diagnostics) {
        let first = targets.len();
        targets.extend(shape.members().map(|member| {
            self.find(&member.target, format_args!("member `{}` of `{}`", member.name, shape.name), diagnostics)
        }));
        let ShapeKind::Map { key, .. } = &shape.kind else { return };
        let of_key = &mut targets[first];
        if of_key.is_some_and(|id| !matches!(self.kind(id), ShapeKind::String | ShapeKind::Enum(_))) {
            diagnostics.error("map-key", &key.origin, format!("the key of map `{}` is not a string", shape.name));
            *of_key = None;
        }
    }

    fn structure(&self, reference: &NameRef, user: Arguments<'_>, diagnostics: &mut Diagnostics) -> Link {
        let id = self.find(reference, user, diagnostics)?;
        if !matches!(self.kind(id), ShapeKind::Structure(_)) {
            let message = format!("{user} must be a structure, but shape `{}` is not", reference.name);
            diagnostics.error("not-a-structure", &reference.origin, message);
            return None;
        }
        Some(id)
    }

    fn operation(&self, operation: Operation<NameRef>, diagnostics: &mut Diagnostics) -> Operation<Link> {
        let Operation { name, input, output, errors, traits, origin } = operation;
        let mut structure = |reference: NameRef, role: &str| {
            self.structure(&reference, format_args!("the {role} of operation `{name}`"), diagnostics)
        };
        let input = input.map(|reference| structure(reference, "input"));
        let output = output.map(|reference| structure(reference, "output"));
        let mut each_once: Vec<Link> = Vec::with_capacity(errors.len());
        for reference in errors {
            let error = structure(reference, "error");
            if !each_once.contains(&error) {
                each_once.push(error);
            }
        }
        Operation { name, input, output, errors: each_once, traits, origin }
    }
}
