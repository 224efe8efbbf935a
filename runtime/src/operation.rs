//! Operations as values: a request comes out of an input, an output or an error
//! out of a response, and no IO happens.

use crate::endpoint::{Endpoint, EndpointConfig, EndpointError};
use crate::error::{Error, ServiceError};
use crate::response::{Failure, Parts, read_response};
use crate::{EncodeError, Protocol, Value, Writer};
use http::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, Request, Response, StatusCode, Uri};
use std::time::Duration;

/// What is the same for all operations of a service.
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
    /// The endpoint rules, where the model has any.
    pub resolve_endpoint: Option<ResolveEndpoint>,
    /// How calls are retried where the configuration does not say.
    pub retries: RetryDefaults,
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
            resolve_endpoint: None,
            retries: RetryDefaults::STANDARD,
        }
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
        self.protocols.iter().copied().find(|protocol| !protocol.is_cbor()).unwrap_or(Protocol::AwsJson1_1)
    }
}

/// What is known of an operation before it is called.
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
            has_input: true,
            readonly: false,
            idempotent: false,
            unsigned: false,
            long_polling: false,
        }
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

/// An operation, told by its input.
pub trait Operation: Value + Clone + Default + PartialEq + std::fmt::Debug + Send + Sync + 'static {
    /// What a successful call answers.
    type Output: Value + Clone + Default + PartialEq + std::fmt::Debug + Send + Sync + 'static;
    /// The modelled errors of the service.
    type ServiceError: ServiceError;
    /// What a failed call answers.
    type Error: From<Error<Self::ServiceError>> + std::error::Error + Send + Sync + 'static;

    /// What is known before it is called.
    const DESCRIPTION: &'static OperationDescription;

    /// Labels before the endpoint's host, such as `data.`: with the values of
    /// members in them, and not checked.
    fn host_prefix(&self) -> Option<String> {
        None
    }

    /// The endpoint, where it depends on members of the input; elsewhere it is the service's.
    fn endpoint(&self, config: &EndpointConfig) -> Option<Result<Endpoint, EndpointError>> {
        let _ = config;
        None
    }

    /// Gives members that need a unique token, and have none, what `token` makes.
    fn fill_tokens(&mut self, token: &mut dyn FnMut() -> String) {
        let _ = token;
    }

    /// The request, without scheme and host, and not signed.
    ///
    /// # Errors
    /// When the input has something that cannot be sent: an unknown union
    /// variant, or nesting beyond all measure.
    fn to_request(&self, protocol: Protocol) -> Result<Request<Vec<u8>>, EncodeError> {
        request(Self::DESCRIPTION, protocol, self)
    }

    /// The output, or the error, that a response carries.
    ///
    /// # Errors
    /// An error response, or one that cannot be read.
    fn parse_response<B: AsRef<[u8]>>(protocol: Protocol, response: &Response<B>) -> Result<Self::Output, Self::Error> {
        parse_parts::<Self>(protocol, &Parts::of(response)).map_err(Into::into)
    }
}

/// [`Operation::parse_response`], before the error becomes the service's own.
pub(crate) fn parse_parts<I: Operation>(
    protocol: Protocol,
    parts: &Parts<'_>,
) -> Result<I::Output, Error<I::ServiceError>> {
    let mut output = I::Output::default();
    match read_response(I::DESCRIPTION, protocol, parts, &mut output) {
        Ok(()) => Ok(output),
        Err(failure) => Err(parse_failure::<I::ServiceError>(I::DESCRIPTION, parts, failure)),
    }
}

fn parse_failure<E: ServiceError>(
    operation: &'static OperationDescription,
    parts: &Parts<'_>,
    failure: Failure,
) -> Error<E> {
    match failure {
        Failure::Decode(error) => Error::decode(operation, parts.metadata(), error),
        Failure::Service(error) => Error::service(operation, parts, error),
    }
}

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const QUERY_MODE: HeaderName = HeaderName::from_static("x-amzn-query-mode");
/// Names the protocol in rpcv2Cbor requests and responses.
pub(crate) const SMITHY_PROTOCOL: HeaderName = HeaderName::from_static("smithy-protocol");
/// The value of that header.
pub(crate) const RPC_V2_CBOR: HeaderValue = HeaderValue::from_static("rpc-v2-cbor");

/// The request for `input`, without scheme and host, and not signed.
///
/// # Errors
/// See [`Operation::to_request`].
pub fn request(
    operation: &'static OperationDescription,
    protocol: Protocol,
    input: &dyn Value,
) -> Result<Request<Vec<u8>>, EncodeError> {
    let mut writer = if protocol.is_cbor() { Writer::cbor() } else { Writer::json() };
    if operation.has_input || !protocol.is_cbor() {
        input.write(&mut writer);
    }
    let mut request = Request::new(writer.finish()?);
    *request.method_mut() = Method::POST;
    let headers = request.headers_mut();
    // With those that a client adds, so that the map does not grow.
    headers.reserve(12);
    if protocol.is_cbor() {
        headers.insert(SMITHY_PROTOCOL, RPC_V2_CBOR);
        headers.insert(ACCEPT, HeaderValue::from_static("application/cbor"));
        if operation.has_input {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/cbor"));
        }
    } else {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(protocol.content_type()));
        headers.insert(
            TARGET,
            HeaderValue::from_str(operation.target).map_err(|error| EncodeError::new(error.to_string()))?,
        );
    }
    if operation.service.query_compatible {
        headers.insert(QUERY_MODE, HeaderValue::from_static("true"));
    }
    if protocol.is_cbor() {
        *request.uri_mut() = Uri::try_from(operation.path).map_err(|error| EncodeError::new(error.to_string()))?;
    }
    Ok(request)
}

/// The successful response with `output`: what a server answers.
///
/// # Errors
/// See [`Operation::to_request`].
pub fn respond(protocol: Protocol, output: &dyn Value) -> Result<Response<Vec<u8>>, EncodeError> {
    let mut writer = if protocol.is_cbor() { Writer::cbor() } else { Writer::json() };
    output.write(&mut writer);
    let mut response = Response::new(writer.finish()?);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(protocol.content_type()));
    if protocol.is_cbor() {
        headers.insert(SMITHY_PROTOCOL, RPC_V2_CBOR);
    }
    Ok(response)
}

/// The response with a modelled error: what a server answers. `None` for an error without a shape.
///
/// # Errors
/// See [`Operation::to_request`].
pub fn respond_error<E: ServiceError>(
    protocol: Protocol,
    status: StatusCode,
    error: &E,
) -> Result<Option<Response<Vec<u8>>>, EncodeError> {
    let (Some(shape), Some(members)) = (error.shape(), error.members()) else { return Ok(None) };
    let mut response = respond(protocol, &ErrorType(shape))?;
    *response.status_mut() = status;
    let rest = respond(protocol, members)?.into_body();
    // One structure out of two: either is in brackets of one byte, in JSON and in CBOR.
    let body = response.body_mut();
    body.pop();
    match rest.get(1..) {
        Some([_]) | None => {}
        Some(_) if protocol.is_cbor() => {}
        Some(_) => body.push(b','),
    }
    body.extend_from_slice(rest.get(1..).unwrap_or_default());
    Ok(Some(response))
}

/// The member by which error bodies say what they are.
struct ErrorType(&'static str);

impl Value for ErrorType {
    fn write(&self, writer: &mut Writer) {
        let mut members = writer.structure("Error");
        members.member("__type", &self.0.to_owned());
        members.end();
    }

    fn read(&mut self, _reader: &mut crate::Reader<'_>) {}
}
