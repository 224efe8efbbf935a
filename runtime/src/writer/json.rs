//! JSON text, without white space.

use super::output::{Shape, Slot};
use crate::{Timestamp, TimestampFormat};
use std::fmt::Display;
use std::io::Write;

/// Whose JSON it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonStyle {
    /// That of the protocols: names on the wire, and timestamps in the formats of their members.
    Wire,
    /// That of [`crate::dynamic`]: the model's names, and seconds since 1970.
    Dynamic,
    /// That of [`crate::json`] and serde: the model's names, and timestamps as `Display` has them.
    Readable,
    /// That of logs: as the dynamic one, but without secrets, and without the bytes of blobs.
    Redacted,
}

pub(super) fn begin(buffer: &mut Vec<u8>, shape: Shape) {
    buffer.push(if matches!(shape, Shape::List(_)) { b'[' } else { b'{' });
}

pub(super) fn end(buffer: &mut Vec<u8>, shape: Shape) {
    buffer.push(if matches!(shape, Shape::List(_)) { b']' } else { b'}' });
}

pub(super) fn slot(buffer: &mut Vec<u8>, slot: Slot<'_>, first: bool) {
    if !first {
        buffer.push(b',');
    }
    if let Slot::Member(name) | Slot::Key(name) = slot {
        string(buffer, name);
        buffer.push(b':');
    }
}

/// What needs no quotes and no escapes.
pub(crate) fn plain(buffer: &mut Vec<u8>, value: impl Display) {
    // Writing to a vector cannot fail.
    let _ = write!(buffer, "{value}");
}

pub(crate) fn float(buffer: &mut Vec<u8>, value: f64, digits: impl Display) {
    if value.is_finite() { plain(buffer, digits) } else { string(buffer, not_finite(value)) }
}

/// The texts that stand for numbers which JSON does not have.
pub(crate) fn not_finite(value: f64) -> &'static str {
    if value.is_nan() {
        "NaN"
    } else if value > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

/// Whether the format can express the value; if not, nothing is written.
pub(super) fn timestamp(
    buffer: &mut Vec<u8>,
    value: Timestamp,
    style: JsonStyle,
    format: Option<TimestampFormat>,
) -> bool {
    match (style, format.unwrap_or_default()) {
        (JsonStyle::Readable, _) => string(buffer, &value.to_string()),
        (JsonStyle::Dynamic | JsonStyle::Redacted, _) | (JsonStyle::Wire, TimestampFormat::EpochSeconds) => {
            plain(buffer, value.epoch_seconds());
        }
        (JsonStyle::Wire, format @ (TimestampFormat::DateTime | TimestampFormat::HttpDate)) => {
            let Some(date) = value.format(format) else { return false };
            string(buffer, &date);
        }
    }
    true
}

pub(crate) fn string(buffer: &mut Vec<u8>, text: &str) {
    buffer.push(b'"');
    let bytes = text.as_bytes();
    let mut written = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if *byte >= 0x20 && *byte != b'"' && *byte != b'\\' {
            continue;
        }
        buffer.extend_from_slice(bytes.get(written..at).unwrap_or_default());
        escape(buffer, *byte);
        written = at + 1;
    }
    buffer.extend_from_slice(bytes.get(written..).unwrap_or_default());
    buffer.push(b'"');
}

fn escape(buffer: &mut Vec<u8>, byte: u8) {
    let short = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        _ => return plain(buffer, format_args!("\\u{byte:04x}")),
    };
    buffer.extend_from_slice(&[b'\\', short]);
}
