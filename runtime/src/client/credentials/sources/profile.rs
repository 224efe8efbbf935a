//! Credentials of a profile.
//!
//! Which of its keys go first is botocore's. Where botocore goes on to other places though a profile says something of
//! credentials, this is an error: whoever has written it did not mean to be somebody else.

use super::ProfileSettings;
use super::process::CredentialProcess;
use super::sts::{self, RoleRequest};
use super::variables::{NOT_USED, both};
use super::web_identity::{ROLE_ARN, SESSION_NAME, TOKEN_FILE};
use super::{
    ContainerAgent, Credentials, CredentialsError, EnvironmentVariables, InstanceMetadata, Login, ProvideCredentials,
    SignOn, SourceContext, WebIdentity,
};
use crate::client::environment::{Setting, SharedFile};
use crate::client::{BoxFuture, Region};
use std::time::Duration;

const KEYS: [&str; 2] = ["aws_access_key_id", "aws_secret_access_key"];
/// The first is the older name; botocore prefers it.
const TOKENS: [&str; 2] = ["aws_security_token", "aws_session_token"];
const ROLE_SOURCES: [&str; 3] = ["source_profile", "credential_source", "web_identity_token_file"];
const SIGN_ON: [&str; 5] = ["sso_account_id", "sso_role_name", "sso_session", "sso_start_url", "sso_region"];
/// Belongs to a sign-on too, and is not needed here.
const SCOPES: &str = "sso_registration_scopes";

type ProfileResult = Result<Option<Credentials>, CredentialsError>;

/// The credentials of a profile in the shared files: keys, a role (with `source_profile`, `credential_source` or
/// `web_identity_token_file`), a sign-on (whose token `aws sso login` has stored), a login (by `aws login`), or a command
/// (`credential_process`).
///
/// A profile that says something of credentials and has none, such as half a key or a kind that is not known here, is an
/// error. One that says nothing of them has no credentials.
#[derive(Clone, Debug)]
pub struct Profile {
    name: Option<String>,
    /// Whether variables with a web identity are looked at too.
    with_variables: bool,
}

impl Profile {
    /// The profile of who asks: of the configuration, of `AWS_PROFILE`, or `default`.
    pub fn selected() -> Self {
        Self { name: None, with_variables: false }
    }

    /// The same together with a web identity of variables, whose place is amid what a profile may have.
    pub(super) fn with_variables() -> Self {
        Self { name: None, with_variables: true }
    }

    /// The profile of this name. Region and endpoints are still those of who asks.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), with_variables: false }
    }

    async fn load(&self, context: &SourceContext) -> Result<Credentials, CredentialsError> {
        let settings = context.read_profiles()?;
        let name = self.name.as_deref().unwrap_or(&settings.profile);
        let with_variables = self.with_variables && !context.has_profile();
        let lookup = ProfileLookup { context, settings: &settings, with_variables };
        if let Some(credentials) = lookup.of_profile(name, &[]).await? {
            return Ok(credentials);
        }
        let why = if settings.profiles.has(name) { "it has no credentials" } else { "there is none" };
        let variables = match (self.with_variables, with_variables) {
            (false, _) => String::new(),
            (true, false) => format!("; web identity ({NOT_USED})"),
            (true, true) => format!("; web identity ({TOKEN_FILE} not set)"),
        };
        Err(CredentialsError::absent(format!("{} ({why}){variables}", settings.profiles.describe(name))))
    }
}

impl ProvideCredentials for Profile {
    fn provide<'a>(&'a self, context: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(self.load(context))
    }
}

/// A search that may lead from one profile to others.
struct ProfileLookup<'a> {
    context: &'a SourceContext,
    settings: &'a ProfileSettings<'a>,
    with_variables: bool,
}

