//! `wire`, the program: answers in order, and a failure for lines that it cannot answer.

use crate::common::{model, model_set};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use workstream_codegen::graph::{Protocol, Service};
use workstream_tests::bodies;
use workstream_tests::values::{Fill, Values};

const PROTOCOLS: [&str; 2] = ["json", "smithy-rpc-v2-cbor"];

/// Gives the program these lines and returns its own.
fn wire(lines: &[String]) -> Vec<Value> {
    let text = lines.iter().flat_map(|line| [line.as_bytes(), b"\n"]).collect::<Vec<_>>().concat();
    wire_bytes(text)
}

fn wire_bytes(text: Vec<u8>) -> Vec<Value> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_wire"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program");
    let mut stdin = program.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&text));
    let output = program.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "{}", output.status);
    let answers = String::from_utf8(output.stdout).unwrap();
    answers.split_terminator('\n').map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// Whether all of a service's messages are bodies. Those of others are compared with botocore's by `cargo xtask
/// conformance`.
fn is_of_bodies(service: &Service) -> bool {
    !service.metadata().protocols.contains(&Protocol::RestJson1)
}

/// A line for each operation in each protocol, and what else was said of it.
fn for_all<T>(mut make: impl FnMut(&Service, &str, &str) -> (Value, T)) -> (Vec<String>, Vec<T>) {
    let model = model(&model_set("models"));
    let (mut lines, mut notes) = (Vec::new(), Vec::new());
    for service in model.services().iter().filter(|service| is_of_bodies(service)) {
        for (_, operation) in service.operations() {
            for protocol in PROTOCOLS {
                let (mut line, note) = make(service, &operation.name, protocol);
                line["id"] = lines.len().into();
                line["service"] = service.name().into();
                line["operation"] = operation.name.as_str().into();
                line["protocol"] = protocol.into();
                lines.push(line.to_string());
                notes.push(note);
            }
        }
    }
    let known = workstream::dynamic::services().iter().zip(model.services());
    let operations = known.filter(|(_, model)| is_of_bodies(model)).map(|(service, _)| service.operations().len());
    assert_eq!(lines.len(), operations.sum::<usize>() * PROTOCOLS.len());
    (lines, notes)
}

#[test]
fn requests_of_all_operations() {
    let (lines, expected) = for_all(|service, name, protocol| {
        let operation = &service[service.operation_named(name).unwrap()];
        let params = Values::new(service, 1, Fill::All).of(operation.input);
        let target = service.metadata().target_prefix.as_deref().unwrap();
        let version = if service.metadata().protocols.contains(&Protocol::AwsJson1_0) { "1.0" } else { "1.1" };
        let headers = if protocol == "json" {
            let content_type = format!("application/x-amz-json-{version}");
            json!({"content-type": content_type, "x-amz-target": format!("{target}.{name}")})
        } else {
            json!({"accept": "application/cbor", "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"})
        };
        let path = if protocol == "json" { "/".into() } else { format!("/service/{target}/operation/{name}") };
        (json!({"kind": "request", "params": params, "unknown": [1]}), (path, headers))
    });
    for (index, (answer, (path, headers))) in wire(&lines).into_iter().zip(expected).enumerate() {
        assert_eq!(answer["id"], index);
        assert_eq!(answer["method"], "POST", "{answer}");
        assert_eq!(answer["path"], path, "{answer}");
        assert_eq!(answer["headers"], headers, "{answer}");
        let body = STANDARD.decode(answer["body_base64"].as_str().unwrap()).unwrap();
        assert!(!body.is_empty());
    }
}

#[test]
fn responses_of_all_operations() {
    let (lines, expected) = for_all(|service, name, protocol| {
        let output = service[service.operation_named(name).unwrap()].output;
        let value = Values::new(service, 2, Fill::All).of(output);
        let body = match protocol {
            "json" => value.to_string().into_bytes(),
            _ => bodies::cbor(&value, service, output, &mut fastrand::Rng::with_seed(2)),
        };
        let line = json!({"kind": "response", "status": 200, "headers": {}, "body_base64": STANDARD.encode(body)});
        (line, value)
    });
    let answers = wire(&lines);
    for (index, (answer, value)) in answers.into_iter().zip(expected).enumerate() {
        assert_eq!(answer, json!({"id": index, "value": value}));
    }
}

