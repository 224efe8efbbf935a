//! The models in `models/` and the crate in `generated/` as a whole. What is
//! expected comes from the model files, so that an update of the models needs
//! no change here.

use crate::common::{differences, model, model_set, options, output};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use workstream_codegen::diagnostic::Diagnostics;
use workstream_codegen::graph::{Service, ShapeId, ShapeKind};
use workstream_codegen::plan::{self, Role, ServicePlan, TypeKind};
use workstream_codegen::{FileKind, Model, ModelSet, Output, ServiceFiles, facts};
use xtask::paths::workspace;

static SET: LazyLock<ModelSet> = LazyLock::new(|| model_set("models"));
static MODEL: LazyLock<Model> = LazyLock::new(|| model(&SET));
static OUTPUT: LazyLock<Output> = LazyLock::new(|| output(&SET, &options("workstream")));

/// A file of a service, read without the generator; nothing if there is no such file.
fn file(service: &ServiceFiles, name: &str) -> Value {
    let file = service.files.iter().find(|file| file.path.ends_with(name));
    file.map_or(Value::Null, |file| serde_json::from_slice(&file.text).unwrap())
}

/// The keys of an object.
fn keys(object: &Value) -> BTreeSet<&str> {
    object.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect()
}

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

/// What was imported has no prose any more, and is formatted as an import would.
#[test]
fn the_models_are_facts() {
    let mut kinds = FileKind::OF_A_SERVICE.to_vec();
    kinds.push(FileKind::Partitions);
    let mut seen = BTreeSet::new();
    for file in SET.services.iter().flat_map(|service| &service.files).chain(&SET.partitions) {
        let Some(kind) = kinds.iter().find(|kind| file.path.ends_with(kind.file_name())) else { continue };
        seen.insert(kind.file_name());
        let (text, found) = facts(*kind, file, &[]);
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(text.as_deref(), std::str::from_utf8(&file.text).ok(), "{}", file.path);
    }
    assert_eq!(seen.len(), kinds.len(), "{seen:?}");
}

/// What is downloaded by itself says by itself what it is, and under which licence.
#[test]
fn published_packages_have_their_licences() {
    let read = |path: &str| std::fs::read_to_string(workspace().join(path)).unwrap_or_default();
    for package in ["generated", "runtime", "codegen"] {
        for file in ["LICENSE-APACHE", "LICENSE-MIT", "NOTICE"] {
            assert!(!read(file).is_empty() && read(&format!("{package}/{file}")) == read(file), "{package}/{file}");
        }
        assert!(!read(&format!("{package}/README.md")).is_empty(), "{package}");
        let manifest = read(&format!("{package}/Cargo.toml"));
        for key in ["license", "description", "keywords", "categories", "documentation"] {
            assert!(manifest.contains(&format!("\n{key}")), "{package}: {key}");
        }
    }
    assert_eq!(read("generated/README.md"), read("README.md"));
}

/// Whoever adds a service tells of it.
#[test]
fn the_readme_has_a_row_for_each_service() {
    let readme = std::fs::read_to_string(workspace().join("README.md")).unwrap();
    for (service, names) in MODEL.services().iter().zip(plan::service_names(MODEL.services())) {
        let is_row = |line: &&str| line.contains(&format!("| `{}` |", names.module)) && line.contains(&names.feature);
        assert_eq!(readme.lines().filter(is_row).count(), 1, "{}", service.name());
    }
}

#[test]
fn the_models_are_read_without_a_warning() {
    let (_, diagnostics) = workstream_codegen::read(&SET);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
}

#[test]
fn the_graph_has_all_of_the_files() {
    assert!(MODEL.services().iter().map(Service::name).eq(SET.services.iter().map(|files| files.name.as_str())));
    for (service, files) in MODEL.services().iter().zip(&SET.services) {
        let model = file(files, "service-2.json");
        let operations: BTreeSet<&str> = service.operations().map(|(_, operation)| operation.name.as_str()).collect();
        let shapes: BTreeSet<&str> = service.shapes().map(|(_, shape)| shape.name.as_str()).collect();
        assert_eq!(operations, keys(&model["operations"]), "{}", service.name());
        assert_eq!(shapes, keys(&model["shapes"]), "{}", service.name());
        assert!(!operations.is_empty() && !shapes.is_empty());
    }
}

