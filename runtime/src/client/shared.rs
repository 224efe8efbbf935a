//! What all clones of a client share, and what does not depend on the operation.

use super::config::Config;
use super::error::{ClientError, ConfigError};
use super::retry::RetryPartition;
use super::signing::SigningKeys;
use crate::endpoint::functions::is_valid_host_label;
use crate::endpoint::{AuthScheme, Endpoint, EndpointConfig, EndpointError, WithoutUser};
use crate::one_line::OneLine;
use crate::{Protocol, ServiceDescription};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderName, HeaderValue, Uri};
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

/// State of a client.
#[derive(Debug)]
pub(super) struct Shared {
    pub service: &'static ServiceDescription,
    pub config: Config,
    /// What clients of one configuration share.
    pub retry: Arc<RetryPartition>,
    pub keys: SigningKeys,
    /// What the endpoint rules are asked, where a call says nothing of its own.
    pub endpoint_config: Result<EndpointConfig, ConfigError>,
    /// The endpoint where nothing of it depends on a call; resolved once.
    endpoint: OnceLock<Result<Arc<Target>, EndpointError>>,
    /// The same for the account that credentials were last of.
    account_endpoint: Mutex<Option<(String, Arc<Target>)>>,
    /// Seconds that the service's clock is ahead.
    skew: AtomicI64,
    /// Which of the service's protocols the endpoint is known to speak, by its place in the model's list.
    spoken: AtomicUsize,
}

/// Where requests go, and with what scope they are signed.
#[derive(Debug, PartialEq)]
pub(super) struct Target {
    scheme: Scheme,
    authority: Authority,
    /// Path before the operation's, without a slash at its end.
    base_path: String,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub region: String,
    pub signing_name: String,
    /// Whether paths are signed as they are sent.
    pub signs_plain_paths: bool,
}

impl Shared {
    pub fn new(service: &'static ServiceDescription, config: Config) -> Self {
        let endpoint_config = endpoint_config(&config, service.service_id);
        let retry = config.0.retry_partitions.of(service.service_id, config.region());
        Self {
            service,
            retry,
            endpoint_config,
            config,
            keys: SigningKeys::default(),
            endpoint: OnceLock::new(),
            account_endpoint: Mutex::default(),
            skew: AtomicI64::new(0),
            spoken: AtomicUsize::new(0),
        }
    }

    pub fn protocol(&self) -> Protocol {
        let spoken = self.service.protocols.get(self.spoken.load(Ordering::Relaxed)).copied();
        self.chosen_protocol().or(spoken).unwrap_or_else(|| self.service.preferred_protocol())
    }

    /// The configuration's protocol, if the service speaks it: one configuration serves services with others too.
    pub fn chosen_protocol(&self) -> Option<Protocol> {
        self.config.0.protocol.filter(|protocol| self.service.protocols.contains(protocol))
    }

    /// The protocol to try on an endpoint that does not speak `refused`.
    pub fn protocol_after(&self, refused: Protocol) -> Option<Protocol> {
        let place = self.service.protocols.iter().position(|protocol| *protocol == refused)?;
        self.service.protocols.get(place + 1).copied()
    }

    /// Remembers what the client's endpoint speaks.
    pub fn remember_protocol(&self, spoken: Protocol) {
        if let Some(place) = self.service.protocols.iter().position(|protocol| *protocol == spoken) {
            self.spoken.store(place, Ordering::Relaxed);
        }
    }

    /// The time of day as the service sees it.
    pub fn now(&self) -> SystemTime {
        let skew = self.skew.load(Ordering::Relaxed);
        let (now, size) = (self.config.0.clock.now(), Duration::from_secs(skew.unsigned_abs()));
        let shifted = if skew < 0 { now.checked_sub(size) } else { now.checked_add(size) };
        shifted.unwrap_or(now)
    }

