//! Logins to the console: how long they are used, how they are renewed and stored.

use super::ways::{WAYS, Way, at, of_environment};
use super::*;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use workstream_runtime::Timestamp;
use workstream_runtime::client::credentials::Login;

const SESSION: &str = "arn:aws:iam::123456789012:user/ann";
/// SHA-256 of the session.
const FILE: &str = "143b1fc18f5ca9bb89e81d9a77fe53029e237039039ccab734b6fb08284f7780.json";
const TOKEN: &str = "POST https://eu-west-1.signin.aws.amazon.com/v1/token";
const COMMAND: &str = "; to get a token, run `aws login --profile \"default\"`";

static PROOF_KEY: LazyLock<rcgen::KeyPair> = LazyLock::new(|| rcgen::KeyPair::generate().unwrap());

fn pem() -> String {
    let base64 = STANDARD.encode(PROOF_KEY.serialize_der());
    format!("-----BEGIN PRIVATE KEY-----\n{base64}\n-----END PRIVATE KEY-----\n")
}

/// A login as `aws login` has stored it, whose credentials have so many seconds to live.
fn stored(left: i64) -> Value {
    let end = Timestamp::from_secs(1_735_689_600 + left).to_string();
    json!({
        "accessToken": {"accessKeyId": "AKIDLOGIN", "secretAccessKey": "5ecret-login", "sessionToken": "5ecret-session",
            "accountId": "123456789012", "expiresAt": end, "later": 1},
        "tokenType": "aws_sigv4", "clientId": "arn:aws:signin:::devtools/same-device", "refreshToken": "5ecret-refresh",
        "idToken": "5ecret-id", "dpopKey": pem(), "later": {"kept": [1]},
    })
}

fn renewed() -> Answer {
    let keys = json!({"accessKeyId": "AKIDNEW", "secretAccessKey": "5ecret-new", "sessionToken": "5ecret-new-session"});
    let answer =
        json!({"accessToken": keys, "tokenType": "aws_sigv4", "expiresIn": 900, "refreshToken": "5ecret-next"});
    Ok((200, answer.to_string()))
}

fn refusal(error: &str) -> Answer {
    let answer = json!({"__type": "AccessDeniedException", "error": error, "message": "not 5ecret-refresh"});
    Ok((401, answer.to_string()))
}

/// Somebody who has logged in.
struct LoggedIn {
    home: PathBuf,
    file: PathBuf,
    clock: TestClock,
}

impl LoggedIn {
    fn new(stored: &Value) -> Self {
        let home = home("logins", &format!("[default]\nlogin_session = {SESSION}\nregion = eu-west-1\n"), "");
        fs::create_dir_all(home.join(".aws/login/cache")).unwrap();
        let file = home.join(".aws/login/cache").join(FILE);
        fs::write(&file, stored.to_string()).unwrap();
        Self { home, file, clock: TestClock::new() }
    }

    fn stored(&self) -> Value {
        serde_json::from_slice(&fs::read(&self.file).unwrap()).unwrap()
    }

    fn ask(&self, way: Way, answer: impl Fn() -> Answer + Send + Sync + 'static) -> (Result<String, String>, Arc<Net>) {
        let net = Net::new(move |_| answer());
        let environment = variables([]).home(&self.home);
        let config = at(&net, self.clock.clone()).region("eu-west-1");
        let result = way.ask(&DefaultChain::new(), config, &environment);
        let result = result.map(|found| found.access_key_id.clone()).map_err(|error| error.to_string());
        (result, net)
    }
}

fn is(key: &str) -> Result<String, String> {
    Ok(key.to_owned())
}

