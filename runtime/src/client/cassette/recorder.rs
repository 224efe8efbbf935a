//! Recording: what passes through to the service, and what it answers.

use super::print::{ToldAnswer, ToldCall, print};
use super::{Cassette, CassetteError, RecordedFailure};
use crate::client::invocation::{ATTEMPT, EXPIRED_CODES, INVOCATION_ID, SKEW_CODES};
use crate::client::transport::{BlockingTransport, Transport, TransportError, TransportErrorKind};
use crate::client::{BoxFuture, Config, ConfigBuilder};
use crate::dynamic::{Answered, CalledOperation, ErrorFacts};
use crate::parts::Parts;
use crate::redacted::{Redacted, Secrets};
use crate::{EncodeError, OperationDescription};
use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Records the calls of clients: a transport before that of a configuration, async and blocking. Clones are the same
/// recorder.
///
/// Attempts are recorded in the order in which they begin, except those that the client replaces by itself: in a protocol that
/// the endpoint does not speak, or refused because of the clock or of expired credentials. Calls for credentials pass through,
/// and are not recorded either.
///
/// Nothing is written until [`finish`](Self::finish): a recorder that is dropped without it leaves what there was.
///
/// ```
/// use workstream_runtime::client::{Config, Recorder};
///
/// let recorder = Recorder::of(&Config::builder().region("eu-west-1").build());
/// let config = recorder.config();
/// // ... calls of clients with this configuration ...
/// let cassette = recorder.finish()?;
/// assert!(cassette.is_empty());
/// # Ok::<(), workstream_runtime::client::CassetteError>(())
/// ```
#[derive(Clone)]
pub struct Recorder(Arc<RecorderInner>);

struct RecorderInner {
    /// What calls pass through to.
    config: Config,
    secrets: Secrets,
    state: Mutex<RecorderState>,
}

#[derive(Default)]
struct RecorderState {
    attempts: Vec<RecordedAttempt>,
    /// How many requests have passed of which nobody has said what they call.
    unknown: usize,
}

/// A request that has passed.
struct RecordedAttempt {
    operation: &'static OperationDescription,
    input: Result<Redacted, EncodeError>,
    /// Headers that say to which call it belongs, and its number.
    call: [Option<HeaderValue>; 2],
    /// Until there is one, the request is under way.
    end: Option<AttemptEnd>,
}

/// What came of it.
enum AttemptEnd {
    Output(Redacted, Option<String>),
    Error(ErrorFacts, Redacted, Option<String>),
    Failed(RecordedFailure),
    /// It cannot be written.
    Unwritable(EncodeError),
}

impl Recorder {
    /// A recorder of calls with the transports of this configuration.
    pub fn of(config: &Config) -> Self {
        let config = config.clone();
        Self(Arc::new(RecorderInner { config, secrets: Secrets::default(), state: Mutex::default() }))
    }

    /// The configuration with this recorder in the place of its transports. Its credentials are asked for as before.
    pub fn config(&self) -> Config {
        self.config_builder().build()
    }

    /// The configuration as a builder, to be adjusted.
    pub fn config_builder(&self) -> ConfigBuilder {
        let inner = &self.0.config.0;
        let mut builder = self.0.config.to_builder();
        if inner.transport.is_some() {
            builder = builder.transport(self.clone());
        }
        if inner.blocking_transport.is_some() {
            builder = builder.blocking_transport(self.clone());
        }
        builder
    }

    /// The calls that were recorded so far.
    ///
    /// # Errors
    /// When a call is still under way, or has an input or an output that cannot be written; when all requests that passed
    /// were those of clients without the configuration of this recorder.
    pub fn finish(&self) -> Result<Cassette, CassetteError> {
        let state = self.state();
        let mut under_way = state.attempts.iter().filter(|attempt| attempt.end.is_none());
        if let Some(first) = under_way.next() {
            let (name, count) = (first.operation.name, under_way.count() + 1);
            return Err(CassetteError::new(format!(
                "{count} of the calls are still under way, {name} for one: finish when all have their results"
            )));
        }
        if state.attempts.is_empty() && state.unknown > 0 {
            return Err(CassetteError::new(format!(
                "nothing was recorded, though {} requests have passed: make clients of Recorder::config(), and let what \
                 wraps the recorder pass on the extensions of requests",
                state.unknown
            )));
        }
        let told = state.attempts.iter().enumerate().filter(|(at, attempt)| !state.is_replaced(*at, attempt));
        let told: Vec<ToldCall<'_>> = told.map(|(_, attempt)| attempt.told()).collect::<Result<_, _>>()?;
        print(&told, &self.0.secrets).parse()
    }

    fn state(&self) -> MutexGuard<'_, RecorderState> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a request passes; `None` where nobody has said what it calls.
    fn begin(&self, request: &Request<Bytes>) -> Option<PassingRequest> {
        let Some(called) = request.extensions().get::<CalledOperation>().cloned() else {
            self.state().unknown += 1;
            return None;
        };
        let header = |name| request.headers().get(name).cloned();
        let attempt = RecordedAttempt {
            operation: called.description(),
            input: called.input(&self.0.secrets),
            call: [header(INVOCATION_ID), header(ATTEMPT)],
            end: None,
        };
        let mut state = self.state();
        state.attempts.push(attempt);
        let at = state.attempts.len() - 1;
        drop(state);
        Some(PassingRequest { recorder: self.clone(), called, at })
    }
}

