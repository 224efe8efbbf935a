//! Servers behind others.

use super::{both, post, post_tls};
use http::header::PROXY_AUTHORIZATION;
use http::{Method, Response, StatusCode};
use std::sync::{Arc, Mutex};
use workstream_runtime::client::HttpOptions;
use workstream_runtime::client::TransportErrorKind::Connect;
use workstream_tests::server::{Reply, Server, ok};

#[test]
fn https_goes_through_a_tunnel() {
    let server = Server::tls("localhost", |request| ok(request.into_body()));
    let address = server.address();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let seen_by_proxy = Arc::clone(&seen);
    let proxy = Server::plain(move |request| {
        seen_by_proxy.lock().unwrap().push(request);
        Reply::Tunnel(address)
    });
    let options = HttpOptions::default()
        .only_these_roots()
        .root_certificate(server.certificate())
        .unwrap()
        .proxy(&format!("http://me:s%3Acret@{}", proxy.address()))
        .unwrap();
    assert!(!format!("{options:?}").contains("cret@"), "{options:?}");
    for client in both(&options) {
        for _ in 0..3 {
            assert_eq!(client.send(post_tls("localhost", &server)).unwrap().into_body(), "hello");
        }
        let seen = std::mem::take(&mut *seen.lock().unwrap());
        let [connect] = &seen[..] else { panic!("{seen:?}") };
        assert_eq!(connect.method(), Method::CONNECT);
        assert_eq!(connect.uri(), &*format!("localhost:{}", address.port()));
        assert_eq!(connect.headers()[PROXY_AUTHORIZATION], "Basic bWU6czpjcmV0");
    }
    let (connections, directly) = (proxy.connections(), options.no_proxy("example.com,localhost"));
    for client in both(&directly) {
        assert_eq!(client.send(post_tls("localhost", &server)).unwrap().into_body(), "hello");
    }
    assert_eq!(proxy.connections(), connections);
}

#[test]
fn http_goes_through_a_proxy() {
    let server = Server::plain(|request| ok(request.into_body()));
    let address = server.address();
    let proxy = Server::plain(move |request| {
        if request.method() == Method::CONNECT { Reply::Tunnel(address) } else { ok(request.uri().to_string()).into() }
    });
    for client in both(&HttpOptions::default().proxy(&format!("http://{}", proxy.address())).unwrap()) {
        let body = client.send(post(server.address(), "hello")).unwrap().into_body();
        let expected = format!("http://{address}/path?query");
        assert_eq!(body, if client.is_async() { &*expected } else { "hello" });
    }
    assert_eq!(proxy.connections(), 2);
}

#[test]
fn what_a_proxy_refuses_is_told() {
    let proxy = Server::plain(|_| {
        Response::builder().status(StatusCode::PROXY_AUTHENTICATION_REQUIRED).body(Vec::new()).unwrap()
    });
    let server = Server::tls("localhost", |_| ok(""));
    let options = HttpOptions::default().root_certificate(server.certificate()).unwrap();
    for client in both(&options.proxy(&format!("http://me:s3cret@{}", proxy.address())).unwrap()) {
        let error = client.send(post_tls("localhost", &server)).unwrap_err();
        assert_eq!(error.kind(), Connect, "{error}");
        assert!(error.to_string().contains("407") && !error.to_string().contains("s3cret"), "{error}");
    }
}
