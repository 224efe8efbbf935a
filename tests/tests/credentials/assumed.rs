//! Roles that are assumed by code: what is sent, with whose credentials, and codes of devices.

use super::ways::{WAYS, Way, of_environment, one_after_another, over};
use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use workstream_runtime::client::credentials::{AssumeRole, Chain, EnvironmentVariables, MfaCode, Profile};

const ARN: &str = "arn:aws:iam::123456789012:role/reader";
const DEVICE: &str = "arn:aws:iam::123456789012:mfa/me";

fn expected(pairs: &[(&str, &str)]) -> Form {
    let all = [("Action", "AssumeRole"), ("Version", "2011-06-15"), ("RoleArn", ARN)];
    all.iter().chain(pairs).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn all_that_is_said_of_a_session_is_sent() {
    let policy = r#"{"Version": "2012-10-17", "Statement": []}"#;
    let role = AssumeRole::new(ARN)
        .source(Credentials::new("AKIDCODE", "5ecret-code").session_token("5ecret-session"))
        .session_name("nightly report+1")
        .external_id("4&2=")
        .duration(Duration::from_millis(3_600_900))
        .policy(policy)
        .policy_arns(["arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"])
        .tags([("team", "desktops"), ("ünit", "")])
        .transitive_tag_keys(["team"])
        .source_identity("ann");
    let all = [
        ("RoleSessionName", "nightly report+1"),
        ("ExternalId", "4&2="),
        ("DurationSeconds", "3600"),
        ("Policy", policy),
        ("PolicyArns.member.1.arn", "arn:aws:iam::aws:policy/A"),
        ("PolicyArns.member.2.arn", "arn:aws:iam::aws:policy/B"),
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "desktops"),
        ("Tags.member.2.Key", "ünit"),
        ("Tags.member.2.Value", ""),
        ("TransitiveTagKeys.member.1", "team"),
        ("SourceIdentity", "ann"),
    ];
    for way in WAYS {
        let net = Net::new(sts_of);
        let found = way.ask(&role, over(&net).region("eu-west-1"), &variables([])).unwrap();
        assert_eq!(found, temporary(KEY).account_id("123456789012"));
        assert_eq!(net.form(0), expected(&all));
        assert!(net.header(0, "authorization").contains("Credential=AKIDCODE/"));
        assert_eq!(net.header(0, "x-amz-security-token"), "5ecret-session");
        // What is not said is not sent.
        let plain = AssumeRole::new(ARN).source(Credentials::new("AKIDCODE", "5ecret-code"));
        way.ask(&plain, over(&net).region("eu-west-1"), &variables([])).unwrap();
        assert_eq!(net.form(1), expected(&[("RoleSessionName", "workstream")]));
    }
}

#[test]
fn a_role_has_any_source() {
    let home = home("any-source", ROLES, "");
    let environment = Environment::of(KEYS).home(&home);
    for way in WAYS {
        let key = |role: AssumeRole, requests| {
            let net = Net::new(sts_of);
            way.ask(&role, over(&net), &environment).unwrap();
            assert_eq!(net.uris().len(), requests);
            let header = net.header(0, "authorization");
            header.split_once("Credential=").unwrap().1.split('/').next().unwrap().to_owned()
        };
        assert_eq!(key(AssumeRole::new(ARN), 1), "AKIDVARIABLE");
        assert_eq!(key(AssumeRole::new(ARN).source(Profile::named("base")), 1), "AKIDBASE");
        let chain = Chain::new().then(Profile::named("empty")).then(EnvironmentVariables::new());
        assert_eq!(key(AssumeRole::new(ARN).source(chain), 1), "AKIDVARIABLE");
        let other = AssumeRole::new("arn:aws:iam::2:role/first").source(Profile::named("base"));
        assert_eq!(key(AssumeRole::new(ARN).source(other), 2), "AKIDBASE");
    }
}

#[test]
fn a_role_whose_source_has_nothing_is_an_error() {
    let home = home("no-source", ROLES, "");
    for way in WAYS {
        let net = tempting();
        for (source, why) in [("empty", "it has no credentials"), ("alone", "a role_arn needs one of")] {
            let role = AssumeRole::new(ARN).source(Profile::named(source));
            let error = way.ask(&role, over(&net), &variables([]).home(&home)).unwrap_err();
            let message = error.to_string();
            assert!(message.starts_with(&format!("assuming {ARN}: ")) && message.contains(why), "{message}");
            // Another place would be somebody else.
            assert!(!error.is_absence(), "{message}");
            let chain = Chain::new().then(role).then(EnvironmentVariables::new());
            let environment = Environment::of(KEYS).home(&home);
            assert!(way.ask(&chain, over(&net), &environment).is_err());
        }
        assert!(net.uris().is_empty());
    }
}

