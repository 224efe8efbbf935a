//! Which operations are emitted, and what they reach.

use crate::diagnostic::Diagnostics;
use crate::graph::{Operation, OperationId, Service, ShapeId, ShapeKind};
use crate::plan::{Direction, Skipped};

/// Selected operations, the shapes that they reach, and what is left out.
#[derive(Debug)]
pub(super) struct Closure {
    /// Selected operations, in the order of the graph.
    pub operations: Vec<OperationId>,
    /// For every shape, where the closure reaches it; the input and output
    /// structures themselves only where something else refers to them too.
    pub reached: Vec<Direction>,
    /// Errors of the selected operations.
    pub errors: Vec<ShapeId>,
    /// What the selection names but generation cannot do.
    pub skipped: Vec<Skipped>,
}

/// Follows all references of the operations that `wanted` accepts.
pub(super) fn closure(service: &Service, wanted: impl Fn(&Operation) -> bool) -> Closure {
    let mut closure = Closure {
        operations: Vec::new(),
        reached: vec![Direction::default(); service.shapes().len()],
        errors: Vec::new(),
        skipped: Vec::new(),
    };
    for (id, operation) in service.operations().filter(|(_, operation)| wanted(operation)) {
        if let Some(reason) = unsupported(service, operation) {
            closure.skipped.push(Skipped { what: operation.name.clone(), reason: reason.to_owned() });
            continue;
        }
        closure.operations.push(id);
        for (root, direction) in [
            (operation.input, Direction { input: true, output: false }),
            (operation.output, Direction { input: false, output: true }),
        ] {
            for target in root.into_iter().flat_map(|root| service[root].targets()) {
                closure.reach(service, target, direction);
            }
        }
        for &error in &operation.errors {
            closure.reach(service, error, Direction { input: false, output: true });
            if !closure.errors.contains(&error) {
                closure.errors.push(error);
            }
        }
    }
    closure
}

impl Closure {
    fn reach(&mut self, service: &Service, root: ShapeId, direction: Direction) {
        let mut stack = vec![root];
        while let Some(id) = stack.pop() {
            let reached = &mut self.reached[id.index()];
            let wider =
                Direction { input: reached.input || direction.input, output: reached.output || direction.output };
            if *reached != wider {
                *reached = wider;
                stack.extend(service[id].targets());
            }
        }
    }
}

/// Why an operation cannot be emitted, if it cannot.
fn unsupported(service: &Service, operation: &Operation) -> Option<&'static str> {
    let mut seen = vec![false; service.shapes().len()];
    let mut stack: Vec<ShapeId> = operation.input.into_iter().chain(operation.output).collect();
    while let Some(id) = stack.pop() {
        if std::mem::replace(&mut seen[id.index()], true) {
            continue;
        }
        let shape = &service[id];
        if shape.traits.event_stream {
            return Some("event streams are not supported");
        }
        if shape.traits.streaming && shape.kind == ShapeKind::Blob {
            return Some("streaming blobs are not supported");
        }
        stack.extend(shape.targets());
    }
    None
}

/// Reports names of a selection that no service has.
pub fn check_selection<'a>(
    services: impl Iterator<Item = &'a Service> + Clone,
    operations: &[String],
    diagnostics: &mut Diagnostics,
) {
    for name in operations {
        if services.clone().all(|service| service.operation_named(name).is_none()) {
            let known = services.clone().flat_map(|s| s.operations().map(|(_, operation)| operation.name.as_str()));
            diagnostics
                .error(
                    "unknown-operation",
                    &Default::default(),
                    format!("operation `{name}` is in none of the selected services"),
                )
                .did_you_mean(name, known);
        }
    }
}
