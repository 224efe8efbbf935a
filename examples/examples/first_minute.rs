//! The client at work in the first minute, without an AWS account: a mock answers in place of AppStream. Calls, pages,
//! waiters, retries and errors are the real ones.

use std::sync::atomic::{AtomicU32, Ordering};
use workstream::appstream::{Client, ServiceError, types::*};
use workstream::client::Mock;
use workstream::runtime::http::StatusCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // With an account, this line is `Client::from_env().await?`, and all others are the same.
    let client = Client::new(&appstream().config());

    let mut fleets = client.describe_fleets(DescribeFleetsInput::new()).items();
    while let Some(fleet) = fleets.try_next().await? {
        println!("{:<10} is {}", fleet.name, fleet.state.as_str());
    }

    let started = client.start_fleet(StartFleetInput::new("designers")).with_metadata().await?;
    println!("designers starts: the service was too busy at first, and answered attempt {}", started.attempts);

    let waited = client
        .wait_until_fleet_started(DescribeFleetsInput::new().names(["designers"]))
        .on_progress(|progress| println!("{} after {} s", progress.state(), progress.elapsed.as_secs()))
        .await?;
    println!("designers runs, after {} s of the mock's time", waited.elapsed.as_secs());

    match client.delete_fleet(DeleteFleetInput::new("nobody")).await {
        Err(error) if error.is_resource_not_found_exception() => println!("{error}"),
        other => println!("{other:?}"),
    }
    Ok(())
}

/// A service with two fleets on two pages.
fn appstream() -> Mock {
    let mock = Mock::new();
    let first = DescribeFleetsOutput::new().fleets([fleet("analysts", FleetState::Running)]).next_token("2");
    let second = DescribeFleetsOutput::new().fleets([fleet("designers", FleetState::Stopped)]);
    mock.on::<DescribeFleetsInput>().respond(Ok(first)).respond(Ok(second));

    mock.on::<StartFleetInput>()
        .respond_code(StatusCode::BAD_REQUEST, "ThrottlingException", "Rate exceeded")
        .respond(Ok(StartFleetOutput::new()));

    let asked = AtomicU32::new(0);
    mock.on::<DescribeFleetsInput>().matching(|input| input.names.is_some()).respond_with(move |_| {
        let is_done = asked.fetch_add(1, Ordering::Relaxed) >= 2;
        let state = if is_done { FleetState::Running } else { FleetState::Starting };
        Ok(DescribeFleetsOutput::new().fleets([fleet("designers", state)]))
    });

    let gone = ResourceNotFoundException::new().message("Fleet nobody does not exist.");
    mock.on::<DeleteFleetInput>().respond(Err(ServiceError::ResourceNotFoundException(gone)));
    mock
}

fn fleet(name: &str, state: FleetState) -> Fleet {
    Fleet::new("arn", name, "stream.standard.medium", ComputeCapacityStatus::new(1), state)
}
