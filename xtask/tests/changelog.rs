//! The command `changelog`, run as its user runs it.

use crate::common::{folder, write};
use serde_json::{Value, json};
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::Command;
use zip::write::SimpleFileOptions;

/// A model whose operations and members are those named.
fn model(operations: &[&str], members: &[&str]) -> String {
    let operations: Value = operations
        .iter()
        .map(|name| ((*name).to_owned(), json!({"input": {"shape": "In"}})))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let members: Value = members
        .iter()
        .map(|name| ((*name).to_owned(), json!({"shape": "Text"})))
        .collect::<serde_json::Map<_, _>>()
        .into();
    json!({
        "metadata": {"apiVersion": "2020-01-01", "protocol": "json", "jsonVersion": "1.1", "targetPrefix": "Tiny", "serviceFullName": "Amazon Tiny"},
        "operations": operations,
        "shapes": {"In": {"type": "structure", "members": members}, "Text": {"type": "string"}}
    })
    .to_string()
}

fn write_model(root: &Path, version: &str, operations: &[&str], members: &[&str]) {
    write(&root.join(version).join("tiny/2020-01-01/service-2.json"), model(operations, members));
}

/// Exit code, stdout and stderr.
fn run(root: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.current_dir(root).arg("changelog").args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_exit_code_is_what_fail_on_says() {
    let root = folder("changelog_fail_on");
    write_model(&root, "1", &["Ping"], &["A"]);
    write_model(&root, "2", &["Ping", "Pong"], &["A"]);
    write_model(&root, "3", &["Ping"], &["A"]);
    let code = |old: &str, new: &str, fail_on: &str| run(&root, &[old, new, "--fail-on", fail_on]).0;
    assert_eq!(["any", "behaviour", "breaking"].map(|what| code("1", "3", what)), [0, 0, 0]);
    assert_eq!(["any", "behaviour", "breaking"].map(|what| code("1", "2", what)), [1, 0, 0]);
    assert_eq!(["any", "behaviour", "breaking"].map(|what| code("2", "3", what)), [1, 1, 1]);
    assert_eq!(run(&root, &["2", "3"]).0, 0);
    let (_, text, _) = run(&root, &["1", "2"]);
    assert!(text.starts_with("Amazon Tiny - 1 new api method\n1 -> 2\n\nPong (new)\n"), "{text}");
}

#[test]
fn a_side_that_cannot_be_read_is_never_no_changes() {
    let root = folder("changelog_sides");
    write_model(&root, "1", &["Ping"], &["A"]);
    write(&root.join("broken/tiny/2020-01-01/service-2.json"), "{\"metadata\": {}");
    write(
        &root.join("dangling/tiny/2020-01-01/service-2.json"),
        model(&["Ping"], &["A"]).replace("\"Text\":{", "\"Texts\":{"),
    );
    write(&root.join("text.whl"), "no wheel");
    fs::create_dir_all(root.join("empty")).unwrap();
    for (side, reason) in [
        ("missing", "cannot read missing"),
        ("empty", "empty has no models"),
        ("broken", "the models of broken have errors"),
        ("dangling", "the models of dangling have errors"),
        ("text.whl", "text.whl is not a wheel"),
        ("git:no-such-revision", "git:no-such-revision cannot be read"),
        ("git:--help", "git:--help cannot be read"),
    ] {
        for arguments in [["1", side], [side, "1"]] {
            let (code, text, told) = run(&root, &arguments);
            assert_eq!((code, text.as_str()), (2, ""), "{arguments:?}: {told}");
            assert!(told.contains(reason), "{arguments:?}: {told}");
        }
    }
    let (code, _, told) = run(&root, &["1", "1", "--service", "tony"]);
    assert!(
        code == 2 && told.contains("neither side has a service `tony`") && told.contains("did you mean `tiny`?"),
        "{told}"
    );
    let (code, _, told) = run(&root, &["1", "1", "--operations", "Pin"]);
    assert!(code == 2 && told.contains("neither side has an operation `Pin`") && told.contains("`Ping`"), "{told}");
    assert_eq!(run(&root, &["1"]).0, 2);
}

#[test]
fn only_what_touches_the_operations_is_told() {
    let root = folder("changelog_operations");
    write_model(&root, "1", &["Ping"], &["A"]);
    write_model(&root, "2", &["Ping", "Pong", "Pang"], &["A", "B"]);
    let (_, text, _) = run(&root, &["1", "2", "--operations", "Pong", "--format", "json"]);
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&json["schema"], &json["bump"]), (&json!(1), &json!("minor")));
    assert_eq!(json["services"][0]["operations"], json!({"new": ["Pong"], "updated": [], "removed": []}));
    let (_, text, _) = run(&root, &["1", "2", "--operations", "Ping", "--format", "markdown"]);
    assert!(text.starts_with("## Amazon Tiny - 1 updated api method\n"), "{text}");
}

