//! No call leaves for a host that the configuration does not mean.

use super::common::{SECRET, Script, header, run};
use workstream::appstream::{self, types::*};
use workstream::client::{
    Async, Config, ConfigBuilder, Credentials, Environment, Region, ServiceClient, Settings, TestClock,
};
use workstream::runtime::ServiceDescription;
use workstream::runtime::endpoint::{Endpoint, EndpointConfig, EndpointError};
use workstream::{Protocol, partitions, workspaces};
use workstream_fixtures::endpoint_of_operations;
use workstream_fixtures::endpoint_of_operations::types::{NamedInput, PlainInput, PrefixedInput};
use workstream_tests::folder;
use workstream_tests::regions::{HOSTILE, can_be_in_a_profile};

/// What a call with this configuration fails with; nothing was sent.
#[track_caller]
pub fn refused(builder: ConfigBuilder) -> String {
    let script = Script::new().then_json(200, "{}");
    let config = builder.transport(script.clone()).blocking_transport(script.clone()).clock(TestClock::new()).build();
    let error = run(appstream::Client::new(&config).start_fleet(StartFleetInput::new("a"))).unwrap_err().to_string();
    let blocking = appstream::blocking::Client::new(&config).start_fleet(StartFleetInput::new("a")).send();
    assert_eq!(blocking.unwrap_err().to_string(), error);
    assert_eq!(script.attempts(), 0, "{error}");
    error
}

fn keys() -> Credentials {
    Credentials::new("AKIAIOSFODNN7EXAMPLE", SECRET)
}

#[test]
fn hostile_regions_of_a_builder() {
    for region in HOSTILE.into_iter().chain([""]) {
        let error = refused(Config::builder().credentials(keys()).region(region));
        assert!(error.starts_with("StartFleet: Config::builder().region(...): \""), "{error}");
        assert!(error.contains("is no region: expected letters, digits and hyphens"), "{error}");
        assert!(!error.chars().any(char::is_control), "{error:?}");
        assert!(Region::new(region).is_err() || region == "fips-");
        // A later one takes its place.
        let script = Script::new().then_json(200, "{}");
        let config = script.config().region(region).region("eu-west-1").build();
        run(appstream::Client::new(&config).start_fleet(StartFleetInput::new("a"))).unwrap();
    }
}

#[test]
fn hostile_regions_of_the_environment() {
    for region in HOSTILE {
        for variable in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
            let environment = Environment::of([(variable, region)]);
            let error = ConfigBuilder::from_environment(&environment, None).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{variable}: \"")), "{error}");
            // Who reads the settings alone gets a region or this error, too.
            assert_eq!(Settings::load(&environment, None).unwrap_err().to_string(), error);
        }
    }
}

#[test]
fn hostile_regions_of_profiles() {
    let file = folder::of_test("hostile-regions").join("config");
    for region in HOSTILE.into_iter().filter(|region| can_be_in_a_profile(region)) {
        std::fs::write(&file, format!("[default]\nregion = {region}\n")).unwrap();
        let environment = Environment::of([("AWS_CONFIG_FILE", file.to_str().unwrap())]);
        let error = ConfigBuilder::from_environment(&environment, None).unwrap_err().to_string();
        assert!(error.starts_with("region of profile \"default\" in "), "{error}");
    }
}

/// Whether text would change the host that it is put into.
fn ends_host(text: &str) -> bool {
    !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
}

#[test]
fn hostile_regions_of_the_rules_alone() {
    let mut count = 0;
    for region in HOSTILE.into_iter().filter(|region| ends_host(region)) {
        let appstream = appstream::endpoint::resolve(&appstream::endpoint::Params::new().region(region));
        assert_eq!(appstream, Err(EndpointError::InvalidHostPart(region.to_owned())));
        let workspaces =
            workspaces::endpoint::resolve(&workspaces::endpoint::Params::new().region(region).use_fips(true));
        assert_eq!(workspaces, Err(EndpointError::InvalidHostPart(region.to_owned())));
        count += 1;
    }
    assert!(count > 20, "{count}");
}

#[test]
fn hostile_members_of_inputs() {
    for name in HOSTILE.into_iter().filter(|name| ends_host(name)) {
        let script = Script::new().then_json(200, "{}");
        let client = endpoint_of_operations::Client::new(&script.config().build());
        let error = run(client.call(NamedInput::new().name(name))).unwrap_err().to_string();
        assert!(error.contains("cannot be part of a host name"), "{error}");
        assert!(!error.chars().any(char::is_control), "{error:?}");
        let error = run(client.call(PrefixedInput::new(name))).unwrap_err().to_string();
        assert!(error.contains("is not a valid host name"), "{error}");
        assert_eq!(script.attempts(), 0, "{name:?}");
    }
}

