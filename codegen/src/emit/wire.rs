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
    let has = |wanted: fn(&TypePlan<'_>) -> bool| plan.types.iter().any(wanted);
    let formats = has(|ty| ty.fields().iter().any(|field| field.timestamp_format.is_some()));
    let formats = formats.then(|| {
        quote!(
            use workstream_runtime::TimestampFormat;
        )
    });
    let structures = has(|ty| matches!(ty.kind, TypeKind::Structure { .. }));
    let members = has(|ty| matches!(ty.kind, TypeKind::Structure { .. }) && !ty.fields().is_empty());
    let unions = has(|ty| matches!(ty.kind, TypeKind::Union { .. }));
    let structures = structures.then(|| {
        quote!(
            use workstream_runtime::{structure, Structure};
        )
    });
    let members = members.then(|| {
        quote!(
            use workstream_runtime::{StructureReader, StructureWriter};
        )
    });
    let unions = unions.then(|| {
        quote!(
            use workstream_runtime::{union, Union, UnionReader, UnionWriter, UnknownValue};
        )
    });
    quote! {
        //! How structures and unions look on the wire: their members, by name, for every codec.
        use super::types::*;
        #structures
        #members
        #unions
        #formats
        #(#items)*
    }
}

fn structure(ty: &TypePlan<'_>) -> TokenStream {
    let name = type_ident(ty);
    if ty.fields().is_empty() {
        return quote! {
            impl Structure for #name {}
            structure!(#name);
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
            fn write_members(&self, s: &mut StructureWriter<'_>) {
                #(#writes)*
            }

            fn read_members(&mut self, s: &mut StructureReader<'_, '_>) {
                #(#reads)*
            }
        }
        structure!(#name);
    }
}

fn union(ty: &TypePlan<'_>, variants: &[FieldPlan<'_>], unknown: &str) -> TokenStream {
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
