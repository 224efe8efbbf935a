//! Names of a service as a whole: they go into paths, headers, hosts and links, so they are checked where they are read.

use super::node::At;
use crate::markup::code_span;

/// Such as `AppStream` or `SSO OIDC`.
pub(super) fn service_id(at: &At<'_, '_>) -> Option<String> {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphanumeric());
    checked(at, "service id", "it has words of letters and digits, with one space between them", |text| {
        text.split(' ').all(is_word)
    })
}

/// Such as `DynamoDB_20120810`, or with dots.
pub(super) fn target_prefix(at: &At<'_, '_>) -> Option<String> {
    checked(at, "target prefix", "it has letters, digits, underscores and dots", |text| has_only(text, "_."))
}

/// Such as `appstream2`, or `api.ecr`.
pub(super) fn endpoint_prefix(at: &At<'_, '_>) -> Option<String> {
    checked(at, "endpoint prefix", "it is the beginning of a host name: letters, digits, dashes and dots", |text| {
        has_only(text, "-.")
    })
}

/// Such as `appstream`.
pub(super) fn signing_name(at: &At<'_, '_>) -> Option<String> {
    checked(at, "signing name", "it has letters, digits, dashes, underscores and dots", |text| has_only(text, "-_."))
}

fn has_only(text: &str, others: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || others.contains(letter))
}

fn checked(at: &At<'_, '_>, what: &str, expected: &str, is: impl Fn(&str) -> bool) -> Option<String> {
    let text = at.string()?;
    if is(text) {
        return Some(text.to_owned());
    }
    at.report(|diagnostics, origin| {
        diagnostics.error("invalid-name", origin, format!("{} is no {what}", code_span(text))).hint(expected);
    });
    None
}
