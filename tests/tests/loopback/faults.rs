//! What comes of faults: the right result after the right number of attempts, or the right error.

use super::{PROTOCOLS, both, each};
use http::StatusCode;
use std::time::Duration;
use workstream::appstream::types::*;
use workstream::client::{RetryConfig, SystemClock};
use workstream_tests::appstream_server::{AppStream, Trouble};
use workstream_tests::soak::kind;

fn input() -> DescribeFleetsInput {
    DescribeFleetsInput::new().names(["fleet-007"])
}

/// Faults that another attempt may get around, and what the error is if none does.
fn passing() -> Vec<(Trouble, &'static str)> {
    vec![
        (Trouble::Reset, "Exchange"),
        (Trouble::Close, "Exchange"),
        (Trouble::HalfBody, "Exchange"),
        (Trouble::ResetInBody, "Exchange"),
        (Trouble::TooManyRequests, "429"),
        (Trouble::Unavailable(0), "503"),
        (Trouble::Html(StatusCode::INTERNAL_SERVER_ERROR), "500"),
        (Trouble::Html(StatusCode::BAD_GATEWAY), "502"),
        (Trouble::Code(StatusCode::BAD_REQUEST, "ThrottlingException"), "ThrottlingException"),
    ]
}

#[test]
fn a_call_gets_around_faults_that_pass() {
    for (trouble, _) in passing() {
        let once = trouble.clone();
        each(
            move |arrival| (arrival.index == 0).then(|| once.clone()),
            |server, _, client| {
                let answer = client.call(input()).unwrap();
                assert_eq!((answer.attempts, server.server().requests()), (2, 2), "{trouble:?}");
                assert_eq!(answer.output.fleets.unwrap(), [server.fleets()[7].clone()]);
                assert_eq!(answer.response.request_id.unwrap(), "-1");
            },
        );
    }
}

#[test]
fn what_does_not_pass_is_told_after_all_attempts() {
    for (trouble, expected) in passing() {
        let again = trouble.clone();
        each(
            move |_| Some(again.clone()),
            |server, _, client| {
                let error = client.call(input()).unwrap_err();
                assert_eq!(kind(&error), expected, "{trouble:?}: {error}");
                assert_eq!((error.attempts(), server.server().requests()), (3, 3), "{trouble:?}: {error}");
                assert!(error.is_retryable(), "{error}");
                assert_eq!(error.is_throttling(), ["429", "ThrottlingException"].contains(&expected), "{error}");
            },
        );
    }
}

#[test]
fn faults_that_do_not_pass_end_a_call_at_once() {
    for (trouble, expected) in [
        (Trouble::Garbage, "Response"),
        (Trouble::Html(StatusCode::OK), "unreadable"),
        (Trouble::Html(StatusCode::NOT_FOUND), "404"),
        (Trouble::Code(StatusCode::BAD_REQUEST, "NobodyKnowsException"), "NobodyKnowsException"),
    ] {
        each(
            move |_| Some(trouble.clone()),
            |server, _, client| {
                let error = client.call(input()).unwrap_err();
                assert_eq!(kind(&error), expected, "{error}");
                assert_eq!((error.attempts(), server.server().requests()), (1, 1), "{error}");
                assert!(!error.is_retryable() && !error.to_string().contains('\n'), "{error}");
            },
        );
    }
}

#[test]
fn oddities_are_no_faults() {
    for trouble in [Trouble::SlowBody, Trouble::CloseAfter] {
        each(
            move |_| Some(trouble.clone()),
            |server, _, client| {
                for round in 1..=3 {
                    let answer = client.call(DescribeFleetsInput::new()).unwrap();
                    assert_eq!(answer.attempts, 1);
                    assert_eq!(answer.output.fleets.unwrap(), server.fleets()[..20]);
                    server.server().wait_until_closed(round);
                }
            },
        );
    }
}

#[test]
fn retry_after_is_waited() {
    each(
        |_| Some(Trouble::Unavailable(3)),
        |_, clock, client| {
            assert_eq!(client.call(input()).unwrap_err().attempts(), 3);
            assert_eq!(clock.elapsed(), Duration::from_secs(6));
        },
    );
}

/// What was done before the connection broke is done, and the next attempt finds it so.
#[test]
fn a_broken_answer_does_not_undo_anything() {
    each(
        |arrival| (arrival.index == 1).then_some(Trouble::HalfBody),
        |server, _, client| {
            client.call(CreateImageBuilderInput::new("a", "stream.standard.large")).unwrap();
            let error = client.call(DeleteImageBuilderInput::new("a")).unwrap_err();
            assert!(error.is_resource_not_found_exception() && error.attempts() == 2, "{error}");
            assert_eq!(error.message(), Some("there is no a"));
            assert!(server.image_builders().is_empty());
        },
    );
}

/// Real time passes here, and nothing depends on how much.
#[test]
fn slow_servers_run_into_the_limit() {
    for trouble in [Trouble::Silence, Trouble::EndlessBody] {
        let server = AppStream::tls(SystemClock, move |_| Some(trouble.clone()));
        let retry = RetryConfig::standard().max_attempts(2).initial_backoff(Duration::ZERO);
        let config = server.config().retry(retry).attempt_timeout(Duration::from_millis(30));
        for protocol in PROTOCOLS {
            for client in both(&config.clone().protocol(protocol).build()) {
                let error = client.call(input()).unwrap_err();
                assert_eq!(error.to_string(), "DescribeFleets: no answer within 30ms (2 attempts)");
                assert!(error.is_timeout() && error.is_retryable());
            }
        }
        server.server().wait_until_closed(server.server().connections());
    }
}
