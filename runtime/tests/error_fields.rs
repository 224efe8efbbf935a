//! The look into error bodies of unknown type.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use workstream_runtime::{ErrorFields, scan_error_fields};

fn fields(type_: Option<&str>, code: Option<&str>, message: Option<&str>) -> ErrorFields {
    ErrorFields { type_: type_.map(Into::into), code: code.map(Into::into), message: message.map(Into::into) }
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
