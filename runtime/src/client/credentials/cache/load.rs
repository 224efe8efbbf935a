//! The one load that runs, and those who wait for it.
//!
//! A load is a future that the cache owns. One of those who wait drives it: it polls the future when that has something
//! to do. If it leaves, another takes over; if nobody is there, the load rests until somebody comes. Threads that may
//! leave at any time, because their time is limited, do not drive: a source may block. They start a thread that does.

use super::{CacheState, CachedSource};
use crate::client::warning::warn;
use crate::client::{BoxFuture, Credentials, CredentialsError};
use std::collections::BTreeMap;
use std::mem;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant, SystemTime};

/// How long a load may rest. After that its connection will be gone, so another begins.
const RESTING: Duration = Duration::from_secs(30);

type Loading = BoxFuture<'static, Result<Credentials, CredentialsError>>;
type Outcome = Result<Arc<Credentials>, CredentialsError>;

/// A load that has not ended.
pub(super) struct Load {
    number: u64,
    /// Elsewhere while it is polled.
    future: Option<Loading>,
    /// Wakes who drives.
    waker: Waker,
    /// Where it began: what it waits for is told by that runtime, if somebody runs it.
    runtime: Runtime,
    driver: Option<Ticket>,
    /// Whether a thread was started for it.
    has_thread: bool,
    waiting: BTreeMap<Ticket, WaitingCall>,
    next_ticket: Ticket,
    /// When nobody was left, if nobody is here.
    resting_since: Option<SystemTime>,
}

type Ticket = u64;

struct WaitingCall {
    waker: Waker,
    may_drive: bool,
}

impl Load {
    fn new(shared: &Arc<CachedSource>, number: u64) -> Self {
        let (source, context) = (Arc::clone(&shared.source), shared.context.clone());
        Self {
            number,
            future: Some(Box::pin(async move { source.provide(&context).await })),
            waker: Waker::from(Arc::new(DriverWaker { shared: Arc::downgrade(shared), number })),
            runtime: Runtime::current(),
            driver: None,
            has_thread: false,
            waiting: BTreeMap::new(),
            next_ticket: 0,
            resting_since: None,
        }
    }

    /// Those of all who wait.
    pub(super) fn wakers(&self) -> impl Iterator<Item = Waker> {
        self.waiting.values().map(|waiter| waiter.waker.clone())
    }

    /// Who is to see that the load goes on.
    fn next(&self) -> Option<Waker> {
        let driver = self.driver.and_then(|ticket| self.waiting.get(&ticket));
        let other = || self.waiting.values().find(|waiter| waiter.may_drive).or_else(|| self.waiting.values().next());
        driver.or_else(other).map(|waiter| waiter.waker.clone())
    }

    /// Whether it rests, and nobody should rely on it any more.
    fn is_lost(&self, now: SystemTime) -> bool {
        let Some(since) = self.resting_since else { return false };
        // Calls that are under way at once may have read the clock in another order.
        let rested = now.duration_since(since).or_else(|_| since.duration_since(now)).unwrap_or_default();
        RESTING < rested || self.runtime != Runtime::current()
    }
}

/// The async runtime of a thread, where one is known.
#[derive(PartialEq, Eq)]
struct Runtime(#[cfg(feature = "client")] Option<tokio::runtime::Id>);

impl Runtime {
    fn current() -> Self {
        Self(
            #[cfg(feature = "client")]
            tokio::runtime::Handle::try_current().ok().map(|handle| handle.id()),
        )
    }
}

/// Wakes whoever drives the load at that time.
struct DriverWaker {
    shared: Weak<CachedSource>,
    number: u64,
}

impl Wake for DriverWaker {
    fn wake(self: Arc<Self>) {
        let Some(shared) = self.shared.upgrade() else { return };
        let next = shared.lock().load_numbered(self.number).and_then(|load| load.next());
        next.into_iter().for_each(Waker::wake);
    }
}

impl CacheState {
    fn load_numbered(&mut self, number: u64) -> Option<&mut Load> {
        self.load.as_mut().filter(|load| load.number == number)
    }
}

/// Somebody who wants credentials.
pub(super) struct Visit<'a> {
    shared: &'a Arc<CachedSource>,
    now: SystemTime,
    may_drive: bool,
    /// For a thread: the load that it drives, and no other.
    only: Option<u64>,
    /// The load that is waited for, and the place among those who wait.
    place: Option<(u64, Ticket)>,
}

