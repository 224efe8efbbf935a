//! Structures: members by name, in any order.

use std::borrow::Cow;

use super::Reader;
use super::input::{Cursor, Result};
use super::strict::{Phase, Strict};
use crate::{DecodeError, TimestampFormat, Value};

/// Reads the members of a structure, in passes.
///
/// ```ignore
/// let mut members = reader.structure("Fleet");
/// while members.next() {
///     members.required("Name", &mut self.name);
///     members.member("Arn", &mut self.arn);
/// }
/// ```
///
/// In a pass each call compares its name with the key that comes next, and on
/// a match reads the value and moves on to the following key. Thus members
/// that arrive in the model's order, as they nearly always do, take a single
/// pass with one comparison each. A key that a whole pass did not match is
/// unknown and its value passed over.
pub struct StructureReader<'r, 'a> {
    pub(super) reader: &'r mut Reader<'a>,
    name: &'static str,
    /// `None` after the end or an error.
    cursor: Option<Cursor>,
    /// The key that comes next; empty if none does. No member has that name.
    pub(super) key: Cow<'a, str>,
    /// Whether this pass has read something.
    pub(super) matched: bool,
    strict: Option<Box<Strict<'a>>>,
}

impl<'r, 'a> StructureReader<'r, 'a> {
    pub(super) fn begin(reader: &'r mut Reader<'a>, name: &'static str) -> Self {
        let strict = reader.strict.then(Box::default);
        reader.format = TimestampFormat::default();
        let mut members = Self { reader, name, cursor: None, key: Cow::Borrowed(""), matched: true, strict };
        if members.reader.failed() || members.reader.depth == 0 && members.reader.input.at_end() {
            return members;
        }
        match members.reader.open_map() {
            Ok(cursor) => members.cursor = Some(cursor),
            Err(error) => members.reader.fail(error),
        }
        members.advance();
        members
    }

    /// Whether another pass over the members is needed.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> bool {
        if self.strict.is_some() {
            return self.next_strict();
        }
        if !self.matched {
            self.skip_unknown();
        }
        self.matched = false;
        self.cursor.is_some()
    }

    /// How the timestamps of the next member are written, those in its lists
    /// and maps too, but not those in its structures.
    pub fn timestamp_format(&mut self, format: TimestampFormat) -> &mut Self {
        self.reader.format = format;
        self
    }

    /// A member that may be absent.
    pub fn member(&mut self, name: &'static str, value: &mut dyn Value) {
        if *self.key == *name {
            self.read(name, value);
        } else if let Some(strict) = &mut self.strict {
            strict.note(name, false);
        }
        self.reader.format = TimestampFormat::default();
    }

    /// A member that the model requires. Lenient reading does without.
    pub fn required(&mut self, name: &'static str, value: &mut dyn Value) {
        if *self.key == *name {
            self.read(name, value);
        } else if let Some(strict) = &mut self.strict {
            strict.note(name, true);
        }
        self.reader.format = TimestampFormat::default();
    }

    /// Reads the member that comes next.
    pub(super) fn read(&mut self, name: &'static str, value: &mut dyn Value) {
        self.matched = true;
        if let Some(strict) = &mut self.strict {
            let result = self.reader.input.take_null();
            if self.reader.keep(result) {
                return self.advance();
            }
            strict.saw(name);
        }
        match self.reader.value(value) {
            Ok(()) => self.advance(),
            Err(mut error) => {
                error.path_mut().prepend_member(name);
                self.fail(error);
            }
        }
    }

    /// Moves on to the next key.
    pub(super) fn advance(&mut self) {
        match self.next_key() {
            Ok(Some(key)) => self.key = key,
            Ok(None) => self.end(),
            Err(error) => self.fail(error),
        }
    }

    /// Members that are null are as good as absent. Strict reading still has to
    /// look at their names.
    fn next_key(&mut self) -> Result<Option<Cow<'a, str>>> {
        let Some(cursor) = &mut self.cursor else { return Ok(None) };
        loop {
            let key = self.reader.next_key(cursor)?;
            if key.is_none() || self.strict.is_some() || !self.reader.input.take_null()? {
                return Ok(key);
            }
        }
    }

    /// Passes over the value of a key that nothing has asked for.
    pub(super) fn skip_unknown(&mut self) {
        match self.reader.skip() {
            Ok(()) => self.advance(),
            Err(mut error) => {
                error.path_mut().prepend_member(&self.key);
                self.fail(error);
            }
        }
    }

    /// Whether a pass is under way that reads: neither one that only learns
    /// names nor one after the end.
    pub(super) fn is_reading(&self) -> bool {
        self.cursor.is_some()
    }

    fn end(&mut self) {
        self.cursor = None;
        self.key = Cow::Borrowed("");
    }

    #[cold]
    pub(super) fn fail(&mut self, error: DecodeError) {
        self.reader.fail(error);
        self.end();
    }

    pub(super) fn is_strict(&self) -> bool {
        self.strict.is_some()
    }

    /// The same for strict reading, which adds passes that only learn names.
    #[cold]
    fn next_strict(&mut self) -> bool {
        let Some(strict) = &mut self.strict else { return false };
        if self.reader.failed() {
            return false;
        }
        if !matches!(strict.phase, Phase::Reading) {
            if let Some(message) = strict.verdict(self.name) {
                let error = DecodeError::new(message, self.reader.input.offset());
                self.fail(error);
            }
            return false;
        }
        if self.cursor.is_none() {
            strict.phase = Phase::Required;
        } else if !self.matched {
            strict.phase = Phase::Unknown(std::mem::take(&mut self.key));
            self.cursor = None;
        }
        self.matched = false;
        true
    }

    /// Notes a member of a union that does not come next.
    pub(super) fn note(&mut self, name: &'static str) {
        if let Some(strict) = &mut self.strict {
            strict.note(name, false);
        }
    }
}
