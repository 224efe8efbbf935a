//! Sources one after the other.

use super::variables::NOT_USED;
use super::{
    ContainerAgent, Credentials, CredentialsError, EnvironmentVariables, InstanceMetadata, Profile, ProvideCredentials,
    SourceContext,
};
use crate::client::BoxFuture;
use std::sync::{Arc, OnceLock};

/// The first of some sources that has credentials.
///
/// A source that says it should have some and does not ends the search with its error: half a key or a role that cannot be
/// assumed never makes a program somebody else. See [`CredentialsError::is_absence`].
///
/// Where credentials have come from, later ones come from too: while that source has none, it is an error to ask again, even
/// if other sources have some.
///
/// ```
/// # use workstream_runtime::client::{Config, credentials::{AssumeRole, Chain, EnvironmentVariables, InstanceMetadata}};
/// let source = Chain::new().then(EnvironmentVariables::new()).then(InstanceMetadata::new());
/// let role = AssumeRole::new("arn:aws:iam::123456789012:role/reader").source(source);
/// let config = Config::builder().region("eu-west-1").credentials(role).build();
/// ```
#[derive(Clone, Debug, Default)]
pub struct Chain {
    sources: Vec<Arc<dyn ProvideCredentials>>,
    /// Which of them has given credentials.
    found: OnceLock<usize>,
}

impl Chain {
    /// Without sources.
    pub fn new() -> Self {
        Self::default()
    }

    /// And this source after the others.
    #[must_use]
    pub fn then(mut self, source: impl ProvideCredentials) -> Self {
        self.sources.push(Arc::new(source));
        self
    }

    async fn load(&self, context: &SourceContext) -> Result<Credentials, CredentialsError> {
        let found = self.found.get().copied();
        let mut absent = Vec::new();
        for (index, source) in self.sources.iter().enumerate() {
            if found.is_some_and(|found| found != index) {
                continue;
            }
            match source.provide(context).await {
                Ok(credentials) => {
                    // Whoever has signed goes on to sign: a file that is being rewritten must not make it somebody else.
                    self.found.get_or_init(|| index);
                    return Ok(credentials);
                }
                Err(error) if error.is_absence() => absent.push(error.to_string()),
                Err(error) => return Err(error),
            }
        }
        let only = if found.is_some() { ", where there were some before" } else { "" };
        Err(CredentialsError::absent(format!("no credentials; looked at {}{only}", absent.join("; "))))
    }
}

impl ProvideCredentials for Chain {
    fn provide<'a>(&'a self, context: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(self.load(context))
    }
}

/// Looks for credentials in the usual places: environment variables with keys, the profile, the container's endpoint, the
/// instance's metadata. It is a [`Chain`].
///
/// Variables with a web identity (`AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN`) go before all that the profile has but a role
/// to assume with other credentials, and what they do not say is the profile's, as in botocore. Where a profile was asked for
/// by [`SourceContext::profile`] or
/// [`ConfigBuilder::from_environment`](crate::client::ConfigBuilder::from_environment), variables with keys or a web
/// identity do not count. A profile that says nothing of credentials, but a region for example, leaves the choice to the
/// places after it.
///
/// Files are read, and requests sent, each time credentials are asked for.
#[derive(Clone, Debug)]
pub struct DefaultChain(Chain);

impl DefaultChain {
    /// The usual places.
    pub fn new() -> Self {
        let chain = Chain::new().then(UnlessProfile).then(Profile::with_variables());
        Self(chain.then(ContainerAgent::new()).then(InstanceMetadata::new()))
    }
}

impl Default for DefaultChain {
    fn default() -> Self {
        Self::new()
    }
}

impl ProvideCredentials for DefaultChain {
    fn provide<'a>(&'a self, context: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        self.0.provide(context)
    }
}

/// Variables with keys, which do not count where a profile is asked for.
#[derive(Clone, Debug)]
struct UnlessProfile;

impl ProvideCredentials for UnlessProfile {
    fn provide<'a>(&'a self, context: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        let found = match context.has_profile() {
            true => Err(CredentialsError::absent(format!("variables ({NOT_USED})"))),
            false => EnvironmentVariables::read(context),
        };
        Box::pin(std::future::ready(found))
    }
}
