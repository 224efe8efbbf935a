//! Credentials from the usual places, over a transport in memory and with an environment of their own.

use bytes::Bytes;
use http::{Method, Request, Response};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};
use workstream_runtime::client::{
    BlockingTransport, BoxFuture, Credentials, CredentialsError, DefaultChain, Environment, ProvideCredentials,
    Transport, TransportError, TransportErrorKind,
};

type Answer = Result<(u16, String), TransportErrorKind>;

/// Answers requests in memory and keeps them.
struct Net {
    answer: Box<dyn Fn(&Request<Bytes>) -> Answer + Send + Sync>,
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
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("credentials").join(test);
    let _ = fs::remove_dir_all(&home);
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

fn chain(net: &Arc<Net>, environment: &Environment) -> DefaultChain {
    DefaultChain::new(Arc::clone(net) as _).environment(environment.clone())
}

fn load(net: &Arc<Net>, environment: &Environment) -> Result<Credentials, CredentialsError> {
    let chain = chain(net, environment);
    assert!(!format!("{chain:?}").contains("5ecret"));
    let result = now(chain.provide());
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
    let named = |name| found(&Net::none(), &variables([("AWS_PROFILE", name)]).home(&home)).access_key_id;
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
    let needs = "sso_account_id needs sso_region and sso_start_url, in the profile or its sso_session";
    assert_eq!(message, format!("profile \"half\": {needs}"));
}

// Commands.

#[cfg(unix)]
fn command(test: &str, line: &str) -> Environment {
    let home = home(test, "", "");
    let config = format!("[default]\ncredential_process = cd {} && {line}\naws_account_id = 1\n", home.display());
    fs::write(home.join(".aws/config"), config).unwrap();
    fs::write(home.join("a file"), JSON).unwrap();
    fs::write(home.join("garbage"), r#"{"Version": "5ecret"}"#).unwrap();
    variables([]).home(home)
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
    assert_eq!(message, format!("{running}: credential process failed with status 3"));
    let message = error(&Net::none(), &command("command-garbage", "cat garbage"));
    assert_eq!(message, format!("{running}: failed to parse credential process output"));
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
    let asking = "asking the container's endpoint for /x";
    let net = Net::new(|_| Ok((500, "down".to_owned())));
    assert_eq!(error(&net, &path), format!("{asking}: ECS metadata service error: down (status 500)"));
    let net = Net::new(|_| Ok((200, r#"{"AccessKeyId": ["5ecret"]}"#.to_owned())));
    assert_eq!(error(&net, &path), format!("{asking}: failed to parse ECS credentials response"));
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
    assert!(message.ends_with("at http://169.254.169.254: instance metadata not found (status 404)"), "{message}");
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
