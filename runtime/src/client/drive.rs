//! What makes a call: it does what the invocation says, awaiting or blocking.

use super::call::{Answer, Call, DetailedCall};
use super::clock::within;
use super::dynamic_call::DynamicCall;
use super::error::{ClientError, ConfigError};
use super::invocation::{Invocation, SendError, Step};
use super::mode::{Async, Blocking};
use super::shared::Shared;
use super::trace::Span;
use super::transport::{TransportError, TransportErrorKind};
use super::typed::Typed;
use super::{BoxFuture, CredentialsError};
use crate::dynamic::DynamicError;
use crate::{Error, Operation};
use std::time::Duration;

impl<I: Operation> IntoFuture for Call<I, Async> {
    type Output = Result<I::Output, I::Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let mut call = Typed::new(self.input, false);
            drive(Invocation::new(&self.shared, self.overrides.as_deref(), &mut call), &self.shared).await;
            Ok(call.into_result()?)
        })
    }
}

impl<I: Operation> IntoFuture for DetailedCall<I, Async> {
    type Output = Result<Answer<I::Output>, I::Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(self.0.run().await?) })
    }
}

impl<I: Operation> Call<I, Async> {
    /// The future of the call, for what takes a future: `tokio::spawn(call.send())`. To await a call, it is not needed.
    ///
    /// # Errors
    /// When the service answers with an error, or not at all.
    pub fn send(self) -> BoxFuture<'static, Result<I::Output, I::Error>> {
        self.into_future()
    }

    /// The call with all that is known of its result.
    pub(super) async fn run(self) -> Result<Answer<I::Output>, Error<I::ServiceError>> {
        let mut call = Typed::new(self.input, true);
        drive(Invocation::new(&self.shared, self.overrides.as_deref(), &mut call), &self.shared).await;
        call.into_answer()
    }
}

impl<I: Operation> DetailedCall<I, Async> {
    /// The future of the call, for what takes a future. To await a call, it is not needed.
    ///
    /// # Errors
    /// When the service answers with an error, or not at all.
    pub fn send(self) -> BoxFuture<'static, Result<Answer<I::Output>, I::Error>> {
        self.into_future()
    }
}

impl<I: Operation> Call<I, Blocking> {
    /// Makes the call.
    ///
    /// # Errors
    /// When the service answers with an error, or not at all.
    pub fn send(self) -> Result<I::Output, I::Error> {
        let mut call = Typed::new(self.input, false);
        drive_blocking(Invocation::new(&self.shared, self.overrides.as_deref(), &mut call), &self.shared);
        Ok(call.into_result()?)
    }

    /// The call with all that is known of its result.
    pub(super) fn run(self) -> Result<Answer<I::Output>, Error<I::ServiceError>> {
        let mut call = Typed::new(self.input, true);
        drive_blocking(Invocation::new(&self.shared, self.overrides.as_deref(), &mut call), &self.shared);
        call.into_answer()
    }
}

impl<I: Operation> DetailedCall<I, Blocking> {
    /// Makes the call.
    ///
    /// # Errors
    /// When the service answers with an error, or not at all.
    pub fn send(self) -> Result<Answer<I::Output>, I::Error> {
        Ok(self.0.run()?)
    }
}

impl IntoFuture for DynamicCall<Async> {
    type Output = Result<String, DynamicError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let (mut call, shared) = self.begin()?;
            drive(Invocation::new(&shared, None, &mut call), &shared).await;
            call.into_result()
        })
    }
}

impl DynamicCall<Async> {
    /// The future of the call, for what takes a future. To await a call, it is not needed.
    ///
    /// # Errors
    /// When there is no such operation, the JSON does not fit it, or the call fails.
    pub fn send(self) -> BoxFuture<'static, Result<String, DynamicError>> {
        self.into_future()
    }
}

