//! What came of a batch.

use crate::error::is_throttling_code;
use crate::one_line::{Message, OneLine};
use crate::{Batched, OperationDescription};
use std::fmt;
use std::sync::Arc;

/// The outcome of a batch: each item is in `succeeded` or in `failed`.
#[non_exhaustive]
pub struct BatchOutcome<I: Batched> {
    /// The outputs of the calls that did not fail, in the order of the list.
    pub outputs: Vec<I::Output>,
    /// The items without a failure, in the order of the list.
    pub succeeded: Vec<I::Item>,
    /// The items that failed, in the order of the list.
    pub failed: Vec<FailedItem<I>>,
    /// Reported failures that match no item. The items that they are about count as succeeded.
    pub unmatched: Vec<I::Failure>,
}

/// An item of a batch that failed.
#[non_exhaustive]
pub struct FailedItem<I: Batched> {
    /// Its place in the list, from 0.
    pub index: usize,
    /// The item.
    pub item: I::Item,
    /// Why it failed.
    pub failure: ItemFailure<I>,
    is_throttling: bool,
}

/// Why an item failed.
#[non_exhaustive]
pub enum ItemFailure<I: Batched> {
    /// The service reports that it failed.
    Reported(I::Failure),
    /// Its call failed. After a timeout, for instance, it is not known whether the item was acted on.
    Call(Arc<I::Error>),
}

impl<I: Batched> BatchOutcome<I> {
    pub(super) fn new() -> Self {
        Self { outputs: Vec::new(), succeeded: Vec::new(), failed: Vec::new(), unmatched: Vec::new() }
    }

    /// Whether no failure was reported, and no call failed.
    pub fn is_success(&self) -> bool {
        self.failed.is_empty() && self.unmatched.is_empty()
    }

    /// The outputs, if nothing failed.
    ///
    /// # Errors
    /// When anything failed; the error has the whole outcome.
    pub fn into_result(self) -> Result<Vec<I::Output>, BatchError<I>> {
        if self.is_success() { Ok(self.outputs) } else { Err(BatchError(Box::new(self))) }
    }
}

impl<I: Batched> FailedItem<I> {
    pub(super) fn reported(index: usize, item: I::Item, failure: I::Failure) -> Self {
        let is_throttling = I::code_and_message(&failure)[0].is_some_and(is_throttling_code);
        Self { index, item, failure: ItemFailure::Reported(failure), is_throttling }
    }

    pub(super) fn called(index: usize, item: I::Item, error: Arc<I::Error>, is_throttling: bool) -> Self {
        Self { index, item, failure: ItemFailure::Call(error), is_throttling }
    }

    /// The code that the service reports; none if the call failed, whose error has its own.
    pub fn code(&self) -> Option<&str> {
        self.failure.told()[0]
    }

    /// The message that the service reports; none if the call failed, whose error has its own.
    pub fn message(&self) -> Option<&str> {
        self.failure.told()[1]
    }

    /// Whether the service throttled the item or its call: then the item was not acted on, and can be tried again later.
    pub fn is_throttling(&self) -> bool {
        self.is_throttling
    }
}

impl<I: Batched> ItemFailure<I> {
    fn told(&self) -> [Option<&str>; 2] {
        match self {
            Self::Reported(failure) => I::code_and_message(failure),
            Self::Call(_) => [None, None],
        }
    }
}

impl<I: Batched> Clone for ItemFailure<I> {
    fn clone(&self) -> Self {
        match self {
            Self::Reported(failure) => Self::Reported(failure.clone()),
            Self::Call(error) => Self::Call(error.clone()),
        }
    }
}

impl<I: Batched> Clone for FailedItem<I> {
    fn clone(&self) -> Self {
        let Self { index, item, failure, is_throttling } = self;
        Self { index: *index, item: item.clone(), failure: failure.clone(), is_throttling: *is_throttling }
    }
}

impl<I: Batched> Clone for BatchOutcome<I> {
    fn clone(&self) -> Self {
        let Self { outputs, succeeded, failed, unmatched } = self;
        Self {
            outputs: outputs.clone(),
            succeeded: succeeded.clone(),
            failed: failed.clone(),
            unmatched: unmatched.clone(),
        }
    }
}

/// Items may be texts that the model calls secret, and are left out.
impl<I: Batched> fmt::Debug for BatchOutcome<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchOutcome")
            .field("outputs", &self.outputs)
            .field("succeeded", &self.succeeded.len())
            .field("failed", &self.failed)
            .field("unmatched", &self.unmatched)
            .finish()
    }
}

/// The item may be a text that the model calls secret, and is left out.
impl<I: Batched> fmt::Debug for FailedItem<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FailedItem").field("index", &self.index).field("failure", &self.failure).finish_non_exhaustive()
    }
}

impl<I: Batched> fmt::Debug for ItemFailure<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reported(failure) => f.debug_tuple("Reported").field(failure).finish(),
            Self::Call(error) => f.debug_tuple("Call").field(error).finish(),
        }
    }
}

/// In one line, such as `item 7: ResourceNotFound.Workspace: no such WorkSpace`.
impl<I: Batched> fmt::Display for FailedItem<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "item {}: {}", self.index, self.failure)
    }
}

impl<I: Batched> fmt::Display for ItemFailure<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reported(failure) => match I::code_and_message(failure) {
                [Some(code), Some(message)] => write!(f, "{}: {}", OneLine(code), OneLine(message)),
                [Some(text), None] | [None, Some(text)] => OneLine(text).fmt(f),
                [None, None] => f.write_str("the service does not say why"),
            },
            Self::Call(error) => Message(error.to_string()).fmt(f),
        }
    }
}

/// The error of a batch in which something failed.
pub struct BatchError<I: Batched>(Box<BatchOutcome<I>>);

impl<I: Batched> BatchError<I> {
    /// The whole outcome.
    pub fn outcome(&self) -> &BatchOutcome<I> {
        &self.0
    }

    /// The whole outcome.
    pub fn into_outcome(self) -> BatchOutcome<I> {
        *self.0
    }
}

impl<I: Batched> fmt::Debug for BatchError<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BatchError").field(&self.0).finish()
    }
}

/// The number of failures, and the first one in full.
impl<I: Batched> fmt::Display for BatchError<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BatchOutcome { succeeded, failed, unmatched, .. } = &*self.0;
        let OperationDescription { name, .. } = I::DESCRIPTION;
        let items = succeeded.len() + failed.len();
        match failed.as_slice() {
            [] => write!(f, "{name}: {} of {items} items failed, under names that were not sent", unmatched.len()),
            [only] => write!(f, "{name}: 1 of {items} items failed: {only}"),
            [first, ..] => write!(f, "{name}: {} of {items} items failed, first {first}", failed.len()),
        }
    }
}

/// Without a source, since `Display` has the first failure: [`BatchError::outcome`] gives all as values.
impl<I: Batched> std::error::Error for BatchError<I> {}
