//! Names of elements, their attributes and namespaces, and checksums: the same in both formats, and compared.

use super::{explained, service, told};
use serde_json::{Value, json};
use workstream_codegen::graph::Service;

fn files() -> Value {
    json!({"service-2": {
        "metadata": {"protocol": "rest-xml", "serviceId": "Pets", "endpointPrefix": "pets"},
        "operations": {
            "Feed": {
                "http": {"method": "PUT", "requestUri": "/feed"},
                "input": {"shape": "FeedRequest", "locationName": "FeedPet", "xmlNamespace": {"uri": "urn:pets"}},
                "httpChecksum": {"requestChecksumRequired": true, "requestAlgorithmMember": "Algorithm"}
            },
            "Keep": {
                "http": {"method": "PUT", "requestUri": "/keep"},
                "input": {"shape": "KeepRequest"},
                "httpChecksumRequired": true
            }
        },
        "shapes": {
            "FeedRequest": {"type": "structure", "members": {
                "Algorithm": {"shape": "Text", "location": "header", "locationName": "x-algorithm"},
                "Names": {"shape": "Names"},
                "Old": {"shape": "OldNames"},
                "Meals": {"shape": "Meals", "flattened": true, "locationName": "Meal"},
                "Map": {"shape": "Map"}
            }},
            "KeepRequest": {"type": "structure", "payload": "Pet", "members": {
                "Pet": {"shape": "Pet", "locationName": "PetConfig", "xmlNamespace": {"uri": "urn:pets"}}
            }},
            "Pet": {"type": "structure", "members": {
                "Kind": {"shape": "Text", "xmlAttribute": true, "locationName": "xsi:kind"}
            }, "xmlNamespace": {"prefix": "xsi", "uri": "urn:xsi"}},
            "Names": {"type": "list", "member": {"shape": "Text", "locationName": "Name"}},
            "OldNames": {"type": "list", "member": {"shape": "Text", "locationName": "OldName"}, "flattened": true},
            "Meals": {"type": "list", "member": {"shape": "Pet"}},
            "Map": {"type": "map", "key": {"shape": "Text", "locationName": "k"}, "value": {"shape": "Text"}},
            "Text": {"type": "string"}
        }
    }})
}

