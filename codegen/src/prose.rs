//! What is said of a model in the same words wherever it is said.

use crate::graph::{Limits, Service, ShapeKind, number};

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
    let (one, many) = match kind {
        ShapeKind::String | ShapeKind::Enum(_) => (" character", " characters"),
        ShapeKind::Blob => (" byte", " bytes"),
        ShapeKind::List { .. } => (" element", " elements"),
        ShapeKind::Map { .. } => (" entry", " entries"),
        // The value itself is limited, or nothing.
        ShapeKind::Structure(_)
        | ShapeKind::Union(_)
        | ShapeKind::IntEnum(_)
        | ShapeKind::Boolean
        | number!()
        | ShapeKind::Timestamp
        | ShapeKind::Document => ("", ""),
    };
    let unit = |last: &str| if last == "1" { one } else { many };
    match (limits.min.as_deref(), limits.max.as_deref()) {
        (None, None) => None,
        (Some(min), Some(max)) if min == max => Some(format!("exactly {max}{}", unit(max))),
        (Some(min), Some(max)) => Some(format!("{min} to {max}{}", unit(max))),
        (Some(min), None) => Some(format!("at least {min}{}", unit(min))),
        (None, Some(max)) => Some(format!("at most {max}{}", unit(max))),
    }
}
