//! What all generated enums share.

use std::fmt;

/// A value that the enum it stands in does not know. Only the enum's
/// conversion from text makes one, so that a known value is never hidden in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    /// For generated code, which has looked at the known values.
    #[doc(hidden)]
    pub fn new(value: &str) -> Self {
        Self(value.into())
    }

    /// The value as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an enum of strings has beside `as_str` and `From<&str>`.
#[doc(hidden)]
#[macro_export]
macro_rules! string_enum {
    ($name:ident) => {
        impl ::core::cmp::Eq for $name {}

        impl ::core::convert::From<::std::string::String> for $name {
            #[inline]
            fn from(value: ::std::string::String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl ::core::default::Default for $name {
            /// An empty unknown value: what a response has that lacks a required member.
            fn default() -> Self {
                Self::from("")
            }
        }

        impl ::core::convert::AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::core::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::MapKey for $name {
            #[inline]
            fn as_key(&self) -> &str {
                self.as_str()
            }
        }

        impl $crate::Value for $name {
            fn write(&self, writer: &mut $crate::Writer) {
                writer.string(self.as_str());
            }

            fn read(&mut self, reader: &mut $crate::Reader<'_>) {
                *self = Self::from(&*reader.string());
            }
        }
    };
}

/// What an enum of integers has beside `as_i32` and `From<i32>`.
#[doc(hidden)]
#[macro_export]
macro_rules! int_enum {
    ($name:ident) => {
        impl ::core::cmp::Eq for $name {}

        impl ::core::default::Default for $name {
            /// Zero: what a response has that lacks a required member.
            fn default() -> Self {
                Self::from(0)
            }
        }

        impl $crate::Value for $name {
            fn write(&self, writer: &mut $crate::Writer) {
                $crate::Value::write(&self.as_i32(), writer);
            }

            fn read(&mut self, reader: &mut $crate::Reader<'_>) {
                let mut value = self.as_i32();
                $crate::Value::read(&mut value, reader);
                *self = Self::from(value);
            }
        }
    };
}

/// `Debug` of a sensitive enum: its name and nothing else.
#[doc(hidden)]
#[macro_export]
macro_rules! redacted_debug {
    ($name:ident) => {
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(concat!(stringify!($name), "(** redacted **)"))
            }
        }
    };
}
