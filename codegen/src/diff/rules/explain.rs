//! Which finding explains what code notices.

use super::reach::Reach;
use super::subject::Subject;
use super::{Explains, Finding, Rule};
use crate::diff::properties::Change;
use crate::diff::source::{Difference, What};
use crate::graph::{NameRef, Operation};
use crate::plan::{Meant, Part};
use std::collections::HashMap;

/// What code notices, and what of the two models it is about.
pub(super) struct Noticed<'a> {
    pub differences: &'a [Difference],
    pub old: &'a Reach<'a>,
    pub new: &'a Reach<'a>,
}

impl Noticed<'_> {
    /// Lets each difference count as what explains it; what nothing explains is a finding of its own.
    pub fn explain(&self, findings: &mut Vec<(Subject, Finding)>) {
        let mut by_subject: HashMap<Subject, Vec<usize>> = HashMap::new();
        for (index, (subject, _)) in findings.iter().enumerate() {
            by_subject.entry(subject.clone()).or_default().push(index);
        }
        let mut unexplained = Vec::new();
        for difference in self.differences {
            let explaining = self.reasons(difference).into_iter().find_map(|(explains, subjects)| {
                let of_subjects = subjects.iter().filter_map(|subject| by_subject.get(subject)).flatten().copied();
                let found: Vec<usize> =
                    of_subjects.filter(|index| findings[*index].1.rule.explains() == explains).collect();
                (!found.is_empty()).then_some(found)
            });
            for index in explaining.iter().flatten() {
                let source = &mut findings[*index].1.source;
                *source = difference.effect().max(*source);
            }
            if explaining.is_none() {
                unexplained.push(self.finding(difference));
            }
        }
        findings.append(&mut unexplained);
    }

    fn finding(&self, difference: &Difference) -> (Subject, Finding) {
        let subject = self.subjects(difference).into_iter().next().unwrap_or(Subject::Service);
        let operations = subject.operations(self.old, self.new);
        let (message, source) = (difference.to_string(), difference.effect());
        let finding = Finding { rule: Rule::SourceChanged, subject: subject.to_string(), message, operations, source };
        (subject, finding)
    }

    /// What may explain a difference, the nearest first.
    fn reasons(&self, difference: &Difference) -> Vec<(Explains, Vec<Subject>)> {
        let own = self.subjects(difference);
        let owners = self.owners(difference);
        match difference.what {
            What::Deprecated(_) => vec![(Explains::Deprecation, own), (Explains::Deprecation, owners)],
            What::New
            | What::Gone
            | What::Renamed(_)
            | What::Signature(_)
            | What::Arguments(_)
            | What::Items(_)
            | What::Taken { .. } => {
                let others = self.others(&own);
                let is_taken = matches!(difference.what, What::Taken { .. });
                let mut reasons = vec![(Explains::Code, own.clone()), (Explains::Code, self.held(&own))];
                reasons.insert(if is_taken { 0 } else { 2 }, (Explains::Names, [own, others.clone()].concat()));
                reasons.extend([(Explains::Code, others), (Explains::Code, owners)]);
                reasons
            }
        }
    }

    /// What of the models a difference is about.
    pub fn subjects(&self, difference: &Difference) -> Vec<Subject> {
        let parts =
            |of: &dyn Fn(&str) -> Subject| -> Vec<Subject> { self.shapes(difference).into_iter().map(of).collect() };
        let whole = |shape: &str| Subject::Shape(shape.to_owned());
        match (&difference.meant, &difference.what) {
            (_, What::Arguments(Change { old, new })) => {
                let came_or_went = old.iter().chain(new).filter(|name| !(old.contains(name) && new.contains(name)));
                let mut subjects: Vec<Subject> =
                    came_or_went.flat_map(|name| parts(&|shape| Subject::member(shape, name))).collect();
                if is_reordered(old, new) {
                    subjects.extend(parts(&whole));
                }
                subjects
            }
            (Meant::Arguments(names), _) => {
                names.iter().flat_map(|name| parts(&|shape| Subject::member(shape, name))).collect()
            }
            (Meant::Member(name), _) => parts(&|shape| Subject::member(shape, name)),
            (Meant::Value(value), _) => parts(&|shape| Subject::value(shape, value)),
            (Meant::CatchAll, _) => parts(&whole),
            (Meant::Items(path), _) => self.items(difference, path),
            (Meant::Batch { list, failures }, _) => self.batch(difference, list, failures.as_deref()),
            (meant, _) => of_whole(meant).into_iter().collect(),
        }
    }

    /// The operation that pages are of, and the member of its output that has their items.
    fn items(&self, Difference { item, .. }: &Difference, path: &str) -> Vec<Subject> {
        let mut subjects: Vec<Subject> = item.as_ref().and_then(of_whole).into_iter().collect();
        let Some(Meant::Input(operation)) = item else { return subjects };
        for reach in [self.old, self.new] {
            let output = reach.operation(operation).and_then(|operation| operation.output.as_ref());
            let (mut at, mut member) = (output.map(|output| &*output.name), None);
            for name in path.split('.') {
                let Some(shape) = at else { break };
                member = Some(Subject::member(shape, name));
                at = reach.target(shape, name);
            }
            subjects.extend(member);
        }
        subjects
    }

    /// The operation that has a batch, and the members of its input and output that have the items and the failures.
    fn batch(&self, Difference { item, .. }: &Difference, list: &str, failures: Option<&str>) -> Vec<Subject> {
        let mut subjects: Vec<Subject> = item.as_ref().and_then(of_whole).into_iter().collect();
        let Some(Meant::Input(name)) = item else { return subjects };
        let operations = [self.old, self.new].into_iter().filter_map(|reach| reach.operation(name));
        for Operation { input, output, .. } in operations {
            let member = |shape: &Option<NameRef>, name| Some(Subject::member(&shape.as_ref()?.name, name));
            subjects.extend(member(input, list));
            subjects.extend(failures.and_then(|failures| member(output, failures)));
        }
        subjects
    }

    /// The type that a path is in.
    fn owners(&self, difference: &Difference) -> Vec<Subject> {
        let shapes = self.shapes(difference).into_iter().map(|shape| Subject::Shape(shape.to_owned()));
        shapes.chain(difference.item.as_ref().and_then(of_whole)).collect()
    }

    /// The shapes of the type that a path is in: of an input or output there may be one in each model.
    pub fn shapes<'d>(&'d self, Difference { item, .. }: &'d Difference) -> Vec<&'d str> {
        let of = |name: &str, role: fn(&Operation<NameRef>) -> &Option<NameRef>| {
            let operations = [self.old, self.new].into_iter().filter_map(|reach| reach.operation(name));
            operations.filter_map(|operation| Some(role(operation).as_ref()?.name.as_str())).collect()
        };
        let mut shapes: Vec<&str> = match item {
            Some(Meant::Shape(shape)) => vec![shape],
            Some(Meant::Input(name)) => of(name, |operation| &operation.input),
            Some(Meant::Output(name)) => of(name, |operation| &operation.output),
            _ => Vec::new(),
        };
        shapes.dedup();
        shapes
    }

    /// What members hold, whole or in lists and maps, in either model.
    fn held(&self, members: &[Subject]) -> Vec<Subject> {
        let mut held = Vec::new();
        for reach in [self.old, self.new] {
            let targets = members.iter().filter_map(|member| match member {
                Subject::Member(shape, name) => reach.target(shape, name),
                _ => None,
            });
            for shape in targets.flat_map(|target| reach.held(target)) {
                held.push(Subject::Shape(shape.to_owned()));
                held.extend(reach.elements(shape).map(|element| Subject::member(shape, &element.name)));
            }
        }
        held
    }

    /// What took the names of `these`, or had the names that they have now.
    fn others(&self, these: &[Subject]) -> Vec<Subject> {
        let pairs = self.differences.iter().filter_map(|difference| match &difference.what {
            What::Taken { was, .. } => {
                let former = Difference { meant: was.clone(), ..difference.clone() };
                Some([self.subjects(&former), self.subjects(difference)])
            }
            _ => None,
        });
        let has = |subjects: &[Subject]| subjects.iter().any(|subject| these.contains(subject));
        let other = pairs.flat_map(|[was, is]| match (has(&was), has(&is)) {
            (true, _) => is,
            (_, true) => was,
            _ => Vec::new(),
        });
        other.collect()
    }

    /// Whether what a member takes and holds is of another type.
    pub fn is_retyped(&self, member: &Subject) -> bool {
        self.differences.iter().any(|difference| {
            matches!(difference.what, What::Signature(_))
                && matches!(difference.path.part, Part::Function(_) | Part::Variant(_))
                && matches!(difference.meant, Meant::Member(_))
                && self.subjects(difference).contains(member)
        })
    }
}

