//! The command `codegen`, run as its user runs it.

use crate::common::tiny::{MODEL, project, run};
use crate::common::{contents, write};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn a_crate_is_written_once_and_found_fresh() {
    let root = project("written_once");
    let (code, stdout, stderr) = run(&root, &[]);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert!(stderr.starts_with("tiny  2 operations, 2 shapes, "), "{stderr}");
    let first = contents(&root.join("out"));
    assert!(first.contains_key("Cargo.toml") && first.contains_key("src/lib.rs"), "{:?}", first.keys());
    assert!(stderr.contains(&format!("out: {} written, 0 unchanged, 0 removed in ", first.len())), "{stderr}");

    let (code, _, stderr) = run(&root, &[]);
    assert_eq!(code, 0);
    assert!(stderr.contains(&format!("out: 0 written, {} unchanged, 0 removed in ", first.len())), "{stderr}");
    let (code, stdout, stderr) = run(&root, &["--check"]);
    assert_eq!((code, stdout, stderr), (0, String::new(), format!("out: {} files up to date\n", first.len())));
    assert_eq!(contents(&root.join("out")), first);
}

#[test]
fn the_crate_refers_to_the_runtime() {
    let root = project("refers_to_runtime");
    run(&root, &[]);
    let manifest = fs::read_to_string(root.join("out/Cargo.toml")).unwrap();
    let line = manifest.lines().find(|line| line.starts_with("workstream-runtime")).unwrap();
    let path = line.split('"').nth(1).unwrap();
    assert!(path.starts_with("../"), "{line}");
    let runtime = xtask::paths::workspace().join("runtime").canonicalize().unwrap();
    assert_eq!(root.join("out").join(path).canonicalize().unwrap(), runtime);
}

#[test]
fn a_check_names_what_is_stale_and_what_mends_it() {
    let root = project("names_stale");
    run(&root, &[]);
    let out = root.join("out");
    let fresh = contents(&out);
    let library = fresh["src/lib.rs"].replacen("tiny", "tinz", 1);
    write(&out.join("src/lib.rs"), library);
    fs::remove_file(out.join("Cargo.toml")).unwrap();
    write(&out.join("src/tiny/gone.rs"), fresh["src/lib.rs"].as_str());
    write(&out.join("src/bin/mine.rs"), "fn main() {}");
    let stale = contents(&out);

    let (code, stdout, stderr) = run(&root, &["--check"]);
    assert_eq!(code, 1);
    assert_eq!(stdout, "missing  out/Cargo.toml\nchanged  out/src/lib.rs\norphaned out/src/tiny/gone.rs\n");
    assert!(stderr.contains("3 files in out not as models and generator make them"), "{stderr}");
    assert!(stderr.contains("run `cargo xtask codegen --models models --out out`\n"), "{stderr}");
    let line = fresh["src/lib.rs"].lines().position(|line| line.contains("tiny")).unwrap() + 1;
    let difference = stderr.lines().skip_while(|text| *text != format!("out/src/lib.rs:{line}"));
    let difference: Vec<&str> = difference.skip(1).take(2).collect();
    assert!(difference[0].starts_with("  is:     ") && difference[0].contains("tinz"), "{stderr}");
    assert!(difference[1].starts_with("  wanted: ") && difference[1].contains("tiny"), "{stderr}");
    assert_eq!(contents(&out), stale, "a check writes nothing");

    let (code, _, stderr) = run(&root, &[]);
    assert_eq!(code, 0);
    assert!(stderr.contains("out: 2 written, ") && stderr.contains(" 1 removed in "), "{stderr}");
    let mut expected = fresh;
    expected.insert("src/bin/mine.rs".to_owned(), "fn main() {}".to_owned());
    assert_eq!(contents(&out), expected, "somebody else's file stays");
}

