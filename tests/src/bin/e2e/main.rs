//! Calls a moto server with the async and the blocking client: see `cargo xtask e2e`, which starts one and this.
//!
//! A program and no test, because `cargo test` is not to need Python; and of this package, because xtask is not to be
//! built with a network stack.

mod identity;
mod report;
mod scenario;

use identity::Identity;
use report::Report;
use scenario::{Directory, Scenario};
use serde_json::Value;
use std::process::ExitCode;
use workstream::client::{Async, Blocking};
use workstream_tests::drive::Drive;

/// What `tests/e2e/serve.py` prints, as the only argument.
struct Facts {
    endpoint: String,
    region: String,
    directories: Vec<Value>,
}

impl Facts {
    fn read(text: &str) -> Option<Self> {
        let facts: Value = serde_json::from_str(text).ok()?;
        Some(Self {
            endpoint: facts["endpoint"].as_str()?.to_owned(),
            region: facts["region"].as_str()?.to_owned(),
            directories: facts["directories"].as_array()?.clone(),
        })
    }

    /// The directory for this client.
    fn directory(&self, client: &str) -> Option<Directory> {
        let directory = self.directories.iter().find(|directory| directory["client"] == client)?;
        let subnets = directory["subnets"].as_array()?.iter();
        Some(Directory {
            id: directory["id"].as_str()?.to_owned(),
            name: directory["name"].as_str()?.to_owned(),
            subnets: subnets.filter_map(|subnet| subnet.as_str().map(str::to_owned)).collect(),
        })
    }
}

fn main() -> ExitCode {
    let facts = std::env::args().nth(1).and_then(|text| Facts::read(&text));
    let Some(facts) = facts else {
        eprintln!("usage: e2e FACTS, where FACTS is what tests/e2e/serve.py prints; `cargo xtask e2e` does all that");
        return ExitCode::from(2);
    };
    let passed = [play::<Async>(&facts), play::<Blocking>(&facts)];
    if passed.contains(&false) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Plays the scenario with one kind of client; `false` when a step fails, of which the user has been told.
fn play<M: Drive>(facts: &Facts) -> bool {
    let report = Report::new(M::NAME);
    let Some(directory) = facts.directory(M::NAME) else {
        report.failed("begin", "there is no directory for this client");
        return false;
    };
    let scenario = Scenario::<M>::new(&facts.endpoint, &facts.region, directory);
    M::complete(scenario.play(&report)).is_ok() & identify::<M>(facts)
}

/// The same with those who call.
fn identify<M: Drive>(facts: &Facts) -> bool {
    let report = Report::new(format!("identity, {}", M::NAME));
    match Identity::<M>::new(&facts.endpoint, &facts.region) {
        Ok(identity) => M::complete(identity.play(&report)).is_ok(),
        Err(error) => {
            report.failed("begin", error);
            false
        }
    }
}
