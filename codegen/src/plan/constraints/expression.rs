//! Regular expressions of models, in the notation of the engine that the runtime has.
//!
//! Smithy asks for ECMA 262. Models have that, and some of what Java has besides, because services are written in it. What
//! ECMA 262 means by `\d`, `\w` and `.` is less than what the engine means, so it is written out. An expression that
//! comes out of here is one that the engine takes: what is not understood is refused, with the reason.

use std::fmt::Write;

/// The expression in the engine's notation.
///
/// # Errors
///
/// What the engine could not read, to be said after a colon.
pub(super) fn translated(pattern: &str) -> Result<String, String> {
    let mut translation = Translation { rest: pattern, ..Translation::default() };
    while let Some(letter) = translation.take() {
        translation.outside(letter)?;
    }
    if !translation.open.is_empty() {
        return Err("a group is not closed".to_owned());
    }
    if translation.refers_to > translation.groups {
        return Err(format!("there is no group {}", translation.refers_to));
    }
    if translation.size > MAX_SIZE {
        return Err("its repetitions are too many".to_owned());
    }
    Ok(translation.text)
}

/// How large an expression may get, in about the states that the engine makes of it.
const MAX_SIZE: u64 = 150_000;

/// What ECMA 262 has for `\d` and `\w`, inside brackets. Its `\s` is the engine's but for U+0085 and U+FEFF.
const DIGITS: &str = "0-9";
const WORDS: &str = "0-9A-Za-z_";
/// What `.` leaves out.
const LINE_ENDS: &str = r"\n\r\x{2028}\x{2029}";

/// Names of Java for characters of ASCII, and what they are inside brackets.
const ASCII_CLASSES: [(&str, &str); 13] = [
    ("ASCII", r"\x00-\x7F"),
    ("Alnum", "0-9A-Za-z"),
    ("Alpha", "A-Za-z"),
    ("Blank", r" \t"),
    ("Cntrl", r"\x00-\x1F\x7F"),
    ("Digit", "0-9"),
    ("Graph", "!-~"),
    ("Lower", "a-z"),
    ("Print", " -~"),
    ("Punct", r"!-/:-@\[-`{-~"),
    ("Space", r"\t-\r "),
    ("Upper", "A-Z"),
    ("XDigit", "0-9A-Fa-f"),
];

/// Unicode's general categories, and what the engine calls what else models name.
const PROPERTIES: [(&str, &str); 42] = [
    ("C", "C"),
    ("Cc", "Cc"),
    ("Cf", "Cf"),
    ("Cn", "Cn"),
    ("Co", "Co"),
    ("L", "L"),
    ("Ll", "Ll"),
    ("Lm", "Lm"),
    ("Lo", "Lo"),
    ("Lt", "Lt"),
    ("Lu", "Lu"),
    ("M", "M"),
    ("Mc", "Mc"),
    ("Me", "Me"),
    ("Mn", "Mn"),
    ("N", "N"),
    ("Nd", "Nd"),
    ("Nl", "Nl"),
    ("No", "No"),
    ("P", "P"),
    ("Pc", "Pc"),
    ("Pd", "Pd"),
    ("Pe", "Pe"),
    ("Pf", "Pf"),
    ("Pi", "Pi"),
    ("Po", "Po"),
    ("Ps", "Ps"),
    ("S", "S"),
    ("Sc", "Sc"),
    ("Sk", "Sk"),
    ("Sm", "Sm"),
    ("So", "So"),
    ("Z", "Z"),
    ("Zl", "Zl"),
    ("Zp", "Zp"),
    ("Zs", "Zs"),
    ("Alphabetic", "Alphabetic"),
    ("IsAlphabetic", "Alphabetic"),
    ("IsL", "L"),
    ("IsWhitespace", "White_Space"),
    ("IsWhite_Space", "White_Space"),
    ("Letter", "L"),
];

/// A part of a class: one character, which may begin a range, or several, as they stand inside brackets.
enum ClassPart {
    One(char),
    Several(String),
}

/// A group that is open.
struct OpenGroup {
    /// How large the expression was before it.
    before: u64,
    /// Whether it looks around, and so is nothing that can be repeated.
    looks_around: bool,
}

