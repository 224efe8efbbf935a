//! Operations as values: a request comes out of an input, an output or an error
//! out of a response, and no IO happens.

use crate::description::OperationDescription;
use crate::endpoint::{Endpoint, EndpointConfig, EndpointError};
use crate::error::{Error, ServiceError};
use crate::parts::Parts;
use crate::protocol::{RPC_V2_CBOR, SMITHY_PROTOCOL};
use crate::response::{NoOutput, read_response};
use crate::sealed::Generated;
use crate::{EncodeError, Protocol, Value, Writer};
use http::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, Request, Response, Uri};

/// An operation, told by its input.
///
/// Sealed: only generated types implement it. It gets more items in minor releases.
pub trait Operation: Generated + Value + Clone + Default + PartialEq + std::fmt::Debug + Send + Sync + 'static {
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
    failure: NoOutput,
) -> Error<E> {
    match failure {
        NoOutput::Decode(error) => Error::decode(operation, parts.metadata(), error),
        NoOutput::Service(error) => Error::service(operation, parts, error),
    }
}

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const QUERY_MODE: HeaderName = HeaderName::from_static("x-amzn-query-mode");

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
