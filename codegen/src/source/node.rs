//! A JSON tree that keeps what a model's author wrote (the order of keys, and
//! keys that occur twice), and a cursor over it that reports what it does not
//! find with the place where it looked.

use crate::diagnostic::{Diagnostics, Origin, Severity, nearest};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Number;
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

/// A JSON value; strings without escapes borrow from the text.
#[derive(Debug)]
pub(crate) enum Node<'a> {
    Null,
    Bool(bool),
    Number(Number),
    String(Cow<'a, str>),
    Array(Vec<Node<'a>>),
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

impl Node<'_> {
    fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

impl<'n> Node<'n> {
    /// The value of `key`, if this is an object that has it.
    pub(crate) fn get(&'n self, key: &str) -> Option<&'n Node<'n>> {
        self.fields().find(|(name, _)| *name == key).map(|(_, node)| node)
    }

    /// The entries of an object; none of anything else.
    pub(crate) fn fields(&'n self) -> impl Iterator<Item = (&'n str, &'n Node<'n>)> {
        let entries = match self {
            Self::Object(entries) => entries.as_slice(),
            _ => &[],
        };
        entries.iter().map(|(key, node)| (key.as_ref(), node))
    }

    /// The elements of a list; none of anything else.
    pub(crate) fn elements(&'n self) -> &'n [Node<'n>] {
        match self {
            Self::Array(items) => items,
            _ => &[],
        }
    }

    /// The text of a string.
    pub(crate) fn as_str(&'n self) -> Option<&'n str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }
}

/// Back to JSON, for values that the graph keeps as text.
impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(entries) => serializer.collect_map(entries.iter().map(|(key, value)| (key, value))),
        }
    }
}

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Node::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        // JSON text has no number that is not finite.
        Ok(Number::from_f64(value).map_or(Node::Null, Node::Number))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Node::String(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Node::String(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Node::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some((Key(key), value)) = map.next_entry()? {
            entries.push((key, value));
        }
        Ok(Node::Object(entries))
    }
}

/// An object's key. serde's own `Cow` would copy every one.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(value)))
            }

            fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(value.to_owned())))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

/// A file being read, and where its findings go.
#[derive(Debug)]
pub(crate) struct File<'d> {
    name: Arc<str>,
    diagnostics: &'d RefCell<Diagnostics>,
}

impl<'d> File<'d> {
    pub(crate) fn new(name: &str, diagnostics: &'d RefCell<Diagnostics>) -> Self {
        Self { name: name.into(), diagnostics }
    }

    /// The whole file as a place.
    pub(crate) fn origin(&self) -> Origin {
        Origin::new(self.name.clone(), "")
    }

    /// Reports an error of the file as a whole.
    pub(crate) fn error(&self, code: &'static str, message: impl Into<String>) {
        self.diagnostics.borrow_mut().error(code, &self.origin(), message);
    }

    /// Reports a warning about the file as a whole.
    pub(crate) fn warning(&self, code: &'static str, message: impl Into<String>) {
        self.diagnostics.borrow_mut().warning(code, &self.origin(), message);
    }

    /// Reports an error at a line and a column.
    pub(crate) fn error_at(&self, code: &'static str, message: String, (line, column): (usize, usize)) {
        self.diagnostics.borrow_mut().error(code, &self.origin(), message).at(line, column);
    }

    /// Parses the file's text; reports what keeps it from being JSON, and keys
    /// that occur twice in one object.
    pub(crate) fn parse<'n>(&self, text: &'n [u8]) -> Option<Node<'n>> {
        match serde_json::from_slice::<Node<'n>>(text) {
            Ok(node) => {
                At::root(self, &node).check_duplicates();
                Some(node)
            }
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                // The place has a field of its own, so it need not be in the message.
                let message = error.to_string();
                let place = format!(" at line {line} column {column}");
                let message = message.strip_suffix(&place).unwrap_or(&message);
                self.error_at("broken-json", format!("not JSON: {message}"), (line.max(1), column.max(1)));
                None
            }
        }
    }
}

/// A place in a file's tree. It knows the way back to the root, so that a JSON
/// pointer is only written where somebody asks for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<'p, 'n> {
    file: &'p File<'p>,
    parent: Option<&'p At<'p, 'n>>,
    step: Step<'n>,
    node: &'n Node<'n>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'n> {
    Root,
    Key(&'n str),
    Index(usize),
}

impl<'p, 'n> At<'p, 'n> {
    pub(crate) fn root(file: &'p File<'p>, node: &'n Node<'n>) -> Self {
        Self { file, parent: None, step: Step::Root, node }
    }

