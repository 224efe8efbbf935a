//! Small pieces that all emitters share.

use crate::markup::visible;
pub(super) use crate::output::ident;
use crate::plan::{Deprecation, TypePlan, Written};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

/// The name of a planned type.
pub(super) fn type_ident(ty: &TypePlan<'_>) -> Ident {
    ident(&ty.name)
}

/// The fields of an input that make a call unique.
pub(super) fn token_fields(input: &TypePlan<'_>) -> Vec<Ident> {
    input.fields().iter().filter(|field| field.is_token).map(|field| ident(&field.name)).collect()
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

/// A type in code.
pub(super) fn written(ty: &Written<'_>) -> TokenStream {
    match ty {
        Written::Name(name) => ident(name).into_token_stream(),
        Written::Generic(name, types) => {
            let (name, types) = (ident(name), types.iter().map(written));
            quote!(#name<#(#types),*>)
        }
        Written::Tuple(types) => {
            let types = types.iter().map(written);
            quote!((#(#types),*))
        }
        Written::Into(ty) => {
            let ty = written(ty);
            quote!(impl Into<#ty>)
        }
        Written::Elements(ty) => {
            let ty = written(ty);
            quote!(impl IntoIterator<Item = #ty>)
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
