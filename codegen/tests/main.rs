//! The tests of this package: one program, which is linked once.

mod authentication;
mod describe;
mod diff;
mod jmespath;
mod limits;
mod retries;
mod rules;
mod service_list;
mod source;
mod surface;
