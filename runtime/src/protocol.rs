//! What differs between the wire protocols, apart from the codecs.

#[cfg(feature = "query")]
use crate::writer::FormStyle;
use crate::{DecodeError, Reader, Writer};
#[cfg(feature = "xml")]
use crate::{Names, Tree};
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
    /// `aws.protocols#restXml`
    #[cfg(all(feature = "rest", feature = "xml"))]
    RestXml,
    /// `aws.protocols#awsQuery`
    #[cfg(feature = "query")]
    AwsQuery,
    /// `aws.protocols#ec2Query`
    #[cfg(feature = "query")]
    Ec2Query,
}

/// How bodies are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codec {
    Json,
    Cbor,
    #[cfg(feature = "xml")]
    Xml,
}

impl Codec {
    /// A writer of bodies.
    pub fn writer(self) -> Writer {
        match self {
            Self::Json => Writer::json(),
            Self::Cbor => Writer::cbor(),
            #[cfg(feature = "xml")]
            Self::Xml => Writer::xml(const { &Names::new().named("Response") }),
        }
    }

    /// Reads a body by what `read` does.
    pub fn read(
        self,
        body: &[u8],
        read: impl FnOnce(Reader<'_>) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        match self {
            Self::Json => read(Reader::json(body)),
            Self::Cbor => read(Reader::cbor(body)),
            #[cfg(feature = "xml")]
            Self::Xml => read(Reader::xml(&Tree::xml(body)?)),
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
            #[cfg(all(feature = "rest", feature = "xml"))]
            Self::RestXml => "restXml",
            #[cfg(feature = "query")]
            Self::AwsQuery => "awsQuery",
            #[cfg(feature = "query")]
            Self::Ec2Query => "ec2Query",
        }
    }

    /// Media type of responses, and of requests but for those that are forms.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::AwsJson1_0 => "application/x-amz-json-1.0",
            Self::AwsJson1_1 => "application/x-amz-json-1.1",
            Self::RpcV2Cbor => "application/cbor",
            #[cfg(feature = "rest")]
            Self::RestJson1 => "application/json",
            #[cfg(all(feature = "rest", feature = "xml"))]
            Self::RestXml => "application/xml",
            #[cfg(feature = "query")]
            Self::AwsQuery | Self::Ec2Query => "text/xml",
        }
    }

    /// How bodies are written, but for those that are forms.
    pub(crate) const fn codec(self) -> Codec {
        match self {
            Self::AwsJson1_0 | Self::AwsJson1_1 => Codec::Json,
            Self::RpcV2Cbor => Codec::Cbor,
            #[cfg(feature = "rest")]
            Self::RestJson1 => Codec::Json,
            #[cfg(all(feature = "rest", feature = "xml"))]
            Self::RestXml => Codec::Xml,
            #[cfg(feature = "query")]
            Self::AwsQuery | Self::Ec2Query => Codec::Xml,
        }
    }

    /// Whether members travel in other places than the body.
    #[cfg(feature = "rest")]
    pub(crate) const fn has_bindings(self) -> bool {
        match self {
            Self::AwsJson1_0 | Self::AwsJson1_1 | Self::RpcV2Cbor => false,
            Self::RestJson1 => true,
            #[cfg(feature = "xml")]
            Self::RestXml => true,
            #[cfg(feature = "query")]
            Self::AwsQuery | Self::Ec2Query => false,
        }
    }

    /// How requests are written, where they are forms.
    #[cfg(feature = "query")]
    pub(crate) const fn form(self) -> Option<FormStyle> {
        match self {
            Self::AwsQuery => Some(FormStyle::AwsQuery),
            Self::Ec2Query => Some(FormStyle::Ec2Query),
            Self::AwsJson1_0 | Self::AwsJson1_1 | Self::RpcV2Cbor => None,
            #[cfg(feature = "rest")]
            Self::RestJson1 | Self::RestXml => None,
        }
    }

    /// Whether bodies are CBOR.
    pub const fn is_cbor(self) -> bool {
        match self.codec() {
            Codec::Json => false,
            Codec::Cbor => true,
            #[cfg(feature = "xml")]
            Codec::Xml => false,
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
