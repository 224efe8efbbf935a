//! What is wrong with a value that cannot be written.

use crate::one_line::Message;
use crate::path::Path;
use std::fmt;

/// Why a value could not be written, and which part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    message: String,
    path: Path,
}

impl EncodeError {
    #[cold]
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(Box::new(Inner { message: message.into(), path: Path::default() }))
    }

    /// What cannot be written.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The member or element, such as `Tags["a"]`; empty for the whole value.
    pub fn path(&self) -> &str {
        self.0.path.as_str()
    }

    pub(crate) fn path_mut(&mut self) -> &mut Path {
        &mut self.0.path
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path().is_empty() {
            write!(f, "{}: ", Message(self.path()))?;
        }
        Message(self.message()).fmt(f)
    }
}

impl std::error::Error for EncodeError {}
