//! The wire form of structures and unions: one description for every codec.

use super::tokens::{ident, type_ident};
use crate::graph::TimestampFormat;
use crate::plan::{FieldPlan, TypePlan};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// `Structure` for a struct.
pub(super) fn structure(ty: &TypePlan<'_>) -> TokenStream {
    let name = type_ident(ty);
    // An operation's own code is compiled where the operation is called; what operations share is compiled here, once.
    let own = ty.kind.is_of_one_operation();
    let (inline, inlined) = (own.then(|| quote!(#[inline])), own.then(|| quote!(, inline)));
    let implementation = quote!(structure!(#name #inlined););
    if ty.fields().is_empty() {
        return quote! {
            impl Structure for #name {}
            #implementation
        };
    }
    let writes = ty.fields().iter().map(|field| {
        let modifiers = write_modifiers(field, ty.sensitive);
        let (wire, name) = (field.wire_name, ident(&field.name));
        quote!(s #modifiers.member(#wire, &self.#name);)
    });
    let reads = ty.fields().iter().map(|field| {
        let (wire, name) = (field.wire_name, ident(&field.name));
        let method = if field.is_argument() { ident("required") } else { ident("member") };
        quote!(s.#method(#wire, &mut self.#name);)
    });
    quote! {
        impl Structure for #name {
            #inline
            fn write_members(&self, s: &mut StructureWriter<'_>) {
                #(#writes)*
            }

            #inline
            fn read_members(&mut self, s: &mut StructureReader<'_, '_>) {
                #(#reads)*
            }
        }
        #implementation
    }
}

/// `Union` for an enum with data.
pub(super) fn union(ty: &TypePlan<'_>, variants: &[FieldPlan<'_>], unknown: &str) -> TokenStream {
    let name = type_ident(ty);
    let unknown = ident(unknown);
    let names: Vec<Ident> = variants.iter().map(|variant| ident(&variant.name)).collect();
    let wires: Vec<&str> = variants.iter().map(|variant| variant.wire_name).collect();
    let writes: Vec<TokenStream> = variants.iter().map(|variant| write_modifiers(variant, ty.sensitive)).collect();
    quote! {
        impl Union for #name {
            fn write_variant(&self, s: UnionWriter<'_>) {
                match self {
                    #(Self::#names(value) => s #writes.variant(#wires, value),)*
                    Self::#unknown(name) => s.unknown(name.as_str()),
                }
            }

            fn read_variant(&mut self, s: &mut UnionReader<'_, '_>) {
                #(s.variant(#wires, |value| *self = Self::#names(value));)*
                s.unknown(|name| *self = Self::#unknown(UnknownValue::new(name)));
            }
        }
        union!(#name);
    }
}

/// What a codec must know beyond the name, before the member is written.
fn write_modifiers(field: &FieldPlan<'_>, all_sensitive: bool) -> TokenStream {
    let format = format_modifier(field);
    let sensitive = (field.sensitive || all_sensitive).then(|| quote!(.sensitive()));
    quote!(#format #sensitive)
}

fn format_modifier(field: &FieldPlan<'_>) -> TokenStream {
    let format = match field.timestamp_format {
        None => return TokenStream::new(),
        Some(TimestampFormat::EpochSeconds) => quote!(EpochSeconds),
        Some(TimestampFormat::DateTime) => quote!(DateTime),
        Some(TimestampFormat::HttpDate) => quote!(HttpDate),
    };
    quote!(.timestamp_format(TimestampFormat::#format))
}
