//! One call in given surroundings, over a transport that records: for `cargo xtask conformance --credentials`.
//!
//! | line in | line out |
//! |---|---|
//! | `{client, home, env, region, answers: [answer...]}` | `{sent: [request...], error}` |
//!
//! `client` is `async` or `blocking`, and `region` what the program sets in code, or null. An answer is
//! `{on, times, status, headers, body_base64}` or `{on, times, fail}`. The first one counts whose `on` is a part of the
//! request's method, URI, `x-amz-target` and body, and that has not been given `times` times; without any, nobody listens. A request is
//! `{method, url, headers, body_base64}`. `error` is null after a good call.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::io::{BufRead, Write, stdin, stdout};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use workstream::Protocol;
use workstream::appstream::types::DescribeFleetsInput;
use workstream::appstream::{Client, blocking};
use workstream::client::{
    BlockingTransport, BoxFuture, Clock, Config, ConfigBuilder, Environment, SystemClock, Transport, TransportError,
    TransportErrorKind,
};

type Outcome<T> = Result<T, Box<dyn StdError>>;

fn main() -> Outcome<()> {
    // Timers are those of the runtime, which is made once.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    for line in stdin().lock().lines() {
        let line: Json = serde_json::from_str(&line?)?;
        let wire = Wire::new(&line["answers"])?;
        let result = match text(&line["client"])? {
            "async" => runtime.block_on(call(&line, &wire)),
            _ => blocking_call(&line, &wire),
        };
        let sent = std::mem::take(&mut wire.0.lock().unwrap().sent);
        writeln!(stdout(), "{}", json!({"sent": sent, "error": result.err().map(|error| error.to_string())}))?;
    }
    Ok(())
}

async fn call(line: &Json, wire: &Wire) -> Outcome<()> {
    Client::new(&config(line, wire)?).describe_fleets(DescribeFleetsInput::new()).await?;
    Ok(())
}

fn blocking_call(line: &Json, wire: &Wire) -> Outcome<()> {
    blocking::Client::new(&config(line, wire)?).describe_fleets(DescribeFleetsInput::new()).send()?;
    Ok(())
}

/// What a program has that takes everything from its environment, but for the network and the time that it waits.
fn config(line: &Json, wire: &Wire) -> Outcome<Config> {
    let variables: BTreeMap<String, String> = serde_json::from_value(line["env"].clone())?;
    let environment = Environment::of(variables).home(text(&line["home"])?);
    let mut builder = ConfigBuilder::from_environment(&environment, None)?
        .transport(wire.clone())
        .blocking_transport(wire.clone())
        .protocol(Protocol::AwsJson1_1)
        .jitter(|| 0.0)
        .clock(Hasty);
    if let Some(region) = line["region"].as_str() {
        builder = builder.region(region);
    }
    Ok(builder.build())
}

/// The system's clock, but short pauses pass at once. Longer ones are limits, which nothing here reaches.
#[derive(Clone, Copy, Debug)]
struct Hasty;

const PAUSE: Duration = Duration::from_secs(5);
const MOMENT: Duration = Duration::from_millis(10);

impl Hasty {
    fn shortened(duration: Duration) -> Duration {
        if duration < PAUSE { duration.min(MOMENT) } else { duration }
    }
}

impl Clock for Hasty {
    fn now(&self) -> SystemTime {
        SystemClock.now()
    }

    fn monotonic(&self) -> Duration {
        SystemClock.monotonic()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        SystemClock.sleep(Self::shortened(duration))
    }

    fn block(&self, duration: Duration) {
        SystemClock.block(Self::shortened(duration));
    }
}

/// Gives the answers that are scripted, and keeps the requests.
#[derive(Clone, Debug)]
struct Wire(Arc<Mutex<Script>>);

#[derive(Debug)]
struct Script {
    answers: Vec<Answer>,
    sent: Vec<Json>,
}

#[derive(Debug)]
struct Answer {
    on: String,
    left: u64,
    given: Json,
}

impl Wire {
    fn new(answers: &Json) -> Outcome<Self> {
        let answers = answers.as_array().ok_or("`answers` is no list")?;
        let answer = |given: &Json| {
            let left = given["times"].as_u64().unwrap_or(u64::MAX);
            Ok(Answer { on: text(&given["on"])?.to_owned(), left, given: given.clone() })
        };
        let answers = answers.iter().map(answer).collect::<Outcome<_>>()?;
        Ok(Self(Arc::new(Mutex::new(Script { answers, sent: Vec::new() }))))
    }

    fn answer(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let failed = |kind| Err(TransportError::new(kind, "as scripted"));
        let mut script = self.0.lock().unwrap();
        script.sent.push(recorded(request));
        let (method, uri) = (request.method(), request.uri());
        let target = request.headers().get("x-amz-target").map_or(&[][..], HeaderValue::as_bytes);
        let [target, body] = [target, request.body()].map(String::from_utf8_lossy);
        let whole = format!("{method} {uri} {target} {body}");
        let mut answers = script.answers.iter_mut();
        let Some(answer) = answers.find(|answer| answer.left > 0 && whole.contains(&answer.on)) else {
            return failed(TransportErrorKind::Connect);
        };
        answer.left -= 1;
        match answer.given["fail"].as_str() {
            None => Ok(response(&answer.given).expect("a response")),
            Some("connect") => failed(TransportErrorKind::Connect),
            Some("exchange") => failed(TransportErrorKind::Exchange),
            Some(_) => failed(TransportErrorKind::Timeout),
        }
    }
}

impl Transport for Wire {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(std::future::ready(self.answer(&request)))
    }
}

impl BlockingTransport for Wire {
    fn send(&self, request: Request<Bytes>, _timeout: Option<Duration>) -> Result<Response<Bytes>, TransportError> {
        self.answer(&request)
    }
}

fn recorded(request: &Request<Bytes>) -> Json {
    let headers: BTreeMap<&str, String> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    json!({
        "method": request.method().as_str(),
        "url": request.uri().to_string(),
        "headers": headers,
        "body_base64": STANDARD.encode(request.body()),
    })
}

fn response(answer: &Json) -> Outcome<Response<Bytes>> {
    let mut response = Response::new(Bytes::from(STANDARD.decode(text(&answer["body_base64"])?)?));
    *response.status_mut() = StatusCode::from_u16(u16::try_from(answer["status"].as_u64().ok_or("no status")?)?)?;
    for (name, value) in answer["headers"].as_object().into_iter().flatten() {
        response.headers_mut().insert(HeaderName::try_from(name)?, HeaderValue::try_from(text(value)?)?);
    }
    Ok(response)
}

fn text(value: &Json) -> Outcome<&str> {
    value.as_str().ok_or_else(|| format!("{value} is no text").into())
}
