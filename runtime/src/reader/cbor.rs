//! CBOR (RFC 8949) as Smithy's RPC v2 protocol uses it: `minicbor` reads
//! heads, this file decides what may stand where.
//!
//! Tags carry no meaning beyond what the model says already and are passed
//! over; lengths may be definite or not, heads longer than needed.

use std::borrow::Cow;

use minicbor::data::Type;
use minicbor::decode::{Decoder, Error};

use super::input::{Cursor, Kind, Result};
use crate::{DecodeError, Number, Timestamp};

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

    /// The type of the next value, whose tags are passed over.
    fn datatype(&mut self) -> Result<Type> {
        loop {
            match self.checked(|decoder| decoder.datatype())? {
                Type::Tag => self.checked(|decoder| decoder.tag())?,
                datatype => return Ok(datatype),
            };
        }
    }

    /// The result of reading what is known to be of the right type.
    fn checked<T>(&mut self, read: impl FnOnce(&mut Decoder<'a>) -> std::result::Result<T, Error>) -> Result<T> {
        let at = self.decoder.position();
        read(&mut self.decoder).map_err(|error| malformed(&error, at))
    }

    #[cold]
    fn mismatch(&mut self, expected: &str, found: Type) -> DecodeError {
        let found = kind_of(found).map_or("something else", Kind::found);
        DecodeError::mismatch(expected, found, self.offset())
    }

    pub(super) fn kind(&mut self) -> Result<Kind> {
        let datatype = self.datatype()?;
        kind_of(datatype).ok_or_else(|| self.mismatch("a value", datatype))
    }

    pub(super) fn take_null(&mut self) -> Result<bool> {
        let there = matches!(self.datatype()?, Type::Null | Type::Undefined);
        if there {
            self.advance_one();
        }
        Ok(there)
    }

    fn advance_one(&mut self) {
        self.decoder.set_position(self.decoder.position() + 1);
    }

    pub(super) fn open_map(&mut self) -> Result<Cursor> {
        match self.datatype()? {
            Type::Map | Type::MapIndef => {
                self.checked(|decoder| decoder.map()).map(|left| Cursor { first: true, left })
            }
            other => Err(self.mismatch("an object", other)),
        }
    }

    pub(super) fn open_list(&mut self) -> Result<Cursor> {
        match self.datatype()? {
            Type::Array | Type::ArrayIndef => {
                self.checked(|decoder| decoder.array()).map(|left| Cursor { first: true, left })
            }
            other => Err(self.mismatch("a list", other)),
        }
    }

    pub(super) fn next_key(&mut self, cursor: &mut Cursor) -> Result<Option<Cow<'a, str>>> {
        if !self.next_element(cursor)? {
            return Ok(None);
        }
        match self.datatype()? {
            Type::String | Type::StringIndef => self.string().map(Some),
            other => Err(self.mismatch("a member name", other)),
        }
    }

    pub(super) fn next_element(&mut self, cursor: &mut Cursor) -> Result<bool> {
        match &mut cursor.left {
            Some(0) => Ok(false),
            Some(left) => {
                *left -= 1;
                Ok(true)
            }
            None => {
                let end = self.checked(|decoder| decoder.datatype())? == Type::Break;
                if end {
                    self.advance_one();
                }
                Ok(!end)
            }
        }
    }

    pub(super) fn boolean(&mut self) -> Result<bool> {
        match self.datatype()? {
            Type::Bool => self.checked(|decoder| decoder.bool()),
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

    fn number_or(&mut self, expected: &str) -> Result<Number> {
        match self.datatype()? {
            Type::F16 => self.half().map(Number::Float),
            Type::F32 | Type::F64 => self.checked(|decoder| decoder.f64()).map(Number::Float),
            datatype if kind_of(datatype) == Some(Kind::Number) => self.any_integer(),
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
        match self.datatype()? {
            Type::String => self.checked(|decoder| decoder.str()).map(Cow::Borrowed),
            Type::StringIndef => {
                self.checked(|decoder| decoder.str_iter()?.collect::<std::result::Result<String, _>>()).map(Cow::Owned)
            }
            other => Err(self.mismatch("a string", other)),
        }
    }

    pub(super) fn blob(&mut self) -> Result<Vec<u8>> {
        match self.datatype()? {
            Type::Bytes => self.checked(|decoder| decoder.bytes()).map(<[u8]>::to_vec),
            Type::BytesIndef => self.checked(|decoder| {
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

#[cold]
fn malformed(error: &Error, at: usize) -> DecodeError {
    // The decoder's own words can hold a value.
    let what = if error.is_end_of_input() { "expected more, found the end" } else { "found malformed CBOR" };
    DecodeError::new(what, error.position().unwrap_or(at))
}

fn kind_of(datatype: Type) -> Option<Kind> {
    Some(match datatype {
        Type::Null | Type::Undefined => Kind::Null,
        Type::Bool => Kind::Bool,
        Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::I8 | Type::I16 | Type::I32 | Type::I64 | Type::Int => {
            Kind::Number
        }
        Type::F16 | Type::F32 | Type::F64 => Kind::Number,
        Type::String | Type::StringIndef => Kind::String,
        Type::Bytes | Type::BytesIndef => Kind::Bytes,
        Type::Array | Type::ArrayIndef => Kind::List,
        Type::Map | Type::MapIndef => Kind::Map,
        Type::Tag | Type::Simple | Type::Break | Type::Unknown(_) => return None,
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
