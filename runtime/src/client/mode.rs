//! Whether a client is async or blocking: its calls differ in nothing else.

/// [`Async`] or [`Blocking`].
pub trait Mode: sealed::Sealed + 'static {}

/// Calls are awaited.
#[derive(Clone, Copy, Debug)]
pub struct Async;

/// Calls block the thread, and need no async runtime.
#[derive(Clone, Copy, Debug)]
pub struct Blocking;

impl Mode for Async {}
impl Mode for Blocking {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Async {}
    impl Sealed for super::Blocking {}
}
