//! The service shape.

use super::GraphNames;
use super::operations::Paginated;
use super::traits::Traits;
use crate::graph::names::is_identifier;
use crate::graph::{Authentication, Metadata, NameRef, Protocol, ServiceBuilder, XmlNamespace};
use crate::markup::code_span;
use crate::source::node::{At, Ignored};
use crate::source::{names, rules, unsupported};

const SERVICE: &[Ignored] = &[
    Ignored { keys: &["type"], reason: "the service was found by it" },
    Ignored { keys: &["operations", "resources", "rename"], reason: "followed when the service's closure is made" },
];

const API: &[Ignored] = &[
    Ignored { keys: &["cloudFormationName", "cloudTrailEventSource"], reason: "names in other services" },
    Ignored { keys: &["docId"], reason: "a name in AWS's documentation" },
];

/// Protocols in the order in which AWS's clients prefer them; traits have none.
const PROTOCOLS: &[(&str, Protocol)] = &[
    ("smithy.protocols#rpcv2Cbor", Protocol::RpcV2Cbor),
    ("aws.protocols#awsJson1_0", Protocol::AwsJson1_0),
    ("aws.protocols#awsJson1_1", Protocol::AwsJson1_1),
    ("aws.protocols#restJson1", Protocol::RestJson1),
    ("aws.protocols#restXml", Protocol::RestXml),
    ("aws.protocols#awsQuery", Protocol::AwsQuery),
    ("aws.protocols#ec2Query", Protocol::Ec2Query),
];

/// What the service says for all its operations.
pub(super) struct Defaults {
    /// Errors of every operation.
    pub(super) errors: Vec<NameRef>,
    /// For operations that are paginated and do not say it all.
    pub(super) paginated: Paginated,
    /// Of bodies that say nothing else.
    pub(super) xml_namespace: Option<XmlNamespace>,
}

/// Reads the service itself.
pub(super) fn read(names: &GraphNames<'_>, at: &At<'_, '_>, builder: &mut ServiceBuilder) -> Defaults {
    let mut defaults = Defaults { errors: Vec::new(), paginated: Paginated::default(), xml_namespace: None };
    let Some(object) = at.object() else { return defaults };
    let traits_at = object.get("traits");
    let traits = Traits::new(traits_at.as_ref());
    builder.metadata = Metadata {
        api_version: object.text("version").filter(|version| !version.is_empty()),
        full_name: traits.text("smithy.api#title"),
        target_prefix: target_prefix(at),
        protocols: PROTOCOLS.iter().filter(|(id, _)| traits.has(id)).map(|(_, protocol)| *protocol).collect(),
        query_compatible: traits.has("aws.protocols#awsQueryCompatible"),
        documentation: traits.documentation(),
        ..Metadata::default()
    };
    if let Some(at) = traits.get("aws.api#service") {
        api(&at, &mut builder.metadata);
    }
    if let Some(at) = traits.get("aws.auth#sigv4") {
        builder.metadata.signing_name = signing_name(&at);
    }
    builder.metadata.authentication = authentication(&traits, at);
    builder.rule_set = traits.get("smithy.rules#endpointRuleSet").and_then(|at| rules::rule_set(&at));
    if let Some(at) = traits.get("smithy.api#paginated") {
        defaults.paginated = Paginated::read(&at);
    }
    defaults.xml_namespace = traits.xml_namespace();
    defaults.errors = names.targets(object.get("errors"));
    traits.deprecated();
    traits.finish("a service");
    object.finish("a service", SERVICE);
    defaults
}

/// Traits that are ways of authentication. Without `auth`, all that a service has may be used.
const AUTH: [&str; 7] = [
    "aws.auth#sigv4",
    "aws.auth#sigv4a",
    "aws.auth#cognitoUserPools",
    "smithy.api#httpBasicAuth",
    "smithy.api#httpBearerAuth",
    "smithy.api#httpDigestAuth",
    "smithy.api#httpApiKeyAuth",
];

/// How the service is authenticated.
fn authentication(traits: &Traits<'_, '_>, service: &At<'_, '_>) -> Authentication {
    match traits.get("smithy.api#auth") {
        Some(at) => unsupported::service_auth(&at, &at.strings()),
        None => {
            let all: Vec<&str> = AUTH.into_iter().filter(|id| traits.has(id)).collect();
            unsupported::service_auth(service, &all)
        }
    }
}

/// The name of the service shape, which the protocols send, is its id's.
fn target_prefix(at: &At<'_, '_>) -> Option<String> {
    let name = super::local(at.key()?);
    if !is_identifier(name) {
        at.error("invalid-name", format!("{} is not the name of a service's shape", code_span(name)));
    }
    Some(name.to_owned())
}

fn api(at: &At<'_, '_>, metadata: &mut Metadata) {
    let Some(object) = at.object() else { return };
    metadata.service_id = object.get("sdkId").and_then(|at| names::service_id(&at));
    let (prefix, arn_namespace) = (object.get("endpointPrefix"), object.get("arnNamespace"));
    metadata.endpoint_prefix = prefix.or(arn_namespace).and_then(|at| names::endpoint_prefix(&at));
    object.finish("trait aws.api#service", API);
}

fn signing_name(at: &At<'_, '_>) -> Option<String> {
    let object = at.object()?;
    let name = names::signing_name(&object.require("name")?);
    object.finish("trait aws.auth#sigv4", &[]);
    name
}
