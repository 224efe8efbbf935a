//! What both HTTP transports share: options, names, routes, proxies, TLS, and the words for what goes wrong.

pub(super) mod failure;
pub(super) mod message;
pub(super) mod options;
pub(super) mod origin;
pub(super) mod proxy;
pub(super) mod resolve;
mod roots;
pub(super) mod route;
pub(super) mod tls;
pub(super) mod tunnel;

pub use options::HttpOptions;
