//! Shapes and their members. `R` is how a member refers to the shape that it holds: by a [`NameRef`](super::NameRef) as
//! read, by a [`ShapeId`] in a [`Service`](super::Service).

use super::{Deprecated, MemberTraits, ShapeId, ShapeTraits, TimestampFormat};
use crate::diagnostic::Origin;
use std::convert::Infallible;

/// A named shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape<R = ShapeId> {
    /// The model's name for it, without a namespace.
    pub name: String,
    /// What it is.
    pub kind: ShapeKind<R>,
    /// What is said about it.
    pub traits: ShapeTraits,
    /// Where it was read from.
    pub origin: Origin,
}

/// What a shape is.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a graph has hundreds of shapes; a box would be in every reader's way")]
pub enum ShapeKind<R = ShapeId> {
    /// Named members, each present or absent; an error when `traits.error` is set.
    Structure(Vec<Member<R>>),
    /// Named members of which exactly one is present.
    Union(Vec<Member<R>>),
    /// A list; `sparse` where null elements mean something.
    List {
        /// The element.
        member: Member<R>,
        /// Whether null elements are kept.
        sparse: bool,
    },
    /// A map with string keys; `sparse` where null values mean something.
    Map {
        /// The key: a string or an enum.
        key: Member<R>,
        /// The value.
        value: Member<R>,
        /// Whether null values are kept.
        sparse: bool,
    },
    /// A string with named values; unknown ones may arrive.
    Enum(Vec<EnumValue>),
    /// An integer with named values; unknown ones may arrive.
    IntEnum(Vec<IntEnumValue>),
    /// UTF-8 text.
    String,
    /// True or false.
    Boolean,
    /// 8 bits, signed.
    Byte,
    /// 16 bits, signed.
    Short,
    /// 32 bits, signed.
    Integer,
    /// 64 bits, signed.
    Long,
    /// IEEE 754, 32 bits.
    Float,
    /// IEEE 754, 64 bits.
    Double,
    /// Bytes.
    Blob,
    /// A point in time.
    Timestamp,
    /// Any JSON-like value.
    Document,
}

/// A pattern: the kinds of shapes without members, which Smithy calls simple. These patterns are for those to whom all
/// such kinds are alike: whoever adds a kind decides here whether it is like the others.
macro_rules! simple {
    () => {
        $crate::graph::ShapeKind::Enum(_) | $crate::graph::ShapeKind::IntEnum(_) | $crate::graph::scalar!()
    };
}

/// A pattern: the simple kinds but enums.
macro_rules! scalar {
    () => {
        $crate::graph::ShapeKind::String
            | $crate::graph::ShapeKind::Boolean
            | $crate::graph::ShapeKind::Blob
            | $crate::graph::ShapeKind::Timestamp
            | $crate::graph::ShapeKind::Document
            | $crate::graph::number!()
    };
}

/// A pattern: the kinds of numbers, whole ones or not.
macro_rules! number {
    () => {
        $crate::graph::ShapeKind::Byte
            | $crate::graph::ShapeKind::Short
            | $crate::graph::ShapeKind::Integer
            | $crate::graph::ShapeKind::Long
            | $crate::graph::ShapeKind::Float
            | $crate::graph::ShapeKind::Double
    };
}
pub(crate) use {number, scalar, simple};

impl<R> ShapeKind<R> {
    /// Smithy's name of the shape type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Structure(_) => "structure",
            Self::Union(_) => "union",
            Self::List { .. } => "list",
            Self::Map { .. } => "map",
            Self::Enum(_) => "enum",
            Self::IntEnum(_) => "intEnum",
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Byte => "byte",
            Self::Short => "short",
            Self::Integer => "integer",
            Self::Long => "long",
            Self::Float => "float",
            Self::Double => "double",
            Self::Blob => "blob",
            Self::Timestamp => "timestamp",
            Self::Document => "document",
        }
    }

    /// The members of a structure or union, the element of a list, the key and the value of a map.
    pub fn members(&self) -> impl Iterator<Item = &Member<R>> + Clone {
        let (members, more) = match self {
            Self::Structure(members) | Self::Union(members) => (members.as_slice(), None),
            Self::List { member, .. } => (std::slice::from_ref(member), None),
            Self::Map { key, value, .. } => (std::slice::from_ref(key), Some(value)),
            simple!() => (&[][..], None),
        };
        members.iter().chain(more)
    }

    /// As [`members`](Self::members), to be changed.
    pub fn members_mut(&mut self) -> impl Iterator<Item = &mut Member<R>> {
        let (members, more) = match self {
            Self::Structure(members) | Self::Union(members) => (members.as_mut_slice(), None),
            Self::List { member, .. } => (std::slice::from_mut(member), None),
            Self::Map { key, value, .. } => (std::slice::from_mut(key), Some(value)),
            simple!() => (&mut [][..], None),
        };
        members.iter_mut().chain(more)
    }

    /// The members of a structure or union, which a model names; of anything else none.
    pub fn named_members(&self) -> &[Member<R>] {
        match self {
            Self::Structure(members) | Self::Union(members) => members,
            Self::List { .. } | Self::Map { .. } | simple!() => &[],
        }
    }

    /// The element of a list, the key and the value of a map; of anything else none.
    pub fn contents(&self) -> impl Iterator<Item = &Member<R>> {
        let is_container = matches!(self, Self::List { .. } | Self::Map { .. });
        self.members().filter(move |_| is_container)
    }

    /// The same with other references, member by member in the order of [`members`](Self::members).
    fn try_map<S, E>(self, target: &mut impl FnMut(R) -> Result<S, E>) -> Result<ShapeKind<S>, E> {
        Ok(match self {
            Self::Structure(members) => ShapeKind::Structure(try_map(members, target)?),
            Self::Union(members) => ShapeKind::Union(try_map(members, target)?),
            Self::List { member, sparse } => ShapeKind::List { member: member.try_map(target)?, sparse },
            Self::Map { key, value, sparse } => {
                ShapeKind::Map { key: key.try_map(target)?, value: value.try_map(target)?, sparse }
            }
            Self::Enum(values) => ShapeKind::Enum(values),
            Self::IntEnum(values) => ShapeKind::IntEnum(values),
            Self::String => ShapeKind::String,
            Self::Boolean => ShapeKind::Boolean,
            Self::Byte => ShapeKind::Byte,
            Self::Short => ShapeKind::Short,
            Self::Integer => ShapeKind::Integer,
            Self::Long => ShapeKind::Long,
            Self::Float => ShapeKind::Float,
            Self::Double => ShapeKind::Double,
            Self::Blob => ShapeKind::Blob,
            Self::Timestamp => ShapeKind::Timestamp,
            Self::Document => ShapeKind::Document,
        })
    }
}

