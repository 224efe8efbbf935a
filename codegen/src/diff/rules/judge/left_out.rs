//! Operations that the crate leaves out.

use super::{Judge, JudgedModel};
use crate::diff::facts::Fact;
use crate::diff::rules::Rule;
use crate::graph::{Service, ServiceBuilder};
use crate::plan::{Outline, SkipReason};
use std::collections::BTreeMap;

/// Operations that one model at least has, and the crate does not.
pub(super) struct LeftOut<'o> {
    /// Those that the crate has of neither model, with the reason.
    always: BTreeMap<&'o str, SkipReason>,
    /// Those that the new crate lacks, and the old one has.
    now: BTreeMap<&'o str, SkipReason>,
    /// The reverse.
    before: BTreeMap<&'o str, SkipReason>,
}

impl<'o> LeftOut<'o> {
    pub fn between((old, old_outline): JudgedModel<'o>, (new, new_outline): JudgedModel<'o>) -> Self {
        let skipped = |outline: &'o Outline<'_>| -> BTreeMap<&'o str, SkipReason> {
            outline.skipped.iter().map(|skipped| (skipped.what.as_str(), skipped.reason)).collect()
        };
        let (in_old, in_new) = (skipped(old_outline), skipped(new_outline));
        let has = |service: &Service, operation: &str| service.operation_named(operation).is_some();
        let mut left_out = Self { always: BTreeMap::new(), now: BTreeMap::new(), before: BTreeMap::new() };
        for (&operation, &reason) in &in_new {
            let is_generated = has(old, operation) && !in_old.contains_key(operation);
            let list = if is_generated { &mut left_out.now } else { &mut left_out.always };
            list.insert(operation, reason);
        }
        for (&operation, &reason) in in_old.iter().filter(|(operation, _)| !in_new.contains_key(*operation)) {
            let list = if has(new, operation) { &mut left_out.before } else { &mut left_out.always };
            list.insert(operation, reason);
        }
        left_out
    }

    /// Takes out of the old model what the crate of it does not have.
    pub fn drop_from_old(&self, builder: &mut ServiceBuilder) {
        drop_from(builder, [&self.always, &self.before]);
    }

    /// The same of the new model.
    pub fn drop_from_new(&self, builder: &mut ServiceBuilder) {
        drop_from(builder, [&self.always, &self.now]);
    }

    /// Whether a fact is about an operation that one crate at least does not have.
    pub fn is_about(&self, fact: &Fact) -> bool {
        let lists = [&self.always, &self.now, &self.before];
        fact.about().operation().is_some_and(|operation| lists.iter().any(|list| list.contains_key(operation)))
    }
}

fn drop_from(builder: &mut ServiceBuilder, lists: [&BTreeMap<&str, SkipReason>; 2]) {
    let is_there = |operation: &str| lists.iter().all(|list| !list.contains_key(operation));
    builder.operations.retain(|operation| is_there(&operation.name));
    builder.paginators.retain(|paginator| is_there(&paginator.operation.name));
    builder.waiters.retain(|waiter| is_there(&waiter.operation.name));
}

impl Judge<'_> {
    /// Operations that the crate leaves out, or no longer leaves out.
    pub(super) fn left_out(&mut self, left_out: &LeftOut<'_>, facts: &[Fact]) {
        let mut changed: BTreeMap<&str, &str> = BTreeMap::new();
        for fact in facts {
            let what = match fact {
                Fact::OperationAdded(_) => "is new",
                Fact::OperationRemoved(_) => "is gone",
                _ => "changed",
            };
            changed.extend(fact.about().operation().map(|operation| (operation, what)));
        }
        for (operation, reason) in &left_out.always {
            if let Some(what) = changed.get(operation) {
                self.add_operation(Rule::OperationLeftOut, operation, format!("{what}, and left out: {reason}"));
            }
        }
        let groups = [
            (&left_out.now, [Rule::OperationAuthUnknown, Rule::StreamingAdded], "is left out from now on"),
            (
                &left_out.before,
                [Rule::OperationAuthKnown, Rule::StreamingRemoved],
                "is no longer left out, where it was because",
            ),
        ];
        for (operations, [of_authentication, of_streams], what) in groups {
            for (operation, reason) in operations {
                let rule = match reason {
                    SkipReason::Authentication => of_authentication,
                    SkipReason::EventStream | SkipReason::StreamingBlob => of_streams,
                };
                self.add_operation(rule, operation, format!("{what}: {reason}"));
            }
        }
    }
}
