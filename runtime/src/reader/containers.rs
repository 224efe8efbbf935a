//! Lists and maps.

use std::borrow::Cow;

use super::Reader;
use super::input::{Cursor, Result};
use crate::Value;

/// At most so many elements are believed in advance.
const MAX_RESERVE: u64 = 16;

/// Reads the elements of a list.
///
/// ```ignore
/// let mut list = reader.list();
/// while list.next(T::is_nullable()) {
///     let mut element = T::default();
///     list.element(&mut element);
///     self.push(element);
/// }
/// ```
pub struct ListReader<'r, 'a> {
    reader: &'r mut Reader<'a>,
    /// `None` after the end or an error.
    cursor: Option<Cursor>,
    index: usize,
}

impl<'r, 'a> ListReader<'r, 'a> {
    pub(super) fn begin(reader: &'r mut Reader<'a>) -> Self {
        let cursor = reader.open_list().map(Some);
        Self { cursor: reader.keep(cursor), reader, index: 0 }
    }

    /// How many elements to make room for.
    pub fn size_hint(&self) -> usize {
        self.cursor.and_then(|cursor| cursor.left).unwrap_or_default().min(MAX_RESERVE) as usize
    }

    /// Whether there is one more element, which must then be read. Nulls are
    /// passed over unless they are wanted.
    pub fn next(&mut self, nulls: bool) -> bool {
        let result = self.advance(nulls);
        let more = self.reader.keep(result);
        if !more {
            self.cursor = None;
        }
        more
    }

    fn advance(&mut self, nulls: bool) -> Result<bool> {
        let Some(cursor) = &mut self.cursor else { return Ok(false) };
        while self.reader.next_element(cursor)? {
            if nulls || !self.reader.input.take_null()? {
                return Ok(true);
            }
            self.index += 1;
        }
        Ok(false)
    }

    /// Reads the element.
    pub fn element(&mut self, value: &mut dyn Value) {
        if let Err(mut error) = self.reader.value(value) {
            error.path_mut().prepend_index(self.index);
            self.reader.fail(error);
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
}

impl<'r, 'a> MapReader<'r, 'a> {
    pub(super) fn begin(reader: &'r mut Reader<'a>) -> Self {
        let cursor = reader.open_map().map(Some);
        Self { cursor: reader.keep(cursor), reader }
    }

    /// The next key, whose value must then be read. Entries that are null are
    /// passed over unless they are wanted.
    pub fn next(&mut self, nulls: bool) -> Option<Cow<'a, str>> {
        let result = self.advance(nulls);
        let key = self.reader.keep(result);
        if key.is_none() {
            self.cursor = None;
        }
        key
    }

    fn advance(&mut self, nulls: bool) -> Result<Option<Cow<'a, str>>> {
        let Some(cursor) = &mut self.cursor else { return Ok(None) };
        while let Some(key) = self.reader.next_key(cursor)? {
            if nulls || !self.reader.input.take_null()? {
                return Ok(Some(key));
            }
        }
        Ok(None)
    }

    /// Reads the value of `key`.
    pub fn value(&mut self, key: &str, value: &mut dyn Value) {
        if let Err(mut error) = self.reader.value(value) {
            error.path_mut().prepend_key(key);
            self.reader.fail(error);
            self.cursor = None;
        }
    }
}
