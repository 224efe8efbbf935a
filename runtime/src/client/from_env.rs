//! Configurations from the environment.

use super::config::{Config, ConfigBuilder};
use super::credentials::DefaultChain;
use super::environment::{Environment, LoadedEnvironment, Settings};
use super::error::ConfigError;
#[cfg(any(feature = "client", feature = "blocking"))]
use super::network::HttpOptions;
use std::sync::Arc;

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
impl Config {
    /// The configuration that environment variables and the shared configuration files give.
    ///
    /// # Errors
    /// When there is no region, or a setting cannot be used: says which and where.
    pub fn from_env() -> Result<Self, ConfigError> {
        let config = ConfigBuilder::from_environment(&Environment::from_process(), None)?.build();
        if config.region().is_none() { Err(config.no_region()) } else { Ok(config) }
    }
}

impl ConfigBuilder {
    /// A builder that begins with what `environment` gives: see [`Self::environment`].
    ///
    /// # Errors
    /// When a setting cannot be used: says which and where.
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    pub fn from_environment(environment: &Environment, profile: Option<&str>) -> Result<Self, ConfigError> {
        Config::builder().environment(environment, profile)
    }

    /// Takes over what `environment` gives, with credentials from the usual places: from `profile`, else from the one that
    /// `AWS_PROFILE` names, else from `default`.
    ///
    /// # Errors
    /// When a setting cannot be used: says which and where.
    pub fn environment(mut self, environment: &Environment, profile: Option<&str>) -> Result<Self, ConfigError> {
        let settings = Settings::load(environment, profile).map_err(|error| ConfigError::new(error.to_string()))?;
        let values = &mut self.values;
        values.use_fips = settings.use_fips.unwrap_or_default();
        values.use_dual_stack = settings.use_dual_stack.unwrap_or_default();
        values.disable_host_prefix = settings.disable_host_prefix.unwrap_or_default();
        values.account_id_endpoint_mode = settings.account_id_endpoint_mode.map(|mode| mode.as_str().to_owned());
        values.retry.mode = settings.retry_mode.unwrap_or_default();
        values.retry.max_attempts = settings.max_attempts;
        #[cfg(any(feature = "client", feature = "blocking"))]
        {
            values.http = HttpOptions::default().proxy_from(|name| environment.get(name).map(str::to_owned));
            if let Some(file) = &settings.ca_bundle {
                let http = std::mem::take(&mut values.http).only_these_roots().root_certificate_file(&file.value);
                values.http = http.map_err(|error| ConfigError::new(format!("{}: {error}", file.origin)))?;
            }
        }
        self.values.region = settings.region.clone().map(|region| Ok(region.value));
        self.values.is_fips_region = settings.is_fips_region;
        let user_agent = &mut self.values.user_agent;
        user_agent.app_name = settings.app_id.clone();
        user_agent.execution_environment = environment.get("AWS_EXECUTION_ENV").map(str::to_owned);
        let (environment, profile) = (environment.clone(), profile.map(str::to_owned));
        self.values.environment = Some(Arc::new(LoadedEnvironment { environment, profile, settings }));
        Ok(self.credentials(DefaultChain::new()))
    }
}
