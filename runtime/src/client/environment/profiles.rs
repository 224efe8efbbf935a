//! The shared files `config` and `credentials`:
//! <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>.

use super::{Environment, Setting, SettingsError};
use ini::{Ini, ParseOption};
use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The profiles of both files. Where both have a key, `credentials` is used.
pub(crate) struct Profiles {
    credentials: File,
    config: File,
}

struct File {
    path: Option<PathBuf>,
    /// Sections of the same kind and name are one.
    sections: Vec<Section>,
}

struct Section {
    /// `profile`, `services` or `sso-session`.
    kind: String,
    name: String,
    values: HashMap<String, String>,
    /// By key and key within: values may consist of further lines, set in, that have keys of their own.
    nested: Vec<([String; 2], String)>,
}

const PROFILE: &str = "profile";

impl Profiles {
    /// Reads both files. One that does not exist is empty.
    pub(crate) fn load(environment: &Environment) -> Result<Self, SettingsError> {
        let credentials = location(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
        let config = location(environment, "AWS_CONFIG_FILE", "config");
        Ok(Self { credentials: File::load(credentials, plain_name)?, config: File::load(config, kind_and_name)? })
    }

    /// The name of the profile to use.
    pub(crate) fn select(&self, environment: &Environment, name: Option<&str>) -> Result<String, SettingsError> {
        let (name, wanted_by) = match (name, environment.get("AWS_PROFILE")) {
            (Some(name), _) => (name, ""),
            (None, Some(name)) => (name, " of AWS_PROFILE"),
            (None, None) => return Ok("default".to_owned()),
        };
        if self.has(name) || name == "default" {
            return Ok(name.to_owned());
        }
        let files = self.describe_files("neither", "nor");
        Err(SettingsError::new(format!("profile {name:?}{wanted_by} is in {files}")))
    }

    pub(crate) fn has(&self, profile: &str) -> bool {
        [&self.credentials, &self.config].iter().any(|file| file.section(PROFILE, profile).is_some())
    }

    /// A value of a profile.
    pub(crate) fn setting(&self, profile: &str, key: &str) -> Option<Setting<String>> {
        let files = [&self.credentials, &self.config];
        files.iter().find_map(|file| file.setting(PROFILE, profile, key))
    }

    /// A value of a section of another kind.
    pub(crate) fn section_setting(&self, kind: &str, name: &str, key: &str) -> Option<Setting<String>> {
        self.config.setting(kind, name, key)
    }

    /// The endpoints in the section that a profile's `services` names, by service.
    pub(super) fn service_endpoints(
        &self,
        services: &Setting<String>,
    ) -> Result<Vec<(String, Setting<String>)>, SettingsError> {
        let Some(section) = self.config.section("services", &services.value) else {
            let expected = format!("the name of a section [services {}] in the same file", services.value);
            return Err(SettingsError::unexpected(services, &expected));
        };
        let urls = section.nested.iter().filter(|([_, key], url)| key == "endpoint_url" && !url.is_empty());
        Ok(urls
            .map(|([service, key], value)| {
                let origin = format!("{key} of {service} in {}", self.config.describe("services", &services.value));
                (service.clone(), Setting { value: value.clone(), origin })
            })
            .collect())
    }

    /// Where values of a profile may be, for messages.
    pub(crate) fn describe(&self, profile: &str) -> String {
        format!("profile {profile:?} in {}", self.describe_files("", "and"))
    }

    fn describe_files(&self, before: &str, between: &str) -> String {
        let [config, credentials] = [&self.config, &self.credentials].map(|file| match &file.path {
            Some(path) => path.display().to_string(),
            None => "(no home directory)".to_owned(),
        });
        format!("{before} {config} {between} {credentials}").trim_start().to_owned()
    }
}

/// Where a file is: at the path that a variable names, else in the home directory.
fn location(environment: &Environment, variable: &str, name: &str) -> Option<PathBuf> {
    let Some(path) = environment.get(variable) else {
        return Some(environment.home_dir()?.join(".aws").join(name));
    };
    match path.strip_prefix("~/") {
        Some(path) => Some(environment.home_dir()?.join(path)),
        None => Some(path.into()),
    }
}

impl File {
    fn load(path: Option<PathBuf>, name: fn(&str) -> Option<(String, String)>) -> Result<Self, SettingsError> {
        let mut file = Self { path, sections: Vec::new() };
        let Some(path) = &file.path else { return Ok(file) };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(file),
            Err(error) => return Err(SettingsError::new(format!("cannot read {}: {error}", path.display()))),
        };
        let ini = Ini::load_from_str_opt(&text, syntax()).map_err(|error| malformed(path, &error))?;
        for (section, properties) in &ini {
            let Some((kind, name)) = section.and_then(name) else { continue };
            file.section_mut(kind, name).extend(properties.iter());
        }
        Ok(file)
    }

    fn section(&self, kind: &str, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.kind == kind && section.name == name)
    }

    fn section_mut(&mut self, kind: String, name: String) -> &mut Section {
        let known = self.sections.iter().position(|section| section.kind == kind && section.name == name);
        let index = known.unwrap_or(self.sections.len());
        if known.is_none() {
            self.sections.push(Section { kind, name, values: HashMap::new(), nested: Vec::new() });
        }
        &mut self.sections[index]
    }

    fn setting(&self, kind: &str, name: &str, key: &str) -> Option<Setting<String>> {
        let value = self.section(kind, name)?.values.get(key).filter(|value| !value.is_empty())?;
        let origin = format!("{key} of {}", self.describe(kind, name));
        Some(Setting { value: value.clone(), origin })
    }

    fn describe(&self, kind: &str, name: &str) -> String {
        let path = self.path.as_deref().unwrap_or(Path::new("")).display();
        format!("{kind} {name:?} in {path}")
    }
}

impl Section {
    fn extend<'a>(&mut self, properties: impl Iterator<Item = (&'a str, &'a str)>) {
        let mut parent = None;
        for (key, value) in properties {
            let (name, value) = (key.trim().to_ascii_lowercase(), value.trim().to_owned());
            match &parent {
                Some(parent) if key.starts_with([' ', '\t']) => {
                    let id = [String::clone(parent), name];
                    self.nested.retain(|(known, _)| *known != id);
                    self.nested.push((id, value));
                }
                _ => {
                    parent = Some(name.clone());
                    self.values.insert(name, value);
                }
            }
        }
    }
}

/// Values are as they are written; lines that are set in are told from others by the space before their key.
fn syntax() -> ParseOption {
    ParseOption {
        enabled_quote: false,
        enabled_escape: false,
        enabled_indented_mutiline_value: false,
        enabled_preserve_key_leading_whitespace: true,
    }
}

/// Without the parser's own message, which is about characters, and without the line, which may be secret.
fn malformed(path: &Path, error: &ini::ParseError) -> SettingsError {
    let path = path.display();
    SettingsError::new(format!("{path}, line {}: expected `[section]` or `key = value`", error.line + 1))
}

/// In `credentials`, a section is a profile.
fn plain_name(section: &str) -> Option<(String, String)> {
    Some((PROFILE.to_owned(), section.trim().to_owned()))
}

/// In `config`, a section has its kind before its name, except the profile `default`.
fn kind_and_name(section: &str) -> Option<(String, String)> {
    match section.trim().split_once([' ', '\t']) {
        Some((kind, name)) => Some((kind.to_owned(), name.trim().to_owned())),
        None if section.trim() == "default" => plain_name(section),
        None => None,
    }
}
