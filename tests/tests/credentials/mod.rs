//! Credentials from the usual places, over a transport in memory and with an environment of their own.

mod assumed;
mod cache;
mod chains;
#[cfg(unix)]
mod commands;
mod containers;
mod day;
mod everything;
mod instances;
mod keys;
mod logins;
mod metadata;
mod places;
mod regions;
mod roles;
mod secrets;
mod sign_on;
mod sts;
#[cfg(unix)]
mod times;
mod tokens;
mod ways;

use bytes::Bytes;
use http::{Method, Request, Response};
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant, SystemTime};
use workstream_runtime::client::{
    BlockingHttpTransport, BlockingTransport, BoxFuture, Config, Credentials, CredentialsCache, CredentialsError,
    DefaultChain, Direct, Environment, HttpOptions, HttpTransport, ProvideCredentials, SourceContext, TestClock,
    Transport, TransportError, TransportErrorKind,
};
use workstream_tests::folder;
use workstream_tests::regions::{HOSTILE, can_be_in_a_profile};
use workstream_tests::server::{Server, ok};

type Answer = Result<(u16, String), TransportErrorKind>;

type Answers = dyn Fn(&Request<Bytes>) -> Answer + Send + Sync;

/// Answers requests in memory and keeps them.
struct Net {
    answer: Box<Answers>,
    seen: Mutex<Vec<(Request<Bytes>, Option<Duration>)>>,
}

impl Net {
    fn new(answer: impl Fn(&Request<Bytes>) -> Answer + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { answer: Box::new(answer), seen: Mutex::default() })
    }

    /// Nobody answers.
    fn none() -> Arc<Self> {
        Self::new(|_| Err(TransportErrorKind::Connect))
    }

    fn exchange(&self, request: Request<Bytes>, timeout: Option<Duration>) -> Result<Response<Bytes>, TransportError> {
        let answer = (self.answer)(&request);
        self.seen.lock().unwrap().push((request, timeout));
        response(answer)
    }

    fn uris(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.iter().map(|(request, _)| format!("{} {}", request.method(), request.uri())).collect()
    }

    fn header(&self, index: usize, name: &str) -> String {
        self.seen.lock().unwrap()[index].0.headers()[name].to_str().unwrap().to_owned()
    }

    /// What a request to STS says.
    fn form(&self, index: usize) -> Form {
        form(&self.seen.lock().unwrap()[index].0)
    }
}

fn response(answer: Answer) -> Result<Response<Bytes>, TransportError> {
    match answer {
        Ok((status, body)) => Ok(Response::builder().status(status).body(Bytes::from(body)).unwrap()),
        Err(kind) => Err(TransportError::new(kind, "nobody is there")),
    }
}

impl fmt::Debug for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Net")
    }
}

impl Transport for Net {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(async { self.exchange(request, None) })
    }
}

impl BlockingTransport for Net {
    fn send(&self, request: Request<Bytes>, timeout: Option<Duration>) -> Result<Response<Bytes>, TransportError> {
        self.exchange(request, timeout)
    }
}

/// Names and values of a body.
type Form = BTreeMap<String, String>;

fn form(request: &Request<Bytes>) -> Form {
    let decode = |text: &str| {
        let mut parts = text.split('%');
        let mut decoded = parts.next().unwrap().as_bytes().to_vec();
        for part in parts {
            decoded.push(u8::from_str_radix(&part[..2], 16).unwrap());
            decoded.extend_from_slice(&part.as_bytes()[2..]);
        }
        String::from_utf8(decoded).unwrap()
    };
    let body = std::str::from_utf8(request.body()).unwrap();
    let pairs = body.split('&').map(|pair| pair.split_once('=').unwrap());
    pairs.map(|(name, value)| (decode(name), decode(value))).collect()
}

/// A home directory with these files; its name is its test's.
fn home(test: &str, config: &str, credentials: &str) -> PathBuf {
    let home = folder::of_test(test);
    fs::create_dir_all(home.join(".aws/sso/cache")).unwrap();
    fs::write(home.join(".aws/config"), config).unwrap();
    fs::write(home.join(".aws/credentials"), credentials).unwrap();
    home
}

fn variables<const N: usize>(variables: [(&str, &str); N]) -> Environment {
    Environment::of(variables)
}

const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "AKIDVARIABLE"), ("AWS_SECRET_ACCESS_KEY", "5ecret-variable")];
const NO_INSTANCE: (&str, &str) = ("AWS_EC2_METADATA_DISABLED", "true");

fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("nothing here has to be waited for"),
    }
}

/// Waits for what threads do.
fn wait<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

/// A source with what it is asked with.
#[derive(Clone, Debug)]
struct Asked<S = DefaultChain> {
    source: S,
    context: SourceContext,
}

impl<S: ProvideCredentials> Asked<S> {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        self.source.provide(&self.context)
    }

    fn cache(self) -> CredentialsCache {
        CredentialsCache::new(Arc::new(self.source), self.context)
    }

    fn profile(self, name: &str) -> Self {
        Self { context: self.context.profile(name), ..self }
    }

    fn environment(self, environment: Environment) -> Self {
        Self { context: self.context.environment(environment), ..self }
    }
}

/// The usual places of this environment, over an async transport.
fn chain_over(transport: impl Transport, environment: &Environment) -> Asked {
    asked(SourceContext::new(&Config::builder().transport(transport).build()), environment)
}

/// The same over a blocking transport.
fn blocking_chain_over(transport: impl BlockingTransport, environment: &Environment) -> Asked {
    asked(SourceContext::blocking(&Config::builder().blocking_transport(transport).build()), environment)
}

fn asked(context: SourceContext, environment: &Environment) -> Asked {
    Asked { source: DefaultChain::new(), context: context.environment(environment.clone()) }
}

