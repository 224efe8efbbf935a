//! Settings from variables and from the shared files.

use std::fs;
use std::path::PathBuf;
use workstream_runtime::client::{AccountIdEndpointMode, Environment, RetryMode, Settings, SettingsError};
use workstream_tests::folder;

/// A home directory with these files; its name is its test's.
fn home(test: &str, config: &str, credentials: &str) -> PathBuf {
    let home = folder::of_test(test);
    fs::create_dir_all(home.join(".aws")).unwrap();
    fs::write(home.join(".aws/config"), config).unwrap();
    fs::write(home.join(".aws/credentials"), credentials).unwrap();
    home
}

fn variables<const N: usize>(variables: [(&str, &str); N]) -> Environment {
    Environment::of(variables)
}

fn load(environment: &Environment) -> Settings {
    Settings::load(environment, None).unwrap()
}

fn error(environment: &Environment) -> String {
    Settings::load(environment, None).unwrap_err().to_string()
}

fn region(settings: &Settings) -> Option<&str> {
    settings.region.as_ref().map(|region| region.value.as_str())
}

fn endpoint(settings: &Settings, service: &str) -> Option<String> {
    settings.endpoint_url(service).unwrap().map(|url| url.value)
}

const ALL: &str = "
# A comment, and one with a key = value.
; Another.
[default]
region = eu-west-1
use_fips_endpoint = true
use_dualstack_endpoint=FALSE
max_attempts = 7
retry_mode = adaptive
account_id_endpoint_mode = required
disable_host_prefix_injection = true
sdk_ua_app_id = shop
ca_bundle = /roots.pem

[profile other]
region: us-east-2
";

#[test]
fn nothing_is_said_without_variables_and_files() {
    let settings = load(&Environment::of([] as [(&str, &str); 0]));
    assert_eq!(settings.region, None);
    assert_eq!(settings.max_attempts, None);
    assert_eq!(endpoint(&settings, "AppStream"), None);
    let expected = "AWS_REGION, AWS_DEFAULT_REGION, profile \"default\" in (no home directory) and (no home directory)";
    assert_eq!(settings.region_looked_at(), expected);
}

#[test]
fn a_profile_has_all_settings() {
    let home = home("all", ALL, "");
    let settings = load(&variables([]).home(&home));
    assert_eq!(region(&settings), Some("eu-west-1"));
    assert_eq!(settings.use_fips, Some(true));
    assert_eq!(settings.use_dual_stack, Some(false));
    assert_eq!(settings.max_attempts, Some(7));
    assert_eq!(settings.retry_mode, Some(RetryMode::Adaptive));
    assert_eq!(settings.account_id_endpoint_mode, Some(AccountIdEndpointMode::Required));
    assert_eq!(settings.disable_host_prefix, Some(true));
    assert_eq!(settings.app_id.as_deref(), Some("shop"));
    assert_eq!(settings.ca_bundle.unwrap().value, "/roots.pem");
    let origin = format!("region of profile \"default\" in {}", home.join(".aws/config").display());
    assert_eq!(settings.region.unwrap().origin, origin);
}

#[test]
fn variables_go_before_the_profile() {
    let all = [
        ("AWS_REGION", "ap-south-1"),
        ("AWS_DEFAULT_REGION", "ap-south-2"),
        ("AWS_USE_FIPS_ENDPOINT", "false"),
        ("AWS_USE_DUALSTACK_ENDPOINT", "True"),
        ("AWS_MAX_ATTEMPTS", "2"),
        ("AWS_RETRY_MODE", "legacy"),
        ("AWS_ACCOUNT_ID_ENDPOINT_MODE", "disabled"),
        ("AWS_DISABLE_HOST_PREFIX_INJECTION", "false"),
        ("AWS_SDK_UA_APP_ID", "desk"),
        ("AWS_CA_BUNDLE", "/desk.pem"),
    ];
    let settings = load(&variables(all).home(home("variables", ALL, "")));
    assert_eq!(region(&settings), Some("ap-south-1"));
    assert_eq!(settings.use_fips, Some(false));
    assert_eq!(settings.use_dual_stack, Some(true));
    assert_eq!(settings.max_attempts, Some(2));
    assert_eq!(settings.retry_mode, Some(RetryMode::Standard));
    assert_eq!(settings.account_id_endpoint_mode, Some(AccountIdEndpointMode::Disabled));
    assert_eq!(settings.disable_host_prefix, Some(false));
    assert_eq!(settings.app_id.as_deref(), Some("desk"));
    assert_eq!(settings.ca_bundle.unwrap().value, "/desk.pem");
    assert_eq!(settings.region.unwrap().origin, "AWS_REGION");
}

