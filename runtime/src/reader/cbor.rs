//! CBOR (RFC 8949) as Smithy's RPC v2 protocol uses it: `minicbor` reads
//! heads, this file decides what may stand where.
//!
//! Tags carry no meaning beyond what the model says already and are passed
//! over; lengths may be definite or not, heads longer than needed.

use super::input::{Cursor, Kind, Result, same_name};
use crate::{DecodeError, Number, Timestamp};
use minicbor::decode::{Decoder, Error};
use std::borrow::Cow;

const NULL: u8 = 0xF6;
const UNDEFINED: u8 = 0xF7;
const EPOCH_SECONDS: u8 = 0xC1;
const BREAK: u8 = 0xFF;
const BYTES_INDEFINITE: u8 = 0x5F;
const TEXT_INDEFINITE: u8 = 0x7F;

pub(super) struct CborInput<'a> {
    decoder: Decoder<'a>,
}

impl<'a> CborInput<'a> {
    pub(super) fn new(body: &'a [u8]) -> Self {
        Self { decoder: Decoder::new(body) }
    }

    pub(super) fn offset(&self) -> usize {
        self.decoder.position()
    }

    pub(super) fn stop(&mut self) {
        self.decoder.set_position(self.decoder.input().len());
    }

    pub(super) fn at_end(&mut self) -> bool {
        self.decoder.position() >= self.decoder.input().len()
    }

