//! Regions of sources: nothing is sent to one that is none.

use super::sign_on::TOKEN_FILES;
use super::*;

#[test]
fn a_region_that_is_none_is_not_sent_to() {
    for region in
        ["x.example/", "x.example#", "x.example:8443/", "a@b", "eu-west-1 ", "127.0.0.1/", "1", "-a", "\u{1b}"]
    {
        let net = tempting();
        let mut all = vec![("AWS_REGION", region), ("AWS_PROFILE", "itself")];
        let message = error(&net, &Environment::of(all.clone()).home(home("sts-region", ROLES, "")));
        assert!(message.contains("AWS_REGION: ") && message.contains("is no region"), "{message}");
        assert!(!message.contains('\u{1b}'), "{message}");
        let file = home("sts-web", "", "").join("token");
        fs::write(&file, "5ecret").unwrap();
        all.truncate(1);
        all.extend([
            ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/r"),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", file.to_str().unwrap()),
        ]);
        let message = error(&net, &Environment::of(all));
        assert!(message.contains("AWS_REGION: "), "{message}");
        assert!(net.uris().is_empty(), "{:?}", net.uris());
    }
}

/// Every place where a source of credentials has its region from, with every name that is none. No request is made, so no
/// secret leaves.
#[test]
fn hostile_regions_of_sources() {
    let (net, mut tried) = (tempting(), 0);
    let refuses = |environment: &Environment, origin: &str| {
        let message = error(&net, environment);
        assert!(message.contains(origin) && message.contains("is no region"), "{message}");
        assert!(!message.chars().any(char::is_control), "{message:?}");
    };
    let token = folder::of_test("hostile-token").join("token");
    fs::write(&token, "5ecret").unwrap();
    for region in HOSTILE {
        for variable in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
            let all = [(variable, region), ("AWS_PROFILE", "itself")];
            refuses(&variables(all).home(home("hostile-role", ROLES, "")), &format!("{variable}: "));
            let role = ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/r");
            let file = ("AWS_WEB_IDENTITY_TOKEN_FILE", token.to_str().unwrap());
            refuses(&variables([(variable, region), role, file]), &format!("{variable}: "));
        }
        if !can_be_in_a_profile(region) {
            continue;
        }
        tried += 1;
        let role = format!("[default]\nregion = {region}\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = keys\n");
        let keys = "[keys]\naws_access_key_id = A\naws_secret_access_key = 5ecret\n";
        refuses(&variables([]).home(home("hostile-profile", &role, keys)), "region of profile \"default\"");
        let who = "sso_account_id = 123456789012\nsso_role_name = Worker\n";
        let where_to = format!("sso_region = {region}\nsso_start_url = https://shop.awsapps.com/start\n");
        let own = format!("[default]\n{who}{where_to}");
        let of_session = format!("[default]\nsso_session = shop\n{who}[sso-session shop]\n{where_to}");
        for (config, file) in [own, of_session].iter().zip([TOKEN_FILES[1], TOKEN_FILES[0]]) {
            let home = home("hostile-sign-on", config, "");
            let token = r#"{"accessToken": "5ecret-sso", "expiresAt": "2099-01-01T00:00:00Z"}"#;
            fs::write(home.join(".aws/sso/cache").join(file), token).unwrap();
            refuses(&variables([]).home(home), "sso_region of ");
        }
    }
    assert!(tried > 20, "{tried}");
    assert!(net.uris().is_empty(), "{:?}", net.uris());
}

#[test]
fn a_region_that_asks_for_fips_is_a_region_for_roles() {
    let net = Net::new(|_| sts("AssumeRole"));
    let all = [("AWS_REGION", "fips-us-east-2"), ("AWS_PROFILE", "itself")];
    found(&net, &variables(all).home(home("sts-fips", ROLES, "")));
    assert_eq!(net.uris(), ["POST https://sts-fips.us-east-2.amazonaws.com/"]);
    assert!(net.header(0, "authorization").contains("/us-east-2/sts/aws4_request"));
}
