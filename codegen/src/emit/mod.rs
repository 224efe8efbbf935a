//! Tokens for every file of the generated crate, one output kind per module.
//!
//! Emitters read the plan and decide nothing: they are infallible.

mod client;
mod defaults;
mod docs;
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
mod structures;
mod tokens;
mod waiters;
mod wire;

pub use manifest::Manifest;

use crate::output::{File, Files};
use crate::plan::names::file_stem;
use crate::plan::partitions::PartitionPlan;
use crate::plan::{Role, ServicePlan, TypeKind};
use proc_macro2::TokenStream;

/// One file of a service, before its tokens are made.
struct Job<'p, 'g> {
    path: String,
    emit: fn(&ServicePlan<'g>) -> TokenStream,
    plan: &'p ServicePlan<'g>,
}

/// All files of the crate.
pub(crate) fn emit(plans: &[ServicePlan<'_>], partitions: &[PartitionPlan<'_>], manifest: &Manifest) -> Files {
    let mut files = Files::default();
    files.insert(File::toml("Cargo.toml", manifest::cargo_toml(plans, manifest)));
    // The formatter here is prettyplease; another one would make `--check` fail.
    files.insert(File::toml("rustfmt.toml", "disable_all_formatting = true\n".to_owned()));
    let jobs: Vec<Job<'_, '_>> = plans.iter().flat_map(service_jobs).collect();
    for file in crate::output::in_parallel(&jobs, |job| File::rust(&job.path, (job.emit)(job.plan))) {
        files.insert(file);
    }
    files.insert(File::rust("src/lib.rs", module::crate_root(plans)));
    files.insert(File::rust("src/dynamic.rs", dynamic::crate_dynamic(plans)));
    if module::has_endpoints(plans) {
        files.insert(File::rust("src/partitions.rs", partitions::partitions(partitions)));
    }
    files
}

/// The files of one service; those that would be empty are left out.
fn service_jobs<'p, 'g>(plan: &'p ServicePlan<'g>) -> Vec<Job<'p, 'g>> {
    type Emit<'g> = fn(&ServicePlan<'g>) -> TokenStream;
    let files: [(&str, bool, Emit<'g>); 13] = [
        ("mod", true, module::service_root),
        ("inputs", has_role(plan, |role| matches!(role, Role::Input(_))), structures::inputs),
        ("outputs", has_role(plan, |role| matches!(role, Role::Output(_))), structures::outputs),
        ("data", has_data(plan), structures::data),
        ("enums", has_enums(plan), enums::enums),
        ("wire", has_role(plan, |_| true), wire::wire),
        ("errors", true, errors::errors),
        ("operations", !plan.operations.is_empty(), operations::operations),
        ("paginators", has_paginators(plan), paginators::paginators),
        ("endpoint", plan.endpoint.is_some(), endpoint::endpoint),
        ("waiters", !plan.waiters.is_empty(), waiters::waiters),
        ("client", true, client::client),
        ("dynamic", true, dynamic::service_dynamic),
    ];
    let folder = file_stem(&plan.names.module);
    files
        .into_iter()
        .filter(|(_, present, _)| *present)
        .map(|(name, _, emit)| Job { path: format!("src/{folder}/{name}.rs"), emit, plan })
        .collect()
}

fn has_role(plan: &ServicePlan<'_>, wanted: fn(Role) -> bool) -> bool {
    plan.types.iter().any(|ty| matches!(ty.kind, TypeKind::Structure { role, .. } if wanted(role)))
}

fn has_data(plan: &ServicePlan<'_>) -> bool {
    has_role(plan, |role| role == Role::Data) || plan.types.iter().any(|ty| matches!(ty.kind, TypeKind::Union { .. }))
}

fn has_enums(plan: &ServicePlan<'_>) -> bool {
    plan.types.iter().any(|ty| matches!(ty.kind, TypeKind::Enum { .. } | TypeKind::IntEnum { .. }))
}

fn has_paginators(plan: &ServicePlan<'_>) -> bool {
    plan.operations.iter().any(|operation| operation.paginator.is_some())
}
