//! Credentials that are loaded once and again before they expire.

mod load;

use super::super::random;
use super::{Credentials, CredentialsError, ProvideCredentials, SourceContext};
use load::{Load, Visit, block_on};
use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::{Duration, SystemTime};

/// How long before they expire credentials are loaded again.
const AHEAD: Duration = Duration::from_secs(300);

/// By how much earlier than [`AHEAD`] at most, so that processes of the same start do not all ask at once.
const SPREAD: Duration = Duration::from_secs(60);

/// How long credentials that are still valid are used after they could not be loaded again.
const PAUSE: Duration = Duration::from_secs(60);

/// How long credentials are used after their end, between this and twice this, until their source is asked again.
const EXTENSION: Duration = Duration::from_secs(300);

/// When credentials without an end are loaded again: the file or program that they come from may have others by then.
const UNLIMITED: Duration = Duration::from_secs(900);

/// For how long at least credentials are used that have ever less time left: some sources give the same ones until others
/// are there, and are not to be asked ever more often meanwhile.
const SHORTEST: Duration = Duration::from_secs(10);

/// How long a failure is the answer to further calls, before the source is asked again.
const HELD: Duration = Duration::from_secs(1);

/// The credentials of a source, kept while they are good.
///
/// However many calls need them, the source is asked once at a time. A load belongs to the cache: it goes on when the
/// call that began it gives up, and ends with the cache.
///
/// Credentials are loaded again some minutes before their end, and each 15 minutes if they have none. When the source
/// fails, those that are there are used, even after their end: services may accept them for longer, and say so if not.
/// The source is then asked each 5 to 10 minutes. Without any, its error is given to all who ask within a second.
pub struct CredentialsCache {
    shared: Arc<CachedSource>,
}

/// What the cache has in common with the threads that load for it.
struct CachedSource {
    source: Arc<dyn ProvideCredentials>,
    /// What it is asked with.
    context: SourceContext,
    state: Mutex<CacheState>,
}

#[derive(Default)]
struct CacheState {
    current: Option<Current>,
    /// How the last load failed, if that left nothing to use.
    failure: Option<FailedLoad>,
    load: Option<Load>,
    /// How many loads have begun.
    begun: u64,
    /// Whether the cache is gone.
    closed: bool,
}

struct Current {
    credentials: Arc<Credentials>,
    /// Until when they are used, come what may.
    valid_until: Option<SystemTime>,
    /// When to load them again, not later than that; never if those are all that there will be.
    refresh_at: Option<SystemTime>,
}

struct FailedLoad {
    /// Of this load.
    load: u64,
    error: CredentialsError,
    at: SystemTime,
}

impl CredentialsCache {
    /// Asks `source`, with `context`, when credentials are needed for the first time.
    pub fn new(source: Arc<dyn ProvideCredentials>, context: SourceContext) -> Self {
        let current = source.known().map(Current::known);
        Self {
            shared: Arc::new(CachedSource {
                source,
                context,
                state: Mutex::new(CacheState { current, ..CacheState::default() }),
            }),
        }
    }

    /// Credentials to sign with at `now`, which is the time of this machine's clock: it decides whether they are over.
    ///
    /// # Errors
    /// The source's, when it fails and has never given any.
    pub async fn get(&self, now: SystemTime) -> Result<Arc<Credentials>, CredentialsError> {
        let mut visit = Visit::driving(&self.shared, now);
        poll_fn(|context| visit.poll(context)).await
    }

    /// As [`Self::get`], for threads that may wait, but not for longer than `limit`: then it is `None`. The source is
    /// asked on a thread of its own, and must not need an async runtime.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn get_blocking(
        &self,
        now: SystemTime,
        limit: Option<Duration>,
    ) -> Option<Result<Arc<Credentials>, CredentialsError>> {
        let mut visit = Visit::waiting(&self.shared, now);
        block_on(limit, |context| visit.poll(context))
    }

    /// Forgets `refused`, which a service did not accept any more, unless they have been replaced already, or are all
    /// that there will be.
    pub fn invalidate(&self, refused: &Credentials) {
        let is_refused = |current: &mut Current| current.refresh_at.is_some() && *current.credentials == *refused;
        self.shared.lock().current.take_if(is_refused);
    }
}

