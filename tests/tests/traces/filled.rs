//! Messages of operations in which every member is there, in the notation of `dynamic`: those that model or overlay call
//! secret hold a mark.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use workstream_codegen::graph::{Operation, Service, ShapeId, ShapeKind};

/// What stands in secret text. It is fit for a header, a label and an enum.
pub const MARK: &str = "mark-of-a-secret-8c1f";
/// What stands in text that is none.
pub const PLAIN: &str = "no-secret";

/// The messages of an operation.
pub struct Filled {
    pub input: Value,
    pub output: Value,
    /// Names of errors, and what they hold.
    pub errors: Vec<(String, Value)>,
}

impl Filled {
    pub fn new(service: &Service, operation: &Operation) -> Self {
        let fill = |shape: &Option<ShapeId>| {
            shape.map_or_else(|| json!({}), |id| value(service, id, false, &mut Vec::new()).unwrap())
        };
        let errors = operation.errors.iter().map(|id| {
            let shape = &service[*id];
            (shape.name.clone(), value(service, *id, false, &mut Vec::new()).unwrap())
        });
        Self { input: fill(&operation.input), output: fill(&operation.output), errors: errors.collect() }
    }

    /// Whether a message has a secret.
    pub fn has_secret(&self) -> bool {
        [&self.input, &self.output].into_iter().chain(self.errors.iter().map(|(_, members)| members)).any(marked)
    }
}

/// Whether text in it is marked.
pub fn marked(value: &Value) -> bool {
    is_in(&value.to_string())
}

/// Whether the mark is in it, perhaps in base64.
pub fn is_in(text: &str) -> bool {
    text.contains(MARK) || text.contains(&STANDARD.encode(MARK))
}

/// A value of a shape, or nothing where it would be in itself.
fn value(service: &Service, id: ShapeId, is_secret: bool, around: &mut Vec<ShapeId>) -> Option<Value> {
    if around.contains(&id) {
        return None;
    }
    let shape = &service[id];
    let is_secret = is_secret || shape.traits.is_sensitive();
    let text = if is_secret { MARK } else { PLAIN };
    around.push(id);
    let mut held = |id, member_is_secret| value(service, id, is_secret || member_is_secret, around);
    let value = match &shape.kind {
        ShapeKind::Structure(members) => {
            let members = members
                .iter()
                .filter_map(|member| Some((member.name.clone(), held(member.target, service.is_sensitive(member))?)));
            Some(Value::Object(members.collect()))
        }
        ShapeKind::Union(members) => members.iter().find_map(|member| {
            let value = held(member.target, service.is_sensitive(member))?;
            Some(Value::Object(Map::from_iter([(member.name.clone(), value)])))
        }),
        ShapeKind::List { member, .. } => Some(
            held(member.target, service.is_sensitive(member)).map_or_else(|| json!([]), |element| json!([element])),
        ),
        ShapeKind::Map { value, .. } => Some(
            held(value.target, service.is_sensitive(value)).map_or_else(|| json!({}), |value| json!({ (text): value })),
        ),
        ShapeKind::Enum(_) | ShapeKind::String | ShapeKind::Document => Some(json!(text)),
        ShapeKind::Blob => Some(json!(STANDARD.encode(text))),
        ShapeKind::Boolean => Some(json!(true)),
        ShapeKind::Timestamp => Some(json!(1_700_000_000)),
        ShapeKind::IntEnum(_) | ShapeKind::Byte | ShapeKind::Short | ShapeKind::Integer | ShapeKind::Long => {
            Some(json!(118))
        }
        ShapeKind::Float | ShapeKind::Double => Some(json!(118.5)),
    };
    around.pop();
    value
}
