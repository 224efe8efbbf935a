//! Whatever bytes arrive: an output or an error, never a panic, and no memory
//! that the bytes only promise to need.

use crate::common::{model, model_set, protocols};
use fastrand::Rng;
use workstream::Protocol;
use workstream::dynamic::{self, DynamicError, DynamicOperation};
use workstream::runtime::http::Response;
use workstream_tests::values::{Fill, Values};

const PROTOCOLS: [Protocol; 2] = [Protocol::AwsJson1_1, Protocol::RpcV2Cbor];

fn read(operation: &DynamicOperation, protocol: Protocol, status: u16, body: &[u8]) -> Result<String, DynamicError> {
    let mut response = Response::new(body);
    *response.status_mut() = status.try_into().unwrap();
    operation.response(protocol, &response)
}

/// Reads a body as an output, as an error and as a request.
fn read_all_ways(operation: &DynamicOperation, protocol: Protocol, body: &[u8]) {
    if let Ok(output) = read(operation, protocol, 200, body) {
        serde_json::from_str::<serde_json::Value>(&output).expect("the output is JSON");
    }
    match read(operation, protocol, 400, body) {
        Err(DynamicError::Service(error)) => assert!(!error.code.is_empty()),
        other => panic!("{other:?}"),
    }
    let request = workstream::runtime::http::Request::new(body);
    drop(operation.parse_request(protocol, &request));
}

/// A body of every operation in every protocol; those that have none cannot be damaged.
fn each_body(mut check: impl FnMut(&DynamicOperation, Protocol, &[u8])) {
    let model = model(&model_set("models"));
    for service in model.services() {
        for (_, modelled) in service.operations() {
            let operation = dynamic::operation(service.name(), &modelled.name).unwrap();
            let value = Values::new(service, 1, Fill::All).of(modelled.output).to_string();
            for &protocol in protocols(operation.description().service) {
                let body = operation.respond(value.as_bytes(), protocol).expect(&modelled.name).into_body();
                if !body.is_empty() {
                    check(operation, protocol, &body);
                }
            }
        }
    }
}

#[test]
fn bodies_that_break_off() {
    let mut random = Rng::with_seed(1);
    each_body(|operation, protocol, body| {
        for length in [0, 1, body.len() - 1].into_iter().chain((0..20).map(|_| random.usize(..body.len()))) {
            let cut = &body[..length];
            read_all_ways(operation, protocol, cut);
            assert_eq!(read(operation, protocol, 200, cut).is_ok(), cut.is_empty(), "{protocol} {cut:?}");
        }
    });
}

#[test]
fn bodies_with_other_bytes() {
    let mut random = Rng::with_seed(2);
    each_body(|operation, protocol, body| {
        for _ in 0..20 {
            let mut body = body.to_vec();
            for _ in 0..random.usize(1..4) {
                let at = random.usize(..body.len());
                match random.u8(0..4) {
                    0 => body[at] ^= 1 << random.u8(0..8),
                    1 => body[at] = random.u8(..),
                    2 => body.insert(at, random.u8(..)),
                    _ => drop(body.splice(at.., body.clone().into_iter().skip(random.usize(..body.len())))),
                }
                body.push(0);
            }
            read_all_ways(operation, protocol, &body);
        }
    });
}

#[test]
fn bytes_that_are_no_body() {
    let mut random = Rng::with_seed(3);
    let operation = dynamic::operation("appstream", "DescribeFleets").unwrap();
    for _ in 0..5000 {
        let body: Vec<u8> = (0..random.usize(..40)).map(|_| random.u8(..)).collect();
        PROTOCOLS.into_iter().for_each(|protocol| read_all_ways(operation, protocol, &body));
    }
}

