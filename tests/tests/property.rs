//! Whatever value of whatever type: all protocols carry it unchanged.
//!
//! The types are those of the real services, and those of the fixtures, which
//! have what the real ones lack: floats, documents, sparse lists, recursion.

use crate::client::common::Script;
use crate::common::{model, model_set, protocols};
use bytes::Bytes;
use fastrand::Rng;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use workstream::Protocol;
use workstream::client::{BlockingTransport, Recorder, Replay};
use workstream::dynamic::{DynamicError, DynamicOperation, DynamicService};
use workstream::runtime::http::{HeaderMap, HeaderName, Request, Response};
use workstream_codegen::graph::{Place, Service, ShapeId, ShapeKind};
use workstream_tests::bodies;
use workstream_tests::values::{Fill, Values, with_endpoint_labels, without_named_keys};

/// How each value is filled; the seeds differ.
const FILLS: [Fill; 6] = [Fill::Required, Fill::All, Fill::All, Fill::Some, Fill::Some, Fill::Some];

/// All services of a crate, as its models and as itself.
fn each_service(mut check: impl FnMut(&Service, &DynamicService)) {
    let crates = [
        ("models", workstream::dynamic::services()),
        (xtask::paths::FIXTURES_MODELS, workstream_fixtures::dynamic::services()),
    ];
    for (folder, services) in crates {
        let model = model(&model_set(folder));
        assert_eq!(model.services().len(), services.len());
        model.services().iter().zip(services).for_each(|(service, known)| check(service, known));
    }
}

/// All operations, with a seed for each value; more values where there are few operations.
fn each_operation(mut check: impl FnMut(&Service, &[Protocol], &DynamicOperation, Fill, u64)) {
    let mut seed = 0;
    each_service(|service, known| {
        assert_eq!(known.operations().is_empty(), service.operations().len() == 0, "{}", service.name());
        assert_eq!(known.description().name, service.name());
        let rounds = if service.operations().len() < 10 { 5 } else { 1 };
        for operation in known.operations() {
            for fill in FILLS.repeat(rounds) {
                seed += 1;
                check(service, protocols(known.description()), operation, fill, seed);
            }
        }
    });
    assert!(seed > 0);
}

/// JSON to compare. What is compared has to come from here on both sides: this
/// reader is not exact in the last digit of floats.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn inputs_survive() {
    each_operation(|service, protocols, operation, fill, seed| {
        let name = operation.description().name;
        let input = service[service.operation_named(name).unwrap()].input;
        let value = Values::new(service, seed, fill).of(input).to_string();
        for &protocol in protocols {
            let request = operation.request(value.as_bytes(), protocol).expect(name);
            let mut read = parsed(&operation.parse_request(protocol, &request).expect(name));
            without_named_keys(service, input, &mut read);
            with_endpoint_labels(service, input, &mut read, &parsed(&value));
            assert_eq!(read, parsed(&value), "{} {name} {protocol} seed {seed}", service.name());
        }
    });
}

#[test]
fn outputs_survive() {
    each_operation(|service, protocols, operation, fill, seed| {
        let name = operation.description().name;
        let output = service[service.operation_named(name).unwrap()].output;
        let value = Values::new(service, seed, fill).of(output);
        let text = value.to_string();
        for &protocol in protocols {
            let response = operation.respond(text.as_bytes(), protocol).expect(name);
            let read = operation.response(protocol, &response).expect(name);
            assert_eq!(parsed(&read), parsed(&text), "{} {name} {protocol} seed {seed}", service.name());
        }
        if !protocols.contains(&Protocol::RpcV2Cbor) {
            return;
        }
        let body = bodies::cbor(&value, service, output, &mut Rng::with_seed(seed));
        let read = operation.response(Protocol::RpcV2Cbor, &Response::new(body)).expect(name);
        assert_eq!(parsed(&read), parsed(&text), "{} {name}, CBOR in another spelling, seed {seed}", service.name());
    });
}

