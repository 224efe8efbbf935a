//! Keys in variables and in profiles.

use super::*;

#[test]
fn variables_have_keys() {
    let mut all = KEYS.to_vec();
    assert_eq!(found(&Net::none(), &Environment::of(all.clone())), Credentials::new(KEYS[0].1, KEYS[1].1));
    all.extend([("AWS_SESSION_TOKEN", "5ecret-token"), ("AWS_ACCOUNT_ID", "123456789012")]);
    let expected = Credentials::new(KEYS[0].1, KEYS[1].1).session_token("5ecret-token").account_id("123456789012");
    assert_eq!(found(&Net::none(), &Environment::of(all)), expected);
}

#[test]
fn half_a_key_is_an_error() {
    let message = error(&Net::none(), &variables([KEYS[0]]));
    assert_eq!(message, "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not");
    let message = error(&Net::none(), &variables([KEYS[1], ("AWS_ACCESS_KEY_ID", "")]));
    assert_eq!(message, "AWS_SECRET_ACCESS_KEY is set, and AWS_ACCESS_KEY_ID is not");
    let home = home("half", "[default]\naws_access_key_id = AKID\n", "");
    let message = error(&Net::none(), &variables([]).home(home));
    assert_eq!(message, "profile \"default\": aws_access_key_id is set, and aws_secret_access_key is not");
}

#[test]
fn profiles_have_keys() {
    let home = home("keys", PROFILES, "[shared]\naws_access_key_id=AKIDSHARED\naws_secret_access_key=5ecret-shared\n");
    let expected = Credentials::new("AKIDCONFIG", "5ecret/config+key==")
        .session_token("5ecret#token;with=all")
        .account_id("210987654321");
    assert_eq!(found(&Net::none(), &variables([]).home(&home)), expected);
    let named = |name| found(&Net::none(), &variables([("AWS_PROFILE", name)]).home(&home)).access_key_id.clone();
    assert_eq!(named("other"), "AKIDOTHER");
    assert_eq!(named("shared"), "AKIDSHARED");
}

#[test]
fn a_profile_that_is_asked_for_goes_before_variables() {
    let home = home("asked", PROFILES, "");
    let mut all = KEYS.to_vec();
    all.push(("AWS_PROFILE", "other"));
    let environment = Environment::of(all).home(home);
    assert_eq!(found(&Net::none(), &environment).access_key_id, "AKIDVARIABLE");
    let chain = chain(&Net::none(), &environment).profile("default");
    assert_eq!(now(chain.provide()).unwrap().access_key_id, "AKIDCONFIG");
    let message = now(chain.profile("nobody").provide()).unwrap_err().to_string();
    assert!(message.starts_with("profile \"nobody\" is in neither "), "{message}");
}

#[test]
fn older_names_of_the_token_are_known() {
    let all = [KEYS[0], KEYS[1], ("AWS_SECURITY_TOKEN", "5ecret-token")];
    assert_eq!(found(&Net::none(), &variables(all)).session_token.as_deref(), Some("5ecret-token"));
    let config = "[default]\naws_access_key_id = A\naws_secret_access_key = s\naws_security_token = 5ecret-token\n";
    let found = found(&Net::none(), &variables([]).home(home("older", config, "")));
    assert_eq!(found.session_token.as_deref(), Some("5ecret-token"));
}
