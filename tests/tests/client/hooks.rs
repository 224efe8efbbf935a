//! Interceptors: what they see, when, and what they may do. That they see no secret is tested over all operations in
//! `tests/traces.rs`.

use super::common::{SECRET, Script, TOKEN, header, response, run};
use http::{HeaderName, HeaderValue};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use workstream::appstream::{self, types::*};
use workstream::client::credentials::AssumeRole;
use workstream::client::{
    AttemptReport, CallReport, ClientError, Config, Credentials, Interceptor, InterceptorError, Mock,
    TransportErrorKind, UnsignedRequest,
};

const TENANT: HeaderName = HeaderName::from_static("x-tenant");

/// Writes down what it is asked, and names a tenant.
#[derive(Clone, Debug, Default)]
struct Notes {
    name: &'static str,
    lines: Arc<Mutex<Vec<String>>>,
    refuses: bool,
}

impl Notes {
    fn note(&self, line: String) {
        self.lines.lock().unwrap().push(format!("{}{line}", self.name));
    }

    fn lines(&self) -> Vec<String> {
        std::mem::take(&mut *self.lines.lock().unwrap())
    }
}

impl Interceptor for Notes {
    fn before_signing(&self, request: &mut UnsignedRequest<'_>) -> Result<(), InterceptorError> {
        let view = request.view();
        let tenant = view.header("X-Tenant").map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        self.note(format!("before {} {} {tenant}", request.operation().name, request.attempt()));
        if self.refuses {
            return Err(InterceptorError::new("the budget of this tenant is spent\n"));
        }
        request.insert_header(TENANT, HeaderValue::from_str(&format!("{tenant}blue")).unwrap());
        Ok(())
    }

    fn after_attempt(&self, attempt: &AttemptReport<'_>) {
        let status = attempt.response().map(|response| response.status().as_u16());
        let kind = attempt.failure().map(|failure| failure.error_type());
        self.note(format!("attempt {} {status:?} {kind:?} in {:?}", attempt.attempt(), attempt.duration()));
    }

    fn after_call(&self, call: &CallReport<'_>) {
        let failure = call.failure().map(|failure| failure.to_string());
        let (attempts, server) = (call.attempts(), call.server());
        self.note(format!("call {attempts} {server:?} {failure:?} in {:?}", call.duration()));
    }
}

fn start() -> StartFleetInput {
    StartFleetInput::new("a")
}

const HOST: &str = "appstream2.eu-west-1.amazonaws.com";

#[test]
fn interceptors_see_attempts_and_calls_in_order() {
    let (lines, script) = (
        Notes::default().lines,
        Script::new().then_json(503, "").then_fail(TransportErrorKind::Exchange).then_json(200, "{}"),
    );
    let notes = |name| Notes { name, lines: lines.clone(), refuses: false };
    let config = script.config().interceptor(notes("1 ")).interceptor(Arc::new(notes("2 "))).build();
    let expected = [
        "1 before StartFleet 1 ",
        "2 before StartFleet 1 blue",
        "1 attempt 1 Some(503) Some(\"503\") in 0ns",
        "2 attempt 1 Some(503) Some(\"503\") in 0ns",
        "1 before StartFleet 2 ",
        "2 before StartFleet 2 blue",
        "1 attempt 2 None Some(\"exchange\") in 0ns",
        "2 attempt 2 None Some(\"exchange\") in 0ns",
        "1 before StartFleet 3 ",
        "2 before StartFleet 3 blue",
        "1 attempt 3 Some(200) None in 0ns",
        "2 attempt 3 Some(200) None in 0ns",
    ];
    run(appstream::Client::new(&config).start_fleet(start())).unwrap();
    let found = notes("").lines();
    assert_eq!(found[..12], expected);
    assert!(found[12].starts_with(&format!("1 call 3 Some((\"{HOST}\", 443)) None in ")), "{found:?}");
    assert!(found[13].starts_with("2 call 3 ") && found.len() == 14, "{found:?}");

    // What they added is sent, and signed.
    for request in script.requests() {
        assert_eq!(header(request.headers(), "x-tenant"), "blueblue");
        assert!(header(request.headers(), "authorization").contains(";x-tenant"));
    }
    appstream::blocking::Client::new(&config).start_fleet(start()).send().unwrap();
    assert_eq!(notes("").lines().len(), 6);
}

