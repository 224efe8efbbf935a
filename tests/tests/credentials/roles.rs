//! Roles that are assumed with other credentials, or with a web identity.

use super::ways::WAYS;
use super::*;

fn role(name: &str, test: &str) -> Environment {
    variables([("AWS_PROFILE", name), ("AWS_REGION", "us-gov-west-1")]).home(home(test, ROLES, ""))
}

#[test]
fn a_profile_assumes_a_role() {
    let net = Net::new(|_| sts("AssumeRole"));
    let credentials = found(&net, &variables([]).home(home("role", ROLES, "")));
    assert_eq!(credentials, temporary(KEY).account_id("123456789012"));
    assert_eq!(net.uris(), ["POST https://sts.eu-west-1.amazonaws.com/"]);
    assert_eq!(net.header(0, "content-type"), "application/x-www-form-urlencoded; charset=utf-8");
    let expected = [
        ("Action", "AssumeRole"),
        ("Version", "2011-06-15"),
        ("RoleArn", "arn:aws:iam::123456789012:role/shop/worker"),
        ("RoleSessionName", "desk"),
        ("DurationSeconds", "900"),
        ("ExternalId", "ext"),
    ];
    assert_eq!(net.form(0), expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
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
    assert_eq!(net.uris(), ["POST https://sts.amazonaws.com/"; 2]);
    assert_eq!(net.form(0)["RoleArn"], "arn:aws:iam::123456789012:role/shop/worker");
    assert_eq!(net.form(1)["RoleArn"], "arn:aws:iam::123456789012:role/second");
    assert!(!net.form(1).contains_key("DurationSeconds") && !net.form(1).contains_key("ExternalId"));
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
    assert_eq!(net.form(3)["RoleArn"], "arn:aws:iam::123456789012:role/instance");
    assert!(net.header(3, "authorization").contains(&format!("Credential={KEY}/")));
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
    for name in ["device", "second-device"] {
        let device = error(&none, &role(name, name));
        assert!(device.contains("needs a code of arn:aws:iam::123456789012:mfa/me"), "{device}");
    }
    let empty = format!("profile \"of-empty\": there are no credentials to assume {} with", arn("of-empty"));
    assert_eq!(error(&none, &role("of-empty", "of-empty")), empty);
    assert_eq!(
        error(&none, &role("long", "long")),
        "profile \"long\": duration_seconds is \"long\": expected a number"
    );
    let file = format!("profile \"web\": assuming {} with the web identity in /nowhere/token: ", arn("web"));
    let web = error(&none, &role("web", "web"));
    assert!(web.starts_with(&file) && web.contains("os error 2"), "{web}");
    assert!(none.uris().is_empty());
}

#[test]
fn what_the_service_refuses_is_told() {
    let environment = variables([]).home(home("refused", ROLES, ""));
    let net = Net::new(|_| sts_error("AccessDenied", "User x is not\nauthorized"));
    let assuming = "profile \"default\": assuming arn:aws:iam::123456789012:role/shop/worker";
    let expected = format!(
        "{assuming}: AssumeRole: AccessDenied: User x is not authorized (HTTP 403 from sts.eu-west-1.amazonaws.com)"
    );
    let message = error(&net, &environment);
    assert_eq!(message.replace("\\n", " "), expected);
    assert_eq!(net.uris().len(), 1, "a refusal is final");
    let message = error(&Net::none(), &environment);
    let expected = format!("{assuming}: AssumeRole: no connection to the server: nobody is there");
    assert!(message.starts_with(&expected), "{message}");
    let garbage = Net::new(|_| Ok((200, "<SecretAccessKey>5ecret</SecretAccessKey>".to_owned())));
    let message = error(&garbage, &environment);
    assert!(message.starts_with(&format!("{assuming}: ")), "{message}");
}

pub fn web_identity(test: &str) -> Environment {
    web_identity_of(test, "5ecret-web\n")
}

fn web_identity_of(test: &str, token: &str) -> Environment {
    let home = home(test, "", "");
    fs::write(home.join("token"), token).unwrap();
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
    let expected = [
        ("Action", "AssumeRoleWithWebIdentity"),
        ("Version", "2011-06-15"),
        ("RoleArn", "arn:aws:iam::123456789012:role/web"),
        ("RoleSessionName", "pod"),
        // As it is in the file, with its end of line.
        ("WebIdentityToken", "5ecret-web\n"),
    ];
    assert_eq!(net.form(0), expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    let seen = net.seen.lock().unwrap();
    for header in ["authorization", "x-amz-security-token"] {
        assert!(!seen[0].0.headers().contains_key(header), "{header}");
    }
}

#[test]
fn an_empty_file_is_no_web_identity() {
    let net = tempting();
    let message = error(&net, &web_identity_of("empty-web", ""));
    assert!(message.ends_with(": the file is empty"), "{message}");
    assert!(net.uris().is_empty());
}

#[test]
fn a_web_identity_that_is_refused_is_an_error() {
    let net = Net::new(|_| sts_error("InvalidIdentityToken", "not 5ecret-web"));
    let message = error(&net, &web_identity("web-refused"));
    assert!(
        message.ends_with("InvalidIdentityToken: not (redacted) (HTTP 403 from sts.cn-north-1.amazonaws.com.cn)"),
        "{message}"
    );
    assert!(message.starts_with("assuming arn:aws:iam::123456789012:role/web with the web identity in "), "{message}");
    let file = ("AWS_WEB_IDENTITY_TOKEN_FILE", "/nowhere/token");
    let message = error(&net, &variables([file]));
    assert_eq!(message, "web_identity_token_file needs a role_arn, and AWS_WEB_IDENTITY_TOKEN_FILE an AWS_ROLE_ARN");
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
    assert!(net.form(0)["RoleArn"].ends_with(":role/A"));
    assert!(net.header(0, "authorization").contains("Credential=AKIAB/"));
    let net = Net::new(|_| sts("AssumeRole"));
    found(&net, &variables([("AWS_PROFILE", "B")]).home(&home));
    assert!(net.form(0)["RoleArn"].ends_with(":role/B"));
    assert!(net.header(0, "authorization").contains("Credential=AKIAC/"));
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
            assert!(message.contains("Credentials.Expiration: expected a timestamp"), "{time}: {message}");
        }
    }
}

