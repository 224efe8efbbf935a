//! Text for people: Rust's `Debug` notation with wire names.

use super::Writer;
use super::output::{Output, Shape, Slot};
use crate::Value;
use std::fmt::{self, Display, Write};

/// Formats a value for `Debug`: absent members are left out, sensitive ones
/// redacted, and blobs told by their size.
///
/// # Errors
///
/// Those of the formatter.
pub fn debug(value: &dyn Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut writer = Writer::new(Output::Debug(DebugText { pretty: f.alternate(), ..DebugText::default() }));
    value.write(&mut writer);
    if let Output::Debug(text) = &writer.output {
        f.write_str(&text.text)?;
    }
    match &writer.error {
        Some(error) => write!(f, "<{error}>"),
        None => Ok(()),
    }
}

#[derive(Default)]
pub(super) struct DebugText {
    text: String,
    /// One line for each member, indented.
    pretty: bool,
    level: usize,
}

impl DebugText {
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    pub(super) fn plain(&mut self, value: impl Display) {
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{value}");
    }

    pub(super) fn begin(&mut self, shape: Shape) {
        match shape {
            // The brace waits for a member.
            Shape::Structure(name) | Shape::Union(name) => self.text.push_str(name),
            Shape::List(_) => self.text.push('['),
            Shape::Map(_) => self.text.push('{'),
        }
        self.level += 1;
    }

    pub(super) fn slot(&mut self, slot: Slot<'_>, first: bool) {
        match slot {
            Slot::Member(_) if first => self.text.push_str(" {"),
            _ => {}
        }
        self.separate(matches!(slot, Slot::Member(_)), first);
        match slot {
            Slot::Member(name) => self.plain(format_args!("{name}: ")),
            Slot::Key(key) => self.plain(format_args!("{key:?}: ")),
            Slot::Element => {}
        }
    }

    fn separate(&mut self, braces: bool, first: bool) {
        if self.pretty {
            self.text.push_str(if first { "\n" } else { ",\n" });
            self.indent();
        } else if !first {
            self.text.push_str(", ");
        } else if braces {
            self.text.push(' ');
        }
    }

    fn indent(&mut self) {
        self.text.extend(std::iter::repeat_n("    ", self.level));
    }

    pub(super) fn end(&mut self, shape: Shape, empty: bool) {
        self.level -= 1;
        if self.pretty && !empty {
            self.text.push_str(",\n");
            self.indent();
        }
        match shape {
            Shape::Structure(_) | Shape::Union(_) if empty => {}
            Shape::Structure(_) | Shape::Union(_) => self.text.push_str(if self.pretty { "}" } else { " }" }),
            Shape::List(_) => self.text.push(']'),
            Shape::Map(_) => self.text.push('}'),
        }
    }
}
