//! Each rule, by the smallest change that it tells.

use super::{explained, service, told};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use workstream_codegen::diagnostic::{Diagnostics, Origin};
use workstream_codegen::diff::rules::{Bump, Effect, Rule, Severities};
use workstream_codegen::diff::source::{Difference, What};
use workstream_codegen::graph::{
    BatchOverlay, BatchSplit, Deprecated, EnumValue, Limits, Member, NameRef, Retry, Service, ServiceBuilder,
    ShapeKind, TimestampFormat,
};

fn pets() -> Value {
    let page = |operation: &str| json!({"input": {"shape": format!("{operation}In")}, "output": {"shape": format!("{operation}Out")}});
    let page_in = json!({"type": "structure", "members": {"NextToken": {"shape": "Text"}, "Max": {"shape": "Count"}}});
    let page_out = json!({"type": "structure", "members": {"Pets": {"shape": "Pets"}, "NextToken": {"shape": "Text"}}});
    let mut pets = json!({
        "service-2": {
            "metadata": {"protocol": "json", "jsonVersion": "1.1", "targetPrefix": "Pets", "endpointPrefix": "pets",
                         "serviceFullName": "Pets", "signingName": "pets"},
            "operations": {
                "Both": {"input": {"shape": "ListIn"}, "output": {"shape": "ManyOut"}},
                "Feed": {
                    "input": {"shape": "FeedIn"}, "output": {"shape": "FeedOut"},
                    "errors": [{"shape": "NotFound"}, {"shape": "Busy"}]
                },
                "List": page("List"),
                "Many": {"input": {"shape": "ListIn"}, "output": {"shape": "ManyOut"}},
                "Page": page("Page"),
                "Ping": {},
                "Watch": {"output": {"shape": "WatchOut"}}
            },
            "shapes": {
                "FeedIn": {
                    "type": "structure", "required": ["Name", "Food", "Token"],
                    "members": {
                        "Name": {"shape": "Name"}, "Food": {"shape": "Food"}, "Choice": {"shape": "Choice"},
                        "Token": {"shape": "Text", "idempotencyToken": true}, "Note": {"shape": "Text"}, "At": {"shape": "Time"}, "Max": {"shape": "Count"},
                        "Tags": {"shape": "Tags"}, "Picture": {"shape": "Picture"}, "Snack": {"shape": "Food"}, "Portions": {"shape": "Count"}
                    }
                },
                "FeedOut": {"type": "structure", "required": ["Pet"], "members": {"Pet": {"shape": "Pet"}}},
                "ListIn": page_in, "ListOut": page_out, "PageIn": page_in, "PageOut": page_out,
                "ManyOut": {
                    "type": "structure",
                    "members": {"First": {"shape": "Names"}, "Last": {"shape": "Names"}, "NextToken": {"shape": "Text"}}
                },
                "Names": {"type": "list", "member": {"shape": "Text"}},
                "Nothing": {"type": "structure", "members": {}},
                "Pets": {"type": "list", "member": {"shape": "Pet"}},
                "Pet": {
                    "type": "structure", "required": ["Id", "Kind"],
                    "members": {
                        "Id": {"shape": "Text"}, "Mood": {"shape": "Mood"}, "Key": {"shape": "Key"}, "Kind": {"shape": "Text"},
                        "Toys": {"shape": "Toy_Box"}
                    }
                },
                "Choice": {"type": "structure", "union": true, "members": {"A": {"shape": "Text"}, "B": {"shape": "Text"}}},
                "Food": {"type": "string", "enum": ["FISH", "MICE"]},
                "Mood": {"type": "string", "enum": ["GOOD", "BAD"]},
                "Tags": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}},
                "Name": {"type": "string", "min": 1, "max": 10, "pattern": "[a-z]"},
                "Key": {"type": "string", "sensitive": true, "max": 10},
                "Time": {"type": "timestamp"}, "Count": {"type": "integer"}, "Text": {"type": "string"},
                "Picture": {"type": "blob"},
                "NotFound": {"type": "structure", "exception": true, "error": {"httpStatusCode": 404}, "members": {"Id": {"shape": "Text"}}},
                "Busy": {"type": "structure", "exception": true, "members": {}},
                "Unused": {"type": "structure", "members": {"A": {"shape": "Text"}}},
                "ToyBox": {"type": "structure", "members": {"Lid": {"shape": "Text"}}},
                "Toy_Box": {"type": "structure", "members": {"Size": {"shape": "Count"}}},
                "Film": {"type": "blob", "streaming": true},
                "WatchOut": {"type": "structure", "members": {"Film": {"shape": "Film"}}}
            }
        },
        "paginators-1": {"pagination": {
            "Both": {"input_token": "NextToken", "output_token": "NextToken"},
            "Page": {"input_token": "NextToken", "output_token": "NextToken", "result_key": "Pets", "limit_key": "Max"}
        }},
        "waiters-2": {"version": 2, "waiters": {
            "Fed": {"operation": "Page", "delay": 1, "maxAttempts": 2, "acceptors": [
                {"state": "success", "matcher": "pathAll", "argument": "Pets[].Mood", "expected": "GOOD"}
            ]}
        }},
        "endpoint-rule-set-1": {
            "version": "1.0",
            "parameters": {
                "Flag": {"type": "Boolean"},
                "Region": {"type": "String", "required": true, "builtIn": "AWS::Region"},
                "UseFIPS": {"type": "Boolean", "required": true, "default": false}
            },
            "rules": [{"type": "error", "conditions": [], "error": "nowhere"}]
        }
    });
    for (part, more) in [("operations", washing_operations()), ("shapes", washing_shapes())] {
        let Value::Object(more) = more else { panic!("{more}") };
        pets["service-2"][part].as_object_mut().unwrap().extend(more);
    }
    pets
}