#[derive(Default)]
struct Translation<'p> {
    rest: &'p str,
    text: String,
    /// The groups that are open.
    open: Vec<OpenGroup>,
    /// Groups that can be referred to.
    groups: u32,
    /// The greatest group that is referred to.
    refers_to: u32,
    /// Whether something is there that can be repeated.
    has_atom: bool,
    /// How many states the last atom takes.
    atom: u64,
    size: u64,
    /// Whether `.` is every character.
    dot_is_all: bool,
}

impl Translation<'_> {
    fn take(&mut self) -> Option<char> {
        let first = self.rest.chars().next()?;
        self.rest = &self.rest[first.len_utf8()..];
        Some(first)
    }

    fn took(&mut self, prefix: &str) -> bool {
        let after = self.rest.strip_prefix(prefix);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    /// Something that can be repeated.
    fn atom(&mut self, text: &str, size: u64) {
        self.text.push_str(text);
        (self.has_atom, self.atom) = (true, size);
        self.size = self.size.saturating_add(size);
    }

    fn literal(&mut self, letter: char) {
        let escape = if r"\.+*?()|[]{}^$".contains(letter) { "\\" } else { "" };
        self.atom(&format!("{escape}{letter}"), 1);
    }

    /// What stands outside of classes.
    fn outside(&mut self, letter: char) -> Result<(), String> {
        match letter {
            '\\' => return self.escape(),
            '[' => return self.class(),
            '(' => return self.group(),
            ')' => {
                let group = self.open.pop().ok_or("a group is closed that is not open")?;
                self.text.push(')');
                (self.has_atom, self.atom) = (!group.looks_around, self.size - group.before);
            }
            '|' | '^' | '$' => {
                self.text.push(letter);
                self.has_atom = false;
            }
            '.' if self.dot_is_all => self.atom(".", 5),
            '.' => self.atom(&format!("[^{LINE_ENDS}]"), 10),
            '*' | '+' | '?' => self.repeated(&letter.to_string(), 2)?,
            '{' => match counted(self.rest)? {
                Some((numbers, most, after)) => {
                    self.rest = after;
                    self.repeated(&format!("{{{numbers}}}"), most)?;
                }
                None => self.literal('{'),
            },
            letter => self.literal(letter),
        }
        Ok(())
    }

    /// An atom that was there, repeated. A mark for being lazy is kept. One for being possessive, which Java has, is left out:
    /// it changes only which part of a text is found.
    fn repeated(&mut self, how: &str, most: u64) -> Result<(), String> {
        if !std::mem::take(&mut self.has_atom) {
            return Err(format!("`{how}` repeats nothing"));
        }
        self.text.push_str(how);
        self.size = self.size.saturating_add(self.atom.saturating_mul(most));
        if self.took("?") {
            self.text.push('?');
        } else {
            self.took("+");
        }
        Ok(())
    }

    fn group(&mut self) -> Result<(), String> {
        self.has_atom = false;
        let kinds = ["?:", "?=", "?!", "?<=", "?<!"];
        if let Some(kind) = kinds.into_iter().find(|kind| self.took(kind)) {
            self.open.push(OpenGroup { before: self.size, looks_around: kind != "?:" });
            self.text.push('(');
            self.text.push_str(kind);
            return Ok(());
        }
        if !self.took("?") {
            self.open.push(OpenGroup { before: self.size, looks_around: false });
            self.groups += 1;
            self.text.push('(');
            return Ok(());
        }
        let end = self.rest.find([')', ':']).unwrap_or_default();
        let (flags, after) = self.rest.split_at(end);
        if flags.is_empty() || !flags.chars().all(|flag| matches!(flag, 'i' | 's')) {
            return Err("a group begins with `(?` in a way that is not known".to_owned());
        }
        self.dot_is_all |= flags.contains('s');
        let _ = write!(self.text, "(?{flags}");
        if after.starts_with(':') {
            self.open.push(OpenGroup { before: self.size, looks_around: false });
        }
        self.text.extend(after.chars().next());
        self.rest = after.get(1..).unwrap_or_default();
        Ok(())
    }

    fn escape(&mut self) -> Result<(), String> {
        let Some(letter) = self.take() else { return Err("it ends with `\\`".to_owned()) };
        match letter {
            'b' | 'B' => {
                let _ = write!(self.text, "\\{letter}");
                self.has_atom = false;
            }
            'A' => self.text.push_str(r"\A"),
            'z' | 'Z' => self.text.push_str(r"\z"),
            '1'..='9' => {
                let number = letter.to_digit(10).unwrap_or_default();
                self.refers_to = self.refers_to.max(number);
                self.atom(&format!("\\{number}"), 1);
            }
            letter => match self.escaped(letter)? {
                ClassPart::One(letter) => self.literal(letter),
                ClassPart::Several(set) if set.starts_with('[') || set == r"\s" || set == r"\S" => self.atom(&set, 20),
                ClassPart::Several(set) if set.starts_with(r"\p") || set.starts_with(r"\P") => self.atom(&set, 1000),
                ClassPart::Several(set) => self.atom(&format!("[{set}]"), 10),
            },
        }
        Ok(())
    }

    /// What `letter` after a backslash means, within classes and outside.
    fn escaped(&mut self, letter: char) -> Result<ClassPart, String> {
        let several = |text: &str| Ok(ClassPart::Several(text.to_owned()));
        match letter {
            'd' => several(DIGITS),
            'w' => several(WORDS),
            's' => several(r"\s"),
            'D' => several(&format!("[^{DIGITS}]")),
            'W' => several(&format!("[^{WORDS}]")),
            'S' => several(r"\S"),
            'p' | 'P' => self.property(letter == 'P').map(ClassPart::Several),
            'n' => Ok(ClassPart::One('\n')),
            'r' => Ok(ClassPart::One('\r')),
            't' => Ok(ClassPart::One('\t')),
            'f' => Ok(ClassPart::One('\u{c}')),
            'v' => Ok(ClassPart::One('\u{b}')),
            '0' => {
                // Java has up to three octal digits after it.
                let digits = self.rest.chars().take(3).take_while(|digit| digit.is_digit(8)).count();
                self.number(digits, 8).map(ClassPart::One)
            }
            'x' => {
                let digits = if self.rest.starts_with('{') { 0 } else { 2 };
                self.hexadecimal(digits).map(ClassPart::One)
            }
            'u' => {
                let digits = if self.rest.starts_with('{') { 0 } else { 4 };
                self.hexadecimal(digits).map(ClassPart::One)
            }
            letter if letter.is_ascii_alphanumeric() => Err(format!("`\\{letter}` is not known")),
            letter => Ok(ClassPart::One(letter)),
        }
    }

    /// A property of characters, as it stands inside brackets.
    fn property(&mut self, is_not: bool) -> Result<String, String> {
        let unknown = || "a property of characters has no name".to_owned();
        let name = if self.took("{") {
            let (name, after) = self.rest.split_once('}').ok_or_else(unknown)?;
            self.rest = after;
            name.to_owned()
        } else {
            self.take().ok_or_else(unknown)?.to_string()
        };
        let found = |table: &[(&'static str, &'static str)]| {
            table.iter().find(|(model, _)| *model == name).map(|(_, engine)| *engine)
        };
        match (found(&ASCII_CLASSES), found(&PROPERTIES), is_not) {
            (Some(set), _, true) => Ok(format!("[^{set}]")),
            (Some(set), _, false) => Ok(set.to_owned()),
            (None, Some(property), true) => Ok(format!("\\P{{{property}}}")),
            (None, Some(property), false) => Ok(format!("\\p{{{property}}}")),
            (None, None, _) => Err(format!("the property `{name}` of characters is not known")),
        }
    }

    /// A character by its number: so many digits, or those in braces.
    fn hexadecimal(&mut self, digits: usize) -> Result<char, String> {
        if digits > 0 {
            return self.number(digits, 16);
        }
        self.took("{");
        let digits = self.rest.find('}').unwrap_or_default();
        let letter = self.number(digits, 16)?;
        self.took("}");
        Ok(letter)
    }

    fn number(&mut self, digits: usize, radix: u32) -> Result<char, String> {
        let wrong = || "the number of a character is none".to_owned();
        let text = self.rest.get(..digits).ok_or_else(wrong)?;
        let number = if text.is_empty() && radix == 8 { Ok(0) } else { u32::from_str_radix(text, radix) };
        let number = number.map_err(|_| wrong())?;
        self.rest = &self.rest[digits..];
        // The first half of a character of UTF-16, after which comes the other.
        if let (0xD800..0xDC00, Some(low)) = (number, low_half(self.rest)) {
            self.rest = &self.rest[6..];
            return char::from_u32(0x10000 + ((number - 0xD800) << 10) + (low - 0xDC00)).ok_or_else(wrong);
        }
        char::from_u32(number).ok_or_else(|| "half a character of UTF-16 stands alone".to_owned())
    }

    fn class(&mut self) -> Result<(), String> {
        let mut set = String::from(if self.took("^") { "[^" } else { "[" });
        if self.rest.starts_with(']') {
            return Err("a class is empty".to_owned());
        }
        while !self.took("]") {
            let first = self.class_part()?;
            let is_range = self.rest.starts_with('-') && !self.rest.starts_with("-]");
            let ClassPart::One(from) = first else {
                push_part(&mut set, &first);
                continue;
            };
            if !is_range {
                push_part(&mut set, &first);
                continue;
            }
            self.took("-");
            match self.class_part()? {
                ClassPart::One(to) if to < from => return Err(format!("the range {from}-{to} is empty")),
                ClassPart::One(to) => {
                    push_part(&mut set, &first);
                    set.push('-');
                    push_part(&mut set, &ClassPart::One(to));
                }
                several @ ClassPart::Several(_) => {
                    [first, ClassPart::One('-'), several].iter().for_each(|part| push_part(&mut set, part));
                }
            }
        }
        set.push(']');
        let properties = set.matches(r"\p").count() + set.matches(r"\P").count();
        let size = 10 + 1000 * u64::try_from(properties).unwrap_or(u64::MAX);
        self.atom(&set, size);
        Ok(())
    }

    fn class_part(&mut self) -> Result<ClassPart, String> {
        if self.rest.starts_with("&&") || self.rest.starts_with("[:") {
            return Err("a class is made of others".to_owned());
        }
        match self.take() {
            None => Err("a class is not closed".to_owned()),
            Some('\\') => match self.take() {
                None => Err("it ends with `\\`".to_owned()),
                Some('b') => Ok(ClassPart::One('\u{8}')),
                Some(letter) => self.escaped(letter),
            },
            Some(letter) => Ok(ClassPart::One(letter)),
        }
    }
}

