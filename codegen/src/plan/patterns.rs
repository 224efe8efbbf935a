//! Regular expressions in words, where the words say the same.

use crate::markup::code_span;

/// What a pattern asks for in words; `None` where only the pattern itself says it. That of an ARN or a UUID is known with or
/// without anchors. Any other without both may be met by a part of the text, and so is not told in words.
pub(super) fn in_words(pattern: &str) -> Option<String> {
    let inside = pattern.strip_prefix('^').unwrap_or(pattern);
    if is_arn(inside) {
        return Some("an ARN".to_owned());
    }
    if UUIDS.contains(&inside.strip_suffix('$').unwrap_or(inside)) {
        return Some("a UUID in small letters".to_owned());
    }
    let inside = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let parts = parts(inside)?;
    let words: Vec<String> = parts.iter().map(PatternAtom::in_words).collect();
    // Longer ones read no better than the pattern.
    (words.len() <= 3 && !words.is_empty()).then(|| words.join(", then "))
}

const UUIDS: [&str; 2] = [
    "[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}",
    "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
];

/// Whether a pattern is that of an ARN: parts with colons between them, the first of which says so. Which characters each may
/// have is the service's business: an ARN is copied and not made up.
fn is_arn(pattern: &str) -> bool {
    pattern.starts_with("arn:") && pattern.matches(':').count() >= 5
}

/// A part of a pattern, in which there is no choice.
enum PatternAtom {
    /// This text.
    Literal(String),
    /// So many characters of these.
    Some { of: String, least: u32, most: Option<u32> },
}

impl PatternAtom {
    fn in_words(&self) -> String {
        let (of, least, most) = match self {
            Self::Literal(text) => return code_span(text),
            Self::Some { of, least, most } => (of, *least, *most),
        };
        let number = match (least, most) {
            (1, Some(1)) => return format!("one of {of}"),
            (0, None) => return format!("any number of {of}"),
            (least, None) => format!("{least} or more"),
            (0, Some(most)) => format!("up to {most}"),
            (least, Some(most)) if least == most => least.to_string(),
            (least, Some(most)) => format!("{least} to {most}"),
        };
        let link = if of.starts_with('`') { " of" } else { "" };
        format!("{number}{link} {of}")
    }
}

fn parts(mut rest: &str) -> Option<Vec<PatternAtom>> {
    let mut parts = Vec::new();
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        if let Some(inside) = rest.strip_prefix('[') {
            let (class, after) = inside.split_once(']').filter(|(class, _)| !class.ends_with('\\'))?;
            let (part, after) = quantified(characters(class)?, after)?;
            parts.push(part);
            rest = after;
        } else if let Some(after) = rest.strip_prefix(r"\d") {
            let (part, after) = quantified("digits".to_owned(), after)?;
            parts.push(part);
            rest = after;
        } else if (first.is_ascii_alphanumeric() || "-_:/@".contains(first)) && !after.starts_with(['{', '+', '*', '?'])
        {
            match parts.last_mut() {
                Some(PatternAtom::Literal(text)) => text.push(first),
                Some(PatternAtom::Some { .. }) | None => parts.push(PatternAtom::Literal(first.to_string())),
            }
            rest = after;
        } else {
            return None;
        }
    }
    Some(parts)
}

/// How often, and what comes after that.
fn quantified(of: String, rest: &str) -> Option<(PatternAtom, &str)> {
    let some = |least, most| PatternAtom::Some { of, least, most };
    if let Some(rest) = rest.strip_prefix('+') {
        return Some((some(1, None), rest));
    }
    if let Some(rest) = rest.strip_prefix('*') {
        return Some((some(0, None), rest));
    }
    let Some(inside) = rest.strip_prefix('{') else {
        return (!rest.starts_with('?')).then(|| (some(1, Some(1)), rest));
    };
    let (numbers, rest) = inside.split_once('}')?;
    // A mark after it would make it another.
    if rest.starts_with(['?', '+']) {
        return None;
    }
    let (least, most) = numbers.split_once(',').unwrap_or((numbers, numbers));
    let most = if most.is_empty() { None } else { Some(most.parse().ok()?) };
    Some((some(least.parse().ok()?, most), rest))
}

