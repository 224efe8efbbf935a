//! TOML into the tree that the JSON files are read into, so that everything
//! that reads a tree reads both. Dates are the one thing that JSON lacks: they
//! become text.

use super::node::{File, Node};
use super::position::line_and_column;
use serde_json::Number;
use std::borrow::Cow;
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

/// What keeps a text from being TOML, and where.
struct Broken {
    message: String,
    offset: usize,
}

/// As [`File::parse`], for TOML.
pub(super) fn parse<'n>(file: &File<'_>, text: &'n [u8]) -> Option<Node<'n>> {
    let found = document(text);
    let broken = |Broken { message, offset }| {
        file.error_at("broken-toml", format!("not TOML: {message}"), line_and_column(text, offset));
    };
    found.map_err(broken).ok()
}

fn document(text: &[u8]) -> Result<Node<'_>, Broken> {
    let broken = |message: String, offset| Broken { message, offset };
    let input = std::str::from_utf8(text).map_err(|error| broken("it is not UTF-8".to_owned(), error.valid_up_to()))?;
    let document = DeTable::parse(input)
        .map_err(|error| broken(error.message().to_owned(), error.span().map_or(0, |span| span.start)))?;
    Ok(table(document.into_inner()))
}

fn table(table: DeTable<'_>) -> Node<'_> {
    // The parser sorts keys by name: here they stand as the author wrote them.
    let mut entries: Vec<_> = table.into_iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    Node::Object(entries.into_iter().map(|(key, node)| (key.into_inner(), value(node.into_inner()))).collect())
}

fn value(node: DeValue<'_>) -> Node<'_> {
    match node {
        DeValue::String(text) => Node::String(text),
        DeValue::Integer(integer) => number(&integer),
        DeValue::Float(float) => {
            let parsed = float.as_str().parse().ok().and_then(Number::from_f64);
            parsed.map_or_else(|| Node::String(Cow::Owned(float.as_str().to_owned())), Node::Number)
        }
        DeValue::Boolean(boolean) => Node::Bool(boolean),
        DeValue::Datetime(datetime) => Node::String(Cow::Owned(datetime.to_string())),
        DeValue::Array(items) => Node::Array(items.into_iter().map(|item| value(item.into_inner())).collect()),
        DeValue::Table(inner) => table(inner),
    }
}

/// A whole number; one that is too large for every use stays text.
fn number<'a>(integer: &DeInteger<'_>) -> Node<'a> {
    match i64::from_str_radix(integer.as_str(), integer.radix()) {
        Ok(number) => Node::Number(number.into()),
        Err(_) => Node::String(Cow::Owned(integer.as_str().to_owned())),
    }
}

/// Line and column, from 1, of what the JSON pointer `pointer` leads to in
/// `text`: of the key where that is at fault or a table is meant, else of the
/// value; of the innermost value around it where there is no such value.
pub(super) fn locate(text: &[u8], pointer: &str, at_key: bool) -> Option<(usize, usize)> {
    let document = DeTable::parse(std::str::from_utf8(text).ok()?).ok()?.into_inner();
    let mut found = 0;
    let mut at: Option<&DeValue<'_>> = None;
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        let next: Option<(usize, &Spanned<DeValue<'_>>)> = match at {
            None => member(&document, &step, at_key),
            Some(DeValue::Table(inner)) => member(inner, &step, at_key),
            Some(DeValue::Array(items)) => {
                step.parse().ok().and_then(|index: usize| items.get(index)).map(|item| (item.span().start, item))
            }
            Some(_) => None,
        };
        let Some((offset, node)) = next else { break };
        found = offset;
        at = Some(node.get_ref());
    }
    Some(line_and_column(text, found))
}

/// Offset and value of a table's member. A table may be written in many places,
/// so what stands for it is its key.
fn member<'t, 'i>(table: &'t DeTable<'i>, name: &str, at_key: bool) -> Option<(usize, &'t Spanned<DeValue<'i>>)> {
    let (key, node) = table.iter().find(|(key, _)| key.get_ref() == name)?;
    let of_key = at_key || matches!(node.get_ref(), DeValue::Table(_));
    Some((if of_key { key.span().start } else { node.span().start }, node))
}
