//! The one description of a shape's wire form, from which every codec works.

use crate::{Reader, Writer};

/// A value that travels: generated structures, unions and enums, and the Rust
/// types that their fields have.
///
/// `write` and `read` name members and nothing else; how they look in JSON, in
/// CBOR or in `Debug` output is decided once, by [`Writer`] and [`Reader`].
/// Neither returns an error: the first one stays in the writer or reader, and
/// all later calls do nothing.
pub trait Value {
    /// Writes the value.
    fn write(&self, writer: &mut Writer);

    /// Replaces the value by the one that comes next.
    fn read(&mut self, reader: &mut Reader<'_>);

    /// Whether a member with this value is left out.
    fn is_absent(&self) -> bool {
        false
    }

    /// Whether null is a value of this type: only of `Option`.
    fn is_nullable(&self) -> bool {
        false
    }
}
