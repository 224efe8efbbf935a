//! What is checked of a service once no id dangles.

use super::builder::{Located, RawPaginator};
use super::*;
use crate::diagnostic::Diagnostics;
use std::collections::BTreeSet;

/// Nothing may need itself: of required members that lead from structure to
/// structure and back no value can ever be made, and a list of nothing but
/// itself has no type. Whether all is well.
pub(super) fn recursion(service: &Service, diagnostics: &mut Diagnostics) -> bool {
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
        let mut path: Vec<(ShapeId, std::vec::IntoIter<&Member>)> = Vec::new();
        let mut next = Some(start).filter(|id| states[id.index()] == State::New);
        loop {
            if let Some(id) = next.take() {
                states[id.index()] = State::OnPath;
                path.push((id, needed(service, id).into_iter()));
            }
            let Some((id, members)) = path.last_mut() else { break };
            let Some(member) = members.next() else {
                states[id.index()] = State::Done;
                path.pop();
                continue;
            };
            match states[member.target.index()] {
                State::New => next = Some(member.target),
                State::OnPath => {
                    let cycle = path.iter().map(|(id, _)| *id).skip_while(|id| *id != member.target);
                    ends = false;
                    report_cycle(service, cycle.chain([member.target]), member, diagnostics);
                }
                State::Done => {}
            }
        }
    }
    ends
}

/// The members without which there is no value: of a structure the required
/// structures, of a list or map what it holds, if that is a list or map again.
/// Unions end a recursion by another of their members, lists by being empty.
fn needed(service: &Service, id: ShapeId) -> Vec<&Member> {
    let is_structure = |member: &&Member| matches!(service[member.target].kind, ShapeKind::Structure(_));
    let is_container =
        |member: &&Member| matches!(service[member.target].kind, ShapeKind::List { .. } | ShapeKind::Map { .. });
    match &service[id].kind {
        ShapeKind::Structure(members) => {
            members.iter().filter(|member| member.traits.required).filter(is_structure).collect()
        }
        ShapeKind::List { member, .. } | ShapeKind::Map { value: member, .. } => {
            Some(member).filter(is_container).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// How many lists and maps may stand directly within each other: more could
/// not be read, and no API comes near.
const MAX_CONTAINERS: usize = 32;

/// No lists of lists of lists beyond all measure. Only for services without a
/// recursion that has no end. Whether all is well.
pub(super) fn container_depth(service: &Service, diagnostics: &mut Diagnostics) -> bool {
    let mut shallow = true;
    for (_, shape) in service.shapes() {
        let mut inner = shape;
        let mut depth = 0;
        while let ShapeKind::List { member, .. } | ShapeKind::Map { value: member, .. } = &inner.kind
            && depth <= MAX_CONTAINERS + 1
        {
            inner = &service[member.target];
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

fn report_cycle(
    service: &Service,
    cycle: impl Iterator<Item = ShapeId>,
    closing: &Member,
    diagnostics: &mut Diagnostics,
) {
    let names: Vec<&str> = cycle.map(|id| service[id].name.as_str()).collect();
    diagnostics
        .error(
            "endless-recursion",
            &closing.origin,
            format!("every value would need another one without end: {}", names.join(" -> ")),
        )
        .hint("end it by a member of a structure that is not required");
}

/// Every `{label}` of a host prefix is a required member of the input that may
/// serve as one.
pub(super) fn host_prefixes(service: &Service, hole: ShapeId, diagnostics: &mut Diagnostics) {
    for (_, operation) in service.operations().filter(|(_, operation)| operation.input != Some(hole)) {
        let labels = operation.traits.host_prefix.as_deref().unwrap_or_default().split('{').skip(1);
        let labels: BTreeSet<&str> = labels.map(|rest| rest.split('}').next().unwrap_or(rest)).collect();
        let members = operation.input.map_or(&[][..], |input| service[input].members());
        for label in labels {
            let is_text = |id: ShapeId| matches!(service[id].kind, ShapeKind::String | ShapeKind::Enum(_));
            let is_label = |member: &&Member| member.traits.host_label && is_text(member.target);
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
pub(super) fn defaults(service: &Service, hole: ShapeId, diagnostics: &mut Diagnostics) {
    let structures = service.shapes().filter(|(_, shape)| matches!(shape.kind, ShapeKind::Structure(_)));
    for (shape, member) in structures.flat_map(|(_, shape)| shape.members().iter().map(move |member| (shape, member))) {
        let Some(json) = member.traits.default.as_deref().filter(|_| member.target != hole) else { continue };
        let target = &service[member.target];
        if let Err(expected) = DefaultValue::read(json, &target.kind) {
            let (owner, kind) = (&shape.name, target.kind.type_name());
            let message = format!("the default of member `{}` of `{owner}` is no {kind}", member.name);
            diagnostics.error("default-type", &member.origin, message).hint(format!("expected is {expected}"));
        }
    }
}

/// Every path of a paginator leads to members.
pub(super) fn paginator(
    service: &Service,
    hole: ShapeId,
    id: OperationId,
    raw: &RawPaginator,
    diagnostics: &mut Diagnostics,
) {
    let operation = &service[id];
    let mut unknown_member = |shape: Option<ShapeId>, role: &str, name: &str, origin: &Origin| {
        if shape == Some(hole) {
            return;
        }
        let members = shape.map_or(&[][..], |id| service[id].members());
        let message =
            format!("the paginator of `{}` names {role} member `{name}`, which does not exist", operation.name);
        diagnostics
            .error("unknown-member", origin, message)
            .did_you_mean(name, members.iter().map(|member| member.name.as_str()));
    };
    for token in raw.input_tokens.iter().chain(&raw.limit_key) {
        if operation.input.and_then(|input| service[input].member_named(&token.name)).is_none() {
            unknown_member(operation.input, "input", &token.name, &token.origin);
        }
    }
    let tokens = raw
        .output_tokens
        .iter()
        .flat_map(|Located { value, origin }| value.alternatives.iter().map(move |steps| (steps.clone(), origin)));
    let paths = raw.result_keys.iter().chain(&raw.more_results).chain(&raw.non_aggregate_keys);
    let paths =
        paths.map(|Located { value, origin }| (value.0.iter().cloned().map(TokenStep::Member).collect(), origin));
    for (steps, origin) in tokens.chain(paths) {
        if let Err((name, shape)) = walk(service, operation.output, &steps) {
            unknown_member(shape, "output", &name, origin);
        }
    }
    if raw.input_tokens.len() != raw.output_tokens.len() {
        let message = format!(
            "the paginator of `{}` has {} input tokens and {} output tokens",
            operation.name,
            raw.input_tokens.len(),
            raw.output_tokens.len()
        );
        diagnostics.error("token-count", &raw.origin, message);
    }
}

/// Follows `steps` from a structure; the error names the step that is not
/// there, and the shape in which it was looked for.
fn walk(service: &Service, from: Option<ShapeId>, steps: &[TokenStep]) -> Result<(), (String, Option<ShapeId>)> {
    let mut at = from;
    for step in steps {
        at = match (step, at.map(|id| &service[id])) {
            (TokenStep::Member(name), Some(shape)) if shape.member_named(name).is_some() => {
                shape.member_named(name).map(|member| member.target)
            }
            (TokenStep::Last, Some(Shape { kind: ShapeKind::List { member, .. }, .. })) => Some(member.target),
            (TokenStep::Member(name), _) => return Err((name.clone(), at)),
            (TokenStep::Last, _) => return Err(("[-1]".to_owned(), at)),
        };
    }
    Ok(())
}
