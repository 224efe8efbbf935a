//! What environment and shared files say to the source that reads them.

use super::SourceContext;
use crate::client::credentials::CredentialsError;
use crate::client::environment::{Environment, Profiles, Setting, SettingsError};
use std::path::Path;

/// The shared files as they are now, with the profile in use.
pub(crate) struct ProfileSettings<'a> {
    pub(crate) environment: &'a Environment,
    pub(crate) profiles: Profiles,
    pub(crate) profile: String,
}

impl SourceContext {
    /// Reads the shared files.
    pub(crate) fn read_profiles(&self) -> Result<ProfileSettings<'_>, CredentialsError> {
        let profiles = Profiles::load(&self.environment)?;
        let profile = profiles.select(&self.environment, self.profile.as_deref())?;
        Ok(ProfileSettings { environment: &self.environment, profiles, profile })
    }

    /// A variable that is there and not empty.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name)
    }

    pub(crate) fn variables(&self) -> &Environment {
        &self.environment
    }

    pub(crate) fn home_dir(&self) -> Option<&Path> {
        self.environment.home_dir()
    }

    /// Whether somebody has asked for a profile, other than by a variable.
    pub(crate) fn has_profile(&self) -> bool {
        self.profile.is_some()
    }
}

impl ProfileSettings<'_> {
    /// A setting: of a variable, else of the profile.
    pub(crate) fn setting(&self, variable: &str, key: &str) -> Option<Setting<String>> {
        let value = self.environment.get(variable).map(str::to_owned);
        let by_variable = value.map(|value| Setting { value, origin: variable.to_owned() });
        by_variable.or_else(|| self.profiles.setting(&self.profile, key))
    }
}

impl From<SettingsError> for CredentialsError {
    fn from(error: SettingsError) -> Self {
        Self::new(error.to_string())
    }
}
