//! What the CBOR of the RPC v2 protocol reads as.

use crate::shapes::{Choice, Color, Everything, cbor, cbor_member};
use std::collections::BTreeMap;
use workstream_runtime::{Blob, Document, Reader, Timestamp, Value};

fn member(name: &str, value: &[u8]) -> Everything {
    cbor(&cbor_member(name, value)).unwrap()
}

fn error(name: &str, value: &[u8]) -> String {
    cbor::<Everything>(&cbor_member(name, value)).unwrap_err().to_string()
}

fn double(value: &[u8]) -> f64 {
    member("Double", value).double.unwrap()
}

#[test]
fn definite_and_indefinite_maps() {
    assert_eq!(cbor::<Everything>(b"\xA2\x64Name\x61a\x64Flag\xF5").unwrap().flag, Some(true));
    assert_eq!(cbor::<Everything>(b"\xBF\x64Flag\xF5\x64Name\x61a\xFF").unwrap().name, "a");
    assert_eq!(cbor::<Everything>(b"\xBF\xFF").unwrap(), Everything::default());
    assert_eq!(cbor::<Everything>(b"").unwrap(), Everything::default());
}

#[test]
fn definite_and_indefinite_lists() {
    let words = Some(vec!["a".to_owned(), "b".to_owned()]);
    assert_eq!(member("Words", b"\x82\x61a\x61b").words, words);
    assert_eq!(member("Words", b"\x9F\x61a\x61b\xFF").words, words);
}

#[test]
fn text_and_bytes_in_chunks() {
    assert_eq!(member("Name", b"\x7F\x61a\x60\x62bc\xFF").name, "abc");
    assert_eq!(member("Name", b"\x7F\xFF").name, "");
    assert_eq!(member("Blob", b"\x5F\x41\x01\x40\x42\x02\x03\xFF").blob, Some(Blob::from(&[1, 2, 3])));
    assert_eq!(member("Blob", b"\x43\x01\x02\x03").blob, Some(Blob::from(&[1, 2, 3])));
    assert!(cbor::<Everything>(&cbor_member("Name", b"\x7F\x41a\xFF")).is_err());
}

#[test]
fn keys_in_any_spelling() {
    assert_eq!(cbor::<Everything>(b"\xA1\x7F\x62Na\x62me\xFF\x61a").unwrap().name, "a");
    assert_eq!(cbor::<Everything>(b"\xA1\x78\x04Name\x61a").unwrap().name, "a");
    assert_eq!(cbor::<Everything>(b"\xA1\x79\x00\x04Name\x61a").unwrap().name, "a");
    assert_eq!(cbor::<Everything>(b"\xA1\xC6\x64Name\xC6\x61a").unwrap().name, "a");
}

#[test]
fn heads_longer_than_needed() {
    for head in [&b"\xB8\x01"[..], b"\xB9\x00\x01", b"\xBA\x00\x00\x00\x01", b"\xBB\x00\x00\x00\x00\x00\x00\x00\x01"] {
        let body = [head, b"\x67Integer\x1B\x00\x00\x00\x00\x00\x00\x00\x05"].concat();
        assert_eq!(cbor::<Everything>(&body).unwrap().integer, Some(5));
    }
    assert_eq!(member("Name", b"\x7B\x00\x00\x00\x00\x00\x00\x00\x01a").name, "a");
    assert_eq!(member("Integer", b"\x39\x00\x00").integer, Some(-1));
    assert_eq!(member("Words", b"\x9A\x00\x00\x00\x01\x79\x00\x01a").words, Some(vec!["a".to_owned()]));
}

#[test]
fn text_longer_than_one_byte_can_tell() {
    for length in [23_usize, 24, 255, 256, 70_000] {
        let body = crate::shapes::to_cbor(&Everything { name: "x".repeat(length), ..Default::default() });
        assert_eq!(cbor::<Everything>(&body).unwrap().name.len(), length);
    }
}

