//! botocore's files: `service-2.json`, `paginators-1.json`, `waiters-2.json`
//! and `endpoint-rule-set-1.json`.

pub(super) mod cut;
mod elements;
mod operations;
pub(super) mod prose;
mod shapes;
mod waiters;

use super::node::{At, File, Ignored};
use super::{base_name, expression, names, rules, unsupported};
use crate::diagnostic::Diagnostics;
use crate::graph::{Metadata, NameRef, Paginator, Protocol, ServiceBuilder};
use crate::source::SourceFile;
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
    Ignored { keys: &["globalEndpoint"], reason: "superseded by the endpoint rule set" },
    Ignored {
        keys: &["protocolSettings"],
        reason: "what HTTP/2 is used for; it is nowhere required, and clients speak HTTP/1.1",
    },
    Ignored { keys: &["xmlNamespace"], reason: "the namespace of answers, which nobody compares" },
    Ignored { keys: &["checksumFormat"], reason: "Glacier only" },
    Ignored { keys: &["ripServiceName"], reason: "a name inside AWS" },
];

const PAGINATORS: &[Ignored] = &[Ignored { keys: &["version"], reason: "the file's name says it" }];

/// Names of the files that are read.
pub(super) const FILES: &[&str] =
    &["service-2.json", "paginators-1.json", "waiters-2.json", "endpoint-rule-set-1.json"];

/// Whether a file is one of botocore's that are not needed.
pub(super) fn is_ignored(name: &str) -> bool {
    IGNORED_FILES.iter().any(|group| group.keys.contains(&name))
}

/// Reads the files of one service, whose names are among [`FILES`].
pub(super) fn read(name: &str, files: &[&SourceFile], diagnostics: &RefCell<Diagnostics>) -> Option<ServiceBuilder> {
    let mut models = files.iter().filter(|source| base_name(&source.path) == FILES[0]);
    let Some(model) = models.next() else {
        diagnostics
            .borrow_mut()
            .error("missing-file", &super::folder(name), format!("service `{name}` has no file `service-2.json`"))
            .hint("a Smithy model may have any name, but needs the top-level key `smithy`");
        return None;
    };
    if let Some(second) = models.next() {
        let message = format!("service `{name}` has two files `service-2.json`");
        let origin = File::new(&second.path, diagnostics).origin();
        diagnostics
            .borrow_mut()
            .error("duplicate-file", &origin, message)
            .hint("give the files of one API version only");
        return None;
    }
    let mut builder = ServiceBuilder::new(name, File::new(&model.path, diagnostics).origin());
    let mut complete = true;
    for source in files {
        let file = File::new(&source.path, diagnostics);
        let Some(node) = file.parse(&source.text) else {
            complete = false;
            continue;
        };
        let at = At::root(&file, &node);
        match base_name(&source.path) {
            "service-2.json" => service(&at, &mut builder),
            "paginators-1.json" => paginators(&at, &mut builder),
            "waiters-2.json" => waiters::read(&at, &mut builder),
            _ => builder.rule_set = rules::rule_set(&at),
        }
    }
    // Without one of the files everything in the others would seem to dangle.
    complete.then_some(builder)
}

fn service(at: &At<'_, '_>, builder: &mut ServiceBuilder) {
    let Some(top) = at.object() else { return };
    if let Some(metadata) = top.require("metadata") {
        read_metadata(&metadata, &mut builder.metadata);
    }
    builder.metadata.documentation = top.text("documentation");
    let mut elements = elements::OfShapes::default();
    if let Some(shapes) = top.get("shapes") {
        for (name, shape) in shapes.entries() {
            match shapes::read(name, &shape, &mut elements) {
                Some(shape) => builder.shapes.push(shape),
                None => drop(builder.unread.insert(name.to_owned())),
            }
        }
    }
    shapes::mark_query_params(&mut builder.shapes);
    if let Some(operations) = top.get("operations") {
        let mut errors = operations::ErrorTraits::default();
        for (name, operation) in operations.entries() {
            match operations::read(name, &operation, &mut errors) {
                Some(operation) => builder.operations.push(operation),
                None => drop(builder.unread.insert(name.to_owned())),
            }
        }
        errors.apply(&mut builder.shapes);
    }
    elements.apply(builder);
    top.finish("service-2.json", TOP);
}

