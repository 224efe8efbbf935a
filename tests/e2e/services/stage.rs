//! What every service's steps are taken with.

use crate::drive::Drive;
use crate::report::{Failed, Outcome, Report, same};
use std::marker::PhantomData;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use workstream::Protocol;
use workstream::client::{Config, Credentials, RetryConfig};
use workstream::runtime::{Error, ServiceError};

/// A service, spoken to in one protocol by one kind of client.
pub struct Stage<M> {
    pub config: Config,
    /// For another service that has to be asked first.
    pub other: Config,
    pub report: Report,
    service: &'static str,
    protocol: Protocol,
    /// The same server may be used again.
    number: u128,
    mode: PhantomData<M>,
}

impl<M: Drive> Stage<M> {
    pub fn new(service: &'static str, endpoint: &str, region: &str, protocol: Protocol) -> Self {
        let config = Config::builder()
            .region(region)
            .credentials(Credentials::new("e2e", "e2e"))
            .endpoint_url(endpoint)
            .retry(RetryConfig::disabled())
            .call_timeout(Duration::from_secs(30));
        let other = config.clone().build();
        // One that is asked for is not given up for another.
        let config = config.protocol(protocol).build();
        let report = Report::new(format!("{service}, {}, {}", protocol.name(), M::NAME));
        let number = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
        Self { config, other, report, service, protocol, number, mode: PhantomData }
    }

    /// A name that nothing has yet on the server.
    pub fn name(&self, word: &str) -> String {
        format!("{word}-{}-{}", M::NAME, self.number)
    }
}

/// Says in a line on stdout what became of a service's steps; whether all passed.
pub fn told<M: Drive>(stage: &Stage<M>, played: Result<(), Failed>) -> bool {
    let passed = played.is_ok();
    if passed {
        stage.report.passed();
    }
    let (protocol, steps) = (stage.protocol.name(), stage.report.steps());
    let outcome = if passed { "ok" } else { "failed" };
    println!("{}\t{protocol}\t{}\t{steps}\t{outcome}", stage.service, M::NAME);
    passed
}

/// That the service has refused with this code and status, and was asked once.
pub fn answered<E: ServiceError>(error: &impl AsRef<Error<E>>, code: &str, status: u16) -> Outcome<()> {
    let error = error.as_ref();
    same("code", error.code(), Some(code))?;
    same("status", error.status().map(|status| status.as_u16()), Some(status))?;
    same("attempts", error.attempts(), 1)
}
