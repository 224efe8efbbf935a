//! Waiters: what to call, how often, and what the results mean.

use super::jmespath::Writer;
use super::tokens::{doc, ident, type_ident};
use crate::graph::{AcceptorState, Comparator, Expected};
use crate::plan::jmespath::{Node, Ty, Typed};
use crate::plan::waiters::{AcceptorPlan, MatcherPlan, OutputMatcher, WaiterPlan};
use crate::plan::{OperationPlan, ServicePlan, Type};
use proc_macro2::TokenStream;
use quote::quote;

/// The module `waiters` of a service.
pub(super) fn waiters(plan: &ServicePlan<'_>) -> TokenStream {
    let waiters = plan.waiters.iter().filter_map(|waiter| {
        let operation = plan.operation(waiter.waiter.operation)?;
        Some(implementation(plan, operation, waiter))
    });
    let acceptors = plan.waiters.iter().flat_map(|waiter| &waiter.acceptors);
    let uses_all = acceptors.into_iter().any(|acceptor| acceptor.comparator() == Some(Comparator::All));
    let module = uses_all.then(|| quote!(self,));
    quote! {
        //! What to wait for.
        use super::types;
        use std::time::Duration;
        use workstream_runtime::waiter::{#module Attempt, Waiter, WaiterState};
        #(#waiters)*
    }
}

fn implementation(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>, waiter: &WaiterPlan<'_>) -> TokenStream {
    let (name, docs) = (ident(&waiter.name), doc(&description(operation, waiter)));
    let (input, output) = (type_ident(&plan[operation.input]), type_ident(&plan[operation.output]));
    let modelled = waiter.waiter;
    let (wire_name, min_delay) = (&modelled.name, duration(modelled.delay));
    let max_delay = option(modelled.max_delay.map(duration));
    let max_attempts = option(modelled.max_attempts.map(|count| {
        let count = proc_macro2::Literal::u32_unsuffixed(count);
        quote!(#count)
    }));
    let success = decision(waiter, |acceptors| on_success(plan, operation, acceptors));
    let failure = decision(waiter, |acceptors| on_failure(&acceptors[0].matcher));
    let bound = |variable: TokenStream, decision: &Decision| if decision.uses_value { variable } else { quote!(_) };
    let (ok, err) = (bound(quote!(output), &success), bound(quote!(failure), &failure));
    let (success, failure) = (success.tokens, failure.tokens);
    quote! {
        #docs
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct #name;

        impl Waiter for #name {
            type Operation = types::#input;
            const NAME: &'static str = #wire_name;
            const MIN_DELAY: Duration = #min_delay;
            const MAX_DELAY: Option<Duration> = #max_delay;
            const MAX_ATTEMPTS: Option<u32> = #max_attempts;

            fn state(attempt: Attempt<'_, types::#output>) -> Option<WaiterState> {
                match attempt.result {
                    Ok(#ok) => #success,
                    Err(#err) => #failure,
                }
            }
        }
    }
}

fn duration(seconds: u32) -> TokenStream {
    let seconds = proc_macro2::Literal::u32_unsuffixed(seconds);
    quote!(Duration::from_secs(#seconds))
}

fn option(tokens: Option<TokenStream>) -> TokenStream {
    tokens.map_or_else(|| quote!(None), |tokens| quote!(Some(#tokens)))
}

/// When an acceptor applies to a success, or to a failure.
enum When {
    Never,
    Always,
    If { condition: TokenStream, uses_value: bool },
}

/// What becomes of all successes, or of all failures.
struct Decision {
    tokens: TokenStream,
    /// Whether it looks at the output, or at the failure.
    uses_value: bool,
}

/// A chain of `if`s; neighbours with one state share one.
fn decision(waiter: &WaiterPlan<'_>, when: impl Fn(&[AcceptorPlan<'_>]) -> When) -> Decision {
    let mut tests: Vec<(AcceptorState, Vec<TokenStream>)> = Vec::new();
    let mut uses_value = false;
    let mut otherwise = quote!(None);
    for group in waiter.acceptors.chunk_by(AcceptorPlan::differs_only_in_text) {
        let state = &group[0].state;
        match when(group) {
            When::Never => {}
            When::Always => {
                let state = state_tokens(*state);
                otherwise = quote!(Some(#state));
                break;
            }
            When::If { condition, uses_value: uses } => {
                uses_value |= uses;
                match tests.last_mut() {
                    Some((last, conditions)) if last == state => conditions.push(condition),
                    _ => tests.push((*state, vec![condition])),
                }
            }
        }
    }
    let tokens = tests.into_iter().rev().fold(otherwise, |otherwise, (state, conditions)| {
        let state = state_tokens(state);
        let otherwise = if otherwise.to_string().starts_with("if") { otherwise } else { quote!({ #otherwise }) };
        quote!(if #(#conditions)||* { Some(#state) } else #otherwise)
    });
    Decision { tokens, uses_value }
}

fn state_tokens(state: AcceptorState) -> TokenStream {
    match state {
        AcceptorState::Success => quote!(WaiterState::Success),
        AcceptorState::Failure => quote!(WaiterState::Failure),
        AcceptorState::Retry => quote!(WaiterState::Retry),
    }
}

/// `acceptors` differ only in the text that they expect.
fn on_success(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>, acceptors: &[AcceptorPlan<'_>]) -> When {
    match &acceptors[0].matcher {
        MatcherPlan::Output(matcher) => {
            let writer = Writer::new(plan, quote!(output), Type::Named(operation.output));
            let texts: Vec<&str> = acceptors.iter().filter_map(AcceptorPlan::expected_text).collect();
            When::If { condition: output_condition(&writer, matcher, &texts), uses_value: true }
        }
        MatcherPlan::Error(_) | MatcherPlan::Failed(true) => When::Never,
        MatcherPlan::Failed(false) => When::Always,
        MatcherPlan::Status(status) => on_status(*status),
    }
}

fn on_failure(matcher: &MatcherPlan<'_>) -> When {
    match matcher {
        MatcherPlan::Output(_) | MatcherPlan::Failed(false) => When::Never,
        MatcherPlan::Error(name) => When::If { condition: quote!(failure.is(#name)), uses_value: true },
        MatcherPlan::Failed(true) => When::Always,
        MatcherPlan::Status(status) => on_status(*status),
    }
}

fn on_status(status: u16) -> When {
    let status = proc_macro2::Literal::u16_unsuffixed(status);
    When::If { condition: quote!(attempt.status == Some(#status)), uses_value: false }
}

fn output_condition(writer: &Writer<'_, '_>, matcher: &OutputMatcher<'_>, texts: &[&str]) -> TokenStream {
    let OutputMatcher { value, comparator, expected, .. } = matcher;
    if *comparator == Comparator::Equals {
        return match expected {
            Expected::Boolean(true) => writer.truth(value),
            Expected::Boolean(false) => writer.fails(value),
            Expected::String(_) if texts.len() > 1 => writer.is_one_of(value, texts),
            Expected::String(_) | Expected::Number(_) => writer.equals(value, &literal(expected)),
        };
    }
    let items = writer.items(value);
    let (tokens, item) = (&items.tokens, writer.item_value(&items));
    let test = match expected {
        Expected::Boolean(true) => item,
        Expected::Boolean(false) => quote!(!#item),
        Expected::String(_) if texts.len() > 1 => quote!(matches!(#item, #(#texts)|*)),
        Expected::String(text) => quote!(#item == #text),
        Expected::Number(number) => {
            let number = proc_macro2::Literal::i64_unsuffixed(*number);
            quote!(#item == #number)
        }
    };
    if *comparator == Comparator::All {
        quote!(waiter::all(#tokens, |item| #test))
    } else {
        quote!(#tokens.any(|item| #test))
    }
}

fn literal(expected: &Expected) -> Typed {
    let (node, ty) = match expected {
        Expected::String(text) => (Node::Text(text.clone()), Ty::Text),
        Expected::Boolean(value) => (Node::Boolean(*value), Ty::Boolean),
        Expected::Number(number) => (Node::Number(*number), Ty::Number),
    };
    Typed { node, ty, optional: false }
}

/// What the waiter does, from its facts.
fn description(operation: &OperationPlan<'_>, waiter: &WaiterPlan<'_>) -> String {
    let modelled = waiter.waiter;
    let name = &operation.operation.name;
    let mut text = match (modelled.delay, modelled.max_delay) {
        (delay, Some(max)) if max > delay => format!("Calls `{name}` every {delay} to {max} seconds"),
        (1, _) => format!("Calls `{name}` every second"),
        (delay, _) => format!("Calls `{name}` every {delay} seconds"),
    };
    match modelled.max_attempts {
        Some(1) => text.push_str(", at most once."),
        Some(count) => text.push_str(&format!(", at most {count} times.")),
        None => text.push('.'),
    }
    for (state, heading) in [
        (AcceptorState::Success, "Succeeds when"),
        (AcceptorState::Failure, "Fails when"),
        (AcceptorState::Retry, "Goes on when"),
    ] {
        let when: Vec<String> =
            waiter.acceptors.iter().filter(|acceptor| acceptor.state == state).map(acceptor_doc).collect();
        match when.as_slice() {
            [] => {}
            [one] => text.push_str(&format!("\n\n{heading} {one}.")),
            many => text.push_str(&format!("\n\n{heading}\n- {}.", many.join(",\n- "))),
        }
    }
    text
}

fn acceptor_doc(acceptor: &AcceptorPlan<'_>) -> String {
    match &acceptor.matcher {
        MatcherPlan::Output(OutputMatcher { path, comparator, expected, .. }) => {
            let path = code(path);
            let expected = match expected {
                Expected::String(text) => code(text),
                Expected::Boolean(value) => format!("`{value}`"),
                Expected::Number(number) => format!("`{number}`"),
            };
            match comparator {
                Comparator::Equals => format!("{path} is {expected}"),
                Comparator::All => format!("all of {path} are {expected}"),
                Comparator::Any => format!("any of {path} is {expected}"),
            }
        }
        MatcherPlan::Error(name) => format!("the call fails with `{name}`"),
        MatcherPlan::Failed(true) => "the call fails".to_owned(),
        MatcherPlan::Failed(false) => "the call succeeds".to_owned(),
        MatcherPlan::Status(status) => format!("the HTTP status is {status}"),
    }
}

/// A code span: expressions have backticks of their own.
fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}
