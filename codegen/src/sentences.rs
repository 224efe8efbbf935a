//! Documentation in our own words: `docs.toml` says of operations, shapes, members and values what they are for, in a
//! sentence or two. What is said most closely wins; it is an error that an entry applies to nothing.

use crate::diagnostic::{Diagnostics, Origin};
use crate::graph::{Member, NameRef, ServiceBuilder, Shape, Topic, TopicKind};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What an entry is about, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SentenceKey {
    /// The service.
    Service,
    /// An operation.
    Operation(String),
    /// A shape that is one of this kind.
    Shape(TopicKind, String),
    /// Members of this name, in all shapes.
    Members(String),
    /// Members of this name that hold this shape.
    MembersHolding { name: String, target: String },
    /// A member of a shape.
    MemberOf { shape: String, name: String },
    /// Values of this name, in all enums.
    Values(String),
    /// A value of an enum.
    ValueOf { shape: String, name: String },
}

/// A sentence, and where it stands.
#[derive(Debug)]
pub(crate) struct Sentence {
    /// One line of text with code spans.
    pub text: String,
    /// Where it stands.
    pub origin: Origin,
}

/// What the file of a service says.
#[derive(Debug, Default)]
pub(crate) struct SentenceFile {
    /// The sentences.
    pub sentences: BTreeMap<SentenceKey, Sentence>,
    /// What the service is called besides.
    pub other_names: Vec<String>,
}

impl SentenceFile {
    /// Adds all sentences to what was read of the model, and reports those that apply to nothing.
    pub(crate) fn apply(self, builder: &mut ServiceBuilder, diagnostics: &mut Diagnostics) {
        let mut found = Found { file: &self, used: BTreeSet::new(), sentences: BTreeMap::new() };
        found.one(Topic::Service, &[SentenceKey::Service]);
        for operation in &builder.operations {
            found.one(Topic::Operation(operation.name.clone()), &[SentenceKey::Operation(operation.name.clone())]);
        }
        let messages = messages(builder);
        for shape in &builder.shapes {
            found.shape(shape, messages.contains(&*shape.name));
        }
        let Found { used, sentences, .. } = found;
        for (key, sentence) in self.sentences.iter().filter(|(key, _)| !used.contains(key)) {
            report(key, sentence, builder, diagnostics);
        }
        builder.sentences.by_topic.extend(sentences);
        builder.sentences.other_names.extend(self.other_names);
    }
}

/// The names of shapes that are inputs and outputs, and nothing else: the sentences of their operations serve for them.
fn messages(builder: &ServiceBuilder) -> HashSet<&str> {
    let messages = builder.operations.iter().flat_map(|operation| operation.input.iter().chain(&operation.output));
    let held: HashSet<&str> =
        builder.shapes.iter().flat_map(Shape::members).map(|member| member.target.name.as_str()).collect();
    messages.map(|reference| reference.name.as_str()).filter(|name| !held.contains(name)).collect()
}

/// What was found for the parts of a model so far.
struct Found<'f> {
    file: &'f SentenceFile,
    used: BTreeSet<&'f SentenceKey>,
    sentences: BTreeMap<Topic, String>,
}

impl Found<'_> {
    /// Takes the first of `candidates` that the file has.
    fn one(&mut self, topic: Topic, candidates: &[SentenceKey]) {
        if let Some((key, sentence)) = candidates.iter().find_map(|key| self.file.sentences.get_key_value(key)) {
            self.used.insert(key);
            self.sentences.insert(topic, sentence.text.clone());
        }
    }

    fn shape(&mut self, shape: &Shape<NameRef>, is_message: bool) {
        let Some(kind) = shape.topic_kind() else { return };
        let name = &shape.name;
        if !is_message {
            self.one(Topic::Shape(name.clone()), &[SentenceKey::Shape(kind, name.clone())]);
        }
        for member in shape.kind.named_members() {
            self.one(Topic::member(name, &member.name), &keys_of_member(name, member));
        }
        for value in shape.value_names() {
            let closest = SentenceKey::ValueOf { shape: name.clone(), name: value.to_owned() };
            self.one(Topic::value(name, value), &[closest, SentenceKey::Values(value.to_owned())]);
        }
    }
}

/// What may be said of a member, the closest first.
fn keys_of_member(shape: &str, Member { name, target, .. }: &Member<NameRef>) -> [SentenceKey; 3] {
    [
        SentenceKey::MemberOf { shape: shape.to_owned(), name: name.clone() },
        SentenceKey::MembersHolding { name: name.clone(), target: target.name.clone() },
        SentenceKey::Members(name.clone()),
    ]
}

