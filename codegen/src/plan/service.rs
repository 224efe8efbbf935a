//! What is said of a service as a whole, and where its requests go.

use super::TypePlan;
use crate::graph::{Authentication, Protocol, Service};

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
    pub protocols: Vec<Protocol>,
    /// Errors have the code that awsQuery gave them.
    pub query_compatible: bool,
    /// Requests have a bearer token, and no signature.
    pub bearer: bool,
}

pub(super) fn description<'g>(service: &'g Service, protocols: Vec<Protocol>) -> ServiceDescription<'g> {
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
        bearer: metadata.authentication == Authentication::Token,
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
