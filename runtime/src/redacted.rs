//! Values as recordings show them: in the dynamic notation, without what a model or an overlay calls secret.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A value in the notation of people and tools, whose secrets are numbers only.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Redacted {
    Null,
    /// True, false, or a number, as it is written. One that is secret is always the same.
    Plain(String),
    Text(String),
    Secret(SecretNumber),
    /// The same for bytes.
    SecretBlob(SecretNumber),
    /// What makes a call unique, and is another at each call.
    Token,
    List(Vec<Redacted>),
    Object(Vec<(RedactedKey, Redacted)>),
}

/// The name of a member, or the key of an entry.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum RedactedKey {
    Member(&'static str),
    Entry(String),
    Secret(SecretNumber),
}

/// What stands for a secret: the same number for the same secret, in the order in which they were seen.
pub(crate) type SecretNumber = usize;

/// The secrets that were seen. Clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Arc<Mutex<BTreeMap<String, SecretNumber>>>);

impl Secrets {
    /// The number of a secret; a new one where it was not seen before.
    pub fn number(&self, secret: &str) -> SecretNumber {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = seen.len();
        *seen.entry(secret.to_owned()).or_insert(next)
    }

    /// All secrets with their numbers.
    pub fn seen(&self) -> BTreeMap<String, SecretNumber> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
