//! The order of places, and what is never passed over: nobody becomes somebody else.

use super::*;

#[test]
fn nothing_anywhere_tells_where() {
    let home = home("nothing", "[default]\nregion = eu-west-1\n", "");
    let (config, credentials) = (home.join(".aws/config"), home.join(".aws/credentials"));
    let expected = format!(
        "no credentials; looked at AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (not set); \
         profile \"default\" in {} and {} (it has no credentials); \
         web identity (AWS_WEB_IDENTITY_TOKEN_FILE not set); \
         container (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI not set); ",
        config.display(),
        credentials.display()
    );
    let instance = "instance metadata at http://169.254.169.254: no connection to the server: nobody is there";
    assert_eq!(error(&Net::none(), &variables([]).home(&home)), format!("{expected}{instance}"));
    let disabled = "instance metadata (disabled by AWS_EC2_METADATA_DISABLED)";
    assert_eq!(error(&Net::none(), &variables([NO_INSTANCE]).home(&home)), format!("{expected}{disabled}"));
    let no_role = Net::new(|request| match request.method() {
        &Method::PUT => Ok((200, "5ecret".to_owned())),
        _ => Ok((404, String::new())),
    });
    let message = error(&no_role, &variables([]).home(&home));
    assert!(message.ends_with("at http://169.254.169.254: the instance has no role (status 404)"), "{message}");
}

#[test]
fn places_have_an_order() {
    let home = home("order", PROFILES, "");
    fs::write(home.join("token"), "5ecret-web").unwrap();
    let file = home.join("token");
    let mut all = KEYS.to_vec();
    all.extend([
        ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/web"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", file.to_str().unwrap()),
        ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"),
    ]);
    let net = || {
        Net::new(|request| match request.uri().host() {
            Some("sts.amazonaws.com") => sts("AssumeRoleWithWebIdentity"),
            Some("169.254.170.2") => Ok((200, JSON.to_owned())),
            _ => instance(request),
        })
    };
    assert_eq!(found(&net(), &Environment::of(all.clone()).home(&home)).access_key_id, "AKIDVARIABLE");
    all.drain(..2);
    // A web identity of variables goes before the keys of any profile.
    for profile in [None, Some(("AWS_PROFILE", "other"))] {
        let (net, environment) = (net(), Environment::of(all.iter().copied().chain(profile)).home(&home));
        assert_eq!(found(&net, &environment).access_key_id, KEY);
        assert_eq!(net.form(0)["RoleArn"], "arn:aws:iam::123456789012:role/web");
    }
    assert_eq!(found(&net(), &Environment::of(all[2..].to_vec()).home(&home)).access_key_id, "AKIDCONFIG");
    let asked = |all: &[(&str, &str)]| {
        let net = net();
        found(&net, &Environment::of(all.iter().copied()));
        net.uris()[0].clone()
    };
    assert_eq!(asked(&all), "POST https://sts.amazonaws.com/");
    all.drain(..2);
    assert_eq!(asked(&all), "GET http://169.254.170.2/x");
    assert_eq!(asked(&[]), "PUT http://169.254.169.254/latest/api/token");
}

