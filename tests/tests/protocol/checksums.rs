//! What a request has besides: the checksum that an operation asks for, and the endpoint that has a part of its path.

use workstream_fixtures::label_in_endpoint::types::{GetInput, LookInput};
use workstream_fixtures::{Protocol, checksums, label_in_endpoint};
use workstream_runtime::Operation;
use workstream_runtime::client::Mock;

fn header(request: &workstream_runtime::http::Request<Vec<u8>>, name: &str) -> Option<String> {
    request.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
}

#[test]
fn checksums_are_those_that_operations_ask_for() {
    use checksums::types::{Algorithm, PutAnyInput, PutFreelyInput, PutInput};
    let request = PutInput::new().text("a").to_request(Protocol::RestJson1).unwrap();
    assert_eq!(request.body(), br#"{"Text":"a"}"#);
    assert_eq!(header(&request, "content-md5").as_deref(), Some("mdo/qmtEirLYBFRgLNnM0Q=="));
    let request = PutInput::new().md5("own").to_request(Protocol::RestJson1).unwrap();
    assert_eq!(header(&request, "content-md5").as_deref(), Some("own"));
    let request = PutAnyInput::new().text("a").to_request(Protocol::RestJson1).unwrap();
    assert_eq!(header(&request, "x-amz-checksum-crc32").as_deref(), Some("WrnAXg=="));
    assert_eq!(header(&request, "x-amz-sdk-checksum-algorithm").as_deref(), Some("CRC32"));
    let other = PutAnyInput::new().algorithm(Algorithm::Sha256);
    assert!(other.to_request(Protocol::RestJson1).is_err());
    let request = other.sha256("own").to_request(Protocol::RestJson1).unwrap();
    assert_eq!(header(&request, "x-amz-checksum-crc32"), None);
    let request = PutFreelyInput::new().text("a").to_request(Protocol::RestJson1).unwrap();
    assert_eq!(header(&request, "x-amz-checksum-crc32"), None);
}

#[test]
fn a_label_that_the_endpoint_has_is_not_in_the_path() {
    let request = GetInput::new("b", "a/b").to_request(Protocol::RestJson1).unwrap();
    assert_eq!(request.uri(), "/a/b");
    let request = LookInput::new("b").to_request(Protocol::RestJson1).unwrap();
    assert_eq!(request.uri(), "/?look");
}

#[tokio::test]
async fn endpoints_say_how_requests_are_signed() {
    use label_in_endpoint::types::ListInput;
    let mock = Mock::new();
    mock.on::<GetInput>().respond(Ok(label_in_endpoint::types::GetOutput::new()));
    let client = label_in_endpoint::Client::new(&mock.config());
    client.get(GetInput::new("b", "k")).await.unwrap();
    let client = label_in_endpoint::Client::new(&mock.config_builder().endpoint_url("https://own.example.com").build());
    let error = client.list(ListInput::new()).await.unwrap_err().to_string();
    assert!(error.contains("signed by sigv4a, and clients know sigv4 only"), "{error}");
}
