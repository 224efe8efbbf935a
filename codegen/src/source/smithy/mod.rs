//! Smithy's JSON AST, versions 1.0 and 2.0.
//!
//! Only what the service reaches is read. Namespaces are dropped where that leaves one shape a name, as names on
//! the wire have none.
//!
//! Specification: Smithy 2.0, "JSON AST".

mod elements;
mod operations;
pub(super) mod prose;
mod service;
mod shapes;
mod traits;

use self::traits::Traits;
use super::Parsed;
use super::node::{At, Ignored, Node, Object};
use crate::diagnostic::Origin;
use crate::graph::reach::reach;
use crate::graph::{NameRef, ServiceBuilder, Shape, ShapeKind, ShapeTraits};
use std::collections::{BTreeMap, HashMap, HashSet};

const TOP: &[Ignored] = &[Ignored { keys: &["metadata"], reason: "settings of Smithy's own validation" }];

const RESOURCE: &[Ignored] = &[
    Ignored { keys: &["type", "traits"], reason: "a resource groups operations; nothing is generated of it" },
    Ignored { keys: &["identifiers", "properties"], reason: "members say the same" },
    Ignored {
        keys: &["create", "put", "read", "update", "delete", "list", "operations", "collectionOperations", "resources"],
        reason: "followed when the service's closure is made",
    },
];

/// Namespace of the shapes that every model has.
const PRELUDE: &str = "smithy.api#";

/// What an operation without input or output refers to.
const UNIT: &str = "smithy.api#Unit";

/// Reads the files of one service. `complete` is false where one more could
/// not be parsed: then nothing is said to dangle.
pub(super) fn read(name: &str, files: &[Parsed<'_, '_>], complete: bool) -> Option<ServiceBuilder> {
    let roots: Vec<At<'_, '_>> = files.iter().map(|parsed| At::root(&parsed.file, &parsed.node)).collect();
    let tops: Vec<Object<'_, '_>> = roots.iter().filter_map(At::object).collect();
    let shapes: Vec<At<'_, '_>> = tops.iter().filter_map(|top| top.get("shapes")).collect();
    for top in &tops {
        check_version(top);
        top.finish("a Smithy model", TOP);
    }
    if !complete {
        return None;
    }
    let index = index(&shapes);
    let (service_id, service) = the_service(name, &index, &files[0])?;
    let closure = closure(&index, service_id);
    let mut builder = ServiceBuilder::new(name, service.origin());
    let mut names = names(&closure, &index, &service);
    let defaults = service::read(&names, &service, &mut builder);
    names.on_wire = elements::trait_of_names(&builder.metadata);
    let model = SmithyModel { names, defaults };
    for id in closure.into_iter().skip(1) {
        match index.get(id) {
            Some(at) => model.read(id, at, &mut builder),
            // Members that hold one are told.
            None if big_number(id).is_some() => drop(builder.unread.insert(model.names.of(id).to_owned())),
            None => builder.shapes.extend(prelude(id, model.names.of(id), service.origin())),
        }
    }
    let roots = elements::roots(&model.names, index.values());
    elements::name_roots(&mut builder, &roots, model.defaults.xml_namespace.as_ref());
    Some(builder)
}

type Index<'p, 'n> = HashMap<&'n str, At<'p, 'n>>;

fn check_version(top: &Object<'_, '_>) {
    let Some(at) = top.get("smithy") else { return };
    let Some(version) = at.string() else { return };
    if !matches!(version.split('.').next(), Some("1" | "2")) {
        at.report(|diagnostics, origin| {
            diagnostics
                .error("unknown-value", origin, format!("`{version}` is no version of Smithy that is read"))
                .hint("supported are 1.0 and 2.0: write the model with a build of Smithy for one of them");
        });
    }
}

fn index<'p, 'n>(shapes: &'p [At<'p, 'n>]) -> Index<'p, 'n> {
    let mut index = Index::new();
    for (id, at) in shapes.iter().flat_map(At::entries) {
        if type_of(at.node()) == Some("apply") {
            at.report(|diagnostics, origin| {
                diagnostics
                    .error("unsupported-shape", origin, format!("traits are applied to `{id}` from outside"))
                    .hint("let Smithy write the model as one file: its build puts the traits where they belong");
            });
        } else if let Some(earlier) = index.insert(id, at) {
            let (here, there) = (at.origin(), earlier.origin());
            // Within one file it has been reported as a key that occurs twice.
            if here.file != there.file {
                at.error("duplicate-shape", format!("shape `{id}` is defined in {} too", there.file));
            }
        }
    }
    index
}

/// The one service of the model.
fn the_service<'p, 'n>(name: &str, index: &Index<'p, 'n>, file: &Parsed<'_, '_>) -> Option<(&'n str, At<'p, 'n>)> {
    let mut services: Vec<_> = index.iter().filter(|(_, at)| type_of(at.node()) == Some("service")).collect();
    services.sort_by_key(|(id, _)| **id);
    match services[..] {
        [(id, at)] => Some((*id, *at)),
        [] => {
            file.file.error("missing-service", format!("the model of `{name}` has no shape of type service"));
            None
        }
        [(first, _), (second, at), ..] => {
            at.error("duplicate-service", format!("the model of `{name}` has two services: `{first}` and `{second}`"));
            None
        }
    }
}

