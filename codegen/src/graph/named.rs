//! The way back from the graph: a service by names again, without the places
//! where it was read. Two services say the same when these are equal, and what
//! changes a service changes this and builds it anew.

use super::builder::ServiceBuilder;
use super::builder::{Located, NameRef, RawKind, RawMember, RawOperation, RawPaginator, RawShape, RawWaiter};
use super::rules::{Call, Endpoint, Expression, Parameter, Property, Rule, RuleBody, RuleSet};
use super::*;

impl Service {
    /// What [`ServiceBuilder::build`] makes this service of, without origins.
    pub fn to_builder(&self) -> ServiceBuilder {
        let mut builder = ServiceBuilder::new(self.name.clone(), Origin::default());
        builder.metadata = self.metadata.clone();
        builder.shapes = self.shapes.iter().map(|shape| self.raw_shape(shape)).collect();
        builder.operations = self.operations.iter().map(|operation| self.raw_operation(operation)).collect();
        let paginators = self.paginators.iter();
        builder.paginators = paginators.map(|(id, paginator)| raw_paginator(&self[*id].name, paginator)).collect();
        builder.waiters = self.waiters.iter().map(|waiter| self.raw_waiter(waiter)).collect();
        builder.rule_set = self.rule_set.as_ref().map(rule_set);
        builder
    }

    /// Whether any documentation text was read with it.
    pub fn is_documented(&self) -> bool {
        let members = |shape: &Shape| shape.members().iter().any(|member| member.traits.documentation.is_some());
        self.metadata.documentation.is_some()
            || self.operations.iter().any(|operation| operation.traits.documentation.is_some())
            || self.shapes.iter().any(|shape| shape.traits.documentation.is_some() || members(shape))
    }

    /// The same without documentation text.
    #[must_use]
    pub fn without_documentation(mut self) -> Self {
        self.metadata.documentation = None;
        self.operations.iter_mut().for_each(|operation| operation.traits.documentation = None);
        self.waiters.iter_mut().for_each(|waiter| waiter.documentation = None);
        for shape in &mut self.shapes {
            shape.traits.documentation = None;
            let (members, more) = match &mut shape.kind {
                ShapeKind::Structure(members) | ShapeKind::Union(members) => (members.as_mut_slice(), None),
                ShapeKind::List { member, .. } => (std::slice::from_mut(member), None),
                ShapeKind::Map { key, value, .. } => (std::slice::from_mut(key), Some(value)),
                _ => (&mut [][..], None),
            };
            members.iter_mut().chain(more).for_each(|member| member.traits.documentation = None);
        }
        self
    }

    fn name_of(&self, id: ShapeId) -> NameRef {
        unplaced(&self[id].name)
    }

    fn raw_shape(&self, shape: &Shape) -> RawShape {
        let members = |members: &[Member]| members.iter().map(|member| self.raw_member(member)).collect();
        let kind = match &shape.kind {
            ShapeKind::Structure(list) => RawKind::Structure(members(list)),
            ShapeKind::Union(list) => RawKind::Union(members(list)),
            ShapeKind::List { member, sparse } => RawKind::List { member: self.raw_member(member), sparse: *sparse },
            ShapeKind::Map { key, value, sparse } => {
                RawKind::Map { key: self.raw_member(key), value: self.raw_member(value), sparse: *sparse }
            }
            simple => RawKind::Simple(simple.clone()),
        };
        RawShape { name: shape.name.clone(), kind, traits: shape.traits.clone(), origin: Origin::default() }
    }

    fn raw_member(&self, member: &Member) -> RawMember {
        RawMember {
            name: member.name.clone(),
            target: self[member.target].name.clone(),
            traits: member.traits.clone(),
            origin: Origin::default(),
            target_origin: Origin::default(),
        }
    }

