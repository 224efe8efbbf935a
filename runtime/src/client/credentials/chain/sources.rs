//! Roles that are assumed: with other credentials, or with a web identity.

use super::session::Session;
use super::{Credentials, CredentialsError, Lookup, NOT_USED, Tried, both};
use crate::client::Region;
use crate::client::signing::{SigningKeys, SigningScope, sign};
use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request};
use reqsign_aws_core::{
    AssumeRoleCredentialProvider, AssumeRoleWithWebIdentityCredentialProvider, Credential, StaticCredentialProvider,
};
use reqsign_core::{Context, Error, SignRequest, Signer};
use std::time::{Duration, SystemTime};

pub(super) const SERVICE_TIMEOUT: Duration = Duration::from_secs(10);

const SESSION_NAME: &str = "workstream";
const GLOBAL_REGION: &str = "us-east-1";

/// A role to assume.
pub(super) struct Role {
    pub(super) arn: String,
    pub(super) session_name: Option<String>,
    pub(super) external_id: Option<String>,
    pub(super) duration_seconds: Option<u32>,
}

impl Role {
    /// The account in `arn:aws:iam::123456789012:role/name`.
    fn account_id(&self) -> Option<String> {
        self.arn.split(':').nth(4).filter(|account| !account.is_empty()).map(str::to_owned)
    }

    fn session_name(&self) -> String {
        self.session_name.clone().unwrap_or_else(|| SESSION_NAME.to_owned())
    }

    fn described(&self) -> String {
        format!("assuming {}", self.arn)
    }
}

impl Lookup<'_> {
    pub(super) async fn try_web_identity(&self, profile_wanted: bool) -> Result<Tried, CredentialsError> {
        if profile_wanted {
            return Ok(Tried::Absent(format!("web identity ({NOT_USED})")));
        }
        const VARIABLES: [&str; 2] = ["AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"];
        // A role's name alone is not for web identities only.
        let variable = |name: &str| self.environment.get(name).map(str::to_owned);
        if variable(VARIABLES[1]).is_none() {
            return Ok(Tried::Absent(format!("web identity ({} not set)", VARIABLES[1])));
        }
        let Some([arn, token_file]) = both(VARIABLES, variable)? else {
            return Ok(Tried::Absent(format!("web identity ({} not set)", VARIABLES[1])));
        };
        let session_name = variable("AWS_ROLE_SESSION_NAME");
        let role = Role { arn, session_name, external_id: None, duration_seconds: None };
        Ok(Tried::Found(self.assume_with_web_identity(&role, &token_file).await?))
    }

    pub(super) async fn assume_with_web_identity(
        &self,
        role: &Role,
        token_file: &str,
    ) -> Result<Credentials, CredentialsError> {
        let mut provider =
            AssumeRoleWithWebIdentityCredentialProvider::with_config(role.arn.clone(), token_file.into())
                .with_role_session_name(role.session_name());
        if let Some(region) = self.region()? {
            provider = provider.with_region(region.to_string()).with_regional_sts_endpoint();
        }
        if let Some(seconds) = role.duration_seconds {
            provider = provider.with_duration_seconds(seconds);
        }
        let what = format!("{} with the web identity in {token_file}", role.described());
        let session = Session::new(self.http, SERVICE_TIMEOUT);
        let mut credentials = session.ask(&provider, &what).await?;
        credentials.account_id = role.account_id();
        Ok(credentials)
    }

    pub(super) async fn assume(&self, role: &Role, source: Credentials) -> Result<Credentials, CredentialsError> {
        let session = Session::new(self.http, SERVICE_TIMEOUT);
        let now = self.clock.now();
        let refused = match self.assume_at(now, &session, role, &source).await {
            Err(refused) => refused,
            assumed => return assumed,
        };
        match session.date_of_refusal() {
            // This machine's clock is wrong, so the signature was too old or too new.
            Some(date) if is_another_time(date, now) => self.assume_at(date, &session, role, &source).await,
            _ => Err(refused),
        }
    }

    async fn assume_at(
        &self,
        time: SystemTime,
        session: &Session,
        role: &Role,
        source: &Credentials,
    ) -> Result<Credentials, CredentialsError> {
        let mut keys = StaticCredentialProvider::new(&source.access_key_id, &source.secret_access_key);
        if let Some(token) = &source.session_token {
            keys = keys.with_session_token(token);
        }
        let region = self.region()?;
        let scope = region.as_ref().map_or(GLOBAL_REGION, Region::as_str).to_owned();
        let signer = Signer::new(session.context(), keys, Signature { region: scope, time });
        let mut provider =
            AssumeRoleCredentialProvider::new(role.arn.clone(), signer).with_role_session_name(role.session_name());
        if let Some(region) = region {
            provider = provider.with_region(region.to_string()).with_regional_sts_endpoint();
        }
        if let Some(id) = &role.external_id {
            provider = provider.with_external_id(id.clone());
        }
        if let Some(seconds) = role.duration_seconds {
            provider = provider.with_duration_seconds(seconds);
        }
        let mut credentials = session.ask(&provider, &role.described()).await?;
        credentials.account_id = role.account_id();
        Ok(credentials)
    }
}

/// Whether a request that is signed at `now` is refused by a service whose time is `date`. A date that is off by more
/// than a day is rather wrong itself.
fn is_another_time(date: SystemTime, now: SystemTime) -> bool {
    /// The services accept what is signed within 5 minutes.
    const TOLERATED: Duration = Duration::from_secs(4 * 60);
    const MOST: Duration = Duration::from_secs(24 * 60 * 60);
    let between = date.duration_since(now).or_else(|_| now.duration_since(date)).unwrap_or_default();
    (TOLERATED..=MOST).contains(&between)
}

/// Signs requests to STS.
#[derive(Debug)]
struct Signature {
    region: String,
    time: SystemTime,
}

impl SignRequest for Signature {
    type Credential = Credential;

    async fn sign_request(
        &self,
        _: &Context,
        parts: &mut Parts,
        credential: Option<&Credential>,
        _: Option<Duration>,
    ) -> Result<(), Error> {
        let (Some(credential), &Method::GET) = (credential, &parts.method) else {
            // The body is not here to be signed; parameters that do not fit into the URI have been refused before.
            return Err(Error::request_invalid("the role's parameters are too long"));
        };
        let mut credentials = Credentials::new(&credential.access_key_id, &credential.secret_access_key);
        credentials.session_token = credential.session_token.clone();
        let mut request = Request::from_parts(parts.clone(), Bytes::new());
        let scope = SigningScope::new("sts", &self.region);
        sign(&mut request, &credentials, scope, self.time, &SigningKeys::default())
            .map_err(|error| Error::request_invalid(error.to_string()))?;
        parts.headers = request.into_parts().0.headers;
        Ok(())
    }
}
