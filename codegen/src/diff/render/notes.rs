//! An entry of a file of changes that a project keeps: what users notice, a line a rule.

use super::Frame;
use super::document::{self, Block, Told};
use super::markdown::escaped;
use super::plain::{dimensions, said_of_all};
use crate::diff::Comparison;
use crate::diff::rules::{Effects, Finding};
use crate::markup::code_span;

/// How many things of one rule are named.
const NAMED: usize = 12;

/// What users of a service notice, as an item of a list in Markdown; nothing where they notice nothing.
pub(super) fn of_service(comparison: &Comparison<'_>, frame: Frame<'_>) -> Option<String> {
    item(document::name(comparison.new), &document::rules(&comparison.findings, frame), frame)
}

/// The same of services that came and went.
pub(super) fn of_services(services: &[Finding], frame: Frame<'_>) -> Option<String> {
    item(&document::service_counts(services), &document::rules(services, frame), frame)
}

fn item(title: &str, blocks: &[Block], frame: Frame<'_>) -> Option<String> {
    let lines: Vec<String> = blocks.iter().filter_map(line).collect();
    if lines.is_empty() {
        return None;
    }
    let (old, new) = (escaped(&frame.old.label), escaped(&frame.new.label));
    Some(format!("- {}, {old} -> {new}:\n{}", escaped(title), lines.concat()))
}

/// A rule that users notice.
fn line(block: &Block) -> Option<String> {
    match block {
        Block::Rule { severity, .. } if *severity == Effects::default() => None,
        Block::Rule { rule, severity, found, .. } => {
            let things = match said_of_all(found) {
                Some(subjects) => listed(&subjects, ", ", |subject| code_span(subject)),
                None => listed(found, "; ", |Told { subject, message, .. }| {
                    format!("{} {}", code_span(subject), escaped(message))
                }),
            };
            Some(format!("  - {} ({}): {things}\n", escaped(rule.title()), dimensions(*severity)))
        }
        Block::Title(_)
        | Block::Section(_)
        | Block::Operation(..)
        | Block::Code(..)
        | Block::Line(_)
        | Block::Verdict(_) => None,
    }
}

fn listed<T>(things: &[T], separator: &str, shown: impl Fn(&T) -> String) -> String {
    let named: Vec<String> = things.iter().take(NAMED).map(shown).collect();
    let more = match things.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("{separator}and {more} more"),
    };
    named.join(separator) + &more
}
