//! The public API of a crate, as rustdoc's JSON has it, in a form to compare.
//!
//! By path: types, fields, variants, methods with what they take and return,
//! implementations. What is left out makes no difference to whether code compiles:
//! documentation, names of arguments, values of constants, bodies.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

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

/// What a public module has, by path: `types::Fleet`, `types::Fleet.name` (a field),
/// `types::Fleet::name`, `types::Kind: Copy` (a trait).
#[derive(Clone, Default)]
pub(crate) struct Api(pub BTreeMap<String, Item>);

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// As Rust, without names of arguments.
    pub signature: String,
    pub deprecated: bool,
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
            let mut walk = Walk { crate_: &crate_, api: Api::default() };
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
        let name = parsed::<Option<String>>(&item["name"]).unwrap_or_default();
        let path = if parent.is_empty() { name.clone() } else { format!("{parent}::{name}") };
        let said = match kind.as_str() {
            "module" => return self.items(&path, &inner["items"]),
            "use" => return self.reexport(parent, &inner),
            "impl" => return self.implementation(parent, &inner),
            "struct" => self.structure(&path, &item, &inner),
            "enum" => self.enumeration(&path, &item, &inner),
            "variant" => self.variant(&inner["kind"]),
            "struct_field" => self.text(&inner),
            "function" => self.function(&inner),
            "static" | "type_alias" => self.text(&inner["type"]),
            kind => panic!("{path}: public items of kind {kind} are not compared yet"),
        };
        let path = if kind == "struct_field" { format!("{parent}.{name}") } else { path };
        self.put(path, said, item["deprecation"].get() != "null");
    }

    fn reexport(&mut self, parent: &str, inner: &Value) {
        let target = inner["id"].as_u64().map(|id| u32::try_from(id).unwrap());
        let name = inner["name"].as_str().unwrap_or_default();
        match target.filter(|id| self.crate_.index.contains_key(&id.to_string())) {
            Some(id) if inner["is_glob"] == true => self.items(parent, &self.crate_.inner(id).1["items"]),
            Some(id) if self.crate_.name(id).as_deref() == Some(name) => self.item(parent, id),
            // Something of another crate.
            _ => self.put(format!("{parent}::{name}"), inner["source"].to_string(), false),
        }
    }

    fn structure(&mut self, path: &str, item: &Parts, inner: &Value) -> String {
        let kind = &inner["kind"];
        let fields = kind.get("tuple").unwrap_or(&kind["plain"]["fields"]);
        // A hidden field of a tuple is null.
        let is_hidden = fields.as_array().is_some_and(|fields| fields.iter().any(Value::is_null));
        let is_open = is_non_exhaustive(item) || is_hidden || kind["plain"]["has_stripped_fields"] == true;
        self.items(path, fields);
        self.items(path, &inner["impls"]);
        format!("struct {}", self.parts(is_open, fields))
    }

    fn enumeration(&mut self, path: &str, item: &Parts, inner: &Value) -> String {
        self.items(path, &inner["variants"]);
        self.items(path, &inner["impls"]);
        format!("enum {}", self.parts(is_non_exhaustive(item), &inner["variants"]))
    }

    /// The parts of a type that will have no others: code may list them.
    fn parts(&self, is_open: bool, parts: &Value) -> String {
        let names: Vec<String> = ids(parts).into_iter().filter_map(|id| self.crate_.name(id)).collect();
        match (is_open, names.as_slice()) {
            (true, _) => "{ .. }".to_owned(),
            (false, []) => "{}".to_owned(),
            (false, names) => format!("{{ {} }}", names.join(", ")),
        }
    }

    fn variant(&self, kind: &Value) -> String {
        let Some(fields) = kind.get("tuple") else {
            assert_eq!(kind, "plain", "variants with named fields are not compared yet");
            return String::new();
        };
        let fields: Vec<String> = ids(fields).into_iter().map(|id| self.text(&self.crate_.inner(id).1)).collect();
        format!("({})", fields.join(", "))
    }

    fn function(&self, inner: &Value) -> String {
        let (header, sig) = (&inner["header"], &inner["sig"]);
        let words = [("is_const", "const "), ("is_async", "async "), ("is_unsafe", "unsafe ")];
        let words: String = words.iter().filter(|(key, _)| header[key] == true).map(|(_, word)| *word).collect();
        let inputs = sig["inputs"].as_array().into_iter().flatten().map(|input| {
            let ty = self.text(&input[1]);
            if input[0] == "self" { ty.replace("Self", "self") } else { ty }
        });
        let inputs: Vec<String> = inputs.collect();
        let output = &sig["output"];
        let output = if output.is_null() { String::new() } else { format!(" -> {}", self.text(output)) };
        format!("{words}fn({}){output}", inputs.join(", "))
    }

    fn implementation(&mut self, path: &str, inner: &Value) {
        // Auto traits follow from what a type is made of.
        if inner["is_synthetic"] == true {
            return;
        }
        let target = &inner["for"]["resolved_path"]["args"];
        let path = format!("{path}{}", self.arguments(target));
        if inner["trait"].is_null() {
            return self.items(&path, &inner["items"]);
        }
        // The trait says what its functions take and return, and values of constants are no matter of types.
        let types = ids(&inner["items"]).into_iter().filter_map(|id| {
            let (kind, inner) = self.crate_.inner(id);
            let name = self.crate_.name(id).unwrap_or_default();
            (kind == "assoc_type").then(|| format!("{name} = {}", self.text(&inner["type"])))
        });
        let types: Vec<String> = types.collect();
        self.put(format!("{path}: {}", self.named(&inner["trait"])), types.join(", "), false);
    }

    fn put(&mut self, path: String, signature: String, deprecated: bool) {
        let item = Item { signature, deprecated };
        // Something may be public under the same path twice, but not as two things.
        if let Some(other) = self.api.0.insert(path.clone(), item.clone()) {
            assert_eq!(other, item, "{path} is there twice");
        }
    }

    /// A type as Rust.
    fn text(&self, ty: &Value) -> String {
        let (kind, ty) = ty.as_object().and_then(|ty| ty.iter().next()).unwrap_or_else(|| panic!("no type: {ty}"));
        let list = |list: &Value| list.as_array().into_iter().flatten().map(|ty| self.text(ty)).collect::<Vec<_>>();
        match kind.as_str() {
            "primitive" | "generic" => ty.as_str().unwrap_or_default().to_owned(),
            "resolved_path" => self.named(ty),
            "slice" => format!("[{}]", self.text(ty)),
            "tuple" => format!("({})", list(ty).join(", ")),
            "borrowed_ref" => {
                let lifetime = ty["lifetime"].as_str().map_or(String::new(), |lifetime| format!("{lifetime} "));
                let mutable = if ty["is_mutable"] == true { "mut " } else { "" };
                format!("&{lifetime}{mutable}{}", self.text(&ty["type"]))
            }
            "impl_trait" => {
                let bounds = ty.as_array().into_iter().flatten();
                let bounds: Vec<String> = bounds.map(|bound| self.named(&bound["trait_bound"]["trait"])).collect();
                format!("impl {}", bounds.join(" + "))
            }
            kind => panic!("types of kind {kind} are not compared yet: {ty}"),
        }
    }

    /// The name that code has in scope for a type or trait, and its arguments.
    fn named(&self, path: &Value) -> String {
        let known = self.crate_.paths.get(&path["id"].to_string()).map(|path| parsed::<Parts>(path));
        let whole: Vec<String> = known.map_or_else(Vec::new, |known| parsed(&known["path"]));
        let name = match whole.as_slice() {
            [.., module, name] if module == "waiters" => format!("waiters::{name}"),
            [.., name] => name.clone(),
            [] => panic!("no path: {path}"),
        };
        format!("{name}{}", self.arguments(&path["args"]))
    }

    fn arguments(&self, arguments: &Value) -> String {
        let arguments = &arguments["angle_bracketed"];
        let all = |key: &str| arguments[key].as_array().into_iter().flatten();
        let types = all("args").filter_map(|argument| argument.get("type")).map(|ty| self.text(ty));
        let bound = all("constraints").map(|constraint| {
            let name = constraint["name"].as_str().unwrap_or_default();
            format!("{name} = {}", self.text(&constraint["binding"]["equality"]["type"]))
        });
        let all: Vec<String> = types.chain(bound).collect();
        if all.is_empty() { String::new() } else { format!("<{}>", all.join(", ")) }
    }
}

fn is_non_exhaustive(item: &Parts) -> bool {
    item["attrs"].get().contains("non_exhaustive")
}
