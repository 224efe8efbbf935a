//! Thousands of damaged models: each gives diagnostics or code, and the code
//! is Rust. Never a panic, never an error that says nothing.
//!
//! What is damaged are the real models, an operation at a time: what belongs
//! to it makes a model small enough to be damaged often. So are the fixtures,
//! for what the real models lack; and the real ones as a whole, a few times.

use crate::common::model_set;
use fastrand::Rng;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use workstream_codegen::diagnostic::{Diagnostics, Severity};
use workstream_codegen::{Manifest, ModelSet, Options, ServiceFiles, SourceFile, generate, read};

/// The files of a service's model, by name.
type Files = BTreeMap<String, Value>;

/// Names that are something else to Rust, or to the generator, than to a model.
const NAMES: &[&str] = &[
    "",
    " ",
    "_",
    "__",
    "self",
    "Self",
    "crate",
    "super",
    "type",
    "async",
    "gen",
    "union",
    "r#type",
    "Option",
    "Vec",
    "Box",
    "String",
    "Result",
    "Error",
    "ServiceError",
    "Client",
    "None",
    "Some",
    "Default",
    "Value",
    "1st",
    "0.5",
    "-1",
    "a-b",
    "a.b",
    "a b",
    "A\nB",
    "\"",
    "\\",
    "*/",
    "/*",
    "//",
    "#!",
    "{",
    "}}",
    "$x",
    "é",
    "中",
    "ß",
    "\u{1f600}",
    "\u{0}",
    "\u{202e}",
    "\u{feff}",
    "NextToken",
    "next_token",
    "nextToken",
    "Unknown",
    "UNKNOWN",
    "SDK_UNKNOWN_MEMBER",
    "Description",
    "DescribeFleetsInput",
];

/// The model of each operation on its own, and the fixtures.
fn miniatures() -> Vec<Files> {
    let fixtures = model_set(xtask::paths::FIXTURES_MODELS).services;
    let mut miniatures: Vec<Files> = fixtures.iter().map(parsed).collect();
    for service in model_set("models").services {
        let files = parsed(&service);
        let model = &files["service-2.json"];
        let operations = model["operations"].as_object().unwrap();
        assert!(!operations.is_empty(), "{}", service.name);
        miniatures.extend(operations.iter().map(|(name, operation)| miniature(&files, name, operation)));
    }
    miniatures
}

/// The JSON files of a service.
fn parsed(service: &ServiceFiles) -> Files {
    let files = service.files.iter().filter(|file| file.path.ends_with(".json"));
    files.map(|file| (base_name(file), serde_json::from_slice(&file.text).unwrap())).collect()
}

