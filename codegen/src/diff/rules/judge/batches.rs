//! Which lists can be split into several calls, because of what their operations are or by the overlay.

use super::{Judge, Rule};
use crate::diff::text;
use crate::plan::{BatchPlan, OperationPlan, Outline};
use std::collections::HashMap;

impl Judge<'_> {
    /// Operations of both crates that have batches in one only, or other ones.
    pub(super) fn batches(&mut self, old: &Outline<'_>, new: &Outline<'_>) {
        let before: HashMap<&str, &OperationPlan<'_>> =
            old.operations.iter().map(|operation| (operation.wire_name, operation)).collect();
        for OperationPlan { wire_name: name, batch: is, .. } in &new.operations {
            let Some(OperationPlan { batch: was, .. }) = before.get(name) else { continue };
            match (was, is) {
                (None, Some(batch)) => {
                    let message = format!("splits `{}` into several calls{}", batch.list, inferred(batch));
                    self.add_operation(Rule::BatchAdded, name, message);
                }
                (Some(batch), None) => {
                    let message = format!("no longer splits `{}` into several calls", batch.list);
                    self.add_operation(Rule::BatchRemoved, name, message);
                }
                (Some(was), Some(is)) => self.batched_otherwise(name, was, is),
                (None, None) => {}
            }
        }
    }

    fn batched_otherwise(&mut self, operation: &str, was: &BatchPlan, is: &BatchPlan) {
        let list = |batch: &BatchPlan| Some(batch.list.clone());
        let maximum = |batch: &BatchPlan| Some(batch.maximum.to_string());
        let failures = |batch: &BatchPlan| batch.failures.as_ref().map(ToString::to_string);
        let properties = [
            ("split list", list(was), list(is)),
            ("items in a call", maximum(was), maximum(is)),
            ("failures", failures(was), failures(is)),
        ];
        let mut changed = false;
        for (property, old, new) in properties.into_iter().filter(|(_, old, new)| old != new) {
            changed = true;
            self.add_operation(Rule::BatchChanged, operation, text::change(property, &old, &new));
        }
        if !changed && was.is_inferred() != is.is_inferred() {
            self.add_operation(Rule::BatchInferred, operation, "has batches by the overlay, or had them by it");
        }
    }
}

fn inferred(batch: &BatchPlan) -> &'static str {
    if batch.is_inferred() { ", as inferred" } else { "" }
}
