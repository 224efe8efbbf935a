//! Roles that are assumed with other credentials.

use super::{Credentials, CredentialsError, DefaultChain, MfaCode, ProvideCredentials, SourceContext};
use crate::client::{BoxFuture, Config, Region};
use crate::identity::sts;
use crate::identity::sts::types::{AssumeRoleInput, PolicyDescriptorType, Tag};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// What sessions are called, where nobody gives them a name.
pub(super) const SESSION_NAME: &str = "workstream";

/// The regions that had STS's global endpoint before they had one of their own: `sts_regional_endpoints = legacy` means it.
const GLOBAL_REGIONS: [&str; 15] = [
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];
const GLOBAL: &str = "aws-global";

/// The credentials of a role, which is assumed with the credentials of another source: by default those of the
/// [usual places](DefaultChain).
///
/// STS is called as any service is: its endpoint follows region, FIPS, dual stack and `AWS_ENDPOINT_URL_STS`, and calls are
/// retried.
///
/// ```
/// # use std::time::Duration;
/// # use workstream_runtime::client::{Config, credentials::{AssumeRole, Profile}};
/// let role = AssumeRole::new("arn:aws:iam::123456789012:role/reader")
///     .source(Profile::named("base"))
///     .session_name("nightly-report")
///     .external_id("42")
///     .duration(Duration::from_secs(3600))
///     .tags([("team", "desktops")]);
/// let config = Config::builder().region("eu-west-1").credentials(role).build();
/// ```
#[derive(Clone)]
#[must_use]
pub struct AssumeRole {
    input: AssumeRoleInput,
    source: Arc<dyn ProvideCredentials>,
    mfa_code: Option<MfaCode>,
}

impl AssumeRole {
    /// The role of this ARN. The session is called `workstream` unless it gets a name.
    pub fn new(role_arn: impl Into<String>) -> Self {
        let input = AssumeRoleInput::new(role_arn, SESSION_NAME);
        Self { input, source: Arc::new(DefaultChain::new()), mfa_code: None }
    }

    /// Who assumes it. The source is asked each time.
    pub fn source(mut self, source: impl ProvideCredentials) -> Self {
        self.source = Arc::new(source);
        self
    }

    /// What the session is called in logs and ARNs: 2 to 64 letters, digits and `_+=,.@-`.
    pub fn session_name(mut self, name: impl Into<String>) -> Self {
        self.input.role_session_name = name.into();
        self
    }

    /// What the role's owner asks for, where the role is in somebody else's account.
    pub fn external_id(mut self, id: impl Into<String>) -> Self {
        self.input.external_id = Some(id.into());
        self
    }

    /// How long the session lasts: 15 minutes to 12 hours, in whole seconds; an hour unless it is given.
    pub fn duration(mut self, duration: Duration) -> Self {
        self.input.duration_seconds = Some(seconds(duration));
        self
    }

    /// A policy in JSON that the session has to satisfy too: it may do less than the role.
    pub fn policy(mut self, json: impl Into<String>) -> Self {
        self.input.policy = Some(json.into());
        self
    }

    /// Managed policies that the session has to satisfy too, by their ARNs.
    pub fn policy_arns<A: Into<String>>(mut self, arns: impl IntoIterator<Item = A>) -> Self {
        let descriptor = |arn: A| PolicyDescriptorType::new().arn(arn);
        self.input.policy_arns = Some(arns.into_iter().map(descriptor).collect());
        self
    }

    /// Tags of the session.
    pub fn tags<K: Into<String>, V: Into<String>>(mut self, tags: impl IntoIterator<Item = (K, V)>) -> Self {
        self.input.tags = Some(tags.into_iter().map(|(key, value)| Tag::new(key, value)).collect());
        self
    }