fn base_name(file: &SourceFile) -> String {
    file.path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

fn miniature(files: &Files, name: &str, operation: &Value) -> Files {
    let shapes = files["service-2.json"]["shapes"].as_object().unwrap();
    let mut wanted = BTreeSet::new();
    collect_shapes(operation, shapes, &mut wanted);
    let only = |key: &str| json!({ key: files["service-2.json"]["operations"][key] });
    let mut small = files.clone();
    let model = small.get_mut("service-2.json").unwrap();
    model["operations"] = only(name);
    model["shapes"] = wanted.iter().map(|shape| (shape.clone(), shapes[shape].clone())).collect();
    for (file, key) in [("paginators-1.json", "pagination"), ("waiters-2.json", "waiters")] {
        if let Some(Value::Object(entries)) = small.get_mut(file).and_then(|file| file.get_mut(key)) {
            entries.retain(|entry, value| entry == name || value["operation"] == name);
        }
    }
    small
}

fn collect_shapes(value: &Value, shapes: &Map<String, Value>, wanted: &mut BTreeSet<String>) {
    match value {
        Value::Object(entries) => {
            let shape = entries.get("shape").and_then(Value::as_str);
            if let Some(shape) = shape.filter(|shape| wanted.insert((*shape).to_owned())) {
                collect_shapes(&shapes[shape], shapes, wanted);
            }
            entries.values().for_each(|value| collect_shapes(value, shapes, wanted));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_shapes(item, shapes, wanted)),
        _ => {}
    }
}

/// Stands before a key that is to be there twice: a map of ours has it once.
const TWICE: &str = "@twice@";

fn to_text(value: &Value) -> Vec<u8> {
    value.to_string().replace(TWICE, "").into_bytes()
}

/// Damages a value somewhere.
fn damage(value: &mut Value, random: &mut Rng) {
    let mut pointers = Vec::new();
    collect_pointers(value, &mut String::new(), &mut pointers);
    let pointer = one_of(&pointers, random).clone();
    let elsewhere = value.pointer(one_of::<String>(&pointers, random)).cloned().unwrap_or_default();
    let references: Vec<Value> = pointers
        .iter()
        .filter(|pointer| pointer.ends_with("/shape"))
        .filter_map(|pointer| value.pointer(pointer).cloned())
        .collect();
    let (parent, key) = pointer.rsplit_once('/').unwrap_or_default();
    let key = key.replace("~1", "/").replace("~0", "~");
    match random.u8(0..9) {
        0 => remove(value.pointer_mut(parent), &key, random, |_, _| {}),
        1 => remove(value.pointer_mut(parent), &key, random, |entries, (key, value)| {
            entries.insert(format!("{TWICE}{key}"), elsewhere);
            entries.insert(key, value);
        }),
        2 => remove(value.pointer_mut(parent), &key, random, |entries, (_, value)| {
            let siblings: Vec<String> = entries.keys().cloned().collect();
            let name =
                if siblings.is_empty() { String::new() } else { one_of(&siblings, &mut Rng::with_seed(1)).clone() };
            entries.insert(format!("{TWICE}{name}"), value);
        }),
        3 => {
            let name = (*one_of(NAMES, random)).to_owned();
            remove(value.pointer_mut(parent), &key, random, |entries, (_, value)| drop(entries.insert(name, value)));
        }
        4 => replace(value, &pointer, elsewhere),
        5 if !references.is_empty() => {
            let found: Vec<&String> = pointers.iter().filter(|pointer| pointer.ends_with("/shape")).collect();
            let place = (*one_of(&found, random)).clone();
            replace(value, &place, one_of(&references, random).clone());
        }
        6 => replace(value, &pointer, (*one_of(NAMES, random)).into()),
        7 => {
            let deep = (0..random.usize(1..300)).fold(elsewhere, |inner, _| json!([inner]));
            replace(value, &pointer, deep);
        }
        _ => {
            let others = [
                Value::Null,
                true.into(),
                false.into(),
                0.into(),
                (-1).into(),
                i64::MIN.into(),
                u64::MAX.into(),
                json!(1e308),
                json!(0.5),
                json!([]),
                json!({}),
                json!([null]),
                "x".repeat(5000).into(),
            ];
            replace(value, &pointer, one_of(&others, random).clone());
        }
    }
}

fn one_of<'a, T>(from: &'a [T], random: &mut Rng) -> &'a T {
    &from[random.usize(..from.len())]
}

fn replace(value: &mut Value, pointer: &str, new: Value) {
    *value.pointer_mut(pointer).unwrap() = new;
}

/// Takes an entry away, which may come back in another form.
fn remove(
    parent: Option<&mut Value>,
    key: &str,
    random: &mut Rng,
    put: impl FnOnce(&mut Map<String, Value>, (String, Value)),
) {
    match parent {
        Some(Value::Object(entries)) => {
            if let Some(entry) = entries.remove_entry(key) {
                put(entries, entry);
            }
        }
        Some(Value::Array(items)) if !items.is_empty() => drop(items.remove(random.usize(..items.len()))),
        _ => {}
    }
}

fn collect_pointers(value: &Value, pointer: &mut String, pointers: &mut Vec<String>) {
    pointers.push(pointer.clone());
    let length = pointer.len();
    let mut descend = |key: &str, value: &Value| {
        pointer.push('/');
        pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
        collect_pointers(value, pointer, pointers);
        pointer.truncate(length);
    };
    match value {
        Value::Object(entries) => entries.iter().for_each(|(key, value)| descend(key, value)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| descend(&index.to_string(), value));
        }
        _ => {}
    }
}

/// Bytes that are no text, or none of JSON.
const JUNK: &[&[u8]] = &[b"\xFF", b"\xC0\x80", b"\xED\xA0\x80", b"\0", b"\"", b"{", b"]", b",", b"\\u12"];

