//! What an input has that its model does not allow.

use crate::one_line::{Message, OneLine};
use crate::path::Path;
use std::fmt;

/// All violations of the model in a value: at least one.
///
/// ```
/// # fn show(violations: workstream_runtime::Violations) {
/// for violation in &violations {
///     println!("{}: {}", violation.path(), violation.message());
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// All of these, if there are any.
    pub(crate) fn check(found: Vec<Violation>) -> Result<(), Self> {
        if found.is_empty() { Ok(()) } else { Err(Self(found)) }
    }

    /// One by one, in the order of the members.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.0.iter()
    }

    /// All on one line.
    #[cfg(feature = "client-core")]
    pub(crate) fn in_one_line(&self) -> String {
        self.0.iter().map(Violation::to_string).collect::<Vec<_>>().join("; ")
    }
}

impl<'v> IntoIterator for &'v Violations {
    type Item = &'v Violation;
    type IntoIter = std::slice::Iter<'v, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = std::vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// One line for each.
impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.0.iter().enumerate() {
            let line = if index == 0 { "" } else { "\n" };
            write!(f, "{line}{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

/// Something that the model does not allow, with its place. The value itself is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    path: Path,
    kind: ViolationKind,
    message: String,
}

/// The kind of a violation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ViolationKind {
    /// The number of characters, bytes, elements or entries.
    Length,
    /// The size of a number.
    Range,
    /// The pattern of text.
    Pattern,
    /// Two elements of a list are the same.
    Duplicate,
    /// A required member is empty.
    Missing,
    /// It cannot be sent, whatever the model asks for: a member of a union that this version does not know, or more levels
    /// than a request may have.
    Unsendable,
}

impl Violation {
    pub(crate) fn new(path: Path, kind: ViolationKind, message: String) -> Self {
        Self { path, kind, message }
    }

    /// The member or element by the names of the model, such as `Tags["a"]` or `ApplicationIds[3].Name`; empty for the whole
    /// value.
    pub fn path(&self) -> &str {
        self.path.as_str()
    }

    /// The kind of violation.
    pub fn kind(&self) -> ViolationKind {
        self.kind
    }

    /// What was found, and what the model allows.
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// The path, and what is wrong there, on one line.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path().is_empty() {
            write!(f, "{}: ", Message(self.path()))?;
        }
        OneLine(self.message()).fmt(f)
    }
}
