//! What both HTTP transports share: options, proxies, root certificates, and the words for what goes wrong.

pub(super) mod failure;
mod options;
pub(super) mod origin;
pub(super) mod proxy;
mod roots;

pub use options::HttpOptions;
