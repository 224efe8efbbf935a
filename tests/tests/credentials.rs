//! Credentials from the usual places, over a transport in memory and with an environment of their own.

use bytes::Bytes;
use http::{Method, Request, Response};
use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant, SystemTime};
use workstream_runtime::client::{
    BlockingHttpTransport, BlockingTransport, BoxFuture, Credentials, CredentialsCache, CredentialsError, DefaultChain,
    Direct, Environment, HttpOptions, HttpTransport, ProvideCredentials, Transport, TransportError, TransportErrorKind,
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
        match answer {
            Ok((status, body)) => Ok(Response::builder().status(status).body(Bytes::from(body)).unwrap()),
            Err(kind) => Err(TransportError::new(kind, "nobody is there")),
        }
    }

    fn uris(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.iter().map(|(request, _)| format!("{} {}", request.method(), request.uri())).collect()
    }

    fn header(&self, index: usize, name: &str) -> String {
        self.seen.lock().unwrap()[index].0.headers()[name].to_str().unwrap().to_owned()
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

fn chain(net: &Arc<Net>, environment: &Environment) -> DefaultChain {
    DefaultChain::new(Arc::clone(net) as _).environment(environment.clone())
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

// Variables.

#[test]
fn variables_have_keys() {
    let mut all = KEYS.to_vec();
    assert_eq!(found(&Net::none(), &Environment::of(all.clone())), Credentials::new(KEYS[0].1, KEYS[1].1));
    all.extend([("AWS_SESSION_TOKEN", "5ecret-token"), ("AWS_ACCOUNT_ID", "123456789012")]);
    let expected = Credentials::new(KEYS[0].1, KEYS[1].1).session_token("5ecret-token").account_id("123456789012");
    assert_eq!(found(&Net::none(), &Environment::of(all)), expected);
}

#[test]
fn half_a_key_is_an_error() {
    let message = error(&Net::none(), &variables([KEYS[0]]));
    assert_eq!(message, "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not");
    let message = error(&Net::none(), &variables([KEYS[1], ("AWS_ACCESS_KEY_ID", "")]));
    assert_eq!(message, "AWS_SECRET_ACCESS_KEY is set, and AWS_ACCESS_KEY_ID is not");
    let home = home("half", "[default]\naws_access_key_id = AKID\n", "");
    let message = error(&Net::none(), &variables([]).home(home));
    assert_eq!(message, "profile \"default\": aws_access_key_id is set, and aws_secret_access_key is not");
}

// Profiles with keys.

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

#[test]
fn profiles_have_keys() {
    let home = home("keys", PROFILES, "[shared]\naws_access_key_id=AKIDSHARED\naws_secret_access_key=5ecret-shared\n");
    let expected = Credentials::new("AKIDCONFIG", "5ecret/config+key==")
        .session_token("5ecret#token;with=all")
        .account_id("210987654321");
    assert_eq!(found(&Net::none(), &variables([]).home(&home)), expected);
    let named = |name| found(&Net::none(), &variables([("AWS_PROFILE", name)]).home(&home)).access_key_id.clone();
    assert_eq!(named("other"), "AKIDOTHER");
    assert_eq!(named("shared"), "AKIDSHARED");
}

#[test]
fn a_profile_that_is_asked_for_goes_before_variables() {
    let home = home("asked", PROFILES, "");
    let mut all = KEYS.to_vec();
    all.push(("AWS_PROFILE", "other"));
    let environment = Environment::of(all).home(home);
    assert_eq!(found(&Net::none(), &environment).access_key_id, "AKIDVARIABLE");
    let chain = chain(&Net::none(), &environment).profile("default");
    assert_eq!(now(chain.provide()).unwrap().access_key_id, "AKIDCONFIG");
    let message = now(chain.profile("nobody").provide()).unwrap_err().to_string();
    assert!(message.starts_with("profile \"nobody\" is in neither "), "{message}");
}

// Roles.

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
[profile empty]
[profile of-empty]
role_arn = arn:aws:iam::123456789012:role/of-empty
source_profile = empty
[profile long]
role_arn = arn:aws:iam::123456789012:role/long
source_profile = base
duration_seconds = long
[profile web]
role_arn = arn:aws:iam::123456789012:role/web
web_identity_token_file = /nowhere/token
";

fn role(name: &str, test: &str) -> Environment {
    variables([("AWS_PROFILE", name), ("AWS_REGION", "us-gov-west-1")]).home(home(test, ROLES, ""))
}

#[test]
fn a_profile_assumes_a_role() {
    let net = Net::new(|_| sts("AssumeRole"));
    let credentials = found(&net, &variables([]).home(home("role", ROLES, "")));
    assert_eq!(credentials, temporary(KEY).account_id("123456789012"));
    let [uri] = <[String; 1]>::try_from(net.uris()).unwrap();
    assert!(uri.starts_with("GET https://sts.eu-west-1.amazonaws.com/?Action=AssumeRole&"), "{uri}");
    for part in ["ExternalId=ext", "RoleSessionName=desk", "DurationSeconds=900", "role%2Fshop%2Fworker"] {
        assert!(uri.contains(part), "{uri}");
    }
    let authorization = net.header(0, "authorization");
    assert!(authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKIDBASE/"), "{authorization}");
    assert!(authorization.contains("/eu-west-1/sts/aws4_request, SignedHeaders="), "{authorization}");
    assert_eq!(net.header(0, "x-amz-security-token"), "5ecret-base-token");
}

#[test]
fn roles_lead_to_roles() {
    let net = Net::new(|_| sts("AssumeRole"));
    let environment = variables([("AWS_PROFILE", "second")]).home(home("roles", ROLES, ""));
    found(&net, &environment);
    let uris = net.uris();
    assert!(uris[0].contains("worker") && uris[1].contains("second") && uris.len() == 2, "{uris:?}");
    assert!(uris[0].starts_with("GET https://sts.amazonaws.com/"), "{uris:?}");
    assert!(net.header(0, "authorization").contains("Credential=AKIDBASE/"));
    assert!(net.header(1, "authorization").contains(&format!("Credential={KEY}/")));
    assert!(net.header(1, "authorization").contains("/us-east-1/sts/"));
}

#[test]
fn a_role_may_be_assumed_with_keys_of_the_same_profile_or_of_variables() {
    let net = Net::new(|_| sts("AssumeRole"));
    found(&net, &variables([("AWS_PROFILE", "itself")]).home(home("itself", ROLES, "")));
    assert!(net.header(0, "authorization").contains("Credential=AKIDITSELF/"));
    let environment = variables([KEYS[0], KEYS[1]]).home(home("of-variables", ROLES, ""));
    let net = Net::new(|_| sts("AssumeRole"));
    now(chain(&net, &environment).profile("variables").provide()).unwrap();
    assert!(net.header(0, "authorization").contains("Credential=AKIDVARIABLE/"));
}

#[test]
fn a_role_may_be_assumed_with_those_of_the_instance() {
    let net = Net::new(|request| match request.uri().host() {
        Some("sts.amazonaws.com") => sts("AssumeRole"),
        _ => instance(request),
    });
    found(&net, &variables([("AWS_PROFILE", "instance")]).home(home("of-instance", ROLES, "")));
    assert!(net.uris()[3].contains("role%2Finstance"), "{:?}", net.uris());
}

#[test]
fn a_role_that_cannot_be_assumed_is_an_error() {
    let none = Net::none();
    let arn = |name| format!("arn:aws:iam::123456789012:role/{name}");
    let ring = error(&none, &role("ring", "ring"));
    assert!(ring.ends_with("profiles name each other as source_profile: ring -> gnir -> ring"), "{ring}");
    let nowhere = "profile \"nowhere\": credential_source is \"Nowhere\": \
                   expected Environment, EcsContainer or Ec2InstanceMetadata";
    assert_eq!(error(&none, &role("nowhere", "nowhere")), nowhere);
    let alone = "profile \"alone\": a role_arn needs one of source_profile, credential_source, web_identity_token_file";
    assert_eq!(error(&none, &role("alone", "alone")), alone);
    let device = error(&none, &role("device", "device"));
    assert!(device.contains("needs a code of arn:aws:iam::123456789012:mfa/me"), "{device}");
    let empty = format!("profile \"of-empty\": there are no credentials to assume {} with", arn("of-empty"));
    assert_eq!(error(&none, &role("of-empty", "of-empty")), empty);
    assert_eq!(
        error(&none, &role("long", "long")),
        "profile \"long\": duration_seconds is \"long\": expected a number"
    );
    let file = format!(
        "profile \"web\": assuming {} with the web identity in /nowhere/token: failed to read web identity token file",
        arn("web")
    );
    assert_eq!(error(&none, &role("web", "web")), file);
}

#[test]
fn what_the_service_refuses_is_told() {
    let environment = variables([]).home(home("refused", ROLES, ""));
    let net = Net::new(|_| sts_error("AccessDenied", "User x is not\nauthorized"));
    let assuming = "profile \"default\": assuming arn:aws:iam::123456789012:role/shop/worker";
    let expected = format!("{assuming}: AccessDenied: User x is not authorized (status 403)");
    assert_eq!(error(&net, &environment), expected);
    let expected = format!("{assuming}: no connection to the server: nobody is there");
    assert_eq!(error(&Net::none(), &environment), expected);
    let garbage = Net::new(|_| Ok((200, "<SecretAccessKey>5ecret</SecretAccessKey>".to_owned())));
    let message = error(&garbage, &environment);
    assert!(message.starts_with(&format!("{assuming}: ")), "{message}");
}

// Web identity.

fn web_identity(test: &str) -> Environment {
    let home = home(test, "", "");
    fs::write(home.join("token"), "5ecret-web\n").unwrap();
    let file = home.join("token");
    let all = [
        ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/web"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", file.to_str().unwrap()),
        ("AWS_ROLE_SESSION_NAME", "pod"),
        ("AWS_REGION", "cn-north-1"),
    ];
    variables(all).home(home)
}

#[test]
fn variables_have_a_web_identity() {
    let net = Net::new(|_| sts("AssumeRoleWithWebIdentity"));
    assert_eq!(found(&net, &web_identity("web")), temporary(KEY).account_id("123456789012"));
    assert_eq!(net.uris(), ["POST https://sts.cn-north-1.amazonaws.com.cn/"]);
    let body = net.seen.lock().unwrap()[0].0.body().clone();
    let body = std::str::from_utf8(&body).unwrap();
    assert!(body.contains("WebIdentityToken=5ecret-web&") && body.contains("RoleSessionName=pod"), "{body}");
}

#[test]
fn a_web_identity_that_is_refused_is_an_error() {
    let net = Net::new(|_| sts_error("InvalidIdentityToken", "not 5ecret-web"));
    let message = error(&net, &web_identity("web-refused"));
    assert!(message.ends_with("InvalidIdentityToken: not [REDACTED] (status 403)"), "{message}");
    let file = ("AWS_WEB_IDENTITY_TOKEN_FILE", "/nowhere/token");
    let message = error(&net, &variables([file]));
    assert_eq!(message, "AWS_WEB_IDENTITY_TOKEN_FILE is set, and AWS_ROLE_ARN is not");
}

// Single sign-on.

const SIGN_ON: &str = "
[default]
sso_session = shop
sso_account_id = 123456789012
sso_role_name = Worker
[sso-session shop]
sso_region = eu-central-1
sso_start_url = https://shop.awsapps.com/start
[profile old]
sso_region = eu-central-1
sso_start_url = https://shop.awsapps.com/start
sso_account_id = 123456789012
sso_role_name = Worker
[profile half]
sso_account_id = 123456789012
sso_role_name = Worker
";
/// SHA-1 of the session's name and of the URL.
const TOKEN_FILES: [&str; 2] =
    ["5042d146667518a1a5017644946b8650aafca44c.json", "20d891dca86750d4e829b4c761c9817f4b93df76.json"];

fn portal(request: &Request<Bytes>) -> Answer {
    let token = request.headers()["x-amz-sso_bearer_token"].to_str().unwrap();
    let uri = request.uri().to_string();
    let expected =
        "https://portal.sso.eu-central-1.amazonaws.com/federation/credentials?role_name=Worker&account_id=123456789012";
    if token != "5ecret-sso" || uri != expected {
        return Ok((401, "{}".to_owned()));
    }
    let credentials = format!(
        r#"{{"roleCredentials": {{"accessKeyId": "{KEY}", "secretAccessKey": "5ecret-temporary",
            "sessionToken": "5ecret-token", "expiration": 4071006245000}}}}"#
    );
    Ok((200, credentials))
}

