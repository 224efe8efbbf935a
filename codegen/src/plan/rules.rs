//! Endpoint rules, type-checked: what is in this tree can be written as Rust
//! without another look at the model.
//!
//! Every reference is resolved, every function known, every argument of the
//! right type, and a value that may be absent is used only where it was found
//! to be there.
//!
//! Specification: Smithy 2.0, "Endpoint rules engine" 1.1.

mod bind;
mod check;
mod signature;

use crate::diagnostic::Diagnostics;
use crate::graph::rules::{Parameter, ParameterType, RuleSet};
pub use bind::{BindingPlan, BoundValue, bindings};
pub use signature::{Attribute, Function};

/// The endpoint rules of a service.
#[derive(Debug)]
pub struct EndpointPlan<'g> {
    /// Parameters by name.
    pub parameters: Vec<ParameterPlan<'g>>,
    /// Everything that conditions assign, or find to be there.
    pub variables: Vec<Variable>,
    /// Tried in order. Only the last one may be without conditions.
    pub rules: Vec<RulePlan>,
}

impl EndpointPlan<'_> {
    /// The parameter named `name` in the model.
    pub fn parameter(&self, name: &str) -> Option<&ParameterPlan<'_>> {
        self.parameters.iter().find(|plan| plan.parameter.name == name)
    }
}

impl<'g> std::ops::Index<ParameterId> for EndpointPlan<'g> {
    type Output = ParameterPlan<'g>;

    fn index(&self, id: ParameterId) -> &ParameterPlan<'g> {
        &self.parameters[id.0]
    }
}

impl std::ops::Index<VariableId> for EndpointPlan<'_> {
    type Output = Variable;

    fn index(&self, id: VariableId) -> &Variable {
        &self.variables[id.0]
    }
}

/// Index of a [`ParameterPlan`] in its [`EndpointPlan`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ParameterId(usize);

/// Index of a [`Variable`] in its [`EndpointPlan`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct VariableId(usize);

/// A parameter of the rules.
#[derive(Debug)]
pub struct ParameterPlan<'g> {
    /// Its index.
    pub id: ParameterId,
    /// The field that holds it.
    pub field: Variable,
    /// What the model says of it.
    pub parameter: &'g Parameter,
    /// What of the client's configuration it is bound to.
    pub built_in: Option<BuiltIn>,
    /// Set where it must be given: resolution begins with looking whether it
    /// is there, and then this is its value.
    pub given: Option<VariableId>,
}

impl ParameterPlan<'_> {
    /// Whether it always has a value: then its field is no `Option`.
    pub fn has_default(&self) -> bool {
        self.parameter.default.is_some()
    }
}

/// Built-in parameters that a client's configuration has a value for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuiltIn {
    /// `AWS::Region`
    Region,
    /// `AWS::UseFIPS`
    UseFips,
    /// `AWS::UseDualStack`
    UseDualStack,
    /// `SDK::Endpoint`
    Endpoint,
    /// `AWS::Auth::AccountId`
    AccountId,
    /// `AWS::Auth::AccountIdEndpointMode`
    AccountIdEndpointMode,
}

/// A name for a value, in the rules and in Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Rust name, in snake case.
    pub name: String,
    /// Its type.
    pub ty: RuleType,
}

/// Type of a value that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleType {
    /// Text.
    String,
    /// Truth.
    Boolean,
    /// A whole number.
    Integer,
    /// A list of texts.
    StringArray,
    /// What `parseURL` finds.
    Url,
    /// What `aws.parseArn` finds.
    Arn,
    /// What `aws.partition` finds.
    Partition,
}

impl RuleType {
    /// The specification's name of the type.
    pub fn name(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Boolean => "a boolean",
            Self::Integer => "an integer",
            Self::StringArray => "a list of strings",
            Self::Url => "a URL",
            Self::Arn => "an ARN",
            Self::Partition => "a partition",
        }
    }
}

impl From<ParameterType> for RuleType {
    fn from(kind: ParameterType) -> Self {
        match kind {
            ParameterType::String => Self::String,
            ParameterType::Boolean => Self::Boolean,
            ParameterType::StringArray => Self::StringArray,
        }
    }
}

/// A rule: if all conditions hold, the body decides.
#[derive(Clone, Debug, PartialEq)]
pub struct RulePlan {
    /// Checked in order.
    pub conditions: Vec<Condition>,
    /// What applies then.
    pub body: Body,
}

/// What a rule does when its conditions hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Resolution ends with this endpoint.
    Endpoint(Endpoint),
    /// Resolution ends with this message, a string.
    Error(RuleValue),
    /// One of these decides, or none: then resolution fails.
    Tree(Vec<RulePlan>),
}

/// One condition of a rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// This boolean, which is there, is true.
    Holds(RuleValue),
    /// This value, which may be absent, is there, and from here on has a name.
    Bind(VariableId, RuleValue),
    /// Always holds: this value has a name from here on.
    Let(VariableId, RuleValue),
}

/// An endpoint to build.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// The URL, a string.
    pub url: RuleValue,
    /// Properties by name.
    pub properties: Vec<(String, Property)>,
    /// Headers by name, with their values, which are strings.
    pub headers: Vec<(String, Vec<RuleValue>)>,
}

/// Value of an endpoint property.
#[derive(Clone, Debug, PartialEq)]
pub enum Property {
    /// A string.
    String(RuleValue),
    /// Truth.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A list.
    Array(Vec<Property>),
    /// Named values, by name.
    Object(Vec<(String, Property)>),
}

/// Something with a value.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleValue {
    /// Where the value comes from.
    pub kind: ValueKind,
    /// Its type.
    pub ty: RuleType,
    /// Whether it may be absent.
    pub optional: bool,
}

impl RuleValue {
    /// The values that this one is made of.
    pub fn operands(&self) -> impl Iterator<Item = &RuleValue> {
        let (pieces, values): (&[Piece], &[RuleValue]) = match &self.kind {
            ValueKind::Template(pieces) => (pieces, &[]),
            ValueKind::Attribute(value, _) | ValueKind::Element(value, _) => (&[], std::slice::from_ref(value)),
            ValueKind::Call(_, arguments) => (&[], arguments),
            ValueKind::Boolean(_) | ValueKind::Integer(_) | ValueKind::Parameter(_) | ValueKind::Variable(_) => {
                (&[], &[])
            }
        };
        let in_pieces = pieces.iter().filter_map(|piece| match piece {
            Piece::Value(value) => Some(value),
            Piece::Literal(_) => None,
        });
        in_pieces.chain(values)
    }
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    /// A literal.
    Boolean(bool),
    /// A literal, not negative.
    Integer(u32),
    /// Texts and values in a row; no two literals side by side.
    Template(Vec<Piece>),
    /// A parameter's field.
    Parameter(ParameterId),
    /// A variable.
    Variable(VariableId),
    /// A part of a partition, an ARN or a URL.
    Attribute(Box<RuleValue>, Attribute),
    /// An element of a list, from the end where negative.
    Element(Box<RuleValue>, i32),
    /// A call. The arguments fit the function's signature.
    Call(Function, Vec<RuleValue>),
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// As it is.
    Literal(String),
    /// A string.
    Value(RuleValue),
}

/// Checks a rule set. `None` where it has errors: they are all reported.
pub fn endpoint<'g>(rule_set: &'g RuleSet, diagnostics: &mut Diagnostics) -> Option<EndpointPlan<'g>> {
    check::RulesChecker::new(diagnostics).rule_set(rule_set)
}
