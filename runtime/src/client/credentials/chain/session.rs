//! What reqsign's providers run in: requests, files and commands, and what is told of their failures.

use super::super::{Credentials, CredentialsError};
use crate::client::{BlockingTransport, Transport, TransportError};
use bytes::Bytes;
use http::{Request, Response};
use reqsign_aws_core::Credential;
use reqsign_core::{
    CommandExecute, CommandOutput, Context, Error, FileRead, HttpSend, ProvideCredentialDyn, StaticEnv,
};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What requests are sent over.
#[derive(Clone, Debug)]
pub(super) enum Http {
    Async(Arc<dyn Transport>),
    Blocking(Arc<dyn BlockingTransport>),
}

/// One provider's surroundings.
pub(super) struct Session {
    context: Context,
    last: Last,
}

/// How the last request went: the status, or why there was no answer.
type Last = Arc<Mutex<Option<Result<u16, String>>>>;

impl Session {
    pub(super) fn new(http: &Http, timeout: Duration) -> Self {
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

    /// With a command line that is run in place of any command.
    pub(super) fn command(mut self, line: String) -> Self {
        self.context = self.context.with_command_execute(Shell { line });
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
            Some(Ok(status)) if *status >= 400 => format!("{} (status {status})", one_line(&message)),
            _ => own.to_owned(),
        }
    }
}

fn own(found: Credential) -> Credentials {
    let mut credentials = Credentials::new(found.access_key_id, found.secret_access_key);
    credentials.session_token = found.session_token.filter(|token| !token.is_empty());
    credentials.expires_at = found.expires_in.map(|time| time.as_system_time());
    credentials
}

/// At most some hundred characters, on one line.
fn one_line(text: &str) -> String {
    const MOST: usize = 300;
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").chars().take(MOST).collect()
}

#[derive(Debug)]
struct Sender {
    http: Http,
    timeout: Duration,
    last: Last,
}

impl HttpSend for Sender {
    async fn http_send(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, Error> {
        request.headers_mut().values_mut().for_each(|value| value.set_sensitive(true));
        let result = match &self.http {
            Http::Async(transport) => within(self.timeout, transport.send(request)).await,
            Http::Blocking(transport) => transport.send(request, Some(self.timeout)),
        };
        let told = result.as_ref().map(|response| response.status().as_u16()).map_err(ToString::to_string);
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
        Ok(std::fs::read(path)?)
    }
}

/// Runs its command line, whatever it is asked to run: a shell understands the quotes in it.
#[derive(Debug)]
struct Shell {
    line: String,
}

impl CommandExecute for Shell {
    async fn command_execute<'a>(&'a self, _: &'a str, _: &'a [&'a str]) -> Result<CommandOutput, Error> {
        #[cfg(feature = "client")]
        if tokio::runtime::Handle::try_current().is_ok() {
            let line = self.line.clone();
            let run = tokio::task::spawn_blocking(move || run(&line)).await;
            return run.map_err(|_| Error::unexpected("the command was cancelled"))?;
        }
        run(&self.line)
    }
}

/// What the command says on stderr goes to ours: it is for people, and may be secret.
fn run(line: &str) -> Result<CommandOutput, Error> {
    let (shell, option) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut command = Command::new(shell);
    command.args([option, line]).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command.output().map_err(|error| Error::unexpected(format!("cannot run {shell}: {error}")))?;
    Ok(CommandOutput { status: output.status.code().unwrap_or(-1), stdout: output.stdout, stderr: Vec::new() })
}
