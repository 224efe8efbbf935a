//! What botocore's files become.

use super::{assert_findings, assert_with_places, findings, service, set};
use workstream_codegen::diagnostic::Origin;
use workstream_codegen::graph::*;
use workstream_codegen::{ModelSet, SourceFile};

/// Every key of service-2.json that occurs in botocore 1.44.5.
pub(super) const EVERYTHING: &str = r##"{
"version": "2.0", "examples": {}, "clientContextParams": {"A": {"type": "string", "documentation": ""}},
"documentation": "<p>Service</p>", "deprecated": true, "deprecatedMessage": "gone",
"metadata": {"apiVersion": "2020-01-02", "endpointPrefix": "ep", "protocol": "smithy-rpc-v2-cbor",
  "protocols": ["smithy-rpc-v2-cbor", "json"], "jsonVersion": "1.1", "serviceFullName": "Full", "serviceId": "Id",
  "signatureVersion": "v4", "uid": "u", "auth": ["aws.auth#sigv4"], "signingName": "sn", "serviceAbbreviation": "ab",
  "targetPrefix": "Target", "xmlNamespace": "x", "globalEndpoint": "g", "protocolSettings": {"h2": "optional"},
  "awsQueryCompatible": {}, "checksumFormat": "sha256", "ripServiceName": "r"},
"operations": {
  "Op": {"name": "Op2020", "http": {"method": "POST", "requestUri": "/", "responseCode": 200},
    "input": {"shape": "In", "documentation": "", "locationName": "x", "xmlNamespace": {"uri": "u"}},
    "output": {"shape": "Out", "documentation": "", "resultWrapper": "w", "wrapper": true, "locationName": "x"},
    "errors": [{"shape": "Bad", "documentation": "", "exception": true, "error": {"httpStatusCode": 409}, "fault": true},
               {"shape": "Late"}, {"shape": "Bad"}],
    "documentation": "<p>Op</p>", "idempotent": true, "readonly": true, "endpoint": {"hostPrefix": "{Host}."},
    "staticContextParams": {"S": {"value": "v"}, "B": {"value": true}, "L": {"value": ["a"]}},
    "operationContextParams": {"P": {"path": "keys(a)"}}, "deprecated": true, "deprecatedMessage": "old",
    "deprecatedSince": "2026", "endpointdiscovery": {}, "authtype": "none", "auth": ["smithy.api#noAuth"],
    "httpChecksum": {"requestAlgorithmMember": "x", "responseAlgorithms": []}, "httpChecksumRequired": true, "unsignedPayload": true, "endpointoperation": true},
  "Plain": {"authtype": "v4-unsigned-body"}},
