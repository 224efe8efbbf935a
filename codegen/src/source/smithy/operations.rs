//! Operations, and the paginators and waiters that stand on them.

use super::traits::Traits;
use super::{SmithyModel, UNIT, local};
use crate::graph::{
    Acceptor, Comparator, Expected, Http, Located, Matcher, MemberPath, NameRef, Operation, OperationTraits, Paginator,
    ServiceBuilder, TokenExpression, Waiter,
};
use crate::source::expression;
use crate::source::node::{At, Ignored, Object};
use crate::source::waiters::acceptor_state;
use crate::source::{rules, unsupported};

const CHECKSUM: &[Ignored] = &[Ignored {
    keys: &["requestValidationModeMember", "responseAlgorithms"],
    reason: "answers come over TLS, which has checksums of its own",
}];

const WAITER: &[Ignored] = &[Ignored { keys: &["tags"], reason: "documentation" }];

/// Reads one operation, its paginator and its waiters into `builder`.
pub(super) fn read(
    model: &SmithyModel<'_>,
    name: &str,
    object: &Object<'_, '_>,
    builder: &mut ServiceBuilder,
) -> Option<()> {
    let input = object.get("input").and_then(|at| structure(model, &at));
    let output = object.get("output").and_then(|at| structure(model, &at));
    let mut errors = model.names.targets(object.get("errors"));
    errors.extend(model.defaults.errors.iter().cloned());
    let traits_at = object.get("traits");
    let traits = Traits::new(traits_at.as_ref());
    let reference = |at: &At<'_, '_>| NameRef { name: name.to_owned(), origin: at.origin() };
    if let Some(at) = traits.get("smithy.api#paginated") {
        let paginated = Paginated::read(&at).or(&model.defaults.paginated);
        builder.paginators.extend(paginated.paginator(reference(&at), &at));
    }
    if let Some(at) = traits.get("smithy.waiters#waitable") {
        builder.waiters.extend(at.entries().filter_map(|(waiter, at)| read_waiter(waiter, reference(&at), &at)));
    }
    builder.operations.push(Operation {
        name: name.to_owned(),
        input,
        output,
        errors,
        traits: operation_traits(&traits),
        origin: object.at.origin(),
    });
    traits.finish("an operation");
    object.finish("an operation", &[]);
    Some(())
}

/// The input or output; absent where it is the unit type.
fn structure(model: &SmithyModel<'_>, at: &At<'_, '_>) -> Option<NameRef> {
    let unit = at.node().get("target").and_then(|target| target.as_str()) == Some(UNIT);
    model.names.target(at).filter(|_| !unit)
}

fn operation_traits(traits: &Traits<'_, '_>) -> OperationTraits {
    // An empty list of schemes is the way to say that there is no signature.
    let auth = traits.get("smithy.api#auth");
    let no_schemes = auth.as_ref().is_some_and(|at| at.strings().is_empty());
    let authentication = auth.as_ref().map(|at| unsupported::auth(at, &at.strings())).unwrap_or_default();
    traits.get("smithy.api#requestCompression").iter().for_each(unsupported::compression);
    traits.get("aws.api#clientDiscoveredEndpoint").iter().for_each(unsupported::endpoint_discovery);
    let checksum_at = traits.get("aws.protocols#httpChecksum");
    let checksum = checksum_at.as_ref().and_then(At::object);
    let checksum_required = checksum.as_ref().is_some_and(|object| object.flag("requestChecksumRequired"));
    let checksum_member = checksum.as_ref().and_then(|object| object.text("requestAlgorithmMember"));
    if let Some(checksum) = &checksum {
        checksum.finish("trait httpChecksum", CHECKSUM);
    }
    OperationTraits {
        idempotent: traits.has("smithy.api#idempotent"),
        readonly: traits.has("smithy.api#readonly"),
        unsigned: traits.has("smithy.api#optionalAuth") || no_schemes,
        authentication,
        http: traits.get("smithy.api#http").and_then(|at| http(&at)),
        checksum_required: traits.has("smithy.api#httpChecksumRequired") || checksum_required,
        checksum_member,
        root_element: None,
        host_prefix: traits.get("smithy.api#endpoint").and_then(|at| rules::host_prefix(&at)),
        static_context_params: traits
            .get("smithy.rules#staticContextParams")
            .map(|at| rules::static_params(&at))
            .unwrap_or_default(),
        operation_context_params: traits
            .get("smithy.rules#operationContextParams")
            .map(|at| rules::operation_params(&at))
            .unwrap_or_default(),
        batch: None,
        deprecated: traits.deprecated(),
        documentation: traits.documentation(),
    }
}

fn http(at: &At<'_, '_>) -> Option<Http> {
    let object = at.object()?;
    let method = object.require("method").and_then(|at| at.string().map(str::to_owned));
    let uri = object.require("uri").and_then(|at| at.string().map(str::to_owned));
    let code = object.get("code").and_then(|at| at.integer());
    object.finish("trait http", &[]);
    Some(Http { method: method?, uri: uri?, code })
}

