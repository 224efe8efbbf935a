//! What of an input its model does not allow, as the crate sees it: for `cargo xtask conformance --validate`.
//!
//! | line in | line out |
//! |---|---|
//! | `{service, operation, params}`, the last in the dynamic notation | `{violations: [[path, kind]]}` or `{failure}` |

use serde_json::value::RawValue;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::io::{BufRead, BufWriter, Write, stdin, stdout};
use workstream::dynamic::operation;

/// A line in, still as text where its meaning depends on the operation.
type Line<'l> = BTreeMap<String, &'l RawValue>;

fn main() -> Result<(), Box<dyn StdError>> {
    let mut out = BufWriter::new(stdout().lock());
    for line in stdin().lock().lines() {
        writeln!(out, "{}", answer(&serde_json::from_str(&line?)?)?)?;
    }
    Ok(out.flush()?)
}

fn answer(line: &Line<'_>) -> Result<Json, Box<dyn StdError>> {
    let field = |name: &str| line.get(name).map(|raw| raw.get()).ok_or_else(|| format!("`{name}` is missing"));
    let (service, name): (String, String) =
        (serde_json::from_str(field("service")?)?, serde_json::from_str(field("operation")?)?);
    let operation = operation(&service, &name).ok_or_else(|| format!("there is no operation {service}.{name}"))?;
    Ok(match operation.violations(field("params")?.as_bytes()) {
        Ok(violations) => {
            let found = violations.iter().flatten();
            let found = found.map(|found| json!([found.path(), format!("{:?}", found.kind())]));
            json!({"violations": found.collect::<Vec<_>>()})
        }
        Err(error) => json!({"failure": error.to_string()}),
    })
}
