//! The command `models update`, run as its user runs it, with wheels made here.

use crate::common::{contents, folder, write};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use zip::write::SimpleFileOptions;

/// What a wheel says of AppStream; WorkSpaces is always the same.
#[derive(Clone, Copy)]
struct Release {
    version: &'static str,
    operations: &'static [&'static str],
    /// Members of every request, strings all.
    members: &'static [&'static str],
    is_sensitive: bool,
    regions: &'static [&'static str],
}

const OLD: Release =
    Release { version: "1.9.0", operations: &["Ping"], members: &["A"], is_sensitive: false, regions: &["us-east-1"] };

/// A version with one operation more.
const NEW: Release = Release { version: "1.10.0", operations: &["Ping", "Pong"], ..OLD };

fn object(names: &[&str], value: &Value) -> Value {
    names.iter().map(|name| ((*name).to_owned(), value.clone())).collect::<serde_json::Map<_, _>>().into()
}

fn model(operations: &[&str], members: &[&str], is_sensitive: bool) -> Value {
    json!({
        "metadata": {"apiVersion": "2020-01-01", "protocol": "json", "jsonVersion": "1.1", "targetPrefix": "Tiny"},
        "operations": object(operations, &json!({"input": {"shape": "In"}})),
        "shapes": {
            "In": {"type": "structure", "members": object(members, &json!({"shape": "Text"}))},
            "Text": {"type": "string", "sensitive": is_sensitive}
        }
    })
}

pub fn partitions(regions: &[&str]) -> Value {
    let outputs = json!({
        "name": "aws", "dnsSuffix": "a.example", "dualStackDnsSuffix": "b.example",
        "implicitGlobalRegion": "us-east-1", "supportsDualStack": true, "supportsFIPS": true
    });
    let regions = object(regions, &json!({}));
    let partition = json!({"id": "aws", "regionRegex": "^us\\-\\w+\\-\\d+$", "outputs": outputs, "regions": regions});
    json!({"version": "1.1", "partitions": [partition]})
}

fn wheel(path: &Path, release: Release) -> PathBuf {
    let Release { version, operations, members, is_sensitive, regions } = release;
    wheel_of(path, version, &model(operations, members, is_sensitive), &partitions(regions))
}