#[test]
fn a_profile_signs_on() {
    let token = r#"{"accessToken": "5ecret-sso", "expiresAt": "2099-01-01T00:00:00Z"}"#;
    for (profile, file) in ["default", "old"].into_iter().zip(TOKEN_FILES) {
        let home = home(&format!("sso-{profile}"), SIGN_ON, "");
        fs::write(home.join(".aws/sso/cache").join(file), token).unwrap();
        let environment = variables([("AWS_PROFILE", profile)]).home(home);
        let credentials = found(&Net::new(portal), &environment);
        assert_eq!(credentials, temporary(KEY).account_id("123456789012"), "{profile}");
    }
}

#[test]
fn a_sign_on_that_is_over_says_what_to_do() {
    let home = home("sso-over", SIGN_ON, "");
    let file = home.join(".aws/sso/cache").join(TOKEN_FILES[0]);
    let environment = variables([]).home(&home);
    for token in [
        None,
        Some(r#"{"accessToken": "5ecret-sso", "expiresAt": "2001-01-01T00:00:00Z"}"#),
        Some(r#"{"accessToken": ["5ecret-sso"], "expiresAt": "5ecret"}"#),
        Some(r#"{"accessToken": "5ecret-other", "expiresAt": "2099-01-01T00:00:00Z"}"#),
    ] {
        if let Some(token) = token {
            fs::write(&file, token).unwrap();
        }
        let message = error(&Net::new(portal), &environment);
        let beginning = "profile \"default\": signing on at https://shop.awsapps.com/start as Worker in 123456789012 \
                         (if needed, run `aws sso login`): ";
        assert!(message.starts_with(beginning), "{message}");
    }
    let message = error(&Net::none(), &variables([("AWS_PROFILE", "half")]).home(&home));
    let needs = "a single sign-on needs sso_region, in the profile or its sso_session";
    assert_eq!(message, format!("profile \"half\": {needs}"));
}

// Commands.

#[cfg(unix)]
fn command(test: &str, line: &str) -> Environment {
    command_in(test, line).0
}

/// A profile with a command, and the folder in which that runs.
#[cfg(unix)]
fn command_in(test: &str, line: &str) -> (Environment, PathBuf) {
    let home = home(test, "", "");
    let config = format!("[default]\ncredential_process = cd {} && {line}\naws_account_id = 1\n", home.display());
    fs::write(home.join(".aws/config"), config).unwrap();
    fs::write(home.join("a file"), JSON).unwrap();
    fs::write(home.join("garbage"), r#"{"Version": "5ecret"}"#).unwrap();
    (variables([]).home(&home), home)
}

#[cfg(unix)]
#[test]
fn a_profile_runs_a_command() {
    assert_eq!(found(&Net::none(), &command("command", "cat 'a file'")), temporary(KEY).account_id("1"));
}

#[cfg(unix)]
#[test]
fn a_command_that_fails_is_an_error() {
    let running = "profile \"default\": running credential_process";
    let message = error(&Net::none(), &command("command-fails", "exit 3"));
    assert_eq!(message, format!("{running}: it failed with exit status: 3"));
    let message = error(&Net::none(), &command("command-garbage", "cat garbage"));
    assert_eq!(message, format!("{running}: the answer's Version is another than 1"));
}

// Containers.

#[test]
fn a_container_has_an_endpoint() {
    let net = Net::new(|_| Ok((200, JSON.to_owned())));
    let path = variables([("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/x")]);
    assert_eq!(found(&net, &path), temporary(KEY));
    assert_eq!(net.uris(), ["GET http://169.254.170.2/v2/credentials/x"]);

    let home = home("container", "", "");
    fs::write(home.join("token"), "5ecret-pod\n").unwrap();
    let file = home.join("token");
    for uri in ["http://169.254.170.23/v1/credentials", "http://[::1]:81/x", "http://localhost/x", "https://a.example/"]
    {
        let net = Net::new(|_| Ok((200, JSON.to_owned())));
        let environment = variables([
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file.to_str().unwrap()),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "5ecret-not-used"),
        ]);
        found(&net, &environment);
        assert_eq!(net.uris(), [format!("GET {uri}")]);
        assert_eq!(net.header(0, "authorization"), "5ecret-pod");
    }
}

#[test]
fn a_container_endpoint_elsewhere_is_refused() {
    let net = Net::none();
    let uri = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://elsewhere.example/");
    let message = error(&net, &variables([uri, ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "5ecret")]));
    assert!(message.starts_with("AWS_CONTAINER_CREDENTIALS_FULL_URI is \"http://elsewhere.example/\""), "{message}");
    assert!(net.uris().is_empty());
}

#[test]
fn a_container_endpoint_that_fails_is_an_error() {
    let path = variables([("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")]);
    let asking = "asking the container's endpoint http://169.254.170.2/x";
    for (status, body, why) in [
        (500, "down\n\u{1b}[2J", r"down \u{1b}[2J (status 500)"),
        (500, "", "status 500"),
        (502, "<html>5ecret</html>", "status 502"),
        (403, r#"{"code": "Denied", "message": "not you"}"#, "Denied: not you (status 403)"),
        (200, "", "the answer is no JSON object"),
        (200, "[5ecret]", "the answer is no JSON object"),
        (200, r#"{"AccessKeyId": ["5ecret"]}"#, "the answer's AccessKeyId is no text"),
        (200, r#"{"AccessKeyId": "", "SecretAccessKey": "5ecret"}"#, "the answer has no AccessKeyId"),
        (200, r#"{"AccessKeyId": "a", "SecretAccessKey": "5ecret"}"#, "the answer has no Token"),
    ] {
        let net = Net::new(move |_| Ok((status, body.to_owned())));
        assert_eq!(error(&net, &path), format!("{asking}: {why}"));
    }
}

// Instances.

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
    let chain = DefaultChain::blocking(Arc::clone(&net) as _).environment(variables([]));
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
        let chain = DefaultChain::new(Arc::new(Silence)).environment(variables([]));
        (chain.provide().await, start.elapsed())
    });
    let message = result.unwrap_err().to_string();
    assert!(
        message.ends_with("instance metadata at http://169.254.169.254: it took too long: no answer within 1s"),
        "{message}"
    );
    assert!(took < Duration::from_millis(1100), "{took:?}");
}

// All places.

#[test]
fn nothing_anywhere_tells_where() {
    let home = home("nothing", "[default]\nregion = eu-west-1\n", "");
    let (config, credentials) = (home.join(".aws/config"), home.join(".aws/credentials"));
    let expected = format!(
        "no credentials; looked at AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (not set); \
         profile \"default\" in {} and {} (it has no credentials); \
         web identity (AWS_WEB_IDENTITY_TOKEN_FILE not set); \
         container (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI not set); ",
        config.display(),
        credentials.display()
    );
    let instance = "instance metadata at http://169.254.169.254: no connection to the server: nobody is there";
    assert_eq!(error(&Net::none(), &variables([]).home(&home)), format!("{expected}{instance}"));
    let disabled = "instance metadata (disabled by AWS_EC2_METADATA_DISABLED)";
    assert_eq!(error(&Net::none(), &variables([NO_INSTANCE]).home(&home)), format!("{expected}{disabled}"));
    let no_role = Net::new(|request| match request.method() {
        &Method::PUT => Ok((200, "5ecret".to_owned())),
        _ => Ok((404, String::new())),
    });
    let message = error(&no_role, &variables([]).home(&home));
    assert!(message.ends_with("at http://169.254.169.254: the instance has no role (status 404)"), "{message}");
}

#[test]
fn places_have_an_order() {
    let home = home("order", PROFILES, "");
    fs::write(home.join("token"), "5ecret-web").unwrap();
    let file = home.join("token");
    let mut all = KEYS.to_vec();
    all.extend([
        ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/web"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", file.to_str().unwrap()),
        ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"),
    ]);
    let net = || {
        Net::new(|request| match request.uri().host() {
            Some("sts.amazonaws.com") => sts("AssumeRoleWithWebIdentity"),
            Some("169.254.170.2") => Ok((200, JSON.to_owned())),
            _ => instance(request),
        })
    };
    assert_eq!(found(&net(), &Environment::of(all.clone()).home(&home)).access_key_id, "AKIDVARIABLE");
    all.drain(..2);
    assert_eq!(found(&net(), &Environment::of(all.clone()).home(&home)).access_key_id, "AKIDCONFIG");
    let asked = |all: &[(&str, &str)]| {
        let net = net();
        found(&net, &Environment::of(all.iter().copied()));
        net.uris()[0].clone()
    };
    assert_eq!(asked(&all), "POST https://sts.amazonaws.com/");
    all.drain(..2);
    assert_eq!(asked(&all), "GET http://169.254.170.2/x");
    assert_eq!(asked(&[]), "PUT http://169.254.169.254/latest/api/token");
}

#[test]
fn requests_do_not_show_secrets() {
    let net = Net::new(instance);
    found(&net, &variables([]));
    let path = [("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "5ecret-pod")];
    let container = Net::new(|_| Ok((200, JSON.to_owned())));
    found(&container, &variables(path));
    for net in [net, container] {
        let shown = format!("{:?}", net.seen.lock().unwrap());
        assert!(!shown.contains("5ecret"), "{shown}");
    }
}

// Never somebody else.

/// Answers as an instance and a container would, to whoever asks.
fn tempting() -> Arc<Net> {
    Net::new(|request| match request.uri().host() {
        Some("169.254.170.2") => Ok((200, JSON.to_owned())),
        _ => instance(request),
    })
}

#[test]
fn a_profile_with_a_part_of_credentials_is_an_error() {
    let cases = [
        ("login_session = arn:aws:iam::123456789012:user/me", "login_session"),
        ("sso_start_url = https://x/start\nsso_region = eu-west-1", "sso_start_url"),
        ("sso_region = eu-west-1", "sso_region"),
        ("sso_registration_scopes = sso:account:access", "sso_registration_scopes"),
        ("sso_start_url =", "sso_start_url of profile"),
        ("source_profile =", "source_profile of profile"),
        ("sso_session = here", "sso_session"),
        ("sso_session = here\nsso_account_id = 1", "sso_role_name"),
        ("sso_session = here\nsso_role_name = r", "sso_account_id"),
        ("sso_session = there\nsso_account_id = 1\nsso_role_name = r", "[sso-session there]"),
        ("sso_session = bare\nsso_account_id = 1\nsso_role_name = r", "sso_start_url"),
        (
            "sso_session = here\nsso_region = us-east-1\nsso_account_id = 1\nsso_role_name = r",
            "sso_region is \"us-east-1\"",
        ),
        ("sso_account_id = 1\nsso_role_name = r\nsso_region = x.example/\nsso_start_url = https://x", "is no region"),
        ("role_arn = arn:aws:iam::123456789012:role/r", "source_profile, credential_source"),
        ("role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = nobody", "\"nobody\""),
        ("role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = plain", "no credentials to assume"),
        ("role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = A", "A -> A"),
        ("role_arn = r\nsource_profile = keys\ncredential_source = Environment", "needs one of source_profile"),
        ("role_arn = r\nsource_profile = keys\nweb_identity_token_file = /x", "needs one of source_profile"),
        ("source_profile = keys", "source_profile needs a role_arn"),
        ("credential_source = Ec2InstanceMetadata", "credential_source needs a role_arn"),
        ("web_identity_token_file = /x", "web_identity_token_file needs a role_arn"),
        ("aws_access_key_id = AKID", "aws_secret_access_key"),
        ("aws_secret_access_key = 5ecret", "aws_access_key_id"),
        ("aws_session_token = 5ecret", "aws_session_token needs"),
        ("aws_access_key_id =\naws_secret_access_key =", "aws_access_key_id of profile"),
        ("role_arn =", "role_arn of profile"),
        ("credential_process =", "credential_process of profile"),
        ("credential_process =\n  command = nested", "credential_process of profile"),
        ("web_identity_token_file =", "web_identity_token_file of profile"),
        ("login_session =", "login_session of profile"),
    ];
    let sections = "[sso-session here]\nsso_region = eu-west-1\nsso_start_url = https://x/start\n[sso-session bare]\n\
                    sso_region = eu-west-1\n[profile plain]\nregion = eu-west-1\n[profile keys]\n\
                    aws_access_key_id = AKIDKEYS\naws_secret_access_key = 5ecret\n";
    let container = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x");
    for (index, (lines, named)) in cases.into_iter().enumerate() {
        let home = home(&format!("part-{index}"), &format!("[profile A]\n{lines}\n{sections}"), "");
        let default = home.with_file_name(format!("part-{index}-default"));
        let _ = fs::remove_dir_all(&default);
        fs::create_dir_all(default.join(".aws")).unwrap();
        fs::write(default.join(".aws/config"), format!("[default]\n{}\n{sections}", lines.replace("= A", "= default")))
            .unwrap();
        let environments =
            [variables([("AWS_PROFILE", "A"), container]).home(&home), variables([container]).home(&default)];
        for (environment, name) in environments.into_iter().zip(["A", "default"]) {
            let net = tempting();
            let message = error(&net, &environment);
            assert!(message.starts_with(&format!("profile \"{name}\": ")), "{lines}: {message}");
            assert!(message.contains(&named.replace("A -> A", &format!("{name} -> {name}"))), "{lines}: {message}");
            assert!(net.uris().is_empty(), "{lines}: {:?}", net.uris());
        }
    }
}

#[test]
fn a_profile_that_says_nothing_of_credentials_leaves_them_to_other_places() {
    let config = "[profile A]\nregion = eu-west-1\noutput = json\nmfa_serial = arn:aws:iam::1:mfa/me\n\
                  role_session_name = me\naws_session_token =\n";
    let environment = variables([("AWS_PROFILE", "A")]).home(home("region-only", config, ""));
    assert_eq!(found(&tempting(), &environment), temporary(KEY));
}

#[test]
fn whoever_has_signed_does_not_become_somebody_else() {
    let home = home("stays", "", PROFILES);
    let file = home.join(".aws/credentials");
    let net = tempting();
    let chain = chain(&net, &variables([]).home(&home));
    assert_eq!(wait(chain.provide()).unwrap().access_key_id, "AKIDCONFIG");
    fs::write(&file, "").unwrap();
    let message = wait(chain.provide()).unwrap_err().to_string();
    assert!(message.contains("(there is none), where there were some before"), "{message}");
    assert!(net.uris().is_empty());
    fs::write(&file, PROFILES).unwrap();
    assert_eq!(wait(chain.provide()).unwrap().access_key_id, "AKIDCONFIG");
    // And the other way round.
    fs::write(&file, "").unwrap();
    let chain = self::chain(&net, &variables([]).home(&home));
    assert_eq!(wait(chain.provide()).unwrap(), temporary(KEY));
    fs::write(&file, PROFILES).unwrap();
    assert_eq!(wait(chain.provide()).unwrap(), temporary(KEY));
    let other = chain.clone().environment(variables(KEYS));
    assert_eq!(wait(other.provide()).unwrap().access_key_id, "AKIDVARIABLE");
}

#[test]
fn variables_do_not_count_where_a_profile_is_asked_for() {
    let home = home("not-variables", "[profile A]\nregion = eu-west-1\n", "");
    fs::write(home.join("token"), "5ecret-web").unwrap();
    let file = home.join("token");
    let web = [
        ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/web"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", file.to_str().unwrap()),
        NO_INSTANCE,
    ];
    let environment = Environment::of(web.into_iter().chain(KEYS)).home(&home);
    let net = tempting();
    let message = wait(chain(&net, &environment).profile("A").provide()).unwrap_err().to_string();
    for place in ["variables", "web identity"] {
        assert!(message.contains(&format!("{place} (not used, as a profile is asked for)")), "{message}");
    }
    assert!(net.uris().is_empty());
}

#[test]
fn the_keys_of_a_source_go_before_its_role() {
    let config = "[profile A]\nrole_arn = arn:aws:iam::123456789012:role/A\nsource_profile = B\n\
                  [profile B]\nrole_arn = arn:aws:iam::123456789012:role/B\nsource_profile = C\n\
                  aws_access_key_id = AKIAB\naws_secret_access_key = 5ecret-b\n\
                  [profile C]\naws_access_key_id = AKIAC\naws_secret_access_key = 5ecret-c\n";
    let home = home("source-keys", config, "");
    let net = Net::new(|_| sts("AssumeRole"));
    found(&net, &variables([("AWS_PROFILE", "A")]).home(&home));
    assert_eq!(net.uris().len(), 1, "{:?}", net.uris());
    assert!(net.uris()[0].contains("role%2FA") && net.header(0, "authorization").contains("Credential=AKIAB/"));
    let net = Net::new(|_| sts("AssumeRole"));
    found(&net, &variables([("AWS_PROFILE", "B")]).home(&home));
    assert!(net.uris()[0].contains("role%2FB") && net.header(0, "authorization").contains("Credential=AKIAC/"));
}

#[cfg(unix)]
#[test]
fn what_a_profile_has_goes_in_an_order() {
    let home = home("kinds", "", "");
    fs::write(home.join("token"), "\u{feff}5ecret-web\n").unwrap();
    let web = format!("web_identity_token_file = {}\n", home.join("token").display());
    let process =
        "credential_process = echo '{\"Version\": 1, \"AccessKeyId\": \"AKIDPROCESS\", \"SecretAccessKey\": \"s\"}'\n"
            .to_owned();
    let keys = |id: &str| format!("aws_access_key_id = {id}\naws_secret_access_key = 5ecret\n");
    let asked = |config: &str, credentials: &str| {
        fs::write(home.join(".aws/config"), format!("[default]\n{config}[profile base]\n{}", keys("AKIDBASE")))
            .unwrap();
        fs::write(home.join(".aws/credentials"), format!("[default]\n{credentials}")).unwrap();
        let net = Net::new(|request| match request.method() {
            &Method::POST => sts("AssumeRoleWithWebIdentity"),
            _ => sts("AssumeRole"),
        });
        let result = load(&net, &variables([]).home(&home));
        match net.seen.lock().unwrap().first() {
            Some((request, _)) => format!("{} {}", request.method(), request.uri().host().unwrap()),
            None => result.map_or_else(|error| error.to_string(), |found| found.access_key_id.clone()),
        }
    };
    let role = "role_arn = arn:aws:iam::123456789012:role/r\n";
    let all = [keys("AKIDCONFIG"), process.clone()].concat();
    assert_eq!(asked(&format!("{role}source_profile = base\n{all}"), &keys("AKIDSHARED")), "GET sts.amazonaws.com");
    assert_eq!(asked(&format!("{role}{web}{all}"), &keys("AKIDSHARED")), "POST sts.amazonaws.com");
    let sign_on = "sso_account_id = 1\nsso_role_name = r\nsso_region = eu-west-1\nsso_start_url = https://x\n";
    assert!(asked(&format!("{sign_on}{all}"), &keys("AKIDSHARED")).contains("signing on at https://x"));
    assert_eq!(asked(&format!("{all}login_session = x\nsso_session = y\n"), &keys("AKIDSHARED")), "AKIDSHARED");
    assert!(asked(&format!("{all}login_session = x\n"), "").contains("login_session"));
    assert_eq!(asked(&format!("{all}sso_session = y\nsource_profile = z\n"), ""), "AKIDPROCESS");
    assert_eq!(asked(&keys("AKIDCONFIG"), ""), "AKIDCONFIG");
    // Halves in two files do not make a whole.
    let halves = asked("aws_secret_access_key = 5ecret\n", "aws_access_key_id = AKIDSHARED\n");
    assert!(halves.contains("aws_access_key_id is set, and aws_secret_access_key is not"), "{halves}");
}

#[test]
fn older_names_of_the_token_are_known() {
    let all = [KEYS[0], KEYS[1], ("AWS_SECURITY_TOKEN", "5ecret-token")];
    assert_eq!(found(&Net::none(), &variables(all)).session_token.as_deref(), Some("5ecret-token"));
    let config = "[default]\naws_access_key_id = A\naws_secret_access_key = s\naws_security_token = 5ecret-token\n";
    let found = found(&Net::none(), &variables([]).home(home("older", config, "")));
    assert_eq!(found.session_token.as_deref(), Some("5ecret-token"));
}

#[test]
fn a_region_that_is_none_is_not_sent_to() {
    for region in
        ["x.example/", "x.example#", "x.example:8443/", "a@b", "eu-west-1 ", "127.0.0.1/", "1", "-a", "\u{1b}"]
    {
        let net = tempting();
        let mut all = vec![("AWS_REGION", region), ("AWS_PROFILE", "itself")];
        let message = error(&net, &Environment::of(all.clone()).home(home("sts-region", ROLES, "")));
        assert!(message.contains("AWS_REGION: ") && message.contains("is no region"), "{message}");
        assert!(!message.contains('\u{1b}'), "{message}");
        let file = home("sts-web", "", "").join("token");
        fs::write(&file, "5ecret").unwrap();
        all.truncate(1);
        all.extend([
            ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/r"),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", file.to_str().unwrap()),
        ]);
        let message = error(&net, &Environment::of(all));
        assert!(message.contains("AWS_REGION: "), "{message}");
        assert!(net.uris().is_empty(), "{:?}", net.uris());
    }
}

/// Every place where a source of credentials has its region from, with every name that is none. No request is made, so no
/// secret leaves.
#[test]
fn hostile_regions_of_sources() {
    let (net, mut tried) = (tempting(), 0);
    let refuses = |environment: &Environment, origin: &str| {
        let message = error(&net, environment);
        assert!(message.contains(origin) && message.contains("is no region"), "{message}");
        assert!(!message.chars().any(char::is_control), "{message:?}");
    };
    let token = folder::of_test("hostile-token").join("token");
    fs::write(&token, "5ecret").unwrap();
    for region in HOSTILE {
        for variable in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
            let all = [(variable, region), ("AWS_PROFILE", "itself")];
            refuses(&variables(all).home(home("hostile-role", ROLES, "")), &format!("{variable}: "));
            let role = ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/r");
            let file = ("AWS_WEB_IDENTITY_TOKEN_FILE", token.to_str().unwrap());
            refuses(&variables([(variable, region), role, file]), &format!("{variable}: "));
        }
        if !can_be_in_a_profile(region) {
            continue;
        }
        tried += 1;
        let role = format!("[default]\nregion = {region}\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = keys\n");
        let keys = "[keys]\naws_access_key_id = A\naws_secret_access_key = 5ecret\n";
        refuses(&variables([]).home(home("hostile-profile", &role, keys)), "region of profile \"default\"");
        let who = "sso_account_id = 123456789012\nsso_role_name = Worker\n";
        let where_to = format!("sso_region = {region}\nsso_start_url = https://shop.awsapps.com/start\n");
        let own = format!("[default]\n{who}{where_to}");
        let of_session = format!("[default]\nsso_session = shop\n{who}[sso-session shop]\n{where_to}");
        for (config, file) in [own, of_session].iter().zip([TOKEN_FILES[1], TOKEN_FILES[0]]) {
            let home = home("hostile-sign-on", config, "");
            let token = r#"{"accessToken": "5ecret-sso", "expiresAt": "2099-01-01T00:00:00Z"}"#;
            fs::write(home.join(".aws/sso/cache").join(file), token).unwrap();
            refuses(&variables([]).home(home), "sso_region of ");
        }
    }
    assert!(tried > 20, "{tried}");
    assert!(net.uris().is_empty(), "{:?}", net.uris());
}

