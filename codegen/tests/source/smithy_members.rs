//! Defaults, namesakes and numbers of any size in Smithy's JSON AST.

use super::smithy::model;
use super::{assert_findings, service};

/// Whose default it is: the client's, unless the model leaves it to the service.
#[test]
fn defaults_of_members() {
    let shapes = r#""n#In": {"type": "structure", "traits": {"smithy.api#input": {}}, "members": {
  "top": {"target": "smithy.api#Integer", "traits": {"smithy.api#default": 1, "smithy.api#required": {}}},
  "data": {"target": "n#Data"}}},
"n#Data": {"type": "structure", "members": {
  "own": {"target": "smithy.api#Integer", "traits": {"smithy.api#default": 1, "smithy.api#required": {}}},
  "taken": {"target": "smithy.api#Integer", "traits": {"smithy.api#default": 1, "smithy.api#clientOptional": {}}},
  "late": {"target": "smithy.api#Integer", "traits": {"smithy.api#default": 1, "smithy.api#addedDefault": {}}},
  "none": {"target": "smithy.api#Integer", "traits": {"smithy.api#default": null}}}}"#;
    let service = service(&[("m.json", &model("n#In", shapes))]);
    let default = |shape: &str, name: &str| {
        let traits = &service[service.shape_named(shape).unwrap()].member_named(name).unwrap().traits;
        (traits.default.clone(), traits.effective_default().map(str::to_owned))
    };
    let one = Some("1".to_owned());
    assert_eq!(default("Data", "own"), (one.clone(), one.clone()));
    for (shape, name) in [("In", "top"), ("Data", "taken"), ("Data", "late")] {
        assert_eq!(default(shape, name), (one.clone(), None), "{name}");
    }
    assert_eq!(default("Data", "none"), (None, None));
}

/// A member may say it itself, in a structure or in a list, in both formats.
#[test]
fn secrets_of_members() {
    let smithy = r#""n#In": {"type": "structure", "members": {
  "own": {"target": "smithy.api#String", "traits": {"smithy.api#sensitive": {}}},
  "listed": {"target": "n#List"}, "plain": {"target": "smithy.api#String"}}},
"n#List": {"type": "list", "member": {"target": "smithy.api#String", "traits": {"smithy.api#sensitive": {}}}}"#;
    let botocore = r#"{"metadata": {}, "operations": {"Op": {"input": {"shape": "In"}}}, "shapes": {
  "In": {"type": "structure", "members": {
    "own": {"shape": "String", "sensitive": true}, "listed": {"shape": "List"}, "plain": {"shape": "String"}}},
  "List": {"type": "list", "member": {"shape": "String", "sensitive": true}}, "String": {"type": "string"}}}"#;
    for file in [("m.json", &*model("n#In", smithy)), ("service-2.json", botocore)] {
        let service = service(&[file]);
        let members = service[service.shape_named("In").unwrap()].members();
        let secret: Vec<&str> =
            members.filter(|member| service.is_sensitive(member)).map(|member| member.name.as_str()).collect();
        assert_eq!(secret, ["own", "listed"], "{}", file.0);
    }
}

#[test]
fn defaults_of_another_type() {
    let member = |name: &str, target: &str, default: &str| {
        format!(r#""{name}": {{"target": "{target}", "traits": {{"smithy.api#default": {default}}}}}"#)
    };
    let right = [
        member("a", "smithy.api#Integer", "1"),
        member("b", "n#List", "[]"),
        member("c", "smithy.api#Document", "{}"),
        member("d", "smithy.api#Blob", r#""YQ==""#),
        member("e", "smithy.api#Timestamp", r#""2020-01-02T03:04:05Z""#),
    ];
    let wrong = [
        member("f", "smithy.api#Integer", "2147483648"),
        member("g", "n#List", "[1]"),
        member("h", "smithy.api#String", "1"),
        member("i", "n#In", "{}"),
    ];
    let members = right.iter().chain(&wrong).cloned().collect::<Vec<_>>().join(",\n");
    let list = r#""n#List": {"type": "list", "member": {"target": "smithy.api#String"}}"#;
    let shapes = format!(r#""n#In": {{"type": "structure", "members": {{{members}}}}}, {list}"#);
    assert_findings(
        &[("m.json", &model("n#In", &shapes))],
        &[
            "error default-type m.json#/shapes/n#In/members/f 8:6 the default of member `f` of `In` is no integer; \
         expected is a whole number of 32 bits",
            "error default-type m.json#/shapes/n#In/members/g 9:6 the default of member `g` of `In` is no list; \
         expected is []",
            "error default-type m.json#/shapes/n#In/members/h 10:6 the default of member `h` of `In` is no string; \
         expected is text",
            "error default-type m.json#/shapes/n#In/members/i 11:6 the default of member `i` of `In` is no structure; \
         expected is none: structures and unions have no default",
        ],
    );
}

/// What is no type of the generated crate may have namesakes in other namespaces.
#[test]
fn one_name_in_two_namespaces() {
    let input = r#""n#In": {"type": "structure", "members": {"a": {"target": "n#X"}, "b": {"target": "a#X"}, "c": {"target": "o#X"}}}"#;
    let kinds = |shapes: &str| {
        let service = service(&[("m.json", &model("n#In", &format!("{input}, {shapes}")))]);
        let members = service[service.shape_named("In").unwrap()].kind.named_members().to_vec();
        let held = members.into_iter().map(|member| &service[member.target]);
        held.map(|shape| format!("{} {}", shape.name, shape.kind.type_name())).collect::<Vec<_>>()
    };
    let simple = r#""n#X": {"type": "string"}, "a#X": {"type": "long"}, "o#X": {"type": "string"}"#;
    assert_eq!(kinds(simple), ["X string", "a#X long", "o#X string"]);
    let one_type = r#""n#X": {"type": "string"}, "a#X": {"type": "long"}, "o#X": {"type": "structure", "members": {}}"#;
    assert_eq!(kinds(one_type), ["n#X string", "a#X long", "X structure"]);
}

#[test]
fn one_name_of_two_types() {
    let input = r#""n#In": {"type": "structure", "members": {"a": {"target": "n#X"}, "b": {"target": "o#X"}}}"#;
    let two =
        r#""n#X": {"type": "structure"}, "o#X": {"type": "enum", "members": {"A": {"target": "smithy.api#Unit"}}}"#;
    assert_findings(
        &[("m.json", &model("n#In", &format!("{input},\n{two}")))],
        &[
            "error duplicate-shape m.json#/shapes/o#X 4:38 `n#X` and `o#X` are both called `X` in `n#S`; give one of them another \
         name in the `rename` of `n#S`",
        ],
    );
}

#[test]
fn numbers_of_any_size() {
    let shapes = r#""n#In": {"type": "structure", "members": {"a": {"target": "smithy.api#BigInteger"}, "b": {"target": "n#L"}}},
"n#L": {"type": "list", "member": {"target": "smithy.api#BigDecimal"}}"#;
    let hint = "change the model so that it is a long, a double or a string, whichever the service takes";
    let place = |place: &str, what: &str| {
        format!(
            "error unsupported-shape m.json#/shapes/{place} {what}, and numbers of any size are not supported; {hint}"
        )
    };
    let expected = [
        place("n#In/members/a/target 3:59", "member `a` of `In` is a bigInteger"),
        place("n#L/member/target 4:46", "member `member` of `L` is a bigDecimal"),
    ];
    assert_findings(&[("m.json", &model("n#In", shapes))], &expected.each_ref().map(String::as_str));
}
