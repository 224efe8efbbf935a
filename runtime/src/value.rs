//! The one description of a shape's wire form, from which every codec works.

use crate::{Blob, Document, Number, Reader, Timestamp, Writer};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;

/// A value that travels: generated structures, unions and enums, and the Rust
/// types that their fields have.
///
/// `write` and `read` name members and nothing else; how they look in JSON, in
/// CBOR or in `Debug` output is decided once, by [`Writer`] and [`Reader`].
/// Neither returns an error: the first one stays in the writer or reader, and
/// all later calls do nothing.
///
/// ```
/// use workstream_runtime::{Reader, TimestampFormat, Timestamp, Value, Writer};
///
/// #[derive(Debug, Default, PartialEq)]
/// struct Fleet {
///     name: String,
///     created_time: Option<Timestamp>,
///     source: Option<Source>,
/// }
///
/// impl Value for Fleet {
///     fn write(&self, writer: &mut Writer) {
///         let mut members = writer.structure("Fleet");
///         members.member("Name", &self.name);
///         members.timestamp_format(TimestampFormat::DateTime).member("CreatedTime", &self.created_time);
///         members.sensitive().member("Source", &self.source);
///         members.end();
///     }
///
///     fn read(&mut self, reader: &mut Reader<'_>) {
///         let mut members = reader.structure("Fleet");
///         while members.next() {
///             members.required("Name", &mut self.name);
///             members.member("CreatedTime", &mut self.created_time);
///             members.member("Source", &mut self.source);
///         }
///     }
/// }
///
/// #[derive(Debug, PartialEq)]
/// enum Source {
///     Image(String),
///     Snapshot(i32),
///     Unknown(String),
/// }
///
/// impl Default for Source {
///     fn default() -> Self {
///         Self::Unknown(String::new())
///     }
/// }
///
/// impl Value for Source {
///     fn write(&self, writer: &mut Writer) {
///         let union = writer.union("Source");
///         match self {
///             Self::Image(value) => union.variant("Image", value),
///             Self::Snapshot(value) => union.variant("Snapshot", value),
///             Self::Unknown(name) => union.unknown(name),
///         }
///     }
///
///     fn read(&mut self, reader: &mut Reader<'_>) {
///         let mut union = reader.union("Source");
///         while union.next() {
///             union.variant("Image", |value| *self = Self::Image(value));
///             union.variant("Snapshot", |value| *self = Self::Snapshot(value));
///             union.unknown(|name| *self = Self::Unknown(name.to_owned()));
///         }
///     }
/// }
///
/// let mut reader = Reader::json(br#"{"Name":"a","Source":{"Snapshot":7},"New":[]}"#);
/// let mut fleet = Fleet::default();
/// fleet.read(&mut reader);
/// assert_eq!(reader.finish(), Ok(()));
/// assert_eq!(fleet.source, Some(Source::Snapshot(7)));
///
/// let mut writer = Writer::json();
/// fleet.write(&mut writer);
/// assert_eq!(writer.finish().unwrap(), br#"{"Name":"a","Source":{"Snapshot":7}}"#);
/// ```
pub trait Value {
    /// Writes the value.
    fn write(&self, writer: &mut Writer);

    /// Replaces the value by the one that comes next, which is not null. A
    /// structure keeps the members that do not come, so it is read into an
    /// empty one; only where a body has a required structure twice under one
    /// key does the second add to the first.
    fn read(&mut self, reader: &mut Reader<'_>);

    /// Whether a member with this value is left out.
    fn is_absent(&self) -> bool {
        false
    }

    /// Whether null is a value of this type, namely its default: if not, lists
    /// and maps drop nulls.
    fn is_nullable() -> bool
    where
        Self: Sized,
    {
        false
    }
}

/// A key of a map: text, or an enum of strings.
pub trait MapKey: Ord + AsRef<str> + for<'a> From<&'a str> {}

impl MapKey for String {}

// The generic types below are compiled once for every type of a service. Patterns instead of calls spare the compiler a
// function for each.

impl<T: Value + Default> Value for Option<T> {
    /// Absent members are left out before it comes to this: in lists and maps,
    /// null stands for `None`.
    fn write(&self, writer: &mut Writer) {
        match self {
            Some(value) => value.write(writer),
            None => writer.null(),
        }
    }

    fn read(&mut self, reader: &mut Reader<'_>) {
        *self = Some(T::default());
        if let Some(value) = self {
            value.read(reader);
        }
    }

    #[expect(clippy::redundant_pattern_matching, reason = "a call would be a function more for each type")]
    fn is_absent(&self) -> bool {
        matches!(self, None)
    }

    fn is_nullable() -> bool {
        true
    }
}

impl<T: Value> Value for Box<T> {
    fn write(&self, writer: &mut Writer) {
        (**self).write(writer);
    }

