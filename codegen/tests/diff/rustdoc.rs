//! The public API of a crate, as rustdoc's JSON has it, in a form to compare.
//!
//! By path: types, fields, variants, methods with what they take and return,
//! implementations. What is left out makes no difference to whether code compiles:
//! documentation, names of arguments, values of constants, bodies.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use workstream_codegen::diff::rules::Effect;

/// The version of rustdoc's JSON that this was written for. Where another has
/// something elsewhere, less is seen than the rules say.
const FORMAT: u32 = 57;

/// The parts of an object, unread: most are never looked at.
type Parts = HashMap<String, Box<RawValue>>;

/// Objects by id, unread.
type ById = HashMap<String, Box<RawValue>>;

struct Rustdoc {
    index: ById,
    /// What is known of items of other crates too: their paths.
    paths: ById,
}

/// What a public module has: by path, relative to the module, what it says of it.
#[derive(Default)]
pub(crate) struct Api(BTreeMap<(String, Said), String>);

/// What is said of something public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    /// That it is there, with this signature.
    Item,
    /// That it is a field of this type: a method may have the same name.
    Field,
    /// That it has these parts and will have no others: code may list them.
    Closed,
    /// That it is deprecated.
    Deprecated,
}

/// The APIs of the modules at the root of a crate, by their names.
pub(crate) fn modules(json: &Path) -> BTreeMap<String, Api> {
    let text = std::fs::read(json).unwrap_or_else(|e| panic!("{json:?}: {e}"));
    let parts: Parts = serde_json::from_slice(&text).unwrap_or_else(|e| panic!("{json:?}: {e}"));
    drop(text);
    let format: u32 = parsed(&parts["format_version"]);
    println!("rustdoc's JSON is of format {format}, and this was written for {FORMAT}");
    let crate_ = Rustdoc { index: parsed(&parts["index"]), paths: parsed(&parts["paths"]) };
    let root = crate_.inner(parsed(&parts["root"])).1;
    let mut modules = BTreeMap::new();
    for id in ids(&root["items"]) {
        let (kind, inner) = crate_.inner(id);
        if kind == "module" {
            let name = crate_.name(id).unwrap_or_default();
            let mut walk = Walk { crate_: &crate_, module: &name, api: Api::default() };
            walk.items("", &inner["items"]);
            modules.insert(name.clone(), walk.api);
        }
    }
    modules
}

fn parsed<T: DeserializeOwned>(json: &RawValue) -> T {
    serde_json::from_str(json.get()).unwrap_or_else(|e| panic!("{e}: {json}"))
}

impl Rustdoc {
    fn item(&self, id: u32) -> Parts {
        parsed(self.index.get(&id.to_string()).unwrap_or_else(|| panic!("no item {id}")))
    }

    fn name(&self, id: u32) -> Option<String> {
        parsed(&self.item(id)["name"])
    }

    /// The kind of an item, and what it is.
    fn inner(&self, id: u32) -> (String, Value) {
        kind_and_inner(&self.item(id))
    }

    /// Whether it is an implementation for all types: it follows from the rest. Most
    /// items are such, so they are not parsed.
    fn is_blanket(&self, id: u32) -> bool {
        let text = self.index.get(&id.to_string()).map_or("", |item| item.get());
        text.contains("\"inner\":{\"impl\":") && !text.contains("\"blanket_impl\":null")
    }

    fn is_function(&self, id: u32) -> bool {
        self.index.get(&id.to_string()).is_some_and(|item| item.get().contains("\"inner\":{\"function\":"))
    }
}

fn kind_and_inner(item: &Parts) -> (String, Value) {
    let inner: HashMap<String, Value> = parsed(&item["inner"]);
    inner.into_iter().next().unwrap()
}

fn ids(list: &Value) -> Vec<u32> {
    list.as_array().into_iter().flatten().filter_map(Value::as_u64).map(|id| u32::try_from(id).unwrap()).collect()
}

struct Walk<'c> {
    crate_: &'c Rustdoc,
    module: &'c str,
    api: Api,
}

