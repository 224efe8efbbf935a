//! A service in memory, for unit tests: answers that are given beforehand, through the real wire code.

use super::clock::{Clock, TestClock};
use super::config::{Config, ConfigBuilder};
use super::credentials::Credentials;
use super::transport::{BlockingTransport, Transport, TransportError, TransportErrorKind};
use super::{BoxFuture, RetryConfig};
#[cfg(feature = "rest")]
use crate::bindings::Template;
use crate::operation::read_request;
use crate::parts::RequestParts;
use crate::protocol::{RPC_V2_CBOR, SMITHY_PROTOCOL};
use crate::respond::respond_code;
use crate::{Operation, OperationDescription, Protocol, Retry, ServiceError, respond, respond_error};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Response, StatusCode};
use std::any::Any;
use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

/// A service in memory. It decodes the requests of a client, and encodes the answers that you give it, in the protocol of
/// the request. Clones are the same mock.
///
/// ```text
/// let mock = Mock::new();
/// mock.on::<DeleteImageBuilderInput>().respond(Ok(DeleteImageBuilderOutput::new()));
/// let client = appstream::Client::new(&mock.config());
/// client.delete_image_builder(DeleteImageBuilderInput::new("a")).await?;
/// assert_eq!(mock.calls::<DeleteImageBuilderInput>(), [DeleteImageBuilderInput::new("a")]);
/// ```
#[derive(Clone, Default)]
pub struct Mock(Arc<Mutex<MockState>>, TestClock);

#[derive(Default)]
struct MockState {
    rules: Vec<MockRule>,
    calls: Vec<Recorded>,
}

/// What is answered to some calls of an operation.
struct MockRule {
    operation: &'static OperationDescription,
    decode: Decode,
    matches: Matches,
    /// Told in this order; the last one again and again, unless the rule ends.
    answers: Vec<Planned>,
    used: usize,
    ends: bool,
}

