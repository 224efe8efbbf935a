//! Endpoint rule sets.

use super::{assert_findings, assert_with_places, service};
use workstream_codegen::diagnostic::Origin;
use workstream_codegen::graph::ContextValue;
use workstream_codegen::graph::rules::*;

const SERVICE: (&str, &str) = ("service-2.json", r#"{"metadata": {}}"#);
const FILE: &str = "endpoint-rule-set-1.json";

pub(super) const RULES: &str = r##"{"version": "1.0", "parameters": {
"Region": {"type": "String", "builtIn": "AWS::Region", "required": false, "documentation": "x"},
"UseFIPS": {"type": "boolean", "required": true, "default": false},
"Names": {"type": "stringArray", "default": ["a"], "deprecated": {"message": "x"}}},
"rules": [{"type": "tree", "conditions": [
    {"fn": "aws.partition", "argv": [{"ref": "Region"}], "assign": "P"},
    {"fn": "not", "argv": [{"fn": "substring", "argv": ["{Region}", 0, 3, true]}]}],
  "rules": [
    {"type": "endpoint", "conditions": [], "documentation": "x", "endpoint": {"url": "https://a.{Region}.{P#dnsSuffix}/{{x}}",
      "headers": {"h": ["{Region}"]}, "properties": {"authSchemes": [{"name": "sigv4", "disableDoubleEncoding": true, "n": 1}]}}},
    {"type": "error", "error": "No {Region"}]},
  {"type": "endpoint", "endpoint": {"url": {"ref": "Region"}}}]}"##;

#[test]
fn rule_set() {
    let text = RULES.replace("No {Region", "No");
    let service = service(&[SERVICE, (FILE, &text)]);
    let set = service.rule_set().unwrap();
    let at = |pointer: &str| Origin::new(FILE, pointer);
    let literal = |text: &str| TemplatePart::Literal(text.to_owned());
    let region = || TemplatePart::Placeholder { reference: "Region".into(), path: None };

    let parameters: Vec<_> = set.parameters.iter().map(|p| (p.name.as_str(), p.kind, p.required)).collect();
    assert_eq!(
        parameters,
        [
            ("Names", ParameterType::StringArray, false),
            ("Region", ParameterType::String, false),
            ("UseFIPS", ParameterType::Boolean, true),
        ]
    );
    assert_eq!(set.parameters[0].default, Some(ContextValue::StringList(vec!["a".into()])));
    assert_eq!(set.parameters[1].built_in.as_deref(), Some("AWS::Region"));
    assert_eq!(set.parameters[2].default, Some(ContextValue::Boolean(false)));

    let tree = &set.rules[0];
    assert_with_places(&tree.origin, &at("/rules/0"));
    assert_with_places(
        &tree.conditions[0],
        &Condition {
            call: Call {
                function: "aws.partition".into(),
                arguments: vec![Operand::Reference("Region".into(), at("/rules/0/conditions/0/argv/0"))],
                origin: at("/rules/0/conditions/0"),
            },
            assign: Some("P".into()),
        },
    );
    let inner = "/rules/0/conditions/1/argv/0";
    assert_with_places(
        &tree.conditions[1].call.arguments,
        &vec![Operand::Call(Box::new(Call {
            function: "substring".into(),
            arguments: vec![
                Operand::Template(vec![region()], at(&format!("{inner}/argv/0"))),
                Operand::Integer(0),
                Operand::Integer(3),
                Operand::Boolean(true),
            ],
            origin: at(inner),
        }))],
    );
    let RuleBody::Tree(rules) = &tree.body else { panic!("no tree") };
    let RuleBody::Endpoint(endpoint) = &rules[0].body else { panic!("no endpoint") };
    assert_with_places(
        &endpoint.url,
        &Operand::Template(
            vec![
                literal("https://a."),
                region(),
                literal("."),
                TemplatePart::Placeholder { reference: "P".into(), path: Some("dnsSuffix".into()) },
                literal("/{x}"),
            ],
            at("/rules/0/rules/0/endpoint/url"),
        ),
    );
    assert_with_places(
        &endpoint.headers,
        &vec![("h".to_owned(), vec![Operand::Template(vec![region()], at("/rules/0/rules/0/endpoint/headers/h/0"))])],
    );
    assert_eq!(
        endpoint.properties,
        [(
            "authSchemes".to_owned(),
            Property::Array(vec![Property::Object(vec![
                ("disableDoubleEncoding".into(), Property::Boolean(true)),
                ("n".into(), Property::Integer(1)),
                ("name".into(), Property::String(vec![literal("sigv4")])),
            ])]),
        )]
    );
    assert_with_places(
        &rules[1].body,
        &RuleBody::Error(Operand::Template(vec![literal("No")], at("/rules/0/rules/1/error"))),
    );
    let RuleBody::Endpoint(last) = &set.rules[1].body else { panic!("no endpoint") };
    assert_with_places(&last.url, &Operand::Reference("Region".into(), at("/rules/1/endpoint/url")));
}

#[test]
fn malformed_template() {
    assert_findings(
        &[SERVICE, (FILE, RULES)],
        &[
            "error malformed-template endpoint-rule-set-1.json#/rules/0/rules/1/error 11:32 the braces in `No {Region` do not fit \
         together; write `{name}` or `{name#path}`, and `{{` for a brace itself",
        ],
    );
    for bad in ["a}", "{}", "{#x}", "{a#}", "{a{b}"] {
        let text = format!(r#"{{"parameters": {{}}, "rules": [{{"error": "{bad}"}}]}}"#);
        assert_findings(
            &[SERVICE, (FILE, &text)],
            &[&format!(
                "error malformed-template endpoint-rule-set-1.json#/rules/0/error 1:40 the braces in `{bad}` do not fit together; \
             write `{{name}}` or `{{name#path}}`, and `{{{{` for a brace itself"
            )],
        );
    }
}

#[test]
fn malformed_rule() {
    let text = r#"{"parameters": {"P": {"type": "int"}}, "rules": [
{"error": "x", "rules": []},
{"conditions": [{"argv": []}], "error": null},
{"endpoint": {"url": "u", "properties": {"p": null, "q": 0.5}}}]}"#;
    assert_findings(
        &[SERVICE, (FILE, text)],
        &[
            "error unknown-value endpoint-rule-set-1.json#/parameters/P/type 1:31 `int` is no type of a parameter; known are \
         string, boolean, stringArray",
            "error malformed-rule endpoint-rule-set-1.json#/rules/0 2:1 a rule has exactly one of the keys `endpoint`, `error` and \
         `rules`",
            "error missing-key endpoint-rule-set-1.json#/rules/1/conditions/0 3:17 key `fn` is missing",
            "error wrong-type endpoint-rule-set-1.json#/rules/1/error 3:41 expected an expression, found null",
            "error wrong-type endpoint-rule-set-1.json#/rules/2/endpoint/properties/p 4:47 expected the value of a property, \
         found null",
            "error invalid-value endpoint-rule-set-1.json#/rules/2/endpoint/properties/q 4:58 0.5 is not a whole number in the \
         range that fits here",
        ],
    );
}
