//! A body as a tree of elements: XML, and forms whose names are paths.
//!
//! Elements of a flattened list may stand anywhere among their siblings, so that a pass over the text is not enough.

#[cfg(feature = "query")]
mod form;
mod xml;

use crate::DecodeError;
use std::borrow::Cow;
use std::ops::Range;

/// The elements of a body. Those that stand within another follow it.
#[derive(Debug, Default)]
pub struct Tree<'a> {
    /// What names and text are slices of.
    source: Cow<'a, str>,
    elements: Vec<Element>,
    attributes: Vec<Attribute>,
    /// How many bytes of memory the texts take that are no slices.
    copied: usize,
}

/// An element. Offsets of 32 bits keep it small: one of four bytes, `<a/>`, takes this much memory.
#[derive(Debug)]
struct Element {
    /// Without a prefix.
    name: Slice,
    /// What stands directly in it; nothing where it has elements.
    text: Text,
    /// Which attributes are its own.
    attributes: Range<u32>,
    /// Where the next one that is not within it stands.
    end: u32,
}

/// An attribute, other than declarations of namespaces.
#[derive(Debug)]
struct Attribute {
    /// Without a prefix.
    name: String,
    value: String,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slice {
    start: u32,
    end: u32,
}

#[derive(Debug, Default)]
enum Text {
    #[default]
    Empty,
    Slice(Slice),
    Copied(String),
}

/// Which element it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Id(u32);

impl Tree<'_> {
    /// The outermost element, which bodies without content do not have.
    pub(crate) fn root(&self) -> Option<Id> {
        (!self.elements.is_empty()).then_some(Id(0))
    }

    /// The name without a prefix.
    pub(crate) fn name(&self, id: Id) -> &str {
        self.element(id).map_or("", |element| self.slice(element.name))
    }

    /// What stands directly in an element that has no others.
    pub(crate) fn text(&self, id: Id) -> &str {
        self.element(id).map_or("", |element| self.text_of(&element.text))
    }

    /// Where in the body it begins.
    pub(crate) fn offset(&self, id: Id) -> usize {
        self.element(id).map_or(0, |element| element.name.start as usize)
    }

    /// The first element within it.
    pub(crate) fn first(&self, id: Id) -> Option<Id> {
        let end = self.element(id)?.end;
        Some(Id(id.0 + 1)).filter(|first| first.0 < end)
    }

    /// The next element within the same one, which is `parent`.
    pub(crate) fn next(&self, id: Id, parent: Id) -> Option<Id> {
        let (next, end) = (self.element(id)?.end, self.element(parent)?.end);
        (next < end).then_some(Id(next))
    }

    /// The elements directly within it.
    pub(crate) fn children(&self, parent: Id) -> impl Iterator<Item = Id> {
        std::iter::successors(self.first(parent), move |id| self.next(*id, parent))
    }

    /// The first element of this name directly within it.
    pub(crate) fn child(&self, parent: Id, name: &str) -> Option<Id> {
        self.children(parent).find(|id| self.name(*id) == name)
    }

    /// Which attributes are its own.
    pub(crate) fn attributes(&self, id: Id) -> Range<u32> {
        self.element(id).map_or(0..0, |element| element.attributes.clone())
    }

    /// An attribute's name, without a prefix, and its value.
    pub(crate) fn attribute(&self, index: u32) -> Option<(&str, &str)> {
        let Attribute { name, value } = self.attributes.get(index as usize)?;
        Some((name, value))
    }

    /// How long the body is.
    pub(crate) fn length(&self) -> usize {
        self.source.len()
    }

    /// How much memory it takes, in bytes, beside the body.
    pub(crate) fn memory(&self) -> usize {
        size_of_val(&*self.elements) + size_of_val(&*self.attributes) + self.copied
    }

    fn element(&self, Id(id): Id) -> Option<&Element> {
        self.elements.get(id as usize)
    }

    fn slice(&self, Slice { start, end }: Slice) -> &str {
        self.source.get(start as usize..end as usize).unwrap_or_default()
    }

    fn text_of<'t>(&'t self, text: &'t Text) -> &'t str {
        match text {
            Text::Empty => "",
            Text::Slice(slice) => self.slice(*slice),
            Text::Copied(text) => text,
        }
    }

    /// Sets where the elements end that are within each other from this one on, the last of all included.
    fn close(&mut self, id: u32) {
        let end = self.elements.len() as u32;
        if let Some(element) = self.elements.get_mut(id as usize) {
            element.end = end;
        }
    }
}

impl Slice {
    /// A slice of a body that is not longer than [`limited`] allows.
    fn at(start: usize, length: usize) -> Self {
        Self { start: start as u32, end: (start + length) as u32 }
    }
}

/// A body whose offsets have 32 bits.
fn limited(body: &[u8]) -> Result<&str, DecodeError> {
    if u32::try_from(body.len()).is_err() {
        return Err(DecodeError::new("expected a body of less than 4 GiB, found more", 0));
    }
    std::str::from_utf8(body).map_err(|error| DecodeError::new("found bytes that are not UTF-8", error.valid_up_to()))
}