fn read_metadata(at: &At<'_, '_>, metadata: &mut Metadata) {
    let Some(object) = at.object() else { return };
    metadata.api_version = object.text("apiVersion");
    metadata.endpoint_prefix = object.get("endpointPrefix").and_then(|at| names::endpoint_prefix(&at));
    metadata.signing_name = object.get("signingName").and_then(|at| names::signing_name(&at));
    metadata.full_name = object.text("serviceFullName");
    metadata.service_id = object.get("serviceId").and_then(|at| names::service_id(&at));
    metadata.target_prefix = object.get("targetPrefix").and_then(|at| names::target_prefix(&at));
    // An object without content: that it is there says it.
    metadata.query_compatible = object.get("awsQueryCompatible").is_some();

    // Before there was a version 1.1 nobody wrote it.
    let json_version = object.get("jsonVersion");
    let known = [("1.0", Protocol::AwsJson1_0), ("1.1", Protocol::AwsJson1_1)];
    let json = json_version.and_then(|at| at.one_of("version of the JSON protocol", &known));
    let json = json.unwrap_or(Protocol::AwsJson1_0);
    // `protocol` is for readers that know no list.
    let single = object.get("protocol");
    let listed = object.get("protocols").map(|at| protocols(&at, json)).unwrap_or_default();
    metadata.protocols = match (listed.is_empty(), single) {
        (true, Some(at)) => protocol(&at, json).into_iter().collect(),
        _ => listed,
    };
    let version = object.get("signatureVersion");
    metadata.authentication = version.map(|at| unsupported::signature_version(&at)).unwrap_or_default();
    if let Some(at) = object.get("auth") {
        metadata.authentication = unsupported::service_auth(&at, &at.strings());
    }
    object.finish("metadata", METADATA);
}

fn protocols(at: &At<'_, '_>, json: Protocol) -> Vec<Protocol> {
    at.items().filter_map(|item| protocol(&item, json)).collect()
}

fn protocol(at: &At<'_, '_>, json: Protocol) -> Option<Protocol> {
    let known = [
        ("json", json),
        ("smithy-rpc-v2-cbor", Protocol::RpcV2Cbor),
        ("rest-json", Protocol::RestJson1),
        ("rest-xml", Protocol::RestXml),
        ("query", Protocol::AwsQuery),
        ("ec2", Protocol::Ec2Query),
    ];
    at.one_of("protocol", &known)
}

fn paginators(at: &At<'_, '_>, builder: &mut ServiceBuilder) {
    let Some(top) = at.object() else { return };
    if let Some(pagination) = top.require("pagination") {
        builder.paginators.extend(pagination.entries().filter_map(|(name, at)| paginator(name, &at)));
    }
    top.finish("paginators-1.json", PAGINATORS);
}

fn paginator(operation: &str, at: &At<'_, '_>) -> Option<Paginator<NameRef>> {
    let object = at.object()?;
    let many = |key| match object.get(key) {
        Some(at) => at.one_or_many().iter().filter_map(expression::path).collect(),
        None => Vec::new(),
    };
    let names = |at: At<'_, '_>| at.one_or_many().iter().filter_map(expression::name).collect();
    let tokens = |at: At<'_, '_>| at.one_or_many().iter().filter_map(expression::token).collect();
    let input_tokens = object.require("input_token").map(names);
    let output_tokens = object.require("output_token").map(tokens);
    let paginator = Paginator {
        operation: NameRef { name: operation.to_owned(), origin: at.origin() },
        input_tokens: input_tokens?,
        output_tokens: output_tokens?,
        result_keys: many("result_key"),
        limit_key: object.get("limit_key").and_then(|at| expression::name(&at)),
        more_results: object.get("more_results").and_then(|at| expression::path(&at)),
        non_aggregate_keys: many("non_aggregate_keys"),
        origin: at.origin(),
    };
    object.finish("a paginator", &[]);
    Some(paginator)
}
