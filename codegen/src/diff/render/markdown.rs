//! Markdown, as code hosts show it: the body of a pull request.

use super::document::{Block, Found};
use super::plain::{effects, said_of_all};

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
        Block::Operation(name, what) => text.push_str(&format!("\n#### `{name}` ({what})\n")),
        Block::Code(title, code) => {
            let short = !code.contains('\n') && !code.contains('`');
            match short {
                true => text.push_str(&format!("\n{title}: `{code}`\n")),
                false => text.push_str(&format!(
                    "\n<details><summary>{title}</summary>\n\n```python\n{code}\n```\n\n</details>\n"
                )),
            }
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
                    let names: Vec<String> = subjects.iter().map(|subject| format!("`{subject}`")).collect();
                    text.push_str(&format!("{}\n", names.join(", ")));
                }
                None => {
                    for Found { subject, message, .. } in found {
                        text.push_str(&format!("- `{subject}`: {}\n", escaped(message)));
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

/// Text in which Markdown sees nothing.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '|' | '$') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}
