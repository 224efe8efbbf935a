//! Values in formats of serde. Not one of them has code of its own here.

use crate::kept::any_time;
use crate::round_trip::everything;
use crate::shapes::{Choice, Color, Everything, Inner};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use workstream_runtime::{Blob, Document, MAX_DEPTH, Timestamp, json};

fn cbor<V: Serialize>(value: &V) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

fn of_cbor<V: DeserializeOwned>(bytes: &[u8]) -> Result<V, String> {
    ciborium::from_reader(bytes).map_err(|error| error.to_string())
}

fn of_json<V: DeserializeOwned>(text: &str) -> Result<V, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_survive(value in everything()) {
        let text = serde_json::to_string(&value).unwrap();
        prop_assert_eq!(of_json::<Everything>(&text), Ok(value.clone()));
        prop_assert_eq!(of_cbor::<Everything>(&cbor(&value)), Ok(value.clone()));
        let tree = serde_json::to_value(&value).unwrap();
        prop_assert_eq!(serde_json::from_value::<Everything>(tree).ok(), Some(value));
    }

    /// There is one notation: with serde and without.
    #[test]
    fn json_is_the_same_without_serde(value in everything()) {
        // Of two shortest texts for one number each takes another.
        let whole = Everything { float: None, next: None, choice: None, ..value.clone() };
        let [ours, theirs] = [json::to_string(&whole).unwrap(), serde_json::to_string(&whole).unwrap()];
        let tree = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        prop_assert_eq!(tree(&ours), tree(&theirs));
        let text = json::to_string(&value).unwrap();
        prop_assert_eq!(of_json::<Everything>(&text), Ok(value.clone()));
        prop_assert_eq!(json::from_str::<Everything>(&serde_json::to_string_pretty(&value).unwrap()), Ok(value));
    }

    #[test]
    fn times_survive_to_the_nanosecond(time in any_time()) {
        prop_assert_eq!(of_json(&serde_json::to_string(&time).unwrap()), Ok(time));
        prop_assert_eq!(of_cbor(&cbor(&time)), Ok(time));
    }
}

#[test]
fn text_has_base64_where_others_have_bytes() {
    let value = Everything { blob: Some(Blob::from(&[0, 255])), double: Some(f64::INFINITY), ..Everything::default() };
    assert_eq!(serde_json::to_string(&value).unwrap(), r#"{"Name":"","Double":"Infinity","Blob":"AP8="}"#);
    let tree: ciborium::Value = of_cbor(&cbor(&value)).unwrap();
    let members = tree.into_map().unwrap();
    assert_eq!(members[1].1, ciborium::Value::Float(f64::INFINITY));
    assert_eq!(members[2].1, ciborium::Value::Bytes(vec![0, 255]));
    assert_eq!(of_cbor::<Everything>(&cbor(&value)), Ok(value));
}

#[test]
fn not_a_number_survives() {
    let value = Everything { float: Some(f32::NAN), double: Some(f64::NAN), ..Everything::default() };
    let is_nan = |value: Everything| value.float.unwrap().is_nan() && value.double.unwrap().is_nan();
    assert!(is_nan(of_json(&serde_json::to_string(&value).unwrap()).unwrap()));
    assert!(is_nan(of_cbor(&cbor(&value)).unwrap()));
}

#[test]
fn what_is_not_known_here_survives() {
    let unknown = vec![Choice::Unknown("New".into()), Choice::default()];
    assert_eq!(of_json(&serde_json::to_string(&unknown).unwrap()), Ok(unknown.clone()));
    assert_eq!(of_cbor(&cbor(&unknown)), Ok(unknown));
    assert_eq!(of_json("\"PURPLE\""), Ok(Color::Unknown("PURPLE".into())));
}

/// What an application makes of these types.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Cached {
    at: Timestamp,
    by_color: BTreeMap<Color, u8>,
    choice: Option<Choice>,
    #[serde(flatten)]
    inner: Inner,
}

