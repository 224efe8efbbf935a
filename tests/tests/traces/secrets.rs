//! All operations that have secrets, found by their models and overlays: none is in any event, in anything that an
//! interceptor sees, or in a label of a metric.

use super::common::{Answer, Script, run};
use super::filled::{Filled, MARK, is_in, marked};
use super::recorded::Recorder;
use super::traced;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::{Arc, Mutex};
use workstream::client::{
    Async, AttemptReport, CallReport, ConfigBuilder, Interceptor, InterceptorError, Metrics, RequestView, RetryConfig,
    ServiceClient, UnsignedRequest,
};
use workstream::{Operation, Protocol};
use workstream_codegen::graph::Service;
use workstream_codegen::read;
use workstream_runtime::{OperationDescription, Reader, ServiceError, Value, respond, respond_error};
use xtask::discover::discover;
use xtask::paths::workspace;

/// Asks for all that there is, and keeps it.
#[derive(Clone, Debug, Default)]
struct Curious(Arc<Mutex<String>>);

impl Curious {
    fn keep(&self, what: &str, shown: impl std::fmt::Display) {
        writeln!(self.0.lock().unwrap(), "{what} {shown}").unwrap();
    }

    fn keep_request(&self, request: &RequestView<'_>) {
        self.keep("request", format_args!("{request:?} {} {} {}", request.host(), request.url(), request.body()));
        for (name, value) in request.headers() {
            self.keep("header", format_args!("{name} {value:?} {:?}", request.header(name.as_str())));
        }
    }
}

impl Interceptor for Curious {
    fn before_signing(&self, request: &mut UnsignedRequest<'_>) -> Result<(), InterceptorError> {
        self.keep("unsigned", format_args!("{request:?}"));
        let mut value = HeaderValue::from_static(MARK);
        value.set_sensitive(true);
        request.insert_header(HeaderName::from_static("x-added"), value);
        self.keep_request(&request.view());
        Ok(())
    }

    fn after_attempt(&self, attempt: &AttemptReport<'_>) {
        self.keep("attempt", format_args!("{attempt:?}"));
        self.keep_request(attempt.request());
        if let Some(response) = attempt.response() {
            let (id, body) = (response.request_id(), response.body());
            self.keep("response", format_args!("{response:?} {id:?} {:?} {body}", response.headers()));
        }
    }

    fn after_call(&self, call: &CallReport<'_>) {
        self.keep("call", format_args!("{call:?}"));
        if let Some(failure) = call.failure() {
            self.keep(
                "failure",
                format_args!("{failure} {failure:?} {} {:?}", failure.error_type(), failure.client_error()),
            );
        }
    }
}

/// What was seen of the calls of an operation.
struct Seen {
    requests: Vec<String>,
    responses: Vec<String>,
}

type Probe = fn(&Filled, Protocol, &Curious, &mut Seen);

/// Calls the operation with its filled input, and answers with its filled output and all its filled errors.
fn probe<I: Operation>(filled: &Filled, protocol: Protocol, curious: &Curious, seen: &mut Seen) {
    let mut output = I::Output::default();
    fill(&mut output, &filled.output);
    let success = respond(I::DESCRIPTION, protocol, &output).unwrap();
    let failures = filled.errors.iter().filter_map(|(name, members)| {
        let mut error = I::ServiceError::from_code(name);
        fill(error.members_mut()?, members);
        respond_error(protocol, StatusCode::BAD_REQUEST, &error).unwrap()
    });
    // What cannot be read may hold anything.
    let broken = ["{\"MARK\": 1", "<a>MARK</a>", "{\"A\": [\"MARK\"]}"].map(|body| {
        let mut response = success.clone().map(|_| body.replace("MARK", MARK).into_bytes());
        *response.status_mut() = StatusCode::BAD_GATEWAY;
        response
    });
    let cut = success.clone().map(|body| body[..body.len() / 2].to_vec());
    for response in [success].into_iter().chain(failures) {
        let response = received(response);
        let headers = response.headers().values().map(|value| text(value.as_bytes()));
        seen.responses.extend(headers.chain([text(response.body())]));
        call::<I>(filled, protocol, curious, Ok(response), &mut seen.requests);
    }
    for response in [cut].into_iter().chain(broken) {
        call::<I>(filled, protocol, curious, Ok(received(response)), &mut seen.requests);
    }
}

/// A response as a transport has it: nobody has marked what in its head is a secret.
fn received(mut response: http::Response<Vec<u8>>) -> http::Response<Bytes> {
    response.headers_mut().values_mut().for_each(|value| value.set_sensitive(false));
    response.map(Bytes::from)
}

