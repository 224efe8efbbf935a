//! `docs.toml`: see [`crate::sentences`].
//!
//! ```toml
//! service = "Says what the service is for."
//! also-called = ["Amazon Other"]  # names by which people look for it
//!
//! [operations]
//! DescribeQueue = "Answers with a queue, or fails if there is none."
//!
//! [structures]                    # and [unions], [enums], [errors]; not inputs and outputs
//! Queue = "A queue, as it is now."
//!
//! [members]                       # in all structures, unions and errors that say nothing else
//! Arn = "The name by which policies know it."
//! "State: QueueState" = "..."     # only members that hold this shape
//!
//! [members-of.Queue]              # only in this one
//! Age = "How long it has been there, in seconds."
//!
//! [values]                        # in all enums that say nothing else
//! OPEN = "It takes messages."
//!
//! [values-of.QueueState]          # only in this one
//! OPEN = "It takes messages, and gives them."
//! ```

use super::node::{At, Object};
use crate::graph::TopicKind;
use crate::sentences::{Sentence, SentenceFile, SentenceKey};

/// The name of the file.
pub(super) const FILE_NAME: &str = "docs.toml";

/// Reads the file. What is wrong with an entry is reported, and the entry left out.
pub(super) fn read(at: &At<'_, '_>) -> SentenceFile {
    let mut file = SentenceFile::default();
    let Some(top) = at.object() else { return file };
    if let Some(at) = top.get("service") {
        add(&mut file, SentenceKey::Service, &at);
    }
    if let Some(at) = top.get("also-called") {
        file.other_names.extend(at.items().filter_map(|at| other_name(&at)));
    }
    flat(&mut file, &top, "operations", |name| SentenceKey::Operation(name.to_owned()));
    for (key, kind) in SHAPES {
        flat(&mut file, &top, key, |name| SentenceKey::Shape(kind, name.to_owned()));
    }
    flat(&mut file, &top, "members", members);
    nested(&mut file, &top, "members-of", |shape, name| SentenceKey::MemberOf { shape, name });
    flat(&mut file, &top, "values", |name| SentenceKey::Values(name.to_owned()));
    nested(&mut file, &top, "values-of", |shape, name| SentenceKey::ValueOf { shape, name });
    top.finish_strictly("a file of sentences");
    file
}

/// The tables of shapes.
const SHAPES: [(&str, TopicKind); 4] = [
    ("structures", TopicKind::Structure),
    ("unions", TopicKind::Union),
    ("enums", TopicKind::Enum),
    ("errors", TopicKind::Error),
];

/// `Name`, or `Name: Target`.
fn members(key: &str) -> SentenceKey {
    match key.split_once(": ") {
        Some((name, target)) => SentenceKey::MembersHolding { name: name.to_owned(), target: target.to_owned() },
        None => SentenceKey::Members(key.to_owned()),
    }
}

/// Reads a table of sentences.
fn flat(file: &mut SentenceFile, top: &Object<'_, '_>, table: &'static str, key_of: impl Fn(&str) -> SentenceKey) {
    if let Some(at) = top.get(table) {
        at.entries().for_each(|(name, at)| add(file, key_of(name), &at));
    }
}

/// Reads a table of tables of sentences.
fn nested(
    file: &mut SentenceFile,
    top: &Object<'_, '_>,
    table: &'static str,
    key_of: impl Fn(String, String) -> SentenceKey,
) {
    let Some(at) = top.get(table) else { return };
    for (shape, at) in at.entries() {
        at.entries().for_each(|(name, at)| add(file, key_of(shape.to_owned(), name.to_owned()), &at));
    }
}

/// A name that can be looked for: words with a space between them.
fn other_name(at: &At<'_, '_>) -> Option<String> {
    let name = at.string()?;
    let is_word =
        |word: &str| !word.is_empty() && word.chars().all(|letter| letter.is_alphanumeric() || "-&.".contains(letter));
    if name.split(' ').all(is_word) {
        return Some(name.to_owned());
    }
    at.report(|diagnostics, origin| {
        diagnostics
            .error("no-name", origin, "the text is no name")
            .hint("a name has words of letters, digits, `-`, `&` and `.`, with one space between two of them");
    });
    None
}

fn add(file: &mut SentenceFile, key: SentenceKey, at: &At<'_, '_>) {
    let Some(text) = at.string() else { return };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let hint = match text.chars().last() {
        None => "say in a sentence what it is for, or delete the entry",
        Some('.') if text.matches('`').count() % 2 == 0 => {
            file.sentences.insert(key, Sentence { text, origin: at.origin() });
            return;
        }
        Some('.') => "a code span has a backtick on each side",
        Some(_) => "a sentence ends with a full stop",
    };
    at.report(|diagnostics, origin| {
        diagnostics.error("no-sentence", origin, "the text is no sentence").hint(hint);
    });
}
