//! Prints what the user is to know, on stderr; the result of a command goes to stdout. Colour only where a terminal
//! shows it: `anstream` sees to that, and to `NO_COLOR`.

use crate::failure::Failure;
use crate::stderr::eprintln;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet, Title};
use std::collections::HashMap;
use std::ops::Range;
use workstream_codegen::diagnostic::{Diagnostic, Diagnostics, Severity};

/// The texts of the files that diagnostics are about, by name.
pub type Sources<'t> = HashMap<&'t str, &'t [u8]>;

/// Why a command stopped.
pub fn failure(failure: &Failure) {
    let title = Level::ERROR.primary_title(failure.message.as_str());
    eprintln!("{}", without_place(&Renderer::styled(), title, failure.hint.as_deref()));
}

/// A warning that is about no place in a file.
pub fn warning(message: &str, hint: &str) {
    let title = Level::WARNING.primary_title(message);
    eprintln!("{}", without_place(&Renderer::styled(), title, Some(hint)));
}

fn without_place(renderer: &Renderer, title: Title<'_>, hint: Option<&str>) -> String {
    let mut text = renderer.render(&[Group::with_title(title)]);
    if let Some(hint) = hint {
        text.push('\n');
        text.push_str(&renderer.render(&[Group::with_title(Level::HELP.primary_title(hint))]));
    }
    text
}

/// All diagnostics, and how many there are of each severity.
pub fn diagnostics(found: &Diagnostics, sources: &Sources<'_>) {
    let renderer = Renderer::styled();
    for diagnostic in found.iter() {
        let text = sources.get(&*diagnostic.origin.file).copied();
        eprintln!("{}\n", render(&renderer, diagnostic, text));
    }
    let count = |severity| found.iter().filter(|d| d.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match (errors, warnings) {
        (0, 0) => {}
        (0, _) => eprintln!("{}", counted(warnings, "warning")),
        (_, 0) => eprintln!("{}; nothing was written", counted(errors, "error")),
        _ => eprintln!("{}, {}; nothing was written", counted(errors, "error"), counted(warnings, "warning")),
    }
}

/// A list of names in lines of at most 100 columns, those after the first indented by `indent`.
pub fn wrapped(first: &str, names: &[String], indent: usize) -> String {
    let mut text = first.to_owned();
    let mut column = indent + first.len();
    for (index, name) in names.iter().enumerate() {
        let comma = if index + 1 < names.len() { "," } else { "" };
        let length = name.len() + comma.len() + 1;
        if column + length > WIDTH {
            text.push_str(&format!("\n{:indent$}", ""));
            column = indent;
        }
        text.push_str(&format!(" {name}{comma}"));
        column += length;
    }
    text
}

/// Columns of a summary: what fits most terminals and logs.
const WIDTH: usize = 100;

/// `1 file`, `2 files`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn render(renderer: &Renderer, diagnostic: &Diagnostic, text: Option<&[u8]>) -> String {
    let level = match diagnostic.severity {
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code);
    let hint = diagnostic.hint.as_deref();
    if diagnostic.origin.file.is_empty() {
        return without_place(renderer, title, hint);
    }
    let group = Group::with_title(title).elements(place(diagnostic, text));
    renderer.render(&[group.elements(hint.map(|hint| Level::HELP.message(hint)))])
}

/// The line that a diagnostic is about with its JSON pointer; or, where that cannot be shown, only the place.
fn place<'a>(diagnostic: &'a Diagnostic, text: Option<&'a [u8]>) -> Vec<Element<'a>> {
    let file = &*diagnostic.origin.file;
    let pointer = Some(&*diagnostic.origin.pointer).filter(|pointer| !pointer.is_empty());
    let position = diagnostic.position;
    let excerpt = position.zip(text).and_then(|((line, _), text)| line_of(text, line));
    if let (Some((line, column)), Some(excerpt)) = (position, excerpt) {
        let annotation = AnnotationKind::Primary.span(token(excerpt, column)).label(pointer);
        return vec![Snippet::source(excerpt).path(file).line_start(line).annotation(annotation).into()];
    }
    let origin = match position {
        Some((line, column)) => Origin::path(file).line(line).char_column(column),
        None => Origin::path(file),
    };
    let note = pointer.map(|pointer| Level::NOTE.message(format!("at {pointer}")).into());
    std::iter::once(origin.into()).chain(note).collect()
}

