//! Credentials of a profile.
//!
//! Which of its keys go first is botocore's. Where botocore goes on to other places though a profile says something of
//! credentials, this is an error: whoever has written it did not mean to be somebody else.

use super::answer::{self, Author};
use super::command;
use super::session::Session;
use super::sources::{Role, SERVICE_TIMEOUT};
use super::{Credentials, CredentialsError, Lookup, Tried, both, no_region, try_variables};
use crate::client::environment::{Setting, SharedFile};
use crate::client::{BoxFuture, Region};
use reqsign_aws_core::SSOCredentialProvider;

const KEYS: [&str; 2] = ["aws_access_key_id", "aws_secret_access_key"];
/// The first is the older name; botocore prefers it.
const TOKENS: [&str; 2] = ["aws_security_token", "aws_session_token"];
const ROLE_SOURCES: [&str; 3] = ["source_profile", "credential_source", "web_identity_token_file"];
const SIGN_ON: [&str; 5] = ["sso_account_id", "sso_role_name", "sso_session", "sso_start_url", "sso_region"];
/// Belongs to a sign-on too, and is not needed here.
const SCOPES: &str = "sso_registration_scopes";

type ProfileResult = Result<Option<Credentials>, CredentialsError>;

impl Lookup<'_> {
    pub(super) async fn try_profile(&self, name: &str) -> Result<Tried, CredentialsError> {
        match self.of_profile(name, &[]).await? {
            Some(credentials) => Ok(Tried::Found(credentials)),
            None if self.profiles.has(name) => {
                Ok(Tried::Absent(format!("{} (it has no credentials)", self.profiles.describe(name))))
            }
            None => Ok(Tried::Absent(format!("{} (there is none)", self.profiles.describe(name)))),
        }
    }

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
                Ok(Some(arn)) if !is_source_with_keys => self.assumed(name, before, arn).await.map(Some),
                Ok(_) => self.own(name, before).await,
                Err(error) => Err(error),
            };
            found.map_err(|why| error(format!("profile {name:?}: {why}")))
        })
    }

    /// What a profile has besides a role to assume with other credentials.
    async fn own(&self, name: &str, before: &[&str]) -> ProfileResult {
        if self.value(name, "web_identity_token_file")?.is_some() {
            let arn = self.value(name, "role_arn")?;
            let arn = arn.ok_or_else(|| error("web_identity_token_file needs a role_arn"))?;
            return self.assumed(name, before, arn).await.map(Some);
        }
        if let Some(found) = self.single_sign_on(name).await? {
            return Ok(Some(found));
        }
        if let Some(found) = self.keys(SharedFile::Credentials, name)? {
            return Ok(Some(found));
        }
        if self.value(name, "login_session")?.is_some() {
            return Err(error(format!(
                "login_session: what `aws login` has stored cannot be used here; a profile can have it by \
                 credential_process = aws configure export-credentials --profile {name} --format process"
            )));
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
        match self.profiles.written(profile, key) {
            Some(setting) if setting.value.is_empty() => Err(empty(&setting)),
            setting => Ok(setting.map(|setting| setting.value)),
        }
    }

    /// A value that adds something; one that is empty adds nothing.
    fn detail(&self, profile: &str, key: &str) -> Option<String> {
        Some(self.profiles.setting(profile, key)?.value)
    }

    fn has_keys(&self, profile: &str) -> bool {
        KEYS.iter().any(|key| self.profiles.written(profile, key).is_some())
    }

    /// The keys in one of the files: halves from two do not belong together.
    fn keys(&self, file: SharedFile, profile: &str) -> ProfileResult {
        let written = |key: &str| self.profiles.written_in(file, profile, key);
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

    fn role(&self, profile: &str, arn: String) -> Result<Role, CredentialsError> {
        if let Some(device) = self.detail(profile, "mfa_serial") {
            return Err(error(format!(
                "the role needs a code of {device}, which cannot be asked for here: use a credential_process or temporary keys"
            )));
        }
        let duration = self.detail(profile, "duration_seconds");
        let duration_seconds =
            duration.as_deref().map(str::parse).transpose().map_err(|_| {
                error(format!("duration_seconds is {:?}: expected a number", duration.unwrap_or_default()))
            })?;
        Ok(Role {
            arn,
            session_name: self.detail(profile, "role_session_name"),
            external_id: self.detail(profile, "external_id"),
            duration_seconds,
        })
    }

    async fn assumed(&self, name: &str, before: &[&str], arn: String) -> Result<Credentials, CredentialsError> {
        let [source, place, file] = ROLE_SOURCES.map(|key| self.value(name, key));
        let role = self.role(name, arn)?;
        let source = match [source?, place?, file?] {
            [Some(source), None, None] if self.profiles.has(&source) => {
                self.of_profile(&source, &[before, &[name]].concat()).await?
            }
            [Some(source), None, None] => return Err(error(format!("source_profile is {source:?}: there is none"))),
            [None, Some(source), None] => self.credential_source(&source).await?,
            [None, None, Some(file)] => return self.assume_with_web_identity(&role, &file).await,
            _ => return Err(error(format!("a role_arn needs one of {}", ROLE_SOURCES.join(", ")))),
        };
        match source {
            Some(source) => self.assume(&role, source).await,
            None => Err(error(format!("there are no credentials to assume {} with", role.arn))),
        }
    }

    async fn credential_source(&self, source: &str) -> ProfileResult {
        let step = match source.to_ascii_lowercase().as_str() {
            "environment" => try_variables(self.environment, false)?,
            "ecscontainer" => self.try_container().await?,
            "ec2instancemetadata" => self.try_instance().await?,
            _ => {
                let expected = "Environment, EcsContainer or Ec2InstanceMetadata";
                return Err(error(format!("credential_source is {source:?}: expected {expected}")));
            }
        };
        match step {
            Tried::Found(credentials) => Ok(Some(credentials)),
            Tried::Absent(why) => Err(error(format!("credential_source {source}: {why}"))),
        }
    }

    /// A single sign-on, which account and role stand for: its other settings may be there for other purposes.
    async fn single_sign_on(&self, profile: &str) -> ProfileResult {
        let [account_key, role_key, session_key, url_key, region_key] = SIGN_ON;
        let [account, role] = [account_key, role_key].map(|key| self.profiles.written(profile, key));
        if account.is_none() && role.is_none() {
            return Ok(None);
        }
        let session = self.value(profile, session_key)?;
        if let Some(session) = &session
            && !self.profiles.has_section("sso-session", session)
        {
            return Err(error(format!("sso_session is {session:?}: there is no section [sso-session {session}]")));
        }
        let setting = |key: &str| {
            let own = self.profiles.written(profile, key);
            let of_session = session.as_ref().and_then(|name| self.profiles.section_setting("sso-session", name, key));
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
        let region = Region::new(region.value.as_str()).map_err(|error| no_region(&region, &error))?;
        let what = format!("signing on at {url} as {role} in {account} (if needed, run `aws sso login`)");
        let provider = SSOCredentialProvider::new()
            .with_account_id(&account)
            .with_role_name(role)
            .with_region(region.to_string())
            // Used for nothing but the name of the token's file, which comes from the session if there is one.
            .with_start_url(session.unwrap_or(url));
        let surroundings = Session::new(self.http, SERVICE_TIMEOUT).home(self.environment.home_dir());
        Ok(Some(surroundings.ask(&provider, &what).await?.account_id(account)))
    }

    async fn command(&self, profile: &str) -> ProfileResult {
        let Some(line) = self.value(profile, "credential_process")? else { return Ok(None) };
        let failed = |why: String| error(format!("running credential_process: {why}"));
        let output = command::run(line, command::CommandLimits::USUAL).await.map_err(|why| failed(why.to_string()))?;
        let mut credentials = answer::credentials(&output, Author::Command).map_err(failed)?;
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
