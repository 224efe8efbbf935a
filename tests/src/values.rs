//! Random values of shapes, in the notation of [`workstream::dynamic`].

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fastrand::Rng;
use serde_json::{Map, Value, json};
use workstream_codegen::graph::{Member, Place, Service, ShapeId, ShapeKind, TimestampFormat};

/// How many of the optional members a structure gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// None: what is required only.
    Required,
    /// Some.
    Some,
    /// All.
    All,
}

/// Values of one service's shapes, the same for the same seed.
///
/// They hold what both protocols can carry: timestamps with a fraction are
/// whole milliseconds, since CBOR has doubles for them.
pub struct Values<'m> {
    service: &'m Service,
    random: Rng,
    fill: Fill,
    /// Whether a header or an element can have every value.
    plain: bool,
    /// The shapes within which the next value stands.
    path: Vec<ShapeId>,
}

/// Values deeper than this only have what is required.
const DEEPEST: usize = 12;

const STRINGS: &[&str] = &[
    "",
    " ",
    "a",
    "null",
    "\u{0}",
    "\u{1f}\u{7f}\u{80}",
    "line\r\n\tbreak",
    "\"quoted\" \\ / </script>",
    "\u{e9}\u{df}\u{4e2d}",
    "e\u{301}",
    "\u{2028}\u{2029}",
    "\u{feff}",
    "\u{fffd}\u{ffff}",
    "\u{1f600}\u{10ffff}",
    "{}[]:,#;",
];

impl<'m> Values<'m> {
    /// Values of `service`.
    pub fn new(service: &'m Service, seed: u64, fill: Fill) -> Self {
        Self { service, random: Rng::with_seed(seed), fill, plain: false, path: Vec::new() }
    }

    /// Only such values as paths, headers, forms and XML can carry too: text of letters and digits, times in whole
    /// seconds, no lists and maps that are empty.
    pub fn plain(self) -> Self {
        Self { plain: true, ..self }
    }

    /// A value of a shape; `{}` for the input or output that an operation does not have.
    pub fn of(&mut self, shape: Option<ShapeId>) -> Value {
        shape.map_or_else(|| json!({}), |shape| self.value(shape, None))
    }

    /// `format` is that of the member within which the value stands.
    fn value(&mut self, id: ShapeId, format: Option<TimestampFormat>) -> Value {
        let shape = &self.service[id];
        self.path.push(id);
        let value = match &shape.kind {
            ShapeKind::Structure(members) => self.structure(members),
            ShapeKind::Union(members) => self.union(members),
            ShapeKind::List { member, sparse } => self.list(member, *sparse, format),
            ShapeKind::Map { key, value, sparse } => self.map(key, value, *sparse, format),
            ShapeKind::Enum(values) if !values.is_empty() && self.random.u8(..) < 200 => {
                self.one_of(values).value.as_str().into()
            }
            ShapeKind::Enum(_) | ShapeKind::String => self.string().into(),
            ShapeKind::IntEnum(values) if !values.is_empty() && self.random.bool() => self.one_of(values).value.into(),
            ShapeKind::Boolean => self.random.bool().into(),
            ShapeKind::Byte => self.integer(i8::MIN.into(), i8::MAX.into()),
            ShapeKind::Short => self.integer(i16::MIN.into(), i16::MAX.into()),
            ShapeKind::Integer | ShapeKind::IntEnum(_) => self.integer(i32::MIN.into(), i32::MAX.into()),
            ShapeKind::Long => self.integer(i64::MIN, i64::MAX),
            ShapeKind::Float => self.float(),
            ShapeKind::Double => self.double(),
            ShapeKind::Blob => self.blob(),
            ShapeKind::Timestamp => self.timestamp(format.or(shape.traits.timestamp_format)),
            ShapeKind::Document => self.document(3),
        };
        self.path.pop();
        value
    }

    /// Whether an optional member or element is to be there.
    fn wants(&mut self, target: ShapeId) -> bool {
        let endless = self.path.contains(&target) && self.random.bool() || self.path.len() > DEEPEST;
        match self.fill {
            Fill::Required => false,
            Fill::Some => !endless && self.random.bool(),
            Fill::All => !endless,
        }
    }

    fn structure(&mut self, members: &[Member]) -> Value {
        let mut object = Map::new();
        for member in members {
            // One with a default is never absent once it was read, a response has a status,
            // a type, and a payload that is not there is an empty one.
            let is_told = self.plain && is_told(member);
            let is_always_there = member.traits.required || member.traits.effective_default().is_some() || is_told;
            if is_always_there || self.wants(member.target) {
                let value = match member.traits.place {
                    Some(Place::Status) => self.random.i64(200..300).into(),
                    _ => self.value(member.target, member.traits.timestamp_format),
                };
                object.insert(member.name.clone(), value);
            }
        }
        // In a form nothing stands for a structure without members.
        if let (true, true, [first, ..]) = (self.plain, object.is_empty(), members) {
            object.insert(first.name.clone(), self.value(first.target, first.traits.timestamp_format));
        }
        Value::Object(object)
    }

    fn union(&mut self, members: &[Member]) -> Value {
        let deep = self.path.len() > DEEPEST;
        // A member that leads back here may go on for ever.
        let ends: Vec<&Member> = members.iter().filter(|member| !self.path.contains(&member.target)).collect();
        let member = if deep && !ends.is_empty() { self.one_of(&ends) } else { self.one_of(members) };
        json!({ &member.name: self.value(member.target, member.traits.timestamp_format) })
    }