pub fn wheel_of(path: &Path, version: &str, appstream: &Value, partitions: &Value) -> PathBuf {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let metadata = format!("Metadata-Version: 2.1\nName: botocore\nVersion: {version}\n\n");
    for (name, text) in [
        (format!("botocore-{version}.dist-info/METADATA"), metadata),
        ("botocore/data/appstream/2020-01-01/service-2.json".to_owned(), appstream.to_string()),
        ("botocore/data/workspaces/2020-01-01/service-2.json".to_owned(), model(&["Sit"], &["B"], false).to_string()),
        ("botocore/data/partitions.json".to_owned(), partitions.to_string()),
    ] {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    write(path, archive.finish().unwrap().into_inner());
    path.to_owned()
}

/// A folder with models and the crate of [`OLD`], and the wheel `new.whl` of [`NEW`].
fn project(name: &str) -> PathBuf {
    let root = folder(name);
    write(&root.join("project/models/services.toml"), "[appstream]\n[workspaces]\n");
    xtask::import::import(&wheel(&root.join("old.whl"), OLD), &root.join("project/models")).unwrap();
    let (code, _, told) = xtask(&root, &["codegen", "--models", "project/models", "--out", "project/out"]);
    assert_eq!(code, 0, "{told}");
    wheel(&root.join("new.whl"), NEW);
    root
}

/// Exit code, stdout and stderr.
fn xtask(root: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).current_dir(root).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn update(root: &Path, arguments: &[&str]) -> (i32, String, String) {
    let place = ["models", "update", "--models", "project/models", "--out", "project/out"];
    xtask(root, &[&place, arguments].concat())
}

/// The entries of a summary, which is removed.
fn summary(root: &Path) -> BTreeMap<String, String> {
    let path = root.join("summary");
    let text = fs::read_to_string(&path).unwrap();
    fs::remove_file(&path).unwrap();
    text.lines().map(|line| line.split_once('=').unwrap()).map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

#[test]
fn what_users_notice_goes_into_the_file_of_changes() {
    let root = project("update_file_of_changes");
    let file = root.join("CHANGELOG.md");
    let old = "# Changelog\n\n## 0.1.0\n\n- Old.\n";
    write(&file, old);
    let with = ["--changelog", "CHANGELOG.md", "--wheel", "new.whl"];
    let (code, _, told) = update(&root, &[&with[..], &["--dry-run"]].concat());
    assert_eq!((code, fs::read_to_string(&file).unwrap().as_str()), (0, old), "{told}");
    let (code, _, told) = update(&root, &with);
    assert_eq!(code, 0, "{told}");
    let changes = "\
# Changelog

## 0.1.1, not released yet

- appstream, botocore 1.9.0 -> botocore 1.10.0:
  - a new operation (wire change, source change): `Pong`

## 0.1.0

- Old.
";
    assert_eq!(fs::read_to_string(&file).unwrap(), changes);
    // The same again is no news.
    let (code, _, told) = update(&root, &with);
    assert_eq!((code, fs::read_to_string(&file).unwrap().as_str()), (0, changes), "{told}");
}

#[test]
fn a_file_of_changes_that_takes_no_entry_stops_the_update() {
    let root = project("update_no_file_of_changes");
    write(&root.join("CHANGELOG.md"), "# Changelog\n");
    let before = contents(&root.join("project"));
    let (code, _, told) = update(&root, &["--changelog", "CHANGELOG.md", "--wheel", "new.whl"]);
    assert_eq!((code, contents(&root.join("project")) == before), (2, true), "{told}");
    assert!(told.contains("CHANGELOG.md has no section: a line that begins with `## `"), "{told}");
    assert!(told.contains("add the line `## 0.1.1, not released yet`, and update again"), "{told}");
}

#[test]
fn models_crate_and_changelog_come_out_of_a_wheel() {
    let root = project("update_writes");
    let before = contents(&root.join("project"));
    let (code, text, told) = update(&root, &["--wheel", "new.whl", "--dry-run", "--summary", "summary"]);
    assert_eq!((code, contents(&root.join("project")) == before), (0, true), "{told}");
    assert!(
        told.ends_with("additive, minor change: the next version after 0.1.0 is 0.1.1\nnothing was written\n"),
        "{told}"
    );
    let rehearsed = summary(&root);

    let (code, written, told) = update(&root, &["--wheel", "new.whl", "--summary", "summary"]);
    assert_eq!((code, &written), (0, &text), "{told}");
    assert!(text.starts_with("botocore 1.9.0 -> botocore 1.10.0: additive, minor change: "), "{text}");
    assert!(text.contains("\nPong (new)\n") && text.contains("appstream - 1 new api method\n"), "{text}");
    assert!(told.contains("project/models: 2 written, 2 unchanged, 0 removed\n"), "{told}");
    let told_of = summary(&root);
    assert_eq!(told_of, rehearsed);
    let entry = |key: &str| told_of[key].as_str();
    assert_eq!(
        ["package", "old_version", "new_version", "changed", "regenerated", "breaking", "label", "bump"].map(entry),
        ["botocore", "1.9.0", "1.10.0", "true", "true", "false", "additive", "minor"]
    );
    assert!(entry("digest") != entry("old_digest") && entry("digest").len() == 64);

    let check = ["codegen", "--models", "project/models", "--out", "project/out", "--check"];
    assert_eq!(xtask(&root, &check).0, 0);
    let after = contents(&root.join("project"));
    assert!(
        after["models/models.lock"].contains("\"1.10.0\"")
            && after.contains_key("out/src/appstream/operations/pong.rs")
    );

    let (code, text, _) = update(&root, &["--wheel", "new.whl", "--summary", "summary"]);
    assert!(code == 0 && text.contains(": the models are the same\n"), "{text}");
    assert_eq!(summary(&root)["regenerated"], "false");
    assert_eq!(contents(&root.join("project")), after);
}

/// A service that is new in the list is in the changelog, and so is one that is no longer in it.
#[test]
fn services_come_and_go_with_the_list() {
    let root = project("update_services");
    let list = root.join("project/models/services.toml");
    write(&list, "[appstream]\n");
    let (code, text, told) = update(&root, &["--wheel", "old.whl", "--dry-run"]);
    assert!(code == 0 && text.starts_with("botocore 1.9.0 -> botocore 1.9.0: breaking, major change"), "{told}{text}");
    write(&root.join("project/models/workspaces/overlay.toml"), "");
    let (code, text, told) = update(&root, &["--wheel", "old.whl"]);
    assert!(code == 0 && text.contains("workspaces"), "{told}{text}");
    let overlay = root.join("project/models/workspaces/overlay.toml");
    assert!(told.contains("project/models/workspaces/overlay.toml belongs to no model any more"), "{told}");
    fs::remove_file(overlay).unwrap();
    assert!(!contents(&root.join("project")).keys().any(|file| file.contains("workspaces")));

    // It is in the models once it is imported, and the changelog of the update tells of it.
    write(&list, "[appstream]\n[workspaces]\n");
    let check = ["codegen", "--models", "project/models", "--out", "project/out", "--check"];
    let (code, _, told) = xtask(&root, &check);
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("has no model of `workspaces`, which project/models/services.toml lists"), "{told}");
    let (code, text, told) = update(&root, &["--wheel", "old.whl", "--format", "json", "--summary", "summary"]);
    assert_eq!((code, summary(&root)["label"].as_str()), (0, "additive"), "{told}");
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["findings"].as_array().map(Vec::len), Some(1), "{text}");
    let (_, page, _) = update(&root, &["--wheel", "old.whl", "--format", "html"]);
    assert!(page.contains("<html"), "{page}");
    assert_eq!(xtask(&root, &check).0, 0);

    write(&list, "[workspaces]\nversion = \"2021-01-01\"\n");
    let (code, _, told) = xtask(&root, &check);
    let reasons = [
        "project/models/appstream is no service that project/models/services.toml lists",
        "has version 2020-01-01 of `workspaces`, and project/models/services.toml asks for 2021-01-01",
    ];
    assert!(code == 1 && reasons.iter().all(|reason| told.contains(reason)), "{told}");
}

