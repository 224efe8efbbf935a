//! The scripts of the scheduled workflow, in repositories made here, with
//! programs in the place of cargo and gh.
#![cfg(unix)]

use crate::common::{folder, write};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the first job runs, and what the second.
const UPDATE: &str = ".github/scripts/update-models";
const PROPOSE: &str = ".github/scripts/propose-update";

/// A model, as far as the scripts look.
const MODEL: &str = "models/appstream/2016-12-01/service-2.json";

/// Does what `models update` would: changes a model, and tells.
const CARGO: &str = r#"
echo "$*" > "$ROOT/cargo.log"
[ "$1 $2 $3" = 'xtask models update' ] || exit 9
[ -z "$FAIL" ] || exit 1
while [ "$1" != --summary ]; do shift; done
printf 'new_version=1.10.0\nregenerated=%s\nlabel=breaking\ndigest=%s\n' "$REGENERATED" "$DIGEST" >> "$2"
echo "$DIGEST" > models/appstream/2016-12-01/service-2.json
echo "$DIGEST" > generated/src/added.rs
mkdir -p models/identity/sts/2011-06-15 runtime/src/identity/sts
echo > models/identity/sts/2011-06-15/service-2.json
echo > runtime/src/identity/sts/mod.rs
echo > CHANGELOG.md
rm -f generated/src/gone.rs
eval "$MISCHIEF"
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

/// A repository `first`, of which the second job has another checkout, with its remote, and the programs in `bin`.
fn project(name: &str) -> PathBuf {
    let root = folder(name);
    program(&root.join("bin/cargo"), CARGO);
    program(&root.join("bin/gh"), GH);
    write(&root.join("changelog.md"), "**headline**\n\nWhat changed\n");
    git(&root, &["init", "--quiet", "--bare", "remote"]);
    git(&root, &["init", "--quiet", "--initial-branch", "main", "first"]);
    let first = root.join("first");
    for script in [UPDATE, PROPOSE] {
        program(&first.join(script), "");
        fs::copy(xtask::paths::workspace().join(script), first.join(script)).unwrap();
    }
    write(&first.join(MODEL), "0");
    write(&first.join("models/appstream/overlay.toml"), "");
    write(&first.join("generated/src/gone.rs"), "");
    git(&first, &["add", "."]);
    git(&first, &["commit", "--quiet", "--message", "one"]);
    git(&first, &["remote", "add", "origin", "../remote"]);
    git(&first, &["push", "--quiet", "origin", "main"]);
    root
}