/// Answers with codes that count up.
fn codes() -> (MfaCode, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let code = move |device: &str| {
        assert_eq!(device, DEVICE);
        Ok(format!("{:06}", counted.fetch_add(1, Ordering::SeqCst) + 1))
    };
    (MfaCode::from(code), count)
}

#[test]
fn a_code_is_asked_for_each_time() {
    let home = home("codes", ROLES, "");
    let of_profile = variables([("AWS_PROFILE", "device")]).home(&home);
    for way in WAYS {
        let net = Net::new(sts_of);
        let (code, asked) = codes();
        let role = AssumeRole::new(ARN).source(Credentials::new("AKIDCODE", "5ecret-code")).mfa(DEVICE, code);
        for _ in 0..2 {
            way.ask(&role, over(&net), &variables([])).unwrap();
        }
        let (code, asked_by_profile) = codes();
        for by_hand in [true, false] {
            let config = if by_hand { over(&net) } else { of_environment(&net, &of_profile) };
            way.ask(&DefaultChain::new(), config.mfa_code(code.clone()), &of_profile).unwrap();
        }
        // One attempt, one code; what is tried again has the same.
        let trouble = one_after_another([Ok((500, String::new())), sts("AssumeRole")]);
        way.ask(&DefaultChain::new(), over(&trouble).mfa_code(code), &of_profile).unwrap();
        assert_eq!([asked.load(Ordering::SeqCst), asked_by_profile.load(Ordering::SeqCst)], [2, 3]);
        let forms = (0..4).map(|index| net.form(index)).chain([trouble.form(0), trouble.form(1)]);
        let sent = forms.map(|form| (form["SerialNumber"].clone(), form["TokenCode"].clone()));
        let codes = ["000001", "000002", "000001", "000002", "000003", "000003"];
        assert!(sent.eq(codes.map(|code| (DEVICE.to_owned(), code.to_owned()))));
    }
}

#[test]
fn without_a_code_nothing_is_sent() {
    let home = home("no-code", ROLES, "");
    let environment = variables([("AWS_PROFILE", "device")]).home(&home);
    let refused = |_: &str| Err("nobody is at the\nterminal".into());
    let panics = |_: &str| panic!("a function that gives no code");
    for way in WAYS {
        let net = tempting();
        let failure = |config| way.ask(&DefaultChain::new(), config, &environment).unwrap_err().to_string();
        let message = failure(over(&net));
        let expected = "give Config::builder().mfa_code(...) a function that asks for it";
        assert!(message.contains(&format!("needs a code of {DEVICE}: {expected}")), "{message}");
        let message = failure(over(&net).mfa_code(refused));
        assert!(message.contains(&format!("asking for the code of {DEVICE}: nobody is at the")), "{message}");
        let message = failure(over(&net).mfa_code(panics));
        assert!(message.contains(&format!("asking for the code of {DEVICE}: ")), "{message}");
        assert!(message.ends_with("the function that asks for it has panicked"), "{message}");
        assert!(net.uris().is_empty());
    }
}

/// The code is one that only another task of the same thread can bring.
#[test]
fn a_function_that_waits_for_a_code_does_not_hold_the_runtime() {
    let net = Net::new(sts_of);
    let (type_in, typed) = mpsc::channel::<String>();
    let typed = Mutex::new(typed);
    let code = move |_: &str| Ok(typed.lock().unwrap().recv_timeout(Duration::from_secs(20))?);
    let role = AssumeRole::new(ARN).source(Credentials::new("AKIDCODE", "5ecret-code")).mfa(DEVICE, code);
    let context = Way::Async.context(&over(&net).build()).environment(variables([]));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let found = runtime.block_on(async {
        let task = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            type_in.send("123456".to_owned()).unwrap();
        });
        let found = role.provide(&context).await;
        task.await.unwrap();
        found
    });
    assert_eq!(found.unwrap().access_key_id, KEY);
    assert_eq!(net.form(0)["TokenCode"], "123456");
}
