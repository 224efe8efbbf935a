//! What only strict reading keeps track of.

use crate::one_line::Step;
use std::borrow::Cow;

/// The model's members, learnt from what the structure's own code asks for.
#[derive(Default)]
pub(super) struct Strict<'a> {
    pub(super) phase: Phase<'a>,
    known: Vec<&'static str>,
    missing: Vec<&'static str>,
    seen: Vec<&'static str>,
}

/// What a pass over the members is for.
#[derive(Default)]
pub(super) enum Phase<'a> {
    /// To read members.
    #[default]
    Reading,
    /// To learn the names beside which this one is unknown.
    Unknown(Cow<'a, str>),
    /// To learn which members are required, after the last was read.
    Required,
}

impl Strict<'_> {
    pub(super) fn saw(&mut self, name: &'static str) {
        self.seen.push(name);
    }

    /// Notes a member that does not come next.
    pub(super) fn note(&mut self, name: &'static str, required: bool) {
        match self.phase {
            Phase::Reading => {}
            Phase::Unknown(_) => self.known.push(name),
            Phase::Required if required && !self.seen.contains(&name) => self.missing.push(name),
            Phase::Required => {}
        }
    }

    /// What the pass found to be wrong with the structure.
    pub(super) fn verdict(&self, structure: &str) -> Option<String> {
        match &self.phase {
            Phase::Reading => None,
            Phase::Unknown(name) if self.known.is_empty() => {
                Some(format!("unknown member `{}` of `{structure}`, which has none", Step(name)))
            }
            Phase::Unknown(name) => {
                Some(format!("unknown member `{}` of `{structure}`; it has: {}", Step(name), self.known.join(", ")))
            }
            Phase::Required if self.missing.is_empty() => None,
            Phase::Required => Some(format!("`{structure}` lacks what it requires: {}", self.missing.join(", "))),
        }
    }
}
