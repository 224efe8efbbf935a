//! The services of the family that are asked for: where their calls go, and what comes of them.

use super::common::{SECRET, Script, header, run};
use bytes::Bytes;
use http::Request;
use workstream::client::{Config, Credentials, Mock, TestClock};
use workstream::{Protocol, workspaces_instances, workspaces_thin_client, workspaces_web};

/// Answers `{}` to whatever is sent.
fn script() -> (Script, Config) {
    let script = Script::new().then_json(200, "{}");
    let builder = Config::builder().region("eu-west-1").credentials(Credentials::new("AKIAIOSFODNN7EXAMPLE", SECRET));
    let config = builder.transport(script.clone()).clock(TestClock::new()).build();
    (script, config)
}

/// Method and URI of the one request, and the service that it is signed for.
fn sent(script: &Script) -> (String, String, Request<Bytes>) {
    let [request] = <[_; 1]>::try_from(script.requests()).unwrap();
    let scope = header(request.headers(), "authorization").split("/eu-west-1/").nth(1).unwrap();
    let service = scope.split('/').next().unwrap().to_owned();
    (format!("{} {}", request.method(), request.uri()), service, request)
}

#[test]
fn instances_are_called_in_cbor() {
    use workspaces_instances::types::*;
    let (script, config) = script();
    let input = GetWorkspaceInstanceInput::new("wsinst-1");
    let call = workspaces_instances::Client::new(&config).get_workspace_instance(input);
    // What answers is no CBOR: the request is what this is about. Models before CBOR are called in it where that is asked.
    run(call.protocol(Protocol::RpcV2Cbor)).unwrap_err();
    let (line, service, request) = sent(&script);
    let operation = "service/EUCMIFrontendAPIService/operation/GetWorkspaceInstance";
    assert_eq!(line, format!("POST https://workspaces-instances.eu-west-1.api.aws/{operation}"));
    assert_eq!(service, "workspaces-instances");
    assert_eq!(header(request.headers(), "smithy-protocol"), "rpc-v2-cbor");
}

#[test]
fn portals_are_named_in_the_path() {
    use workspaces_web::types::*;
    let (script, config) = script();
    let client = workspaces_web::Client::new(&config);
    let arn = "arn:aws:workspaces-web:eu-west-1:123456789012:portal/a b";
    run(client.update_portal(UpdatePortalInput::new(arn).display_name("A"))).unwrap();
    let (line, service, request) = sent(&script);
    let path = "portals/arn%3Aaws%3Aworkspaces-web%3Aeu-west-1%3A123456789012%3Aportal/a%20b";
    assert_eq!(line, format!("PUT https://workspaces-web.eu-west-1.amazonaws.com/{path}"));
    assert_eq!(service, "workspaces-web");
    assert_eq!(header(request.headers(), "content-type"), "application/json");
    assert_eq!(request.body(), r#"{"displayName":"A"}"#);
}

#[test]
fn devices_have_a_host_of_their_own_and_tokens_in_the_query() {
    use workspaces_thin_client::types::*;
    let (script, config) = script();
    let client = workspaces_thin_client::Client::new(&config);
    run(client.delete_device(DeleteDeviceInput::new("d1").client_token("t/1"))).unwrap();
    let (line, service, request) = sent(&script);
    assert_eq!(line, "DELETE https://api.thinclient.eu-west-1.amazonaws.com/devices/d1?clientToken=t%2F1");
    assert_eq!((service.as_str(), request.body().len()), ("thinclient", 0));
}

/// One configuration serves services that do not speak the same protocols.
#[test]
fn a_protocol_that_a_service_does_not_speak_is_not_taken() {
    use workspaces_thin_client::types::*;
    let (script, config) = (Script::new().then_json(200, "{}"), workstream::Protocol::AwsJson1_1);
    let config = script.config().protocol(config).build();
    run(workspaces_thin_client::Client::new(&config).get_device(GetDeviceInput::new("d1"))).unwrap();
    let (line, ..) = sent(&script);
    assert_eq!(line, "GET https://api.thinclient.eu-west-1.amazonaws.com/devices/d1");
}

#[test]
fn pages_waiters_and_errors_with_a_mock() {
    use workspaces_web::types::*;
    let mock = Mock::new();
    let client = workspaces_web::Client::new(&mock.config());
    let summary = |id: &str| SessionSummary::new().session_id(id);
    mock.on::<ListSessionsInput>()
        .respond(Ok(ListSessionsOutput::new([summary("1"), summary("2")]).next_token("more")))
        .respond(Ok(ListSessionsOutput::new([summary("3")])));
    let mut sessions = client.list_sessions(ListSessionsInput::new("p").status(SessionStatus::Active)).items();
    let mut found = Vec::new();
    while let Some(session) = run(sessions.try_next()).unwrap() {
        found.push(session.session_id.unwrap());
    }
    assert_eq!(found, ["1", "2", "3"]);
    let asked = mock.calls::<ListSessionsInput>();
    let tokens: Vec<_> = asked.iter().map(|input| input.next_token.as_deref()).collect();
    assert_eq!((tokens, asked[1].status.clone()), (vec![None, Some("more")], Some(SessionStatus::Active)));

    let session = |status: SessionStatus| Ok(GetSessionOutput::new().session(Session::new().status(status)));
    mock.on::<GetSessionInput>().respond(session(SessionStatus::Active)).respond(session(SessionStatus::Terminated));
    let waited = run(client.wait_until_session_terminated(GetSessionInput::new("p", "1"))).unwrap();
    assert_eq!(waited.attempts, 2);

    let gone = ResourceNotFoundException::new().message("no such portal").resource_id("p");
    mock.on::<GetPortalInput>().respond(Err(workspaces_web::ServiceError::ResourceNotFoundException(gone.clone())));
    let error = run(client.get_portal(GetPortalInput::new("p"))).unwrap_err();
    assert!(error.is_resource_not_found_exception(), "{error}");
    assert_eq!(error.service_error(), Some(&workspaces_web::ServiceError::ResourceNotFoundException(gone)));
}
