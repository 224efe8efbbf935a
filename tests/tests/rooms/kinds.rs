//! Matches on what there are kinds of: each arm says which kinds it is for, so that a new kind is a list of compile
//! errors. A question about some kinds (`if let`, `matches!`) is none about all of them.

use super::imports::{is_generated, list};
use super::table::{House, Kinds};
use std::path::Path;
use syn::visit::{self, Visit};

/// The functions with a match on kinds that has an arm for all others.
pub fn unnamed(house: &House, src: &Path) -> Vec<String> {
    let mut files = Vec::new();
    list(src, &mut Vec::new(), &mut files);
    let mut failures = Vec::new();
    for (module, text) in files.iter().filter(|(_, text)| !is_generated(text)) {
        let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{module:?}: {error}"));
        let mut matches = Matches { kinds: &house.kinds, function: String::new(), of: None, found: Vec::new() };
        matches.visit_file(&file);
        failures.extend(matches.found.into_iter().map(|function| format!("{}::{function}", module.join("::"))));
    }
    failures
}

struct Matches<'k> {
    kinds: &'k Kinds,
    /// The function that is looked at.
    function: String,
    /// What `Self` is.
    of: Option<String>,
    found: Vec<String>,
}

impl Matches<'_> {
    /// Whether a pattern names a kind.
    fn names_kind(&self, pattern: &syn::Pat) -> bool {
        let is_kind = |path: &syn::Path| {
            let of = path.segments.iter().rev().nth(1).map(|segment| segment.ident.to_string());
            let of = of.map(|of| if of == "Self" { self.of.clone().unwrap_or(of) } else { of });
            of.is_some_and(|of| self.kinds.enums.split(' ').any(|kind| kind == of))
        };
        match pattern {
            syn::Pat::Path(path) => is_kind(&path.path),
            syn::Pat::TupleStruct(of) => is_kind(&of.path),
            syn::Pat::Struct(of) => is_kind(&of.path),
            syn::Pat::Macro(of) => self.kinds.patterns.split(' ').any(|name| of.mac.path.is_ident(name)),
            syn::Pat::Or(or) => or.cases.iter().any(|case| self.names_kind(case)),
            syn::Pat::Paren(paren) => self.names_kind(&paren.pat),
            syn::Pat::Reference(reference) => self.names_kind(&reference.pat),
            syn::Pat::Tuple(tuple) => tuple.elems.iter().any(|element| self.names_kind(element)),
            syn::Pat::Ident(ident) => ident.subpat.as_ref().is_some_and(|(_, pattern)| self.names_kind(pattern)),
            _ => false,
        }
    }
}

/// Whether a pattern is for whatever there is.
fn is_for_all(pattern: &syn::Pat) -> bool {
    match pattern {
        syn::Pat::Wild(_) => true,
        syn::Pat::Ident(ident) => ident.subpat.is_none(),
        syn::Pat::Tuple(tuple) => tuple.elems.iter().all(is_for_all),
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Matches<'_> {
    fn visit_expr_match(&mut self, found: &'ast syn::ExprMatch) {
        let is_on_kinds = found.arms.iter().any(|arm| self.names_kind(&arm.pat));
        if is_on_kinds && found.arms.iter().any(|arm| is_for_all(&arm.pat)) {
            self.found.push(self.function.clone());
        }
        visit::visit_expr_match(self, found);
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let syn::Type::Path(of) = &*item.self_ty else { return };
        self.of = of.path.segments.last().map(|segment| segment.ident.to_string());
        visit::visit_item_impl(self, item);
        self.of = None;
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function = item.sig.ident.to_string();
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function = item.sig.ident.to_string();
        visit::visit_impl_item_fn(self, item);
    }
}
