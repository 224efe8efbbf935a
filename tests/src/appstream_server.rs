//! AppStream on the loopback interface, as far as tests need it: real sockets, TLS, both protocols, signatures that are
//! checked, and troubles as planned.

use crate::server::{Fault, Reply, Server, html, too_many_requests, unavailable};
use bytes::Bytes;
use http::header::{AUTHORIZATION, DATE};
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};
use workstream::appstream::{ServiceError, types::*};
use workstream::client::{
    Clock, Config, ConfigBuilder, Credentials, HttpOptions, Mock, SigningKeys, SigningScope, sign,
};
use workstream::runtime::{ServiceError as _, TimestampFormat};
use workstream::{Operation, Timestamp};

/// Requests with the same value of this header belong together: see [`AppStream::take_log`].
pub const CALL: HeaderName = HeaderName::from_static("x-test-call");

/// The region that signatures are valid for.
pub const REGION: &str = "eu-west-1";

/// How many fleets come at a time.
pub const FLEETS_PER_PAGE: usize = 20;

/// After how many descriptions a builder has done what it was told.
const DESCRIPTIONS_UNTIL_READY: u32 = 2;

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Instead of doing what was asked, the connection is reset.
    Reset,
    /// Instead of doing what was asked, the connection is closed.
    Close,
    /// No answer, until the client gives up.
    Silence,
    /// A body that never ends, until the client gives up.
    EndlessBody,
    /// An answer that is not HTTP.
    Garbage,
    /// 429 without a body.
    TooManyRequests,
    /// 503 with `x-amz-retry-after`, here in seconds.
    Unavailable(u64),
    /// A page for people.
    Html(StatusCode),
    /// An error of the service with this code.
    Code(StatusCode, &'static str),
    /// What was asked is done, but only half of the answer comes, then the end of the connection.
    HalfBody,
    /// What was asked is done, but only half of the answer comes, then a reset.
    ResetInBody,
    /// The answer comes in many pieces.
    SlowBody,
    /// After the answer the connection is closed, and nobody has said so.
    CloseAfter,
}

/// A request as a plan sees it.
#[derive(Debug)]
pub struct Arrival<'a> {
    /// The value of [`CALL`], empty without.
    pub call: &'a str,
    /// How many requests of that call came before.
    pub index: usize,
}

/// A request and what was done about it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The same for all attempts of a call.
    pub invocation: String,
    /// What the client says: attempt and maximum.
    pub attempt: String,
    /// When it came.
    pub at: Instant,
    /// What went wrong as planned.
    pub trouble: Option<Trouble>,
    /// What was answered: the output in its `Debug` form, or the error's code. Nothing where the trouble came instead.
    pub answer: Option<Result<String, String>>,
}

/// The server. It stops when dropped.
pub struct AppStream {
    server: Server,
    state: Arc<State>,
    scheme: &'static str,
}

