//! HTTP bindings: the same in both formats, compared, and checked before anything is generated.

use super::{explained, service, told};
use serde_json::{Value, json};
use workstream_codegen::graph::Service;
use workstream_codegen::{Manifest, Model, ModelSet, Options, ServiceFiles, SourceFile, generate, read};

fn files() -> Value {
    json!({"service-2": {
        "metadata": {"protocol": "rest-json", "serviceId": "Pets", "endpointPrefix": "pets"},
        "operations": {
            "Feed": {
                "http": {"method": "PUT", "requestUri": "/pets/{pet_name}/{rest+}", "responseCode": 200},
                "input": {"shape": "FeedRequest"}, "output": {"shape": "FeedResponse"}
            }
        },
        "shapes": {
            "FeedRequest": {
                "type": "structure", "required": ["Name", "Rest"], "payload": "Food",
                "members": {
                    "Name": {"shape": "Text", "location": "uri", "locationName": "pet_name"},
                    "Rest": {"shape": "Text", "location": "uri", "locationName": "rest"},
                    "Count": {"shape": "Count", "location": "querystring", "locationName": "count"},
                    "More": {"shape": "Map", "location": "querystring"},
                    "Owner": {"shape": "Text", "location": "header", "locationName": "X-Owner"},
                    "Meta": {"shape": "Map", "location": "headers", "locationName": "X-Meta-"},
                    "Food": {"shape": "Food"}
                }
            },
            "FeedResponse": {
                "type": "structure",
                "members": {
                    "Status": {"shape": "Count", "location": "statusCode"},
                    "Left": {"shape": "Food", "locationName": "left"}
                }
            },
            "Food": {"type": "structure", "members": {"Kind": {"shape": "Text", "locationName": "kind"}}},
            "Map": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}},
            "Count": {"type": "integer"}, "Text": {"type": "string"}
        }
    }})
}

fn smithy() -> Service {
    let member = |target: &str, name: &str, value: Value| {
        let target = if target.contains('#') { target.to_owned() } else { format!("p#{target}") };
        json!({"target": target, "traits": {name: value}})
    };
    let label =
        || json!({"target": "smithy.api#String", "traits": {"smithy.api#required": {}, "smithy.api#httpLabel": {}}});
    service(&json!({"pets": {
        "smithy": "2.0",
        "shapes": {
            "p#Pets": {
                "type": "service", "version": "2020", "operations": [{"target": "p#Feed"}],
                "traits": {"aws.protocols#restJson1": {}, "aws.api#service": {"sdkId": "Pets", "endpointPrefix": "pets"}}
            },
            "p#Feed": {
                "type": "operation", "input": {"target": "p#FeedRequest"}, "output": {"target": "p#FeedResponse"},
                "traits": {"smithy.api#http": {"method": "PUT", "uri": "/pets/{Name}/{Rest+}"}}
            },
            "p#FeedRequest": {"type": "structure", "members": {
                "Name": label(),
                "Rest": label(),
                "Count": member("smithy.api#Integer", "smithy.api#httpQuery", json!("count")),
                "More": member("Map", "smithy.api#httpQueryParams", json!({})),
                "Owner": member("smithy.api#String", "smithy.api#httpHeader", json!("x-owner")),
                "Meta": member("Map", "smithy.api#httpPrefixHeaders", json!("x-meta-")),
                "Food": member("Food", "smithy.api#httpPayload", json!({}))
            }},
            "p#FeedResponse": {"type": "structure", "members": {
                "Status": member("smithy.api#Integer", "smithy.api#httpResponseCode", json!({})),
                "Left": member("Food", "smithy.api#jsonName", json!("left"))
            }},
            "p#Food": {"type": "structure", "members": {
                "Kind": member("smithy.api#String", "smithy.api#jsonName", json!("kind"))
            }},
            "p#Map": {
                "type": "map", "key": {"target": "smithy.api#String"}, "value": {"target": "smithy.api#String"}
            }
        }
    }}))
}

/// The findings of a comparison that mean something.
fn told_of(old: &Service, new: &Service) -> Vec<String> {
    let told = told(&explained(old, new)).into_iter();
    let nothing = ["spelling-changed ", "service-renamed ", "shape-renamed "];
    told.filter(|told| !nothing.iter().any(|rule| told.starts_with(rule))).collect()
}

#[test]
fn both_formats_say_the_same() {
    let botocore = service(&files());
    for (old, new) in [(&botocore, &smithy()), (&smithy(), &botocore)] {
        assert_eq!(told_of(old, new), Vec::<String>::new());
    }
}

