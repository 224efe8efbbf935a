//! Endpoint rules: what they become, and what can be wrong with them.

use serde_json::{Value, json};
use workstream_codegen::diagnostic::{Diagnostic, Severity};
use workstream_codegen::{Manifest, ModelSet, Options, ServiceFiles, SourceFile, generate, read};

fn model(rule_set: &Value) -> ModelSet {
    let service = json!({
        "metadata": {"protocol": "json", "jsonVersion": "1.1", "targetPrefix": "T", "apiVersion": "2020-01-01",
                     "endpointPrefix": "t", "serviceId": "T", "serviceFullName": "T", "signatureVersion": "v4"},
        "operations": {}, "shapes": {}
    });
    let file = |name: &str, value: &Value| SourceFile { path: name.to_owned(), text: value.to_string().into_bytes() };
    let files = vec![file("service-2.json", &service), file("endpoint-rule-set-1.json", rule_set)];
    let partitions = json!({"version": "1.1", "partitions": [{
        "id": "aws", "regionRegex": "^us\\-\\w+\\-\\d+$", "regions": {"us-east-1": {}},
        "outputs": {"name": "aws", "dnsSuffix": "amazonaws.com", "dualStackDnsSuffix": "api.aws",
                    "implicitGlobalRegion": "us-east-1", "supportsFIPS": true, "supportsDualStack": true}
    }]});
    ModelSet {
        services: vec![ServiceFiles { name: "t".to_owned(), files }],
        partitions: Some(file("partitions.json", &partitions)),
    }
}

/// The emitted resolver, if any, and all findings.
fn emitted(rule_set: &Value) -> (Option<String>, Vec<Diagnostic>) {
    let (model, findings) = read(&model(rule_set));
    let model = model.unwrap_or_else(|| panic!("{findings:?}"));
    let manifest = Manifest::Standalone { runtime: "runtime".to_owned() };
    let (output, findings) = generate(&model, &Options::new(manifest));
    (output.map(|output| output.files["src/t/endpoint.rs"].clone()), findings.into_iter().collect())
}

#[test]
fn partitions_that_nobody_has_are_told() {
    let asks = rule_set(json!([{
        "type": "error", "conditions": [call("aws.partition", json!([reference("Type")]))], "error": "yes"
    }]));
    let mut set = model(&asks);
    let codes = |set: &ModelSet| {
        let manifest = Manifest::Standalone { runtime: "runtime".to_owned() };
        let options = Options::new(manifest);
        let (_, findings) = generate(&read(set).0.expect("a model"), &options);
        findings.iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(&set), [""; 0]);
    set.partitions = None;
    assert_eq!(codes(&set), ["no-partitions"]);
}

fn rule_set(rules: Value) -> Value {
    json!({
        "version": "1.0",
        "parameters": {
            "Region": {"type": "String", "required": false, "builtIn": "AWS::Region", "documentation": "-"},
            "UseFIPS": {"type": "Boolean", "required": true, "default": false, "builtIn": "AWS::UseFIPS", "documentation": "-"},
            "Bucket": {"type": "string", "documentation": "-"},
            "Type": {"type": "string", "required": true, "default": "x", "documentation": "-"},
            "List": {"type": "stringArray", "documentation": "-"}
        },
        "rules": rules
    })
}

/// The body of `resolve` and all after it, without white space.
#[track_caller]
fn resolver(rules: Value) -> String {
    let (text, findings) = emitted(&rule_set(rules));
    let text = text.unwrap_or_else(|| panic!("{findings:#?}"));
    assert!(findings.is_empty(), "{findings:#?}");
    let text = squeezed(&text);
    let start = text.find("pubfnresolve").expect("resolve");
    let text = &text[start..];
    text[text.find('{').expect("a body")..].to_owned()
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<String>().replace(",)", ")").replace(",]", "]").replace(",}", "}")
}

/// What a rule with this condition comes to, when it says `yes`, else `no`.
#[track_caller]
fn condition(conditions: Value, rust: &str) {
    let rules = json!([
        {"type": "error", "conditions": conditions, "error": "yes"},
        {"type": "error", "conditions": [], "error": "no"}
    ]);
    let expected = format!(
        "{{if {rust} {{ return Err(EndpointError::refused(\"yes\")); }} Err(EndpointError::refused(\"no\")) }}"
    );
    assert_eq!(resolver(rules), squeezed(&expected));
}

fn reference(name: &str) -> Value {
    json!({"ref": name})
}

