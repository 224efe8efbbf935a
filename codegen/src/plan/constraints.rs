//! What a model asks of values in requests, for those who want to know before they send: a table, by the names of types and
//! members.
//!
//! A shape of which something is asked is a constant, and so is a member that asks for something else than its shape.

mod expression;

use super::names::{Position, Scope};
use super::{FieldPlan, TypeId, TypePlan};
use crate::diagnostic::{Diagnostics, Origin};
use crate::graph::{Limits, Member, Service, ShapeId, ShapeKind};
use std::collections::BTreeMap;

/// What is asked of the values of a service.
#[derive(Debug, Default)]
pub struct ConstraintsPlan<'g> {
    /// What is asked of values, by name.
    pub values: BTreeMap<String, ConstraintPlan<'g>>,
    /// Structures and unions with those of their members of which something is asked, in the order of the types.
    pub types: Vec<(TypeId, Vec<MemberPlan<'g>>)>,
}

/// What is asked of a member of a structure or union.
#[derive(Debug)]
pub struct MemberPlan<'g> {
    /// The model's name of it.
    pub name: &'g str,
    /// What is asked of its value, by the name of that.
    pub value: Option<String>,
    /// Whether it is required, and nothing says that it may be empty.
    pub is_required: bool,
}

/// What is asked of a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConstraintPlan<'g> {
    /// How large it may be.
    pub limits: LimitsPlan,
    /// What is found in it.
    pub pattern: Option<PatternPlan<'g>>,
    /// Whether no two elements may be the same.
    pub unique: bool,
    /// Of the elements of a list, or the values of a map, by name.
    pub element: Option<String>,
    /// Of the keys of a map, by name.
    pub key: Option<String>,
}

/// How large a value may be. Where there is no limit, it is the least or greatest number that there is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum LimitsPlan {
    /// As large as it likes.
    #[default]
    None,
    /// So many characters, bytes, elements or entries.
    Length(u64, u64),
    /// A whole number.
    Whole(i64, i64),
    /// Any number.
    Real(f64, f64),
}

/// A regular expression.
#[derive(Clone, Debug, PartialEq)]
pub struct PatternPlan<'g> {
    /// The name of its constant.
    pub name: String,
    /// As the model has it.
    pub model: &'g str,
    /// In the notation of the runtime's engine.
    pub expression: String,
}

/// What is asked of the types that requests have.
pub(super) fn constraints<'g>(
    service: &'g Service,
    types: &[TypePlan<'g>],
    diagnostics: &mut Diagnostics,
) -> ConstraintsPlan<'g> {
    let mut collected = Collected {
        service,
        scope: Scope::new(Position::Constant),
        known: BTreeMap::new(),
        values: BTreeMap::new(),
        diagnostics,
    };
    let mut found = Vec::new();
    for (index, ty) in types.iter().enumerate().filter(|(_, ty)| ty.direction.input) {
        let members: Vec<MemberPlan<'g>> =
            ty.fields().iter().filter_map(|field| collected.field(ty.wire_name, field)).collect();
        if !members.is_empty() {
            found.push((TypeId(index as u32), members));
        }
    }
    ConstraintsPlan { values: collected.values, types: found }
}

struct Collected<'a, 'g> {
    service: &'g Service,
    scope: Scope,
    /// The names of what shapes ask for; of one that asks for nothing there is none.
    known: BTreeMap<ShapeId, Option<String>>,
    values: BTreeMap<String, ConstraintPlan<'g>>,
    diagnostics: &'a mut Diagnostics,
}

