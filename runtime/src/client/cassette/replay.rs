//! Answering calls from a recording.

use super::difference::{InputDifference, differences};
use super::file::said;
use super::print::compact;
use super::{Cassette, CassetteError, RecordedAnswer, RecordedCall};
use crate::client::clock::{Clock, TestClock};
use crate::client::transport::{BlockingTransport, Transport, TransportError, TransportErrorKind};
use crate::client::{BearerToken, BoxFuture, Config, ConfigBuilder, Credentials, RetryConfig};
use crate::dynamic::{CalledOperation, RequestError};
use crate::redacted::{Redacted, Secrets};
use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Answers calls as a cassette has them: a transport that sends nothing, async and blocking. Clones are the same replay.
///
/// A call gets the first answer that was recorded for the same service, operation and input, and was not used yet; the
/// protocol does not matter. Anything else is an error, which names the difference. Secrets and unique tokens in inputs may
/// differ.
///
/// ```
/// use workstream_runtime::client::Replay;
///
/// let replay = Replay::of(r#"{ "cassette_version": 1, "calls": [] }"#.parse()?);
/// let config = replay.config();
/// // ... calls of clients with this configuration ...
/// replay.check_all_used()?;
/// # Ok::<(), workstream_runtime::client::CassetteError>(())
/// ```
#[derive(Clone)]
pub struct Replay {
    cassette: Cassette,
    repeats_last: bool,
    clock: TestClock,
    progress: Arc<Mutex<ReplayProgress>>,
}

/// What was answered, by the call's place in the cassette.
struct ReplayProgress {
    is_used: Vec<bool>,
    /// The inputs of calls that were compared with one, as their operation reads them.
    inputs: BTreeMap<usize, Redacted>,
}

impl Replay {
    /// Answers with the calls of a cassette.
    pub fn of(cassette: Cassette) -> Self {
        let progress = ReplayProgress { is_used: vec![false; cassette.len()], inputs: BTreeMap::new() };
        Self { cassette, repeats_last: false, clock: TestClock::new(), progress: Arc::new(Mutex::new(progress)) }
    }

