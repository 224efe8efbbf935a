//! Smithy's JSON AST: the same graph from another format.

use super::{assert_findings, findings, service, set};
use workstream_codegen::graph::*;

/// Every trait that is read, and one or two of each kind that is not.
pub(super) const EVERYTHING: &str = r##"{"smithy": "2.0", "metadata": {"suppressions": []}, "shapes": {
"ns#Svc": {"type": "service", "version": "2020-01-02", "operations": [{"target": "ns#Op"}],
  "resources": [{"target": "ns#Res"}], "errors": [{"target": "ns#Common"}], "rename": {"ns#Ren": "Renamed"},
  "traits": {"smithy.api#title": "Full", "aws.api#service": {"sdkId": "Id", "arnNamespace": "an", "endpointPrefix": "ep",
      "cloudFormationName": "c", "cloudTrailEventSource": "t", "docId": "d"},
    "aws.auth#sigv4": {"name": "sn"}, "aws.protocols#awsJson1_0": {}, "smithy.protocols#rpcv2Cbor": {},
    "aws.protocols#awsQueryCompatible": {}, "smithy.api#documentation": "<p>Service</p>", "smithy.api#xmlNamespace": {"uri": "u"},
    "smithy.api#paginated": {"inputToken": "next", "outputToken": "page.next", "pageSize": "max"},
    "smithy.rules#endpointRuleSet": {"version": "1.0", "parameters": {}, "rules": []},
    "smithy.rules#clientContextParams": {}, "smithy.rules#endpointTests": {}, "smithy.test#smokeTests": []}},
"ns#Res": {"type": "resource", "identifiers": {"id": {"target": "ns#Unreached"}}, "read": {"target": "ns#Get"},
  "resources": [{"target": "ns#Sub"}], "traits": {"aws.api#arn": {}}},
"ns#Sub": {"type": "resource", "collectionOperations": [{"target": "ns#Bare"}]},
"ns#Op": {"type": "operation", "input": {"target": "ns#In"}, "output": {"target": "ns#Out"},
  "errors": [{"target": "ns#Bad"}], "traits": {"smithy.api#idempotent": {}, "smithy.api#documentation": "<p>Op</p>",
    "smithy.api#endpoint": {"hostPrefix": "{host}."}, "smithy.api#deprecated": {"message": "old", "since": "2026"},
    "smithy.rules#staticContextParams": {"S": {"value": "v"}}, "smithy.rules#operationContextParams": {"P": {"path": "a"}},
    "smithy.api#paginated": {"items": "page.list"}, "smithy.api#auth": [], "smithy.api#httpChecksumRequired": {}, "smithy.api#http": {"method": "POST", "uri": "/op/{Host}", "code": 201},
    "smithy.waiters#waitable": {"Ready": {"documentation": "text", "minDelay": 3, "maxDelay": 9, "tags": [], "deprecated": true,
      "acceptors": [
        {"state": "success", "matcher": {"output": {"path": "a", "expected": "x", "comparator": "allStringEquals"}}},
        {"state": "success", "matcher": {"output": {"path": "b", "expected": "y", "comparator": "anyStringEquals"}}},
        {"state": "failure", "matcher": {"output": {"path": "c", "expected": "z", "comparator": "stringEquals"}}},
        {"state": "failure", "matcher": {"output": {"path": "d", "expected": "true", "comparator": "booleanEquals"}}},
        {"state": "retry", "matcher": {"errorType": "ns#Bad"}}, {"state": "retry", "matcher": {"errorType": "Bad"}},
        {"state": "success", "matcher": {"success": true}}, {"state": "failure", "matcher": {"success": false}}]},
      "Default": {"acceptors": []}}}},
"ns#Get": {"type": "operation", "input": {"target": "smithy.api#Unit"}, "output": {"target": "ns#Out"},
  "traits": {"smithy.api#readonly": {}, "smithy.api#optionalAuth": {}}},
