//! What traces tell of calls. Alone in its executable: other tests on other threads would have a say in which spans are
//! on.

#[path = "client/common.rs"]
#[allow(dead_code, reason = "this test uses a part of it")]
mod common;

use common::{SECRET, Script, TOKEN, header, response, run};
use std::io;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;
use workstream::appstream::{self, types::*};
use workstream::client::TransportErrorKind;

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

#[test]
fn spans_tell_what_happened_and_nothing_secret() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(log.clone())
        .with_ansi(false)
        .finish();
    let body = r#"{"StreamingURL":"https://streaming.example.com/?parameters=secret-url"}"#;
    let script = Script::new()
        .then_json(503, "")
        .then_fail(TransportErrorKind::Exchange)
        .then(move |_| Ok(response(200, &[("x-amzn-requestid", "request-7")], body)));
    let config = script.config().build();
    let input = || CreateStreamingUrlInput::new("stack", "fleet", "user").session_context(PASSWORD);
    tracing::subscriber::with_default(subscriber, || {
        run(appstream::Client::new(&config).create_streaming_url(input())).unwrap();
        appstream::blocking::Client::new(&config).create_streaming_url(input()).send().unwrap();
    });
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
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
    ] {
        assert!(text.contains(fact), "{fact} is missing: {text}");
    }
}
