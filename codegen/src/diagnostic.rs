//! What is wrong with an input, told so that its author can mend it.
//!
//! Diagnostics are collected, never just the first. They name the file and the
//! place inside it (JSON pointer, line and column); how they are printed is
//! the caller's business.

use crate::markup::visible;
use std::collections::HashMap;
use std::fmt;

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
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The file's name as the caller gave it.
    pub file: std::sync::Arc<str>,
    /// JSON pointer inside the file; empty for the whole file.
    pub pointer: String,
}

impl Origin {
    /// The place `pointer` in `file`.
    pub fn new(file: impl Into<std::sync::Arc<str>>, pointer: impl Into<String>) -> Self {
        Self { file: file.into(), pointer: pointer.into() }
    }
}

/// One finding about an input.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// The last one that was not kept.
    dropped: Option<Box<Diagnostic>>,
}

/// How many findings of one code and severity are kept.
const MAX_OF_A_KIND: usize = 100;

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
            return Added(self.dropped.insert(Box::new(diagnostic)));
        }
        if *count == MAX_OF_A_KIND {
            diagnostic.message.push_str("; any more of this kind are not listed");
        }
        let index = self.list.len();
        self.list.push(diagnostic);
        Added(&mut self.list[index])
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

    /// Appends those of `other`.
    pub fn extend(&mut self, other: Diagnostics) {
        for diagnostic in other.list {
            self.push(diagnostic);
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

/// A diagnostic just added, to give a hint to.
#[derive(Debug)]
pub struct Added<'a>(&'a mut Diagnostic);

impl Added<'_> {
    /// Says what to do about it.
    pub fn hint(self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(visible(&hint.into()).into_owned());
        self
    }

    /// Says the line and the column, both from 1, where no pointer leads there.
    pub(crate) fn at(self, line: usize, column: usize) -> Self {
        self.0.position = Some((line, column));
        self
    }

    /// Suggests the nearest of `known` to `unknown`, when one is near enough.
    pub fn did_you_mean<'k>(self, unknown: &str, known: impl IntoIterator<Item = &'k str>) -> Self {
        match nearest(unknown, known) {
            Some(name) => self.hint(format!("did you mean `{name}`?")),
            None => self,
        }
    }
}

/// The one of `known` that is nearest to `unknown`, if it is near enough to be
/// what was meant: at most a third of its letters differ or changed places.
pub fn nearest<'k>(unknown: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let unknown = unknown.to_lowercase();
    let length = unknown.chars().count();
    let is_near = |name: &str, distance: usize| {
        let letters = name.chars().count();
        distance < letters && distance * 3 <= letters.max(3)
    };
    known
        .into_iter()
        // No name is nearer than its length tells: junk may be long, and the names many.
        .filter(|name| is_near(name, name.chars().count().abs_diff(length)))
        .map(|name| (strsim::damerau_levenshtein(&unknown, &name.to_lowercase()), name))
        .min_by_key(|&(distance, name)| (distance, name))
        .filter(|&(distance, name)| is_near(name, distance))
        .map(|(_, name)| name)
}
