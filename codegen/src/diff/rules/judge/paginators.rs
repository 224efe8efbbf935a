//! How operations are paginated, by the model or because of what their members are.

use super::{Judge, Rule};
use crate::diff::properties::PaginatorChange;
use crate::diff::text;
use crate::graph::MemberPath;
use crate::plan::{OperationPlan, Outline, PaginatorPlan};
use std::collections::HashMap;

impl Judge<'_> {
    /// The paginator that the model has of an operation says something else.
    pub(super) fn paginator(&mut self, operation: &str, change: &PaginatorChange) {
        let rule = match change {
            PaginatorChange::ResultKeys(keys) if keys.old.first() == keys.new.first() => Rule::PaginatorChanged,
            PaginatorChange::ResultKeys(keys) if keys.old.is_empty() => Rule::PaginatorItemsAdded,
            PaginatorChange::ResultKeys(_) | PaginatorChange::InputTokens(_) => Rule::PaginatorItemsChanged,
            PaginatorChange::OutputTokens(_)
            | PaginatorChange::LimitKey(_)
            | PaginatorChange::MoreResults(_)
            | PaginatorChange::NonAggregateKeys(_) => Rule::PaginatorChanged,
        };
        self.add_operation(rule, operation, text::property(change));
    }

    /// Operations of both crates that are paginated in one only, or by the model in one only.
    pub(super) fn paginators(&mut self, old: &Outline<'_>, new: &Outline<'_>) {
        let before: HashMap<&str, &OperationPlan<'_>> =
            old.operations.iter().map(|operation| (operation.wire_name, operation)).collect();
        for OperationPlan { wire_name: name, paginator: is, .. } in &new.operations {
            let Some(OperationPlan { paginator: was, .. }) = before.get(name) else { continue };
            match (was, is) {
                (None, Some(PaginatorPlan { inferred, .. })) => {
                    let how = if *inferred { "is paginated, as inferred" } else { "is paginated" };
                    self.add_operation(Rule::PaginatorAdded, name, how);
                }
                (Some(PaginatorPlan { inferred, .. }), None) => {
                    let how = if *inferred { "no longer infers a paginator" } else { "is no longer paginated" };
                    self.add_operation(Rule::PaginatorRemoved, name, how);
                }
                (Some(was), Some(is)) if was.inferred || is.inferred => self.paginated_otherwise(name, was, is),
                // What of the model changed is told as that.
                (Some(_), Some(_)) | (None, None) => {}
            }
        }
    }

    /// It is paginated as before, but by the model instead of by inference or the reverse, or over other items.
    fn paginated_otherwise(&mut self, operation: &str, was: &PaginatorPlan, is: &PaginatorPlan) {
        let path = |items: &Option<MemberPath>| items.as_ref().map(ToString::to_string);
        let message = text::change("items", &path(&was.items), &path(&is.items));
        match (&was.items, &is.items) {
            (old, new) if old == new && was.inferred == is.inferred => {}
            (old, new) if old == new => {
                self.add_operation(Rule::PaginatorInferred, operation, "has a paginator of the model, or had one");
            }
            (None, _) => self.add_operation(Rule::PaginatorItemsAdded, operation, message),
            (Some(_), _) => self.add_operation(Rule::PaginatorItemsChanged, operation, message),
        }
    }
}
