//! Servers behind others.

use super::{both, post, post_tls};
use http::header::PROXY_AUTHORIZATION;
use http::{Method, Response, StatusCode};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use workstream::appstream::{self, types::DeleteFleetInput};
use workstream_runtime::client::TransportErrorKind::Connect;
use workstream_runtime::client::{ConfigBuilder, Credentials, Environment, HttpOptions, RetryConfig};
use workstream_tests::server::{Reply, Server, empty_output, ok};

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

/// What a call of each client says with this environment: to a service at `url`, with a timeout of its own.
fn called(environment: &[(&str, &str)], url: &str) -> [String; 2] {
    let config = ConfigBuilder::from_environment(&Environment::of(environment.iter().copied()), None)
        .unwrap()
        .region("eu-west-1")
        .credentials(Credentials::new("key", "secret"))
        .endpoint_url(url)
        .retry(RetryConfig::disabled())
        .http(HttpOptions::default().connect_timeout(Duration::from_secs(9)))
        .build();
    let input = DeleteFleetInput::new("fleet");
    let awaited = super::runtime().block_on(appstream::Client::new(&config).delete_fleet(input.clone()).into_future());
    let waited_for = appstream::blocking::Client::new(&config).delete_fleet(input).send();
    [awaited, waited_for].map(|result| result.map_or_else(|error| error.to_string(), |_| "it went well".to_owned()))
}

#[test]
fn a_variable_is_wrong_only_where_it_is_used() {
    // 192.0.2.1 is nobody's address (RFC 5737): it is never called here.
    let outside = "http://192.0.2.1:1";
    let socks = ("ALL_PROXY", "socks5h://me:s3cret@127.0.0.1:1080");
    for refused in called(&[socks], outside) {
        assert!(refused.contains("ALL_PROXY") && refused.contains("SOCKS"), "{refused}");
        assert!(!refused.contains("s3cret"), "{refused}");
    }
    let server = Server::plain(|request| empty_output(&request));
    let local = format!("http://{}", server.address());
    for unused in [vec![socks], vec![socks, ("NO_PROXY", "*")], vec![("HTTP_PROXY", "http://x:99999")]] {
        for well in called(&unused, &local) {
            assert_eq!(well, "it went well", "{unused:?}");
        }
    }
}

#[test]
fn adjusted_options_keep_the_proxy_of_the_environment() {
    let proxy = Server::plain(|_| Response::builder().status(403).body(Vec::new()).unwrap());
    for refused in called(&[("HTTP_PROXY", &format!("http://{}", proxy.address()))], "http://192.0.2.1:1") {
        assert!(refused.contains("403"), "{refused}");
    }
    assert_eq!(proxy.requests(), 2);
}
