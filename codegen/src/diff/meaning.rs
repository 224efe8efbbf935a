//! A model in one spelling: what the generated crate makes of its properties.
//!
//! Models of one API say the same in several ways: the formats differ in what they
//! spell out, and what nobody reads comes and goes. Rules compare meanings.
//! Whatever is said here of the crate, `plan` and `emit` do.

mod bindings;
mod elements;

use crate::graph::{
    Fault, Located, Member, MemberTraits, Metadata, NameRef, Place, Service, ServiceBuilder, Shape, ShapeKind,
    TimestampFormat, scalar,
};
use crate::plan::{OperationPlan, Outline, enum_variants, int_enum_variants, spoken};
use std::collections::{HashMap, HashSet};

/// Brings `builder`, the service whose shapes may go by other names, into one spelling.
pub(super) fn meaning(mut builder: ServiceBuilder, service: &Service, outline: &Outline<'_>) -> ServiceBuilder {
    metadata(&mut builder.metadata, service.name());
    bindings::bindings(&mut builder);
    elements::elements(&mut builder);
    for operation in &mut builder.operations {
        // The one says the other.
        operation.traits.idempotent &= !operation.traits.readonly;
        // Of several ways clients take that of the service. An operation without that is not there.
        if operation.traits.is_authenticated_as(builder.metadata.authentication) {
            operation.traits.authentication.clear();
        }
    }
    let planned: HashMap<&str, &OperationPlan<'_>> =
        outline.operations.iter().map(|operation| (operation.wire_name, operation)).collect();
    for paginator in &mut builder.paginators {
        // Items are those of the first list, or else of the only one.
        let plan = planned.get(&*paginator.operation.name).and_then(|operation| operation.paginator.as_ref());
        let items = plan.and_then(|plan| plan.items.clone());
        paginator.result_keys = items.map(|value| Located { value, origin: Default::default() }).into_iter().collect();
        // boto3 sums these up over pages; the crate has the whole pages.
        paginator.non_aggregate_keys.clear();
    }
    let has_bindings = builder.metadata.has_bindings();
    let defaults = WireDefaults { has_bindings, has_elements: builder.metadata.has_elements() };
    let numbers: HashMap<String, Limited> =
        builder.shapes.iter().map(|shape| (shape.name.clone(), Limited::of(&shape.kind))).collect();
    for shape in &mut builder.shapes {
        limits(Limited::of(&shape.kind), &mut shape.traits.min, &mut shape.traits.max);
        shape.traits.pattern = shape.traits.pattern.as_deref().and_then(pattern);
        // What else is streamed is not told apart by the crate, nor is a body of bytes.
        shape.traits.streaming &= shape.kind == ShapeKind::Blob && !has_bindings;
        shape.traits.timestamp_format = defaults.format(shape.traits.timestamp_format);
        members(shape, &numbers, defaults);
        values(&mut shape.kind);
    }
    errors(service, outline, &mut builder);
    builder
}

fn metadata(metadata: &mut Metadata, name: &str) {
    // Without a prefix there are no hosts to sign for, but those of endpoint rules.
    let prefix = metadata.endpoint_prefix.clone();
    metadata.signing_name = prefix.map(|prefix| metadata.signing_name.take().unwrap_or(prefix));
    let id = metadata.service_id.get_or_insert_with(|| name.to_owned());
    metadata.target_prefix.get_or_insert_with(|| id.clone());
    metadata.protocols = spoken(&metadata.protocols);
}

/// What of a shape has limits.
#[derive(Clone, Copy)]
enum Limited {
    /// Its value, which is whole and between these.
    Whole(i64, i64),
    /// Its value.
    Fraction,
    /// Its length or size.
    Length,
}

impl Limited {
    fn of(kind: &ShapeKind<NameRef>) -> Self {
        match kind {
            ShapeKind::Byte => Self::Whole(i8::MIN.into(), i8::MAX.into()),
            ShapeKind::Short => Self::Whole(i16::MIN.into(), i16::MAX.into()),
            ShapeKind::Integer | ShapeKind::IntEnum(_) => Self::Whole(i32::MIN.into(), i32::MAX.into()),
            ShapeKind::Long => Self::Whole(i64::MIN, i64::MAX),
            ShapeKind::Float | ShapeKind::Double => Self::Fraction,
            ShapeKind::Structure(_)
            | ShapeKind::Union(_)
            | ShapeKind::List { .. }
            | ShapeKind::Map { .. }
            | ShapeKind::Enum(_)
            | ShapeKind::String
            | ShapeKind::Boolean
            | ShapeKind::Blob
            | ShapeKind::Timestamp
            | ShapeKind::Document => Self::Length,
        }
    }
}