impl DynamicCall<Blocking> {
    /// Makes the call.
    ///
    /// # Errors
    /// When there is no such operation, the JSON does not fit it, or the call fails.
    pub fn send(self) -> Result<String, DynamicError> {
        let (mut call, shared) = self.begin()?;
        drive_blocking(Invocation::new(&shared, None, &mut call), &shared);
        call.into_result()
    }
}

/// Does what the invocation says, until it is done.
async fn drive(mut invocation: Invocation<'_>, shared: &Shared) {
    let settings = &*shared.config.0;
    let clock = &*settings.clock;
    let span = Span::call(invocation.operation());
    let mut step = invocation.start();
    loop {
        step = match step {
            Step::Identify { limit } => {
                let Some(cache) = &settings.credentials else { return invocation.impossible(no_credentials()) };
                let credentials = within(clock, limit, cache.get(clock.now()));
                invocation.identified(span.around(credentials).await)
            }
            Step::Replace { credentials } => {
                settings.credentials.iter().for_each(|cache| cache.invalidate(&credentials));
                invocation.replaced()
            }
            Step::Send { request, limit } => {
                let Some(transport) = &settings.transport else {
                    return invocation.impossible(no_transport("client", "transport"));
                };
                let attempt = span.attempt(invocation.attempt());
                let answer = attempt.around(within(clock, limit, transport.send(request))).await;
                let answer = answer.map_or(Err(SendError::Timeout), |answer| answer.map_err(SendError::Transport));
                attempt.answered(&span, &answer);
                invocation.answered(answer)
            }
            Step::Rest(delay) => {
                span.resting(delay);
                if !delay.is_zero() {
                    clock.sleep(delay).await;
                }
                invocation.rested()
            }
            Step::Done => return,
        };
    }
}

/// The same on this thread.
fn drive_blocking(mut invocation: Invocation<'_>, shared: &Shared) {
    let settings = &*shared.config.0;
    let span = Span::call(invocation.operation());
    let mut step = invocation.start();
    loop {
        step = match step {
            Step::Identify { limit } => {
                let Some(cache) = &settings.blocking_credentials else {
                    return invocation.impossible(no_credentials());
                };
                let now = settings.clock.now();
                invocation.identified(span.inside(|| cache.get_blocking(now, limit)))
            }
            Step::Replace { credentials } => {
                settings.blocking_credentials.iter().for_each(|cache| cache.invalidate(&credentials));
                invocation.replaced()
            }
            Step::Send { request, limit } => {
                let Some(transport) = &settings.blocking_transport else {
                    return invocation.impossible(no_transport("blocking", "blocking_transport"));
                };
                let attempt = span.attempt(invocation.attempt());
                let start = settings.clock.monotonic();
                let answer = attempt.inside(|| match limit {
                    // There is no time to try, in either mode.
                    Some(Duration::ZERO) => Err(TransportError::new(TransportErrorKind::Timeout, "there is no time")),
                    _ => transport.send(request, limit),
                });
                let spent = settings.clock.monotonic().saturating_sub(start);
                let answer = answer.map_err(|error| match limit {
                    Some(limit) if error.kind() == TransportErrorKind::Timeout && limit <= spent => SendError::Timeout,
                    _ => SendError::Transport(error),
                });
                attempt.answered(&span, &answer);
                invocation.answered(answer)
            }
            Step::Rest(delay) => {
                span.resting(delay);
                if !delay.is_zero() {
                    settings.clock.block(delay);
                }
                invocation.rested()
            }
            Step::Done => return,
        };
    }
}

fn no_credentials() -> ClientError {
    ClientError::Credentials(CredentialsError::new("no credentials: Config::builder().credentials(...) was not called"))
}

fn no_transport(feature: &str, setter: &str) -> ClientError {
    ClientError::Config(ConfigError::new(format!(
        "nothing to send requests with: turn on the feature `{feature}` or call Config::builder().{setter}(...)"
    )))
}
