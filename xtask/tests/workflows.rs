//! What the workflows may do: what a later change to them must not lose without somebody noticing.

use std::collections::BTreeMap;
use std::fs;

/// The workflow with a token, of which the first job must not have it.
const UPDATE: &str = "update-models.yml";

/// A job of a workflow, by its name: the lines of its own, without comments.
type Jobs = BTreeMap<String, String>;

/// What is before the jobs, and the jobs. The workflows are written in YAML's plainest form: keys of jobs are set in by
/// two spaces.
fn parts(workflow: &str) -> (String, Jobs) {
    let lines: Vec<String> = workflow.lines().map(|line| without_comment(line).to_owned()).collect();
    let (head, jobs) = lines.split_at(lines.iter().position(|line| line == "jobs:").unwrap_or(lines.len()));
    let mut found = Jobs::new();
    let mut name = String::new();
    for line in jobs.iter().skip(1) {
        match line.strip_prefix("  ").and_then(|line| line.strip_suffix(':')).filter(|key| !key.starts_with(' ')) {
            Some(key) => name = key.to_owned(),
            None if name.is_empty() => {}
            None => found.entry(name.clone()).or_default().push_str(&format!("{line}\n")),
        }
    }
    (head.join("\n"), found)
}

fn without_comment(line: &str) -> &str {
    let start = if line.starts_with('#') { Some(0) } else { line.find(" #") };
    start.map_or(line, |at| line[..at].trim_end())
}

/// The value of a key, wherever it is in a line of its own or a list.
fn values<'t>(text: &'t str, key: &str) -> Vec<&'t str> {
    let value = |line: &'t str| line.trim_start().trim_start_matches("- ").strip_prefix(key)?.strip_prefix(": ");
    text.lines().filter_map(value).map(str::trim).collect()
}

/// What is wrong with any workflow.
fn faults(workflow: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for line in workflow.lines().filter(|line| !values(line, "uses").is_empty()) {
        if !is_pinned(line) {
            faults.push(format!("not pinned to a commit, with its version behind it: {}", line.trim()));
        }
    }
    faults.extend(unlocked(workflow));
    let (head, jobs) = parts(workflow);
    if !matches!(values(&format!("{head}\n"), "permissions")[..], ["{}"]) {
        faults.push("the workflow itself has permissions".to_owned());
    }
    if jobs.is_empty() {
        faults.push("no jobs".to_owned());
    }
    for (name, job) in &jobs {
        if !job.lines().any(|line| line == "    permissions:") {
            faults.push(format!("{name} does not say what it may do"));
        }
        if !job.lines().any(|line| line.starts_with("    timeout-minutes: ")) {
            faults.push(format!("{name} may run for hours"));
        }
        let (checkouts, kept) = (job.matches("actions/checkout@").count(), values(job, "persist-credentials").len());
        if checkouts != kept {
            faults.push(format!("a checkout of {name} does not say whether it leaves its token"));
        }
        if !has_token(job) {
            continue;
        }
        // Of the code of others, which could take the token.
        for program in ["cargo", "rustup", "python", "pip", ".ci/run", "update-models\""] {
            if job.contains(program) {
                faults.push(format!("{name} has a token, and runs {program}"));
            }
        }
    }
    faults
}

/// Whether a job gets a token that can change anything.
fn has_token(job: &str) -> bool {
    let signs = ["secrets.", "github.token", "GITHUB_TOKEN", "GH_TOKEN", ": write", "persist-credentials: true"];
    signs.iter().any(|sign| job.contains(sign))
}

/// `uses: owner/name@<40 hexadecimal digits> # v1.2.3`
fn is_pinned(line: &str) -> bool {
    let Some((_, action)) = line.split_once("uses: ") else { return false };
    let Some((action, version)) = action.split_once(" # v") else { return false };
    let Some((name, commit)) = action.split_once('@') else { return false };
    let is_commit = commit.len() == 40 && commit.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let is_version = version.split('.').count() == 3 && version.split('.').all(|part| part.parse::<u32>().is_ok());
    is_commit && is_version && name.matches('/').count() == 1
}

