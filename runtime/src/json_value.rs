//! Documents as `serde_json` has them.

use crate::{Document, Number};
use serde_json::Value as JsonValue;

/// With the feature `serde_json`. A number beyond 64 bits, which `serde_json` has with its feature `arbitrary_precision`,
/// becomes the nearest double.
///
/// ```
/// # #[cfg(feature = "serde_json")] {
/// use serde_json::json;
/// use workstream_runtime::Document;
///
/// let document = Document::from(json!({"level": 5, "tags": ["a", null]}));
/// assert_eq!(serde_json::Value::from(document), json!({"level": 5, "tags": ["a", null]}));
/// # }
/// ```
impl From<JsonValue> for Document {
    fn from(value: JsonValue) -> Self {
        match value {
            JsonValue::Null => Self::Null,
            JsonValue::Bool(value) => Self::Bool(value),
            JsonValue::Number(value) => Self::Number(number(&value)),
            JsonValue::String(value) => Self::String(value),
            JsonValue::Array(values) => values.into_iter().collect(),
            JsonValue::Object(values) => {
                Self::Object(values.into_iter().map(|(key, value)| (key, value.into())).collect())
            }
        }
    }
}

fn number(value: &serde_json::Number) -> Number {
    let integer = value.as_u64().map(Number::Unsigned).or_else(|| value.as_i64().map(Number::Signed));
    // Digits of any length are a double, if perhaps an infinite one.
    integer
        .unwrap_or_else(|| Number::Float(value.as_f64().or_else(|| value.to_string().parse().ok()).unwrap_or(f64::NAN)))
}

/// With the feature `serde_json`. `NaN` and the infinities, which JSON does not have, become null.
impl From<Document> for JsonValue {
    fn from(document: Document) -> Self {
        match document {
            Document::Null => Self::Null,
            Document::Bool(value) => value.into(),
            Document::Number(Number::Unsigned(value)) => value.into(),
            Document::Number(Number::Signed(value)) => value.into(),
            Document::Number(Number::Float(value)) => value.into(),
            Document::String(value) => value.into(),
            Document::Array(values) => values.into_iter().collect(),
            Document::Object(values) => {
                Self::Object(values.into_iter().map(|(key, value)| (key, value.into())).collect())
            }
        }
    }
}
