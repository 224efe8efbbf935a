//! A transport that is a function, and what runs calls over it.

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use workstream::Protocol;
use workstream::client::{
    BlockingTransport, BoxFuture, Config, ConfigBuilder, Credentials, TestClock, Transport, TransportError,
    TransportErrorKind,
};

pub const PROTOCOLS: [Protocol; 2] = [Protocol::RpcV2Cbor, Protocol::AwsJson1_1];
pub const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
pub const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLETOKEN";

/// What a script answers.
pub type Answer = Result<Response<Bytes>, TransportError>;

/// Gives answers one after the other, the last one again and again, and records the requests.
#[derive(Clone)]
pub struct Script(Arc<Mutex<State>>);

type Tell = Box<dyn Fn(&Request<Bytes>) -> Answer + Send>;

struct State {
    answers: VecDeque<Tell>,
    requests: Vec<Request<Bytes>>,
}

impl Script {
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(State { answers: VecDeque::new(), requests: Vec::new() })))
    }

    pub fn then(self, answer: impl Fn(&Request<Bytes>) -> Answer + Send + 'static) -> Self {
        self.0.lock().unwrap().answers.push_back(Box::new(answer));
        self
    }

    pub fn then_json(self, status: u16, body: &'static str) -> Self {
        self.then(move |_| Ok(response(status, &[("x-amzn-requestid", "request-1")], body)))
    }

    pub fn then_fail(self, kind: TransportErrorKind) -> Self {
        self.then(move |_| Err(TransportError::new(kind, "as scripted")))
    }

    pub fn requests(&self) -> Vec<Request<Bytes>> {
        self.0.lock().unwrap().requests.clone()
    }

    pub fn attempts(&self) -> usize {
        self.0.lock().unwrap().requests.len()
    }

    /// A client configuration over this script, with a clock that does not pass by itself.
    pub fn config(&self) -> ConfigBuilder {
        self.config_at(TestClock::new())
    }

    pub fn config_at(&self, clock: TestClock) -> ConfigBuilder {
        Config::builder()
            .region("eu-west-1")
            .credentials(Credentials::new("AKIAIOSFODNN7EXAMPLE", SECRET).session_token(TOKEN))
            .protocol(Protocol::AwsJson1_1)
            .transport(self.clone())
            .blocking_transport(self.clone())
            .clock(clock)
    }

    fn answer(&self, request: Request<Bytes>) -> Answer {
        let mut state = self.0.lock().unwrap();
        let answer = state.answers.front().expect("the script has an answer")(&request);
        state.requests.push(request);
        if state.answers.len() > 1 {
            state.answers.pop_front();
        }
        answer
    }
}

impl Transport for Script {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Answer> {
        Box::pin(std::future::ready(self.answer(request)))
    }
}

impl BlockingTransport for Script {
    fn send(&self, request: Request<Bytes>, _timeout: Option<Duration>) -> Answer {
        self.answer(request)
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Script")
    }
}

pub fn response(status: u16, headers: &[(&'static str, &str)], body: &'static str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(body.as_bytes()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        response.headers_mut().insert(*name, value.parse().unwrap());
    }
    response
}

pub fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).unwrap_or_else(|| panic!("a header {name}")).to_str().unwrap()
}

/// Runs a call whose transport is in memory.
pub fn run<F: IntoFuture>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future.into_future())
}
