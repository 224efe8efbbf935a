//! Shapes with another name, told apart from those that came and those that went.

use super::{explained, service, told};
use serde_json::{Value, json};
use workstream_codegen::diff::{Change, Comparison, Fact};

/// Two operations over a pet with a home; `rename` changes names everywhere.
pub(crate) fn pets(rename: &[(&str, &str)]) -> Value {
    let model = json!({"service-2": {
        "metadata": {"protocol": "json", "jsonVersion": "1.1", "targetPrefix": "Pets"},
        "operations": {
            "Feed": {"input": {"shape": "@FeedRequest"}, "output": {"shape": "@FeedResult"}, "errors": [{"shape": "@NotFound"}]},
            "Find": {"output": {"shape": "@FindResult"}}
        },
        "shapes": {
            "@FeedRequest": {"type": "structure", "members": {"Mood": {"shape": "@Mood"}, "Tags": {"shape": "@Tags"}}},
            "@FeedResult": {"type": "structure", "members": {"Pet": {"shape": "@Pet"}}},
            "@FindResult": {"type": "structure", "members": {"Pets": {"shape": "@Pets"}}},
            "@Pets": {"type": "list", "member": {"shape": "@Pet"}},
            "@Pet": {"type": "structure", "members": {"Home": {"shape": "@Home"}, "Friend": {"shape": "@Pet"}}},
            "@Home": {"type": "structure", "members": {"Street": {"shape": "@Text"}}},
            "@Tags": {"type": "map", "key": {"shape": "@Text"}, "value": {"shape": "@Text"}},
            "@Mood": {"type": "string", "enum": ["GOOD", "BAD"]},
            "@Text": {"type": "string"},
            "@NotFound": {"type": "structure", "exception": true, "members": {}}
        }
    }});
    let mut text = model.to_string();
    for (old, new) in rename {
        text = text.replace(&format!("\"@{old}\""), &format!("\"{new}\""));
    }
    serde_json::from_str(&text.replace('@', "")).unwrap()
}

fn renamed(comparison: &Comparison<'_>) -> Vec<String> {
    let names = comparison.facts.iter().filter_map(|fact| match fact {
        Fact::ShapeRenamed(Change { old, new }) => Some(format!("{old} {new}")),
        _ => None,
    });
    names.collect()
}

#[test]
fn only_types_have_names_that_matter() {
    let renames = [("FeedRequest", "FeedInput"), ("Pets", "PetList"), ("Text", "String"), ("Tags", "TagMap")];
    let (old, new) = (service(&pets(&[])), service(&pets(&renames)));
    let comparison = explained(&old, &new);
    assert_eq!(renamed(&comparison), ["FeedRequest FeedInput", "Pets PetList", "Tags TagMap", "Text String"]);
    assert_eq!(comparison.facts.len(), 4);
    assert!(comparison.findings.iter().all(|finding| finding.rule.id() == "shape-renamed"), "{:?}", told(&comparison));
}

#[test]
fn types_are_renamed_with_what_is_inside_of_them() {
    let (old, new) =
        (service(&pets(&[])), service(&pets(&[("Pet", "Animal"), ("Home", "Address"), ("Mood", "State")])));
    let comparison = explained(&old, &new);
    assert_eq!(renamed(&comparison), ["Home Address", "Mood State", "Pet Animal"]);
    assert_eq!(told(&comparison), ["type-renamed Address", "type-renamed State", "type-renamed Animal"]);
}

#[test]
fn traits_of_a_renamed_shape_are_told_by_its_new_name() {
    let mut new = pets(&[("Text", "Secret")]);
    new["service-2"]["shapes"]["Secret"]["sensitive"] = json!(true);
    let (old, new) = (service(&pets(&[])), service(&new));
    let comparison = explained(&old, &new);
    assert_eq!(told(&comparison), ["shape-renamed Secret", "sensitive-added Secret"]);
}

#[test]
fn another_structure_is_another_shape() {
    let mut new = pets(&[("Pet", "Animal"), ("Home", "Address")]);
    new["service-2"]["shapes"]["Address"]["members"]["Town"] = json!({"shape": "Text"});
    let (old, new) = (service(&pets(&[])), service(&new));
    let comparison = explained(&old, &new);
    // What holds the other shape is another one too: the names are all that they share.
    assert_eq!(renamed(&comparison), [""; 0]);
    assert!(told(&comparison).contains(&"type-renamed FeedResult.Pet".to_owned()), "{:?}", told(&comparison));
    assert!(told(&comparison).contains(&"member-added-output Address.Town".to_owned()), "{:?}", told(&comparison));
}

#[test]
fn the_name_of_an_error_is_on_the_wire() {
    let (old, new) = (service(&pets(&[])), service(&pets(&[("NotFound", "Missing")])));
    let comparison = explained(&old, &new);
    assert_eq!(renamed(&comparison), [""; 0]);
    assert_eq!(
        told(&comparison),
        ["operation-error-removed Feed", "operation-error-added Feed", "error-added Missing", "error-removed NotFound"]
    );
}

#[test]
fn two_shapes_that_become_one_are_not_renamed() {
    let mut new = pets(&[]);
    for shape in ["FeedResult", "FindResult"] {
        new["service-2"]["shapes"].as_object_mut().unwrap().remove(shape);
    }
    new["service-2"]["shapes"]["Result"] = json!({"type": "structure", "members": {"Pet": {"shape": "Pet"}}});
    for operation in ["Feed", "Find"] {
        new["service-2"]["operations"][operation]["output"]["shape"] = json!("Result");
    }
    let (old, new) = (service(&pets(&[])), service(&new));
    let comparison = explained(&old, &new);
    assert_eq!(renamed(&comparison), [""; 0]);
    assert!(told(&comparison).contains(&"member-removed-output Result.Pets".to_owned()), "{:?}", told(&comparison));
}