/// Lists that can be split into several calls, and one that cannot.
fn washing_operations() -> Value {
    json!({
        "Comb": {"input": {"shape": "CombIn"}, "output": {"shape": "WashOut"}},
        "Wash": {"input": {"shape": "WashIn"}, "output": {"shape": "WashOut"}}
    })
}

fn washing_shapes() -> Value {
    json!({
        "CombIn": {"type": "structure", "members": {"Ids": {"shape": "Ids"}}},
        "WashIn": {"type": "structure", "required": ["Ids"], "members": {"Ids": {"shape": "Ids"}}},
        "WashOut": {"type": "structure", "members": {"Failed": {"shape": "Unwashed"}}},
        "Ids": {"type": "list", "member": {"shape": "Id"}, "max": 5},
        "Id": {"type": "string"},
        "Unwashed": {"type": "list", "member": {"shape": "Dirty"}},
        "Dirty": {"type": "structure", "members": {"Id": {"shape": "Id"}, "Code": {"shape": "Text"}}},
        "Mud": {"type": "list", "member": {"shape": "Muddy"}},
        "Muddy": {"type": "structure", "members": {"Id": {"shape": "Id"}, "Code": {"shape": "Text"}}}
    })
}

/// What a change of the JSON, from the model above, is told as.
struct Case(&'static str, Value, &'static [&'static str]);

/// A change at a JSON pointer; null removes.
fn case(pointer: &'static str, value: Value, told: &'static [&'static str]) -> Case {
    Case(pointer, value, told)
}

const SHAPES: &str = "/service-2/shapes/";

#[rustfmt::skip]
fn cases() -> Vec<Case> {
    vec![
        case("/service-2/operations/Nap", json!({}), &["operation-added Nap"]),
        case("/service-2/operations/Ping", Value::Null, &["operation-removed Ping"]),
        case("/service-2/operations/Ping/input", json!({"shape": "ListIn"}), &["operation-input-added Ping", "member-added-input ListIn.Max", "member-added-input ListIn.NextToken"]),
        case("/service-2/operations/Ping/input", json!({"shape": "Nothing"}), &["operation-input-added Ping"]),
        case("/service-2/operations/Ping/output", json!({"shape": "Nothing"}), &["operation-output-added Ping"]),
        case("/service-2/operations/List/input", Value::Null, &["operation-input-removed List", "member-removed-input ListIn.Max", "member-removed-input ListIn.NextToken", "paginator-removed List"]),
        case("/service-2/operations/Ping/output", json!({"shape": "Unused"}), &["operation-output-added Ping", "member-added-output Unused.A"]),
        case("/service-2/operations/Feed/output", Value::Null, &["operation-output-removed Feed", "member-removed-output FeedOut.Pet"]),
        case("/service-2/operations/List/input", json!({"shape": "PageIn"}), &["operation-shape-changed List"]),
        case("/service-2/operations/List/errors", json!([{"shape": "Busy"}]), &["operation-error-added List"]),
        case("/service-2/operations/Feed/errors", json!([{"shape": "Busy"}]), &["operation-error-removed Feed", "error-removed NotFound"]),
        case("/service-2/operations/Feed/errors", json!([{"shape": "Busy"}, {"shape": "NotFound"}]), &["operation-errors-reordered Feed"]),
        case("/service-2/operations/Ping/errors", json!([{"shape": "Unused"}]), &["operation-error-added Ping", "error-added Unused"]),
        case("/service-2/operations/Ping/idempotent", json!(true), &["operation-idempotency-changed Ping"]),
        case("/service-2/operations/Ping/readonly", json!(true), &["operation-idempotency-changed Ping"]),
        case("/service-2/operations/Ping/authtype", json!("none"), &["operation-auth-changed Ping"]),
        case("/service-2/operations/Ping/endpoint", json!({"hostPrefix": "a."}), &["operation-host-prefix-changed Ping"]),
        case("/service-2/operations/Ping/staticContextParams", json!({"UseFIPS": {"value": true}}), &["operation-endpoint-changed Ping"]),
        case("/service-2/operations/Ping/deprecated", json!(true), &["deprecated Ping"]),
        case("/service-2/operations/Ping/documentation", json!("<p>x</p>"), &["documentation-changed Ping"]),
        case("/service-2/shapes/NotFound/error/code", json!("Gone"), &["error-code-changed NotFound"]),
        case("/service-2/shapes/NotFound/error/httpStatusCode", json!(410), &["error-status-changed NotFound"]),
        case("/service-2/shapes/NotFound/retryable", json!({"throttling": true}), &["error-retry-changed NotFound"]),
        case("/service-2/shapes/New", json!({"type": "string"}), &[]),
        case("/service-2/shapes/Food/enum", Value::Null, &["type-changed-from-enum Food", "type-removed Food"]),
        case("/service-2/shapes/FeedIn/members/Snack/shape", json!("Text"), &["type-changed-from-enum FeedIn.Snack"]),
        case("/service-2/shapes/Key/enum", json!(["A"]), &["type-changed-to-enum Key", "type-added Key"]),
        case("/service-2/shapes/Count/type", json!("long"), &["type-changed Count"]),
        case("/service-2/shapes/Unused/members/B", json!({"shape": "Text"}), &["unused-shape-changed Unused"]),
        case("/service-2/shapes/Pets/sparse", json!(true), &["sparse-changed Pets"]),
        case("/service-2/shapes/FeedIn/members/New", json!({"shape": "Text"}), &["member-added-input FeedIn.New"]),
        case("/service-2/shapes/Pet/members/New", json!({"shape": "Text"}), &["member-added-output Pet.New"]),
        case("/service-2/shapes/PageOut/members/New", json!({"shape": "Text"}), &["member-added-output PageOut.New"]),
        case("/service-2/shapes/FeedIn/members/At", Value::Null, &["member-removed-input FeedIn.At"]),
        case("/service-2/shapes/Pet/members/Key", Value::Null, &["member-removed-output Pet.Key"]),
        case("/service-2/shapes/FeedIn/required", json!(["Name", "Food", "Token", "At"]), &["member-now-required-input FeedIn.At"]),
        case("/service-2/shapes/FeedIn/required", json!(["Name", "Token"]), &["member-now-optional-input FeedIn.Food"]),
        case("/service-2/shapes/FeedIn/required", json!(["Name", "Food"]), &["token-requirement-changed FeedIn.Token"]),
        case("/service-2/shapes/FeedOut/required", Value::Null, &["member-now-optional-output FeedOut.Pet"]),
        case("/service-2/shapes/Pet/required", json!(["Id", "Kind", "Mood"]), &["member-now-required-output Pet.Mood"]),
        case("/service-2/shapes/Pet/members/Id/shape", json!("Name"), &["constraint-changed-output Pet.Id", "constraint-changed-output Pet.Id", "constraint-changed-output Pet.Id", "member-target-changed Pet.Id"]),
        case("/service-2/shapes/Pet/members/Mood/shape", json!("Food"), &["type-renamed Pet.Mood", "enum-value-removed-output Pet.Mood GOOD", "enum-value-removed-output Pet.Mood BAD", "enum-value-added Pet.Mood FISH", "enum-value-added Pet.Mood MICE", "type-removed Mood"]),
        case("/service-2/shapes/Pet/members/Id/locationName", json!("id"), &["member-wire-name-changed Pet.Id"]),
        case("/service-2/shapes/FeedIn/members/Note/idempotencyToken", json!(true), &["member-idempotency-token-changed FeedIn.Note"]),
        case("/service-2/shapes/FeedIn/members/Name/idempotencyToken", json!(true), &["required-idempotency-token-changed FeedIn.Name"]),
        case("/service-2/shapes/FeedIn/members/Name/hostLabel", json!(true), &["member-host-label-changed FeedIn.Name"]),
        case("/service-2/shapes/FeedIn/members/Name/contextParam", json!({"name": "Region"}), &["member-endpoint-parameter-changed FeedIn.Name"]),
        case("/service-2/shapes/FeedIn/members/At/timestampFormat", json!("iso8601"), &["timestamp-format-changed FeedIn.At"]),
        case("/service-2/shapes/Time/timestampFormat", json!("iso8601"), &["timestamp-format-changed Time"]),
        case("/service-2/shapes/Choice/members/C", json!({"shape": "Text"}), &["union-member-added Choice.C"]),
        case("/service-2/shapes/Choice/members/B", Value::Null, &["union-member-removed Choice.B"]),
        case("/service-2/shapes/Food/enum", json!(["FISH", "MICE", "BIRD"]), &["enum-value-added Food BIRD"]),
        case("/service-2/shapes/Food/enum", json!(["FISH", "MICE", "UNKNOWN"]), &["enum-value-unknown-added Food UNKNOWN"]),
        case("/service-2/shapes/Food/enum", json!(["FISH"]), &["enum-value-removed-input Food MICE"]),
        case("/service-2/shapes/Mood/enum", json!(["GOOD"]), &["enum-value-removed-output Mood BAD"]),
        case("/service-2/shapes/Mood/enum", json!(["BAD", "GOOD"]), &["enum-values-reordered Mood"]),
        case("/service-2/shapes/Name/max", json!(9), &["constraint-tightened Name"]),
        case("/service-2/shapes/Name/max", json!(11), &["constraint-relaxed Name"]),
        case("/service-2/shapes/Name/max", Value::Null, &["constraint-relaxed Name"]),
        case("/service-2/shapes/Name/min", json!(2), &["constraint-tightened Name"]),
        case("/service-2/shapes/Name/min", json!(0), &["constraint-relaxed Name"]),
        case("/service-2/shapes/Name/pattern", json!("[A-Z]"), &["pattern-changed Name"]),
        case("/service-2/shapes/Name/pattern", Value::Null, &["constraint-relaxed Name"]),
        case("/service-2/shapes/Count/max", json!(9), &["constraint-tightened Count"]),
        case("/service-2/shapes/Key/max", json!(9), &["constraint-changed-output Key"]),
        case("/service-2/shapes/Key/sensitive", Value::Null, &["sensitive-removed Key"]),
        case("/service-2/shapes/Name/sensitive", json!(true), &["sensitive-added Name"]),
        case("/service-2/shapes/Picture/streaming", json!(true), &["error-removed Busy", "type-removed Choice", "type-removed Food", "error-removed NotFound", "streaming-added Feed"]),
        case("/service-2/shapes/Pet/members/Mood/deprecated", json!(true), &["deprecated Pet.Mood"]),
        case("/paginators-1/pagination/Page", Value::Null, &["paginator-inferred Page"]),
        case("/paginators-1/pagination/List", json!({"input_token": "NextToken", "output_token": "NextToken", "result_key": "Pets"}), &["paginator-inferred List"]),
        case("/service-2/shapes/ListOut/members/More", json!({"shape": "Pets"}), &["member-added-output ListOut.More", "paginator-removed List"]),
        case("/service-2/shapes/ListOut/members/NextToken", Value::Null, &["member-removed-output ListOut.NextToken", "paginator-removed List"]),
        case("/paginators-1/pagination/Many", json!({"input_token": "NextToken", "output_token": "NextToken", "result_key": "First"}), &["paginator-added Many"]),
        case("/paginators-1/pagination/Both/result_key", json!("First"), &["paginator-items-added Both"]),
        case("/paginators-1/pagination/Page/result_key", json!("NextToken"), &["paginator-items-changed Page"]),
        case("/service-2/shapes/CombIn/required", json!(["Ids"]), &["member-now-required-input CombIn.Ids", "batch-added Comb"]),
        case("/service-2/shapes/WashIn/required", Value::Null, &["member-now-optional-input WashIn.Ids", "batch-removed Wash"]),
        case("/service-2/shapes/WashOut/members/Failed", Value::Null, &["member-removed-output WashOut.Failed", "type-removed Dirty", "batch-removed Wash"]),
        case("/service-2/shapes/WashOut/members", json!({"Unprocessed": {"shape": "Mud"}}), &["member-removed-output WashOut.Failed", "member-added-output WashOut.Unprocessed", "type-removed Dirty", "type-added Muddy", "batch-changed Wash"]),
        case("/service-2/shapes/Dirty/members/Code", Value::Null, &["member-removed-output Dirty.Code", "batch-removed Wash"]),
        case("/service-2/shapes/Ids/max", json!(6), &["constraint-relaxed Ids", "batch-changed Wash"]),
        case("/service-2/shapes/Ids/max", Value::Null, &["constraint-relaxed Ids", "batch-removed Wash"]),
        case("/paginators-1/pagination/Page/limit_key", Value::Null, &["paginator-changed Page"]),
        case("/waiters-2/waiters/Full", json!({"operation": "Feed", "delay": 1, "maxAttempts": 2, "acceptors": []}), &["waiter-added waiter Full"]),
        case("/waiters-2/waiters/Fed", Value::Null, &["waiter-removed waiter Fed"]),
        case("/waiters-2/waiters/Fed/delay", json!(9), &["waiter-changed waiter Fed"]),
        case("/waiters-2/waiters/Fed/operation", json!("List"), &["waiter-operation-changed waiter Fed"]),
        case("/endpoint-rule-set-1", Value::Null, &["endpoint-rules-removed endpoint rules"]),
        case("/endpoint-rule-set-1/rules/0/error", json!("elsewhere"), &["endpoint-rules-changed endpoint rules"]),
        case("/endpoint-rule-set-1/parameters/Zone", json!({"type": "String"}), &["endpoint-parameter-added endpoint parameter Zone"]),
        case("/endpoint-rule-set-1/parameters/UseFIPS", Value::Null, &["endpoint-parameter-removed endpoint parameter UseFIPS"]),
        case("/endpoint-rule-set-1/parameters/UseFIPS/default", json!(true), &["endpoint-parameter-changed endpoint parameter UseFIPS"]),
        case("/endpoint-rule-set-1/parameters/UseFIPS/default", Value::Null, &["endpoint-parameter-changed endpoint parameter UseFIPS"]),
        case("/endpoint-rule-set-1/parameters/Flag/type", json!("String"), &["endpoint-parameter-type-changed endpoint parameter Flag"]),
        case("/service-2/metadata/protocols", json!(["smithy-rpc-v2-cbor", "json"]), &["protocol-added service", "protocol-preferred-changed service"]),
        case("/service-2/metadata/protocols", json!(["smithy-rpc-v2-cbor"]), &["protocol-added service", "protocol-removed service", "protocol-preferred-changed service"]),
        case("/service-2/metadata/targetPrefix", json!("Cats"), &["target-prefix-changed service"]),
        case("/service-2/metadata/signingName", json!("cats"), &["signing-name-changed service"]),
        case("/service-2/metadata/endpointPrefix", json!("cats"), &["endpoint-prefix-changed service"]),
        case("/service-2/metadata/serviceFullName", json!("Cats"), &["service-renamed service"]),
        case("/service-2/metadata/awsQueryCompatible", json!({}), &["query-compatible-changed service"]),
        case("/service-2/metadata/auth", json!(["smithy.api#httpBearerAuth"]), &["service-auth-changed service"]),
        // What is written differently, and means the same.
        case("/service-2/metadata/signingName", Value::Null, &["spelling-changed service"]),
        case("/service-2/metadata/protocols", json!(["json", "query"]), &["spelling-changed service"]),
        case("/service-2/shapes/Text/min", json!(0), &["spelling-changed Text"]),
        case("/service-2/shapes/Count/min", json!(0), &["constraint-tightened Count"]),
        case("/service-2/shapes/Count/max", json!(2147483647), &["spelling-changed Count"]),
        case("/service-2/shapes/Name/pattern", json!("^[a-z]$"), &["spelling-changed Name"]),
        case("/service-2/shapes/Text/pattern", json!("^[\\s\\S]*$"), &["spelling-changed Text"]),
        case("/service-2/shapes/Time/timestampFormat", json!("unixTimestamp"), &["spelling-changed Time"]),
        case("/service-2/shapes/NotFound/error/code", json!("NotFound"), &["spelling-changed NotFound"]),
        case("/service-2/shapes/NotFound/error/code", json!("Busy"), &["spelling-changed NotFound"]),
        case("/service-2/shapes/NotFound/error/httpStatusCode", Value::Null, &["spelling-changed NotFound"]),
        case("/service-2/shapes/Busy/fault", json!(true), &["spelling-changed Busy"]),
        case("/paginators-1/pagination/Page/result_key", Value::Null, &["spelling-changed Page"]),
        case("/paginators-1/pagination/Page/non_aggregate_keys", json!(["NextToken"]), &["spelling-changed Page"]),
        // What the crate does not have.
        case("/service-2/operations/Watch", Value::Null, &["left-out-operation-changed Watch"]),
        case("/service-2/operations/Watch/endpoint", json!({"hostPrefix": "a."}), &["left-out-operation-changed Watch"]),
        case("/service-2/shapes/WatchOut/members/Note", json!({"shape": "Text"}), &["unused-shape-changed WatchOut"]),
        case("/service-2/shapes/FeedOut/members/Film", json!({"shape": "Film"}), &["error-removed Busy", "type-removed Choice", "type-removed Food", "error-removed NotFound", "streaming-added Feed"]),
        case("/service-2/operations/Ping/output", json!({"shape": "WatchOut"}), &["streaming-added Ping"]),
        case("/service-2/operations/Ping/auth", json!(["aws.auth#sigv4a"]), &["operation-auth-unknown Ping"]),
        case("/service-2/operations/Ping/auth", json!(["aws.auth#sigv4a", "aws.auth#sigv4"]), &["spelling-changed Ping"]),
        // Names that stand for something else. Listed below, a newcomer leaves the name to what had it.
        case("/service-2/shapes/Food/enum", json!(["FISH", "MICE", "Fish"]), &["enum-value-added Food Fish"]),
        case("/service-2/shapes/Food/enum", json!(["Fish", "FISH", "MICE"]), &["enum-value-added Food Fish", "name-taken-over Food Fish"]),
        case("/service-2/shapes/Food/enum", json!(["fish", "MICE"]), &["enum-value-removed-input Food FISH", "enum-value-added Food fish", "name-taken-over Food fish"]),
        case("/service-2/shapes/Pet/members/kind", json!({"shape": "Text"}), &["member-added-output Pet.kind"]),
        case("/service-2/shapes/Pet/members/ID", json!({"shape": "Text"}), &["member-added-output Pet.ID", "name-taken-over Pet.ID"]),
        case("/service-2/shapes/Choice/members/Unknown", json!({"shape": "Text"}), &["union-member-added Choice.Unknown", "name-taken-over Choice.Unknown"]),
        case("/service-2/shapes/FeedOut/members/Box", json!({"shape": "ToyBox"}), &["member-added-output FeedOut.Box", "type-added ToyBox", "name-taken-over ToyBox"]),
        case("/service-2/operations/PING", json!({}), &["operation-added PING", "name-taken-over PING"]),
        case("/waiters-2/waiters/FED", json!({"operation": "Feed", "delay": 1, "maxAttempts": 2, "acceptors": []}), &["waiter-added waiter FED", "name-taken-over waiter FED"]),
        case("/endpoint-rule-set-1/parameters/FLAG", json!({"type": "Boolean"}), &["endpoint-parameter-added endpoint parameter FLAG", "name-taken-over endpoint parameter FLAG"]),
    ]
}

/// Sets or removes what a pointer leads to.
fn edit(json: &mut Value, pointer: &str, value: Value) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = json.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {parent}"));
    match (parent, value) {
        (Value::Object(map), Value::Null) => drop(map.remove(key).unwrap_or_else(|| panic!("nothing at {pointer}"))),
        (Value::Object(map), value) => drop(map.insert(key.to_owned(), value)),
        (Value::Array(items), value) => items[key.parse::<usize>().unwrap()] = value,
        (parent, _) => panic!("{parent} has no {key}"),
    }
}

/// What has no place in botocore's JSON, or where serde_json would sort the keys.
type Edit = fn(&mut ServiceBuilder);

fn edits() -> Vec<(Edit, &'static [&'static str])> {
    vec![
        (|b| members(b, "FeedIn").reverse(), &["members-reordered FeedIn", "required-members-reordered FeedIn"]),
        (|b| members(b, "PageIn").reverse(), &["members-reordered PageIn"]),
        (|b| members(b, "Pet").reverse(), &["members-reordered Pet", "required-members-reordered Pet"]),
        (|b| required(member(b, "FeedIn", "At")), &["member-now-required-input FeedIn.At"]),
        (|b| add(b, "FeedIn"), &["member-added-required-input FeedIn.New"]),
        (|b| add(b, "Pet"), &["member-added-required-output Pet.New"]),
        (|b| default(b, "Max", Some("1")), &["member-default-added FeedIn.Max"]),
        (|b| default(b, "Name", Some("\"a\"")), &["member-default-added FeedIn.Name"]),
        (|b| default(b, "Portions", None), &["member-default-removed FeedIn.Portions"]),
        (|b| default(b, "Portions", Some("2")), &["member-default-changed FeedIn.Portions"]),
        (|b| required(member(b, "FeedIn", "Portions")), &["spelling-changed FeedIn.Portions"]),
        (
            |b| required_instead_of_default(b, "Portions"),
            &["spelling-changed FeedIn.Portions", "member-default-removed FeedIn.Portions"],
        ),
        (
            |b| member(b, "FeedIn", "Portions").traits.client_optional = true,
            &["member-default-removed FeedIn.Portions", "spelling-changed FeedIn.Portions"],
        ),
        // What clients leave to the service is no part of the crate.
        (
            |b| {
                default(b, "Max", Some("1"));
                member(b, "FeedIn", "Max").traits.client_optional = true;
            },
            &["spelling-changed FeedIn.Max", "spelling-changed FeedIn.Max"],
        ),
        (
            |b| member(b, "FeedIn", "Name").traits.redacted = Some("it is secret".to_owned()),
            &["sensitive-added FeedIn.Name"],
        ),
        // Limits of a member's own count instead of those of its shape.
        (
            |b| member(b, "FeedIn", "Name").traits.limits = Some(Limits { min: None, max: Some("5".to_owned()) }),
            &["constraint-tightened FeedIn.Name"],
        ),
        (
            |b| member(b, "FeedIn", "Name").traits.limits = Some(Limits { min: None, max: Some("10.0".to_owned()) }),
            &["constraint-relaxed FeedIn.Name"],
        ),
        (
            |b| {
                let limits = Limits { min: Some("1".to_owned()), max: Some("10".to_owned()) };
                member(b, "FeedIn", "Name").traits.limits = Some(limits);
            },
            &["spelling-changed FeedIn.Name"],
        ),
        (
            |b| member(b, "Pet", "Id").traits.limits = Some(Limits { min: None, max: Some("5".to_owned()) }),
            &["constraint-changed-output Pet.Id"],
        ),
        (|b| member(b, "FeedIn", "Name").traits.pattern = Some("[A-Z]".to_owned()), &["pattern-changed FeedIn.Name"]),
        (
            |b| member(b, "FeedIn", "Name").traits.pattern = Some("^[a-z]$".to_owned()),
            &["spelling-changed FeedIn.Name"],
        ),
        (|b| values(b, "Food")[0].name = Some("HERRING".to_owned()), &["enum-value-renamed Food FISH"]),
        (|b| values(b, "Food")[0].name = Some("Fish".to_owned()), &["spelling-changed Food FISH"]),
        (|b| member(b, "FeedIn", "Note").traits.wire_name = Some("Note".to_owned()), &["spelling-changed FeedIn.Note"]),
        (
            |b| {
                add(b, "PageOut");
                members(b, "PageOut")[1].target = "Names".to_owned().into();
                let page = b.paginators.iter_mut().find(|paginator| paginator.operation.name == "Page");
                page.unwrap().result_keys.clear();
            },
            &["member-added-required-output PageOut.New", "paginator-items-changed Page"],
        ),
        (|b| batch(b, "Wash", None), &["documentation-changed Wash", "batch-removed Wash"]),
        (|b| batch(b, "Wash", Some("Failed")), &["documentation-changed Wash", "batch-inferred Wash"]),
        (|b| batch(b, "Comb", Some("Failed")), &["documentation-changed Comb", "batch-added Comb"]),
        (|b| member(b, "Pet", "Id").traits.sensitive = true, &["sensitive-added Pet.Id"]),
        // What it holds is a secret already.
        (|b| member(b, "Pet", "Key").traits.sensitive = true, &["spelling-changed Pet.Key"]),
        (|b| values(b, "Food")[0].deprecated = Some(Deprecated::default()), &["deprecated Food FISH"]),
        (|b| b.rule_set.as_mut().unwrap().parameters.reverse(), &["endpoint-parameters-reordered endpoint rules"]),
        (|b| shape(b, "Busy").traits.error.as_mut().unwrap().retry = Some(Retry::Never), &["error-retry-changed Busy"]),
    ]
}

/// Lets the overlay say that `Ids` are split, or have to be sent whole.
fn batch(builder: &mut ServiceBuilder, operation: &str, failures: Option<&str>) {
    let operation = builder.operations.iter_mut().find(|candidate| candidate.name == operation).unwrap();
    let split = failures.map(|failures| BatchSplit {
        list: "Ids".to_owned(),
        maximum: None,
        failures: Some(failures.to_owned()),
    });
    let origin = Origin::default();
    operation.traits.batch = Some(BatchOverlay { split, reason: "pets are washed one by one".to_owned(), origin });
}

fn shape<'b>(builder: &'b mut ServiceBuilder, name: &str) -> &'b mut workstream_codegen::graph::Shape<NameRef> {
    builder.shapes.iter_mut().find(|shape| shape.name == name).unwrap()
}

