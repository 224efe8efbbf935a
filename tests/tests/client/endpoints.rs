//! Where calls go.

use super::common::{Script, header, response, run};
use workstream::Operation;
use workstream::Protocol;
use workstream::appstream::{self, types::*};
use workstream::client::{Config, ConfigBuilder, Credentials, RetryConfig};
use workstream::partitions;
use workstream_fixtures::endpoint_of_operations;
use workstream_fixtures::endpoint_of_operations::types::{GlobalInput, NamedInput, PlainInput, PrefixedInput};

/// URI and authorization of a call, or why there is none.
fn called(adjust: impl FnOnce(ConfigBuilder) -> ConfigBuilder) -> Result<(String, String), String> {
    let script = Script::new().then_json(200, "{}");
    let client = appstream::Client::new(&adjust(script.config()).build());
    run(client.start_fleet(StartFleetInput::new("a"))).map_err(|error| error.to_string())?;
    let request = &script.requests()[0];
    Ok((request.uri().to_string(), header(request.headers(), "authorization").to_owned()))
}

#[test]
fn every_known_region_of_every_partition() {
    let mut count = 0;
    for partition in partitions::PARTITIONS {
        for region in partition.regions {
            let (uri, authorization) = called(|config| config.region(*region)).unwrap();
            let suffix = if partition.name == "aws-us-gov" { "amazonaws.com" } else { partition.dns_suffix };
            assert_eq!(uri, format!("https://appstream2.{region}.{suffix}/"));
            assert!(authorization.contains(&format!("/{region}/appstream/aws4_request")), "{authorization}");
            count += 1;
        }
    }
    assert!(count > 40, "{count}");
}

#[test]
fn a_region_that_nobody_knows_yet() {
    assert_eq!(called(|config| config.region("eu-far-9")).unwrap().0, "https://appstream2.eu-far-9.amazonaws.com/");
    assert_eq!(called(|config| config.region("cn-far-9")).unwrap().0, "https://appstream2.cn-far-9.amazonaws.com.cn/");
    let error = called(|config| config.region("not a region")).unwrap_err();
    assert!(error.contains("is no region"), "{error}");
}

#[test]
fn variants_of_endpoints() {
    let uri = |adjust: fn(ConfigBuilder) -> ConfigBuilder| called(adjust).map(|(uri, _)| uri);
    let fips = uri(|config| config.region("us-gov-west-1").use_fips(true));
    assert_eq!(fips.unwrap(), "https://appstream2-fips.us-gov-west-1.amazonaws.com/");
    let dual = uri(|config| config.use_dual_stack(true));
    assert_eq!(dual.unwrap(), "https://appstream2.eu-west-1.api.aws/");
    let both = uri(|config| config.use_dual_stack(true).use_fips(true));
    assert_eq!(both.unwrap(), "https://appstream2-fips.eu-west-1.api.aws/");
    let error = uri(|config| config.use_fips(true).endpoint_url("https://localhost")).unwrap_err();
    assert!(error.contains("FIPS and custom endpoint are not supported"), "{error}");
}

#[test]
fn endpoints_of_ones_own() {
    let uri = |adjust: fn(ConfigBuilder) -> ConfigBuilder| called(adjust).unwrap().0;
    assert_eq!(uri(|config| config.endpoint_url("http://localhost:4566")), "http://localhost:4566/");
    assert_eq!(uri(|config| config.endpoint_url("https://[::1]:8443/a/b/")), "https://[::1]:8443/a/b/");
    let config = |config: ConfigBuilder| {
        config
            .endpoint_url("http://all")
            .service_endpoint_url("app-stream", "http://other")
            .service_endpoint_url("AppStream", "http://own")
    };
    assert_eq!(uri(config), "http://own/", "the service's own goes before that of all");
    let (_, authorization) = called(|config| config.endpoint_url("http://localhost:4566")).unwrap();
    assert!(authorization.contains("/eu-west-1/appstream/"), "it is signed for the region all the same");
}

/// URI, authorization and `x-fixture` of a call, or why there is none.
fn fixture_call<I>(input: I, adjust: impl FnOnce(ConfigBuilder) -> ConfigBuilder) -> Result<[String; 3], String>
where
    I: Operation<ServiceError = endpoint_of_operations::ServiceError>,
{
    let script = Script::new().then_json(200, "{}");
    let client = endpoint_of_operations::Client::new(&adjust(script.config()).build());
    run(client.call(input)).map_err(|error| error.to_string())?;
    let (uri, headers) = (script.requests()[0].uri().to_string(), script.requests()[0].headers().clone());
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    Ok([uri, text("authorization"), text("x-fixture")])
}

