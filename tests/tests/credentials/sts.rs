//! Where STS is called, and how often.

use super::ways::{WAYS, at, of_environment, one_after_another, over};
use super::*;
use std::slice;
use workstream::{Protocol, appstream};
use workstream_runtime::client::RetryConfig;
use workstream_runtime::client::credentials::{AssumeRole, WebIdentity};

const ARN: &str = "arn:aws:iam::123456789012:role/reader";

fn key() -> Credentials {
    Credentials::new("AKIDCODE", "5ecret-code")
}

fn role() -> AssumeRole {
    AssumeRole::new(ARN).source(key())
}

/// The scope of a signature, without its day: region and service.
fn scope(net: &Net) -> String {
    let header = net.header(0, "authorization");
    header.split_once('/').unwrap().1.split_once('/').unwrap().1.split_once("/aws4_request").unwrap().0.to_owned()
}

/// Where a role is assumed: by a profile with a role, by a role in code, and with a web identity; async and blocking; of a
/// configuration by hand and of the environment's. It is always the same URI, which is returned with the signatures' scope.
fn place(test: &str, variables: &[(&str, &str)], lines: &str) -> (String, String) {
    let home = home(test, &format!("{ROLE}{lines}\n{BASE}"), "");
    fs::write(home.join("token"), "5ecret-web").unwrap();
    let environment = Environment::of(variables.iter().copied()).home(&home);
    let web = WebIdentity::new(ARN, home.join("token").to_str().unwrap());
    let (mut uris, mut scopes) = (Vec::new(), Vec::new());
    for way in WAYS {
        for by_hand in [true, false] {
            let config = |net: &_| if by_hand { over(net) } else { of_environment(net, &environment) };
            let [in_code, of_profile, unsigned] = [(); 3].map(|()| Net::new(sts_of));
            way.ask(&role(), config(&in_code), &environment).unwrap();
            way.ask(&DefaultChain::new(), config(&of_profile), &environment).unwrap();
            way.ask(&web, config(&unsigned), &environment).unwrap();
            scopes.extend([scope(&in_code), scope(&of_profile)]);
            uris.extend([in_code, of_profile, unsigned].iter().flat_map(|net| net.uris()));
        }
    }
    assert_eq!(uris.len(), 12);
    uris.dedup();
    scopes.dedup();
    let (uri, scope) = (slice::from_ref(&uris[0]), slice::from_ref(&scopes[0]));
    assert_eq!((uris.as_slice(), scopes.as_slice()), (uri, scope), "{test}");
    let uri = uris[0].strip_prefix("POST ").unwrap().to_owned();
    (uri, scopes[0].strip_suffix("/sts").unwrap().to_owned())
}

const ROLE: &str = "[default]\nrole_arn = arn:aws:iam::123456789012:role/reader\nsource_profile = base\n";
/// What a source says of places does not count.
const BASE: &str = "[profile base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = 5ecret-base\nregion = sa-east-1\n\
                    endpoint_url = http://base.example\nuse_fips_endpoint = true\n";

fn is_at(test: &str, variables: &[(&str, &str)], lines: &str, uri: &str, region: &str) {
    assert_eq!(place(test, variables, lines), (uri.to_owned(), region.to_owned()), "{variables:?} {lines}");
}

/// A source may be asked for somebody else than the configuration was made for.
#[test]
fn the_environment_of_the_question_counts() {
    let here = variables([("AWS_REGION", "eu-west-1"), ("AWS_ENDPOINT_URL_STS", "http://here.example")]);
    let there = variables([("AWS_ENDPOINT_URL_STS", "http://there.example")]);
    for way in WAYS {
        let net = Net::new(sts_of);
        way.ask(&role(), of_environment(&net, &here), &there).unwrap();
        assert_eq!((net.uris(), &*scope(&net)), (vec!["POST http://there.example/".to_owned()], "eu-west-1/sts"));
    }
}

/// A configuration by hand that says nothing of retries leaves the number of attempts to the environment.
#[test]
fn the_environment_says_how_often_sts_is_asked() {
    let environment = variables([("AWS_MAX_ATTEMPTS", "2")]);
    for way in WAYS {
        let net = Net::new(|_| Ok((500, String::new())));
        way.ask(&role(), over(&net), &environment).unwrap_err();
        assert_eq!(net.uris().len(), 2);
        let net = Net::new(|_| Ok((500, String::new())));
        way.ask(&role(), over(&net).retry(RetryConfig::standard().max_attempts(1)), &environment).unwrap_err();
        assert_eq!(net.uris().len(), 1);
    }
}

