//! Clients of the services that give credentials: they are asked as any service is, with the settings of who asks.

use super::{Sender, SourceContext};
use crate::client::config::Values;
use crate::client::credentials::{Credentials, CredentialsCache, CredentialsError};
use crate::client::environment::{LoadedEnvironment, Settings};
use crate::client::transport::{BlockingTransport, Transport, TransportError};
use crate::client::{BoxFuture, Clock, Config, Region};
use bytes::Bytes;
use http::{Request, Response};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How long one attempt may take.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);

impl SourceContext {
    /// The configuration of a client that asks for credentials.
    ///
    /// Region, FIPS, dual stack, retries and endpoints of single services are those of who asks; where that is a
    /// configuration by hand, the environment's where it says nothing. A URL that was given by hand for all services is
    /// that of another service: no secrets are sent there.
    pub(crate) fn client_config(&self) -> Result<ClientConfig, CredentialsError> {
        let mut values = (*self.config.0).clone();
        if values.environment.is_none() {
            let settings = Settings::load(&self.environment, self.profile.as_deref())?;
            values.region = values.region.or_else(|| settings.region.clone().map(|region| Ok(region.value)));
            values.is_fips_region |= settings.is_fips_region;
            values.use_fips |= settings.use_fips.unwrap_or_default();
            values.use_dual_stack |= settings.use_dual_stack.unwrap_or_default();
            values.retry.max_attempts = values.retry.max_attempts.or(settings.max_attempts);
            let (environment, profile) = (self.environment.clone(), self.profile.clone());
            values.environment = Some(Arc::new(LoadedEnvironment { environment, profile, settings }));
        }
        let attempt_timeout = values.attempt_timeout.map_or(ATTEMPT_TIMEOUT, |limit| limit.min(ATTEMPT_TIMEOUT));
        (values.attempt_timeout, values.call_timeout) = (Some(attempt_timeout), None);
        (values.endpoint_url, values.protocol, values.classifier, values.account_id) = (None, None, None, None);
        match &self.sender {
            Sender::Async(transport) => values.transport = Some(Arc::clone(transport)),
            Sender::Blocking(transport) => {
                values.clock = Arc::new(BlockingClock(values.clock));
                let transport = Arc::clone(transport);
                values.transport = Some(Arc::new(BlockingSender { transport, timeout: attempt_timeout }));
            }
            Sender::None => values.transport = None,
        }
        Ok(ClientConfig(values))
    }
}

/// A configuration on the way to a client.
pub(crate) struct ClientConfig(Values);

impl ClientConfig {
    /// The region of who asks, if there is one.
    pub(crate) fn region(&self) -> Result<Option<&Region>, CredentialsError> {
        let region = self.0.region.as_ref().map(Result::as_ref).transpose();
        region.map_err(|error| CredentialsError::new(error.to_string()))
    }

    /// Whether STS is to be called at its global endpoint, as long as there is a choice.
    pub(crate) fn uses_global_sts(&self) -> bool {
        let is_wanted = self.0.environment.as_ref().is_some_and(|loaded| loaded.settings.uses_global_sts);
        is_wanted && !self.0.use_fips && !self.0.is_fips_region && !self.0.use_dual_stack
    }

    /// Whether a URL replaces the one of the rules for a service. One that is none is an error of the call.
    pub(crate) fn has_endpoint_url(&self, service_id: &str) -> bool {
        !matches!(self.0.endpoint_url_of(service_id), Ok(None))
    }

    pub(crate) fn in_region(mut self, region: Region) -> Self {
        self.0.region = Some(Ok(region));
        self
    }

    pub(crate) fn with_credentials(mut self, credentials: Credentials, context: &SourceContext) -> Self {
        self.0.credentials = Some(Arc::new(CredentialsCache::new(Arc::new(credentials), context.clone())));
        self
    }

    /// With what every request passes through.
    pub(crate) fn map_transport<T: Transport>(
        mut self,
        wrap: impl FnOnce(Arc<dyn Transport>, Arc<dyn Clock>) -> T,
    ) -> Self {
        let clock = Arc::clone(&self.0.clock);
        self.0.transport = self.0.transport.map(|transport| Arc::new(wrap(transport, clock)) as _);
        self
    }

    pub(crate) fn build(self) -> Config {
        Config(Arc::new(self.0))
    }
}

/// A blocking transport for an async client: its futures block instead of being pending.
#[derive(Debug)]
struct BlockingSender {
    transport: Arc<dyn BlockingTransport>,
    timeout: Duration,
}

impl Transport for BlockingSender {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(async { self.transport.send(request, Some(self.timeout)) })
    }
}

/// A clock whose sleep blocks instead of being pending.
#[derive(Debug)]
struct BlockingClock(Arc<dyn Clock>);

impl Clock for BlockingClock {
    fn now(&self) -> SystemTime {
        self.0.now()
    }

    fn monotonic(&self) -> Duration {
        self.0.monotonic()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let clock = Arc::clone(&self.0);
        Box::pin(async move { clock.block(duration) })
    }

    fn block(&self, duration: Duration) {
        self.0.block(duration);
    }
}
