//! The rules as nested `if`s. Deep ones go into functions of their own.

use super::values::{boolean, host_parts, list, literal, optional, owned, receiver, string, text};
use crate::emit::tokens::ident;
use crate::plan::rules::{
    Body, Condition, Endpoint, EndpointPlan, Function, ParameterId, Property, RulePlan, RuleType, RuleValue, ValueKind,
    VariableId,
};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeSet;

/// How many `if`s may lie in one another before the rest becomes a function.
const MAX_DEPTH: usize = 4;

/// The function `resolve`, and those that it calls.
pub(super) struct Resolver {
    pub functions: TokenStream,
    pub uses: Imported,
}

/// What the functions need to have imported.
#[derive(Clone, Copy, Default)]
pub(super) struct Imported {
    pub functions: bool,
    pub partitions: bool,
    pub partition_type: bool,
    pub property: bool,
}

pub(super) fn resolver(plan: &EndpointPlan<'_>) -> Resolver {
    let reads = Reads::of(&plan.rules);
    let mut writer = RulesWriter { plan, reads: &reads.variables, functions: Vec::new(), uses: Imported::default() };
    let given = plan.parameters.iter().filter_map(|parameter| {
        let value = RuleValue { kind: ValueKind::Parameter(parameter.id), ty: parameter.field.ty, optional: true };
        let name = &parameter.parameter.name;
        let variable = parameter.given?;
        Some(if reads.variables.contains(&variable) {
            let (variable, value) = (ident(&plan[variable].name), optional(plan, &value));
            quote! { let Some(#variable) = #value else { return Err(EndpointError::MissingParameter(#name)) }; }
        } else {
            let value = receiver(plan, &value);
            quote! { if #value.is_none() { return Err(EndpointError::MissingParameter(#name)) } }
        })
    });
    let given: Vec<TokenStream> = given.collect();
    let params = if reads.parameters.is_empty() && given.is_empty() { quote!(_params) } else { quote!(params) };
    let body = writer.rules(&plan.rules, 0, DecisionPlace::End);
    reads.functions.iter().for_each(|function| writer.uses.note(*function));
    writer.uses.functions |= reads.elements;
    let (functions, uses) = (writer.functions, writer.uses);
    let functions = quote! {
        /// The endpoint for `params`.
        ///
        /// # Errors
        ///
        /// If the rules refuse the parameters, or have no endpoint for them.
        pub fn resolve(#params: &Params) -> Result<Endpoint, EndpointError> {
            #(#given)*
            #body
        }
        #(#functions)*
    };
    Resolver { functions, uses }
}

impl Imported {
    fn note(&mut self, function: Function) {
        match function {
            Function::Partition => self.partitions = true,
            Function::IsValidHostLabel
            | Function::IsVirtualHostableS3Bucket
            | Function::ParseArn
            | Function::ParseUrl
            | Function::Split
            | Function::Substring
            | Function::UriEncode => self.functions = true,
            Function::BooleanEquals
            | Function::Coalesce
            | Function::IsSet
            | Function::Ite
            | Function::Not
            | Function::StringEquals => {}
        }
    }
}

/// Where a decision stands in its function.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DecisionPlace {
    /// At the end: its value is the function's.
    End,
    /// Inside an `if`: it has to return.
    Inside,
}

impl DecisionPlace {
    fn decide(self, result: &TokenStream) -> TokenStream {
        match self {
            Self::End => result.clone(),
            Self::Inside => quote!(return #result;),
        }
    }
}

struct RulesWriter<'p> {
    plan: &'p EndpointPlan<'p>,
    /// Variables whose value is used anywhere.
    reads: &'p BTreeSet<VariableId>,
    functions: Vec<TokenStream>,
    uses: Imported,
}

impl RulesWriter<'_> {
    fn rules(&mut self, rules: &[RulePlan], depth: usize, place: DecisionPlace) -> TokenStream {
        let mut statements = TokenStream::new();
        let mut decided = false;
        for rule in rules {
            let conditions = self.conditions(&rule.conditions);
            if conditions.tests.is_empty() {
                let lets = conditions.lets;
                let body = self.body(&rule.body, depth, place);
                statements.extend(quote!(#(#lets)* #body));
                decided = true;
                break;
            }
            let tests = conditions.tests;
            let body = self.body(&rule.body, depth + 1, DecisionPlace::Inside);
            statements.extend(quote!(if #(#tests)&&* { #body }));
        }
        if !decided {
            statements.extend(place.decide(&quote!(Err(EndpointError::NoRule))));
        }
        statements
    }

    fn conditions(&self, conditions: &[Condition]) -> Conditions {
        // A `let` alone is no condition: it becomes a statement.
        let always = conditions.iter().all(|condition| matches!(condition, Condition::Let(..)));
        let mut written = Conditions::default();
        for condition in conditions {
            match condition {
                Condition::Holds(value) => written.tests.push(boolean(self.plan, value)),
                Condition::Bind(id, value) => written.tests.push(self.bind(*id, value)),
                Condition::Let(id, _) if !self.reads.contains(id) => {}
                Condition::Let(id, value) => {
                    let name = ident(&self.plan[*id].name);
                    if value.ty == RuleType::StringArray {
                        let list = list(self.plan, value);
                        let binding = quote!(let #name = #list);
                        if always { written.lets.push(quote!(#binding;)) } else { written.tests.push(binding) }
                    } else if always {
                        let string = string(self.plan, value);
                        written.lets.push(quote!(let #name = #string; let #name: &str = #name.as_ref();));
                    } else {
                        let text = text(self.plan, value);
                        written.tests.push(quote!(let #name = #text));
                    }
                }
            }
        }
        written
    }

    fn bind(&self, id: VariableId, value: &RuleValue) -> TokenStream {
        if !self.reads.contains(&id) {
            let tokens = receiver(self.plan, value);
            return quote!(#tokens.is_some());
        }
        let tokens = optional(self.plan, value);
        let name = ident(&self.plan[id].name);
        // By reference, so that inner functions take what outer ones have.
        let reference = matches!(value.ty, RuleType::Arn | RuleType::Url).then(|| quote!(&));
        quote!(let Some(#name) = #reference #tokens)
    }

    fn body(&mut self, body: &Body, depth: usize, place: DecisionPlace) -> TokenStream {
        match body {
            Body::Endpoint(endpoint) => {
                let endpoint = self.endpoint(endpoint);
                place.decide(&endpoint)
            }
            Body::Error(message) => {
                let message = error_message(self.plan, message);
                place.decide(&quote!(Err(EndpointError::refused(#message))))
            }
            Body::Tree(rules) if depth > MAX_DEPTH => {
                let call = self.function(rules);
                place.decide(&call)
            }
            Body::Tree(rules) => self.rules(rules, depth, place),
        }
    }

    /// Puts `rules` into a function of their own, and calls it.
    fn function(&mut self, rules: &[RulePlan]) -> TokenStream {
        let reads = Reads::of(rules);
        let free: Vec<VariableId> = reads.variables.difference(&reads.bound).copied().collect();
        let mut names: Vec<Ident> = Vec::new();
        let mut arguments: Vec<TokenStream> = Vec::new();
        if !reads.parameters.is_empty() {
            names.push(format_ident!("params"));
            arguments.push(quote!(params: &Params));
        }
        for id in free {
            let variable = &self.plan[id];
            self.uses.partition_type |= variable.ty == RuleType::Partition;
            let (name, ty) = (ident(&variable.name), argument_type(variable.ty));
            arguments.push(quote!(#name: #ty));
            names.push(name);
        }
        // The number is taken before those of the functions inside.
        let index = self.functions.len();
        let name = format_ident!("resolve_{}", index + 2);
        self.functions.push(TokenStream::new());
        let body = self.rules(rules, 0, DecisionPlace::End);
        let many = (arguments.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
        self.functions[index] = quote! {
            #many
            fn #name(#(#arguments),*) -> Result<Endpoint, EndpointError> { #body }
        };
        quote!(#name(#(#names),*))
    }

    /// An endpoint, as a `Result`.
    fn endpoint(&mut self, endpoint: &Endpoint) -> TokenStream {
        let parts = host_parts(self.plan, &endpoint.url);
        let url = string(self.plan, &endpoint.url);
        let is_plain = endpoint.headers.is_empty() && endpoint.properties.is_empty();
        let mut tokens = match (parts.is_empty(), is_plain) {
            (true, _) => quote!(Endpoint::new(#url)),
            (false, true) => return quote!(Endpoint::of_parts([#(#parts),*], #url)),
            (false, false) => quote!(Endpoint::of_parts([#(#parts),*], #url)?),
        };
        for (name, values) in &endpoint.headers {
            let values = values.iter().map(|value| owned(self.plan, value));
            tokens.extend(quote!(.header(#name, [#(#values),*])));
        }
        for (name, property) in &endpoint.properties {
            let property = match property {
                Property::String(value) => string(self.plan, value),
                Property::Boolean(value) => quote!(#value),
                Property::Integer(value) => quote!(#value),
                Property::Array(_) | Property::Object(_) => self.property(property),
            };
            tokens.extend(quote!(.property(#name, #property)));
        }
        quote!(Ok(#tokens))
    }

    fn property(&mut self, property: &Property) -> TokenStream {
        self.uses.property = true;
        match property {
            Property::String(value) => {
                let value = string(self.plan, value);
                quote!(Property::from(#value))
            }
            Property::Boolean(value) => quote!(Property::from(#value)),
            Property::Integer(value) => quote!(Property::from(#value)),
            Property::Array(list) => {
                let list = list.iter().map(|item| self.property(item));
                let list: Vec<TokenStream> = list.collect();
                quote!(Property::from([#(#list),*]))
            }
            Property::Object(members) => {
                let members = members.iter().map(|(name, value)| {
                    let value = self.property(value);
                    quote!((#name, #value))
                });
                let members: Vec<TokenStream> = members.collect();
                quote!(Property::object([#(#members),*]))
            }
        }
    }
}

#[derive(Default)]
struct Conditions {
    /// Joined by `&&`.
    tests: Vec<TokenStream>,
    /// Statements before a body that has no tests.
    lets: Vec<TokenStream>,
}

fn argument_type(ty: RuleType) -> TokenStream {
    match ty {
        RuleType::String => quote!(&str),
        RuleType::Boolean => quote!(bool),
        RuleType::Integer => quote!(u32),
        RuleType::StringArray => quote!(&[impl AsRef<str>]),
        RuleType::Url => quote!(&functions::Url<'_>),
        RuleType::Arn => quote!(&functions::Arn<'_>),
        RuleType::Partition => quote!(&Partition),
    }
}

fn error_message(plan: &EndpointPlan<'_>, message: &RuleValue) -> TokenStream {
    match literal(message) {
        Some(literal) => quote!(#literal),
        None => owned(plan, message),
    }
}

/// What some rules use.
#[derive(Default)]
struct Reads {
    parameters: BTreeSet<ParameterId>,
    variables: BTreeSet<VariableId>,
    bound: BTreeSet<VariableId>,
    functions: BTreeSet<Function>,
    elements: bool,
}

impl Reads {
    fn of(rules: &[RulePlan]) -> Self {
        let mut reads = Self::default();
        rules.iter().for_each(|rule| reads.rule(rule));
        reads
    }

    fn rule(&mut self, rule: &RulePlan) {
        for condition in &rule.conditions {
            match condition {
                Condition::Holds(value) => self.value(value),
                Condition::Bind(id, value) | Condition::Let(id, value) => {
                    self.bound.insert(*id);
                    self.value(value);
                }
            }
        }
        match &rule.body {
            Body::Endpoint(endpoint) => {
                self.value(&endpoint.url);
                endpoint.headers.iter().flat_map(|(_, values)| values).for_each(|value| self.value(value));
                endpoint.properties.iter().for_each(|(_, property)| self.property(property));
            }
            Body::Error(message) => self.value(message),
            Body::Tree(rules) => rules.iter().for_each(|rule| self.rule(rule)),
        }
    }

    fn property(&mut self, property: &Property) {
        match property {
            Property::String(value) => self.value(value),
            Property::Array(list) => list.iter().for_each(|item| self.property(item)),
            Property::Object(members) => members.iter().for_each(|(_, item)| self.property(item)),
            Property::Boolean(_) | Property::Integer(_) => {}
        }
    }

    fn value(&mut self, value: &RuleValue) {
        match &value.kind {
            ValueKind::Parameter(id) => {
                self.parameters.insert(*id);
            }
            ValueKind::Variable(id) => {
                self.variables.insert(*id);
            }
            ValueKind::Element(..) => self.elements = true,
            ValueKind::Call(function, _) => {
                self.functions.insert(*function);
            }
            ValueKind::Boolean(_) | ValueKind::Integer(_) | ValueKind::Template(_) | ValueKind::Attribute(..) => {}
        }
        value.operands().for_each(|operand| self.value(operand));
    }
}
