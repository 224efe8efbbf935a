//! One call, from its input to its result, without any IO: a state machine that says what to do next and is told what
//! came of it. The async and the blocking client only differ in who does it.

use super::endpoint_url::EndpointUrl;
use super::error::{ClientError, ConfigError, TimeLimit};
use super::interceptor::Asked;
use super::observe::{CallOutcome, Observer};
use super::overrides::Overrides;
use super::retry::{Cost, FailedAttempt, Failure, RateLimiter, Retry, RetryConfig, RetryMode, asked_delay};
use super::shared::{Shared, Target};
use super::signing::{SigningError, SigningScope, sign};
use super::transport::TransportError;
use super::{Credentials, CredentialsError, http_date, random};
#[cfg(feature = "test-util")]
use crate::dynamic::CalledOperation;
use crate::endpoint::{Endpoint, EndpointConfig, EndpointError};
use crate::parts::Parts;
use crate::protocol::SMITHY_PROTOCOL;
use crate::{EncodeError, OperationDescription, Protocol, Value};
use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderName, HeaderValue, USER_AGENT};
use http::uri::{Authority, Scheme};
use http::{HeaderMap, Request, Response};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// A call without its types, so that all this is compiled once and not per operation.
pub(super) trait Erased: Send {
    fn operation(&self) -> &'static OperationDescription;
    fn fill_tokens(&mut self);
    fn request(&self, protocol: Protocol) -> Result<Request<Vec<u8>>, EncodeError>;
    /// What the request calls, for who records it.
    #[cfg(feature = "test-util")]
    fn called(&self, protocol: Protocol) -> CalledOperation;
    fn host_prefix(&self) -> Option<String>;
    fn endpoint(&self, config: &EndpointConfig) -> Option<Result<Endpoint, EndpointError>>;
    /// Reads a response into the call's result, and says whether it is a success.
    fn read(&mut self, protocol: Protocol, parts: &Parts<'_>) -> bool;
    /// Makes this the call's result.
    fn fail(&mut self, error: ClientError);
    fn fail_encode(&mut self, error: EncodeError);
    /// The failure that is the call's result, and what the standard classifier thinks of it; nothing where no other
    /// attempt can help.
    fn failure(&self) -> Option<(Failure<'_>, Retry)>;
    /// The call ends with the result that it has; `host` was called, if any was.
    fn finish(&mut self, attempts: u32, host: Option<&Authority>);
    /// For those who look at calls, and for who checks them.
    fn input(&self) -> &dyn Value;
    /// The same; `None` where there is no result yet.
    fn outcome(&self) -> Option<CallOutcome<'_>>;
}

/// What to do next.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "steps are moved once and never kept")]
pub(super) enum Step {
    /// Get credentials, and go on with [`Invocation::identified`].
    Identify {
        /// How much time is left for it.
        limit: Option<Duration>,
    },
    /// Forget these credentials, and go on with [`Invocation::replaced`].
    Replace { credentials: Arc<Credentials> },
    /// Send this, and go on with [`Invocation::answered`].
    Send {
        request: Request<Bytes>,
        /// How much time is left for it.
        limit: Option<Duration>,
    },
    /// Wait so long, and go on with [`Invocation::rested`].
    Rest(Duration),
    /// The call has its result.
    Done,
}

/// What came of [`Step::Send`].
pub(super) type Sent = Result<Response<Bytes>, SendError>;

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum SendError {
    Transport(TransportError),
    /// The limit of the step has passed.
    Timeout,
}

/// A call under way.
pub(super) struct Invocation<'c> {
    shared: &'c Shared,
    overrides: Option<&'c Overrides>,
    call: &'c mut dyn Erased,
    protocol: Protocol,
    /// When the call has to end, on the clock's monotonic time.
    deadline: Option<Duration>,
    /// The same in every attempt.
    id: HeaderValue,
    target: Option<Arc<Target>>,
    credentials: Option<Arc<Credentials>>,
    /// Those that the service has just refused.
    refused: Option<Arc<Credentials>>,
    /// When the last attempt was signed, as the service was thought to see it.
    signed: SystemTime,
    attempt: u32,
    /// What the last retry took from the budget.
    cost: Option<Cost>,
    /// Whether the call ends after the pause.
    gives_up: bool,
    /// Who looks at it.
    observer: Option<Box<Observer<'c>>>,
}

pub(super) const INVOCATION_ID: HeaderName = HeaderName::from_static("amz-sdk-invocation-id");
pub(super) const ATTEMPT: HeaderName = HeaderName::from_static("amz-sdk-request");

/// Codes of refusals because of the signature's date.
pub(super) const SKEW_CODES: &[&str] = &[
    "AuthFailure",
    "InvalidSignatureException",
    "RequestExpired",
    "RequestInTheFuture",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
];

/// Codes of refusals because temporary credentials have ended.
pub(super) const EXPIRED_CODES: &[&str] = &["ExpiredToken", "ExpiredTokenException"];

impl<'c> Invocation<'c> {
    pub fn new(shared: &'c Shared, overrides: Option<&'c Overrides>, call: &'c mut dyn Erased) -> Self {
        let settings = &*shared.config.0;
        let timeout = overrides.and_then(|overrides| overrides.call_timeout).unwrap_or(settings.call_timeout);
        Self {
            protocol: overrides.and_then(|overrides| overrides.protocol).unwrap_or_else(|| shared.protocol()),
            deadline: timeout.map(|timeout| settings.clock.monotonic().saturating_add(timeout)),
            id: HeaderValue::from_maybe_shared(Bytes::from(random::uuid())).unwrap_or(HeaderValue::from_static("-")),
            shared,
            overrides,
            call,
            target: None,
            credentials: None,
            refused: None,
            signed: SystemTime::UNIX_EPOCH,
            attempt: 0,
            cost: None,
            gives_up: false,
            observer: Observer::new(settings),
        }
    }