#[test]
fn half_single_and_double_floats() {
    for (bytes, expected) in [
        (&b"\xF9\x3C\x00"[..], 1.0),
        (b"\xF9\x3E\x00", 1.5),
        (b"\xF9\xC4\x00", -4.0),
        (b"\xF9\x7B\xFF", 65504.0),
        (b"\xF9\x04\x00", 0.000_061_035_156_25),
        (b"\xF9\x00\x01", 5.960_464_477_539_063e-8),
        (b"\xF9\x80\x00", -0.0),
        (b"\xF9\x7C\x00", f64::INFINITY),
        (b"\xF9\xFC\x00", f64::NEG_INFINITY),
        (b"\xFA\x47\xC3\x50\x00", 100_000.0),
        (b"\xFB\x3F\xF1\x99\x99\x99\x99\x99\x9A", 1.1),
        (b"\x18\x64", 100.0),
        (b"\x20", -1.0),
    ] {
        assert_eq!(double(bytes).to_bits(), expected.to_bits(), "{bytes:x?}");
    }
    assert!(double(b"\xF9\x7E\x00").is_nan());
    assert_eq!(member("Float", b"\xFB\x3F\xB9\x99\x99\xA0\x00\x00\x00").float, Some(0.1));
    assert_eq!(member("Float", b"\xFB\x7F\xEF\xFF\xFF\xFF\xFF\xFF\xFF").float, Some(f32::INFINITY));
    assert!(error("Double", b"\xF9\x7E").contains("the end"));
}

