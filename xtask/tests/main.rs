//! The tests of this package: one program, which is linked once.

mod changelog;
mod codegen;
mod common;
mod discover;
mod docs;
mod import;
mod others;
mod propose_update;
mod update;
mod workflows;
mod writer;
