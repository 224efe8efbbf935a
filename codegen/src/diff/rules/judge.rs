//! Which rule each fact falls under.

use super::reach::{Reach, Uses, is_argument};
use super::{Effect, Finding, Rule};
use crate::diff::facts::{Fact, members, type_name, values_of};
use crate::diff::properties::{
    Change, MemberChange, OperationChange, PaginatorChange, ParameterChange, ServiceChange, ShapeChange, ValueChange,
    WaiterChange,
};
use crate::diff::{renames, text};
use crate::graph::builder::{RawKind, RawMember, RawShape};
use crate::graph::{EnumValue, ErrorTrait, MemberPath, Paginator, Protocol, Service, ShapeKind};
use std::collections::BTreeSet;

/// What `facts`, the differences from `old` to `new`, mean.
pub(in crate::diff) fn findings(old: &Service, new: &Service, facts: &[Fact]) -> Vec<Finding> {
    let (mut old, new) = (old.to_builder(), new.to_builder());
    let renamed: Vec<Change<String>> = facts.iter().filter_map(Fact::renamed).cloned().collect();
    renames::rename(&mut old, &renamed);
    let mut judge = Judge { old: Reach::of(&old), new: Reach::of(&new), findings: Vec::new() };
    facts.iter().for_each(|fact| judge.fact(fact));
    judge.types(&renamed);
    judge.inferred_paginators(facts);
    judge.required_orders(facts);
    judge.findings
}

struct Judge<'a> {
    /// By new names.
    old: Reach<'a>,
    new: Reach<'a>,
    findings: Vec<Finding>,
}

/// Whom a change of a shape concerns.
#[derive(Clone, Copy)]
struct Users {
    input: bool,
    any: bool,
}