/// Limits that limit something.
fn limits(of: Limited, min: &mut Option<String>, max: &mut Option<String>) {
    for number in [&mut *min, &mut *max].into_iter().flatten() {
        *number = decimal(number);
    }
    // No length is less than zero, and no number is outside of its type.
    let (least, greatest) = match of {
        Limited::Whole(least, greatest) => (Some(least.to_string()), Some(greatest.to_string())),
        Limited::Fraction => (None, None),
        Limited::Length => (Some("0".to_owned()), None),
    };
    min.take_if(|min| Some(&*min) == least.as_ref());
    max.take_if(|max| Some(&*max) == greatest.as_ref());
}

/// `1` for `1.0`.
fn decimal(number: &str) -> String {
    let is_fraction = number.contains('.') && number.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-'));
    let number = match is_fraction {
        true => number.trim_end_matches('0').trim_end_matches('.'),
        false => number,
    };
    if number == "-0" { "0".to_owned() } else { number.to_owned() }
}

/// A pattern without the anchors around it: services match the whole text, and the
/// formats do not agree on whether to write that. None where anything matches.
fn pattern(pattern: &str) -> Option<String> {
    let inner = pattern.strip_prefix('^').unwrap_or(pattern);
    let escaped = inner.strip_suffix('$').is_some_and(ends_in_escape);
    let inner = if escaped { inner } else { inner.strip_suffix('$').unwrap_or(inner) };
    let (alternatives, closed) = structure(inner);
    let meant = match inner.strip_prefix('(') {
        // Of alternatives the anchors are only those of the first and the last.
        _ if alternatives => pattern,
        // The group that anchors need around alternatives.
        Some(group) if closed == Some(inner.len() - 1) && !has_references(inner) => {
            let group = group.strip_prefix("?:").unwrap_or(group);
            if group.starts_with('?') { inner } else { group.strip_suffix(')').unwrap_or(group) }
        }
        _ => inner,
    };
    let anything = ["[\\s\\S]*", "[\\S\\s]*", "[\\w\\W]*", "[\\W\\w]*", "[\\d\\D]*", "[\\D\\d]*"];
    (!anything.contains(&meant)).then(|| meant.to_owned())
}

/// Whether the character after `before` is escaped.
fn ends_in_escape(before: &str) -> bool {
    before.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

/// Whether a pattern has a `|` outside of groups and classes, and where its first group ends.
fn structure(pattern: &str) -> (bool, Option<usize>) {
    let (mut depth, mut in_class, mut escaped) = (0_usize, false, false);
    let (mut alternatives, mut closed) = (false, None);
    for (index, letter) in pattern.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => depth += 1,
            ')' if !in_class => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    closed.get_or_insert(index);
                }
            }
            '|' if !in_class && depth == 0 => alternatives = true,
            _ => {}
        }
    }
    (alternatives, closed)
}

/// Whether a pattern may refer to its groups by number.
fn has_references(pattern: &str) -> bool {
    pattern.as_bytes().windows(2).any(|pair| pair[0] == b'\\' && pair[1].is_ascii_digit())
}

/// What goes without saying.
#[derive(Clone, Copy)]
struct WireDefaults {
    has_bindings: bool,
    has_elements: bool,
}

impl WireDefaults {
    /// Seconds are written where nothing is said, but for elements, which have dates. With bindings it depends on the place.
    fn format(self, format: Option<TimestampFormat>) -> Option<TimestampFormat> {
        let default = if self.has_elements { TimestampFormat::DateTime } else { TimestampFormat::EpochSeconds };
        format.filter(|format| self.has_bindings || *format != default)
    }

    /// In JSON and CBOR elements, keys and values have no names; as a whole body, a member has none there either.
    fn name(self, member: &Member<NameRef>, is_named: bool) -> Option<String> {
        let name = || Some(member.wire_name()).filter(|name| *name != member.name).map(str::to_owned);
        match member.traits.place {
            Some(Place::Payload) if self.has_elements => {
                Some(member.traits.wire_name.clone().unwrap_or_else(|| member.target.name.clone()))
            }
            Some(Place::Payload) => None,
            _ if is_named || self.has_elements => name(),
            _ => None,
        }
    }
}

