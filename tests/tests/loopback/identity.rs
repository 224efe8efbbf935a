//! Who calls, and when.

use super::{PROTOCOLS, both, each, runtime, server};
use http::HeaderValue;
use std::sync::Arc;
use std::time::Duration;
use workstream::appstream::{self, types::*};
use workstream::client::{
    BoxFuture, Clock, Credentials, CredentialsError, ProvideCredentials, SourceContext, TestClock,
};
use workstream_tests::appstream_server::{AppStream, CALL};
use workstream_tests::server::{Reply, Server};

fn input() -> DescribeFleetsInput {
    DescribeFleetsInput::new().names(["fleet-007"])
}

#[test]
fn signatures_are_those_of_what_arrives() {
    each(|_| None, |_, _, client| assert_eq!(client.call(input()).unwrap().attempts, 1));
    let clock = TestClock::new();
    let server = AppStream::plain(clock.clone(), |_| None);
    for client in both(&server.config().clock(clock).attempt_timeout(None).build()) {
        assert_eq!(client.call(input()).unwrap().attempts, 1);
    }
}

#[test]
fn signatures_of_others_are_refused() {
    let (server, clock) = server(|_| None);
    let config = server.config().clock(clock).attempt_timeout(None);
    let id = server.new_credentials().access_key_id.clone();
    let forged = Credentials::new(id, "guessed").session_token("token 1");
    for (credentials, expected) in [
        (forged, "InvalidSignatureException"),
        (Credentials::new("AKIANOBODY", "secret").session_token("token"), "UnrecognizedClientException"),
    ] {
        for client in both(&config.clone().credentials(credentials).build()) {
            let error = client.call(input()).unwrap_err();
            // The dates agree, so that signing again would not help.
            assert_eq!((error.code(), error.attempts()), (Some(expected), 1), "{error}");
        }
    }
}

/// A port that goes without saying is neither signed nor sent. It cannot be listened at, so a proxy stands in for it.
#[test]
fn the_host_that_is_signed_is_sent_over_http() {
    let clock = TestClock::new();
    let server = AppStream::plain(clock.clone(), |_| None);
    let address = server.server().address();
    let tunnel = Server::plain(move |_| Reply::Tunnel(address));
    for url in ["http://localhost", "http://localhost:80", "http://localhost:8080"] {
        let config = server.config().endpoint_url(url).clock(clock.clone()).attempt_timeout(None);
        let through = |proxy: &Server| {
            let http = server.http_options().proxy(&format!("http://{}", proxy.address())).unwrap();
            both(&config.clone().http(http).build())
        };
        // The async client tells the proxy where the request goes, the blocking one asks for a tunnel.
        let ([client, _], [_, blocking]) = (through(server.server()), through(&tunnel));
        for client in [client, blocking] {
            assert_eq!(client.call(input()).unwrap().attempts, 1, "{url}");
        }
    }
}

/// The same with TLS.
#[test]
fn the_host_that_is_signed_is_sent() {
    let (server, clock) = server(|_| None);
    let address = server.server().address();
    let proxy = Server::plain(move |_| Reply::Tunnel(address));
    let http = server.http_options().proxy(&format!("http://{}", proxy.address())).unwrap();
    for url in ["https://localhost", "https://localhost:443", "https://localhost:8443"] {
        let config = server.config().http(http.clone()).endpoint_url(url).clock(clock.clone()).attempt_timeout(None);
        for client in both(&config.build()) {
            assert_eq!(client.call(input()).unwrap().attempts, 1, "{url}");
        }
    }
}

#[test]
fn the_clock_is_corrected_and_stays_so() {
    each(
        |_| None,
        |server, _, client| {
            assert_eq!(client.call(input()).unwrap().attempts, 1);
            for ahead in [3600, -3600, 0] {
                server.set_clock_ahead(ahead);
                let attempts = [2, 1, 1].map(|_| client.call(input()).unwrap().attempts);
                assert_eq!(attempts, [2, 1, 1], "{ahead} s");
            }
        },
    );
}

/// One of them corrects the clock; the others were signed before, and go on with it.
#[test]
fn the_clock_is_corrected_for_all_calls_under_way() {
    for protocol in PROTOCOLS {
        let (server, clock) = server(|_| None);
        let config = server.config().clock(clock).attempt_timeout(None).protocol(protocol).build();
        let client = appstream::Client::new(&config);
        server.set_clock_ahead(3600);
        runtime().block_on(async {
            let mut calls = tokio::task::JoinSet::new();
            for _ in 0..8 {
                calls.spawn(client.describe_fleets(input()).with_metadata().into_future());
            }
            for answer in calls.join_all().await {
                assert_eq!(answer.unwrap().attempts, 2);
            }
        });
    }
}

/// Credentials that end some day.
#[derive(Debug)]
struct Temporary(Arc<AppStream>, TestClock);

impl ProvideCredentials for Temporary {
    fn provide<'a>(&'a self, _: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        let tomorrow = self.1.now() + Duration::from_secs(24 * 60 * 60);
        Box::pin(std::future::ready(Ok(self.0.new_credentials().expires_at(tomorrow))))
    }
}

#[test]
fn credentials_that_have_ended_are_replaced() {
    for protocol in PROTOCOLS {
        let (server, clock) = server(|_| None);
        let server = Arc::new(server);
        let config = server.config().clock(clock.clone()).attempt_timeout(None).protocol(protocol);
        for client in both(&config.credentials(Temporary(Arc::clone(&server), clock)).build()) {
            let attempts = [(); 2].map(|()| client.call(input()).unwrap().attempts);
            assert_eq!(attempts, [1, 1]);
            let given = server.credentials_given();
            server.expire_credentials();
            let attempts = [(); 2].map(|()| client.call(input()).unwrap().attempts);
            assert_eq!((attempts, server.credentials_given()), ([2, 1], given + 1));
        }
    }
}

#[test]
fn credentials_without_successors_are_not_tried_again() {
    each(
        |_| None,
        |server, _, client| {
            server.expire_credentials();
            let error = client.call(input()).unwrap_err();
            assert_eq!((error.code(), error.attempts()), (Some("ExpiredTokenException"), 1), "{error}");
        },
    );
}

#[test]
fn attempts_of_a_call_are_numbered_and_belong_together() {
    each(
        |arrival| (arrival.index < 2).then_some(workstream_tests::appstream_server::Trouble::Reset),
        |server, _, client| {
            let name = HeaderValue::from_static("a");
            let call = (name.clone(), name);
            let result = client.with(
                input(),
                |request| request.header(CALL, call.0.clone()),
                |request| request.header(CALL, call.1.clone()).send(),
            );
            result.unwrap();
            let log = server.take_log("a");
            let attempts: Vec<_> = log.iter().map(|entry| entry.attempt.as_str()).collect();
            assert_eq!(attempts, ["attempt=1; max=3", "attempt=2; max=3", "attempt=3; max=3"]);
            assert!(log.iter().all(|entry| entry.invocation == log[0].invocation), "{log:?}");
        },
    );
}
