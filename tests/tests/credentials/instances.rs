//! The metadata of an instance.

use super::ways::{WAYS, over};
use super::*;
use workstream_runtime::client::credentials::InstanceMetadata;

#[test]
fn an_instance_has_metadata() {
    let net = Net::new(instance);
    assert_eq!(found(&net, &variables([])), temporary(KEY));
    let base = "http://169.254.169.254/latest";
    let role = format!("GET {base}/meta-data/iam/security-credentials/");
    assert_eq!(net.uris(), [format!("PUT {base}/api/token"), role.clone(), format!("{role}the-role")]);

    let net = Net::new(instance);
    found(&net, &variables([("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1338/")]));
    assert_eq!(net.uris()[0], "PUT http://127.0.0.1:1338/latest/api/token");
    let net = Net::new(instance);
    found(&net, &variables([("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6")]));
    assert_eq!(net.uris()[0], "PUT http://[fd00:ec2::254]/latest/api/token");
}

#[test]
fn instances_answer_within_a_second_or_not() {
    let net = Net::new(instance);
    let chain = blocking_chain_over(Arc::clone(&net), &variables([]));
    assert_eq!(now(chain.provide()).unwrap(), temporary(KEY));
    let timeouts: Vec<_> = net.seen.lock().unwrap().iter().map(|(_, timeout)| *timeout).collect();
    assert_eq!(timeouts, [Some(Duration::from_secs(1)); 3]);
}

/// Never answers.
#[derive(Debug)]
struct Silence;

impl Transport for Silence {
    fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(std::future::pending())
    }
}

#[test]
fn an_instance_that_is_silent_is_none() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let (result, took) = runtime.block_on(async {
        let start = tokio::time::Instant::now();
        let chain = chain_over(Silence, &variables([]));
        (chain.provide().await, start.elapsed())
    });
    let message = result.unwrap_err().to_string();
    assert!(
        message.ends_with("instance metadata at http://169.254.169.254: it took too long: no answer within 1s"),
        "{message}"
    );
    assert!(took < Duration::from_millis(1100), "{took:?}");
}

#[test]
fn the_profile_says_how_instances_are_asked() {
    let asked = |config: &str, all: &[(&str, &str)]| {
        let net = Net::new(instance);
        let home = home("metadata", &format!("[default]\nregion = eu-west-1\n{config}"), "");
        let chain = blocking_chain_over(Arc::clone(&net), &Environment::of(all.iter().copied()).home(home));
        let result = now(chain.provide()).map_err(|error| error.to_string());
        let (uri, timeout) = match net.seen.lock().unwrap().first() {
            Some((request, timeout)) => (request.uri().to_string(), timeout.unwrap_or_default().as_secs()),
            None => return Err(result.unwrap_err()),
        };
        Ok((uri.strip_suffix("/latest/api/token").unwrap().to_owned(), timeout))
    };
    let at = |endpoint: &str, timeout| Ok((endpoint.to_owned(), timeout));
    let endpoint = "ec2_metadata_service_endpoint = http://127.0.0.1:9911\n";
    assert_eq!(asked(endpoint, &[]), at("http://127.0.0.1:9911", 1));
    let variable = ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://[::1]:1338/");
    assert_eq!(asked(endpoint, &[variable]), at("http://[::1]:1338", 1));
    assert_eq!(asked("ec2_metadata_service_endpoint_mode = ipv6\n", &[]), at("http://[fd00:ec2::254]", 1));
    assert_eq!(asked("imds_use_ipv6 = true\n", &[]), at("http://[fd00:ec2::254]", 1));
    let ipv4 = ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv4");
    assert_eq!(asked("ec2_metadata_service_endpoint_mode = ipv6\n", &[ipv4]), at("http://169.254.169.254", 1));
    assert_eq!(asked("metadata_service_timeout = 7\n", &[]), at("http://169.254.169.254", 7));
    let timeout = ("AWS_METADATA_SERVICE_TIMEOUT", "3");
    assert_eq!(asked("metadata_service_timeout = 7\n", &[timeout]), at("http://169.254.169.254", 3));
    for (config, named) in [
        ("ec2_metadata_service_endpoint = 127.0.0.1\n", "ec2_metadata_service_endpoint of profile"),
        ("ec2_metadata_service_endpoint = ftp://127.0.0.1\n", "ec2_metadata_service_endpoint of profile"),
        ("ec2_metadata_service_endpoint = http://127.0.0.1:99999\n", "ec2_metadata_service_endpoint of profile"),
        ("ec2_metadata_service_endpoint = http://127.0.0.1/?x\n", "ec2_metadata_service_endpoint of profile"),
        ("ec2_metadata_service_endpoint_mode = both\n", "expected IPv4 or IPv6"),
        ("metadata_service_timeout = soon\n", "metadata_service_timeout of profile"),
        ("metadata_service_num_attempts = 0\n", "metadata_service_num_attempts of profile"),
    ] {
        let message = asked(config, &[]).unwrap_err();
        assert!(message.contains(named), "{config}: {message}");
    }
}

