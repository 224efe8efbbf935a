//! Calls against a scripted service, on a clock of the script's own: for `cargo xtask conformance --retries`.
//!
//! | line in | line out |
//! |---|---|
//! | `{marks: service, codes: [code...]}` | `{marks: [null, "transient", "throttling" or "never"...]}` |
//! | `{service, operation, mode, max_attempts, start, calls: [call...]}` | `{calls: [{sent: [state...], ended: state, ok}...]}` |
//!
//! A call is `{after, outcomes: [outcome...]}`: when it is made, after the one before, and what its attempts come to.
//! An outcome is `{random, takes, status, headers, body}` or `{random, takes, fail}`, where
//! `random` is the random part of the pause that follows. A state is `[time, tokens, rate]`: nanoseconds, the tokens that
//! the budget has left, and the limit of requests per second, null where there is none. Times are in nanoseconds.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use serde_json::{Value as Json, json};
use std::collections::VecDeque;
use std::error::Error as StdError;
use std::io::{BufRead, Write, stdin, stdout};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use workstream::client::{
    Blocking, BlockingTransport, BoxFuture, Clock, Config, Credentials, RetryConfig, RetryMode, ServiceClient,
    TransportError, TransportErrorKind,
};
use workstream::runtime::{OperationDescription, ServiceDescription, ServiceError};
use workstream::{Operation, Protocol, appstream, workspaces};
use workstream_fixtures::errors;
use workstream_tests::special::{ListQueues, ListTables, ReceiveMessage};

type Outcome<T> = Result<T, Box<dyn StdError>>;

fn main() -> Outcome<()> {
    for line in stdin().lock().lines() {
        let line: Json = serde_json::from_str(&line?)?;
        let answer = if line["marks"].is_null() { script(&line)? } else { marks(&line)? };
        writeln!(stdout(), "{answer}")?;
    }
    Ok(())
}

/// What model and overlay say of errors with these codes.
fn marks(line: &Json) -> Outcome<Json> {
    let of = match text(&line["marks"])? {
        "appstream" => |code: &str| appstream::ServiceError::from_code(code).retry(),
        "workspaces" => |code: &str| workspaces::ServiceError::from_code(code).retry(),
        "errors" => |code: &str| errors::ServiceError::from_code(code).retry(),
        _ => |_: &str| None,
    };
    let mark = |code: &Json| {
        let mark = of(code.as_str().unwrap_or_default())?;
        Some(format!("{mark:?}").to_lowercase())
    };
    let codes = line["codes"].as_array().ok_or("`codes` is no list")?;
    Ok(json!({"marks": codes.iter().map(mark).collect::<Vec<_>>()}))
}

/// Makes all calls of a script with one client.
fn script(line: &Json) -> Outcome<Json> {
    let (make, service) = operation(text(&line["service"])?, text(&line["operation"])?)?;
    let world = World::default();
    world.0.lock().unwrap().time = number(&line["start"])?;
    let adaptive = line["mode"] == "adaptive";
    let mut retry = RetryConfig::standard().mode(if adaptive { RetryMode::Adaptive } else { RetryMode::Standard });
    if let Some(attempts) = line["max_attempts"].as_u64() {
        retry = retry.max_attempts(u32::try_from(attempts)?);
    }
    let jitter = world.clone();
    let config = Config::builder()
        .region("eu-west-1")
        .credentials(Credentials::new("AKIAIOSFODNN7EXAMPLE", "a secret"))
        .endpoint_url("http://localhost")
        .protocol(Protocol::AwsJson1_1)
        .retry(retry)
        .attempt_timeout(None)
        .clock(world.clone())
        .blocking_transport(world.clone())
        .jitter(move || jitter.0.lock().unwrap().random)
        .build();
    let state = |time: u64| json!([time, config.retry_tokens(service), config.request_rate(service)]);
    world.0.lock().unwrap().seen = Some(Seen { config: config.clone(), service });
    let mut calls = Vec::new();
    for call in line["calls"].as_array().ok_or("`calls` is no list")? {
        {
            let mut world = world.0.lock().unwrap();
            world.time += number(&call["after"])?;
            world.outcomes = call["outcomes"].as_array().ok_or("`outcomes` is no list")?.iter().cloned().collect();
            world.sent.clear();
        }
        let ok = make(&config);
        let mut world = world.0.lock().unwrap();
        calls.push(json!({"sent": std::mem::take(&mut world.sent), "ended": state(world.time), "ok": ok}));
    }
    // Configuration and world refer to each other.
    world.0.lock().unwrap().seen = None;
    Ok(json!({"calls": calls}))
}