    pub fn operation(&self) -> &'static OperationDescription {
        self.call.operation()
    }

    /// Which attempt is under way, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The first step.
    pub fn start(&mut self) -> Step {
        self.call.fill_tokens();
        #[cfg(feature = "validate")]
        if self.shared.config.0.validate
            && let Err(violations) = self.operation().service.validate(self.call.input())
        {
            return self.end(ClientError::Invalid(violations));
        }
        match self.find_target(None) {
            Ok(target) if target.region.is_empty() && !self.is_unsigned() => {
                self.end(ClientError::Config(self.shared.config.no_region()))
            }
            Ok(target) => {
                self.target = Some(target);
                self.begin()
            }
            // Credentials may tell what is missing.
            Err(ClientError::Endpoint(_)) if self.requires_account() => self.begin(),
            Err(error) => self.end(error),
        }
    }

    /// Whether nobody is named: the operation is open to all, or is to be called like that.
    fn is_unsigned(&self) -> bool {
        self.operation().unsigned || self.shared.config.0.is_anonymous
    }

    /// Whether the endpoint rules insist on an account, which only the credentials know.
    fn requires_account(&self) -> bool {
        !self.is_unsigned()
            && self.shared.endpoint_config.as_ref().is_ok_and(|config| {
                config.account_id.is_none() && config.account_id_endpoint_mode.as_deref() == Some("required")
            })
    }

    /// The target of calls by these credentials, where it is another because of their account.
    fn find_account_target(&self, credentials: &Credentials) -> Result<Option<Arc<Target>>, ClientError> {
        let config = self.shared.endpoint_config.as_ref().map_err(|error| ClientError::Config(error.clone()))?;
        let is_open = config.account_id.is_none() && config.account_id_endpoint_mode.as_deref() != Some("disabled");
        match &credentials.account_id {
            Some(account) if is_open => self.find_target(Some(account)).map(Some),
            None if self.target.is_none() => self.find_target(None).map(Some),
            _ => Ok(None),
        }
    }

