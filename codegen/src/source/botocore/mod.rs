//! botocore's files: `service-2.json`, `paginators-1.json`, `waiters-2.json`
//! and `endpoint-rule-set-1.json`.

mod operations;
mod shapes;
mod waiters;

use super::node::{At, File, Ignored};
use super::{expression, rules};
use crate::diagnostic::Diagnostics;
use crate::graph::builder::{NameRef, RawPaginator, ServiceBuilder};
use crate::graph::{Metadata, Paginator, Protocol};
use crate::model::SourceFile;
use std::cell::RefCell;

/// Files that botocore has beside those that are read.
const IGNORED_FILES: &[Ignored] = &[
    Ignored { keys: &["examples-1.json"], reason: "examples for documentation" },
    Ignored {
        keys: &["service-2.sdk-extras.json", "paginators-1.sdk-extras.json"],
        reason: "patches for Python's own interface",
    },
];

const TOP: &[Ignored] = &[
    Ignored { keys: &["version"], reason: "the file's name says it" },
    Ignored { keys: &["examples"], reason: "examples for documentation" },
    Ignored {
        keys: &["clientContextParams"],
        reason: "the rule set declares the same parameters; a client has no further settings for them",
    },
    Ignored { keys: &["deprecated", "deprecatedMessage"], reason: "a whole service: nothing to generate differently" },
];

const METADATA: &[Ignored] = &[
    Ignored { keys: &["uid", "serviceAbbreviation"], reason: "other spellings of name and version" },
    Ignored { keys: &["signatureVersion", "auth"], reason: "signing is SigV4, or off where the operation says so" },
    Ignored { keys: &["globalEndpoint"], reason: "superseded by the endpoint rule set" },
    Ignored { keys: &["protocolSettings"], reason: "asks for HTTP/2, which the transport negotiates itself" },
    Ignored { keys: &["xmlNamespace"], reason: "XML protocols only" },
    Ignored { keys: &["checksumFormat"], reason: "Glacier only" },
    Ignored { keys: &["ripServiceName"], reason: "a name inside AWS" },
];

const PAGINATORS: &[Ignored] = &[Ignored { keys: &["version"], reason: "the file's name says it" }];

/// Reads the files of one service.
pub(super) fn read(name: &str, files: &[&SourceFile], diagnostics: &RefCell<Diagnostics>) -> Option<ServiceBuilder> {
    let mut builder = None;
    let mut readers: Vec<(&SourceFile, fn(&At<'_, '_>, &mut ServiceBuilder))> = Vec::new();
    for source in files {
        let file = File::new(&source.path, diagnostics);
        match base_name(&source.path) {
            "service-2.json" => match builder {
                Some(_) => {
                    diagnostics
                        .borrow_mut()
                        .error(
                            "duplicate-file",
                            &file.origin(),
                            format!("service `{name}` has two files `service-2.json`"),
                        )
                        .hint("give the files of one API version only");
                }
                None => {
                    builder = Some(ServiceBuilder::new(name, file.origin()));
                    readers.push((source, service));
                }
            },
            "paginators-1.json" => readers.push((source, paginators)),
            "waiters-2.json" => readers.push((source, waiters::read)),
            "endpoint-rule-set-1.json" => readers.push((source, rule_set)),
            other if IGNORED_FILES.iter().any(|group| group.keys.contains(&other)) => {}
            other => {
                let message = format!("file `{other}` of service `{name}` is not known and was not read");
                diagnostics.borrow_mut().warning("unknown-file", &file.origin(), message);
            }
        }
    }
    let Some(mut builder) = builder else {
        diagnostics.borrow_mut().error(
            "missing-file",
            &super::folder(name),
            format!("service `{name}` has no file `service-2.json`"),
        );
        return None;
    };
    let mut complete = true;
    for (source, reader) in readers {
        let file = File::new(&source.path, diagnostics);
        match file.parse(&source.text) {
            Some(node) => reader(&At::root(&file, &node), &mut builder),
            None => complete = false,
        }
    }
    // Without one of the files everything in the others would seem to dangle.
    complete.then_some(builder)
}

/// The last part of a path, without the `.gz` that it may have had on disk.
fn base_name(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.strip_suffix(".gz").unwrap_or(name)
}

