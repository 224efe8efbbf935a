//! JSON lines in, JSON lines out, in order: see [`workstream_tests::wire`].

use std::process::ExitCode;

fn main() -> ExitCode {
    workstream_tests::wire::main(workstream::dynamic::services())
}
