//! serde's `Serialize` for everything that travels: through one description for all types, without derived code.

use crate::value::base64;
use crate::writer::Collected;
use crate::writer::json::not_finite;
use crate::{Value, Writer};
/// For `serde_traits!`: crates that are generated do not name it.
pub use serde_core as serde;
use serde_core::ser::{Error, Serialize, Serializer};

/// For `serde_traits!`: compiled once for each serializer, whatever the type.
///
/// # Errors
/// Those of the serializer, and what cannot be written.
pub fn serialize<S: Serializer>(value: &dyn Value, serializer: S) -> Result<S::Ok, S::Error> {
    Writer::collect(value).map_err(S::Error::custom)?.serialize(serializer)
}

impl Serialize for Collected {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => serializer.serialize_i64(*value),
            Self::Unsigned(value) => serializer.serialize_u64(*value),
            Self::Float(value) if value.is_finite() || !serializer.is_human_readable() => {
                serializer.serialize_f64(*value)
            }
            Self::Float(value) => serializer.serialize_str(not_finite(*value)),
            Self::Float32(value) if value.is_finite() || !serializer.is_human_readable() => {
                serializer.serialize_f32(*value)
            }
            Self::Float32(value) => serializer.serialize_str(not_finite((*value).into())),
            Self::String(value) => serializer.serialize_str(value),
            Self::Blob(value) if serializer.is_human_readable() => serializer.serialize_str(&base64(value)),
            Self::Blob(value) => serializer.serialize_bytes(value),
            Self::Timestamp(value) => serializer.collect_str(value),
            Self::List(values) => serializer.collect_seq(values),
            // Not as structures: some formats write those by position, and absent members would move the others.
            Self::Object(values) => serializer.collect_map(values.iter().map(|(key, value)| (key, value))),
        }
    }
}
