//! What is wrong with an input, told so that its author can mend it.
//!
//! Diagnostics are collected, never just the first. They name the file and the
//! place inside it (JSON pointer, line and column); how they are printed is
//! the caller's business.

use crate::markup::visible;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

/// How bad a [`Diagnostic`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; generation goes on.
    Warning,
    /// Nothing is generated.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A place in an input file: the file's name as the caller gave it, and a JSON
/// pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)) into it.
///
/// Where something was read takes no part in comparison: all places are equal, so what has them is equal if it says the
/// same. Where a place matters, ask [`Origin::is`].
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The file's name as the caller gave it.
    pub file: Arc<str>,
    /// JSON pointer inside the file; empty for the whole file.
    pub pointer: Arc<str>,
}

impl Origin {
    /// The place `pointer` in `file`.
    pub fn new(file: impl Into<Arc<str>>, pointer: impl Into<Arc<str>>) -> Self {
        Self { file: file.into(), pointer: pointer.into() }
    }

    /// Whether this is the very place `other`.
    pub fn is(&self, other: &Self) -> bool {
        (&self.file, &self.pointer) == (&other.file, &other.pointer)
    }
}

/// See [`Origin`].
impl PartialEq for Origin {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Origin {}

/// One finding about an input.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable, kebab-case code, such as `dangling-shape`.
    pub code: &'static str,
    /// What is wrong, in one sentence without a full stop. What of a model would hide in it is escaped.
    pub message: String,
    /// Where.
    pub origin: Origin,
    /// Line and column, both from 1, where they could be found.
    pub position: Option<(usize, usize)>,
    /// What to do about it.
    pub hint: Option<String>,
}

/// A growing list of [`Diagnostic`]s.
///
/// Of each code and severity it keeps a hundred, the last of which says that there are more. Nobody reads thousands, and
/// each costs a look through its file.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// How many there were of each kind.
    counts: HashMap<(Severity, &'static str), usize>,
    /// How many names were compared with unknown ones, letter by letter.
    compared: usize,
}

/// How many findings of one code and severity are kept.
const MAX_OF_A_KIND: usize = 100;

/// How many names are compared over all findings: a model may have tens of thousands, and as many faults.
const MAX_COMPARED: usize = 5_000;

impl Diagnostics {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an error at `origin`. The answer takes a hint: see [`Added::hint`].
    pub fn error(&mut self, code: &'static str, origin: &Origin, message: impl Into<String>) -> Added<'_> {
        self.add(Severity::Error, code, origin, message)
    }

    /// Adds a warning at `origin`.
    pub fn warning(&mut self, code: &'static str, origin: &Origin, message: impl Into<String>) -> Added<'_> {
        self.add(Severity::Warning, code, origin, message)
    }

    /// Adds a finding of a severity that depends.
    pub(crate) fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        origin: &Origin,
        message: impl Into<String>,
    ) -> Added<'_> {
        let message = visible(&message.into()).into_owned();
        self.push(Diagnostic { severity, code, message, origin: origin.clone(), position: None, hint: None })
    }

    fn push(&mut self, mut diagnostic: Diagnostic) -> Added<'_> {
        let count = self.counts.entry((diagnostic.severity, diagnostic.code)).or_default();
        *count += 1;
        if *count > MAX_OF_A_KIND {
            return Added(None);
        }
        if *count == MAX_OF_A_KIND {
            diagnostic.message.push_str("; any more of this kind are not listed");
        }
        let index = self.list.len();
        self.list.push(diagnostic);
        Added(Some((&mut self.list[index], &mut self.compared)))
    }

    /// Whether any error is among them.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// Whether there are none at all.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All of them, in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Mutable access, for filling in positions.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Diagnostic> {
        self.list.iter_mut()
    }

    /// How many of each severity and code were found, those that are not kept included.
    pub fn counts(&self) -> BTreeMap<(Severity, &'static str), usize> {
        self.counts.iter().map(|(kind, count)| (*kind, *count)).collect()
    }

    /// Appends those of `other`.
    pub fn extend(&mut self, other: Diagnostics) {
        let mut not_kept = other.counts;
        for diagnostic in other.list {
            if let Some(count) = not_kept.get_mut(&(diagnostic.severity, diagnostic.code)) {
                *count = count.saturating_sub(1);
            }
            self.push(diagnostic);
        }
        for (kind, count) in not_kept {
            *self.counts.entry(kind).or_default() += count;
        }
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

/// A diagnostic just added, to give a hint to; none where it is not kept.
#[derive(Debug)]
pub struct Added<'a>(Option<(&'a mut Diagnostic, &'a mut usize)>);

impl Added<'_> {
    /// Says what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        if let Some((diagnostic, _)) = &mut self.0 {
            diagnostic.hint = Some(visible(&hint.into()).into_owned());
        }
        self
    }

    /// Says the line and the column, both from 1, where no pointer leads there.
    pub(crate) fn at(mut self, line: usize, column: usize) -> Self {
        if let Some((diagnostic, _)) = &mut self.0 {
            diagnostic.position = Some((line, column));
        }
        self
    }

    /// Suggests the nearest of `known` to `unknown`, when one is near enough.
    pub fn did_you_mean<'k>(mut self, unknown: &str, known: impl IntoIterator<Item = &'k str>) -> Self {
        let Some((_, compared)) = &mut self.0 else { return self };
        match nearest_of(unknown, known, MAX_COMPARED, compared) {
            Some(name) => self.hint(format!("did you mean `{name}`?")),
            None => self,
        }
    }
}

