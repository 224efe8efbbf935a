//! What the crate offers of one service, as a value: every path that code which uses the
//! crate can name, with what stands there and what of the model it is for.
//!
//! Left out is what is the same for every service: what all clients, and the error type, have,
//! and the traits that every type has ([`TypePlan`](super::TypePlan)s are all `Clone`, `Debug`,
//! `Default` and `PartialEq`). A test asks rustdoc whether the rest is true of the committed crates.

mod build;

pub(super) use build::{Parts, Waiting};

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// What the crate offers of one service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surface(
    /// In the order of the paths.
    Vec<(Path, Entry)>,
);

/// How code names something, from the service's module on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// A type, such as `types::Fleet` or `Client`; `endpoint` for its functions.
    pub item: Arc<str>,
    /// What of it.
    pub part: Part,
}

/// What of a type is named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The type itself.
    Itself,
    /// A field.
    Field(String),
    /// A variant.
    Variant(String),
    /// A function, with or without `self`.
    Function(String),
    /// The trait that it implements.
    Trait(&'static str),
}

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// As Rust, without names of arguments: the type of a field, what a function takes and
    /// returns, what a variant holds, the associated types of a trait.
    pub signature: Cow<'static, str>,
    /// Whether using it is a warning.
    pub deprecated: bool,
    /// What of the model it stands for.
    pub meant: Meant,
}

/// What of the model a name stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meant {
    /// A shape.
    Shape(String),
    /// The input of an operation.
    Input(String),
    /// The output of an operation.
    Output(String),
    /// A member of the shape whose type has the name.
    Member(String),
    /// Required members, as the arguments of a constructor.
    Arguments(Vec<String>),
    /// A value of the enum whose type has the name.
    Value(String),
    /// The variant for what this version does not know.
    CatchAll,
    /// Items of pages: where in the output they are.
    Items(String),
    /// Lists that are split into several calls: where they are in the input, and what failed in the output.
    Batch {
        /// Member of the input.
        list: String,
        /// Member of the output.
        failures: Option<String>,
    },
    /// An operation.
    Operation(String),
    /// A waiter.
    Waiter(String),
    /// The endpoint rules.
    EndpointRules,
    /// A parameter of the endpoint rules.
    EndpointParameter(String),
}

impl Meant {
    /// In the middle of a sentence, such as `the member Id`.
    pub fn told(&self) -> String {
        match self {
            Self::Shape(name) => format!("the shape {name}"),
            Self::Input(operation) => format!("the input of {operation}"),
            Self::Output(operation) => format!("the output of {operation}"),
            Self::Member(name) => format!("the member {name}"),
            Self::Arguments(names) => format!("the members {}", names.join(", ")),
            Self::Value(value) => format!("the value {value}"),
            Self::CatchAll => "the variant for unknown values".to_owned(),
            Self::Items(path) => format!("the items at {path}"),
            Self::Batch { list, .. } => format!("the batch over {list}"),
            Self::Operation(name) => format!("the operation {name}"),
            Self::Waiter(name) => format!("the waiter {name}"),
            Self::EndpointRules => "the endpoint rules".to_owned(),
            Self::EndpointParameter(name) => format!("the parameter {name}"),
        }
    }
}

impl Surface {
    /// Everything, in the order of the paths.
    pub fn entries(&self) -> impl Iterator<Item = (&Path, &Entry)> {
        self.0.iter().map(|(path, entry)| (path, entry))
    }

    /// What stands at a path.
    pub fn get(&self, path: &Path) -> Option<&Entry> {
        self.0.binary_search_by(|(there, _)| there.cmp(path)).ok().map(|index| &self.0[index].1)
    }
}

impl Ord for Path {
    fn cmp(&self, other: &Self) -> Ordering {
        // Most neighbours are of one item.
        let items = if Arc::ptr_eq(&self.item, &other.item) { Ordering::Equal } else { self.item.cmp(&other.item) };
        items.then_with(|| self.part.cmp(&other.part))
    }
}

impl PartialOrd for Path {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// As code names it, but for fields (`types::Fleet.name`) and traits (`types::Kind: Copy`).
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let item = &self.item;
        match &self.part {
            Part::Itself => f.write_str(item),
            Part::Field(name) => write!(f, "{item}.{name}"),
            Part::Variant(name) | Part::Function(name) => write!(f, "{item}::{name}"),
            Part::Trait(name) => write!(f, "{item}: {name}"),
        }
    }
}