#[test]
fn an_empty_variable_is_none() {
    let settings = load(&variables([("AWS_REGION", ""), ("AWS_DEFAULT_REGION", "ap-south-2")]));
    assert_eq!(region(&settings), Some("ap-south-2"));
}

#[test]
fn the_profile_is_the_one_asked_for() {
    let home = home("profiles", ALL, "[third]\nregion = eu-north-1\n[default]\nregion = eu-south-1\n");
    let environment = variables([]).home(&home);
    assert_eq!(region(&load(&environment)), Some("eu-south-1"), "credentials go before config");
    let by_variable = variables([("AWS_PROFILE", "other")]).home(&home);
    assert_eq!(region(&load(&by_variable)), Some("us-east-2"));
    let by_older_variable = variables([("AWS_PROFILE", "third"), ("AWS_DEFAULT_PROFILE", "other")]).home(&home);
    assert_eq!(region(&load(&by_older_variable)), Some("us-east-2"), "as botocore does");
    let third = Settings::load(&by_variable, Some("third")).unwrap();
    assert_eq!(region(&third), Some("eu-north-1"), "what is asked for goes before AWS_PROFILE");
}

#[test]
fn a_profile_that_does_not_exist_is_an_error() {
    let home = home("missing", ALL, "");
    let (config, credentials) = (home.join(".aws/config"), home.join(".aws/credentials"));
    let files = format!("neither {} nor {}", config.display(), credentials.display());
    let environment = variables([("AWS_PROFILE", "nobody")]).home(&home);
    assert_eq!(error(&environment), format!("profile \"nobody\" of AWS_PROFILE is in {files}"));
    let asked: SettingsError = Settings::load(&environment, Some("noone")).unwrap_err();
    assert_eq!(asked.to_string(), format!("profile \"noone\" is in {files}"));
}

