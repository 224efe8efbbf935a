//! Waiting: the loop, its limits, and what comes of it.

use super::common::run;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use workstream::appstream::{self, ServiceError, types::*};
use workstream::client::{Mock, On, WaitErrorKind};
use workstream::workspaces;

fn fleet(state: &str) -> Result<DescribeFleetsOutput, ServiceError> {
    Ok(DescribeFleetsOutput::new().fleets([Fleet::new(
        "arn",
        "a",
        "stream.standard.medium",
        ComputeCapacityStatus::new(1),
        state,
    )]))
}

fn fleets<'m>(mock: &'m Mock, states: &[&str]) -> On<'m, DescribeFleetsInput> {
    states.iter().fold(mock.on::<DescribeFleetsInput>(), |on, state| on.respond(fleet(state)))
}

fn builder(state: &str) -> Result<DescribeImageBuildersOutput, ServiceError> {
    Ok(DescribeImageBuildersOutput::new().image_builders([ImageBuilder::new("a").state(state)]))
}

#[test]
fn until_it_is_there() {
    let mock = Mock::new();
    let _ = fleets(&mock, &["STARTING", "STARTING", "RUNNING"]);
    let steps = Arc::new(Mutex::new(Vec::new()));
    let seen = steps.clone();
    let wait = appstream::Client::new(&mock.config())
        .wait_until_fleet_started(DescribeFleetsInput::new().names(["a"]))
        .on_progress(move |progress| seen.lock().unwrap().push((progress.attempts, progress.result.is_ok())));
    let waited = run(wait).unwrap();
    assert_eq!((waited.attempts, mock.calls::<DescribeFleetsInput>().len()), (3, 3));
    assert_eq!(waited.elapsed, mock.clock().elapsed());
    assert_eq!(waited.elapsed, Duration::from_secs(60), "as the model says: nothing is left to chance");
    assert_eq!(*steps.lock().unwrap(), [(1, true), (2, true)]);
    assert!(waited.response.as_ref().is_some_and(|response| response.request_id.is_some()));
    let output = waited.into_output().unwrap();
    assert_eq!(output.fleets.unwrap()[0].state, FleetState::Running);
}

#[test]
fn the_blocking_client_waits_too() {
    let mock = Mock::new();
    let _ = fleets(&mock, &["STARTING", "RUNNING"]);
    let client = appstream::blocking::Client::new(&mock.config());
    let waited = client.wait_until_fleet_started(DescribeFleetsInput::new()).wait().unwrap();
    assert_eq!(waited.attempts, 2);
    assert!(mock.clock().elapsed() >= Duration::from_secs(27));
}

#[test]
fn it_can_no_longer_come() {
    let mock = Mock::new();
    let _ = fleets(&mock, &["STARTING", "STOPPED"]);
    let error =
        run(appstream::Client::new(&mock.config()).wait_until_fleet_started(DescribeFleetsInput::new())).unwrap_err();
    assert_eq!((error.waiter(), error.kind(), error.attempts()), ("FleetStarted", WaitErrorKind::Failure, 2));
    assert_eq!(error.output::<DescribeFleetsOutput>().unwrap().fleets.as_ref().unwrap()[0].state, FleetState::Stopped);
    assert!(error.output::<DescribeImagesOutput>().is_none() && error.error().is_none(), "it is of another operation");
    assert_eq!(
        error.to_string(),
        "FleetStarted: it can no longer come to this state: STOPPED (a), after 2 calls and 30 s"
    );
    let [state] = error.states() else { panic!("{error:?}") };
    assert_eq!((state.resource.as_deref(), state.state.as_str()), (Some("a"), "STOPPED"));
}

/// What waits say of several resources, of none, and of one that a filter of an expression looks at.
#[test]
fn states_of_resources() {
    let mock = Mock::new();
    let client = appstream::Client::new(&mock.config());
    let fleets = ["RUNNING", "STOPPING", "RUNNING"].map(|state| fleet(state).unwrap().fleets.unwrap().remove(0));
    mock.on::<DescribeFleetsInput>().respond(Ok(DescribeFleetsOutput::new().fleets(fleets)));
    let error = run(client.wait_until_fleet_started(DescribeFleetsInput::new())).unwrap_err();
    assert_eq!(error.state(), "RUNNING (a, a), STOPPING (a)");
    mock.on::<DescribeFleetsInput>().respond(Ok(DescribeFleetsOutput::new()));
    let error = run(client.wait_until_fleet_started(DescribeFleetsInput::new()).max_attempts(1)).unwrap_err();
    let line = "FleetStarted: not in this state yet: nothing was found, after 1 call and 0 s";
    assert_eq!(error.to_string(), line, "a mistyped name looks like that");

    let workspace = workspaces::types::Workspace::new().workspace_id("ws-1").state("STOPPED");
    let output = workspaces::types::DescribeWorkspacesOutput::new().workspaces([workspace]);
    mock.on::<workspaces::types::DescribeWorkspacesInput>().respond(Ok(output));
    let wait = workspaces::Client::new(&mock.config())
        .wait_until_workspace_terminated(workspaces::types::DescribeWorkspacesInput::new());
    assert_eq!(run(wait.max_attempts(1)).unwrap_err().state(), "STOPPED (ws-1)");
}

