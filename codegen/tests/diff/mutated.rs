//! Whatever changes in a model, the facts explain it: real models, changed at random.

use super::{explained, model, real_files, real_services};
use fastrand::Rng;
use workstream_codegen::diagnostic::Diagnostics;
use workstream_codegen::diff::apply;
use workstream_codegen::graph::{
    Deprecated, EnumValue, Member, NameRef, Protocol, Service, ServiceBuilder, ShapeKind, TimestampFormat,
};

/// A model of this repository, with its paginators, waiters and endpoint rules.
fn real(service: &str) -> Service {
    model(service, real_files(service)).services()[0].clone()
}

#[test]
fn facts_explain_whatever_changes() {
    for name in real_services() {
        let old = real(&name);
        let (mut compared, mut facts) = (0, 0);
        for seed in 0..60 {
            let mut rng = Rng::with_seed(seed);
            let mut builder = old.to_builder();
            for _ in 0..rng.usize(1..12) {
                mutate(&mut builder, &mut rng);
            }
            // Not all that comes out is a service.
            let Ok(new) = builder.build(&mut Diagnostics::new()) else { continue };
            facts += explained(&old, &new).facts.len();
            explained(&new, &old);
            compared += 1;
        }
        assert!(compared > 25 && facts > compared * 3, "{name}: {compared} of 60 with {facts} facts");
    }
}

/// The comparison above goes through builders: they must not lose anything.
#[test]
fn a_builder_has_all_that_the_service_has() {
    for name in real_services() {
        let service = real(&name);
        let again = service.to_builder().build(&mut Diagnostics::new()).unwrap();
        assert_eq!(again, service, "{name}");
    }
}

#[test]
fn facts_about_another_model_are_an_error() {
    let (one, other) = (real("appstream"), real("workspaces"));
    let mut names = one.operations().map(|(_, operation)| operation.name.clone());
    let own = names.find(|name| other.operation_named(name).is_none()).unwrap();
    let mut builder = one.to_builder();
    builder.operations.retain(|operation| operation.name != own);
    builder.paginators.clear();
    builder.waiters.clear();
    let smaller = builder.build(&mut Diagnostics::new()).unwrap();
    let comparison = explained(&one, &smaller);
    let error = apply(&other, &comparison.facts).unwrap_err();
    assert_eq!(error.to_string(), format!("the old model has no operation `{own}`"));
}

fn mutate(builder: &mut ServiceBuilder, rng: &mut Rng) {
    match rng.u8(0..12) {
        0 => mutate_metadata(builder, rng),
        1 => mutate_operation(builder, rng),
        2 => {
            let index = rng.usize(..builder.operations.len());
            let operation = builder.operations.remove(index);
            builder.paginators.retain(|paginator| paginator.operation.name != operation.name);
            builder.waiters.retain(|waiter| waiter.operation.name != operation.name);
        }
        3 => {
            let mut operation = rng.choice(&builder.operations).unwrap().clone();
            operation.name += "Again";
            builder.operations.push(operation);
        }
        4 => rename(builder, rng),
        5 => {
            let mut shape = rng.choice(&builder.shapes).unwrap().clone();
            shape.name += "Copy";
            builder.shapes.push(shape);
        }
        6 => mutate_others(builder, rng),
        _ => mutate_shape(builder, rng),
    }
}

fn mutate_metadata(builder: &mut ServiceBuilder, rng: &mut Rng) {
    let metadata = &mut builder.metadata;
    match rng.u8(0..4) {
        0 => metadata.protocols = vec![Protocol::AwsJson1_0],
        1 => metadata.signing_name = Some("other".to_owned()),
        2 => metadata.query_compatible = !metadata.query_compatible,
        _ => metadata.full_name = None,
    }
}

