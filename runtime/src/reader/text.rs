//! Text outside of bodies, as it is read: labels, queries, headers, and payloads that are text or bytes.

use super::input::{Cursor, Kind, Result};
use crate::{DecodeError, Number, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::borrow::Cow;

/// Texts with the keys that they have in a map.
pub(super) struct TextInput<'a> {
    entries: Vec<Entry<'a>>,
    /// How many keys have been read.
    keys: usize,
    notation: TextNotation,
    /// Whether a list is being read.
    in_list: bool,
    /// The elements of the list that are left.
    elements: Vec<Cow<'a, str>>,
}

/// A key and what it has.
pub(super) struct Entry<'a> {
    pub key: String,
    pub values: Vec<Cow<'a, [u8]>>,
}

/// How lists and bytes are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TextNotation {
    /// Lists are several texts, bytes base64.
    Plain,
    /// Lists have commas between elements, which may be quoted; bytes are base64.
    Header,
    /// One text, which is bytes too.
    Raw,
}

impl<'a> TextInput<'a> {
    pub(super) fn new(entries: Vec<Entry<'a>>, notation: TextNotation) -> Self {
        Self { entries, keys: 0, notation, in_list: false, elements: Vec::new() }
    }

    pub(super) fn offset(&self) -> usize {
        0
    }

    /// Nobody asks: a text is read once, and whole.
    pub(super) fn at_end(&mut self) -> bool {
        true
    }

    pub(super) fn stop(&mut self) {
        self.entries.clear();
        self.elements.clear();
    }

    pub(super) fn kind(&mut self) -> Result<Kind> {
        // Text is what it is read as. Of those who ask only timestamps come here, and are read as numbers are.
        Ok(Kind::Number)
    }

    pub(super) fn take_null(&mut self) -> Result<bool> {
        Ok(false)
    }

    pub(super) fn open_map(&mut self) -> Result<Cursor> {
        Ok(Cursor::with(None))
    }

    pub(super) fn more_keys(&mut self, _cursor: &mut Cursor) -> Result<bool> {
        Ok(self.keys < self.entries.len())
    }

    pub(super) fn match_member(&mut self, _name: &str) -> bool {
        false
    }

    pub(super) fn match_key(&mut self, _name: &str) -> bool {
        false
    }

    pub(super) fn key(&mut self) -> Result<Cow<'a, str>> {
        let key = self.entries.get(self.keys).map(|entry| entry.key.clone()).unwrap_or_default();
        self.keys += 1;
        Ok(Cow::Owned(key))
    }

    pub(super) fn open_list(&mut self) -> Result<Cursor> {
        let values = self.values().into_iter().map(text);
        self.elements = match self.notation {
            TextNotation::Header => values.flat_map(|value| elements(&value)).map(Cow::Owned).collect(),
            TextNotation::Plain | TextNotation::Raw => values.collect(),
        };
        self.elements.reverse();
        self.in_list = true;
        Ok(Cursor::with(None))
    }

    pub(super) fn next_element(&mut self, _cursor: &mut Cursor) -> Result<bool> {
        self.in_list = !self.elements.is_empty();
        Ok(self.in_list)
    }

    pub(super) fn boolean(&mut self) -> Result<bool> {
        match self.text().as_ref() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(mismatch("true or false")),
        }
    }

    pub(super) fn integer(&mut self) -> Result<i64> {
        self.text().trim().parse().map_err(|_| mismatch("an integer"))
    }

    pub(super) fn float(&mut self) -> Result<f64> {
        match self.text().trim() {
            "NaN" => Ok(f64::NAN),
            "Infinity" => Ok(f64::INFINITY),
            "-Infinity" => Ok(f64::NEG_INFINITY),
            text if text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.') => {
                text.parse().map_err(|_| mismatch("a number"))
            }
            _ => Err(mismatch("a number")),
        }
    }

    pub(super) fn number(&mut self) -> Result<Number> {
        self.float().map(Number::Float)
    }

    pub(super) fn skip_number(&mut self) -> Result<()> {
        Ok(())
    }

    pub(super) fn plain_string(&mut self) -> Option<&'a str> {
        None
    }

    pub(super) fn string(&mut self) -> Result<Cow<'a, str>> {
        Ok(self.text())
    }

    pub(super) fn blob(&mut self) -> Result<Vec<u8>> {
        if self.notation == TextNotation::Raw {
            return Ok(self.values().into_iter().next().unwrap_or_default().into_owned());
        }
        STANDARD.decode(self.text().trim()).map_err(|_| mismatch("base64"))
    }

    pub(super) fn epoch_seconds(&mut self) -> Result<Timestamp> {
        let mut text = self.text();
        // Dates have commas of their own.
        if self.in_list && Timestamp::from_text(&text).is_none() && !self.elements.is_empty() {
            text = Cow::Owned(format!("{text}, {}", self.elements.pop().unwrap_or_default()));
        }
        Timestamp::from_text(&text).ok_or_else(|| mismatch("a timestamp"))
    }

    /// The text that comes next.
    fn text(&mut self) -> Cow<'a, str> {
        if self.in_list {
            return self.elements.pop().unwrap_or_default();
        }
        self.values().into_iter().next().map(text).unwrap_or_default()
    }

    /// Everything under the key that was read last.
    fn values(&mut self) -> Vec<Cow<'a, [u8]>> {
        self.entries
            .get_mut(self.keys.saturating_sub(1))
            .map(|entry| std::mem::take(&mut entry.values))
            .unwrap_or_default()
    }
}

fn mismatch(expected: &str) -> DecodeError {
    DecodeError::mismatch(expected, "other text", 0)
}

fn text(bytes: Cow<'_, [u8]>) -> Cow<'_, str> {
    match bytes {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// The elements of a list in a header. What begins with a quote ends with one, and has commas of its own.
fn elements(value: &str) -> Vec<String> {
    let mut elements = Vec::new();
    let mut rest = value.trim();
    while !rest.is_empty() {
        let (element, after) = match rest.strip_prefix('"') {
            Some(inside) => quoted(inside),
            None => {
                let (element, after) = rest.split_once(',').unwrap_or((rest, ""));
                (element.trim().to_owned(), after)
            }
        };
        elements.push(element);
        rest = after.trim();
    }
    elements
}

/// What stands before the closing quote, without escapes, and what comes after the comma behind it.
fn quoted(inside: &str) -> (String, &str) {
    let mut element = String::new();
    let mut letters = inside.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => element.extend(letters.next().map(|(_, letter)| letter)),
            '"' => {
                let after = inside.get(at + 1..).unwrap_or_default();
                return (element, after.split_once(',').map_or("", |(_, after)| after));
            }
            letter => element.push(letter),
        }
    }
    (element, "")
}

#[cfg(test)]
mod tests {
    use super::elements;

    #[test]
    fn quotes_keep_commas_together() {
        for (value, expected) in [
            ("", &[][..]),
            ("a, b,c", &["a", "b", "c"]),
            (r#""b,c", "\"def\"", a"#, &["b,c", "\"def\"", "a"]),
            (r#""open"#, &["open"]),
            ("a,,b", &["a", "", "b"]),
        ] {
            assert_eq!(elements(value), expected, "{value}");
        }
    }
}
