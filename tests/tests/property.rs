//! Whatever value of whatever type: both protocols carry it unchanged.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use fastrand::Rng;
use serde_json::Value;
use workstream::Protocol;
use workstream::dynamic::{self, DynamicError, DynamicOperation};
use workstream::runtime::http::Response;
use workstream_codegen::graph::Service;
use workstream_tests::bodies;
use workstream_tests::models;
use workstream_tests::values::{Fill, Values};

const PROTOCOLS: [Protocol; 2] = [Protocol::AwsJson1_1, Protocol::RpcV2Cbor];

/// How each value is filled; the seeds differ.
const FILLS: [Fill; 6] = [Fill::Required, Fill::All, Fill::All, Fill::Some, Fill::Some, Fill::Some];

/// All operations of the models, with a seed for each value.
fn each_operation(mut check: impl FnMut(&Service, &'static DynamicOperation, Fill, u64)) {
    let model = models::model();
    let mut seed = 0;
    for service in model.services() {
        for (_, operation) in service.operations() {
            let known = dynamic::operation(service.name(), &operation.name).expect("an operation of the crate");
            for fill in FILLS {
                seed += 1;
                check(service, known, fill, seed);
            }
        }
    }
    assert_eq!(seed, 181 * FILLS.len() as u64);
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn inputs_survive() {
    each_operation(|service, operation, fill, seed| {
        let name = operation.description().name;
        let input = service[service.operation_named(name).unwrap()].input;
        let value = Values::new(service, seed, fill).of(input);
        for protocol in PROTOCOLS {
            let request = operation.request(value.to_string().as_bytes(), protocol).expect(name);
            let read = operation.parse_request(protocol, &request).expect(name);
            assert_eq!(parsed(&read), value, "{name} {protocol} seed {seed}");
        }
    });
}

#[test]
fn outputs_survive() {
    each_operation(|service, operation, fill, seed| {
        let name = operation.description().name;
        let output = service[service.operation_named(name).unwrap()].output;
        let value = Values::new(service, seed, fill).of(output);
        for protocol in PROTOCOLS {
            let response = operation.respond(value.to_string().as_bytes(), protocol).expect(name);
            let read = operation.response(protocol, &response).expect(name);
            assert_eq!(parsed(&read), value, "{name} {protocol} seed {seed}");
        }
        let body = bodies::cbor(&value, service, output, &mut Rng::with_seed(seed));
        let read = operation.response(Protocol::RpcV2Cbor, &Response::new(body)).expect(name);
        assert_eq!(parsed(&read), value, "{name}, CBOR in another spelling, seed {seed}");
    });
}

#[test]
fn errors_survive() {
    let model = models::model();
    let mut shapes = 0;
    for service in model.services() {
        let operation = dynamic::services().iter().find(|known| known.description().name == service.name()).unwrap();
        let operation = operation.operations().first().unwrap();
        for (id, shape) in service.shapes().filter(|(_, shape)| shape.traits.error.is_some()) {
            shapes += 1;
            for (fill, seed) in FILLS.into_iter().zip(1..) {
                let members = Values::new(service, seed, fill).of(Some(id));
                let mut random = Rng::with_seed(seed);
                let cbor = bodies::cbor_error(&shape.name, &members, service, id, &mut random);
                for (protocol, body) in PROTOCOLS.into_iter().zip([bodies::json_error(&shape.name, &members), cbor]) {
                    let mut response = Response::new(body);
                    *response.status_mut() = 400.try_into().unwrap();
                    match operation.response(protocol, &response) {
                        Err(DynamicError::Service { code, message, shape: Some(found), members: read }) => {
                            assert_eq!((code.as_str(), found), (shape.name.as_str(), shape.name.as_str()));
                            assert_eq!(parsed(&read), members, "{code} {protocol} seed {seed}");
                            let told = members.get("message").or(members.get("Message")).and_then(Value::as_str);
                            assert_eq!(message.as_deref(), told, "{code} {protocol} seed {seed}");
                        }
                        other => panic!("{} {protocol} seed {seed}: {other:?}", shape.name),
                    }
                }
            }
        }
    }
    assert_eq!(shapes, 15 + 23);
}
