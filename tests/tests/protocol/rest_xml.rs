//! restXml: bodies within their root elements beside bindings, and errors in XML; both sides.

use workstream_fixtures::dynamic::{self, DynamicError, DynamicOperation};
use workstream_fixtures::{Protocol, protocol_rest_xml};
use workstream_runtime::client::Mock;
use workstream_runtime::http::{HeaderName, HeaderValue, Request, Response, StatusCode};

fn operation(name: &str) -> &'static DynamicOperation {
    dynamic::operation("protocol-rest-xml", name).unwrap_or_else(|| panic!("no operation {name}"))
}

fn request(name: &str, input: &str) -> Request<Vec<u8>> {
    operation(name).request(input.as_bytes(), Protocol::RestXml).unwrap_or_else(|error| panic!("{error}"))
}

fn answer(name: &str, status: u16, headers: &[(&str, &str)], body: &str) -> Result<String, DynamicError> {
    let mut response = Response::new(body.to_owned());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        let (name, value) = (HeaderName::try_from(*name).unwrap(), HeaderValue::try_from(*value).unwrap());
        response.headers_mut().insert(name, value);
    }
    operation(name).response(Protocol::RestXml, &response)
}

const PUT: &str = concat!(
    r#"{"Id":"a/b","Kind":"k","Name":"n","Time":1398796238,"Flat":[{"Name":"f","Type":"t"},{}],"#,
    r#""Grantees":[{"Type":"u"}],"Spaced":["s"],"Choice":{"Text":"c"}}"#
);

#[test]
fn members_stand_within_the_root_that_the_model_names() {
    let sent = request("Put", PUT);
    assert_eq!((sent.method().as_str(), sent.uri().to_string().as_str()), ("PUT", "/things/a%2Fb"));
    assert_eq!(sent.headers()["content-type"], "application/xml");
    assert_eq!(sent.headers()["x-kind"], "k");
    let expected = concat!(
        r#"<PutThing xmlns="https://xml.example.com/"><Name>n</Name><Time>2014-04-29T18:30:38Z</Time>"#,
        r#"<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="t"><Name>f</Name></Grantee>"#,
        r#"<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"></Grantee>"#,
        r#"<Grantees><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="u"></Grantee></Grantees>"#,
        r#"<Spaced><member xmlns:p="https://p.example.com/">s</member></Spaced><Choice><text>c</text></Choice></PutThing>"#,
    );
    assert_eq!(std::str::from_utf8(sent.body()).unwrap(), expected);
    assert_eq!(operation("Put").parse_request(Protocol::RestXml, &sent).unwrap(), PUT);
}

