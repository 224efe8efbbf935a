//! The type checker.

use super::signature::{GET_ATTR, ResultPresence, Signature};
use super::{
    Attribute, Body, BuiltIn, Condition, Endpoint, EndpointPlan, Function, ParameterId, ParameterPlan, Piece, Property,
    RulePlan, RuleType, RuleValue, ValueKind, Variable, VariableId,
};
use crate::diagnostic::{Diagnostics, Origin};
use crate::graph::ContextValue;
use crate::graph::rules::{self as graph, Operand, RuleSet, TemplatePart};
use crate::plan::names::{Position, Scope};

/// What a name stands for.
#[derive(Clone, Copy)]
enum Binding {
    /// A parameter's field.
    Parameter(ParameterId),
    /// A variable: assigned, or a parameter that was found to be there.
    Variable(VariableId),
    /// A boolean that was assigned by a condition, and so is true.
    True,
    /// Something with an error, which has been reported.
    Unknown,
}

pub(super) struct RulesChecker<'g, 'd> {
    diagnostics: &'d mut Diagnostics,
    parameters: Vec<ParameterPlan<'g>>,
    variables: Vec<Variable>,
    /// Innermost last.
    bindings: Vec<(String, Binding)>,
    failed: bool,
}

impl<'g, 'd> RulesChecker<'g, 'd> {
    pub(super) fn new(diagnostics: &'d mut Diagnostics) -> Self {
        Self { diagnostics, parameters: Vec::new(), variables: Vec::new(), bindings: Vec::new(), failed: false }
    }

    pub(super) fn rule_set(mut self, rule_set: &'g RuleSet) -> Option<EndpointPlan<'g>> {
        let names = Scope::names(Position::Field, rule_set.parameters.iter().map(|parameter| parameter.name.as_str()));
        for (parameter, name) in rule_set.parameters.iter().zip(names) {
            self.parameter(parameter, name);
        }
        let rules = self.rules(&rule_set.rules);
        let Self { parameters, variables, failed, .. } = self;
        (!failed).then_some(EndpointPlan { parameters, variables, rules })
    }

    fn error(&mut self, code: &'static str, at: &Origin, message: String) {
        self.failed = true;
        self.diagnostics.error(code, at, message);
    }

    fn error_with_hint<'k>(
        &mut self,
        code: &'static str,
        at: &Origin,
        message: String,
        unknown: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        self.failed = true;
        self.diagnostics.error(code, at, message).did_you_mean(unknown, known);
    }

    fn parameter(&mut self, parameter: &'g graph::Parameter, name: String) {
        let ty = RuleType::from(parameter.kind);
        if let Some(default) = &parameter.default
            && type_of(default) != ty
        {
            let message = format!("parameter `{}` is {}, but its default value is not", parameter.name, ty.name());
            self.error("rule-type", &parameter.origin, message);
        }
        let built_in = self.built_in(parameter, ty);
        let given = (parameter.required && parameter.default.is_none()).then(|| self.variable(name.clone(), ty));
        let id = ParameterId(self.parameters.len());
        let binding = given.map_or(Binding::Parameter(id), Binding::Variable);
        self.bindings.push((parameter.name.clone(), binding));
        self.parameters.push(ParameterPlan { id, field: Variable { name, ty }, parameter, built_in, given });
    }

    fn built_in(&mut self, parameter: &graph::Parameter, ty: RuleType) -> Option<BuiltIn> {
        let name = parameter.built_in.as_deref()?;
        let Some((_, expected, built_in)) = BUILT_INS.iter().find(|(known, ..)| *known == name) else {
            let message = format!("parameter `{}` is bound to `{name}`, which nothing supplies", parameter.name);
            self.diagnostics
                .warning("unknown-built-in", &parameter.origin, message)
                .did_you_mean(name, BUILT_INS.iter().map(|(known, ..)| *known));
            return None;
        };
        if *expected != ty {
            let message = format!("`{name}` is {}, but parameter `{}` is not", expected.name(), parameter.name);
            self.error("rule-type", &parameter.origin, message);
        }
        *built_in
    }

