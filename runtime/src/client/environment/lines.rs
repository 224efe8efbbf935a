//! The lines of a shared configuration file: sections of keys with values.
//!
//! A line is what botocore takes it for, which is what Python's `configparser` does:
//!
//! - A line that begins with `#` or `;`, however far it is set in, is a comment, and not there.
//! - One that is set in further than the line with the last key goes on with that key's value. Where nothing stands
//!   behind the key itself, these lines are settings of their own.
//! - Any other is `[section]` or `key = value`, where `:` is as good as `=`. `#` and `;` within a value are part of it.
//! - What the section `DEFAULT` has, each other section of the file has too, unless it has its own.

use std::borrow::Cow;
use zeroize::Zeroizing;

/// The sections of a file with the same header.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FileSection {
    /// What stands in the brackets.
    pub header: String,
    /// By key, in lower case. Of several values of a key, the last.
    pub values: Vec<(String, FileValue)>,
}

/// What a key is set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FileValue {
    /// Text, perhaps empty, perhaps of several lines.
    Text(Zeroizing<String>),
    /// Settings below a key without a value of its own.
    Nested(Vec<(String, String)>),
}

/// A line that is none of those expected. The line itself may be secret.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LineFault {
    /// The line's number, from 1.
    pub line: usize,
    /// What it should have been.
    pub expected: &'static str,
}

/// The header above what all sections have.
const FOR_ALL: &str = "DEFAULT";

/// The sections of a file, in their order.
pub(super) fn sections(text: &str) -> Result<Vec<FileSection>, LineFault> {
    let mut reader = LineReader::default();
    for (index, line) in with_plain_ends(text).split('\n').enumerate() {
        reader.read(index + 1, line)?;
    }
    let (for_all, own): (Vec<_>, Vec<_>) = reader.sections.into_iter().partition(|(header, _)| header == FOR_ALL);
    let section = |(header, mut values): (String, Vec<(String, Lines)>)| {
        for (key, lines) in for_all.iter().flat_map(|(_, values)| values) {
            if values.iter().all(|(known, _)| known != key) {
                values.push((key.clone(), lines.clone()));
            }
        }
        let values = values.into_iter().map(|(key, lines)| Ok((key, value(&lines)?)));
        Ok(FileSection { header, values: values.collect::<Result<_, _>>()? })
    };
    own.into_iter().map(section).collect()
}

/// Lines may end in any of the three ways.
fn with_plain_ends(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text.into() }
}

/// The lines of a value with their numbers; the first is that of the key.
type Lines = Vec<(usize, Zeroizing<String>)>;

#[derive(Default)]
struct LineReader {
    /// By header and key.
    sections: Vec<(String, Vec<(String, Lines)>)>,
    /// Which of them the next key belongs to.
    section: usize,
    /// How far the line with the last key or header is set in.
    indent: usize,
    /// Whether the section's last value may go on.
    is_open: bool,
}

impl LineReader {
    fn read(&mut self, number: usize, line: &str) -> Result<(), LineFault> {
        let content = trim(line);
        if content.starts_with(['#', ';']) {
            return Ok(());
        }
        let indent = line.chars().take_while(|c| is_space(*c)).count();
        let goes_on = content.is_empty() || indent > self.indent;
        if goes_on && let Some(lines) = self.open_value() {
            lines.push((number, content.to_owned().into()));
            return Ok(());
        }
        if content.is_empty() {
            return Ok(());
        }
        self.indent = indent;
        if let Some(header) = header(content) {
            self.begin_section(header);
            return Ok(());
        }
        let fault = |expected| Err(LineFault { line: number, expected });
        let Some((_, values)) = self.sections.get_mut(self.section) else {
            return fault("a `[section]` before anything else");
        };
        match content.split_once(['=', ':']).map(|(key, value)| (trim(key), trim(value))) {
            None | Some(("", _)) => fault("`[section]` or `key = value`"),
            Some((key, value)) => {
                let key = key.to_lowercase();
                values.retain(|(known, _)| *known != key);
                values.push((key, vec![(number, value.to_owned().into())]));
                self.is_open = true;
                Ok(())
            }
        }
    }

    fn open_value(&mut self) -> Option<&mut Lines> {
        let (_, values) = self.sections.get_mut(self.section).filter(|_| self.is_open)?;
        values.last_mut().map(|(_, lines)| lines)
    }

