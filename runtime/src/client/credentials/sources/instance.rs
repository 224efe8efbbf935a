//! The metadata service of an EC2 instance, version 2.

use super::ProfileSettings;
use super::metadata::{self, Patience, Unanswered, has_plain_authority};
use super::{Credentials, CredentialsError, ProvideCredentials, SourceContext};
use crate::client::environment::Setting;
use crate::client::{BoxFuture, Region};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, StatusCode, Uri};
use std::time::Duration;

const ENDPOINTS: [&str; 2] = ["http://169.254.169.254", "http://[fd00:ec2::254]"];
const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
const REGION: &str = "/latest/meta-data/placement/region";
const TOKEN: HeaderName = HeaderName::from_static("x-aws-ec2-metadata-token");
const TOKEN_TTL: HeaderName = HeaderName::from_static("x-aws-ec2-metadata-token-ttl-seconds");
/// On an instance, metadata are a local service; elsewhere, nobody answers.
const TIMEOUT: u32 = 1;

/// The credentials of an EC2 instance's role, from its metadata service (IMDSv2):
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html>.
///
/// Where nobody answers, there is no instance, and so no credentials; an instance with a role should have some. Timeout (1 s) and attempts (1) are the settings
/// `AWS_METADATA_SERVICE_TIMEOUT` and `AWS_METADATA_SERVICE_NUM_ATTEMPTS`, or `metadata_service_timeout` and
/// `metadata_service_num_attempts` of the profile. `AWS_EC2_METADATA_DISABLED`, `AWS_EC2_METADATA_SERVICE_ENDPOINT`,
/// `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE` and the profile's keys of the same names are obeyed. The service is never asked
/// through a proxy.
#[derive(Clone, Debug, Default)]
pub struct InstanceMetadata {}

impl InstanceMetadata {
    /// The service that the settings of who asks name.
    pub fn new() -> Self {
        Self::default()
    }

    /// The region that the instance is in. Clients never ask for it by themselves.
    ///
    /// # Errors
    /// When nobody answers, or the service is disabled.
    pub async fn region(&self, context: &SourceContext) -> Result<Region, CredentialsError> {
        let service = Service::of(context)?;
        let region = async {
            let token = service.token(context).await?;
            service.text(context, REGION, &token).await.map_err(|why| why.to_string())
        };
        let region = region.await.map_err(|why| service.absent(&why))?;
        Region::new(region).map_err(|error| CredentialsError::new(format!("instance metadata: {error}")))
    }

    pub(super) async fn load(&self, context: &SourceContext) -> Result<Credentials, CredentialsError> {
        Service::of(context)?.credentials(context).await
    }
}

impl ProvideCredentials for InstanceMetadata {
    fn provide<'a>(&'a self, context: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(self.load(context))
    }
}

/// The instance's metadata service, and how to ask it.
struct Service {
    /// Without a slash at the end.
    endpoint: String,
    patience: Patience,
}

