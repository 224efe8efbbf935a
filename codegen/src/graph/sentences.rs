//! What is said of a service in sentences of our own: see [`crate::sentences`]. They stand beside the shapes, by names,
//! because they are no part of what an API is.

use super::{Member, Service, Shape, ShapeId, ShapeKind, scalar};
use std::collections::{BTreeMap, HashSet};
use std::fmt;

/// What a sentence is about, by names in the model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// The service as a whole.
    Service,
    /// An operation, and so its input.
    Operation(String),
    /// A structure, union, enum or error.
    Shape(String),
    /// A member of a structure, union or error.
    Member {
        /// The name of the shape.
        shape: String,
        /// The name of the member.
        name: String,
    },
    /// A value of an enum.
    Value {
        /// The name of the enum.
        shape: String,
        /// The value on the wire; of an intEnum its name.
        name: String,
    },
}

impl Topic {
    /// The member `name` of `shape`.
    pub(crate) fn member(shape: &str, name: &str) -> Self {
        Self::Member { shape: shape.to_owned(), name: name.to_owned() }
    }

    /// The value `name` of `shape`.
    pub(crate) fn value(shape: &str, name: &str) -> Self {
        Self::Value { shape: shape.to_owned(), name: name.to_owned() }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service => f.write_str("the service"),
            Self::Operation(name) | Self::Shape(name) => f.write_str(name),
            Self::Member { shape, name } | Self::Value { shape, name } => write!(f, "{shape}.{name}"),
        }
    }
}

/// What kind of thing a sentence is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TopicKind {
    /// The service.
    Service,
    /// An operation.
    Operation,
    /// A structure that is neither an error nor the input or output of an operation.
    Structure,
    /// A union.
    Union,
    /// An enum or intEnum.
    Enum,
    /// An error.
    Error,
    /// A member of a structure, union or error.
    Member,
    /// A value of an enum.
    Value,
}

impl TopicKind {
    /// All kinds with their plural.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::Service, "service"),
        (Self::Operation, "operations"),
        (Self::Structure, "structures"),
        (Self::Union, "unions"),
        (Self::Enum, "enums"),
        (Self::Error, "errors"),
        (Self::Member, "members"),
        (Self::Value, "values"),
    ];
}

/// Something that can have a sentence, and the one that it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Documented<'s> {
    /// What it is.
    pub kind: TopicKind,
    /// Which one.
    pub topic: Topic,
    /// The shape that a member holds.
    pub target: Option<&'s str>,
    /// What is said of it.
    pub sentence: Option<&'s str>,
}

/// Sentences by what they are about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentences {
    pub(crate) by_topic: BTreeMap<Topic, String>,
    pub(crate) other_names: Vec<String>,
}

impl Sentences {
    /// What is said of something: one line of text with code spans.
    pub fn of(&self, topic: &Topic) -> Option<&str> {
        self.by_topic.get(topic).map(String::as_str)
    }

    /// What the service is called besides its name.
    pub fn other_names(&self) -> &[String] {
        &self.other_names
    }

    /// Whether nothing is said of anything.
    pub fn is_empty(&self) -> bool {
        self.by_topic.is_empty()
    }
}

impl<R> Shape<R> {
    /// What a sentence about the shape would be about; nothing for shapes that are no type of their own.
    pub(crate) fn topic_kind(&self) -> Option<TopicKind> {
        match &self.kind {
            ShapeKind::Structure(_) if self.traits.error.is_some() => Some(TopicKind::Error),
            ShapeKind::Structure(_) => Some(TopicKind::Structure),
            ShapeKind::Union(_) => Some(TopicKind::Union),
            ShapeKind::Enum(_) | ShapeKind::IntEnum(_) => Some(TopicKind::Enum),
            ShapeKind::List { .. } | ShapeKind::Map { .. } | scalar!() => None,
        }
    }

    /// The names by which sentences know the values of an enum.
    pub(crate) fn value_names(&self) -> Vec<&str> {
        match &self.kind {
            ShapeKind::Enum(values) => values.iter().map(|value| value.value.as_str()).collect(),
            ShapeKind::IntEnum(values) => values.iter().map(|value| value.name.as_str()).collect(),
            ShapeKind::Structure(_) | ShapeKind::Union(_) | ShapeKind::List { .. } | ShapeKind::Map { .. } => {
                Vec::new()
            }
            scalar!() => Vec::new(),
        }
    }
}

impl Service {
    /// The sentences that are said of it.
    pub fn sentences(&self) -> &Sentences {
        &self.sentences
    }

    /// All that can have a sentence: what operations reach, in the order of the model.
    pub fn documented(&self) -> Vec<Documented<'_>> {
        let mut documented = vec![self.documented_topic(TopicKind::Service, Topic::Service, None)];
        for (_, operation) in self.operations() {
            documented.push(self.documented_topic(
                TopicKind::Operation,
                Topic::Operation(operation.name.clone()),
                None,
            ));
        }
        let operations = || self.operations().map(|(_, operation)| operation);
        let reached: HashSet<ShapeId> =
            self.reached(operations().flat_map(|operation| operation.references().copied())).collect();
        let held: HashSet<ShapeId> = self.shapes().flat_map(|(_, shape)| shape.targets()).collect();
        let messages = operations().flat_map(|operation| operation.input.iter().chain(&operation.output).copied());
        let messages: HashSet<ShapeId> = messages.filter(|id| !held.contains(id)).collect();
        for (id, shape) in self.shapes().filter(|(id, _)| reached.contains(id)) {
            let Some(kind) = shape.topic_kind() else { continue };
            if !messages.contains(&id) {
                documented.push(self.documented_topic(kind, Topic::Shape(shape.name.clone()), None));
            }
            let members = shape.kind.named_members().iter();
            documented.extend(members.map(|member| self.documented_member(shape, member)));
            let values = shape.value_names().into_iter().map(|name| Topic::value(&shape.name, name));
            documented.extend(values.map(|topic| self.documented_topic(TopicKind::Value, topic, None)));
        }
        documented
    }

    fn documented_member(&self, shape: &Shape, member: &Member) -> Documented<'_> {
        let target = self[member.target].name.as_str();
        self.documented_topic(TopicKind::Member, Topic::member(&shape.name, &member.name), Some(target))
    }

    fn documented_topic<'s>(&'s self, kind: TopicKind, topic: Topic, target: Option<&'s str>) -> Documented<'s> {
        let sentence = self.sentences.of(&topic);
        Documented { kind, topic, target, sentence }
    }
}
