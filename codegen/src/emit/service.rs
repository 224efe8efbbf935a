//! The module of a service, and what stands in it.

use super::module::{Access, Module, declarations, inner_doc};
use super::surroundings::{Feature, Surroundings};
use super::{client, constraints, dynamic, endpoint, errors, operations, types, waiters};
use crate::plan::ServicePlan;
use proc_macro2::TokenStream;
use quote::quote;

/// The module of a service, with all modules inside: those that would be empty are left out.
pub(super) fn module<'p>(plan: &'p ServicePlan<'_>, surroundings: Surroundings) -> Module<'p> {
    let client = surroundings.behind(Feature::Client);
    let dynamic = surroundings.behind(Feature::Dynamic);
    let sections = [
        client.map(|access| Module::file("client", access, || client::client(plan))),
        constraints::module(plan, surroundings),
        dynamic.map(|access| Module::file("dynamic", access, move || dynamic::service_dynamic(plan, surroundings))),
        plan.endpoint.as_ref().map(|rules| {
            Module::file("endpoint", Access::Public, move || endpoint::endpoint(plan, rules, surroundings))
        }),
        Some(Module::file("errors", Access::Private, || errors::errors(plan))),
        (!plan.operations.is_empty()).then(|| operations::module(plan, surroundings)),
        Some(types::module(plan, surroundings)),
        (!plan.waiters.is_empty()).then(|| Module::file("waiters", Access::Public, || waiters::waiters(plan))),
    ];
    let inner = sections.into_iter().flatten().collect();
    Module::folder(&plan.names.module, surroundings.of_service(plan), inner, move |inner| {
        root(plan, surroundings, inner)
    })
}

/// `mod.rs` of a service.
fn root(plan: &ServicePlan<'_>, surroundings: Surroundings, modules: &[Module<'_>]) -> TokenStream {
    let name = &plan.title;
    let version = plan.description.api_version;
    let version = version.map_or(String::new(), |version| format!(", API version {version}"));
    let lead = plan.lead.as_ref().map_or(String::new(), |lead| format!("{lead}\n\n"));
    let title = inner_doc(&format!("{lead}{name}{version}."));
    let other_names = plan.other_names;
    let description = operations::service_description(plan, surroundings);
    let modules = declarations(modules);
    let clients = surroundings.behind(Feature::Client).map(|access| clients(&access.gate()));
    quote! {
        #title
        #(#![doc(alias = #other_names)])*
        #modules

        pub use errors::{Error, ServiceError};
        use workstream_runtime::{Protocol, ServiceDescription};

        #clients

        #description
    }
}

/// Both clients by name, and the error of their waits, each where `gate` lets it be.
fn clients(gate: &TokenStream) -> TokenStream {
    quote! {
        /// The async client: its calls are awaited.
        #gate
        pub type Client = client::Client<workstream_runtime::client::Async>;

        /// The blocking client.
        #gate
        pub mod blocking {
            /// The blocking client: its calls are made with `send`, and need no async runtime.
            pub type Client = super::client::Client<workstream_runtime::client::Blocking>;
        }

        /// Why a wait ended without what was waited for: the same for all waiters of the service.
        #gate
        pub type WaitError = workstream_runtime::client::WaitError<Error>;
    }
}
