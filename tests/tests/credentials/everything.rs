//! All sources of credentials with secrets that tell themselves, and those who answer them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use workstream_runtime::client::credentials::{
    AssumeRole, ContainerAgent, CredentialProcess, EnvironmentVariables, InstanceMetadata, Login, Profile, SignOn,
    WebIdentity,
};
use workstream_runtime::client::{BoxFuture, Credentials, CredentialsError};
use workstream_runtime::client::{Environment, ProvideCredentials, Region, SourceContext};

/// What each secret begins with. Nothing else has it.
pub const SECRET: &str = "5ecret";

/// Any source.
#[derive(Clone, Debug)]
pub struct AnySource(Arc<dyn ProvideCredentials>);

impl ProvideCredentials for AnySource {
    fn provide<'a>(&'a self, context: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        self.0.provide(context)
    }
}

/// All of them. Tokens of people end soon, so that they are renewed; the clock begins with the year 2025.
pub fn sources(home: &Path) -> (Vec<AnySource>, Environment) {
    let start = "https://shop.awsapps.com/start";
    let login = "arn:aws:iam::123456789012:user/ann";
    let key = rcgen::KeyPair::generate().unwrap();
    let folders = [".aws/sso/cache", ".aws/login/cache"].map(|folder| home.join(folder));
    folders.iter().for_each(|folder| fs::create_dir_all(folder).unwrap());
    fs::write(home.join("web"), "5ecret-web-identity\n").unwrap();
    let token = json!({"accessToken": "5ecret-access", "expiresAt": "2025-01-01T00:05:00Z", "clientId": "c",
        "clientSecret": "5ecret-client", "refreshToken": "5ecret-refresh", "registrationExpiresAt": "2026-01-01T00:00:00Z"});
    fs::write(folders[0].join("5042d146667518a1a5017644946b8650aafca44c.json"), token.to_string()).unwrap();
    let pem =
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(key.serialize_der()));
    let keys = json!({"accessKeyId": "AKIDLOGIN", "secretAccessKey": "5ecret-login", "sessionToken": "5ecret-session",
        "accountId": "123456789012", "expiresAt": "2025-01-01T00:00:10Z"});
    let stored = json!({"accessToken": keys, "clientId": "c", "refreshToken": "5ecret-login-refresh", "dpopKey": pem});
    let file = "143b1fc18f5ca9bb89e81d9a77fe53029e237039039ccab734b6fb08284f7780.json";
    fs::write(folders[1].join(file), stored.to_string()).unwrap();
    let profile = "[default]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\n[profile base]\n\
                   aws_access_key_id = A\naws_secret_access_key = 5ecret-base\naws_session_token = 5ecret-base-token\n";
    fs::write(home.join(".aws/config"), profile).unwrap();
    let environment = Environment::of([
        ("AWS_REGION", "eu-west-1"),
        ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "5ecret-pod"),
        ("AWS_ACCESS_KEY_ID", "A"),
        ("AWS_SECRET_ACCESS_KEY", "5ecret-variable"),
        ("AWS_SESSION_TOKEN", "5ecret-variable-token"),
    ]);
    let base = Credentials::new("AKIDCODE", "5ecret-code").session_token("5ecret-code-token");
    let sign_on = SignOn::new(start, Region::new("eu-west-1").unwrap()).session("shop");
    let sources: [Arc<dyn ProvideCredentials>; 9] = [
        Arc::new(AssumeRole::new("arn:aws:iam::1:role/r").source(base)),
        Arc::new(WebIdentity::new("arn:aws:iam::1:role/r", home.join("web").to_str().unwrap())),
        Arc::new(sign_on.account_id("1").role_name("r")),
        Arc::new(Login::new(login)),
        Arc::new(ContainerAgent::new()),
        Arc::new(InstanceMetadata::new()),
        Arc::new(CredentialProcess::new("echo '{\"5ecret\"}'")),
        Arc::new(Profile::selected()),
        Arc::new(EnvironmentVariables::new()),
    ];
    (sources.into_iter().map(AnySource).collect(), environment.home(home))
}

/// A good answer, full of secrets.
pub fn good(request: &Request<Bytes>) -> String {
    let body = String::from_utf8_lossy(request.body());
    let keys = json!({"accessKeyId": "A", "secretAccessKey": "5ecret-s", "sessionToken": "5ecret-t"});
    let host = request.uri().host().unwrap();
    let path = request.uri().path();
    let answer = if host.starts_with("oidc.") {
        json!({"accessToken": "5ecret-new", "refreshToken": "5ecret-next", "expiresIn": 3600})
    } else if host.starts_with("portal.") {
        let mut keys = keys;
        keys["expiration"] = json!(4_071_006_245_000_u64);
        json!({"roleCredentials": keys})
    } else if host.contains("signin.") {
        json!({"accessToken": keys, "tokenType": "t", "refreshToken": "5ecret-next", "expiresIn": 3600})
    } else if host.starts_with("sts.") {
        let action = body.split(['=', '&']).nth(1).unwrap();
        return format!(
            "<{action}Response><{action}Result><Credentials><AccessKeyId>A</AccessKeyId>\
             <SecretAccessKey>5ecret-s</SecretAccessKey><SessionToken>5ecret-t</SessionToken>\
             <Expiration>2099-01-02T03:04:05Z</Expiration></Credentials></{action}Result></{action}Response>"
        );
    } else if path.ends_with("/token") {
        return "5ecret-imds".to_owned();
    } else if path.ends_with("/security-credentials/") {
        return "role".to_owned();
    } else if host.starts_with("169.") {
        json!({"Code": "Success", "AccessKeyId": "A", "SecretAccessKey": "5ecret-s", "Token": "5ecret-t",
            "Expiration": "2099-01-02T03:04:05Z"})
    } else {
        json!({})
    };
    answer.to_string()
}

/// An error that repeats all that the request says, as code and as message.
pub fn echo(request: &Request<Bytes>) -> String {
    let values = request.headers().values().map(|value| value.to_str().unwrap_or_default());
    let said = values.chain([std::str::from_utf8(request.body()).unwrap()]).collect::<Vec<_>>().join(" ");
    if request.uri().host().unwrap().starts_with("sts.") {
        let said = said.replace('&', "&amp;").replace('<', "&lt;");
        return format!("<ErrorResponse><Error><Code>Echo</Code><Message>{said}</Message></Error></ErrorResponse>");
    }
    let said = Value::from(said);
    json!({"__type": "Echo", "code": "Echo", "message": said, "error_description": said}).to_string()
}

/// A good answer that ends too early.
pub fn cut(request: &Request<Bytes>) -> String {
    let mut answer = good(request);
    answer.truncate(answer.len() - 2);
    answer
}