    /// Takes over the service's time, if it is so far from when a request was signed that it was refused for that. Says
    /// whether it is: then another call may have taken it over meanwhile.
    ///
    /// A difference of more than a day is not taken over: no clock is so wrong by a time zone, and one that is wrong by
    /// years fails at the certificates already. It is rather the answer that is wrong.
    pub fn correct_skew(&self, server: SystemTime, signed: SystemTime) -> bool {
        /// The services accept what is signed within 5 minutes.
        const TOLERATED: u64 = 4 * 60;
        const MAX_SKEW: u64 = 24 * 60 * 60;
        let between = |a: SystemTime, b: SystemTime| match a.duration_since(b) {
            Ok(ahead) => i64::try_from(ahead.as_secs()).unwrap_or(i64::MAX),
            Err(behind) => -i64::try_from(behind.duration().as_secs()).unwrap_or(i64::MAX),
        };
        let skew = between(server, self.config.0.clock.now());
        if between(server, signed).unsigned_abs() < TOLERATED || skew.unsigned_abs() > MAX_SKEW {
            return false;
        }
        self.skew.store(skew, Ordering::Relaxed);
        true
    }

    /// Goes back to this machine's time. Says whether that is another.
    pub fn forget_skew(&self) -> bool {
        self.skew.swap(0, Ordering::Relaxed) != 0
    }

    /// The target of calls that say nothing of their own about it.
    pub fn common_target(&self, config: &EndpointConfig) -> Result<Arc<Target>, ClientError> {
        let resolve = || self.target(&self.resolve(config)?, config).map(Arc::new);
        let known = self.endpoint.get_or_init(resolve);
        known.clone().map_err(|error| self.endpoint_error(error))
    }

    /// The same for calls by credentials of an account that the configuration does not name.
    pub fn account_target(&self, config: &EndpointConfig, account: &str) -> Result<Arc<Target>, ClientError> {
        let mut known = self.account_endpoint.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, target)) = &*known
            && of == account
        {
            return Ok(Arc::clone(target));
        }
        let resolve = |config: &EndpointConfig| self.target(&self.resolve(config)?, config);
        let target = self.target_of_account(config, account, resolve)?;
        *known = Some((account.to_owned(), Arc::clone(&target)));
        Ok(target)
    }

    /// What `resolve` gives for this account. One that makes no difference may be anything.
    pub fn target_of_account(
        &self,
        config: &EndpointConfig,
        account: &str,
        resolve: impl Fn(&EndpointConfig) -> Result<Target, EndpointError>,
    ) -> Result<Arc<Target>, ClientError> {
        let target = match with_account(config, account) {
            Ok(config) => resolve(&config),
            Err(error) => {
                let unchecked = EndpointConfig { account_id: Some(account.to_owned()), ..config.clone() };
                let without = resolve(config);
                if resolve(&unchecked) != without {
                    return Err(ClientError::Config(error));
                }
                without
            }
        };
        target.map(Arc::new).map_err(|error| self.endpoint_error(error))
    }

    /// What the service's rules give.
    pub fn resolve(&self, config: &EndpointConfig) -> Result<Endpoint, EndpointError> {
        match (self.service.resolve_endpoint, &config.endpoint) {
            (Some(resolve), _) => resolve(config),
            (None, Some(url)) => Ok(Endpoint::new(url)),
            (None, None) => Err(EndpointError::NoRule),
        }
    }

    /// The rules' message for a missing region does not say where it was looked for.
    pub fn endpoint_error(&self, error: EndpointError) -> ClientError {
        match self.config.0.region {
            None => ClientError::Config(self.config.no_region()),
            Some(_) => ClientError::Endpoint(error),
        }
    }

    /// The endpoint that `config` was resolved to, taken apart.
    pub fn target(&self, endpoint: &Endpoint, config: &EndpointConfig) -> Result<Target, EndpointError> {
        let unusable = || EndpointError::InvalidUrl(WithoutUser(&endpoint.url).to_string());
        let uri = Uri::try_from(&endpoint.url).map_err(|_| unusable())?;
        let parts = uri.into_parts();
        let scheme =
            parts.scheme.filter(|scheme| [Scheme::HTTP, Scheme::HTTPS].contains(scheme)).ok_or_else(unusable)?;
        let authority = parts.authority.ok_or_else(unusable)?;
        // Rules make host names of parameters. What comes out is a host name and nothing else, or somebody has put more
        // into a parameter than belongs there.
        let is_plain = is_valid_host_label(authority.as_str(), true) && !endpoint.url.contains(['?', '#']);
        if config.endpoint.is_none() && !is_plain {
            return Err(unusable());
        }
        let path = parts.path_and_query.as_ref().map_or("", PathAndQuery::path);
        let scheme_of = signature(endpoint)?;
        let region = scheme_of.and_then(|auth| auth.signing_region()).or(self.config.region());
        let name = scheme_of.and_then(|auth| auth.signing_name()).unwrap_or(self.service.signing_name);
        Ok(Target {
            scheme,
            authority,
            base_path: path.trim_end_matches('/').to_owned(),
            headers: header_values(endpoint)?,
            region: region.unwrap_or_default().to_owned(),
            signing_name: name.to_owned(),
            signs_plain_paths: scheme_of.is_some_and(AuthScheme::signs_plain_paths),
        })
    }
}

