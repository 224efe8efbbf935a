//! Any value survives every notation.

use crate::shapes::{Choice, Color, Everything, Inner, cbor, dynamic, json, to_cbor, to_dynamic, to_json};
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use std::collections::BTreeMap;
use workstream_runtime::{Blob, Document, Timestamp};

/// Within the years that dates can say, and to the microsecond, which is what a
/// double in CBOR can tell apart. (An HTTP date has whole seconds.)
fn timestamp() -> impl Strategy<Value = Timestamp> {
    (-100_000_000_000..200_000_000_000_i64, 0..1_000_000_u32)
        .prop_filter_map("a time", |(seconds, micros)| Timestamp::new(seconds / 50, micros * 1000))
}

fn color() -> impl Strategy<Value = Color> {
    prop_oneof![Just(Color::Red), Just(Color::Green), "[a-z]{0,5}".prop_map(|name| Color::from(name.as_str()))]
}

fn inner() -> impl Strategy<Value = Inner> {
    (any::<i32>(), any::<String>(), of(timestamp())).prop_map(|(id, label, at)| Inner { id, label: Some(label), at })
}

fn document() -> impl Strategy<Value = Document> {
    let leaf = prop_oneof![
        Just(Document::Null),
        any::<bool>().prop_map(Document::from),
        any::<u64>().prop_map(Document::from),
        any::<i64>().prop_map(Document::from),
        any::<f64>().prop_filter("finite", |float| float.is_finite()).prop_map(Document::from),
        any::<String>().prop_map(Document::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Document::from),
            btree_map(any::<String>(), inner, 0..4).prop_map(Document::from),
        ]
    })
}

pub fn texts() -> impl Strategy<Value = Everything> {
    let maps = (
        of(btree_map(any::<String>(), any::<String>(), 0..4)),
        of(btree_map(any::<String>(), of(any::<i32>()), 0..4)),
        of(btree_map(color(), vec(any::<String>(), 0..3), 0..3)),
    );
    (any::<String>(), of(any::<String>()), of(vec(any::<String>(), 0..4)), of(vec(of(any::<String>()), 0..4)), maps)
        .prop_map(|(name, secret, words, sparse_words, (tags, sparse_tags, by_color))| Everything {
            name,
            secret,
            words,
            sparse_words,
            tags,
            sparse_tags,
            by_color,
            ..Default::default()
        })
}

fn numbers() -> impl Strategy<Value = Everything> {
    let integers = (of(any::<i8>()), of(any::<i16>()), of(any::<i32>()), of(any::<i64>()));
    (of(any::<bool>()), integers, of(any::<f32>()), of(any::<f64>()), of(vec(any::<u8>(), 0..40))).prop_map(
        |(flag, (byte, short, integer, long), float, double, bytes)| Everything {
            flag,
            byte,
            short,
            integer,
            long,
            // NaN equals nothing; it has tests of its own.
            float: float.filter(|float| !float.is_nan()),
            double: double.filter(|double| !double.is_nan()),
            blob: bytes.map(Blob::from),
            ..Default::default()
        },
    )
}

pub fn everything() -> impl Strategy<Value = Everything> {
    let leaf = (texts(), numbers(), of(color()), of(inner()), of(vec(inner(), 0..3)), of(document())).prop_map(
        |(texts, numbers, color, inner, inners, document)| Everything {
            name: texts.name,
            secret: texts.secret,
            words: texts.words,
            sparse_words: texts.sparse_words,
            tags: texts.tags,
            sparse_tags: texts.sparse_tags,
            by_color: texts.by_color,
            color,
            inner,
            inners,
            // A member that is null is a member that is absent.
            document: document.filter(|document| *document != Document::Null),
            ..numbers
        },
    );
    let http_date = timestamp().prop_map(|time| Timestamp::from_secs(time.secs()));
    let times = (of(timestamp()), of(timestamp()), of(http_date), of(vec(timestamp(), 0..3)));
    let leaf = (leaf, times).prop_map(|(leaf, (time, date_time, http_date, dates))| Everything {
        time,
        date_time,
        http_date,
        dates,
        ..leaf
    });
    leaf.prop_recursive(3, 6, 1, |next| {
        let choice = prop_oneof![
            any::<String>().prop_map(Choice::Text),
            timestamp().prop_map(Choice::When),
            next.clone().prop_map(|next| Choice::Nested(Box::new(next))),
        ];
        (next.clone(), of(next), of(choice)).prop_map(|(outer, next, choice)| Everything {
            next: next.map(Box::new),
            choice,
            ..outer
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_survive_json(value in everything()) {
        prop_assert_eq!(json::<Everything>(&to_json(&value)), Ok(value));
    }

    #[test]
    fn values_survive_dynamic_json(value in everything()) {
        prop_assert_eq!(dynamic::<Everything>(&to_dynamic(&value)), Ok(value));
    }

    #[test]
    fn values_survive_cbor(value in everything()) {
        prop_assert_eq!(cbor::<Everything>(&to_cbor(&value)), Ok(value));
    }

    #[test]
    fn json_is_what_others_call_json(value in texts()) {
        let text = to_json(&value);
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(read["Name"].as_str(), Some(value.name.as_str()));
        prop_assert_eq!(json::<Everything>(&serde_json::to_string_pretty(&read).unwrap()), Ok(value));
    }
}

#[test]
fn not_a_number_survives() {
    let value = Everything { float: Some(f32::NAN), double: Some(f64::NAN), ..Default::default() };
    let is_nan = |value: Everything| value.float.unwrap().is_nan() && value.double.unwrap().is_nan();
    assert!(is_nan(json(&to_json(&value)).unwrap()));
    assert!(is_nan(dynamic(&to_dynamic(&value)).unwrap()));
    assert!(is_nan(cbor(&to_cbor(&value)).unwrap()));
}

#[test]
fn an_empty_map_is_not_an_absent_one() {
    let value = Everything { tags: Some(BTreeMap::new()), words: Some(Vec::new()), ..Default::default() };
    assert_eq!(json(&to_json(&value)), Ok(value.clone()));
    assert_eq!(cbor(&to_cbor(&value)), Ok(value));
}
