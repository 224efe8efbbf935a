//! Each phase of a request keeps the limits of call, attempt and connecting, however slowly a peer moves on.

use super::peer::{Says, full_peer, peer};
use super::runtime;
use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use workstream::appstream::{self, types::CreateStackInput};
use workstream::client::{
    BlockingHttpTransport, BlockingTransport, BoxFuture, ClientError, Config, Credentials, CredentialsError,
    HttpOptions, HttpTransport, ProvideCredentials, RetryConfig, SourceContext, Transport, TransportErrorKind,
};
use workstream_tests::server::{Fault, Server, empty_output};

const LIMIT: Duration = Duration::from_millis(500);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Limit {
    Call,
    Attempt,
    Connect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Async,
    Blocking,
}

/// A source of credentials.
#[derive(Debug)]
struct NeverAnswers;

impl ProvideCredentials for NeverAnswers {
    fn provide<'a>(&'a self, _: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::pending())
    }
}

/// A configuration with which a call gets stuck in one phase.
struct Phase {
    name: &'static str,
    is_connecting: bool,
    url: String,
    http: HttpOptions,
    /// Whether the source of credentials never answers.
    without_credentials: bool,
}

impl Phase {
    fn new(name: &'static str, url: impl fmt::Display) -> Self {
        Self {
            name,
            is_connecting: false,
            url: url.to_string(),
            http: HttpOptions::default(),
            without_credentials: false,
        }
    }

    fn connecting(mut self) -> Self {
        self.is_connecting = true;
        self
    }

    fn http(mut self, options: HttpOptions) -> Self {
        self.http = options;
        self
    }
}

/// How long a call took that gets stuck, and how it ended.
fn stuck(phase: &Phase, limit: Limit, mode: Mode) -> (Duration, appstream::Error) {
    let mut config = Config::builder()
        .region("eu-west-1")
        .credentials(Credentials::new("key", "secret"))
        .retry(RetryConfig::disabled())
        .endpoint_url(&phase.url)
        .attempt_timeout(None)
        .http(phase.http.clone().connect_timeout(Duration::MAX));
    config = match limit {
        Limit::Call => config.call_timeout(LIMIT),
        Limit::Attempt => config.attempt_timeout(LIMIT),
        Limit::Connect => config.http(HttpOptions::default().connect_timeout(LIMIT)),
    };
    if phase.without_credentials {
        config = config.credentials(NeverAnswers);
    }
    timed(&config.build(), mode)
}

fn timed(config: &Config, mode: Mode) -> (Duration, appstream::Error) {
    let input = CreateStackInput::new("stack");
    let start;
    let error = match mode {
        Mode::Async => {
            let (client, runtime) = (appstream::Client::new(config), runtime());
            start = Instant::now();
            let error = runtime.block_on(client.create_stack(input).into_future()).unwrap_err();
            // What a call leaves behind must not hold the runtime.
            drop(runtime);
            error
        }
        Mode::Blocking => {
            let client = appstream::blocking::Client::new(config);
            start = Instant::now();
            client.create_stack(input).send().unwrap_err()
        }
    };
    (start.elapsed(), error)
}

/// Whether it ended by the limit and at the limit. A machine that is busy may be late.
fn measure(phase: &Phase, limit: Limit, mode: Mode) -> Duration {
    let mut took = Duration::MAX;
    for _ in 0..3 {
        let (now, error) = stuck(phase, limit, mode);
        let what = format!("{} {limit:?} {mode:?} after {now:?}: {error}", phase.name);
        match error.client_error() {
            Some(ClientError::Timeout { after, .. }) => assert_eq!(*after, LIMIT, "{what}"),
            _ => assert!(limit == Limit::Connect && error.is_timeout(), "{what}"),
        }
        assert!(error.to_string().contains("500ms"), "{what}");
        assert!(now >= LIMIT, "{what}");
        took = took.min(now);
        if took <= LIMIT.mul_f64(1.2) {
            return took;
        }
    }
    panic!("{} {limit:?} {mode:?}: it took {took:?} instead of {LIMIT:?}", phase.name);
}

fn through_proxy(address: SocketAddr) -> HttpOptions {
    HttpOptions::default().proxy(&format!("http://{address}")).unwrap()
}

