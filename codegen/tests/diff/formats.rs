//! One API in botocore's and in Smithy's words is one API.

use super::{explained, service, told};
use serde_json::{Value, json};
use workstream_codegen::diff::rules::{Bump, Severities};
use workstream_codegen::graph::Service;

fn botocore() -> Service {
    service(&json!({
        "service-2": {
            "metadata": {"apiVersion": "2020-01-01", "protocol": "json", "jsonVersion": "1.1", "targetPrefix": "PetStore",
                         "endpointPrefix": "pets", "serviceFullName": "Pets", "serviceId": "Pets", "signatureVersion": "v4"},
            "operations": {
                "ListPets": {
                    "name": "ListPets", "http": {"method": "POST", "requestUri": "/"},
                    "input": {"shape": "ListPetsRequest"}, "output": {"shape": "ListPetsResult"},
                    "errors": [{"shape": "NotFound"}]
                }
            },
            "shapes": {
                "ListPetsRequest": {
                    "type": "structure",
                    "members": {"Name": {"shape": "Name"}, "Since": {"shape": "Since"}, "NextToken": {"shape": "Text"}}
                },
                "ListPetsResult": {
                    "type": "structure", "members": {"NextToken": {"shape": "Text"}, "Pets": {"shape": "Pets"}}
                },
                "Pets": {"type": "list", "member": {"shape": "Pet"}},
                "Pet": {"type": "structure", "members": {"Mood": {"shape": "Mood"}}},
                "Mood": {"type": "string", "enum": ["GOOD", "very-bad"]},
                "Name": {"type": "string", "max": 10, "pattern": "[a-z]*"},
                "Since": {"type": "timestamp", "timestampFormat": "iso8601"},
                "Text": {"type": "string"},
                "NotFound": {"type": "structure", "exception": true, "members": {"Message": {"shape": "Text"}}}
            }
        },
        "paginators-1": {"pagination": {
            "ListPets": {"input_token": "NextToken", "output_token": "NextToken", "result_key": "Pets"}
        }}
    }))
}

fn smithy(pattern: &str) -> Service {
    let named = |shape: &str| format!("example.pets#{shape}");
    let member = |shape: &str| json!({"target": named(shape)});
    let unit = json!({"target": "smithy.api#Unit"});
    let value = |value: &str| {
        let mut value_of = unit.clone();
        value_of["traits"] = json!({"smithy.api#enumValue": value});
        value_of
    };
    let shapes: Value = [
        (
            "PetStore",
            json!({
                "type": "service", "version": "2020-01-01", "operations": [member("ListPets")],
                "traits": {
                    "aws.api#service": {"sdkId": "Pets", "arnNamespace": "pets", "endpointPrefix": "pets"},
                    "aws.auth#sigv4": {"name": "pets"}, "aws.protocols#awsJson1_1": {}, "smithy.api#title": "Pets"
                }
            }),
        ),
        (
            "ListPets",
            json!({
                "type": "operation", "input": member("ListPetsRequest"), "output": member("ListPetsResult"),
                "errors": [member("NotFound")],
                "traits": {"smithy.api#paginated": {"inputToken": "NextToken", "outputToken": "NextToken"}}
            }),
        ),
        (
            "ListPetsRequest",
            json!({
                "type": "structure",
                "members": {
                    "Name": member("Name"),
                    "Since": {"target": named("Since"), "traits": {"smithy.api#timestampFormat": "date-time"}},
                    "NextToken": member("Text")
                }
            }),
        ),
        (
            "ListPetsResult",
            json!({
                "type": "structure", "members": {"NextToken": member("Text"), "Pets": member("Pets")}
            }),
        ),
        ("Pets", json!({"type": "list", "member": member("Pet")})),
        ("Pet", json!({"type": "structure", "members": {"Mood": member("Mood")}})),
        ("Mood", json!({"type": "enum", "members": {"GOOD": value("GOOD"), "VERY_BAD": value("very-bad")}})),
        (
            "Name",
            json!({
                "type": "string",
                "traits": {"smithy.api#length": {"min": 0, "max": 10}, "smithy.api#pattern": pattern}
            }),
        ),
        ("Since", json!({"type": "timestamp"})),
        ("Text", json!({"type": "string"})),
        (
            "NotFound",
            json!({
                "type": "structure", "members": {"Message": member("Text")},
                "traits": {"smithy.api#error": "client", "smithy.api#httpError": 400}
            }),
        ),
    ]
    .into_iter()
    .map(|(name, shape)| (named(name), shape))
    .collect::<serde_json::Map<_, _>>()
    .into();
    service(&json!({"pets": {"smithy": "2.0", "shapes": shapes}}))
}

