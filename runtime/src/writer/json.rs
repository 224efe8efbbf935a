//! JSON text, without white space.

use super::output::{Shape, Slot};
use std::fmt::Display;
use std::io::Write;

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
pub(super) fn plain(buffer: &mut Vec<u8>, value: impl Display) {
    // Writing to a vector cannot fail.
    let _ = write!(buffer, "{value}");
}

pub(super) fn float(buffer: &mut Vec<u8>, value: f64, digits: impl Display) {
    if value.is_finite() {
        plain(buffer, digits);
    } else if value.is_nan() {
        string(buffer, "NaN");
    } else {
        string(buffer, if value > 0.0 { "Infinity" } else { "-Infinity" });
    }
}

pub(super) fn string(buffer: &mut Vec<u8>, text: &str) {
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
