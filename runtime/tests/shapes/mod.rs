//! Hand-made types, written as the generator writes them.

use std::collections::BTreeMap;
use workstream_runtime::{
    Blob, DecodeError, Document, EncodeError, MapKey, Reader, Timestamp, TimestampFormat, Value, Writer,
};

/// One member of every kind.
#[derive(Clone, Default, PartialEq)]
pub struct Everything {
    pub name: String,
    pub flag: Option<bool>,
    pub byte: Option<i8>,
    pub short: Option<i16>,
    pub integer: Option<i32>,
    pub long: Option<i64>,
    pub float: Option<f32>,
    pub double: Option<f64>,
    pub blob: Option<Blob>,
    pub time: Option<Timestamp>,
    pub date_time: Option<Timestamp>,
    pub http_date: Option<Timestamp>,
    pub dates: Option<Vec<Timestamp>>,
    pub color: Option<Color>,
    pub choice: Option<Choice>,
    pub words: Option<Vec<String>>,
    pub sparse_words: Option<Vec<Option<String>>>,
    pub tags: Option<BTreeMap<String, String>>,
    pub sparse_tags: Option<BTreeMap<String, Option<i32>>>,
    pub by_color: Option<BTreeMap<Color, Vec<String>>>,
    pub inner: Option<Inner>,
    pub inners: Option<Vec<Inner>>,
    pub document: Option<Document>,
    pub next: Option<Box<Everything>>,
    pub secret: Option<String>,
}

impl Value for Everything {
    fn write(&self, writer: &mut Writer) {
        let mut members = writer.structure("Everything");
        members.member("Name", &self.name);
        members.member("Flag", &self.flag);
        members.member("Byte", &self.byte);
        members.member("Short", &self.short);
        members.member("Integer", &self.integer);
        members.member("Long", &self.long);
        members.member("Float", &self.float);
        members.member("Double", &self.double);
        members.member("Blob", &self.blob);
        members.member("Time", &self.time);
        members.timestamp_format(TimestampFormat::DateTime).member("DateTime", &self.date_time);
        members.timestamp_format(TimestampFormat::HttpDate).member("HttpDate", &self.http_date);
        members.timestamp_format(TimestampFormat::DateTime).member("Dates", &self.dates);
        members.member("Color", &self.color);
        members.member("Choice", &self.choice);
        members.member("Words", &self.words);
        members.member("SparseWords", &self.sparse_words);
        members.member("Tags", &self.tags);
        members.member("SparseTags", &self.sparse_tags);
        members.member("ByColor", &self.by_color);
        members.member("Inner", &self.inner);
        members.timestamp_format(TimestampFormat::DateTime).member("Inners", &self.inners);
        members.member("Document", &self.document);
        members.member("Next", &self.next);
        members.sensitive().member("Secret", &self.secret);
        members.end();
    }

    fn read(&mut self, reader: &mut Reader<'_>) {
        let mut members = reader.structure("Everything");
        while members.next() {
            members.required("Name", &mut self.name);
            members.member("Flag", &mut self.flag);
            members.member("Byte", &mut self.byte);
            members.member("Short", &mut self.short);
            members.member("Integer", &mut self.integer);
            members.member("Long", &mut self.long);
            members.member("Float", &mut self.float);
            members.member("Double", &mut self.double);
            members.member("Blob", &mut self.blob);
            members.member("Time", &mut self.time);
            members.member("DateTime", &mut self.date_time);
            members.member("HttpDate", &mut self.http_date);
            members.member("Dates", &mut self.dates);
            members.member("Color", &mut self.color);
            members.member("Choice", &mut self.choice);
            members.member("Words", &mut self.words);
            members.member("SparseWords", &mut self.sparse_words);
            members.member("Tags", &mut self.tags);
            members.member("SparseTags", &mut self.sparse_tags);
            members.member("ByColor", &mut self.by_color);
            members.member("Inner", &mut self.inner);
            members.member("Inners", &mut self.inners);
            members.member("Document", &mut self.document);
            members.member("Next", &mut self.next);
            members.member("Secret", &mut self.secret);
        }
    }
}

