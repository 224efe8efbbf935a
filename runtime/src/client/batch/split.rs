//! A list in parts, and what came of each: without IO.

use super::CallEnd;
use super::outcome::{BatchOutcome, FailedItem};
use crate::{Batched, Error, Likeness};
use std::sync::Arc;

/// A batch that is split into calls.
pub(super) struct Split<I: Batched> {
    /// The input of every call, but for its items.
    rest: I,
    items: Vec<I::Item>,
    items_per_call: usize,
    /// What came of the calls so far, by their numbers.
    called: Vec<Option<CallEnd<I>>>,
}

impl<I: Batched> Split<I> {
    pub fn new(mut input: I, items_per_call: usize) -> Self {
        let items = std::mem::take(input.list_to_split());
        if items.len() > items_per_call {
            input.forget_tokens();
        }
        Self { rest: input, items, items_per_call, called: Vec::new() }
    }

    /// The number and the input of the next call to make.
    pub fn next_call(&mut self) -> Option<(usize, I)> {
        let number = self.called.len();
        let items = self.items.chunks(self.items_per_call).nth(number)?;
        let mut input = self.rest.clone();
        *input.list_to_split() = items.to_vec();
        self.called.push(None);
        Some((number, input))
    }

    /// What came of a call.
    pub fn answered(&mut self, number: usize, called: CallEnd<I>) {
        if let Some(call) = self.called.get_mut(number) {
            *call = Some(called);
        }
    }

    /// What came of it all, once every call was answered.
    pub fn outcome(self) -> BatchOutcome<I> {
        let mut outcome = BatchOutcome::new();
        let mut items = self.items.into_iter().enumerate();
        // Calls are numbered as their items stand in the list.
        for called in self.called.into_iter().flatten() {
            let items: Vec<(usize, I::Item)> = items.by_ref().take(self.items_per_call).collect();
            match called {
                Ok(output) => answered(&mut outcome, items, output),
                Err(error) => failed(&mut outcome, items, error),
            }
        }
        outcome
    }
}

/// A call was answered: some of its items may have failed.
fn answered<I: Batched>(outcome: &mut BatchOutcome<I>, items: Vec<(usize, I::Item)>, output: I::Output) {
    let mut places: Vec<(usize, I::Item, Option<I::Failure>)> =
        items.into_iter().map(|(index, item)| (index, item, None)).collect();
    let mut failures: Vec<&I::Failure> = I::failures_in(&output).iter().collect();
    // What is the same goes first: an item with fewer members than another may be taken for it.
    for likeness in [Likeness::Same, Likeness::More] {
        failures.retain(|failure| {
            let mut open = places.iter_mut().filter(|(_, _, known)| known.is_none());
            let found = open.find(|(_, item, _)| I::likeness(failure, item) == Some(likeness));
            found.map(|(_, _, known)| *known = Some((*failure).clone())).is_none()
        });
    }
    outcome.unmatched.extend(failures.into_iter().cloned());
    for (index, item, failure) in places {
        match failure {
            Some(failure) => outcome.failed.push(FailedItem::reported(index, item, failure)),
            None => outcome.succeeded.push(item),
        }
    }
    outcome.outputs.push(output);
}

/// A call failed, and so did all of its items.
fn failed<I: Batched>(outcome: &mut BatchOutcome<I>, items: Vec<(usize, I::Item)>, error: Error<I::ServiceError>) {
    let is_throttling = error.is_throttling();
    let error: Arc<I::Error> = Arc::new(error.into());
    let items = items.into_iter();
    outcome.failed.extend(items.map(|(index, item)| FailedItem::called(index, item, error.clone(), is_throttling)));
}