#[test]
fn a_login_is_used_until_five_minutes_before_its_end() {
    for way in WAYS {
        let logged_in = LoggedIn::new(&stored(301));
        let (result, net) = logged_in.ask(way, renewed);
        assert_eq!((result, net.uris().len()), (is("AKIDLOGIN"), 0));
        assert_eq!(logged_in.stored(), stored(301));
        logged_in.clock.advance(Duration::from_secs(1));
        let (result, net) = logged_in.ask(way, renewed);
        assert_eq!((result, net.uris()), (is("AKIDNEW"), vec![TOKEN.to_owned()]));
        let (request, _) = &net.seen.lock().unwrap()[0];
        let sent: Value = serde_json::from_slice(request.body()).unwrap();
        let expected = json!({"clientId": "arn:aws:signin:::devtools/same-device", "grantType": "refresh_token",
            "refreshToken": "5ecret-refresh"});
        assert_eq!(sent, expected);
        assert_eq!(request.headers()["content-type"], "application/json");
        assert!(!request.headers().contains_key("authorization"));
        let (result, net) = logged_in.ask(way, renewed);
        assert_eq!((result, net.uris().len()), (is("AKIDNEW"), 0), "the next one reads it");
    }
}

#[test]
fn all_of_a_login_is_used() {
    let logged_in = LoggedIn::new(&stored(3600));
    let end = SystemTime::UNIX_EPOCH + Duration::from_secs(1_735_689_600 + 3600);
    let expected = Credentials::new("AKIDLOGIN", "5ecret-login").session_token("5ecret-session");
    for way in WAYS {
        let net = Net::none();
        let found = way.ask(&Login::new(SESSION), at(&net, TestClock::new()), &variables([]).home(&logged_in.home));
        assert_eq!(found.unwrap(), expected.clone().account_id("123456789012").expires_at(end));
    }
}