    /// A new variable for what the model calls `wire`, under a name that hides
    /// no other one that is in scope.
    fn variable(&mut self, wire: String, ty: RuleType) -> VariableId {
        let mut scope = Scope::new(Position::Field);
        scope.claim_exact("params");
        for (_, binding) in &self.bindings {
            if let Binding::Variable(id) = binding {
                scope.claim_exact(&self.variables[id.0].name);
            }
        }
        self.variables.push(Variable { name: scope.claim(&wire), ty });
        VariableId(self.variables.len() - 1)
    }

    /// Rules that are tried in order. A rule without conditions ends them; if it
    /// is a tree, its rules simply follow those before it.
    fn rules(&mut self, rules: &[graph::EndpointRule]) -> Vec<RulePlan> {
        let mut checked = Vec::new();
        for (index, rule) in rules.iter().enumerate() {
            let bound = self.bindings.len();
            let conditions: Vec<Condition> =
                rule.conditions.iter().flat_map(|condition| self.condition(condition)).collect();
            // A condition with an error is not among them.
            let always = !self.failed && conditions.iter().all(|condition| matches!(condition, Condition::Let(..)));
            let body = self.body(&rule.body, &rule.origin);
            self.bindings.truncate(bound);
            match body {
                Some(Body::Tree(inner)) if conditions.is_empty() => checked.extend(inner),
                Some(body) => checked.push(RulePlan { conditions, body }),
                None => {}
            }
            if always {
                if let Some(unreachable) = rules.get(index + 1) {
                    self.diagnostics.warning(
                        "unreachable-rule",
                        &unreachable.origin,
                        "the rule before this one has no conditions, so this one never applies",
                    );
                }
                break;
            }
        }
        checked
    }

    fn body(&mut self, body: &graph::RuleBody, origin: &Origin) -> Option<Body> {
        Some(match body {
            graph::RuleBody::Endpoint(endpoint) => Body::Endpoint(self.endpoint(endpoint, origin)?),
            graph::RuleBody::Error(message) => {
                Body::Error(self.expect(message, RuleType::String, "an error", origin)?)
            }
            graph::RuleBody::Tree(rules) => Body::Tree(self.rules(rules)),
        })
    }

    fn endpoint(&mut self, endpoint: &graph::Endpoint, origin: &Origin) -> Option<Endpoint> {
        let url = self.expect(&endpoint.url, RuleType::String, "the URL of an endpoint", origin);
        let mut headers = Vec::new();
        for (name, values) in &endpoint.headers {
            let values = values.iter().filter_map(|value| self.expect(value, RuleType::String, "a header", origin));
            headers.push((name.clone(), values.collect()));
        }
        let mut properties = Vec::new();
        for (name, property) in &endpoint.properties {
            properties.push((name.clone(), self.property(property, origin)?));
        }
        Some(Endpoint { url: url?, properties, headers })
    }

    fn property(&mut self, property: &graph::Property, origin: &Origin) -> Option<Property> {
        Some(match property {
            graph::Property::String(parts) => Property::String(self.template(parts, origin)?),
            graph::Property::Boolean(value) => Property::Boolean(*value),
            graph::Property::Integer(value) => Property::Integer(*value),
            graph::Property::Array(list) => {
                Property::Array(list.iter().map(|item| self.property(item, origin)).collect::<Option<_>>()?)
            }
            graph::Property::Object(members) => Property::Object(
                members
                    .iter()
                    .map(|(name, value)| Some((name.clone(), self.property(value, origin)?)))
                    .collect::<Option<_>>()?,
            ),
        })
    }

