//! Which operations are emitted, and what they reach.

use crate::diagnostic::Diagnostics;
use crate::graph::{Operation, OperationId, Service, Shape, ShapeId, ShapeKind};
use crate::plan::{Direction, SkipReason, Skipped};

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
    let (mut operations, mut errors, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
    for (id, operation) in service.operations().filter(|(_, operation)| wanted(operation)) {
        if let Some(reason) = unsupported(service, operation) {
            skipped.push(Skipped { what: operation.name.clone(), reason });
            continue;
        }
        operations.push(id);
        for &error in &operation.errors {
            if !errors.contains(&error) {
                errors.push(error);
            }
        }
    }
    let inside = |root: fn(&Operation) -> Option<ShapeId>| {
        let roots = operations.iter().filter_map(move |id| root(&service[*id]));
        roots.flat_map(|root| service[root].targets())
    };
    let mut reached = vec![Direction::default(); service.shapes().len()];
    let inputs = inside(|operation| operation.input);
    let outputs = inside(|operation| operation.output).chain(errors.iter().copied());
    service.reached(inputs).for_each(|id| reached[id.index()].input = true);
    service.reached(outputs).for_each(|id| reached[id.index()].output = true);
    Closure { operations, reached, errors, skipped }
}

/// Why an operation cannot be emitted, if it cannot. With HTTP bindings a streaming blob is a body by itself, of bytes.
fn unsupported(service: &Service, operation: &Operation) -> Option<SkipReason> {
    if !operation.traits.is_authenticated_as(service.metadata().authentication) {
        return Some(SkipReason::Authentication);
    }
    let shapes = service.reached(operation.input.into_iter().chain(operation.output)).map(|id| &service[id]);
    let mut reasons = shapes.filter_map(|Shape { kind, traits, .. }| {
        let events = traits.event_stream.then_some(SkipReason::EventStream);
        let is_streamed = traits.streaming && *kind == ShapeKind::Blob && !service.metadata().has_bindings();
        events.or(is_streamed.then_some(SkipReason::StreamingBlob))
    });
    reasons.next()
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