/// A wheel as those before there were partitions.
fn wheel(path: &Path, version: &str, model: &str) {
    wheel_of(path, version, "tiny", model);
}

fn wheel_of(path: &Path, version: &str, service: &str, model: &str) {
    let day = zip::DateTime::from_date_and_time(2017, 9, 29, 12, 0, 0).unwrap();
    let options = SimpleFileOptions::default().last_modified_time(day);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let metadata = format!("Metadata-Version: 2.1\nName: botocore\nVersion: {version}\n\n");
    let service = format!("botocore/data/{service}/2020-01-01/service-2.json");
    let info = format!("botocore-{version}.dist-info/METADATA");
    for (name, text) in [(&service, model), (&info, metadata.as_str())] {
        archive.start_file(name, options).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    write(path, archive.finish().unwrap().into_inner());
}

#[test]
fn a_wheel_has_a_version_and_a_date() {
    let root = folder("changelog_wheel");
    wheel(&root.join("old.whl"), "1.7.19", &model(&["Ping"], &["A"]));
    wheel(&root.join("new.whl"), "1.7.20", &model(&["Ping", "Pong"], &["A"]));
    let (code, text, told) = run(&root, &["old.whl", "new.whl", "--service", "tiny"]);
    assert_eq!(code, 0, "{told}");
    assert!(
        text.starts_with("2017/09/29 - Amazon Tiny - 1 new api method\nbotocore 1.7.19 -> botocore 1.7.20\n"),
        "{text}"
    );
}

/// Two wheels have all of AWS in common; beside one, the other side says what it is about.
#[test]
fn a_wheel_has_more_services_than_a_folder_is_about() {
    let root = folder("changelog_wheels");
    wheel(&root.join("old.whl"), "1.7.19", &model(&["Ping"], &["A"]));
    write_model(&root, "new", &["Ping"], &["A", "B"]);
    write(&root.join("both/wee/2020-01-01/service-2.json"), model(&["Ping"], &["A"]));
    write(&root.join("both/tiny/2020-01-01/service-2.json"), model(&["Ping"], &["A"]));
    let (code, text, told) = run(&root, &["old.whl", "old.whl"]);
    assert!(code == 0 && text.contains("Amazon Tiny - no changes"), "{text}{told}");
    let (code, text, told) = run(&root, &["both", "old.whl"]);
    assert!(
        code == 0 && text.contains("service-removed: a service is gone") && text.contains("    wee: "),
        "{text}{told}"
    );
    write(&root.join("wee/wee/2020-01-01/service-2.json"), model(&["Ping"], &["A"]));
    let (code, text, told) = run(&root, &["old.whl", "wee"]);
    assert!(code == 0 && text.contains("    wee: is new") && !text.contains("tiny"), "{text}{told}");
    let (code, _, told) = run(&root, &["old.whl", "old.whl", "--service", "tinny"]);
    assert!(
        code == 2 && told.contains("did you mean `tiny`?") && !told.contains("expected a botocore wheel"),
        "{told}"
    );
}

#[test]
fn services_that_came_and_went_are_told_first() {
    let root = folder("changelog_services");
    for (side, services) in [("1", ["tiny", "gone"]), ("2", ["tiny", "wee"])] {
        for service in services {
            write(&root.join(side).join(service).join("2020-01-01/service-2.json"), model(&["Ping"], &["A"]));
        }
        let mute = model(&["Ping"], &[&format!("M{side}")]).replace("\"protocol\":\"json\",", "");
        write(&root.join(side).join("mute/2020-01-01/service-2.json"), mute);
    }
    let (code, text, told) = run(&root, &["1", "2"]);
    let expected = "\
1 new service, 1 service gone
1 -> 2

What breaks
  service-removed: a service is gone [wire break, source break]
    gone: is gone: Amazon Tiny, 1 operation

What changes
  service-added: a new service [wire change, source change]
    wee: is new: Amazon Tiny, 1 operation

Verdict
  wire       break   an old client breaks
  source     break   code that uses the crate stops compiling
  behaviour  none    is as it was
";
    assert!(code == 0 && text.starts_with(expected), "{text}");
    assert!(text.ends_with("\nAmazon Tiny - no changes\n1 -> 2\n"), "{text}");
    assert_eq!(
        told,
        "1 service left out, because their models name no protocol (--service NAME compares one anyway): mute\n"
    );
    let (code, text, told) = run(&root, &["1", "2", "--service", "mute"]);
    assert!(code == 0 && text.contains("member-removed-input") && told.is_empty(), "{text}{told}");

    let exit = |arguments: &[&str]| run(&root, &[&["1", "2", "--fail-on"], arguments].concat()).0;
    assert_eq!(
        [exit(&["any", "--service", "wee"]), exit(&["breaking", "--service", "wee"]), exit(&["breaking"])],
        [1, 0, 1]
    );
    let (_, text, _) = run(&root, &["1", "2", "--format", "json"]);
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&json["bump"], json["services"].as_array().unwrap().len()), (&json!("major"), 1));
    assert_eq!(
        json["findings"][1],
        json!({"rule": "service-added", "subject": "wee", "message": "is new: Amazon Tiny, 1 operation", "operations": [],
               "wire": "change", "source": "change", "behaviour": "none", "bump": "minor"})
    );
    let (_, markdown, _) = run(&root, &["1", "2", "--format", "markdown"]);
    assert!(markdown.starts_with("## 1 new service, 1 service gone\n"), "{markdown}");
    let (_, page, _) = run(&root, &["1", "2", "--format", "html"]);
    let places = ["service-removed-gone", ">Amazon Tiny"]
        .map(|text| page.rfind(text).unwrap_or_else(|| panic!("{text}: {page}")));
    assert!(places[0] < places[1], "{page}");
}

