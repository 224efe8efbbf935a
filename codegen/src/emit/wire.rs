//! The wire form of structures and unions: one description for every codec.

use super::tokens::{ident, type_ident};
use crate::graph::TimestampFormat;
use crate::plan::bindings::FieldPlace;
use crate::plan::elements::NamesPlan;
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
        let (place, modifiers) = (places(field), write_modifiers(field, ty.sensitive));
        let (member, name) = (&field.member.name, ident(&field.name));
        quote!(s #place #modifiers.member(#member, &self.#name);)
    });
    let reads = ty.fields().iter().map(|field| {
        let place = places(field);
        let (member, name) = (&field.member.name, ident(&field.name));
        let method = if field.is_argument() { ident("required") } else { ident("member") };
        quote!(s #place.#method(#member, &mut self.#name);)
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
    let members: Vec<&str> = variants.iter().map(|variant| variant.member.name.as_str()).collect();
    let places: Vec<TokenStream> = variants.iter().map(places).collect();
    let writes: Vec<TokenStream> = variants.iter().map(|variant| write_modifiers(variant, ty.sensitive)).collect();
    quote! {
        impl Union for #name {
            fn write_variant(&self, s: UnionWriter<'_>) {
                match self {
                    #(Self::#names(value) => s #places #writes.variant(#members, value),)*
                    Self::#unknown(name) => s.unknown(name.as_str()),
                }
            }

            fn read_variant(&mut self, s: &mut UnionReader<'_, '_>) {
                #(s #places.variant(#members, |value| *self = Self::#names(value));)*
                s.unknown(|name| *self = Self::#unknown(UnknownValue::new(name)));
            }
        }
        union!(#name);
    }
}

/// Where a member travels, and under which name, if not in the body under its own: for writing and reading.
fn places(field: &FieldPlan<'_>) -> TokenStream {
    let place = match field.place {
        None => {
            let wire = field.wire_name;
            let named = (wire != field.member.name).then(|| quote!(.named(#wire)));
            let names = field.names.as_ref().map(names).map(|names| quote!(.names(#names)));
            return quote!(#named #names);
        }
        Some(FieldPlace::Label(name)) => quote!(Label(#name)),
        Some(FieldPlace::Query(name)) => quote!(Query(#name)),
        Some(FieldPlace::QueryParams) => quote!(QueryParams),
        Some(FieldPlace::Header(name)) => quote!(Header(#name)),
        Some(FieldPlace::EncodedHeader(name)) => quote!(EncodedHeader(#name)),
        Some(FieldPlace::PrefixHeaders(prefix)) => quote!(PrefixHeaders(#prefix)),
        Some(FieldPlace::Payload) => quote!(Payload),
        Some(FieldPlace::Status) => quote!(Status),
    };
    quote!(.at(wire::Place::#place))
}

/// A constant of what is called how in XML and forms.
pub(super) fn names(plan: &NamesPlan<'_>) -> TokenStream {
    let NamesPlan { name, query, namespace, attribute, flattened, item, key } = plan;
    let name = name.map(|name| quote!(.named(#name)));
    let query = query.map(|name| quote!(.query(#name)));
    let namespace = namespace.map(|namespace| {
        let (prefix, uri) = (namespace.prefix.as_deref().unwrap_or_default(), &namespace.uri);
        quote!(.namespace(#prefix, #uri))
    });
    let attribute = attribute.then(|| quote!(.attribute()));
    let flattened = flattened.then(|| quote!(.flattened()));
    let [item, key] = [item, key].map(|inner| inner.as_deref().map(names));
    let (item, key) = (item.map(|item| quote!(.item(#item))), key.map(|key| quote!(.key(#key))));
    quote!(const { &wire::Names::new() #name #query #namespace #attribute #flattened #item #key })
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
