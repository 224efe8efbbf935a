//! serde's `Deserialize` for everything that travels: what comes is copied as JSON, which the reader of
//! [`crate::json`] reads. So both take the same, and no type has code of its own.

use crate::decode_error::WithoutOffset;
use crate::{MAX_DEPTH, Value, json, writer};
use serde_core::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use std::fmt;

/// How a number comes from `serde_json`, if some crate of the program has switched on its feature `arbitrary_precision`: as
/// an object with this key and the digits.
const NUMBER_KEY: &str = "$serde_json::private::Number";

/// For `serde_traits!`.
///
/// # Errors
/// Those of the deserializer, and what does not fit the type: says which member, and what was expected.
pub fn deserialize<'de, T: Value + Default, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::default();
    read(&mut value, T::is_nullable(), deserializer)?;
    Ok(value)
}

/// Compiled once for each deserializer, whatever the type.
fn read<'de, D: Deserializer<'de>>(value: &mut dyn Value, nullable: bool, deserializer: D) -> Result<(), D::Error> {
    let mut copy = Vec::new();
    JsonCopy { json: &mut copy, depth: 0 }.deserialize(deserializer)?;
    json::read(value, nullable, &copy).map_err(|error| D::Error::custom(WithoutOffset(error)))
}

/// Copies the value that comes as JSON.
struct JsonCopy<'j> {
    json: &'j mut Vec<u8>,
    /// How many lists and objects are open.
    depth: usize,
}

impl JsonCopy<'_> {
    /// For the values inside of this one.
    fn inside<E: Error>(&mut self) -> Result<JsonCopy<'_>, E> {
        if self.depth == MAX_DEPTH {
            return Err(E::custom(format_args!("expected at most {MAX_DEPTH} levels, found more")));
        }
        Ok(JsonCopy { json: self.json, depth: self.depth + 1 })
    }

    /// Copies the digits of a number.
    fn digits<E: Error>(self, digits: &str) -> Result<(), E> {
        let is_digits = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
        if !is_digits {
            return Err(E::invalid_value(Unexpected::Other("text"), &"the digits of a number"));
        }
        self.json.extend_from_slice(digits.as_bytes());
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for JsonCopy<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for JsonCopy<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of the API")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        writer::json::plain(self.json, "null");
        Ok(())
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        writer::json::plain(self.json, value);
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        writer::json::plain(self.json, value);
        Ok(())
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<(), E> {
        writer::json::plain(self.json, value);
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        writer::json::plain(self.json, value);
        Ok(())
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<(), E> {
        writer::json::plain(self.json, value);
        Ok(())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        writer::json::float(self.json, value, format_args!("{value:?}"));
        Ok(())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        writer::json::string(self.json, value);
        Ok(())
    }

    fn visit_bytes<E: Error>(self, value: &[u8]) -> Result<(), E> {
        writer::json::string(self.json, &crate::value::base64(value));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        let inside = self.inside()?;
        inside.json.push(b'[');
        while elements.next_element_seed(JsonCopy { json: inside.json, depth: inside.depth })?.is_some() {
            inside.json.push(b',');
        }
        end(inside.json, b']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        let mut key = members.next_key::<String>()?;
        if key.as_deref() == Some(NUMBER_KEY) {
            let digits: String = members.next_value()?;
            return self.digits(&digits);
        }
        let inside = self.inside()?;
        inside.json.push(b'{');
        while let Some(name) = key {
            writer::json::string(inside.json, &name);
            inside.json.push(b':');
            members.next_value_seed(JsonCopy { json: inside.json, depth: inside.depth })?;
            inside.json.push(b',');
            key = members.next_key()?;
        }
        end(inside.json, b'}');
        Ok(())
    }
}

/// Ends a list or an object, of which each value is followed by a comma.
fn end(json: &mut Vec<u8>, bracket: u8) {
    json.pop_if(|last| *last == b',');
    json.push(bracket);
}
