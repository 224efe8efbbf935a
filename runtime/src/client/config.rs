//! What a client needs to know before it calls.

use super::bearer::BearerToken;
use super::clock::Clock;
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
use super::clock::SystemClock;
#[cfg(feature = "credentials")]
use super::credentials::MfaCode;
use super::credentials::{CredentialsCache, ProvideCredentials, SourceContext};
use super::endpoint_url::EndpointUrl;
#[cfg(feature = "credentials")]
use super::environment::LoadedEnvironment;
use super::error::ConfigError;
use super::interceptor::Interceptor;
#[cfg(any(feature = "client", feature = "blocking"))]
use super::network::HttpOptions;
use super::region::Region;
use super::retry::{Classify, Jitter, RetryConfig, RetryPartitions};
use super::transport::{BlockingTransport, Transport};
use super::user_agent::UserAgentParts;
use crate::Protocol;
#[cfg(feature = "test-util")]
use crate::ServiceDescription;
use std::sync::Arc;
use std::time::Duration;

/// Configuration of clients, for any number of services. Cheap to clone; clones share connections and credentials.
#[derive(Clone, Debug)]
pub struct Config(pub(super) Arc<Values>);

/// What a configuration consists of.
#[derive(Clone, Debug)]
pub(super) struct Values {
    /// An invalid one is an error of each call: a builder has nowhere to report it.
    pub region: Option<Result<Region, ConfigError>>,
    /// Whether the region was named as the one with FIPS endpoints.
    pub is_fips_region: bool,
    /// What the environment says, where it was asked.
    #[cfg(feature = "credentials")]
    pub environment: Option<Arc<LoadedEnvironment>>,
    pub credentials: Option<Arc<CredentialsCache>>,
    /// Those of blocking clients, whose source is asked by other means.
    pub blocking_credentials: Option<Arc<CredentialsCache>>,
    /// Who is asked for the codes of devices.
    #[cfg(feature = "credentials")]
    pub mfa_code: Option<MfaCode>,
    /// Whether requests are sent without a signature.
    pub is_anonymous: bool,
    pub bearer_token: Option<BearerToken>,
    pub endpoint_url: Option<EndpointUrl>,
    /// Endpoint URLs of single services, by service id.
    pub service_endpoint_urls: Vec<(String, EndpointUrl)>,
    pub disable_host_prefix: bool,
    pub use_fips: bool,
    pub use_dual_stack: bool,
    pub account_id: Option<String>,
    pub account_id_endpoint_mode: Option<String>,
    pub protocol: Option<Protocol>,
    pub retry: RetryConfig,
    pub retry_partitions: Arc<RetryPartitions>,
    pub jitter: Jitter,
    pub call_timeout: Option<Duration>,
    pub attempt_timeout: Option<Duration>,
    pub classifier: Option<Arc<dyn Classify>>,
    pub clock: Arc<dyn Clock>,
    pub transport: Option<Arc<dyn Transport>>,
    pub blocking_transport: Option<Arc<dyn BlockingTransport>>,
    pub user_agent: UserAgentParts,
    /// Who looks at calls, in this order.
    pub interceptors: Vec<Arc<dyn Interceptor>>,
    /// Whether inputs are looked at before they are sent.
    #[cfg(feature = "validate")]
    pub validate: bool,
    /// Whether requests tell the transports what they call. Those for credentials never do.
    #[cfg(feature = "test-util")]
    pub tells_operations: bool,
    #[cfg(any(feature = "client", feature = "blocking"))]
    pub http: HttpOptions,
}

impl Values {
    /// The endpoint URL that replaces the one of the rules for a service: by hand before the environment's.
    pub(super) fn endpoint_url_of(&self, service_id: &str) -> Result<Option<String>, ConfigError> {
        let of_service = self.service_endpoint_urls.iter().find(|(id, _)| same_service(id, service_id));
        let by_hand = match of_service {
            Some((_, url)) => Some((url, "service_endpoint_url")),
            None => self.endpoint_url.as_ref().map(|url| (url, "endpoint_url")),
        };
        if let Some((url, setter)) = by_hand {
            let checked = url.check().map_err(|problem| {
                ConfigError::new(format!("the URL given to Config::builder().{setter}(...) {problem}"))
            });
            return checked.map(Some);
        }
        #[cfg(feature = "credentials")]
        if let Some(loaded) = &self.environment {
            let url = loaded.settings.endpoint_url(service_id).map_err(|error| ConfigError::new(error.to_string()))?;
            return Ok(url.map(|setting| setting.value));
        }
        Ok(None)
    }
}

