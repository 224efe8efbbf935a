//! Batches: operations whose input has one list of the things that a call acts on, as values.

use crate::{Document, Operation, Reader, Value, Writer};
use std::fmt;

/// An operation that acts on each of the items in a list by itself, so that a list which is too long for one call can be
/// split into several. Sealed, as [`Operation`] is.
#[diagnostic::on_unimplemented(
    message = "the input of `{Self}` is no list that can be split into several calls",
    note = "operations that have batches say so in their documentation"
)]
pub trait Batched: Operation {
    /// What the list has.
    type Item: Clone + Send + Sync + 'static;
    /// How the answer tells of an item that failed; nothing can be one where answers do not.
    type Failure: Clone + PartialEq + fmt::Debug + Send + Sync + 'static;

    /// The overlay does not say that it has batches: they follow from the list's maximum, and from an answer that tells
    /// of failures by item.
    const INFERRED: bool;
    /// How many items a call may have.
    const MAX_ITEMS: usize;

    /// The list.
    fn list_to_split(&mut self) -> &mut Vec<Self::Item>;

    /// What the answer tells of items that failed.
    fn failures_in(output: &Self::Output) -> &[Self::Failure];

    /// Whether a failure is about an item.
    fn likeness(failure: &Self::Failure, item: &Self::Item) -> Option<Likeness>;

    /// The failure's code and message.
    fn code_and_message(failure: &Self::Failure) -> [Option<&str>; 2];

    /// Removes tokens that make one call unique: each call of several needs its own.
    fn forget_tokens(&mut self) {}
}

/// How sure it is that something is told of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Likeness {
    /// What is told has all that the item has, and more: services fill in what a request leaves open.
    More,
    /// The item, or its name, is there as it was sent.
    Same,
}

/// Whether `told`, an item in an answer, is `sent`.
pub fn likeness<T: Value + PartialEq>(told: &T, sent: &T) -> Option<Likeness> {
    if told == sent {
        return Some(Likeness::Same);
    }
    let has_all = has_all(&document(told)?, &document(sent)?);
    has_all.then_some(Likeness::More)
}

/// A value as the dynamic notation has it.
fn document(value: &dyn Value) -> Option<Document> {
    let mut writer = Writer::dynamic_json();
    value.write(&mut writer);
    let json = writer.finish().ok()?;
    let mut reader = Reader::dynamic_json(&json);
    let mut document = Document::Null;
    document.read(&mut reader);
    reader.finish().ok()?;
    Some(document)
}

/// Whether `told` has all members of `sent`, with the same values, and perhaps more. Recursion ends: nothing that is
/// written is deeper than [`MAX_DEPTH`](crate::MAX_DEPTH).
fn has_all(told: &Document, sent: &Document) -> bool {
    match (told, sent) {
        (Document::Object(told), Document::Object(sent)) => {
            sent.iter().all(|(name, sent)| told.get(name).is_some_and(|told| has_all(told, sent)))
        }
        (Document::Array(told), Document::Array(sent)) => {
            told.len() == sent.len() && told.iter().zip(sent).all(|(told, sent)| has_all(told, sent))
        }
        (told, sent) => told == sent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn likeness_of(told: &[(&str, &str)], sent: &[(&str, &str)]) -> Option<Likeness> {
        let [told, sent] = [told, sent].map(|members| {
            let members = members.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            members.collect::<BTreeMap<String, String>>()
        });
        likeness(&told, &sent)
    }

    #[test]
    fn what_a_service_filled_in_is_no_difference() {
        let sent = [("User", "a"), ("Bundle", "b")];
        assert_eq!(likeness_of(&sent, &sent), Some(Likeness::Same));
        assert_eq!(likeness_of(&[("Bundle", "b"), ("Mode", "m"), ("User", "a")], &sent), Some(Likeness::More));
        assert_eq!(likeness_of(&[("Bundle", "b")], &sent), None, "less than was sent");
        assert_eq!(likeness_of(&[("Bundle", "b"), ("Mode", "m"), ("User", "A")], &sent), None);
        assert!(Likeness::Same > Likeness::More);
    }

    #[test]
    fn lists_are_as_long_as_they_were() {
        let list = |elements: &[&str]| elements.iter().map(|element| (*element).to_owned()).collect::<Vec<String>>();
        assert_eq!(likeness(&list(&["a", "b"]), &list(&["a"])), None);
        assert_eq!(likeness(&list(&["a"]), &list(&["a", "b"])), None);
        assert_eq!(likeness(&list(&["a"]), &list(&["a"])), Some(Likeness::Same));
    }
}