    /// Begins an attempt, once the rate limit has a token for it.
    fn begin(&mut self) -> Step {
        let pause = self.rate_limiter().and_then(|limiter| limiter.acquire(self.shared.config.0.clock.monotonic()));
        let Some(pause) = pause else { return self.identify() };
        match self.time_left() {
            // A pause that outlasts the call would only hide what went wrong.
            Ok(Some(left)) if left <= pause && self.attempt > 0 => self.done(),
            Ok(Some(left)) if left <= pause => self.end(ClientError::RateLimit { pause, left }),
            Ok(_) => Step::Rest(pause),
            Err(error) => self.end(error),
        }
    }

    fn identify(&mut self) -> Step {
        if self.is_unsigned() || self.shared.service.bearer {
            return self.send();
        }
        match self.time_left() {
            Ok(limit) => Step::Identify { limit },
            Err(error) => self.end(error),
        }
    }

    /// After [`Step::Identify`]; `None` where its limit has passed.
    pub fn identified(&mut self, credentials: Option<Result<Arc<Credentials>, CredentialsError>>) -> Step {
        match credentials {
            // The source has no others: the refusal is the result.
            Some(Ok(credentials)) if self.refused.take().is_some_and(|refused| *refused == *credentials) => self.done(),
            Some(Ok(credentials)) => match self.find_account_target(&credentials) {
                Ok(target) => {
                    self.target = target.or(self.target.take());
                    self.credentials = Some(credentials);
                    self.send()
                }
                Err(error) => self.end(error),
            },
            Some(Err(error)) => self.end(ClientError::Credentials(error)),
            None => {
                let error = self.out_of_time();
                self.end(error)
            }
        }
    }

    fn send(&mut self) -> Step {
        self.attempt += 1;
        let limit = match self.time_left() {
            Ok(left) => [left, self.attempt_timeout()].into_iter().flatten().min(),
            Err(error) => return self.end(error),
        };
        #[cfg_attr(not(feature = "test-util"), expect(unused_mut, reason = "recorders want to know more"))]
        let mut request = match self.call.request(self.protocol) {
            Ok(request) => request.map(Bytes::from),
            Err(error) => {
                self.call.fail_encode(error);
                return self.done();
            }
        };
        #[cfg(feature = "test-util")]
        if self.shared.config.0.tells_operations {
            request.extensions_mut().insert(self.call.called(self.protocol));
        }
        self.signed = self.shared.now();
        match self.complete(request) {
            Ok(request) => {
                if let Some(observer) = &mut self.observer {
                    observer.sending(&request);
                }
                Step::Send { request, limit }
            }
            // A service's clock must not keep what this machine's could sign from being sent.
            Err(ClientError::Signing(SigningError::Time)) if self.shared.forget_skew() => {
                self.attempt -= 1;
                self.send()
            }
            Err(error) => self.end(error),
        }
    }

    /// The request with its URI, all headers and the signature.
    fn complete(&self, mut request: Request<Bytes>) -> Result<Request<Bytes>, ClientError> {
        let Some(target) = &self.target else { return Err(ClientError::Endpoint(EndpointError::NoRule)) };
        *request.uri_mut() = target.uri(request.uri()).map_err(ClientError::Config)?;
        let headers = request.headers_mut();
        headers.insert(USER_AGENT, self.shared.user_agent.header(self.retry_config().mode).clone());
        // Without it, any coding of the answer would be allowed (RFC 9110, section 12.5.3).
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        headers.insert(INVOCATION_ID, self.id.clone());
        let attempt = format!("attempt={}; max={}", self.attempt, self.max_attempts());
        headers.insert(
            ATTEMPT,
            HeaderValue::from_maybe_shared(Bytes::from(attempt)).unwrap_or(HeaderValue::from_static("")),
        );
        for (name, value) in &target.headers {
            headers.append(name, value.clone());
        }
        for (name, value) in self.overrides.iter().flat_map(|overrides| &overrides.headers) {
            headers.insert(name, value.clone());
        }
        if let Some(observer) = &self.observer {
            observer.before_signing(self.asked(), self.attempt, &mut request).map_err(ClientError::Interceptor)?;
        }
        if self.shared.service.bearer && !self.is_unsigned() {
            let authorization = self.bearer(request.uri().scheme())?;
            request.headers_mut().insert(AUTHORIZATION, authorization);
        }
        if let Some(credentials) = &self.credentials {
            let scope = SigningScope::new(&target.signing_name, &target.region);
            let scope = if target.signs_plain_paths { scope.with_plain_paths() } else { scope };
            sign(&mut request, credentials, scope, self.signed, &self.shared.keys).map_err(ClientError::Signing)?;
        }
        Ok(request)
    }