    fn begin_section(&mut self, header: &str) {
        let known = self.sections.iter().position(|(known, _)| known == header);
        self.section = known.unwrap_or(self.sections.len());
        self.is_open = false;
        if known.is_none() {
            self.sections.push((header.to_owned(), Vec::new()));
        }
    }
}

/// What a header has in its brackets. They end at the last `]`, unless a comment begins behind an earlier one.
fn header(content: &str) -> Option<&str> {
    let inside = content.strip_prefix('[')?;
    let mut closing = inside.match_indices(']').map(|(at, _)| at).filter(|at| *at > 0);
    let before_comment = closing.find(|at| {
        let rest = &inside[at + 1..];
        rest.starts_with(is_space) && trim(rest).starts_with(['#', ';'])
    });
    let end = before_comment.or_else(|| inside.rfind(']').filter(|at| *at > 0))?;
    Some(trim(&inside[..end]))
}

fn value(lines: &[(usize, Zeroizing<String>)]) -> Result<FileValue, LineFault> {
    let last = lines.iter().rposition(|(_, line)| !line.is_empty()).map_or(0, |last| last + 1);
    let lines = &lines[..last];
    match lines {
        [(_, first), nested @ ..] if first.is_empty() => Ok(FileValue::Nested(settings(nested)?)),
        _ => Ok(FileValue::Text(lines.iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>().join("\n").into())),
    }
}

/// Settings that are set in below a key. Their names are as they are written.
fn settings(lines: &[(usize, Zeroizing<String>)]) -> Result<Vec<(String, String)>, LineFault> {
    let mut settings: Vec<(String, String)> = Vec::new();
    let parts = lines.iter().flat_map(|(line, content)| content.split(divides).map(move |part| (line, trim(part))));
    for (line, content) in parts.filter(|(_, content)| !content.is_empty()) {
        let Some((key, value)) = content.split_once('=') else {
            let expected = "`key = value`, as it is set in below a key without a value";
            return Err(LineFault { line: *line, expected });
        };
        let key = trim(key);
        settings.retain(|(known, _)| known != key);
        settings.push((key.to_owned(), trim(value).to_owned()));
    }
    Ok(settings)
}

/// The words of a header, as a shell divides them: quotes keep spaces together, and a backslash makes the character
/// behind it ordinary. Nothing where a quote is not closed.
pub(super) fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\\' => word.get_or_insert_default().push(characters.next()?),
            '\'' | '"' => {
                let quoted = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        end if end == character => break,
                        '\\' if character == '"' => {
                            // Within double quotes, it does so for itself and the quote only.
                            let escaped = characters.next_if(|next| matches!(next, '"' | '\\'));
                            quoted.push(escaped.unwrap_or('\\'));
                        }
                        inner => quoted.push(inner),
                    }
                }
            }
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    Some(words)
}

/// Space as Python knows it: beyond Unicode's, four separators among the control characters.
fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}