    /// A condition, as none (always holds), one or two.
    fn condition(&mut self, condition: &graph::Condition) -> Vec<Condition> {
        let call = &condition.call;
        if let ([Operand::Reference(name, _)], true) = (call.arguments.as_slice(), is_set_call(call))
            && let Some(bind) = self.narrow(name)
        {
            return vec![bind];
        }
        let mut conditions = self.unchecked(call);
        match self.call(call) {
            Some(value) => conditions.extend(self.tested(condition, value)),
            // The name is known all the same, so that one mistake is told once.
            None => self.bindings.extend(condition.assign.iter().map(|name| (name.clone(), Binding::Unknown))),
        }
        conditions
    }

    /// The condition that `value` is neither absent nor false.
    fn tested(&mut self, condition: &graph::Condition, value: RuleValue) -> Vec<Condition> {
        let call = &condition.call;
        match (&condition.assign, value.optional, value.ty) {
            (None, false, RuleType::Boolean) if value.kind == ValueKind::Boolean(true) => Vec::new(),
            (None, false, RuleType::Boolean) => vec![Condition::Holds(value)],
            (None, false, _) => Vec::new(),
            (None, true, RuleType::Boolean) => {
                let id = self.variable("value".to_owned(), RuleType::Boolean);
                vec![Condition::Bind(id, value), Condition::Holds(self.read(id))]
            }
            (None, true, _) => vec![Condition::Holds(is_set(value))],
            (Some(name), false, RuleType::Boolean) => {
                self.assign(name, Binding::True, &call.origin);
                vec![Condition::Holds(value)]
            }
            (Some(name), optional, ty) => {
                let id = self.variable(name.clone(), ty);
                self.assign(name, Binding::Variable(id), &call.origin);
                let mut conditions =
                    vec![if optional { Condition::Bind(id, value) } else { Condition::Let(id, value) }];
                if ty == RuleType::Boolean {
                    conditions.push(Condition::Holds(self.read(id)));
                }
                conditions
            }
        }
    }

    /// The condition that a parameter has a value; from here on, it is there.
    /// `None` where it is no parameter, or always has one.
    fn narrow(&mut self, name: &str) -> Option<Condition> {
        let Some(Binding::Parameter(id)) = self.lookup(name) else { return None };
        let value = self.read_parameter(id);
        if !value.optional {
            return None;
        }
        let variable = self.variable(name.to_owned(), value.ty);
        self.bindings.push((name.to_owned(), Binding::Variable(variable)));
        Some(Condition::Bind(variable, value))
    }

    /// Some rule sets hand a parameter to a function without asking `isSet`
    /// before. A condition about a value that is absent does not hold, so the
    /// question is asked here.
    fn unchecked(&mut self, call: &graph::Call) -> Vec<Condition> {
        if !matches!(Function::named(&call.function).map(Function::signature), Some(Signature::Fixed(..))) {
            return Vec::new();
        }
        let mut conditions = Vec::new();
        for argument in &call.arguments {
            match argument {
                Operand::Call(call) => conditions.extend(self.unchecked(call)),
                Operand::Reference(name, origin) => {
                    if let Some(condition) = self.narrow(name) {
                        self.diagnostics
                            .warning(
                                "unchecked-parameter",
                                origin,
                                format!(
                                    "parameter `{name}` may be absent, and no condition before this one asks for it"
                                ),
                            )
                            .hint("where it is absent, the rule does not apply");
                        conditions.push(condition);
                    }
                }
                _ => {}
            }
        }
        conditions
    }

    fn assign(&mut self, name: &str, binding: Binding, at: &Origin) {
        if self.lookup(name).is_some() {
            self.error("duplicate-name", at, format!("`{name}` is assigned, but already has a value here"));
        }
        self.bindings.push((name.to_owned(), binding));
    }

    fn lookup(&self, name: &str) -> Option<Binding> {
        self.bindings.iter().rev().find(|(bound, _)| bound == name).map(|(_, binding)| *binding)
    }

    fn read(&self, id: VariableId) -> RuleValue {
        RuleValue { kind: ValueKind::Variable(id), ty: self.variables[id.0].ty, optional: false }
    }

    fn read_parameter(&self, id: ParameterId) -> RuleValue {
        let plan = &self.parameters[id.0];
        RuleValue { kind: ValueKind::Parameter(id), ty: plan.field.ty, optional: !plan.has_default() }
    }

