//! Signatures against the signing test suite and against aws-sigv4.

use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode,
};
use aws_smithy_runtime_api::client::identity::Identity;
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue, Method, Request, Uri};
use proptest::prelude::*;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};
use workstream_runtime::client::{Credentials, SigningError, SigningKeys, SigningScope, host, sign};

/// Folders of the suite that do not run, and why.
const NOT_OFFERED: [(&str, &str); 10] = [
    ("get-relative-relative-unnormalized", UNNORMALIZED),
    ("get-relative-unnormalized", UNNORMALIZED),
    ("get-slash-dot-slash-unnormalized", UNNORMALIZED),
    ("get-slash-pointless-dot-unnormalized", UNNORMALIZED),
    ("get-slash-unnormalized", UNNORMALIZED),
    ("get-slashes-unnormalized", UNNORMALIZED),
    ("get-space-unnormalized", UNNORMALIZED),
    ("get-space-normalized", "expects a path that is encoded once, which aws-sigv4 does not run either"),
    ("double-encode-path", "has no context and no signature of its own; the path is checked below"),
    ("double-url-encode", "has no context; the path is checked below"),
];
const UNNORMALIZED: &str = "only S3 signs paths as they are";

/// As many cases as the suite had when this was written.
const CASES: usize = 30;

#[test]
fn signs_the_suite() {
    let folder = suite();
    let mut names: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    for (name, reason) in NOT_OFFERED {
        assert!(names.iter().any(|there| there == name), "{name} ({reason}) is not in the suite any more");
    }
    let run: Vec<_> = names.iter().filter(|name| !NOT_OFFERED.iter().any(|(not, _)| not == name)).collect();
    for name in &run {
        let case = Case::read(&folder.join(name));
        let (request, expected) = (case.request(), case.signed_header("authorization"));
        assert_eq!(signed(request, &case.credentials, case.scope(), case.time).unwrap(), expected, "{name}");
    }
    assert!(run.len() >= CASES, "only {} of {CASES} cases ran", run.len());
}

/// The suite comes with aws-sigv4, which this crate depends on for tests: nothing of it is committed.
fn suite() -> PathBuf {
    let manifest = manifest_of("aws-sigv4");
    manifest.with_file_name("aws-signing-test-suite").join("v4")
}

/// Where the sources of a crate are that this test was built with.
///
/// Cargo says it, of a package that depends on that crate alone: of the whole workspace cargo would want crates that no
/// test is built with, those of other systems among them.
fn manifest_of(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("signing-{}", std::process::id()));
    fs::create_dir_all(folder.join("src")).unwrap();
    let text = format!(
        "[package]\nname = \"signing-suite\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\n{name} = \"{}\"\n\n[workspace]\n",
        locked(name)
    );
    fs::write(folder.join("Cargo.toml"), text).unwrap();
    fs::write(folder.join("src/lib.rs"), "").unwrap();
    fs::copy(xtask::paths::workspace().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let metadata = metadata(&folder);
    fs::remove_dir_all(&folder).unwrap();
    let metadata: Value = serde_json::from_slice(&metadata).unwrap();
    let package = metadata["packages"].as_array().unwrap().iter().find(|package| package["name"] == name);
    package.unwrap()["manifest_path"].as_str().unwrap().into()
}

/// The version of a crate in the workspace's lock file, as a requirement that no other fulfils.
fn locked(name: &str) -> String {
    let lock = read(&xtask::paths::workspace().join("Cargo.lock"));
    let (_, entry) = lock.split_once(&format!("\nname = \"{name}\"\n")).unwrap();
    let version = entry.lines().next().and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    format!("={}", version.unwrap())
}

