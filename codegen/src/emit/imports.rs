//! `use` lines of a file, found in its tokens.
//!
//! Every file could import all types of its service: the compiler then makes each name anew for each file, which costs 3 to 6 % of
//! a check.

use super::tokens::{ident, type_ident};
use crate::plan::ServicePlan;
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use std::collections::BTreeSet;

/// What a file of the service may name.
pub(super) struct Names {
    service: BTreeSet<String>,
}

impl Names {
    /// The types of the service, and what its own file has for all.
    pub fn of(plan: &ServicePlan<'_>) -> Self {
        let types = plan.types.iter().map(|ty| type_ident(ty).to_string());
        Self { service: types.chain(["Error", "ServiceError", "SERVICE"].map(str::to_owned)).collect() }
    }

    /// `use` lines for what `body` names and has not, in a module of the module that has all of the service.
    pub fn imports(&self, body: &TokenStream) -> TokenStream {
        let mut said = Said::default();
        said.read(body.clone());
        let foreign = self.service.intersection(&said.named).filter(|name| !said.defined.contains(*name));
        let service = foreign.map(|name| ident(name));
        quote! {
            use super::{#(#service),*};
            use workstream_runtime::generated::*;
        }
    }
}

/// The names in some tokens.
#[derive(Default)]
struct Said {
    /// Without a path before them.
    named: BTreeSet<String>,
    /// By an item.
    defined: BTreeSet<String>,
}

impl Said {
    fn read(&mut self, tokens: TokenStream) {
        let mut before = String::new();
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            before = match token {
                TokenTree::Group(group) => {
                    self.read(group.stream());
                    String::new()
                }
                TokenTree::Ident(name) => {
                    let name = name.to_string();
                    let is_binding = matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == '=');
                    match before.as_str() {
                        // `Iterator<Item = ...>`
                        "<" if is_binding => {}
                        "struct" => drop(self.defined.insert(name.clone())),
                        // What a path or a value leads to, and names of a trait's items.
                        "::" | "." | "type" | "fn" | "const" => {}
                        _ => drop(self.named.insert(name.clone())),
                    }
                    name
                }
                TokenTree::Punct(punct) if before == ":" && punct.as_char() == ':' => "::".to_owned(),
                TokenTree::Punct(punct) => punct.as_char().to_string(),
                TokenTree::Literal(_) => String::new(),
            };
        }
    }
}
