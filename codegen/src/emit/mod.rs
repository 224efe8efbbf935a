//! Tokens for every file of the generated crate, one output kind per module.
//!
//! Emitters read the plan and decide nothing: they are infallible.

mod client;
mod defaults;
mod dynamic;
mod endpoint;
mod enums;
mod errors;
mod jmespath;
mod manifest;
mod module;
mod operations;
mod paginators;
mod partitions;
mod root;
mod service;
mod structures;
mod tokens;
mod types;
mod waiters;
mod wire;

pub use manifest::Manifest;

use crate::output::{Files, OutputFile, in_parallel};
use crate::plan::ServicePlan;
use crate::plan::partitions::PartitionPlan;

/// All files of the crate.
pub(crate) fn emit(plans: &[ServicePlan<'_>], partitions: &[PartitionPlan<'_>], manifest: &Manifest) -> Files {
    let mut files = Files::default();
    files.insert(OutputFile::toml("Cargo.toml", manifest::cargo_toml(plans, manifest)));
    // The formatter here is prettyplease; another one would make `--check` fail.
    files.insert(OutputFile::toml("rustfmt.toml", "disable_all_formatting = true\n".to_owned()));
    let modules = root::modules(plans, partitions);
    files.insert(OutputFile::rust("src/lib.rs", root::crate_root(plans, &modules, manifest)));
    let mut places = Vec::new();
    modules.iter().for_each(|module| module.files("src", &mut places));
    // Types come last in a service, and are its largest files: begun first, they keep no thread waiting at the end.
    places.reverse();
    for file in in_parallel(&places, |(path, module)| OutputFile::rust(path, module.tokens())) {
        files.insert(file);
    }
    files
}
