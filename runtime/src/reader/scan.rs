//! A look into error bodies, before it is known what they are.

use std::borrow::Cow;

use super::Reader;
use super::input::{Kind, Result};

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

/// Reads what error bodies have in common; of a body that cannot be decoded,
/// nothing. Members that are no strings are passed over, of several with one
/// name the first counts.
pub fn scan_error_fields(body: &[u8], is_cbor: bool) -> ErrorFields {
    let mut reader = if is_cbor { Reader::cbor(body) } else { Reader::json(body) };
    let result = scan(&mut reader);
    let fields = reader.keep(result);
    reader.finish().map(|()| fields).unwrap_or_default()
}

fn scan(reader: &mut Reader<'_>) -> Result<ErrorFields> {
    let mut fields = ErrorFields::default();
    let (mut capitalized, mut long) = (None, None);
    let mut cursor = reader.open_map()?;
    while reader.more_keys(&mut cursor)? {
        let key = reader.input.key()?;
        reader.input.begin_value()?;
        let field = match &*key {
            "__type" => &mut fields.type_,
            "code" | "Code" => &mut fields.code,
            "message" => &mut fields.message,
            "Message" => &mut capitalized,
            "errorMessage" => &mut long,
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
    fields.message = fields.message.or(capitalized).or(long);
    Ok(fields)
}