    fn reference(&mut self, name: &str, at: &Origin) -> Option<RuleValue> {
        match self.lookup(name) {
            Some(Binding::Parameter(id)) => Some(self.read_parameter(id)),
            Some(Binding::Variable(id)) => Some(self.read(id)),
            Some(Binding::True) => Some(boolean(true)),
            Some(Binding::Unknown) => None,
            None => {
                let known: Vec<String> = self.bindings.iter().map(|(bound, _)| bound.clone()).collect();
                let message = format!("`{name}` is neither a parameter nor assigned by an earlier condition");
                self.error_with_hint("unknown-reference", at, message, name, known.iter().map(String::as_str));
                None
            }
        }
    }

    /// A value of type `ty` that is there.
    fn expect(&mut self, expression: &Operand, ty: RuleType, what: &str, at: &Origin) -> Option<RuleValue> {
        let value = self.expression(expression, at)?;
        let at = origin_of(expression).unwrap_or(at);
        if value.ty != ty {
            self.error("rule-type", at, format!("{what} is {}, but this is {}", ty.name(), value.ty.name()));
            return None;
        }
        if value.optional {
            self.failed = true;
            self.diagnostics
                .error("rule-type", at, format!("{what} must have a value, but this may be absent"))
                .hint("check it with `isSet`, or `assign` it in a condition, before it is used");
            return None;
        }
        Some(value)
    }

    fn expression(&mut self, expression: &Operand, at: &Origin) -> Option<RuleValue> {
        match expression {
            Operand::Template(parts, origin) => self.template(parts, origin),
            Operand::Boolean(value) => Some(boolean(*value)),
            Operand::Integer(value) => match u32::try_from(*value) {
                Ok(value) => {
                    Some(RuleValue { kind: ValueKind::Integer(value), ty: RuleType::Integer, optional: false })
                }
                Err(_) => {
                    self.error("rule-type", at, format!("{value} is not a number from 0 to {}", u32::MAX));
                    None
                }
            },
            Operand::StringArray(_) => {
                self.error("rule-type", at, "no function takes a list of literals".to_owned());
                None
            }
            Operand::Reference(name, origin) => self.reference(name, origin),
            Operand::Call(call) => self.call(call),
        }
    }

    fn template(&mut self, parts: &[TemplatePart], at: &Origin) -> Option<RuleValue> {
        let mut pieces: Vec<Piece> = Vec::with_capacity(parts.len());
        let mut complete = true;
        for part in parts {
            match (part, pieces.last_mut()) {
                (TemplatePart::Literal(text), Some(Piece::Literal(last))) => last.push_str(text),
                (TemplatePart::Literal(text), _) => pieces.push(Piece::Literal(text.clone())),
                (TemplatePart::Placeholder { reference, path }, _) => {
                    match self.placeholder(reference, path.as_deref(), at) {
                        Some(value) => pieces.push(Piece::Value(value)),
                        None => complete = false,
                    }
                }
            }
        }
        complete.then_some(RuleValue { kind: ValueKind::Template(pieces), ty: RuleType::String, optional: false })
    }

    fn placeholder(&mut self, reference: &str, path: Option<&str>, at: &Origin) -> Option<RuleValue> {
        let value = self.reference(reference, at)?;
        let value = match path {
            Some(path) => self.attribute(value, path, at)?,
            None => value,
        };
        if value.ty != RuleType::String || value.optional {
            let is = if value.optional { "may be absent" } else { value.ty.name() };
            let path = path.map_or(String::new(), |path| format!("#{path}"));
            self.error("rule-type", at, format!("`{{{reference}{path}}}` must be a string, but {is}"));
            return None;
        }
        Some(value)
    }

