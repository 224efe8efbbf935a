//! The grammar: a Pratt parser with JMESPath's binding powers.

use super::lexer::{Token, TokenKind, tokens};
use super::{Expression, MAX_DEPTH, Over, Problem, Syntax};

/// How tightly an operator holds what stands left of it.
fn binding_power(token: &TokenKind) -> u8 {
    match token {
        TokenKind::Pipe => 1,
        TokenKind::Or => 2,
        TokenKind::And => 3,
        TokenKind::Compare(_) => 5,
        TokenKind::Flatten => 9,
        TokenKind::Star => 20,
        TokenKind::Filter => 21,
        TokenKind::Dot => 40,
        TokenKind::Not => NOT,
        TokenKind::OpenBracket => 55,
        _ => 0,
    }
}

const NOT: u8 = 45;

/// Anything that holds less than this ends a projection.
const PROJECTION: u8 = 10;

/// Parses an expression.
///
/// # Errors
///
/// The first thing that is not JMESPath, or not the part of it that is supported.
pub fn parse(text: &str) -> Result<Expression, Problem> {
    let mut parser = ExpressionParser { tokens: tokens(text)?, at: 0, depth: 0 };
    let expression = parser.expression(0)?;
    match parser.peek() {
        TokenKind::End => Ok(expression),
        _ => Err(Problem::syntax(parser.column(), "the expression should end")),
    }
}

struct ExpressionParser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl ExpressionParser {
    /// The last token is always `End`, and it is never taken.
    fn peek(&self) -> &TokenKind {
        &self.tokens[self.at].kind
    }

    fn column(&self) -> usize {
        self.tokens[self.at].column
    }

    fn advance(&mut self) -> Token {
        let token = self.tokens[self.at].clone();
        if token.kind != TokenKind::End {
            self.at += 1;
        }
        token
    }

    fn take(&mut self, kind: &TokenKind) -> bool {
        let found = self.peek() == kind;
        if found {
            self.advance();
        }
        found
    }

    fn require(&mut self, kind: &TokenKind, what: &str) -> Result<(), Problem> {
        if self.take(kind) { Ok(()) } else { Err(Problem::syntax(self.column(), format!("{what} is missing"))) }
    }

