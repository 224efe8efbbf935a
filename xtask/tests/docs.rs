//! `cargo xtask docs`: the report, and what is wrong with sentences. And who else tells of those that are missing.

use crate::common::tiny::{MODEL, project};
use crate::common::{folder, write};
use crate::update::{partitions, wheel_of};
use std::path::Path;
use std::process::Command;

const DOCS: &str = "[operations]\nPing = 'Asks whether somebody is there.'\n[members]\nName = 'Who is asked.'\n";

/// Exit code, stdout and stderr of a command.
fn run(root: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.current_dir(root).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn what_has_a_sentence_is_counted_and_the_rest_is_named() {
    let root = project("docs_report");
    write(&root.join("models/tiny/docs.toml"), DOCS);
    let (code, text, told) = run(&root, &["docs", "--models", "models"]);
    assert_eq!((code, told.as_str()), (0, ""), "{text}");
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0][..3], ["service", "operations", "structures"], "{text}");
    assert_eq!(rows[1], ["tiny", "0/1", "1/2", "0/0", "0/0", "0/0", "0/0", "1/1", "0/0"]);
    assert_eq!(rows[2], ["wee", "0/1", "0/2", "0/0", "0/0", "0/0", "0/0", "0/1", "0/0"]);
    let (_, text, _) = run(&root, &["docs", "wee", "--missing", "--models", "models"]);
    assert!(text.contains("\nwee: operations without a sentence\n  Ping\n  Pong\n"), "{text}");
    assert!(text.contains("\nwee: members without a sentence\n  PingRequest.Name: Text\n"), "{text}");
    assert!(!text.contains("tiny"), "{text}");
}

#[test]
fn an_entry_that_applies_to_nothing_is_an_error() {
    let root = project("docs_nothing");
    write(&root.join("models/tiny/docs.toml"), "[operations]\nPin = 'A.'\n");
    let (code, text, told) = run(&root, &["docs", "--models", "models"]);
    assert_eq!((code, text.as_str()), (1, ""));
    assert!(told.contains("error[sentence-for-nothing]: the model has no operation `Pin`"), "{told}");
    assert!(told.contains("models/tiny/docs.toml:2:7"), "{told}");
}

#[test]
fn a_changelog_names_what_is_new_and_has_no_sentence() {
    let root = project("docs_changelog");
    let old = root.join("old/tiny");
    write(&old.join("2020-01-01/service-2.json"), MODEL.replace("\"Pong\"", "\"Pang\""));
    let compare = || run(&root, &["changelog", "old", "models", "--service", "tiny"]);
    let (code, _, told) = compare();
    assert_eq!((code, told.as_str()), (0, ""), "without any sentence nobody asks for more");
    write(&root.join("models/tiny/docs.toml"), DOCS);
    let (code, _, told) = compare();
    assert_eq!((code, told.trim_end()), (0, "tiny: docs.toml has no sentence yet for 1 new name: Pong"));
    write(&root.join("models/tiny/docs.toml"), format!("{DOCS}[values]\n").replace("Ping =", "Pong = 'B.'\nPing ="));
    assert_eq!(compare().2, "");
}

#[test]
fn sentences_of_upstream_are_found() {
    let root = folder("docs_against");
    let model: serde_json::Value = serde_json::from_str(MODEL).unwrap();
    write(&root.join("models/appstream/2020-01-01/service-2.json"), model.to_string());
    let mut upstream = model.clone();
    upstream["operations"]["Ping"]["documentation"] =
        "<p>Asks whether <b>somebody</b> is there, and waits for an answer.</p>".into();
    wheel_of(&root.join("botocore.whl"), "1.9.0", &upstream, &partitions(&["eu-west-1"]));
    let compare = |sentence: &str| {
        write(&root.join("models/appstream/docs.toml"), format!("[operations]\nPong = '{sentence}'\n"));
        run(&root, &["docs", "--models", "models", "--against", "botocore.whl"])
    };
    let (code, text, told) = compare("Says so if one asks whether somebody is there and waits.");
    assert_eq!((code, text.lines().count()), (0, 2), "seven words: {text}{told}");
    let (code, text, told) = compare("Says so if one asks whether somebody is there and waits for it.");
    let found = "appstream: Pong says as upstream does: asks whether somebody is there and waits for";
    assert!(code == 1 && text.lines().last() == Some(found), "{text}{told}");
    assert_eq!(told.trim_end(), "1 sentence with more than 7 words in a row of botocore.whl");
}
