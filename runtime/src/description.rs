//! What is known of services and operations before they are called.

#[cfg(feature = "validate")]
use crate::Constraints;
use crate::Protocol;
use crate::endpoint::{Endpoint, EndpointConfig, EndpointError};
use crate::protocol::Codec;
#[cfg(feature = "rest")]
use crate::{EncodeError, Http};
use std::time::Duration;

/// The facts that are the same for all operations of a service.
#[derive(Debug)]
#[non_exhaustive]
pub struct ServiceDescription {
    /// Name of the model's folder and of the module, such as `appstream`.
    pub name: &'static str,
    /// Identifier from which configuration keys derive, such as `AppStream`.
    pub service_id: &'static str,
    /// Date-like version of the API; empty where the model has none.
    pub api_version: &'static str,
    /// First label of the service's host names.
    pub endpoint_prefix: &'static str,
    /// Name in the signature's credential scope.
    pub signing_name: &'static str,
    /// Protocols in order of preference; never empty.
    pub protocols: &'static [Protocol],
    /// Errors carry the code of the awsQuery protocol in a header
    /// (`aws.protocols#awsQueryCompatible`).
    pub query_compatible: bool,
    /// Requests have a bearer token instead of a signature (`smithy.api#httpBearerAuth`).
    pub bearer: bool,
    /// The endpoint rules, where the model has any.
    pub resolve_endpoint: Option<ResolveEndpoint>,
    /// How calls are retried where the configuration does not say.
    pub retries: RetryDefaults,
    /// What the model asks of values in requests, where generated code has that. It is a function, because patterns change
    /// at their first use, and constants refer to this description.
    #[cfg(feature = "validate")]
    pub constraints: Option<fn() -> &'static Constraints>,
}

/// How calls of a service are retried where the configuration does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryDefaults {
    /// How often a call is sent at most, the first time included.
    pub max_attempts: u32,
    /// Upper limit of the first delay after a failure that passes.
    pub transient_backoff: Duration,
}

impl RetryDefaults {
    /// Those of nearly all services: 3 attempts, 50 ms.
    pub const STANDARD: Self = Self { max_attempts: 3, transient_backoff: Duration::from_millis(50) };
}

/// Endpoint rules over a client's configuration.
pub type ResolveEndpoint = fn(&EndpointConfig) -> Result<Endpoint, EndpointError>;

impl ServiceDescription {
    /// A description with all that every service has.
    pub const fn new(name: &'static str, service_id: &'static str, protocols: &'static [Protocol]) -> Self {
        Self {
            name,
            service_id,
            api_version: "",
            endpoint_prefix: name,
            signing_name: name,
            protocols,
            query_compatible: false,
            bearer: false,
            resolve_endpoint: None,
            retries: RetryDefaults::STANDARD,
            #[cfg(feature = "validate")]
            constraints: None,
        }
    }

    /// With what the model asks of values in requests.
    #[cfg(feature = "validate")]
    pub const fn constraints(mut self, constraints: fn() -> &'static Constraints) -> Self {
        self.constraints = Some(constraints);
        self
    }

    /// With endpoint rules.
    pub const fn endpoint_rules(mut self, resolve: ResolveEndpoint) -> Self {
        self.resolve_endpoint = Some(resolve);
        self
    }

    /// With the API's version.
    pub const fn api_version(mut self, version: &'static str) -> Self {
        self.api_version = version;
        self
    }

    /// With the first label of host names, and the name to sign with.
    pub const fn endpoint(mut self, prefix: &'static str, signing_name: &'static str) -> Self {
        self.endpoint_prefix = prefix;
        self.signing_name = signing_name;
        self
    }

    /// With retries of its own: so many attempts, and first delays of up to so many milliseconds.
    pub const fn retries(mut self, max_attempts: u32, transient_backoff_millis: u64) -> Self {
        let transient_backoff = Duration::from_millis(transient_backoff_millis);
        self.retries = RetryDefaults { max_attempts, transient_backoff };
        self
    }

    /// With a bearer token instead of signatures.
    pub const fn bearer(mut self) -> Self {
        self.bearer = true;
        self
    }

    /// With error codes of the awsQuery protocol.
    pub const fn query_compatible(mut self) -> Self {
        self.query_compatible = true;
        self
    }

    /// The protocol to use where the caller does not care.
    pub fn preferred_protocol(&self) -> Protocol {
        self.protocols.first().copied().unwrap_or(Protocol::AwsJson1_1)
    }

    /// The JSON protocol of the service: a version that its model lists, else 1.1.
    pub fn json_protocol(&self) -> Protocol {
        self.protocols.iter().copied().find(|protocol| protocol.codec() == Codec::Json).unwrap_or(Protocol::AwsJson1_1)
    }
}

/// The facts of an operation that do not depend on a call.
#[derive(Debug)]
#[non_exhaustive]
pub struct OperationDescription {
    /// Name on the wire.
    pub name: &'static str,
    /// The service.
    pub service: &'static ServiceDescription,
    /// `X-Amz-Target` of the awsJson protocols.
    pub target: &'static str,
    /// Request path of the rpcv2Cbor protocol.
    pub path: &'static str,
    /// Requests and responses of the protocols with HTTP bindings.
    #[cfg(feature = "rest")]
    pub http: Option<Http>,
    /// Whether the model gives it an input: rpcv2Cbor sends no body otherwise.
    pub has_input: bool,
    /// It changes nothing.
    pub readonly: bool,
    /// Calling it twice is as good as once.
    pub idempotent: bool,
    /// It is sent without a signature.
    pub unsigned: bool,
    /// It waits for something to happen, and is called again and again. Where the budget of retries is empty such a call
    /// pauses before it fails: who calls it in a loop would otherwise ask faster than retries do.
    pub long_polling: bool,
}

impl OperationDescription {
    /// An operation with an input and no traits.
    pub const fn new(
        name: &'static str,
        service: &'static ServiceDescription,
        target: &'static str,
        path: &'static str,
    ) -> Self {
        Self {
            name,
            service,
            target,
            path,
            #[cfg(feature = "rest")]
            http: None,
            has_input: true,
            readonly: false,
            idempotent: false,
            unsigned: false,
            long_polling: false,
        }
    }

    /// An operation of a service that has HTTP bindings only.
    #[cfg(feature = "rest")]
    pub const fn bound(name: &'static str, service: &'static ServiceDescription, http: Http) -> Self {
        Self::new(name, service, "", "").http(http)
    }

    /// With HTTP bindings.
    #[cfg(feature = "rest")]
    pub const fn http(mut self, http: Http) -> Self {
        self.http = Some(http);
        self
    }

    /// Its bindings, which a protocol needs.
    #[cfg(feature = "rest")]
    pub(crate) fn bindings(&self) -> Result<Http, EncodeError> {
        self.http.ok_or_else(|| EncodeError::new("the model says of no method and no path, which the protocol needs"))
    }

    /// Without an input in the model.
    pub const fn no_input(mut self) -> Self {
        self.has_input = false;
        self
    }

    /// It changes nothing.
    pub const fn readonly(mut self) -> Self {
        self.readonly = true;
        self
    }

    /// Calling it twice is as good as once.
    pub const fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// It waits for something to happen: see [`Self::long_polling`](#structfield.long_polling).
    pub const fn long_polling(mut self) -> Self {
        self.long_polling = true;
        self
    }

    /// It is sent without a signature.
    pub const fn unsigned(mut self) -> Self {
        self.unsigned = true;
        self
    }
}
