//! Whom to trust.

use super::{both, long_body, post_tls};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use std::path::PathBuf;
use std::process::Command;
use workstream_runtime::client::HttpOptions;
use workstream_runtime::client::TransportErrorKind::Connect;
use workstream_tests::server::{Fault, Server, ok};

fn pem(server: &Server) -> String {
    let encoded = STANDARD.encode(server.certificate());
    format!("-----BEGIN CERTIFICATE-----\n{encoded}\n-----END CERTIFICATE-----\n")
}

fn temporary(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("transport-test-{}-{name}", std::process::id()))
}

#[test]
fn tls_is_spoken_and_reused() {
    let server = Server::tls("localhost", |request| ok(request.into_body()));
    let options = HttpOptions::default().only_these_roots().root_certificate(server.certificate()).unwrap();
    for (round, client) in both(&options).into_iter().enumerate() {
        for _ in 0..10 {
            assert_eq!(client.send(post_tls("localhost", &server)).unwrap().into_body(), "hello");
        }
        assert_eq!(server.connections(), round + 1);
    }
}

#[test]
fn tls_connections_that_the_server_closes_are_replaced() {
    let server = Server::tls("localhost", |_| Fault::CloseAfter(ok(long_body())));
    let options = HttpOptions::default().only_these_roots().root_certificate(server.certificate()).unwrap();
    let mut closed = 0;
    for client in both(&options) {
        for _ in 0..5 {
            assert!(client.send(post_tls("localhost", &server)).unwrap().into_body() == long_body());
            closed += 1;
            server.wait_until_closed(closed);
        }
    }
}

#[test]
fn certificates_are_checked() {
    let server = Server::tls("localhost", |_| ok(""));
    let other = Server::tls("localhost", |_| ok(""));
    let expect = |options: &HttpOptions, name: &str, words: &[&str]| {
        for client in both(options) {
            let error = client.send(post_tls(name, &server)).unwrap_err();
            assert_eq!(error.kind(), Connect, "{error}");
            for word in words {
                assert!(error.to_string().contains(word), "{error}");
            }
        }
    };
    let target = format!("TLS with `localhost:{}`", server.address().port());
    let unknown_issuer = [&target, "UnknownIssuer", "SSL_CERT_FILE", "HttpOptions::root_certificate"];
    let with_other = HttpOptions::default().only_these_roots().root_certificate(other.certificate()).unwrap();
    expect(&with_other, "localhost", &unknown_issuer);
    let with_ours = HttpOptions::default().only_these_roots().root_certificate(server.certificate()).unwrap();
    expect(&with_ours, "127.0.0.1", &["TLS with `127.0.0.1:", "not valid for name", "localhost"]);
    let without = HttpOptions::default().only_these_roots();
    expect(&without, "localhost", &["no root certificates", "SSL_CERT_FILE"]);
    assert_eq!(server.requests(), 0);
}

/// Roots and variables are the process's: it takes another one to change them.
#[test]
fn roots_come_from_the_file_that_the_environment_names() {
    const URI: &str = "TRANSPORT_TEST_URI";
    if let Ok(uri) = std::env::var(URI) {
        for client in both(&HttpOptions::default().proxy_from_env().unwrap()) {
            let answer = client.send(Request::get(&uri).body(Bytes::new()).unwrap());
            println!("{}", answer.map_or_else(|error| error.to_string(), |_| "it went well".to_owned()));
        }
        return;
    }
    let server = Server::tls("localhost", |_| ok(""));
    let file = temporary("environment.pem");
    let answer = || {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tls::roots_come_from_the_file_that_the_environment_names", "--nocapture"])
            .env(URI, format!("https://localhost:{}", server.address().port()))
            .env("SSL_CERT_FILE", &file)
            .env_remove("SSL_CERT_DIR")
            .env("HTTPS_PROXY", "http://127.0.0.1:1")
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let missing = answer();
    std::fs::write(&file, pem(&server)).unwrap();
    let good = answer();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(missing.matches(file.to_str().unwrap()).count(), 2, "{missing}");
    assert_eq!(good.matches("it went well").count(), 2, "{good}");
}

#[test]
fn roots_come_from_a_file() {
    let server = Server::tls("localhost", |_| ok("hi"));
    let file = temporary("given.pem");
    let options = || HttpOptions::default().only_these_roots().root_certificate_file(&file);
    let missing = options().unwrap_err().to_string();
    std::fs::write(&file, "no certificate").unwrap();
    let empty = options().unwrap_err().to_string();
    std::fs::write(&file, pem(&server)).unwrap();
    let good = options().unwrap();
    std::fs::remove_file(&file).unwrap();
    for error in [missing, empty] {
        assert!(error.contains(&format!("in `{}`", file.display())), "{error}");
    }
    for client in both(&good) {
        assert_eq!(client.send(post_tls("localhost", &server)).unwrap().into_body(), "hi");
    }
}

#[test]
fn certificates_in_pem_are_refused_at_once() {
    let error = HttpOptions::default().root_certificate(*b"-----BEGIN CERTIFICATE-----").unwrap_err();
    assert!(error.to_string().contains("PEM"), "{error}");
}

#[test]
fn plain_servers_are_no_tls_servers() {
    let server = Server::plain(|_| ok(""));
    let tls = Server::tls("localhost", |_| ok(""));
    for client in both(&HttpOptions::default().root_certificate(tls.certificate()).unwrap()) {
        let error = client.send(post_tls("localhost", &server)).unwrap_err();
        assert_eq!(error.kind(), Connect, "{error}");
        assert!(error.to_string().contains("perhaps http:// is meant"), "{error}");
    }
}
