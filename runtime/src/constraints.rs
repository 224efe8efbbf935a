//! What a model asks of the values in requests: tables that generated code has, and one look at each value.

use std::fmt;
#[cfg(feature = "validate-patterns")]
use std::mem::ManuallyDrop;
#[cfg(feature = "validate-patterns")]
use std::sync::OnceLock;

/// What the model of a service asks of the members of its structures and unions.
///
/// Generated code has one of these per service, and a [`ServiceDescription`](crate::ServiceDescription) leads to it.
///
/// ```
/// use workstream_runtime::{
///     Constraint, Constraints, MemberConstraint, Pattern, Protocol, Reader, ServiceDescription, Value, Writer,
/// };
///
/// static CONSTRAINTS: Constraints = Constraints::new(&[("Fleet", &[("Tags", MemberConstraint::new(&TAGS))])]);
/// static TAGS: Constraint = Constraint::new().length(1, 50).element(&TAG);
/// static TAG: Constraint = Constraint::new().length(1, 8).pattern(&TAG_PATTERN);
/// static TAG_PATTERN: Pattern = Pattern::new("^[a-z]*$");
///
/// struct Fleet(Vec<String>);
///
/// impl Value for Fleet {
///     fn write(&self, writer: &mut Writer) {
///         let mut members = writer.structure("Fleet");
///         members.member("Tags", &self.0);
///         members.end();
///     }
///
///     fn read(&mut self, _: &mut Reader<'_>) {}
/// }
///
/// let service = ServiceDescription::new("fleets", "Fleets", &[Protocol::AwsJson1_1]).constraints(|| &CONSTRAINTS);
/// let violations = service.validate(&Fleet(vec!["a".to_owned(), String::new()])).unwrap_err();
/// assert_eq!(violations.to_string(), "Tags[1]: has 0 characters, expected 1 to 8");
/// assert!(service.validate(&Fleet(vec!["a".to_owned()])).is_ok());
/// ```
#[derive(Debug)]
pub struct Constraints(&'static [(&'static str, &'static [(&'static str, MemberConstraint)])]);

impl Constraints {
    /// The table: structures and unions in the order of their names, each with those of its members of which something is
    /// asked.
    pub const fn new(table: &'static [(&'static str, &'static [(&'static str, MemberConstraint)])]) -> Self {
        Self(table)
    }

    /// What is asked of the members of a structure or union.
    pub(crate) fn of(&self, name: &str) -> &'static [(&'static str, MemberConstraint)] {
        self.0.binary_search_by(|(there, _)| (*there).cmp(name)).map_or(&[], |index| self.0[index].1)
    }
}

/// What is asked of a member.
#[derive(Clone, Copy, Debug)]
pub struct MemberConstraint {
    /// What is asked of its value.
    pub(crate) value: Option<&'static Constraint>,
    /// Whether text has to be there that is not empty, unless a pattern or a least length says otherwise.
    pub(crate) is_required: bool,
}

impl MemberConstraint {
    /// A member whose value has to be like this.
    pub const fn new(value: &'static Constraint) -> Self {
        Self { value: Some(value), is_required: false }
    }

    /// The same of one that is required, where empty text stands for none.
    pub const fn required(value: &'static Constraint) -> Self {
        Self { value: Some(value), is_required: true }
    }

    /// A required member of which nothing else is asked: empty text stands for none.
    pub const fn present() -> Self {
        Self { value: None, is_required: true }
    }
}

/// What is asked of a value, and of what it holds: generated from a shape.
#[derive(Debug)]
pub struct Constraint {
    pub(crate) limits: Limits,
    pub(crate) pattern: Option<&'static Pattern>,
    /// Whether no two elements of a list may be the same.
    pub(crate) is_unique: bool,
    /// Of the elements of a list, or the values of a map.
    pub(crate) element: Option<&'static Self>,
    /// Of the keys of a map.
    pub(crate) key: Option<&'static Self>,
}

