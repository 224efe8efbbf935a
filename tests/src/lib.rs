//! What conformance tests share.

pub mod bodies;
pub mod models;
pub mod values;
pub mod wire;
