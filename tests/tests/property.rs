//! Whatever value of whatever type: its protocols carry it unchanged.
//!
//! The types are those of the real services, and those of the fixtures, which
//! have what the real ones lack: floats, documents, sparse lists, recursion.

use crate::common::{model, model_set};
use fastrand::Rng;
use serde_json::Value;
use workstream::Protocol;
use workstream::dynamic::{DynamicError, DynamicOperation, DynamicService};
use workstream::runtime::ServiceDescription;
use workstream::runtime::http::Response;
use workstream_codegen::graph::{Place, Service, ShapeId};
use workstream_tests::bodies;
use workstream_tests::values::{Fill, Values};

const PROTOCOLS: [Protocol; 2] = [Protocol::AwsJson1_1, Protocol::RpcV2Cbor];

/// The protocols that are tried with a service, and whether they carry plain values only. A service that has JSON or
/// CBOR is tried with both, whichever it says.
fn spoken(service: &ServiceDescription) -> (&'static [Protocol], bool) {
    let is_rpc =
        |protocol: &Protocol| matches!(protocol, Protocol::AwsJson1_0 | Protocol::AwsJson1_1 | Protocol::RpcV2Cbor);
    if service.protocols.iter().any(is_rpc) { (&PROTOCOLS, false) } else { (service.protocols, true) }
}

/// Random values that the protocols of an operation can carry.
fn values<'m>(service: &'m Service, operation: &DynamicOperation, seed: u64, fill: Fill) -> Values<'m> {
    let values = Values::new(service, seed, fill);
    if spoken(operation.description().service).1 { values.plain() } else { values }
}

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
fn each_operation(mut check: impl FnMut(&Service, &DynamicOperation, Fill, u64)) {
    let mut seed = 0;
    each_service(|service, known| {
        assert_eq!(known.operations().is_empty(), service.operations().len() == 0, "{}", service.name());
        assert_eq!(known.description().name, service.name());
        let rounds = if service.operations().len() < 10 { 5 } else { 1 };
        for operation in known.operations() {
            for fill in FILLS.repeat(rounds) {
                seed += 1;
                check(service, operation, fill, seed);
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

/// What a server reads into a map of the query has what other members took from it too, as Smithy wants it.
fn without_other_queries(mut read: Value, sent: &Value, service: &Service, input: Option<ShapeId>) -> Value {
    let members = input.into_iter().flat_map(|id| service[id].members());
    for member in members.filter(|member| member.traits.place == Some(Place::QueryParams)) {
        let all = read.as_object_mut().and_then(|read| read.remove(&member.name));
        if let (Some(Value::Object(mut all)), Some(Value::Object(sent))) = (all, sent.get(&member.name)) {
            all.retain(|key, _| sent.contains_key(key));
            read[&member.name] = all.into();
        }
    }
    read
}

#[test]
fn inputs_survive() {
    each_operation(|service, operation, fill, seed| {
        let name = operation.description().name;
        let input = service[service.operation_named(name).unwrap()].input;
        let value = values(service, operation, seed, fill).of(input).to_string();
        for protocol in spoken(operation.description().service).0.iter().copied() {
            let request = operation.request(value.as_bytes(), protocol).expect(name);
            let read = operation.parse_request(protocol, &request).expect(name);
            let read = without_other_queries(parsed(&read), &parsed(&value), service, input);
            assert_eq!(read, parsed(&value), "{} {name} {protocol} seed {seed}", service.name());
        }
    });
}

#[test]
fn outputs_survive() {
    each_operation(|service, operation, fill, seed| {
        let name = operation.description().name;
        let output = service[service.operation_named(name).unwrap()].output;
        let value = values(service, operation, seed, fill).of(output);
        let text = value.to_string();
        let (protocols, is_plain) = spoken(operation.description().service);
        for protocol in protocols.iter().copied() {
            let response = operation.respond(text.as_bytes(), protocol).expect(name);
            let read = operation.response(protocol, &response).expect(name);
            assert_eq!(parsed(&read), parsed(&text), "{} {name} {protocol} seed {seed}", service.name());
        }
        if is_plain {
            return;
        }
        let body = bodies::cbor(&value, service, output, &mut Rng::with_seed(seed));
        let read = operation.response(Protocol::RpcV2Cbor, &Response::new(body)).expect(name);
        assert_eq!(parsed(&read), parsed(&text), "{} {name}, CBOR in another spelling, seed {seed}", service.name());
    });
}

/// In JSON and CBOR: errors of other protocols have tests of their own, with messages by hand.
#[test]
fn errors_survive() {
    let mut shapes = 0;
    each_service(|service, known| {
        let Some(operation) = known.operations().first().filter(|_| !spoken(known.description()).1) else { return };
        for (id, _) in service.shapes().filter(|(_, shape)| shape.traits.error.is_some()) {
            if service.operations().any(|(_, operation)| operation.errors.contains(&id)) {
                shapes += 1;
                check_error(service, operation, id);
            }
        }
    });
    assert!(shapes > 0);
}

fn check_error(service: &Service, operation: &DynamicOperation, id: ShapeId) {
    let name = &service[id].name;
    for (fill, seed) in FILLS.into_iter().zip(1..) {
        let members = Values::new(service, seed, fill).of(Some(id));
        let cbor = bodies::cbor_error(name, &members, service, id, &mut Rng::with_seed(seed));
        for (protocol, body) in PROTOCOLS.into_iter().zip([bodies::json_error(name, &members), cbor]) {
            let title = format!("{} {name} {protocol} seed {seed}", service.name());
            let mut response = Response::new(body);
            *response.status_mut() = 400.try_into().unwrap();
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
