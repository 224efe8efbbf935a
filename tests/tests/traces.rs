//! What traces tell of calls. Alone in its executable: other tests on other threads would have a say in which spans are
//! on.

#[path = "client/common.rs"]
#[allow(dead_code, reason = "this test uses a part of it")]
mod common;
#[path = "credentials/everything.rs"]
mod everything;
#[path = "traces/filled.rs"]
mod filled;
#[path = "traces/measured.rs"]
mod measured;
#[path = "traces/recorded.rs"]
mod recorded;
#[path = "traces/secrets.rs"]
mod secrets;

use common::{SECRET, Script, TOKEN, header, response, run};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tracing_subscriber::fmt::MakeWriter;
use workstream::appstream::{self, types::*};
use workstream::client::{
    BoxFuture, Credentials, CredentialsCache, CredentialsError, ProvideCredentials, SourceContext, TransportErrorKind,
};
use workstream_tests::folder;

const PASSWORD: &str = "hunter2hunter2";
const URL: &str = "https://streaming.example.com/?parameters=secret-url";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// One test at a time has a say in which spans are on.
static ALONE: Mutex<()> = Mutex::new(());

/// Everything that is traced while this runs.
fn traced(body: impl FnOnce()) -> String {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(log.clone())
        .with_ansi(false)
        .finish();
    tracing::subscriber::with_default(subscriber, body);
    let written = log.0.lock().unwrap();
    String::from_utf8(written.clone()).unwrap()
}

#[test]
fn spans_tell_what_happened_and_nothing_secret() {
    let body = r#"{"StreamingURL":"https://streaming.example.com/?parameters=secret-url"}"#;
    let script = Script::new()
        .then_json(503, "")
        .then_fail(TransportErrorKind::Exchange)
        .then(move |_| Ok(response(200, &[("x-amzn-requestid", "request-7")], body)));
    let config = script.config().build();
    let input = || CreateStreamingUrlInput::new("stack", "fleet", "user").session_context(PASSWORD);
    let text = traced(|| {
        run(appstream::Client::new(&config).create_streaming_url(input())).unwrap();
        appstream::blocking::Client::new(&config).create_streaming_url(input()).send().unwrap();
    });
    let requests = script.requests();
    let signatures: Vec<_> =
        requests.iter().map(|request| header(request.headers(), "authorization").rsplit('=').next().unwrap()).collect();
    for secret in [SECRET, TOKEN, PASSWORD, URL].iter().chain(&signatures) {
        assert!(!text.contains(secret), "the trace shows {secret:?}: {text}");
    }
    for fact in [
        "service=\"AppStream\"",
        "operation=\"CreateStreamingURL\"",
        "attempt=3",
        "status=503",
        "request-7",
        "pausing",
        "the connection broke",
        "workstream::call: attempt failed",
        "workstream::call: answered method=POST url=https://appstream2.eu-west-1.amazonaws.com/ status=200 request_id=request-7 \
         duration_ms=0",
        "workstream::call: succeeded attempts=3 duration_ms=",
        "workstream::wire: request method=POST",
        "\"SessionContext\":\"** redacted **\"",
        "workstream::wire: response status=503",
    ] {
        assert!(text.contains(fact), "{fact} is missing: {text}");
    }
}

/// Whatever those answer who are asked for credentials.
#[test]
fn spans_tell_who_was_asked_for_credentials_and_nothing_secret() {
    type Reply = fn(&http::Request<bytes::Bytes>) -> common::Answer;
    let replies: [Reply; 4] = [
        |request| Ok(answer(200, everything::good(request))),
        |request| Ok(answer(200, everything::cut(request))),
        |request| Ok(answer(403, everything::echo(request))),
        |request| Ok(answer(500, everything::echo(request))),
    ];
    let mut signatures = Vec::new();
    let text = traced(|| {
        for (index, reply) in replies.into_iter().flat_map(|reply| (0..9).map(move |index| (index, reply))) {
            for is_blocking in [false, true] {
                let (sources, environment) = everything::sources(&folder::of_test("traced"));
                let script = Script::new().then(reply);
                let config = script.config().build();
                let context = if is_blocking { SourceContext::blocking(&config) } else { SourceContext::new(&config) };
                let context = context.environment(environment);
                // What comes of it is another test's.
                let _ = run(sources[index].provide(&context));
                let requests = script.requests();
                let headers = requests.iter().filter_map(|request| request.headers().get("authorization"));
                signatures
                    .extend(headers.map(|header| header.to_str().unwrap().rsplit('=').next().unwrap().to_owned()));
            }
        }
    });
    assert!(!text.contains(everything::SECRET), "{text}");
    assert!(signatures.len() > 10 && signatures.iter().all(|signature| !text.contains(signature)));
    for operation in
        ["AssumeRole", "AssumeRoleWithWebIdentity", "GetRoleCredentials", "CreateToken", "CreateOAuth2Token"]
    {
        assert!(text.contains(&format!("operation=\"{operation}\"")), "{operation} is missing: {text}");
    }
}

/// Gives credentials that last an hour once, and then none.
#[derive(Debug, Default)]
struct Failing(AtomicBool);

impl ProvideCredentials for Failing {
    fn provide<'a>(&'a self, context: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        let now = context.now();
        Box::pin(async move {
            if self.0.swap(true, Ordering::Relaxed) {
                return Err(CredentialsError::new("the portal is\ndown"));
            }
            let mut credentials = Credentials::new("AKID", SECRET);
            credentials.expires_at = Some(now + HOUR);
            Ok(credentials)
        })
    }
}

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn a_warning_tells_of_credentials_that_could_not_be_loaded_again() {
    let config = Script::new().config().build();
    let now = SourceContext::new(&config).now();
    let text = traced(|| {
        let cache = CredentialsCache::new(Arc::new(Failing::default()), SourceContext::new(&config));
        for passed in [Duration::ZERO, HOUR - Duration::from_secs(90), HOUR + Duration::from_secs(1)] {
            run(cache.get(now + passed)).unwrap();
        }
    });
    let told: Vec<&str> =
        text.lines().filter_map(|line| line.split_once("workstream::credentials: ")).map(|(_, told)| told).collect();
    assert_eq!(
        told,
        [
            "credentials cannot be loaded again: calls go on with the last ones, which are still valid reason=the portal is down",
            "credentials cannot be loaded again: calls go on with the last ones, which have expired reason=the portal is down"
        ],
        "{text}"
    );
    assert!(!text.contains(SECRET));

    let text = traced(|| {
        let failing = Failing(AtomicBool::new(true));
        let cache = CredentialsCache::new(Arc::new(failing), SourceContext::new(&config));
        run(cache.get(now)).unwrap_err();
    });
    assert!(!text.contains("workstream::credentials"), "a call that fails tells it itself: {text}");
}

fn answer(status: u16, body: String) -> http::Response<bytes::Bytes> {
    let mut answer = http::Response::new(bytes::Bytes::from(body));
    *answer.status_mut() = http::StatusCode::from_u16(status).unwrap();
    answer
}
