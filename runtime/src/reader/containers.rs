//! Lists and maps.

use super::Reader;
use super::input::{Cursor, Result};
use crate::Value;
use std::borrow::Cow;

/// At most so many elements are believed in advance.
const MAX_RESERVE: u64 = 64;

/// Reads the elements of a list.
pub struct ListReader<'r, 'a> {
    reader: &'r mut Reader<'a>,
    /// `None` after the end or an error.
    cursor: Option<Cursor>,
    nulls: bool,
    index: usize,
}

impl<'r, 'a> ListReader<'r, 'a> {
    pub(super) fn begin(reader: &'r mut Reader<'a>, nulls: bool) -> Self {
        let cursor = reader.open_list().map(Some);
        Self { cursor: reader.keep(cursor), reader, nulls, index: 0 }
    }

    /// How many elements to make room for.
    pub fn size_hint(&self) -> usize {
        self.cursor.and_then(|cursor| cursor.left).unwrap_or_default().min(MAX_RESERVE) as usize
    }

    /// Whether there is one more element, which must then be read.
    pub fn more(&mut self) -> bool {
        self.more_of(0)
    }

    /// The same where each element takes `size` bytes of memory.
    pub(crate) fn more_of(&mut self, size: usize) -> bool {
        let result = self.advance().and_then(|more| {
            if more {
                self.reader.take_memory(size)?;
            }
            Ok(more)
        });
        let more = self.reader.keep(result);
        if !more {
            self.cursor = None;
        }
        more
    }

    fn advance(&mut self) -> Result<bool> {
        let Some(cursor) = &mut self.cursor else { return Ok(false) };
        while self.reader.next_element(cursor)? {
            if self.nulls || !self.reader.input.take_null()? {
                return Ok(true);
            }
            self.index += 1;
        }
        Ok(false)
    }

    /// Reads the element into a value which is null, if it can be.
    pub fn element(&mut self, value: &mut dyn Value) {
        self.reader.element(value, self.nulls);
        if self.reader.failed() {
            self.reader.within(|path| path.prepend_index(self.index));
            self.cursor = None;
        }
        self.index += 1;
    }
}

/// Reads the entries of a map, whose keys are text in every format.
pub struct MapReader<'r, 'a> {
    reader: &'r mut Reader<'a>,
    /// `None` after the end or an error.
    cursor: Option<Cursor>,
    nulls: bool,
}

impl<'r, 'a> MapReader<'r, 'a> {
    pub(super) fn begin(reader: &'r mut Reader<'a>, nulls: bool) -> Self {
        let cursor = reader.open_map().map(Some);
        Self { cursor: reader.keep(cursor), reader, nulls }
    }

    /// The next key, whose value must then be read.
    pub fn next_key(&mut self) -> Option<Cow<'a, str>> {
        let result = self.advance();
        let key = self.reader.keep(result);
        if key.is_none() {
            self.cursor = None;
        }
        key
    }

    fn advance(&mut self) -> Result<Option<Cow<'a, str>>> {
        let Some(cursor) = &mut self.cursor else { return Ok(None) };
        while self.reader.more_keys(cursor)? {
            let key = self.reader.input.key()?;
            self.reader.input.begin_value()?;
            if self.nulls || !self.reader.input.take_null()? {
                return Ok(Some(key));
            }
        }
        Ok(None)
    }

    /// Allows for an entry that takes `size` bytes of memory.
    pub(crate) fn make_room(&mut self, size: usize) {
        self.reader.make_room(size);
    }

    /// Reads the value of `key` into one which is null, if it can be.
    pub fn value(&mut self, key: &str, value: &mut dyn Value) {
        self.reader.element(value, self.nulls);
        if self.reader.failed() {
            self.reader.within(|path| path.prepend_key(key));
            self.cursor = None;
        }
    }
}
