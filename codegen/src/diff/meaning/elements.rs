//! Elements in one spelling: none where the service has JSON or CBOR, and a namespace with each member that declares it.

use crate::graph::{NameRef, Operation, Place, Protocol, ServiceBuilder, Shape, ShapeKind, XmlNamespace};
use std::collections::HashMap;

pub(super) fn elements(builder: &mut ServiceBuilder) {
    let has_elements = builder.metadata.has_elements();
    let has_forms = builder.metadata.protocols.contains(&Protocol::Ec2Query);
    let containers: HashMap<String, bool> =
        builder.shapes.iter().map(|shape| (shape.name.clone(), is_container(shape))).collect();
    let namespaces: HashMap<String, XmlNamespace> = builder.shapes.iter_mut().filter_map(take_namespace).collect();
    for member in builder.shapes.iter_mut().flat_map(|shape| shape.kind.members_mut()) {
        let traits = &mut member.traits;
        let of_shape = || namespaces.get(&member.target.name).cloned();
        traits.xml_namespace = traits.xml_namespace.take().or_else(of_shape).filter(|_| has_elements);
        traits.xml_attribute &= has_elements;
        traits.xml_flattened &= has_elements && containers.get(&member.target.name).is_some_and(|is| *is);
        traits.query_name.take_if(|_| !has_forms);
    }
    let shapes: HashMap<&str, &Shape<NameRef>> = builder.shapes.iter().map(|shape| (&*shape.name, shape)).collect();
    for operation in &mut builder.operations {
        let is_written = has_elements && has_members(operation, &shapes);
        if !operation.traits.checksum_required {
            operation.traits.checksum_member = None;
        }
        operation.traits.root_element.take_if(|_| !is_written);
        if let (Some(root), Some(input)) = (&mut operation.traits.root_element, &operation.input) {
            root.namespace = root.namespace.take().or_else(|| namespaces.get(&input.name).cloned());
        }
    }
}

fn is_container(shape: &Shape<NameRef>) -> bool {
    matches!(shape.kind, ShapeKind::List { .. } | ShapeKind::Map { .. })
}

fn take_namespace(shape: &mut Shape<NameRef>) -> Option<(String, XmlNamespace)> {
    Some((shape.name.clone(), shape.traits.xml_namespace.take()?))
}

/// Whether the body of requests is what is left of the input.
fn has_members(operation: &Operation<NameRef>, shapes: &HashMap<&str, &Shape<NameRef>>) -> bool {
    let input = operation.input.as_ref().and_then(|input| shapes.get(&*input.name));
    let places = || input.into_iter().flat_map(|shape| shape.members()).map(|member| &member.traits.place);
    places().any(Option::is_none) && !places().any(|place| *place == Some(Place::Payload))
}
