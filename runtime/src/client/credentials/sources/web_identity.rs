//! Roles that are assumed with a token of another identity provider.

use super::variables::both;
use super::{Credentials, CredentialsError, ProvideCredentials, SourceContext, echo, sts};
use crate::client::BoxFuture;
use crate::client::text::without_mark;
use crate::identity::sts::Client;
use crate::identity::sts::types::AssumeRoleWithWebIdentityInput;
use std::fmt::Display;
use std::time::Duration;
use zeroize::Zeroizing;

pub(super) const ROLE_ARN: &str = "AWS_ROLE_ARN";
pub(super) const TOKEN_FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
pub(super) const SESSION_NAME: &str = "AWS_ROLE_SESSION_NAME";

/// The credentials of a role, which is assumed with the token in a file: of a Kubernetes service account, a CI job and the
/// like. The file is read each time.
#[derive(Clone, Debug)]
#[must_use]
pub struct WebIdentity {
    /// ARN and token's file; without, they are those of variables.
    role: Option<(String, String)>,
    session_name: Option<String>,
    duration: Option<Duration>,
}

impl WebIdentity {
    /// The role of `AWS_ROLE_ARN` with the token in `AWS_WEB_IDENTITY_TOKEN_FILE`; the session's name is that of
    /// `AWS_ROLE_SESSION_NAME`, if there is one.
    pub fn of_variables() -> Self {
        Self { role: None, session_name: None, duration: None }
    }

    /// The role of this ARN, with the token in this file.
    pub fn new(role_arn: impl Into<String>, token_file: impl Into<String>) -> Self {
        Self { role: Some((role_arn.into(), token_file.into())), ..Self::of_variables() }
    }

    /// What the session is called in logs and ARNs, instead of `workstream`.
    pub fn session_name(mut self, name: impl Into<String>) -> Self {
        self.session_name = Some(name.into());
        self
    }

    /// How long the session lasts: 15 minutes to 12 hours, in whole seconds; an hour unless it is given.
    pub fn duration(mut self, duration: Duration) -> Self {
        self.duration = Some(duration);
        self
    }

    async fn load(&self, context: &SourceContext) -> Result<Credentials, CredentialsError> {
        if let Some((arn, token_file)) = &self.role {
            return self.assume(context, arn, token_file).await;
        }
        let variable = |name: &str| context.variable(name).map(str::to_owned);
        let absent = || CredentialsError::absent(format!("web identity ({TOKEN_FILE} not set)"));
        // A role's name alone is not for web identities only.
        variable(TOKEN_FILE).ok_or_else(absent)?;
        let [arn, token_file] = both([ROLE_ARN, TOKEN_FILE], variable)?.ok_or_else(absent)?;
        match context.variable(SESSION_NAME) {
            Some(name) if self.session_name.is_none() => {
                self.clone().session_name(name).assume(context, &arn, &token_file).await
            }
            _ => self.assume(context, &arn, &token_file).await,
        }
    }

    async fn assume(
        &self,
        context: &SourceContext,
        arn: &str,
        token_file: &str,
    ) -> Result<Credentials, CredentialsError> {
        let failed = |why: &dyn Display| {
            CredentialsError::new(format!("assuming {arn} with the web identity in {token_file}: {why}"))
        };
        let text = std::fs::read_to_string(token_file).map(Zeroizing::new).map_err(|error| failed(&error))?;
        let token = without_mark(&text);
        if token.is_empty() {
            return Err(failed(&"the file is empty"));
        }
        let name = self.session_name.as_deref().unwrap_or(sts::SESSION_NAME);
        let mut input = AssumeRoleWithWebIdentityInput::new(arn, name, token);
        input.duration_seconds = self.duration.map(sts::seconds);
        let client = Client::new(&sts::client_config(context, None)?);
        let output = client.assume_role_with_web_identity(input).await;
        let output = output.map_err(|error| failed(&echo::without(error, &[token])))?;
        sts::session(output.credentials, arn).ok_or_else(|| failed(&"the answer has no credentials"))
    }
}

impl ProvideCredentials for WebIdentity {
    fn provide<'a>(&'a self, context: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(self.load(context))
    }
}