fn members<'b>(builder: &'b mut ServiceBuilder, name: &str) -> &'b mut Vec<Member<NameRef>> {
    match &mut shape(builder, name).kind {
        ShapeKind::Structure(members) => members,
        kind => panic!("{kind:?}"),
    }
}

fn member<'b>(builder: &'b mut ServiceBuilder, owner: &str, name: &str) -> &'b mut Member<NameRef> {
    members(builder, owner).iter_mut().find(|member| member.name == name).unwrap()
}

fn values<'b>(builder: &'b mut ServiceBuilder, name: &str) -> &'b mut Vec<EnumValue> {
    match &mut shape(builder, name).kind {
        ShapeKind::Enum(values) => values,
        kind => panic!("{kind:?}"),
    }
}

fn default(builder: &mut ServiceBuilder, name: &str, value: Option<&str>) {
    member(builder, "FeedIn", name).traits.default = value.map(str::to_owned);
}

fn required_instead_of_default(builder: &mut ServiceBuilder, name: &str) {
    default(builder, name, None);
    required(member(builder, "FeedIn", name));
}

/// The model with a member that has a default, for which botocore has no words.
fn with_default(service: &Service) -> Service {
    let mut builder = service.to_builder();
    default(&mut builder, "Portions", Some("1"));
    builder.build(&mut Diagnostics::new()).unwrap()
}

