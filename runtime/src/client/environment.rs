//! Settings from environment variables and from the shared configuration files.
//!
//! What there is, and what goes first: <https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html>.
//! A variable goes before a profile, and one that is empty counts as absent.

mod endpoints;
mod lines;
mod profiles;

pub(crate) use profiles::{Profiles, SharedFile};
#[cfg(feature = "test-util")]
pub use profiles::{SharedSections, SharedValue};

use super::region::Region;
use super::retry::RetryMode;
use endpoints::Endpoints;
use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use zeroize::Zeroize;

fn is_about_proxies(name: &str) -> bool {
    // The last one tells that HTTP_PROXY is not the user's: see the proxies.
    ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"].iter().any(|known| name.eq_ignore_ascii_case(known))
        || name == "REQUEST_METHOD"
}

/// An environment with what it says.
#[derive(Clone, Debug)]
pub(crate) struct LoadedEnvironment {
    pub(crate) environment: Environment,
    /// The profile that was asked for, instead of the one that the environment names.
    pub(crate) profile: Option<String>,
    pub(crate) settings: Settings,
}

/// Environment variables and home directory: those of the process, or others.
#[derive(Clone, Default)]
pub struct Environment {
    variables: HashMap<String, String>,
    home: Option<PathBuf>,
}

impl Environment {
    /// The environment of the process as it is now. Variables that are neither AWS's nor about proxies are left out, as are those that
    /// are not UTF-8. On `wasm32-unknown-unknown`, that is nothing.
    pub fn from_process() -> Self {
        // There the standard library panics.
        if cfg!(all(target_family = "wasm", target_os = "unknown")) {
            return Self::default();
        }
        let variables = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
        let ours = variables.filter(|(name, _)| name.starts_with("AWS_") || is_about_proxies(name));
        Self {
            variables: ours.filter_map(|(name, value)| Some((name, value.into_string().ok()?))).collect(),
            home: std::env::home_dir().filter(|home| !home.as_os_str().is_empty()),
        }
    }

    /// These variables, and no home directory.
    pub fn of<N: Into<String>, V: Into<String>>(variables: impl IntoIterator<Item = (N, V)>) -> Self {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self { variables: variables.collect(), home: None }
    }

    /// With this home directory.
    pub fn home(mut self, home: impl Into<PathBuf>) -> Self {
        self.home = Some(home.into());
        self
    }

    /// A variable that is there and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(crate) fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        all.filter(|(_, value)| !value.is_empty())
    }

    pub(crate) fn home_dir(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// Where a file or folder is: at the path that a variable names, else at this one in the home directory.
    pub(crate) fn location(&self, variable: &str, in_home: &[&str]) -> Option<PathBuf> {
        let Some(path) = self.get(variable) else {
            let mut path = self.home.clone()?;
            path.extend(in_home);
            return Some(path);
        };
        match path.strip_prefix("~/") {
            Some(path) => Some(self.home.as_ref()?.join(path)),
            None => Some(path.into()),
        }
    }
}

/// Some values are secret; none is worth telling apart.
impl Drop for Environment {
    fn drop(&mut self) {
        self.variables.values_mut().for_each(Zeroize::zeroize);
    }
}

impl fmt::Debug for Environment {
    /// Names only: some values are secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<_> = self.variables.keys().collect();
        names.sort_unstable();
        f.debug_struct("Environment").field("variables", &names).field("home", &self.home).finish()
    }
}

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// The variable, or the key with its profile and file; for messages.
    pub origin: String,
}

impl Setting<String> {
    /// The region that it names, and whether the name also asks for FIPS endpoints.
    pub(crate) fn into_region(self) -> Result<(Setting<Region>, bool), SettingsError> {
        match Region::with_fips(&self.value) {
            Ok((value, is_fips)) => Ok((Setting { value, origin: self.origin }, is_fips)),
            Err(error) => Err(SettingsError::new(format!("{}: {error}", self.origin))),
        }
    }
}

/// What environment and profile say about how to call services. `None` is what they say nothing about.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Settings {
    /// The region to call. `fips-us-gov-west-1` and `us-gov-west-1-fips` are read as the region, with FIPS endpoints.
    pub region: Option<Setting<Region>>,
    /// Whether to call FIPS endpoints.
    pub use_fips: Option<bool>,
    /// Whether to call endpoints that have IPv4 and IPv6 addresses.
    pub use_dual_stack: Option<bool>,
    /// How often to try, at least 1.
    pub max_attempts: Option<u32>,
    /// How to retry.
    pub retry_mode: Option<RetryMode>,
    /// Whether endpoints that contain the account's id are used.
    pub account_id_endpoint_mode: Option<AccountIdEndpointMode>,
    /// Whether to leave out what some operations have before the endpoint's host name.
    pub disable_host_prefix: Option<bool>,
    /// A file with root certificates to trust instead of the usual ones, in PEM.
    pub ca_bundle: Option<Setting<String>>,
    /// A name for the application, sent in the user agent.
    pub app_id: Option<String>,
    /// Whether the region's name asks for FIPS endpoints.
    pub(crate) is_fips_region: bool,
    /// Whether STS is called at its one global endpoint from the regions that began with that.
    pub(crate) uses_global_sts: bool,
    region_looked_at: String,
    endpoints: Endpoints,
}

