//! Requests, responses, and what comes instead of them.

use super::{Answer, both, each, each_with, long_body, post};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use workstream_runtime::client::TransportErrorKind::{self, Connect, Exchange, Response as NoResponse, Timeout};
use workstream_runtime::client::{BlockingHttpTransport, BlockingTransport, HttpOptions};
use workstream_tests::server::{Fault, Server, html, ok, too_many_requests, unavailable};

#[test]
fn requests_arrive_as_they_are() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let seen_by_server = Arc::clone(&seen);
    let server = Server::plain(move |request| {
        seen_by_server.lock().unwrap().push(request);
        ok("")
    });
    for client in both(&HttpOptions::default()) {
        let mut request = post(server.address(), "hello");
        request.headers_mut().insert("x-amz-target", HeaderValue::from_static("Service.Operation"));
        client.send(request).unwrap();
        client.send(Request::get(format!("http://{}", server.address())).body(Bytes::new()).unwrap()).unwrap();
        client.send(Request::put(format!("http://{}/token", server.address())).body(Bytes::new()).unwrap()).unwrap();

        let seen = std::mem::take(&mut *seen.lock().unwrap());
        let [post, get, put] = &seen[..] else { panic!("{seen:?}") };
        assert_eq!((post.method(), post.uri().to_string().as_str()), (&Method::POST, "/path?query"));
        assert_eq!(post.body(), b"hello");
        let mut names: Vec<_> = post.headers().keys().map(|name| name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["content-length", "host", "x-amz-target"]);
        assert_eq!(post.headers()[HOST], server.address().to_string());
        assert_eq!(post.headers()[CONTENT_LENGTH], "5");
        assert_eq!((get.method(), get.uri().path()), (&Method::GET, "/"));
        assert!(get.headers().keys().eq([HOST]), "{get:?}");
        assert_eq!((put.method(), &put.headers()[CONTENT_LENGTH]), (&Method::PUT, &HeaderValue::from_static("0")));
    }
}

#[test]
fn headers_that_are_there_are_kept() {
    let server = Server::plain(|request| ok(request.headers()[HOST].as_bytes()));
    for client in both(&HttpOptions::default()) {
        let mut request = post(server.address(), "hello");
        request.headers_mut().insert(HOST, HeaderValue::from_static("signed.example"));
        request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("5"));
        assert_eq!(client.send(request).unwrap().into_body(), "signed.example");
    }
}

#[test]
fn error_statuses_are_responses() {
    let expect = |reply: fn() -> Response<Vec<u8>>, status: u16| {
        each(move |_| reply().into(), |answer| assert_eq!(answer.unwrap().status(), status));
    };
    expect(too_many_requests, 429);
    expect(|| html(StatusCode::BAD_GATEWAY), 502);
    expect(|| Response::builder().status(307).header("location", "/elsewhere").body(Vec::new()).unwrap(), 307);
    each(|_| unavailable(7).into(), |answer| assert_eq!(answer.unwrap().headers()["x-amz-retry-after"], "7000"));
}

#[test]
fn bodies_come_whole() {
    let chunked = |request: Request<Vec<u8>>| {
        let mut response = ok(if request.body() == b"hello" { long_body() } else { Vec::new() });
        response.headers_mut().insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
        response.into()
    };
    each(|_| ok(long_body()).into(), |answer| assert!(answer.unwrap().into_body() == long_body()));
    each(chunked, |answer| assert!(answer.unwrap().into_body() == long_body()));
    each(|_| ok("").into(), |answer| assert!(answer.unwrap().into_body().is_empty()));
    each(|request| ok(request.into_body()).into(), |answer| assert_eq!(answer.unwrap().into_body(), "hello"));

    let server = Server::plain(|request| ok(request.into_body()));
    for client in both(&HttpOptions::default()) {
        let request = Request::post(format!("http://{}", server.address())).body(long_body().into()).unwrap();
        assert!(client.send(request).unwrap().into_body() == long_body());
    }
}

/// A fault, and what comes of it, in words too.
fn fails(fault: Fault, kind: TransportErrorKind) {
    each(
        move |_| fault.clone().into(),
        |answer| {
            let error = answer.unwrap_err();
            assert_eq!(error.kind(), kind, "{error}");
            assert!(!error.to_string().contains('\n'), "{error}");
        },
    );
}

