//! Rust names: the only caller of `heck`.
//!
//! A [`Scope`] hands out every name once. Who comes first keeps the name: members and
//! values stand in the model's order, in which most new ones are last. Types stand in
//! alphabetical order, which says nothing of age; there, those that need no change come first.

use heck::{ToSnakeCase, ToUpperCamelCase};
use std::collections::{HashMap, HashSet};

/// Keywords that can be written `r#like_this`.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Keywords that cannot.
const BARE_KEYWORDS: &[&str] = &["self", "Self", "super", "crate", "_"];

/// Functions that every generated struct has or derives, and those of traits
/// that users call on it: a setter of that name would hide them.
const STRUCT_FUNCTIONS: &[&str] = &[
    "new",
    "default",
    "clone",
    "maybe",
    "to_request",
    "parse_response",
    "start_at",
    "token_after",
    "items_of",
    "limit_page",
    "serialize",
    "deserialize",
    "validate",
];

/// Methods that a client has besides its operations.
const CLIENT_METHODS: &[&str] =
    &["new", "from_env", "config", "clone", "call", "call_dynamic", "batch", "service_client", "builder", "default"];

/// What the crate's root has besides the modules of services, and what its
/// modules say with an extern crate's name first.
const ROOT_MODULES: &[&str] = &["client", "dynamic", "json", "partitions", "runtime", "workstream_runtime"];

/// What no file of a module can be called: the folder has `mod.rs` already, and Windows keeps the rest for devices.
const NO_FILES: &[&str] = &[
    "mod", "aux", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "con", "lpt0",
    "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "nul", "prn",
];

/// Features of the crate that are no services.
const FEATURES: &[&str] = &[
    "all-services",
    "aws-config",
    "blocking",
    "chrono",
    "client",
    "client-core",
    "credentials",
    "default",
    "dynamic",
    "jiff",
    "metrics",
    "native-certs",
    "serde",
    "serde_json",
    "test-util",
    "time",
    "tracing",
    "validate",
    "validate-patterns",
];

/// The constant that has all others.
const CONSTANTS: &[&str] = &["CONSTRAINTS"];

/// Names of the prelude, and of what generated code says without a path. A
/// type of that name would hide them from whoever imports `types::*`.
const TYPES_IN_SCOPE: &[&str] = &[
    "AsMut",
    "AsRef",
    "AsyncFn",
    "AsyncFnMut",
    "AsyncFnOnce",
    "BTreeMap",
    "Batched",
    "Blob",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Document",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "Error",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Hash",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Send",
    "Sized",
    "Some",
    "String",
    "Structure",
    "StructureReader",
    "StructureWriter",
    "Sync",
    "Timestamp",
    "TimestampFormat",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Union",
    "UnionReader",
    "UnionWriter",
    "Unmodelled",
    "Unpin",
    "UnknownValue",
    "Value",
    "Vec",
    "Operation",
    "OperationDescription",
    "Paginated",
    "PaginatedItems",
    "ServiceError",
];

/// Where a name stands, which decides its case and its reserved words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// A type of the `types` module.
    Type,
    /// A field of a struct, with its setter.
    Field,
    /// A variant of an enum.
    Variant,
    /// A method of the client.
    Method,
    /// The module of a service.
    Module,
    /// The module of an operation.
    OperationModule,
    /// The cargo feature of a service.
    Feature,
    /// A constant with what is asked of a shape.
    Constant,
}

impl Position {
    fn cased(self, wire: &str) -> String {
        match self {
            Self::Type | Self::Variant => camel(wire),
            Self::Field | Self::Method | Self::Module | Self::OperationModule => snake(wire),
            Self::Feature => wire.to_owned(),
            Self::Constant => snake(wire).to_uppercase(),
        }
    }

    /// Makes a reserved word usable; everything else stays.
    fn unreserved(self, name: String) -> String {
        let reserved = match self {
            Self::Type => TYPES_IN_SCOPE,
            Self::Field => STRUCT_FUNCTIONS,
            Self::Method => CLIENT_METHODS,
            Self::Module => ROOT_MODULES,
            Self::OperationModule => NO_FILES,
            Self::Feature => FEATURES,
            Self::Constant => CONSTANTS,
            Self::Variant => &[],
        };
        match self {
            Self::Type if reserved.contains(&name.as_str()) => format!("{name}Shape"),
            // Cargo's names are no identifiers.
            Self::Feature if !reserved.contains(&name.as_str()) => name,
            _ if BARE_KEYWORDS.contains(&name.as_str()) || reserved.contains(&name.as_str()) => format!("{name}_"),
            _ if KEYWORDS.contains(&name.as_str()) => format!("r#{name}"),
            _ => name,
        }
    }
}