#[test]
fn requests_do_not_show_secrets() {
    let net = Net::new(instance);
    found(&net, &variables([]));
    let path = [("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "5ecret-pod")];
    let container = Net::new(|_| Ok((200, JSON.to_owned())));
    found(&container, &variables(path));
    for net in [net, container] {
        let shown = format!("{:?}", net.seen.lock().unwrap());
        assert!(!shown.contains("5ecret"), "{shown}");
    }
}

#[test]
fn a_profile_with_a_part_of_credentials_is_an_error() {
    let cases = [
        ("login_session = arn:aws:iam::123456789012:user/me", "the login of arn:aws:iam::123456789012:user/me: "),
        ("sso_start_url = https://x/start\nsso_region = eu-west-1", "sso_start_url"),
        ("sso_region = eu-west-1", "sso_region"),
        ("sso_registration_scopes = sso:account:access", "sso_registration_scopes"),
        ("sso_start_url =", "sso_start_url of profile"),
        ("source_profile =", "source_profile of profile"),
        ("sso_session = here", "sso_session"),
        ("sso_session = here\nsso_account_id = 1", "sso_role_name"),
        ("sso_session = here\nsso_role_name = r", "sso_account_id"),
        ("sso_session = there\nsso_account_id = 1\nsso_role_name = r", "[sso-session there]"),
        ("sso_session = bare\nsso_account_id = 1\nsso_role_name = r", "sso_start_url"),
        (
            "sso_session = here\nsso_region = us-east-1\nsso_account_id = 1\nsso_role_name = r",
            "sso_region is \"us-east-1\"",
        ),
        ("sso_account_id = 1\nsso_role_name = r\nsso_region = x.example/\nsso_start_url = https://x", "is no region"),
        ("role_arn = arn:aws:iam::123456789012:role/r", "source_profile, credential_source"),
        ("role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = nobody", "\"nobody\""),
        ("role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = plain", "no credentials to assume"),
        ("role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = A", "A -> A"),
        ("role_arn = r\nsource_profile = keys\ncredential_source = Environment", "needs one of source_profile"),
        (
            "role_arn = r\nsource_profile = keys\nweb_identity_token_file = /x",
            "assuming r with the web identity in /x: ",
        ),
        ("source_profile = keys", "source_profile needs a role_arn"),
        ("credential_source = Ec2InstanceMetadata", "credential_source needs a role_arn"),
        ("web_identity_token_file = /x", "web_identity_token_file needs a role_arn"),
        ("aws_access_key_id = AKID", "aws_secret_access_key"),
        ("aws_secret_access_key = 5ecret", "aws_access_key_id"),
        ("aws_session_token = 5ecret", "aws_session_token needs"),
        ("aws_access_key_id =\naws_secret_access_key =", "aws_access_key_id of profile"),
        ("role_arn =", "role_arn of profile"),
        ("credential_process =", "credential_process of profile"),
        ("credential_process =\n  command = nested", "credential_process of profile"),
        ("web_identity_token_file =", "web_identity_token_file of profile"),
        ("login_session =", "login_session of profile"),
    ];
    let sections = "[sso-session here]\nsso_region = eu-west-1\nsso_start_url = https://x/start\n[sso-session bare]\n\
                    sso_region = eu-west-1\n[profile plain]\nregion = eu-west-1\n[profile keys]\n\
                    aws_access_key_id = AKIDKEYS\naws_secret_access_key = 5ecret\n";
    let container = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x");
    for (index, (lines, named)) in cases.into_iter().enumerate() {
        let home = home(&format!("part-{index}"), &format!("[profile A]\n{lines}\n{sections}"), "");
        let default = home.with_file_name(format!("part-{index}-default"));
        let _ = fs::remove_dir_all(&default);
        fs::create_dir_all(default.join(".aws")).unwrap();
        fs::write(default.join(".aws/config"), format!("[default]\n{}\n{sections}", lines.replace("= A", "= default")))
            .unwrap();
        let environments =
            [variables([("AWS_PROFILE", "A"), container]).home(&home), variables([container]).home(&default)];
        for (environment, name) in environments.into_iter().zip(["A", "default"]) {
            let net = tempting();
            let message = error(&net, &environment);
            assert!(message.starts_with(&format!("profile \"{name}\": ")), "{lines}: {message}");
            assert!(message.contains(&named.replace("A -> A", &format!("{name} -> {name}"))), "{lines}: {message}");
            assert!(net.uris().is_empty(), "{lines}: {:?}", net.uris());
        }
    }
}

#[test]
fn a_profile_that_says_nothing_of_credentials_leaves_them_to_other_places() {
    let config = "[profile A]\nregion = eu-west-1\noutput = json\nmfa_serial = arn:aws:iam::1:mfa/me\n\
                  role_session_name = me\naws_session_token =\n";
    let environment = variables([("AWS_PROFILE", "A")]).home(home("region-only", config, ""));
    assert_eq!(found(&tempting(), &environment), temporary(KEY));
}

#[test]
fn whoever_has_signed_does_not_become_somebody_else() {
    let home = home("stays", "", PROFILES);
    let file = home.join(".aws/credentials");
    let net = tempting();
    let chain = chain(&net, &variables([]).home(&home));
    assert_eq!(wait(chain.provide()).unwrap().access_key_id, "AKIDCONFIG");
    fs::write(&file, "").unwrap();
    let message = wait(chain.provide()).unwrap_err().to_string();
    assert!(message.contains("(there is none); ") && message.ends_with(", where there were some before"), "{message}");
    assert!(net.uris().is_empty());
    fs::write(&file, PROFILES).unwrap();
    assert_eq!(wait(chain.provide()).unwrap().access_key_id, "AKIDCONFIG");
    // And the other way round.
    fs::write(&file, "").unwrap();
    let chain = self::chain(&net, &variables([]).home(&home));
    assert_eq!(wait(chain.provide()).unwrap(), temporary(KEY));
    fs::write(&file, PROFILES).unwrap();
    assert_eq!(wait(chain.provide()).unwrap(), temporary(KEY));
    // Nor does a clone; another chain is another caller.
    let clone = chain.clone().environment(variables(KEYS));
    assert_eq!(wait(clone.provide()).unwrap(), temporary(KEY));
    let other = self::chain(&net, &variables(KEYS));
    assert_eq!(wait(other.provide()).unwrap().access_key_id, "AKIDVARIABLE");
}

#[test]
fn variables_do_not_count_where_a_profile_is_asked_for() {
    let home = home("not-variables", "[profile A]\nregion = eu-west-1\n", "");
    fs::write(home.join("token"), "5ecret-web").unwrap();
    let file = home.join("token");
    let web = [
        ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/web"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", file.to_str().unwrap()),
        NO_INSTANCE,
    ];
    let environment = Environment::of(web.into_iter().chain(KEYS)).home(&home);
    let net = tempting();
    let message = wait(chain(&net, &environment).profile("A").provide()).unwrap_err().to_string();
    for place in ["variables", "web identity"] {
        assert!(message.contains(&format!("{place} (not used, as a profile is asked for)")), "{message}");
    }
    assert!(net.uris().is_empty());
}

#[cfg(unix)]
#[test]
fn what_a_profile_has_goes_in_an_order() {
    let home = home("kinds", "", "");
    fs::write(home.join("token"), "\u{feff}5ecret-web\n").unwrap();
    let web = format!("web_identity_token_file = {}\n", home.join("token").display());
    let process =
        "credential_process = echo '{\"Version\": 1, \"AccessKeyId\": \"AKIDPROCESS\", \"SecretAccessKey\": \"s\"}'\n"
            .to_owned();
    let keys = |id: &str| format!("aws_access_key_id = {id}\naws_secret_access_key = 5ecret\n");
    let asked = |config: &str, credentials: &str| {
        fs::write(home.join(".aws/config"), format!("[default]\n{config}[profile base]\n{}", keys("AKIDBASE")))
            .unwrap();
        fs::write(home.join(".aws/credentials"), format!("[default]\n{credentials}")).unwrap();
        let net = Net::new(sts_of);
        let result = load(&net, &variables([]).home(&home));
        match net.seen.lock().unwrap().first() {
            Some((request, _)) => format!("{} {}", form(request)["Action"], request.uri().host().unwrap()),
            None => result.map_or_else(|error| error.to_string(), |found| found.access_key_id.clone()),
        }
    };
    let role = "role_arn = arn:aws:iam::123456789012:role/r\n";
    let all = [keys("AKIDCONFIG"), process.clone()].concat();
    assert_eq!(
        asked(&format!("{role}source_profile = base\n{all}"), &keys("AKIDSHARED")),
        "AssumeRole sts.amazonaws.com"
    );
    let with_web = asked(&format!("{role}{web}{all}"), &keys("AKIDSHARED"));
    assert_eq!(with_web, "AssumeRoleWithWebIdentity sts.amazonaws.com");
    let sign_on = "sso_account_id = 1\nsso_role_name = r\nsso_region = eu-west-1\nsso_start_url = https://x\n";
    assert!(asked(&format!("{sign_on}{all}"), &keys("AKIDSHARED")).contains("signing on at https://x"));
    assert_eq!(asked(&format!("{all}login_session = x\nsso_session = y\n"), &keys("AKIDSHARED")), "AKIDSHARED");
    assert!(asked(&format!("{all}login_session = x\n"), "").contains("the login of x: "));
    assert_eq!(asked(&format!("{all}sso_session = y\nsource_profile = z\n"), ""), "AKIDPROCESS");
    assert_eq!(asked(&keys("AKIDCONFIG"), ""), "AKIDCONFIG");
    // Halves in two files do not make a whole.
    let halves = asked("aws_secret_access_key = 5ecret\n", "aws_access_key_id = AKIDSHARED\n");
    assert!(halves.contains("aws_access_key_id is set, and aws_secret_access_key is not"), "{halves}");
}