impl<R> Shape<R> {
    /// See [`ShapeKind::members`].
    pub fn members(&self) -> impl Iterator<Item = &Member<R>> + Clone {
        self.kind.members()
    }

    /// The member named `name` of a structure or union.
    pub fn member_named(&self, name: &str) -> Option<&Member<R>> {
        self.kind.named_members().iter().find(|member| member.name == name)
    }

    /// The same shape with other references, which are asked for in the order of the members.
    pub(super) fn map<S>(self, mut target: impl FnMut(R) -> S) -> Shape<S> {
        let Ok(shape) = self.try_map(|reference| Ok::<S, Infallible>(target(reference)));
        shape
    }

    /// The same, if there is another reference for each.
    pub(super) fn try_map<S, E>(self, mut target: impl FnMut(R) -> Result<S, E>) -> Result<Shape<S>, E> {
        let Self { name, kind, traits, origin } = self;
        Ok(Shape { name, kind: kind.try_map(&mut target)?, traits, origin })
    }
}

impl<R: Copy> Shape<R> {
    /// The shapes that this one refers to, in model order, with repetitions.
    pub fn targets(&self) -> impl Iterator<Item = R> {
        self.members().map(|member| member.target)
    }
}

/// One value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumValue {
    /// The model's name of the value; only Smithy has names.
    pub name: Option<String>,
    /// The value on the wire.
    pub value: String,
    /// Deprecation, if any.
    pub deprecated: Option<Deprecated>,
}

/// One value of an intEnum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntEnumValue {
    /// The model's name of the value.
    pub name: String,
    /// The value on the wire.
    pub value: i32,
}

/// A reference from an aggregate shape to another shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Member<R = ShapeId> {
    /// Name in the model; `member`, `key` or `value` in lists and maps.
    pub name: String,
    /// The shape that it holds.
    pub target: R,
    /// What is said about it.
    pub traits: MemberTraits,
    /// Where it was read from.
    pub origin: Origin,
}

impl<R> Member<R> {
    /// Name on the wire.
    pub fn wire_name(&self) -> &str {
        self.traits.wire_name.as_deref().unwrap_or(&self.name)
    }

    /// The format of the timestamps inside: its own, or that of the timestamp in what it holds, also in lists and maps.
    pub fn timestamp_format<'s>(&self, target: &impl Fn(&R) -> Option<&'s Shape<R>>) -> Option<TimestampFormat>
    where
        R: 's,
    {
        self.traits.timestamp_format.or_else(|| {
            let held = target(&self.target)?;
            match &held.kind {
                ShapeKind::Timestamp => held.traits.timestamp_format,
                ShapeKind::List { member, .. } | ShapeKind::Map { value: member, .. } => {
                    member.timestamp_format(target)
                }
                ShapeKind::Structure(_) | ShapeKind::Union(_) | ShapeKind::Enum(_) | ShapeKind::IntEnum(_) => None,
                ShapeKind::String | ShapeKind::Boolean | number!() | ShapeKind::Blob | ShapeKind::Document => None,
            }
        })
    }

    fn try_map<S, E>(self, target: &mut impl FnMut(R) -> Result<S, E>) -> Result<Member<S>, E> {
        let Self { name, target: reference, traits, origin } = self;
        Ok(Member { name, target: target(reference)?, traits, origin })
    }
}

fn try_map<R, S, E>(members: Vec<Member<R>>, target: &mut impl FnMut(R) -> Result<S, E>) -> Result<Vec<Member<S>>, E> {
    members.into_iter().map(|member| member.try_map(target)).collect()
}