/// Names already given out in one Rust scope.
#[derive(Debug)]
pub struct Scope {
    position: Position,
    taken: HashSet<String>,
    /// The number that a name gets which is taken, by the name; all before it are taken too.
    next: HashMap<String, u32>,
}

impl Scope {
    /// An empty scope.
    pub fn new(position: Position) -> Self {
        Self { position, taken: HashSet::new(), next: HashMap::new() }
    }

    /// Names for all of `wires`, in their order.
    pub fn names<'a>(position: Position, wires: impl IntoIterator<Item = &'a str>) -> Vec<String> {
        let mut scope = Self::new(position);
        let wires: Vec<&str> = wires.into_iter().collect();
        scope.claim_all(&wires)
    }

    /// Names for all of `wires`, in their order. Of types, modules and features those that
    /// need no change are served first.
    pub fn claim_all(&mut self, wires: &[&str]) -> Vec<String> {
        let wanted: Vec<String> = wires.iter().map(|wire| self.wanted(wire)).collect();
        let mut names = vec![String::new(); wires.len()];
        // A newcomer that is listed last must not take the name of what was there.
        let by_age = matches!(self.position, Position::Field | Position::Variant);
        for (index, wire) in wires.iter().enumerate().filter(|_| !by_age) {
            if wanted[index] == *wire && self.taken.insert(wanted[index].clone()) {
                names[index].clone_from(&wanted[index]);
            }
        }
        for (name, wanted) in names.iter_mut().zip(wanted).filter(|(name, _)| name.is_empty()) {
            *name = self.claim_cased(wanted);
        }
        names
    }

    /// A name for `wire`.
    pub fn claim(&mut self, wire: &str) -> String {
        let wanted = self.wanted(wire);
        self.claim_cased(wanted)
    }

    /// `name` as it is, if it is still free.
    pub fn claim_exact(&mut self, name: &str) -> Option<String> {
        self.taken.insert(name.to_owned()).then(|| name.to_owned())
    }

    fn wanted(&self, wire: &str) -> String {
        self.position.unreserved(self.position.cased(wire))
    }

    /// `wanted`, which has its case already, or a free name like it.
    pub fn claim_cased(&mut self, wanted: String) -> String {
        if self.taken.insert(wanted.clone()) {
            return wanted;
        }
        // What made a keyword usable is not needed where a suffix is.
        let stem = wanted.strip_prefix("r#").unwrap_or(&wanted).trim_end_matches('_');
        let suffix = |n: u32| match self.position {
            Position::Type if n == 1 => format!("{stem}Shape"),
            Position::Type => format!("{stem}Shape{n}"),
            // An underscore between letter and digit is not camel case.
            Position::Variant if stem.ends_with(|c: char| c.is_ascii_digit()) => format!("{stem}_{}", n + 1),
            Position::Variant => format!("{stem}{}", n + 1),
            Position::Field | Position::Method | Position::Module | Position::OperationModule => {
                format!("{stem}_{}", n + 1)
            }
            Position::Feature | Position::Constant => format!("{stem}_{}", n + 1),
        };
        // Endless only if there were more than u32::MAX names.
        let first = self.next.get(stem).copied().unwrap_or(1);
        let free = (first..).map(|n| (n, suffix(n))).find(|(_, name)| !self.taken.contains(name));
        let (number, free) = free.unwrap_or((first, wanted.clone()));
        self.next.insert(stem.to_owned(), number + 1);
        self.taken.insert(free.clone());
        free
    }
}

/// Methods that every error has, whatever the service.
const ERROR_METHODS: &[&str] = &["is_access_denied", "is_retryable", "is_throttling", "is_timeout"];

/// The method that asks whether an error is the one whose type is named `name`.
pub fn question(name: &str) -> String {
    let question = format!("is_{}", snake(name));
    if ERROR_METHODS.contains(&question.as_str()) { format!("{question}_") } else { question }
}

