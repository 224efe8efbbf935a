//! Plain text.

use super::document::{Block, Told};
use crate::diff::rules::{Effect, Effects};
use crate::markup::visible;

/// Columns of lists.
const WIDTH: usize = 100;

pub(super) fn write(document: &[Block]) -> String {
    let mut text = String::new();
    for block in document {
        write_block(&mut text, block);
    }
    text
}

fn write_block(text: &mut String, block: &Block) {
    match block {
        Block::Title(title) => text.push_str(&format!("{}\n", visible(title))),
        Block::Section(title) => text.push_str(&format!("\n{title}\n")),
        Block::Operation(name, what) => text.push_str(&format!("\n{} ({what})\n", visible(name))),
        Block::Code(title, code) => {
            text.push_str(&format!("  {title}\n"));
            for line in code.lines() {
                text.push_str(&format!("    {}", visible(line)));
                text.truncate(text.trim_end_matches(' ').len());
                text.push('\n');
            }
        }
        Block::Line(line) => text.push_str(&format!("{}\n", visible(line))),
        Block::Rule { rule, severity, reason, found } => {
            text.push_str(&format!("  {}: {}{}\n", rule.id(), rule.title(), effects(*severity)));
            if let Some(reason) = reason {
                text.push_str(&format!("    severity set here: {}\n", visible(reason)));
            }
            match said_of_all(found) {
                Some(subjects) => text.push_str(&list(&subjects)),
                None => {
                    for Told { subject, message, .. } in found {
                        text.push_str(&format!("    {}: {}\n", visible(subject), visible(message)));
                    }
                }
            }
        }
        Block::Verdict(rows) => {
            for (dimension, effect, meaning) in rows {
                text.push_str(&format!("  {dimension:9}  {effect:6}  {meaning}\n"));
            }
        }
    }
}

/// ` [wire break, source change]`.
pub(super) fn effects(severity: Effects) -> String {
    let dimensions = dimensions(severity);
    if dimensions.is_empty() { dimensions } else { format!(" [{dimensions}]") }
}

/// `wire break, source change`.
pub(super) fn dimensions(severity: Effects) -> String {
    let dimensions = [("wire", severity.wire), ("source", severity.source), ("behaviour", severity.behaviour)];
    let present = dimensions.into_iter().filter(|(_, effect)| *effect != Effect::None);
    let present: Vec<String> = present.map(|(dimension, effect)| format!("{dimension} {effect}")).collect();
    present.join(", ")
}

/// The subjects, where the message of all is the same and says what the rule says.
pub(super) fn said_of_all(found: &[Told]) -> Option<Vec<&str>> {
    let said = |message: &str| ["is new", "is gone", "changed"].contains(&message);
    found.iter().all(|found| said(&found.message)).then(|| found.iter().map(|found| found.subject.as_str()).collect())
}

fn list(names: &[&str]) -> String {
    let mut text = String::new();
    let mut column = 0;
    for (index, name) in names.iter().enumerate() {
        let name = visible(name);
        let comma = if index + 1 < names.len() { "," } else { "" };
        let length = name.len() + comma.len() + 1;
        if column == 0 || column + length > WIDTH {
            text.push_str(if column == 0 { "    " } else { "\n    " });
            column = 4;
        } else {
            text.push(' ');
        }
        text.push_str(&format!("{name}{comma}"));
        column += length;
    }
    text + "\n"
}
