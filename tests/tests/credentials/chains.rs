//! Chains of sources: their order, what ends a search, and who stays who.

use super::ways::{WAYS, over};
use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use workstream::appstream::{self, types::DescribeFleetsInput};
use workstream_runtime::client::credentials::{Chain, EnvironmentVariables, InstanceMetadata};
use workstream_runtime::client::{ConfigBuilder, Region};

/// A source that gives what it is told, and counts how often it is asked.
#[derive(Clone, Debug)]
struct Told(Arc<ToldState>);

#[derive(Debug)]
struct ToldState {
    answer: Mutex<Result<Credentials, CredentialsError>>,
    asked: AtomicUsize,
}

impl Told {
    fn new(answer: Result<Credentials, CredentialsError>) -> Self {
        Self(Arc::new(ToldState { answer: Mutex::new(answer), asked: AtomicUsize::new(0) }))
    }

    fn absent(name: &str) -> Self {
        Self::new(Err(CredentialsError::absent(format!("{name} (not there)"))))
    }

    fn key(id: &str) -> Self {
        Self::new(Ok(Credentials::new(id, "5ecret")))
    }

    fn tell(&self, answer: Result<Credentials, CredentialsError>) {
        *self.0.answer.lock().unwrap() = answer;
    }

    fn asked(&self) -> usize {
        self.0.asked.load(Ordering::SeqCst)
    }
}

impl ProvideCredentials for Told {
    fn provide<'a>(&'a self, _: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        self.0.asked.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::ready(self.0.answer.lock().unwrap().clone()))
    }
}

fn ask(chain: &Chain) -> Result<String, CredentialsError> {
    let mut found = WAYS.map(|way| way.ask(chain, over(&Net::none()), &variables([])));
    assert_eq!(format!("{:?}", found[0]), format!("{:?}", found[1]));
    std::mem::replace(&mut found[0], Ok(Credentials::new("", ""))).map(|found| found.access_key_id.clone())
}

#[test]
fn the_first_source_that_has_credentials_counts() {
    let [absent, one, two] = [Told::absent("a"), Told::key("ONE"), Told::key("TWO")];
    let chain = Chain::new().then(absent.clone()).then(one.clone()).then(two.clone());
    assert_eq!(ask(&chain).unwrap(), "ONE");
    assert_eq!([absent.asked(), one.asked(), two.asked()], [1, 2, 0], "the second way only asks who had some");
}

#[test]
fn a_failure_ends_a_search_and_absence_does_not() {
    let failed = Told::new(Err(CredentialsError::new("half a key")));
    let two = Told::key("TWO");
    let error = ask(&Chain::new().then(Told::absent("a")).then(failed).then(two.clone())).unwrap_err();
    assert_eq!((error.to_string().as_str(), error.is_absence()), ("half a key", false));
    assert_eq!(two.asked(), 0);
    let error = ask(&Chain::new().then(Told::absent("a")).then(Told::absent("b"))).unwrap_err();
    let expected = "no credentials; looked at a (not there); b (not there)";
    assert_eq!((error.to_string().as_str(), error.is_absence()), (expected, true));
    // A chain in a chain is a place like others.
    let chain = Chain::new().then(Chain::new().then(Told::absent("a"))).then(two);
    assert_eq!(ask(&chain).unwrap(), "TWO");
}

#[test]
fn who_had_credentials_is_asked_for_others() {
    let [one, two] = [Told::absent("one"), Told::key("TWO")];
    let chain = Chain::new().then(one.clone()).then(two.clone());
    assert_eq!(ask(&chain).unwrap(), "TWO");
    one.tell(Ok(Credentials::new("ONE", "5ecret")));
    two.tell(Ok(Credentials::new("TWO-B", "5ecret")));
    assert_eq!(ask(&chain).unwrap(), "TWO-B", "who comes later does not take over");
    two.tell(Err(CredentialsError::absent("two (gone)")));
    let error = ask(&chain).unwrap_err();
    assert_eq!(error.to_string(), "no credentials; looked at two (gone), where there were some before");
    two.tell(Err(CredentialsError::new("two is down")));
    assert_eq!(ask(&chain).unwrap_err().to_string(), "two is down");
    two.tell(Ok(Credentials::new("TWO-C", "5ecret")));
    assert_eq!(ask(&chain).unwrap(), "TWO-C");
    assert_eq!(one.asked(), 1);
}

/// A search that has found nothing yet is open to all.
#[test]
fn who_had_none_may_have_some_later() {
    let [one, two] = [Told::absent("one"), Told::absent("two")];
    let chain = Chain::new().then(one.clone()).then(two);
    assert!(ask(&chain).unwrap_err().is_absence());
    one.tell(Ok(Credentials::new("ONE", "5ecret")));
    assert_eq!(ask(&chain).unwrap(), "ONE");
}