fn service(at: &At<'_, '_>, builder: &mut ServiceBuilder) {
    let Some(top) = at.object() else { return };
    if let Some(metadata) = top.require("metadata") {
        read_metadata(&metadata, &mut builder.metadata);
    }
    builder.metadata.documentation = top.text("documentation");
    if let Some(shapes) = top.get("shapes") {
        builder.shapes.extend(shapes.entries().filter_map(|(name, shape)| shapes::read(name, &shape)));
    }
    if let Some(operations) = top.get("operations") {
        let mut errors = operations::ErrorTraits::default();
        for (name, operation) in operations.entries() {
            builder.operations.extend(operations::read(name, &operation, &mut errors));
        }
        errors.apply(&mut builder.shapes);
    }
    top.finish("service-2.json", TOP);
}

fn read_metadata(at: &At<'_, '_>, metadata: &mut Metadata) {
    let Some(object) = at.object() else { return };
    metadata.api_version = object.text("apiVersion");
    metadata.endpoint_prefix = object.text("endpointPrefix");
    metadata.signing_name = object.text("signingName");
    metadata.full_name = object.text("serviceFullName");
    metadata.service_id = object.text("serviceId");
    metadata.target_prefix = object.text("targetPrefix");
    // An object without content: that it is there says it.
    metadata.query_compatible = object.get("awsQueryCompatible").is_some();

    // Before there was a version 1.1 nobody wrote it.
    let json_version = object.get("jsonVersion");
    let json = match &json_version {
        None => Protocol::AwsJson1_0,
        Some(at) => match at.string() {
            Some("1.1") => Protocol::AwsJson1_1,
            Some("1.0") | None => Protocol::AwsJson1_0,
            Some(other) => {
                at.unknown_value("version of the JSON protocol", other, &["1.0", "1.1"]);
                Protocol::AwsJson1_0
            }
        },
    };
    // `protocol` is for readers that know no list.
    let single = object.get("protocol");
    let listed = object.get("protocols").map(|at| protocols(&at, json)).unwrap_or_default();
    metadata.protocols = match (listed.is_empty(), single) {
        (true, Some(at)) => protocol(&at, json).into_iter().collect(),
        _ => listed,
    };
    object.finish("metadata", METADATA);
}

fn protocols(at: &At<'_, '_>, json: Protocol) -> Vec<Protocol> {
    at.items().filter_map(|item| protocol(&item, json)).collect()
}

fn protocol(at: &At<'_, '_>, json: Protocol) -> Option<Protocol> {
    const NAMES: &[&str] = &["json", "smithy-rpc-v2-cbor", "rest-json", "rest-xml", "query", "ec2"];
    let name = at.string()?;
    Some(match name {
        "json" => json,
        "smithy-rpc-v2-cbor" => Protocol::RpcV2Cbor,
        "rest-json" => Protocol::RestJson1,
        "rest-xml" => Protocol::RestXml,
        "query" => Protocol::AwsQuery,
        "ec2" => Protocol::Ec2Query,
        _ => {
            at.unknown_value("protocol", name, NAMES);
            return None;
        }
    })
}

fn paginators(at: &At<'_, '_>, builder: &mut ServiceBuilder) {
    let Some(top) = at.object() else { return };
    if let Some(pagination) = top.require("pagination") {
        builder.paginators.extend(pagination.entries().filter_map(|(name, at)| paginator(name, &at)));
    }
    top.finish("paginators-1.json", PAGINATORS);
}

fn paginator(operation: &str, at: &At<'_, '_>) -> Option<RawPaginator> {
    let object = at.object()?;
    let many = |key| match object.get(key) {
        Some(at) => at.one_or_many().iter().filter_map(expression::path).collect(),
        None => Vec::new(),
    };
    let input_tokens = object.require("input_token");
    let output_tokens = object.require("output_token");
    let paginator = Paginator {
        input_tokens: input_tokens?.one_or_many().iter().filter_map(|at| at.string().map(str::to_owned)).collect(),
        output_tokens: output_tokens?.one_or_many().iter().filter_map(expression::token).collect(),
        result_keys: many("result_key"),
        limit_key: object.text("limit_key"),
        more_results: object.get("more_results").and_then(|at| expression::path(&at)),
        non_aggregate_keys: many("non_aggregate_keys"),
        origin: at.origin(),
    };
    object.finish("a paginator", &[]);
    Some(RawPaginator { operation: NameRef { name: operation.to_owned(), origin: at.origin() }, paginator })
}

fn rule_set(at: &At<'_, '_>, builder: &mut ServiceBuilder) {
    builder.rule_set = rules::rule_set(at);
}
