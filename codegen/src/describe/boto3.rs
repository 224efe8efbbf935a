//! Requests and responses as boto3's documentation shows them: the notation
//! that the pages of API changes use too. Order is the model's, names are the
//! members' own, and nothing is left out.

use super::Described;
use super::skeleton::{Leaf, Side, Skeleton, Tree, TreeEntry};
use crate::graph::{OperationId, Service};
use crate::plan::{OperationPlan, PaginatorPlan, ServicePlan};

/// Spaces of a level.
const STEP: usize = 4;

/// `response = client.describe_fleets(...)`.
pub fn request_syntax(service: &Service, operation: OperationId) -> String {
    let method = method(&service[operation].name);
    call(&format!("response = client.{method}"), &Skeleton::request(service, operation))
}

/// The response of an operation, if it has one, as a value of Python.
pub fn response_syntax(service: &Service, operation: OperationId) -> Option<String> {
    Skeleton::response(service, operation).map(|skeleton| skeleton.syntax())
}

/// The members of a request with their types, and which are required.
pub fn request_structure(service: &Service, operation: OperationId) -> String {
    Skeleton::request(service, operation).structure()
}

/// The members of a response with their types, if there is one.
pub fn response_structure(service: &Service, operation: OperationId) -> Option<String> {
    Skeleton::response(service, operation).map(|skeleton| skeleton.structure())
}

impl Skeleton {
    /// As a value of Python, in lines without one after the last.
    pub fn syntax(&self) -> String {
        let mut text = String::new();
        value(&mut text, &self.root, 0);
        text
    }

    /// As a value of Python in one line: `{'Tags': {'string': 'string'}}`.
    pub fn line(&self) -> String {
        compact(&self.root)
    }

    /// The list of members with their types, a line each and none after the last.
    pub fn structure(&self) -> String {
        let mut lines = Vec::new();
        describe(&mut lines, &self.root, "", 0, self.side);
        lines.join("\n")
    }
}

/// All of an operation.
pub fn operation(service: &Service, id: OperationId) -> String {
    let mut text = sections(&[
        ("Request Syntax", Some(request_syntax(service, id))),
        ("Request Structure", Some(request_structure(service, id))),
        ("Response Syntax", response_syntax(service, id)),
        ("Response Structure", response_structure(service, id)),
    ]);
    let errors = &service[id].errors;
    if !errors.is_empty() {
        let names: Vec<&str> = errors.iter().map(|&error| service[error].name.as_str()).collect();
        text.push_str(&sections(&[("Exceptions", Some(names.join("\n")))]));
    }
    text
}

/// How boto3 shows the paginator of an operation; those that are inferred it
/// does not have.
pub fn paginator(service: &Service, operation: &OperationPlan<'_>, paginator: &PaginatorPlan) -> String {
    let method = method(operation.wire_name);
    let note = if paginator.inferred { "# inferred: boto3 has no such paginator\n" } else { "" };
    let request = Skeleton::paged_request(service, operation.id, paginator);
    let response = Skeleton::paged_response(service, operation.id, paginator);
    let text = sections(&[
        ("Request Syntax", Some(call("response_iterator = paginator.paginate", &request))),
        ("Request Structure", Some(request.structure())),
        ("Response Syntax", response.as_ref().map(Skeleton::syntax)),
        ("Response Structure", response.as_ref().map(Skeleton::structure)),
    ]);
    format!("{note}paginator = client.get_paginator('{method}')\n\n{text}")
}

/// What an operation or shape looks like.
pub fn subject(service: &Service, subject: Described) -> String {
    match subject {
        Described::Operation(id) => operation(service, id),
        Described::Shape(id) => {
            let skeleton = Skeleton::shape(service, id, Side::Response);
            sections(&[("Syntax", Some(skeleton.syntax())), ("Structure", Some(skeleton.structure()))])
        }
    }
}

/// The client's methods, paginators and waiters.
pub fn service(plan: &ServicePlan<'_>) -> String {
    let names = |names: Vec<String>| (!names.is_empty()).then(|| names.join("\n"));
    let operations = plan.service.operations().map(|(_, operation)| method(&operation.name)).collect();
    let paginated =
        plan.service.paginators().iter().map(|paginator| method(&plan.service[paginator.operation].name)).collect();
    let waiters = plan.service.waiters().iter().map(|waiter| method(&waiter.name)).collect();
    sections(&[("Methods", names(operations)), ("Paginators", names(paginated)), ("Waiters", names(waiters))])
}

fn sections(sections: &[(&str, Option<String>)]) -> String {
    let present = sections.iter().filter_map(|(title, text)| text.as_ref().map(|text| (title, text)));
    present.map(|(title, text)| format!("{title}\n\n{text}\n\n")).collect()
}

/// The name of the method for an operation: `list_web_acls` for `ListWebACLs`.
/// An acronym in the plural at the end is one word; otherwise a word begins
/// before a capital that a small letter follows, and after a small letter or
/// digit.
pub fn method(name: &str) -> String {
    if name.contains('_') {
        return name.to_owned();
    }
    let name = match plural_acronym(name) {
        Some(start) => format!("{}_{}", &name[..start], name[start..].to_lowercase()),
        None => name.to_owned(),
    };
    let letters: Vec<char> = name.chars().collect();
    let mut spelled = String::with_capacity(name.len() + 8);
    // Where the last word that was split off ends: no split before that.
    let mut free = 0;
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| letters[before]);
        let next = letters.get(at + 1);
        if let (true, Some(before)) = (letter.is_ascii_uppercase(), before) {
            let begins = at > free && next.is_some_and(char::is_ascii_lowercase);
            if begins {
                free = at + 1 + letters[at + 1..].iter().take_while(|c| c.is_ascii_lowercase()).count();
            }
            if begins || before.is_ascii_lowercase() || before.is_ascii_digit() {
                spelled.push('_');
            }
        }
        spelled.push(letter);
    }
    spelled.to_lowercase()
}

