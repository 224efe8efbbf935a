//! The endpoint of a container.

use super::ways::{WAYS, at, one_after_another, over};
use super::*;
use workstream_runtime::client::RetryConfig;
use workstream_runtime::client::credentials::ContainerAgent;

#[test]
fn a_container_has_an_endpoint() {
    let net = Net::new(|_| Ok((200, JSON.to_owned())));
    let path = variables([("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/x")]);
    assert_eq!(found(&net, &path), temporary(KEY));
    assert_eq!(net.uris(), ["GET http://169.254.170.2/v2/credentials/x"]);

    let home = home("container", "", "");
    fs::write(home.join("token"), "5ecret-pod\n").unwrap();
    let file = home.join("token");
    for uri in ["http://169.254.170.23/v1/credentials", "http://[::1]:81/x", "http://localhost/x", "https://a.example/"]
    {
        let net = Net::new(|_| Ok((200, JSON.to_owned())));
        let environment = variables([
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file.to_str().unwrap()),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "5ecret-not-used"),
        ]);
        found(&net, &environment);
        assert_eq!(net.uris(), [format!("GET {uri}")]);
        assert_eq!(net.header(0, "authorization"), "5ecret-pod");
    }
}

#[test]
fn a_container_endpoint_elsewhere_is_refused() {
    let net = Net::none();
    let uri = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://elsewhere.example/");
    let message = error(&net, &variables([uri, ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "5ecret")]));
    assert!(message.starts_with("AWS_CONTAINER_CREDENTIALS_FULL_URI is \"http://elsewhere.example/\""), "{message}");
    assert!(net.uris().is_empty());
}