    fn call(&mut self, call: &graph::Call) -> Option<RuleValue> {
        if call.function == GET_ATTR {
            return self.get_attr(call);
        }
        let Some(function) = Function::named(&call.function) else {
            let message = format!("function `{}` is not known", call.function);
            self.error_with_hint("unknown-function", &call.origin, message, &call.function, Function::names());
            return None;
        };
        match function.signature() {
            Signature::Fixed(types, ty, presence) => {
                self.count(call, types.len(), types.len())?;
                let arguments = self.fixed_arguments(call, types)?;
                Some(RuleValue {
                    kind: ValueKind::Call(function, arguments),
                    ty,
                    optional: presence == ResultPresence::Perhaps,
                })
            }
            Signature::Any => {
                self.count(call, 1, 1)?;
                let value = self.expression(&call.arguments[0], &call.origin)?;
                Some(is_set(value))
            }
            Signature::Same => self.same(function, call),
        }
    }

    fn count(&mut self, call: &graph::Call, least: usize, most: usize) -> Option<()> {
        let count = call.arguments.len();
        if (least..=most).contains(&count) {
            return Some(());
        }
        let wanted = if least == most { least.to_string() } else { format!("at least {least}") };
        self.error(
            "argument-count",
            &call.origin,
            format!("`{}` takes {wanted} arguments, but {count} are given", call.function),
        );
        None
    }

    fn fixed_arguments(&mut self, call: &graph::Call, types: &[RuleType]) -> Option<Vec<RuleValue>> {
        let mut arguments = Vec::with_capacity(types.len());
        for (index, (argument, ty)) in call.arguments.iter().zip(types).enumerate() {
            let what = format!("argument {} of `{}`", index + 1, call.function);
            arguments.extend(self.expect(argument, *ty, &what, &call.origin));
        }
        (arguments.len() == types.len()).then_some(arguments)
    }

    /// `coalesce` and `ite`.
    fn same(&mut self, function: Function, call: &graph::Call) -> Option<RuleValue> {
        let is_ite = function == Function::Ite;
        self.count(call, if is_ite { 3 } else { 2 }, if is_ite { 3 } else { usize::MAX })?;
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for (index, argument) in call.arguments.iter().enumerate() {
            arguments.push(if is_ite && index == 0 {
                self.expect(argument, RuleType::Boolean, "argument 1 of `ite`", &call.origin)?
            } else {
                self.expression(argument, &call.origin)?
            });
        }
        let choices = &arguments[usize::from(is_ite)..];
        let ty = choices[0].ty;
        if let Some(other) = choices.iter().find(|choice| choice.ty != ty) {
            let message = format!(
                "`{}` chooses between {} and {}; its type must be one",
                call.function,
                ty.name(),
                other.ty.name()
            );
            self.error("rule-type", &call.origin, message);
            return None;
        }
        if !matches!(ty, RuleType::String | RuleType::Boolean) {
            let message = format!("`{}` of {} is not supported: strings and booleans are", call.function, ty.name());
            self.error("rule-type", &call.origin, message);
            return None;
        }
        let optional = if is_ite {
            choices.iter().any(|choice| choice.optional)
        } else {
            choices.iter().all(|choice| choice.optional)
        };
        Some(RuleValue { kind: ValueKind::Call(function, arguments), ty, optional })
    }

    fn get_attr(&mut self, call: &graph::Call) -> Option<RuleValue> {
        self.count(call, 2, 2)?;
        let value = self.expression(&call.arguments[0], &call.origin)?;
        if value.optional {
            self.error("rule-type", &call.origin, "`getAttr` needs a value, but this may be absent".to_owned());
            return None;
        }
        match &call.arguments[1] {
            Operand::Template(parts, _) => match parts.as_slice() {
                [TemplatePart::Literal(path)] => self.attribute(value, path, &call.origin),
                _ => {
                    self.error("rule-type", &call.origin, "the path of `getAttr` must be a literal".to_owned());
                    None
                }
            },
            _ => {
                self.error("rule-type", &call.origin, "the path of `getAttr` must be a string".to_owned());
                None
            }
        }
    }