fn mutate_operation(builder: &mut ServiceBuilder, rng: &mut Rng) {
    let structures = builder.shapes.iter().filter(|shape| matches!(shape.kind, ShapeKind::Structure(_)));
    let structures: Vec<String> = structures.map(|shape| shape.name.clone()).collect();
    let other = NameRef::from(rng.choice(structures).unwrap());
    let operation = rng.choice(&mut builder.operations).unwrap();
    match rng.u8(0..8) {
        0 => operation.input = Some(other),
        1 => operation.output = Some(other),
        2 => operation.output = None,
        3 => drop(operation.errors.pop()),
        4 => rng.shuffle(&mut operation.errors),
        5 if operation.errors.iter().all(|error| error.name != other.name) => operation.errors.insert(0, other),
        6 => operation.traits.deprecated = Some(Deprecated::default()),
        _ => operation.traits.idempotent = !operation.traits.idempotent,
    }
}

/// Gives a shape another name everywhere.
fn rename(builder: &mut ServiceBuilder, rng: &mut Rng) {
    let old = rng.choice(&builder.shapes).unwrap().name.clone();
    let set = |name: &mut String| {
        if *name == old {
            name.push_str("Renamed");
        }
    };
    for operation in &mut builder.operations {
        operation.references_mut().for_each(|reference| set(&mut reference.name));
    }
    for shape in &mut builder.shapes {
        set(&mut shape.name);
        shape.kind.members_mut().for_each(|member| set(&mut member.target.name));
    }
}

fn mutate_shape(builder: &mut ServiceBuilder, rng: &mut Rng) {
    let names: Vec<String> = builder.shapes.iter().map(|shape| shape.name.clone()).collect();
    let shape = rng.choice(&mut builder.shapes).unwrap();
    match (rng.u8(0..8), &mut shape.kind) {
        (0, kind) if rng.u8(0..4) == 0 => *kind = ShapeKind::Long,
        (1, _) => shape.traits.sensitive = !shape.traits.sensitive,
        (2, _) => shape.traits.max = Some(rng.u8(..).to_string()),
        (3, ShapeKind::Enum(values)) => rng.shuffle(values),
        (4, ShapeKind::Enum(values)) => drop(values.pop()),
        (_, ShapeKind::Enum(values)) => {
            let value = EnumValue { name: None, value: format!("NEW_{}", rng.u32(..)), deprecated: None };
            values.insert(rng.usize(..=values.len()), value);
        }
        (3, ShapeKind::Structure(members) | ShapeKind::Union(members)) => rng.shuffle(members),
        (4, ShapeKind::Structure(members) | ShapeKind::Union(members)) => drop(members.pop()),
        (5, ShapeKind::Structure(members) | ShapeKind::Union(members)) => {
            if let Some(mut member) = rng.choice(members.iter()).cloned() {
                member.name = format!("New{}", rng.u32(..));
                members.insert(rng.usize(..=members.len()), member);
            }
        }
        (6, ShapeKind::List { sparse, .. } | ShapeKind::Map { sparse, .. }) => *sparse = !*sparse,
        _ => {
            if let Some(member) = rng.choice(shape.kind.members_mut().collect::<Vec<_>>()) {
                mutate_member(member, &names, rng);
            }
        }
    }
}

fn mutate_member(member: &mut Member<NameRef>, names: &[String], rng: &mut Rng) {
    let traits = &mut member.traits;
    match rng.u8(0..6) {
        0 => traits.required = !traits.required,
        1 => traits.wire_name = Some("other".to_owned()),
        2 => traits.timestamp_format = Some(TimestampFormat::DateTime),
        3 => traits.default = Some("1".to_owned()),
        4 => traits.idempotency_token = !traits.idempotency_token,
        _ => member.target = rng.choice(names).unwrap().clone().into(),
    }
}

fn mutate_others(builder: &mut ServiceBuilder, rng: &mut Rng) {
    match rng.u8(0..6) {
        0 => drop(builder.paginators.pop()),
        1 => builder.paginators.iter_mut().take(1).for_each(|paginator| paginator.limit_key = None),
        2 => drop(builder.waiters.pop()),
        3 => builder.waiters.iter_mut().for_each(|waiter| waiter.delay += 1),
        4 => builder.rule_set = None,
        _ => {
            if let Some(rules) = &mut builder.rule_set {
                rules.parameters.reverse();
                rules.rules.truncate(rng.usize(..3));
                if let Some(parameter) = rules.parameters.first_mut() {
                    parameter.required = !parameter.required;
                }
            }
        }
    }
}
