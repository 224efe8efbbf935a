//! `operations` of `service-2.json`.

use super::elements::root;
use super::shapes::{deprecated, error_trait};
use crate::graph::{ErrorTrait, Http, NameRef, Operation, OperationTraits, Retry, Shape};
use crate::source::expression;
use crate::source::node::{At, Ignored, Object};
use crate::source::{rules, unsupported};
use std::collections::HashMap;

const OPERATION: &[Ignored] = &[
    Ignored {
        keys: &["name"],
        reason: "the key goes on the wire; they differ in CloudFront only, whose protocol sends neither",
    },
    Ignored { keys: &["unsignedPayload"], reason: "a body may be left out of the signature; it is signed too" },
    Ignored { keys: &["endpointoperation"], reason: "an operation like others; where it is needed, a warning says so" },
];

const REFERENCE: &[Ignored] = &[
    Ignored { keys: &["documentation"], reason: "the shape has its own" },
    Ignored { keys: &["locationName", "xmlNamespace"], reason: "an answer's outermost element, which nobody compares" },
    Ignored { keys: &["resultWrapper", "wrapper"], reason: "the operation's name and `Result` wherever it is" },
];

/// Of checksums.
const CHECKSUM: &[Ignored] = &[Ignored {
    keys: &["requestValidationModeMember", "responseAlgorithms"],
    reason: "answers come over TLS, which has checksums of its own",
}];

/// What operations say about the errors that they list.
#[derive(Default)]
pub(super) struct ErrorTraits(HashMap<String, ErrorTrait>);

impl ErrorTraits {
    /// Makes errors of the listed shapes. What a reference says wins.
    pub(super) fn apply(self, shapes: &mut [Shape<NameRef>]) {
        for shape in shapes {
            let Some(said) = self.0.get(&shape.name) else { continue };
            let error = shape.traits.error.get_or_insert_default();
            merge(error, said);
        }
    }

    fn add(&mut self, name: &str, said: ErrorTrait) {
        match self.0.get_mut(name) {
            Some(error) => merge(error, &said),
            None => {
                self.0.insert(name.to_owned(), said);
            }
        }
    }
}

fn merge(error: &mut ErrorTrait, said: &ErrorTrait) {
    error.http_status = said.http_status.or(error.http_status);
    error.code = said.code.clone().or(error.code.take());
    error.fault = said.fault.or(error.fault);
    // Of two that differ, throttling is the one that says more.
    error.retry = match (error.retry, said.retry) {
        (Some(Retry::Throttling), _) => error.retry,
        (retry, said) => said.or(retry),
    };
}

/// Reads one operation.
pub(super) fn read(name: &str, at: &At<'_, '_>, errors: &mut ErrorTraits) -> Option<Operation<NameRef>> {
    let object = at.object()?;
    let operation = Operation {
        name: name.to_owned(),
        input: object.get("input").and_then(|at| reference(&at)),
        output: object.get("output").and_then(|at| reference(&at)),
        errors: match object.get("errors") {
            Some(at) => at.items().filter_map(|item| error_reference(&item, errors)).collect(),
            None => Vec::new(),
        },
        traits: traits(&object),
        origin: at.origin(),
    };
    object.finish("an operation", OPERATION);
    Some(operation)
}

fn reference(at: &At<'_, '_>) -> Option<NameRef> {
    let object = at.object()?;
    let reference = expression::name(&object.require("shape")?)?;
    object.finish("a reference to a shape", REFERENCE);
    Some(reference)
}

fn error_reference(at: &At<'_, '_>, errors: &mut ErrorTraits) -> Option<NameRef> {
    let object = at.object()?;
    let reference = expression::name(&object.require("shape")?)?;
    errors.add(&reference.name, error_trait(&object).unwrap_or_default());
    object.finish("a reference to an error", REFERENCE);
    Some(reference)
}

fn traits(object: &Object<'_, '_>) -> OperationTraits {
    // `v4-unsigned-body` leaves a body out of the signature; signing it too is allowed.
    let auth_type = object.string("authtype");
    let auth_at = object.get("auth");
    let auth = auth_at.as_ref().map(At::strings).unwrap_or_default();
    let authentication = auth_at.as_ref().map(|at| unsupported::auth(at, &auth)).unwrap_or_default();
    let checksum_at = object.get("httpChecksum");
    let checksum = checksum_at.as_ref().and_then(At::object);
    object.get("requestcompression").iter().for_each(unsupported::compression);
    object.get("endpointdiscovery").iter().for_each(unsupported::endpoint_discovery);
    let checksum_required = checksum.as_ref().is_some_and(|object| object.flag("requestChecksumRequired"));
    let checksum_member = checksum.as_ref().and_then(|object| object.text("requestAlgorithmMember"));
    if let Some(checksum) = &checksum {
        checksum.finish("httpChecksum", CHECKSUM);
    }
    OperationTraits {
        idempotent: object.flag("idempotent"),
        readonly: object.flag("readonly"),
        unsigned: auth_type == Some("none") || auth.contains(&unsupported::NO_AUTH),
        authentication,
        http: object.get("http").and_then(|at| http(&at)),
        checksum_required: object.flag("httpChecksumRequired") || checksum_required,
        checksum_member,
        root_element: object.get("input").and_then(|at| root(&at)),
        host_prefix: object.get("endpoint").and_then(|at| rules::host_prefix(&at)),
        static_context_params: object
            .get("staticContextParams")
            .map(|at| rules::static_params(&at))
            .unwrap_or_default(),
        operation_context_params: object
            .get("operationContextParams")
            .map(|at| rules::operation_params(&at))
            .unwrap_or_default(),
        batch: None,
        deprecated: deprecated(object),
        documentation: object.text("documentation"),
    }
}

fn http(at: &At<'_, '_>) -> Option<Http> {
    let object = at.object()?;
    let method = object.require("method").and_then(|at| at.string().map(str::to_owned));
    let uri = object.require("requestUri").and_then(|at| at.string().map(str::to_owned));
    let code = object.get("responseCode").and_then(|at| at.integer());
    object.finish("http", &[]);
    Some(Http { method: method?, uri: uri?, code })
}
