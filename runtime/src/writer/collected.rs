//! What a value consists of, for serializers that ask in their own order.

use super::look::Scalar;
use super::output::{Shape, Slot};
use crate::Timestamp;
use std::borrow::Cow;

/// A value without its types. Unlike a [`Document`](crate::Document) it tells bytes, times and single precision apart,
/// and keeps the order of members.
#[derive(Debug)]
pub(crate) enum Collected {
    Null,
    Boolean(bool),
    Integer(i64),
    Unsigned(u64),
    Float(f64),
    Float32(f32),
    String(String),
    Blob(Vec<u8>),
    Timestamp(Timestamp),
    List(Vec<Collected>),
    /// Structures, unions and maps.
    Object(Vec<(Cow<'static, str>, Collected)>),
}

/// Collects one value.
#[derive(Debug, Default)]
pub(super) struct Collector {
    /// Containers that have not ended.
    open: Vec<Collected>,
    /// Where in the containers that are open the next value goes.
    keys: Vec<Cow<'static, str>>,
    done: Option<Collected>,
}

impl Collector {
    pub(super) fn finish(self) -> Collected {
        self.done.unwrap_or(Collected::Null)
    }

    pub(super) fn begin(&mut self, shape: Shape) {
        self.open.push(match shape {
            Shape::Structure(_) | Shape::Union(_) => Collected::Object(Vec::new()),
            Shape::List(length) => Collected::List(Vec::with_capacity(length)),
            Shape::Map(length) => Collected::Object(Vec::with_capacity(length)),
        });
    }

    pub(super) fn slot(&mut self, slot: Slot<'_>) {
        match slot {
            Slot::Member(name) => self.keys.push(Cow::Borrowed(name)),
            Slot::Key(key) => self.keys.push(Cow::Owned(key.to_owned())),
            Slot::Element => {}
        }
    }

    pub(super) fn end(&mut self) {
        if let Some(container) = self.open.pop() {
            self.put(container);
        }
    }

    pub(super) fn scalar(&mut self, scalar: Scalar<'_>) {
        self.put(match scalar {
            Scalar::Null => Collected::Null,
            Scalar::Boolean(value) => Collected::Boolean(value),
            Scalar::Integer(value) => Collected::Integer(value),
            Scalar::Unsigned(value) => Collected::Unsigned(value),
            Scalar::Float(value) => Collected::Float(value),
            Scalar::Float32(value) => Collected::Float32(value),
            Scalar::String(value) => Collected::String(value.to_owned()),
            Scalar::Blob(value) => Collected::Blob(value.to_vec()),
            Scalar::Timestamp(value) => Collected::Timestamp(value),
        });
    }

    /// Puts a value where it belongs.
    fn put(&mut self, value: Collected) {
        match self.open.last_mut() {
            Some(Collected::List(values)) => values.push(value),
            Some(Collected::Object(values)) => values.extend(self.keys.pop().map(|key| (key, value))),
            _ => self.done = Some(value),
        }
    }
}
