//! A service cut down to some of its operations.

use crate::diagnostic::Diagnostics;
use crate::graph::Service;
use std::collections::HashSet;

/// `service` with those of `operations` that it has, what they reach, their
/// paginators and waiters, and what is said of the service as a whole.
pub fn select(service: &Service, operations: &[String]) -> Service {
    let mut builder = service.to_builder();
    let wanted = |name: &str| operations.iter().any(|operation| operation == name);
    builder.operations.retain(|operation| wanted(&operation.name));
    builder.paginators.retain(|paginator| wanted(&paginator.operation.name));
    builder.waiters.retain(|waiter| wanted(&waiter.operation.name));
    let roots = builder.operations.iter().flat_map(|operation| {
        operation.input.iter().chain(&operation.output).chain(&operation.errors).map(|reference| reference.name.clone())
    });
    let mut pending: Vec<String> = roots.collect();
    let mut reached = HashSet::new();
    while let Some(name) = pending.pop() {
        let found = builder.shapes.binary_search_by(|shape| shape.name.cmp(&name));
        if let (Ok(index), true) = (found, reached.insert(name)) {
            pending.extend(builder.shapes[index].kind.references().into_iter().map(|member| member.target.clone()));
        }
    }
    builder.shapes.retain(|shape| reached.contains(&shape.name));
    // What was whole is whole without what nothing refers to.
    builder.build(&mut Diagnostics::new()).unwrap_or_else(|_| service.clone())
}
