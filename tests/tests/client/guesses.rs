//! What people write who know other clients and have not read on here. Each function is a guess of somebody that has to
//! compile, and to do what was meant. Those that do not compile are told by the compiler:
//!
//! | guess | what rustc says |
//! |---|---|
//! | `client.describe_fleets()` | argument #1 of type `DescribeFleetsInput` is missing |
//! | `DescribeFleetsInput::builder()` | consider using `DescribeFleetsInput::new` |
//! | `Config::from_env().await` | `Result<Config, ConfigError>` is not a future: remove the `.await` |
//! | `DescribeFleetsInput { names, ..Default::default() }` | cannot create non-exhaustive struct using struct expression |
//! | `.names(&[name])` where `name` is a `&str` | the trait `From<&&str>` is not implemented for `String` |
//! | `progress.state` | method, not a field: use parentheses |
//! | `tokio::spawn(client.describe_fleets(input))` | `Call<..>` is not a future |
//! | `.enable_default_internet_access(option)` | expected `bool`, found `Option<bool>` |
//! | `SystemTime::from(timestamp)` | the trait `From<Timestamp>` is not implemented; `try_from` is there |
//! | `"RUNNING" == fleet.state` | consider swapping the equality |

use super::common::run;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::time::{Duration, SystemTime};
use workstream::appstream::{self, Client, ServiceError, types::*};
use workstream::client::Mock;
use workstream::{Blob, Timestamp, workspaces};

fn fleet(name: &str, state: &str) -> Fleet {
    Fleet::new("arn", name, "stream.standard.medium", ComputeCapacityStatus::new(1), state)
}

fn mock() -> Mock {
    let mock = Mock::new();
    mock.on::<DescribeFleetsInput>().respond(Ok(DescribeFleetsOutput::new().fleets([fleet("a", "STOPPED")])));
    mock
}

#[test]
fn a_call_is_a_future_where_one_is_asked_for() {
    fn spawned<F: Future + Send + 'static>(future: F) -> F {
        future
    }
    let client = Client::new(&mock().config());
    let call = |name: &str| client.describe_fleets(DescribeFleetsInput::new().names([name]));
    assert!(run(spawned(call("a").send())).is_ok());
    let futures: Vec<_> = ["a", "b"].map(|name| call(name).send()).into();
    assert_eq!(futures.into_iter().map(run).filter(Result::is_ok).count(), 2);
    let detailed = run(spawned(call("a").with_metadata().send()));
    assert_eq!(detailed.map(|answer| answer.attempts).ok(), Some(1));
}

#[test]
fn the_commonest_questions_are_there() {
    let mock = Mock::new();
    mock.on::<DescribeFleetsInput>().respond_code(http::StatusCode::FORBIDDEN, "AccessDeniedException", "No.");
    let error = run(Client::new(&mock.config()).describe_fleets(DescribeFleetsInput::new())).unwrap_err();
    assert!(error.is_access_denied() && !error.is_throttling() && !error.is_timeout());
}

#[test]
fn lists_and_maps_come_from_anything() {
    let names = vec!["a".to_owned(), "b".to_owned()];
    let input = DescribeFleetsInput::new().names(&names);
    assert_eq!(input, DescribeFleetsInput::new().names(["a", "b"]));
    assert_eq!(input, DescribeFleetsInput::new().names(names.iter().map(String::as_str)));
    let tags = HashMap::from([("team", "a".to_owned())]);
    assert_eq!(TagResourceInput::new("arn", tags).tags["team"], "a");

    use workstream_fixtures::waiter_expressions::types::{DescribeOutput, Item};
    let item = || Item::new([]);
    let listed = DescribeOutput::new().by_name([("a", item())]);
    assert_eq!(listed, DescribeOutput::new().by_name(BTreeMap::from([("a".to_owned(), item())])));
    assert_eq!(listed, DescribeOutput::new().by_name(HashMap::from([("a", item())])));
    assert_eq!(listed, DescribeOutput::new().by_name(["a"].map(|name| (name, item()))));
}

#[test]
fn what_may_be_absent_is_set_in_one_line() {
    let input = |description: Option<&str>, internet: Option<bool>, tags: Option<[(&str, &str); 1]>| {
        CreateFleetInput::new("a", "stream.standard.medium")
            .maybe(description, CreateFleetInput::description)
            .maybe(internet, CreateFleetInput::enable_default_internet_access)
            .maybe(tags, CreateFleetInput::tags)
    };
    assert_eq!(input(None, None, None), CreateFleetInput::new("a", "stream.standard.medium"));
    let all = input(Some("b"), Some(true), Some([("c", "d")]));
    assert_eq!((all.description.as_deref(), all.enable_default_internet_access), (Some("b"), Some(true)));
    assert_eq!(all.tags.unwrap()["c"], "d");
    // What is inside of inputs, and anything that is no setter.
    let config = VpcConfig::new().maybe(Some(["subnet-1"]), VpcConfig::subnet_ids);
    assert_eq!(config.subnet_ids.unwrap(), ["subnet-1"]);
    let limited = DescribeFleetsInput::new().maybe(Some(3), |input, page| input.next_token(page.to_string()));
    assert_eq!(limited.next_token.as_deref(), Some("3"));
}

#[test]
fn states_are_compared_with_text() {
    let mut fleet = fleet("a", "RUNNING");
    assert!(fleet.state == "RUNNING" && fleet.state != "STOPPED" && fleet.state == *"RUNNING");
    let text = "RUNNING".to_owned();
    let state = &fleet.state;
    assert!(fleet.state == text && state == "RUNNING" && *state == text.as_str());
    assert_eq!("RUNNING".parse::<FleetState>().unwrap(), FleetState::Running);
    fleet.state = "NEW".into();
    assert_eq!(fleet.state, "NEW", "whatever this version knows");
    assert!(format!("{fleet:?}").contains(&format!("{:?}", fleet.state)), "it looks the same inside and alone");
    assert_eq!(format!("{} {:?}", FleetState::Running, FleetState::Running), "RUNNING \"RUNNING\"");
    assert_eq!(
        format!("{:>9}|{:<9}|", FleetState::Running, fleet.state),
        "  RUNNING|NEW      |",
        "columns are columns"
    );
}

