//! The error types that the generated crate has of its own: a thin shell around [`Error`](crate::Error), with its
//! methods.

/// The error type that calls of a service return: [`Error`](crate::Error) over its own enum, as a type of its own, so
/// that it can have methods of its own. Makes the enum an error too.
#[doc(hidden)]
#[macro_export]
macro_rules! service_error_type {
    ($error:ident, $service_error:ident) => {
        /// Why a call failed: what the service answered, or what kept the client from an answer.
        ///
        /// `Display` is one line with all that is known: operation, code, message, HTTP status, request id, attempts. For
        /// each error that the service's model has there is a method that asks for it; [`kind`](Self::kind) has it as a
        /// value, with its members.
        pub struct $error($crate::Error<$service_error>);

        impl $error {
            /// The kind of failure.
            pub fn kind(&self) -> &$crate::ErrorKind<$service_error> {
                self.0.kind()
            }

            /// The modelled error, if the service answered with one, or the unmodelled.
            pub fn service_error(&self) -> ::core::option::Option<&$service_error> {
                self.0.service_error()
            }
        }

        $crate::delegated_methods! { $error;
            /// The operation that failed.
            operation -> &'static $crate::OperationDescription;
            /// The code of the service's answer; the HTTP status where it has none.
            code -> ::core::option::Option<&str>;
            /// The message of the service's answer.
            message -> ::core::option::Option<&str>;
            /// The request id, to quote to AWS support.
            request_id -> ::core::option::Option<&str>;
            /// HTTP status of the answer, if there was one.
            status -> ::core::option::Option<$crate::http::StatusCode>;
            /// How often the call was sent, or would have been.
            attempts -> u32;
            /// Whether the service refuses these credentials the operation or the resource.
            is_access_denied -> bool;
            /// Whether the service says that it is asked too often.
            is_throttling -> bool;
            /// Whether the same call may succeed if it is tried again.
            is_retryable -> bool;
            /// What the body of an error begins with, where it has neither code nor message: it is of no service, but
            /// perhaps of a proxy or a gateway. Of an HTML page it is the title or the text. At most 4 kB, as it came.
            body_excerpt -> ::core::option::Option<&str>;
            /// Where an answer with a status of 3xx says to go. No redirect is followed: a signature is valid for one
            /// host.
            redirect_location -> ::core::option::Option<&str>;
        }
        $crate::client_error_methods!($error);

        impl ::core::fmt::Debug for $error {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.0, f)
            }
        }

        impl ::core::convert::From<$crate::Error<$service_error>> for $error {
            fn from(error: $crate::Error<$service_error>) -> Self {
                Self(error)
            }
        }

        /// For code that is generic over services.
        impl ::core::convert::AsRef<$crate::Error<$service_error>> for $error {
            fn as_ref(&self) -> &$crate::Error<$service_error> {
                &self.0
            }
        }

        impl ::core::fmt::Display for $error {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::std::error::Error for $error {}

        impl $crate::__private::Generated for $service_error {}

        /// Name and message, in one line.
        impl ::core::fmt::Display for $service_error {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::__private::write_service_error(self, f)
            }
        }

        impl ::std::error::Error for $service_error {}
    };
}

/// Methods without arguments that ask what is inside.
#[doc(hidden)]
#[macro_export]
macro_rules! delegated_methods {
    ($error:ident; $($(#[$doc:meta])* $method:ident -> $type:ty;)*) => {
        impl $error {
            $($(#[$doc])* pub fn $method(&self) -> $type { self.0.$method() })*
        }
    };
}

/// What an error says of the client, where there is one.
#[cfg(feature = "client-core")]
#[doc(hidden)]
#[macro_export]
macro_rules! client_error_methods {
    ($error:ident) => {
        $crate::delegated_methods! { $error;
            /// What kept the client from an answer.
            client_error -> ::core::option::Option<&$crate::client::ClientError>;
            /// Whether a time limit ended the call or its last attempt.
            is_timeout -> bool;
            /// The host that was called, with its port where that is not the usual one. Of a server of one's own, or a
            /// proxy that answers for the service, this tells who it was.
            host -> ::core::option::Option<&str>;
        }
    };
}

/// Without a client, nothing.
#[cfg(not(feature = "client-core"))]
#[doc(hidden)]
#[macro_export]
macro_rules! client_error_methods {
    ($error:ident) => {};
}
