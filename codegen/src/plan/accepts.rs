//! What constructors and setters take.

use super::{Type, TypeId, primitive};

/// What is taken for a value, so that callers need not convert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// The type itself.
    Exactly,
    /// `impl Into<T>`: text for a string or an enum, bytes for a blob.
    Into,
    /// What the box holds.
    Unboxed,
    /// `impl IntoIterator` over the elements of a list.
    Elements {
        /// Whether each is an `impl Into<T>`.
        into: bool,
    },
    /// `impl IntoIterator` over the pairs of a map, whose keys are `impl Into<T>`.
    Pairs {
        /// Whether the values are too.
        into: bool,
    },
}

impl Accepts {
    /// What is taken for a value of the type; `is_enum` tells enums of strings.
    pub(super) fn of(ty: &Type, is_enum: impl Fn(TypeId) -> bool) -> Self {
        let into = |ty: &Type| match ty {
            Type::String | Type::Blob | Type::Timestamp | Type::Document => true,
            Type::Named(id) => is_enum(*id),
            primitive!() => false,
            Type::Boxed(_) | Type::Nullable(_) | Type::List(_) | Type::Map(..) => false,
        };
        match ty {
            Type::Boxed(_) => Self::Unboxed,
            Type::List(element) => Self::Elements { into: into(element) },
            Type::Map(key, value) if into(key) => Self::Pairs { into: into(value) },
            Type::Map(..) | Type::Nullable(_) => Self::Exactly,
            Type::String | Type::Blob | Type::Timestamp | Type::Document | Type::Named(_) | primitive!() => {
                if into(ty) { Self::Into } else { Self::Exactly }
            }
        }
    }

    /// Whether a function that takes it is generic: then it is compiled where it is called.
    pub fn is_generic(self) -> bool {
        match self {
            Self::Into | Self::Elements { .. } | Self::Pairs { .. } => true,
            Self::Exactly | Self::Unboxed => false,
        }
    }
}
