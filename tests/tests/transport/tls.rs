//! Whom to trust.

use super::{both, long_body, post_tls};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::path::{Path, PathBuf};
use workstream::appstream::{self, types::DeleteFleetInput};
use workstream_runtime::client::TransportErrorKind::Connect;
use workstream_runtime::client::{ConfigBuilder, ConfigError, Credentials, Environment, HttpOptions, RetryConfig};
use workstream_tests::server::{Fault, Server, ok};

fn pem(server: &Server) -> String {
    let encoded = STANDARD.encode(server.certificate());
    format!("-----BEGIN CERTIFICATE-----\n{encoded}\n-----END CERTIFICATE-----\n")
}

fn temporary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("transport-test-{}-{name}", std::process::id()))
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
    let unknown_issuer = [&target, "UnknownIssuer", "AWS_CA_BUNDLE", "HttpOptions::root_certificate"];
    let with_other = HttpOptions::default().only_these_roots().root_certificate(other.certificate()).unwrap();
    expect(&with_other, "localhost", &unknown_issuer);
    let with_ours = HttpOptions::default().only_these_roots().root_certificate(server.certificate()).unwrap();
    expect(&with_ours, "127.0.0.1", &["TLS with `127.0.0.1:", "not valid for name", "localhost"]);
    let without = HttpOptions::default().only_these_roots();
    expect(&without, "localhost", &["no root certificates", "AWS_CA_BUNDLE"]);
    assert_eq!(server.requests(), 0);
}

/// What calls of both clients with this environment come to.
fn called_with(environment: &Environment, server: &Server) -> Result<[String; 2], ConfigError> {
    let config = ConfigBuilder::from_environment(environment, None)?
        .region("eu-west-1")
        .credentials(Credentials::new("key", "secret"))
        .endpoint_url(format!("https://localhost:{}", server.address().port()))
        .retry(RetryConfig::disabled())
        .build();
    let input = DeleteFleetInput::new("fleet");
    let awaited = super::runtime().block_on(appstream::Client::new(&config).delete_fleet(input.clone()).into_future());
    let waited_for = appstream::blocking::Client::new(&config).delete_fleet(input).send();
    Ok([awaited, waited_for].map(|result| result.map_or_else(|error| error.to_string(), |_| "it went well".to_owned())))
}

#[test]
fn roots_come_from_the_file_that_the_environment_names() {
    let server = Server::tls("localhost", |_| ok(""));
    let file = temporary("environment.pem");
    let named = Environment::of([("AWS_CA_BUNDLE", file.to_str().unwrap())]);

    let missing = called_with(&named, &server).unwrap_err().to_string();
    for word in ["AWS_CA_BUNDLE", file.to_str().unwrap(), "No such file"] {
        assert!(missing.contains(word), "{missing}");
    }

    // The server's certificate is none that a public authority has signed.
    for refused in called_with(&Environment::default(), &server).unwrap() {
        assert!(refused.contains("UnknownIssuer") && refused.contains("AWS_CA_BUNDLE"), "{refused}");
    }
    let before = server.requests();

    // Some editors begin a file with a byte order mark.
    std::fs::write(&file, format!("\u{feff}{}", pem(&server))).unwrap();
    let answers = called_with(&named, &server);
    let config = ConfigBuilder::from_environment(&named, None).unwrap();
    // What is not said by hand stays as it is.
    let config = config.http(HttpOptions::default().connect_timeout(std::time::Duration::from_secs(9))).build();
    std::fs::remove_file(&file).unwrap();
    assert!(format!("{config:?}").contains("roots: 1 given"), "the file replaces the usual roots: {config:?}");
    answers.unwrap();
    assert_eq!((before, server.requests()), (0, 2));
}

#[test]
fn roots_that_are_given_are_added_to_the_usual_ones_or_replace_them() {
    let server = Server::tls("localhost", |_| ok("hi"));
    let added = HttpOptions::default().root_certificate(server.certificate()).unwrap();
    assert!(format!("{added:?}").contains("the usual and 1 given"), "{added:?}");
    let alone = added.clone().only_these_roots();
    for options in [added, alone] {
        for client in both(&options) {
            assert_eq!(client.send(post_tls("localhost", &server)).unwrap().into_body(), "hi");
        }
    }
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