/// No instance is no credentials; an instance whose role has none is no reason to be somebody else.
#[test]
fn an_instance_in_a_chain_is_passed_over_only_where_it_has_no_role() {
    let chain = || Chain::new().then(InstanceMetadata::new()).then(EnvironmentVariables::new());
    let role_fails = |status, body: &'static str| {
        Net::new(move |request| match instance(request) {
            Ok((200, answer)) if answer == JSON => Ok((status, body.to_owned())),
            other => other,
        })
    };
    let no_role = || {
        Net::new(|request| match request.method() {
            &Method::PUT => Ok((200, "5ecret".to_owned())),
            _ => Ok((404, String::new())),
        })
    };
    for way in WAYS {
        let asked = |net: Arc<Net>| way.ask(&chain(), over(&net), &variables(KEYS)).map(|it| it.access_key_id.clone());
        assert_eq!(asked(Net::new(instance)).unwrap(), KEY);
        for none in [Net::none(), no_role()] {
            assert_eq!(asked(none).unwrap(), KEYS[0].1);
        }
        for (status, body) in [(500, ""), (404, ""), (200, r#"{"Code": "AssumeRoleUnauthorizedAccess"}"#), (200, "{}")]
        {
            let error = asked(role_fails(status, body)).unwrap_err();
            assert!(!error.is_absence(), "{error}");
            assert!(error.to_string().starts_with("instance metadata at http://169.254.169.254: "), "{error}");
        }
    }
}

/// Makes a configuration.
type ToConfig<'a> = dyn Fn(&Arc<Net>) -> ConfigBuilder + 'a;

/// What a call sends, async and blocking.
fn requests(config: impl Fn(&Arc<Net>) -> ConfigBuilder) -> Vec<Request<Bytes>> {
    let [asynchronous, blocking] = [(); 2].map(|()| Net::new(|_| Ok((200, "{}".to_owned()))));
    let of = |net: &Arc<Net>| config(net).protocol(workstream::Protocol::AwsJson1_1).build();
    wait(appstream::Client::new(&of(&asynchronous)).describe_fleets(DescribeFleetsInput::new()).into_future()).unwrap();
    appstream::blocking::Client::new(&of(&blocking)).describe_fleets(DescribeFleetsInput::new()).send().unwrap();
    let seen = |net: Arc<Net>| net.seen.lock().unwrap().drain(..).map(|(request, _)| request).collect::<Vec<_>>();
    [seen(asynchronous), seen(blocking)].concat()
}

#[test]
fn anonymous_requests_have_no_signature_and_ask_nobody() {
    let source = Told::key("ONE");
    let environment = Environment::of(KEYS);
    let configs: [&ToConfig<'_>; 4] = [
        &|net| over(net).region("eu-west-1").anonymous(),
        &|net| over(net).region("eu-west-1").credentials(source.clone()).anonymous(),
        // A region is of no use to requests without a signature and with an URL.
        &|net| over(net).endpoint_url("https://fleets.example").anonymous(),
        &|net| ways::of_environment(net, &environment).region("eu-west-1").anonymous(),
    ];
    for config in configs {
        let sent = requests(config);
        assert_eq!(sent.len(), 2);
        for request in sent {
            for header in ["authorization", "x-amz-date", "x-amz-security-token"] {
                assert!(!request.headers().contains_key(header), "{request:?}");
            }
        }
    }
    assert_eq!(source.asked(), 0);
    // Who names somebody after that means it.
    let sent = requests(|net| over(net).region("eu-west-1").anonymous().credentials(source.clone()));
    assert!(sent.iter().all(|request| request.headers().contains_key("authorization")));
    assert_eq!(source.asked(), 2);
}

#[test]
fn an_instance_tells_its_region() {
    let net = || {
        Net::new(|request| match request.uri().path() {
            "/latest/meta-data/placement/region" => Ok((200, "eu-west-3".to_owned())),
            _ => instance(request),
        })
    };
    let region = |way: ways::Way, net: &Arc<Net>, environment: &Environment| {
        let context = way.context(&over(net).build()).environment(environment.clone());
        wait(InstanceMetadata::new().region(&context))
    };
    for way in WAYS {
        let there = net();
        assert_eq!(region(way, &there, &variables([])).unwrap(), Region::new("eu-west-3").unwrap());
        let base = "http://169.254.169.254/latest";
        assert_eq!(there.uris(), [format!("PUT {base}/api/token"), format!("GET {base}/meta-data/placement/region")]);
        assert_eq!(there.header(1, "x-aws-ec2-metadata-token"), "5ecret-imds");
        let hostile = Net::new(|request| match request.method() {
            &Method::PUT => Ok((200, "5ecret".to_owned())),
            _ => Ok((200, "x.example/".to_owned())),
        });
        assert!(region(way, &hostile, &variables([])).unwrap_err().to_string().contains("is no region"));
        assert!(region(way, &Net::none(), &variables([])).unwrap_err().is_absence());
        let disabled = net();
        assert!(region(way, &disabled, &variables([NO_INSTANCE])).unwrap_err().is_absence());
        assert!(disabled.uris().is_empty());
    }
}
