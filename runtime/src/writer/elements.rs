//! XML and forms: scalars are text, and what holds them has names.

#[cfg(feature = "query")]
use super::form::FormText;
use super::output::{Shape, Slot};
use super::xml::XmlText;
use crate::names::Names;
use crate::{Timestamp, TimestampFormat};
use std::fmt::Display;

pub(super) enum ElementText {
    Xml(XmlText),
    #[cfg(feature = "query")]
    Form(FormText),
}

impl ElementText {
    pub(super) fn into_buffer(self) -> Vec<u8> {
        match self {
            Self::Xml(text) => text.into_buffer(),
            #[cfg(feature = "query")]
            Self::Form(text) => text.into_buffer(),
        }
    }

    /// What the names of the member that comes are.
    pub(super) fn expect(&mut self, names: &'static Names) {
        match self {
            Self::Xml(text) => text.expect(names),
            #[cfg(feature = "query")]
            Self::Form(text) => text.expect(names),
        }
    }

    pub(super) fn begin(&mut self, shape: Shape) {
        match self {
            Self::Xml(text) => text.begin(shape),
            #[cfg(feature = "query")]
            Self::Form(text) => text.begin(shape),
        }
    }

    pub(super) fn slot(&mut self, slot: Slot<'_>, first: bool) {
        match self {
            Self::Xml(text) => text.slot(slot, first),
            #[cfg(feature = "query")]
            Self::Form(text) => text.slot(slot),
        }
    }

    pub(super) fn end(&mut self, shape: Shape, empty: bool) {
        match self {
            Self::Xml(text) => text.end(shape, empty),
            #[cfg(feature = "query")]
            Self::Form(text) => text.end(),
        }
    }

    /// A body that is written as it is.
    #[cfg(feature = "rest")]
    pub(super) fn raw(&mut self, bytes: Vec<u8>) {
        match self {
            Self::Xml(text) => text.raw(bytes),
            #[cfg(feature = "query")]
            Self::Form(_) => {}
        }
    }

    /// Forgets what was written; returns whether it has.
    #[cfg(feature = "rest")]
    pub(super) fn discard(&mut self) -> bool {
        match self {
            Self::Xml(text) => text.discard(),
            #[cfg(feature = "query")]
            Self::Form(_) => return false,
        }
        true
    }

    pub(super) fn text(&mut self, value: &str) {
        match self {
            Self::Xml(text) => text.text(value),
            #[cfg(feature = "query")]
            Self::Form(text) => text.text(value),
        }
    }

    pub(super) fn plain(&mut self, value: impl Display) {
        self.text(&value.to_string());
    }

    pub(super) fn float(&mut self, value: f64, digits: impl Display) {
        if value.is_finite() {
            self.plain(digits);
        } else if value.is_nan() {
            self.text("NaN");
        } else {
            self.text(if value > 0.0 { "Infinity" } else { "-Infinity" });
        }
    }

    /// Whether the format can express the value.
    pub(super) fn timestamp(&mut self, value: Timestamp, format: Option<TimestampFormat>) -> bool {
        let text = match format.unwrap_or(TimestampFormat::DateTime) {
            TimestampFormat::EpochSeconds => Some(value.epoch_seconds().to_string()),
            format @ (TimestampFormat::DateTime | TimestampFormat::HttpDate) => value.format(format),
        };
        text.map(|text| self.text(&text)).is_some()
    }
}