impl std::fmt::Debug for Everything {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        workstream_runtime::debug(self, f)
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inner {
    pub id: i32,
    pub label: Option<String>,
    pub at: Option<Timestamp>,
}

impl Value for Inner {
    fn write(&self, writer: &mut Writer) {
        let mut members = writer.structure("Inner");
        members.member("Id", &self.id);
        members.member("Label", &self.label);
        members.member("At", &self.at);
        members.end();
    }

    fn read(&mut self, reader: &mut Reader<'_>) {
        let mut members = reader.structure("Inner");
        while members.next() {
            members.required("Id", &mut self.id);
            members.required("Label", &mut self.label);
            members.member("At", &mut self.at);
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Color {
    Red,
    Green,
    Unknown(String),
}

impl Color {
    pub fn as_str(&self) -> &str {
        match self {
            Self::Red => "RED",
            Self::Green => "GREEN",
            Self::Unknown(value) => value,
        }
    }
}

impl From<&str> for Color {
    fn from(value: &str) -> Self {
        match value {
            "RED" => Self::Red,
            "GREEN" => Self::Green,
            _ => Self::Unknown(value.to_owned()),
        }
    }
}

impl Default for Color {
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}

impl AsRef<str> for Color {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl MapKey for Color {}

impl Value for Color {
    fn write(&self, writer: &mut Writer) {
        writer.string(self.as_str());
    }

    fn read(&mut self, reader: &mut Reader<'_>) {
        *self = Self::from(&*reader.string());
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    Text(String),
    When(Timestamp),
    Nested(Box<Everything>),
    Unknown(String),
}

impl Default for Choice {
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}

impl Value for Choice {
    fn write(&self, writer: &mut Writer) {
        let union = writer.union("Choice");
        match self {
            Self::Text(value) => union.sensitive().variant("Text", value),
            Self::When(value) => union.timestamp_format(TimestampFormat::DateTime).variant("When", value),
            Self::Nested(value) => union.variant("Nested", value),
            Self::Unknown(name) => union.unknown(name),
        }
    }

    fn read(&mut self, reader: &mut Reader<'_>) {
        let mut union = reader.union("Choice");
        while union.next() {
            union.variant("Text", |value| *self = Self::Text(value));
            union.variant("When", |value| *self = Self::When(value));
            union.variant("Nested", |value| *self = Self::Nested(value));
            union.unknown(|name| *self = Self::Unknown(name.to_owned()));
        }
    }
}

// As the macros of generated code have it.
workstream_runtime::serde_traits!(Everything);
workstream_runtime::serde_traits!(Inner);
workstream_runtime::serde_traits!(Color);
workstream_runtime::serde_traits!(Choice);

pub fn read<V: Value + Default>(mut reader: Reader<'_>) -> Result<V, DecodeError> {
    let mut value = V::default();
    value.read(&mut reader);
    reader.finish().map(|()| value)
}

pub fn json<V: Value + Default>(body: &str) -> Result<V, DecodeError> {
    read(Reader::json(body.as_bytes()))
}

pub fn dynamic<V: Value + Default>(body: &str) -> Result<V, DecodeError> {
    read(Reader::dynamic_json(body.as_bytes()))
}

pub fn cbor<V: Value + Default>(body: &[u8]) -> Result<V, DecodeError> {
    read(Reader::cbor(body))
}

pub fn write(mut writer: Writer, value: &dyn Value) -> Result<Vec<u8>, EncodeError> {
    value.write(&mut writer);
    writer.finish()
}

pub fn to_json(value: &dyn Value) -> String {
    String::from_utf8(write(Writer::json(), value).unwrap()).unwrap()
}

pub fn to_dynamic(value: &dyn Value) -> String {
    String::from_utf8(write(Writer::dynamic_json(), value).unwrap()).unwrap()
}

pub fn to_cbor(value: &dyn Value) -> Vec<u8> {
    write(Writer::cbor(), value).unwrap()
}

/// A CBOR map of one entry whose value is given.
pub fn cbor_member(name: &str, value: &[u8]) -> Vec<u8> {
    let mut body = vec![0xA1, 0x60 + u8::try_from(name.len()).unwrap()];
    body.extend_from_slice(name.as_bytes());
    body.extend_from_slice(value);
    body
}