impl Config {
    /// A configuration by hand: nothing is read from the environment.
    ///
    /// On `wasm32-unknown-unknown`, which has neither, it takes a clock and a source of randomness:
    /// `Config::builder(clock, randomness)`.
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    pub fn builder() -> ConfigBuilder {
        ConfigBuilder::new()
    }

    /// A configuration by hand, on a platform that has neither clock nor randomness. The first source of randomness that
    /// is given serves all clients.
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    pub fn builder(clock: impl Clock, randomness: impl super::random::Randomness) -> ConfigBuilder {
        super::random::provide(randomness);
        ConfigBuilder::with_clock(Arc::new(clock))
    }

    /// The region, if there is one.
    pub fn region(&self) -> Option<&str> {
        self.0.region.as_ref()?.as_ref().ok().map(Region::as_str)
    }

    /// How calls are retried.
    pub fn retry(&self) -> &RetryConfig {
        &self.0.retry
    }

    /// A builder that begins with this configuration. What it builds shares connections, credentials, and the state
    /// of retries: the budget and the adaptive mode's rate, each for one service in one region.
    pub fn to_builder(&self) -> ConfigBuilder {
        ConfigBuilder { shares_retry_state: true, ..ConfigBuilder::with((*self.0).clone()) }
    }

    /// The same for those who ask for credentials: they have none yet.
    pub(super) fn without_credentials(&self) -> Self {
        Self(Arc::new(Values {
            credentials: None,
            blocking_credentials: None,
            bearer_token: None,
            // Headers for the service that is called are none for those who give credentials.
            interceptors: Vec::new(),
            #[cfg(feature = "test-util")]
            tells_operations: false,
            ..(*self.0).clone()
        }))
    }

    /// The same for those who ask with another environment than it was made from.
    #[cfg(feature = "credentials")]
    pub(super) fn without_environment(&self) -> Self {
        Self(Arc::new(Values { environment: None, ..(*self.0).clone() }))
    }

    /// How many of the 500 tokens in a service's budget for retries are left.
    #[cfg(feature = "test-util")]
    pub fn retry_tokens(&self, service: &ServiceDescription) -> u32 {
        self.0.retry_partitions.of(service.service_id, self.region()).budget.tokens()
    }

    /// How many requests per second the adaptive mode sends to a service, once it limits them.
    #[cfg(feature = "test-util")]
    pub fn request_rate(&self, service: &ServiceDescription) -> Option<f64> {
        self.0.retry_partitions.of(service.service_id, self.region()).rate()
    }

    /// The endpoint URL that replaces the one of the rules for a service.
    pub(super) fn endpoint_url(&self, service_id: &str) -> Result<Option<String>, ConfigError> {
        self.0.endpoint_url_of(service_id)
    }

    /// That there is no region, and where it was looked for.
    pub(super) fn no_region(&self) -> ConfigError {
        #[cfg(feature = "credentials")]
        if let Some(loaded) = &self.0.environment {
            return ConfigError::new(format!("no region: looked at {}", loaded.settings.region_looked_at()));
        }
        ConfigError::new("no region: Config::builder().region(...) was not called")
    }
}

/// Service ids are compared as in variables of the environment: `WorkSpaces Web` is `workspaces_web`.
fn same_service(a: &str, b: &str) -> bool {
    let plain = |c: char| if c == ' ' || c == '-' { '_' } else { c.to_ascii_lowercase() };
    a.chars().map(plain).eq(b.chars().map(plain))
}

/// Makes a [`Config`].
#[derive(Clone, Debug)]
#[must_use]
pub struct ConfigBuilder {
    pub(super) values: Values,
    /// Whether the state of retries is that of the configuration that the builder began with.
    shares_retry_state: bool,
    /// Where credentials come from, unless they are those of the configuration that the builder began with.
    source: Option<Arc<dyn ProvideCredentials>>,
}

impl ConfigBuilder {
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    fn new() -> Self {
        Self::with_clock(Arc::new(SystemClock))
    }

    /// With all defaults but the clock, which not every platform has.
    pub(super) fn with_clock(clock: Arc<dyn Clock>) -> Self {
        let values = Values {
            region: None,
            is_fips_region: false,
            #[cfg(feature = "credentials")]
            environment: None,
            credentials: None,
            blocking_credentials: None,
            #[cfg(feature = "credentials")]
            mfa_code: None,
            is_anonymous: false,
            endpoint_url: None,
            service_endpoint_urls: Vec::new(),
            disable_host_prefix: false,
            use_fips: false,
            use_dual_stack: false,
            bearer_token: None,
            account_id: None,
            account_id_endpoint_mode: None,
            protocol: None,
            retry: RetryConfig::standard(),
            retry_partitions: Arc::default(),
            jitter: Jitter::default(),
            call_timeout: None,
            attempt_timeout: Some(Self::DEFAULT_ATTEMPT_TIMEOUT),
            classifier: None,
            clock,
            transport: None,
            blocking_transport: None,
            user_agent: UserAgentParts::default(),
            interceptors: Vec::new(),
            #[cfg(feature = "validate")]
            validate: false,
            #[cfg(feature = "test-util")]
            tells_operations: false,
            #[cfg(any(feature = "client", feature = "blocking"))]
            http: HttpOptions::default(),
        };
        Self::with(values)
    }