#[test]
fn durations_are_those_of_the_clock() {
    let (mock, notes) = (Mock::new(), Notes::default());
    mock.on::<StartFleetInput>().respond_after(Duration::from_millis(70), Ok(StartFleetOutput::new()));
    run(appstream::Client::new(&mock.config_builder().interceptor(notes.clone()).build()).start_fleet(start()))
        .unwrap();
    let lines = notes.lines();
    assert!(lines[1].ends_with(" in 70ms") && lines[2].ends_with(" in 70ms"), "{lines:?}");
}

#[test]
fn an_interceptor_can_stop_a_call() {
    let (script, notes) = (Script::new().then_json(200, "{}"), Notes { refuses: true, ..Notes::default() });
    let config = script.config().interceptor(notes.clone()).build();
    let error = run(appstream::Client::new(&config).start_fleet(start())).unwrap_err();
    let line = "StartFleet: an interceptor stopped the call: the budget of this tenant is spent ";
    assert_eq!(error.to_string(), line);
    assert!(matches!(error.client_error(), Some(ClientError::Interceptor(_))));
    assert_eq!(script.attempts(), 0);
    let reason = line.trim_start_matches("StartFleet: ");
    assert_eq!(notes.lines(), ["before StartFleet 1 ", &format!("call 1 None Some({reason:?}) in 0ns")]);
}

/// The end of a call is told however it ends.
#[test]
fn calls_that_send_nothing_are_seen_too() {
    let notes = Notes::default();
    let config = Config::builder().interceptor(notes.clone()).build();
    run(appstream::Client::new(&config).start_fleet(start())).unwrap_err();
    let config = Config::builder().region("eu-west-1").interceptor(notes.clone()).build();
    run(appstream::Client::new(&config).start_fleet(start())).unwrap_err();
    let lines = notes.lines();
    assert!(lines[0].starts_with("call 1 None Some(\"no region: "), "{lines:?}");
    assert!(lines[1].starts_with("call 1 None Some(\"there are no credentials\")"), "{lines:?}");
    assert_eq!(lines.len(), 2);
}

/// Headers for the service are none for those who give credentials.
#[test]
fn calls_for_credentials_are_not_seen() {
    let (notes, seen) = (Notes::default(), Script::new());
    let script = seen.clone().then(|_| {
        let body = "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>a</AccessKeyId>\
            <SecretAccessKey>b</SecretAccessKey><SessionToken>c</SessionToken>\
            <Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
        Ok(response(200, &[], body))
    });
    let script = script.then_json(200, "{}");
    let role = AssumeRole::new("arn:aws:iam::123456789012:role/a").source(Credentials::new("a", SECRET));
    let config = script.config().credentials(role).interceptor(notes.clone()).build();
    run(appstream::Client::new(&config).start_fleet(start())).unwrap();
    assert_eq!((script.attempts(), notes.lines().len()), (2, 3));
    assert!(!script.requests()[0].headers().contains_key("x-tenant"));
}

/// Keeps what a request looks like to an interceptor.
#[derive(Debug, Default)]
struct Views(Mutex<Vec<String>>);

impl Interceptor for Views {
    fn after_attempt(&self, attempt: &AttemptReport<'_>) {
        let request = attempt.request();
        let names = request.headers().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" ");
        let response = attempt.response().unwrap();
        self.0.lock().unwrap().extend([
            format!("{} {}", request.method(), request.url()),
            names,
            request.body(),
            format!("{:?} {}", response.headers(), response.body()),
        ]);
    }
}

