//! Recording calls, and replaying them: what an application's tests without an account rely on.

use super::common::{PROTOCOLS, Script, run};
use http::StatusCode;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use workstream::Protocol;
use workstream::appstream::{self, ServiceError, types::*};
use workstream::client::{
    Cassette, Config, ConfigBuilder, Mock, Recorder, Replay, RetryConfig, Tape, TestClock, TransportErrorKind,
    WaitErrorKind,
};
use workstream::workspaces::{self, types as ws};
use workstream_fixtures::{bearer, errors_query_compatible, idempotency_token, protocol_query, sensitive};
use workstream_tests::folder;

const PASSWORD: &str = "hunter2hunter2";
const URL: &str = "https://streaming.example.com/?parameters=secret-url";

/// A configuration for services that have no endpoint rules.
fn without_rules(builder: ConfigBuilder) -> Config {
    builder.endpoint_url("https://fixture.example.com").build()
}

fn fleet(name: &str, state: FleetState) -> Fleet {
    Fleet::new("arn", name, "stream.standard.medium", ComputeCapacityStatus::new(1), state)
}

/// Two fleets on two pages, one that starts after three questions, and one that nobody has; the service is busy at first.
fn service() -> Mock {
    let mock = Mock::new();
    let first = DescribeFleetsOutput::new().fleets([fleet("analysts", FleetState::Running)]).next_token("2");
    let second = DescribeFleetsOutput::new().fleets([fleet("designers", FleetState::Stopped)]);
    mock.on::<DescribeFleetsInput>().respond(Ok(first)).respond(Ok(second));
    mock.on::<StartFleetInput>()
        .respond_code(StatusCode::BAD_REQUEST, "ThrottlingException", "Rate exceeded")
        .fail(TransportErrorKind::Exchange)
        .respond(Ok(StartFleetOutput::new()));
    let starting = |state| Ok(DescribeFleetsOutput::new().fleets([fleet("designers", state)]));
    mock.on::<DescribeFleetsInput>()
        .matching(|input| input.names.is_some())
        .respond(starting(FleetState::Starting))
        .respond(starting(FleetState::Starting))
        .respond(starting(FleetState::Running));
    let gone = ResourceNotFoundException::new().message("Fleet nobody does not exist.");
    mock.on::<DeleteFleetInput>().respond(Err(ServiceError::ResourceNotFoundException(gone)));
    mock.on::<CreateStreamingUrlInput>().respond(Ok(CreateStreamingUrlOutput::new().streaming_url(URL)));
    mock
}

/// What a program has seen, to be compared. Secrets are told by whether they are there.
type Seen = (Vec<Fleet>, u32, u32, String, Option<ServiceError>, bool);

fn seen(url: Option<String>, error: &appstream::Error, found: (Vec<Fleet>, u32, u32)) -> Seen {
    let (fleets, attempts, questions) = found;
    (fleets, attempts, questions, error.to_string(), error.service_error().cloned(), url.is_some())
}

fn streaming_url() -> CreateStreamingUrlInput {
    CreateStreamingUrlInput::new("stack", "analysts", "user").session_context(PASSWORD)
}

async fn use_service(config: &Config) -> Seen {
    let client = appstream::Client::new(config);
    let mut fleets = Vec::new();
    let mut items = client.describe_fleets(DescribeFleetsInput::new()).items();
    while let Some(fleet) = items.try_next().await.unwrap() {
        fleets.push(fleet);
    }
    let started = client.start_fleet(StartFleetInput::new("designers")).with_metadata().await.unwrap();
    let wait = client.wait_until_fleet_started(DescribeFleetsInput::new().names(["designers"]));
    let questions = wait.await.unwrap().attempts;
    let error = client.delete_fleet(DeleteFleetInput::new("nobody")).await.unwrap_err();
    let url = client.create_streaming_url(streaming_url()).await.unwrap().streaming_url;
    seen(url, &error, (fleets, started.attempts, questions))
}

fn use_service_blocking(config: &Config) -> Seen {
    let client = appstream::blocking::Client::new(config);
    let items = client.describe_fleets(DescribeFleetsInput::new()).items();
    let fleets = items.collect::<Result<Vec<_>, _>>().unwrap();
    let started = client.start_fleet(StartFleetInput::new("designers")).with_metadata().send().unwrap();
    let wait = client.wait_until_fleet_started(DescribeFleetsInput::new().names(["designers"]));
    let questions = wait.wait().unwrap().attempts;
    let error = client.delete_fleet(DeleteFleetInput::new("nobody")).send().unwrap_err();
    let url = client.create_streaming_url(streaming_url()).send().unwrap().streaming_url;
    seen(url, &error, (fleets, started.attempts, questions))
}