type Plan = dyn Fn(&Arrival<'_>) -> Option<Trouble> + Send + Sync;

struct State {
    plan: Box<Plan>,
    clock: Arc<dyn Clock>,
    /// Seconds that the clock is ahead of the client's.
    ahead: AtomicI64,
    keys: Mutex<Vec<Key>>,
    signing_keys: SigningKeys,
    fleets: Vec<Fleet>,
    builders: Mutex<BTreeMap<String, (ImageBuilder, u32)>>,
    log: Mutex<HashMap<String, Vec<Entry>>>,
}

/// Credentials that the service has given out.
struct Key {
    credentials: Credentials,
    expired: bool,
}

impl AppStream {
    /// With TLS, for `localhost`. The clock is the client's.
    pub fn tls(
        clock: impl Clock + Clone,
        plan: impl Fn(&Arrival<'_>) -> Option<Trouble> + Send + Sync + 'static,
    ) -> Self {
        Self::start("https", clock, plan)
    }

    /// Without TLS.
    pub fn plain(
        clock: impl Clock + Clone,
        plan: impl Fn(&Arrival<'_>) -> Option<Trouble> + Send + Sync + 'static,
    ) -> Self {
        Self::start("http", clock, plan)
    }

    fn start(
        scheme: &'static str,
        clock: impl Clock,
        plan: impl Fn(&Arrival<'_>) -> Option<Trouble> + Send + Sync + 'static,
    ) -> Self {
        let state = Arc::new(State {
            plan: Box::new(plan),
            clock: Arc::new(clock),
            ahead: AtomicI64::new(0),
            keys: Mutex::default(),
            signing_keys: SigningKeys::default(),
            fleets: (0..10 * FLEETS_PER_PAGE - 1).map(fleet).collect(),
            builders: Mutex::default(),
            log: Mutex::default(),
        });
        let handler = {
            let state = Arc::clone(&state);
            move |request| handle(&state, &request)
        };
        let server = if scheme == "https" { Server::tls("localhost", handler) } else { Server::plain(handler) };
        Self { server, state, scheme }
    }

    /// The sockets.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("{}://localhost:{}", self.scheme, self.server.address().port())
    }

    /// How to reach it.
    pub fn http_options(&self) -> HttpOptions {
        let options = HttpOptions::default().only_these_roots();
        if self.scheme == "https" {
            options.root_certificate(self.server.certificate()).expect("the certificate is in DER")
        } else {
            options
        }
    }

    /// A configuration to call it with, except for the clock.
    pub fn config(&self) -> ConfigBuilder {
        Config::builder()
            .region(REGION)
            .endpoint_url(self.url())
            .credentials(self.new_credentials())
            .http(self.http_options())
    }

    /// Credentials that it knows.
    pub fn new_credentials(&self) -> Credentials {
        let mut keys = self.state.keys.lock().unwrap();
        let (id, secret) = (format!("AKIALOOPBACK{:04}", keys.len()), format!("secret/{}+=", keys.len()));
        let credentials = Credentials::new(id, secret).session_token(format!("token {}", keys.len()));
        keys.push(Key { credentials: credentials.clone(), expired: false });
        credentials
    }

    /// From now on refuses all credentials that it has given out so far.
    pub fn expire_credentials(&self) {
        self.state.keys.lock().unwrap().iter_mut().for_each(|key| key.expired = true);
    }

    /// How many credentials it has given out.
    pub fn credentials_given(&self) -> usize {
        self.state.keys.lock().unwrap().len()
    }

    /// Sets by how many seconds its clock is ahead of the client's.
    pub fn set_clock_ahead(&self, seconds: i64) {
        self.state.ahead.store(seconds, Ordering::SeqCst);
    }

    /// The requests with this value of [`CALL`] since it was asked last.
    pub fn take_log(&self, call: &str) -> Vec<Entry> {
        self.state.log.lock().unwrap().remove(call).unwrap_or_default()
    }

    /// Drops what nobody will ask for: of calls that were given up.
    pub fn forget_logs(&self) {
        std::mem::take(&mut *self.state.log.lock().unwrap());
    }

    /// All fleets.
    pub fn fleets(&self) -> &[Fleet] {
        &self.state.fleets
    }

    /// The names of all image builders.
    pub fn image_builders(&self) -> Vec<String> {
        self.state.builders.lock().unwrap().keys().cloned().collect()
    }
}

impl fmt::Debug for AppStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppStream").field("url", &self.url()).finish_non_exhaustive()
    }
}

fn fleet(number: usize) -> Fleet {
    let name = format!("fleet-{number:03}");
    let arn = format!("arn:aws:appstream:{REGION}:123456789012:fleet/{name}");
    let capacity = ComputeCapacityStatus::new(number as i32).running(1);
    Fleet::new(arn, name, "stream.standard.medium", capacity, FleetState::Running)
}

fn handle(state: &Arc<State>, request: &Request<Vec<u8>>) -> Reply {
    let (call, index, trouble) = state.arrive(request);
    match &trouble {
        Some(Trouble::Reset) => return Fault::Reset.into(),
        Some(Trouble::Close) => return Fault::Close.into(),
        Some(Trouble::Silence) => return Fault::Silence.into(),
        Some(Trouble::EndlessBody) => return Fault::EndlessBody.into(),
        Some(Trouble::Garbage) => return Fault::Garbage.into(),
        Some(Trouble::TooManyRequests) => return too_many_requests().into(),
        Some(Trouble::Unavailable(seconds)) => return unavailable(*seconds).into(),
        Some(Trouble::Html(status)) => return html(*status).into(),
        _ => {}
    }
    let refusal = match &trouble {
        Some(Trouble::Code(status, code)) => Some(Refusal(*status, code)),
        _ => state.verify(request).err(),
    };
    let (mut response, answer) = state.answer(request, refusal);
    if let Some(entry) = state.log.lock().unwrap().get_mut(&call).and_then(|entries| entries.get_mut(index)) {
        entry.answer = Some(answer);
    }
    let id = HeaderValue::try_from(format!("{call}-{index}")).expect("calls come from headers");
    response.headers_mut().insert("x-amzn-requestid", id);
    let now = Timestamp::from(state.now());
    let date = now.format(TimestampFormat::HttpDate).expect("a year of four digits");
    response.headers_mut().insert(DATE, date.try_into().expect("dates are ASCII"));
    match trouble {
        Some(Trouble::HalfBody) => Fault::HalfBody(response).into(),
        Some(Trouble::ResetInBody) => Fault::ResetInBody(response).into(),
        Some(Trouble::SlowBody) => Fault::SlowBody(response).into(),
        Some(Trouble::CloseAfter) => Fault::CloseAfter(response).into(),
        _ => response.into(),
    }
}

fn header<'r>(request: &'r Request<Vec<u8>>, name: &HeaderName) -> &'r str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Why a request is refused before it is looked at: status and code.
struct Refusal(StatusCode, &'static str);

const INVALID_SIGNATURE: Refusal = Refusal(StatusCode::BAD_REQUEST, "InvalidSignatureException");

impl State {
    fn now(&self) -> SystemTime {
        let ahead = self.ahead.load(Ordering::SeqCst);
        let (now, size) = (self.clock.now(), Duration::from_secs(ahead.unsigned_abs()));
        if ahead < 0 { now - size } else { now + size }
    }

    /// Logs a request. Tells its call, its place there, and what shall go wrong.
    fn arrive(&self, request: &Request<Vec<u8>>) -> (String, usize, Option<Trouble>) {
        let call = header(request, &CALL).to_owned();
        let mut log = self.log.lock().unwrap();
        let entries = log.entry(call.clone()).or_default();
        let index = entries.len();
        let trouble = (self.plan)(&Arrival { call: &call, index });
        entries.push(Entry {
            invocation: header(request, &HeaderName::from_static("amz-sdk-invocation-id")).to_owned(),
            attempt: header(request, &HeaderName::from_static("amz-sdk-request")).to_owned(),
            at: Instant::now(),
            trouble: trouble.clone(),
            answer: None,
        });
        (call, index, trouble)
    }

    /// Checks who calls, and when: the signature is made again from what has arrived.
    fn verify(&self, request: &Request<Vec<u8>>) -> Result<(), Refusal> {
        let authorization = header(request, &AUTHORIZATION);
        let part = |name: &str| authorization.split([' ', ',']).find_map(|part| part.strip_prefix(name));
        let (Some(credential), Some(signed)) = (part("Credential="), part("SignedHeaders=")) else {
            return Err(Refusal(StatusCode::FORBIDDEN, "MissingAuthenticationTokenException"));
        };
        let id = credential.split('/').next().unwrap_or_default();
        let credentials = {
            let keys = self.keys.lock().unwrap();
            let known = keys.iter().find(|key| key.credentials.access_key_id == id);
            let known = known.ok_or(Refusal(StatusCode::FORBIDDEN, "UnrecognizedClientException"))?;
            if known.expired {
                return Err(Refusal(StatusCode::FORBIDDEN, "ExpiredTokenException"));
            }
            known.credentials.clone()
        };
        let time = signing_time(request).ok_or(INVALID_SIGNATURE)?;
        let again = self.sign_again(request, signed, &credentials, time).ok_or(INVALID_SIGNATURE)?;
        if again != authorization {
            return Err(INVALID_SIGNATURE);
        }
        let tolerated = Duration::from_secs(300);
        match self.now().duration_since(time) {
            Ok(late) if late > tolerated => Err(INVALID_SIGNATURE),
            Err(early) if early.duration() > tolerated => Err(Refusal(StatusCode::FORBIDDEN, "RequestTimeTooSkewed")),
            _ => Ok(()),
        }
    }

    /// What `authorization` has to be; nothing where headers are not signed that have to be.
    fn sign_again(
        &self,
        request: &Request<Vec<u8>>,
        signed: &str,
        credentials: &Credentials,
        time: SystemTime,
    ) -> Option<String> {
        let mut copy = Request::new(Bytes::copy_from_slice(request.body()));
        *copy.method_mut() = request.method().clone();
        *copy.uri_mut() = request.uri().clone();
        for name in signed.split(';') {
            for value in request.headers().get_all(name) {
                copy.headers_mut().append(HeaderName::try_from(name).ok()?, value.clone());
            }
        }
        let names = ["host", "x-amz-date", "x-amz-security-token"];
        if names.iter().any(|name| !copy.headers().contains_key(*name)) {
            return None;
        }
        let scope = SigningScope::new("appstream", REGION);
        sign(&mut copy, credentials, scope, time, &self.signing_keys).ok()?;
        Some(copy.headers()[AUTHORIZATION].to_str().ok()?.to_owned())
    }

    /// Does what is asked.
    fn answer(
        self: &Arc<Self>,
        request: &Request<Vec<u8>>,
        refusal: Option<Refusal>,
    ) -> (Response<Vec<u8>>, Result<String, String>) {
        // One for each request: a mock keeps what it was asked.
        let mut service = Service { mock: Mock::new(), state: self, refusal, answer: Arc::default() };
        service.serves::<DescribeFleetsInput>(State::describe_fleets);
        service.serves::<DescribeImageBuildersInput>(State::describe_image_builders);
        service.serves::<CreateImageBuilderInput>(State::create_image_builder);
        service.serves::<StartImageBuilderInput>(State::start_image_builder);
        service.serves::<DeleteImageBuilderInput>(State::delete_image_builder);
        match service.mock.answer(request) {
            Ok(response) => {
                let answer = service.answer.lock().unwrap().take();
                let refused = service.refusal.map_or("", |refusal| refusal.1);
                (response, answer.unwrap_or_else(|| Err(refused.to_owned())))
            }
            Err(error) => {
                let mut response = html(StatusCode::NOT_IMPLEMENTED);
                *response.body_mut() = error.to_string().into_bytes();
                (response, Err("501".to_owned()))
            }
        }
    }
}

/// `20250101T000000Z`.
fn signing_time(request: &Request<Vec<u8>>) -> Option<SystemTime> {
    let text = header(request, &HeaderName::from_static("x-amz-date"));
    let digits = |from: usize, to: usize| text.get(from..to);
    let (year, month, day) = (digits(0, 4)?, digits(4, 6)?, digits(6, 8)?);
    let (hour, minute, second) = (digits(9, 11)?, digits(11, 13)?, digits(13, 15)?);
    let time: Timestamp = format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z").parse().ok()?;
    SystemTime::try_from(time).ok()
}

/// Answers one request.
struct Service<'s> {
    mock: Mock,
    state: &'s Arc<State>,
    refusal: Option<Refusal>,
    answer: Arc<Mutex<Option<Result<String, String>>>>,
}

