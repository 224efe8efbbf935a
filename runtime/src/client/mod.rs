//! Calling services: configuration, credentials, signing, retries, transports.

#[cfg(feature = "blocking")]
mod blocking_http;
mod credentials;
#[cfg(feature = "client")]
mod http_transport;
#[cfg(any(feature = "client", feature = "blocking"))]
mod network;
mod transport;

#[cfg(feature = "blocking")]
pub use blocking_http::BlockingHttpTransport;
pub use credentials::{Credentials, CredentialsError, ProvideCredentials};
#[cfg(feature = "client")]
pub use http_transport::HttpTransport;
#[cfg(any(feature = "client", feature = "blocking"))]
pub use network::HttpOptions;
pub use transport::{BlockingTransport, Transport, TransportError, TransportErrorKind};

use std::pin::Pin;

/// A future behind a pointer, as the traits of this module return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