impl Judge<'_> {
    fn fact(&mut self, fact: &Fact) {
        match fact {
            Fact::ServiceChanged(change) => self.service(change),
            Fact::OperationAdded(operation) => self.add_operation(Rule::OperationAdded, &operation.name, "is new"),
            Fact::OperationRemoved(operation) => self.add_operation(Rule::OperationRemoved, &operation.name, "is gone"),
            Fact::OperationChanged { operation, change } => self.operation(operation, change),
            Fact::InputChanged { operation, shape } => {
                let rules = [Rule::OperationInputAdded, Rule::OperationInputRemoved];
                self.operation_shape(operation, "input", rules, shape, Users { input: true, any: true });
            }
            Fact::OutputChanged { operation, shape } => {
                let rules = [Rule::OperationOutputAdded, Rule::OperationOutputRemoved];
                self.operation_shape(operation, "output", rules, shape, Users { input: false, any: true });
            }
            Fact::ErrorAdded { operation, error, .. } => {
                self.add_operation(Rule::OperationErrorAdded, operation, format!("may fail with {error}"));
            }
            Fact::ErrorRemoved { operation, error } => {
                self.add_operation(Rule::OperationErrorRemoved, operation, format!("no longer fails with {error}"));
            }
            Fact::ErrorsReordered { operation, .. } => {
                self.add_operation(Rule::OperationErrorsReordered, operation, "lists its errors in another order");
            }
            Fact::ShapeRenamed(_) | Fact::ShapeAdded(_) | Fact::ShapeRemoved(_) => self.shape_itself(fact),
            Fact::ShapeChanged { shape, change } => {
                if let Some(users) = self.users(shape) {
                    self.shape(shape, shape, change, users);
                }
            }
            Fact::KindChanged { shape, kind } => {
                if self.users(shape).is_some() {
                    self.kinds(shape, shape, kind);
                }
            }
            Fact::SparseChanged { shape, sparse } => {
                if self.users(shape).is_some() {
                    let message = if sparse.new { "keeps null elements" } else { "no longer has null elements" };
                    self.add(Rule::SparseChanged, shape, shape, message);
                }
            }
            Fact::MemberAdded { shape, .. }
            | Fact::MemberRemoved { shape, .. }
            | Fact::MemberRetargeted { shape, .. }
            | Fact::MemberChanged { shape, .. }
            | Fact::MembersReordered { shape, .. } => {
                if let Some(users) = self.users(shape) {
                    self.member(shape, fact, users, &mut BTreeSet::new());
                }
            }
            Fact::ValueAdded { shape, .. }
            | Fact::ValueRemoved { shape, .. }
            | Fact::ValueChanged { shape, .. }
            | Fact::ValuesReordered { shape, .. } => {
                if let Some(users) = self.users(shape) {
                    self.value(shape, fact, users);
                }
            }
            Fact::PaginatorAdded { .. } | Fact::PaginatorRemoved { .. } | Fact::PaginatorChanged { .. } => {
                self.paginator(fact);
            }
            Fact::WaiterAdded(waiter) => self.waiter(Rule::WaiterAdded, &waiter.name, "is new"),
            Fact::WaiterRemoved(waiter) => self.waiter(Rule::WaiterRemoved, &waiter.name, "is gone"),
            Fact::WaiterChanged { waiter, change } => {
                let rule = match change {
                    WaiterChange::Operation(_) => Rule::WaiterOperationChanged,
                    WaiterChange::Documentation(_) | WaiterChange::Overlay(_) => Rule::DocumentationChanged,
                    _ => Rule::WaiterChanged,
                };
                let message = match change {
                    WaiterChange::Acceptors(change) => text::acceptors(change),
                    _ => text::property(change.property(), &change.values()),
                };
                self.waiter(rule, waiter, message);
            }
            Fact::RuleSetAdded(_)
            | Fact::RuleSetRemoved(_)
            | Fact::ParameterAdded { .. }
            | Fact::ParameterRemoved(_)
            | Fact::ParameterChanged { .. }
            | Fact::ParametersReordered { .. }
            | Fact::RulesChanged(_) => self.endpoint_rules(fact),
        }
    }

    /// Adds a finding about something whose operations are those of `shape`.
    fn add(&mut self, rule: Rule, shape: &str, subject: &str, message: impl Into<String>) {
        let uses = [self.old.uses(shape), self.new.uses(shape)];
        let operations: BTreeSet<&str> =
            uses.into_iter().flatten().flat_map(|uses: &Uses<'_>| &uses.operations).copied().collect();
        let operations = operations.into_iter().map(str::to_owned).collect();
        self.findings.push(Finding { rule, subject: subject.to_owned(), message: message.into(), operations });
    }

    fn add_operation(&mut self, rule: Rule, operation: &str, message: impl Into<String>) {
        let operations = vec![operation.to_owned()];
        self.findings.push(Finding { rule, subject: operation.to_owned(), message: message.into(), operations });
    }

    fn add_service(&mut self, rule: Rule, subject: &str, message: impl Into<String>) {
        let (subject, operations) = (subject.to_owned(), Vec::new());
        self.findings.push(Finding { rule, subject, message: message.into(), operations });
    }

    fn waiter(&mut self, rule: Rule, waiter: &str, message: impl Into<String>) {
        self.add_service(rule, &format!("waiter {waiter}"), message);
    }

    /// Who uses a shape that is in both models. Where nobody does, that is all there
    /// is to say.
    fn users(&mut self, shape: &str) -> Option<Users> {
        let either =
            |of: fn(&Uses<'_>) -> bool| [self.old.uses(shape), self.new.uses(shape)].into_iter().flatten().any(of);
        let users = Users { input: either(|uses| uses.input), any: either(|uses| uses.any()) };
        if !users.any {
            self.add(Rule::ShapeUnused, shape, shape, "changed");
            return None;
        }
        Some(users)
    }

    fn service(&mut self, change: &ServiceChange) {
        let message = text::property(change.property(), &change.values());
        let rule = match change {
            ServiceChange::Protocols(protocols) => return self.protocols(protocols),
            ServiceChange::EndpointPrefix(_) => Rule::EndpointPrefixChanged,
            ServiceChange::SigningName(_) => Rule::SigningNameChanged,
            ServiceChange::TargetPrefix(_) => Rule::TargetPrefixChanged,
            ServiceChange::QueryCompatible(_) => Rule::QueryCompatibleChanged,
            ServiceChange::ApiVersion(_) | ServiceChange::FullName(_) | ServiceChange::ServiceId(_) => {
                Rule::ServiceRenamed
            }
            ServiceChange::Documentation(_) => Rule::DocumentationChanged,
        };
        self.add_service(rule, "service", message);
    }

    fn protocols(&mut self, change: &Change<Vec<Protocol>>) {
        let preferred = |protocols: &[Protocol]| protocols.first().map_or("none", |protocol| protocol.name());
        for protocol in change.new.iter().filter(|protocol| !change.old.contains(protocol)) {
            self.add_service(Rule::ProtocolAdded, "service", format!("also speaks {}", protocol.name()));
        }
        for protocol in change.old.iter().filter(|protocol| !change.new.contains(protocol)) {
            self.add_service(Rule::ProtocolRemoved, "service", format!("no longer speaks {}", protocol.name()));
        }
        let (old, new) = (preferred(&change.old), preferred(&change.new));
        if old != new {
            self.add_service(Rule::ProtocolPreferred, "service", format!("prefers {new} to {old}"));
        }
    }

    fn operation(&mut self, operation: &str, change: &OperationChange) {
        let rule = match change {
            OperationChange::Idempotent(_) | OperationChange::Readonly(_) => Rule::OperationIdempotencyChanged,
            OperationChange::Unsigned(_) => Rule::OperationAuthChanged,
            OperationChange::HostPrefix(_) => Rule::OperationHostPrefixChanged,
            OperationChange::StaticContextParams(_) | OperationChange::OperationContextParams(_) => {
                Rule::OperationEndpointChanged
            }
            OperationChange::Deprecated(change) => deprecation(change),
            OperationChange::Documentation(_) => Rule::DocumentationChanged,
        };
        self.add_operation(rule, operation, text::property(change.property(), &change.values()));
    }

    /// Another shape as input or output: its struct is named after the operation, so
    /// only what is inside counts.
    fn operation_shape(
        &mut self,
        operation: &str,
        role: &str,
        [added, removed]: [Rule; 2],
        shape: &Change<Option<String>>,
        users: Users,
    ) {
        let rule = match (&shape.old, &shape.new) {
            (None, _) => added,
            (_, None) => removed,
            _ => Rule::OperationShapeChanged,
        };
        let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "nothing".to_owned());
        let message = format!("its {role} is {}, and was {}", name(&shape.new), name(&shape.old));
        self.add_operation(rule, operation, message);
        let members = |reach: &Reach<'_>, name: &Option<String>| -> Vec<RawMember> {
            let shape = name.as_ref().and_then(|name| reach.shape(name));
            shape.map(|shape| renames::references(&shape.kind).into_iter().cloned().collect()).unwrap_or_default()
        };
        let (old, new) = (members(&self.old, &shape.old), members(&self.new, &shape.new));
        let Some(owner) = shape.new.as_ref().or(shape.old.as_ref()) else { return };
        self.member_differences(owner, &old, &new, users, &mut BTreeSet::new());
    }

    fn member_differences(
        &mut self,
        owner: &str,
        old: &[RawMember],
        new: &[RawMember],
        users: Users,
        compared: &mut BTreeSet<(String, String)>,
    ) {
        let mut facts = Vec::new();
        members(owner, old, new, &mut facts);
        facts.iter().for_each(|fact| self.member(owner, fact, users, compared));
        if arguments(old, new) {
            self.add(Rule::RequiredMembersReordered, owner, owner, "takes its required members in another order");
        }
    }

    fn shape_itself(&mut self, fact: &Fact) {
        let (rule, name, message) = match fact {
            Fact::ShapeRenamed(change) if !self.old.is_type(&change.new) => {
                (Rule::ShapeRenamed, &change.new, format!("was {}", change.old))
            }
            Fact::ShapeAdded(shape) if !self.new.is_type(&shape.name) => {
                (Rule::ShapeAdded, &shape.name, "is new".to_owned())
            }
            Fact::ShapeRemoved(shape) if !self.old.is_type(&shape.name) => {
                (Rule::ShapeRemoved, &shape.name, "is gone".to_owned())
            }
            // Types are looked at as a whole: a shape may stay and no longer be used.
            _ => return,
        };
        self.add(rule, name, name, message);
    }

    /// Types that the crate has, had, or has under another name.
    fn types(&mut self, renamed: &[Change<String>]) {
        for change in renamed {
            if !self.old.is_type(&change.new) || !self.new.is_type(&change.new) {
                continue;
            }
            self.add(Rule::TypeRenamed, &change.new, &change.new, format!("was {}", change.old));
        }
        let names: BTreeSet<&str> = self.old.names().chain(self.new.names()).collect();
        for name in names {
            match (self.old.is_type(name), self.new.is_type(name)) {
                (false, true) => {
                    let rule = if self.new.is_error(name) { Rule::ErrorAdded } else { Rule::TypeAdded };
                    self.add(rule, name, name, "is new");
                }
                (true, false) => {
                    let rule = if self.old.is_error(name) { Rule::ErrorRemoved } else { Rule::TypeRemoved };
                    self.add(rule, name, name, "is gone");
                }
                _ => {}
            }
        }
    }

    /// `subject` is what the trait is said of: the shape, or a member that holds
    /// another shape than before.
    fn shape(&mut self, shape: &str, subject: &str, change: &ShapeChange, users: Users) {
        let rule = match change {
            ShapeChange::Sensitive(Change { new, .. }) => sensitive(*new),
            ShapeChange::Redacted(Change { new, .. }) => sensitive(new.is_some()),
            ShapeChange::Min(change) => limit(change, users, |old, new| new > old),
            ShapeChange::Max(change) => limit(change, users, |old, new| new < old),
            ShapeChange::Pattern(_) if !users.input => Rule::ConstraintChangedOutput,
            ShapeChange::Pattern(Change { old: None, .. }) => Rule::ConstraintTightened,
            ShapeChange::Pattern(Change { new: None, .. }) => Rule::ConstraintRelaxed,
            ShapeChange::Pattern(_) => Rule::PatternChanged,
            ShapeChange::TimestampFormat(_) => Rule::TimestampFormatChanged,
            ShapeChange::Error(change) => return self.error(shape, change),
            ShapeChange::EventStream(_) | ShapeChange::Streaming(_) => Rule::StreamingChanged,
            ShapeChange::Deprecated(change) => deprecation(change),
            ShapeChange::Documentation(_) => Rule::DocumentationChanged,
        };
        self.add(rule, shape, subject, text::property(change.property(), &change.values()));
    }

    fn error(&mut self, shape: &str, change: &Change<Option<ErrorTrait>>) {
        let none = ErrorTrait::default();
        let (old, new) = (change.old.as_ref().unwrap_or(&none), change.new.as_ref().unwrap_or(&none));
        if old.code != new.code {
            let message = text::change("code", &old.code, &new.code);
            self.add(Rule::ErrorCodeChanged, shape, shape, message);
        }
        if (old.http_status, old.fault) != (new.http_status, new.fault) {
            let status = |of: &ErrorTrait| of.http_status.map(|status| status.to_string());
            let message = text::change("HTTP status", &status(old), &status(new));
            self.add(Rule::ErrorStatusChanged, shape, shape, message);
        }
        if old.retry != new.retry {
            let retry = |of: &ErrorTrait| of.retry.map(|retry| format!("{retry:?}").to_lowercase());
            let message = text::change("another try", &retry(old), &retry(new));
            self.add(Rule::ErrorRetryChanged, shape, shape, message);
        }
    }

    /// `shape` is now of another kind, or `subject` holds a shape of another kind.
    fn kinds(&mut self, shape: &str, subject: &str, kind: &Change<RawKind>) {
        let is_enum = |kind: &RawKind| matches!(kind, RawKind::Simple(ShapeKind::Enum(_)));
        let is_string = |kind: &RawKind| matches!(kind, RawKind::Simple(ShapeKind::String));
        let rule = match (&kind.old, &kind.new) {
            (old, new) if is_string(old) && is_enum(new) => Rule::TypeChangedToEnum,
            (old, new) if is_enum(old) && is_string(new) => Rule::TypeChangedFromEnum,
            _ => Rule::TypeChanged,
        };
        let message = format!("is of type {}, and was {}", type_name(&kind.new), type_name(&kind.old));
        self.add(rule, shape, subject, message);
    }

    fn member(&mut self, shape: &str, fact: &Fact, users: Users, compared: &mut BTreeSet<(String, String)>) {
        let is_union = self.new.shape(shape).is_some_and(|shape| matches!(shape.kind, RawKind::Union(_)));
        let subject = |member: &str| format!("{shape}.{member}");
        match fact {
            Fact::MemberAdded { member, .. } => {
                let rule = match (is_union, is_argument(member), users.input) {
                    (true, ..) => Rule::UnionMemberAdded,
                    (_, false, true) => Rule::MemberAddedInput,
                    (_, false, false) => Rule::MemberAddedOutput,
                    (_, true, true) => Rule::MemberAddedRequiredInput,
                    (_, true, false) => Rule::MemberAddedRequiredOutput,
                };
                let required = if member.traits.required { "required" } else { "optional" };
                self.add(rule, shape, &subject(&member.name), format!("is new, and {required}"));
            }
            Fact::MemberRemoved { member, .. } => {
                let rule = match (is_union, users.input) {
                    (true, _) => Rule::UnionMemberRemoved,
                    (_, true) => Rule::MemberRemovedInput,
                    (_, false) => Rule::MemberRemovedOutput,
                };
                self.add(rule, shape, &subject(&member.name), "is gone");
            }
            Fact::MemberRetargeted { member, target, .. } => {
                let before = self.findings.len();
                self.targets(shape, &subject(member), target, users, compared);
                let is_type = |finding: &Finding| finding.rule.severity().source == Effect::Break;
                if !self.findings[before..].iter().any(is_type) {
                    let message = format!("holds {}, and held {}: the same on the wire", target.new, target.old);
                    self.add(Rule::MemberTargetChanged, shape, &subject(member), message);
                }
            }
            Fact::MemberChanged { member, change, .. } => self.member_trait(shape, member, change, users),
            Fact::MembersReordered { .. } => {
                self.add(Rule::MembersReordered, shape, shape, "has its members in another order");
            }
            _ => {}
        }
    }

    fn member_trait(&mut self, shape: &str, member: &str, change: &MemberChange, users: Users) {
        let token = |reach: &Reach<'_>| {
            let members = reach.shape(shape).map(|shape| renames::references(&shape.kind)).unwrap_or_default();
            members.iter().any(|candidate| candidate.name == member && candidate.traits.idempotency_token)
        };
        let rule = match change {
            MemberChange::WireName(_) => Rule::MemberWireNameChanged,
            MemberChange::Required(_) if token(&self.old) && token(&self.new) => Rule::TokenRequirementChanged,
            MemberChange::Required(Change { new: true, .. }) if users.input => Rule::MemberNowRequiredInput,
            MemberChange::Required(Change { new: true, .. }) => Rule::MemberNowRequiredOutput,
            MemberChange::Required(_) if users.input => Rule::MemberNowOptionalInput,
            MemberChange::Required(_) => Rule::MemberNowOptionalOutput,
            MemberChange::IdempotencyToken(_) => Rule::MemberTokenChanged,
            MemberChange::TimestampFormat(_) => Rule::TimestampFormatChanged,
            MemberChange::HostLabel(_) => Rule::MemberHostLabelChanged,
            MemberChange::ContextParam(_) => Rule::MemberContextParamChanged,
            MemberChange::Redacted(Change { new, .. }) => sensitive(new.is_some()),
            MemberChange::Default(_) => Rule::MemberDefaultChanged,
            MemberChange::Deprecated(change) => deprecation(change),
            MemberChange::Documentation(_) => Rule::DocumentationChanged,
        };
        self.add(rule, shape, &format!("{shape}.{member}"), text::property(change.property(), &change.values()));
    }

    /// `subject`, of `shape`, holds another shape than before: what of it differs.
    fn targets(
        &mut self,
        shape: &str,
        subject: &str,
        target: &Change<String>,
        users: Users,
        compared: &mut BTreeSet<(String, String)>,
    ) {
        if target.old == target.new || !compared.insert((target.old.clone(), target.new.clone())) {
            return;
        }
        let (Some(old), Some(new)) = (self.old.shape(&target.old), self.new.shape(&target.new)) else { return };
        for change in ShapeChange::between(&old.traits, &new.traits) {
            self.shape(shape, subject, &change, users);
        }
        let named = self.old.is_type(&old.name) || self.new.is_type(&new.name);
        let kind = Change { old: old.kind.clone(), new: new.kind.clone() };
        match (&old.kind, &new.kind) {
            (RawKind::Structure(was), RawKind::Structure(is)) | (RawKind::Union(was), RawKind::Union(is)) => {
                self.renamed_type(shape, subject, old, new);
                self.member_differences(&new.name, was, is, users, compared);
            }
            (RawKind::List { member: was, sparse: a }, RawKind::List { member: is, sparse: b })
            | (RawKind::Map { value: was, sparse: a, .. }, RawKind::Map { value: is, sparse: b, .. }) => {
                if a != b {
                    self.add(Rule::SparseChanged, shape, subject, "keeps null elements, or no longer");
                }
                let target = Change { old: was.target.clone(), new: is.target.clone() };
                self.targets(shape, subject, &target, users, compared);
                if let (RawKind::Map { key: was, .. }, RawKind::Map { key: is, .. }) = (&old.kind, &new.kind) {
                    let target = Change { old: was.target.clone(), new: is.target.clone() };
                    self.targets(shape, subject, &target, users, compared);
                }
            }
            (was, is) if type_name(was) == type_name(is) => {
                if named {
                    self.renamed_type(shape, subject, old, new);
                }
                if let (Some(was), Some(is)) = (values_of(was), values_of(is)) {
                    self.value_differences(&new.name, &was, &is, users);
                }
            }
            _ => self.kinds(shape, subject, &kind),
        }
    }

    fn renamed_type(&mut self, shape: &str, subject: &str, old: &RawShape, new: &RawShape) {
        self.add(Rule::TypeRenamed, shape, subject, format!("holds {}, and held {}", new.name, old.name));
    }

    fn value_differences(&mut self, shape: &str, old: &[EnumValue], new: &[EnumValue], users: Users) {
        let mut facts = Vec::new();
        crate::diff::facts::values(shape, old, new, &mut facts);
        facts.iter().for_each(|fact| self.value(shape, fact, users));
    }

    fn value(&mut self, shape: &str, fact: &Fact, users: Users) {
        let (rule, value, message) = match fact {
            Fact::ValueAdded { value, .. } => {
                let name = value.name.as_deref().unwrap_or(&value.value);
                let catch_all = name.eq_ignore_ascii_case("unknown");
                let rule = if catch_all { Rule::EnumValueUnknownAdded } else { Rule::EnumValueAdded };
                (rule, Some(&value.value), "is new".to_owned())
            }
            Fact::ValueRemoved { value, .. } => {
                let rule = if users.input { Rule::EnumValueRemovedInput } else { Rule::EnumValueRemovedOutput };
                (rule, Some(&value.value), "is gone".to_owned())
            }
            Fact::ValueChanged { value, change, .. } => {
                let rule = match change {
                    ValueChange::Name(_) => Rule::EnumValueRenamed,
                    ValueChange::Deprecated(change) => deprecation(change),
                };
                (rule, Some(value), text::property(change.property(), &change.values()))
            }
            _ => (Rule::EnumValuesReordered, None, "has its values in another order".to_owned()),
        };
        let subject = value.map_or_else(|| shape.to_owned(), |value| format!("{shape} {value}"));
        self.add(rule, shape, &subject, message);
    }

    fn paginator(&mut self, fact: &Fact) {
        let items = |paginator: &Paginator| paginator.result_keys.first().cloned();
        match fact {
            Fact::PaginatorAdded { operation, paginator } => {
                let before = self.old.operation(operation).and_then(|operation| self.old.inferred_items(operation));
                match before {
                    None => self.add_operation(Rule::PaginatorAdded, operation, "is paginated"),
                    Some(before) => self.paginated_otherwise(operation, &before, items(paginator).as_ref()),
                }
            }
            Fact::PaginatorRemoved { operation, paginator } => {
                // A removed operation has no methods to miss.
                let Some(now) = self.new.operation(operation) else { return };
                match (self.new.inferred_items(now), items(paginator)) {
                    (Some(now), Some(before)) => self.paginated_otherwise(operation, &before, Some(&now)),
                    _ => self.add_operation(Rule::PaginatorRemoved, operation, "is no longer paginated"),
                }
            }
            Fact::PaginatorChanged { operation, change } => {
                let rule = match change {
                    PaginatorChange::ResultKeys(keys) if keys.old.first() == keys.new.first() => Rule::PaginatorChanged,
                    PaginatorChange::ResultKeys(_) | PaginatorChange::InputTokens(_) => Rule::PaginatorItemsChanged,
                    _ => Rule::PaginatorChanged,
                };
                self.add_operation(rule, operation, text::property(change.property(), &change.values()));
            }
            _ => {}
        }
    }

    fn paginated_otherwise(&mut self, operation: &str, old: &MemberPath, new: Option<&MemberPath>) {
        if new.is_none_or(|new| new == old) {
            self.add_operation(Rule::PaginatorInferred, operation, "has a paginator of the model, or had one");
        } else {
            let message = text::change("items", &Some(old.to_string()), &new.map(ToString::to_string));
            self.add_operation(Rule::PaginatorItemsChanged, operation, message);
        }
    }

    /// Operations that are paginated because of what their members are.
    fn inferred_paginators(&mut self, facts: &[Fact]) {
        let modelled: BTreeSet<&str> = facts.iter().filter_map(Fact::paginated).collect();
        for (name, old, new) in self.operations_in_both() {
            if modelled.contains(name.as_str()) {
                continue;
            }
            match (old, new) {
                (None, Some(_)) => self.add_operation(Rule::PaginatorAdded, &name, "is paginated, as inferred"),
                (Some(_), None) => self.add_operation(Rule::PaginatorRemoved, &name, "no longer infers a paginator"),
                (Some(old), Some(new)) if old != new => self.paginated_otherwise(&name, &old, Some(&new)),
                _ => {}
            }
        }
    }

    /// Operations without a modelled paginator in both models, with the items of the inferred ones.
    fn operations_in_both(&self) -> Vec<(String, Option<MemberPath>, Option<MemberPath>)> {
        let unmodelled = |reach: &Reach<'_>, name: &str| !reach.is_paginated(name);
        let kept = self.new.operations().filter_map(|new| Some((self.old.operation(&new.name)?, new)));
        kept.filter(|(_, new)| unmodelled(&self.old, &new.name) && unmodelled(&self.new, &new.name))
            .map(|(old, new)| (new.name.clone(), self.old.inferred_items(old), self.new.inferred_items(new)))
            .collect()
    }

    /// Constructors whose arguments changed places: such code may still compile.
    fn required_orders(&mut self, facts: &[Fact]) {
        let reordered = facts.iter().filter_map(|fact| match fact {
            Fact::MembersReordered { shape, .. } => Some(shape),
            _ => None,
        });
        for shape in reordered {
            let (Some(old), Some(new)) = (self.old.shape(shape), self.new.shape(shape)) else { continue };
            if let (RawKind::Structure(old), RawKind::Structure(new)) = (&old.kind, &new.kind)
                && arguments(old, new)
                && self.users(shape).is_some()
            {
                self.add(Rule::RequiredMembersReordered, shape, shape, "takes its required members in another order");
            }
        }
    }

    fn endpoint_rules(&mut self, fact: &Fact) {
        let (rule, name, message) = match fact {
            Fact::RuleSetAdded(_) => (Rule::EndpointRulesAdded, None, "are new".to_owned()),
            Fact::RuleSetRemoved(_) => (Rule::EndpointRulesRemoved, None, "are gone".to_owned()),
            Fact::ParameterAdded { parameter, .. } => {
                (Rule::EndpointParameterAdded, Some(&parameter.name), "is new".to_owned())
            }
            Fact::ParameterRemoved(parameter) => {
                (Rule::EndpointParameterRemoved, Some(&parameter.name), "is gone".to_owned())
            }
            Fact::ParameterChanged { parameter, change } => {
                let rule = match change {
                    ParameterChange::Kind(_) => Rule::EndpointParameterTypeChanged,
                    _ => Rule::EndpointParameterChanged,
                };
                (rule, Some(parameter), text::property(change.property(), &change.values()))
            }
            Fact::ParametersReordered { .. } => {
                (Rule::EndpointParametersReordered, None, "have their parameters in another order".to_owned())
            }
            _ => (Rule::EndpointRulesChanged, None, "decide differently".to_owned()),
        };
        let subject = name.map_or_else(|| "endpoint rules".to_owned(), |name| format!("endpoint parameter {name}"));
        self.add_service(rule, &subject, message);
    }
}

