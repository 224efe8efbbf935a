//! Credentials from the usual places.
//!
//! How roles are assumed and how a single sign-on goes on is reqsign's; which place is asked, and with what, is decided
//! here: reqsign reads neither roles nor SSO sessions from profiles, and goes on silently after half a key. So each of
//! its providers is given all it needs, and sees nothing of the environment. Commands, containers and instances are
//! asked by this module itself, because reqsign takes a time that it cannot read for none.

mod answer;
mod command;
mod metadata;
mod profile;
mod session;
mod sources;

use super::{Credentials, CredentialsError, ProvideCredentials};
use crate::Timestamp;
use crate::client::environment::{Environment, Profiles, Setting, SettingsError};
use crate::client::{BlockingTransport, BoxFuture, Clock, InvalidRegion, Region, SystemClock, Transport};
use session::SessionHttp;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

/// Looks for credentials in the usual places: environment variables, the profile, the web identity of variables, the
/// container's endpoint, the instance's metadata.
///
/// The first place that says anything decides: half a key, a role that cannot be assumed, or a kind of profile that is
/// not known here is an error, and never somebody else's credentials. A profile may have keys, a role (with
/// `source_profile`, `credential_source` or `web_identity_token_file`), a single sign-on (whose token `aws sso login` has
/// stored), or a command (`credential_process`). Where one is asked for with [`Self::profile`], variables with keys or a
/// web identity do not count. One that says nothing of credentials, but a region for example, leaves the choice to the
/// places after it.
///
/// Where credentials have come from, later ones come from too: while that place has none, it is an error to ask again,
/// even if other places have some.
///
/// Files are read, and requests sent, each time credentials are asked for. A command may take a minute and write 1 MiB;
/// it is killed after that, and when nobody waits for the credentials any more. On Unix it is the leader of a process
/// group of its own, so that what it has started ends with it.
///
/// With tokio (feature `client`), requests have timeouts, so the runtime needs its timer enabled.
#[derive(Clone, Debug)]
pub struct DefaultChain {
    http: SessionHttp,
    environment: Environment,
    profile: Option<String>,
    clock: Arc<dyn Clock>,
    /// Where credentials have come from.
    place: OnceLock<SourcePlace>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SourcePlace {
    Variables,
    Profile,
    WebIdentity,
    Container,
    Instance,
}

impl DefaultChain {
    /// With the environment of the process, and requests over `transport`.
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        Self::over(SessionHttp::Async(transport))
    }

    /// As [`Self::new`], for threads that may wait: it blocks instead of being pending.
    pub fn blocking(transport: Arc<dyn BlockingTransport>) -> Self {
        Self::over(SessionHttp::Blocking(transport))
    }

    fn over(http: SessionHttp) -> Self {
        Self {
            http,
            environment: Environment::from_process(),
            profile: None,
            clock: Arc::new(SystemClock),
            place: OnceLock::new(),
        }
    }

    /// With this profile instead of that of `AWS_PROFILE`, and of variables with keys or a web identity.
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into());
        self.place = OnceLock::new();
        self
    }

    /// With this environment instead of the process's.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self.place = OnceLock::new();
        self
    }

    /// With this clock for signatures instead of the system's.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    async fn load(&self) -> Result<Credentials, CredentialsError> {
        let place = self.place.get().copied();
        let mut absent = Vec::new();
        // A damaged file does not stand in the way of variables.
        if place.is_none_or(|place| place == SourcePlace::Variables) {
            match try_variables(&self.environment, self.profile.is_some())? {
                Tried::Found(credentials) => return Ok(self.found(SourcePlace::Variables, credentials)),
                Tried::Absent(why) => absent.push(why),
            }
        }
        let profiles = Profiles::load(&self.environment)?;
        let profile = profiles.select(&self.environment, self.profile.as_deref())?;
        let lookup = Lookup::new(self, &profiles, &profile);
        let others: [(SourcePlace, BoxFuture<'_, Result<Tried, CredentialsError>>); 4] = [
            (SourcePlace::Profile, Box::pin(lookup.try_profile(&profile))),
            (SourcePlace::WebIdentity, Box::pin(lookup.try_web_identity(self.profile.is_some()))),
            (SourcePlace::Container, Box::pin(lookup.try_container())),
            (SourcePlace::Instance, Box::pin(lookup.try_instance())),
        ];
        for (other, step) in others {
            if place.is_some_and(|place| place != other) {
                continue;
            }
            match step.await? {
                Tried::Found(credentials) => return Ok(self.found(other, credentials)),
                Tried::Absent(why) => absent.push(why),
            }
        }
        let only = if place.is_some() { ", where there were some before" } else { "" };
        Err(CredentialsError::new(format!("no credentials; looked at {}{only}", absent.join("; "))))
    }

    /// Whoever has signed goes on to sign: a file that is being rewritten must not make it somebody else.
    fn found(&self, place: SourcePlace, credentials: Credentials) -> Credentials {
        self.place.get_or_init(|| place);
        credentials
    }
}