#[test]
fn a_revision_is_the_models_of_then() {
    let root = folder("changelog_git");
    let git = |arguments: &[&str]| {
        let config = ["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"];
        let output = Command::new("git").current_dir(&root).args(config).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    git(&["init", "--quiet"]);
    write_model(&root, "models", &["Ping"], &["A"]);
    write(&root.join("models/tiny/overlay.toml"), "[sensitive.\"In.A\"]\nreason = \"it is secret\"\n");
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "one", "--date", "2020-02-03T04:05:06Z"]);
    write_model(&root, "models", &["Ping", "Pong"], &["A"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "two"]);
    let (code, text, told) = run(&root, &["git:HEAD~1", "git:HEAD"]);
    assert_eq!((code, told.as_str()), (0, ""));
    assert!(text.contains(" - Amazon Tiny - 1 new api method\ngit:HEAD~1 -> git:HEAD\n"), "{text}");
    let (_, text, told) = run(&root, &["git:HEAD", "models"]);
    assert!(text.contains("Amazon Tiny - no changes\ngit:HEAD -> models\n"), "{text}{told}");

    // What the project adds itself is compared where both sides have it.
    fs::remove_file(root.join("models/tiny/overlay.toml")).unwrap();
    let (_, text, told) = run(&root, &["git:HEAD", "models"]);
    assert!(text.contains("no changes") && told.contains("only one side has overlays"), "{text}{told}");
    write(&root.join("models/tiny/overlay.toml"), "[sensitive.Text]\nreason = \"all of it is\"\n");
    let (_, text, _) = run(&root, &["git:HEAD", "models"]);
    assert!(text.contains("spelling-changed: ") && text.contains("Suggested version bump: none"), "{text}");
    write(&root.join("models/tiny/overlay.toml"), "");
    let (_, text, _) = run(&root, &["git:HEAD", "models"]);
    assert!(text.contains("sensitive-removed: "), "{text}");
}