/// How large a value may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Limits {
    None,
    /// Characters of text, bytes of a blob, elements of a list, entries of a map.
    Length {
        min: u64,
        max: u64,
    },
    Whole {
        min: i64,
        max: i64,
    },
    Real {
        min: f64,
        max: f64,
    },
}

impl Constraint {
    /// Nothing is asked.
    pub const fn new() -> Self {
        Self { limits: Limits::None, pattern: None, is_unique: false, element: None, key: None }
    }

    /// So many characters, bytes, elements or entries. [`u64::MAX`] is no limit.
    pub const fn length(mut self, min: u64, max: u64) -> Self {
        self.limits = Limits::Length { min, max };
        self
    }

    /// A whole number from `min` to `max`. [`i64::MIN`] and [`i64::MAX`] are no limits.
    pub const fn whole(mut self, min: i64, max: i64) -> Self {
        self.limits = Limits::Whole { min, max };
        self
    }

    /// A number from `min` to `max`. The infinities are no limits.
    pub const fn real(mut self, min: f64, max: f64) -> Self {
        self.limits = Limits::Real { min, max };
        self
    }

    /// Text in which this is found.
    pub const fn pattern(mut self, pattern: &'static Pattern) -> Self {
        self.pattern = Some(pattern);
        self
    }

    /// A list in which nothing is twice.
    pub const fn unique(mut self) -> Self {
        self.is_unique = true;
        self
    }

    /// A list whose elements, or a map whose values, are like this.
    pub const fn element(mut self, element: &'static Self) -> Self {
        self.element = Some(element);
        self
    }

    /// A map whose keys are like this.
    pub const fn key(mut self, key: &'static Self) -> Self {
        self.key = Some(key);
        self
    }
}

impl Default for Constraint {
    fn default() -> Self {
        Self::new()
    }
}

/// A regular expression of a model, which is compiled when a value is looked at first.
pub struct Pattern {
    model: &'static str,
    /// In the notation of the engine here.
    expression: &'static str,
    /// Patterns are constants and never dropped, and what may be dropped can be no part of them.
    #[cfg(feature = "validate-patterns")]
    compiled: ManuallyDrop<OnceLock<Option<Box<fancy_regex::Regex>>>>,
}

/// How many times the engine may go back within a text, for patterns that look around. Ten milliseconds, about: what takes
/// longer counts as matched, because it is not known, and the service decides.
#[cfg(feature = "validate-patterns")]
const MAX_STEPS_BACK: usize = 100_000;

impl Pattern {
    /// The pattern of the model, if it means the same to the engine.
    pub const fn new(model: &'static str) -> Self {
        Self::translated(model, model)
    }

    /// The pattern of the model, and the same in the notation of the engine.
    pub const fn translated(model: &'static str, expression: &'static str) -> Self {
        Self {
            model,
            expression,
            #[cfg(feature = "validate-patterns")]
            compiled: ManuallyDrop::new(OnceLock::new()),
        }
    }

    /// As the model has it.
    pub(crate) fn model(&self) -> &'static str {
        self.model
    }

    /// Whether it is found in a text; nobody knows where there is no engine.
    #[cfg(not(feature = "validate-patterns"))]
    pub(crate) fn is_found_in(&self, _: &str) -> bool {
        // Without the engine its notation is of no use.
        let _ = self.expression;
        true
    }

    /// Whether it is found in a text. So is one that the engine cannot read: it does not know better than the service.
    #[cfg(feature = "validate-patterns")]
    pub(crate) fn is_found_in(&self, text: &str) -> bool {
        let compile = || {
            let mut builder = fancy_regex::RegexBuilder::new(self.expression);
            builder.backtrack_limit(MAX_STEPS_BACK).build().ok().map(Box::new)
        };
        match self.compiled.get_or_init(compile) {
            Some(regex) => regex.is_match(text).unwrap_or(true),
            None => true,
        }
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pattern").field(&self.model).finish()
    }
}