fn smithy() -> Service {
    let text = "smithy.api#String";
    let member = |target: &str, traits: Value| json!({"target": target, "traits": traits});
    let named = |target: &str, name: &str| member(target, json!({"smithy.api#xmlName": name}));
    let operation = |name: &str, uri: &str, checksum: [Value; 2]| {
        let [trait_name, value] = checksum;
        json!({
            "type": "operation", "input": {"target": format!("p#{name}Request")},
            "traits": {"smithy.api#http": {"method": "PUT", "uri": uri}, trait_name.as_str().unwrap(): value}
        })
    };
    let flexible = json!({"requestChecksumRequired": true, "requestAlgorithmMember": "Algorithm"});
    service(&json!({"pets": {
        "smithy": "2.0",
        "shapes": {
            "p#Pets": {
                "type": "service", "version": "2020", "operations": [{"target": "p#Feed"}, {"target": "p#Keep"}],
                "traits": {
                    "aws.protocols#restXml": {}, "smithy.api#xmlNamespace": {"uri": "urn:pets"},
                    "aws.api#service": {"sdkId": "Pets", "endpointPrefix": "pets"}
                }
            },
            "p#Feed": operation("Feed", "/feed", [json!("aws.protocols#httpChecksum"), flexible]),
            "p#Keep": operation("Keep", "/keep", [json!("smithy.api#httpChecksumRequired"), json!({})]),
            "p#FeedRequest": {"type": "structure", "traits": {"smithy.api#xmlName": "FeedPet"}, "members": {
                "Algorithm": member(text, json!({"smithy.api#httpHeader": "x-algorithm"})),
                "Names": {"target": "p#Names"},
                "Old": member("p#Names", json!({"smithy.api#xmlFlattened": {}, "smithy.api#xmlName": "OldName"})),
                "Meals": member("p#Meals", json!({"smithy.api#xmlFlattened": {}, "smithy.api#xmlName": "Meal"})),
                "Map": {"target": "p#Map"}
            }},
            "p#KeepRequest": {"type": "structure", "members": {
                "Pet": member("p#Pet", json!({
                    "smithy.api#httpPayload": {}, "smithy.api#xmlName": "PetConfig",
                    "smithy.api#xmlNamespace": {"uri": "urn:pets"}
                }))
            }},
            "p#Pet": {
                "type": "structure",
                "traits": {"smithy.api#xmlNamespace": {"prefix": "xsi", "uri": "urn:xsi"}},
                "members": {
                    "Kind": member(text, json!({"smithy.api#xmlAttribute": {}, "smithy.api#xmlName": "xsi:kind"}))
                }
            },
            "p#Names": {"type": "list", "member": named(text, "Name")},
            "p#Meals": {"type": "list", "member": {"target": "p#Pet"}},
            "p#Map": {"type": "map", "key": named(text, "k"), "value": {"target": text}}
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
    let mut files = files();
    // Smithy has no shape that flattens itself.
    let shapes = files.pointer_mut("/service-2/shapes").unwrap();
    shapes["FeedRequest"]["members"]["Old"] = json!({"shape": "Names", "flattened": true, "locationName": "OldName"});
    shapes.as_object_mut().unwrap().remove("OldNames");
    let botocore = service(&files);
    for (old, new) in [(&botocore, &smithy()), (&smithy(), &botocore)] {
        assert_eq!(told_of(old, new), Vec::<String>::new());
    }
}

/// What is told of a change at `pointer`.
#[track_caller]
fn assert_told(pointer: &str, value: Value, expected: &[&str]) {
    let (mut changed, pointer) = (files(), format!("/service-2/{pointer}"));
    *changed.pointer_mut(&pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    assert_eq!(told_of(&service(&files()), &service(&changed)), expected, "{pointer}");
}

#[test]
fn other_elements_are_told() {
    let shapes = "shapes";
    assert_told("shapes/Names/member/locationName", json!("name"), &["member-wire-name-changed Names.member"]);
    assert_told("shapes/Map/key/locationName", json!("key"), &["member-wire-name-changed Map.key"]);
    assert_told(
        &format!("{shapes}/FeedRequest/members/Meals/flattened"),
        json!(false),
        &["elements-changed FeedRequest.Meals"],
    );
    assert_told("shapes/Pet/members/Kind/xmlAttribute", json!(false), &["elements-changed Pet.Kind"]);
    assert_told("shapes/Pet/xmlNamespace/uri", json!("urn:other"), &["elements-changed Meals.member"]);
    assert_told(
        "shapes/KeepRequest/members/Pet/locationName",
        json!("Pet"),
        &["member-wire-name-changed KeepRequest.Pet"],
    );
    // A list that flattens itself is called as its elements are.
    assert_told(
        "shapes/OldNames/member/locationName",
        json!("O"),
        &["member-wire-name-changed FeedRequest.Old", "member-wire-name-changed OldNames.member"],
    );
}

#[test]
fn another_root_is_told() {
    let input = "operations/Feed/input";
    assert_told(&format!("{input}/locationName"), json!("Feed"), &["root-element-changed Feed"]);
    assert_told(&format!("{input}/xmlNamespace/uri"), json!("urn:other"), &["root-element-changed Feed"]);
}

#[test]
fn another_checksum_is_told() {
    let told = ["operation-checksum-changed Feed"];
    assert_told("operations/Feed/httpChecksum/requestAlgorithmMember", json!("Other"), &told);
    assert_told("operations/Keep/httpChecksumRequired", json!(false), &["operation-checksum-changed Keep"]);
}

#[test]
fn services_that_have_json_too_have_no_elements() {
    let mut old = files();
    old["service-2"]["metadata"]["protocols"] = json!(["json", "rest-xml"]);
    let mut new = old.clone();
    new["service-2"]["shapes"]["Names"]["member"]["locationName"] = json!("name");
    new["service-2"]["shapes"]["FeedRequest"]["members"]["Meals"]["flattened"] = json!(false);
    assert_eq!(told_of(&service(&old), &service(&new)), Vec::<String>::new());
}