#[test]
fn values_are_as_they_are_written() {
    let home = home("written", "[default]\nsdk_ua_app_id =  \"it's\" \\here # = all \n", "");
    assert_eq!(load(&variables([]).home(home)).app_id.as_deref(), Some(r#""it's" \here # = all"#));
}

/// The region of this profile in a config file.
#[track_caller]
fn check_region(test: &str, config: &str, profile: &str, expected: Option<&str>) {
    let settings = Settings::load(&variables([]).home(home(test, config, "")), Some(profile)).unwrap();
    assert_eq!(region(&settings), expected, "{config:?}");
}

#[test]
fn each_line_stands_for_itself() {
    for config in [
        "[default]\noutput = json\n  # my region\nregion = eu-west-1\n",
        "[default]\ncli_pager = less\n  -R\nregion = eu-west-1\n",
        "[default] /* here */\nregion = eu-west-1\n",
        "[default] # here\nregion = eu-west-1\n",
        "[default] ; [here]\nregion = eu-west-1\n",
        "[default]\n  output = json\n  region = eu-west-1\n",
        "[default]\r\nRegion : eu-west-1\r\n",
        "\u{feff}[default]\nregion = eu-west-1\n",
        "[profile default]\nregion = eu-west-1\n[default]\nregion = us-west-2\n",
        "[default]\nregion = us-west-2\n[profile default]\nregion = eu-west-1\n",
        "[default]\nregion = us-west-2\n[profile a]\n[default]\nregion = eu-west-1\n",
    ] {
        check_region("lines", config, "default", Some("eu-west-1"));
    }
    // A token behind a comment belongs to its key.
    let home = home("lines", "", "\u{feff}[default]\nsdk_ua_app_id = s\n   # valid until noon\nregion = eu-west-1\n");
    let settings = load(&variables([]).home(home));
    assert_eq!((region(&settings), settings.app_id.as_deref()), (Some("eu-west-1"), Some("s")));
}

#[test]
fn names_may_be_in_quotes() {
    for (header, profile) in [
        ("[profile \"my desk\"]", "my desk"),
        ("[profile 'my desk']", "my desk"),
        ("[profile \"Ann's desk\"] # hers", "Ann's desk"),
        ("[profile my\\ desk]", "my desk"),
        ("[ profile\t\"desk\" ]", "desk"),
    ] {
        check_region("quotes", &format!("{header}\nregion = eu-west-1\n"), profile, Some("eu-west-1"));
    }
    let services =
        "[default]\nservices = my local\n[services \"my local\"]\nappstream =\n  endpoint_url = http://localhost:1\n";
    let settings = load(&variables([]).home(home("quotes", services, "")));
    assert_eq!(endpoint(&settings, "AppStream").as_deref(), Some("http://localhost:1"));
}

#[test]
fn a_line_that_cannot_be_read_is_named() {
    for (config, expected) in [
        ("[default]\nstray line\nregion = eu-west-1\n", "line 2: expected `[section]` or `key = value`"),
        ("\r\n\r\nregion = eu-west-1\r\n", "line 3: expected a `[section]` before anything else"),
        (
            "[default]\ns3 =\n  # c\n  5ecret\n",
            "line 4: expected `key = value`, as it is set in below a key without a value",
        ),
    ] {
        let home = home("stray", config, "");
        assert_eq!(
            error(&variables([]).home(&home)),
            format!("{}, {expected}", home.join(".aws/config").display()),
            "{config:?}"
        );
    }
    let home = home("stray", "", "");
    fs::write(home.join(".aws/credentials"), b"[default]\naws_secret_access_key = \xff\n").unwrap();
    let expected = format!("{}, line 2: expected UTF-8", home.join(".aws/credentials").display());
    assert_eq!(error(&variables([]).home(&home)), expected);
}

#[test]
fn files_may_be_elsewhere() {
    let home = home("elsewhere", "", "");
    fs::write(home.join("conf"), "[default]\nregion = eu-west-2\n").unwrap();
    fs::write(home.join("keys"), "[default]\nmax_attempts = 4\n").unwrap();
    let conf = home.join("conf");
    let files = [("AWS_CONFIG_FILE", conf.to_str().unwrap()), ("AWS_SHARED_CREDENTIALS_FILE", "~/keys")];
    let settings = load(&variables(files).home(&home));
    assert_eq!((region(&settings), settings.max_attempts), (Some("eu-west-2"), Some(4)));
}

#[test]
fn a_wrong_value_is_an_error() {
    for (name, value, expected) in [
        ("AWS_MAX_ATTEMPTS", "many", "a number of at least 1"),
        ("AWS_MAX_ATTEMPTS", "0", "a number of at least 1"),
        ("AWS_USE_FIPS_ENDPOINT", "maybe", "true or false"),
        ("AWS_USE_DUALSTACK_ENDPOINT", "1", "true or false"),
        ("AWS_RETRY_MODE", "fast", "standard, adaptive or legacy"),
        ("AWS_ACCOUNT_ID_ENDPOINT_MODE", "no", "preferred, disabled or required"),
        ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "yes", "true or false"),
    ] {
        assert_eq!(error(&variables([(name, value)])), format!("{name} is {value:?}: expected {expected}"));
    }
    let home = home("wrong", "[default]\nretry_mode = fast\n", "");
    let config = home.join(".aws/config");
    let expected = format!(
        "retry_mode of profile \"default\" in {} is \"fast\": expected standard, adaptive or legacy",
        config.display()
    );
    assert_eq!(error(&variables([]).home(&home)), expected);
}

#[test]
fn a_damaged_file_is_an_error_that_does_not_quote_it() {
    let home = home("damaged", "", "[default]\naws_secret_access_key\n  5ecret\n");
    let message = error(&variables([]).home(&home));
    let file = home.join(".aws/credentials");
    assert!(message.starts_with(&format!("{}, line ", file.display())), "{message}");
    assert!(!message.contains("5ecret"), "{message}");
    let folder = variables([("AWS_CONFIG_FILE", home.to_str().unwrap())]);
    assert!(error(&folder).starts_with(&format!("cannot read {}", home.display())));
}

const ENDPOINTS: &str = "
[default]
services = local
endpoint_url = http://profile.example

[services local]
appstream =
  endpoint_url = http://appstream.example
  # set in
  max_attempts = 9
workspaces_thin_client =
\tendpoint_url=http://thin.example:81

[profile plain]
region = eu-west-1
s3 =
  region = nowhere
  endpoint_url = http://s3.example
max_attempts = 5
";

#[test]
fn endpoints_of_services_go_before_that_of_all() {
    let home = home("endpoints", ENDPOINTS, "");
    let settings = load(&variables([]).home(&home));
    assert_eq!(endpoint(&settings, "AppStream").as_deref(), Some("http://appstream.example"));
    assert_eq!(endpoint(&settings, "WorkSpaces Thin Client").as_deref(), Some("http://thin.example:81"));
    assert_eq!(endpoint(&settings, "WorkSpaces").as_deref(), Some("http://profile.example"));

    let all = [
        ("AWS_ENDPOINT_URL", "http://all.example"),
        ("AWS_ENDPOINT_URL_WORKSPACES_THIN_CLIENT", "https://own.example"),
    ];
    let settings = load(&variables(all).home(&home));
    assert_eq!(endpoint(&settings, "AppStream").as_deref(), Some("http://all.example"));
    assert_eq!(endpoint(&settings, "WorkSpaces Thin-Client").as_deref(), Some("https://own.example"));
}

#[test]
fn lines_that_are_set_in_belong_to_their_key() {
    let home = home("nested", ENDPOINTS, "");
    let settings = load(&variables([("AWS_PROFILE", "plain")]).home(&home));
    assert_eq!(region(&settings), Some("eu-west-1"));
    assert_eq!(settings.max_attempts, Some(5));
    assert_eq!(endpoint(&settings, "S3"), None);
}

#[test]
fn configured_endpoints_can_be_ignored() {
    let home = home("ignored", ENDPOINTS, "");
    let all = [("AWS_ENDPOINT_URL", "http://all.example"), ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")];
    assert_eq!(endpoint(&load(&variables(all).home(&home)), "AppStream"), None);
}

#[test]
fn a_services_section_that_does_not_exist_is_an_error() {
    let home = home("no-services", "[default]\nservices = local\n", "");
    let config = home.join(".aws/config");
    let config = config.display();
    let expected = format!(
        "services of profile \"default\" in {config} is \"local\": expected the name of a section [services local] in {config}"
    );
    assert_eq!(error(&variables([]).home(&home)), expected);
}

#[test]
fn an_endpoint_that_is_no_url_is_an_error_for_its_service() {
    let all = [("AWS_ENDPOINT_URL_APPSTREAM", "user:5ecret@host"), ("AWS_ENDPOINT_URL", "http://all.example")];
    let settings = load(&variables(all));
    let message = settings.endpoint_url("AppStream").unwrap_err().to_string();
    let expected = "AWS_ENDPOINT_URL_APPSTREAM has no scheme: expected a URL such as http://localhost:4566";
    assert_eq!(message, expected);
    assert_eq!(endpoint(&settings, "WorkSpaces").as_deref(), Some("http://all.example"));
}

#[test]
fn an_environment_does_not_show_values() {
    let shown = format!("{:?}", variables([("AWS_SECRET_ACCESS_KEY", "5ecret")]));
    assert!(shown.contains("AWS_SECRET_ACCESS_KEY") && !shown.contains("5ecret"), "{shown}");
}
