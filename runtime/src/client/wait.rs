//! Waiting until a resource has reached a state: the loop around a waiter.

mod error;

pub use error::{WaitError, WaitErrorKind};

use super::BoxFuture;
use super::call::{Answer, Call};
use super::mode::{Async, Blocking, Mode};
use super::retry::Jitter;
use crate::error::Error;
use crate::waiter::{Attempt, FailedCall, ResourceState, Waiter, WaiterState};
use crate::{Operation, ResponseMetadata};
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

/// Output of a waiter's operation.
type OutputOf<W> = <<W as Waiter>::Operation as Operation>::Output;
/// Error of a waiter's operation, as users see it.
type OperationError<W> = <<W as Waiter>::Operation as Operation>::Error;
/// The same before it becomes the service's own type.
type PlainError<W> = Error<<<W as Waiter>::Operation as Operation>::ServiceError>;
/// What the last call of a wait gave.
type Given<W> = Result<Answer<OutputOf<W>>, OperationError<W>>;
/// Called after every attempt.
type Progress<W> = Box<dyn FnMut(&WaitProgress<'_, W>) + Send>;

/// A wait that can still be adjusted. Await it with an async client; with a blocking one, call [`wait`](Self::wait).
///
/// Like all of Smithy's waiters, it looks at one page only, even if the operation has pages: ask by name or id, so that the
/// answer fits on one page.
#[must_use = "nothing is waited for until this is awaited"]
pub struct Wait<W: Waiter, M> {
    call: Call<W::Operation, M>,
    schedule: Schedule,
    progress: Option<Progress<W>>,
    waiter: PhantomData<fn() -> W>,
}

/// When to try again, and when to give up.
#[derive(Clone, Debug)]
struct Schedule {
    min_delay: Duration,
    max_delay: Option<Duration>,
    max_attempts: Option<u32>,
    max_wait: Option<Duration>,
}

/// How long is waited where neither the model nor the caller limits it.
const DEFAULT_MAX_WAIT: Duration = Duration::from_secs(60 * 60);

impl<W: Waiter, M: Mode> Wait<W, M> {
    /// Waits with calls like this one.
    pub fn new(call: Call<W::Operation, M>) -> Self {
        let schedule = Schedule {
            min_delay: W::MIN_DELAY,
            max_delay: W::MAX_DELAY,
            max_attempts: W::MAX_ATTEMPTS,
            max_wait: W::MAX_ATTEMPTS.is_none().then_some(DEFAULT_MAX_WAIT),
        };
        Self { call, schedule, progress: None, waiter: PhantomData }
    }

    /// Time between two calls. A random tenth is added or taken away.
    pub fn delay(mut self, delay: Duration) -> Self {
        (self.schedule.min_delay, self.schedule.max_delay) = (delay, None);
        self
    }

    /// The number of calls before giving up, instead of the model's.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.schedule.max_attempts = Some(attempts.max(1));
        self
    }

    /// How long to wait before giving up. The last call is made when this time has passed.
    pub fn max_wait(mut self, limit: Duration) -> Self {
        self.schedule.max_wait = Some(limit);
        self
    }

    /// Sets a function to call after every attempt that does not end the wait.
    pub fn on_progress(mut self, progress: impl FnMut(&WaitProgress<'_, W>) + Send + 'static) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }
}

impl<W: Waiter + 'static> IntoFuture for Wait<W, Async> {
    type Output = Result<Waited<W>, WaitError<OperationError<W>>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { call, schedule, progress, .. } = self;
            let clock = call.shared.config.0.clock.clone();
            let mut polling = Polling::new(schedule, progress, call.shared.config.0.jitter.clone(), clock.monotonic());
            loop {
                let answer = call.clone().run().await;
                match polling.next(answer, clock.monotonic()) {
                    Ok(delay) => clock.sleep(delay).await,
                    Err(end) => return *end,
                }
            }
        })
    }
}

impl<W: Waiter> Wait<W, Blocking> {
    /// Waits.
    ///
    /// # Errors
    /// If the state becomes unreachable, a limit is reached, or a call fails.
    pub fn wait(self) -> Result<Waited<W>, WaitError<OperationError<W>>> {
        let Self { call, schedule, progress, .. } = self;
        let clock = call.shared.config.0.clock.clone();
        let mut polling = Polling::new(schedule, progress, call.shared.config.0.jitter.clone(), clock.monotonic());
        loop {
            let answer = call.clone().run();
            match polling.next(answer, clock.monotonic()) {
                Ok(delay) => clock.block(delay),
                Err(end) => return *end,
            }
        }
    }
}

impl<W: Waiter, M> fmt::Debug for Wait<W, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("waiter", &W::NAME)
            .field("call", &self.call)
            .field("schedule", &self.schedule)
            .finish_non_exhaustive()
    }
}

/// A wait under way, without IO.
struct Polling<W: Waiter> {
    schedule: Schedule,
    progress: Option<Progress<W>>,
    jitter: Jitter,
    start: Duration,
    attempts: u32,
}

/// The result of a wait.
type WaitEnd<W> = Box<Result<Waited<W>, WaitError<OperationError<W>>>>;