fn required(member: &mut Member<NameRef>) {
    member.traits.required = true;
}

fn add(builder: &mut ServiceBuilder, owner: &str) {
    let members = members(builder, owner);
    let mut member = members[0].clone();
    member.name = "New".to_owned();
    required(&mut member);
    members.insert(1, member);
}

/// A model after a small change, what the change is told as, and where it is.
pub(crate) struct Changed {
    pub what: String,
    pub new: Service,
    pub told: &'static [&'static str],
}

/// The model that is changed, and it after each change.
pub(crate) fn changes() -> (Service, Vec<Changed>) {
    let old = with_default(&service(&pets()));
    let of_json = cases().into_iter().map(|Case(pointer, value, told)| {
        let mut new = pets();
        edit(&mut new, pointer, value);
        Changed { what: pointer.to_owned(), new: with_default(&service(&new)), told }
    });
    let of_graph = edits().into_iter().enumerate().map(|(index, (edit, told))| {
        let mut builder = old.to_builder();
        edit(&mut builder);
        Changed { what: format!("edit {index}"), new: builder.build(&mut Diagnostics::new()).unwrap(), told }
    });
    let changes = of_json.chain(of_graph).collect();
    (old, changes)
}

#[test]
fn every_change_is_told_by_its_rule() {
    let mut seen = BTreeSet::new();
    let (old, changes) = changes();
    for Changed { what, new, told: expected } in &changes {
        let comparison = explained(&old, new);
        assert_eq!(told(&comparison), *expected, "{what}: {:#?}", comparison.facts);
        seen.extend(comparison.findings.iter().map(|finding| finding.rule));
        seen.extend(explained(new, &old).findings.iter().map(|finding| finding.rule));
    }
    // Renamings, services and bindings have tests of their own.
    let bindings = [
        Rule::OperationHttpChanged,
        Rule::OperationChecksumChanged,
        Rule::MemberPlaceChanged,
        Rule::MediaTypeChanged,
        Rule::RootElementChanged,
        Rule::ElementsChanged,
    ];
    let elsewhere = [Rule::ShapeRenamed, Rule::ServiceAdded, Rule::ServiceRemoved, Rule::SourceChanged];
    let unseen: Vec<&str> = Rule::ALL
        .iter()
        .filter(|rule| !seen.contains(rule) && !elsewhere.contains(rule) && !bindings.contains(rule))
        .map(|rule| rule.id())
        .collect();
    assert_eq!(unseen, [""; 0], "rules without a case");
}