/// Whether members that are arguments in both changed places among themselves.
fn arguments(old: &[RawMember], new: &[RawMember]) -> bool {
    let names = |members: &[RawMember]| -> Vec<String> {
        members.iter().filter(|member| is_argument(member)).map(|member| member.name.clone()).collect()
    };
    let (old, new) = (names(old), names(new));
    let before = old.iter().filter(|name| new.contains(name));
    let after = new.iter().filter(|name| old.contains(name));
    !before.eq(after)
}

fn sensitive(now: bool) -> Rule {
    if now { Rule::SensitiveAdded } else { Rule::SensitiveRemoved }
}

fn deprecation<T>(change: &Change<Option<T>>) -> Rule {
    match (&change.old, &change.new) {
        (_, None) => Rule::DeprecatedRemoved,
        (None, _) => Rule::DeprecatedAdded,
        _ => Rule::DocumentationChanged,
    }
}

/// A limit that came, went, or moved; `tighter` says whether from the first to the
/// second less is allowed.
fn limit(change: &Change<Option<String>>, users: Users, tighter: impl Fn(f64, f64) -> bool) -> Rule {
    let number = |text: &String| text.parse::<f64>().unwrap_or(f64::NAN);
    match (change.old.as_ref().map(number), change.new.as_ref().map(number)) {
        _ if !users.input => Rule::ConstraintChangedOutput,
        (None, _) => Rule::ConstraintTightened,
        (_, None) => Rule::ConstraintRelaxed,
        (Some(old), Some(new)) if tighter(old, new) => Rule::ConstraintTightened,
        _ => Rule::ConstraintRelaxed,
    }
}