/// The one of `known` that is nearest to `unknown`, if it is near enough to be
/// what was meant: at most a third of its letters differ or changed places.
pub fn nearest<'k>(unknown: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    nearest_of(unknown, known, usize::MAX, &mut 0)
}

/// The same, with `most` names to be compared, of which `compared` were by now. If there are more, none is the nearest.
fn nearest_of<'k>(
    unknown: &str,
    known: impl IntoIterator<Item = &'k str>,
    most: usize,
    compared: &mut usize,
) -> Option<&'k str> {
    if *compared >= most {
        return None;
    }
    let unknown = unknown.to_lowercase();
    let letters_of_unknown = Letters::of(&unknown);
    let is_near = |letters: usize, distance: usize| distance < letters && distance * 3 <= letters.max(3);
    let mut nearest: Option<(usize, &str)> = None;
    for name in known {
        // No name is nearer than the letters tell that only one of the two has.
        let letters = Letters::of(name);
        if !is_near(letters.count, letters.least_distance(&letters_of_unknown)) {
            continue;
        }
        *compared += 1;
        if *compared > most {
            return None;
        }
        let distance = strsim::damerau_levenshtein(&unknown, &name.to_lowercase());
        if is_near(letters.count, distance) && nearest.is_none_or(|nearest| (distance, name) < nearest) {
            nearest = Some((distance, name));
        }
    }
    nearest.map(|(_, name)| name)
}

/// How often which letters are in a text, whatever their case; those beyond ASCII in one.
struct Letters {
    counts: [u32; 128],
    count: usize,
}

impl Letters {
    fn of(text: &str) -> Self {
        let mut letters = Self { counts: [0; 128], count: 0 };
        for letter in text.chars() {
            let index = if letter.is_ascii() { letter.to_ascii_lowercase() as usize } else { 0 };
            letters.counts[index] += 1;
            letters.count += 1;
        }
        letters
    }

    /// As many letters have to be changed at least, to make one text of the other.
    fn least_distance(&self, other: &Self) -> usize {
        let (mut more, mut fewer) = (0, 0);
        for (a, b) in self.counts.iter().zip(&other.counts) {
            more += a.saturating_sub(*b) as usize;
            fewer += b.saturating_sub(*a) as usize;
        }
        more.max(fewer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_may_be_meant() {
        let known = ["Fleet", "FleetName", "Stack", "é"];
        for (unknown, meant) in [
            ("Flet", Some("Fleet")),
            ("fleet", Some("Fleet")),
            ("Felet", Some("Fleet")),
            ("FleetNmae", Some("FleetName")),
            ("Stcak", Some("Stack")),
            ("Image", None),
            ("", None),
            ("ü", None),
        ] {
            assert_eq!(nearest(unknown, known), meant, "{unknown}");
        }
        let mut compared = 1;
        assert_eq!(nearest_of("Flet", known, 2, &mut compared), Some("Fleet"));
        assert_eq!((nearest_of("Flet", known, 2, &mut compared), compared), (None, 2));
    }

    #[test]
    fn findings_that_are_not_kept_are_not_thought_about() {
        let mut diagnostics = Diagnostics::new();
        for number in 0..MAX_OF_A_KIND + 5 {
            let known = std::iter::repeat_with(|| {
                assert!(number < MAX_OF_A_KIND, "nobody looks");
                "Fleet"
            });
            diagnostics.error("x", &Origin::default(), "y").did_you_mean("Flet", known.take(2)).hint("z");
        }
        assert_eq!(diagnostics.iter().count(), MAX_OF_A_KIND);

        let mut both = Diagnostics::new();
        both.error("x", &Origin::default(), "y");
        both.extend(diagnostics);
        assert_eq!(both.counts(), BTreeMap::from([((Severity::Error, "x"), MAX_OF_A_KIND + 6)]));
    }
}