/// Commands of cargo that would take other versions than those of the lock file.
fn unlocked(text: &str) -> Vec<String> {
    let command = |line: &&str| {
        let line = without_comment(line).trim_start();
        let line = line.trim_start_matches("- ").trim_start_matches("run: ");
        // The alias has it: see below. The others have no such switch.
        let without = ["cargo xtask ", "cargo fmt ", "cargo semver-checks "];
        line.starts_with("cargo ") && without.iter().all(|command| !line.starts_with(command))
    };
    let lines = text.lines().filter(command).filter(|line| !line.contains(" --locked"));
    lines.map(|line| format!("without --locked: {}", line.trim())).collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(xtask::paths::workspace().join(path)).unwrap()
}

fn workflows() -> BTreeMap<String, String> {
    let folder = xtask::paths::workspace().join(".github/workflows");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &std::path::Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    files.map(|path| (name(&path), fs::read_to_string(&path).unwrap())).collect()
}

#[test]
fn workflows_take_what_was_reviewed_and_keep_their_tokens() {
    let workflows = workflows();
    assert!(workflows.contains_key(UPDATE) && workflows.contains_key("ci.yml"), "{:?}", workflows.keys());
    for (name, workflow) in &workflows {
        assert_eq!(faults(workflow), [""; 0], "{name}");
    }
    assert_eq!(unlocked(&read(".github/scripts/update-models")), [""; 0]);
    assert!(read(".cargo/config.toml").contains("xtask = \"run --locked "), "the alias");
}

#[test]
fn what_runs_the_code_of_others_has_no_token() {
    let (_, jobs) = parts(&read(&format!(".github/workflows/{UPDATE}")));
    let [propose, update] = ["propose", "update"].map(|name| &jobs[name]);
    assert_eq!(jobs.len(), 2);
    assert!(!has_token(update), "{update}");
    assert!(update.contains("\n    permissions:\n      contents: read\n    "), "and no more: {update}");
    assert_eq!(values(update, "persist-credentials"), ["false"]);
    assert!(update.contains("run: .github/scripts/update-models "));
    // What comes in from outside is no part of a command.
    assert!(values(update, "run").iter().chain(&values(propose, "run")).all(|run| !run.contains("${{")));
    assert!(has_token(propose) && propose.contains("run: .github/scripts/propose-update "));
    let script = read(".github/scripts/propose-update");
    for program in ["cargo ", "python", "rustup", "source "] {
        assert!(!script.lines().any(|line| line.trim_start().starts_with(program)), "{program}");
    }
}

/// Each of these is seen in a workflow that is as it should be but for that.
#[test]
fn faults_are_seen() {
    let good = read(&format!(".github/workflows/{UPDATE}"));
    let checkout = values(&good, "uses")[0];
    let (action, _) = checkout.split_once(" # ").unwrap();
    let (name, commit) = action.split_once('@').unwrap();
    for (from, to) in [
        (checkout, format!("{name}@v7")),
        (checkout, format!("{name}@{} # v7.0.1", &commit[..12])),
        (checkout, format!("{name}@{commit}")),
        (checkout, format!("{name}@main # v7.0.1")),
        ("permissions: {}\n", "permissions: write-all\n".to_owned()),
        ("permissions: {}\n", String::new()),
        ("    permissions:\n      contents: read\n", String::new()),
        ("    timeout-minutes: 30\n", String::new()),
        ("          persist-credentials: false\n", String::new()),
        ("persist-credentials: false", "persist-credentials: true".to_owned()),
        ("      contents: read\n", "      contents: write\n".to_owned()),
        ("          BOTOCORE: ", "          GH_TOKEN: ${{ github.token }}\n          BOTOCORE: ".to_owned()),
        ("          BOTOCORE: ", "          KEY: ${{ secrets.KEY }}\n          BOTOCORE: ".to_owned()),
        ("      - run: rustup default 1.95\n", "      - run: cargo install cargo-deny\n".to_owned()),
        (
            "run: .github/scripts/propose-update",
            "run: cargo xtask codegen && .github/scripts/propose-update".to_owned(),
        ),
    ] {
        assert!(good.contains(from), "{from}");
        assert_ne!(faults(&good.replacen(from, &to, 1)), [""; 0], "{to}");
    }
}