/// Services of the runtime are updated with those of the crate: what of them is in use is in the changelog.
#[test]
fn services_of_the_runtime_are_updated_too() {
    let root = project("update_of_runtime");
    let list = "[workspaces]\n[appstream]\nmodule = \"identity\"\noperations = [\"Ping\"]\n";
    write(&root.join("project/models/services.toml"), list);
    let (code, _, told) = update(&root, &["--wheel", "old.whl"]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("project/runtime/src/identity: "), "{told}");
    let files = contents(&root.join("project"));
    assert!(files.contains_key("models/identity/appstream/2020-01-01/service-2.json"), "{:?}", files.keys());
    assert!(files.contains_key("runtime/src/identity/appstream/operations/ping.rs"), "{:?}", files.keys());
    assert!(!files.keys().any(|file| file.starts_with("out/src/appstream")), "{:?}", files.keys());

    // An operation that nobody calls is no news.
    let (code, text, told) = update(&root, &["--wheel", "new.whl", "--summary", "summary"]);
    assert!(code == 0 && text.contains(": the models are the same\n"), "{told}{text}");
    assert_eq!(summary(&root)["regenerated"], "false");
    wheel(&root.join("member.whl"), Release { version: "1.11.0", members: &["A", "B"], ..NEW });
    let (code, text, told) = update(&root, &["--wheel", "member.whl", "--summary", "summary"]);
    assert!(code == 0 && text.contains("appstream - 1 updated api method\n"), "{told}{text}");
    let told_of = summary(&root);
    assert_eq!(["label", "regenerated"].map(|key| told_of[key].as_str()), ["additive", "true"]);
    let ping = &contents(&root.join("project"))["runtime/src/identity/appstream/operations/ping.rs"];
    assert!(ping.contains("pub b: Option<String>"), "{ping}");

    // Nothing is written if the module cannot be.
    let before = contents(&root.join("project"));
    write(&root.join("project/models/services.toml"), list.replace("Ping", "Pang"));
    let (code, _, told) = update(&root, &["--wheel", "member.whl"]);
    assert!(code == 1 && told.contains("operation `Pang` is in none of the selected services"), "{told}");
    write(&root.join("project/models/services.toml"), list);
    assert_eq!(contents(&root.join("project")), before);
}

