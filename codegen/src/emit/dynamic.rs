//! The dynamic door: tables of operations by name.

use super::surroundings::{Feature, Surroundings};
use super::tokens::{ident, type_ident};
use crate::plan::ServicePlan;
use proc_macro2::TokenStream;
use quote::quote;

/// The operations of one service.
pub(super) fn service_dynamic(plan: &ServicePlan<'_>, surroundings: Surroundings) -> TokenStream {
    let inputs = plan.operations.iter().map(|operation| type_ident(&plan[operation.input]));
    let imports = if plan.operations.is_empty() {
        quote!(
            use workstream_runtime::dynamic::DynamicService;
        )
    } else {
        quote!(
            use super::types::*;
            use workstream_runtime::dynamic::{DynamicOperation, DynamicService};
        )
    };
    let calls = surroundings.behind(Feature::Client).map(|access| calls(&access.gate()));
    quote! {
        //! Operations by name.
        #imports

        /// The service with all its operations.
        pub static SERVICE: DynamicService = DynamicService::new(&super::SERVICE, &[
            #(DynamicOperation::of::<#inputs>(),)*
        ]);

        #calls
    }
}

/// The client's method, where `gate` lets it be.
fn calls(gate: &TokenStream) -> TokenStream {
    quote! {
        #gate
        impl<M: workstream_runtime::client::Mode> super::client::Client<M> {
            /// A call of the operation of this name, with JSON for its input; its result is the output as JSON. The
            /// notation is that of [`dynamic`](workstream_runtime::dynamic).
            pub fn call_dynamic(
                &self,
                operation: &str,
                input: impl Into<Vec<u8>>,
            ) -> workstream_runtime::client::DynamicCall<M> {
                self.service_client().call_dynamic(&SERVICE, operation, input)
            }
        }
    }
}

/// All services.
pub(super) fn all_dynamic(plans: &[ServicePlan<'_>], surroundings: Surroundings) -> TokenStream {
    let around = surroundings.beside_services();
    let services = plans.iter().map(|plan| {
        let (module, gate) = (ident(&plan.names.module), surroundings.of_service(plan).gate());
        quote!(#gate &#around::#module::dynamic::SERVICE)
    });
    quote! {
        //! Operations by name, with JSON in and JSON out: for command lines,
        //! replay and conformance tests.
        pub use workstream_runtime::dynamic::{DynamicError, DynamicOperation, DynamicService, DynamicServiceError, RequestError};

        static SERVICES: &[&DynamicService] = &[#(#services),*];

        /// All services that are compiled in.
        pub fn services() -> &'static [&'static DynamicService] {
            SERVICES
        }

        /// An operation by the names of its service's model folder and its own on the wire.
        pub fn operation(service: &str, operation: &str) -> Option<&'static DynamicOperation> {
            services().iter().find(|known| known.description().name == service)?.operation(operation)
        }
    }
}