/// The second half of a character of UTF-16, as `\u` and four digits.
fn low_half(rest: &str) -> Option<u32> {
    let digits = rest.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16).ok().filter(|number| (0xDC00..0xE000).contains(number))
}

/// Adds a part of a class. What could mean something there is escaped, and so is what nobody sees.
fn push_part(set: &mut String, part: &ClassPart) {
    match part {
        ClassPart::Several(text) => set.push_str(text),
        ClassPart::One(letter) if r"\[]^-".contains(*letter) => set.extend(['\\', *letter]),
        // Two of these mean something.
        ClassPart::One(letter @ ('&' | '~')) if set.ends_with(*letter) => set.extend(['\\', *letter]),
        ClassPart::One(letter) if letter.is_ascii_graphic() || *letter == ' ' || letter.is_alphanumeric() => {
            set.push(*letter);
        }
        ClassPart::One(letter) => {
            let _ = write!(set, "\\x{{{:X}}}", u32::from(*letter));
        }
    }
}

/// The numbers in braces, the greater of them, and what comes after; nothing where the brace stands for itself.
fn counted(rest: &str) -> Result<Option<(&str, u64, &str)>, String> {
    let Some((numbers, after)) = rest.split_once('}') else { return Ok(None) };
    let (least, most) = numbers.split_once(',').unwrap_or((numbers, numbers));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    if !is_number(least) || !(most.is_empty() || is_number(most)) {
        return Ok(None);
    }
    let wrong = || format!("the repetition {{{numbers}}} is none");
    let least: u64 = least.parse().map_err(|_| wrong())?;
    let most: u64 = if most.is_empty() { least + 1 } else { most.parse().map_err(|_| wrong())? };
    if least > most { Err(wrong()) } else { Ok(Some((numbers, most, after))) }
}

