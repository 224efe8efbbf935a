//! Structures whose members have defaults.

use super::tokens::{ident, type_ident};
use crate::graph::DefaultValue;
use crate::plan::{Presence, ServicePlan, Type, TypeKind, TypePlan};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

/// `Default`, where a member has another default than its type.
pub(super) fn implementation(plan: &ServicePlan<'_>, ty: &TypePlan<'_>) -> Option<TokenStream> {
    let has_own = ty.fields().iter().any(|field| match &field.presence {
        Presence::Default(default) => !is_of_the_type(plan, &field.ty, default),
        Presence::Optional | Presence::Required => false,
    });
    let name = type_ident(ty);
    let values = ty.fields().iter().map(|field| {
        let name = ident(&field.name);
        let value = match &field.presence {
            Presence::Default(default) => value(plan, &field.ty, default),
            Presence::Optional => quote!(None),
            Presence::Required => quote!(Default::default()),
        };
        quote!(#name: #value)
    });
    has_own.then(|| {
        quote! {
            impl Default for #name {
                fn default() -> Self {
                    Self { #(#values),* }
                }
            }
        }
    })
}

/// Whether a default is that of the Rust type anyway.
fn is_of_the_type(plan: &ServicePlan<'_>, ty: &Type, default: &DefaultValue) -> bool {
    match default {
        DefaultValue::Text(text) => text.is_empty() && enum_of(plan, ty).is_none(),
        DefaultValue::Boolean(truth) => !truth,
        DefaultValue::Integer(number) => *number == 0 && enum_of(plan, ty).is_none(),
        DefaultValue::Fraction(number) => number.to_bits() == 0,
        DefaultValue::Bytes(bytes) => bytes.is_empty(),
        DefaultValue::Time { seconds, nanos } => (*seconds, *nanos) == (0, 0),
        DefaultValue::Document(_) => false,
        DefaultValue::List | DefaultValue::Map => true,
    }
}

fn enum_of<'p>(plan: &'p ServicePlan<'_>, ty: &Type) -> Option<&'p TypePlan<'p>> {
    ty.structure().map(|id| &plan[id])
}

fn value(plan: &ServicePlan<'_>, ty: &Type, default: &DefaultValue) -> TokenStream {
    match default {
        DefaultValue::Text(text) => match enum_of(plan, ty) {
            Some(of) => string_enum(of, text),
            None if text.is_empty() => quote!(String::new()),
            None => quote!(#text.to_owned()),
        },
        DefaultValue::Boolean(truth) => quote!(#truth),
        DefaultValue::Integer(number) => {
            let literal = Literal::i64_unsuffixed(*number);
            match enum_of(plan, ty) {
                Some(of) => int_enum(of, *number),
                None => quote!(#literal),
            }
        }
        DefaultValue::Fraction(number) => {
            // The shortest number that is read as the same float may be another one than that of the double.
            let is_single = *ty == Type::F32;
            let literal =
                if is_single { Literal::f32_unsuffixed(*number as f32) } else { Literal::f64_unsuffixed(*number) };
            quote!(#literal)
        }
        DefaultValue::Bytes(bytes) if bytes.is_empty() => quote!(Blob::default()),
        DefaultValue::Bytes(bytes) => {
            let literal = Literal::byte_string(bytes);
            quote!(Blob::from(#literal))
        }
        DefaultValue::Time { seconds, nanos: 0 } => {
            let seconds = Literal::i64_unsuffixed(*seconds);
            quote!(Timestamp::from_secs(#seconds))
        }
        DefaultValue::Time { seconds, nanos } => {
            let (seconds, nanos) = (Literal::i64_unsuffixed(*seconds), Literal::u32_unsuffixed(*nanos));
            quote!(Timestamp::new(#seconds, #nanos).unwrap_or_default())
        }
        DefaultValue::Document(value) => document(value),
        DefaultValue::List | DefaultValue::Map => quote!(Default::default()),
    }
}

fn string_enum(of: &TypePlan<'_>, text: &str) -> TokenStream {
    let name = type_ident(of);
    let known = match &of.kind {
        TypeKind::Enum { variants, .. } => variants.iter().find(|variant| variant.value == text),
        TypeKind::Structure { .. } | TypeKind::Union { .. } | TypeKind::IntEnum { .. } => None,
    };
    match known {
        Some(variant) => {
            let variant = ident(&variant.name);
            quote!(#name::#variant)
        }
        None => quote!(#name::from(#text)),
    }
}

fn int_enum(of: &TypePlan<'_>, number: i64) -> TokenStream {
    let name = type_ident(of);
    let known = match &of.kind {
        TypeKind::IntEnum { variants, .. } => variants.iter().find(|variant| i64::from(variant.value) == number),
        TypeKind::Structure { .. } | TypeKind::Union { .. } | TypeKind::Enum { .. } => None,
    };
    match known {
        Some(variant) => {
            let variant = ident(&variant.name);
            quote!(#name::#variant)
        }
        None => {
            let literal = Literal::i64_unsuffixed(number);
            quote!(#name::from(#literal))
        }
    }
}

fn document(value: &Value) -> TokenStream {
    match value {
        Value::Null => quote!(Document::Null),
        Value::Bool(truth) => quote!(Document::Bool(#truth)),
        Value::String(text) => quote!(Document::String(#text.to_owned())),
        Value::Array(_) => quote!(Document::Array(Vec::new())),
        Value::Object(_) => quote!(Document::Object(Default::default())),
        Value::Number(number) => {
            let number = match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => Literal::u64_suffixed(number),
                (None, Some(number)) => Literal::i64_suffixed(number),
                (None, None) => Literal::f64_suffixed(number.as_f64().unwrap_or_default()),
            };
            quote!(Document::from(#number))
        }
    }
}
