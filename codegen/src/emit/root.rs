//! The root of the crate.

use super::manifest::{ALL_SERVICES, DEFAULT_FEATURES, FEATURES, Manifest, Publication};
use super::module::{Access, Module, declarations, inner_doc};
use super::surroundings::{Feature, Surroundings};
use super::tokens::ident;
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
    let dynamic =
        dynamic.map(|access| Module::file("dynamic", access, move || dynamic::all_dynamic(plans, surroundings)));
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
    let publication = manifest.publication().filter(|publication| !publication.guide.is_empty());
    let (page, guide) = publication.map(written).unwrap_or_default();
    let modules = declarations(modules);
    quote! {
        #title
        #page
        #docs
        #![cfg_attr(docsrs, feature(doc_cfg))]
        #![forbid(unsafe_code)]
        #![warn(missing_docs)]
        #![allow(deprecated, reason = "deprecated members are still read and written")]
        #![allow(clippy::iter_count, reason = "projections are the model's")]
        #![allow(clippy::large_enum_variant, reason = "sizes are the model's")]
        #![allow(clippy::module_inception, reason = "names are the model's")]
        #![allow(clippy::should_implement_trait, reason = "names are the model's")]
        #![allow(clippy::type_complexity, reason = "nesting is the model's")]
        #![allow(rustdoc::redundant_explicit_links, reason = "links do not ask for what a file imports")]

        #modules
        #guide

        /// What is the same for all services: what inputs, outputs and errors are made of, and what describes a service
        /// and its operations.
        pub mod runtime {
            pub use workstream_runtime::{
                Batched, Blob, DecodeError, Document, EncodeError, Error, ErrorKind, Maybe, Number, Operation, OperationDescription,
                Paginated, PaginatedItems, ParseTimestampError, Protocol, ResponseMetadata, Retry, ServiceDescription,
                ServiceError, Timestamp, TimestampFormat, TimestampRangeError, UnknownValue, Value, endpoint, http, waiter,
            };
            #[cfg(feature = "validate")]
            pub use workstream_runtime::{Validate, Violation, ViolationKind, Violations};
        }

        #[cfg(feature = "client-core")]
        pub use workstream_runtime::client;
        #[cfg(feature = "credentials")]
        pub use workstream_runtime::identity;
        pub use workstream_runtime::{
            Batched, Blob, Document, Maybe, Operation, Paginated, PaginatedItems, Protocol, Timestamp, json,
        };
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
                rustdoc::redundant_explicit_links,
                reason = "names, sizes and nesting are the model's, and not all of it is used"
            )]
            #modules
        )*
    }
}

/// What people have written: the beginning of the crate's page, and its guide. Only documentation reads these files.
fn written(publication: &Publication) -> (TokenStream, TokenStream) {
    let page = quote! {
        //!
        #![cfg_attr(doc, doc = include_str!("../guide/crate.md"))]
    };
    let pages = publication.guide.iter().map(|page| {
        let (name, file) = (ident(page), format!("../guide/{page}.md"));
        quote! {
            pub mod #name {
                #![doc = include_str!(#file)]
            }
        }
    });
    let guide = quote! {
        #[cfg(doc)]
        pub mod guide {
            #![doc = include_str!("../guide/guide.md")]
            #(#pages)*
        }
    };
    (page, guide)
}

/// What users of the crate read first, after its title.
fn docs(features: &TokenStream) -> TokenStream {
    quote! {
        //!
        //! # Services and features
        //!
        //! Every service has a module and a feature of its name, with a `Client` that has a method per operation. The module
        //! `client` has configuration, credentials and retries.
        #features
        //!
        //! Inputs of operations are values. Their setters take what is there; what may be absent is set by
        //! [`maybe`](Maybe::maybe): `input.maybe(value, Input::member)`, or goes into the field: `input.member = value;`.
        //! Without the feature `client` (or another that implies `client-core`) an input can be turned into an
        //! `http::Request` and its response read, and nothing here does any IO.
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

/// A table of all features: services with their modules, and what else there is.
fn features(plans: &[ServicePlan<'_>], manifest: &Manifest) -> TokenStream {
    let (_, opt_in) = manifest.by_default(plans);
    let mut rows = vec!["| feature | for |".to_owned(), "|---|---|".to_owned()];
    rows.extend(plans.iter().map(|plan| {
        let is_opt_in = opt_in.iter().any(|other| other.names.feature == plan.names.feature);
        let default = if is_opt_in { "" } else { " (default)" };
        format!("| `{}`{default} | {}: the module `{}` |", plan.names.feature, plan.title, plan.names.module)
    }));
    if !opt_in.is_empty() {
        rows.push(format!("| `{ALL_SERVICES}` | all of these |"));
    }
    rows.extend(FEATURES.iter().map(|(what, feature, _)| {
        let default = if DEFAULT_FEATURES.contains(feature) { " (default)" } else { "" };
        format!("| `{feature}`{default} | {what} |")
    }));
    let table = inner_doc(&rows.join("\n"));
    quote! {
        //!
        #table
    }
}

fn enumerate(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
