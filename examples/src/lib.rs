//! A function of an application, and its unit tests with a mock instead of the service, and with calls that were recorded.

use workstream::appstream::{Client, Error, types::*};

/// Stops all fleets that run, and tells their names.
///
/// # Errors
/// When a call fails; but a fleet that is gone meanwhile counts as stopped.
pub async fn stop_running_fleets(client: &Client) -> Result<Vec<String>, Error> {
    let mut stopped = Vec::new();
    let mut fleets = client.describe_fleets(DescribeFleetsInput::new()).items();
    while let Some(fleet) = fleets.try_next().await? {
        if fleet.state != FleetState::Running {
            continue;
        }
        match client.stop_fleet(StopFleetInput::new(&fleet.name)).await {
            Err(error) if !error.is_resource_not_found_exception() => return Err(error),
            _ => stopped.push(fleet.name),
        }
    }
    Ok(stopped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use workstream::appstream::ServiceError;
    use workstream::client::{Mock, Replay, Tape};

    fn fleet(name: &str, state: FleetState) -> Fleet {
        Fleet::new("arn", name, "stream.standard.medium", ComputeCapacityStatus::new(1), state)
    }

    /// Two fleets on two pages.
    fn mock() -> Mock {
        let mock = Mock::new();
        let first = DescribeFleetsOutput::new().fleets([fleet("a", FleetState::Running)]).next_token("2");
        let second =
            DescribeFleetsOutput::new().fleets([fleet("b", FleetState::Running), fleet("c", FleetState::Stopped)]);
        mock.on::<DescribeFleetsInput>().respond(Ok(first)).respond(Ok(second));
        mock
    }

    #[tokio::test]
    async fn fleets_that_run_are_stopped() {
        let mock = mock();
        mock.on::<StopFleetInput>().respond(Ok(StopFleetOutput::new()));
        let stopped = stop_running_fleets(&Client::new(&mock.config())).await.unwrap();
        assert_eq!(stopped, ["a", "b"]);
        assert_eq!(mock.calls::<StopFleetInput>(), [StopFleetInput::new("a"), StopFleetInput::new("b")]);
    }

    #[tokio::test]
    async fn a_fleet_that_is_gone_is_no_error() {
        let mock = mock();
        mock.on::<StopFleetInput>().respond(Ok(StopFleetOutput::new()));
        mock.on::<StopFleetInput>()
            .matching(|input| input.name == "a")
            .respond(Err(ServiceError::ResourceNotFoundException(ResourceNotFoundException::new())));
        assert_eq!(stop_running_fleets(&Client::new(&mock.config())).await.unwrap(), ["a", "b"]);
    }
    /// `RECORD=1 cargo test -p workstream-examples` records the calls anew: here from a mock, elsewhere with
    /// `Config::from_env()?` from AWS.
    #[tokio::test]
    async fn fleets_that_run_are_stopped_as_recorded() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/cassettes/stop_running_fleets.json");
        let tape = match std::env::var_os("RECORD") {
            Some(_) => {
                let mock = mock();
                mock.on::<StopFleetInput>().respond(Ok(StopFleetOutput::new()));
                Tape::record(path, &mock.config())
            }
            None => Tape::replay(path).unwrap(),
        };
        assert_eq!(stop_running_fleets(&Client::new(&tape.config())).await.unwrap(), ["a", "b"]);
        tape.finish().unwrap();
    }

    #[tokio::test]
    async fn a_call_that_was_not_recorded_is_told() {
        let replay = Replay::load(concat!(env!("CARGO_MANIFEST_DIR"), "/cassettes/stop_running_fleets.json")).unwrap();
        let error = Client::new(&replay.config()).stop_fleet(StopFleetInput::new("z")).await.unwrap_err().to_string();
        assert!(error.contains("Name is \"z\", and was \"a\" when it was recorded"), "{error}");
    }
}
