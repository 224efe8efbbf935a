//! Credentials of a profile.

use super::session::Session;
use super::sources::{Role, SERVICE_TIMEOUT};
use super::{Credentials, CredentialsError, Lookup, Step, both, try_variables};
use crate::client::BoxFuture;
use reqsign_aws_core::{ProcessCredentialProvider, SSOCredentialProvider};

impl Lookup<'_> {
    pub(super) async fn try_profile(&self, name: &str) -> Result<Step, CredentialsError> {
        match self.of_profile(name, &[]).await? {
            Some(credentials) => Ok(Step::Found(credentials)),
            None if self.profiles.has(name) => {
                Ok(Step::Absent(format!("{} (it has no credentials)", self.profiles.describe(name))))
            }
            None => Ok(Step::Absent(format!("{} (there is none)", self.profiles.describe(name)))),
        }
    }

    /// What a profile has; `before` are those that led to it.
    fn of_profile<'a>(
        &'a self,
        name: &'a str,
        before: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Option<Credentials>, CredentialsError>> {
        Box::pin(async move {
            if before.contains(&name) {
                let path = [before, &[name]].concat().join(" -> ");
                return Err(CredentialsError::new(format!("profiles name each other as source_profile: {path}")));
            }
            let found = match self.value(name, "role_arn") {
                Some(arn) => self.assumed(name, before, arn).await.map(Some),
                None => self.own(name).await,
            };
            found.map_err(|error| CredentialsError::new(format!("profile {name:?}: {error}")))
        })
    }

    /// What a profile without a role has.
    async fn own(&self, name: &str) -> Result<Option<Credentials>, CredentialsError> {
        if let Some(found) = self.single_sign_on(name).await? {
            return Ok(Some(found));
        }
        match self.keys(name)? {
            Some(found) => Ok(Some(found)),
            None => self.command(name).await,
        }
    }

    fn value(&self, profile: &str, key: &str) -> Option<String> {
        Some(self.profiles.setting(profile, key)?.value)
    }

    fn keys(&self, profile: &str) -> Result<Option<Credentials>, CredentialsError> {
        let names = ["aws_access_key_id", "aws_secret_access_key"];
        let Some([key, secret]) = both(names, |key| self.value(profile, key))? else { return Ok(None) };
        let mut credentials = Credentials::new(key, secret);
        credentials.session_token = self.value(profile, "aws_session_token");
        credentials.account_id = self.value(profile, "aws_account_id");
        Ok(Some(credentials))
    }

    fn role(&self, profile: &str, arn: String) -> Result<Role, CredentialsError> {
        if let Some(device) = self.value(profile, "mfa_serial") {
            return Err(CredentialsError::new(format!(
                "the role needs a code of {device}, which cannot be asked for here: use a credential_process or temporary keys"
            )));
        }
        let duration = self.value(profile, "duration_seconds");
        let duration_seconds = duration.as_deref().map(str::parse).transpose().map_err(|_| {
            CredentialsError::new(format!("duration_seconds is {:?}: expected a number", duration.unwrap_or_default()))
        })?;
        Ok(Role {
            arn,
            session_name: self.value(profile, "role_session_name"),
            external_id: self.value(profile, "external_id"),
            duration_seconds,
        })
    }

    async fn assumed(&self, name: &str, before: &[&str], arn: String) -> Result<Credentials, CredentialsError> {
        let role = self.role(name, arn)?;
        let keys = ["source_profile", "credential_source", "web_identity_token_file"];
        let source = match keys.map(|key| self.value(name, key)) {
            [Some(source), None, None] if source == name => self.keys(name)?,
            [Some(source), None, None] => self.of_profile(&source, &[before, &[name]].concat()).await?,
            [None, Some(source), None] => self.credential_source(&source).await?,
            [None, None, Some(file)] => return self.assume_with_web_identity(&role, &file).await,
            _ => {
                let one = keys.join(", ");
                return Err(CredentialsError::new(format!("a role_arn needs one of {one}")));
            }
        };
        match source {
            Some(source) => self.assume(&role, source).await,
            None => Err(CredentialsError::new(format!("there are no credentials to assume {} with", role.arn))),
        }
    }

    async fn credential_source(&self, source: &str) -> Result<Option<Credentials>, CredentialsError> {
        let step = match source {
            "Environment" => try_variables(self.environment, false)?,
            "EcsContainer" => self.try_container().await?,
            "Ec2InstanceMetadata" => self.try_instance().await?,
            _ => {
                let expected = "Environment, EcsContainer or Ec2InstanceMetadata";
                return Err(CredentialsError::new(format!("credential_source is {source:?}: expected {expected}")));
            }
        };
        match step {
            Step::Found(credentials) => Ok(Some(credentials)),
            Step::Absent(why) => Err(CredentialsError::new(format!("credential_source {source}: {why}"))),
        }
    }

    async fn single_sign_on(&self, profile: &str) -> Result<Option<Credentials>, CredentialsError> {
        let names = ["sso_account_id", "sso_role_name"];
        let Some([account, role]) = both(names, |key| self.value(profile, key))? else { return Ok(None) };
        let session = self.value(profile, "sso_session");
        let of_session =
            |key: &str| Some(self.profiles.section_setting("sso-session", session.as_deref()?, key)?.value);
        let setting = |key: &str| of_session(key).or_else(|| self.value(profile, key));
        let Some([region, url]) = both(["sso_region", "sso_start_url"], setting)? else {
            let message = "sso_account_id needs sso_region and sso_start_url, in the profile or its sso_session";
            return Err(CredentialsError::new(message));
        };
        let what = format!("signing on at {url} as {role} in {account} (if needed, run `aws sso login`)");
        let provider = SSOCredentialProvider::new()
            .with_account_id(&account)
            .with_role_name(role)
            .with_region(region)
            // Used for nothing but the name of the token's file, which comes from the session if there is one.
            .with_start_url(session.unwrap_or(url));
        let surroundings = Session::new(self.http, SERVICE_TIMEOUT).home(self.environment.home_dir());
        Ok(Some(surroundings.ask(&provider, &what).await?.account_id(account)))
    }

    async fn command(&self, profile: &str) -> Result<Option<Credentials>, CredentialsError> {
        let Some(line) = self.value(profile, "credential_process") else { return Ok(None) };
        let session = Session::new(self.http, SERVICE_TIMEOUT).command(line);
        // The session runs the command; the provider must have one.
        let provider = ProcessCredentialProvider::new().with_command("credential_process");
        let mut credentials = session.ask(&provider, "running credential_process").await?;
        credentials.account_id = self.value(profile, "aws_account_id");
        Ok(Some(credentials))
    }
}
