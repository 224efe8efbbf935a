//! Values that refer to nothing else of a model: they mean the same in a graph, in a plan and to an emitter.

use serde_json::Value;
use std::fmt;

/// A wire protocol, with the name that Smithy has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// `aws.protocols#awsJson1_0`
    AwsJson1_0,
    /// `aws.protocols#awsJson1_1`
    AwsJson1_1,
    /// `smithy.protocols#rpcv2Cbor`
    RpcV2Cbor,
    /// `aws.protocols#restJson1`
    RestJson1,
    /// `aws.protocols#restXml`
    RestXml,
    /// `aws.protocols#awsQuery`
    AwsQuery,
    /// `aws.protocols#ec2Query`
    Ec2Query,
}

impl Protocol {
    /// Whether members travel in other places than the body: see [`Place`](super::Place).
    pub fn has_bindings(self) -> bool {
        match self {
            Self::RestJson1 | Self::RestXml => true,
            Self::AwsJson1_0 | Self::AwsJson1_1 | Self::RpcV2Cbor | Self::AwsQuery | Self::Ec2Query => false,
        }
    }

    /// Whether bodies are elements, in XML or in forms, so that names, attributes and namespaces of elements count.
    pub fn has_elements(self) -> bool {
        match self {
            Self::RestXml | Self::AwsQuery | Self::Ec2Query => true,
            Self::AwsJson1_0 | Self::AwsJson1_1 | Self::RpcV2Cbor | Self::RestJson1 => false,
        }
    }

    /// Smithy's name of the protocol's trait, without its namespace.
    pub fn name(self) -> &'static str {
        match self {
            Self::AwsJson1_0 => "awsJson1_0",
            Self::AwsJson1_1 => "awsJson1_1",
            Self::RpcV2Cbor => "rpcv2Cbor",
            Self::RestJson1 => "restJson1",
            Self::RestXml => "restXml",
            Self::AwsQuery => "awsQuery",
            Self::Ec2Query => "ec2Query",
        }
    }
}

/// Value of an endpoint parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContextValue {
    /// A string.
    String(String),
    /// A boolean.
    Boolean(bool),
    /// A list of strings.
    StringList(Vec<String>),
}

/// Member names from a structure down: `a.b`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MemberPath(pub Vec<String>);

impl fmt::Display for MemberPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

/// Where a token is: the first of the alternatives that is there.
/// `NextMarker || Contents[-1].Key` has two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenExpression {
    /// Tried in order.
    pub alternatives: Vec<Vec<TokenStep>>,
}

/// One step of a token expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenStep {
    /// A member of a structure.
    Member(String),
    /// The last element of a list.
    Last,
}

/// What the overlay has to do with a waiter; the texts are its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaiterOverlay {
    /// The model does not have it.
    Added(String),
    /// The model has it, and fewer acceptors.
    Amended(String),
}

/// State of a waiter after a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcceptorState {
    /// What was waited for is there.
    Success,
    /// It can no longer come.
    Failure,
    /// Not yet.
    Retry,
}

/// How a path's value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// It is equal (`path`, `stringEquals`, `booleanEquals`).
    Equals,
    /// It is a non-empty list and all elements are equal (`pathAll`, `allStringEquals`).
    All,
    /// It is a list and any element is equal (`pathAny`, `anyStringEquals`).
    Any,
}

/// What a path's value is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// Text.
    String(String),
    /// Truth.
    Boolean(bool),
    /// A number.
    Number(i64),
}

/// What an error means for another try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// It passes.
    Transient,
    /// The caller asks too often.
    Throttling,
    /// It stays, whatever its code means elsewhere.
    Never,
}

/// How a timestamp is written; names are Smithy's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampFormat {
    /// Seconds since 1970, with an optional fraction.
    EpochSeconds,
    /// RFC 3339.
    DateTime,
    /// RFC 7231 IMF-fixdate.
    HttpDate,
}

/// A default, as the shape has it that it is a value of.
#[derive(Clone, Debug, PartialEq)]
pub enum DefaultValue {
    /// Of a string or an enum.
    Text(String),
    /// Of a boolean.
    Boolean(bool),
    /// Of a whole number or an intEnum.
    Integer(i64),
    /// Of a float or a double.
    Fraction(f64),
    /// Of a blob.
    Bytes(Vec<u8>),
    /// Of a timestamp: since 1970.
    Time {
        /// Whole seconds, rounded down.
        seconds: i64,
        /// Nanoseconds after those.
        nanos: u32,
    },
    /// Of a document: text, a number, a boolean, or an empty list or map.
    Document(Value),
    /// A list without elements; there are no others.
    List,
    /// A map without entries; there are no others.
    Map,
}
