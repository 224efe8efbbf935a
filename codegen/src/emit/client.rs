//! The client: a method per operation and waiter. All that they do is in the runtime.

use super::tokens::{deprecation, doc, ident, type_ident};
use crate::plan::waiters::WaiterPlan;
use crate::plan::{OperationPlan, ServicePlan};
use proc_macro2::TokenStream;
use quote::quote;

/// The module `client` of a service.
pub(super) fn client(plan: &ServicePlan<'_>) -> TokenStream {
    let operations = plan.operations.iter().map(|operation| method(plan, operation));
    let waiters: Vec<TokenStream> = plan.waiters.iter().filter_map(|waiter| wait(plan, waiter)).collect();
    let (wait, waiters_module) = if waiters.is_empty() {
        (None, None)
    } else {
        (
            Some(quote!(, Wait)),
            Some(quote!(
                use super::waiters;
            )),
        )
    };
    let call = (!plan.operations.is_empty()).then(|| quote!(Call,));
    let types = (!plan.operations.is_empty()).then(|| {
        quote!(
            use super::types::*;
        )
    });
    quote! {
        //! The client, async or blocking.
        #types
        #waiters_module
        use workstream_runtime::client::{#call Mode #wait};

        workstream_runtime::service_client!(Client, super::SERVICE, super::ServiceError);

        impl<M: Mode> Client<M> {
            #(#operations)*
            #(#waiters)*
        }
    }
}

fn method(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>) -> TokenStream {
    let (name, input) = (ident(&operation.method), type_ident(&plan[operation.input]));
    let docs = doc(&operation.docs);
    let deprecated = deprecation(operation.deprecated);
    quote! {
        #docs
        #deprecated
        pub fn #name(&self, input: #input) -> Call<#input, M> {
            self.call(input)
        }
    }
}

fn wait(plan: &ServicePlan<'_>, waiter: &WaiterPlan<'_>) -> Option<TokenStream> {
    let operation = plan.operation(waiter.waiter.operation)?;
    let (method, name, input) = (ident(&waiter.method), ident(&waiter.name), type_ident(&plan[operation.input]));
    let docs = doc(&format!("Waits for what [`waiters::{name}`] describes."));
    Some(quote! {
        #docs
        pub fn #method(&self, input: #input) -> Wait<waiters::#name, M> {
            Wait::new(self.call(input))
        }
    })
}