fn each_use(config: &Config, blocking: bool) -> Seen {
    if blocking { use_service_blocking(config) } else { run(use_service(config)) }
}

#[test]
fn a_flow_is_the_same_again_in_either_protocol_and_mode() {
    for (recorded, blocking) in [(PROTOCOLS[0], false), (PROTOCOLS[1], true)] {
        let mock = service();
        let recorder = Recorder::of(&mock.config_builder().protocol(recorded).build());
        let before = each_use(&recorder.config(), blocking);
        assert_eq!((before.0.len(), before.1, before.2), (2, 3, 3));
        let cassette = recorder.finish().unwrap();
        let text = cassette.to_string();
        assert_eq!(cassette.len(), 10, "{text}");
        for secret in [PASSWORD, URL, "AKIA", "secret of the mock", "Signature", "SHA256"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        for (replayed, blocking) in [(PROTOCOLS[0], true), (PROTOCOLS[1], false), (PROTOCOLS[0], false)] {
            let replay = Replay::of(text.parse().unwrap());
            let after = each_use(&replay.config_builder().protocol(replayed).build(), blocking);
            assert_eq!(after, before, "{recorded} {replayed}");
            replay.check_all_used().unwrap();
        }
    }
}

#[test]
fn the_text_is_for_people() {
    let mock = Mock::new();
    let created = std::time::SystemTime::UNIX_EPOCH + Duration::from_millis(1_735_689_600_500);
    let mut running = fleet("a \"b\"\n", FleetState::Running);
    running.created_time = Some(created.into());
    mock.on::<DescribeFleetsInput>().respond(Ok(DescribeFleetsOutput::new().fleets([running])));
    mock.on::<CreateStreamingUrlInput>().respond(Ok(CreateStreamingUrlOutput::new().streaming_url(URL))).respond_code(
        StatusCode::BAD_REQUEST,
        "OddException",
        &format!("The context '{PASSWORD}' is odd."),
    );
    mock.on::<StopFleetInput>()
        .respond(Err(ServiceError::ResourceNotFoundException(ResourceNotFoundException::new().message("No fleet."))))
        .fail(TransportErrorKind::Connect);
    let recorder = Recorder::of(&mock.config_builder().retry(RetryConfig::disabled()).build());
    let client = appstream::blocking::Client::new(&recorder.config());
    client.describe_fleets(DescribeFleetsInput::new()).send().unwrap();
    client.create_streaming_url(streaming_url()).send().unwrap();
    client.create_streaming_url(streaming_url()).send().unwrap_err();
    client.stop_fleet(StopFleetInput::new("a")).send().unwrap_err();
    client.stop_fleet(StopFleetInput::new("a")).send().unwrap_err();
    let text = recorder.finish().unwrap().to_string();
    assert_eq!(text, include_str!("cassettes/people.json"), "{text}");
    let folder = folder::of_test("cassettes");
    let path = folder.join("new/folder/cassette.json");
    recorder.finish().unwrap().save(&path).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    assert_eq!(Cassette::load(&path).unwrap().to_string(), text);
    let names: Vec<_> = std::fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(names, [path], "no temporary file is left");
}

/// All kinds of secrets, wherever they stand; one of them is no secret where it stands again.
#[test]
fn secrets_are_numbers() {
    use sensitive::types::{Choice, Mixed, Mode, RunInput, RunOutput, Secret};
    let secrets: Vec<String> = (0..12).map(|number| format!("hidden-{number}-hidden")).collect();
    let [password, one, two, key, user, code, other, choice, blob, mode, mixed, listed] = &secrets[..] else {
        panic!()
    };
    let by_name = BTreeMap::from([(key.clone(), vec![password.clone()])]);
    let input = RunInput::new()
        .password(password)
        .passwords([one, two, one])
        .by_name(by_name.clone())
        .secret(Secret::new().user(user).code(code))
        .secrets([Secret::new().user(other)])
        .public(password)
        .choice(Choice::Password(choice.clone()))
        .key(blob.as_bytes().to_vec())
        .mode(Mode::from(mode.as_str()))
        .mixed(Mixed::new().password(mixed).public("shown"))
        .hidden_list([listed]);
    let output = RunOutput::new().password(two).public("shown").key(blob.as_bytes().to_vec()).by_name(by_name);
    let mock = Mock::new();
    mock.on::<RunInput>().respond(Ok(output));
    let recorder = Recorder::of(&without_rules(mock.config_builder()));
    let client = sensitive::Client::new(&recorder.config());
    run(client.run(input.clone())).unwrap();
    let cassette = recorder.finish().unwrap();
    let text = cassette.to_string();
    use base64::Engine;
    for secret in &secrets {
        let encoded = base64::engine::general_purpose::STANDARD.encode(secret);
        assert!(!text.contains(secret) && !text.contains(&encoded), "{secret}: {text}");
    }
    assert_eq!(text.matches("shown").count(), 2, "{text}");

    for other_input in [input.clone(), input.password("another").mode(Mode::from("another"))] {
        let replay = Replay::of(text.parse().unwrap());
        let output = run(sensitive::Client::new(&without_rules(replay.config_builder())).run(other_input)).unwrap();
        let marker = |number: usize| format!("** redacted {number} **");
        assert_eq!((output.password, output.public.as_deref()), (Some(marker(3)), Some("shown")), "{text}");
        assert_eq!(output.by_name, Some(BTreeMap::from([("redacted-4".to_owned(), vec![marker(1)])])));
        assert_eq!(output.key.unwrap().as_bytes(), marker(9).as_bytes());
        replay.check_all_used().unwrap();
    }
}

/// A message that is itself a secret, and a short one.
#[test]
fn messages_may_be_secret() {
    use workstream_fixtures::sensitive_input::{self, types::RunInput};
    let script = Script::new().then_json(400, r#"{"__type": "Denied", "message": "mine"}"#);
    let recorder = Recorder::of(&without_rules(script.config()));
    let run_it =
        |config: &Config| run(sensitive_input::Client::new(config).run(RunInput::new().code("x"))).unwrap_err();
    assert_eq!(run_it(&recorder.config()).message(), Some("mine"));
    let text = recorder.finish().unwrap().to_string();
    assert!(!text.contains("mine") && !text.contains("\"x\""), "{text}");
    let replay = Replay::of(text.parse().unwrap());
    assert_eq!(run_it(&without_rules(replay.config_builder())).message(), Some("** redacted 2 **"));
}

#[test]
fn unique_tokens_match_whatever_they_are() {
    use idempotency_token::types::{RunInput, RunOutput};
    let mock = Mock::new();
    mock.on::<RunInput>().respond(Ok(RunOutput::default()));
    let recorder = Recorder::of(&without_rules(mock.config_builder()));
    run(idempotency_token::Client::new(&recorder.config()).run(RunInput::new("a"))).unwrap();
    let text = recorder.finish().unwrap().to_string();
    assert!(text.contains("\"Token\": \"** token **\""), "{text}");
    for input in [RunInput::new("a"), RunInput::new("a").token("mine")] {
        let replay = Replay::of(text.parse().unwrap());
        run(idempotency_token::Client::new(&without_rules(replay.config_builder())).run(input)).unwrap();
    }
}

fn replayed(text: &str) -> (Replay, appstream::blocking::Client) {
    let replay = Replay::of(text.parse().unwrap());
    let client = appstream::blocking::Client::new(&replay.config());
    (replay, client)
}

/// A cassette with calls of DescribeFleets with these inputs.
fn describes(inputs: &[&str]) -> String {
    let call = |input: &&str| {
        format!(
            "    {{ \"service\": \"AppStream\", \"operation\": \"DescribeFleets\", \"input\": {input}, \"output\": {{}} }}"
        )
    };
    let calls: Vec<String> = inputs.iter().map(call).collect();
    format!("{{\n  \"cassette_version\": 1,\n  \"calls\": [\n{}\n  ]\n}}\n", calls.join(",\n"))
}

#[test]
fn what_was_not_recorded_is_an_error_that_says_what_differs() {
    let text = describes(&[r#"{ "Names": ["a", "b"], "NextToken": "1" }"#, r#"{ "Names": ["x"] }"#]);
    let (_, client) = replayed(&text);
    let error =
        client.describe_fleets(DescribeFleetsInput::new().names(["a", "c"]).next_token("1")).send().unwrap_err();
    assert_eq!(
        error.to_string(),
        "DescribeFleets: the request cannot be sent: AppStream DescribeFleets was not recorded with this input: Names[1] \
         is \"c\", and was \"b\" when it was recorded; the nearest is at the cassette, line 4, column 5, with {\"Names\": \
         [\"a\", \"b\"], \"NextToken\": \"1\"}; the input is {\"Names\": [\"a\", \"c\"], \"NextToken\": \"1\"}"
    );
    assert_eq!(error.attempts(), 1, "nothing is tried again");
    let error = client.describe_fleets(DescribeFleetsInput::new()).send().unwrap_err().to_string();
    assert!(error.contains("Names is absent, and was [\"x\"] when it was recorded"), "{error}");
    let error = client.describe_fleets(DescribeFleetsInput::new().names(["x", "y"])).send().unwrap_err().to_string();
    assert!(error.contains("Names[1] is \"y\", and was absent when it was recorded"), "{error}");
    let error = client.stop_fleet(StopFleetInput::new("a")).send().unwrap_err().to_string();
    assert!(
        error.contains("the cassette has no call of AppStream StopFleet; it has AppStream DescribeFleets (2)"),
        "{error}"
    );
}

#[test]
fn each_call_answers_once_unless_the_last_is_repeated() {
    let text = describes(&["{}", "{}"]).replacen("\"output\": {}", "\"output\": { \"NextToken\": \"first\" }", 1);
    let (replay, client) = replayed(&text);
    let error = replay.check_all_used().unwrap_err().to_string();
    assert_eq!(
        error,
        "2 calls of the cassette were not made: AppStream DescribeFleets (the cassette, line 4, column 5), AppStream \
         DescribeFleets (the cassette, line 5, column 5)"
    );
    let describe = |client: &appstream::blocking::Client| client.describe_fleets(DescribeFleetsInput::new()).send();
    assert_eq!(describe(&client).unwrap().next_token.as_deref(), Some("first"));
    assert_eq!(describe(&client).unwrap().next_token, None);
    replay.check_all_used().unwrap();
    let error = describe(&client).unwrap_err().to_string();
    assert!(error.contains("was recorded with this input, but not so often"), "{error}");

    let replay = Replay::of(text.parse().unwrap()).repeat_last();
    let client = appstream::blocking::Client::new(&replay.config());
    let tokens: Vec<_> = (0..4).map(|_| describe(&client).unwrap().next_token.is_some()).collect();
    assert_eq!(tokens, [true, false, false, false]);
}

#[test]
fn a_bad_cassette_is_told_with_its_place() {
    let good = describes(&["{}"]);
    for (bad, expected) in [
        (good.replace(": 1,", ": 2,"), "line 2, column 4: expected cassette_version 1, found 2: record it anew"),
        (good.replace("  \"cassette_version\": 1,\n", ""), "lacks what it requires: cassette_version"),
        (
            good.replace(": 1,", ": \"one\","),
            "line 2, column 23: cassette_version: expected an integer, found a string",
        ),
        (
            good[..good.len() - 6].to_owned(),
            "line 5, column 1: calls: expected a comma or the end of the list, found the end",
        ),
        (String::new(), "line 1, column 1"),
        (good.replace("output", "outcome"), "unknown member `outcome`"),
        (good.replace(", \"output\": {}", ""), "line 4, column 5: expected one of `output`, `error` and `failure`"),
        (good.replace("\"service\": \"AppStream\", ", ""), "lacks what it requires: service"),
        (good.replace("\"output\": {}", "\"error\": { \"status\": 99, \"code\": \"A\" }"), "99 is no status of HTTP"),
        (
            good.replace("\"output\": {}", "\"failure\": { \"kind\": \"odd\", \"message\": \"\" }"),
            "expected a kind of connect, exchange, timeout, response, request, unanswered",
        ),
        (good.replace("\"input\": {}", "\"input\": {\"a\": tru}"), "line 4, column"),
    ] {
        let error = bad.parse::<Cassette>().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}\n{bad}");
    }
    for (bad, expected) in [
        (
            good.replace("\"input\": {}", "\"input\": { \"Names\": [7] }"),
            "column 83: this call of DescribeFleets cannot be \
          replayed: Names[0]: expected a string, found a number",
        ),
        (
            good.replace("\"input\": {}", "\"input\": { \"Name\": [] }"),
            "unknown member `Name` of `DescribeFleetsInput`",
        ),
        (good.replace("\"output\": {}", "\"output\": { \"Fleets\": {} }"), "Fleets: expected a list, found an object"),
        (
            good.replace("\"output\": {}", "\"error\": { \"status\": 400, \"code\": \"Odd\", \"shape\": \"Odd\" }"),
            "AppStream has no error `Odd`",
        ),
        (
            good.replace(
                "\"output\": {}",
                "\"error\": { \"status\": 400, \"code\": \"A\", \"shape\": \"ResourceNotFoundException\", \
                 \"members\": { \"Message\": 7 } }",
            ),
            "Message: expected a string, found a number",
        ),
        (good.replace("DescribeFleets", "DescribeFleetz"), "it has AppStream DescribeFleetz (1)"),
    ] {
        let (_, client) = replayed(&bad);
        let error = client.describe_fleets(DescribeFleetsInput::new()).send().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}\n{bad}");
    }
}

#[test]
fn files_that_cannot_be_read_or_written() {
    let folder = folder::of_test("cassettes");
    let missing = folder.join("missing.json");
    let error = Replay::load(&missing).unwrap_err().to_string();
    assert!(error.starts_with(&format!("the cassette {} cannot be read: ", missing.display())), "{error}");
    assert!(error.ends_with("it has to be recorded first"), "{error}");
    let bad = folder.join("bad.json");
    std::fs::write(&bad, "{ \"cassette_version\": 1,\n \"calls\": 7 }").unwrap();
    let error = Replay::load(&bad).unwrap_err().to_string();
    assert_eq!(error, format!("{}:2:11: calls: expected a list, found a number", bad.display()));
    std::fs::write(&bad, [0xFF]).unwrap();
    assert!(Cassette::load(&bad).unwrap_err().to_string().ends_with("is not UTF-8"));
    // A folder is in the way, and a file where a folder should be.
    let cassette: Cassette = describes(&[]).parse().unwrap();
    let taken = folder.join("taken");
    std::fs::create_dir(&taken).unwrap();
    for path in [taken.clone(), bad.join("cassette.json")] {
        let error = cassette.save(&path).unwrap_err().to_string();
        assert!(error.starts_with(&format!("the cassette {} cannot be written: ", path.display())), "{error}");
    }
    let mut names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert_eq!(names, [bad, taken], "nothing is left over");
}

#[test]
fn a_tape_records_and_replays() {
    let path = folder::of_test("cassettes").join("tape.json");
    let mock = service();
    let tape = Tape::record(&path, &mock.config());
    let before = run(use_service(&tape.config()));
    assert!(tape.is_recording() && !path.exists(), "nothing is written before the end");
    tape.finish().unwrap();
    let tape = Tape::replay(&path).unwrap();
    assert!(!tape.is_recording());
    assert!(tape.finish().is_err(), "no call was made");
    assert_eq!(run(use_service(&tape.config())), before);
    tape.finish().unwrap();
}

#[test]
fn many_tasks_lose_nothing() {
    const TASKS: usize = 200;
    let mock = Mock::new();
    mock.on::<DescribeFleetsInput>()
        .respond_with(|input| Ok(DescribeFleetsOutput::new().next_token(input.names.as_ref().unwrap()[0].clone())));
    let recorder = Recorder::of(&mock.config());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let call_all = |config: Config| {
        let tasks: Vec<_> = (0..TASKS)
            .map(|number| {
                let client = appstream::Client::new(&config);
                runtime.spawn(client.describe_fleets(DescribeFleetsInput::new().names([number.to_string()])).send())
            })
            .collect();
        for (number, task) in tasks.into_iter().enumerate() {
            assert_eq!(runtime.block_on(task).unwrap().unwrap().next_token, Some(number.to_string()));
        }
    };
    call_all(recorder.config());
    let cassette = recorder.finish().unwrap();
    assert_eq!(cassette.len(), TASKS);
    let replay = Replay::of(cassette);
    call_all(replay.config());
    replay.check_all_used().unwrap();
}

/// A call that somebody gives up has no answer, in the recording too; one that is under way keeps it from its end.
#[test]
fn calls_without_an_end() {
    let mock = Mock::new();
    let second = Duration::from_secs(1);
    mock.on::<StopFleetInput>().respond_after(5 * second, Ok(StopFleetOutput::new()));
    let recorder = Recorder::of(&mock.config_builder().attempt_timeout(second).retry(RetryConfig::disabled()).build());
    let client = appstream::Client::new(&recorder.config());
    let error = run(client.stop_fleet(StopFleetInput::new("a"))).unwrap_err();
    assert!(error.is_timeout(), "{error}");
    let text = recorder.finish().unwrap().to_string();
    assert!(text.contains("\"kind\": \"unanswered\""), "{text}");
    let replay = Replay::of(text.parse().unwrap()).repeat_last();
    let config = replay.config_builder().attempt_timeout(second).retry(RetryConfig::disabled()).build();
    let again = run(appstream::Client::new(&config).stop_fleet(StopFleetInput::new("a"))).unwrap_err();
    assert_eq!(again.to_string(), error.to_string());
    let again = appstream::blocking::Client::new(&config).stop_fleet(StopFleetInput::new("a")).send().unwrap_err();
    assert_eq!(again.to_string(), error.to_string());
    assert_eq!(replay.clock().elapsed(), 2 * second);

    let recorder = Recorder::of(&mock.config_builder().attempt_timeout(second).retry(RetryConfig::disabled()).build());
    let blocking = appstream::blocking::Client::new(&recorder.config());
    assert_eq!(blocking.stop_fleet(StopFleetInput::new("a")).send().unwrap_err().to_string(), error.to_string());
    assert_eq!(recorder.finish().unwrap().to_string(), text);

    let recorder = Recorder::of(&Mock::new().config_builder().transport(Endless).build());
    let client = appstream::Client::new(&recorder.config());
    let mut call = client.stop_fleet(StopFleetInput::new("a")).send();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(call.as_mut().poll(&mut context).is_pending());
    assert_eq!(
        recorder.finish().unwrap_err().to_string(),
        "1 of the calls are still under way, StopFleet for one: finish when all have their results"
    );
    drop(call);
    assert_eq!(recorder.finish().unwrap().len(), 1);
}

/// A transport that never answers.
#[derive(Debug)]
struct Endless;

impl workstream::client::Transport for Endless {
    fn send(
        &self,
        _request: http::Request<bytes::Bytes>,
    ) -> workstream::client::BoxFuture<'_, Result<http::Response<bytes::Bytes>, workstream::client::TransportError>>
    {
        Box::pin(std::future::pending())
    }
}

#[test]
fn every_kind_of_failure_comes_back() {
    for kind in [
        TransportErrorKind::Connect,
        TransportErrorKind::Exchange,
        TransportErrorKind::Timeout,
        TransportErrorKind::Response,
        TransportErrorKind::Request,
    ] {
        let mock = Mock::new();
        mock.on::<StopFleetInput>().fail(kind);
        let recorder = Recorder::of(&mock.config());
        let stop =
            |config: &Config| run(appstream::Client::new(config).stop_fleet(StopFleetInput::new("a"))).unwrap_err();
        let before = stop(&recorder.config());
        let replay = Replay::of(recorder.finish().unwrap());
        assert_eq!(stop(&replay.config()).to_string(), before.to_string());
        replay.check_all_used().unwrap();
    }
    // What cannot be read is no answer.
    let script = Script::new().then_json(200, "<html>");
    let recorder = Recorder::of(&script.config().build());
    run(appstream::Client::new(&recorder.config()).stop_fleet(StopFleetInput::new("a"))).unwrap_err();
    let (_, client) = replayed(&recorder.finish().unwrap().to_string());
    let error = client.stop_fleet(StopFleetInput::new("a")).send().unwrap_err().to_string();
    assert!(error.contains("the response cannot be read"), "{error}");
}

/// What the client does by itself is no part of a flow: another protocol for a local server, the right time, other
/// credentials.
#[test]
fn attempts_that_a_client_replaces_are_not_recorded() {
    let speaks_json = Script::new().then_json(404, "no such page").then_json(200, "{}");
    let wrong_time = Script::new()
        .then(|_| {
            let body = r#"{"__type": "SignatureDoesNotMatch", "message": "Signature expired"}"#;
            Ok(super::common::response(403, &[("date", "Wed, 01 Jan 2025 10:00:00 GMT")], body))
        })
        .then_json(200, "{}");
    let ended = Script::new().then_json(400, r#"{"__type": "ExpiredTokenException"}"#).then_json(200, "{}");
    let renewed = Arc::new(std::sync::atomic::AtomicU32::new(0));
    for (script, config) in [
        (&speaks_json, speaks_json.config().protocol(Protocol::RpcV2Cbor)),
        (&wrong_time, wrong_time.config()),
        (&ended, ended.config().credentials(Renewed(renewed))),
    ] {
        let config = match std::ptr::eq(script, &speaks_json) {
            true => {
                let config = Config::builder().region("eu-west-1").endpoint_url("http://127.0.0.1:1");
                let credentials = workstream::client::Credentials::new("a", "b");
                config.credentials(credentials).transport(script.clone()).clock(TestClock::new())
            }
            false => config,
        };
        let recorder = Recorder::of(&config.build());
        run(appstream::Client::new(&recorder.config()).stop_fleet(StopFleetInput::new("a"))).unwrap();
        assert_eq!(script.attempts(), 2);
        let text = recorder.finish().unwrap().to_string();
        let (replay, client) = replayed(&text);
        client.stop_fleet(StopFleetInput::new("a")).send().unwrap();
        replay.check_all_used().unwrap();
    }
}

/// Other credentials each time.
#[derive(Debug)]
struct Renewed(Arc<std::sync::atomic::AtomicU32>);

impl workstream::client::ProvideCredentials for Renewed {
    fn provide<'a>(
        &'a self,
        _context: &'a workstream::client::SourceContext,
    ) -> workstream::client::BoxFuture<'a, Result<workstream::client::Credentials, workstream::client::CredentialsError>>
    {
        let number = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Box::pin(async move { Ok(workstream::client::Credentials::new(format!("AKID{number}"), "secret")) })
    }
}

/// What is asked for credentials passes through a recorder, and is not recorded.
#[test]
fn credentials_are_never_recorded() {
    use workstream::client::credentials::AssumeRole;
    let role = "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>\
                <SecretAccessKey>role-secret</SecretAccessKey><SessionToken>role-token</SessionToken>\
                <Expiration>2035-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
    let script = || {
        Script::new().then(move |request| {
            let is_sts = request.uri().host().is_some_and(|host| host.starts_with("sts"));
            Ok(super::common::response(200, &[], if is_sts { role } else { "{}" }))
        })
    };
    let source = || {
        AssumeRole::new("arn:aws:iam::1:role/a")
            .source(workstream::client::Credentials::new("AKIDSOURCE", "base-secret"))
    };
    // With credentials from before the recorder, and with such as ask through it.
    let (before, through) = (script(), script());
    let configured = Recorder::of(&before.config().credentials(source()).build());
    let adjusted = Recorder::of(&through.config().build());
    for (recorder, config, script) in [
        (&configured, configured.config(), &before),
        (&adjusted, adjusted.config_builder().credentials(source()).build(), &through),
    ] {
        run(appstream::Client::new(&config).stop_fleet(StopFleetInput::new("a"))).unwrap();
        assert_eq!(script.attempts(), 2, "STS was asked");
        let cassette = recorder.finish().unwrap();
        assert_eq!(cassette.len(), 1, "{cassette}");
        for secret in ["ASIAROLE", "role-secret", "role-token", "AKIDSOURCE", "base-secret"] {
            assert!(!cassette.to_string().contains(secret) && !format!("{recorder:?}").contains(secret));
        }
    }
}

#[test]
fn errors_keep_their_codes_and_messages_where_no_shape_has_them() {
    let bodies = [
        r#"{"__type": "OperationNotSupportedException", "message": "Not now.", "reason": "Why."}"#,
        r#"{"__type": "NobodyKnowsThis", "message": "Really."}"#,
        r#"{"__type": "NobodyKnowsThis"}"#,
        r#"{"__type": "AccessDeniedException", "message": "Not you."}"#,
    ];
    for body in bodies {
        let recorder = Recorder::of(&Script::new().then_json(400, body).config().build());
        let reboot = |config: &Config| {
            run(workspaces::Client::new(config)
                .reboot_workspaces(ws::RebootWorkspacesInput::new([ws::RebootRequest::new("ws-1")])))
            .unwrap_err()
        };
        let before = reboot(&recorder.config());
        let text = recorder.finish().unwrap().to_string();
        for protocol in PROTOCOLS {
            let replay = Replay::of(text.parse().unwrap());
            let after = reboot(&replay.config_builder().protocol(protocol).build());
            assert_eq!(after.to_string(), before.to_string(), "{text}");
            assert_eq!(after.service_error(), before.service_error());
        }
    }
}

/// Codes that are not the names of shapes: those of services that were of a query protocol, and of those that are.
#[test]
fn codes_of_queries_come_back() {
    use errors_query_compatible::types::{RunInput, RunOutput};
    let script = Script::new().then(|_| {
        let body = r#"{"__type": "Missing", "message": "It is gone."}"#;
        Ok(super::common::response(400, &[("x-amzn-query-error", "AWS.Fixture.Missing;Sender")], body))
    });
    let recorder = Recorder::of(&without_rules(script.config()));
    let call = |config: &Config| -> Result<RunOutput, _> {
        run(errors_query_compatible::Client::new(config).run(RunInput::new()))
    };
    let before = call(&recorder.config()).unwrap_err();
    assert_eq!(before.code(), Some("AWS.Fixture.Missing"));
    let replay = Replay::of(recorder.finish().unwrap());
    let after = call(&without_rules(replay.config_builder())).unwrap_err();
    assert_eq!((after.to_string(), after.service_error()), (before.to_string(), before.service_error()));
}

#[test]
fn a_service_with_tokens_instead_of_signatures_is_replayed_too() {
    use bearer::types::{RunInput, RunOutput};
    let mock = Mock::new();
    mock.on::<RunInput>().respond(Ok(RunOutput::default()));
    let token = workstream::client::BearerToken::new("bearer-secret");
    let recorder = Recorder::of(&without_rules(mock.config_builder().bearer_token(token)));
    run(bearer::Client::new(&recorder.config()).run(RunInput::new())).unwrap();
    let cassette = recorder.finish().unwrap();
    assert!(!cassette.to_string().contains("bearer-secret"));
    run(bearer::Client::new(&without_rules(Replay::of(cassette).config_builder())).run(RunInput::new())).unwrap();
}

#[test]
fn a_query_protocol_is_recorded_and_replayed() {
    use protocol_query::types::{DescribeInput, DescribeOutput};
    let mock = Mock::new();
    mock.on::<DescribeInput>().respond(Ok(DescribeOutput::default())).respond_code(
        StatusCode::CONFLICT,
        "Odd",
        "It is odd.",
    );
    let recorder = Recorder::of(&without_rules(mock.config_builder()));
    let describe = |config: &Config| run(protocol_query::Client::new(config).describe(DescribeInput::default()));
    let (before, error) = (describe(&recorder.config()).unwrap(), describe(&recorder.config()).unwrap_err());
    let replay = Replay::of(recorder.finish().unwrap());
    let config = without_rules(replay.config_builder());
    assert_eq!(describe(&config).unwrap(), before);
    let again = describe(&config).unwrap_err();
    assert_eq!(again.to_string(), error.to_string());
}

/// Operations by name are calls too.
#[test]
fn calls_by_name_are_recorded_and_replayed() {
    let mock = service();
    let recorder = Recorder::of(&mock.config());
    let call = |config: &Config| {
        let client = appstream::blocking::Client::new(config);
        let url = client.call_dynamic("CreateStreamingURL", r#"{"StackName":"s","FleetName":"f","UserId":"u"}"#);
        let gone = client.call_dynamic("DeleteFleet", r#"{"Name":"nobody"}"#);
        (url.send().is_ok(), gone.send().unwrap_err().to_string())
    };
    let before = call(&recorder.config());
    let cassette = recorder.finish().unwrap();
    assert!(!cassette.to_string().contains(URL), "{cassette}");
    let replay = Replay::of(cassette);
    assert_eq!(call(&replay.config()), before);
    replay.check_all_used().unwrap();
}

/// A waiter that fails says the same again.
#[test]
fn waiters_fail_in_the_same_way() {
    let mock = Mock::new();
    mock.on::<DescribeFleetsInput>()
        .respond(Ok(DescribeFleetsOutput::new().fleets([fleet("a", FleetState::Stopping)])));
    let recorder = Recorder::of(&mock.config());
    let wait = |config: &Config| {
        let client = appstream::Client::new(config);
        run(client.wait_until_fleet_started(DescribeFleetsInput::new().names(["a"]))).unwrap_err()
    };
    let before = wait(&recorder.config());
    assert_eq!(before.kind(), WaitErrorKind::Failure, "{before}");
    assert_eq!(wait(&Replay::of(recorder.finish().unwrap()).config()).to_string(), before.to_string());
}

/// A transport around a recorder that hides what requests call is found out.
#[test]
fn what_nobody_has_told_is_not_taken_for_recorded() {
    let mock = service();
    let recorder = Recorder::of(&mock.config());
    let config = mock.config_builder().transport(Wrapped(recorder.clone())).build();
    run(appstream::Client::new(&config).delete_fleet(DeleteFleetInput::new("nobody"))).unwrap_err();
    let error = recorder.finish().unwrap_err().to_string();
    assert!(error.starts_with("nothing was recorded, though 1 requests have passed"), "{error}");
    // A wrapper within the configuration of the recorder passes on what is told.
    let config = recorder.config_builder().transport(Wrapped(recorder.clone())).build();
    run(appstream::Client::new(&config).delete_fleet(DeleteFleetInput::new("nobody"))).unwrap_err();
    assert_eq!(recorder.finish().unwrap().len(), 1);
    // Directly, it is a transport as any.
    let config = mock.config_builder().transport(recorder.clone()).build();
    run(appstream::Client::new(&config).delete_fleet(DeleteFleetInput::new("nobody"))).unwrap_err();
    assert_eq!(recorder.finish().unwrap().len(), 2);
}

#[derive(Debug)]
struct Wrapped(Recorder);

impl workstream::client::Transport for Wrapped {
    fn send(
        &self,
        request: http::Request<bytes::Bytes>,
    ) -> workstream::client::BoxFuture<'_, Result<http::Response<bytes::Bytes>, workstream::client::TransportError>>
    {
        workstream::client::Transport::send(&self.0, request)
    }
}
