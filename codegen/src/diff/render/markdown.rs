//! Markdown, as code hosts show it: the body of a pull request.

use super::document::{Block, Told};
use super::plain::{effects, said_of_all};
use crate::markup::{code_fence, code_span, visible, visible_lines};

pub(super) fn write(document: &[Block]) -> String {
    let mut text = String::new();
    for block in document {
        write_block(&mut text, block);
    }
    text
}

fn write_block(text: &mut String, block: &Block) {
    match block {
        Block::Title(title) => text.push_str(&format!("## {}\n", escaped(title))),
        Block::Section(title) => text.push_str(&format!("\n### {}\n", escaped(title))),
        Block::Operation(name, what) => text.push_str(&format!("\n#### {} ({what})\n", code_span(name))),
        Block::Code(title, code) if !code.contains('\n') => {
            text.push_str(&format!("\n{title}: {}\n", code_span(code)));
        }
        Block::Code(title, code) => {
            let (fence, code) = (code_fence(code), visible_lines(code));
            text.push_str(&format!(
                "\n<details><summary>{title}</summary>\n\n{fence}python\n{code}\n{fence}\n\n</details>\n"
            ));
        }
        Block::Line(line) => text.push_str(&format!("\n{}\n", escaped(line))),
        Block::Rule { rule, severity, reason, found } => {
            text.push_str(&format!(
                "\n**{}** (`{}`){}\n\n",
                escaped(rule.title()),
                rule.id(),
                escaped(&effects(*severity))
            ));
            if let Some(reason) = reason {
                text.push_str(&format!("Severity set here: {}\n\n", escaped(reason)));
            }
            match said_of_all(found) {
                Some(subjects) => {
                    let names: Vec<String> = subjects.iter().map(|subject| code_span(subject)).collect();
                    text.push_str(&format!("{}\n", names.join(", ")));
                }
                None => {
                    for Told { subject, message, .. } in found {
                        text.push_str(&format!("- {}: {}\n", code_span(subject), escaped(message)));
                    }
                }
            }
        }
        Block::Verdict(rows) => {
            text.push_str("\n| | effect | |\n|---|---|---|\n");
            for (dimension, effect, meaning) in rows {
                text.push_str(&format!("| {dimension} | {effect} | {meaning} |\n"));
            }
        }
    }
}

/// Text on one line in which Markdown sees nothing.
pub(super) fn escaped(text: &str) -> String {
    let text = visible(text);
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '|' | '$' | '&' | '~') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}