impl Settings {
    /// Reads them all; from `profile`, else from the one that `AWS_DEFAULT_PROFILE` or `AWS_PROFILE` names (the first goes
    /// before the second, as in botocore), else from `default`.
    ///
    /// # Errors
    /// When a file cannot be read, the profile that was asked for does not exist, or a value is none of those
    /// expected.
    pub fn load(environment: &Environment, profile: Option<&str>) -> Result<Self, SettingsError> {
        let profiles = Profiles::load(environment)?;
        let profile = profiles.select(environment, profile)?;
        let source = Source { environment, profiles: &profiles, profile: &profile };
        let region = source.first(&["AWS_REGION", "AWS_DEFAULT_REGION"], "region");
        let (region, is_fips_region) = region.map(Setting::into_region).transpose()?.unzip();
        let max_attempts = source.read("AWS_MAX_ATTEMPTS", "max_attempts", "a number of at least 1", |value| {
            value.parse().ok().filter(|attempts| *attempts > 0)
        })?;
        Ok(Self {
            region,
            is_fips_region: is_fips_region.unwrap_or_default(),
            use_fips: source.flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")?,
            use_dual_stack: source.flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")?,
            max_attempts,
            retry_mode: source.read("AWS_RETRY_MODE", "retry_mode", RetryMode::EXPECTED, RetryMode::parse)?,
            account_id_endpoint_mode: source.read(
                "AWS_ACCOUNT_ID_ENDPOINT_MODE",
                "account_id_endpoint_mode",
                AccountIdEndpointMode::EXPECTED,
                AccountIdEndpointMode::parse,
            )?,
            disable_host_prefix: source.flag("AWS_DISABLE_HOST_PREFIX_INJECTION", "disable_host_prefix_injection")?,
            ca_bundle: source.first(&["AWS_CA_BUNDLE"], "ca_bundle"),
            app_id: source.first(&["AWS_SDK_UA_APP_ID"], "sdk_ua_app_id").map(|setting| setting.value),
            uses_global_sts: source
                .read(
                    "AWS_STS_REGIONAL_ENDPOINTS",
                    "sts_regional_endpoints",
                    "regional or legacy",
                    |value| match value.to_ascii_lowercase().as_str() {
                        "regional" => Some(false),
                        "legacy" => Some(true),
                        _ => None,
                    },
                )?
                .unwrap_or_default(),
            region_looked_at: format!("AWS_REGION, AWS_DEFAULT_REGION, {}", profiles.describe(&profile)),
            endpoints: Endpoints::load(&source)?,
        })
    }

    /// Where a region was looked for, to say so when there is none.
    pub fn region_looked_at(&self) -> &str {
        &self.region_looked_at
    }

    /// The endpoint that is configured for the service of this id, such as `AppStream`: from the variable of the
    /// service, the variable of all, the profile's `services` section, the profile.
    ///
    /// # Errors
    /// When it is no URL of an endpoint; says where it is set, and does not repeat it.
    pub fn endpoint_url(&self, service_id: &str) -> Result<Option<Setting<String>>, SettingsError> {
        self.endpoints.of(service_id)
    }
}

/// The places of one setting, in their order.
struct Source<'a> {
    environment: &'a Environment,
    profiles: &'a Profiles,
    profile: &'a str,
}

impl Source<'_> {
    fn first(&self, variables: &[&str], key: &str) -> Option<Setting<String>> {
        let variable = variables.iter().find_map(|name| self.variable(name));
        variable.or_else(|| self.profiles.setting(self.profile, key))
    }

    fn variable(&self, name: &str) -> Option<Setting<String>> {
        let value = self.environment.get(name)?.to_owned();
        Some(Setting { value, origin: name.to_owned() })
    }

    fn read<T>(
        &self,
        variable: &str,
        key: &str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, SettingsError> {
        let Some(setting) = self.first(&[variable], key) else { return Ok(None) };
        match parse(setting.value.trim()) {
            Some(value) => Ok(Some(value)),
            None => Err(SettingsError::unexpected(&setting, expected)),
        }
    }

    fn flag(&self, variable: &str, key: &str) -> Result<Option<bool>, SettingsError> {
        self.read(variable, key, "true or false", |value| match value.to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        })
    }
}

impl RetryMode {
    const EXPECTED: &str = "standard, adaptive or legacy";

    fn parse(value: &str) -> Option<Self> {
        match value.to_ascii_lowercase().as_str() {
            "standard" | "legacy" => Some(Self::Standard),
            "adaptive" => Some(Self::Adaptive),
            _ => None,
        }
    }
}

/// Whether endpoints that contain the account's id are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AccountIdEndpointMode {
    /// Where the id is known.
    Preferred,
    /// Never.
    Disabled,
    /// Always; without an id there is no call.
    Required,
}

impl AccountIdEndpointMode {
    const EXPECTED: &str = "preferred, disabled or required";

    /// The value as endpoint rules know it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preferred => "preferred",
            Self::Disabled => "disabled",
            Self::Required => "required",
        }
    }

    fn parse(value: &str) -> Option<Self> {
        match value.to_ascii_lowercase().as_str() {
            "preferred" => Some(Self::Preferred),
            "disabled" => Some(Self::Disabled),
            "required" => Some(Self::Required),
            _ => None,
        }
    }
}

/// A file or value that cannot be used. Says where it is and what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    message: String,
}

impl SettingsError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }

    fn unexpected(setting: &Setting<String>, expected: &str) -> Self {
        Self::new(format!("{} is {:?}: expected {expected}", setting.origin, setting.value))
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::one_line::Message(&self.message).fmt(f)
    }
}

impl std::error::Error for SettingsError {}