#[test]
fn a_file_of_somebody_else_is_not_replaced() {
    let root = project("somebody_else");
    write(&root.join("out/src/lib.rs"), "//! Mine.\n");
    let (code, _, stderr) = run(&root, &[]);
    assert_eq!(code, 2);
    assert!(stderr.contains("out/src/lib.rs is not a generated file, so it was not replaced"), "{stderr}");
    assert_eq!(contents(&root.join("out")).into_keys().collect::<Vec<_>>(), ["src/lib.rs"]);
}

#[test]
fn an_error_in_one_model_leaves_all_output_alone() {
    let root = project("error_leaves");
    run(&root, &[]);
    let fresh = contents(&root.join("out"));
    let broken = MODEL.replace(r#""input": {"shape": "PingRequest"}"#, r#""input": {"shape": "PingRequst"}"#);
    write(&root.join("models/tiny/2020-01-01/service-2.json"), MODEL.replace("Pong", "Pung"));
    write(
        &root.join("models/wee/2020-01-01/service-2.json"),
        broken.replace(r#""shape": "Text""#, r#""shape": "Txt""#),
    );

    for arguments in [&[][..], &["--check"]] {
        let (code, stdout, stderr) = run(&root, arguments);
        assert_eq!((code, stdout.as_str()), (1, ""), "{stderr}");
        assert!(stderr.contains("error[dangling-shape]: "), "{stderr}");
        assert!(stderr.contains("--> models/wee/2020-01-01/service-2.json:5:"), "{stderr}");
        assert!(stderr.contains("--> models/wee/2020-01-01/service-2.json:9:"), "all of them: {stderr}");
        assert!(stderr.contains("help: did you mean `PingRequest`?"), "{stderr}");
        assert!(stderr.ends_with("2 errors; nothing was written\n"), "{stderr}");
        assert!(!stderr.contains('\u{1b}'), "no colour where there is no terminal: {stderr}");
        assert_eq!(contents(&root.join("out")), fresh);
    }
}

#[test]
fn services_and_operations_can_be_chosen() {
    let root = project("chosen");
    write(&root.join("models/broken/1/service-2.json"), "{");
    let (code, _, stderr) = run(&root, &["--service", "tiny", "--operations", "Ping"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.starts_with("tiny  1 operation, 2 shapes, "), "{stderr}");
    assert!(!contents(&root.join("out")).keys().any(|file| file.contains("wee")));

    let (code, _, stderr) = run(&root, &["--service", "tiny", "--operations", "Ping,Pang", "--check"]);
    assert_eq!(code, 1);
    assert!(stderr.contains("Pang"), "{stderr}");
    let (code, _, stderr) = run(&root, &["--service", "tiy"]);
    assert_eq!(code, 1);
    assert!(stderr.contains("error: models has no service `tiy`\nhelp: did you mean `tiny`?\n"), "{stderr}");
}

/// Exit code, stdout and stderr of `codegen` of a module.
fn module(root: &Path, place: &str, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(root).args(["codegen", "--models", "models", "--module", place]).args(arguments);
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_module_goes_into_a_crate_of_somebody() {
    let root = project("module_folder");
    write(&root.join("mine/src/main.rs"), "mod aws;\nfn main() {}\n");
    write(&root.join("mine/src/aws/notes.txt"), "mine");
    let chosen = ["--service", "tiny", "--operations", "Ping"];
    let (code, _, stderr) = module(&root, "mine/src/aws", &chosen);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.starts_with("tiny  1 operation, 2 shapes, "), "{stderr}");
    assert!(stderr.contains("the module needs workstream-runtime with features = [\"client-core\"]\n"), "{stderr}");
    let files = contents(&root.join("mine/src"));
    for file in ["aws/mod.rs", "aws/tiny/mod.rs", "aws/tiny/operations/ping.rs", "aws/notes.txt", "main.rs"] {
        assert!(files.contains_key(file), "{file}: {:?}", files.keys());
    }
    assert!(!files.keys().any(|file| file.contains("pong") || file.contains("wee") || file.contains("Cargo")));

    let check = [&chosen[..], &["--check"]].concat();
    assert_eq!(module(&root, "mine/src/aws", &check).0, 0);
    write(&root.join("mine/src/aws/gone.rs"), files["aws/mod.rs"].as_str());
    let (code, stdout, stderr) = module(&root, "mine/src/aws", &check);
    assert_eq!((code, stdout.as_str()), (1, "orphaned mine/src/aws/gone.rs\n"), "{stderr}");
    let mending = "run `cargo xtask codegen --models models --module mine/src/aws --service tiny --operations Ping`\n";
    assert!(stderr.contains(mending), "{stderr}");
    assert_eq!(module(&root, "mine/src/aws", &chosen).0, 0);
    assert_eq!(contents(&root.join("mine/src")), files);
}

#[test]
fn a_module_may_be_one_file() {
    let root = project("module_file");
    let (code, _, stderr) = module(&root, "mine/src/aws.rs", &["--service", "tiny", "--without-client"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("mine/src/aws.rs: 1 written, 0 unchanged, 0 removed in "), "{stderr}");
    assert!(stderr.contains("the module needs workstream-runtime without features\n"), "{stderr}");
    let files = contents(&root.join("mine"));
    assert_eq!(files.keys().collect::<Vec<_>>(), ["src/aws.rs"]);
    assert!(files["src/aws.rs"].contains("pub mod tiny {") && !files["src/aws.rs"].contains("Client"));

    let more = ["--service", "tiny", "--with", "dynamic,validate"];
    let (code, _, stderr) = module(&root, "mine/src/aws.rs", &more);
    let needs = "the module needs workstream-runtime with features = [\"client-core\", \"validate\"]\n";
    assert!(code == 0 && stderr.contains(needs), "{stderr}");
    assert!(std::fs::read_to_string(root.join("mine/src/aws.rs")).unwrap().contains("pub mod dynamic {"));
    let (code, _, stderr) = module(&root, "mine/src/aws.rs", &["--service", "tiny", "--check"]);
    assert_eq!(code, 1);
    let mending = "run `cargo xtask codegen --models models --module mine/src/aws.rs --service tiny`\n";
    assert!(stderr.contains(mending), "{stderr}");
    let (code, _, stderr) = module(&root, "mine/src/aws.rs", &["--service", "tiny", "--with", "validate", "--check"]);
    assert!(code == 1 && stderr.contains("--service tiny --with validate`\n"), "{stderr}");
    let (code, _, stderr) = module(&root, "mine/src/aws.rs", &["--service", "tiny", "--with", "dynamc"]);
    assert!(code == 2 && stderr.contains("[possible values: dynamic, validate]"), "{stderr}");

    write(&root.join("mine/src/own.rs"), "// mine\n");
    let (code, _, stderr) = module(&root, "mine/src/own.rs", &[]);
    assert_eq!(code, 2);
    assert!(stderr.contains("mine/src/own.rs is not a generated file, so it was not replaced"), "{stderr}");
    assert!(stderr.contains("choose another place with --module; nothing was written"), "{stderr}");
    let (code, _, stderr) = module(&root, "mine/src/aws.rs", &["--operations", "Pang"]);
    assert!(code == 1 && stderr.contains("operation `Pang` is in none of the selected services"), "{stderr}");
    assert_eq!(module(&root, "x.rs", &["--out", "y"]).0, 2, "one or the other");
    assert_eq!(run(&root, &["--without-client"]).0, 2, "a crate has a feature for that");
}

/// The program as cargo starts it in a checkout.
fn in_checkout(root: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(root).env("CARGO_MANIFEST_DIR", root.join("xtask")).args(arguments);
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// As much of this project as the command needs, with the models of [`project`].
fn checkout(name: &str) -> PathBuf {
    let root = project(name);
    for package in ["xtask", "codegen", "runtime"] {
        write(&root.join(package).join("Cargo.toml"), "");
    }
    root
}

/// What the list gives to the runtime goes there with the same command, and all in its folder is generated.
#[test]
fn services_of_the_runtime_are_written_into_it() {
    let root = checkout("module_of_runtime");
    write(&root.join("models/services.toml"), "[tiny]\n[wee]\nmodule = \"identity\"\noperations = [\"Ping\"]\n");
    let (code, _, stderr) = in_checkout(&root, &["codegen"]);
    assert!(
        code == 1 && stderr.contains("models/identity has no model of `wee`, which models/services.toml lists"),
        "{stderr}"
    );
    assert!(stderr.contains("models/wee is no service that models/services.toml lists"), "{stderr}");
    fs::create_dir(root.join("models/identity")).unwrap();
    fs::rename(root.join("models/wee"), root.join("models/identity/wee")).unwrap();

    let (code, _, stderr) = in_checkout(&root, &["codegen"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(!contents(&root.join("generated")).keys().any(|file| file.contains("wee")));
    let files = contents(&root.join("runtime/src"));
    assert!(files.contains_key("identity/wee/operations/ping.rs"), "{:?}", files.keys());
    assert!(!files.keys().any(|file| file.contains("pong") || file.contains("tiny")), "{:?}", files.keys());
    assert_eq!(in_checkout(&root, &["codegen", "--check"]).0, 0);

    write(&root.join("runtime/src/identity/mine.rs"), "");
    write(&root.join("runtime/src/identity/wee/mod.rs"), files["identity/mod.rs"].as_str());
    let (code, stdout, stderr) = in_checkout(&root, &["codegen", "--check"]);
    assert_eq!(code, 1, "{stderr}");
    assert_eq!(stdout, "changed  runtime/src/identity/wee/mod.rs\nforeign  runtime/src/identity/mine.rs\n");
    // A crate elsewhere is no reason to write here.
    let before = contents(&root.join("runtime"));
    assert_eq!(in_checkout(&root, &["codegen", "--out", "elsewhere"]).0, 0);
    assert_eq!(contents(&root.join("runtime")), before);
    assert!(!contents(&root.join("elsewhere")).keys().any(|file| file.contains("wee")));
}

/// Checkouts that share a target folder share this program: it serves the one that it is run in.
#[test]
fn two_checkouts_with_one_program_are_apart() {
    let (first, second) = (checkout("checkout_first"), checkout("checkout_second"));
    write(&second.join("models/tiny/2020-01-01/service-2.json"), MODEL.replace("Pong", "Pung"));
    for root in [&first, &second] {
        let (code, _, stderr) = in_checkout(root, &["codegen"]);
        assert_eq!(code, 0, "{stderr}");
        assert!(stderr.contains("\ngenerated: ") && stderr.contains(" 0 unchanged, 0 removed in "), "{stderr}");
    }
    let of_first = contents(&first);
    assert!(!of_first["generated/src/tiny/operations/mod.rs"].contains("Pung"));
    assert!(contents(&second)["generated/src/tiny/operations/mod.rs"].contains("Pung"));

    let drifted = second.join("generated/src/lib.rs");
    write(&drifted, fs::read_to_string(&drifted).unwrap() + "// drift\n");
    let (code, stdout, stderr) = in_checkout(&second, &["codegen", "--check"]);
    assert_eq!((code, stdout.as_str()), (1, "changed  generated/src/lib.rs\n"), "{stderr}");
    assert_eq!(in_checkout(&first, &["codegen", "--check"]).0, 0);
    assert_eq!(in_checkout(&second, &["codegen"]).0, 0);
    assert!(!fs::read_to_string(&drifted).unwrap().contains("drift"));
    assert_eq!(contents(&first), of_first);
}

/// A part in the place of the whole would delete the rest of it.
#[test]
fn a_part_is_not_written_over_the_workspaces_crate() {
    let root = checkout("part_of_workspace");
    assert_eq!(in_checkout(&root, &["codegen"]).0, 0);
    write(&root.join("other/tiny/2020-01-01/service-2.json"), MODEL);
    let before = contents(&root);
    for arguments in [
        &["--service", "tiny"][..],
        &["--operations", "Ping"],
        &["--service", "tiny", "--out", "generated"],
        &["--service", "tiny", "--check"],
        &["--models", "other"],
    ] {
        let (code, _, stderr) = in_checkout(&root, &[&["codegen"], arguments].concat());
        assert_eq!((code, contents(&root) == before), (2, true), "{arguments:?}: {stderr}");
        assert!(stderr.contains("error: generated is generated from all of models/, so --"), "{stderr}");
        assert!(stderr.contains("help: name another folder with --out"), "{stderr}");
    }
    let part = ["codegen", "--service", "tiny", "--out", "part"];
    assert_eq!(in_checkout(&root, &part).0, 0);
    assert_eq!(in_checkout(&root, &["codegen", "--models", "./models"]).0, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_a_failure() {
    use std::process::Stdio;
    let root = project("stdout_full");
    run(&root, &[]);
    fs::remove_file(root.join("out/src/lib.rs")).unwrap();
    let check = &["codegen", "--models", "models", "--out", "out", "--check"][..];
    for arguments in [
        check,
        &["describe", "tiny", "--models", "models"],
        &["changelog", "models", "models"],
        &["changelog", "--list-rules", "--format", "json"],
    ] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let output = command.current_dir(&root).args(arguments).stdout(full).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains("error: cannot write the result to stdout: "), "{arguments:?}: {stderr}");

        // A reader that has seen enough: the exit code is that of the command.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let output = command.current_dir(&root).args(arguments).stdout(Stdio::from(writer)).output().unwrap();
        let expected = if arguments == check { 1 } else { 0 };
        assert_eq!(output.status.code(), Some(expected), "{arguments:?}");
    }
}

#[test]
fn an_edited_model_fails_the_check_only() {
    let root = project("edited_model");
    let file = |service: &str| format!("{service}/2020-01-01/service-2.json");
    let digest = xtask::digest::sha256(MODEL.as_bytes());
    let lock = xtask::lock::Lock {
        package: "botocore".to_owned(),
        version: "1".to_owned(),
        source: "wheel".to_owned(),
        sha256: digest.clone(),
        files: BTreeMap::from([(file("tiny"), digest.clone()), (file("wee"), digest)]),
    };
    write(&root.join("models/models.lock"), lock.to_text().unwrap());
    assert_eq!(run(&root, &[]).0, 0);
    assert_eq!(run(&root, &["--check"]).0, 0);

    write(&root.join("models").join(file("wee")), format!("{MODEL}\n"));
    let (code, _, stderr) = run(&root, &["--check"]);
    assert_eq!(code, 1);
    assert!(stderr.contains("error: models/wee/2020-01-01/service-2.json was changed after its import\n"), "{stderr}");
    let (code, _, stderr) = run(&root, &[]);
    assert_eq!(code, 0);
    assert!(stderr.contains("warning: models/wee/2020-01-01/service-2.json was changed"), "{stderr}");
}

#[test]
fn wrong_usage_exits_with_2() {
    let root = project("wrong_usage");
    let (code, stdout, stderr) = run(&root, &["--chekc"]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("--check"), "{stderr}");
    assert!(!root.join("out").exists());
}

#[test]
fn output_does_not_depend_on_where_the_models_are() {
    let (a, b) = (project("where_a"), project("where_b"));
    fs::rename(b.join("models"), b.join("elsewhere")).unwrap();
    assert_eq!(run(&a, &[]).0, 0);
    let status = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .current_dir(&b)
        .args(["codegen", "--out", "out", "--models"])
        .arg(b.join("elsewhere"))
        .output()
        .unwrap()
        .status;
    assert!(status.success());
    assert_eq!(contents(&a.join("out")), contents(&b.join("out")));
}

/// Whoever changes a model or the generator commits what comes of it.
#[test]
fn the_committed_crate_is_up_to_date() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).args(["codegen", "--check"]).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    assert!(output.status.success(), "{}{}", text(output.stdout), text(output.stderr));
}
