//! Messages: what of a request or response is not its body.

use super::Reader;
use super::input::Input;
use super::structure::{Next, StructureReader};
use super::text::{Entry, TextInput, TextNotation};
use crate::bindings::{Body, Place};
use crate::{DecodeError, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, StatusCode};
use std::borrow::Cow;

/// A message that has come: its body, and what is beside it.
#[derive(Debug)]
pub(crate) struct Received<'a> {
    /// What the body is.
    pub kind: Body,
    /// The body.
    pub body: &'a [u8],
    /// The headers.
    pub headers: &'a HeaderMap,
    /// Of a response.
    pub status: Option<StatusCode>,
    /// Of a request: values in the path.
    pub labels: Vec<(&'static str, String)>,
    /// Of a request: keys and values of the query.
    pub query: Vec<(String, String)>,
}

impl<'a> Received<'a> {
    /// A message without path and query.
    pub fn new(kind: Body, body: &'a [u8], headers: &'a HeaderMap) -> Self {
        Self { kind, body, headers, status: None, labels: Vec::new(), query: Vec::new() }
    }

    /// What travels at `place`, if anything does.
    fn at(&self, place: Place) -> Result<Option<TextInput<'_>>, DecodeError> {
        let entry = |key: &str, value: &'_ str| Entry {
            key: key.to_owned(),
            values: vec![Cow::Owned(value.as_bytes().to_vec())],
        };
        let (entries, notation): (Vec<Entry<'_>>, _) = match place {
            Place::Label(name) => {
                let labels = self.labels.iter().filter(|(label, _)| *label == name);
                (labels.map(|(_, value)| entry("", value)).collect(), TextNotation::Plain)
            }
            Place::Query(name) => {
                let values = self.query.iter().filter(|(key, _)| key == name);
                let values: Vec<_> = values.map(|(_, value)| Cow::Borrowed(value.as_bytes())).collect();
                let is_there = !values.is_empty();
                (is_there.then(|| Entry { key: String::new(), values }).into_iter().collect(), TextNotation::Plain)
            }
            Place::QueryParams => (self.query_entries(), TextNotation::Plain),
            Place::Header(name) => {
                let values: Vec<_> =
                    self.headers.get_all(name).iter().map(|value| Cow::Borrowed(value.as_bytes())).collect();
                let is_there = !values.is_empty();
                (is_there.then(|| Entry { key: String::new(), values }).into_iter().collect(), TextNotation::Header)
            }
            Place::EncodedHeader(name) => {
                let Some(value) = self.headers.get(name) else { return Ok(None) };
                let text = STANDARD.decode(value.as_bytes());
                let text = text.map_err(|_| DecodeError::mismatch("base64 in a header", "other text", 0))?;
                (vec![Entry { key: String::new(), values: vec![Cow::Owned(text)] }], TextNotation::Raw)
            }
            Place::PrefixHeaders(prefix) => (self.prefixed(prefix), TextNotation::Header),
            Place::Status => {
                let status = self.status.map(|status| entry("", status.as_str()));
                (status.into_iter().collect(), TextNotation::Plain)
            }
            Place::Payload => {
                let body = (!self.body.is_empty()).then_some(Cow::Borrowed(self.body));
                let entry = body.map(|body| Entry { key: String::new(), values: vec![body] });
                (entry.into_iter().collect(), TextNotation::Raw)
            }
        };
        Ok((!entries.is_empty()).then(|| TextInput::new(entries, notation)))
    }

    fn query_entries(&self) -> Vec<Entry<'_>> {
        let mut entries: Vec<Entry<'_>> = Vec::new();
        for (key, value) in &self.query {
            let value = Cow::Borrowed(value.as_bytes());
            match entries.iter_mut().find(|entry| entry.key == *key) {
                Some(entry) => entry.values.push(value),
                None => entries.push(Entry { key: key.clone(), values: vec![value] }),
            }
        }
        entries
    }

    fn prefixed(&self, prefix: &str) -> Vec<Entry<'_>> {
        let prefix = prefix.to_ascii_lowercase();
        let named =
            self.headers.iter().filter_map(|(name, value)| Some((name.as_str().strip_prefix(&*prefix)?, value)));
        named.map(|(key, value)| Entry { key: key.to_owned(), values: vec![Cow::Borrowed(value.as_bytes())] }).collect()
    }
}

impl<'a> Reader<'a> {
    /// Reads a message, whose first structure is its members.
    pub(crate) fn with_message(mut self, message: &'a Received<'a>) -> Self {
        self.message = Some(message);
        self
    }
}

/// A member that travels somewhere else than in the body.
#[derive(Debug)]
pub struct PlacedReader<'s, 'r, 'a> {
    members: &'s mut StructureReader<'r, 'a>,
    place: Place,
}

impl<'r, 'a> StructureReader<'r, 'a> {
    /// Where the member travels that is read next.
    pub fn at(&mut self, place: Place) -> PlacedReader<'_, 'r, 'a> {
        PlacedReader { members: self, place }
    }

    /// Goes on from the head of a message to its body.
    pub(super) fn begin_body(&mut self, message: &Received<'_>) {
        self.next = Next::End;
        self.is_message = true;
        if message.kind == Body::Members && !message.body.is_empty() {
            self.open(false);
        }
    }
}

impl PlacedReader<'_, '_, '_> {
    /// A member that may be absent.
    pub fn member(self, name: &'static str, value: &mut dyn Value) {
        self.read(name, value, false);
    }

    /// A member that the model requires. Lenient reading does without.
    pub fn required(self, name: &'static str, value: &mut dyn Value) {
        self.read(name, value, true);
    }

    fn read(self, name: &'static str, value: &mut dyn Value, required: bool) {
        let Self { members, place } = self;
        let Next::Head(message) = members.next else {
            // Only in messages members have places: tools, and bodies within bodies, have all in one.
            if !members.is_message && members.comes(name, required) {
                members.read(name, value);
            }
            return;
        };
        let is_structure = matches!(message.kind, Body::Structure | Body::Value);
        let result = match place {
            Place::Payload if is_structure && message.body.is_empty() => Ok(()),
            Place::Payload if is_structure => {
                value.read(members.reader);
                Ok(())
            }
            _ => message.at(place).and_then(|input| input.map_or(Ok(()), |input| read_text(input, value))),
        };
        if let Err(error) = result {
            members.reader.fail(error);
        }
        if members.reader.failed() {
            members.failed_within(name);
        }
    }
}

fn read_text(input: TextInput<'_>, value: &mut dyn Value) -> Result<(), DecodeError> {
    let mut reader = Reader::new(Input::Text(input), 0);
    value.read(&mut reader);
    reader.finish()
}