/// Where a folder has a list of its services, what the other side calls them is no difference.
#[test]
fn services_are_compared_by_the_names_of_the_list() {
    let root = folder("changelog_list");
    write_model(&root, "models", &["Ping"], &["A"]);
    write(&root.join("models/services.toml"), "[tiny]\nbotocore = \"little\"\nsmithy = \"petite\"\n");
    // Upstream has another service of that name.
    write(&root.join("data/tiny/2020-01-01/service-2.json"), model(&["Other"], &["A"]));
    write(&root.join("data/little/2020-01-01/service-2.json"), model(&["Ping", "Pong"], &["A"]));
    let added = "Amazon Tiny - 1 new api method\n";
    for (arguments, expected) in [(["models", "data"], added), (["data", "models"], "operation-removed")] {
        let (code, text, told) = run(&root, &arguments);
        assert!(code == 0 && text.contains(expected) && !text.contains("Other"), "{text}{told}");
    }
    wheel_of(&root.join("w.whl"), "1.2.3", "little", &model(&["Ping", "Pong"], &["A"]));
    let (code, text, told) = run(&root, &["models", "w.whl"]);
    assert!(code == 0 && text.contains(added), "{text}{told}");
    let shapes = json!({"n#Tiny": {"type": "service", "version": "1", "operations": [{"target": "n#Ping"}],
        "traits": {"aws.protocols#awsJson1_1": {}, "smithy.api#title": "Amazon Tiny"}},
        "n#Ping": {"type": "operation"}});
    let smithy = json!({"smithy": "2.0", "shapes": shapes}).to_string();
    write(&root.join("checkout/models/petite/service/2020-01-01/petite-2020-01-01.json"), smithy);
    let (_, text, told) = run(&root, &["models", "checkout"]);
    assert!(text.contains("Amazon Tiny") && !text.contains("service-removed"), "{text}{told}");

    write(&root.join("models/services.toml"), "[tiny]\nversion = \"1999-01-01\"\nbotocore = \"little\"\n");
    let (code, _, told) = run(&root, &["models", "w.whl"]);
    assert!(code == 2 && told.contains("no version 1999-01-01 of the service `little`"), "{told}");
}

/// A revision may have the layout of the official Smithy models, as a folder may.
#[test]
fn revisions_may_have_smithys_layout() {
    let root = folder("changelog_git_smithy");
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]);
        assert!(command.args(arguments).current_dir(&root).status().unwrap().success());
    };
    let write_smithy = |version: &str, operations: &[&str]| {
        let targets: Vec<Value> = operations.iter().map(|name| json!({"target": format!("n#{name}")})).collect();
        let mut shapes = json!({"n#Tiny": {"type": "service", "version": version, "operations": targets,
            "traits": {"aws.protocols#awsJson1_1": {}, "smithy.api#title": "Amazon Tiny"}}});
        for name in operations {
            shapes[format!("n#{name}")] = json!({"type": "operation"});
        }
        let file = root.join("models").join(format!("tiny/service/{version}/tiny-{version}.json"));
        write(&file, json!({"smithy": "2.0", "shapes": shapes}).to_string());
    };
    git(&["init", "--quiet"]);
    write_smithy("2019-01-01", &["Old"]);
    write_smithy("2020-01-01", &["Ping"]);
    write(&root.join("models/tiny/overlay.toml"), "");
    write(&root.join("models/.cache/1/x.json"), "{}");
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "one"]);
    write_smithy("2020-01-01", &["Ping", "Pong"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "two"]);
    let (code, text, told) = run(&root, &["git:HEAD~1", "git:HEAD"]);
    assert_eq!((code, told.as_str()), (0, ""));
    assert!(text.contains(" - Amazon Tiny - 1 new api method\ngit:HEAD~1 -> git:HEAD\n"), "{text}");
    let (_, text, told) = run(&root, &["git:HEAD", "models"]);
    assert!(text.contains("Amazon Tiny - no changes\ngit:HEAD -> models\n"), "{text}{told}");
    let (_, text, told) = run(&root, &["git:HEAD", "."]);
    assert!(text.contains("Amazon Tiny - no changes\n"), "{text}{told}");
}

