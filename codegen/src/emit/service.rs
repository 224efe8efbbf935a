//! The module of a service, and what stands in it.

use super::module::{Access, Module, declarations, inner_doc};
use super::{client, dynamic, endpoint, errors, operations, types, waiters};
use crate::plan::ServicePlan;
use proc_macro2::TokenStream;
use quote::quote;

/// The module of a service, with all modules inside: those that would be empty are left out.
pub(super) fn module<'p>(plan: &'p ServicePlan<'_>) -> Module<'p> {
    let sections = [
        Some(Module::file("client", Access::Feature("client-core"), || client::client(plan))),
        Some(Module::file("dynamic", Access::Feature("dynamic"), || dynamic::service_dynamic(plan))),
        plan.endpoint
            .as_ref()
            .map(|rules| Module::file("endpoint", Access::Public, || endpoint::endpoint(plan, rules))),
        Some(Module::file("errors", Access::Private, || errors::errors(plan))),
        (!plan.operations.is_empty()).then(|| operations::module(plan)),
        Some(types::module(plan)),
        (!plan.waiters.is_empty()).then(|| Module::file("waiters", Access::Public, || waiters::waiters(plan))),
    ];
    let inner = sections.into_iter().flatten().collect();
    Module::folder(&plan.names.module, Access::Feature(&plan.names.feature), inner, |inner| root(plan, inner))
}

/// `mod.rs` of a service.
fn root(plan: &ServicePlan<'_>, modules: &[Module<'_>]) -> TokenStream {
    let name = &plan.title;
    let version = plan.description.api_version;
    let version = version.map_or(String::new(), |version| format!(", API version {version}"));
    let lead = plan.lead.as_ref().map_or(String::new(), |lead| format!("{lead}\n\n"));
    let title = inner_doc(&format!("{lead}{name}{version}."));
    let description = operations::service_description(plan);
    let modules = declarations(modules);
    quote! {
        #title
        #modules

        pub use errors::{Error, ServiceError};
        use workstream_runtime::{Protocol, ServiceDescription};

        /// The async client: its calls are awaited.
        #[cfg(feature = "client-core")]
        pub type Client = client::Client<workstream_runtime::client::Async>;

        /// The blocking client.
        #[cfg(feature = "client-core")]
        pub mod blocking {
            /// The blocking client: its calls are made with `send`, and need no async runtime.
            pub type Client = super::client::Client<workstream_runtime::client::Blocking>;
        }

        #description
    }
}