/// What cargo says of a package, for this system. The crates are there, so no network is needed.
fn metadata(folder: &Path) -> Vec<u8> {
    let cargo = || Command::new(std::env::var_os("CARGO").unwrap_or_else(|| env!("CARGO").into()));
    let about = cargo().arg("-vV").output().unwrap();
    let about = String::from_utf8(about.stdout).unwrap();
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let mut metadata = cargo();
    metadata.args(["metadata", "--offline", "--format-version", "1", "--filter-platform", host]);
    let output = metadata.current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

struct Case {
    folder: PathBuf,
    context: Value,
    credentials: Credentials,
    time: SystemTime,
}

impl Case {
    fn read(folder: &Path) -> Self {
        let context: Value = serde_json::from_str(&read(&folder.join("context.json"))).unwrap();
        let text = |name: &str| context["credentials"][name].as_str();
        let mut credentials = Credentials::new(text("access_key_id").unwrap(), text("secret_access_key").unwrap());
        // A token that gets no part in the signature is one that is added afterwards.
        if let Some(token) = text("token").filter(|_| context["omit_session_token"] != true) {
            credentials = credentials.session_token(token);
        }
        assert_eq!(context["timestamp"], "2015-08-30T12:36:00Z");
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_440_938_160);
        Self { folder: folder.to_owned(), context, credentials, time }
    }

    fn scope(&self) -> SigningScope<'_> {
        let text = |name: &str| self.context[name].as_str().unwrap();
        SigningScope::new(text("service"), text("region"))
    }

    fn request(&self) -> Request<Bytes> {
        let mut request = parse(&read(&self.folder.join("request.txt")));
        if self.context["sign_body"] == true {
            let digest = self.signed_header("x-amz-content-sha256").parse().unwrap();
            request.headers_mut().insert("x-amz-content-sha256", digest);
        }
        request
    }

    fn signed_header(&self, name: &str) -> String {
        let signed = read(&self.folder.join("header-signed-request.txt"));
        let mut headers = signed.lines().filter_map(|line| line.split_once(':'));
        headers.find(|(there, _)| there.eq_ignore_ascii_case(name)).unwrap().1.trim().to_owned()
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A request as it is on the wire, with folded header lines.
fn parse(text: &str) -> Request<Bytes> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let first = lines.next().unwrap().strip_suffix(" HTTP/1.1").unwrap();
    let (method, path) = first.split_once(' ').unwrap();
    let mut headers: Vec<(HeaderName, String)> = Vec::new();
    for line in lines {
        if let Some(more) = line.strip_prefix(' ') {
            let value = &mut headers.last_mut().unwrap().1;
            value.push(' ');
            value.push_str(more);
        } else if let Some((name, value)) = line.split_once(':') {
            headers.push((name.parse().unwrap(), value.to_owned()));
        }
    }
    let host = &headers.iter().find(|(name, _)| name == "host").unwrap().1;
    let uri = Uri::builder().scheme("https").authority(host.as_str()).path_and_query(path).build().unwrap();
    let mut request = Request::builder().method(method).uri(uri).body(Bytes::copy_from_slice(body.as_bytes())).unwrap();
    for (name, value) in headers {
        request.headers_mut().append(name, HeaderValue::from_str(&value).unwrap());
    }
    request
}

fn signed(
    mut request: Request<Bytes>,
    credentials: &Credentials,
    scope: SigningScope<'_>,
    time: SystemTime,
) -> Result<String, SigningError> {
    sign(&mut request, credentials, scope, time, &SigningKeys::default())?;
    Ok(request.headers()[AUTHORIZATION].to_str().unwrap().to_owned())
}

const SCOPE: SigningScope<'static> = SigningScope::new("appstream", "eu-west-1");

