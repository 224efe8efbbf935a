//! Tokens for every file of the generated crate or module, one kind of them per module.
//!
//! Emitters read the plan and decide nothing: they are infallible.

mod batches;
mod client;
mod constraints;
mod defaults;
mod dynamic;
mod endpoint;
mod enums;
mod errors;
mod inside;
mod jmespath;
mod manifest;
mod module;
mod operations;
mod paginators;
mod partitions;
mod root;
mod service;
mod structures;
mod surroundings;
mod tokens;
mod types;
mod waiters;
mod wire;

pub use inside::ModuleLayout;
pub use manifest::{Manifest, Publication};

use crate::output::{Files, OutputFile, in_parallel};
use crate::plan::ServicePlan;
use crate::plan::partitions::PartitionPlan;
use std::collections::BTreeSet;
use surroundings::Surroundings;

/// What is generated.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutputKind {
    /// A crate, with features.
    Crate(Manifest),
    /// A module of somebody's crate: it has no features, no attributes of its own and no paths from the crate's root,
    /// so that it may stand anywhere in it.
    Module {
        /// As which files.
        layout: ModuleLayout,
        /// What it has.
        parts: ModuleParts,
    },
}

/// The parts of a module, besides inputs and outputs as values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModuleParts {
    /// Clients.
    pub client: bool,
    /// Operations by name.
    pub dynamic: bool,
    /// `validate()` of inputs.
    pub validate: bool,
}

/// With clients, and nothing else.
impl Default for ModuleParts {
    fn default() -> Self {
        Self { client: true, dynamic: false, validate: false }
    }
}

/// All files of the crate or module.
pub(crate) fn emit(plans: &[ServicePlan<'_>], partitions: &[PartitionPlan<'_>], kind: &OutputKind) -> Files {
    match kind {
        OutputKind::Crate(manifest) => emit_crate(plans, partitions, manifest),
        OutputKind::Module { layout, parts } => {
            let modules = root::modules(plans, partitions, Surroundings::Module(*parts));
            inside::files(&modules, *layout)
        }
    }
}

/// The features that the runtime has to have.
pub(crate) fn runtime_features(plans: &[ServicePlan<'_>], kind: &OutputKind) -> BTreeSet<&'static str> {
    let parts = match kind {
        OutputKind::Crate(_) => [None, None],
        OutputKind::Module { parts, .. } => {
            [parts.client.then_some("client-core"), parts.validate.then_some("validate")]
        }
    };
    let protocols = plans.iter().flat_map(manifest::runtime_features);
    protocols.chain(parts.into_iter().flatten()).collect()
}

fn emit_crate(plans: &[ServicePlan<'_>], partitions: &[PartitionPlan<'_>], manifest: &Manifest) -> Files {
    let mut files = Files::default();
    files.insert(OutputFile::toml("Cargo.toml", manifest::cargo_toml(plans, manifest)));
    // The formatter here is prettyplease; another one would make `--check` fail.
    files.insert(OutputFile::toml("rustfmt.toml", "disable_all_formatting = true\n".to_owned()));
    let modules = root::modules(plans, partitions, Surroundings::Crate { examples: manifest.publication().is_some() });
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
