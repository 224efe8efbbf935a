//! The look into error bodies of unknown type.

use workstream_runtime::{ErrorFields, scan_error_fields};

fn fields(type_: Option<&str>, code: Option<&str>, message: Option<&str>) -> ErrorFields {
    let mut fields = ErrorFields::default();
    (fields.type_, fields.code) = (type_.map(Into::into), code.map(Into::into));
    fields.message = message.map(Into::into);
    fields
}

#[test]
fn json_bodies() {
    let scan = |body: &str| scan_error_fields(body.as_bytes(), false);
    assert_eq!(scan(r#"{"__type":"a#B","x":{"message":"no"},"message":"m"}"#), fields(Some("a#B"), None, Some("m")));
    assert_eq!(scan(r#"{"code":"B","Message":"m"}"#), fields(None, Some("B"), Some("m")));
    assert_eq!(scan(r#"{"Code":"B","errorMessage":"m"}"#), fields(None, Some("B"), Some("m")));
    assert_eq!(scan(r#"{"__type":1,"code":null,"message":["x"]}"#), ErrorFields::default());
    assert_eq!(scan(r#"{"errorMessage":"c","Message":"b","message":"a"}"#).message.as_deref(), Some("a"));
    assert_eq!(scan(r#"{"errorMessage":"c","Message":"b","message":null}"#).message.as_deref(), Some("b"));
}

#[test]
fn envelopes_count_where_the_body_says_nothing() {
    let scan = |body: &str| scan_error_fields(body.as_bytes(), false);
    let expected = fields(None, Some("B"), Some("m"));
    for body in [
        r#"{"Error":{"Code":"B","Message":"m"}}"#,
        r#"{"requestId":1,"error":{"code":"B","message":"m"}}"#,
        r#"{"errors":[{"code":"B","message":"m"},{"code":"C"}]}"#,
        r#"{"ErrorResponse":{"Error":{"Code":"B","Message":"m"}}}"#,
        r#"{"Response":{"Errors":[[],{"Code":"B","Message":"m"}]}}"#,
        r#"{"error":"B","error_description":"m"}"#,
    ] {
        assert_eq!(scan(body), expected, "{body}");
    }
    assert_eq!(scan(r#"{"error":{"__type":"a#B"}}"#), fields(Some("a#B"), None, None));
    assert_eq!(scan(r#"{"error":"m"}"#), fields(None, None, Some("m")));
    assert_eq!(scan(r#"{"code":"A","error":{"code":"B","message":"m"}}"#), fields(None, Some("A"), None));
    // Deeper than anybody wraps an error.
    let deep = format!("{}{}{}", r#"{"error":"#.repeat(9), r#"{"code":"B"}"#, "}".repeat(9));
    assert_eq!(scan(&deep), ErrorFields::default());
    assert_eq!(
        scan(r#"{"error":[1,null,"a",{"code":"B"}],"Error":null,"errors":true}"#),
        fields(None, Some("B"), None)
    );
    let cbor = b"\xA1\x65Error\xBF\x64Code\x61B\x67Message\x61m\xFF";
    assert_eq!(scan_error_fields(cbor, true), expected);
}

#[test]
fn cbor_bodies() {
    let scan = |body: &[u8]| scan_error_fields(body, true);
    assert_eq!(scan(b"\xBF\x66__type\x63a#B\x67message\x61m\xFF"), fields(Some("a#B"), None, Some("m")));
    assert_eq!(scan(b"\xA2\x61x\x81\x01\x67Message\x7F\x61m\xFF"), fields(None, None, Some("m")));
}

#[test]
fn bodies_that_cannot_be_decoded() {
    for body in ["", "<html>", "null", "[]", r#"{"message":"m""#, r#"{"message":"m"} x"#, r#"{"message":"m","x":tru}"#]
    {
        assert_eq!(scan_error_fields(body.as_bytes(), false), ErrorFields::default(), "{body}");
        assert_eq!(scan_error_fields(body.as_bytes(), true), ErrorFields::default(), "{body}");
    }
}