/// A line of a file without line feeds is no help, and costly to lay out.
const LONGEST_LINE: usize = 4_000;

fn line_of(text: &[u8], line: usize) -> Option<&str> {
    let bytes = text.split(|byte| *byte == b'\n').nth(line.checked_sub(1)?)?;
    std::str::from_utf8(bytes).ok().filter(|line| line.len() <= LONGEST_LINE)
}

/// The bytes of the JSON token that begins at `column`, which counts
/// characters from 1.
fn token(line: &str, column: usize) -> Range<usize> {
    let start = line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |(at, _)| at);
    let rest = &line[start..];
    let length = match rest.chars().next() {
        Some('"') => string_length(rest),
        Some(first) if first.is_alphanumeric() || first == '-' => {
            rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '+' | '.'))).unwrap_or(rest.len())
        }
        first => first.map_or(0, char::len_utf8),
    };
    start..start + length
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|&(_, c)| {
        let closes = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        closes
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnostic(position: Option<(usize, usize)>, hint: Option<&str>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            code: "dangling-shape",
            message: "the shape `Strin` does not exist".to_owned(),
            origin: workstream_codegen::diagnostic::Origin::new("models/a/service-2.json", "/shapes/A/members/B/shape"),
            position,
            hint: hint.map(str::to_owned),
        }
    }

    fn plain(diagnostic: &Diagnostic, text: &str) -> String {
        render(&Renderer::plain(), diagnostic, Some(text.as_bytes()))
    }

    #[test]
    fn the_line_is_shown_with_its_place_and_hint() {
        let text = "{\n  \"\u{e9}\": {\"shape\": \"Strin\"},\n}";
        let shown = plain(&diagnostic(Some((2, 18)), Some("did you mean `String`?")), text);
        let expected = "\
error[dangling-shape]: the shape `Strin` does not exist
 --> models/a/service-2.json:2:18
  |
2 |   \"\u{e9}\": {\"shape\": \"Strin\"},
  |                  ^^^^^^^ /shapes/A/members/B/shape
  |
  = help: did you mean `String`?";
        assert_eq!(shown, expected);
    }

    #[test]
    fn without_a_line_to_show_the_place_is_named() {
        let expected = "\
error[dangling-shape]: the shape `Strin` does not exist
--> models/a/service-2.json:1:5001
 = note: at /shapes/A/members/B/shape";
        let long = " ".repeat(6_000);
        assert_eq!(plain(&diagnostic(Some((1, 5_001)), None), &long).trim_end(), expected);
        let nowhere = plain(&diagnostic(None, None), "");
        assert!(nowhere.contains("--> models/a/service-2.json\n"), "{nowhere}");
    }

    #[test]
    fn a_place_outside_of_the_text_is_no_panic() {
        for position in [(0, 0), (1, 0), (1, 99), (2, 1), (99, 1)] {
            let shown = plain(&diagnostic(Some(position), None), "{}\n");
            assert!(shown.contains("models/a/service-2.json"), "{shown}");
        }
        let not_text = render(&Renderer::plain(), &diagnostic(Some((1, 1)), None), Some(b"\xff\xfe"));
        assert!(not_text.contains("service-2.json:1:1"), "{not_text}");
    }

    #[test]
    fn a_token_is_marked_whole() {
        let line = r#"{"a\"b": -1.5e3, "c": true}"#;
        let marked = |column| &line[token(line, column)];
        assert_eq!((marked(1), marked(2), marked(10), marked(23)), ("{", r#""a\"b""#, "-1.5e3", "true"));
        assert_eq!(&"\"open"[token("\"open", 1)], "\"open");
    }

    #[test]
    fn long_lists_are_wrapped() {
        let names: Vec<String> = (0..20).map(|number| format!("Operation{number}")).collect();
        let text = wrapped("20 paginators:", &names, 4);
        assert!(text.starts_with("20 paginators: Operation0, Operation1,"), "{text}");
        assert!(text.ends_with(" Operation19"), "{text}");
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.len() > 2 && lines[1].starts_with("     Operation"), "{text}");
        assert!(lines.iter().all(|line| line.len() <= WIDTH && !line.ends_with(' ')), "{text}");
    }
}