fn members(shape: &mut Shape<NameRef>, numbers: &HashMap<String, Limited>, defaults: WireDefaults) {
    let is_structure = matches!(shape.kind, ShapeKind::Structure(_));
    let has_names = matches!(shape.kind, ShapeKind::Structure(_) | ShapeKind::Union(_));
    for member in shape.kind.members_mut() {
        // WireDefaults that clients leave to the service are no part of the crate.
        let default = member.traits.effective_default().filter(|_| is_structure).map(decimal);
        member.traits.default = default;
        member.traits.client_optional = false;
        member.traits.wire_name = defaults.name(member, has_names);
        let MemberTraits { required, timestamp_format, limits: limited, pattern: own, .. } = &mut member.traits;
        *required &= is_structure;
        *timestamp_format = defaults.format(*timestamp_format);
        if let (Some(limited), Some(of)) = (limited, numbers.get(&member.target.name)) {
            limits(*of, &mut limited.min, &mut limited.max);
        }
        // One that matches everything still takes the place of the target's.
        if let Some(own) = own {
            *own = pattern(own).unwrap_or_default();
        }
    }
}

/// Values go by the names of their Rust variants.
fn values(kind: &mut ShapeKind<NameRef>) {
    match kind {
        ShapeKind::Enum(values) => {
            let (names, _) = enum_variants(values);
            values.iter_mut().zip(names).for_each(|(value, name)| value.name = Some(name));
        }
        ShapeKind::IntEnum(values) => {
            let (names, _) = int_enum_variants(values);
            values.iter_mut().zip(names).for_each(|(value, name)| value.name = name);
        }
        ShapeKind::Structure(_) | ShapeKind::Union(_) | ShapeKind::List { .. } | ShapeKind::Map { .. } | scalar!() => {}
    }
}

/// Codes by which errors are known besides their names, and the status that follows from
/// whose fault they are.
fn errors(service: &Service, outline: &Outline<'_>, builder: &mut ServiceBuilder) {
    let names: Vec<&str> = outline.errors.iter().map(|id| outline[*id].wire_name).collect();
    let mut known: HashSet<&str> = names.iter().copied().collect();
    for name in names.iter().copied() {
        let shape = builder.shapes.iter_mut().find(|shape| shape.name == name);
        let Some(error) = shape.and_then(|shape| shape.traits.error.as_mut()) else { continue };
        let code = service.shape_named(name).and_then(|id| service[id].traits.error.as_ref()?.code.as_deref());
        error.code = code.filter(|code| known.insert(code)).map(str::to_owned);
        error.http_status = error.http_status.or(match error.fault {
            Some(Fault::Client) => Some(400),
            Some(Fault::Server) => Some(500),
            None => None,
        });
        error.fault = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_around_a_pattern_mean_nothing() {
        for (written, meant) in [
            ("^[a-z]+$", Some("[a-z]+")),
            ("[a-z]+$", Some("[a-z]+")),
            ("[a-z]+", Some("[a-z]+")),
            (r"^a\$", Some(r"a\$")),
            (r"^a\\$", Some(r"a\\")),
            ("^a|b$", Some("^a|b$")),
            ("a|b", Some("a|b")),
            ("^(a|b)$", Some("a|b")),
            ("^(?:a|b)$", Some("a|b")),
            ("^(a)|(b)$", Some("^(a)|(b)$")),
            ("^(a)(b)$", Some("(a)(b)")),
            (r"^((a)\2)$", Some(r"((a)\2)")),
            ("^(?!a)$", Some("(?!a)")),
            ("^(", Some("(")),
            (r"^[|(]\|$", Some(r"[|(]\|")),
            (r"^[\s\S]*$", None),
            (".*", Some(".*")),
            ("$", Some("")),
        ] {
            assert_eq!(pattern(written).as_deref(), meant, "{written}");
        }
    }

    #[test]
    fn limits_that_limit_nothing_mean_nothing() {
        let text = ShapeKind::String;
        let integer = ShapeKind::Integer;
        let double = ShapeKind::Double;
        for (kind, min, max, meant) in [
            (&text, "0", "10", (None, Some("10"))),
            (&text, "0.0", "10.0", (None, Some("10"))),
            (&text, "1", "10", (Some("1"), Some("10"))),
            (&integer, "0", "2147483647", (Some("0"), None)),
            (&integer, "-2147483648", "100", (None, Some("100"))),
            (&double, "0", "1.50", (Some("0"), Some("1.5"))),
        ] {
            let (mut least, mut greatest) = (Some(min.to_owned()), Some(max.to_owned()));
            limits(Limited::of(kind), &mut least, &mut greatest);
            assert_eq!((least.as_deref(), greatest.as_deref()), meant, "{kind:?} {min} {max}");
        }
    }
}
