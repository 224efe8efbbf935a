//! Shapes, members and enum values.

use super::constraints::{limit, pattern};
use super::{Judge, Subject, Users, deprecation};
use crate::diff::facts::{Fact, members, values, values_of};
use crate::diff::properties::{Change, MemberChange, PropertyChange, ShapeChange, ValueChange};
use crate::diff::rules::Rule;
use crate::diff::rules::places::Said;
use crate::diff::rules::reach::{Reach, is_owed};
use crate::diff::text;
use crate::graph::{EnumValue, ErrorTrait, Member, MemberTraits, NameRef, Shape, ShapeKind};
use std::collections::BTreeSet;

impl Judge<'_> {
    pub(super) fn shape_itself(&mut self, fact: &Fact) {
        let (rule, name, message) = match fact {
            Fact::ShapeRenamed(change) if !self.old_types.contains_key(&*change.new) => {
                (Rule::ShapeRenamed, &change.new, format!("was {}", change.old))
            }
            Fact::ShapeAdded(shape) if !self.new_types.contains_key(&*shape.name) => {
                (Rule::ShapeAdded, &shape.name, "is new".to_owned())
            }
            Fact::ShapeRemoved(shape) if !self.old_types.contains_key(&*shape.name) => {
                (Rule::ShapeRemoved, &shape.name, "is gone".to_owned())
            }
            // Types are looked at as a whole: a shape may stay and no longer be used.
            _ => return,
        };
        self.add_shape(rule, name, message);
    }

    /// A fact about what a shape is or has inside.
    pub(super) fn inside_shape(&mut self, shape: &str, fact: &Fact, users: Users) {
        match fact {
            Fact::ShapeChanged { change, .. } => {
                self.shape(shape, &Subject::Shape(shape.to_owned()), change, (shape, shape), users);
            }
            Fact::KindChanged { kind, .. } => self.kinds(Subject::Shape(shape.to_owned()), kind),
            Fact::SparseChanged { sparse, .. } => {
                let message = if sparse.new { "keeps null elements" } else { "no longer has null elements" };
                self.add_shape(Rule::SparseChanged, shape, message);
            }
            Fact::ValueAdded { .. }
            | Fact::ValueRemoved { .. }
            | Fact::ValueChanged { .. }
            | Fact::ValuesReordered { .. } => self.value(shape, fact, users),
            _ => self.member(shape, fact, users, &mut BTreeSet::new()),
        }
    }

    /// `subject` is what the trait is said of: the shape, or a member that holds
    /// another shape than before. `of` are the shapes that say it, in the old and in the new model.
    fn shape(&mut self, shape: &str, subject: &Subject, change: &ShapeChange, of: (&str, &str), users: Users) {
        let rule = match change {
            ShapeChange::Sensitive(_) | ShapeChange::Redacted(_) if self.is_as_secret(shape, subject) => {
                Rule::SpellingChanged
            }
            ShapeChange::TimestampFormat(_) if self.agree(shape, subject, |said| said.format) => Rule::SpellingChanged,
            ShapeChange::Min(_) | ShapeChange::Max(_) if self.is_as_limited(shape, subject) => Rule::SpellingChanged,
            ShapeChange::Pattern(_) if self.matches_the_same(shape, subject) => Rule::SpellingChanged,
            ShapeChange::Sensitive(Change { new, .. }) => sensitive(*new),
            ShapeChange::Redacted(Change { new, .. }) => sensitive(new.is_some()),
            ShapeChange::Min(change) => limit(change, users, |old, new| new > old),
            ShapeChange::Max(change) => limit(change, users, |old, new| new < old),
            ShapeChange::Pattern(Change { old, new }) => pattern(old.as_deref(), new.as_deref(), users),
            ShapeChange::UniqueItems(Change { new, .. }) => self.unique(*new, users),
            // What it corrects is told by itself.
            ShapeChange::Correction(_) => Rule::SpellingChanged,
            ShapeChange::TimestampFormat(_) => Rule::TimestampFormatChanged,
            ShapeChange::Error(change) => return self.error(shape, change),
            ShapeChange::EventStream(Change { new: true, .. }) | ShapeChange::Streaming(Change { new: true, .. }) => {
                Rule::StreamingAdded
            }
            ShapeChange::EventStream(_) | ShapeChange::Streaming(_) => Rule::StreamingRemoved,
            ShapeChange::MediaType(_) => Rule::MediaTypeChanged,
            ShapeChange::XmlNamespace(_) => Rule::ElementsChanged,
            ShapeChange::Deprecated(change) => deprecation(change),
            ShapeChange::Documentation(_) => Rule::DocumentationChanged,
        };
        let written = self.written(change, of);
        self.add(rule, subject.clone(), text::property(written.as_ref().unwrap_or(change)));
    }

    /// What changed, in the words of the models.
    fn written(&self, change: &ShapeChange, (old, new): (&str, &str)) -> Option<ShapeChange> {
        let changes = ShapeChange::between(self.written.0.get(old)?, self.written.1.get(new)?);
        changes.into_iter().find(|written| written.property() == change.property())
    }

    /// Whether in the places that a trait is said of, `what` is the same in both models:
    /// in `subject` where that is a member, or else wherever the shape is.
    pub(super) fn agree<T: PartialEq>(&self, shape: &str, subject: &Subject, what: impl Fn(&Said) -> T) -> bool {
        let [old, new] = &self.places;
        match subject {
            Subject::Member(shape, name) => old.agree(new, [shape, name], what),
            _ => old.agree_of(new, shape, what),
        }
    }

    /// Whether nothing more or less is shown in logs.
    fn is_as_secret(&self, shape: &str, subject: &Subject) -> bool {
        let secret = |reach: &Reach<'_>| reach.shape(shape).is_some_and(|shape| shape.traits.is_sensitive());
        // A type hides itself, wherever it is.
        let is_type = self.old_types.contains_key(shape) || self.new_types.contains_key(shape);
        if matches!(subject, Subject::Shape(_)) && is_type {
            return secret(self.noticed.old) == secret(self.noticed.new);
        }
        self.agree(shape, subject, |said| said.sensitive)
    }

    fn error(&mut self, shape: &str, change: &Change<Option<ErrorTrait>>) {
        let none = ErrorTrait::default();
        let (old, new) = (change.old.as_ref().unwrap_or(&none), change.new.as_ref().unwrap_or(&none));
        if old.code != new.code {
            let message = text::change("code", &old.code, &new.code);
            self.add_shape(Rule::ErrorCodeChanged, shape, message);
        }
        if old.http_status != new.http_status {
            let status = |of: &ErrorTrait| of.http_status.map(|status| status.to_string());
            let message = text::change("HTTP status", &status(old), &status(new));
            // A model that says more or less is no other service.
            let is_known = old.http_status.is_some() && new.http_status.is_some();
            let rule = if is_known { Rule::ErrorStatusChanged } else { Rule::SpellingChanged };
            self.add_shape(rule, shape, message);
        }
        if old.retry != new.retry {
            let retry = |of: &ErrorTrait| of.retry.map(|retry| retry.word().to_owned());
            let message = text::change("another try", &retry(old), &retry(new));
            self.add_shape(Rule::ErrorRetryChanged, shape, message);
        }
    }

    /// A shape is now of another kind, or a member holds a shape of another kind.
    fn kinds(&mut self, subject: Subject, kind: &Change<ShapeKind<NameRef>>) {
        let is_enum = |kind: &ShapeKind<NameRef>| matches!(kind, ShapeKind::Enum(_));
        let is_string = |kind: &ShapeKind<NameRef>| matches!(kind, ShapeKind::String);
        let rule = match (&kind.old, &kind.new) {
            (old, new) if is_string(old) && is_enum(new) => Rule::TypeChangedToEnum,
            (old, new) if is_enum(old) && is_string(new) => Rule::TypeChangedFromEnum,
            _ => Rule::TypeChanged,
        };
        let message = format!("is of type {}, and was {}", kind.new.type_name(), kind.old.type_name());
        self.add(rule, subject, message);
    }

    pub(super) fn member_differences(
        &mut self,
        owner: &str,
        old: &[Member<NameRef>],
        new: &[Member<NameRef>],
        users: Users,
        compared: &mut BTreeSet<(String, String)>,
    ) {
        let mut facts = Vec::new();
        members(owner, old, new, &mut facts);
        facts.iter().for_each(|fact| self.member(owner, fact, users, compared));
    }

    fn member(&mut self, shape: &str, fact: &Fact, users: Users, compared: &mut BTreeSet<(String, String)>) {
        let is_union = self.noticed.new.shape(shape).is_some_and(|shape| matches!(shape.kind, ShapeKind::Union(_)));
        let subject = |member: &str| Subject::member(shape, member);
        match fact {
            Fact::MemberAdded { member, .. } => {
                let rule = match (is_union, is_owed(member), users.input) {
                    (true, ..) => Rule::UnionMemberAdded,
                    (_, false, true) => Rule::MemberAddedInput,
                    (_, false, false) => Rule::MemberAddedOutput,
                    (_, true, true) => Rule::MemberAddedRequiredInput,
                    (_, true, false) => Rule::MemberAddedRequiredOutput,
                };
                let required = if member.traits.required { "required" } else { "optional" };
                self.add(rule, subject(&member.name), format!("is new, and {required}"));
            }
            Fact::MemberRemoved { member, .. } => {
                let rule = match (is_union, users.input) {
                    (true, _) => Rule::UnionMemberRemoved,
                    (_, true) => Rule::MemberRemovedInput,
                    (_, false) => Rule::MemberRemovedOutput,
                };
                self.add(rule, subject(&member.name), "is gone");
            }
            Fact::MemberRetargeted { member, target, .. } => {
                self.targets(shape, &subject(member), target, users, compared);
                if !self.noticed.is_retyped(&subject(member)) {
                    let message = format!("holds {}, and held {}: the same on the wire", target.new, target.old);
                    self.add(Rule::MemberTargetChanged, subject(member), message);
                }
            }
            Fact::MemberChanged { member, change, .. } => self.member_trait(shape, member, change, users),
            Fact::MembersReordered { .. } => {
                self.add_shape(Rule::MembersReordered, shape, "has its members in another order");
            }
            _ => {}
        }
    }

    fn member_trait(&mut self, shape: &str, member: &str, change: &MemberChange, users: Users) {
        let subject = Subject::member(shape, member);
        let rule = match change {
            MemberChange::WireName(_) => Rule::MemberWireNameChanged,
            MemberChange::Place(_) => Rule::MemberPlaceChanged,
            MemberChange::MediaType(_) => Rule::MediaTypeChanged,
            MemberChange::XmlNamespace(_) | MemberChange::XmlAttribute(_) | MemberChange::XmlFlattened(_) => {
                Rule::ElementsChanged
            }
            MemberChange::QueryName(_) => Rule::MemberWireNameChanged,
            MemberChange::Required(change) => self.requirement(shape, member, change.new, users),
            MemberChange::IdempotencyToken(_)
                if self.in_models(shape, member, |traits| traits.required).contains(&true) =>
            {
                Rule::MemberTokenRequiredChanged
            }
            MemberChange::IdempotencyToken(_) => Rule::MemberTokenChanged,
            MemberChange::TimestampFormat(_) if self.agree(shape, &subject, |said| said.format) => {
                Rule::SpellingChanged
            }
            MemberChange::Sensitive(_) | MemberChange::Redacted(_)
                if self.agree(shape, &subject, |said| said.sensitive) =>
            {
                Rule::SpellingChanged
            }
            MemberChange::TimestampFormat(_) => Rule::TimestampFormatChanged,
            MemberChange::HostLabel(_) => Rule::MemberHostLabelChanged,
            MemberChange::ContextParam(_) => Rule::MemberContextParamChanged,
            MemberChange::Sensitive(Change { new, .. }) => sensitive(*new),
            MemberChange::Redacted(Change { new, .. }) => sensitive(new.is_some()),
            MemberChange::Limits(_) => self.own_constraint(&subject, users).0,
            MemberChange::Pattern(_) => self.own_constraint(&subject, users).1,
            // What it corrects is told by itself.
            MemberChange::Correction(_) => Rule::SpellingChanged,
            MemberChange::Default(Change { old: None, .. }) => Rule::MemberDefaultAdded,
            MemberChange::Default(Change { new: None, .. }) => Rule::MemberDefaultRemoved,
            MemberChange::Default(_) => Rule::MemberDefaultChanged,
            // Whose default it is counts, and is told as that.
            MemberChange::ClientOptional(_) => Rule::SpellingChanged,
            MemberChange::Deprecated(change) => deprecation(change),
            MemberChange::Documentation(_) => Rule::DocumentationChanged,
        };
        self.add(rule, subject, text::property(change));
    }

    /// A member is required now, or no longer.
    fn requirement(&self, shape: &str, member: &str, required: bool, users: Users) -> Rule {
        let is = |is: fn(&MemberTraits) -> bool| self.in_models(shape, member, is);
        match (is(|traits| traits.idempotency_token), is(|traits| traits.default.is_some())) {
            ([true, true], _) => Rule::TokenRequirementChanged,
            // It is no argument with a default, and what comes or goes with that is told of the default.
            (_, [true, _] | [_, true]) => Rule::SpellingChanged,
            _ => match (required, users.input) {
                (true, true) => Rule::MemberNowRequiredInput,
                (true, false) => Rule::MemberNowRequiredOutput,
                (false, true) => Rule::MemberNowOptionalInput,
                (false, false) => Rule::MemberNowOptionalOutput,
            },
        }
    }

    /// Whether something holds of a member in the old and in the new model.
    fn in_models(&self, shape: &str, member: &str, is: fn(&MemberTraits) -> bool) -> [bool; 2] {
        [self.noticed.old, self.noticed.new].map(|reach| {
            let mut members = reach.shape(shape).into_iter().flat_map(|shape| shape.members());
            members.any(|candidate| candidate.name == member && is(&candidate.traits))
        })
    }

    /// `subject`, of `shape`, holds another shape than before: what of it differs.
    fn targets(
        &mut self,
        shape: &str,
        subject: &Subject,
        target: &Change<String>,
        users: Users,
        compared: &mut BTreeSet<(String, String)>,
    ) {
        if target.old == target.new || !compared.insert((target.old.clone(), target.new.clone())) {
            return;
        }
        let (Some(old), Some(new)) = (self.noticed.old.shape(&target.old), self.noticed.new.shape(&target.new)) else {
            return;
        };
        for change in ShapeChange::between(&old.traits, &new.traits) {
            self.shape(shape, subject, &change, (&old.name, &new.name), users);
        }
        let is_type = self.old_types.contains_key(&*old.name) || self.new_types.contains_key(&*new.name);
        let kind = Change { old: old.kind.clone(), new: new.kind.clone() };
        match (&old.kind, &new.kind) {
            (ShapeKind::Structure(was), ShapeKind::Structure(is)) | (ShapeKind::Union(was), ShapeKind::Union(is)) => {
                self.renamed_type(subject, old, new);
                self.of_place(shape, subject, &new.name, |judge| {
                    judge.member_differences(&new.name, was, is, users, compared);
                });
            }
            (ShapeKind::List { sparse: was, .. }, ShapeKind::List { sparse: is, .. })
            | (ShapeKind::Map { sparse: was, .. }, ShapeKind::Map { sparse: is, .. }) => {
                if was != is {
                    self.add(Rule::SparseChanged, subject.clone(), "keeps null elements, or no longer");
                }
                for (was, is) in old.members().zip(new.members()) {
                    let target = Change { old: was.target.name.clone(), new: is.target.name.clone() };
                    self.targets(shape, subject, &target, users, compared);
                }
            }
            (was, is) if was.type_name() == is.type_name() => {
                if is_type {
                    self.renamed_type(subject, old, new);
                }
                if let (Some(was), Some(is)) = (values_of(was), values_of(is)) {
                    self.of_place(shape, subject, &new.name, |judge| {
                        judge.value_differences(&new.name, &was, &is, users);
                    });
                }
            }
            _ => self.kinds(subject.clone(), &kind),
        }
    }

    /// What `find` finds of the shape `held` is told of `subject`, a place in `shape`, where the shape was there before: it
    /// has not lost what only this place lost by holding it.
    fn of_place(&mut self, shape: &str, subject: &Subject, held: &str, find: impl FnOnce(&mut Self)) {
        let before = self.findings.len();
        find(self);
        if self.noticed.old.shape(held).is_none() {
            return;
        }
        let operations = Subject::Shape(shape.to_owned()).operations(self.noticed.old, self.noticed.new);
        let place = subject.to_string();
        for (subject, finding) in &mut self.findings[before..] {
            if subject.inside(held, &place) {
                finding.subject = subject.to_string();
                finding.operations.clone_from(&operations);
            }
        }
    }

    fn renamed_type(&mut self, subject: &Subject, old: &Shape<NameRef>, new: &Shape<NameRef>) {
        let is_same = self.old_types.get(&*old.name) == self.new_types.get(&*new.name);
        let rule = if is_same { Rule::ShapeRenamed } else { Rule::TypeRenamed };
        self.add(rule, subject.clone(), format!("holds {}, and held {}", new.name, old.name));
    }

    fn value_differences(&mut self, shape: &str, old: &[EnumValue], new: &[EnumValue], users: Users) {
        let mut facts = Vec::new();
        values(shape, old, new, &mut facts);
        facts.iter().for_each(|fact| self.value(shape, fact, users));
    }

    fn value(&mut self, shape: &str, fact: &Fact, users: Users) {
        let (rule, value, message) = match fact {
            Fact::ValueAdded { value, .. } => {
                let is_taken = self.is_named_like_the_catch_all(&Subject::value(shape, &value.value));
                let rule = if is_taken { Rule::EnumValueUnknownAdded } else { Rule::EnumValueAdded };
                (rule, Some(&value.value), "is new".to_owned())
            }
            Fact::ValueRemoved { value, .. } => {
                let rule = if users.input { Rule::EnumValueRemovedInput } else { Rule::EnumValueRemovedOutput };
                (rule, Some(&value.value), "is gone".to_owned())
            }
            Fact::ValueChanged { value, change, .. } => {
                let rule = match change {
                    // What the old name stands for now is told by a rule of its own.
                    ValueChange::Name(Change { old, .. }) if self.is_variant(shape, old.as_deref()) => return,
                    ValueChange::Name(_) => Rule::EnumValueRenamed,
                    ValueChange::Deprecated(change) => deprecation(change),
                };
                (rule, Some(value), text::property(change))
            }
            _ => (Rule::EnumValuesReordered, None, "has its values in another order".to_owned()),
        };
        let subject = value.map_or_else(|| Subject::Shape(shape.to_owned()), |value| Subject::value(shape, value));
        self.add(rule, subject, message);
    }

    /// Whether the new crate has a variant of that name.
    fn is_variant(&self, shape: &str, name: Option<&str>) -> bool {
        let values = self.noticed.new.shape(shape).and_then(|shape| values_of(&shape.kind)).unwrap_or_default();
        name.is_some() && values.iter().any(|value| value.name.as_deref() == name)
    }
}

fn sensitive(now: bool) -> Rule {
    if now { Rule::SensitiveAdded } else { Rule::SensitiveRemoved }
}
