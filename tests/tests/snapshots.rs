//! Output that people should look at when it changes. The crates that are
//! committed are compared byte for byte elsewhere; here are miniatures: the
//! names that fixtures get, files that show one feature, six operations of the
//! real services with what belongs to them, diagnostics and the summary.
//!
//! Those operations are frozen as they were in one release, so that an update of the models changes no snapshot.

use crate::common::{model, model_set, options, output};
use std::collections::BTreeMap;
use std::fmt::Write;
use workstream_codegen::diagnostic::Diagnostics;
use workstream_codegen::plan::{self, ServicePlan, TypeKind, TypePlan};
use workstream_codegen::{Model, ModelSet, Output, generate, read};
use xtask::codegen::summary_text;
use xtask::paths::{FIXTURES_MODELS, FIXTURES_PACKAGE};

/// Real operations of botocore 1.44.5. `cargo xtask changelog models models --operations A,B --fixture DIR` made them.
const FROZEN: &str = "tests/fixtures/frozen";

/// The snapshots of the checkout that the test is run in, not of the one that it was built in.
fn here() -> insta::internals::SettingsBindDropGuard {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(xtask::paths::workspace().join("tests/tests/snapshots"));
    settings.bind_to_scope()
}

fn only(folder: &str, services: &[&str]) -> ModelSet {
    let mut set = model_set(folder);
    set.services.retain(|service| services.contains(&service.name.as_str()));
    assert_eq!(set.services.len(), services.len(), "{services:?}");
    set
}

fn plans(model: &Model) -> Vec<ServicePlan<'_>> {
    let mut diagnostics = Diagnostics::new();
    let named = model.services().iter().zip(plan::service_names(model.services()));
    named.filter_map(|(service, names)| plan::plan(service, names, |_| true, &mut diagnostics)).collect()
}

/// Every name on the wire, and what Rust calls it.
fn names_of(service: &str) -> String {
    let model = model(&only(FIXTURES_MODELS, &[service]));
    let plans = plans(&model);
    let mut text = String::new();
    for operation in &plans[0].operations {
        let (input, output) = (&plans[0][operation.input].name, &plans[0][operation.output].name);
        let _ = writeln!(text, "operation {} -> {}, {input}, {output}", operation.wire_name, operation.method);
    }
    for ty in plans[0].types.iter().filter(|ty| ty.shape.is_some()) {
        let _ = writeln!(text, "{} {:?} -> {}", kind(ty), ty.wire_name, ty.name);
        for (wire, name) in inside(ty) {
            let _ = writeln!(text, "    {wire:?} -> {name}");
        }
        if let TypeKind::Union { unknown, .. } | TypeKind::Enum { unknown, .. } = &ty.kind {
            let _ = writeln!(text, "    anything else -> {unknown}");
        }
    }
    text
}

fn kind(ty: &TypePlan<'_>) -> &'static str {
    match ty.kind {
        TypeKind::Structure { .. } => "structure",
        TypeKind::Union { .. } => "union",
        TypeKind::Enum { .. } | TypeKind::IntEnum { .. } => "enum",
    }
}

/// Wire names and Rust names of members or values.
fn inside<'p>(ty: &'p TypePlan<'_>) -> Vec<(&'p str, &'p str)> {
    match &ty.kind {
        TypeKind::Enum { variants, .. } => {
            variants.iter().map(|variant| (variant.value, variant.name.as_str())).collect()
        }
        _ => ty.fields().iter().map(|field| (field.wire_name, field.name.as_str())).collect(),
    }
}

macro_rules! names {
    ($($test:ident $service:literal,)*) => {$(
        #[test]
        fn $test() {
            let _here = here();
            insta::assert_snapshot!(names_of($service));
        }
    )*};
}

names! {
    names_keyword_members "keyword-members",
    names_keyword_operations "keyword-operations",
    names_keyword_shapes "keyword-shapes",
    names_keyword_enum_values "keyword-enum-values",
    names_obstacle_members "obstacle-members",
    names_obstacle_structures "obstacle-structures",
    names_obstacle_enum_values "obstacle-enum-values",
    names_obstacle_operations "obstacle-operations",
    names_enum_values_colliding "enum-values-colliding",
    names_enum_values_punctuated "enum-values-punctuated",
    names_enum_values_self "enum-values-self",
    names_enum_value_unknown "enum-value-unknown",
    names_members_colliding "members-colliding",
    names_members_mixed_case "members-mixed-case",
    names_shapes_colliding "shapes-colliding",
    names_shapes_lowercase "shapes-lowercase",
    names_shapes_with_prefixes "shapes-with-prefixes",
    names_scalar_shape_names "scalar-shape-names",
    names_derived_names_clashing "derived-names-clashing",
    names_input_output_nested_same "input-output-nested-same",
    names_input_shared "input-shared",
    names_operation_key_and_name "operation-key-and-name",
    names_error_names "error-names",
    names_union_member_names "union-member-names",
}