#[test]
fn the_same_facts_have_the_same_digest() {
    let root = project("update_digest");
    wheel(&root.join("later.whl"), Release { version: "1.11.0", ..OLD });
    // A crate that another generator wrote is no news of the models.
    let lib = root.join("project/out/src/lib.rs");
    let fresh = fs::read_to_string(&lib).unwrap();
    write(&lib, fresh.clone() + "// stale\n");
    let (code, text, _) = update(&root, &["--wheel", "later.whl", "--summary", "summary"]);
    assert!(code == 0 && text.starts_with("botocore 1.9.0 -> botocore 1.11.0: the models are the same\n"), "{text}");
    let told_of = summary(&root);
    assert_eq!(["changed", "regenerated"].map(|key| told_of[key].as_str()), ["false", "false"]);
    assert_eq!((&told_of["digest"], fs::read_to_string(&lib).unwrap()), (&told_of["old_digest"], fresh));
    assert!(fs::read_to_string(root.join("project/models/models.lock")).unwrap().contains("\"1.11.0\""));
}

#[test]
fn the_label_is_the_worst_of_the_verdict() {
    let root = project("update_label");
    let cases = [
        (Release { operations: &["Pong"], ..NEW }, "breaking", "major"),
        (Release { is_sensitive: true, ..NEW }, "behaviour", "minor"),
        (Release { regions: &["us-east-1", "us-west-9"], ..OLD }, "behaviour", "minor"),
        (NEW, "additive", "minor"),
    ];
    for (release, label, bump) in cases {
        wheel(&root.join("this.whl"), release);
        let (code, text, told) = update(&root, &["--wheel", "this.whl", "--dry-run", "--format", "json"]);
        assert_eq!(code, 0, "{told}");
        let json: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&json["update"]["label"], &json["bump"]), (&json!(label), &json!(bump)), "{text}");
        assert_eq!(json["update"]["breaking"], json!(label == "breaking"));
    }
    wheel(&root.join("this.whl"), Release { regions: &["us-west-9"], ..NEW });
    let (_, text, _) = update(&root, &["--wheel", "this.whl", "--dry-run", "--format", "markdown"]);
    assert!(text.starts_with("**botocore 1.9.0 -> botocore 1.10.0**: behaviour, "), "{text}");
    assert!(text.ends_with("- `aws: new regions: us-west-9`\n- `aws: regions are gone: us-east-1`\n"), "{text}");
}

#[test]
fn what_is_wrong_with_the_new_models_changes_nothing() {
    let root = project("update_refused");
    let before = contents(&root.join("project"));
    let unknown = model(&["Ping"], &["A"], false).to_string().replace("\"shape\":\"Text\"", "\"shape\":\"Texts\"");
    wheel_of(&root.join("dangling.whl"), "2.0.0", &unknown.parse().unwrap(), &partitions(OLD.regions));
    wheel_of(&root.join("list.whl"), "2.0.0", &json!([]), &partitions(OLD.regions));
    write(&root.join("text.whl"), "no zip");
    for (wheel, code, reasons) in [
        ("dangling.whl", 1, ["Texts", "the crate cannot be generated from botocore 2.0.0"]),
        ("list.whl", 2, ["appstream/2020-01-01/service-2.json in list.whl", "expected an object, found a list"]),
        ("text.whl", 2, ["text.whl is not a wheel", "expected a botocore wheel"]),
        ("absent.whl", 2, ["cannot read absent.whl", ""]),
    ] {
        let (got, text, told) = update(&root, &["--wheel", wheel, "--summary", "summary"]);
        assert_eq!((got, text.as_str()), (code, ""), "{wheel}: {told}");
        assert!(reasons.iter().all(|reason| told.contains(reason)), "{wheel}: {told}");
        assert!(contents(&root.join("project")) == before && !root.join("summary").exists(), "{wheel}");
    }
    // A folder where a file has to go is found before anything is written.
    fs::remove_file(root.join("project/out/src/appstream/mod.rs")).unwrap();
    fs::create_dir(root.join("project/out/src/appstream/mod.rs")).unwrap();
    let before = contents(&root.join("project"));
    for wheel in ["new.whl", "old.whl"] {
        let (code, text, told) = update(&root, &["--wheel", wheel]);
        assert_eq!((code, text.as_str(), contents(&root.join("project")) == before), (2, "", true), "{told}");
    }
}