#[test]
fn names_that_older_configurations_have_for_fips() {
    for name in ["fips-us-gov-west-1", "us-gov-west-1-fips"] {
        let script = Script::new().then_json(200, "{}");
        let config = script.config().use_fips(false).region(name).build();
        assert_eq!(config.region(), Some("us-gov-west-1"));
        run(appstream::Client::new(&config).start_fleet(StartFleetInput::new("a"))).unwrap();
        let request = &script.requests()[0];
        assert_eq!(request.uri().host(), Some("appstream2-fips.us-gov-west-1.amazonaws.com"));
        assert!(header(request.headers(), "authorization").contains("/us-gov-west-1/appstream/"));
    }
    // None of the names that regions really have is one of these.
    for region in partitions::PARTITIONS.iter().flat_map(|partition| partition.regions) {
        assert_eq!(Config::builder().region(region).build().region(), Some(*region));
    }
}

/// Each with what is said of it.
const UNUSABLE_URLS: [(&str, &str); 9] = [
    ("http://127.0.0.1:99999", "has no port behind the colon"),
    ("http://127.0.0.1:0", "has no port behind the colon"),
    ("http://127.0.0.1:", "has no port behind the colon"),
    ("http://localhost/?x=1", "has a query or a fragment"),
    ("http://localhost/#f", "has a query or a fragment"),
    ("http://user:S3CRET@localhost", "has a user"),
    ("ftp://user:S3CRET@localhost", "has a scheme other than"),
    ("localhost:4566", "has no scheme"),
    ("http://", "is no URL"),
];

#[test]
fn urls_that_mean_something_else_than_they_say() {
    for (url, expected) in UNUSABLE_URLS {
        let builder = || Config::builder().credentials(keys()).region("eu-west-1");
        let by_hand = builder().endpoint_url(url);
        let of_service = builder().service_endpoint_url("AppStream", url);
        for builder in [by_hand, of_service] {
            assert!(!format!("{builder:?}").contains("S3CRET"), "{builder:?}");
            assert!(!format!("{:?}", builder.clone().build()).contains("S3CRET"));
            let error = refused(builder);
            assert!(error.contains(expected) && !error.contains("S3CRET"), "{error}");
        }
        let environment = Environment::of([("AWS_ENDPOINT_URL", url), ("AWS_REGION", "eu-west-1")]);
        let builder = ConfigBuilder::from_environment(&environment, None).unwrap().credentials(keys());
        assert!(!format!("{builder:?}").contains("S3CRET"), "{builder:?}");
        let error = refused(builder);
        assert!(error.starts_with("StartFleet: AWS_ENDPOINT_URL ") && error.contains(expected), "{error}");
        assert!(!error.contains("S3CRET"), "{error}");

        let script = Script::new().then_json(200, "{}");
        let client = appstream::Client::new(&script.config().build());
        let error = run(client.start_fleet(StartFleetInput::new("a")).endpoint_url(url)).unwrap_err().to_string();
        assert!(error.contains("given to endpoint_url(...)") && error.contains(expected), "{error}");
        assert_eq!(script.attempts(), 0);
    }
}

#[test]
fn schemes_have_no_case() {
    let script = Script::new().then_json(200, "{}");
    let config = script.config().endpoint_url("HTTP://Localhost:4566/Base").build();
    run(appstream::Client::new(&config).start_fleet(StartFleetInput::new("a"))).unwrap();
    assert_eq!(script.requests()[0].uri().to_string(), "http://Localhost:4566/Base/");
}

/// Rules that make a host name of the account, as DynamoDB's do.
fn by_account(config: &EndpointConfig) -> Result<Endpoint, EndpointError> {
    let region = config.region.as_deref().unwrap_or_default();
    match (config.account_id_endpoint_mode.as_deref(), &config.account_id) {
        (Some("preferred" | "required"), Some(account)) => {
            Ok(Endpoint::new(format!("https://{account}.ddb.{region}.example.com")))
        }
        (Some("required"), None) => Err(EndpointError::refused("an account is required")),
        _ => Ok(Endpoint::new(format!("https://ddb.{region}.example.com"))),
    }
}

