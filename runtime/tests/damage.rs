//! Whatever arrives is a value or an error, never a panic.

use crate::shapes::{Choice, Color, Everything, Inner, read, to_cbor, to_json};
use std::collections::BTreeMap;
use workstream_runtime::{Blob, Document, Reader, Timestamp, scan_error_fields};

const MUTATIONS: usize = 8_000;

/// A generator of numbers that look random and are always the same
/// (xorshift64*).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }
}

fn sample() -> Everything {
    let leaf = Everything {
        name: "naïve \"name\"\n😀".into(),
        flag: Some(true),
        byte: Some(-1),
        short: Some(300),
        integer: Some(-70_000),
        long: Some(i64::MIN),
        float: Some(0.1),
        double: Some(f64::NEG_INFINITY),
        blob: Some(Blob::from(&[0, 1, 2, 255])),
        time: Some(Timestamp::from_millis(-1_398_796_238_123)),
        date_time: Some(Timestamp::from_millis(1_398_796_238_123)),
        http_date: Some(Timestamp::from_millis(1_398_796_238_123)),
        dates: Some(vec![Timestamp::from_secs(0), Timestamp::from_millis(-1)]),
        color: Some(Color::Green),
        choice: Some(Choice::When(Timestamp::from_secs(1))),
        words: Some(vec!["a".into(), String::new(), "long enough for two words".into()]),
        sparse_words: Some(vec![None, Some("b".into())]),
        tags: Some(BTreeMap::from([("k".into(), "v".into()), ("é".into(), "".into())])),
        sparse_tags: Some(BTreeMap::from([("a".into(), None), ("b".into(), Some(7))])),
        by_color: Some(BTreeMap::from([(Color::Red, vec!["x".into()])])),
        inner: Some(Inner { id: 1, label: Some("l".into()), at: Some(Timestamp::from_secs(5)) }),
        inners: Some(vec![Inner::default(); 3]),
        document: Some(Document::from(vec![Document::Null, 1.5.into(), "x".into(), u64::MAX.into()])),
        ..Default::default()
    };
    let next = Some(Box::new(leaf.clone()));
    Everything { choice: Some(Choice::Nested(Box::new(leaf.clone()))), next, secret: Some("s".into()), ..leaf }
}

/// Reads a body in every way there is; returns whether the protocol's own failed.
fn fails(body: &[u8], is_cbor: bool) -> bool {
    scan_error_fields(body, is_cbor);
    if is_cbor {
        return check(Reader::cbor(body), body);
    }
    check(Reader::dynamic_json(body), body);
    check(Reader::json(body), body)
}

/// Whether reading failed. An error must point into the body.
fn check(reader: Reader<'_>, body: &[u8]) -> bool {
    match read::<Everything>(reader) {
        Ok(value) => {
            let _ = format!("{value:?}");
            false
        }
        Err(error) => {
            assert!(error.offset() <= body.len() && !error.message().is_empty());
            true
        }
    }
}

fn mutate(body: &mut Vec<u8>, numbers: &mut Numbers) {
    let at = numbers.below(body.len());
    let byte = match numbers.below(3) {
        0 => numbers.below(256) as u8,
        1 => body[numbers.below(body.len())],
        _ => *b"\"\\{}[],:-0.eEun\x7F\xFF\xBF\x9F\x5F\xF6\xC1\xFB\x1B\x3B\x7B\xDB".get(numbers.below(27)).unwrap(),
    };
    match numbers.below(4) {
        0 => body[at] = byte,
        1 => body.insert(at, byte),
        2 => drop(body.remove(at)),
        _ => {
            let end = (at + numbers.below(20)).min(body.len());
            let copy = body[at..end].to_vec();
            let to = numbers.below(body.len());
            body.splice(to..to, copy);
        }
    }
}

fn damage(body: &[u8], is_cbor: bool) {
    assert!(!fails(body, is_cbor));
    for length in 1..body.len() {
        assert!(fails(&body[..length], is_cbor), "cut at {length}");
    }
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let mut failures = 0;
    for _ in 0..MUTATIONS {
        let mut damaged = body.to_vec();
        for _ in 0..=numbers.below(4) {
            mutate(&mut damaged, &mut numbers);
        }
        failures += usize::from(fails(&damaged, is_cbor));
    }
    assert!((MUTATIONS / 4..MUTATIONS).contains(&failures), "{failures}: the mutations do not test much");
}

#[test]
fn damaged_json() {
    damage(to_json(&sample()).as_bytes(), false);
}

#[test]
fn damaged_cbor() {
    damage(&to_cbor(&sample()), true);
}

#[test]
fn noise() {
    let mut numbers = Numbers(42);
    for _ in 0..MUTATIONS {
        let noise: Vec<u8> = (0..numbers.below(64)).map(|_| numbers.below(256) as u8).collect();
        fails(&noise, true);
        fails(&noise, false);
        fails(&[b"\xBF\x68Document", noise.as_slice()].concat(), true);
        fails(&[b"{\"Document\":", noise.as_slice()].concat(), false);
    }
}
