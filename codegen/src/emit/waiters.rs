//! Waiters: what to call, how often, and what the results mean.

use super::jmespath::{ExpressionWriter, conjunct, mentions};
use super::tokens::{doc, ident, type_ident};
use crate::graph::{AcceptorState, Comparator, Expected, WaiterOverlay};
use crate::markup::{code_span, escaped};
use crate::plan::jmespath::{Checked, Ty, Typed};
use crate::plan::waiters::{AcceptorPlan, MatcherPlan, OutputMatcher, ReasonPlan, StatePlan, WaiterPlan};
use crate::plan::{OperationPlan, ServicePlan, Type};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// The module `waiters` of a service.
pub(super) fn waiters(plan: &ServicePlan<'_>) -> TokenStream {
    let waiters = plan.waiters.iter().filter_map(|waiter| {
        let operation = plan.operation(waiter.waiter.operation)?;
        Some(implementation(plan, operation, waiter))
    });
    let acceptors = plan.waiters.iter().flat_map(|waiter| &waiter.acceptors);
    let uses_all = acceptors.into_iter().any(|acceptor| acceptor.comparator() == Some(Comparator::All));
    let module = uses_all.then(|| quote!(self,));
    let seen = plan.waiters.iter().any(|waiter| !waiter.seen.is_empty()).then(|| quote!(Seen,));
    quote! {
        //! What to wait for.
        use super::types;
        use std::time::Duration;
        use workstream_runtime::waiter::{#module Attempt, #seen Waiter, WaiterState};
        #(#waiters)*
    }
}

fn implementation(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>, waiter: &WaiterPlan<'_>) -> TokenStream {
    let (name, docs) = (ident(&waiter.name), doc(&description(operation, waiter)));
    let (input, output) = (type_ident(&plan[operation.input]), type_ident(&plan[operation.output]));
    let modelled = waiter.waiter;
    let (wire_name, min_delay) = (&modelled.name, duration(modelled.delay));
    let max_delay = modelled.max_delay.map(|seconds| {
        let max_delay = duration(seconds);
        quote!(const MAX_DELAY: Option<Duration> = Some(#max_delay);)
    });
    let max_attempts = modelled.max_attempts.map(|count| {
        let count = proc_macro2::Literal::u32_unsuffixed(count);
        quote!(const MAX_ATTEMPTS: Option<u32> = Some(#count);)
    });
    let state = state(plan, operation, waiter);
    let seen = seen(plan, operation, waiter);
    quote! {
        #docs
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct #name;

        impl workstream_runtime::__private::Generated for #name {}

        impl Waiter for #name {
            type Operation = types::#input;
            const NAME: &'static str = #wire_name;
            const MIN_DELAY: Duration = #min_delay;
            #max_delay
            #max_attempts

            #[inline]
            fn state(attempt: Attempt<'_, types::#output>) -> Option<WaiterState> {
                #state
            }

            #seen
        }
    }
}

/// What a waiter tells of an output, if it looks at any.
fn seen(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>, waiter: &WaiterPlan<'_>) -> Option<TokenStream> {
    if waiter.seen.is_empty() {
        return None;
    }
    let output = WaiterOutput::new(plan, operation, waiter);
    let output_type = type_ident(&plan[operation.output]);
    let states = waiter.seen.states.iter().map(|states| state_of_each(&output.writer, states));
    let reasons = waiter.seen.reasons.iter().map(|ReasonPlan { acceptor, text }| {
        let add = quote!(seen.add_reason(#text););
        match output.on_success(&waiter.acceptors[*acceptor..=*acceptor]) {
            When::Never => None,
            When::Always => Some(add),
            When::If { condition, .. } => Some(quote!(if #condition { #add })),
        }
    });
    Some(quote! {
        #[inline]
        fn seen(output: &types::#output_type) -> Option<Seen> {
            let mut seen = Seen::default();
            #(#states)*
            #(#reasons)*
            Some(seen)
        }
    })
}

/// Adds the states of all resources of an output.
fn state_of_each(writer: &ExpressionWriter<'_, '_>, states: &StatePlan) -> TokenStream {
    let option = |writer: &ExpressionWriter<'_, '_>, value: &Typed| match writer.single(value) {
        (value, true) => value,
        (value, false) => quote!(Some(#value)),
    };
    let Some(resources) = &states.resources else {
        let state = option(writer, &states.state);
        return quote!(seen.add(None, #state););
    };
    let (resources, each) = writer.each(resources);
    let name = states.name.as_ref().map_or_else(|| quote!(None), |name| option(&each, name));
    let state = option(&each, &states.state);
    quote!(for item in #resources { seen.add(#name, #state); })
}

/// What a waiter makes of an attempt.
fn state(plan: &ServicePlan<'_>, operation: &OperationPlan<'_>, waiter: &WaiterPlan<'_>) -> TokenStream {
    let output = WaiterOutput::new(plan, operation, waiter);
    let success = decision(waiter, |acceptors| output.on_success(acceptors));
    let failure = decision(waiter, |acceptors| on_failure(&acceptors[0].matcher));
    let shared = output.shared.iter().map(|shared| {
        let (name, items) = (&shared.name, output.writer.elements_and_nulls(shared.value).tokens);
        quote!(let #name = || #items;)
    });
    let shared: TokenStream = shared.collect();
    let (when_ok, when_err) = (&success.tokens, &failure.tokens);
    if success.uses_value && failure.is_none {
        return quote!(let output = attempt.result.ok()?; #shared #when_ok);
    }
    let bound = |variable: TokenStream, decision: &Decision| if decision.uses_value { variable } else { quote!(_) };
    let (ok, err) = (bound(quote!(output), &success), bound(quote!(failure), &failure));
    let when_ok = if shared.is_empty() { when_ok.clone() } else { quote!({ #shared #when_ok }) };
    quote! {
        match attempt.result {
            Ok(#ok) => #when_ok,
            Err(#err) => #when_err,
        }
    }
}

/// The conditions of one waiter on an output.
struct WaiterOutput<'p, 'g> {
    writer: ExpressionWriter<'p, 'g>,
    /// Lists at which more than one condition looks.
    shared: Vec<Shared<'p>>,
}

/// A list that closures named `name` go through.
struct Shared<'p> {
    path: &'p str,
    value: &'p Typed,
    name: Ident,
}

impl<'p, 'g> WaiterOutput<'p, 'g> {
    fn new(plan: &'p ServicePlan<'g>, operation: &OperationPlan<'_>, waiter: &'p WaiterPlan<'_>) -> Self {
        let writer = ExpressionWriter::new(plan, quote!(output), Type::Named(operation.output));
        let lists: Vec<&OutputMatcher<'_>> = waiter
            .acceptors
            .chunk_by(AcceptorPlan::differs_only_in_text)
            .take_while(|group| !matches!(group[0].matcher, MatcherPlan::Failed(false)))
            .filter_map(|group| match &group[0].matcher {
                MatcherPlan::Output(matcher) if matcher.comparator != Comparator::Equals => Some(matcher),
                _ => None,
            })
            .collect();
        let mut shared: Vec<Shared<'_>> = Vec::new();
        for (index, matcher) in lists.iter().enumerate() {
            let is_used_later = lists[index + 1..].iter().any(|later| later.path == matcher.path);
            if is_used_later && !shared.iter().any(|known| known.path == matcher.path) {
                let name = match shared.len() {
                    0 => format_ident!("items"),
                    count => format_ident!("items_{}", count + 1),
                };
                shared.push(Shared { path: matcher.path, value: &matcher.value, name });
            }
        }
        Self { writer, shared }
    }

    /// `acceptors` differ only in the text that they expect.
    fn on_success(&self, acceptors: &[AcceptorPlan<'_>]) -> When {
        match &acceptors[0].matcher {
            MatcherPlan::Output(matcher) => {
                let texts: Vec<&str> = acceptors.iter().filter_map(AcceptorPlan::expected_text).collect();
                let condition = self.condition(matcher, &texts);
                let condition = match self.soundness(matcher) {
                    Some(sound) => {
                        let (sound, condition) = (conjunct(sound), conjunct(condition));
                        quote!(#sound && #condition)
                    }
                    None => condition,
                };
                let uses_value = mentions(&condition, "output") || self.uses_shared(matcher.path);
                When::If { condition, uses_value }
            }
            MatcherPlan::Error(_) | MatcherPlan::Failed(true) => When::Never,
            MatcherPlan::Failed(false) => When::Always,
            MatcherPlan::Status(status) => on_status(*status),
        }
    }

    /// Whether no error arises in an expression, if that has to be asked.
    fn soundness(&self, matcher: &OutputMatcher<'_>) -> Option<TokenStream> {
        let (value, writer) = (&matcher.value, &self.writer);
        let is_sound = match (matcher.comparator, matcher.expected) {
            (Comparator::Equals, Expected::Boolean(true)) => writer.truth_is_sound(value),
            (Comparator::Equals, Expected::Boolean(false)) => writer.falsehood_is_sound(value),
            _ => writer.is_null_with_error(value),
        };
        if is_sound { None } else { writer.soundness(value) }
    }

    fn uses_shared(&self, path: &str) -> bool {
        self.shared.iter().any(|shared| shared.path == path)
    }

    fn condition(&self, matcher: &OutputMatcher<'_>, texts: &[&str]) -> TokenStream {
        let (OutputMatcher { path, value, comparator, expected }, writer) = (matcher, &self.writer);
        if *comparator == Comparator::Equals {
            return match expected {
                Expected::Boolean(true) => writer.truth(value),
                Expected::Boolean(false) => writer.fails(value),
                Expected::String(_) if texts.len() > 1 => writer.is_one_of(value, texts),
                Expected::String(_) | Expected::Number(_) => writer.equals(value, &literal(expected)),
            };
        }
        let items = writer.elements_and_nulls(value);
        let shared = self.shared.iter().find(|shared| shared.path == *path).map(|shared| &shared.name);
        let test = if texts.len() > 1 {
            writer.item_is_one_of(&items, texts)
        } else {
            writer.item_equals(&items, &literal(expected))
        };
        let tokens = shared.map_or(items.tokens, |name| quote!(#name()));
        if *comparator == Comparator::All {
            quote!(waiter::all(#tokens, |item| #test))
        } else {
            quote!(#tokens.any(|item| #test))
        }
    }
}

fn duration(seconds: u32) -> TokenStream {
    let seconds = proc_macro2::Literal::u32_unsuffixed(seconds);
    quote!(Duration::from_secs(#seconds))
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
    /// Whether nothing is ever decided.
    is_none: bool,
}

/// A chain of `if`s; neighbours with one state share one.
fn decision(waiter: &WaiterPlan<'_>, when: impl Fn(&[AcceptorPlan<'_>]) -> When) -> Decision {
    let mut tests: Vec<(AcceptorState, Vec<TokenStream>)> = Vec::new();
    let mut uses_value = false;
    let mut otherwise = quote!(None);
    let mut is_none = true;
    for group in waiter.acceptors.chunk_by(AcceptorPlan::differs_only_in_text) {
        let state = &group[0].state;
        match when(group) {
            When::Never => {}
            When::Always => {
                let state = state_tokens(*state);
                otherwise = quote!(Some(#state));
                is_none = false;
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
    is_none &= tests.is_empty();
    let tokens = tests.into_iter().rev().fold(otherwise, |otherwise, (state, conditions)| {
        let state = state_tokens(state);
        let otherwise = if otherwise.to_string().starts_with("if") { otherwise } else { quote!({ #otherwise }) };
        quote!(if #(#conditions)||* { Some(#state) } else #otherwise)
    });
    Decision { tokens, uses_value, is_none }
}

fn state_tokens(state: AcceptorState) -> TokenStream {
    match state {
        AcceptorState::Success => quote!(WaiterState::Success),
        AcceptorState::Failure => quote!(WaiterState::Failure),
        AcceptorState::Retry => quote!(WaiterState::Retry),
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

fn literal(expected: &Expected) -> Typed {
    let (node, ty) = match expected {
        Expected::String(text) => (Checked::Text(text.clone()), Ty::Text),
        Expected::Boolean(value) => (Checked::Boolean(*value), Ty::Boolean),
        Expected::Number(number) => (Checked::Number(*number), Ty::Number),
    };
    Typed { node, ty, optional: false }
}

/// What the waiter does, from its facts.
fn description(operation: &OperationPlan<'_>, waiter: &WaiterPlan<'_>) -> String {
    let modelled = waiter.waiter;
    let name = &operation.wire_name;
    let mut text = match (&modelled.overlay, &modelled.documentation) {
        // The model's own text is upstream's.
        (Some(WaiterOverlay::Added(_)), Some(summary)) => format!("{} ", escaped(summary.trim())),
        _ => String::new(),
    };
    text.push_str(&match (modelled.delay, modelled.max_delay) {
        (delay, Some(max)) if max > delay => format!("Calls `{name}` every {delay} to {max} seconds"),
        (1, _) => format!("Calls `{name}` every second"),
        (delay, _) => format!("Calls `{name}` every {delay} seconds"),
    });
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
        let groups = waiter.acceptors.chunk_by(AcceptorPlan::differs_only_in_text);
        let when: Vec<String> = groups.filter(|group| group[0].state == state).map(acceptor_doc).collect();
        match when.as_slice() {
            [] => {}
            [one] => text.push_str(&format!("\n\n{heading} {one}.")),
            many => text.push_str(&format!("\n\n{heading}\n- {}.", many.join(",\n- "))),
        }
    }
    match &modelled.overlay {
        None => {}
        Some(WaiterOverlay::Added(reason)) => {
            text.push_str(&format!("\n\nFrom the overlay: {}.", escaped(reason)));
        }
        Some(WaiterOverlay::Amended(reason)) => {
            text.push_str(&format!("\n\nThe overlay adds to what the model says: {}.", escaped(reason)));
        }
    }
    text
}

/// `acceptors` differ only in the text that they expect.
fn acceptor_doc(acceptors: &[AcceptorPlan<'_>]) -> String {
    match &acceptors[0].matcher {
        MatcherPlan::Output(OutputMatcher { path, comparator, expected, .. }) => {
            let path = code_span(path);
            let expected = match expected {
                Expected::String(_) => {
                    let texts: Vec<String> =
                        acceptors.iter().filter_map(AcceptorPlan::expected_text).map(code_span).collect();
                    alternatives(&texts)
                }
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

/// `a`, `b` or `c`.
fn alternatives(texts: &[String]) -> String {
    match texts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