#[test]
fn a_payload_is_the_root() {
    let input = r#"{"Kind":"k","Thing":{"Name":"n","Things":[{"Name":"a"},{"Name":"b"}]}}"#;
    let sent = request("Replace", input);
    let expected = concat!(
        r#"<ThingConfig xmlns="https://thing.example.com/"><Name>n</Name><Thing><Name>a</Name></Thing>"#,
        r#"<Thing><Name>b</Name></Thing></ThingConfig>"#
    );
    assert_eq!(std::str::from_utf8(sent.body()).unwrap(), expected);
    assert_eq!(operation("Replace").parse_request(Protocol::RestXml, &sent).unwrap(), input);
    let body = "<?xml version='1.0'?><Any><Thing><Name>a</Name></Thing><Name>n</Name><Thing/></Any>";
    let output = answer("Replace", 200, &[("x-kind", "k")], body).unwrap();
    assert_eq!(output, r#"{"Kind":"k","Thing":{"Name":"n","Things":[{"Name":"a"},{}]}}"#);
    assert_eq!(answer("Replace", 200, &[], "").unwrap(), "{}");
}

#[test]
fn without_members_there_is_no_body() {
    let sent = request("Delete", r#"{"Id":"1"}"#);
    assert_eq!((sent.body().as_slice(), sent.headers().get("content-type")), (&b""[..], None));
    assert_eq!(answer("Delete", 204, &[], "").unwrap(), "{}");
}

#[test]
fn answers_have_headers_and_a_body() {
    let headers = [("etag", "\"e\""), ("last-modified", "Tue, 29 Apr 2014 18:30:38 GMT")];
    let body = "<PutThingResult><Grantee xsi:type='t'/><Choice><Thing><Name>n</Name></Thing></Choice><Grantee/></PutThingResult>";
    let expected = r#"{"Tag":"\"e\"","Changed":1398796238,"Flat":[{"Type":"t"},{}],"Choice":{"Thing":{"Name":"n"}}}"#;
    assert_eq!(answer("Put", 200, &headers, body).unwrap(), expected);
    // One member alone, without an element around it.
    assert_eq!(answer("GetPlace", 200, &[], "<Place xmlns='urn:p'>here</Place>").unwrap(), r#"{"Place":"here"}"#);
    assert_eq!(answer("GetPlace", 200, &[], "<Place/>").unwrap(), "{}");
    assert_eq!(answer("GetPlace", 200, &[], "<R><Place>here</Place></R>").unwrap(), r#"{"Place":"here"}"#);
}

/// Code, message, status, shape, members and request id of an error.
fn error(name: &str, status: u16, headers: &[(&str, &str)], body: &str) -> String {
    match answer(name, status, headers, body) {
        Err(DynamicError::Service(error)) => {
            let (message, shape) = (error.message.as_deref().unwrap_or("-"), error.shape.unwrap_or("-"));
            let (id, status) = (error.response.request_id.as_deref().unwrap_or("-"), error.response.status.as_u16());
            format!("{} | {message} | {status} | {shape} | {} | {id}", error.code, error.members)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn errors_are_wrapped_or_not() {
    let inner = "<Error><Type>Sender</Type><Code>NotThere</Code><Message>m</Message><Id>i</Id>";
    let headers = [("x-until", "later")];
    let expected = r#"NotThere | m | 404 | NotThere | {"Id":"i","Until":"later"} | r"#;
    for body in [
        format!("<ErrorResponse>{inner}</Error><RequestId>r</RequestId></ErrorResponse>"),
        format!("{inner}<RequestId>r</RequestId></Error>"),
    ] {
        assert_eq!(error("Put", 404, &headers, &body), expected, "{body}");
    }
    assert_eq!(error("Put", 404, &[], ""), "404 | - | 404 | - | {} | -");
    assert_eq!(error("Put", 503, &[], "<html>"), "503 | Service Unavailable | 503 | - | {} | -");
}

#[test]
fn an_error_may_come_with_a_status_of_success() {
    let body = "<?xml version='1.0'?>\n<Error><Code>InternalError</Code><Message>m</Message></Error>";
    assert_eq!(error("Put", 200, &[], body), "InternalError | m | 500 | - | {} | -");
    assert_eq!(error("Replace", 200, &[], body), "InternalError | m | 500 | - | {} | -");
}

#[tokio::test]
async fn mocks_answer_in_xml() {
    use protocol_rest_xml::types::{Choice, Grantee, NotThere, PutInput, PutOutput, Thing};
    use protocol_rest_xml::{Client, ServiceError};
    let mock = Mock::new();
    let output = PutOutput::new()
        .tag("t")
        .name("n")
        .flat([Grantee::new().name("<&>").r#type("\"x\""), Grantee::new()])
        .choice(Choice::Thing(Thing::new().things([Thing::new()])));
    mock.on::<PutInput>().respond(Ok(output.clone()));
    let gone = NotThere::new().id("i").until("u");
    mock.on::<PutInput>().matching(|input| input.id == "gone").respond(Err(ServiceError::NotThere(gone.clone())));
    let client = Client::new(&mock.config_builder().endpoint_url("https://xml.example.com").build());
    let input = PutInput::new("a").kind("k").spaced(["s"]).choice(Choice::Text("c".to_owned()));
    assert_eq!(client.put(input.clone()).await.unwrap(), output);
    assert_eq!(mock.calls::<PutInput>(), [input]);
    let error = client.put(PutInput::new("gone")).await.unwrap_err();
    assert_eq!(error.service_error(), Some(&ServiceError::NotThere(gone)));
}