#[test]
fn a_history_is_compared_step_by_step() {
    let root = folder("changelog_history");
    for (version, members) in
        [("1.9.0", vec!["A"]), ("1.10.0", vec!["A", "B"]), ("1.10.1", vec!["A"]), ("1.11.0", vec!["A", "B"])]
    {
        write_model(&root.join("tiny"), version, &["Ping"], &members);
    }
    write(&root.join("tiny/versions.tsv"), "1.9.0\t2020-01-01\n1.10.0\t2020-02-02\n");
    let expected = "\
tiny: 3 steps, 3 explained
from       to         date        new  updated  removed  facts  wire    source  behav.  bump
1.9.0      1.10.0     2020-02-02    0        1        0      1  change  change  none    minor
1.10.0     1.10.1                   0        1        0      1  break   break   none    major
1.10.1     1.11.0                   0        1        0      1  change  change  none    minor
1.10.1: In.B is withdrawn, came in 1.10.0
1.11.0: In.B is back, was withdrawn in 1.10.1
";
    for arguments in [["--history", "tiny"].as_slice(), &["--history", "."], &["--generate", "--history", "tiny"]] {
        let (code, text, told) = run(&root, arguments);
        assert_eq!((code, text.as_str()), (0, expected), "{told}");
        let told: Vec<&str> = told.lines().collect();
        assert_eq!(told[..3], ["tiny 1.9.0 -> 1.10.0", "tiny 1.10.0 -> 1.10.1", "tiny 1.10.1 -> 1.11.0"]);
        let generated = if arguments.contains(&"--generate") { ", 4 versions generated" } else { "" };
        let summary = format!("tiny: 3 of 3 steps explained{generated}; comparing took ");
        assert!(told.len() == 4 && told[3].starts_with(&summary), "{told:?}");
    }
    let (code, _, told) = run(&root, &["--history", "tiny", "--service", "wee"]);
    assert!(code == 2 && told.contains("no history has the service wee"), "{told}");
    let (code, text, _) = run(&root, &["--history", "tiny", "--format", "json", "--fail-on", "breaking"]);
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, json["steps"].as_array().unwrap().len()), (1, 3));
    assert_eq!(json["steps"][2]["findings"][0]["message"], "is new, and optional; it was withdrawn in 1.10.1");

    write(&root.join("tiny/1.10.1/tiny/2020-01-01/service-2.json"), "[]");
    let (code, _, told) = run(&root, &["--history", "tiny"]);
    assert!(code == 2 && told.contains("the models of tiny/1.10.1 have errors"), "{told}");
    write_model(&root.join("alone"), "1.0.0", &["Ping"], &["A"]);
    let (code, _, told) = run(&root, &["--history", "alone"]);
    assert!(code == 2 && told.contains("alone has 1 version"), "{told}");
}

#[test]
fn a_service_may_be_younger_than_the_history() {
    let root = folder("changelog_history_young");
    for (version, services) in [("1.1", &["tiny"][..]), ("1.2", &["tiny", "wee"]), ("1.3", &["tiny", "wee"])] {
        for service in services {
            let file = root.join(version).join(service).join("2020-01-01/service-2.json");
            write(&file, model(&["Ping", &format!("Of{}", version.replace('.', ""))], &["A"]));
        }
    }
    let (code, text, told) = run(&root, &["--history", "."]);
    assert_eq!(code, 0, "{told}");
    assert!(text.contains("tiny: 2 steps, 2 explained\n") && text.contains("wee: 1 step, 1 explained\n"), "{text}");
    let (_, page, _) = run(&root, &["--history", ".", "--service", "wee", "--format", "html"]);
    assert!(page.contains("Of13") && !page.contains("Of11"), "{page}");
}

