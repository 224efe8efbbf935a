//! What stands within what.

#[cfg(feature = "rest")]
use super::Head;
use super::output::{REDACTED, Shape, Slot};
use super::{UnknownMembers, Writer};
#[cfg(feature = "rest")]
use crate::bindings::Place;
#[cfg(feature = "xml")]
use crate::names::Names;
use crate::path::Path;
use crate::{EncodeError, TimestampFormat, Value};
use std::collections::BTreeMap;

/// What stands in the place of a union's member that the model does not have, as in boto3: its name, in an object.
pub(crate) const UNKNOWN_MEMBER: &str = "SDK_UNKNOWN_MEMBER";

/// What all containers do.
pub(super) struct Container<'w> {
    pub(super) writer: &'w mut Writer,
    shape: Shape,
    count: usize,
}

impl<'w> Container<'w> {
    pub(super) fn begin(writer: &'w mut Writer, shape: Shape) -> Self {
        if let Some(output) = writer.descend() {
            output.begin(shape);
        }
        Self { writer, shape, count: 0 }
    }

    /// A container that writes nothing of its own.
    #[cfg(feature = "rest")]
    pub(super) fn silent(writer: &'w mut Writer, shape: Shape) -> Self {
        Self { writer, shape, count: 0 }
    }

    fn write(&mut self, slot: Slot<'_>, value: &dyn Value) {
        let first = self.count == 0;
        let Some(output) = self.writer.open() else { return };
        output.slot(slot, first);
        if let Err(mut error) = self.writer.value(value) {
            self.step(slot, error.path_mut());
            self.writer.fail(error);
        }
        self.count += 1;
    }

    #[cold]
    fn step(&self, slot: Slot<'_>, path: &mut Path) {
        match slot {
            Slot::Member(name) => path.prepend_member(name),
            Slot::Key(key) => path.prepend_key(key),
            Slot::Element => path.prepend_index(self.count),
        }
    }

    /// Whether nothing was written.
    #[cfg(feature = "rest")]
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Ends it, and gives the writer back.
    pub(super) fn end(self) -> &'w mut Writer {
        let empty = self.count == 0;
        if let Some(output) = self.writer.ascend() {
            output.end(self.shape, empty);
        }
        self.writer
    }
}

/// Writes the members of a structure. [`end`](Self::end) must follow the last.
#[must_use]
pub struct StructureWriter<'w> {
    pub(super) container: Container<'w>,
    sensitive: bool,
    /// The next member's name on the wire, where it is not the model's.
    wire_name: Option<&'static str>,
    /// What XML and forms call the next member and what is in it, where that is not the default.
    #[cfg(feature = "xml")]
    names: Option<&'static Names>,
    /// Where the next member travels, if not in the body.
    #[cfg(feature = "rest")]
    pub(super) place: Option<Place>,
    /// The head of the message that this structure is, if it is one.
    #[cfg(feature = "rest")]
    pub(super) head: Option<Box<Head>>,
}

impl<'w> StructureWriter<'w> {
    pub(super) fn begin(writer: &'w mut Writer, name: &'static str) -> Self {
        writer.format = None;
        #[cfg(feature = "rest")]
        if let Some(head) = writer.head.take() {
            return Self::message(writer, name, head);
        }
        Self::inside(Container::begin(writer, Shape::Structure(name)))
    }

    /// The members within `container`.
    pub(super) fn inside(container: Container<'w>) -> Self {
        Self {
            container,
            sensitive: false,
            wire_name: None,
            #[cfg(feature = "xml")]
            names: None,
            #[cfg(feature = "rest")]
            place: None,
            #[cfg(feature = "rest")]
            head: None,
        }
    }

    /// The next member's name on the wire, where it is not the model's, by which people and tools know it.
    pub fn named(&mut self, wire_name: &'static str) -> &mut Self {
        self.wire_name = Some(wire_name);
        self
    }

    /// What XML and forms call the next member and what is in it, where that is not the default.
    #[cfg(feature = "xml")]
    pub fn names(&mut self, names: &'static Names) -> &mut Self {
        self.names = Some(names);
        self
    }

    /// How the timestamps of the next member are written, those in its lists
    /// and maps too, but not those in its structures.
    pub fn timestamp_format(&mut self, format: TimestampFormat) -> &mut Self {
        self.container.writer.format = Some(format);
        self
    }

    /// The next member is nothing that `Debug` or a log may show.
    pub fn sensitive(&mut self) -> &mut Self {
        self.sensitive = true;
        self
    }