/// What is said of a member or of what it holds is the same in the end.
#[test]
fn what_moves_between_a_member_and_its_shape_is_no_change() {
    let with = |edit: Edit| {
        let mut builder = service(&pets()).to_builder();
        edit(&mut builder);
        builder.build(&mut Diagnostics::new()).unwrap()
    };
    let moves: [(Edit, Edit, &[&str]); 4] = [
        (
            |b| member(b, "FeedIn", "At").traits.timestamp_format = Some(TimestampFormat::DateTime),
            |b| shape(b, "Time").traits.timestamp_format = Some(TimestampFormat::DateTime),
            &["spelling-changed FeedIn.At", "spelling-changed Time"],
        ),
        (
            |b| member(b, "FeedIn", "At").traits.timestamp_format = Some(TimestampFormat::DateTime),
            |b| shape(b, "Time").traits.timestamp_format = Some(TimestampFormat::HttpDate),
            &["timestamp-format-changed FeedIn.At", "timestamp-format-changed Time"],
        ),
        (
            |b| member(b, "FeedIn", "Name").traits.redacted = Some("it is secret".to_owned()),
            |b| shape(b, "Name").traits.sensitive = true,
            &["spelling-changed FeedIn.Name", "spelling-changed Name"],
        ),
        // What else is a text is no secret.
        (
            |b| shape(b, "Text").traits.sensitive = true,
            |b| member(b, "FeedIn", "Note").traits.redacted = Some("it is secret".to_owned()),
            &["sensitive-removed Text", "spelling-changed FeedIn.Note"],
        ),
    ];
    for (old, new, expected) in moves {
        let mut told = told(&explained(&with(old), &with(new)));
        told.sort();
        assert_eq!(told, expected);
    }
}

