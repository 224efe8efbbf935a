//! Members that are called something else on the wire than in the model, by whose names people and tools know them.

#[cfg(feature = "xml")]
use super::structure::Next;
use super::{StructureReader, UnionReader};
use crate::Value;
#[cfg(feature = "xml")]
use crate::names::{self, Names};

/// The member that is read next, under its name on the wire; `M` is what has the members.
#[derive(Debug)]
pub struct NamedReader<M> {
    members: M,
    called: Called,
}

/// What a member is called on the wire.
#[derive(Clone, Copy, Debug)]
struct Called {
    wire_name: Option<&'static str>,
    /// In XML and forms.
    #[cfg(feature = "xml")]
    names: Option<&'static Names>,
}

impl<M> NamedReader<M> {
    pub(super) fn new(members: M, wire_name: Option<&'static str>) -> Self {
        let called = Called {
            wire_name,
            #[cfg(feature = "xml")]
            names: None,
        };
        Self { members, called }
    }

    /// What XML and forms call the member and what is in it, where that is not the default.
    #[cfg(feature = "xml")]
    pub fn names(mut self, names: &'static Names) -> Self {
        self.called.names = Some(names);
        self
    }
}

impl NamedReader<&mut StructureReader<'_, '_>> {
    /// A member that may be absent.
    pub fn member(self, name: &'static str, value: &mut dyn Value) {
        self.read(name, value, false);
    }

    /// A member that the model requires. Lenient reading does without.
    pub fn required(self, name: &'static str, value: &mut dyn Value) {
        self.read(name, value, true);
    }

    fn read(self, name: &'static str, value: &mut dyn Value, required: bool) {
        if self.called.comes(self.members, name, required) {
            self.members.read(name, value);
        }
    }
}

impl NamedReader<&mut UnionReader<'_, '_>> {
    /// Reads the member `name`, if it is the one that comes.
    pub fn variant<V: Value + Default>(self, name: &'static str, store: impl FnOnce(V)) {
        if self.called.comes(&mut self.members.members, name, false) {
            self.members.read(name, store);
        }
    }
}

impl Called {
    /// Whether the member comes next that the model calls `name`.
    fn comes(self, members: &mut StructureReader<'_, '_>, name: &'static str, required: bool) -> bool {
        let wire_name = if members.is_strict() { name } else { self.wire_name.unwrap_or(name) };
        #[cfg(feature = "xml")]
        if self.names.is_some_and(Names::is_attribute) && matches!(members.next, Next::Value(_)) {
            // An element, of whatever name.
            return false;
        }
        #[cfg(feature = "xml")]
        members.expect(self.names.unwrap_or(&names::DEFAULT));
        let comes = members.comes(wire_name, required);
        #[cfg(feature = "xml")]
        members.expect(&names::DEFAULT);
        comes
    }
}