/// Whatever was recorded is replayed, in any protocol of the service; secrets are not.
#[test]
fn recordings_survive() {
    let config = Script::new().config().build();
    each_operation(|service, protocols, operation, fill, seed| {
        let name = operation.description().name;
        let shapes = &service[service.operation_named(name).unwrap()];
        let input = Values::new(service, seed, fill).of(shapes.input);
        let output = Values::new(service, seed + 1, fill).of(shapes.output);
        for &recorded in protocols {
            let title = format!("{} {name} {recorded} seed {seed}", service.name());
            let answer = operation.respond(output.to_string().as_bytes(), recorded).expect(&title);
            let service_answers = Script::new().then(move |_| Ok(answer.clone().map(Bytes::from)));
            let recorder = Recorder::of(&config.to_builder().blocking_transport(service_answers).build());
            let sent =
                |protocol| operation.request(input.to_string().as_bytes(), protocol).expect(&title).map(Bytes::from);
            BlockingTransport::send(&recorder, sent(recorded), None).expect(&title);
            let text = recorder.finish().expect(&title).to_string();
            let mut secrets = BTreeSet::new();
            let mut keys = BTreeSet::new();
            without_secrets(service, shapes.input, parsed(&input.to_string()), &mut secrets, &mut keys);
            let wanted = without_secrets(service, shapes.output, parsed(&output.to_string()), &mut secrets, &mut keys);
            for secret in secrets.iter().filter(|secret| secret.len() >= 6) {
                assert!(!text.contains(&Value::from(secret.as_str()).to_string()), "{title}: {secret:?}: {text}");
            }
            secrets.append(&mut keys);
            secrets.retain(|secret| secret.len() >= 6);
            for &replayed in protocols {
                let replay = Replay::of(text.parse().expect(&title));
                let response = BlockingTransport::send(&replay, sent(replayed), None);
                let response = response.unwrap_or_else(|error| panic!("{title}: {error}: {text}"));
                let read = parsed(&operation.response(replayed, &response).expect(&title));
                let found = without_secrets(service, shapes.output, read, &mut BTreeSet::new(), &mut BTreeSet::new());
                assert_eq!(without(found, &secrets), without(wanted.clone(), &secrets), "{title} {replayed}: {text}");
            }
        }
    });
}

/// Whatever error is replayed, a recorder notes the same again.
#[test]
fn recorded_errors_survive() {
    let config = Script::new().config().build();
    let mut shapes = 0;
    each_service(|service, known| {
        let Some(operation) = known.operations().first() else { return };
        let errors = service.shapes().filter(|(_, shape)| shape.traits.error.is_some());
        for (id, shape) in errors {
            if !service.operations().any(|(_, operation)| operation.errors.contains(&id)) {
                continue;
            }
            shapes += 1;
            for ((fill, seed), &protocol) in FILLS
                .into_iter()
                .zip(1..)
                .flat_map(|fill| protocols(known.description()).iter().map(move |p| (fill, p)))
            {
                let title = format!("{} {} {protocol} seed {seed}", service.name(), shape.name);
                let members = Values::new(service, seed, fill).of(Some(id));
                // Where no member is for the message, it goes beside them.
                let is_message = |name: &str| name.eq_ignore_ascii_case("message");
                let has_own = matches!(&shape.kind, ShapeKind::Structure(members) if members.iter().any(|member| is_message(&member.name)));
                let own = ["message", "Message"].iter().find_map(|name| members[name].as_str());
                let message = own.or((!has_own).then_some("Oh."));
                let mut error = json!({ "status": 418, "code": shape.name, "shape": shape.name, "members": members });
                message.into_iter().for_each(|message| error["message"] = message.into());
                let (sent, text) = call_with_error(service, operation, protocol, &error);
                let replay = Replay::of(text.parse().expect(&title));
                let recorder = Recorder::of(&config.to_builder().blocking_transport(replay).build());
                BlockingTransport::send(&recorder, sent, None)
                    .unwrap_or_else(|error| panic!("{title}: {error}: {text}"));
                let recorded = parsed(&recorder.finish().expect(&title).to_string());
                let found = &recorded["calls"][0]["error"];
                assert_eq!((&found["status"], &found["code"]), (&error["status"], &error["code"]), "{title}: {text}");
                let hidden = |members: &Value| {
                    let members = parsed(&members.to_string());
                    without_secrets(service, Some(id), members, &mut BTreeSet::new(), &mut BTreeSet::new())
                };
                assert_eq!(hidden(&found["members"]), hidden(&members), "{title}: {text}");
                let said = found["message"].as_str().unwrap_or_default();
                if let Some(message) =
                    message.filter(|message| !message.trim().is_empty() && !said.contains("** redacted"))
                {
                    assert_eq!(said, message, "{title}: {text}");
                }
            }
        }
    });
    assert!(shapes > 0);
}

/// A request, and a cassette in which it is answered with this error.
fn call_with_error(
    service: &Service,
    operation: &DynamicOperation,
    protocol: Protocol,
    error: &Value,
) -> (Request<Bytes>, String) {
    let description = operation.description();
    let input =
        Values::new(service, 1, Fill::Required).of(service[service.operation_named(description.name).unwrap()].input);
    let sent = operation.request(input.to_string().as_bytes(), protocol).unwrap().map(Bytes::from);
    let service = description.service.service_id;
    let call = json!({ "service": service, "operation": description.name, "input": input, "error": error });
    (sent, json!({ "cassette_version": 1, "calls": [call] }).to_string())
}

