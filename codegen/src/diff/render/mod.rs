//! A comparison for people and programs.
//!
//! People get a [`Document`], made once and written as plain text, as Markdown or into
//! an [`HtmlPage`]; programs get JSON. The first part has the shape of the public pages of API
//! changes, the second what those never say, the third the verdict.

mod document;
mod html;
mod json;
mod markdown;
mod notes;
mod plain;

pub use document::{Block, Document, Told};
pub use html::HtmlPage;
pub use json::{SCHEMA, finding, json};

use super::Comparison;
use super::rules::{Finding, Severities};

/// One side of a comparison, as its readers know it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Release {
    /// What it is: a version, a revision or a folder.
    pub label: String,
    /// Its day, as `YYYY-MM-DD`, where that is known.
    pub date: Option<String>,
}

/// What a changelog is about, besides the models.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The old side.
    pub old: &'a Release,
    /// The new side.
    pub new: &'a Release,
    /// How grave what is.
    pub severities: &'a Severities,
    /// The version of the crate that was generated from the old side, where known.
    pub version: Option<&'a str>,
}

/// A comparison as plain text.
pub fn text(comparison: &Comparison<'_>, frame: Frame<'_>) -> String {
    plain::write(&document::document(comparison, frame))
}

/// A comparison as Markdown.
pub fn markdown(comparison: &Comparison<'_>, frame: Frame<'_>) -> String {
    markdown::write(&document::document(comparison, frame))
}

/// Services that came and went, as plain text: [`Finding::service_added`] and the like.
pub fn services_text(services: &[Finding], frame: Frame<'_>) -> String {
    plain::write(&document::services(services, frame))
}

/// The same as Markdown.
pub fn services_markdown(services: &[Finding], frame: Frame<'_>) -> String {
    markdown::write(&document::services(services, frame))
}

/// What users of a service notice, as an item of a list in Markdown, for a file of changes; nothing where they notice nothing.
pub fn notes(comparison: &Comparison<'_>, frame: Frame<'_>) -> Option<String> {
    notes::of_service(comparison, frame)
}

/// The same of services that came and went.
pub fn services_notes(services: &[Finding], frame: Frame<'_>) -> Option<String> {
    notes::of_services(services, frame)
}

/// Text on one line in which Markdown sees nothing.
pub fn escaped_markdown(text: &str) -> String {
    markdown::escaped(text)
}

/// Text as a code span of Markdown, whatever is in it.
pub fn code_span(text: &str) -> String {
    crate::markup::code_span(text)
}

/// Text on one line, in which nothing hides.
pub fn visible(text: &str) -> String {
    crate::markup::visible(text).into_owned()
}