#[test]
fn names_of_services() {
    let model = model(&model_set(FIXTURES_MODELS));
    let names = model.services().iter().zip(plan::service_names(model.services()));
    let text: String = names
        .map(|(service, names)| format!("{} -> mod {}, feature {:?}\n", service.name(), names.module, names.feature))
        .collect();
    let _here = here();
    insta::assert_snapshot!(text);
}

/// Files of one fixture, in one text.
fn files_of(service: &str, files: &[&str]) -> String {
    let output = output(&only(FIXTURES_MODELS, &[service]), &options(FIXTURES_PACKAGE));
    files.iter().flat_map(|file| below(&output, service, file)).map(|(_, text)| format!("{}\n", body(text))).collect()
}

/// The files of a service's module that `place` names: one, or all of a folder but its list of modules.
fn below<'o>(output: &'o Output, service: &str, place: &str) -> Vec<(&'o str, &'o str)> {
    let place = format!("src/{}/{place}", service.replace('-', "_"));
    let (file, folder, list) = (format!("{place}.rs"), format!("{place}/"), format!("{place}/mod.rs"));
    let files = output.files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let found = files.filter(|(path, _)| *path == file || path.starts_with(&folder) && *path != list).collect();
    assert_ne!(found, [], "{place}");
    found
}

/// A file without the header.
fn body(text: &str) -> &str {
    text.split_once("\n\n").map_or(text, |(_, rest)| rest)
}

macro_rules! files {
    ($($test:ident $service:literal $files:expr, $items:expr;)*) => {$(
        #[test]
        fn $test() {
            let text = files_of($service, &$files);
            let _here = here();
            insta::assert_snapshot!(items(&text, |item| $items.iter().any(|wanted| item.contains(wanted))));
        }
    )*};
}

const ALL: [&str; 1] = [""];
const WIRE: [&str; 2] = ["impl Structure for ", "impl Union for "];
const OPERATIONS: [&str; 1] = ["impl Operation for "];
const STRUCTS: [&str; 2] = ["pub struct ", "Input {\n"];

files! {
    recursion_of_four "recursion-of-four" ["types/structures"], ALL;
    recursion_of_union "recursion-of-union" ["types"], ALL;
    sparse "sparse" ["operations"], STRUCTS;
    sensitive "sensitive" ["operations", "types"], WIRE;
    timestamps "timestamps" ["operations", "types"], WIRE;
    deprecated "deprecated" ["types/structures"], ALL;
    constraints "constraints" ["operations"], STRUCTS;
    constraints_of_members "constraints-of-members" ["operations"], STRUCTS;
    member_defaults "member-defaults" ["operations", "types/structures"], ALL;
    host_prefix "host-prefix" ["operations"], OPERATIONS;
    idempotency_token "idempotency-token" ["operations"], OPERATIONS;
    operation_traits "operation-traits" ["operations"], OPERATIONS;
    error_codes_clashing "error-codes-clashing" ["errors", "types/errors"], ALL;
    no_operations "no-operations" ["mod", "types/mod", "errors", "dynamic"], ALL;
    metadata_complete "metadata-complete" ["mod", "operations"], ["impl Operation for ", "pub static SERVICE"];
}

#[test]
fn paginators() {
    let text = files_of("paginators", &["operations"]);
    let shown = ["MultiToken", "MarkerOrLastKey", "MoreResults", "NestedResult", "MapResult", "LongLimit"];
    let wanted = |item: &str| {
        shown.iter().any(|name| {
            item.contains(&format!("impl Paginated for {name}Input "))
                || item.contains(&format!("impl PaginatedItems for {name}Input "))
        })
    };
    let _here = here();
    insta::assert_snapshot!(items(&text, wanted));
}

#[test]
fn crate_of_two_services() {
    let output = output(&only(FIXTURES_MODELS, &["default", "type"]), &options(FIXTURES_PACKAGE));
    let paths: String = output.files.keys().map(|path| format!("{path}\n")).collect();
    let texts = ["Cargo.toml", "src/lib.rs", "src/dynamic.rs"].map(|path| body(&output.files[path]));
    let _here = here();
    insta::assert_snapshot!(format!("{paths}\n{}", texts.join("\n")));
}

