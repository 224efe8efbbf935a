//! Text from outside, as messages show it: on one line, without what a terminal or a log would obey, and not too long.

use std::fmt::{self, Write};

/// How many characters of one piece of text a message shows.
const SHOWN: usize = 1000;

/// Shows text on one line.
///
/// Line breaks and tabs become a space. Every other control character, and each that changes the direction of what
/// follows, is written as an escape (`\u{1b}`). What is beyond the first thousand characters is left out, and said to be.
pub(crate) struct OneLine<T>(pub T);

impl<T: AsRef<str>> fmt::Display for OneLine<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.as_ref();
        let end = text.char_indices().nth(SHOWN).map(|(end, _)| end);
        let shown = &text[..end.unwrap_or(text.len())];
        for character in shown.chars() {
            match character {
                '\n' | '\r' | '\t' => f.write_char(' ')?,
                _ if is_unsafe(character) => write!(f, "{}", character.escape_unicode())?,
                _ => f.write_char(character)?,
            }
        }
        match end {
            Some(end) => write!(f, "... ({} bytes more)", text.len() - end),
            None => Ok(()),
        }
    }
}

/// Whether a terminal, or a reader of a log, could take this for something else than text: C0, DEL and C1, the line and
/// paragraph separators, and Unicode's bidirectional controls (UAX #9, section 2).
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        let shown = OneLine("a\x1b[31m\r\nb\u{202e}\u{9b}c\0\td\u{2028}").to_string();
        assert_eq!(shown, "a\\u{1b}[31m  b\\u{202e}\\u{9b}c\\u{0} d\\u{2028}");
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        let shown = OneLine("ü".repeat(SHOWN + 3)).to_string();
        assert_eq!(shown, format!("{}... (6 bytes more)", "ü".repeat(SHOWN)));
        assert_eq!(OneLine("ü".repeat(SHOWN)).to_string(), "ü".repeat(SHOWN));
    }
}
