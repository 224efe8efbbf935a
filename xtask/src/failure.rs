//! Why a command stopped, in the words its user reads.

use std::fmt;

/// A command's answer.
pub type Result<T> = std::result::Result<T, Failure>;

/// Why a command stopped: one sentence without a full stop, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The exit code of the command, if it has no single one for all failures: [`FOUND`] or [`NOT_DONE`].
    pub code: u8,
}

/// The exit code of a command that did its work, and found something wrong.
pub const FOUND: u8 = 1;

/// The exit code of a command that could not do its work: a wrong command line, a file that cannot be read or written,
/// or that is somebody else's.
pub const NOT_DONE: u8 = 2;

impl Failure {
    /// A failure without a hint, with the exit code [`FOUND`].
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, code: FOUND }
    }

    /// Says that the command could not do its work.
    #[must_use]
    pub fn not_done(mut self) -> Self {
        self.code = NOT_DONE;
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A failed operation on a file, with the exit code [`NOT_DONE`]: `what` completes "cannot ...".
    pub fn io(what: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::new(format!("cannot {what} {}: {error}", path.display())).not_done()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