/// Where the `ARNs` of `GatewayARNs` begins.
fn plural_acronym(name: &str) -> Option<usize> {
    let stem = name.strip_suffix('s')?;
    let capitals = stem.bytes().rev().take_while(u8::is_ascii_uppercase).count();
    (capitals >= 2).then(|| stem.len() - capitals)
}

/// A call with the request's members as arguments.
fn call(function: &str, request: &Skeleton) -> String {
    let mut text = function.to_owned();
    match &request.root {
        Tree::Structure(entries) => members(&mut text, entries, 0, ('(', ')'), |name| format!("{name}=")),
        // Inputs are structures.
        _ => text.push_str("()"),
    }
    text
}

fn value(text: &mut String, node: &Tree, level: usize) {
    match node {
        Tree::Structure(entries) => members(text, entries, level, ('{', '}'), |name| format!("'{name}': ")),
        Tree::List(element) => {
            text.push('[');
            line(text, level + 1);
            value(text, element, level + 1);
            text.push(',');
            line(text, level);
            text.push(']');
        }
        Tree::Map(_, element) => {
            text.push('{');
            line(text, level + 1);
            text.push_str("'string': ");
            value(text, element, level + 1);
            line(text, level);
            text.push('}');
        }
        Tree::Enum(_) | Tree::Leaf(_) | Tree::Recursive(_) => text.push_str(&atom(node)),
    }
}

fn members(
    text: &mut String,
    entries: &[TreeEntry],
    level: usize,
    (open, close): (char, char),
    key: impl Fn(&str) -> String,
) {
    text.push(open);
    if entries.iter().any(|entry| !entry.hidden) {
        line(text, level + 1);
        for (index, entry) in entries.iter().enumerate().filter(|(_, entry)| !entry.hidden) {
            text.push_str(&key(&entry.name));
            value(text, &entry.node, level + 1);
            // Hidden ones count, so the last that is shown may have a comma, and a line begun after it.
            if index + 1 < entries.len() {
                text.push(',');
                line(text, level + 1);
            }
        }
        line(text, level);
    }
    text.push(close);
}

/// Begins a line.
fn line(text: &mut String, level: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n(' ', level * STEP));
}

fn compact(node: &Tree) -> String {
    match node {
        Tree::Structure(entries) => {
            let shown = entries.iter().filter(|entry| !entry.hidden);
            let members: Vec<String> =
                shown.map(|entry| format!("'{}': {}", entry.name, compact(&entry.node))).collect();
            format!("{{{}}}", members.join(", "))
        }
        Tree::List(element) => format!("[{}]", compact(element)),
        Tree::Map(_, element) => format!("{{'string': {}}}", compact(element)),
        Tree::Enum(_) | Tree::Leaf(_) | Tree::Recursive(_) => atom(node),
    }
}

/// What stands for a value without parts.
fn atom(node: &Tree) -> String {
    let Tree::Leaf(leaf) = node else {
        return match node {
            Tree::Enum(values) => values.iter().map(|value| format!("'{value}'")).collect::<Vec<_>>().join("|"),
            _ => "{'... recursive ...'}".to_owned(),
        };
    };
    let text = match leaf {
        Leaf::String => "'string'",
        Leaf::Boolean => "True|False",
        Leaf::Integer => "123",
        Leaf::Double => "123.0",
        Leaf::Blob => "b'bytes'",
        Leaf::Timestamp => "datetime(2015, 1, 1)",
        Leaf::Document => "{...}|[...]|123|123.4|'string'|True|None",
        // Single precision has no example of its own; the others have parts.
        Leaf::Float | Leaf::Dict | Leaf::List => "...",
    };
    text.to_owned()
}

fn describe(lines: &mut Vec<String>, node: &Tree, name: &str, level: usize, side: Side) {
    let indent = " ".repeat(level * STEP);
    lines.push(format!("{indent}{name}({}) --", type_name(node)));
    match node {
        Tree::Structure(entries) => {
            for entry in entries.iter().filter(|entry| !entry.hidden) {
                let at = lines.len();
                describe(lines, &entry.node, &format!("{} ", entry.name), level + 1, side);
                // Of a shape inside itself boto3 says nothing but its type.
                let marked = entry.required && !matches!(entry.node, Tree::Recursive(_));
                if let (Side::Request, true) = (side, marked) {
                    lines[at].push_str(" [REQUIRED]");
                }
            }
        }
        Tree::List(element) => describe(lines, element, "", level + 1, side),
        Tree::Map(key, element) => {
            describe(lines, key, "", level + 1, side);
            describe(lines, element, "", level + 2, side);
        }
        Tree::Enum(_) | Tree::Leaf(_) | Tree::Recursive(_) => {}
    }
}

fn type_name(node: &Tree) -> &'static str {
    let leaf = match node {
        Tree::Structure(_) | Tree::Map(..) => Leaf::Dict,
        Tree::List(_) => Leaf::List,
        Tree::Enum(_) => Leaf::String,
        Tree::Leaf(leaf) | Tree::Recursive(leaf) => *leaf,
    };
    match leaf {
        Leaf::Dict => "dict",
        Leaf::List => "list",
        Leaf::String => "string",
        Leaf::Boolean => "boolean",
        Leaf::Integer => "integer",
        Leaf::Float | Leaf::Double => "float",
        Leaf::Blob => "bytes",
        Leaf::Timestamp => "datetime",
        Leaf::Document => "document",
    }
}
