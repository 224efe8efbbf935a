//! Where in a value something went wrong, built from the inside out.

use crate::one_line::Segment;
use std::fmt;

/// A path such as `ImageBuilders[3].Name`.
///
/// Nothing is recorded while all is well: on the way back from an error, each
/// container puts its own step in front.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Path(String);

impl Path {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn prepend_member(&mut self, name: &str) {
        self.prepend(format_args!("{}", Segment(name)));
    }

    pub(crate) fn prepend_index(&mut self, index: usize) {
        self.prepend(format_args!("[{index}]"));
    }

    pub(crate) fn prepend_key(&mut self, key: &str) {
        self.prepend(format_args!("[\"{}\"]", Segment(key.escape_debug().to_string())));
    }

    fn prepend(&mut self, step: fmt::Arguments<'_>) {
        let dot = if self.0.is_empty() || self.0.starts_with('[') { "" } else { "." };
        self.0 = format!("{step}{dot}{}", self.0);
    }
}
