//! What is checked of a service once no id dangles.

use super::*;
use crate::diagnostic::Diagnostics;
use std::collections::BTreeSet;

/// Nothing may need itself: of required members that lead from structure to
/// structure and back no value can ever be made, and a list of nothing but
/// itself has no type. Whether all is well.
pub(super) fn recursion(service: &Service<Link>, diagnostics: &mut Diagnostics) -> bool {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        OnPath,
        Done,
    }
    let mut states = vec![State::New; service.shapes.len()];
    let mut ends = true;
    for (start, _) in service.shapes() {
        // A stack of our own: a model may be deeper than the thread's.
        let mut path: Vec<(ShapeId, std::vec::IntoIter<Needed<'_>>)> = Vec::new();
        let mut next = Some(start).filter(|id| states[id.index()] == State::New);
        loop {
            if let Some(id) = next.take() {
                states[id.index()] = State::OnPath;
                path.push((id, needed(service, id).into_iter()));
            }
            let Some((id, members)) = path.last_mut() else { break };
            let Some((target, member)) = members.next() else {
                states[id.index()] = State::Done;
                path.pop();
                continue;
            };
            match states[target.index()] {
                State::New => next = Some(target),
                State::OnPath => {
                    let cycle = path.iter().map(|(id, _)| *id).skip_while(|id| *id != target);
                    ends = false;
                    report_cycle(service, cycle.chain([target]), member, diagnostics);
                }
                State::Done => {}
            }
        }
    }
    ends
}

/// A member with its target.
type Needed<'s> = (ShapeId, &'s Member<Link>);

/// The members without which there is no value, each with its target: of a structure the required
/// structures, of a list or map what it holds, if that is a list or map again.
/// Unions end a recursion by another of their members, lists by being empty.
fn needed(service: &Service<Link>, id: ShapeId) -> Vec<Needed<'_>> {
    let kind = |id: ShapeId| &service[id].kind;
    match &service[id].kind {
        ShapeKind::Structure(members) => {
            let required = members.iter().filter(|member| member.traits.required).filter_map(with_target);
            required.filter(|(target, _)| matches!(kind(*target), ShapeKind::Structure(_))).collect()
        }
        ShapeKind::List { member, .. } | ShapeKind::Map { value: member, .. } => {
            let is_container = |id: ShapeId| matches!(kind(id), ShapeKind::List { .. } | ShapeKind::Map { .. });
            with_target(member).filter(|(target, _)| is_container(*target)).into_iter().collect()
        }
        ShapeKind::Union(_) | simple!() => Vec::new(),
    }
}

fn with_target(member: &Member<Link>) -> Option<Needed<'_>> {
    Some((member.target?, member))
}

/// How many lists and maps may stand directly within each other: more could
/// not be read, and no API comes near.
const MAX_CONTAINERS: usize = 32;

/// No lists of lists of lists beyond all measure. Only for services without a
/// recursion that has no end. Whether all is well.
pub(super) fn container_depth(service: &Service<Link>, diagnostics: &mut Diagnostics) -> bool {
    let mut shallow = true;
    for (_, shape) in service.shapes() {
        let mut inner = Some(shape);
        let mut depth = 0;
        while let Some(ShapeKind::List { member, .. } | ShapeKind::Map { value: member, .. }) = inner.map(|s| &s.kind)
            && depth <= MAX_CONTAINERS + 1
        {
            inner = member.target.map(|target| &service[target]);
            depth += 1;
        }
        shallow &= depth <= MAX_CONTAINERS;
        // Lists around one that nests too deep do so for its sake.
        if depth == MAX_CONTAINERS + 1 {
            let message = format!("`{}` nests more than {MAX_CONTAINERS} lists and maps", shape.name);
            diagnostics.error("nested-too-deep", &shape.origin, message);
        }
    }
    shallow
}

/// How many shapes of a cycle are named.
const MAX_OF_CYCLE: usize = 12;

fn report_cycle(
    service: &Service<Link>,
    cycle: impl Iterator<Item = ShapeId>,
    closing: &Member<Link>,
    diagnostics: &mut Diagnostics,
) {
    let mut names: Vec<&str> = cycle.map(|id| service[id].name.as_str()).collect();
    let left_out = names.len().saturating_sub(MAX_OF_CYCLE);
    let told = format!("{left_out} more");
    if left_out > 1 {
        let begin = MAX_OF_CYCLE / 2;
        names.splice(begin..begin + left_out, [told.as_str()]);
    }
    diagnostics
        .error(
            "endless-recursion",
            &closing.origin,
            format!("every value would need another one without end: {}", names.join(" -> ")),
        )
        .hint("make a member of one of these structures optional");
}

