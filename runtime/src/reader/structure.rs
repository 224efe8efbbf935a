//! Structures: members by name, in any order.

use super::input::Cursor;
#[cfg(feature = "xml")]
use super::input::Input;
#[cfg(feature = "rest")]
use super::message::Received;
use super::strict::{Phase, Strict};
use super::{NamedReader, Reader};
#[cfg(feature = "xml")]
use crate::names::Names;
use crate::{DecodeError, Value};
use std::borrow::Cow;

/// Reads the members of a structure, in passes: see [`Value`].
///
/// In a pass each call compares its name with the key that comes next, and on
/// a match reads the value and moves on to the following key. Thus members
/// that arrive in the model's order, as they nearly always do, take a single
/// pass with one comparison each.
///
/// That comparison is with the bytes of the body. If a whole pass matched
/// nothing, the key is decoded, since it may be spelt in another way, and a
/// second pass compares text. If that matches nothing either, the key is
/// unknown and its value passed over.
pub struct StructureReader<'r, 'a> {
    pub(super) reader: &'r mut Reader<'a>,
    name: &'static str,
    cursor: Cursor,
    pub(super) next: Next<'a>,
    /// Whether this pass has read something.
    matched: bool,
    strict: Option<Box<Strict<'a>>>,
    /// Whether members with another place than the body have been read.
    #[cfg(feature = "rest")]
    pub(super) is_message: bool,
}

/// What the reader has come to.
pub(super) enum Next<'a> {
    /// What is beside the body.
    #[cfg(feature = "rest")]
    Head(&'a Received<'a>),
    /// A key, not yet read.
    Key,
    /// The value of this key.
    Value(Cow<'a, str>),
    /// The end, or an error.
    End,
}

impl<'r, 'a> StructureReader<'r, 'a> {
    pub(super) fn begin(reader: &'r mut Reader<'a>, name: &'static str, is_union: bool) -> Self {
        let strict = reader.strict.then(Box::default);
        let mut members = Self {
            reader,
            name,
            cursor: Cursor::default(),
            next: Next::End,
            matched: true,
            strict,
            #[cfg(feature = "rest")]
            is_message: false,
        };
        #[cfg(feature = "rest")]
        if let Some(message) = members.reader.message.take() {
            members.next = Next::Head(message);
            return members;
        }
        members.open(is_union);
        members
    }

    /// Begins the object that has the members.
    pub(super) fn open(&mut self, is_union: bool) {
        if self.reader.failed() || self.reader.depth == 0 && self.reader.is_empty_body() {
            return;
        }
        match self.reader.open_structure(is_union) {
            Ok(cursor) => {
                self.cursor = cursor;
                self.advance();
            }
            Err(error) => self.reader.fail(error),
        }
    }

