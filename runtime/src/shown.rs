//! Messages for logs: what model and overlay call a secret is not in them.
//!
//! Nothing here looks at a body as it travels: it is written anew from the values, which know what is secret. So what no value
//! has understood is not shown either.

#[cfg(feature = "rest")]
use crate::bindings::Body;
use crate::description::OperationDescription;
use crate::{EncodeError, Protocol, Value, Writer};
#[cfg(feature = "rest")]
use http::HeaderMap;

/// A message of an operation, as a log may show it.
#[derive(Clone, Copy)]
pub(crate) struct ShownMessage<'a> {
    pub operation: &'static OperationDescription,
    pub protocol: Protocol,
    pub side: Side,
    /// The input, the output, or the members of an error.
    pub value: &'a dyn Value,
}

/// Who sends a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Request,
    Response,
    /// A response that is an error.
    Failure,
}

impl ShownMessage<'_> {
    /// The body as JSON, in the notation of [`crate::dynamic`], whatever notation it travels in.
    pub fn body(self) -> String {
        let written =
            self.write().and_then(|body| String::from_utf8(body).map_err(|error| EncodeError::new(error.to_string())));
        written.unwrap_or_else(|error| format!("(not shown: {error})"))
    }

    #[cfg(not(feature = "rest"))]
    fn write(self) -> Result<Vec<u8>, EncodeError> {
        let _ = (self.operation, self.protocol, self.side);
        let mut writer = Writer::redacted_json();
        self.value.write(&mut writer);
        writer.finish()
    }

    #[cfg(feature = "rest")]
    fn write(self) -> Result<Vec<u8>, EncodeError> {
        let Some(body) = self.bound_body() else {
            let mut writer = Writer::redacted_json();
            self.value.write(&mut writer);
            return writer.finish();
        };
        let mut writer = Writer::redacted_json().with_redacted_head(body);
        self.value.write(&mut writer);
        writer.finish_message().map(|(_, body)| body)
    }

    /// What the body is, where members travel beside it too.
    #[cfg(feature = "rest")]
    fn bound_body(self) -> Option<Body> {
        let http = self.operation.http.filter(|_| self.protocol.has_bindings())?;
        Some(match self.side {
            Side::Request => http.request,
            Side::Response => http.response,
            Side::Failure => Body::Members,
        })
    }

    /// The operation's path and query, where members travel in them.
    #[cfg(feature = "rest")]
    pub fn path_and_query(self) -> Option<Result<String, EncodeError>> {
        let http = self.operation.http.filter(|_| self.protocol.has_bindings())?;
        let mut writer = Writer::redacted_json().with_redacted_head(http.request);
        self.value.write(&mut writer);
        Some(writer.finish_message().and_then(|(mut head, _)| head.uri(http.uri)))
    }

    /// Without bindings there is no member in them.
    #[cfg(not(feature = "rest"))]
    pub fn path_and_query(self) -> Option<Result<String, EncodeError>> {
        None
    }

    /// The headers that hold members, those with secrets marked; nothing where none do.
    #[cfg(feature = "rest")]
    pub fn headers(self) -> Option<Result<HeaderMap, EncodeError>> {
        let body = self.bound_body()?;
        let mut writer = Writer::redacted_json().with_head(body);
        self.value.write(&mut writer);
        Some(writer.finish_message().map(|(head, _)| head.headers))
    }
}