impl Service<'_> {
    fn serves<I: Operation<ServiceError = ServiceError>>(
        &mut self,
        serve: fn(&State, &I) -> Result<I::Output, ServiceError>,
    ) {
        let rule = self.mock.on::<I>();
        if let Some(Refusal(status, code)) = self.refusal {
            rule.respond_code(status, code, "as planned");
            return;
        }
        let (state, answer) = (Arc::clone(self.state), Arc::clone(&self.answer));
        rule.respond_with(move |input| {
            let result = serve(&state, input);
            let told = match &result {
                Ok(output) => Ok(format!("{output:?}")),
                Err(error) => Err(error.shape().unwrap_or_default().to_owned()),
            };
            *answer.lock().unwrap() = Some(told);
            result
        });
    }
}

fn not_found(name: &str) -> ServiceError {
    let message = format!("there is no {name}");
    ServiceError::ResourceNotFoundException(ResourceNotFoundException::new().message(message))
}

/// The operations.
impl State {
    fn describe_fleets(&self, input: &DescribeFleetsInput) -> Result<DescribeFleetsOutput, ServiceError> {
        if let Some(names) = &input.names {
            let found = names.iter().map(|name| {
                self.fleets.iter().find(|fleet| fleet.name == *name).cloned().ok_or_else(|| not_found(name))
            });
            return Ok(DescribeFleetsOutput::new().fleets(found.collect::<Result<Vec<_>, _>>()?));
        }
        let rest = self.fleets.iter().filter(|fleet| input.next_token.as_ref().is_none_or(|last| fleet.name > *last));
        let page: Vec<Fleet> = rest.take(FLEETS_PER_PAGE).cloned().collect();
        let next = page.last().map(|fleet| fleet.name.clone());
        let output = DescribeFleetsOutput::new().fleets(page);
        let is_last = next.as_ref() == self.fleets.last().map(|fleet| &fleet.name);
        Ok(match next.filter(|_| !is_last) {
            Some(next) => output.next_token(next),
            None => output,
        })
    }