    fn expression(&mut self, power: u8) -> Result<Expression, Problem> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Problem::too_deep(self.column()));
        }
        let mut left = self.prefix()?;
        while binding_power(self.peek()) > power {
            left = self.infix(left)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    /// What can begin an expression.
    fn prefix(&mut self) -> Result<Expression, Problem> {
        let Token { kind, column } = self.advance();
        let at = |kind| Expression::new(kind, column);
        let current = || at(Syntax::Current).map(Box::new);
        match kind {
            TokenKind::Name { name, quoted: false } if self.take(&TokenKind::OpenParenthesis) => {
                at(Syntax::Call(name, self.list(&TokenKind::CloseParenthesis, "`)`")?))
            }
            TokenKind::Name { name, .. } => at(Syntax::Field(current()?, name)),
            TokenKind::At => at(Syntax::Current),
            TokenKind::Raw(text) => at(Syntax::Text(text)),
            TokenKind::Json(value) => at(literal(value, column)?),
            TokenKind::Not => at(Syntax::Not(Box::new(self.expression(NOT)?))),
            TokenKind::OpenParenthesis => {
                let inner = self.expression(0)?;
                self.require(&TokenKind::CloseParenthesis, "`)`")?;
                Ok(inner)
            }
            TokenKind::Star => self.projection(current()?, Over::Values, None, column),
            TokenKind::Flatten => self.projection(current()?, Over::Flattened, None, column),
            TokenKind::Filter => self.filter(current()?, column),
            TokenKind::OpenBracket => match self.peek() {
                TokenKind::Integer(_) | TokenKind::Star | TokenKind::Colon => self.bracket(current()?, column),
                _ => self.select(column),
            },
            TokenKind::OpenBrace => Err(Problem::unsupported(column, "multi-select hashes")),
            TokenKind::Ampersand => Err(Problem::unsupported(column, "expression types")),
            TokenKind::End => Err(Problem::syntax(column, "an expression is missing")),
            _ => Err(Problem::syntax(column, "no expression can begin like this")),
        }
    }

    /// What can follow an expression.
    fn infix(&mut self, left: Expression) -> Result<Expression, Problem> {
        let Token { kind, column } = self.advance();
        let power = binding_power(&kind);
        let start = left.column;
        let at = |kind| Expression::new(kind, start).map_err(|_| Problem::too_deep(column));
        let left = Box::new(left);
        match kind {
            // After a dot, what follows a star is held by the dot: in `a.*.b[?c]` the filter is about `a.*.b`.
            TokenKind::Dot if self.take(&TokenKind::Star) => {
                let each = self.projected(power)?;
                Expression::new(Syntax::Project { source: left, over: Over::Values, filter: None, each }, column)
            }
            TokenKind::Dot => self.after_dot(power)?.applied_to(left),
            TokenKind::Or => at(Syntax::Or(left, Box::new(self.expression(power)?))),
            TokenKind::And => at(Syntax::And(left, Box::new(self.expression(power)?))),
            TokenKind::Compare(operator) => at(Syntax::Compare(operator, left, Box::new(self.expression(power)?))),
            TokenKind::Flatten => self.projection(left, Over::Flattened, None, column),
            TokenKind::Filter => self.filter(left, column),
            TokenKind::OpenBracket => self.bracket(left, column),
            TokenKind::Pipe => Err(Problem::unsupported(column, "pipes")),
            _ => Err(Problem::syntax(column, "the expression should end")),
        }
    }

    /// `[0]` or `[*]`, after the bracket.
    fn bracket(&mut self, of: Box<Expression>, column: usize) -> Result<Expression, Problem> {
        if self.take(&TokenKind::Star) {
            self.require(&TokenKind::CloseBracket, "`]`")?;
            return self.projection(of, Over::Items, None, column);
        }
        let index = match self.advance() {
            Token { kind: TokenKind::Integer(index), .. } if *self.peek() != TokenKind::Colon => index,
            Token { kind: TokenKind::Integer(_) | TokenKind::Colon, column } => {
                return Err(Problem::unsupported(column, "slices"));
            }
            Token { column, .. } => return Err(Problem::syntax(column, "an index is missing")),
        };
        self.require(&TokenKind::CloseBracket, "`]`")?;
        Expression::new(Syntax::Index(of, index), column)
    }

    /// `[?condition]`, after the bracket.
    fn filter(&mut self, source: Box<Expression>, column: usize) -> Result<Expression, Problem> {
        let condition = self.expression(0)?;
        self.require(&TokenKind::CloseBracket, "`]`")?;
        self.projection(source, Over::Items, Some(Box::new(condition)), column)
    }

    /// A projection takes all that follows, up to what holds less than it.
    fn projection(
        &mut self,
        source: Box<Expression>,
        over: Over,
        filter: Option<Box<Expression>>,
        column: usize,
    ) -> Result<Expression, Problem> {
        let power = match over {
            // Which is why a filter behind a filter is about what that has found, and not about each item.
            _ if filter.is_some() => binding_power(&TokenKind::Filter),
            Over::Flattened => binding_power(&TokenKind::Flatten),
            Over::Items | Over::Values => binding_power(&TokenKind::Star),
        };
        let each = self.projected(power)?;
        Expression::new(Syntax::Project { source, over, filter, each }, column)
    }

    /// What a projection that holds with `power` does with every item.
    fn projected(&mut self, power: u8) -> Result<Box<Expression>, Problem> {
        Ok(Box::new(match self.peek() {
            next if binding_power(next) < PROJECTION => Expression::new(Syntax::Current, self.column())?,
            TokenKind::Dot => {
                self.advance();
                self.after_dot(power)?
            }
            TokenKind::OpenBracket | TokenKind::Filter => self.expression(power)?,
            _ => return Err(Problem::syntax(self.column(), "the expression should end")),
        }))
    }

    /// `[a, b]`, after the bracket.
    fn select(&mut self, column: usize) -> Result<Expression, Problem> {
        match self.list(&TokenKind::CloseBracket, "`]`")? {
            list if list.is_empty() => Err(Problem::syntax(column, "the list is empty")),
            list => Expression::new(Syntax::Select(list), column),
        }
    }

    /// What may stand after a dot.
    fn after_dot(&mut self, power: u8) -> Result<Expression, Problem> {
        match self.peek() {
            TokenKind::Name { .. } | TokenKind::Star => self.expression(power),
            TokenKind::OpenBracket => {
                let Token { column, .. } = self.advance();
                self.select(column)
            }
            TokenKind::OpenBrace => Err(Problem::unsupported(self.column(), "multi-select hashes")),
            _ => Err(Problem::syntax(self.column(), "a name is missing after the dot")),
        }
    }

    /// Expressions between commas, up to `close`.
    fn list(&mut self, close: &TokenKind, name: &str) -> Result<Vec<Expression>, Problem> {
        let mut list = Vec::new();
        if self.take(close) {
            return Ok(list);
        }
        loop {
            list.push(self.expression(0)?);
            if self.take(close) {
                return Ok(list);
            }
            self.require(&TokenKind::Comma, &format!("`,` or {name}"))?;
        }
    }
}

impl Expression {
    /// `base.self`: what stands at the very left applies to `base`.
    fn applied_to(self, base: Box<Expression>) -> Result<Self, Problem> {
        let Self { kind, column, .. } = self;
        let kind = match kind {
            Syntax::Current => return Ok(*base),
            Syntax::Field(of, name) => Syntax::Field(Box::new(of.applied_to(base)?), name),
            Syntax::Index(of, index) => Syntax::Index(Box::new(of.applied_to(base)?), index),
            Syntax::Project { source, over, filter, each } => {
                Syntax::Project { source: Box::new(source.applied_to(base)?), over, filter, each }
            }
            Syntax::Select(_) => return Err(Problem::unsupported(column, "multi-select lists outside of projections")),
            _ => return Err(Problem::unsupported(column, "functions after a dot")),
        };
        Self::new(kind, column)
    }
}

fn literal(value: serde_json::Value, column: usize) -> Result<Syntax, Problem> {
    use serde_json::Value;
    Ok(match value {
        Value::Null => Syntax::Null,
        Value::Bool(value) => Syntax::Boolean(value),
        Value::String(text) => Syntax::Text(text),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Syntax::Number(number),
            None => return Err(Problem::unsupported(column, "numbers with a fraction")),
        },
        Value::Array(_) | Value::Object(_) => {
            return Err(Problem::unsupported(column, "literals of lists and objects"));
        }
    })
}
