//! Members: absent, null, unknown; enums, unions, text, blobs, documents.

use super::Protocol::{AwsJson1_1, RpcV2Cbor};
use super::{assert_cbor, assert_cbor_refused, assert_json, assert_refused, operation, request, respond, sent};

#[test]
fn null_members_are_absent() {
    assert_json(
        "recursion-of-input",
        &[(r#"{"Nested":null}"#, "{}"), (r#"{"Nested":{"Nested":null}}"#, r#"{"Nested":{}}"#)],
    );
    assert_cbor("recursion-of-input", &[(b"\xA1\x66Nested\xF6", "{}"), (b"\xA1\x66Nested\xF7", "{}")]);
    assert_eq!(sent("recursion-of-input", r#"{"Name":null,"Nested":{"Name":null}}"#), r#"{"Nested":{}}"#);
}

#[test]
fn nulls_in_lists_and_maps() {
    let sparse = r#"{"SparseTexts":["a",null],"SparseMap":{"a":null,"b":1}}"#;
    let dense = r#"{"DenseTexts":[null,"a",null],"DenseMap":{"a":null,"b":1}}"#;
    let dropped = r#"{"DenseTexts":["a"],"DenseMap":{"b":1}}"#;
    assert_json(
        "sparse",
        &[(sparse, sparse), (dense, dropped), (r#"{"SparseItems":[null,{}]}"#, r#"{"SparseItems":[null,{}]}"#)],
    );
    assert_cbor(
        "sparse",
        &[
            (b"\xA1\x6BSparseTexts\x83\x61a\xF6\xF7", r#"{"SparseTexts":["a",null,null]}"#),
            (b"\xA1\x6ADenseTexts\x83\xF6\x61a\xF7", r#"{"DenseTexts":["a"]}"#),
            (b"\xA1\x69SparseMap\xBF\x61a\xF6\xFF", r#"{"SparseMap":{"a":null}}"#),
            (b"\xA1\x68DenseMap\xA2\x61a\xF7\x61b\x01", r#"{"DenseMap":{"b":1}}"#),
        ],
    );
    assert_eq!(sent("sparse", sparse), sparse);
    assert_eq!(request("sparse", RpcV2Cbor, r#"{"SparseTexts":[null]}"#).body(), b"\xBF\x6BSparseTexts\x81\xF6\xFF");
}

#[test]
fn members_that_the_model_does_not_have() {
    let json = r#" {"x":{"a":[1,null,{"b":"]"}]},"Text":"here","":1,"text":"other","__type":"T"} "#;
    assert_json("no-input", &[(json, r#"{"Text":"here"}"#), (r#"{"\u0054ext":"a"}"#, r#"{"Text":"a"}"#)]);
    assert_cbor(
        "no-input",
        &[(b"\xBF\x61x\x9F\xF9\x3E\x00\xA1\x61a\xC1\x00\xFF\x64Text\x64here\x61y\x42ab\xFF", r#"{"Text":"here"}"#)],
    );
    // What is passed over must be well-formed nevertheless.
    assert_refused("no-input", &[(r#"{"x":tru}"#, "x: "), (r#"{"x":[1}"#, "x: "), (r#"{"x":01}"#, "x: ")]);
}

#[test]
fn unknown_enum_values_come_back_as_they_were() {
    let value = r#"{"a":"LATER","b":"","c":"😀"}"#;
    assert_json("enum-value-unknown", &[(value, value), (r#"{"a":"UNKNOWN"}"#, r#"{"a":"UNKNOWN"}"#)]);
    assert_eq!(sent("enum-value-unknown", value), value);
    let keys = r#"{"Settings":{"Colour":"2","Size":"1"}}"#;
    assert_json("map-with-enum-key", &[(keys, keys)]);
    assert_cbor("map-with-enum-key", &[(b"\xA1\x68Settings\xA1\x66Colour\x60", r#"{"Settings":{"Colour":""}}"#)]);
}

#[test]
fn unions() {
    let needed = r#""Needed":{"text":"a"}"#;
    let unknown = r#"{"Choice":{"SDK_UNKNOWN_MEMBER":{"name":"later"}},"Needed":{"text":"a"}}"#;
    assert_json(
        "unions",
        &[
            (&format!(r#"{{{needed},"Choice":{{"later":{{"x":[1]}}}}}}"#), unknown),
            (&format!(r#"{{{needed},"Choice":{{"__type":"T","number":null,"later":1}}}}"#), unknown),
            (
                &format!(r#"{{{needed},"Choice":{{"empty":{{}}}}}}"#),
                &format!(r#"{{"Choice":{{"empty":{{}}}},{needed}}}"#),
            ),
            // A required union that is not there has no member.
            ("{}", r#"{"Needed":{}}"#),
        ],
    );
    assert_cbor(
        "unions",
        &[(b"\xA1\x66Needed\xBF\x65later\x00\xFF", r#"{"Needed":{"SDK_UNKNOWN_MEMBER":{"name":"later"}}}"#)],
    );
    assert_refused(
        "unions",
        &[
            (r#"{"Choice":{}}"#, "expected one member of the union `Choice`, found none"),
            (r#"{"Choice":{"text":"a","number":1}}"#, "found several"),
            (r#"{"Choice":{"text":"a","later":1}}"#, "found several"),
        ],
    );
    let error = operation("unions").request(br#"{"Needed":{"later":1}}"#, AwsJson1_1).unwrap_err();
    assert!(error.to_string().contains("unknown member `later`"), "{error}");
}

#[test]
fn text_with_escapes() {
    assert_json(
        "no-input",
        &[
            (r#"{"Text":"\"\\\/\b\f\n\r\t\u00e9"}"#, r#"{"Text":"\"\\/\u0008\u000c\n\r\té"}"#),
            (r#"{"Text":"\ud83d\ude00"}"#, r#"{"Text":"😀"}"#),
            (r#"{"Text":"\ud83d"}"#, "{\"Text\":\"\u{fffd}\"}"),
        ],
    );
    assert_refused(
        "no-input",
        &[("{\"Text\":\"\n\"}", "Text: "), (r#"{"Text":"\x"}"#, "Text: "), (r#"{"Text":"a"#, "")],
    );
    for body in [&b"{\"Text\":\"\xFF\"}"[..], b"{\"Text\":\"\xED\xA0\x80\"}"] {
        assert!(respond("no-input", AwsJson1_1, 200, body, &[]).is_err());
    }
}

#[test]
fn text_and_bytes_in_chunks() {
    assert_cbor(
        "no-input",
        &[
            (b"\xBF\x7F\x62Te\x60\x62xt\xFF\x7F\x61a\x62bc\xFF\xFF", r#"{"Text":"abc"}"#),
            (b"\xA1\x64Text\x7F\xFF", r#"{"Text":""}"#),
        ],
    );
    assert_cbor("blobs", &[(b"\xA1\x63Key\x5F\x41\x01\x42\x02\x03\xFF", r#"{"Key":"AQID"}"#)]);
    // Bytes in text, text in bytes, half a character, and chunks without end.
    assert_cbor_refused(
        "no-input",
        &[
            (b"\xA1\x64Text\x7F\x41a\xFF", "Text: "),
            (b"\xA1\x64Text\x41a", "Text: expected a string, found bytes"),
            (b"\xA1\x64Text\x61\xFF", "Text: "),
            (b"\xA1\x64Text\x7F\x61a", "Text: "),
        ],
    );
    assert_cbor_refused("blobs", &[(b"\xA1\x63Key\x61a", "Key: expected bytes, found a string")]);
}

#[test]
fn base64() {
    for (text, read) in
        [("AQID", "AQID"), ("AQI=", "AQI="), ("AQI", "AQI="), ("AQ", "AQ=="), ("", ""), ("+/8=", "+/8=")]
    {
        assert_json("blobs", &[(&format!(r#"{{"Key":"{text}"}}"#), &format!(r#"{{"Key":"{read}"}}"#))]);
    }
    assert_refused(
        "blobs",
        &[(r#"{"Key":"A"}"#, "Key: expected base64"), (r#"{"Key":"-_8="}"#, "Key: "), (r#"{"Key":"A Q="}"#, "Key: ")],
    );
    let body = request("blobs", RpcV2Cbor, r#"{"Key":"AQI","Logos":[""]}"#).into_body();
    assert_eq!(body, b"\xBF\x65Logos\x81\x40\x63Key\x42\x01\x02\xFF");
}

#[test]
fn documents() {
    for value in ["true", "-1", "18446744073709551615", "0.5", r#""a""#, "[]", r#"{"b":[null,{"a":1}]}"#] {
        let body = format!(r#"{{"All":[{value},null],"Needed":{value}}}"#);
        assert_json("documents", &[(&body, &body)]);
        for protocol in [AwsJson1_1, RpcV2Cbor] {
            let request = request("documents", protocol, &body);
            assert_eq!(operation("documents").parse_request(protocol, &request).unwrap(), body, "{protocol}");
        }
    }
    assert_json("documents", &[("{}", r#"{"Needed":null}"#)]);
    assert_cbor("documents", &[(b"\xA1\x66Needed\x83\xF9\x3E\x00\xC1\x20\x41\x01", r#"{"Needed":[1.5,-1,"AQ=="]}"#)]);
}