#[test]
fn a_login_that_was_renewed_is_stored_as_the_cli_does() {
    for way in WAYS {
        let logged_in = LoggedIn::new(&stored(-3600));
        assert_eq!(logged_in.ask(way, renewed).0, is("AKIDNEW"));
        let mut expected = stored(900);
        let keys = &mut expected["accessToken"];
        keys["accessKeyId"] = json!("AKIDNEW");
        keys["secretAccessKey"] = json!("5ecret-new");
        keys["sessionToken"] = json!("5ecret-new-session");
        expected["refreshToken"] = json!("5ecret-next");
        assert_eq!(logged_in.stored(), expected);
        assert_eq!(fs::read_dir(logged_in.file.parent().unwrap()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&logged_in.file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}

/// Header and claims of the proof in a request.
fn proof(request: &Request<Bytes>) -> [Value; 2] {
    let proof = request.headers()["dpop"].to_str().unwrap();
    let parts: Vec<_> = proof.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap()).collect();
    assert_eq!((parts.len(), parts[2].len()), (3, 64));
    [&parts[0], &parts[1]].map(|part| serde_json::from_slice(part).unwrap())
}

#[test]
fn each_attempt_has_a_proof_of_its_own() {
    for way in WAYS {
        let logged_in = LoggedIn::new(&stored(60));
        let failures = Mutex::new(2);
        let (result, net) = logged_in.ask(way, move || {
            let mut failures = failures.lock().unwrap();
            if *failures == 0 {
                return renewed();
            }
            *failures -= 1;
            if *failures == 0 { Err(TransportErrorKind::Connect) } else { Ok((500, String::new())) }
        });
        assert_eq!(result, is("AKIDNEW"));
        let seen = net.seen.lock().unwrap();
        let point = PROOF_KEY.public_key_raw();
        let [x, y] = [&point[1..33], &point[33..]].map(|part| URL_SAFE_NO_PAD.encode(part));
        let mut ids = BTreeSet::new();
        for (request, _) in &*seen {
            let [header, claims] = proof(request);
            let key = json!({"kty": "EC", "crv": "P-256", "x": x, "y": y});
            assert_eq!(header, json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": key}));
            let id = claims["jti"].as_str().unwrap().to_owned();
            let time = claims["iat"].as_i64().unwrap();
            assert!((1_735_689_600..1_735_689_603).contains(&time), "{time}");
            assert_eq!(claims, json!({"htm": "POST", "htu": &TOKEN[5..], "iat": time, "jti": id}));
            ids.insert(id);
        }
        assert_eq!((seen.len(), ids.len()), (3, 3));
    }
}

#[test]
fn a_login_that_is_not_renewed_is_used_while_it_lives() {
    let keys = json!({"accessKeyId": "AKIDNEW", "secretAccessKey": "5ecret-new", "sessionToken": "5ecret-new"});
    let lasting = |seconds: i64| {
        let answer =
            json!({"accessToken": keys, "tokenType": "x", "expiresIn": seconds, "refreshToken": "5ecret-next"});
        Ok((200, answer.to_string()))
    };
    let answers: [(Answer, usize); 8] = [
        (refusal("TOKEN_EXPIRED"), 1),
        (refusal("USER_CREDENTIALS_CHANGED"), 1),
        (refusal("INSUFFICIENT_PERMISSIONS"), 1),
        (Ok((500, String::new())), 3),
        (Err(TransportErrorKind::Connect), 3),
        (Ok((200, "{\"accessToken\": \"5ecret\"}".to_owned())), 1),
        (lasting(0), 1),
        (lasting(-1), 1),
    ];
    for (answer, attempts) in answers {
        for way in WAYS {
            let logged_in = LoggedIn::new(&stored(200));
            let again = answer.clone();
            let (result, net) = logged_in.ask(way, move || again.clone());
            assert_eq!((result, net.uris().len()), (is("AKIDLOGIN"), attempts), "{answer:?}");
            assert_eq!(logged_in.stored(), stored(200));
            logged_in.clock.advance(Duration::from_secs(200));
            let again = answer.clone();
            let (result, net) = logged_in.ask(way, move || again.clone());
            let message = result.unwrap_err();
            assert!(message.contains("it is over, and not renewed: ") && message.ends_with(COMMAND), "{message}");
            assert_eq!(net.uris().len(), attempts);
        }
    }
}

#[test]
fn another_login_meanwhile_is_used_and_kept() {
    let mut other = stored(3000);
    other["accessToken"]["accessKeyId"] = json!("AKIDOTHER");
    for way in WAYS {
        for (left, answer, key) in [
            (100, refusal("TOKEN_EXPIRED"), "AKIDOTHER"),
            (-100, refusal("TOKEN_EXPIRED"), "AKIDOTHER"),
            (100, renewed(), "AKIDNEW"),
        ] {
            let logged_in = LoggedIn::new(&stored(left));
            let (file, login) = (logged_in.file.clone(), other.to_string());
            let (result, net) = logged_in.ask(way, move || {
                fs::write(&file, &login).unwrap();
                answer.clone()
            });
            assert_eq!((result, net.uris().len()), (is(key), 1));
            assert_eq!(logged_in.stored(), other);
        }
    }
}

#[test]
fn a_login_that_cannot_be_read_is_an_error() {
    let without = |name: &str| {
        let mut stored = stored(3600);
        stored.as_object_mut().unwrap().remove(name).unwrap();
        stored.to_string()
    };
    let mut no_key = stored(100);
    no_key["dpopKey"] = json!("5ecret");
    let mut no_region = stored(100);
    no_region["signInRegion"] = json!("x.example/");
    for (text, why) in [
        (without("accessToken"), "accessToken"),
        (without("refreshToken"), "refreshToken"),
        (without("clientId"), "clientId"),
        (without("dpopKey"), "dpopKey"),
        ("5ecret".to_owned(), "no JSON object"),
        (String::new(), "no JSON object"),
    ] {
        for way in WAYS {
            let logged_in = LoggedIn::new(&stored(1));
            fs::write(&logged_in.file, &text).unwrap();
            let (result, net) = logged_in.ask(way, renewed);
            let message = result.unwrap_err();
            assert!(message.contains(why) && message.ends_with(COMMAND), "{message}");
            assert!(net.uris().is_empty());
        }
    }
    for (login, why) in [(no_key, "the token's dpopKey is no private key"), (no_region, "signInRegion: ")] {
        for way in WAYS {
            let logged_in = LoggedIn::new(&login);
            let (result, net) = logged_in.ask(way, renewed);
            assert_eq!((result, net.uris().len()), (is("AKIDLOGIN"), 0));
            logged_in.clock.advance(Duration::from_secs(100));
            let (result, net) = logged_in.ask(way, renewed);
            let message = result.unwrap_err();
            assert!(message.contains(why) && message.ends_with(COMMAND), "{message}");
            assert!(net.uris().is_empty());
        }
    }
    let logged_in = LoggedIn::new(&stored(1));
    fs::remove_file(&logged_in.file).unwrap();
    let (result, net) = logged_in.ask(Way::Async, renewed);
    assert!(result.unwrap_err().ends_with(COMMAND));
    assert!(net.uris().is_empty());
}

#[test]
fn logins_are_in_a_folder_that_a_variable_names() {
    for way in WAYS {
        let logged_in = LoggedIn::new(&stored(3600));
        fs::rename(logged_in.file.parent().unwrap(), logged_in.home.join("logins")).unwrap();
        for folder in [logged_in.home.join("logins").to_str().unwrap(), "~/logins"] {
            let environment = variables([("AWS_LOGIN_CACHE_DIRECTORY", folder)]).home(&logged_in.home);
            let config = at(&Net::none(), TestClock::new());
            assert_eq!(way.ask(&Login::new(SESSION), config, &environment).unwrap().access_key_id, "AKIDLOGIN");
        }
    }
}

/// Where a login is renewed, and that the proof is for just that place.
fn place(login: &Value, variables: &[(&str, &str)], lines: &str) -> String {
    let mut found = Vec::new();
    for way in WAYS {
        for by_hand in [true, false] {
            let logged_in = LoggedIn::new(login);
            fs::write(logged_in.home.join(".aws/config"), format!("[default]\n{lines}")).unwrap();
            let environment = Environment::of(variables.iter().copied()).home(&logged_in.home);
            let net = Net::new(|_| renewed());
            let config = if by_hand { at(&net, TestClock::new()) } else { of_environment(&net, &environment) };
            assert_eq!(way.ask(&Login::new(SESSION), config, &environment).unwrap().access_key_id, "AKIDNEW");
            let [uri] = <[_; 1]>::try_from(net.uris()).unwrap();
            let [_, claims] = proof(&net.seen.lock().unwrap()[0].0);
            assert_eq!(format!("POST {}", claims["htu"].as_str().unwrap()), uri);
            found.push(uri[5..].to_owned());
        }
    }
    found.dedup();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn a_login_is_renewed_where_it_was_begun() {
    let (fips, dual) = (("AWS_USE_FIPS_ENDPOINT", "true"), ("AWS_USE_DUALSTACK_ENDPOINT", "true"));
    let url = ("AWS_ENDPOINT_URL_SIGNIN", "http://127.0.0.1:4566/x");
    let cases: [(&str, &[_], &str); 7] = [
        ("eu-west-1", &[], "https://eu-west-1.signin.aws.amazon.com"),
        ("cn-north-1", &[], "https://cn-north-1.signin.amazonaws.cn"),
        ("us-gov-west-1", &[], "https://us-gov-west-1.signin.amazonaws-us-gov.com"),
        ("eusc-de-east-1", &[], "https://eusc-de-east-1.signin.amazonaws-eusc.eu"),
        ("us-east-1", &[fips], "https://signin-fips.us-east-1.amazonaws.com"),
        ("eu-west-1", &[dual], "https://signin.eu-west-1.api.aws"),
        ("eu-west-1", &[url], "http://127.0.0.1:4566/x"),
    ];
    for (region, variables, expected) in cases {
        let expected = format!("{expected}/v1/token");
        let of_session = [variables, &[("AWS_REGION", region)]].concat();
        assert_eq!(place(&stored(10), &of_session, ""), expected);
        assert_eq!(place(&stored(10), variables, &format!("region = {region}\n")), expected);
        // What the file says goes first.
        let mut login = stored(10);
        login["signInRegion"] = json!(region);
        assert_eq!(place(&login, &[variables, &[("AWS_REGION", "ap-south-1")]].concat(), ""), expected);
    }
    let section = "region = eu-west-1\nservices = a\n[services a]\nsignin =\n  endpoint_url = http://section.example\n";
    assert_eq!(place(&stored(10), &[], section), "http://section.example/v1/token");
}