    fn read(&mut self, reader: &mut Reader<'_>) {
        reader.make_room(const { size_of::<T>() });
        (**self).read(reader);
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }

    fn is_nullable() -> bool {
        T::is_nullable()
    }
}

impl<T: Value + Default> Value for Vec<T> {
    fn write(&self, writer: &mut Writer) {
        let mut elements = self.as_slice();
        let mut list = writer.list(elements.len());
        while let [first, rest @ ..] = elements {
            list.element(first);
            elements = rest;
        }
        list.end();
    }

    fn read(&mut self, reader: &mut Reader<'_>) {
        self.clear();
        let mut list = reader.list(T::is_nullable());
        self.reserve(list.size_hint());
        while list.more_of(const { size_of::<T>() }) {
            self.push(T::default());
            if let [.., last] = self.as_mut_slice() {
                list.element(last);
            }
        }
    }
}

impl<K: MapKey, V: Value + Default> Value for BTreeMap<K, V> {
    fn write(&self, writer: &mut Writer) {
        let mut map = writer.map(self.len());
        for (key, value) in self {
            map.entry(key.as_ref(), value);
        }
        map.end();
    }

    fn read(&mut self, reader: &mut Reader<'_>) {
        self.clear();
        let mut map = reader.map(V::is_nullable());
        while let Some(key) = map.next_key() {
            map.make_room(const { size_of::<(K, V)>() });
            let mut value = V::default();
            map.value(&key, &mut value);
            self.insert(K::from(&key), value);
        }
    }
}

/// Tokens of pages, where an API needs more than one: a list of a fixed length.
macro_rules! tuples {
    ($(($($element:ident $index:tt),*),)*) => {$(
        impl<$($element: Value + Default),*> Value for ($($element,)*) {
            fn write(&self, writer: &mut Writer) {
                let mut list = writer.list([$($index),*].len());
                $(list.element(&self.$index);)*
                list.end();
            }

            fn read(&mut self, reader: &mut Reader<'_>) {
                *self = Self::default();
                let mut list = reader.list(true);
                $(if list.more() {
                    list.element(&mut self.$index);
                })*
                while list.more() {
                    list.element(&mut Document::default());
                }
            }
        }
    )*};
}

tuples! {
    (A 0, B 1),
    (A 0, B 1, C 2),
    (A 0, B 1, C 2, D 3),
}

impl Value for String {
    fn write(&self, writer: &mut Writer) {
        writer.string(self);
    }

    fn read(&mut self, reader: &mut Reader<'_>) {
        *self = match reader.plain_string() {
            Some(text) => text.to_owned(),
            None => reader.string().into_owned(),
        };
    }
}

impl Value for bool {
    fn write(&self, writer: &mut Writer) {
        writer.boolean(*self);
    }

    fn read(&mut self, reader: &mut Reader<'_>) {
        *self = reader.boolean();
    }
}

macro_rules! integers {
    ($($integer:ident)*) => {$(
        impl Value for $integer {
            fn write(&self, writer: &mut Writer) {
                writer.integer(i64::from(*self));
            }

            fn read(&mut self, reader: &mut Reader<'_>) {
                *self = reader.integer();
            }
        }
    )*};
}

integers!(i8 i16 i32 i64);

impl Value for f64 {
    fn write(&self, writer: &mut Writer) {
        writer.float(*self);
    }

    fn read(&mut self, reader: &mut Reader<'_>) {
        *self = reader.float();
    }
}

impl Value for f32 {
    fn write(&self, writer: &mut Writer) {
        writer.float32(*self);
    }

    fn read(&mut self, reader: &mut Reader<'_>) {
        *self = reader.float32();
    }
}

impl Value for Blob {
    fn write(&self, writer: &mut Writer) {
        writer.blob(self.as_bytes());
    }

    fn read(&mut self, reader: &mut Reader<'_>) {
        *self = reader.blob().into();
    }
}

impl Value for Timestamp {
    fn write(&self, writer: &mut Writer) {
        writer.timestamp(*self);
    }

    fn read(&mut self, reader: &mut Reader<'_>) {
        *self = reader.timestamp();
    }
}

impl Value for Document {
    fn write(&self, writer: &mut Writer) {
        match self {
            Self::Null => writer.null(),
            Self::Bool(value) => writer.boolean(*value),
            Self::Number(Number::Unsigned(value)) => writer.unsigned(*value),
            Self::Number(Number::Signed(value)) => writer.integer(*value),
            Self::Number(Number::Float(value)) => writer.float(*value),
            Self::String(value) => writer.string(value),
            Self::Array(values) => values.write(writer),
            Self::Object(values) => values.write(writer),
        }
    }

    fn read(&mut self, reader: &mut Reader<'_>) {
        *self = reader.document();
    }

    fn is_nullable() -> bool {
        true
    }
}

crate::serde_traits!(Blob);
crate::serde_traits!(Timestamp);
crate::serde_traits!(Document);

pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