"shapes": {
  "In": {"type": "structure", "required": ["Host", "Id"], "payload": "Data", "box": true, "wrapper": true,
    "xmlOrder": [], "xmlNamespace": {"uri": "u"}, "locationName": "x", "synthetic": true, "documentation": "<p>In</p>",
    "members": {
      "Host": {"shape": "Text", "hostLabel": true, "location": "uri", "locationName": "host", "contextParam": {"name": "C"}},
      "Id": {"shape": "Text", "idempotencyToken": true, "locationName": "id", "jsonvalue": true, "queryName": "q"},
      "When": {"shape": "Time", "timestampFormat": "rfc822", "box": true, "documentation": "<p>When</p>", "deprecated": true,
               "deprecatedMessage": "m", "deprecatedSince": "s", "xmlNamespace": {"uri": "u"}, "flattened": true, "xmlAttribute": true},
      "Data": {"shape": "Bytes", "streaming": true, "eventpayload": true, "enum": ["x"]}}},
  "Out": {"type": "structure", "sensitive": true, "members": {
      "Choice": {"shape": "Choice"}, "Any": {"shape": "Any"}, "Events": {"shape": "Events"}, "Map": {"shape": "Map"}}},
  "Bad": {"type": "structure", "members": {}, "exception": true, "retryable": {"throttling": true},
    "error": {"httpStatusCode": 400, "senderFault": true, "code": "Bad.Code"}},
  "Late": {"type": "structure", "members": {}, "fault": true},
  "Choice": {"type": "structure", "union": true, "members": {"a": {"shape": "Int"}, "b": {"shape": "List"}}},
  "Any": {"type": "structure", "document": true, "members": {}},
  "Events": {"type": "structure", "eventstream": true, "members": {"e": {"shape": "Event"}}},
  "Event": {"type": "structure", "event": true, "members": {}},
  "List": {"type": "list", "member": {"shape": "Kind", "locationName": "item"}, "min": 0, "max": 5, "sparse": true,
    "flattened": true, "locationName": "x"},
  "Map": {"type": "map", "key": {"shape": "Kind"}, "value": {"shape": "Real"}, "sparse": true, "flattened": true,
    "min": 1, "max": 2},
  "Kind": {"type": "string", "enum": ["B", "A.1"], "pattern": "^x$", "min": 1, "max": 3, "box": true,
    "deprecated": true, "deprecatedMessage": "m", "deprecatedSince": "s"},
  "Text": {"type": "string", "sensitive": true}, "Yes": {"type": "boolean", "box": true},
  "Bytes": {"type": "blob", "streaming": true, "requiresLength": true, "max": 9},
  "Time": {"type": "timestamp", "timestampFormat": "iso8601"}, "Epoch": {"type": "timestamp", "timestampFormat": "unixTimestamp"},
  "Int": {"type": "integer", "min": -1}, "Long": {"type": "long", "max": 9223372036854775807},
  "Real": {"type": "double", "min": 1e-07, "max": 1.0}, "Half": {"type": "float"},
  "Tiny": {"type": "byte"}, "Small": {"type": "short"}}}"##;

#[test]
fn every_known_key_is_read_or_ignored() {
    service(&[("service-2.json", EVERYTHING)]);
}

#[test]
fn metadata() {
    let service = service(&[("service-2.json", EVERYTHING)]);
    assert_eq!(
        *service.metadata(),
        Metadata {
            api_version: Some("2020-01-02".into()),
            endpoint_prefix: Some("ep".into()),
            signing_name: Some("sn".into()),
            full_name: Some("Full".into()),
            service_id: Some("Id".into()),
            target_prefix: Some("Target".into()),
            protocols: vec![Protocol::RpcV2Cbor, Protocol::AwsJson1_1],
            query_compatible: true,
            authentication: Authentication::Signature,
            documentation: Some("<p>Service</p>".into()),
        }
    );
}

