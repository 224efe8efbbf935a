//! What differs between an input and one that was recorded.

use super::print::{compact, is_key_marker, is_marker};
use crate::one_line::Segment;
use crate::path::Path;
use crate::redacted::{Redacted, RedactedKey};
use std::fmt;

/// A member or an element that differs.
pub(super) struct InputDifference {
    path: Path,
    /// What is there now, and what was recorded, if anything.
    here: Option<String>,
    recorded: Option<String>,
}

impl fmt::Display for InputDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.as_str().is_empty() { "the input" } else { self.path.as_str() };
        match (&self.here, &self.recorded) {
            (Some(here), Some(recorded)) => {
                write!(f, "{path} is {}, and was {} when it was recorded", Segment(here), Segment(recorded))
            }
            (Some(here), None) => write!(f, "{path} is {}, and was absent when it was recorded", Segment(here)),
            (None, recorded) => {
                let recorded = recorded.as_deref().unwrap_or("null");
                write!(f, "{path} is absent, and was {} when it was recorded", Segment(recorded))
            }
        }
    }
}

/// All differences: none where the inputs match. What is secret, and what makes a call unique, matches anything.
pub(super) fn differences(here: &Redacted, recorded: &Redacted) -> Vec<InputDifference> {
    let mut found = Vec::new();
    match (here, recorded) {
        (Redacted::List(ours), Redacted::List(theirs)) => {
            for index in 0..ours.len().max(theirs.len()) {
                let inner = between(ours.get(index), theirs.get(index));
                found.extend(inner.into_iter().map(|mut difference| {
                    difference.path.prepend_index(index);
                    difference
                }));
            }
        }
        (Redacted::Object(ours), Redacted::Object(theirs)) => {
            for (key, here, recorded) in pairs(ours, theirs) {
                found.extend(between(here, recorded).into_iter().map(|mut difference| {
                    match key {
                        RedactedKey::Member(name) => difference.path.prepend_member(name),
                        RedactedKey::Entry(key) => difference.path.prepend_key(key),
                        RedactedKey::Secret(_) => difference.path.prepend_key("** redacted **"),
                    }
                    difference
                }));
            }
        }
        _ if matches(here, recorded) => {}
        _ => found.push(InputDifference {
            path: Path::default(),
            here: Some(compact(here)),
            recorded: Some(compact(recorded)),
        }),
    }
    found
}

/// Whether two values without others inside are the same.
fn matches(here: &Redacted, recorded: &Redacted) -> bool {
    match (here, recorded) {
        (Redacted::Token, _) | (_, Redacted::Token) => true,
        (Redacted::Secret(_) | Redacted::SecretBlob(_), Redacted::Secret(_) | Redacted::SecretBlob(_)) => true,
        // A secret that was recorded where the model does not say so.
        (Redacted::Text(_), Redacted::Text(text)) if is_marker(text) => true,
        _ => here == recorded,
    }
}

/// The differences of what may be absent.
fn between(here: Option<&Redacted>, recorded: Option<&Redacted>) -> Vec<InputDifference> {
    match (here, recorded) {
        (Some(here), Some(recorded)) => differences(here, recorded),
        (None, None) | (Some(Redacted::Token), None) | (None, Some(Redacted::Token)) => Vec::new(),
        (here, recorded) => {
            vec![InputDifference { path: Path::default(), here: here.map(compact), recorded: recorded.map(compact) }]
        }
    }
}

type KeyedValue = (RedactedKey, Redacted);
type Pair<'v> = (&'v RedactedKey, Option<&'v Redacted>, Option<&'v Redacted>);

/// Values of the same key. A key that is secret may be any: of several, the one with the same value.
fn pairs<'v>(ours: &'v [KeyedValue], theirs: &'v [KeyedValue]) -> Vec<Pair<'v>> {
    let (mut pairs, mut unknown) = (Vec::new(), Vec::new());
    let mut left: Vec<&KeyedValue> = theirs.iter().collect();
    for (key, value) in ours {
        match take(&mut left, |(other, _)| other == key && !is_secret(key)) {
            Some((_, recorded)) => pairs.push((key, Some(value), Some(recorded))),
            None => unknown.push((key, value)),
        }
    }
    unknown.retain(|(key, value)| {
        take(&mut left, |(other, recorded)| stands_for(other, key) && differences(value, recorded).is_empty()).is_none()
    });
    for (key, value) in unknown {
        let recorded = take(&mut left, |(other, _)| stands_for(other, key));
        pairs.push((key, Some(value), recorded.map(|(_, recorded)| recorded)));
    }
    pairs.extend(left.into_iter().map(|(key, value)| (key, None, Some(value))));
    pairs
}

fn take<'v>(left: &mut Vec<&'v KeyedValue>, wanted: impl Fn(&KeyedValue) -> bool) -> Option<&'v KeyedValue> {
    let at = left.iter().position(|entry| wanted(entry))?;
    Some(left.remove(at))
}

/// Whether a key that was recorded may be this one.
fn stands_for(recorded: &RedactedKey, key: &RedactedKey) -> bool {
    match key {
        RedactedKey::Member(_) => false,
        RedactedKey::Entry(_) | RedactedKey::Secret(_) => is_secret(recorded),
    }
}

fn is_secret(key: &RedactedKey) -> bool {
    match key {
        RedactedKey::Secret(_) => true,
        RedactedKey::Entry(key) => is_key_marker(key),
        RedactedKey::Member(_) => false,
    }
}