    fn count(&mut self, target: ShapeId) -> usize {
        if self.plain {
            return self.random.usize(1..4);
        }
        if self.wants(target) { self.random.usize(usize::from(self.fill == Fill::All)..4) } else { 0 }
    }

    fn list(&mut self, member: &Member, sparse: bool, format: Option<TimestampFormat>) -> Value {
        let format = member.traits.timestamp_format.or(format);
        (0..self.count(member.target)).map(|_| self.element(member.target, sparse, format)).collect()
    }

    fn map(&mut self, key: &Member, value: &Member, sparse: bool, format: Option<TimestampFormat>) -> Value {
        let format = value.traits.timestamp_format.or(format);
        let mut object = Map::new();
        for _ in 0..self.count(value.target) {
            let Value::String(key) = self.value(key.target, None) else { continue };
            object.insert(key, self.element(value.target, sparse, format));
        }
        Value::Object(object)
    }

    fn element(&mut self, target: ShapeId, sparse: bool, format: Option<TimestampFormat>) -> Value {
        if sparse && self.random.u8(..) < 64 { Value::Null } else { self.value(target, format) }
    }

    fn one_of<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.random.usize(..from.len())]
    }

    fn string(&mut self) -> String {
        if self.plain {
            return (0..self.random.usize(1..9)).map(|_| self.random.digit(36)).collect();
        }
        (0..*self.one_of(&[1, 1, 2, 5, 50])).map(|_| *self.one_of(STRINGS)).collect()
    }

    fn integer(&mut self, min: i64, max: i64) -> Value {
        match self.random.u8(0..5) {
            0 => min.into(),
            1 => max.into(),
            2 => self.random.i64(-300..300).clamp(min, max).into(),
            _ => self.random.i64(min..=max).into(),
        }
    }

    fn double(&mut self) -> Value {
        match self.random.u8(0..8) {
            0 => "NaN".into(),
            1 => "Infinity".into(),
            2 => "-Infinity".into(),
            3 => json!(*self.one_of(&[0.0, -0.0, f64::MIN, f64::MAX, f64::MIN_POSITIVE, 5e-324, f64::EPSILON, 1e22])),
            _ => finite(f64::from_bits(self.random.u64(..))),
        }
    }

    fn float(&mut self) -> Value {
        match self.random.u8(0..8) {
            0 => "NaN".into(),
            1 => "Infinity".into(),
            2 => "-Infinity".into(),
            // As JSON has it: in the digits that single precision takes.
            _ => finite(f32::from_bits(self.random.u32(..)).to_string().parse().unwrap_or_default()),
        }
    }

    fn blob(&mut self) -> Value {
        let length = *self.one_of(if self.plain { &[1, 2, 256] } else { &[0, 1, 2, 3, 23, 24, 256] });
        STANDARD.encode((0..length).map(|_| self.random.u8(..)).collect::<Vec<u8>>()).into()
    }

    fn timestamp(&mut self, format: Option<TimestampFormat>) -> Value {
        // The years 1 to 9999, of which a date has four digits.
        let dates = -62_135_596_800..253_402_300_800_i64;
        if self.plain {
            return self.random.i64(dates).into();
        }
        let is_date = !matches!(format, None | Some(TimestampFormat::EpochSeconds));
        match self.random.u8(0..5) {
            0 if !is_date => (*self.one_of(&[i64::MIN, i64::MAX])).into(),
            0 => (*self.one_of(&[dates.start, dates.end - 1])).into(),
            1 => (*self.one_of(&[0, -1, 1, 951_782_400, 4_294_967_296_i64])).into(),
            // An HTTP date has no fraction.
            _ if format == Some(TimestampFormat::HttpDate) => self.random.i64(dates).into(),
            _ => milliseconds(self.random.i64(dates.start * 1000..dates.end * 1000)),
        }
    }

    fn document(&mut self, levels: u8) -> Value {
        match self.random.u8(0..if levels == 0 { 5 } else { 7 }) {
            0 => self.random.bool().into(),
            1 => self.integer(i64::MIN, i64::MAX),
            2 => self.random.u64(..).into(),
            3 => json!(self.random.f64() * 1e9 + 0.5),
            4 => self.string().into(),
            5 => (0..self.random.usize(..3)).map(|_| self.document(levels - 1)).chain([Value::Null]).collect(),
            _ => (0..self.random.usize(..3)).map(|_| (self.string(), self.document(levels - 1))).collect(),
        }
    }
}

/// Whether a message says something of the member in any case.
fn is_told(member: &Member) -> bool {
    match &member.traits.place {
        Some(Place::Status | Place::Payload) => true,
        Some(Place::Header(name)) => name.eq_ignore_ascii_case("content-type"),
        Some(Place::Label(_) | Place::Query(_) | Place::QueryParams | Place::PrefixHeaders(_)) | None => false,
    }
}

fn finite(value: f64) -> Value {
    if value.is_finite() { json!(value) } else { json!(0.25) }
}

/// Seconds: an integer where they are whole.
fn milliseconds(value: i64) -> Value {
    if value % 1000 == 0 { json!(value / 1000) } else { json!(value as f64 / 1000.0) }
}
