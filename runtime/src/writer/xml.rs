//! XML, without layout.

use super::output::{Shape, Slot};
use crate::names::{self, Names, Namespace};

/// What is written, and what is open.
#[derive(Default)]
pub(super) struct XmlText {
    buffer: Vec<u8>,
    /// Names of the member that comes.
    line: Option<&'static Names>,
    /// What is around the value that comes. Around a body's own there may be nothing.
    around: Option<Around>,
    frames: Vec<ElementFrame>,
    /// How much was there before.
    #[cfg(feature = "rest")]
    start: usize,
}

/// An element or attribute around a value.
#[derive(Clone, Copy)]
struct Around {
    name: &'static str,
    names: &'static Names,
    namespace: Option<Namespace>,
}

/// An open structure, list or map.
struct ElementFrame {
    /// The element to close after it.
    element: Option<&'static str>,
    /// Where attributes are written.
    attributes: Option<usize>,
    /// What is around its elements, or around the entries of a map.
    item: Option<Around>,
    /// Names of the map.
    names: &'static Names,
}

impl Around {
    fn of(names: &'static Names, default: &'static str) -> Self {
        Self { name: names.name_or(default), names, namespace: names.declared() }
    }
}

impl XmlText {
    /// Begins with the root element; the default name is for one that has none of its own.
    pub(super) fn new(buffer: Vec<u8>, root: Option<&'static Names>) -> Self {
        let around = root.map(|names| Around::of(names, names::VALUE));
        #[cfg(feature = "rest")]
        let start = buffer.len();
        Self {
            buffer,
            around,
            #[cfg(feature = "rest")]
            start,
            ..Self::default()
        }
    }

    /// Forgets what was written.
    #[cfg(feature = "rest")]
    pub(super) fn discard(&mut self) {
        self.buffer.truncate(self.start);
    }

    /// Has another root element.
    #[cfg(feature = "rest")]
    pub(super) fn begin_within(&mut self, root: &'static Names) {
        self.around = Some(Around::of(root, names::VALUE));
    }

    pub(super) fn into_buffer(self) -> Vec<u8> {
        self.buffer
    }

    /// What the names of the member that comes are.
    pub(super) fn expect(&mut self, names: &'static Names) {
        self.line = Some(names);
    }

    pub(super) fn begin(&mut self, shape: Shape) {
        let around = self.around.take();
        let names = around.map_or(&names::DEFAULT, |around| around.names);
        let is_flattened = names.is_flattened() && self.frames.last().is_some_and(|frame| frame.attributes.is_some());
        let flattened = around.filter(|_| is_flattened);
        let (item, is_structure) = match shape {
            Shape::Structure(_) | Shape::Union(_) => (None, true),
            Shape::List(_) => {
                let item = Around::of(names.of_item(), names::ITEM);
                (Some(flattened.map_or(item, |list| list.around_items(item))), false)
            }
            Shape::Map(_) => {
                let entry = Around { name: names::ENTRY, names: &names::DEFAULT, namespace: None };
                (Some(flattened.unwrap_or(entry)), false)
            }
        };
        let opened = around.filter(|_| flattened.is_none() || is_structure);
        let attributes = opened.map(|around| self.open(around)).unwrap_or_default();
        let attributes = is_structure.then_some(attributes);
        self.frames.push(ElementFrame { element: opened.map(|around| around.name), attributes, item, names });
    }

    pub(super) fn slot(&mut self, slot: Slot<'_>, first: bool) {
        let line = self.line.take();
        let Some(frame) = self.frames.last() else { return };
        let (item, names) = (frame.item, frame.names);
        match slot {
            Slot::Member(name) => {
                let names = line.unwrap_or(&names::DEFAULT);
                self.around = Some(Around { name, names, namespace: names.declared() });
            }
            Slot::Element => self.around = item,
            Slot::Key(key) => {
                if let (Some(entry), false) = (item, first) {
                    self.close(entry.name);
                }
                if let Some(entry) = item {
                    self.open(entry);
                }
                self.around = Some(Around::of(names.of_key(), names::KEY));
                self.text(key);
                self.around = Some(Around::of(names.of_item(), names::VALUE));
            }
        }
    }