fn call(function: &str, arguments: Value) -> Value {
    json!({"fn": function, "argv": arguments})
}

fn assigned(function: &str, arguments: Value, name: &str) -> Value {
    json!({"fn": function, "argv": arguments, "assign": name})
}

fn set(name: &str) -> Value {
    call("isSet", json!([{"ref": name}]))
}

#[test]
fn conditions() {
    condition(json!([set("Region")]), "params.region.is_some()");
    condition(json!([call("not", json!([set("Region")]))]), "params.region.is_none()");
    condition(json!([call("booleanEquals", json!([reference("UseFIPS"), true]))]), "params.use_fips");
    condition(json!([call("booleanEquals", json!([false, reference("UseFIPS")]))]), "!params.use_fips");
    condition(
        json!([call("not", json!([call("booleanEquals", json!([reference("UseFIPS"), true]))]))]),
        "!params.use_fips",
    );
    condition(
        json!([set("Bucket"), call("stringEquals", json!(["a", reference("Bucket")]))]),
        r#"let Some(bucket) = params.bucket.as_deref() && bucket == "a""#,
    );
    condition(json!([call("stringEquals", json!([reference("Type"), ""]))]), "params.r#type.is_empty()");
    condition(
        json!([call("not", json!([call("stringEquals", json!([reference("Type"), "a"]))]))]),
        r#"params.r#type != "a""#,
    );
    condition(
        json!([call("stringEquals", json!([reference("Type"), "{Type}-{{b}}"]))]),
        r#"params.r#type == format!("{}-{{b}}", params.r#type)"#,
    );
    condition(
        json!([call("isValidHostLabel", json!([reference("Type"), true]))]),
        "functions::is_valid_host_label(&params.r#type, true)",
    );
}

#[test]
fn functions() {
    condition(
        json!([
            set("Bucket"),
            assigned("aws.parseArn", json!([reference("Bucket")]), "arn"),
            assigned("getAttr", json!([reference("arn"), "resourceId[1]"]), "kind"),
            call("stringEquals", json!([reference("kind"), "{arn#service}"])),
        ]),
        "let Some(bucket) = params.bucket.as_deref()
            && let Some(arn) = &functions::parse_arn(bucket)
            && let Some(kind) = functions::element(&arn.resource_id, 1)
            && kind == arn.service",
    );
    condition(
        json!([call("isSet", json!([call("parseURL", json!([reference("Type")]))]))]),
        "functions::parse_url(&params.r#type).is_some()",
    );
    condition(
        json!([
            assigned("parseURL", json!([reference("Type")]), "url"),
            call("booleanEquals", json!([call("getAttr", json!([reference("url"), "isIp"])), true])),
            call("stringEquals", json!([call("getAttr", json!([reference("url"), "normalizedPath"])), "/"])),
        ]),
        r#"let Some(url) = &functions::parse_url(&params.r#type) && url.is_ip && url.normalized_path == "/""#,
    );
    condition(
        json!([
            assigned("aws.partition", json!([reference("Type")]), "P"),
            call("booleanEquals", json!([true, call("getAttr", json!([reference("P"), "supportsFIPS"]))])),
        ]),
        "let Some(p) = partitions::find(&params.r#type) && p.supports_fips",
    );
    condition(
        json!([
            assigned("substring", json!([reference("Type"), 0, 6, true]), "s"),
            call("aws.isVirtualHostableS3Bucket", json!([reference("s"), false])),
        ]),
        "let Some(s) = functions::substring(&params.r#type, 0, 6, true)
            && functions::is_virtual_hostable_s3_bucket(s, false)",
    );
    condition(
        json!([
            assigned("uriEncode", json!([reference("Type")]), "encoded"),
            call("stringEquals", json!([reference("encoded"), "a"])),
        ]),
        r#"let encoded = functions::uri_encode(&params.r#type).as_str() && encoded == "a""#,
    );
    condition(
        json!([
            set("List"),
            assigned("getAttr", json!([reference("List"), "[0]"]), "first"),
            call("stringEquals", json!([reference("first"), "a"]))
        ]),
        r#"let Some(list) = params.list.as_deref() && let Some(first) = functions::element(list, 0) && first == "a""#,
    );
    // Functions of version 1.1.
    condition(
        json!([call(
            "stringEquals",
            json!([call("coalesce", json!([reference("Bucket"), reference("Region"), "z"])), "a"])
        )]),
        r#"params.bucket.as_deref().or_else(|| params.region.as_deref()).unwrap_or("z") == "a""#,
    );
    condition(
        json!([call("stringEquals", json!([call("ite", json!([reference("UseFIPS"), "-fips", ""])), "a"]))]),
        r#"(if params.use_fips { "-fips" } else { "" }) == "a""#,
    );
    condition(
        json!([
            assigned("split", json!([reference("Type"), "--", 0]), "parts"),
            call("isSet", json!([call("getAttr", json!([reference("parts"), "[-1]"]))]))
        ]),
        r#"let parts = &functions::split(&params.r#type, "--", 0) && functions::element(parts, -1).is_some()"#,
    );
}

