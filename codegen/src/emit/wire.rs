//! The wire form of structures and unions: one description for every codec.

use super::tokens::{ident, type_ident};
use crate::graph::TimestampFormat;
use crate::plan::{FieldPlan, ServicePlan, TypeKind, TypePlan};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// `Value` for every structure and union of the service.
pub(super) fn wire(plan: &ServicePlan<'_>) -> TokenStream {
    let items = plan.types.iter().filter_map(|ty| match &ty.kind {
        TypeKind::Structure { .. } => Some(structure(ty)),
        TypeKind::Union { variants, unknown } => Some(union(ty, variants, unknown)),
        TypeKind::Enum { .. } | TypeKind::IntEnum { .. } => None,
    });
    let formats = plan.types.iter().flat_map(|ty| ty.fields()).any(|field| field.timestamp_format.is_some());
    let formats = formats.then(|| quote!(use workstream_runtime::TimestampFormat;));
    quote! {
        //! How structures and unions look on the wire: their members, by name, for every codec.
        use super::types::*;
        #formats
        use workstream_runtime::{debug_as_written, Reader, Value, Writer};
        #(#items)*
    }
}

fn structure(ty: &TypePlan<'_>) -> TokenStream {
    let name = type_ident(ty);
    let title = debug_title(ty);
    if ty.fields().is_empty() {
        return quote! {
            impl Value for #name {
                fn write(&self, writer: &mut Writer) {
                    writer.structure(#title).end();
                }

                fn read(&mut self, reader: &mut Reader<'_>) {
                    reader.structure(#title).ignore();
                }
            }

            debug_as_written!(#name);
        };
    }
    let writes = ty.fields().iter().map(|field| {
        let modifiers = write_modifiers(field, ty.sensitive);
        let (wire, name) = (field.wire_name, ident(&field.name));
        quote!(s #modifiers.member(#wire, &self.#name);)
    });
    let reads = ty.fields().iter().map(|field| {
        let modifiers = format_modifier(field);
        let (wire, name) = (field.wire_name, ident(&field.name));
        let method = if field.required { ident("required") } else { ident("member") };
        quote!(s #modifiers.#method(#wire, &mut self.#name);)
    });
    quote! {
        impl Value for #name {
            fn write(&self, writer: &mut Writer) {
                let mut s = writer.structure(#title);
                #(#writes)*
                s.end();
            }

            fn read(&mut self, reader: &mut Reader<'_>) {
                let mut s = reader.structure(#title);
                while s.next() {
                    #(#reads)*
                }
            }
        }

        debug_as_written!(#name);
    }
}

fn union(ty: &TypePlan<'_>, variants: &[FieldPlan<'_>], unknown: &str) -> TokenStream {
    let name = type_ident(ty);
    let title = debug_title(ty);
    let unknown = ident(unknown);
    let names: Vec<Ident> = variants.iter().map(|variant| ident(&variant.name)).collect();
    let wires: Vec<&str> = variants.iter().map(|variant| variant.wire_name).collect();
    let writes: Vec<TokenStream> = variants.iter().map(|variant| write_modifiers(variant, ty.sensitive)).collect();
    let reads: Vec<TokenStream> = variants.iter().map(format_modifier).collect();
    quote! {
        impl Value for #name {
            fn write(&self, writer: &mut Writer) {
                let mut s = writer.union(#title);
                match self {
                    #(Self::#names(value) => s #writes.member(#wires, value),)*
                    Self::#unknown(name) => s.unknown(name),
                }
                s.end();
            }

            fn read(&mut self, reader: &mut Reader<'_>) {
                let mut s = reader.union(#title);
                while s.next() {
                    #(s #reads.variant(#wires, |value| *self = Self::#names(value));)*
                    s.unknown(|name| *self = Self::#unknown(name));
                }
            }
        }

        debug_as_written!(#name);
    }
}

/// The Rust name: what `Debug` output and error messages call the type.
fn debug_title<'p>(ty: &'p TypePlan<'_>) -> &'p str {
    &ty.name
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
