//! What tells generated types from others.

/// Seals the traits that only generated types implement, so that they can get more items. Hidden and not private, since
/// generated code is in another crate.
///
/// ```compile_fail,E0277
/// #[derive(Clone, Copy)]
/// struct Mine;
///
/// impl workstream_runtime::waiter::Waiter for Mine {}
/// ```
pub trait Generated {}
