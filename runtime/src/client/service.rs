//! A client of one service: what every generated `Client` has inside.

use super::call::Call;
use super::config::Config;
use super::dynamic_call::DynamicCall;
use super::mode::Mode;
use super::shared::Shared;
use crate::dynamic::DynamicService;
use crate::{Operation, ServiceDescription};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// A client of one service, before it has the service's methods. Clones are cheap and share all state.
pub struct ServiceClient<M> {
    shared: Arc<Shared>,
    mode: PhantomData<fn() -> M>,
}

impl<M: Mode> ServiceClient<M> {
    /// A client of this service.
    pub fn new(service: &'static ServiceDescription, config: &Config) -> Self {
        Self { shared: Arc::new(Shared::new(service, config.clone())), mode: PhantomData }
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.shared.config
    }

    /// A call of the operation that `input` belongs to.
    pub fn call<I: Operation>(&self, input: I) -> Call<I, M> {
        Call::new(self.shared.clone(), input)
    }

    /// A call of the operation of this name, with JSON for its input; `service` is this client's.
    pub fn call_dynamic(&self, service: &DynamicService, operation: &str, input: impl Into<Vec<u8>>) -> DynamicCall<M> {
        DynamicCall::new(self.shared.clone(), service, operation, input.into())
    }
}

impl<M> Clone for ServiceClient<M> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone(), mode: PhantomData }
    }
}

impl<M> fmt::Debug for ServiceClient<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("service", &self.shared.service.name)
            .field("region", &self.shared.config.region())
            .finish_non_exhaustive()
    }
}

/// The client of a service, as a type of its own so that it can have methods of its own.
#[doc(hidden)]
#[macro_export]
macro_rules! service_client {
    ($client:ident, $service:path, $error:path) => {
        /// Calls the service: one method per operation. Clones are cheap, and share connections and credentials.
        ///
        /// A call is awaited as it is, or adjusted first: see [`Call`]($crate::client::Call). A blocking client's is
        /// made with `send`.
        pub struct $client<M>($crate::client::ServiceClient<M>);

        impl<M: $crate::client::Mode> $client<M> {
            /// A client with this configuration.
            pub fn new(config: &$crate::client::Config) -> Self {
                Self($crate::client::ServiceClient::new(&$service, config))
            }

            /// The configuration.
            pub fn config(&self) -> &$crate::client::Config {
                self.0.config()
            }

            /// A call of the operation that `input` belongs to.
            pub fn call<I>(&self, input: I) -> $crate::client::Call<I, M>
            where
                I: $crate::Operation<ServiceError = $error>,
            {
                self.0.call(input)
            }

            /// For generated code.
            #[doc(hidden)]
            pub fn service_client(&self) -> &$crate::client::ServiceClient<M> {
                &self.0
            }
        }

        $crate::client_from_env!($client);

        impl<M> ::core::clone::Clone for $client<M> {
            fn clone(&self) -> Self {
                Self(self.0.clone())
            }
        }

        impl<M> ::core::fmt::Debug for $client<M> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}

/// `from_env` for both modes, where the environment can be read.
#[cfg(all(feature = "credentials", not(all(target_family = "wasm", target_os = "unknown"))))]
#[doc(hidden)]
#[macro_export]
macro_rules! client_from_env {
    ($client:ident) => {
        impl $client<$crate::client::Async> {
            /// A client with region, credentials, endpoint and retries from the usual places: see
            /// [`Config::from_env`]($crate::client::Config::from_env).
            ///
            /// # Errors
            /// When there is no region, or a setting cannot be used.
            pub async fn from_env() -> ::core::result::Result<Self, $crate::client::ConfigError> {
                ::core::result::Result::Ok(Self::new(&$crate::client::Config::from_env()?))
            }
        }

        impl $client<$crate::client::Blocking> {
            /// A client with region, credentials, endpoint and retries from the usual places: see
            /// [`Config::from_env`]($crate::client::Config::from_env).
            ///
            /// # Errors
            /// When there is no region, or a setting cannot be used.
            pub fn from_env() -> ::core::result::Result<Self, $crate::client::ConfigError> {
                ::core::result::Result::Ok(Self::new(&$crate::client::Config::from_env()?))
            }
        }
    };
}

/// Without the feature `credentials`, or an environment, there is no `from_env`.
#[cfg(any(not(feature = "credentials"), all(target_family = "wasm", target_os = "unknown")))]
#[doc(hidden)]
#[macro_export]
macro_rules! client_from_env {
    ($client:ident) => {};
}