    fn describe_image_builders(
        &self,
        input: &DescribeImageBuildersInput,
    ) -> Result<DescribeImageBuildersOutput, ServiceError> {
        let mut builders = self.builders.lock().unwrap();
        if let Some(names) = &input.names {
            names.iter().for_each(|name| progress(&mut builders, name));
            let found =
                names.iter().map(|name| builders.get(name).map(|found| found.0.clone()).ok_or_else(|| not_found(name)));
            return Ok(DescribeImageBuildersOutput::new().image_builders(found.collect::<Result<Vec<_>, _>>()?));
        }
        let rest = builders.iter().filter(|(name, _)| input.next_token.as_ref().is_none_or(|last| *name > last));
        let mut rest = rest.map(|(_, (builder, _))| builder.clone()).peekable();
        let limit = input.max_results.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(50);
        let page: Vec<ImageBuilder> = rest.by_ref().take(limit).collect();
        let next = rest.peek().and(page.last()).map(|builder| builder.name.clone());
        let output = DescribeImageBuildersOutput::new().image_builders(page);
        Ok(match next {
            Some(next) => output.next_token(next),
            None => output,
        })
    }

    fn create_image_builder(&self, input: &CreateImageBuilderInput) -> Result<CreateImageBuilderOutput, ServiceError> {
        let mut builders = self.builders.lock().unwrap();
        if builders.contains_key(&input.name) {
            return Err(ServiceError::ResourceAlreadyExistsException(ResourceAlreadyExistsException::new()));
        }
        let mut builder = ImageBuilder::new(&input.name).state(ImageBuilderState::Pending);
        builder.instance_type = Some(input.instance_type.clone());
        builder.description = input.description.clone();
        builders.insert(input.name.clone(), (builder.clone(), 0));
        Ok(CreateImageBuilderOutput::new().image_builder(builder))
    }