/// Reads `body` where an unknown member, a known one and the body itself are expected.
fn read_everywhere(protocol: Protocol, body: &[u8]) {
    let (fleets, unknown): (&[u8], &[u8]) =
        if protocol.is_cbor() { (b"\xBF\x66Fleets", b"\xBF\x61x") } else { (br#"{"Fleets":"#, br#"{"x":"#) };
    for (service, operation) in [("appstream", "DescribeFleets"), ("workspaces", "DescribeWorkspaces")] {
        let operation = dynamic::operation(service, operation).unwrap();
        for before in [&b""[..], fleets, unknown] {
            let body = [before, body].concat();
            read_all_ways(operation, protocol, &body);
            assert!(read(operation, protocol, 200, &body).is_err(), "{:?}", &body[..body.len().min(40)]);
        }
    }
}

#[test]
fn hostile_nesting() {
    for nest in ["[", r#"{"a":"#, r#"[{"a":["#, r#"{"Fleets":[{"Tags":"#] {
        read_everywhere(Protocol::AwsJson1_1, nest.repeat(100_000).as_bytes());
        let closed = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        read_everywhere(Protocol::AwsJson1_1, closed.as_bytes());
    }
    // Lists and maps, of both kinds of length; a map within itself by its own member; tags upon tags.
    for nest in [&b"\x81"[..], b"\x9F", b"\xA1\x61a", b"\xBF\x61a", b"\xA1\x66Fleets\x81", b"\xC1", b"\xD9\xD9\xF7"] {
        read_everywhere(Protocol::RpcV2Cbor, &nest.repeat(100_000));
    }
    // Chunks may not hold chunks.
    for nest in [&b"\x7F"[..], b"\x5F"] {
        read_everywhere(Protocol::RpcV2Cbor, &nest.repeat(100_000));
    }
}

#[test]
fn nesting_that_is_too_deep_is_said_to_be() {
    let operation = dynamic::operation("appstream", "DescribeFleets").unwrap();
    let nested = |levels: usize| format!(r#"{{"x":{}{}}}"#, "[".repeat(levels), "]".repeat(levels));
    assert!(read(operation, Protocol::AwsJson1_1, 200, nested(100).as_bytes()).is_ok());
    let error = read(operation, Protocol::AwsJson1_1, 200, nested(200).as_bytes()).unwrap_err();
    assert!(error.to_string().contains("at most 128 levels"), "{error}");
}

#[test]
fn lengths_beyond_the_body() {
    // Of bytes, text, list and map; in 4 and 8 bytes; nearly all and just too much.
    for major in [2_u8, 3, 4, 5] {
        for length in [17_u64, u64::from(u32::MAX), i64::MAX as u64, u64::MAX - 1, u64::MAX] {
            let mut body = vec![major << 5 | 27];
            body.extend(length.to_be_bytes());
            body.extend([0x60; 16]);
            read_everywhere(Protocol::RpcV2Cbor, &body);
        }
        read_everywhere(Protocol::RpcV2Cbor, &[major << 5 | 26, 0xFF, 0xFF, 0xFF, 0xFF]);
    }
}

#[test]
fn heads_that_mean_nothing() {
    for first in 0..=u8::MAX {
        for rest in [&b""[..], &[0], &[0xFF], &[0xFF; 9], &[0; 9]] {
            let body = [&[first], rest].concat();
            for member in [&b"\xBF\x61x"[..], b"\xBF\x66Fleets", b"\xBF\x69NextToken", b"\xBF", b""] {
                let operation = dynamic::operation("appstream", "DescribeFleets").unwrap();
                read_all_ways(operation, Protocol::RpcV2Cbor, &[member, &body].concat());
            }
        }
    }
}

#[test]
fn numbers_beyond_all_measure() {
    let [scalars, timestamps] =
        ["scalars", "timestamps"].map(|service| workstream_fixtures::dynamic::operation(service, "Run").unwrap());
    let digits = "9".repeat(100_000);
    for number in ["1e999999999", "-1e-999999999", "1e99999999999999999999", &digits, &format!("0.{digits}e{digits}")] {
        let members = ["integer", "long", "float", "double", "x"].map(|member| (scalars, member));
        for (operation, member) in members.into_iter().chain([(timestamps, "default")]) {
            let body = format!(r#"{{"{member}":{number}}}"#);
            read_all_ways(operation, Protocol::AwsJson1_1, body.as_bytes());
        }
    }
}
