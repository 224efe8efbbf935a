//! Credentials in JSON, as commands, containers and instances write them.

use super::Credentials;
use super::object::Object;
use crate::Document;
use crate::one_line::OneLine;

/// What answers are called in errors.
pub(super) const ANSWER: &str = "the answer";

/// What a command writes. The error says what is wrong, and quotes nothing: all of it may be secret.
pub(super) fn of_command(object: &Object) -> Result<Credentials, String> {
    check_version(object)?;
    let mut credentials = keys(object)?;
    credentials.session_token = object.text("SessionToken")?.map(str::to_owned);
    credentials.expires_at = object.time("Expiration")?;
    Ok(credentials)
}

/// What a container's agent or an instance's metadata answer, whose keys always end. Errors are as those of commands.
pub(super) fn of_metadata(object: &Object) -> Result<Credentials, String> {
    let credentials = keys(object)?.session_token(object.required("Token")?);
    Ok(credentials.expires_at(object.required_time("Expiration")?))
}

fn keys(object: &Object) -> Result<Credentials, String> {
    let mut credentials = Credentials::new(object.required("AccessKeyId")?, object.required("SecretAccessKey")?);
    credentials.account_id = object.text("AccountId")?.map(str::to_owned);
    Ok(credentials)
}

/// The code and message of an error, on one line; `None` where there is neither.
pub(super) fn error(object: &Object) -> Option<String> {
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
