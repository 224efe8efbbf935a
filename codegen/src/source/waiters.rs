//! Waiters in botocore's notation, which `waiters-2.json` and overlays share.

use crate::graph::{Acceptor, AcceptorState, Comparator, Expected, Matcher, NameRef, Waiter};
use crate::source::expression;
use crate::source::node::{At, Node, Object};

/// Reads a waiter; the caller finishes the object.
pub(super) fn waiter(name: &str, object: &Object<'_, '_>) -> Option<Waiter<NameRef>> {
    // All is read before anything is given up, so that all findings are made.
    let operation = object.require("operation").and_then(|at| expression::name(&at));
    let delay = object.require("delay").and_then(|at| at.integer());
    let max_attempts = object.get("maxAttempts").and_then(|at| at.integer());
    let acceptors = acceptors(object);
    let documentation = object.text("description");
    Some(Waiter {
        name: name.to_owned(),
        operation: operation?,
        delay: delay?,
        max_delay: None,
        max_attempts,
        acceptors: acceptors?,
        documentation,
        overlay: None,
        origin: object.at.origin(),
    })
}

/// Reads the acceptors of a waiter.
pub(super) fn acceptors(object: &Object<'_, '_>) -> Option<Vec<Acceptor>> {
    object.require("acceptors").map(|at| at.items().filter_map(|item| acceptor(&item)).collect())
}

fn acceptor(at: &At<'_, '_>) -> Option<Acceptor> {
    let object = at.object()?;
    let state = object.require("state").and_then(|at| acceptor_state(&at));
    let matcher = matcher(&object);
    let origin = object.get("argument").map_or_else(|| at.origin(), |argument| argument.origin());
    object.finish("an acceptor", &[]);
    Some(Acceptor { state: state?, matcher: matcher?, origin })
}

/// What an acceptor decides.
pub(super) fn acceptor_state(at: &At<'_, '_>) -> Option<AcceptorState> {
    at.one_of("state of an acceptor", AcceptorState::WORDS)
}

fn matcher(object: &Object<'_, '_>) -> Option<Matcher> {
    const MATCHERS: &[&str] = &["path", "pathAll", "pathAny", "error", "status"];
    // All keys are asked for first, so that none is reported as unknown.
    let (argument, expected) = (object.get("argument"), object.require("expected"));
    let at = object.require("matcher")?;
    let name = at.string()?;
    let comparator = match name {
        "path" => Comparator::Equals,
        "pathAll" => Comparator::All,
        "pathAny" => Comparator::Any,
        "error" => return error(&expected?),
        "status" => return expected?.integer().map(Matcher::Status),
        _ => {
            at.unknown_value("matcher", name, MATCHERS);
            return None;
        }
    };
    if argument.is_none() {
        object.at.error("missing-key", format!("key `argument` is missing: matcher `{name}` needs it"));
    }
    Some(Matcher::Path { path: argument?.string()?.to_owned(), comparator, expected: value(&expected?)? })
}

fn error(at: &At<'_, '_>) -> Option<Matcher> {
    match at.node() {
        Node::String(code) => Some(Matcher::ErrorType(code.clone().into_owned())),
        Node::Bool(failed) => Some(Matcher::AnyError(*failed)),
        _ => {
            at.wrong_type("the code of an error, or a boolean");
            None
        }
    }
}

fn value(at: &At<'_, '_>) -> Option<Expected> {
    match at.node() {
        Node::String(text) => Some(Expected::String(text.clone().into_owned())),
        Node::Bool(value) => Some(Expected::Boolean(*value)),
        Node::Number(_) => at.integer().map(Expected::Number),
        _ => {
            at.wrong_type("a string, a boolean or a whole number");
            None
        }
    }
}