#[test]
fn host_prefixes_of_operations() {
    let uri = |label: &str, adjust: fn(ConfigBuilder) -> ConfigBuilder| {
        fixture_call(PrefixedInput::new(label), adjust).map(|[uri, ..]| uri)
    };
    assert_eq!(uri("one", |config| config).unwrap(), "https://one.fixture.eu-west-1.example.com/");
    let own = uri("one", |config| config.endpoint_url("http://localhost:1")).unwrap();
    assert_eq!(own, "http://one.localhost:1/", "an endpoint of one's own gets it too");
    let without = uri("one", |config| config.endpoint_url("http://localhost:1").disable_host_prefix(true)).unwrap();
    assert_eq!(without, "http://localhost:1/");
    let without = uri("one", |config| config.disable_host_prefix(true)).unwrap();
    assert_eq!(without, "https://fixture.eu-west-1.example.com/");
    let error = uri("evil.example.com/", |config| config).unwrap_err();
    assert!(error.contains("is not a valid host name"), "{error}");
}

#[test]
fn parameters_that_operations_supply() {
    let [uri, authorization, header] = fixture_call(GlobalInput::new(), |config| config).unwrap();
    assert_eq!((uri.as_str(), header.as_str()), ("https://fixture.example.com/", "global"));
    assert!(authorization.contains("/us-east-1/fixture-global/aws4_request"), "{authorization}");
    assert!(authorization.contains("x-fixture"), "headers of the endpoint are signed: {authorization}");
    let [uri, ..] = fixture_call(NamedInput::new().name("a"), |config| config).unwrap();
    assert_eq!(uri, "https://a.fixture.eu-west-1.example.com/base/");
    let [uri, ..] = fixture_call(NamedInput::new(), |config| config).unwrap();
    assert_eq!(uri, "https://fixture.eu-west-1.example.com/");
    let [uri, authorization, header] = fixture_call(PlainInput::new(), |config| config).unwrap();
    assert_eq!((uri.as_str(), header.as_str()), ("https://fixture.eu-west-1.example.com/", ""));
    assert!(authorization.contains("/eu-west-1/fixture/aws4_request"), "{authorization}");
}

/// A server that knows nothing but JSON: what it says to anything else, and to JSON.
fn json_only(status: u16) -> Script {
    Script::new().then(move |request| {
        let json = request.headers().contains_key("x-amz-target");
        let (status, body) = if json { (200, "{}") } else { (status, "<html>What?</html>") };
        Ok(response(status, &[("content-type", "text/html")], body))
    })
}

/// Content types that a script has seen.
fn spoken(script: &Script) -> Vec<String> {
    let requests = script.requests();
    requests.iter().map(|request| header(request.headers(), "content-type").to_owned()).collect()
}

#[test]
fn a_local_server_may_speak_json_only() {
    const CBOR: &str = "application/cbor";
    const JSON: &str = "application/x-amz-json-1.1";
    let config = |script: &Script| {
        Config::builder()
            .region("eu-west-1")
            .credentials(Credentials::new("a", "b"))
            .retry(RetryConfig::disabled())
            .transport(script.clone())
            .blocking_transport(script.clone())
    };
    let start = || StartFleetInput::new("a");
    if StartFleetInput::DESCRIPTION.service.protocols[0] != Protocol::RpcV2Cbor {
        // An older model: all that it speaks is JSON.
        return;
    }
    for status in [400, 404, 405, 415, 501] {
        let script = json_only(status);
        let client = appstream::Client::new(&config(&script).endpoint_url("http://localhost:1").build());
        let answer = run(client.start_fleet(start()).with_metadata()).unwrap();
        assert_eq!(answer.attempts, 1, "what nobody understood does not count");
        run(client.start_fleet(start())).unwrap();
        assert_eq!(spoken(&script), [CBOR, JSON, JSON], "{status}: it is remembered");
        let blocking = appstream::blocking::Client::new(&config(&script).endpoint_url("http://localhost:1").build());
        blocking.start_fleet(start()).send().unwrap();
    }
    // Of one call's endpoint nothing is remembered.
    let script = json_only(404);
    let client = appstream::Client::new(&config(&script).build());
    run(client.start_fleet(start()).endpoint_url("http://localhost:1")).unwrap();
    assert!(run(client.start_fleet(start())).is_err());
    assert_eq!(spoken(&script), [CBOR, JSON, CBOR]);
    // AWS speaks what its model says, what was chosen stays, and other failures mean other things.
    for (status, adjust) in [
        (404, (|config| config) as fn(ConfigBuilder) -> ConfigBuilder),
        (404, |config| config.endpoint_url("http://localhost:1").protocol(Protocol::RpcV2Cbor)),
        (403, |config| config.endpoint_url("http://localhost:1")),
        (500, |config| config.endpoint_url("http://localhost:1")),
    ] {
        let script = json_only(status);
        assert!(run(appstream::Client::new(&adjust(config(&script)).build()).start_fleet(start())).is_err());
        assert_eq!(spoken(&script), [CBOR], "{status}");
    }
    // Nor is an error of a server that speaks CBOR a reason.
    let script = Script::new().then(|_| Ok(response(404, &[("smithy-protocol", "rpc-v2-cbor")], "")));
    let client = appstream::Client::new(&config(&script).endpoint_url("http://localhost:1").build());
    assert!(run(client.start_fleet(start())).is_err());
    assert_eq!(script.attempts(), 1);
}
