//! Structs with constructors and setters, and unions.

use super::tokens::{doc, field_imports, ident, rust_type, type_deprecation, type_ident};
use super::{defaults, docs};
use crate::plan::{FieldPlan, Role, ServicePlan, Type, TypeKind, TypePlan};
use proc_macro2::TokenStream;
use quote::quote;

/// The inputs of all operations.
pub(super) fn inputs(plan: &ServicePlan<'_>) -> TokenStream {
    file(plan, "Inputs of operations.", |role| matches!(role, Some(Role::Input(_))))
}

/// The outputs of all operations.
pub(super) fn outputs(plan: &ServicePlan<'_>) -> TokenStream {
    file(plan, "Outputs of operations.", |role| matches!(role, Some(Role::Output(_))))
}

/// Structures and unions inside inputs and outputs.
pub(super) fn data(plan: &ServicePlan<'_>) -> TokenStream {
    file(plan, "Structures and unions inside inputs and outputs.", |role| matches!(role, None | Some(Role::Data)))
}

fn file(plan: &ServicePlan<'_>, title: &str, wanted: impl Fn(Option<Role>) -> bool) -> TokenStream {
    let types: Vec<&TypePlan<'_>> = plan
        .types
        .iter()
        .filter(|ty| match ty.kind {
            TypeKind::Structure { role, .. } => wanted(Some(role)),
            TypeKind::Union { .. } => wanted(None),
            TypeKind::Enum { .. } | TypeKind::IntEnum { .. } => false,
        })
        .collect();
    let imports = imports(plan, &types);
    let items = types.iter().map(|ty| item(plan, ty));
    let has_union = types.iter().any(|ty| matches!(ty.kind, TypeKind::Union { .. }));
    let unknown = has_union.then(|| {
        quote!(
            use workstream_runtime::UnknownValue;
        )
    });
    let title = format!(" {title}");
    quote! {
        #![doc = #title]
        #imports
        #unknown
        #(#items)*
    }
}

