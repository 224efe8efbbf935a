//! HTTP bindings in one spelling: none where no protocol has them or no message does, header names in lower case, labels
//! by the names of their members.

use crate::graph::{NameRef, Operation, Place, ServiceBuilder, Shape};
use std::collections::{HashMap, HashSet};

pub(super) fn bindings(builder: &mut ServiceBuilder) {
    let has_bindings = builder.metadata.has_bindings();
    let media_types: HashMap<String, String> = builder.shapes.iter_mut().filter_map(take_media_type).collect();
    let [inputs, outputs] = messages(builder);
    for shape in &mut builder.shapes {
        let name = &shape.name;
        for member in shape.kind.members_mut() {
            let traits = &mut member.traits;
            let place = traits.place.take().filter(|_| has_bindings);
            traits.place = place.filter(|place| counts(place, inputs.contains(name), outputs.contains(name)));
            // Elsewhere text is text.
            let is_written = matches!(traits.place, Some(Place::Header(_) | Place::Payload));
            let media_type = traits.media_type.take().or_else(|| media_types.get(&member.target.name).cloned());
            traits.media_type = media_type.filter(|_| is_written);
            if let Some(Place::Header(name) | Place::PrefixHeaders(name)) = &mut traits.place {
                name.make_ascii_lowercase();
            }
        }
    }
    let shapes: HashMap<&str, &Shape<NameRef>> = builder.shapes.iter().map(|shape| (&*shape.name, shape)).collect();
    for operation in &mut builder.operations {
        request_line(operation, has_bindings, &shapes);
    }
    let members = builder.shapes.iter_mut().flat_map(|shape| shape.kind.members_mut());
    for member in members.filter(|member| matches!(member.traits.place, Some(Place::Label(_)))) {
        member.traits.place = Some(Place::Label(member.name.clone()));
    }
}

fn take_media_type(shape: &mut Shape<NameRef>) -> Option<(String, String)> {
    Some((shape.name.clone(), shape.traits.media_type.take()?))
}

/// The names of the shapes that are whole requests, and of those that are whole responses.
fn messages(builder: &ServiceBuilder) -> [HashSet<String>; 2] {
    let operations = builder.operations.iter();
    let inputs = operations.clone().filter_map(|operation| operation.input.as_ref());
    let outputs = operations.flat_map(|operation| operation.output.iter().chain(&operation.errors));
    [inputs.map(|shape| shape.name.clone()).collect(), outputs.map(|shape| shape.name.clone()).collect()]
}

fn counts(place: &Place, in_requests: bool, in_responses: bool) -> bool {
    match place {
        Place::Label(_) | Place::Query(_) | Place::QueryParams => in_requests,
        Place::Header(_) | Place::PrefixHeaders(_) | Place::Payload => in_requests || in_responses,
        Place::Status => in_responses,
    }
}

fn request_line(operation: &mut Operation<NameRef>, has_bindings: bool, shapes: &HashMap<&str, &Shape<NameRef>>) {
    operation.traits.http.take_if(|_| !has_bindings);
    let Some(http) = &mut operation.traits.http else { return };
    http.code.take_if(|code| *code == 200);
    let input = operation.input.as_ref().and_then(|input| shapes.get(&*input.name));
    for member in input.into_iter().flat_map(|shape| shape.members()) {
        if let Some(Place::Label(label)) = &member.traits.place {
            let [name, greedy] = [format!("{{{}}}", member.name), format!("{{{}+}}", member.name)];
            http.uri = http.uri.replace(&format!("{{{label}}}"), &name).replace(&format!("{{{label}+}}"), &greedy);
        }
    }
}