    /// The token that the service takes, as a header; over HTTPS only.
    fn bearer(&self, scheme: Option<&Scheme>) -> Result<HeaderValue, ClientError> {
        let refuse = |message: &str| ClientError::Config(ConfigError::new(message));
        let Some(token) = &self.shared.config.0.bearer_token else {
            return Err(refuse("no token: Config::builder().bearer_token(...) was not called"));
        };
        if scheme != Some(&Scheme::HTTPS) {
            return Err(refuse("a bearer token is sent over HTTPS only, and the endpoint is not https://"));
        }
        let header = token.header().map_err(ClientError::Credentials)?;
        let mut value = HeaderValue::from_str(&header)
            .map_err(|_| refuse("the bearer token has characters that cannot be sent, such as a line break"))?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// After [`Step::Send`].
    pub fn answered(&mut self, answer: Sent) -> Step {
        match answer {
            Ok(response) => self.responded(&response),
            Err(SendError::Transport(error)) => {
                self.call.fail(ClientError::Transport(self.explained(error)));
                self.attempted(None);
                let retry = self.classified(None);
                self.retry(retry, None)
            }
            Err(SendError::Timeout) => match self.time_left() {
                Ok(_) => {
                    let after = self.attempt_timeout().unwrap_or_default();
                    self.call.fail(ClientError::Timeout { limit: TimeLimit::Attempt, after });
                    self.attempted(None);
                    let retry = self.classified(None);
                    self.retry(retry, None)
                }
                Err(error) => {
                    self.call.fail(error);
                    self.attempted(None);
                    self.done()
                }
            },
        }
    }

    /// A host that the endpoint rules have made, and that has no address, is that of a region without the service.
    fn explained(&self, error: TransportError) -> TransportError {
        let Some(region) = self.shared.config.region().filter(|_| error.is_unknown_host()) else { return error };
        let is_made_of_it = self.target.as_ref().is_some_and(|target| target.has_label(region));
        if !is_made_of_it || self.has_own_url() {
            return error;
        }
        error.asking(format!("is `{region}` the region, and is the service there?"))
    }

    fn responded(&mut self, response: &Response<Bytes>) -> Step {
        let success = self.call.read(self.protocol, &Parts::of(response));
        self.attempted(Some(response));
        if success {
            self.shared.retry.budget.succeed(self.cost);
            self.adjust_rate(false);
            return self.done();
        }
        if let Some(protocol) = self.other_protocol(response) {
            self.protocol = protocol;
            // Nobody has understood this attempt.
            self.attempt -= 1;
            return self.begin();
        }
        let retry = self.classified(Some(response.headers()));
        let code = match self.call.failure() {
            Some((Failure::Service { code, .. }, _)) => code,
            _ => "",
        };
        if SKEW_CODES.contains(&code) && self.attempts_left() && self.corrects_skew(response.headers()) {
            return self.begin();
        }
        if EXPIRED_CODES.contains(&code)
            && let Some(credentials) = self.credentials.take()
        {
            // For the calls to come, even if this one has no attempts left.
            self.refused = Some(Arc::clone(&credentials));
            return Step::Replace { credentials };
        }
        self.retry(retry, Some(response.headers()))
    }

    /// The protocol to speak instead, after an answer of somebody who does not know rpcv2Cbor: local servers often
    /// speak but one protocol. Endpoints of AWS speak all that the model lists.
    fn other_protocol(&self, response: &Response<Bytes>) -> Option<Protocol> {
        let own_url = self.overrides.is_some_and(|overrides| overrides.endpoint_url.is_some());
        let is_chosen = self.shared.chosen_protocol().is_some()
            || self.overrides.is_some_and(|overrides| overrides.protocol.is_some());
        let headers = response.headers();
        let speaks_cbor = headers.contains_key(SMITHY_PROTOCOL)
            || headers.get(CONTENT_TYPE).is_some_and(|value| value == self.protocol.content_type());
        let refuses = matches!(response.status().as_u16(), 400 | 404 | 405 | 415 | 501);
        if is_chosen || !self.has_own_url() || !self.protocol.is_cbor() || speaks_cbor || !refuses {
            return None;
        }
        let other = self.shared.protocol_after(self.protocol)?;
        if !own_url {
            self.shared.remember_protocol(other);
        }
        Some(other)
    }

    /// Whether somebody has said which URL to call.
    fn has_own_url(&self) -> bool {
        self.overrides.is_some_and(|overrides| overrides.endpoint_url.is_some())
            || self.shared.endpoint_config.as_ref().is_ok_and(|config| config.endpoint.is_some())
    }

    /// Whether the answer's date says that ours was wrong.
    fn corrects_skew(&self, headers: &HeaderMap) -> bool {
        let date = headers.get(DATE).and_then(|date| date.to_str().ok()).and_then(http_date);
        date.is_some_and(|date| self.shared.correct_skew(date, self.signed))
    }

    /// What the failed attempt means for another one. Adjusts the rate limit.
    fn classified(&self, headers: Option<&HeaderMap>) -> Retry {
        let retry = self.call.failure().map_or(Retry::Never, |(failure, standard)| {
            let classifier = self.shared.config.0.classifier.as_ref();
            let (operation, attempt) = (self.operation(), self.attempt);
            classifier.map_or(standard, |classifier| {
                classifier.classify(&FailedAttempt { operation, attempt, failure, headers, standard })
            })
        });
        self.adjust_rate(retry == Retry::Throttling);
        retry
    }

    fn adjust_rate(&self, throttled: bool) {
        if let Some(limiter) = self.rate_limiter() {
            limiter.answered(self.shared.config.0.clock.monotonic(), throttled);
        }
    }

    /// What limits the rate of requests, where something does.
    fn rate_limiter(&self) -> Option<&'c RateLimiter> {
        let shared = self.shared;
        let adaptive = self.retry_config().mode == RetryMode::Adaptive;
        adaptive.then(|| shared.retry.limiter(shared.config.0.clock.monotonic()))
    }

