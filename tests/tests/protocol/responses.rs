//! Responses as a whole, and the spellings of CBOR.

use super::Protocol::{AwsJson1_1, RpcV2Cbor};
use super::{assert_cbor, assert_cbor_refused, assert_json, assert_refused, respond, scalar};

#[test]
fn cbor_in_other_spellings() {
    let text = r#"{"Text":"a"}"#;
    let spellings: [&[u8]; 8] = [
        b"\xA1\x64Text\x61a",
        b"\xBF\x64Text\x61a\xFF",
        b"\xB8\x01\x78\x04Text\x79\x00\x01a",
        b"\xB9\x00\x01\x7A\x00\x00\x00\x04Text\x7B\x00\x00\x00\x00\x00\x00\x00\x01a",
        b"\xBB\x00\x00\x00\x00\x00\x00\x00\x01\x64Text\x61a",
        // Tags, where none are expected: self-described CBOR, a URI.
        b"\xD9\xD9\xF7\xA1\x64Text\xD8\x20\x61a",
        b"\xA1\xC2\x64Text\x61a",
        b"\xA2\x61x\xF7\x64Text\x61a",
    ];
    for body in spellings {
        assert_cbor("no-input", &[(body, text)]);
    }
    assert_cbor("scalars", &[(b"\xA1\x64long\x1B\x00\x00\x00\x00\x00\x00\x00\x05", &scalar("long", "5"))]);
}

#[test]
fn cbor_that_is_malformed() {
    assert_cbor_refused(
        "no-input",
        &[
            (b"\xA1", "found the end"),
            (b"\xA1\x64Text", "found the end"),
            (b"\xA1\x64Text\x61a\x00", "expected the end"),
            (b"\xA1\x01\x61a", "expected a member name"),
            (b"\xA1\x64Text\xFF", "Text: "),
            (b"\xA1\x64Text\x1C", "Text: "),
            (b"\xA1\x64Text\xF8\x18", "Text: "),
            (b"\xFF", ""),
            (b"\x80", "expected an object, found a list"),
            (b"\xBB\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "found the end"),
        ],
    );
}

#[test]
fn empty_bodies() {
    for protocol in [AwsJson1_1, RpcV2Cbor] {
        for service in ["no-input", "no-output", "recursion-of-input"] {
            assert_eq!(respond(service, protocol, 200, b"", &[]).unwrap(), "{}", "{service} {protocol}");
        }
        // What the model requires is there, and empty.
        assert_eq!(respond("scalars", protocol, 200, b"", &[]).unwrap(), scalar("", ""));
    }
    assert_json("no-input", &[("  ", "{}"), ("{}", "{}"), (" null ", "{}")]);
    assert_cbor("no-input", &[(b"\xF6", "{}"), (b"\xD9\xD9\xF7\xF6", "{}")]);
    assert_json("no-output", &[(r#"{"x":1}"#, "{}")]);
    assert_refused(
        "no-input",
        &[("null x", "expected the end, found more"), ("nul", ""), ("[null]", ""), ("{", ""), ("<html>", "")],
    );
}

#[test]
fn responses_in_another_protocol() {
    let header = |value| respond("no-input", RpcV2Cbor, 200, b"\xA0", &[("smithy-protocol", value)]);
    assert_eq!(header("rpc-v2-cbor").unwrap(), "{}");
    let error = header("rpc-v2-json").unwrap_err().to_string();
    assert!(error.contains("smithy-protocol"), "{error}");
}

#[test]
fn nesting_beyond_the_limit() {
    let deep = format!(r#"{{"x":{}{}}}"#, "[".repeat(127), "]".repeat(127));
    assert_json("no-input", &[(&deep, "{}")]);
    let deeper = format!(r#"{{"x":{}{}}}"#, "[".repeat(128), "]".repeat(128));
    assert_refused("no-input", &[(&deeper, "at most 128 levels")]);
    let nested = [&b"\xBF\x61x"[..], &b"\x9F".repeat(128), &b"\xFF".repeat(129)].concat();
    assert_cbor_refused("no-input", &[(&nested, "at most 128 levels")]);
}
