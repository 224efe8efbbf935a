//! Findings that are read off what code notices: types that came and went, names that are taken,
//! constructors whose arguments changed places.

use super::{Judge, Rule, Subject};
use crate::diff::properties::Change;
use crate::diff::rules::explain::is_reordered;
use crate::diff::source::What;
use crate::plan::{Meant, Part};
use std::collections::{BTreeMap, HashSet};

impl Judge<'_> {
    /// Types that the crate has, had, or has under another name.
    pub(super) fn types(&mut self, renamed: &[Change<String>]) {
        for change in renamed {
            if let (Some(was), Some(is)) = (self.old_types.get(&*change.new), self.new_types.get(&*change.new)) {
                let rule = if was == is { Rule::ShapeRenamed } else { Rule::TypeRenamed };
                self.add_shape(rule, &change.new, format!("was {}", change.old));
            }
        }
        let mut found: BTreeMap<&str, (Rule, &str)> = BTreeMap::new();
        for difference in self.noticed.differences {
            let Meant::Shape(shape) = &difference.meant else { continue };
            let is_error = &*difference.path.item == "ServiceError";
            let (rule, message) = match (&difference.path.part, &difference.what) {
                (Part::Itself, What::New) => (Rule::TypeAdded, "is new"),
                (Part::Itself, What::Gone) => (Rule::TypeRemoved, "is gone"),
                (Part::Variant(_), What::New) if is_error => (Rule::ErrorAdded, "is new"),
                (Part::Variant(_), What::Gone) if is_error => (Rule::ErrorRemoved, "is gone"),
                _ => continue,
            };
            if is_error || !found.contains_key(&**shape) {
                found.insert(shape, (rule, message));
            }
        }
        for (shape, (rule, message)) in found {
            self.add_shape(rule, shape, message);
        }
    }

    /// Constructors whose arguments changed places: such code may still compile.
    pub(super) fn orders(&mut self) {
        let mut told = HashSet::new();
        for difference in self.noticed.differences {
            let What::Arguments(Change { old, new }) = &difference.what else { continue };
            let shape = self.noticed.shapes(difference).last().map(|shape| (*shape).to_owned());
            if let Some(shape) = shape.filter(|_| is_reordered(old, new))
                && told.insert(shape.clone())
            {
                self.add_shape(Rule::RequiredMembersReordered, &shape, "takes its required members in another order");
            }
        }
    }

    /// Names that stand for something else than before.
    pub(super) fn names(&mut self) {
        let mut told = HashSet::new();
        for difference in self.noticed.differences {
            let What::Taken { was, .. } = &difference.what else { continue };
            let is_of_catch_all = match (was, &difference.meant) {
                // Both have rules of their own.
                (Meant::CatchAll, Meant::Value(_)) | (_, Meant::CatchAll) => true,
                _ => false,
            };
            for subject in self.noticed.subjects(difference) {
                // Of an operation its method, its input and its output, of a member its field and its setter.
                if !is_of_catch_all && told.insert(subject.clone()) {
                    self.add(Rule::NameTaken, subject, difference.to_string());
                }
            }
        }
    }

    /// Whether the name of a value was that of the variant for unknown values.
    pub(super) fn is_named_like_the_catch_all(&self, value: &Subject) -> bool {
        self.noticed.differences.iter().any(|difference| {
            matches!(difference.what, What::Taken { was: Meant::CatchAll, .. })
                && self.noticed.subjects(difference).contains(value)
        })
    }
}
