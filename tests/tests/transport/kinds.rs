//! Both transports say the same of the same trouble.

use super::peer::{Says, peer};
use super::{Client, both};
use bytes::Bytes;
use http::{HeaderValue, Request};
use std::net::{Ipv4Addr, TcpListener};
use workstream_runtime::client::TransportErrorKind::{self, Connect, Exchange, Request as NoRequest, Response};
use workstream_runtime::client::{Direct, HttpOptions};
use workstream_tests::server::{Server, ok};

fn get(uri: &str) -> Request<Bytes> {
    Request::get(uri).body(Bytes::new()).unwrap()
}

/// What both say of a request: kind, whether it is transient, and the message.
fn said(options: &HttpOptions, request: impl Fn() -> Request<Bytes>) -> [(TransportErrorKind, bool, String); 2] {
    both(options).map(|client| match client.send(request()) {
        Ok(response) => panic!("async is {}: {:?} instead of an error", client.is_async(), response.status()),
        Err(error) => (error.kind(), error.is_transient(), error.to_string()),
    })
}

fn through(says: Says) -> HttpOptions {
    HttpOptions::default().proxy(&format!("http://me:s3cret@{}", peer(says))).unwrap()
}

#[test]
fn kinds_and_words_of_connecting_are_the_same() {
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let dead_proxy = HttpOptions::default().proxy(&format!("http://{closed}")).unwrap();
    let trusted =
        || HttpOptions::default().root_certificate(Server::tls("localhost", |_| ok("")).certificate()).unwrap();
    let page = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"corp\"\r\nContent-Length: \
                26\r\n\r\n<html>Log in first.</html>";
    let https = "https://aws.example/";
    for (options, uri, kind, transient, words) in [
        (through(Says::Then(page.into())), https, Connect, false, "`HTTP/1.1 407 Proxy Authentication Required`"),
        (through(Says::ThenCloses(page.into())), https, Connect, false, "407 Proxy Authentication Required`"),
        (through(Says::Then(page.replace("407", "403").into())), https, Connect, false, "`HTTP/1.1 403"),
        (through(Says::Then("HTTP/1.0 407 No\n\n".into())), https, Connect, false, "`HTTP/1.0 407 No`"),
        (through(Says::Then("HTTP/1.1 502 \x1b[31mBad\r\n\r\n".into())), https, Connect, true, "502 \\u{1b}[31mBad"),
        (
            through(Says::Then("SSH-2.0-OpenSSH_9.2\r\n".into())),
            https,
            Connect,
            false,
            "no HTTP: `SSH-2.0-OpenSSH_9.2`",
        ),
        (
            through(Says::Then("HTTP/1.1 200 OK\r\n\r\nhello".into())),
            https,
            Connect,
            false,
            "more than the head of its answer",
        ),
        (through(Says::ThenCloses(Vec::new())), https, Connect, true, "closes the connection"),
        (dead_proxy, https, Connect, true, "the proxy `http://127.0.0.1:"),
        (trusted(), &format!("https://{}/", peer(Says::ThenCloses(Vec::new()))), Connect, true, "TLS with `127.0.0.1:"),
        (HttpOptions::default(), "http://127.0.0.1:99999/", NoRequest, false, "from 1 to 65535"),
        (HttpOptions::default(), "http://127.0.0.1:0/", NoRequest, false, "from 1 to 65535"),
        (HttpOptions::default(), "http://127.0.0.1:/", NoRequest, false, "from 1 to 65535"),
    ] {
        let [asynchronous, blocking] = said(&options, || get(uri));
        assert_eq!(asynchronous, blocking, "{words}");
        let (found, may_pass, message) = blocking;
        assert_eq!((found, may_pass), (kind, transient), "{message}");
        assert!(message.contains(words) && !message.contains("s3cret"), "{words}: {message}");
    }
}

#[test]
fn kinds_of_exchanges_are_the_same() {
    let fields = |count: usize| (0..count).map(|index| format!("x-{index}: a\r\n")).collect::<String>();
    let head = |fields: String| format!("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n{fields}\r\nhi").into_bytes();
    for (what, says, kind) in [
        ("129 fields", Says::Then(head(fields(128))), Response),
        ("a head of 70 kB", Says::Then(head(format!("x: {}\r\n", "y".repeat(70_000)))), Response),
        ("no HTTP", Says::Then(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec()), Response),
        ("a status that is none", Says::Then(b"HTTP/1.1 abc\r\n\r\n".to_vec()), Response),
        ("a field that is none", Says::Then(b"HTTP/1.1 200 OK\r\na b c\r\n\r\n".to_vec()), Response),
        ("nothing", Says::ThenCloses(Vec::new()), Exchange),
        ("half a head", Says::ThenCloses(b"HTTP/1.1 200 OK\r\nA: ".to_vec()), Exchange),
        ("half a body", Says::ThenCloses(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi".to_vec()), Exchange),
        (
            "half a chunk",
            Says::ThenCloses(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhi".to_vec()),
            Exchange,
        ),
    ] {
        let uri = format!("http://{}/", peer(says));
        for (found, _, message) in said(&HttpOptions::default(), || get(&uri)) {
            assert_eq!(found, kind, "{what}: {message}");
        }
    }
    for (what, says) in [
        ("120 fields", Says::Then(head(fields(120)))),
        ("a head of 60 kB", Says::Then(head(format!("x: {}\r\n", "y".repeat(60_000))))),
    ] {
        let uri = format!("http://{}/", peer(says));
        for client in both(&HttpOptions::default()) {
            assert_eq!(client.send(get(&uri)).unwrap().into_body(), "hi", "{what}");
        }
    }
}

#[test]
fn a_token_or_key_that_no_header_can_have_is_the_requests_fault() {
    let server = Server::plain(|_| ok(""));
    for name in ["x-amz-security-token", "authorization", "host"] {
        let request = || {
            let mut request = get(&format!("http://{}/", server.address()));
            request.headers_mut().insert(name, HeaderValue::from_bytes("s3crét".as_bytes()).unwrap());
            request
        };
        let [asynchronous, blocking] = said(&HttpOptions::default(), request);
        assert_eq!(asynchronous, blocking);
        assert_eq!((blocking.0, blocking.1), (NoRequest, false));
        assert!(blocking.2.contains(name) && !blocking.2.contains("s3cr"), "{}", blocking.2);
    }
    assert_eq!(server.requests(), 0);
}

#[test]
fn what_must_be_direct_goes_through_no_proxy() {
    let server = Server::plain(|_| ok("direct"));
    let proxy = Server::plain(|_| http::Response::builder().status(403).body(Vec::new()).unwrap());
    let options = HttpOptions::default().proxy(&format!("http://{}", proxy.address())).unwrap();
    let uri = format!("http://{}/", server.address());
    let through_proxy = |client: &Client| match client.send(get(&uri)) {
        Ok(response) => response.status() == 403,
        Err(error) => error.to_string().contains("403"),
    };
    for client in both(&options) {
        let before = proxy.requests();
        assert!(through_proxy(&client));
        for _ in 0..2 {
            let mut request = get(&uri);
            request.extensions_mut().insert(Direct);
            assert_eq!(client.send(request).unwrap().into_body(), "direct");
        }
        // A connection that is direct is none for those that are not.
        assert!(through_proxy(&client));
        assert_eq!(proxy.requests(), before + 2);
    }
}