    fn raw_operation(&self, operation: &Operation) -> RawOperation {
        RawOperation {
            name: operation.name.clone(),
            input: operation.input.map(|id| self.name_of(id)),
            output: operation.output.map(|id| self.name_of(id)),
            errors: operation.errors.iter().map(|id| self.name_of(*id)).collect(),
            traits: operation.traits.clone(),
            origin: Origin::default(),
        }
    }

    fn raw_waiter(&self, waiter: &Waiter) -> RawWaiter {
        let unplaced_acceptor = |acceptor: &Acceptor| Acceptor { origin: Origin::default(), ..acceptor.clone() };
        RawWaiter {
            name: waiter.name.clone(),
            operation: unplaced(&self[waiter.operation].name),
            delay: waiter.delay,
            max_delay: waiter.max_delay,
            max_attempts: waiter.max_attempts,
            acceptors: waiter.acceptors.iter().map(unplaced_acceptor).collect(),
            documentation: waiter.documentation.clone(),
            overlay: waiter.overlay.clone(),
            origin: Origin::default(),
        }
    }
}

fn unplaced(name: &str) -> NameRef {
    NameRef { name: name.to_owned(), origin: Origin::default() }
}

fn raw_paginator(operation: &str, paginator: &Paginator) -> RawPaginator {
    fn located<T: Clone>(values: &[T]) -> Vec<Located<T>> {
        values.iter().map(|value| Located { value: value.clone(), origin: Origin::default() }).collect()
    }
    RawPaginator {
        operation: unplaced(operation),
        input_tokens: paginator.input_tokens.iter().map(|token| unplaced(token)).collect(),
        output_tokens: located(&paginator.output_tokens),
        result_keys: located(&paginator.result_keys),
        limit_key: paginator.limit_key.as_deref().map(unplaced),
        more_results: located(paginator.more_results.as_slice()).pop(),
        non_aggregate_keys: located(&paginator.non_aggregate_keys),
        origin: Origin::default(),
    }
}

fn rule_set(rules: &RuleSet) -> RuleSet {
    let parameter = |parameter: &Parameter| Parameter { origin: Origin::default(), ..parameter.clone() };
    RuleSet {
        parameters: rules.parameters.iter().map(parameter).collect(),
        rules: rules.rules.iter().map(rule).collect(),
        origin: Origin::default(),
    }
}

fn rule(of: &Rule) -> Rule {
    let mut conditions = of.conditions.clone();
    conditions.iter_mut().for_each(|condition| condition.call = call(&condition.call));
    let body = match &of.body {
        RuleBody::Endpoint(of) => RuleBody::Endpoint(endpoint(of)),
        RuleBody::Error(message) => RuleBody::Error(expression(message)),
        RuleBody::Tree(rules) => RuleBody::Tree(rules.iter().map(rule).collect()),
    };
    Rule { conditions, body, origin: Origin::default() }
}

fn endpoint(of: &Endpoint) -> Endpoint {
    let header =
        |(name, values): &(String, Vec<Expression>)| (name.clone(), values.iter().map(expression).collect::<Vec<_>>());
    // Templates in properties have no origins.
    let properties: Vec<(String, Property)> = of.properties.clone();
    Endpoint { url: expression(&of.url), properties, headers: of.headers.iter().map(header).collect() }
}

fn call(of: &Call) -> Call {
    let arguments = of.arguments.iter().map(expression).collect();
    Call { function: of.function.clone(), arguments, origin: Origin::default() }
}

fn expression(of: &Expression) -> Expression {
    match of {
        Expression::Template(parts, _) => Expression::Template(parts.clone(), Origin::default()),
        Expression::Reference(name, _) => Expression::Reference(name.clone(), Origin::default()),
        Expression::StringArray(items) => Expression::StringArray(items.iter().map(expression).collect()),
        Expression::Call(inner) => Expression::Call(Box::new(call(inner))),
        Expression::Boolean(_) | Expression::Integer(_) => of.clone(),
    }
}
