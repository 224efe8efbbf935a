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
use std::borrow::Cow;
pub use typed::{Checked, FieldRef, Over, Ty, Typed, check};

/// An expression as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// What it says.
    pub kind: Syntax,
    /// Where it begins, counted in characters from 1.
    pub column: usize,
    /// How many expressions stand within each other, this one included.
    depth: usize,
}

/// How deep expressions may stand within each other, be it by brackets or by a chain such as `a || b || c`, whose
/// beginning is the left operand of all that follows. No API comes near. All that reads a tree of expressions, the
/// Rust code that is made of it included, goes down by recursion, and some callers have threads with small stacks.
pub const MAX_DEPTH: usize = 64;

impl Expression {
    /// An expression that is made of others, and does not go beyond [`MAX_DEPTH`].
    fn new(kind: Syntax, column: usize) -> Result<Self, Problem> {
        let depth = 1 + kind.operands().map(|operand| operand.depth).max().unwrap_or_default();
        if depth > MAX_DEPTH {
            return Err(Problem::too_deep(column));
        }
        Ok(Self { kind, column, depth })
    }
}

/// What an expression says.
#[derive(Clone, Debug, PartialEq)]
pub enum Syntax {
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

impl Syntax {
    /// The expressions of which this one is made.
    fn operands(&self) -> impl Iterator<Item = &Expression> {
        let (of, list): ([Option<&Expression>; 3], &[Expression]) = match self {
            Self::Current | Self::Text(_) | Self::Number(_) | Self::Boolean(_) | Self::Null => ([None; 3], &[]),
            Self::Field(of, _) | Self::Index(of, _) | Self::Not(of) => ([Some(of), None, None], &[]),
            Self::Project { source, filter, each, .. } => ([Some(source), filter.as_deref(), Some(each)], &[]),
            Self::Compare(_, left, right) | Self::And(left, right) | Self::Or(left, right) => {
                ([Some(left), Some(right), None], &[])
            }
            Self::Select(list) | Self::Call(_, list) => ([None; 3], list),
        };
        of.into_iter().flatten().chain(list)
    }
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
    /// A stable code: `jmespath-syntax`, `jmespath-type`, `unknown-member`,
    /// `jmespath-unsupported` or `jmespath-too-deep`.
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

    fn too_deep(column: usize) -> Self {
        let message =
            format!("more than {MAX_DEPTH} expressions stand within each other, or follow each other in a chain");
        Self::new("jmespath-too-deep", column, message)
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
        let text = excerpt(text, self.column);
        let message = format!("{user} has `{text}`, and at column {} of that {}", self.column, self.message);
        let added: Added<'_> = diagnostics.error(self.code, origin, message);
        if let Some(suggestion) = self.suggestion {
            added.hint(format!("did you mean `{suggestion}`?"));
        }
    }
}

/// A long expression around the column in question.
fn excerpt(text: &str, column: usize) -> Cow<'_, str> {
    const BEFORE: usize = 120;
    const AFTER: usize = 80;
    if text.chars().nth(BEFORE + AFTER).is_none() {
        return Cow::Borrowed(text);
    }
    let start = column.saturating_sub(BEFORE);
    let shown: String = text.chars().skip(start).take(BEFORE + AFTER).collect();
    let before = if start > 0 { "..." } else { "" };
    let after = if text.chars().nth(start + BEFORE + AFTER).is_some() { "..." } else { "" };
    Cow::Owned(format!("{before}{shown}{after}"))
}
