//! What differs between the wire protocols, apart from the codecs.

use crate::{Reader, Writer};
use http::{HeaderName, HeaderValue};
use std::fmt;

/// Names the protocol in rpcv2Cbor requests and responses.
pub(crate) const SMITHY_PROTOCOL: HeaderName = HeaderName::from_static("smithy-protocol");
/// The value of that header.
pub(crate) const RPC_V2_CBOR: HeaderValue = HeaderValue::from_static("rpc-v2-cbor");

/// A wire protocol of this crate; names are Smithy's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Protocol {
    /// `aws.protocols#awsJson1_0`
    AwsJson1_0,
    /// `aws.protocols#awsJson1_1`
    AwsJson1_1,
    /// `smithy.protocols#rpcv2Cbor`
    RpcV2Cbor,
    /// `aws.protocols#restJson1`
    #[cfg(feature = "rest")]
    RestJson1,
}

/// How bodies are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codec {
    Json,
    Cbor,
}

impl Codec {
    /// A writer of bodies.
    pub fn writer(self) -> Writer {
        match self {
            Self::Json => Writer::json(),
            Self::Cbor => Writer::cbor(),
        }
    }

    /// A reader of a body.
    pub fn reader(self, body: &[u8]) -> Reader<'_> {
        match self {
            Self::Json => Reader::json(body),
            Self::Cbor => Reader::cbor(body),
        }
    }
}

impl Protocol {
    /// Smithy's name, without the namespace.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AwsJson1_0 => "awsJson1_0",
            Self::AwsJson1_1 => "awsJson1_1",
            Self::RpcV2Cbor => "rpcv2Cbor",
            #[cfg(feature = "rest")]
            Self::RestJson1 => "restJson1",
        }
    }

    /// Media type of requests and responses.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::AwsJson1_0 => "application/x-amz-json-1.0",
            Self::AwsJson1_1 => "application/x-amz-json-1.1",
            Self::RpcV2Cbor => "application/cbor",
            #[cfg(feature = "rest")]
            Self::RestJson1 => "application/json",
        }
    }

    /// How bodies are written.
    pub(crate) const fn codec(self) -> Codec {
        match self {
            Self::AwsJson1_0 | Self::AwsJson1_1 => Codec::Json,
            Self::RpcV2Cbor => Codec::Cbor,
            #[cfg(feature = "rest")]
            Self::RestJson1 => Codec::Json,
        }
    }

    /// Whether members travel in other places than the body.
    #[cfg(feature = "rest")]
    pub(crate) const fn has_bindings(self) -> bool {
        match self {
            Self::AwsJson1_0 | Self::AwsJson1_1 | Self::RpcV2Cbor => false,
            #[cfg(feature = "rest")]
            Self::RestJson1 => true,
        }
    }

    /// Whether bodies are CBOR.
    pub const fn is_cbor(self) -> bool {
        match self.codec() {
            Codec::Json => false,
            Codec::Cbor => true,
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