impl Walk<'_> {
    fn items(&mut self, path: &str, list: &Value) {
        ids(list).into_iter().for_each(|id| self.item(path, id));
    }

    fn item(&mut self, parent: &str, id: u32) {
        if self.crate_.is_blanket(id) {
            return;
        }
        let item = self.crate_.item(id);
        let (kind, inner) = kind_and_inner(&item);
        let name: Option<String> = parsed(&item["name"]);
        let path = format!("{parent}::{}", name.unwrap_or_default());
        if item["deprecation"].get() != "null" {
            self.put(&path, Said::Deprecated, &Value::Null);
        }
        match kind.as_str() {
            "module" => self.items(&path, &inner["items"]),
            "use" => self.reexport(parent, &inner),
            "struct" => self.structure(&path, &item, &inner),
            "enum" => self.enumeration(&path, &item, &inner),
            "impl" => self.implementation(parent, &inner),
            "variant" => self.put(&path, Said::Item, &self.variant(&inner["kind"])),
            "struct_field" => self.put(&path, Said::Field, &inner),
            "function" => {
                let inputs = inner["sig"]["inputs"].as_array().into_iter().flatten();
                let inputs: Vec<&Value> = inputs.map(|input| &input[1]).collect();
                let signature = json!(["fn", inner["header"], inner["generics"], inputs, inner["sig"]["output"]]);
                self.put(&path, Said::Item, &signature);
            }
            "constant" | "static" | "assoc_const" | "assoc_type" | "type_alias" => {
                self.put(&path, Said::Item, &json!([kind, inner["type"], inner["generics"]]));
            }
            kind => panic!("{path}: public items of kind {kind} are not compared yet"),
        }
    }

    fn reexport(&mut self, parent: &str, inner: &Value) {
        let target = inner["id"].as_u64().map(|id| u32::try_from(id).unwrap());
        let name = inner["name"].as_str().unwrap_or_default();
        match target.filter(|id| self.crate_.index.contains_key(&id.to_string())) {
            Some(id) if inner["is_glob"] == true => self.items(parent, &self.crate_.inner(id).1["items"]),
            Some(id) if self.crate_.name(id).as_deref() == Some(name) => self.item(parent, id),
            _ => self.put(&format!("{parent}::{name}"), Said::Item, &inner["source"]),
        }
    }

    fn structure(&mut self, path: &str, item: &Parts, inner: &Value) {
        let kind = &inner["kind"];
        let fields = kind.get("tuple").unwrap_or(&kind["plain"]["fields"]);
        // A hidden field of a tuple is null.
        let is_hidden = fields.as_array().is_some_and(|fields| fields.iter().any(Value::is_null));
        let is_open = is_non_exhaustive(item) || is_hidden || kind["plain"]["has_stripped_fields"] == true;
        self.openness(path, is_open, fields);
        self.put(path, Said::Item, &json!(["struct", inner["generics"]]));
        self.items(path, fields);
        self.items(path, &inner["impls"]);
    }

    fn enumeration(&mut self, path: &str, item: &Parts, inner: &Value) {
        self.openness(path, is_non_exhaustive(item), &inner["variants"]);
        self.put(path, Said::Item, &json!(["enum", inner["generics"]]));
        self.items(path, &inner["variants"]);
        self.items(path, &inner["impls"]);
    }

    fn openness(&mut self, path: &str, is_open: bool, parts: &Value) {
        if !is_open {
            let names: Vec<Option<String>> = ids(parts).into_iter().map(|id| self.crate_.name(id)).collect();
            self.put(path, Said::Closed, &json!(names));
        }
    }

    fn variant(&self, kind: &Value) -> Value {
        let field = |id: u32| json!([self.crate_.name(id), self.crate_.inner(id).1]);
        match kind {
            Value::Object(kind) => {
                let fields = kind.get("tuple").or_else(|| kind["struct"].get("fields")).unwrap_or(&Value::Null);
                json!(ids(fields).into_iter().map(field).collect::<Vec<_>>())
            }
            kind => kind.clone(),
        }
    }

    fn implementation(&mut self, path: &str, inner: &Value) {
        let mut of = String::new();
        if !inner["generics"]["params"].as_array().is_some_and(Vec::is_empty) || has_arguments(&inner["for"]) {
            of = format!("<{} {}>", self.plain(&inner["generics"]), self.plain(&inner["for"]));
        }
        if inner["trait"].is_null() {
            return self.items(&format!("{path}{of}"), &inner["items"]);
        }
        let not = if inner["is_negative"] == true { "not " } else { "" };
        let path = format!("{path}{of} is {not}{}", self.plain(&inner["trait"]));
        self.put(&path, Said::Item, &Value::Null);
        for id in ids(&inner["items"]) {
            // The trait says what its methods take and return.
            if !self.crate_.is_function(id) {
                self.item(&path, id);
            }
        }
    }

    fn put(&mut self, path: &str, said: Said, what: &Value) {
        let what = self.plain(what);
        // Something may be public under the same path twice, but not as two things.
        if let Some(other) = self.api.0.insert((path.to_owned(), said), what.clone()) {
            assert_eq!(other, what, "{path} is there twice");
        }
    }

    /// Text of something in which names of types are whole, and ids are left out.
    fn plain(&self, value: &Value) -> String {
        let mut value = value.clone();
        self.resolve(&mut value);
        value.to_string()
    }

    fn resolve(&self, value: &mut Value) {
        match value {
            Value::Object(map) => {
                let path = map.remove("id").and_then(|id| self.crate_.paths.get(&id.to_string()));
                if let (Some(path), true) = (path, map.contains_key("path")) {
                    let here = |part: &&String| *part != self.module;
                    let path: Vec<String> = parsed(&parsed::<Parts>(path)["path"]);
                    let path: Vec<&str> = path.iter().filter(here).map(String::as_str).collect();
                    map.insert("path".to_owned(), json!(path.join("::")));
                }
                map.values_mut().for_each(|value| self.resolve(value));
            }
            Value::Array(items) => items.iter_mut().for_each(|value| self.resolve(value)),
            _ => {}
        }
    }
}

fn has_arguments(target: &Value) -> bool {
    !target["resolved_path"]["args"].is_null()
}

fn is_non_exhaustive(item: &Parts) -> bool {
    item["attrs"].get().contains("non_exhaustive")
}

impl Api {
    /// What code that used the old API notices of the new one, and an example of it.
    pub fn effect(old: &Self, new: &Self) -> (Effect, String) {
        for (said, was) in old.0.iter().filter(|(said, _)| said.1 != Said::Deprecated) {
            match new.0.get(said) {
                None => return (Effect::Break, format!("{said:?} is gone")),
                Some(is) if is != was => return (Effect::Break, format!("{said:?} is {is}, and was {was}")),
                Some(_) => {}
            }
        }
        if let Some(said) = new.0.keys().find(|said| !old.0.contains_key(*said)) {
            return (Effect::Change, format!("{said:?} is new"));
        }
        match old.0.keys().find(|said| !new.0.contains_key(*said)) {
            Some(said) => (Effect::Change, format!("{said:?} is gone")),
            None => (Effect::None, "the same API".to_owned()),
        }
    }
}