impl RecorderState {
    /// Whether a later attempt has taken this one's place without being a retry.
    fn is_replaced(&self, at: usize, attempt: &RecordedAttempt) -> bool {
        let [Some(call), number] = &attempt.call else { return false };
        let mut later = self.attempts.iter().skip(at + 1).filter(|other| other.call[0].as_ref() == Some(call));
        if attempt.is_refusal() { later.next().is_some() } else { later.any(|other| other.call[1] == *number) }
    }
}

impl RecordedAttempt {
    /// Whether the client answers to this by asking otherwise: at another time, or with other credentials.
    fn is_refusal(&self) -> bool {
        match &self.end {
            Some(AttemptEnd::Error(facts, ..)) => [SKEW_CODES, EXPIRED_CODES].concat().contains(&facts.code.as_str()),
            Some(AttemptEnd::Output(..) | AttemptEnd::Failed(_) | AttemptEnd::Unwritable(_)) | None => false,
        }
    }

    fn told(&self) -> Result<ToldCall<'_>, CassetteError> {
        let cannot = |what: &str, error: &EncodeError| {
            CassetteError::new(format!("the {what} of {} cannot be recorded: {error}", self.operation.name))
        };
        let (answer, request_id) = match &self.end {
            Some(AttemptEnd::Output(output, id)) => (ToldAnswer::Output(output), id.as_deref()),
            Some(AttemptEnd::Error(facts, members, id)) => (ToldAnswer::Error(facts, members), id.as_deref()),
            Some(AttemptEnd::Unwritable(error)) => return Err(cannot("answer", error)),
            Some(AttemptEnd::Failed(failure)) => (ToldAnswer::Failure(failure), None),
            None => return Err(CassetteError::new(format!("{} is still under way", self.operation.name))),
        };
        Ok(ToldCall {
            service: self.operation.service.service_id,
            operation: self.operation.name,
            input: self.input.as_ref().map_err(|error| cannot("input", error))?,
            answer,
            request_id,
        })
    }
}

/// A request on its way.
struct PassingRequest {
    recorder: Recorder,
    called: CalledOperation,
    at: usize,
}

impl PassingRequest {
    fn end(&self, result: &Result<Response<Bytes>, TransportError>) {
        self.note(match result {
            Ok(response) => {
                let parts = Parts::of(response);
                AttemptEnd::of(self.called.answer(&parts, &self.recorder.0.secrets), parts.metadata().request_id)
            }
            Err(error) => AttemptEnd::Failed(RecordedFailure {
                kind: Some(error.kind()),
                is_permanent: !error.is_transient(),
                message: crate::one_line::Causes(error.cause()).to_string(),
            }),
        });
    }

    fn note(&self, end: AttemptEnd) {
        if let Some(attempt) = self.recorder.state().attempts.get_mut(self.at) {
            attempt.end.get_or_insert(end);
        }
    }
}

impl AttemptEnd {
    /// An answer that cannot be read is none.
    fn of(answer: Result<Answered, EncodeError>, request_id: Option<String>) -> Self {
        match answer {
            Ok(Answered::Output(output)) => Self::Output(output, request_id),
            Ok(Answered::Error(facts, members)) => Self::Error(facts, members, request_id),
            Ok(Answered::Unreadable(error)) => Self::Failed(RecordedFailure {
                kind: Some(TransportErrorKind::Response),
                is_permanent: true,
                message: format!("the response cannot be read: {error}"),
            }),
            Err(error) => Self::Unwritable(error),
        }
    }
}

/// A client that no longer waits has no answer: its time was over, or somebody has dropped the call.
impl Drop for PassingRequest {
    fn drop(&mut self) {
        self.note(AttemptEnd::Failed(RecordedFailure {
            kind: None,
            is_permanent: false,
            message: "the client did not wait for the answer".to_owned(),
        }));
    }
}

/// The failure of a recorder without a transport.
fn nothing_to_send_with() -> TransportError {
    TransportError::new(TransportErrorKind::Request, "the recorder's configuration has no transport of this kind")
}

impl Transport for Recorder {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let Some(transport) = &self.0.config.0.transport else { return Err(nothing_to_send_with()) };
            let passing = self.begin(&request);
            let result = transport.send(request).await;
            passing.iter().for_each(|passing| passing.end(&result));
            result
        })
    }

    fn wants_operations(&self) -> bool {
        true
    }
}

impl BlockingTransport for Recorder {
    fn send(&self, request: Request<Bytes>, timeout: Option<Duration>) -> Result<Response<Bytes>, TransportError> {
        let Some(transport) = &self.0.config.0.blocking_transport else { return Err(nothing_to_send_with()) };
        let clock = &self.0.config.0.clock;
        let (passing, start) = (self.begin(&request), clock.monotonic());
        let result = transport.send(request, timeout);
        let is_late = matches!(&result, Err(error) if error.kind() == TransportErrorKind::Timeout)
            && timeout.is_some_and(|limit| limit <= clock.monotonic().saturating_sub(start));
        // The limit is the client's: this is what it is to drop a future.
        passing.iter().filter(|_| !is_late).for_each(|passing| passing.end(&result));
        result
    }

    fn wants_operations(&self) -> bool {
        true
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("attempts", &self.state().attempts.len()).finish_non_exhaustive()
    }
}