#[test]
fn an_error_in_a_wheel_names_the_wheel_and_the_file_in_it() {
    let root = project("update_member");
    let unknown = model(&["Ping"], &["A"], false).to_string().replace("\"shape\":\"Text\"", "\"shape\":\"Texts\"");
    wheel_of(&root.join("dangling.whl"), "2.0.0", &unknown.parse().unwrap(), &partitions(OLD.regions));
    let (_, _, told) = update(&root, &["--wheel", "dangling.whl"]);
    assert!(told.contains("--> dangling.whl/botocore/data/appstream/2020-01-01/service-2.json:"), "{told}");
    assert!(told.contains("Lines are counted in the files as they would be imported"), "{told}");
}

/// What a kill leaves at the worst moments is found by the next run, which says how to go on.
#[test]
fn an_update_that_was_interrupted_is_done_again_as_a_whole() {
    let root = project("update_interrupted");
    let models = root.join("project/models");
    let file = models.join("appstream/2020-01-01/service-2.json");
    let (lock, before) = (fs::read(models.join("models.lock")).unwrap(), fs::read(&file).unwrap());
    let (_, whole, _) = update(&root, &["--wheel", "new.whl"]);
    let crate_after = contents(&root.join("project/out"));

    // All is in its place but the lock.
    fs::write(models.join("models.lock"), lock).unwrap();
    let (code, text, told) = update(&root, &["--wheel", "new.whl"]);
    assert!(code == 2 && text.is_empty(), "{told}");
    let restore = "`git restore project/models/appstream/2020-01-01/service-2.json`";
    assert!(told.contains("an update was interrupted") && told.contains(restore), "{told}");
    fs::write(&file, before).unwrap();
    let (code, text, told) = update(&root, &["--wheel", "new.whl"]);
    assert_eq!((code, &text), (0, &whole), "{told}");
    assert_eq!(contents(&root.join("project/out")), crate_after);

    // An older program wrote the lock before the crate.
    fs::remove_file(root.join("project/out/src/lib.rs")).unwrap();
    let (code, text, told) = update(&root, &["--wheel", "new.whl"]);
    assert!(code == 0 && text.contains(": the models are the same\n"), "{text}");
    assert!(told.contains("`cargo xtask changelog git:HEAD project/models` tells what it has changed"), "{told}");
    assert_eq!(contents(&root.join("project/out")), crate_after);
}

#[test]
fn temporary_files_of_a_killed_run_are_seen_and_removed() {
    let root = project("update_leftovers");
    let left = [
        "project/models/.models.lock.0123456789abcdef.xtask",
        "project/models/appstream/2020-01-01/.service-2.json.0123456789abcdef.xtask",
        "project/out/.Cargo.toml.0123456789abcdef.xtask",
        "project/out/src/appstream/.mod.rs.0123456789abcdef.xtask",
    ];
    left.iter().for_each(|file| write(&root.join(file), "// @generated by"));
    let check = ["codegen", "--models", "project/models", "--out", "project/out", "--check"];
    let (code, text, told) = xtask(&root, &check);
    assert_eq!(code, 1, "{told}");
    assert_eq!(text, format!("leftover {}\nleftover {}\n", left[2], left[3]));
    assert!(left[..2].iter().all(|file| told.contains(file)), "{told}");
    let (code, _, told) = update(&root, &["--wheel", "new.whl"]);
    assert_eq!(code, 0, "{told}");
    assert!(left.iter().all(|file| !root.join(file).exists()));
    assert_eq!(xtask(&root, &check).0, 0);
}

