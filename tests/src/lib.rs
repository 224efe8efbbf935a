//! What conformance tests share.

pub mod appstream_server;
pub mod bodies;
pub mod drive;
pub mod folder;
pub mod regions;
pub mod server;
pub mod soak;
pub mod special;
pub mod values;
pub mod wire;

/// The example in the README compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