#[test]
fn instances_are_asked_as_often_as_the_profile_says() {
    for (attempts, works) in [("1", false), ("3", true)] {
        let failures = Mutex::new(0);
        let net = Net::new(move |request| {
            let mut failures = failures.lock().unwrap();
            *failures += 1;
            if *failures % 3 == 0 { instance(request) } else { Ok((503, String::new())) }
        });
        let result = load(&net, &variables([("AWS_METADATA_SERVICE_NUM_ATTEMPTS", attempts)]));
        assert_eq!(result.is_ok(), works, "{result:?}");
        assert_eq!(net.uris().len(), if works { 9 } else { 1 });
    }
}

#[test]
fn what_an_instance_refuses_is_told() {
    let answers = [
        (
            r#"{"Code": "AssumeRoleUnauthorizedAccess", "Message": "no\ntrust"}"#,
            "AssumeRoleUnauthorizedAccess: no trust",
        ),
        (r#"{"Code": "Success"}"#, "the answer has no AccessKeyId"),
    ];
    for (body, why) in answers {
        let body = body.replace('\n', "\\n");
        let net = Net::new(move |request| match instance(request) {
            Ok((200, answer)) if answer == JSON => Ok((200, body.clone())),
            other => other,
        });
        let message = error(&net, &variables([]));
        assert!(message.ends_with(&format!("instance metadata at http://169.254.169.254: {why}")), "{message}");
    }
}

/// Which request an instance fails at: that for a token, a role's name or its keys.
fn failing(at: usize, failure: &Answer) -> Arc<Net> {
    let failure = failure.clone();
    Net::new(move |request| {
        let path = request.uri().path();
        let step = if path.ends_with("/token") { 0 } else { 1 + usize::from(path.ends_with("/the-role")) };
        if step == at { failure.clone() } else { instance(request) }
    })
}

/// Only where a service is in trouble, another attempt may help.
#[test]
fn what_an_instance_says_decides_whether_it_is_asked_again() {
    let status = |status| Ok((status, String::new()));
    let connect: Answer = Err(TransportErrorKind::Connect);
    let timeout: Answer = Err(TransportErrorKind::Timeout);
    // Step, failure, how often that step is asked.
    let cases = [
        (0, status(403), 1),
        (0, status(404), 1),
        (0, status(405), 1),
        (0, status(400), 1),
        (0, timeout.clone(), 1),
        (0, status(429), 3),
        (0, status(500), 3),
        (0, connect.clone(), 3),
        // An empty token is none.
        (0, status(200), 1),
        (1, status(404), 3),
        (1, status(200), 3),
        (1, timeout.clone(), 3),
        (2, status(500), 3),
        (2, status(404), 3),
        (2, Ok((200, "[".to_owned())), 3),
        (2, connect, 3),
        (2, timeout, 3),
        // An answer that says why is one.
        (2, Ok((200, r#"{"Code": "Failed"}"#.to_owned())), 1),
    ];
    for (step, failure, attempts) in cases {
        for way in WAYS {
            let net = failing(step, &failure);
            let environment = variables([("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "3")]);
            let error = way.ask(&InstanceMetadata::new(), over(&net), &environment).unwrap_err();
            assert_eq!(net.uris().len(), step + attempts, "{step} {failure:?}: {:?}", net.uris());
            // Without a role there is none that should have credentials.
            assert_eq!(error.is_absence(), step < 2, "{step} {failure:?}: {error}");
            let net = failing(step, &failure);
            way.ask(&InstanceMetadata::new(), over(&net), &variables([])).unwrap_err();
            assert_eq!(net.uris().len(), step + 1, "one attempt, unless somebody wants more");
        }
    }
}

#[test]
fn an_instance_that_repeats_the_token_does_not_show_it() {
    for step in [1, 2] {
        for way in WAYS {
            let net = failing(step, &Ok((401, "not 5ecret-imds".to_owned())));
            let message = way.ask(&InstanceMetadata::new(), over(&net), &variables([])).unwrap_err().to_string();
            assert!(message.contains("not (redacted)"), "{message}");
        }
    }
}

/// An instance that cannot reach its role service gives what it has, for as long as that lasts.
#[test]
fn an_instance_may_give_credentials_that_have_ended() {
    let ended = JSON.replace("2099", "2024");
    for way in WAYS {
        let net = failing(2, &Ok((200, ended.clone())));
        let config = over(&net).build();
        let context = way.context(&config).environment(variables([]));
        let cache = CredentialsCache::new(Arc::new(InstanceMetadata::new()), context);
        let now = workstream_runtime::client::Clock::now(&TestClock::new());
        for _ in 0..3 {
            assert_eq!(wait(cache.get(now)).unwrap().access_key_id, KEY);
        }
        assert_eq!(net.uris().len(), 3, "and is not asked again at once");
    }
}
