//! Turns AWS API models into a Rust client crate.

pub mod diagnostic;
pub mod graph;