    /// After a failure: another attempt, if it makes sense, and there is budget and time for it.
    fn retry(&mut self, retry: Retry, headers: Option<&HeaderMap>) -> Step {
        if retry == Retry::Never || !self.attempts_left() {
            return self.done();
        }
        let (shared, asked) = (self.shared, headers.and_then(asked_delay));
        let delay =
            self.retry_config().delay(&shared.service.retries, self.attempt, retry, asked, &shared.config.0.jitter);
        match self.time_left() {
            // A pause that outlasts the call would only hide what went wrong.
            Ok(Some(left)) if left <= delay => return self.done(),
            Ok(_) => {}
            Err(error) => return self.end(error),
        }
        match shared.retry.budget.take(retry) {
            Some(cost) => {
                self.cost = Some(cost);
                Step::Rest(delay)
            }
            None if self.operation().long_polling => {
                self.gives_up = true;
                Step::Rest(delay)
            }
            None => self.done(),
        }
    }

    /// After [`Step::Rest`].
    pub fn rested(&mut self) -> Step {
        // Credentials may have ended meanwhile, and others may have taken the token that was waited for.
        if self.gives_up { self.done() } else { self.begin() }
    }

    /// What the driver cannot do ends the call.
    pub fn impossible(&mut self, error: ClientError) -> Step {
        self.end(error)
    }

    /// Tells those who look at the call what came of the attempt.
    fn attempted(&self, response: Option<&Response<Bytes>>) {
        if let Some(observer) = &self.observer
            && let Some(outcome) = self.call.outcome()
        {
            observer.attempted(self.asked(), self.attempt, response, outcome);
        }
    }

