//! The console's sign-in, for people who have logged in by `aws login`.

mod renewal;

use super::{Credentials, CredentialsError, ProvideCredentials, SourceContext};
use crate::client::BoxFuture;
use std::fmt::Display;

/// The credentials of somebody who has logged in by `aws login`, which has stored them: `login_session` of a profile.
///
/// The stored file is read each time. Its credentials are renewed 5 minutes before their end, with proof of possession of
/// the key beside them, and stored as the AWS CLI stores them.
#[derive(Clone, Debug)]
#[must_use]
pub struct Login {
    session: String,
    /// Whose it is, to say how to log in.
    profile: Option<String>,
}

impl Login {
    /// The login of this session: the ARN that `aws login` has written into the profile as `login_session`.
    pub fn new(session: impl Into<String>) -> Self {
        Self { session: session.into(), profile: None }
    }

    pub(super) fn profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into());
        self
    }

    fn failed(&self, why: impl Display) -> CredentialsError {
        CredentialsError::new(format!("the login of {}: {why}", self.session))
    }
}

impl ProvideCredentials for Login {
    fn provide<'a>(&'a self, context: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(self.load(context))
    }
}
