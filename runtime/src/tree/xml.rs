//! XML: `quick-xml` finds the tokens, this file makes a tree of them.
//!
//! Document types are refused, and with them entities that expand to more than they are. Namespaces mean nothing to
//! the protocols, so that names are compared without prefixes, and nobody resolves them.

use super::{Attribute, Element, Slice, Text, Tree, limited};
use crate::names::local;
use crate::{DecodeError, memory_for};
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::borrow::Cow;

impl<'a> Tree<'a> {
    /// Reads an XML document. An empty body has no elements.
    ///
    /// # Errors
    ///
    /// What is not well-formed, has a document type, or takes more memory than a body of its length may.
    pub fn xml(body: &'a [u8]) -> Result<Self, DecodeError> {
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        let (text, memory) = (limited(body)?, memory_for(body.len()));
        let mut builder = Builder { tree: Tree { source: Cow::Borrowed(text), ..Tree::default() }, open: Vec::new() };
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        loop {
            let at = usize::try_from(reader.buffer_position()).unwrap_or_default();
            let event = reader.read_event().map_err(|error| malformed(error, at))?;
            match event {
                Event::Start(start) => builder.start(&start, at)?,
                Event::End(_) => builder.end(),
                Event::Text(text) => builder.text(text.xml10_content(), at)?,
                Event::CData(text) => builder.text(text.xml10_content(), at + "<![CDATA[".len())?,
                Event::GeneralRef(reference) => builder.reference(&reference, at)?,
                Event::DocType(_) => return Err(DecodeError::new("found a document type", at)),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
                Event::Eof => return builder.finish(at),
                // Empty elements come as a start and an end.
                Event::Empty(start) => {
                    builder.start(&start, at)?;
                    builder.end();
                }
            }
            if builder.tree.memory() > memory {
                return Err(DecodeError::new("expected no more elements than fit the body's length, found more", at));
            }
        }
    }
}

struct Builder<'a> {
    tree: Tree<'a>,
    /// The elements that have not ended, outermost first.
    open: Vec<u32>,
}

impl<'a> Builder<'a> {
    fn start(&mut self, start: &BytesStart<'_>, at: usize) -> Result<(), DecodeError> {
        if let Some(parent) = self.innermost() {
            // What stands between elements is layout.
            parent.text = Text::Empty;
        } else if self.tree.root().is_some() {
            return Err(DecodeError::new("expected the end, found another element", at));
        }
        let first = self.tree.attributes.len() as u32;
        self.attributes(start, at)?;
        self.open.push(self.tree.elements.len() as u32);
        let name = start.name().into_inner();
        let length = local(name).len();
        self.tree.elements.push(Element {
            // The name follows a `<`.
            name: Slice::at(at + 1 + name.len() - length, length),
            text: Text::Empty,
            attributes: first..self.tree.attributes.len() as u32,
            end: 0,
        });
        Ok(())
    }

    fn attributes(&mut self, start: &BytesStart<'_>, at: usize) -> Result<(), DecodeError> {
        let mut attributes = start.attributes();
        // Whether there are two of one name does not matter here, and to find out takes time.
        for attribute in attributes.with_checks(false) {
            let attribute = attribute.map_err(|error| malformed(error, at))?;
            let name = attribute.key.into_inner();
            if name == "xmlns" || name.starts_with("xmlns:") {
                continue;
            }
            let value = attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|error| malformed(error, at))?;
            let (name, value) = (local(name).to_owned(), value.into_owned());
            self.tree.copied += name.len() + value.len();
            self.tree.attributes.push(Attribute { name, value });
        }
        Ok(())
    }

    fn copied(&mut self, text: String) -> Text {
        self.tree.copied += text.len();
        Text::Copied(text)
    }

    fn end(&mut self) {
        if let Some(id) = self.open.pop() {
            self.tree.close(id);
        }
    }

    /// Adds to the text of the innermost element.
    fn text(&mut self, piece: Cow<'_, str>, at: usize) -> Result<(), DecodeError> {
        let next = self.tree.elements.len() as u32;
        let (Some(&id), true) = (self.open.last(), !piece.is_empty()) else {
            return if piece.trim_ascii().is_empty() { Ok(()) } else { Err(outside(at)) };
        };
        if id + 1 != next {
            // It has elements.
            return Ok(());
        }
        let before = self.innermost().map(|element| std::mem::take(&mut element.text)).unwrap_or_default();
        let text = match (before, piece) {
            (Text::Empty, Cow::Borrowed(piece)) => Text::Slice(Slice::at(at, piece.len())),
            (Text::Empty, Cow::Owned(piece)) => self.copied(piece),
            (Text::Slice(before), piece) => {
                let text = format!("{}{piece}", self.tree.slice(before));
                self.copied(text)
            }
            (Text::Copied(mut text), piece) => {
                self.tree.copied += piece.len();
                text.push_str(&piece);
                Text::Copied(text)
            }
        };
        if let Some(element) = self.innermost() {
            element.text = text;
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>, at: usize) -> Result<(), DecodeError> {
        let character = reference.resolve_char_ref().map_err(|error| malformed(error, at))?;
        match (character, resolve_predefined_entity(reference)) {
            (Some(character), _) => self.text(Cow::Owned(character.to_string()), at),
            (None, Some(text)) => self.text(Cow::Owned(text.to_owned()), at),
            (None, None) => Err(DecodeError::new("found an entity that XML does not have", at)),
        }
    }

    fn innermost(&mut self) -> Option<&mut Element> {
        self.tree.elements.get_mut(*self.open.last()? as usize)
    }

    fn finish(self, at: usize) -> Result<Tree<'a>, DecodeError> {
        if self.open.is_empty() { Ok(self.tree) } else { Err(DecodeError::new("expected more, found the end", at)) }
    }
}

#[cold]
fn malformed(_: impl std::error::Error, at: usize) -> DecodeError {
    // The tokenizer's own words can hold a value.
    DecodeError::new("found malformed XML", at)
}

#[cold]
fn outside(at: usize) -> DecodeError {
    DecodeError::new("expected an element, found text", at)
}