#[test]
fn endpoints() {
    let rules = json!([{
        "type": "endpoint", "conditions": [set("Region"), set("Bucket")],
        "endpoint": {
            "url": "https://{Bucket}.{Region}.example.com",
            "headers": {"x-region": ["{Region}", "a"]},
            "properties": {
                "backend": "b",
                "authSchemes": [{"name": "sigv4", "signingRegion": "{Region}", "disableDoubleEncoding": true, "n": 7}]
            }
        }
    }]);
    let expected = r#"{
        if let Some(region) = params.region.as_deref() && let Some(bucket) = params.bucket.as_deref() {
            return Ok(Endpoint::of_parts([bucket, region], format!("https://{bucket}.{region}.example.com"))?
                .header("x-region", [region.to_owned(), "a".to_owned()])
                .property("authSchemes", Property::from([Property::object([
                    ("disableDoubleEncoding", Property::from(true)), ("n", Property::from(7i64)),
                    ("name", Property::from("sigv4")), ("signingRegion", Property::from(region))])]))
                .property("backend", "b"));
        }
        Err(EndpointError::NoRule)
    }"#;
    assert_eq!(resolver(rules), squeezed(expected));
}

#[test]
fn a_tree_without_conditions_is_no_tree() {
    let rules = json!([{"type": "tree", "conditions": [], "rules": [
        {"type": "error", "conditions": [set("Region")], "error": "{Region}"},
        {"type": "error", "conditions": [], "error": "b"}
    ]}]);
    let expected = r#"{
        if let Some(region) = params.region.as_deref() {
            return Err(EndpointError::refused(region.to_owned()));
        }
        Err(EndpointError::refused("b"))
    }"#;
    assert_eq!(resolver(rules), squeezed(expected));
}

#[test]
fn deep_trees_become_functions() {
    let mut rule = json!({"type": "endpoint", "conditions": [], "endpoint": {"url": "https://{Region}.{p#dnsSuffix}"}});
    for name in ["e", "d", "c", "b"] {
        let condition = call("stringEquals", json!([reference("Type"), name]));
        rule = json!({"type": "tree", "conditions": [condition], "rules": [rule]});
    }
    let outer = json!([{
        "type": "tree",
        "conditions": [set("Region"), assigned("aws.partition", json!([reference("Region")]), "p")],
        "rules": [rule]
    }]);
    let text = resolver(outer);
    assert!(text.contains("returnresolve_2(region,p);"), "{text}");
    assert!(
        text.contains(&squeezed("fn resolve_2(region: &str, p: &Partition) -> Result<Endpoint, EndpointError> {")),
        "{text}"
    );
}

#[test]
fn a_parameter_that_must_be_given() {
    let set = json!({
        "version": "1.0",
        "parameters": {"Region": {"type": "string", "required": true, "builtIn": "AWS::Region", "documentation": "-"}},
        "rules": [{"type": "endpoint", "conditions": [], "endpoint": {"url": {"ref": "Region"}}}]
    });
    let (text, findings) = emitted(&set);
    assert!(findings.is_empty(), "{findings:#?}");
    let text = squeezed(&text.expect("a resolver"));
    let expected = r#"
        let Some(region) = params.region.as_deref() else { return Err(EndpointError::MissingParameter("Region")) };
        Ok(Endpoint::new(region))"#;
    assert!(text.contains(&squeezed(expected)), "{text}");
}

