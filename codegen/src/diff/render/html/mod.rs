//! HTML: one page that needs no other file, for one comparison or a whole history.
//!
//! Everything is readable without the script, which adds the search and opens what a
//! link leads to. All text of models goes through [`escaped`], and none of it into the
//! script or the style sheet.

mod release;

use super::document::{self, Block, Document};
use super::{Frame, Release};
use crate::diff::Comparison;
use crate::diff::rules::{Bump, Finding};
use crate::markup::visible;
use release::MainWriter;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What the page's content security policy allows, and nothing else: SHA-256 in base64 of what is between the tags. When
/// one of the files changes, a test says what it has to be.
const STYLE_HASH: &str = "sha256-VYrN9ZVl2jSSlqmYsKj6V7j7LWCg5eXOamajuv1cftc=";
const SCRIPT_HASH: &str = "sha256-FxRHu9WXEZHgVqkR4zTi7Rtu4z3QWmLE2v/1PxCRT3E=";

/// The ids that the page has of its own.
const OWN_IDS: [&str; 4] = ["search", "q", "count", "hint"];

/// Services that a title names.
const NAMED: usize = 4;

/// A page in the making: comparisons in the order of time, of one service after the other.
#[derive(Clone, Debug, Default)]
pub struct HtmlPage {
    /// Which services came and went.
    presence: Option<Section>,
    services: Vec<Section>,
}

/// What the page has of one service.
#[derive(Clone, Debug)]
struct Section {
    service: String,
    name: String,
    /// Oldest first.
    entries: Vec<ComparisonEntry>,
}

/// One comparison.
#[derive(Clone, Debug)]
struct ComparisonEntry {
    old: Release,
    new: Release,
    bump: Bump,
    /// Such as `7 new api methods`.
    summary: String,
    verdict: Vec<Block>,
    changes: Document,
    /// What was withdrawn or brought back.
    notes: Vec<String>,
}

impl HtmlPage {
    /// Adds a comparison. `notes` say what it withdraws and brings back, as
    /// [`History::step`](crate::diff::History::step) tells them.
    pub fn add(&mut self, comparison: &Comparison<'_>, frame: Frame<'_>, notes: &[String]) {
        let unchanged = comparison.facts.is_empty();
        let entry = ComparisonEntry {
            old: frame.old.clone(),
            new: frame.new.clone(),
            bump: comparison.bump(frame.severities),
            summary: document::counts(comparison),
            verdict: if unchanged { Vec::new() } else { document::verdict(comparison, frame).into() },
            changes: document::changes(comparison, frame),
            notes: notes.to_vec(),
        };
        let service = comparison.new.name();
        match self.services.last_mut() {
            Some(section) if section.service == service => section.entries.push(entry),
            _ => self.services.push(Section {
                service: service.to_owned(),
                name: document::name(comparison.new).to_owned(),
                entries: vec![entry],
            }),
        }
    }

    /// Adds the services that came and went: they stand first.
    pub fn add_services(&mut self, services: &[Finding], frame: Frame<'_>) {
        if services.is_empty() {
            return;
        }
        let entry = ComparisonEntry {
            old: frame.old.clone(),
            new: frame.new.clone(),
            bump: crate::diff::bump(services, frame.severities),
            summary: document::service_counts(services),
            verdict: document::verdict_on(services, frame).into(),
            changes: document::rules(services, frame),
            notes: Vec::new(),
        };
        let (service, name) = ("services".to_owned(), "Services".to_owned());
        self.presence = Some(Section { service, name, entries: vec![entry] });
    }

    /// The page as it is written to a file: UTF-8, releases newest first.
    ///
    /// Anchors are `VERSION`, `VERSION-Operation` and `VERSION-rule-Subject`; with more
    /// than one service each begins with the service's name and `-`.
    pub fn html(&self) -> String {
        let mut writer = MainWriter::new(&OWN_IDS);
        for section in self.presence.iter().chain(&self.services) {
            let prefix = if self.services.len() > 1 || self.presence.is_some() {
                format!("{}-", slug(&section.service))
            } else {
                String::new()
            };
            writer.section(section, &prefix);
        }
        let body = writer.finish();
        let title = escaped(&self.title());
        format!(
            r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{STYLE_HASH}'; script-src '{SCRIPT_HASH}'; base-uri 'none'; form-action 'none'">
<title>{title}</title>
<style>
{STYLE}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<form role="search" id="search" hidden>
<label for="q">Search operations, members, values, rules</label>
<input id="q" name="q" type="search" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="hint">
<output id="count" for="q"></output>
<p id="hint">All words have to occur; <kbd>/</kbd> comes here. Also: <code>source:break</code>, <code>bump:major</code>, a version, a date.</p>
</form>
</header>
<main>
{body}</main>
<script>
{SCRIPT}</script>
</body>
</html>
"#
        )
    }

    /// `Amazon AppStream, 1.7.0 to 1.44.5`.
    fn title(&self) -> String {
        let names: Vec<&str> = self.services.iter().map(|section| section.name.as_str()).collect();
        let names = match names.len() {
            0 => "Services".to_owned(),
            1..=NAMED => names.join(" and "),
            count => format!("{count} services"),
        };
        let sections = self.presence.iter().chain(&self.services);
        let versions: Vec<String> = sections.filter_map(Section::versions).collect();
        // Services of one comparison have their versions in common.
        match versions.split_first() {
            Some((first, others)) if others.iter().all(|other| other == first) => format!("{names}, {first}"),
            _ => names,
        }
    }
}

impl Section {
    /// `1.7.0 to 1.44.5`.
    fn versions(&self) -> Option<String> {
        let (first, last) = (self.entries.first()?, self.entries.last()?);
        Some(format!("{} to {}", first.old.label, last.new.label))
    }
}

/// Text on one line that means nothing to HTML, inside of elements and of quoted attributes.
fn escaped(text: &str) -> String {
    let text = visible(text);
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// The same of text with lines.
fn escaped_lines(text: &str) -> String {
    text.split('\n').map(escaped).collect::<Vec<_>>().join("\n")
}

/// Text as a part of an anchor: letters, digits, `.` and `_`, all else one `-`. Never empty, and never with `--`.
fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_') {
            slug.push(letter);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    match slug.trim_matches('-') {
        "" => "_".to_owned(),
        slug => slug.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_html_is_left() {
        let text = "</code><script>alert(\"1\" + '2')</script>&lt;\u{0}\u{1b}[1m\u{202e}\n";
        let expected = "&lt;/code&gt;&lt;script&gt;alert(&quot;1&quot; + &#39;2&#39;)&lt;/script&gt;&amp;lt;\
                        \\u{0}\\u{1b}[1m\\u{202e}";
        assert_eq!(escaped(text), format!("{expected}\\n"));
        assert_eq!(escaped_lines(text), format!("{expected}\n"));
    }

    #[test]
    fn anchors_can_be_typed() {
        assert_eq!(slug("1.44.5"), "1.44.5");
        assert_eq!(slug("models (botocore 1.44.5)"), "models-botocore-1.44.5");
        assert_eq!(slug("Mood a<b>\"c"), "Mood-a-b-c");
        assert_eq!(slug("\u{7248}"), "_");
    }

    #[test]
    fn the_page_has_no_way_out_of_its_style_and_script() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
    }
}