"ns#Bare": {"type": "operation"},
"ns#In": {"type": "structure", "traits": {"smithy.api#input": {}}, "members": {
  "host": {"target": "smithy.api#String", "traits": {"smithy.api#required": {}, "smithy.api#hostLabel": {},
    "smithy.rules#contextParam": {"name": "C"}, "smithy.api#clientOptional": {}, "smithy.api#length": {"min": 1}, "smithy.api#pattern": "y"}},
  "token": {"target": "smithy.api#String", "traits": {"smithy.api#idempotencyToken": {}, "smithy.api#jsonName": "x"}},
  "next": {"target": "ns#String"}, "max": {"target": "smithy.api#PrimitiveInteger", "traits": {"smithy.api#default": 0}},
  "set": {"target": "ns#Set", "traits": {"smithy.api#default": null, "smithy.api#documentation": "<p>Set</p>"}},
  "when": {"target": "ns#Time", "traits": {"smithy.api#timestampFormat": "http-date", "smithy.api#deprecated": {}}}}},
"ns#Out": {"type": "structure", "traits": {"smithy.api#output": {}, "smithy.api#sensitive": {}}, "members": {
  "page": {"target": "ns#Page"}, "any": {"target": "smithy.api#Document"}, "choice": {"target": "ns#Choice"},
  "events": {"target": "ns#Events"}, "map": {"target": "ns#Map"}, "renamed": {"target": "ns#Ren"}}},
"ns#Page": {"type": "structure", "members": {"next": {"target": "ns#String"}, "list": {"target": "ns#List"}}},
"ns#Choice": {"type": "union", "members": {"none": {"target": "smithy.api#Unit"}, "old": {"target": "ns#Old"}}},
"ns#Events": {"type": "union", "traits": {"smithy.api#streaming": {}}, "members": {"e": {"target": "ns#Page"}}},
"ns#List": {"type": "list", "member": {"target": "ns#Kind"}, "traits": {"smithy.api#sparse": {}, "smithy.api#uniqueItems": {}}},
"ns#Set": {"type": "set", "member": {"target": "ns#Level"}},
"ns#Map": {"type": "map", "key": {"target": "ns#Kind"}, "value": {"target": "ns#Body"}, "traits": {"smithy.api#sparse": {}}},
"ns#Ren": {"type": "double", "traits": {"smithy.api#range": {"min": 0.5, "max": 10}}},
"ns#Body": {"type": "blob", "traits": {"smithy.api#streaming": {}, "smithy.api#requiresLength": {}}},
"ns#String": {"type": "string", "traits": {"smithy.api#length": {"min": 1, "max": 5}, "smithy.api#pattern": "^x$"}},
"ns#Time": {"type": "timestamp", "traits": {"smithy.api#timestampFormat": "date-time"}},
"ns#Kind": {"type": "enum", "members": {
  "ONE": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "one", "smithy.api#documentation": "x"}},
  "TWO": {"target": "smithy.api#Unit", "traits": {"smithy.api#deprecated": {"message": "m"}}}}},
"ns#Level": {"type": "intEnum", "members": {"LOW": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": -1}}}},
"ns#Old": {"type": "string", "traits": {"smithy.api#enum": [{"value": "a", "name": "A", "documentation": "x", "tags": []},
  {"value": "b", "deprecated": true}]}},
"ns#Bad": {"type": "structure", "members": {"message": {"target": "smithy.api#String"}}, "traits": {
  "smithy.api#error": "client", "smithy.api#httpError": 429, "smithy.api#retryable": {"throttling": true},
  "aws.protocols#awsQueryError": {"code": "Bad.Code", "httpResponseCode": 400}}},
"ns#Common": {"type": "structure", "members": {}, "traits": {"smithy.api#error": "server"}},
"ns#Unreached": {"type": "bigInteger", "traits": {"no.such#trait": {}}}}}"##;