/// STS with a clock of its own.
#[derive(Debug, Default)]
struct Ahead {
    dates: Mutex<Vec<String>>,
}

impl Ahead {
    fn answer(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let date = request.headers()["x-amz-date"].to_str().unwrap().to_owned();
        let right = date.starts_with("20250102T0304");
        self.dates.lock().unwrap().push(date);
        let (status, body) = if right { sts("AssumeRole") } else { sts_error("RequestTimeTooSkewed", "late") }.unwrap();
        let response = Response::builder().status(status).header("date", "Thu, 02 Jan 2025 03:04:05 GMT");
        response.body(Bytes::from(body)).unwrap()
    }
}

impl Transport for Ahead {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(std::future::ready(Ok(self.answer(&request))))
    }
}

impl BlockingTransport for Ahead {
    fn send(&self, request: Request<Bytes>, _: Option<Duration>) -> Result<Response<Bytes>, TransportError> {
        Ok(self.answer(&request))
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
    for way in WAYS {
        let ask = |net: &Arc<Ahead>, now| {
            let config = Config::builder().transport(Arc::clone(net)).blocking_transport(Arc::clone(net));
            way.ask(&DefaultChain::new(), config.clock(Still(now)), &environment)
        };
        let net = Arc::new(Ahead::default());
        ask(&net, behind).unwrap();
        assert_eq!(*net.dates.lock().unwrap(), ["20250102T010405Z", "20250102T030405Z"]);
        // A date that is a week off is rather wrong itself, and one of just now changes nothing.
        for apart in [7 * 24 * 60 * 60, 2 * 60 * 60 - 100] {
            let net = Arc::new(Ahead::default());
            let message = ask(&net, behind + Duration::from_secs(apart)).unwrap_err().to_string();
            assert!(message.contains("RequestTimeTooSkewed: late"), "{message}");
            assert_eq!(net.dates.lock().unwrap().len(), 1);
        }
    }
}