fn type_of<'n>(node: &'n Node<'n>) -> Option<&'n str> {
    node.get("type").and_then(Node::as_str)
}

/// Ids of all that the service reaches, itself first.
fn closure<'n>(index: &Index<'_, 'n>, service: &'n str) -> Vec<&'n str> {
    let mut seen = HashSet::new();
    let targets = |id: &str| index.get(id).map(|at| targets(at.node())).unwrap_or_default();
    reach([service], |id| seen.insert(id), targets).collect()
}

/// Ids that a shape refers to. What is malformed is left to the reading proper.
fn targets<'n>(shape: &'n Node<'n>) -> Vec<&'n str> {
    const TO_OPERATIONS: &[&str] = &["create", "put", "read", "update", "delete", "list"];
    const TO_LISTS: &[&str] = &["operations", "collectionOperations", "resources", "errors"];
    let target = |node: &'n Node<'n>| node.get("target").and_then(Node::as_str);
    let at = |keys: &[&str]| -> Vec<&'n str> { keys.iter().filter_map(|key| target(shape.get(key)?)).collect() };
    let in_lists =
        || TO_LISTS.iter().filter_map(|key| shape.get(key)).flat_map(|list| list.elements()).filter_map(target);
    match type_of(shape) {
        Some("structure" | "union") => {
            let members = shape.get("members").into_iter().flat_map(|members| members.fields());
            members.filter_map(|(_, member)| target(member)).collect()
        }
        Some("list" | "set") => at(&["member"]),
        Some("map") => at(&["key", "value"]),
        Some("operation") => at(&["input", "output"]).into_iter().filter(|id| *id != UNIT).chain(in_lists()).collect(),
        Some("service" | "resource") => at(TO_OPERATIONS).into_iter().chain(in_lists()).collect(),
        _ => Vec::new(),
    }
}

/// The graph's names for the shapes of the closure.
///
/// Of several that go by one name, from different namespaces, at most one may be a type of the generated crate. It keeps
/// the name, or else the one of the service's namespace; the others go by their ids, which nobody sees.
fn names<'n>(closure: &[&'n str], index: &Index<'_, 'n>, service: &At<'_, 'n>) -> GraphNames<'n> {
    let renamed: HashMap<&str, &str> = match service.node().get("rename") {
        Some(rename) => rename.fields().filter_map(|(id, name)| Some((id, name.as_str()?))).collect(),
        None => HashMap::new(),
    };
    let mut by_name: BTreeMap<&str, Vec<&'n str>> = BTreeMap::new();
    for &id in closure.iter().filter(|id| index.contains_key(*id)) {
        by_name.entry(renamed.get(id).copied().unwrap_or_else(|| local(id))).or_default().push(id);
    }
    let mut own: HashMap<&'n str, String> = HashMap::new();
    for (name, mut ids) in by_name {
        let of_service = |id: &str| closure.first().is_some_and(|service| namespace(id) == namespace(service));
        ids.sort_by_key(|id| (!has_name(index, id), !of_service(id), *id));
        report_namesakes(&ids, index, service);
        own.extend(ids.iter().skip(1).map(|&id| (id, id.to_owned())));
        own.extend(ids.first().map(|&id| (id, name.to_owned())));
    }
    let taken: HashSet<&String> = own.values().collect();
    // A model may have a `String` of its own beside the prelude's.
    let prelude: Vec<(&str, String)> = closure
        .iter()
        .filter(|id| !index.contains_key(*id) && id.starts_with(PRELUDE))
        .map(|&id| (id, local(id).to_owned()))
        .map(|(id, name)| if taken.contains(&name) { (id, id.to_owned()) } else { (id, name) })
        .collect();
    GraphNames { by_id: own.into_iter().chain(prelude).collect(), on_wire: None }
}

/// Whether a shape's name is seen in the generated crate or on the wire: not those of simple shapes, lists and maps.
fn has_name(index: &Index<'_, '_>, id: &str) -> bool {
    let Some(shape) = index.get(id).map(At::node) else { return false };
    let is_enum = || shape.get("traits").and_then(|traits| traits.get("smithy.api#enum")).is_some();
    match type_of(shape) {
        Some("string") => is_enum(),
        Some("list" | "set" | "map" | "boolean" | "byte" | "short" | "integer" | "long" | "float" | "double") => false,
        Some("blob" | "timestamp" | "document" | "bigInteger" | "bigDecimal" | "resource") => false,
        _ => true,
    }
}

