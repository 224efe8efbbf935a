//! What the tests with compiled fixtures share.

use workstream_fixtures::runtime::http::Response;
use workstream_fixtures::{Operation, Protocol, dynamic};
use workstream_runtime::respond;

/// The two kinds of notation on the wire.
pub const PROTOCOLS: [Protocol; 2] = [Protocol::AwsJson1_1, Protocol::RpcV2Cbor];

/// The body of a request in awsJson1_1.
pub fn json<I: Operation>(input: &I) -> String {
    String::from_utf8(input.to_request(Protocol::AwsJson1_1).unwrap().into_body()).unwrap()
}

/// An input that a server reads from a request of `input`, in every protocol:
/// the request that it makes again is the same.
pub fn assert_request_survives<I: Operation>(input: &I) {
    let description = I::DESCRIPTION;
    let door = dynamic::operation(description.service.name, description.name).unwrap();
    for protocol in PROTOCOLS {
        let request = input.to_request(protocol).unwrap();
        let notation = door.parse_request(protocol, &request).unwrap();
        let again = door.request(notation.as_bytes(), protocol).unwrap();
        assert_eq!(again.body(), request.body(), "{protocol}: {notation}");
        assert_eq!(again.headers(), request.headers());
        assert_eq!(again.uri(), request.uri());
    }
}

/// A response with `output` is read back as it was, in every protocol and
/// through the dynamic door.
pub fn assert_response_survives<I: Operation>(output: &I::Output)
where
    I::Error: std::fmt::Debug,
{
    let description = I::DESCRIPTION;
    let door = dynamic::operation(description.service.name, description.name).unwrap();
    for protocol in PROTOCOLS {
        let response = respond(description, protocol, output).unwrap();
        assert_eq!(&I::parse_response(protocol, &response).unwrap(), output, "{protocol}");
        let notation = door.response(protocol, &response).unwrap();
        let again = door.respond(notation.as_bytes(), protocol).unwrap();
        assert_eq!(again.body(), response.body(), "{protocol}: {notation}");
    }
}

/// A response in awsJson1_1.
pub fn answer(status: u16, body: &str) -> Response<Vec<u8>> {
    let builder = Response::builder().status(status).header("content-type", "application/x-amz-json-1.1");
    builder.body(body.as_bytes().to_vec()).unwrap()
}

/// The output that an operation reads from a body in awsJson1_1.
pub fn read<I: Operation>(body: &str) -> I::Output
where
    I::Error: std::fmt::Debug,
{
    I::parse_response(Protocol::AwsJson1_1, &answer(200, body)).unwrap()
}