#[test]
fn a_region_that_asks_for_fips_is_a_region_for_roles() {
    let net = Net::new(|_| sts("AssumeRole"));
    let all = [("AWS_REGION", "fips-us-east-2"), ("AWS_PROFILE", "itself")];
    found(&net, &variables(all).home(home("sts-fips", ROLES, "")));
    assert!(net.uris()[0].starts_with("GET https://sts.us-east-2.amazonaws.com/"), "{:?}", net.uris());
}

// Times.

#[cfg(unix)]
fn process(test: &str, json: &str) -> Environment {
    let home = home(test, "", "");
    fs::write(home.join("out"), json).unwrap();
    let line = format!("credential_process = cat '{}'", home.join("out").display());
    fs::write(home.join(".aws/config"), format!("[default]\n{line}\n")).unwrap();
    variables([]).home(home)
}

/// JSON of a kind of source, with this instead of the time.
fn with_time(time: &str) -> String {
    JSON.replace("\"2099-01-02T03:04:05Z\"", time)
}

/// What three sources make of a time.
#[cfg(unix)]
fn read_time(test: &str, time: &str) -> Vec<Result<Credentials, CredentialsError>> {
    let answer = with_time(time);
    let container = variables([("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")]);
    let net = |answer: String| {
        Net::new(move |request| match instance(request) {
            Ok((200, body)) if body == JSON => Ok((200, answer.clone())),
            other if request.uri().host() == Some("169.254.169.254") => other,
            _ => Ok((200, answer.clone())),
        })
    };
    vec![
        load(&Net::none(), &process(test, &answer)),
        load(&net(answer.clone()), &container),
        load(&net(answer), &variables([])),
    ]
}

