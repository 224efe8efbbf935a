//! Configuration from the environment, as far as calls show it.

use super::common::{SECRET, Script, header, run};
use workstream::appstream::{self, types::*};
use workstream::client::{ConfigBuilder, Environment, TestClock};
use workstream::{Protocol, workspaces};

const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"), ("AWS_SECRET_ACCESS_KEY", SECRET)];

fn builder(variables: &[(&'static str, &'static str)]) -> ConfigBuilder {
    let environment = Environment::of(KEYS.into_iter().chain(variables.iter().copied()));
    ConfigBuilder::from_environment(&environment, None).unwrap().clock(TestClock::new()).protocol(Protocol::AwsJson1_1)
}

/// URIs of calls of both services.
fn uris(builder: ConfigBuilder) -> [String; 2] {
    let script = Script::new().then_json(200, "{}");
    let config = builder.transport(script.clone()).build();
    run(appstream::Client::new(&config).describe_fleets(DescribeFleetsInput::new())).unwrap();
    run(workspaces::Client::new(&config).describe_workspaces(Default::default())).unwrap();
    [0, 1].map(|call| script.requests()[call].uri().to_string())
}

#[test]
fn region_and_keys_are_all_it_takes() {
    let script = Script::new().then_json(200, "{}");
    let config = builder(&[("AWS_REGION", "eu-west-3")]).transport(script.clone()).build();
    run(appstream::Client::new(&config).describe_fleets(DescribeFleetsInput::new())).unwrap();
    let request = &script.requests()[0];
    assert_eq!(request.uri().host(), Some("appstream2.eu-west-3.amazonaws.com"));
    assert!(header(request.headers(), "authorization").contains("=AKIAIOSFODNN7EXAMPLE/20250101/eu-west-3/appstream/"));
}

#[test]
fn endpoints_by_variables() {
    let region = ("AWS_REGION", "eu-west-3");
    let all = ("AWS_ENDPOINT_URL", "http://localhost:4566");
    let own = ("AWS_ENDPOINT_URL_APPSTREAM", "http://localhost:9000");
    assert_eq!(uris(builder(&[region, all])), ["http://localhost:4566/", "http://localhost:4566/"]);
    assert_eq!(uris(builder(&[region, all, own])), ["http://localhost:9000/", "http://localhost:4566/"]);
    let ignored = uris(builder(&[region, all, own, ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")]));
    assert_eq!(ignored[0], "https://appstream2.eu-west-3.amazonaws.com/");
    let variants = [region, ("AWS_USE_FIPS_ENDPOINT", "true"), ("AWS_USE_DUALSTACK_ENDPOINT", "true")];
    assert_eq!(uris(builder(&variants))[0], "https://appstream2-fips.eu-west-3.api.aws/");
    let by_hand = builder(&[region, all, own]).service_endpoint_url("AppStream", "http://by.hand");
    assert_eq!(uris(by_hand), ["http://by.hand/", "http://localhost:4566/"], "by hand goes first");
}

#[test]
fn attempts_by_variable() {
    let script = Script::new().then_json(500, "");
    let config = builder(&[("AWS_REGION", "eu-west-3"), ("AWS_MAX_ATTEMPTS", "2"), ("AWS_RETRY_MODE", "standard")]);
    let config = config.transport(script.clone()).build();
    let _ = run(appstream::Client::new(&config).describe_fleets(DescribeFleetsInput::new()));
    assert_eq!(script.attempts(), 2);
}

#[test]
fn what_is_missing_says_where_it_was_looked_for() {
    let config = builder(&[]).transport(Script::new()).build();
    let error = run(appstream::Client::new(&config).describe_fleets(DescribeFleetsInput::new())).unwrap_err();
    let line = error.to_string();
    assert!(line.starts_with("DescribeFleets: no region: looked at AWS_REGION, AWS_DEFAULT_REGION, "), "{line}");

    let environment = Environment::of([("AWS_REGION", "eu-west-3"), ("AWS_EC2_METADATA_DISABLED", "true")]);
    let config = ConfigBuilder::from_environment(&environment, None).unwrap().transport(Script::new()).build();
    let error = run(appstream::Client::new(&config).describe_fleets(DescribeFleetsInput::new())).unwrap_err();
    let line = error.to_string();
    for place in ["AWS_ACCESS_KEY_ID", "profile", "web identity", "container", "instance metadata"] {
        assert!(line.contains(place), "{place} is missing: {line}");
    }
    assert!(line.starts_with("DescribeFleets: no credentials; looked at "), "{line}");
}

#[test]
fn a_setting_that_cannot_be_used() {
    for (name, value) in [("AWS_MAX_ATTEMPTS", "many"), ("AWS_RETRY_MODE", "fast"), ("AWS_USE_FIPS_ENDPOINT", "maybe")]
    {
        let error = ConfigBuilder::from_environment(&Environment::of([(name, value)]), None).unwrap_err().to_string();
        let quotes = name == "HTTPS_PROXY" || error.contains(value);
        assert!(error.contains(name) && quotes, "{error}");
    }
    // Of one service, it is an error of that service's calls only.
    let config = builder(&[("AWS_REGION", "eu-west-3"), ("AWS_ENDPOINT_URL_APPSTREAM", "localhost")]);
    let config = config.transport(Script::new().then_json(200, "{}")).build();
    let error = run(appstream::Client::new(&config).describe_fleets(DescribeFleetsInput::new())).unwrap_err();
    assert!(error.to_string().contains("AWS_ENDPOINT_URL_APPSTREAM"), "{error}");
    run(workspaces::Client::new(&config).describe_workspaces(Default::default())).unwrap();
}
