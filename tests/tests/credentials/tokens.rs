//! Tokens of sign-ons: how long they are used, how they are refreshed and stored.

use super::sign_on::{SIGN_ON, TOKEN_FILES};
use super::ways::{WAYS, Way, at, of_environment};
use super::*;
use serde_json::{Value, json};
use workstream_runtime::Timestamp;
use workstream_runtime::client::Region;
use workstream_runtime::client::credentials::SignOn;

const PORTAL: &str =
    "GET https://portal.sso.eu-central-1.amazonaws.com/federation/credentials?role_name=Worker&account_id=123456789012";
const OIDC: &str = "POST https://oidc.eu-central-1.amazonaws.com/token";
const COMMAND: &str = "; to get a token, run `aws sso login --sso-session \"shop\"`";

/// So many minutes after the beginning of the clock.
fn minutes(minutes: i64) -> String {
    Timestamp::from_secs(1_735_689_600 + 60 * minutes).to_string()
}

/// A token of the session, as `aws sso login` has stored it, with so many minutes to live.
fn token(left: i64) -> Value {
    json!({
        "startUrl": "https://shop.awsapps.com/start", "region": "eu-central-1", "accessToken": "5ecret-token",
        "expiresAt": minutes(left), "clientId": "client", "clientSecret": "5ecret-client",
        "registrationExpiresAt": "2025-03-01T00:00:00Z", "refreshToken": "5ecret-refresh", "later": {"kept": [1]},
    })
}

fn without(mut token: Value, name: &str) -> Value {
    token.as_object_mut().unwrap().remove(name).unwrap();
    token
}

/// What a refresh is answered.
fn refreshed() -> Answer {
    let answer =
        json!({"accessToken": "5ecret-new", "tokenType": "Bearer", "expiresIn": 3600, "refreshToken": "5ecret-next"});
    Ok((200, answer.to_string()))
}

fn refusal(code: &str) -> Answer {
    Ok((
        400,
        json!({"__type": code, "error": "invalid_grant", "error_description": "not 5ecret-refresh of 5ecret-client"})
            .to_string(),
    ))
}

fn unauthorized(request: &Request<Bytes>) -> Answer {
    let token = request.headers()["x-amz-sso_bearer_token"].to_str().unwrap();
    Ok((401, json!({"__type": "UnauthorizedException", "message": format!("not {token}")}).to_string()))
}

fn role_credentials() -> Answer {
    let credentials = json!({"accessKeyId": KEY, "secretAccessKey": "5ecret-temporary",
        "sessionToken": "5ecret-token", "expiration": 4_071_006_245_000_u64});
    Ok((200, json!({"roleCredentials": credentials}).to_string()))
}

/// Somebody who has signed on, with a portal and a service that refreshes tokens.
struct SignedOn {
    environment: Environment,
    file: PathBuf,
    clock: TestClock,
}

impl SignedOn {
    fn new(profile: &str, token: &Value) -> Self {
        let home = home("tokens", SIGN_ON, "");
        let file = home.join(".aws/sso/cache").join(TOKEN_FILES[usize::from(profile != "default")]);
        fs::write(&file, token.to_string()).unwrap();
        Self { environment: variables([("AWS_PROFILE", profile)]).home(home), file, clock: TestClock::new() }
    }

    /// What is in the file.
    fn stored(&self) -> Value {
        serde_json::from_slice(&fs::read(&self.file).unwrap()).unwrap()
    }

    /// Asks over a portal that takes these tokens, and a service that answers refreshes with this.
    fn ask(&self, way: Way, takes: &'static [&str], answer: impl Fn() -> Answer + Send + Sync + 'static) -> Asking {
        self.ask_over(
            way,
            Net::new(move |request| match request.uri().host() {
                Some(host) if host.starts_with("oidc.") => answer(),
                _ if takes.iter().any(|token| request.headers()["x-amz-sso_bearer_token"] == token) => {
                    role_credentials()
                }
                _ => unauthorized(request),
            }),
        )
    }

    fn ask_over(&self, way: Way, net: Arc<Net>) -> Asking {
        let result = way.ask(&DefaultChain::new(), at(&net, self.clock.clone()), &self.environment);
        Asking { asked: net.uris(), net, result: result.map_err(|error| error.to_string()) }
    }
}

struct Asking {
    asked: Vec<String>,
    net: Arc<Net>,
    result: Result<Credentials, String>,
}

