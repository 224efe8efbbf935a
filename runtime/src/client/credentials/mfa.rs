//! Codes of devices, which people are asked for.

use super::CredentialsError;
use std::error::Error as StdError;
use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

/// Asks for the code that a device shows, which a role may need (`mfa_serial`). Made of a function that gets the device's
/// serial number or ARN and returns the code.
///
/// The function runs on a thread of its own, so it may block until somebody has typed the code. It is called each time that
/// the role is assumed: no code is used twice.
///
/// ```
/// # use std::io::{self, Write as _};
/// # use workstream_runtime::client::{Config, credentials::AssumeRole};
/// let role = AssumeRole::new("arn:aws:iam::123456789012:role/admin").mfa("arn:aws:iam::123456789012:mfa/me", |device: &str| {
///     eprint!("Code of {device}: ");
///     let mut code = String::new();
///     io::stdin().read_line(&mut code)?;
///     Ok(code.trim().to_owned())
/// });
/// let config = Config::builder().region("eu-west-1").credentials(role).build();
/// ```
#[derive(Clone)]
pub struct MfaCode(Arc<Ask>);

type AskError = Box<dyn StdError + Send + Sync>;
type Ask = dyn Fn(&str) -> Result<String, AskError> + Send + Sync;

impl<F: Fn(&str) -> Result<String, AskError> + Send + Sync + 'static> From<F> for MfaCode {
    fn from(ask: F) -> Self {
        Self(Arc::new(ask))
    }
}

impl fmt::Debug for MfaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MfaCode").finish_non_exhaustive()
    }
}

impl MfaCode {
    /// The code of `device`.
    pub(super) async fn ask(&self, device: &str) -> Result<String, CredentialsError> {
        let (answer, theirs) = (Arc::<CodeAnswer>::default(), Arc::clone(&self.0));
        let (mine, serial) = (Arc::clone(&answer), device.to_owned());
        // Whoever waits is to hear of it, even if the function panics.
        let promise = CodePromise(answer);
        let body = move || promise.0.give(theirs(&serial));
        let thread = std::thread::Builder::new().name("workstream-mfa".to_owned()).spawn(body);
        let code = match thread {
            Ok(_) => mine.wait().await,
            Err(error) => Err(error.into()),
        };
        code.map_err(|error| CredentialsError::new(format!("asking for the code of {device}")).with_source(error))
    }
}

/// An answer that is given in any case.
struct CodePromise(Arc<CodeAnswer>);

impl Drop for CodePromise {
    fn drop(&mut self) {
        self.0.give(Err("the function that asks for it has panicked".into()));
    }
}

/// Between the thread and who waits for it.
#[derive(Default)]
struct CodeAnswer(Mutex<CodeAnswerState>);

#[derive(Default)]
struct CodeAnswerState {
    code: Option<Result<String, AskError>>,
    is_given: bool,
    waker: Option<Waker>,
}

impl CodeAnswer {
    fn lock(&self) -> MutexGuard<'_, CodeAnswerState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn give(&self, code: Result<String, AskError>) {
        let waker = {
            let mut state = self.lock();
            // The first one counts.
            if !state.is_given {
                (state.code, state.is_given) = (Some(code), true);
            }
            state.waker.take()
        };
        waker.into_iter().for_each(Waker::wake);
    }

    async fn wait(&self) -> Result<String, AskError> {
        poll_fn(|context| {
            let mut state = self.lock();
            match state.code.take() {
                Some(code) => Poll::Ready(code),
                None => {
                    state.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}
