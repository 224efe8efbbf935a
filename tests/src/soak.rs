//! Many calls at a time against a server that often fails, each compared with what the server did about it. The server
//! is a process of its own, so that this one has what the client has.
//!
//! `cargo run --release -p workstream-tests --bin soak`

mod check;
mod client;
mod process;
mod remote;
mod report;
mod subject;
mod trouble;

use check::MAX_ATTEMPTS;
pub use check::kind;
pub use client::Kind;
use remote::Remote;
pub use remote::{SERVE, serve};
use report::Counts;
pub use report::Report;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use subject::Subject;
use trouble::random;
use workstream::appstream::client::Client;
use workstream::client::{
    BoxFuture, Config, Credentials, CredentialsError, ProvideCredentials, RetryConfig, SourceContext,
};

/// What to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many calls, all pages of a listing for one; 1000 at least, to have room for all that happens.
    pub calls: usize,
    /// What the faults and the kinds of calls depend on.
    pub seed: u64,
    /// How many calls at a time.
    pub concurrency: usize,
    /// The program that is the server: it calls [`serve`] when its first argument is [`SERVE`].
    pub server: PathBuf,
    /// The bytes that this process has allocated, where its allocator counts them.
    pub allocated: fn() -> Option<usize>,
}

impl Options {
    /// As many calls as say something.
    pub fn new(server: PathBuf, allocated: fn() -> Option<usize>) -> Self {
        Self { calls: 100_000, seed: 1, concurrency: 64, server, allocated }
    }
}

/// Temporary credentials, new ones whenever it is asked.
#[derive(Clone)]
struct Rotating(Arc<Remote>);

impl std::fmt::Debug for Rotating {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rotating")
    }
}

impl ProvideCredentials for Rotating {
    fn provide<'a>(&'a self, _: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        let tomorrow = std::time::SystemTime::now() + Duration::from_secs(24 * 60 * 60);
        Box::pin(std::future::ready(Ok(self.0.new_credentials().expires_at(tomorrow))))
    }
}

/// Runs all calls with one kind of client. The report says what was wrong, if anything was.
pub fn run<M: Kind>(options: &Options) -> Report {
    let started = Instant::now();
    let mut report = Report::new(M::NAME, options.clone());
    report.sockets_before = process::sockets();
    let server = Arc::new(Remote::start(&options.server, options.seed));
    let threads = M::threads();
    let soak = Arc::new(Soak::<M>::new(options.clone(), Arc::clone(&server)));

    let calls = options.calls;
    let at = |percent: usize| calls * percent / 100;
    // Long enough to use up the budget for retries.
    let outage = at(40)..at(40) + (calls * 3 / 100).max(100);
    let half = at(50).max(outage.end);
    // Where nothing is under way, and whether memory is looked at there. A phase may have several.
    let stops = [
        ("before", at(10), true),
        ("before", outage.start, false),
        ("outage", outage.end, false),
        ("after", half, true),
        ("after", calls, true),
    ];
    for (index, (phase, until, is_sampled)) in stops.into_iter().enumerate() {
        M::work(&threads, &soak, phase, until);
        soak.next.store(until, Ordering::SeqCst);
        if stops.get(index + 1).is_none_or(|(next, ..)| *next != phase) {
            report.phases.push((phase, std::mem::take(&mut *soak.counts.lock().unwrap())));
        }
        if is_sampled {
            report.samples.push(soak.sample(until));
        }
    }
    [report.requests, report.connections, report.credentials] = server.counts();
    // A task is counted for a moment after it has been joined.
    report.tasks = settled(0, || M::tasks(&threads));
    drop(soak);
    // Connections go with the last client.
    server.wait_until_closed();
    drop(threads);
    drop(server);
    report.sockets_after = settled(report.sockets_before, process::sockets);
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

/// A client that is under way.
pub struct Soak<M: Kind> {
    options: Options,
    server: Arc<Remote>,
    transport: Arc<M::Transport>,
    client: Client<M>,
    next: AtomicUsize,
    counts: Mutex<Counts>,
}

impl<M: Kind> Soak<M> {
    fn new(options: Options, server: Arc<Remote>) -> Self {
        let transport = M::transport(server.http_options());
        let config = Config::builder()
            .region(crate::appstream_server::REGION)
            .endpoint_url(&server.url)
            .credentials(Rotating(Arc::clone(&server)))
            .retry(
                RetryConfig::standard().max_attempts(MAX_ATTEMPTS as u32).initial_backoff(Duration::from_millis(20)),
            );
        let client = Client::new(&M::config(config, &transport).build());
        Self { options, server, transport, client, next: AtomicUsize::new(0), counts: Mutex::default() }
    }

    fn concurrency(&self) -> usize {
        self.options.concurrency
    }

    /// Makes calls, one after the other, as long as there are some before number `until`.
    async fn work(&self, phase: &'static str, until: usize) {
        loop {
            let number = self.next.fetch_add(1, Ordering::SeqCst);
            if number >= until {
                return;
            }
            self.event(number);
            self.one(number, phase).await;
        }
    }

    /// What happens once, at a fixed place: the service's clock jumps, credentials end.
    fn event(&self, number: usize) {
        let at = |percent: usize| number == self.options.calls * percent / 100;
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

    /// What there is while nothing is under way: without connections, whose number depends on chance.
    fn sample(&self, calls: usize) -> report::Sample {
        M::close_idle(&self.transport);
        self.server.wait_until_closed();
        self.server.forget_logs();
        let (allocated, resident_kib) = ((self.options.allocated)(), process::resident_kib());
        report::Sample { calls, allocated, resident_kib, sockets: process::sockets() }
    }

    async fn one(&self, number: usize, phase: &str) {
        let mut rng = random(self.options.seed, number, usize::MAX);
        let kind = rng.u32(..100);
        let hasty = kind < 2;
        let mark = match phase {
            "outage" => 'o',
            _ if hasty => 'h',
            _ => 'n',
        };
        let subject = Subject { soak: self, name: format!("{mark}-{number}"), hasty, rng };
        match kind {
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