impl Asking {
    fn gives(&self, asked: &[&str]) {
        assert_eq!(self.result, Ok(temporary(KEY).account_id("123456789012")));
        assert_eq!(self.asked, asked);
    }

    /// The error says what to do.
    fn fails(&self, asked: &[&str], why: &str) {
        let message = self.result.as_ref().unwrap_err();
        assert!(message.contains(why) && message.ends_with(COMMAND), "{why}: {message}");
        assert_eq!(self.asked, asked);
    }
}

#[test]
fn a_token_is_refreshed_a_quarter_of_an_hour_before_its_end() {
    for way in WAYS {
        let signed_on = SignedOn::new("default", &token(15));
        signed_on.ask(way, &["5ecret-token"], refreshed).gives(&[PORTAL]);
        assert_eq!(signed_on.stored(), token(15));
        signed_on.clock.advance(Duration::from_secs(1));
        let asking = signed_on.ask(way, &["5ecret-new"], refreshed);
        asking.gives(&[OIDC, PORTAL]);
        let (request, _) = &asking.net.seen.lock().unwrap()[0];
        let sent: Value = serde_json::from_slice(request.body()).unwrap();
        let expected = json!({"clientId": "client", "clientSecret": "5ecret-client", "grantType": "refresh_token",
            "refreshToken": "5ecret-refresh"});
        assert_eq!(sent, expected);
        assert_eq!(request.headers()["content-type"], "application/json");
        assert!(!request.headers().contains_key("authorization"));
        // Once: the next one reads it.
        signed_on.ask(way, &["5ecret-new"], refreshed).gives(&[PORTAL]);
    }
}

#[test]
fn a_token_that_was_refreshed_is_stored_as_the_cli_does() {
    for way in WAYS {
        for refresh_token in [Some("5ecret-next"), None] {
            let signed_on = SignedOn::new("default", &token(-60));
            let answer = move || {
                let Ok((_, body)) = refreshed() else { unreachable!() };
                Ok((200, if refresh_token.is_some() { body } else { body.replace("refreshToken", "other") }))
            };
            signed_on.ask(way, &["5ecret-new"], answer).gives(&[OIDC, PORTAL]);
            let mut expected = token(60);
            expected["accessToken"] = json!("5ecret-new");
            match refresh_token {
                Some(token) => expected["refreshToken"] = json!(token),
                // It served once.
                None => expected = without(expected, "refreshToken"),
            }
            assert_eq!(signed_on.stored(), expected);
            let names = fs::read_dir(signed_on.file.parent().unwrap()).unwrap().count();
            assert_eq!(names, 1, "no other file is left");
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                assert_eq!(fs::metadata(&signed_on.file).unwrap().permissions().mode() & 0o777, 0o600);
            }
        }
    }
}

#[test]
fn a_token_that_is_not_refreshed_is_used_while_it_lives() {
    let answers: [(Answer, usize); 9] = [
        (refusal("InvalidGrantException"), 1),
        (refusal("ExpiredTokenException"), 1),
        (refusal("UnauthorizedClientException"), 1),
        (Ok((500, String::new())), 3),
        (Err(TransportErrorKind::Connect), 3),
        (Ok((200, "5ecret".to_owned())), 1),
        // What does not say how long it lasts replaces nothing.
        (Ok((200, json!({"accessToken": "5ecret-new"}).to_string())), 1),
        (Ok((200, json!({"accessToken": "5ecret-new", "expiresIn": 0}).to_string())), 1),
        (Ok((200, json!({"expiresIn": 3600}).to_string())), 1),
    ];
    for (answer, attempts) in answers {
        for way in WAYS {
            let answer = answer.clone();
            let signed_on = SignedOn::new("default", &token(10));
            let again = answer.clone();
            let asked = [vec![OIDC; attempts], vec![PORTAL]].concat();
            signed_on.ask(way, &["5ecret-token", "5ecret-new"], move || again.clone()).gives(&asked);
            assert_eq!(signed_on.stored(), token(10), "{answer:?}");
            signed_on.clock.advance(Duration::from_secs(600));
            let over = signed_on.ask(way, &["5ecret-token", "5ecret-new"], move || answer.clone());
            over.fails(&vec![OIDC; attempts], "the token is over, and not renewed: ");
        }
    }
}