/// What a visit has to do next.
enum LoadStep {
    Return(Outcome),
    Wait,
    /// Polls the future. If that is not enough, takes these, which are valid, instead of waiting.
    Drive(Loading, Waker, Option<Arc<Credentials>>),
    StartThread,
    /// Drops the load that nobody should rely on, and looks again.
    Drop(#[expect(dead_code, reason = "it is dropped where no lock is held")] Load),
}

impl<'a> Visit<'a> {
    /// One that drives loads itself.
    pub(super) fn driving(shared: &'a Arc<CachedSource>, now: SystemTime) -> Self {
        Self { shared, now, may_drive: true, only: None, place: None }
    }

    /// One that waits for what a thread does.
    pub(super) fn waiting(shared: &'a Arc<CachedSource>, now: SystemTime) -> Self {
        Self { may_drive: false, ..Self::driving(shared, now) }
    }

    pub(super) fn poll(&mut self, context: &Context<'_>) -> Poll<Outcome> {
        loop {
            match self.next(context) {
                LoadStep::Return(outcome) => return Poll::Ready(outcome),
                LoadStep::Wait => return Poll::Pending,
                LoadStep::Drive(future, waker, instead) => match (self.drive(future, &waker), instead) {
                    (Poll::Pending, Some(instead)) => return Poll::Ready(Ok(instead)),
                    (polled, _) => return polled,
                },
                LoadStep::StartThread => self.start_thread(),
                LoadStep::Drop(_) => {}
            }
        }
    }

    fn next(&mut self, context: &Context<'_>) -> LoadStep {
        // Dropped when the lock is free again: the last waker of a task drops the task, which may hold a visit.
        let _replaced;
        let mut guard = self.shared.lock();
        let state = &mut *guard;
        match self.only {
            Some(number) if state.load_numbered(number).is_none() => return LoadStep::Return(Err(closed())),
            Some(_) => {}
            None => {
                let failed = self.place.and_then(|(load, _)| state.failure_of(load)).map(Err);
                if let Some(outcome) = failed.or_else(|| state.at_hand(self.now)) {
                    return LoadStep::Return(outcome);
                }
            }
        }
        let valid = state.valid(self.now).filter(|_| self.only.is_none());
        if let Some(lost) = state.load.take_if(|load| load.is_lost(self.now)) {
            return LoadStep::Drop(lost);
        }
        let load = state.load.get_or_insert_with(|| {
            state.begun += 1;
            Load::new(self.shared, state.begun)
        });
        let ticket = match self.place {
            Some((number, ticket)) if number == load.number => ticket,
            _ => {
                if let (Some(valid), true) = (&valid, load.driver.is_some() || load.has_thread) {
                    return LoadStep::Return(Ok(Arc::clone(valid)));
                }
                load.next_ticket += 1;
                self.place = Some((load.number, load.next_ticket));
                load.next_ticket
            }
        };
        let waiter = WaitingCall { waker: context.waker().clone(), may_drive: self.may_drive };
        _replaced = load.waiting.insert(ticket, waiter);
        let has_rested = load.resting_since.take().is_some();
        if load.driver.is_some_and(|driver| driver != ticket) {
            return LoadStep::Wait;
        }
        if self.may_drive {
            let Some(future) = load.future.take() else { return LoadStep::Wait };
            load.driver = Some(ticket);
            // One call that gives up on it is enough.
            let instead = valid.filter(|_| has_rested);
            return LoadStep::Drive(future, load.waker.clone(), instead);
        }
        if mem::replace(&mut load.has_thread, true) { LoadStep::Wait } else { LoadStep::StartThread }
    }