/// Every `{label}` of a host prefix is a required member of the input that may
/// serve as one.
pub(super) fn host_prefixes(service: &Service<Link>, diagnostics: &mut Diagnostics) {
    for (_, operation) in service.operations().filter(|(_, operation)| operation.input != Some(None)) {
        let labels = operation.traits.host_prefix.as_deref().unwrap_or_default().split('{').skip(1);
        let labels: BTreeSet<&str> = labels.map(|rest| rest.split('}').next().unwrap_or(rest)).collect();
        let members = operation.input.flatten().map_or(&[][..], |input| service[input].kind.named_members());
        // What dangles may have been one.
        let is_text =
            |link: Link| link.is_none_or(|id| matches!(service[id].kind, ShapeKind::String | ShapeKind::Enum(_)));
        let is_label = |member: &&Member<Link>| member.traits.host_label && is_text(member.target);
        for label in labels {
            if !members.iter().filter(is_label).any(|member| member.name == label) {
                let message =
                    format!("the host prefix of `{}` names `{label}`, which is no host label", operation.name);
                diagnostics
                    .error("unknown-member", &operation.origin, message)
                    .did_you_mean(label, members.iter().filter(is_label).map(|member| member.name.as_str()));
            }
        }
    }
}

/// Every default is a value of what its member holds.
pub(super) fn defaults(service: &Service<Link>, diagnostics: &mut Diagnostics) {
    for (_, shape) in service.shapes() {
        let ShapeKind::Structure(members) = &shape.kind else { continue };
        for member in members {
            let (Some(json), Some(target)) = (member.traits.default.as_deref(), member.target) else { continue };
            let target = &service[target].kind;
            if let Err(expected) = DefaultValue::read(json, target) {
                let (owner, kind) = (&shape.name, target.type_name());
                let message = format!("the default of member `{}` of `{owner}` is no {kind}", member.name);
                diagnostics.error("default-type", &member.origin, message).hint(format!("expected is {expected}"));
            }
        }
    }
}

/// Every path of a paginator leads to members.
pub(super) fn paginator(service: &Service<Link>, paginator: &Paginator, diagnostics: &mut Diagnostics) {
    let operation = &service[paginator.operation];
    let mut unknown_member = |shape: Option<Link>, role: &str, name: &str, origin: &Origin| {
        // What dangles may have it.
        let members = match shape {
            Some(None) => return,
            Some(Some(id)) => service[id].kind.named_members(),
            None => &[],
        };
        let message =
            format!("the paginator of `{}` names {role} member `{name}`, which does not exist", operation.name);
        diagnostics
            .error("unknown-member", origin, message)
            .did_you_mean(name, members.iter().map(|member| member.name.as_str()));
    };
    for NameRef { name, origin } in paginator.input_tokens.iter().chain(&paginator.limit_key) {
        if operation.input.flatten().and_then(|input| service[input].member_named(name)).is_none() {
            unknown_member(operation.input, "input", name, origin);
        }
    }
    let tokens = paginator
        .output_tokens
        .iter()
        .flat_map(|Located { value, origin }| value.alternatives.iter().map(move |steps| (steps.clone(), origin)));
    let paths = paginator.result_keys.iter().chain(&paginator.more_results).chain(&paginator.non_aggregate_keys);
    let paths =
        paths.map(|Located { value, origin }| (value.0.iter().cloned().map(TokenStep::Member).collect(), origin));
    for (steps, origin) in tokens.chain(paths) {
        if let Err((name, shape)) = walk(service, operation.output, &steps) {
            unknown_member(shape, "output", &name, origin);
        }
    }
    if paginator.input_tokens.len() != paginator.output_tokens.len() {
        let message = format!(
            "the paginator of `{}` has {} input tokens and {} output tokens",
            operation.name,
            paginator.input_tokens.len(),
            paginator.output_tokens.len()
        );
        diagnostics.error("token-count", &paginator.origin, message);
    }
}

/// Follows `steps` from a structure; the error names the step that is not
/// there, and the shape in which it was looked for.
fn walk(service: &Service<Link>, from: Option<Link>, steps: &[TokenStep]) -> Result<(), (String, Option<Link>)> {
    let mut at = from;
    for step in steps {
        let shape = at.flatten().map(|id| &service[id]);
        let next = match step {
            TokenStep::Member(name) => shape.and_then(|shape| shape.member_named(name)),
            TokenStep::Last => shape.and_then(|shape| match &shape.kind {
                ShapeKind::List { member, .. } => Some(member),
                ShapeKind::Structure(_) | ShapeKind::Union(_) | ShapeKind::Map { .. } | simple!() => None,
            }),
        };
        let missing = || match step {
            TokenStep::Member(name) => name.clone(),
            TokenStep::Last => "[-1]".to_owned(),
        };
        at = Some(next.ok_or_else(|| (missing(), at))?.target);
    }
    Ok(())
}