    pub(super) fn end(&mut self, shape: Shape, empty: bool) {
        let Some(ElementFrame { element, item, .. }) = self.frames.pop() else { return };
        match (shape, item) {
            (Shape::Map(_), Some(entry)) if !empty => self.close(entry.name),
            (Shape::Map(_) | Shape::Structure(_) | Shape::Union(_) | Shape::List(_), _) => {}
        }
        if let Some(name) = element {
            self.close(name);
        }
    }

    /// A body that is written as it is.
    #[cfg(feature = "rest")]
    pub(super) fn raw(&mut self, bytes: Vec<u8>) {
        self.buffer = bytes;
    }

    /// Text, or what is written like it.
    pub(super) fn text(&mut self, text: &str) {
        match self.around.take() {
            Some(around) if around.names.is_attribute() => self.attribute(around.name, text),
            Some(around) => {
                self.open(around);
                escape(&mut self.buffer, text, false);
                self.close(around.name);
            }
            None => escape(&mut self.buffer, text, false),
        }
    }

    /// Attributes may come after elements, and stand before them.
    fn attribute(&mut self, name: &str, value: &str) {
        let Some(at) = self.frames.last_mut().and_then(|frame| frame.attributes.as_mut()) else { return };
        let rest = self.buffer.split_off(*at);
        write_attribute(&mut self.buffer, &["", name], value);
        *at = self.buffer.len();
        self.buffer.extend_from_slice(&rest);
    }

    /// Writes a start tag; returns where attributes can be added.
    fn open(&mut self, Around { name, namespace, .. }: Around) -> usize {
        self.buffer.push(b'<');
        self.buffer.extend_from_slice(name.as_bytes());
        if let Some(Namespace { prefix, uri }) = namespace {
            let name = if prefix.is_empty() { ["", "xmlns"] } else { ["xmlns:", prefix] };
            write_attribute(&mut self.buffer, &name, uri);
        }
        self.buffer.push(b'>');
        self.buffer.len() - 1
    }

    fn close(&mut self, name: &str) {
        self.buffer.extend_from_slice(b"</");
        self.buffer.extend_from_slice(name.as_bytes());
        self.buffer.push(b'>');
    }
}

impl Around {
    /// What is around the elements of this list, which is flattened: they are called as it is.
    fn around_items(self, item: Self) -> Self {
        Self { name: self.name, names: item.names, namespace: item.namespace.or(self.namespace) }
    }
}

fn write_attribute(buffer: &mut Vec<u8>, name: &[&str; 2], value: &str) {
    buffer.push(b' ');
    buffer.extend(name.iter().flat_map(|part| part.bytes()));
    buffer.extend_from_slice(b"=\"");
    escape(buffer, value, true);
    buffer.push(b'"');
}

/// Characters that parsers change or refuse are written by their numbers.
fn escape(buffer: &mut Vec<u8>, text: &str, is_attribute: bool) {
    let mut written = 0;
    for (at, character) in text.char_indices() {
        let is_layout = matches!(character, '\t' | '\n') && !is_attribute;
        let number;
        let escaped = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' if is_attribute => "&quot;",
            '\0'..'\u{20}' | '\u{7F}'..='\u{9F}' | '\u{2028}' if !is_layout => {
                number = format!("&#x{:X};", u32::from(character));
                &number
            }
            _ => continue,
        };
        buffer.extend_from_slice(text.get(written..at).unwrap_or_default().as_bytes());
        buffer.extend_from_slice(escaped.as_bytes());
        written = at + character.len_utf8();
    }
    buffer.extend_from_slice(text.get(written..).unwrap_or_default().as_bytes());
}
