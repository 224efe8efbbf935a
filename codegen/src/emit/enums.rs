//! Enums of strings and of integers. Unknown values are kept and sent back as they came.

use super::tokens::{deprecation, doc, ident, type_ident};
use crate::markup::code_span;
use crate::plan::{TypePlan, VariantPlan};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// An enum of strings.
pub(super) fn string_enum(ty: &TypePlan<'_>, variants: &[VariantPlan<'_>], unknown: &str) -> TokenStream {
    let name = type_ident(ty);
    let docs = doc(&ty.docs);
    let unknown = ident(unknown);
    let names: Vec<Ident> = variants.iter().map(|variant| ident(&variant.name)).collect();
    let values: Vec<&str> = variants.iter().map(|variant| variant.value).collect();
    let variant_docs = variants.iter().map(|variant| doc(&code_span(variant.value)));
    let deprecated = deprecation(ty.deprecated);
    let deprecations = variants.iter().map(|variant| deprecation(variant.deprecated));
    let (derived_debug, redacted_debug) = debug(ty);
    quote! {
        #docs
        #deprecated
        #[derive(Clone, #derived_debug PartialEq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variant_docs #deprecations #names,)*
            /// A value that this version of the crate does not know.
            #unknown(UnknownValue),
        }

        impl #name {
            /// All values that this version of the crate knows.
            pub const fn values() -> &'static [&'static str] {
                &[#(#values),*]
            }

            /// The value on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#names => #values,)*
                    Self::#unknown(value) => value.as_str(),
                }
            }
        }

        impl From<&str> for #name {
            fn from(value: &str) -> Self {
                match value {
                    #(#values => Self::#names,)*
                    _ => Self::#unknown(UnknownValue::new(value)),
                }
            }
        }

        string_enum!(#name);
        #redacted_debug
    }
}

/// `Debug` as derived, or one that shows no value of a sensitive enum.
fn debug(ty: &TypePlan<'_>) -> (Option<TokenStream>, Option<TokenStream>) {
    let name = type_ident(ty);
    if ty.sensitive { (None, Some(quote!(redacted_debug!(#name);))) } else { (Some(quote!(Debug,)), None) }
}

/// An enum of integers.
pub(super) fn int_enum(ty: &TypePlan<'_>, variants: &[(String, i32)], unknown: &str) -> TokenStream {
    let name = type_ident(ty);
    let docs = doc(&ty.docs);
    let deprecated = deprecation(ty.deprecated);
    let unknown = ident(unknown);
    let names: Vec<Ident> = variants.iter().map(|(name, _)| ident(name)).collect();
    let values: Vec<Literal> = variants.iter().map(|(_, value)| Literal::i32_unsuffixed(*value)).collect();
    let variant_docs = variants.iter().map(|(_, value)| doc(&format!("`{value}`")));
    let (derived_debug, redacted_debug) = debug(ty);
    quote! {
        #docs
        #deprecated
        #[derive(Clone, Copy, #derived_debug PartialEq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variant_docs #names,)*
            /// A value that this version of the crate does not know.
            #unknown(i32),
        }

        impl #name {
            /// All values that this version of the crate knows.
            pub const fn values() -> &'static [i32] {
                &[#(#values),*]
            }

            /// The value on the wire.
            pub fn as_i32(self) -> i32 {
                match self {
                    #(Self::#names => #values,)*
                    Self::#unknown(value) => value,
                }
            }
        }

        impl From<i32> for #name {
            fn from(value: i32) -> Self {
                match value {
                    #(#values => Self::#names,)*
                    _ => Self::#unknown(value),
                }
            }
        }

        int_enum!(#name);
        #redacted_debug
    }
}
