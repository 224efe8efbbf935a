//! The places besides profiles: web identity, containers, instances, roles to assume.

use super::session::Session;
use super::{Credentials, CredentialsError, Lookup, Step, both};
use crate::client::signing::{SigningKeys, SigningScope, sign};
use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, Uri};
use reqsign_aws_core::{
    AssumeRoleCredentialProvider, AssumeRoleWithWebIdentityCredentialProvider, Credential, ECSCredentialProvider,
    IMDSv2CredentialProvider, StaticCredentialProvider,
};
use reqsign_core::{Context, Error, SignRequest, Signer};
use std::net::IpAddr;
use std::time::{Duration, SystemTime};

/// On an instance, metadata are a local service; elsewhere, nobody answers.
const INSTANCE_TIMEOUT: Duration = Duration::from_secs(1);
const CONTAINER_TIMEOUT: Duration = Duration::from_secs(5);
pub(super) const SERVICE_TIMEOUT: Duration = Duration::from_secs(10);

const SESSION_NAME: &str = "workstream";
const GLOBAL_REGION: &str = "us-east-1";

/// A role to assume.
pub(super) struct Role {
    pub(super) arn: String,
    pub(super) session_name: Option<String>,
    pub(super) external_id: Option<String>,
    pub(super) duration_seconds: Option<u32>,
}

impl Role {
    /// The account in `arn:aws:iam::123456789012:role/name`.
    fn account_id(&self) -> Option<String> {
        self.arn.split(':').nth(4).filter(|account| !account.is_empty()).map(str::to_owned)
    }

    fn session_name(&self) -> String {
        self.session_name.clone().unwrap_or_else(|| SESSION_NAME.to_owned())
    }

    fn described(&self) -> String {
        format!("assuming {}", self.arn)
    }
}

impl Lookup<'_> {
    pub(super) async fn try_web_identity(&self) -> Result<Step, CredentialsError> {
        const VARIABLES: [&str; 2] = ["AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"];
        // A role's name alone is not for web identities only.
        let variable = |name: &str| self.environment.get(name).map(str::to_owned);
        if variable(VARIABLES[1]).is_none() {
            return Ok(Step::Absent(format!("web identity ({} not set)", VARIABLES[1])));
        }
        let Some([arn, token_file]) = both(VARIABLES, variable)? else {
            return Ok(Step::Absent(format!("web identity ({} not set)", VARIABLES[1])));
        };
        let session_name = variable("AWS_ROLE_SESSION_NAME");
        let role = Role { arn, session_name, external_id: None, duration_seconds: None };
        Ok(Step::Found(self.assume_with_web_identity(&role, &token_file).await?))
    }

    pub(super) async fn assume_with_web_identity(
        &self,
        role: &Role,
        token_file: &str,
    ) -> Result<Credentials, CredentialsError> {
        let mut provider =
            AssumeRoleWithWebIdentityCredentialProvider::with_config(role.arn.clone(), token_file.into())
                .with_role_session_name(role.session_name());
        if let Some(region) = &self.region {
            provider = provider.with_region(region.clone()).with_regional_sts_endpoint();
        }
        if let Some(seconds) = role.duration_seconds {
            provider = provider.with_duration_seconds(seconds);
        }
        let what = format!("{} with the web identity in {token_file}", role.described());
        let session = Session::new(self.http, SERVICE_TIMEOUT);
        let mut credentials = session.ask(&provider, &what).await?;
        credentials.account_id = role.account_id();
        Ok(credentials)
    }

    pub(super) async fn assume(&self, role: &Role, source: Credentials) -> Result<Credentials, CredentialsError> {
        let session = Session::new(self.http, SERVICE_TIMEOUT);
        let mut keys = StaticCredentialProvider::new(&source.access_key_id, &source.secret_access_key);
        if let Some(token) = &source.session_token {
            keys = keys.with_session_token(token);
        }
        let region = self.region.clone().unwrap_or_else(|| GLOBAL_REGION.to_owned());
        let signer = Signer::new(session.context(), keys, Signature { region });
        let mut provider =
            AssumeRoleCredentialProvider::new(role.arn.clone(), signer).with_role_session_name(role.session_name());
        if let Some(region) = &self.region {
            provider = provider.with_region(region.clone()).with_regional_sts_endpoint();
        }
        if let Some(id) = &role.external_id {
            provider = provider.with_external_id(id.clone());
        }
        if let Some(seconds) = role.duration_seconds {
            provider = provider.with_duration_seconds(seconds);
        }
        let mut credentials = session.ask(&provider, &role.described()).await?;
        credentials.account_id = role.account_id();
        Ok(credentials)
    }

    pub(super) async fn try_container(&self) -> Result<Step, CredentialsError> {
        let mut provider = ECSCredentialProvider::new();
        let what;
        if let Some(path) = self.environment.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            provider = provider.with_relative_uri(path);
            what = format!("asking the container's endpoint for {path}");
        } else if let Some(uri) = self.environment.get("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
            check_container_uri(uri)?;
            provider = provider.with_endpoint(uri);
            what = format!("asking the container's endpoint {uri}");
        } else {
            let variables = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI";
            return Ok(Step::Absent(format!("container ({variables} not set)")));
        }
        if let Some(file) = self.environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
            provider = provider.with_auth_token_file(file);
        } else if let Some(token) = self.environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN") {
            provider = provider.with_auth_token(token);
        }
        Ok(Step::Found(Session::new(self.http, CONTAINER_TIMEOUT).ask(&provider, &what).await?))
    }

    /// The last place: where nobody answers, there is none.
    pub(super) async fn try_instance(&self) -> Result<Step, CredentialsError> {
        let disabled = self.environment.get("AWS_EC2_METADATA_DISABLED");
        if disabled.is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return Ok(Step::Absent("instance metadata (disabled by AWS_EC2_METADATA_DISABLED)".to_owned()));
        }
        let mode = self.environment.get("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE");
        let usual = match mode {
            Some(mode) if mode.eq_ignore_ascii_case("IPv6") => "http://[fd00:ec2::254]",
            _ => "http://169.254.169.254",
        };
        let endpoint = self.environment.get("AWS_EC2_METADATA_SERVICE_ENDPOINT").unwrap_or(usual);
        let endpoint = endpoint.trim_end_matches('/');
        let provider = IMDSv2CredentialProvider::new().with_endpoint(endpoint);
        let what = format!("instance metadata at {endpoint}");
        let answer = Session::new(self.http, INSTANCE_TIMEOUT).ask(&provider, &what).await;
        Ok(answer.map_or_else(|error| Step::Absent(error.to_string()), Step::Found))
    }
}