/// Pages with items from another list are a break, whatever the compiler says; another shape of the same type is none.
#[test]
fn items_of_pages_are_what_code_gets() {
    let with = |pointer: &str, value: Value| {
        let mut new = pets();
        edit(&mut new, &format!("{SHAPES}Flock"), json!({"type": "list", "member": {"shape": "Pet"}}));
        edit(&mut new, pointer, value);
        service(&new)
    };
    let both = "/paginators-1/pagination/Both/result_key";
    let (first, last) = (with(both, json!("First")), with(both, json!("Last")));
    let comparison = explained(&first, &last);
    assert_eq!(told(&comparison), ["paginator-items-changed Both"]);
    assert_eq!(comparison.findings[0].source, Effect::Break);
    assert_eq!(
        comparison.source.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["types::BothInput: PaginatedItems gives the items at Last now, and gave those at First"]
    );

    let (old, new) = (service(&pets()), with(&format!("{SHAPES}PageOut/members/Pets/shape"), json!("Flock")));
    let comparison = explained(&old, &new);
    assert_eq!(told(&comparison), ["member-target-changed PageOut.Pets"]);
    assert_eq!((comparison.source.as_slice(), comparison.findings[0].source), (&[][..], Effect::None));
}

/// A message says what the name stands for, and where to find what had it.
#[test]
fn names_that_are_taken_over_are_told_with_both_meanings() {
    let message_of = |pointer: &str, value: Value| {
        let mut new = pets();
        edit(&mut new, pointer, value);
        let (old, new) = (service(&pets()), service(&new));
        let comparison = explained(&old, &new);
        let is_taken = |difference: &Difference| matches!(difference.what, What::Taken { .. });
        assert!(comparison.source.iter().any(is_taken), "{:#?}", comparison.source);
        assert_eq!(comparison.bump(&Severities::default()), Bump::Major);
        comparison.findings.into_iter().find(|finding| finding.rule == Rule::NameTaken).unwrap().message
    };
    assert_eq!(
        message_of("/service-2/shapes/Food/enum", json!(["Fish", "FISH", "MICE"])),
        "types::Food::Fish is the value Fish now, and was the value FISH, which is types::Food::Fish2 now"
    );
    assert_eq!(
        message_of("/service-2/shapes/Food/enum", json!(["fish", "MICE"])),
        "types::Food::Fish is the value fish now, and was the value FISH, which is gone"
    );
    assert_eq!(
        message_of("/service-2/shapes/Pet/members/ID", json!({"shape": "Text"})),
        "types::Pet.id is the member ID now, and was the member Id, which is types::Pet.id_2 now"
    );
    assert_eq!(
        message_of("/service-2/shapes/FeedOut/members/Box", json!({"shape": "ToyBox"})),
        "types::ToyBox is the shape ToyBox now, and was the shape Toy_Box, which is types::ToyBoxShape now"
    );
    assert_eq!(
        message_of("/service-2/operations/PING", json!({})),
        "Client::ping is the operation PING now, and was the operation Ping, which is Client::ping_2 now"
    );
}

