//! The shared files `config` and `credentials`:
//! <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>.

use super::lines::{self, FileValue};
use super::{Environment, Setting, SettingsError};
use crate::client::text::bytes_without_mark;
use std::io::ErrorKind;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// The profiles of both files. Where both have a key, `credentials` is used.
pub(crate) struct Profiles {
    credentials: File,
    config: File,
}

/// One of the two files.
#[derive(Clone, Copy)]
pub(crate) enum SharedFile {
    Credentials,
    Config,
}

struct File {
    path: Option<PathBuf>,
    /// Sections of the same kind and name are one.
    sections: Vec<Section>,
}

struct Section {
    id: SectionId,
    values: Vec<(String, FileValue)>,
}

#[derive(Clone, PartialEq, Eq)]
struct SectionId {
    /// `profile`, `services` or `sso-session`.
    kind: &'static str,
    name: String,
}

const PROFILE: &str = "profile";
const SERVICES: &str = "services";
/// The kinds of sections that have a name.
const KINDS: [&str; 3] = [PROFILE, "sso-session", SERVICES];

impl Profiles {
    /// Reads both files. One that does not exist is empty.
    pub(crate) fn load(environment: &Environment) -> Result<Self, SettingsError> {
        let credentials = environment.location("AWS_SHARED_CREDENTIALS_FILE", &[".aws", "credentials"]);
        let config = environment.location("AWS_CONFIG_FILE", &[".aws", "config"]);
        Ok(Self { config: File::load(config, kind_and_name)?, credentials: File::load(credentials, profile)? })
    }

    /// The name of the profile to use: this one, else that of `AWS_DEFAULT_PROFILE`, else that of `AWS_PROFILE`, in
    /// botocore's order.
    pub(crate) fn select(&self, environment: &Environment, name: Option<&str>) -> Result<String, SettingsError> {
        const VARIABLES: [&str; 2] = ["AWS_DEFAULT_PROFILE", "AWS_PROFILE"];
        let by_variable = || VARIABLES.iter().find_map(|variable| Some((environment.get(variable)?, Some(*variable))));
        let Some((name, variable)) = name.map(|name| (name, None)).or_else(by_variable) else {
            return Ok("default".to_owned());
        };
        if self.has(name) || name == "default" {
            return Ok(name.to_owned());
        }
        let wanted_by = variable.map(|variable| format!(" of {variable}")).unwrap_or_default();
        let files = self.describe_files("neither", "nor");
        Err(SettingsError::new(format!("profile {name:?}{wanted_by} is in {files}")))
    }

    pub(crate) fn has(&self, profile: &str) -> bool {
        [&self.credentials, &self.config].iter().any(|file| file.section(PROFILE, profile).is_some())
    }

    /// A value of a profile, if it is text and not empty.
    pub(crate) fn setting(&self, profile: &str, key: &str) -> Option<Setting<String>> {
        let files = [&self.credentials, &self.config];
        let file = files.into_iter().find(|file| file.value(PROFILE, profile, key).is_some())?;
        file.setting(PROFILE, profile, key)
    }

    /// A value of a section of another kind, if it is text and not empty.
    pub(crate) fn section_setting(&self, kind: &str, name: &str, key: &str) -> Option<Setting<String>> {
        self.config.setting(kind, name, key)
    }

    pub(crate) fn has_section(&self, kind: &str, name: &str) -> bool {
        self.config.section(kind, name).is_some()
    }

    /// What is written for a key of a profile, even if that is nothing; for what is no text, it is nothing too.
    pub(crate) fn written(&self, profile: &str, key: &str) -> Option<Setting<String>> {
        let files = [SharedFile::Credentials, SharedFile::Config];
        files.into_iter().find_map(|file| self.written_in(file, profile, key))
    }

    /// The same in one file.
    pub(crate) fn written_in(&self, file: SharedFile, profile: &str, key: &str) -> Option<Setting<String>> {
        let file = match file {
            SharedFile::Credentials => &self.credentials,
            SharedFile::Config => &self.config,
        };
        file.written(PROFILE, profile, key)
    }

    /// The endpoints in the section that a profile's `services` names, by service.
    pub(super) fn service_endpoints(
        &self,
        services: &Setting<String>,
    ) -> Result<Vec<(String, Setting<String>)>, SettingsError> {
        let Some(section) = self.config.section(SERVICES, &services.value) else {
            let expected = format!("the name of a section [services {}] in {}", services.value, self.config.path());
            return Err(SettingsError::unexpected(services, &expected));
        };
        let endpoint = |(service, value): &(String, FileValue)| {
            let FileValue::Nested(settings) = value else { return None };
            let (key, url) = settings.iter().find(|(key, url)| key == "endpoint_url" && !url.is_empty())?;
            let origin = format!("{key} of {service} in {}", self.config.describe(SERVICES, &services.value));
            Some((service.clone(), Setting { value: url.clone(), origin }))
        };
        Ok(section.values.iter().filter_map(endpoint).collect())
    }

    /// Where values of a profile may be, for messages.
    pub(crate) fn describe(&self, profile: &str) -> String {
        format!("profile {profile:?} in {}", self.describe_files("", "and"))
    }

    fn describe_files(&self, before: &str, between: &str) -> String {
        let (config, credentials) = (self.config.path(), self.credentials.path());
        format!("{before} {config} {between} {credentials}").trim_start().to_owned()
    }
}