    /// Writes a member, unless it is absent.
    pub fn member(&mut self, name: &'static str, value: &dyn Value) {
        let sensitive = std::mem::take(&mut self.sensitive);
        let wire_name = self.wire_name.take();
        #[cfg(feature = "rest")]
        if self.is_beside_body(name, value, sensitive) {
            self.container.writer.format = None;
            return;
        }
        #[cfg(feature = "xml")]
        if let Some(names) = self.names.take() {
            self.container.writer.expect(names, value);
        }
        let name = wire_name.filter(|_| self.container.writer.is_wire()).unwrap_or(name);
        if value.is_absent() {
        } else if sensitive && self.container.writer.redacts() {
            self.container.write(Slot::Member(name), &REDACTED.to_owned());
        } else {
            #[cfg(feature = "validate")]
            self.container.writer.look_at_secret(sensitive);
            self.write_marked(name, value, sensitive);
        }
        self.container.writer.format = None;
    }

    /// Writes a member. Whether it is sensitive matters to recordings too.
    #[cfg(feature = "test-util")]
    fn write_marked(&mut self, name: &'static str, value: &dyn Value, is_sensitive: bool) {
        let was_secret = is_sensitive.then(|| self.container.writer.enter_secret());
        self.container.write(Slot::Member(name), value);
        if let Some(was_secret) = was_secret {
            self.container.writer.leave_secret(was_secret);
        }
    }

    /// Writes a member.
    #[cfg(not(feature = "test-util"))]
    #[inline]
    fn write_marked(&mut self, name: &'static str, value: &dyn Value, _is_sensitive: bool) {
        self.container.write(Slot::Member(name), value);
    }

    /// Ends the structure.
    pub fn end(self) {
        #[cfg(feature = "rest")]
        if self.head.is_some() {
            return self.end_message();
        }
        self.container.end();
    }
}

/// Writes the one member of a union.
#[must_use]
pub struct UnionWriter<'w> {
    members: StructureWriter<'w>,
    name: &'static str,
}

impl<'w> UnionWriter<'w> {
    pub(super) fn begin(writer: &'w mut Writer, name: &'static str) -> Self {
        writer.format = None;
        let container = Container::begin(writer, Shape::Union(name));
        Self { members: StructureWriter::inside(container), name }
    }

    /// The member's name on the wire, where it is not the model's.
    pub fn named(mut self, wire_name: &'static str) -> Self {
        self.members.named(wire_name);
        self
    }

    /// What XML and forms call the member and what is in it, where that is not the default.
    #[cfg(feature = "xml")]
    pub fn names(mut self, names: &'static Names) -> Self {
        self.members.names(names);
        self
    }

    /// How the timestamps of the member are written.
    pub fn timestamp_format(mut self, format: TimestampFormat) -> Self {
        self.members.timestamp_format(format);
        self
    }

    /// The member is nothing that `Debug` may show.
    pub fn sensitive(mut self) -> Self {
        self.members.sensitive();
        self
    }

    /// Writes the member.
    pub fn variant(mut self, name: &'static str, value: &dyn Value) {
        self.members.member(name, value);
        self.members.end();
    }

    /// For a member that the model does not have. Nobody knows its value, so
    /// that it cannot be sent; people and tools are told its name, in dynamic
    /// JSON as boto3 does.
    pub fn unknown(mut self, name: &str) {
        let writer = &mut *self.members.container.writer;
        #[cfg(feature = "validate")]
        if writer.looks_at_unknown(self.name, name) {
            return self.members.end();
        }
        match writer.unknown_members() {
            UnknownMembers::Shown => self.members.member("Unknown", &name.to_owned()),
            UnknownMembers::Named if name.is_empty() => {}
            UnknownMembers::Named | UnknownMembers::Kept => {
                self.members.member(UNKNOWN_MEMBER, &BTreeMap::from([("name".to_owned(), name.to_owned())]));
            }
            UnknownMembers::Refused => {
                writer.fail(EncodeError::new(format!("the union `{}` has an unknown member", self.name)));
            }
        }
        self.members.end();
    }
}

/// Writes the elements of a list.
#[must_use]
pub struct ListWriter<'w>(Container<'w>);

impl<'w> ListWriter<'w> {
    pub(super) fn begin(writer: &'w mut Writer, length: usize) -> Self {
        Self(Container::begin(writer, Shape::List(length)))
    }

    /// Writes an element.
    pub fn element(&mut self, value: &dyn Value) {
        self.0.write(Slot::Element, value);
        #[cfg(feature = "validate")]
        self.0.writer.look_at_element(value);
    }

    /// Ends the list.
    pub fn end(self) {
        self.0.end();
    }
}

/// Writes the entries of a map.
#[must_use]
pub struct MapWriter<'w>(Container<'w>);

impl<'w> MapWriter<'w> {
    pub(super) fn begin(writer: &'w mut Writer, length: usize) -> Self {
        Self(Container::begin(writer, Shape::Map(length)))
    }

    /// Writes an entry.
    pub fn entry(&mut self, key: &str, value: &dyn Value) {
        self.0.write(Slot::Key(key), value);
    }

    /// Ends the map.
    pub fn end(self) {
        self.0.end();
    }
}