impl ProvideCredentials for DefaultChain {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.load())
    }
}

/// What one place has.
enum Tried {
    Found(Credentials),
    /// Nothing: which place that is, and why.
    Absent(String),
}

/// What one search knows.
struct Lookup<'a> {
    http: &'a SessionHttp,
    environment: &'a Environment,
    clock: &'a dyn Clock,
    profiles: &'a Profiles,
    /// The one that is used.
    profile: &'a str,
}

impl<'a> Lookup<'a> {
    fn new(chain: &'a DefaultChain, profiles: &'a Profiles, profile: &'a str) -> Self {
        Self { http: &chain.http, environment: &chain.environment, clock: &*chain.clock, profiles, profile }
    }

    /// A setting: of a variable, else of the profile.
    fn setting(&self, variable: &str, key: &str) -> Option<Setting<String>> {
        self.variable(variable).or_else(|| self.profiles.setting(self.profile, key))
    }

    fn variable(&self, name: &str) -> Option<Setting<String>> {
        let value = self.environment.get(name)?.to_owned();
        Some(Setting { value, origin: name.to_owned() })
    }

    /// Where to assume roles.
    fn region(&self) -> Result<Option<Region>, CredentialsError> {
        let setting = self.variable("AWS_REGION").or_else(|| self.setting("AWS_DEFAULT_REGION", "region"));
        let region = setting.map(Setting::into_region).transpose();
        let region = region.map_err(|error| CredentialsError::new(error.to_string()))?;
        Ok(region.map(|(region, _)| region.value))
    }
}

fn no_region(setting: &Setting<String>, error: &InvalidRegion) -> CredentialsError {
    CredentialsError::new(format!("{}: {error}", setting.origin))
}

/// Variables that say who calls, where a profile is asked for.
const NOT_USED: &str = "not used, as a profile is asked for";

fn try_variables(environment: &Environment, profile_wanted: bool) -> Result<Tried, CredentialsError> {
    const VARIABLES: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    if profile_wanted {
        return Ok(Tried::Absent(format!("variables ({NOT_USED})")));
    }
    let variable = |name: &str| environment.get(name).map(str::to_owned);
    let Some([key, secret]) = both(VARIABLES, variable)? else {
        return Ok(Tried::Absent(format!("{} (not set)", VARIABLES.join(" and "))));
    };
    let mut credentials = Credentials::new(key, secret);
    // The first is the older name; botocore prefers it.
    credentials.session_token = variable("AWS_SECURITY_TOKEN").or_else(|| variable("AWS_SESSION_TOKEN"));
    credentials.account_id = variable("AWS_ACCOUNT_ID");
    if let Some(end) = variable("AWS_CREDENTIAL_EXPIRATION") {
        let time = Timestamp::from_text(&end).and_then(|time| SystemTime::try_from(time).ok());
        let expected = "expected a time such as 2030-01-31T12:00:00Z";
        let unusable = || CredentialsError::new(format!("AWS_CREDENTIAL_EXPIRATION is {end:?}: {expected}"));
        credentials.expires_at = Some(time.ok_or_else(unusable)?);
    }
    Ok(Tried::Found(credentials))
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