/// Runs a script of one of the checkouts; whether it succeeded, and what it printed.
fn script(root: &Path, checkout: &str, script: &str, variables: &[(&str, &str)]) -> (bool, String) {
    let path = std::env::join_paths(
        std::iter::once(root.join("bin")).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let mut script = Command::new(root.join(checkout).join(script));
    script.arg(root.join("update")).env("PATH", path.unwrap()).env("ROOT", root);
    script.env("GITHUB_OUTPUT", root.join("output")).env_remove("BOTOCORE");
    script.envs([("REGENERATED", "true"), ("DIGEST", DIGEST), ("FAIL", ""), ("NO_LABELS", ""), ("MISCHIEF", "")]);
    let output = script.envs(variables.iter().copied()).output().unwrap();
    (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

/// The first job; whether it succeeded, what it printed, and whether the second follows.
fn update(root: &Path, variables: &[(&str, &str)]) -> (bool, String, bool) {
    for left in ["update", "output"] {
        let left = root.join(left);
        let _ = fs::remove_dir_all(&left).or_else(|_| fs::remove_file(&left));
    }
    let first = root.join("first");
    git(&first, &["reset", "--quiet", "--hard", "main"]);
    git(&first, &["clean", "--quiet", "-d", "--force"]);
    let (done, told) = script(root, "first", UPDATE, variables);
    let output = fs::read_to_string(root.join("output")).unwrap_or_default();
    (done, told, output.lines().any(|line| line == "proposed=true"))
}

/// The second job; whether it succeeded, what it printed, and what gh was asked.
fn propose(root: &Path, variables: &[(&str, &str)]) -> (bool, String, String) {
    let second = root.join("second");
    let _ = fs::remove_dir_all(&second);
    git(root, &["clone", "--quiet", "--branch", "main", "remote", "second"]);
    let (done, told) = script(root, "second", PROPOSE, variables);
    let asked = fs::read_to_string(root.join("gh.log")).unwrap_or_default();
    let _ = fs::remove_file(root.join("gh.log"));
    (done, told, asked)
}

/// Both jobs, as the workflow has them.
fn both(root: &Path, variables: &[(&str, &str)]) -> (bool, String, String) {
    match update(root, variables) {
        (true, told, true) => {
            let (done, more, asked) = propose(root, variables);
            (done, told + &more, asked)
        }
        (done, told, _) => (done, told, String::new()),
    }
}

const BRANCH: &str = "models/0123456789abcdef";

/// What the models are, of which the branch's name has the beginning.
const DIGEST: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

#[test]
fn an_update_becomes_a_pull_request() {
    let root = project("propose_update");
    let (done, told, asked) = both(&root, &[]);
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
    assert_eq!(git(&root.join("remote"), &["show", &format!("{BRANCH}:{MODEL}")]), format!("{DIGEST}\n"));
    let files = git(&root.join("remote"), &["ls-tree", "-r", "--name-only", BRANCH]);
    let expected = format!(
        "{PROPOSE}\n{UPDATE}\nCHANGELOG.md\ngenerated/src/added.rs\n{MODEL}\nmodels/appstream/overlay.toml\nmodels/identity/sts/2011-06-15/service-2.json\nruntime/src/identity/sts/mod.rs\n"
    );
    assert_eq!(files, expected, "all that has changed");
    let asked = fs::read_to_string(root.join("cargo.log")).unwrap();
    assert!(asked.starts_with("xtask models update --format markdown --summary ") && !asked.contains("botocore"));

    both(&root, &[("BOTOCORE", "1.10.0"), ("REGENERATED", "false")]);
    assert!(fs::read_to_string(root.join("cargo.log")).unwrap().ends_with(" --botocore 1.10.0\n"));
}

#[test]
fn nothing_is_proposed_without_need() {
    let root = project("propose_update_no_need");
    let branches = || git(&root.join("remote"), &["branch", "--format=%(refname:short)"]);
    let (done, told, asked) = both(&root, &[("REGENERATED", "false")]);
    assert!(done && told.contains("changes nothing in the generated crate") && asked.is_empty(), "{told}{asked}");

    write(&root.join("known"), "https://example.com/pull/3\n");
    let (done, told, asked) = both(&root, &[]);
    assert!(done && told.contains("proposed before: https://example.com/pull/3"), "{told}");
    assert_eq!((asked.lines().count(), branches().as_str()), (1, "main\n"), "{asked}");

    let (done, told, asked) = both(&root, &[("FAIL", "yes")]);
    assert!(!done && asked.is_empty() && branches() == "main\n", "{told}{asked}");
    let (done, told, _) = both(&root, &[("DIGEST", "no digest")]);
    assert!(!done && told.contains("has no digest") && branches() == "main\n", "{told}");
}

#[test]
fn a_branch_that_an_earlier_run_left_is_replaced_and_labels_are_no_must() {
    let root = project("propose_update_again");
    let first = root.join("first");
    git(&first, &["checkout", "--quiet", "-b", "left"]);
    git(&first, &["commit", "--quiet", "--allow-empty", "--message", "left"]);
    git(&first, &["push", "--quiet", "origin", &format!("left:{BRANCH}")]);
    let (done, told, asked) = both(&root, &[("NO_LABELS", "yes")]);
    assert!(done && asked.contains("pr|create|"), "{told}{asked}");
    assert!(told.contains("::warning::cannot set the label breaking"), "{told}");
    assert!(!git(&root.join("remote"), &["log", "--format=%s", BRANCH]).contains("left"));
}

#[test]
fn a_body_is_as_long_as_may_be() {
    let root = project("propose_update_long");
    write(&root.join("changelog.md"), format!("**headline**\n{}", "- wh\u{e4}t changed\n".repeat(10_000)));
    let (done, told, _) = both(&root, &[]);
    assert!(done, "{told}");
    let body = fs::read_to_string(root.join("body.md")).unwrap();
    assert!(body.starts_with("**headline**\n\nThis changelog is too long"), "{body}");
    assert!(body.len() < 65_536 && body.len() > 50_000 && body.ends_with("- wh\u{e4}t changed\n"), "{}", body.len());
}

/// What the first job runs may do to its checkout what it likes: only models, generated code and the file of changes come out of it.
#[test]
fn an_update_touches_models_and_the_crate_only() {
    let root = project("propose_update_mischief");
    for (mischief, why) in [
        ("echo > elsewhere", "elsewhere is none of its business"),
        ("echo > .github/workflows.yml", ".github/workflows.yml is none of its business"),
        ("echo >> .github/scripts/propose-update", "propose-update is"),
        ("echo > models/appstream/overlay.toml", "models/appstream/overlay.toml is none of its business"),
        ("echo > models/identity/sts/overlay.toml", "models/identity/sts/overlay.toml is none of its business"),
        ("echo > README.md", "README.md is none of its business"),
        ("echo > runtime/src/lib.rs", "runtime/src/lib.rs is none of its business"),
        ("echo > generated/build.rs", "generated/build.rs is none of its business"),
        ("echo > generated/src/a.txt", "generated/src/a.txt is none of its business"),
        ("echo > 'generated/src/a\nb.rs'", "is none of its business"),
        ("mkdir generated/src/.cargo; echo > generated/src/.cargo/a.rs", "is none of its business"),
        ("ln -s ../../x generated/src/link.rs", "generated/src/link.rs is no plain file"),
        ("chmod +x generated/src/added.rs", "generated/src/added.rs is no plain file"),
        (
            "git init -q generated/src/a.rs; git -C generated/src/a.rs -c user.name=a -c user.email=a@b commit -qm a --allow-empty",
            "generated/src/a.rs is no plain file",
        ),
    ] {
        let (done, told, proposed) = update(&root, &[("MISCHIEF", mischief)]);
        assert!(done && proposed, "{told}");
        let (done, told, asked) = propose(&root, &[]);
        assert!(!done && told.contains("the update is not proposed: ") && told.contains(why), "{mischief}: {told}");
        assert_eq!(asked.lines().count(), 1, "no more than whether it is there: {asked}");
        assert_eq!(git(&root.join("remote"), &["branch", "--format=%(refname:short)"]), "main\n");
    }
}

/// What the first job has left is looked at before anything is done with it.
#[test]
fn what_is_proposed_says_what_it_is() {
    let root = project("propose_update_handed_over");
    update(&root, &[]);
    let kept = |file: &str| fs::read_to_string(root.join("update").join(file)).unwrap();
    let (summary, patch) = (kept("summary"), kept("patch"));
    let hunks = "diff --git a/../out b/../out\nnew file mode 100644\n--- /dev/null\n+++ b/../out\n@@ -0,0 +1 @@\n+x\n";
    for (file, text, why) in [
        ("summary", summary.replace("1.10.0", "1.10.0`id`"), "its summary has no version"),
        ("summary", summary.replace("new_version=", "new_version=1.9.0\nnew_version="), "its summary has no version"),
        ("summary", summary.replace("breaking", "break ing"), "its summary has no label"),
        ("summary", summary.replace(DIGEST, "..%2f"), "its summary has no digest"),
        ("patch", String::new(), "its patch"),
        ("patch", patch[..patch.len() - 5].to_owned(), "its patch does not apply"),
        ("patch", hunks.to_owned(), "its patch does not apply"),
    ] {
        write(&root.join("update").join(file), text);
        let (done, told, _) = propose(&root, &[]);
        assert!(!done && told.contains(&format!("the update is not proposed: {why}")), "{file}: {told}");
        write(&root.join("update/summary"), &summary);
        write(&root.join("update/patch"), &patch);
    }
    fs::rename(root.join("update/patch"), root.join("elsewhere")).unwrap();
    std::os::unix::fs::symlink("../elsewhere", root.join("update/patch")).unwrap();
    let (done, told, _) = propose(&root, &[]);
    assert!(!done && told.contains("it has no file patch"), "{told}");
    assert_eq!(git(&root.join("remote"), &["branch", "--format=%(refname:short)"]), "main\n");
}