impl<'g> Collected<'_, 'g> {
    fn field(&mut self, owner: &str, field: &FieldPlan<'g>) -> Option<MemberPlan<'g>> {
        let value = self.member(owner, field.member);
        let is_required = field.is_argument() && self.is_missed(field.member);
        (value.is_some() || is_required).then(|| MemberPlan { name: &field.member.name, value, is_required })
    }

    /// Whether empty text in a member stands for none: it is required, and neither a least length nor a pattern says what to
    /// think of empty text.
    fn is_missed(&self, member: &Member) -> bool {
        let is_text = match self.service[member.target].kind {
            ShapeKind::String | ShapeKind::Enum(_) => true,
            ShapeKind::Structure(_) | ShapeKind::Union(_) | ShapeKind::List { .. } | ShapeKind::Map { .. } => false,
            ShapeKind::IntEnum(_) | ShapeKind::Boolean | ShapeKind::Blob => false,
            crate::graph::number!() | ShapeKind::Timestamp | ShapeKind::Document => false,
        };
        let has_least = self.service.limits(member).min.is_some();
        is_text && member.traits.required && !has_least && self.service.pattern(member).is_none()
    }

    /// The name of what is asked of the value of a member; none where nothing is.
    fn member(&mut self, owner: &str, member: &'g Member) -> Option<String> {
        let is_own = member.traits.limits.is_some() || member.traits.pattern.is_some();
        if is_own {
            return self.asked(&format!("{owner}_{}", member.name), member);
        }
        if let Some(known) = self.known.get(&member.target) {
            return known.clone();
        }
        // A list that is in itself, through a map, asks for nothing new the second time.
        self.known.insert(member.target, None);
        let name = self.asked(&self.service[member.target].name, member);
        self.known.insert(member.target, name.clone());
        name
    }

    /// Gives what is asked of the value of a member a name like `wire`.
    fn asked(&mut self, wire: &str, member: &'g Member) -> Option<String> {
        let (service, limits) = (self.service, self.service.limits(member));
        let shape = &service[member.target];
        let mut plan = ConstraintPlan { unique: shape.traits.unique_items, ..ConstraintPlan::default() };
        plan.limits = limits_of(&shape.kind, &limits);
        match &shape.kind {
            ShapeKind::List { member, .. } => plan.element = self.member(&shape.name, member),
            ShapeKind::Map { key, value, .. } => {
                plan.key = self.member(&shape.name, key);
                plan.element = self.member(&shape.name, value);
            }
            ShapeKind::String => plan.pattern = self.pattern(wire, member),
            // Enums keep values that their model does not have, and those that it has are as it wants them.
            ShapeKind::Enum(_) | ShapeKind::IntEnum(_) => {}
            // What is asked of these is asked of their members.
            ShapeKind::Structure(_) | ShapeKind::Union(_) => {}
            ShapeKind::Boolean | crate::graph::number!() | ShapeKind::Blob => {}
            ShapeKind::Timestamp | ShapeKind::Document => {}
        }
        if plan == ConstraintPlan::default() {
            return None;
        }
        let name = self.scope.claim(wire);
        self.values.insert(name.clone(), plan);
        Some(name)
    }

    fn pattern(&mut self, wire: &str, member: &'g Member) -> Option<PatternPlan<'g>> {
        let model = self.service.pattern(member)?;
        match expression::translated(model) {
            Ok(expression) => {
                let name = self.scope.claim(&format!("{wire}_Pattern"));
                Some(PatternPlan { name, model, expression })
            }
            Err(reason) => {
                let own = member.traits.pattern.is_some();
                let modelled: &Origin = if own { &member.origin } else { &self.service[member.target].origin };
                let origin = self.service.correction(member).map_or(modelled, |correction| &correction.origin);
                let message = format!("the pattern of `{wire}` cannot be checked before sending: {reason}");
                self.diagnostics.warning("unchecked-pattern", origin, message);
                None
            }
        }
    }
}

/// Limits of a value of this kind. A number that is none is no limit.
fn limits_of(kind: &ShapeKind, limits: &Limits) -> LimitsPlan {
    let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<f64>().ok());
    let (min, max) = (number(&limits.min), number(&limits.max));
    if min.is_none() && max.is_none() {
        return LimitsPlan::None;
    }
    // From a real number to a whole one Rust goes to the nearest that there is.
    match kind {
        ShapeKind::String | ShapeKind::Enum(_) | ShapeKind::Blob | ShapeKind::List { .. } | ShapeKind::Map { .. } => {
            match (min.map_or(0, |min| min.ceil() as u64), max.map_or(u64::MAX, |max| max.floor() as u64)) {
                (0, u64::MAX) => LimitsPlan::None,
                (min, max) => LimitsPlan::Length(min, max),
            }
        }
        ShapeKind::Byte | ShapeKind::Short | ShapeKind::Integer | ShapeKind::Long | ShapeKind::IntEnum(_) => {
            let whole = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<i64>().ok());
            let least = whole(&limits.min).or(min.map(|min| min.ceil() as i64));
            let most = whole(&limits.max).or(max.map(|max| max.floor() as i64));
            LimitsPlan::Whole(least.unwrap_or(i64::MIN), most.unwrap_or(i64::MAX))
        }
        ShapeKind::Float | ShapeKind::Double => {
            LimitsPlan::Real(min.unwrap_or(f64::NEG_INFINITY), max.unwrap_or(f64::INFINITY))
        }
        ShapeKind::Structure(_) | ShapeKind::Union(_) => LimitsPlan::None,
        ShapeKind::Boolean | ShapeKind::Timestamp | ShapeKind::Document => LimitsPlan::None,
    }
}
