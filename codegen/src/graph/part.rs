//! What operations reach, and a service cut down to that.

use super::reach::reach;
use super::{Link, Operation, OperationId, Service, ShapeId};
use std::collections::{BTreeSet, HashMap};

impl<R: Copy + Into<Link>> Service<R> {
    /// All that `roots` lead to, themselves included, each once.
    pub fn reached(&self, roots: impl IntoIterator<Item = R>) -> impl Iterator<Item = R> {
        let mut is_new = self.is_new();
        let is_new = move |link: R| link.into().is_none_or(&mut is_new);
        reach(roots, is_new, |link: R| link.into().into_iter().flat_map(|id| self[id].targets()))
    }

    /// Those of the operations that `wanted` accepts of which all is there, with what they reach, their paginators and
    /// waiters, and what is said of the service as a whole.
    #[must_use]
    pub fn part(&self, wanted: impl Fn(&Operation<R>) -> bool) -> Service {
        let is_whole = |root: &R| self.reached([*root]).all(|link| link.into().is_some());
        let kept = self.operations().filter(|(_, operation)| wanted(operation)).filter_map(|(id, operation)| {
            let mut operation = operation.clone();
            operation.errors.retain(is_whole);
            let whole = operation.references().all(is_whole);
            whole.then_some((id, operation))
        });
        let (ids, operations): (Vec<OperationId>, Vec<Operation<R>>) = kept.unzip();
        let roots = operations.iter().flat_map(|operation| operation.references().copied());
        let reached: BTreeSet<ShapeId> = self.reached(roots).filter_map(Into::into).collect();
        let new_ids: HashMap<ShapeId, ShapeId> =
            reached.iter().enumerate().map(|(index, id)| (*id, ShapeId(index as u32))).collect();
        let new_operation = |id: OperationId| Some(OperationId(ids.binary_search(&id).ok()? as u32));
        // What is reached is there, so nothing is lost for want of a new id.
        let new_id = |link: R| new_ids.get(&link.into()?).copied();
        let shapes = reached.iter().filter_map(|id| self[*id].clone().try_map(|link| new_id(link).ok_or(())).ok());
        let paginators = self.paginators.iter();
        let waiters = self.waiters.iter();
        Service {
            name: self.name.clone(),
            metadata: self.metadata.clone(),
            shapes: shapes.collect(),
            operations: operations.into_iter().filter_map(|operation| operation.try_map(new_id)).collect(),
            paginators: paginators.filter_map(|of| Some(of.clone().of(new_operation(of.operation)?))).collect(),
            waiters: waiters.filter_map(|of| Some(of.clone().of(new_operation(of.operation)?))).collect(),
            rule_set: self.rule_set.clone(),
            sentences: self.sentences.clone(),
            origin: self.origin.clone(),
        }
    }
}
