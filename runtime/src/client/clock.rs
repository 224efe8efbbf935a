//! Time, to be replaced in tests.

#[cfg(feature = "test-util")]
mod test_clock;

#[cfg(feature = "test-util")]
pub use test_clock::TestClock;

use super::BoxFuture;
use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, SystemTime};

/// Tells the time, and lets it pass.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The time of day: what signatures are dated with.
    fn now(&self) -> SystemTime;

    /// Time since some fixed moment, which never goes back: what timeouts are measured with.
    fn monotonic(&self) -> Duration;

    /// Completes after `duration`.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// Returns after `duration`.
    fn block(&self, duration: Duration);
}

/// What `future` gives, unless `limit` passes before.
pub(super) async fn within<T>(
    clock: &dyn Clock,
    limit: Option<Duration>,
    future: impl Future<Output = T>,
) -> Option<T> {
    let Some(limit) = limit else { return Some(future.await) };
    if limit.is_zero() {
        return None;
    }
    let (mut future, mut end) = (pin!(future), clock.sleep(limit));
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => end.as_mut().poll(context).map(|()| None),
    })
    .await
}

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub use system::SystemClock;

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
mod system {
    use super::{BoxFuture, Clock, timer};
    use std::sync::OnceLock;
    use std::time::{Duration, Instant, SystemTime};

    /// The clock of the system. Within a tokio runtime (and with the feature `client`) it sleeps by tokio's timer, which has
    /// to be enabled; elsewhere by one thread that serves all who sleep in the process, made when the first of them does.
    ///
    /// `wasm32-unknown-unknown` has no clock, so there is none of this type.
    #[derive(Clone, Copy, Debug, Default)]
    pub struct SystemClock;

    impl Clock for SystemClock {
        fn now(&self) -> SystemTime {
            SystemTime::now()
        }

        fn monotonic(&self) -> Duration {
            static ORIGIN: OnceLock<Instant> = OnceLock::new();
            ORIGIN.get_or_init(Instant::now).elapsed()
        }

        fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
            // Outside a runtime tokio's timer would panic.
            #[cfg(feature = "client")]
            if tokio::runtime::Handle::try_current().is_ok() {
                return Box::pin(tokio::time::sleep(duration));
            }
            Box::pin(timer::Sleep::new(duration))
        }

        fn block(&self, duration: Duration) {
            std::thread::sleep(duration);
        }
    }
}

/// Sleeping where there is no runtime to ask: one thread wakes all sleepers of the process.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
mod timer {
    use std::collections::BTreeMap;
    use std::pin::Pin;
    use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
    use std::task::{Context, Poll, Waker};
    use std::time::{Duration, Instant};

    /// Who is to be woken when. Those who no longer wait are not in it.
    struct Timer {
        state: Mutex<ClockState>,
        /// Somebody is to be woken earlier than all others.
        changed: Condvar,
    }

    struct ClockState {
        sleepers: BTreeMap<SleepKey, Waker>,
        /// How many there have been: it tells those apart who sleep to the same moment.
        count: u64,
        runs: bool,
    }

    type SleepKey = (Instant, u64);

    static TIMER: Timer = Timer {
        state: Mutex::new(ClockState { sleepers: BTreeMap::new(), count: 0, runs: false }),
        changed: Condvar::new(),
    };

    impl Timer {
        fn lock(&self) -> MutexGuard<'_, ClockState> {
            self.state.lock().unwrap_or_else(PoisonError::into_inner)
        }

        /// Wakes `waker` at the moment of `key`, or of a new key with the moment `end`.
        fn register(&'static self, key: Option<SleepKey>, end: Instant, waker: &Waker) -> SleepKey {
            let mut state = self.lock();
            let key = key.unwrap_or_else(|| {
                state.count += 1;
                (end, state.count)
            });
            state.sleepers.insert(key, waker.clone());
            if !state.runs {
                // Where there is no room for a thread, the next who sleeps tries again.
                let thread = std::thread::Builder::new().name("workstream-timer".to_owned());
                state.runs = thread.spawn(|| self.run()).is_ok();
            } else if state.sleepers.first_key_value().is_some_and(|(first, _)| *first == key) {
                self.changed.notify_one();
            }
            key
        }

