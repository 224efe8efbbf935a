//! Names of elements, which stand on members, or on shapes for all members that hold them; on structures for those that are
//! a whole body.

use crate::graph::{NameRef, Place, RootElement, ServiceBuilder, Shape, ShapeKind, XmlNamespace};
use crate::source::node::{At, Object};
use std::collections::HashMap;

/// What shapes say of the members that hold them.
#[derive(Default)]
pub(super) struct OfShapes(HashMap<String, ElementKeys>);

struct ElementKeys {
    name: Option<String>,
    flattened: bool,
}

impl OfShapes {
    pub(super) fn read(&mut self, shape: &str, object: &Object<'_, '_>) {
        let said = ElementKeys { name: object.text("locationName"), flattened: object.flag("flattened") };
        if said.name.is_some() || said.flattened {
            self.0.insert(shape.to_owned(), said);
        }
    }

    /// Gives members what their shapes say. What a member says wins, but for the name of a list that is flattened by its
    /// shape: its elements say what they are called.
    pub(super) fn apply(mut self, builder: &mut ServiceBuilder) {
        let shapes = &mut builder.shapes;
        let roots = self.take_roots(shapes);
        let items: HashMap<String, String> = shapes.iter().filter_map(item_name).collect();
        for member in shapes.iter_mut().flat_map(|shape| shape.kind.members_mut()) {
            let traits = &mut member.traits;
            if let Some(ElementKeys { name, flattened }) = self.0.get(&member.target.name) {
                let item = items.get(&member.target.name).filter(|_| *flattened).cloned();
                traits.xml_flattened |= flattened;
                traits.wire_name = item.or(traits.wire_name.take()).or_else(|| name.clone());
            }
            if let (Some(Place::Payload), Some(root)) = (&traits.place, roots.get(&member.target.name)) {
                traits.wire_name.get_or_insert_with(|| root.clone());
            }
            traits.wire_name.take_if(|wire_name| *wire_name == member.name && traits.place.is_none());
        }
        let has_elements = builder.metadata.has_elements();
        for operation in &mut builder.operations {
            operation.traits.root_element.take_if(|_| !has_elements);
            let root = operation.input.as_ref().and_then(|input| roots.get(&input.name));
            if let (Some(element), Some(root)) = (&mut operation.traits.root_element, root) {
                element.name.clone_from(root);
            }
        }
    }

    /// What structures say of the body that they are.
    fn take_roots(&mut self, shapes: &[Shape<NameRef>]) -> HashMap<String, String> {
        let structures = shapes.iter().filter(|shape| matches!(shape.kind, ShapeKind::Structure(_)));
        structures.filter_map(|shape| Some((shape.name.clone(), self.0.remove(&shape.name)?.name?))).collect()
    }
}

/// What the elements of a list are called.
fn item_name(shape: &Shape<NameRef>) -> Option<(String, String)> {
    let ShapeKind::List { member, .. } = &shape.kind else { return None };
    Some((shape.name.clone(), member.traits.wire_name.clone()?))
}

/// Reads `xmlNamespace`: an object, or its URI alone.
pub(super) fn namespace(object: &Object<'_, '_>) -> Option<XmlNamespace> {
    let at = object.get("xmlNamespace")?;
    if at.node().as_str().is_some() {
        return Some(XmlNamespace { prefix: None, uri: at.string()?.to_owned() });
    }
    let object = at.object()?;
    let (prefix, uri) = (object.text("prefix"), object.require("uri"));
    object.finish("xmlNamespace", &[]);
    Some(XmlNamespace { prefix: prefix.filter(|prefix| !prefix.is_empty()), uri: uri?.string()?.to_owned() })
}

/// Reads what the reference to an input says of the request's outermost element.
pub(super) fn root(at: &At<'_, '_>) -> Option<RootElement> {
    let object = at.object()?;
    let namespace = namespace(&object);
    let name = object.text("locationName").or_else(|| object.text("shape"))?;
    Some(RootElement { name, namespace })
}