    /// Polls the load.
    fn drive(&self, mut future: Loading, waker: &Waker) -> Poll<Outcome> {
        let Some((number, _)) = self.place else { return Poll::Pending };
        let panics = Panics { visit: self, number };
        let polled = future.as_mut().poll(&mut Context::from_waker(waker));
        mem::forget(panics);
        match polled {
            Poll::Ready(result) => Poll::Ready(self.end(number, result)),
            Poll::Pending => match self.shared.lock().load_numbered(number) {
                Some(load) => {
                    load.future = Some(future);
                    Poll::Pending
                }
                None => Poll::Ready(Err(closed())),
            },
        }
    }

    /// The load ends with this.
    fn end(&self, number: u64, result: Result<Credentials, CredentialsError>) -> Outcome {
        let failure = result.as_ref().err().cloned();
        let (load, outcome) = {
            let mut state = self.shared.lock();
            if state.load_numbered(number).is_none() {
                return Err(closed());
            }
            (state.load.take(), state.loaded(number, result, self.now))
        };
        load.iter().flat_map(Load::wakers).for_each(Waker::wake);
        // An error that calls fail with is told by these.
        if let (Some(failure), Ok(kept)) = (failure, &outcome) {
            let is_over = kept.expires_at.is_some_and(|end| end <= self.now);
            let those = if is_over { "which have expired" } else { "which are still valid" };
            warn(&format!("credentials cannot be loaded again: calls go on with the last ones, {those}"), failure);
        }
        outcome
    }

    /// Starts a thread that drives the load; without one, this one has to.
    fn start_thread(&mut self) {
        let Some((number, _)) = self.place else { return };
        let (shared, now) = (Arc::clone(self.shared), self.now);
        let drive = move || {
            let mut visit = Visit { only: Some(number), ..Visit::driving(&shared, now) };
            block_on(None, |context| visit.poll(context));
        };
        let thread = thread::Builder::new().name("workstream-credentials".to_owned());
        if thread.spawn(drive).is_err() {
            self.may_drive = true;
            if let Some(load) = self.shared.lock().load_numbered(number) {
                load.has_thread = false;
            }
        }
    }
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        let Some((number, ticket)) = self.place else { return };
        let (_waiter, next) = {
            let mut state = self.shared.lock();
            let Some(load) = state.load_numbered(number) else { return };
            let waiter = load.waiting.remove(&ticket);
            load.driver.take_if(|driver| *driver == ticket);
            if load.waiting.is_empty() {
                load.resting_since = Some(self.now);
            }
            (waiter, if load.driver.is_none() { load.next() } else { None })
        };
        next.into_iter().for_each(Waker::wake);
    }
}

/// A source that panics ends the load, or all would wait for ever.
struct Panics<'v, 'a> {
    visit: &'v Visit<'a>,
    number: u64,
}

impl Drop for Panics<'_, '_> {
    fn drop(&mut self) {
        let error = CredentialsError::new("the source of credentials has panicked");
        // Who drives panics too; the others get the error.
        let _ = self.visit.end(self.number, Err(error));
    }
}

/// Nobody sees this: who could has dropped the cache.
fn closed() -> CredentialsError {
    CredentialsError::new("the credentials are not needed any more")
}

/// Polls on this thread, which sleeps while there is nothing to do, until there is a result or the limit has passed.
pub(super) fn block_on<T>(limit: Option<Duration>, mut poll: impl FnMut(&Context<'_>) -> Poll<T>) -> Option<T> {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let context = Context::from_waker(&waker);
    // A limit beyond the clock's range is none.
    let end = limit.and_then(|limit| Instant::now().checked_add(limit));
    loop {
        if let Poll::Ready(output) = poll(&context) {
            return Some(output);
        }
        match end.map(|end| end.saturating_duration_since(Instant::now())) {
            None => thread::park(),
            Some(Duration::ZERO) => return None,
            Some(left) => thread::park_timeout(left),
        }
    }
}
