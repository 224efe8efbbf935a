//! Types as code writes them. They are decided here once: the surface has them as text, emitted code as tokens.

use super::{Accepts, FieldPlan, PaginatorPlan, Type, TypeId, TypePlan, primitive};
use crate::graph::rules::{Parameter, ParameterType};
use std::fmt;

/// A type as code writes it, with the names that it has in scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written<'p> {
    /// A name.
    Name(&'p str),
    /// A name with the types that it is generic over, such as `Vec<T>`.
    Generic(&'static str, Vec<Written<'p>>),
    /// A tuple of two or more.
    Tuple(Vec<Written<'p>>),
    /// `impl Into<T>`
    Into(Box<Written<'p>>),
    /// `impl IntoIterator<Item = T>`
    Elements(Box<Written<'p>>),
}

impl<'p> Written<'p> {
    /// A Rust type.
    pub fn of(types: &'p [TypePlan<'_>], ty: &Type) -> Self {
        let of = |ty: &Type| Self::of(types, ty);
        Self::Name(match ty {
            Type::String => "String",
            Type::Bool => "bool",
            Type::I8 => "i8",
            Type::I16 => "i16",
            Type::I32 => "i32",
            Type::I64 => "i64",
            Type::F32 => "f32",
            Type::F64 => "f64",
            Type::Blob => "Blob",
            Type::Timestamp => "Timestamp",
            Type::Document => "Document",
            Type::Named(TypeId(id)) => &types[*id as usize].name,
            Type::Boxed(inner) => return Self::Generic("Box", vec![of(inner)]),
            Type::Nullable(inner) => return of(inner).optional(),
            Type::List(element) => return of(element).list(),
            Type::Map(key, value) => return Self::Generic("BTreeMap", vec![of(key), of(value)]),
        })
    }

    /// The type of a struct's field.
    pub fn field(types: &'p [TypePlan<'_>], field: &FieldPlan<'_>) -> Self {
        let ty = Self::of(types, &field.ty);
        if field.is_plain() { ty } else { ty.optional() }
    }

    /// What constructor and setter take for a field.
    pub fn argument(types: &'p [TypePlan<'_>], field: &FieldPlan<'_>) -> Self {
        let of = |ty: &Type| Self::of(types, ty);
        match (field.accepts, &field.ty) {
            (Accepts::Into, ty) => of(ty).converted(),
            (Accepts::Unboxed, Type::Boxed(inner)) => of(inner),
            (Accepts::Elements { into: true }, Type::List(element)) => of(element).converted().elements(),
            (Accepts::Elements { into: false }, Type::List(element)) => of(element).elements(),
            (Accepts::Pairs { into }, Type::Map(key, value)) => {
                let value = if into { of(value).converted() } else { of(value) };
                Self::Tuple(vec![of(key).converted(), value]).elements()
            }
            (Accepts::Exactly | Accepts::Unboxed | Accepts::Elements { .. } | Accepts::Pairs { .. }, ty) => of(ty),
        }
    }

    /// What tells where a page begins: one token is itself, more are a tuple of which each may be absent.
    pub fn token(types: &'p [TypePlan<'_>], input: TypeId, paginator: &PaginatorPlan) -> Self {
        let fields = paginator.input_tokens.iter().filter_map(|name| types[input.0 as usize].field(name));
        let mut tokens: Vec<Self> = fields.map(|field| Self::of(types, &field.ty)).collect();
        match (tokens.pop(), tokens.is_empty()) {
            (Some(one), true) => one,
            (last, _) => Self::Tuple(tokens.into_iter().chain(last).map(Self::optional).collect()),
        }
    }

    /// What each of the items is that pages have in a field of this type: of a map its entries.
    pub fn item(types: &'p [TypePlan<'_>], ty: &Type) -> Self {
        let of = |ty: &Type| Self::of(types, ty);
        match ty {
            Type::List(element) => of(element),
            Type::Map(key, value) => Self::Tuple(vec![of(key), of(value)]),
            Type::String | primitive!() | Type::Blob | Type::Timestamp | Type::Document => of(ty),
            Type::Named(_) | Type::Boxed(_) | Type::Nullable(_) => of(ty),
        }
    }

    /// The type of the field of an endpoint parameter. What has a default is always there.
    pub fn parameter(parameter: &Parameter) -> Self {
        let ty = match parameter.kind {
            ParameterType::String => Self::Name("String"),
            ParameterType::Boolean => Self::Name("bool"),
            ParameterType::StringArray => Self::Name("String").list(),
        };
        if parameter.default.is_some() { ty } else { ty.optional() }
    }

    /// What the setter of an endpoint parameter takes.
    pub fn parameter_argument(parameter: &Parameter) -> Self {
        match parameter.kind {
            ParameterType::String => Self::Name("String").converted(),
            ParameterType::Boolean => Self::Name("bool"),
            ParameterType::StringArray => Self::Name("String").converted().elements(),
        }
    }

    fn optional(self) -> Self {
        Self::Generic("Option", vec![self])
    }

    fn list(self) -> Self {
        Self::Generic("Vec", vec![self])
    }

    fn converted(self) -> Self {
        Self::Into(Box::new(self))
    }

    fn elements(self) -> Self {
        Self::Elements(Box::new(self))
    }
}

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listed = |f: &mut fmt::Formatter<'_>, types: &[Self]| {
            types.iter().enumerate().try_for_each(|(index, ty)| match index {
                0 => write!(f, "{ty}"),
                _ => write!(f, ", {ty}"),
            })
        };
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Generic(name, types) => {
                write!(f, "{name}<")?;
                listed(f, types)?;
                f.write_str(">")
            }
            Self::Tuple(types) => {
                f.write_str("(")?;
                listed(f, types)?;
                f.write_str(")")
            }
            Self::Into(ty) => write!(f, "impl Into<{ty}>"),
            Self::Elements(ty) => write!(f, "impl IntoIterator<Item = {ty}>"),
        }
    }
}