impl File {
    fn load(path: Option<PathBuf>, id: fn(&str) -> Option<SectionId>) -> Result<Self, SettingsError> {
        let Some(path) = path else { return Ok(Self { path, sections: Vec::new() }) };
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                Zeroizing::default()
            }
            Err(error) => return Err(SettingsError::new(format!("cannot read {}: {error}", path.display()))),
        };
        match parse(bytes_without_mark(&bytes)) {
            Ok(sections) => Ok(Self { path: Some(path), sections: merged(sections, id) }),
            Err(lines::LineFault { line, expected }) => {
                Err(SettingsError::new(format!("{}, line {line}: expected {expected}", path.display())))
            }
        }
    }

    fn section(&self, kind: &str, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id.kind == kind && section.id.name == name)
    }

    fn value(&self, kind: &str, name: &str, key: &str) -> Option<&FileValue> {
        let section = self.section(kind, name)?;
        section.values.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    fn setting(&self, kind: &str, name: &str, key: &str) -> Option<Setting<String>> {
        let FileValue::Text(value) = self.value(kind, name, key)? else { return None };
        let origin = || format!("{key} of {}", self.describe(kind, name));
        (!value.is_empty()).then(|| Setting { value: value.to_string(), origin: origin() })
    }

    fn written(&self, kind: &str, name: &str, key: &str) -> Option<Setting<String>> {
        let value = match self.value(kind, name, key)? {
            FileValue::Text(text) => text.to_string(),
            FileValue::Nested(_) => String::new(),
        };
        Some(Setting { value, origin: format!("{key} of {}", self.describe(kind, name)) })
    }

    fn describe(&self, kind: &str, name: &str) -> String {
        format!("{kind} {name:?} in {}", self.path())
    }

    fn path(&self) -> String {
        self.path.as_deref().map_or_else(|| "(no home directory)".to_owned(), |path| path.display().to_string())
    }
}

fn parse(bytes: &[u8]) -> Result<Vec<lines::FileSection>, lines::LineFault> {
    match std::str::from_utf8(bytes) {
        Ok(text) => lines::sections(text),
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            Err(lines::LineFault { line, expected: "UTF-8" })
        }
    }
}

/// The sections that have a meaning, each once, however its name is written: of values of the same key, the later one
/// counts.
fn merged(sections: Vec<lines::FileSection>, id: fn(&str) -> Option<SectionId>) -> Vec<Section> {
    // A section of the older kind is not looked at where there is one of the newer.
    let has_newer_default = sections.iter().any(|section| is_newer_default(&section.header, id));
    let mut merged: Vec<Section> = Vec::new();
    for section in sections {
        let Some(id) = id(&section.header) else { continue };
        if has_newer_default && section.header == "default" {
            continue;
        }
        match merged.iter_mut().find(|known| known.id == id) {
            Some(known) => replace(&mut known.values, section.values),
            None => merged.push(Section { id, values: section.values }),
        }
    }
    merged
}

fn is_newer_default(header: &str, id: fn(&str) -> Option<SectionId>) -> bool {
    header != "default" && id(header).is_some_and(|id| id.kind == PROFILE && id.name == "default")
}

fn replace(values: &mut Vec<(String, FileValue)>, by: Vec<(String, FileValue)>) {
    for (key, value) in by {
        values.retain(|(known, _)| *known != key);
        values.push((key, value));
    }
}

/// In `credentials`, a section is a profile of just that name.
fn profile(header: &str) -> Option<SectionId> {
    Some(SectionId { kind: PROFILE, name: header.to_owned() })
}

/// In `config`, a section has its kind before its name, except the profile `default`. Others mean nothing.
fn kind_and_name(header: &str) -> Option<SectionId> {
    if header == "default" {
        return profile(header);
    }
    let [kind, name] = <[String; 2]>::try_from(lines::words(header)?).ok()?;
    // The kind is never in quotes.
    let kind = KINDS.into_iter().find(|known| *known == kind && header.starts_with(known))?;
    Some(SectionId { kind, name })
}

/// What the shared files say, for comparison with other readers of them.
#[cfg(feature = "test-util")]
mod dump {
    use super::{Environment, File, FileValue, Profiles, SettingsError};
    use std::collections::BTreeMap;

    /// What a key of a section is set to.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum SharedValue {
        /// Text.
        Text(String),
        /// Settings below a key without a value of its own.
        Nested(BTreeMap<String, String>),
    }

    /// By kind of section (`profile`, `sso-session`, `services`), name and key.
    pub type SharedSections = BTreeMap<&'static str, BTreeMap<String, BTreeMap<String, SharedValue>>>;

    impl Environment {
        /// All that the shared files say of profiles, sign-on sessions and services, both files as one.
        ///
        /// # Errors
        /// When a file cannot be read: says which, and its line.
        pub fn shared_sections(&self) -> Result<SharedSections, SettingsError> {
            let profiles = Profiles::load(self)?;
            let mut all = SharedSections::new();
            for File { sections, .. } in [&profiles.config, &profiles.credentials] {
                for section in sections {
                    let named = all.entry(section.id.kind).or_default().entry(section.id.name.clone()).or_default();
                    named.extend(section.values.iter().map(|(key, value)| (key.clone(), value.into())));
                }
            }
            Ok(all)
        }
    }

    impl From<&FileValue> for SharedValue {
        fn from(value: &FileValue) -> Self {
            match value {
                FileValue::Text(text) => Self::Text(text.to_string()),
                FileValue::Nested(settings) => Self::Nested(settings.iter().cloned().collect()),
            }
        }
    }
}

#[cfg(feature = "test-util")]
pub use dump::{SharedSections, SharedValue};
