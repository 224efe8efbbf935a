//! What generated structures and unions say of their wire form: one line a
//! member and direction.

use crate::{StructureReader, StructureWriter, UnionReader, UnionWriter};

/// A structure, by its members. The macro `structure!` makes a
/// [`Value`](crate::Value) of it.
pub trait Structure {
    /// Writes every member.
    fn write_members(&self, members: &mut StructureWriter<'_>) {
        let _ = members;
    }

    /// Offers every member to what comes next; called until all is read.
    fn read_members(&mut self, members: &mut StructureReader<'_, '_>) {
        let _ = members;
    }
}

/// A union, by its members. The macro `union!` makes a [`Value`](crate::Value)
/// of it.
pub trait Union {
    /// Writes the member that there is.
    fn write_variant(&self, member: UnionWriter<'_>);

    /// Offers every member to what comes next; called until all is read.
    fn read_variant(&mut self, members: &mut UnionReader<'_, '_>);
}

/// Setters of members for what may be absent. `types::*` of each service brings it into scope.
pub trait Maybe: Sized {
    /// Sets a member, where there is a value for it: `input.maybe(description, CreateFleetInput::description)`.
    ///
    /// `set` is a setter of the type, or anything else that makes one of it and the value.
    ///
    /// ```
    /// use workstream_runtime::{Maybe, Structure};
    ///
    /// #[derive(Debug, Default, PartialEq)]
    /// struct Fleet {
    ///     description: Option<String>,
    ///     size: Option<i32>,
    /// }
    ///
    /// impl Structure for Fleet {}
    ///
    /// impl Fleet {
    ///     fn description(mut self, value: impl Into<String>) -> Self {
    ///         self.description = Some(value.into());
    ///         self
    ///     }
    ///
    ///     fn size(mut self, value: i32) -> Self {
    ///         self.size = Some(value);
    ///         self
    ///     }
    /// }
    ///
    /// let (description, size) = (Some("for the office"), None);
    /// let fleet = Fleet::default().maybe(description, Fleet::description).maybe(size, Fleet::size);
    /// assert_eq!(fleet, Fleet { description: Some("for the office".to_owned()), size: None });
    /// ```
    #[must_use]
    fn maybe<T>(self, value: Option<T>, set: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => set(self, value),
            None => self,
        }
    }
}

impl<S: Structure> Maybe for S {}

/// For `structure!`: compiled once for all structures.
#[doc(hidden)]
pub fn write_structure(name: &'static str, value: &dyn Structure, writer: &mut crate::Writer) {
    let mut members = writer.structure(name);
    value.write_members(&mut members);
    members.end();
}

/// For `structure!`: compiled once for all structures.
#[doc(hidden)]
pub fn read_structure(name: &'static str, value: &mut dyn Structure, reader: &mut crate::Reader<'_>) {
    let mut members = reader.structure(name);
    while members.next() {
        value.read_members(&mut members);
    }
}

/// For `union!`: compiled once for all unions.
#[doc(hidden)]
pub fn read_union(name: &'static str, value: &mut dyn Union, reader: &mut crate::Reader<'_>) {
    let mut members = reader.union(name);
    while members.next() {
        value.read_variant(&mut members);
    }
}

/// `Value` and `Debug` for a type that is a [`Structure`]; with `inline`, compiled where it is used, as its members are.
#[doc(hidden)]
#[macro_export]
macro_rules! structure {
    ($name:ident $(, $inline:ident)?) => {
        impl $crate::Value for $name {
            $(#[$inline])?
            fn write(&self, writer: &mut $crate::Writer) {
                $crate::__private::write_structure(stringify!($name), self, writer);
            }

            $(#[$inline])?
            fn read(&mut self, reader: &mut $crate::Reader<'_>) {
                $crate::__private::read_structure(stringify!($name), self, reader);
            }
        }

        impl ::core::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::debug(self, f)
            }
        }
    };
}

/// `Value` and `Debug` for a type that is a [`Union`].
#[doc(hidden)]
#[macro_export]
macro_rules! union {
    ($name:ident) => {
        impl $crate::Value for $name {
            fn write(&self, writer: &mut $crate::Writer) {
                $crate::Union::write_variant(self, writer.union(stringify!($name)));
            }

            fn read(&mut self, reader: &mut $crate::Reader<'_>) {
                $crate::__private::read_union(stringify!($name), self, reader);
            }
        }

        impl ::core::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::debug(self, f)
            }
        }
    };
}