fn call<I: Operation>(
    filled: &Filled,
    protocol: Protocol,
    curious: &Curious,
    answer: Answer,
    requests: &mut Vec<String>,
) {
    let mut input = I::default();
    fill(&mut input, &filled.input);
    let answer = Mutex::new(Some(answer));
    let script = Script::new().then(move |_| answer.lock().unwrap().take().unwrap());
    let client = ServiceClient::<Async>::new(I::DESCRIPTION.service, &config(&script, protocol, curious).build());
    let _ = run(client.call(input));
    for request in script.requests() {
        requests.push(format!("{} {}", request.uri(), text(request.body())));
        let headers = request.headers().iter().filter(|(name, _)| *name != "x-added");
        requests.extend(headers.map(|(name, value)| format!("{name} {}", text(value.as_bytes()))));
    }
}

fn config(script: &Script, protocol: Protocol, curious: &Curious) -> ConfigBuilder {
    script
        .config()
        .endpoint_url("https://service.example/base")
        .disable_host_prefix(true)
        .bearer_token(workstream::client::BearerToken::new(MARK))
        .protocol(protocol)
        .retry(RetryConfig::disabled())
        .interceptor(curious.clone())
        .interceptor(Metrics::new())
}

fn fill(value: &mut dyn Value, json: &Json) {
    let text = json.to_string();
    let mut reader = Reader::dynamic_json(text.as_bytes());
    value.read(&mut reader);
    reader.finish().unwrap_or_else(|error| panic!("{error}: {text}"));
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Types of inputs, and how each operation is tried.
macro_rules! operations {
    ($($service:path: $($input:ident)*;)*) => {
        fn operations() -> Vec<(&'static OperationDescription, Probe)> {
            let mut all: Vec<(&'static OperationDescription, Probe)> = Vec::new();
            $({
                use $service as types;
                $(all.push((<types::$input as Operation>::DESCRIPTION, probe::<types::$input>));)*
            })*
            all
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/operations_of_secrets.rs"));

/// The services of this repository and of the fixtures.
fn services() -> Vec<Service> {
    let folders = ["models", "models/identity", "tests/fixtures/models"];
    let read = |folder: &str| {
        let (model, diagnostics) = read(&discover(&workspace().join(folder), &[]).unwrap());
        model.unwrap_or_else(|| panic!("{diagnostics:#?}")).services().to_vec()
    };
    folders.into_iter().flat_map(read).collect()
}

#[test]
fn nobody_who_looks_at_calls_sees_a_secret() {
    let (services, tried) = (services(), operations());
    let mut missing = BTreeSet::new();
    for service in &services {
        for (_, operation) in service.operations() {
            let filled = Filled::new(service, operation);
            if !filled.has_secret() {
                continue;
            }
            let is_it = |of: &OperationDescription| of.service.name == service.name() && of.name == operation.name;
            match tried.iter().find(|(description, _)| is_it(description)) {
                Some((description, probe)) => assert_nothing_is_seen(description, &filled, *probe),
                None => _ = missing.insert(format!("{} {}", service.name(), operation.name)),
            }
        }
    }
    assert!(missing.is_empty(), "tests/build.rs does not find {missing:#?}");
}

fn assert_nothing_is_seen(description: &OperationDescription, filled: &Filled, probe: Probe) {
    let operation = description.name;
    for protocol in description.service.protocols.iter().copied() {
        let place = format!("{} {operation} in {protocol}", description.service.name);
        let (curious, recorder) = (Curious::default(), Recorder::default());
        let mut seen = Seen { requests: Vec::new(), responses: Vec::new() };
        let traces =
            traced(|| metrics::with_local_recorder(&recorder, || probe(filled, protocol, &curious, &mut seen)));
        let looked = curious.0.lock().unwrap();
        // The mark is where it should be, so that it could have been seen.
        assert_eq!(seen.requests.iter().any(|text| is_in(text)), marked(&filled.input), "{place}: {:?}", seen.requests);
        let answers = marked(&filled.output) || filled.errors.iter().any(|(_, members)| marked(members));
        assert_eq!(seen.responses.iter().any(|text| is_in(text)), answers, "{place}: {:?}", seen.responses);
        for (who, text) in [("an interceptor", &*looked), ("a trace", &traces), ("a metric", &recorder.text())] {
            if let Some(line) = text.lines().find(|line| is_in(line)) {
                panic!("{place}: {who} shows a secret: {line}");
            }
        }
        let is_told = |text: &str| text.contains(operation) && text.contains("redacted");
        assert!(traces.contains("workstream::wire") && is_told(&traces), "{place}: {traces}");
        assert!(recorder.text().contains(operation), "{place}");
    }
}
