//! What members and bodies are called on the wire.

use super::{GraphNames, type_of};
use crate::graph::{Metadata, NameRef, Place, Protocol, RootElement, ServiceBuilder, Shape, XmlNamespace};
use crate::source::node::{At, Node};
use std::collections::HashMap;

const JSON_NAME: &str = "smithy.api#jsonName";
const XML_NAME: &str = "smithy.api#xmlName";

/// Traits that give members names on the wire.
pub(super) const NAMES: [&str; 2] = [JSON_NAME, XML_NAME];

/// The trait that the service's protocols heed. The RPC protocols have the model's names.
pub(super) fn trait_of_names(metadata: &Metadata) -> Option<&'static str> {
    match metadata.has_elements() {
        true => Some(XML_NAME),
        false => metadata.protocols.contains(&Protocol::RestJson1).then_some(JSON_NAME),
    }
}

/// What structures are called where they are a whole body, by the graph's names of shapes.
pub(super) fn roots<'n>(
    names: &GraphNames<'_>,
    shapes: impl Iterator<Item = &'n At<'n, 'n>>,
) -> HashMap<String, String> {
    let structures = shapes.filter(|at| type_of(at.node()) == Some("structure"));
    let named = structures.filter_map(|at| {
        let name = at.node().get("traits")?.get(XML_NAME).and_then(Node::as_str)?;
        Some((names.of(at.key()?).to_owned(), name.to_owned()))
    });
    named.collect()
}

/// Says of every body that is XML what its outermost element is: a shape is called so as its trait says, or by its name.
/// `namespace` is the service's.
pub(super) fn name_roots(
    builder: &mut ServiceBuilder,
    roots: &HashMap<String, String>,
    namespace: Option<&XmlNamespace>,
) {
    if !builder.metadata.has_elements() || !builder.metadata.protocols.contains(&Protocol::RestXml) {
        return;
    }
    let name = |shape: &str| roots.get(shape).cloned().unwrap_or_else(|| shape.to_owned());
    let own = |shape: &Shape<NameRef>| Some((shape.name.clone(), shape.traits.xml_namespace.clone()?));
    let declared: HashMap<String, XmlNamespace> = builder.shapes.iter().filter_map(own).collect();
    let of_shape = |shape: &str| declared.get(shape).or(namespace).cloned();
    for operation in &mut builder.operations {
        let input = operation.input.as_ref().map(|input| &*input.name);
        operation.traits.root_element =
            input.map(|input| RootElement { name: name(input), namespace: of_shape(input) });
    }
    for member in builder.shapes.iter_mut().flat_map(|shape| shape.kind.members_mut()) {
        let traits = &mut member.traits;
        if traits.place == Some(Place::Payload) {
            traits.wire_name.get_or_insert_with(|| name(&member.target.name));
            traits.xml_namespace = traits.xml_namespace.take().or_else(|| of_shape(&member.target.name));
        }
    }
}