#[test]
fn a_container_endpoint_that_fails_is_an_error() {
    let path = variables([("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")]);
    let asking = "asking the container's endpoint http://169.254.170.2/x";
    for (status, body, why) in [
        (500, "down\n\u{1b}[2J", r"down \u{1b}[2J (status 500)"),
        (500, "", "status 500"),
        (502, "<html>5ecret</html>", "status 502"),
        (403, r#"{"code": "Denied", "message": "not you"}"#, "Denied: not you (status 403)"),
        (200, "", "the answer is no JSON object"),
        (200, "[5ecret]", "the answer is no JSON object"),
        (200, r#"{"AccessKeyId": ["5ecret"]}"#, "the answer's AccessKeyId is no text"),
        (200, r#"{"AccessKeyId": "", "SecretAccessKey": "5ecret"}"#, "the answer has no AccessKeyId"),
        (200, r#"{"AccessKeyId": "a", "SecretAccessKey": "5ecret"}"#, "the answer has no Token"),
    ] {
        let net = Net::new(move |_| Ok((status, body.to_owned())));
        assert_eq!(error(&net, &path), format!("{asking}: {why}"));
    }
}

#[test]
fn nothing_of_a_container_path_becomes_a_host() {
    let token = ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "5ecret");
    for path in [
        ".evil.example/x",
        "@evil.example/x",
        ":80@evil.example/",
        "x",
        "?x",
        "#x",
        "\\evil.example",
        "/a b",
        "/\u{1b}",
    ] {
        let net = tempting();
        let message = error(&net, &variables([("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", path), token]));
        assert!(message.contains("expected a path that begins with `/`"), "{path}: {message}");
        assert!(net.uris().is_empty(), "{path}: {:?}", net.uris());
    }
    for path in ["/", "/x?a=b", "//evil.example/x", "/@evil.example/x"] {
        let net = tempting();
        found(&net, &variables([("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", path), token]));
        assert_eq!(net.uris(), [format!("GET http://169.254.170.2{path}")]);
    }
    for uri in [
        "http://169.254.170.2@evil.example/",
        "http://localhost:80@evil.example/",
        "http://user@localhost/",
        "http://localhost:99999/",
        "http://localhost.evil.example/",
        "http://169.254.170.24/",
        "ftp://localhost/",
        "localhost",
        "/x",
        "https://",
    ] {
        let net = tempting();
        let message = error(&net, &variables([("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri), token]));
        assert!(message.starts_with("AWS_CONTAINER_CREDENTIALS_FULL_URI is "), "{uri}: {message}");
        assert!(net.uris().is_empty(), "{uri}: {:?}", net.uris());
    }
}

#[test]
fn a_token_of_a_container_is_one_line() {
    let home = home("token", "", "");
    let file = home.join("token");
    let uri = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x");
    let environment = variables([uri, ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file.to_str().unwrap())]);
    let message = error(&tempting(), &environment);
    assert!(message.starts_with("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE is "), "{message}");
    fs::write(&file, "\u{feff}5ecret-pod\r\n").unwrap();
    let net = tempting();
    found(&net, &environment);
    assert_eq!(net.header(0, "authorization"), "5ecret-pod");
    for bad in ["", "5ecret\nhost: evil"] {
        fs::write(&file, bad).unwrap();
        let message = error(&tempting(), &environment);
        assert!(message.starts_with("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: the token"), "{message}");
    }
}

/// Trouble is asked about three times, a second apart, whatever the retries of services are.
#[test]
fn a_container_in_trouble_is_asked_again() {
    let troubles = [
        Ok((500, String::new())),
        Ok((403, String::new())),
        Ok((404, String::new())),
        Ok((200, "{".to_owned())),
        Err(TransportErrorKind::Connect),
        Err(TransportErrorKind::Timeout),
    ];
    let path = variables([("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"), ("AWS_MAX_ATTEMPTS", "1")]);
    let good: Answer = Ok((200, JSON.to_owned()));
    for trouble in troubles {
        for way in WAYS {
            let asked = |answers: [&Answer; 3]| {
                let (net, clock) = (one_after_another(answers.map(Clone::clone)), TestClock::new());
                let config = at(&net, clock.clone()).retry(RetryConfig::disabled());
                let result = way.ask(&ContainerAgent::new(), config, &path);
                let timeouts: Vec<_> = net.seen.lock().unwrap().iter().filter_map(|(_, timeout)| *timeout).collect();
                assert!(timeouts.iter().all(|timeout| *timeout == Duration::from_secs(2)), "{timeouts:?}");
                (result.is_ok(), net.uris().len(), clock.elapsed())
            };
            assert_eq!(asked([&trouble, &trouble, &good]), (true, 3, Duration::from_secs(2)), "{trouble:?}");
            assert_eq!(asked([&trouble, &good, &good]), (true, 2, Duration::from_secs(1)), "{trouble:?}");
            assert_eq!(asked([&trouble, &trouble, &trouble]), (false, 3, Duration::from_secs(2)), "{trouble:?}");
        }
    }
    // An answer that lacks something is one.
    for way in WAYS {
        let net = one_after_another([Ok((200, "{}".to_owned()))]);
        assert!(way.ask(&ContainerAgent::new(), over(&net), &path).is_err());
        assert_eq!(net.uris().len(), 1);
    }
}

#[test]
fn the_token_of_a_container_is_read_each_time() {
    let home = home("rotated", "", "");
    let file = home.join("token");
    let uri = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://LOCALHOST:1/x");
    let environment = variables([uri, ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file.to_str().unwrap())]);
    for way in WAYS {
        let net = Net::new(|_| Ok((200, JSON.to_owned())));
        for (index, token) in ["5ecret-one", "5ecret-two"].into_iter().enumerate() {
            fs::write(&file, token).unwrap();
            way.ask(&ContainerAgent::new(), over(&net), &environment).unwrap();
            assert_eq!(net.header(index, "authorization"), token);
        }
    }
}

#[test]
fn an_agent_that_repeats_the_token_does_not_show_it() {
    let token = ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "5ecret-pod");
    let environment = variables([("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"), token]);
    let json = r#"{"Code": "Denied", "Message": "not 5ecret-pod"}"#;
    for (status, body) in [(403, "not 5ecret-pod"), (403, json), (200, json)] {
        for way in WAYS {
            let net = one_after_another([Ok((status, body.to_owned()))]);
            let message = way.ask(&ContainerAgent::new(), over(&net), &environment).unwrap_err().to_string();
            assert!(message.contains("not (redacted)"), "{message}");
        }
    }
}
