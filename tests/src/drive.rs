//! How calls are made with each kind of client: so what is done with both is written once.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use workstream::client::{
    Answer, Async, Blocking, Call, DetailedCall, Items, Mode, Page, Pages, Wait, WaitError, Waited,
};
use workstream::runtime::waiter::Waiter;
use workstream::{Operation, Paginated, PaginatedItems};

/// The error of a wait.
pub type WaitErrorOf<W> = WaitError<<<W as Waiter>::Operation as Operation>::Error>;

/// A mode that can be told to make calls.
#[expect(async_fn_in_trait, reason = "those who spawn what these give know which mode it is")]
pub trait Drive: Mode + Sized {
    /// Name of the clients.
    const NAME: &'static str;

    /// Runs a scenario.
    fn complete<T>(scenario: impl Future<Output = T>) -> T;

    /// Makes a call.
    async fn send<I: Operation>(call: Call<I, Self>) -> Result<I::Output, I::Error>;

    /// Makes a call and keeps what the response says besides.
    async fn detailed<I: Operation>(call: DetailedCall<I, Self>) -> Result<Answer<I::Output>, I::Error>;

    /// All pages there are.
    async fn pages<I: Paginated>(pages: Pages<I, Self>) -> Result<Vec<Page<I>>, I::Error>;

    /// The next item, if there is one.
    async fn next<I: PaginatedItems>(items: &mut Items<I, Self>) -> Option<Result<I::Item, I::Error>>;

    /// All items there are, as far as `items` is to go.
    async fn items<I: PaginatedItems>(items: &mut Items<I, Self>) -> Result<Vec<I::Item>, I::Error>;

    /// Waits.
    async fn wait<W: Waiter + 'static>(wait: Wait<W, Self>) -> Result<Waited<W>, WaitErrorOf<W>>;
}

impl Drive for Async {
    const NAME: &'static str = "async";

    fn complete<T>(scenario: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("an async runtime").block_on(scenario)
    }

    async fn send<I: Operation>(call: Call<I, Self>) -> Result<I::Output, I::Error> {
        call.await
    }

    async fn detailed<I: Operation>(call: DetailedCall<I, Self>) -> Result<Answer<I::Output>, I::Error> {
        call.await
    }

    async fn pages<I: Paginated>(mut pages: Pages<I, Self>) -> Result<Vec<Page<I>>, I::Error> {
        let mut all = Vec::new();
        while let Some(page) = pages.try_next().await? {
            all.push(page);
        }
        Ok(all)
    }

    async fn next<I: PaginatedItems>(items: &mut Items<I, Self>) -> Option<Result<I::Item, I::Error>> {
        items.next().await
    }

    async fn items<I: PaginatedItems>(items: &mut Items<I, Self>) -> Result<Vec<I::Item>, I::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.try_next().await? {
            all.push(item);
        }
        Ok(all)
    }

    async fn wait<W: Waiter + 'static>(wait: Wait<W, Self>) -> Result<Waited<W>, WaitErrorOf<W>> {
        wait.await
    }
}

impl Drive for Blocking {
    const NAME: &'static str = "blocking";

    /// Without any runtime: what blocks is never pending.
    fn complete<T>(scenario: impl Future<Output = T>) -> T {
        match pin!(scenario).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => value,
            Poll::Pending => unreachable!("a blocking call was pending"),
        }
    }

    async fn send<I: Operation>(call: Call<I, Self>) -> Result<I::Output, I::Error> {
        call.send()
    }

    async fn detailed<I: Operation>(call: DetailedCall<I, Self>) -> Result<Answer<I::Output>, I::Error> {
        call.send()
    }

    async fn pages<I: Paginated>(pages: Pages<I, Self>) -> Result<Vec<Page<I>>, I::Error> {
        pages.collect()
    }

    async fn next<I: PaginatedItems>(items: &mut Items<I, Self>) -> Option<Result<I::Item, I::Error>> {
        items.next()
    }

    async fn items<I: PaginatedItems>(items: &mut Items<I, Self>) -> Result<Vec<I::Item>, I::Error> {
        items.collect()
    }

    async fn wait<W: Waiter + 'static>(wait: Wait<W, Self>) -> Result<Waited<W>, WaitErrorOf<W>> {
        wait.wait()
    }
}
