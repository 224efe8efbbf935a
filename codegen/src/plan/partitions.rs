//! Partitions of AWS regions, with their region patterns parsed.
//!
//! A pattern is a regular expression, but a very restricted one: literals,
//! `(alternatives|of|literals)`, `\w+` and `\d+`, anchored at both ends. It is
//! taken apart here, so that nothing at run time needs a regex engine; one that
//! says more is an error.

use crate::diagnostic::Diagnostics;
use crate::graph::Partition;

/// A partition to emit.
#[derive(Debug)]
pub struct PartitionPlan<'g> {
    /// What the model says.
    pub partition: &'g Partition,
    /// Its region pattern.
    pub pattern: Vec<PatternPart>,
}

/// A piece of a region pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternPart {
    /// One of these, none of them empty or the beginning of another.
    OneOf(Vec<String>),
    /// `\w+`
    Word,
    /// `\d+`
    Digits,
}

/// Plans all partitions, in the order in which they are searched. One with an
/// error is reported and left out.
pub fn partitions<'g>(partitions: &'g [Partition], diagnostics: &mut Diagnostics) -> Vec<PartitionPlan<'g>> {
    partitions
        .iter()
        .filter_map(|partition| match parse(&partition.region_regex) {
            Ok(pattern) => Some(PartitionPlan { partition, pattern }),
            Err(Unsupported { column, why }) => {
                let message = format!(
                    "the region pattern `{}` of partition `{}` is not supported: {why} at column {column}",
                    partition.region_regex, partition.id
                );
                diagnostics.error("region-pattern", &partition.origin, message).hint(
                    "supported are literals, `(a|b)`, `\\w+` and `\\d+` between `^` and `$`, if there is one way to match them",
                );
                None
            }
        })
        .collect()
}

/// What a pattern has that cannot be emitted, and where, counted from 1.
#[derive(Debug, PartialEq, Eq)]
struct Unsupported {
    column: usize,
    why: &'static str,
}

fn parse(regex: &str) -> Result<Vec<PatternPart>, Unsupported> {
    let mut parser = PatternParser { rest: regex, length: regex.len(), parts: Vec::new() };
    parser.take("^").ok_or_else(|| parser.unsupported("no `^`"))?;
    while parser.rest != "$" {
        parser.part()?;
        parser.check_last()?;
    }
    Ok(parser.parts)
}

struct PatternParser<'a> {
    rest: &'a str,
    length: usize,
    parts: Vec<PatternPart>,
}

impl PatternParser<'_> {
    fn unsupported(&self, why: &'static str) -> Unsupported {
        Unsupported { column: self.length - self.rest.len() + 1, why }
    }

    fn take(&mut self, text: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(text)?;
        Some(())
    }

    fn part(&mut self) -> Result<(), Unsupported> {
        if self.take(r"\w+").is_some() {
            self.parts.push(PatternPart::Word);
        } else if self.take(r"\d+").is_some() {
            self.parts.push(PatternPart::Digits);
        } else if self.take("(").is_some() {
            let alternatives = self.alternatives()?;
            self.parts.push(PatternPart::OneOf(alternatives));
        } else {
            let literal = self.literal()?;
            self.parts.push(PatternPart::OneOf(vec![literal]));
        }
        Ok(())
    }

    fn alternatives(&mut self) -> Result<Vec<String>, Unsupported> {
        let mut alternatives = Vec::new();
        loop {
            let literal = self.literal()?;
            if alternatives.iter().any(|other: &String| literal.starts_with(other) || other.starts_with(&literal)) {
                return Err(self.unsupported("an alternative that begins with another"));
            }
            alternatives.push(literal);
            if self.take(")").is_some() {
                return Ok(alternatives);
            }
            self.take("|").ok_or_else(|| self.unsupported("neither `|` nor `)`"))?;
        }
    }

    /// Letters, digits and hyphens; a hyphen may be escaped.
    fn literal(&mut self) -> Result<String, Unsupported> {
        let mut literal = String::new();
        loop {
            let c = match self.rest.strip_prefix('\\') {
                Some(escaped) => escaped.chars().next().filter(|c| *c == '-').map(|c| (c, 2)),
                None => self.rest.chars().next().filter(|c| c.is_ascii_alphanumeric() || *c == '-').map(|c| (c, 1)),
            };
            match c {
                Some((c, length)) => {
                    literal.push(c);
                    self.rest = &self.rest[length..];
                }
                None if literal.is_empty() => return Err(self.unsupported("something else")),
                None => return Ok(literal),
            }
        }
    }

    /// What follows a run must not begin with what the run takes: otherwise the
    /// run would have to give some of it back.
    fn check_last(&self) -> Result<(), Unsupported> {
        let [.., run, next] = self.parts.as_slice() else { return Ok(()) };
        let takes = |c: char| match run {
            PatternPart::Word => c.is_ascii_alphanumeric() || c == '_',
            PatternPart::Digits => c.is_ascii_digit(),
            PatternPart::OneOf(_) => false,
        };
        let ambiguous = match next {
            PatternPart::OneOf(literals) => literals.iter().any(|literal| literal.starts_with(takes)),
            PatternPart::Word | PatternPart::Digits => takes('0'),
        };
        if ambiguous { Err(self.unsupported("a run that has no clear end")) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_of(literals: &[&str]) -> PatternPart {
        PatternPart::OneOf(literals.iter().map(|&literal| literal.to_owned()).collect())
    }

    #[test]
    fn patterns_of_partitions_json() {
        let run = [PatternPart::Word, one_of(&["-"]), PatternPart::Digits];
        assert_eq!(
            parse(r"^(us|eu|ap)\-\w+\-\d+$"),
            Ok([one_of(&["us", "eu", "ap"]), one_of(&["-"])].into_iter().chain(run.clone()).collect())
        );
        assert_eq!(parse(r"^us\-gov\-\w+\-\d+$"), Ok([one_of(&["us-gov-"])].into_iter().chain(run.clone()).collect()));
        assert_eq!(
            parse(r"^eusc\-(de)\-\w+\-\d+$"),
            Ok([one_of(&["eusc-"]), one_of(&["de"]), one_of(&["-"])].into_iter().chain(run).collect())
        );
    }

    #[test]
    fn anything_else_is_refused() {
        for (regex, column, why) in [
            ("us", 1, "no `^`"),
            ("^us", 4, "something else"),
            (r"^us.\d+$", 4, "something else"),
            (r"^us\s$", 4, "something else"),
            (r"^\w*$", 2, "something else"),
            ("^(us|use)$", 9, "an alternative that begins with another"),
            ("^(us$", 5, "neither `|` nor `)`"),
            ("^()$", 3, "something else"),
            (r"^\w+\d+$", 8, "a run that has no clear end"),
            (r"^\d+(1|a)$", 10, "a run that has no clear end"),
            (r"^\w+east$", 9, "a run that has no clear end"),
            ("^é$", 2, "something else"),
        ] {
            assert_eq!(parse(regex), Err(Unsupported { column, why }), "{regex}");
        }
        assert_eq!(parse(r"^\d+a$"), Ok(vec![PatternPart::Digits, one_of(&["a"])]));
    }
}
