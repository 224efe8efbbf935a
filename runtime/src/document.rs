//! Values without a model.

use std::collections::BTreeMap;

/// An open value, as Smithy's `document` type has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Document {
    /// Nothing.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// An integer or a fraction.
    Number(Number),
    /// Text.
    String(String),
    /// Values in order.
    Array(Vec<Document>),
    /// Values by name.
    Object(BTreeMap<String, Document>),
}

impl Document {
    /// The document, unless it is null.
    pub fn non_null(&self) -> Option<&Self> {
        (!matches!(self, Self::Null)).then_some(self)
    }

    /// Whether JMESPath takes it for true: it is neither null nor false, and no empty text, list or object. Zero is true.
    ///
    /// Specification: jmespath.org, "Or Expressions".
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(_) => true,
            Self::String(text) => !text.is_empty(),
            Self::Array(values) => !values.is_empty(),
            Self::Object(values) => !values.is_empty(),
        }
    }
}

/// A number in a [`Document`]: an integer of 64 bits, or a double. There may be larger ones some day; until then
/// [`as_integer`](Self::as_integer) and [`as_f64`](Self::as_f64) say all.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Number {
    /// An integer from zero on.
    Unsigned(u64),
    /// An integer; below zero, when it was read.
    Signed(i64),
    /// Any other number.
    Float(f64),
}

impl Number {
    /// The number if it is an integer, however it is stored.
    pub fn as_integer(self) -> Option<i128> {
        match self {
            Self::Unsigned(value) => Some(value.into()),
            Self::Signed(value) => Some(value.into()),
            Self::Float(_) => None,
        }
    }

    /// The nearest double.
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Unsigned(value) => value as f64,
            Self::Signed(value) => value as f64,
            Self::Float(value) => value,
        }
    }
}

/// An integer equals the same integer, however it is stored, and no float.
impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        match (self.as_integer(), other.as_integer()) {
            (Some(a), Some(b)) => a == b,
            (None, None) => self.as_f64() == other.as_f64(),
            _ => false,
        }
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self::Unsigned(value)
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        u64::try_from(value).map_or(Self::Signed(value), Self::Unsigned)
    }
}

impl From<i32> for Number {
    fn from(value: i32) -> Self {
        i64::from(value).into()
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl<N: Into<Number>> From<N> for Document {
    fn from(value: N) -> Self {
        Self::Number(value.into())
    }
}

impl From<bool> for Document {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Document {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<String> for Document {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl From<Vec<Document>> for Document {
    fn from(values: Vec<Document>) -> Self {
        Self::Array(values)
    }
}

impl From<BTreeMap<String, Document>> for Document {
    fn from(values: BTreeMap<String, Document>) -> Self {
        Self::Object(values)
    }
}

impl<D: Into<Document>> FromIterator<D> for Document {
    fn from_iter<I: IntoIterator<Item = D>>(values: I) -> Self {
        Self::Array(values.into_iter().map(Into::into).collect())
    }
}