#[test]
fn blobs_are_bytes() {
    let bytes_of = |blob: &Option<Blob>| blob.as_deref().map(<[u8]>::len);
    assert_eq!((bytes_of(&Some("PNG".into())), bytes_of(&None)), (Some(3), None));
    let blob = Blob::from("PNG");
    assert_eq!(blob.len(), 3);
    assert!(
        !blob.is_empty() && blob.starts_with(b"P") && blob == *b"PNG" && blob == b"PNG" && blob == vec![80, 78, 71]
    );
    assert_eq!(std::str::from_utf8(&blob), Ok("PNG"));
    assert_eq!(Blob::from([1, 2]).into_inner(), Vec::from(Blob::from(bytes::Bytes::from_static(&[1, 2]))));
}

#[test]
fn times_are_the_systems() {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    assert_eq!(SystemTime::try_from(Timestamp::from(time)), Ok(time));
}

#[test]
fn operations_are_called_by_name() {
    let mock = mock();
    mock.on::<StopFleetInput>()
        .respond_code(http::StatusCode::BAD_REQUEST, "ThrottlingException", "Slowly.")
        .respond(Ok(StopFleetOutput::new()));
    let gone = ServiceError::ResourceNotFoundException(ResourceNotFoundException::new().message("There is no a."));
    mock.on::<StartFleetInput>().respond(Err(gone));
    let client = Client::new(&mock.config());
    let found = run(client.call_dynamic("DescribeFleets", r#"{"Names": ["a"]}"#)).unwrap();
    assert!(found.starts_with(r#"{"Fleets":[{"Arn":"arn","Name":"a""#), "{found}");
    assert_eq!(mock.calls::<DescribeFleetsInput>(), [DescribeFleetsInput::new().names(["a"])]);
    // Retries are those of any call, and so are errors.
    assert_eq!(run(client.call_dynamic("StopFleet", r#"{"Name": "a"}"#).send()).unwrap(), "{}");
    assert_eq!(mock.calls::<StopFleetInput>().len(), 2);
    let blocking = appstream::blocking::Client::new(&mock.config());
    let error = blocking.call_dynamic("StartFleet", r#"{"Name": "a"}"#).send().unwrap_err();
    assert_eq!(error.to_string(), "ResourceNotFoundException: There is no a. (HTTP 400, request id mock-4)");
    let told = |operation: &str, input: &str| run(client.call_dynamic(operation, input)).unwrap_err().to_string();
    assert_eq!(told("StartFleets", "{}"), "AppStream has no operation `StartFleets`");
    assert!(told("StartFleet", r#"{"Nam": "a"}"#).starts_with("the JSON does not fit the operation: "));
    let timeout = Client::new(&mock.config_builder().call_timeout(Duration::ZERO).build());
    let late = run(timeout.call_dynamic("StopFleet", r#"{"Name": "a"}"#)).unwrap_err();
    assert_eq!(late.to_string(), "the call took longer than 0ns");
}

/// Errors of an application: one variant for all waiters of a service.
#[derive(Debug)]
enum Failure {
    Call(appstream::Error),
    Wait(appstream::WaitError),
    OtherWait(workspaces::WaitError),
}

impl From<appstream::Error> for Failure {
    fn from(error: appstream::Error) -> Self {
        Self::Call(error)
    }
}

impl From<appstream::WaitError> for Failure {
    fn from(error: appstream::WaitError) -> Self {
        Self::Wait(error)
    }
}

impl From<workspaces::WaitError> for Failure {
    fn from(error: workspaces::WaitError) -> Self {
        Self::OtherWait(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => error.fmt(f),
            Self::Wait(error) => error.fmt(f),
            Self::OtherWait(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Failure {}

#[test]
fn all_waiters_of_a_service_have_one_error() {
    async fn both(client: &Client) -> Result<(), Failure> {
        client.wait_until_fleet_stopped(DescribeFleetsInput::new()).await?;
        client.wait_until_image_builder_running(DescribeImageBuildersInput::new()).await?;
        client.start_fleet(StartFleetInput::new("a")).await?;
        workspaces::Client::new(client.config())
            .wait_until_workspace_available(workspaces::types::DescribeWorkspacesInput::new())
            .await?;
        Ok(())
    }
    async fn boxed(client: &Client) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Ok(both(client).await?)
    }
    fn is_small_error<T: std::error::Error + Send + Sync + Unpin + 'static>() -> bool {
        size_of::<T>() == size_of::<usize>()
    }
    assert!(is_small_error::<appstream::WaitError>());
    let mock = mock();
    let stopped = ImageBuilder::new("b").state("STOPPED");
    mock.on::<DescribeImageBuildersInput>().respond(Ok(DescribeImageBuildersOutput::new().image_builders([stopped])));
    let client = Client::new(&mock.config());
    let Err(Failure::Wait(error)) = run(both(&client)) else { panic!("one cannot start by itself") };
    assert_eq!((error.waiter(), error.state().as_str()), ("ImageBuilderRunning", "STOPPED (b)"));
    assert_eq!(run(boxed(&client)).unwrap_err().to_string(), error.to_string());
    assert_eq!(format!("{error:?}"), error.to_string(), "what a `main` that fails shows");
    assert!(format!("{error:#?}").contains("ImageBuilders"), "{error:#?}");
}
