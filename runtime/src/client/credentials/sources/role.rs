//! Roles that are assumed with other credentials.

use super::sts::{self, RoleRequest};
use super::{Credentials, CredentialsError, DefaultChain, MfaCode, ProvideCredentials, SourceContext};
use crate::client::BoxFuture;
use crate::identity::sts::types::{PolicyDescriptorType, Tag};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

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
    request: RoleRequest,
    source: Arc<dyn ProvideCredentials>,
}

impl AssumeRole {
    /// The role of this ARN. The session is called `workstream` unless it gets a name.
    pub fn new(role_arn: impl Into<String>) -> Self {
        Self { request: RoleRequest::new(role_arn), source: Arc::new(DefaultChain::new()) }
    }

    /// The credentials that assume the role. The source is asked each time.
    pub fn source(mut self, source: impl ProvideCredentials) -> Self {
        self.source = Arc::new(source);
        self
    }

    /// The name of the session in logs and ARNs: 2 to 64 letters, digits and `_+=,.@-`.
    pub fn session_name(mut self, name: impl Into<String>) -> Self {
        self.request.input.role_session_name = name.into();
        self
    }

    /// The external id, which the owner of a role in another account may ask for.
    pub fn external_id(mut self, id: impl Into<String>) -> Self {
        self.request.input.external_id = Some(id.into());
        self
    }

    /// How long the session lasts: 15 minutes to 12 hours, in whole seconds; an hour unless it is given.
    pub fn duration(mut self, duration: Duration) -> Self {
        self.request.input.duration_seconds = Some(sts::seconds(duration));
        self
    }

    /// A policy in JSON that the session has to satisfy too: it may do less than the role.
    pub fn policy(mut self, json: impl Into<String>) -> Self {
        self.request.input.policy = Some(json.into());
        self
    }

    /// Managed policies that the session has to satisfy too, by their ARNs.
    pub fn policy_arns<A: Into<String>>(mut self, arns: impl IntoIterator<Item = A>) -> Self {
        let descriptor = |arn: A| PolicyDescriptorType::new().arn(arn);
        self.request.input.policy_arns = Some(arns.into_iter().map(descriptor).collect());
        self
    }

    /// Tags of the session.
    pub fn tags<K: Into<String>, V: Into<String>>(mut self, tags: impl IntoIterator<Item = (K, V)>) -> Self {
        self.request.input.tags = Some(tags.into_iter().map(|(key, value)| Tag::new(key, value)).collect());
        self
    }

    /// The keys of those tags that further sessions inherit, which are begun with the credentials of this one.
    pub fn transitive_tag_keys<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        self.request.input.transitive_tag_keys = Some(keys.into_iter().map(Into::into).collect());
        self
    }

    /// Who is behind the session; logs have it, and further sessions keep it.
    pub fn source_identity(mut self, identity: impl Into<String>) -> Self {
        self.request.input.source_identity = Some(identity.into());
        self
    }

    /// With the code that a device shows, by its serial number or ARN. `code` is called each time that the role is assumed.
    pub fn mfa(mut self, device: impl Into<String>, code: impl Into<MfaCode>) -> Self {
        self.request.input.serial_number = Some(device.into());
        self.request.mfa_code = Some(code.into());
        self
    }

    async fn load(&self, context: &SourceContext) -> Result<Credentials, CredentialsError> {
        self.request.code(context)?;
        let source = self.source.provide(context).await.map_err(|error| self.request.failed(error))?;
        self.request.assume(context, source).await
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
            .field("role_arn", &self.request.input.role_arn)
            .field("role_session_name", &self.request.input.role_session_name)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}