#[test]
fn integers_at_their_limits() {
    assert_eq!(member("Long", b"\x1B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF").long, Some(i64::MAX));
    assert_eq!(member("Long", b"\x3B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF").long, Some(i64::MIN));
    assert_eq!(member("Integer", b"\x1A\x7F\xFF\xFF\xFF").integer, Some(i32::MAX));
    assert_eq!(member("Integer", b"\x3A\x7F\xFF\xFF\xFF").integer, Some(i32::MIN));
    assert_eq!(member("Byte", b"\x38\x7F").byte, Some(i8::MIN));
    for (name, value) in [
        ("Long", &b"\x1B\x80\x00\x00\x00\x00\x00\x00\x00"[..]),
        ("Long", b"\x3B\x80\x00\x00\x00\x00\x00\x00\x00"),
        ("Long", b"\x3B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
        ("Integer", b"\x1A\x80\x00\x00\x00"),
        ("Byte", b"\x18\x80"),
    ] {
        assert!(error(name, value).contains("out of range"), "{name} {value:x?}");
    }
}

#[test]
fn whole_floats_for_integers() {
    assert_eq!(member("Integer", b"\xF9\x45\x00").integer, Some(5));
    assert_eq!(member("Long", b"\xFB\xC3\xE0\x00\x00\x00\x00\x00\x00").long, Some(i64::MIN));
    assert!(error("Integer", b"\xF9\x3E\x00").contains("a fraction"));
    assert!(error("Long", b"\xFB\x43\xE0\x00\x00\x00\x00\x00\x00").contains("out of range"));
    assert!(error("Long", b"\xF9\x7E\x00").contains("expected an integer"));
}

#[test]
fn timestamps_with_and_without_their_tag() {
    let at = Some(Timestamp::from_secs(1_363_896_240));
    assert_eq!(member("Time", b"\xC1\x1A\x51\x4B\x67\xB0").time, at);
    assert_eq!(member("HttpDate", b"\xC1\x1A\x51\x4B\x67\xB0").http_date, at);
    assert_eq!(member("Time", b"\x1A\x51\x4B\x67\xB0").time, at);
    assert_eq!(
        member("Time", b"\xC1\xFB\x41\xD4\x52\xD9\xEC\x20\x00\x00").time,
        Some(Timestamp::from_millis(1_363_896_240_500))
    );
    assert_eq!(member("Time", b"\xC1\x20").time, Some(Timestamp::from_secs(-1)));
    assert_eq!(member("Time", b"\xC1\xF9\xBE\x00").time, Some(Timestamp::from_millis(-1500)));
    assert_eq!(member("Time", b"\xC0\x742013-03-21T20:04:00Z").time, at);
    assert!(error("Time", b"\xC1\xF9\x7E\x00").contains("expected a timestamp"));
    assert!(error("Time", b"\xC1\x1B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF").contains("out of range"));
}

#[test]
fn decimal_fractions_of_seconds_are_what_was_meant() {
    for (seconds, millis) in [
        (1_398_796_238.123, 1_398_796_238_123),
        (-0.001, -1),
        (253_402_300_799.999, 253_402_300_799_999),
        (0.1, 100),
        (4e9 + 0.999, 4_000_000_000_999),
    ] {
        let value = [&b"\xC1\xFB"[..], &f64::to_be_bytes(seconds)].concat();
        assert_eq!(member("Time", &value).time, Some(Timestamp::from_millis(millis)), "{seconds}");
    }
}

#[test]
fn unknown_tags_are_passed_over_also_nested() {
    let tagged = b"\xD9\xD9\xF7\xC7\x83\xC6\x61a\xC7\xF6\xC6\xC7\x61b";
    assert_eq!(member("Words", tagged).words, Some(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(member("Flag", b"\xC7\xC7\xF5").flag, Some(true));
    assert_eq!(
        cbor::<Everything>(b"\xD9\xD9\xF7\xA1\x61x\xC7\x81\xC7\xA1\xC7\x61y\xC7\x01").unwrap(),
        Everything::default()
    );
}

#[test]
fn null_and_undefined_are_dropped() {
    for null in [&b"\xF6"[..], b"\xF7", b"\xC7\xF6"] {
        assert_eq!(member("Name", null), Everything::default());
        assert_eq!(member("Words", &[b"\x82\x61a", null].concat()).words, Some(vec!["a".to_owned()]));
        assert_eq!(
            member("SparseWords", &[b"\x82\x61a", null].concat()).sparse_words,
            Some(vec![Some("a".to_owned()), None])
        );
        assert_eq!(member("Tags", &[b"\xA1\x61a", null].concat()).tags, Some(BTreeMap::new()));
        assert_eq!(
            member("SparseTags", &[b"\xA1\x61a", null].concat()).sparse_tags,
            Some(BTreeMap::from([("a".to_owned(), None)]))
        );
    }
}

#[test]
fn unknown_members_are_passed_over() {
    let body = b"\xBF\x61x\x9F\x01\x20\xFB\x3F\xF1\x99\x99\x99\x99\x99\x9A\x5F\x41\x00\xFF\xBF\x61a\x7F\x61b\xFF\xFF\xF4\xF7\xFF\x61y\x80\x64Name\x61a\xFF";
    assert_eq!(cbor::<Everything>(body).unwrap().name, "a");
}

#[test]
fn unknown_members_may_hold_numbers_of_any_size() {
    let body =
        b"\xA2\x61x\x82\x3B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xC2\x49\x01\x00\x00\x00\x00\x00\x00\x00\x00\x64Name\x61a";
    assert_eq!(cbor::<Everything>(body).unwrap().name, "a");
}

#[test]
fn unions_and_enums() {
    assert_eq!(member("Choice", b"\xA1\x64Text\x61a").choice, Some(Choice::Text("a".into())));
    assert_eq!(member("Choice", b"\xBF\x66__type\x61a\x64Text\x61a\xFF").choice, Some(Choice::Text("a".into())));
    assert_eq!(member("Choice", b"\xA2\x64Text\xF6\x63New\x80").choice, Some(Choice::Unknown("New".into())));
    assert!(error("Choice", b"\xA2\x64Text\x61a\x63New\x01").contains("found several"));
    assert!(error("Choice", b"\xA0").contains("found none"));
    assert_eq!(member("Color", b"\x63RED").color, Some(Color::Red));
    assert_eq!(member("Color", b"\x7F\x62RE\x61D\xFF").color, Some(Color::Red));
    assert_eq!(member("Color", b"\x64BLUE").color, Some(Color::Unknown("BLUE".into())));
}

#[test]
fn keys_that_are_not_text_are_errors() {
    assert!(
        cbor::<Everything>(b"\xA1\x01\x02").unwrap_err().to_string().contains("expected a member name, found a number")
    );
    assert!(cbor::<Everything>(b"\xA1\x44Name\x61a").is_err());
    assert!(error("Tags", b"\xA1\x01\x61a").contains("expected a member name"));
    assert!(error("x", b"\xA1\xF6\x61a").contains("expected a member name"));
}

#[test]
fn malformed_bodies_are_errors() {
    for body in [
        &b"\xA1"[..],
        b"\xBF",
        b"\xA1\x64Name",
        b"\xA1\x64Nam",
        b"\xA1\x64Name\x62a",
        b"\xA2\x64Name\x61a",
        b"\xFF",
        b"\xA1\x64Name\xFF",
        b"\xBF\x64Name\xFF",
        b"\xA1\x64Name\x1C",
        b"\xA1\x64Flag\xF8\x20",
        b"\x80",
        b"\xF6\x00",
        b"\x01",
        b"\xA0\x00",
        b"\xA1\x61x\xFC",
        b"\xA1\x61x\x9F",
        b"\xA1\x61x\x81\xFF",
        b"\xC1",
        b"\xDB\xFF",
        b"\xBC",
        b"\xA1\x61\xFF\x01",
    ] {
        assert!(cbor::<Everything>(body).is_err(), "{body:x?}");
    }
    assert!(error("Name", b"\x62\xC3\x28").contains("malformed"));
    assert!(error("Long", b"\xC2\x49\x01\x00\x00\x00\x00\x00\x00\x00\x00").contains("found bytes"));
}

#[test]
fn hostile_lengths_allocate_nothing() {
    for head in [0x5B, 0x7B, 0x9B, 0xBB] {
        for name in ["Name", "Words", "Tags", "Blob", "Inners", "Document", "x"] {
            let value = [&[head][..], &u64::MAX.to_be_bytes()].concat();
            assert!(cbor::<Everything>(&cbor_member(name, &value)).is_err());
            let value = [&[head][..], &(1_u64 << 40).to_be_bytes(), b"\x61a"].concat();
            assert!(cbor::<Everything>(&cbor_member(name, &value)).is_err());
        }
    }
}

#[test]
fn nesting_is_limited_everywhere() {
    let structure = |levels: usize| [b"\xA1\x64Next".repeat(levels - 1), b"\xA0".to_vec()].concat();
    assert!(cbor::<Everything>(&structure(128)).is_ok());
    assert!(cbor::<Everything>(&structure(129)).unwrap_err().to_string().contains("at most 128 levels"));
    assert!(cbor::<Everything>(&cbor_member("x", &[b"\x81".repeat(126), b"\x80".to_vec()].concat())).is_ok());
    assert!(error("x", &[b"\x81".repeat(127), b"\x80".to_vec()].concat()).contains("at most 128 levels"));
    assert!(error("x", &b"\x9F".repeat(1_000_000)).contains("at most 128 levels"));
    assert!(error("Document", &b"\xBF\x60".repeat(1_000_000)).contains("at most 128 levels"));
    assert!(error("x", &b"\xC1".repeat(1_000_000)).contains("the end"));
}

#[test]
fn documents_hold_what_comes() {
    let document = member(
        "Document",
        b"\x88\xF7\xF4\x1B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x20\xF9\x3E\x00\x42\xFB\xFF\xC1\x01\xBF\x61a\x80\xFF",
    )
    .document;
    let expected = [
        Document::Null,
        Document::from(false),
        Document::from(u64::MAX),
        Document::from(-1),
        Document::from(1.5),
        Document::from("+/8="),
        Document::from(1),
        Document::Object(BTreeMap::from([("a".to_owned(), Document::Array(Vec::new()))])),
    ];
    assert_eq!(document, Some(expected.into_iter().collect()));
}

#[test]
fn errors_tell_path_types_and_offset() {
    assert_eq!(error("Integer", b"\x61a"), "Integer: expected an integer, found a string at byte 9");
    assert_eq!(error("Words", b"\x82\x61a\x01"), "Words[1]: expected a string, found a number at byte 10");
    assert_eq!(error("Tags", b"\xA1\x61k\x80"), "Tags[\"k\"]: expected a string, found a list at byte 9");
    let mut reader = Reader::cbor(b"\xA0\x01");
    let mut value = Everything::default();
    value.read(&mut reader);
    assert_eq!(reader.finish().unwrap_err().offset(), 1);
}
