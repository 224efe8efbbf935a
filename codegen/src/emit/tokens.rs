//! Small pieces that all emitters share.

use crate::markup::visible;
pub(super) use crate::output::ident;
use crate::plan::{Deprecation, ServicePlan, Type, TypePlan};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// The name of a planned type.
pub(super) fn type_ident(ty: &TypePlan<'_>) -> Ident {
    ident(&ty.name)
}

/// `#[deprecated]`, with what the model says of it.
pub(super) fn deprecation(deprecated: Option<Deprecation<'_>>) -> Option<TokenStream> {
    // The attribute's own `since` is a version of the crate, and the model's one of the API, or a date.
    let note = match deprecated? {
        Deprecation { since: None, note: None } => return Some(quote!(#[deprecated])),
        Deprecation { since: None, note: Some(note) } => note.to_owned(),
        Deprecation { since: Some(since), note: None } => format!("since {since}"),
        Deprecation { since: Some(since), note: Some(note) } => format!("since {since}: {note}"),
    };
    Some(quote!(#[deprecated(note = #note)]))
}

/// A Rust type as a field has it.
pub(super) fn rust_type(plan: &ServicePlan<'_>, ty: &Type) -> TokenStream {
    match ty {
        Type::String => quote!(String),
        Type::Bool => quote!(bool),
        Type::I8 => quote!(i8),
        Type::I16 => quote!(i16),
        Type::I32 => quote!(i32),
        Type::I64 => quote!(i64),
        Type::F32 => quote!(f32),
        Type::F64 => quote!(f64),
        Type::Blob => quote!(Blob),
        Type::Timestamp => quote!(Timestamp),
        Type::Document => quote!(Document),
        Type::Named(id) => {
            let name = type_ident(&plan[*id]);
            quote!(#name)
        }
        Type::Boxed(inner) => {
            let inner = rust_type(plan, inner);
            quote!(Box<#inner>)
        }
        Type::Nullable(inner) => {
            let inner = rust_type(plan, inner);
            quote!(Option<#inner>)
        }
        Type::List(inner) => {
            let inner = rust_type(plan, inner);
            quote!(Vec<#inner>)
        }
        Type::Map(key, value) => {
            let (key, value) = (rust_type(plan, key), rust_type(plan, value));
            quote!(BTreeMap<#key, #value>)
        }
    }
}

/// `#[doc]` attributes, one a line. The space keeps `/// text` as people write it.
pub(super) fn doc(text: &str) -> TokenStream {
    text.lines()
        .map(|line| {
            // Nothing of a model hides in a comment, or shows in another order than it is read, which rustc refuses.
            let line = if line.is_empty() { String::new() } else { format!(" {}", visible(line)) };
            quote!(#[doc = #line])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::doc;

    #[test]
    fn documentation_reads_as_it_shows() {
        assert_eq!(doc("a\u{202E}b\u{2066}").to_string(), r#"# [doc = " a\\u{202e}b\\u{2066}"]"#);
        assert_eq!(doc("a\rb\0\u{1b}").to_string(), r#"# [doc = " a\\rb\\u{0}\\u{1b}"]"#);
    }
}