type Decode = fn(Protocol, &RequestParts<'_>) -> Result<AnyInput, TransportError>;
type AnyInput = Box<dyn Any + Send>;
type Matches = Box<dyn Fn(&dyn Any) -> bool + Send>;
type Responder = Arc<dyn Fn(&dyn Any, Protocol) -> Told + Send + Sync>;

/// What a request gets.
type Told = Result<Response<Vec<u8>>, TransportError>;

/// An answer, and how long it takes.
#[derive(Clone)]
struct Planned {
    delay: Duration,
    answer: Responder,
}

struct Recorded {
    operation: &'static OperationDescription,
    input: AnyInput,
}

impl Mock {
    /// A service that answers nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A rule for what to answer to this operation. If several rules fit, the newest one answers.
    pub fn on<I: Operation>(&self) -> On<'_, I> {
        let mut state = self.state();
        state.rules.push(MockRule {
            operation: I::DESCRIPTION,
            decode: decode::<I>,
            matches: Box::new(|_| true),
            answers: Vec::new(),
            used: 0,
            ends: false,
        });
        On { mock: self, rule: state.rules.len() - 1, operation: PhantomData }
    }

    /// A configuration whose clients call this mock. Pauses take no time, and are equally long in each run: nothing of them
    /// is left to chance, unless [`ConfigBuilder::jitter`] says so.
    pub fn config(&self) -> Config {
        self.config_builder().build()
    }

    /// The configuration as a builder, to be adjusted.
    pub fn config_builder(&self) -> ConfigBuilder {
        ConfigBuilder::with_clock(Arc::new(self.1.clone()))
            .region("us-east-1")
            .credentials(Credentials::new("AKIAIOSFODNN7MOCKED", "secret of the mock"))
            .retry(RetryConfig::standard())
            .jitter(|| 0.5)
            .transport(self.clone())
            .blocking_transport(self.clone())
    }

    /// The clients' clock, which tells how long they would have paused.
    pub fn clock(&self) -> &TestClock {
        &self.1
    }

    /// The inputs of all calls of an operation that a rule was made for, in order; every attempt counts.
    pub fn calls<I: Operation>(&self) -> Vec<I> {
        let state = self.state();
        state.calls.iter().filter_map(|call| call.input.downcast_ref::<I>()).cloned().collect()
    }

    /// The names of the operations that were called, in order.
    pub fn operations(&self) -> Vec<&'static str> {
        self.state().calls.iter().map(|call| call.operation.name).collect()
    }

    /// The response to a request, for a test server over real sockets. The time that it takes passes on the mock's clock.
    ///
    /// # Errors
    /// When no rule fits, the request cannot be decoded, or the answer is a failure of the transport.
    pub fn answer<B: AsRef<[u8]>>(&self, request: &Request<B>) -> Result<Response<Vec<u8>>, TransportError> {
        let (result, delay) = self.prepare(request)?;
        self.1.advance(delay);
        result
    }

    /// What is answered to a request, and after what time; an error where there is no answer.
    fn prepare<B: AsRef<[u8]>>(&self, request: &Request<B>) -> Result<(Told, Duration), TransportError> {
        let request = RequestParts::of(request);
        let (protocol, input, planned) = {
            let mut state = self.state();
            let Some((call, decode)) = state.called(&request) else {
                return Err(refused(format!("the mock has no answer to {}", name_of(&request))));
            };
            let MockedCall { operation, protocol, .. } = call;
            let called = |rule: &&mut MockRule| std::ptr::eq(rule.operation, operation);
            let input = decode(protocol, &request)?;
            let fitting = state.rules.iter_mut().rev().filter(called).find(|rule| rule.fits(&*input));
            let Some(rule) = fitting else {
                return Err(refused(format!("no rule of the mock fits this call of {}", name_of(&request))));
            };
            let planned = rule.next();
            // Decoded again instead of cloned: without its type, an input cannot be.
            state.calls.push(Recorded { operation, input: decode(protocol, &request)? });
            (
                protocol,
                input,
                planned.ok_or_else(|| refused(format!("the mock's rule for {} has no answer", operation.name)))?,
            )
        };
        // Outside the lock: an answer may look at the mock.
        let answer = (planned.answer)(&*input, protocol);
        let id = HeaderValue::from_str(&format!("mock-{}", self.state().calls.len()));
        let response = answer.map(|mut response| {
            if let Ok(id) = id {
                response.headers_mut().entry("x-amzn-requestid").or_insert(id);
            }
            response
        });
        Ok((response, planned.delay))
    }

    fn state(&self) -> MutexGuard<'_, MockState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MockState {
    /// The operation that a request calls, of those that have rules: of several that fit the one that says most.
    fn called(&self, request: &RequestParts<'_>) -> Option<(MockedCall, Decode)> {
        let calls = self.rules.iter().filter_map(|rule| Some((MockedCall::of(request, rule.operation)?, rule.decode)));
        calls.reduce(|best, other| if other.0.fit > best.0.fit { other } else { best })
    }
}

/// A call, as the mock understands it.
#[derive(Clone, Copy)]
struct MockedCall {
    operation: &'static OperationDescription,
    protocol: Protocol,
    /// How much of the request is the operation's own.
    fit: usize,
}

impl MockedCall {
    /// The call that a request is, if it is one of this operation.
    fn of(request: &RequestParts<'_>, operation: &'static OperationDescription) -> Option<Self> {
        let (is_it, protocol) = match (request.headers.get("x-amz-target"), request.headers.get(SMITHY_PROTOCOL)) {
            (_, Some(name)) if name == RPC_V2_CBOR => {
                (request.uri.path().ends_with(operation.path), Protocol::RpcV2Cbor)
            }
            (Some(target), _) => (target == operation.target, json_protocol(request)),
            (None, _) => return Self::of_form(request, operation).or_else(|| Self::of_bound(request, operation)),
        };
        is_it.then_some(Self { operation, protocol, fit: 0 })
    }

