//! Operations as values: a request comes out of an input, an output or an error
//! out of a response, and no IO happens.

#[cfg(feature = "rest")]
use crate::bindings::{Template, pairs};
use crate::description::OperationDescription;
use crate::endpoint::{Endpoint, EndpointConfig, EndpointError};
use crate::error::{Error, ServiceError};
use crate::parts::{Parts, RequestParts};
use crate::protocol::{Codec, RPC_V2_CBOR, SMITHY_PROTOCOL};
#[cfg(feature = "rest")]
use crate::reader::Received;
#[cfg(feature = "rest")]
use crate::response::read_message;
use crate::response::{NoOutput, judged, read_body, read_response};
use crate::sealed::Generated;
#[cfg(feature = "query")]
use crate::writer::FormStyle;
use crate::{DecodeError, EncodeError, Protocol, Value};
#[cfg(feature = "query")]
use crate::{Reader, Tree, Writer};
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
    let parts = &judged(I::DESCRIPTION, protocol, parts);
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
/// The media type of forms.
#[cfg(feature = "query")]
pub(crate) const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";
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
    let mut request = match protocol {
        Protocol::AwsJson1_0 | Protocol::AwsJson1_1 | Protocol::RpcV2Cbor => rpc_request(operation, protocol, input)?,
        #[cfg(feature = "rest")]
        Protocol::RestJson1 => bound_request(operation, protocol, input)?,
        #[cfg(all(feature = "rest", feature = "xml"))]
        Protocol::RestXml => bound_request(operation, protocol, input)?,
        #[cfg(feature = "query")]
        Protocol::AwsQuery => form_request(operation, FormStyle::AwsQuery, input)?,
        #[cfg(feature = "query")]
        Protocol::Ec2Query => form_request(operation, FormStyle::Ec2Query, input)?,
    };
    if operation.service.query_compatible {
        request.headers_mut().insert(QUERY_MODE, HeaderValue::from_static("true"));
    }
    Ok(request)
}

/// Headers of a request, those that a client adds included: the map does not grow.
const HEADERS: usize = 12;

/// What to say where somebody has chosen a protocol that the model does not have.
#[cold]
fn not_spoken(operation: &OperationDescription, protocol: Protocol) -> EncodeError {
    let spoken: Vec<&str> = operation.service.protocols.iter().map(|protocol| protocol.name()).collect();
    EncodeError::new(format!("{} speaks {}, not {protocol}", operation.service.name, spoken.join(" and ")))
}

fn rpc_request(
    operation: &'static OperationDescription,
    protocol: Protocol,
    input: &dyn Value,
) -> Result<Request<Vec<u8>>, EncodeError> {
    if operation.target.is_empty() {
        return Err(not_spoken(operation, protocol));
    }
    let is_cbor = protocol.codec() == Codec::Cbor;
    let mut writer = protocol.codec().writer();
    if operation.has_input || !is_cbor {
        input.write(&mut writer);
    }
    let mut request = Request::new(writer.finish()?);
    *request.method_mut() = Method::POST;
    let headers = request.headers_mut();
    headers.reserve(HEADERS);
    if is_cbor {
        headers.insert(SMITHY_PROTOCOL, RPC_V2_CBOR);
        headers.insert(ACCEPT, HeaderValue::from_static("application/cbor"));
        if operation.has_input {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/cbor"));
        }
        *request.uri_mut() = Uri::try_from(operation.path).map_err(|error| EncodeError::new(error.to_string()))?;
    } else {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(protocol.content_type()));
        headers.insert(
            TARGET,
            HeaderValue::from_str(operation.target).map_err(|error| EncodeError::new(error.to_string()))?,
        );
    }
    Ok(request)
}

#[cfg(feature = "query")]
fn form_request(
    operation: &'static OperationDescription,
    style: FormStyle,
    input: &dyn Value,
) -> Result<Request<Vec<u8>>, EncodeError> {
    let mut writer = Writer::form(style, operation.name, operation.service.api_version);
    input.write(&mut writer);
    let mut request = Request::new(writer.finish()?);
    *request.method_mut() = Method::POST;
    let headers = request.headers_mut();
    headers.reserve(HEADERS);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
    Ok(request)
}

#[cfg(feature = "rest")]
fn bound_request(
    operation: &'static OperationDescription,
    protocol: Protocol,
    input: &dyn Value,
) -> Result<Request<Vec<u8>>, EncodeError> {
    let http = operation.bindings()?;
    let writer = protocol.codec().writer();
    #[cfg(feature = "xml")]
    let writer = writer.with_root(http.root);
    let mut writer = writer.with_head(http.request);
    input.write(&mut writer);
    let (mut head, body) = writer.finish_message()?;
    let uri = head.uri(http.uri)?;
    let mut request = Request::new(body);
    *request.method_mut() =
        Method::from_bytes(http.method.as_bytes()).map_err(|error| EncodeError::new(error.to_string()))?;
    *request.uri_mut() = Uri::try_from(uri).map_err(|error| EncodeError::new(error.to_string()))?;
    let content_type = head.content_type(protocol.content_type());
    let headers = request.headers_mut();
    *headers = head.headers;
    headers.reserve(HEADERS);
    if let Some(content_type) = content_type
        && !headers.contains_key(CONTENT_TYPE)
    {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    #[cfg(feature = "checksum")]
    if let Some(checksum) = http.checksum {
        let mut headers = std::mem::take(request.headers_mut());
        checksum.add(&mut headers, request.body())?;
        *request.headers_mut() = headers;
    }
    Ok(request)
}

/// Reads what a request says into an input: the server's side.
///
/// # Errors
/// When it is no request of the operation, or cannot be read.
pub(crate) fn read_request(
    operation: &'static OperationDescription,
    protocol: Protocol,
    request: &RequestParts<'_>,
    input: &mut dyn Value,
) -> Result<(), DecodeError> {
    let body = request.body;
    #[cfg(feature = "rest")]
    if protocol.has_bindings() {
        let http = operation.bindings().map_err(|error| DecodeError::new(error.to_string(), 0))?;
        let template = Template::new(http.uri);
        let labels = template.labels(request.uri.path());
        let query = pairs(request.uri.query().unwrap_or_default());
        let message = Received {
            labels: labels.ok_or_else(|| DecodeError::mismatch(http.uri, "another path", 0))?,
            query: query.filter(|(key, _)| !template.has_key(key)).collect(),
            ..Received::new(http.request, body, request.headers)
        };
        return read_message(protocol, &message, input);
    }
    #[cfg(feature = "query")]
    if let Some(style) = protocol.form() {
        let form = Tree::form(body)?;
        let mut reader = Reader::form(&form, style);
        input.read(&mut reader);
        return reader.finish();
    }
    #[cfg(not(feature = "rest"))]
    let _ = operation;
    if body.is_empty() { Ok(()) } else { read_body(protocol, body, input) }
}
