//! What goes wrong while calls go on: an event for people, with the feature `tracing`; else nobody is told.

use std::fmt;

/// Tells `what` went wrong, and why; `what` has no full stop.
#[cfg(feature = "tracing")]
pub(super) fn warn(what: &str, reason: impl fmt::Display) {
    let reason = crate::one_line::Message(reason.to_string());
    tracing::warn!(target: "workstream::credentials", %reason, "{what}");
}

/// Nobody listens.
#[cfg(not(feature = "tracing"))]
pub(super) fn warn(_what: &str, _reason: impl fmt::Display) {}