    fn child<'s>(&'s self, step: Step<'n>, node: &'n Node<'n>) -> At<'s, 'n> {
        At { file: self.file, parent: Some(self), step, node }
    }

    pub(crate) fn node(&self) -> &'n Node<'n> {
        self.node
    }

    /// The key under which this stands, if it is in an object.
    pub(crate) fn key(&self) -> Option<&'n str> {
        match self.step {
            Step::Key(key) => Some(key),
            Step::Root | Step::Index(_) => None,
        }
    }

    pub(crate) fn origin(&self) -> Origin {
        let mut pointer = String::with_capacity(64);
        self.write_pointer(&mut pointer);
        Origin::new(self.file.name.clone(), pointer)
    }

    fn write_pointer(&self, pointer: &mut String) {
        if let Some(parent) = self.parent {
            parent.write_pointer(pointer);
        }
        match self.step {
            Step::Root => {}
            Step::Key(key) => {
                pointer.push('/');
                if key.contains(['~', '/']) {
                    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                } else {
                    pointer.push_str(key);
                }
            }
            Step::Index(index) => {
                pointer.push('/');
                pointer.push_str(&index.to_string());
            }
        }
    }

    /// Adds findings about this place.
    pub(crate) fn report(&self, add: impl FnOnce(&mut Diagnostics, &Origin)) {
        add(&mut self.file.diagnostics.borrow_mut(), &self.origin());
    }

    /// How many errors were found so far, wherever.
    pub(crate) fn errors(&self) -> usize {
        self.file.diagnostics.borrow().iter().filter(|found| found.severity == Severity::Error).count()
    }

    pub(crate) fn error(&self, code: &'static str, message: impl Into<String>) {
        self.report(|diagnostics, origin| {
            diagnostics.error(code, origin, message);
        });
    }

    /// What a word means; one that is not among `known` is an error.
    pub(crate) fn one_of<T: Clone>(&self, what: &str, known: &[(&str, T)]) -> Option<T> {
        let word = self.string()?;
        let found = known.iter().find(|(name, _)| *name == word).map(|(_, value)| value.clone());
        if found.is_none() {
            self.unknown_value(what, word, &known.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        }
        found
    }

    /// The value is none of `known`.
    pub(crate) fn unknown_value(&self, what: &str, value: &str, known: &[&str]) {
        self.report(|diagnostics, origin| {
            let message = format!("`{value}` is no {what}");
            let hint = format!("known are {}", known.join(", "));
            diagnostics.error("unknown-value", origin, message).hint(hint).did_you_mean(value, known.iter().copied());
        });
    }

    /// The value is of another type than the format has there.
    pub(crate) fn wrong_type(&self, expected: &str) {
        self.error("wrong-type", format!("expected {expected}, found {}", self.node.type_name()));
    }

    pub(crate) fn string(&self) -> Option<&'n str> {
        match self.node {
            Node::String(text) => Some(text),
            _ => {
                self.wrong_type("a string");
                None
            }
        }
    }

    pub(crate) fn boolean(&self) -> Option<bool> {
        match self.node {
            Node::Bool(value) => Some(*value),
            _ => {
                self.wrong_type("a boolean");
                None
            }
        }
    }

    /// A whole number that fits `T`.
    pub(crate) fn integer<T: TryFrom<i64>>(&self) -> Option<T> {
        let Node::Number(number) = self.node else {
            self.wrong_type("a whole number");
            return None;
        };
        let value = number.as_i64().and_then(|value| T::try_from(value).ok());
        if value.is_none() {
            self.error("invalid-value", format!("{number} is not a whole number in the range that fits here"));
        }
        value
    }

    /// A number as text, so that none is rounded further on.
    pub(crate) fn number_text(&self) -> Option<String> {
        match self.node {
            Node::Number(number) => Some(number.to_string()),
            _ => {
                self.wrong_type("a number");
                None
            }
        }
    }

    /// The elements of a list; none where it is no list, which is reported.
    pub(crate) fn items<'s>(&'s self) -> impl Iterator<Item = At<'s, 'n>> {
        let items = match self.node {
            Node::Array(items) => items.as_slice(),
            _ => {
                self.wrong_type("a list");
                &[]
            }
        };
        items.iter().enumerate().map(|(index, node)| self.child(Step::Index(index), node))
    }

    /// The elements of a list of strings.
    pub(crate) fn strings(&self) -> Vec<&'n str> {
        self.items().filter_map(|item| item.string()).collect()
    }

    /// The elements of a list, or the value itself where it is no list.
    pub(crate) fn one_or_many<'s>(&'s self) -> Vec<At<'s, 'n>> {
        match self.node {
            Node::Array(_) => self.items().collect(),
            _ => vec![*self],
        }
    }

    /// The entries of an object whose keys are names of the author's choice.
    pub(crate) fn entries<'s>(&'s self) -> impl Iterator<Item = (&'n str, At<'s, 'n>)> {
        let entries = match self.node {
            Node::Object(entries) => entries.as_slice(),
            _ => {
                self.wrong_type("an object");
                &[]
            }
        };
        entries.iter().map(|(key, node)| (key.as_ref(), self.child(Step::Key(key), node)))
    }

    /// An object whose keys are the format's.
    pub(crate) fn object(&self) -> Option<Object<'p, 'n>> {
        match self.node {
            Node::Object(entries) => Some(Object { at: *self, entries, asked: RefCell::new(Vec::with_capacity(24)) }),
            _ => {
                self.wrong_type("an object");
                None
            }
        }
    }

    fn check_duplicates(&self) {
        match self.node {
            Node::Object(entries) => {
                let mut seen = HashSet::new();
                for (index, (key, node)) in entries.iter().enumerate() {
                    let at = self.child(Step::Key(key), node);
                    // Most objects are small, and a set costs more than a look back.
                    let duplicate = match entries.len() {
                        ..=8 => entries[..index].iter().any(|(earlier, _)| earlier == key),
                        _ => !seen.insert(key.as_ref()),
                    };
                    if duplicate {
                        at.error("duplicate-key", format!("key `{key}` occurs twice in one object"));
                    }
                    at.check_duplicates();
                }
            }
            Node::Array(_) => self.items().for_each(|item| item.check_duplicates()),
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::String(_) => {}
        }
    }
}

