//! The script of the scheduled workflow, in a repository made here, with
//! programs in the place of cargo and gh.
#![cfg(unix)]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{folder, write};

const SCRIPT: &str = ".github/scripts/propose-update";

/// Does what `models update` would: changes a model, and tells.
const CARGO: &str = r#"
echo "$*" > "$ROOT/cargo.log"
[ "$1 $2 $3" = 'xtask models update' ] || exit 9
[ -z "$FAIL" ] || exit 1
while [ "$1" != --summary ]; do shift; done
printf 'new_version=1.10.0\nregenerated=%s\nlabel=breaking\ndigest=%s\n' "$REGENERATED" "$DIGEST" >> "$2"
echo "$DIGEST" > models/model
echo "$DIGEST" > generated/added.rs
echo "$DIGEST" > elsewhere
rm -f generated/lib.rs
cat "$ROOT/changelog.md"
"#;

/// Notes what it is asked, and keeps the body.
const GH: &str = r#"
printf '%s|' "$@" >> "$ROOT/gh.log"; echo >> "$ROOT/gh.log"
case "$1 $2" in
'pr list') cat "$ROOT/known" 2>/dev/null || true ;;
'pr create') while [ "$1" != --body-file ]; do shift; done; cp "$2" "$ROOT/body.md"; echo https://example.com/pull/7 ;;
*) [ -z "$NO_LABELS" ] ;;
esac
"#;

