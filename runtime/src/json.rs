//! Values as JSON text, without serde: for files, caches, fixtures and logs.
//!
//! ```
//! use workstream_runtime::{Timestamp, json};
//!
//! let times = vec![Timestamp::from_millis(1_398_796_238_123)];
//! let text = json::to_string(&times)?;
//! assert_eq!(text, r#"["2014-04-29T18:30:38.123Z"]"#);
//! assert_eq!(json::from_str::<Vec<Timestamp>>(&text)?, times);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Notation
//!
//! The API's own, and the one that the feature `serde` has too:
//!
//! | what | is |
//! |---|---|
//! | a structure | an object by the names of the model, in its order, without members that are absent |
//! | a union | an object with its one member; `{"SDK_UNKNOWN_MEMBER": {"name": "..."}}` where the model does not have it |
//! | an enum | its text or number, also where the value is not known here |
//! | a timestamp | text as RFC 3339 has it, to the nanosecond; beyond the years -9999 to 9999, `@` and seconds since 1970 |
//! | a blob | base64 |
//! | `NaN` and the infinities | text: `"NaN"`, `"Infinity"`, `"-Infinity"` |
//!
//! What was written is read as the same value. Reading is strict: a member that is not known is an error, and so is one
//! that is required and missing. A timestamp may also be a number, seconds since 1970.
//!
//! **Secrets are written as they are.** `Debug` redacts what a model calls sensitive; this does not, because what it
//! writes is read again.

use crate::{DecodeError, EncodeError, Reader, Value, Writer};

/// A value as JSON, on one line.
///
/// # Errors
/// When values stand more than [`MAX_DEPTH`](crate::MAX_DEPTH) levels deep.
pub fn to_string(value: &dyn Value) -> Result<String, EncodeError> {
    let mut writer = Writer::readable_json();
    value.write(&mut writer);
    String::from_utf8(writer.finish()?).map_err(|error| EncodeError::new(error.to_string()))
}

/// A value as JSON for people: each member on a line of its own, indented by two spaces.
///
/// # Errors
/// Those of [`to_string`].
pub fn to_string_pretty(value: &dyn Value) -> Result<String, EncodeError> {
    to_string(value).map(|text| pretty(&text))
}

/// Reads a value from JSON.
///
/// # Errors
/// When the text is no JSON, or does not fit the type: says which member, and what was expected.
pub fn from_str<T: Value + Default>(text: &str) -> Result<T, DecodeError> {
    from_slice(text.as_bytes())
}

/// Reads a value from JSON in bytes.
///
/// # Errors
/// Those of [`from_str`].
pub fn from_slice<T: Value + Default>(json: &[u8]) -> Result<T, DecodeError> {
    let mut value = T::default();
    read(&mut value, T::is_nullable(), json)?;
    Ok(value)
}

/// Compiled once for all types.
pub(crate) fn read(value: &mut dyn Value, nullable: bool, json: &[u8]) -> Result<(), DecodeError> {
    // In a body, nothing at all is an empty structure.
    if json.trim_ascii().is_empty() {
        return Err(DecodeError::mismatch("a value", "the end", json.len()));
    }
    let mut reader = Reader::dynamic_json(json);
    reader.element(value, nullable);
    reader.finish()
}

/// JSON that has no white space, with line breaks.
pub(crate) fn pretty(json: &str) -> String {
    let mut text = String::with_capacity(json.len() * 2);
    let (mut level, mut in_string, mut is_escaped) = (0_usize, false, false);
    let mut letters = json.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_closing = !in_string && matches!(letter, '}' | ']');
        if is_closing {
            level = level.saturating_sub(1);
            break_line(&mut text, level);
        }
        text.push(letter);
        if in_string {
            in_string = is_escaped || letter != '"';
            is_escaped = !is_escaped && letter == '\\';
            continue;
        }
        match letter {
            '"' => in_string = true,
            ':' => text.push(' '),
            ',' => break_line(&mut text, level),
            '{' | '[' => match letters.next_if(|next| matches!(next, '}' | ']')) {
                Some(end) => text.push(end),
                None => {
                    level += 1;
                    break_line(&mut text, level);
                }
            },
            _ => {}
        }
    }
    text
}

fn break_line(text: &mut String, level: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n("  ", level));
}