#[test]
fn what_a_refresh_needs_may_be_missing() {
    let mut ended = token(10);
    ended["registrationExpiresAt"] = json!(minutes(-1));
    let missing = ["refreshToken", "clientId", "clientSecret", "registrationExpiresAt"];
    for stored in missing.map(|name| without(token(10), name)).into_iter().chain([ended]) {
        for way in WAYS {
            let signed_on = SignedOn::new("default", &stored);
            signed_on.ask(way, &["5ecret-token"], refreshed).gives(&[PORTAL]);
            signed_on.clock.advance(Duration::from_secs(601));
            signed_on.ask(way, &["5ecret-token"], refreshed).fails(&[], "the token is over, and not renewed: ");
        }
    }
}

#[test]
fn a_token_that_is_refused_is_refreshed_once() {
    for way in WAYS {
        let signed_on = SignedOn::new("default", &token(50));
        signed_on.ask(way, &["5ecret-new"], refreshed).gives(&[PORTAL, OIDC, PORTAL]);
        let signed_on = SignedOn::new("default", &token(50));
        signed_on.ask(way, &[], refreshed).fails(&[PORTAL, OIDC, PORTAL], "UnauthorizedException");
        let signed_on = SignedOn::new("default", &token(50));
        let refused = signed_on.ask(way, &[], || refusal("InvalidGrantException"));
        refused.fails(&[PORTAL, OIDC], "InvalidGrantException");
    }
}

#[test]
fn trouble_of_the_portal_is_tried_again_and_costs_no_refresh() {
    for (answer, attempts) in
        [(Ok((500, String::new())), 3), (Err(TransportErrorKind::Connect), 3), (Ok((404, String::new())), 1)]
    {
        for way in WAYS {
            let signed_on = SignedOn::new("default", &token(50));
            let answer: Answer = answer.clone();
            let asking = signed_on.ask_over(way, Net::new(move |_| answer.clone()));
            assert!(asking.result.is_err());
            assert_eq!(asking.asked, vec![PORTAL; attempts]);
            assert_eq!(signed_on.stored(), token(50));
        }
    }
}

/// Somebody signs on while a request is under way.
#[test]
fn the_token_of_another_login_meanwhile_is_used_and_kept() {
    let mut other = token(400);
    other["accessToken"] = json!("5ecret-other");
    for way in WAYS {
        // The old one is refused by the portal.
        let signed_on = SignedOn::new("default", &token(50));
        let (file, login) = (signed_on.file.clone(), other.to_string());
        let net = Net::new(move |request| {
            if request.headers()["x-amz-sso_bearer_token"] == "5ecret-other" {
                return role_credentials();
            }
            fs::write(&file, &login).unwrap();
            unauthorized(request)
        });
        signed_on.ask_over(way, net).gives(&[PORTAL, PORTAL]);
        // Another process has refreshed it with the same refresh token, which serves once. That is not so if a refresh
        // succeeds, but then the newer login stays.
        for (left, answer, takes) in [
            (10, refusal("InvalidGrantException"), "5ecret-other"),
            (-10, refusal("InvalidGrantException"), "5ecret-other"),
            (10, refreshed(), "5ecret-new"),
        ] {
            let signed_on = SignedOn::new("default", &token(left));
            let (file, login) = (signed_on.file.clone(), other.to_string());
            let meanwhile = move || {
                fs::write(&file, &login).unwrap();
                answer.clone()
            };
            let takes: &'static [&str] = if takes == "5ecret-new" { &["5ecret-new"] } else { &["5ecret-other"] };
            signed_on.ask(way, takes, meanwhile).gives(&[OIDC, PORTAL]);
            assert_eq!(signed_on.stored(), other);
        }
    }
}

#[test]
fn a_token_without_session_is_used_until_its_end_and_never_refreshed() {
    let command = "; to get a token, run `aws sso login --profile \"old\"`";
    for way in WAYS {
        let signed_on = SignedOn::new("old", &token(1));
        signed_on.ask(way, &["5ecret-token"], refreshed).gives(&[PORTAL]);
        let refused = signed_on.ask(way, &[], refreshed);
        assert!(refused.result.unwrap_err().ends_with(command));
        assert_eq!(refused.asked, [PORTAL]);
        signed_on.clock.advance(Duration::from_secs(60));
        let over = signed_on.ask(way, &["5ecret-token"], refreshed);
        let message = over.result.unwrap_err();
        assert!(message.contains(": the token is over; ") && message.ends_with(command), "{message}");
        assert!(over.asked.is_empty());
        assert_eq!(signed_on.stored(), token(1));
    }
}