#[test]
fn sts_is_where_the_region_is() {
    for (region, host, scope) in [
        ("eu-west-1", "sts.eu-west-1.amazonaws.com", "eu-west-1"),
        ("ap-east-1", "sts.ap-east-1.amazonaws.com", "ap-east-1"),
        ("cn-north-1", "sts.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("us-gov-west-1", "sts.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        ("us-iso-east-1", "sts.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"),
        ("eusc-de-east-1", "sts.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
        ("aws-global", "sts.amazonaws.com", "us-east-1"),
        ("fips-us-gov-west-1", "sts.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
    ] {
        is_at("region", &[("AWS_REGION", region)], "", &format!("https://{host}/"), scope);
        is_at("region", &[], &format!("region = {region}"), &format!("https://{host}/"), scope);
    }
    is_at("no-region", &[], "", "https://sts.amazonaws.com/", "us-east-1");
}

#[test]
fn sts_has_fips_and_dual_stack_endpoints() {
    let (fips, dual) = (("AWS_USE_FIPS_ENDPOINT", "true"), ("AWS_USE_DUALSTACK_ENDPOINT", "true"));
    for (region, settings, host) in [
        ("us-east-1", vec![fips], "sts-fips.us-east-1.amazonaws.com"),
        ("us-gov-east-1", vec![fips], "sts.us-gov-east-1.amazonaws.com"),
        ("eu-west-1", vec![dual], "sts.eu-west-1.api.aws"),
        ("cn-north-1", vec![dual], "sts.cn-north-1.api.amazonwebservices.com.cn"),
        ("us-east-1", vec![fips, dual], "sts-fips.us-east-1.api.aws"),
    ] {
        let uri = format!("https://{host}/");
        let lines = settings.iter().map(|(name, _)| match *name {
            "AWS_USE_FIPS_ENDPOINT" => "use_fips_endpoint = true\n",
            _ => "use_dualstack_endpoint = true\n",
        });
        let lines = lines.collect::<String>();
        is_at("fips", &[&settings[..], &[("AWS_REGION", region)]].concat(), "", &uri, region);
        is_at("fips", &[("AWS_REGION", region)], &lines, &uri, region);
    }
}

#[test]
fn sts_is_where_an_endpoint_url_says() {
    let (region, all) = (("AWS_REGION", "eu-west-1"), ("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"));
    let own = ("AWS_ENDPOINT_URL_STS", "https://sts.example:8443/local/");
    let section = "services = local\nendpoint_url = http://profile.example\n[services local]\n\
                   sts =\n  endpoint_url = http://section.example/x\n";
    let cases: [(&[_], &str, &str); 7] = [
        (&[all], "", "http://127.0.0.1:4566/"),
        (&[all, own], section, "https://sts.example:8443/local/"),
        (&[all], section, "http://127.0.0.1:4566/"),
        (&[], section, "http://section.example/x/"),
        (&[], "endpoint_url = http://profile.example", "http://profile.example/"),
        (&[all, own, ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")], section, "https://sts.eu-west-1.amazonaws.com/"),
        (&[("AWS_ENDPOINT_URL_SSO", "http://sso.example")], "", "https://sts.eu-west-1.amazonaws.com/"),
    ];
    for (variables, lines, uri) in cases {
        is_at("url", &[variables, &[region]].concat(), lines, uri, "eu-west-1");
    }
    // Signatures are for a region that there is, even where the rules have another name for it.
    let legacy = ("AWS_STS_REGIONAL_ENDPOINTS", "legacy");
    is_at("legacy-url", &[region, legacy, own], "", "https://sts.example:8443/local/", "eu-west-1");
    is_at("no-region-url", &[own], "", "https://sts.example:8443/local/", "us-east-1");
}

#[test]
fn an_endpoint_url_of_sts_that_is_none_is_an_error() {
    for way in WAYS {
        let net = tempting();
        let environment = variables([("AWS_REGION", "eu-west-1"), ("AWS_ENDPOINT_URL_STS", "x:5ecret@host")]);
        let message = way.ask(&role(), over(&net), &environment).unwrap_err().to_string();
        assert!(message.contains("AWS_ENDPOINT_URL_STS "), "{message}");
        assert!(net.uris().is_empty());
    }
}

#[test]
fn the_global_endpoint_of_sts_is_for_the_regions_that_began_with_it() {
    let legacy = ("AWS_STS_REGIONAL_ENDPOINTS", "legacy");
    let line = "sts_regional_endpoints = legacy";
    for (region, is_old) in [("eu-west-1", true), ("us-east-1", true), ("ap-east-1", false), ("us-gov-west-1", false)] {
        let (host, scope) = match is_old {
            true => ("sts.amazonaws.com".to_owned(), "us-east-1"),
            false => (format!("sts.{region}.amazonaws.com"), region),
        };
        let (uri, region) = (format!("https://{host}/"), ("AWS_REGION", region));
        is_at("legacy", &[region, legacy], "", &uri, scope);
        is_at("legacy", &[region], line, &uri, scope);
        // A variable goes before the profile.
        let regional = [region, ("AWS_STS_REGIONAL_ENDPOINTS", "regional")];
        is_at("regional", &regional, line, &format!("https://sts.{}.amazonaws.com/", region.1), region.1);
    }
    let (fips, dual) = (("AWS_USE_FIPS_ENDPOINT", "true"), ("AWS_USE_DUALSTACK_ENDPOINT", "true"));
    let region = ("AWS_REGION", "us-east-1");
    is_at("legacy-fips", &[region, legacy, fips], "", "https://sts-fips.us-east-1.amazonaws.com/", "us-east-1");
    is_at("legacy-dual", &[region, legacy, dual], "", "https://sts.us-east-1.api.aws/", "us-east-1");
}

#[test]
fn a_region_in_code_goes_before_the_environments() {
    let environment = variables([("AWS_REGION", "us-west-2")]);
    for way in WAYS {
        let net = Net::new(sts_of);
        way.ask(&role(), over(&net).region("eu-central-1"), &environment).unwrap();
        let config = of_environment(&net, &environment).region("eu-north-1").build();
        way.ask_in(&role(), &way.context(&config)).unwrap();
        assert_eq!(net.uris()[0], "POST https://sts.eu-central-1.amazonaws.com/");
        assert_eq!(net.uris()[1], "POST https://sts.eu-north-1.amazonaws.com/");
        let net = tempting();
        let message = way.ask(&role(), over(&net).region("x.example/"), &environment).unwrap_err().to_string();
        assert!(message.contains("Config::builder().region(...)"), "{message}");
        assert!(net.uris().is_empty());
    }
}

/// Whoever points all services to a local server by hand has one for a service in mind: keys and tokens are not for it.
#[test]
fn credentials_are_not_asked_for_at_a_url_that_is_another_services() {
    let asked = |net: &Arc<Net>| net.uris().iter().map(|uri| uri[5..].to_owned()).collect::<Vec<_>>();
    let net = || {
        Net::new(|request| match request.uri().host() {
            Some("fleets.example") => Ok((200, "{}".to_owned())),
            _ => sts_of(request),
        })
    };
    let config = |net: &_| {
        let config = over(net).region("eu-west-1").credentials(role()).endpoint_url("https://fleets.example");
        config.protocol(Protocol::AwsJson1_1)
    };
    let sts = "https://sts.eu-west-1.amazonaws.com/";
    let call = |config: &Config| {
        wait(appstream::Client::new(config).start_fleet(appstream::types::StartFleetInput::new("a")).into_future())
            .unwrap();
    };
    let called = net();
    call(&config(&called).build());
    assert_eq!(called.uris().len(), 2);
    assert_eq!(asked(&called)[0], sts);
    assert!(asked(&called)[1].starts_with("https://fleets.example/"));
    let blocked = net();
    let client = appstream::blocking::Client::new(&config(&blocked).build());
    client.start_fleet(appstream::types::StartFleetInput::new("a")).send().unwrap();
    assert_eq!(asked(&blocked), asked(&called));
    // A URL that is meant for STS is another matter.
    let own = net();
    call(&config(&own).service_endpoint_url("STS", "https://sts.example/x").build());
    assert_eq!(asked(&own)[0], "https://sts.example/x/");
}

fn failure(status: u16, code: &str) -> Answer {
    sts_error(code, "as scripted").map(|(_, body)| (status, body))
}

#[test]
fn trouble_of_sts_is_tried_again() {
    let file = folder::of_test("retried").join("token");
    fs::write(&file, "5ecret-web").unwrap();
    let web = WebIdentity::new(ARN, file.to_str().unwrap());
    let environment = variables([("AWS_REGION", "eu-west-1")]);
    let troubles = [
        failure(500, "InternalFailure"),
        Ok((502, "<html>Bad gateway</html>".to_owned())),
        Ok((503, String::new())),
        Ok((504, String::new())),
        failure(400, "Throttling"),
        failure(400, "IDPCommunicationError"),
        Err(TransportErrorKind::Connect),
        Err(TransportErrorKind::Exchange),
        Err(TransportErrorKind::Timeout),
    ];
    for trouble in troubles {
        for way in WAYS {
            let net = one_after_another([trouble.clone(), sts("AssumeRoleWithWebIdentity")]);
            let credentials = way.ask(&web, over(&net), &environment).unwrap();
            assert_eq!(credentials, temporary(KEY).account_id("123456789012"), "{trouble:?}");
            assert_eq!(net.uris().len(), 2, "{trouble:?}");
            let clock = TestClock::new();
            let net = one_after_another([trouble.clone()]);
            way.ask(&web, at(&net, clock.clone()), &environment).unwrap_err();
            assert_eq!(net.uris().len(), 3, "{trouble:?}");
            assert!(clock.elapsed() >= Duration::from_millis(100) && clock.elapsed() < Duration::from_secs(4));
        }
    }
}

#[test]
fn what_sts_refuses_is_not_tried_again() {
    let environment = variables([("AWS_REGION", "eu-west-1")]);
    let garbage = Ok((200, "<SecretAccessKey>5ecret</SecretAccessKey>".to_owned()));
    let none = Ok((200, "<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>".to_owned()));
    for refusal in
        [failure(403, "AccessDenied"), failure(400, "ExpiredTokenException"), failure(400, "x"), garbage, none]
    {
        for way in WAYS {
            let net = one_after_another([refusal.clone(), sts("AssumeRole")]);
            let message = way.ask(&role(), over(&net), &environment).unwrap_err().to_string();
            assert!(message.starts_with(&format!("assuming {ARN}: ")), "{message}");
            assert_eq!(net.uris().len(), 1, "{refusal:?}");
        }
    }
}

#[test]
fn sts_is_tried_as_often_as_other_services() {
    for way in WAYS {
        for (attempts, expected) in [("1", 1), ("5", 5)] {
            let net = one_after_another([Ok((500, String::new()))]);
            let environment = variables([("AWS_REGION", "eu-west-1"), ("AWS_MAX_ATTEMPTS", attempts)]);
            let config = of_environment(&net, &environment).build();
            way.ask_in(&role(), &way.context(&config)).unwrap_err();
            assert_eq!(net.uris().len(), expected);
        }
        let net = one_after_another([Ok((500, String::new()))]);
        way.ask(&role(), over(&net).retry(RetryConfig::disabled()), &variables([])).unwrap_err();
        assert_eq!(net.uris().len(), 1);
    }
}

/// Answers nothing, and lets the time pass that one waits for it.
#[derive(Debug)]
struct Silent(TestClock, Mutex<Vec<Duration>>);

impl Transport for Silent {
    fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        self.1.lock().unwrap().push(Duration::MAX);
        Box::pin(std::future::pending())
    }
}

impl BlockingTransport for Silent {
    fn send(&self, _: Request<Bytes>, timeout: Option<Duration>) -> Result<Response<Bytes>, TransportError> {
        self.1.lock().unwrap().push(timeout.unwrap());
        workstream_runtime::client::Clock::block(&self.0, timeout.unwrap());
        Err(TransportError::new(TransportErrorKind::Timeout, "nobody answers"))
    }
}

#[test]
fn a_silent_sts_is_given_up() {
    for way in WAYS {
        let clock = TestClock::new();
        let silent = Arc::new(Silent(clock.clone(), Mutex::default()));
        let config = Config::builder().transport(Arc::clone(&silent)).blocking_transport(Arc::clone(&silent));
        let message = way.ask(&role(), config.clock(clock.clone()), &variables([])).unwrap_err().to_string();
        assert!(message.contains(ARN), "{message}");
        assert_eq!(silent.1.lock().unwrap().len(), 3);
        let elapsed = clock.elapsed().as_secs();
        assert!((30..34).contains(&elapsed), "{way:?}: {elapsed}");
    }
}
