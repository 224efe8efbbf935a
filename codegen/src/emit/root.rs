//! The root of the crate.

use super::manifest::{ALL_SERVICES, Manifest};
use super::module::{Access, Module, declarations, inner_doc};
use super::surroundings::{Feature, Surroundings};
use super::{dynamic, partitions, service};
use crate::plan::ServicePlan;
use crate::plan::partitions::PartitionPlan;
use proc_macro2::TokenStream;
use quote::quote;

/// The modules of the crate, or of the module.
pub(super) fn modules<'p>(
    plans: &'p [ServicePlan<'_>],
    partitions: &'p [PartitionPlan<'_>],
    surroundings: Surroundings,
) -> Vec<Module<'p>> {
    let dynamic = surroundings.behind(Feature::Dynamic);
    let dynamic = dynamic.map(|access| Module::file("dynamic", access, || dynamic::crate_dynamic(plans)));
    let mut modules: Vec<Module<'_>> = dynamic.into_iter().collect();
    if plans.iter().any(|plan| plan.endpoint.is_some()) {
        modules.push(Module::file("partitions", Access::Hidden, || partitions::partitions(partitions)));
    }
    modules.extend(plans.iter().map(|plan| service::module(plan, surroundings)));
    modules
}

/// `lib.rs`: a module per service behind its feature.
pub(super) fn crate_root(plans: &[ServicePlan<'_>], modules: &[Module<'_>], manifest: &Manifest) -> TokenStream {
    let names: Vec<&str> = plans.iter().map(|plan| plan.title.as_str()).collect();
    let title = inner_doc(&match names.as_slice() {
        [] => "A client without services.".to_owned(),
        names => format!("A client for {}.", enumerate(names)),
    });
    let docs = docs(&features(plans, manifest));
    let modules = declarations(modules);
    quote! {
        #title
        #docs
        #![forbid(unsafe_code)]
        #![warn(missing_docs)]
        #![allow(deprecated, reason = "deprecated members are still read and written")]
        #![allow(clippy::iter_count, reason = "projections are the model's")]
        #![allow(clippy::large_enum_variant, reason = "sizes are the model's")]
        #![allow(clippy::module_inception, reason = "names are the model's")]
        #![allow(clippy::should_implement_trait, reason = "names are the model's")]
        #![allow(clippy::type_complexity, reason = "nesting is the model's")]

        #modules

        /// What is the same for all services: what inputs, outputs and errors are made of, and what describes a service
        /// and its operations.
        pub mod runtime {
            pub use workstream_runtime::{
                Blob, DecodeError, Document, EncodeError, Error, ErrorKind, Number, Operation, OperationDescription,
                Paginated, PaginatedItems, ParseTimestampError, Protocol, ResponseMetadata, Retry, ServiceDescription,
                ServiceError, SystemTimeRangeError, Timestamp, TimestampFormat, UnknownValue, endpoint, http, waiter,
            };
        }

        #[cfg(feature = "client-core")]
        pub use workstream_runtime::client;
        #[cfg(feature = "credentials")]
        pub use workstream_runtime::identity;
        pub use workstream_runtime::{Blob, Document, Operation, Paginated, PaginatedItems, Protocol, Timestamp};
    }
}

/// The root of a module. Its attributes stand on the modules inside of it: on the module itself they would be inner
/// ones, which nothing that is included can have.
pub(super) fn module_root(modules: &[Module<'_>]) -> TokenStream {
    let modules = modules.iter().map(Module::declaration);
    quote! {
        #(
            #[allow(
                dead_code,
                deprecated,
                unused_imports,
                clippy::iter_count,
                clippy::large_enum_variant,
                clippy::module_inception,
                clippy::should_implement_trait,
                clippy::type_complexity,
                reason = "names, sizes and nesting are the model's, and not all of it is used"
            )]
            #modules
        )*
    }
}

/// What users of the crate read first, after its title.
fn docs(features: &TokenStream) -> TokenStream {
    quote! {
        //!
        //! Every service has a module and a feature of its name, with a `Client` that has a
        //! method per operation: see the module `client` for configuration, credentials and retries.
        #features
        //!
        //! Inputs of operations are values. Their setters take what is there; what may be absent goes into the field:
        //! `input.next_token = maybe_token;`. Without the feature `client` (or another that
        //! implies `client-core`) one can be turned into an `http::Request` and its response
        //! read, and nothing here does any IO.
        //!
        //! # What is stable
        //!
        //! Public items follow semantic versioning, but for what documentation does not show. The service decides what there
        //! is: what it adds (operations, optional members, values, errors) comes in minor releases, so structures and enums are
        //! `#[non_exhaustive]`. What it takes away, and members that become required or optional, make a major release: `new`
        //! takes what is required, in the model's order. Not stable are texts: of `Debug` and `Display`, of documentation, and
        //! of what the service answers. A value of an enum that this version does not know may be a variant in the next one, so
        //! compare it with `as_str`.
    }
}

/// Which services are there by default, where not all are.
fn features(plans: &[ServicePlan<'_>], manifest: &Manifest) -> TokenStream {
    let (defaults, opt_in) = manifest.by_default(plans);
    if opt_in.is_empty() {
        return TokenStream::new();
    }
    let listed = |plans: &[&ServicePlan<'_>]| {
        let features: Vec<String> = plans.iter().map(|plan| format!("`{}`", plan.names.feature)).collect();
        let verb = if features.len() == 1 { "is" } else { "are" };
        format!("{} {verb}", enumerate(&features.iter().map(String::as_str).collect::<Vec<_>>()))
    };
    let on = match defaults.as_slice() {
        [] => format!("{} not on by default", listed(&opt_in)),
        on => format!("{} on by default.\n{} not", listed(on), listed(&opt_in)),
    };
    let text = inner_doc(&format!("{on}; `{ALL_SERVICES}` has every service."));
    quote! {
        //!
        #text
    }
}

fn enumerate(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
