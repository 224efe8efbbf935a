//! What features that add code to every type cost a binary: programs without a client.

use super::client::Program;
use crate::failure::Result;
use crate::paths;
use crate::paths::workspace;
use std::path::Path;

/// A program that makes a request and reads a response.
const MAIN: &str = r#"use workstream::appstream::types::DescribeFleetsInput;
use workstream::runtime::http::Response;
use workstream::{Operation, Protocol};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let input = DescribeFleetsInput::new().names(std::env::args().skip(1));
    println!("{}", input.to_request(Protocol::AwsJson1_1)?.uri());
    let response = Response::new(std::fs::read("response.json")?);
    let output = DescribeFleetsInput::parse_response(Protocol::AwsJson1_1, &response)?;
    println!("{}", output.fleets.as_ref().map_or(0, Vec::len));
"#;

/// What each program has besides: its name, features, other dependencies, and what it does with the output.
const PROGRAMS: [(&str, &str, &str, &str); 4] = [
    ("plain", "", "", ""),
    ("serde unused", ", 'serde'", "", ""),
    ("json of one type", "", "", r#"    println!("{}", workstream::json::to_string(&output)?);"#),
    (
        "serde_json of one type",
        ", 'serde'",
        "serde_json = '1'",
        r#"    println!("{}", serde_json::to_string(&output)?);"#,
    ),
];

/// The sizes of all of them, in one cell.
pub(super) fn binaries(root: &Path) -> Result<String> {
    let generated = paths::slashed(&workspace().join("generated"));
    let size = |(title, features, other, last): (&'static str, &str, &str, &str)| {
        let dependencies = format!(
            "workstream = {{ path = '{generated}', default-features = false, \
             features = ['appstream', 'workspaces'{features}] }}\n{other}"
        );
        let program = Program::create(root, title, &dependencies, &format!("{MAIN}{last}\n    Ok(())\n}}\n"))?;
        Ok(program.stripped_bytes()? / 1000)
    };
    let sizes = PROGRAMS.into_iter().map(size).collect::<Result<Vec<u64>>>()?;
    Ok(cell(&sizes))
}

fn cell(kilobytes: &[u64]) -> String {
    let sizes = PROGRAMS.iter().zip(kilobytes);
    let sizes: Vec<String> = sizes.map(|((name, ..), size)| format!("{name} {size} kB")).collect();
    sizes.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_by_name() {
        let expected = "plain 946 kB; serde unused 953 kB; json of one type 954 kB; serde_json of one type 1040 kB";
        assert_eq!(cell(&[946, 953, 954, 1040]), expected);
    }
}
