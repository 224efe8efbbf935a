//! Who calls.
//!
//! A source of credentials is a value that says where they come from, and [`ProvideCredentials`]. What it needs to ask
//! with, such as a way to send requests, is the configuration's: it comes with each question, as a [`SourceContext`].
//! So sources can be written down, composed and handed to [`ConfigBuilder::credentials`](super::ConfigBuilder::credentials)
//! without a thought of whether the client is async or blocking.
#![cfg_attr(
    feature = "credentials",
    doc = "
| source | credentials of |
|---|---|
| [`DefaultChain`] | the usual places, in their order |
| [`Chain`] | the first of some sources that has any |
| [`Credentials`] | yourself |
| [`EnvironmentVariables`] | `AWS_ACCESS_KEY_ID` and what goes with it |
| [`Profile`] | a profile of the shared files: keys, role, sign-on, login, command |
| [`AssumeRole`] | a role, assumed with the credentials of another source |
| [`WebIdentity`] | a role, assumed with a token in a file |
| [`SignOn`] | IAM Identity Center |
| [`Login`] | `aws login` |
| [`ContainerAgent`] | the agent of a container |
| [`InstanceMetadata`] | the role of an EC2 instance |
| [`CredentialProcess`] | a command that writes them |
"
)]

mod cache;
mod context;
#[cfg(feature = "credentials")]
mod mfa;
#[cfg(feature = "credentials")]
mod sources;

pub use cache::CredentialsCache;
pub use context::SourceContext;
#[cfg(feature = "credentials")]
pub use mfa::MfaCode;
#[cfg(feature = "credentials")]
pub use sources::{
    AssumeRole, Chain, ContainerAgent, CredentialProcess, DefaultChain, EnvironmentVariables, InstanceMetadata, Login,
    Profile, SignOn, WebIdentity,
};

use super::BoxFuture;
use crate::one_line::{Causes, Message};
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;
use zeroize::Zeroize;

/// An access key with its secret. `Debug` shows neither secret nor token.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Credentials {
    /// Identifies the key; not secret.
    pub access_key_id: String,
    /// Signs; never sent. Overwritten when it is dropped, as is the token; so fields are borrowed or cloned, not moved out.
    pub secret_access_key: String,
    /// Accompanies temporary credentials.
    pub session_token: Option<String>,
    /// When they expire, if they do.
    pub expires_at: Option<SystemTime>,
    /// The account that they belong to, where known.
    pub account_id: Option<String>,
}

impl Credentials {
    /// A key that does not expire.
    pub fn new(access_key_id: impl Into<String>, secret_access_key: impl Into<String>) -> Self {
        Self {
            access_key_id: access_key_id.into(),
            secret_access_key: secret_access_key.into(),
            session_token: None,
            expires_at: None,
            account_id: None,
        }
    }

    /// With the token of temporary credentials.
    pub fn session_token(mut self, token: impl Into<String>) -> Self {
        self.session_token = Some(token.into());
        self
    }

    /// With the time at which they expire.
    pub fn expires_at(mut self, time: SystemTime) -> Self {
        self.expires_at = Some(time);
        self
    }

    /// With the account that they belong to.
    pub fn account_id(mut self, id: impl Into<String>) -> Self {
        self.account_id = Some(id.into());
        self
    }
}

impl Credentials {
    fn wipe(&mut self) {
        self.secret_access_key.zeroize();
        self.session_token.zeroize();
    }
}

/// What is secret is overwritten: memory that is free is otherwise as it was, and gets into dumps and swap.
impl Drop for Credentials {
    fn drop(&mut self) {
        self.wipe();
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.access_key_id)
            .field("secret_access_key", &format_args!("(redacted)"))
            .field("session_token", &self.session_token.as_ref().map(|_| format_args!("(redacted)")))
            .field("expires_at", &self.expires_at)
            .field("account_id", &self.account_id)
            .finish()
    }
}

/// A source of credentials. Clients ask it when they have none, and again before their credentials expire.
///
/// Clients keep what it gives in a [`CredentialsCache`], which says when it is asked again.
pub trait ProvideCredentials: fmt::Debug + Send + Sync + 'static {
    /// Credentials to sign with. Requests are sent, and time is told, by `context`.
    ///
    /// # Errors
    /// When there are none, or the source fails.
    fn provide<'a>(&'a self, context: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>>;

    /// Credentials that are known without asking and never replaced. A source that has these is not asked.
    fn known(&self) -> Option<Credentials> {
        None
    }
}

impl ProvideCredentials for Credentials {
    fn provide<'a>(&'a self, _: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }

    fn known(&self) -> Option<Credentials> {
        Some(self.clone())
    }
}

/// Why there are no credentials. Says where they were looked for.
///
/// A clone is the same failure: one load serves many calls.
#[derive(Clone, Debug)]
pub struct CredentialsError {
    message: String,
    is_absence: bool,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl CredentialsError {
    /// A failure, in a line that says what was tried.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_absence: false, source: None }
    }

    /// An error that says that a place has no credentials, and is not meant to have any: a chain goes on to the next.
    pub fn absent(message: impl Into<String>) -> Self {
        Self { is_absence: true, ..Self::new(message) }
    }

    /// Whether the place has no credentials and does not say that it should. All other failures end a search.
    pub fn is_absence(&self) -> bool {
        self.is_absence
    }

    /// With its cause.
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(Arc::from(source.into()));
        self
    }

    /// The error behind this one, where another library failed; that may have causes of its own (`source()`).
    pub fn cause(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.source.as_deref()
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Message(&self.message).fmt(f)?;
        match self.cause() {
            Some(cause) => write!(f, ": {}", Causes(cause)),
            None => Ok(()),
        }
    }
}

/// Without a source, since `Display` has all causes: [`CredentialsError::cause`] gives the first as a value.
impl StdError for CredentialsError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_left() {
        let mut credentials = Credentials::new("AKID", "5ecret").session_token("5ecret-token").account_id("1");
        credentials.wipe();
        assert_eq!(credentials, Credentials::new("AKID", "").account_id("1"));
    }
}
