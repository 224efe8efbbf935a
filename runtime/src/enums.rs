//! What all generated enums share.

use std::borrow::Cow;
use std::fmt;

/// A value that the enum it stands in does not know. Only the enum's
/// conversion from text makes one, so that a known value is never hidden in it.
///
/// A later version of the crate may know the value, and then gives its variant instead: code that matches on the unknown
/// variant and its text would silently do something else. Compare the enum's `as_str()` with the text, which is the same
/// in every version.
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
        fmt::Display::fmt(&*self.0, f)
    }
}

/// Text that enums of strings compare with: `fleet.state == "RUNNING"`.
pub trait EnumText {
    /// The text.
    fn text(&self) -> &str;
}

impl EnumText for str {
    fn text(&self) -> &str {
        self
    }
}

impl EnumText for String {
    fn text(&self) -> &str {
        self
    }
}

impl EnumText for Cow<'_, str> {
    fn text(&self) -> &str {
        self
    }
}

impl<T: EnumText + ?Sized> EnumText for &T {
    fn text(&self) -> &str {
        (**self).text()
    }
}

/// What an enum of strings has beside `as_str` and `From<&str>`; with `sensitive`, `Debug` does not show its value.
///
/// Equality, order and hash are the text's: so a new value changes no order and no hash of the others, and less is compiled.
#[doc(hidden)]
#[macro_export]
macro_rules! string_enum {
    ($name:ident) => {
        $crate::string_enum_traits!($name);

        /// The value on the wire, in quotes, as the `Debug` of structures shows it.
        impl ::core::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(self.as_str(), f)
            }
        }
    };
    ($name:ident, sensitive) => {
        $crate::string_enum_traits!($name);
        $crate::redacted_debug!($name);
    };
}

/// For `string_enum!`: all but `Debug`.
#[doc(hidden)]
#[macro_export]
macro_rules! string_enum_traits {
    ($name:ident) => {
        impl ::core::cmp::PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl ::core::cmp::Eq for $name {}

        // One for all texts: two would cost every build another function for each enum.
        impl<T: $crate::EnumText + ?::core::marker::Sized> ::core::cmp::PartialEq<T> for $name {
            #[inline]
            fn eq(&self, other: &T) -> bool {
                self.as_str() == other.text()
            }
        }

        impl ::core::cmp::PartialOrd for $name {
            #[inline]
            fn partial_cmp(&self, other: &Self) -> ::core::option::Option<::core::cmp::Ordering> {
                ::core::option::Option::Some(::core::cmp::Ord::cmp(self, other))
            }
        }

        impl ::core::cmp::Ord for $name {
            #[inline]
            fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
                ::core::cmp::Ord::cmp(self.as_str(), other.as_str())
            }
        }

        impl ::core::hash::Hash for $name {
            #[inline]
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                ::core::hash::Hash::hash(self.as_str(), state);
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;

            #[inline]
            fn from_str(value: &str) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                ::core::result::Result::Ok(Self::from(value))
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            #[inline]
            fn from(value: ::std::string::String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl ::core::default::Default for $name {
            /// The unknown value `""`: what stands for a required member that a response lacks.
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
                ::core::fmt::Display::fmt(self.as_str(), f)
            }
        }

        impl $crate::MapKey for $name {}

        impl $crate::Value for $name {
            fn write(&self, writer: &mut $crate::Writer) {
                writer.string(self.as_str());
            }

            fn read(&mut self, reader: &mut $crate::Reader<'_>) {
                *self = Self::from(&*reader.string());
            }
        }

        $crate::serde_traits!($name);
    };
}

/// What an enum of integers has beside `as_i32` and `From<i32>`. Equality, order and hash are the number's.
#[doc(hidden)]
#[macro_export]
macro_rules! int_enum {
    ($name:ident) => {
        impl ::core::cmp::PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.as_i32() == other.as_i32()
            }
        }

        impl ::core::cmp::Eq for $name {}

        impl ::core::cmp::PartialOrd for $name {
            #[inline]
            fn partial_cmp(&self, other: &Self) -> ::core::option::Option<::core::cmp::Ordering> {
                ::core::option::Option::Some(::core::cmp::Ord::cmp(self, other))
            }
        }

        impl ::core::cmp::Ord for $name {
            #[inline]
            fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
                ::core::cmp::Ord::cmp(&self.as_i32(), &other.as_i32())
            }
        }

        impl ::core::hash::Hash for $name {
            #[inline]
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                ::core::hash::Hash::hash(&self.as_i32(), state);
            }
        }

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

        $crate::serde_traits!($name);
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