#[test]
fn errors_of_all_operations() {
    let (lines, expected) = for_all(|service, name, protocol| {
        let declared = service[service.operation_named(name).unwrap()].errors.first().copied();
        let (code, members) = match declared {
            Some(shape) => (service[shape].name.as_str(), Values::new(service, 3, Fill::All).of(declared)),
            None => ("Unheard", json!({"message": "of"})),
        };
        let body = match (protocol, declared) {
            ("json", _) => bodies::json_error(code, &members),
            (_, Some(shape)) => bodies::cbor_error(code, &members, service, shape, &mut fastrand::Rng::with_seed(3)),
            (_, None) => {
                bodies::cbor(&json!({"__type": code, "message": "of"}), service, None, &mut fastrand::Rng::with_seed(3))
            }
        };
        let message = members.get("message").or(members.get("Message")).cloned().unwrap_or_default();
        let (shape, members) = if declared.is_some() { (json!(code), members) } else { (Value::Null, json!({})) };
        let line = json!({"kind": "response", "status": 400, "body_base64": STANDARD.encode(body)});
        (line, json!({"code": code, "message": message, "shape": shape, "members": members}))
    });
    for (index, (answer, error)) in wire(&lines).into_iter().zip(expected).enumerate() {
        assert_eq!(answer, json!({"id": index, "error": error}));
    }
}

#[test]
fn lines_that_cannot_be_answered() {
    let request = json!({"kind": "request", "service": "appstream", "operation": "StartFleet", "protocol": "json", "params": {"Name": "a"}});
    let response = json!({"kind": "response", "service": "appstream", "operation": "StartFleet", "protocol": "json"});
    let with = |line: &Value, name: &str, value: Value| {
        let mut line = line.clone();
        line[name] = value;
        line.to_string()
    };
    let without = |line: &Value, name: &str| {
        let mut line = line.clone();
        line.as_object_mut().unwrap().remove(name);
        line.to_string()
    };
    let mut bad = vec![
        "not JSON".to_owned(),
        "{".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        "{}".to_owned(),
        r#"{"id":1}{"id":2}"#.to_owned(),
        "[".repeat(100_000),
        with(&request, "kind", "reply".into()),
        with(&request, "service", "appstreams".into()),
        with(&request, "operation", "startFleet".into()),
        with(&request, "protocol", "rest-json".into()),
        with(&request, "params", Value::Null),
        with(&request, "params", json!([])),
        with(&request, "params", json!({})),
        with(&request, "params", json!({"Name": 1})),
        with(&request, "params", json!({"Name": "a", "Colour": "red"})),
        with(&request, "params", json!({"name": "a"})),
        with(&response, "body_base64", "*".into()),
        with(&response, "body_base64", 1.into()),
        with(&response, "body_base64", STANDARD.encode("[1]").into()),
        with(&response, "body_base64", STANDARD.encode("{").into()),
        with(&response, "body_base64", STANDARD.encode("\u{0}").into()),
        with(&response, "status", "ok".into()),
        with(&response, "status", 0.into()),
        with(&response, "status", 70_000.into()),
        with(&response, "headers", json!(["a"])),
        with(&response, "headers", json!({"a b": "c"})),
        with(&response, "headers", json!({"a": "\n"})),
        with(&response, "headers", json!({"a": 1})),
    ];
    bad.extend(["kind", "service", "operation"].map(|field| without(&request, field)));
    for field in ["kind", "service", "operation", "protocol"] {
        bad.push(with(&request, field, 1.into()));
        bad.push(with(&response, field, Value::Null));
    }
    // A good line after each bad one: nothing gets lost, all stays in order.
    let good = |id: usize| with(&request, "id", id.into());
    let lines: Vec<String> = bad.iter().enumerate().flat_map(|(index, line)| [line.clone(), good(index)]).collect();
    let answers = wire(&lines);
    assert_eq!(answers.len(), lines.len());
    for (index, pair) in answers.chunks(2).enumerate() {
        let failure = pair[0]["failure"].as_str();
        assert!(failure.is_some_and(|text| !text.is_empty()), "{} gave {}", bad[index], pair[0]);
        assert!(pair[0].get("id").is_some() && pair[0].as_object().unwrap().len() == 2, "{}", pair[0]);
        assert_eq!(pair[1]["id"], index);
        assert_eq!(pair[1]["path"], "/");
    }
}

