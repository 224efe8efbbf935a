//! What XML and forms call fields and what is in them. Only for services that speak a protocol with elements.

use super::bindings::{BodyKind, FieldPlace};
use super::{OperationPlan, ServicePlan, TypeKind};
use crate::graph::{Member, Operation, Service, ShapeKind, XmlNamespace, scalar};

/// What an element is called, and what is in it, where that is not the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamesPlan<'g> {
    /// Its name. A field has it apart: it may have one in JSON too.
    pub name: Option<&'g str>,
    /// Its name in the forms of ec2Query.
    pub query: Option<&'g str>,
    /// The namespace that it declares.
    pub namespace: Option<&'g XmlNamespace>,
    /// An attribute instead of an element.
    pub attribute: bool,
    /// A list or map whose elements stand where it would.
    pub flattened: bool,
    /// The elements of a list, or the values of a map.
    pub item: Option<Box<Self>>,
    /// The keys of a map.
    pub key: Option<Box<Self>>,
}

/// Gives fields and requests the names of their elements.
pub(super) fn name(plan: &mut ServicePlan<'_>) {
    let service = plan.service;
    for ty in &mut plan.types {
        let (TypeKind::Structure { fields, .. } | TypeKind::Union { variants: fields, .. }) = &mut ty.kind else {
            continue;
        };
        for field in fields {
            field.names = Some(names(service, field.member)).filter(|names| *names != NamesPlan::default());
        }
    }
    let ServicePlan { types, operations, .. } = plan;
    for operation in operations {
        let fields = types[operation.input.0 as usize].fields();
        let payload = fields.iter().find(|field| field.place == Some(FieldPlace::Payload));
        operation.root = root(service, operation, payload.map(|field| field.member));
    }
}

/// The outermost element of requests, where their body is XML.
fn root<'g>(service: &'g Service, plan: &OperationPlan<'g>, payload: Option<&'g Member>) -> Option<NamesPlan<'g>> {
    let named = |name: &'g str, namespace| Some(NamesPlan { name: Some(name), namespace, ..NamesPlan::default() });
    match (plan.http.as_ref()?.request, payload) {
        (BodyKind::Members, _) => {
            let operation: &'g Operation = &service[plan.id];
            match &operation.traits.root_element {
                Some(root) => {
                    let of_shape = operation.input.and_then(|input| service[input].traits.xml_namespace.as_ref());
                    named(&root.name, root.namespace.as_ref().or(of_shape))
                }
                None => named(&operation.name, None),
            }
        }
        (BodyKind::Structure | BodyKind::Value, Some(member)) => {
            let name = member.traits.wire_name.as_deref().unwrap_or(&service[member.target].name);
            named(name, namespace(service, member))
        }
        (BodyKind::Structure | BodyKind::Value, None)
        | (BodyKind::None | BodyKind::Bytes(_) | BodyKind::Text(_), _) => None,
    }
}

fn namespace<'g>(service: &'g Service, member: &'g Member) -> Option<&'g XmlNamespace> {
    let said = member.traits.xml_namespace.as_ref();
    said.or(service[member.target].traits.xml_namespace.as_ref())
}

/// The names of a member, but for its own on the wire.
fn names<'g>(service: &'g Service, member: &'g Member) -> NamesPlan<'g> {
    let traits = &member.traits;
    let content = |member: &'g Member| {
        let names = NamesPlan { name: member.traits.wire_name.as_deref(), ..names(service, member) };
        Some(names).filter(|names| *names != NamesPlan::default()).map(Box::new)
    };
    let (key, item) = match &service[member.target].kind {
        ShapeKind::List { member, .. } => (None, content(member)),
        ShapeKind::Map { key, value, .. } => (content(key), content(value)),
        ShapeKind::Structure(_) | ShapeKind::Union(_) | ShapeKind::Enum(_) | ShapeKind::IntEnum(_) | scalar!() => {
            (None, None)
        }
    };
    NamesPlan {
        name: None,
        query: traits.query_name.as_deref(),
        namespace: namespace(service, member),
        attribute: traits.xml_attribute,
        flattened: traits.xml_flattened,
        item,
        key,
    }
}
