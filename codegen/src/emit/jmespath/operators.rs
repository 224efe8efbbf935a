//! Where expressions of Rust need parentheses. It is told from the tokens: what an expression of JMESPath looks like in Rust
//! does not follow from what it looks like in the model, `!(!a || b)` being `a || b` for one.

use proc_macro2::{Spacing, TokenStream, TokenTree};
use quote::quote;

/// Tokens outside of all brackets that are no part of a path or a call.
fn operators(tokens: &TokenStream) -> impl Iterator<Item = (char, Spacing)> {
    tokens.clone().into_iter().filter_map(|token| match token {
        TokenTree::Punct(punct) => Some((punct.as_char(), punct.spacing())),
        TokenTree::Group(_) | TokenTree::Ident(_) | TokenTree::Literal(_) => None,
    })
}

/// Whether it is a comparison, `&&` or `||`, which needs parentheses beside other operators.
pub(super) fn is_compound(tokens: &TokenStream) -> bool {
    let mut operators = operators(tokens);
    operators.any(|(c, spacing)| matches!(c, '=' | '<' | '>' | '|') || (c == '&' && spacing == Spacing::Joint))
}

/// An operand of `&&`.
pub(in crate::emit) fn conjunct(tokens: TokenStream) -> TokenStream {
    let is_or = operators(&tokens).any(|(c, _)| c == '|');
    if is_or { quote!((#tokens)) } else { tokens }
}