/// As if the disk were full: files may have one KiB, and what is longer is written in part.
#[cfg(unix)]
#[test]
fn a_disk_that_is_full_leaves_models_and_crate_as_they_were() {
    let root = project("update_disk_full");
    let many = &[
        "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U", "V",
        "W", "X", "Y", "Z",
    ];
    wheel(&root.join("new.whl"), Release { members: many, ..NEW });
    let before = contents(&root.join("project"));
    let mut command = Command::new("bash");
    command.args(["-c", r#"ulimit -f 1 && trap '' XFSZ && exec "$0" "$@""#, env!("CARGO_BIN_EXE_xtask")]);
    command.args(["models", "update", "--models", "project/models", "--out", "project/out", "--wheel", "new.whl"]);
    let output = command.current_dir(&root).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("error: cannot write project/") && told.contains("nothing was changed\n"), "{told}");
    assert!(contents(&root.join("project")) == before, "{told}");
}

/// One run at a time writes into a folder, or reads what it compares with.
#[test]
fn two_updates_at_once_do_not_mix() {
    use xtask::writer::Claim;
    let root = project("update_twice");
    let before = contents(&root.join("project"));
    for (place, shared) in [("project/models", false), ("project/models", true), ("project/out", false)] {
        let place = root.join(place);
        let claim = if shared { Claim::shared(&place) } else { Claim::exclusive(&place) }.unwrap();
        let (code, _, told) = update(&root, &["--wheel", "new.whl"]);
        assert_eq!((code, contents(&root.join("project")) == before), (2, true), "{told}");
        assert!(told.contains("another `cargo xtask` is at work in project/"), "{told}");
        let check = ["codegen", "--models", "project/models", "--out", "project/out", "--check"];
        assert_eq!(xtask(&root, &check).0, 0, "a check needs no claim");
        drop(claim);
    }
    let claim = Claim::shared(&root.join("project/models")).unwrap();
    assert_eq!(update(&root, &["--wheel", "new.whl", "--dry-run"]).0, 0);
    drop(claim);
    assert_eq!(update(&root, &["--wheel", "new.whl"]).0, 0, "a claim ends with its process");
}

#[cfg(target_os = "linux")]
#[test]
fn a_changelog_that_cannot_be_written_stops_the_update() {
    let root = project("update_full");
    let before = contents(&root.join("project"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(&root).args(["models", "update", "--models", "project/models", "--out", "project/out"]);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command.args(["--wheel", "new.whl"]).stdout(full).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("cannot write the result to stdout"), "{told}");
    assert_eq!(contents(&root.join("project")), before);
}

/// A log without room must not stop an update between the models and the crate.
#[cfg(target_os = "linux")]
#[test]
fn what_is_told_need_not_be_heard() {
    let root = project("update_unheard");
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(&root).args(["models", "update", "--models", "project/models", "--out", "project/out"]);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command.args(["--wheel", "new.whl"]).stderr(full).output().unwrap();
    assert!(output.status.success(), "{}", output.status);
    let check = ["codegen", "--models", "project/models", "--out", "project/out", "--check"];
    assert_eq!(xtask(&root, &check).0, 0);
}

#[test]
fn an_overlay_that_the_new_model_makes_needless_is_to_be_mended_first() {
    let root = project("update_overlay");
    let overlay = root.join("project/models/appstream/overlay.toml");
    write(&overlay, "[sensitive.\"In.A\"]\nreason = \"it is secret\"\n");
    wheel(&root.join("new.whl"), Release { is_sensitive: true, ..NEW });
    let before = contents(&root.join("project"));
    let (code, text, told) = update(&root, &["--wheel", "new.whl"]);
    assert_eq!((code, text.as_str(), contents(&root.join("project")) == before), (1, "", true), "{told}");
    assert!(told.contains("project/models/appstream/overlay.toml:1:"), "{told}");
    assert!(told.contains("project/models/appstream/overlay.toml does not fit botocore 1.10.0"), "{told}");

    // Entries for what only the new model has do not fit the old one.
    write(&overlay, "[sensitive.\"In.B\"]\nreason = \"it is secret\"\n");
    wheel(&root.join("new.whl"), Release { members: &["A", "B"], ..NEW });
    let (code, text, told) = update(&root, &["--wheel", "new.whl"]);
    assert!(code == 0 && told.contains("the overlays apply to the new models only"), "{told}");
    assert!(text.contains("\nPong (new)\n"), "{text}");
}

/// Sentences stay, those that are missing are named, and those about what is gone have to go first.
#[test]
fn sentences_are_asked_for_what_is_new() {
    let root = project("update_sentences");
    let (docs, said) = (root.join("project/models/appstream/docs.toml"), "[operations]\nPing = 'Asks who is there.'\n");
    write(&docs, said);
    let (code, _, told) = update(&root, &["--wheel", "new.whl", "--dry-run"]);
    assert!(code == 0 && told.contains("\nappstream: docs.toml has no sentence yet for 1 new name: Pong\n"), "{told}");
    write(&docs, format!("{said}Pong = 'Says so.'\n"));
    let (code, text, told) = update(&root, &["--wheel", "new.whl"]);
    assert!(code == 0 && text.contains("\nPong (new)\n"), "{told}");
    assert!(!told.contains("no sentence") && !told.contains("overlays"), "{told}");
    assert!(contents(&root.join("project"))["out/src/appstream/client.rs"].contains("/// Says so."), "{told}");

    let (code, _, told) = update(&root, &["--wheel", "old.whl"]);
    assert!(code == 1 && told.contains("models/appstream/docs.toml does not fit botocore"), "{told}");
}

#[test]
fn models_that_were_edited_are_not_compared_with() {
    let root = project("update_edited");
    let file = root.join("project/models/partitions.json");
    write(&file, fs::read_to_string(&file).unwrap() + "\n");
    let (code, text, told) = update(&root, &["--wheel", "new.whl"]);
    assert!(code == 2 && text.is_empty() && told.contains("partitions.json was changed after its import"), "{told}");
    fs::remove_file(root.join("project/models/models.lock")).unwrap();
    let (code, _, told) = update(&root, &["--wheel", "new.whl"]);
    assert!(code == 2 && told.contains("has no models.lock"), "{told}");
}

#[test]
fn an_older_release_is_warned_of() {
    let root = project("update_older");
    wheel(&root.join("older.whl"), Release { version: "1.8.12", ..NEW });
    let (code, _, told) = update(&root, &["--wheel", "older.whl", "--dry-run"]);
    assert!(code == 0 && told.contains("botocore 1.8.12 is older than the models"), "{told}");
    let (_, _, told) = update(&root, &["--wheel", "new.whl", "--dry-run"]);
    assert!(!told.contains("older"), "{told}");
}

/// With a program in the place of Python that does what pip would.
#[cfg(unix)]
#[test]
fn pip_downloads_the_version_that_is_asked_for() {
    use std::os::unix::fs::PermissionsExt as _;

    let root = project("update_pip");
    let python = |script: &str| {
        let path = root.join("python");
        write(&path, format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    };
    let get = "echo \"$*\" > asked; while [ \"$1\" != --dest ]; do shift; done; echo \"$2\" > dest; cp new.whl \"$2\"";
    python(get);
    let (code, text, told) = update(&root, &["--python", "./python", "--botocore", "1.10.0", "--dry-run"]);
    assert!(code == 0 && text.contains("botocore 1.9.0 -> botocore 1.10.0"), "{told}");
    let asked = fs::read_to_string(root.join("asked")).unwrap();
    assert!(asked.starts_with("-I -m pip download --no-deps") && asked.ends_with(" botocore==1.10.0\n"), "{asked}");
    let download = fs::read_to_string(root.join("dest")).unwrap();
    assert!(!Path::new(download.trim()).exists(), "the download is removed");
    assert_eq!(update(&root, &["--python", "./python", "--dry-run"]).0, 0);
    assert!(fs::read_to_string(root.join("asked")).unwrap().ends_with(" botocore\n"));

    let before = contents(&root.join("project"));
    for (script, reason) in [
        ("echo 'ERROR: (from versions: 1.0, 2.0)' >&2; exit 1", "there is no wheel of botocore==9.9.9"),
        ("echo 'ERROR: disk full' >&2; exit 2", "pip cannot download botocore==9.9.9: ERROR: disk full"),
        ("echo 'python: No module named pip' >&2; exit 1", "`./python` has no pip"),
        ("exit 0", "pip left no wheel"),
    ] {
        python(script);
        let (code, text, told) = update(&root, &["--python", "./python", "--botocore", "9.9.9"]);
        assert!(code == 2 && text.is_empty() && told.contains(reason), "{told}");
        assert_eq!(contents(&root.join("project")), before);
    }
    let (code, _, told) = update(&root, &["--python", "./absent"]);
    assert!(code == 2 && told.contains("there is no Python: `./absent` is not found"), "{told}");
    let (code, _, told) = update(&root, &["--botocore", "1.0 @ http://localhost/x.whl"]);
    assert!(code == 2 && told.contains("expected a version such as 1.44.5"), "{told}");
}
