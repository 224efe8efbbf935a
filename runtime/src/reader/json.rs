//! A JSON tokenizer (RFC 8259) over text that is known to be UTF-8.
//!
//! Strict about the grammar. One liberty: half of a surrogate pair, which an
//! escape can say and UTF-8 cannot, becomes U+FFFD. A service that cuts text
//! in the middle of a character should not make its whole answer unreadable.

use super::input::{Cursor, Kind, Result, same_name};
use crate::decimal::scaled;
use crate::{DecodeError, Number, Timestamp};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::borrow::Cow;

/// Padding may be there or not; both occur in answers of AWS services.
const FORGIVING: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Integers of so many digits fit into 64 bits, whatever the digits.
const SAFE_DIGITS: usize = 18;

pub(super) struct JsonInput<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> JsonInput<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn offset(&self) -> usize {
        self.at
    }

    pub(super) fn stop(&mut self) {
        self.at = self.text.len();
    }

    pub(super) fn at_end(&mut self) -> bool {
        self.peek().is_none()
    }

    /// The next byte that is not white space.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.byte() {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                other => return other,
            }
        }
    }

    #[inline]
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// The text from `start` to here. Both are next to ASCII characters.
    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    #[cold]
    fn unexpected(&mut self, expected: &str) -> DecodeError {
        let found = match self.peek().map(kind_of) {
            None => "the end",
            Some(None) => "an unexpected character",
            Some(Some(kind)) => kind.found(),
        };
        DecodeError::mismatch(expected, found, self.at)
    }

    pub(super) fn kind(&mut self) -> Result<Kind> {
        match self.peek().and_then(kind_of) {
            Some(kind) => Ok(kind),
            None => Err(self.unexpected("a value")),
        }
    }

    /// Passes over `byte`, if it comes next.
    #[inline]
    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn take_word(&mut self, word: &str) -> Result<()> {
        if !self.rest().starts_with(word.as_bytes()) {
            return Err(DecodeError::mismatch("a value", "an unexpected character", self.at));
        }
        self.at += word.len();
        Ok(())
    }

    #[inline]
    pub(super) fn take_null(&mut self) -> Result<bool> {
        match self.peek() {
            Some(b'n') => self.take_word("null").map(|()| true),
            _ => Ok(false),
        }
    }

    pub(super) fn open_map(&mut self) -> Result<Cursor> {
        self.open(b'{', "an object")
    }

    pub(super) fn open_list(&mut self) -> Result<Cursor> {
        self.open(b'[', "a list")
    }

    fn open(&mut self, bracket: u8, expected: &str) -> Result<Cursor> {
        if self.take(bracket) { Ok(Cursor::with(None)) } else { Err(self.unexpected(expected)) }
    }

    /// Stops after a key's opening quote.
    #[inline]
    pub(super) fn more_keys(&mut self, cursor: &mut Cursor) -> Result<bool> {
        if let ([b',', b'"', ..], false) = (self.rest(), cursor.first) {
            self.at += 2;
            return Ok(true);
        }
        if !self.next(cursor, b'}', "a comma or the end of the object")? {
            return Ok(false);
        }
        if self.take(b'"') { Ok(true) } else { Err(self.unexpected("a member name")) }
    }

    #[inline]
    pub(super) fn match_key(&mut self, name: &str) -> bool {
        let rest = self.rest();
        let matches = rest.get(name.len()) == Some(&b'"') && rest.starts_with(name.as_bytes());
        if matches {
            self.at += name.len() + 1;
        }
        matches
    }

    /// `name":` and then what is neither white space nor null.
    #[inline]
    pub(super) fn match_member(&mut self, name: &str) -> bool {
        let matches = match self.rest().split_at_checked(name.len()) {
            Some((key, [b'"', b':', value, ..])) => *value > b' ' && *value != b'n' && same_name(key, name.as_bytes()),
            _ => false,
        };
        if matches {
            self.at += name.len() + 2;
        }
        matches
    }

    pub(super) fn key(&mut self) -> Result<Cow<'a, str>> {
        self.string_body()
    }

    #[inline]
    pub(super) fn colon(&mut self) -> Result<()> {
        if self.take(b':') { Ok(()) } else { Err(self.unexpected("a colon")) }
    }

    #[inline]
    pub(super) fn next_element(&mut self, cursor: &mut Cursor) -> Result<bool> {
        self.next(cursor, b']', "a comma or the end of the list")
    }

    #[inline]
    fn next(&mut self, cursor: &mut Cursor, end: u8, expected: &str) -> Result<bool> {
        let first = std::mem::replace(&mut cursor.first, false);
        if self.take(end) {
            return Ok(false);
        }
        if first || self.take(b',') { Ok(true) } else { Err(self.unexpected(expected)) }
    }

    pub(super) fn boolean(&mut self) -> Result<bool> {
        match self.peek() {
            Some(b't') => self.take_word("true").map(|()| true),
            Some(b'f') => self.take_word("false").map(|()| false),
            _ => Err(self.unexpected("a boolean")),
        }
    }

    #[inline]
    pub(super) fn plain_string(&mut self) -> Option<&'a str> {
        let body = match self.rest() {
            [b'"', body @ ..] => body,
            _ => return None,
        };
        let end = plain_length(body);
        if body.get(end) != Some(&b'"') {
            return None;
        }
        let start = self.at + 1;
        self.at = start + end + 1;
        self.text.get(start..start + end)
    }

    pub(super) fn string(&mut self) -> Result<Cow<'a, str>> {
        if !self.take(b'"') {
            return Err(self.unexpected("a string"));
        }
        self.string_body()
    }

    /// Reads on after the opening quote.
    fn string_body(&mut self) -> Result<Cow<'a, str>> {
        let start = self.at;
        self.at += plain_length(self.rest());
        let plain = self.since(start);
        if self.byte() == Some(b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(plain));
        }
        self.unescape(plain).map(Cow::Owned)
    }

    /// Reads on in a string from its first escape.
    fn unescape(&mut self, plain: &str) -> Result<String> {
        let mut text = String::with_capacity(plain.len() + 16);
        text.push_str(plain);
        loop {
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => {
                    self.at += 1;
                    text.push(self.escape()?);
                }
                Some(_) => return Err(self.invalid("a control character in a string")),
                None => return Err(self.invalid("a string without end")),
            }
            let start = self.at;
            self.at += plain_length(self.rest());
            text.push_str(self.since(start));
        }
    }

    fn invalid(&self, what: &str) -> DecodeError {
        DecodeError::new(format!("found {what}"), self.at)
    }

    fn escape(&mut self) -> Result<char> {
        let escaped = match self.byte() {
            Some(same @ (b'"' | b'\\' | b'/')) => char::from(same),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.invalid("an unknown escape in a string")),
        };
        self.at += 1;
        Ok(escaped)
    }

    /// `u` and four hexadecimal digits; two such escapes for a surrogate pair.
    fn unicode_escape(&mut self) -> Result<char> {
        let high = self.hex_escape()?;
        if !(0xD800..0xDC00).contains(&high) {
            return Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let after_high = self.at;
        if self.rest().starts_with(b"\\u") {
            self.at += 1;
            let low = self.hex_escape()?;
            if (0xDC00..0xE000).contains(&low) {
                let code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = after_high;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex_escape(&mut self) -> Result<u32> {
        let digits = self.rest().get(1..5).unwrap_or_default();
        let code = digits.iter().try_fold(0, |code, digit| Some(code * 16 + char::from(*digit).to_digit(16)?));
        match code {
            Some(code) if digits.len() == 4 => {
                self.at += 5;
                Ok(code)
            }
            _ => Err(self.invalid("an unknown escape in a string")),
        }
    }

    /// A number as it stands there.
    fn digits(&mut self, expected: &str) -> Result<&'a str> {
        if !matches!(self.peek(), Some(b'-' | b'0'..=b'9')) {
            return Err(self.unexpected(expected));
        }
        let start = self.at;
        self.at += usize::from(self.byte() == Some(b'-'));
        let leading_zero = self.byte() == Some(b'0');
        let whole = self.skip_digits()?;
        if leading_zero && whole > 1 {
            return Err(self.invalid("a number with a leading zero"));
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.skip_digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.skip_digits()?;
        }
        Ok(self.since(start))
    }

    fn skip_digits(&mut self) -> Result<usize> {
        let count = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        if count == 0 { Err(self.invalid("a number that ends too early")) } else { Ok(count) }
    }

    pub(super) fn integer(&mut self) -> Result<i64> {
        self.peek();
        let at = self.at;
        let text = self.digits("an integer")?;
        if text.len() <= SAFE_DIGITS
            && let Ok(value) = text.parse()
        {
            return Ok(value);
        }
        let exact = scaled(text, 0).filter(|scaled| !scaled.cut).and_then(|scaled| i64::try_from(scaled.value).ok());
        exact.ok_or_else(|| DecodeError::mismatch("an integer", "a fraction or a number out of range", at))
    }

    pub(super) fn float(&mut self) -> Result<f64> {
        self.peek();
        let at = self.at;
        if self.byte() == Some(b'"') {
            return match &*self.string()? {
                "NaN" => Ok(f64::NAN),
                "Infinity" => Ok(f64::INFINITY),
                "-Infinity" => Ok(f64::NEG_INFINITY),
                _ => Err(DecodeError::mismatch("a number, NaN or an infinity", "another string", at)),
            };
        }
        finite(self.digits("a number")?, at)
    }

    pub(super) fn number(&mut self) -> Result<Number> {
        self.peek();
        let at = self.at;
        let text = self.digits("a number")?;
        if let Ok(value) = text.parse::<u64>() {
            return Ok(value.into());
        }
        text.parse::<i64>().map(Number::from).or_else(|_| finite(text, at).map(Number::from))
    }

    pub(super) fn skip_number(&mut self) -> Result<()> {
        self.digits("a number").map(drop)
    }

    pub(super) fn blob(&mut self) -> Result<Vec<u8>> {
        self.peek();
        let at = self.at;
        let text = self.string()?;
        FORGIVING.decode(text.as_bytes()).map_err(|_| DecodeError::mismatch("base64", "another string", at))
    }

    pub(super) fn epoch_seconds(&mut self) -> Result<Timestamp> {
        self.peek();
        let at = self.at;
        let text = self.digits("a timestamp")?;
        Timestamp::from_decimal(text).ok_or_else(|| DecodeError::mismatch("a timestamp", "a number out of range", at))
    }
}

fn finite(text: &str, at: usize) -> Result<f64> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => Err(DecodeError::mismatch("a number", "a number out of range", at)),
    }
}

fn kind_of(byte: u8) -> Option<Kind> {
    Some(match byte {
        b'{' => Kind::Map,
        b'[' => Kind::List,
        b'"' => Kind::String,
        b'-' | b'0'..=b'9' => Kind::Number,
        b't' | b'f' => Kind::Bool,
        b'n' => Kind::Null,
        _ => return None,
    })
}

/// How many bytes come before the first quote, backslash or control character.
fn plain_length(bytes: &[u8]) -> usize {
    let (words, tail) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let marks = special_bytes(u64::from_le_bytes(*word));
        if marks != 0 {
            return index * 8 + marks.trailing_zeros() as usize / 8;
        }
    }
    let plain = tail.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)).count();
    words.len() * 8 + plain
}

/// Sets the top bit of the first byte of eight that ends a plain run (and
/// possibly of some after it): a borrow only ever comes from a byte that is
/// itself a hit.
fn special_bytes(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = 0x8080_8080_8080_8080;
    let quotes = word ^ (ONES * b'"' as u64);
    let backslashes = word ^ (ONES * b'\\' as u64);
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word;
    (below(quotes, 1) | below(backslashes, 1) | below(word, 0x20)) & TOPS
}