/// Where the compiler looks for the module `name`.
pub fn file_stem(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// `image_builder` for `ImageBuilder`; always an identifier.
pub fn snake(wire: &str) -> String {
    identifier(&spelled(wire).to_snake_case(), "n")
}

/// `ImageBuilder` for `image-builder`; always an identifier.
pub fn camel(wire: &str) -> String {
    let spelled = spelled(wire);
    let mut name = String::with_capacity(spelled.len());
    for word in spelled.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        // `V1_0` and `V10` are not the same.
        if name.ends_with(|c: char| c.is_ascii_digit()) && word.starts_with(|c: char| c.is_ascii_digit()) {
            name.push('_');
        }
        name.push_str(&word.to_upper_camel_case());
    }
    identifier(&name, "V")
}

fn identifier(name: &str, before_digit: &str) -> String {
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("{before_digit}{name}") } else { name.to_owned() }
}

/// A name that is nothing but punctuation gets spelled out, so that something
/// is left; other characters that no identifier has separate words.
fn spelled(wire: &str) -> String {
    if wire.contains(|c: char| c.is_ascii_alphanumeric()) {
        return wire.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    }
    let mut spelled = String::new();
    for c in wire.chars() {
        match c {
            '*' => spelled.push_str("asterisk_"),
            '+' => spelled.push_str("plus_"),
            '-' => spelled.push_str("minus_"),
            '.' => spelled.push_str("dot_"),
            '/' => spelled.push_str("slash_"),
            '=' => spelled.push_str("equal_"),
            '<' => spelled.push_str("less_"),
            '>' => spelled.push_str("greater_"),
            '!' => spelled.push_str("not_"),
            '_' => spelled.push_str("underscore_"),
            _ => spelled.push_str(&format!("u{:x}_", u32::from(c))),
        }
    }
    if spelled.is_empty() { "empty".to_owned() } else { spelled }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases() {
        for (wire, expected) in [
            ("ImageBuilder", "ImageBuilder"),
            ("W_1280xH_720", "W1280xH720"),
            ("ValidationError.InsufficientDiskSpace", "ValidationErrorInsufficientDiskSpace"),
            ("0.5", "V0_5"),
            ("5m", "V5m"),
            ("*", "Asterisk"),
            ("", "Empty"),
            ("stream.standard.2xlarge", "StreamStandard2xlarge"),
            ("__string", "String"),
        ] {
            assert_eq!(camel(wire), expected, "{wire}");
        }
        assert_eq!(snake("AbpV1_0_x"), "abp_v1_0_x");
        assert_eq!(snake("VPCConfig"), "vpc_config");
        assert_eq!(snake("EnableDefaultInternetAccess"), "enable_default_internet_access");
    }

    #[test]
    fn reserved_words() {
        assert_eq!(
            Scope::names(Position::Field, ["Type", "Self", "New", "Default"]),
            ["r#type", "self_", "new_", "default_"]
        );
        assert_eq!(Scope::names(Position::Variant, ["Self", "None", "Ok"]), ["Self_", "None", "Ok"]);
        assert_eq!((question("Retryable").as_str(), question("NotFound").as_str()), ("is_retryable_", "is_not_found"));
        assert_eq!(Scope::names(Position::Type, ["Option", "Error"]), ["OptionShape", "ErrorShape"]);
    }

    #[test]
    fn members_and_values_keep_their_names_when_others_are_added_below() {
        for (position, wires, names) in [
            (Position::Variant, ["replace", "Replace"], ["Replace", "Replace2"]),
            (Position::Variant, ["foo-bar", "FooBar"], ["FooBar", "FooBar2"]),
            (Position::Field, ["Id", "id"], ["id", "id_2"]),
        ] {
            assert_eq!(Scope::names(position, wires[..1].iter().copied()), names[..1]);
            assert_eq!(Scope::names(position, wires), names);
        }
    }

    #[test]
    fn collisions_of_types_keep_the_exact_name() {
        let mut scope = Scope::new(Position::Type);
        scope.claim("CreateInput");
        assert_eq!(scope.claim_all(&["CreateInput", "CreateInputShape"]), ["CreateInputShape2", "CreateInputShape"]);
        assert_eq!(Scope::names(Position::Type, ["image", "Image"]), ["ImageShape", "Image"]);
        assert_eq!(
            Scope::names(Position::Variant, ["INVALID_REQUEST", "invalid_request"]),
            ["InvalidRequest", "InvalidRequest2"]
        );
        assert_eq!(Scope::names(Position::Field, ["type", "Type"]), ["r#type", "type_2"]);
        assert_eq!(Scope::names(Position::Module, ["a-b", "a_b"]), ["a_b_2", "a_b"]);
        assert_eq!(Scope::names(Position::Variant, ["Self", "self"]), ["Self_", "Self2"]);
    }
}