    fn with(values: Values) -> Self {
        Self { values, shares_retry_state: false, source: None }
    }

    /// How long an attempt may take unless something else is set.
    pub const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(60);

    /// The region to call, such as `eu-west-1`.
    ///
    /// If the name is not one of a region (see [`Region`]), every call fails and says so. `fips-us-gov-west-1` and
    /// `us-gov-west-1-fips` are read as the region, with FIPS endpoints.
    pub fn region(self, region: impl AsRef<str>) -> Self {
        self.region_from(region.as_ref(), "Config::builder().region(...)")
    }

    /// The same, where `origin` says who named the region.
    pub(super) fn region_from(mut self, name: &str, origin: &str) -> Self {
        let (region, is_fips) = match Region::with_fips(name) {
            Ok((region, is_fips)) => (Ok(region), is_fips),
            Err(error) => (Err(ConfigError::new(format!("{origin}: {error}"))), false),
        };
        self.values.region = Some(region);
        self.values.is_fips_region = is_fips;
        self
    }

    /// Who calls: [`Credentials`](super::Credentials), or [a source](super::credentials) of them.
    ///
    /// What the source gives is kept until shortly before its end, by async and blocking clients each for themselves.
    pub fn credentials(mut self, source: impl ProvideCredentials) -> Self {
        self.source = Some(Arc::new(source));
        self.values.is_anonymous = false;
        self
    }

    /// Requests without a signature, for what is open to everybody.
    pub fn anonymous(mut self) -> Self {
        self.source = None;
        (self.values.credentials, self.values.blocking_credentials) = (None, None);
        self.values.is_anonymous = true;
        self
    }

    /// Who is asked for the code of a device, where a role needs one: in a profile with `mfa_serial`, for instance.
    #[cfg(feature = "credentials")]
    pub fn mfa_code(mut self, code: impl Into<MfaCode>) -> Self {
        self.values.mfa_code = Some(code.into());
        self
    }

    /// Calls this URL instead of the one that the endpoint rules give, for all services.
    pub fn endpoint_url(mut self, url: impl Into<String>) -> Self {
        self.values.endpoint_url = Some(EndpointUrl(url.into()));
        self
    }

    /// Calls this URL for one service, by service id: `AppStream`, `WorkSpaces`.
    pub fn service_endpoint_url(mut self, service_id: impl Into<String>, url: impl Into<String>) -> Self {
        let service_id = service_id.into();
        let urls = &mut self.values.service_endpoint_urls;
        urls.retain(|(id, _)| !same_service(id, &service_id));
        urls.push((service_id, EndpointUrl(url.into())));
        self
    }

    /// Leaves out the prefix that some operations put before the endpoint's host name, or before the host of an endpoint
    /// URL. Local servers seldom have such names, and IP addresses never.
    pub fn disable_host_prefix(mut self, on: bool) -> Self {
        self.values.disable_host_prefix = on;
        self
    }

    /// The token for services that take one instead of a signature.
    pub fn bearer_token(mut self, token: BearerToken) -> Self {
        self.values.bearer_token = Some(token);
        self
    }

    /// The account that endpoint rules may put into host names; by default the account of the credentials, if it is known.
    pub fn account_id(mut self, id: impl Into<String>) -> Self {
        self.values.account_id = Some(id.into());
        self
    }

    /// Whether to call endpoints that conform to FIPS 140.
    pub fn use_fips(mut self, on: bool) -> Self {
        self.values.use_fips = on;
        self
    }

    /// Whether to call endpoints that have IPv6 addresses too.
    pub fn use_dual_stack(mut self, on: bool) -> Self {
        self.values.use_dual_stack = on;
        self
    }

