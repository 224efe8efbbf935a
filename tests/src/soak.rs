//! Many calls at a time against a server that often fails, each compared with what the server did about it.
//!
//! `cargo run --release -p workstream-tests --bin soak`

mod check;
mod process;
mod report;

use crate::appstream_server::{AppStream, Arrival, CALL, Trouble};
pub use check::kind;
use check::{MAX_ATTEMPTS, Outcome, check};
use fastrand::Rng;
use http::{HeaderValue, StatusCode};
use report::Counts;
pub use report::Report;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use workstream::appstream::{self, Error, types::*};
use workstream::client::{
    Answer, Async, BoxFuture, Call, Config, Credentials, CredentialsError, ProvideCredentials, RetryConfig, SystemClock,
};
use workstream::{Operation, Protocol};

/// What to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many calls, all pages of a listing for one; 1000 at least, to have room for all that happens.
    pub calls: usize,
    /// What the faults and the kinds of calls depend on.
    pub seed: u64,
    /// How many calls at a time.
    pub concurrency: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { calls: 100_000, seed: 1, concurrency: 64 }
    }
}

/// How long hasty calls wait for an answer.
const HASTE: Duration = Duration::from_millis(200);

/// How often a listing is resumed at one place.
const RESUMPTIONS: usize = 5;

