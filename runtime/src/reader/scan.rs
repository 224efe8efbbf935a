//! A look into error bodies, before it is known what they are.

use super::Reader;
use super::input::{Kind, Result};
use std::borrow::Cow;

/// The members by which the protocols tell errors apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorFields {
    /// `__type`: may have a namespace before `#` and a URI after `:`.
    pub type_: Option<String>,
    /// `code` or `Code`, in the same form.
    pub code: Option<String>,
    /// `message`, else `Message`, else `errorMessage`.
    pub message: Option<String>,
}

impl ErrorFields {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How deep in one another envelopes are opened.
const ENVELOPES: usize = 4;

/// Reads what error bodies have in common; of a body that cannot be decoded,
/// nothing. Members that are no strings are passed over, of several with one
/// name the first counts. Where the body itself says nothing, an envelope in it
/// may: `{"Error": {"Code": "..", "Message": ".."}}` and the like.
pub fn scan_error_fields(body: &[u8], is_cbor: bool) -> ErrorFields {
    let Scanned { own, enveloped } = scan(body, is_cbor).unwrap_or_default();
    if own.is_empty() { enveloped } else { own }
}

/// What an error body says itself, and what an envelope in it says.
#[derive(Debug, Default)]
pub(crate) struct Scanned {
    pub(crate) own: ErrorFields,
    pub(crate) enveloped: ErrorFields,
}

/// See [`scan_error_fields`]; `None` of a body that cannot be decoded.
pub(crate) fn scan(body: &[u8], is_cbor: bool) -> Option<Scanned> {
    let mut reader = if is_cbor { Reader::cbor(body) } else { Reader::json(body) };
    let result = scan_map(&mut reader, ENVELOPES);
    let scanned = reader.keep(result);
    reader.finish().is_ok().then_some(scanned)
}

fn scan_map(reader: &mut Reader<'_>, envelopes: usize) -> Result<Scanned> {
    let mut own = ErrorFields::default();
    let (mut capitalized, mut long) = (None, None);
    let (mut enveloped, mut error, mut description) = (ErrorFields::default(), None, None);
    let mut cursor = reader.open_map()?;
    while reader.more_keys(&mut cursor)? {
        let key = reader.input.key()?;
        reader.input.begin_value()?;
        let field = match &*key {
            "__type" => &mut own.type_,
            "code" | "Code" => &mut own.code,
            "message" => &mut own.message,
            "Message" => &mut capitalized,
            "errorMessage" => &mut long,
            // OAuth (RFC 6749, section 5.2), and simple servers.
            "error_description" => &mut description,
            "Error" | "error" | "Errors" | "errors" | "ErrorResponse" | "Response" => {
                if reader.input.kind()? != Kind::String {
                    let found = scan_envelope(reader, envelopes)?;
                    if enveloped.is_empty() {
                        enveloped = found;
                    }
                    continue;
                }
                &mut error
            }
            _ => {
                reader.skip()?;
                continue;
            }
        };
        if reader.input.kind()? == Kind::String {
            let text = reader.input.string()?;
            field.get_or_insert_with(|| Cow::into_owned(text));
        } else {
            reader.skip()?;
        }
    }
    own.message = own.message.or(capitalized).or(long);
    if enveloped.is_empty() {
        let (code, message) = if description.is_some() { (error, description) } else { (None, error) };
        enveloped = ErrorFields { type_: None, code, message };
    }
    Ok(Scanned { own, enveloped })
}

/// What an object says, or the first of a list.
fn scan_envelope(reader: &mut Reader<'_>, envelopes: usize) -> Result<ErrorFields> {
    let mut found = ErrorFields::default();
    match reader.input.kind()? {
        Kind::Map if envelopes > 0 => {
            let Scanned { own, enveloped } = scan_map(reader, envelopes - 1)?;
            found = if own.is_empty() { enveloped } else { own };
        }
        Kind::List if envelopes > 0 => {
            let mut cursor = reader.open_list()?;
            while reader.next_element(&mut cursor)? {
                let element = scan_envelope(reader, envelopes - 1)?;
                if found.is_empty() {
                    found = element;
                }
            }
        }
        Kind::Null | Kind::Bool | Kind::Number | Kind::String | Kind::Bytes | Kind::List | Kind::Map => {
            reader.skip()?
        }
    }
    Ok(found)
}