    #[cfg(feature = "query")]
    fn of_form(request: &RequestParts<'_>, operation: &'static OperationDescription) -> Option<Self> {
        let is_form = request.headers.get(CONTENT_TYPE).is_some_and(|value| value == crate::operation::FORM);
        let protocol = operation.service.protocols.iter().copied().find(|protocol| protocol.form().is_some())?;
        let action = format!("Action={}&", operation.name).into_bytes();
        (is_form && request.body.starts_with(&action)).then_some(Self { operation, protocol, fit: 0 })
    }

    #[cfg(not(feature = "query"))]
    fn of_form(_request: &RequestParts<'_>, _operation: &'static OperationDescription) -> Option<Self> {
        None
    }

    #[cfg(feature = "rest")]
    fn of_bound(request: &RequestParts<'_>, operation: &'static OperationDescription) -> Option<Self> {
        let http = operation.http.filter(|http| http.method == request.method.as_str())?;
        let protocol = operation.service.protocols.iter().copied().find(|protocol| protocol.has_bindings())?;
        let fit = Template::new(http.uri).fits(request.uri.path(), request.uri.query().unwrap_or_default())?;
        Some(Self { operation, protocol, fit })
    }

    #[cfg(not(feature = "rest"))]
    fn of_bound(_request: &RequestParts<'_>, _operation: &'static OperationDescription) -> Option<Self> {
        None
    }
}

/// The version of the protocol that a request in JSON names.
fn json_protocol(request: &RequestParts<'_>) -> Protocol {
    match request.headers.get(CONTENT_TYPE) {
        Some(value) if value == Protocol::AwsJson1_0.content_type() => Protocol::AwsJson1_0,
        _ => Protocol::AwsJson1_1,
    }
}

impl MockRule {
    fn fits(&self, input: &dyn Any) -> bool {
        !(self.ends && self.used >= self.answers.len()) && (self.matches)(input)
    }

    fn next(&mut self) -> Option<Planned> {
        let answer = self.answers.get(self.used).or(self.answers.last()).cloned();
        self.used += 1;
        answer
    }
}

fn decode<I: Operation>(protocol: Protocol, request: &RequestParts<'_>) -> Result<AnyInput, TransportError> {
    let mut input = I::default();
    read_request(I::DESCRIPTION, protocol, request, &mut input)
        .map_err(|error| refused(format!("the mock cannot read a request of {}: {error}", I::DESCRIPTION.name)))?;
    Ok(Box::new(input))
}

fn refused(message: String) -> TransportError {
    TransportError::new(TransportErrorKind::Request, message)
}

/// The operation as the request names it.
fn name_of(request: &RequestParts<'_>) -> String {
    match request.headers.get("x-amz-target") {
        Some(target) => String::from_utf8_lossy(target.as_bytes()).into_owned(),
        None => request.uri.path().to_owned(),
    }
}

/// A rule for the answers of a mock to an operation.
#[derive(Debug)]
pub struct On<'m, I> {
    mock: &'m Mock,
    rule: usize,
    operation: PhantomData<fn() -> I>,
}

