//! The entries of the overlays in `models/`, as the generated crate has them. Who deletes an entry deletes its test too.

use crate::common::model_set;
use crate::compiled::answer;
use workstream_fixtures::runtime::waiter::{Attempt, FailedCall, Waiter, WaiterState};
use workstream_fixtures::{Operation, Protocol as Wire};
use xtask::paths::workspace;

/// What AppStream and WorkSpaces speak. A shape of WorkSpaces is named `Protocol`.
const JSON: Wire = Wire::AwsJson1_1;
const SUCCESS: Option<WaiterState> = Some(WaiterState::Success);
const FAILURE: Option<WaiterState> = Some(WaiterState::Failure);

/// What a waiter makes of an answer with this body.
fn state<W: Waiter>(_: W, body: &str) -> Option<WaiterState> {
    let protocol = W::Operation::DESCRIPTION.service.json_protocol();
    let output = W::Operation::parse_response(protocol, &answer(200, body)).ok();
    W::state(Attempt::new(Some(200), Ok(&output.expect(body))))
}

/// What a waiter makes of a call that fails with this code.
fn on_error<W: Waiter>(_: W, code: &str) -> Option<WaiterState> {
    W::state(Attempt::new(Some(400), Err(FailedCall::new(code))))
}

/// An answer with a list of one element in each of `states`.
fn list(member: &str, states: &[&str]) -> String {
    let items: Vec<String> = states.iter().map(|state| format!(r#"{{"State":"{state}"}}"#)).collect();
    format!(r#"{{"{member}":[{}]}}"#, items.join(","))
}

/// Asserts what a waiter for the state `wanted` makes of every one of `states`,
/// of nothing, and of an error.
#[track_caller]
fn assert_waits<W: Waiter + Copy>(
    waiter: W,
    member: &str,
    states: &[impl AsRef<str>],
    wanted: &str,
    failures: &[&str],
) {
    let states: Vec<&str> = states.iter().map(AsRef::as_ref).collect();
    for known in failures.iter().chain([&wanted]) {
        assert!(states.contains(known), "{known} is none of {states:?}");
    }
    for &found in states.iter().chain(&["A_NEW_STATE"]) {
        let expected = match found {
            _ if found == wanted => SUCCESS,
            _ if failures.contains(&found) => FAILURE,
            _ => None,
        };
        let place = format!("{} {found}", W::NAME);
        assert_eq!(state(waiter, &list(member, &[found])), expected, "{place}");
        // Whether or not another one is there already.
        assert_eq!(state(waiter, &list(member, &[wanted, found])), expected, "{place}, second");
        assert_eq!(state(waiter, &list(member, &[found, wanted])), expected, "{place}, first");
    }
    // Nothing is no success; and an error that no acceptor takes ends the waiter.
    assert_eq!(state(waiter, &list(member, &[])), None, "{}", W::NAME);
    assert_eq!(state(waiter, "{}"), None, "{}", W::NAME);
    assert_eq!(on_error(waiter, "ResourceNotFoundException"), None, "{}", W::NAME);
    assert_is_patient(waiter);
}

/// Asserts what a waiter makes of an answer about one thing, `body` with each of `states`: it ends with those of `ends`,
/// and goes on with all others and with none.
#[track_caller]
fn assert_ends<W: Waiter + Copy>(
    waiter: W,
    states: &[impl AsRef<str>],
    body: impl Fn(&str) -> String,
    ends: &[(&str, Option<WaiterState>)],
) {
    let states: Vec<&str> = states.iter().map(AsRef::as_ref).collect();
    assert!(ends.iter().all(|(state, _)| states.contains(state)), "{states:?}");
    for found in states.into_iter().chain(["A_NEW_STATE"]) {
        let expected = ends.iter().find(|(state, _)| *state == found).and_then(|(_, end)| *end);
        assert_eq!(state(waiter, &body(found)), expected, "{} {found}", W::NAME);
    }
    assert_eq!(state(waiter, "{}"), None, "{}", W::NAME);
    assert_eq!(on_error(waiter, "AccessDeniedException"), None, "{}", W::NAME);
    assert_is_patient(waiter);
}

/// Asserts that a waiter gives up some time, and not before ten minutes.
#[track_caller]
fn assert_is_patient<W: Waiter>(_: W) {
    let minutes = W::MIN_DELAY.as_secs() * u64::from(W::MAX_ATTEMPTS.unwrap()) / 60;
    assert!((10..=180).contains(&minutes), "{}: {minutes} minutes", W::NAME);
}

mod appstream {
    use super::*;
    use workstream::appstream::types::*;
    use workstream::appstream::waiters::*;

    #[test]
    fn image_builders() {
        let states = ImageBuilderState::values();
        let failures = ["FAILED", "STOPPING", "STOPPED", "DELETING"];
        assert_waits(ImageBuilderRunning, "ImageBuilders", states, "RUNNING", &failures);
        let failures = ["FAILED", "RUNNING", "DELETING"];
        assert_waits(ImageBuilderStopped, "ImageBuilders", states, "STOPPED", &failures);
    }

    #[test]
    fn image_builders_that_are_gone() {
        let states = |states: &[&str]| state(ImageBuilderDeleted, &list("ImageBuilders", states));
        for one in ImageBuilderState::values().iter().map(AsRef::as_ref) {
            assert_eq!(states(&[one]), if one == "FAILED" { FAILURE } else { None }, "{one}");
        }
        assert_eq!((states(&[]), state(ImageBuilderDeleted, "{}")), (SUCCESS, SUCCESS));
        assert_eq!(state(ImageBuilderDeleted, r#"{"ImageBuilders":[],"NextToken":"more"}"#), None);
        assert_eq!(on_error(ImageBuilderDeleted, "ResourceNotFoundException"), SUCCESS);
        assert_eq!(on_error(ImageBuilderDeleted, "OperationNotPermittedException"), None);
        assert_is_patient(ImageBuilderDeleted);
    }

    #[test]
    fn app_block_builders() {
        let states = AppBlockBuilderState::values();
        assert_waits(AppBlockBuilderRunning, "AppBlockBuilders", states, "RUNNING", &["STOPPING", "STOPPED"]);
        assert_waits(AppBlockBuilderStopped, "AppBlockBuilders", states, "STOPPED", &["STARTING", "RUNNING"]);
        let with_error = |state: &str| {
            format!(r#"{{"AppBlockBuilders":[{{"State":"{state}","AppBlockBuilderErrors":[{{"ErrorCode":"X"}}]}}]}}"#)
        };
        assert_eq!(state(AppBlockBuilderRunning, &with_error("STARTING")), FAILURE);
        assert_eq!(state(AppBlockBuilderRunning, &with_error("RUNNING")), SUCCESS);
    }

    #[test]
    fn images() {
        assert_waits(ImageAvailable, "Images", ImageState::values(), "AVAILABLE", &["FAILED", "DELETING"]);
    }

    #[test]
    fn fleets_fail_fast() {
        assert_waits(FleetStarted, "Fleets", FleetState::values(), "RUNNING", &["STOPPING", "STOPPED"]);
        let fleet = |state: &str, errors: &str| format!(r#"{{"State":"{state}","FleetErrors":[{errors}]}}"#);
        let fleets = |fleets: &[String]| state(FleetStarted, &format!(r#"{{"Fleets":[{}]}}"#, fleets.join(",")));
        let error = r#"{"ErrorCode":"SUBNET_NOT_FOUND"}"#;
        assert_eq!(fleets(&[fleet("STARTING", error)]), FAILURE);
        assert_eq!(fleets(&[fleet("STARTING", "")]), None);
        // Errors of a fleet that runs may be old ones.
        assert_eq!(fleets(&[fleet("RUNNING", error)]), SUCCESS);
        assert_eq!(fleets(&[fleet("RUNNING", error), fleet("STARTING", "")]), None);
    }

    #[test]
    fn secrets() {
        const SECRET: &str = "hunter2";
        let script = ScriptDetails::new(S3Location::new("bucket"), "setup.exe", 60).executable_parameters(SECRET);
        let debug = [
            format!("{script:?}"),
            format!("{:?}", Application::default().launch_parameters(SECRET)),
            format!("{:?}", Application::default().icon_url(SECRET)),
            format!("{:?}", CreateApplicationInput::default().launch_parameters(SECRET)),
            format!("{:?}", UpdateApplicationInput::default().launch_parameters(SECRET)),
            format!("{:?}", CreateStreamingUrlInput::default().session_context(SECRET)),
        ];
        for text in debug {
            assert!(!text.contains(SECRET) && text.contains("redacted"), "{text}");
        }
    }

    #[test]
    fn errors() {
        let means = |status, code| {
            let body = format!(r#"{{"__type":"{code}"}}"#);
            let answer = answer(status, &body);
            let error = DescribeFleetsInput::parse_response(JSON, &answer).unwrap_err();
            (error.is_retryable(), error.is_throttling())
        };
        assert_eq!(means(400, "LimitExceededException"), (false, false));
        assert_eq!(means(400, "RequestLimitExceededException"), (true, true));
        assert_eq!(means(400, "ConcurrentModificationException"), (true, false));
        assert_eq!(means(404, "ResourceNotFoundException"), (false, false));
        // What the model does not have keeps its usual meaning.
        assert_eq!(means(400, "ThrottlingException"), (true, true));
    }
}

mod workspaces {
    use super::*;
    use workstream::workspaces::types::*;
    use workstream::workspaces::waiters::*;

    #[test]
    fn client_properties() {
        const { assert!(!<DescribeClientPropertiesInput as workstream::Batched>::INFERRED) };
        let mut input = DescribeClientPropertiesInput::new(["d-1", "d-2"]);
        assert_eq!(workstream::Batched::list_to_split(&mut input), &["d-1", "d-2"]);
    }

    #[test]
    fn workspaces() {
        let states = WorkspaceState::values();
        let failures = ["ERROR", "TERMINATING", "TERMINATED"];
        assert_waits(WorkspaceAvailable, "Workspaces", states, "AVAILABLE", &failures);
        assert_waits(WorkspaceStopped, "Workspaces", states, "STOPPED", &["TERMINATING", "TERMINATED"]);
    }

    #[test]
    fn workspaces_that_are_gone() {
        let states = |states: &[&str]| state(WorkspaceTerminated, &list("Workspaces", states));
        for one in WorkspaceState::values().iter().map(AsRef::as_ref) {
            let expected = if one == "TERMINATED" { SUCCESS } else { None };
            assert_eq!((states(&[one]), states(&["TERMINATED", one])), (expected, expected), "{one}");
        }
        assert_eq!((states(&[]), state(WorkspaceTerminated, "{}")), (SUCCESS, SUCCESS));
        assert_eq!(state(WorkspaceTerminated, r#"{"Workspaces":[],"NextToken":"more"}"#), None);
        assert_eq!(state(WorkspaceTerminated, r#"{"Workspaces":[{}]}"#), None);
        assert_eq!(on_error(WorkspaceTerminated, "ResourceUnavailableException"), None);
        assert_is_patient(WorkspaceTerminated);
    }

    #[test]
    fn pools() {
        let states = WorkspacesPoolState::values();
        let failures = ["STOPPING", "STOPPED", "DELETING"];
        assert_waits(WorkspacesPoolRunning, "WorkspacesPools", states, "RUNNING", &failures);
        let failures = ["STARTING", "RUNNING", "DELETING"];
        assert_waits(WorkspacesPoolStopped, "WorkspacesPools", states, "STOPPED", &failures);
        let with_error =
            |state: &str| format!(r#"{{"WorkspacesPools":[{{"State":"{state}","Errors":[{{"ErrorMessage":"x"}}]}}]}}"#);
        assert_eq!(state(WorkspacesPoolRunning, &with_error("STARTING")), FAILURE);
        assert_eq!(state(WorkspacesPoolRunning, &with_error("RUNNING")), SUCCESS);
    }

    #[test]
    fn errors() {
        let means = |status, code| {
            let body = format!(r#"{{"__type":"{code}"}}"#);
            let answer = answer(status, &body);
            let error = DescribeWorkspacesInput::parse_response(JSON, &answer).unwrap_err();
            (error.is_retryable(), error.is_throttling())
        };
        assert_eq!(means(400, "ResourceLimitExceededException"), (false, false));
        assert_eq!(means(400, "InternalServerException"), (true, false));
        assert_eq!(means(400, "LimitExceededException"), (true, true), "the model has no such error");
    }
}

mod workspaces_instances {
    use super::*;
    use workstream::workspaces_instances::types::ProvisionStateEnum;
    use workstream::workspaces_instances::waiters::*;

    #[test]
    fn instances() {
        let failures = ["ERROR_ALLOCATING", "DEALLOCATING", "DEALLOCATED", "ERROR_DEALLOCATING"];
        let failures = failures.map(|state| (state, FAILURE));
        let ends = [&failures[..], &[("ALLOCATED", SUCCESS)]].concat();
        let states = ProvisionStateEnum::values();
        let body = |state: &str| format!(r#"{{"ProvisionState":"{state}"}}"#);
        assert_ends(WorkspaceInstanceAllocated, states, body, &ends);
        assert_eq!(on_error(WorkspaceInstanceAllocated, "ResourceNotFoundException"), None);
        let ends = [("DEALLOCATED", SUCCESS), ("ERROR_DEALLOCATING", FAILURE)];
        assert_ends(WorkspaceInstanceDeallocated, states, body, &ends);
        assert_eq!(on_error(WorkspaceInstanceDeallocated, "ResourceNotFoundException"), SUCCESS);
    }
}

mod workspaces_web {
    use super::*;
    use workstream::workspaces_web::types::{PortalStatus, SessionStatus};
    use workstream::workspaces_web::waiters::*;

    #[test]
    fn portals_and_sessions() {
        let portal = |state: &str| format!(r#"{{"portal":{{"portalArn":"a","portalStatus":"{state}"}}}}"#);
        assert_ends(PortalActive, PortalStatus::values(), portal, &[("Active", SUCCESS)]);
        let session = |state: &str| format!(r#"{{"session":{{"status":"{state}"}}}}"#);
        assert_ends(SessionTerminated, SessionStatus::values(), session, &[("Terminated", SUCCESS)]);
    }
}

mod workspaces_thin_client {
    use super::*;
    use workstream::workspaces_thin_client::types::DeviceStatus;
    use workstream::workspaces_thin_client::waiters::*;

    #[test]
    fn devices() {
        let device = |state: &str| format!(r#"{{"device":{{"status":"{state}"}}}}"#);
        let ends = [("DEREGISTERED", SUCCESS), ("ARCHIVED", SUCCESS)];
        assert_ends(DeviceDeregistered, DeviceStatus::values(), device, &ends);
    }
}

/// All that is in a folder, as one text.
fn sources(folder: &std::path::Path) -> String {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.map(|path| if path.is_dir() { sources(&path) } else { std::fs::read_to_string(path).unwrap() }).collect()
}

/// Every entry of an overlay, also one that has no test above yet, has reached the crate: its docs quote the reasons.
#[test]
fn no_entry_is_left_out() {
    let mut entries = 0;
    for service in model_set("models").services {
        // Long docs are wrapped.
        let words = sources(&workspace().join("generated/src").join(service.name.replace('-', "_")));
        let words: Vec<&str> = words.split_whitespace().filter(|word| *word != "///").collect();
        let docs = words.join(" ");
        for overlay in service.files.iter().filter(|file| file.path.ends_with("overlay.toml")) {
            let text = std::str::from_utf8(&overlay.text).unwrap();
            let reasons = text.lines().filter_map(|line| line.strip_prefix("reason = \"")?.strip_suffix('"'));
            for reason in reasons {
                assert!(docs.contains(reason), "{}: {reason}", service.name);
                entries += 1;
            }
        }
    }
    assert!(entries > 0);
}