/// How the endpoint wants requests signed, where it says so.
fn signature(endpoint: &Endpoint) -> Result<Option<AuthScheme<'_>>, EndpointError> {
    let names: Vec<&str> = endpoint.auth_schemes().filter_map(AuthScheme::name).collect();
    match endpoint.auth_scheme("sigv4") {
        None if !names.is_empty() => Err(EndpointError::refused(format!(
            "the endpoint asks for requests that are signed by {}, and clients know sigv4 only",
            names.join(" or ")
        ))),
        scheme => Ok(scheme),
    }
}

/// What the endpoint rules are asked for a client of this service.
fn endpoint_config(config: &Config, service_id: &str) -> Result<EndpointConfig, ConfigError> {
    let settings = &*config.0;
    let region = settings.region.clone().transpose()?;
    let common = EndpointConfig {
        region: region.map(|region| region.as_str().to_owned()),
        use_fips: settings.use_fips || settings.is_fips_region,
        use_dual_stack: settings.use_dual_stack,
        endpoint: config.endpoint_url(service_id)?,
        account_id: None,
        // What rules expect of clients that let credentials decide.
        account_id_endpoint_mode: settings.account_id_endpoint_mode.clone().or_else(|| Some("preferred".to_owned())),
    };
    match &settings.account_id {
        Some(account) => with_account(&common, account),
        None => Ok(common),
    }
}

/// `config` for this account, which may become part of a host name.
fn with_account(config: &EndpointConfig, account: &str) -> Result<EndpointConfig, ConfigError> {
    if !is_valid_host_label(account, false) {
        let shown = OneLine(account.escape_debug().to_string());
        return Err(ConfigError::new(format!("the account id is \"{shown}\": expected digits")));
    }
    Ok(EndpointConfig { account_id: Some(account.to_owned()), ..config.clone() })
}

fn header_values(endpoint: &Endpoint) -> Result<Vec<(HeaderName, HeaderValue)>, EndpointError> {
    let unusable = |name: &str| EndpointError::refused(format!("the rules give a header {name:?} that cannot be sent"));
    let mut headers = Vec::new();
    for (name, values) in &endpoint.headers {
        let header = HeaderName::try_from(*name).map_err(|_| unusable(name))?;
        for value in values {
            headers.push((header.clone(), HeaderValue::try_from(value).map_err(|_| unusable(name))?));
        }
    }
    Ok(headers)
}

impl Target {
    /// Whether this is one of the labels of the host.
    pub fn has_label(&self, label: &str) -> bool {
        self.authority.host().split('.').any(|part| part == label)
    }

    /// The URI of a request with this path of its own.
    pub fn uri(&self, request: &Uri) -> Result<Uri, ConfigError> {
        let own = request.path_and_query();
        let path = if self.base_path.is_empty() {
            own.cloned().unwrap_or_else(|| PathAndQuery::from_static("/"))
        } else {
            let path = format!("{}{}", self.base_path, own.map_or("/", PathAndQuery::as_str));
            PathAndQuery::try_from(path).map_err(|error| ConfigError::new(error.to_string()))?
        };
        Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(path)
            .build()
            .map_err(|error| ConfigError::new(error.to_string()))
    }
}
