//! Text outside of bodies: labels, queries and headers have scalars, lists of these, and maps of either. Payloads have
//! text and bytes as they are.

use super::output::{Shape, Slot};
use crate::{EncodeError, Timestamp, TimestampFormat};
use std::fmt::Display;

/// Texts, each with the key that it has in a map.
pub(super) struct TextOutput {
    texts: Vec<(Option<String>, Vec<u8>)>,
    key: Option<String>,
    /// How timestamps are written where nothing is said.
    dates: TimestampFormat,
    /// Whether bytes stay bytes; else they are base64.
    raw: bool,
    is_list: bool,
    /// Whether they are timestamps, whose commas need no quotes.
    are_dates: bool,
    /// What is no such text.
    unfit: bool,
}

/// What has been written.
pub(super) struct Texts {
    /// Texts, each with the key that it has in a map.
    pub texts: Vec<(Option<String>, Vec<u8>)>,
    /// Whether they are elements of a list that a reader may take apart in the wrong place.
    pub need_quotes: bool,
}

impl TextOutput {
    pub(super) fn new(dates: TimestampFormat) -> Self {
        Self { texts: Vec::new(), key: None, dates, raw: false, is_list: false, are_dates: false, unfit: false }
    }

    /// For a body that is a single value.
    pub(super) fn raw() -> Self {
        Self { raw: true, ..Self::new(TimestampFormat::DateTime) }
    }

    pub(super) fn finish(self) -> Result<Texts, EncodeError> {
        match self.unfit {
            true => Err(EncodeError::new("found a structure, expected what fits into a line of text")),
            false => Ok(Texts { texts: self.texts, need_quotes: self.is_list && !self.are_dates }),
        }
    }

    pub(super) fn begin(&mut self, shape: Shape) {
        match shape {
            Shape::List(_) => self.is_list = true,
            Shape::Map(_) => {}
            Shape::Structure(_) | Shape::Union(_) => self.unfit = true,
        }
    }

    pub(super) fn slot(&mut self, slot: Slot<'_>) {
        match slot {
            Slot::Key(key) | Slot::Member(key) => self.key = Some(key.to_owned()),
            Slot::Element => {}
        }
    }

    /// Null in a list: an empty text.
    pub(super) fn null(&mut self) {
        self.bytes(Vec::new());
    }

    pub(super) fn plain(&mut self, value: impl Display) {
        self.bytes(value.to_string().into_bytes());
    }

    pub(super) fn float(&mut self, value: f64, digits: impl Display) {
        if value.is_finite() {
            self.plain(digits);
        } else if value.is_nan() {
            self.plain("NaN");
        } else {
            self.plain(if value > 0.0 { "Infinity" } else { "-Infinity" });
        }
    }

    pub(super) fn blob(&mut self, value: &[u8]) {
        match self.raw {
            true => self.bytes(value.to_vec()),
            false => self.plain(crate::value::base64(value)),
        }
    }

    /// Whether the format can express the value.
    pub(super) fn timestamp(&mut self, value: Timestamp, format: Option<TimestampFormat>) -> bool {
        self.are_dates = true;
        let text = match format.unwrap_or(self.dates) {
            TimestampFormat::EpochSeconds => Some(value.epoch_seconds().to_string()),
            format @ (TimestampFormat::DateTime | TimestampFormat::HttpDate) => value.format(format),
        };
        text.map(|text| self.plain(text)).is_some()
    }

    fn bytes(&mut self, text: Vec<u8>) {
        self.texts.push((self.key.clone(), text));
    }
}
