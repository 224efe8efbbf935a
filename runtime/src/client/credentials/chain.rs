//! Credentials from the usual places.
//!
//! How each source works is reqsign's; which is asked, and with what, is decided here: reqsign reads neither roles nor
//! SSO sessions from profiles, goes on silently after half a key, and splits commands at spaces. So each of its
//! providers is given all it needs, and sees nothing of the environment.

mod profile;
mod session;
mod sources;

use super::{Credentials, CredentialsError, ProvideCredentials};
use crate::client::environment::{Environment, Profiles, SettingsError};
use crate::client::{BlockingTransport, BoxFuture, Transport};
use session::Http;
use std::sync::Arc;

/// Looks for credentials in the usual places: environment variables, the profile, the web identity of variables, the
/// container's endpoint, the instance's metadata.
///
/// The first place that says anything decides: half a key, or a role that cannot be assumed, is an error. A profile may
/// have keys, a role (with `source_profile`, `credential_source` or `web_identity_token_file`), a single sign-on (whose
/// token `aws sso login` has stored), or a command. One that is asked for with [`Self::profile`] goes before variables
/// with keys. Files are read, and requests sent, each time credentials are asked for.
///
/// With tokio (feature `client`), requests have timeouts, so the runtime needs its timer enabled.
#[derive(Clone, Debug)]
pub struct DefaultChain {
    http: Http,
    environment: Environment,
    profile: Option<String>,
}

impl DefaultChain {
    /// With the environment of the process, and requests over `transport`.
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        Self::over(Http::Async(transport))
    }

    /// As [`Self::new`], for threads that may wait: it blocks instead of being pending.
    pub fn blocking(transport: Arc<dyn BlockingTransport>) -> Self {
        Self::over(Http::Blocking(transport))
    }

    fn over(http: Http) -> Self {
        Self { http, environment: Environment::from_process(), profile: None }
    }

    /// With this profile instead of that of `AWS_PROFILE`, and before variables with keys.
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into());
        self
    }

    /// With this environment instead of the process's.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    async fn load(&self) -> Result<Credentials, CredentialsError> {
        let mut absent = Vec::new();
        // A damaged file does not stand in the way of variables.
        match try_variables(&self.environment, self.profile.is_some())? {
            Step::Found(credentials) => return Ok(credentials),
            Step::Absent(why) => absent.push(why),
        }
        let profiles = Profiles::load(&self.environment)?;
        let profile = profiles.select(&self.environment, self.profile.as_deref())?;
        let lookup = Lookup::new(self, &profiles, &profile);
        let others: [BoxFuture<'_, Result<Step, CredentialsError>>; 4] = [
            Box::pin(lookup.try_profile(&profile)),
            Box::pin(lookup.try_web_identity()),
            Box::pin(lookup.try_container()),
            Box::pin(lookup.try_instance()),
        ];
        for place in others {
            match place.await? {
                Step::Found(credentials) => return Ok(credentials),
                Step::Absent(why) => absent.push(why),
            }
        }
        Err(CredentialsError::new(format!("no credentials; looked at {}", absent.join("; "))))
    }
}

impl ProvideCredentials for DefaultChain {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.load())
    }
}

/// What one place has.
enum Step {
    Found(Credentials),
    /// Nothing: which place that is, and why.
    Absent(String),
}

/// What one search knows.
struct Lookup<'a> {
    http: &'a Http,
    environment: &'a Environment,
    profiles: &'a Profiles,
    /// Where to assume roles.
    region: Option<String>,
}

impl<'a> Lookup<'a> {
    fn new(chain: &'a DefaultChain, profiles: &'a Profiles, profile: &str) -> Self {
        let environment = &chain.environment;
        let variable = environment.get("AWS_REGION").or_else(|| environment.get("AWS_DEFAULT_REGION"));
        let region = variable.map(str::to_owned).or_else(|| Some(profiles.setting(profile, "region")?.value));
        Self { http: &chain.http, environment, profiles, region }
    }
}

fn try_variables(environment: &Environment, profile_wanted: bool) -> Result<Step, CredentialsError> {
    const VARIABLES: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    if profile_wanted {
        return Ok(Step::Absent("variables (not used, as a profile is asked for)".to_owned()));
    }
    let variable = |name: &str| environment.get(name).map(str::to_owned);
    let Some([key, secret]) = both(VARIABLES, variable)? else {
        return Ok(Step::Absent(format!("{} (not set)", VARIABLES.join(" and "))));
    };
    let mut credentials = Credentials::new(key, secret);
    credentials.session_token = variable("AWS_SESSION_TOKEN");
    credentials.account_id = variable("AWS_ACCOUNT_ID");
    Ok(Step::Found(credentials))
}

/// Two values that need each other.
fn both(names: [&str; 2], value: impl Fn(&str) -> Option<String>) -> Result<Option<[String; 2]>, CredentialsError> {
    match names.map(&value) {
        [Some(one), Some(two)] => Ok(Some([one, two])),
        [None, None] => Ok(None),
        [Some(_), None] => Err(CredentialsError::new(format!("{} is set, and {} is not", names[0], names[1]))),
        [None, Some(_)] => Err(CredentialsError::new(format!("{} is set, and {} is not", names[1], names[0]))),
    }
}

impl From<SettingsError> for CredentialsError {
    fn from(error: SettingsError) -> Self {
        Self::new(error.to_string())
    }
}
