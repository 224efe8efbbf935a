//! A small soak, in a process of its own: it looks at the sockets and the memory of the whole process.

use cap::Cap;
use std::alloc::System;
use workstream::client::{Async, Blocking};
use workstream_tests::soak::{Options, run};

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// One client after the other: the same process would have the sockets of both.
#[test]
fn every_call_ends_rightly() {
    let options = Options::new(env!("CARGO_BIN_EXE_soak").into(), || Some(ALLOCATOR.allocated()));
    let options = Options { calls: 1000, seed: 7, concurrency: 32, ..options };
    for run in [run::<Async>, run::<Blocking>] {
        let report = run(&options);
        assert!(report.failures.is_empty(), "{report}");
    }
}