#[test]
fn parameters() {
    let (text, _) = emitted(&rule_set(json!([])));
    let text = squeezed(&text.expect("a resolver"));
    for expected in [
        "pub region: Option<String>,",
        "pub use_fips: bool}",
        "pub bucket: Option<String>,",
        "pub r#type: String,",
        "pub list: Option<Vec<String>>,",
        "bucket: None, list: None, region: None, r#type: \"x\".to_owned(), use_fips: false",
        "Self { region: config.region.clone(), use_fips: config.use_fips, ..Self::default() }",
        "pub fn list(mut self, value: impl IntoIterator<Item = impl Into<String>>) -> Self {",
        "pub fn resolve(_params: &Params) -> Result<Endpoint, EndpointError> { Err(EndpointError::NoRule) }",
    ] {
        assert!(text.contains(&squeezed(expected)), "{expected} in {text}");
    }
}

/// The only finding about these rules.
#[track_caller]
fn finding(rules: Value) -> Diagnostic {
    let (text, mut findings) = emitted(&rule_set(rules));
    assert_eq!(findings.len(), 1, "{findings:#?}");
    let finding = findings.remove(0);
    assert_eq!(text.is_none(), finding.severity == Severity::Error);
    finding
}

/// The only finding about a condition.
#[track_caller]
fn refuses(conditions: Value, code: &str, message: &str, hint: Option<&str>) {
    let finding = finding(json!([
        {"type": "error", "conditions": conditions, "error": "yes"},
        {"type": "error", "conditions": [], "error": "no"}
    ]));
    assert_eq!((finding.code, finding.message.as_str(), finding.hint.as_deref()), (code, message, hint));
    assert!(finding.origin.pointer.starts_with("/rules/0/conditions/"), "{}", finding.origin.pointer);
}

#[test]
fn mistakes() {
    refuses(
        json!([call("stringEqual", json!(["a", "b"]))]),
        "unknown-function",
        "function `stringEqual` is not known",
        Some("did you mean `stringEquals`?"),
    );
    refuses(
        json!([set("Regoin")]),
        "unknown-reference",
        "`Regoin` is neither a parameter nor assigned by an earlier condition",
        Some("did you mean `Region`?"),
    );
    refuses(
        json!([call("stringEquals", json!([reference("UseFIPS"), "b"]))]),
        "rule-type",
        "argument 1 of `stringEquals` is a string, but this is a boolean",
        None,
    );
    refuses(
        json!([call("not", json!([reference("UseFIPS"), true]))]),
        "argument-count",
        "`not` takes 1 arguments, but 2 are given",
        None,
    );
    refuses(
        json!([
            assigned("aws.parseArn", json!([reference("Type")]), "arn"),
            call("stringEquals", json!(["a", "{arn#servic}"]))
        ]),
        "unknown-attribute",
        "an ARN has no attribute `servic`",
        Some("did you mean `service`?"),
    );
    refuses(
        json!([
            assigned("aws.parseArn", json!([reference("Type")]), "arn"),
            call("stringEquals", json!(["a", "{arn#resourceId[0]}"]))
        ]),
        "rule-type",
        "`{arn#resourceId[0]}` must be a string, but may be absent",
        None,
    );
    refuses(
        json!([assigned("aws.parseArn", json!([reference("Type")]), "Region")]),
        "duplicate-name",
        "`Region` is assigned, but already has a value here",
        None,
    );
    refuses(
        json!([call("substring", json!([reference("Type"), -1, 2, false]))]),
        "rule-type",
        "-1 is not a number from 0 to 4294967295",
        None,
    );
    // A mistake is told once, however often its value is used.
    refuses(
        json!([
            assigned("aws.parsArn", json!([reference("Type")]), "arn"),
            call("stringEquals", json!(["{arn#service}", "{arn#region}"]))
        ]),
        "unknown-function",
        "function `aws.parsArn` is not known",
        Some("did you mean `aws.parseArn`?"),
    );
}

#[test]
fn a_value_that_may_be_absent() {
    let found = finding(json!([{"type": "error", "conditions": [], "error": {"ref": "Region"}}]));
    assert_eq!(
        (found.code, found.message.as_str()),
        ("rule-type", "an error must have a value, but this may be absent")
    );
    // A name is gone after its rule.
    let found = finding(json!([
        {"type": "error", "conditions": [set("Region")], "error": "{Region}"},
        {"type": "error", "conditions": [], "error": "{Region}"}
    ]));
    assert_eq!((found.code, found.message.as_str()), ("rule-type", "`{Region}` must be a string, but may be absent"));
    assert_eq!(&*found.origin.pointer, "/rules/1/error");
}