impl Drop for CredentialsCache {
    fn drop(&mut self) {
        let load = {
            let mut state = self.shared.lock();
            state.closed = true;
            state.load.take()
        };
        // A thread that loads sees that it has nothing to do any more.
        load.iter().flat_map(Load::wakers).for_each(Waker::wake);
    }
}

impl fmt::Debug for CredentialsCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialsCache").field("source", &self.shared.source).finish_non_exhaustive()
    }
}

impl CachedSource {
    fn lock(&self) -> MutexGuard<'_, CacheState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CacheState {
    /// What needs no load: credentials that are fresh, or a failure of just now.
    fn at_hand(&self, now: SystemTime) -> Option<Result<Arc<Credentials>, CredentialsError>> {
        if let Some(current) = self.current.as_ref().filter(|current| current.is_fresh(now)) {
            return Some(Ok(Arc::clone(&current.credentials)));
        }
        let held = self.failure.as_ref().filter(|failure| failure.is_held(now));
        held.map(|failure| Err(failure.error.clone()))
    }

    /// Credentials that can be used while others are loaded.
    fn valid(&self, now: SystemTime) -> Option<Arc<Credentials>> {
        let current = self.current.as_ref().filter(|current| current.is_valid(now));
        current.map(|current| Arc::clone(&current.credentials))
    }

    /// How this load failed, if it did.
    fn failure_of(&self, load: u64) -> Option<CredentialsError> {
        let failure = self.failure.as_ref().filter(|failure| failure.load == load);
        failure.map(|failure| failure.error.clone())
    }

    /// Takes over what came of a load. Returns what there is to use now.
    fn loaded(
        &mut self,
        load: u64,
        result: Result<Credentials, CredentialsError>,
        now: SystemTime,
    ) -> Result<Arc<Credentials>, CredentialsError> {
        self.failure = None;
        let error = match result {
            Ok(credentials) => {
                let current = self.current.insert(Current::new(credentials, now));
                return Ok(Arc::clone(&current.credentials));
            }
            Err(error) => error,
        };
        if let Some(current) = &mut self.current {
            current.keep(now);
            return Ok(Arc::clone(&current.credentials));
        }
        self.failure = Some(FailedLoad { load, error: error.clone(), at: now });
        Err(error)
    }
}

impl Current {
    /// Those that a source has just given.
    fn new(credentials: Credentials, now: SystemTime) -> Self {
        let end = credentials.expires_at;
        let mut new = Self { credentials: Arc::new(credentials), valid_until: end, refresh_at: None };
        match end.map(|end| end.duration_since(now).unwrap_or_default()) {
            None => new.refresh_at = Some(later(now, UNLIMITED)),
            // The clock may be wrong, or the source be so in trouble that it has no others.
            Some(Duration::ZERO) => new.extend(now),
            Some(left) => {
                let ahead = (AHEAD + random::part_of(SPREAD)).min(left / 2);
                let used = left.saturating_sub(ahead).max(SHORTEST.min(left));
                new.refresh_at = Some(later(now, used));
            }
        }
        new
    }

    /// Those that have no successors.
    fn known(credentials: Credentials) -> Self {
        Self { credentials: Arc::new(credentials), valid_until: None, refresh_at: None }
    }

    /// After a load that failed: uses them for some time more.
    fn keep(&mut self, now: SystemTime) {
        if !self.is_valid(now) {
            return self.extend(now);
        }
        let again = later(now, PAUSE);
        self.refresh_at = Some(self.valid_until.map_or(again, |end| end.min(again)));
    }

    /// Uses them beyond their end.
    fn extend(&mut self, now: SystemTime) {
        let until = later(now, random::between(EXTENSION, 2 * EXTENSION));
        (self.valid_until, self.refresh_at) = (Some(until), Some(until));
    }

    /// Implies [`Self::is_valid`].
    fn is_fresh(&self, now: SystemTime) -> bool {
        self.refresh_at.is_none_or(|time| now < time)
    }

    fn is_valid(&self, now: SystemTime) -> bool {
        self.valid_until.is_none_or(|end| now < end)
    }
}

impl FailedLoad {
    /// Not if the clock has been set back.
    fn is_held(&self, now: SystemTime) -> bool {
        now.duration_since(self.at).is_ok_and(|passed| passed < HELD)
    }
}

/// `now` and then some, unless the calendar ends before.
fn later(now: SystemTime, delay: Duration) -> SystemTime {
    now.checked_add(delay).unwrap_or(now)
}
