//! The errors of a service: their structs among the types, one enum over them, and what calls return.

use super::structures;
use super::tokens::{doc, ident, type_ident};
use crate::graph::Retry;
use crate::plan::names::question;
use crate::plan::{ServicePlan, TypePlan};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// The errors of the service.
pub(super) fn errors(plan: &ServicePlan<'_>) -> TokenStream {
    let types: Vec<&TypePlan<'_>> = plan.errors.iter().map(|error| &plan[error.id]).collect();
    let names: Vec<Ident> = types.iter().map(|ty| type_ident(ty)).collect();
    let service_error = service_error(plan, &types, &names);
    let questions = types.iter().zip(&names).map(|(ty, name)| {
        let question = ident(&question(&ty.name));
        let text = format!(" Whether the service answered with `{}`.", ty.wire_name);
        quote! {
            #[doc = #text]
            pub fn #question(&self) -> bool {
                matches!(self.service_error(), Some(ServiceError::#name(_)))
            }
        }
    });
    let questions = (!names.is_empty()).then(|| quote!(impl Error { #(#questions)* }));
    let title = format!(" Errors of {}.", plan.title);
    quote! {
        #![doc = #title]
        use super::types::*;

        workstream_runtime::service_error_type!(Error, ServiceError);

        #questions
        #service_error
    }
}

/// The struct of an error.
pub(super) fn structure(plan: &ServicePlan<'_>, ty: &TypePlan<'_>) -> TokenStream {
    let (name, wire, structure) = (type_ident(ty), ty.wire_name, structures::structure(plan, ty));
    let other_name = (name != wire).then(|| quote!(, #wire));
    quote!(#structure modelled_error!(#name #other_name);)
}

fn service_error(plan: &ServicePlan<'_>, types: &[&TypePlan<'_>], names: &[Ident]) -> TokenStream {
    let docs = plan.errors.iter().map(|error| doc(&error.docs));
    let wires: Vec<&str> = types.iter().map(|ty| ty.wire_name).collect();
    let (from_code, retry) = (from_code(plan, &wires, names), retries(plan, names));
    quote! {
        /// The modelled errors of the service.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum ServiceError {
            #(#docs #names(#names),)*
            /// An error that the model does not define: see [`Error::code`].
            Unmodelled,
        }

        impl workstream_runtime::ServiceError for ServiceError {
            #from_code

            fn members(&self) -> Option<&dyn Value> {
                match self {
                    #(Self::#names(error) => Some(error),)*
                    Self::Unmodelled => None,
                }
            }

            fn members_mut(&mut self) -> Option<&mut dyn Value> {
                match self {
                    #(Self::#names(error) => Some(error),)*
                    Self::Unmodelled => None,
                }
            }

            fn shape(&self) -> Option<&'static str> {
                match self {
                    #(Self::#names(_) => Some(#wires),)*
                    Self::Unmodelled => None,
                }
            }

            #retry
        }
    }
}

/// Which error a code on the wire means.
fn from_code(plan: &ServicePlan<'_>, wires: &[&str], names: &[Ident]) -> TokenStream {
    if names.is_empty() {
        return quote! {
            fn from_code(_: &str) -> Self {
                Self::Unmodelled
            }
        };
    }
    let codes = plan.errors.iter().zip(wires).map(|(error, wire)| match error.code {
        Some(code) => quote!(#wire | #code),
        None => quote!(#wire),
    });
    quote! {
        fn from_code(code: &str) -> Self {
            match code {
                #(#codes => Self::#names(#names::default()),)*
                _ => Self::Unmodelled,
            }
        }
    }
}

/// What is said of errors for another try, if it is of any.
fn retries(plan: &ServicePlan<'_>, names: &[Ident]) -> Option<TokenStream> {
    let said = plan.errors.iter().zip(names).filter_map(|(error, name)| Some(retry(error.retry?, name)));
    let arms: Vec<TokenStream> = said.collect();
    (!arms.is_empty()).then(|| {
        quote! {
            fn retry(&self) -> Option<workstream_runtime::Retry> {
                match self {
                    #(#arms)*
                    _ => None,
                }
            }
        }
    })
}

/// A match arm for an error of which it is said what it means for another try.
fn retry(retry: Retry, name: &Ident) -> TokenStream {
    let retry = match retry {
        Retry::Transient => quote!(Transient),
        Retry::Throttling => quote!(Throttling),
        Retry::Never => quote!(Never),
    };
    quote!(Self::#name(_) => Some(workstream_runtime::Retry::#retry),)
}
