//! Services that take a token instead of a signature.

use super::common::Script;
use workstream::client::{BearerToken, ConfigBuilder, CredentialsError};
use workstream_fixtures::bearer::Client;
use workstream_fixtures::bearer::types::{PeekInput, RunInput};

fn config(script: &Script) -> ConfigBuilder {
    script.config().endpoint_url("https://bearer.example.com")
}

fn authorization(script: &Script) -> Vec<Option<String>> {
    let requests = script.requests();
    let header = |name| move |request: &http::Request<bytes::Bytes>| request.headers().get(name).cloned();
    requests.iter().map(header("authorization")).map(|value| Some(value?.to_str().unwrap().to_owned())).collect()
}

#[tokio::test]
async fn a_token_goes_with_each_request_but_those_without_authentication() {
    let script = Script::new().then_json(200, "{}");
    let client = Client::new(&config(&script).bearer_token(BearerToken::new("t0k3n")).build());
    client.run(RunInput::new()).await.unwrap();
    client.peek(PeekInput::new()).await.unwrap();
    assert_eq!(authorization(&script), [Some("Bearer t0k3n".to_owned()), None]);
    assert!(script.requests()[0].headers()["authorization"].is_sensitive());
    assert!(!script.requests()[0].headers().contains_key("x-amz-date"));
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    let broken = || BearerToken::from_fn(|| Err(CredentialsError::new("not signed in")));
    for (build, expected) in [
        (config as fn(&Script) -> ConfigBuilder, "no token: Config::builder().bearer_token(...) was not called"),
        (|script| config(script).bearer_token(BearerToken::new("a\nb")), "characters that cannot be sent"),
        (
            |script| script.config().endpoint_url("http://bearer.example.com").bearer_token(BearerToken::new("t0k3n")),
            "over HTTPS only",
        ),
    ] {
        let script = Script::new().then_json(200, "{}");
        let error = Client::new(&build(&script).build()).run(RunInput::new()).await.unwrap_err().to_string();
        assert!(error.contains(expected) && !error.contains("t0k3n"), "{error}");
        assert_eq!(script.attempts(), 0);
    }
    let script = Script::new().then_json(200, "{}");
    let client = Client::new(&config(&script).bearer_token(broken()).build());
    let error = client.run(RunInput::new()).await.unwrap_err().to_string();
    assert!(error.contains("not signed in"), "{error}");
    assert!(!format!("{:?}", config(&script).bearer_token(BearerToken::new("t0k3n"))).contains("t0k3n"));
}
