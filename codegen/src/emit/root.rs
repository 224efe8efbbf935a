//! The root of the crate.

use super::module::{Access, Module, declarations, inner_doc};
use super::{dynamic, partitions, service};
use crate::plan::ServicePlan;
use crate::plan::partitions::PartitionPlan;
use proc_macro2::TokenStream;
use quote::quote;

/// The modules of the crate.
pub(super) fn modules<'p>(plans: &'p [ServicePlan<'_>], partitions: &'p [PartitionPlan<'_>]) -> Vec<Module<'p>> {
    let mut modules = vec![Module::file("dynamic", Access::Feature("dynamic"), || dynamic::crate_dynamic(plans))];
    if plans.iter().any(|plan| plan.endpoint.is_some()) {
        modules.push(Module::file("partitions", Access::Public, || partitions::partitions(partitions)));
    }
    modules.extend(plans.iter().map(service::module));
    modules
}

/// `lib.rs`: a module per service behind its feature.
pub(super) fn crate_root(plans: &[ServicePlan<'_>], modules: &[Module<'_>]) -> TokenStream {
    let names: Vec<&str> = plans.iter().map(|plan| plan.title.as_str()).collect();
    let title = inner_doc(&match names.as_slice() {
        [] => "A client without services.".to_owned(),
        names => format!("A client for {}.", enumerate(names)),
    });
    let modules = declarations(modules);
    quote! {
        #title
        //!
        //! Every service has a module and a feature of its name, with a `Client` that has a
        //! method per operation: see the module `client` for configuration, credentials and retries.
        //!
        //! Inputs of operations are values. Without the feature `client` (or another that
        //! implies `client-core`) one can be turned into an `http::Request` and its response
        //! read, and nothing here does any IO.
        #![forbid(unsafe_code)]
        #![warn(missing_docs)]
        #![allow(deprecated, reason = "deprecated members are still read and written")]
        #![allow(
            clippy::iter_count,
            clippy::large_enum_variant,
            clippy::module_inception,
            clippy::should_implement_trait,
            clippy::type_complexity,
            reason = "names, sizes, nesting and projections are the model's"
        )]

        #modules

        pub use workstream_runtime as runtime;
        #[cfg(feature = "client-core")]
        pub use workstream_runtime::client;
        pub use workstream_runtime::{Blob, Document, Operation, Paginated, PaginatedItems, Protocol, Timestamp};
    }
}

fn enumerate(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
