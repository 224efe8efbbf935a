//! The project's command line: `cargo xtask ...`.
//!
//! Disk, terminal and clock are this crate's business; what a model means is
//! `workstream-codegen`'s.

pub mod bless;
pub mod browser;
pub mod changelog;
pub mod codegen;
pub mod conformance;
pub mod describe;
pub mod digest;
pub mod discover;
pub mod docs;
pub mod e2e;
pub mod expressions;
pub mod failure;
pub mod fixtures;
pub mod import;
mod inside;
pub mod lock;
pub mod measure;
pub mod ownership;
pub mod paths;
mod pip;
mod process;
mod python;
pub mod report;
mod sdist;
pub mod service_list;
mod shared_words;
pub mod skeletons;
pub mod smithy;
mod stderr;
mod stdout;
pub mod update;
pub mod upstream;
mod wheel;
pub mod writer;
