//! Structs with constructors and setters, and unions; how they look on the wire stands beside them.

use super::tokens::{deprecation, doc, ident, type_ident, written};
use super::{defaults, wire};
use crate::plan::{Accepts, FieldPlan, Role, ServicePlan, TypeKind, TypePlan, Written};
use proc_macro2::TokenStream;
use quote::quote;

/// A struct, its constructor, its setters, and its members on the wire.
pub(super) fn structure(plan: &ServicePlan<'_>, ty: &TypePlan<'_>) -> TokenStream {
    structure_with(plan, ty, &TokenStream::new())
}

/// The same, where `more` ends its documentation.
pub(super) fn structure_with(plan: &ServicePlan<'_>, ty: &TypePlan<'_>, more: &TokenStream) -> TokenStream {
    let name = type_ident(ty);
    let docs = doc(&ty.docs);
    let deprecated = deprecation(ty.deprecated);
    let fields = ty.fields().iter().map(|field| {
        let (name, docs) = (ident(&field.name), doc(&field.docs));
        let (ty, deprecated) = (written(&Written::field(&plan.types, field)), deprecation(field.deprecated));
        quote!(#docs #deprecated pub #name: #ty)
    });
    let constructor = constructor(plan, ty);
    let setters = ty.fields().iter().map(|field| setter(plan, field));
    let default = defaults::implementation(plan, ty);
    // On the type and not on each of its functions, which costs nothing to build. What calls answer may be dropped.
    let is_answered = matches!(ty.kind, TypeKind::Structure { role: Role::Output(_), .. });
    let must_use = (!is_answered).then(|| quote!(#[must_use]));
    let derived = default.is_none().then(|| quote!(Default,));
    let wire = wire::structure(ty);
    quote! {
        #docs
        #more
        #deprecated
        #[derive(Clone, #derived PartialEq)]
        #must_use
        #[non_exhaustive]
        pub struct #name { #(#fields),* }

        impl #name {
            #constructor
            #(#setters)*
        }

        #default
        #wire
    }
}

fn constructor(plan: &ServicePlan<'_>, ty: &TypePlan<'_>) -> TokenStream {
    let required: Vec<&FieldPlan<'_>> = ty.fields().iter().filter(|field| field.is_argument()).collect();
    if required.is_empty() {
        return quote! {
            /// Creates it without members: none is required.
            pub fn new() -> Self {
                Self::default()
            }
        };
    }
    let docs = doc(&constructor_docs(ty, &required));
    let too_many = (required.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    let arguments = required.iter().map(|field| {
        let (name, ty) = (ident(&field.name), written(&Written::argument(&plan.types, field)));
        quote!(#name: #ty)
    });
    let values = required.iter().map(|field| {
        let name = ident(&field.name);
        if field.accepts == Accepts::Exactly {
            return quote!(#name);
        }
        let value = converted(field, quote!(#name));
        quote!(#name: #value)
    });
    let rest = (required.len() < ty.fields().len()).then(|| quote!(..Default::default()));
    quote! {
        #docs
        #too_many
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values,)* #rest }
        }
    }
}

/// Where several arguments take text, the compiler sees no swap, so the docs show how a reader does.
fn constructor_docs(ty: &TypePlan<'_>, required: &[&FieldPlan<'_>]) -> String {
    let docs = "Creates it from its required members";
    if required.iter().filter(|field| field.accepts == Accepts::Into).count() < 2 {
        return format!("{docs}.");
    }
    let setters: String = required.iter().map(|field| format!(".{}(..)", field.name)).collect();
    format!("{docs}, in this order. With their names: `{}::default(){setters}`.", ty.name)
}

fn setter(plan: &ServicePlan<'_>, field: &FieldPlan<'_>) -> TokenStream {
    let name = ident(&field.name);
    let ty = written(&Written::argument(&plan.types, field));
    let value = converted(field, quote!(value));
    let value = if field.is_plain() { value } else { quote!(Some(#value)) };
    let docs = doc(&field.setter_docs);
    let deprecated = deprecation(field.deprecated);
    // What is generic is compiled where it is used; the rest would be compiled
    // here, used or not.
    let inline = (!field.accepts.is_generic()).then(|| quote!(#[inline]));
    quote! {
        #docs
        #deprecated
        #inline
        pub fn #name(mut self, value: #ty) -> Self {
            self.#name = #value;
            self
        }
    }
}

/// An argument as the value of its field.
fn converted(field: &FieldPlan<'_>, value: TokenStream) -> TokenStream {
    match field.accepts {
        Accepts::Exactly => value,
        Accepts::Into => quote!(#value.into()),
        Accepts::Unboxed => quote!(Box::new(#value)),
        Accepts::Elements { into: true } => quote!(#value.into_iter().map(Into::into).collect()),
        Accepts::Elements { into: false } => quote!(#value.into_iter().collect()),
        Accepts::Pairs { into } => {
            let pair = if into { quote!((key.into(), value.into())) } else { quote!((key.into(), value)) };
            quote!(#value.into_iter().map(|(key, value)| #pair).collect())
        }
    }
}

/// An enum with data, and a variant for members that the model does not have.
pub(super) fn union(
    plan: &ServicePlan<'_>,
    ty: &TypePlan<'_>,
    variants: &[FieldPlan<'_>],
    unknown: &str,
) -> TokenStream {
    let name = type_ident(ty);
    let wire = wire::union(ty, variants, unknown);
    let unknown = ident(unknown);
    let docs = doc(&ty.docs);
    let deprecated = deprecation(ty.deprecated);
    let members = variants.iter().map(|variant| {
        let (name, docs) = (ident(&variant.name), doc(&variant.docs));
        let (ty, deprecated) = (written(&Written::of(&plan.types, &variant.ty)), deprecation(variant.deprecated));
        quote!(#docs #deprecated #name(#ty))
    });
    quote! {
        #docs
        #deprecated
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#members,)*
            /// A member that this version of the crate does not know; it cannot be sent.
            #unknown(UnknownValue),
        }

        impl Default for #name {
            fn default() -> Self {
                Self::#unknown(UnknownValue::default())
            }
        }

        #wire
    }
}
