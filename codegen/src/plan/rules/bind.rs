//! Parameters that an operation supplies: fixed ones, and those that come out
//! of its input.
//!
//! Specification: Smithy 2.0, "Rules engine parameters".

use super::{EndpointPlan, ParameterId, RuleType};
use crate::diagnostic::{Diagnostics, Origin};
use crate::graph::{ContextValue, Operation, OperationId};
use crate::plan::jmespath::{self, Checked, FieldRef, Ty, Typed};
use crate::plan::{OperationPlan, ServicePlan, Type};

/// What one operation supplies.
#[derive(Debug)]
pub struct BindingPlan<'g> {
    /// The operation.
    pub operation: OperationId,
    /// Parameters with their values; where one occurs again, the later wins.
    pub values: Vec<(ParameterId, BoundValue<'g>)>,
}

/// Where a parameter's value comes from.
#[derive(Debug)]
pub enum BoundValue<'g> {
    /// The operation is such.
    Fixed(&'g ContextValue),
    /// A value of the input.
    Input(Typed),
}

/// What the selected operations supply; those that supply nothing are not in it.
pub fn bindings<'g>(plan: &ServicePlan<'g>, diagnostics: &mut Diagnostics) -> Vec<BindingPlan<'g>> {
    let Some(endpoint) = &plan.endpoint else { return Vec::new() };
    plan.operations
        .iter()
        .map(|operation| Binder { plan, endpoint, operation, diagnostics: &mut *diagnostics }.binding())
        .filter(|binding| !binding.values.is_empty())
        .collect()
}

struct Binder<'p, 'g, 'd> {
    plan: &'p ServicePlan<'g>,
    endpoint: &'p EndpointPlan<'g>,
    operation: &'p OperationPlan<'g>,
    diagnostics: &'d mut Diagnostics,
}

impl<'g> Binder<'_, 'g, '_> {
    /// In order of precedence, the strongest last.
    fn binding(mut self) -> BindingPlan<'g> {
        let Operation { traits, origin, .. } = &self.plan.service[self.operation.id];
        let mut values = Vec::new();
        for (name, path) in &traits.operation_context_params {
            values.extend(self.path(name, path, origin));
        }
        let owner = self.operation.input;
        for (index, field) in self.plan[owner].fields().iter().enumerate() {
            if let Some(name) = &field.member.traits.context_param {
                let current = Typed { node: Checked::Current, ty: Ty::Rust(Type::Named(owner)), optional: false };
                let node = Checked::Field(Box::new(current), FieldRef { owner, index });
                let value = Typed { node, ty: Ty::Rust(field.ty.clone()), optional: !field.is_plain() };
                values.extend(self.input(name, value, &field.member.origin));
            }
        }
        for (name, value) in &traits.static_context_params {
            values.extend(self.fixed(name, value, origin));
        }
        BindingPlan { operation: self.operation.id, values }
    }

    fn parameter(&mut self, name: &str, origin: &Origin) -> Option<(ParameterId, RuleType)> {
        let found = self.endpoint.parameter(name).map(|parameter| (parameter.id, parameter.field.ty));
        if found.is_none() {
            let operation = self.operation.wire_name;
            let known = self.endpoint.parameters.iter().map(|parameter| parameter.parameter.name.as_str());
            self.diagnostics
                .error(
                    "unknown-parameter",
                    origin,
                    format!(
                        "operation `{operation}` supplies endpoint parameter `{name}`, which the rules do not have"
                    ),
                )
                .did_you_mean(name, known);
        }
        found
    }

    fn mismatch(&mut self, name: &str, ty: RuleType, origin: &Origin) {
        let operation = self.operation.wire_name;
        let message =
            format!("endpoint parameter `{name}` is {}, but what operation `{operation}` supplies is not", ty.name());
        self.diagnostics.error("rule-type", origin, message);
    }

    fn fixed(&mut self, name: &str, value: &'g ContextValue, origin: &Origin) -> Option<(ParameterId, BoundValue<'g>)> {
        let (id, ty) = self.parameter(name, origin)?;
        if super::check::type_of(value) != ty {
            self.mismatch(name, ty, origin);
            return None;
        }
        Some((id, BoundValue::Fixed(value)))
    }

    fn path(&mut self, name: &str, path: &str, origin: &Origin) -> Option<(ParameterId, BoundValue<'g>)> {
        let input = self.operation.input;
        match jmespath::parse(path).and_then(|expression| jmespath::check(self.plan, input, &expression)) {
            Ok(value) => self.input(name, value, origin),
            Err(problem) => {
                let user = format!("endpoint parameter `{name}` of operation `{}`", self.operation.wire_name);
                problem.report(self.diagnostics, origin, &user, path);
                None
            }
        }
    }

    fn input(&mut self, name: &str, value: Typed, origin: &Origin) -> Option<(ParameterId, BoundValue<'g>)> {
        let (id, ty) = self.parameter(name, origin)?;
        let fits = match ty {
            RuleType::String => value.ty.is_text(self.plan),
            RuleType::Boolean => value.ty.is_boolean(),
            RuleType::StringArray => value.ty.element().is_some_and(|element| element.is_text(self.plan)),
            RuleType::Integer | RuleType::Url | RuleType::Arn | RuleType::Partition => false,
        };
        if !fits {
            self.mismatch(name, ty, origin);
            return None;
        }
        Some((id, BoundValue::Input(value)))
    }
}
