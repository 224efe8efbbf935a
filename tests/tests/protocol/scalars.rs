//! Numbers and timestamps.

use super::Protocol::RpcV2Cbor;
use super::{assert_cbor, assert_cbor_refused, assert_json, assert_refused, json, request, scalar, sent};

#[track_caller]
fn assert_scalars(cases: &[(&str, &str, &str)]) {
    for (member, value, output) in cases {
        assert_eq!(json("scalars", &format!(r#"{{"{member}":{value}}}"#)).unwrap(), scalar(member, output), "{value}");
    }
}

#[test]
fn integers_at_their_limits() {
    let fine = [
        ("byte", "-128"),
        ("byte", "127"),
        ("short", "-32768"),
        ("integer", "2147483647"),
        ("integer", "-2147483648"),
        ("long", "9223372036854775807"),
        ("long", "-9223372036854775808"),
    ];
    for (member, value) in fine {
        assert_scalars(&[(member, value, value)]);
        assert!(sent("scalars", &scalar(member, value)).contains(&format!(r#""{member}":{value},"#)));
    }
    let beyond = [
        (r#"{"byte":128}"#, "byte: expected i8"),
        (r#"{"short":-32769}"#, "short: "),
        (r#"{"integer":2147483648}"#, "integer: expected i32"),
        (r#"{"long":9223372036854775808}"#, "long: "),
        (r#"{"long":1e19}"#, "long: "),
    ];
    assert_refused("scalars", &beyond);
    assert_cbor(
        "scalars",
        &[
            (b"\xA1\x64long\x1B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", &scalar("long", "9223372036854775807")),
            (b"\xA1\x64long\x3B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", &scalar("long", "-9223372036854775808")),
            (b"\xA1\x67integer\x3A\x7F\xFF\xFF\xFF", &scalar("integer", "-2147483648")),
        ],
    );
    assert_cbor_refused(
        "scalars",
        &[
            (b"\xA1\x64long\x1B\x80\x00\x00\x00\x00\x00\x00\x00", "long: "),
            (b"\xA1\x64long\x3B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "long: "),
            (b"\xA1\x67integer\x1A\x80\x00\x00\x00", "integer: expected i32"),
        ],
    );
}

#[test]
fn floats_for_integers_and_integers_for_floats() {
    assert_scalars(&[
        ("integer", "5.0", "5"),
        ("integer", "-0.0", "0"),
        ("integer", "1.5e1", "15"),
        ("long", "9007199254740993.0", "9007199254740993"),
        ("double", "5", "5.0"),
        ("float", "16777216", "16777216.0"),
    ]);
    assert_cbor(
        "scalars",
        &[
            (b"\xA1\x67integer\xF9\x45\x00", &scalar("integer", "5")),
            (b"\xA1\x67integer\xFB\xC0\x14\x00\x00\x00\x00\x00\x00", &scalar("integer", "-5")),
            (b"\xA1\x66double\x05", &scalar("double", "5.0")),
        ],
    );
    assert_refused("scalars", &[(r#"{"integer":5.5}"#, "integer: "), (r#"{"integer":"5"}"#, "found a string")]);
    assert_cbor_refused(
        "scalars",
        &[(b"\xA1\x67integer\xF9\x45\x80", "integer: "), (b"\xA1\x67integer\xF9\x7E\x00", "integer: ")],
    );
}

#[test]
fn nan_and_the_infinities() {
    for value in [r#""NaN""#, r#""Infinity""#, r#""-Infinity""#] {
        for member in ["double", "float"] {
            assert_scalars(&[(member, value, value)]);
            assert!(sent("scalars", &scalar(member, value)).contains(&format!(r#""{member}":{value},"#)));
        }
    }
    for (body, value) in [(b"\xF9\x7E\x00", "NaN"), (b"\xF9\x7C\x00", "Infinity"), (b"\xF9\xFC\x00", "-Infinity")] {
        assert_cbor(
            "scalars",
            &[(&[&b"\xA1\x66double"[..], body].concat(), &scalar("double", &format!("\"{value}\"")))],
        );
    }
    assert_refused(
        "scalars",
        &[(r#"{"double":"nan"}"#, "double: "), (r#"{"double":NaN}"#, ""), (r#"{"double":1e999}"#, "double: ")],
    );
}

#[test]
fn half_and_single_floats() {
    assert_cbor(
        "scalars",
        &[
            (b"\xA1\x66double\xF9\x3C\x00", &scalar("double", "1.0")),
            (b"\xA1\x66double\xF9\x00\x01", &scalar("double", "5.960464477539063e-8")),
            (b"\xA1\x66double\xF9\x7B\xFF", &scalar("double", "65504.0")),
            (b"\xA1\x66double\xFA\x3F\xC0\x00\x00", &scalar("double", "1.5")),
            (b"\xA1\x65float\xFB\x3F\xB9\x99\x99\x99\x99\x99\x9A", &scalar("float", "0.1")),
        ],
    );
}

#[test]
fn epoch_seconds() {
    let required = r#""required":0"#;
    for (sent, read) in [
        ("1515531081.1234", "1515531081.1234"),
        ("-1.5", "-1.5"),
        ("-0.000000001", "-0.000000001"),
        ("1e3", "1000"),
        ("0.1234567899", "0.123456789"),
        ("253402300800", "253402300800"),
        ("\"1985-04-12T23:20:50.52Z\"", "482196050.52"),
    ] {
        assert_json(
            "timestamps",
            &[(&format!(r#"{{"default":{sent}}}"#), &format!(r#"{{"default":{read},{required}}}"#))],
        );
    }
    assert_cbor(
        "timestamps",
        &[
            (b"\xA1\x67default\xC1\x20", r#"{"default":-1,"required":0}"#),
            (b"\xA1\x67default\xC1\xF9\xBE\x00", r#"{"default":-1.5,"required":0}"#),
            (b"\xA1\x67default\xC1\xFB\x41\xD6\x95\x4A\xD2\x47\xDF\x3B", r#"{"default":1515531081.123,"required":0}"#),
            // Without its tag; and whatever the format, CBOR has only this one.
            (b"\xA1\x63iso\x1A\x00\x01\x51\x80", r#"{"iso":86400,"required":0}"#),
        ],
    );
    assert_refused(
        "timestamps",
        &[(r#"{"default":1e30}"#, "default: "), (r#"{"default":"soon"}"#, "default: "), (r#"{"default":true}"#, "")],
    );
}

#[test]
fn dates() {
    let read = |member: &str, text: &str| json("timestamps", &format!(r#"{{"{member}":"{text}"}}"#));
    for (member, text, seconds) in [
        ("iso", "2000-01-02T20:34:56Z", "946845296"),
        ("iso", "2000-01-02T20:34:56.000Z", "946845296"),
        ("iso", "2000-01-02T20:34:56.123456789Z", "946845296.123456789"),
        ("iso", "2000-01-02T21:34:56+01:00", "946845296"),
        ("iso", "2000-01-02T15:04:56.5-05:30", "946845296.5"),
        ("iso", "1969-12-31T23:59:59.5Z", "-0.5"),
        ("onMember", "2000-01-02T20:34:56Z", "946845296"),
        ("http", "Sun, 02 Jan 2000 20:34:56 GMT", "946845296"),
        ("http", "Sun, 02 Jan 2000 20:34:56.456 GMT", "946845296.456"),
        // Another format than the model says.
        ("iso", "Sun, 02 Jan 2000 20:34:56 GMT", "946845296"),
        ("epoch", "2000-01-02T20:34:56Z", "946845296"),
        // Without a zone it is UTC.
        ("default", "2000-01-02T20:34:56.178871", "946845296.178871"),
        ("default", "2000-01-02 20:34:56", "946845296"),
        ("iso", "2000-01-02", "946771200"),
        ("http", "Sun, 02 Jan 2000 20:34:56", "946845296"),
    ] {
        assert_eq!(read(member, text), Ok(format!(r#"{{"{member}":{seconds},"required":0}}"#)), "{text}");
    }
    for text in ["2000-13-02T20:34:56Z", "2000-01", "Sun, 32 Jan 2000 20:34:56 GMT", "Sun, 02 Jan 20:34:56", ""] {
        assert!(read("iso", text).is_err(), "{text}");
    }
}

#[test]
fn dates_are_written_as_the_model_says() {
    let params = r#"{"default":1.5,"epoch":-1.25,"iso":946845296.123,"http":946845296.9,"onMember":0,
        "isoList":[0],"httpMap":{"a":0},"nested":[{"a":0}],"required":1,"wrapped":{"at":0},"choice":{"at":0}}"#;
    let expected = concat!(
        r#"{"default":1.5,"epoch":-1.25,"iso":"2000-01-02T20:34:56.123Z","http":"Sun, 02 Jan 2000 20:34:56 GMT","#,
        r#""onMember":"1970-01-01T00:00:00Z","isoList":["1970-01-01T00:00:00Z"],"httpMap":{"a":"Thu, 01 Jan 1970 00:00:00 GMT"},"#,
        r#""nested":[{"a":"Thu, 01 Jan 1970 00:00:00 GMT"}],"required":"1970-01-01T00:00:01Z","#,
        r#""wrapped":{"at":"Thu, 01 Jan 1970 00:00:00 GMT"},"choice":{"at":"1970-01-01T00:00:00Z"}}"#,
    );
    assert_eq!(sent("timestamps", params), expected);
    let body = request("timestamps", RpcV2Cbor, r#"{"http":-1.5,"required":1}"#).into_body();
    assert_eq!(body, b"\xBF\x64http\xC1\xFB\xBF\xF8\x00\x00\x00\x00\x00\x00\x68required\xC1\x01\xFF");
}
