//! When credentials end.

use super::commands::process;
use super::*;

/// JSON of a kind of source, with this instead of the time.
fn with_time(time: &str) -> String {
    JSON.replace("\"2099-01-02T03:04:05Z\"", time)
}

/// What three sources make of a time.
fn read_time(test: &str, time: &str) -> Vec<Result<Credentials, CredentialsError>> {
    let answer = with_time(time);
    let container = variables([("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")]);
    let net = |answer: String| {
        Net::new(move |request| match instance(request) {
            Ok((200, body)) if body == JSON => Ok((200, answer.clone())),
            other if request.uri().host() == Some("169.254.169.254") => other,
            _ => Ok((200, answer.clone())),
        })
    };
    vec![
        load(&Net::none(), &process(test, &answer)),
        load(&net(answer.clone()), &container),
        load(&net(answer), &variables([])),
    ]
}

#[test]
fn times_are_read_in_the_forms_that_are_written() {
    for time in [
        "2099-01-02T03:04:05Z",
        "2099-01-02T03:04:05",
        "2099-01-02T03:04:05UTC",
        "2099-01-02 03:04:05 UTC",
        "2099-01-02T03:04:05.000Z",
        "2099-01-02T04:04:05+01:00",
        "2099-01-02T03:04:05+0000",
    ] {
        for result in read_time("times", &format!("\"{time}\"")) {
            assert_eq!(result.unwrap().expires_at, Some(end()), "{time}");
        }
    }
}

#[test]
fn a_time_that_cannot_be_read_is_an_error() {
    for time in ["\"\"", "\" \"", "\"2026-12-01_00:00:00\"", "\"5ecret\"", "\"never\"", "4071006245", "true", "[]"] {
        for result in read_time("no-time", time) {
            let message = result.unwrap_err().to_string();
            assert!(message.contains("Expiration is no time"), "{time}: {message}");
        }
    }
    let [process, container, instance] = <[_; 3]>::try_from(read_time("no-time", "null")).unwrap();
    assert_eq!(process.unwrap().expires_at, None);
    for result in [container, instance] {
        assert!(result.unwrap_err().to_string().contains("the answer has no Expiration"));
    }
    let all = [KEYS[0], KEYS[1], ("AWS_CREDENTIAL_EXPIRATION", "soon")];
    assert!(error(&Net::none(), &variables(all)).starts_with("AWS_CREDENTIAL_EXPIRATION is \"soon\""));
    let all = [KEYS[0], KEYS[1], ("AWS_CREDENTIAL_EXPIRATION", "2099-01-02T03:04:05")];
    assert_eq!(found(&Net::none(), &variables(all)).expires_at, Some(end()));
}
