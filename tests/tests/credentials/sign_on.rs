//! Single sign-on.

use super::*;

pub const SIGN_ON: &str = "
[default]
sso_session = shop
sso_account_id = 123456789012
sso_role_name = Worker
[sso-session shop]
sso_region = eu-central-1
sso_start_url = https://shop.awsapps.com/start
[profile old]
sso_region = eu-central-1
sso_start_url = https://shop.awsapps.com/start
sso_account_id = 123456789012
sso_role_name = Worker
[profile half]
sso_account_id = 123456789012
sso_role_name = Worker
";
/// SHA-1 of the session's name and of the URL.
pub const TOKEN_FILES: [&str; 2] =
    ["5042d146667518a1a5017644946b8650aafca44c.json", "20d891dca86750d4e829b4c761c9817f4b93df76.json"];

fn portal(request: &Request<Bytes>) -> Answer {
    let token = request.headers()["x-amz-sso_bearer_token"].to_str().unwrap();
    let uri = request.uri().to_string();
    let expected =
        "https://portal.sso.eu-central-1.amazonaws.com/federation/credentials?role_name=Worker&account_id=123456789012";
    if token != "5ecret-sso" || uri != expected {
        return Ok((401, "{}".to_owned()));
    }
    let credentials = format!(
        r#"{{"roleCredentials": {{"accessKeyId": "{KEY}", "secretAccessKey": "5ecret-temporary",
            "sessionToken": "5ecret-token", "expiration": 4071006245000}}}}"#
    );
    Ok((200, credentials))
}

#[test]
fn a_profile_signs_on() {
    let token = r#"{"accessToken": "5ecret-sso", "expiresAt": "2099-01-01T00:00:00Z"}"#;
    for (profile, file) in ["default", "old"].into_iter().zip(TOKEN_FILES) {
        let home = home(&format!("sso-{profile}"), SIGN_ON, "");
        fs::write(home.join(".aws/sso/cache").join(file), token).unwrap();
        let environment = variables([("AWS_PROFILE", profile)]).home(home);
        let credentials = found(&Net::new(portal), &environment);
        assert_eq!(credentials, temporary(KEY).account_id("123456789012"), "{profile}");
    }
}

#[test]
fn a_sign_on_that_is_over_says_what_to_do() {
    let home = home("sso-over", SIGN_ON, "");
    let file = home.join(".aws/sso/cache").join(TOKEN_FILES[0]);
    let environment = variables([]).home(&home);
    for token in [
        None,
        Some(r#"{"accessToken": "5ecret-sso", "expiresAt": "2001-01-01T00:00:00Z"}"#),
        Some(r#"{"accessToken": ["5ecret-sso"], "expiresAt": "5ecret"}"#),
        Some(r#"{"accessToken": "5ecret-other", "expiresAt": "2099-01-01T00:00:00Z"}"#),
    ] {
        if let Some(token) = token {
            fs::write(&file, token).unwrap();
        }
        let message = error(&Net::new(portal), &environment);
        let beginning = format!(
            "profile \"default\": signing on at https://shop.awsapps.com/start as Worker in 123456789012: {}: ",
            file.display()
        );
        assert!(message.starts_with(&beginning), "{message}");
        let end = "; to get a token, run `aws sso login --sso-session \"shop\"`";
        assert!(message.ends_with(end), "{message}");
    }
    let message = error(&Net::none(), &variables([("AWS_PROFILE", "half")]).home(&home));
    let needs = "a single sign-on needs sso_region, in the profile or its sso_session";
    assert_eq!(message, format!("profile \"half\": {needs}"));
}
