//! What is said of a service as a whole, and where its requests go.

use super::TypePlan;
use crate::graph::{Protocol, Service};

/// A protocol that clients speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireProtocol {
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

impl From<Protocol> for WireProtocol {
    fn from(protocol: Protocol) -> Self {
        match protocol {
            Protocol::AwsJson1_0 => Self::AwsJson1_0,
            Protocol::AwsJson1_1 => Self::AwsJson1_1,
            Protocol::RpcV2Cbor => Self::RpcV2Cbor,
            Protocol::RestJson1 => Self::RestJson1,
            Protocol::RestXml => Self::RestXml,
            Protocol::AwsQuery => Self::AwsQuery,
            Protocol::Ec2Query => Self::Ec2Query,
        }
    }
}

impl WireProtocol {
    /// Whether members travel in other places than the body.
    pub fn has_bindings(self) -> bool {
        match self {
            Self::RestJson1 | Self::RestXml => true,
            Self::AwsJson1_0 | Self::AwsJson1_1 | Self::RpcV2Cbor | Self::AwsQuery | Self::Ec2Query => false,
        }
    }

    /// Whether bodies are elements, in XML or in forms.
    pub fn has_elements(self) -> bool {
        match self {
            Self::RestXml | Self::AwsQuery | Self::Ec2Query => true,
            Self::AwsJson1_0 | Self::AwsJson1_1 | Self::RpcV2Cbor | Self::RestJson1 => false,
        }
    }
}

/// What is the same for all operations of a service.
#[derive(Debug)]
pub struct ServiceDescription<'g> {
    /// The name of its folder of models.
    pub name: &'g str,
    /// Its id, by which variables and user agents know it.
    pub id: &'g str,
    /// The version of its API.
    pub api_version: Option<&'g str>,
    /// The first half of `X-Amz-Target`, and a segment of the path in rpcv2Cbor. A version may stand before the name that
    /// the path wants: see the specification of rpcv2Cbor, which takes the service shape's bare name.
    pub target_prefix: &'g str,
    /// The prefix of its hosts, and the name by which requests are signed.
    pub endpoint: Option<[&'g str; 2]>,
    /// Protocols that client and model have in common, in the model's order of preference.
    pub protocols: Vec<WireProtocol>,
    /// Errors have the code that awsQuery gave them.
    pub query_compatible: bool,
}

pub(super) fn description<'g>(service: &'g Service, protocols: Vec<WireProtocol>) -> ServiceDescription<'g> {
    let metadata = service.metadata();
    let id = metadata.service_id.as_deref();
    ServiceDescription {
        name: service.name(),
        id: id.unwrap_or(service.name()),
        api_version: metadata.api_version.as_deref(),
        target_prefix: metadata.target_prefix.as_deref().or(id).unwrap_or(service.name()),
        endpoint: metadata
            .endpoint_prefix
            .as_deref()
            .map(|prefix| [prefix, metadata.signing_name.as_deref().unwrap_or(prefix)]),
        protocols,
        query_compatible: metadata.query_compatible,
    }
}

/// A part of the prefix that an operation gives to the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostPart<'g> {
    /// Text.
    Literal(&'g str),
    /// A field of the input, by its index.
    Label(usize),
}

/// Takes `text{Member}text` apart. A label that the input does not have is no part: the graph has reported it.
pub(super) fn host_prefix<'g>(prefix: &'g str, input: &TypePlan<'_>) -> Vec<HostPart<'g>> {
    let mut parts = Vec::new();
    let mut rest = prefix;
    while let Some((literal, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        parts.push(HostPart::Literal(literal));
        let label = input.fields().iter().position(|field| field.member.name == name);
        parts.extend(label.map(HostPart::Label));
        rest = after;
    }
    parts.push(HostPart::Literal(rest));
    parts.retain(|part| *part != HostPart::Literal(""));
    parts
}