fn everything() -> Service {
    service(&[("any-name.json", EVERYTHING)])
}

#[test]
fn service_shape() {
    let service = everything();
    assert_eq!(
        *service.metadata(),
        Metadata {
            api_version: Some("2020-01-02".into()),
            endpoint_prefix: Some("ep".into()),
            signing_name: Some("sn".into()),
            full_name: Some("Full".into()),
            service_id: Some("Id".into()),
            target_prefix: Some("Svc".into()),
            protocols: vec![Protocol::RpcV2Cbor, Protocol::AwsJson1_0],
            query_compatible: true,
            authentication: Authentication::Signature,
            documentation: Some("<p>Service</p>".into()),
        }
    );
    assert!(service.rule_set().is_some());
    assert_eq!(&*service.origin().pointer, "/shapes/ns#Svc");
}

#[test]
fn the_closure_is_read_and_no_more() {
    let service = everything();
    let operations: Vec<&str> = service.operations().map(|(_, operation)| operation.name.as_str()).collect();
    assert_eq!(operations, ["Bare", "Get", "Op"]);
    let shapes: Vec<&str> = service.shapes().map(|(_, shape)| shape.name.as_str()).collect();
    // The prelude's `String` makes way for the model's own.
    assert_eq!(
        shapes,
        [
            "Bad",
            "Body",
            "Choice",
            "Common",
            "Document",
            "Events",
            "In",
            "Kind",
            "Level",
            "List",
            "Map",
            "Old",
            "Out",
            "Page",
            "PrimitiveInteger",
            "Renamed",
            "Set",
            "String",
            "Time",
            "Unit",
            "smithy.api#String",
        ]
    );
}

#[test]
fn operations() {
    let service = everything();
    let operation = &service[service.operation_named("Op").unwrap()];
    let errors: Vec<&str> = operation.errors.iter().map(|id| service[*id].name.as_str()).collect();
    assert_eq!(errors, ["Bad", "Common"]);
    assert_eq!(
        operation.traits,
        OperationTraits {
            idempotent: true,
            readonly: false,
            unsigned: true,
            authentication: vec![],
            http: Some(Http { method: "POST".into(), uri: "/op/{Host}".into(), code: Some(201) }),
            root_element: None,
            checksum_required: true,
            checksum_member: None,
            host_prefix: Some("{host}.".into()),
            static_context_params: vec![("S".into(), ContextValue::String("v".into()))],
            operation_context_params: vec![("P".into(), "a".into())],
            batch: None,
            deprecated: Some(Deprecated { message: Some("old".into()), since: Some("2026".into()) }),
            documentation: Some("<p>Op</p>".into()),
        }
    );
    let get = &service[service.operation_named("Get").unwrap()];
    assert_eq!((get.input, get.output), (None, service.shape_named("Out")));
    assert!(get.traits.readonly && get.traits.unsigned);
    let bare = &service[service.operation_named("Bare").unwrap()];
    assert_eq!((bare.input, bare.output, bare.traits.unsigned), (None, None, false));
}

#[test]
fn paginators_take_what_the_service_says() {
    let service = everything();
    let paginator = service.paginator(service.operation_named("Op").unwrap()).unwrap();
    assert_eq!(paginator.input_tokens, ["next".into()]);
    assert_eq!(
        paginator.output_tokens[0].value.alternatives,
        [[TokenStep::Member("page".into()), TokenStep::Member("next".into()),]]
    );
    assert_eq!(paginator.result_keys, [MemberPath(vec!["page".into(), "list".into()]).into()]);
    assert_eq!(paginator.limit_key, Some("max".into()));
}