impl Service {
    /// How the settings want it to be asked. They have botocore's names.
    fn of(context: &SourceContext) -> Result<Self, CredentialsError> {
        let disabled = context.variable("AWS_EC2_METADATA_DISABLED");
        if disabled.is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return Err(CredentialsError::absent("instance metadata (disabled by AWS_EC2_METADATA_DISABLED)"));
        }
        let settings = context.read_profiles()?;
        let number = |variable, key, usual| match settings.setting(variable, key) {
            Some(setting) => match setting.value.trim().parse::<u32>() {
                Ok(number) if number > 0 => Ok(number),
                _ => Err(unexpected(&setting, "a whole number from 1 on")),
            },
            None => Ok(usual),
        };
        let seconds = number("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout", TIMEOUT)?;
        let patience = Patience {
            timeout: Duration::from_secs(seconds.into()),
            attempts: number("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts", 1)?,
            pause: Duration::ZERO,
        };
        Ok(Self { endpoint: endpoint(&settings)?, patience })
    }

    /// Where nobody answers, there is no instance.
    fn absent(&self, why: &str) -> CredentialsError {
        CredentialsError::absent(self.tells(why))
    }

    fn tells(&self, why: &str) -> String {
        format!("instance metadata at {}: {why}", self.endpoint)
    }

    async fn credentials(&self, context: &SourceContext) -> Result<Credentials, CredentialsError> {
        let token = self.token(context).await.map_err(|why| self.absent(&why))?;
        let role = self.text(context, ROLES, &token).await.map_err(|why| match why {
            Unanswered::Status(StatusCode::NOT_FOUND, _) | Unanswered::Content(_) => {
                self.absent(&format!("the instance has no role ({why})"))
            }
            Unanswered::Status(..) | Unanswered::Transport(_) => self.absent(&why.to_string()),
        })?;
        // It has a role, and so it should have credentials.
        let failed = |why: String| CredentialsError::new(self.tells(&why));
        let request = self.get(&format!("{ROLES}{role}"), &token).map_err(|why| failed(why.to_string()))?;
        metadata::fetch_credentials(context, request, &self.patience).await.map_err(failed)
    }

    async fn token(&self, context: &SourceContext) -> Result<HeaderValue, String> {
        let uri = self.uri("/latest/api/token").map_err(|why| why.to_string())?;
        let mut request = metadata::request(Method::PUT, uri);
        request.headers_mut().insert(TOKEN_TTL, HeaderValue::from_static("21600"));
        let read = |body: &[u8]| {
            let token = HeaderValue::from_bytes(body).ok().filter(|token| !token.is_empty());
            let mut token = token.ok_or("the token is empty, or no value of a header")?;
            token.set_sensitive(true);
            Ok(token)
        };
        let token = metadata::fetch(context, request, &self.patience, read, Unanswered::is_trouble).await;
        token.map_err(|why| why.to_string())
    }

    /// The first line of an answer.
    async fn text(&self, context: &SourceContext, path: &str, token: &HeaderValue) -> Result<String, Unanswered> {
        let read = |body: &[u8]| {
            let line = std::str::from_utf8(body).unwrap_or_default().lines().next().unwrap_or_default().trim();
            if line.is_empty() { Err("the answer is empty".to_owned()) } else { Ok(line.to_owned()) }
        };
        metadata::fetch(context, self.get(path, token)?, &self.patience, read, |_| true).await
    }

    fn get(&self, path: &str, token: &HeaderValue) -> Result<Request<Bytes>, Unanswered> {
        let mut request = metadata::request(Method::GET, self.uri(path)?);
        request.headers_mut().insert(TOKEN, token.clone());
        Ok(request)
    }

    fn uri(&self, path: &str) -> Result<Uri, Unanswered> {
        let uri = format!("{}{path}", self.endpoint).parse();
        uri.map_err(|_| Unanswered::Content("the role's name is none".to_owned()))
    }
}

fn endpoint(settings: &ProfileSettings<'_>) -> Result<String, CredentialsError> {
    let setting = settings.setting("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint");
    let endpoint = match &setting {
        Some(setting) if is_usable(&setting.value) => setting.value.as_str(),
        Some(setting) => return Err(unexpected(setting, "an http or https URL without user, query and fragment")),
        None => ENDPOINTS[usize::from(has_ipv6(settings)?)],
    };
    Ok(endpoint.trim_end_matches('/').to_owned())
}

fn has_ipv6(settings: &ProfileSettings<'_>) -> Result<bool, CredentialsError> {
    let mode = settings.setting("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode");
    if let Some(mode) = mode {
        return match mode.value.trim().to_ascii_lowercase().as_str() {
            "ipv4" => Ok(false),
            "ipv6" => Ok(true),
            _ => Err(unexpected(&mode, "IPv4 or IPv6")),
        };
    }
    // The older name of the same.
    let older = settings.setting("AWS_IMDS_USE_IPV6", "imds_use_ipv6");
    Ok(older.is_some_and(|setting| setting.value.trim().eq_ignore_ascii_case("true")))
}

fn unexpected(setting: &Setting<String>, expected: &str) -> CredentialsError {
    CredentialsError::new(format!("{} is {:?}: expected {expected}", setting.origin, setting.value))
}

fn is_usable(endpoint: &str) -> bool {
    let uri = endpoint.parse::<Uri>().ok().filter(has_plain_authority);
    let is_http = |uri: &Uri| [Some("http"), Some("https")].contains(&uri.scheme_str());
    !endpoint.contains('#') && uri.is_some_and(|uri| is_http(&uri) && uri.query().is_none())
}
