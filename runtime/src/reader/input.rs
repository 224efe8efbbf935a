//! What the two formats have in common, as the reader sees it.

use super::cbor::CborInput;
use super::json::JsonInput;
#[cfg(feature = "rest")]
use super::text::TextInput;
#[cfg(feature = "xml")]
use super::tree::TreeInput;
use crate::{DecodeError, Number, Timestamp};
use std::borrow::Cow;

pub(super) type Result<T> = std::result::Result<T, DecodeError>;

/// A body and the place that reading has come to.
pub(super) enum Input<'a> {
    Json(JsonInput<'a>),
    Cbor(CborInput<'a>),
    #[cfg(feature = "rest")]
    Text(TextInput<'a>),
    #[cfg(feature = "xml")]
    Tree(TreeInput<'a>),
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
#[derive(Clone, Copy, Default)]
pub(super) struct Cursor {
    /// Whether nothing of the container has been read.
    pub(super) first: bool,
    /// How many entries come, where the format says so.
    pub(super) left: Option<u64>,
}

impl Cursor {
    pub(super) fn with(left: Option<u64>) -> Self {
        Self { first: true, left }
    }
}

/// Calls a method of whichever input it is.
macro_rules! either {
    ($self:ident.$method:ident($($argument:expr),*)) => {
        match $self {
            Input::Json(input) => input.$method($($argument),*),
            Input::Cbor(input) => input.$method($($argument),*),
            #[cfg(feature = "rest")]
            Input::Text(input) => input.$method($($argument),*),
            #[cfg(feature = "xml")]
            Input::Tree(input) => input.$method($($argument),*),
        }
    };
}

impl<'a> Input<'a> {
    #[inline]
    pub(super) fn offset(&self) -> usize {
        either!(self.offset())
    }

    /// Whether nothing is left but what may follow a body.
    #[inline]
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
    #[inline]
    pub(super) fn take_null(&mut self) -> Result<bool> {
        either!(self.take_null())
    }

    /// Opens the map that a structure or union is.
    #[cfg_attr(not(feature = "xml"), expect(unused_variables, reason = "XML alone has attributes"))]
    pub(super) fn open_structure(&mut self, is_union: bool) -> Result<Cursor> {
        match self {
            Input::Json(input) => input.open_map(),
            Input::Cbor(input) => input.open_map(),
            #[cfg(feature = "rest")]
            Input::Text(input) => input.open_map(),
            #[cfg(feature = "xml")]
            Input::Tree(input) => input.open_structure(is_union),
        }
    }

    pub(super) fn open_map(&mut self) -> Result<Cursor> {
        either!(self.open_map())
    }

    /// Whether there is one more key, and moves to it; if not, passes the map's
    /// end.
    #[inline]
    pub(super) fn more_keys(&mut self, cursor: &mut Cursor) -> Result<bool> {
        either!(self.more_keys(cursor))
    }

    /// Moves to the value that comes if its key is `name`. May overlook keys and
    /// values in rare spellings, but then moves nowhere.
    #[inline]
    pub(super) fn match_member(&mut self, name: &str) -> bool {
        either!(self.match_member(name))
    }

    /// Passes over the key that comes if it is `name`, spelt in the usual way.
    #[inline]
    pub(super) fn match_key(&mut self, name: &str) -> bool {
        either!(self.match_key(name))
    }

    /// The key, however it is spelt.
    pub(super) fn key(&mut self) -> Result<Cow<'a, str>> {
        either!(self.key())
    }

    /// Moves from a key to its value.
    #[inline]
    pub(super) fn begin_value(&mut self) -> Result<()> {
        match self {
            Input::Json(input) => input.colon(),
            Input::Cbor(_) => Ok(()),
            #[cfg(feature = "rest")]
            Input::Text(_) => Ok(()),
            #[cfg(feature = "xml")]
            Input::Tree(input) => {
                input.begin_value();
                Ok(())
            }
        }
    }

    pub(super) fn open_list(&mut self) -> Result<Cursor> {
        either!(self.open_list())
    }

    /// Whether there is one more element, and moves to it.
    #[inline]
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

    /// Passes over a number of any size.
    pub(super) fn skip_number(&mut self) -> Result<()> {
        either!(self.skip_number())
    }

    /// Reads a string that is one slice of the body. Of anything else it reads
    /// nothing.
    #[inline]
    pub(super) fn plain_string(&mut self) -> Option<&'a str> {
        either!(self.plain_string())
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

/// Whether two names are the same. Most are so short that calling the general
/// comparison costs more than comparing.
#[inline]
pub(super) fn same_name(a: &[u8], b: &[u8]) -> bool {
    let word = |bytes: Option<&[u8; 8]>| bytes.map(|bytes| u64::from_ne_bytes(*bytes));
    match a.len() {
        length if length != b.len() => false,
        8..=16 => word(a.first_chunk()) == word(b.first_chunk()) && word(a.last_chunk()) == word(b.last_chunk()),
        _ => a == b,
    }
}
