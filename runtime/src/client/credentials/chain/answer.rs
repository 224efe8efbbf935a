//! Credentials in JSON, as commands, containers and instances write them.

use super::Credentials;
use crate::client::text::bytes_without_mark;
use crate::one_line::OneLine;
use crate::{Document, Reader, Timestamp};
use std::collections::BTreeMap;
use std::time::SystemTime;
use zeroize::Zeroize;

/// Who has written it: they agree on most names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Author {
    Command,
    /// A container's agent or an instance's metadata.
    Metadata,
}

/// A JSON object.
struct Object(BTreeMap<String, Document>);

/// Reads credentials. The error says what is wrong, and quotes nothing: all of it may be secret.
pub(super) fn credentials(body: &[u8], author: Author) -> Result<Credentials, String> {
    let object = Object::read(body).ok_or("the answer is no JSON object")?;
    let (token, required) = match author {
        Author::Command => {
            object.check_version()?;
            ("SessionToken", false)
        }
        Author::Metadata => ("Token", true),
    };
    let mut credentials = Credentials::new(object.required("AccessKeyId")?, object.required("SecretAccessKey")?);
    credentials.session_token = if required { Some(object.required(token)?) } else { object.text(token)? };
    credentials.account_id = object.text("AccountId")?;
    credentials.expires_at = object.time("Expiration")?;
    if required && credentials.expires_at.is_none() {
        return Err("the answer has no Expiration".to_owned());
    }
    Ok(credentials)
}

/// The code and message of an error, on one line; `None` where there is neither.
pub(super) fn error(body: &[u8]) -> Option<String> {
    let object = Object::read(body)?;
    let either = |names: [&str; 2]| names.iter().find_map(|name| object.text(name).ok().flatten());
    let code = either(["Code", "code"]).filter(|code| code != "Success");
    let message = either(["Message", "message"]);
    let parts: Vec<_> = [code, message].into_iter().flatten().map(|text| OneLine(text).to_string()).collect();
    (!parts.is_empty()).then(|| parts.join(": "))
}

impl Drop for Object {
    fn drop(&mut self) {
        for value in self.0.values_mut() {
            if let Document::String(text) = value {
                text.zeroize();
            }
        }
    }
}

impl Object {
    fn read(body: &[u8]) -> Option<Self> {
        let mut reader = Reader::json(bytes_without_mark(body));
        let document = reader.document();
        match (reader.finish(), document) {
            (Ok(()), Document::Object(members)) => Some(Self(members)),
            _ => None,
        }
    }

    fn check_version(&self) -> Result<(), String> {
        match self.0.get("Version") {
            Some(Document::Number(version)) if version.as_f64() == 1.0 => Ok(()),
            Some(_) => Err("the answer's Version is another than 1".to_owned()),
            None => Err("the answer has no Version: expected 1".to_owned()),
        }
    }

    /// Text that is there and not empty.
    fn text(&self, name: &str) -> Result<Option<String>, String> {
        match self.0.get(name) {
            None | Some(Document::Null) => Ok(None),
            Some(Document::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
            Some(_) => Err(format!("the answer's {name} is no text")),
        }
    }

    fn required(&self, name: &str) -> Result<String, String> {
        self.text(name)?.ok_or_else(|| format!("the answer has no {name}"))
    }

    /// A time. One that is there and cannot be read does not mean that there is none.
    fn time(&self, name: &str) -> Result<Option<SystemTime>, String> {
        let time = match self.0.get(name) {
            None | Some(Document::Null) => return Ok(None),
            Some(Document::String(text)) => Timestamp::from_text(text).and_then(|time| SystemTime::try_from(time).ok()),
            Some(_) => None,
        };
        let expected = "expected one such as 2030-01-31T12:00:00Z";
        time.map(Some).ok_or_else(|| format!("the answer's {name} is no time: {expected}"))
    }
}