/// What is told of a change at `pointer`.
#[track_caller]
fn assert_told(pointer: &str, value: Value, expected: &[&str]) {
    let mut changed = files();
    *changed.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    assert_eq!(told_of(&service(&files()), &service(&changed)), expected, "{pointer}");
}

#[test]
fn a_member_that_moves_is_told() {
    let members = "/service-2/shapes/FeedRequest/members";
    let moved = ["member-place-changed FeedRequest.Count"];
    assert_told(&format!("{members}/Count/locationName"), json!("Count"), &moved);
    assert_told(&format!("{members}/Count/location"), json!("header"), &moved);
    // The name of a label is nothing on the wire, and case nothing in a header.
    let mut renamed = files();
    *renamed.pointer_mut(&format!("{members}/Name/locationName")).unwrap() = json!("n");
    *renamed.pointer_mut("/service-2/operations/Feed/http/requestUri").unwrap() = json!("/pets/{n}/{rest+}");
    *renamed.pointer_mut(&format!("{members}/Owner/locationName")).unwrap() = json!("x-oWNER");
    assert_eq!(told_of(&service(&files()), &service(&renamed)), Vec::<String>::new());
}

#[test]
fn text_that_becomes_json_is_told() {
    let owner = json!({"shape": "Text", "location": "header", "locationName": "X-Owner", "jsonvalue": true});
    assert_told("/service-2/shapes/FeedRequest/members/Owner", owner, &["media-type-changed FeedRequest.Owner"]);
    // In a body it is text all the same.
    let kind = json!({"shape": "Text", "locationName": "kind", "jsonvalue": true});
    assert_told("/service-2/shapes/Food/members/Kind", kind, &[]);
}

#[test]
fn another_request_line_is_told() {
    let http = "/service-2/operations/Feed/http";
    let told = ["operation-http-changed Feed"];
    assert_told(&format!("{http}/method"), json!("POST"), &told);
    assert_told(&format!("{http}/requestUri"), json!("/pet/{pet_name}/{rest+}"), &told);
    assert_told(&format!("{http}/responseCode"), json!(201), &told);
}

#[test]
fn without_bindings_places_mean_nothing() {
    let [old, new] = ["/a/{pet_name}/{rest+}", "/b/{pet_name}/{rest+}"].map(|uri| {
        let mut files = files();
        *files.pointer_mut("/service-2/metadata/protocol").unwrap() = json!("json");
        *files.pointer_mut("/service-2/operations/Feed/http/requestUri").unwrap() = json!(uri);
        service(&files)
    });
    assert_eq!(told_of(&old, &new), Vec::<String>::new());
}

/// What generation says of a model with a change at `pointer`; null removes.
fn refused(pointer: &str, value: Value) -> Vec<String> {
    let mut files = files();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = files.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Value::Null => drop(parent.remove(key).unwrap()),
        value => drop(parent.insert(key.to_owned(), value).unwrap()),
    }
    let text = files["service-2"].to_string().into_bytes();
    let files = vec![SourceFile { path: "service-2.json".to_owned(), text }];
    let set = ModelSet { services: vec![ServiceFiles { name: "pets".to_owned(), files }], partitions: None };
    let model: Model = read(&set).0.unwrap();
    let options = Options::new(Manifest::Standalone { runtime: "r".to_owned() });
    let (output, diagnostics) = generate(&model, &options);
    assert!(output.is_none(), "{pointer}");
    diagnostics.iter().map(|d| format!("{} {}", d.code, d.message)).collect()
}

#[test]
fn bindings_that_do_not_fit_are_refused() {
    let members = "/service-2/shapes/FeedRequest/members";
    assert_eq!(
        refused("/service-2/operations/Feed/http/requestUri", json!("/pets/{petname}/{rest+}")),
        [
            "unknown-label no member of the input is the label `petname` of `/pets/{petname}/{rest+}`",
            "unknown-label `/pets/{petname}/{rest+}` has no label `pet_name`",
        ]
    );
    assert_eq!(
        refused(&format!("{members}/Count"), json!({"shape": "Text", "location": "header", "locationName": "x-owner"})),
        ["duplicate-binding member `Owner` travels as header `x-owner`, and so does another"]
    );
    assert_eq!(
        refused("/service-2/operations/Feed/http", Value::Null)[..1],
        ["missing-http operation `Feed` has no method and no path"]
    );
}
