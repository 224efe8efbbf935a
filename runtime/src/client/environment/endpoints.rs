//! Endpoints that are configured: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>.

use super::{Setting, SettingsError, Source};
use crate::client::endpoint_url::EndpointUrl;
use std::fmt;

const PREFIX: &str = "AWS_ENDPOINT_URL_";

/// Those of services by `SERVICE_ID` in capitals: few, so that a list is as good as a map.
#[derive(Clone, Default)]
pub(super) struct Endpoints {
    services_by_variable: Vec<(String, Setting<String>)>,
    by_variable: Option<Setting<String>>,
    services_in_profile: Vec<(String, Setting<String>)>,
    in_profile: Option<Setting<String>>,
}

impl Endpoints {
    pub(super) fn load(source: &Source<'_>) -> Result<Self, SettingsError> {
        let ignored = source.flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls")?;
        if ignored == Some(true) {
            return Ok(Self::default());
        }
        let variables = source.environment.variables().filter_map(|(name, _)| {
            let service = name.strip_prefix(PREFIX)?;
            Some((service.to_owned(), source.variable(name)?))
        });
        let section = source.profiles.setting(source.profile, "services");
        let in_section = match section {
            Some(section) => source.profiles.service_endpoints(&section)?,
            None => Vec::new(),
        };
        Ok(Self {
            services_by_variable: variables.collect(),
            by_variable: source.variable("AWS_ENDPOINT_URL"),
            services_in_profile: in_section.into_iter().map(|(service, url)| (key(&service), url)).collect(),
            in_profile: source.profiles.setting(source.profile, "endpoint_url"),
        })
    }

    pub(super) fn of(&self, service_id: &str) -> Result<Option<Setting<String>>, SettingsError> {
        let key = key(service_id);
        let by_variable = find(&self.services_by_variable, &key).or(self.by_variable.as_ref());
        let in_profile = || find(&self.services_in_profile, &key).or(self.in_profile.as_ref());
        let Some(setting) = by_variable.or_else(in_profile) else { return Ok(None) };
        match EndpointUrl(setting.value.clone()).check() {
            Ok(value) => Ok(Some(Setting { value, origin: setting.origin.clone() })),
            Err(problem) => Err(SettingsError::new(format!("{} {problem}", setting.origin))),
        }
    }
}

impl fmt::Debug for Endpoints {
    /// Where they come from only: a URL may contain a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let services = self.services_by_variable.iter().chain(&self.services_in_profile).map(|(_, url)| url);
        let all = services.chain(&self.by_variable).chain(&self.in_profile);
        f.debug_list().entries(all.map(|url| &url.origin)).finish()
    }
}

fn find<'a>(endpoints: &'a [(String, Setting<String>)], key: &str) -> Option<&'a Setting<String>> {
    endpoints.iter().find(|(service, _)| service == key).map(|(_, url)| url)
}

fn key(service_id: &str) -> String {
    service_id.replace([' ', '-'], "_").to_ascii_uppercase()
}