#[test]
fn what_a_line_need_not_have() {
    let lines = [
        r#"{"kind":"response","service":"appstream","operation":"StartFleet","protocol":"json"}"#,
        "",
        r#"{"id":{"a":[1.50]},"kind":"response","service":"appstream","operation":"StartFleet","protocol":"json","headers":null,"body_base64":null}"#,
        r#"  {"id":"x","kind":"request","service":"workspaces","operation":"DescribeAccount","protocol":"smithy-rpc-v2-cbor"}  "#,
    ];
    let answers = wire(&lines.map(str::to_owned));
    assert_eq!(answers.len(), 3);
    assert_eq!(answers[0], json!({"id": null, "value": {}}));
    assert_eq!(answers[1], json!({"id": {"a": [1.5]}, "value": {}}));
    assert_eq!((&answers[2]["id"], &answers[2]["body_base64"]), (&json!("x"), &json!("v/8=")));
}

/// What a request of a fixture becomes, with these other fields.
fn request_of(service: &str, mut fields: Value) -> Value {
    fields["kind"] = "request".into();
    fields["service"] = service.into();
    fields["operation"] = "Run".into();
    let answer = workstream_tests::wire::answer(&fields.to_string(), workstream_fixtures::dynamic::services());
    serde_json::from_str(&answer).unwrap()
}

#[test]
fn protocols_go_by_their_names() {
    let accept = |line: Value| request_of("host-prefix", line)["headers"]["content-type"].clone();
    let params = json!({"Name": "a", "type": "b"});
    assert_eq!(accept(json!({"params": params})), "application/cbor", "the preferred one");
    assert_eq!(accept(json!({"params": params, "protocol": "awsJson1_1"})), "application/x-amz-json-1.1");
    let unknown = request_of("host-prefix", json!({"params": params, "protocol": "awsJson1_0"}));
    assert_eq!(unknown["failure"], "service `host-prefix` does not speak `awsJson1_0`");
    let all = workstream_tests::wire::answer(
        r#"{"kind": "protocols", "service": "host-prefix"}"#,
        workstream_fixtures::dynamic::services(),
    );
    assert_eq!(all, r#"{"id":null,"protocols":["rpcv2Cbor","awsJson1_1"]}"#);
}

#[test]
fn a_request_has_its_host_prefix_and_tokens() {
    let params = json!({"Name": "a", "type": "b"});
    assert_eq!(request_of("host-prefix", json!({"params": params}))["host_prefix"], "a-b.data.");

    let body = |params: Value| {
        let answer = request_of("idempotency-token", json!({"params": params, "token": "t", "protocol": "json"}));
        assert_eq!(answer["host_prefix"], Value::Null);
        String::from_utf8(STANDARD.decode(answer["body_base64"].as_str().unwrap()).unwrap()).unwrap()
    };
    assert_eq!(body(json!({"Name": "a"})), r#"{"Token":"t","Name":"a"}"#);
    assert_eq!(body(json!({"Name": "a", "Token": "own"})), r#"{"Token":"own","Name":"a"}"#);
}

#[test]
fn lines_that_are_no_text() {
    let mut lines = b"\xff\xfe{}\n{\"id\": \"\xff\"}\r\n".to_vec();
    lines.extend(br#"{"id":2}"#);
    let answers = wire_bytes(lines);
    assert_eq!(answers.len(), 3);
    assert!(answers.iter().all(|answer| answer["failure"].is_string()));
    assert_eq!(answers[2]["id"], 2);
}
