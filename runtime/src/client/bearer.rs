//! Tokens for services that take these instead of signatures.

use super::CredentialsError;
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// A bearer token, or where one comes from: for services that ask for `smithy.api#httpBearerAuth`.
///
/// It is asked for once for each attempt of a call, and sent over HTTPS only.
#[derive(Clone)]
pub struct BearerToken(TokenSource);

#[derive(Clone)]
enum TokenSource {
    Fixed(Arc<Zeroizing<String>>),
    Function(Arc<Provide>),
}

type Provide = dyn Fn() -> Result<String, CredentialsError> + Send + Sync;

impl BearerToken {
    /// This token.
    pub fn new(token: impl Into<String>) -> Self {
        Self(TokenSource::Fixed(Arc::new(Zeroizing::new(token.into()))))
    }

    /// The token that a function has at the moment. It must not block: what fetches tokens keeps them ready.
    pub fn from_fn(provide: impl Fn() -> Result<String, CredentialsError> + Send + Sync + 'static) -> Self {
        Self(TokenSource::Function(Arc::new(provide)))
    }

    pub(super) fn header(&self) -> Result<Zeroizing<String>, CredentialsError> {
        let token = match &self.0 {
            TokenSource::Fixed(token) => Zeroizing::new(token.as_str().to_owned()),
            TokenSource::Function(provide) => Zeroizing::new(provide()?),
        };
        Ok(Zeroizing::new(format!("Bearer {}", token.as_str())))
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BearerToken").finish_non_exhaustive()
    }
}
