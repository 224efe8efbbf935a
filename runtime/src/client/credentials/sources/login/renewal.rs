//! Credentials of a login, as they are stored and renewed.

use super::super::echo;
use super::super::stored::{LoginToken, ProofKey, RefreshedLogin, TokenFile};
use super::{Credentials, CredentialsError, Login, SourceContext};
use crate::client::transport::{Transport, TransportError, TransportErrorKind};
use crate::client::warning::warn;
use crate::client::{BoxFuture, Clock, Region};
use crate::identity::signin;
use crate::identity::signin::types::{
    CreateOAuth2TokenInput, CreateOAuth2TokenRequestBody, CreateOAuth2TokenResponseBody,
};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Carries a proof (RFC 9449).
const PROOF: HeaderName = HeaderName::from_static("dpop");

impl Login {
    pub(super) async fn load(&self, context: &SourceContext) -> Result<Credentials, CredentialsError> {
        let profile = self.profile.as_deref().unwrap_or("default");
        let file = TokenFile::login(context.variables(), &self.session, profile);
        let file = file.ok_or_else(|| self.failed("there is no home directory, and so no login"))?;
        let token = LoginToken::load(file).map_err(|why| self.failed(why))?;
        let left = token.expires_at().duration_since(context.now()).unwrap_or_default();
        if LoginToken::REFRESH_WINDOW < left {
            return Ok(token.credentials().clone());
        }
        let why = match renew(context, &token).await {
            Ok(renewed) => return Ok(renewed.credentials().clone()),
            Err(why) => why,
        };
        // A refresh token serves once: another process may have been faster with it.
        let stored = token.reload().ok().filter(|stored| stored.credentials() != token.credentials());
        let mut tokens = stored.iter().chain([&token]);
        let usable = tokens.find(|token| context.now() < token.expires_at());
        let over = || self.failed(token.file().unusable(format!("it is over, and not renewed: {why}")));
        usable.map(|token| token.credentials().clone()).ok_or_else(over)
    }
}

/// Gets other credentials, and stores them.
async fn renew(context: &SourceContext, token: &LoginToken) -> Result<LoginToken, String> {
    let renewal = token.renewal()?;
    let mut config = context.client_config().map_err(|error| error.to_string())?;
    if let Some(region) = renewal.region {
        config = config.in_region(Region::new(region).map_err(|error| format!("signInRegion: {error}"))?);
    }
    let key = renewal.key;
    let config = config.map_transport(|transport, clock| WithProof { transport, clock, key }).build();
    let body =
        CreateOAuth2TokenRequestBody::new(renewal.client_id, "refresh_token").refresh_token(renewal.refresh_token);
    let asked = context.now();
    let answer = signin::Client::new(&config).create_o_auth2_token(CreateOAuth2TokenInput::new(body)).await;
    let answer = answer.map_err(|error| echo::without(error, &[renewal.refresh_token]))?;
    let renewed = refreshed(token, &answer.token_output, asked)?;
    // Whoever has logged in meanwhile has others there. Those that cannot be stored serve this time.
    if token.reload().is_ok_and(|stored| stored.credentials() == token.credentials())
        && let Err(why) = renewed.store()
    {
        warn("a renewed login cannot be stored, and serves this process only", why);
    }
    Ok(renewed)
}

fn refreshed(
    token: &LoginToken,
    given: &CreateOAuth2TokenResponseBody,
    asked: SystemTime,
) -> Result<LoginToken, String> {
    // Credentials that are over at once must not replace others.
    let seconds = u64::try_from(given.expires_in).ok().filter(|seconds| *seconds > 0);
    let seconds = seconds.ok_or("the answer does not say how long they last")?;
    token.refreshed(RefreshedLogin {
        access_key_id: &given.access_token.access_key_id,
        secret_access_key: &given.access_token.secret_access_key,
        session_token: &given.access_token.session_token,
        refresh_token: &given.refresh_token,
        expires_at: asked + Duration::from_secs(seconds),
    })
}

/// Sends requests with a proof that who sends them has the key: a new one for each attempt.
#[derive(Debug)]
struct WithProof {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    key: ProofKey,
}

impl Transport for WithProof {
    fn send(&self, mut request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let proof = self.key.proof(request.method(), request.uri(), self.clock.now());
        match proof.and_then(|proof| HeaderValue::try_from(proof).map_err(|error| error.to_string())) {
            Ok(proof) => {
                request.headers_mut().insert(PROOF, proof);
                self.transport.send(request)
            }
            Err(why) => Box::pin(std::future::ready(Err(TransportError::new(TransportErrorKind::Request, why)))),
        }
    }
}
