//! What code that uses the crate may write.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeSet, HashSet};
use std::error::Error as StdError;
use workstream::appstream::types::*;
use workstream::appstream::{self, ServiceError};
use workstream::runtime::http::{Response, StatusCode};
use workstream::{Operation, Protocol};

/// What a service answers to a call of an operation.
fn refused(status: u16, body: &str) -> appstream::Error {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    StartFleetInput::parse_response(Protocol::AwsJson1_1, &response).unwrap_err()
}

#[test]
fn enums_of_strings_are_read_from_text() {
    let state: FleetState = "RUNNING".parse().unwrap_or_else(|never| match never {});
    assert_eq!(state, FleetState::Running);
    assert_eq!("A_NEW_STATE".parse::<FleetState>().unwrap().as_str(), "A_NEW_STATE");
}

#[test]
fn enums_say_which_values_they_know() {
    const KNOWN: &[FleetState] = FleetState::values();
    assert!(KNOWN.contains(&FleetState::Running));
    assert!(KNOWN.iter().any(|state| state.as_str() == "STOPPED"));
    use workstream_fixtures::member_defaults::types::Level;
    assert!(Level::values().iter().all(|level| Level::from(level.as_i32()) == *level));
}

/// Where a value stands in the model makes no difference.
#[test]
fn enums_of_strings_are_ordered_and_hashed_by_their_text() {
    let texts = ["STOPPED", "A_NEW_STATE", "RUNNING"];
    let sorted: BTreeSet<FleetState> = texts.map(FleetState::from).into();
    assert_eq!(sorted.iter().map(FleetState::as_str).collect::<Vec<_>>(), ["A_NEW_STATE", "RUNNING", "STOPPED"]);
    let set: HashSet<FleetState> = texts.map(FleetState::from).into();
    assert!(set.contains(&FleetState::Running));
}

/// By itself and in a structure.
#[test]
fn enums_of_integers_are_their_numbers() {
    use workstream_fixtures::member_defaults::types::Level;
    let mut levels = Level::values().to_vec();
    levels.push(Level::from(i32::MAX));
    let numbers: Vec<i32> = levels.iter().map(|level| level.as_i32()).collect();
    levels.sort();
    assert!(levels.is_sorted_by_key(|level| level.as_i32()));
    let spelled = numbers.iter().map(|number| Level::Unknown(*number));
    assert!(spelled.zip(&numbers).all(|(level, number)| level == Level::from(*number)), "{numbers:?}");
}

#[test]
fn enums_of_strings_show_their_text() {
    let fleet = Fleet::default().state("RUNNING");
    assert_eq!(format!("{:?} {:?}", FleetState::Running, FleetState::from("NEW")), r#""RUNNING" "NEW""#);
    assert!(format!("{fleet:?}").contains(r#"State: "RUNNING""#), "{fleet:?}");
}

#[test]
fn errors_have_methods_of_their_own() {
    let error = refused(400, r#"{"__type": "ResourceNotFoundException", "Message": "no such fleet"}"#);
    // As paths, so that nothing is found by dereference.
    assert_eq!(appstream::Error::code(&error), Some("ResourceNotFoundException"));
    assert_eq!(appstream::Error::message(&error), Some("no such fleet"));
    assert_eq!(appstream::Error::status(&error), Some(StatusCode::BAD_REQUEST));
    assert_eq!(appstream::Error::operation(&error).name, "StartFleet");
    assert_eq!((appstream::Error::attempts(&error), appstream::Error::request_id(&error)), (1, None));
    assert_eq!((appstream::Error::body_excerpt(&error), appstream::Error::redirect_location(&error)), (None, None));
    assert!(!appstream::Error::is_retryable(&error) && !appstream::Error::is_throttling(&error));
    assert!(!appstream::Error::is_timeout(&error) && appstream::Error::client_error(&error).is_none());
    assert!(!appstream::Error::is_access_denied(&error) && error.is_resource_not_found_exception());
    let modelled: &dyn StdError = appstream::Error::service_error(&error).unwrap();
    assert_eq!(modelled.to_string(), "ResourceNotFoundException: no such fleet");
    assert!(matches!(error.service_error(), Some(ServiceError::ResourceNotFoundException(_))));
}

#[test]
fn a_refusal_of_credentials_has_a_name() {
    for code in ["AccessDeniedException", "AccessDenied", "UnauthorizedOperation"] {
        let error = refused(400, &format!(r#"{{"__type": "{code}"}}"#));
        assert!(error.is_access_denied() && !error.is_retryable(), "{error}");
    }
}

/// What takes futures takes a call's.
#[test]
fn the_future_of_a_call_can_be_sent_to_a_task() {
    fn spawned<T: Send + 'static>(_: impl Future<Output = T> + Send + 'static) {}
    let _ = |client: &appstream::Client| {
        spawned(client.start_fleet(StartFleetInput::new("fleet-1")).send());
        spawned(client.start_fleet(StartFleetInput::new("fleet-1")).with_metadata().send());
    };
}

/// As the docs of a constructor with several texts show it.
#[test]
fn required_members_may_be_given_by_their_names() {
    use workstream_fixtures::host_prefix::types::RunInput;
    assert!(RunInput::new("a", "b") == RunInput::default().name("a").r#type("b"));
    assert!(RunInput::new("a", "b") != RunInput::new("b", "a"));
}