    fn start_image_builder(&self, input: &StartImageBuilderInput) -> Result<StartImageBuilderOutput, ServiceError> {
        let mut builders = self.builders.lock().unwrap();
        let (builder, descriptions) = builders.get_mut(&input.name).ok_or_else(|| not_found(&input.name))?;
        builder.state = Some(ImageBuilderState::Pending);
        *descriptions = 0;
        Ok(StartImageBuilderOutput::new().image_builder(builder.clone()))
    }

    fn delete_image_builder(&self, input: &DeleteImageBuilderInput) -> Result<DeleteImageBuilderOutput, ServiceError> {
        let deleted = self.builders.lock().unwrap().remove(&input.name);
        let (builder, _) = deleted.ok_or_else(|| not_found(&input.name))?;
        Ok(DeleteImageBuilderOutput::new().image_builder(builder.state(ImageBuilderState::Deleting)))
    }
}

/// A builder comes up while it is looked at: tests need no time for it.
fn progress(builders: &mut BTreeMap<String, (ImageBuilder, u32)>, name: &str) {
    let Some((builder, descriptions)) = builders.get_mut(name) else { return };
    *descriptions += 1;
    if *descriptions > DESCRIPTIONS_UNTIL_READY {
        builder.state = Some(ImageBuilderState::Running);
    }
}
