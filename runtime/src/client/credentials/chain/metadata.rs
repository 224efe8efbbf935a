//! Containers and instances: local services that know the credentials of what runs there.

use super::answer::{self, Author};
use super::{Credentials, CredentialsError, Lookup, Tried};
use crate::client::environment::Setting;
use crate::client::text::without_mark;
use crate::client::transport::Direct;
use crate::one_line::OneLine;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION};
use http::uri::Scheme;
use http::{HeaderValue, Method, Request, StatusCode, Uri};
use std::net::IpAddr;
use std::time::Duration;

const CONTAINER_TIMEOUT: Duration = Duration::from_secs(5);
/// Where the agent of a container is, if only a path is given.
const CONTAINER: &str = "169.254.170.2";

/// On an instance, metadata are a local service; elsewhere, nobody answers.
const INSTANCE_TIMEOUT: Duration = Duration::from_secs(1);
const INSTANCE: [&str; 2] = ["http://169.254.169.254", "http://[fd00:ec2::254]"];
const INSTANCE_ROLES: &str = "/latest/meta-data/iam/security-credentials/";

/// The instance's metadata, and how to ask for them.
struct Instance {
    /// Without a slash at the end.
    endpoint: String,
    timeout: Duration,
    attempts: u32,
}

impl Lookup<'_> {
    pub(super) async fn try_container(&self) -> Result<Tried, CredentialsError> {
        const VARIABLES: [&str; 2] = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];
        let [path, uri] = VARIABLES.map(|name| self.environment.get(name));
        let (uri, text) = match (path, uri) {
            (Some(path), _) => (container_uri_of_path(path), path),
            (None, Some(uri)) => (container_uri(uri), uri),
            (None, None) => {
                let variables = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI";
                return Ok(Tried::Absent(format!("container ({variables} not set)")));
            }
        };
        let uri = uri.map_err(|expected| {
            let variable = VARIABLES[usize::from(path.is_none())];
            CredentialsError::new(format!("{variable} is {text:?}: expected {expected}"))
        })?;
        let what = format!("asking the container's endpoint {uri}");
        let failed = |why: String| CredentialsError::new(format!("{what}: {why}"));
        let mut request = request(Method::GET, uri);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(token) = self.container_token()? {
            request.headers_mut().insert(AUTHORIZATION, token);
        }
        let body = self.fetch(request, CONTAINER_TIMEOUT).await.map_err(failed)?;
        Ok(Tried::Found(found(&body).map_err(failed)?))
    }

    /// What the container's agent knows the caller by.
    fn container_token(&self) -> Result<Option<HeaderValue>, CredentialsError> {
        const VARIABLES: [&str; 2] = ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN"];
        let [file, token] = VARIABLES.map(|name| self.environment.get(name));
        let (variable, token) = match (file, token) {
            (Some(file), _) => match std::fs::read_to_string(file) {
                Ok(text) => (VARIABLES[0], without_mark(&text).trim().to_owned()),
                Err(error) => {
                    return Err(CredentialsError::new(format!("{} is {file:?}: {error}", VARIABLES[0])));
                }
            },
            (None, Some(token)) => (VARIABLES[1], token.to_owned()),
            (None, None) => return Ok(None),
        };
        let unusable = || CredentialsError::new(format!("{variable}: the token is empty, or no value of a header"));
        let value = HeaderValue::from_str(&token).ok().filter(|value| !value.is_empty()).ok_or_else(unusable)?;
        Ok(Some(value))
    }

    /// The last place: where nobody answers, there is none.
    pub(super) async fn try_instance(&self) -> Result<Tried, CredentialsError> {
        let disabled = self.environment.get("AWS_EC2_METADATA_DISABLED");
        if disabled.is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return Ok(Tried::Absent("instance metadata (disabled by AWS_EC2_METADATA_DISABLED)".to_owned()));
        }
        let instance = self.instance()?;
        let answer = self.ask_instance(&instance).await;
        let absent = |why| Tried::Absent(format!("instance metadata at {}: {why}", instance.endpoint));
        Ok(answer.map_or_else(absent, Tried::Found))
    }

    async fn ask_instance(&self, instance: &Instance) -> Result<Credentials, String> {
        let get = |path: &str, token: &HeaderValue| {
            let mut request = request(Method::GET, instance.uri(path)?);
            request.headers_mut().insert("x-aws-ec2-metadata-token", token.clone());
            Ok::<_, String>(request)
        };
        let mut ask = request(Method::PUT, instance.uri("/latest/api/token")?);
        ask.headers_mut().insert("x-aws-ec2-metadata-token-ttl-seconds", HeaderValue::from_static("21600"));
        let token = self.fetch_again(ask, instance).await?;
        let token = HeaderValue::from_maybe_shared(token).map_err(|_| "the token is no value of a header")?;
        let roles = self.fetch_again(get(INSTANCE_ROLES, &token)?, instance).await;
        let roles = roles.map_err(|why| match why.as_str() {
            "status 404" => format!("the instance has no role ({why})"),
            _ => why,
        })?;
        let role = std::str::from_utf8(&roles).unwrap_or_default().lines().next().unwrap_or_default().trim();
        if role.is_empty() {
            return Err("the instance has no role".to_owned());
        }
        let path = format!("{INSTANCE_ROLES}{role}");
        found(&self.fetch_again(get(&path, &token)?, instance).await?)
    }

    /// As often as the settings allow.
    async fn fetch_again(&self, request: Request<Bytes>, instance: &Instance) -> Result<Bytes, String> {
        let mut attempt = 1;
        loop {
            match self.fetch(request.clone(), instance.timeout).await {
                Err(_) if attempt < instance.attempts => attempt += 1,
                result => return result,
            }
        }
    }

    /// The body of an answer with status 200.
    async fn fetch(&self, request: Request<Bytes>, timeout: Duration) -> Result<Bytes, String> {
        let response = self.http.send(request, timeout).await.map_err(|error| error.to_string())?;
        let (status, body) = (response.status(), response.into_body());
        if status == StatusCode::OK {
            return Ok(body);
        }
        let number = status.as_u16();
        Err(answer::error(&body)
            .or_else(|| text(&body))
            .map_or_else(|| format!("status {number}"), |message| format!("{message} (status {number})")))
    }

    /// How the settings want the instance's metadata to be asked for. They have botocore's names.
    fn instance(&self) -> Result<Instance, CredentialsError> {
        let endpoint = self.setting("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint");
        let endpoint = match &endpoint {
            Some(setting) => {
                let usable = is_metadata_endpoint(&setting.value);
                usable
                    .then_some(setting.value.as_str())
                    .ok_or_else(|| unexpected(setting, "an http or https URL without user, query and fragment"))?
            }
            None => INSTANCE[usize::from(self.instance_has_ipv6()?)],
        };
        let number = |variable, key, usual| match self.setting(variable, key) {
            Some(setting) => match setting.value.trim().parse::<u32>() {
                Ok(number) if number > 0 => Ok(number),
                _ => Err(unexpected(&setting, "a whole number from 1 on")),
            },
            None => Ok(usual),
        };
        let usual = u32::try_from(INSTANCE_TIMEOUT.as_secs()).unwrap_or(1);
        let seconds = number("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout", usual)?;
        Ok(Instance {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            timeout: Duration::from_secs(seconds.into()),
            attempts: number("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts", 1)?,
        })
    }

    fn instance_has_ipv6(&self) -> Result<bool, CredentialsError> {
        let mode = self.setting("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode");
        if let Some(mode) = mode {
            return match mode.value.trim().to_ascii_lowercase().as_str() {
                "ipv4" => Ok(false),
                "ipv6" => Ok(true),
                _ => Err(unexpected(&mode, "IPv4 or IPv6")),
            };
        }
        // The older name of the same.
        let older = self.setting("AWS_IMDS_USE_IPV6", "imds_use_ipv6");
        Ok(older.is_some_and(|setting| setting.value.trim().eq_ignore_ascii_case("true")))
    }
}

