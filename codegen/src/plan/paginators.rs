//! Which operations are paginated: those that the model says, and those where
//! a token goes in and comes out and the output has exactly one list.

use super::{OperationPlan, PaginatorPlan, ServicePlan, Type};
use crate::graph::{MemberPath, TokenExpression, TokenStep};

/// Member names that services use for tokens, in input and output alike.
const TOKENS: &[&str] = &["NextToken", "nextToken"];

/// Input members that limit the size of a page.
const LIMITS: &[&str] = &["MaxResults", "maxResults", "PageSize", "Limit", "MaxItems"];

pub(super) fn paginators(plan: &mut ServicePlan<'_>) {
    let found: Vec<Option<PaginatorPlan>> = plan
        .operations
        .iter()
        .map(|operation| modelled(plan, operation).or_else(|| inferred(plan, operation)))
        .collect();
    for (operation, paginator) in plan.operations.iter_mut().zip(found) {
        operation.paginator = paginator;
    }
}

fn modelled(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>) -> Option<PaginatorPlan> {
    let paginator = plan.service.paginator(operation.id)?;
    Some(PaginatorPlan {
        inferred: false,
        input_tokens: paginator.input_tokens.clone(),
        output_tokens: paginator.output_tokens.clone(),
        result_keys: paginator.result_keys.clone(),
        limit_key: paginator.limit_key.clone(),
        more_results: paginator.more_results.clone(),
    })
}

fn inferred(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>) -> Option<PaginatorPlan> {
    let (input, output) = (&plan[operation.input], &plan[operation.output]);
    let is_optional_string = |field: &super::FieldPlan<'_>| field.ty == Type::String && !field.required;
    let token = TOKENS.iter().find(|token| {
        input.field(token).is_some_and(is_optional_string) && output.field(token).is_some_and(|f| f.ty == Type::String)
    })?;
    let mut lists = output.fields().iter().filter(|field| matches!(field.ty, Type::List(_)));
    let (list, None) = (lists.next()?, lists.next()) else { return None };
    let limit = LIMITS.iter().find(|limit| input.field(limit).is_some_and(|field| field.ty == Type::I32));
    Some(PaginatorPlan {
        inferred: true,
        input_tokens: vec![(*token).to_owned()],
        output_tokens: vec![TokenExpression { alternatives: vec![vec![TokenStep::Member((*token).to_owned())]] }],
        result_keys: vec![MemberPath(vec![list.member.name.clone()])],
        limit_key: limit.map(|limit| (*limit).to_owned()),
        more_results: None,
    })
}
