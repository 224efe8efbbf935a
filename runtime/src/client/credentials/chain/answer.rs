//! Credentials in JSON, as commands, containers and instances write them.

use super::super::object::Object;
use super::Credentials;
use crate::Document;
use crate::one_line::OneLine;

/// Who has written it: they agree on most names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Author {
    Command,
    /// A container's agent or an instance's metadata.
    Metadata,
}

/// Reads credentials. The error says what is wrong, and quotes nothing: all of it may be secret.
pub(super) fn credentials(body: &[u8], author: Author) -> Result<Credentials, String> {
    let object = Object::read(body, "the answer")?;
    let (token, required) = match author {
        Author::Command => {
            check_version(&object)?;
            ("SessionToken", false)
        }
        Author::Metadata => ("Token", true),
    };
    let mut credentials = Credentials::new(object.required("AccessKeyId")?, object.required("SecretAccessKey")?);
    credentials.session_token =
        if required { Some(object.required(token)?) } else { object.text(token)? }.map(str::to_owned);
    credentials.account_id = object.text("AccountId")?.map(str::to_owned);
    credentials.expires_at =
        if required { Some(object.required_time("Expiration")?) } else { object.time("Expiration")? };
    Ok(credentials)
}

/// The code and message of an error, on one line; `None` where there is neither.
pub(super) fn error(body: &[u8]) -> Option<String> {
    let object = Object::read(body, "the answer").ok()?;
    let either = |names: [&str; 2]| names.iter().find_map(|name| object.text(name).ok().flatten());
    let code = either(["Code", "code"]).filter(|code| *code != "Success");
    let message = either(["Message", "message"]);
    let parts: Vec<_> = [code, message].into_iter().flatten().map(|text| OneLine(text).to_string()).collect();
    (!parts.is_empty()).then(|| parts.join(": "))
}

fn check_version(object: &Object) -> Result<(), String> {
    match object.get("Version") {
        Some(Document::Number(version)) if version.as_f64() == 1.0 => Ok(()),
        Some(_) => Err("the answer's Version is another than 1".to_owned()),
        None => Err("the answer has no Version: expected 1".to_owned()),
    }
}