impl ProfileLookup<'_> {
    /// What a profile has; `before` are those whose source it is, the nearest last.
    fn of_profile<'a>(&'a self, name: &'a str, before: &'a [&'a str]) -> BoxFuture<'a, ProfileResult> {
        Box::pin(async move {
            // The keys of a source go before its role.
            let is_source_with_keys = !before.is_empty() && self.has_keys(name);
            if before.contains(&name) && !(is_source_with_keys && before.last() == Some(&name)) {
                let path = [before, &[name]].concat().join(" -> ");
                return Err(error(format!("profiles name each other as source_profile: {path}")));
            }
            let found = match self.value(name, "role_arn") {
                Ok(Some(arn)) if !is_source_with_keys && !self.has_web_identity(name) => {
                    self.assumed(name, before, arn).await.map(Some)
                }
                Ok(_) => self.own(name, before).await,
                Err(error) => Err(error),
            };
            // A web identity of variables needs no profile.
            let is_profile = self.settings.profiles.has(name);
            found.map_err(|why| if is_profile { error(format!("profile {name:?}: {why}")) } else { why })
        })
    }

    /// What a profile has besides a role to assume with other credentials.
    async fn own(&self, name: &str, before: &[&str]) -> ProfileResult {
        if let Some(identity) = self.web_identity(name, before)? {
            return identity.provide(self.context).await.map(Some);
        }
        if let Some(found) = self.single_sign_on(name).await? {
            return Ok(Some(found));
        }
        if let Some(found) = self.keys(SharedFile::Credentials, name)? {
            return Ok(Some(found));
        }
        if let Some(session) = self.value(name, "login_session")? {
            return Login::new(session).profile(name).provide(self.context).await.map(Some);
        }
        if let Some(found) = self.command(name).await? {
            return Ok(Some(found));
        }
        match self.keys(SharedFile::Config, name)? {
            Some(found) => Ok(Some(found)),
            None => self.nothing(name),
        }
    }

    /// That a profile has no credentials, unless it has a part of some.
    fn nothing(&self, name: &str) -> ProfileResult {
        for key in ROLE_SOURCES {
            if self.value(name, key)?.is_some() {
                return Err(error(format!("{key} needs a role_arn")));
            }
        }
        for key in SIGN_ON.into_iter().chain([SCOPES]) {
            if self.value(name, key)?.is_some() {
                return Err(error(format!("{key} needs {} and {} for a single sign-on", SIGN_ON[0], SIGN_ON[1])));
            }
        }
        if let Some(key) = TOKENS.into_iter().find(|key| self.detail(name, key).is_some()) {
            return Err(error(format!("{key} needs {} and {}", KEYS[0], KEYS[1])));
        }
        Ok(None)
    }

    /// A value that decides who calls; one that is empty is a mistake.
    fn value(&self, profile: &str, key: &str) -> Result<Option<String>, CredentialsError> {
        match self.settings.profiles.written(profile, key) {
            Some(setting) if setting.value.is_empty() => Err(empty(&setting)),
            setting => Ok(setting.map(|setting| setting.value)),
        }
    }

    /// A value that adds something; one that is empty adds nothing.
    fn detail(&self, profile: &str, key: &str) -> Option<String> {
        Some(self.settings.profiles.setting(profile, key)?.value)
    }

    fn has_keys(&self, profile: &str) -> bool {
        KEYS.iter().any(|key| self.settings.profiles.written(profile, key).is_some())
    }

    /// The keys in one of the files: halves from two do not belong together.
    fn keys(&self, file: SharedFile, profile: &str) -> ProfileResult {
        let written = |key: &str| self.settings.profiles.written_in(file, profile, key);
        if let Some(setting) = KEYS.into_iter().filter_map(written).find(|setting| setting.value.is_empty()) {
            return Err(empty(&setting));
        }
        let Some([key, secret]) = both(KEYS, |key| Some(written(key)?.value))? else { return Ok(None) };
        let mut credentials = Credentials::new(key, secret);
        let mut tokens = TOKENS.into_iter().filter_map(|key| Some(written(key)?.value));
        credentials.session_token = tokens.find(|token| !token.is_empty());
        credentials.account_id = self.detail(profile, "aws_account_id");
        Ok(Some(credentials))
    }

    async fn assumed(&self, name: &str, before: &[&str], arn: String) -> Result<Credentials, CredentialsError> {
        let [source, place, file] = ROLE_SOURCES.map(|key| self.value(name, key));
        // What is wrong with it is said before its source is asked.
        let role = self.role(name, arn)?;
        role.code(self.context)?;
        let source = match [source?, place?, file?] {
            [Some(source), None, None] if self.settings.profiles.has(&source) => {
                self.of_profile(&source, &[before, &[name]].concat()).await?
            }
            [Some(source), None, None] => return Err(error(format!("source_profile is {source:?}: there is none"))),
            [None, Some(source), None] => Some(self.credential_source(&source).await?),
            _ => return Err(error(format!("a role_arn needs one of {}", ROLE_SOURCES.join(", ")))),
        };
        match source {
            Some(source) => role.assume(self.context, source).await,
            None => Err(error(format!("there are no credentials to assume {} with", role.input.role_arn))),
        }
    }

    fn role(&self, profile: &str, arn: String) -> Result<RoleRequest, CredentialsError> {
        let mut role = RoleRequest::new(arn);
        let input = &mut role.input;
        if let Some(name) = self.detail(profile, "role_session_name") {
            input.role_session_name = name;
        }
        input.external_id = self.detail(profile, "external_id");
        input.serial_number = self.detail(profile, "mfa_serial");
        input.duration_seconds = self.duration(profile)?.map(sts::seconds);
        Ok(role)
    }

    fn has_web_identity(&self, profile: &str) -> bool {
        let [.., file] = ROLE_SOURCES;
        self.settings.profiles.written(profile, file).is_some()
    }

    /// A role that is assumed with a token in a file. For the profile in use, each part may be a variable's.
    fn web_identity(&self, profile: &str, before: &[&str]) -> Result<Option<WebIdentity>, CredentialsError> {
        let [.., file_key] = ROLE_SOURCES;
        let variable = |name: &str| {
            let is_used = self.with_variables && before.is_empty();
            is_used.then(|| self.context.variable(name).map(str::to_owned)).flatten()
        };
        let either =
            |name: &str, key: &str| variable(name).map_or_else(|| self.value(profile, key), |value| Ok(Some(value)));
        let Some(file) = either(TOKEN_FILE, file_key)? else { return Ok(None) };
        let arn = either(ROLE_ARN, "role_arn")?;
        let arn = arn.ok_or_else(|| error(format!("{file_key} needs a role_arn, and {TOKEN_FILE} an {ROLE_ARN}")))?;
        let identity = WebIdentity::new(arn, file);
        let name = variable(SESSION_NAME).or_else(|| self.detail(profile, "role_session_name"));
        Ok(Some(match name {
            Some(name) => identity.session_name(name),
            None => identity,
        }))
    }

    fn duration(&self, profile: &str) -> Result<Option<Duration>, CredentialsError> {
        let Some(text) = self.detail(profile, "duration_seconds") else { return Ok(None) };
        let seconds = text.trim().parse::<u32>();
        let seconds = seconds.map_err(|_| error(format!("duration_seconds is {text:?}: expected a number")))?;
        Ok(Some(Duration::from_secs(seconds.into())))
    }

    async fn credential_source(&self, source: &str) -> Result<Credentials, CredentialsError> {
        let found = match source.to_ascii_lowercase().as_str() {
            "environment" => EnvironmentVariables::read(self.context),
            "ecscontainer" => ContainerAgent::new().load(self.context).await,
            "ec2instancemetadata" => InstanceMetadata::new().load(self.context).await,
            _ => {
                let expected = "Environment, EcsContainer or Ec2InstanceMetadata";
                return Err(error(format!("credential_source is {source:?}: expected {expected}")));
            }
        };
        found.map_err(|why| match why.is_absence() {
            true => error(format!("credential_source {source}: {why}")),
            false => why,
        })
    }

    /// A single sign-on, which account and role stand for: its other settings may be there for other purposes.
    async fn single_sign_on(&self, profile: &str) -> ProfileResult {
        let [account_key, role_key, session_key, url_key, region_key] = SIGN_ON;
        let [account, role] = [account_key, role_key].map(|key| self.settings.profiles.written(profile, key));
        if account.is_none() && role.is_none() {
            return Ok(None);
        }
        let session = self.value(profile, session_key)?;
        if let Some(session) = &session
            && !self.settings.profiles.has_section("sso-session", session)
        {
            return Err(error(format!("sso_session is {session:?}: there is no section [sso-session {session}]")));
        }
        let setting = |key: &str| {
            let own = self.settings.profiles.written(profile, key);
            let of_session =
                session.as_ref().and_then(|name| self.settings.profiles.section_setting("sso-session", name, key));
            match (own, of_session) {
                (Some(own), Some(other)) if own.value != other.value => Err(error(format!(
                    "{key} is {:?} in the profile, and {:?} in its sso_session",
                    own.value, other.value
                ))),
                (own, other) => match own.or(other) {
                    Some(setting) if setting.value.is_empty() => Err(empty(&setting)),
                    Some(setting) => Ok(setting),
                    None => Err(error(format!("a single sign-on needs {key}, in the profile or its sso_session"))),
                },
            }
        };
        let [account, role] = [setting(account_key)?.value, setting(role_key)?.value];
        let (region, url) = (setting(region_key)?, setting(url_key)?.value);
        let unusable = |why| CredentialsError::new(format!("{}: {why}", region.origin));
        let region = Region::new(region.value.as_str()).map_err(unusable)?;
        let mut sign_on = SignOn::new(url, region).account_id(account).role_name(role).profile(profile);
        if let Some(session) = session {
            sign_on = sign_on.session(session);
        }
        sign_on.provide(self.context).await.map(Some)
    }

    async fn command(&self, profile: &str) -> ProfileResult {
        let Some(line) = self.value(profile, "credential_process")? else { return Ok(None) };
        let mut credentials = CredentialProcess::new(line).run().await?;
        credentials.account_id = credentials.account_id.take().or_else(|| self.detail(profile, "aws_account_id"));
        Ok(Some(credentials))
    }
}

fn error(message: impl Into<String>) -> CredentialsError {
    CredentialsError::new(message)
}

fn empty(setting: &Setting<String>) -> CredentialsError {
    error(format!("{} is empty: give it a value, or remove the line", setting.origin))
}