/// A token goes to this URI, so it is one of the container's own or encrypted:
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>.
fn check_container_uri(text: &str) -> Result<(), CredentialsError> {
    let own: [IpAddr; 3] =
        [[169, 254, 170, 2].into(), [169, 254, 170, 23].into(), [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23].into()];
    let uri = text.parse::<Uri>().ok();
    let host = uri.as_ref().and_then(Uri::host).unwrap_or_default().trim_matches(['[', ']']);
    let address = host.parse::<IpAddr>().ok();
    let local = host == "localhost" || address.is_some_and(|address| address.is_loopback() || own.contains(&address));
    match uri.as_ref().and_then(Uri::scheme_str) {
        Some("https") => Ok(()),
        Some("http") if local => Ok(()),
        _ => Err(CredentialsError::new(format!(
            "AWS_CONTAINER_CREDENTIALS_FULL_URI is {text:?}: expected https, or http to this machine or the container's agent"
        ))),
    }
}

/// Signs requests to STS.
#[derive(Debug)]
struct Signature {
    region: String,
}

impl SignRequest for Signature {
    type Credential = Credential;

    async fn sign_request(
        &self,
        _: &Context,
        parts: &mut Parts,
        credential: Option<&Credential>,
        _: Option<Duration>,
    ) -> Result<(), Error> {
        let (Some(credential), &Method::GET) = (credential, &parts.method) else {
            // The body is not here to be signed; parameters that do not fit into the URI have been refused before.
            return Err(Error::request_invalid("the role's parameters are too long"));
        };
        let mut credentials = Credentials::new(&credential.access_key_id, &credential.secret_access_key);
        credentials.session_token = credential.session_token.clone();
        let mut request = Request::from_parts(parts.clone(), Bytes::new());
        let scope = SigningScope { region: &self.region, service: "sts" };
        sign(&mut request, &credentials, scope, SystemTime::now(), &SigningKeys::default())
            .map_err(|error| Error::request_invalid(error.to_string()))?;
        parts.headers = request.into_parts().0.headers;
        Ok(())
    }
}
