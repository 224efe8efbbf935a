//! What is wrong with a body that cannot be read.

use crate::one_line::Message;
use crate::path::Path;
use std::fmt;

/// Why a body could not be read, and where.
///
/// Tells types, member names and map keys, never values: those may be secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    message: String,
    path: Path,
    offset: usize,
    suspicion: Option<String>,
}

impl DecodeError {
    #[cold]
    pub(crate) fn new(message: impl Into<String>, offset: usize) -> Self {
        Self(Box::new(Inner { message: message.into(), path: Path::default(), offset, suspicion: None }))
    }

    #[cold]
    pub(crate) fn mismatch(expected: &str, found: &str, offset: usize) -> Self {
        Self::new(format!("expected {expected}, found {found}"), offset)
    }

    /// What was expected and what was found.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The member or element that could not be read, such as
    /// `ImageBuilders[3].Name`; empty for the body itself.
    pub fn path(&self) -> &str {
        self.0.path.as_str()
    }

    /// The byte of the body at which reading stopped.
    pub fn offset(&self) -> usize {
        self.0.offset
    }

    /// A guess at the body, where it is not of the protocol: an HTML page, compressed, of another
    /// content type.
    pub fn suspicion(&self) -> Option<&str> {
        self.0.suspicion.as_deref()
    }

    pub(crate) fn with_suspicion(mut self, suspicion: Option<String>) -> Self {
        self.0.suspicion = suspicion;
        self
    }

    pub(crate) fn path_mut(&mut self) -> &mut Path {
        &mut self.0.path
    }
}

/// An error about a value that is no text, and has no bytes to count.
#[cfg(feature = "serde")]
pub(crate) struct WithoutOffset(pub DecodeError);

#[cfg(feature = "serde")]
impl fmt::Display for WithoutOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write_what(f)
    }
}

impl DecodeError {
    fn write_what(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path().is_empty() {
            write!(f, "{}: ", Message(self.path()))?;
        }
        write!(f, "{}", Message(self.message()))
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_what(f)?;
        write!(f, " at byte {}", self.offset())?;
        match self.suspicion() {
            Some(suspicion) => write!(f, "; {}", Message(suspicion)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for DecodeError {}
