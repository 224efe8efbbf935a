//! A clock whose time passes only where somebody waits for it.

use super::{BoxFuture, Clock};
use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

/// A clock for tests: time stands still until all wait, and then moves on to the end of the shortest wait.
///
/// So a test takes no time, and what is sooner on the clock of a real program is sooner here: of a slow answer and a
/// limit, the shorter one ends the race. Of two that end at the same moment, it is the one that was made first.
#[derive(Clone, Debug, Default)]
pub struct TestClock(Arc<Mutex<TestState>>);

#[derive(Debug, Default)]
struct TestState {
    passed: Duration,
    /// The sleeps that were polled and are not over.
    sleeps: BTreeSet<SleepEnd>,
    /// How many sleeps there were.
    made: u64,
    /// Counts what changes the time or the sleeps.
    changes: u64,
}

/// When a sleep ends, and its number.
type SleepEnd = (Duration, u64);

impl TestClock {
    /// When the time of day begins: 2025-01-01T00:00:00Z.
    const START: Duration = Duration::from_secs(1_735_689_600);

    /// A clock at its beginning.
    pub fn new() -> Self {
        Self::default()
    }

    /// Moves the time on.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.state();
        let now = state.passed.saturating_add(duration);
        state.move_to(now);
    }

    /// How much time has passed, by sleeping and by [`advance`](Self::advance).
    pub fn elapsed(&self) -> Duration {
        self.state().passed
    }

    fn state(&self) -> MutexGuard<'_, TestState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Self::START + self.elapsed()
    }

    fn monotonic(&self) -> Duration {
        self.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut state = self.state();
        state.made += 1;
        let end = (state.passed.saturating_add(duration), state.made);
        Box::pin(TestSleep { clock: self.clone(), end, seen: None })
    }

    fn block(&self, duration: Duration) {
        self.advance(duration);
    }
}

impl TestState {
    fn move_to(&mut self, now: Duration) {
        self.passed = self.passed.max(now);
        self.changes += 1;
    }
}

/// A sleep on the clock. What is never polled holds nobody up.
struct TestSleep {
    clock: TestClock,
    end: SleepEnd,
    /// The number of changes at the last poll; nothing before the first.
    seen: Option<u64>,
}

impl Future for TestSleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let clock = self.clock.clone();
        let mut state = clock.state();
        if self.end.0 <= state.passed {
            return Poll::Ready(());
        }
        // The first poll only says that somebody waits: what races against this one may be polled after it.
        let moves = match self.seen {
            None => {
                state.sleeps.insert(self.end);
                state.changes += 1;
                false
            }
            // Where nothing has changed since the last poll, the sleeps that end before are not being waited for now.
            Some(seen) => state.sleeps.first() == Some(&self.end) || seen == state.changes,
        };
        if moves {
            state.move_to(self.end.0);
            return Poll::Ready(());
        }
        self.seen = Some(state.changes);
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Drop for TestSleep {
    fn drop(&mut self) {
        let mut state = self.clock.state();
        if state.sleeps.remove(&self.end) {
            state.changes += 1;
        }
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::task::Waker;

    /// Polls until it is ready, but no more often than makes sense.
    fn finish<T>(future: impl Future<Output = T>) -> T {
        let mut future = std::pin::pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        let polls = std::iter::repeat_with(|| future.as_mut().poll(&mut context)).take(20);
        let mut ready = polls.filter_map(|poll| match poll {
            Poll::Ready(value) => Some(value),
            Poll::Pending => None,
        });
        ready.next().expect("it ends")
    }

    /// The number of the future that ends first, polled in this order.
    async fn race(mut futures: Vec<BoxFuture<'static, ()>>) -> usize {
        poll_fn(|context| {
            let ready = futures.iter_mut().position(|future| future.as_mut().poll(context).is_ready());
            ready.map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    #[test]
    fn the_shorter_sleep_wins_in_any_order() {
        for (lengths, winner) in [([5, 10], 0), ([10, 5], 1), ([7, 7], 0), ([0, 3], 0), ([3, 0], 1)] {
            let clock = TestClock::new();
            let sleeps = lengths.map(|length| clock.sleep(seconds(length))).into();
            assert_eq!(finish(race(sleeps)), winner, "{lengths:?}");
            assert_eq!(clock.elapsed(), seconds(lengths[winner]));
        }
    }

    #[test]
    fn sleeps_add_up_within_a_limit() {
        for (count, limit, ends) in [(3, 7, true), (3, 6, false), (3, 5, false), (2, 5, true)] {
            for limit_is_first in [false, true] {
                let clock = TestClock::new();
                let end = clock.sleep(seconds(limit));
                let pausing = clock.clone();
                let pauses: BoxFuture<'static, ()> = Box::pin(async move {
                    for _ in 0..count {
                        pausing.sleep(seconds(2)).await;
                    }
                });
                let futures = if limit_is_first { vec![end, pauses] } else { vec![pauses, end] };
                let winner = finish(race(futures));
                assert_eq!(winner == usize::from(limit_is_first), ends, "{count} pauses within {limit}");
                assert_eq!(clock.elapsed(), seconds(if ends { count * 2 } else { limit }));
            }
        }
    }

    #[test]
    fn what_nobody_waits_for_holds_nobody_up() {
        let clock = TestClock::new();
        let _never_polled = clock.sleep(seconds(1));
        let mut left = clock.sleep(seconds(2));
        assert!(left.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        finish(clock.sleep(seconds(5)));
        assert_eq!(clock.elapsed(), seconds(5));
        finish(left);
        assert_eq!(clock.elapsed(), seconds(5), "it was over by then");
        let mut dropped = clock.sleep(seconds(1));
        assert!(dropped.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        drop(dropped);
        finish(clock.sleep(seconds(5)));
        assert_eq!(clock.elapsed(), seconds(10));
    }

    #[test]
    fn time_that_is_moved_by_hand_ends_a_sleep() {
        let clock = TestClock::new();
        let sleep = clock.sleep(seconds(5));
        clock.advance(seconds(8));
        finish(sleep);
        assert_eq!(clock.elapsed(), seconds(8));
    }
}