static ACCOUNTS: ServiceDescription =
    ServiceDescription::new("fixture", "Fixture", &[Protocol::AwsJson1_1]).endpoint_rules(by_account);

/// The host that calls to a service with such rules go to, or their error.
fn account_host(adjust: impl FnOnce(ConfigBuilder) -> ConfigBuilder) -> Result<String, String> {
    let script = Script::new().then_json(200, "{}");
    let builder = adjust(script.config()).transport(script.clone()).clock(TestClock::new());
    let client = ServiceClient::<Async>::new(&ACCOUNTS, &builder.build());
    for _ in 0..2 {
        run(client.call(PlainInput::new())).map_err(|error| {
            assert_eq!(script.attempts(), 0);
            error.to_string()
        })?;
    }
    let requests = script.requests();
    assert_eq!(requests[0].uri(), requests[1].uri());
    Ok(requests[0].uri().host().unwrap().to_owned())
}

/// The same where the environment has this mode.
fn host_in_mode(mode: &str, credentials: Credentials) -> Result<String, String> {
    let variables = [("AWS_ACCOUNT_ID_ENDPOINT_MODE", mode), ("AWS_REGION", "eu-west-1")];
    let builder = ConfigBuilder::from_environment(&Environment::of(variables), None).unwrap();
    account_host(|_| builder.credentials(credentials))
}

#[test]
fn accounts_reach_the_endpoint_rules() {
    let account = "123456789012";
    let of_credentials = || keys().account_id(account);
    assert_eq!(account_host(|config| config).unwrap(), "ddb.eu-west-1.example.com");
    assert_eq!(
        account_host(|config| config.credentials(of_credentials())).unwrap(),
        "123456789012.ddb.eu-west-1.example.com"
    );
    let by_hand = account_host(|config| config.credentials(of_credentials()).account_id("210987654321"));
    assert_eq!(by_hand.unwrap(), "210987654321.ddb.eu-west-1.example.com");
    let with_account = "123456789012.ddb.eu-west-1.example.com";
    for (mode, credentials, expected) in [
        ("preferred", of_credentials(), Ok(with_account)),
        ("preferred", keys(), Ok("ddb.eu-west-1.example.com")),
        ("disabled", of_credentials(), Ok("ddb.eu-west-1.example.com")),
        ("required", of_credentials(), Ok(with_account)),
        ("required", keys(), Err("Plain: no endpoint: an account is required")),
    ] {
        let host = host_in_mode(mode, credentials);
        assert_eq!(host.as_deref().map_err(String::as_str), expected, "{mode}");
    }
    for hostile in ["evil.example/", "1@evil.example", "", "a b"] {
        let error = account_host(|config| config.account_id(hostile)).unwrap_err();
        assert!(error.contains("the account id is \""), "{error}");
        let error = account_host(|config| config.credentials(keys().account_id(hostile))).unwrap_err();
        assert!(error.contains("the account id is \""), "{error}");
    }
    // Where it makes no difference, it may be anything.
    let script = Script::new().then_json(200, "{}");
    let client = appstream::Client::new(&script.config().credentials(keys().account_id("a b")).build());
    run(client.start_fleet(StartFleetInput::new("a"))).unwrap();
    run(client.start_fleet(StartFleetInput::new("a")).endpoint_url("http://localhost")).unwrap();
    assert_eq!(script.attempts(), 2);
}

#[test]
fn prefixes_of_hosts_by_the_environment() {
    let environment = [
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"),
        ("AWS_DISABLE_HOST_PREFIX_INJECTION", "true"),
    ];
    for (variables, expected) in [
        (&environment[..1], Ok("https://one.fixture.eu-west-1.example.com/")),
        (&environment[..2], Err("the operation's host prefix \"one.\" cannot stand before an IP address")),
        (&environment[..3], Ok("http://127.0.0.1:4566/")),
    ] {
        let script = Script::new().then_json(200, "{}");
        let builder = ConfigBuilder::from_environment(&Environment::of(variables.iter().copied()), None).unwrap();
        let config = builder.credentials(keys()).transport(script.clone()).protocol(Protocol::AwsJson1_1).build();
        let client = endpoint_of_operations::Client::new(&config);
        match (run(client.call(PrefixedInput::new("one"))), expected) {
            (Ok(_), Ok(uri)) => assert_eq!(script.requests()[0].uri(), uri),
            (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{error}"),
            (result, expected) => panic!("{result:?}, not {expected:?}"),
        }
    }
}
