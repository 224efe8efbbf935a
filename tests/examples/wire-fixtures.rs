//! As `wire`, with the services of the fixtures: for `cargo xtask conformance`.

use std::process::ExitCode;

fn main() -> ExitCode {
    workstream_tests::wire::main(workstream_fixtures::dynamic::services())
}
