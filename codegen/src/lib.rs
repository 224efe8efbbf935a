//! Turns AWS API models into a Rust client crate.
//!
//! Models of botocore or Smithy go in as bytes, Rust files come out as text.
//! The library touches no disk, clock, network or environment, and never
//! panics, prints or exits.

pub mod diagnostic;
mod emit;
mod generate;
pub mod graph;
pub mod model;
mod output;
pub mod plan;
mod source;

pub use generate::{Manifest, Options, Output, ServiceSummary, Summary, generate};
pub use model::{Model, ModelSet, ServiceFiles, SourceFile, locate, read};
pub use output::{RUST_HEADER, TOML_HEADER};
