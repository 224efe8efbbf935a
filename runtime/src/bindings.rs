//! HTTP bindings: where members travel in requests and responses, and what these look like. Smithy's
//! [HTTP binding traits](https://smithy.io/2.0/spec/http-bindings.html).

mod template;

#[cfg(feature = "checksum")]
use crate::Checksum;
#[cfg(feature = "xml")]
use crate::Names;

pub(crate) use template::{Template, pairs};

/// Where a member of an input, an output or an error travels, if not in the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// In place of `{name}` in the path (`httpLabel`).
    Label(&'static str),
    /// As this key of the query (`httpQuery`).
    Query(&'static str),
    /// As keys and values of the query (`httpQueryParams`).
    QueryParams,
    /// As this header (`httpHeader`).
    Header(&'static str),
    /// As this header, in base64 (`httpHeader` of text whose `mediaType` is JSON).
    EncodedHeader(&'static str),
    /// As headers whose names begin with this (`httpPrefixHeaders`).
    PrefixHeaders(&'static str),
    /// As the whole body (`httpPayload`).
    Payload,
    /// As the status of the response (`httpResponseCode`).
    Status,
}

/// The HTTP form of the requests and responses of an operation (trait `http`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Http {
    /// The method, such as `GET`.
    pub method: &'static str,
    /// Path and query, with `{label}` and `{label+}`, which takes slashes.
    pub uri: &'static str,
    /// The status of success.
    pub code: u16,
    /// The body of requests.
    pub request: Body,
    /// The body of responses.
    pub response: Body,
    /// The outermost element of requests in XML.
    #[cfg(feature = "xml")]
    pub root: Option<&'static Names>,
    /// The checksum of requests.
    #[cfg(feature = "checksum")]
    pub checksum: Option<Checksum>,
}

impl Http {
    /// Requests of this method to this path, and successes of status 200.
    pub const fn new(method: &'static str, uri: &'static str, request: Body, response: Body) -> Self {
        Self {
            method,
            uri,
            code: 200,
            request,
            response,
            #[cfg(feature = "xml")]
            root: None,
            #[cfg(feature = "checksum")]
            checksum: None,
        }
    }

    /// With this outermost element of requests in XML.
    #[cfg(feature = "xml")]
    pub const fn root(mut self, names: &'static Names) -> Self {
        self.root = Some(names);
        self
    }

    /// With this checksum of requests.
    #[cfg(feature = "checksum")]
    pub const fn checksum(mut self, checksum: Checksum) -> Self {
        self.checksum = Some(checksum);
        self
    }

    /// With another status of success.
    pub const fn code(mut self, code: u16) -> Self {
        self.code = code;
        self
    }
}

/// The content of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Body {
    /// Nothing.
    None,
    /// The members that travel nowhere else.
    Members,
    /// One member, a structure: without it there is an empty one.
    Structure,
    /// One member, a union or a document.
    Value,
    /// One member: bytes of this media type.
    Bytes(&'static str),
    /// One member: text of this media type.
    Text(&'static str),
}