#[test]
fn rules_are_listed_with_the_severities_that_are_set() {
    let root = folder("changelog_rules");
    let (code, text, _) = run(&root, &["--list-rules"]);
    let row = |text: &str| text.lines().find(|line| line.starts_with("operation-removed ")).unwrap().to_owned();
    let words = |line: String| line.split_whitespace().take(4).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(
        (code, words(row(&text))),
        (0, ["operation-removed", "break", "noticed", "none"].map(str::to_owned).to_vec())
    );
    assert!(text.contains("\nnoticed: what code that uses the crate notices"), "{text}");
    write(&root.join("ours.toml"), "[operation-removed]\nreason = \"unused\"\nsource = \"none\"\nwire = \"none\"\n");
    let (_, text, _) = run(&root, &["--list-rules", "--severities", "ours.toml"]);
    assert_eq!(words(row(&text)), ["operation-removed", "none", "none", "none"]);
    write(&root.join("ours.toml"), "[operation-removd]\nreason = \"unused\"\n");
    let (code, text, told) = run(&root, &["--list-rules", "--severities", "ours.toml"]);
    assert!(code == 2 && text.is_empty() && told.contains("did you mean `operation-removed`?"), "{told}");
}

#[test]
fn a_fixture_is_what_its_operations_reach() {
    let root = folder("changelog_fixture");
    write_model(&root, "1", &["Ping"], &["A"]);
    let documented = model(&["Ping", "Pong"], &["A"])
        .replace("\"type\":\"string\"", "\"type\":\"string\",\"documentation\":\"PROSE\"");
    write(
        &root.join("2/tiny/2020-01-01/service-2.json"),
        documented.replace("\"shapes\":{", "\"shapes\":{\"Unused\":{\"type\":\"string\"},"),
    );
    let (code, _, told) = run(&root, &["1", "2", "--operations", "Ping", "--fixture", "small"]);
    assert_eq!(code, 0, "{told}");
    let read =
        |side: &str| fs::read_to_string(root.join("small").join(side).join("tiny/2020-01-01/service-2.json")).unwrap();
    assert_eq!(read("old"), read("new"));
    assert!(read("new").contains("\"Ping\"") && !read("new").contains("PROSE"), "{}", read("new"));
}

#[test]
fn a_page_is_of_one_comparison_or_of_a_history() {
    let root = folder("changelog_html");
    write_model(&root, "history/1.9", &["Ping"], &["A"]);
    write_model(&root, "history/1.10", &["Ping"], &["A", "B"]);
    write_model(&root, "history/1.11", &["Ping"], &["A"]);
    write(&root.join("history/versions.tsv"), "1.9\t2020-01-01\n1.10\t2020-02-01\n1.11\t\n");
    let (code, page, _) = run(&root, &["--history", "history", "--format", "html"]);
    assert_eq!(code, 0);
    let releases: Vec<&str> = page.split("<section class=\"release\" id=\"").skip(1).collect();
    assert_eq!(releases.iter().map(|text| text.split('"').next().unwrap()).collect::<Vec<_>>(), ["1.11", "1.10"]);
    assert!(releases[0].contains("In.B is withdrawn, came in 1.10") && !releases[0].contains("<time"), "{page}");
    assert!(releases[1].contains("<time datetime=\"2020-02-01\">"), "{page}");
    assert!(page.starts_with("<!DOCTYPE html>\n") && page.ends_with("</html>\n"), "{page}");

    let (code, page, _) = run(&root, &["history/1.9", "history/1.10", "--format", "html", "--fail-on", "any"]);
    assert_eq!(code, 1);
    assert!(page.contains("<title>Amazon Tiny, history/1.9 to history/1.10</title>"), "{page}");
    assert!(page.contains("id=\"history-1.10-Ping\""), "{page}");

    let (code, text, error) = run(&root, &["--list-rules", "--format", "html"]);
    assert_eq!((code, text.as_str()), (2, ""));
    assert!(error.contains("there is no list of rules in HTML"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_path_need_not_be_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let root = folder("changelog_no_text");
    write_model(&root, "1", &["Ping"], &["A"]);
    let name = OsStr::from_bytes(b"caf\xe9");
    fs::create_dir_all(root.join(name)).unwrap();
    fs::rename(root.join("1/tiny"), root.join(name).join("tiny")).unwrap();
    write_model(&root, "2", &["Ping", "Pong"], &["A"]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.current_dir(&root).arg("changelog").arg(name).arg("2").output().unwrap();
    let (text, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && text.contains("\nPong (new)\n"), "{text}{told}");
}