    /// The protocol to speak, instead of the first that the service's model lists. Services that do not speak it go on with
    /// their own.
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.values.protocol = Some(protocol);
        self
    }

    /// How calls are retried.
    pub fn retry(mut self, retry: RetryConfig) -> Self {
        self.values.retry = retry;
        self
    }

    /// How long a call may take with all its attempts; no limit by default.
    pub fn call_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.values.call_timeout = limit.into();
        self
    }

    /// How long one attempt may take: [`Self::DEFAULT_ATTEMPT_TIMEOUT`] by default.
    pub fn attempt_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.values.attempt_timeout = limit.into();
        self
    }

    /// Says which failures are worth another attempt.
    pub fn classifier(mut self, classifier: impl Classify) -> Self {
        self.values.classifier = Some(Arc::new(classifier));
        self
    }

    /// What sends requests for async clients.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        #[cfg(feature = "test-util")]
        {
            self.values.tells_operations |= transport.wants_operations();
        }
        self.values.transport = Some(Arc::new(transport));
        self
    }

    /// What sends requests for blocking clients.
    pub fn blocking_transport(mut self, transport: impl BlockingTransport) -> Self {
        #[cfg(feature = "test-util")]
        {
            self.values.tells_operations |= transport.wants_operations();
        }
        self.values.blocking_transport = Some(Arc::new(transport));
        self
    }

    /// How servers are reached: timeouts of connections, proxies, root certificates.
    ///
    /// Only what `options` set is changed; the rest stays as the environment or an earlier call set it. So a timeout can be
    /// changed without losing the proxies of the environment.
    #[cfg(any(feature = "client", feature = "blocking"))]
    pub fn http(mut self, options: HttpOptions) -> Self {
        self.values.http = std::mem::take(&mut self.values.http).adjusted_by(options);
        self.values.transport = None;
        self.values.blocking_transport = None;
        self
    }

    /// Whether every call looks at its input before anything is signed or sent, and fails with
    /// [`ClientError::Invalid`](super::ClientError::Invalid) where the model does not allow it. Off by default: the service
    /// decides, and may allow what its model in this version of the crate does not.
    #[cfg(feature = "validate")]
    pub fn validate(mut self, on: bool) -> Self {
        self.values.validate = on;
        self
    }

    /// What tells the time.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.values.clock = Arc::new(clock);
        // Rates are measured with one clock.
        self.shares_retry_state = false;
        self
    }

    /// Gives the random part of a pause, between attempts and between the calls of a wait, as a number from 0 to 1; it is
    /// called for every pause.
    #[cfg(feature = "test-util")]
    pub fn jitter(mut self, fraction: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.values.jitter = Jitter::of(fraction);
        self
    }

    /// Who looks at calls, and may add headers to requests; any number of them, which are asked in the order in which they
    /// were given.
    ///
    /// Calls that are made to get credentials are not among those that they see.
    pub fn interceptor(mut self, interceptor: impl Interceptor) -> Self {
        self.values.interceptors.push(Arc::new(interceptor));
        self
    }

    /// Names the application in the `User-Agent` header, as `app/NAME`, and so in the logs of AWS CloudTrail.
    ///
    /// Characters that no token may have become `-`, and 50 characters are sent.
    pub fn app_name(mut self, name: impl Into<String>) -> Self {
        self.values.user_agent.app_name = Some(name.into());
        self
    }

    /// Names a library that makes calls for its own users in the `User-Agent` header, as `lib/NAME#VERSION`; any number of
    /// them, of which 10 are sent.
    ///
    /// Characters that no token may have become `-`.
    pub fn library(mut self, name: impl Into<String>, version: impl Into<String>) -> Self {
        self.values.user_agent.libraries.push((name.into(), version.into()));
        self
    }

    /// The configuration.
    pub fn build(mut self) -> Config {
        if !self.shares_retry_state {
            // Clones of a builder make configurations that have nothing to do with each other.
            self.values.retry_partitions = Arc::default();
        }
        self.add_transports();
        self.add_credentials();
        Config(Arc::new(self.values))
    }

    /// The transports of this crate, where no others are given.
    fn add_transports(&mut self) {
        #[cfg(feature = "client")]
        if self.values.transport.is_none() {
            self.values.transport = Some(Arc::new(super::HttpTransport::new(self.values.http.clone())));
        }
        #[cfg(feature = "blocking")]
        if self.values.blocking_transport.is_none() {
            let transport = super::BlockingHttpTransport::new(self.values.http.clone());
            self.values.blocking_transport = Some(Arc::new(transport));
        }
    }

    /// What keeps the credentials of a source that is new.
    fn add_credentials(&mut self) {
        let Some(source) = self.source.take() else { return };
        let config = Config(Arc::new(self.values.clone()));
        let cache = |context| Some(Arc::new(CredentialsCache::new(Arc::clone(&source), context)));
        self.values.credentials = cache(SourceContext::new(&config));
        self.values.blocking_credentials = cache(SourceContext::blocking(&config));
    }
}
