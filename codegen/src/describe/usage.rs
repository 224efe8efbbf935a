//! Who uses a shape.

use crate::graph::reach::reach;
use crate::graph::{OperationId, Service, ShapeId};
use std::collections::BTreeSet;

/// Who uses a shape, by name.
#[derive(Debug, Default)]
pub(super) struct Usage {
    /// Operations of which it is the input or output, and members of shapes
    /// that are it: `CreateFleet input`, `Fleet.Name`.
    pub direct: Vec<String>,
    /// Operations whose requests reach it.
    pub requests: Vec<String>,
    /// Operations whose responses reach it.
    pub responses: Vec<String>,
    /// Operations whose errors reach it.
    pub errors: Vec<String>,
}

pub(super) fn usage(service: &Service, id: ShapeId) -> Usage {
    let users = users(service, id);
    let reached_by = |roots: &dyn Fn(OperationId) -> Vec<ShapeId>| -> Vec<String> {
        let reaching = service.operations().filter(|(id, _)| roots(*id).iter().any(|root| users.contains(root)));
        reaching.map(|(_, operation)| operation.name.clone()).collect()
    };
    Usage {
        direct: direct(service, id),
        requests: reached_by(&|operation| service[operation].input.into_iter().collect()),
        responses: reached_by(&|operation| service[operation].output.into_iter().collect()),
        errors: reached_by(&|operation| service[operation].errors.clone()),
    }
}

/// The shape, and all that refer to it, directly or not.
fn users(service: &Service, id: ShapeId) -> BTreeSet<ShapeId> {
    let mut referrers = vec![Vec::new(); service.shapes().len()];
    for (from, shape) in service.shapes() {
        shape.targets().for_each(|to| referrers[to.index()].push(from));
    }
    let mut seen = BTreeSet::new();
    reach([id], |id| seen.insert(id), |id| referrers[id.index()].iter().copied()).collect()
}

fn direct(service: &Service, id: ShapeId) -> Vec<String> {
    let mut users = Vec::new();
    for (_, operation) in service.operations() {
        let role = |what: &str| format!("{} {what}", operation.name);
        users.extend((operation.input == Some(id)).then(|| role("input")));
        users.extend((operation.output == Some(id)).then(|| role("output")));
    }
    for (_, shape) in service.shapes() {
        let of_it = shape.members().filter(|member| member.target == id);
        users.extend(of_it.map(|member| format!("{}.{}", shape.name, member.name)));
    }
    users
}
