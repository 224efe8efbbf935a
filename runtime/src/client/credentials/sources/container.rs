//! The agent of a container: ECS, EKS Pod Identity, Greengrass, CloudShell.

use super::metadata::{self, Patience, has_plain_authority};
use super::{Credentials, CredentialsError, ProvideCredentials, SourceContext};
use crate::client::BoxFuture;
use crate::client::text::without_mark;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION};
use http::uri::Scheme;
use http::{HeaderValue, Method, Request, Uri};
use std::net::IpAddr;
use std::time::Duration;

const URIS: [&str; 2] = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];
const TOKENS: [&str; 2] = ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN"];

/// Where the agent is, if only a path is given.
const AGENT: &str = "169.254.170.2";

/// botocore's.
const PATIENCE: Patience = Patience { timeout: Duration::from_secs(2), attempts: 3, pause: Duration::from_secs(1) };

/// The credentials that a container's agent has for it, at `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` or `_FULL_URI`:
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>.
///
/// The agent is asked up to 3 times, a second apart, and never through a proxy. What it knows the caller by is read from
/// `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` (each time) or `AWS_CONTAINER_AUTHORIZATION_TOKEN`.
#[derive(Clone, Debug, Default)]
pub struct ContainerAgent {}

impl ContainerAgent {
    /// The agent that the environment of who asks names.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) async fn load(&self, context: &SourceContext) -> Result<Credentials, CredentialsError> {
        let uri = agent_uri(context)?;
        let what = format!("asking the container's endpoint {uri}");
        let mut request = metadata::request(Method::GET, uri);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        add_token(context, &mut request)?;
        let credentials = metadata::fetch_credentials(context, request, &PATIENCE).await;
        credentials.map_err(|why| CredentialsError::new(format!("{what}: {why}")))
    }
}

impl ProvideCredentials for ContainerAgent {
    fn provide<'a>(&'a self, context: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(self.load(context))
    }
}

fn agent_uri(context: &SourceContext) -> Result<Uri, CredentialsError> {
    let [path, uri] = URIS.map(|name| context.variable(name));
    let (variable, text, uri) = match (path, uri) {
        (Some(path), _) => (URIS[0], path, uri_of_path(path)),
        (None, Some(uri)) => (URIS[1], uri, full_uri(uri)),
        (None, None) => {
            return Err(CredentialsError::absent(format!("container ({} and _FULL_URI not set)", URIS[0])));
        }
    };
    uri.map_err(|expected| CredentialsError::new(format!("{variable} is {text:?}: expected {expected}")))
}

/// What the container's agent knows the caller by.
fn add_token(context: &SourceContext, request: &mut Request<Bytes>) -> Result<(), CredentialsError> {
    let [file, token] = TOKENS.map(|name| context.variable(name));
    let (variable, token) = match (file, token) {
        (Some(file), _) => match std::fs::read_to_string(file) {
            Ok(text) => (TOKENS[0], without_mark(&text).trim().to_owned()),
            Err(error) => return Err(CredentialsError::new(format!("{} is {file:?}: {error}", TOKENS[0]))),
        },
        (None, Some(token)) => (TOKENS[1], token.to_owned()),
        (None, None) => return Ok(()),
    };
    let unusable = || CredentialsError::new(format!("{variable}: the token is empty, or no value of a header"));
    let value = HeaderValue::from_str(&token).ok().filter(|value| !value.is_empty());
    let mut value = value.ok_or_else(unusable)?;
    value.set_sensitive(true);
    request.headers_mut().insert(AUTHORIZATION, value);
    Ok(())
}

/// A token goes to this URI, so nothing of the path may become a part of the host.
fn uri_of_path(path: &str) -> Result<Uri, &'static str> {
    const EXPECTED: &str = "a path that begins with `/`";
    let uri = path.starts_with('/').then(|| format!("http://{AGENT}{path}").parse::<Uri>().ok()).flatten();
    uri.filter(|uri| uri.authority().is_some_and(|authority| authority == AGENT)).ok_or(EXPECTED)
}

/// A token goes to this URI, so it is one of the container's own or encrypted:
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>.
fn full_uri(text: &str) -> Result<Uri, &'static str> {
    const EXPECTED: &str = "https, or http to this machine or the container's agent";
    let own: [IpAddr; 3] =
        [[169, 254, 170, 2].into(), [169, 254, 170, 23].into(), [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23].into()];
    let uri = text.parse::<Uri>().ok().filter(has_plain_authority).ok_or(EXPECTED)?;
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let address = host.parse::<IpAddr>().ok();
    let local = host.eq_ignore_ascii_case("localhost")
        || address.is_some_and(|address| address.is_loopback() || own.contains(&address));
    let is_https = uri.scheme() == Some(&Scheme::HTTPS);
    if is_https || (local && uri.scheme() == Some(&Scheme::HTTP)) { Ok(uri) } else { Err(EXPECTED) }
}
