//! What the JSON of the awsJson protocols reads as.

use crate::shapes::{Choice, Color, Everything, Inner, json, read};
use std::collections::BTreeMap;
use workstream_runtime::{Blob, Document, Number, Reader, Timestamp, Value};

fn everything(body: &str) -> Everything {
    json(body).unwrap()
}

fn error(body: &str) -> String {
    json::<Everything>(body).unwrap_err().to_string()
}

fn document(body: &str) -> Result<Document, String> {
    let mut reader = Reader::json(body.as_bytes());
    let document = reader.document();
    reader.finish().map(|()| document).map_err(|error| error.to_string())
}

#[test]
fn members_in_model_order() {
    let read = everything(r#"{"Name":"a","Flag":true,"Integer":-7}"#);
    assert_eq!(read, Everything { name: "a".into(), flag: Some(true), integer: Some(-7), ..Default::default() });
}

#[test]
fn members_in_any_order_and_with_white_space() {
    let read = everything("\r\n { \"Integer\" : -7 ,\t\"Flag\" : true , \"Name\"\n: \"a\" } \n");
    assert_eq!(read, Everything { name: "a".into(), flag: Some(true), integer: Some(-7), ..Default::default() });
}

#[test]
fn member_names_with_escapes() {
    assert_eq!(everything(r#"{"\u004eame":"a","Fl\u0061g":true}"#).flag, Some(true));
}

#[test]
fn unknown_members_are_passed_over() {
    let body = r#"{"?":[1,{"a":[null,"x\"y",-1.5e3,true,false]},{}],"Name":"a","":{},"Names":"b","Nam":1,"Flag":true}"#;
    let read = everything(body);
    assert_eq!((read.name.as_str(), read.flag), ("a", Some(true)));
}

#[test]
fn unknown_members_may_hold_numbers_of_any_size() {
    assert_eq!(everything(r#"{"x":[1e999,-123456789012345678901234567890],"Name":"a"}"#).name, "a");
}

#[test]
fn unknown_members_must_be_well_formed() {
    assert_eq!(error(r#"{"x":[1,]}"#), "x: expected a value, found an unexpected character at byte 8");
    assert!(json::<Everything>(r#"{"x":{"a"}}"#).is_err());
    assert!(json::<Everything>(r#"{"x":01}"#).is_err());
}

#[test]
fn null_members_leave_the_value_alone() {
    let mut value = Everything { name: "kept".into(), flag: Some(true), ..Default::default() };
    let mut reader = Reader::json(br#"{"Name":null,"Flag": null,"x":null,"Integer":1}"#);
    value.read(&mut reader);
    reader.finish().unwrap();
    assert_eq!((value.name.as_str(), value.flag, value.integer), ("kept", Some(true), Some(1)));
}

#[test]
fn nulls_in_dense_lists_and_maps_are_dropped() {
    let read = everything(r#"{"Words":["a",null,"b"],"Tags":{"a":null,"b":"c"},"Inners":[null,{"Id":1}]}"#);
    assert_eq!(read.words, Some(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(read.tags, Some(BTreeMap::from([("b".to_owned(), "c".to_owned())])));
    assert_eq!(read.inners.map(|inners| inners.len()), Some(1));
}

#[test]
fn nulls_in_sparse_lists_and_maps_are_kept() {
    let read = everything(r#"{"SparseWords":["a",null],"SparseTags":{"a":null,"b":1}}"#);
    assert_eq!(read.sparse_words, Some(vec![Some("a".to_owned()), None]));
    assert_eq!(read.sparse_tags, Some(BTreeMap::from([("a".to_owned(), None), ("b".to_owned(), Some(1))])));
}

#[test]
fn the_last_of_duplicate_members_counts_alone() {
    let read = everything(r#"{"Name":"a","Words":["a","b"],"Name":"b","Words":["c"]}"#);
    assert_eq!((read.name, read.words), ("b".to_owned(), Some(vec!["c".to_owned()])));
}

#[test]
fn reading_replaces_what_was_there() {
    let mut words = vec!["old".to_owned()];
    words.read(&mut Reader::json(br#"["new"]"#));
    assert_eq!(words, ["new"]);
    let mut tags = BTreeMap::from([("old".to_owned(), 1)]);
    tags.read(&mut Reader::json(br#"{"new":2}"#));
    assert_eq!(tags, BTreeMap::from([("new".to_owned(), 2)]));
}

#[test]
fn duplicate_map_keys_the_last_counts() {
    assert_eq!(everything(r#"{"Tags":{"a":"1","a":"2"}}"#).tags.unwrap()["a"], "2");
}

#[test]
fn enums_keep_unknown_values() {
    let read = everything(r#"{"Color":"BLUE","ByColor":{"RED":["a"],"BL\u0055E":[]}}"#);
    assert_eq!(read.color, Some(Color::Unknown("BLUE".into())));
    let keys: Vec<Color> = read.by_color.unwrap().into_keys().collect();
    assert_eq!(keys, [Color::Red, Color::Unknown("BLUE".into())]);
}

#[test]
fn unions_take_their_one_member() {
    let choice = |body: &str| json::<Choice>(body).map_err(|error| error.to_string());
    assert_eq!(choice(r#"{"Text":"a"}"#), Ok(Choice::Text("a".into())));
    assert_eq!(choice(r#"{"__type":"x","Nested":null,"Text":"a"}"#), Ok(Choice::Text("a".into())));
    assert_eq!(choice(r#"{"Te\u0078t":"a"}"#), Ok(Choice::Text("a".into())));
    assert_eq!(choice(r#"{"Nested":{"Name":"a"}}"#).map(|choice| matches!(choice, Choice::Nested(_))), Ok(true));
}

#[test]
fn unions_keep_the_name_of_an_unknown_member() {
    let choice = |body: &str| json::<Choice>(body).unwrap();
    assert_eq!(choice(r#"{"New":{"a":[1]}}"#), Choice::Unknown("New".into()));
    assert_eq!(choice(r#"{"Other":null,"New":1,"Text":null}"#), Choice::Unknown("New".into()));
}

#[test]
fn unions_with_several_members_or_none_are_errors() {
    let error = |body: &str| json::<Everything>(body).unwrap_err().to_string();
    let expected = "Choice: expected one member of the union `Choice`, found";
    assert!(error(r#"{"Choice":{"Text":"a","When":1}}"#).starts_with(&format!("{expected} several")));
    assert!(error(r#"{"Choice":{"When":1,"Text":"a"}}"#).starts_with(&format!("{expected} several")));
    assert!(error(r#"{"Choice":{"New":1,"Text":"a"}}"#).starts_with(&format!("{expected} several")));
    assert!(error(r#"{"Choice":{"Text":"a","New":1}}"#).starts_with(&format!("{expected} several")));
    assert!(error(r#"{"Choice":{}}"#).starts_with(&format!("{expected} none")));
    assert!(error(r#"{"Choice":{"Text":null,"__type":"x"}}"#).starts_with(&format!("{expected} none")));
}

#[test]
fn string_escapes() {
    let read = everything(r#"{"Name":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é😀"}"#);
    assert_eq!(read.name, "\"\\/\u{8}\u{c}\n\r\té😀é😀");
    assert!(error(r#"{"Name":"\x"}"#).contains("unknown escape"));
    assert!(error(r#"{"Name":"\u12g4"}"#).contains("unknown escape"));
    assert!(error(r#"{"Name":"\u+123"}"#).contains("unknown escape"));
    assert!(error(r#"{"Name":"\u12"#).contains("unknown escape"));
}

#[test]
fn lone_surrogates_become_replacement_characters() {
    assert_eq!(everything(r#"{"Name":"a\ud83d"}"#).name, "a\u{FFFD}");
    assert_eq!(everything(r#"{"Name":"\ude00a"}"#).name, "\u{FFFD}a");
    assert_eq!(everything(r#"{"Name":"\ud83d\ud83d\ude00\ud83d\n"}"#).name, "\u{FFFD}😀\u{FFFD}\n");
}

#[test]
fn control_characters_and_endless_strings_are_errors() {
    assert!(error("{\"Name\":\"a\tb\"}").contains("a control character in a string at byte 10"));
    assert!(error("{\"Name\":\"0123456789\u{1f}\"}").contains("a control character"));
    assert!(error(r#"{"Name":"abc"#).contains("a string without end"));
}

#[test]
fn strings_of_all_lengths_end_where_they_end() {
    for length in 0..70 {
        for special in ["", "\\n", "é", "\u{7f}"] {
            let text = "x".repeat(length) + special + "yz";
            let expected = text.replace("\\n", "\n");
            assert_eq!(everything(&format!(r#"{{"Name":"{text}","Flag":true}}"#)).name, expected);
        }
    }
}

#[test]
fn bytes_that_are_not_utf8_are_an_error() {
    let error = read::<Everything>(Reader::json(b"{\"Name\":\"\xFF\"}")).unwrap_err();
    assert_eq!(error.to_string(), "found bytes that are not UTF-8 at byte 9");
}

#[test]
fn an_empty_body_is_an_empty_structure() {
    assert_eq!(everything(""), Everything::default());
    assert_eq!(everything(" \n"), Everything::default());
    assert_eq!(everything("{}"), Everything::default());
}

#[test]
fn nothing_may_follow_the_body() {
    assert_eq!(error("{} x"), "expected the end, found more at byte 3");
    assert_eq!(error("{}{}"), "expected the end, found more at byte 2");
}

#[test]
fn the_grammar_is_strict() {
    for body in [
        "null null",
        "[]",
        "1",
        "{",
        "{\"",
        "{\"Name",
        "{\"Name\"",
        "{\"Name\":",
        "{\"Name\":}",
        "{\"Name\":\"a\"",
        "{,}",
        "{\"Name\":\"a\",}",
        "{\"Name\" \"a\"}",
        "{'Name':'a'}",
        "{Name:1}",
        "{\"Name\":\"a\" \"Flag\":true}",
        "{\"Name\":\"a\";}",
        "{\"Flag\":True}",
        "{\"Flag\":tru}",
        "{\"Flag\":nul}",
        "{\"Words\":[\"a\",]}",
        "{\"Words\":[,\"a\"]}",
        "{\"Words\":[\"a\" \"b\"]}",
        "{\"Words\":[\"a\"}",
        "{\"Integer\":+1}",
        "{\"Integer\":.5}",
        "{\"Integer\":1.}",
        "{\"Integer\":1e}",
        "{\"Integer\":-}",
        "{\"Integer\":01}",
        "{\"Integer\":0x1}",
        "{\"Integer\":NaN}",
        "\u{feff}{}",
        "{\"Flag\":true}]",
        "{1:2}",
        "{\"x\":\u{a0}1}",
    ] {
        assert!(json::<Everything>(body).is_err(), "{body}");
    }
}

#[test]
fn integers_at_their_limits() {
    let body = r#"{"Byte":-128,"Short":32767,"Integer":-2147483648,"Long":-9223372036854775808}"#;
    let read = everything(body);
    assert_eq!((read.byte, read.short), (Some(i8::MIN), Some(i16::MAX)));
    assert_eq!((read.integer, read.long), (Some(i32::MIN), Some(i64::MIN)));
    assert_eq!(everything(r#"{"Long":9223372036854775807}"#).long, Some(i64::MAX));
    assert_eq!(everything(r#"{"Integer":2147483647}"#).integer, Some(i32::MAX));
    for body in [
        r#"{"Byte":128}"#,
        r#"{"Short":-32769}"#,
        r#"{"Integer":2147483648}"#,
        r#"{"Long":9223372036854775808}"#,
        r#"{"Long":-9223372036854775809}"#,
        r#"{"Long":1e400}"#,
    ] {
        assert!(error(body).contains("out of range"), "{body}");
    }
    assert_eq!(error(r#"{"Integer":2147483648}"#), "Integer: expected i32, found an integer out of range at byte 11");
}

#[test]
fn whole_floats_for_integers() {
    let integer = |digits: &str| json::<Everything>(&format!(r#"{{"Long":{digits}}}"#)).map(|read| read.long.unwrap());
    assert_eq!(integer("5.0"), Ok(5));
    assert_eq!(integer("1e3"), Ok(1000));
    assert_eq!(integer("-1.5E+1"), Ok(-15));
    assert_eq!(integer("12000e-3"), Ok(12));
    assert_eq!(integer("-0"), Ok(0));
    assert_eq!(integer("0e999999999999999999999"), Ok(0));
    assert_eq!(integer("9223372036854775807.000"), Ok(i64::MAX));
    for digits in ["5.5", "1e-1", "1e19", "-1e999999999999999999999", "1e-999999999999999999999"] {
        assert!(integer(digits).is_err(), "{digits}");
    }
}

#[test]
fn floats_and_their_special_values() {
    let double =
        |digits: &str| json::<Everything>(&format!(r#"{{"Double":{digits}}}"#)).map(|read| read.double.unwrap());
    assert_eq!(double("1.5e-3"), Ok(0.0015));
    assert_eq!(double("7"), Ok(7.0));
    assert!(double("\"NaN\"").unwrap().is_nan());
    assert_eq!(double("\"Infinity\""), Ok(f64::INFINITY));
    assert_eq!(double("\"-Infinity\""), Ok(f64::NEG_INFINITY));
    assert!(double("\"1\"").is_err());
    assert!(double("1e999").is_err());
    assert_eq!(everything(r#"{"Float":0.1}"#).float, Some(0.1));
    assert_eq!(everything(r#"{"Float":"-Infinity"}"#).float, Some(f32::NEG_INFINITY));
    assert_eq!(everything(r#"{"Float":1e39}"#).float, Some(f32::INFINITY));
    assert_eq!(everything(r#"{"Float":-1e300}"#).float, Some(f32::NEG_INFINITY));
}

#[test]
fn base64_with_and_without_padding() {
    for body in [r#"{"Blob":"+/8="}"#, r#"{"Blob":"+/8"}"#, r#"{"Blob":"\u002b/8="}"#] {
        assert_eq!(everything(body).blob, Some(Blob::from(&[0xFB, 0xFF])));
    }
    assert_eq!(everything(r#"{"Blob":""}"#).blob, Some(Blob::default()));
    assert!(error(r#"{"Blob":"-_8="}"#).contains("expected base64"));
    assert!(error(r#"{"Blob":"a"}"#).contains("expected base64"));
}

#[test]
fn timestamps_as_epoch_seconds_keep_every_digit() {
    let time = |digits: &str| json::<Everything>(&format!(r#"{{"Time":{digits}}}"#)).map(|read| read.time.unwrap());
    let at = |seconds, nanos| Ok(Timestamp::new(seconds, nanos).unwrap());
    assert_eq!(time("1398796238"), at(1_398_796_238, 0));
    assert_eq!(time("1.999999999"), at(1, 999_999_999));
    assert_eq!(time("1398796238.123456789"), at(1_398_796_238, 123_456_789));
    assert_eq!(time("1.9999999999999"), at(1, 999_999_999));
    assert_eq!(time("-0.25"), at(-1, 750_000_000));
    assert_eq!(time("-1.5"), at(-2, 500_000_000));
    assert_eq!(time("1.398796238E9"), at(1_398_796_238, 0));
    assert_eq!(time("15e-1"), at(1, 500_000_000));
    assert_eq!(time("0"), at(0, 0));
    assert!(time("1e30").is_err());
    assert!(time("99999999999999999999").is_err());
    assert!(time("true").is_err());
}

#[test]
fn timestamps_as_dates() {
    let read = everything(
        r#"{"DateTime":"2000-01-02T20:34:56.789Z","HttpDate":"Sun, 02 Jan 2000 20:34:56.456 GMT",
            "Dates":["2000-01-02T22:34:56+02:00","1969-12-31T23:59:59.75Z"]}"#,
    );
    let at = |seconds, nanos| Timestamp::new(seconds, nanos).unwrap();
    assert_eq!(read.date_time, Some(at(946_845_296, 789_000_000)));
    assert_eq!(read.http_date, Some(at(946_845_296, 456_000_000)));
    assert_eq!(read.dates, Some(vec![at(946_845_296, 0), at(-1, 750_000_000)]));
}

#[test]
fn timestamps_in_another_format_than_the_models() {
    let read = everything(
        r#"{"Time":"2000-01-02T20:34:56Z","DateTime":946845296,"HttpDate":"2000-01-02T20:34:56Z","Dates":[946845296.5]}"#,
    );
    let at = Some(Timestamp::from_secs(946_845_296));
    assert_eq!((read.time, read.date_time, read.http_date), (at, at, at));
    assert_eq!(read.dates, Some(vec![Timestamp::from_millis(946_845_296_500)]));
    let read = everything(r#"{"Time":"946845296","DateTime":"-1.25","HttpDate":"946845296.5"}"#);
    assert_eq!(read.time, at);
    assert_eq!(read.date_time, Some(Timestamp::from_millis(-1_250)));
    assert_eq!(read.http_date, Some(Timestamp::from_millis(946_845_296_500)));
    let texts = [
        "yesterday",
        "2000-01",
        "",
        ".",
        "--1",
        "e3",
        "Sun, 42 Jan 2000 20:34:56 GMT",
        "2000-13-02T20:34:56Z",
        "Sun, 02 Jan",
    ];
    for text in texts {
        assert!(json::<Everything>(&format!(r#"{{"Time":"{text}"}}"#)).is_err(), "{text}");
    }
}

#[test]
fn documents_hold_whatever_comes() {
    let read = document(r#" {"a":[null,true,1,-1,18446744073709551615,1.5,"x\n"],"b":{}} "#).unwrap();
    let expected = [
        Document::Null,
        Document::Bool(true),
        Document::from(1_u64),
        Document::from(-1_i64),
        Document::from(u64::MAX),
        Document::from(1.5),
        Document::from("x\n"),
    ];
    let Document::Object(members) = read else { panic!("no object") };
    assert_eq!(members["a"], expected.into_iter().collect());
    assert_eq!(members["b"], Document::Object(BTreeMap::new()));
    assert_eq!(document("1e2"), Ok(Document::Number(Number::Float(100.0))));
    assert_eq!(document("36893488147419103232"), Ok(Document::Number(Number::Float(36_893_488_147_419_103_232.0))));
    assert!(document("1e999").is_err());
}

#[test]
fn boxed_recursion() {
    let read = everything(r#"{"Name":"a","Next":{"Name":"b","Next":{"Name":"c"}}}"#);
    assert_eq!(read.next.unwrap().next.unwrap().name, "c");
}

#[test]
fn errors_tell_the_path() {
    let path = |body: &str| json::<Everything>(body).unwrap_err().path().to_owned();
    assert_eq!(path(r#"{"Inners":[{"Id":1},null,{"Id":2},{"Id":"x"}]}"#), "Inners[3].Id");
    assert_eq!(path(r#"{"Tags":{"a":1}}"#), r#"Tags["a"]"#);
    assert_eq!(path(r#"{"ByColor":{"RED":["a",1]}}"#), r#"ByColor["RED"][1]"#);
    assert_eq!(path(r#"{"Next":{"Choice":{"Nested":{"Flag":1}}}}"#), "Next.Choice.Nested.Flag");
    assert_eq!(path(r#"{"x":[tru]}"#), "x");
    assert_eq!(path(r#"[]"#), "");
}

#[test]
fn errors_tell_types_and_never_values() {
    let secret = "hunter-2";
    for member in ["Flag", "Integer", "Double", "Blob", "Time", "Words", "Tags", "Inner", "Choice"] {
        let error = error(&format!(r#"{{"{member}":"{secret}"}}"#));
        assert!(error.starts_with(&format!("{member}: expected ")) && error.contains(", found "), "{error}");
        assert!(!error.contains(secret), "{error}");
    }
    assert_eq!(error(r#"{"Name":12345}"#), "Name: expected a string, found a number at byte 8");
    assert_eq!(error(r#"{"Words": "a"}"#), "Words: expected a list, found a string at byte 10");
    assert_eq!(error(r#"{"Inner":[]}"#), "Inner: expected an object, found a list at byte 9");
    assert_eq!(error(r#"{"Flag":null}x"#), "expected the end, found more at byte 13");
}

#[test]
fn nothing_is_read_after_an_error() {
    let mut value = Everything::default();
    let mut reader = Reader::json(br#"{"Integer":"x","Long":7,"Words":["a"]}"#);
    value.read(&mut reader);
    assert_eq!((value.long, value.words), (None, None));
    assert_eq!(reader.finish().unwrap_err().path(), "Integer");
}

#[test]
fn nesting_is_limited_in_structures_unknown_members_and_documents() {
    let nested = |levels: usize, open: &str, end: &str| open.repeat(levels) + "1" + &end.repeat(levels);
    let structure = |levels: usize| format!("{}{{}}{}", r#"{"Next":"#.repeat(levels - 1), "}".repeat(levels - 1));
    assert!(json::<Everything>(&structure(128)).is_ok());
    assert!(error(&structure(129)).contains("at most 128 levels"));
    assert!(json::<Everything>(&format!(r#"{{"x":{}}}"#, nested(127, "[", "]"))).is_ok());
    assert!(error(&format!(r#"{{"x":{}}}"#, nested(128, "[", "]"))).contains("at most 128 levels"));
    assert!(error(&format!(r#"{{"x":{}"#, "{\"a\":[".repeat(1_000_000))).contains("at most 128 levels"));
    assert!(document(&nested(128, "[", "]")).is_ok());
    assert!(document(&nested(129, "[", "]")).is_err());
    assert!(document(&"[".repeat(1_000_000)).is_err());
}

#[test]
fn levels_that_were_left_do_not_count() {
    let body = format!(r#"{{"Inners":[{}{{"Id":1}}],"x":[{}{{}}]}}"#, "{},".repeat(500), "[],{\"a\":{}},".repeat(500));
    assert_eq!(everything(&body).inners.map(|inners| inners.len()), Some(501));
}

#[test]
fn missing_required_members_are_no_error() {
    assert_eq!(json::<Inner>("{}"), Ok(Inner::default()));
}