/// The files in a folder of the crate.
fn below(folder: &str) -> Vec<&'static str> {
    OUTPUT.files.iter().filter(|(path, _)| path.starts_with(folder)).map(|(_, text)| text.as_str()).collect()
}

#[test]
fn every_operation_is_emitted() {
    let names = plan::service_names(MODEL.services());
    for ((service, summary), names) in MODEL.services().iter().zip(&OUTPUT.summary.services).zip(names) {
        assert_eq!(summary.operations + summary.skipped.len(), service.operations().len());
        assert_eq!(summary.skipped, [], "nothing is left out");
        let file = |name: &str| &OUTPUT.files[&format!("src/{}/{name}.rs", names.module)];
        let emitted = below(&format!("src/{}/operations/", names.module));
        for (_, operation) in service.operations() {
            let title = format!("//! The operation `{}`.", operation.name);
            assert_eq!(emitted.iter().filter(|text| text.contains(&title)).count(), 1, "{}", operation.name);
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

        let files =
            ["operations", "types"].map(|folder| below(&format!("src/{}/{folder}/", plan.names.module))).concat();
        let emitted: Vec<&str> = files.iter().flat_map(|text| text.lines()).filter_map(declared).collect();
        for ty in &plan.types {
            assert_eq!(emitted.iter().filter(|name| **name == ty.name).count(), 1, "{}", ty.name);
        }
        let shapeless = plan.types.iter().filter(|ty| ty.shape.is_none());
        let is_root =
            |kind: &TypeKind<'_>| matches!(kind, TypeKind::Structure { role: Role::Input(_) | Role::Output(_), .. });
        assert!(shapeless.clone().all(|ty| is_root(&ty.kind)));
        assert_eq!(emitted.len(), plan.types.len());
    }
}

/// The name of the type that a line of Rust begins to declare.
fn declared(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "))?;
    rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()
}

#[test]
fn paginators_modelled_and_inferred() {
    let mut all_inferred = 0;
    for (plan, files) in plans().iter().zip(&SET.services) {
        let (model, paginators) = (file(files, "service-2.json"), file(files, "paginators-1.json"));
        let modelled = keys(&paginators["pagination"]);
        let operations = model["operations"].as_object().unwrap().iter();
        let unmodelled = operations.filter(|(name, _)| !modelled.contains(name.as_str()));
        let is_paginated = |operation: &Value| is_paginated(&model["shapes"], operation);
        let inferred: BTreeSet<&str> =
            unmodelled.filter(|(_, operation)| is_paginated(operation)).map(|(name, _)| name.as_str()).collect();
        all_inferred += inferred.len();
        for (expected, is_inferred) in [(modelled, false), (inferred, true)] {
            let planned = plan.operations.iter().filter(|operation| {
                operation.paginator.as_ref().is_some_and(|paginator| paginator.inferred == is_inferred)
            });
            let planned: BTreeSet<&str> = planned.map(|operation| operation.wire_name).collect();
            assert_eq!(planned, expected, "{}, inferred: {is_inferred}", files.name);
        }
    }
    assert!(all_inferred > 0);
}

/// What follows from the JSON: one list, required and limited, and failures that have an item, or what an item has.
#[test]
fn batches_inferred() {
    let mut all = 0;
    for (plan, files) in plans().iter().zip(&SET.services) {
        let model = file(files, "service-2.json");
        let operations = model["operations"].as_object().unwrap().iter();
        let expected: BTreeSet<&str> = operations
            .filter(|(_, operation)| has_batches(&model["shapes"], operation))
            .map(|(name, _)| name.as_str())
            .collect();
        let planned =
            plan.operations.iter().filter(|operation| operation.batch.as_ref().is_some_and(|b| b.is_inferred()));
        let planned: BTreeSet<&str> = planned.map(|operation| operation.wire_name).collect();
        assert_eq!(planned, expected, "{}", files.name);
        all += expected.len();
    }
    assert!(all > 0);
}

fn has_batches(shapes: &Value, operation: &Value) -> bool {
    let shape = |reference: &Value| &shapes[reference["shape"].as_str().unwrap_or_default()];
    let (input, output) = (shape(&operation["input"]), shape(&operation["output"]));
    let is_collection =
        |(_, member): &(&String, &Value)| ["list", "map"].iter().any(|kind| shape(member)["type"] == *kind);
    let collections: Vec<_> = input["members"].as_object().into_iter().flatten().filter(is_collection).collect();
    let [(name, list)] = collections[..] else { return false };
    let required = input["required"].as_array().map_or(&[][..], Vec::as_slice);
    if !required.contains(&Value::from(name.as_str())) || shape(list)["max"].is_null() {
        return false;
    }
    let item = &shape(list)["member"];
    let is_failure = |failure: &Value| {
        let mut members = failure["members"].as_object().into_iter().flatten();
        let names_item = |(name, member): (&String, &Value)| member == item || &shape(item)["members"][name] == member;
        failure["members"]["ErrorCode"].is_object() && members.any(names_item)
    };
    let lists = output["members"].as_object().into_iter().flatten();
    lists.map(|(_, list)| shape(&shape(list)["member"])).any(is_failure)
}

/// Whether an optional token goes in, a token of the same name comes out, and one list with it.
fn is_paginated(shapes: &Value, operation: &Value) -> bool {
    let shape = |reference: &Value| &shapes[reference["shape"].as_str().unwrap_or_default()];
    let (input, output) = (shape(&operation["input"]), shape(&operation["output"]));
    let of_type = |member: &Value, name: &str| shape(member)["type"] == name;
    let required = input["required"].as_array().map_or(&[][..], Vec::as_slice);
    let takes_token = ["NextToken", "nextToken"].iter().any(|token| {
        let (given, taken) = (&output["members"][*token], &input["members"][*token]);
        of_type(given, "string") && of_type(taken, "string") && !required.contains(&Value::from(*token))
    });
    let members = output["members"].as_object().into_iter().flatten();
    takes_token && members.filter(|(_, member)| of_type(member, "list")).count() == 1
}

/// Lines of Rust that are neither blank nor documentation, for ten members: 103 when this was written.
const LINES_OF_TEN: usize = 104;

/// What is as long as two members: an operation, which has a file and a method, and a structure. An enum is as long as
/// one, and two of its values are. So the mix of a model does not matter: the five services have 101 to 105 lines for ten.
const TWO_MEMBERS: usize = 4;
const MEMBER: usize = 2;
const VALUE: usize = 1;

#[test]
fn the_crate_stays_in_proportion_to_the_models() {
    let halves = MODEL.services().iter().map(|service| {
        let shapes = service.shapes().map(|(_, shape)| match &shape.kind {
            ShapeKind::Structure(members) | ShapeKind::Union(members) => TWO_MEMBERS + MEMBER * members.len(),
            ShapeKind::Enum(values) => MEMBER + VALUE * values.len(),
            _ => 0,
        });
        TWO_MEMBERS * service.operations().len() + shapes.sum::<usize>()
    });
    // Blank lines and documentation are for readers: they cost no build.
    let is_code = |line: &&str| !line.is_empty() && !line.trim_start().starts_with("//");
    // What the model asks of values is data, behind a feature, and as long as what it asks.
    let compiled = OUTPUT.files.iter().filter(|(path, _)| !path.ends_with("/constraints.rs"));
    let lines = compiled.map(|(_, text)| text).map(|text| text.lines().filter(is_code).count());
    let (members, lines) = (halves.sum::<usize>() / 2, lines.sum::<usize>());
    assert!(10 * lines < LINES_OF_TEN * members, "{lines} lines for what is as long as {members} members");
}