/// `use` lines for the types of all fields that the file itself does not have.
pub(super) fn imports(plan: &ServicePlan<'_>, types: &[&TypePlan<'_>]) -> TokenStream {
    let external = field_imports(types.iter().flat_map(|ty| ty.fields()).map(|field| &field.ty));
    let mut parts = types.iter().flat_map(|ty| ty.fields()).flat_map(|field| field.ty.parts());
    let elsewhere = parts.any(|part| match part {
        Type::Named(id) => types.iter().all(|ty| ty.name != plan[*id].name),
        _ => false,
    });
    let links = types.iter().any(|ty| documents_errors(plan, ty));
    let unused = (!elsewhere).then(|| quote!(#[allow(unused_imports, reason = "documentation links to it")]));
    let types = (elsewhere || links).then(|| {
        quote!(
            #unused
            use super::types::*;
        )
    });
    quote!(#types #external)
}

/// Whether the documentation of a type links to errors, which are elsewhere.
fn documents_errors(plan: &ServicePlan<'_>, ty: &TypePlan<'_>) -> bool {
    match ty.kind {
        TypeKind::Structure { role: Role::Input(id), .. } => {
            plan.operation(id).is_some_and(|operation| !operation.errors.is_empty())
        }
        _ => false,
    }
}

fn item(plan: &ServicePlan<'_>, ty: &TypePlan<'_>) -> TokenStream {
    match &ty.kind {
        TypeKind::Union { variants, unknown } => union(plan, ty, variants, unknown),
        _ => structure(plan, ty),
    }
}

/// A struct, its constructor and its setters.
pub(super) fn structure(plan: &ServicePlan<'_>, ty: &TypePlan<'_>) -> TokenStream {
    let name = type_ident(ty);
    let docs = doc(&docs::type_doc(plan, ty));
    let deprecated = type_deprecation(plan, ty);
    let fields = ty.fields().iter().map(|field| {
        let (name, docs) = (ident(&field.name), doc(&docs::field_doc(plan, field)));
        let (ty, deprecated) = (field_type(plan, field), deprecation(field));
        quote!(#docs #deprecated pub #name: #ty)
    });
    let constructor = constructor(plan, ty);
    let setters = ty.fields().iter().map(|field| setter(plan, field));
    let default = defaults::implementation(plan, ty);
    let derived = default.is_none().then(|| quote!(Default,));
    quote! {
        #docs
        #deprecated
        #[derive(Clone, #derived PartialEq)]
        #[non_exhaustive]
        pub struct #name { #(#fields),* }

        impl #name {
            #constructor
            #(#setters)*
        }

        #default
    }
}

fn deprecation(field: &FieldPlan<'_>) -> Option<TokenStream> {
    field.member.traits.deprecated.is_some().then(|| quote!(#[deprecated]))
}

/// The type of a struct's field.
pub(super) fn field_type(plan: &ServicePlan<'_>, field: &FieldPlan<'_>) -> TokenStream {
    let ty = rust_type(plan, &field.ty);
    if field.is_plain() { ty } else { quote!(Option<#ty>) }
}

fn constructor(plan: &ServicePlan<'_>, ty: &TypePlan<'_>) -> TokenStream {
    let required: Vec<&FieldPlan<'_>> = ty.fields().iter().filter(|field| field.is_argument()).collect();
    if required.is_empty() {
        return quote! {
            /// Nothing is required.
            pub fn new() -> Self {
                Self::default()
            }
        };
    }
    let too_many = (required.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    let arguments = required.iter().map(|field| {
        let (name, ty) = (ident(&field.name), Argument::of(plan, &field.ty).ty);
        quote!(#name: #ty)
    });
    let values = required.iter().map(|field| {
        let name = ident(&field.name);
        let argument = Argument::of(plan, &field.ty);
        match argument.conversion {
            Conversion::None => quote!(#name),
            _ => {
                let value = argument.converted(quote!(#name));
                quote!(#name: #value)
            }
        }
    });
    let rest = (required.len() < ty.fields().len()).then(|| quote!(..Default::default()));
    quote! {
        /// With all that is required.
        #too_many
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values,)* #rest }
        }
    }
}

fn setter(plan: &ServicePlan<'_>, field: &FieldPlan<'_>) -> TokenStream {
    let name = ident(&field.name);
    let argument = Argument::of(plan, &field.ty);
    let ty = &argument.ty;
    let value = argument.converted(quote!(value));
    let value = if field.is_plain() { value } else { quote!(Some(#value)) };
    let docs = doc(&format!("Sets `{}`.", field.name));
    let deprecated = deprecation(field);
    // What is generic is compiled where it is used; the rest would be compiled
    // here, used or not.
    let inline = (!argument.generic).then(|| quote!(#[inline]));
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

/// How a value comes in by a constructor or setter.
struct Argument {
    ty: TokenStream,
    generic: bool,
    conversion: Conversion,
}

enum Conversion {
    None,
    Into,
    Boxed,
    Collect { into: bool },
    CollectPairs,
}

impl Argument {
    fn of(plan: &ServicePlan<'_>, ty: &Type) -> Self {
        let rust = rust_type(plan, ty);
        let generic = |ty, conversion| Self { ty, generic: true, conversion };
        match ty {
            _ if takes_into(plan, ty) => generic(quote!(impl Into<#rust>), Conversion::Into),
            Type::Boxed(inner) => Self { ty: rust_type(plan, inner), generic: false, conversion: Conversion::Boxed },
            Type::List(element) => {
                let into = takes_into(plan, element);
                let element = rust_type(plan, element);
                let element = if into { quote!(impl Into<#element>) } else { element };
                generic(quote!(impl IntoIterator<Item = #element>), Conversion::Collect { into })
            }
            Type::Map(key, value) if takes_into(plan, key) && takes_into(plan, value) => {
                let (key, value) = (rust_type(plan, key), rust_type(plan, value));
                generic(
                    quote!(impl IntoIterator<Item = (impl Into<#key>, impl Into<#value>)>),
                    Conversion::CollectPairs,
                )
            }
            _ => Self { ty: rust, generic: false, conversion: Conversion::None },
        }
    }

    fn converted(&self, value: TokenStream) -> TokenStream {
        match self.conversion {
            Conversion::None => value,
            Conversion::Into => quote!(#value.into()),
            Conversion::Boxed => quote!(Box::new(#value)),
            Conversion::Collect { into: true } => quote!(#value.into_iter().map(Into::into).collect()),
            Conversion::Collect { into: false } => quote!(#value.into_iter().collect()),
            Conversion::CollectPairs => {
                quote!(#value.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
            }
        }
    }
}

/// Whether something else than the type itself is handy: text for a string or
/// an enum, bytes for a blob.
fn takes_into(plan: &ServicePlan<'_>, ty: &Type) -> bool {
    match ty {
        Type::String | Type::Blob | Type::Timestamp | Type::Document => true,
        Type::Named(id) => matches!(plan[*id].kind, TypeKind::Enum { .. }),
        _ => false,
    }
}

/// An enum with data, and a variant for members that the model does not have.
fn union(plan: &ServicePlan<'_>, ty: &TypePlan<'_>, variants: &[FieldPlan<'_>], unknown: &str) -> TokenStream {
    let name = type_ident(ty);
    let unknown = ident(unknown);
    let docs = doc(&docs::type_doc(plan, ty));
    let deprecated = type_deprecation(plan, ty);
    let members = variants.iter().map(|variant| {
        let (name, docs) = (ident(&variant.name), doc(&docs::field_doc(plan, variant)));
        let (ty, deprecated) = (rust_type(plan, &variant.ty), deprecation(variant));
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
    }
}
