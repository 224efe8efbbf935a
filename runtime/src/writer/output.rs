//! What the notations have in common, as the writer sees it.

use super::debug::DebugText;
#[cfg(feature = "xml")]
use super::elements::ElementText;
use super::json::JsonStyle;
#[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
use super::look::{Look, Scalar};
#[cfg(feature = "rest")]
use super::text::TextOutput;
use super::{cbor, json};
use crate::{Timestamp, TimestampFormat};

/// What has been written, and how.
pub(super) enum Output {
    Json {
        buffer: Vec<u8>,
        style: JsonStyle,
    },
    Cbor {
        buffer: Vec<u8>,
    },
    Debug(DebugText),
    #[cfg(feature = "rest")]
    Text(TextOutput),
    #[cfg(feature = "xml")]
    Elements(ElementText),
    #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
    Look(Look),
}

/// What `Debug` and logs show of a sensitive member.
pub(crate) const REDACTED: &str = "** redacted **";

/// What stands before a value within a container.
#[derive(Clone, Copy)]
pub(super) enum Slot<'a> {
    Member(&'static str),
    Key(&'a str),
    Element,
}

/// A container's form.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    Structure(&'static str),
    /// Within it stands exactly one member.
    Union(&'static str),
    List(usize),
    Map(usize),
}

impl Output {
    pub(super) fn into_buffer(self) -> Vec<u8> {
        match self {
            Self::Json { buffer, .. } | Self::Cbor { buffer } => buffer,
            Self::Debug(text) => text.into_bytes(),
            // Text is taken in pieces.
            #[cfg(feature = "rest")]
            Self::Text(_) => Vec::new(),
            #[cfg(feature = "xml")]
            Self::Elements(text) => text.into_buffer(),
            #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
            Self::Look(_) => Vec::new(),
        }
    }

    /// Appends a body that is written as it is.
    #[cfg(feature = "rest")]
    pub(super) fn raw(&mut self, bytes: Vec<u8>) {
        match self {
            Self::Json { buffer, .. } | Self::Cbor { buffer } => buffer.extend(bytes),
            Self::Debug(_) | Self::Text(_) => {}
            #[cfg(feature = "xml")]
            Self::Elements(text) => text.raw(bytes),
            #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
            Self::Look(_) => {}
        }
    }

    /// Takes an empty structure for a whole body back, where such a body is better left out: in XML. Returns whether it is.
    #[cfg(feature = "rest")]
    pub(super) fn discard_empty(&mut self) -> bool {
        match self {
            Self::Json { .. } | Self::Cbor { .. } | Self::Debug(_) | Self::Text(_) => false,
            #[cfg(feature = "xml")]
            Self::Elements(text) => text.discard(),
            #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
            Self::Look(_) => false,
        }
    }

    pub(super) fn begin(&mut self, shape: Shape) {
        match self {
            Self::Json { buffer, .. } => json::begin(buffer, shape),
            Self::Cbor { buffer } => cbor::begin(buffer, shape),
            Self::Debug(text) => text.begin(shape),
            #[cfg(feature = "rest")]
            Self::Text(text) => text.begin(shape),
            #[cfg(feature = "xml")]
            Self::Elements(text) => text.begin(shape),
            #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
            Self::Look(look) => look.begin(shape),
        }
    }

    /// What comes before the value in a slot; `first` is whether the container
    /// has none yet.
    pub(super) fn slot(&mut self, slot: Slot<'_>, first: bool) {
        match self {
            Self::Json { buffer, .. } => json::slot(buffer, slot, first),
            Self::Cbor { buffer } => cbor::slot(buffer, slot),
            Self::Debug(text) => text.slot(slot, first),
            #[cfg(feature = "rest")]
            Self::Text(text) => text.slot(slot),
            #[cfg(feature = "xml")]
            Self::Elements(text) => text.slot(slot, first),
            #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
            Self::Look(look) => look.slot(slot),
        }
    }

    pub(super) fn end(&mut self, shape: Shape, empty: bool) {
        match self {
            Self::Json { buffer, .. } => json::end(buffer, shape),
            Self::Cbor { buffer } => cbor::end(buffer, shape),
            Self::Debug(text) => text.end(shape, empty),
            #[cfg(feature = "rest")]
            Self::Text(_) => {}
            #[cfg(feature = "xml")]
            Self::Elements(text) => text.end(shape, empty),
            #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
            Self::Look(look) => look.end(),
        }
    }

    pub(super) fn null(&mut self) {
        match self {
            Self::Json { buffer, .. } => buffer.extend_from_slice(b"null"),
            Self::Cbor { buffer } => cbor::null(buffer),
            Self::Debug(text) => text.plain("null"),
            #[cfg(feature = "rest")]
            Self::Text(text) => text.null(),
            #[cfg(feature = "xml")]
            Self::Elements(text) => text.text(""),
            #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
            Self::Look(look) => look.scalar(Scalar::Null),
        }
    }

    pub(super) fn boolean(&mut self, value: bool) {
        match self {
            Self::Json { buffer, .. } => json::plain(buffer, value),
            Self::Cbor { buffer } => cbor::boolean(buffer, value),
            Self::Debug(text) => text.plain(value),
            #[cfg(feature = "rest")]
            Self::Text(text) => text.plain(value),
            #[cfg(feature = "xml")]
            Self::Elements(text) => text.plain(value),
            #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
            Self::Look(look) => look.scalar(Scalar::Boolean(value)),
        }
    }

    pub(super) fn integer(&mut self, value: i64) {
        match self {
            Self::Json { buffer, .. } => json::plain(buffer, value),
            Self::Cbor { buffer } => cbor::integer(buffer, value),
            Self::Debug(text) => text.plain(value),
            #[cfg(feature = "rest")]
            Self::Text(text) => text.plain(value),
            #[cfg(feature = "xml")]
            Self::Elements(text) => text.plain(value),
            #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
            Self::Look(look) => look.scalar(Scalar::Integer(value)),
        }
    }

    pub(super) fn unsigned(&mut self, value: u64) {
        match self {
            Self::Json { buffer, .. } => json::plain(buffer, value),
            Self::Cbor { buffer } => cbor::unsigned(buffer, value),
            Self::Debug(text) => text.plain(value),
            #[cfg(feature = "rest")]
            Self::Text(text) => text.plain(value),
            #[cfg(feature = "xml")]
            Self::Elements(text) => text.plain(value),
            #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
            Self::Look(look) => look.scalar(Scalar::Unsigned(value)),
        }
    }

    pub(super) fn float(&mut self, value: f64) {
        match self {
            Self::Json { buffer, .. } => json::float(buffer, value, format_args!("{value:?}")),
            Self::Cbor { buffer } => cbor::float(buffer, value),
            Self::Debug(text) => text.plain(format_args!("{value:?}")),
            #[cfg(feature = "rest")]
            Self::Text(text) => text.float(value, format_args!("{value:?}")),
            #[cfg(feature = "xml")]
            Self::Elements(text) => text.float(value, format_args!("{value:?}")),
            #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
            Self::Look(look) => look.scalar(Scalar::Float(value)),
        }
    }

    pub(super) fn float32(&mut self, value: f32) {
        match self {
            Self::Json { buffer, .. } => json::float(buffer, value.into(), format_args!("{value:?}")),
            Self::Cbor { buffer } => cbor::float32(buffer, value),
            Self::Debug(text) => text.plain(format_args!("{value:?}")),
            #[cfg(feature = "rest")]
            Self::Text(text) => text.float(value.into(), format_args!("{value:?}")),
            #[cfg(feature = "xml")]
            Self::Elements(text) => text.float(value.into(), format_args!("{value:?}")),
            #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
            Self::Look(look) => look.scalar(Scalar::Float32(value)),
        }
    }

    pub(super) fn string(&mut self, value: &str) {
        match self {
            Self::Json { buffer, .. } => json::string(buffer, value),
            Self::Cbor { buffer } => cbor::string(buffer, value),
            Self::Debug(text) => text.plain(format_args!("{value:?}")),
            #[cfg(feature = "rest")]
            Self::Text(text) => text.plain(value),
            #[cfg(feature = "xml")]
            Self::Elements(text) => text.text(value),
            #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
            Self::Look(look) => look.scalar(Scalar::String(value)),
        }
    }

    pub(super) fn blob(&mut self, value: &[u8]) {
        match self {
            Self::Json { buffer, style: JsonStyle::Redacted } => {
                json::string(buffer, &format!("Blob({} bytes)", value.len()))
            }
            Self::Json { buffer, .. } => json::string(buffer, &crate::value::base64(value)),
            Self::Cbor { buffer } => cbor::blob(buffer, value),
            Self::Debug(text) => text.plain(format_args!("Blob({} bytes)", value.len())),
            #[cfg(feature = "rest")]
            Self::Text(text) => text.blob(value),
            #[cfg(feature = "xml")]
            Self::Elements(text) => text.text(&crate::value::base64(value)),
            #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
            Self::Look(look) => look.scalar(Scalar::Blob(value)),
        }
    }

    /// Whether the format can express the value; if not, nothing is written.
    pub(super) fn timestamp(&mut self, value: Timestamp, format: Option<TimestampFormat>) -> bool {
        match self {
            Self::Json { buffer, style } => json::timestamp(buffer, value, *style, format),
            Self::Cbor { buffer } => {
                cbor::timestamp(buffer, value);
                true
            }
            Self::Debug(text) => {
                text.plain(value);
                true
            }
            #[cfg(feature = "rest")]
            Self::Text(text) => text.timestamp(value, format),
            #[cfg(feature = "xml")]
            Self::Elements(text) => text.timestamp(value, format),
            #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
            Self::Look(look) => {
                look.scalar(Scalar::Timestamp(value));
                true
            }
        }
    }
}
