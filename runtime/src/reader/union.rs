//! Unions: exactly one member.

use super::structure::StructureReader;
use super::{NamedReader, Reader};
#[cfg(feature = "xml")]
use crate::names::Names;
use crate::writer::UNKNOWN_MEMBER;
use crate::{DecodeError, Value};
use std::collections::BTreeMap;

/// Reads the one member of a union, in passes like a structure: see [`Value`].
pub struct UnionReader<'r, 'a> {
    pub(super) members: StructureReader<'r, 'a>,
    name: &'static str,
    found: bool,
}

impl<'r, 'a> UnionReader<'r, 'a> {
    pub(super) fn begin(reader: &'r mut Reader<'a>, name: &'static str) -> Self {
        Self { members: StructureReader::begin(reader, name, true), name, found: false }
    }

    /// Whether another pass over the variants is needed.
    #[expect(clippy::should_implement_trait, reason = "yields no items")]
    pub fn next(&mut self) -> bool {
        let more = self.members.next();
        if !more && !self.found {
            self.fail("none");
        }
        more
    }

    /// Reads the member `name`, if it is the one that comes.
    pub fn variant<V: Value + Default>(&mut self, name: &'static str, store: impl FnOnce(V)) {
        if self.members.comes(name, false) {
            self.read(name, store);
        }
    }

    /// Reads the member that comes.
    pub(super) fn read<V: Value + Default>(&mut self, name: &'static str, store: impl FnOnce(V)) {
        if self.count() {
            let mut value = V::default();
            self.members.read(name, &mut value);
            store(value);
        }
    }

    /// The name on the wire of the member that is read next, where it is not the model's.
    pub fn named(&mut self, wire_name: &'static str) -> NamedReader<&mut Self> {
        NamedReader::new(self, Some(wire_name))
    }

    /// What XML and forms call the member that is read next and what is in it, where that is not the default.
    #[cfg(feature = "xml")]
    pub fn names(&mut self, names: &'static Names) -> NamedReader<&mut Self> {
        NamedReader::new(self, None).names(names)
    }

    /// Takes the name of a member that the model does not have; the last call
    /// of a pass. `__type`, which some services put into every object, is none.
    /// In strict reading there is such a member only where it is said to be one:
    /// `{"SDK_UNKNOWN_MEMBER": {"name": "..."}}`.
    pub fn unknown(&mut self, store: impl FnOnce(&str)) {
        if self.members.is_strict() {
            return self.unknown_by_name(store);
        }
        if !self.begin_unknown() {
            return;
        }
        store(self.members.key().unwrap_or_default());
        self.members.skip_value();
    }

    /// The same in notations for people and tools, which say so in words of their own.
    fn unknown_by_name(&mut self, store: impl FnOnce(&str)) {
        let is_unknown = self.members.key() == Some(UNKNOWN_MEMBER);
        if is_unknown && self.members.begin_value() && self.count() {
            let mut said = BTreeMap::<String, String>::new();
            self.members.read(UNKNOWN_MEMBER, &mut said);
            store(said.get("name").map_or("", String::as_str));
        }
    }

    fn begin_unknown(&mut self) -> bool {
        let Some(key) = self.members.key() else { return false };
        if key == "__type" {
            self.members.skip();
            return false;
        }
        self.members.begin_value() && self.count()
    }

    /// Whether the member that comes is the first.
    fn count(&mut self) -> bool {
        let first = !self.found;
        self.found = true;
        if !first {
            self.fail("several");
        }
        first
    }

    #[cold]
    fn fail(&mut self, found: &str) {
        let expected = format!("one member of the union `{}`", self.name);
        let error = DecodeError::mismatch(&expected, found, self.members.reader.input.offset());
        self.members.fail(error);
    }
}
