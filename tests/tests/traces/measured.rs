//! What the feature `metrics` measures.

use super::common::{Script, run};
use super::recorded::Recorder;
use super::traced;
use workstream::appstream::{self, types::*};
use workstream::client::{Metrics, TransportErrorKind};

#[test]
fn calls_and_attempts_are_measured_by_the_names_of_open_telemetry() {
    let recorder = Recorder::default();
    // Not beside other tests, which want to be asked by every event.
    let calls = || {
        let script = Script::new()
            .then_fail(TransportErrorKind::Connect)
            .then_json(200, "{}")
            .then_json(400, r#"{"__type":"ResourceNotFoundException"}"#);
        let config = script.config().interceptor(Metrics::new()).jitter(|| 0.0).build();
        let client = appstream::Client::new(&config);
        run(client.start_fleet(StartFleetInput::new("a"))).unwrap();
        run(client.start_fleet(StartFleetInput::new("a"))).unwrap_err();
    };
    traced(|| metrics::with_local_recorder(&recorder, calls));
    let method = "rpc.method=AppStream/StartFleet";
    let server = "server.address=appstream2.eu-west-1.amazonaws.com server.port=443";
    let attempt = format!("http.client.request.duration {method} http.request.method=POST {server}");
    let attempts = format!("smithy.client.call.attempts rpc.system.name=aws-api {method} : 1");
    let call = format!("rpc.client.call.duration rpc.system.name=aws-api {method} {server}");
    let code = "ResourceNotFoundException";
    assert_eq!(
        recorder.lines(),
        [
            format!("{attempt} error.type=connect : 0"),
            attempts.clone(),
            format!("{attempt} http.response.status_code=200 : 0"),
            attempts.clone(),
            format!("{call} : 0"),
            format!("{attempt} http.response.status_code=400 error.type={code} : 0"),
            attempts,
            format!("{call} error.type={code} rpc.response.status_code={code} : 0"),
        ]
    );
}
