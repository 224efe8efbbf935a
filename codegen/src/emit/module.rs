//! Modules: the crate's root and each service's.

use super::operations;
use super::tokens::{doc, ident};
use crate::plan::ServicePlan;
use proc_macro2::TokenStream;
use quote::quote;

/// `lib.rs`: a module per service behind its feature.
pub(super) fn crate_root(plans: &[ServicePlan<'_>]) -> TokenStream {
    let services = plans.iter().map(|plan| {
        let (module, feature) = (ident(&plan.names.module), &plan.names.feature);
        quote!(#[cfg(feature = #feature)] pub mod #module;)
    });
    let names: Vec<String> = plans.iter().map(|plan| plan.title.clone()).collect();
    let title = doc(&match names.as_slice() {
        [] => "A client without services.".to_owned(),
        names => format!("A client for {}.", enumerate(names)),
    });
    let title = inner(title);
    let partitions = has_endpoints(plans).then(|| {
        quote!(
            pub mod partitions;
        )
    });
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
        // Deprecated members are still read and written.
        #![allow(deprecated)]
        // Names, sizes, nesting and projections are the model's.
        #![allow(clippy::iter_count)]
        #![allow(clippy::large_enum_variant)]
        #![allow(clippy::module_inception)]
        #![allow(clippy::should_implement_trait)]
        #![allow(clippy::type_complexity)]

        #[cfg(feature = "dynamic")]
        pub mod dynamic;
        #partitions
        #(#services)*
        pub use workstream_runtime as runtime;
        #[cfg(feature = "client-core")]
        pub use workstream_runtime::client;
        pub use workstream_runtime::{Blob, Document, Operation, Paginated, PaginatedItems, Protocol, Timestamp};
    }
}

/// Whether any service resolves endpoints.
pub(super) fn has_endpoints(plans: &[ServicePlan<'_>]) -> bool {
    plans.iter().any(|plan| plan.endpoint.is_some())
}

fn enumerate(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Outer `#[doc]` attributes as inner ones.
fn inner(docs: TokenStream) -> TokenStream {
    docs.into_iter()
        .flat_map(|token| match token {
            proc_macro2::TokenTree::Punct(punct) if punct.as_char() == '#' => quote!(#!),
            other => TokenStream::from(other),
        })
        .collect()
}

/// `mod.rs` of a service.
pub(super) fn service_root(plan: &ServicePlan<'_>) -> TokenStream {
    let name = &plan.title;
    let version = plan.description.api_version;
    let version = version.map_or(String::new(), |version| format!(", API version {version}"));
    let title = inner(doc(&format!("{name}{version}.")));
    let description = operations::service_description(plan);
    let has = |present: bool, name: &str| present.then(|| ident(name));
    let data = has(super::has_data(plan), "data");
    let enums = has(super::has_enums(plan), "enums");
    let (inputs, outputs) = (has(!plan.operations.is_empty(), "inputs"), has(!plan.operations.is_empty(), "outputs"));
    let types: Vec<_> = [&data, &enums, &inputs, &outputs].into_iter().flatten().collect();
    let errors = (!plan.errors.is_empty()).then(|| {
        let names: Vec<_> = plan.errors.iter().map(|error| super::tokens::type_ident(&plan[error.id])).collect();
        quote!(pub use super::errors::{#(#names),*};)
    });
    let operations = has(!plan.operations.is_empty(), "operations");
    let paginators = has(super::has_paginators(plan), "paginators");
    let private: Vec<_> =
        [data.as_ref(), enums.as_ref(), inputs.as_ref(), outputs.as_ref(), operations.as_ref(), paginators.as_ref()]
            .into_iter()
            .flatten()
            .collect();
    let waiters = (!plan.waiters.is_empty()).then(|| {
        quote!(
            pub mod waiters;
        )
    });
    let endpoint = plan.endpoint.as_ref().map(|_| {
        quote!(
            pub mod endpoint;
        )
    });
    let wire_module = super::has_role(plan, |_| true).then(|| {
        quote!(
            mod wire;
        )
    });
    quote! {
        #title
        #[cfg(feature = "client-core")]
        pub mod client;
        #[cfg(feature = "dynamic")]
        pub mod dynamic;
        #endpoint
        mod errors;
        #waiters
        #(mod #private;)*
        #wire_module

        pub use errors::{Error, ServiceError};
        use workstream_runtime::{Protocol, ServiceDescription};

        /// Inputs and outputs of operations, and all that is in them.
        pub mod types {
            #(pub use super::#types::*;)*
            #errors
        }

        /// The client, whose calls are awaited.
        #[cfg(feature = "client-core")]
        pub type Client = client::Client<workstream_runtime::client::Async>;

        /// The client that blocks the thread.
        #[cfg(feature = "client-core")]
        pub mod blocking {
            /// The client whose calls are made with `send`, and need no async runtime.
            pub type Client = super::client::Client<workstream_runtime::client::Blocking>;
        }

        #description
    }
}
