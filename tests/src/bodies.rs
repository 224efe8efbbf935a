//! Bodies as a service may send them, made without the crate under test:
//! CBOR in every spelling that the format has.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fastrand::Rng;
use serde_json::Value;
use workstream_codegen::graph::{Service, ShapeId, ShapeKind};

/// The error body of a shape in JSON, with `__type` before its members.
pub fn json_error(code: &str, members: &Value) -> Vec<u8> {
    with_type(code, members).to_string().into_bytes()
}

/// The same in CBOR; `random` chooses among the spellings.
pub fn cbor_error(code: &str, members: &Value, service: &Service, shape: ShapeId, random: &mut Rng) -> Vec<u8> {
    Cbor { service, random, bytes: Vec::new() }.body(Some(shape), &with_type(code, members))
}

/// The CBOR body of a value in the dynamic notation.
pub fn cbor(value: &Value, service: &Service, shape: Option<ShapeId>, random: &mut Rng) -> Vec<u8> {
    Cbor { service, random, bytes: Vec::new() }.body(shape, value)
}

fn with_type(code: &str, members: &Value) -> Value {
    let mut body = serde_json::Map::from_iter([("__type".to_owned(), code.into())]);
    body.extend(members.as_object().cloned().unwrap_or_default());
    Value::Object(body)
}

const UNSIGNED: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const LIST: u8 = 4;
const MAP: u8 = 5;
const TAG: u8 = 6;
const BREAK: u8 = 0xFF;

struct Cbor<'s> {
    service: &'s Service,
    random: &'s mut Rng,
    bytes: Vec<u8>,
}

impl Cbor<'_> {
    fn body(mut self, shape: Option<ShapeId>, value: &Value) -> Vec<u8> {
        self.value(shape, value);
        self.bytes
    }

    fn value(&mut self, shape: Option<ShapeId>, value: &Value) {
        let service = self.service;
        let kind = shape.map(|shape| &service[shape].kind);
        match (kind, value) {
            (_, Value::Null) => self.bytes.push(if self.random.bool() { 0xF6 } else { 0xF7 }),
            (_, Value::Bool(value)) => self.bytes.push(if *value { 0xF5 } else { 0xF4 }),
            (Some(ShapeKind::Timestamp), value) => {
                self.head(TAG, 1);
                self.number(value);
            }
            (Some(ShapeKind::Blob), Value::String(text)) => self.chunks(BYTES, &[&STANDARD.decode(text).unwrap()]),
            (Some(ShapeKind::Float | ShapeKind::Double), Value::String(text)) => self.float(text.parse().unwrap()),
            (_, Value::String(text)) => self.text(text),
            (_, Value::Number(_)) => self.number(value),
            (kind, Value::Array(items)) => {
                let member = match kind {
                    Some(ShapeKind::List { member, .. }) => Some(member.target),
                    _ => None,
                };
                let open = self.open(LIST, items.len());
                items.iter().for_each(|item| self.value(member, item));
                self.close(open);
            }
            (_, Value::Object(entries)) => {
                let open = self.open(MAP, entries.len());
                for (key, value) in entries {
                    self.text(key);
                    let target = match kind {
                        Some(ShapeKind::Map { value, .. }) => Some(value.target),
                        _ => shape.and_then(|shape| Some(service[shape].member_named(key)?.target)),
                    };
                    self.value(target, value);
                }
                self.close(open);
            }
        }
    }

    fn number(&mut self, value: &Value) {
        match (value.as_u64(), value.as_i64()) {
            (Some(value), _) => self.head(UNSIGNED, value),
            (None, Some(value)) => self.head(NEGATIVE, (-1 - value).cast_unsigned()),
            (None, None) => self.float(value.as_f64().unwrap_or_default()),
        }
    }

    /// As a double, or as a single where that says the same.
    fn float(&mut self, value: f64) {
        let single = value as f32;
        let half = [(f64::INFINITY, 0x7C00), (f64::NEG_INFINITY, 0xFC00), (1.5, 0x3E00), (-0.25, 0xB400_u16)];
        let half = half.iter().find(|(float, _)| *float == value).map(|(_, bits)| *bits);
        match half.or(value.is_nan().then_some(0x7E00)).filter(|_| self.random.bool()) {
            Some(bits) => self.bytes.extend([&[0xF9][..], &bits.to_be_bytes()].concat()),
            None if f64::from(single) == value && self.random.bool() => {
                self.bytes.extend([&[0xFA][..], &single.to_be_bytes()].concat());
            }
            None => self.bytes.extend([&[0xFB][..], &value.to_be_bytes()].concat()),
        }
    }

    fn text(&mut self, text: &str) {
        let cut = (0..=text.len()).rev().find(|at| at * 2 <= text.len() && text.is_char_boundary(*at)).unwrap_or(0);
        let (first, second) = text.split_at(cut);
        if self.random.u8(..) < 50 {
            self.chunks(TEXT, &[first.as_bytes(), second.as_bytes()]);
        } else {
            self.chunks(TEXT, &[text.as_bytes()]);
        }
    }

    fn chunks(&mut self, major: u8, chunks: &[&[u8]]) {
        let indefinite = chunks.len() > 1 || self.random.u8(..) < 50;
        if indefinite {
            self.bytes.push(major << 5 | 31);
        }
        for chunk in chunks {
            self.head(major, chunk.len() as u64);
            self.bytes.extend(*chunk);
        }
        if indefinite {
            self.bytes.push(BREAK);
        }
    }

    /// Begins a list or map; whether it ends with a break.
    fn open(&mut self, major: u8, length: usize) -> bool {
        let indefinite = self.random.bool();
        if indefinite {
            self.bytes.push(major << 5 | 31)
        } else {
            self.head(major, length as u64)
        }
        indefinite
    }

    fn close(&mut self, indefinite: bool) {
        self.bytes.extend(indefinite.then_some(BREAK));
    }

    /// A head, now and then longer than it need be.
    fn head(&mut self, major: u8, argument: u64) {
        let bytes = argument.to_be_bytes();
        let shortest = match argument {
            0..24 => 0,
            24..0x100 => 1,
            0x100..0x1_0000 => 2,
            0x1_0000..0x1_0000_0000 => 3,
            _ => 4,
        };
        let width = if self.random.u8(..) < 50 { self.random.u8(shortest..=4) } else { shortest };
        match width {
            0 => self.bytes.push(major << 5 | bytes[7]),
            width => {
                self.bytes.push(major << 5 | (23 + width));
                self.bytes.extend(&bytes[8 - (1 << (width - 1))..]);
            }
        }
    }
}
