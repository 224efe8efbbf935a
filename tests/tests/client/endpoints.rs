//! Where calls go.

use crate::common::{Script, header, run};
use workstream::Operation;
use workstream::appstream::{self, types::*};
use workstream::client::ConfigBuilder;
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
    assert!(error.starts_with("StartFleet: no endpoint: "), "{error}");
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
    assert_eq!(own, "http://localhost:1/", "an endpoint of one's own is called as it is");
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
