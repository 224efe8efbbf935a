//! Random values of shapes, in the notation of [`workstream::dynamic`].

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fastrand::Rng;
use serde_json::{Map, Value, json};
use workstream_codegen::graph::{Member, Place, Protocol, Service, ShapeId, ShapeKind, TimestampFormat};

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
/// They hold what all protocols can carry: timestamps with a fraction are
/// whole milliseconds, since CBOR has doubles for them; and members that travel outside of bodies have values that
/// come back from there.
pub struct Values<'m> {
    service: &'m Service,
    random: Rng,
    fill: Fill,
    /// Whether elements or forms carry the values, which have less text, and nothing for what is empty.
    is_marked_up: bool,
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

/// What a header holds.
const HEADERS: &[&str] = &["a", "two words", "null", "0", "\"quoted\" \\ / </script>", "{}[]:,#;", "a, b"];

/// What follows the prefix in the names of headers.
const HEADER_NAMES: &[&str] = &["a", "b-c", "x1"];

impl<'m> Values<'m> {
    /// Values of `service`.
    pub fn new(service: &'m Service, seed: u64, fill: Fill) -> Self {
        let protocols = &service.metadata().protocols;
        let is_marked_up = !protocols.iter().any(|protocol| match protocol {
            Protocol::AwsJson1_0 | Protocol::AwsJson1_1 | Protocol::RpcV2Cbor | Protocol::RestJson1 => true,
            Protocol::RestXml | Protocol::AwsQuery | Protocol::Ec2Query => false,
        });
        Self { service, random: Rng::with_seed(seed), fill, is_marked_up, path: Vec::new() }
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
            ShapeKind::Timestamp => {
                let usual = self.is_marked_up.then_some(TimestampFormat::DateTime);
                self.timestamp(format.or(shape.traits.timestamp_format).or(usual))
            }
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
            // One with a default is never absent once it was read.
            let is_always_there = member.traits.required || member.traits.effective_default().is_some();
            // Places are those of inputs, outputs and errors, not of what is inside of them.
            let place = member.traits.place.as_ref().filter(|_| self.path.len() == 1);
            if is_always_there
                || place.is_some_and(|place| self.has_a_value_anyway(member, place))
                || self.wants(member.target)
            {
                let value = match place {
                    Some(place) => self.placed(member, place),
                    None => self.value(member.target, member.traits.timestamp_format),
                };
                object.insert(member.name.clone(), value);
            }
        }
        if self.is_marked_up && object.is_empty() && self.path.len() > 1 {
            let ends = members.iter().find(|member| !self.path.contains(&member.target));
            object.extend(
                ends.map(|member| (member.name.clone(), self.value(member.target, member.traits.timestamp_format))),
            );
        }
        Value::Object(object)
    }

    /// Whether a message says something there, whoever says nothing.
    fn has_a_value_anyway(&self, member: &Member, place: &Place) -> bool {
        match place {
            Place::Status => true,
            Place::Header(name) => {
                let name = name.to_ascii_lowercase();
                matches!(name.as_str(), "content-type" | "content-md5") || name.contains("-checksum-")
            }
            Place::Payload => matches!(self.service[member.target].kind, ShapeKind::Structure(_)),
            Place::Label(_) | Place::Query(_) | Place::QueryParams | Place::PrefixHeaders(_) => false,
        }
    }

    /// A value that comes back from its place as it went there: what is empty is not sent from some.
    fn placed(&mut self, member: &Member, place: &Place) -> Value {
        let format = member.traits.timestamp_format.or(self.service[member.target].traits.timestamp_format);
        let date = Some(format.unwrap_or(TimestampFormat::DateTime));
        match place {
            Place::Label(_) | Place::Query(_) | Place::QueryParams => self.something(member.target, date),
            Place::Header(_) | Place::PrefixHeaders(_) => {
                let format = Some(format.unwrap_or(TimestampFormat::HttpDate));
                self.in_headers(member.target, format)
            }
            Place::Payload => self.something(member.target, format),
            Place::Status => self.random.u16(200..300).into(),
        }
    }

    /// A value that is not empty, and has nothing empty in it but text.
    fn something(&mut self, target: ShapeId, format: Option<TimestampFormat>) -> Value {
        match &self.service[target].kind {
            ShapeKind::List { member, .. } => {
                (0..=self.random.usize(..3)).map(|_| self.value(member.target, format)).collect()
            }
            ShapeKind::Map { value, .. } => {
                let keys: Vec<String> = (0..=self.random.usize(..3)).map(|_| self.string() + "k").collect();
                keys.into_iter().map(|key| (key, self.something(value.target, format))).collect()
            }
            _ => loop {
                let value = self.value(target, format);
                if value != "" && !value.is_null() {
                    return value;
                }
            },
        }
    }

    fn in_headers(&mut self, target: ShapeId, format: Option<TimestampFormat>) -> Value {
        match &self.service[target].kind {
            ShapeKind::List { member, .. } => {
                (0..=self.random.usize(..3)).map(|_| self.in_headers(member.target, format)).collect()
            }
            ShapeKind::Map { value, .. } => {
                let names: Vec<&str> = (0..=self.random.usize(..3)).map(|_| *self.one_of(HEADER_NAMES)).collect();
                names.into_iter().map(|name| (name.to_owned(), self.in_headers(value.target, format))).collect()
            }
            ShapeKind::Enum(values) if !values.is_empty() && self.random.bool() => {
                self.one_of(values).value.as_str().into()
            }
            ShapeKind::Enum(_) | ShapeKind::String => (*self.one_of(HEADERS)).into(),
            _ => self.something(target, format),
        }
    }

    fn union(&mut self, members: &[Member]) -> Value {
        let deep = self.path.len() > DEEPEST;
        // A member that leads back here may go on for ever.
        let ends: Vec<&Member> = members.iter().filter(|member| !self.path.contains(&member.target)).collect();
        let member = if deep && !ends.is_empty() { self.one_of(&ends) } else { self.one_of(members) };
        json!({ &member.name: self.value(member.target, member.traits.timestamp_format) })
    }

    fn count(&mut self, target: ShapeId) -> usize {
        if self.is_marked_up {
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
        let text: String = (0..*self.one_of(&[1, 1, 2, 5, 50])).map(|_| *self.one_of(STRINGS)).collect();
        if self.is_marked_up {
            text.replace(|letter: char| letter.is_control() || letter == '\u{ffff}', "_")
        } else {
            text
        }
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
        let length = *self.one_of(&[0, 1, 2, 3, 23, 24, 256]);
        STANDARD.encode((0..length).map(|_| self.random.u8(..)).collect::<Vec<u8>>()).into()
    }

    fn timestamp(&mut self, format: Option<TimestampFormat>) -> Value {
        // The years 1 to 9999, of which a date has four digits.
        let dates = -62_135_596_800..253_402_300_800_i64;
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

fn finite(value: f64) -> Value {
    if value.is_finite() { json!(value) } else { json!(0.25) }
}

/// Leaves out of an input what is there twice: a member with the whole query has keys of its own, and those that other
/// members have.
pub fn without_named_keys(service: &Service, input: Option<ShapeId>, value: &mut Value) {
    let Some(ShapeKind::Structure(members)) = input.map(|input| &service[input].kind) else { return };
    let Some(object) = value.as_object_mut() else { return };
    for whole in members.iter().filter(|member| member.traits.place == Some(Place::QueryParams)) {
        let Some(Value::Object(query)) = object.get_mut(&whole.name) else { continue };
        query.retain(|key, _| members.iter().all(|member| member.traits.place != Some(Place::Query(key.clone()))));
        if query.is_empty() {
            object.remove(&whole.name);
        }
    }
}

/// Takes over from what was sent the labels that are in the endpoint: the request alone does not say them.
pub fn with_endpoint_labels(service: &Service, input: Option<ShapeId>, read: &mut Value, sent: &Value) {
    let members = input.into_iter().flat_map(|input| service[input].members());
    for member in members.filter(|member| member.traits.context_param.is_some()) {
        if let (Some(Place::Label(_)), Some(label)) = (&member.traits.place, sent.get(&member.name)) {
            read[&member.name] = label.clone();
        }
    }
}

/// Seconds: an integer where they are whole.
fn milliseconds(value: i64) -> Value {
    if value % 1000 == 0 { json!(value / 1000) } else { json!(value as f64 / 1000.0) }
}