#[test]
fn values_stand_in_structures_of_applications() {
    let cached = Cached {
        at: Timestamp::from_millis(5),
        by_color: BTreeMap::from([(Color::Red, 1), (Color::Unknown("x".into()), 2)]),
        choice: None,
        inner: Inner { id: 7, label: Some("a".into()), at: Some(Timestamp::from_secs(1)) },
    };
    let text = serde_json::to_string(&cached).unwrap();
    let expected = r#"{"at":"1970-01-01T00:00:00.005Z","by_color":{"RED":1,"x":2},"choice":null,"Id":7,"Label":"a","At":"1970-01-01T00:00:01Z"}"#;
    assert_eq!(text, expected);
    assert_eq!(of_json(&text), Ok(cached));
}

#[test]
fn flattened_blobs_come_as_bytes_or_as_text() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Around {
        #[serde(flatten)]
        value: Everything,
    }
    let value = Around { value: Everything { blob: Some(Blob::from(&[0, 255])), ..Everything::default() } };
    assert_eq!(of_cbor(&cbor(&value)).as_ref(), Ok(&value));
    assert_eq!(of_json(&serde_json::to_string(&value).unwrap()).as_ref(), Ok(&value));
}

#[test]
fn errors_name_the_member() {
    let error = |text: &str| of_json::<Everything>(text).unwrap_err();
    assert_eq!(error(r#"{"Name":5}"#), "Name: expected a string, found a number");
    assert_eq!(error(r#"{"Name":"a","Time":"soon"}"#), "Time: expected a timestamp, found another string");
    assert_eq!(error("{}"), "`Everything` lacks what it requires: Name");
    assert!(
        error(r#"{"Name":"a","Inners":[{"Id":1,"Label":"","Ta":1}]}"#).starts_with("Inners[0]: unknown member `Ta`")
    );
    assert!(error(r#"{"Name":"a","#).starts_with("EOF while parsing"));
    // Keys of a map that are no text.
    let error = of_cbor::<Everything>(&[0xA1, 0x01, 0x02]).unwrap_err();
    assert!(error.contains("invalid type: integer `1`, expected str"), "{error}");
}

#[test]
fn nesting_is_limited() {
    let nested = |levels: usize| (0..levels).fold(serde_json::Value::Null, |inner, _| vec![inner].into());
    assert!(serde_json::from_value::<Document>(nested(MAX_DEPTH)).is_ok());
    let error = serde_json::from_value::<Document>(nested(MAX_DEPTH + 1)).unwrap_err().to_string();
    assert_eq!(error, "expected at most 128 levels, found more");
    let deep = (0..MAX_DEPTH + 1).fold(Document::Null, |inner, _| vec![inner].into());
    assert!(serde_json::to_string(&deep).unwrap_err().to_string().ends_with("more than 128 levels"));
}

/// As `serde_json` hands numbers over where its feature `arbitrary_precision` is on.
#[test]
fn numbers_may_come_as_digits() {
    let digits = |text: &str| of_json::<Document>(&format!(r#"{{"$serde_json::private::Number":"{text}"}}"#));
    assert_eq!(digits("-5"), Ok(Document::from(-5)));
    assert_eq!(digits("1.5e3"), Ok(Document::from(1500.0)));
    for text in ["true", "1]", "", "1,2", "--1", "1 2"] {
        assert!(digits(text).is_err(), "{text}");
    }
}

#[cfg(feature = "serde_json")]
#[test]
fn documents_are_values_of_serde_json() {
    let value = serde_json::json!({"a": [null, true, 1.5, u64::MAX, i64::MIN, "x"], "b": {}});
    let document = Document::from(value.clone());
    assert_eq!(document, of_json(&value.to_string()).unwrap());
    assert_eq!(serde_json::Value::from(document), value);
    assert_eq!(
        serde_json::Value::from(Document::Number(workstream_runtime::Number::Float(f64::NAN))),
        serde_json::Value::Null
    );
}