#[test]
fn each_phase_keeps_its_limits() {
    let (full, _queued, _runtime) = full_peer();
    let dribbles = |first: &str, then| peer(Says::Dribbles(first.into(), then));
    // The head of a TLS record of 16 KiB, whose bytes then come one by one.
    let slow_tls = peer(Says::Dribbles(vec![0x16, 3, 3, 0x40, 0, 2, 0, 0x3f, 0xfc], b"\0"));
    let tls = Server::tls("localhost", |_| Fault::EndlessBody);
    let trusted = || HttpOptions::default().only_these_roots().root_certificate(tls.certificate()).unwrap();
    let tls_url = format!("https://localhost:{}", tls.address().port());
    let phases = [
        Phase { without_credentials: true, ..Phase::new("credentials", "http://a.example") },
        Phase::new("connect", format_args!("http://{full}")).connecting(),
        Phase::new("connect to a proxy", "https://a.example").http(through_proxy(full)).connecting(),
        Phase::new("CONNECT, silence", "https://a.example").http(through_proxy(peer(Says::Nothing))).connecting(),
        Phase::new("CONNECT", "https://a.example")
            .http(through_proxy(dribbles("HTTP/1.1 200 OK\r\n", b"Via: a\r\n")))
            .connecting(),
        Phase::new("TLS, silence", format_args!("https://{}", peer(Says::Nothing))).http(trusted()).connecting(),
        Phase::new("TLS", format_args!("https://{slow_tls}")).http(trusted()).connecting(),
        Phase::new("head, silence", format_args!("http://{}", peer(Says::Then(Vec::new())))),
        Phase::new("head", format_args!("http://{}", dribbles("HTTP/1.1 200 OK\r\n", b"A: b\r\n"))),
        Phase::new(
            "body",
            format_args!("http://{}", dribbles("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", b"{ ")),
        ),
        Phase::new("body over TLS", &tls_url).http(trusted()),
    ];
    let row = |name: &str, limit: &str, took: [Duration; 2]| {
        let [asynchronous, blocking] = took.map(|took| format!("{} ms", took.as_millis()));
        println!("| {name:<20} | {limit:<7} | {asynchronous:>8} | {blocking:>8} |");
    };
    println!("| phase                | limit   |    async | blocking |  (each limit is {LIMIT:?})");
    for phase in &phases {
        let limits = [Limit::Call, Limit::Attempt, Limit::Connect];
        let limits = limits.iter().filter(|limit| match limit {
            Limit::Call => true,
            Limit::Attempt => !phase.without_credentials,
            Limit::Connect => phase.is_connecting,
        });
        let limits: Vec<_> = limits.copied().collect();
        std::thread::scope(|scope| {
            let both =
                |limit| [Mode::Async, Mode::Blocking].map(|mode| scope.spawn(move || measure(phase, limit, mode)));
            let running: Vec<_> = limits.iter().map(|limit| (limit, both(*limit))).collect();
            for (limit, took) in running {
                row(phase.name, &format!("{limit:?}"), took.map(|took| took.join().unwrap()));
            }
        });
    }
}

#[test]
fn limits_that_are_extreme_are_limits() {
    let silent = format!("http://{}", peer(Says::Then(Vec::new())));
    let answers = Server::plain(|request| empty_output(&request));
    let config = |url: &str| {
        Config::builder()
            .region("eu-west-1")
            .credentials(Credentials::new("key", "secret"))
            .retry(RetryConfig::disabled())
            .endpoint_url(url)
    };
    for mode in [Mode::Async, Mode::Blocking] {
        for config in [
            config(&silent).call_timeout(Duration::ZERO),
            config(&silent).attempt_timeout(Duration::ZERO),
            config(&silent).http(HttpOptions::default().connect_timeout(Duration::ZERO)).attempt_timeout(LIMIT),
        ] {
            let (took, error) = timed(&config.build(), mode);
            assert!(error.is_timeout() && took < LIMIT, "{mode:?} {took:?}: {error}");
        }
        let all = HttpOptions::default().connect_timeout(Duration::MAX).idle_timeout(Duration::MAX);
        let url = format!("http://{}", answers.address());
        let config = config(&url)
            .call_timeout(Duration::MAX)
            .attempt_timeout(Duration::MAX)
            .http(all.max_response_bytes(u64::MAX));
        let config = config.build();
        for _ in 0..2 {
            let input = CreateStackInput::new("stack");
            match mode {
                Mode::Async => {
                    drop(runtime().block_on(appstream::Client::new(&config).create_stack(input).into_future()).unwrap())
                }
                Mode::Blocking => {
                    drop(appstream::blocking::Client::new(&config).create_stack(input).send().unwrap());
                }
            }
        }
    }
}

#[test]
fn a_request_that_nobody_reads_runs_into_the_timeout() {
    // More than the buffers of both ends.
    let request = || {
        let uri = format!("http://{}", peer(Says::Nothing));
        http::Request::post(uri).body(bytes::Bytes::from(vec![b'x'; 64 << 20])).unwrap()
    };
    let took = || {
        let start = Instant::now();
        let error = BlockingHttpTransport::default().send(request(), Some(LIMIT)).unwrap_err();
        assert!(error.kind() == TransportErrorKind::Timeout && start.elapsed() >= LIMIT, "{error}");
        start.elapsed()
    };
    // A machine with much else to do may be late, but not each time.
    assert!((0..5).any(|_| took() < 2 * LIMIT));

    let transport = HttpTransport::default();
    assert!(runtime().block_on(async { tokio::time::timeout(LIMIT, transport.send(request())).await }).is_err());
}
