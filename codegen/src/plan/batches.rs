//! Which lists of inputs can be split into several calls: those that the overlay says, and those that are required and
//! have a greatest length, in operations whose answers list what failed, item by item.

use super::{OperationPlan, Type, TypeId, TypePlan, primitive};
use crate::diagnostic::{Diagnostics, Origin};
use crate::graph::{BatchOverlay, BatchSplit, Member, Service, ShapeId, ShapeKind, number, simple};
use std::fmt;

/// How the list of an operation is split into several calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchPlan {
    /// Why the overlay says it; nothing where it follows from the model.
    pub overlay: Option<String>,
    /// Input member (wire name) that has the items.
    pub list: String,
    /// How many items a call may have: one or more.
    pub maximum: u32,
    /// What the output tells of items that failed, if it does.
    pub failures: Option<FailuresPlan>,
}

impl BatchPlan {
    /// Whether it follows from the model.
    pub fn is_inferred(&self) -> bool {
        self.overlay.is_none()
    }
}

/// Where an output tells of items that failed. Names are those on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailuresPlan {
    /// Output member that lists the failures.
    pub list: String,
    /// How a failure says which item it is about.
    pub item: ItemReference,
    /// Its member that has a code, if there is one.
    pub code: Option<String>,
    /// Its member that has a message, if there is one.
    pub message: Option<String>,
}

/// How a failure says which item it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemReference {
    /// A member has the structure, as it was sent or with more members.
    Whole(String),
    /// A member has the text that is the item.
    Text(String),
    /// These members have what the item's of the same names have.
    Members(Vec<String>),
}

/// Such as `FailedRequests by WorkspaceId`.
impl fmt::Display for FailuresPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = match &self.item {
            ItemReference::Whole(member) | ItemReference::Text(member) => member,
            ItemReference::Members(members) => &members.join(", "),
        };
        write!(f, "{} by {by}", self.list)
    }
}

/// Members by which one answer of several is continued.
const TOKENS: &[&str] = &["NextToken", "nextToken"];

/// What failures call their codes.
const CODES: &[&str] = &["ErrorCode", "errorCode", "Code", "code", "FailureCode", "failureCode"];

/// What failures call their messages.
const MESSAGES: &[&str] = &[
    "ErrorMessage",
    "errorMessage",
    "Message",
    "message",
    "FailureMessage",
    "failureMessage",
    "FailureReason",
    "failureReason",
    "ErrorReason",
    "errorReason",
    "Reason",
    "reason",
];

/// One of these is in the name of each list of failures, in small letters. Other lists have codes too, of those states that
/// are errors.
const WORDS_OF_FAILURE: &[&str] = &["error", "fail", "unprocessed", "unsuccessful"];

