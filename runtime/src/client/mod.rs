//! Calling services: configuration, credentials, signing, retries, transports.
//!
//! A call is a state machine without IO (`invocation`) that says what to do next: get credentials, send a request, wait.
//! The async and the blocking client do just that (`mode`). Neither is generic over operations, so an operation costs
//! little more than its types.

mod batch;
mod bearer;
#[cfg(feature = "blocking")]
mod blocking_http;
mod call;
#[cfg(feature = "test-util")]
mod cassette;
mod clock;
mod config;
pub mod credentials;
mod drive;
mod dynamic_call;
mod endpoint_url;
#[cfg(feature = "credentials")]
mod environment;
mod error;
#[cfg(feature = "credentials")]
mod from_env;
#[cfg(feature = "client")]
mod http_transport;
mod interceptor;
mod invocation;
#[cfg(feature = "metrics")]
mod metrics;
#[cfg(feature = "test-util")]
mod mock;
mod mode;
#[cfg(any(feature = "client", feature = "blocking"))]
mod network;
mod observe;
mod overrides;
mod pages;
mod random;
mod region;
mod retry;
#[cfg(feature = "aws-config")]
mod sdk_config;
mod service;
mod shared;
mod signing;
#[cfg(any(feature = "client", feature = "blocking", feature = "credentials"))]
mod text;
mod trace;
mod transport;
mod typed;
mod user_agent;
mod wait;
mod warning;

pub use batch::{Batch, BatchError, BatchOutcome, FailedItem, ItemFailure};
pub use bearer::BearerToken;
#[cfg(feature = "blocking")]
pub use blocking_http::BlockingHttpTransport;
pub use call::{Answer, Call, DetailedCall};
#[cfg(feature = "test-util")]
pub use cassette::{Cassette, CassetteError, Recorder, Replay, Tape};
pub use clock::Clock;
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub use clock::SystemClock;
#[cfg(feature = "test-util")]
pub use clock::TestClock;
pub use config::{Config, ConfigBuilder};
#[cfg(feature = "credentials")]
pub use credentials::DefaultChain;
pub use credentials::{Credentials, CredentialsCache, CredentialsError, ProvideCredentials, SourceContext};
pub use dynamic_call::DynamicCall;
#[cfg(feature = "credentials")]
pub use environment::{AccountIdEndpointMode, Environment, Setting, Settings, SettingsError};
#[cfg(all(feature = "credentials", feature = "test-util"))]
pub use environment::{SharedSections, SharedValue};
pub use error::{ClientError, ConfigError, InterceptorError, PaginationError, TimeLimit};
#[cfg(feature = "client")]
pub use http_transport::HttpTransport;
pub use interceptor::{
    AttemptReport, CallFailure, CallReport, Interceptor, RequestView, ResponseView, UnsignedRequest,
};
#[cfg(feature = "metrics")]
pub use metrics::Metrics;
#[cfg(feature = "test-util")]
pub use mock::{Mock, On};
pub use mode::{Async, Blocking, Mode};
#[cfg(any(feature = "client", feature = "blocking"))]
pub use network::HttpOptions;
pub use pages::{Items, Page, Pages, ResumeToken};
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub use random::Randomness;
pub use region::{InvalidRegion, Region};
pub use retry::{Classify, FailedAttempt, Failure, Retry, RetryConfig, RetryMode, StandardClassifier};
pub use service::ServiceClient;
pub use signing::{SigningError, SigningKeys, SigningScope, host, sign};
pub use transport::{BlockingTransport, Direct, Transport, TransportError, TransportErrorKind};
pub use wait::{Wait, WaitError, WaitErrorKind, WaitProgress, Waited};

use crate::Timestamp;
use std::pin::Pin;
use std::time::SystemTime;

/// A future behind a pointer, as the traits of this module return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(text: &str) -> Option<SystemTime> {
    SystemTime::try_from(Timestamp::from_text(text)?).ok()
}
