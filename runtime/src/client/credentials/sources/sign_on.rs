//! IAM Identity Center: roles of accounts, for people who have signed on.

mod portal;

use super::{Credentials, CredentialsError, ProvideCredentials, SourceContext};
use crate::client::{BoxFuture, Region};
use std::fmt::Display;

/// The credentials of a role in an account, for somebody who has signed on by `aws sso login`:
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html>.
///
/// The token that the command has stored is read each time. One of a [session](Self::session) is refreshed a quarter of an
/// hour before its end, or when the service refuses it, and stored as the AWS CLI stores it. Without a session it is used
/// until its end.
#[derive(Clone, Debug)]
#[must_use]
pub struct SignOn {
    start_url: String,
    region: Region,
    session: Option<String>,
    account_id: String,
    role_name: String,
    /// Whose it is, to say how to sign on.
    profile: Option<String>,
}

impl SignOn {
    /// With the token of the portal at this URL, which is in this region.
    pub fn new(start_url: impl Into<String>, region: Region) -> Self {
        let (account_id, role_name) = (String::new(), String::new());
        Self { start_url: start_url.into(), region, session: None, account_id, role_name, profile: None }
    }

    /// With the token of the section `[sso-session NAME]`, which can be refreshed.
    pub fn session(mut self, name: impl Into<String>) -> Self {
        self.session = Some(name.into());
        self
    }

    /// The account.
    pub fn account_id(mut self, id: impl Into<String>) -> Self {
        self.account_id = id.into();
        self
    }

    /// The role in the account.
    pub fn role_name(mut self, name: impl Into<String>) -> Self {
        self.role_name = name.into();
        self
    }

    pub(super) fn profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into());
        self
    }

    fn failed(&self, why: impl Display) -> CredentialsError {
        let Self { start_url, role_name, account_id, .. } = self;
        CredentialsError::new(format!("signing on at {start_url} as {role_name} in {account_id}: {why}"))
    }
}

impl ProvideCredentials for SignOn {
    fn provide<'a>(&'a self, context: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(self.load(context))
    }
}