#[test]
fn warnings() {
    let found = finding(json!([
        {"type": "error", "conditions": [call("stringEquals", json!([reference("Region"), "a"]))], "error": "{Region}"},
        {"type": "error", "conditions": [], "error": "b"}
    ]));
    assert_eq!((found.severity, found.code), (Severity::Warning, "unchecked-parameter"));
    let found = finding(json!([
        {"type": "error", "conditions": [], "error": "a"},
        {"type": "error", "conditions": [], "error": "b"}
    ]));
    assert_eq!((found.severity, found.code), (Severity::Warning, "unreachable-rule"));
    assert_eq!(&*found.origin.pointer, "/rules/1");

    let built_in = |name: &str, kind: &str| {
        let set = json!({"version": "1.0", "rules": [], "parameters": {"P": {"type": kind, "builtIn": name, "documentation": "-"}}});
        let (_, mut findings) = emitted(&set);
        assert_eq!(findings.len(), 1, "{findings:#?}");
        findings.remove(0)
    };
    let found = built_in("AWS::Regoin", "string");
    assert_eq!((found.severity, found.code), (Severity::Warning, "unknown-built-in"));
    assert_eq!(found.hint.as_deref(), Some("did you mean `AWS::Region`?"));
    let found = built_in("AWS::Region", "boolean");
    assert_eq!((found.severity, found.code), (Severity::Error, "rule-type"));
}

/// A service whose operation supplies parameters in every way.
fn binding(operation: Value) -> (Option<String>, Vec<Diagnostic>) {
    let mut set = model(&rule_set(json!([])));
    let mut service: Value = serde_json::from_slice(&set.services[0].files[0].text).expect("JSON");
    service["operations"]["Get"] =
        json!({"name": "Get", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "In"}});
    service["operations"]["Get"]
        .as_object_mut()
        .expect("an object")
        .extend(operation.as_object().expect("an object").clone());
    service["shapes"] = json!({
        "In": {"type": "structure", "required": ["Name"], "members": {
            "Name": {"shape": "Text", "contextParam": {"name": "Bucket"}},
            "Kind": {"shape": "Kind", "contextParam": {"name": "Type"}},
            "Table": {"shape": "Table"}
        }},
        "Kind": {"type": "string", "enum": ["A"]}, "Text": {"type": "string"},
        "Table": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}}
    });
    set.services[0].files[0].text = service.to_string().into_bytes();
    let (model, findings) = read(&set);
    let model = model.unwrap_or_else(|| panic!("{findings:?}"));
    let manifest = Manifest::Standalone { runtime: "runtime".to_owned() };
    let (output, findings) = generate(&model, &Options::new(manifest));
    (output.map(|output| squeezed(&output.files["src/t/endpoint.rs"])), findings.into_iter().collect())
}

#[test]
fn operations_supply_parameters() {
    let (text, findings) = binding(json!({
        "staticContextParams": {"UseFIPS": {"value": true}, "Region": {"value": "r"}},
        "operationContextParams": {"List": {"path": "keys(Table)"}}
    }));
    assert!(findings.is_empty(), "{findings:#?}");
    let expected = r#"pub(super) fn resolve_for_get(config: &EndpointConfig, input: &types::GetInput) -> Result<Endpoint, EndpointError> {
        let mut params = Params::from_config(config);
        if input.table.is_some() { params.list = Some(input.table.iter().flat_map(|map| map.keys()).map(|item| item.as_str().to_owned()).collect()); }
        if let Some(value) = input.kind.as_ref().map(types::Kind::as_str) { params.r#type = value.to_owned(); }
        params.bucket = Some(input.name.as_str().to_owned());
        params.region = Some("r".to_owned());
        params.use_fips = true;
        resolve(&params)
    }"#;
    let text = text.expect("a resolver");
    assert!(text.contains(&squeezed(expected)), "{text}");
}

#[test]
fn operations_supply_nothing_wrong() {
    let code = |operation: Value| {
        let (_, findings) = binding(operation);
        assert_eq!(findings.len(), 1, "{findings:#?}");
        (findings[0].code, findings[0].hint.clone())
    };
    let hint = Some("did you mean `Region`?".to_owned());
    assert_eq!(code(json!({"staticContextParams": {"Regoin": {"value": "r"}}})), ("unknown-parameter", hint));
    assert_eq!(code(json!({"staticContextParams": {"Region": {"value": true}}})), ("rule-type", None));
    assert_eq!(code(json!({"operationContextParams": {"List": {"path": "Name"}}})), ("rule-type", None));
    assert_eq!(code(json!({"operationContextParams": {"List": {"path": "keys("}}})), ("jmespath-syntax", None));
}
