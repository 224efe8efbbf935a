//! STS: the service that gives credentials of roles.

use super::{Credentials, CredentialsError, MfaCode, SourceContext, echo};
use crate::client::{Config, Region};
use crate::identity::sts;
use crate::identity::sts::types::AssumeRoleInput;
use std::fmt;
use std::time::{Duration, SystemTime};
use zeroize::Zeroizing;

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
/// The region that signatures for that endpoint have.
const SCOPE: &str = "us-east-1";

/// A role to assume with other credentials.
#[derive(Clone)]
pub(super) struct RoleRequest {
    pub(super) input: AssumeRoleInput,
    /// Who is asked for the code of a device, if not whom the configuration names.
    pub(super) mfa_code: Option<MfaCode>,
}

impl RoleRequest {
    pub(super) fn new(role_arn: impl Into<String>) -> Self {
        Self { input: AssumeRoleInput::new(role_arn, SESSION_NAME), mfa_code: None }
    }

    /// Assumes it with these credentials.
    pub(super) async fn assume(
        &self,
        context: &SourceContext,
        source: Credentials,
    ) -> Result<Credentials, CredentialsError> {
        let mut input = self.input.clone();
        if let Some((device, code)) = self.code(context)? {
            input.token_code = Some(code.ask(device).await?);
        }
        let token = Zeroizing::new(source.session_token.clone().unwrap_or_default());
        let client = sts::Client::new(&client_config(context, Some(source))?);
        let output = client.assume_role(input).await;
        let output = output.map_err(|error| self.failed(echo::without(error, &[&token])))?;
        session(output.credentials, &self.input.role_arn).ok_or_else(|| self.failed("the answer has no credentials"))
    }

    /// The device whose code the role needs, and who is asked for it. That nobody can be is said before the source is asked.
    pub(super) fn code<'a>(
        &'a self,
        context: &'a SourceContext,
    ) -> Result<Option<(&'a str, &'a MfaCode)>, CredentialsError> {
        let Some(device) = &self.input.serial_number else { return Ok(None) };
        let code = self.mfa_code.as_ref().or(context.mfa_code());
        let missing = "give Config::builder().mfa_code(...) a function that asks for it";
        let error = || CredentialsError::new(format!("the role needs a code of {device}: {missing}"));
        Ok(Some((device, code.ok_or_else(error)?)))
    }

    pub(super) fn failed(&self, why: impl fmt::Display) -> CredentialsError {
        CredentialsError::new(format!("assuming {}: {why}", self.input.role_arn))
    }
}

/// The configuration of a client of STS.
pub(super) fn client_config(
    context: &SourceContext,
    credentials: Option<Credentials>,
) -> Result<Config, CredentialsError> {
    let mut config = context.client_config()?;
    let has_url = config.has_endpoint_url("STS");
    let region = match config.region()? {
        None if has_url => Some(SCOPE),
        None => Some(GLOBAL),
        Some(region) => {
            let is_global = !has_url && config.uses_global_sts() && GLOBAL_REGIONS.contains(&region.as_str());
            is_global.then_some(GLOBAL)
        }
    };
    if let Some(region) = region {
        let region = Region::new(region).map_err(|error| CredentialsError::new(error.to_string()))?;
        config = config.in_region(region);
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
