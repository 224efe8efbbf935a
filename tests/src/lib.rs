//! What conformance tests share.

pub mod appstream_server;
pub mod bodies;
pub mod drive;
pub mod folder;
pub mod regions;
pub mod server;
pub mod soak;
pub mod special;
pub mod values;
pub mod wire;

/// A setter whose result is dropped is a warning.
///
/// ```compile_fail
/// #![deny(unused_must_use)]
/// use workstream::appstream::types::DescribeFleetsInput;
/// let input = DescribeFleetsInput::new();
/// input.clone().next_token("x");
/// ```
///
/// What is kept, or what a call has answered, is none.
///
/// ```
/// #![deny(unused_must_use)]
/// use workstream::appstream::types::{DescribeFleetsInput, DescribeFleetsOutput};
/// let _input = DescribeFleetsInput::new().next_token("x");
/// DescribeFleetsOutput::new();
/// ```
///
/// Errors have methods, and do not stand for what is inside.
///
/// ```compile_fail,E0614
/// fn inside(error: workstream::appstream::Error) {
///     let _ = &*error;
/// }
/// ```
///
/// Operations, waiters and modelled errors are generated.
///
/// ```compile_fail,E0277
/// #[derive(Clone, Debug, PartialEq)]
/// struct Mine;
///
/// impl workstream::runtime::ServiceError for Mine {
///     fn from_code(_: &str) -> Self { Self }
///     fn members(&self) -> Option<&dyn workstream::runtime::Value> { None }
///     fn members_mut(&mut self) -> Option<&mut dyn workstream::runtime::Value> { None }
///     fn shape(&self) -> Option<&'static str> { None }
/// }
/// ```
///
/// Structures of the runtime may get fields.
///
/// ```compile_fail,E0639
/// use workstream::runtime::endpoint::EndpointConfig;
/// let _ = EndpointConfig { use_fips: true, ..EndpointConfig::default() };
/// ```
#[cfg(doctest)]
struct Api;

/// The example in the README compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