/// Where portal and refreshes are, for a sign-on in this region.
fn hosts(region: &str, variables: &[(&str, &str)], lines: &str) -> Vec<String> {
    let mut found = Vec::new();
    for way in WAYS {
        for by_hand in [true, false] {
            let signed_on = SignedOn::new("default", &token(10));
            let home = signed_on.file.ancestors().nth(4).unwrap();
            fs::write(home.join(".aws/config"), format!("[default]\n{lines}")).unwrap();
            let environment = Environment::of(variables.iter().copied()).home(home);
            let net = Net::new(|request| match request.headers().contains_key("x-amz-sso_bearer_token") {
                true => role_credentials(),
                false => refreshed(),
            });
            let source = SignOn::new("https://shop.awsapps.com/start", Region::new(region).unwrap());
            let source = source.session("shop").account_id("123456789012").role_name("Worker");
            let config = if by_hand { at(&net, TestClock::new()) } else { of_environment(&net, &environment) };
            way.ask(&source, config, &environment).unwrap();
            found.push(
                net.uris().iter().map(|uri| uri.split(['?', ' ']).nth(1).unwrap().to_owned()).collect::<Vec<_>>(),
            );
        }
    }
    found.dedup();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn portal_and_refreshes_are_where_the_sign_on_is() {
    let (fips, dual) = (("AWS_USE_FIPS_ENDPOINT", "true"), ("AWS_USE_DUALSTACK_ENDPOINT", "true"));
    // The region of who calls is another matter.
    let elsewhere = ("AWS_REGION", "us-west-2");
    let cases: [(&str, &[_], [&str; 2]); 7] = [
        ("eu-central-1", &[], ["oidc.eu-central-1.amazonaws.com", "portal.sso.eu-central-1.amazonaws.com"]),
        ("cn-northwest-1", &[], ["oidc.cn-northwest-1.amazonaws.com.cn", "portal.sso.cn-northwest-1.amazonaws.com.cn"]),
        ("us-gov-west-1", &[], ["oidc.us-gov-west-1.amazonaws.com", "portal.sso.us-gov-west-1.amazonaws.com"]),
        ("us-gov-west-1", &[fips], ["oidc.us-gov-west-1.amazonaws.com", "portal.sso.us-gov-west-1.amazonaws.com"]),
        ("eusc-de-east-1", &[], ["oidc.eusc-de-east-1.amazonaws.eu", "portal.sso.eusc-de-east-1.amazonaws.eu"]),
        ("us-east-1", &[fips], ["oidc-fips.us-east-1.amazonaws.com", "portal.sso-fips.us-east-1.amazonaws.com"]),
        ("eu-west-1", &[dual], ["oidc.eu-west-1.api.aws", "portal.sso.eu-west-1.api.aws"]),
    ];
    for (region, variables, [oidc, portal]) in cases {
        let expected = [format!("https://{oidc}/token"), format!("https://{portal}/federation/credentials")];
        assert_eq!(hosts(region, &[variables, &[elsewhere]].concat(), ""), expected);
    }
}

#[test]
fn portal_and_refreshes_are_where_endpoint_urls_say() {
    let all = ("AWS_ENDPOINT_URL", "http://127.0.0.1:4566");
    let [sso, oidc] =
        [("AWS_ENDPOINT_URL_SSO", "http://sso.example/a"), ("AWS_ENDPOINT_URL_SSO_OIDC", "http://oidc.example")];
    let section = "services = local\n[services local]\nsso =\n  endpoint_url = http://sso.section\n\
                   sso_oidc =\n  endpoint_url = http://oidc.section\n";
    let cases: [(&[_], &str, [&str; 2]); 4] = [
        (&[all], "", ["http://127.0.0.1:4566", "http://127.0.0.1:4566"]),
        (&[all, sso, oidc], section, ["http://oidc.example", "http://sso.example/a"]),
        (&[sso], section, ["http://oidc.section", "http://sso.example/a"]),
        (&[], section, ["http://oidc.section", "http://sso.section"]),
    ];
    for (variables, lines, [oidc, portal]) in cases {
        let expected = [format!("{oidc}/token"), format!("{portal}/federation/credentials")];
        assert_eq!(hosts("eu-west-1", variables, lines), expected, "{variables:?} {lines}");
    }
}