#[test]
fn waiters() {
    let service = everything();
    let [default, ready] = service.waiters() else { panic!("not two") };
    assert_eq!((default.name.as_str(), default.delay, default.max_delay), ("Default", 2, Some(120)));
    assert_eq!((ready.delay, ready.max_delay, ready.max_attempts), (3, Some(9), None));
    assert_eq!(ready.documentation.as_deref(), Some("text"));
    let path = |path: &str, comparator, expected| Matcher::Path { path: path.to_owned(), comparator, expected };
    let matchers: Vec<Matcher> = ready.acceptors.iter().map(|acceptor| acceptor.matcher.clone()).collect();
    assert_eq!(
        matchers,
        [
            path("a", Comparator::All, Expected::String("x".into())),
            path("b", Comparator::Any, Expected::String("y".into())),
            path("c", Comparator::Equals, Expected::String("z".into())),
            path("d", Comparator::Equals, Expected::Boolean(true)),
            Matcher::ErrorType("Bad".into()),
            Matcher::ErrorType("Bad".into()),
            Matcher::AnyError(false),
            Matcher::AnyError(true),
        ]
    );
}

#[test]
fn shapes_and_members() {
    let service = everything();
    let shape = |name: &str| &service[service.shape_named(name).unwrap()];
    let kinds = [
        ("In", "structure"),
        ("Choice", "union"),
        ("Events", "union"),
        ("List", "list"),
        ("Set", "list"),
        ("Map", "map"),
        ("Kind", "enum"),
        ("Old", "enum"),
        ("Level", "intEnum"),
        ("String", "string"),
        ("Body", "blob"),
        ("Time", "timestamp"),
        ("Document", "document"),
        ("Renamed", "double"),
        ("PrimitiveInteger", "integer"),
        ("Unit", "structure"),
    ];
    for (name, kind) in kinds {
        assert_eq!(shape(name).kind.type_name(), kind, "{name}");
    }
    assert!(matches!(shape("List").kind, ShapeKind::List { sparse: true, .. }));
    assert!(matches!(shape("Map").kind, ShapeKind::Map { sparse: true, .. }));
    assert_eq!(
        shape("Kind").kind,
        ShapeKind::Enum(vec![
            EnumValue { name: Some("ONE".into()), value: "one".into(), deprecated: None },
            EnumValue {
                name: Some("TWO".into()),
                value: "TWO".into(),
                deprecated: Some(Deprecated { message: Some("m".into()), since: None }),
            },
        ])
    );
    assert_eq!(
        shape("Old").kind,
        ShapeKind::Enum(vec![
            EnumValue { name: Some("A".into()), value: "a".into(), deprecated: None },
            EnumValue { name: None, value: "b".into(), deprecated: Some(Deprecated::default()) },
        ])
    );
    assert_eq!(shape("Level").kind, ShapeKind::IntEnum(vec![IntEnumValue { name: "LOW".into(), value: -1 }]));
    assert_eq!(
        (shape("Renamed").traits.min.as_deref(), shape("Renamed").traits.max.as_deref()),
        (Some("0.5"), Some("10"))
    );
    assert_eq!((shape("String").traits.min.as_deref(), shape("String").traits.max.as_deref()), (Some("1"), Some("5")));
    assert_eq!(shape("String").traits.pattern.as_deref(), Some("^x$"));
    assert_eq!(shape("Time").traits.timestamp_format, Some(TimestampFormat::DateTime));
    assert!(shape("Body").traits.streaming && shape("Events").traits.event_stream && shape("Out").traits.sensitive);
    assert_eq!(
        shape("Bad").traits.error,
        Some(ErrorTrait {
            http_status: Some(429),
            code: Some("Bad.Code".into()),
            fault: Some(Fault::Client),
            retry: Some(Retry::Throttling),
            retry_reason: None,
        })
    );
    assert_eq!(shape("Common").traits.error, Some(ErrorTrait { fault: Some(Fault::Server), ..ErrorTrait::default() }));

    let member = |name: &str| shape("In").member_named(name).unwrap().traits.clone();
    assert!(member("host").required && member("host").host_label && !member("token").required);
    assert_eq!(member("host").context_param.as_deref(), Some("C"));
    assert_eq!(member("host").limits, Some(Limits { min: Some("1".into()), max: None }));
    assert_eq!((member("host").pattern.as_deref(), member("next").pattern), (Some("y"), None));
    assert_eq!(member("next").limits, None, "those of the shape");
    assert!(member("token").idempotency_token);
    assert_eq!((member("max").default.as_deref(), member("set").default), (Some("0"), None));
    assert_eq!(member("set").documentation.as_deref(), Some("<p>Set</p>"));
    assert_eq!(member("when").timestamp_format, Some(TimestampFormat::HttpDate));
    assert_eq!(member("when").deprecated, Some(Deprecated::default()));
}

