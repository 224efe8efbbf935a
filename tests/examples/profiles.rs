//! What the shared files say, as the crate reads them: for `cargo xtask conformance --profiles`.
//!
//! | line in | line out |
//! |---|---|
//! | `{config, credentials}`, the files' paths | `{profile, sso-session, services}`, each by name and key, or `{error}` |

use serde_json::{Value as Json, json};
use std::error::Error as StdError;
use std::io::{BufRead, Write, stdin, stdout};
use workstream::client::{Environment, SharedSections, SharedValue};

fn main() -> Result<(), Box<dyn StdError>> {
    let mut out = stdout().lock();
    for line in stdin().lock().lines() {
        let line: Json = serde_json::from_str(&line?)?;
        let path = |file: &str| line[file].as_str().ok_or("a path is missing");
        let files = [("AWS_CONFIG_FILE", path("config")?), ("AWS_SHARED_CREDENTIALS_FILE", path("credentials")?)];
        let answer = match Environment::of(files).shared_sections() {
            Ok(sections) => described(sections),
            Err(error) => json!({"error": error.to_string()}),
        };
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn described(sections: SharedSections) -> Json {
    let value = |value| match value {
        SharedValue::Text(text) => json!(text),
        SharedValue::Nested(settings) => json!(settings),
    };
    let section = |keys: std::collections::BTreeMap<String, SharedValue>| {
        Json::from_iter(keys.into_iter().map(|(key, found)| (key, value(found))))
    };
    let kind = |names: std::collections::BTreeMap<String, _>| {
        Json::from_iter(names.into_iter().map(|(name, keys)| (name, section(keys))))
    };
    Json::from_iter(sections.into_iter().map(|(name, names)| (name.to_owned(), kind(names))))
}