/// A number that depends on nothing but these three.
fn random(seed: u64, call: usize, request: usize) -> Rng {
    let mut rng = Rng::with_seed(seed ^ (call as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    Rng::with_seed(rng.u64(..) ^ request as u64)
}

/// What is to go wrong. Calls are named `<mark>-<number>`: `h` for hasty ones, `o` for those in the outage.
fn trouble(seed: u64, arrival: &Arrival<'_>) -> Option<Trouble> {
    let (mark, number) = arrival.call.split_once('-')?;
    if mark == "o" {
        return Some(Trouble::Html(StatusCode::SERVICE_UNAVAILABLE));
    }
    let mut rng = random(seed, number.parse().ok()?, arrival.index);
    // In thousandths of all requests.
    let (slow, at) = (mark == "h", rng.u32(..1000));
    Some(match at {
        0..20 => Trouble::Reset,
        20..30 => Trouble::Close,
        30..40 => Trouble::HalfBody,
        40..50 => Trouble::ResetInBody,
        50..60 => Trouble::TooManyRequests,
        60..63 => Trouble::Unavailable(1),
        63..73 => Trouble::Html(StatusCode::BAD_GATEWAY),
        73..76 => Trouble::Html(StatusCode::OK),
        76..86 => Trouble::Code(StatusCode::BAD_REQUEST, "ThrottlingException"),
        86..88 => Trouble::Garbage,
        88..98 => Trouble::SlowBody,
        98..108 => Trouble::CloseAfter,
        108..408 if slow => Trouble::Silence,
        408..708 if slow => Trouble::EndlessBody,
        _ => return None,
    })
}

/// Temporary credentials, new ones whenever it is asked.
#[derive(Debug)]
struct Rotating(Arc<AppStream>);

impl ProvideCredentials for Rotating {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        let tomorrow = std::time::SystemTime::now() + Duration::from_secs(24 * 60 * 60);
        Box::pin(std::future::ready(Ok(self.0.new_credentials().expires_at(tomorrow))))
    }
}

/// Runs all calls. The report says what was wrong, if anything was.
pub fn run(options: &Options) -> Report {
    let started = Instant::now();
    let mut report = Report::new(options.clone());
    report.sockets_before = process::sockets();
    let seed = options.seed;
    let server = Arc::new(AppStream::tls(SystemClock, move |arrival| trouble(seed, arrival)));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let config = server
        .config()
        .credentials(Rotating(Arc::clone(&server)))
        .retry(RetryConfig::standard().max_attempts(MAX_ATTEMPTS as u32).initial_backoff(Duration::from_millis(20)))
        .build();
    let soak = Arc::new(Soak::new(options.clone(), Arc::clone(&server), &config));
    drop(config);

    let calls = options.calls;
    let start = calls * 40 / 100;
    // Long enough to use up the budget for retries.
    let outage = start..start + (calls * 3 / 100).max(100);
    for (phase, until) in [("before", outage.start), ("outage", outage.end), ("after", calls)] {
        soak.phase(&runtime, phase, until);
        report.phases.push((phase, std::mem::take(&mut *soak.counts.lock().unwrap())));
    }
    report.samples = std::mem::take(&mut *soak.samples.lock().unwrap());
    report.requests = server.server().requests();
    report.connections = server.server().connections();
    report.credentials = server.credentials_given();
    // A task is counted for a moment after it has been joined.
    report.tasks = settled(0, || runtime.metrics().num_alive_tasks());
    drop(soak);
    // Connections go with the last client.
    server.server().wait_until_closed(report.connections);
    drop(runtime);
    drop(server);
    report.sockets_after = settled(report.sockets_before, process::sockets);
    report.resident_after = process::resident_kib();
    report.elapsed = started.elapsed();
    report.judge();
    report
}

/// What `count` gives, once it is no more than `goal`, or after a while in which it never was.
fn settled<T: PartialOrd>(goal: T, count: impl Fn() -> T) -> T {
    let limit = Instant::now() + Duration::from_secs(10);
    loop {
        let now = count();
        if now <= goal || Instant::now() > limit {
            return now;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

struct Soak {
    options: Options,
    server: Arc<AppStream>,
    client: appstream::Client,
    next: AtomicUsize,
    counts: Mutex<Counts>,
    samples: Mutex<Vec<report::Sample>>,
}

impl Soak {
    fn new(options: Options, server: Arc<AppStream>, config: &Config) -> Self {
        Self {
            options,
            server,
            client: appstream::Client::new(config),
            next: AtomicUsize::new(0),
            counts: Mutex::default(),
            samples: Mutex::default(),
        }
    }

    /// All calls before number `until` that were not made yet, so many at a time.
    fn phase(self: &Arc<Self>, runtime: &Runtime, phase: &'static str, until: usize) {
        let workers: Vec<_> = (0..self.options.concurrency)
            .map(|_| {
                let soak = Arc::clone(self);
                runtime.spawn(async move {
                    loop {
                        let number = soak.next.fetch_add(1, Ordering::SeqCst);
                        if number >= until {
                            return;
                        }
                        soak.event(number);
                        soak.one(number, phase).await;
                    }
                })
            })
            .collect();
        for worker in workers {
            runtime.block_on(worker).expect("workers do not panic");
        }
        self.next.store(until, Ordering::SeqCst);
        if until == self.options.calls {
            self.sample(until);
        }
    }

    /// What happens once, at a fixed place: the service's clock jumps, credentials end, memory is looked at.
    fn event(&self, number: usize) {
        let at = |percent: usize| number == self.options.calls * percent / 100;
        if at(10) || at(50) {
            self.sample(number);
        }
        if at(20) {
            self.server.set_clock_ahead(2 * 60 * 60);
        }
        if at(70) {
            self.server.set_clock_ahead(-60 * 60);
        }
        if at(30) || at(80) {
            self.server.expire_credentials();
        }
    }

    fn sample(&self, calls: usize) {
        let sample = report::Sample { calls, resident_kib: process::resident_kib(), sockets: process::sockets() };
        self.samples.lock().unwrap().push(sample);
    }

    async fn one(&self, number: usize, phase: &str) {
        let mut rng = random(self.options.seed, number, usize::MAX);
        let kind = rng.u32(..100);
        let (hasty, outage) = (kind < 2, phase == "outage");
        let name = format!(
            "{}-{number}",
            if outage {
                "o"
            } else if hasty {
                "h"
            } else {
                "n"
            }
        );
        let subject = Subject { soak: self, name, hasty, rng };
        match kind {
            0..2 => subject.describe().await,
            2..12 => subject.list().await,
            12..20 => subject.create_and_delete().await,
            20..26 => subject.miss().await,
            26..36 => subject.cancel().await,
            _ => subject.describe().await,
        }
    }

    fn count(&self, count: impl FnOnce(&mut Counts)) {
        count(&mut self.counts.lock().unwrap());
    }
}

/// A call, or a few that belong together.
struct Subject<'s> {
    soak: &'s Soak,
    name: String,
    hasty: bool,
    rng: Rng,
}

impl Subject<'_> {
    fn call<I: Operation<ServiceError = appstream::ServiceError>>(&mut self, input: I) -> Call<I, Async> {
        let name = HeaderValue::try_from(&self.name).expect("names are ASCII");
        let protocol = if self.rng.bool() { Protocol::RpcV2Cbor } else { Protocol::AwsJson1_1 };
        let call = self.soak.client.call(input).header(CALL, name).protocol(protocol);
        if self.hasty { call.attempt_timeout(HASTE) } else { call }
    }

    /// Compares a call's result with what the server did, and counts it.
    fn judge(&self, outcome: Outcome, attempts: Option<u32>) {
        let log = self.soak.server.take_log(&self.name);
        let verdict = check(&log, &outcome, attempts, self.hasty);
        self.soak.count(|counts| match verdict {
            Ok(verdict) => counts.add(outcome.err(), &verdict),
            Err(wrong) => counts.wrong(format!("{}: {wrong}", self.name)),
        });
    }

    fn ended<T: std::fmt::Debug>(&self, result: Result<Answer<T>, Error>) {
        match result {
            Ok(answer) => self.judge(Ok(format!("{:?}", answer.output)), Some(answer.attempts)),
            Err(error) => self.judge(Err(kind(&error)), Some(error.attempts())),
        }
    }

    fn describe_one(&mut self) -> Call<DescribeFleetsInput, Async> {
        let fleets = self.soak.server.fleets();
        let name = &fleets[self.rng.usize(..fleets.len())].name;
        self.call(DescribeFleetsInput::new().names([name]))
    }

    async fn describe(mut self) {
        let result = self.describe_one().with_metadata().await;
        self.ended(result);
    }

    /// Something that is not there.
    async fn miss(mut self) {
        let result = self.call(DeleteImageBuilderInput::new("nobody")).with_metadata().await;
        self.ended(result);
    }

    async fn create_and_delete(mut self) {
        let create = CreateImageBuilderInput::new(&self.name, "stream.standard.large").description("a builder, \u{e4}");
        let result = self.call(create).with_metadata().await;
        self.ended(result);
        let result = self.call(DeleteImageBuilderInput::new(&self.name)).with_metadata().await;
        self.ended(result);
    }

    /// A call that is dropped after a while, if it has not ended before.
    async fn cancel(mut self) {
        let patience = Duration::from_micros(self.rng.u64(..4000));
        match tokio::time::timeout(patience, self.describe_one().with_metadata().into_future()).await {
            Ok(result) => self.ended(result),
            Err(_) => {
                let log = self.soak.server.take_log(&self.name);
                self.soak.count(|counts| counts.cancelled(&log));
            }
        }
    }

    /// All fleets: by items and with a stop in the middle, resumed there and after failures.
    async fn list(mut self) {
        let fleets = self.soak.server.fleets();
        let (mut names, mut token, mut failures) = (Vec::new(), None, 0);
        let mut stop = Some(self.rng.usize(1..fleets.len()));
        loop {
            let mut items = self.call(DescribeFleetsInput::new()).items();
            if let Some(token) = token.take() {
                items = items.starting_token(token);
            }
            if let Some(stop) = stop.take() {
                items = items.max_items(stop);
            }
            let before = names.len();
            let failed = loop {
                match items.next().await {
                    Some(Ok(fleet)) => names.push(fleet.name),
                    Some(Err(error)) => break Some(error),
                    None => break None,
                }
            };
            failures = if names.len() > before { 0 } else { failures + 1 };
            let log = self.soak.server.take_log(&self.name);
            self.soak.count(|counts| counts.pages(&self.name, &log, failed.as_ref().map(kind)));
            token = items.resume_token();
            if token.is_none() || failures > RESUMPTIONS {
                break;
            }
        }
        let is_right = match token {
            None => names.iter().eq(fleets.iter().map(|fleet| &fleet.name)),
            Some(_) => names.iter().zip(fleets).all(|(name, fleet)| *name == fleet.name),
        };
        let (complete, name) = (token.is_none(), &self.name);
        self.soak.count(|counts| counts.listing(complete, (!is_right).then(|| format!("{name}: {names:?}"))));
    }
}