#[test]
fn several_files_are_one_model() {
    let service = service(&[
        (
            "b.json",
            r#"{"smithy": "1.0", "shapes": {"a#S": {"type": "service", "version": "1", "operations": [{"target": "b#O"}]}}}"#,
        ),
        ("a.json", r#"{"smithy": "2", "shapes": {"b#O": {"type": "operation"}}}"#),
    ]);
    assert!(service.operation_named("O").is_some());
}

/// A model whose service has one operation, with `input` as its input's id.
pub(super) fn model(input: &str, shapes: &str) -> String {
    format!(
        r#"{{"smithy": "2.0", "shapes": {{"n#S": {{"type": "service", "version": "1", "operations": [{{"target": "n#O"}}]}},
"n#O": {{"type": "operation", "input": {{"target": "{input}"}}}},
{shapes}}}}}"#
    )
}

#[test]
fn the_unit_of_an_operation_is_no_shape() {
    let service = service(&[("m.json", &model("smithy.api#Unit", r#""n#Unused": {"type": "string"}"#))]);
    assert_eq!(service.shapes().len(), 0);
}

#[test]
fn dangling_even_beside_a_namesake() {
    let text = model("other#In", r#""n#In": {"type": "structure"}"#);
    assert_findings(
        &[("m.json", &text)],
        &[
            "error dangling-shape m.json#/shapes/n#O/input/target 2:50 the input of operation `O` refers to shape `other#In`, which \
         does not exist",
        ],
    );
}

#[test]
fn demands_that_clients_do_not_meet_are_warnings() {
    let text = r#"{"smithy": "2.0", "shapes": {"n#S": {"type": "service", "version": "1",
"operations": [{"target": "n#A"}, {"target": "n#B"}], "traits": {"smithy.api#httpBasicAuth": {}}},
"n#A": {"type": "operation", "traits": {"smithy.api#requestCompression": {"encodings": ["gzip"]},
"smithy.api#auth": ["aws.auth#sigv4a"]}},
"n#B": {"type": "operation", "traits": {"aws.api#clientDiscoveredEndpoint": {"required": true}, "smithy.api#auth": []}}}}"#;
    let (_, lines) = findings(&set(&[("m.json", text)]));
    let places: Vec<&str> = lines.iter().filter_map(|line| line.split(' ').nth(2)).collect();
    assert!(lines.iter().all(|line| line.starts_with("warning unsupported-trait ")), "{lines:?}");
    assert_eq!(
        places,
        [
            "m.json#/shapes/n#S",
            "m.json#/shapes/n#A/traits/smithy.api#auth",
            "m.json#/shapes/n#A/traits/smithy.api#requestCompression",
            "m.json#/shapes/n#B/traits/aws.api#clientDiscoveredEndpoint",
        ]
    );
}

#[test]
fn one_shape_in_two_files() {
    let text = model("n#In", r#""n#In": {"type": "structure"}"#);
    let other = r#"{"smithy": "2.0", "shapes": {"n#In": {"type": "structure"}}}"#;
    assert_findings(
        &[("m.json", &text), ("n.json", other)],
        &["error duplicate-shape n.json#/shapes/n#In 1:38 shape `n#In` is defined in m.json too"],
    );
}

#[test]
fn unsupported_shapes() {
    let shapes = r#""n#In": {"type": "structure", "mixins": [{"target": "n#M"}], "members": {"a": {"target": "n#Big"}}},
"n#Big": {"type": "bigDecimal"}, "n#In$a": {"type": "apply", "traits": {}}"#;
    assert_findings(
        &[("m.json", &model("n#In", shapes))],
        &[
            "error unsupported-shape m.json#/shapes/n#In$a 4:44 traits are applied to `n#In$a` from outside; let Smithy write the \
         model as one file: its build puts the traits where they belong",
            "error unsupported-shape m.json#/shapes/n#In/mixins 3:41 shape `In` has mixins; let Smithy's build write the model \
         without them: `flattenAndRemoveMixins`",
            "error unsupported-shape m.json#/shapes/n#Big/type 4:19 shape `Big` is a bigDecimal, and numbers of any size are \
         not supported; change the model so that it is a long, a double or a string, whichever the service takes",
        ],
    );
}

#[test]
fn unknown_traits_and_values() {
    let shapes = r#""n#In": {"type": "structure", "traits": {"smithy.api#sensitve": {}, "aws.iam#new": {}}, "members": {
"a": {"target": "n#T", "traits": {"x.y#z": 1}}, "b": {"target": "n#N"}, "c": {"target": "n#I"}}},
"n#T": {"type": "timestamp", "traits": {"smithy.api#timestampFormat": "iso"}}, "n#N": {"type": "strct"},
"n#I": {"type": "intEnum", "members": {"A": {"target": "smithy.api#Unit"}, "B": {"target": "n#T"}}}"#;
    assert_findings(
        &[("m.json", &model("n#In", shapes))],
        &[
            "warning unknown-key m.json#/shapes/n#In/members/a/traits/x.y#z 4:35 key `x.y#z` of the traits of a member is not known \
         and was not read",
            "warning unknown-key m.json#/shapes/n#In/traits/smithy.api#sensitve 3:42 key `smithy.api#sensitve` of the traits of a \
         shape of type structure is not known and was not read; did you mean `smithy.api#sensitive`?",
            "error unknown-value m.json#/shapes/n#T/traits/smithy.api#timestampFormat 5:71 `iso` is no timestamp format; known are \
         epoch-seconds, date-time, http-date",
            "error unknown-value m.json#/shapes/n#N/type 5:96 `strct` is no type of a shape; known are structure, union, list, set, map, enum, intEnum, string, boolean, byte, short, integer, long, float, double, blob, timestamp, document",
            "error missing-key m.json#/shapes/n#I/members/A 6:45 member `A` of an intEnum has no trait `smithy.api#enumValue`",
            "error invalid-value m.json#/shapes/n#I/members/B/target 6:92 the member of an enum refers to a shape other than \
         `smithy.api#Unit`",
            "error missing-key m.json#/shapes/n#I/members/B 6:81 member `B` of an intEnum has no trait `smithy.api#enumValue`",
        ],
    );
}

#[test]
fn waiters_and_paginators_that_are_malformed() {
    let shapes = r#""n#In": {"type": "structure", "members": {}}, "n#P": {"type": "operation", "traits": {
"smithy.api#paginated": {"inputToken": "a"}, "smithy.waiters#waitable": {"W": {"acceptors": [
{"state": "done", "matcher": {"success": true}}, {"state": "retry", "matcher": {}},
{"state": "retry", "matcher": {"inputOutput": {}}},
{"state": "retry", "matcher": {"output": {"path": "a", "expected": "b", "comparator": "equals"}}},
{"state": "retry", "matcher": {"output": {"path": "a", "expected": "b", "comparator": "booleanEquals"}}}]}}}}"#;
    let text = model("n#In", shapes).replace(r#"{"target": "n#O"}"#, r#"{"target": "n#P"}"#);
    assert_findings(
        &[("m.json", &text)],
        &[
            "error missing-key m.json#/shapes/n#P/traits/smithy.api#paginated 4:25 key `outputToken` is missing here and on the \
         service",
            "error unknown-value m.json#/shapes/n#P/traits/smithy.waiters#waitable/W/acceptors/0/state 5:11 `done` is no state of an \
         acceptor; known are success, failure, retry",
            "error invalid-value m.json#/shapes/n#P/traits/smithy.waiters#waitable/W/acceptors/1/matcher 5:80 a matcher has exactly \
         one key; known are output, success, errorType",
            "error unknown-value m.json#/shapes/n#P/traits/smithy.waiters#waitable/W/acceptors/2/matcher 6:31 `inputOutput` is no \
         matcher that is supported; known are output, success, errorType",
            "error unknown-value \
         m.json#/shapes/n#P/traits/smithy.waiters#waitable/W/acceptors/3/matcher/output/comparator 7:87 `equals` is no \
         comparator; known are stringEquals, booleanEquals, allStringEquals, anyStringEquals",
            "error unknown-value \
         m.json#/shapes/n#P/traits/smithy.waiters#waitable/W/acceptors/4/matcher/output/expected 8:68 `b` is no boolean; known \
         are true, false",
        ],
    );
}

