//! What the model asks of values in requests: constants, and a table of them.

use super::module::{Access, Module};
use super::surroundings::{Feature, Surroundings};
use super::tokens::ident;
use crate::plan::ServicePlan;
use crate::plan::constraints::{ConstraintPlan, LimitsPlan, MemberPlan, PatternPlan};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The name of the module.
const MODULE: &str = "constraints";

/// The module `constraints`, where the model asks for anything.
pub(super) fn module<'p>(plan: &'p ServicePlan<'_>, surroundings: Surroundings) -> Option<Module<'p>> {
    let access = behind(plan, surroundings)?;
    Some(Module::file(MODULE, access, || file(plan)))
}

/// The description of a service, `service`, with its table, if it has one.
pub(super) fn described(plan: &ServicePlan<'_>, surroundings: Surroundings, service: TokenStream) -> TokenStream {
    let Some(access) = behind(plan, surroundings) else { return service };
    let (module, gate) = (ident(MODULE), access.gate());
    let constraints = quote!(.constraints(|| &#module::CONSTRAINTS));
    if gate.is_empty() {
        return quote!(#service #constraints);
    }
    // An attribute stands before a statement, and not within a chain of calls.
    quote!({
        let service = #service;
        #gate
        let service = service #constraints;
        service
    })
}

/// What `types` has so that inputs have the method `validate` wherever types are in scope.
pub(super) fn reexport(surroundings: Surroundings) -> Option<TokenStream> {
    let gate = surroundings.behind(Feature::Validate)?.gate();
    Some(quote!(#gate pub use workstream_runtime::Validate as _;))
}

fn behind(plan: &ServicePlan<'_>, surroundings: Surroundings) -> Option<Access<'static>> {
    surroundings.behind(Feature::Validate).filter(|_| !plan.constraints.types.is_empty())
}

fn file(plan: &ServicePlan<'_>) -> TokenStream {
    let values = &plan.constraints.values;
    let imports = [
        Some("Constraint").filter(|_| !values.is_empty()),
        Some("Constraints"),
        Some("MemberConstraint"),
        Some("Pattern").filter(|_| values.values().any(|value| value.pattern.is_some())),
    ];
    let imports = imports.into_iter().flatten().map(ident);
    let constants = values.iter().map(|(name, value)| constant(name, value));
    let rows = plan.constraints.types.iter().map(|(id, members)| {
        let (name, members) = (&plan[*id].name, members.iter().map(member));
        quote!((#name, &[#(#members),*]))
    });
    quote! {
        //! What the model asks of values in requests.
        use workstream_runtime::{#(#imports),*};

        pub(super) static CONSTRAINTS: Constraints = Constraints::new(&[#(#rows),*]);

        #(#constants)*
    }
}

fn member(MemberPlan { name, value, is_required }: &MemberPlan<'_>) -> TokenStream {
    let asked = match (value.as_deref().map(ident), is_required) {
        (Some(value), false) => quote!(MemberConstraint::new(&#value)),
        (Some(value), true) => quote!(MemberConstraint::required(&#value)),
        (None, _) => quote!(MemberConstraint::present()),
    };
    quote!((#name, #asked))
}

fn constant(name: &str, plan: &ConstraintPlan<'_>) -> TokenStream {
    let ConstraintPlan { limits, pattern, unique, element, key } = plan;
    let name = ident(name);
    let limits = match *limits {
        LimitsPlan::None => None,
        LimitsPlan::Length(min, max) => {
            let (min, max) = (Literal::u64_unsuffixed(min), limit(max, u64::MAX, "u64::MAX", Literal::u64_unsuffixed));
            Some(quote!(.length(#min, #max)))
        }
        LimitsPlan::Whole(min, max) => {
            let min = limit(min, i64::MIN, "i64::MIN", Literal::i64_unsuffixed);
            let max = limit(max, i64::MAX, "i64::MAX", Literal::i64_unsuffixed);
            Some(quote!(.whole(#min, #max)))
        }
        LimitsPlan::Real(min, max) => {
            let min = limit(min, f64::NEG_INFINITY, "f64::NEG_INFINITY", Literal::f64_unsuffixed);
            let max = limit(max, f64::INFINITY, "f64::INFINITY", Literal::f64_unsuffixed);
            Some(quote!(.real(#min, #max)))
        }
    };
    let unique = unique.then(|| quote!(.unique()));
    let [element, key] = [element, key].map(|name| name.as_deref().map(ident));
    let (element, key) = (element.map(|name| quote!(.element(&#name))), key.map(|name| quote!(.key(&#name))));
    let (pattern, expression) = pattern.as_ref().map(matched).unzip();
    quote! {
        static #name: Constraint = Constraint::new() #limits #pattern #unique #key #element;
        #expression
    }
}

/// A pattern as its constraint names it, and its own constant.
fn matched(PatternPlan { name, model, expression }: &PatternPlan<'_>) -> (TokenStream, TokenStream) {
    let name = ident(name);
    let pattern = if expression == model {
        quote!(Pattern::new(#model))
    } else {
        quote!(Pattern::translated(#model, #expression))
    };
    (quote!(.pattern(&#name)), quote!(static #name: Pattern = #pattern;))
}

/// A number, or the name of the one that is no limit.
fn limit<T: PartialEq>(number: T, none: T, name: &str, literal: fn(T) -> Literal) -> TokenStream {
    if number == none {
        let (of, name) = name.split_once("::").unwrap_or_default();
        let (of, name) = (ident(of), ident(name));
        return quote!(#of::#name);
    }
    let literal = literal(number);
    quote!(#literal)
}