#[test]
fn protocols() {
    let protocols = |metadata: &str| {
        let text = format!(r#"{{"metadata": {metadata}}}"#);
        service(&[("service-2.json", &text)]).metadata().protocols.clone()
    };
    assert_eq!(protocols("{}"), []);
    assert_eq!(protocols(r#"{"protocol": "json"}"#), [Protocol::AwsJson1_0]);
    assert_eq!(protocols(r#"{"protocol": "json", "jsonVersion": "1.0"}"#), [Protocol::AwsJson1_0]);
    assert_eq!(protocols(r#"{"protocol": "json", "jsonVersion": "1.1"}"#), [Protocol::AwsJson1_1]);
    assert_eq!(protocols(r#"{"protocols": [], "protocol": "ec2"}"#), [Protocol::Ec2Query]);
    assert_eq!(
        protocols(r#"{"protocol": "query", "protocols": ["rest-json", "rest-xml", "query"]}"#),
        [Protocol::RestJson1, Protocol::RestXml, Protocol::AwsQuery,]
    );
}

#[test]
fn operations() {
    let service = service(&[("service-2.json", EVERYTHING)]);
    // The key, not `name`; sorted.
    let names: Vec<&str> = service.operations().map(|(_, operation)| operation.name.as_str()).collect();
    assert_eq!(names, ["Op", "Plain"]);
    let operation = &service[service.operation_named("Op").unwrap()];
    assert_eq!(operation.input, service.shape_named("In"));
    assert_eq!(operation.output, service.shape_named("Out"));
    let errors: Vec<&str> = operation.errors.iter().map(|id| service[*id].name.as_str()).collect();
    assert_eq!(errors, ["Bad", "Late"]);
    assert_eq!(
        operation.traits,
        OperationTraits {
            idempotent: true,
            readonly: true,
            unsigned: true,
            authentication: vec![Authentication::Signature],
            http: Some(Http { method: "POST".into(), uri: "/".into(), code: Some(200) }),
            root_element: None,
            checksum_required: true,
            checksum_member: Some("x".into()),
            host_prefix: Some("{Host}.".into()),
            static_context_params: vec![
                ("S".into(), ContextValue::String("v".into())),
                ("B".into(), ContextValue::Boolean(true)),
                ("L".into(), ContextValue::StringList(vec!["a".into()])),
            ],
            operation_context_params: vec![("P".into(), "keys(a)".into())],
            batch: None,
            deprecated: Some(Deprecated { message: Some("old".into()), since: Some("2026".into()) }),
            documentation: Some("<p>Op</p>".into()),
        }
    );
    let plain = &service[service.operation_named("Plain").unwrap()];
    assert_eq!((plain.input, plain.output, plain.traits.unsigned), (None, None, false));
}

#[test]
fn errors_are_known_by_the_shape_or_by_those_who_list_it() {
    let service = service(&[("service-2.json", EVERYTHING)]);
    let error = |name| service[service.shape_named(name).unwrap()].traits.error.clone();
    // What stands on the reference wins.
    assert_eq!(
        error("Bad"),
        Some(ErrorTrait {
            http_status: Some(409),
            code: Some("Bad.Code".into()),
            fault: Some(Fault::Server),
            retry: Some(Retry::Throttling),
            retry_reason: None,
        })
    );
    assert_eq!(error("Late"), Some(ErrorTrait { fault: Some(Fault::Server), ..ErrorTrait::default() }));
    assert_eq!(error("In"), None);
}

#[test]
fn members() {
    let service = service(&[("service-2.json", EVERYTHING)]);
    let input = &service[service.shape_named("In").unwrap()];
    let names: Vec<&str> = input.members().map(|member| member.name.as_str()).collect();
    assert_eq!(names, ["Host", "Id", "When", "Data"]);
    let host = input.member_named("Host").unwrap();
    assert!(host.traits.required && host.traits.host_label);
    assert_eq!(host.traits.context_param.as_deref(), Some("C"));
    assert_eq!(host.wire_name(), "Host", "the location's name is none on the wire of an RPC protocol");
    let id = input.member_named("Id").unwrap();
    assert!(id.traits.required && id.traits.idempotency_token);
    assert_eq!(id.wire_name(), "id");
    let when = input.member_named("When").unwrap();
    assert!(!when.traits.required);
    assert_eq!(when.traits.timestamp_format, Some(TimestampFormat::HttpDate));
    assert_eq!(when.traits.documentation.as_deref(), Some("<p>When</p>"));
    assert_eq!(when.traits.deprecated, Some(Deprecated { message: Some("m".into()), since: Some("s".into()) }));
    assert_eq!(&*when.origin.pointer, "/shapes/In/members/When");
}

#[test]
fn places_go_by_the_members_name_where_they_have_none() {
    let model = r#"{"metadata": {"protocol": "rest-json"}, "operations": {}, "shapes": {
        "Out": {"type": "structure", "members": {
            "One": {"shape": "Text", "location": "header"}, "Other": {"shape": "Text", "location": "header", "locationName": "x-o"},
            "Some": {"shape": "Map", "location": "headers", "locationName": "x-"}, "All": {"shape": "Map", "location": "headers"}}},
        "Map": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}}, "Text": {"type": "string"}}}"#;
    let service = service(&[("service-2.json", model)]);
    let places = service[service.shape_named("Out").unwrap()].members().map(|member| member.traits.place.clone());
    let header = |name: &str| Some(Place::Header(name.to_owned()));
    let headers = |prefix: &str| Some(Place::PrefixHeaders(prefix.to_owned()));
    assert_eq!(places.collect::<Vec<_>>(), [header("One"), header("x-o"), headers("x-"), headers("")]);
}

#[test]
fn shapes() {
    let service = service(&[("service-2.json", EVERYTHING)]);
    let shape = |name: &str| service[service.shape_named(name).unwrap()].clone();
    let kinds = [
        ("In", "structure"),
        ("Choice", "union"),
        ("Events", "union"),
        ("Any", "document"),
        ("List", "list"),
        ("Map", "map"),
        ("Kind", "enum"),
        ("Text", "string"),
        ("Yes", "boolean"),
        ("Bytes", "blob"),
        ("Time", "timestamp"),
        ("Int", "integer"),
        ("Long", "long"),
        ("Real", "double"),
        ("Half", "float"),
        ("Tiny", "byte"),
        ("Small", "short"),
    ];
    for (name, kind) in kinds {
        assert_eq!(shape(name).kind.type_name(), kind, "{name}");
    }
    let names: Vec<String> = service.shapes().map(|(_, shape)| shape.name.clone()).collect();
    assert!(names.is_sorted());
    assert!(matches!(shape("List").kind, ShapeKind::List { sparse: true, .. }));
    assert!(matches!(shape("Map").kind, ShapeKind::Map { sparse: true, .. }));
    let ShapeKind::Enum(values) = shape("Kind").kind else { panic!("no enum") };
    let values: Vec<&str> = values.iter().map(|value| value.value.as_str()).collect();
    assert_eq!(values, ["B", "A.1"]);

    let range = |name: &str| (shape(name).traits.min, shape(name).traits.max);
    assert_eq!(range("Kind"), (Some("1".into()), Some("3".into())));
    assert_eq!(range("Long"), (None, Some("9223372036854775807".into())));
    assert_eq!(range("Real"), (Some("1e-7".into()), Some("1.0".into())));
    assert_eq!(shape("Kind").traits.pattern.as_deref(), Some("^x$"));
    assert_eq!(shape("Time").traits.timestamp_format, Some(TimestampFormat::DateTime));
    assert_eq!(shape("Epoch").traits.timestamp_format, Some(TimestampFormat::EpochSeconds));
    assert!(shape("Text").traits.sensitive && shape("Out").traits.sensitive && !shape("In").traits.sensitive);
    assert!(shape("Bytes").traits.streaming && shape("Events").traits.event_stream);
    assert_eq!(shape("Kind").traits.deprecated.unwrap().message.as_deref(), Some("m"));
    assert_eq!(shape("In").traits.documentation.as_deref(), Some("<p>In</p>"));
}

const LISTING: &str = r#"{"metadata": {}, "operations": {"List": {"input": {"shape": "In"}, "output": {"shape": "Out"}}}, "shapes": {
"In": {"type": "structure", "members": {"a": {"shape": "S"}, "b": {"shape": "S"}, "max": {"shape": "S"}}},
"Out": {"type": "structure", "members": {"x": {"shape": "S"}, "page": {"shape": "Page"}, "list": {"shape": "L"}}},
"Page": {"type": "structure", "members": {"next": {"shape": "S"}, "more": {"shape": "S"}, "list": {"shape": "L"}}},
"L": {"type": "list", "member": {"shape": "Item"}},
"Item": {"type": "structure", "members": {"Key": {"shape": "S"}}}, "S": {"type": "string"}}}"#;

#[test]
fn paginators() {
    let paginators = r#"{"version": "1.0", "pagination": {"List": {
        "input_token": ["a", "b"], "output_token": ["page.next || list[-1].Key", "page.list[-1].Key"], "limit_key": "max",
        "result_key": ["page.list", "list"], "more_results": "page.more", "non_aggregate_keys": ["x"]}}}"#;
    let service = service(&[("service-2.json", LISTING), ("v/paginators-1.json.gz", paginators)]);
    let paginator = service.paginator(service.operation_named("List").unwrap()).unwrap();
    let member = |name: &str| TokenStep::Member(name.to_owned());
    let at = |inside: &str| Origin::new("v/paginators-1.json.gz", format!("/pagination/List{inside}"));
    let name = |name: &str, inside: &str| NameRef { name: name.to_owned(), origin: at(inside) };
    let path = |names: &[&str], inside: &str| Located {
        value: MemberPath(names.iter().map(|name| (*name).to_owned()).collect()),
        origin: at(inside),
    };
    let tokens = |alternatives, inside: &str| Located { value: TokenExpression { alternatives }, origin: at(inside) };
    assert_with_places(
        paginator,
        &Paginator {
            operation: service.operation_named("List").unwrap(),
            input_tokens: vec![name("a", "/input_token/0"), name("b", "/input_token/1")],
            output_tokens: vec![
                tokens(
                    vec![vec![member("page"), member("next")], vec![member("list"), TokenStep::Last, member("Key")]],
                    "/output_token/0",
                ),
                tokens(vec![vec![member("page"), member("list"), TokenStep::Last, member("Key")]], "/output_token/1"),
            ],
            result_keys: vec![path(&["page", "list"], "/result_key/0"), path(&["list"], "/result_key/1")],
            limit_key: Some(name("max", "/limit_key")),
            more_results: Some(path(&["page", "more"], "/more_results")),
            non_aggregate_keys: vec![path(&["x"], "/non_aggregate_keys/0")],
            origin: at(""),
        },
    );
}

#[test]
fn waiters() {
    let waiters = r#"{"version": 2, "waiters": {
"Second": {"operation": "List", "delay": 5, "acceptors": []},
"First": {"operation": "List", "delay": 30, "maxAttempts": 40, "description": "text", "acceptors": [
  {"state": "success", "matcher": "pathAll", "argument": "list[].Key", "expected": "x"},
  {"state": "retry", "matcher": "pathAny", "argument": "list[].Key", "expected": "y"},
  {"state": "failure", "matcher": "path", "argument": "a > b", "expected": true},
  {"state": "failure", "matcher": "path", "argument": "a", "expected": -2},
  {"state": "retry", "matcher": "error", "expected": "NotFound"},
  {"state": "retry", "matcher": "error", "expected": true},
  {"state": "success", "matcher": "error", "expected": false},
  {"state": "success", "matcher": "status", "expected": 404}]}}}"#;
    let service = service(&[("service-2.json", LISTING), ("waiters-2.json", waiters)]);
    let names: Vec<&str> = service.waiters().iter().map(|waiter| waiter.name.as_str()).collect();
    assert_eq!(names, ["First", "Second"]);
    let waiter = &service.waiters()[0];
    assert_eq!((waiter.delay, waiter.max_delay, waiter.max_attempts), (30, None, Some(40)));
    assert_eq!(waiter.documentation.as_deref(), Some("text"));
    assert_eq!(service[waiter.operation].name, "List");
    let path = |path: &str, comparator, expected| Matcher::Path { path: path.to_owned(), comparator, expected };
    let expected = [
        (AcceptorState::Success, path("list[].Key", Comparator::All, Expected::String("x".into()))),
        (AcceptorState::Retry, path("list[].Key", Comparator::Any, Expected::String("y".into()))),
        (AcceptorState::Failure, path("a > b", Comparator::Equals, Expected::Boolean(true))),
        (AcceptorState::Failure, path("a", Comparator::Equals, Expected::Number(-2))),
        (AcceptorState::Retry, Matcher::ErrorType("NotFound".into())),
        (AcceptorState::Retry, Matcher::AnyError(true)),
        (AcceptorState::Success, Matcher::AnyError(false)),
        (AcceptorState::Success, Matcher::Status(404)),
    ];
    let read: Vec<_> = waiter.acceptors.iter().map(|acceptor| (acceptor.state, acceptor.matcher.clone())).collect();
    assert_eq!(read, expected);
}

