//! The client over transports in memory: everything but the network.

mod calls;
mod common;
mod endpoints;
mod errors;
mod mocks;
mod pages;
mod retries;
mod secrets;
mod waits;
