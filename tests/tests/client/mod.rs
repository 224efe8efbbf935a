//! The client over transports in memory: everything but the network.

mod bearer;
mod calls;
mod cassettes;
pub mod common;
mod credentials;
mod endpoints;
mod environments;
mod errors;
mod family;
mod guesses;
mod hostile;
mod hosts;
mod mocks;
mod pages;
mod retries;
mod sdk_config;
mod secrets;
mod waits;
