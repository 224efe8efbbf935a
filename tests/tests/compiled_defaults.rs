//! Defaults of members: fixture `member-defaults`.

use crate::compiled::{assert_request_survives, assert_response_survives, json, read};
use std::collections::BTreeMap;
use workstream_fixtures::member_defaults::types::*;
use workstream_fixtures::{Blob, Document, Timestamp};

/// What is absent in a response has its default for the reader.
#[test]
fn absent_members_of_responses_have_their_defaults() {
    let output = read::<RunInput>("{}");
    assert_eq!(output, RunOutput::default());
    assert_eq!((output.string.as_str(), output.boolean, output.integer), ("hi", true, 10));
    assert_eq!((output.byte, output.short, output.long), (1, 1, 100));
    assert_eq!((output.float, output.double), (0.1, 1.0));
    assert_eq!((output.list, output.map), (Vec::new(), BTreeMap::new()));
    assert_eq!(output.document_map, Document::Object(BTreeMap::new()));
    assert_eq!(output.document_text, Document::from("hi"));
    assert_eq!(output.document_list, Document::Array(Vec::new()));
    assert_eq!(output.document_number, Document::from(7));
    assert_eq!(output.null_document, None, "a default of null is none");
    assert_eq!(output.time, Timestamp::from_secs(1));
    assert_eq!(output.date, Timestamp::new(951_868_799, 500_000_000).unwrap());
    assert_eq!(output.blob, Blob::new("abc"));
    assert_eq!((output.r#enum, output.open_enum), (Kind::Foo, Kind::from("other")));
    assert_eq!(output.int_enum, Level::One);
    assert_eq!((output.empty_string.as_str(), output.r#false, output.zero), ("", false, 0));
    assert_eq!(output.empty_blob, Blob::default());
}

#[test]
fn members_of_responses_that_are_there_are_read_over_their_defaults() {
    let output =
        read::<RunInput>(r#"{"String":"bye","Boolean":false,"List":["a"],"Map":{"k":"v"},"Zero":1,"Enum":null}"#);
    assert_eq!((output.string.as_str(), output.boolean, output.zero), ("bye", false, 1));
    assert_eq!((output.list, output.map), (vec!["a".to_owned()], BTreeMap::from([("k".to_owned(), "v".to_owned())])));
    assert_eq!(output.r#enum, Kind::Foo, "null is as good as absent");
}

/// Within an input defaults are sent; those of the input itself are left to the service.
#[test]
fn requests_have_defaults_below_the_input() {
    assert_eq!(json(&RunInput::new(4)), r#"{"RequiredTopLevel":4}"#);
    let input = RunInput::new(4).defaults(Defaults::new("a"));
    let expected = r#"{"String":"hi","Integer":10,"Enum":"FOO","Time":1,"List":[],"Required":5,"Argument":"a"}"#;
    assert_eq!(json(&input), format!(r#"{{"Defaults":{expected},"RequiredTopLevel":4}}"#));
    let input = RunInput::new(4).defaults(Defaults::new("a").string("").integer(11).required(6)).top_level("hi");
    let sent = json(&input);
    assert!(sent.contains(r#""String":"","Integer":11"#) && sent.contains(r#""Required":6"#), "{sent}");
    assert!(sent.contains(r#""TopLevel":"hi""#), "{sent}");
    assert_eq!(json(&RunInput::new(4).zeros(Zeros::new())), r#"{"Zeros":{"Zero":0,"Text":""},"RequiredTopLevel":4}"#);
}

#[test]
fn defaults_that_clients_leave_to_the_service_are_not_sent() {
    let input = RunInput::new(4).left_to_the_service(LeftToTheService::new());
    assert_eq!(json(&input), r#"{"LeftToTheService":{},"RequiredTopLevel":4}"#);
}

#[test]
fn defaults_survive() {
    assert_request_survives(&RunInput::new(4).defaults(Defaults::new("a").integer(1)).zeros(Zeros::new()));
    assert_response_survives::<RunInput>(&RunOutput::new());
}

/// Nobody has to say what has a default, also where reading is strict.
#[test]
fn strict_reading_does_without_what_has_a_default() {
    use workstream_fixtures::{Protocol, dynamic};
    let door = dynamic::operation("member-defaults", "Run").unwrap();
    let request = |text: &str| door.request(text.as_bytes(), Protocol::AwsJson1_1);
    let sent = request(r#"{"RequiredTopLevel":1,"Defaults":{"Argument":"a"}}"#).unwrap();
    assert!(String::from_utf8_lossy(sent.body()).contains(r#""Integer":10"#));
    assert!(request(r#"{"RequiredTopLevel":1,"Defaults":{}}"#).unwrap_err().to_string().contains("Argument"));
}