#[test]
fn what_is_empty_is_nothing() {
    let mut new = pets();
    edit(&mut new, "/service-2/operations/Ping/staticContextParams", json!({"UseFIPS": {"value": true}}));
    let (old, new) = (service(&pets()), service(&new));
    let messages = |old, new| -> Vec<String> {
        explained(old, new).findings.iter().map(|finding| finding.message.clone()).collect()
    };
    assert_eq!(messages(&old, &new), ["static endpoint parameters: UseFIPS true, was nothing"]);
    assert_eq!(messages(&new, &old), ["static endpoint parameters: nothing, was UseFIPS true"]);
}

#[test]
fn findings_name_the_operations_that_they_touch() {
    let mut new = pets();
    edit(&mut new, &format!("{SHAPES}Pet/members/Mood"), Value::Null);
    edit(&mut new, "/service-2/shapes/Unused/members/A", Value::Null);
    let (old, new) = (service(&pets()), service(&new));
    let comparison = explained(&old, &new);
    let of = |subject: &str| comparison.findings.iter().find(|finding| finding.subject == subject).unwrap();
    assert_eq!(of("Pet.Mood").operations, ["Feed", "List", "Page"]);
    assert_eq!(of("Unused").operations, [""; 0]);
}

/// A member that holds another shape which was there before: it is that place that loses values, and not the shape.
#[test]
fn what_another_shape_lacks_is_told_of_the_place() {
    let mut new = pets();
    edit(&mut new, &format!("{SHAPES}FeedIn/members/Snack"), json!({"shape": "Mood"}));
    let (old, new) = (service(&pets()), service(&new));
    let comparison = explained(&old, &new);
    let removed = comparison.findings.iter().filter(|finding| finding.rule.id() == "enum-value-removed-input");
    let removed: Vec<_> = removed.map(|finding| (finding.subject.as_str(), finding.operations.join(" "))).collect();
    let of_feed = |subject| (subject, "Feed".to_owned());
    assert_eq!(removed, [of_feed("FeedIn.Snack FISH"), of_feed("FeedIn.Snack MICE")]);
}

#[test]
fn a_selection_is_what_its_operations_reach() {
    use workstream_codegen::diff::select;
    let mut new = pets();
    edit(&mut new, &format!("{SHAPES}Pet/members/Mood"), Value::Null);
    edit(&mut new, "/service-2/operations/Ping", Value::Null);
    edit(&mut new, "/waiters-2/waiters/Fed/delay", json!(9));
    let (old, new) = (service(&pets()), service(&new));
    let told_of = |operations: &[&str]| {
        let operations: Vec<String> = operations.iter().map(|name| (*name).to_owned()).collect();
        told(&explained(&select(&old, &operations), &select(&new, &operations)))
    };
    assert_eq!(told_of(&["Ping"]), ["operation-removed Ping"]);
    assert_eq!(told_of(&["List"]), ["member-removed-output Pet.Mood", "type-removed Mood"]);
    assert_eq!(
        told_of(&["Page"]),
        ["member-removed-output Pet.Mood", "waiter-changed waiter Fed", "type-removed Mood"]
    );
}
