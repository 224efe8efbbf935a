//! Calls that are recorded and then replayed, without an AWS account: a mock answers in place of AppStream when they are
//! recorded, and nobody when they are replayed.

use workstream::appstream::{Client, types::*};
use workstream::client::{Mock, Recorder, Replay};
use workstream_examples::stop_running_fleets;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // With an account, these are calls of AWS: `Recorder::of(&Config::from_env()?)`.
    let recorder = Recorder::of(&appstream().config());
    let stopped = stop_running_fleets(&Client::new(&recorder.config())).await?;
    let cassette = recorder.finish()?;
    println!("recorded that {stopped:?} were stopped:\n\n{cassette}");

    // `cassette.save("tests/cassettes/fleets.json")?` keeps it for `Replay::load`.
    let replay = Replay::of(cassette);
    let client = Client::new(&replay.config());
    println!("replayed that {:?} were stopped", stop_running_fleets(&client).await?);
    replay.check_all_used()?;

    match client.stop_fleet(StopFleetInput::new("engineers")).await {
        Err(error) => println!("not recorded: {error}"),
        Ok(_) => println!("nobody has recorded this"),
    }
    Ok(())
}

/// A service with a fleet that runs.
fn appstream() -> Mock {
    let mock = Mock::new();
    let capacity = ComputeCapacityStatus::new(1);
    let fleet = Fleet::new("arn", "designers", "stream.standard.medium", capacity, FleetState::Running);
    mock.on::<DescribeFleetsInput>().respond(Ok(DescribeFleetsOutput::new().fleets([fleet])));
    mock.on::<StopFleetInput>().respond(Ok(StopFleetOutput::new()));
    mock
}