#[test]
fn services_and_versions() {
    assert_findings(
        &[("m.json", r#"{"smithy": "3.0", "shapes": {}}"#)],
        &[
            "error unknown-value m.json#/smithy 1:12 `3.0` is no version of Smithy that is read; supported are 1.0 and 2.0: write the model \
         with a build of Smithy for one of them",
            "error missing-service m.json# 1:1 the model of `test` has no shape of type service",
        ],
    );
    let two = r#"{"smithy": "2.0", "shapes": {"n#B": {"type": "service"}, "n#A": {"type": "service"}}}"#;
    assert_findings(
        &[("m.json", two)],
        &["error duplicate-service m.json#/shapes/n#B 1:37 the model of `test` has two services: `n#A` and `n#B`"],
    );
    assert_findings(&[("m.json", "{")], &["error broken-json m.json# 1:1 not JSON: EOF while parsing an object"]);
    let whole = model("n#In", r#""n#In": {"type": "structure"}"#);
    assert_findings(
        &[("m.json", &whole), ("n.json", "[1,")],
        &["error broken-json n.json# 1:3 not JSON: EOF while parsing a value"],
    );
}

#[test]
fn both_formats_give_the_same_graph() {
    let botocore = r#"{"metadata": {"apiVersion": "1", "targetPrefix": "S"}, "operations": {"O": {"input": {"shape": "In"}}},
        "shapes": {"In": {"type": "structure", "required": ["a"], "members": {"a": {"shape": "T"}}},
        "T": {"type": "string", "min": 1, "max": 2, "sensitive": true}}}"#;
    let smithy = model(
        "n#In",
        r#""n#In": {"type": "structure", "members": {"a": {"target": "n#T", "traits": {"smithy.api#required": {}}}}},
        "n#T": {"type": "string", "traits": {"smithy.api#length": {"min": 1, "max": 2}, "smithy.api#sensitive": {}}}"#,
    );
    let (one, _) = findings(&set(&[("service-2.json", botocore)]));
    let (two, _) = findings(&set(&[("model.json", &smithy)]));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.services()[0].metadata(), two.services()[0].metadata());
    let shapes = |service: &Service| -> Vec<String> {
        let members = |shape: &Shape| -> Vec<_> {
            shape.members().map(|member| (member.name.clone(), member.target, member.traits.clone())).collect()
        };
        service.shapes().map(|(_, shape)| format!("{} {:?} {:?}", shape.name, shape.traits, members(shape))).collect()
    };
    assert_eq!(shapes(&one.services()[0]), shapes(&two.services()[0]));
}
