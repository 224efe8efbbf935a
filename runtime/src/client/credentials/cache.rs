//! Credentials that are loaded once and again before they expire.

use super::{Credentials, CredentialsError, ProvideCredentials};
use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::hash::{BuildHasher, RandomState};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, SystemTime};

/// How long before they expire credentials are loaded again.
const AHEAD: Duration = Duration::from_secs(300);

/// By how much earlier than [`AHEAD`] at most, so that processes of the same start do not all ask at once.
const SPREAD: Duration = Duration::from_secs(60);

/// How long credentials that are still valid are used after they could not be loaded again.
const PAUSE: Duration = Duration::from_secs(60);

/// The credentials of a source, kept while they are good.
///
/// However many calls need them, the source is asked once at a time. When the call that asks is dropped, another asks
/// instead. When the source fails, what is there is used as long as it is valid.
pub struct CredentialsCache {
    source: Arc<dyn ProvideCredentials>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    current: Option<Current>,
    loading: bool,
    /// How many loads have ended, and how the last one failed, if it did.
    ended: u64,
    failure: Option<CredentialsError>,
    /// Who waits for the load to end, by ticket.
    waiting: BTreeMap<u64, Waker>,
    next_ticket: u64,
}

struct Current {
    credentials: Arc<Credentials>,
    /// When to load them again, if ever.
    refresh_at: Option<SystemTime>,
}

/// What a call is to do.
enum Step<'a> {
    Use(Arc<Credentials>),
    Load(Load<'a>),
    WaitFor(u64),
}

impl CredentialsCache {
    /// Asks `source` when credentials are needed for the first time.
    pub fn new(source: Arc<dyn ProvideCredentials>) -> Self {
        Self { source, state: Mutex::default() }
    }

    /// Credentials to sign with at `now`.
    ///
    /// # Errors
    /// The source's, when it fails and there are none that are still valid.
    pub async fn get(&self, now: SystemTime) -> Result<Arc<Credentials>, CredentialsError> {
        loop {
            match self.step(now) {
                Step::Use(credentials) => return Ok(credentials),
                Step::Load(load) => return load.end(self.source.provide().await, now),
                Step::WaitFor(ended) => {
                    if let Some(failure) = self.wait(ended).await {
                        return Err(failure);
                    }
                }
            }
        }
    }

    /// As [`Self::get`], for threads that may wait. The source must not need an async runtime.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn get_blocking(&self, now: SystemTime) -> Result<Arc<Credentials>, CredentialsError> {
        block_on(self.get(now))
    }

    /// Forgets `refused`, which a service did not accept any more, unless they have been replaced already.
    pub fn invalidate(&self, refused: &Credentials) {
        self.lock().current.take_if(|current| *current.credentials == *refused);
    }

    fn step(&self, now: SystemTime) -> Step<'_> {
        let mut state = self.lock();
        if let Some(current) = &state.current
            && (current.is_fresh(now) || (state.loading && current.is_valid(now)))
        {
            return Step::Use(Arc::clone(&current.credentials));
        }
        if state.loading {
            return Step::WaitFor(state.ended);
        }
        state.loading = true;
        Step::Load(Load(self))
    }

    /// Waits until the load that runs has ended, or was dropped. Returns how it failed.
    async fn wait(&self, ended: u64) -> Option<CredentialsError> {
        let mut ticket = Ticket { cache: self, number: None };
        poll_fn(|context| {
            let mut state = self.lock();
            if state.ended != ended {
                return Poll::Ready(state.failure.clone());
            }
            if !state.loading {
                return Poll::Ready(None);
            }
            let number = *ticket.number.get_or_insert_with(|| {
                state.next_ticket += 1;
                state.next_ticket
            });
            state.waiting.insert(number, context.waker().clone());
            Poll::Pending
        })
        .await
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for CredentialsCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialsCache").field("source", &self.source).finish_non_exhaustive()
    }
}

impl Current {
    fn new(credentials: Credentials, now: SystemTime) -> Self {
        let refresh_at = credentials.expires_at.map(|end| {
            // The clock may be wrong, so what the source has just given is used even when it seems to be over.
            let left = end.duration_since(now).unwrap_or_default();
            match left.checked_sub((AHEAD + spread()).min(left / 2)) {
                Some(time) if !time.is_zero() => now + time,
                _ => now + PAUSE,
            }
        });
        Self { credentials: Arc::new(credentials), refresh_at }
    }

    fn is_fresh(&self, now: SystemTime) -> bool {
        self.refresh_at.is_none_or(|time| now < time)
    }

    fn is_valid(&self, now: SystemTime) -> bool {
        self.credentials.expires_at.is_none_or(|end| now < end)
    }
}

/// A random part of [`SPREAD`].
fn spread() -> Duration {
    let random = RandomState::new().hash_one(0) >> 32;
    SPREAD.mul_f64(random as f64 / f64::from(u32::MAX))
}

/// The one load that runs. Dropped before its end, it leaves the place to another.
struct Load<'a>(&'a CredentialsCache);

impl Load<'_> {
    fn end(
        self,
        result: Result<Credentials, CredentialsError>,
        now: SystemTime,
    ) -> Result<Arc<Credentials>, CredentialsError> {
        let mut state = self.0.lock();
        state.ended += 1;
        state.failure = None;
        let failure = match result {
            Ok(credentials) => {
                let current = state.current.insert(Current::new(credentials, now));
                return Ok(Arc::clone(&current.credentials));
            }
            Err(failure) => failure,
        };
        if let Some(current) = &mut state.current
            && current.is_valid(now)
        {
            current.refresh_at = Some(now + PAUSE);
            return Ok(Arc::clone(&current.credentials));
        }
        state.failure = Some(failure.clone());
        Err(failure)
    }
}

impl Drop for Load<'_> {
    fn drop(&mut self) {
        let waiting = {
            let mut state = self.0.lock();
            state.loading = false;
            std::mem::take(&mut state.waiting)
        };
        waiting.into_values().for_each(Waker::wake);
    }
}

/// A place among those who wait.
struct Ticket<'a> {
    cache: &'a CredentialsCache,
    number: Option<u64>,
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.cache.lock().waiting.remove(&number);
        }
    }
}

/// Runs a future on this thread, which sleeps while there is nothing to do.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}