impl Instance {
    fn uri(&self, path: &str) -> Result<Uri, String> {
        format!("{}{path}", self.endpoint).parse().map_err(|_| "the role's name is none".to_owned())
    }
}

fn unexpected(setting: &Setting<String>, expected: &str) -> CredentialsError {
    CredentialsError::new(format!("{} is {:?}: expected {expected}", setting.origin, setting.value))
}

/// A request that goes to where it says, whatever the proxies: at another machine the same address is another service.
fn request(method: Method, uri: Uri) -> Request<Bytes> {
    let mut request = Request::new(Bytes::new());
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    request.extensions_mut().insert(Direct);
    request
}

/// Credentials in the answer of a metadata service. Instances tell of errors with status 200.
fn found(body: &[u8]) -> Result<Credentials, String> {
    answer::credentials(body, Author::Metadata).map_err(|why| answer::error(body).unwrap_or(why))
}

/// The beginning of an error that is plain text.
fn text(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?.trim();
    (!text.is_empty() && !text.starts_with(['<', '{'])).then(|| OneLine(text).to_string())
}

/// A token goes to this URI, so nothing of the path may become a part of the host.
fn container_uri_of_path(path: &str) -> Result<Uri, &'static str> {
    const EXPECTED: &str = "a path that begins with `/`";
    let uri = path.starts_with('/').then(|| format!("http://{CONTAINER}{path}").parse::<Uri>().ok()).flatten();
    uri.filter(|uri| uri.authority().is_some_and(|authority| authority == CONTAINER)).ok_or(EXPECTED)
}

/// A token goes to this URI, so it is one of the container's own or encrypted:
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>.
fn container_uri(text: &str) -> Result<Uri, &'static str> {
    const EXPECTED: &str = "https, or http to this machine or the container's agent";
    let own: [IpAddr; 3] =
        [[169, 254, 170, 2].into(), [169, 254, 170, 23].into(), [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23].into()];
    let uri = text.parse::<Uri>().ok().filter(has_plain_authority).ok_or(EXPECTED)?;
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let address = host.parse::<IpAddr>().ok();
    let local = host == "localhost" || address.is_some_and(|address| address.is_loopback() || own.contains(&address));
    let is_https = uri.scheme() == Some(&Scheme::HTTPS);
    if is_https || (local && uri.scheme() == Some(&Scheme::HTTP)) { Ok(uri) } else { Err(EXPECTED) }
}

fn is_metadata_endpoint(text: &str) -> bool {
    let uri = text.parse::<Uri>().ok().filter(has_plain_authority);
    let is_http = |uri: &Uri| [Some("http"), Some("https")].contains(&uri.scheme_str());
    !text.contains('#') && uri.is_some_and(|uri| is_http(&uri) && uri.query().is_none())
}

/// A host, with a port if there is a colon, and without a user.
fn has_plain_authority(uri: &Uri) -> bool {
    let Some(authority) = uri.authority() else { return false };
    let after_host = authority.as_str().strip_prefix(authority.host());
    let has_port =
        |rest: &str| rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    !authority.host().is_empty() && after_host.is_some_and(has_port)
}