#[test]
fn faults_are_told_apart() {
    fails(Fault::Reset, Exchange);
    fails(Fault::Close, Exchange);
    fails(Fault::ResetInBody(ok(long_body())), Exchange);
    fails(Fault::HalfBody(ok(long_body())), Exchange);
    fails(Fault::HalfBody(ok("hi")), Exchange);
    fails(Fault::Garbage, NoResponse);
    each(|_| Fault::CloseAfter(ok("hi")).into(), |answer| assert_eq!(answer.unwrap().into_body(), "hi"));
}

#[test]
fn long_responses_are_refused() {
    let options = HttpOptions::default().max_response_bytes(5);
    let refused = |answer: Answer| {
        let error = answer.unwrap_err();
        assert_eq!(error.kind(), NoResponse);
        assert!(error.to_string().ends_with("longer than 5 bytes (`HttpOptions::max_response_bytes`)"), "{error}");
        assert!(!error.is_transient());
    };
    each_with(&options, |_| ok("123456").into(), refused);
    each_with(&options, |_| Fault::EndlessBody.into(), refused);
    // What is announced is enough to know.
    each_with(&options, |_| Fault::HalfBody(ok("123456")).into(), refused);
    each_with(&options, |_| ok("12345").into(), |answer| assert_eq!(answer.unwrap().into_body(), "12345"));
}

#[test]
fn slow_servers_run_into_the_timeout() {
    for fault in [Fault::Silence, Fault::EndlessBody] {
        let server = Server::plain(move |_| fault.clone());
        let error = BlockingHttpTransport::default()
            .send(post(server.address(), "hello"), Some(Duration::from_millis(20)))
            .unwrap_err();
        assert_eq!(error.kind(), Timeout, "{error}");
        server.wait_until_closed(1);
    }
}

#[test]
fn slow_handshakes_run_into_the_timeout() {
    // It listens, and nobody accepts: TCP connects, TLS does not.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let server = Server::tls("localhost", |_| ok(""));
    let options = HttpOptions::default().connect_timeout(Duration::from_millis(20));
    for client in both(&options.root_certificate(server.certificate()).unwrap()) {
        let uri = format!("https://{}", listener.local_addr().unwrap());
        let error = client.send(Request::get(uri).body(Bytes::new()).unwrap()).unwrap_err();
        assert_eq!(error.kind(), Timeout, "{error}");
    }
}

#[test]
fn where_there_is_no_connection_is_told() {
    // A port that was free a moment ago.
    let refused = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    for client in both(&HttpOptions::default()) {
        let error = client.send(post(refused, "")).unwrap_err();
        assert_eq!(error.kind(), Connect, "{error}");
        assert!(error.is_transient());
        assert!(error.to_string().contains(&format!("`{refused}`: ")), "{error}");

        // A name that no server has to be asked about: its label is too long for DNS.
        let unknown = "a".repeat(64);
        let error = client.send(post(&unknown, "")).unwrap_err();
        assert_eq!(error.kind(), Connect, "{error}");
        assert!(error.to_string().contains(&format!("`{unknown}` cannot be resolved")), "{error}");
    }
}

#[test]
fn requests_that_cannot_be_sent_are_refused() {
    for uri in ["/relative", "ftp://host/", "http://user:s3cret@host/"] {
        for client in both(&HttpOptions::default()) {
            let error = client.send(Request::get(uri).body(Bytes::new()).unwrap()).unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::Request, "{error}");
            assert!(!error.to_string().contains("s3cret"));
        }
    }
}

#[test]
fn ipv6_addresses_are_reached() {
    let Ok(server) = Server::plain_on(Ipv6Addr::LOCALHOST.into(), |request| ok(request.headers()[HOST].as_bytes()))
    else {
        eprintln!("this machine has no IPv6");
        return;
    };
    for client in both(&HttpOptions::default()) {
        let host = client.send(post(server.address(), "")).unwrap().into_body();
        assert_eq!(host, format!("[::1]:{}", server.address().port()));
    }
}