#[test]
fn formats_say_the_same_in_other_words() {
    let (botocore, smithy) = (botocore(), smithy("^[a-z]*$"));
    for (old, new) in [(&botocore, &smithy), (&smithy, &botocore)] {
        let comparison = explained(old, new);
        assert!(comparison.facts.len() >= 8, "{:#?}", comparison.facts);
        let others: Vec<String> =
            told(&comparison).into_iter().filter(|told| !told.starts_with("spelling-changed ")).collect();
        assert_eq!(others, [""; 0], "{:#?}", comparison.findings);
        assert_eq!(comparison.bump(&Severities::default()), Bump::None);
    }
}

/// A shape for each set of constraints, or one shape with constraints on its members.
#[test]
fn constraints_of_members_are_those_of_shapes() {
    let botocore = |max: u32| {
        service(&json!({"service-2": {
            "metadata": {"apiVersion": "2020-01-01", "protocol": "json", "jsonVersion": "1.1", "targetPrefix": "S"},
            "operations": {"Op": {"input": {"shape": "In"}}},
            "shapes": {
                "In": {"type": "structure", "members": {"Name": {"shape": "InName"}, "Free": {"shape": "Text"}}},
                "InName": {"type": "string", "min": 1, "max": max, "pattern": "[a-z]+"}, "Text": {"type": "string"}
            }
        }}))
    };
    let smithy = service(&json!({"pets": {"smithy": "2.0", "shapes": {
        "n#S": {"type": "service", "version": "2020-01-01", "operations": [{"target": "n#Op"}],
                "traits": {"aws.protocols#awsJson1_1": {}}},
        "n#Op": {"type": "operation", "input": {"target": "n#In"}},
        "n#In": {"type": "structure", "members": {
            "Name": {"target": "n#Text", "traits": {"smithy.api#length": {"min": 1, "max": 8}, "smithy.api#pattern": "^[a-z]+$"}},
            "Free": {"target": "n#Text"}
        }},
        "n#Text": {"type": "string"}
    }}}));
    let same = botocore(8);
    for (old, new) in [(&same, &smithy), (&smithy, &same)] {
        let comparison = explained(old, new);
        assert_eq!(comparison.bump(&Severities::default()), Bump::None, "{:#?}", comparison.findings);
        assert!(!told(&comparison).iter().any(|told| told.starts_with("constraint")), "{:#?}", comparison.findings);
    }
    let constraints = |old: &Service, new: &Service| -> Vec<String> {
        told(&explained(old, new)).into_iter().filter(|told| told.starts_with("constraint")).collect()
    };
    assert_eq!(constraints(&botocore(9), &smithy), ["constraint-tightened In.Name"]);
    assert_eq!(constraints(&smithy, &botocore(9)), ["constraint-relaxed In.Name"]);
}

/// Only Smithy's models say of lists that nothing is in them twice: where none is said to be so, it is not known.
#[test]
fn uniqueness_is_told_between_models_that_tell_it() {
    let smithy = |names: Value| {
        service(&json!({"pets": {"smithy": "2.0", "shapes": {
            "n#S": {"type": "service", "version": "2020-01-01", "operations": [{"target": "n#Op"}],
                    "traits": {"aws.protocols#awsJson1_1": {}}},
            "n#Op": {"type": "operation", "input": {"target": "n#In"}},
            "n#In": {"type": "structure", "members": {"Names": {"target": "n#Names"}, "Ids": {"target": "n#Ids"}}},
            "n#Names": {"type": "list", "member": {"target": "smithy.api#String"}, "traits": names},
            "n#Ids": {"type": "list", "member": {"target": "smithy.api#Integer"}, "traits": {"smithy.api#uniqueItems": {}}}
        }}}))
    };
    let botocore = service(&json!({"service-2": {
        "metadata": {"apiVersion": "2020-01-01", "protocol": "json", "jsonVersion": "1.1", "targetPrefix": "S"},
        "operations": {"Op": {"input": {"shape": "In"}}},
        "shapes": {
            "In": {"type": "structure", "members": {"Names": {"shape": "Names"}, "Ids": {"shape": "Ids"}}},
            "Names": {"type": "list", "member": {"shape": "Text"}}, "Text": {"type": "string"},
            "Ids": {"type": "list", "member": {"shape": "Number"}}, "Number": {"type": "integer"}
        }
    }}));
    let (free, unique) = (smithy(json!({})), smithy(json!({"smithy.api#uniqueItems": {}})));
    let constraints = |old: &Service, new: &Service| -> Vec<String> {
        told(&explained(old, new)).into_iter().filter(|told| told.starts_with("constraint")).collect()
    };
    assert_eq!(constraints(&free, &unique), ["constraint-tightened Names"]);
    assert_eq!(constraints(&unique, &free), ["constraint-relaxed Names"]);
    assert_eq!(constraints(&botocore, &unique), [""; 0]);
    assert_eq!(constraints(&unique, &botocore), [""; 0]);
}

#[test]
fn what_truly_differs_is_told_between_formats_too() {
    let told = told(&explained(&botocore(), &smithy("^[a-z]+$")));
    assert!(told.contains(&"pattern-changed Name".to_owned()), "{told:?}");
}
