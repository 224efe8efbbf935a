//! Names that are none: they never get into code, paths or documentation.

use super::{findings, set};
use serde_json::{Value, json};
use workstream_codegen::{Manifest, ModelSet, Options, ServiceFiles, generate, read};

/// What breaks out of comments, code spans, links, lines or strings, and what no identifier is.
const HOSTILE: [&str; 12] = [
    "x\n```\n</details>\n# @someone closes #1 <img src=x>",
    "A`](https://evil.example)[`B",
    "a\u{1b}[31m",
    "a\u{0}",
    "a\r",
    "a\u{202e}b",
    "*/ fn main() {} /*",
    "a\"b",
    "../a",
    "a-b",
    "1a",
    "",
];

fn botocore() -> Value {
    json!({
        "metadata": {"apiVersion": "2020-01-01", "protocol": "json", "jsonVersion": "1.1", "targetPrefix": "T",
                     "endpointPrefix": "t", "signingName": "t", "serviceId": "T", "serviceFullName": "T"},
        "operations": {"Op": {"input": {"shape": "In"}}},
        "shapes": {"In": {"type": "structure", "members": {"a": {"shape": "Text"}}}, "Text": {"type": "string"}}
    })
}

fn smithy() -> Value {
    json!({"smithy": "2.0", "shapes": {
        "n#Svc": {"type": "service", "version": "1", "operations": [{"target": "n#Op"}], "traits": {
            "aws.protocols#awsJson1_1": {}, "aws.auth#sigv4": {"name": "t"},
            "aws.api#service": {"sdkId": "T", "endpointPrefix": "t"}}},
        "n#Op": {"type": "operation", "input": {"target": "n#In"}, "traits": {
            "smithy.waiters#waitable": {"Done": {"acceptors": []}}}},
        "n#In": {"type": "structure", "members": {
            "a": {"target": "smithy.api#String"}, "kind": {"target": "n#Kind"}, "level": {"target": "n#Level"}}},
        "n#Kind": {"type": "enum", "members": {"A": {"target": "smithy.api#Unit"}}},
        "n#Level": {"type": "intEnum", "members": {"A": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": 1}}}}
    }})
}

/// The errors of a model with another key in place of the last part of a pointer, or another text there.
fn renamed(file: &str, mut model: Value, pointer: &str, name: &str) -> Vec<String> {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let object = model.pointer_mut(parent).and_then(Value::as_object_mut).unwrap();
    if object[key].is_string() {
        object[key] = json!(name);
    } else {
        let value = object.remove(key).unwrap();
        object.insert(name.to_owned(), value);
    }
    let (_, lines) = findings(&set(&[(file, &model.to_string())]));
    lines.into_iter().filter(|line| line.starts_with("error ")).collect()
}

#[test]
fn names_that_are_none_are_errors_in_both_notations() {
    let of_botocore = [
        "/operations/Op",
        "/shapes/In",
        "/shapes/In/members/a",
        "/metadata/targetPrefix",
        "/metadata/endpointPrefix",
        "/metadata/signingName",
        "/metadata/serviceId",
    ];
    let of_smithy = [
        "/shapes/n#Op/traits/smithy.waiters#waitable/Done",
        "/shapes/n#In/members/a",
        "/shapes/n#Kind/members/A",
        "/shapes/n#Level/members/A",
        "/shapes/n#Svc/traits/aws.api#service/sdkId",
        "/shapes/n#Svc/traits/aws.api#service/endpointPrefix",
        "/shapes/n#Svc/traits/aws.auth#sigv4/name",
    ];
    assert_eq!(renamed("service-2.json", botocore(), "/shapes/In/members/a", "b"), [""; 0]);
    assert_eq!(renamed("m.json", smithy(), "/shapes/n#In/members/a", "b"), [""; 0]);
    for name in HOSTILE {
        let found = of_botocore.iter().map(|pointer| (pointer, renamed("service-2.json", botocore(), pointer, name)));
        let found = found.chain(of_smithy.iter().map(|pointer| (pointer, renamed("m.json", smithy(), pointer, name))));
        for (pointer, errors) in found {
            // Hosts and signatures have dashes, and text of digits is a text.
            let is_word = pointer.ends_with("Prefix") || pointer.ends_with("ame") || pointer.ends_with("Id");
            if is_word && matches!(name, "a-b" | "1a") {
                continue;
            }
            assert!(
                errors.iter().any(|error| error.starts_with("error invalid-name ")),
                "{name:?} {pointer}: {errors:?}"
            );
            let hidden = |letter: char| letter.is_control() || letter == '\u{202e}';
            let told = errors.iter().filter_map(|error| error.split_once(" is no "));
            assert!(!told.clone().any(|(_, told)| told.contains(hidden)), "{errors:?}");
        }
    }
}

#[test]
fn ids_of_shapes_are_ids() {
    for name in HOSTILE {
        let mut model = smithy();
        let shapes = model["shapes"].as_object_mut().unwrap();
        for (kind, key) in [("structure", "n#In"), ("operation", "n#Op")] {
            let mut shapes = shapes.clone();
            let value = shapes.remove(key).unwrap();
            let id = format!("n#{name}");
            shapes.insert(id.clone(), value);
            let text = json!({"smithy": "2.0", "shapes": shapes}).to_string();
            // Whoever refers to it does so by the new name.
            let text = text.replace(&format!("\"target\":\"{key}\""), &format!("\"target\":{}", json!(id)));
            let (_, lines) = findings(&set(&[("m.json", &text)]));
            assert!(lines.iter().any(|line| line.starts_with("error invalid-name ")), "{kind} {name:?}: {lines:?}");
        }
    }
}

#[test]
fn services_have_names_that_are_modules_and_features() {
    for name in ["", "-a", "../a", "a\"b", "a b", "a\n", "é"] {
        let mut models = set(&[("service-2.json", &botocore().to_string())]);
        models.services[0].name = name.to_owned();
        let (model, findings) = read(&models);
        assert!(model.is_none() && findings.iter().any(|found| found.code == "invalid-name"), "{name:?}");
    }
}

/// What may be any text is escaped wherever it goes.
#[test]
fn texts_of_models_hide_nothing_in_what_is_generated() {
    for text in HOSTILE {
        let mut model = botocore();
        for key in ["apiVersion", "serviceFullName"] {
            model["metadata"][key] = json!(text);
        }
        model["shapes"]["Text"] = json!({"type": "string", "pattern": text, "enum": [text, "other"]});
        model["shapes"]["In"]["members"]["a"]["locationName"] = json!(text);
        model["shapes"]["In"]["documentation"] = json!(text);
        let files = set(&[("service-2.json", &model.to_string())]).services.remove(0).files;
        let services = vec![ServiceFiles { name: "t".to_owned(), files }];
        let (model, findings) = read(&ModelSet { services, partitions: None });
        let model = model.unwrap_or_else(|| panic!("{text:?}: {findings:?}"));
        let manifest = Manifest::Standalone { runtime: "r".to_owned() };
        let (output, findings) = generate(&model, &Options::new(manifest));
        let files = output.unwrap_or_else(|| panic!("{text:?}: {findings:?}")).files;
        for (path, written) in files {
            let hidden = |letter: char| letter.is_control() && letter != '\n' || letter == '\u{202e}';
            assert!(!written.contains(hidden), "{text:?} in {path}");
        }
    }
}
