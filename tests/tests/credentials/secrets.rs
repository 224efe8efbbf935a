//! Nothing secret shows, whatever comes of asking.

use super::everything::{self, AnySource, SECRET};
use super::ways::{WAYS, Way, at};
use super::*;
use workstream::appstream::{self, types::StartFleetInput};
use workstream_runtime::client::Clock;

/// How those are answered who ask for credentials.
type Reply = fn(&Request<Bytes>) -> Answer;

fn replies() -> Vec<Reply> {
    vec![
        |request| Ok((200, everything::good(request))),
        |request| Ok((200, everything::cut(request))),
        |request| Ok((200, everything::echo(request))),
        |request| Ok((400, everything::echo(request))),
        |request| Ok((401, everything::echo(request))),
        |request| Ok((403, everything::echo(request))),
        |request| Ok((500, everything::echo(request))),
        |_| Err(TransportErrorKind::Exchange),
        |_| Err(TransportErrorKind::Timeout),
    ]
}

fn is_clean(shown: &str) {
    assert!(!shown.contains(SECRET), "{shown}");
}

#[test]
fn no_source_shows_secrets() {
    let (mut found, mut failed) = (0, 0);
    for reply in replies() {
        for way in WAYS {
            let count = everything::sources(&folder::of_test("secrets")).0.len();
            for index in 0..count {
                // Files as they were.
                let (sources, environment) = everything::sources(&folder::of_test("secrets"));
                let net = Net::new(reply);
                match way.ask(&sources[index], at(&net, TestClock::new()), &environment) {
                    Ok(_) => found += 1,
                    Err(_) => failed += 1,
                }
                is_clean(&format!(
                    "{:?}",
                    net.seen.lock().unwrap().iter().map(|(_, timeout)| timeout).collect::<Vec<_>>()
                ));
            }
        }
    }
    assert!(found > 20 && failed > 100, "{found} {failed}");
}

/// What a call tells of credentials that it has not got, and of those that a service has refused.
#[test]
fn no_call_shows_secrets() {
    for reply in replies() {
        let count = everything::sources(&folder::of_test("called")).0.len();
        for (index, way) in (0..count).flat_map(|index| WAYS.map(|way| (index, way))) {
            let (sources, environment) = everything::sources(&folder::of_test("called"));
            let net = Net::new(move |request| match request.uri().host() {
                Some(host) if host.starts_with("appstream2.") => Ok((403, r#"{"__type": "Denied"}"#.to_owned())),
                _ => reply(request),
            });
            let error = call(way, &net, sources[index].clone(), &environment);
            is_clean(&format!("{error} {error:?}"));
            assert!(!error.to_string().contains('\n'));
        }
    }
}

fn call(way: Way, net: &Arc<Net>, source: AnySource, environment: &Environment) -> appstream::Error {
    let config = ways::of_environment(net, environment).credentials(source);
    let config = config.protocol(workstream::Protocol::AwsJson1_1).build();
    is_clean(&format!("{config:?}"));
    match way {
        Way::Async => wait(appstream::Client::new(&config).start_fleet(StartFleetInput::new("a")).into_future()),
        Way::Blocking => appstream::blocking::Client::new(&config).start_fleet(StartFleetInput::new("a")).send(),
    }
    .unwrap_err()
}

#[test]
fn a_cache_that_has_credentials_shows_no_secrets() {
    for way in WAYS {
        let (sources, environment) = everything::sources(&folder::of_test("cached"));
        for source in sources {
            let net = Net::new(|request| Ok((200, everything::good(request))));
            let clock = TestClock::new();
            let context = way.context(&at(&net, clock.clone()).build()).environment(environment.clone());
            let cache = CredentialsCache::new(Arc::new(source), context);
            let result = cache.get_blocking(clock.now(), None).unwrap();
            is_clean(&format!("{cache:?} {result:?}"));
        }
    }
}