#[test]
fn what_is_seen_is_complete_but_for_secrets() {
    let body = r#"{"StreamingURL":"https://secret.example/","Expires":1700000000,"New":"unknown"}"#;
    let script = Script::new().then(move |_| Ok(response(200, &[("set-cookie", "secret"), ("server", "s")], body)));
    let views = Arc::new(Views::default());
    let config = script.config().interceptor(views.clone()).build();
    let input = CreateStreamingUrlInput::new("stack", "fleet", "user").session_context("secret");
    let call = appstream::Client::new(&config).create_streaming_url(input);
    run(call.header(http::header::COOKIE, "secret".parse().unwrap())).unwrap();
    let views = views.0.lock().unwrap();
    assert_eq!(views[0], format!("POST https://{HOST}/"));
    let names = "content-type x-amz-target user-agent accept-encoding amz-sdk-invocation-id amz-sdk-request x-amz-date";
    assert_eq!(views[1], names);
    let members = r#""StackName":"stack","FleetName":"fleet","UserId":"user","SessionContext":"** redacted **""#;
    assert_eq!(views[2], format!("{{{members}}}"));
    assert_eq!(views[3], r#"[("server", "s")] {"StreamingURL":"** redacted **","Expires":1700000000}"#);
    assert!(views.iter().all(|view| !view.contains(TOKEN) && !view.contains("secret")));
}

#[test]
fn calls_by_name_are_seen_like_others() {
    let body = r#"{"StreamingURL":"https://secret.example/","Expires":1700000000}"#;
    let script = Script::new().then(move |_| Ok(response(200, &[], body)));
    let views = Arc::new(Views::default());
    let client = appstream::Client::new(&script.config().interceptor(views.clone()).build());
    let input = r#"{"StackName":"stack","FleetName":"fleet","UserId":"user","SessionContext":"secret"}"#;
    let output = run(client.call_dynamic("CreateStreamingURL", input)).unwrap();
    assert!(output.contains("https://secret.example/"), "the caller gets it: {output}");
    let views = views.0.lock().unwrap();
    assert_eq!(views[2], input.replace("\"secret\"", "\"** redacted **\""));
    assert_eq!(views[3], r#"[] {"StreamingURL":"** redacted **","Expires":1700000000}"#);
}

#[test]
fn an_answer_that_does_not_say_who_gave_it_is_told_with_the_host() {
    let script = Script::new().then(|_| Ok(response(404, &[], ""))).then_json(404, "");
    let client = appstream::Client::new(&script.config().endpoint_url("http://localhost:4566").build());
    let error = run(client.start_fleet(start())).unwrap_err();
    assert_eq!(error.to_string(), "StartFleet: 404: Not Found (HTTP 404 from localhost:4566)");
    assert_eq!(error.host(), Some("localhost:4566"));
    let error = run(client.start_fleet(start())).unwrap_err();
    assert_eq!(error.to_string(), "StartFleet: 404: Not Found (HTTP 404, request id request-1)");
    let by_name = Script::new().then(|_| Ok(response(404, &[], "")));
    let notes = Notes::default();
    let config = by_name.config().endpoint_url("http://localhost:4566").interceptor(notes.clone()).build();
    let client = appstream::Client::new(&config);
    let error = run(client.call_dynamic("StartFleet", r#"{"Name": "a"}"#)).unwrap_err();
    assert!(notes.lines().iter().any(|line| line.contains("HTTP 404 from localhost:4566")), "hooks are told too");
    assert_eq!(error.to_string(), "404: Not Found (HTTP 404 from localhost:4566)");
    assert_eq!(error.service_error().unwrap().host(), Some("localhost:4566"));
    let error = run(appstream::Client::new(&Config::builder().build()).start_fleet(start())).unwrap_err();
    assert_eq!(error.host(), None);
}
