//! What calls do with credentials: which they use, and what becomes of those that a service refuses.

use super::common::{SECRET, Script, header, response, run};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};
use workstream::appstream::{self, types::StartFleetInput};
use workstream::client::{
    BoxFuture, Clock, Config, Credentials, CredentialsError, ProvideCredentials, RetryConfig, SourceContext,
    SystemClock, TestClock,
};

const EXPIRED: &str = r#"{"__type":"ExpiredTokenException","message":"The security token has expired"}"#;
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Gives credentials that are numbered, for an hour of this clock or for ever.
#[derive(Clone, Debug)]
struct Source {
    /// The same each time.
    same: bool,
    ends: Option<TestClock>,
    asked: Arc<AtomicUsize>,
}

impl Source {
    fn new(ends: Option<TestClock>) -> Self {
        Self { same: false, ends, asked: Arc::default() }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl ProvideCredentials for Source {
    fn provide<'a>(&'a self, _: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst);
        let mut found = Credentials::new(format!("KEY{}", if self.same { 0 } else { number }), SECRET);
        found.expires_at = self.ends.as_ref().map(|clock| clock.now() + HOUR);
        Box::pin(std::future::ready(Ok(found)))
    }
}

/// Makes calls, one after the other, with each client. Returns how often each was sent, and with which keys.
fn calls(script: impl Fn() -> Script, config: impl Fn(&Script) -> Config, count: usize) -> Vec<(u32, Vec<String>)> {
    let of_script = |script: &Script, attempts| {
        let key = |header: &str| header.split_once("Credential=").unwrap().1.split('/').next().unwrap().to_owned();
        let requests = script.requests();
        (attempts, requests.iter().map(|request| key(header(request.headers(), "authorization"))).collect())
    };
    let input = || StartFleetInput::new("a");
    let [asynchronous, blocking] = [script(), script()];
    let client = appstream::Client::new(&config(&asynchronous));
    let attempts =
        (0..count).map(|_| run(client.start_fleet(input())).map_or_else(|error| error.attempts(), |_| 0)).sum();
    let client = appstream::blocking::Client::new(&config(&blocking));
    let blocked = (0..count).map(|_| client.start_fleet(input()).send().map_or_else(|error| error.attempts(), |_| 0));
    vec![of_script(&asynchronous, attempts), of_script(&blocking, blocked.sum())]
}

#[test]
fn refused_credentials_are_replaced_for_the_calls_to_come() {
    for ends in [Some(TestClock::new()), None] {
        let script = || Script::new().then_json(403, EXPIRED).then_json(200, "{}");
        let config = |retry: RetryConfig| {
            let ends = ends.clone();
            move |script: &Script| script.config().credentials(Source::new(ends.clone())).retry(retry.clone()).build()
        };
        // The call that is refused has no other attempt, and the next one has other credentials.
        for (failed, keys) in calls(script, config(RetryConfig::disabled()), 2) {
            assert_eq!((failed, keys), (1, vec!["KEY0".to_owned(), "KEY1".to_owned()]));
        }
        for (failed, keys) in calls(script, config(RetryConfig::standard()), 1) {
            assert_eq!((failed, keys), (0, vec!["KEY0".to_owned(), "KEY1".to_owned()]));
        }
    }
}

#[test]
fn what_is_refused_is_not_sent_again() {
    for ends in [Some(TestClock::new()), None] {
        let source = Source { same: true, ..Source::new(ends) };
        let config = |script: &Script| script.config().credentials(source.clone()).build();
        for (failed, keys) in calls(|| Script::new().then_json(403, EXPIRED), config, 1) {
            assert_eq!((failed, keys), (1, vec!["KEY0".to_owned()]));
        }
        assert_eq!(source.asked(), 4, "each client has asked for others");
    }
    for (failed, keys) in calls(|| Script::new().then_json(403, EXPIRED), |script| script.config().build(), 1) {
        assert_eq!((failed, keys.len()), (1, 1), "keys that are written down have no successors");
    }
}

#[test]
fn the_life_of_credentials_is_this_machines_time() {
    const SKEWED: &str = r#"{"__type":"RequestTimeTooSkewed"}"#;
    for date in ["Wed, 01 Jan 2025 12:00:00 GMT", "Tue, 31 Dec 2024 12:00:00 GMT"] {
        let script = || Script::new().then(move |_| Ok(response(403, &[("date", date)], SKEWED))).then_json(200, "{}");
        let clock = TestClock::new();
        let source = Source::new(Some(clock.clone()));
        let script = script();
        let config = script.config_at(clock.clone()).credentials(source.clone()).build();
        let client = appstream::blocking::Client::new(&config);
        let call = || client.start_fleet(StartFleetInput::new("a")).send().unwrap();
        call();
        assert_eq!(header(script.requests()[1].headers(), "x-amz-date")[9..], *"120000Z");
        clock.advance(HOUR / 2);
        call();
        assert_eq!(source.asked(), 1, "{date}");
        clock.advance(HOUR / 2);
        call();
        assert_eq!(source.asked(), 2, "{date}");
    }
}

/// Credentials that take for ever.
#[derive(Debug)]
struct Never;

impl ProvideCredentials for Never {
    fn provide<'a>(&'a self, _: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::pending())
    }
}

#[test]
fn a_blocking_call_does_not_wait_longer_for_its_credentials() {
    let script = Script::new();
    let config = script.config().clock(SystemClock).credentials(Never).call_timeout(Duration::from_millis(100)).build();
    let began = Instant::now();
    let error = appstream::blocking::Client::new(&config).start_fleet(StartFleetInput::new("a")).send().unwrap_err();
    assert_eq!(error.to_string(), "StartFleet: the call took longer than 100ms");
    assert!((100..2000).contains(&began.elapsed().as_millis()), "{:?}", began.elapsed());
}

/// Fails, and has ended credentials before.
#[derive(Debug, Default)]
struct Down(AtomicUsize);

impl ProvideCredentials for Down {
    fn provide<'a>(&'a self, _: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        let ended = Credentials::new("KEY0", SECRET).expires_at(SystemTime::UNIX_EPOCH);
        let result = match self.0.fetch_add(1, Ordering::SeqCst) {
            0 => Ok(ended),
            _ => Err(CredentialsError::new("the source is down")),
        };
        Box::pin(std::future::ready(result))
    }
}

#[test]
fn what_the_service_refuses_is_not_used_while_the_source_is_down() {
    let script = Script::new().then_json(200, "{}").then_json(403, EXPIRED);
    let config = script.config().credentials(Down::default()).build();
    let client = appstream::blocking::Client::new(&config);
    let call = || client.start_fleet(StartFleetInput::new("a")).send();
    call().unwrap();
    assert_eq!(call().unwrap_err().to_string(), "StartFleet: the source is down");
    assert_eq!(call().unwrap_err().to_string(), "StartFleet: the source is down");
    assert_eq!(script.attempts(), 2);
}
