//! Calling services: configuration, credentials, signing, retries, transports.

mod credentials;
#[cfg(feature = "credentials")]
mod environment;
mod signing;
mod transport;

#[cfg(feature = "credentials")]
pub use credentials::DefaultChain;
pub use credentials::{Credentials, CredentialsCache, CredentialsError, ProvideCredentials};
#[cfg(feature = "credentials")]
pub use environment::{AccountIdEndpointMode, Environment, RetryMode, Setting, Settings, SettingsError};
pub use signing::{SigningError, SigningKeys, SigningScope, host, sign};
pub use transport::{BlockingTransport, Transport, TransportError, TransportErrorKind};

use std::pin::Pin;

/// A future behind a pointer, as the traits of this module return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
