//! What became of each step, on stderr.

use std::cell::Cell;
use std::error::Error;
use std::fmt::{Debug, Display};
use std::time::Instant;

/// Result of a step.
pub type Outcome<T> = Result<T, Box<dyn Error>>;

/// A step has failed, and the user has been told.
#[derive(Debug)]
pub struct Failed;

/// Tells about the steps of one client.
pub struct Report {
    client: String,
    steps: Cell<u32>,
}

impl Report {
    /// For the steps of this client.
    pub fn new(client: impl Into<String>) -> Self {
        Self { client: client.into(), steps: Cell::new(0) }
    }

    /// Takes a step and tells what became of it.
    pub async fn step<T>(&self, what: &str, step: impl Future<Output = Outcome<T>>) -> Result<T, Failed> {
        let start = Instant::now();
        let outcome = step.await;
        self.steps.set(self.steps.get() + 1);
        match outcome {
            Ok(value) => {
                eprintln!("{:8} ok      {what} ({} ms)", self.client, start.elapsed().as_millis());
                Ok(value)
            }
            Err(error) => {
                self.failed(what, error);
                Err(Failed)
            }
        }
    }

    /// Tells of a failure.
    pub fn failed(&self, what: &str, why: impl Display) {
        eprintln!("{:8} FAILED  {what}: {why}", self.client);
    }

    /// How many steps were taken.
    pub fn steps(&self) -> u32 {
        self.steps.get()
    }

    /// Tells that all steps were taken.
    pub fn passed(&self) {
        eprintln!("{:8} all {} steps passed", self.client, self.steps());
    }
}

/// That something is exactly as it should be.
pub fn same<T: PartialEq<U> + Debug, U: Debug>(what: &str, got: T, expected: U) -> Outcome<()> {
    if got == expected { Ok(()) } else { Err(format!("{what}: {got:?} instead of {expected:?}").into()) }
}

/// The error of a call that has to fail.
pub fn refused<T: Debug, E>(result: Result<T, E>) -> Outcome<E> {
    result.err().ok_or_else(|| "the call succeeded, but should have failed".into())
}