    /// Follows `path`: keys joined by dots, at the end perhaps an index.
    fn attribute(&mut self, value: RuleValue, path: &str, at: &Origin) -> Option<RuleValue> {
        let mut value = value;
        let (keys, index) = match path.split_once('[') {
            Some((keys, index)) => (keys, Some(index)),
            None => (path, None),
        };
        for key in keys.split('.').filter(|_| !keys.is_empty()) {
            let Some(attribute) = Attribute::of(value.ty).find(|attribute| attribute.name == key) else {
                let message = format!("{} has no attribute `{key}`", value.ty.name());
                let known = Attribute::of(value.ty).map(|attribute| attribute.name);
                self.error_with_hint("unknown-attribute", at, message, key, known);
                return None;
            };
            value =
                RuleValue { kind: ValueKind::Attribute(Box::new(value), attribute), ty: attribute.ty, optional: false };
        }
        let Some(index) = index else { return Some(value) };
        let Some(index) = index.strip_suffix(']').and_then(|index| index.parse::<i32>().ok()) else {
            self.error("rule-type", at, format!("`{path}` does not end in an index such as `[0]`"));
            return None;
        };
        if value.ty != RuleType::StringArray {
            self.error("rule-type", at, format!("`{path}` takes an element of {}", value.ty.name()));
            return None;
        }
        Some(RuleValue { kind: ValueKind::Element(Box::new(value), index), ty: RuleType::String, optional: true })
    }
}

fn is_set_call(call: &graph::Call) -> bool {
    Function::named(&call.function) == Some(Function::IsSet)
}

fn boolean(value: bool) -> RuleValue {
    RuleValue { kind: ValueKind::Boolean(value), ty: RuleType::Boolean, optional: false }
}

/// Whether `value` is there: a constant where it always is.
fn is_set(value: RuleValue) -> RuleValue {
    if !value.optional {
        return boolean(true);
    }
    RuleValue { kind: ValueKind::Call(Function::IsSet, vec![value]), ty: RuleType::Boolean, optional: false }
}

fn origin_of(expression: &Operand) -> Option<&Origin> {
    match expression {
        Operand::Template(_, origin) | Operand::Reference(_, origin) => Some(origin),
        Operand::Call(call) => Some(&call.origin),
        Operand::Boolean(_) | Operand::Integer(_) | Operand::StringArray(_) => None,
    }
}

pub(super) fn type_of(value: &ContextValue) -> RuleType {
    match value {
        ContextValue::String(_) => RuleType::String,
        ContextValue::Boolean(_) => RuleType::Boolean,
        ContextValue::StringList(_) => RuleType::StringArray,
    }
}

/// All that the specifications define. Those of S3 and STS belong to services
/// whose protocols are not supported: nothing but their default ever applies.
const BUILT_INS: &[(&str, RuleType, Option<BuiltIn>)] = &[
    ("AWS::Region", RuleType::String, Some(BuiltIn::Region)),
    ("AWS::UseFIPS", RuleType::Boolean, Some(BuiltIn::UseFips)),
    ("AWS::UseDualStack", RuleType::Boolean, Some(BuiltIn::UseDualStack)),
    ("SDK::Endpoint", RuleType::String, Some(BuiltIn::Endpoint)),
    ("AWS::Auth::AccountId", RuleType::String, Some(BuiltIn::AccountId)),
    ("AWS::Auth::AccountIdEndpointMode", RuleType::String, Some(BuiltIn::AccountIdEndpointMode)),
    ("AWS::Auth::CredentialScope", RuleType::String, None),
    ("AWS::S3::Accelerate", RuleType::Boolean, None),
    ("AWS::S3::DisableMultiRegionAccessPoints", RuleType::Boolean, None),
    ("AWS::S3::ForcePathStyle", RuleType::Boolean, None),
    ("AWS::S3::UseArnRegion", RuleType::Boolean, None),
    ("AWS::S3::UseGlobalEndpoint", RuleType::Boolean, None),
    ("AWS::S3Control::UseArnRegion", RuleType::Boolean, None),
    ("AWS::STS::UseGlobalEndpoint", RuleType::Boolean, None),
];
