//! Types and signatures as Rust, with the names that code has in scope.

use crate::graph::rules::{Parameter, ParameterType};
use crate::plan::{Accepts, FieldPlan, Type, TypePlan};

/// A Rust type as a field has it.
pub(super) fn rust_type(types: &[TypePlan<'_>], ty: &Type) -> String {
    let text = |ty: &Type| rust_type(types, ty);
    let plain = match ty {
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
        Type::Named(id) => &types[id.0 as usize].name,
        Type::Boxed(inner) => return format!("Box<{}>", text(inner)),
        Type::Nullable(inner) => return format!("Option<{}>", text(inner)),
        Type::List(inner) => return format!("Vec<{}>", text(inner)),
        Type::Map(key, value) => return format!("BTreeMap<{}, {}>", text(key), text(value)),
    };
    plain.to_owned()
}

/// The type of a struct's field.
pub(super) fn field_type(types: &[TypePlan<'_>], field: &FieldPlan<'_>) -> String {
    let ty = rust_type(types, &field.ty);
    if field.is_plain() { ty } else { format!("Option<{ty}>") }
}

/// What constructor and setter take for a field.
pub(super) fn argument(types: &[TypePlan<'_>], field: &FieldPlan<'_>) -> String {
    let text = |ty: &Type| rust_type(types, ty);
    match (field.accepts, &field.ty) {
        (Accepts::Into, ty) => format!("impl Into<{}>", text(ty)),
        (Accepts::Unboxed, Type::Boxed(inner)) => text(inner),
        (Accepts::Elements { into: true }, Type::List(element)) => {
            format!("impl IntoIterator<Item = impl Into<{}>>", text(element))
        }
        (Accepts::Elements { into: false }, Type::List(element)) => {
            format!("impl IntoIterator<Item = {}>", text(element))
        }
        (Accepts::Pairs, Type::Map(key, value)) => {
            format!("impl IntoIterator<Item = (impl Into<{}>, impl Into<{}>)>", text(key), text(value))
        }
        (Accepts::Exactly | Accepts::Unboxed | Accepts::Elements { .. } | Accepts::Pairs, ty) => text(ty),
    }
}

/// What the field of an endpoint parameter is, and what its setter takes.
pub(super) fn parameter(parameter: &Parameter) -> (String, &'static str) {
    let (ty, argument) = match parameter.kind {
        ParameterType::String => ("String", "impl Into<String>"),
        ParameterType::Boolean => ("bool", "bool"),
        ParameterType::StringArray => ("Vec<String>", "impl IntoIterator<Item = impl Into<String>>"),
    };
    // What has a default is always there.
    (if parameter.default.is_some() { ty.to_owned() } else { format!("Option<{ty}>") }, argument)
}
