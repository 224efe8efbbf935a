//! Turns AWS API models into a Rust client crate.
//!
//! Models of botocore or Smithy go in as bytes, Rust files come out as text.
//! The library touches no disk, clock, network or environment, and never
//! panics, prints or exits.

pub mod diagnostic;
pub mod graph;
pub mod model;
pub mod plan;
mod source;

pub use model::{Model, ModelSet, ServiceFiles, SourceFile, read};