impl<I: Operation> On<'_, I> {
    fn change(self, change: impl FnOnce(&mut MockRule)) -> Self {
        if let Some(rule) = self.mock.state().rules.get_mut(self.rule) {
            change(rule);
        }
        self
    }

    fn answer(self, answer: impl Fn(&I, Protocol) -> Told + Send + Sync + 'static) -> Self {
        let answer: Responder = Arc::new(move |input: &dyn Any, protocol| match input.downcast_ref::<I>() {
            Some(input) => answer(input, protocol),
            None => Err(refused("the mock has mistaken one operation for another".to_owned())),
        });
        self.change(|rule| rule.answers.push(Planned { delay: Duration::ZERO, answer }))
    }

    /// Limits the rule to inputs for which this is true.
    pub fn matching(self, matches: impl Fn(&I) -> bool + Send + 'static) -> Self {
        self.change(|rule| rule.matches = Box::new(move |input| input.downcast_ref::<I>().is_some_and(&matches)))
    }

    /// Answers with an output or a modelled error. Several answers are given one after the other, the last one again
    /// and again.
    pub fn respond(self, result: Result<I::Output, I::ServiceError>) -> Self {
        self.answer(move |_, protocol| encode::<I>(protocol, &result))
    }

    /// Answers with what `result` gives for the input.
    pub fn respond_with(
        self,
        result: impl Fn(&I) -> Result<I::Output, I::ServiceError> + Send + Sync + 'static,
    ) -> Self {
        self.answer(move |input, protocol| encode::<I>(protocol, &result(input)))
    }

    /// Answers with an error by its code, modelled or not, such as `ThrottlingException` with status 400.
    pub fn respond_code(self, status: StatusCode, code: &str, message: &str) -> Self {
        let (code, message) = (code.to_owned(), message.to_owned());
        self.answer(move |_, protocol| {
            let mut response = respond_code(protocol, &code, Some(&message)).map_err(unsendable)?;
            *response.status_mut() = status;
            Ok(response)
        })
    }

    /// Answers with this response as it is, such as HTML from a proxy.
    pub fn respond_http(self, response: Response<Vec<u8>>) -> Self {
        self.answer(move |_, _| Ok(response.clone()))
    }

    /// Fails in this way, without an answer.
    pub fn fail(self, kind: TransportErrorKind) -> Self {
        self.answer(move |_, _| Err(TransportError::new(kind, "as the mock was told")))
    }

    /// Answers like [`respond`](Self::respond), but after this time on the mock's clock, as a slow service does. A call or
    /// attempt with a limit up to this time ends at its limit.
    pub fn respond_after(self, delay: Duration, result: Result<I::Output, I::ServiceError>) -> Self {
        self.respond(result).change(|rule| {
            if let Some(last) = rule.answers.last_mut() {
                last.delay = delay;
            }
        })
    }

    /// Ends the rule after its last answer, which is otherwise repeated. Then an older rule answers, or none.
    pub fn once(self) -> Self {
        self.change(|rule| rule.ends = true)
    }
}

fn unsendable(error: crate::EncodeError) -> TransportError {
    refused(format!("the mock's answer cannot be sent: {error}"))
}

fn encode<I: Operation>(
    protocol: Protocol,
    result: &Result<I::Output, I::ServiceError>,
) -> Result<Response<Vec<u8>>, TransportError> {
    let error = match result {
        Ok(output) => return respond(I::DESCRIPTION, protocol, output).map_err(unsendable),
        Err(error) => error,
    };
    let status =
        if error.retry() == Some(Retry::Throttling) { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::BAD_REQUEST };
    let response = respond_error(protocol, status, error).map_err(unsendable)?;
    response.ok_or_else(|| refused("an error without a shape has no code: use respond_code".to_owned()))
}

impl Transport for Mock {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let start = self.1.elapsed();
        Box::pin(async move {
            let (result, delay) = self.prepare(&request)?;
            if self.1.elapsed() > start {
                // The answer has moved the clock itself: a limit that is over by then comes first.
                yield_once().await;
            }
            if !delay.is_zero() {
                self.1.sleep(delay).await;
            }
            result.map(|response| response.map(Bytes::from))
        })
    }
}

/// Lets what is polled beside this have its turn.
async fn yield_once() {
    let mut yielded = false;
    poll_fn(|context| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl BlockingTransport for Mock {
    fn send(&self, request: Request<Bytes>, timeout: Option<Duration>) -> Result<Response<Bytes>, TransportError> {
        let start = self.1.elapsed();
        let (result, delay) = self.prepare(&request)?;
        let spent = self.1.elapsed().saturating_sub(start);
        match timeout {
            Some(timeout) if timeout <= spent.saturating_add(delay) => {
                self.1.advance(timeout.saturating_sub(spent));
                Err(TransportError::new(TransportErrorKind::Timeout, "the mock's answer came too late"))
            }
            _ => {
                self.1.advance(delay);
                result.map(|response| response.map(Bytes::from))
            }
        }
    }
}

impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("Mock").field("rules", &state.rules.len()).field("calls", &state.calls.len()).finish()
    }
}