    /// Whether another pass over the members is needed.
    #[expect(clippy::should_implement_trait, reason = "yields no items")]
    pub fn next(&mut self) -> bool {
        if !self.matched {
            match &self.next {
                #[cfg(feature = "rest")]
                Next::Head(message) => {
                    let message = *message;
                    self.begin_body(message);
                }
                Next::Key => self.read_key(),
                Next::Value(_) if self.strict.is_none() => self.skip(),
                _ => {}
            }
        }
        if self.strict.is_some() {
            return self.next_strict();
        }
        self.matched = false;
        !matches!(self.next, Next::End)
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

    /// Compares the next line with the key that comes as what these names say.
    #[cfg(feature = "xml")]
    pub(super) fn expect(&mut self, names: &'static Names) {
        if let Input::Tree(input) = &mut self.reader.input {
            input.expect(names);
        }
    }

    /// A member that may be absent.
    pub fn member(&mut self, name: &'static str, value: &mut dyn Value) {
        if self.comes(name, false) {
            self.read(name, value);
        }
    }

    /// A member that the model requires. Lenient reading does without.
    pub fn required(&mut self, name: &'static str, value: &mut dyn Value) {
        if self.comes(name, true) {
            self.read(name, value);
        }
    }

    /// Whether the value of this member comes next. Null is as good as absent.
    #[inline(always)] // 2 % of the time that reading JSON takes.
    pub(super) fn comes(&mut self, name: &'static str, required: bool) -> bool {
        if let Next::Key = self.next
            && self.reader.input.match_member(name)
        {
            self.matched = true;
            return true;
        }
        self.comes_somehow(name, required)
    }

    /// The same for keys and values in any spelling.
    fn comes_somehow(&mut self, name: &'static str, required: bool) -> bool {
        let matches = match &self.next {
            Next::Key => self.reader.input.match_key(name),
            Next::Value(key) => key == name,
            Next::End => false,
            #[cfg(feature = "rest")]
            Next::Head(_) => false,
        };
        if !matches {
            if let Some(strict) = &mut self.strict {
                strict.note(name, required);
            }
            return false;
        }
        // What is required cannot be absent: its value has to say whether it may be null, as documents may.
        let keeps_null = required && self.strict.is_some();
        self.begin_value_or_null(keeps_null)
    }

    /// Moves from the key to its value. If that is null, it is passed over.
    pub(super) fn begin_value(&mut self) -> bool {
        self.begin_value_or_null(false)
    }

    fn begin_value_or_null(&mut self, keeps_null: bool) -> bool {
        self.matched = true;
        let input = &mut self.reader.input;
        match input.begin_value().and_then(|()| Ok(!keeps_null && input.take_null()?)) {
            Ok(false) => return true,
            Ok(true) => self.advance(),
            Err(error) => self.fail(error),
        }
        false
    }

    /// Reads the value of the member that comes next.
    pub(super) fn read(&mut self, name: &'static str, value: &mut dyn Value) {
        value.read(self.reader);
        if self.reader.failed() {
            return self.failed_within(name);
        }
        if let Some(strict) = &mut self.strict {
            strict.saw(name);
        }
        self.advance();
    }

    /// Moves on to the next key.
    fn advance(&mut self) {
        match self.reader.more_keys(&mut self.cursor) {
            Ok(true) => self.next = Next::Key,
            Ok(false) => self.next = Next::End,
            Err(error) => self.fail(error),
        }
    }

    /// Reads a key that is not spelt like any member.
    #[cold]
    fn read_key(&mut self) {
        self.matched = true;
        match self.reader.input.key() {
            Ok(key) => self.next = Next::Value(key),
            Err(error) => self.fail(error),
        }
    }

    /// The key that has been read.
    pub(super) fn key(&self) -> Option<&str> {
        match &self.next {
            Next::Value(key) => Some(key),
            _ => None,
        }
    }

    /// Passes over the member that comes next.
    #[cold]
    pub(super) fn skip(&mut self) {
        if self.begin_value() {
            self.skip_value();
        }
    }

    pub(super) fn skip_value(&mut self) {
        match self.reader.skip() {
            Ok(()) => self.advance(),
            Err(mut error) => {
                error.path_mut().prepend_member(self.key().unwrap_or_default());
                self.fail(error);
            }
        }
    }

    #[cold]
    pub(super) fn failed_within(&mut self, name: &str) {
        self.reader.within(|path| path.prepend_member(name));
        self.next = Next::End;
    }

    #[cold]
    pub(super) fn fail(&mut self, error: DecodeError) {
        self.reader.fail(error);
        self.next = Next::End;
    }

    pub(super) fn is_strict(&self) -> bool {
        self.strict.is_some()
    }

    /// Strict reading adds passes that only learn names.
    #[cold]
    fn next_strict(&mut self) -> bool {
        let Some(strict) = &mut self.strict else { return false };
        if self.reader.failed() {
            return false;
        }
        if !matches!(strict.phase, Phase::Reading) {
            if let Some(message) = strict.verdict(self.name) {
                self.fail(DecodeError::new(message, self.reader.input.offset()));
            }
            return false;
        }
        if let Next::End = self.next {
            strict.phase = Phase::Required;
        } else if let (false, Next::Value(key)) = (self.matched, &mut self.next) {
            strict.phase = Phase::Unknown(std::mem::take(key));
            self.next = Next::End;
        }
        self.matched = false;
        true
    }
}