    #[inline]
    fn rest(&self) -> &'a [u8] {
        self.decoder.input().get(self.decoder.position()..).unwrap_or_default()
    }

    /// The first byte of the next value, whose tags are passed over.
    #[inline]
    fn head(&mut self) -> Result<u8> {
        loop {
            match self.rest().first() {
                Some(0xC0..=0xDF) => self.checked(Decoder::tag)?,
                Some(head) => return Ok(*head),
                None => return Err(malformed(&Error::end_of_input(), self.offset())),
            };
        }
    }

    /// The result of reading what is known to be of the right type.
    fn checked<T>(&mut self, read: impl FnOnce(&mut Decoder<'a>) -> std::result::Result<T, Error>) -> Result<T> {
        let at = self.decoder.position();
        read(&mut self.decoder).map_err(|error| malformed(&error, at))
    }

    #[cold]
    fn mismatch(&mut self, expected: &str, head: u8) -> DecodeError {
        let found = kind_of(head).map_or("something else", Kind::found);
        DecodeError::mismatch(expected, found, self.offset())
    }

    pub(super) fn kind(&mut self) -> Result<Kind> {
        let head = self.head()?;
        kind_of(head).ok_or_else(|| self.mismatch("a value", head))
    }

    #[inline]
    pub(super) fn take_null(&mut self) -> Result<bool> {
        let there = matches!(self.head()?, NULL | UNDEFINED);
        if there {
            self.advance_one();
        }
        Ok(there)
    }

    fn advance_one(&mut self) {
        self.decoder.set_position(self.decoder.position() + 1);
    }

    pub(super) fn open_map(&mut self) -> Result<Cursor> {
        match self.head()? {
            head @ (0xA0..=0xB7 | 0xBF) => Ok(self.open_short(head)),
            0xB8..=0xBE => self.checked(Decoder::map).map(Cursor::with),
            other => Err(self.mismatch("an object", other)),
        }
    }

    /// The head of a list or map is a single byte, most of the time.
    fn open_short(&mut self, head: u8) -> Cursor {
        self.advance_one();
        let length = u64::from(head & 0x1F);
        Cursor::with((length < 24).then_some(length))
    }

    pub(super) fn open_list(&mut self) -> Result<Cursor> {
        match self.head()? {
            head @ (0x80..=0x97 | 0x9F) => Ok(self.open_short(head)),
            0x98..=0x9E => self.checked(Decoder::array).map(Cursor::with),
            other => Err(self.mismatch("a list", other)),
        }
    }

    #[inline]
    pub(super) fn more_keys(&mut self, cursor: &mut Cursor) -> Result<bool> {
        self.next_element(cursor)
    }

    #[inline]
    pub(super) fn match_key(&mut self, name: &str) -> bool {
        let matches = self.after_key(name).is_some();
        if matches {
            self.skip_short_text(name.len());
        }
        matches
    }

    /// The key and then what is neither null nor tagged otherwise than as a
    /// timestamp.
    #[inline]
    pub(super) fn match_member(&mut self, name: &str) -> bool {
        let matches = match self.after_key(name) {
            Some([EPOCH_SECONDS, head, ..] | [head, ..]) => !matches!(*head, NULL | UNDEFINED | 0xC0..=0xDF),
            _ => false,
        };
        if matches {
            self.skip_short_text(name.len());
        }
        matches
    }

    /// What follows after the key, if it is `name` in its shortest spelling.
    #[inline]
    fn after_key(&self, name: &str) -> Option<&'a [u8]> {
        let text = match self.rest() {
            [head, text @ ..] if name.len() < 24 && usize::from(*head) == 0x60 + name.len() => text,
            [0x78, length, text @ ..] if name.len() >= 24 && usize::from(*length) == name.len() => text,
            _ => return None,
        };
        let (key, rest) = text.split_at_checked(name.len())?;
        same_name(key, name.as_bytes()).then_some(rest)
    }

    /// Text of a known length that the first or second byte tells, as nearly all
    /// text is. It may not be UTF-8.
    #[inline]
    fn short_text(&self) -> Option<&'a [u8]> {
        match self.rest() {
            [head @ 0x60..0x78, text @ ..] => text.get(..usize::from(head - 0x60)),
            [0x78, length, text @ ..] if *length >= 24 => text.get(..usize::from(*length)),
            _ => None,
        }
    }

    #[inline]
    fn skip_short_text(&mut self, length: usize) {
        self.decoder.set_position(self.decoder.position() + head_length(length) + length);
    }

    #[inline]
    pub(super) fn plain_string(&mut self) -> Option<&'a str> {
        let text = std::str::from_utf8(self.short_text()?).ok()?;
        self.skip_short_text(text.len());
        Some(text)
    }

    pub(super) fn key(&mut self) -> Result<Cow<'a, str>> {
        self.text("a member name")
    }

    #[inline]
    pub(super) fn next_element(&mut self, cursor: &mut Cursor) -> Result<bool> {
        match &mut cursor.left {
            Some(0) => Ok(false),
            Some(left) => {
                *left -= 1;
                Ok(true)
            }
            None => {
                let end = self.rest().first() == Some(&BREAK);
                if end {
                    self.advance_one();
                }
                Ok(!end)
            }
        }
    }

    pub(super) fn boolean(&mut self) -> Result<bool> {
        match self.head()? {
            0xF4 | 0xF5 => self.checked(Decoder::bool),
            other => Err(self.mismatch("a boolean", other)),
        }
    }

    pub(super) fn integer(&mut self) -> Result<i64> {
        let at = self.offset();
        match self.number_or("an integer")? {
            Number::Signed(value) => Some(value),
            Number::Unsigned(value) => i64::try_from(value).ok(),
            Number::Float(value) => whole(value),
        }
        .ok_or_else(|| DecodeError::mismatch("an integer", "a fraction or a number out of range", at))
    }

    pub(super) fn float(&mut self) -> Result<f64> {
        self.number_or("a number").map(Number::as_f64)
    }

    pub(super) fn number(&mut self) -> Result<Number> {
        self.number_or("a number")
    }

    pub(super) fn skip_number(&mut self) -> Result<()> {
        match self.head()? {
            0x00..=0x3F => self.checked(Decoder::int).map(drop),
            _ => self.number().map(drop),
        }
    }

    fn number_or(&mut self, expected: &str) -> Result<Number> {
        match self.head()? {
            0x00..=0x3F => self.any_integer(),
            0xF9 => self.half().map(Number::Float),
            0xFA | 0xFB => self.checked(Decoder::f64).map(Number::Float),
            other => Err(self.mismatch(expected, other)),
        }
    }

    fn any_integer(&mut self) -> Result<Number> {
        let at = self.offset();
        let value = i128::from(self.checked(|decoder| decoder.int())?);
        u64::try_from(value)
            .map(Number::Unsigned)
            .or_else(|_| i64::try_from(value).map(Number::Signed))
            .map_err(|_| DecodeError::mismatch("a number of 64 bits", "a number out of range", at))
    }

    /// The decoder reads half floats only with one more dependency.
    fn half(&mut self) -> Result<f64> {
        let at = self.offset();
        let bytes = self.decoder.input().get(at + 1..at + 3).and_then(<[u8]>::first_chunk);
        let bytes = bytes.ok_or_else(|| malformed(&Error::end_of_input(), at))?;
        self.decoder.set_position(at + 3);
        Ok(from_half(u16::from_be_bytes(*bytes)))
    }

    pub(super) fn string(&mut self) -> Result<Cow<'a, str>> {
        self.text("a string")
    }

    fn text(&mut self, expected: &str) -> Result<Cow<'a, str>> {
        match self.head()? {
            0x60..TEXT_INDEFINITE => self.checked(Decoder::str).map(Cow::Borrowed),
            TEXT_INDEFINITE => {
                self.checked(|decoder| decoder.str_iter()?.collect::<std::result::Result<String, _>>()).map(Cow::Owned)
            }
            other => Err(self.mismatch(expected, other)),
        }
    }

    pub(super) fn blob(&mut self) -> Result<Vec<u8>> {
        match self.head()? {
            0x40..BYTES_INDEFINITE => self.checked(Decoder::bytes).map(<[u8]>::to_vec),
            BYTES_INDEFINITE => self.checked(|decoder| {
                let chunks: std::result::Result<Vec<&[u8]>, _> = decoder.bytes_iter()?.collect();
                Ok(chunks?.concat())
            }),
            other => Err(self.mismatch("bytes", other)),
        }
    }

    pub(super) fn epoch_seconds(&mut self) -> Result<Timestamp> {
        let at = self.offset();
        match self.number_or("a timestamp")? {
            Number::Signed(value) => Some(Timestamp::from_secs(value)),
            Number::Unsigned(value) => i64::try_from(value).ok().map(Timestamp::from_secs),
            Number::Float(value) => Timestamp::from_secs_f64(value),
        }
        .ok_or_else(|| DecodeError::mismatch("a timestamp", "a number out of range", at))
    }
}

