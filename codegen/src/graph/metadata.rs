//! What is said of a service as a whole, and of the world around it.

use super::Protocol;
use crate::diagnostic::Origin;

/// What the model says of the service as a whole. Every field may be absent:
/// the models of protocol tests have next to nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Date-like version of the API, such as `2016-12-01`.
    pub api_version: Option<String>,
    /// First label of the service's host names.
    pub endpoint_prefix: Option<String>,
    /// Name in the signature's credential scope; the endpoint prefix serves
    /// where it is absent.
    pub signing_name: Option<String>,
    /// Name for people, such as `Amazon AppStream`.
    pub full_name: Option<String>,
    /// Identifier from which configuration keys derive, such as `AppStream`.
    pub service_id: Option<String>,
    /// Name of the Smithy service shape: first half of `X-Amz-Target` and a
    /// segment of the rpcv2Cbor path.
    pub target_prefix: Option<String>,
    /// Protocols in the model's order of preference.
    pub protocols: Vec<Protocol>,
    /// Smithy's `aws.protocols#awsQueryCompatible`: error codes come from the
    /// `x-amzn-query-error` header.
    pub query_compatible: bool,
    /// How requests are authenticated.
    pub authentication: Authentication,
    /// Upstream documentation text (HTML), where the source has it.
    pub documentation: Option<String>,
}

impl Metadata {
    /// Whether a protocol of the service has HTTP bindings.
    pub fn has_bindings(&self) -> bool {
        self.protocols.iter().any(|protocol| protocol.has_bindings())
    }

    /// Whether the service speaks protocols with elements, and no others. One that also has JSON or CBOR is spoken to in
    /// these, and has no need of elements.
    pub fn has_elements(&self) -> bool {
        !self.protocols.is_empty() && self.protocols.iter().all(|protocol| protocol.has_elements())
    }
}

/// How requests are authenticated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Authentication {
    /// By a signature of version 4.
    #[default]
    Signature,
    /// By a bearer token, without a signature.
    Token,
    /// In other ways only, which clients do not know.
    Unknown,
}

impl Authentication {
    /// What the changelog calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Token => "token",
            Self::Unknown => "unknown",
        }
    }
}

/// A partition of AWS regions, from `partitions.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// Identifier, such as `aws-cn`.
    pub id: String,
    /// What `aws.partition` answers as `name`.
    pub name: String,
    /// Regular expression over region names that may join later.
    pub region_regex: String,
    /// Known regions, and the partition's global pseudo region, by name.
    pub regions: Vec<String>,
    /// Suffix of host names.
    pub dns_suffix: String,
    /// Suffix of dual-stack host names.
    pub dual_stack_dns_suffix: String,
    /// Region for global services.
    pub implicit_global_region: String,
    /// Whether it has FIPS endpoints.
    pub supports_fips: bool,
    /// Whether it has dual-stack endpoints.
    pub supports_dual_stack: bool,
    /// Where it was read from.
    pub origin: Origin,
}
