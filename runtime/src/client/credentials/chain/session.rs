//! What reqsign's providers run in: requests, files and commands, and what is told of their failures.

use super::super::{Credentials, CredentialsError};
use crate::client::text::bytes_without_mark;
use crate::client::{BlockingTransport, Transport, TransportError, http_date};
use crate::one_line::OneLine;
use bytes::Bytes;
use http::header::DATE;
use http::{Request, Response};
use reqsign_aws_core::Credential;
use reqsign_core::{Context, Error, FileRead, HttpSend, ProvideCredentialDyn, StaticEnv};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// What requests are sent over.
#[derive(Clone, Debug)]
pub(super) enum SessionHttp {
    Async(Arc<dyn Transport>),
    Blocking(Arc<dyn BlockingTransport>),
}

impl SessionHttp {
    /// Sends a request, of which no header is shown: many are secret.
    pub(super) async fn send(
        &self,
        mut request: Request<Bytes>,
        timeout: Duration,
    ) -> Result<Response<Bytes>, TransportError> {
        request.headers_mut().values_mut().for_each(|value| value.set_sensitive(true));
        match self {
            Self::Async(transport) => within(timeout, transport.send(request)).await,
            Self::Blocking(transport) => transport.send(request, Some(timeout)),
        }
    }
}

/// One provider's surroundings.
pub(super) struct Session {
    context: Context,
    last: Last,
}

/// How the last request went: what is to know of the answer, or why there was none.
type Last = Arc<Mutex<Option<Result<Answered, String>>>>;

#[derive(Clone, Copy, Debug)]
struct Answered {
    status: u16,
    date: Option<SystemTime>,
}

impl Answered {
    fn of(response: &Response<Bytes>) -> Self {
        let date = response.headers().get(DATE).and_then(|date| http_date(date.to_str().ok()?));
        Self { status: response.status().as_u16(), date }
    }
}

impl Session {
    pub(super) fn new(http: &SessionHttp, timeout: Duration) -> Self {
        let last = Last::default();
        let send = Sender { http: http.clone(), timeout, last: Arc::clone(&last) };
        Self { context: Context::new().with_file_read(Files).with_http_send(send), last }
    }

    /// With a home directory.
    pub(super) fn home(mut self, home: Option<&Path>) -> Self {
        let home_dir = home.map(Path::to_owned);
        self.context = self.context.with_env(StaticEnv { home_dir, ..StaticEnv::default() });
        self
    }

    pub(super) fn context(&self) -> Context {
        self.context.clone()
    }

    /// Asks `provider`. An error begins with `what` it was to do.
    pub(super) async fn ask(
        &self,
        // Boxed, or the future of each provider would be part of all that await it.
        provider: &dyn ProvideCredentialDyn<Credential = Credential>,
        what: &str,
    ) -> Result<Credentials, CredentialsError> {
        match provider.provide_credential_dyn(&self.context).await {
            Ok(Some(found)) if !found.access_key_id.is_empty() && !found.secret_access_key.is_empty() => Ok(own(found)),
            Ok(_) => Err(CredentialsError::new(format!("{what}: the answer has no credentials"))),
            Err(error) => Err(CredentialsError::new(format!("{what}: {}", self.explain(&error)))),
        }
    }

    /// Messages of reqsign may quote what could not be parsed, and so secrets. What is before the first colon is its
    /// own text; what a service refuses with comes after it.
    fn explain(&self, error: &Error) -> String {
        let message = error.to_string();
        let own = message.split(": ").next().unwrap_or_default();
        match &*self.last.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(Err(failure)) => failure.clone(),
            Some(Ok(Answered { status, .. })) if *status >= 400 => format!("{} (status {status})", OneLine(&message)),
            _ => own.to_owned(),
        }
    }

    /// The time of a service that has refused the last request.
    pub(super) fn date_of_refusal(&self) -> Option<SystemTime> {
        match &*self.last.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(Ok(Answered { status: 400.., date })) => *date,
            _ => None,
        }
    }
}

fn own(found: Credential) -> Credentials {
    let mut credentials = Credentials::new(found.access_key_id, found.secret_access_key);
    credentials.session_token = found.session_token.filter(|token| !token.is_empty());
    credentials.expires_at = found.expires_in.map(|time| time.as_system_time());
    credentials
}

#[derive(Debug)]
struct Sender {
    http: SessionHttp,
    timeout: Duration,
    last: Last,
}

impl HttpSend for Sender {
    async fn http_send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Error> {
        let result = self.http.send(request, self.timeout).await;
        let told = result.as_ref().map(Answered::of).map_err(ToString::to_string);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
        result.map_err(|_| Error::unexpected("no answer"))
    }
}

#[cfg(feature = "client")]
async fn within<T>(
    timeout: Duration,
    exchange: impl Future<Output = Result<T, TransportError>>,
) -> Result<T, TransportError> {
    use crate::client::TransportErrorKind;
    if tokio::runtime::Handle::try_current().is_err() {
        return exchange.await;
    }
    match tokio::time::timeout(timeout, exchange).await {
        Ok(result) => result,
        Err(_) => Err(TransportError::new(TransportErrorKind::Timeout, format!("no answer within {timeout:?}"))),
    }
}

/// Without a runtime that is known, there is no timer: the transport's own limits apply.
#[cfg(not(feature = "client"))]
async fn within<T>(
    _timeout: Duration,
    exchange: impl Future<Output = Result<T, TransportError>>,
) -> Result<T, TransportError> {
    exchange.await
}

/// Small local files: reading them takes no longer than to hand them to another thread.
#[derive(Debug)]
struct Files;

impl FileRead for Files {
    async fn file_read(&self, path: &str) -> Result<Vec<u8>, Error> {
        Ok(bytes_without_mark(&std::fs::read(path)?).to_vec())
    }
}
