//! The models in `models/` and the crate in `generated/` as a whole.

mod common;

use common::{differences, model, model_set, options, output};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use workstream_codegen::diagnostic::Diagnostics;
use workstream_codegen::graph::{Service, ShapeId, ShapeKind};
use workstream_codegen::plan::{self, Role, ServicePlan, TypeKind};
use workstream_codegen::{Model, ModelSet, Output};

static SET: LazyLock<ModelSet> = LazyLock::new(|| model_set("models"));
static MODEL: LazyLock<Model> = LazyLock::new(|| model(&SET));
static OUTPUT: LazyLock<Output> = LazyLock::new(|| output(&SET, &options("workstream")));

fn plans() -> Vec<ServicePlan<'static>> {
    let services = MODEL.services();
    let mut diagnostics = Diagnostics::new();
    let named = services.iter().zip(plan::service_names(services));
    named.map(|(service, names)| plan::plan(service, names, |_| true, &mut diagnostics).unwrap()).collect()
}

#[test]
fn the_generated_crate_is_up_to_date() {
    let stale = differences("generated", &OUTPUT.files);
    assert!(stale.is_empty(), "run `cargo xtask codegen`\n{}", stale.join("\n"));
}

#[test]
fn the_models_are_read_without_a_warning() {
    let (_, diagnostics) = workstream_codegen::read(&SET);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
}

#[test]
fn every_operation_is_emitted() {
    let operations: Vec<_> = MODEL.services().iter().map(|service| service.operations().len()).collect();
    assert_eq!(operations, [90, 91]);
    for (service, summary) in MODEL.services().iter().zip(&OUTPUT.summary.services) {
        assert_eq!(summary.operations + summary.skipped.len(), service.operations().len());
        assert_eq!(summary.skipped, [], "nothing is left out");
        let file = |name: &str| &OUTPUT.files[&format!("src/{}/{name}.rs", service.name())];
        // Formatted, a long name has a line of its own.
        let emitted: String = file("operations").split_whitespace().collect();
        for (_, operation) in service.operations() {
            let count = emitted.matches(&format!("describe!(\"{}\")", operation.name)).count();
            assert_eq!(count, 1, "{}", operation.name);
            let method = format!("/// `{}`: see [`", operation.name);
            assert_eq!(file("client").matches(&method).count(), 1, "{}", operation.name);
        }
    }
}

/// Whether a shape becomes a Rust type.
fn is_type(service: &Service, id: ShapeId) -> bool {
    use ShapeKind::{Enum, IntEnum, Structure, Union};
    matches!(service[id].kind, Structure(_) | Union(_) | Enum(_) | IntEnum(_))
}

/// Names of the shapes that operations reach, with how often they are to be a
/// type: as input or output once an operation, and once inside others.
fn expected_types(service: &Service) -> BTreeMap<String, usize> {
    let mut expected = BTreeMap::new();
    let mut seen = vec![false; service.shapes().len()];
    let mut pending = Vec::new();
    for (_, operation) in service.operations() {
        for id in operation.input.into_iter().chain(operation.output) {
            *expected.entry(service[id].name.clone()).or_default() += 1;
            pending.extend(service[id].targets());
        }
        pending.extend(&operation.errors);
    }
    while let Some(id) = pending.pop() {
        if std::mem::replace(&mut seen[id.index()], true) {
            continue;
        }
        if is_type(service, id) {
            *expected.entry(service[id].name.clone()).or_default() += 1;
        }
        pending.extend(service[id].targets());
    }
    expected
}

#[test]
fn every_shape_that_is_reached_is_emitted_once() {
    for plan in plans() {
        let mut planned: BTreeMap<String, usize> = BTreeMap::new();
        for ty in plan.types.iter().filter(|ty| ty.shape.is_some()) {
            *planned.entry(ty.wire_name.to_owned()).or_default() += 1;
        }
        assert_eq!(planned, expected_types(plan.service), "{}", plan.service.name());

        let files = ["data", "enums", "inputs", "outputs", "errors"]
            .map(|file| format!("src/{}/{file}.rs", plan.service.name()));
        let emitted: Vec<&str> =
            files.iter().flat_map(|path| OUTPUT.files[path].lines()).filter_map(declared).collect();
        for ty in &plan.types {
            assert_eq!(emitted.iter().filter(|name| **name == ty.name).count(), 1, "{}", ty.name);
        }
        let shapeless = plan.types.iter().filter(|ty| ty.shape.is_none());
        let is_root =
            |kind: &TypeKind<'_>| matches!(kind, TypeKind::Structure { role: Role::Input(_) | Role::Output(_), .. });
        assert!(shapeless.clone().all(|ty| is_root(&ty.kind)));
        // `ServiceError` is no shape.
        assert_eq!(emitted.len(), plan.types.len() + 1);
    }
}

/// The name of the type that a line of Rust begins to declare.
fn declared(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "))?;
    rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()
}

#[test]
fn shapes_that_nothing_reaches_are_counted() {
    let counts = MODEL.services().iter().map(|service| {
        let reached = expected_types(service);
        let types = service.shapes().filter(|(id, _)| is_type(service, *id));
        let unreached = types.filter(|(_, shape)| !reached.contains_key(&shape.name)).count();
        (service.shapes().len(), unreached)
    });
    assert_eq!(counts.collect::<Vec<_>>(), [(418, 0), (547, 0)], "shapes, and those that are types and not emitted");
}

#[test]
fn paginators_modelled_and_inferred() {
    let mut text = String::new();
    for plan in plans() {
        for (kind, inferred) in [("modelled", false), ("inferred", true)] {
            let names = plan.operations.iter().filter(|operation| {
                operation.paginator.as_ref().is_some_and(|paginator| paginator.inferred == inferred)
            });
            let names: Vec<&str> = names.map(|operation| operation.operation.name.as_str()).collect();
            text += &format!("{} {kind}: {}\n  {}\n", plan.service.name(), names.len(), names.join("\n  "));
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn the_crate_stays_below_its_size() {
    let lines: usize = OUTPUT.files.values().map(|text| text.lines().count()).sum();
    assert!(lines < 40_000, "{lines} lines");
}
