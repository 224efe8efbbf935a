//! What is asked of the portal, and the token that it is asked with.

use super::super::echo;
use super::super::stored::{RefreshedSso, SsoToken, TokenFile};
use super::{Credentials, CredentialsError, SignOn, SourceContext};
use crate::client::Config;
use crate::client::warning::warn;
use crate::identity::sso::types::{GetRoleCredentialsInput, RoleCredentials};
use crate::identity::sso_oidc::types::CreateTokenInput;
use crate::identity::{sso, sso_oidc};
use http::StatusCode;
use std::time::{Duration, SystemTime};

impl SignOn {
    pub(super) async fn load(&self, context: &SourceContext) -> Result<Credentials, CredentialsError> {
        let token = self.token_file(context).and_then(SsoToken::load).map_err(|why| self.failed(why))?;
        let token = if self.ends_soon(&token, context) { self.renewed(context, token).await? } else { token };
        let refused = match self.role_credentials(context, &token).await? {
            Ok(credentials) => return Ok(credentials),
            Err(refused) => refused,
        };
        let other = self.after_refusal(context, &token, &refused).await?;
        let again = self.role_credentials(context, &other).await?;
        again.map_err(|refused| self.failed(other.file().unusable(refused)))
    }

    fn token_file(&self, context: &SourceContext) -> Result<TokenFile, String> {
        let home = context.home_dir().ok_or("there is no home directory, and so no token")?;
        let profile = self.profile.as_deref().unwrap_or("default");
        Ok(match &self.session {
            Some(session) => TokenFile::sso_session(home, session),
            None => TokenFile::sso_start_url(home, &self.start_url, profile),
        })
    }

    fn ends_soon(&self, token: &SsoToken, context: &SourceContext) -> bool {
        let left = token.expires_at().duration_since(context.now()).unwrap_or_default();
        self.session.is_some() && left < SsoToken::REFRESH_WINDOW
    }

    /// The token that replaces one that ends soon. While that is not over, it does if there is no other.
    async fn renewed(&self, context: &SourceContext, token: SsoToken) -> Result<SsoToken, CredentialsError> {
        let why = match self.refresh(context, &token).await {
            Ok(token) => return Ok(token),
            Err(why) => why,
        };
        let file = token.file().clone();
        // A refresh token serves once: another process may have been faster with it.
        let stored = token.reload().ok().filter(|stored| stored.access_token() != token.access_token());
        let usable = [stored, Some(token)].into_iter().flatten().find(|token| context.now() < token.expires_at());
        usable.ok_or_else(|| self.failed(file.unusable(format!("the token is over, and not renewed: {why}"))))
    }

    /// The token to try after the service has refused one: that of another login meanwhile, or a new one.
    async fn after_refusal(
        &self,
        context: &SourceContext,
        token: &SsoToken,
        refused: &str,
    ) -> Result<SsoToken, CredentialsError> {
        let stored = token.reload().map_err(|why| self.failed(why))?;
        if stored.access_token() != token.access_token() {
            return Ok(stored);
        }
        let unusable = |why: &str| self.failed(token.file().unusable(why));
        if self.session.is_none() {
            return Err(unusable(refused));
        }
        let renewed = self.refresh(context, token).await;
        renewed.map_err(|why| unusable(&format!("{refused}; not renewed: {why}")))
    }

    /// Gets another token, and stores it.
    async fn refresh(&self, context: &SourceContext, token: &SsoToken) -> Result<SsoToken, String> {
        let renewal = token.renewal(context.now())?;
        let input = CreateTokenInput::new(renewal.client_id, renewal.client_secret, "refresh_token")
            .refresh_token(renewal.refresh_token);
        let asked = context.now();
        let config = self.config(context).map_err(|error| error.to_string())?;
        let secrets = [renewal.client_secret, renewal.refresh_token, token.access_token()];
        let answer = sso_oidc::Client::new(&config).create_token(input).await;
        let answer = answer.map_err(|error| echo::without(error, &secrets))?;
        // One that is over at once must not replace one that is not.
        let seconds = answer.expires_in.and_then(|seconds| u64::try_from(seconds).ok()).filter(|seconds| *seconds > 0);
        let seconds = seconds.ok_or("the answer does not say how long the token lasts")?;
        let renewed = token.refreshed(RefreshedSso {
            start_url: &self.start_url,
            region: self.region.as_str(),
            access_token: answer.access_token.as_deref().ok_or("the answer has no token")?,
            refresh_token: answer.refresh_token.as_deref(),
            expires_at: asked + Duration::from_secs(seconds),
        })?;
        // Whoever has signed on meanwhile has another token there. One that cannot be stored serves this time.
        if token.reload().is_ok_and(|stored| stored.access_token() == token.access_token())
            && let Err(why) = renewed.store()
        {
            warn("a renewed token cannot be stored, and serves this process only", why);
        }
        Ok(renewed)
    }

    /// What the portal gives for a token; the inner error says that it refuses it.
    async fn role_credentials(
        &self,
        context: &SourceContext,
        token: &SsoToken,
    ) -> Result<Result<Credentials, String>, CredentialsError> {
        if token.expires_at() <= context.now() {
            return Err(self.failed(token.file().unusable("the token is over")));
        }
        let input = GetRoleCredentialsInput::new(&*self.role_name, &*self.account_id, token.access_token());
        match sso::Client::new(&self.config(context)?).get_role_credentials(input).await {
            Ok(output) => {
                let given = output.role_credentials.and_then(|given| self.credentials(given));
                given.map(Ok).ok_or_else(|| self.failed("the answer has no credentials"))
            }
            Err(error) => {
                let why = echo::without(&error, &[token.access_token()]);
                let is_refused = error.is_unauthorized_exception() || error.status() == Some(StatusCode::UNAUTHORIZED);
                if is_refused { Ok(Err(why)) } else { Err(self.failed(why)) }
            }
        }
    }

    fn config(&self, context: &SourceContext) -> Result<Config, CredentialsError> {
        Ok(context.client_config()?.in_region(self.region.clone()).build())
    }

    fn credentials(&self, given: RoleCredentials) -> Option<Credentials> {
        let key = given.access_key_id.filter(|key| !key.is_empty())?;
        let secret = given.secret_access_key.filter(|secret| !secret.is_empty())?;
        let mut credentials = Credentials::new(key, secret).account_id(&*self.account_id);
        credentials.session_token = given.session_token.filter(|token| !token.is_empty());
        let end = given.expiration.and_then(|milliseconds| u64::try_from(milliseconds).ok());
        credentials.expires_at = end.and_then(|end| SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(end)));
        Some(credentials)
    }
}
