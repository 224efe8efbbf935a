//! Words of an expression.

use super::{Operator, Problem};

/// A word, and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub column: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// A name without quotes, or in double ones: then it is no function.
    Name {
        name: String,
        quoted: bool,
    },
    /// Digits inside brackets.
    Integer(i64),
    /// `'raw'`
    Raw(String),
    /// Between backticks: JSON.
    Json(serde_json::Value),
    Compare(Operator),
    And,
    Or,
    Not,
    Dot,
    Star,
    At,
    Comma,
    Colon,
    Pipe,
    Ampersand,
    OpenBracket,
    CloseBracket,
    /// `[]`
    Flatten,
    /// `[?`
    Filter,
    OpenParenthesis,
    CloseParenthesis,
    OpenBrace,
    CloseBrace,
    End,
}

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Problem> {
    let mut lexer = Lexer { chars: text.chars().collect(), at: 0 };
    let mut tokens = Vec::new();
    loop {
        let token = lexer.token()?;
        let end = token.kind == TokenKind::End;
        tokens.push(token);
        if end {
            return Ok(tokens);
        }
    }
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
}

impl Lexer {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    /// Takes the next character if it is `c`.
    fn take(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
        self.chars[start..self.at].iter().collect()
    }

    fn token(&mut self) -> Result<Token, Problem> {
        // JMESPath's white space, which is JSON's.
        self.take_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
        let column = self.at + 1;
        let kind = match self.peek() {
            None => TokenKind::End,
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                TokenKind::Name { name: self.take_while(|c| c.is_ascii_alphanumeric() || c == '_'), quoted: false }
            }
            Some(c) if c.is_ascii_digit() || c == '-' => self.integer(column)?,
            Some(c) => {
                self.at += 1;
                self.punctuation(c, column)?
            }
        };
        Ok(Token { kind, column })
    }

    fn integer(&mut self, column: usize) -> Result<TokenKind, Problem> {
        let sign = if self.take('-') { "-" } else { "" };
        let digits = self.take_while(|c| c.is_ascii_digit());
        let number = format!("{sign}{digits}").parse();
        number.map(TokenKind::Integer).map_err(|_| Problem::syntax(column, "there is no whole number"))
    }

    fn punctuation(&mut self, c: char, column: usize) -> Result<TokenKind, Problem> {
        Ok(match c {
            '.' => TokenKind::Dot,
            '*' => TokenKind::Star,
            '@' => TokenKind::At,
            ',' => TokenKind::Comma,
            ':' => TokenKind::Colon,
            ']' => TokenKind::CloseBracket,
            '(' => TokenKind::OpenParenthesis,
            ')' => TokenKind::CloseParenthesis,
            '{' => TokenKind::OpenBrace,
            '}' => TokenKind::CloseBrace,
            '[' if self.take(']') => TokenKind::Flatten,
            '[' if self.take('?') => TokenKind::Filter,
            '[' => TokenKind::OpenBracket,
            '|' if self.take('|') => TokenKind::Or,
            '|' => TokenKind::Pipe,
            '&' if self.take('&') => TokenKind::And,
            '&' => TokenKind::Ampersand,
            '=' if self.take('=') => TokenKind::Compare(Operator::Equal),
            '!' if self.take('=') => TokenKind::Compare(Operator::NotEqual),
            '!' => TokenKind::Not,
            '<' if self.take('=') => TokenKind::Compare(Operator::LessOrEqual),
            '<' => TokenKind::Compare(Operator::Less),
            '>' if self.take('=') => TokenKind::Compare(Operator::GreaterOrEqual),
            '>' => TokenKind::Compare(Operator::Greater),
            '\'' => TokenKind::Raw(self.quoted('\'', column)?),
            '`' => TokenKind::Json(json(&self.quoted('`', column)?, column)?),
            '"' => {
                let text = self.verbatim('"', column)?;
                let name = serde_json::from_str(&format!("\"{text}\""))
                    .map_err(|_| Problem::syntax(column, "the quoted name is not valid JSON"))?;
                TokenKind::Name { name, quoted: true }
            }
            other => return Err(Problem::syntax(column, format!("`{other}` means nothing"))),
        })
    }

    /// Up to the closing quote; `\` before that quote makes it part of the text.
    fn quoted(&mut self, quote: char, column: usize) -> Result<String, Problem> {
        let escaped = format!("\\{quote}");
        Ok(self.verbatim(quote, column)?.replace(&escaped, &quote.to_string()))
    }

    /// Up to the closing quote, with all backslashes.
    fn verbatim(&mut self, quote: char, column: usize) -> Result<String, Problem> {
        let start = self.at;
        while let Some(c) = self.peek() {
            if c == quote {
                let text = self.chars[start..self.at].iter().collect();
                self.at += 1;
                return Ok(text);
            }
            // What a backslash stands before does not close.
            self.at += if c == '\\' { 2 } else { 1 };
        }
        Err(Problem::syntax(column, format!("there is no closing `{quote}`")))
    }
}

fn json(text: &str, column: usize) -> Result<serde_json::Value, Problem> {
    serde_json::from_str(text).map_err(|_| Problem::syntax(column, "the literal is not valid JSON"))
}