/// Damages text somewhere, without regard to what it says.
fn damage_bytes(text: &mut Vec<u8>, random: &mut Rng) {
    let at = random.usize(..text.len());
    let end = (at + random.usize(..200)).min(text.len());
    match random.u8(0..8) {
        0 => text.truncate(at),
        1 => text[at] = random.u8(..),
        2 => drop(text.drain(at..end)),
        3 => {
            let copy = text[at..end].to_vec();
            text.splice(at..at, copy);
        }
        4 => {
            let junk = *one_of(JUNK, random);
            text.splice(at..at, junk.iter().copied());
        }
        5 => {
            let nest = one_of(&["[", r#"{"a":"#, r#"{"shapes":["#, "1", "-", "1e9"], random).repeat(100_000);
            text.splice(at..at, nest.into_bytes());
        }
        6 => {
            let digits: Vec<usize> = (0..text.len()).filter(|at| text[*at].is_ascii_digit()).collect();
            let at = digits.get(random.usize(..=digits.len())).copied().unwrap_or(0);
            text.splice(at..at, b"123456789012345678901234567890".iter().copied());
        }
        _ => {
            let other = random.usize(..text.len());
            text.swap(at, other);
        }
    }
}

/// What came of a damaged model.
#[derive(Debug, Default)]
struct Counts {
    code: usize,
    diagnosed: usize,
}

impl Counts {
    /// Generates, and checks whatever comes.
    fn run(&mut self, set: &ModelSet, what: &str) {
        let (model, diagnostics) = read(set);
        check(&diagnostics, set, what);
        assert_eq!(model.is_none(), diagnostics.has_errors(), "{what}");
        let Some(model) = model else {
            self.diagnosed += 1;
            return;
        };
        let manifest = Manifest::Standalone { runtime: "../runtime".to_owned() };
        let options = Options::new(manifest);
        let (output, diagnostics) = generate(&model, &options);
        check(&diagnostics, set, what);
        assert_eq!(output.is_none(), diagnostics.has_errors(), "{what}");
        if output.is_some() { self.code += 1 } else { self.diagnosed += 1 }
    }
}

/// Errors tell what is wrong where, and none is the generator's own.
fn check(diagnostics: &Diagnostics, set: &ModelSet, what: &str) {
    for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error) {
        let code = diagnostic.code;
        assert_ne!(code, "broken-output", "{what}: {diagnostic:?}");
        let kebab = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        assert!(kebab, "{what}: {diagnostic:?}");
        assert!(!diagnostic.message.is_empty(), "{what}: {diagnostic:?}");
        let file = &*diagnostic.origin.file;
        let known = set.services.iter().flat_map(|service| &service.files).any(|known| known.path == file);
        assert!(!file.is_empty(), "{what}: {diagnostic:?}");
        assert!(!known || diagnostic.position.is_some(), "{what}: {diagnostic:?}");
    }
}

fn set(files: Vec<SourceFile>) -> ModelSet {
    ModelSet { services: vec![ServiceFiles { name: "appstream".to_owned(), files }], partitions: None }
}

/// A service's files as text, of which one is damaged by each of `times` blows.
fn run_damaged(counts: &mut Counts, files: &Files, seed: u64, as_bytes: bool) {
    let mut random = Rng::with_seed(seed);
    let names: Vec<&String> = files.keys().collect();
    // Mostly the model itself: it has the most to damage.
    let chosen = if random.u8(..) < 180 { "service-2.json" } else { one_of(&names, &mut random) };
    let mut texts = Vec::new();
    for (name, value) in files {
        let mut value = value.clone();
        let hit = name == chosen;
        if hit && !as_bytes {
            (0..random.usize(1..=3)).for_each(|_| damage(&mut value, &mut random));
        }
        let mut text = to_text(&value);
        if hit && as_bytes {
            damage_bytes(&mut text, &mut random);
        }
        texts.push(SourceFile { path: name.clone(), text });
    }
    counts.run(&set(texts), &format!("{chosen}, seed {seed}"));
}

#[test]
fn damaged_values() {
    let mut counts = Counts::default();
    let miniatures = miniatures();
    for seed in 0..1300 {
        run_damaged(&mut counts, &miniatures[seed % miniatures.len()], seed as u64, false);
    }
    // Both outcomes are there in numbers: damage that is always noticed at
    // once, or never, would test little.
    assert!(counts.code > 100 && counts.diagnosed > 100, "{counts:?}");
}

#[test]
fn damaged_text() {
    let mut counts = Counts::default();
    let miniatures = miniatures();
    for seed in 0..1300 {
        run_damaged(&mut counts, &miniatures[seed % miniatures.len()], seed as u64, true);
    }
    assert!(counts.code > 50 && counts.diagnosed > 100, "{counts:?}");
}

#[test]
fn damaged_whole_models() {
    let mut counts = Counts::default();
    for service in model_set("models").services {
        let files = parsed(&service);
        for seed in 0..8 {
            run_damaged(&mut counts, &files, seed, seed % 4 == 3);
        }
    }
}

#[test]
fn damaged_overlays() {
    let mut counts = Counts::default();
    let services = model_set(xtask::paths::FIXTURES_MODELS).services;
    for service in services.iter().filter(|service| service.name.starts_with("overlay-")) {
        for seed in 0..200 {
            let mut random = Rng::with_seed(seed);
            let mut files = service.files.clone();
            let overlay = files.iter_mut().find(|file| base_name(file) == "overlay.toml").unwrap();
            damage_bytes(&mut overlay.text, &mut random);
            counts.run(&set(files), &format!("{}, seed {seed}", service.name));
        }
    }
    assert!(counts.code > 50 && counts.diagnosed > 100, "{counts:?}");
}