impl<W: Waiter> Polling<W> {
    fn new(schedule: Schedule, progress: Option<Progress<W>>, jitter: Jitter, now: Duration) -> Self {
        Self { schedule, progress, jitter, start: now, attempts: 0 }
    }

    /// After a call: how long to pause, or how the wait ends.
    fn next(
        &mut self,
        answer: Result<Answer<OutputOf<W>>, PlainError<W>>,
        now: Duration,
    ) -> Result<Duration, WaitEnd<W>> {
        self.attempts += 1;
        let elapsed = now.saturating_sub(self.start);
        let state = state::<W>(&answer);
        let answer = answer.map_err(OperationError::<W>::from);
        let give_up = match state {
            Some(WaiterState::Success) => return Err(self.success(answer, elapsed)),
            Some(WaiterState::Failure) => Some(WaitErrorKind::Failure),
            None if answer.is_err() => Some(WaitErrorKind::Call),
            Some(WaiterState::Retry) | None => self.exhausted(elapsed),
        };
        if let Some(kind) = give_up {
            let result = answer.map(|answer| answer.output);
            return Err(Box::new(Err(WaitError::new::<W>(kind, result, self.attempts, elapsed))));
        }
        let pause = self.pause(elapsed);
        if let Some(progress) = &mut self.progress {
            let result = answer.as_ref().map(|answer| &answer.output);
            progress(&WaitProgress { attempts: self.attempts, elapsed, pause, result });
        }
        Ok(pause)
    }

    fn exhausted(&self, elapsed: Duration) -> Option<WaitErrorKind> {
        let Schedule { max_attempts, max_wait, .. } = self.schedule;
        if max_attempts.is_some_and(|max| max <= self.attempts) {
            return Some(WaitErrorKind::MaxAttempts);
        }
        max_wait.is_some_and(|max| max <= elapsed).then_some(WaitErrorKind::MaxWait)
    }

    /// Specification: Smithy 2.0, "Waiters", exponential backoff with jitter; with a fixed delay, a tenth of it.
    fn pause(&self, elapsed: Duration) -> Duration {
        let Schedule { min_delay, max_delay, max_wait, .. } = self.schedule;
        let pause = match max_delay {
            Some(max) => {
                let doubled = 1_u32.checked_shl(self.attempts - 1).unwrap_or(u32::MAX);
                self.jitter.between(min_delay, min_delay.saturating_mul(doubled).min(max).max(min_delay))
            }
            None => self.jitter.between(min_delay - min_delay / 10, min_delay.saturating_add(min_delay / 10)),
        };
        max_wait.map_or(pause, |max| pause.min(max.saturating_sub(elapsed)))
    }

    fn success(&self, answer: Given<W>, elapsed: Duration) -> WaitEnd<W> {
        let (result, response) = match answer {
            Ok(Answer { output, response, .. }) => (Ok(output), Some(response)),
            Err(error) => (Err(error), None),
        };
        Box::new(Ok(Waited { result, response, attempts: self.attempts, elapsed }))
    }
}

/// What a waiter makes of a call.
fn state<W: Waiter>(answer: &Result<Answer<OutputOf<W>>, PlainError<W>>) -> Option<WaiterState> {
    let status = match answer {
        Ok(answer) => Some(answer.response.status),
        Err(error) => error.status(),
    };
    let result = answer.as_ref().map(|answer| &answer.output).map_err(FailedCall::from);
    W::state(Attempt::new(status.map(|status| status.as_u16()), result))
}

/// How far a wait has come.
#[derive(Debug)]
#[non_exhaustive]
pub struct WaitProgress<'a, W: Waiter> {
    /// Calls so far.
    pub attempts: u32,
    /// Time since the wait began.
    pub elapsed: Duration,
    /// How long until the next call.
    pub pause: Duration,
    /// What the last call gave: the output, or the service's error, which does not end this wait.
    pub result: Result<&'a OutputOf<W>, &'a OperationError<W>>,
}

impl<W: Waiter> WaitProgress<'_, W> {
    /// The state that the waiter has seen, such as `STARTING`: for people. Of several resources it names those in each
    /// state. Empty where the call failed, or the waiter looks at no state.
    pub fn state(&self) -> String {
        self.result.ok().and_then(W::seen).map_or_else(String::new, |seen| seen.to_string())
    }

    /// The state of each resource that the waiter has seen.
    pub fn states(&self) -> Vec<ResourceState> {
        self.result.ok().and_then(W::seen).map_or_else(Vec::new, |seen| seen.states().to_vec())
    }
}

/// A wait that came to what was waited for.
#[derive(Debug)]
#[non_exhaustive]
pub struct Waited<W: Waiter> {
    /// The result of the last call. It is an error if the wait was for one, as when something is deleted.
    pub result: Result<OutputOf<W>, OperationError<W>>,
    /// What the last response says besides, unless it was an error.
    pub response: Option<ResponseMetadata>,
    /// Calls until then.
    pub attempts: u32,
    /// Time until then.
    pub elapsed: Duration,
}

impl<W: Waiter> Waited<W> {
    /// The output of the last call.
    pub fn into_output(self) -> Option<OutputOf<W>> {
        self.result.ok()
    }
}
