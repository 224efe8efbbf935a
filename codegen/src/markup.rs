//! Text of models inside of other notations: names, values and expressions may hold anything.

use std::borrow::Cow;

/// Text on one line, in which nothing hides: what breaks lines, cannot be seen or turns the
/// direction of text is written as in Rust.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(hides) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if hides(letter) {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    shown.into()
}

/// The same of text whose lines are shown as lines.
pub(crate) fn visible_lines(text: &str) -> String {
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

fn hides(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            // Breaks of lines, marks and changes of direction, and what has no width.
            '\u{85}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Text as a code span of Markdown, whatever is in it.
pub(crate) fn code_span(text: &str) -> String {
    let text = visible(text);
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // One space on each side is taken away again, but for text that is nothing else; a span is never empty.
    let is_bare = text.starts_with('`') || text.ends_with('`') || text.is_empty();
    let is_padded = text.starts_with(' ') && text.ends_with(' ') && !text.trim_matches(' ').is_empty();
    let pad = if is_bare || is_padded { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A fence for a block of Markdown that no line of `code` closes.
pub(crate) fn code_fence(code: &str) -> String {
    let longest = code.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    "`".repeat((longest + 1).max(3))
}

/// Text that Markdown leaves as it is.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A sentence of our own, whose only markup are code spans. One that has a target becomes a link.
pub(crate) fn linked_sentence(text: &str, target: impl Fn(&str) -> Option<String>) -> String {
    let span = |part| match target(part) {
        Some(target) => format!("[{}]({target})", code_span(part)),
        None => code_span(part),
    };
    let parts = text.split('`').enumerate();
    parts.map(|(index, part)| if index % 2 == 0 { escaped(part) } else { span(part) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_spans_hold_whatever_there_is() {
        for (text, span) in [
            ("a", "`a`"),
            ("a`b", "``a`b``"),
            ("`", "`` ` ``"),
            ("a``", "``` a`` ```"),
            ("", "`  `"),
            (" a ", "`  a  `"),
            ("  ", "`  `"),
            ("a\r\nb", "`a\\r\\nb`"),
            ("a\u{202e}b\u{1b}[0m", "`a\\u{202e}b\\u{1b}[0m`"),
        ] {
            assert_eq!(code_span(text), span, "{text:?}");
        }
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!((code_fence("a"), code_fence("a ```` b")), ("```".to_owned(), "`````".to_owned()));
    }

    #[test]
    fn what_can_be_seen_stays() {
        let text = "Größe \u{1f600} \\ \u{7248}";
        assert_eq!(visible(text), text);
        assert_eq!(visible_lines("a\n\tb"), "a\n\\tb");
    }
}