/// Reports an entry that applies to nothing.
fn report(key: &SentenceKey, sentence: &Sentence, builder: &ServiceBuilder, diagnostics: &mut Diagnostics) {
    if may_be_unread(key, builder) {
        return;
    }
    let (name, message, known) = nothing(key, builder);
    // A name that is right needs no other: the entry is not needed.
    let known = if known.contains(&name) { Vec::new() } else { known };
    diagnostics
        .error("sentence-for-nothing", &sentence.origin, message)
        .hint("correct the name, or delete the entry")
        .did_you_mean(name, known);
}

/// Whether an entry may be about something that could not be read, which was reported.
fn may_be_unread(key: &SentenceKey, builder: &ServiceBuilder) -> bool {
    let unread = &builder.unread;
    match key {
        SentenceKey::Service => false,
        SentenceKey::Operation(name) | SentenceKey::Shape(_, name) => unread.contains(name),
        SentenceKey::MemberOf { shape, .. } | SentenceKey::ValueOf { shape, .. } => unread.contains(shape),
        SentenceKey::Members(_) | SentenceKey::MembersHolding { .. } | SentenceKey::Values(_) => !unread.is_empty(),
    }
}

/// The name that is at fault, why it is, and those that would not be.
fn nothing<'b>(key: &'b SentenceKey, builder: &'b ServiceBuilder) -> (&'b str, String, Vec<&'b str>) {
    let shapes = || builder.shapes.iter();
    let members = || shapes().flat_map(|shape| shape.kind.named_members());
    let named = |shape: &str| shapes().find(|known| known.name == *shape);
    match key {
        // A service is always there.
        SentenceKey::Service => ("", String::new(), Vec::new()),
        SentenceKey::Operation(name) => {
            let known = builder.operations.iter().map(|operation| operation.name.as_str());
            (name, format!("the model has no operation `{name}`"), known.collect())
        }
        SentenceKey::Shape(kind, name) => {
            let known = shapes().filter(|shape| shape.topic_kind() == Some(*kind));
            (name, unknown_shape(*kind, name, builder), known.map(|shape| &*shape.name).collect())
        }
        SentenceKey::Members(name) => {
            let known: Vec<&str> = members().map(|member| member.name.as_str()).collect();
            (name, unused("member", "structure, union or error", name, &known), known)
        }
        SentenceKey::MembersHolding { name, target } => {
            let known = members().filter(|member| member.name == *name).map(|member| &*member.target.name);
            (target, format!("no member `{name}` that holds `{target}` needs this sentence"), known.collect())
        }
        SentenceKey::MemberOf { shape, name } => {
            let known = named(shape).map_or(&[][..], |shape| shape.kind.named_members()).iter();
            let known = known.map(|member| member.name.as_str());
            (name, format!("the model has no member `{shape}.{name}`"), known.collect())
        }
        SentenceKey::Values(name) => {
            let known: Vec<&str> = shapes().flat_map(Shape::value_names).collect();
            (name, unused("value", "enum", name, &known), known)
        }
        SentenceKey::ValueOf { shape, name } => {
            let known = named(shape).map(Shape::value_names).unwrap_or_default();
            (name, format!("the model has no value `{shape}.{name}`"), known)
        }
    }
}

/// Why a sentence about all parts of one name is about none.
fn unused(part: &str, of: &str, name: &str, known: &[&str]) -> String {
    if known.contains(&name) {
        format!("all {part}s `{name}` have sentences of their own")
    } else {
        format!("no {of} has a {part} `{name}`")
    }
}

/// Why there is no shape `name` for a sentence about one of this kind.
fn unknown_shape(kind: TopicKind, name: &str, builder: &ServiceBuilder) -> String {
    let wanted = one(kind);
    match builder.shapes.iter().find(|shape| shape.name == name).and_then(Shape::topic_kind) {
        Some(other) if other == kind => {
            format!("`{name}` is input or output of an operation, whose sentence serves for it")
        }
        Some(other) => format!("`{name}` is {}, not {wanted}", one(other)),
        None => format!("the model has no shape `{name}` that is {wanted}"),
    }
}

/// A kind, with its article.
const fn one(kind: TopicKind) -> &'static str {
    match kind {
        TopicKind::Service => "a service",
        TopicKind::Operation => "an operation",
        TopicKind::Structure => "a structure",
        TopicKind::Union => "a union",
        TopicKind::Enum => "an enum",
        TopicKind::Error => "an error",
        TopicKind::Member => "a member",
        TopicKind::Value => "a value",
    }
}