/// The items of a text, with what stands before them, that are wanted.
fn items(text: &str, wanted: impl Fn(&str) -> bool) -> String {
    let mut items = vec![String::new()];
    for line in text.lines() {
        // A blank line may also part the functions of an item.
        let starts = !line.is_empty() && !line.starts_with([' ', '}', ')']);
        match items.last_mut() {
            Some(last) if !(starts && last.ends_with("\n\n")) => *last += &format!("{line}\n"),
            _ => items.push(format!("{line}\n")),
        }
    }
    items.iter().filter(|item| wanted(item)).map(|item| format!("{}\n\n", item.trim_end())).collect()
}

/// What is generated for one operation: its own file in full, and of all that it reaches the declarations only.
fn operation(service: &str, name: &str) -> String {
    let mut options = options("workstream");
    options.operations = vec![name.to_owned()];
    let output = output(&only(FROZEN, &[service]), &options);
    let own = below(&output, service, "operations").into_iter().map(|(path, text)| (path, body(text).to_owned()));
    let types = below(&output, service, "types").into_iter().map(|(path, text)| (path, declarations(text)));
    own.chain(types).map(|(path, text)| format!("// {path}\n\n{text}\n")).collect()
}

/// Types with their fields or variants; no documentation and no functions.
fn declarations(text: &str) -> String {
    let mut declarations = String::new();
    let mut inside = false;
    for line in text.lines() {
        inside |= ["pub struct ", "pub enum "].iter().any(|start| line.starts_with(start));
        if inside && !line.trim_start().starts_with("//") {
            declarations += &format!("{line}\n");
        }
        inside &= line != "}" && !line.ends_with("{}");
    }
    declarations
}

macro_rules! operations {
    ($($test:ident $service:literal $operation:literal,)*) => {$(
        #[test]
        fn $test() {
            let _here = here();
            insta::assert_snapshot!(operation($service, $operation));
        }
    )*};
}

operations! {
    describe_image_builders "appstream" "DescribeImageBuilders",
    delete_image_builder "appstream" "DeleteImageBuilder",
    create_fleet "appstream" "CreateFleet",
    create_stack "appstream" "CreateStack",
    create_image_builder "appstream" "CreateImageBuilder",
    describe_workspace_images "workspaces" "DescribeWorkspaceImages",
}

/// Diagnostics as text: place, code, message and hint.
fn text_of(diagnostics: &Diagnostics) -> String {
    let mut text = String::new();
    for found in diagnostics.iter() {
        let _ = writeln!(text, "{}[{}]: {}", found.severity, found.code, found.message);
        if let Some((line, column)) = found.position {
            let _ = writeln!(text, "    {}:{line}:{column} {}", found.origin.file, found.origin.pointer);
        }
        if let Some(hint) = &found.hint {
            let _ = writeln!(text, "    {hint}");
        }
    }
    text
}

#[test]
fn diagnostics_of_broken_models() {
    let set = model_set("tests/fixtures/broken");
    let mut texts = BTreeMap::new();
    for service in &set.services {
        let one = ModelSet { services: vec![service.clone()], partitions: None };
        let (model, mut diagnostics) = read(&one);
        if let Some(model) = model {
            let (_, more) = generate(&model, &options(FIXTURES_PACKAGE));
            diagnostics.extend(more);
        }
        assert!(!diagnostics.is_empty(), "{}", service.name);
        texts.insert(&service.name, text_of(&diagnostics));
    }
    let text: String = texts.iter().map(|(name, text)| format!("# {name}\n{text}\n")).collect();
    let _here = here();
    insta::assert_snapshot!(text);
}

#[test]
fn diagnostics_of_a_selection() {
    let model = model(&only(FIXTURES_MODELS, &["errors", "scalars"]));
    let mut options = options(FIXTURES_PACKAGE);
    options.services = vec!["error".to_owned(), "scalars".to_owned()];
    options.operations = vec!["run".to_owned(), "Walk".to_owned()];
    let (output, diagnostics) = generate(&model, &options);
    assert!(output.is_none());
    let _here = here();
    insta::assert_snapshot!(text_of(&diagnostics));
}

#[test]
fn summary() {
    let shown = ["batches", "event-stream", "paginators", "paginators-inferred", "no-operations"];
    let fixtures = output(&only(FIXTURES_MODELS, &shown), &options(FIXTURES_PACKAGE));
    let real = output(&model_set(FROZEN), &options("workstream"));
    let _here = here();
    insta::assert_snapshot!(format!("{}\n{}", summary_text(&fixtures.summary), summary_text(&real.summary)));
}
