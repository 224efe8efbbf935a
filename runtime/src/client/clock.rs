//! Time, to be replaced in tests.

#[cfg(feature = "test-util")]
mod test_clock;

#[cfg(feature = "test-util")]
pub use test_clock::TestClock;

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
