//! JSON that is kept: written and read again without serde.

use crate::round_trip::{everything, texts};
use crate::shapes::{Choice, Everything, Inner};
use proptest::prelude::*;
use std::collections::BTreeMap;
use workstream_runtime::{Blob, Document, Timestamp, Value, json};

fn survives<V: Value + Default>(value: &V) -> Option<V> {
    let line = json::to_string(value).ok()?;
    assert!(!line.contains('\n'), "{line}");
    json::from_str(&line).ok()
}

/// Any time that there is: of our days, of the calendar, or beyond it.
pub fn any_time() -> impl Strategy<Value = Timestamp> {
    let seconds = prop_oneof![any::<i64>(), -400_000_000_000..300_000_000_000_i64, 0..4_000_000_000_i64];
    (seconds, 0..1_000_000_000_u32).prop_filter_map("a time", |(seconds, nanos)| Timestamp::new(seconds, nanos))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_survive(value in everything()) {
        let pretty = json::to_string_pretty(&value).unwrap();
        prop_assert_eq!(json::from_str::<Everything>(&pretty), Ok(value.clone()));
        prop_assert_eq!(survives(&value), Some(value));
    }

    #[test]
    fn times_survive_to_the_nanosecond(time in any_time()) {
        prop_assert_eq!(time.to_string().parse::<Timestamp>(), Ok(time));
        prop_assert_eq!(survives(&time), Some(time));
    }

    #[test]
    fn it_is_what_others_call_json(value in texts()) {
        let text = json::to_string(&value).unwrap();
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(read["Name"].as_str(), Some(value.name.as_str()));
        let again: serde_json::Value = serde_json::from_str(&json::to_string_pretty(&value).unwrap()).unwrap();
        prop_assert_eq!(again, read);
    }
}

#[test]
fn the_notation_is_the_one_that_is_documented() {
    let value = Everything {
        name: "a".into(),
        float: Some(f32::NEG_INFINITY),
        blob: Some(Blob::from(b"bytes")),
        time: Some(Timestamp::from_millis(-250)),
        http_date: Some(Timestamp::new(i64::MAX, 807_000_000).unwrap()),
        choice: Some(Choice::Unknown("New".into())),
        secret: Some("open".into()),
        ..Everything::default()
    };
    let expected = concat!(
        r#"{"Name":"a","Float":"-Infinity","Blob":"Ynl0ZXM=","Time":"1969-12-31T23:59:59.75Z","#,
        r#""HttpDate":"@9223372036854775807.807","Choice":{"SDK_UNKNOWN_MEMBER":{"name":"New"}},"Secret":"open"}"#
    );
    assert_eq!(json::to_string(&value).unwrap(), expected);
    assert_eq!(survives(&value).unwrap(), value);
    assert!(format!("{value:?}").contains("** redacted **"));
}

#[test]
fn what_is_empty_survives() {
    for choice in [Choice::default(), Choice::Unknown("New".into()), Choice::Text(String::new())] {
        assert_eq!(survives(&choice), Some(choice));
    }
    assert_eq!(survives(&None::<Inner>), Some(None));
    assert_eq!(survives(&vec![None, Some(1_i32)]), Some(vec![None, Some(1)]));
    assert_eq!(survives(&BTreeMap::<String, Inner>::new()), Some(BTreeMap::new()));
    assert_eq!(survives(&Document::Null), Some(Document::Null));
}

#[test]
fn pretty_text_has_a_line_for_each_member() {
    let value = Everything {
        name: "{\"[,:\\".into(),
        words: Some(vec![]),
        tags: Some([("a".to_owned(), "b".to_owned())].into()),
        inners: Some(vec![Inner { id: 1, label: Some(String::new()), at: None }]),
        ..Everything::default()
    };
    let expected = r#"{
  "Name": "{\"[,:\\",
  "Words": [],
  "Tags": {
    "a": "b"
  },
  "Inners": [
    {
      "Id": 1,
      "Label": ""
    }
  ]
}"#;
    assert_eq!(json::to_string_pretty(&value).unwrap(), expected);
}

#[test]
fn what_does_not_fit_is_told_with_its_place() {
    let error = |text: &str| json::from_str::<Everything>(text).unwrap_err().to_string();
    assert_eq!(error(""), "expected a value, found the end at byte 0");
    assert_eq!(error(" \n"), "expected a value, found the end at byte 2");
    assert_eq!(error("null"), "expected an object, found null at byte 0");
    assert_eq!(error("{}"), "`Everything` lacks what it requires: Name at byte 2");
    assert_eq!(error(r#"{"Name":5}"#), "Name: expected a string, found a number at byte 8");
    assert!(
        error(r#"{"Name":"a","Inners":[{"Id":1,"Label":"","Ta":1}]}"#).starts_with("Inners[0]: unknown member `Ta`")
    );
    assert_eq!(error(r#"{"Name":"a"} x"#), "expected the end, found more at byte 13");
    let unnamed = r#"{"Name":"a","Choice":{"SDK_UNKNOWN_MEMBER":{"name":5}}}"#;
    assert!(error(unnamed).starts_with("Choice.SDK_UNKNOWN_MEMBER[\"name\"]: expected a string"), "{}", error(unnamed));
    assert!(json::from_slice::<Everything>(b"{\"Name\":\"\xff\"}").unwrap_err().message().contains("UTF-8"));
}