/// The characters of a class in words.
fn characters(class: &str) -> Option<String> {
    let (mut ranges, mut single) = (Vec::new(), Vec::new());
    let letters: Vec<char> = class.chars().collect();
    let mut rest = letters.as_slice();
    loop {
        rest = match rest {
            [] => break,
            ['^' | '[' | '&', ..] => return None,
            ['\\', 'd', rest @ ..] => {
                ranges.push("0-9".to_owned());
                rest
            }
            ['\\', 'w', rest @ ..] => {
                ranges.extend(["a-z", "A-Z", "0-9"].map(str::to_owned));
                single.push('_');
                rest
            }
            ['\\', escaped, ..] if escaped.is_ascii_alphanumeric() => return None,
            ['\\', _, '-', _, ..] => return None,
            ['\\', escaped, rest @ ..] => {
                single.push(*escaped);
                rest
            }
            [from, '-', to, rest @ ..] => {
                ranges.push(format!("{from}-{to}"));
                rest
            }
            [letter, rest @ ..] => {
                single.push(*letter);
                rest
            }
        };
    }
    listed(&ranges, &single)
}

fn listed(ranges: &[String], single: &[char]) -> Option<String> {
    let has = |range: &str| ranges.iter().any(|other| other == range);
    if ranges.iter().any(|range| !["a-z", "A-Z", "0-9", "a-f", "A-F"].contains(&range.as_str())) {
        return None;
    }
    let letters = match (has("a-z"), has("A-Z")) {
        (true, true) => Some("ASCII letters"),
        (true, false) if !has("A-F") => Some("small ASCII letters"),
        (false, true) if !has("a-f") => Some("capital ASCII letters"),
        (false, false) => match (has("a-f"), has("A-F")) {
            (true, true) => Some("`a` to `f` and `A` to `F`"),
            (true, false) => Some("`a` to `f`"),
            (false, true) => Some("`A` to `F`"),
            (false, false) => None,
        },
        (true, false) | (false, true) => return None,
    };
    let digits = has("0-9").then_some("digits");
    let mut names: Vec<String> = letters.into_iter().chain(digits).map(str::to_owned).collect();
    for &letter in single {
        let name = if letter == ' ' { "spaces".to_owned() } else { code_span(&letter.to_string()) };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    match names.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        [first @ .., last] => Some(format!("{} and {last}", first.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn what_is_known_is_said_in_words() {
        for (pattern, words) in [
            (
                "^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,100}$",
                "one of ASCII letters and digits, then up to 100 ASCII letters, digits, `_`, `.` and `-`",
            ),
            ("^ws-[0-9a-z]{8,63}$", "`ws-`, then 8 to 63 small ASCII letters and digits"),
            (r"^\d{12}$", "12 digits"),
            (r"^[ _\-\d\w]+$", "1 or more ASCII letters, digits, spaces, `_` and `-`"),
            (r"^[a-zA-Z0-9()\\-]*$", r"any number of ASCII letters, digits, `(`, `)`, `\` and `-`"),
            ("^[A-F0-9]{2,}$", "2 or more of `A` to `F` and digits"),
            ("[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}", "a UUID in small letters"),
            (r"^arn:aws(?:\-cn)?:s3:::[a-z]{1,3}$", "an ARN"),
            (r"arn:[\w+=\/,.@-]+:kms:[a-z]*:[0-9]{1,12}:key\/[a-z]+", "an ARN"),
        ] {
            assert_eq!(in_words(pattern).as_deref(), Some(words), "{pattern}");
        }
    }

    #[test]
    fn what_words_would_change_stays_a_pattern() {
        let kept = [
            "ws-[0-9a-z]{8}",
            "^a|b$",
            "^(a)$",
            "^[^a]$",
            "^[A-z]$",
            "^[a-z]{1,3}?$",
            "^ab?$",
            "^ab{2}$",
            "^.+$",
            "^$",
            "",
            r"^\S+$",
            "arn:.*",
            r"^[\s]$",
            "^[[:alpha:]]$",
            r"^[\.-z]$",
            "^[a-zA-F]$",
            r"^[a\]]$",
            "^[a-z]++$",
            "^a[b$",
            "^[a-z][a-z][a-z][a-z]$",
        ];
        for pattern in kept {
            assert_eq!(in_words(pattern), None, "{pattern}");
        }
    }
}
