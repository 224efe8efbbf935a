//! restJson1: where members travel, forwards as clients send and read them and backwards as servers do.

use workstream_fixtures::Protocol::RestJson1;
use workstream_fixtures::dynamic::{self, DynamicError, DynamicOperation};
use workstream_runtime::http::{Request, Response};

const SERVICE: &str = "http-bindings";

fn operation(name: &str) -> &'static DynamicOperation {
    dynamic::operation(SERVICE, name).unwrap()
}

/// A request as text: method, path and query, headers but for those of the client, and the body.
fn text(request: &Request<Vec<u8>>) -> String {
    let mut text = format!("{} {}", request.method(), request.uri());
    let mut headers: Vec<_> =
        request.headers().iter().map(|(name, value)| format!("\n{name}: {}", value.to_str().unwrap())).collect();
    headers.sort();
    text.extend(headers);
    if !request.body().is_empty() {
        text.push('\n');
        text.push_str(&String::from_utf8_lossy(request.body()));
    }
    text
}

/// The request for an input is that text, and a server reads the input from it.
#[track_caller]
fn assert_request(name: &str, input: &str, expected: &str) {
    let request = operation(name).request(input.as_bytes(), RestJson1).unwrap();
    assert_eq!(text(&request), expected, "{input}");
    assert_eq!(operation(name).parse_request(RestJson1, &request).unwrap(), input);
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response<Vec<u8>> {
    let mut builder = Response::builder().status(status);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(body.as_bytes().to_vec()).unwrap()
}

#[test]
fn labels_are_encoded_and_greedy_ones_keep_slashes() {
    assert_request("Get", r#"{"Id":"a/b c","Path":"x/y z"}"#, "GET /things/a%2Fb%20c/files/x/y%20z?fixed=yes");
    let reserved = " %:/?#[]@!$&'()*+,;=\u{1F639}";
    assert_request(
        "GetOne",
        &format!(r#"{{"Id":"{reserved}"}}"#),
        "GET /things/%20%25%3A%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B%2C%3B%3D%F0%9F%98%B9/files/one",
    );
}

#[test]
fn a_label_that_is_empty_is_an_error_before_anything_is_sent() {
    for input in [r#"{"Id":"","Path":"x"}"#, r#"{"Id":"x","Path":""}"#] {
        let error = operation("Get").request(input.as_bytes(), RestJson1).unwrap_err().to_string();
        assert!(error.contains("it is part of the path"), "{error}");
    }
}

#[test]
fn queries_have_lists_maps_and_what_the_path_fixes() {
    let all = r#"{"Id":"a","Path":"b","Text":"&=","Texts":["x","y"],"Number":-1,"Flag":false,"Since":1.5}"#;
    let query = "text=%26%3D&texts=x&texts=y&number=-1&flag=false&since=1970-01-01T00%3A00%3A01.5Z";
    let request = operation("Get").request(all.as_bytes(), RestJson1).unwrap();
    assert_eq!(text(&request), format!("GET /things/a/files/b?fixed=yes&{query}"));
    // A key that the path or another member has is theirs.
    let more = r#"{"Id":"a","Path":"b","Text":"t","More":{"fixed":["no"],"text":["no"],"k":["1","2"],"texts":["no"]}}"#;
    let request = operation("Get").request(more.as_bytes(), RestJson1).unwrap();
    assert_eq!(text(&request), "GET /things/a/files/b?fixed=yes&text=t&k=1&k=2&texts=no");
    // An empty list is nothing, empty text is text.
    let empty = r#"{"Id":"a","Path":"b","Text":"","Texts":[]}"#;
    let request = operation("Get").request(empty.as_bytes(), RestJson1).unwrap();
    assert_eq!(text(&request), "GET /things/a/files/b?fixed=yes&text=");
}

#[test]
fn headers_quote_and_have_their_own_dates() {
    let input = r#"{"Id":"a","Path":"b","Head":"h, i","Heads":["b,c","\"d\"","a"],"Times":[0,1],"Epoch":1.5,"Json":"true","Meta":{"k":"v"}}"#;
    let request = operation("Get").request(input.as_bytes(), RestJson1).unwrap();
    assert_eq!(
        text(&request),
        "GET /things/a/files/b?fixed=yes\nx-epoch: 1.5\nx-head: h, i\nx-heads: \"b,c\", \"\\\"d\\\"\", a\n\
         x-json: dHJ1ZQ==\nx-meta-k: v\nx-times: Thu, 01 Jan 1970 00:00:00 GMT, Thu, 01 Jan 1970 00:00:01 GMT"
    );
    let read = operation("Get").parse_request(RestJson1, &request).unwrap();
    assert_eq!(read, input);
}

#[test]
fn a_header_that_cannot_be_one_is_an_error_that_names_the_member() {
    for (input, member) in
        [(r#"{"Id":"a","Path":"b","Head":"x\ny"}"#, "Head"), (r#"{"Id":"a","Path":"b","Meta":{"k y":"v"}}"#, "Meta")]
    {
        let error = operation("Get").request(input.as_bytes(), RestJson1).unwrap_err().to_string();
        assert!(error.contains(&format!("{member}: ")), "{error}");
    }
}

#[test]
fn the_body_has_what_travels_nowhere_else_by_its_wire_names() {
    let body = r#"{"name":"n","time":1.5,"choice":{"number":7}}"#;
    assert_request(
        "Put",
        r#"{"Id":"a","Name":"n","Time":1.5,"Choice":{"Number":7}}"#,
        &format!("PUT /things/a\ncontent-type: application/json\n{body}"),
    );
    assert_request("Put", r#"{"Id":"a"}"#, "PUT /things/a\ncontent-type: application/json\n{}");
}

#[test]
fn a_payload_is_the_body() {
    let json = "content-type: application/json";
    assert_request(
        "Replace",
        r#"{"Tag":"t","Thing":{"Name":"n","Inner":{}}}"#,
        &format!("POST /things\n{json}\nx-tag: t\n{{\"name\":\"n\",\"inner\":{{}}}}"),
    );
    assert_request("Say", r#"{"Choice":{"Text":"x"}}"#, &format!("POST /say\n{json}\n{{\"Text\":\"x\"}}"));
    assert_request("Say", "{}", "POST /say");
    assert_request("Tell", r#"{"Text":"\"raw\" ü"}"#, "POST /tell\ncontent-type: text/plain\n\"raw\" ü");
    assert_request("Tell", "{}", "POST /tell");
    let bytes = operation("Upload").request(br#"{"Body":"AQID"}"#, RestJson1).unwrap();
    assert_eq!(text(&bytes), "PUT /blob\ncontent-type: application/octet-stream\n\u{1}\u{2}\u{3}");
    assert_request("Upload", r#"{"Type":"image/png","Body":"YQ=="}"#, "PUT /blob\ncontent-type: image/png\na");
    // Without a structure there is an empty one.
    let request = operation("Replace").request(b"{}", RestJson1).unwrap();
    assert_eq!(text(&request), format!("POST /things\n{json}\n{{}}"));
}

#[test]
fn responses_are_read_from_status_headers_and_body() {
    let headers = [
        ("x-head", "h"),
        ("X-Heads", "\"b,c\", d"),
        ("x-heads", "e"),
        ("x-times", "Mon, 16 Dec 2019 23:48:18 GMT, Mon, 16 Dec 2019 23:48:18 GMT"),
        ("x-json", "dHJ1ZQ=="),
        ("x-meta-A", "1"),
    ];
    let response = answer(202, &headers, r#"{"thing":{"name":"n"},"Thing":{"name":"not this"}}"#);
    assert_eq!(
        operation("Get").response(RestJson1, &response).unwrap(),
        r#"{"Status":202,"Head":"h","Heads":["b,c","d","e"],"Times":[1576540098,1576540098],"Json":"true","Meta":{"a":"1"},"Thing":{"Name":"n"}}"#
    );
    assert_eq!(operation("Get").response(RestJson1, &answer(200, &[], "")).unwrap(), r#"{"Status":200}"#);
    let upload = answer(200, &[("content-type", "image/png")], "\u{1}");
    assert_eq!(operation("Upload").response(RestJson1, &upload).unwrap(), r#"{"Type":"image/png","Body":"AQ=="}"#);
    assert_eq!(operation("Tell").response(RestJson1, &answer(200, &[], "hi")).unwrap(), r#"{"Text":"hi"}"#);
    let replaced = answer(200, &[("x-tag", "t")], r#"{"name":"n"}"#);
    assert_eq!(operation("Replace").response(RestJson1, &replaced).unwrap(), r#"{"Tag":"t","Thing":{"Name":"n"}}"#);
}

#[test]
fn a_response_goes_through_a_server_and_back() {
    for (name, output, status) in [
        (
            "Get",
            r#"{"Status":202,"Head":"h","Heads":["b,c","d"],"Times":[0,1],"Json":"1","Meta":{"a":"1"},"Thing":{"Name":"n"}}"#,
            202,
        ),
        ("Put", r#"{"Name":"n"}"#, 201),
        ("Replace", r#"{"Tag":"t","Thing":{"Name":"n"}}"#, 200),
        ("Say", r#"{"Choice":{"Number":1}}"#, 200),
        ("Tell", r#"{"Text":"t"}"#, 200),
        ("Upload", r#"{"Type":"a/b","Body":"AQID"}"#, 200),
    ] {
        let response = operation(name).respond(output.as_bytes(), RestJson1).unwrap();
        assert_eq!(response.status(), status, "{name}");
        assert_eq!(operation(name).response(RestJson1, &response).unwrap(), output, "{name}");
    }
}

#[test]
fn errors_are_read_from_headers_and_body() {
    for (headers, body) in [
        (vec![("x-amzn-errortype", "Gone:http://example"), ("x-since", "then")], r#"{"message":"no"}"#),
        (vec![("x-since", "then")], r#"{"__type":"ns#Gone","message":"no"}"#),
        (vec![("x-since", "then")], r#"{"code":"Gone","message":"no"}"#),
    ] {
        let error = operation("Get").response(RestJson1, &answer(410, &headers, body)).unwrap_err();
        let DynamicError::Service(error) = error else { panic!("{error}") };
        assert_eq!(
            (error.shape, error.members.as_str()),
            (Some("Gone"), r#"{"message":"no","Since":"then"}"#),
            "{body}"
        );
    }
    let empty = answer(410, &[("x-amzn-errortype", "Gone"), ("x-since", "then")], "");
    let error = operation("Get").response(RestJson1, &empty).unwrap_err();
    let DynamicError::Service(error) = error else { panic!("{error}") };
    assert_eq!((error.shape, error.members.as_str()), (Some("Gone"), r#"{"Since":"then"}"#));
}

#[test]
fn what_a_header_cannot_be_is_a_fault_that_names_the_member() {
    let response = answer(200, &[("x-times", "yesterday")], "");
    let error = operation("Get").response(RestJson1, &response).unwrap_err().to_string();
    assert!(error.contains("Times"), "{error}");
}
