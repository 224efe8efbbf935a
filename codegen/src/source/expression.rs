//! Paths to members as paginators write them.
//!
//! ```text
//! tokens = steps *("||" steps)
//! steps  = name ["[-1]"] *("." name ["[-1]"])
//! ```

use super::node::At;
use crate::graph::{Located, MemberPath, NameRef, TokenExpression, TokenStep};

/// Reads the name of a member, shape or operation.
pub(super) fn name(at: &At<'_, '_>) -> Option<NameRef> {
    Some(NameRef { name: at.string()?.to_owned(), origin: at.origin() })
}

/// Reads a token expression: `a`, `a.b`, `a.b[-1].c`, `a || b[-1].c`.
pub(super) fn token(at: &At<'_, '_>) -> Option<Located<TokenExpression>> {
    let text = at.string()?;
    if is_too_long(at, text.split("||").flat_map(|path| path.split('.')).count()) {
        return None;
    }
    let alternatives: Option<Vec<_>> = text.split("||").map(|steps| parse_steps(steps.trim())).collect();
    if alternatives.is_none() {
        malformed(at, text, "such as `a.b` or `a || b[-1].c`");
    }
    Some(Located { value: TokenExpression { alternatives: alternatives? }, origin: at.origin() })
}

/// Reads a path of member names: `a`, `a.b`.
pub(super) fn path(at: &At<'_, '_>) -> Option<Located<MemberPath>> {
    let text = at.string()?;
    if is_too_long(at, text.split('.').count()) {
        return None;
    }
    let names = text.split('.').map(str::to_owned).collect::<Vec<_>>();
    if !names.iter().all(|name| is_name(name)) {
        malformed(at, text, "such as `a` or `a.b`");
        return None;
    }
    Some(Located { value: MemberPath(names), origin: at.origin() })
}

/// How many members a token or path may name: code is made that follows them one within the other.
const MAX_STEPS: usize = 64;

/// Whether the path `text` of so many steps is too long, which is reported.
fn is_too_long(at: &At<'_, '_>, steps: usize) -> bool {
    if steps > MAX_STEPS {
        at.error(
            "path-too-long",
            format!("the path names {steps} members, and more than {MAX_STEPS} are not supported"),
        );
    }
    steps > MAX_STEPS
}

fn malformed(at: &At<'_, '_>, text: &str, examples: &str) {
    at.report(|diagnostics, origin| {
        diagnostics
            .error("malformed-path", origin, format!("`{text}` is not a path to a member"))
            .hint(format!("write member names, {examples}"));
    });
}

fn parse_steps(text: &str) -> Option<Vec<TokenStep>> {
    let mut steps = Vec::new();
    for part in text.split('.') {
        let (name, last) = match part.strip_suffix("[-1]") {
            Some(name) => (name, true),
            None => (part, false),
        };
        if !is_name(name) {
            return None;
        }
        steps.push(TokenStep::Member(name.to_owned()));
        if last {
            steps.push(TokenStep::Last);
        }
    }
    Some(steps)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}