#[cfg(unix)]
#[test]
fn times_are_read_in_the_forms_that_are_written() {
    for time in [
        "2099-01-02T03:04:05Z",
        "2099-01-02T03:04:05",
        "2099-01-02T03:04:05UTC",
        "2099-01-02 03:04:05 UTC",
        "2099-01-02T03:04:05.000Z",
        "2099-01-02T04:04:05+01:00",
        "2099-01-02T03:04:05+0000",
    ] {
        for result in read_time("times", &format!("\"{time}\"")) {
            assert_eq!(result.unwrap().expires_at, Some(end()), "{time}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_time_that_cannot_be_read_is_an_error() {
    for time in ["\"\"", "\" \"", "\"2026-12-01_00:00:00\"", "\"5ecret\"", "\"never\"", "4071006245", "true", "[]"] {
        for result in read_time("no-time", time) {
            let message = result.unwrap_err().to_string();
            assert!(message.contains("Expiration is no time"), "{time}: {message}");
        }
    }
    let [process, container, instance] = <[_; 3]>::try_from(read_time("no-time", "null")).unwrap();
    assert_eq!(process.unwrap().expires_at, None);
    for result in [container, instance] {
        assert!(result.unwrap_err().to_string().contains("the answer has no Expiration"));
    }
    let all = [KEYS[0], KEYS[1], ("AWS_CREDENTIAL_EXPIRATION", "soon")];
    assert!(error(&Net::none(), &variables(all)).starts_with("AWS_CREDENTIAL_EXPIRATION is \"soon\""));
    let all = [KEYS[0], KEYS[1], ("AWS_CREDENTIAL_EXPIRATION", "2099-01-02T03:04:05")];
    assert_eq!(found(&Net::none(), &variables(all)).expires_at, Some(end()));
}

#[test]
fn a_time_of_a_role_that_cannot_be_read_is_an_error() {
    let environments = [
        ("AssumeRole", variables([]).home(home("role-time", ROLES, ""))),
        ("AssumeRoleWithWebIdentity", web_identity("web-time")),
    ];
    for (action, environment) in environments {
        for time in ["", "soon"] {
            let (_, body) = sts(action).unwrap();
            let body = body.replace("2099-01-02T03:04:05Z", time);
            let message = error(&Net::new(move |_| Ok((200, body.clone()))), &environment);
            assert!(message.contains("expiration"), "{time}: {message}");
        }
    }
}

// Commands.

#[cfg(unix)]
#[test]
fn the_answer_of_a_command_is_checked() {
    let plain = r#"{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "5ecret"}"#;
    for good in [
        plain.to_owned(),
        format!("\u{feff}{plain}\r\n"),
        plain.replace("1", "1.0"),
        plain.replace("}", r#", "SessionToken": "", "Expiration": null, "More": [{}]}"#),
    ] {
        assert_eq!(found(&Net::none(), &process("answer", &good)), Credentials::new("A", "5ecret"), "{good}");
    }
    let with_account = plain.replace("}", r#", "AccountId": "123456789012"}"#);
    assert_eq!(found(&Net::none(), &process("answer", &with_account)).account_id.as_deref(), Some("123456789012"));
    for (bad, why) in [
        ("", "no JSON object"),
        ("5ecret", "no JSON object"),
        (r#"["5ecret"]"#, "no JSON object"),
        (r#"{"Version": 1} {"5ecret": 1}"#, "no JSON object"),
        (r#"{"AccessKeyId": "A", "SecretAccessKey": "5ecret"}"#, "has no Version"),
        (r#"{"Version": 2, "AccessKeyId": "A", "SecretAccessKey": "5ecret"}"#, "Version is another than 1"),
        (r#"{"Version": "1", "AccessKeyId": "A", "SecretAccessKey": "5ecret"}"#, "Version is another than 1"),
        (r#"{"Version": 1, "SecretAccessKey": "5ecret"}"#, "has no AccessKeyId"),
        (r#"{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": ""}"#, "has no SecretAccessKey"),
        (r#"{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": {"5ecret": 1}}"#, "SecretAccessKey is no text"),
    ] {
        let message = error(&Net::none(), &process("answer", bad));
        assert!(
            message.starts_with("profile \"default\": running credential_process: ") && message.contains(why),
            "{message}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_command_does_not_hold_the_runtime() {
    let began = Instant::now();
    let environment = command("command-holds", "exec sleep 20");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let chain = chain(&Net::none(), &environment);
        assert!(tokio::time::timeout(Duration::from_millis(50), chain.provide()).await.is_err());
    });
    drop(runtime);
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[cfg(unix)]
#[test]
fn calls_that_give_up_leave_the_command_to_the_next() {
    let (environment, home) = command_in("command-once", "echo run >> runs; sleep 0.4; cat 'a file'");
    let runs = || fs::read_to_string(home.join("runs")).unwrap().lines().count();
    let cache = || CredentialsCache::new(Arc::new(chain(&Net::none(), &environment)));
    let (now, limit) = (SystemTime::now(), Duration::from_millis(40));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let shared = cache();
    let given_up = runtime.block_on(async {
        let mut given_up = 0;
        while tokio::time::timeout(limit, shared.get(now)).await.is_err() {
            given_up += 1;
        }
        given_up
    });
    assert!((2..50).contains(&given_up), "{given_up}");
    assert_eq!(runs(), 1);
    let shared = cache();
    while shared.get_blocking(now, Some(limit)).is_none() {}
    assert_eq!(runs(), 2);
}

// Metadata services.

#[test]
fn a_proxy_sees_nothing_of_metadata_services() {
    let proxy = Server::plain(|_| ok(JSON));
    let agent = Server::plain(|request| {
        let (parts, body) = request.into_parts();
        let request = Request::from_parts(parts, Bytes::from(body));
        match instance(&request) {
            Ok((200, body)) => ok(body),
            _ if request.uri().path() == "/pod" && request.headers()["authorization"] == "5ecret-pod" => ok(JSON),
            other => panic!("{request:?} {other:?}"),
        }
    });
    let url = format!("http://{}", agent.address());
    let pod = format!("{url}/pod");
    let environments = [
        vec![("AWS_CONTAINER_CREDENTIALS_FULL_URI", &*pod), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "5ecret-pod")],
        vec![("AWS_EC2_METADATA_SERVICE_ENDPOINT", &*url)],
    ];
    let options = HttpOptions::default().proxy(&format!("http://{}", proxy.address())).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for variables in environments {
        let environment = Environment::of(variables);
        let chain = DefaultChain::new(Arc::new(HttpTransport::new(options.clone()))).environment(environment.clone());
        assert_eq!(runtime.block_on(chain.provide()).unwrap(), temporary(KEY));
        let chain =
            DefaultChain::blocking(Arc::new(BlockingHttpTransport::new(options.clone()))).environment(environment);
        assert_eq!(wait(chain.provide()).unwrap(), temporary(KEY));
    }
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn metadata_services_are_asked_directly_and_others_are_not() {
    let net = tempting();
    found(&net, &variables([("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")]));
    found(&net, &variables([]));
    let seen = net.seen.lock().unwrap();
    assert_eq!(seen.len(), 4);
    assert!(seen.iter().all(|(request, _)| request.extensions().get::<Direct>().is_some()));
    let net = Net::new(|_| sts("AssumeRole"));
    found(&net, &variables([]).home(home("indirect", ROLES, "")));
    assert!(net.seen.lock().unwrap()[0].0.extensions().get::<Direct>().is_none());
}

/// EKS Pod Identity and instances have IPv6 addresses, too. The token is for them, and for no proxy.
#[test]
fn metadata_services_with_ipv6_are_asked_directly() {
    let token = folder::of_test("ipv6-token").join("token");
    fs::write(&token, "5ecret-pod").unwrap();
    let proxies = [("HTTP_PROXY", "http://proxy.example:3128"), ("ALL_PROXY", "http://proxy.example:3128")];
    let pod = [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://[fd00:ec2::23]/v1/credentials"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.to_str().unwrap()),
    ];
    let net = Net::new(|request| match request.headers().get("authorization") {
        Some(token) if token == "5ecret-pod" => Ok((200, JSON.to_owned())),
        _ => instance(request),
    });
    found(&net, &Environment::of([proxies, pod].concat()));
    assert_eq!(net.uris(), ["GET http://[fd00:ec2::23]/v1/credentials"]);
    found(&net, &Environment::of([&proxies[..], &[("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6")]].concat()));
    assert_eq!(net.uris().len(), 4);
    assert!(net.uris()[1..].iter().all(|uri| uri.contains(" http://[fd00:ec2::254]/")), "{:?}", net.uris());
    let seen = net.seen.lock().unwrap();
    assert!(seen.iter().all(|(request, _)| request.extensions().get::<Direct>().is_some()));
}

#[test]
fn nothing_of_a_container_path_becomes_a_host() {
    let token = ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "5ecret");
    for path in [
        ".evil.example/x",
        "@evil.example/x",
        ":80@evil.example/",
        "x",
        "?x",
        "#x",
        "\\evil.example",
        "/a b",
        "/\u{1b}",
    ] {
        let net = tempting();
        let message = error(&net, &variables([("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", path), token]));
        assert!(message.contains("expected a path that begins with `/`"), "{path}: {message}");
        assert!(net.uris().is_empty(), "{path}: {:?}", net.uris());
    }
    for path in ["/", "/x?a=b", "//evil.example/x", "/@evil.example/x"] {
        let net = tempting();
        found(&net, &variables([("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", path), token]));
        assert_eq!(net.uris(), [format!("GET http://169.254.170.2{path}")]);
    }
    for uri in [
        "http://169.254.170.2@evil.example/",
        "http://localhost:80@evil.example/",
        "http://user@localhost/",
        "http://localhost:99999/",
        "http://localhost.evil.example/",
        "http://169.254.170.24/",
        "ftp://localhost/",
        "localhost",
        "/x",
        "https://",
    ] {
        let net = tempting();
        let message = error(&net, &variables([("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri), token]));
        assert!(message.starts_with("AWS_CONTAINER_CREDENTIALS_FULL_URI is "), "{uri}: {message}");
        assert!(net.uris().is_empty(), "{uri}: {:?}", net.uris());
    }
}

#[test]
fn a_token_of_a_container_is_one_line() {
    let home = home("token", "", "");
    let file = home.join("token");
    let uri = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x");
    let environment = variables([uri, ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file.to_str().unwrap())]);
    let message = error(&tempting(), &environment);
    assert!(message.starts_with("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE is "), "{message}");
    fs::write(&file, "\u{feff}5ecret-pod\r\n").unwrap();
    let net = tempting();
    found(&net, &environment);
    assert_eq!(net.header(0, "authorization"), "5ecret-pod");
    for bad in ["", "5ecret\nhost: evil"] {
        fs::write(&file, bad).unwrap();
        let message = error(&tempting(), &environment);
        assert!(message.starts_with("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: the token"), "{message}");
    }
}

#[test]
fn the_profile_says_how_instances_are_asked() {
    let asked = |config: &str, all: &[(&str, &str)]| {
        let net = Net::new(instance);
        let home = home("metadata", &format!("[default]\nregion = eu-west-1\n{config}"), "");
        let chain =
            DefaultChain::blocking(Arc::clone(&net) as _).environment(Environment::of(all.iter().copied()).home(home));
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

/// STS with a clock of its own.
#[derive(Debug, Default)]
struct Ahead {
    dates: Mutex<Vec<String>>,
}

impl BlockingTransport for Ahead {
    fn send(&self, request: Request<Bytes>, _: Option<Duration>) -> Result<Response<Bytes>, TransportError> {
        let date = request.headers()["x-amz-date"].to_str().unwrap().to_owned();
        let right = date.starts_with("20250102T0304");
        self.dates.lock().unwrap().push(date);
        let (status, body) = if right { sts("AssumeRole") } else { sts_error("RequestTimeTooSkewed", "late") }.unwrap();
        let response = Response::builder().status(status).header("date", "Thu, 02 Jan 2025 03:04:05 GMT");
        Ok(response.body(Bytes::from(body)).unwrap())
    }
}

/// A clock that stands still.
#[derive(Debug)]
struct Still(SystemTime);

impl workstream_runtime::client::Clock for Still {
    fn now(&self) -> SystemTime {
        self.0
    }
    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }
    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
    fn block(&self, _: Duration) {}
}

#[test]
fn a_role_is_assumed_although_this_clock_is_wrong() {
    // 2025-01-02T01:04:05Z: two hours behind.
    let behind = SystemTime::UNIX_EPOCH + Duration::from_secs(1_735_779_845);
    let environment = variables([]).home(home("skew", ROLES, ""));
    let chain = |net: &Arc<Ahead>, now| {
        DefaultChain::blocking(Arc::clone(net) as _).environment(environment.clone()).clock(Arc::new(Still(now)))
    };
    let net = Arc::new(Ahead::default());
    now(chain(&net, behind).provide()).unwrap();
    assert_eq!(*net.dates.lock().unwrap(), ["20250102T010405Z", "20250102T030405Z"]);
    // A date that is a week off is rather wrong itself, and one of just now changes nothing.
    for apart in [7 * 24 * 60 * 60, 2 * 60 * 60 - 100] {
        let net = Arc::new(Ahead::default());
        let result = now(chain(&net, behind + Duration::from_secs(apart)).provide());
        assert!(result.unwrap_err().to_string().contains("RequestTimeTooSkewed: late"));
        assert_eq!(net.dates.lock().unwrap().len(), 1);
    }
}
