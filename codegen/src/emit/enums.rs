//! Enums of strings and of integers. Unknown values are kept and sent back as they came.

use super::tokens::{deprecation, doc, ident, type_ident};
use crate::plan::{IntVariantPlan, TypePlan, VariantPlan};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// An enum of strings.
pub(super) fn string_enum(ty: &TypePlan<'_>, variants: &[VariantPlan<'_>], unknown: &str) -> TokenStream {
    let name = type_ident(ty);
    let docs = doc(&ty.docs);
    let unknown = ident(unknown);
    let names: Vec<Ident> = variants.iter().map(|variant| ident(&variant.name)).collect();
    let values: Vec<&str> = variants.iter().map(|variant| variant.value).collect();
    let variant_docs = variants.iter().map(|variant| doc(&variant.docs));
    let deprecated = deprecation(ty.deprecated);
    let deprecations = variants.iter().map(|variant| deprecation(variant.deprecated));
    let sensitive = ty.sensitive.then(|| quote!(, sensitive));
    quote! {
        #docs
        #deprecated
        #[derive(Clone)]
        #[non_exhaustive]
        pub enum #name {
            #(#variant_docs #deprecations #names,)*
            /// A value that this version of the crate does not know. Do not match on it: see [`UnknownValue`].
            #unknown(UnknownValue),
        }

        impl #name {
            /// All values that this version of the crate knows. Their texts are what [`as_str`](Self::as_str) gives.
            pub const fn values() -> &'static [Self] {
                &[#(Self::#names),*]
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

        string_enum!(#name #sensitive);
    }
}

/// An enum of integers.
pub(super) fn int_enum(ty: &TypePlan<'_>, variants: &[IntVariantPlan<'_>], unknown: &str) -> TokenStream {
    let name = type_ident(ty);
    let docs = doc(&ty.docs);
    let deprecated = deprecation(ty.deprecated);
    let unknown = ident(unknown);
    let names: Vec<Ident> = variants.iter().map(|variant| ident(&variant.name)).collect();
    let values: Vec<Literal> = variants.iter().map(|variant| Literal::i32_unsuffixed(variant.value)).collect();
    let variant_docs = variants.iter().map(|variant| doc(&variant.docs));
    let debug = (!ty.sensitive).then(|| quote!(Debug));
    let redacted = ty.sensitive.then(|| quote!(redacted_debug!(#name);));
    quote! {
        #docs
        #deprecated
        #[derive(Clone, Copy, #debug)]
        #[non_exhaustive]
        pub enum #name {
            #(#variant_docs #names,)*
            /// A value that this version of the crate does not know. Do not match on it: a later version may know it.
            #unknown(i32),
        }

        impl #name {
            /// All values that this version of the crate knows. Their numbers are what [`as_i32`](Self::as_i32) gives.
            pub const fn values() -> &'static [Self] {
                &[#(Self::#names),*]
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
        #redacted
    }
}
