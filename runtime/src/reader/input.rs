//! What the two formats have in common, as the reader sees it.

use std::borrow::Cow;

use super::cbor::CborInput;
use super::json::JsonInput;
use crate::{DecodeError, Number, Timestamp};

pub(super) type Result<T> = std::result::Result<T, DecodeError>;

/// A body and the place that reading has come to.
pub(super) enum Input<'a> {
    Json(JsonInput<'a>),
    Cbor(CborInput<'a>),
}

/// What kind of value comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Bool,
    Number,
    String,
    Bytes,
    List,
    Map,
}

impl Kind {
    pub(super) fn found(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Bytes => "bytes",
            Self::List => "a list",
            Self::Map => "an object",
        }
    }
}

/// How far reading has come within one list or map.
#[derive(Clone, Copy)]
pub(super) struct Cursor {
    /// Whether nothing of the container has been read.
    pub(super) first: bool,
    /// How many entries come, where the format says so.
    pub(super) left: Option<u64>,
}

/// Calls a method of whichever input it is.
macro_rules! either {
    ($self:ident.$method:ident($($argument:expr),*)) => {
        match $self {
            Input::Json(input) => input.$method($($argument),*),
            Input::Cbor(input) => input.$method($($argument),*),
        }
    };
}

impl<'a> Input<'a> {
    pub(super) fn offset(&self) -> usize {
        either!(self.offset())
    }

    /// Whether nothing is left but what may follow a body.
    pub(super) fn at_end(&mut self) -> bool {
        either!(self.at_end())
    }

    /// Gives up the rest.
    pub(super) fn stop(&mut self) {
        either!(self.stop())
    }

    pub(super) fn kind(&mut self) -> Result<Kind> {
        either!(self.kind())
    }

    /// Passes over a null, if one comes next.
    pub(super) fn take_null(&mut self) -> Result<bool> {
        either!(self.take_null())
    }

    pub(super) fn open_map(&mut self) -> Result<Cursor> {
        either!(self.open_map())
    }

    /// The next key, and moves to its value; `None` at the map's end, which is
    /// then passed.
    pub(super) fn next_key(&mut self, cursor: &mut Cursor) -> Result<Option<Cow<'a, str>>> {
        either!(self.next_key(cursor))
    }

    pub(super) fn open_list(&mut self) -> Result<Cursor> {
        either!(self.open_list())
    }

    /// Whether there is one more element, and moves to it.
    pub(super) fn next_element(&mut self, cursor: &mut Cursor) -> Result<bool> {
        either!(self.next_element(cursor))
    }

    pub(super) fn boolean(&mut self) -> Result<bool> {
        either!(self.boolean())
    }

    pub(super) fn integer(&mut self) -> Result<i64> {
        either!(self.integer())
    }

    pub(super) fn float(&mut self) -> Result<f64> {
        either!(self.float())
    }

    /// A number of a document: nothing is expected of it.
    pub(super) fn number(&mut self) -> Result<Number> {
        either!(self.number())
    }

    pub(super) fn string(&mut self) -> Result<Cow<'a, str>> {
        either!(self.string())
    }

    pub(super) fn blob(&mut self) -> Result<Vec<u8>> {
        either!(self.blob())
    }

    /// Seconds since 1970.
    pub(super) fn epoch_seconds(&mut self) -> Result<Timestamp> {
        either!(self.epoch_seconds())
    }
}
