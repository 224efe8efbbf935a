//! A command that writes credentials.

use super::answer::{self, ANSWER};
use super::command::{self, CommandLimits};
use super::object::Object;
use super::{Credentials, CredentialsError, ProvideCredentials, SourceContext};
use crate::client::BoxFuture;
use std::fmt;

/// The credentials that a command writes to its standard output, as `credential_process` in a profile does:
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>.
///
/// A shell runs the command. It may take a minute and write 1 MiB; it is killed after that, and when nobody waits for the
/// credentials any more. On Unix it is the leader of a process group of its own, so that what it has started ends with it.
#[derive(Clone)]
pub struct CredentialProcess {
    line: String,
}

impl CredentialProcess {
    /// The command in this line.
    pub fn new(line: impl Into<String>) -> Self {
        Self { line: line.into() }
    }

    pub(super) async fn run(&self) -> Result<Credentials, CredentialsError> {
        let failed = |why: String| CredentialsError::new(format!("running credential_process: {why}"));
        let output = command::run(self.line.clone(), CommandLimits::USUAL).await;
        let output = output.map_err(|why| failed(why.to_string()))?;
        let object = Object::read(&output, ANSWER).map_err(failed)?;
        answer::of_command(&object).map_err(failed)
    }
}

impl ProvideCredentials for CredentialProcess {
    fn provide<'a>(&'a self, _: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(self.run())
    }
}

/// Without the command: people write secrets into it.
impl fmt::Debug for CredentialProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialProcess").finish_non_exhaustive()
    }
}