    /// After [`Step::Done`].
    pub fn ended(&self) {
        if let Some(observer) = &self.observer
            && let Some(outcome) = self.call.outcome()
        {
            observer.ended(self.asked(), self.attempt.max(1), outcome);
        }
    }

    fn asked(&self) -> Asked<'_> {
        let base_path = self.target.as_ref().map_or("", |target| target.base_path());
        Asked { operation: self.operation(), protocol: self.protocol, input: self.call.input(), base_path }
    }

    /// After [`Step::Replace`].
    pub fn replaced(&mut self) -> Step {
        if self.attempts_left() { self.begin() } else { self.done() }
    }

    fn end(&mut self, error: ClientError) -> Step {
        self.call.fail(error);
        self.done()
    }

    fn done(&mut self) -> Step {
        self.call.finish(self.attempt.max(1), self.target.as_ref().map(|target| target.authority()));
        Step::Done
    }

    fn attempts_left(&self) -> bool {
        self.attempt < self.max_attempts()
    }

    fn max_attempts(&self) -> u32 {
        self.retry_config().attempts(&self.shared.service.retries)
    }

    fn retry_config(&self) -> &RetryConfig {
        let own = self.overrides.and_then(|overrides| overrides.retry.as_ref());
        own.unwrap_or(&self.shared.config.0.retry)
    }

    fn attempt_timeout(&self) -> Option<Duration> {
        let own = self.overrides.and_then(|overrides| overrides.attempt_timeout);
        own.unwrap_or(self.shared.config.0.attempt_timeout)
    }

    fn call_timeout(&self) -> Option<Duration> {
        let own = self.overrides.and_then(|overrides| overrides.call_timeout);
        own.unwrap_or(self.shared.config.0.call_timeout)
    }

    /// What is left of the call's time, where it is limited.
    fn time_left(&self) -> Result<Option<Duration>, ClientError> {
        let Some(deadline) = self.deadline else { return Ok(None) };
        match deadline.checked_sub(self.shared.config.0.clock.monotonic()).filter(|left| !left.is_zero()) {
            Some(left) => Ok(Some(left)),
            None => Err(self.out_of_time()),
        }
    }

    fn out_of_time(&self) -> ClientError {
        ClientError::Timeout { limit: TimeLimit::Call, after: self.call_timeout().unwrap_or_default() }
    }

    /// Where the call goes, by credentials of `account` where that is known.
    fn find_target(&self, account: Option<&str>) -> Result<Arc<Target>, ClientError> {
        let shared = self.shared;
        let common = shared.endpoint_config.as_ref().map_err(|error| ClientError::Config(error.clone()))?;
        let own = match self.overrides.and_then(|overrides| overrides.endpoint_url.clone()) {
            Some(url) => Some(own_endpoint(common, url)?),
            None => None,
        };
        let prefix = if shared.config.0.disable_host_prefix { None } else { self.call.host_prefix() };
        let config = own.as_ref().unwrap_or(common);
        if prefix.is_none() && own.is_none() && self.call.endpoint(config).is_none() {
            return match account {
                None => shared.common_target(common),
                Some(account) => shared.account_target(common, account),
            };
        }
        let resolve = |config: &EndpointConfig| {
            let mut endpoint = self.call.endpoint(config).unwrap_or_else(|| shared.resolve(config))?;
            if let Some(prefix) = &prefix {
                endpoint = endpoint.with_host_prefix(prefix)?;
            }
            shared.target(&endpoint, config)
        };
        match account {
            None => resolve(config).map(Arc::new).map_err(|error| shared.endpoint_error(error)),
            Some(account) => shared.target_of_account(config, account, resolve),
        }
    }
}

/// `common` with the endpoint URL of one call.
fn own_endpoint(common: &EndpointConfig, url: String) -> Result<EndpointConfig, ConfigError> {
    let checked = EndpointUrl(url).check();
    let url = checked.map_err(|problem| ConfigError::new(format!("the URL given to endpoint_url(...) {problem}")))?;
    Ok(EndpointConfig { endpoint: Some(url), ..common.clone() })
}