/// Over a transport in memory, with a clock whose time passes by itself.
fn chain(net: &Arc<Net>, environment: &Environment) -> Asked {
    let config = Config::builder().transport(Arc::clone(net)).clock(TestClock::new()).build();
    asked(SourceContext::new(&config), environment)
}

fn load(net: &Arc<Net>, environment: &Environment) -> Result<Credentials, CredentialsError> {
    let chain = chain(net, environment);
    assert!(!format!("{chain:?}").contains("5ecret"));
    let result = wait(chain.provide());
    assert!(!format!("{result:?}").contains("5ecret"), "{result:?}");
    if let Err(error) = &result {
        assert!(!error.to_string().contains("5ecret"), "{error}");
        assert!(!error.to_string().contains('\n'), "{error}");
    }
    result
}

fn found(net: &Arc<Net>, environment: &Environment) -> Credentials {
    load(net, environment).unwrap()
}

fn error(net: &Arc<Net>, environment: &Environment) -> String {
    load(net, environment).unwrap_err().to_string()
}

/// 2099-01-02T03:04:05Z
fn end() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(4_071_006_245)
}

fn temporary(key: &str) -> Credentials {
    Credentials::new(key, "5ecret-temporary").session_token("5ecret-token").expires_at(end())
}

const JSON: &str = r#"{"Code": "Success", "Version": 1, "AccessKeyId": "ASIATEMPORARYKEY0001",
    "SecretAccessKey": "5ecret-temporary", "Token": "5ecret-token", "SessionToken": "5ecret-token",
    "Expiration": "2099-01-02T03:04:05Z"}"#;
const KEY: &str = "ASIATEMPORARYKEY0001";

/// What STS answers.
fn sts_of(request: &Request<Bytes>) -> Answer {
    sts(&form(request)["Action"])
}

/// What STS answers to an action.
fn sts(action: &str) -> Answer {
    Ok((
        200,
        format!(
            "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result><Credentials>\
             <AccessKeyId>{KEY}</AccessKeyId><SecretAccessKey>5ecret-temporary</SecretAccessKey>\
             <SessionToken>5ecret-token</SessionToken><Expiration>2099-01-02T03:04:05Z</Expiration>\
             </Credentials></{action}Result></{action}Response>"
        ),
    ))
}

fn sts_error(code: &str, message: &str) -> Answer {
    let error =
        format!("<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>");
    Ok((403, error))
}

/// An instance's metadata service.
fn instance(request: &Request<Bytes>) -> Answer {
    let path = request.uri().path();
    match (request.method(), path) {
        (&Method::PUT, "/latest/api/token") => Ok((200, "5ecret-imds".to_owned())),
        _ if request.headers().get("x-aws-ec2-metadata-token").is_none_or(|token| token != "5ecret-imds") => {
            Ok((401, String::new()))
        }
        (_, "/latest/meta-data/iam/security-credentials/") => Ok((200, "the-role".to_owned())),
        (_, "/latest/meta-data/iam/security-credentials/the-role") => Ok((200, JSON.to_owned())),
        _ => Ok((404, String::new())),
    }
}

/// Profiles with keys.
const PROFILES: &str = "
[default]
aws_access_key_id = AKIDCONFIG
aws_secret_access_key = 5ecret/config+key==
aws_session_token = 5ecret#token;with=all
aws_account_id = 210987654321

[profile other]
aws_access_key_id = AKIDOTHER
aws_secret_access_key = 5ecret-other
";

/// Profiles with roles.
const ROLES: &str = "
[default]
region = eu-west-1
role_arn = arn:aws:iam::123456789012:role/shop/worker
source_profile = base
external_id = ext
role_session_name = desk
duration_seconds = 900

[profile base]
aws_access_key_id = AKIDBASE
aws_secret_access_key = 5ecret-base
aws_session_token = 5ecret-base-token

[profile second]
role_arn = arn:aws:iam::123456789012:role/second
source_profile = default

[profile itself]
role_arn = arn:aws:iam::123456789012:role/itself
source_profile = itself
aws_access_key_id = AKIDITSELF
aws_secret_access_key = 5ecret-itself

[profile ring]
role_arn = arn:aws:iam::123456789012:role/ring
source_profile = gnir
[profile gnir]
role_arn = arn:aws:iam::123456789012:role/gnir
source_profile = ring

[profile variables]
role_arn = arn:aws:iam::123456789012:role/variables
credential_source = Environment
[profile instance]
role_arn = arn:aws:iam::123456789012:role/instance
credential_source = Ec2InstanceMetadata
[profile nowhere]
role_arn = arn:aws:iam::123456789012:role/nowhere
credential_source = Nowhere
[profile alone]
role_arn = arn:aws:iam::123456789012:role/alone
[profile device]
role_arn = arn:aws:iam::123456789012:role/device
source_profile = base
mfa_serial = arn:aws:iam::123456789012:mfa/me
[profile second-device]
role_arn = arn:aws:iam::123456789012:role/second-device
source_profile = default
mfa_serial = arn:aws:iam::123456789012:mfa/me
[profile empty]
[profile of-empty]
role_arn = arn:aws:iam::123456789012:role/of-empty
source_profile = empty
[profile long]
role_arn = arn:aws:iam::123456789012:role/long
source_profile = default
duration_seconds = long
[profile web]
role_arn = arn:aws:iam::123456789012:role/web
web_identity_token_file = /nowhere/token
";

/// Answers as an instance and a container would, to whoever asks.
fn tempting() -> Arc<Net> {
    Net::new(|request| match request.uri().host() {
        Some("169.254.170.2") => Ok((200, JSON.to_owned())),
        _ => instance(request),
    })
}
