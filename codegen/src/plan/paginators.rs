//! Which operations are paginated: those that the model says, and those where
//! a token goes in and comes out and the output has exactly one list.

use super::{OperationPlan, PaginatorPlan, Type, TypeId, TypeKind, TypePlan};
use crate::diagnostic::Diagnostics;
use crate::graph::{Located, MemberPath, NameRef, Paginator, Service, TokenExpression, TokenStep};

/// Member names that services use for tokens, in input and output alike.
const TOKENS: &[&str] = &["NextToken", "nextToken"];

/// Input members that limit the size of a page.
const LIMITS: &[&str] = &["MaxResults", "maxResults", "PageSize", "Limit", "MaxItems"];

/// The runtime has tokens of so many parts; no model has more than three.
const MOST_TOKENS: usize = 4;

/// Says of each of `operations` how it is paginated.
pub(super) fn paginators(
    service: &Service,
    types: &[TypePlan<'_>],
    operations: &mut [OperationPlan<'_>],
    diagnostics: &mut Diagnostics,
) {
    for operation in operations {
        let modelled = modelled(service, types, operation, diagnostics);
        operation.paginator = modelled.or_else(|| inferred(types, operation));
    }
}

fn modelled(
    service: &Service,
    types: &[TypePlan<'_>],
    operation: &OperationPlan<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<PaginatorPlan> {
    let paginator = service.paginator(operation.id)?;
    check(types, operation, paginator, diagnostics);
    // Smithy's models often leave it to the reader where the items are.
    let items =
        paginator.result_keys.first().map(|key| key.value.clone()).or_else(|| only_list(types, operation.output));
    Some(PaginatorPlan {
        inferred: false,
        input_tokens: paginator.input_tokens.iter().map(|token| token.name.clone()).collect(),
        output_tokens: paginator.output_tokens.iter().map(|token| token.value.clone()).collect(),
        items,
        limit_key: paginator.limit_key.as_ref().map(|key| key.name.clone()),
        more_results: paginator.more_results.as_ref().map(|path| path.value.clone()),
    })
}

/// What the graph does not see: whether the types fit each other. What does
/// not exist it has told already.
fn check(types: &[TypePlan<'_>], operation: &OperationPlan<'_>, paginator: &Paginator, diagnostics: &mut Diagnostics) {
    let mut wrong = |what: String| {
        let message = format!("the paginator of `{}` {what}", operation.wire_name);
        diagnostics.error("paginator-type", &paginator.origin, message);
    };
    if paginator.input_tokens.len() > MOST_TOKENS {
        wrong(format!("has {} tokens; {MOST_TOKENS} are supported", paginator.input_tokens.len()));
    }
    for (NameRef { name, .. }, token) in paginator.input_tokens.iter().zip(&paginator.output_tokens) {
        let Some(field) = of(types, operation.input).field(name) else { continue };
        let mut found = token.value.alternatives.iter().filter_map(|steps| walk(types, operation.output, steps));
        if found.any(|found| found.ty != &field.ty || found.union) {
            wrong(format!("fills input member `{name}` with what is not of its type"));
        }
    }
    for Located { value: path, .. } in &paginator.result_keys {
        if walk_members(types, operation.output, path).is_some_and(|found| found.union) {
            wrong(format!("has results at `{path}`, which leads through a union"));
        }
    }
    if let Some(Located { value: path, .. }) = &paginator.more_results
        && walk_members(types, operation.output, path).is_some_and(|found| found.ty != &Type::Bool || found.union)
    {
        wrong(format!("asks `{path}` for more results, which is no boolean"));
    }
}

/// Where a path leads.
struct PathEnd<'p> {
    ty: &'p Type,
    /// Through a union, whose members are not simply there.
    union: bool,
}

fn walk_members<'p>(types: &'p [TypePlan<'_>], output: TypeId, MemberPath(path): &MemberPath) -> Option<PathEnd<'p>> {
    let steps: Vec<TokenStep> = path.iter().cloned().map(TokenStep::Member).collect();
    walk(types, output, &steps)
}

fn walk<'p>(types: &'p [TypePlan<'_>], output: TypeId, steps: &[TokenStep]) -> Option<PathEnd<'p>> {
    let mut at: Option<&Type> = None;
    let mut structure = Some(output);
    let mut union = false;
    for step in steps {
        at = match (step, at) {
            (TokenStep::Last, Some(Type::List(element))) => Some(element),
            (TokenStep::Last, _) => None,
            (TokenStep::Member(name), _) => {
                union |= matches!(of(types, structure?).kind, TypeKind::Union { .. });
                of(types, structure?).field(name).map(|field| &field.ty)
            }
        };
        structure = at?.structure();
    }
    at.map(|ty| PathEnd { ty, union })
}

fn of<'p, 'g>(types: &'p [TypePlan<'g>], TypeId(id): TypeId) -> &'p TypePlan<'g> {
    &types[id as usize]
}

fn inferred(types: &[TypePlan<'_>], operation: &OperationPlan<'_>) -> Option<PaginatorPlan> {
    let (input, output) = (of(types, operation.input), of(types, operation.output));
    let is_optional_string = |field: &super::FieldPlan<'_>| field.ty == Type::String && !field.is_plain();
    let token = TOKENS.iter().find(|token| {
        input.field(token).is_some_and(is_optional_string) && output.field(token).is_some_and(|f| f.ty == Type::String)
    })?;
    let list = only_list(types, operation.output)?;
    let limit = LIMITS.iter().find(|limit| input.field(limit).is_some_and(|field| field.ty == Type::I32));
    Some(PaginatorPlan {
        inferred: true,
        input_tokens: vec![(*token).to_owned()],
        output_tokens: vec![TokenExpression { alternatives: vec![vec![TokenStep::Member((*token).to_owned())]] }],
        items: Some(list),
        limit_key: limit.map(|limit| (*limit).to_owned()),
        more_results: None,
    })
}

/// The list of an output that has exactly one.
fn only_list(types: &[TypePlan<'_>], output: TypeId) -> Option<MemberPath> {
    let mut lists = of(types, output).fields().iter().filter(|field| matches!(field.ty, Type::List(_)));
    match (lists.next(), lists.next()) {
        (Some(list), None) => Some(MemberPath(vec![list.member.name.clone()])),
        _ => None,
    }
}
