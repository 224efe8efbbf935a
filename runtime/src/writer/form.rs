//! Forms of the query protocols: what stands where is said by names that are paths.

use super::output::{Shape, Slot};
use crate::names::{self, Names};

/// How lists and members are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FormStyle {
    AwsQuery,
    /// Names begin with a capital letter, and all lists are flattened.
    Ec2Query,
}

/// What is written, and what is open.
pub(super) struct FormText {
    buffer: Vec<u8>,
    style: FormStyle,
    /// The name of the value that comes.
    path: String,
    /// Names of the member that comes, or of the value.
    line: Option<&'static Names>,
    names: &'static Names,
    frames: Vec<FormFrame>,
}

/// An open structure, list or map.
struct FormFrame {
    /// How much of the path is its own.
    length: usize,
    names: &'static Names,
    /// How many elements came.
    count: usize,
}

impl FormText {
    /// Begins with the operation's name and the version of its API.
    pub(super) fn new(style: FormStyle, action: &str, version: &str) -> Self {
        let mut form = Self {
            buffer: Vec::new(),
            style,
            path: "Action".to_owned(),
            line: None,
            names: &names::DEFAULT,
            frames: Vec::new(),
        };
        form.text(action);
        form.path = "Version".to_owned();
        form.text(version);
        form.path.clear();
        form
    }

    pub(super) fn into_buffer(self) -> Vec<u8> {
        self.buffer
    }

    /// What the names of the member that comes are.
    pub(super) fn expect(&mut self, names: &'static Names) {
        self.line = Some(names);
    }

    pub(super) fn begin(&mut self, shape: Shape) {
        let names = self.names;
        let is_flattened = names.is_flattened() || self.style == FormStyle::Ec2Query;
        match shape {
            Shape::Structure(_) | Shape::Union(_) => {}
            Shape::List(0) if self.style == FormStyle::AwsQuery => self.text(""),
            Shape::List(_) if !is_flattened => self.step(names.of_item().name_or(names::ITEM)),
            Shape::Map(_) if !is_flattened => self.step(names::ENTRY),
            Shape::List(_) | Shape::Map(_) => {}
        }
        self.frames.push(FormFrame { length: self.path.len(), names, count: 0 });
    }

    pub(super) fn slot(&mut self, slot: Slot<'_>) {
        let line = self.line.take().unwrap_or(&names::DEFAULT);
        let Some(frame) = self.frames.last_mut() else { return };
        frame.count += 1;
        let (count, names) = (frame.count, frame.names);
        self.path.truncate(frame.length);
        match slot {
            Slot::Member(name) => {
                self.names = line;
                match self.style {
                    FormStyle::AwsQuery => self.step(name),
                    FormStyle::Ec2Query => match line.query_name() {
                        Some(name) => self.step(name),
                        None => self.step(&capitalized(name)),
                    },
                }
            }
            Slot::Element => {
                self.names = names.of_item();
                self.step(&count.to_string());
            }
            Slot::Key(key) => {
                self.names = names.of_item();
                self.step(&count.to_string());
                let length = self.path.len();
                self.step(names.of_key().name_or(names::KEY));
                self.text(key);
                self.path.truncate(length);
                self.step(self.names.name_or(names::VALUE));
            }
        }
    }

    pub(super) fn end(&mut self) {
        self.frames.pop();
    }

    /// Text, or what is written like it.
    pub(super) fn text(&mut self, text: &str) {
        if !self.buffer.is_empty() {
            self.buffer.push(b'&');
        }
        encode(&mut self.buffer, &self.path);
        self.buffer.push(b'=');
        encode(&mut self.buffer, text);
    }

    fn step(&mut self, name: &str) {
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(name);
    }
}

fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn encode(buffer: &mut Vec<u8>, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => buffer.push(byte),
            _ => {
                let digit = |half: u8| DIGITS.get(usize::from(half)).copied().unwrap_or(b'0');
                buffer.extend_from_slice(&[b'%', digit(byte >> 4), digit(byte & 0xF)]);
            }
        }
    }
}
