//! Whatever value of whatever type: both protocols carry it unchanged.
//!
//! The types are those of the real services, and those of the fixtures, which
//! have what the real ones lack: floats, documents, sparse lists, recursion.

use crate::common::{model, model_set};
use fastrand::Rng;
use serde_json::Value;
use workstream::Protocol;
use workstream::dynamic::{DynamicError, DynamicOperation, DynamicService};
use workstream::runtime::http::Response;
use workstream_codegen::graph::{Service, ShapeId};
use workstream_tests::bodies;
use workstream_tests::values::{Fill, Values};

const PROTOCOLS: [Protocol; 2] = [Protocol::AwsJson1_1, Protocol::RpcV2Cbor];

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

#[test]
fn inputs_survive() {
    each_operation(|service, operation, fill, seed| {
        let name = operation.description().name;
        let input = service[service.operation_named(name).unwrap()].input;
        let value = Values::new(service, seed, fill).of(input).to_string();
        for protocol in PROTOCOLS {
            let request = operation.request(value.as_bytes(), protocol).expect(name);
            let read = operation.parse_request(protocol, &request).expect(name);
            assert_eq!(parsed(&read), parsed(&value), "{} {name} {protocol} seed {seed}", service.name());
        }
    });
}

#[test]
fn outputs_survive() {
    each_operation(|service, operation, fill, seed| {
        let name = operation.description().name;
        let output = service[service.operation_named(name).unwrap()].output;
        let value = Values::new(service, seed, fill).of(output);
        let text = value.to_string();
        for protocol in PROTOCOLS {
            let response = operation.respond(text.as_bytes(), protocol).expect(name);
            let read = operation.response(protocol, &response).expect(name);
            assert_eq!(parsed(&read), parsed(&text), "{} {name} {protocol} seed {seed}", service.name());
        }
        let body = bodies::cbor(&value, service, output, &mut Rng::with_seed(seed));
        let read = operation.response(Protocol::RpcV2Cbor, &Response::new(body)).expect(name);
        assert_eq!(parsed(&read), parsed(&text), "{} {name}, CBOR in another spelling, seed {seed}", service.name());
    });
}

#[test]
fn errors_survive() {
    let mut shapes = 0;
    each_service(|service, known| {
        let Some(operation) = known.operations().first() else { return };
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
