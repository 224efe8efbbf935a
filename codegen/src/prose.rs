//! What is said of a model in the same words wherever it is said.

use crate::graph::{Limits, Service, ShapeKind};

/// Address of the API reference for an operation or a data type.
pub(crate) fn reference_url(service: &Service, name: &str) -> Option<String> {
    // A version may be any text in Smithy.
    let is_plain =
        |version: &&str| version.chars().all(|letter| letter.is_ascii_alphanumeric() || ".-_".contains(letter));
    let version = service.metadata().api_version.as_deref().filter(is_plain)?;
    Some(format!("https://docs.aws.amazon.com/goto/WebAPI/{}-{version}/{name}", service.name()))
}

/// How large a value may be.
pub(crate) fn size(kind: &ShapeKind, limits: &Limits) -> Option<String> {
    let unit = |last: &str| match (kind, last == "1") {
        (ShapeKind::String | ShapeKind::Enum(_), true) => " character",
        (ShapeKind::String | ShapeKind::Enum(_), false) => " characters",
        (ShapeKind::Blob, true) => " byte",
        (ShapeKind::Blob, false) => " bytes",
        (ShapeKind::List { .. }, true) => " element",
        (ShapeKind::List { .. }, false) => " elements",
        (ShapeKind::Map { .. }, true) => " entry",
        (ShapeKind::Map { .. }, false) => " entries",
        _ => "",
    };
    match (limits.min.as_deref(), limits.max.as_deref()) {
        (None, None) => None,
        (Some(min), Some(max)) if min == max => Some(format!("exactly {max}{}", unit(max))),
        (Some(min), Some(max)) => Some(format!("{min} to {max}{}", unit(max))),
        (Some(min), None) => Some(format!("at least {min}{}", unit(min))),
        (None, Some(max)) => Some(format!("at most {max}{}", unit(max))),
    }
}
