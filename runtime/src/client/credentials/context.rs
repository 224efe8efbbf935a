//! What sources of credentials ask with.

#[cfg(feature = "credentials")]
mod client;
#[cfg(feature = "credentials")]
mod settings;

#[cfg(feature = "credentials")]
pub(super) use settings::ProfileSettings;

use crate::client::Config;
#[cfg(feature = "credentials")]
use crate::client::Environment;
use crate::client::clock::within;
use crate::client::transport::{BlockingTransport, Transport, TransportError, TransportErrorKind};
use bytes::Bytes;
use http::{Request, Response};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// What a source of credentials has at hand when it is asked: a way to send requests, the time, and the settings of who
/// asks.
///
/// A client's [`Config`] makes one for its source. By hand, it is for asking a source without a client.
#[derive(Clone, Debug)]
pub struct SourceContext {
    sender: Sender,
    /// Without credentials.
    config: Config,
    #[cfg(feature = "credentials")]
    environment: Environment,
    /// The profile that was asked for, instead of the one that the environment names.
    #[cfg(feature = "credentials")]
    profile: Option<String>,
}

/// What requests are sent over.
#[derive(Clone, Debug)]
enum Sender {
    Async(Arc<dyn Transport>),
    Blocking(Arc<dyn BlockingTransport>),
    /// The configuration has none of that kind.
    None,
}

impl SourceContext {
    /// For sources that are awaited. They send requests over the configuration's async transport. The environment is
    /// that which the configuration was made from, or else the process's.
    pub fn new(config: &Config) -> Self {
        Self::over(config.0.transport.clone().map_or(Sender::None, Sender::Async), config)
    }

    /// The same for threads that may wait: a source blocks instead of being pending, and sends requests over the
    /// configuration's blocking transport.
    pub fn blocking(config: &Config) -> Self {
        Self::over(config.0.blocking_transport.clone().map_or(Sender::None, Sender::Blocking), config)
    }

    fn over(sender: Sender, config: &Config) -> Self {
        #[cfg(feature = "credentials")]
        let (environment, profile) = match &config.0.environment {
            Some(loaded) => (loaded.environment.clone(), loaded.profile.clone()),
            None => (Environment::from_process(), None),
        };
        Self {
            sender,
            config: config.without_credentials(),
            #[cfg(feature = "credentials")]
            environment,
            #[cfg(feature = "credentials")]
            profile,
        }
    }

    /// The time of day.
    pub fn now(&self) -> SystemTime {
        self.config.0.clock.now()
    }

    /// Sends a request and reads the response, within `timeout`. No header is shown by `Debug`: many are secret.
    ///
    /// # Errors
    /// When there is no whole response. An HTTP error status is no error here.
    pub async fn send(
        &self,
        mut request: Request<Bytes>,
        timeout: Duration,
    ) -> Result<Response<Bytes>, TransportError> {
        request.headers_mut().values_mut().for_each(|value| value.set_sensitive(true));
        let failed = |kind, why: String| TransportError::new(kind, why);
        match &self.sender {
            Sender::Async(transport) => {
                let answer = within(&*self.config.0.clock, Some(timeout), transport.send(request)).await;
                answer.unwrap_or_else(|| {
                    Err(failed(TransportErrorKind::Timeout, format!("no answer within {timeout:?}")))
                })
            }
            Sender::Blocking(transport) => transport.send(request, Some(timeout)),
            Sender::None => {
                let missing = "nothing to send requests with: the configuration has no transport of this kind";
                Err(failed(TransportErrorKind::Request, missing.to_owned()))
            }
        }
    }

    /// Lets some time pass.
    pub async fn sleep(&self, duration: Duration) {
        match &self.sender {
            Sender::Async(_) => self.config.0.clock.sleep(duration).await,
            Sender::Blocking(_) | Sender::None => self.config.0.clock.block(duration),
        }
    }
}

#[cfg(feature = "credentials")]
impl SourceContext {
    /// With this environment: endpoints of the services that give credentials are those that it names, and the region
    /// where the configuration has none.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self.config = self.config.without_environment();
        self
    }

    /// Who is asked for the codes of devices.
    pub(super) fn mfa_code(&self) -> Option<&super::MfaCode> {
        self.config.0.mfa_code.as_ref()
    }

    /// With this profile, instead of the one that the environment names.
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into());
        self.config = self.config.without_environment();
        self
    }
}