    /// Answers with the calls of a file.
    ///
    /// # Errors
    /// When it cannot be read, or is no cassette: with file, line and column.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, CassetteError> {
        Cassette::load(path).map(Self::of)
    }

    /// Repeats the last answer to an input, for a program that asks more often than when it was recorded.
    #[must_use]
    pub fn repeat_last(mut self) -> Self {
        self.repeats_last = true;
        self
    }

    /// A configuration whose clients are answered from the cassette. Pauses take no time.
    pub fn config(&self) -> Config {
        self.config_builder().build()
    }

    /// The configuration as a builder, to be adjusted.
    pub fn config_builder(&self) -> ConfigBuilder {
        ConfigBuilder::with_clock(Arc::new(self.clock.clone()))
            .region("us-east-1")
            .credentials(Credentials::new("AKIAIOSFODNN7REPLAY", "secret of the replay"))
            .bearer_token(BearerToken::new("token of the replay"))
            .retry(RetryConfig::standard())
            .jitter(|| 0.5)
            .transport(self.clone())
            .blocking_transport(self.clone())
    }

    /// The clients' clock, which tells how long they would have paused.
    pub fn clock(&self) -> &TestClock {
        &self.clock
    }

    /// Checks that every call of the cassette was made.
    ///
    /// # Errors
    /// When some were not made: with their places.
    pub fn check_all_used(&self) -> Result<(), CassetteError> {
        let progress = self.progress();
        let calls = self.cassette.calls.iter().zip(&progress.is_used);
        let left: Vec<String> = calls.filter(|(_, used)| !**used).map(|(call, _)| self.named(call)).collect();
        if left.is_empty() {
            return Ok(());
        }
        let (title, count) = (self.cassette.title(), left.len());
        Err(CassetteError::new(format!("{count} calls of {title} were not made: {}", left.join(", "))))
    }

    /// The name of a call, and where it is.
    fn named(&self, call: &RecordedCall) -> String {
        format!("{} {} ({})", call.service, call.operation, self.cassette.place(call.start))
    }

    fn progress(&self) -> MutexGuard<'_, ReplayProgress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to a request; `None` where the client waits in vain.
    fn answer(&self, request: &Request<Bytes>) -> Result<Option<Response<Bytes>>, TransportError> {
        let called = request.extensions().get::<CalledOperation>();
        let called = called.ok_or_else(|| {
            refused(
                "only calls of clients with Replay::config() are replayed: leave its credentials as they are, and let what \
                 wraps the replay pass on the extensions of requests",
            )
        })?;
        let at = self.find(called)?;
        let call = self.cassette.calls.get(at).ok_or_else(|| refused("the cassette has no such call"))?;
        let response = match &call.answer {
            RecordedAnswer::Output(output) => {
                called.output(self.cassette.text_at(output)).map_err(|error| self.unusable(call, output, error))
            }
            RecordedAnswer::Error(facts, members) => {
                let text = members.as_ref().map_or(&b"{}"[..], |members| self.cassette.text_at(members));
                let place = members.clone().unwrap_or(call.start..call.start);
                called.error(facts, text).map_err(|error| self.unusable(call, &place, error))
            }
            RecordedAnswer::Failure(failure) => {
                let Some(kind) = failure.kind else { return Ok(None) };
                let error = TransportError::new(kind, failure.message.clone());
                return Err(if failure.is_permanent { error.permanent() } else { error });
            }
        };
        let mut response = response?;
        if let Some(id) = call.request_id.as_deref().and_then(|id| HeaderValue::from_str(id).ok()) {
            response.headers_mut().insert("x-amzn-requestid", id);
        }
        Ok(Some(response.map(Bytes::from)))
    }

    /// The call that answers, which is used from now on.
    fn find(&self, called: &CalledOperation) -> Result<usize, TransportError> {
        let input = called.input(&Secrets::default());
        let input = input.map_err(|error| refused(format!("the input cannot be compared: {error}")))?;
        let mut progress = self.progress();
        let (mut last, mut nearest) = (None, None::<Nearest>);
        for (at, call) in self.cassette.calls.iter().enumerate().filter(|(_, call)| is_of(call, called)) {
            let recorded = self.recorded_input(&mut progress, called, at, call)?;
            let found = differences(&input, recorded);
            if found.is_empty() {
                last = Some(at);
                if let Some(used) = progress.is_used.get_mut(at).filter(|used| !**used) {
                    *used = true;
                    return Ok(at);
                }
            } else if nearest.as_ref().is_none_or(|nearest| found.len() < nearest.differences.len()) {
                nearest = Some(Nearest { at, differences: found, input: compact(recorded) });
            }
        }
        match last {
            Some(at) if self.repeats_last => Ok(at),
            Some(_) => Err(self.used_up(called, &input)),
            None => Err(self.not_recorded(called, &input, nearest)),
        }
    }

    /// The input of a recorded call, as its operation reads it.
    fn recorded_input<'p>(
        &self,
        progress: &'p mut ReplayProgress,
        called: &CalledOperation,
        at: usize,
        call: &RecordedCall,
    ) -> Result<&'p Redacted, TransportError> {
        match progress.inputs.entry(at) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(new) => {
                let input = called.recorded_input(self.cassette.text_at(&call.input));
                Ok(new.insert(input.map_err(|error| self.unusable(call, &call.input, error))?))
            }
        }
    }

    /// That a value of the cassette does not fit the operation.
    fn unusable(&self, call: &RecordedCall, span: &Range<usize>, error: RequestError) -> TransportError {
        let (what, offset) = match &error {
            RequestError::Input(error) => (said(error), error.offset()),
            RequestError::Encode(error) => (error.to_string(), 0),
        };
        let place = self.cassette.place(span.start + offset);
        refused(format!("{place}: this call of {} cannot be replayed: {what}", call.operation))
    }

    /// That all calls with this input are used.
    fn used_up(&self, called: &CalledOperation, input: &Redacted) -> TransportError {
        let operation = called.description();
        refused(format!(
            "{} {} was recorded with this input, but not so often: record it anew, or replay with repeat_last(); the input \
             is {}",
            operation.service.service_id,
            operation.name,
            compact(input)
        ))
    }

    /// That there is no such call, and what is most like it.
    fn not_recorded(&self, called: &CalledOperation, input: &Redacted, nearest: Option<Nearest>) -> TransportError {
        let (operation, title) = (called.description(), self.cassette.title());
        let name = format!("{} {}", operation.service.service_id, operation.name);
        let Some(Nearest { at, differences, input: recorded }) = nearest else {
            return refused(format!(
                "{title} has no call of {name}; it has {}; the input is {}",
                self.operations(),
                compact(input)
            ));
        };
        let place = self.cassette.calls.get(at).map(|call| self.cassette.place(call.start)).unwrap_or_default();
        let listed: Vec<String> = differences.iter().take(3).map(InputDifference::to_string).collect();
        let more = differences.len() - listed.len();
        let more = if more == 0 { String::new() } else { format!("; {more} more differ") };
        refused(format!(
            "{name} was not recorded with this input: {}{more}; the nearest is at {place}, with {recorded}; the input is {}",
            listed.join("; "),
            compact(input)
        ))
    }

    /// The operations that the cassette has.
    fn operations(&self) -> String {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for call in self.cassette.calls.iter() {
            *counts.entry(format!("{} {}", call.service, call.operation)).or_default() += 1;
        }
        let counts: Vec<String> = counts.into_iter().map(|(name, count)| format!("{name} ({count})")).collect();
        if counts.is_empty() { "none".to_owned() } else { counts.join(", ") }
    }
}

/// A recorded call of the operation, and how it differs from the one that is made.
struct Nearest {
    at: usize,
    differences: Vec<InputDifference>,
    input: String,
}

fn is_of(call: &RecordedCall, called: &CalledOperation) -> bool {
    let operation = called.description();
    call.service == operation.service.service_id && call.operation == operation.name
}

fn refused(message: impl Into<String>) -> TransportError {
    TransportError::new(TransportErrorKind::Request, message.into())
}

/// How long a client waits in vain that has no limit.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn in_vain() -> TransportError {
    TransportError::new(TransportErrorKind::Timeout, "no answer was waited for when this was recorded")
}

impl Transport for Replay {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            if let Some(response) = self.answer(&request)? {
                return Ok(response);
            }
            // Any limit that the client has ends before.
            self.clock.sleep(DAY).await;
            Err(in_vain())
        })
    }

    fn wants_operations(&self) -> bool {
        true
    }
}

impl BlockingTransport for Replay {
    fn send(&self, request: Request<Bytes>, timeout: Option<Duration>) -> Result<Response<Bytes>, TransportError> {
        if let Some(response) = self.answer(&request)? {
            return Ok(response);
        }
        self.clock.advance(timeout.unwrap_or(DAY));
        Err(in_vain())
    }

    fn wants_operations(&self) -> bool {
        true
    }
}

impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let used = self.progress().is_used.iter().filter(|used| **used).count();
        f.debug_struct("Replay").field("cassette", &self.cassette).field("used", &used).finish_non_exhaustive()
    }
}