/// Two types of one name: it is for the model to say what they are called.
fn report_namesakes(ids: &[&str], index: &Index<'_, '_>, service: &At<'_, '_>) {
    let Some((first, others)) = ids.split_first() else { return };
    for other in others.iter().filter(|other| has_name(index, other)) {
        if let Some(at) = index.get(other) {
            let service = service.key().unwrap_or_default();
            at.report(|diagnostics, origin| {
                let message = format!("`{first}` and `{other}` are both called `{}` in `{service}`", local(other));
                diagnostics
                    .error("duplicate-shape", origin, message)
                    .hint(format!("give one of them another name in the `rename` of `{service}`"));
            });
        }
    }
}

fn namespace(id: &str) -> &str {
    id.split_once('#').map_or("", |(namespace, _)| namespace)
}

/// Smithy's name of the type, for ids of numbers of any size.
fn big_number(id: &str) -> Option<&'static str> {
    match id.strip_prefix(PRELUDE)? {
        "BigInteger" => Some("bigInteger"),
        "BigDecimal" => Some("bigDecimal"),
        _ => None,
    }
}

/// A shape's name without its namespace.
fn local(id: &str) -> &str {
    id.split_once('#').map_or(id, |(_, name)| name)
}

/// A shape of Smithy's prelude; none for an id that is not one of its.
fn prelude(id: &str, name: &str, origin: Origin) -> Option<Shape<NameRef>> {
    let kind = match id.strip_prefix(PRELUDE)? {
        "String" => ShapeKind::String,
        "Blob" => ShapeKind::Blob,
        "Timestamp" => ShapeKind::Timestamp,
        "Document" => ShapeKind::Document,
        "Boolean" | "PrimitiveBoolean" => ShapeKind::Boolean,
        "Byte" | "PrimitiveByte" => ShapeKind::Byte,
        "Short" | "PrimitiveShort" => ShapeKind::Short,
        "Integer" | "PrimitiveInteger" => ShapeKind::Integer,
        "Long" | "PrimitiveLong" => ShapeKind::Long,
        "Float" | "PrimitiveFloat" => ShapeKind::Float,
        "Double" | "PrimitiveDouble" => ShapeKind::Double,
        // As a member of a union: a case without data.
        "Unit" => {
            let kind = ShapeKind::Structure(Vec::new());
            return Some(Shape { name: name.to_owned(), kind, traits: ShapeTraits::default(), origin });
        }
        _ => return None,
    };
    Some(Shape { name: name.to_owned(), kind, traits: ShapeTraits::default(), origin })
}

/// The graph's names by id, and the trait that gives members their names on the wire.
struct GraphNames<'n> {
    by_id: HashMap<&'n str, String>,
    on_wire: Option<&'static str>,
}

impl GraphNames<'_> {
    /// The name for an id. One that leads nowhere stays whole, so that it is
    /// found to dangle even beside a namesake.
    fn of<'a>(&'a self, id: &'a str) -> &'a str {
        self.by_id.get(id).map_or(id, String::as_str)
    }

    /// The member's name on the wire, where the service's protocol heeds one.
    fn on_wire(&self, traits: &Traits<'_, '_>) -> Option<String> {
        let names = elements::NAMES.map(|name| (name, traits.text(name)));
        names.into_iter().find(|(name, _)| self.on_wire == Some(*name)).and_then(|(_, text)| text)
    }

    /// The name for the id in `{"target": id}`, with its place.
    fn target(&self, at: &At<'_, '_>) -> Option<NameRef> {
        let object = at.object()?;
        let target = object.require("target")?;
        object.finish("a reference to a shape", &[]);
        Some(NameRef { name: self.of(target.string()?).to_owned(), origin: target.origin() })
    }

    /// The names for a list of references.
    fn targets(&self, at: Option<At<'_, '_>>) -> Vec<NameRef> {
        at.map_or_else(Vec::new, |at| at.items().filter_map(|item| self.target(&item)).collect())
    }
}

/// What reading a shape needs to know of the others.
struct SmithyModel<'n> {
    names: GraphNames<'n>,
    defaults: service::Defaults,
}

impl SmithyModel<'_> {
    fn read(&self, id: &str, at: &At<'_, '_>, builder: &mut ServiceBuilder) {
        let name = self.names.of(id);
        if self.shape(name, at, builder).is_none() {
            builder.unread.insert(name.to_owned());
        }
    }

    fn shape(&self, name: &str, at: &At<'_, '_>, builder: &mut ServiceBuilder) -> Option<()> {
        let object = at.object()?;
        let kind_at = object.require("type")?;
        if let Some(mixins) = object.get("mixins") {
            mixins.report(|diagnostics, origin| {
                diagnostics
                    .error("unsupported-shape", origin, format!("shape `{name}` has mixins"))
                    .hint("let Smithy's build write the model without them: `flattenAndRemoveMixins`");
            });
        }
        match kind_at.string()? {
            "resource" => object.finish("a resource", RESOURCE),
            "operation" => operations::read(self, name, &object, builder)?,
            kind => builder.shapes.push(shapes::read(&self.names, name, kind, &kind_at, &object)?),
        }
        Some(())
    }
}
