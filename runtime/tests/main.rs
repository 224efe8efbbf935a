//! The tests of this package: one program, which is linked once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cbor;
mod damage;
mod dynamic;
mod endpoint;
mod error_fields;
mod json;
mod kept;
mod memory;
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
mod moments;
mod round_trip;
#[cfg(feature = "serde")]
mod serde_formats;
mod shapes;
mod timestamp;
mod write;
#[cfg(feature = "xml")]
mod xml;
