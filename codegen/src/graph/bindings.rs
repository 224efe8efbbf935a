//! Where members travel in HTTP messages, and what these look like: Smithy's HTTP bindings. Protocols without them (the
//! RPC protocols) have everything in the body, and one address.

use std::fmt;

/// Where a member of an input, an output or an error travels, if not in the body. On any other structure it means
/// nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In place of `{name}` in the path (`httpLabel`).
    Label(String),
    /// As this key of the query (`httpQuery`).
    Query(String),
    /// As keys and values of the query (`httpQueryParams`).
    QueryParams,
    /// As this header (`httpHeader`).
    Header(String),
    /// As headers whose names begin with this (`httpPrefixHeaders`).
    PrefixHeaders(String),
    /// As the whole body (`httpPayload`).
    Payload,
    /// As the status of the response (`httpResponseCode`).
    Status,
}

/// In words, as changelogs and trees show it.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Label(name) => write!(f, "label {name}"),
            Self::Query(name) => write!(f, "query {name}"),
            Self::QueryParams => f.write_str("query parameters"),
            Self::Header(name) => write!(f, "header {name}"),
            Self::PrefixHeaders(prefix) => write!(f, "headers {prefix}*"),
            Self::Payload => f.write_str("payload"),
            Self::Status => f.write_str("status"),
        }
    }
}

/// The request line of an operation, and the status of its success (`http`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http {
    /// The method, such as `GET`.
    pub method: String,
    /// Path and query, with `{label}` and at most one `{label+}` that takes slashes.
    pub uri: String,
    /// The status of a success; 200 where the model has none.
    pub code: Option<u16>,
}

/// In words, as changelogs and trees show it.
impl fmt::Display for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.uri)?;
        match self.code {
            None | Some(200) => Ok(()),
            Some(code) => write!(f, " ({code})"),
        }
    }
}