/// The length of the head of short text.
fn head_length(length: usize) -> usize {
    if length < 24 { 1 } else { 2 }
}

#[cold]
fn malformed(error: &Error, at: usize) -> DecodeError {
    // The decoder's own words can hold a value.
    let what = if error.is_end_of_input() { "expected more, found the end" } else { "found malformed CBOR" };
    DecodeError::new(what, error.position().unwrap_or(at))
}

/// RFC 8949, section 3: the major type is in the upper three bits.
fn kind_of(head: u8) -> Option<Kind> {
    Some(match head {
        0x00..=0x3F | 0xF9..=0xFB => Kind::Number,
        0x40..=0x5F => Kind::Bytes,
        0x60..=0x7F => Kind::String,
        0x80..=0x9F => Kind::List,
        0xA0..=0xBF => Kind::Map,
        0xF4 | 0xF5 => Kind::Bool,
        NULL | UNDEFINED => Kind::Null,
        _ => return None,
    })
}

/// The integer that a float is, if it is one of 64 bits.
fn whole(value: f64) -> Option<i64> {
    // Both limits are powers of two and therefore exact.
    let fits = value.fract() == 0.0 && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&value);
    fits.then_some(value as i64)
}

/// A half-precision float: RFC 8949, appendix D.
fn from_half(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let exponent = i32::from(bits >> 10 & 0x1F);
    let mantissa = f64::from(bits & 0x3FF);
    sign * match exponent {
        0 => mantissa * 2_f64.powi(-24),
        31 if mantissa == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (mantissa + 1024.0) * 2_f64.powi(exponent - 25),
    }
}
