//! No secret in any Debug or Display output; `tests/traces.rs` has that of traces.

use super::common::{SECRET, Script, TOKEN, run};
use std::fmt::Debug;
use std::sync::Arc;
use workstream::appstream::{self, types::*};
use workstream::client::{BlockingHttpTransport, DefaultChain, HttpTransport, SigningKeys, SourceContext};
use workstream::client::{Config, Credentials, CredentialsCache, Environment, HttpOptions, Mock};

const PASSWORD: &str = "hunter2hunter2";
const URL: &str = "https://streaming.example.com/?parameters=secret-url";

fn assert_clean(what: &str, text: &str, others: &[&str]) {
    for secret in [SECRET, TOKEN, PASSWORD, URL].iter().chain(others) {
        assert!(
            !text.contains(secret),
            "{what} shows {secret:?}: {text}\nIf the model does not mark that member as sensitive, an entry \
             [sensitive.\"Structure.Member\"] of models/<service>/overlay.toml does."
        );
    }
}

fn debug(what: &str, value: &impl Debug, others: &[&str]) {
    assert_clean(what, &format!("{value:?}"), others);
    assert_clean(what, &format!("{value:#?}"), others);
}

#[test]
fn debug_of_everything_that_holds_secrets() {
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", SECRET).session_token(TOKEN);
    debug("credentials", &credentials, &[]);
    debug(
        "a cache",
        &CredentialsCache::new(Arc::new(credentials.clone()), SourceContext::new(&Script::new().config().build())),
        &[],
    );
    let config = Script::new().config().build();
    debug("a configuration", &config, &[]);
    debug("a builder", &config.to_builder(), &[]);
    debug("a client", &appstream::Client::new(&config), &[]);
    debug("keys", &SigningKeys::default(), &[]);
    let environment = Environment::of([
        ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
        ("AWS_SESSION_TOKEN", TOKEN),
        ("AWS_REGION", "eu-west-1"),
    ]);
    debug("an environment", &environment, &[]);
    debug("a chain", &DefaultChain::new(), &[]);
    debug("what sources are asked with", &SourceContext::new(&config).environment(environment.clone()), &[]);
    let from_environment = workstream::client::ConfigBuilder::from_environment(&environment, None).unwrap();
    debug("a builder from the environment", &from_environment, &[]);
    let config = from_environment.build();
    debug("a configuration from the environment", &config, &[]);
    let mock = Mock::new();
    mock.on::<CreateStreamingUrlInput>().respond(Ok(CreateStreamingUrlOutput::new().streaming_url(URL)));
    debug("a mock", &mock, &[]);
    let options = HttpOptions::default().proxy(&format!("http://user:{PASSWORD}@proxy:8080")).unwrap();
    debug("options", &options, &[]);
    debug("a transport", &HttpTransport::new(options.clone()), &[]);
    debug("a blocking transport", &BlockingHttpTransport::new(options.clone()), &[]);
    debug("a configuration with a proxy", &Config::builder().http(options).build(), &[]);
}

/// A URL with a password is refused as an endpoint, and may still be printed before, wherever it can be written.
#[test]
fn debug_and_display_of_urls_with_a_password() {
    use workstream::runtime::endpoint::{Endpoint, EndpointConfig};
    let url = format!("https://user:{PASSWORD}@host.example/path");
    debug("parameters", &appstream::endpoint::Params::new().endpoint(&url), &[]);
    debug("parameters with a strange region", &appstream::endpoint::Params::new().region(&url), &[]);
    let mut settings = EndpointConfig::default();
    settings.endpoint = Some(url.clone());
    debug("settings", &settings, &[]);
    debug("parameters of settings", &appstream::endpoint::Params::from_config(&settings), &[]);
    debug("an endpoint", &Endpoint::new(&url), &[]);
    debug("a builder", &Config::builder().endpoint_url(&url), &[]);
    let resolved = appstream::endpoint::resolve(&appstream::endpoint::Params::new().endpoint(&url));
    debug("a resolved endpoint", &resolved, &[]);
    let shown = format!("{:?}", appstream::endpoint::Params::new().endpoint(&url));
    assert!(shown.contains("https://(redacted)@host.example/path"), "{shown}");
    for config in [Config::builder().endpoint_url(&url), Script::new().config().endpoint_url(&url)] {
        let client = appstream::Client::new(&config.region("eu-west-1").build());
        let error = run(client.describe_fleets(DescribeFleetsInput::new())).unwrap_err();
        debug("an error", &error, &[]);
        assert_clean("an error", &error.to_string(), &[]);
    }
}

#[test]
fn debug_of_calls_and_results() {
    let mock = Mock::new();
    mock.on::<CreateStreamingUrlInput>().respond(Ok(CreateStreamingUrlOutput::new().streaming_url(URL)));
    let client = appstream::Client::new(&mock.config());
    let call = client
        .create_streaming_url(CreateStreamingUrlInput::new("stack", "fleet", "user").session_context(PASSWORD))
        .header(http::header::COOKIE, PASSWORD.parse().unwrap());
    debug("a call", &call, &[]);
    debug("a detailed call", &call.clone().with_metadata(), &[]);
    let answer = run(call.with_metadata()).unwrap();
    assert_eq!(answer.output.streaming_url.as_deref(), Some(URL));
    debug("an answer", &answer, &[]);
}

/// A secret that cannot be sent is not quoted by the error that says so.
#[test]
fn errors_quote_no_secret() {
    let damaged = format!("{TOKEN}\n");
    let config = Script::new().config().credentials(Credentials::new("a", SECRET).session_token(&damaged)).build();
    let error = run(appstream::Client::new(&config).describe_fleets(DescribeFleetsInput::new())).unwrap_err();
    debug("an error", &error, &[]);
    assert_clean("an error", &error.to_string(), &[]);
    let error = HttpOptions::default().proxy(&format!("socks5://user:{PASSWORD}@proxy:8080")).unwrap_err();
    debug("an error", &error, &[]);
    assert_clean("an error", &error.to_string(), &[]);
}
