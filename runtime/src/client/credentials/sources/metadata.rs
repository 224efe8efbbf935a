//! What containers and instances have in common: local services that know the credentials of what runs there.

use super::answer::{self, ANSWER};
use super::object::Object;
use super::{Credentials, SourceContext, echo};
use crate::client::transport::{Direct, TransportError, TransportErrorKind};
use crate::one_line::OneLine;
use bytes::Bytes;
use http::{Method, Request, StatusCode, Uri};
use std::fmt;
use std::time::Duration;
use zeroize::Zeroizing;

/// How often a service is asked, and how long an answer may take.
pub(super) struct Patience {
    pub(super) timeout: Duration,
    /// At least 1.
    pub(super) attempts: u32,
    /// Between two attempts.
    pub(super) pause: Duration,
}

/// Why a service has not said what it was asked.
pub(super) enum Unanswered {
    /// There is no whole answer.
    Transport(TransportError),
    /// It answers with another status than 200, and perhaps says why.
    Status(StatusCode, Option<String>),
    /// Its answer is none.
    Content(String),
}

impl Unanswered {
    /// Whether it is not for what was asked that there is no answer: what is asked of a token, which may be refused.
    pub(super) fn is_trouble(&self) -> bool {
        match self {
            Self::Transport(error) => error.kind() != TransportErrorKind::Timeout,
            Self::Status(status, _) => *status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error(),
            Self::Content(_) => false,
        }
    }
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) => error.fmt(f),
            Self::Status(status, None) => write!(f, "status {}", status.as_u16()),
            Self::Status(status, Some(message)) => write!(f, "{message} (status {})", status.as_u16()),
            Self::Content(why) => f.write_str(why),
        }
    }
}

/// A request that goes to where it says, whatever the proxies: at another machine the same address is another service.
pub(super) fn request(method: Method, uri: Uri) -> Request<Bytes> {
    let mut request = Request::new(Bytes::new());
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    request.extensions_mut().insert(Direct);
    request
}

/// What `read` makes of the body of an answer with status 200. The service is asked again where that may help.
pub(super) async fn fetch<T>(
    context: &SourceContext,
    request: Request<Bytes>,
    patience: &Patience,
    read: impl Fn(&[u8]) -> Result<T, String>,
    may_help: impl Fn(&Unanswered) -> bool,
) -> Result<T, Unanswered> {
    let mut attempt = 1;
    loop {
        let body = fetch_once(context, request.clone(), patience.timeout).await;
        match body.and_then(|body| read(&body).map_err(Unanswered::Content)) {
            Err(why) if attempt < patience.attempts && may_help(&why) => attempt += 1,
            result => return result,
        }
        if !patience.pause.is_zero() {
            context.sleep(patience.pause).await;
        }
    }
}

async fn fetch_once(context: &SourceContext, request: Request<Bytes>, timeout: Duration) -> Result<Bytes, Unanswered> {
    let token = token_of(&request);
    let response = context.send(request, timeout).await.map_err(Unanswered::Transport)?;
    let (status, body) = (response.status(), response.into_body());
    if status == StatusCode::OK {
        return Ok(body);
    }
    let message = Object::read(&body, ANSWER).ok().and_then(|object| answer::error(&object)).or_else(|| text(&body));
    Err(Unanswered::Status(status, message.map(|message| echo::without(message, &[&token]))))
}

/// What the caller is known by.
fn token_of(request: &Request<Bytes>) -> Zeroizing<String> {
    let secret = request.headers().values().find(|value| value.is_sensitive());
    Zeroizing::new(secret.and_then(|token| token.to_str().ok()).unwrap_or_default().to_owned())
}

/// Credentials in the answer to a request. Instances tell of errors with status 200.
pub(super) async fn fetch_credentials(
    context: &SourceContext,
    request: Request<Bytes>,
    patience: &Patience,
) -> Result<Credentials, String> {
    let token = token_of(&request);
    let object = fetch(context, request, patience, |body| Object::read(body, ANSWER), |_| true).await;
    let object = object.map_err(|why| why.to_string())?;
    answer::of_metadata(&object).map_err(|why| echo::without(answer::error(&object).unwrap_or(why), &[&token]))
}

/// The beginning of an error that is plain text.
fn text(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?.trim();
    (!text.is_empty() && !text.starts_with(['<', '{'])).then(|| OneLine(text).to_string())
}

/// A host, with a port if there is a colon, and without a user.
pub(super) fn has_plain_authority(uri: &Uri) -> bool {
    let Some(authority) = uri.authority() else { return false };
    let after_host = authority.as_str().strip_prefix(authority.host());
    let has_port =
        |rest: &str| rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    !authority.host().is_empty() && after_host.is_some_and(has_port)
}