/// The value without any text that is secret elsewhere, or stands for one that is.
fn without(value: Value, secrets: &BTreeSet<String>) -> Value {
    let shown = |text: String| match secrets.contains(&text)
        || ["** redacted ", "redacted-"].iter().any(|marker| text.starts_with(marker))
    {
        true => "secret".to_owned(),
        false => text,
    };
    match value {
        Value::String(text) => Value::from(shown(text)),
        Value::Array(values) => values.into_iter().map(|value| without(value, secrets)).collect(),
        Value::Object(values) => {
            let mut entries: Vec<Value> =
                values.into_iter().map(|(key, value)| json!([shown(key), without(value, secrets)])).collect();
            entries.sort_by_key(Value::to_string);
            entries.into()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

/// The value with nothing but its form where the model has secrets, and the texts of these; the keys of what is secret may be
/// names of members.
fn without_secrets(
    service: &Service,
    shape: Option<ShapeId>,
    value: Value,
    secrets: &mut BTreeSet<String>,
    keys: &mut BTreeSet<String>,
) -> Value {
    fn hide(value: Value, secrets: &mut BTreeSet<String>, keys: &mut BTreeSet<String>) -> Value {
        match value {
            Value::Null => Value::Null,
            Value::Array(values) => values.into_iter().map(|value| hide(value, secrets, keys)).collect(),
            // Keys may be secret too, and then have no order.
            Value::Object(values) => {
                keys.extend(values.keys().cloned());
                let mut values: Vec<Value> = values.into_values().map(|value| hide(value, secrets, keys)).collect();
                values.sort_by_key(Value::to_string);
                values.into()
            }
            Value::String(text) => {
                secrets.insert(text);
                Value::from("secret")
            }
            Value::Bool(_) | Value::Number(_) => Value::from("secret"),
        }
    }
    let Some(id) = shape else { return value };
    match (&service[id].kind, value) {
        (ShapeKind::Structure(members) | ShapeKind::Union(members), Value::Object(values)) => {
            let hidden = values.into_iter().map(|(name, value)| {
                let Some(member) = members.iter().find(|member| member.name == name) else { return (name, value) };
                if service[id].traits.is_sensitive() || service.is_sensitive(member) {
                    return (name, hide(value, secrets, keys));
                }
                (name, without_secrets(service, Some(member.target), value, secrets, keys))
            });
            Value::Object(hidden.collect())
        }
        (ShapeKind::List { member, .. }, Value::Array(values)) => values
            .into_iter()
            .map(|value| without_secrets(service, Some(member.target), value, secrets, keys))
            .collect(),
        (ShapeKind::Map { value: inner, .. }, Value::Object(values)) => {
            let inner = Some(inner.target);
            let values = values.into_iter();
            Value::Object(
                values.map(|(key, value)| (key, without_secrets(service, inner, value, secrets, keys))).collect(),
            )
        }
        (_, value) => value,
    }
}

#[test]
fn errors_survive() {
    let mut shapes = 0;
    each_service(|service, known| {
        let Some(operation) = known.operations().first() else { return };
        for (id, _) in service.shapes().filter(|(_, shape)| shape.traits.error.is_some()) {
            if service.operations().any(|(_, operation)| operation.errors.contains(&id)) {
                shapes += 1;
                check_error(service, protocols(known.description()), operation, id);
            }
        }
    });
    assert!(shapes > 0);
}

fn check_error(service: &Service, protocols: &[Protocol], operation: &DynamicOperation, id: ShapeId) {
    let name = &service[id].name;
    for (fill, seed) in FILLS.into_iter().zip(1..) {
        let members = Values::new(service, seed, fill).of(Some(id));
        for &protocol in protocols {
            let title = format!("{} {name} {protocol} seed {seed}", service.name());
            let (headers, inside) = apart(service, id, &members);
            let body = match protocol {
                Protocol::RpcV2Cbor => bodies::cbor_error(name, &inside, service, id, &mut Rng::with_seed(seed)),
                Protocol::AwsJson1_0 | Protocol::AwsJson1_1 | Protocol::RestJson1 => bodies::json_error(name, &inside),
                // Errors in elements have forms of their own.
                _ => continue,
            };
            let mut response = Response::new(body);
            *response.status_mut() = 400.try_into().unwrap();
            response.headers_mut().extend(headers);
            match operation.response(protocol, &response) {
                Err(DynamicError::Service(error)) => {
                    assert_eq!((&error.code, error.shape), (name, Some(name.as_str())), "{title}");
                    assert_eq!(parsed(&error.members), parsed(&members.to_string()), "{title}");
                    let told =
                        ["message", "Message", "errorMessage"].iter().find_map(|name| members.get(*name)?.as_str());
                    assert_eq!(error.message.as_deref(), told, "{title}");
                }
                other => panic!("{title}: {other:?}"),
            }
        }
    }
}

/// What of an error travels in headers, and the rest.
fn apart(service: &Service, id: ShapeId, members: &Value) -> (HeaderMap, Value) {
    let (mut headers, mut inside) = (HeaderMap::new(), members.clone());
    let ShapeKind::Structure(known) = &service[id].kind else { panic!("{} is no structure", service[id].name) };
    for member in known {
        let Some(Place::Header(name)) = &member.traits.place else { continue };
        let Some(value) = inside.as_object_mut().and_then(|inside| inside.remove(&member.name)) else { continue };
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        headers.insert(HeaderName::try_from(name).unwrap(), text.parse().unwrap());
    }
    (headers, inside)
}