#[cfg(test)]
mod tests {
    use super::translated;
    use fancy_regex::Regex;

    /// Patterns, what is found in them, and what is not.
    const MEANT: [(&str, &[&str], &[&str]); 18] = [
        (r"^[\w\-]+\.\d{2}$", &["a-_.12"], &["ä.12", "a.٣٤", "a-12"]),
        ("^a.c$", &["abc", "a\u{85}c"], &["a\nc", "a\rc", "a\u{2028}c"]),
        ("(?s)^a.c$", &["a\nc"], &["ac"]),
        ("^(?i)(true|false)$", &["TRUE"], &["yes"]),
        (r"^[\p{L}\p{Nd}_-]*$", &["ä1_-", ""], &["a b"]),
        (r"^\P{C}+$", &["a b"], &["\u{7}"]),
        (r"$|^[0-9\p{IsAlphabetic}+:,.@'\x22 -]*", &["", "ä\""], &[]),
        (r"^\p{Print}+$", &["a b~"], &["ä"]),
        (r"^[^\p{ASCII}]$", &["ä"], &["a"]),
        (r"^(?!aws:)[a-z:]+(?<!:)$", &["a:a"], &["aws:a", "a:"]),
        (r"^(.)\1$", &["aa"], &["ab"]),
        (r"^[\u0020-\uD7FF\uD83D\uDE00-\uD83D\uDE4F]+$", &["a😀"], &["\u{1F300}", "\u{7}"]),
        (r"^[[a&~]+$", &["[a&~&~"], &["b"]),
        (r"^[\w-.]+$", &["a-."], &["/"]),
        (r"^[a-z]++\d{1}+$", &["ab1"], &["ab", "ab12"]),
        (r"^{a}{2}$", &["{a}}"], &["{a}"]),
        (r"\A[\x{60}\x61\0]\z", &["`", "a", "\0"], &["0", "a\n"]),
        (r"^\bab\b\/\:$", &["ab/:"], &["ab:"]),
    ];