/// Keys of one kind of object that are left unread, and why. One that ends in
/// `#` stands for a whole namespace.
#[derive(Debug)]
pub(crate) struct Ignored {
    pub(crate) keys: &'static [&'static str],
    #[allow(dead_code, reason = "for the reader of the table")]
    pub(crate) reason: &'static str,
}

/// An object whose keys are the format's: it remembers which were asked for.
#[derive(Debug)]
pub(crate) struct Object<'p, 'n> {
    pub(crate) at: At<'p, 'n>,
    entries: &'n [(Cow<'n, str>, Node<'n>)],
    asked: RefCell<Vec<&'static str>>,
}

impl<'n> Object<'_, 'n> {
    pub(crate) fn get<'s>(&'s self, key: &'static str) -> Option<At<'s, 'n>> {
        self.asked.borrow_mut().push(key);
        let (key, node) = self.entries.iter().find(|(name, _)| name == key)?;
        Some(self.at.child(Step::Key(key), node))
    }

    /// As [`Object::get`], but it is an error that the key is missing.
    pub(crate) fn require<'s>(&'s self, key: &'static str) -> Option<At<'s, 'n>> {
        let found = self.get(key);
        if found.is_none() {
            self.at.report(|diagnostics, origin| {
                let added = diagnostics.error("missing-key", origin, format!("key `{key}` is missing"));
                if let Some(near) = nearest(key, self.entries.iter().map(|(name, _)| name.as_ref())) {
                    added.hint(format!("there is `{near}`: is it meant?"));
                }
            });
        }
        found
    }

    pub(crate) fn string(&self, key: &'static str) -> Option<&'n str> {
        self.get(key)?.string()
    }

    pub(crate) fn text(&self, key: &'static str) -> Option<String> {
        self.string(key).map(str::to_owned)
    }

    /// Whether `key` is there and `true`.
    pub(crate) fn flag(&self, key: &'static str) -> bool {
        self.get(key).and_then(|at| at.boolean()).unwrap_or(false)
    }

    /// Warns of every key that nobody asked for and that is not `ignored`.
    pub(crate) fn finish(&self, kind: &str, ignored: &[Ignored]) {
        self.report_unknown(Severity::Warning, kind, ignored);
    }

    /// As [`Object::finish`], but it is an error: for files that are our own.
    pub(crate) fn finish_strictly(&self, kind: &str) {
        self.report_unknown(Severity::Error, kind, &[]);
    }

    fn report_unknown(&self, severity: Severity, kind: &str, ignored: &[Ignored]) {
        let asked = self.asked.borrow();
        let known = || asked.iter().chain(ignored.iter().flat_map(|group| group.keys)).copied();
        for (key, node) in self.entries {
            if !known().any(|name| name == key || (name.ends_with('#') && key.starts_with(name))) {
                self.at.child(Step::Key(key), node).report(|diagnostics, origin| {
                    let message = format!("key `{key}` of {kind} is not known and was not read");
                    diagnostics.add(severity, "unknown-key", origin, message).did_you_mean(key, known());
                });
            }
        }
    }
}