fn by_aws(request: &Request<Bytes>, credentials: &Credentials, scope: SigningScope<'_>, time: SystemTime) -> String {
    let identity: Identity = aws_credential_types::Credentials::new(
        &credentials.access_key_id,
        &credentials.secret_access_key,
        credentials.session_token.clone(),
        None,
        "test",
    )
    .into();
    let mut settings = SigningSettings::default();
    let hops = ["connection", "expect", "keep-alive", "te", "trailer", "upgrade"];
    settings.excluded_headers.get_or_insert_default().extend(hops.map(Into::into));
    if scope.plain_paths {
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    let params = aws_sigv4::sign::v4::SigningParams::builder()
        .identity(&identity)
        .region(scope.region)
        .name(scope.service)
        .time(time)
        .settings(settings)
        .build()
        .unwrap();
    let headers = request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
    let uri = request.uri().to_string();
    let body = SignableBody::Bytes(request.body());
    let signable = SignableRequest::new(request.method().as_str(), &uri, headers, body).unwrap();
    let (instructions, _) = aws_sigv4::http_request::sign(signable, &params.into()).unwrap().into_parts();
    let (headers, _) = instructions.into_parts();
    headers.iter().find(|header| header.name() == "authorization").unwrap().value().to_owned()
}

fn header() -> impl Strategy<Value = (String, String)> {
    let name = prop_oneof![
        Just("x-amz-target".to_owned()),
        Just("content-type".to_owned()),
        Just("user-agent".to_owned()),
        Just("connection".to_owned()),
        Just("expect".to_owned()),
        "x-[a-z0-9-]{1,12}",
    ];
    (name, "[ -~]{0,24}")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_aws(
        headers in proptest::collection::vec(header(), 0..8),
        port in prop_oneof![Just(""), Just(":443"), Just(":8080"), Just(":80")],
        scheme in prop_oneof![Just("http"), Just("https")],
        path in "(/[a-zA-Z0-9._~!$&'()*+,;=:@%-]{0,6}){0,5}/?",
        query in proptest::option::of("[a-zA-Z0-9&=_.~+:@/?-]{0,24}(&[ab]=%[0-6][0-9A-Fa-f]){0,2}"),
        body in proptest::collection::vec(any::<u8>(), 0..200),
        token in proptest::option::of("[a-zA-Z0-9/+=]{1,80}"),
        secret in "[a-zA-Z0-9/+]{1,80}",
        seconds in 0_u64..5_000_000_000,
        get in any::<bool>(),
    ) {
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        let uri: Uri = format!("{scheme}://host.example{port}{path}{query}").parse().unwrap();
        let mut request = Request::new(Bytes::from(body));
        *request.method_mut() = if get { Method::GET } else { Method::POST };
        *request.uri_mut() = uri;
        for (name, value) in headers {
            request.headers_mut().append(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
        }
        let mut credentials = Credentials::new("AKIDEXAMPLE", secret);
        credentials.session_token = token;
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let expected = by_aws(&request, &credentials, SCOPE, time);
        prop_assert_eq!(signed(request, &credentials, SCOPE, time).unwrap(), expected);
    }
}

#[test]
fn encodes_an_encoded_path_again() {
    let credentials = Credentials::new("AKIDEXAMPLE", "secret");
    for path in ["/test/@connections/JBDvjfGEIAMCERw%3D", "/functions/arn%3Aaws%3Alambda", "/\u{1234}"] {
        let request = Request::post(format!("https://host.example{path}")).body(Bytes::new()).unwrap();
        let expected = by_aws(&request, &credentials, SCOPE, time());
        assert_eq!(signed(request, &credentials, SCOPE, time()).unwrap(), expected, "{path}");
    }
}

#[test]
fn signs_paths_as_they_are_where_they_are_keys() {
    let credentials = Credentials::new("AKIDEXAMPLE", "secret");
    let scope = SigningScope::new("s3", "eu-west-1").with_plain_paths();
    for path in ["/", "/bucket/a%20b/%C3%A9", "//a/../b//./c/", "/a%2Fb?acl", "/a?x=%2F&x=1"] {
        let request = Request::put(format!("https://host.example{path}")).body(Bytes::from_static(b"body")).unwrap();
        let expected = by_aws(&request, &credentials, scope, time());
        assert_eq!(signed(request.clone(), &credentials, scope, time()).unwrap(), expected, "{path}");
        let mut request = request;
        sign(&mut request, &credentials, scope, time(), &SigningKeys::default()).unwrap();
        let hash = "230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5";
        assert_eq!(request.headers()["x-amz-content-sha256"], hash);
    }
}

fn time() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

fn post() -> Request<Bytes> {
    Request::post("https://host.example/").body(Bytes::from_static(b"{}")).unwrap()
}

#[test]
fn a_kept_key_is_used_for_its_own_scope_only() {
    let keys = SigningKeys::default();
    let day = Duration::from_secs(86_400);
    let [one, other] = ["one", "other"].map(|secret| Credentials::new("AKIDEXAMPLE", secret));
    let west = SigningScope::new("appstream", "us-west-2");
    let workspaces = SigningScope::new("workspaces", "us-west-2");
    // Each differs from the one before in one thing.
    let each = [
        (&one, SCOPE, time()),
        (&one, SCOPE, time()),
        (&other, SCOPE, time()),
        (&other, SCOPE, time() + day),
        (&other, west, time() + day),
        (&other, workspaces, time() + day),
    ];
    for (credentials, scope, time) in each {
        let mut request = post();
        sign(&mut request, credentials, scope, time, &keys).unwrap();
        assert_eq!(request.headers()[AUTHORIZATION], by_aws(&post(), credentials, scope, time));
    }
}

#[test]
fn signing_again_replaces_the_signature() {
    let keys = SigningKeys::default();
    let mut request = post();
    let temporary = Credentials::new("ASIAEXAMPLE", "old").session_token("token");
    sign(&mut request, &temporary, SCOPE, time(), &keys).unwrap();
    assert_eq!(request.headers()["x-amz-security-token"], "token");
    let credentials = Credentials::new("AKIDEXAMPLE", "new");
    let later = time() + Duration::from_secs(3600);
    sign(&mut request, &credentials, SCOPE, later, &keys).unwrap();
    assert_eq!(request.headers()[AUTHORIZATION], signed(post(), &credentials, SCOPE, later).unwrap());
    let names: Vec<_> = request.headers().keys().map(HeaderName::as_str).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn secrets_are_marked_and_do_not_show() {
    let keys = SigningKeys::default();
    let credentials = Credentials::new("AKIDEXAMPLE", "5ecret-key").session_token("5ecret-token");
    let mut request = post();
    sign(&mut request, &credentials, SCOPE, time(), &keys).unwrap();
    let shown = format!("{request:?} {keys:?} {credentials:?}");
    assert!(!shown.contains("5ecret"), "{shown}");
    assert!(!shown.contains("Signature="), "{shown}");
}

#[test]
fn the_host_is_the_one_that_is_sent() {
    for (uri, expected) in [
        ("https://host.example/", Some("host.example")),
        ("https://host.example:443/", Some("host.example")),
        ("http://host.example:80/", Some("host.example")),
        ("http://host.example:443/", Some("host.example:443")),
        ("http://user:password@[::1]:4566/", Some("[::1]:4566")),
        ("/only/a/path", None),
    ] {
        assert_eq!(host(&uri.parse().unwrap()), expected, "{uri}");
    }
    let mut other = post();
    other.headers_mut().insert("host", HeaderValue::from_static("other.example"));
    let credentials = Credentials::new("AKIDEXAMPLE", "secret");
    assert_eq!(
        signed(other.clone(), &credentials, SCOPE, time()).unwrap(),
        by_aws(&other, &credentials, SCOPE, time())
    );
}

#[test]
fn what_cannot_be_signed_is_an_error() {
    let good = Credentials::new("AKIDEXAMPLE", "secret");
    let token = good.clone().session_token("line\nbreak");
    let key = Credentials::new("line\nbreak", "secret");
    let scope = SigningScope::new("appstream", "eu\nwest");
    let relative = Request::post("/").body(Bytes::new()).unwrap();
    assert_eq!(signed(relative, &good, SCOPE, time()), Err(SigningError::NoHost));
    assert_eq!(signed(post(), &token, SCOPE, time()), Err(SigningError::SessionToken));
    assert_eq!(signed(post(), &key, SCOPE, time()), Err(SigningError::Scope));
    assert_eq!(signed(post(), &good, scope, time()), Err(SigningError::Scope));
    let late = SystemTime::UNIX_EPOCH + Duration::from_secs(300_000_000_000);
    assert_eq!(signed(post(), &good, SCOPE, late), Err(SigningError::Time));
}