    #[test]
    fn patterns_mean_what_their_models_mean() {
        for (pattern, found, not_found) in MEANT {
            let expression = translated(pattern).unwrap_or_else(|reason| panic!("{pattern}: {reason}"));
            let regex = Regex::new(&expression).unwrap_or_else(|error| panic!("{pattern} as {expression}: {error}"));
            for text in found {
                assert!(regex.is_match(text).unwrap(), "{pattern} as {expression} in {text:?}");
            }
            for text in not_found {
                assert!(!regex.is_match(text).unwrap(), "{pattern} as {expression} in {text:?}");
            }
        }
    }

    #[test]
    fn what_means_the_same_stays_as_it_is() {
        for pattern in ["^[a-zA-Z0-9][a-z&]{0,100}$", r"^(?:\p{L}|\s){1,3}$", "^(?!x)(?=y)a*?$", r"^\$\.\*$", "ä#~&-"]
        {
            assert_eq!(translated(pattern).as_deref(), Ok(pattern));
        }
    }

    #[test]
    fn what_no_engine_would_read_is_refused_with_the_reason() {
        for (pattern, reason) in [
            ("(a", "a group is not closed"),
            ("a)", "a group is closed that is not open"),
            ("[a", "a class is not closed"),
            ("[]", "a class is empty"),
            ("[z-a]", "the range z-a is empty"),
            (r"a\", r"it ends with `\`"),
            ("^*", "`*` repeats nothing"),
            ("(?!a)+", "`+` repeats nothing"),
            ("a{3,2}", "the repetition {3,2} is none"),
            (r"\p{LD}", "the property `LD` of characters is not known"),
            (r"\p{L", "a property of characters has no name"),
            (r"\q", r"`\q` is not known"),
            (r"\ud83d", "half a character of UTF-16 stands alone"),
            (r"\x6", "the number of a character is none"),
            (r"(a)\2", "there is no group 2"),
            ("(?<name>a)", "a group begins with `(?` in a way that is not known"),
            (r"[\w&&[^a]]", "a class is made of others"),
            ("[[:alpha:]]", "a class is made of others"),
            (r"[\P{M}\p{M}]{0,20000}", "its repetitions are too many"),
            ("((.{1,999}){1,999}){1,999}", "its repetitions are too many"),
        ] {
            assert_eq!(translated(pattern), Err(reason.to_owned()), "{pattern}");
        }
    }
}