#[test]
fn the_order_of_files_and_keys_means_nothing() {
    let [one, two] = [
        r#"{"metadata": {"serviceId": "X", "protocol": "json"}, "operations": {"A": {"input": {"shape": "S"}}, "B": {}},
            "shapes": {"S": {"type": "structure", "required": ["n", "m"], "members": {"n": {"shape": "T"}, "m": {"shape": "T"}}},
            "T": {"type": "string", "min": 1, "max": 2}}}"#,
        r#"{"shapes": {"T": {"max": 2, "min": 1, "type": "string"},
            "S": {"members": {"n": {"shape": "T"}, "m": {"shape": "T"}}, "required": ["m", "n"], "type": "structure"}},
            "operations": {"B": {}, "A": {"input": {"shape": "S"}}}, "metadata": {"protocol": "json", "serviceId": "X"}}"#,
    ];
    let paginators = ("paginators-1.json", r#"{"pagination": {}}"#);
    let first = service(&[("service-2.json", one), paginators]);
    let second = service(&[paginators, ("service-2.json", two)]);
    assert_eq!(first, second);
    assert_eq!(first.shape_named("T").unwrap().index(), 1);
}

#[test]
fn services_come_by_name() {
    let mut set = set(&[("b/service-2.json", r#"{"metadata": {}}"#)]);
    set.services.extend(super::set(&[("a/service-2.json", r#"{"metadata": {}}"#)]).services);
    set.services[1].name = "another".to_owned();
    let (model, lines) = findings(&set);
    assert_eq!(lines, Vec::<String>::new());
    let model = model.unwrap();
    let names: Vec<&str> = model.services().iter().map(Service::name).collect();
    assert_eq!(names, ["another", "test"]);
    assert_eq!(model.service("test").unwrap().origin().file.as_ref(), "b/service-2.json");
    assert!(model.service("none").is_none());
}

#[test]
fn partitions() {
    let text = r#"{"version": "1.1", "partitions": [{"id": "aws-x", "regionRegex": "^x-\\d+$",
        "regions": {"x-1": {"description": "One"}, "x-global": {}}, "outputs": {"name": "aws-n", "dnsSuffix": "a.com",
        "dualStackDnsSuffix": "b.com", "implicitGlobalRegion": "x-1", "supportsFIPS": true, "supportsDualStack": false}}]}"#;
    let file = SourceFile { path: "partitions.json".to_owned(), text: text.as_bytes().to_vec() };
    let (model, lines) = findings(&ModelSet { services: Vec::new(), partitions: Some(file) });
    assert_eq!(lines, Vec::<String>::new());
    assert_with_places(
        &model.unwrap().partitions(),
        &[Partition {
            id: "aws-x".into(),
            name: "aws-n".into(),
            region_regex: "^x-\\d+$".into(),
            regions: vec!["x-1".into(), "x-global".into()],
            dns_suffix: "a.com".into(),
            dual_stack_dns_suffix: "b.com".into(),
            implicit_global_region: "x-1".into(),
            supports_fips: true,
            supports_dual_stack: false,
            origin: Origin::new("partitions.json", "/partitions/0"),
        }]
        .as_slice(),
    );
}

#[test]
fn demands_that_clients_do_not_meet_are_warnings() {
    let text = r#"{"metadata": {"auth": ["smithy.api#httpBasicAuth"], "signatureVersion": "v2"}, "shapes": {},
"operations": {"A": {"requestcompression": {"encodings": ["gzip"]}},
"B": {"endpointdiscovery": {"required": true}}, "C": {"endpointdiscovery": {"required": false}},
"D": {"auth": ["aws.auth#sigv4a", "smithy.api#httpBasicAuth"]}, "E": {"auth": ["aws.auth#sigv4a", "aws.auth#sigv4"]},
"F": {"auth": ["smithy.api#noAuth"]}}}"#;
    assert_findings(
        &[("service-2.json", text)],
        &[
            "warning unsupported-trait service-2.json#/metadata/signatureVersion 1:73 requests are to be signed with \
             version 2; clients know version 4 only: operations that do not take it are left out",
            "warning unsupported-trait service-2.json#/metadata/auth 1:23 requests are to be authenticated by \
             smithy.api#httpBasicAuth; clients know aws.auth#sigv4 and smithy.api#httpBearerAuth: operations that take \
             neither are left out",
            "warning unsupported-trait service-2.json#/operations/A/requestcompression 2:44 requests are not compressed; \
             the service takes them as they are",
            "warning unsupported-trait service-2.json#/operations/B/endpointdiscovery 3:28 the endpoint has to be \
             discovered, which clients do not do; ask the service for its endpoints, and give one as the endpoint URL of \
             each call",
            "warning unsupported-trait service-2.json#/operations/D/auth 4:15 requests are to be authenticated by \
             aws.auth#sigv4a or smithy.api#httpBasicAuth; clients know aws.auth#sigv4 and smithy.api#httpBearerAuth: \
             operations that take neither are left out",
        ],
    );
}
