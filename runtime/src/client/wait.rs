//! Waiting until a resource has reached a state: the loop around a waiter.

use super::call::{Answer, Call};
use super::mode::{Async, Blocking, Mode};
use super::{BoxFuture, random};
use crate::error::Error;
use crate::waiter::{Attempt, FailedCall, Waiter, WaiterState};
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

    /// How often to call before giving up, instead of what the model says.
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
    type Output = Result<Waited<W>, WaitError<W>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { call, schedule, progress, .. } = self;
            let clock = call.shared.config.0.clock.clone();
            let mut polling = Polling::new(schedule, progress, clock.monotonic());
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
    pub fn wait(self) -> Result<Waited<W>, WaitError<W>> {
        let Self { call, schedule, progress, .. } = self;
        let clock = call.shared.config.0.clock.clone();
        let mut polling = Polling::new(schedule, progress, clock.monotonic());
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
    start: Duration,
    attempts: u32,
}

/// The result of a wait.
type WaitEnd<W> = Box<Result<Waited<W>, WaitError<W>>>;

impl<W: Waiter> Polling<W> {
    fn new(schedule: Schedule, progress: Option<Progress<W>>, now: Duration) -> Self {
        Self { schedule, progress, start: now, attempts: 0 }
    }

    /// After a call: how long to pause, or how the wait ends.
    fn next(
        &mut self,
        answer: Result<Answer<OutputOf<W>>, PlainError<W>>,
        now: Duration,
    ) -> Result<Duration, WaitEnd<W>> {
        self.attempts += 1;
        let elapsed = now.saturating_sub(self.start);
        let status = match &answer {
            Ok(answer) => Some(answer.response.status),
            Err(error) => error.status(),
        };
        let result = answer.as_ref().map(|answer| &answer.output);
        let state = W::state(Attempt::new(status.map(|status| status.as_u16()), result.map_err(FailedCall::from)));
        let give_up = match state {
            Some(WaiterState::Success) => return Err(self.success(answer, elapsed)),
            Some(WaiterState::Failure) => Some(WaitErrorKind::Failure),
            None if answer.is_err() => Some(WaitErrorKind::Call),
            Some(WaiterState::Retry) | None => self.exhausted(elapsed),
        };
        if let Some(kind) = give_up {
            return Err(self.failure(kind, answer, elapsed));
        }
        let pause = self.pause(elapsed);
        if let Some(progress) = &mut self.progress {
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
                random::between(min_delay, min_delay.saturating_mul(doubled).min(max).max(min_delay))
            }
            None => random::between(min_delay - min_delay / 10, min_delay.saturating_add(min_delay / 10)),
        };
        max_wait.map_or(pause, |max| pause.min(max.saturating_sub(elapsed)))
    }

    fn success(&self, answer: Result<Answer<OutputOf<W>>, PlainError<W>>, elapsed: Duration) -> WaitEnd<W> {
        let (result, response) = split::<W>(answer);
        Box::new(Ok(Waited { result, response, attempts: self.attempts, elapsed }))
    }

    fn failure(
        &self,
        kind: WaitErrorKind,
        answer: Result<Answer<OutputOf<W>>, PlainError<W>>,
        elapsed: Duration,
    ) -> WaitEnd<W> {
        let (result, _) = split::<W>(answer);
        Box::new(Err(WaitError { kind, result, attempts: self.attempts, elapsed }))
    }
}

/// Output or error, and what the response of a success says besides.
fn split<W: Waiter>(
    answer: Result<Answer<OutputOf<W>>, PlainError<W>>,
) -> (Result<OutputOf<W>, OperationError<W>>, Option<ResponseMetadata>) {
    match answer {
        Ok(Answer { output, response, .. }) => (Ok(output), Some(response)),
        Err(error) => (Err(error.into()), None),
    }
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
    /// What the last call gave.
    pub result: Result<&'a OutputOf<W>, &'a PlainError<W>>,
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

/// Why a wait ended without what was waited for.
#[derive(Debug)]
pub struct WaitError<W: Waiter> {
    kind: WaitErrorKind,
    result: Result<OutputOf<W>, OperationError<W>>,
    attempts: u32,
    elapsed: Duration,
}

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitErrorKind {
    /// The resource is in a state from which it cannot get there.
    Failure,
    /// A call failed for another reason.
    Call,
    /// All attempts were made.
    MaxAttempts,
    /// The time ran out.
    MaxWait,
}

impl<W: Waiter> WaitError<W> {
    /// How the wait ended.
    pub fn kind(&self) -> WaitErrorKind {
        self.kind
    }

    /// What the last call gave.
    pub fn result(&self) -> Result<&OutputOf<W>, &OperationError<W>> {
        self.result.as_ref()
    }

    /// What the last call gave.
    pub fn into_result(self) -> Result<OutputOf<W>, OperationError<W>> {
        self.result
    }

    /// Calls until then.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Time until then.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

impl<W: Waiter> fmt::Display for WaitError<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(W::NAME)?;
        f.write_str(match self.kind {
            WaitErrorKind::Failure => ": it can no longer come to this state",
            WaitErrorKind::Call => ": a call failed",
            WaitErrorKind::MaxAttempts | WaitErrorKind::MaxWait => ": not in this state yet",
        })?;
        let times = if self.attempts == 1 { "call" } else { "calls" };
        write!(f, ", after {} {times} and {} s", self.attempts, self.elapsed.as_secs())?;
        match &self.result {
            Ok(_) => Ok(()),
            Err(error) => write!(f, ": {error}"),
        }
    }
}

/// Without a source, since `Display` has the last call's error: [`WaitError::result`] gives it as a value.
impl<W: Waiter + fmt::Debug> std::error::Error for WaitError<W> {}
