//! What is written, in each notation.

use crate::shapes::{Choice, Color, Everything, Inner, to_cbor, to_json, write};
use std::collections::BTreeMap;
use workstream_runtime::{Blob, Document, Reader, Timestamp, TimestampFormat, Value, Writer, debug};

fn named() -> Everything {
    Everything { name: "a".into(), ..Default::default() }
}

fn rest(value: Everything) -> String {
    to_json(&value).strip_prefix(r#"{"Name":"a","#).unwrap().strip_suffix('}').unwrap().to_owned()
}

#[test]
fn absent_members_are_left_out() {
    assert_eq!(to_json(&Everything::default()), r#"{"Name":""}"#);
    assert_eq!(to_cbor(&Everything::default()), b"\xBF\x64Name\x60\xFF");
}

#[test]
fn members_lists_and_maps_in_json() {
    let value = Everything {
        flag: Some(true),
        integer: Some(i32::MIN),
        words: Some(vec!["a".into(), "b".into()]),
        tags: Some(BTreeMap::from([("k".into(), "v".into()), ("l".into(), String::new())])),
        by_color: Some(BTreeMap::from([(Color::Red, vec![])])),
        inner: Some(Inner { id: 1, ..Default::default() }),
        ..named()
    };
    let expected = r#""Flag":true,"Integer":-2147483648,"Words":["a","b"],"Tags":{"k":"v","l":""},"ByColor":{"RED":[]},"Inner":{"Id":1}"#;
    assert_eq!(rest(value), expected);
}

#[test]
fn sparse_nulls_are_kept() {
    let value = Everything {
        sparse_words: Some(vec![None, Some("a".into())]),
        sparse_tags: Some(BTreeMap::from([("k".into(), None)])),
        ..named()
    };
    assert_eq!(rest(value), r#""SparseWords":[null,"a"],"SparseTags":{"k":null}"#);
}

#[test]
fn strings_are_escaped_where_json_needs_it() {
    let value = Everything { name: "\"\\/\n\r\t\u{0}\u{1f}\u{7f}é😀".into(), ..Default::default() };
    assert_eq!(to_json(&value), "{\"Name\":\"\\\"\\\\/\\n\\r\\t\\u0000\\u001f\u{7f}é😀\"}");
}

#[test]
fn floats_are_short_and_special_ones_are_text() {
    let json = |double: f64, float: f32| rest(Everything { double: Some(double), float: Some(float), ..named() });
    assert_eq!(json(0.1, 0.1), r#""Float":0.1,"Double":0.1"#);
    assert_eq!(json(f64::NAN, f32::INFINITY), r#""Float":"Infinity","Double":"NaN""#);
    assert_eq!(json(f64::NEG_INFINITY, -0.0), r#""Float":-0.0,"Double":"-Infinity""#);
    assert_eq!(json(1e300, 1e-30), r#""Float":1e-30,"Double":1e300"#);
}

#[test]
fn timestamps_in_json_follow_their_format() {
    let time = Timestamp::new(946_845_296, 456_000_000).unwrap();
    let value = Everything {
        time: Some(time),
        date_time: Some(time),
        http_date: Some(time),
        dates: Some(vec![Timestamp::from_secs(0)]),
        choice: Some(Choice::When(time)),
        // Neither the format of the member nor that of a list reaches into a structure.
        inners: Some(vec![Inner { at: Some(time), ..Default::default() }; 2]),
        ..named()
    };
    assert_eq!(
        rest(value),
        r#""Time":946845296.456,"DateTime":"2000-01-02T20:34:56.456Z","HttpDate":"Sun, 02 Jan 2000 20:34:56 GMT","Dates":["1970-01-01T00:00:00Z"],"Choice":{"When":"2000-01-02T20:34:56.456Z"},"Inners":[{"Id":0,"At":946845296.456},{"Id":0,"At":946845296.456}]"#
    );
}

/// Two members, of which modifiers are for the first alone.
struct Pair(Option<Timestamp>, Timestamp);

impl Value for Pair {
    fn write(&self, writer: &mut Writer) {
        let mut members = writer.structure("Pair");
        members.sensitive().timestamp_format(TimestampFormat::DateTime).member("First", &self.0);
        members.member("Second", &self.1);
        members.end();
    }

    fn read(&mut self, _: &mut Reader<'_>) {}
}

#[test]
fn modifiers_are_for_one_member_even_if_it_is_absent() {
    let (some, none) = (Some(Timestamp::UNIX_EPOCH), None);
    let pair = |first| Pair(first, Timestamp::UNIX_EPOCH);
    assert_eq!(to_json(&pair(some)), r#"{"First":"1970-01-01T00:00:00Z","Second":0}"#);
    assert_eq!(to_json(&pair(none)), r#"{"Second":0}"#);
    let debug_text = |pair| format!("{:?}", std::fmt::from_fn(move |f| debug(&pair, f)));
    assert_eq!(debug_text(pair(some)), r#"Pair { First: "** redacted **", Second: 1970-01-01T00:00:00Z }"#);
    assert_eq!(debug_text(pair(none)), "Pair { Second: 1970-01-01T00:00:00Z }");
}

#[test]
fn epoch_seconds_are_shortest() {
    let json = |seconds, nanos| rest(Everything { time: Timestamp::new(seconds, nanos), ..named() });
    assert_eq!(json(1_398_796_238, 0), r#""Time":1398796238"#);
    assert_eq!(json(1, 500_000_000), r#""Time":1.5"#);
    assert_eq!(json(-1, 750_000_000), r#""Time":-0.25"#);
    assert_eq!(json(0, 1), r#""Time":0.000000001"#);
    assert_eq!(json(i64::MIN, 0), r#""Time":-9223372036854775808"#);
}

#[test]
fn timestamps_in_cbor_have_tag_1() {
    let cbor = |seconds, nanos| {
        let body = to_cbor(&Everything { time: Timestamp::new(seconds, nanos), ..Default::default() });
        body.strip_prefix(b"\xBF\x64Name\x60\x64Time").unwrap().to_vec()
    };
    assert_eq!(cbor(1_363_896_240, 0), b"\xC1\x1A\x51\x4B\x67\xB0\xFF");
    assert_eq!(cbor(1_363_896_240, 500_000_000), b"\xC1\xFB\x41\xD4\x52\xD9\xEC\x20\x00\x00\xFF");
    assert_eq!(cbor(-1, 0), b"\xC1\x20\xFF");
}

#[test]
fn cbor_is_minimal() {
    let value = Everything {
        long: Some(23),
        float: Some(1.5),
        blob: Some(Blob::from(&[1, 2])),
        words: Some(vec!["b".into()]),
        choice: Some(Choice::Text(String::new())),
        ..named()
    };
    assert_eq!(
        to_cbor(&value),
        b"\xBF\x64Name\x61a\x64Long\x17\x65Float\xFA\x3F\xC0\x00\x00\x64Blob\x42\x01\x02\x66Choice\xA1\x64Text\x60\x65Words\x81\x61b\xFF"
    );
}

#[test]
fn documents_in_json() {
    let document =
        Document::from(vec![Document::Null, 1.5.into(), u64::MAX.into(), (-1).into(), true.into(), "x".into()]);
    let object = Document::from(BTreeMap::from([("a".to_owned(), document)]));
    assert_eq!(to_json(&object), r#"{"a":[null,1.5,18446744073709551615,-1,true,"x"]}"#);
}

#[test]
fn unknown_union_members_cannot_be_sent() {
    let value = Everything { choice: Some(Choice::Unknown("New".into())), words: Some(vec![]), ..named() };
    for writer in [Writer::json(), Writer::cbor()] {
        let error = write(writer, &value).unwrap_err();
        assert_eq!(error.to_string(), "Choice: the union `Choice` has an unknown member");
    }
    let told = write(Writer::dynamic_json(), &Choice::Unknown("New".into())).unwrap();
    assert_eq!(told, br#"{"SDK_UNKNOWN_MEMBER":{"name":"New"}}"#);
}

#[test]
fn dates_beyond_the_calendar_cannot_be_written() {
    let value = Everything { dates: Some(vec![Timestamp::from_secs(0), Timestamp::from_secs(i64::MAX)]), ..named() };
    assert_eq!(write(Writer::json(), &value).unwrap_err().path(), "Dates[1]");
    assert!(write(Writer::dynamic_json(), &value).is_ok());
}

#[test]
fn nesting_is_limited() {
    let nested =
        |levels: usize| (1..levels).fold(named(), |inner, _| Everything { next: Some(Box::new(inner)), ..named() });
    for writer in [Writer::json, Writer::cbor, Writer::dynamic_json] {
        assert!(write(writer(), &nested(128)).is_ok());
        assert!(write(writer(), &nested(129)).unwrap_err().message().contains("128 levels"));
        assert!(write(writer(), &nested(1000)).is_err());
    }
}

#[test]
fn a_buffer_is_continued() {
    let mut writer = Writer::json_in(b"[".to_vec());
    5.write(&mut writer);
    assert_eq!(writer.finish().unwrap(), b"[5");
}

#[test]
fn debug_text() {
    let value = Everything {
        integer: Some(5),
        blob: Some(Blob::from(&[0; 12])),
        time: Some(Timestamp::from_secs(0)),
        color: Some(Color::Red),
        choice: Some(Choice::When(Timestamp::from_secs(1))),
        words: Some(vec!["\"".into()]),
        tags: Some(BTreeMap::from([("k".into(), "v".into())])),
        inners: Some(vec![]),
        secret: Some("x".into()),
        ..named()
    };
    assert_eq!(
        format!("{value:?}"),
        r#"Everything { Name: "a", Integer: 5, Blob: Blob(12 bytes), Time: 1970-01-01T00:00:00Z, Color: "RED", Choice: Choice { When: 1970-01-01T00:00:01Z }, Words: ["\""], Tags: {"k": "v"}, Inners: [], Secret: "** redacted **" }"#
    );
}

#[test]
fn debug_text_over_several_lines() {
    let value = Everything { words: Some(vec!["a".into(), "b".into()]), tags: Some(BTreeMap::new()), ..named() };
    let expected =
        "Everything {\n    Name: \"a\",\n    Words: [\n        \"a\",\n        \"b\",\n    ],\n    Tags: {},\n}";
    assert_eq!(format!("{value:#?}"), expected);
}

#[test]
fn debug_text_of_what_cannot_be_sent() {
    let value = Everything { choice: Some(Choice::Unknown("New".into())), ..named() };
    assert_eq!(format!("{value:?}"), r#"Everything { Name: "a", Choice: Choice { Unknown: "New" } }"#);
    let value = Everything { choice: Some(Choice::Text("hunter2".into())), ..named() };
    assert!(!format!("{value:?}").contains("hunter2"));
}

#[test]
fn only_debug_redacts() {
    let value = Everything { secret: Some("x".into()), ..named() };
    assert_eq!(rest(value), r#""Secret":"x""#);
}