fn program(path: &Path, script: &str) {
    write(path, format!("#!/bin/sh\nset -e\n{script}"));
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Runs git, and gives its output.
fn git(root: &Path, arguments: &[&str]) -> String {
    let config = ["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").current_dir(root).args(config).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A repository `here` with its remote, and the programs in `bin`.
fn project(name: &str) -> PathBuf {
    let root = folder(name);
    program(&root.join("bin/cargo"), CARGO);
    program(&root.join("bin/gh"), GH);
    write(&root.join("changelog.md"), "**headline**\n\nWhat changed\n");
    git(&root, &["init", "--quiet", "--bare", "remote"]);
    git(&root, &["init", "--quiet", "--initial-branch", "main", "here"]);
    let here = root.join("here");
    program(&here.join(SCRIPT), "");
    fs::copy(xtask::paths::workspace().join(SCRIPT), here.join(SCRIPT)).unwrap();
    write(&here.join("models/model"), "0");
    write(&here.join("generated/lib.rs"), "");
    git(&here, &["add", "."]);
    git(&here, &["commit", "--quiet", "--message", "one"]);
    git(&here, &["remote", "add", "origin", "../remote"]);
    git(&here, &["push", "--quiet", "origin", "main"]);
    root
}

/// Runs the script on main; whether it succeeded, what it printed, and what gh was asked.
fn propose(root: &Path, variables: &[(&str, &str)]) -> (bool, String, String) {
    let here = root.join("here");
    git(&here, &["checkout", "--quiet", "--force", "main"]);
    let path = std::env::join_paths(
        std::iter::once(root.join("bin")).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let mut script = Command::new(here.join(SCRIPT));
    script.env("PATH", path.unwrap()).env("ROOT", root).env_remove("BOTOCORE");
    script.envs([("REGENERATED", "true"), ("DIGEST", DIGEST), ("FAIL", ""), ("NO_LABELS", "")]);
    let output = script.envs(variables.iter().copied()).output().unwrap();
    let asked = fs::read_to_string(root.join("gh.log")).unwrap_or_default();
    let _ = fs::remove_file(root.join("gh.log"));
    let told = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(told).unwrap(), asked)
}

const BRANCH: &str = "models/0123456789abcdef";

/// What the models are, of which the branch's name has the beginning.
const DIGEST: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

#[test]
fn an_update_becomes_a_pull_request() {
    let root = project("propose_update");
    let (done, told, asked) = propose(&root, &[]);
    assert!(done && told.contains("https://example.com/pull/7"), "{told}");
    let title = "Update the models to botocore 1.10.0";
    let lines: Vec<&str> = asked.lines().collect();
    assert_eq!(lines.len(), 4, "{asked}");
    assert!(lines[0].starts_with(&format!("pr|list|--state|all|--head|{BRANCH}|")), "{asked}");
    let create = format!("pr|create|--base|main|--head|{BRANCH}|--title|{title} (breaking)|--body-file|");
    assert!(lines[1].starts_with(&create) && lines[2].starts_with("label|create|breaking|"), "{asked}");
    assert_eq!(lines[3], "pr|edit|https://example.com/pull/7|--add-label|breaking|");
    assert_eq!(fs::read_to_string(root.join("body.md")).unwrap(), "**headline**\n\nWhat changed\n");
    let pushed = git(&root.join("remote"), &["log", "--format=%s", BRANCH]);
    assert_eq!(pushed, format!("{title}\none\n"));
    assert_eq!(git(&root.join("remote"), &["show", &format!("{BRANCH}:models/model")]), format!("{DIGEST}\n"));
    let files = git(&root.join("remote"), &["ls-tree", "-r", "--name-only", BRANCH]);
    assert_eq!(files, format!("{SCRIPT}\nelsewhere\ngenerated/added.rs\nmodels/model\n"), "all that has changed");
    let asked = fs::read_to_string(root.join("cargo.log")).unwrap();
    assert!(asked.starts_with("xtask models update --format markdown --summary ") && !asked.contains("botocore"));

    propose(&root, &[("BOTOCORE", "1.10.0"), ("REGENERATED", "false")]);
    assert!(fs::read_to_string(root.join("cargo.log")).unwrap().ends_with(" --botocore 1.10.0\n"));
}

#[test]
fn nothing_is_proposed_without_need() {
    let root = project("propose_update_no_need");
    let branches = || git(&root.join("remote"), &["branch", "--format=%(refname:short)"]);
    let (done, told, asked) = propose(&root, &[("REGENERATED", "false")]);
    assert!(done && told.contains("changes nothing in the generated crate") && asked.is_empty(), "{told}{asked}");

    write(&root.join("known"), "https://example.com/pull/3\n");
    let (done, told, asked) = propose(&root, &[]);
    assert!(done && told.contains("proposed before: https://example.com/pull/3"), "{told}");
    assert_eq!((asked.lines().count(), branches().as_str()), (1, "main\n"), "{asked}");

    let (done, told, asked) = propose(&root, &[("FAIL", "yes")]);
    assert!(!done && asked.is_empty() && branches() == "main\n", "{told}{asked}");
    let (done, told, _) = propose(&root, &[("DIGEST", "no digest")]);
    assert!(!done && told.contains("has no digest") && branches() == "main\n", "{told}");
}

#[test]
fn a_branch_that_an_earlier_run_left_is_replaced_and_labels_are_no_must() {
    let root = project("propose_update_again");
    let here = root.join("here");
    git(&here, &["checkout", "--quiet", "-b", "left"]);
    git(&here, &["commit", "--quiet", "--allow-empty", "--message", "left"]);
    git(&here, &["push", "--quiet", "origin", &format!("left:{BRANCH}")]);
    let (done, told, asked) = propose(&root, &[("NO_LABELS", "yes")]);
    assert!(done && asked.contains("pr|create|"), "{told}{asked}");
    assert!(told.contains("::warning::cannot set the label breaking"), "{told}");
    assert!(!git(&root.join("remote"), &["log", "--format=%s", BRANCH]).contains("left"));
}

#[test]
fn a_body_is_as_long_as_may_be() {
    let root = project("propose_update_long");
    write(&root.join("changelog.md"), format!("**headline**\n{}", "- wh\u{e4}t changed\n".repeat(10_000)));
    let (done, told, _) = propose(&root, &[]);
    assert!(done, "{told}");
    let body = fs::read_to_string(root.join("body.md")).unwrap();
    assert!(body.starts_with("**headline**\n\nThis changelog is too long"), "{body}");
    assert!(body.len() < 65_536 && body.len() > 50_000 && body.ends_with("- wh\u{e4}t changed\n"), "{}", body.len());
}
