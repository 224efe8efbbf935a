//! Every type of every service, by itself: as JSON and as CBOR, through serde and without. A program of its own, because
//! thousands of types take their time to compile.

#![allow(deprecated, reason = "deprecated types are kept too")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/mod.rs"]
#[allow(dead_code, reason = "this test uses a part of it")]
mod common;

use common::{model, model_set};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fmt::Debug;
use workstream::{json, runtime::Value};
use workstream_codegen::graph::{Service, ShapeId};
use workstream_codegen::plan::{self, Meant, Part};
use workstream_runtime::Writer;
use workstream_tests::values::{Fill, Values};
use xtask::paths::FIXTURES_MODELS;

include!(concat!(env!("OUT_DIR"), "/known.rs"));

/// A type that is there.
struct Known {
    package: &'static str,
    module: &'static str,
    name: &'static str,
    kind: &'static str,
    /// Whether a value survives, which is given in the dynamic notation; and nothing is the default.
    survives: fn(Option<&str>) -> Result<(), String>,
}

impl Known {
    const fn of<T>(package: &'static str, module: &'static str, name: &'static str, kind: &'static str) -> Self
    where
        T: Value + Default + PartialEq + Debug + Serialize + DeserializeOwned,
    {
        Self { package, module, name, kind, survives: survives::<T> }
    }
}

fn survives<T>(text: Option<&str>) -> Result<(), String>
where
    T: Value + Default + PartialEq + Debug + Serialize + DeserializeOwned,
{
    let value: T = text.map_or_else(|| Ok(T::default()), json::from_str).map_err(told)?;
    let with_serde = serde_json::to_string(&value).map_err(told)?;
    let without = json::to_string(&value).map_err(told)?;
    let mut cbor = Vec::new();
    ciborium::into_writer(&value, &mut cbor).map_err(told)?;
    let read: [T; 4] = [
        serde_json::from_str(&with_serde).map_err(told)?,
        serde_json::from_str(&without).map_err(told)?,
        json::from_str(&with_serde).map_err(told)?,
        ciborium::from_reader(cbor.as_slice()).map_err(told)?,
    ];
    // What is not a number does not even equal itself.
    #[expect(clippy::eq_op, reason = "it may not")]
    let has_nan = value != value;
    for other in &read {
        if !has_nan && *other != value || dynamic(other) != dynamic(&value) {
            return Err(format!("{value:?} became {other:?}"));
        }
    }
    Ok(())
}

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// All that a value is, as text.
fn dynamic(value: &dyn Value) -> Vec<u8> {
    let mut writer = Writer::dynamic_json();
    value.write(&mut writer);
    writer.finish().unwrap()
}

/// What a type is for, in its service.
fn shape(service: &Service, meant: &Meant) -> Option<ShapeId> {
    match meant {
        Meant::Shape(name) => service.shape_named(name),
        Meant::Input(operation) => service[service.operation_named(operation)?].input,
        Meant::Output(operation) => service[service.operation_named(operation)?].output,
        _ => None,
    }
}

/// Values that the model does not have.
fn unknown(kind: &str) -> Option<&'static str> {
    match kind {
        "union" => Some(r#"{"SDK_UNKNOWN_MEMBER":{"name":"later"}}"#),
        "string_enum" => Some(r#""LATER""#),
        "int_enum" => Some("-2147483648"),
        _ => None,
    }
}

/// Checks one type, with values of all kinds.
fn check(service: &Service, meant: &Meant, known: &Known, seed: u64) {
    let place = format!("{}::{}::{}", known.package, known.module, known.name);
    let survives = |text: Option<&str>| {
        let done = (known.survives)(text);
        assert_eq!(done, Ok(()), "{place}, seed {seed}: {}", text.unwrap_or("its default"));
    };
    survives(None);
    unknown(known.kind).into_iter().for_each(|text| survives(Some(text)));
    let shape = shape(service, meant);
    for (fill, seed) in [Fill::Required, Fill::All, Fill::Some, Fill::Some].into_iter().zip(seed..) {
        survives(Some(&Values::new(service, seed, fill).of(shape).to_string()));
    }
}

/// Checks all types that a folder of models leads to, which are those that the crate has.
fn check_all(package: &str, folder: &str) -> u64 {
    let of_package = KNOWN.iter().filter(|known| known.package == package);
    let mut known: BTreeMap<_, _> =
        of_package.map(|known| (format!("{}::{}", known.module, known.name), known)).collect();
    let (model, mut count) = (model(&model_set(folder)), 0);
    for (service, names) in model.services().iter().zip(plan::service_names(model.services())) {
        let module = names.module.replace("r#", "");
        let surface = plan::surface(service);
        for (path, entry) in surface.entries().filter(|(path, _)| path.part == Part::Itself) {
            let Some(name) = path.item.strip_prefix("types::") else { continue };
            let found = known.remove(&format!("{module}::{name}"));
            count += 4;
            check(service, &entry.meant, found.unwrap_or_else(|| panic!("{module}: no {name}")), count);
        }
    }
    assert!(known.is_empty(), "{:?}", known.keys());
    count / 4
}

#[test]
fn values_of_every_type_survive() {
    let services = check_all("workstream", "models");
    let fixtures = check_all("workstream_fixtures", FIXTURES_MODELS);
    println!("{services} types of services and {fixtures} of fixtures");
    assert!(services > 1000 && fixtures > 500, "{services} {fixtures}");
}
