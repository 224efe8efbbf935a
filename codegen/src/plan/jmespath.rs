//! JMESPath, as far as models use it: parsed once into a tree, then checked
//! against the types that an output or input has.
//!
//! Specification: jmespath.org. Of its functions, `contains`, `keys` and
//! `length` are supported; pipes, slices, multi-select hashes and expression
//! types are not. What is not supported is an error, never a guess.

mod lexer;
mod parser;
mod typed;

use crate::diagnostic::{Added, Diagnostics, Origin};
pub use parser::parse;
pub use typed::{FieldRef, Node, Over, Ty, Typed, check};

/// An expression as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// What it says.
    pub kind: Kind,
    /// Where it begins, counted in characters from 1.
    pub column: usize,
}

/// What an expression says.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `@`, or nothing: the value that the expression is applied to.
    Current,
    /// `of.name`
    Field(Box<Expression>, String),
    /// `of[0]`, from the end where negative.
    Index(Box<Expression>, i64),
    /// A projection: `each` of what `source` consists of, without nulls.
    Project {
        /// The list or map.
        source: Box<Expression>,
        /// What of it.
        over: Over,
        /// `[?condition]`
        filter: Option<Box<Expression>>,
        /// Applied to every item.
        each: Box<Expression>,
    },
    /// `[a, b]`
    Select(Vec<Expression>),
    /// `a == b` and the like.
    Compare(Operator, Box<Expression>, Box<Expression>),
    /// `a && b`
    And(Box<Expression>, Box<Expression>),
    /// `a || b`
    Or(Box<Expression>, Box<Expression>),
    /// `!a`
    Not(Box<Expression>),
    /// `name(arguments)`
    Call(String, Vec<Expression>),
    /// `'text'`, or the same in backticks.
    Text(String),
    /// A whole number in backticks.
    Number(i64),
    /// `true` or `false` in backticks.
    Boolean(bool),
    /// `null` in backticks.
    Null,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Operator {
    /// Whether it asks for equality only, so that it compares anything.
    pub fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual)
    }
}

/// What is wrong with an expression, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// A stable code: `jmespath-syntax`, `jmespath-type`, `unknown-member` or
    /// `jmespath-unsupported`.
    pub code: &'static str,
    /// Where, counted in characters from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What was meant, perhaps.
    pub suggestion: Option<String>,
}

impl Problem {
    fn new(code: &'static str, column: usize, message: impl Into<String>) -> Self {
        Self { code, column, message: message.into(), suggestion: None }
    }

    fn syntax(column: usize, message: impl Into<String>) -> Self {
        Self::new("jmespath-syntax", column, message)
    }

    fn unsupported(column: usize, what: &str) -> Self {
        Self::new("jmespath-unsupported", column, format!("{what} are not supported"))
    }

    fn ty(column: usize, message: impl Into<String>) -> Self {
        Self::new("jmespath-type", column, message)
    }

    fn did_you_mean<'k>(mut self, unknown: &str, known: impl IntoIterator<Item = &'k str>) -> Self {
        self.suggestion = crate::diagnostic::nearest(unknown, known).map(str::to_owned);
        self
    }

    /// Reports it for the expression `text`, which `user` has.
    pub fn report(self, diagnostics: &mut Diagnostics, origin: &Origin, user: &str, text: &str) {
        let message = format!("{user} has `{text}`, and at column {} of that {}", self.column, self.message);
        let added: Added<'_> = diagnostics.error(self.code, origin, message);
        if let Some(suggestion) = self.suggestion {
            added.hint(format!("did you mean `{suggestion}`?"));
        }
    }
}