/// Trait `paginated`, of a service or an operation.
#[derive(Clone, Default)]
pub(super) struct Paginated {
    input_token: Option<NameRef>,
    output_token: Option<Located<TokenExpression>>,
    page_size: Option<NameRef>,
    items: Option<Located<MemberPath>>,
}

impl Paginated {
    pub(super) fn read(at: &At<'_, '_>) -> Self {
        let Some(object) = at.object() else { return Self::default() };
        let paginated = Self {
            input_token: object.get("inputToken").and_then(|at| expression::name(&at)),
            output_token: object.get("outputToken").and_then(|at| expression::token(&at)),
            page_size: object.get("pageSize").and_then(|at| expression::name(&at)),
            items: object.get("items").and_then(|at| expression::path(&at)),
        };
        object.finish("trait paginated", &[]);
        paginated
    }

    fn or(self, defaults: &Self) -> Self {
        Self {
            input_token: self.input_token.or_else(|| defaults.input_token.clone()),
            output_token: self.output_token.or_else(|| defaults.output_token.clone()),
            page_size: self.page_size.or_else(|| defaults.page_size.clone()),
            items: self.items.or_else(|| defaults.items.clone()),
        }
    }

    fn paginator(self, operation: NameRef, at: &At<'_, '_>) -> Option<Paginator<NameRef>> {
        for (key, missing) in [("inputToken", self.input_token.is_none()), ("outputToken", self.output_token.is_none())]
        {
            if missing && at.node().get(key).is_none() {
                at.error("missing-key", format!("key `{key}` is missing here and on the service"));
            }
        }
        Some(Paginator {
            operation,
            input_tokens: vec![self.input_token?],
            output_tokens: vec![self.output_token?],
            result_keys: self.items.into_iter().collect(),
            limit_key: self.page_size,
            more_results: None,
            non_aggregate_keys: Vec::new(),
            origin: at.origin(),
        })
    }
}

fn read_waiter(name: &str, operation: NameRef, at: &At<'_, '_>) -> Option<Waiter<NameRef>> {
    let object = at.object()?;
    let acceptors = object.require("acceptors")?.items().filter_map(|item| acceptor(&item)).collect();
    // The defaults are the specification's.
    let seconds = |key, default| object.get(key).map_or(Some(default), |at| at.integer());
    let (delay, max_delay) = (seconds("minDelay", 2), seconds("maxDelay", 120));
    let documentation = object.text("documentation");
    object.flag("deprecated");
    object.finish("a waiter", WAITER);
    Some(Waiter {
        name: name.to_owned(),
        operation,
        delay: delay?,
        max_delay,
        max_attempts: None,
        acceptors,
        documentation,
        overlay: None,
        origin: at.origin(),
    })
}

fn acceptor(at: &At<'_, '_>) -> Option<Acceptor> {
    let object = at.object()?;
    let state = object.require("state").and_then(|at| acceptor_state(&at));
    let matcher = object.require("matcher").and_then(|at| matcher(&at));
    object.finish("an acceptor", &[]);
    Some(Acceptor { state: state?, matcher: matcher?, origin: at.origin() })
}

fn matcher(at: &At<'_, '_>) -> Option<Matcher> {
    const MATCHERS: &[&str] = &["output", "success", "errorType"];
    let mut entries = at.entries();
    let (Some((name, value)), None) = (entries.next(), entries.next()) else {
        at.report(|diagnostics, origin| {
            diagnostics
                .error("invalid-value", origin, "a matcher has exactly one key")
                .hint(format!("known are {}", MATCHERS.join(", ")));
        });
        return None;
    };
    match name {
        "output" => output_matcher(&value),
        "success" => Some(Matcher::AnyError(!value.boolean()?)),
        // A shape's id, or a name alone.
        "errorType" => Some(Matcher::ErrorType(local(value.string()?).to_owned())),
        _ => {
            at.unknown_value("matcher that is supported", name, MATCHERS);
            None
        }
    }
}

fn output_matcher(at: &At<'_, '_>) -> Option<Matcher> {
    const COMPARATORS: &[(&str, Comparator)] = &[
        ("stringEquals", Comparator::Equals),
        ("booleanEquals", Comparator::Equals),
        ("allStringEquals", Comparator::All),
        ("anyStringEquals", Comparator::Any),
    ];
    let object = at.object()?;
    let path = object.require("path");
    let expected = object.require("expected");
    let at = object.require("comparator")?;
    let name = at.string()?;
    let comparator = at.one_of("comparator", COMPARATORS)?;
    object.finish("a matcher", &[]);
    let expected = expected?;
    let text = expected.string()?;
    // The format has booleans as text too.
    let expected = match (name, text) {
        ("booleanEquals", "true") => Expected::Boolean(true),
        ("booleanEquals", "false") => Expected::Boolean(false),
        ("booleanEquals", _) => {
            expected.unknown_value("boolean", text, &["true", "false"]);
            return None;
        }
        _ => Expected::String(text.to_owned()),
    };
    Some(Matcher::Path { path: path?.string()?.to_owned(), comparator, expected })
}