/// Says of each of `operations` how its list is split, if it can be.
pub(super) fn batches(
    service: &Service,
    types: &[TypePlan<'_>],
    operations: &mut [OperationPlan<'_>],
    diagnostics: &mut Diagnostics,
) {
    for operation in operations {
        let view = View { service, types, operation };
        let inferred = view.inferred();
        let batch = match &service[operation.id].traits.batch {
            None => inferred,
            Some(overlay) => view.declared(overlay, inferred, diagnostics),
        };
        operation.batch = batch;
    }
}

/// An operation with what it stands in.
struct View<'p, 'g> {
    service: &'p Service,
    types: &'p [TypePlan<'g>],
    operation: &'p OperationPlan<'g>,
}

impl<'p, 'g> View<'p, 'g> {
    fn of(&self, TypeId(id): TypeId) -> &'p TypePlan<'g> {
        &self.types[id as usize]
    }

    /// What follows from the model.
    fn inferred(&self) -> Option<BatchPlan> {
        let input = self.of(self.operation.input);
        let is_continued = TOKENS.iter().any(|token| input.field(token).is_some());
        if self.operation.paginator.is_some() || is_continued {
            return None;
        }
        let mut collections = input.fields().iter().filter(|field| is_collection(&field.ty));
        let (list, None) = (collections.next()?, collections.next()) else { return None };
        // A list that may be left out can mean everything then.
        let (Type::List(_), true) = (&list.ty, list.is_plain()) else { return None };
        let mut failures = self.of(self.operation.output).fields().iter().filter_map(|field| {
            let name = field.member.name.to_lowercase();
            let is_of_failures = WORDS_OF_FAILURE.iter().any(|word| name.contains(word));
            self.failures(list.member, field.member).filter(|failures| is_of_failures && failures.code.is_some())
        });
        let (failures, None) = (failures.next()?, failures.next()) else { return None };
        let maximum = self.maximum(list.member)?;
        Some(BatchPlan { overlay: None, list: list.member.name.clone(), maximum, failures: Some(failures) })
    }

    /// The greatest length of a list, if the model has one.
    fn maximum(&self, list: &Member) -> Option<u32> {
        self.service.limits(list).max?.parse().ok().filter(|maximum| *maximum > 0)
    }

    /// What the overlay says, unless there is something wrong with it.
    fn declared(
        &self,
        overlay: &BatchOverlay,
        inferred: Option<BatchPlan>,
        diagnostics: &mut Diagnostics,
    ) -> Option<BatchPlan> {
        let BatchOverlay { split, reason, origin } = overlay;
        let name = self.operation.wire_name;
        let Some(split) = split else {
            if inferred.is_none() {
                let message = format!("the list of `{name}` would be sent whole anyway");
                diagnostics.error("overlay-not-needed", origin, message).hint("delete the entry");
            }
            return None;
        };
        let declared = self.split(split, origin, diagnostics)?;
        if inferred.as_ref() == Some(&declared) {
            let message = format!("the same follows from the model of `{name}`");
            diagnostics.error("overlay-not-needed", origin, message).hint("delete the entry");
        }
        Some(BatchPlan { overlay: Some(reason.clone()), ..declared })
    }

    fn split(&self, split: &BatchSplit, origin: &Origin, diagnostics: &mut Diagnostics) -> Option<BatchPlan> {
        let name = self.operation.wire_name;
        let list = self.member("input", self.operation.input, &split.list, origin, diagnostics)?;
        let mut wrong = |what: String, hint: String| {
            diagnostics.error("batch-type", origin, format!("the batch of `{name}` {what}")).hint(hint);
        };
        let (ShapeKind::List { sparse: false, .. }, None) =
            (&self.service[list.target].kind, &self.operation.paginator)
        else {
            let hint = "only a list without nulls can be split, of an operation without pages".to_owned();
            wrong(format!("splits `{}`, which cannot be", split.list), hint);
            return None;
        };
        let modelled = self.maximum(list);
        let Some(maximum) = split.maximum.or(modelled) else {
            let hint = "say how many items a call may have, such as `maximum = 10`".to_owned();
            wrong(format!("splits `{}`, whose greatest length the model does not say", split.list), hint);
            return None;
        };
        if let Some(greatest) = modelled.filter(|greatest| *greatest < maximum) {
            wrong(format!("has up to {maximum} items in a call"), format!("the model allows {greatest}"));
            return None;
        }
        let failures = match &split.failures {
            None => None,
            Some(failures) => {
                let member = self.member("output", self.operation.output, failures, origin, diagnostics)?;
                Some(self.told_failures(list, member, origin, diagnostics)?)
            }
        };
        Some(BatchPlan { overlay: None, list: split.list.clone(), maximum, failures })
    }

    fn told_failures(
        &self,
        list: &Member,
        member: &Member,
        origin: &Origin,
        diagnostics: &mut Diagnostics,
    ) -> Option<FailuresPlan> {
        let failures = self.failures(list, member);
        if failures.is_none() {
            let (name, failures, list) = (self.operation.wire_name, &member.name, &list.name);
            let message = format!("the batch of `{name}` finds failures in `{failures}`, which does not name items");
            let hint = format!("it has to list structures with an item of `{list}`, or with text that an item has too");
            diagnostics.error("batch-type", origin, message).hint(hint);
        }
        failures
    }

    /// The member of that name; what does not exist is reported.
    fn member(
        &self,
        role: &str,
        structure: TypeId,
        name: &str,
        origin: &Origin,
        diagnostics: &mut Diagnostics,
    ) -> Option<&'g Member> {
        let structure = self.of(structure);
        let found = structure.field(name).map(|field| field.member);
        if found.is_none() {
            let operation = self.operation.wire_name;
            let message = format!("the batch of `{operation}` names {role} member `{name}`, which does not exist");
            let known = structure.fields().iter().map(|field| field.member.name.as_str());
            diagnostics.error("unknown-member", origin, message).did_you_mean(name, known);
        }
        found
    }

    /// What the output member `failures` tells of the items in `list`, if it does.
    fn failures(&self, list: &Member, failures: &Member) -> Option<FailuresPlan> {
        let (item, failure) = (self.element(list.target)?, self.element(failures.target)?);
        let ShapeKind::Structure(members) = &self.service[failure].kind else { return None };
        let named = |names: &[&str]| {
            let text = |member: &&Member| names.contains(&member.name.as_str()) && self.is_text(member.target);
            members.iter().find(text).map(|member| member.name.clone())
        };
        let (code, message) = (named(CODES), named(MESSAGES));
        let is_reason = |member: &&Member| [&code, &message].contains(&&Some(member.name.clone()));
        let others: Vec<&Member> = members.iter().filter(|member| !is_reason(member)).collect();
        let item = self.reference(item, &others)?;
        Some(FailuresPlan { list: failures.name.clone(), item, code, message })
    }

    /// How a failure with these members says which item it is about.
    fn reference(&self, item: ShapeId, members: &[&Member]) -> Option<ItemReference> {
        let mut same = members.iter().filter(|member| member.target == item).map(|member| member.name.clone());
        match &self.service[item].kind {
            ShapeKind::Structure(of_item) => {
                if let (Some(whole), None) = (same.next(), same.next()) {
                    return Some(ItemReference::Whole(whole));
                }
                let is_shared = |member: &&&Member| {
                    let is_same = |other: &Member| other.name == member.name && other.target == member.target;
                    self.is_text(member.target) && of_item.iter().any(is_same)
                };
                let shared: Vec<&&Member> = members.iter().filter(is_shared).collect();
                // A kind alone would be no name.
                let is_name = shared.iter().any(|member| self.service[member.target].kind == ShapeKind::String);
                let names = shared.iter().map(|member| member.name.clone());
                is_name.then(|| ItemReference::Members(names.collect()))
            }
            ShapeKind::String => match (same.next(), same.next()) {
                (Some(text), None) => Some(ItemReference::Text(text)),
                _ => None,
            },
            ShapeKind::Enum(_) | ShapeKind::IntEnum(_) | ShapeKind::Union(_) => None,
            ShapeKind::List { .. } | ShapeKind::Map { .. } | ShapeKind::Boolean | number!() => None,
            ShapeKind::Blob | ShapeKind::Timestamp | ShapeKind::Document => None,
        }
    }

    /// What a list has, if it has no nulls.
    fn element(&self, list: ShapeId) -> Option<ShapeId> {
        match &self.service[list].kind {
            ShapeKind::List { member, sparse: false } => Some(member.target),
            ShapeKind::List { .. } | ShapeKind::Structure(_) | ShapeKind::Union(_) | ShapeKind::Map { .. } => None,
            simple!() => None,
        }
    }

    fn is_text(&self, shape: ShapeId) -> bool {
        matches!(self.service[shape].kind, ShapeKind::String | ShapeKind::Enum(_))
    }
}

fn is_collection(ty: &Type) -> bool {
    match ty {
        Type::List(_) | Type::Map(..) => true,
        Type::Boxed(inner) | Type::Nullable(inner) => is_collection(inner),
        Type::String | primitive!() | Type::Blob | Type::Timestamp | Type::Document | Type::Named(_) => false,
    }
}