/// Whether what is in both lists stands there in another order.
pub(super) fn is_reordered(old: &[String], new: &[String]) -> bool {
    let before = old.iter().filter(|name| new.contains(name));
    let after = new.iter().filter(|name| old.contains(name));
    !before.eq(after)
}

/// What something is about that is no part of anything.
fn of_whole(meant: &Meant) -> Option<Subject> {
    match meant {
        Meant::Shape(name) => Some(Subject::Shape(name.clone())),
        Meant::Input(name) | Meant::Output(name) | Meant::Operation(name) => Some(Subject::Operation(name.clone())),
        Meant::Waiter(name) => Some(Subject::Waiter(name.clone())),
        Meant::EndpointRules => Some(Subject::EndpointRules),
        Meant::EndpointParameter(name) => Some(Subject::EndpointParameter(name.clone())),
        Meant::Member(_) | Meant::Arguments(_) | Meant::Value(_) | Meant::CatchAll => None,
        Meant::Items(_) | Meant::Batch { .. } => None,
    }
}

impl Subject {
    /// The operations that reach it in either model.
    pub fn operations(&self, old: &Reach<'_>, new: &Reach<'_>) -> Vec<String> {
        if let Self::Operation(name) = self {
            return vec![name.clone()];
        }
        let uses = [old, new].into_iter().filter_map(|reach| reach.uses(self.shape()?));
        let operations: std::collections::BTreeSet<&str> = uses.flat_map(|uses| &uses.operations).copied().collect();
        operations.into_iter().map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Origin;
    use crate::diff::rules::Effect;
    use crate::graph::ServiceBuilder;
    use crate::plan::Path;

    #[test]
    fn what_no_finding_explains_is_one_itself() {
        let nothing = ServiceBuilder::new("pets", Origin::default());
        let (old, new) = (Reach::of(&nothing), Reach::of(&nothing));
        let path = Path { item: "types::Pet".into(), part: Part::Itself };
        let meant = Meant::Shape("Pet".to_owned());
        let gone = Difference { path, item: Some(meant.clone()), meant, what: What::Gone };
        let noticed = Noticed { differences: &[gone], old: &old, new: &new };
        let explained_by = |rule: Rule| {
            let subject = Subject::Shape("Pet".to_owned());
            let (message, operations) = Default::default();
            let finding = Finding { rule, subject: subject.to_string(), message, operations, source: Effect::None };
            let mut findings = vec![(subject, finding)];
            noticed.explain(&mut findings);
            let told = findings.into_iter().map(|(_, finding)| (finding.rule, finding.source, finding.message));
            told.collect::<Vec<_>>()
        };
        assert_eq!(explained_by(Rule::TypeRemoved), [(Rule::TypeRemoved, Effect::Break, String::new())]);
        for other in [Rule::ConstraintTightened, Rule::DeprecatedAdded] {
            let itself = (Rule::SourceChanged, Effect::Break, "types::Pet is gone".to_owned());
            assert_eq!(explained_by(other), [(other, Effect::None, String::new()), itself]);
        }
    }
}
