//! Configuration from `aws-config`, for applications that use other services by the AWS SDK.

use super::config::{Config, ConfigBuilder};
use super::retry::{RetryConfig, RetryMode};
use super::{BoxFuture, Credentials, CredentialsError, ProvideCredentials, SourceContext};
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_types::SdkConfig;
use aws_types::sdk_config::RetryConfig as SdkRetryConfig;
use std::time::Duration;

impl ConfigBuilder {
    /// A builder that begins with what `aws-config` has found: region, credentials, endpoint URL, FIPS and dual
    /// stack, retries, time limits, application name.
    ///
    /// What has no counterpart here is not taken over: the HTTP client, the sleep implementation, endpoint URLs of
    /// single services.
    pub fn from_sdk_config(config: &SdkConfig) -> Self {
        let mut builder = Config::builder()
            .use_fips(config.use_fips().unwrap_or_default())
            .use_dual_stack(config.use_dual_stack().unwrap_or_default());
        if let Some(region) = config.region() {
            builder = builder.region_from(region.as_ref(), "the region of aws-config");
        }
        if let Some(url) = config.endpoint_url() {
            builder = builder.endpoint_url(url);
        }
        if let Some(provider) = config.credentials_provider() {
            builder = builder.credentials(SdkCredentials(provider));
        }
        if let Some(name) = config.app_name() {
            builder = builder.app_name(name.as_ref());
        }
        if let Some(retry) = config.retry_config() {
            let attempts = if retry.has_retry() { retry.max_attempts() } else { 1 };
            // aws-types does not give out the modes' type.
            let is_adaptive = retry.mode() == SdkRetryConfig::adaptive().mode();
            let mode = if is_adaptive { RetryMode::Adaptive } else { RetryMode::Standard };
            // Since the retry behavior of 2026 the SDK's initial backoff is that after throttling alone.
            let standard = RetryConfig::standard().mode(mode).throttling_backoff(retry.initial_backoff());
            builder = builder.retry(standard.max_attempts(attempts).max_backoff(retry.max_backoff()));
        }
        if let Some(timeouts) = config.timeout_config() {
            let or_default = |limit: Option<Duration>| limit.unwrap_or(ConfigBuilder::DEFAULT_ATTEMPT_TIMEOUT);
            builder = builder
                .call_timeout(timeouts.operation_timeout())
                .attempt_timeout(or_default(timeouts.operation_attempt_timeout()));
        }
        builder
    }
}

impl From<&SdkConfig> for Config {
    fn from(config: &SdkConfig) -> Self {
        ConfigBuilder::from_sdk_config(config).build()
    }
}

/// Credentials of the AWS SDK's provider.
#[derive(Debug)]
struct SdkCredentials(SharedCredentialsProvider);

impl ProvideCredentials for SdkCredentials {
    fn provide<'a>(&'a self, _: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(async {
            let found = self.0.provide_credentials().await;
            let found =
                found.map_err(|error| CredentialsError::new("no credentials from aws-config").with_source(error))?;
            let mut credentials = Credentials::new(found.access_key_id(), found.secret_access_key());
            credentials.session_token = found.session_token().map(str::to_owned);
            credentials.expires_at = found.expiry();
            credentials.account_id = found.account_id().map(|id| id.as_str().to_owned());
            Ok(credentials)
        })
    }
}
