//! What conformance tests share.

pub mod wire;