#[test]
fn progress_tells_the_state_and_asks_the_services_questions() {
    let mock = Mock::new();
    let _ = fleets(&mock, &["STARTING", "RUNNING"]);
    let told = Arc::new(Mutex::new(Vec::new()));
    let seen = told.clone();
    let wait = appstream::Client::new(&mock.config()).wait_until_fleet_started(DescribeFleetsInput::new()).on_progress(
        move |progress| {
            let gone = progress.result.is_err_and(|error| error.is_resource_not_found_exception());
            seen.lock().unwrap().push((progress.state(), progress.states().len(), gone));
        },
    );
    run(wait).unwrap();
    assert_eq!(*told.lock().unwrap(), [("STARTING (a)".to_owned(), 1, false)]);
}

/// From the overlay: what a fleet has in `FleetErrors` does not pass by waiting.
#[test]
fn fleets_with_errors_fail_fast() {
    let failing = |errors: Vec<FleetError>| {
        let mut output = fleet("STARTING").unwrap();
        output.fleets.as_mut().unwrap()[0].fleet_errors = Some(errors);
        Ok(output)
    };
    let mock = Mock::new();
    mock.on::<DescribeFleetsInput>().respond(failing(vec![])).respond(failing(vec![FleetError::new()]));
    let error =
        run(appstream::Client::new(&mock.config()).wait_until_fleet_started(DescribeFleetsInput::new())).unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (WaitErrorKind::Failure, 2), "an empty list is no error");
    let reason = "length(Fleets[?State != 'RUNNING'].FleetErrors[]) > `0` is true";
    assert_eq!(error.state(), format!("STARTING (a), and {reason}"));
}

#[test]
fn an_error_can_be_what_is_waited_for() {
    let gone = ResourceNotFoundException::new().message("There is no a.");
    let mock = Mock::new();
    mock.on::<DescribeImageBuildersInput>()
        .respond(builder("DELETING"))
        .respond(Err(ServiceError::ResourceNotFoundException(gone)));
    let input = DescribeImageBuildersInput::new().names(["a"]);
    let waited = run(appstream::Client::new(&mock.config()).wait_until_image_builder_deleted(input)).unwrap();
    assert!(waited.result.as_ref().is_err_and(|error| error.is_resource_not_found_exception()));
    assert_eq!(waited.attempts, 2);
}

#[test]
fn an_error_that_is_not_waited_for_ends_the_wait() {
    let mock = Mock::new();
    mock.on::<DescribeImageBuildersInput>().respond_code(http::StatusCode::FORBIDDEN, "AccessDeniedException", "No.");
    let wait =
        appstream::Client::new(&mock.config()).wait_until_image_builder_running(DescribeImageBuildersInput::new());
    let error = run(wait).unwrap_err();
    assert_eq!(error.kind(), WaitErrorKind::Call);
    let line = "ImageBuilderRunning: a call failed, after 1 call and 0 s: DescribeImageBuilders: AccessDeniedException: No. \
                (HTTP 403, request id mock-1)";
    assert_eq!(error.to_string(), line);
    assert!(std::error::Error::source(&error).is_none(), "the line has it");
    assert!(error.state().is_empty() && error.error().is_some_and(|error| error.is_access_denied()));
    assert!(line.ends_with(&error.into_error().unwrap().to_string()));
}

#[test]
fn it_does_not_wait_for_ever() {
    let mock = Mock::new();
    let _ = fleets(&mock, &["STARTING"]);
    let client = appstream::Client::new(&mock.config());
    let error = run(client.wait_until_fleet_started(DescribeFleetsInput::new())).unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (WaitErrorKind::MaxAttempts, 40), "as the model says");
    assert_eq!(error.to_string(), "FleetStarted: not in this state yet: STARTING (a), after 40 calls and 1170 s");

    let wait =
        client.wait_until_fleet_started(DescribeFleetsInput::new()).max_attempts(3).delay(Duration::from_secs(1));
    let error = run(wait).unwrap_err();
    assert_eq!(error.attempts(), 3);
    assert_eq!(error.elapsed(), Duration::from_secs(2));

    let wait = client.wait_until_fleet_started(DescribeFleetsInput::new()).max_wait(Duration::from_secs(100));
    let error = run(wait).unwrap_err();
    assert_eq!(
        (error.kind(), error.elapsed()),
        (WaitErrorKind::MaxWait, Duration::from_secs(100)),
        "the last call is at the end"
    );
    assert_eq!(error.attempts(), 5);

    let client = appstream::Client::new(&mock.config_builder().jitter(|| 1.0).build());
    let error = run(client.wait_until_fleet_started(DescribeFleetsInput::new()).max_attempts(2)).unwrap_err();
    assert_eq!(error.elapsed(), Duration::from_secs(33), "a tenth more or less is chance");
}
