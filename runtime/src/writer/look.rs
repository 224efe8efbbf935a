//! What looks at a value and writes no notation: it hears of every container and scalar, in order.

use super::UnknownMembers;
#[cfg(feature = "validate")]
use super::check::Checker;
#[cfg(feature = "serde")]
use super::collected::Collector;
use super::output::{Shape, Slot};
#[cfg(feature = "test-util")]
use super::redacted::Redactor;
use crate::Timestamp;

/// Who looks.
pub(super) enum Look {
    /// For serde.
    #[cfg(feature = "serde")]
    Collect(Collector),
    /// For validation.
    #[cfg(feature = "validate")]
    Check(Box<Checker>),
    /// For recordings.
    #[cfg(feature = "test-util")]
    Redact(Box<Redactor>),
}

/// A value with nothing inside.
#[cfg_attr(
    not(any(feature = "serde", feature = "test-util")),
    expect(dead_code, reason = "validation asks nothing of some values")
)]
#[derive(Clone, Copy)]
pub(super) enum Scalar<'a> {
    Null,
    Boolean(bool),
    Integer(i64),
    Unsigned(u64),
    Float(f64),
    Float32(f32),
    String(&'a str),
    Blob(&'a [u8]),
    Timestamp(Timestamp),
}

impl Look {
    pub(super) fn begin(&mut self, shape: Shape) {
        match self {
            #[cfg(feature = "serde")]
            Self::Collect(collector) => collector.begin(shape),
            #[cfg(feature = "validate")]
            Self::Check(checker) => checker.begin(shape),
            #[cfg(feature = "test-util")]
            Self::Redact(redactor) => redactor.begin(shape),
        }
    }

    pub(super) fn slot(&mut self, slot: Slot<'_>) {
        match self {
            #[cfg(feature = "serde")]
            Self::Collect(collector) => collector.slot(slot),
            #[cfg(feature = "validate")]
            Self::Check(checker) => checker.slot(slot),
            #[cfg(feature = "test-util")]
            Self::Redact(redactor) => redactor.slot(slot),
        }
    }

    pub(super) fn end(&mut self) {
        match self {
            #[cfg(feature = "serde")]
            Self::Collect(collector) => collector.end(),
            #[cfg(feature = "validate")]
            Self::Check(checker) => checker.end(),
            #[cfg(feature = "test-util")]
            Self::Redact(redactor) => redactor.end(),
        }
    }

    pub(super) fn scalar(&mut self, scalar: Scalar<'_>) {
        match self {
            #[cfg(feature = "serde")]
            Self::Collect(collector) => collector.scalar(scalar),
            #[cfg(feature = "validate")]
            Self::Check(checker) => checker.scalar(scalar),
            #[cfg(feature = "test-util")]
            Self::Redact(redactor) => redactor.scalar(scalar),
        }
    }

    /// How a union says that its member is none of the model's.
    pub(super) fn unknown_members(&self) -> UnknownMembers {
        match self {
            #[cfg(feature = "serde")]
            Self::Collect(_) => UnknownMembers::Kept,
            // It is told before it comes to this.
            #[cfg(feature = "validate")]
            Self::Check(_) => UnknownMembers::Kept,
            #[cfg(feature = "test-util")]
            Self::Redact(_) => UnknownMembers::Named,
        }
    }
}