        fn run(&self) {
            let mut state = self.lock();
            loop {
                let now = Instant::now();
                let later = state.sleepers.split_off(&(now, u64::MAX));
                let due = std::mem::replace(&mut state.sleepers, later);
                if !due.is_empty() {
                    drop(state);
                    // What wakers do is theirs: they may register, and must not hold up the others.
                    due.into_values().for_each(Waker::wake);
                    state = self.lock();
                    continue;
                }
                let first = state.sleepers.first_key_value().map(|((end, _), _)| *end);
                state = match first {
                    None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                    Some(end) => {
                        let left = end.saturating_duration_since(now);
                        self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
                    }
                };
            }
        }
    }

    /// Ends some time after it was made.
    pub(super) struct Sleep {
        /// Nothing if clocks do not count so far.
        end: Option<Instant>,
        key: Option<SleepKey>,
    }

    impl Sleep {
        pub(super) fn new(duration: Duration) -> Self {
            Self { end: Instant::now().checked_add(duration), key: None }
        }
    }

    impl Future for Sleep {
        type Output = ();

        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
            let Some(end) = self.end else { return Poll::Pending };
            if Instant::now() >= end {
                return Poll::Ready(());
            }
            self.key = Some(TIMER.register(self.key, end, context.waker()));
            Poll::Pending
        }
    }

    impl Drop for Sleep {
        fn drop(&mut self) {
            if let Some(key) = self.key {
                // A waker may hold what sleeps: it is dropped outside of the lock.
                let waker = TIMER.lock().sleepers.remove(&key);
                drop(waker);
            }
        }
    }

    #[cfg(test)]
    pub(super) fn sleepers() -> usize {
        TIMER.lock().sleepers.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::task::{Context, Poll, Wake, Waker};
    use std::thread::{Thread, current, park};

    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    #[test]
    fn sleeping_needs_no_runtime() {
        let waker = Waker::from(Arc::new(Unpark(current())));
        let mut context = Context::from_waker(&waker);
        let before = SystemClock.monotonic();
        let mut sleep = SystemClock.sleep(Duration::from_millis(1));
        while sleep.as_mut().poll(&mut context) == Poll::Pending {
            park();
        }
        assert!(SystemClock.monotonic() - before >= Duration::from_millis(1));
    }

    /// Polls `sleeps` in turn until each has ended; the order of their ends, by index.
    fn ends(sleeps: &mut [BoxFuture<'static, ()>]) -> Vec<usize> {
        let waker = Waker::from(Arc::new(Unpark(current())));
        let mut context = Context::from_waker(&waker);
        let mut ended = Vec::new();
        while ended.len() < sleeps.len() {
            for (index, sleep) in sleeps.iter_mut().enumerate() {
                if !ended.contains(&index) && sleep.as_mut().poll(&mut context).is_ready() {
                    ended.push(index);
                }
            }
            if ended.len() < sleeps.len() {
                park();
            }
        }
        ended
    }

    #[test]
    fn sleepers_are_woken_in_the_order_of_their_ends() {
        let mut sleeps = [90, 30, 60].map(|millis| SystemClock.sleep(Duration::from_millis(millis)));
        assert_eq!(ends(&mut sleeps), [1, 2, 0]);
        assert_eq!(ends(&mut [SystemClock.sleep(Duration::ZERO)]), [0]);
    }

    #[test]
    fn one_thread_serves_all_and_those_who_no_longer_sleep_leave_nothing_behind() {
        const SLEEPERS: usize = 2000;
        // Of other tests.
        const OTHERS: usize = 20;
        let mut context = Context::from_waker(Waker::noop());
        let mut far: Vec<_> = (0..SLEEPERS).map(|_| SystemClock.sleep(Duration::from_secs(3600))).collect();
        for _ in 0..2 {
            assert!(far.iter_mut().all(|sleep| sleep.as_mut().poll(&mut context).is_pending()));
        }
        let sleepers = timer::sleepers();
        assert!((SLEEPERS..SLEEPERS + OTHERS).contains(&sleepers), "{sleepers}: each is there once");
        // A thread gives itself its name: once it has woken somebody, it has one.
        ends(&mut [SystemClock.sleep(Duration::from_millis(1))]);
        #[cfg(target_os = "linux")]
        {
            let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
            let names = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("comm")).ok());
            assert_eq!(names.filter(|name| name.starts_with("workstream-time")).count(), 1);
        }
        drop(far);
        assert!(timer::sleepers() < OTHERS, "{}", timer::sleepers());
        let mut never = SystemClock.sleep(Duration::MAX);
        assert!(never.as_mut().poll(&mut context).is_pending());
    }
}
