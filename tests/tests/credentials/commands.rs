//! Commands of profiles.

use super::ways::{WAYS, over};
use super::*;
use workstream_runtime::client::credentials::CredentialProcess;

fn command(test: &str, line: &str) -> Environment {
    command_in(test, line).0
}

/// A profile with a command, and the folder in which that runs.
fn command_in(test: &str, line: &str) -> (Environment, PathBuf) {
    let home = home(test, "", "");
    let config = format!("[default]\ncredential_process = cd {} && {line}\naws_account_id = 1\n", home.display());
    fs::write(home.join(".aws/config"), config).unwrap();
    fs::write(home.join("a file"), JSON).unwrap();
    fs::write(home.join("garbage"), r#"{"Version": "5ecret"}"#).unwrap();
    (variables([]).home(&home), home)
}

#[test]
fn a_profile_runs_a_command() {
    assert_eq!(found(&Net::none(), &command("command", "cat 'a file'")), temporary(KEY).account_id("1"));
}

#[test]
fn a_command_that_fails_is_an_error() {
    let running = "profile \"default\": running credential_process";
    let message = error(&Net::none(), &command("command-fails", "exit 3"));
    assert_eq!(message, format!("{running}: it failed with exit status: 3"));
    let message = error(&Net::none(), &command("command-garbage", "cat garbage"));
    assert_eq!(message, format!("{running}: the answer's Version is another than 1"));
}

pub fn process(test: &str, json: &str) -> Environment {
    let home = home(test, "", "");
    fs::write(home.join("out"), json).unwrap();
    let line = format!("credential_process = cat '{}'", home.join("out").display());
    fs::write(home.join(".aws/config"), format!("[default]\n{line}\n")).unwrap();
    variables([]).home(home)
}

#[test]
fn the_answer_of_a_command_is_checked() {
    let plain = r#"{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "5ecret"}"#;
    for good in [
        plain.to_owned(),
        format!("\u{feff}{plain}\r\n"),
        plain.replace("1", "1.0"),
        plain.replace("}", r#", "SessionToken": "", "Expiration": null, "More": [{}]}"#),
    ] {
        assert_eq!(found(&Net::none(), &process("answer", &good)), Credentials::new("A", "5ecret"), "{good}");
    }
    let with_account = plain.replace("}", r#", "AccountId": "123456789012"}"#);
    assert_eq!(found(&Net::none(), &process("answer", &with_account)).account_id.as_deref(), Some("123456789012"));
    for (bad, why) in [
        ("", "no JSON object"),
        ("5ecret", "no JSON object"),
        (r#"["5ecret"]"#, "no JSON object"),
        (r#"{"Version": 1} {"5ecret": 1}"#, "no JSON object"),
        (r#"{"AccessKeyId": "A", "SecretAccessKey": "5ecret"}"#, "has no Version"),
        (r#"{"Version": 2, "AccessKeyId": "A", "SecretAccessKey": "5ecret"}"#, "Version is another than 1"),
        (r#"{"Version": "1", "AccessKeyId": "A", "SecretAccessKey": "5ecret"}"#, "Version is another than 1"),
        (r#"{"Version": 1, "SecretAccessKey": "5ecret"}"#, "has no AccessKeyId"),
        (r#"{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": ""}"#, "has no SecretAccessKey"),
        (r#"{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": {"5ecret": 1}}"#, "SecretAccessKey is no text"),
    ] {
        let message = error(&Net::none(), &process("answer", bad));
        assert!(
            message.starts_with("profile \"default\": running credential_process: ") && message.contains(why),
            "{message}"
        );
    }
}

#[test]
fn a_command_does_not_hold_the_runtime() {
    let began = Instant::now();
    let environment = command("command-holds", "exec sleep 20");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let chain = chain(&Net::none(), &environment);
        assert!(tokio::time::timeout(Duration::from_millis(50), chain.provide()).await.is_err());
    });
    drop(runtime);
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[test]
fn calls_that_give_up_leave_the_command_to_the_next() {
    let (environment, home) = command_in("command-once", "echo run >> runs; sleep 0.4; cat 'a file'");
    let runs = || fs::read_to_string(home.join("runs")).unwrap().lines().count();
    let cache = || chain(&Net::none(), &environment).cache();
    let (now, limit) = (SystemTime::now(), Duration::from_millis(40));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let shared = cache();
    let given_up = runtime.block_on(async {
        let mut given_up = 0;
        while tokio::time::timeout(limit, shared.get(now)).await.is_err() {
            given_up += 1;
        }
        given_up
    });
    assert!((2..50).contains(&given_up), "{given_up}");
    assert_eq!(runs(), 1);
    let shared = cache();
    while shared.get_blocking(now, Some(limit)).is_none() {}
    assert_eq!(runs(), 2);
}

#[test]
fn a_command_in_code_gives_all_it_writes() {
    let folder = folder::of_test("in-code");
    let json = r#"{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "5ecret", "SessionToken": "5ecret-token",
        "Expiration": "2099-01-02T03:04:05Z", "AccountId": "123456789012"}"#;
    fs::write(folder.join("out"), json).unwrap();
    let command = CredentialProcess::new(format!("cat '{}' # 5ecret", folder.join("out").display()));
    let expected = Credentials::new("A", "5ecret").session_token("5ecret-token").expires_at(end());
    for way in WAYS {
        let found = way.ask(&command, over(&Net::none()), &variables([])).unwrap();
        assert_eq!(found, expected.clone().account_id("123456789012"));
        let failing = CredentialProcess::new("echo 5ecret; exit 7 # 5ecret");
        let message = way.ask(&failing, over(&Net::none()), &variables([])).unwrap_err().to_string();
        assert_eq!(message, "running credential_process: it failed with exit status: 7");
    }
}
