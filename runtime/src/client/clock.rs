//! Time, to be replaced in tests.

use super::BoxFuture;
use std::fmt;
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

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

/// The clock of the system. Within a tokio runtime (and with the feature `client`) it sleeps by tokio's timer, which has
/// to be enabled; elsewhere on a thread of its own.
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
        Box::pin(thread::Sleep::new(duration))
    }

    fn block(&self, duration: Duration) {
        std::thread::sleep(duration);
    }
}

/// A clock for tests: time stands still, and whoever wants to sleep moves it on at once.
#[cfg(feature = "test-util")]
#[derive(Clone, Debug)]
pub struct TestClock(std::sync::Arc<std::sync::Mutex<Duration>>);

#[cfg(feature = "test-util")]
impl TestClock {
    /// When the time of day begins: 2025-01-01T00:00:00Z.
    const START: Duration = Duration::from_secs(1_735_689_600);

    /// A clock at its beginning.
    pub fn new() -> Self {
        Self(Default::default())
    }

    /// Moves the time on.
    pub fn advance(&self, duration: Duration) {
        *self.passed() += duration;
    }

    /// How much time has passed, by sleeping and by [`advance`](Self::advance).
    pub fn elapsed(&self) -> Duration {
        *self.passed()
    }

    fn passed(&self) -> std::sync::MutexGuard<'_, Duration> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(feature = "test-util")]
impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(feature = "test-util")]
impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Self::START + self.elapsed()
    }

    fn monotonic(&self) -> Duration {
        self.elapsed()
    }

    /// Time moves on when the future is first polled: what is only raced against does not cost time.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let clock = self.clone();
        Box::pin(async move { clock.advance(duration) })
    }

    fn block(&self, duration: Duration) {
        self.advance(duration);
    }
}

/// Sleeping where there is no runtime to ask.
mod thread {
    use std::pin::Pin;
    use std::sync::{Arc, Mutex, PoisonError};
    use std::task::{Context, Poll, Waker};
    use std::time::Duration;

    pub(super) struct Sleep {
        duration: Duration,
        /// Nothing before the first poll.
        state: Option<Arc<Mutex<State>>>,
    }

    struct State {
        done: bool,
        waker: Waker,
    }

    impl Sleep {
        pub(super) fn new(duration: Duration) -> Self {
            Self { duration, state: None }
        }
    }

    impl Future for Sleep {
        type Output = ();

        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
            let duration = self.duration;
            if let Some(state) = &self.state {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                state.waker.clone_from(context.waker());
                return if state.done { Poll::Ready(()) } else { Poll::Pending };
            }
            let state = Arc::new(Mutex::new(State { done: false, waker: context.waker().clone() }));
            self.state = Some(state.clone());
            std::thread::spawn(move || {
                std::thread::sleep(duration);
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                state.done = true;
                state.waker.wake_by_ref();
            });
            Poll::Pending
        }
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
}
