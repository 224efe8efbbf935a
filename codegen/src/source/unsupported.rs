//! What a model asks of its clients and ours do not do. What can be done without is a warning, so that nobody finds out
//! in production.

use super::node::{At, Object};
use crate::graph::Authentication;

/// The way of authentication that clients know for any operation.
const SIGV4: &str = "aws.auth#sigv4";

/// Tokens instead of signatures, which a whole service may ask for.
const BEARER: &str = "smithy.api#httpBearerAuth";

/// Requests without a signature.
pub(super) const NO_AUTH: &str = "smithy.api#noAuth";

const CODE: &str = "unsupported-trait";

/// Requests that may be sent compressed.
pub(super) fn compression(at: &At<'_, '_>) {
    at.report(|diagnostics, origin| {
        diagnostics.warning(CODE, origin, "requests are not compressed").hint("the service takes them as they are");
    });
}

/// Calls that go to an endpoint that the service has to be asked for.
pub(super) fn endpoint_discovery(at: &At<'_, '_>) {
    let is_required = at.object().is_some_and(|discovery: Object<'_, '_>| discovery.flag("required"));
    if is_required {
        at.report(|diagnostics, origin| {
            diagnostics
                .warning(CODE, origin, "the endpoint has to be discovered, which clients do not do")
                .hint("ask the service for its endpoints, and give one as the endpoint URL of each call");
        });
    }
}

/// A number of any size; `what` is one.
pub(super) fn big_number(at: &At<'_, '_>, what: &str, kind: &str) {
    at.report(|diagnostics, origin| {
        diagnostics
            .error(
                "unsupported-shape",
                origin,
                format!("{what} is a {kind}, and numbers of any size are not supported"),
            )
            .hint("change the model so that it is a long, a double or a string, whichever the service takes");
    });
}

/// The version of signatures.
pub(super) fn signature_version(at: &At<'_, '_>) -> Authentication {
    match at.string() {
        Some("v2") => {
            at.report(|diagnostics, origin| {
                diagnostics
                    .warning(CODE, origin, "requests are to be signed with version 2")
                    .hint("clients know version 4 only: operations that do not take it are left out");
            });
            Authentication::Unknown
        }
        Some("bearer") => Authentication::Token,
        _ => Authentication::Signature,
    }
}

/// How a service is authenticated that has these ways. It is signed wherever it can be.
pub(super) fn service_auth(at: &At<'_, '_>, schemes: &[&str]) -> Authentication {
    match auth(at, schemes).as_slice() {
        [] => Authentication::Signature,
        ways if ways.contains(&Authentication::Signature) => Authentication::Signature,
        [way, ..] => *way,
    }
}

/// Ways of authentication. An empty list says nothing of them.
pub(super) fn auth(at: &At<'_, '_>, schemes: &[&str]) -> Vec<Authentication> {
    let known =
        [(SIGV4, Authentication::Signature), (NO_AUTH, Authentication::Signature), (BEARER, Authentication::Token)];
    let listed = known.iter().filter(|(scheme, _)| schemes.contains(scheme));
    let mut ways: Vec<Authentication> = listed.map(|(_, way)| *way).collect();
    ways.dedup();
    if ways.is_empty() && !schemes.is_empty() {
        at.report(|diagnostics, origin| {
            diagnostics
                .warning(CODE, origin, format!("requests are to be authenticated by {}", schemes.join(" or ")))
                .hint(format!("clients know {SIGV4} and {BEARER}: operations that take neither are left out"));
        });
        ways.push(Authentication::Unknown);
    }
    ways
}
