//! Batches: a list of any length, in as many calls as it takes.

mod outcome;
mod split;

pub use outcome::{BatchError, BatchOutcome, FailedItem, ItemFailure};

use super::BoxFuture;
use super::call::Call;
use super::mode::{Async, Blocking, Mode};
use crate::{Batched, Error};
use split::Split;
use std::fmt;
use std::future::poll_fn;
use std::task::{Context, Poll};

/// How many calls are made at a time where the caller does not say it.
const CONCURRENCY: usize = 4;

impl<I: Batched, M: Mode> Call<I, M> {
    /// The same call for a list of any length. It is split into calls that are as large as the API allows, each with the
    /// adjustments of this one.
    pub fn batch(self) -> Batch<I, M> {
        Batch { call: self, items_per_call: I::MAX_ITEMS.max(1), concurrency: CONCURRENCY }
    }
}

/// A call with any number of items, before it is made: it becomes as many calls as needed. Await it with an async client;
/// with a blocking one, [`send`](Self::send) makes it. An empty list makes no call.
///
/// The [`BatchOutcome`] has the failures, by item. A call that fails does not stop the others.
#[must_use = "a batch does nothing until it is awaited or sent"]
pub struct Batch<I, M> {
    /// With all items.
    call: Call<I, M>,
    items_per_call: usize,
    concurrency: usize,
}

impl<I: Batched, M: Mode> Batch<I, M> {
    /// Puts at most `items` into a call: no more than the API allows, and at least one.
    pub fn items_per_call(mut self, items: usize) -> Self {
        self.items_per_call = items.min(I::MAX_ITEMS).max(1);
        self
    }

    fn split(self) -> (Call<I, M>, Split<I>) {
        let mut call = self.call;
        let split = Split::new(std::mem::take(&mut call.input), self.items_per_call);
        (call, split)
    }
}

impl<I: Batched> Batch<I, Async> {
    /// Makes `calls` at a time instead of four. With one at a time, items are acted on in the order of the list.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.max(1);
        self
    }

    /// The batch as a future, for functions that take one. To await a batch, it is not needed.
    pub fn send(self) -> BoxFuture<'static, BatchOutcome<I>> {
        self.into_future()
    }
}

/// The future owns the calls: they go on while it is polled, on any executor, and end when it is dropped.
impl<I: Batched> IntoFuture for Batch<I, Async> {
    type Output = BatchOutcome<I>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let concurrency = self.concurrency;
            let (call, split) = self.split();
            let mut calls = Calls { call, split, pending: Vec::new(), concurrency };
            poll_fn(|context| calls.poll(context)).await;
            calls.split.outcome()
        })
    }
}

impl<I: Batched> Batch<I, Blocking> {
    /// Makes the calls, one after the other.
    pub fn send(self) -> BatchOutcome<I> {
        let (call, mut split) = self.split();
        while let Some((number, input)) = split.next_call() {
            split.answered(number, call.with_input(input).run().map(|answer| answer.output));
        }
        split.outcome()
    }
}

impl<I: Batched, M> fmt::Debug for Batch<I, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("call", &self.call)
            .field("items_per_call", &self.items_per_call)
            .field("concurrency", &self.concurrency)
            .finish()
    }
}

/// The calls of a batch, some of them under way.
struct Calls<I: Batched> {
    call: Call<I, Async>,
    split: Split<I>,
    /// With the numbers of the calls.
    pending: Vec<(usize, BoxFuture<'static, CallEnd<I>>)>,
    concurrency: usize,
}

/// What came of a call, before its error becomes the service's own.
type CallEnd<I> = Result<<I as crate::Operation>::Output, Error<<I as crate::Operation>::ServiceError>>;

impl<I: Batched> Calls<I> {
    /// Goes on with all that is under way, and begins with what there is room for.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            while self.pending.len() < self.concurrency
                && let Some((number, input)) = self.split.next_call()
            {
                let call = self.call.with_input(input);
                self.pending.push((number, Box::pin(async { call.run().await.map(|answer| answer.output) })));
            }
            if self.pending.is_empty() {
                return Poll::Ready(());
            }
            let before = self.pending.len();
            let split = &mut self.split;
            self.pending.retain_mut(|(number, call)| match call.as_mut().poll(context) {
                Poll::Ready(called) => {
                    split.answered(*number, called);
                    false
                }
                Poll::Pending => true,
            });
            if self.pending.len() == before {
                return Poll::Pending;
            }
        }
    }
}
