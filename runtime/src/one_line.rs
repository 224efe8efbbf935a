//! Text from outside, as messages show it: on one line, without what a terminal or a log would obey, and not too long.
//!
//! Every `Display` of an error is complete and safe: it has the causes, and `source()` does not repeat them. So each
//! error shows its text through this module, wherever that came from.

#[cfg(feature = "client-core")]
use std::error::Error;
use std::fmt::{self, Write};

/// How many characters of one piece of text a message shows.
const PART: usize = 1000;
/// How many of a message that is made of such pieces.
const MESSAGE: usize = 4000;
/// How many of a body in a log of what is sent and answered.
#[cfg(feature = "tracing")]
const WIRE_TEXT: usize = 64 << 10;
/// How many of one step of a path. Names in models are shorter.
const SEGMENT: usize = 100;
/// How many causes of an error a message shows. No library has a longer chain.
#[cfg(feature = "client-core")]
const CAUSES: usize = 16;

/// Shows text on one line.
///
/// Line breaks and tabs become a space. Every other control character, and each that is invisible or changes the
/// direction of what follows, is written as an escape (`\u{1b}`). What does not fit into a thousand characters is left
/// out, and said to be.
pub(crate) struct OneLine<T>(pub T);

impl<T: AsRef<str>> fmt::Display for OneLine<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_cut(f, self.0.as_ref(), PART)
    }
}

/// Shows a message that holds text from outside in several places, each cut already, in the same way.
pub(crate) struct Message<T>(pub T);

impl<T: AsRef<str>> fmt::Display for Message<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_cut(f, self.0.as_ref(), MESSAGE)
    }
}

/// Shows what was sent or answered, in the same way: those who ask for it want all, within reason.
#[cfg(feature = "tracing")]
pub(crate) struct WireText<T>(pub T);

#[cfg(feature = "tracing")]
impl<T: AsRef<str>> fmt::Display for WireText<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_cut(f, self.0.as_ref(), WIRE_TEXT)
    }
}

/// Shows one segment of a path, such as a member's name, in the same way.
pub(crate) struct Segment<T>(pub T);

impl<T: AsRef<str>> fmt::Display for Segment<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_cut(f, self.0.as_ref(), SEGMENT)
    }
}

/// Shows an error of another library with its causes, each once: some errors repeat their cause in their own text, and
/// give it as their source too.
#[cfg(feature = "client-core")]
pub(crate) struct Causes<'e>(pub &'e (dyn Error + 'static));

#[cfg(feature = "client-core")]
impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut before = self.0.to_string();
        OneLine(&before).fmt(f)?;
        let mut cause = self.0.source();
        for _ in 0..CAUSES {
            let Some(error) = cause else { break };
            let text = error.to_string();
            if !before.ends_with(&text) {
                write!(f, ": {}", OneLine(&text))?;
            }
            (before, cause) = (text, error.source());
        }
        Ok(())
    }
}

/// Shows as much of the text as fits into `longest` characters, escapes included.
fn write_cut(f: &mut fmt::Formatter<'_>, text: &str, longest: usize) -> fmt::Result {
    let mut left = longest;
    for (at, character) in text.char_indices() {
        let shown = if matches!(character, '\n' | '\r' | '\t') { ' ' } else { character };
        let escape = is_unsafe(shown).then(|| shown.escape_unicode());
        let Some(rest) = left.checked_sub(escape.as_ref().map_or(1, ExactSizeIterator::len)) else {
            return write!(f, "... ({} bytes more)", text.len() - at);
        };
        left = rest;
        match escape {
            Some(escape) => write!(f, "{escape}")?,
            None => f.write_char(shown)?,
        }
    }
    Ok(())
}

/// Whether a terminal, or a reader of a log, could take this for something else than text: C0, DEL and C1, the line and
/// paragraph separators, Unicode's bidirectional controls (UAX #9, section 2), and characters that show nothing (among
/// them the tags, which can hold a whole message). Joiners are text: words and emoji need them.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        let shown = OneLine("a\x1b[31m\r\nb\u{202e}\u{9b}c\0\td\u{2028}\u{e0041}e").to_string();
        assert_eq!(shown, "a\\u{1b}[31m  b\\u{202e}\\u{9b}c\\u{0} d\\u{2028}\\u{e0041}e");
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        let shown = OneLine("ü".repeat(PART + 3)).to_string();
        assert_eq!(shown, format!("{}... (6 bytes more)", "ü".repeat(PART)));
        assert_eq!(OneLine("ü".repeat(PART)).to_string(), "ü".repeat(PART));
        assert_eq!(Segment("ü".repeat(PART)).to_string(), format!("{}... (1800 bytes more)", "ü".repeat(SEGMENT)));
        assert_eq!(Message("ü".repeat(PART + 1)).to_string(), "ü".repeat(PART + 1));
    }

    #[test]
    fn what_was_shown_is_not_shown_again() {
        let part = OneLine("x\n\x1b".repeat(1000)).to_string();
        assert!((PART - 10..PART + 30).contains(&part.len()), "escapes count: {}", part.len());
        assert_eq!(Message(&part).to_string(), part);
    }

    #[cfg(feature = "client-core")]
    #[test]
    fn each_cause_is_shown_once() {
        use crate::client::CredentialsError;
        use std::io;

        #[derive(Debug)]
        struct Wrapped(&'static str, Box<dyn Error + Send + Sync>);

        impl fmt::Display for Wrapped {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.0)
            }
        }

        impl Error for Wrapped {
            fn source(&self) -> Option<&(dyn Error + 'static)> {
                Some(&*self.1)
            }
        }

        let refused = || Box::new(io::Error::other("refused\x1b"));
        assert_eq!(Causes(&Wrapped("no way", refused())).to_string(), "no way: refused\\u{1b}");
        // Another library's error may have its cause in its own text too.
        assert_eq!(Causes(&Wrapped("no way: refused\x1b", refused())).to_string(), "no way: refused\\u{1b}");
        let two = Wrapped("a: b: refused\x1b", Box::new(Wrapped("b: refused\x1b", refused())));
        assert_eq!(Causes(&two).to_string(), "a: b: refused\\u{1b}");
        let ours = CredentialsError::new("a").with_source(Wrapped("b", Box::new(CredentialsError::new("c"))));
        assert_eq!(ours.to_string(), "a: b: c");
    }
}
