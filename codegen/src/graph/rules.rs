//! Endpoint rule sets as both model formats write them: the same JSON, parsed
//! once into these enums. Types are checked later, by the plan.
//!
//! Specification: Smithy 2.0, "Endpoint rules engine".

use crate::diagnostic::Origin;

/// A rule set: parameters, and rules tried in order.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleSet {
    /// Declared parameters, by name.
    pub parameters: Vec<Parameter>,
    /// Tried in order.
    pub rules: Vec<EndpointRule>,
    /// Where it was read from.
    pub origin: Origin,
}

impl RuleSet {
    /// Whether any condition calls `function`, be it inside another call.
    pub fn calls(&self, function: &str) -> bool {
        fn in_call(call: &Call, function: &str) -> bool {
            call.function == function
                || call.arguments.iter().any(|argument| match argument {
                    Operand::Call(call) => in_call(call, function),
                    _ => false,
                })
        }
        let mut pending: Vec<&EndpointRule> = self.rules.iter().collect();
        while let Some(rule) = pending.pop() {
            if rule.conditions.iter().any(|condition| in_call(&condition.call, function)) {
                return true;
            }
            if let RuleBody::Tree(rules) = &rule.body {
                pending.extend(rules);
            }
        }
        false
    }
}

impl RuleSet {
    /// Whether the URL of any endpoint has the value of this parameter in it.
    pub fn has_in_url(&self, parameter: &str) -> bool {
        let is_it = |part: &TemplatePart| match part {
            TemplatePart::Placeholder { reference, .. } => reference == parameter,
            TemplatePart::Literal(_) => false,
        };
        let mut pending: Vec<&EndpointRule> = self.rules.iter().collect();
        while let Some(rule) = pending.pop() {
            match &rule.body {
                RuleBody::Tree(rules) => pending.extend(rules),
                RuleBody::Endpoint(Endpoint { url: Operand::Template(parts, _), .. }) if parts.iter().any(is_it) => {
                    return true;
                }
                RuleBody::Endpoint(_) | RuleBody::Error(_) => {}
            }
        }
        false
    }
}

/// A declared parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Name, such as `UseFIPS`.
    pub name: String,
    /// Type.
    pub kind: ParameterType,
    /// Must have a value.
    pub required: bool,
    /// What supplies it, such as `AWS::Region`.
    pub built_in: Option<String>,
    /// Value where none is given.
    pub default: Option<crate::graph::ContextValue>,
    /// Where it was read from.
    pub origin: Origin,
}

/// Type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterType {
    /// Text.
    String,
    /// Truth.
    Boolean,
    /// A list of texts.
    StringArray,
}

/// One rule: if all conditions hold, the body applies.
#[derive(Clone, Debug, PartialEq)]
pub struct EndpointRule {
    /// All must hold; a later one sees what an earlier one assigned.
    pub conditions: Vec<Condition>,
    /// What applies then.
    pub body: RuleBody,
    /// Where it was read from.
    pub origin: Origin,
}

/// What a rule does when its conditions hold.
#[derive(Clone, Debug, PartialEq)]
pub enum RuleBody {
    /// Resolution ends with this endpoint.
    Endpoint(Endpoint),
    /// Resolution ends with this message.
    Error(Operand),
    /// One of these rules decides.
    Tree(Vec<EndpointRule>),
}

/// An endpoint under construction.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// The URL.
    pub url: Operand,
    /// Properties, such as `authSchemes`.
    pub properties: Vec<(String, Property)>,
    /// Headers to send.
    pub headers: Vec<(String, Vec<Operand>)>,
}

/// Value of an endpoint property: JSON with templates in its strings.
#[derive(Clone, Debug, PartialEq)]
pub enum Property {
    /// Text, perhaps a template.
    String(Vec<TemplatePart>),
    /// Truth.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A list.
    Array(Vec<Property>),
    /// An object, by name.
    Object(Vec<(String, Property)>),
}

/// A condition: a call whose value is there and is not `false`.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The call.
    pub call: Call,
    /// Name that later conditions and the body know its value by.
    pub assign: Option<String>,
}

/// A call of a library function.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Name, such as `aws.partition`.
    pub function: String,
    /// Arguments.
    pub arguments: Vec<Operand>,
    /// Where it was read from.
    pub origin: Origin,
}

/// Anything that has a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// Text, perhaps with `{placeholders}`.
    Template(Vec<TemplatePart>, Origin),
    /// Truth.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A list of texts.
    StringArray(Vec<Operand>),
    /// A parameter or an assigned name.
    Reference(String, Origin),
    /// A call.
    Call(Box<Call>),
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplatePart {
    /// As it is.
    Literal(String),
    /// `{name}` or `{name#path}`.
    Placeholder {
        /// A parameter or an assigned name.
        reference: String,
        /// What `getAttr` would take from it.
        path: Option<String>,
    },
}