type Make = fn(&Config) -> bool;

fn call<I: Operation>(config: &Config) -> bool {
    ServiceClient::<Blocking>::new(I::DESCRIPTION.service, config).call(I::default()).send().is_ok()
}

fn operation(service: &str, name: &str) -> Outcome<(Make, &'static ServiceDescription)> {
    let of = |make: Make, description: &'static OperationDescription| Ok((make, description.service));
    macro_rules! any_of {
        ($($input:ty),*) => {
            $(if (<$input>::DESCRIPTION.service.name, <$input>::DESCRIPTION.name) == (service, name) {
                return of(call::<$input>, <$input>::DESCRIPTION);
            })*
        };
    }
    any_of!(appstream::types::StartFleetInput, appstream::types::CreateFleetInput);
    any_of!(workspaces::types::DescribeWorkspacesInput, workspaces::types::DeleteTagsInput);
    any_of!(errors::types::RunInput, errors::types::WalkInput);
    any_of!(ListTables, ReceiveMessage, ListQueues);
    Err(format!("no operation {name} of {service}").into())
}

/// Clock, transport and randomness of a script.
#[derive(Clone, Debug, Default)]
struct World(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    time: u64,
    random: f64,
    outcomes: VecDeque<Json>,
    sent: Vec<Json>,
    seen: Option<Seen>,
}

/// What is looked at when a request is sent.
#[derive(Debug)]
struct Seen {
    config: Config,
    service: &'static ServiceDescription,
}

impl Clock for World {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
    }

    fn monotonic(&self) -> Duration {
        Duration::from_nanos(self.0.lock().unwrap().time)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.block(duration);
        Box::pin(std::future::ready(()))
    }

    fn block(&self, duration: Duration) {
        self.0.lock().unwrap().time += duration.as_nanos() as u64;
    }
}

impl BlockingTransport for World {
    fn send(&self, _request: Request<Bytes>, _timeout: Option<Duration>) -> Result<Response<Bytes>, TransportError> {
        let mut state = self.0.lock().unwrap();
        let seen = state.seen.as_ref().expect("requests belong to a call");
        let entry = json!([state.time, seen.config.retry_tokens(seen.service), seen.config.request_rate(seen.service)]);
        state.sent.push(entry);
        let outcome = state.outcomes.pop_front().expect("the script has outcomes for all attempts");
        state.random = outcome["random"].as_f64().expect("a random number");
        state.time += outcome["takes"].as_u64().expect("a duration");
        match outcome["fail"].as_str() {
            None => Ok(response(&outcome).expect("a response")),
            Some("connect") => Err(TransportError::new(TransportErrorKind::Connect, "as scripted")),
            Some("exchange") => Err(TransportError::new(TransportErrorKind::Exchange, "as scripted")),
            Some("timeout") => Err(TransportError::new(TransportErrorKind::Timeout, "as scripted")),
            Some(_) => Err(TransportError::new(TransportErrorKind::Response, "as scripted")),
        }
    }
}

fn response(outcome: &Json) -> Outcome<Response<Bytes>> {
    let mut response = Response::new(Bytes::from(text(&outcome["body"])?.to_owned()));
    *response.status_mut() = StatusCode::from_u16(u16::try_from(number(&outcome["status"])?)?)?;
    for (name, value) in outcome["headers"].as_object().into_iter().flatten() {
        response.headers_mut().insert(HeaderName::try_from(name)?, HeaderValue::try_from(text(value)?)?);
    }
    Ok(response)
}

fn text(value: &Json) -> Outcome<&str> {
    value.as_str().ok_or_else(|| format!("{value} is no text").into())
}

fn number(value: &Json) -> Outcome<u64> {
    value.as_u64().ok_or_else(|| format!("{value} is no number").into())
}