/// What divides such settings besides the end of a line.
fn divides(character: char) -> bool {
    matches!(character, '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn text(value: &str) -> FileValue {
        FileValue::Text(value.to_owned().into())
    }

    fn nested<const N: usize>(settings: [(&str, &str); N]) -> FileValue {
        FileValue::Nested(settings.map(|(key, value)| (key.to_owned(), value.to_owned())).into())
    }

    /// The values of a file's only section.
    #[track_caller]
    fn check<const N: usize>(lines: &str, values: [(&str, FileValue); N]) {
        let read = sections(&format!("[a]\n{lines}")).unwrap();
        let values = values.map(|(key, value)| (key.to_owned(), value)).into();
        assert_eq!(read, [FileSection { header: "a".to_owned(), values }], "{lines:?}");
    }

    #[track_caller]
    fn check_fault(lines: &str, line: usize, expected: &str) {
        let fault = sections(lines).unwrap_err();
        assert_eq!((fault.line, fault.expected), (line, expected), "{lines:?}");
    }

    #[test]
    fn keys_and_values() {
        check(
            "Key = v\nk2=v=2\nk 3: v # v ; v\nk4 =\n",
            [("key", text("v")), ("k2", text("v=2")), ("k 3", text("v # v ; v")), ("k4", text(""))],
        );
        check("k = 1\nK = 2\n", [("k", text("2"))]);
        check("k = 1\nl = 2\n[a]\nk = 3\n", [("l", text("2")), ("k", text("3"))]);
        check("k =\n stray\nk = 1\n", [("k", text("1"))]);
        check("k = 1\r\nl = 2\rm = 3", [("k", text("1")), ("l", text("2")), ("m", text("3"))]);
    }

    #[test]
    fn comments_are_not_there() {
        check("k = v\n  # c\nl = w\n", [("k", text("v")), ("l", text("w"))]);
        check("k =\n  ; c = d\n\n# c\n  a = b\n", [("k", nested([("a", "b")]))]);
    }

    #[test]
    fn values_go_on_in_lines_that_are_set_in() {
        check("k = v\n  -w\n\n\tx\n\nl = y\n", [("k", text("v\n-w\n\nx")), ("l", text("y"))]);
        check("k = v\n [b]\n", [("k", text("v\n[b]"))]);
        // All of a section may be set in.
        check("  k = v\n  l = w\n   x\n", [("k", text("v")), ("l", text("w\nx"))]);
        check("   k = v\n  l = w\n x = y\n", [("k", text("v")), ("l", text("w")), ("x", text("y"))]);
    }

    #[test]
    fn settings_stand_below_a_key_without_a_value() {
        check("k =\n a = b=c\n A=\n a = d\nl = v\n", [("k", nested([("A", ""), ("a", "d")])), ("l", text("v"))]);
        check("k = v\n a = b\n", [("k", text("v\na = b"))]);
        check_fault("[a]\nk =\n a = b\n\n b: c\n", 5, "`key = value`, as it is set in below a key without a value");
    }

    #[test]
    fn headers() {
        for (line, header) in [
            ("[a]", "a"),
            ("[ a  b ]", "a  b"),
            ("[a] # b", "a"),
            ("[a]\t; [b]", "a"),
            ("[a] /* b */", "a"),
            ("[a]b]", "a]b"),
            ("[a]#]", "a]#"),
            ("[a # b]", "a # b"),
            ("  [a]", "a"),
        ] {
            assert_eq!(sections(line).unwrap()[0].header, header, "{line}");
        }
    }

    #[test]
    fn one_section_is_for_all() {
        let read = sections("[DEFAULT]\nk = v\nl = v\n[a]\nk = w\n[default]\n").unwrap();
        let values = |values: &[(&str, &str)]| {
            values.iter().map(|(key, value)| ((*key).to_owned(), text(value))).collect::<Vec<_>>()
        };
        assert_eq!(read.iter().map(|section| section.header.as_str()).collect::<Vec<_>>(), ["a", "default"]);
        assert_eq!(read[0].values, values(&[("k", "w"), ("l", "v")]));
        assert_eq!(read[1].values, values(&[("k", "v"), ("l", "v")]));
    }

    #[test]
    fn a_line_that_is_none_is_named() {
        check_fault("\n# c\nk = v\n", 3, "a `[section]` before anything else");
        check_fault("[a]\r\n\r\nstray\r\n", 3, "`[section]` or `key = value`");
        check_fault("[a]\n= v\n", 2, "`[section]` or `key = value`");
        check_fault("[a]\n[]\n", 2, "`[section]` or `key = value`");
        check_fault("[a\n", 1, "a `[section]` before anything else");
    }

    #[test]
    fn words_are_those_of_a_shell() {
        let words = |text| words(text).map(|words| words.join("|"));
        assert_eq!(words("profile  a\tb").as_deref(), Some("profile|a|b"));
        assert_eq!(words("profile \"Ann's desk\"").as_deref(), Some("profile|Ann's desk"));
        assert_eq!(words("profile 'a \"b\\' ''").as_deref(), Some("profile|a \"b\\|"));
        assert_eq!(words(r#"profile "a\"\\\n" \ b"#).as_deref(), Some(r#"profile|a"\\n| b"#));
        assert_eq!(words("profile a\"b\"'c'").as_deref(), Some("profile|abc"));
        for open in ["profile Ann's", "profile \"a", "profile a\\", "profile \"a\\"] {
            assert_eq!(words(open), None, "{open}");
        }
    }
}