    /// The keys of those tags that further sessions inherit, which are begun with the credentials of this one.
    pub fn transitive_tag_keys<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        self.input.transitive_tag_keys = Some(keys.into_iter().map(Into::into).collect());
        self
    }

    /// Who is behind the session; logs have it, and further sessions keep it.
    pub fn source_identity(mut self, identity: impl Into<String>) -> Self {
        self.input.source_identity = Some(identity.into());
        self
    }

    /// With the code that a device shows, by its serial number or ARN. `code` is called each time that the role is assumed.
    pub fn mfa(mut self, device: impl Into<String>, code: impl Into<MfaCode>) -> Self {
        self.input.serial_number = Some(device.into());
        self.mfa_code = Some(code.into());
        self
    }

    /// The same, where the configuration says who is asked for the code.
    pub(super) fn mfa_serial(mut self, device: Option<String>) -> Self {
        self.input.serial_number = device;
        self
    }

    async fn load(&self, context: &SourceContext) -> Result<Credentials, CredentialsError> {
        let source = self.source.provide(context).await.map_err(|error| self.failed(error))?;
        self.assume(context, source).await
    }

    /// Assumes it with these credentials.
    pub(super) async fn assume(
        &self,
        context: &SourceContext,
        source: Credentials,
    ) -> Result<Credentials, CredentialsError> {
        let mut input = self.input.clone();
        if let Some(device) = &input.serial_number {
            let Some(code) = self.mfa_code.as_ref().or(context.mfa_code()) else {
                return Err(CredentialsError::new(format!(
                    "the role needs a code of {device}: give Config::builder().mfa_code(...) a function that asks for it"
                )));
            };
            input.token_code = Some(code.ask(device).await?);
        }
        let client = sts::Client::new(&client_config(context, Some(source))?);
        let output = client.assume_role(input).await.map_err(|error| self.failed(error))?;
        session(output.credentials, &self.input.role_arn).ok_or_else(|| self.failed("the answer has no credentials"))
    }

    fn failed(&self, why: impl fmt::Display) -> CredentialsError {
        CredentialsError::new(format!("assuming {}: {why}", self.input.role_arn))
    }
}

impl ProvideCredentials for AssumeRole {
    fn provide<'a>(&'a self, context: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(self.load(context))
    }
}

impl fmt::Debug for AssumeRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AssumeRole")
            .field("role_arn", &self.input.role_arn)
            .field("role_session_name", &self.input.role_session_name)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

/// The configuration of a client of STS.
pub(super) fn client_config(
    context: &SourceContext,
    credentials: Option<Credentials>,
) -> Result<Config, CredentialsError> {
    let mut config = context.client_config()?;
    let region = config.region()?.map(Region::as_str);
    if region.is_none_or(|region| config.uses_global_sts() && GLOBAL_REGIONS.contains(&region)) {
        let global = Region::new(GLOBAL).map_err(|error| CredentialsError::new(error.to_string()))?;
        config = config.in_region(global);
    }
    if let Some(credentials) = credentials {
        config = config.with_credentials(credentials, context);
    }
    Ok(config.build())
}

/// What STS gives, for the account in the role's ARN (`arn:aws:iam::123456789012:role/name`).
pub(super) fn session(given: Option<sts::types::Credentials>, role_arn: &str) -> Option<Credentials> {
    let given = given.filter(|given| !given.access_key_id.is_empty() && !given.secret_access_key.is_empty())?;
    let mut credentials = Credentials::new(given.access_key_id, given.secret_access_key);
    credentials.session_token = Some(given.session_token).filter(|token| !token.is_empty());
    credentials.expires_at = SystemTime::try_from(given.expiration).ok();
    credentials.account_id = role_arn.split(':').nth(4).filter(|account| !account.is_empty()).map(str::to_owned);
    Some(credentials)
}

/// Whole seconds, as STS takes them.
pub(super) fn seconds(duration: Duration) -> i32 {
    i32::try_from(duration.as_secs()).unwrap_or(i32::MAX)
}
